/* SPDX-License-Identifier: MIT */
/*
 * Counts are of the whole book, whatever is shown of it: they say what there is
 * to be chosen. One that is chosen is there though it be none any more.
 */
#include "desk/contact_counts.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "book/book.h"
#include "desk/contact_list.h"
#include "desk/desk.h"
#include "tui/canvas.h"

enum { COUNTS = STATUS_COUNT + 1, TEXT_MAX = 64, GAP = 2 };

static void
look(const struct desk *desk, uint32_t counts[COUNTS])
{
	memset(counts, 0, COUNTS * sizeof(*counts));
	if (!desk->sync)
		return;
	sync_counts(desk->sync, counts);
	counts[CONTACTS_LISTS_OPEN] = sync_lists_open(desk->sync);
}

int
contact_counts_next(
    struct desk *desk, const struct contact_list *list, bool back)
{
	uint32_t counts[COUNTS];
	int only = contact_list_only_what(list);

	look(desk, counts);
	do {
		only += back ? -1 : 1;
		if (only < CONTACTS_ALL)
			only = COUNTS - 1;
		else if (only == COUNTS)
			only = CONTACTS_ALL;
	} while (only != CONTACTS_ALL && counts[only] == 0);
	return only;
}

static int
write_count(const struct desk *desk, int what, uint32_t count, bool chosen,
    char text[TEXT_MAX])
{
	const char *sign;

	if (what < STATUS_COUNT)
		sign = desk_glyph(desk, (enum status)what);
	else
		sign = desk->ascii ? glyph_warning.ascii : glyph_warning.sign;
	snprintf(text, TEXT_MAX, "%s%s %u %s%s", chosen ? "[" : "", sign, count,
	    contact_list_word(what), chosen ? "]" : "");
	return text_width(text);
}

static void
keep_place(struct contact_counts *places, int what, const struct area *area,
    int column, int width)
{
	int at = places->count++;

	places->row = area->top;
	places->places[at].what = what;
	places->places[at].from = area->left + column;
	places->places[at].to = area->left + column + width;
}

bool
contact_counts_at(const struct contact_counts *counts,
    const struct contact_list *list, int row, int column, int *what)
{
	for (int i = 0; i < counts->count; i++) {
		if (row != counts->row || column < counts->places[i].from ||
		    column >= counts->places[i].to)
			continue;
		*what = counts->places[i].what;
		if (*what == contact_list_only_what(list))
			*what = CONTACTS_ALL;
		return true;
	}
	return false;
}

/* As many as there is room for, the chosen one in any case. */
static void
draw_each(const struct desk *desk, int chosen, struct contact_counts *places,
    struct canvas *canvas, const struct area *area, int column)
{
	uint32_t counts[COUNTS];
	char text[TEXT_MAX];
	int kept = 0;

	look(desk, counts);
	if (chosen != CONTACTS_ALL)
		kept = GAP +
		       write_count(desk, chosen, counts[chosen], true, text);
	for (int i = 0; i < COUNTS; i++) {
		int width;

		if (counts[i] == 0 && i != chosen)
			continue;
		if (i == chosen)
			kept = 0;
		width = GAP +
			write_count(desk, i, counts[i], i == chosen, text);
		if (column + width + kept > area->columns) {
			if (kept == 0)
				return;
			i = chosen - 1;
			continue;
		}
		keep_place(places, i, area, column + GAP, width - GAP);
		canvas_text(canvas, area, 0, column + GAP,
		    i < STATUS_COUNT ? desk_status_style((enum status)i)
				     : STYLE_WARNING,
		    text);
		column += width;
	}
}

void
contact_counts_draw(struct desk *desk, const struct contact_list *list,
    const char *order, struct contact_counts *counts, struct canvas *canvas,
    const struct area *area)
{
	size_t marks = contact_list_mark_count(list);
	char text[320];
	int column = 1;

	counts->count = 0;
	contact_list_describe(list, text, sizeof(text));
	column += canvas_text(canvas, area, 0, column, STYLE_NORMAL, text);
	keep_place(counts, CONTACTS_ALL, area, 1, column - 1);
	column += canvas_text(canvas, area, 0, column, STYLE_NORMAL, order);
	if (marks > 0) {
		snprintf(text, sizeof(text), "  %zu marked", marks);
		column += canvas_text(
		    canvas, area, 0, column, STYLE_MARK, text);
	}
	draw_each(
	    desk, contact_list_only_what(list), counts, canvas, area, column);
}
