/* SPDX-License-Identifier: MIT */
/*
 * Which column gives a field: all of them, those that would fit first, with
 * how much is in them. Typing leaves those whose name has the letters.
 */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"
#include "book/book.h"
#include "book/config.h"
#include "book/mapping.h"
#include "book/propose.h"
#include "desk/actions.h"
#include "desk/column_sample.h"
#include "desk/desk.h"
#include "tui/finder.h"
#include "tui/key.h"
#include "tui/lineedit.h"
#include "tui/table.h"
#include "tui/view.h"

enum { RULE_MAX = 4096 };

struct v_column {
	struct view view;
	struct desk *desk;
	const struct proposal *proposal; /* of the view below */
	enum field field;
	desk_set_rule *set;
	uint32_t *order; /* those that fit first */
	size_t order_count;
	uint32_t *shown;
	size_t count;
	struct lineedit *typed;
	struct finder finder; /* follows it */
	struct table table;
	uint32_t present; /* gives the field now; or RECORDS_NONE */
};

static const struct column columns[] = {
    {"COLUMN", 20, 44, 0, ALIGN_LEFT},
    {"FILLED", 7, 7, 1, ALIGN_RIGHT},
    {"VALUES", 7, 7, 2, ALIGN_RIGHT},
    {"GIVES", 10, 20, 1, ALIGN_LEFT},
    {"FOR EXAMPLE", 14, 60, 0, ALIGN_LEFT},
};

static struct v_column *
self(struct view *view)
{
	return (struct v_column *)view;
}

/* ---- which are shown ------------------------------------------------------
 */

static void
put_in_order(struct v_column *my)
{
	const struct proposal_field *field = proposal_field(
	    my->proposal, my->field);
	uint32_t count = proposal_column_count(my->proposal);
	size_t at = 0;

	for (unsigned i = 0; i < field->candidate_count; i++)
		if (!book_is_result(my->desk->book, field->candidates[i]))
			my->order[at++] = field->candidates[i];
	for (uint32_t column = 0; column < count; column++) {
		/* what results are put into gives nothing */
		bool there = book_is_result(my->desk->book, column);

		for (unsigned i = 0; i < field->candidate_count; i++)
			there |= field->candidates[i] == column;
		if (!there)
			my->order[at++] = column;
	}
	my->order_count = at;
}

static void
found(void *context)
{
	struct v_column *my = context;

	my->count = 0;
	for (size_t i = 0; i < my->order_count; i++)
		if (finder_has(&my->finder,
			proposal_column(my->proposal, my->order[i])->name))
			my->shown[my->count++] = my->order[i];
	table_select(&my->table, 0);
}

static void
narrow(struct v_column *my)
{
	finder_type(&my->finder, lineedit_text(my->typed));
}

/* Letters are typed in the view itself: it asks no question. */
static const struct finder_ops finder_ops = {.narrow = found};

/*
 * On the column that gives the field now: Enter there says that it is right,
 * and how its values are cut or translated stays.
 */
static void
select_present(struct v_column *my)
{
	struct mapping *mapping = proposal_mapping(my->proposal);
	const char *place = mapping ? mapping_place(mapping, my->field) : NULL;

	my->present = RECORDS_NONE;
	for (size_t i = 0; place && i < my->count; i++)
		if (strcmp(proposal_column(my->proposal, my->shown[i])->name,
			place) == 0) {
			my->present = my->shown[i];
			table_select(&my->table, i);
			break;
		}
	mapping_free(mapping);
}

/* ---- cells ----------------------------------------------------------------
 */

static size_t
row_count(void *context)
{
	return ((const struct v_column *)context)->count;
}

static void
cell(void *context, size_t row, int number, struct str *out, enum style *style)
{
	const struct v_column *my = context;
	const struct proposal_column *column = proposal_column(
	    my->proposal, my->shown[row]);

	switch (number) {
	case 0: text_clean(out, column->name, strlen(column->name)); break;
	case 1: str_addf(out, "%u", column->filled); break;
	case 2:
		str_addf(out, "%u%s", column->distinct,
		    column->distinct >= PROPOSAL_DISTINCT ? "+" : "");
		break;
	case 3:
		*style = STYLE_DIM;
		if (column->field != FIELD_COUNT)
			str_add(out, field_table[column->field].label);
		break;
	case 4:
		*style = STYLE_DIM;
		column_sample_add(my->proposal, my->shown[row], my->field,
		    my->desk->config->mask, out);
		break;
	default: break;
	}
}

static void
empty(void *context, struct str *out)
{
	(void)context;
	str_add(out, "no column has these letters in its name");
}

static const struct table_ops table_ops = {
    .count = row_count,
    .cell = cell,
    .empty = empty,
};

/* ---- drawing --------------------------------------------------------------
 */

static void
draw(struct view *view, struct canvas *canvas, const struct area *area)
{
	struct v_column *my = self(view);
	struct area body = area_rows(area, 2, area->rows - 2);
	int used = canvas_text(
	    canvas, area, 0, 1, STYLE_HEADER, "Type letters of its name: ");

	lineedit_draw(
	    my->typed, canvas, area, 0, 1 + used, area->columns - used - 2);
	canvas_rule(canvas, area, 1);
	table_draw(&my->table, canvas, &body);
}

static void
title(struct view *view, struct str *out)
{
	str_addf(
	    out, "What gives the %s?", field_table[self(view)->field].label);
}

static enum style
note(struct view *view, struct str *out)
{
	const struct v_column *my = self(view);

	str_addf(out, "%s: %s", field_table[my->field].label,
	    field_table[my->field].help);
	return STYLE_DIM;
}

static const int *
hints(struct view *view)
{
	/* Not the keys that move: most of them are letters, typed here. */
	static const int order[] = {DESK_CHOOSE, ACTION_BACK, ACTION_NONE};

	(void)view;
	return order;
}

/* ---- acting ---------------------------------------------------------------
 */

static enum view_result
choose(struct v_column *my, struct err *err)
{
	const struct proposal_field *proposed = proposal_field(
	    my->proposal, my->field);
	struct str rule;
	size_t row;
	bool good;

	if (!table_row(&my->table, &row)) {
		err_set(
		    err, ERR_USAGE, "no column has these letters in its name");
		return VIEW_REFUSED;
	}
	str_init(&rule, RULE_MAX);
	if (my->shown[row] == my->present && proposed->rule)
		str_add(&rule, proposed->rule);
	else
		proposal_rule_of(my->proposal, my->shown[row], &rule);
	good = my->set(my->view.below, my->field, rule.data, err);
	str_release(&rule);
	/* the rules may be others even so, and with them what stands here */
	if (!good)
		screen_say(my->view.screen, STYLE_WARNING, "%s", err->text);
	return VIEW_LEAVE;
}

static enum view_result
act(struct view *view, const struct action *action, struct err *err)
{
	struct v_column *my = self(view);

	if (table_act(&my->table, action->id))
		return VIEW_DONE;
	return action->id == DESK_CHOOSE ? choose(my, err) : VIEW_NOT_MINE;
}

/* Letters are typed here; keys that are none do what they always do. */
static enum view_result
key(struct view *view, uint32_t key, struct err *err)
{
	struct v_column *my = self(view);

	(void)err;
	if (!key_is_text(key) && key != KEY_CODE_BACKSPACE &&
	    key != KEY_CONTROL('u'))
		return VIEW_NOT_MINE;
	switch (lineedit_key(my->typed, key)) {
	case LINEEDIT_CHANGED: narrow(my); return VIEW_DONE;
	case LINEEDIT_MOVED: return VIEW_DONE;
	default: return VIEW_NOT_MINE;
	}
}

static enum view_result
paste(struct view *view, const char *text, struct err *err)
{
	struct v_column *my = self(view);

	(void)err;
	if (lineedit_paste(my->typed, text) == LINEEDIT_CHANGED)
		narrow(my);
	return VIEW_DONE;
}

static void
destroy(struct view *view)
{
	struct v_column *my = self(view);

	lineedit_free(my->typed);
	table_release(&my->table);
	free(my->order);
	free(my->shown);
	free(view);
}

static enum view_result
click(struct view *view, int row, int column, struct err *err)
{
	(void)err;
	return table_click(&self(view)->table, row, column, NULL);
}

static const struct view_ops ops = {
    .name = "column",
    .scope = SCOPE_COLUMN,
    .draw = draw,
    .act = act,
    .click = click,
    .key = key,
    .paste = paste,
    .title = title,
    .note = note,
    .hints = hints,
    .destroy = destroy,
};

struct view *
v_column_new(struct desk *desk, const struct proposal *proposal,
    enum field field, desk_set_rule *set)
{
	struct v_column *my = (struct v_column *)view_new(&ops, sizeof(*my));
	uint32_t count = proposal_column_count(proposal);

	my->desk = desk;
	my->proposal = proposal;
	my->field = field;
	my->set = set;
	my->order = mem_zalloc((count + 1) * sizeof(*my->order));
	my->shown = mem_zalloc((count + 1) * sizeof(*my->shown));
	finder_init(&my->finder, &finder_ops, my);
	my->typed = lineedit_new(FINDER_MAX);
	table_init(&my->table, &table_ops, my, columns,
	    (int)(sizeof(columns) / sizeof(columns[0])));
	my->table.fixed = true;
	put_in_order(my);
	narrow(my);
	select_present(my);
	return &my->view;
}
