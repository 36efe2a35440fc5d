/* SPDX-License-Identifier: MIT */
/*
 * Which columns the list of contacts has: all that can be one, those that are
 * first and in their order, with what this contact has there. Above them stand
 * the list's titles and this contact as they will look.
 *
 * Each change goes into the config at once, so there is nothing to be accepted
 * in the end; it can be taken back as long as the screen is open.
 */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"
#include "book/book.h"
#include "book/config.h"
#include "book/config_write.h"
#include "desk/actions.h"
#include "desk/contact_cells.h"
#include "desk/contact_columns.h"
#include "desk/desk.h"
#include "desk/words.h"
#include "tui/action.h"
#include "tui/finder.h"
#include "tui/linear.h"
#include "tui/table.h"
#include "tui/view.h"

enum { TEXT_MAX = 1024, TALL = 14, GUTTER = 3 };
enum { CELL_COLUMN, CELL_WIDTH, CELL_FROM, CELL_SAMPLE };

/* One state, for undo. */
struct choice {
	struct contact_column list[COLUMNS_MAX];
	int count;
	bool alone; /* without the columns that only other files have */
};

struct v_list_columns {
	struct view view;
	struct desk *desk;
	uint32_t row; /* whose values are shown; RECORDS_NONE: nobody's */
	struct contact_columns columns;
	struct layout layout; /* of them, at the last drawing */
	struct contact_cells *cells;
	struct contact_column *shown; /* rows of the table */
	size_t count;
	struct finder finder;
	struct choice *steps;
	size_t step_count, step; /* step: where we are among them */
	bool alone;              /* as in a choice */
	/* of other files, as the config had them last */
	struct config_columns strangers;
	struct table table;
};

static const struct column columns[] = {
    [CELL_COLUMN] = {"COLUMN", 16, 36, 0, ALIGN_LEFT},
    [CELL_WIDTH] = {"WIDTH", 5, 5, 1, ALIGN_RIGHT},
    [CELL_FROM] = {"FROM", 12, 12, 2, ALIGN_LEFT},
    [CELL_SAMPLE] = {"THIS CONTACT", 12, 60, 0, ALIGN_LEFT},
};

/* The view stands first in the struct. */
static struct v_list_columns *
self(struct view *view)
{
	return (struct v_list_columns *)view;
}

/* ---- what is listed -------------------------------------------------------
 */

static void
add_name(const struct v_list_columns *my, const struct contact_column *column,
    struct str *out)
{
	struct config_column named;

	contact_column_name(my->desk->book, column, &named);
	text_clean(out, named.name, strlen(named.name));
}

static bool
is_found(const struct v_list_columns *my, const struct contact_column *column)
{
	struct str name;
	bool has;

	str_init(&name, TEXT_MAX);
	add_name(my, column, &name);
	has = finder_has(&my->finder, name.data);
	str_release(&name);
	return has;
}

static void
list(struct v_list_columns *my)
{
	struct contact_column column;
	size_t most = 0;

	while (contact_column_number(my->desk->book, most, &column))
		most++;
	my->shown = mem_resize(
	    my->shown, most + COLUMNS_MAX, sizeof(*my->shown));
	my->count = 0;
	for (int i = 0; i < my->columns.count; i++)
		if (is_found(my, &my->columns.list[i]))
			my->shown[my->count++] = my->columns.list[i];
	for (size_t i = 0; i < most; i++) {
		contact_column_number(my->desk->book, i, &column);
		if (contact_columns_find(&my->columns, &column) < 0 &&
		    is_found(my, &column))
			my->shown[my->count++] = column;
	}
}

static void
put_cursor(struct v_list_columns *my, const struct contact_column *column)
{
	for (size_t i = 0; i < my->count; i++)
		if (contact_column_same(&my->shown[i], column))
			table_select(&my->table, i);
}

static const struct contact_column *
under_cursor(const struct v_list_columns *my)
{
	size_t at;

	return table_row(&my->table, &at) ? &my->shown[at] : NULL;
}

/* Where the column under the cursor stands in the list, or -1. */
static int
place(const struct v_list_columns *my)
{
	const struct contact_column *column = under_cursor(my);

	return column ? contact_columns_find(&my->columns, column) : -1;
}

static size_t
row_count(void *context)
{
	return ((const struct v_list_columns *)context)->count;
}

static void
cell(void *context, size_t row, int number, struct str *out, enum style *style)
{
	static const char *const from[] = {
	    [SHOWS_CELL] = "belay",
	    [SHOWS_FIELD] = "HealthSherpa",
	    [SHOWS_FILE] = "the file",
	};
	const struct v_list_columns *my = context;
	const struct contact_column *column = &my->shown[row];
	int at = contact_columns_find(&my->columns, column);

	if (at < 0)
		*style = STYLE_DIM;
	if (number == CELL_COLUMN)
		add_name(my, column, out);
	else if (number == CELL_WIDTH && column->width > 0)
		str_addf(out, "%d", column->width);
	else if (number == CELL_WIDTH && at >= 0)
		str_add(out, "usual");
	else if (number == CELL_FROM)
		str_add(out, from[column->kind]);
	else if (number == CELL_SAMPLE)
		contact_cells_sample(my->cells, my->row, column, out);
}

static bool
marked(void *context, size_t row)
{
	const struct v_list_columns *my = context;

	return contact_columns_find(&my->columns, &my->shown[row]) >= 0;
}

static void
empty(void *context, struct str *out)
{
	(void)context;
	str_add(out, "No column has these letters.");
}

static const struct table_ops table_ops = {
    .count = row_count,
    .cell = cell,
    .marked = marked,
    .empty = empty,
};

/* ---- drawing --------------------------------------------------------------
 */

static void
preview_cell(
    void *context, size_t row, int column, struct str *out, enum style *style)
{
	const struct v_list_columns *my = context;

	contact_cells_add(my->cells, (uint32_t)row, column, out, style);
}

/* This contact as its line will be. Returns its rows. */
static int
draw_line(
    struct v_list_columns *my, struct canvas *canvas, const struct area *area)
{
	struct str line, text;

	if (my->row == RECORDS_NONE)
		return 0;
	str_init(&line, TEXT_MAX);
	str_init(&text, TEXT_MAX);
	str_add(&line, "As a line: ");
	linear_row(my->columns.shapes, my->columns.count, 0, preview_cell, my,
	    my->row, NULL, &text, &line);
	linear_cut(&line, area->columns);
	canvas_text(canvas, area, 0, 0, STYLE_NORMAL, line.data);
	str_release(&text);
	str_release(&line);
	canvas_rule(canvas, area, 1);
	return 2;
}

/* The list as it will be: titles, and this contact. Returns its rows. */
static int
draw_preview(
    struct v_list_columns *my, struct canvas *canvas, const struct area *area)
{
	struct str text;

	columns_draw_titles(
	    my->columns.shapes, &my->layout, NULL, 0, canvas, area, 0, GUTTER);
	if (my->layout.behind)
		canvas_sign(
		    canvas, area, 0, area->columns - 1, STYLE_KEY, &glyph_more);
	str_init(&text, TEXT_MAX);
	if (my->row != RECORDS_NONE)
		columns_draw_row(my->columns.shapes, &my->layout, preview_cell,
		    my, my->row, canvas, area, 1, GUTTER, &text);
	str_release(&text);
	canvas_rule(canvas, area, 2);
	return 3;
}

static void
draw(struct view *view, struct canvas *canvas, const struct area *area)
{
	struct v_list_columns *my = self(view);
	struct area body = *area;
	struct str line;
	int used = 0;

	columns_layout(my->columns.shapes, my->columns.count,
	    area->columns - GUTTER, &my->layout);
	str_init(&line, TEXT_MAX);
	str_addf(&line, "%d column%s in the list%s", my->columns.count,
	    my->columns.count == 1 ? "" : "s",
	    my->layout.behind ? "; not all fit into this window" : "");
	canvas_text(canvas, area, 0, 1, STYLE_NORMAL, line.data);
	str_release(&line);
	canvas_rule(canvas, area, 1);
	body = area_rows(area, 2, area->rows - 2);
	contact_cells_begin(my->cells);
	if (area->rows >= TALL)
		used = canvas_is_linear(canvas)
			   ? draw_line(my, canvas, &body)
			   : draw_preview(my, canvas, &body);
	body = area_rows(&body, used, body.rows - used);
	table_draw(&my->table, canvas, &body);
}

static void
title(struct view *view, struct str *out)
{
	(void)view;
	str_add(out, "Columns of the list");
}

static enum style
note(struct view *view, struct str *out)
{
	struct v_list_columns *my = self(view);
	const struct contact_column *column = under_cursor(my);

	if (!column)
		return STYLE_NORMAL;
	add_name(my, column, out);
	if (column->kind == SHOWS_FIELD)
		str_addf(out, ": %s", field_table[column->index].help);
	else if (column->kind == SHOWS_FILE)
		str_add(out, ": as it stands in the file");
	else
		str_add(out, place(my) >= 0 ? ": in the list" : "");
	return STYLE_DIM;
}

static const int *
hints(struct view *view)
{
	static const int order[] = {DESK_MARK, DESK_MOVE_DOWN, DESK_MOVE_UP,
	    DESK_WIDER, DESK_NARROWER, DESK_SEARCH, DESK_UNDO, DESK_USUAL,
	    ACTION_BACK, ACTION_HELP, ACTION_NONE};

	(void)view;
	return order;
}

/* ---- changing -------------------------------------------------------------
 */

/* Whether they are those of a list of which the config says nothing. */
static bool
are_usual(const struct contact_columns *chosen)
{
	struct contact_columns *usual = mem_zalloc(sizeof(*usual));
	bool same;

	contact_columns_usual(usual);
	same = usual->count == chosen->count;
	for (int i = 0; same && i < chosen->count; i++)
		same = chosen->list[i].width == 0 &&
		       contact_column_same(&chosen->list[i], &usual->list[i]);
	free(usual);
	return same;
}

/* What the config names and the book does not have (yet, or this file's:
 * another one may) is no choice of anybody's here: it stays, behind the others.
 */
static void
keep_strangers(struct v_list_columns *my)
{
	const struct config_columns *named = &my->desk->config->columns;
	struct config_columns found = {.list = NULL};

	for (size_t i = 0; i < named->count; i++) {
		struct contact_column ignored;
		struct err unknown = ERR_INIT;

		if (!contact_column_find(
			my->desk->book, &named->list[i], &ignored, &unknown))
			config_columns_add(&found, &named->list[i]);
	}
	/* none: they may have been left out here, and come back */
	if (found.count == 0)
		return;
	config_columns_free(&my->strangers);
	my->strangers = found;
}

/* As the config would have them; the usual ones alone are not written. */
static void
to_config(struct v_list_columns *my, struct config_columns *out)
{
	for (int i = 0; i < my->columns.count; i++) {
		struct config_column named;

		contact_column_name(
		    my->desk->book, &my->columns.list[i], &named);
		config_columns_add(out, &named);
	}
	keep_strangers(my);
	for (size_t i = 0; !my->alone && i < my->strangers.count; i++)
		config_columns_add(out, &my->strangers.list[i]);
	if (out->count == (size_t)my->columns.count && are_usual(&my->columns))
		config_columns_free(out);
}

static void
use(struct v_list_columns *my)
{
	contact_columns_shape(&my->columns, my->desk);
	contact_cells_use(my->cells, &my->columns);
	list(my);
}

static void
take(struct v_list_columns *my, const struct choice *choice)
{
	memcpy(my->columns.list, choice->list, sizeof(choice->list));
	my->columns.count = choice->count;
	my->alone = choice->alone;
	use(my);
}

static void
note_step(struct v_list_columns *my)
{
	struct choice *step;

	my->steps = mem_resize(my->steps, my->step + 2, sizeof(*my->steps));
	step = &my->steps[++my->step];
	my->step_count = my->step + 1;
	memcpy(step->list, my->columns.list, sizeof(step->list));
	step->count = my->columns.count;
	step->alone = my->alone;
}

/* Writes what there is now; else what was before stays. */
static bool
save(struct v_list_columns *my)
{
	struct desk *desk = my->desk;
	struct config_columns named = {.list = NULL};
	struct err err = ERR_INIT;
	bool good;

	to_config(my, &named);
	good = config_keep_columns(desk->config, "columns", &named, &err);
	config_columns_free(&named);
	if (!good) {
		screen_say(desk->screen, STYLE_BAD, "not saved: %s", err.text);
		return false;
	}
	desk->config_generation++;
	screen_stale(desk->screen);
	return true;
}

/* After a change: it is written and can be taken back, or it is none (false).
 */
static bool
changed(struct v_list_columns *my, const struct contact_column *column)
{
	bool good = save(my);

	if (good) {
		note_step(my);
		use(my);
	} else {
		take(my, &my->steps[my->step]);
	}
	put_cursor(my, column);
	return good;
}

static void
show_or_hide(struct v_list_columns *my)
{
	const struct contact_column *under = under_cursor(my);
	struct contact_column *list = my->columns.list, column;
	int at = place(my);

	if (!under)
		return;
	column = *under;
	if (at < 0) {
		list[my->columns.count++] = column;
	} else {
		memmove(&list[at], &list[at + 1],
		    (size_t)(my->columns.count - at - 1) * sizeof(*list));
		my->columns.count--;
	}
	changed(my, &column);
}

static void
move_by(struct v_list_columns *my, int by)
{
	int at = place(my);
	struct contact_column column = my->columns.list[at];

	my->columns.list[at] = my->columns.list[at + by];
	my->columns.list[at + by] = column;
	changed(my, &column);
}

/* The width that it has in this window, or would have in a wider one. */
static int
width_of(const struct v_list_columns *my, int at)
{
	return my->layout.width[at] > 0 ? my->layout.width[at]
					: my->columns.shapes[at].width;
}

/* By none: the usual width again. */
static void
widen_by(struct v_list_columns *my, int by)
{
	int at = place(my);
	struct contact_column *column = &my->columns.list[at];
	struct contact_column kept = *column;

	column->width = by == 0 ? 0 : width_of(my, at) + by;
	changed(my, &kept);
}

static void
usual(struct v_list_columns *my)
{
	contact_columns_usual(&my->columns);
	my->alone = true;
	if (changed(my, &my->columns.list[0]))
		screen_say(my->desk->screen, STYLE_NORMAL,
		    "the usual columns are there again");
}

static void
step_to(struct v_list_columns *my, size_t step)
{
	struct choice before = my->steps[my->step];
	const struct contact_column *under = under_cursor(my);
	struct contact_column column = under ? *under : before.list[0];

	take(my, &my->steps[step]);
	if (save(my))
		my->step = step;
	else
		take(my, &before);
	put_cursor(my, &column);
}

/* ---- finding --------------------------------------------------------------
 */

static void
found(void *context)
{
	struct v_list_columns *my = context;

	list(my);
	table_select(&my->table, 0);
}

static bool
any_found(void *context, struct err *err)
{
	const struct v_list_columns *my = context;

	return my->count > 0 ||
	       err_set(err, ERR_USAGE, "no column has these letters");
}

static const struct finder_ops finder_ops = {
    .label = "letters of its name: ",
    .narrow = found,
    .any = any_found,
};

/* ---- acting ---------------------------------------------------------------
 */

static bool
may(struct view *view, int action, struct err *err)
{
	const struct v_list_columns *my = self(view);
	int at = place(my), last = my->columns.count - 1;

	if (!under_cursor(my))
		return err_set(err, ERR_USAGE, "there is no column here");
	if (action == DESK_MARK && at < 0)
		return my->columns.count < COLUMNS_MAX ||
		       err_set(err, ERR_USAGE,
			   "%d columns are as many as the list can have",
			   COLUMNS_MAX);
	if (action == DESK_MARK)
		return last > 0 ||
		       err_set(err, ERR_USAGE, "one column must stay");
	if (at < 0)
		return err_set(err, ERR_USAGE, "this one is not in the list");
	if (action == DESK_MOVE_UP)
		return at > 0 ||
		       err_set(err, ERR_USAGE, "it is the first one already");
	if (action == DESK_MOVE_DOWN)
		return at < last ||
		       err_set(err, ERR_USAGE, "it is the last one already");
	if (action == DESK_USUAL_WIDTH)
		return my->columns.list[at].width > 0 ||
		       err_set(err, ERR_USAGE, "it has its usual width");
	if (action == DESK_NARROWER)
		return width_of(my, at) > 1 ||
		       err_set(err, ERR_USAGE, "it cannot be narrower");
	if (action == DESK_WIDER)
		return width_of(my, at) < CONFIG_COLUMN_WIDTH_MAX ||
		       err_set(err, ERR_USAGE, "it cannot be wider");
	return true;
}

static enum view_result
undo(struct v_list_columns *my, bool back, struct err *err)
{
	if (back ? my->step == 0 : my->step + 1 >= my->step_count) {
		err_set(err, ERR_USAGE,
		    back ? "no change of the columns is to be taken back"
			 : "no change of the columns was taken back");
		return VIEW_REFUSED;
	}
	step_to(my, back ? my->step - 1 : my->step + 1);
	return VIEW_DONE;
}

static enum view_result
act(struct view *view, const struct action *action, struct err *err)
{
	struct v_list_columns *my = self(view);

	if (table_act(&my->table, action->id))
		return VIEW_DONE;
	switch (action->id) {
	case DESK_MARK: show_or_hide(my); return VIEW_DONE;
	case DESK_MOVE_UP: move_by(my, -1); return VIEW_DONE;
	case DESK_MOVE_DOWN: move_by(my, 1); return VIEW_DONE;
	case DESK_WIDER: widen_by(my, 1); return VIEW_DONE;
	case DESK_NARROWER: widen_by(my, -1); return VIEW_DONE;
	case DESK_USUAL_WIDTH: widen_by(my, 0); return VIEW_DONE;
	case DESK_USUAL: usual(my); return VIEW_DONE;
	case DESK_UNDO: return undo(my, true, err);
	case DESK_REDO: return undo(my, false, err);
	case DESK_SEARCH:
		finder_ask(&my->finder, view->screen);
		return VIEW_DONE;
	case ACTION_BACK:
		return finder_leave(&my->finder) ? VIEW_DONE : VIEW_NOT_MINE;
	default: return VIEW_NOT_MINE;
	}
}

/* The config may be another, the file may have got other columns. */
static void
refresh(struct view *view)
{
	struct v_list_columns *my = self(view);
	const struct contact_column *under = under_cursor(my);
	struct contact_column column = under ? *under : my->columns.list[0];

	contact_columns_make(&my->columns, my->desk, NULL);
	use(my);
	put_cursor(my, &column);
}

/* Where the cursor is already a click does what Space does. */
static enum view_result
click(struct view *view, int row, int column, struct err *err)
{
	struct v_list_columns *my = self(view);
	enum view_result result = table_click(&my->table, row, column, NULL);

	(void)err;
	if (result != VIEW_ENTER)
		return result;
	show_or_hide(my);
	return VIEW_DONE;
}

static void
destroy(struct view *view)
{
	struct v_list_columns *my = self(view);

	contact_cells_free(my->cells);
	table_release(&my->table);
	free(my->shown);
	free(my->steps);
	config_columns_free(&my->strangers);
	free(view);
}

static const struct view_ops ops = {
    .name = "columns",
    .scope = SCOPE_LIST_COLUMNS,
    .draw = draw,
    .refresh = refresh,
    .act = act,
    .click = click,
    .may = may,
    .title = title,
    .note = note,
    .hints = hints,
    .destroy = destroy,
};

struct view *
v_list_columns_new(struct desk *desk, uint32_t row)
{
	struct v_list_columns *my = (struct v_list_columns *)view_new(
	    &ops, sizeof(*my));

	my->desk = desk;
	my->row = row;
	my->cells = contact_cells_new(desk);
	finder_init(&my->finder, &finder_ops, my);
	table_init(&my->table, &table_ops, my, columns,
	    (int)(sizeof(columns) / sizeof(columns[0])));
	contact_columns_make(&my->columns, desk, NULL);
	use(my);
	my->steps = mem_zalloc(sizeof(*my->steps));
	memcpy(my->steps->list, my->columns.list, sizeof(my->steps->list));
	my->steps->count = my->columns.count;
	my->step_count = 1;
	return &my->view;
}
