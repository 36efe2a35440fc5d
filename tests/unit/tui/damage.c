/* SPDX-License-Identifier: MIT */
#include "tui/damage.h"

#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "tui/canvas.h"

/* A screen whose rows are the given texts. */
static struct canvas *
screen(const char *const *rows, int count, int columns)
{
	struct canvas *canvas = canvas_new(count, columns, false);
	struct area all = canvas_area(canvas);

	for (int row = 0; row < count; row++)
		canvas_text(canvas, &all, row, 0, STYLE_NORMAL, rows[row]);
	return canvas;
}

TEST(damage_range_holds_all_differences)
{
	static const struct {
		const char *old, *now;
		int first, end; /* end 0: equal */
	} cases[] = {
	    {"abcdef", "abcdef", 0, 0},
	    {"abcdef", "abXdYf", 2, 5},
	    {"Xbcdef", "abcdef", 0, 1},
	    {"abcdeX", "abcdef", 5, 6},
	    {"ab민ef", "ab준ef", 2, 4},
	    {"ab민ef", "abXYef", 2, 4},
	    {"a민민f", "aX민Yf", 1, 5},
	    {"민민민", "X민민Y", 0, 6},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct canvas *old = screen(&cases[i].old, 1, 6);
		struct canvas *now = screen(&cases[i].now, 1, 6);
		int first = 0, end = 0;

		CHECK(damage_range(canvas_row(old, 0), canvas_row(now, 0), 6,
			  &first, &end) == (cases[i].end > 0));
		CHECK_INT(first, cases[i].first);
		CHECK_INT(end, cases[i].end);
		canvas_free(old);
		canvas_free(now);
	}
}

TEST(damage_scroll_finds_a_list_that_moved)
{
	static const char *const old_rows[] = {
	    "title", "r1", "r2", "r3", "r4", "r5", "note 5"};
	static const char *const up_rows[] = {
	    "title", "r2", "r3", "r4", "r5", "r6", "note 6"};
	static const char *const down_rows[] = {
	    "title", "r0", "r1", "r2", "r3", "r4", "note 0"};
	struct canvas *old = screen(old_rows, 7, 8);
	struct canvas *up = screen(up_rows, 7, 8);
	struct canvas *down = screen(down_rows, 7, 8);
	int top = 0, shift = 0;

	CHECK_INT(damage_scroll(canvas_row(old, 0), canvas_row(up, 0), 7, 8,
		      &top, &shift),
	    4);
	CHECK_INT(top, 1);
	CHECK_INT(shift, 1);
	CHECK_INT(damage_scroll(canvas_row(old, 0), canvas_row(down, 0), 7, 8,
		      &top, &shift),
	    4);
	CHECK_INT(top, 2);
	CHECK_INT(shift, -1);
	CHECK_INT(damage_scroll(canvas_row(old, 0), canvas_row(old, 0), 7, 8,
		      &top, &shift),
	    0);
	canvas_free(old);
	canvas_free(up);
	canvas_free(down);
}
