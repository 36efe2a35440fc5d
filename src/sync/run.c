/* SPDX-License-Identifier: MIT */
/*
 * The turn of the loop: take answers, wake tasks that have waited enough, take
 * new rows, send what the pace allows, commit when it is worth it.
 *
 * Commits are grouped: 64 changes or 50 ms, or earlier when there is room to
 * send and nothing can be sent before the commit.
 *
 * Hazards: answers come from inside partner_step(), so tasks are only thrown
 * away after it. A row belongs to at most one task (board_held()).
 */
#include "sync/run.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/defence.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "book/book.h"
#include "book/config.h"
#include "sync/audit.h"
#include "sync/stop.h"
#include "sync/task.h"

enum {
	GROUP_ROWS = 64,
	GROUP_MS = 50,
	TURN_ROWS = 64, /* taken or let go per turn, so that keys stay quick */
	TURN_CALLS = 8, /* begun per turn: each may be a TLS handshake */
	BREAKER_MS = 30 * 1000,
};

struct run *
run_new(const struct run_parts *parts)
{
	const struct config *config = book_config(parts->book);
	struct run *run = mem_zalloc(sizeof(*run));
	struct pace_options options = {
	    .rate_count = config->rate_count,
	    .rate_ms = config->rate_ms,
	    .burst = config->burst > 0 ? config->burst : 1,
	    .concurrency = config->concurrency,
	    /* the settle time is the user's word on how slow things are */
	    .breaker_ms = config->settle_ms / 4 < BREAKER_MS
			      ? config->settle_ms / 4
			      : BREAKER_MS,
	};

	run->parts = *parts;
	run->config = config;
	crypto_random(&options.seed, sizeof(options.seed));
	options.seed |= 1;
	pace_init(&run->pace, &options, clock_monotonic(parts->clock));
	return run;
}

static int64_t
now_of(const struct run *run)
{
	return clock_monotonic(run->parts.clock);
}

/* ---- events --------------------------------------------------------- */

void
run_notice(struct run *run, const char *format, ...)
{
	struct sync_event event = {
	    .kind = SYNC_NOTICE, .row = SYNC_NO_ROW, .status = STATUS_COUNT};
	va_list args;

	va_start(args, format);
	vsnprintf(event.message, sizeof(event.message), format, args);
	va_end(args);
	str_copy(
	    run->progress.notice, sizeof(run->progress.notice), event.message);
	run->hold_told = pace_held_until(&run->pace, now_of(run)) > 0;
	events_push(run->parts.events, &event, false);
}

/* ---- taking rows ---------------------------------------------------- */

bool
run_has_room(const struct run *run)
{
	return run->active_count < 2 * (size_t)run->config->concurrency;
}

static void
take_rows(struct run *run)
{
	for (int i = 0; i < TURN_ROWS && run_has_room(run) &&
			run->queue_head < run->queue_count;
	     i++) {
		struct queued next = run->queue[run->queue_head++];

		task_take(run, &next);
	}
}

static void
wake_rows(struct run *run)
{
	int64_t now = now_of(run);

	for (size_t i = run->waiting_count; i-- > 0 && run_has_room(run);)
		if (run->waiting[i]->not_before <= now)
			task_wake(run->waiting[i]);
}

void
run_add(struct run *run, uint32_t row, const struct board_terms *terms)
{
	if (board_held(run->parts.board, row))
		return;
	if (run->queue_head == run->queue_count)
		run->queue_head = run->queue_count = 0;
	run->queue = mem_grow(run->queue, &run->queue_capacity,
	    run->queue_count + 1, sizeof(*run->queue));
	run->queue[run->queue_count++] = (struct queued){row, *terms};
	run->progress.total++;
	board_hold(run->parts.board, row, STATUS_QUEUED);
}

/* Lets go of what has not begun or is not in flight, some at a time. */
static void
let_go(struct run *run)
{
	for (size_t i = run->active_count; i-- > 0;)
		if (!run->active[i]->in_flight)
			task_abandon(run->active[i]);
	for (size_t i = run->waiting_count; i-- > 0;)
		task_abandon(run->waiting[i]);
	for (int i = 0; i < TURN_ROWS && run->queue_head < run->queue_count;
	     i++)
		board_release(
		    run->parts.board, run->queue[run->queue_head++].row);
}

/* ---- sending -------------------------------------------------------- */

static bool
sendable(const struct task *task, int64_t now)
{
	return !task->in_flight && task->step != STEP_COMMIT &&
	       task->step != STEP_HOLD && task->not_before <= now;
}

/* A lost answer to it is a doubt, and not only one more try. */
static bool
sent_once(const struct task *task)
{
	return task->step == STEP_CREATE ||
	       (task->step == STEP_UPDATE && task->with_notes);
}

/*
 * What was begun is ended before something new is begun. But what is let
 * through while the service is down is rather something that can be repeated,
 * and each time another row: it may be the row. Those that have failed often
 * come last, even behind a create.
 */
static bool
goes_first(const struct run *run, const struct task *a, const struct task *b)
{
	bool spent = a->outage_tries >= OUTAGE_TRIES;

	if (!run->pace.open)
		return a->step != STEP_PROBE && b->step == STEP_PROBE;
	if (spent != (b->outage_tries >= OUTAGE_TRIES))
		return !spent;
	if (sent_once(a) != sent_once(b))
		return sent_once(b);
	return a->failed_at < b->failed_at;
}

static struct task *
next_to_send(const struct run *run, int64_t now)
{
	struct task *best = NULL;

	for (size_t i = 0; i < run->active_count; i++) {
		struct task *task = run->active[i];

		if (sendable(task, now) &&
		    (!best || goes_first(run, task, best)))
			best = task;
	}
	return best;
}

static void
update_values(const struct task *task, struct field_values *values)
{
	const struct board_row *row = &task->work->row;

	memset(values, 0, sizeof(*values));
	for (unsigned i = 0; i < FIELD_COUNT; i++)
		if (row->changed[i])
			values->text[i] = row->values.text[i];
	values->text[FIELD_AGENT_EMAIL] = row->values.text[FIELD_AGENT_EMAIL];
	for (unsigned i = 0; i < FIELD_LISTS; i++)
		if (row->changed[FIELD_DRUGS + i] && task->merged[i])
			values->text[FIELD_DRUGS + i] = task->merged[i];
	if (task->work->entry.flags & LEDGER_CLAIM)
		values->text[FIELD_EXTERNAL_ID] =
		    row->values.text[FIELD_EXTERNAL_ID];
}

/* For the history, which keeps no values. */
static void
note_fields(struct task *task, const struct field_values *values)
{
	task->fields = 0;
	for (unsigned i = 0; i < FIELD_COUNT; i++)
		if (values->text[i] && !(field_table[i].flags & FIELD_BESIDE))
			task->fields |= 1u << i;
}

static bool
start_call(struct task *task, struct err *err)
{
	struct run *run = task->run;
	struct partner *partner = run->parts.partner;
	const struct work *work = task->work;
	struct field_values values;

	switch (task->step) {
	case STEP_CREATE:
		task->sent_at = now_of(run);
		note_fields(task, &work->row.values);
		return partner_create(
		    partner, &work->row.values, answer_take, task, err);
	case STEP_UPDATE:
		update_values(task, &values);
		note_fields(task, &values);
		return partner_update(partner, work->entry.healthsherpa_id,
		    &values, answer_take, task, err);
	default:
		return partner_search(partner, task->selector,
		    &work->row.values, task->other_key, answer_take, task, err);
	}
}

static void
count_request(struct run *run, int64_t now)
{
	int64_t slot = now / RATE_SLOT_MS;

	if (slot - run->rate_slot >= RATE_SLOTS)
		memset(run->rate, 0, sizeof(run->rate));
	else
		while (run->rate_slot < slot)
			run->rate[++run->rate_slot % RATE_SLOTS] = 0;
	run->rate_slot = slot;
	run->rate[slot % RATE_SLOTS]++;
}

/* Whether the next one may go: where one call is let through to try whether the
 * service is back, a create whose mark has become too old keeps its turn. */
static bool
send_one(struct task *task)
{
	struct run *run = task->run;
	int64_t now = now_of(run);
	struct err err = ERR_INIT;

	if (task->step == STEP_CREATE && now > task->work->entry.sent_at) {
		run->restamps++;
		mark_intent_again(task);
		task_go_after_commit(task, STEP_CREATE);
		if (!run->pace.open || !DEFENDED(JOURNAL))
			return true;
		run->trial_commit = task->commit;
		return false;
	}
	if (list_ask_again(task, now))
		return true;
	stop_here(run->parts.stop);
	if (!start_call(task, &err)) {
		struct trouble why = {.code = "not-sent"};

		str_copy(why.message, sizeof(why.message), err.text);
		task_give_up(task, &why);
		return true;
	}
	task->trial = pace_take(&run->pace, now);
	count_request(run, now);
	run->in_flight++;
	task->in_flight = true;
	task->requests++;
	task_show(task, task_in_doubt(task) ? STATUS_WAITING : STATUS_SENDING);
	stop_here(run->parts.stop);
	return true;
}

/* Whether the one call that is let through is a create whose mark is not on
 * disk yet: nothing goes before it. */
static bool
trial_waits(const struct run *run)
{
	return run->pace.open &&
	       run->trial_commit > run->commits - run->committing;
}

static void
send_ready(struct run *run)
{
	int64_t now = now_of(run);
	struct task *task;

	if (trial_waits(run))
		return;
	for (int i = 0; i < TURN_CALLS; i++)
		if (run->progress.paused || run->stopping ||
		    pace_delay(&run->pace, run->in_flight, now) > 0 ||
		    (task = next_to_send(run, now)) == NULL || !send_one(task))
			return;
}

/* ---- commits -------------------------------------------------------- */

static void
halt(struct run *run, const char *why)
{
	if (run->halted)
		return;
	run->halted = true;
	run->progress.halted = true;
	events_drop_held(run->parts.events);
	run_notice(run, "%s", why);
	run_stop(run);
}

/* What waited for it goes on. */
static void
committed(struct run *run)
{
	int64_t took = now_of(run) - run->sealed_at;

	stop_here(run->parts.stop);
	/* a slow one is remembered for some quick ones */
	run->commit_ms = took > run->commit_ms / 2 ? took : run->commit_ms / 2;
	run->committing = false;
	events_show(run->parts.events);
	for (size_t i = 0; i < run->active_count; i++) {
		struct task *task = run->active[i];

		if (task->step == STEP_COMMIT && task->commit <= run->commits)
			task_go(task, task->then);
	}
}

/* What is staged belongs to a commit from now on. */
static void
seal_commit(struct run *run)
{
	stop_here(run->parts.stop);
	run->staged_since = 0;
	run->commits++;
	run->sealed_at = now_of(run);
	run->committing = true;
	events_seal(run->parts.events);
}

static bool
commit_failed(struct run *run, const struct err *err)
{
	run->committing = false;
	halt(run, err->text);
	return false;
}

static bool
begin_commit(struct run *run)
{
	struct err err = ERR_INIT;

	seal_commit(run);
	if (!ledger_commit_start(run->parts.ledger, &err))
		return commit_failed(run, &err);
	stop_here(run->parts.stop);
	return true;
}

/* Whether none is under way. */
static bool
end_commit(struct run *run)
{
	struct err err = ERR_INIT;
	bool done;

	if (!run->committing)
		return true;
	if (!ledger_commit_done(run->parts.ledger, &done, &err))
		commit_failed(run, &err);
	else if (done)
		committed(run);
	return !run->committing;
}

bool
run_commit(struct run *run)
{
	struct err err = ERR_INIT;

	seal_commit(run);
	if (!ledger_commit(run->parts.ledger, &err))
		return commit_failed(run, &err);
	committed(run);
	return true;
}

static bool
commit_is_due(struct run *run)
{
	int64_t now = now_of(run);
	bool blocked = false;

	if (!ledger_staged(run->parts.ledger))
		return false;
	if (!run->staged_since)
		run->staged_since = now;
	if (ledger_staged(run->parts.ledger) >= GROUP_ROWS ||
	    now - run->staged_since >= GROUP_MS || run->in_flight == 0)
		return true;
	for (size_t i = 0; i < run->active_count; i++) {
		if (sendable(run->active[i], now))
			return false;
		blocked = blocked || run->active[i]->step == STEP_COMMIT;
	}
	return blocked && pace_delay(&run->pace, run->in_flight, now) == 0;
}

/* ---- the turn ------------------------------------------------------- */

bool
run_begin(struct run *run, struct err *err)
{
	if (run->going_on)
		return true;
	memset(&run->progress, 0, sizeof(run->progress));
	memset(run->rate, 0, sizeof(run->rate));
	run->record = (struct ledger_run){
	    .started_ms = clock_wall(run->parts.clock)};
	run->started_at = run->rate_since = now_of(run);
	run->told_at = run->slowed_since = 0;
	pace_begin(&run->pace, run->started_at);
	run->stopping = run->halted = false;
	run->answered = run->accepted = false;
	memset(run->good, 0, sizeof(run->good));
	memset(run->forbidden, 0, sizeof(run->forbidden));
	run->first_ever = run->config->search_before_create &&
			  ledger_count(run->parts.ledger) == 0;
	run->lost = run->refusals = run->unreachable = run->failed_rows = 0;
	run->left_waiting = 0;
	run->requests_before = partner_requests(run->parts.partner);
	if (!ledger_run_start(run->parts.ledger, &run->record))
		return ledger_commit(run->parts.ledger, err) &&
		       err_set(err, ERR_IO, "the ledger takes no more changes");
	snprintf(run->progress.run, sizeof(run->progress.run), "%lld",
	    (long long)run->record.number);
	run->going_on = true;
	return true;
}

/* While everything is held nothing is being sent; afterwards what was said of
 * it is no longer true. */
static void
show_hold(struct run *run)
{
	enum hold why;

	if (run->stopping)
		return;
	if (!run_held_until(run, &why)) {
		if (run->hold_told && !run->progress.paused)
			*run->progress.notice = '\0';
		run->hold_told = run->hold_told && run->progress.paused;
		return;
	}
	for (size_t i = 0; i < run->active_count; i++)
		if (!run->active[i]->in_flight &&
		    !task_in_doubt(run->active[i]))
			task_show(run->active[i], STATUS_QUEUED);
}

bool
run_rests(const struct run *run)
{
	return run->committing && ledger_clears_up(run->parts.ledger);
}

/* Sends and commits in turn, as long as a commit is done at once. On a disk
 * that is slower than marks stay good this would not end: then the next turn
 * goes on. */
static void
send_and_commit(struct run *run)
{
	unsigned stale = 0;

	do {
		unsigned before = run->restamps;

		send_ready(run);
		stale += run->restamps != before;
		if (run->committing || !commit_is_due(run) ||
		    !begin_commit(run))
			break;
	} while (end_commit(run) && !run->halted && stale < 2);
}

void
run_step(struct run *run)
{
	struct err err = ERR_INIT;

	if (run_rests(run) && !end_commit(run))
		return;
	partner_step(run->parts.partner);
	if (ledger_failed(run->parts.ledger) && !run->halted) {
		ledger_commit(run->parts.ledger, &err);
		halt(run, err.text);
	}
	show_hold(run);
	if (run->stopping) {
		let_go(run);
	} else if (!run->progress.paused) {
		wake_rows(run);
		take_rows(run);
	}
	search_release(run);
	end_commit(run);
	send_and_commit(run);
}

void
run_stop(struct run *run)
{
	run->stopping = true;
	partner_let_go(run->parts.partner);
}

void
run_cancel(struct run *run)
{
	if (!run->going_on)
		return;
	run->progress.cancelling = true;
	run_stop(run);
}

void
run_pause(struct run *run, bool pause)
{
	if (run->progress.paused && !pause) {
		/* nothing was tried meanwhile */
		pace_begin(&run->pace, now_of(run));
		run->slowed_since = 0;
		memset(run->rate, 0, sizeof(run->rate));
		run->rate_since = now_of(run);
	}
	run->progress.paused = pause && run->going_on;
}

bool
run_going_on(const struct run *run)
{
	return run->going_on;
}

bool
run_exhausted(const struct run *run)
{
	return run->going_on && run->active_count == 0 &&
	       run->waiting_count == 0 && run->queue_head == run->queue_count &&
	       ((ledger_staged(run->parts.ledger) == 0 && !run->committing) ||
		   run->halted);
}

bool
run_only_waiting(const struct run *run)
{
	return run->going_on && run->active_count == 0 &&
	       run->waiting_count > 0 && run->queue_head == run->queue_count;
}

static void
forget_old(struct run *run)
{
	const struct config *config = run->config;
	int64_t now = run->record.ended_ms;
	struct err ignored = ERR_INIT;
	unsigned gone;

	ledger_purge(run->parts.ledger, now - config->history_keep_ms, &gone);
	/* what cannot be removed now is at the next run's end */
	audit_purge(
	    run->parts.audit, now - config->audit_keep_ms, &gone, &ignored);
}

void
run_end(struct run *run)
{
	const struct sync_progress *progress = &run->progress;
	struct ledger_run *record = &run->record;
	struct sync_event event = {
	    .kind = SYNC_DONE, .row = SYNC_NO_ROW, .status = STATUS_COUNT};

	record->ended_ms = clock_wall(run->parts.clock);
	str_copy(record->outcome, sizeof(record->outcome),
	    progress->unauthorised || progress->same_refusal ? "refused"
	    : progress->unreachable                          ? "unreachable"
	    : progress->cancelling                           ? "stopped"
							     : "done");
	record->created = progress->created;
	record->updated = progress->updated;
	record->unchanged = progress->unchanged;
	record->blocked = progress->blocked;
	record->failed = progress->failed;
	record->review = progress->review;
	record->waiting = run->left_waiting;
	record->requests = partner_requests(run->parts.partner) -
			   run->requests_before;
	if (!run->halted && ledger_run_end(run->parts.ledger, record)) {
		forget_old(run);
		run_commit(run);
	}
	audit_flush(run->parts.audit);
	run->progress.requests = record->requests;
	run->progress.elapsed_ms = now_of(run) - run->started_at;
	run->going_on = false;
	run->progress.paused = run->progress.cancelling = false;
	events_show(run->parts.events);
	events_push(run->parts.events, &event, false);
}

void
run_free(struct run *run)
{
	struct work *work;

	if (!run)
		return;
	for (size_t i = run->active_count; i-- > 0;) {
		run->active[i]->in_flight ? task_cut(run->active[i])
					  : task_abandon(run->active[i]);
	}
	for (size_t i = run->waiting_count; i-- > 0;)
		task_free(run->waiting[i]);
	while ((work = run->free_works) != NULL) {
		run->free_works = work->next;
		board_row_release(&work->row);
		free(work);
	}
	free(run->active);
	free(run->waiting);
	free(run->queue);
	free(run);
}

/* ---- when it goes on ------------------------------------------------ */

static int64_t
earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t
next_send(struct run *run, int64_t now)
{
	int64_t delay = pace_delay(&run->pace, run->in_flight, now);
	int64_t first = INT64_MAX;

	/* an answer, or the commit, wakes the loop */
	if (delay == INT64_MAX || trial_waits(run))
		return INT64_MAX;
	for (size_t i = 0; i < run->active_count; i++) {
		const struct task *task = run->active[i];

		if (!task->in_flight && task->step != STEP_COMMIT &&
		    task->step != STEP_HOLD)
			first = earlier(first, task->not_before);
	}
	if (first == INT64_MAX)
		return INT64_MAX;
	return first > now + delay ? first : now + delay;
}

int64_t
run_next(struct run *run)
{
	int64_t now = now_of(run), next = INT64_MAX;

	if (!run->going_on || run_rests(run))
		return INT64_MAX;
	if (run->stopping && run->active_count == run->in_flight &&
	    (run->in_flight > 0 || run->committing) &&
	    run->queue_head == run->queue_count)
		return run->staged_since && !run->committing
			   ? run->staged_since + GROUP_MS
			   : INT64_MAX;
	if (run->stopping || run_exhausted(run))
		return now;
	/* while a commit is under way its end wakes the loop */
	if (ledger_staged(run->parts.ledger) && !run->committing) {
		if (!run->staged_since)
			return now;
		next = run->staged_since + GROUP_MS;
	}
	if (run->progress.paused)
		return next;
	if (run_has_room(run) && run->queue_head < run->queue_count)
		return now;
	if (run_has_room(run))
		for (size_t i = 0; i < run->waiting_count; i++)
			next = earlier(next, run->waiting[i]->not_before);
	return earlier(next, next_send(run, now));
}
