/* SPDX-License-Identifier: MIT */
#include "sync/fingerprint.h"

#include <string.h>

#include "book/contact.h"
#include "check.h"

static const uint8_t key[CRYPTO_KEY_SIZE] = {1, 2, 3};
static const uint8_t other_key[CRYPTO_KEY_SIZE] = {1, 2, 4};

static struct field_values
sample(void)
{
	struct field_values values = {0};

	values.text[FIELD_EXTERNAL_ID] = "crm-1";
	values.text[FIELD_FIRST_NAME] = "Ada";
	values.text[FIELD_LAST_NAME] = "Sample";
	values.text[FIELD_PHONE] = "9165550123";
	return values;
}

TEST(fingerprint_tells_fields_apart)
{
	struct field_values values = sample();
	struct fingerprint a, b;

	fingerprint_make(&a, key, &values);
	fingerprint_make(&b, key, &values);
	CHECK(memcmp(&a, &b, sizeof(a)) == 0);
	CHECK(a.field[FIELD_EMAIL] == 0);
	CHECK(a.field[FIELD_PHONE] != 0 && a.whole != 0);
	values.text[FIELD_PHONE] = "9165550124";
	fingerprint_make(&b, key, &values);
	CHECK(a.field[FIELD_PHONE] != b.field[FIELD_PHONE]);
	CHECK(a.field[FIELD_LAST_NAME] == b.field[FIELD_LAST_NAME]);
	CHECK(a.whole != b.whole);
}

TEST(fingerprint_of_equal_values_in_two_fields_differ)
{
	struct field_values values = sample();
	struct fingerprint a;

	values.text[FIELD_PART_A_DATE] = "2024-01-01";
	values.text[FIELD_PART_B_DATE] = "2024-01-01";
	fingerprint_make(&a, key, &values);
	CHECK(a.field[FIELD_PART_A_DATE] != a.field[FIELD_PART_B_DATE]);
}

TEST(fingerprint_needs_the_key)
{
	struct field_values values = sample();
	struct fingerprint a, b;

	fingerprint_make(&a, key, &values);
	fingerprint_make(&b, other_key, &values);
	CHECK(a.field[FIELD_PHONE] != b.field[FIELD_PHONE]);
	CHECK(a.whole != b.whole);
}

TEST(fingerprint_sees_a_value_go)
{
	struct field_values values = sample();
	struct fingerprint a, b;

	fingerprint_make(&a, key, &values);
	values.text[FIELD_PHONE] = NULL;
	fingerprint_make(&b, key, &values);
	CHECK(b.field[FIELD_PHONE] == 0);
	CHECK(a.whole != b.whole);
}

TEST(values_know_the_version)
{
	struct contact *contact = &(struct contact){0};
	struct field_values values;

	contact->fields[FIELD_FIRST_NAME].value = "Ada";
	contact->fields[FIELD_EMAIL].value = "";
	contact->fields[FIELD_DRUGS].value = "[]";
	values_of(&values, contact, SERVICE_V1);
	CHECK_TEXT(values.text[FIELD_FIRST_NAME], "Ada");
	CHECK(values.text[FIELD_EMAIL] == NULL);
	CHECK(values.text[FIELD_DRUGS] == NULL);
	values_of(&values, contact, SERVICE_V2);
	CHECK_TEXT(values.text[FIELD_DRUGS], "[]");
	CHECK(!values_updatable(FIELD_EXTERNAL_ID));
	CHECK(!values_updatable(FIELD_DRUGS));
	CHECK(values_updatable(FIELD_NOTES));
	CHECK(values_updatable(FIELD_PHONE));
}

TEST(selectors_use_their_fields)
{
	CHECK(selector_uses(SELECTOR_MEDICARE_NUMBER, FIELD_MEDICARE_NUMBER));
	CHECK(!selector_uses(SELECTOR_MEDICARE_NUMBER, FIELD_LAST_NAME));
	CHECK(selector_uses(SELECTOR_PHONE, FIELD_LAST_NAME));
	CHECK(selector_uses(SELECTOR_PHONE, FIELD_PHONE));
	CHECK(!selector_uses(SELECTOR_PHONE, FIELD_EMAIL));
}
