/* SPDX-License-Identifier: MIT */
/*
 * Counting: what each column holds, and what the rules make of the rows. A
 * contact is made as a book makes it, so the totals are those that a check of
 * the written config gives.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "book/contact.h"
#include "book/coverage.h"
#include "book/mapping.h"
#include "book/person.h"
#include "book/propose_private.h"
#include "book/repeats.h"
#include "source/records.h"

enum { SAMPLE_BYTES = 200, MANY_SSN = 50, MANY_ZIP = 80 };

/* A value as a sample: bounded, and hidden what nobody may see. */
static char *
sample_of(const char *text, unsigned hide)
{
	struct str hidden;
	char cut[SAMPLE_BYTES];
	size_t len;

	text = text_trim(text, &len);
	str_init(&hidden, PROPOSE_RULE_MAX);
	column_shape_hide(&hidden, text, hide);
	str_copy(cut, sizeof(cut), hidden.data);
	str_release(&hidden);
	len = strlen(cut);
	while (len > 0 && strchr(" \t\r\n", cut[len - 1]))
		cut[--len] = '\0';
	return mem_strdup(cut);
}

/* ---- columns
 * -------------------------------------------------------------------
 */

/* Nine digits may be an ID of a CRM that is known, or a ZIP with its +4. */
static bool
is_secret(const struct proposal *proposal, uint32_t column)
{
	const struct propose_column *seen = &proposal->columns[column];
	const char *ids = proposal->preset->ids;

	if (header_is_secret(&seen->name))
		return true;
	if (column_shape_share(&seen->shape, LOOK_SSN) < MANY_SSN)
		return false;
	if (ids && preset_column(proposal->records, ids) == column)
		return false;
	return column_shape_share(&seen->shape, LOOK_ZIP) < MANY_ZIP ||
	       header_name_match(&seen->name, FIELD_ZIP).fit < HEADER_LIKELY;
}

/* Names that mean another person when the client has columns of its own. */
static void
see_neighbours(struct proposal *proposal)
{
	bool client = false;

	for (uint32_t i = 0; i < proposal->column_count; i++) {
		const struct header_name *name = &proposal->columns[i].name;

		client |= !header_names_beneficiary(name) &&
			  (header_is_full_name(name) ||
			      header_name_match(name, FIELD_LAST_NAME).fit >=
				  HEADER_LIKELY);
	}
	for (uint32_t i = 0; i < proposal->column_count; i++)
		header_name_beside(&proposal->columns[i].name, client);
}

void
propose_scan_names(struct proposal *proposal)
{
	proposal->columns = mem_zalloc(
	    proposal->column_count * sizeof(*proposal->columns));
	for (uint32_t i = 0; i < proposal->column_count; i++) {
		struct propose_column *column = &proposal->columns[i];
		struct proposal_column *seen = &column->seen;

		seen->name = records_column_name(proposal->records, i);
		seen->field = FIELD_COUNT;
		header_name_read(&column->name, seen->name);
		seen->secret = header_is_secret(&column->name);
	}
}

bool
propose_scan_next(struct proposal *proposal)
{
	uint32_t i = proposal->scanned;
	struct propose_column *column = &proposal->columns[i];
	struct proposal_column *seen = &column->seen;

	if (i == proposal->column_count)
		return false;
	column_shape_read(&column->shape, proposal->records, i,
	    proposal->totals.rows, &proposal->today);
	seen->filled = column->shape.filled;
	seen->distinct = column->shape.distinct;
	seen->secret = is_secret(proposal, i);
	for (unsigned k = 0; !seen->secret && k < column->shape.example_count;
	     k++) {
		column->samples[k] = sample_of(
		    records_cell(
			proposal->records, column->shape.examples[k], i),
		    HIDE_NINE_DIGITS | HIDE_MBI);
		seen->samples[seen->sample_count++] = column->samples[k];
	}
	proposal->scanned++;
	if (proposal->scanned == proposal->column_count)
		see_neighbours(proposal);
	return true;
}

/* ---- rows
 * -----------------------------------------------------------------------
 */

static const char *
cell_of(void *context, uint32_t row, uint32_t column)
{
	const struct proposal *proposal = context;

	return records_cell(proposal->records, row, column);
}

struct counting {
	struct proposal *proposal;
	const struct mapping *mapping;
	struct contact contact;
	struct coverage coverage;
	struct repeats ids, numbers, persons;
	struct person person;
	struct str text;
	uint32_t long_ids, rounded_ids;
	uint8_t *blocked; /* a byte a row */
	enum date_order orders[FIELD_COUNT];
};

enum {
	BLOCKED = 1,
	ID_REPEATED = 2,
	NUMBER_REPEATED = 4,
	PERSON_REPEATED = 8,
	ID_ROUNDED = 16
};

static void
find_orders(struct counting *counting)
{
	struct proposal *proposal = counting->proposal;
	struct str raw;

	str_init(&raw, PROPOSE_RULE_MAX);
	for (unsigned field = 0; field < FIELD_COUNT; field++) {
		uint32_t evidence[3] = {0};

		counting->orders[field] = DATE_MONTH_FIRST;
		if (field_table[field].kind != FIELD_KIND_DATE ||
		    !mapping_has(counting->mapping, field))
			continue;
		for (uint32_t row = 0; row < proposal->totals.rows; row++) {
			const char *form;
			uint32_t column;

			if (mapping_evaluate(counting->mapping, field, row,
				cell_of, proposal, &raw, &column, &form) &&
			    !form)
				evidence[rules_date_evidence(raw.data)]++;
		}
		counting->orders[field] = rules_date_order(
		    evidence[1], evidence[2]);
	}
	str_release(&raw);
}

/* A caller masks Medicare numbers where they belong. IDs of a known CRM may
 * have nine digits, and so may ZIPs. */
static unsigned
hide_in(const struct proposal *proposal, enum field field)
{
	switch (field) {
	case FIELD_MEDICARE_NUMBER: return HIDE_NINE_DIGITS;
	case FIELD_ZIP: return HIDE_MBI;
	case FIELD_EXTERNAL_ID:
		return HIDE_MBI |
		       (proposal->preset->ids ? 0u : HIDE_NINE_DIGITS);
	default: return HIDE_NINE_DIGITS | HIDE_MBI;
	}
}

static void
add_sample(struct proposal *proposal, enum field which,
    const struct contact_field *value)
{
	struct propose_field *field = &proposal->fields[which];
	struct proposal_field *seen = &field->seen;
	char *sample;

	if (seen->sample_count == PROPOSAL_SAMPLES ||
	    (value->column < proposal->column_count &&
		proposal->columns[value->column].seen.secret))
		return;
	sample = sample_of(value->raw, hide_in(proposal, which));
	for (unsigned i = 0; i < seen->sample_count; i++)
		if (strcmp(seen->samples[i], sample) == 0) {
			free(sample);
			return;
		}
	field->samples[seen->sample_count] = sample;
	seen->samples[seen->sample_count++] = sample;
}

/* Both rows with one value are blocked, counted once each for the field. */
static void
note_repeat(struct counting *counting, struct repeats *repeats, uint32_t row,
    const char *value, enum field field, enum finding_code code, uint8_t bit)
{
	uint32_t count, first, rows[2];

	if (!value)
		return;
	first = repeats_find(repeats, value, &count);
	repeats_set(repeats, row, value);
	if (first == REPEATS_NONE)
		return;
	rows[0] = first;
	rows[1] = row;
	for (unsigned i = 0; i < 2; i++) {
		if (counting->blocked[rows[i]] & bit)
			continue;
		counting->blocked[rows[i]] |= bit | BLOCKED;
		counting->proposal->fields[field].seen.blocked++;
		counting->coverage.found[field][code]++;
	}
}

/* What a book finds by looking at all rows. */
static void
note_row(
    struct counting *counting, uint32_t row, const struct contact_view *view)
{
	const struct contact_field *fields = counting->contact.fields;
	const char *id = fields[FIELD_EXTERNAL_ID].value;
	bool rounded;

	note_repeat(counting, &counting->ids, row, id, FIELD_EXTERNAL_ID,
	    FINDING_ID_REPEATED, ID_REPEATED);
	note_repeat(counting, &counting->numbers, row,
	    fields[FIELD_MEDICARE_NUMBER].value, FIELD_MEDICARE_NUMBER,
	    FINDING_MBI_REPEATED, NUMBER_REPEATED);
	if (id) {
		counting->long_ids += rules_long_id(id, &rounded);
		counting->rounded_ids += rounded;
		counting->blocked[row] |= rounded ? ID_ROUNDED : 0;
	} else if (mapping_mints(counting->mapping)) {
		person_see(&counting->person, row, view);
		if (person_whole(&counting->person, &counting->text))
			note_repeat(counting, &counting->persons, row,
			    counting->text.data, FIELD_EXTERNAL_ID,
			    FINDING_PERSON_REPEATED, PERSON_REPEATED);
	}
}

static void
count_row(
    struct counting *counting, uint32_t row, const struct contact_view *view)
{
	struct proposal *proposal = counting->proposal;
	struct contact *contact = &counting->contact;

	contact_make(contact, row, view);
	coverage_add(&counting->coverage, contact);
	if (contact->blocked || records_problem(proposal->records, row))
		counting->blocked[row] |= BLOCKED;
	for (unsigned i = 0; i < FIELD_COUNT; i++)
		if (!str_blank(contact->fields[i].raw))
			add_sample(
			    proposal, (enum field)i, &contact->fields[i]);
	note_row(counting, row, view);
}

static void
forget(struct proposal *proposal, const struct mapping *mapping)
{
	for (unsigned i = 0; i < FIELD_COUNT; i++) {
		struct propose_field *field = &proposal->fields[i];
		struct proposal_field *seen = &field->seen;
		struct str words;

		for (unsigned k = 0; k < seen->sample_count; k++) {
			free(field->samples[k]);
			field->samples[k] = NULL;
		}
		seen->sample_count = 0;
		seen->blocked = 0;
		str_init(&words, PROPOSE_RULE_MAX);
		mapping_describe(mapping, (enum field)i, &words);
		propose_put(&field->from, &words);
		str_release(&words);
		seen->rule = field->rule;
		seen->from = field->from ? field->from : "";
		seen->why = field->why ? field->why : "";
		seen->question = field->question;
	}
	for (uint32_t i = 0; i < proposal->column_count; i++)
		proposal->columns[i].seen.field = mapping_reader(mapping, i);
}

/* The worst that was found in the field, for its note. */
static void
note_found(const struct counting *counting, enum field field)
{
	struct proposal_field *seen = &counting->proposal->fields[field].seen;
	enum finding_code code;

	for (unsigned i = 0;; i++) {
		code = coverage_finding(
		    &counting->coverage, field, i, &seen->found_count);
		if (code == FINDING_CODE_COUNT ||
		    (finding_table[code].severity != SEVERITY_INFO &&
			!finding_table[code].goes))
			break;
	}
	seen->found = code;
}

static void
count_blocked(struct counting *counting)
{
	struct proposal *proposal = counting->proposal;
	uint8_t bits = BLOCKED;

	for (unsigned i = 0; i < FIELD_COUNT; i++) {
		const struct coverage_field *from =
		    &counting->coverage.fields[i];
		struct proposal_field *seen = &proposal->fields[i].seen;

		seen->filled = from->filled;
		seen->left_out = from->left_out;
		seen->blocked += from->blocked;
	}
	if (rules_ids_cut(counting->rounded_ids, counting->long_ids))
		bits |= ID_ROUNDED;
	for (uint32_t row = 0; row < proposal->totals.rows; row++) {
		uint8_t blocked = counting->blocked[row] & bits;

		proposal->totals.blocked += blocked != 0;
		if (!(blocked & ID_ROUNDED))
			continue;
		proposal->fields[FIELD_EXTERNAL_ID].seen.blocked++;
		counting->coverage
		    .found[FIELD_EXTERNAL_ID][FINDING_ID_DAMAGED]++;
	}
	for (unsigned i = 0; i < FIELD_COUNT; i++)
		note_found(counting, (enum field)i);
}

void
propose_evaluate(struct proposal *proposal, const struct mapping *mapping)
{
	struct counting counting = {.proposal = proposal, .mapping = mapping};
	struct proposal_totals *totals = &proposal->totals;
	struct contact_view view = {
	    .mapping = mapping,
	    .cell = cell_of,
	    .context = proposal,
	    .today = proposal->today,
	    .orders = counting.orders,
	};

	forget(proposal, mapping);
	coverage_begin(&counting.coverage);
	contact_init(&counting.contact);
	repeats_init(&counting.ids);
	repeats_init(&counting.numbers);
	repeats_init(&counting.persons);
	person_init(&counting.person);
	str_init(&counting.text, PROPOSE_RULE_MAX);
	counting.blocked = mem_zalloc(totals->rows + 1u);
	find_orders(&counting);
	totals->blocked = totals->fields = totals->questions = 0;
	for (uint32_t row = 0; row < totals->rows; row++)
		count_row(&counting, row, &view);
	count_blocked(&counting);
	totals->sendable = totals->rows - totals->blocked;
	for (unsigned i = 0; i < FIELD_COUNT; i++) {
		totals->fields += proposal->fields[i].rule != NULL;
		totals->questions += proposal->fields[i].question != NULL;
	}
	free(counting.blocked);
	repeats_release(&counting.ids);
	repeats_release(&counting.numbers);
	repeats_release(&counting.persons);
	person_release(&counting.person);
	str_release(&counting.text);
	contact_release(&counting.contact);
}
