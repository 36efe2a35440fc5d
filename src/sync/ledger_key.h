/* SPDX-License-Identifier: MIT */
/* The key of a book's hashes, in a file beside its ledgers. */
#ifndef SYNC_LEDGER_KEY_H
#define SYNC_LEDGER_KEY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/crypto.h"

struct err;

/* Reads `directory`/key; a missing one is made (0600), or with `read_only` only
 * made up. ERR_IO, ERR_CREATE. */
bool ledger_key_read(const char *directory, bool read_only,
    uint8_t key[CRYPTO_KEY_SIZE], struct err *err);

#endif
