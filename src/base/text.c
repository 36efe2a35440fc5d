/* SPDX-License-Identifier: MIT */
/*
 * Unicode behind our names (utf8proc).
 *
 * Nearly all text is ASCII, so every walk goes over ASCII by itself and asks
 * the library only about the rest. One function, fate_of(), decides what may
 * reach a terminal; one, plain_char(), what a character is when searching.
 * Hazard: widths are what glibc's wcwidth() and thus ncurses and terminals
 * believe; where utf8proc differs for whole classes, text_char_width() follows
 * the terminals.
 */
#include "base/text.h"

#include <assert.h>
#include <string.h>
#include <utf8proc.h>

#include "base/str.h"

enum {
	MARKS_MAX = 4,
	FOLD_CODES = 32, /* the longest decomposition has 18 */
	FOLD_BYTES = 4 * FOLD_CODES,
	PICTURES = 0x2400, /* of C0, in their order */
	PICTURE_OF_DELETE = 0x2421,
	DOTTED_CIRCLE = 0x25CC, /* carries a mark that has no base */
	BLOCK = 16,             /* bytes compared at once */
};

/* Eight bytes are ASCII when none of these is set. */
#define TOP_BITS UINT64_C(0x8080808080808080)

/* What cleaning does with a character. */
enum fate { KEEP, MARK, DROP, REPLACE };

static bool
is_continuation(const char *text, size_t at)
{
	return ((unsigned char)text[at] & 0xC0) == 0x80;
}

size_t
text_decode(const char *text, size_t len, uint32_t *code)
{
	const unsigned char *bytes = (const unsigned char *)text;
	unsigned char low = 0x80, high = 0xBF;
	size_t need;

	*code = TEXT_REPLACEMENT;
	if (len == 0)
		return 0;
	if (bytes[0] < 0x80) {
		*code = bytes[0];
		return 1;
	}
	/* RFC 3629 section 4: only the second byte's range ever narrows */
	if (bytes[0] >= 0xC2 && bytes[0] <= 0xDF) {
		need = 2;
	} else if (bytes[0] >= 0xE0 && bytes[0] <= 0xEF) {
		need = 3;
		if (bytes[0] == 0xE0)
			low = 0xA0;
		if (bytes[0] == 0xED)
			high = 0x9F;
	} else if (bytes[0] >= 0xF0 && bytes[0] <= 0xF4) {
		need = 4;
		if (bytes[0] == 0xF0)
			low = 0x90;
		if (bytes[0] == 0xF4)
			high = 0x8F;
	} else {
		return 1;
	}
	if (len < need || bytes[1] < low || bytes[1] > high)
		return 1;
	for (size_t i = 2; i < need; i++)
		if (!is_continuation(text, i))
			return 1;
	*code = bytes[0] & (0xFFu >> (need + 1));
	for (size_t i = 1; i < need; i++)
		*code = *code << 6 | (bytes[i] & 0x3Fu);
	return need;
}

size_t
text_encode(uint32_t code, char out[4])
{
	if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
		code = TEXT_REPLACEMENT;
	return (size_t)utf8proc_encode_char(
	    (utf8proc_int32_t)code, (utf8proc_uint8_t *)out);
}

/* How many of the first bytes are 0x20..0x7E: eight at a time, then singly. */
static size_t
printable_ascii(const char *text, size_t len)
{
	const uint64_t ones = TOP_BITS >> 7;
	size_t at = 0;

	for (uint64_t word, rubout; at + 8 <= len; at += 8) {
		memcpy(&word, text + at, 8);
		rubout = word ^ ones * 0x7F;
		/* a borrow may name an innocent byte, which costs only time */
		if ((word | (word - ones * 0x20) | (rubout - ones)) & TOP_BITS)
			break;
	}
	while (at < len && text[at] >= 0x20 && text[at] < 0x7F)
		at++;
	return at;
}

bool
text_valid(const char *text, size_t len, size_t *bad)
{
	for (size_t at = 0; at < len;) {
		uint32_t code;
		size_t used;

		at += printable_ascii(text + at, len - at);
		if (at == len)
			break;
		used = text_decode(text + at, len - at, &code);
		/* a true U+FFFD takes three bytes, a bad byte one */
		if (used == 1 && code == TEXT_REPLACEMENT) {
			if (bad)
				*bad = at;
			return false;
		}
		at += used;
	}
	return true;
}

int
text_char_width(uint32_t code)
{
	const utf8proc_property_t *property;

	if (code < 0x7F)
		return code >= 0x20;
	/* Hangul vowels and finals join the syllable before them */
	if ((code >= 0x1160 && code <= 0x11FF) ||
	    (code >= 0xD7B0 && code <= 0xD7FB))
		return 0;
	property = utf8proc_get_property((utf8proc_int32_t)code);
	if (property->category == UTF8PROC_CATEGORY_MC)
		return 1;
	return property->charwidth > 2 ? 2 : (int)property->charwidth;
}

static enum fate
fate_of(uint32_t code)
{
	const utf8proc_property_t *property = utf8proc_get_property(
	    (utf8proc_int32_t)code);

	/* unassigned ones may be ignorable too: the tags, U+2065, U+FFF0.. */
	if (property->ignorable || property->category == UTF8PROC_CATEGORY_CF)
		return DROP;
	switch (property->category) {
	case UTF8PROC_CATEGORY_CC:
	case UTF8PROC_CATEGORY_CS:
	case UTF8PROC_CATEGORY_CN:
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP: return REPLACE;
	default: return text_char_width(code) == 0 ? MARK : KEEP;
	}
}

bool
text_code_is_clean(uint32_t code)
{
	enum fate fate;

	if (code < 0x80)
		return code >= 0x20 && code < 0x7F;
	if (code > 0x10FFFF)
		return false;
	fate = fate_of(code);
	return fate == KEEP || fate == MARK;
}

/* Appends one character whole or, at the string's ceiling, not at all. */
static void
add_code(struct str *out, uint32_t code)
{
	char bytes[4];
	size_t len = text_encode(code, bytes);

	if (out->limit - out->len < len)
		out->cut = true;
	else
		str_add_bytes(out, bytes, len);
}

static uint32_t
picture_of(uint32_t control)
{
	return control == 0x7F ? PICTURE_OF_DELETE : PICTURES + control;
}

bool
text_clean(struct str *out, const char *text, size_t len)
{
	bool changed = false;
	int marks = -1; /* on the present base character; -1: there is none */

	for (size_t at = 0; at < len;) {
		size_t run = printable_ascii(text + at, len - at), used;
		enum fate fate;
		uint32_t code;

		if (run > 0) {
			str_add_bytes(out, text + at, run);
			at += run;
			marks = 0;
			continue;
		}
		used = text_decode(text + at, len - at, &code);
		fate = code < 0x80 ? REPLACE : fate_of(code);
		if (fate == MARK && marks < 0)
			add_code(out, DOTTED_CIRCLE);
		changed |= fate == REPLACE || fate == DROP || used == 1;
		changed |= fate == MARK && (marks < 0 || marks >= MARKS_MAX);
		if (fate == MARK) {
			marks = marks < 0 ? 1 : marks + 1;
			if (marks <= MARKS_MAX)
				add_code(out, code);
		} else if (fate != DROP) {
			if (fate == REPLACE)
				code = code < 0x80 ? picture_of(code)
						   : TEXT_REPLACEMENT;
			add_code(out, code);
			marks = 0;
		}
		at += used;
	}
	return changed;
}

int
text_width(const char *text)
{
	size_t len = strlen(text);
	int width = 0;

	for (size_t at = 0; at < len;) {
		size_t run = printable_ascii(text + at, len - at);
		uint32_t code;

		width += (int)run;
		at += run;
		if (at == len)
			break;
		at += text_decode(text + at, len - at, &code);
		width += text_char_width(code);
	}
	return width;
}

size_t
text_length(const char *text)
{
	size_t len = strlen(text), count = 0;

	for (size_t at = 0; at < len;) {
		size_t run = printable_ascii(text + at, len - at);
		uint32_t code;

		count += run;
		at += run;
		if (at == len)
			break;
		at += text_decode(text + at, len - at, &code);
		count++;
	}
	return count;
}

int
text_fit(struct str *out, const char *text, int columns, const char *ellipsis)
{
	size_t len = strlen(text), keep = 0;
	int width = 0, keep_width = 0, room;

	if (columns <= 0)
		return 0;
	room = columns - text_width(ellipsis);
	if (room < 0) {
		room = columns;
		ellipsis = "";
	}
	for (size_t at = 0; at < len;) {
		uint32_t code;
		size_t used = text_decode(text + at, len - at, &code);

		width += text_char_width(code);
		if (width > columns) {
			str_add_bytes(out, text, keep);
			str_add(out, ellipsis);
			return keep_width + text_width(ellipsis);
		}
		at += used;
		if (width <= room) {
			keep = at;
			keep_width = width;
		}
	}
	str_add_bytes(out, text, len);
	return width;
}

/*
 * Letters with a stroke, ligatures and quotes that Unicode does not take
 * apart, but people do who search or type them without.
 */
static const struct {
	uint32_t code;
	char ascii[3];
} plain_forms[] = {
    {0xAB, "\""}, {0xBB, "\""}, {0xC6, "AE"}, {0xD0, "D"}, {0xD8, "O"},
    {0xDE, "Th"}, {0xDF, "ss"}, {0xE6, "ae"}, {0xF0, "d"}, {0xF8, "o"},
    {0xFE, "th"}, {0x110, "D"}, {0x111, "d"}, {0x126, "H"}, {0x127, "h"},
    {0x131, "i"}, {0x141, "L"}, {0x142, "l"}, {0x152, "OE"}, {0x153, "oe"},
    {0x166, "T"}, {0x167, "t"}, {0x201A, "'"}, {0x201B, "'"}, {0x201C, "\""},
    {0x201D, "\""}, {0x201E, "\""}, {0x201F, "\""},
    {0x2022, "*"}, /* what hides a digit */
};

static const char *
plain_form(uint32_t code)
{
	for (size_t i = 0; i < sizeof(plain_forms) / sizeof(*plain_forms); i++)
		if (plain_forms[i].code == code)
			return plain_forms[i].ascii;
	return NULL;
}

/*
 * Takes a character apart without its marks, its case too when `fold`.
 * Gives the bytes, 0 when nothing is left of it.
 */
static size_t
plain_char(uint32_t code, bool fold, char out[FOLD_BYTES])
{
	utf8proc_int32_t codes[FOLD_CODES];
	int options = UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT |
		      UTF8PROC_STRIPMARK | UTF8PROC_IGNORE | UTF8PROC_LUMP;
	int boundary = 0;
	utf8proc_ssize_t count;
	size_t len = 0;

	if (fold)
		options |= UTF8PROC_CASEFOLD;
	count = utf8proc_decompose_char((utf8proc_int32_t)code, codes,
	    FOLD_CODES, (utf8proc_option_t)options, &boundary);
	assert(count >= 0 && count <= FOLD_CODES);
	for (utf8proc_ssize_t i = 0; i < count; i++) {
		const char *plain = plain_form((uint32_t)codes[i]);

		if (!plain)
			len += text_encode((uint32_t)codes[i], out + len);
		else
			while (*plain)
				out[len++] = *plain++;
	}
	return len;
}

static char
lower(char c)
{
	if (c >= 'A' && c <= 'Z')
		c = (char)(c | 0x20);
	return c;
}

void
text_fold(struct str *out, const char *text)
{
	size_t len = strlen(text), used;

	for (size_t at = 0; at < len; at += used) {
		char folded[FOLD_BYTES];
		uint32_t code;

		for (used = 0; used < FOLD_BYTES && at + used < len; used++) {
			if (text[at + used] & 0x80)
				break;
			folded[used] = lower(text[at + used]);
		}
		if (used > 0) {
			str_add_bytes(out, folded, used);
			continue;
		}
		used = text_decode(text + at, len - at, &code);
		str_add_bytes(out, folded, plain_char(code, true, folded));
	}
}

/* Whether folded `needle` stands at the beginning of `text`. */
static bool
matches_here(const char *text, size_t len, const char *needle)
{
	for (size_t at = 0; *needle;) {
		char folded[FOLD_BYTES];
		uint32_t code;
		size_t count;

		if (at == len)
			return false;
		if (!(text[at] & 0x80)) {
			if (lower(text[at++]) != *needle++)
				return false;
			continue;
		}
		at += text_decode(text + at, len - at, &code);
		count = plain_char(code, true, folded);
		for (size_t i = 0; i < count && *needle; i++)
			if (folded[i] != *needle++)
				return false;
	}
	return true;
}

/*
 * As matches_here(), but for a character that is not ASCII: the needle may
 * begin inside its folded form ("s" in a sharp s).
 */
static bool
matches_inside(const char *text, size_t len, const char *needle, size_t *used)
{
	char folded[FOLD_BYTES];
	uint32_t code;
	size_t count;

	*used = text_decode(text, len, &code);
	count = plain_char(code, true, folded);
	for (size_t from = 0; from < count; from++) {
		size_t i = from;

		while (i < count && folded[i] == needle[i - from] &&
		       needle[i - from])
			i++;
		if (needle[i - from] == '\0' ||
		    (i == count && matches_here(text + *used, len - *used,
				       needle + (i - from))))
			return true;
	}
	return false;
}

typedef unsigned char block __attribute__((vector_size(BLOCK)));

/* What next_place() looks at of a needle: its first byte, the next, the last or
 * a late one, and the bit that tells case for each that is a letter. */
struct needle {
	size_t next, late;
	unsigned char sign[3], fold[3];
};

static unsigned char
case_bit(unsigned char c)
{
	return c >= 'a' && c <= 'z' ? 0x20 : 0;
}

static struct needle
prepare_needle(const char *text)
{
	size_t len = strlen(text);
	struct needle needle;

	needle.next = len > 1;
	needle.late = len > BLOCK ? BLOCK - 1 : len - 1;
	needle.sign[0] = (unsigned char)text[0];
	needle.sign[1] = (unsigned char)text[needle.next];
	needle.sign[2] = (unsigned char)text[needle.late];
	for (int i = 0; i < 3; i++)
		needle.fold[i] = case_bit(needle.sign[i]);
	return needle;
}

/* Not zero where a first or late byte is not ASCII. */
static inline block
beyond_ascii(const char *text, const struct needle *needle)
{
	block first, late;

	memcpy(&first, text, BLOCK);
	memcpy(&late, text + needle->late, BLOCK);
	return (first | late) & 0x80;
}

/* Not zero where the needle could begin, or something is not ASCII. */
static inline block
places(const char *text, const struct needle *needle)
{
	block first, next, late, hit;

	memcpy(&first, text, BLOCK);
	memcpy(&next, text + needle->next, BLOCK);
	memcpy(&late, text + needle->late, BLOCK);
	hit = (block)(((first | needle->fold[0]) == needle->sign[0]) &
		      ((next | needle->fold[1]) == needle->sign[1]) &
		      ((late | needle->fold[2]) == needle->sign[2]));
	return hit | beyond_ascii(text, needle);
}

static inline bool
any(block hit)
{
	uint64_t halves[2];

	memcpy(halves, &hit, BLOCK);
	return halves[0] | halves[1];
}

/*
 * The next place at or after `at` where the needle could begin: three bytes of
 * it in either case, or anything that is not ASCII. Blocks go by in a few
 * instructions; this is where filtering 100,000 rows spends its time.
 * The blocks of first and late bytes overlap or touch, so what is not ASCII
 * between them is seen.
 */
static size_t
next_place(const char *text, size_t len, size_t at, const struct needle *needle)
{
	size_t most = needle->late + BLOCK;

	for (; at + most + 3 * BLOCK <= len; at += 4 * BLOCK) {
		const char *from = text + at;

		if (any(places(from, needle) | places(from + BLOCK, needle) |
			places(from + 2 * BLOCK, needle) |
			places(from + 3 * BLOCK, needle)))
			break;
	}
	for (; at + most <= len; at += BLOCK) {
		block hit = places(text + at, needle);
		size_t i = 0;

		if (!any(hit))
			continue;
		if (any(beyond_ascii(text + at, needle)))
			break;
		while (!hit[i])
			i++;
		return at + i;
	}
	while (at < len && !(text[at] & 0x80) &&
	       (unsigned char)(text[at] | needle->fold[0]) != needle->sign[0])
		at++;
	return at;
}

size_t
text_range_find_folded(const char *text, size_t len, const char *folded_needle)
{
	struct needle needle;

	if (*folded_needle == '\0')
		return 0;
	needle = prepare_needle(folded_needle);
	for (size_t at = 0;;) {
		size_t used = 1;

		at = next_place(text, len, at, &needle);
		if (at == len)
			return SIZE_MAX;
		if (text[at] & 0x80) {
			if (matches_inside(
				text + at, len - at, folded_needle, &used))
				return at;
		} else if (matches_here(text + at, len - at, folded_needle)) {
			return at;
		}
		at += used;
	}
}

bool
text_range_contains_folded(
    const char *text, size_t len, const char *folded_needle)
{
	return text_range_find_folded(text, len, folded_needle) != SIZE_MAX;
}

bool
text_contains_folded(const char *haystack, const char *folded_needle)
{
	return text_range_contains_folded(
	    haystack, strlen(haystack), folded_needle);
}

static bool
is_blank(uint32_t code)
{
	const utf8proc_property_t *property;

	if (code < 0x80)
		return code == ' ' || (code >= '\t' && code <= '\r');
	property = utf8proc_get_property((utf8proc_int32_t)code);
	switch (property->category) {
	case UTF8PROC_CATEGORY_ZS:
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP: return true;
	default: return code == 0x85 || property->ignorable;
	}
}

const char *
text_trim(const char *text, size_t *len)
{
	size_t size = strlen(text), start = 0, end = 0, at = 0;

	/* most begin and end with a letter or digit */
	if (size > 0 && text[0] > ' ' && text[0] < 0x7F &&
	    text[size - 1] > ' ' && text[size - 1] < 0x7F) {
		*len = size;
		return text;
	}
	while (at < size) {
		uint32_t code;
		size_t used = text_decode(text + at, size - at, &code);

		at += used;
		if (!is_blank(code))
			end = at;
		else if (end == 0)
			start = at;
	}
	*len = end > start ? end - start : 0;
	return text + start;
}

void
text_ascii(struct str *out, const char *text)
{
	size_t len = strlen(text);

	for (size_t at = 0; at < len;) {
		size_t run = printable_ascii(text + at, len - at);
		char plain[FOLD_BYTES];
		uint32_t code;
		size_t count;

		str_add_bytes(out, text + at, run);
		at += run;
		if (at == len)
			break;
		at += text_decode(text + at, len - at, &code);
		count = code < 0x80 ? 0 : plain_char(code, false, plain);
		if (code < 0x80 || printable_ascii(plain, count) < count)
			str_add_char(out, '?');
		else
			str_add_bytes(out, plain, count);
	}
}
