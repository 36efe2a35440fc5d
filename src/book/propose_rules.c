/* SPDX-License-Identifier: MIT */
/*
 * Which column is which field. In this order, and no column twice: the
 * preset's columns, names that mean a field, one column with the whole name,
 * labels beside values, values that look like Medicare numbers, the ID.
 * A name gets a say only as far as the values agree: a column "Medicare" full
 * of yes and no is not the Medicare number.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "book/mapping.h"
#include "book/propose_private.h"
#include "source/records.h"
#include "source/yaml_scalar.h"

/* ---- names that mean a field
 * -------------------------------------------------------------
 */

static int
compare(const void *a, const void *b)
{
	const struct propose_fit *x = a, *y = b;

	if (x->match.fit != y->match.fit &&
	    (x->match.fit <= HEADER_HINT || y->match.fit <= HEADER_HINT ||
		x->match.rank == y->match.rank))
		return x->match.fit > y->match.fit ? -1 : 1;
	if (x->match.rank != y->match.rank)
		return x->match.rank < y->match.rank ? -1 : 1;
	if (x->verdict != y->verdict)
		return x->verdict > y->verdict ? -1 : 1;
	return x->column < y->column ? -1 : x->column > y->column;
}

/* Columns that could be the field, best first; the caller frees. */
struct propose_fit *
propose_find_fits(struct proposal *proposal, enum field field,
    enum header_fit least, uint32_t *count)
{
	struct propose_fit *fits = mem_alloc(
	    proposal->column_count * sizeof(*fits));

	*count = 0;
	for (uint32_t i = 0; i < proposal->column_count; i++) {
		struct propose_column *column = &proposal->columns[i];
		struct propose_fit fit = {.column = i};

		if (column->taken || column->seen.field != FIELD_COUNT)
			continue;
		fit.match = header_name_match(&column->name, field);
		fit.verdict = propose_judge(proposal, i, field);
		if (fit.match.fit >= least && fit.verdict != AGAINST)
			fits[(*count)++] = fit;
	}
	qsort(fits, *count, sizeof(*fits), compare);
	return fits;
}

static enum proposal_certainty
certainty_of(const struct proposal *proposal, enum field field,
    const struct propose_fit *fit)
{
	bool empty = proposal->columns[fit->column].shape.examined == 0;

	switch (fit->match.fit) {
	case HEADER_EXACT:
		if (fit->verdict == FITTING)
			return PROPOSAL_SURE;
		return empty || propose_share(proposal, fit->column,
				    column_shape_of(field)) >= PROPOSE_FALSE
			   ? PROPOSAL_LIKELY
			   : PROPOSAL_UNSURE;
	case HEADER_LIKELY:
	case HEADER_POSSIBLE:
		return fit->verdict == FITTING ? PROPOSAL_LIKELY
					       : PROPOSAL_UNSURE;
	default: return PROPOSAL_NONE;
	}
}

static const char *const look_words[LOOK_COUNT] = {
    [LOOK_NAME] = "names",
    [LOOK_EMAIL] = "e-mail addresses",
    [LOOK_PHONE] = "phone numbers",
    [LOOK_DATE] = "dates",
    [LOOK_SEX] = "male or female",
    [LOOK_STATE] = "states",
    [LOOK_ZIP] = "ZIPs",
    [LOOK_MBI] = "Medicare numbers",
    [LOOK_BOOLEAN] = "yes or no",
    [LOOK_TYPE] = "client or lead",
};

/* "the name; 97 of 100 values look like dates" */
static void
name_why(const struct proposal *proposal, uint32_t column, enum field field,
    struct str *why)
{
	const struct column_shape *shape = &proposal->columns[column].shape;
	enum column_look look = column_shape_of(field);

	if (shape->examined == 0)
		str_add(why, "the name; the column is empty");
	else if (look == LOOK_COUNT || !look_words[look])
		str_add(why, "the name");
	else
		str_addf(why, "the name; %u of %u values look like %s",
		    (unsigned)shape->looks[look], (unsigned)shape->examined,
		    look_words[look]);
}

/* Several phones and e-mail addresses are tried in turn. */
static bool
takes_several(enum field field)
{
	return field == FIELD_PHONE || field == FIELD_EMAIL;
}

static bool
is_left_empty(const struct proposal *proposal, const struct propose_fit *fit)
{
	return proposal->totals.rows > 0 &&
	       proposal->columns[fit->column].shape.examined == 0;
}

static void
propose_by_name(struct proposal *proposal, enum field field)
{
	uint32_t count;
	struct propose_fit *fits;
	struct propose_choice choice = {.count = 0};
	enum proposal_certainty certainty;
	struct str why;

	fits = propose_find_fits(proposal, field, HEADER_POSSIBLE, &count);
	/* a name that may mean much needs values that mean one thing, and one
	 * that only may mean it needs values at all */
	for (uint32_t i = 0; i < count && choice.count < PROPOSE_PLACES; i++) {
		if (fits[i].match.fit == HEADER_POSSIBLE &&
		    fits[i].verdict != FITTING)
			continue;
		if (fits[i].match.fit == HEADER_LIKELY &&
		    !takes_several(field) && is_left_empty(proposal, &fits[i]))
			continue;
		if (choice.count > 0 && !takes_several(field))
			break;
		if (choice.count == 0)
			fits[0] = fits[i];
		choice.places[choice.count++] = (struct propose_place){
		    {fits[i].column, 0}, 1};
	}
	if (choice.count > 0) {
		str_init(&why, PROPOSE_RULE_MAX);
		name_why(proposal, fits[0].column, field, &why);
		certainty = certainty_of(proposal, field, &fits[0]);
		propose_set_choice(
		    proposal, field, certainty, &choice, why.data);
		if (certainty == PROPOSAL_UNSURE)
			propose_ask(proposal, field, "Is \"%s\" the %s?",
			    propose_name_of(proposal, fits[0].column),
			    field_table[field].label);
		str_release(&why);
	}
	free(fits);
}

/* ---- all of it
 * ------------------------------------------------------------------------------------------
 */

/* Names that are the fields' own, as in a file made for belay. */
static void
propose_own_names(struct proposal *proposal)
{
	for (unsigned i = 0; i < FIELD_COUNT; i++) {
		uint32_t column = mapping_find_alike(
		    proposal->records, field_table[i].name);
		struct propose_choice choice = propose_only(column);

		if (column == RECORDS_NONE || propose_has_rule(proposal, i) ||
		    proposal->columns[column].taken ||
		    proposal->columns[column].seen.secret ||
		    (!proposal->keys &&
			propose_judge(proposal, column, i) == AGAINST))
			continue;
		propose_set_choice(proposal, i, PROPOSAL_SURE, &choice,
		    "named like the field");
	}
}

static bool
asks_for_values(const struct proposal *proposal, uint32_t column)
{
	const struct column_shape *shape = &proposal->columns[column].shape;

	return shape->distinct > 0 && shape->distinct <= 4 &&
	       header_name_match(&proposal->columns[column].name, FIELD_SEX)
		       .fit >= HEADER_LIKELY;
}

/* Codes for sex differ between systems; only the agent knows them. */
static void
ask_about_sex(struct proposal *proposal)
{
	if (propose_has_rule(proposal, FIELD_SEX))
		return;
	for (uint32_t i = 0; i < proposal->column_count; i++)
		if (!proposal->columns[i].taken && asks_for_values(proposal, i))
			propose_ask(proposal, FIELD_SEX,
			    "\"%s\" holds codes: which is male, which female? "
			    "E.g. sex: {column: %s, values: {\"1\": male, "
			    "\"2\": female}}",
			    propose_name_of(proposal, i),
			    propose_name_of(proposal, i));
}

/* A number that is asked for, but is written like one that never goes. */
static void
ask_about_secret(struct proposal *proposal, enum field field)
{
	for (uint32_t i = 0; i < proposal->column_count; i++) {
		const struct propose_column *column = &proposal->columns[i];

		if (column->seen.secret && !header_is_secret(&column->name) &&
		    header_name_match(&column->name, field).fit >=
			HEADER_LIKELY)
			propose_ask(proposal, field,
			    "\"%s\" looks like Social Security numbers, so "
			    "it is not taken: what is it?",
			    column->seen.name);
	}
}

static void
ask_about_secrets(struct proposal *proposal)
{
	static const enum field numbers[] = {
	    FIELD_MEDICARE_NUMBER, FIELD_MEDICAID_NUMBER};

	for (unsigned i = 0; i < 2; i++)
		if (!propose_has_rule(proposal, numbers[i]))
			ask_about_secret(proposal, numbers[i]);
	/* belay's own ID would do, but the CRM's is better */
	if (!proposal->preset->ids && propose_mints(proposal))
		ask_about_secret(proposal, FIELD_EXTERNAL_ID);
}

/* Whether it is called so, and full of nothing else. */
static bool
is_called(const struct proposal *proposal, uint32_t column, enum field field)
{
	static const enum column_look wrong[] = {
	    LOOK_EMAIL, LOOK_DATE, LOOK_MBI, LOOK_SSN, LOOK_PHONE};
	const struct propose_column *seen = &proposal->columns[column];

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (propose_share(proposal, column, wrong[i]) >= PROPOSE_MOST)
			return false;
	return !seen->taken && !seen->seen.secret &&
	       header_name_match(&seen->name, field).fit == HEADER_EXACT;
}

/*
 * Nobody goes without a name: a column that is called so is taken though its
 * values are no names that we know ("Test 1"), and else it is asked for.
 */
static void
propose_needed_name(struct proposal *proposal, enum field field)
{
	const char *label = field_table[field].label;
	struct propose_choice choice;
	uint32_t column = 0;

	if (propose_has_rule(proposal, field))
		return;
	while (column < proposal->column_count &&
	       !is_called(proposal, column, field))
		column++;
	if (column == proposal->column_count) {
		propose_ask(proposal, field,
		    "Which column has the %s? Every contact needs one.", label);
		return;
	}
	choice = propose_only(column);
	propose_set_choice(proposal, field, PROPOSAL_UNSURE, &choice,
	    "the name; most values do not look like names");
	propose_ask(proposal, field,
	    "Is \"%s\" the %s? Most of its values do not look like names.",
	    propose_name_of(proposal, column), label);
}

/* A column that is called so but was not taken is told, not passed over. */
static void
ask_about_values(struct proposal *proposal, enum field field)
{
	const struct propose_field *target = &proposal->fields[field];

	for (uint32_t i = 0; i < proposal->column_count; i++) {
		const struct propose_column *column = &proposal->columns[i];

		if (propose_has_rule(proposal, field) || target->question)
			return;
		if (!column->taken && !column->seen.secret &&
		    header_name_match(&column->name, field).fit ==
			HEADER_EXACT &&
		    propose_judge(proposal, i, field) == AGAINST)
			propose_ask(proposal, field,
			    "\"%s\" is not taken, because most of its values "
			    "do not look like %s: is it the %s?",
			    column->seen.name,
			    look_words[column_shape_of(field)],
			    field_table[field].label);
	}
}

static void
ask_about_odd_values(struct proposal *proposal)
{
	static const enum field told[] = {FIELD_EMAIL, FIELD_PHONE,
	    FIELD_BIRTH_DATE, FIELD_ZIP, FIELD_MEDICARE_NUMBER,
	    FIELD_PART_A_DATE, FIELD_PART_B_DATE};

	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++)
		ask_about_values(proposal, told[i]);
}

void
propose_rules(struct proposal *proposal)
{
	propose_preset(proposal);
	if (proposal->keys)
		propose_own_names(proposal);
	for (unsigned i = FIELD_FIRST_NAME; i < FIELD_NOTES; i++)
		if (!propose_has_rule(proposal, i))
			propose_by_name(proposal, (enum field)i);
	propose_second_line(proposal);
	propose_full_name(proposal);
	propose_whole_address(proposal);
	propose_labels(proposal);
	propose_medicare_number(proposal);
	propose_needed_name(proposal, FIELD_FIRST_NAME);
	propose_needed_name(proposal, FIELD_LAST_NAME);
	propose_comma_names(proposal);
	if (!propose_has_rule(proposal, FIELD_EXTERNAL_ID))
		propose_id(proposal);
	ask_about_sex(proposal);
	ask_about_secrets(proposal);
	ask_about_odd_values(proposal);
}

void
propose_candidates(struct proposal *proposal)
{
	/* rules may have changed: what no rule reads is free */
	for (uint32_t i = 0; i < proposal->column_count; i++)
		proposal->columns[i].taken = false;
	for (unsigned i = 0; i < FIELD_COUNT; i++) {
		struct proposal_field *field = &proposal->fields[i].seen;
		uint32_t count;
		struct propose_fit *fits;

		field->candidate_count = 0;
		fits = propose_find_fits(proposal, i, HEADER_HINT, &count);
		for (uint32_t k = 0;
		     k < count && field->candidate_count < PROPOSAL_CANDIDATES;
		     k++)
			field->candidates[field->candidate_count++] =
			    fits[k].column;
		free(fits);
	}
}
