/* SPDX-License-Identifier: MIT */
/*
 * Saving: the file as it is now, with our cells put in.
 *
 *   sum     what the file is now, when its times cannot tell
 *   find    where the rows are now, by their keys, when it has changed
 *   write   old bytes and new cells, into a temporary beside the file
 *   check   both parsed side by side: the old content and exactly our changes;
 *           not when the format has proved each edit by itself
 *   commit  the temporary takes the file's place, if the file is still that;
 *           a thread waits for the disk
 *
 * Each step reads 128 KiB, copies 1 MiB or waits for the thread, which takes
 * two milliseconds.
 * Hazard: rows keep their numbers only as long as the bytes are those that were
 * loaded; once a save has gone by keys, all later ones do.
 */
#include "source/source_save.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/worker.h"
#include "source/records.h"

enum { SLICE = 128 * 1024, COMMIT_MS = 2 };

void
save_refuse(struct save_item *item, const char *why)
{
	free(item->why);
	item->why = mem_strdup(why);
	item->change->outcome = SOURCE_REFUSED;
	item->change->why = item->why;
}

bool
save_start_pass(struct source_save *save, struct err *err)
{
	const struct source *source = save->source;

	if (!source_pass_start(
		&save->pass, source->format, save->fd, source->path, err))
		return false;
	/* another file may be another dialect */
	if (!save->by_key)
		source_pass_follow(&save->pass, source->reader);
	return true;
}

/* ---- start -------------------------------------------------------------- */

static int
by_key(const void *a, const void *b)
{
	const struct save_item *x = a, *y = b;
	const char *p = x->change->key, *q = y->change->key;

	if (!p || !q)
		return (p != NULL) - (q != NULL);
	return strcmp(p, q);
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
			   CRYPTO_SUM_SIZE);
	save->phase = WRITE;
	if (!save->by_key)
		return true;
	save->phase = FIND;
	for (size_t i = 0; i < save->count; i++)
		save->items[i].row = RECORDS_NONE;
	qsort(save->items, save->count, sizeof(*save->items), by_key);
	return save_start_pass(save, err);
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
		save_refuse(
		    &save->items[i], "two rows of the file have this ID now");
	}
}

/* ---- passes ------------------------------------------------------------- */

static bool
step_pass(struct source_save *save, struct err *err)
{
	uint64_t until;

	if (save->phase == WRITE && !save->pass.format &&
	    !save_start_write(save, err))
		return false;
	until = input_position(&save->pass.input) + SLICE;
	if (save->phase == CHECK)
		return save_step_check(save, until, err);
	if (save->splice.count > 0)
		return save_write_on(save, err);
	while (input_position(&save->pass.input) < until &&
	       save->splice.count == 0) {
		bool good = true;

		switch (source_pass_next(&save->pass, err)) {
		case SOURCE_UNIT_FAILED:
			return err_prefix(err, "not saved: as it is now");
		case SOURCE_UNIT_HEADER:
			if (save->phase == WRITE)
				good = save_write_header(save, err);
			break;
		case SOURCE_UNIT_RECORD:
			if (save->phase == WRITE)
				good = save_write_record(save, err);
			else
				find_row(save);
			break;
		case SOURCE_UNIT_END:
			if (save->phase == WRITE)
				return save_copy_rest(save, err);
			end_find(save);
			save->phase = WRITE;
			return save_start_write(save, err);
		}
		if (!good)
			return false;
	}
	return true;
}

/* ---- commit ------------------------------------------------------------- */

/* On the thread, if there is one. */
static void
put_in_place(void *context)
{
	struct save_commit *commit = context;

	commit->good = file_writer_commit(commit->writer, commit->backup_dir,
	    commit->still, &commit->now, &commit->err);
}

static void
start_commit(struct source_save *save)
{
	source_pass_stop(&save->pass);
	source_pass_stop(&save->result);
	save->commit = (struct save_commit){.writer = save->writer,
	    .backup_dir = save->backup_dir,
	    .still = &save->identity};
	save->writer = NULL;
	save->phase = COMMITTING;
	save->worker = worker_new();
	if (save->worker)
		worker_start(save->worker, put_in_place, &save->commit);
	else
		put_in_place(&save->commit);
}

/* The source is what the file is now. */
static bool
end_commit(struct source_save *save, struct err *err)
{
	struct source *source = save->source;

	worker_free(save->worker);
	save->worker = NULL;
	save->phase = DONE;
	if (!save->commit.good) {
		*err = save->commit.err;
		return false;
	}
	source->identity = save->commit.now;
	source->moved = save->by_key;
	for (size_t i = 0; i < save->added_count; i++) {
		source->extra = mem_grow(source->extra, &source->extra_room,
		    source->extra_count + 1, sizeof(*source->extra));
		source->extra[source->extra_count++] = mem_strdup(
		    save->added[i]);
	}
	return true;
}

static bool
step_commit(struct source_save *save, struct err *err)
{
	if (save->worker && !worker_idle(save->worker, COMMIT_MS))
		return true;
	return end_commit(save, err);
}

void
source_save_end(struct source_save *save)
{
	struct err ignored = ERR_INIT;

	if (!save)
		return;
	/* too late to abort */
	if (save->phase == COMMITTING)
		end_commit(save, &ignored);
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

/* ---- steps -------------------------------------------------------------- */

enum source_progress
source_save_step(struct source_save *save, struct err *err)
{
	bool good = true;

	switch (save->phase) {
	case SUM: good = step_sum(save, err); break;
	case FIND:
	case WRITE:
	case CHECK: good = step_pass(save, err); break;
	case REST: good = save_copy_rest(save, err); break;
	case COMMIT: start_commit(save); break;
	case COMMITTING: good = step_commit(save, err); break;
	case DONE: break;
	}
	if (!good)
		return SOURCE_FAILED;
	return save->phase == DONE ? SOURCE_DONE : SOURCE_MORE;
}
