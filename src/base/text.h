/* SPDX-License-Identifier: MIT */
/*
 * Unicode text: decoding, cleaning, width, folding (libutf8proc).
 *
 * Text from outside is cleaned where it enters a screen, a message or a log;
 * the canvas asserts that it was. Rules: strict UTF-8 (RFC 3629: overlong
 * forms, surrogates and > U+10FFFF become U+FFFD, one per bad byte); C0, DEL
 * and C1 become visible pictures (U+2400 block, U+FFFD for C1); format
 * characters (bidi controls, zero-width, U+00AD, U+FEFF, tags, variation
 * selectors) are dropped; at most 4 combining marks a base character.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str;

#define TEXT_REPLACEMENT 0xFFFDu

/* Decodes one character; returns bytes used (>= 1 when len > 0). */
size_t text_decode(const char *text, size_t len, uint32_t *code);

/* Encodes one character; returns bytes written (1..4). */
size_t text_encode(uint32_t code, char out[4]);

/* Whether all bytes are strict UTF-8; `*bad` (may be NULL): first bad byte. */
bool text_valid(const char *text, size_t len, size_t *bad);

/*
 * Appends the cleaned form. Returns true when something was changed, so that
 * a detail view can mark it. Newline and tab become pictures like other C0.
 */
bool text_clean(struct str *out, const char *text, size_t len);

/* Columns a character takes on a terminal: 0 (mark), 1, or 2. */
int text_char_width(uint32_t code);

/* Columns of cleaned, NUL-terminated text. */
int text_width(const char *text);

/* Characters (code points), for limits of the service. */
size_t text_length(const char *text);

/*
 * Appends at most `columns` columns of cleaned text; when cut, the last column
 * is `ellipsis` (e.g. "…" or "~"). Returns the columns used.
 */
int text_fit(
    struct str *out, const char *text, int columns, const char *ellipsis);

/*
 * Appends a form for searching and comparing: case folded, accents removed,
 * compatibility forms unified (NFKD, marks dropped, case folded).
 * Pure ASCII takes a quick way.
 */
void text_fold(struct str *out, const char *text);

/* Whether folded `needle` occurs in `haystack` (folds as it goes). */
bool text_contains_folded(const char *haystack, const char *folded_needle);

/* Trims ASCII and Unicode blanks at both ends; gives the inner range. */
const char *text_trim(const char *text, size_t *len);

/*
 * Whether the locale shows UTF-8; set once by main() after setlocale().
 * text_ascii() appends an ASCII rendering (accents dropped, else '?').
 */
void text_ascii(struct str *out, const char *text);

#endif
