/* SPDX-License-Identifier: MIT */
/*
 * Who an ID of belay's own belongs to, as the ledger keeps it: keyed hashes,
 * which without the key tell nothing of the person.
 */
#ifndef SYNC_IDENTITY_H
#define SYNC_IDENTITY_H

#include <stdint.h>

#include "base/crypto.h"
#include "book/minted.h"
#include "book/person.h"

/* 0: the row says nothing of it. */
struct identity_print {
	uint64_t whole; /* of all that is known of the person */
	uint64_t name;
	uint64_t way[PERSON_WAYS];
};

struct identity {
	char external_id[MINTED_ID_SIZE];
	struct identity_print print;
	int64_t seen; /* wall ms: when the row said so last */
};

void identity_print_make(struct identity_print *out,
    const uint8_t key[CRYPTO_KEY_SIZE], const struct person *person);

#endif
