/* SPDX-License-Identifier: MIT */
/*
 * Which value stands in which row, and which stands in more than one.
 *
 * Keeps a 64-bit hash a row and an open table of rows: 13 to 19 bytes a row
 * that has a value, and 12 more for each value that occurs twice or more.
 * Rows may be set again at any time. Equal hashes are taken for equal values:
 * at a million rows a wrong one comes once in forty million books.
 */
#ifndef BOOK_REPEATS_H
#define BOOK_REPEATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REPEATS_NONE UINT32_MAX

/* A value that is, or was, in more than one row. */
struct repeats_group {
	uint32_t first, other; /* rows; `other` only when count > 1 */
	uint32_t count;
};

struct repeats {
	uint64_t *hashes; /* a row; 0: no value */
	size_t rows, room;
	uint32_t *slots;   /* a row, or a group (repeats.c) */
	size_t size, used; /* used: all that were ever taken */
	struct repeats_group *groups;
	size_t group_count, group_room;
	size_t expected;
	uint64_t seed;
};

void repeats_init(struct repeats *repeats);
void repeats_release(struct repeats *repeats);

/*
 * So many rows are likely to come in all. A table that is much too small for
 * them grows at once, before growing takes long: true then, and the caller may
 * have had enough for now. A guess; it may be wrong, and told anew.
 */
bool repeats_expect(struct repeats *repeats, size_t rows);
/* Sets the value of a row; NULL or "": none. */
void repeats_set(struct repeats *repeats, uint32_t row, const char *value);
/* A row that has the value (the first, until rows were set again), or
 * REPEATS_NONE. `*count`: how many rows do. */
uint32_t repeats_find(
    const struct repeats *repeats, const char *value, uint32_t *count);
/* Another row with the value than `row`, or REPEATS_NONE. */
uint32_t repeats_other(
    const struct repeats *repeats, uint32_t row, const char *value);

/* Whether two rows have the same value, or none. */
bool repeats_equal(const struct repeats *repeats, uint32_t one, uint32_t two);
/* The hash of a value; 0: none. For tables of the like. */
uint64_t repeats_hash(uint64_t seed, const char *value);

/* Another row with the value that this row has, or REPEATS_NONE. */
uint32_t repeats_same(const struct repeats *repeats, uint32_t row);

#endif
