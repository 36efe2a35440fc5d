/* SPDX-License-Identifier: MIT */
/*
 * The old bytes and, between them, what the format says must change. Nothing
 * is written before there is a first edit, so a save without one leaves no
 * trace.
 */
#include "source/source_save.h"

#include <assert.h>
#include <stdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "source/records.h"

static int
by_row(const void *a, const void *b)
{
	const struct save_item *x = a, *y = b;

	if (x->row != y->row)
		return x->row < y->row ? -1 : 1;
	return (x->change > y->change) - (x->change < y->change);
}

/* A header's names are told apart as people do, keys as they are written. */
static bool
same_name(const struct source_save *save, const char *a, const char *b)
{
	return save->source->format->header ? str_equal_fold(a, b)
					    : strcmp(a, b) == 0;
}

/* The columns of the whole file now, and what of it saves have added. */
static uint32_t
count_columns(const struct source_save *save)
{
	const struct source *source = save->source;

	return save->by_key
		   ? records_column_count(save->pass.records)
		   : source->file_columns + (uint32_t)source->extra_count;
}

/* The column as the file names it, or this save will; NULL: there is none. */
static const char *
find_name(const struct source_save *save, const char *name)
{
	const struct source *source = save->source;
	const struct records *records = save->by_key ? save->pass.records
						     : source->records;
	uint32_t count = save->by_key ? records_column_count(records)
				      : source->file_columns;
	uint32_t column;

	for (size_t i = 0; i < save->added_count; i++)
		if (same_name(save, save->added[i], name))
			return save->added[i];
	column = records_find_column(records, name);
	if (column < count)
		return records_column_name(records, column);
	for (size_t i = 0; !save->by_key && i < source->extra_count; i++)
		if (same_name(save, source->extra[i], name))
			return source->extra[i];
	return NULL;
}

/*
 * Whether the file can hold the text; else the change is refused. In
 * Windows-1252, whatever reads as UTF-8 too is not written: the file would be
 * taken for that.
 */
static bool
can_hold(
    const struct source_save *save, struct save_item *item, const char *text)
{
	const char *encoding = encoding_name(save->encoding);
	char why[200], letter[5] = "";
	uint32_t missing;
	struct str bytes;
	bool other;

	if (save->encoding != ENCODING_WINDOWS_1252)
		return true;
	if (!encoding_holds(save->encoding, text, &missing)) {
		text_encode(missing, letter);
		snprintf(why, sizeof(why),
		    "the file is %s, which has no '%s'; save it as UTF-8 (in "
		    "Excel: 'CSV UTF-8')",
		    encoding, letter);
		save_refuse(item, why);
		return false;
	}
	str_init(&bytes, strlen(text));
	encoding_add(save->encoding, &bytes, text, strlen(text));
	other = strlen(text) != bytes.len &&
		text_valid(bytes.data, bytes.len, NULL);
	str_release(&bytes);
	if (other) {
		snprintf(why, sizeof(why),
		    "the file is %s, where this text would read as UTF-8; save "
		    "the file as UTF-8 (in Excel: 'CSV UTF-8')",
		    encoding);
		save_refuse(item, why);
	}
	return !other;
}

/* The file gets a column; false when it cannot, and the change is refused. */
static bool
add_column(struct source_save *save, struct save_item *item)
{
	const char *name = item->change->column;

	if (!can_hold(save, item, name))
		return false;
	if (count_columns(save) + save->added_count >= RECORDS_COLUMNS_MAX) {
		save_refuse(item,
		    "the file has 1024 columns, and belay takes no more; "
		    "remove those you do not need");
		return false;
	}
	save->added = mem_grow(save->added, &save->added_room,
	    save->added_count + 1, sizeof(*save->added));
	save->added[save->added_count++] = name;
	return true;
}

/*
 * Which column each change means, while all columns of the file are known:
 * later, going down the rows, a key may not have come yet, or only one that
 * differs in case.
 */
static void
name_columns(struct source_save *save)
{
	for (size_t i = 0; i < save->count; i++) {
		struct save_item *item = &save->items[i];
		const char *name = find_name(save, item->change->column);
		bool fills = item->row != RECORDS_NONE && *item->change->after;

		if (fills && can_hold(save, item, item->change->after) && !name)
			add_column(save, item);
		item->column = mem_strdup(name ? name : item->change->column);
	}
}

bool
save_start_write(struct source_save *save, struct err *err)
{
	save->encoding = save->by_key ? save->pass.input.encoding
				      : save->source->input.encoding;
	name_columns(save);
	source_pass_stop(&save->pass);
	qsort(save->items, save->count, sizeof(*save->items), by_row);
	save->at = 0;
	return save_start_pass(save, err);
}

/* Has bytes of the old file from `copied` on at hand; how many, 0: none. */
static size_t
fetch(struct source_save *save)
{
	uint64_t end = save->bytes_at + save->bytes_len;
	ssize_t got;

	if (save->copied >= save->bytes_at && save->copied < end)
		return (size_t)(end - save->copied);
	got = pread(save->fd, save->bytes, SAVE_COPY, (off_t)save->copied);
	save->bytes_at = save->copied;
	save->bytes_len = got > 0 ? (size_t)got : 0;
	return save->bytes_len;
}

/*
 * Bytes of the old file up to there, as they are, but at most `*budget`, which
 * is used up.
 */
static bool
copy_until(
    struct source_save *save, uint64_t until, size_t *budget, struct err *err)
{
	while (save->copied<until && * budget> 0) {
		size_t len = fetch(save);

		if (len == 0)
			return err_set(err, ERR_IO,
			    "%s: not saved: the file changed meanwhile",
			    save->source->path);
		if (len > until - save->copied)
			len = (size_t)(until - save->copied);
		if (len > *budget)
			len = *budget;
		if (!file_writer_add(save->writer,
			save->bytes + (save->copied - save->bytes_at), len,
			err))
			return false;
		save->copied += len;
		*budget -= len;
	}
	return true;
}

bool
save_write_on(struct source_save *save, struct err *err)
{
	struct splice *splice = &save->splice;
	size_t budget = SAVE_STEP;

	for (; save->edit < splice->count; save->edit++) {
		const struct splice_edit *edit = &splice->edits[save->edit];

		assert(edit->start >= save->copied && edit->end >= edit->start);
		if (!copy_until(save, edit->start, &budget, err))
			return false;
		if (save->copied < edit->start)
			return true;
		if (!file_writer_add(save->writer,
			splice->text.data + edit->text, edit->len, err))
			return false;
		save->copied = edit->end;
	}
	save->edit = 0;
	splice_reset(splice);
	return true;
}

static bool
write_edits(struct source_save *save, struct err *err)
{
	struct splice *splice = &save->splice;

	if (splice->count == 0)
		return true;
	splice_encode(splice, save->encoding);
	if (!save->writer)
		save->writer = file_writer_open(save->source->real, err);
	return save->writer && save_write_on(save, err);
}

static enum source_outcome
decide(const struct source_change *change, const char *present)
{
	if (source_same_text(present, change->after))
		return SOURCE_ALREADY;
	if (source_same_text(present, change->before))
		return SOURCE_APPLIED;
	return SOURCE_CONFLICT;
}

static bool
is_changed_twice(const struct save_item *items, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (items[i].change->outcome == SOURCE_APPLIED &&
		    strcmp(items[i].column, items[at].column) == 0)
			return true;
	return false;
}

/* Decides on the changes of one record; how many are left for the format. */
static size_t
plan_record(struct source_save *save, struct save_item *items, size_t count,
    struct splice_cell *cells)
{
	size_t left = 0;

	for (size_t i = 0; i < count; i++) {
		struct source_change *change = items[i].change;
		uint32_t column = RECORDS_NONE;

		if (items[i].why)
			continue;
		change->outcome = decide(change,
		    source_pass_cell(&save->pass, items[i].column, &column));
		if (change->outcome != SOURCE_APPLIED)
			continue;
		if (is_changed_twice(items, i)) {
			save_refuse(&items[i], "the cell is changed twice");
			continue;
		}
		cells[left++] = (struct splice_cell){
		    .column = items[i].column, .text = change->after};
	}
	return left;
}

/* Edits that would change more than their cells are dropped, with a reason. */
static void
try_edits(struct source_save *save, struct splice_job *job)
{
	const struct source_format *format = save->source->format;
	enum splice_proof proof = SPLICE_UNKNOWN;

	if (format->prove)
		proof = format->prove(save->pass.reader, job, &save->splice);
	save->unproved |= proof == SPLICE_UNKNOWN;
	if (proof != SPLICE_WRONG)
		return;
	splice_reset(&save->splice);
	for (size_t i = 0; i < job->cell_count; i++)
		if (!job->cells[i].why[0])
			snprintf(job->cells[i].why, sizeof(job->cells[i].why),
			    "it is written in a way that cannot be changed "
			    "here; change it in the file");
}

bool
save_write_record(struct source_save *save, struct err *err)
{
	const struct source_format *format = save->source->format;
	struct save_item *items = save->items + save->at;
	struct splice_job job = {
	    .added = save->added,
	    .added_count = save->added_count,
	};
	size_t count = 0;

	while (save->at < save->count &&
	       save->items[save->at].row == save->pass.row) {
		save->at++;
		count++;
	}
	if (count == 0 && save->added_count == 0)
		return true;
	job.cells = mem_zalloc(count * sizeof(*job.cells));
	job.cell_count = plan_record(save, items, count, job.cells);
	format->splice(save->pass.reader, &job, &save->splice);
	if (save->splice.count > 0)
		try_edits(save, &job);
	for (size_t i = 0, cell = 0; i < count; i++) {
		if (items[i].change->outcome != SOURCE_APPLIED)
			continue;
		if (job.cells[cell].why[0])
			save_refuse(&items[i], job.cells[cell].why);
		cell++;
	}
	free(job.cells);
	return write_edits(save, err);
}

bool
save_write_header(struct source_save *save, struct err *err)
{
	struct splice_job job = {
	    .added = save->added,
	    .added_count = save->added_count,
	};

	save->source->format->splice(save->pass.reader, &job, &save->splice);
	save->unproved |= save->splice.count > 0;
	return write_edits(save, err);
}

/* Whether each edit was tried, so that the whole need not be read again. */
static bool
is_proved(const struct source_save *save)
{
	/* each may bring the column that is too much for all */
	return !save->unproved &&
	       records_column_count(save->pass.records) + save->added_count <=
		   RECORDS_COLUMNS_MAX;
}

bool
save_copy_rest(struct source_save *save, struct err *err)
{
	const struct source *source = save->source;
	size_t budget = SAVE_STEP;

	save->at = 0;
	if (!save->writer) {
		source_pass_stop(&save->pass);
		save->phase = DONE;
		return true;
	}
	if (!copy_until(save, (uint64_t)save->identity.size, &budget, err))
		return false;
	save->phase = REST;
	if (save->copied < (uint64_t)save->identity.size)
		return true;
	save->phase = is_proved(save) ? COMMIT : CHECK;
	if (save->phase == COMMIT)
		return true;
	if (!source_pass_start(&save->result, source->format,
		file_writer_fd(save->writer), source->path, err))
		return false;
	source_pass_follow(&save->result, save->pass.reader);
	source_pass_stop(&save->pass);
	return save_start_pass(save, err);
}
