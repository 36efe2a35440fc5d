/* SPDX-License-Identifier: MIT */
/*
 * Hazard: the number of rows may change between any two calls (loading, a
 * filter), so cursor and top are brought back into range wherever they are
 * used, never trusted.
 */
#include "tui/table.h"

#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "tui/action.h"
#include "tui/linear.h"

enum { GUTTER = 3, TEXT_MAX = 4096 };

void
table_init(struct table *table, const struct table_ops *ops, void *context,
    const struct column *columns, int column_count)
{
	*table = (struct table){
	    .ops = ops,
	    .context = context,
	    .columns = columns,
	    .column_count = column_count,
	    .titles = true,
	};
	str_init(&table->text, TEXT_MAX);
}

void
table_release(struct table *table)
{
	str_release(&table->text);
}

static size_t
row_count(const struct table *table)
{
	return table->ops->count(table->context);
}

/*
 * Cursor within the rows, top so that the cursor is seen, no empty tail.
 * Before the first drawing the page is unknown: it is taken for endless.
 */
static void
settle(struct table *table, size_t count)
{
	size_t page = table->page > 0 ? (size_t)table->page : SIZE_MAX;

	if (table->cursor >= count)
		table->cursor = count ? count - 1 : 0;
	if (count <= page)
		table->top = 0;
	else if (table->top > count - page)
		table->top = count - page;
	if (table->top > table->cursor)
		table->top = table->cursor;
	else if (table->cursor - table->top >= page)
		table->top = table->cursor - page + 1;
}

static void
draw_row(struct table *table, const struct layout *layout,
    struct canvas *canvas, const struct area *area, int line)
{
	size_t row = table->top + (size_t)line;
	const struct table_ops *ops = table->ops;

	if (row == table->cursor)
		canvas_sign(canvas, area, line, 0, STYLE_NORMAL, &glyph_cursor);
	if (ops->marked && ops->marked(table->context, row))
		canvas_sign(canvas, area, line, 1, STYLE_MARK, &glyph_mark);
	columns_draw_row(table->columns, layout, ops->cell, table->context, row,
	    canvas, area, line, GUTTER, &table->text);
	if (row == table->cursor)
		canvas_highlight(canvas, area, line);
}

/* Lays the columns out in what the gutter leaves. The window may be wider, or
 * the columns others, than when it was gone sideways. */
static void
lay_out(const struct table *table, int columns, struct layout *layout)
{
	int room = columns - GUTTER, last = 0;

	if (table->from > 0)
		last = columns_last_from(
		    table->columns, table->column_count, room);
	if (last > 0)
		columns_layout_from(table->columns, table->column_count, room,
		    table->from < last ? table->from : last, layout);
	else
		columns_layout(
		    table->columns, table->column_count, room, layout);
}

bool
table_shows_orders(const struct table *table, int columns)
{
	struct layout layout;

	lay_out(table, columns, &layout);
	for (int i = 0; i < table->order_count; i++)
		if (!columns_show_order(table->columns, &layout,
			table->orders[i].column, table->order_count))
			return false;
	return true;
}

/* The titles, and signs where there are more columns than these. */
static void
draw_titles(struct table *table, const struct layout *layout,
    struct canvas *canvas, const struct area *area)
{
	columns_draw_titles(table->columns, layout, table->orders,
	    table->order_count, canvas, area, 0, GUTTER);
	if (layout->before)
		canvas_sign(canvas, area, 0, GUTTER + layout->width[0],
		    STYLE_KEY, &glyph_back);
	if (layout->behind && !table->fixed)
		canvas_sign(
		    canvas, area, 0, area->columns - 1, STYLE_KEY, &glyph_more);
}

/* A row as a line, whole. */
static void
linear_line(struct table *table, size_t row, struct str *line)
{
	const struct table_ops *ops = table->ops;
	bool marked = ops->marked && ops->marked(table->context, row);

	str_reset(line);
	linear_row(table->columns, table->column_count, table->from, ops->cell,
	    table->context, row, marked ? "marked" : NULL, &table->text, line);
}

/* One line a row, and no titles. */
static void
draw_linear(struct table *table, struct canvas *canvas, const struct area *area)
{
	size_t count = row_count(table);
	struct str line;

	str_init(&line, TEXT_MAX);
	table->room = area->columns;
	table->page = area->rows > 1 ? area->rows : 1;
	settle(table, count);
	for (int i = 0; i < area->rows; i++) {
		size_t row = table->top + (size_t)i;

		if (row >= count)
			break;
		linear_line(table, row, &line);
		linear_cut(&line, area->columns);
		canvas_text(canvas, area, i, 0, STYLE_NORMAL, line.data);
		if (row == table->cursor)
			canvas_highlight(canvas, area, i);
	}
	str_release(&line);
}

static void
draw_empty(struct table *table, struct canvas *canvas, const struct area *area)
{
	str_reset(&table->text);
	table->ops->empty(table->context, &table->text);
	canvas_paragraph(canvas, area, 1, GUTTER, STYLE_DIM, table->text.data);
}

void
table_draw(struct table *table, struct canvas *canvas, const struct area *area)
{
	struct area body = *area;
	struct layout layout;
	size_t count = row_count(table);

	table->area = *area;
	table->linear = canvas_is_linear(canvas);
	if (table->linear) {
		table->area.top -= table->titles; /* there are none */
		draw_linear(table, canvas, area);
		if (count == 0 && table->ops->empty)
			draw_empty(table, canvas, area);
		return;
	}
	table->room = area->columns - GUTTER;
	lay_out(table, area->columns, &layout);
	if (table->titles) {
		draw_titles(table, &layout, canvas, area);
		body = area_rows(area, 1, area->rows - 1);
	}
	table->page = body.rows > 1 ? body.rows : 1;
	settle(table, count);
	for (int line = 0; line < body.rows; line++) {
		if (table->top + (size_t)line >= count)
			break;
		draw_row(table, &layout, canvas, &body, line);
	}
	if (count == 0 && table->ops->empty)
		draw_empty(table, canvas, &body);
}

static int
title_at(const struct table *table, int column)
{
	struct layout layout;

	lay_out(table, table->area.columns, &layout);
	for (int i = 0; i < layout.count; i++)
		if (column >= layout.left[i] &&
		    column < layout.left[i] + layout.width[i])
			return i;
	return -1;
}

enum view_result
table_click(struct table *table, int row, int column, int *title)
{
	int line = row - table->area.top - table->titles;
	size_t at = table->top + (size_t)line;

	if (title)
		*title = -1;
	column -= table->area.left + GUTTER;
	if (title && line == -1 && table->titles)
		*title = title_at(table, column);
	if (line < 0 || line >= table->page || at >= row_count(table))
		return VIEW_NOT_MINE;
	if (at == table->cursor)
		return VIEW_ENTER;
	table_select(table, at);
	return VIEW_DONE;
}

/*
 * The same where rows are lines: on until the end of the cursor's line is read.
 * Columns in which this row has nothing are gone past, as nothing is heard of
 * them.
 */
static bool
go_along(struct table *table, bool right)
{
	/* the first column and one more */
	int by = right ? 1 : -1, last = table->column_count - 2;
	struct str before, line;
	bool any, more;
	size_t row;

	if (!table_row(table, &row))
		return false;
	str_init(&before, TEXT_MAX);
	str_init(&line, TEXT_MAX);
	linear_line(table, row, &before);
	more = text_width(before.data) > table->room;
	any = more || table->from > 0;
	more = right ? more && table->from < last : table->from > 0;
	while (more) {
		table->from += by;
		linear_line(table, row, &line);
		more = strcmp(line.data, before.data) == 0 &&
		       (right ? table->from < last : table->from > 0);
	}
	str_release(&before);
	str_release(&line);
	return any;
}

/* False when there is nowhere to go: all columns are seen. */
static bool
go_sideways(struct table *table, bool right)
{
	int last;

	if (table->linear)
		return go_along(table, right);
	last = columns_last_from(
	    table->columns, table->column_count, table->room);
	if (last == 0)
		return false;
	if (table->from > last)
		table->from = last;
	if (right && table->from < last)
		table->from++;
	else if (!right && table->from > 0)
		table->from--;
	return true;
}

bool
table_act(struct table *table, int action)
{
	size_t page = table->page > 0 ? (size_t)table->page : 1;
	size_t count = row_count(table);
	size_t last = count ? count - 1 : 0;

	if (action == ACTION_LEFT || action == ACTION_RIGHT)
		return !table->fixed &&
		       go_sideways(table, action == ACTION_RIGHT);
	settle(table, count);
	switch (action) {
	case ACTION_UP: table->cursor -= table->cursor > 0; break;
	case ACTION_DOWN: table->cursor += table->cursor < last; break;
	case ACTION_PAGE_UP:
		table->cursor -= table->cursor < page ? table->cursor : page;
		table->top -= table->top < page ? table->top : page;
		break;
	case ACTION_PAGE_DOWN:
		table->cursor = last - table->cursor < page
				    ? last
				    : table->cursor + page;
		table->top += page;
		break;
	case ACTION_FIRST: table->cursor = 0; break;
	case ACTION_LAST: table->cursor = last; break;
	default: return false;
	}
	settle(table, count);
	return true;
}

void
table_select(struct table *table, size_t row)
{
	table->cursor = row;
	settle(table, row_count(table));
}

void
table_keep(struct table *table, size_t row)
{
	size_t line = table->cursor - table->top;

	table->cursor = row;
	table->top = row > line ? row - line : 0;
	settle(table, row_count(table));
}

bool
table_row(const struct table *table, size_t *row)
{
	size_t count = row_count(table);

	if (count == 0)
		return false;
	*row = table->cursor < count ? table->cursor : count - 1;
	return true;
}

/* To a row; when it was not on the screen, to the middle of it. */
static void
jump(struct table *table, size_t row, size_t count)
{
	size_t page = table->page > 0 ? (size_t)table->page : 1;

	if (row < table->top || row - table->top >= page)
		table->top = row > page / 2 ? row - page / 2 : 0;
	table->cursor = row;
	settle(table, count);
}

enum table_search
table_search_part(struct table *table, const char *needle, bool backwards,
    size_t *step, size_t rows, bool *wrapped)
{
	size_t count = row_count(table), row;

	*wrapped = false;
	if (!table->ops->matches || !table_row(table, &row))
		return TABLE_NOT_FOUND;
	for (; *step <= count; (*step)++) {
		size_t at = backwards ? (row + count - *step % count) % count
				      : (row + *step) % count;

		if (rows-- == 0)
			return TABLE_SEARCHES;
		if (!table->ops->matches(table->context, at, needle))
			continue;
		*wrapped = *step > 0 && (backwards ? at >= row : at <= row);
		jump(table, at, count);
		return TABLE_FOUND;
	}
	return TABLE_NOT_FOUND;
}

bool
table_search(struct table *table, const char *needle, bool backwards, bool here,
    bool *wrapped)
{
	size_t step = here ? 0 : 1;
	bool ignored;

	return table_search_part(table, needle, backwards, &step, SIZE_MAX,
		   wrapped ? wrapped : &ignored) == TABLE_FOUND;
}
