/* SPDX-License-Identifier: MIT */
#include "tui/columns.h"

#include <assert.h>

#include "base/str.h"
#include "base/text.h"

enum { GAP = 1 };

static int
needed(const struct column *columns, const struct layout *layout)
{
	int sum = 0;

	for (int i = 0; i < layout->count; i++)
		if (layout->width[i] > 0)
			sum += columns[i].width + GAP;
	return sum > 0 ? sum - GAP : 0;
}

/* Takes the least important column away; false when all are needed. */
static bool
drop_one(const struct column *columns, struct layout *layout)
{
	int worst = -1;

	for (int i = 0; i < layout->count; i++)
		if (layout->width[i] > 0 && columns[i].priority > 0 &&
		    (worst < 0 ||
			columns[i].priority >= columns[worst].priority))
			worst = i;
	if (worst < 0)
		return false;
	layout->width[worst] = 0;
	return true;
}

/* Gives `spare` columns to those that may grow, evenly, left to right. */
static void
grow(const struct column *columns, struct layout *layout, int spare)
{
	bool grew = true;

	while (spare > 0 && grew) {
		grew = false;
		for (int i = 0; i < layout->count && spare > 0; i++) {
			if (layout->width[i] == 0 ||
			    layout->width[i] >= columns[i].most)
				continue;
			layout->width[i]++;
			spare--;
			grew = true;
		}
	}
}

/* From left to right, with what is too much cut off. */
static void
place(struct layout *layout, int total)
{
	int left = 0;

	for (int i = 0; i < layout->count; i++) {
		layout->left[i] = left;
		if (layout->width[i] == 0)
			continue;
		if (left + layout->width[i] > total)
			layout->width[i] = total > left ? total - left : 0;
		layout->behind |= layout->width[i] == 0;
		left += layout->width[i] + GAP;
	}
}

static void
begin(const struct column *columns, int count, struct layout *layout)
{
	assert(count <= COLUMNS_MAX);
	*layout = (struct layout){.count = count};
	for (int i = 0; i < count; i++)
		layout->width[i] = columns[i].width;
}

void
columns_layout(
    const struct column *columns, int count, int total, struct layout *layout)
{
	begin(columns, count, layout);
	while (needed(columns, layout) > total && drop_one(columns, layout))
		layout->behind = true;
	grow(columns, layout, total - needed(columns, layout));
	place(layout, total);
}

void
columns_layout_from(const struct column *columns, int count, int total,
    int from, struct layout *layout)
{
	int last = count - 1;

	begin(columns, count, layout);
	for (int i = 1; i < from && i < count; i++)
		layout->width[i] = 0;
	/* one beside the first is seen, be it in part */
	for (; last > from && needed(columns, layout) > total; last--)
		layout->width[last] = 0;
	layout->before = from > 1;
	layout->behind = last < count - 1;
	grow(columns, layout, total - needed(columns, layout));
	place(layout, total);
}

int
columns_last_from(const struct column *columns, int count, int total)
{
	struct layout layout;
	int from;

	columns_layout(columns, count, total, &layout);
	if (!layout.behind && needed(columns, &layout) <= total)
		return 0;
	begin(columns, count, &layout);
	for (from = 1; from < count - 1; from++) {
		if (from > 1)
			layout.width[from - 1] = 0;
		if (needed(columns, &layout) <= total)
			break;
	}
	return from < count ? from : 0;
}

/* Where the arrow goes, from the column's left; -1: there is no room. One that
 * follows its title closely takes the gap before the next column. */
static int
arrow_at(const struct column *column, int width, int needs)
{
	int used = text_width(column->title);

	if (width == 0)
		return -1;
	if (column->align == ALIGN_RIGHT)
		return width >= used + needs ? width - used - needs : -1;
	if (used + 1 + needs <= width)
		return used + 1;
	return used + needs <= width + GAP ? used : -1;
}

bool
columns_show_order(const struct column *columns, const struct layout *layout,
    int column, int orders)
{
	return column >= 0 && column < layout->count &&
	       arrow_at(&columns[column], layout->width[column],
		   orders > 1 ? 2 : 1) >= 0;
}

static void
draw_order(const struct column *columns, const struct layout *layout,
    const struct column_order *orders, int count, int number,
    struct canvas *canvas, const struct area *area, int row, int left)
{
	int column = orders[number].column;
	char digit[2] = {(char)('1' + number), '\0'};
	int at;

	if (!columns_show_order(columns, layout, column, count))
		return;
	at = left + layout->left[column] +
	     arrow_at(
		 &columns[column], layout->width[column], count > 1 ? 2 : 1);
	at += canvas_sign(canvas, area, row, at, STYLE_HEADER,
	    orders[number].down ? &glyph_down : &glyph_up);
	if (count > 1 && number < 9)
		canvas_text(canvas, area, row, at, STYLE_HEADER, digit);
}

void
columns_draw_titles(const struct column *columns, const struct layout *layout,
    const struct column_order *orders, int order_count, struct canvas *canvas,
    const struct area *area, int row, int left)
{
	for (int i = 0; i < layout->count; i++)
		if (layout->width[i] > 0)
			canvas_box(canvas, area, row, left + layout->left[i],
			    layout->width[i], columns[i].align, STYLE_HEADER,
			    columns[i].title);
	for (int i = 0; orders && i < order_count; i++)
		draw_order(columns, layout, orders, order_count, i, canvas,
		    area, row, left);
}

void
columns_draw_row(const struct column *columns, const struct layout *layout,
    columns_cell cell, void *context, size_t number, struct canvas *canvas,
    const struct area *area, int row, int left, struct str *text)
{
	for (int i = 0; i < layout->count; i++) {
		enum style style = STYLE_NORMAL;

		if (layout->width[i] == 0)
			continue;
		str_reset(text);
		cell(context, number, i, text, &style);
		if (text->len > 0)
			canvas_box(canvas, area, row, left + layout->left[i],
			    layout->width[i], columns[i].align, style,
			    text->data);
	}
}
