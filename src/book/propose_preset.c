/* SPDX-License-Identifier: MIT */
/*
 * The columns that a preset names. Of several addresses one is taken as a
 * whole: a street of one place with the city of another is nobody's address.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "book/mapping.h"
#include "book/propose_private.h"
#include "source/records.h"
#include "source/yaml_scalar.h"

/* ---- the preset's columns
 * ----------------------------------------------------------
 */

/* One part of a list; moves on. False at the end. */
static bool
next_part(const char **list, const char *mark, char *part, size_t size)
{
	const char *end = strstr(*list, mark);
	size_t len = end ? (size_t)(end - *list) : strlen(*list);

	if (!**list)
		return false;
	if (len >= size)
		len = size - 1;
	memcpy(part, *list, len);
	part[len] = '\0';
	*list += len;
	if (end)
		*list += strlen(mark);
	return true;
}

/* The columns of one place, those that are there. */
static struct propose_place
find_place(const struct proposal *proposal, const char *columns)
{
	struct propose_place place = {.count = 0};
	char spellings[256];

	while (place.count < 2 &&
	       next_part(&columns, " + ", spellings, sizeof(spellings))) {
		uint32_t column = preset_column(proposal->records, spellings);

		if (column != RECORDS_NONE &&
		    !proposal->columns[column].seen.secret)
			place.columns[place.count++] = column;
	}
	return place;
}

/* All places of a field; absent ones have no columns. */
static unsigned
find_places(const struct proposal *proposal, const char *columns,
    struct propose_place places[PROPOSE_PLACES])
{
	unsigned count = 0;
	char part[512];

	while (count < PROPOSE_PLACES &&
	       next_part(&columns, ";", part, sizeof(part)))
		places[count++] = find_place(proposal, part);
	return count;
}

void
propose_why_preset(const struct proposal *proposal, struct str *why)
{
	const char *label = proposal->preset->label;

	str_addf(why, "%s'%s column", label, str_ends(label, "s") ? "" : "s");
}

static bool
is_address(enum field field)
{
	return field >= FIELD_ADDRESS_1 && field <= FIELD_ZIP;
}

static void
propose_preset_field(
    struct proposal *proposal, const struct preset_field *wanted)
{
	struct propose_place places[PROPOSE_PLACES];
	unsigned count = find_places(proposal, wanted->columns, places);
	struct propose_choice choice = {.count = 0};
	unsigned against = 0;
	struct str why;

	for (unsigned i = 0; i < count; i++) {
		if (places[i].count == 0)
			continue;
		if (propose_judge(proposal, places[i].columns[0],
			wanted->field) == AGAINST &&
		    places[i].count == 1)
			against++;
		else
			choice.places[choice.count++] = places[i];
	}
	if (choice.count == 0)
		return;
	str_init(&why, PROPOSE_RULE_MAX);
	propose_why_preset(proposal, &why);
	if (choice.count + against > 1)
		str_add_char(&why, 's');
	propose_set_choice(
	    proposal, wanted->field, PROPOSAL_SURE, &choice, why.data);
	str_release(&why);
}

/* ---- the preset's addresses: all fields from one place
 * ---------------------------------
 */

struct addresses {
	struct propose_place places[FIELD_ZIP - FIELD_ADDRESS_1 + 1]
				   [PROPOSE_PLACES];
	unsigned count;
};

static const struct propose_place *
address_place(
    const struct addresses *addresses, enum field field, unsigned which)
{
	return &addresses->places[field - FIELD_ADDRESS_1][which];
}

/* Rows in which `which` has a ZIP or street and, if given, `other` no ZIP. */
static uint32_t
address_rows(const struct proposal *proposal, const struct addresses *addresses,
    unsigned which, const struct propose_place *other)
{
	static const enum field telling[] = {FIELD_ZIP, FIELD_ADDRESS_1};
	uint32_t rows = 0;

	for (uint32_t row = 0; row < proposal->totals.rows; row++) {
		bool filled = false;

		for (unsigned i = 0; i < 2; i++) {
			const struct propose_place *place = address_place(
			    addresses, telling[i], which);

			filled = filled ||
				 (place->count > 0 &&
				     !str_blank(records_cell(proposal->records,
					 row, place->columns[0])));
		}
		if (filled && other &&
		    !str_blank(records_cell(
			proposal->records, row, other->columns[0])))
			filled = false;
		rows += filled;
	}
	return rows;
}

static unsigned
first_address(
    const struct proposal *proposal, const struct addresses *addresses)
{
	for (unsigned i = 0; i < addresses->count; i++)
		if (address_rows(proposal, addresses, i, NULL) > 0)
			return i;
	/* all empty: the first that is there */
	for (unsigned i = 0; i < addresses->count; i++)
		if (address_place(addresses, FIELD_ZIP, i)->count > 0 ||
		    address_place(addresses, FIELD_ADDRESS_1, i)->count > 0)
			return i;
	return 0;
}

static void
add_guarded(struct str *out, const struct proposal *proposal, uint32_t column,
    uint32_t zip, bool filled)
{
	str_add(out, "{column: ");
	propose_add_name(out, proposal, column);
	str_add(out, ", when: {column: ");
	propose_add_name(out, proposal, zip);
	str_addf(out, ", filled: %s}}, ", filled ? "true" : "false");
}

/*
 * Where the first address has no ZIP the second is taken as a whole, so that
 * nobody gets the street of one and the city of the other; the first again
 * where there is no second one.
 */
static void
set_two_addresses(struct proposal *proposal, enum field field, uint32_t first,
    uint32_t second, uint32_t zip, const char *why)
{
	struct propose_choice choice = {
	    .places = {{{first, 0}, 1}, {{second, 0}, 1}}, .count = 2};
	struct str rule;

	str_init(&rule, PROPOSE_RULE_MAX);
	str_add_char(&rule, '[');
	add_guarded(&rule, proposal, first, zip, true);
	add_guarded(&rule, proposal, second, zip, false);
	propose_add_name(&rule, proposal, first);
	str_add_char(&rule, ']');
	propose_set_rule(proposal, field, PROPOSAL_SURE, &rule, why);
	propose_take(proposal, &choice);
	str_release(&rule);
}

static void
set_address(struct proposal *proposal, const struct addresses *addresses,
    enum field field, unsigned first, unsigned second, const char *why)
{
	const struct propose_place *a = address_place(addresses, field, first);
	const struct propose_place *b = address_place(addresses, field, second);
	const struct propose_place *zip = address_place(
	    addresses, FIELD_ZIP, first);
	struct propose_choice choice = {.places = {*a}, .count = 1};

	if (a->count == 0 ||
	    propose_judge(proposal, a->columns[0], field) == AGAINST)
		return;
	if (second != first && a->count == 1 && b->count == 1 &&
	    field != FIELD_ZIP &&
	    propose_judge(proposal, b->columns[0], field) != AGAINST) {
		set_two_addresses(proposal, field, a->columns[0], b->columns[0],
		    zip->columns[0], why);
		return;
	}
	if (second != first && b->count == 1 && field == FIELD_ZIP)
		choice.places[choice.count++] = *b;
	propose_set_choice(proposal, field, PROPOSAL_SURE, &choice, why);
}

static void
propose_addresses(struct proposal *proposal)
{
	const struct preset_field *wanted = proposal->preset->fields;
	struct addresses addresses;
	unsigned first, second;
	const struct propose_place *zip;
	struct str why;

	memset(&addresses, 0, sizeof(addresses));
	for (; wanted->columns; wanted++) {
		unsigned count;

		if (!is_address(wanted->field))
			continue;
		count = find_places(proposal, wanted->columns,
		    addresses.places[wanted->field - FIELD_ADDRESS_1]);
		if (count > addresses.count)
			addresses.count = count;
	}
	if (addresses.count == 0)
		return;
	first = second = first_address(proposal, &addresses);
	zip = address_place(&addresses, FIELD_ZIP, first);
	for (unsigned i = 0; zip->count > 0 && i < addresses.count; i++)
		if (i != first && second == first &&
		    address_rows(proposal, &addresses, i, zip) > 0)
			second = i;
	str_init(&why, PROPOSE_RULE_MAX);
	propose_why_preset(proposal, &why);
	for (unsigned i = FIELD_ADDRESS_1; i <= FIELD_ZIP; i++)
		set_address(proposal, &addresses, i, first, second, why.data);
	str_release(&why);
}

/* What stands below the first line of a street is the second line of the
 * address, unless it has a column of its own. */
void
propose_second_line(struct proposal *proposal)
{
	struct propose_field *street = &proposal->fields[FIELD_ADDRESS_1];
	struct str rule;
	char *at;

	if (!street->rule || propose_has_rule(proposal, FIELD_ADDRESS_2))
		return;
	at = strstr(street->rule, ", line: 1}");
	if (!at)
		return;
	str_init(&rule, PROPOSE_RULE_MAX);
	str_add_bytes(&rule, street->rule, (size_t)(at - street->rule));
	str_add(&rule, ", line: 2..}");
	propose_set_rule(proposal, FIELD_ADDRESS_2, street->seen.certainty,
	    &rule, "the street has several lines");
	str_release(&rule);
}

void
propose_preset(struct proposal *proposal)
{
	const struct preset_field *wanted = proposal->preset->fields;

	for (; wanted->columns; wanted++)
		/* notes are sent only when somebody asks for it */
		if (!is_address(wanted->field) && wanted->field != FIELD_NOTES)
			propose_preset_field(proposal, wanted);
	propose_addresses(proposal);
}
