/* SPDX-License-Identifier: MIT */
/*
 * Linear probing. A slot whose last row went keeps its place with count 0, so
 * that probing goes on past it; growing the table drops such slots.
 * Hazard: the slot names two of its rows; when one of them goes, another is
 * looked for through all hashes, which is fine for edits and rare at loading.
 */
#include "book/repeats.h"

#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/mem.h"

enum { SIZE_FIRST = 64 };

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
	*repeats = (struct repeats){0};
}

/* FNV-1a, then the finalizer of MurmurHash3. */
static uint64_t
hash(const struct repeats *repeats, const char *value)
{
	uint64_t h = repeats->seed ^ UINT64_C(0xcbf29ce484222325);

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

/* The slot of a hash, or the one where it would go. Tables are never full. */
static struct repeats_slot *
slot_of(const struct repeats *repeats, uint64_t h)
{
	size_t mask = repeats->size - 1;
	size_t at = (size_t)h & mask;

	for (;; at = (at + 1) & mask) {
		struct repeats_slot *slot = &repeats->slots[at];

		if (slot->first == REPEATS_NONE ||
		    (slot->count > 0 && repeats->hashes[slot->first] == h))
			return slot;
	}
}

static void
add(struct repeats *repeats, uint32_t row)
{
	struct repeats_slot *slot = slot_of(repeats, repeats->hashes[row]);

	if (slot->first == REPEATS_NONE) {
		repeats->used++;
		slot->first = row;
	} else if (slot->count == 1) {
		slot->other = row;
	}
	slot->count++;
}

static void
grow(struct repeats *repeats)
{
	size_t live = 0;

	for (size_t row = 0; row < repeats->rows; row++)
		live += repeats->hashes[row] != 0;
	if (repeats->size == 0)
		repeats->size = SIZE_FIRST;
	while (repeats->size < 2 * (live + 1))
		repeats->size *= 2;
	free(repeats->slots);
	repeats->slots = mem_alloc(repeats->size * sizeof(*repeats->slots));
	for (size_t i = 0; i < repeats->size; i++)
		repeats->slots[i] = (struct repeats_slot){
		    .first = REPEATS_NONE};
	repeats->used = 0;
	for (size_t row = 0; row < repeats->rows; row++)
		if (repeats->hashes[row])
			add(repeats, (uint32_t)row);
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
	struct repeats_slot *slot;

	if (h == 0)
		return;
	slot = slot_of(repeats, h);
	repeats->hashes[row] = 0;
	slot->count--;
	if (slot->count == 0)
		return;
	if (slot->first == row)
		slot->first = slot->count > 0 && slot->other != row
				  ? slot->other
				  : search(repeats, h, row);
	slot->other = slot->count > 1 ? search(repeats, h, slot->first)
				      : REPEATS_NONE;
}

void
repeats_set(struct repeats *repeats, uint32_t row, const char *value)
{
	uint64_t h = hash(repeats, value);

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
	if (4 * (repeats->used + 1) > 3 * repeats->size)
		grow(repeats);
	repeats->hashes[row] = h;
	add(repeats, row);
}

static const struct repeats_slot *
find(const struct repeats *repeats, const char *value)
{
	uint64_t h = hash(repeats, value);
	const struct repeats_slot *slot;

	if (h == 0 || repeats->size == 0)
		return NULL;
	slot = slot_of(repeats, h);
	return slot->first != REPEATS_NONE && slot->count > 0 ? slot : NULL;
}

uint32_t
repeats_find(const struct repeats *repeats, const char *value, uint32_t *count)
{
	const struct repeats_slot *slot = find(repeats, value);

	*count = slot ? slot->count : 0;
	return slot ? slot->first : REPEATS_NONE;
}

uint32_t
repeats_other(const struct repeats *repeats, uint32_t row, const char *value)
{
	const struct repeats_slot *slot = find(repeats, value);

	if (!slot)
		return REPEATS_NONE;
	if (slot->first != row)
		return slot->first;
	return slot->count > 1 ? slot->other : REPEATS_NONE;
}
