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

void
columns_layout(
    const struct column *columns, int count, int total, struct layout *layout)
{
	int left = 0;

	assert(count <= COLUMNS_MAX);
	layout->count = count;
	for (int i = 0; i < count; i++)
		layout->width[i] = columns[i].width;
	while (needed(columns, layout) > total && drop_one(columns, layout))
		;
	grow(columns, layout, total - needed(columns, layout));
	for (int i = 0; i < count; i++) {
		layout->left[i] = left;
		if (layout->width[i] == 0)
			continue;
		if (left + layout->width[i] > total)
			layout->width[i] = total > left ? total - left : 0;
		left += layout->width[i] + GAP;
	}
}

void
columns_draw_titles(const struct column *columns, const struct layout *layout,
    int sorted, bool down, struct canvas *canvas, const struct area *area,
    int row, int left)
{
	for (int i = 0; i < layout->count; i++) {
		if (layout->width[i] == 0)
			continue;
		canvas_box(canvas, area, row, left + layout->left[i],
		    layout->width[i], columns[i].align, STYLE_HEADER,
		    columns[i].title);
		int used = text_width(columns[i].title);

		if (i == sorted && used + 2 <= layout->width[i] &&
		    columns[i].align == ALIGN_LEFT)
			canvas_sign(canvas, area, row,
			    left + layout->left[i] + used + 1, STYLE_HEADER,
			    down ? &glyph_down : &glyph_up);
	}
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
