/* SPDX-License-Identifier: MIT */
/*
 * A plain recursive descent over the grammar of RFC 8259; its depth is the
 * depth of the text, which is bounded. It builds nothing but the list of
 * places.
 */
#include "base/json_scan.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"

struct scan {
	const char *text;
	size_t len;
	size_t at;
	struct json_places *places;
	struct err *err;
};

static bool scan_value(struct scan *scan, int depth);

bool
json_error_at(
    const char *text, size_t at, struct err *err, const char *format, ...)
{
	size_t line = 1, column = 1;
	va_list args;
	char what[ERR_TEXT_MAX];

	for (size_t i = 0; i < at; i++) {
		if (text[i] == '\n') {
			line++;
			column = 1;
		} else if (((unsigned char)text[i] & 0xC0) != 0x80) {
			column++;
		}
	}
	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	return err_set(
	    err, ERR_DATA, "line %zu, column %zu: %s", line, column, what);
}

static bool
fail(const struct scan *scan, size_t at, const char *what)
{
	return json_error_at(scan->text, at, scan->err, "%s", what);
}

static void
add_span(struct json_spans *spans, size_t start, size_t end)
{
	spans->items = mem_grow(spans->items, &spans->capacity,
	    spans->count + 1, sizeof(*spans->items));
	spans->items[spans->count++] = (struct json_span){
	    .start = start, .len = end - start};
}

/* The next byte, or NUL at the end (a NUL in the text fits nowhere). */
static char
peek(const struct scan *scan)
{
	if (scan->at >= scan->len)
		return '\0';
	return scan->text[scan->at];
}

static void
skip_blanks(struct scan *scan)
{
	while (
	    scan->at < scan->len && peek(scan) && strchr(" \t\n\r", peek(scan)))
		scan->at++;
}

static bool
skip_digits(struct scan *scan)
{
	size_t start = scan->at;

	while (peek(scan) >= '0' && peek(scan) <= '9')
		scan->at++;
	return scan->at > start;
}

static bool
scan_number(struct scan *scan)
{
	size_t start = scan->at;

	if (peek(scan) == '-')
		scan->at++;
	if (peek(scan) == '0') {
		scan->at++;
		if (peek(scan) >= '0' && peek(scan) <= '9')
			return fail(scan, start,
			    "a number may not begin with 0: write it in quotes "
			    "to keep the zero");
	} else if (!skip_digits(scan)) {
		return fail(scan, start, "a '-' without a number");
	}
	if (peek(scan) == '.') {
		scan->at++;
		if (!skip_digits(scan))
			return fail(
			    scan, scan->at, "expected a digit after the point");
	}
	if (peek(scan) == 'e' || peek(scan) == 'E') {
		scan->at++;
		if (peek(scan) == '+' || peek(scan) == '-')
			scan->at++;
		if (!skip_digits(scan))
			return fail(
			    scan, scan->at, "expected a digit in the exponent");
	}
	add_span(&scan->places->numbers, start, scan->at);
	return true;
}

static bool
scan_hex(struct scan *scan, uint32_t *unit)
{
	*unit = 0;
	for (int i = 0; i < 4; i++) {
		char c = peek(scan);
		uint32_t digit;

		if (c >= '0' && c <= '9')
			digit = (uint32_t)(c - '0');
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			digit = (uint32_t)((c | 0x20) - 'a' + 10);
		else
			return fail(scan, scan->at,
			    "expected four hexadecimal digits after \\u");
		*unit = *unit * 16 + digit;
		scan->at++;
	}
	return true;
}

/* After the \u of one code unit; a pair is taken whole. */
static bool
scan_unicode_escape(struct scan *scan)
{
	size_t start = scan->at - 2;
	uint32_t unit, low;

	if (!scan_hex(scan, &unit))
		return false;
	if (unit == 0)
		return fail(scan, start, "\\u0000 is not accepted in a text");
	if (unit < 0xD800 || unit > 0xDFFF)
		return true;
	if (unit <= 0xDBFF && peek(scan) == '\\' && scan->at + 1 < scan->len &&
	    scan->text[scan->at + 1] == 'u') {
		scan->at += 2;
		if (!scan_hex(scan, &low))
			return false;
		if (low >= 0xDC00 && low <= 0xDFFF)
			return true;
	}
	return fail(scan, start, "half of a surrogate pair without the other");
}

static bool
scan_string(struct scan *scan)
{
	size_t start = scan->at++;

	while (scan->at < scan->len) {
		unsigned char c = (unsigned char)scan->text[scan->at];

		if (c < 0x20)
			return fail(scan, scan->at,
			    "a control character in a text must be escaped");
		scan->at++;
		if (c == '"')
			return true;
		if (c != '\\')
			continue;
		c = (unsigned char)peek(scan);
		if (c == '\0' || !strchr("\"\\/bfnrtu", c))
			return fail(scan, scan->at - 1, "unknown escape");
		scan->at++;
		if (c == 'u' && !scan_unicode_escape(scan))
			return false;
	}
	return fail(scan, start, "a text has no closing quote");
}

/*
 * After a member or an element: true to go on with the next one or, with
 * `*done`, past the closing bracket.
 */
static bool
scan_separator(struct scan *scan, size_t start, char closing, bool *done)
{
	skip_blanks(scan);
	*done = peek(scan) == closing;
	if (*done || peek(scan) == ',') {
		scan->at++;
		skip_blanks(scan);
		return true;
	}
	if (scan->at == scan->len)
		return json_error_at(scan->text, start, scan->err,
		    "'%c' is never closed", scan->text[start]);
	return json_error_at(scan->text, scan->at, scan->err,
	    "expected a comma or '%c'", closing);
}

static bool
scan_member(struct scan *scan, int depth)
{
	size_t start = scan->at;

	if (peek(scan) != '"')
		return fail(scan, start, "expected a key in double quotes");
	if (!scan_string(scan))
		return false;
	add_span(&scan->places->keys, start, scan->at);
	skip_blanks(scan);
	if (peek(scan) != ':')
		return fail(scan, scan->at, "expected a colon after the key");
	scan->at++;
	skip_blanks(scan);
	return scan_value(scan, depth);
}

static bool
scan_container(struct scan *scan, char closing, int depth)
{
	size_t start = scan->at++;
	bool done;

	if (depth > JSON_DEPTH_MAX)
		return json_error_at(scan->text, start, scan->err,
		    "nested deeper than %d levels", JSON_DEPTH_MAX);
	skip_blanks(scan);
	if (peek(scan) == closing) {
		scan->at++;
		return true;
	}
	do {
		if (closing == '}' ? !scan_member(scan, depth)
				   : !scan_value(scan, depth))
			return false;
		if (!scan_separator(scan, start, closing, &done))
			return false;
	} while (!done);
	return true;
}

static bool
scan_word(struct scan *scan)
{
	static const char *const words[] = {"true", "false", "null"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		size_t len = strlen(words[i]);

		if (scan->len - scan->at >= len &&
		    memcmp(scan->text + scan->at, words[i], len) == 0) {
			scan->at += len;
			return true;
		}
	}
	return fail(scan, scan->at, "expected a value");
}

static bool
scan_value(struct scan *scan, int depth)
{
	char c = peek(scan);

	if (c == '{' || c == '[')
		return scan_container(scan, c == '{' ? '}' : ']', depth + 1);
	if (c == '"')
		return scan_string(scan);
	if (c == '-' || (c >= '0' && c <= '9'))
		return scan_number(scan);
	return scan_word(scan);
}

bool
json_scan(
    const char *text, size_t len, struct json_places *places, struct err *err)
{
	struct scan scan = {
	    .text = text, .len = len, .places = places, .err = err};
	size_t bad;

	*places = (struct json_places){0};
	if (len > JSON_SIZE_MAX)
		return err_set(
		    err, ERR_DATA, "larger than %u MiB", JSON_SIZE_MAX >> 20);
	if (!text_valid(text, len, &bad))
		return json_error_at(
		    text, bad, err, "not valid UTF-8: save the file as UTF-8");
	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		scan.at = 3;
	skip_blanks(&scan);
	if (scan.at == len)
		return fail(&scan, scan.at, "expected a value, found nothing");
	if (!scan_value(&scan, 0))
		return false;
	skip_blanks(&scan);
	if (scan.at < len)
		return fail(&scan, scan.at, "more text after the value");
	return true;
}

void
json_places_release(struct json_places *places)
{
	free(places->numbers.items);
	free(places->keys.items);
	*places = (struct json_places){0};
}
