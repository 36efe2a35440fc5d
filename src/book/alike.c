/* SPDX-License-Identifier: MIT */
/*
 * A table of all rows would miss the cache once a row, to find next to nothing.
 * So while reading there is only a bit for each hash, in a map that stays in
 * the cache: a row whose bit is set already is a suspect, by chance (one in
 * thirty) or not. At the end all hashes pass by a small table of the suspects'.
 * Hazards: of many rows with one value each names one other, not all of them;
 * when a row goes, those that named it are paired anew. A row that is set while
 * the hashes pass by may have passed already: it begins anew.
 */
#include "book/alike.h"

#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/mem.h"
#include "book/repeats.h"

enum { BITS_FIRST = 1 << 14, BITS_A_ROW = 16 };

void
alike_init(struct alike *alike)
{
	*alike = (struct alike){0};
	crypto_random(&alike->seed, sizeof(alike->seed));
}

void
alike_release(struct alike *alike)
{
	free(alike->hashes);
	free(alike->bits);
	free(alike->suspects);
	free(alike->pairs);
	free(alike->table);
	*alike = (struct alike){0};
}

static void
pair(struct alike *alike, uint32_t row, uint32_t other)
{
	alike->pairs = mem_grow(alike->pairs, &alike->pair_room,
	    alike->pair_count + 1, sizeof(*alike->pairs));
	alike->pairs[alike->pair_count++] = (struct alike_pair){row, other};
}

/* ---- while reading ---------------------------------------------------------
 */

static void
suspect(struct alike *alike, uint32_t row)
{
	size_t bit = (size_t)alike->hashes[row] & (alike->bit_count - 1);
	uint64_t *word = &alike->bits[bit / 64], mask = UINT64_C(1) << bit % 64;

	if (*word & mask) {
		alike->suspects = mem_grow(alike->suspects,
		    &alike->suspect_room, alike->suspect_count + 1,
		    sizeof(*alike->suspects));
		alike->suspects[alike->suspect_count++] = row;
	}
	*word |= mask;
}

/* A map that is too small only makes more suspects. True when it was. */
static bool
make_map(struct alike *alike)
{
	size_t rows = alike->rows > alike->expected ? alike->rows
						    : alike->expected;

	if (alike->bit_count >= rows * BITS_A_ROW / 2 && alike->bits)
		return false;
	if (!alike->bit_count)
		alike->bit_count = BITS_FIRST;
	while (alike->bit_count < rows * BITS_A_ROW)
		alike->bit_count *= 2;
	free(alike->bits);
	alike->bits = mem_zalloc(alike->bit_count / 8);
	alike->suspect_count = 0;
	for (size_t row = 0; row < alike->rows; row++)
		if (alike->hashes[row])
			suspect(alike, (uint32_t)row);
	return true;
}

bool
alike_expect(struct alike *alike, size_t rows)
{
	alike->expected = rows;
	return alike->rows > 0 && !alike->settled && make_map(alike);
}

/* ---- when all is read ------------------------------------------------------
 */

static int
by_row(const void *a, const void *b)
{
	const struct alike_pair *one = a, *two = b;

	if (one->row != two->row)
		return one->row < two->row ? -1 : 1;
	return one->other < two->other ? -1 : one->other > two->other;
}

static void
sort(struct alike *alike)
{
	if (alike->pair_count > 1)
		qsort(alike->pairs, alike->pair_count, sizeof(*alike->pairs),
		    by_row);
}

struct alike_suspected {
	uint64_t hash; /* 0: free */
	uint32_t first;
};

static struct alike_suspected *
find(const struct alike *alike, uint64_t hash)
{
	struct alike_suspected *table = alike->table;
	/* the low bits have chosen the suspects */
	size_t at = (size_t)(hash >> 32) & (alike->table_size - 1);

	while (table[at].hash && table[at].hash != hash)
		at = (at + 1) & (alike->table_size - 1);
	return &table[at];
}

static void
make_table(struct alike *alike)
{
	alike->table_size = 2;
	while (alike->table_size < 2 * alike->suspect_count)
		alike->table_size *= 2;
	alike->table = mem_zalloc(alike->table_size * sizeof(*alike->table));
	for (size_t i = 0; i < alike->suspect_count; i++) {
		uint64_t hash = alike->hashes[alike->suspects[i]];

		if (hash)
			*find(alike, hash) = (struct alike_suspected){
			    hash, ALIKE_NONE};
	}
	alike->pair_count = 0;
	alike->passed = 0;
}

static void
drop_table(struct alike *alike)
{
	free(alike->table);
	alike->table = NULL;
}

static void
pass_by(struct alike *alike, size_t row)
{
	struct alike_suspected *found = alike->hashes[row]
					    ? find(alike, alike->hashes[row])
					    : NULL;

	if (!found || !found->hash)
		return;
	if (found->first == ALIKE_NONE)
		found->first = (uint32_t)row;
	else
		pair(alike, (uint32_t)row, found->first);
}

static void
end_settling(struct alike *alike)
{
	size_t count = alike->pair_count;

	/* the other way round too */
	for (size_t i = 0; i < count; i++)
		pair(alike, alike->pairs[i].other, alike->pairs[i].row);
	sort(alike);
	drop_table(alike);
	free(alike->bits);
	free(alike->suspects);
	alike->bits = NULL;
	alike->suspects = NULL;
	alike->suspect_count = alike->suspect_room = 0;
	alike->settled = true;
}

bool
alike_settle(struct alike *alike, size_t rows)
{
	if (alike->settled)
		return true;
	if (!alike->table)
		make_table(alike);
	for (; rows > 0 && alike->passed < alike->rows; rows--)
		pass_by(alike, alike->passed++);
	if (alike->passed < alike->rows)
		return false;
	end_settling(alike);
	return true;
}

/* ---- afterwards ------------------------------------------------------------
 */

static uint32_t
search(const struct alike *alike, uint64_t hash, uint32_t except)
{
	for (size_t row = 0; hash && row < alike->rows; row++)
		if (alike->hashes[row] == hash && row != except)
			return (uint32_t)row;
	return ALIKE_NONE;
}

/* Takes the row out of all pairs; those that named it name another. */
static void
part(struct alike *alike, uint32_t row)
{
	size_t kept = 0;

	for (size_t i = 0; i < alike->pair_count; i++) {
		struct alike_pair *at = &alike->pairs[i];

		if (at->row == row)
			continue;
		if (at->other == row)
			at->other = search(
			    alike, alike->hashes[at->row], at->row);
		if (at->other != ALIKE_NONE)
			alike->pairs[kept++] = *at;
	}
	alike->pair_count = kept;
}

static void
set_settled(struct alike *alike, uint32_t row, uint64_t hash)
{
	uint32_t other;

	alike->hashes[row] = 0;
	part(alike, row);
	alike->hashes[row] = hash;
	other = search(alike, hash, row);
	if (other != ALIKE_NONE) {
		pair(alike, row, other);
		pair(alike, other, row);
	}
	sort(alike);
}

void
alike_set(struct alike *alike, uint32_t row, const char *value)
{
	uint64_t hash = repeats_hash(alike->seed, value);

	if (row >= alike->rows) {
		if (!hash)
			return;
		alike->hashes = mem_grow(alike->hashes, &alike->room,
		    (size_t)row + 1, sizeof(*alike->hashes));
		memset(alike->hashes + alike->rows, 0,
		    (row + 1 - alike->rows) * sizeof(*alike->hashes));
		alike->rows = (size_t)row + 1;
	}
	if (alike->hashes[row] == hash)
		return;
	if (alike->settled) {
		set_settled(alike, row, hash);
		return;
	}
	alike->hashes[row] = hash;
	drop_table(alike);
	make_map(alike);
	if (hash)
		suspect(alike, row);
}

uint32_t
alike_other(const struct alike *alike, uint32_t row)
{
	size_t low = 0, high = alike->pair_count;

	if (!alike->settled)
		return ALIKE_NONE;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (alike->pairs[middle].row < row)
			low = middle + 1;
		else
			high = middle;
	}
	return low < alike->pair_count && alike->pairs[low].row == row
		   ? alike->pairs[low].other
		   : ALIKE_NONE;
}
