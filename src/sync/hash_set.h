/* SPDX-License-Identifier: MIT */
/*
 * A small set of 64-bit hashes: which values HealthSherpa has accepted. No
 * order and no field numbers, so later releases may add fields; lists alone can
 * be told from the rest (lists.h).
 */
#ifndef SYNC_HASH_SET_H
#define SYNC_HASH_SET_H

#include <stdbool.h>
#include <stdint.h>

#define HASH_SET_MAX 32
#define HASH_BYTES 8

struct hash_set {
	unsigned count;
	uint64_t hash[HASH_SET_MAX];
};

bool hash_set_has(const struct hash_set *set, uint64_t hash);
/* Nothing for 0 or one that is in; the oldest leaves a full set. */
void hash_set_add(struct hash_set *set, uint64_t hash);
void hash_set_remove(struct hash_set *set, uint64_t hash);

/* A hash as it is stored. */
uint64_t hash_get(const uint8_t bytes[HASH_BYTES]);
void hash_put(uint8_t bytes[HASH_BYTES], uint64_t hash);

#endif
