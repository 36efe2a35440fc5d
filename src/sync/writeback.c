/* SPDX-License-Identifier: MIT */
/*
 * Hazards: results that come in while a save is going on belong to the next
 * one, so the rows of a save are counted at its start. A file that cannot be
 * saved (read-only, full disk) must not be tried again with every turn of the
 * loop: after a failure only new results or the end of a run lead to another
 * try. The ledger keeps them all the while. A file that cannot take results at
 * all is no failure: it is asked again at the same times.
 */
#include "sync/writeback.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "book/book.h"
#include "book/config.h"
#include "sync/ledger.h"

enum { ENOUGH = 500, REST_MS = 5000, MARKS = 128 };

struct writeback {
	struct book *book;
	struct ledger *ledger;
	const struct clock *clock;
	char *backup_dir;
	uint32_t *rows;
	size_t count, capacity;
	size_t saving; /* rows of the save that is going on; 0: none */
	size_t marked; /* of them; only once they are in the file */
	bool in_file;
	size_t failed_at; /* how many there were when it failed; 0: never */
	int64_t last_put;
	char left_out[320]; /* what the last save could not put in, or "" */
};

struct writeback *
writeback_new(struct book *book, struct ledger *ledger,
    const struct clock *clock, const char *backup_dir)
{
	struct writeback *writeback = mem_zalloc(sizeof(*writeback));

	writeback->book = book;
	writeback->ledger = ledger;
	writeback->clock = clock;
	writeback->backup_dir = mem_strdup(backup_dir);
	return writeback;
}

void
writeback_free(struct writeback *writeback)
{
	if (!writeback)
		return;
	free(writeback->backup_dir);
	free(writeback->rows);
	free(writeback);
}

void
writeback_put(struct writeback *writeback, uint32_t row,
    const struct ledger_entry *entry, const char *file_id)
{
	const struct config *config = book_config(writeback->book);
	struct book_result result = {0};
	struct str time;

	str_init(&time, 64);
	if (config->result_healthsherpa_id &&
	    strcmp(file_id, entry->healthsherpa_id) != 0)
		result.healthsherpa_id = entry->healthsherpa_id;
	if (config->result_quote_url && *entry->quote_url)
		result.quote_url = entry->quote_url;
	if (config->result_synced_at && entry->synced_at) {
		clock_format_time(&time, entry->synced_at);
		result.synced_at = time.data;
	}
	if (result.healthsherpa_id || result.quote_url || result.synced_at) {
		book_put_result(writeback->book, row, &result);
		writeback->rows = mem_grow(writeback->rows,
		    &writeback->capacity, writeback->count + 1,
		    sizeof(*writeback->rows));
		writeback->rows[writeback->count++] = row;
		writeback->last_put = clock_monotonic(writeback->clock);
	}
	str_release(&time);
}

char **
writeback_pending(const struct writeback *writeback, size_t *count)
{
	char **ids = mem_resize(NULL, writeback->count + 1, sizeof(*ids));

	*count = 0;
	for (size_t i = 0; i < writeback->count; i++) {
		const char *id = book_external_id(
		    writeback->book, writeback->rows[i]);

		if (id)
			ids[(*count)++] = mem_strdup(id);
	}
	return ids;
}

bool
writeback_saving(const struct writeback *writeback)
{
	return writeback->saving > 0;
}

int64_t
writeback_due(const struct writeback *writeback)
{
	size_t enough = book_count(writeback->book) / 16;

	if (writeback->saving)
		return 0;
	if (!writeback->count || writeback->count == writeback->failed_at)
		return INT64_MAX;
	if (enough < ENOUGH)
		enough = ENOUGH;
	if (writeback->count >= writeback->failed_at + enough)
		return 0;
	return writeback->last_put + REST_MS;
}

static void
note_left_out(struct writeback *writeback)
{
	const struct book_save_report *report = book_save_report(
	    writeback->book);
	size_t count = report->conflicts + report->vanished + report->refused;

	*writeback->left_out = '\0';
	if (count)
		snprintf(writeback->left_out, sizeof(writeback->left_out),
		    "%zu result%s could not be put into the file: %s; "
		    "the ledger keeps %s",
		    count, count == 1 ? "" : "s", report->first,
		    count == 1 ? "it" : "them");
}

const char *
writeback_left_out(const struct writeback *writeback)
{
	return writeback->left_out;
}

/* The rename is durable: the rows that went in are marked, some at a time. */
static enum writeback_step
mark_saved(struct writeback *writeback)
{
	struct ledger_entry *entry = mem_alloc(sizeof(*entry));
	size_t end = writeback->marked + MARKS;

	if (end > writeback->saving)
		end = writeback->saving;
	for (; writeback->marked < end; writeback->marked++) {
		uint32_t row = writeback->rows[writeback->marked];
		const char *id = book_external_id(writeback->book, row);

		if (!id || !book_result_saved(writeback->book, row))
			continue;
		if (!ledger_load(writeback->ledger, id, entry) ||
		    (entry->flags & LEDGER_WRITTEN_BACK))
			continue;
		entry->flags |= LEDGER_WRITTEN_BACK;
		ledger_store(writeback->ledger, entry);
	}
	free(entry);
	if (end < writeback->saving)
		return WRITEBACK_MORE;
	writeback->count -= writeback->saving;
	memmove(writeback->rows, writeback->rows + writeback->saving,
	    writeback->count * sizeof(*writeback->rows));
	writeback->saving = 0;
	writeback->failed_at = 0;
	return WRITEBACK_SAVED;
}

static enum writeback_step
failed(struct writeback *writeback)
{
	writeback->saving = 0;
	writeback->failed_at = writeback->count;
	return WRITEBACK_FAILED;
}

static enum writeback_step
start(struct writeback *writeback, bool now_due, struct err *err)
{
	struct err sidecar = ERR_INIT;

	if (!writeback->count)
		return WRITEBACK_IDLE;
	if (!now_due &&
	    writeback_due(writeback) > clock_monotonic(writeback->clock))
		return WRITEBACK_IDLE;
	if (!source_writable(book_source(writeback->book), &sidecar)) {
		writeback->failed_at = writeback->count;
		return WRITEBACK_KEPT;
	}
	/* the user's own save is going on: it takes the results along */
	if (book_saving(writeback->book))
		return WRITEBACK_MORE;
	writeback->saving = writeback->count;
	writeback->marked = 0;
	writeback->in_file = false;
	if (!book_save_start(
		writeback->book, false, writeback->backup_dir, err))
		return failed(writeback);
	return WRITEBACK_MORE;
}

enum writeback_step
writeback_step(struct writeback *writeback, bool now_due, struct err *err)
{
	if (!writeback->saving)
		return start(writeback, now_due, err);
	if (writeback->in_file)
		return mark_saved(writeback);
	switch (book_save_step(writeback->book, err)) {
	case SOURCE_MORE: return WRITEBACK_MORE;
	case SOURCE_DONE:
		writeback->in_file = true;
		note_left_out(writeback);
		return mark_saved(writeback);
	default: return failed(writeback);
	}
}
