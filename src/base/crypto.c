/* SPDX-License-Identifier: MIT */
/*
 * libsodium behind our names. Its SHA-256 state is kept in an array of our
 * own so that no header of theirs reaches another file; a static assertion
 * holds the size.
 */
#include "base/crypto.h"

#include <sodium.h>
#include <string.h>

#include "base/mem.h"

_Static_assert(sizeof(crypto_hash_sha256_state) <= sizeof(struct crypto_digest),
    "struct crypto_digest is too small for libsodium's state");

enum { SUM_ALIGNMENT = _Alignof(crypto_onetimeauth_state) };

_Static_assert(sizeof(crypto_onetimeauth_state) <= sizeof(struct crypto_sum) &&
		   SUM_ALIGNMENT <= _Alignof(struct crypto_sum),
    "struct crypto_sum does not hold libsodium's state");

bool
crypto_init(void)
{
	return sodium_init() >= 0;
}

void
crypto_random(void *bytes, size_t len)
{
	randombytes_buf(bytes, len);
}

void
crypto_keyed_hash(const uint8_t key[CRYPTO_KEY_SIZE], const void *data,
    size_t len, uint8_t out[CRYPTO_HASH_SIZE])
{
	crypto_generichash(
	    out, CRYPTO_HASH_SIZE, data, len, key, CRYPTO_KEY_SIZE);
}

void
crypto_digest_start(struct crypto_digest *digest)
{
	crypto_hash_sha256_init((crypto_hash_sha256_state *)digest);
}

void
crypto_digest_add(struct crypto_digest *digest, const void *data, size_t len)
{
	crypto_hash_sha256_update(
	    (crypto_hash_sha256_state *)digest, data, len);
}

void
crypto_digest_end(struct crypto_digest *digest, uint8_t out[CRYPTO_DIGEST_SIZE])
{
	crypto_hash_sha256_final((crypto_hash_sha256_state *)digest, out);
}

void
crypto_sum_start(struct crypto_sum *sum)
{
	static uint8_t key[crypto_onetimeauth_KEYBYTES];
	static bool drawn;

	if (!drawn)
		crypto_random(key, sizeof(key));
	drawn = true;
	crypto_onetimeauth_init((crypto_onetimeauth_state *)sum, key);
}

void
crypto_sum_add(struct crypto_sum *sum, const void *data, size_t len)
{
	crypto_onetimeauth_update((crypto_onetimeauth_state *)sum, data, len);
}

void
crypto_sum_end(struct crypto_sum *sum, uint8_t out[CRYPTO_SUM_SIZE])
{
	crypto_onetimeauth_final((crypto_onetimeauth_state *)sum, out);
}

bool
crypto_equal(const void *a, const void *b, size_t len)
{
	return sodium_memcmp(a, b, len) == 0;
}

void
crypto_hex(char *hex, const void *bytes, size_t len)
{
	sodium_bin2hex(hex, 2 * len + 1, bytes, len);
}

void
crypto_base64url(char *out, const void *bytes, size_t len)
{
	sodium_bin2base64(out, CRYPTO_BASE64URL_SIZE(len), bytes, len,
	    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

void
crypto_wipe(void *bytes, size_t len)
{
	if (len > 0)
		sodium_memzero(bytes, len);
}

void *
crypto_guarded_alloc(size_t size)
{
	void *bytes = sodium_malloc(size);

	if (!bytes)
		mem_die(71, "out of memory for a secret");
	return bytes;
}

void
crypto_guarded_seal(void *bytes)
{
	/* where pages cannot be protected, the secret still works */
	(void)sodium_mprotect_readonly(bytes);
}

void
crypto_guarded_free(void *bytes)
{
	sodium_free(bytes);
}

void
crypto_uuid(char out[37])
{
	uint8_t bytes[16];
	char hex[33];

	crypto_random(bytes, sizeof(bytes));
	bytes[6] = (uint8_t)((bytes[6] & 0x0f) | 0x40);
	bytes[8] = (uint8_t)((bytes[8] & 0x3f) | 0x80);
	crypto_hex(hex, bytes, sizeof(bytes));
	memcpy(out, hex, 8);
	out[8] = '-';
	memcpy(out + 9, hex + 8, 4);
	out[13] = '-';
	memcpy(out + 14, hex + 12, 4);
	out[18] = '-';
	memcpy(out + 19, hex + 16, 4);
	out[23] = '-';
	memcpy(out + 24, hex + 20, 13);
}
