/* SPDX-License-Identifier: MIT */
#include "vectors.h"

#include <stdio.h>
#include <string.h>

#include "check.h"

static void
describe(struct str *out, const struct findings *findings)
{
	for (unsigned i = 0; i < findings->count; i++) {
		if (i > 0)
			str_add_char(out, ' ');
		str_add(out, finding_table[findings->items[i].code].code);
		CHECK(findings->items[i].message[0] != '\0');
		CHECK(!strchr(findings->items[i].message, '\n'));
	}
}

void
vectors_check(enum field field, const struct vector *vectors, size_t count)
{
	struct finding items[8];
	struct str value, codes;

	str_init(&value, 65536);
	str_init(&codes, 1000);
	for (size_t i = 0; i < count; i++) {
		const struct vector *vector = &vectors[i];
		struct findings findings = {items, 0, 8};
		struct rules_input input = {
		    .field = field,
		    .raw = vector->raw,
		    .date_form = vector->with,
		    .order = vector->order,
		    .today = {2026, 11, 23},
		    .state = vector->with,
		    .city = vector->with,
		};

		rules_clean(&input, &value, &findings);
		str_reset(&codes);
		describe(&codes, &findings);
		if (strcmp(value.data, vector->value) != 0 ||
		    strcmp(codes.data, vector->codes) != 0)
			printf("# %s: \"%s\" with %s\n",
			    field_table[field].name, vector->raw,
			    vector->with ? vector->with : "-");
		CHECK_TEXT(value.data, vector->value);
		CHECK_TEXT(codes.data, vector->codes);
	}
	str_release(&value);
	str_release(&codes);
}
