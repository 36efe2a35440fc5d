/* SPDX-License-Identifier: MIT */
/*
 * Character encodings of files, from and to UTF-8.
 *
 * UTF-16 and UTF-32 as Unicode defines them, surrogates paired. Windows-1252 as
 * WHATWG maps it: the five bytes without a character (81 8D 8F 90 9D) are the
 * C1 controls of the same number, so that every byte stands for one character
 * and goes back to the same byte.
 */
#ifndef SOURCE_ENCODING_H
#define SOURCE_ENCODING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str;

enum encoding {
	ENCODING_UTF8,
	ENCODING_UTF16LE,
	ENCODING_UTF16BE,
	ENCODING_UTF32LE,
	ENCODING_UTF32BE,
	ENCODING_WINDOWS_1252,
};

/* Bytes that tell an encoding. */
#define ENCODING_HEAD 8u
/* One byte of a file gives at most so many of UTF-8. */
#define ENCODING_GROWTH 3u

const char *encoding_name(enum encoding encoding); /* "UTF-16" */

/*
 * By the byte order mark (`*mark`: its bytes, 0: none), or by the NULs that
 * ASCII has in UTF-16; else UTF-8, which Windows-1252 cannot be told from so
 * early. `len`: up to ENCODING_HEAD bytes of the file's start, fewer only when
 * it has no more.
 */
enum encoding encoding_detect(const char *head, size_t len, size_t *mark);

enum encoding_fault {
	ENCODING_GOOD,
	ENCODING_NUL,       /* the character NUL */
	ENCODING_SURROGATE, /* half of a UTF-16 pair */
	ENCODING_RANGE,     /* no character has this number */
};

/*
 * Decodes whole characters into `out` (room: ENCODING_GROWTH * len) and returns
 * its length. Ends before a fault and before a character that is cut off;
 * `*used`: bytes decoded. Not for UTF-8, which needs none.
 */
size_t encoding_decode(enum encoding encoding, const char *bytes, size_t len,
    char *out, size_t *used, enum encoding_fault *fault);

/* How many bytes of the file some whole characters of UTF-8 come from. */
uint64_t encoding_bytes(enum encoding encoding, const char *text, size_t len);

/* Whether the text can be written; else `*missing` is a character it lacks. */
bool encoding_holds(
    enum encoding encoding, const char *text, uint32_t *missing);

/* Appends the text, which it holds, encoded. */
void encoding_add(
    enum encoding encoding, struct str *out, const char *text, size_t len);

#endif
