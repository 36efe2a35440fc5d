/* SPDX-License-Identifier: MIT */
/*
 * Edits: a sparse layer over the records and a list of steps that can be
 * walked back and forth. A new edit forgets the steps that were undone.
 */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "book/book_private.h"
#include "source/source.h"

enum { STEPS_MAX = 10000 };

uint32_t
book_left_out_bits(const struct book *book, uint32_t row)
{
	const struct overlay_cell *cell = overlay_find(
	    &book->edits, row, OVERLAY_LEFT_OUT);

	return cell ? cell->bits : 0;
}

/* ---- steps
 * ---------------------------------------------------------------------------
 */

static void
free_step(struct book_step *step)
{
	free(step->before);
	free(step->after);
}

/* Room for one more step, which then is the last. */
static struct book_step *
new_step(struct book *book)
{
	while (book->step_count > book->step_at)
		free_step(&book->steps[--book->step_count]);
	if (book->step_count == STEPS_MAX) {
		free_step(&book->steps[0]);
		memmove(book->steps, book->steps + 1,
		    (STEPS_MAX - 1) * sizeof(*book->steps));
		book->step_count--;
	}
	book->steps = mem_grow(book->steps, &book->step_room,
	    book->step_count + 1, sizeof(*book->steps));
	book->step_at = book->step_count + 1;
	return &book->steps[book->step_count++];
}

static void
put(struct book *book, uint32_t row, uint32_t column, const char *text,
    uint32_t bits)
{
	if (column == OVERLAY_LEFT_OUT)
		overlay_set(&book->edits, row, column, NULL, NULL)->bits = bits;
	else
		overlay_set(&book->edits, row, column, text,
		    records_cell(book->records, row, column));
	book->revision++;
	if (row < book->indexed)
		book_index_row(book, row);
}

size_t
book_undo_steps(const struct book *book)
{
	return book->step_at;
}

uint32_t
book_undo_row(const struct book *book, bool back)
{
	if (back)
		return book->step_at == 0 ? RECORDS_NONE
					  : book->steps[book->step_at - 1].row;
	return book->step_at == book->step_count
		   ? RECORDS_NONE
		   : book->steps[book->step_at].row;
}

uint32_t
book_undo(struct book *book)
{
	const struct book_step *step;

	if (book->step_at == 0)
		return RECORDS_NONE;
	do {
		step = &book->steps[--book->step_at];
		put(book, step->row, step->column, step->before,
		    step->bits_before);
	} while (step->joined && book->step_at > 0);
	return step->row;
}

uint32_t
book_redo(struct book *book)
{
	const struct book_step *step;

	if (book->step_at == book->step_count)
		return RECORDS_NONE;
	do {
		step = &book->steps[book->step_at++];
		put(book, step->row, step->column, step->after,
		    step->bits_after);
	} while (book->step_at < book->step_count &&
		 book->steps[book->step_at].joined);
	return step->row;
}

/* ---- cells
 * ----------------------------------------------------------------------------
 */

static bool
check_text(const char *text, struct err *err)
{
	size_t len = strlen(text);

	if (len >= RECORDS_CELL_MAX)
		return err_set(
		    err, ERR_USAGE, "a value may have at most 64 KiB");
	if (!text_valid(text, len, NULL))
		return err_set(err, ERR_USAGE, "the value is not UTF-8 text");
	for (const char *at = text; *at; at++)
		if (((unsigned char)*at < 0x20 && *at != '\n') || *at == 0x7f)
			return err_set(err, ERR_USAGE,
			    "the value has a control character in it");
	return true;
}

static bool
check_column(
    const struct book *book, uint32_t row, uint32_t column, struct err *err)
{
	if (row >= book_count(book) ||
	    column >= records_column_count(book->records))
		return err_set(
		    err, ERR_USAGE, "there is no such row or column");
	if (book_is_result(book, column))
		return err_set(err, ERR_USAGE,
		    "%s is filled by the sync and not edited",
		    records_column_name(book->records, column));
	if (records_is_list(book->records, row, column))
		return err_set(err, ERR_USAGE,
		    "%s is a list: edit it in the file",
		    records_column_name(book->records, column));
	return true;
}

/* What the file has already is no edit, whatever is in it. */
static bool
is_same(
    const struct book *book, uint32_t row, uint32_t column, const char *text)
{
	const char *cell = book_cell(book, row, column);

	return strcmp(cell ? cell : "", text) == 0;
}

static bool
check_edit(const struct book *book, uint32_t row, uint32_t column,
    const char *text, struct err *err)
{
	return check_column(book, row, column, err) &&
	       (is_same(book, row, column, text) || check_text(text, err));
}

bool
book_set(struct book *book, uint32_t row, uint32_t column, const char *text,
    struct err *err)
{
	const char *before;
	struct book_step *step;

	if (!check_edit(book, row, column, text, err))
		return false;
	if (is_same(book, row, column, text))
		return true;
	before = book_cell(book, row, column);
	step = new_step(book);
	*step = (struct book_step){
	    .row = row,
	    .column = column,
	    .before = before ? mem_strdup(before) : NULL,
	    .after = mem_strdup(text),
	};
	put(book, row, column, step->after, 0);
	return true;
}

bool
book_set_row(struct book *book, uint32_t row, const uint32_t *columns,
    const char *const *texts, size_t count, unsigned *changed, struct err *err)
{
	*changed = 0;
	for (size_t i = 0; i < count; i++)
		if (!check_edit(book, row, columns[i], texts[i], err))
			return err_prefix(err, "%s",
			    records_column_name(book->records, columns[i]));
	for (size_t i = 0; i < count; i++) {
		size_t before = book->step_at;

		if (!book_set(book, row, columns[i], texts[i], err))
			return false;
		if (book->step_at == before)
			continue;
		book->steps[book->step_at - 1].joined = *changed > 0;
		(*changed)++;
	}
	return true;
}

size_t
book_unsaved(const struct book *book)
{
	return book->edits.unsaved;
}

bool
book_edited(const struct book *book, uint32_t row, uint32_t column)
{
	const struct overlay_cell *cell = overlay_find(
	    &book->edits, row, column);

	return cell && overlay_differs(cell);
}

uint64_t
book_revision(const struct book *book)
{
	return book->revision;
}

/* ---- values left out
 * ------------------------------------------------------------------- */

void
book_leave_out(struct book *book, uint32_t row, enum field field, bool out)
{
	uint32_t before = book_left_out_bits(book, row);
	uint32_t bit = UINT32_C(1) << field;
	uint32_t after = out ? before | bit : before & ~bit;
	struct book_step *step;

	if (before == after)
		return;
	step = new_step(book);
	*step = (struct book_step){
	    .row = row,
	    .column = OVERLAY_LEFT_OUT,
	    .bits_before = before,
	    .bits_after = after,
	};
	put(book, row, OVERLAY_LEFT_OUT, NULL, after);
}

bool
book_left_out(const struct book *book, uint32_t row, enum field field)
{
	return book_left_out_bits(book, row) >> field & 1;
}
