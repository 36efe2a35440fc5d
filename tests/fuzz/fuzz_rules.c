/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a cell: what goes out is clean text, and every finding has
 * words. The first byte chooses the field, the second how dates are read.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "book/rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
demand(bool good)
{
	if (!good)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const forms[] = {
	    NULL, "m/d/y", "d/m/y", "y-m-d,excel"};
	struct finding items[4];
	struct findings findings = {items, 0, 4};
	struct rules_input input = {.today = {2026, 11, 23}};
	struct str value;
	char *raw;

	if (size < 2)
		return 0;
	input.field = (enum field)(data[0] % FIELD_COUNT);
	input.order = (enum date_order)(data[1] % 3);
	input.date_form = forms[data[1] / 3 % 4];
	input.state = data[1] & 1 ? "MA" : NULL;
	input.city = data[1] & 2 ? "APO" : NULL;
	raw = mem_strndup((const char *)data + 2, size - 2);
	input.raw = raw;
	str_init(&value, 1 << 20);
	rules_clean(&input, &value, &findings);
	rules_date_evidence(raw);
	demand(strlen(value.data) == value.len);
	if (field_table[input.field].kind != FIELD_KIND_LIST) {
		demand(text_valid(value.data, value.len, NULL));
		for (const char *at = value.data; *at; at++)
			demand((unsigned char)*at >= 0x20 ||
			       (*at == '\n' && input.field == FIELD_NOTES));
	}
	for (unsigned i = 0; i < findings.count; i++)
		demand(items[i].message[0] != '\0' &&
		       text_valid(
			   items[i].message, strlen(items[i].message), NULL));
	str_release(&value);
	free(raw);
	return 0;
}
