/* SPDX-License-Identifier: MIT */
/*
 * The text of a source, in a window that slides over the file.
 *
 * Whatever the file's encoding, what stands in the window is checked UTF-8
 * without NUL, whole characters, the byte order mark left out. Readers parse up
 * to `len` and ask for more; a bad byte ends the window before it and is
 * reported when more is asked for, so whatever stands before it is read first.
 *
 * The first bytes tell UTF-16 and UTF-32. Else the file is UTF-8, until a byte
 * that is none: if only ASCII came before, it is Windows-1252 from there on,
 * else a bad byte.
 */
#ifndef SOURCE_INPUT_H
#define SOURCE_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/crypto.h"
#include "source/encoding.h"

struct err;
struct input_mark;

struct input {
	char *data;      /* the window; data[len] is NUL, moves with more */
	size_t len;      /* checked bytes */
	uint64_t offset; /* of data[0] in the text; a UTF-8 mark counts */
	bool ended;      /* the window reaches the end of the file */
	enum encoding encoding;    /* as far as it was read */
	char first[ENCODING_HEAD]; /* of the file, before any check */
	size_t first_len;

	/* private */
	int fd; /* -1: memory */
	bool own_fd;
	const char *memory;
	size_t memory_len, memory_at;
	size_t chunk, size;
	bool started, only_ascii;
	char held[4]; /* UTF-8: the start of a character cut by the last read */
	size_t held_len;
	char *raw; /* else: bytes not decoded yet */
	size_t raw_len, raw_size;
	struct input_mark *mark; /* else: where a place of the window is from */
	enum {
		INPUT_GOOD,
		INPUT_NOT_UTF8,
		INPUT_NUL,
		INPUT_SURROGATE,
		INPUT_RANGE,
		INPUT_CUT,
	} bad;               /* what follows */
	uint64_t taken;      /* bytes, in all */
	uint64_t taken_once; /* since the start or the last rewind */
	uint64_t digested;
	bool digesting;
	struct crypto_sum digest;
};

#define INPUT_CHUNK (64u << 10)

/*
 * From a descriptor, read from its present place on (taken over when
 * `own_fd`), or from memory (borrowed). `chunk`: bytes a read, 0: the default.
 */
void input_init(struct input *input, int fd, bool own_fd, size_t chunk);
void input_init_memory(
    struct input *input, const char *text, size_t len, size_t chunk);
void input_release(struct input *input);

/* Before the first read: sum up every byte that is read. */
void input_start_digest(struct input *input);
/* Once `ended`: the digest of the file. */
void input_end_digest(struct input *input, uint8_t digest[CRYPTO_SUM_SIZE]);

/*
 * Drops the first `drop` bytes of the window and reads one chunk more. When
 * nothing is left, `ended` is set. False (ERR_DATA, ERR_IO) on a bad byte or a
 * failing read, without a place: the caller puts file and line before it.
 */
bool input_more(struct input *input, size_t drop, struct err *err);

/*
 * Reads until the window has `want` bytes, the file ends or a bad byte comes
 * (which the next input_more() reports). False only when reading fails.
 */
bool input_fill(struct input *input, size_t want, struct err *err);

/*
 * Starts over at the beginning; the window is empty then. Needs memory or a
 * file that was read from its first byte on, asked for before or while reading.
 * Bytes are summed up once.
 */
bool input_can_rewind(const struct input *input);
bool input_rewind(struct input *input, struct err *err);

/*
 * The byte of the file, from 0, that the byte `at` of the window comes from;
 * `at` may be `len`. For splices and messages: a place in the window is no
 * place in the file.
 */
uint64_t input_place(const struct input *input, size_t at);

/* Bytes read so far; those read again count again. */
uint64_t input_position(const struct input *input);

#endif
