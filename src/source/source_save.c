/* SPDX-License-Identifier: MIT */
/*
 * Saving: the file as it is now, with our cells put in.
 *
 *   sum     what the file is now, when its times cannot tell
 *   find    where the rows are now, by their keys, when it has changed
 *   write   old bytes and new cells, into a temporary beside the file
 *   check   both parsed side by side: the old content and exactly our changes
 *   commit  the temporary takes the file's place, if the file is still that
 *
 * Each step works for 256 KiB, some milliseconds even for YAML. Hazard: rows
 * keep their numbers only as long as the bytes are those that were loaded; once
 * a save has gone by keys, all later ones do.
 */
#include "source/source.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "source/source_pass.h"
#include "source/source_private.h"

enum { SLICE = 256 * 1024, COPY = 64 * 1024 };

enum phase { SUM, FIND, WRITE, CHECK, COMMIT, DONE };

/* A change and where it goes. */
struct item {
	struct source_change *change;
	uint32_t row; /* in the file now */
	uint32_t found;
	char *column; /* as the file names it, once applied */
	char *why;
};

struct source_save {
	struct source *source;
	struct item *items; /* by key while finding, then by row */
	size_t count, at;
	source_key key;
	void *context;
	char *backup_dir;
	int fd; /* the file now */
	struct file_identity identity;
	enum phase phase;
	bool by_key;
	const char **added; /* names of columns the file lacks */
	size_t added_count, added_room;
	struct source_pass pass, result;
	struct splice splice;
	struct file_writer *writer; /* from the first edit on */
	uint64_t copied;            /* of the file, into the writer */
	uint64_t bytes_at;          /* where in the file `bytes` are from */
	size_t bytes_len;
	char bytes[COPY];
};

/* ---- start -------------------------------------------------------------- */

static int
by_key(const void *a, const void *b)
{
	const struct item *x = a, *y = b;
	const char *p = x->change->key, *q = y->change->key;

	if (!p || !q)
		return (p != NULL) - (q != NULL);
	return strcmp(p, q);
}

static int
by_row(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	if (x->row != y->row)
		return x->row < y->row ? -1 : 1;
	return (x->change > y->change) - (x->change < y->change);
}

static void
refuse(struct item *item, const char *why)
{
	free(item->why);
	item->why = mem_strdup(why);
	item->change->outcome = SOURCE_REFUSED;
	item->change->why = item->why;
}

static void
take_changes(
    struct source_save *save, struct source_change *changes, size_t count)
{
	save->items = mem_zalloc(count * sizeof(*save->items));
	save->count = count;
	for (size_t i = 0; i < count; i++) {
		changes[i].outcome = SOURCE_VANISHED;
		changes[i].why = NULL;
		save->items[i].change = &changes[i];
		save->items[i].row = changes[i].row < records_count(
							  save->source->records)
					 ? changes[i].row
					 : RECORDS_NONE;
	}
}

/* The times alone tell that the file is what was loaded. */
static bool
vouched(const struct source *source)
{
	struct file_identity identity = source->identity;

	identity.has_digest = false;
	return !source->moved && file_unchanged(source->real, &identity);
}

struct source_save *
source_save_start(struct source *source, struct source_change *changes,
    size_t count, source_key key, void *context, const char *backup_dir,
    struct err *err)
{
	struct source_save *save;
	int fd;
	struct file_identity identity;

	if (!source->loaded) {
		err_set(err, ERR_IO,
		    "%s: not saved, since it could not be read whole",
		    source->path);
		return NULL;
	}
	if (!source_writable(source, err))
		return NULL;
	fd = file_open_regular(source->real, &identity, err);
	if (fd < 0)
		return NULL;
	save = mem_zalloc(sizeof(*save));
	save->source = source;
	save->fd = fd;
	save->identity = identity;
	save->key = key;
	save->context = context;
	save->backup_dir = backup_dir ? mem_strdup(backup_dir) : NULL;
	splice_init(&save->splice);
	take_changes(save, changes, count);
	file_remove_stale(source->real);
	save->phase = SUM;
	if (count == 0)
		save->phase = DONE;
	else if (vouched(source) && !source_is_racy(&identity))
		save->phase = WRITE;
	else
		input_init(&save->pass.input, fd, false, 0);
	if (save->phase == SUM)
		input_start_digest(&save->pass.input);
	return save;
}

void
source_save_end(struct source_save *save)
{
	if (!save)
		return;
	if (save->phase == SUM)
		input_release(&save->pass.input);
	source_pass_stop(&save->pass);
	source_pass_stop(&save->result);
	file_writer_abort(save->writer);
	splice_release(&save->splice);
	for (size_t i = 0; i < save->count; i++) {
		free(save->items[i].column);
		free(save->items[i].why);
	}
	free(save->items);
	free(save->added);
	free(save->backup_dir);
	close(save->fd);
	free(save);
}

static bool
start_pass(
    struct source_save *save, struct source_pass *pass, int fd, struct err *err)
{
	return source_pass_start(
	    pass, save->source->format, fd, save->source->path, err);
}

/* ---- sum ---------------------------------------------------------------- */

static bool
end_sum(struct source_save *save, struct err *err)
{
	const struct file_identity *known = &save->source->identity;

	input_end_digest(&save->pass.input, save->identity.digest);
	input_release(&save->pass.input);
	save->identity.has_digest = true;
	save->by_key = save->source->moved || !known->has_digest ||
		       !crypto_equal(known->digest, save->identity.digest,
			   CRYPTO_DIGEST_SIZE);
	save->phase = WRITE;
	if (!save->by_key)
		return true;
	save->phase = FIND;
	for (size_t i = 0; i < save->count; i++)
		save->items[i].row = RECORDS_NONE;
	qsort(save->items, save->count, sizeof(*save->items), by_key);
	return start_pass(save, &save->pass, save->fd, err);
}

static bool
step_sum(struct source_save *save, struct err *err)
{
	struct input *input = &save->pass.input;
	uint64_t until = input_position(input) + SLICE;

	while (!input->ended && input_position(input) < until)
		if (!input_more(input, input->len, err))
			return err_prefix(err, "%s: not saved: as it is now",
			    save->source->path);
	return !input->ended || end_sum(save, err);
}

/* ---- find --------------------------------------------------------------- */

/* The first item with this key, or `count`. */
static size_t
find_key(const struct source_save *save, const char *key)
{
	size_t low = 0, high = save->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const char *at = save->items[middle].change->key;

		if (!at || strcmp(at, key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void
find_row(struct source_save *save)
{
	const char *key = save->key(save->context, save->pass.records, 0);

	if (!key)
		return;
	for (size_t i = find_key(save, key);
	     i < save->count && strcmp(save->items[i].change->key, key) == 0;
	     i++) {
		save->items[i].row = save->pass.row;
		save->items[i].found++;
	}
}

static void
end_find(struct source_save *save)
{
	for (size_t i = 0; i < save->count; i++) {
		if (save->items[i].found < 2)
			continue;
		save->items[i].row = RECORDS_NONE;
		refuse(
		    &save->items[i], "two rows of the file have this ID now");
	}
}

/* ---- write -------------------------------------------------------------- */

static bool
is_among(const char *const *names, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (str_equal_fold(names[i], name))
			return true;
	return false;
}

/* Whether the file has the column, or gets it. */
static bool
has_column(const struct source_save *save, const char *name)
{
	const struct source *source = save->source;

	if (is_among(save->added, save->added_count, name))
		return true;
	if (save->by_key)
		return records_find_column(save->pass.records, name) !=
		       RECORDS_NONE;
	return records_find_column(source->records, name) != RECORDS_NONE ||
	       is_among((const char *const *)source->extra, source->extra_count,
		   name);
}

/* Which columns the file lacks; the finding pass has seen all of it. */
static void
note_added(struct source_save *save)
{
	for (size_t i = 0; i < save->count; i++) {
		const struct item *item = &save->items[i];
		const char *name = item->change->column;

		if (item->row == RECORDS_NONE || !*item->change->after ||
		    has_column(save, name))
			continue;
		save->added = mem_grow(save->added, &save->added_room,
		    save->added_count + 1, sizeof(*save->added));
		save->added[save->added_count++] = name;
	}
}

static bool
start_write(struct source_save *save, struct err *err)
{
	note_added(save);
	source_pass_stop(&save->pass);
	qsort(save->items, save->count, sizeof(*save->items), by_row);
	save->at = 0;
	return start_pass(save, &save->pass, save->fd, err);
}

/* Has bytes of the old file from `copied` on at hand; how many, 0: none. */
static size_t
fetch(struct source_save *save)
{
	uint64_t end = save->bytes_at + save->bytes_len;
	ssize_t got;

	if (save->copied >= save->bytes_at && save->copied < end)
		return (size_t)(end - save->copied);
	got = pread(save->fd, save->bytes, COPY, (off_t)save->copied);
	save->bytes_at = save->copied;
	save->bytes_len = got > 0 ? (size_t)got : 0;
	return save->bytes_len;
}

/* Bytes of the old file up to there, as they are. */
static bool
copy_until(struct source_save *save, uint64_t until, struct err *err)
{
	while (save->copied < until) {
		size_t len = fetch(save);

		if (len == 0)
			return err_set(err, ERR_IO,
			    "%s: not saved: the file changed meanwhile",
			    save->source->path);
		if (len > until - save->copied)
			len = (size_t)(until - save->copied);
		if (!file_writer_add(save->writer,
			save->bytes + (save->copied - save->bytes_at), len,
			err))
			return false;
		save->copied += len;
	}
	return true;
}

static bool
write_edits(struct source_save *save, struct err *err)
{
	struct splice *splice = &save->splice;
	bool good = true;

	if (splice->count > 0 && !save->writer) {
		save->writer = file_writer_open(save->source->real, err);
		good = save->writer != NULL;
	}
	for (size_t i = 0; i < splice->count && good; i++) {
		const struct splice_edit *edit = &splice->edits[i];

		assert(edit->start >= save->copied && edit->end >= edit->start);
		good = copy_until(save, edit->start, err) &&
		       file_writer_add(save->writer,
			   splice->text.data + edit->text, edit->len, err);
		save->copied = edit->end;
	}
	splice_reset(splice);
	return good;
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

/* The column as the file names it, or the one that will be added. */
static const char *
column_name(const struct source_save *save, const char *name, uint32_t *column)
{
	const struct records *records = save->pass.records;

	*column = RECORDS_NONE;
	for (size_t i = 0; i < save->added_count; i++)
		if (str_equal_fold(save->added[i], name))
			return save->added[i];
	*column = records_find_column(records, name);
	return *column == RECORDS_NONE ? name
				       : records_column_name(records, *column);
}

/* Decides on the changes of one record; how many are left for the format. */
static size_t
plan_record(struct source_save *save, struct item *items, size_t count,
    struct splice_cell *cells)
{
	size_t left = 0;

	for (size_t i = 0; i < count; i++) {
		struct source_change *change = items[i].change;
		uint32_t column;
		const char *name = column_name(save, change->column, &column);

		change->outcome = decide(
		    change, column == RECORDS_NONE
				? NULL
				: records_cell(save->pass.records, 0, column));
		if (change->outcome != SOURCE_APPLIED)
			continue;
		for (size_t k = 0; k < i; k++)
			if (items[k].column &&
			    strcmp(items[k].column, name) == 0)
				refuse(&items[i], "the cell is changed twice");
		if (change->outcome != SOURCE_APPLIED)
			continue;
		items[i].column = mem_strdup(name);
		cells[left++] = (struct splice_cell){
		    .column = items[i].column, .text = change->after};
	}
	return left;
}

static bool
write_record(struct source_save *save, struct err *err)
{
	struct item *items = save->items + save->at;
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
	save->source->format->splice(save->pass.reader, &job, &save->splice);
	for (size_t i = 0, cell = 0; i < count; i++) {
		if (items[i].change->outcome != SOURCE_APPLIED)
			continue;
		if (job.cells[cell].why[0])
			refuse(&items[i], job.cells[cell].why);
		cell++;
	}
	free(job.cells);
	return write_edits(save, err);
}

static bool
write_header(struct source_save *save, struct err *err)
{
	struct splice_job job = {
	    .added = save->added,
	    .added_count = save->added_count,
	};

	save->source->format->splice(save->pass.reader, &job, &save->splice);
	return write_edits(save, err);
}

static bool
end_write(struct source_save *save, struct err *err)
{
	source_pass_stop(&save->pass);
	save->at = 0;
	if (!save->writer) {
		save->phase = DONE;
		return true;
	}
	save->phase = CHECK;
	return copy_until(save, (uint64_t)save->identity.size, err) &&
	       start_pass(save, &save->pass, save->fd, err) &&
	       start_pass(
		   save, &save->result, file_writer_fd(save->writer), err);
}

/* ---- check -------------------------------------------------------------- */

/* What the new file must have in a column of the present record. */
static const char *
expected(const struct source_save *save, size_t first, const char *column,
    uint32_t guess)
{
	for (size_t i = first; i < save->count; i++) {
		const struct item *item = &save->items[i];

		if (item->row != save->pass.row)
			break;
		if (item->change->outcome == SOURCE_APPLIED &&
		    strcmp(item->column, column) == 0)
			return item->change->after;
	}
	return source_pass_cell(&save->pass, column, guess);
}

static bool
check_record(struct source_save *save)
{
	const struct records *old = save->pass.records;
	const struct records *new = save->result.records;
	size_t first = save->at;
	const char *name;

	for (uint32_t i = 0; i < records_column_count(new); i++) {
		name = records_column_name(new, i);
		if (!source_same_text(records_cell(new, 0, i),
			expected(save, first, name, i)))
			return false;
	}
	for (uint32_t i = 0; i < records_column_count(old); i++) {
		name = records_column_name(old, i);
		if (!source_same_text(source_pass_cell(&save->result, name, i),
			expected(save, first, name, i)))
			return false;
	}
	while (save->at < save->count &&
	       save->items[save->at].row == save->pass.row)
		save->at++;
	return true;
}

static bool
check_outside(const struct source_save *save)
{
	const struct source_format *format = save->source->format;

	return !format->outside || format->outside(save->pass.reader) ==
				       format->outside(save->result.reader);
}

static bool
step_check(struct source_save *save, uint64_t until, struct err *err)
{
	enum source_unit unit, other;

	while (input_position(&save->pass.input) < until) {
		unit = source_pass_record(&save->pass, err);
		if (unit == SOURCE_UNIT_FAILED)
			return false;
		other = source_pass_record(&save->result, err);
		if (other == SOURCE_UNIT_FAILED)
			return err_prefix(
			    err, "not saved: the result would not be readable");
		if (unit != other ||
		    (unit == SOURCE_UNIT_RECORD && !check_record(save)) ||
		    (unit == SOURCE_UNIT_END && !check_outside(save)))
			return err_set(err, ERR_DATA,
			    "%s: not saved: row %u would not come out as it "
			    "should",
			    save->source->path, save->pass.row + 1);
		if (unit == SOURCE_UNIT_END) {
			save->phase = COMMIT;
			return true;
		}
	}
	return true;
}

/* ---- steps -------------------------------------------------------------- */

static bool
step_pass(struct source_save *save, struct err *err)
{
	uint64_t until;

	if (save->phase == WRITE && !save->pass.format &&
	    !start_write(save, err))
		return false;
	until = input_position(&save->pass.input) + SLICE;
	if (save->phase == CHECK)
		return step_check(save, until, err);
	while (input_position(&save->pass.input) < until) {
		bool good = true;

		switch (source_pass_next(&save->pass, err)) {
		case SOURCE_UNIT_FAILED:
			return err_prefix(err, "not saved: as it is now");
		case SOURCE_UNIT_HEADER:
			if (save->phase == WRITE)
				good = write_header(save, err);
			break;
		case SOURCE_UNIT_RECORD:
			if (save->phase == WRITE)
				good = write_record(save, err);
			else
				find_row(save);
			break;
		case SOURCE_UNIT_END:
			if (save->phase == WRITE)
				return end_write(save, err);
			end_find(save);
			save->phase = WRITE;
			return start_write(save, err);
		}
		if (!good)
			return false;
	}
	return true;
}

static bool
commit(struct source_save *save, struct err *err)
{
	struct source *source = save->source;
	struct file_writer *writer = save->writer;
	struct file_identity now;

	source_pass_stop(&save->pass);
	source_pass_stop(&save->result);
	save->writer = NULL;
	if (!file_writer_commit(
		writer, save->backup_dir, &save->identity, &now, err))
		return false;
	source->identity = now;
	source->moved = save->by_key;
	for (size_t i = 0; i < save->added_count; i++) {
		source->extra = mem_grow(source->extra, &source->extra_room,
		    source->extra_count + 1, sizeof(*source->extra));
		source->extra[source->extra_count++] = mem_strdup(
		    save->added[i]);
	}
	save->phase = DONE;
	return true;
}

enum source_progress
source_save_step(struct source_save *save, struct err *err)
{
	bool good = true;

	switch (save->phase) {
	case SUM: good = step_sum(save, err); break;
	case FIND:
	case WRITE:
	case CHECK: good = step_pass(save, err); break;
	case COMMIT: good = commit(save, err); break;
	case DONE: break;
	}
	if (!good)
		return SOURCE_FAILED;
	return save->phase == DONE ? SOURCE_DONE : SOURCE_MORE;
}
