/* SPDX-License-Identifier: MIT */
/*
 * Linear probing. A slot names the one row that has the value, or the group of
 * the rows that do. A slot whose last row went is passed over and not free, so
 * that probing goes on past it; growing the table drops such slots.
 * Hazard: a group names two of its rows; when one of them goes, another is
 * looked for through all hashes, which is fine for edits and rare at loading.
 */
#include "book/repeats.h"

#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/mem.h"

enum { SIZE_FIRST = 64 };

/* A slot holds one of these, or row + 1, or GROUP with the group's number;
 * rows and groups stay below 2^31 - 1. */
#define FREE 0u
#define PASSED UINT32_MAX
#define GROUP (UINT32_C(1) << 31)

/* So many slots of a table may be taken. */
#define FULL_OF(size) ((size) / 4 * 3)

void
repeats_init(struct repeats *repeats)
{
	*repeats = (struct repeats){0};
	/* so that nobody can make a file whose rows all fall into one place */
	crypto_random(&repeats->seed, sizeof(repeats->seed));
}

void
repeats_release(struct repeats *repeats)
{
	free(repeats->hashes);
	free(repeats->slots);
	free(repeats->groups);
	*repeats = (struct repeats){0};
}

/* FNV-1a, then the finalizer of MurmurHash3. */
uint64_t
repeats_hash(uint64_t seed, const char *value)
{
	uint64_t h = seed ^ UINT64_C(0xcbf29ce484222325);

	if (!value || !*value)
		return 0;
	for (; *value; value++) {
		h ^= (unsigned char)*value;
		h *= UINT64_C(0x100000001b3);
	}
	h ^= h >> 33;
	h *= UINT64_C(0xff51afd7ed558ccd);
	h ^= h >> 33;
	h *= UINT64_C(0xc4ceb9fe1a85ec53);
	h ^= h >> 33;
	return h ? h : 1;
}

static struct repeats_group *
group_of(const struct repeats *repeats, uint32_t slot)
{
	return slot != PASSED && slot & GROUP ? &repeats->groups[slot & ~GROUP]
					      : NULL;
}

/* A row that a slot names; REPEATS_NONE when it names none. */
static uint32_t
row_of(const struct repeats *repeats, uint32_t slot)
{
	const struct repeats_group *group = group_of(repeats, slot);

	if (group)
		return group->first;
	return slot == FREE || slot == PASSED ? REPEATS_NONE : slot - 1;
}

/* The slot of a hash, or the one where it would go. Tables are never full. */
static uint32_t *
slot_of(const struct repeats *repeats, uint64_t h)
{
	size_t mask = repeats->size - 1;
	size_t at = (size_t)h & mask;

	for (;; at = (at + 1) & mask) {
		uint32_t *slot = &repeats->slots[at];
		uint32_t row = row_of(repeats, *slot);

		if (*slot == FREE ||
		    (row != REPEATS_NONE && repeats->hashes[row] == h))
			return slot;
	}
}

static void
add(struct repeats *repeats, uint32_t row)
{
	uint32_t *slot = slot_of(repeats, repeats->hashes[row]);
	struct repeats_group *group = group_of(repeats, *slot);

	if (*slot == FREE) {
		repeats->used++;
		*slot = row + 1;
	} else if (group) {
		if (group->count == 1)
			group->other = row;
		group->count++;
	} else {
		repeats->groups = mem_grow(repeats->groups,
		    &repeats->group_room, repeats->group_count + 1,
		    sizeof(*repeats->groups));
		repeats->groups[repeats->group_count] = (struct repeats_group){
		    *slot - 1, row, 2};
		*slot = GROUP | (uint32_t)repeats->group_count++;
	}
}

static void
grow(struct repeats *repeats)
{
	size_t live = 0;

	for (size_t row = 0; row < repeats->rows; row++)
		live += repeats->hashes[row] != 0;
	if (repeats->size == 0)
		repeats->size = SIZE_FIRST;
	while (repeats->size < 2 * (live + 1) ||
	       FULL_OF(repeats->size) < repeats->expected)
		repeats->size *= 2;
	free(repeats->slots);
	/* FREE in each; what is large comes from the system without a touch */
	repeats->slots = mem_zalloc(repeats->size * sizeof(*repeats->slots));
	repeats->used = 0;
	repeats->group_count = 0;
	for (size_t row = 0; row < repeats->rows; row++)
		if (repeats->hashes[row])
			add(repeats, (uint32_t)row);
}

bool
repeats_expect(struct repeats *repeats, size_t rows)
{
	repeats->expected = rows;
	/* what is expected changes a little all the time */
	if (repeats->used == 0 || FULL_OF(repeats->size) >= rows / 2)
		return false;
	grow(repeats);
	return true;
}

/* Any row with the hash but `except`. */
static uint32_t
search(const struct repeats *repeats, uint64_t h, uint32_t except)
{
	for (size_t row = 0; row < repeats->rows; row++)
		if (repeats->hashes[row] == h && row != except)
			return (uint32_t)row;
	return REPEATS_NONE;
}

static void
drop(struct repeats *repeats, uint32_t row)
{
	uint64_t h = repeats->hashes[row];
	struct repeats_group *group;
	uint32_t *slot;

	if (h == 0)
		return;
	slot = slot_of(repeats, h);
	group = group_of(repeats, *slot);
	repeats->hashes[row] = 0;
	if (group)
		group->count--;
	if (!group || group->count == 0) {
		*slot = PASSED;
		return;
	}
	if (group->first == row)
		group->first = group->other != row ? group->other
						   : search(repeats, h, row);
	group->other = group->count > 1 ? search(repeats, h, group->first)
					: REPEATS_NONE;
}

void
repeats_set(struct repeats *repeats, uint32_t row, const char *value)
{
	uint64_t h = repeats_hash(repeats->seed, value);

	if (row >= repeats->rows) {
		repeats->hashes = mem_grow(repeats->hashes, &repeats->room,
		    (size_t)row + 1, sizeof(*repeats->hashes));
		memset(repeats->hashes + repeats->rows, 0,
		    (row + 1 - repeats->rows) * sizeof(*repeats->hashes));
		repeats->rows = (size_t)row + 1;
	}
	if (repeats->hashes[row] == h)
		return;
	drop(repeats, row);
	if (h == 0)
		return;
	if (repeats->used + 1 > FULL_OF(repeats->size))
		grow(repeats);
	repeats->hashes[row] = h;
	add(repeats, row);
}

/* The slot of a hash, which may be free; FREE without any. */
static uint32_t
find_hash(const struct repeats *repeats, uint64_t h)
{
	return h == 0 || repeats->size == 0 ? FREE : *slot_of(repeats, h);
}

static uint32_t
find(const struct repeats *repeats, const char *value)
{
	return find_hash(repeats, repeats_hash(repeats->seed, value));
}

uint32_t
repeats_find(const struct repeats *repeats, const char *value, uint32_t *count)
{
	uint32_t slot = find(repeats, value);
	const struct repeats_group *group = group_of(repeats, slot);

	*count = group ? group->count : slot != FREE;
	return row_of(repeats, slot);
}

static uint32_t
other_of(const struct repeats *repeats, uint32_t slot, uint32_t row)
{
	const struct repeats_group *group = group_of(repeats, slot);
	uint32_t first = row_of(repeats, slot);

	if (first != row)
		return first;
	return group && group->count > 1 ? group->other : REPEATS_NONE;
}

uint32_t
repeats_other(const struct repeats *repeats, uint32_t row, const char *value)
{
	return other_of(repeats, find(repeats, value), row);
}

uint32_t
repeats_same(const struct repeats *repeats, uint32_t row)
{
	uint64_t h = row < repeats->rows ? repeats->hashes[row] : 0;

	return other_of(repeats, find_hash(repeats, h), row);
}

bool
repeats_equal(const struct repeats *repeats, uint32_t one, uint32_t two)
{
	return one < repeats->rows && two < repeats->rows &&
	       repeats->hashes[one] == repeats->hashes[two];
}
