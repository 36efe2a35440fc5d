/* SPDX-License-Identifier: MIT */
/*
 * Mappings of formats whose columns have a meaning of their own. Their rules
 * are written as a user would write them, so each can be copied into a config
 * and changed there.
 */
#include <assert.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "book/mapping.h"
#include "book/rule.h"
#include "source/yaml_tree.h"

/* The name is N; only a card without any is cut out of FN. A mobile number is
 * the best to reach somebody by, a fax none at all. What a card has no property
 * for has one named as the field. */
static const char *const vcard[FIELD_COUNT] = {
    [FIELD_EXTERNAL_ID] = "{column: UID, minted: true}",
    [FIELD_FIRST_NAME] = "[N given, {column: FN, split: {on: \" \", take: 1},\n"
			 "  when: {column: N family, filled: false}}]",
    [FIELD_LAST_NAME] =
	"[N family, {column: FN, split: {on: \" \", take: -1},\n"
	"  when: {column: N given, filled: false}}]",
    [FIELD_EMAIL] = "[EMAIL 1, EMAIL 2, EMAIL 3]",
    [FIELD_PHONE] =
	"[{pair: {label: TEL * type, has: cell, value: TEL *}},\n"
	"  {pair: {label: TEL * type, has: mobile, value: TEL *}},\n"
	"  {pair: {label: TEL * type, has: home, not: fax, value: TEL *}},\n"
	"  {pair: {label: TEL * type, has: work, not: fax, value: TEL *}},\n"
	"  {pair: {label: TEL * type, not: fax, value: TEL *}}]",
    [FIELD_BIRTH_DATE] = "BDAY",
    [FIELD_SEX] = "{column: [GENDER, X-GENDER],\n"
		  "  values: {U: null, N: null, O: null}}",
    [FIELD_ADDRESS_1] = "{column: ADR 1 street, line: 1}",
    [FIELD_ADDRESS_2] = "[ADR 1 extended, {column: ADR 1 street, line: 2..}]",
    [FIELD_CITY] = "ADR 1 city",
    [FIELD_STATE] = "ADR 1 region",
    [FIELD_ZIP] = "ADR 1 postal code",
    [FIELD_MEDICARE_NUMBER] = "[X-MEDICARE-NUMBER, X-MBI]",
    [FIELD_PART_A_DATE] = "X-MEDICARE-PART-A-EFFECTIVE-DATE",
    [FIELD_PART_B_DATE] = "X-MEDICARE-PART-B-EFFECTIVE-DATE",
    [FIELD_MEDICAID_NUMBER] = "X-MEDICAID-NUMBER",
    [FIELD_MEDICAID_ELIGIBLE] = "X-MEDICAID-ELIGIBLE",
    [FIELD_EXTRA_HELP] = "X-EXTRA-HELP",
};

static const struct {
	const char *format;
	const char *const *rules;
} mappings[] = {
    {"vCard", vcard},
};

const char *
mapping_builtin_rule(const char *format, enum field field)
{
	for (size_t i = 0; i < sizeof(mappings) / sizeof(mappings[0]); i++)
		if (strcmp(mappings[i].format, format) == 0)
			return mappings[i].rules[field];
	return NULL;
}

bool
mapping_builtin_text(const char *format, struct str *out)
{
	bool any = false;

	for (unsigned i = 0; i < FIELD_COUNT; i++) {
		const char *rule = mapping_builtin_rule(format, (enum field)i);

		if (rule)
			str_addf(out, "%s: %s\n", field_table[i].name, rule);
		any = any || rule;
	}
	return any;
}

bool
mapping_builtin_line(const char *format, enum field field, struct str *out)
{
	const char *rule = mapping_builtin_rule(format, field);

	for (; rule && *rule; rule++)
		if (*rule == '\n')
			rule++; /* one of two blanks */
		else
			str_add_char(out, *rule);
	return rule != NULL;
}

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

struct mapping *
mapping_builtin(const char *format)
{
	struct mapping *mapping = NULL;
	struct str text;

	str_init(&text, 8192);
	if (mapping_builtin_text(format, &text))
		mapping = parse(text.data);
	str_release(&text);
	return mapping;
}

/* A number, or the * that stands for any. */
static const char *
skip_number(const char *text)
{
	return *text == '*' ? text + 1 : text + strspn(text, "0123456789");
}

static bool
same_but_number(const char *a, const char *b)
{
	while (*a && *b) {
		const char *a_end = skip_number(a), *b_end = skip_number(b);

		if ((a_end > a) != (b_end > b))
			return false;
		if (a_end == a && *a++ != *b++)
			return false;
		if (a_end > a) {
			a = a_end;
			b = b_end;
		}
	}
	return *a == *b;
}

static bool
names(const struct rule *rule, const char *column)
{
	const char *own[] = {
	    rule->kind == RULE_COLUMN || rule->kind == RULE_PAIR ? rule->text
								 : NULL,
	    rule->kind == RULE_PAIR ? rule->other : NULL, rule->when_column};

	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (own[i] && same_but_number(own[i], column))
			return true;
	for (size_t i = 0; i < rule->count; i++)
		if (names(rule->items[i], column))
			return true;
	return false;
}

bool
mapping_builtin_names(const char *format, const char *column)
{
	struct mapping *mapping = mapping_builtin(format);
	bool found = false;

	for (unsigned i = 0; mapping && !found && i < FIELD_COUNT; i++)
		found = mapping->fields[i].rule &&
			names(mapping->fields[i].rule, column);
	mapping_free(mapping);
	return found;
}
