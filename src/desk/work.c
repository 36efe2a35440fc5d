/* SPDX-License-Identifier: MIT */
#include "desk/work.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "book/book.h"
#include "book/config.h"
#include "book/mapping.h"
#include "desk/actions.h"
#include "desk/desk.h"
#include "desk/host.h"
#include "desk/reload.h"
#include "desk/run_log.h"
#include "desk/settings.h"
#include "desk/words.h"
#include "tui/action.h"
#include "tui/view.h"

enum { SLICE_MS = 1, LOAD_ROWS = 32, STATUS_ROWS = 32, SENTENCE_MAX = 512 };

/* The one contact of a run of one that has a quote page now. */
static bool
single(struct desk *desk, struct row_status *status, uint32_t *row)
{
	if (run_log_count(desk->run_log) != 1)
		return false;
	*row = run_log_entry(desk->run_log, 0)->row;
	sync_row(desk->sync, *row, status);
	return status->status == STATUS_SYNCED && status->quote_url[0];
}

static void
say_single(struct desk *desk, uint32_t row)
{
	const struct run_entry *entry = run_log_entry(desk->run_log, 0);
	const char *did = entry->verb == PLAN_CREATE   ? "created"
			  : entry->verb == PLAN_UPDATE ? "updated"
						       : "up to date";

	book_contact(desk->book, row, &desk->contact);
	if (desk->config->after_sync == AFTER_SYNC_OPEN) {
		desk_open_quote(desk, row);
		return;
	}
	screen_say(desk->screen, STYLE_GOOD, "%s: %s%s", desk->contact.name,
	    did,
	    desk->config->after_sync == AFTER_SYNC_ASK
		? ". The quote page is ready: b opens it"
		: "");
}

/* Then what holds the run up counts down there: a message would stand still. */
static bool
strip_shown(const struct desk *desk)
{
	const struct view *top = screen_top(desk->screen);

	return top && (top->ops->scope & (SCOPE_CONTACTS | SCOPE_RUN));
}

/*
 * Nothing is lost, what is left waits for the agent to log in. The screen for
 * it comes by itself, unless something is being typed or looked at closely.
 */
static void
ask_for_login(struct desk *desk, const struct sync_progress *progress)
{
	char key[WORDS_KEY_MAX];

	desk->cut_short = true;
	desk_look_account(desk);
	if (strip_shown(desk) && !screen_asking(desk->screen))
		desk_log_in(desk);
	screen_say(desk->screen, STYLE_BAD,
	    "%s; %s logs in, and the rest goes on",
	    *progress->stopped ? progress->stopped : "the login has ended",
	    words_key(desk, SCOPE_CONTACTS, DESK_LOGIN, key));
}

static void
say_end(struct desk *desk)
{
	const struct action *retry = keymap_action(
	    desk->keymap, SCOPE_CONTACTS, DESK_RETRY);
	struct sync_progress progress;
	struct row_status status;
	char attention[WORDS_KEY_MAX];
	struct str sentence, key;
	uint32_t row;

	if (single(desk, &status, &row)) {
		say_single(desk, row);
		return;
	}
	sync_progress(desk->sync, &progress);
	if (progress.wants_login && desk_has_login(desk)) {
		ask_for_login(desk, &progress);
		return;
	}
	str_init(&sentence, SENTENCE_MAX);
	str_init(&key, 32);
	if (retry)
		keymap_first_key(desk->keymap, retry, &key);
	run_log_sentence(&progress, key.data, &sentence);
	if (progress.review > 0 && progress.failed == 0)
		str_addf(&sentence, "; %s shows %s",
		    words_key(desk, SCOPE_CONTACTS, DESK_ATTENTION, attention),
		    progress.review == 1 ? "it" : "them");
	if (progress.review > 0 && sync_similar(desk->sync) > 0)
		str_addf(&sentence, "; %s links %u that look%s the same",
		    words_key(desk, SCOPE_CONTACTS, DESK_SIMILAR, attention),
		    sync_similar(desk->sync),
		    sync_similar(desk->sync) == 1 ? "s" : "");
	screen_say(desk->screen,
	    progress.failed || sync_broken_off(&progress) ? STYLE_BAD
							  : STYLE_GOOD,
	    "%s", sentence.data);
	str_release(&sentence);
	str_release(&key);
}

void
work_events(struct desk *desk)
{
	struct sync_progress progress;
	struct sync_event event;
	bool any = false, done = false;

	while (sync_next_event(desk->sync, &event)) {
		if (!any)
			sync_progress(desk->sync, &progress);
		any = true;
		run_log_add(desk->run_log, progress.run, &event,
		    clock_monotonic(desk->clock));
		if (event.kind == SYNC_NOTICE &&
		    !(progress.held != HOLD_NONE && strip_shown(desk)))
			screen_say(
			    desk->screen, STYLE_WARNING, "%s", event.message);
		else if (event.kind == SYNC_DONE)
			done = true;
		else if (event.kind == SYNC_LOGIN)
			desk_look_account(desk);
		else if (event.kind == SYNC_LOOK)
			screen_stale(desk->screen);
	}
	if (!any)
		return;
	desk->generation++;
	desk->background = true;
	if (done) {
		say_end(desk);
		/* The rows are to say the same as the message at once. */
		screen_stale(desk->screen);
	}
}

void
work_tell_mapping(struct desk *desk)
{
	if (book_loaded(desk->book) && book_count(desk->book) > 0 &&
	    book_is_mapped(desk->book) && !book_mints(desk->book) &&
	    !mapping_has(book_mapping(desk->book), FIELD_EXTERNAL_ID))
		screen_say(desk->screen, STYLE_BAD,
		    "no column is used as ID: name it under mapping: in the "
		    "config (man belay.yaml)");
}

/* What was odd about the file as a whole: the first of it. Not over what is
 * said already: after a mapping was accepted the file is gone through again. */
static void
tell_notes(struct desk *desk)
{
	struct str notes;

	str_init(&notes, 4096);
	book_notes(desk->book, &notes);
	if (notes.len > 0 && !*screen_message(desk->screen))
		screen_say(desk->screen, STYLE_WARNING, "%.*s",
		    (int)strcspn(notes.data, "\n"), notes.data);
	str_release(&notes);
}

void
work_tell_broken(struct desk *desk, const struct err *why)
{
	free(desk->broken);
	desk->broken = mem_strdup(why->text);
	screen_stale(desk->screen);
}

void
work_tell_unfit(struct desk *desk)
{
	const struct view *top = screen_top(desk->screen);

	settings_tell_unfit(desk);
	if (settings_wrong(desk->settings) && top &&
	    top->ops->scope == SCOPE_CONTACTS && !screen_asking(desk->screen))
		screen_push(desk->screen, v_problems_new(desk));
}

bool
work_look_sidecar(struct desk *desk)
{
	struct err why = ERR_INIT;
	bool sidecar = sync_sidecar(desk->sync, &why);

	if (sidecar != (desk->sidecar != NULL))
		screen_stale(desk->screen);
	free(desk->sidecar);
	desk->sidecar = sidecar ? mem_strdup(why.text) : NULL;
	return sidecar;
}

static bool
load(struct desk *desk, int64_t end)
{
	struct err err = ERR_INIT;

	if (book_loaded(desk->book) || desk->looked_over ||
	    (book_broken(desk->book) && !book_unfit(desk->book)))
		return false;
	do {
		switch (book_load(desk->book, LOAD_ROWS, &err)) {
		case SOURCE_MORE: break;
		case SOURCE_DONE:
			desk->looked_over = book_unfit(desk->book);
			/* Repeated IDs are known only now. */
			desk->generation++;
			screen_stale(desk->screen);
			tell_notes(desk);
			work_tell_mapping(desk);
			return false;
		default:
			if (!book_unfit(desk->book) || !desk->settings) {
				work_tell_broken(desk, &err);
				return false;
			}
			work_tell_unfit(desk);
			break;
		}
	} while (clock_monotonic(desk->clock) < end);
	desk->background = true;
	return true;
}

static bool
compute(struct desk *desk, int64_t end)
{
	/* through what does not fit nobody stands where he does */
	if (!desk->sync || book_unfit(desk->book))
		return false;
	do {
		if (!sync_refresh(desk->sync, STATUS_ROWS))
			return false;
		desk->background = true;
	} while (clock_monotonic(desk->clock) < end);
	return true;
}

static void
report_save(struct desk *desk)
{
	const struct book_save_report *report = book_save_report(desk->book);
	size_t left = report->conflicts + report->vanished + report->refused;

	if (left > 0)
		screen_say(desk->screen, STYLE_BAD,
		    "saved, but %zu did not go in: %s", left, report->first);
	else
		screen_say(desk->screen, STYLE_GOOD, "saved into %s",
		    file_name(source_path(book_source(desk->book))));
}

static void
stop_saving(struct desk *desk, const struct err *err)
{
	desk->saving = false;
	if (!err) {
		report_save(desk);
		desk->generation++;
		screen_stale(desk->screen);
		if (desk->leaving == DESK_LEAVES_SAVED)
			host_leave(desk);
		return;
	}
	desk->leaving = DESK_STAYS;
	screen_say(desk->screen, STYLE_BAD, "not saved: %s", err->text);
}

/* Ours begins when that of the results (sync's) has ended. */
static bool
save(struct desk *desk)
{
	struct err err = ERR_INIT;

	if (desk->save_wanted && !book_saving(desk->book)) {
		desk->save_wanted = false;
		if (!book_save_start(
			desk->book, true, desk->backup_dir, &err)) {
			stop_saving(desk, &err);
			return false;
		}
		desk->saving = true;
	}
	if (!desk->saving)
		return false;
	switch (book_save_step(desk->book, &err)) {
	case SOURCE_MORE: return true;
	case SOURCE_DONE: stop_saving(desk, NULL); return false;
	default: stop_saving(desk, &err); return false;
	}
}

/* Views that look at all rows: filtering and sorting, the plan. */
static bool
look(struct desk *desk, int64_t end)
{
	bool more = false;

	for (struct view *view = screen_top(desk->screen); view;
	     view = view->below)
		if (view->ops->scope == SCOPE_CONTACTS)
			more |= v_contacts_work(view);
		else if (view->ops->scope == SCOPE_PLAN)
			more |= v_plan_work(view);
		else if (view->ops->scope == SCOPE_MAPPING)
			/* what it counts may wait for what it counts on */
			more |= clock_monotonic(desk->clock) >= end ||
				v_mapping_work(view);
	return more;
}

/* Once it is known which column the IDs are in. */
static void
seek_older(struct desk *desk)
{
	if (desk->older_sought || !desk->sync || !book_loaded(desk->book) ||
	    !mapping_has(book_mapping(desk->book), FIELD_EXTERNAL_ID) ||
	    screen_asking(desk->screen))
		return;
	desk->older_sought = true;
	desk_ask_older(desk);
}

/* Once the statuses are known; not over a question, nor over a run that has
 * begun meanwhile. */
static void
offer_rest(struct desk *desk)
{
	const struct view *top = screen_top(desk->screen);
	struct sync_progress progress;

	if (desk->rest_offered || !desk->sync || !book_loaded(desk->book) ||
	    book_unfit(desk->book) || screen_asking(desk->screen) || !top ||
	    top->ops->scope != SCOPE_CONTACTS)
		return;
	sync_progress(desk->sync, &progress);
	desk->rest_offered = true;
	if (!progress.running)
		desk_offer_rest(desk);
}

bool
work_slice(struct desk *desk)
{
	int64_t end = clock_monotonic(desk->clock) + SLICE_MS;
	bool more = save(desk);

	if (desk->settings)
		settings_work(desk->settings);
	if (desk->reload)
		more |= reload_work(desk->reload, end);
	seek_older(desk);

	more |= load(desk, end);
	if (compute(desk, end))
		more = true;
	else
		offer_rest(desk);
	more |= desk_send_work(desk, end);
	more |= look(desk, end);
	return more;
}
