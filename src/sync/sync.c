/* SPDX-License-Identifier: MIT */
/*
 * The one door to sync/: opens what a book needs and lets its parts work in
 * turn. Nothing is decided here; home.c knows where its state is.
 *
 * Order of a run's end: the tasks are done, their results committed, then put
 * into the source, then marked as being there; only then SYNC_DONE is said.
 */
#include "sync/sync.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "book/book.h"
#include "book/config.h"
#include "partner/partner.h"
#include "sync/audit.h"
#include "sync/decide.h"
#include "sync/explain.h"
#include "sync/contact_look.h"
#include "sync/people.h"
#include "sync/plan.h"
#include "sync/run.h"
#include "sync/sync_private.h"
#include "sync/writeback.h"

enum { LOST_ROWS = 64, RECOGNISE_ROWS = 4096 };

/* ---- opening -------------------------------------------------------- */

struct sync *
sync_open(
    struct book *book, const struct sync_options *options, struct err *err)
{
	struct sync *sync = mem_zalloc(sizeof(*sync));
	sync->book = book;
	sync->config = book_config(book);
	sync->environment = sync->config->environment;
	sync->clock = options->clock;
	sync->read_only = options->read_only;
	sync->last.left_ms = -1;
	sync->state_dir = options->state_dir ? mem_strdup(options->state_dir)
					     : NULL;
	board_row_init(&sync->row);
	stop_init(&sync->stop);
	sync->own = shelf_own(sync->state_dir, book);
	sync->backups = file_join(sync->own, "backup");
	if (home_open_first(sync, err)) {
		sync->audit = audit_new(sync->state_dir, sync->config,
		    sync->home.directory, sync->clock);
		return sync;
	}
	sync_free(sync);
	return NULL;
}

const char *
sync_backup_dir(const struct sync *sync)
{
	return sync->backups;
}

void
sync_free(struct sync *sync)
{
	if (!sync)
		return;
	/* first the network, so that no answer comes to what is taken down */
	sync_login_end(sync);
	partner_free(sync->partner);
	contact_look_free(sync->look);
	home_end_run(sync);
	review_forget_decided(sync);
	home_release(&sync->home);
	audit_free(sync->audit);
	board_row_release(&sync->row);
	events_release(&sync->events);
	shelf_older_release(&sync->older);
	free(sync->state_dir);
	free(sync->own);
	free(sync->backups);
	free(sync);
}

bool
sync_read_only(const struct sync *sync)
{
	return sync->read_only;
}

const char *
sync_directory(const struct sync *sync)
{
	return sync->home.directory;
}

/* ---- status --------------------------------------------------------- */

bool
sync_recognise(struct sync *sync, struct err *err)
{
	while (people_work(sync->home.people, RECOGNISE_ROWS, err))
		;
	return err->kind == ERR_NONE;
}

bool
sync_refresh(struct sync *sync, uint32_t rows)
{
	struct err err = ERR_INIT;

	/* who the rows are decides where they stand */
	if (people_work(sync->home.people, rows, &err))
		return true;
	return board_refresh(sync->home.board, rows);
}

void
sync_restart(struct sync *sync)
{
	people_restart(sync->home.people);
	board_restart(sync->home.board);
}

void
sync_row_changed(struct sync *sync, uint32_t row)
{
	people_changed(sync->home.people, row);
	board_clear_trouble(sync->home.board, row);
	board_compute(sync->home.board, row);
}

enum status
sync_status(const struct sync *sync, uint32_t row)
{
	return board_status(sync->home.board, row);
}

enum status
sync_find_status(struct sync *sync, uint32_t row)
{
	if (sync_status(sync, row) == STATUS_COUNT)
		board_compute(sync->home.board, row);
	return sync_status(sync, row);
}

uint32_t
sync_lists_open(const struct sync *sync)
{
	return board_lists_open(sync->home.board);
}

bool
sync_has_lists_open(const struct sync *sync, uint32_t row)
{
	return board_has_lists_open(sync->home.board, row);
}

void
sync_counts(const struct sync *sync, uint32_t counts[STATUS_COUNT])
{
	board_counts(sync->home.board, counts);
}

uint32_t
sync_strangers(const struct sync *sync)
{
	return home_has_strangers(sync) ? board_strange(sync->home.board) : 0;
}

/* Says what was just read into sync->row. */
static void
explain_seen(struct sync *sync, uint32_t row, struct row_status *out)
{
	struct board_row *seen = &sync->row;
	struct ledger_entry *entry = &sync->entry;
	struct explain explain = {.row = seen, .entry = entry};

	memset(out, 0, sizeof(*out));
	explain.asked = people_asked(sync->home.people, row);
	ledger_load(sync->home.ledger,
	    explain.asked ? explain.asked->external_id : seen->external_id,
	    entry);
	out->status = board_status(sync->home.board, row);
	if (out->status == STATUS_COUNT) {
		board_note(sync->home.board, row, seen);
		out->status = board_status(sync->home.board, row);
	}
	if (sync->run)
		out->retry_at_ms = run_retry_at(sync->run, row, &out->held);
	explain.trouble = board_trouble(sync->home.board, row);
	explain.status = out->status;
	explain.now_ms = clock_monotonic(sync->clock);
	explain.now_wall_ms = clock_wall(sync->clock);
	explain.retry_at_ms = out->retry_at_ms;
	explain.held = out->held;
	explain_row(&explain, out);
	str_copy(out->candidate_id, sizeof(out->candidate_id),
	    explain.asked ? entry->healthsherpa_id
			  : decide_candidate(seen, entry));
	/* what is not confirmed is not the row's */
	if (explain.asked)
		memset(entry, 0, sizeof(*entry));
	str_copy(out->healthsherpa_id, sizeof(out->healthsherpa_id),
	    *entry->healthsherpa_id ? entry->healthsherpa_id : seen->file_id);
	str_copy(out->quote_url, sizeof(out->quote_url), entry->quote_url);
	out->synced_at_ms = entry->synced_at;
	memcpy(out->changed, seen->changed, sizeof(out->changed));
}

void
sync_row(struct sync *sync, uint32_t row, struct row_status *out)
{
	board_look(sync->home.board, row, NULL, &sync->row);
	explain_seen(sync, row, out);
}

/* ---- plan and run --------------------------------------------------- */

int64_t
sync_nobody_new_ms(const struct sync *sync)
{
	int64_t until = ledger_rebuilt_until(
	    sync->home.ledger, sync->opened_ms, sync->config->settle_ms);
	int64_t now = clock_monotonic(sync->clock);

	/* as it would be marked when the sync begins */
	if (until == INT64_MIN && home_is_rebuilt(sync) &&
	    !ledger_rebuilt(sync->home.ledger))
		until = sync->opened_ms + sync->config->settle_ms;
	return until > now ? until - now : 0;
}

static struct plan_parts
plan_parts(struct sync *sync, bool retry_failed)
{
	return (struct plan_parts){.board = sync->home.board,
	    .config = sync->config,
	    .rebuilt = home_is_rebuilt(sync),
	    .waits = sync_nobody_new_ms(sync) > 0,
	    .terms = {.retry = retry_failed, .lists = sync->config->lists},
	    .row = &sync->row};
}

struct plan *
sync_plan_begin(
    struct sync *sync, const uint32_t *rows, size_t count, bool retry_failed)
{
	struct plan_parts parts = plan_parts(sync, retry_failed);

	return plan_begin(&parts, rows, count);
}

bool
sync_plan_part(struct sync *sync, struct plan *plan, size_t rows)
{
	struct plan_parts parts = plan_parts(sync, plan->retry_failed);

	return plan_part(&parts, plan, rows);
}

struct plan *
sync_plan(
    struct sync *sync, const uint32_t *rows, size_t count, bool retry_failed)
{
	struct plan *plan = sync_plan_begin(sync, rows, count, retry_failed);

	sync_plan_part(sync, plan, count);
	return plan;
}

struct plan *
sync_plan_lists(struct sync *sync, uint32_t row, enum list_policy lists)
{
	struct plan_parts parts = plan_parts(sync, true);
	struct plan *plan;

	parts.terms.lists = lists;
	parts.terms.all_lists = true;
	plan = plan_begin(&parts, &row, 1);
	plan_part(&parts, plan, 1);
	return plan;
}

void
sync_look(
    struct sync *sync, uint32_t row, bool retry_failed, struct sync_look *out)
{
	struct plan_parts parts = plan_parts(sync, retry_failed);

	out->requests = plan_look(&parts, row, &out->plan);
	/* where it stands is said of what has not been tried again */
	if (retry_failed)
		board_look(sync->home.board, row, NULL, &sync->row);
	explain_seen(sync, row, &out->status);
	out->contact = &sync->row.contact;
}

bool
sync_may_send(const struct sync *sync, struct err *err)
{
	if (sync->read_only)
		return err_set(err, ERR_HELD,
		    "this book was opened for "
		    "looking only: another belay is working on it");
	if (!book_loaded(sync->book) || book_broken(sync->book))
		return err_set(err, ERR_DATA,
		    "the contacts were not read "
		    "whole, so nothing is sent");
	return config_ready_to_send(sync->config, err);
}

bool
sync_make_partner(struct sync *sync, struct err *err)
{
	struct sync_account account;
	struct sync_progress before;
	struct err ignored = ERR_INIT;

	/* a key that was refused may have been typed anew */
	sync_progress(sync, &before);
	if (sync->partner && sync->config->version == SERVICE_V1 &&
	    before.unauthorised)
		sync->logged_in = true;
	/* it may be another agent's, or nobody's */
	if (sync->partner && sync->config->version == SERVICE_V2 &&
	    !sync_account(sync, &account, &ignored))
		sync->logged_in = true;
	if (sync->logged_in && !(sync->run && run_going_on(sync->run))) {
		partner_free(sync->partner);
		sync->partner = NULL;
		contact_look_free(sync->look);
		sync->look = NULL;
		home_end_run(sync);
		sync->logged_in = false;
	}
	if (!sync->partner)
		sync->partner = partner_new(
		    sync->config, sync->clock, sync->state_dir, err);
	return sync->partner != NULL;
}

static bool
make_run(struct sync *sync, struct err *err)
{
	struct run_parts parts = {.book = sync->book,
	    .clock = sync->clock,
	    .ledger = sync->home.ledger,
	    .board = sync->home.board,
	    .people = sync->home.people,
	    .events = &sync->events,
	    .writeback = sync->home.writeback,
	    .audit = sync->audit,
	    .stop = &sync->stop,
	    .opened_ms = sync->opened_ms};

	if (!sync_make_partner(sync, err))
		return false;
	if (sync->run)
		return true;
	parts.partner = sync->partner;
	sync->run = run_new(&parts);
	return true;
}

static void
tell_doubts(struct sync *sync, uint32_t count)
{
	int64_t left = sync_nobody_new_ms(sync);

	if (left > 0)
		run_notice(sync->run,
		    "%s; everybody else is looked up first, and nobody new is "
		    "created in the next %lld s",
		    sync->stranger
			? "the file has HealthSherpa IDs that belay did not "
			  "put there"
			: "belay's ledger of this file was lost, or an older "
			  "copy was put back",
		    (long long)(left + 999) / 1000);
	if (count == 1)
		run_notice(sync->run,
		    "1 contact may have been created when "
		    "the last run stopped; it is looked up first");
	else if (count > 1)
		run_notice(sync->run,
		    "%u contacts may have been created when "
		    "the last run stopped; they are looked up first",
		    count);
}

bool
sync_start(struct sync *sync, const struct plan *plan, struct err *err)
{
	bool joins = sync->run && run_going_on(sync->run);
	const struct board_terms terms = {.retry = plan->retry_failed,
	    .lists = plan->lists,
	    .all_lists = plan->all_lists};

	if (!sync_may_send(sync, err) || !sync_recognise(sync, err) ||
	    (!joins && (!audit_ready(sync->audit, err) ||
			   !home_begin_sync(sync, err))) ||
	    !make_run(sync, err) || !run_begin(sync->run, err))
		return false;
	sync->save_failed = false;
	review_forget_decided(sync);
	if (!joins)
		sync->left_out = false;
	if (!joins)
		tell_doubts(sync, plan->verbs[PLAN_WAIT]);
	for (size_t i = 0; i < plan->count; i++) {
		enum plan_verb verb = plan->rows[i].verb;

		if (verb == PLAN_CREATE || verb == PLAN_UPDATE ||
		    verb == PLAN_WAIT)
			run_add(sync->run, plan->rows[i].row, &terms);
	}
	return true;
}

void
sync_cancel(struct sync *sync)
{
	if (sync->run)
		run_cancel(sync->run);
}

void
sync_pause(struct sync *sync, bool pause)
{
	if (sync->run)
		run_pause(sync->run, pause);
}

bool
sync_next_event(struct sync *sync, struct sync_event *event)
{
	return events_take(&sync->events, event);
}

void
sync_progress(const struct sync *sync, struct sync_progress *out)
{
	if (sync->run) {
		run_progress(sync->run, out);
	} else {
		*out = sync->last;
	}
	out->unsaved = sync->save_failed || sync->left_out;
}

bool
sync_only_waiting(const struct sync *sync)
{
	return sync->run && run_only_waiting(sync->run);
}

/* ---- the loop ------------------------------------------------------- */

static void
tell(struct sync *sync, const char *text)
{
	struct sync_event event = {
	    .kind = SYNC_NOTICE, .row = SYNC_NO_ROW, .status = STATUS_COUNT};

	if (sync->run) {
		run_notice(sync->run, "%s", text);
		return;
	}
	str_copy(event.message, sizeof(event.message), text);
	events_push(&sync->events, &event, false);
}

bool
sync_commit(struct sync *sync, struct err *err)
{
	/* what it says of each commit from now on */
	if (ledger_failed(sync->home.ledger))
		return ledger_commit(sync->home.ledger, err);
	if (!ledger_staged(sync->home.ledger))
		return true;
	if (sync->run && run_going_on(sync->run))
		return run_commit(sync->run) ||
		       ledger_commit(sync->home.ledger, err);
	stop_here(&sync->stop);
	if (!ledger_commit(sync->home.ledger, err))
		return false;
	stop_here(&sync->stop);
	return true;
}

/* Linked rows whose ID the file has lost get it back. */
static void
put_lost(struct sync *sync, uint32_t most)
{
	uint32_t number;

	if (sync->read_only)
		return;
	while (most-- > 0 &&
	       (number = board_take_lost(sync->home.board)) != SYNC_NO_ROW) {
		board_read(sync->home.board, number, NULL, &sync->row);
		if (sync->row.lost && ledger_load(sync->home.ledger,
					  sync->row.external_id, &sync->entry))
			writeback_put(sync->home.writeback, number,
			    &sync->entry, sync->row.file_id);
	}
}

bool
sync_sidecar(struct sync *sync, struct err *why)
{
	const struct config *config = sync->config;

	if (!config->result_healthsherpa_id && !config->result_quote_url &&
	    !config->result_synced_at)
		return false; /* nobody wants them in there */
	if (source_writable(book_source(sync->book), why)) {
		sync->told = false;
		return false;
	}
	sync->told = true;
	err_set(why, why->kind,
	    "belay keeps the results itself, the file cannot take them: %s; "
	    "'belay writeback' makes a file of them for your CRM",
	    why->text);
	return true;
}

static void
tell_sidecar(struct sync *sync)
{
	bool told = sync->told;
	struct err why = ERR_INIT;

	if (sync_sidecar(sync, &why) && !told)
		tell(sync, why.text);
}

static enum writeback_step
save(struct sync *sync, bool now_due, struct err *err)
{
	enum writeback_step step;

	if (!writeback_saving(sync->home.writeback) && now_due)
		stop_here(&sync->stop);
	step = writeback_step(sync->home.writeback, now_due, err);
	if (step == WRITEBACK_KEPT) {
		tell_sidecar(sync);
		step = WRITEBACK_IDLE;
	} else if (step == WRITEBACK_FAILED) {
		sync->save_failed = true;
		err_prefix(
		    err, "the results are in the ledger, but not in the file");
	} else if (step == WRITEBACK_SAVED) {
		stop_here(&sync->stop);
		sync->save_failed = false;
		if (*writeback_left_out(sync->home.writeback)) {
			sync->left_out = true;
			tell(sync, writeback_left_out(sync->home.writeback));
		}
		if (!sync->run || !run_going_on(sync->run))
			sync_commit(sync, err);
	}
	return step;
}

void
sync_step(struct sync *sync)
{
	bool ends = false;
	struct err err = ERR_INIT;
	enum writeback_step step;

	home_describe(sync);
	login_step_too(sync);
	put_lost(sync, LOST_ROWS);
	people_refresh(sync->home.people);
	if (!sync->run || !run_going_on(sync->run))
		sync_commit(sync, &err);
	if (sync->run && run_going_on(sync->run)) {
		run_step(sync->run);
		ends = run_exhausted(sync->run);
	} else if (sync->partner) {
		/* for sync_ask_lists(), and a renewal that goes on */
		partner_step(sync->partner);
	}
	step = save(sync, ends, &err);
	if (step == WRITEBACK_FAILED)
		tell(sync, err.text);
	/* the marks of the save are committed by the run's last turn */
	if (ends && (step == WRITEBACK_IDLE || step == WRITEBACK_FAILED))
		run_end(sync->run);
	if (audit_take_failure(sync->audit, &err))
		tell(sync, err.text);
}

void
sync_finish(struct sync *sync)
{
	struct err err = ERR_INIT;

	audit_wait(sync->audit);
	if (audit_take_failure(sync->audit, &err))
		tell(sync, err.text);
}

bool
sync_write_back(struct sync *sync, struct err *err)
{
	enum writeback_step step;

	if (sync->read_only)
		return true;
	if (book_saving(sync->book) && !writeback_saving(sync->home.writeback))
		return err_set(err, ERR_USAGE, "a save is going on already");
	put_lost(sync, UINT32_MAX);
	do
		step = save(sync, true, err);
	while (step == WRITEBACK_MORE || step == WRITEBACK_SAVED);
	return step != WRITEBACK_FAILED;
}

static int64_t
until_due(const struct sync *sync, int64_t timeout_ms)
{
	int64_t now = clock_monotonic(sync->clock);
	int64_t due = writeback_due(sync->home.writeback), run;

	if (sync->run) {
		run = run_next(sync->run);
		if (run < due)
			due = run;
	}
	if (due == INT64_MAX)
		return timeout_ms;
	due = due > now ? due - now : 0;
	return timeout_ms < 0 || due < timeout_ms ? due : timeout_ms;
}

void
sync_wait(
    struct sync *sync, struct wait_fd *fds, unsigned count, int64_t timeout_ms)
{
	bool rests = sync->run && run_rests(sync->run);
	struct wait_fd all[SYNC_WAIT_MAX + 2] = {0};
	unsigned all_count = count;
	int commit_fd = ledger_commit_fd(sync->home.ledger);

	assert(count <= SYNC_WAIT_MAX);
	for (unsigned i = 0; i < count; i++)
		all[i].fd = fds[i].fd;
	if (commit_fd >= 0)
		all[all_count++].fd = commit_fd;
	login_wait_too(sync, rests ? NULL : sync->partner, all, all_count,
	    until_due(sync, timeout_ms));
	for (unsigned i = 0; i < count; i++)
		fds[i].ready = all[i].ready;
}

/* ---- files for the CRM ---------------------------------------------- */

/* The row's entry, in sync->entry. */
static bool
load_linked(struct sync *sync, uint32_t row)
{
	const char *id = book_external_id(sync->book, row);

	return id && ledger_load(sync->home.ledger, id, &sync->entry) &&
	       sync->entry.state == STATE_LINKED;
}

bool
sync_handed_over(struct sync *sync, uint32_t row)
{
	return load_linked(sync, row) &&
	       (sync->entry.flags & LEDGER_HANDED_OVER);
}

bool
sync_hand_over(
    struct sync *sync, const uint32_t *rows, size_t count, struct err *err)
{
	if (sync->read_only)
		return err_set(err, ERR_HELD,
		    "this book was opened for looking only: another belay is "
		    "working on it");
	for (size_t i = 0; i < count; i++) {
		if (!load_linked(sync, rows[i]))
			continue;
		sync->entry.flags |= LEDGER_HANDED_OVER;
		if (!ledger_store(sync->home.ledger, &sync->entry))
			break;
		audit_add(sync->audit,
		    &(struct audit_event){.action = "writeback",
			.external_id = sync->entry.external_id,
			.healthsherpa_id = sync->entry.healthsherpa_id});
	}
	return sync_commit(sync, err);
}
