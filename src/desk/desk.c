/* SPDX-License-Identifier: MIT */
/*
 * The loop. Each turn: the keys that are there, signals, what sync has to
 * tell, one slice of background work, at most one paint, one wait.
 *
 * The first screen comes before anything that can be slow: the book's first
 * rows are read and painted, then the ledger is opened, then the rest is read
 * in slices. What happens by itself is shown at most ten times a second; what
 * a key did is shown at once.
 */
#include "desk/desk.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/scratch.h"
#include "base/secret.h"
#include "base/str.h"
#include "book/book.h"
#include "book/config.h"
#include "book/mapping_file.h"
#include "desk/actions.h"
#include "desk/editor.h"
#include "desk/host.h"
#include "desk/mapping_rules.h"
#include "desk/opener.h"
#include "desk/reload.h"
#include "desk/run_log.h"
#include "desk/settings.h"
#include "desk/tour.h"
#include "desk/work.h"
#include "tui/action.h"
#include "tui/key.h"
#include "tui/look.h"
#include "tui/term.h"
#include "tui/view.h"

enum {
	FIRST_ROWS = 64,
	BACKGROUND_MS = 100,   /* between paints that no key asked for, */
	BACKGROUND_SHARE = 10, /* which get one part in so many of the time */
	BACKGROUND_MOST_MS = 1000,
	RUNNING_MS = 500,    /* a run's clock */
	KEY_MS = 100,        /* a look whether a program has given the key */
	COUNTDOWN_MS = 1000, /* of one that waits */
	HELD_MS = 2000,      /* between two looks whether the book is free */
	LINEAR_MS = 5000,    /* all of these, where changes are read out */
	AGES_MS = 60000,     /* when nothing goes on: "3 min ago" grows old */
	INTERRUPTED = 130,
	TERMINATED = 143,
	LOST = 129,
	PROBLEMS_MAX = 64 << 10,
	LEAST_COLUMNS = 40,
	LEAST_ROWS = 6, /* 10 is comfortable */
	FDS_MAX = 3 + SETTINGS_FDS,
};

struct loop {
	struct desk *desk;
	const struct desk_options *options;
	struct canvas *canvas;
	struct looks looks; /* as they were at the start */
	int64_t now;
	int64_t painted;  /* when last */
	int64_t paint_ms; /* it took */
	int64_t typed;    /* when the last key came */
	int64_t asked; /* when the book was last asked for, held by another */
	char refused[ERR_TEXT_MAX]; /* why not, as was said */
	bool small;   /* too small to show anything; keys do nothing */
	bool resting; /* blank after long without a key */
	bool over;
	int status;
};

/* ---- opening and closing, in mirror order ------------------------------- */

static bool
bind_keys(struct loop *loop, struct err *err)
{
	struct desk *desk = loop->desk;
	struct str problems;
	bool good;

	str_init(&problems, PROBLEMS_MAX);
	desk->keymap = settings_keymap(desk->config, &problems);
	settings_looks(
	    desk->config, loop->options->color, &loop->looks, &problems);
	good = problems.len == 0;
	if (!good) {
		/* an error is one line */
		for (char *end = problems.data; (end = strchr(end, '\n'));)
			*end = end[1] ? ';' : '\0';
		err_set(err, ERR_CONFIG, "%s", problems.data);
	}
	str_release(&problems);
	return good;
}

/* Half a screen could be misread: rather none, and how to get it back. */
static bool
paint_too_small(struct loop *loop)
{
	struct area all = canvas_area(loop->canvas);

	loop->small = all.columns < LEAST_COLUMNS || all.rows < LEAST_ROWS;
	if (!loop->small)
		return false;
	canvas_erase(loop->canvas);
	canvas_paragraph(loop->canvas, &all, 0, 0, STYLE_NORMAL,
	    "This window is too small for belay: make it 40 columns wide and "
	    "10 rows high.");
	term_paint(loop->desk->term, loop->canvas);
	loop->painted = loop->now;
	return true;
}

/* False: there was nothing to paint. */
static bool
paint(struct loop *loop)
{
	struct desk *desk = loop->desk;
	int64_t begun = clock_monotonic(desk->clock);

	desk->linear = loop->options->linear || desk->config->linear;
	desk->ascii = settings_ascii(desk->config) && !desk->linear;
	canvas_set_linear(loop->canvas, desk->linear);
	if (paint_too_small(loop))
		return true;
	if (screen_take_redraw(desk->screen))
		term_forget(desk->term);
	canvas_use_ascii_signs(loop->canvas, desk->ascii);
	if (!screen_draw(desk->screen, loop->canvas))
		return false;
	term_paint(desk->term, loop->canvas);
	loop->painted = clock_monotonic(desk->clock);
	loop->paint_ms = loop->painted - begun;
	return true;
}

static void
follow_size(struct loop *loop)
{
	int rows, columns;

	term_size(loop->desk->term, &rows, &columns);
	canvas_resize(loop->canvas, rows, columns);
	screen_dirty(loop->desk->screen);
}

static bool
open_terminal(struct loop *loop, struct err *err)
{
	struct desk *desk = loop->desk;
	const char *path = source_path(book_source(desk->book));
	struct str title;

	desk->term = term_open(&loop->looks, err);
	if (!desk->term)
		return false;
	term_use_mouse(desk->term, desk->config->mouse);
	str_init(&title, 512);
	str_addf(&title, "belay %s", file_name(path));
	term_title(desk->term, title.data);
	str_release(&title);
	loop->canvas = canvas_new(1, 1, !term_is_utf8());
	follow_size(loop);
	return true;
}

/* Somebody else holds the book: then this one only looks. */
static bool
open_sync(struct loop *loop, struct err *err)
{
	struct err ignored = ERR_INIT;
	struct desk *desk = loop->desk;
	struct sync_options options = {
	    .clock = desk->clock,
	    .state_dir = loop->options->state_dir,
	};

	desk->sync = sync_open(desk->book, &options, err);
	if (!desk->sync && err->kind == ERR_HELD) {
		screen_say(desk->screen, STYLE_WARNING, "%s", err->text);
		options.read_only = true;
		desk->sync = sync_open(desk->book, &options, err);
	}
	if (!desk->sync)
		return false;
	desk->read_only = sync_read_only(desk->sync);
	desk_look_account(desk);
	/* so that it is known when the config is wrong later */
	if (desk->config->mapping)
		mapping_rules_read(desk, &ignored);
	desk->backup_dir = mem_strdup(sync_backup_dir(desk->sync));
	desk->reload = reload_new(desk);
	desk->generation++;
	screen_stale(desk->screen);
	if (!desk->read_only && work_look_sidecar(desk))
		screen_say(desk->screen, STYLE_WARNING, "%s", desk->sidecar);
	return true;
}

static bool
open_desk(struct loop *loop, struct err *err)
{
	struct desk *desk = loop->desk;
	struct err ignored = ERR_INIT;

	desk->book = book_open(
	    loop->options->config, loop->options->file, desk->clock, err);
	if (!desk->book || !bind_keys(loop, err))
		return false;
	book_name_statuses(desk->book, status_word);
	desk->screen = screen_new(desk->keymap, &host_ops, desk);
	desk->opener = opener_new(desk->config);
	desk->run_log = run_log_new();
	if (!open_terminal(loop, err))
		return false;
	desk->settings = settings_new(desk, loop->options->color);
	/* A failure is told by the next slice, in the desk. */
	book_load(desk->book, FIRST_ROWS, &ignored);
	screen_push(desk->screen, v_contacts_new(desk));
	v_contacts_work(screen_top(desk->screen));
	if (!book_is_mapped(desk->book) && ignored.kind == ERR_NONE)
		screen_push(desk->screen, v_proposal_new(desk));
	paint(loop);
	if (book_unfit(desk->book))
		work_tell_unfit(desk);
	else if (ignored.kind != ERR_NONE)
		work_tell_broken(desk, &ignored);
	work_tell_mapping(desk);
	return open_sync(loop, err);
}

/* Results that are not in the file yet go in; edits only if they were saved. */
static bool
finish(struct desk *desk, struct err *err)
{
	if (!desk->sync || desk->read_only || book_broken(desk->book) ||
	    book_results_unsaved(desk->book) == 0)
		return true;
	return sync_write_back(desk->sync, err);
}

static void
close_desk(struct loop *loop)
{
	struct desk *desk = loop->desk;

	editor_close(desk);
	contact_text_free(desk);
	settings_free(desk->settings);
	reload_free(desk->reload);
	screen_free(desk->screen);
	term_close(desk->term);
	canvas_free(loop->canvas);
	sync_free(desk->sync);
	plan_free(desk->asked);
	plan_free(desk->held);
	free(desk->last.rows);
	free(desk->wanted.rows);
	plan_free(desk->wanted.plan);
	secret_wait_free(desk->key);
	run_log_free(desk->run_log);
	opener_free(desk->opener);
	keymap_free(desk->keymap);
	mapping_file_free(desk->mapping_file);
	book_free(desk->book);
	contact_release(&desk->contact);
	history_clear(&desk->commands);
	free(desk->backup_dir);
	free(desk->broken);
	free(desk->sidecar);
}

/* ---- one turn ------------------------------------------------------------ */

static void
end(struct loop *loop, int status)
{
	loop->over = true;
	loop->status = status;
}

static void
wake(struct loop *loop)
{
	loop->resting = false;
	screen_dirty(loop->desk->screen);
}

/* Nothing else is done where nobody sees what. */
static bool
leaves(const struct desk *desk, enum term_event event, uint32_t key)
{
	const struct action *action = keymap_find(
	    desk->keymap, screen_top(desk->screen)->ops->scope, key);

	return event == TERM_KEY && action && action->id == ACTION_LEAVE &&
	       !screen_asking(desk->screen);
}

static void
take_keys(struct loop *loop)
{
	struct desk *desk = loop->desk;
	enum term_event event;
	uint32_t key;

	while (!editor_runs(desk) && screen_top(desk->screen) &&
	       (event = term_read(desk->term, &key)) != TERM_NOTHING) {
		if (event == TERM_HANGUP) {
			end(loop, LOST);
			return;
		}
		loop->typed = loop->now;
		loop->status = 0;
		if (loop->resting)
			wake(loop);
		else if (loop->small && !leaves(desk, event, key))
			continue;
		else if (event == TERM_MOUSE)
			screen_mouse(desk->screen, term_clicked(desk->term));
		else if (event == TERM_PASTE)
			screen_paste(desk->screen, term_pasted(desk->term));
		else if (key != KEY_CODE_ESCAPE ||
			 screen_asking(desk->screen) ||
			 !desk_give_up_sending(desk))
			screen_key(desk->screen, key);
	}
}

/* ^C asks like q does; a second one does not take no for an answer. */
static void
interrupt(struct loop *loop)
{
	struct desk *desk = loop->desk;

	loop->status = INTERRUPTED;
	if (screen_asking(desk->screen) || desk->leaving != DESK_STAYS)
		end(loop, INTERRUPTED);
	else
		host_leave(desk);
}

static void
reap(struct loop *loop)
{
	struct desk *desk = loop->desk;
	struct url url;

	if (editor_runs(desk) && editor_ended(desk)) {
		loop->typed = loop->now;
		loop->resting = false;
		follow_size(loop);
	}
	if (!opener_reap(desk->opener, &url))
		screen_push(desk->screen,
		    v_link_new(desk, "The page",
			"your browser could not be started", url.text));
}

static void
take_signals(struct loop *loop)
{
	struct desk *desk = loop->desk;
	unsigned came = term_take_signals(desk->term);

	if (came & TERM_LOST)
		end(loop, LOST);
	else if (came & TERM_TERMINATE)
		end(loop, TERMINATED);
	else if ((came & TERM_INTERRUPT) && !editor_runs(desk))
		interrupt(loop);
	if (loop->over)
		return;
	if ((came & TERM_STOP) || desk->stop_wanted) {
		desk->stop_wanted = false;
		if (editor_runs(desk))
			editor_stop(desk);
		else
			term_stop(desk->term);
		came |= TERM_RESIZED;
	}
	if ((came & TERM_RESIZED) && !editor_runs(desk))
		follow_size(loop);
	if (came & TERM_CHILD)
		reap(loop);
}

/* Between paints that no key asked for: on a slow terminal or machine the work
 * itself is to go on, and not mostly what is shown of it. */
static int64_t
background_ms(const struct loop *loop)
{
	int64_t share = loop->paint_ms * BACKGROUND_SHARE;
	int64_t least = loop->desk->linear ? LINEAR_MS : BACKGROUND_MS;

	/* the machine may have slept meanwhile */
	if (share > BACKGROUND_MOST_MS)
		share = BACKGROUND_MOST_MS;
	return share > least ? share : least;
}

/* How often what is said of time is painted anew. */
static int64_t
run_clock(const struct desk *desk, const struct sync_progress *progress)
{
	bool still = progress->paused && progress->in_flight == 0;

	if (!progress->running || (still && progress->waiting == 0))
		return AGES_MS;
	if (desk->linear)
		return LINEAR_MS;
	return still || progress->held != HOLD_NONE ? COUNTDOWN_MS : RUNNING_MS;
}

/* Time that passes by itself: what was revealed, clock and ages, resting. */
static void
take_time(struct loop *loop, int64_t clock_ms)
{
	struct desk *desk = loop->desk;
	int64_t rest = desk->config->idle_blank_ms;
	struct area all = canvas_area(loop->canvas);

	if (desk->reveal_until_ms > 0 && loop->now >= desk->reveal_until_ms) {
		desk->reveal_until_ms = 0;
		screen_stale(desk->screen);
	}
	if (editor_runs(desk))
		return;
	if (loop->now - loop->painted >= clock_ms)
		desk->background = true;
	if (rest > 0 && !loop->resting && loop->now - loop->typed >= rest) {
		loop->resting = true;
		desk->reveal_until_ms = 0;
		canvas_erase(loop->canvas);
		canvas_text(loop->canvas, &all, 0, 1, STYLE_DIM,
		    "belay is resting: any key brings it back");
		term_paint(desk->term, loop->canvas);
	}
}

static bool
show(struct loop *loop)
{
	struct desk *desk = loop->desk;

	if (loop->resting || editor_runs(desk))
		return false;
	if (desk->background &&
	    loop->now - loop->painted >= background_ms(loop)) {
		desk->background = false;
		screen_stale(desk->screen);
	}
	return paint(loop);
}

static void
sooner(int64_t *timeout, int64_t ms)
{
	if (ms < 0)
		ms = 0;
	if (*timeout < 0 || ms < *timeout)
		*timeout = ms;
}

/* Milliseconds to sleep; -1: until something happens. */
static int64_t
patience(const struct loop *loop, int64_t clock_ms)
{
	const struct desk *desk = loop->desk;
	int64_t timeout = -1, rest = desk->config->idle_blank_ms;

	if (desk->reveal_until_ms > 0)
		sooner(&timeout, desk->reveal_until_ms - loop->now);
	if (reload_due(desk->reload) < INT64_MAX)
		sooner(&timeout, reload_due(desk->reload) - loop->now);
	if (editor_runs(desk)) /* nothing is painted, and it looks for itself */
		return timeout;
	if (settings_due(desk->settings) < INT64_MAX)
		sooner(&timeout, settings_due(desk->settings) - loop->now);
	if (rest > 0 && !loop->resting)
		sooner(&timeout, loop->typed + rest - loop->now);
	if (desk->read_only)
		sooner(&timeout, loop->asked + HELD_MS - loop->now);
	if (desk->key)
		sooner(&timeout, KEY_MS);
	if (desk->background && !loop->resting)
		sooner(
		    &timeout, loop->painted + background_ms(loop) - loop->now);
	if (!loop->resting)
		sooner(&timeout, loop->painted + clock_ms - loop->now);
	return timeout;
}

/* For the network, signals, files, and the keys if they are ours. */
static void
wait_for(struct loop *loop, int64_t timeout)
{
	struct desk *desk = loop->desk;
	struct wait_fd fds[FDS_MAX] = {{.fd = term_signal_fd(desk->term)}};
	int settings[SETTINGS_FDS], reload = reload_fd(desk->reload);
	unsigned count = 1, first, reload_at = 0;
	unsigned watched = settings_fds(desk->settings, settings);

	if (!editor_runs(desk))
		fds[count++].fd = term_fd(desk->term);
	if (reload >= 0) {
		reload_at = count;
		fds[count++].fd = reload;
	}
	first = count;
	for (unsigned i = 0; i < watched; i++)
		fds[count++].fd = settings[i];
	sync_wait(desk->sync, fds, count, timeout);
	if (reload_at && fds[reload_at].ready)
		reload_told(desk->reload);
	for (unsigned i = first; i < count; i++)
		if (fds[i].ready) {
			settings_told(desk->settings);
			break;
		}
}

/* That another belay has it stands at the top; what else is in the way, once.
 */
static void
tell_refused(struct loop *loop, const struct err *why)
{
	const char *text = why->kind == ERR_HELD ? "" : why->text;

	if (*text && strcmp(loop->refused, text) != 0)
		screen_say(loop->desk->screen, STYLE_BAD,
		    "the other belay has ended, but here you can still only "
		    "look: %s",
		    text);
	str_copy(loop->refused, sizeof(loop->refused), text);
}

/* Who could only look may do more once the other belay has ended, and is asked
 * what who comes now would be. */
static void
ask_for_book(struct loop *loop)
{
	struct desk *desk = loop->desk;
	struct err why = ERR_INIT;

	if (!desk->read_only || loop->now - loop->asked < HELD_MS)
		return;
	loop->asked = loop->now;
	if (!sync_take_over(desk->sync, &why)) {
		tell_refused(loop, &why);
		return;
	}
	desk->read_only = false;
	desk->older_sought = desk->rest_offered = false;
	desk->taken_over = true;
	desk->generation++;
	screen_stale(desk->screen);
	screen_say(desk->screen, STYLE_GOOD,
	    "the other belay has ended: you can do everything here now");
}

/* Whether the user has left; an editor that is open is waited for. */
static bool
is_left(const struct desk *desk)
{
	return !screen_top(desk->screen) && !editor_runs(desk);
}

static bool
turn(struct loop *loop)
{
	struct desk *desk = loop->desk;
	struct sync_progress progress;
	int64_t clock_ms;
	bool more;

	loop->now = clock_monotonic(desk->clock);
	take_keys(loop);
	take_signals(loop);
	if (loop->over)
		return false;
	if (!is_left(desk))
		tour_look(desk);
	ask_for_book(loop);
	sync_step(desk->sync);
	work_events(desk);
	sync_progress(desk->sync, &progress);
	clock_ms = run_clock(desk, &progress);
	if (desk->leaving == DESK_LEAVES_FINISHED && !progress.running)
		screen_quit(desk->screen);
	if (is_left(desk))
		return false;
	desk_look_for_key(desk);
	more = work_slice(desk);
	if (is_left(desk))
		return false; /* what was waited for is done */
	take_time(loop, clock_ms);
	/* a view that looked anew before it was drawn may have work to do now
	 */
	more |= show(loop);
	wait_for(
	    loop, more || desk->stop_wanted ? 0 : patience(loop, clock_ms));
	return true;
}

int
desk_run(const struct desk_options *options, struct err *err)
{
	struct desk desk = {
	    .config = options->config,
	    .clock = options->clock,
	    .linear = options->linear || options->config->linear,
	    .reveal_row = RECORDS_NONE,
	    .tour = {.kind = options->tour},
	};
	struct loop loop = {.desk = &desk, .options = options};

	contact_init(&desk.contact);
	scratch_sweep();
	loop.now = loop.typed = clock_monotonic(desk.clock);
	if (open_desk(&loop, err)) {
		while (turn(&loop))
			;
		if (!finish(&desk, err))
			loop.status = -1;
	} else {
		loop.status = -1;
	}
	close_desk(&loop);
	return loop.status;
}
