/* SPDX-License-Identifier: MIT */
#include "tui/table.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "base/text.h"
#include "check.h"
#include "golden/golden.h"
#include "tui/action.h"

/* Rows "row 0".., of which the cells drawn are counted. */
struct rows {
	size_t count;
	size_t asked;
	size_t marked;
};

static size_t
rows_count(void *context)
{
	return ((struct rows *)context)->count;
}

static void
rows_cell(
    void *context, size_t row, int column, struct str *out, enum style *style)
{
	((struct rows *)context)->asked++;
	switch (column) {
	case 0:
		str_addf(
		    out, row == 3 ? "Ahn, 민준 %zu" : "Row number %zu", row);
		break;
	case 1: str_addf(out, "%zu", 1950 + row % 30); break;
	case 2:
		str_add(out, row % 2 ? "● synced" : "○ new");
		*style = row % 2 ? STYLE_GOOD : STYLE_CHANGED;
		break;
	default: str_add(out, "(916) 555-0123");
	}
}

static bool
rows_marked(void *context, size_t row)
{
	return ((struct rows *)context)->marked == row;
}

static bool
rows_match(void *context, size_t row, const char *needle)
{
	char text[32];

	(void)context;
	snprintf(text, sizeof(text), "%zu", row);
	return strcmp(text, needle) == 0;
}

static void
rows_empty(void *context, struct str *out)
{
	(void)context;
	str_add(out, "nothing matches; Esc shows all again");
}

static const struct table_ops ops = {
    .count = rows_count,
    .cell = rows_cell,
    .marked = rows_marked,
    .matches = rows_match,
    .empty = rows_empty,
};

static const struct column columns[] = {
    {"NAME", 12, 30, 0, ALIGN_LEFT},
    {"BORN", 4, 0, 2, ALIGN_RIGHT},
    {"STATUS", 8, 16, 0, ALIGN_LEFT},
    {"PHONE", 14, 0, 1, ALIGN_LEFT},
};

static const struct column_order by_name[] = {{0, false}};

static struct table
make(struct rows *rows)
{
	struct table table;

	table_init(&table, &ops, rows, columns, 4);
	table.orders = by_name;
	table.order_count = 1;
	return table;
}

static void
golden(struct table *table, int height, int width, bool ascii, const char *name)
{
	struct canvas *canvas = canvas_new(height, width, ascii);
	struct area all = canvas_area(canvas);

	table_draw(table, canvas, &all);
	GOLDEN(canvas, name);
	canvas_free(canvas);
}

TEST(table_screens)
{
	struct rows rows = {12, 0, 1};
	struct table table = make(&rows);

	table_select(&table, 3);
	golden(&table, 8, 60, false, "tui/table-60x8");
	golden(&table, 8, 60, true, "tui/table-60x8-ascii");
	golden(&table, 6, 40, false, "tui/table-40x6");
	golden(&table, 5, 20, false, "tui/table-20x5");
	rows.count = 0;
	golden(&table, 5, 60, false, "tui/table-empty");
	table_release(&table);
}

TEST(table_asks_for_visible_rows_only)
{
	struct rows rows = {1000000, 0, 0};
	struct table table = make(&rows);
	struct canvas *canvas = canvas_new(40, 120, false);
	struct area all = canvas_area(canvas);

	CHECK(table_act(&table, ACTION_LAST));
	CHECK_INT(table.cursor, 999999);
	table_draw(&table, canvas, &all);
	CHECK_INT(rows.asked, 39 * 4);
	CHECK_INT(table.top, 1000000 - 39);
	canvas_free(canvas);
	table_release(&table);
}

TEST(table_moves)
{
	static const struct {
		int action;
		size_t cursor, top;
	} steps[] = {
	    {ACTION_UP, 0, 0},
	    {ACTION_DOWN, 1, 0},
	    {ACTION_PAGE_DOWN, 6, 5},
	    {ACTION_PAGE_DOWN, 11, 10},
	    {ACTION_PAGE_DOWN, 16, 15},
	    {ACTION_PAGE_DOWN, 19, 15},
	    {ACTION_DOWN, 19, 15},
	    {ACTION_UP, 18, 15},
	    {ACTION_PAGE_UP, 13, 10},
	    {ACTION_FIRST, 0, 0},
	    {ACTION_PAGE_UP, 0, 0},
	    {ACTION_LAST, 19, 15},
	};
	struct rows rows = {20, 0, 0};
	struct table table = make(&rows);

	table.page = 5;
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		CHECK(table_act(&table, steps[i].action));
		CHECK_INT(table.cursor, steps[i].cursor);
		CHECK_INT(table.top, steps[i].top);
	}
	CHECK(!table_act(&table, ACTION_OWN));
	table_release(&table);
}

TEST(table_survives_rows_that_go_away)
{
	struct rows rows = {20, 0, 0};
	struct table table = make(&rows);
	size_t row = 99;

	table.page = 5;
	table_act(&table, ACTION_LAST);
	rows.count = 3;
	CHECK(table_row(&table, &row));
	CHECK_INT(row, 2);
	table_act(&table, ACTION_DOWN);
	CHECK_INT(table.cursor, 2);
	CHECK_INT(table.top, 0);
	rows.count = 0;
	CHECK(!table_row(&table, &row));
	for (int action = ACTION_UP; action <= ACTION_LAST; action++)
		table_act(&table, action);
	CHECK_INT(table.cursor, 0);
	table_release(&table);
}

TEST(table_keeps_the_line_when_rows_are_sorted)
{
	struct rows rows = {100, 0, 0};
	struct table table = make(&rows);

	table.page = 10;
	table_select(&table, 50);
	CHECK_INT(table.top, 41);
	table_select(&table, 45);
	table_keep(&table, 70); /* was on the fifth line */
	CHECK_INT(table.top, 66);
	table_keep(&table, 2);
	CHECK_INT(table.top, 0);
	table_release(&table);
}

TEST(table_search_goes_around)
{
	struct rows rows = {30, 0, 0};
	struct table table = make(&rows);
	bool wrapped;

	table.page = 5;
	CHECK(table_search(&table, "7", false, false, &wrapped));
	CHECK_INT(table.cursor, 7);
	CHECK(!wrapped);
	CHECK(table_search(&table, "3", false, false, &wrapped));
	CHECK_INT(table.cursor, 3);
	CHECK(wrapped);
	CHECK(table_search(&table, "29", true, false, &wrapped));
	CHECK_INT(table.cursor, 29);
	CHECK(wrapped);
	CHECK(table_search(&table, "29", false, true, &wrapped));
	CHECK(!wrapped);
	/* The only match is where we are. */
	CHECK(table_search(&table, "29", false, false, &wrapped));
	CHECK_INT(table.cursor, 29);
	CHECK(wrapped);
	CHECK(!table_search(&table, "30", false, false, NULL));
	CHECK_INT(table.cursor, 29);
	rows.count = 0;
	CHECK(!table_search(&table, "3", false, true, NULL));
	table_release(&table);
}

TEST(columns_drop_the_least_important_first)
{
	struct layout layout;

	columns_layout(columns, 4, 41, &layout);
	CHECK_INT(layout.width[0], 12);
	CHECK_INT(layout.width[1], 4);
	CHECK_INT(layout.width[3], 14);
	columns_layout(columns, 4, 40, &layout);
	CHECK_INT(layout.width[1], 0);
	CHECK_INT(layout.width[3], 14);
	columns_layout(columns, 4, 35, &layout);
	CHECK_INT(layout.width[3], 0);
	CHECK(layout.width[0] + layout.width[2] == 34);
	columns_layout(columns, 4, 15, &layout);
	CHECK_INT(layout.width[0], 12);
	CHECK_INT(layout.width[2], 2);
	columns_layout(columns, 4, 5, &layout);
	CHECK_INT(layout.width[0], 5);
	CHECK_INT(layout.width[2], 0);
}

TEST(columns_are_gone_to_sideways)
{
	struct layout layout;

	/* 12 4 8 14 and three gaps */
	CHECK_INT(columns_last_from(columns, 4, 41), 0);
	CHECK_INT(columns_last_from(columns, 4, 40), 2);
	CHECK_INT(columns_last_from(columns, 4, 35), 3);
	CHECK_INT(columns_last_from(columns, 4, 5), 3);
	CHECK_INT(columns_last_from(columns, 1, 5), 0);
	CHECK_INT(columns_last_from(columns, 0, 5), 0);
	columns_layout_from(columns, 4, 30, 1, &layout);
	CHECK(!layout.before && layout.behind);
	CHECK_INT(layout.left[1], layout.width[0] + 1);
	CHECK_INT(layout.width[1], 4);
	CHECK(layout.width[2] >= 8);
	CHECK_INT(layout.width[3], 0);
	columns_layout_from(columns, 4, 30, 3, &layout);
	CHECK(layout.before && !layout.behind);
	CHECK_INT(layout.width[1] + layout.width[2], 0);
	CHECK_INT(layout.width[3], 14);
	/* one beside the first is seen in part, be it narrow as it may */
	columns_layout_from(columns, 4, 20, 3, &layout);
	CHECK_INT(layout.width[0], 12);
	CHECK_INT(layout.width[3], 7);
}

TEST(table_goes_sideways_and_comes_back)
{
	struct rows rows = {5, 0, 99};
	struct table table = make(&rows);

	golden(&table, 4, 30, false, "tui/table-sideways-0");
	CHECK(table_act(&table, ACTION_RIGHT));
	CHECK(table_act(&table, ACTION_RIGHT));
	golden(&table, 4, 30, false, "tui/table-sideways-2");
	golden(&table, 4, 30, true, "tui/table-sideways-2-ascii");
	for (int i = 0; i < 5; i++)
		CHECK(table_act(&table, ACTION_RIGHT));
	CHECK_INT(table.from, 3);
	CHECK(table_act(&table, ACTION_LEFT));
	CHECK_INT(table.from, 2);
	/* in a wide window there is nowhere to go, and all is seen */
	golden(&table, 4, 60, false, "tui/table-sideways-wide");
	CHECK(!table_act(&table, ACTION_RIGHT));
	table.fixed = true;
	table.from = 0;
	golden(&table, 4, 20, false, "tui/table-sideways-fixed");
	CHECK(!table_act(&table, ACTION_RIGHT));
	table_release(&table);
}

TEST(table_numbers_what_it_is_sorted_by)
{
	static const struct column_order orders[] = {
	    {2, true}, {1, false}, {-1, false}, {3, false}};
	struct rows rows = {3, 0, 99};
	struct table table = make(&rows);

	table.orders = orders;
	table.order_count = 2;
	golden(&table, 3, 60, false, "tui/table-orders");
	golden(&table, 3, 60, true, "tui/table-orders-ascii");
	/* four wide, it has no room for arrow and number */
	CHECK(!table_shows_orders(&table, 60));
	table.order_count = 1;
	CHECK(table_shows_orders(&table, 60));
	table.order_count = 3;
	CHECK(!table_shows_orders(&table, 60));
	table_release(&table);
}

TEST(table_clicks)
{
	struct rows rows = {12, 0, 1};
	struct table table = make(&rows);
	struct canvas *canvas = canvas_new(8, 60, false);
	struct area all = canvas_area(canvas);
	struct area body = area_rows(&all, 2, 5); /* a title and four rows */
	int title;

	table_draw(&table, canvas, &body);
	CHECK_INT(table_click(&table, 5, 10, &title), VIEW_DONE);
	CHECK_INT(table.cursor, 2);
	CHECK_INT(title, -1);
	CHECK_INT(table_click(&table, 5, 40, NULL), VIEW_ENTER);
	CHECK_INT(table_click(&table, 1, 10, &title), VIEW_NOT_MINE);
	CHECK_INT(title, -1);
	CHECK_INT(table_click(&table, 2, 4, &title), VIEW_NOT_MINE);
	CHECK_INT(title, 0);
	CHECK_INT(table_click(&table, 2, 59, &title), VIEW_NOT_MINE);
	CHECK(title != 0);
	CHECK_INT(table_click(&table, 7, 10, &title), VIEW_NOT_MINE);
	rows.count = 2;
	CHECK_INT(table_click(&table, 6, 10, &title), VIEW_NOT_MINE);
	canvas_free(canvas);
	table_release(&table);
}

/* Wide signs, marks, joined pictures, from right to left: in any column, cut
 * at any width, the columns behind stand where they do in all other rows. */
static void
wide_cell(
    void *context, size_t row, int column, struct str *out, enum style *style)
{
	static const char *const texts[] = {
	    "\xe7\x94\xb0\xe4\xb8\xad\xe3\x81\x95\xe3\x81\x8f\xe3\x82\x89",
	    "\xea\xb9\x80\xeb\xaf\xbc\xec\xa4\x80\xea\xb9\x80\xeb\xaf\xbc",
	    "Jose\xcc\x81 Nun\xcc\x83"
	    "ez\xcc\x81\xcc\x82\xcc\x83",
	    "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa9\xe2\x80\x8d"
	    "\xf0\x9f\x91\xa7 Mum \xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd",
	    "\xd7\x99\xd7\x95\xd7\xa1\xd7\xa3 \xd7\x9b\xd7\x94\xd7\x9f",
	    "Plain Latin text",
	};
	const char *text = texts[(row + (size_t)column) % 6];

	(void)context;
	(void)style;
	text_clean(out, text, strlen(text));
}

TEST(table_wide_text_is_cut_and_scrolled)
{
	static const struct table_ops wide_ops = {
	    .count = rows_count, .cell = wide_cell};
	static const struct column wide[] = {
	    {"NAME", 8, 12, 0, ALIGN_LEFT},
	    {"RIGHT", 7, 7, 1, ALIGN_RIGHT},
	    {"ONE", 1, 1, 2, ALIGN_LEFT},
	    {"FIVE", 5, 5, 3, ALIGN_LEFT},
	    {"END", 3, 3, 0, ALIGN_LEFT},
	};
	struct rows rows = {6, 0, 99};
	struct canvas *canvas = canvas_new(7, 40, false);
	struct area all = canvas_area(canvas);
	struct table table;

	table_init(&table, &wide_ops, &rows, wide, 5);
	golden(&table, 7, 40, false, "tui/table-wide-text");
	golden(&table, 7, 40, true, "tui/table-wide-text-ascii");
	for (int width = 8; width < 40; width++) {
		struct area part = area_columns(&all, 0, width);

		table.from = width % 5;
		canvas_erase(canvas);
		table_draw(&table, canvas, &part);
		/* nothing is drawn outside, nor half of a wide sign */
		for (int line = 0; line < 7; line++) {
			const struct cell *cells = canvas_row(canvas, line);

			for (int at = width; at < 40; at++)
				CHECK(cells[at].code[0] == ' ' ||
				      cells[at].code[0] == 0);
			CHECK(cells[width - 1].width != 2);
		}
	}
	table.from = 0;
	golden(&table, 7, 22, false, "tui/table-wide-text-narrow");
	table.from = 2;
	golden(&table, 7, 22, false, "tui/table-wide-text-sideways");
	canvas_free(canvas);
	table_release(&table);
}
