/* SPDX-License-Identifier: MIT */
#include "sync/history.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "book/book.h"
#include "sync/audit.h"
#include "sync/sync_private.h"

static bool
is_verb(const struct ledger_run_row *row, enum plan_verb verb)
{
	return strcmp(row->verb, plan_verb_word(verb)) == 0;
}

/* As the run itself counts what it is done with. */
static bool
count_row(void *context, const struct ledger_run_row *row)
{
	struct ledger_run *run = context;

	run->requests += row->requests;
	if (strcmp(row->status, status_table[STATUS_FAILED].word) == 0)
		run->failed++;
	else if (is_verb(row, PLAN_CREATE))
		run->created++;
	else if (is_verb(row, PLAN_UPDATE))
		run->updated++;
	else if (is_verb(row, PLAN_NONE))
		run->unchanged++;
	else if (is_verb(row, PLAN_BLOCKED))
		run->blocked++;
	else if (is_verb(row, PLAN_REVIEW))
		run->review++;
	else
		run->waiting++;
	return true;
}

unsigned
history_runs(struct sync *sync, struct ledger_run *out, unsigned most)
{
	unsigned count = ledger_runs(sync->home.ledger, out, most);

	for (unsigned i = 0; i < count; i++) {
		if (out[i].ended_ms)
			continue;
		out[i].requests = 0;
		out[i].created = out[i].updated = out[i].unchanged = 0;
		out[i].blocked = out[i].failed = out[i].review = 0;
		out[i].waiting = 0;
		ledger_run_rows(
		    sync->home.ledger, out[i].number, count_row, &out[i]);
	}
	return count;
}

void
history_rows(struct sync *sync, int64_t run,
    bool (*take)(void *context, const struct ledger_run_row *row),
    void *context)
{
	ledger_run_rows(sync->home.ledger, run, take, context);
}

static int
newest_first(const void *left, const void *right)
{
	const struct ledger_run_row *a = left, *b = right;

	return (a->at_ms < b->at_ms) - (a->at_ms > b->at_ms);
}

unsigned
history_of_contact(
    struct sync *sync, uint32_t row, struct ledger_run_row out[HISTORY_ROWS])
{
	const char *id = book_external_id(sync->book, row);
	unsigned count;

	if (!id)
		return 0;
	count = ledger_contact_rows(
	    sync->home.ledger, id, HISTORY_RUNS, out, HISTORY_RUNS);
	count += ledger_decisions(
	    sync->home.ledger, id, out + count, HISTORY_ROWS - count);
	qsort(out, count, sizeof(*out), newest_first);
	return count;
}

/* In words, behind "the last sync"; NULL: it ended as it should. */
static const char *
cut_how(const struct sync *sync, const struct ledger_run *run)
{
	if (!run->ended_ms)
		return sync->read_only ? NULL : "was cut off";
	if (strcmp(run->outcome, "stopped") == 0)
		return "was stopped";
	if (strcmp(run->outcome, "unreachable") == 0)
		return "did not reach HealthSherpa";
	return NULL;
}

bool
sync_left(struct sync *sync, struct sync_left *out)
{
	uint32_t counts[STATUS_COUNT];
	struct ledger_run last;

	*out = (struct sync_left){0};
	if (sync->run)
		return false;
	board_counts(sync->home.board, counts);
	out->doubts = counts[STATUS_WAITING];
	if (ledger_runs(sync->home.ledger, &last, 1) == 1)
		out->how = cut_how(sync, &last);
	if (out->how)
		out->to_send = counts[STATUS_NEW] + counts[STATUS_CHANGED];
	return out->to_send + out->doubts > 0;
}

bool
history_purge(struct sync *sync, int64_t keep_ms, int64_t keep_audit_ms,
    struct history_purged *out, struct err *err)
{
	int64_t now = clock_wall(sync->clock);

	*out = (struct history_purged){0};
	if (sync->read_only)
		return err_set(err, ERR_HELD,
		    "this book was opened for looking only: another belay is "
		    "working on it");
	if (ledger_purge(sync->home.ledger, now - keep_ms, &out->runs))
		audit_add(
		    sync->audit, &(struct audit_event){.action = "purge"});
	return sync_commit(sync, err) &&
	       audit_purge(sync->audit, now - keep_audit_ms, &out->months, err);
}
