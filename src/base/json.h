/* SPDX-License-Identifier: MIT */
/*
 * JSON documents (cJSON), small ones: configs of tokens, requests, replies.
 *
 * Parsing is strict where cJSON is lax (RFC 8259): a pre-scan demands valid
 * UTF-8, one value, depth <= 32, no NUL (nor \u0000), no lone surrogates, no
 * duplicate keys, no leading zeros. A byte order mark in front is let pass.
 * Numbers keep the text they were written in (json_number_text()): IDs of 20
 * digits survive, parsed, copied and printed. Keys are compared byte for byte.
 * A `struct json` is cJSON's node under our name: free the root only.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct str;
struct json;

#define JSON_DEPTH_MAX 32
#define JSON_SIZE_MAX (4u << 20)

/*
 * Parses one document; NULL with ERR_DATA "line 3, column 14: ..." (columns
 * count characters). The text need not end in NUL and is not kept.
 */
struct json *json_parse(const char *text, size_t len, struct err *err);
/* The same for a part of a longer text: the error has no place, `*bad` is the
 * byte of the part. */
struct json *json_parse_part(
    const char *text, size_t len, size_t *bad, struct err *err);
void json_free(struct json *json); /* NULL is fine */

/* Reading. All take NULL and wrong kinds and answer NULL/false/0. */
const struct json *json_get(const struct json *object, const char *key);
const struct json *json_at(const struct json *array, size_t index); /* O(n) */
size_t json_count(const struct json *array_or_object);
const struct json *json_first(const struct json *array_or_object);
const struct json *json_next(const struct json *item);
const char *json_key(const struct json *member);
bool json_is_object(const struct json *json);
bool json_is_array(const struct json *json);
bool json_is_null(const struct json *json);
bool json_is_bool(const struct json *json);
bool json_is_number(const struct json *json);
bool json_true(const struct json *json);
/* The string; NULL when it is none. Borrowed from the tree. */
const char *json_string(const struct json *json);
/* The number as it was written; NULL when it is none. Borrowed. */
const char *json_number_text(const struct json *json);
/* String or number as text (numbers as written), else NULL. */
const char *json_scalar_text(const struct json *json);

/*
 * Building. Values are copied; adding hands the child over to the parent. A key
 * must not be added twice.
 */
struct json *json_object(void);
struct json *json_array(void);
void json_add(struct json *object, const char *key, struct json *child);
void json_append(struct json *array, struct json *child);
/* NULL text adds null. */
void json_add_string(struct json *object, const char *key, const char *text);
void json_append_string(struct json *array, const char *text);
void json_add_integer(struct json *object, const char *key, int64_t value);
void json_add_bool(struct json *object, const char *key, bool value);
void json_add_null(struct json *object, const char *key);
/* Adds a parsed value given as JSON text; false when it does not parse. */
bool json_add_raw(struct json *object, const char *key, const char *text);
struct json *json_copy(const struct json *json);

/* Which characters are written as an escape, beside those that must be. */
enum json_escape {
	JSON_ESCAPE_LEAST,
	JSON_ESCAPE_UNSAFE, /* what text_clean() would change */
	JSON_ESCAPE_WIDE,   /* all that are not ASCII */
};

/* Appends the text in quotes; bytes that are not UTF-8 become U+FFFD. */
void json_print_text(
    struct str *out, const char *text, enum json_escape escape);

/*
 * Appends compact JSON on one line. Every character that text_clean() would
 * change (controls, bidi, zero-width) is written as an escape: lossless, and
 * safe on a terminal. Bytes that are not UTF-8 become U+FFFD.
 */
void json_print(struct str *out, const struct json *json);

#endif
