/* SPDX-License-Identifier: MIT */
/*
 * Mappings of formats whose columns have a meaning of their own. They are
 * written as a user would write them, so each can be copied into a config and
 * changed there.
 */
#include <assert.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "book/mapping.h"
#include "book/rule.h"
#include "source/yaml_tree.h"

/* The name is N; only a card without any is cut out of FN. A mobile number is
 * the best to reach somebody by, a fax none at all. */
static const char vcard[] =
    "external_id: {column: UID, minted: true}\n"
    "first_name:\n"
    "- N given\n"
    "- {column: FN, split: {on: \" \", take: 1},\n"
    "   when: {column: N family, filled: false}}\n"
    "last_name:\n"
    "- N family\n"
    "- {column: FN, split: {on: \" \", take: -1},\n"
    "   when: {column: N given, filled: false}}\n"
    "email: [EMAIL 1, EMAIL 2, EMAIL 3]\n"
    "phone:\n"
    "- pair: {label: TEL * type, has: cell, value: TEL *}\n"
    "- pair: {label: TEL * type, has: mobile, value: TEL *}\n"
    "- pair: {label: TEL * type, has: home, not: fax, value: TEL *}\n"
    "- pair: {label: TEL * type, has: work, not: fax, value: TEL *}\n"
    "- pair: {label: TEL * type, not: fax, value: TEL *}\n"
    "birth_date: BDAY\n"
    "sex: {column: [GENDER, X-GENDER], values: {U: null, N: null, O: null}}\n"
    "address_1: {column: ADR 1 street, line: 1}\n"
    "address_2: [ADR 1 extended, {column: ADR 1 street, line: 2..}]\n"
    "city: ADR 1 city\n"
    "state: ADR 1 region\n"
    "zip: ADR 1 postal code\n"
    "medicare_number: [X-MEDICARE-NUMBER, X-MBI]\n"
    "medicare_part_a_effective_date: X-PART-A-DATE\n"
    "medicare_part_b_effective_date: X-PART-B-DATE\n"
    "medicaid_number: X-MEDICAID-NUMBER\n";

static const struct {
	const char *format, *text;
} mappings[] = {
    {"vCard", vcard},
};

static struct mapping *
parse(const char *text)
{
	struct err err = ERR_INIT;
	struct yaml_node *tree = yaml_tree_parse(
	    "built-in mapping", text, strlen(text), &err);
	struct mapping *mapping;
	struct str problems;

	assert(tree);
	str_init(&problems, 4096);
	mapping = mapping_parse("built-in mapping", tree, &problems);
	assert(mapping);
	mapping->optional = true;
	str_release(&problems);
	yaml_tree_free(tree);
	return mapping;
}

const char *
mapping_builtin_text(const char *format)
{
	for (size_t i = 0; i < sizeof(mappings) / sizeof(mappings[0]); i++)
		if (strcmp(mappings[i].format, format) == 0)
			return mappings[i].text;
	return NULL;
}

struct mapping *
mapping_builtin(const char *format)
{
	const char *text = mapping_builtin_text(format);

	return text ? parse(text) : NULL;
}
