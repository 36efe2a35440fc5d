/* SPDX-License-Identifier: MIT */
/*
 * When a token ends behind the window, the window slides and the grammar goes
 * on where it stood; whatever counts bytes of the window moves with it.
 * Hazard: a line may be the whole file, so its characters are counted when
 * the window lets go of them, and only then or for a message.
 */
#include "source/json_text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "source/input.h"

static void
follow_window(struct json_text *text)
{
	text->pull.text = text->input->data;
	text->pull.len = text->input->len;
	text->pull.whole = text->input->ended;
}

void
json_text_init(struct json_text *text, struct input *input, const char *name)
{
	*text = (struct json_text){.input = input, .name = name};
	json_pull_init(&text->pull, input->data, input->len);
	follow_window(text);
}

static uint64_t
count_characters(const char *at, const char *end)
{
	uint64_t count = 0;

	for (; at < end; at++)
		count += ((unsigned char)*at & 0xC0) != 0x80;
	return count;
}

/* ---- places -------------------------------------------------------------- */

/* The line that a place is in; its start is in the window, or cut by it. */
static struct json_line
line_of(const struct json_text *text, size_t at)
{
	struct json_line line = text->pull.line;
	const char *data = text->input->data, *end;

	if (text->marked)
		line = text->mark_line;
	while (line.start < at &&
	       (end = memchr(data + line.start, '\n', at - line.start)))
		line = (struct json_line){
		    line.number + 1, (size_t)(end + 1 - data), 0};
	return line;
}

uint32_t
json_text_line(const struct json_text *text, size_t at)
{
	return line_of(text, at).number;
}

bool
json_text_fail(
    struct json_text *text, size_t at, struct err *err, const char *format, ...)
{
	struct json_line line = line_of(text, at);
	const char *data = text->input->data;
	va_list args;

	va_start(args, format);
	vsnprintf(text->wrong_what, sizeof(text->wrong_what), format, args);
	va_end(args);
	text->wrong = true;
	text->wrong_column = line.before + 1 +
			     count_characters(data + line.start, data + at);
	return err_set(err, ERR_DATA, "%s:%u:%llu: %s", text->name, line.number,
	    (unsigned long long)text->wrong_column, text->wrong_what);
}

/* ---- the window ---------------------------------------------------------- */

static void
move_line(struct json_line *line, const char *data, size_t drop)
{
	if (line->start < drop) {
		line->before += count_characters(
		    data + line->start, data + drop);
		line->start = 0;
	} else {
		line->start -= drop;
	}
}

/* Reads on; what stands before the mark, or else the token, may go. */
static bool
more(struct json_text *text, struct err *err)
{
	struct json_pull *pull = &text->pull;
	size_t drop = text->marked ? text->mark : pull->start;

	if (text->input->len - drop > JSON_UNIT_MAX)
		return json_text_fail(text, drop, err,
		    "longer than 1 MiB; is this a file of contacts?");
	move_line(&pull->line, pull->text, drop);
	if (text->marked)
		move_line(&text->mark_line, pull->text, drop);
	if (!input_more(text->input, drop, err))
		return err_prefix(err, "%s:%u", text->name, pull->line.number);
	pull->start -= drop;
	pull->at -= drop;
	text->mark = 0;
	follow_window(text);
	return true;
}

bool
json_text_fill(struct json_text *text, size_t want, struct err *err)
{
	if (!input_fill(text->input, want, err))
		return err_prefix(err, "%s", text->name);
	follow_window(text);
	return true;
}

/* The place is where the file ends, as what is open may have left the window.
 */
static void
fail_cut(struct json_text *text, struct err *err)
{
	const struct json_pull *pull = &text->pull;
	bool object;

	if (pull->depth == 0) {
		json_text_fail(text, pull->start, err, "%s", pull->wrong);
		return;
	}
	object = pull->objects >> (pull->depth - 1) & 1;
	json_text_fail(text, pull->len, err,
	    "the file ends, but the '%c' of line %u is still open; it was cut "
	    "off: export it again",
	    object ? '{' : '[', pull->open[pull->depth - 1].line);
}

enum json_token
json_text_go_on(struct json_text *text, enum json_token token, struct err *err)
{
	while (token == JSON_TOKEN_SHORT) {
		if (!more(text, err))
			return JSON_TOKEN_WRONG;
		token = json_pull_next(&text->pull);
	}
	if (token == JSON_TOKEN_WRONG)
		json_text_fail(
		    text, text->pull.start, err, "%s", text->pull.wrong);
	if (token == JSON_TOKEN_CUT)
		fail_cut(text, err);
	return token > JSON_TOKEN_CUT ? token : JSON_TOKEN_WRONG;
}

void
json_text_mark(struct json_text *text)
{
	text->marked = true;
	text->mark = text->pull.start;
	text->mark_line = text->pull.line;
}

void
json_text_unmark(struct json_text *text)
{
	text->marked = false;
}

/* ---- lines --------------------------------------------------------------- */

/* The end of the mark's line, or of the file; false when that is too far away.
 */
static bool
find_break(struct json_text *text, size_t *at, struct err *err)
{
	struct input *input = text->input;
	size_t from = text->mark;

	for (;;) {
		const char *found = memchr(
		    input->data + from, '\n', input->len - from);

		from = input->len - text->mark;
		*at = found ? (size_t)(found - input->data) : input->len;
		if (found || input->ended)
			return true;
		if (!more(text, err))
			return false;
	}
}

bool
json_text_skip_line(struct json_text *text, size_t *end, struct err *err)
{
	struct input *input = text->input;
	struct json_pull *pull = &text->pull;
	size_t line, next;

	if (!find_break(text, end, err))
		return false;
	line = *end - text->mark;
	next = *end;
	/* the NUL behind the window is found as well */
	while (strchr(" \t\r\n", input->data[next])) {
		if (next < input->len) {
			next++;
			continue;
		}
		if (input->ended)
			break;
		next -= text->mark;
		if (!more(text, err))
			return false;
	}
	*end = text->mark + line;
	if (next < input->len && input->data[next] != '{')
		return false;
	json_pull_init(pull, input->data, input->len);
	follow_window(text);
	pull->many = true;
	pull->at = *end;
	pull->line = text->mark_line;
	return true;
}
