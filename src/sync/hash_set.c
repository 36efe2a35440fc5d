/* SPDX-License-Identifier: MIT */
#include "sync/hash_set.h"

#include <string.h>

bool
hash_set_has(const struct hash_set *set, uint64_t hash)
{
	for (unsigned i = 0; i < set->count; i++)
		if (set->hash[i] == hash)
			return true;
	return false;
}

static void
drop(struct hash_set *set, unsigned at)
{
	set->count--;
	memmove(&set->hash[at], &set->hash[at + 1],
	    (set->count - at) * sizeof(set->hash[0]));
}

void
hash_set_add(struct hash_set *set, uint64_t hash)
{
	if (!hash || hash_set_has(set, hash))
		return;
	if (set->count == HASH_SET_MAX)
		drop(set, 0);
	set->hash[set->count++] = hash;
}

void
hash_set_remove(struct hash_set *set, uint64_t hash)
{
	for (unsigned i = 0; i < set->count; i++) {
		if (set->hash[i] == hash) {
			drop(set, i);
			return;
		}
	}
}

uint64_t
hash_get(const uint8_t bytes[HASH_BYTES])
{
	uint64_t hash = 0;

	for (unsigned i = 0; i < HASH_BYTES; i++)
		hash = hash << 8 | bytes[i];
	return hash;
}

void
hash_put(uint8_t bytes[HASH_BYTES], uint64_t hash)
{
	for (unsigned i = 0; i < HASH_BYTES; i++)
		bytes[i] = (uint8_t)(hash >> (56 - 8 * i));
}
