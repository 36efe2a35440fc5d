/* SPDX-License-Identifier: MIT */
/*
 * Which value stands in which row, and which stands in more than one.
 *
 * Keeps a 64-bit hash a row and an open table of rows: about 32 bytes a row.
 * Rows may be set again at any time. Equal hashes are taken for equal values:
 * at a million rows a wrong one comes once in forty million books.
 */
#ifndef BOOK_REPEATS_H
#define BOOK_REPEATS_H

#include <stddef.h>
#include <stdint.h>

#define REPEATS_NONE UINT32_MAX

struct repeats_slot {
	uint32_t first, other; /* rows; `other` only when count > 1 */
	uint32_t count;        /* 0 after use: passed over, not free */
};

struct repeats {
	uint64_t *hashes; /* a row; 0: no value */
	size_t rows, room;
	struct repeats_slot *slots;
	size_t size, used; /* used: all that were ever taken */
	uint64_t seed;
};

void repeats_init(struct repeats *repeats);
void repeats_release(struct repeats *repeats);

/* Sets the value of a row; NULL or "": none. */
void repeats_set(struct repeats *repeats, uint32_t row, const char *value);
/* A row that has the value (the first, until rows were set again), or
 * REPEATS_NONE. `*count`: how many rows do. */
uint32_t repeats_find(
    const struct repeats *repeats, const char *value, uint32_t *count);
/* Another row with the value than `row`, or REPEATS_NONE. */
uint32_t repeats_other(
    const struct repeats *repeats, uint32_t row, const char *value);

#endif
