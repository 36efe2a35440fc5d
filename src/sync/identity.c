/* SPDX-License-Identifier: MIT */
#include "sync/identity.h"

#include <string.h>

#include "base/str.h"
#include "sync/fingerprint.h"

enum { TEXT_MAX = 1 << 20 };

/* The first byte keeps the ways apart from each other. */
static uint64_t
hash_text(const uint8_t key[CRYPTO_KEY_SIZE], char what, const struct str *text)
{
	struct str input;
	uint64_t hash;

	str_init(&input, TEXT_MAX + 1);
	str_add_char(&input, what);
	str_add(&input, text->data);
	hash = fingerprint_hash(key, input.data, input.len);
	str_release(&input);
	return hash;
}

void
identity_print_make(struct identity_print *out,
    const uint8_t key[CRYPTO_KEY_SIZE], const struct person *person)
{
	struct str text;

	memset(out, 0, sizeof(*out));
	str_init(&text, TEXT_MAX);
	if (person_whole(person, &text))
		out->whole = hash_text(key, 'w', &text);
	if (person_name(person, &text))
		out->name = hash_text(key, 'n', &text);
	for (unsigned i = 0; i < PERSON_WAYS; i++)
		if (person_key(person, (enum person_way)i, &text))
			out->way[i] = hash_text(key, (char)('0' + i), &text);
	str_release(&text);
}
