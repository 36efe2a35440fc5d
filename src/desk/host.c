/* SPDX-License-Identifier: MIT */
/*
 * Hazard: a question's answer may come turns later; rows may have changed and
 * a run may have ended meanwhile, so answers look again.
 */
#include "desk/host.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "base/text.h"
#include "book/book.h"
#include "book/config.h"
#include "desk/actions.h"
#include "desk/desk.h"
#include "desk/reload.h"
#include "desk/settings.h"
#include "desk/tour.h"
#include "desk/undo.h"
#include "desk/words.h"
#include "tui/action.h"
#include "tui/prompt.h"

enum { REVEAL_MS = 30000, KEPT_MS = 1000, BADGE_MAX = 320, TITLE_COLUMNS = 34 };
enum { NARROW = 60 };

/* ---- what views ask -------------------------------------------------------
 */

struct view *
desk_view(const struct desk *desk)
{
	struct view *view = screen_top(desk->screen);

	while (view && view->below &&
	       (view->ops->scope & (SCOPE_HELP | SCOPE_PALETTE)))
		view = view->below;
	return view;
}

uint32_t
desk_row(const struct desk *desk)
{
	const struct view *view = desk_view(desk);

	if (!view)
		return RECORDS_NONE;
	switch (view->ops->scope) {
	case SCOPE_CONTACTS: return v_contacts_row(view);
	case SCOPE_CONTACT: return v_contact_row(view);
	case SCOPE_PLAN: return v_plan_row(view);
	case SCOPE_RUN: return v_run_row(view);
	case SCOPE_REVIEW: return v_review_row(view);
	case SCOPE_LISTS: return v_lists_row(view);
	case SCOPE_HISTORY: return v_history_row(view);
	case SCOPE_MAPPING: return v_mapping_row(view);
	default: return RECORDS_NONE;
	}
}

void
desk_row_changed(struct desk *desk, uint32_t row)
{
	if (desk->sync && row != RECORDS_NONE)
		sync_row_changed(desk->sync, row);
	else if (desk->sync)
		sync_restart(desk->sync);
	desk->generation++;
	screen_stale(desk->screen);
}

const struct row_status *
desk_status(struct desk *desk, uint32_t row)
{
	int64_t now = clock_monotonic(desk->clock);

	if (row == RECORDS_NONE || !desk->sync ||
	    sync_status(desk->sync, row) == STATUS_COUNT)
		return NULL;
	if (desk->kept.until <= now || desk->kept.row != row ||
	    desk->kept.generation != desk->generation ||
	    desk->kept.status.status != sync_status(desk->sync, row)) {
		sync_row(desk->sync, row, &desk->kept.status);
		desk->kept.row = row;
		desk->kept.generation = desk->generation;
		desk->kept.until = now + words_fresh_ms(
					     &desk->kept.status, now, KEPT_MS);
	}
	return &desk->kept.status;
}

bool
desk_revealed(const struct desk *desk, uint32_t row)
{
	if (!desk->config->mask)
		return true;
	return desk->reveal_until_ms > 0 && desk->reveal_row == row &&
	       clock_monotonic(desk->clock) < desk->reveal_until_ms;
}

const char *
desk_glyph(const struct desk *desk, enum status status)
{
	if (desk->linear)
		return ""; /* its word stands beside it */
	return desk->ascii ? status_table[status].ascii
			   : status_table[status].glyph;
}

enum style
desk_status_style(enum status status)
{
	static const enum style styles[STATUS_COUNT] = {
	    [STATUS_NEW] = STYLE_CHANGED,
	    [STATUS_CHANGED] = STYLE_CHANGED,
	    [STATUS_SYNCED] = STYLE_GOOD,
	    [STATUS_BLOCKED] = STYLE_BAD,
	    [STATUS_QUEUED] = STYLE_DIM,
	    [STATUS_SENDING] = STYLE_CHANGED,
	    [STATUS_WAITING] = STYLE_WARNING,
	    [STATUS_FAILED] = STYLE_BAD,
	    [STATUS_PARTIAL] = STYLE_WARNING,
	    [STATUS_REVIEW] = STYLE_WARNING,
	};

	return styles[status];
}

void
desk_save(struct desk *desk)
{
	struct err err = ERR_INIT;

	if (!desk_may_change(desk, &err)) {
		screen_say(desk->screen, STYLE_WARNING, "%s", err.text);
		return;
	}
	desk->save_wanted = true;
}

/* ---- leaving ------------------------------------------------------------ */

static bool
answer_unsaved(void *context, const char *text, struct err *err)
{
	struct desk *desk = context;

	(void)err;
	if (*text == 'w') {
		desk->leaving = DESK_LEAVES_SAVED;
		desk_save(desk);
		return true;
	}
	desk->drop_edits = true;
	host_leave(desk);
	return true;
}

static bool
answer_running(void *context, const char *text, struct err *err)
{
	struct desk *desk = context;
	char key[WORDS_KEY_MAX];

	(void)text;
	(void)err;
	sync_cancel(desk->sync);
	desk->leaving = DESK_LEAVES_FINISHED;
	screen_say(desk->screen, STYLE_NORMAL,
	    "what is in flight is finished first; %s leaves at once, it is "
	    "looked up next time",
	    words_key(desk, SCOPE_CONTACTS, ACTION_LEAVE, key));
	return true;
}

static void
ask_unsaved(struct desk *desk, size_t count)
{
	struct prompt prompt = {
	    .choices = "wd",
	    .context = desk,
	    .answer = answer_unsaved,
	};

	snprintf(prompt.label, sizeof(prompt.label),
	    "%zu change%s not saved: w saves and leaves, d drops %s and "
	    "leaves ",
	    count, count == 1 ? " is" : "s are", count == 1 ? "it" : "them");
	screen_ask(desk->screen, &prompt);
}

static void
ask_running(struct desk *desk, const struct sync_progress *progress)
{
	struct prompt prompt = {
	    .choices = "s",
	    .context = desk,
	    .answer = answer_running,
	};

	snprintf(prompt.label, sizeof(prompt.label),
	    "%u of %u are still to be sent: s stops and leaves ",
	    progress->total - progress->done, progress->total);
	screen_ask(desk->screen, &prompt);
}

static bool
may_quit(void *host, struct err *err)
{
	struct desk *desk = host;
	struct sync_progress progress = {.running = false};
	size_t unsaved = book_unsaved(desk->book);

	(void)err;
	if (desk->leaving == DESK_LEAVES_FINISHED)
		return true;
	if (unsaved > 0 && !desk->drop_edits) {
		ask_unsaved(desk, unsaved);
		return false;
	}
	if (desk->sync)
		sync_progress(desk->sync, &progress);
	if (progress.running && !sync_only_waiting(desk->sync)) {
		ask_running(desk, &progress);
		return false;
	}
	return true;
}

void
host_leave(struct desk *desk)
{
	struct err err = ERR_INIT;

	desk->leaving = DESK_STAYS;
	if (may_quit(desk, &err))
		screen_quit(desk->screen);
}

static uint32_t
scope_of(const struct desk *desk)
{
	const struct view *view = screen_top(desk->screen);

	return view ? view->ops->scope : 0;
}

/* ---- actions that no view took
 * ------------------------------------------------ */

static enum view_result
undo(struct desk *desk, bool back, struct err *err)
{
	uint32_t row = book_undo_row(desk->book, back);

	if (desk->undo && undo_is_next(desk->undo, desk, back))
		return undo_step(desk->undo, desk, back, err);
	if (scope_of(desk) == SCOPE_CONTACT && row != RECORDS_NONE &&
	    row != desk_row(desk)) {
		book_contact(desk->book, row, &desk->contact);
		err_set(err, ERR_USAGE, "the last change was to %s: %s",
		    desk->contact.name,
		    back ? "go back to the list to undo it"
			 : "go back to the list to redo it");
		return VIEW_REFUSED;
	}
	row = back ? book_undo(desk->book) : book_redo(desk->book);
	if (row == RECORDS_NONE) {
		err_set(err, ERR_USAGE,
		    back ? "there is nothing to undo"
			 : "there is nothing to redo");
		return VIEW_REFUSED;
	}
	desk_row_changed(desk, row);
	book_contact(desk->book, row, &desk->contact);
	screen_say(desk->screen, STYLE_NORMAL, "%s: %s", desk->contact.name,
	    back ? "the last change is taken back" : "changed again");
	return VIEW_DONE;
}

/* Where nothing of it is on the screen, a sentence says where it is. */
static enum view_result
reveal(struct desk *desk, struct err *err)
{
	uint32_t row = desk_row(desk);
	char key[WORDS_KEY_MAX];

	if (!desk->config->mask) {
		err_set(err, ERR_USAGE,
		    "nothing is hidden: mask is off in the config");
		return VIEW_REFUSED;
	}
	if (desk_revealed(desk, row)) {
		desk->reveal_until_ms = 0;
		screen_say(desk->screen, STYLE_NORMAL, "hidden again");
	} else {
		desk->reveal_row = row;
		desk->reveal_until_ms = clock_monotonic(desk->clock) +
					REVEAL_MS;
		screen_say(desk->screen, STYLE_NORMAL,
		    scope_of(desk) == SCOPE_CONTACT
			? "Medicare number and birth date are shown for 30 "
			  "seconds; %s hides them"
			: "Medicare number and birth date of this contact are "
			  "not hidden for 30 seconds; %s hides them",
		    words_key(desk, scope_of(desk), DESK_REVEAL, key));
	}
	screen_stale(desk->screen);
	return VIEW_DONE;
}

static enum view_result
help(struct desk *desk, struct err *err)
{
	uint32_t scope = scope_of(desk);
	char key[WORDS_KEY_MAX];

	if (scope == SCOPE_HELP) {
		err_set(err, ERR_USAGE, "this is the help; %s goes back",
		    words_key(desk, scope, ACTION_BACK, key));
		return VIEW_REFUSED;
	}
	screen_push(desk->screen, v_help_new(desk));
	return VIEW_DONE;
}

static void
show_problems(struct desk *desk)
{
	if (scope_of(desk) != SCOPE_PROBLEMS)
		screen_push(desk->screen, v_problems_new(desk));
}

/* From a contact's screen to its review and back: they do not pile up. */
static void
turn_to(struct desk *desk, uint32_t row, uint32_t scope)
{
	const struct view *below = screen_top(desk->screen)->below;

	if (below && below->ops->scope == scope &&
	    scope_of(desk) == (SCOPE_CONTACT | SCOPE_REVIEW) - scope)
		screen_pop(desk->screen);
	else
		screen_push(desk->screen, scope == SCOPE_REVIEW
					      ? v_review_new(desk, row)
					      : v_contact_new(desk, row));
}

/* What is open about a contact in review is what its screen begins with. */
static void
open_row(struct desk *desk, uint32_t row)
{
	bool asks = desk->sync && !desk->read_only &&
		    sync_status(desk->sync, row) == STATUS_REVIEW;

	turn_to(desk, row, asks ? SCOPE_REVIEW : SCOPE_CONTACT);
}

/* Actions that concern the row under the cursor. */
static enum view_result
act_on_row(struct desk *desk, const struct action *action, struct err *err)
{
	uint32_t row = desk_row(desk);

	switch (action->id) {
	case DESK_OPEN: open_row(desk, row); return VIEW_DONE;
	case DESK_EDIT: turn_to(desk, row, SCOPE_CONTACT); return VIEW_DONE;
	case DESK_SYNC: desk_sync(desk, &row, 1); return VIEW_DONE;
	case DESK_PLAN:
		screen_push(desk->screen, v_plan_new(desk, &row, 1));
		return VIEW_DONE;
	case DESK_LISTS: desk_show_lists(desk, row); return VIEW_DONE;
	case DESK_EDIT_ALL:
		return desk_edit_contact(desk, row, err) ? VIEW_DONE
							 : VIEW_REFUSED;
	case DESK_HISTORY:
		screen_push(desk->screen, v_history_new(desk, row));
		return VIEW_DONE;
	case DESK_QUOTE: desk_open_quote(desk, row); return VIEW_DONE;
	case DESK_COPY: desk_copy_quote(desk, row); return VIEW_DONE;
	case DESK_DECIDE: turn_to(desk, row, SCOPE_REVIEW); return VIEW_DONE;
	case DESK_REVEAL: return reveal(desk, err);
	default: return VIEW_NOT_MINE;
	}
}

static enum view_result
act(void *host, const struct action *action, struct err *err)
{
	struct desk *desk = host;

	switch (action->id) {
	case DESK_HELP: return help(desk, err);
	case DESK_COMMAND: v_palette_open(desk); return VIEW_DONE;
	case DESK_TOUR: tour_turn(desk); return VIEW_DONE;
	case DESK_SUSPEND: desk->stop_wanted = true; return VIEW_DONE;
	case DESK_UNDO: return undo(desk, true, err);
	case DESK_REDO: return undo(desk, false, err);
	case DESK_SAVE: desk_save(desk); return VIEW_DONE;
	case DESK_RELOAD: reload_ask(desk->reload); return VIEW_DONE;
	case DESK_CONFIG: settings_edit(desk, "mapping"); return VIEW_DONE;
	case DESK_PROBLEMS: show_problems(desk); return VIEW_DONE;
	case DESK_LOGIN: desk_log_in(desk); return VIEW_DONE;
	case DESK_MAPPING:
		screen_push(
		    desk->screen, book_is_mapped(desk->book)
				      ? v_mapping_new(desk, desk_row(desk))
				      : v_proposal_new(desk));
		return VIEW_DONE;
	case DESK_RUN:
		screen_push(desk->screen, v_run_new(desk));
		return VIEW_DONE;
	case DESK_RETRY: desk_retry(desk); return VIEW_DONE;
	case DESK_PAUSE: desk_ask_pause(desk); return VIEW_DONE;
	case DESK_RECOGNISED: desk_ask_recognised(desk); return VIEW_DONE;
	case DESK_SIMILAR: desk_ask_similar(desk); return VIEW_DONE;
	default: return act_on_row(desk, action, err);
	}
}

/* ---- the badge
 * --------------------------------------------------------------- */

/*
 * STAGING  agent@example.com  v1: the environment first, it is what must not
 * be mistaken; the agent goes when there is no room, a profile's name stays.
 */
static int
badge(void *host, struct canvas *canvas, const struct area *area)
{
	const struct desk *desk = host;
	const struct config *config = desk->config;
	const char *mark = desk->read_only                  ? "  LOOK ONLY"
			   : settings_wrong(desk->settings) ? "  CONFIG WRONG"
			   : desk->outside                  ? "  FILE CHANGED"
			   : desk->sidecar                  ? "  FILE READ-ONLY"
							    : "";
	const char *profile = config->profile ? config->profile : "";
	const char *before = config->profile ? "  " : "";
	const char *version = desk->linear ? "version " : "v";
	bool production = config->environment == SERVICE_PRODUCTION;
	char word[32], rest[BADGE_MAX];
	int width, column;
	size_t i;

	str_copy(
	    word, sizeof(word), config_environment_word(config->environment));
	for (i = 0; word[i]; i++)
		word[i] = (char)toupper((unsigned char)word[i]);
	snprintf(rest, sizeof(rest), "%s%s%s  %s  %s%d", mark, before, profile,
	    *desk->account ? desk->account : config_agent_words(config, NULL),
	    version, (int)config->version);
	if ((int)i + text_width(rest) > area->columns - TITLE_COLUMNS)
		snprintf(rest, sizeof(rest), "%s%s%s  %s%d", mark, before,
		    profile, area->columns < NARROW ? "v" : version,
		    (int)config->version);
	width = (int)i + text_width(rest) + 1;
	if (width > area->columns - 8) {
		rest[0] = '\0';
		width = (int)i + 1;
	}
	column = area->columns - width;
	column += canvas_text(canvas, area, 0, column,
	    production ? STYLE_ALERT : STYLE_KEY, word);
	canvas_text(canvas, area, 0, column, STYLE_DIM, rest);
	return width;
}

static void
guide(void *host, struct str *out)
{
	tour_words(host, out);
}

/* The key that pauses a run is the one that lets it go on. */
static const char *
hint(void *host, const struct action *action)
{
	struct sync_progress progress;

	if (action->id != DESK_PAUSE)
		return NULL;
	words_progress(host, &progress);
	return progress.running && progress.paused ? "go on" : NULL;
}

const struct screen_host host_ops = {
    .act = act,
    .badge = badge,
    .hint = hint,
    .guide = guide,
    .may_quit = may_quit,
};
