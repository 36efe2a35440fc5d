/* SPDX-License-Identifier: MIT */
/*
 * A state for what may come next and a bit for each open bracket: all that
 * the grammar needs, so a text can stop anywhere and go on later.
 * The NUL behind the text ends every inner loop; a NUL in the text fits
 * nowhere and so is refused where it stands.
 */
#include "base/json_pull.h"

#include <string.h>

#include "base/str.h"
#include "base/text.h"
#include "base/word.h"

void
json_pull_init(struct json_pull *pull, const char *text, size_t len)
{
	*pull = (struct json_pull){
	    .text = text, .len = len, .line = {.number = 1}};
}

static enum json_token
fail(struct json_pull *pull, size_t at, const char *wrong)
{
	pull->start = at;
	pull->wrong = wrong;
	return JSON_TOKEN_WRONG;
}

static inline bool
in_object(const struct json_pull *pull)
{
	return pull->objects >> (pull->depth - 1) & 1;
}

/* The text ends at a place where more must come. */
static enum json_token
ends_early(struct json_pull *pull)
{
	if (!pull->whole)
		return JSON_TOKEN_SHORT;
	pull->wrong = "a text has no closing quote";
	if (pull->depth > 0) {
		bool object = in_object(pull);

		pull->start = pull->open[pull->depth - 1].start;
		pull->wrong = object ? "'{' is never closed"
				     : "'[' is never closed";
	}
	return JSON_TOKEN_CUT;
}

static inline bool
at_end(const struct json_pull *pull, size_t at)
{
	return at == pull->len;
}

static inline bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* ---- strings ------------------------------------------------------------- */

/* The bytes that end the quick way through a string. */
static const bool stops[256] = {
    1,
    1,
    1,
    1,
    1,
    1,
    1,
    1,
    1,
    1,
    1,
    1,
    1,
    1,
    1,
    1, /* 0x00 */
    1,
    1,
    1,
    1,
    1,
    1,
    1,
    1,
    1,
    1,
    1,
    1,
    1,
    1,
    1,
    1, /* 0x10 */
    ['"'] = 1,
    ['\\'] = 1,
};

/* The first place from `at` on that stops there. */
static inline size_t
skip_plain(const char *text, size_t at, size_t len)
{
	for (uint64_t word, hits; at + WORD_SIZE <= len; at += WORD_SIZE) {
		word = word_load(text + at);
		hits = word_equal(word, WORD_EACH('"')) |
		       word_equal(word, WORD_EACH('\\')) |
		       word_below(word, 0x20);
		if (hits)
			return at + word_first(hits);
	}
	while (!stops[(unsigned char)text[at]])
		at++;
	return at;
}

/* Four hexadecimal digits; false when `*at` is left at what is none. */
static bool
take_hex(const char *text, size_t *at, uint32_t *unit)
{
	*unit = 0;
	for (int i = 0; i < 4; i++) {
		char c = text[*at];
		uint32_t digit;

		if (is_digit(c))
			digit = (uint32_t)(c - '0');
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			digit = (uint32_t)((c | 0x20) - 'a' + 10);
		else
			return false;
		*unit = *unit * 16 + digit;
		++*at;
	}
	return true;
}

static bool
is_high(uint32_t unit)
{
	return unit >= 0xD800 && unit <= 0xDBFF;
}

static bool
is_low(uint32_t unit)
{
	return unit >= 0xDC00 && unit <= 0xDFFF;
}

static enum json_token
no_hex(struct json_pull *pull, size_t at)
{
	if (at_end(pull, at) && !pull->whole)
		return JSON_TOKEN_SHORT;
	return fail(pull, at, "expected four hexadecimal digits after \\u");
}

/* Behind the \u of one code unit; a pair is taken whole. */
static enum json_token
skip_unit(struct json_pull *pull, size_t *at)
{
	static const char half[] =
	    "half of a surrogate pair without the other; write the character "
	    "itself";
	size_t start = *at - 2;
	uint32_t unit, low;

	if (!take_hex(pull->text, at, &unit))
		return no_hex(pull, *at);
	if (unit == 0)
		return fail(pull, start, "\\u0000 is not accepted in a text");
	if (!is_high(unit))
		return is_low(unit) ? fail(pull, start, half)
				    : JSON_TOKEN_STRING;
	for (int i = 0; i < 2; i++, ++*at) {
		if (at_end(pull, *at) && !pull->whole)
			return JSON_TOKEN_SHORT;
		if (pull->text[*at] != "\\u"[i])
			return fail(pull, start, half);
	}
	if (!take_hex(pull->text, at, &low))
		return no_hex(pull, *at);
	return is_low(low) ? JSON_TOKEN_STRING : fail(pull, start, half);
}

/* Behind a backslash. */
static enum json_token
skip_escape(struct json_pull *pull, size_t *at)
{
	char c = pull->text[*at];

	if (at_end(pull, *at) && !pull->whole)
		return JSON_TOKEN_SHORT;
	if (c == '\0' || !strchr("\"\\/bfnrtu", c))
		return fail(pull, *at - 1,
		    "unknown escape; a backslash itself is written \\\\");
	++*at;
	return c == 'u' ? skip_unit(pull, at) : JSON_TOKEN_STRING;
}

/* From the first escape, or what must be one, at `at` on. */
static enum json_token
take_escapes(struct json_pull *pull, size_t at, enum json_token token)
{
	const char *text = pull->text;

	for (; text[at] != '"'; at = skip_plain(text, at, pull->len)) {
		enum json_token escape;

		if (at_end(pull, at))
			return ends_early(pull);
		if (text[at] == '\n' || text[at] == '\r')
			return fail(pull, at,
			    "the line ends inside a text; close the quote, or "
			    "write \\n for a line break");
		if (text[at] != '\\')
			return fail(pull, at,
			    "a control character in a text must be escaped");
		at++;
		pull->escaped = true;
		escape = skip_escape(pull, &at);
		if (escape != JSON_TOKEN_STRING)
			return escape;
	}
	pull->end = at + 1;
	return token;
}

/* From the opening quote at `start`. */
static inline enum json_token
take_string(struct json_pull *pull, enum json_token token)
{
	size_t at = skip_plain(pull->text, pull->start + 1, pull->len);

	pull->escaped = false;
	if (pull->text[at] != '"')
		return take_escapes(pull, at, token);
	pull->end = at + 1;
	return token;
}

/* What one code unit of JSON stands for, from behind its backslash. */
static const char *
decode_escape(struct str *out, const char *at)
{
	static const char names[] = "b\bf\fn\nr\rt\t";
	const char *name;
	char bytes[4];
	uint32_t unit, low;
	size_t used = 1;

	if (*at != 'u') {
		name = strchr(names, *at);
		str_add_char(out, name ? name[1] : *at);
		return at + 1;
	}
	(void)take_hex(at, &used, &unit);
	if (is_high(unit)) {
		used += 2;
		(void)take_hex(at, &used, &low);
		unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
	}
	str_add_bytes(out, bytes, text_encode(unit, bytes));
	return at + used;
}

void
json_decode(struct str *out, const char *text, size_t len)
{
	const char *end = text + len, *slash;

	while ((slash = memchr(text, '\\', (size_t)(end - text)))) {
		str_add_bytes(out, text, (size_t)(slash - text));
		text = decode_escape(out, slash + 1);
	}
	str_add_bytes(out, text, (size_t)(end - text));
}

/* ---- other values -------------------------------------------------------- */

/* Digits from `at` on; false when there is none. */
static bool
skip_digits(const char *text, size_t *at)
{
	size_t start = *at;

	while (is_digit(text[*at]))
		++*at;
	return *at > start;
}

static enum json_token
take_number(struct json_pull *pull)
{
	const char *text = pull->text, *wrong = NULL;
	size_t at = pull->start, place;

	if (text[at] == '-')
		at++;
	place = pull->start;
	if (text[at] == '0' && is_digit(text[at + 1]))
		wrong = "a number may not begin with 0: write it in quotes to "
			"keep the zero";
	else if (!skip_digits(text, &at))
		wrong = "a '-' without a number";
	if (!wrong && text[at] == '.') {
		place = ++at;
		if (!skip_digits(text, &at))
			wrong = "expected a digit after the point";
	}
	if (!wrong && (text[at] == 'e' || text[at] == 'E')) {
		at++;
		if (text[at] == '+' || text[at] == '-')
			at++;
		place = at;
		if (!skip_digits(text, &at))
			wrong = "expected a digit in the exponent";
	}
	if (at_end(pull, at) && !pull->whole)
		return JSON_TOKEN_SHORT;
	if (wrong)
		return fail(pull, place, wrong);
	pull->end = at;
	return JSON_TOKEN_NUMBER;
}

/* What stands where a value should, and is none. */
static enum json_token
fail_value(struct json_pull *pull)
{
	static const struct {
		const char *starts, *wrong;
	} known[] = {
	    {"'", "expected a value; texts stand in double quotes, not in "
		  "single ones"},
	    {"/", "comments are not JSON; remove it"},
	    {"#", "comments are not JSON; remove it"},
	    {"NaN", "NaN is not JSON; write null"},
	    {"Infinity", "Infinity is not JSON; write null"},
	    {"-Infinity", "Infinity is not JSON; write null"},
	    {"undefined", "undefined is not JSON; write null"},
	    {"None", "None is not JSON; write null"},
	    {"True", "True is not JSON; write true"},
	    {"False", "False is not JSON; write false"},
	    {"+", "a number may not begin with '+'; remove it"},
	    {".", "a number may not begin with a point; write 0 before it"},
	    {",", "expected a value before the comma"},
	};
	const char *at = pull->text + pull->start;

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (str_starts(at, known[i].starts))
			return fail(pull, pull->start, known[i].wrong);
	if (pull->depth > 0 && pull->state == JSON_WANTS_VALUE &&
	    (*at == ']' || *at == '}') && !in_object(pull))
		return fail(pull, pull->start,
		    "expected a value after the comma; remove the comma");
	return fail(pull, pull->start, "expected a value");
}

static enum json_token
take_word(struct json_pull *pull)
{
	static const struct {
		const char *word;
		size_t len;
		enum json_token token;
	} words[] = {
	    {"true", 4, JSON_TOKEN_TRUE},
	    {"false", 5, JSON_TOKEN_FALSE},
	    {"null", 4, JSON_TOKEN_NULL},
	};
	const char *at = pull->text + pull->start;
	size_t left = pull->len - pull->start;

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		size_t len = words[i].len;

		if (strncmp(at, words[i].word, len) == 0) {
			pull->end = pull->start + len;
			return words[i].token;
		}
		if (left < len && !pull->whole &&
		    strncmp(at, words[i].word, left) == 0)
			return JSON_TOKEN_SHORT;
	}
	/* the sentence may need the word's end */
	if (left < sizeof("-Infinity") && !pull->whole)
		return JSON_TOKEN_SHORT;
	return fail_value(pull);
}

/* ---- the grammar --------------------------------------------------------- */

static enum json_token
open_bracket(struct json_pull *pull, bool object)
{
	if (pull->depth == JSON_DEPTH_MAX)
		return fail(pull, pull->start, "nested deeper than 32 levels");
	pull->open[pull->depth].start = pull->start;
	pull->open[pull->depth].line = pull->line.number;
	pull->objects &= ~(UINT32_C(1) << pull->depth);
	pull->objects |= (uint32_t)object << pull->depth;
	pull->depth++;
	pull->end = pull->at = pull->start + 1;
	pull->state = object ? JSON_WANTS_FIRST_KEY : JSON_WANTS_FIRST;
	return object ? JSON_TOKEN_OBJECT : JSON_TOKEN_ARRAY;
}

static enum json_token
close_bracket(struct json_pull *pull)
{
	bool object = pull->objects >> --pull->depth & 1;

	pull->end = pull->at = pull->start + 1;
	pull->state = JSON_WANTS_COMMA;
	return object ? JSON_TOKEN_OBJECT_END : JSON_TOKEN_ARRAY_END;
}

static inline void
take_comma(struct json_pull *pull)
{
	pull->at++;
	pull->state = in_object(pull) ? JSON_WANTS_KEY : JSON_WANTS_VALUE;
}

static enum json_token
take_value(struct json_pull *pull)
{
	char c = pull->text[pull->start];
	enum json_token token;

	if (c == '"')
		token = take_string(pull, JSON_TOKEN_STRING);
	else if (is_digit(c) ||
		 (c == '-' && pull->text[pull->start + 1] != 'I'))
		token = take_number(pull);
	else if (c == '{' || c == '[')
		return open_bracket(pull, c == '{');
	else
		token = take_word(pull);
	if (token >= JSON_TOKEN_KEY) {
		pull->at = pull->end;
		pull->state = JSON_WANTS_COMMA;
		if (pull->depth > 0 && pull->text[pull->at] == ',')
			take_comma(pull);
	}
	return token;
}

static enum json_token
take_key(struct json_pull *pull)
{
	char c = pull->text[pull->start];
	enum json_token token;

	if (c == '"') {
		token = take_string(pull, JSON_TOKEN_KEY);
		if (token != JSON_TOKEN_KEY)
			return token;
		pull->at = pull->end;
		pull->state = JSON_WANTS_COLON;
		if (pull->text[pull->at] == ':') {
			pull->at++;
			pull->state = JSON_WANTS_VALUE;
		}
		return token;
	}
	if (c == '/' || c == '#')
		return fail(pull, pull->start,
		    "comments are not JSON; remove "
		    "it");
	if (c == '}')
		return fail(pull, pull->start,
		    "expected a key in double quotes after the comma; remove "
		    "the comma");
	return fail(pull, pull->start, "expected a key in double quotes");
}

static enum json_token
fail_comma(struct json_pull *pull, bool object)
{
	char c = pull->text[pull->start];

	if (c == '/' || c == '#')
		return fail(pull, pull->start,
		    "comments are not JSON; remove "
		    "it");
	return fail(pull, pull->start,
	    object ? "expected a comma or '}'" : "expected a comma or ']'");
}

static inline void
skip_blanks(struct json_pull *pull)
{
	const char *at = pull->text + pull->at;

	for (; *at == ' ' || *at == '\n' || *at == '\r' || *at == '\t'; at++) {
		if (*at != '\n')
			continue;
		pull->line.number++;
		pull->line.start = (size_t)(at + 1 - pull->text);
		pull->line.before = 0;
	}
	pull->start = pull->at = (size_t)(at - pull->text);
}

/* After a value: passes a comma, or says what there is instead. */
static bool
pass_comma(struct json_pull *pull, enum json_token *token)
{
	bool object;
	char c = pull->text[pull->start];

	if (pull->depth == 0) {
		if (pull->many) {
			pull->state = JSON_WANTS_VALUE;
			return true;
		}
		*token = fail(pull, pull->start, "more text after the value");
		return false;
	}
	if (c == ',') {
		take_comma(pull);
		return true;
	}
	object = in_object(pull);
	*token = c == (object ? '}' : ']') ? close_bracket(pull)
					   : fail_comma(pull, object);
	return false;
}

enum json_token
json_pull_next(struct json_pull *pull)
{
	enum json_token token;
	char c;

	for (;;) {
		skip_blanks(pull);
		c = pull->text[pull->start];
		if (c == '\0' && at_end(pull, pull->start)) {
			if (pull->whole && pull->depth == 0)
				return JSON_TOKEN_END;
			return ends_early(pull);
		}
		switch (pull->state) {
		case JSON_WANTS_COMMA:
			if (pass_comma(pull, &token))
				continue;
			return token;
		case JSON_WANTS_COLON:
			if (c != ':')
				return fail(pull, pull->start,
				    "expected a colon after the key");
			pull->at++;
			pull->state = JSON_WANTS_VALUE;
			continue;
		case JSON_WANTS_FIRST_KEY:
			if (c == '}')
				return close_bracket(pull);
			/* fall through */
		case JSON_WANTS_KEY: return take_key(pull);
		case JSON_WANTS_FIRST:
			if (c == ']')
				return close_bracket(pull);
			/* fall through */
		case JSON_WANTS_VALUE: return take_value(pull);
		}
	}
}

bool
json_is_number_text(const char *text)
{
	struct json_pull pull;

	json_pull_init(&pull, text, strlen(text));
	pull.whole = true;
	return json_pull_next(&pull) == JSON_TOKEN_NUMBER && pull.start == 0 &&
	       pull.end == pull.len;
}
