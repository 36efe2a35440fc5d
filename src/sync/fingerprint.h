/* SPDX-License-Identifier: MIT */
/*
 * What was sent, without keeping it: one keyed hash per field, 64 bits,
 * over the field's name and its normalised value. Pure.
 *
 * A set of such hashes (hash_set.h) says which values HealthSherpa accepted:
 * a field is changed when its hash is not in the set. That of a list says which
 * list it is of (list_hash()). Without the key the hashes tell nothing.
 */
#ifndef SYNC_FINGERPRINT_H
#define SYNC_FINGERPRINT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/crypto.h"
#include "book/config.h"
#include "book/field.h"
#include "partner/request.h"

struct contact;

struct fingerprint {
	uint64_t field[FIELD_COUNT]; /* 0: no value */
	uint64_t whole;              /* over all of them; never 0 */
};

/* One keyed hash, never 0. */
uint64_t fingerprint_hash(
    const uint8_t key[CRYPTO_KEY_SIZE], const void *data, size_t len);

void fingerprint_make(struct fingerprint *out,
    const uint8_t key[CRYPTO_KEY_SIZE], const struct field_values *values);

/* The values of a contact that this version of the service knows. */
void values_of(struct field_values *out, const struct contact *contact,
    enum service_version version);

/* Fields that an update compares and sends: not external_id, which is
 * permanent, nor lists, which an update would replace; notes included. */
bool values_updatable(enum field field);
/* The fields of the selectors, and whose contacts are searched: what proves
 * absence must not have changed. */
bool selector_uses(enum selector selector, enum field field);

#endif
