/* SPDX-License-Identifier: MIT */
/*
 * A file a month: what is too old goes by whole files, and nothing is ever
 * renamed under another process that writes.
 *
 * A thread waits for the disk, since keys would wait else. Hazard: the file is
 * the thread's while it does, so it is waited for before the file is closed.
 */
#include "sync/audit.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/worker.h"
#include "book/config.h"

enum {
	LINE_MAX_BYTES = 8192,
	FLUSH_MS = 1000,
	DAY_MS = 86400000,
	AGENT_BYTES = 8,
	AGENT_SIZE = 2 * AGENT_BYTES + 1,
};

struct audit {
	char *directory;
	const struct clock *clock;
	const struct config *config;
	char *book;
	char user[64];
	char agent[AGENT_SIZE];
	int fd; /* -1: none is open */
	char month[8];
	int64_t flushed_at;    /* monotonic */
	struct worker *worker; /* NULL: none yet, or none to be had */
	bool flushing;         /* the worker is at it */
	int flush_error;       /* errno; the worker's while it is */
	bool again;            /* once more when it has ended */
	bool unflushed, failed, told;
	struct err failure;
};

static void
fail(struct audit *audit, const struct err *why)
{
	if (!audit->failed)
		audit->failure = *why;
	audit->failed = true;
}

/* ---- to the disk --------------------------------------------------------- */

/* On the thread, if there is one. */
static void
sync_file(void *context)
{
	struct audit *audit = context;

	audit->flush_error = fdatasync(audit->fd) == 0 ? 0 : errno;
}

/* Whether none is under way; waits for it so long, -1: until it has ended. */
static bool
end_flush(struct audit *audit, int64_t most_ms)
{
	struct err err = ERR_INIT;

	if (audit->flushing && !worker_idle(audit->worker, most_ms))
		return false;
	audit->flushing = false;
	if (audit->flush_error) {
		errno = audit->flush_error;
		err_errno(&err, ERR_IO, "writing the audit");
		fail(audit, &err);
	}
	audit->flush_error = 0;
	return true;
}

void
audit_flush(struct audit *audit)
{
	if (!audit->unflushed || audit->fd < 0)
		return;
	audit->again = !end_flush(audit, 0);
	if (audit->again)
		return;
	audit->unflushed = false;
	audit->flushed_at = clock_monotonic(audit->clock);
	if (!audit->worker)
		audit->worker = worker_new();
	audit->flushing = audit->worker != NULL;
	if (audit->worker)
		worker_start(audit->worker, sync_file, audit);
	else
		sync_file(audit);
}

void
audit_wait(struct audit *audit)
{
	if (audit->fd < 0)
		return;
	end_flush(audit, -1);
	if (audit->unflushed)
		sync_file(audit);
	end_flush(audit, -1);
	audit->unflushed = audit->again = false;
}

static void
close_file(struct audit *audit)
{
	if (audit->fd < 0)
		return;
	audit_wait(audit);
	close(audit->fd);
	audit->fd = -1;
}

/* ---- the file of a month ------------------------------------------------- */

static void
hash_agent(const char *agent, char hex[AGENT_SIZE])
{
	uint8_t digest[CRYPTO_DIGEST_SIZE];
	struct crypto_digest hash;

	*hex = '\0';
	if (!agent)
		return;
	crypto_digest_start(&hash);
	for (const char *c = agent; *c; c++) {
		char lower = (char)tolower((unsigned char)*c);

		crypto_digest_add(&hash, &lower, 1);
	}
	crypto_digest_end(&hash, digest);
	crypto_hex(hex, digest, AGENT_BYTES);
}

struct audit *
audit_new(const char *state_dir, const struct config *config, const char *book,
    const struct clock *clock)
{
	struct audit *audit = mem_zalloc(sizeof(*audit));
	char *state = state_dir ? mem_strdup(state_dir) : file_state_dir();
	const struct passwd *user = getpwuid(getuid());

	audit->directory = file_join(state, "audit");
	audit->config = config;
	audit->clock = clock;
	audit->fd = -1;
	if (user)
		str_copy(audit->user, sizeof(audit->user), user->pw_name);
	else
		snprintf(
		    audit->user, sizeof(audit->user), "%u", (unsigned)getuid());
	audit_follow(audit, book);
	free(state);
	return audit;
}

void
audit_free(struct audit *audit)
{
	if (!audit)
		return;
	close_file(audit);
	worker_free(audit->worker);
	free(audit->directory);
	free(audit->book);
	free(audit);
}

void
audit_follow(struct audit *audit, const char *book)
{
	free(audit->book);
	audit->book = mem_strdup(file_name(book));
	hash_agent(audit->config->agent_email, audit->agent);
}

/* "2026-11" */
static void
month_of(int64_t wall_ms, char month[8])
{
	struct str text;

	str_init(&text, 64);
	clock_format_time(&text, wall_ms);
	str_copy(month, 8, text.data);
	str_release(&text);
}

static bool
open_month(struct audit *audit, const char *month, struct err *err)
{
	struct err ignored = ERR_INIT;
	char name[32], *path;

	close_file(audit);
	if (!file_make_private_dir(audit->directory, err))
		return false;
	snprintf(name, sizeof(name), "%s.jsonl", month);
	path = file_join(audit->directory, name);
	/* so that its name is on disk as well; another belay may be quicker */
	if (access(path, F_OK) != 0)
		file_create(path, "", 0, &ignored);
	audit->fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW);
	if (audit->fd < 0)
		file_fail_errno(err, ERR_CREATE, "open the audit", path);
	else
		str_copy(audit->month, sizeof(audit->month), month);
	free(path);
	return audit->fd >= 0;
}

bool
audit_ready(struct audit *audit, struct err *err)
{
	char month[8];

	month_of(clock_wall(audit->clock), month);
	return (audit->fd >= 0 && strcmp(month, audit->month) == 0) ||
	       open_month(audit, month, err);
}

static void
add_text(struct json *line, const char *key, const char *text)
{
	if (text && *text)
		json_add_string(line, key, text);
}

static void
print(
    const struct audit *audit, const struct audit_event *event, struct str *out)
{
	struct json *line = json_object();
	char payload[20], own[AGENT_SIZE];

	clock_format_time(out, clock_wall(audit->clock));
	json_add_string(line, "time", out->data);
	add_text(line, "user", audit->user);
	hash_agent(event->agent, own);
	add_text(line, "agent", *own ? own : audit->agent);
	add_text(line, "environment",
	    config_environment_word(audit->config->environment));
	add_text(line, "book", audit->book);
	add_text(line, "action", event->action);
	add_text(line, "external_id", event->external_id);
	add_text(line, "healthsherpa_id", event->healthsherpa_id);
	add_text(line, "outcome", event->outcome);
	add_text(line, "code", event->code);
	if (event->payload) {
		snprintf(payload, sizeof(payload), "%016llx",
		    (unsigned long long)event->payload);
		add_text(line, "payload", payload);
	}
	str_reset(out);
	json_print(out, line);
	str_add_char(out, '\n');
	json_free(line);
}

void
audit_add(struct audit *audit, const struct audit_event *event)
{
	struct err err = ERR_INIT;
	struct str line;

	if (!audit_ready(audit, &err)) {
		fail(audit, &err);
		return;
	}
	str_init(&line, LINE_MAX_BYTES);
	print(audit, event, &line);
	/* half a line would spoil the next one */
	if (line.cut ||
	    write(audit->fd, line.data, line.len) != (ssize_t)line.len) {
		err_errno(&err, ERR_IO, "writing the audit");
		fail(audit, &err);
	}
	str_release(&line);
	audit->unflushed = true;
	if (clock_monotonic(audit->clock) - audit->flushed_at >= FLUSH_MS)
		audit_flush(audit);
}

bool
audit_take_failure(struct audit *audit, struct err *err)
{
	if (end_flush(audit, 0) && audit->again)
		audit_flush(audit);
	if (!audit->failed || audit->told)
		return false;
	audit->told = true;
	*err = audit->failure;
	return true;
}

/* Whether it is the file of a month that was over by then. */
static bool
is_over(const char *name, int64_t before_ms)
{
	struct date first = {.day = 1};
	int used = 0;

	if (sscanf(name, "%4d-%2d.jsonl%n", &first.year, &first.month, &used) !=
		2 ||
	    used != 13 || name[used] || first.month < 1 || first.month > 12)
		return false;
	if (++first.month > 12) {
		first.month = 1;
		first.year++;
	}
	return date_valid(&first) && date_to_days(&first) * DAY_MS <= before_ms;
}

bool
audit_purge(
    struct audit *audit, int64_t before_ms, unsigned *removed, struct err *err)
{
	DIR *dir = opendir(audit->directory);
	const struct dirent *entry;
	bool good = true;

	*removed = 0;
	if (!dir)
		return errno == ENOENT || file_fail_errno(err, ERR_IO,
					      "look into", audit->directory);
	while (good && (entry = readdir(dir)) != NULL) {
		char *path;

		if (!is_over(entry->d_name, before_ms))
			continue;
		path = file_join(audit->directory, entry->d_name);
		good = unlink(path) == 0 ||
		       file_fail_errno(err, ERR_IO, "remove", path);
		*removed += good;
		free(path);
	}
	closedir(dir);
	return good;
}
