/* SPDX-License-Identifier: MIT */
/*
 * Unicode text: decoding, cleaning, width, folding (libutf8proc).
 *
 * Text from outside is cleaned where it enters a screen, a message or a log;
 * the canvas asserts that it was. Rules: strict UTF-8 (RFC 3629: overlong
 * forms, surrogates and > U+10FFFF become U+FFFD, one per bad byte); C0, DEL
 * and C1 become visible pictures (U+2400 block, U+FFFD for C1); format
 * characters (bidi controls, zero-width, U+00AD, U+FEFF, tags, variation
 * selectors, fillers) are dropped; unassigned characters and line or paragraph
 * separators become U+FFFD; at most 4 combining marks a base character, and a
 * mark without one gets U+25CC to stand on.
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

/* Whether text_clean() leaves this character alone (where it may stand). */
bool text_code_is_clean(uint32_t code);

/* Columns a character takes on a terminal: 0 (mark, control), 1, or 2. */
int text_char_width(uint32_t code);

/* Columns of cleaned, NUL-terminated text. */
int text_width(const char *text);

/* Characters (code points; a bad byte is one), for limits of the service. */
size_t text_length(const char *text);

/*
 * Appends at most `columns` columns of cleaned text; when cut, the last column
 * is `ellipsis` (e.g. "…" or "~"; left out when it is wider than `columns`).
 * Returns the columns used: one less than asked when a wide character did not
 * fit before the ellipsis.
 */
int text_fit(
    struct str *out, const char *text, int columns, const char *ellipsis);

/*
 * Appends a form for searching and comparing: case folded, accents removed,
 * compatibility forms unified (NFKD, marks and invisible characters dropped,
 * letters with a stroke and ligatures plain, typographic quotes, dashes and
 * blanks as ASCII). Folding twice changes nothing more.
 * Pure ASCII takes a quick way.
 */
void text_fold(struct str *out, const char *text);

/*
 * Whether folded `needle` occurs in `haystack` (folds as it goes, allocates
 * nothing). An empty needle occurs everywhere.
 */
bool text_contains_folded(const char *haystack, const char *folded_needle);

/*
 * The same in `len` bytes, which may hold NUL: a row whose values stand one
 * after the other is searched in one go, and no hit spans two values.
 */
bool text_range_contains_folded(
    const char *text, size_t len, const char *folded_needle);
/* Where it begins, SIZE_MAX when it is nowhere. */
size_t text_range_find_folded(
    const char *text, size_t len, const char *folded_needle);

/*
 * The inner range without ASCII and Unicode blanks or invisible characters
 * (byte order marks, direction marks around copied phone numbers) at the ends.
 * `*len` is only written.
 */
const char *text_trim(const char *text, size_t *len);

/*
 * Appends an ASCII rendering (accents dropped, ligatures and quotes plain, else
 * '?'), for terminals without UTF-8. Its width may differ from the original's.
 */
void text_ascii(struct str *out, const char *text);

#endif
