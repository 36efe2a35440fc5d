/* SPDX-License-Identifier: MIT */
/*
 * The life of a task: taken from the queue with its row as it is then, waiting
 * without its work area, woken with the row as it is then, finished or given
 * up.
 *
 * Hazard: finishing frees the task; callers return at once.
 */
#include "sync/task.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/defence.h"
#include "base/mem.h"
#include "base/str.h"
#include "book/config.h"
#include "sync/audit.h"
#include "sync/lists.h"

int64_t
task_now(const struct task *task)
{
	return clock_monotonic(task->run->parts.clock);
}

void
task_show(struct task *task, enum status status)
{
	struct run *run = task->run;
	struct sync_event event = {.kind = SYNC_ROW,
	    .row = task->row,
	    .status = status,
	    .verb = task->verb,
	    .requests = task->requests};

	if (board_status(run->parts.board, task->row) == status)
		return;
	board_hold(run->parts.board, task->row, status);
	events_push(run->parts.events, &event, false);
}

static void
list_add(
    struct task ***list, size_t *count, size_t *capacity, struct task *task)
{
	*list = mem_grow(*list, capacity, *count + 1, sizeof(struct task *));
	task->index = *count;
	(*list)[(*count)++] = task;
}

static void
list_remove(struct task **list, size_t *count, struct task *task)
{
	struct task *last = list[--*count];

	list[task->index] = last;
	last->index = task->index;
}

static void
give_work_back(struct task *task)
{
	struct run *run = task->run;

	task->work->next = run->free_works;
	run->free_works = task->work;
	task->work = NULL;
	list_remove(run->active, &run->active_count, task);
}

/* A work area with the row as it is now. */
static void
take_work(struct task *task)
{
	struct run *run = task->run;
	struct work *work = run->free_works;

	if (work) {
		run->free_works = work->next;
	} else {
		work = mem_zalloc(sizeof(*work));
		board_row_init(&work->row);
	}
	task->work = work;
	list_add(&run->active, &run->active_count, &run->active_capacity, task);
	board_read(run->parts.board, task->row, &task->terms, &work->row);
	ledger_load(run->parts.ledger, work->row.external_id, &work->entry);
}

void
task_free(struct task *task)
{
	struct run *run = task->run;

	if (task->work)
		give_work_back(task);
	else
		list_remove(run->waiting, &run->waiting_count, task);
	list_ask_release(task);
	free(task->external_id);
	free(task);
}

static void
count_done(struct run *run, enum plan_verb verb, bool failed)
{
	struct sync_progress *progress = &run->progress;

	progress->done++;
	if (failed)
		progress->failed++;
	else if (verb == PLAN_CREATE)
		progress->created++;
	else if (verb == PLAN_UPDATE)
		progress->updated++;
	else if (verb == PLAN_NONE)
		progress->unchanged++;
	else if (verb == PLAN_BLOCKED)
		progress->blocked++;
	else if (verb == PLAN_REVIEW)
		progress->review++;
	else
		run->left_waiting++;
}

static void
describe(struct task *task, struct sync_event *event)
{
	struct run *run = task->run;
	const struct trouble *trouble = board_trouble(
	    run->parts.board, task->row);

	if (trouble) {
		str_copy(event->code, sizeof(event->code), trouble->code);
		str_copy(
		    event->message, sizeof(event->message), trouble->message);
	} else if (event->status == STATUS_WAITING) {
		str_copy(event->code, sizeof(event->code), "unknown");
		str_copy(event->message, sizeof(event->message),
		    "the answer to its creation was lost; the next sync looks "
		    "it up before anything is sent");
	} else if (event->verb == PLAN_WAIT &&
		   task_nobody_new_until(run) != INT64_MIN) {
		str_copy(event->code, sizeof(event->code), "ledger-new");
		str_copy(event->message, sizeof(event->message),
		    "not created yet, since belay's ledger may have forgotten "
		    "it; the next sync looks it up and goes on");
	} else if (task->work) {
		str_copy(
		    event->code, sizeof(event->code), task->work->entry.code);
		str_copy(event->message, sizeof(event->message),
		    task->work->entry.message);
	}
}

/* For the history, on disk with the result, and for the audit. */
static void
record(const struct task *task, const struct sync_event *event)
{
	struct run *run = task->run;
	const struct work *work = task->work;
	const char *id = work ? work->row.external_id : task->external_id;
	struct ledger_run_row row = {.http = event->http,
	    .requests = event->requests,
	    .fields = task->fields,
	    .at_ms = clock_wall(run->parts.clock)};

	str_copy(row.external_id, sizeof(row.external_id), id ? id : "");
	str_copy(row.verb, sizeof(row.verb), plan_verb_word(event->verb));
	str_copy(
	    row.status, sizeof(row.status), status_table[event->status].word);
	if (work)
		str_copy(row.healthsherpa_id, sizeof(row.healthsherpa_id),
		    work->entry.healthsherpa_id);
	str_copy(row.code, sizeof(row.code), event->code);
	str_copy(row.message, sizeof(row.message), event->message);
	ledger_store_run_row(run->parts.ledger, run->record.number, &row);
	audit_add(run->parts.audit,
	    &(struct audit_event){.action = row.verb,
		.external_id = row.external_id,
		.healthsherpa_id = row.healthsherpa_id,
		.outcome = row.status,
		.code = row.code,
		.payload = work ? work->row.print.whole : 0,
		.agent = work ? work->row.values.text[FIELD_AGENT_EMAIL]
			      : NULL});
}

/* Only for those who look on: what is kept does not hold them. */
static void
name_items(const struct task *task, struct sync_event *event)
{
	const struct work *work = task->work;

	if (work && event->status == STATUS_PARTIAL)
		lists_name_items(event->message, sizeof(event->message),
		    &work->entry.accepted, &work->row.print, &work->row.values);
}

void
task_finish(struct task *task, enum plan_verb verb, bool failed)
{
	struct run *run = task->run;
	struct sync_event event = {.kind = SYNC_FINISHED_ROW,
	    .row = task->row,
	    .verb = verb,
	    .http = task->http,
	    .requests = task->requests};

	assert(!task->in_flight);
	if (ledger_failed(run->parts.ledger) && !failed) {
		struct trouble why = {.code = "ledger",
		    .message = "its result could not be recorded; it is "
			       "looked up at the next sync"};

		board_set_trouble(run->parts.board, task->row, &why);
		failed = true;
	}
	count_done(run, verb, failed);
	board_release(run->parts.board, task->row);
	event.status = board_status(run->parts.board, task->row);
	if (event.status == STATUS_PARTIAL)
		run->progress.partial++;
	describe(task, &event);
	record(task, &event);
	name_items(task, &event);
	events_push(
	    run->parts.events, &event, ledger_staged(run->parts.ledger) > 0);
	task_free(task);
}

void
task_wait(struct task *task, int64_t not_before)
{
	struct run *run = task->run;

	free(task->external_id);
	task->external_id = mem_strdup(task->work->row.external_id);
	give_work_back(task);
	task->step = STEP_WAIT;
	task->not_before = not_before;
	list_add(
	    &run->waiting, &run->waiting_count, &run->waiting_capacity, task);
	task_show(task, STATUS_WAITING);
}

void
task_go(struct task *task, enum step step)
{
	task->step = step;
	task->tries = task->outage_tries = 0;
	task->not_before = 0;
}

void
task_go_after_commit(struct task *task, enum step then)
{
	task_go(task, DEFENDED(JOURNAL) ? STEP_COMMIT : then);
	task->then = then;
	task->commit = task->run->commits + 1;
}

/* Takes back what was staged for a call that surely had no effect. */
static void
undo(struct task *task)
{
	enum step step = task->step == STEP_COMMIT ? task->then : task->step;

	if (step == STEP_CREATE)
		mark_withdrawn(task);
	else if (step == STEP_UPDATE && task->with_notes)
		mark_note_back(task);
	if (step == STEP_UPDATE && task->unsure)
		mark_update_unsure(task);
}

void
task_cut(struct task *task)
{
	if (task->step == STEP_UPDATE)
		mark_update_unsure(task);
	task_free(task);
}

bool
task_in_doubt(const struct task *task)
{
	return task->step == STEP_LOOKUP || task->step == STEP_WAIT;
}

void
task_give_up(struct task *task, const struct trouble *trouble)
{
	struct trouble kept = *trouble;

	if (task_in_doubt(task)) {
		task_finish(task, PLAN_WAIT, false);
		return;
	}
	kept.whole = task->work ? task->work->row.print.whole : 0;
	undo(task);
	board_set_trouble(task->run->parts.board, task->row, &kept);
	task_finish(task, task->verb, true);
}

void
task_abandon(struct task *task)
{
	struct run *run = task->run;
	uint32_t row = task->row;

	if (task_in_doubt(task)) {
		task_finish(task, PLAN_WAIT, false);
		return;
	}
	undo(task);
	task_free(task);
	board_release(run->parts.board, row);
}

/* ---- begin and wake ------------------------------------------------- */

int64_t
task_nobody_new_until(const struct run *run)
{
	return ledger_rebuilt_until(run->parts.ledger, run->parts.opened_ms,
	    DEFENDED(WAIT) ? run->config->settle_ms : 0);
}

/* Until when a create of an earlier process may still take effect. */
static int64_t
doubt_ends(const struct run *run, const struct ledger_entry *entry)
{
	int64_t now = clock_monotonic(run->parts.clock);
	int64_t settle = DEFENDED(WAIT) ? run->config->settle_ms : 0;
	int64_t until = task_nobody_new_until(run);
	bool same = *entry->boot_id &&
		    strcmp(entry->boot_id, clock_boot_id()) == 0;

	/* another boot, or a clock that makes no sense: the full time */
	if (!same || entry->sent_at > now + 2000)
		return run->parts.opened_ms + settle;
	/* nor may this attempt be the last one that there was */
	return entry->sent_at + settle > until ? entry->sent_at + settle
					       : until;
}

/*
 * An ID that only the file knows is taken for true, unless it cannot be one:
 * in the ledger it would outlive its correction in the file.
 */
static void
begin_update(struct task *task)
{
	struct work *work = task->work;
	struct trouble why = {.code = "bad-id",
	    .message = "the HealthSherpa ID in the file cannot be one; correct "
		       "or empty it there"};

	if (work->entry.state != STATE_LINKED) {
		if (!remote_id_valid(work->row.file_id)) {
			task_give_up(task, &why);
			return;
		}
		mark_linked(
		    task, EVENT_FILE_ID, work->row.file_id, NULL, false);
	}
	answer_update(task);
}

static void
begin(struct task *task)
{
	struct work *work = task->work;

	task->verb = work->row.stand.verb;
	switch (work->row.stand.verb) {
	case PLAN_CREATE:
		mark_anew(task);
		search_probe(task);
		break;
	case PLAN_UPDATE: begin_update(task); break;
	case PLAN_WAIT:
		task_wait(task, doubt_ends(task->run, &work->entry));
		break;
	default: task_finish(task, work->row.stand.verb, false); break;
	}
}

void
task_take(struct run *run, const struct queued *next)
{
	struct task *task;

	/* on disk no later than its INTENT, which is staged after it */
	if (!people_mint(run->parts.people, next->row)) {
		board_release(run->parts.board, next->row);
		run_stop(run);
		return;
	}
	task = mem_zalloc(sizeof(*task));
	task->run = run;
	task->row = next->row;
	task->terms = next->terms;
	board_clear_trouble(run->parts.board, next->row);
	take_work(task);
	begin(task);
}

void
task_wake(struct task *task)
{
	struct run *run = task->run;

	list_remove(run->waiting, &run->waiting_count, task);
	take_work(task);
	/* the row was edited into another person, or decided meanwhile */
	if (strcmp(task->external_id, task->work->row.external_id) != 0)
		task_finish(task, PLAN_WAIT, false);
	else if (task->work->entry.state == STATE_INTENT)
		search_lookup(task);
	else if (task->work->row.stand.verb == PLAN_CREATE)
		begin(task); /* it was not to be created yet */
	else
		task_finish(task, PLAN_WAIT, false);
}
