/* SPDX-License-Identifier: MIT */
/*
 * One line, one write(2) on an O_APPEND descriptor, so that lines of two
 * processes do not mix. A line that cannot be written is lost: the log is not
 * worth a failed sync.
 */
#include "base/log.h"

#include <fcntl.h>
#include <stddef.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/json.h"
#include "base/secret.h"
#include "base/str.h"

enum { LINE_MAX_BYTES = 8192 };

static int log_fd = -1;

bool
log_open(const char *path, struct err *err)
{
	int fd = open(
	    path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0)
		return file_fail_errno(err, ERR_CREATE, "open the log", path);
	/* one that was made elsewhere may be open to others */
	if (fchmod(fd, 0600) < 0) {
		file_fail_errno(
		    err, ERR_CREATE, "close the log to others", path);
		close(fd);
		return false;
	}
	log_close();
	log_fd = fd;
	return true;
}

void
log_close(void)
{
	if (log_fd >= 0)
		close(log_fd);
	log_fd = -1;
}

/* None of these is ever a secret; if a mistake makes it one, it ends here. */
static void
add_text(struct json *line, const char *key, const char *value)
{
	json_add_string(line, key, secret_is_in(value) ? "[secret]" : value);
}

static void
add_texts(struct json *line, const struct log_event *event)
{
	const struct {
		const char *key, *value;
	} texts[] = {
	    {"external_id", event->external_id},
	    {"healthsherpa_id", event->healthsherpa_id},
	    {"method", event->method},
	    {"path", event->path},
	    {"state", event->state},
	    {"code", event->code},
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (texts[i].value)
			add_text(line, texts[i].key, texts[i].value);
}

static void
add_numbers(struct json *line, const struct log_event *event)
{
	if (event->status > 0)
		json_add_integer(line, "status", event->status);
	if (event->bytes > 0)
		json_add_integer(line, "bytes", event->bytes);
	if (event->milliseconds > 0)
		json_add_integer(line, "ms", event->milliseconds);
	if (event->count > 0)
		json_add_integer(line, "count", event->count);
}

void
log_write(const struct log_event *event)
{
	struct json *line;
	struct str text;

	if (log_fd < 0)
		return;
	str_init(&text, LINE_MAX_BYTES);
	line = json_object();
	clock_format_time(&text, clock_wall(&clock_system));
	json_add_string(line, "time", text.data);
	add_text(line, "what", event->what);
	add_texts(line, event);
	add_numbers(line, event);
	str_reset(&text);
	json_print(&text, line);
	str_add_char(&text, '\n');
	/* half a line would spoil the next one */
	if (!text.cut)
		(void)!write(log_fd, text.data, text.len);
	json_free(line);
	str_release(&text);
}
