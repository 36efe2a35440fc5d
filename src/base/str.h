/* SPDX-License-Identifier: MIT */
/*
 * A growing string with a ceiling given at birth.
 *
 * Always NUL-terminated; bytes after the ceiling are dropped and `cut` is set,
 * so a caller checks once at the end. Contents may hold NUL when appended by
 * length. `data` is borrowed until the next change; str_take() hands it over.
 * What is appended must not lie inside the string itself. Write through `data`
 * only below `len`: an empty string owns no memory.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct str {
	char *data;   /* never NULL after str_init() */
	size_t len;   /* bytes before the NUL */
	size_t size;  /* allocated */
	size_t limit; /* most bytes before the NUL */
	bool cut;     /* something did not fit */
};

void str_init(struct str *str, size_t limit);
/* Takes all the memory it may need at once, so that it never moves and leaves
 * no copy behind: for secrets. */
void str_grow(struct str *str);
void str_release(struct str *str); /* frees; str_init() before reuse */
void str_reset(struct str *str);   /* empties, keeps the memory, clears cut */
char *str_take(struct str *str);   /* caller frees; str is empty afterwards */

void str_add(struct str *str, const char *text);
void str_add_bytes(struct str *str, const void *bytes, size_t len);
void str_add_char(struct str *str, char c);
void str_addf(struct str *str, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void str_addv(struct str *str, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

/* ASCII helpers that the standard library does not give. */
bool str_same(const char *a, const char *b);       /* NULL is only NULL */
bool str_equal_fold(const char *a, const char *b); /* ASCII case ignored */
bool str_starts(const char *text, const char *prefix);
bool str_ends(const char *text, const char *suffix);
bool str_blank(const char *text); /* NULL, "" or only ASCII white space */

/* Copies into a fixed buffer, cut at a UTF-8 boundary; false when cut. */
bool str_copy(char *buffer, size_t size, const char *text);

/*
 * How many letters are otherwise, without ASCII case; two neighbours that
 * changed places count as one. Both at most STR_DISTANCE_MAX bytes long.
 */
enum { STR_DISTANCE_MAX = 64 };
size_t str_distance(const char *a, size_t a_len, const char *b, size_t b_len);

/*
 * The best match for a misspelt word among `count` names (edit distance
 * without ASCII case, two swapped neighbours count once; at most a third of
 * the word's length off); NULL when none is near or the word is over 64 bytes.
 */
const char *str_nearest(
    const char *word, const char *const *names, size_t count);

#endif
