/* SPDX-License-Identifier: MIT */
/*
 * From one reading of a file to the next: which row is which, and the edits
 * that were not saved. What another program wrote meanwhile wins over an edit
 * of the same cell, and that is told.
 */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/text.h"
#include "book/book_private.h"
#include "book/person.h"

enum { NEAR = 64, FAR = 20000 };

/* ---- which row is which ------------------------------------------------- */

/* Whether the file says the same of both, column by column. */
static bool
same_cells(const struct book *from, uint32_t row, const struct book *to,
    uint32_t other)
{
	uint32_t count = records_column_count(from->records);

	for (uint32_t i = 0; i < count; i++) {
		uint32_t column = records_find_column(
		    to->records, records_column_name(from->records, i));
		const char *mine = records_cell(from->records, row, i);
		const char *theirs = column == RECORDS_NONE
					 ? NULL
					 : records_cell(
					       to->records, other, column);

		if (!book_is_result(from, i) &&
		    strcmp(mine ? mine : "", theirs ? theirs : "") != 0)
			return false;
	}
	return true;
}

/* Families share the other ways: one person has one name, and one number. */
static bool
may_be_one(const struct person *one, const struct person *other)
{
	static const enum person_part parts[] = {
	    PERSON_FIRST_NAME, PERSON_LAST_NAME, PERSON_NUMBER};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		const struct str *mine = &one->part[parts[i]];
		const struct str *its = &other->part[parts[i]];

		if (mine->len > 0 && its->len > 0 &&
		    strcmp(mine->data, its->data) != 0)
			return false;
	}
	return true;
}

/* Whether what the file says of them makes them one person (person.h). */
static bool
same_person(struct book *from, uint32_t row, struct book *to, uint32_t other)
{
	struct person one, two;
	struct str key, its;
	bool same = false;

	person_init(&one);
	person_init(&two);
	str_init(&key, RECORDS_CELL_MAX);
	str_init(&its, RECORDS_CELL_MAX);
	book_person(from, row, &one);
	book_person(to, other, &two);
	for (unsigned way = 0;
	     way < PERSON_WAYS && !same && may_be_one(&one, &two); way++)
		same = person_key(&one, (enum person_way)way, &key) &&
		       person_key(&two, (enum person_way)way, &its) &&
		       strcmp(key.data, its.data) == 0;
	person_release(&one);
	person_release(&two);
	str_release(&key);
	str_release(&its);
	return same;
}

uint32_t
book_same_row(
    struct book *to, struct book *from, uint32_t row, uint32_t expected)
{
	uint32_t mine, theirs, other, count = book_count(to);

	book_clean_field(
	    from, FIELD_EXTERNAL_ID, row, book_read_file_cell, &from->clean);
	if (from->clean.len > 0) {
		repeats_find(&from->ids, from->clean.data, &mine);
		other = repeats_find(&to->ids, from->clean.data, &theirs);
		if (mine <= 1 && theirs <= 1)
			return other == REPEATS_NONE ? RECORDS_NONE : other;
	}
	for (other = expected; other < count && other - expected < NEAR;
	     other++)
		if (same_cells(from, row, to, other))
			return other;
	/* in its place, but changed: then it is the same person */
	return expected < count && same_person(from, row, to, expected)
		   ? expected
		   : RECORDS_NONE;
}

/* Anywhere in the file, if it is there only once: for edits, which are few. */
static uint32_t
find_far(struct book *to, struct book *from, uint32_t row)
{
	uint32_t count = book_count(to), found = RECORDS_NONE;

	for (int pass = 0; pass < 2 && found == RECORDS_NONE; pass++)
		for (uint32_t other = 0; other < count; other++) {
			if (pass == 1 && count > FAR)
				break;
			if (pass == 0 ? !same_cells(from, row, to, other)
				      : !same_person(from, row, to, other))
				continue;
			if (found != RECORDS_NONE)
				return RECORDS_NONE;
			found = other;
		}
	return found;
}

/* ---- edits --------------------------------------------------------------- */

static void
note(struct book_carried *out, struct book *from,
    const struct overlay_cell *cell, const char *why)
{
	const char *id = book_external_id(from, cell->row);
	struct str words;

	if (*out->first)
		return;
	str_init(&words, sizeof(out->first) - 1);
	str_addf(&words, "row %u", cell->row + 1);
	if (id) {
		str_add(&words, " (");
		text_clean(&words, id, strlen(id));
		str_add(&words, ")");
	}
	str_addf(&words, ", %s: %s",
	    records_column_name(from->records, cell->column), why);
	str_copy(out->first, sizeof(out->first), words.data);
	str_release(&words);
}

static void
carry_cell(struct book *to, struct book *from, const struct overlay_cell *cell,
    uint32_t row, struct book_carried *out)
{
	const char *now = cell->now ? cell->now : "", *theirs;
	struct err refused = ERR_INIT;
	uint32_t column = records_find_column(
	    to->records, records_column_name(from->records, cell->column));

	if (row == RECORDS_NONE || column == RECORDS_NONE) {
		out->vanished++;
		note(out, from, cell,
		    row == RECORDS_NONE
			? "the contact is no longer in the file"
			: "the column is no longer in the file");
		return;
	}
	theirs = records_cell(to->records, row, column);
	theirs = theirs ? theirs : "";
	if (strcmp(theirs, now) == 0) {
		out->already++;
	} else if (strcmp(theirs, cell->file ? cell->file : "") != 0) {
		out->conflicts++;
		note(out, from, cell,
		    "another program changed it; its value stays");
	} else if (book_set(to, row, column, now, &refused)) {
		out->edits++;
	} else {
		out->conflicts++;
		note(out, from, cell, refused.text);
	}
}

void
book_carry(struct book *to, struct book *from, const uint32_t *rows,
    struct book_carried *out)
{
	*out = (struct book_carried){0};
	for (size_t i = 0; i < from->edits.count; i++) {
		const struct overlay_cell *cell = &from->edits.cells[i];
		uint32_t row = rows[cell->row];

		if (row == RECORDS_NONE)
			row = find_far(to, from, cell->row);
		if (cell->column != OVERLAY_LEFT_OUT) {
			if (overlay_differs(cell))
				carry_cell(to, from, cell, row, out);
			continue;
		}
		for (unsigned field = 0;
		     row != RECORDS_NONE && field < FIELD_COUNT; field++)
			if (cell->bits >> field & 1)
				book_leave_out(
				    to, row, (enum field)field, true);
	}
}
