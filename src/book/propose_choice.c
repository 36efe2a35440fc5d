/* SPDX-License-Identifier: MIT */
/*
 * A rule out of chosen columns: whether their values agree, and the text with
 * the modifiers that the values call for.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "book/mapping.h"
#include "book/propose_private.h"
#include "source/records.h"
#include "source/yaml_scalar.h"

enum {
	FEW = 3, /* fewer values prove nothing against a name */
};

const char *
propose_name_of(const struct proposal *proposal, uint32_t column)
{
	return records_column_name(proposal->records, column);
}

/* ---- what the values say
 * -------------------------------------------------------
 */

unsigned
propose_share(
    const struct proposal *proposal, uint32_t column, enum column_look look)
{
	return column_shape_share(&proposal->columns[column].shape, look);
}

/* Fields without a look of their own: what they surely are not. */
static enum propose_verdict
judge_text(const struct proposal *proposal, uint32_t column, enum field field)
{
	static const enum column_look wrong[] = {
	    LOOK_EMAIL, LOOK_DATE, LOOK_MBI, LOOK_SSN};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		/* some states write theirs like the old Medicare numbers */
		if (!(field == FIELD_MEDICAID_NUMBER && wrong[i] == LOOK_MBI) &&
		    propose_share(proposal, column, wrong[i]) >= PROPOSE_MOST)
			return AGAINST;
	if (field == FIELD_MEDICAID_NUMBER)
		return propose_share(proposal, column, LOOK_NUMBER) >=
				   PROPOSE_MOST &&
			       propose_share(proposal, column, LOOK_BOOLEAN) <
				   PROPOSE_FALSE
			   ? FITTING
			   : AGAINST;
	return propose_share(proposal, column, LOOK_BOOLEAN) >= PROPOSE_MOST
		   ? AGAINST
		   : FITTING;
}

enum propose_verdict
propose_judge(
    const struct proposal *proposal, uint32_t column, enum field field)
{
	const struct propose_column *seen = &proposal->columns[column];
	enum column_look look = column_shape_of(field);
	unsigned fit;

	if (seen->seen.secret)
		return AGAINST;
	if (seen->shape.examined == 0)
		return OPEN;
	if (look == LOOK_COUNT)
		return judge_text(proposal, column, field);
	fit = propose_share(proposal, column, look);
	if (fit >= PROPOSE_MOST)
		return FITTING;
	if (fit >= PROPOSE_FALSE)
		return OPEN;
	if (look != LOOK_BOOLEAN && look != LOOK_NAME &&
	    propose_share(proposal, column, LOOK_BOOLEAN) == 100)
		return AGAINST;
	return seen->shape.examined < FEW && look != LOOK_TYPE ? OPEN : AGAINST;
}

/* ---- rules as text
 * ---------------------------------------------------------------
 */

void
propose_add_place(struct str *out, const struct proposal *proposal,
    const struct propose_place *place)
{
	if (place->count == 1) {
		propose_add_name(out, proposal, place->columns[0]);
		return;
	}
	str_add(out, "{join: [");
	propose_add_name(out, proposal, place->columns[0]);
	str_add(out, ", ");
	propose_add_name(out, proposal, place->columns[1]);
	str_add(out, "]}");
}

static void
add_places(struct str *out, const struct proposal *proposal,
    const struct propose_choice *choice)
{
	if (choice->count > 1)
		str_add_char(out, '[');
	for (unsigned i = 0; i < choice->count; i++) {
		if (i > 0)
			str_add(out, ", ");
		propose_add_place(out, proposal, &choice->places[i]);
	}
	if (choice->count > 1)
		str_add_char(out, ']');
}

void
propose_take(struct proposal *proposal, const struct propose_choice *choice)
{
	for (unsigned i = 0; i < choice->count; i++)
		for (unsigned k = 0; k < choice->places[i].count; k++)
			proposal->columns[choice->places[i].columns[k]].taken =
			    true;
}

/* Sets a field's rule; `question` may be NULL. */
void
propose_set_rule(struct proposal *proposal, enum field field,
    enum proposal_certainty certainty, const struct str *rule, const char *why)
{
	struct propose_field *target = &proposal->fields[field];

	propose_put(&target->rule, rule);
	target->seen.certainty = certainty;
	free(target->why);
	target->why = mem_strdup(why);
}

void
propose_ask(
    struct proposal *proposal, enum field field, const char *format, ...)
{
	struct str text;
	va_list args;

	str_init(&text, PROPOSE_RULE_MAX);
	va_start(args, format);
	str_addv(&text, format, args);
	va_end(args);
	propose_put(&proposal->fields[field].question, &text);
	str_release(&text);
}

struct propose_choice
propose_only(uint32_t column)
{
	return (struct propose_choice){
	    .places = {{{column, 0}, 1}}, .count = 1};
}

/* A day stands first beyond doubt, a month nowhere, and each is so written. */
static bool
day_first(const struct proposal *proposal, uint32_t column)
{
	const struct column_shape *shape = &proposal->columns[column].shape;

	return shape->looks[LOOK_DAY_FIRST] > 0 &&
	       shape->looks[LOOK_MONTH_FIRST] == 0 &&
	       shape->looks[LOOK_SLASHES] == shape->examined;
}

/*
 * Writes the rule of columns that were chosen, with the modifiers that their
 * values call for.
 */
void
propose_set_choice(struct proposal *proposal, enum field field,
    enum proposal_certainty certainty, const struct propose_choice *choice,
    const char *why)
{
	uint32_t first = choice->places[0].columns[0];
	const char *canonical = proposal->preset->canonical;
	struct str rule, modifiers;

	str_init(&rule, PROPOSE_RULE_MAX);
	str_init(&modifiers, PROPOSE_RULE_MAX);
	if (field == FIELD_EXTERNAL_ID && canonical)
		str_addf(&modifiers, ", canonical: %s", canonical);
	/* cards and records of keys come with and without an ID */
	if (field == FIELD_EXTERNAL_ID && proposal->keys &&
	    (proposal->preset->format ||
		proposal->columns[first].shape.filled < proposal->totals.rows))
		str_add(&modifiers, ", minted: true");
	if (field == FIELD_ADDRESS_1 &&
	    propose_share(proposal, first, LOOK_LINES) > 0)
		str_add(&modifiers, ", line: 1");
	if (field_table[field].kind == FIELD_KIND_DATE &&
	    day_first(proposal, first))
		str_add(&modifiers, ", date: d/m/y");
	if (modifiers.len > 0)
		str_add(&rule, "{column: ");
	add_places(&rule, proposal, choice);
	if (modifiers.len > 0)
		str_addf(&rule, "%s}", modifiers.data);
	propose_set_rule(proposal, field, certainty, &rule, why);
	propose_take(proposal, choice);
	if (strstr(modifiers.data, "d/m/y")) {
		proposal->fields[field].seen.certainty = PROPOSAL_LIKELY;
		propose_ask(proposal, field,
		    "\"%s\" has dates like 25/12/1950: does the day come "
		    "first in all of them?",
		    propose_name_of(proposal, first));
	}
	str_release(&rule);
	str_release(&modifiers);
}

bool
propose_mints(const struct proposal *proposal)
{
	const char *rule = proposal->fields[FIELD_EXTERNAL_ID].rule;

	return rule && strcmp(rule, PROPOSE_MINTED) == 0;
}

bool
propose_has_rule(const struct proposal *proposal, enum field field)
{
	return proposal->fields[field].rule != NULL;
}
