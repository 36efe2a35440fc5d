/* SPDX-License-Identifier: MIT */
/*
 * JSON as a pull of tokens (RFC 8259, strict), also of a text of which only a
 * part is there yet. Where belay reads JSON, this says what JSON is: base/json
 * holds whole documents against it, source/json_* reads contacts by it.
 *
 * Refused, with the place and a sentence that says what to do: more than
 * JSON_DEPTH_MAX levels, U+0000, lone surrogates, unknown escapes, control
 * characters in a text, leading zeros, trailing commas, single quotes,
 * comments, NaN. UTF-8 is the caller's to check, duplicate keys too.
 * Nothing is allocated and nothing copied.
 */
#ifndef BASE_JSON_PULL_H
#define BASE_JSON_PULL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/json.h"

enum json_token {
	/* The text ends before the next token does: bring more of it, with
	 * `text`, `len`, `whole` and, if it moved, all places set anew. */
	JSON_TOKEN_SHORT,
	JSON_TOKEN_WRONG, /* at `start`, `wrong` says what */
	/* The whole text ends too early: `start` is the opening bracket, or
	 * the opening quote where no bracket is open; `wrong` as above. */
	JSON_TOKEN_CUT,
	JSON_TOKEN_END, /* of the text */
	JSON_TOKEN_KEY, /* from quote to quote, as is a string */
	JSON_TOKEN_STRING,
	JSON_TOKEN_NUMBER,
	JSON_TOKEN_TRUE,
	JSON_TOKEN_FALSE,
	JSON_TOKEN_NULL,
	JSON_TOKEN_OBJECT, /* the bracket */
	JSON_TOKEN_ARRAY,
	JSON_TOKEN_OBJECT_END,
	JSON_TOKEN_ARRAY_END,
};

/* What comes next. */
enum json_state {
	JSON_WANTS_VALUE,
	JSON_WANTS_FIRST, /* a value or the end of the array */
	JSON_WANTS_KEY,
	JSON_WANTS_FIRST_KEY, /* a key or the end of the object */
	JSON_WANTS_COLON,
	JSON_WANTS_COMMA, /* or an end */
};

struct json_line {
	uint32_t number;
	size_t start;    /* in the text */
	uint64_t before; /* characters of it in front of the text */
};

struct json_pull {
	const char *text; /* text[len] is NUL */
	size_t len;
	bool whole; /* nothing follows the text */
	bool many;  /* any number of values, not one: JSON lines */

	/* the token handed out last */
	size_t start, end;
	bool escaped; /* a key or string with escapes */
	const char *wrong;
	unsigned depth;        /* of brackets that are open */
	struct json_line line; /* where the token starts */

	size_t at; /* where the next one is looked for; `start` when SHORT */
	enum json_state state;
	uint32_t
	    objects; /* which of the open brackets are braces, a bit each */
	struct {
		size_t start;
		uint32_t line;
	} open[JSON_DEPTH_MAX];
};

/* At the start of a text; the caller sets `whole` and `many`. */
void json_pull_init(struct json_pull *pull, const char *text, size_t len);
enum json_token json_pull_next(struct json_pull *pull);

/* Whether the text is a number and nothing else. */
bool json_is_number_text(const char *text);

struct str;

/* Appends what stands between the quotes of a key or string let through by
 * json_pull_next(), escapes resolved. */
void json_decode(struct str *out, const char *text, size_t len);

#endif
