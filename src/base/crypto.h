/* SPDX-License-Identifier: MIT */
/* Hashing, random bytes, constant-time comparison (libsodium). */
#ifndef BASE_CRYPTO_H
#define BASE_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CRYPTO_KEY_SIZE 32
#define CRYPTO_HASH_SIZE 16   /* keyed hash */
#define CRYPTO_DIGEST_SIZE 32 /* SHA-256 */
#define CRYPTO_SUM_SIZE 16    /* Poly1305 */

/* Once, first in main() and in tests; false when libsodium cannot start. */
bool crypto_init(void);

void crypto_random(void *bytes, size_t len);

/* BLAKE2b keyed, 128 bits: equal input, equal output, useless without key. */
void crypto_keyed_hash(const uint8_t key[CRYPTO_KEY_SIZE], const void *data,
    size_t len, uint8_t out[CRYPTO_HASH_SIZE]);

/* SHA-256, whole or in pieces. */
struct crypto_digest {
	uint64_t opaque[16];
};
void crypto_digest_start(struct crypto_digest *digest);
void crypto_digest_add(
    struct crypto_digest *digest, const void *data, size_t len);
void crypto_digest_end(
    struct crypto_digest *digest, uint8_t out[CRYPTO_DIGEST_SIZE]);

/*
 * A sum to tell whether bytes are still the same, many times as fast as the
 * digest: Poly1305 with a key that this process draws. For comparing within
 * the process; it may not be stored or shown. The first bytes of a process
 * that are summed up need crypto_init() before.
 */
struct crypto_sum {
	_Alignas(16) uint64_t opaque[32];
};
void crypto_sum_start(struct crypto_sum *sum);
void crypto_sum_add(struct crypto_sum *sum, const void *data, size_t len);
void crypto_sum_end(struct crypto_sum *sum, uint8_t out[CRYPTO_SUM_SIZE]);

bool crypto_equal(const void *a, const void *b, size_t len);

/* Lower-case hex and a NUL: `hex` holds 2 * len + 1 bytes. */
void crypto_hex(char *hex, const void *bytes, size_t len);

/*
 * URL-safe base64 without padding (RFC 4648 section 5) and a NUL: `out` holds
 * CRYPTO_BASE64URL_SIZE(len) bytes.
 */
#define CRYPTO_BASE64URL_SIZE(len) (((len)*4 + 2) / 3 + 1)
void crypto_base64url(char *out, const void *bytes, size_t len);

/* Overwrites memory in a way the compiler keeps. NULL with 0 is fine. */
void crypto_wipe(void *bytes, size_t len);

/*
 * Guarded memory for secrets: locked, out of core dumps, between pages that
 * trap, wiped when freed. Out of memory ends the program. After sealing, a
 * write traps too. Freeing NULL is fine.
 */
void *crypto_guarded_alloc(size_t size);
void crypto_guarded_seal(void *bytes);
void crypto_guarded_free(void *bytes);

/* A random version-4 UUID in its 36-character form and a NUL (RFC 9562). */
void crypto_uuid(char out[37]);

#endif
