/* SPDX-License-Identifier: MIT */
/*
 * Which rows share a value, for hints: few do, and nobody looks a value up.
 * So it takes less than repeats.h: 8 bytes a row up to the last one that has a
 * value, none while no row has, and 2 more while reading. A row that is set
 * when all is read is held against all others, at a tenth of a millisecond for
 * 100,000 rows. Equal hashes of 64 bits are taken for equal values.
 */
#ifndef BOOK_ALIKE_H
#define BOOK_ALIKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ALIKE_NONE UINT32_MAX

struct alike_suspected;

struct alike_pair {
	uint32_t row, other;
};

struct alike {
	uint64_t *hashes; /* a row; 0: no value */
	size_t rows, room;
	/* while reading: a bit for each hash, and the rows whose bit was there
	 * already */
	uint64_t *bits;
	size_t bit_count; /* a power of two */
	uint32_t *suspects;
	size_t suspect_count, suspect_room, expected;
	/* while settling: the suspects' hashes, and how many rows passed by */
	struct alike_suspected *table;
	size_t table_size, passed;
	/* afterwards, by row */
	struct alike_pair *pairs;
	size_t pair_count, pair_room;
	bool settled;
	uint64_t seed;
};

void alike_init(struct alike *alike);
void alike_release(struct alike *alike);
/* So many rows are likely to come; see repeats_expect(). */
bool alike_expect(struct alike *alike, size_t rows);
/* Sets the value of a row; NULL or "": none. */
void alike_set(struct alike *alike, uint32_t row, const char *value);
/* All rows are read: alike_other() works once this is true. Looks at so many of
 * them; 30,000 take about half a millisecond. */
bool alike_settle(struct alike *alike, size_t rows);
/* Another row with the same value, or ALIKE_NONE. */
uint32_t alike_other(const struct alike *alike, uint32_t row);

#endif
