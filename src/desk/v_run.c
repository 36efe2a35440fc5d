/* SPDX-License-Identifier: MIT */
/*
 * A run, row by row, and the strip of it above the list.
 *
 * The screen follows the newest row as long as the cursor is on the last one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"
#include "book/book.h"
#include "desk/actions.h"
#include "desk/desk.h"
#include "desk/run_log.h"
#include "desk/words.h"
#include "tui/table.h"
#include "tui/view.h"

enum { COLUMN_NAME, COLUMN_DID, COLUMN_TIME, COLUMN_WHAT, COLUMN_COUNT };
enum { STRIP_BAR_ROWS = 8, STRIP_NEWS_ROWS = 16, STRIP_NEWS = 3 };
enum { END_ROWS = 3 };

static const struct column columns[COLUMN_COUNT] = {
    [COLUMN_NAME] = {"NAME", 14, 24, 0, ALIGN_LEFT},
    [COLUMN_DID] = {"RESULT", 11, 12, 0, ALIGN_LEFT},
    [COLUMN_TIME] = {"TIME", 6, 6, 1, ALIGN_RIGHT},
    [COLUMN_WHAT] = {"", 8, 200, 0, ALIGN_LEFT},
};

struct v_run {
	struct view view;
	struct desk *desk;
	struct table table;
	struct contact contact; /* for names */
	struct row_status status;
	size_t seen; /* entries at the last look */
	/* Which entry stands where, once the run has ended: what needs
	 * somebody first. NULL: as they began. */
	size_t *order;
};

static struct v_run *
self(struct view *view)
{
	return (struct v_run *)view;
}

/* ---- words ----------------------------------------------------------------
 */

/* A row that a stopped run let go is what it was before. */
static enum status
standing(const struct desk *desk, const struct run_entry *entry)
{
	enum status status;

	if (entry->finished || !desk->sync)
		return entry->status;
	status = sync_status(desk->sync, entry->row);
	return status < STATUS_COUNT ? status : entry->status;
}

/* What became of a row, in a word. */
static const char *
did(const struct desk *desk, const struct run_entry *entry)
{
	struct row_status status;

	if (!entry->finished) {
		words_row(desk, entry->row, &status);
		return status.held != HOLD_NONE
			   ? words_standing(&status)
			   : status_table[standing(desk, entry)].word;
	}
	switch (entry->status) {
	case STATUS_SYNCED:
	case STATUS_CHANGED:
		if (entry->verb == PLAN_CREATE)
			return "created";
		return entry->verb == PLAN_UPDATE ? "updated" : "up to date";
	case STATUS_FAILED: return entry->http > 0 ? "refused" : "failed";
	default: return status_table[entry->status].word;
	}
}

/* How long it took; of one that waits for a time, how long still. */
static void
add_time(struct desk *desk, const struct run_entry *entry, struct str *out)
{
	struct row_status status;

	if (!entry->finished) {
		words_row(desk, entry->row, &status);
		if (status.retry_at_ms > 0)
			str_add(out, status.short_reason);
		return;
	}
	if (entry->took_ms < 10 * 1000)
		str_addf(out, "%d.%d s", (int)(entry->took_ms / 1000),
		    (int)(entry->took_ms / 100 % 10));
	else
		words_duration(out, entry->took_ms);
}

static void
add_what(struct desk *desk, const struct run_entry *entry,
    const struct row_status *status, struct str *out)
{
	char key[WORDS_KEY_MAX];

	if (entry->message)
		text_clean(out, entry->message, strlen(entry->message));
	else if (!entry->finished || entry->status == STATUS_WAITING ||
		 entry->status == STATUS_REVIEW)
		text_clean(out, status->reason, strlen(status->reason));
	if (entry->status == STATUS_FAILED || entry->status == STATUS_BLOCKED)
		str_addf(out, "   %s mends it",
		    words_key(desk, SCOPE_RUN, DESK_OPEN, key));
	else if (entry->finished && *status->quote_url)
		str_addf(out, "%s%s opens the quote page",
		    out->len > 0 ? "   " : "",
		    words_key(desk, SCOPE_RUN, DESK_QUOTE, key));
}

/* Adds "  31 ok" when it still fits. */
static void
add_fact(struct str *out, int width, const char *fact)
{
	if (text_width(out->data) + 2 + text_width(fact) > width)
		return;
	if (out->len > 0)
		str_add(out, "  ");
	str_add(out, fact);
}

static void
add_count(struct str *out, int width, uint32_t count, const char *word)
{
	char fact[64];

	if (count == 0)
		return;
	snprintf(fact, sizeof(fact), "%u %s", count, word);
	add_fact(out, width, fact);
}

static void
add_speed(struct desk *desk, const struct sync_progress *progress, int width,
    struct str *out)
{
	char fact[64], key[WORDS_KEY_MAX];
	struct str left;

	if (progress->rate > 0) {
		snprintf(fact, sizeof(fact), "%.1f/s", progress->rate);
		add_fact(out, width, fact);
	}
	if (progress->left_ms >= 0) {
		str_init(&left, sizeof(fact) - 1);
		words_duration(&left, progress->left_ms);
		str_add(&left, " left");
		add_fact(out, width, left.data);
		str_release(&left);
	}
	snprintf(fact, sizeof(fact), "%s pause",
	    words_key(desk, SCOPE_RUN, DESK_PAUSE, key));
	add_fact(out, width, fact);
}

/* "waiting 42 s", and why where there is room. */
static void
add_hold(const struct sync_progress *progress, int width, struct str *out)
{
	struct str fact;
	size_t brief, before = out->len;

	str_init(&fact, 160);
	str_add(&fact, "waiting ");
	words_duration(&fact, progress->held_ms);
	brief = fact.len;
	str_addf(&fact, ": %s", hold_words[progress->held]);
	add_fact(out, width, fact.data);
	if (out->len == before) {
		fact.data[brief] = '\0';
		add_fact(out, width, fact.data);
	}
	str_release(&fact);
}

/* Whether it stands still or comes to its end. */
static void
add_pace(struct desk *desk, const struct sync_progress *progress, int width,
    struct str *out)
{
	char fact[64], key[WORDS_KEY_MAX];

	if (progress->cancelling) {
		add_fact(out, width, "stopping");
	} else if (progress->paused) {
		snprintf(fact, sizeof(fact), "paused, %s goes on",
		    words_key(desk, SCOPE_RUN, DESK_PAUSE, key));
		add_fact(out, width, fact);
	} else if (progress->held != HOLD_NONE) {
		add_hold(progress, width, out);
	}
}

/* "37 of 64  31 ok  2 not taken  4 on the way  7.8/s  4 s left  x pause" */
static void
tell_progress(struct desk *desk, const struct sync_progress *progress,
    int width, struct str *out)
{
	char fact[64];

	snprintf(
	    fact, sizeof(fact), "%u of %u", progress->done, progress->total);
	add_fact(out, width, fact);
	add_pace(desk, progress, width, out);
	add_count(out, width,
	    progress->created + progress->updated + progress->unchanged, "ok");
	add_count(out, width, progress->failed, "not taken");
	add_count(out, width, progress->review, "to decide");
	add_count(out, width, progress->waiting, "waiting");
	add_count(out, width, progress->in_flight, "on the way");
	if (!progress->paused && !progress->cancelling &&
	    progress->held == HOLD_NONE)
		add_speed(desk, progress, width, out);
}

static enum style
progress_style(const struct sync_progress *progress)
{
	if (sync_broken_off(progress))
		return STYLE_BAD;
	return progress->paused || progress->held != HOLD_NONE ||
		       progress->failed > 0
		   ? STYLE_WARNING
		   : STYLE_NORMAL;
}

/* How it ended, wrapped when there is room. */
static int
draw_end(struct desk *desk, const struct sync_progress *progress,
    struct canvas *canvas, const struct area *area, bool room)
{
	enum style style = progress_style(progress);
	struct area lines = area_columns(area, 1, area->columns - 2);
	char key[WORDS_KEY_MAX];
	struct str out;
	int rows;

	lines = area_rows(&lines, 0, room ? END_ROWS : 1);
	str_init(&out, 1024);
	run_log_sentence(
	    progress, words_key(desk, SCOPE_RUN, DESK_RETRY, key), &out);
	rows = canvas_paragraph(canvas, &lines, 0, 0,
	    style == STYLE_NORMAL ? STYLE_GOOD : style, out.data);
	str_release(&out);
	return rows > lines.rows ? lines.rows : rows;
}

/* Draws the progress in words and as a bar; returns the rows it took. */
static int
draw_progress(struct desk *desk, const struct sync_progress *progress,
    struct canvas *canvas, const struct area *area, bool bar)
{
	struct str out;
	int rows = 0;

	str_init(&out, 1024);
	if (progress->running) {
		tell_progress(desk, progress, area->columns - 2, &out);
		canvas_box(canvas, area, rows++, 1, area->columns - 2,
		    ALIGN_LEFT, progress_style(progress), out.data);
	} else {
		rows = draw_end(desk, progress, canvas, area, bar);
		bar = false;
	}
	if (bar)
		canvas_bar(canvas, area, rows++, 1, area->columns - 2,
		    progress->done, progress->total);
	/* what holds it is said above, as it is now */
	if (bar && *progress->notice && progress->held == HOLD_NONE) {
		str_reset(&out);
		text_clean(&out, progress->notice, strlen(progress->notice));
		canvas_box(canvas, area, rows++, 1, area->columns - 2,
		    ALIGN_LEFT, STYLE_WARNING, out.data);
	}
	str_release(&out);
	return rows;
}

/* ---- the strip ------------------------------------------------------------
 */

static void
draw_news(struct desk *desk, const struct run_entry *entry,
    struct canvas *canvas, const struct area *area, int row)
{
	enum status now = standing(desk, entry);
	int name = area->columns / 3;
	struct row_status status;
	struct str out;

	words_row(desk, entry->row, &status);
	book_contact(desk->book, entry->row, &desk->contact);
	canvas_box(canvas, area, row, 3, name, ALIGN_LEFT, STYLE_NORMAL,
	    desk->contact.name);
	str_init(&out, 1024);
	str_addf(&out, "%s %s", desk_glyph(desk, now), did(desk, entry));
	if (entry->message) {
		str_add(&out, "   ");
		text_clean(&out, entry->message, strlen(entry->message));
	}
	canvas_box(canvas, area, row, name + 4, area->columns - name - 5,
	    ALIGN_LEFT, desk_status_style(now), out.data);
	str_release(&out);
}

int
v_run_strip(struct desk *desk, struct canvas *canvas, const struct area *area)
{
	struct sync_progress progress;
	size_t count = run_log_count(desk->run_log), news;
	int rows;

	words_progress(desk, &progress);
	if (!progress.running || area->rows < 3)
		return 0;
	rows = draw_progress(
	    desk, &progress, canvas, area, area->rows >= STRIP_BAR_ROWS);
	if (area->rows < STRIP_NEWS_ROWS)
		return rows;
	news = count < STRIP_NEWS ? count : STRIP_NEWS;
	for (size_t i = count - news; i < count; i++)
		draw_news(desk, run_log_entry(desk->run_log, i), canvas, area,
		    rows++);
	canvas_rule(canvas, area, rows++);
	return rows;
}

/* ---- the table ------------------------------------------------------------
 */

static const struct run_entry *
entry_at(const struct v_run *my, size_t row)
{
	const struct run_log *log = my->desk->run_log;
	/* entries may have gone since the last look */
	bool ordered = my->order && my->seen == run_log_count(log);

	return run_log_entry(log, ordered ? my->order[row] : row);
}

static size_t
row_count(void *context)
{
	return run_log_count(((struct v_run *)context)->desk->run_log);
}

static void
cell(void *context, size_t row, int column, struct str *out, enum style *style)
{
	struct v_run *my = context;
	const struct run_entry *entry = entry_at(my, row);
	enum status now = standing(my->desk, entry);

	switch (column) {
	case COLUMN_NAME:
		book_contact(my->desk->book, entry->row, &my->contact);
		str_add(out, my->contact.name);
		break;
	case COLUMN_DID:
		*style = desk_status_style(now);
		str_addf(out, "%s %s", desk_glyph(my->desk, now),
		    did(my->desk, entry));
		break;
	case COLUMN_TIME:
		*style = STYLE_DIM;
		add_time(my->desk, entry, out);
		break;
	case COLUMN_WHAT:
		words_row(my->desk, entry->row, &my->status);
		add_what(my->desk, entry, &my->status, out);
		break;
	default: break;
	}
}

static void
empty(void *context, struct str *out)
{
	struct v_run *my = context;
	struct sync_progress progress;
	char key[WORDS_KEY_MAX];

	words_progress(my->desk, &progress);
	if (progress.running)
		str_add(out, "The run begins.");
	else
		str_addf(out,
		    "Nothing has been sent since belay was started. In the "
		    "list %s shows what would be sent.",
		    words_key(my->desk, SCOPE_CONTACTS, DESK_SYNC_ALL, key));
}

static const struct table_ops table_ops = {
    .count = row_count,
    .cell = cell,
    .empty = empty,
};

/* ---- the view -------------------------------------------------------------
 */

static void
draw(struct view *view, struct canvas *canvas, const struct area *area)
{
	struct v_run *my = self(view);
	struct sync_progress progress;
	struct area body;
	int top = 0;

	words_progress(my->desk, &progress);
	if (progress.total > 0) {
		top = draw_progress(my->desk, &progress, canvas, area,
		    area->rows >= STRIP_BAR_ROWS);
		if (area->rows >= STRIP_BAR_ROWS)
			canvas_rule(canvas, area, top++);
	}
	body = area_rows(area, top, area->rows - top);
	my->table.titles = area->rows >= STRIP_BAR_ROWS;
	table_draw(&my->table, canvas, &body);
}

/* Those that need somebody come first, else all stay as they began; returns
 * how many need one. */
static size_t
put_in_order(struct v_run *my, size_t count)
{
	size_t *order = mem_resize(NULL, count, sizeof(*order));
	size_t needed = 0, rest;

	for (size_t i = 0; i < count; i++)
		if (status_needs_somebody(standing(
			my->desk, run_log_entry(my->desk->run_log, i))))
			order[needed++] = i;
	rest = needed;
	for (size_t i = 0, next = 0; i < count; i++)
		if (next < needed && order[next] == i)
			next++;
		else
			order[rest++] = i;
	free(my->order);
	my->order = order;
	return needed;
}

/* While it goes on the cursor follows the newest; at the end it goes to what
 * needs somebody. What is mended then stays where it is. */
static void
refresh(struct view *view)
{
	struct v_run *my = self(view);
	size_t count = run_log_count(my->desk->run_log);
	bool follow = my->table.cursor + 1 >= my->seen;
	struct sync_progress progress;

	words_progress(my->desk, &progress);
	if (progress.running || count == 0) {
		free(my->order);
		my->order = NULL;
		if (follow && count > 0)
			table_select(&my->table, count - 1);
	} else if (!my->order || my->seen != count) {
		size_t needed = put_in_order(my, count);

		if (follow)
			table_select(&my->table, needed > 0 ? 0 : count - 1);
	}
	my->seen = count;
}

static enum view_result
act(struct view *view, const struct action *action, struct err *err)
{
	struct v_run *my = self(view);

	(void)err;
	return table_act(&my->table, action->id) ? VIEW_DONE : VIEW_NOT_MINE;
}

static void
title(struct view *view, struct str *out)
{
	struct sync_progress progress;

	words_progress(self(view)->desk, &progress);
	str_add(out, progress.running ? "Sending" : "The last run");
}

/* Speaks of the row under the cursor: its line may be too short. */
static enum style
note(struct view *view, struct str *out)
{
	struct v_run *my = self(view);
	struct sync_progress progress;
	const struct run_entry *entry;
	size_t row;

	words_progress(my->desk, &progress);
	if (table_row(&my->table, &row)) {
		entry = entry_at(my, row);
		words_row(my->desk, entry->row, &my->status);
		if (entry->message)
			text_clean(out, entry->message, strlen(entry->message));
		else
			text_clean(
			    out, my->status.reason, strlen(my->status.reason));
		if (out->len > 0)
			return desk_status_style(standing(my->desk, entry));
	}
	if (progress.running)
		str_add(out,
		    "You can go on reading and mending while this goes on.");
	return STYLE_DIM;
}

static const int *
hints(struct view *view)
{
	static const int running[] = {DESK_PAUSE, DESK_OPEN, DESK_QUOTE,
	    ACTION_BACK, ACTION_HELP, ACTION_NONE};
	static const int ended[] = {DESK_DECIDE, DESK_QUOTE, DESK_OPEN,
	    DESK_RETRY, DESK_COPY, ACTION_BACK, ACTION_HELP, ACTION_NONE};
	struct sync_progress progress;

	words_progress(self(view)->desk, &progress);
	return progress.running ? running : ended;
}

static void
destroy(struct view *view)
{
	struct v_run *my = self(view);

	free(my->order);
	table_release(&my->table);
	contact_release(&my->contact);
	free(view);
}

static enum view_result
click(struct view *view, int row, int column, struct err *err)
{
	(void)err;
	return table_click(&self(view)->table, row, column, NULL);
}

static const struct view_ops ops = {
    .name = "run",
    .scope = SCOPE_RUN,
    .draw = draw,
    .refresh = refresh,
    .act = act,
    .click = click,
    .title = title,
    .note = note,
    .hints = hints,
    .destroy = destroy,
};

struct view *
v_run_new(struct desk *desk)
{
	struct v_run *my = (struct v_run *)view_new(&ops, sizeof(*my));

	my->desk = desk;
	contact_init(&my->contact);
	table_init(&my->table, &table_ops, my, columns, COLUMN_COUNT);
	return &my->view;
}

uint32_t
v_run_row(const struct view *view)
{
	const struct v_run *my = (const struct v_run *)view;
	size_t row;

	if (!table_row(&my->table, &row))
		return RECORDS_NONE;
	return entry_at(my, row)->row;
}
