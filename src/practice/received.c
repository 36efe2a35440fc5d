/* SPDX-License-Identifier: MIT */
/* Text from outside is cleaned, so that the log is UTF-8 whatever came. */
#include "practice/received.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/json.h"
#include "base/str.h"
#include "base/text.h"
#include "practice/parameters.h"

enum { RECEIVED_LINE_MAX = 8 << 20 };

int
received_open(const char *path, struct err *err)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0)
		err_errno(err, ERR_CREATE, "cannot write '%s'", path);
	return fd;
}

/* What a form may have, and whether it may be read. A name that is none of
 * them could itself be a secret. */
static const struct {
	const char *name;
	bool harmless;
} form_names[] = {
    {"agent_email", true},
    {"client_id", true},
    {"client_secret", false},
    {"code", false},
    {"code_challenge", true},
    {"code_challenge_method", true},
    {"code_verifier", false},
    {"decision", true},
    {"grant_type", true},
    {"redirect_uri", true},
    {"refresh_token", false},
    {"response_type", true},
    {"scope", true},
    {"state", false},
    {"what", true},
};

static void
add_clean(struct json *root, const char *key, const char *value)
{
	struct str text;

	str_init(&text, RECEIVED_LINE_MAX);
	text_clean(&text, value, strlen(value));
	json_add_string(root, key, text.data);
	str_release(&text);
}

static void
add_form(struct json *root, const struct received *received)
{
	struct json *body = json_object();
	struct parameters form;

	parameters_parse(&form, received->body, received->body_len);
	for (size_t i = 0; i < sizeof(form_names) / sizeof(*form_names); i++) {
		const char *name = form_names[i].name;
		const char *value = parameters_get(&form, name);

		if (value)
			add_clean(
			    body, name, form_names[i].harmless ? value : "***");
	}
	json_add(root, "body", body);
	parameters_release(&form);
}

static void
add_body(struct json *root, const struct received *received)
{
	struct str text;
	struct err err = ERR_INIT;
	struct json *body;

	if (received->body_len == 0) {
		json_add_null(root, "body");
		return;
	}
	if (received->form) {
		add_form(root, received);
		return;
	}
	body = json_parse(received->body, received->body_len, &err);
	if (body) {
		if (!received->agent)
			json_add_string(root, "agent_email",
			    json_string(json_get(body, "agent_email")));
		json_add(root, "body", body);
		return;
	}
	str_init(&text, RECEIVED_LINE_MAX);
	text_clean(&text, received->body, received->body_len);
	json_add_string(root, "body", text.data);
	str_release(&text);
}

static void
write_all(int fd, const struct str *line)
{
	size_t done = 0;

	while (done < line->len) {
		ssize_t got = write(fd, line->data + done, line->len - done);

		if (got < 0 && errno != EINTR)
			return;
		if (got > 0)
			done += (size_t)got;
	}
}

void
received_write(int fd, const struct received *received)
{
	struct json *root;
	struct str text;

	if (fd < 0)
		return;
	root = json_object();
	str_init(&text, RECEIVED_LINE_MAX);
	clock_format_time(&text, received->time);
	json_add_string(root, "time", text.data);
	json_add_integer(root, "index", (int64_t)received->index);
	json_add_string(root, "route", received->route);
	json_add_string(root, "method", received->method);
	str_reset(&text);
	text_clean(&text, received->path, strlen(received->path));
	json_add_string(root, "path", text.data);
	if (received->status)
		json_add_integer(root, "status", received->status);
	else
		json_add_null(root, "status");
	json_add_string(root, "end", received->end);
	json_add_bool(root, "committed", received->committed);
	json_add_string(root, "external_id", received->external_id);
	json_add_string(root, "id", received->id);
	if (received->agent)
		json_add_string(root, "agent_email", received->agent);
	json_add_string(root, "fault", received->fault);
	add_body(root, received);
	str_reset(&text);
	json_print(&text, root);
	str_add_char(&text, '\n');
	write_all(fd, &text);
	str_release(&text);
	json_free(root);
}
