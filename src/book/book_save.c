/* SPDX-License-Identifier: MIT */
/*
 * Results, and putting them and the edits into the file.
 *
 * A save works on copies: the user may go on editing while its steps run, and
 * what is typed meanwhile simply is not saved yet. Rows are found again by
 * the ID that the *file* holds for them, not by an edited one; a row whose ID
 * stands in the file twice is found by its number only, which the source
 * allows while the file is unchanged.
 *
 * A row without an ID, when such rows are allowed, is found by the HealthSherpa
 * ID that the file holds for it, else by who it is. Which of these depends on
 * the row alone, so that both versions of the file come to the same key.
 */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "book/book_private.h"
#include "source/source.h"

struct book_save {
	struct source_save *inner;
	struct source_change *changes;
	size_t count, room;
	size_t edits; /* the first so many are edits, then results */
	char **texts; /* all that the changes point to */
	size_t text_count, text_room;

	/* to recognise rows in the file as it is now */
	struct mapping *mapping;
	const struct records *records;
	uint32_t bound_columns, result_column;
	struct book *book; /* its dates' orders, its result column's name */
	struct person person;
	struct str raw, id;
};

/* ---- results
 * ------------------------------------------------------------------------- */

static void
put_result(struct book *book, uint32_t row, enum book_result_kind kind,
    const char *text)
{
	uint32_t column = book->result_columns[kind];
	const char *file = NULL;

	if (!text)
		return;
	if (column != RECORDS_NONE)
		file = records_cell(book->records, row, column);
	if (!book->result_names[kind])
		file = text; /* not written: never unsaved */
	overlay_set(&book->results, row, kind, text, file);
}

void
book_put_result(
    struct book *book, uint32_t row, const struct book_result *result)
{
	put_result(book, row, RESULT_ID, result->healthsherpa_id);
	put_result(book, row, RESULT_QUOTE_URL, result->quote_url);
	put_result(book, row, RESULT_SYNCED_AT, result->synced_at);
}

size_t
book_results_unsaved(const struct book *book)
{
	return book->results.unsaved;
}

bool
book_result_saved(const struct book *book, uint32_t row)
{
	bool any = false;

	for (unsigned i = 0; i < RESULT_COUNT; i++) {
		const struct overlay_cell *cell = overlay_find(
		    &book->results, row, i);

		if (!cell || !book->result_names[i])
			continue;
		if (overlay_differs(cell))
			return false;
		any = true;
	}
	return any;
}

/* ---- the key of a row
 * ------------------------------------------------------------------ */

static const char *
read_fresh_cell(void *context, uint32_t row, uint32_t column)
{
	const struct book_save *save = context;

	return records_cell(save->records, row, column);
}

/* Begins a key that is not an ID of the file, which has no such character. */
enum { NO_ID = '\x01' };

/* What a row without an ID is found by; "" in `out` when by nothing. */
static void
make_key(
    const struct person *person, const char *healthsherpa_id, struct str *out)
{
	static const enum person_way ways[] = {PERSON_BY_NUMBER,
	    PERSON_BY_EMAIL_AND_BIRTH, PERSON_BY_PHONE_NAME_AND_BIRTH};
	struct str text;

	str_reset(out);
	if (!str_blank(healthsherpa_id)) {
		str_addf(out, "%cid:%s", NO_ID, healthsherpa_id);
		return;
	}
	str_init(&text, RECORDS_CELL_MAX * 4);
	for (unsigned i = 0; i < 3 && out->len == 0; i++)
		if (person_key(person, ways[i], &text))
			str_addf(out, "%c%u:%s", NO_ID, i, text.data);
	str_release(&text);
}

static void
bind_fresh(struct book_save *save, const struct records *records)
{
	const char *name = save->book->result_names[RESULT_ID];
	uint32_t columns = records_column_count(records);

	if (records == save->records && columns == save->bound_columns)
		return;
	mapping_bind(save->mapping, records, false, &save->raw);
	save->records = records;
	save->bound_columns = columns;
	save->result_column = name ? records_find_column(records, name)
				   : RECORDS_NONE;
}

static const char *
identify_person(struct book_save *save, uint32_t row)
{
	struct contact_view view = {
	    .mapping = save->mapping,
	    .cell = read_fresh_cell,
	    .context = save,
	    .today = book_today(save->book),
	    .orders = save->book->orders,
	    .doubtful_serials = save->book->doubtful_serials,
	};
	const char *id = NULL;

	if (save->result_column != RECORDS_NONE)
		id = records_cell(save->records, row, save->result_column);
	person_see(&save->person, row, &view);
	make_key(&save->person, id, &save->id);
	return save->id.len > 0 ? save->id.data : NULL;
}

/* The ID of a row in records just parsed; a source_key. */
static const char *
identify(void *context, const struct records *records, uint32_t row)
{
	struct book_save *save = context;
	struct finding items[4];
	struct findings findings = {items, 0, 4};
	struct rules_input input = {.field = FIELD_EXTERNAL_ID};
	uint32_t column;

	bind_fresh(save, records);
	str_reset(&save->id);
	if (mapping_has(save->mapping, FIELD_EXTERNAL_ID) &&
	    mapping_evaluate(save->mapping, FIELD_EXTERNAL_ID, row,
		read_fresh_cell, save, &save->raw, &column, &input.date_form)) {
		input.raw = save->raw.data;
		rules_clean(&input, &save->id, &findings);
	}
	if (save->id.len > 0)
		return save->id.data;
	return mapping_mints(save->mapping) && findings.count == 0
		   ? identify_person(save, row)
		   : NULL;
}

/* Into book->key: what the row of the file is found by, if it has no ID.
 * `seen`: who it is stands in book->person. */
static void
read_key(struct book *book, uint32_t row, bool seen)
{
	uint32_t column = book->result_columns[RESULT_ID];
	const struct overlay_cell *cell = overlay_find(
	    &book->results, row, RESULT_ID);
	const char *id = cell ? cell->file : NULL;

	if (!cell && column != RECORDS_NONE)
		id = records_cell(book->records, row, column);
	if (!seen)
		book_person(book, row, &book->person);
	make_key(&book->person, id, &book->key);
}

void
book_index_key(struct book *book, uint32_t row, bool seen)
{
	if (!book_mints(book))
		return;
	book_clean_field(
	    book, FIELD_EXTERNAL_ID, row, book_read_file_cell, &book->clean);
	if (book->clean.len > 0)
		str_reset(&book->key);
	else
		read_key(book, row, seen);
	repeats_set(&book->keys, row, book->key.data);
}

/* They were made before it was known how the column writes birth dates. */
static void
bring_keys_up(struct book *book)
{
	for (uint32_t row = 0; book->keys_outdated && row < book_count(book);
	     row++)
		book_index_key(book, row, false);
	book->keys_outdated = false;
}

static char *
own(struct book_save *save, const char *text)
{
	char *copy = mem_strdup(text);

	save->texts = mem_grow(save->texts, &save->text_room,
	    save->text_count + 1, sizeof(*save->texts));
	save->texts[save->text_count++] = copy;
	return copy;
}

/* NULL when the file's ID does not say which row it is. */
static const char *
key_of(struct book *book, struct book_save *save, uint32_t row)
{
	uint32_t other;

	book_clean_field(
	    book, FIELD_EXTERNAL_ID, row, book_read_file_cell, &book->clean);
	if (book->clean.len > 0) {
		other = repeats_other(&book->ids, row, book->clean.data);
		return other == REPEATS_NONE ? own(save, book->clean.data)
					     : NULL;
	}
	if (!book_mints(book))
		return NULL;
	read_key(book, row, false);
	other = repeats_other(&book->keys, row, book->key.data);
	return other == REPEATS_NONE && book->key.len > 0
		   ? own(save, book->key.data)
		   : NULL;
}

/* ---- what is to be saved
 * ------------------------------------------------------------------ */

static void
add_change(struct book *book, struct book_save *save,
    const struct overlay_cell *cell, const char *column, bool result)
{
	struct source_change change = {
	    .row = cell->row,
	    .column = own(save, column),
	    .after = own(save, cell->now ? cell->now : ""),
	};

	/* cells of one row follow each other: one key is enough */
	if (save->count > 0 && save->changes[save->count - 1].row == cell->row)
		change.key = save->changes[save->count - 1].key;
	else
		change.key = key_of(book, save, cell->row);
	if (!result)
		change.before = own(save, cell->file ? cell->file : "");
	else if (cell->file && *cell->file)
		change.before = own(save, cell->file);
	save->changes = mem_grow(save->changes, &save->room, save->count + 1,
	    sizeof(*save->changes));
	save->changes[save->count++] = change;
}

static void
gather(struct book *book, struct book_save *save, bool edits)
{
	for (size_t i = 0; edits && i < book->edits.count; i++) {
		const struct overlay_cell *cell = &book->edits.cells[i];

		if (cell->column != OVERLAY_LEFT_OUT && overlay_differs(cell))
			add_change(book, save, cell,
			    records_column_name(book->records, cell->column),
			    false);
	}
	save->edits = save->count;
	for (size_t i = 0; i < book->results.count; i++) {
		const struct overlay_cell *cell = &book->results.cells[i];

		if (book->result_names[cell->column] && !cell->refused &&
		    overlay_differs(cell))
			add_change(book, save, cell,
			    book->result_names[cell->column], true);
	}
}

static void
free_save(struct book *book)
{
	struct book_save *save = book->save;

	if (!save)
		return;
	source_save_end(save->inner);
	for (size_t i = 0; i < save->text_count; i++)
		free(save->texts[i]);
	free(save->texts);
	free(save->changes);
	mapping_free(save->mapping);
	person_release(&save->person);
	str_release(&save->raw);
	str_release(&save->id);
	free(save);
	book->save = NULL;
}

void
book_save_abort(struct book *book)
{
	free_save(book);
}

/* ---- saving
 * ------------------------------------------------------------------------------
 */

bool
book_saving(const struct book *book)
{
	return book->save != NULL;
}

bool
book_save_start(
    struct book *book, bool edits, const char *backup_dir, struct err *err)
{
	struct book_save *save;

	if (book->save)
		return err_set(err, ERR_USAGE, "a save is going on already");
	if (!book->loaded)
		return err_set(err, ERR_DATA,
		    book->broken
			? "the file was not read to its end, so nothing is "
			  "saved into it"
			: "the file is still being read");
	save = mem_zalloc(sizeof(*save));
	str_init(&save->raw, RECORDS_CELL_MAX * 4);
	str_init(&save->id, RECORDS_CELL_MAX * 4);
	person_init(&save->person);
	save->mapping = mapping_clone(book->mapping);
	save->book = book;
	book->save = save;
	book->report = (struct book_save_report){0};
	bring_keys_up(book);
	gather(book, save, edits);
	if (save->count == 0)
		return true;
	save->inner = source_save_start(book->source, save->changes,
	    save->count, identify, save, backup_dir, err);
	if (save->inner)
		return true;
	free_save(book);
	return false;
}

static void
report(struct book *book, const struct source_change *change)
{
	struct book_save_report *sum = &book->report;
	struct str words;

	switch (change->outcome) {
	case SOURCE_APPLIED: sum->applied++; return;
	case SOURCE_ALREADY: sum->already++; return;
	case SOURCE_CONFLICT: sum->conflicts++; break;
	case SOURCE_VANISHED: sum->vanished++; break;
	case SOURCE_REFUSED: sum->refused++; break;
	}
	if (*sum->first)
		return;
	str_init(&words, sizeof(sum->first) - 1);
	str_addf(&words, "row %u", change->row + 1);
	if (change->key && *change->key != NO_ID) {
		str_add(&words, " (");
		text_clean(&words, change->key, strlen(change->key));
		str_add(&words, ")");
	}
	if (change->outcome == SOURCE_REFUSED)
		str_addf(&words, ": %s: %s", change->column,
		    change->why ? change->why : "cannot be put there");
	else if (change->outcome == SOURCE_CONFLICT)
		str_addf(&words,
		    ": %s was changed by another program; its "
		    "value stays",
		    change->column);
	else
		str_add(&words, ": no longer in the file");
	str_copy(sum->first, sizeof(sum->first), words.data);
	str_release(&words);
}

/* Tells the overlays what the file holds now. */
static void
conclude(struct book *book)
{
	struct book_save *save = book->save;

	for (size_t i = 0; i < save->count; i++) {
		const struct source_change *change = &save->changes[i];
		bool edit = i < save->edits;
		struct overlay *overlay = edit ? &book->edits : &book->results;
		struct overlay_cell *cell;
		uint32_t column = RECORDS_NONE;

		report(book, change);
		if (edit)
			column = records_find_column(
			    book->records, change->column);
		for (unsigned k = 0; !edit && k < RESULT_COUNT; k++)
			if (book->result_names[k] &&
			    strcmp(book->result_names[k], change->column) == 0)
				column = k;
		cell = overlay_find(overlay, change->row, column);
		if (!cell)
			continue;
		if (change->outcome == SOURCE_APPLIED ||
		    change->outcome == SOURCE_ALREADY) {
			overlay_saved(overlay, cell, change->after);
			book_index_key(book, change->row, false);
		} else if (!edit) {
			overlay_refused(overlay, cell);
		}
	}
}

enum source_progress
book_save_step(struct book *book, struct err *err)
{
	enum source_progress progress = SOURCE_DONE;

	if (!book->save) {
		err_set(err, ERR_USAGE, "no save is going on");
		return SOURCE_FAILED;
	}
	if (book->save->inner)
		progress = source_save_step(book->save->inner, err);
	if (progress == SOURCE_MORE)
		return progress;
	if (progress == SOURCE_DONE)
		conclude(book);
	free_save(book);
	return progress;
}

bool
book_save(
    struct book *book, bool edits, const char *backup_dir, struct err *err)
{
	enum source_progress progress;

	if (!book_save_start(book, edits, backup_dir, err))
		return false;
	do
		progress = book_save_step(book, err);
	while (progress == SOURCE_MORE);
	return progress == SOURCE_DONE;
}

const struct book_save_report *
book_save_report(const struct book *book)
{
	return &book->report;
}
