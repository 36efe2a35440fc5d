/* SPDX-License-Identifier: MIT */
/*
 * The tokens of a JSON file, pulled through the sliding window of its input.
 * Only for json_*.c; others use json_format of source_format.h.
 *
 * Places are bytes of the window. They hold until the next token is asked for;
 * from a mark on they hold until the next mark, counted from it: the window
 * keeps what follows a mark.
 */
#ifndef SOURCE_JSON_TEXT_H
#define SOURCE_JSON_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/json_pull.h"

struct err;
struct input;

/* A contact, or a token beside the contacts. */
#define JSON_UNIT_MAX (1u << 20)

struct json_text {
	struct input *input;
	const char *name; /* stands in messages */
	struct json_pull pull;
	bool marked;
	size_t mark;
	struct json_line mark_line;

	/* what the text did wrong, once something failed for that */
	bool wrong;
	uint64_t wrong_column;
	char wrong_what[200];
};

/* Both are borrowed. */
void json_text_init(
    struct json_text *text, struct input *input, const char *name);

/* Has `want` bytes in the window, or the file to its end; false: see err. */
bool json_text_fill(struct json_text *text, size_t want, struct err *err);
/* What json_text_next() does when it takes more than a look. */
enum json_token json_text_go_on(
    struct json_text *text, enum json_token token, struct err *err);
/* The next token; JSON_TOKEN_WRONG with the error, never SHORT or CUT. */
static inline enum json_token
json_text_next(struct json_text *text, struct err *err)
{
	enum json_token token = json_pull_next(&text->pull);

	return token > JSON_TOKEN_CUT ? token
				      : json_text_go_on(text, token, err);
}

/* Keeps what follows from the token handed out last on. */
void json_text_mark(struct json_text *text);
void json_text_unmark(struct json_text *text);

/* The line of a place behind the mark, or else of one in this line. */
uint32_t json_text_line(const struct json_text *text, size_t at);
/* ERR_DATA with file:line:column and the sentence; returns false. */
bool json_text_fail(struct json_text *text, size_t at, struct err *err,
    const char *format, ...) __attribute__((format(printf, 4, 5)));

/*
 * Whether the line of the mark may be given up: it ends, and behind it the
 * file ends or another object starts. True: the next token is the first one
 * there, and `*end` is where the line ended. False: as it was, or the error.
 */
bool json_text_skip_line(struct json_text *text, size_t *end, struct err *err);

#endif
