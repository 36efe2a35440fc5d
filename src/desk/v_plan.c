/* SPDX-License-Identifier: MIT */
/*
 * What would be sent, row by row, before anything is. Rows that would be sent
 * come first, then those that cannot be, with the reason; rows without
 * anything to send are only counted (plan_list.h).
 *
 * The plan is made anew when the book changes and when a run has ended. While
 * one goes on it stays, and its rows show how they stand: a plan looks at
 * every row, and to it those on their way are the run's already.
 */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "base/text.h"
#include "book/book.h"
#include "book/config.h"
#include "desk/actions.h"
#include "desk/desk.h"
#include "desk/plan_list.h"
#include "desk/words.h"
#include "tui/table.h"
#include "tui/view.h"

enum { COLUMN_VERB, COLUMN_NAME, COLUMN_WHAT, COLUMN_COUNT };
enum { VALUES_MAX = 3, LABEL_COLUMNS = 20, ONE_ROWS = 5 };
enum { HEAD_ROWS = 10, DETAIL_ROWS = 14, DETAIL_PART = 5, WHAT_MAX = 8192 };

static const struct column columns[COLUMN_COUNT] = {
    [COLUMN_VERB] = {"", 10, 10, 0, ALIGN_LEFT},
    [COLUMN_NAME] = {"NAME", 12, 24, 0, ALIGN_LEFT},
    [COLUMN_WHAT] = {"WHAT", 13, 400, 0, ALIGN_LEFT},
};

struct v_plan {
	struct view view;
	struct desk *desk;
	struct plan_list list;
	bool running; /* a run goes on */
	char run[40]; /* when the screen was opened */
	struct table table;
	struct contact contact;
	struct row_status status;
};

static struct v_plan *
self(struct view *view)
{
	return (struct v_plan *)view;
}

/* ---- making the plan ------------------------------------------------------
 */

static bool
all_known(const struct v_plan *my)
{
	uint32_t counts[STATUS_COUNT];
	uint64_t sum = 0;

	if (!my->desk->sync)
		return false;
	sync_counts(my->desk->sync, counts);
	for (unsigned i = 0; i < STATUS_COUNT; i++)
		sum += counts[i];
	return book_loaded(my->desk->book) && sum >= book_count(my->desk->book);
}

/* Goes on; when the plan is whole, the cursor stays on its contact. */
static bool
work(struct v_plan *my)
{
	uint32_t row = v_plan_row(&my->view);
	struct plan_list *list = &my->list;

	if (plan_list_work(list))
		return true;
	for (size_t i = 0; i < list->shown_count; i++) {
		if (list->rows[list->shown[i]] != row)
			continue;
		table_keep(&my->table, i);
		break;
	}
	return false;
}

static void
refresh(struct view *view)
{
	struct v_plan *my = self(view);
	struct plan_list *list = &my->list;
	uint64_t revision = book_revision(my->desk->book);
	struct sync_progress progress;
	bool ended;

	if (!all_known(my))
		return;
	words_progress(my->desk, &progress);
	ended = my->running && !progress.running;
	my->running = progress.running;
	if ((list->ready || list->working) && !ended &&
	    (my->running || list->revision == revision))
		return;
	plan_list_begin(list);
	if (work(my))
		my->desk->background = true; /* there is a next turn soon */
}

bool
v_plan_work(struct view *view)
{
	struct v_plan *my = self(view);
	bool more;

	if (!my->list.working)
		return false;
	more = work(my);
	if (more)
		my->desk->background = true;
	else
		screen_dirty(view->screen);
	return more;
}

/* ---- words ----------------------------------------------------------------
 */

static const struct plan_row *
planned(const struct v_plan *my, size_t row)
{
	return &my->list.planned[my->list.shown[row]];
}

static bool
is_left_out(const struct v_plan *my, size_t row)
{
	return my->list.left_out[my->list.shown[row]];
}

static enum status
verb_status(const struct v_plan *my, const struct plan_row *row)
{
	enum status status = sync_status(my->desk->sync, row->row);

	if (my->running && status < STATUS_COUNT)
		return status;
	switch (row->verb) {
	case PLAN_CREATE: return STATUS_NEW;
	case PLAN_UPDATE: return STATUS_CHANGED;
	case PLAN_WAIT: return STATUS_WAITING;
	case PLAN_REVIEW: return STATUS_REVIEW;
	case PLAN_NONE: return STATUS_SYNCED;
	case PLAN_GOING: return STATUS_QUEUED;
	default: return status == STATUS_FAILED ? status : STATUS_BLOCKED;
	}
}

static void
verb_cell(
    const struct v_plan *my, size_t row, struct str *out, enum style *style)
{
	const struct plan_row *planned_row = planned(my, row);
	enum status status = verb_status(my, planned_row);

	if (is_left_out(my, row)) {
		*style = STYLE_DIM;
		str_add(out, my->desk->ascii ? "- left out" : "– left out");
		return;
	}
	*style = desk_status_style(status);
	str_addf(out, "%s ", desk_glyph(my->desk, status));
	if (status == STATUS_NEW || status == STATUS_CHANGED)
		str_add(out, plan_verb_word(planned_row->verb));
	else
		str_add(out, status_table[status].word);
}

static unsigned
count_fields(const bool fields[FIELD_COUNT])
{
	unsigned count = 0;

	for (unsigned i = 0; i < FIELD_COUNT; i++)
		count += fields[i];
	return count;
}

/* Few with their values; of many only the names are of use in a line. */
static void
add_update(struct v_plan *my, const struct plan_row *row, struct str *out)
{
	unsigned count = count_fields(row->changed);
	const char *between = ": ";

	if (count == 0) {
		str_add(out, "your ID of the contact");
	} else if (count <= VALUES_MAX) {
		words_fields(out, my->desk, &my->contact, row->changed, true);
	} else {
		str_addf(out, "%u fields", count);
		for (unsigned i = 0; i < FIELD_COUNT; i++) {
			if (!row->changed[i])
				continue;
			str_addf(out, "%s%s", between, field_table[i].label);
			between = ", ";
		}
	}
}

static void
add_create(const struct plan_row *row, struct str *out)
{
	unsigned count = count_fields(row->changed);

	str_addf(out, "%u field%s", count, count == 1 ? "" : "s");
	if (row->looked_up_by)
		str_addf(out, ", looked up by %s", row->looked_up_by);
}

static void
add_what(struct v_plan *my, const struct plan_row *row, struct str *out)
{
	char key[WORDS_KEY_MAX];

	book_contact(my->desk->book, row->row, &my->contact);
	switch (row->verb) {
	case PLAN_CREATE: add_create(row, out); break;
	case PLAN_UPDATE: add_update(my, row, out); break;
	case PLAN_GOING:
		str_addf(out, "in the sync that is going on; %s shows it",
		    words_key(my->desk, SCOPE_PLAN, DESK_RUN, key));
		break;
	default:
		words_row(my->desk, row->row, &my->status);
		if (*my->status.reason)
			text_clean(
			    out, my->status.reason, strlen(my->status.reason));
		else if (row->verb == PLAN_NONE)
			str_add(out, "nothing to send");
		break;
	}
}

static void
cell(void *context, size_t row, int column, struct str *out, enum style *style)
{
	struct v_plan *my = context;

	if (is_left_out(my, row))
		*style = STYLE_DIM;
	switch (column) {
	case COLUMN_VERB: verb_cell(my, row, out, style); break;
	case COLUMN_NAME:
		book_contact(
		    my->desk->book, planned(my, row)->row, &my->contact);
		str_add(out, my->contact.name);
		break;
	case COLUMN_WHAT: add_what(my, planned(my, row), out); break;
	default: break;
	}
}

static size_t
row_count(void *context)
{
	return ((const struct v_plan *)context)->list.shown_count;
}

/* Why there is no row to show. */
static void
explain_nothing(const struct v_plan *my, struct str *out)
{
	uint32_t going = my->list.sums.verbs[PLAN_GOING];
	char key[WORDS_KEY_MAX];

	if (going == 0) {
		str_add(out,
		    "Nothing: HealthSherpa has all of them as they are here.");
		return;
	}
	str_addf(out,
	    "Nothing more: %u %s in the sync that is going on; %s shows it.",
	    going, going == 1 ? "is" : "are",
	    words_key(my->desk, SCOPE_PLAN, DESK_RUN, key));
	if (going < my->list.count)
		str_add(out, " HealthSherpa has the others as they are here.");
}

static void
empty(void *context, struct str *out)
{
	const struct v_plan *my = context;

	if (!my->list.ready && my->list.working)
		str_addf(out, "Looking at %zu of %zu contacts.",
		    my->list.next_count, my->list.count);
	else if (!my->list.ready)
		str_add(out,
		    "The contacts are still being read; what would be sent "
		    "is known in a moment.");
	else if (my->list.count == 0)
		str_add(out, "No contact was chosen.");
	else
		explain_nothing(my, out);
}

static const struct table_ops table_ops = {
    .count = row_count,
    .cell = cell,
    .empty = empty,
};

/* ---- drawing --------------------------------------------------------------
 */

static void
add_part(struct str *out, size_t start, size_t count, const char *word)
{
	if (count == 0)
		return;
	if (out->len > start)
		str_add(out, ", ");
	str_addf(out, "%zu %s", count, word);
}

/* "64 of 512: 41 create, 23 update; 440 up to date, 6 blocked" */
static void
draw_head(
    const struct v_plan *my, struct canvas *canvas, const struct area *area)
{
	struct str out;
	const struct plan_list *list = &my->list;
	const uint32_t *verbs = list->sums.verbs;
	size_t sent = plan_list_sent(list), start;

	str_init(&out, 512);
	str_addf(&out, "%zu of %zu %s", sent, list->count,
	    my->running ? "to send" : "would be sent");
	if (sent > 0) {
		str_add(&out, ": ");
		start = out.len;
		add_part(&out, start, verbs[PLAN_CREATE], "create");
		add_part(&out, start, verbs[PLAN_UPDATE], "update");
		add_part(&out, start, verbs[PLAN_WAIT], "looked up first");
	}
	if (sent < list->count) {
		str_add(&out, "; not: ");
		start = out.len;
		add_part(&out, start, list->left_out_count, "left out");
		add_part(&out, start, verbs[PLAN_GOING],
		    "in the sync that is going on");
		add_part(&out, start, verbs[PLAN_NONE] - list->sums.unfinished,
		    "up to date");
		add_part(&out, start, list->sums.unfinished,
		    "up to date but for lists");
		add_part(&out, start, verbs[PLAN_BLOCKED], "blocked");
		add_part(&out, start, verbs[PLAN_REVIEW], "to decide");
	}
	canvas_box(canvas, area, 0, 1, area->columns - 2, ALIGN_LEFT,
	    STYLE_NORMAL, out.data);
	str_release(&out);
}

static void
tell_detail(struct v_plan *my, const struct plan_row *row, struct str *out)
{
	bool update = row->verb == PLAN_UPDATE;

	book_contact(my->desk->book, row->row, &my->contact);
	str_addf(out, "%s: ", my->contact.name);
	if (row->verb == PLAN_CREATE || update)
		words_fields(out, my->desk, &my->contact, row->changed, update);
	else
		add_what(my, row, out);
}

/* The plan of one contact has room for a line a field; false: not enough. */
static bool
draw_fields(struct v_plan *my, const struct plan_row *row,
    struct canvas *canvas, const struct area *area)
{
	unsigned count = count_fields(row->changed);
	struct str out;
	int line = 0;

	if (my->list.count != 1 || count == 0 || (int)count > area->rows ||
	    (row->verb != PLAN_CREATE && row->verb != PLAN_UPDATE))
		return false;
	book_contact(my->desk->book, row->row, &my->contact);
	str_init(&out, WHAT_MAX);
	for (unsigned i = 0; i < FIELD_COUNT; i++) {
		const char *value = my->contact.fields[i].value;

		if (!row->changed[i])
			continue;
		str_reset(&out);
		if (value)
			words_value(
			    &out, my->desk, row->row, (enum field)i, value);
		canvas_text(
		    canvas, area, line, 2, STYLE_DIM, field_table[i].label);
		canvas_box(canvas, area, line++, LABEL_COLUMNS,
		    area->columns - LABEL_COLUMNS, ALIGN_LEFT, STYLE_NORMAL,
		    out.data);
	}
	str_release(&out);
	return true;
}

/*
 * All values of the row under the cursor, wrapped, at the foot of the area;
 * returns the rows used. Always as many, so that the list stands still.
 */
static int
draw_detail(struct v_plan *my, struct canvas *canvas, const struct area *area)
{
	int rows = my->list.count == 1 ? area->rows - ONE_ROWS
				       : area->rows / DETAIL_PART;
	struct area lines = area_rows(area, area->rows - rows, rows);
	struct str out;
	size_t cursor;

	if (!table_row(&my->table, &cursor))
		return 0;
	canvas_rule(canvas, area, area->rows - rows - 1);
	lines = area_columns(&lines, 1, lines.columns - 2);
	if (draw_fields(my, planned(my, cursor), canvas, &lines))
		return rows + 1;
	str_init(&out, WHAT_MAX);
	tell_detail(my, planned(my, cursor), &out);
	if (canvas_paragraph(canvas, &lines, 0, 0, STYLE_DIM, out.data) > rows)
		canvas_sign(canvas, &lines, rows - 1, lines.columns - 1,
		    STYLE_DIM, &glyph_ellipsis);
	str_release(&out);
	return rows + 1;
}

static void
draw(struct view *view, struct canvas *canvas, const struct area *area)
{
	struct v_plan *my = self(view);
	struct area body;
	int top = 0, foot = 0;

	if (my->list.ready) {
		draw_head(my, canvas, area);
		top = 1;
	}
	if (my->list.ready && area->rows >= HEAD_ROWS)
		canvas_rule(canvas, area, top++);
	if (my->list.ready && area->rows >= DETAIL_ROWS)
		foot = draw_detail(my, canvas, area);
	body = area_rows(area, top, area->rows - top - foot);
	my->table.titles = area->rows >= HEAD_ROWS;
	table_draw(&my->table, canvas, &body);
}

static void
title(struct view *view, struct str *out)
{
	(void)view;
	str_add(out, "What would be sent");
}

/* "About 105 requests, 14 s at 8 a second." */
static void
add_estimate(const struct v_plan *my, struct str *out)
{
	const struct config *config = my->desk->config;
	int64_t wait = my->list.sums.verbs[PLAN_CREATE] > 0
			   ? sync_nobody_new_ms(my->desk->sync)
			   : 0;
	int64_t ms = 0;

	str_addf(out, " About %u request%s", my->list.sums.requests,
	    my->list.sums.requests == 1 ? "" : "s");
	if (config->rate_ms > 0 && config->rate_count > 0) {
		ms = (int64_t)my->list.sums.requests - config->burst;
		ms = ms > 0 ? ms * config->rate_ms / config->rate_count : 0;
	}
	/* the others are asked for meanwhile: only the longer time counts */
	if (wait > ms) {
		str_add(out, "; nobody new is created for ");
		words_duration(out, wait);
	} else if (ms > 0) {
		str_add(out, ", at least ");
		words_duration(out, ms);
	} else if (config->rate_ms > 0) {
		str_add(out, ", at once");
	}
	str_add_char(out, '.');
}

/* Whether a run has begun since the screen was opened. */
static bool
has_sent(const struct v_plan *my, struct sync_progress *progress)
{
	words_progress(my->desk, progress);
	return progress->running || strcmp(progress->run, my->run) != 0;
}

static enum style
note(struct view *view, struct str *out)
{
	const struct v_plan *my = self(view);
	struct sync_progress progress;
	char key[WORDS_KEY_MAX];

	if (!my->list.ready)
		return STYLE_NORMAL;
	if (has_sent(my, &progress)) {
		str_addf(out, "%s: %u of %u done. %s shows it row by row.",
		    progress.running ? "Sending" : "The run has ended",
		    progress.done, progress.total,
		    words_key(my->desk, SCOPE_PLAN, DESK_RUN, key));
		return STYLE_NORMAL;
	}
	str_add(out, "Nothing has been sent.");
	if (my->list.sums.requests > 0)
		add_estimate(my, out);
	return STYLE_NORMAL;
}

static const int *
hints(struct view *view)
{
	static const int some[] = {DESK_SYNC_ALL, DESK_OPEN, DESK_SYNC,
	    DESK_MARK, DESK_MARK_ALL, DESK_REVEAL, ACTION_BACK, ACTION_HELP,
	    ACTION_NONE};
	static const int one[] = {DESK_SYNC, DESK_OPEN, DESK_REVEAL,
	    ACTION_BACK, ACTION_HELP, ACTION_NONE};
	static const int running[] = {DESK_RUN, DESK_OPEN, DESK_SYNC_ALL,
	    DESK_SYNC, ACTION_BACK, ACTION_HELP, ACTION_NONE};
	static const int none[] = {
	    DESK_QUOTE, DESK_OPEN, ACTION_BACK, ACTION_HELP, ACTION_NONE};
	const struct v_plan *my = self(view);

	if (my->running)
		return running;
	if (plan_list_sent(&my->list) == 0 && my->list.left_out_count == 0)
		return none;
	return my->list.count == 1 ? one : some;
}

/* ---- acting ---------------------------------------------------------------
 */

static enum view_result
refuse(struct err *err, const char *why)
{
	err_set(err, ERR_USAGE, "%s", why);
	return VIEW_REFUSED;
}

static enum view_result
open_contact(struct v_plan *my, size_t row)
{
	const struct view *below = my->view.below;
	uint32_t contact = planned(my, row)->row;

	if (planned(my, row)->verb == PLAN_REVIEW)
		return VIEW_NOT_MINE; /* the desk's: it leads to the question */
	if (below && below->ops->scope == SCOPE_CONTACT &&
	    v_contact_row(below) == contact)
		return VIEW_LEAVE; /* we came from there */
	screen_push(my->view.screen, v_contact_new(my->desk, contact));
	return VIEW_DONE;
}

static enum view_result
leave_out(struct v_plan *my, size_t row, struct err *err)
{
	if (planned(my, row)->verb == PLAN_GOING)
		return refuse(
		    err, "this contact is in the sync that is going on");
	if (!plan_list_sends(planned(my, row)->verb))
		return refuse(err, "this contact would not be sent anyway");
	plan_list_leave_out(
	    &my->list, my->list.shown[row], !is_left_out(my, row));
	table_act(&my->table, ACTION_DOWN);
	return VIEW_DONE;
}

static enum view_result
send_one(struct v_plan *my, size_t row, struct err *err)
{
	uint32_t contact = planned(my, row)->row;

	if (is_left_out(my, row))
		return refuse(err, "you left this contact out");
	desk_sync(my->desk, &contact, 1);
	return VIEW_DONE;
}

static enum view_result
send_all(struct v_plan *my, struct err *err)
{
	size_t count;
	uint32_t *rows = plan_list_included(&my->list, &count);

	if (count > 0)
		desk_sync(my->desk, rows, count);
	free(rows);
	if (count > 0)
		return VIEW_DONE;
	return refuse(err, my->list.left_out_count > 0
			       ? "you left all of them out"
			       : "there is nothing here to send");
}

static enum view_result
act(struct view *view, const struct action *action, struct err *err)
{
	struct v_plan *my = self(view);
	size_t row = 0;
	bool any = table_row(&my->table, &row);

	if (table_act(&my->table, action->id))
		return VIEW_DONE;
	switch (action->id) {
	case DESK_SYNC_ALL:
	case DESK_MARK_ALL:
	case DESK_OPEN:
	case DESK_EDIT:
	case DESK_MARK:
	case DESK_SYNC: break;
	default: return VIEW_NOT_MINE;
	}
	if (!my->list.ready)
		return refuse(err, "the contacts are still being read");
	if (action->id == DESK_SYNC_ALL)
		return send_all(my, err);
	if (action->id == DESK_MARK_ALL) {
		if (plan_list_sent(&my->list) == 0 &&
		    my->list.left_out_count == 0)
			return refuse(err,
			    "nothing of it would be sent, so nothing can be "
			    "left out");
		plan_list_leave_all_out(
		    &my->list, my->list.left_out_count == 0);
		return VIEW_DONE;
	}
	if (!any)
		return refuse(err, "there is no contact here");
	switch (action->id) {
	case DESK_MARK: return leave_out(my, row, err);
	case DESK_SYNC: return send_one(my, row, err);
	default: return open_contact(my, row);
	}
}

static void
destroy(struct view *view)
{
	struct v_plan *my = self(view);

	plan_list_release(&my->list);
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
    .name = "plan",
    .scope = SCOPE_PLAN,
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
v_plan_new(struct desk *desk, const uint32_t *rows, size_t count)
{
	struct v_plan *my = (struct v_plan *)view_new(&ops, sizeof(*my));
	struct sync_progress progress;

	my->desk = desk;
	plan_list_init(&my->list, desk, rows, count);
	words_progress(desk, &progress);
	str_copy(my->run, sizeof(my->run), progress.run);
	contact_init(&my->contact);
	table_init(&my->table, &table_ops, my, columns, COLUMN_COUNT);
	refresh(&my->view); /* before the slices of this turn */
	return &my->view;
}

uint32_t
v_plan_row(const struct view *view)
{
	const struct v_plan *my = (const struct v_plan *)view;
	size_t row;

	if (!my->list.ready || !table_row(&my->table, &row))
		return RECORDS_NONE;
	return planned(my, row)->row;
}
