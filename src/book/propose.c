/* SPDX-License-Identifier: MIT */
/*
 * The proposal as its users see it: made, asked, changed. What is proposed is
 * decided in propose_rules.c, counted in propose_scan.c, written down in
 * propose_text.c. Rules are kept as text and parsed as a config's mapping is,
 * so that what is shown, evaluated and written cannot differ.
 */
#include "book/propose.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "book/mapping.h"
#include "book/propose_private.h"
#include "book/rule_text.h"
#include "source/records.h"
#include "source/yaml_scalar.h"
#include "source/yaml_tree.h"

enum { PROBLEMS_MAX = 4096 };

void
propose_put(char **place, const struct str *text)
{
	free(*place);
	*place = text && text->len > 0 ? mem_strdup(text->data) : NULL;
}

void
propose_add_name(
    struct str *out, const struct proposal *proposal, uint32_t column)
{
	yaml_scalar_write(out, records_column_name(proposal->records, column),
	    YAML_PLAIN, true, false);
}

/* ---- rules as a mapping
 * ------------------------------------------------------
 */

/* The first problem without the place in a text that nobody sees. */
static bool
fail_with(struct err *err, const char *problem)
{
	const char *key = strstr(problem, "mapping.");
	size_t len;

	if (key)
		problem = key;
	len = strcspn(problem, "\n");
	return err_set(err, ERR_CONFIG, "%.*s", (int)len, problem);
}

static struct mapping *
parse_text(const char *text, size_t keys, struct err *err)
{
	struct yaml_node *tree = yaml_tree_parse(
	    "rule", text, strlen(text), err);
	struct mapping *mapping = NULL;
	struct str problems;

	if (!tree) {
		err_set(err, ERR_CONFIG, "%s", rule_text_trouble);
		return NULL;
	}
	str_init(&problems, PROBLEMS_MAX);
	if (tree->kind != YAML_MAP || tree->count != keys) {
		err_set(err, ERR_CONFIG, "a rule is one value on one line");
	} else {
		mapping = mapping_parse("rule", tree, &problems);
		if (!mapping)
			fail_with(err, problems.data);
	}
	str_release(&problems);
	yaml_tree_free(tree);
	return mapping;
}

static bool
bind(const struct proposal *proposal, struct mapping *mapping, struct err *err)
{
	struct str problems;
	bool good;

	str_init(&problems, PROBLEMS_MAX);
	good = mapping_bind(mapping, proposal->records, true, &problems);
	if (!good)
		fail_with(err, problems.data);
	str_release(&problems);
	return good;
}

struct mapping *
proposal_mapping(const struct proposal *proposal)
{
	struct err err = ERR_INIT;
	struct mapping *mapping;
	struct str text;
	size_t keys = 0;

	str_init(&text, PROPOSE_TEXT_MAX);
	for (unsigned i = 0; i < FIELD_COUNT; i++)
		if (proposal->fields[i].rule) {
			str_addf(&text, "%s: %s\n", field_table[i].name,
			    proposal->fields[i].rule);
			keys++;
		}
	if (keys == 0)
		str_add(&text, "{}\n");
	mapping = parse_text(text.data, keys, &err);
	str_release(&text);
	return mapping;
}

/* Each rule was parsed before it was kept, so all of them can be. */
static void
evaluate(struct proposal *proposal)
{
	struct mapping *mapping = proposal_mapping(proposal);
	struct err ignored = ERR_INIT;

	if (mapping && bind(proposal, mapping, &ignored))
		propose_evaluate(proposal, mapping);
	mapping_free(mapping);
	if (proposal->scanned == proposal->column_count)
		propose_candidates(proposal);
}

/* ---- making
 * ------------------------------------------------------------------
 */

/* Whether the rule alone is good and its columns are there. */
static bool
check_rule(const struct proposal *proposal, enum field field, const char *rule,
    struct err *err)
{
	struct mapping *mapping;
	struct str text;
	bool good;

	if (strpbrk(rule, "\n\r"))
		return err_set(
		    err, ERR_CONFIG, "a rule is one value on one line");
	str_init(&text, PROPOSE_RULE_MAX);
	str_addf(&text, "%s: %s\n", field_table[field].name, rule);
	mapping = parse_text(text.data, 1, err);
	good = mapping && !text.cut && bind(proposal, mapping, err);
	mapping_free(mapping);
	str_release(&text);
	return good;
}

/* A column may have a name that no rule can hold (a * in a pair's): then the
 * field stays without. */
static void
drop_unreadable(struct proposal *proposal)
{
	for (unsigned i = 0; i < FIELD_COUNT; i++) {
		struct propose_field *field = &proposal->fields[i];
		struct err ignored = ERR_INIT;

		if (!field->rule ||
		    check_rule(proposal, (enum field)i, field->rule, &ignored))
			continue;
		propose_put(&field->rule, NULL);
		propose_put(&field->why, NULL);
		propose_put(&field->question, NULL);
		field->seen.certainty = PROPOSAL_NONE;
	}
}

/* A format's own mapping knows more than which columns: which of several phone
 * numbers. It is taken where the file has all columns of a rule. */
static void
propose_builtin(struct proposal *proposal)
{
	const char *format = proposal->preset->format;
	struct str rule;

	str_init(&rule, PROPOSE_RULE_MAX);
	for (unsigned i = 0; format && i < FIELD_COUNT; i++) {
		struct err ignored = ERR_INIT;

		str_reset(&rule);
		if (!mapping_builtin_line(format, (enum field)i, &rule) ||
		    !check_rule(proposal, (enum field)i, rule.data, &ignored))
			continue;
		propose_set_rule(proposal, (enum field)i, PROPOSAL_SURE, &rule,
		    "as cards are read");
		propose_put(&proposal->fields[i].question, NULL);
	}
	str_release(&rule);
}

/* A number of a person, an address, a phone number: no name of a column. */
static bool
is_value(const char *name)
{
	size_t digits = 0, letters = 0;
	struct str hidden;
	bool value;

	for (const char *at = name; *at; at++) {
		digits += *at >= '0' && *at <= '9';
		letters += (*at >= 'A' && *at <= 'Z') ||
			   (*at >= 'a' && *at <= 'z');
	}
	str_init(&hidden, RECORDS_CELL_MAX * 4);
	column_shape_hide(&hidden, name, HIDE_MBI);
	value = strcmp(hidden.data, name) != 0 || strchr(name, '@') ||
		(digits >= 9 && letters == 0);
	str_release(&hidden);
	return value;
}

/* Without a header the first contact would be written into the config. */
static bool
check_names(const struct proposal *proposal, struct err *err)
{
	const struct records *records = proposal->records;

	if (proposal->column_count == 0)
		return err_set(err, ERR_DATA,
		    "the file has no columns to make a mapping of");
	for (uint32_t i = 0; i < proposal->column_count && !proposal->keys; i++)
		if (is_value(records_column_name(records, i)))
			return err_set(err, ERR_DATA,
			    "the first line looks like a contact, not like the "
			    "names of columns: export again with a header "
			    "line, or put one above it (First Name,Last "
			    "Name,...)");
	return true;
}

/* Without rules; what the columns hold is known when it has any. */
static struct proposal *
begin(const struct records *records, const char *format, uint32_t most)
{
	struct proposal *proposal = mem_zalloc(sizeof(*proposal));
	uint32_t rows = records_count(records);

	proposal->records = records;
	proposal->keys = format && strcmp(format, "CSV") != 0;
	proposal->today = date_today(&clock_system);
	proposal->column_count = records_column_count(records);
	if (most > PROPOSAL_ROWS)
		most = PROPOSAL_ROWS;
	proposal->totals.rows = rows < most ? rows : most;
	proposal->preset = preset_recognise(records, format);
	return proposal;
}

struct proposal *
proposal_make(const struct records *records, const char *format,
    const char *crm, uint32_t most, struct err *err)
{
	struct proposal *proposal = begin(records, format, most);

	if (crm && !preset_is_called(proposal->preset, crm))
		proposal->preset = preset_need(crm, err);
	if (!proposal->preset || !check_names(proposal, err)) {
		proposal_free(proposal);
		return NULL;
	}
	propose_scan_names(proposal);
	while (propose_scan_next(proposal))
		;
	propose_rules(proposal);
	drop_unreadable(proposal);
	propose_builtin(proposal);
	evaluate(proposal);
	return proposal;
}

struct proposal *
proposal_of_rules(const struct records *records, const char *format,
    const char *const rules[FIELD_COUNT], uint32_t most, struct err *err)
{
	struct proposal *proposal = begin(records, format, most);

	if (proposal->column_count == 0) {
		err_set(err, ERR_DATA, "the file has no columns");
		proposal_free(proposal);
		return NULL;
	}
	propose_scan_names(proposal);
	proposal_use_rules(proposal, rules);
	return proposal;
}

void
proposal_use_rules(
    struct proposal *proposal, const char *const rules[FIELD_COUNT])
{
	for (unsigned i = 0; i < FIELD_COUNT; i++) {
		struct propose_field *field = &proposal->fields[i];
		bool none = str_blank(rules[i]);

		free(field->rule);
		field->rule = none ? NULL : mem_strdup(rules[i]);
		field->seen.certainty = none ? PROPOSAL_NONE : PROPOSAL_CHOSEN;
		propose_put(&field->why, NULL);
	}
	drop_unreadable(proposal);
	evaluate(proposal);
}

bool
proposal_look(struct proposal *proposal)
{
	bool more = propose_scan_next(proposal);

	if (more && proposal->scanned == proposal->column_count)
		propose_candidates(proposal);
	return more;
}

void
proposal_free(struct proposal *proposal)
{
	if (!proposal)
		return;
	for (unsigned i = 0; i < FIELD_COUNT; i++) {
		struct propose_field *field = &proposal->fields[i];

		free(field->rule);
		free(field->from);
		free(field->why);
		free(field->question);
		for (unsigned k = 0; k < PROPOSAL_SAMPLES; k++)
			free(field->samples[k]);
	}
	for (uint32_t i = 0; proposal->columns && i < proposal->column_count;
	     i++)
		for (unsigned k = 0; k < PROPOSAL_SAMPLES; k++)
			free(proposal->columns[i].samples[k]);
	free(proposal->columns);
	free(proposal);
}

/* ---- asking
 * -------------------------------------------------------------------
 */

const struct preset *
proposal_preset(const struct proposal *proposal)
{
	return proposal->preset;
}

const struct proposal_totals *
proposal_totals(const struct proposal *proposal)
{
	return &proposal->totals;
}

const struct proposal_field *
proposal_field(const struct proposal *proposal, enum field field)
{
	return &proposal->fields[field].seen;
}

uint32_t
proposal_column_count(const struct proposal *proposal)
{
	return proposal->column_count;
}

const struct proposal_column *
proposal_column(const struct proposal *proposal, uint32_t column)
{
	return &proposal->columns[column].seen;
}

const char *
proposal_certainty_word(enum proposal_certainty certainty)
{
	static const char *const words[] = {
	    [PROPOSAL_NONE] = "none",
	    [PROPOSAL_UNSURE] = "unsure",
	    [PROPOSAL_LIKELY] = "likely",
	    [PROPOSAL_SURE] = "sure",
	    [PROPOSAL_CHOSEN] = "chosen",
	};

	return words[certainty];
}

void
proposal_rule_of(
    const struct proposal *proposal, uint32_t column, struct str *out)
{
	propose_add_name(out, proposal, column);
}

/* ---- changing
 * -----------------------------------------------------------------
 */

bool
proposal_set(struct proposal *proposal, enum field field, const char *rule,
    struct err *err)
{
	struct propose_field *target = &proposal->fields[field];

	if (str_blank(rule))
		rule = NULL;
	if (rule && !check_rule(proposal, field, rule, err))
		return false;
	free(target->rule);
	target->rule = rule ? mem_strdup(rule) : NULL;
	free(target->why);
	target->why = rule ? mem_strdup("your choice") : NULL;
	free(target->question);
	target->question = NULL;
	target->seen.certainty = rule ? PROPOSAL_CHOSEN : PROPOSAL_NONE;
	proposal->changed = true;
	evaluate(proposal);
	return true;
}
