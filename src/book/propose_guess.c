/* SPDX-License-Identifier: MIT */
/*
 * What no single name tells: a whole name in one column, labels beside their
 * values, Medicare numbers in a column of any name, which column is the ID.
 * Most of it is guessed, so most of it asks.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "book/mapping.h"
#include "book/propose_private.h"
#include "source/records.h"
#include "source/yaml_scalar.h"

/* ---- one column for the whole name
 * --------------------------------------------------------
 */

static void
set_split(struct proposal *proposal, enum field field, uint32_t column,
    const char *on, int take, const char *why)
{
	struct str rule;

	str_init(&rule, PROPOSE_RULE_MAX);
	str_add(&rule, "{column: ");
	propose_add_name(&rule, proposal, column);
	str_addf(&rule, ", split: {on: \"%s\", take: %d}}", on, take);
	propose_set_rule(proposal, field, PROPOSAL_UNSURE, &rule, why);
	str_release(&rule);
	proposal->columns[column].taken = true;
}

/* "Policyholder" is a name only if two words stand there. */
static bool
is_full_name(const struct proposal *proposal, uint32_t column)
{
	const struct propose_column *seen = &proposal->columns[column];
	bool words = propose_share(proposal, column, LOOK_WORDS) >= 50;

	if (seen->taken || seen->seen.secret)
		return false;
	if (header_is_full_name(&seen->name))
		return words || propose_judge(proposal, column,
				    FIELD_LAST_NAME) != AGAINST;
	return header_is_owner(&seen->name) && words;
}

void
propose_full_name(struct proposal *proposal)
{
	static const char why[] = "the whole name is in one column; guessed";
	uint32_t column = 0;
	bool comma;

	if (propose_has_rule(proposal, FIELD_FIRST_NAME) ||
	    propose_has_rule(proposal, FIELD_LAST_NAME))
		return;
	while (
	    column < proposal->column_count && !is_full_name(proposal, column))
		column++;
	if (column == proposal->column_count)
		return;
	comma = propose_share(proposal, column, LOOK_COMMA) >= 50;
	set_split(proposal, FIELD_FIRST_NAME, column, comma ? "," : " ",
	    comma ? 2 : 1, why);
	set_split(proposal, FIELD_LAST_NAME, column, comma ? "," : " ",
	    comma ? 1 : -1, why);
	propose_ask(proposal, FIELD_LAST_NAME,
	    comma ? "\"%s\" holds the whole name: is the last name what "
		    "stands before the comma?"
		  : "\"%s\" holds the whole name: is the first word always "
		    "the first name and the last word all of the last name?",
	    propose_name_of(proposal, column));
}

/* The column whose value alone is the field; RECORDS_NONE: none, or more. */
static uint32_t
plain_column(const struct proposal *proposal, enum field field)
{
	const char *rule = proposal->fields[field].rule;
	uint32_t found = RECORDS_NONE;
	struct str name;

	str_init(&name, PROPOSE_RULE_MAX);
	for (uint32_t i = 0; rule && i < proposal->column_count; i++) {
		str_reset(&name);
		propose_add_name(&name, proposal, i);
		if (strcmp(name.data, rule) == 0)
			found = i;
	}
	str_release(&name);
	return found;
}

/* Rows with "Smith, John" for a last name and no first name. 0 as well when a
 * comma stands beside a first name: it may be "Smith, Jr.", and cutting there
 * would lose what follows. */
static uint32_t
whole_names(const struct proposal *proposal, uint32_t first, uint32_t last)
{
	uint32_t found = 0;

	for (uint32_t row = 0; row < proposal->totals.rows; row++) {
		const char *name = records_cell(proposal->records, row, last);
		const char *comma = name ? strchr(name, ',') : NULL;

		if (!comma || str_blank(comma + 1))
			continue;
		if (comma == name ||
		    !str_blank(records_cell(proposal->records, row, first)))
			return 0;
		found++;
	}
	return found;
}

void
propose_comma_names(struct proposal *proposal)
{
	static const char why[] = "some rows have the whole name in one "
				  "column; guessed";
	uint32_t first = plain_column(proposal, FIELD_FIRST_NAME);
	uint32_t last = plain_column(proposal, FIELD_LAST_NAME);
	uint32_t rows = 0;
	struct str rule;

	if (first != RECORDS_NONE && last != RECORDS_NONE && first != last)
		rows = whole_names(proposal, first, last);
	if (rows == 0)
		return;
	str_init(&rule, PROPOSE_RULE_MAX);
	str_add_char(&rule, '[');
	propose_add_name(&rule, proposal, first);
	str_add(&rule, ", {column: ");
	propose_add_name(&rule, proposal, last);
	str_add(&rule, ", split: {on: \",\", take: 2}}]");
	propose_set_rule(
	    proposal, FIELD_FIRST_NAME, PROPOSAL_UNSURE, &rule, why);
	str_release(&rule);
	set_split(proposal, FIELD_LAST_NAME, last, ",", 1, why);
	propose_ask(proposal, FIELD_LAST_NAME,
	    "In %u row%s \"%s\" holds the whole name and \"%s\" nothing: is "
	    "the last name what stands before the comma?",
	    rows, rows == 1 ? "" : "s", propose_name_of(proposal, last),
	    propose_name_of(proposal, first));
}

/* ---- one column for the whole address
 * ----------------------------------------
 */

/* Whether it ends in state and ZIP, and begins with the street. */
static bool
is_whole_address(const struct proposal *proposal, uint32_t column, bool *street)
{
	const struct propose_column *seen = &proposal->columns[column];

	*street = header_name_match(&seen->name, FIELD_ADDRESS_1).fit >=
		  HEADER_LIKELY;
	return !seen->seen.secret &&
	       propose_share(proposal, column, LOOK_PLACE) >= PROPOSE_MOST &&
	       (*street || header_is_place(&seen->name));
}

/*
 * "12 Elm St, Ames, IA 50010", or what follows the street: the ZIP is what
 * quotes are made by, so it is worth a guess.
 */
void
propose_whole_address(struct proposal *proposal)
{
	static const char why[] = "the address is in one column; guessed";
	uint32_t column = 0;
	bool street;

	for (unsigned i = FIELD_CITY; i <= FIELD_ZIP; i++)
		if (propose_has_rule(proposal, i))
			return;
	while (column < proposal->column_count &&
	       !is_whole_address(proposal, column, &street))
		column++;
	if (column == proposal->column_count)
		return;
	if (street)
		set_split(proposal, FIELD_ADDRESS_1, column, ",", 1, why);
	set_split(proposal, FIELD_CITY, column, ",", -2, why);
	set_split(proposal, FIELD_STATE, column, " ", -2, why);
	set_split(proposal, FIELD_ZIP, column, " ", -1, why);
	propose_ask(proposal, FIELD_ZIP,
	    "\"%s\" holds several parts of the address: are they cut apart "
	    "well? Better: export city, state and ZIP as columns.",
	    propose_name_of(proposal, column));
}

/* ---- labels beside values: "Custom Field 1 - Label", "... - Value"
 * ---------------------------
 */

enum { PAIRS_MAX = 30, PATTERN_MAX = 256 };

struct pairing {
	char label[PATTERN_MAX], value[PATTERN_MAX]; /* with * */
	char is[PATTERN_MAX];
	uint32_t column; /* of the value */
	uint32_t rows, fitting;
};

/* "Custom Field 1 - Label" to "Custom Field * - Label" and the same with
 * Value; RECORDS_NONE when there is no such column. */
static uint32_t
pair_of(
    const struct proposal *proposal, uint32_t column, struct pairing *pairing)
{
	static const char *const endings[] = {" - Label", " - Type"};
	const char *name = propose_name_of(proposal, column);
	struct str other;
	uint32_t found = RECORDS_NONE;

	str_init(&other, PATTERN_MAX - 1);
	for (size_t i = 0; i < 2 && found == RECORDS_NONE; i++) {
		size_t len = strlen(name), cut = strlen(endings[i]), digits = 0;

		if (len <= cut || !str_equal_fold(name + len - cut, endings[i]))
			continue;
		len -= cut;
		while (digits < len &&
		       strchr("0123456789", name[len - digits - 1]))
			digits++;
		if (digits == 0 || digits > 2)
			continue;
		str_reset(&other);
		str_add_bytes(&other, name, len);
		str_add(&other, " - Value");
		found = records_find_column(proposal->records, other.data);
		str_reset(&other);
		str_add_bytes(&other, name, len - digits);
		str_add_char(&other, '*');
		str_copy(pairing->label, PATTERN_MAX, other.data);
		str_copy(pairing->value, PATTERN_MAX, other.data);
		str_add(&other, name + len);
		str_copy(pairing->label, PATTERN_MAX, other.data);
		other.len -= strlen(name + len);
		other.data[other.len] = '\0';
		str_add(&other, " - Value");
		str_copy(pairing->value, PATTERN_MAX, other.data);
	}
	str_release(&other);
	return found;
}

static void
set_pair(
    struct proposal *proposal, enum field field, const struct pairing *pairing)
{
	struct str rule;

	str_init(&rule, PROPOSE_RULE_MAX);
	str_add(&rule, "{pair: {label: ");
	yaml_scalar_write(&rule, pairing->label, YAML_PLAIN, true, false);
	str_add(&rule, ", is: ");
	yaml_scalar_write(&rule, pairing->is, YAML_PLAIN, true, false);
	str_add(&rule, ", value: ");
	yaml_scalar_write(&rule, pairing->value, YAML_PLAIN, true, false);
	str_add(&rule, "}}");
	propose_set_rule(
	    proposal, field, PROPOSAL_LIKELY, &rule, "the label's name");
	str_release(&rule);
}

/* Fields of this label that have no column of their own. */
static void
propose_label(struct proposal *proposal, const struct pairing *pairing)
{
	struct header_name name;

	header_name_read(&name, pairing->is);
	for (unsigned i = FIELD_FIRST_NAME; i < FIELD_NOTES; i++) {
		struct header_match match = header_name_match(&name, i);

		if (!propose_has_rule(proposal, i) &&
		    match.fit >= HEADER_LIKELY &&
		    propose_judge(proposal, pairing->column, i) != AGAINST) {
			set_pair(proposal, i, pairing);
			return;
		}
	}
}

static void
propose_labels_of(struct proposal *proposal, uint32_t column)
{
	struct pairing pairing = {.rows = 0};
	struct column_shape *shape = &proposal->columns[column].shape;
	uint32_t seen = 0;
	char last[PATTERN_MAX] = "";

	pairing.column = pair_of(proposal, column, &pairing);
	if (pairing.column == RECORDS_NONE || shape->filled == 0)
		return;
	for (uint32_t row = 0; row < proposal->totals.rows && seen < PAIRS_MAX;
	     row++) {
		const char *label = records_cell(
		    proposal->records, row, column);

		if (str_blank(label))
			continue;
		if (str_starts(label, "* "))
			label += 2;
		if (strcmp(label, last) == 0)
			continue;
		seen++;
		str_copy(last, sizeof(last), label);
		if (str_copy(pairing.is, PATTERN_MAX, label))
			propose_label(proposal, &pairing);
	}
}

void
propose_labels(struct proposal *proposal)
{
	for (uint32_t i = 0; i < proposal->column_count; i++)
		if (!proposal->columns[i].taken)
			propose_labels_of(proposal, i);
}

/* ---- values alone
 * -------------------------------------------------------------------------------
 */

/* Medicare numbers look like nothing else, wherever an agency keeps them. */
void
propose_medicare_number(struct proposal *proposal)
{
	for (uint32_t i = 0; i < proposal->column_count &&
			     !propose_has_rule(proposal, FIELD_MEDICARE_NUMBER);
	     i++) {
		const struct propose_column *column = &proposal->columns[i];
		const struct column_shape *shape = &column->shape;
		struct propose_choice choice = propose_only(i);
		struct str why;

		if (column->taken || column->seen.secret ||
		    shape->looks[LOOK_MBI] < 2 ||
		    propose_share(proposal, i, LOOK_MBI) < PROPOSE_MOST ||
		    header_is_foreign(&column->name) ||
		    header_name_match(&column->name, FIELD_MEDICAID_NUMBER)
			    .fit >= HEADER_LIKELY)
			continue;
		str_init(&why, PROPOSE_RULE_MAX);
		str_addf(&why, "%u of %u values look like Medicare numbers",
		    (unsigned)shape->looks[LOOK_MBI],
		    (unsigned)shape->examined);
		propose_set_choice(proposal, FIELD_MEDICARE_NUMBER,
		    PROPOSAL_UNSURE, &choice, why.data);
		propose_ask(proposal, FIELD_MEDICARE_NUMBER,
		    "Does \"%s\" hold the client's own Medicare number?",
		    column->seen.name);
		str_release(&why);
	}
}

/* ---- the ID
 * ----------------------------------------------------------------------------------------
 */

static void
ask_about_id(struct proposal *proposal, uint32_t column)
{
	const struct column_shape *shape = &proposal->columns[column].shape;
	const char *name = propose_name_of(proposal, column);
	uint32_t blank = proposal->totals.rows - shape->filled;

	if (shape->repeated > 0)
		propose_ask(proposal, FIELD_EXTERNAL_ID,
		    "\"%s\" repeats in %u rows: does the file have several "
		    "rows for one person (one for each policy)? Export one row "
		    "for each, or those are blocked.",
		    name, (unsigned)shape->repeated);
	else if (blank > 0 && !proposal->keys)
		propose_ask(proposal, FIELD_EXTERNAL_ID,
		    "\"%s\" is blank in %u of the rows, which are blocked: is "
		    "it "
		    "the right column?",
		    name, (unsigned)blank);
}

static bool
propose_preset_id(struct proposal *proposal)
{
	const struct preset *preset = proposal->preset;
	uint32_t column = preset->ids
			      ? preset_column(proposal->records, preset->ids)
			      : RECORDS_NONE;
	struct propose_choice choice = propose_only(column);
	struct str why;

	if (column == RECORDS_NONE || proposal->columns[column].taken ||
	    proposal->columns[column].seen.secret)
		return false;
	str_init(&why, PROPOSE_RULE_MAX);
	propose_why_preset(proposal, &why);
	propose_set_choice(
	    proposal, FIELD_EXTERNAL_ID, PROPOSAL_SURE, &choice, why.data);
	ask_about_id(proposal, column);
	str_release(&why);
	return true;
}

/* Every row has one, or every record that names it, and no two the same. */
static bool
identifies(const struct proposal *proposal, uint32_t column)
{
	const struct column_shape *shape = &proposal->columns[column].shape;

	if (shape->repeated > 0)
		return false;
	return shape->filled == proposal->totals.rows ||
	       (proposal->keys && shape->filled > 0);
}

/* Belay's own ID in place of one that the file does not have. */
static void
propose_minted(struct proposal *proposal)
{
	const struct preset *preset = proposal->preset;
	bool never = preset->fields[0].columns && !preset->ids;
	struct str rule, why;

	str_init(&rule, PROPOSE_RULE_MAX);
	str_init(&why, PROPOSE_RULE_MAX);
	str_add(&rule, PROPOSE_MINTED);
	if (never)
		str_addf(&why,
		    "%s has no number for a contact, so belay gives each one "
		    "of its own",
		    preset->label);
	else
		str_add(
		    &why, "no column holds the CRM's own number for a contact");
	propose_set_rule(proposal, FIELD_EXTERNAL_ID,
	    never ? PROPOSAL_SURE : PROPOSAL_LIKELY, &rule, why.data);
	if (!never)
		propose_ask(proposal, FIELD_EXTERNAL_ID,
		    "Does the CRM have a number for each contact? Export it "
		    "too, if it does; else belay gives each contact one at "
		    "its first sync.");
	str_release(&rule);
	str_release(&why);
}

void
propose_id(struct proposal *proposal)
{
	uint32_t count, at = 0;
	struct propose_fit *fits;
	struct propose_choice choice;

	if (propose_preset_id(proposal))
		return;
	fits = propose_find_fits(
	    proposal, FIELD_EXTERNAL_ID, HEADER_POSSIBLE, &count);
	while (at < count && !identifies(proposal, fits[at].column))
		at++;
	if (at < count) {
		choice = propose_only(fits[at].column);
		propose_set_choice(proposal, FIELD_EXTERNAL_ID, PROPOSAL_LIKELY,
		    &choice, "the name; every contact has one of its own");
		propose_ask(proposal, FIELD_EXTERNAL_ID,
		    "Is \"%s\" the CRM's own number for each contact, that "
		    "never changes?",
		    propose_name_of(proposal, fits[at].column));
	} else {
		propose_minted(proposal);
	}
	free(fits);
}
