/* SPDX-License-Identifier: MIT */
/*
 * Entries in order of beginning; `index` finds a row's entry in O(1).
 *
 * Hazard: a row may come again within one run (waited for, then sent): its
 * entry goes on, it does not become a second one.
 */
#include "desk/run_log.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"

struct run_log {
	char run[40];
	struct run_entry *entries;
	size_t count;
	size_t capacity;
	uint32_t *index; /* by row: entry + 1; 0: none */
	size_t rows;     /* elements of index */
};

struct run_log *
run_log_new(void)
{
	return mem_zalloc(sizeof(struct run_log));
}

static void
forget(struct run_log *log)
{
	for (size_t i = 0; i < log->count; i++) {
		free(log->entries[i].code);
		free(log->entries[i].message);
	}
	log->count = 0;
	if (log->rows > 0)
		memset(log->index, 0, log->rows * sizeof(*log->index));
}

void
run_log_free(struct run_log *log)
{
	if (!log)
		return;
	forget(log);
	free(log->entries);
	free(log->index);
	free(log);
}

static struct run_entry *
find(struct run_log *log, uint32_t row)
{
	if (row >= log->rows || log->index[row] == 0)
		return NULL;
	return &log->entries[log->index[row] - 1];
}

static void
put_index(struct run_log *log, uint32_t row, size_t number)
{
	size_t before = log->rows;

	log->index = mem_grow(
	    log->index, &log->rows, (size_t)row + 1, sizeof(*log->index));
	if (log->rows > before)
		memset(&log->index[before], 0,
		    (log->rows - before) * sizeof(*log->index));
	log->index[row] = (uint32_t)number;
}

static struct run_entry *
begin(struct run_log *log, uint32_t row, int64_t now_ms)
{
	struct run_entry *entry;

	log->entries = mem_grow(log->entries, &log->capacity, log->count + 1,
	    sizeof(*log->entries));
	entry = &log->entries[log->count++];
	*entry = (struct run_entry){.row = row, .began_ms = now_ms};
	put_index(log, row, log->count);
	return entry;
}

static void
keep(char **place, const char *text)
{
	free(*place);
	*place = *text ? mem_strdup(text) : NULL;
}

static void
finish(struct run_entry *entry, const struct sync_event *event, int64_t now_ms)
{
	entry->finished = true;
	entry->verb = event->verb;
	entry->http = event->http;
	entry->requests = event->requests;
	entry->took_ms = now_ms - entry->began_ms;
	keep(&entry->code, event->code);
	keep(&entry->message, event->message);
}

void
run_log_add(struct run_log *log, const char *run,
    const struct sync_event *event, int64_t now_ms)
{
	struct run_entry *entry;

	if (strcmp(log->run, run) != 0) {
		forget(log);
		str_copy(log->run, sizeof(log->run), run);
	}
	if (event->kind != SYNC_ROW && event->kind != SYNC_FINISHED_ROW)
		return;
	entry = find(log, event->row);
	if (!entry) {
		/* An edited or queued row has not begun. */
		if (event->kind == SYNC_ROW &&
		    event->status != STATUS_SENDING &&
		    event->status != STATUS_WAITING)
			return;
		entry = begin(log, event->row, now_ms);
	}
	entry->status = event->status;
	if (event->kind == SYNC_FINISHED_ROW)
		finish(entry, event, now_ms);
}

void
run_log_move(struct run_log *log, const uint32_t *rows, size_t count)
{
	size_t kept = 0;

	if (log->rows > 0)
		memset(log->index, 0, log->rows * sizeof(*log->index));
	for (size_t i = 0; i < log->count; i++) {
		struct run_entry entry = log->entries[i];

		entry.row = entry.row < count ? rows[entry.row] : SYNC_NO_ROW;
		if (entry.row == SYNC_NO_ROW) {
			free(entry.code);
			free(entry.message);
			continue;
		}
		log->entries[kept++] = entry;
		put_index(log, entry.row, kept);
	}
	log->count = kept;
}

size_t
run_log_count(const struct run_log *log)
{
	return log->count;
}

const struct run_entry *
run_log_entry(const struct run_log *log, size_t i)
{
	return &log->entries[i];
}

/* Appends ", 2 refused"; the comma only when something stands there. */
static void
count(struct str *out, size_t start, uint32_t number, const char *word)
{
	if (number == 0)
		return;
	if (out->len > start)
		str_add(out, ", ");
	str_addf(out, "%u %s", number, word);
}

void
run_log_sentence(
    const struct sync_progress *progress, const char *retry, struct str *out)
{
	size_t start = out->len;
	uint32_t rest = progress->total > progress->done
			    ? progress->total - progress->done
			    : 0;

	count(out, start, progress->created, "created");
	count(out, start, progress->updated, "updated");
	count(out, start, progress->unchanged,
	    progress->unchanged == 1 ? "was up to date" : "were up to date");
	count(out, start, progress->failed, "not taken by HealthSherpa");
	count(out, start, progress->review, "for you to decide");
	count(out, start, progress->waiting, "still to be looked up");
	count(out, start, progress->blocked, "blocked");
	count(out, start, rest, "not sent");
	if (out->len == start)
		str_add(out, "nothing to send");
	if (progress->halted)
		str_add(out, "; stopped, as belay could not keep its records");
	else if (sync_broken_off(progress))
		str_addf(out, "; %s", progress->stopped);
	if (progress->unsaved)
		str_add(out,
		    "; the results could not be put into the file, belay keeps "
		    "them");
	if (progress->failed > 0 && retry && *retry)
		str_addf(out, "; %s tries %s again", retry,
		    progress->failed == 1 ? "it" : "them");
}
