/* SPDX-License-Identifier: MIT */
/*
 * The strict check of a JSON text before cJSON sees it (RFC 8259), and where
 * its numbers and keys stand. A part of json.c; others use base/json.h.
 */
#ifndef BASE_JSON_SCAN_H
#define BASE_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

struct err;

/* A piece of the text. */
struct json_span {
	size_t start;
	size_t len;
};

/* Pieces in the order of the text. */
struct json_spans {
	struct json_span *items;
	size_t count;
	size_t capacity;
};

struct json_places {
	struct json_spans numbers;
	struct json_spans keys; /* with their quotes, escapes not resolved */
};

/*
 * Whether `text` is one JSON value, no deeper than JSON_DEPTH_MAX, in valid
 * UTF-8 (a byte order mark in front is let pass); text[len] must be NUL. Fills
 * `places`, to be released in either case. The error has no place: `*bad` is
 * the byte.
 */
bool json_scan(const char *text, size_t len, struct json_places *places,
    size_t *bad, struct err *err);
void json_places_release(struct json_places *places);

#endif
