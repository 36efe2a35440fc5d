/* SPDX-License-Identifier: MIT */
#include "sync/fingerprint.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "book/contact.h"
#include "sync/lists.h"

/* 64 KiB is the ceiling of a cell; a name is short. */
enum { INPUT_MAX = (64 << 10) + 4096 };

uint64_t
fingerprint_hash(
    const uint8_t key[CRYPTO_KEY_SIZE], const void *data, size_t len)
{
	uint8_t full[CRYPTO_HASH_SIZE];
	uint64_t hash = 0;

	crypto_keyed_hash(key, data, len, full);
	for (unsigned i = 0; i < 8; i++)
		hash = hash << 8 | full[i];
	return hash ? hash : 1;
}

void
fingerprint_make(struct fingerprint *out, const uint8_t key[CRYPTO_KEY_SIZE],
    const struct field_values *values)
{
	struct str input;

	str_init(&input, INPUT_MAX);
	memset(out, 0, sizeof(*out));
	for (unsigned i = 0; i < FIELD_COUNT; i++) {
		if (!values->text[i])
			continue;
		str_reset(&input);
		str_add(&input, field_table[i].name);
		str_add_char(&input, '\0');
		str_add(&input, values->text[i]);
		out->field[i] = fingerprint_hash(key, input.data, input.len);
		if (is_list((enum field)i))
			out->field[i] = list_hash((enum field)i, out->field[i]);
	}
	/* without an agent of its own: what it was before there were any */
	out->whole = fingerprint_hash(key, out->field,
	    out->field[FIELD_AGENT_EMAIL]
		? sizeof(out->field)
		: sizeof(out->field) - sizeof(out->field[0]));
	str_release(&input);
}

void
values_of(struct field_values *out, const struct contact *contact,
    enum service_version version)
{
	unsigned flag = version == SERVICE_V1 ? FIELD_V1 : FIELD_V2;

	for (unsigned i = 0; i < FIELD_COUNT; i++) {
		const char *value = contact->fields[i].value;
		bool known = (field_table[i].flags & flag) != 0;

		out->text[i] = known && value && *value ? value : NULL;
	}
}

bool
values_updatable(enum field field)
{
	return !(field_table[field].flags &
		   (FIELD_CREATE_ONLY | FIELD_BESIDE)) &&
	       field_table[field].kind != FIELD_KIND_LIST;
}

bool
selector_uses(enum selector selector, enum field field)
{
	static const enum field second[SELECTOR_COUNT] = {
	    [SELECTOR_MEDICARE_NUMBER] = FIELD_MEDICARE_NUMBER,
	    [SELECTOR_BIRTH_DATE] = FIELD_BIRTH_DATE,
	    [SELECTOR_EMAIL] = FIELD_EMAIL,
	    [SELECTOR_PHONE] = FIELD_PHONE,
	};

	/* "nobody" is said of one agent's contacts */
	return field == second[selector] ||
	       (field == FIELD_LAST_NAME &&
		   selector != SELECTOR_MEDICARE_NUMBER);
}
