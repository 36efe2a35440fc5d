/* SPDX-License-Identifier: MIT */
/*
 * Steps: begin, read, match (row by row), change over. Each waits for its time:
 * nothing begins while a run or a save is going on, and nothing changes over
 * while a question is open, a value is being typed, a contact is in the user's
 * editor, or a screen is open that holds rows of the old reading (the plan, a
 * review).
 *
 * Hazard: the file may change once more between reading and changing over:
 * then it is read once more.
 */
#include "desk/reload.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "book/book.h"
#include "desk/actions.h"
#include "desk/contact_list.h"
#include "desk/desk.h"
#include "desk/run_log.h"
#include "desk/words.h"
#include "desk/work.h"
#include "tui/view.h"

enum { LOOK_MS = 2000, LOAD_ROWS = 64, MATCH_ROWS = 64, SENTENCE_MAX = 900 };

struct reload {
	struct desk *desk;
	struct file_watch *watch; /* NULL: nobody tells */
	int64_t looked, look_at;  /* monotonic */
	bool wanted;              /* by the user */
	bool by_save;             /* a save of ours found it changed */
	bool failed;              /* to be tried again only when asked */
	struct book *book;        /* the new reading; NULL: none */
	uint32_t *rows;           /* where each old row is there */
	uint32_t matched;         /* so many are known */
	uint32_t expected;        /* behind the last one that was found */
};

struct reload *
reload_new(struct desk *desk)
{
	struct reload *reload = mem_zalloc(sizeof(*reload));

	reload->desk = desk;
	reload->watch = file_watch_new(
	    source_real_path(book_source(desk->book)));
	reload->looked = clock_monotonic(desk->clock);
	reload->look_at = reload->looked + LOOK_MS;
	return reload;
}

static void
drop(struct reload *reload)
{
	book_free(reload->book);
	free(reload->rows);
	reload->book = NULL;
	reload->rows = NULL;
	reload->matched = reload->expected = 0;
}

void
reload_free(struct reload *reload)
{
	if (!reload)
		return;
	drop(reload);
	file_watch_free(reload->watch);
	free(reload);
}

/* ---- noticing -------------------------------------------------------------
 */

int
reload_fd(const struct reload *reload)
{
	return reload->watch ? file_watch_fd(reload->watch) : -1;
}

void
reload_told(struct reload *reload)
{
	int64_t now = clock_monotonic(reload->desk->clock);
	int64_t next = reload->looked + LOOK_MS;

	if (file_watch_take(reload->watch))
		reload->look_at = next > now ? next : now;
}

int64_t
reload_due(const struct reload *reload)
{
	return reload->look_at;
}

static void
look(struct reload *reload)
{
	struct desk *desk = reload->desk;
	const struct source *source = book_source(desk->book);
	char key[WORDS_KEY_MAX];
	bool changed;

	reload->looked = clock_monotonic(desk->clock);
	reload->look_at = reload->looked + LOOK_MS;
	if (book_saving(desk->book))
		return;
	/* what may end that happens elsewhere: other names, the directory */
	if (!work_look_sidecar(desk) && reload->watch)
		reload->look_at = INT64_MAX;
	changed = source_changed_outside(source);
	if (changed && !desk->outside)
		screen_say(desk->screen, STYLE_WARNING,
		    "%s was changed by another program: %s reads it again",
		    file_name(source_path(source)),
		    words_key(desk, SCOPE_CONTACTS, DESK_RELOAD, key));
	if (changed != desk->outside)
		screen_stale(desk->screen);
	desk->outside = changed;
}

/* ---- reading ---------------------------------------------------------------
 */

bool
reload_may(const struct reload *reload, struct err *err)
{
	const struct desk *desk = reload->desk;
	struct sync_progress progress;

	sync_progress(desk->sync, &progress);
	if (progress.running)
		return err_set(err, ERR_USAGE,
		    "what is being sent is finished first: then the file can "
		    "be read again");
	if (desk->saving || desk->save_wanted || book_saving(desk->book))
		return err_set(
		    err, ERR_USAGE, "the file is being saved: one moment");
	if (reload->book ||
	    (!book_loaded(desk->book) && !book_broken(desk->book)))
		return err_set(
		    err, ERR_USAGE, "the file is still being read: one moment");
	return true;
}

void
reload_ask(struct reload *reload)
{
	reload->wanted = true;
	reload->failed = false;
}

void
reload_again(struct reload *reload)
{
	if (!reload->book)
		return;
	/* one that a save of ours asked for begins again by itself */
	reload->wanted |= !reload->by_save;
	drop(reload);
}

static void
fail(struct reload *reload, const struct err *err)
{
	reload->failed = true;
	reload->wanted = false;
	drop(reload);
	screen_say(reload->desk->screen, STYLE_BAD,
	    "not read again, what is shown is from before: %s", err->text);
}

static void
begin(struct reload *reload)
{
	struct desk *desk = reload->desk;
	struct err err = ERR_INIT;

	reload->by_save = !reload->wanted;
	reload->book = book_open(desk->config,
	    source_path(book_source(desk->book)), desk->clock, &err);
	if (!reload->book) {
		fail(reload, &err);
		return;
	}
	book_name_statuses(reload->book, status_word);
	reload->rows = mem_resize(
	    NULL, (size_t)book_count(desk->book) + 1, sizeof(*reload->rows));
}

/* True while there is more to read. */
static bool
read_on(struct reload *reload, int64_t end)
{
	struct err err = ERR_INIT;

	while (!book_loaded(reload->book)) {
		if (book_load(reload->book, LOAD_ROWS, &err) == SOURCE_FAILED) {
			fail(reload, &err);
			return false;
		}
		if (clock_monotonic(reload->desk->clock) >= end)
			return true;
	}
	return false;
}

static bool
match(struct reload *reload, int64_t end)
{
	struct book *old = reload->desk->book;
	uint32_t count = book_count(old);

	while (reload->matched < count) {
		for (int i = 0; i < MATCH_ROWS && reload->matched < count;
		     i++) {
			uint32_t row = reload->matched++;
			uint32_t found = book_same_row(
			    reload->book, old, row, reload->expected);

			reload->rows[row] = found;
			if (found != RECORDS_NONE)
				reload->expected = found + 1;
		}
		if (clock_monotonic(reload->desk->clock) >= end)
			return reload->matched < count;
	}
	return false;
}

/* ---- changing over ----------------------------------------------------------
 */

static bool
may_change_over(const struct reload *reload)
{
	const struct desk *desk = reload->desk;
	const uint32_t fine = SCOPE_CONTACTS | SCOPE_CONTACT | SCOPE_RUN |
			      SCOPE_HELP | SCOPE_LINK;
	struct sync_progress progress;

	sync_progress(desk->sync, &progress);
	if (progress.running || desk->saving || desk->save_wanted ||
	    book_saving(desk->book) || screen_asking(desk->screen) ||
	    desk->wanted.rows || desk->contact_text)
		return false;
	for (const struct view *view = screen_top(desk->screen); view;
	     view = view->below)
		if (!(view->ops->scope & fine) ||
		    (view->ops->scope == SCOPE_CONTACT &&
			v_contact_typing(view)))
			return false;
	return true;
}

static uint32_t
moved(const struct reload *reload, uint32_t row)
{
	return row < reload->matched ? reload->rows[row] : RECORDS_NONE;
}

/* The screen of a contact that is gone closes, with all above it. `lost` gets
 * what of the list does not fit any more. */
static void
move_views(struct reload *reload, const struct book *old, struct str *lost)
{
	const struct contact_list_move move = {
	    old, reload->rows, reload->matched, lost};
	struct screen *screen = reload->desk->screen;
	size_t depth = 0, gone = 0;

	for (struct view *view = screen_top(screen); view; view = view->below) {
		depth++;
		if (view->ops->scope == SCOPE_CONTACTS)
			v_contacts_move(view, &move);
		else if (view->ops->scope == SCOPE_CONTACT &&
			 !v_contact_move(
			     view, moved(reload, v_contact_row(view))))
			gone = depth;
	}
	while (gone-- > 0)
		screen_pop(screen);
}

static void
count(struct str *out, size_t number, const char *one, const char *many)
{
	if (number > 0)
		str_addf(out, "; %zu %s", number, number == 1 ? one : many);
}

static void
tell(const struct reload *reload, const struct book_carried *carried,
    uint32_t contacts, bool undone, const struct str *off)
{
	size_t lost = carried->conflicts + carried->vanished, found = 0;
	struct str out;

	for (uint32_t row = 0; row < reload->matched; row++)
		found += reload->rows[row] != RECORDS_NONE;
	str_init(&out, SENTENCE_MAX);
	str_add(&out, reload->by_save
			  ? "saved; another program had changed the file "
			    "too, so it was read again"
			  : "read again");
	str_addf(&out, ": %u contact%s", contacts, contacts == 1 ? "" : "s");
	count(&out, contacts > found ? contacts - found : 0, "new", "new");
	count(&out, reload->matched - found, "gone", "gone");
	count(&out, lost, "change of yours was not kept",
	    "changes of yours were not kept");
	if (lost > 0)
		str_addf(&out, ": %s", carried->first);
	count(&out, carried->edits, "change is still to be saved",
	    "changes are still to be saved");
	if (undone)
		str_add(&out, "; undo begins anew");
	str_add(&out, off->data);
	screen_say(reload->desk->screen,
	    lost > 0       ? STYLE_BAD
	    : off->len > 0 ? STYLE_WARNING
			   : STYLE_GOOD,
	    "%s", out.data);
	str_release(&out);
}

static void
change_over(struct reload *reload)
{
	struct desk *desk = reload->desk;
	struct book *old = desk->book;
	struct book_carried carried;
	struct err err = ERR_INIT;
	struct str off;

	work_events(desk); /* what they speak of are old rows */
	if (!sync_use_book(desk->sync, reload->book, &err)) {
		fail(reload, &err);
		return;
	}
	book_carry(reload->book, old, reload->rows, &carried);
	desk->book = reload->book;
	reload->book = NULL;
	reload->wanted = reload->failed = false;
	desk->outside = false;
	desk->generation++;
	desk->kept.until = 0;
	desk->reveal_row = moved(reload, desk->reveal_row);
	free(desk->broken);
	desk->broken = NULL;
	run_log_move(desk->run_log, reload->rows, reload->matched);
	desk_move_sending(desk, reload->rows, reload->matched);
	str_init(&off, SENTENCE_MAX);
	move_views(reload, old, &off);
	tell(reload, &carried, book_count(desk->book),
	    book_undo_row(old, true) != RECORDS_NONE, &off);
	str_release(&off);
	book_free(old);
	drop(reload);
	screen_stale(desk->screen);
}

bool
reload_work(struct reload *reload, int64_t end)
{
	struct desk *desk = reload->desk;
	struct err ignored = ERR_INIT;

	if (clock_monotonic(desk->clock) >= reload->look_at)
		look(reload);
	if (!reload->book &&
	    (reload->wanted ||
		(source_moved(book_source(desk->book)) && !reload->failed)) &&
	    reload_may(reload, &ignored))
		begin(reload);
	if (!reload->book)
		return false;
	if (read_on(reload, end) || !reload->book)
		return reload->book != NULL;
	if (match(reload, end))
		return true;
	if (!may_change_over(reload))
		return false;
	if (source_changed_outside(book_source(reload->book))) {
		drop(reload);
		return true; /* once more */
	}
	change_over(reload);
	return true;
}
