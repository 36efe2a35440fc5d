/* SPDX-License-Identifier: MIT */
#include "tui/canvas.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "check.h"
#include "golden/golden.h"

static void
dump_is(const struct canvas *canvas, const char *should)
{
	struct str text;

	str_init(&text, 1 << 16);
	canvas_dump(canvas, &text);
	CHECK_TEXT(text.data, should);
	str_release(&text);
}

TEST(canvas_clips_to_the_area)
{
	struct canvas *canvas = canvas_new(3, 10, false);
	struct area area = {1, 2, 1, 5};

	CHECK_INT(
	    canvas_text(canvas, &area, 0, 0, STYLE_NORMAL, "abcdefgh"), 5);
	CHECK_INT(canvas_text(canvas, &area, 1, 0, STYLE_NORMAL, "no"), 0);
	CHECK_INT(canvas_text(canvas, &area, -1, 0, STYLE_NORMAL, "no"), 0);
	CHECK_INT(canvas_text(canvas, &area, 0, 7, STYLE_NORMAL, "no"), 0);
	dump_is(canvas, "\n  abcde\n\n");
	canvas_free(canvas);
}

TEST(canvas_areas_are_cut_never_negative)
{
	struct area area = {2, 3, 4, 10};
	struct area part = area_rows(&area, 3, 9);

	CHECK_INT(part.top, 5);
	CHECK_INT(part.rows, 1);
	part = area_rows(&area, 7, 2);
	CHECK_INT(part.rows, 0);
	part = area_columns(&area, -2, 5);
	CHECK_INT(part.left, 3);
	CHECK_INT(part.columns, 3);
}

TEST(canvas_wide_characters_take_two_cells)
{
	struct canvas *canvas = canvas_new(1, 5, false);
	struct area all = canvas_area(canvas);

	CHECK_INT(canvas_text(canvas, &all, 0, 0, STYLE_NORMAL, "민준아"), 4);
	CHECK_INT(canvas_row(canvas, 0)[0].width, 2);
	CHECK_INT(canvas_row(canvas, 0)[1].width, 0);
	CHECK_INT(canvas_row(canvas, 0)[4].code[0], ' ');
	dump_is(canvas, "민준\n");
	canvas_free(canvas);
}

TEST(canvas_never_leaves_half_a_wide_character)
{
	struct canvas *canvas = canvas_new(1, 6, false);
	struct area all = canvas_area(canvas);

	canvas_text(canvas, &all, 0, 0, STYLE_NORMAL, "민준아");
	canvas_text(canvas, &all, 0, 1, STYLE_NORMAL, "ab");
	dump_is(canvas, " ab 아\n");
	canvas_text(canvas, &all, 0, 3, STYLE_NORMAL, "민");
	dump_is(canvas, " ab민\n");
	canvas_free(canvas);
}

TEST(canvas_marks_stay_on_their_letter)
{
	struct canvas *canvas = canvas_new(1, 4, false);
	struct area all = canvas_area(canvas);

	/* e, acute; a letter after it; a mark without a letter is dropped. */
	CHECK_INT(
	    canvas_text(canvas, &all, 0, 0, STYLE_NORMAL, "e\xcc\x81x"), 2);
	CHECK_INT(canvas_row(canvas, 0)[0].code[0], 'e');
	CHECK_INT(canvas_row(canvas, 0)[0].code[1], 0x301);
	CHECK_INT(canvas_row(canvas, 0)[1].code[0], 'x');
	CHECK_INT(canvas_text(canvas, &all, 0, 2, STYLE_NORMAL, "\xcc\x81"), 0);
	dump_is(canvas, "e\xcc\x81x\n");
	canvas_free(canvas);
}

TEST(canvas_at_most_four_marks)
{
	struct canvas *canvas = canvas_new(1, 2, false);
	struct area all = canvas_area(canvas);

	canvas_text(canvas, &all, 0, 0, STYLE_NORMAL,
	    "e\xcc\x81\xcc\x82\xcc\x83\xcc\x84\xcc\x85");
	CHECK_INT(canvas_row(canvas, 0)[0].code[4], 0x304);
	CHECK_INT(canvas_row(canvas, 0)[1].code[0], ' ');
	canvas_free(canvas);
}

TEST(canvas_box_cuts_with_an_ellipsis_and_aligns)
{
	struct canvas *canvas = canvas_new(4, 12, false);
	struct area all = canvas_area(canvas);

	canvas_box(
	    canvas, &all, 0, 0, 6, ALIGN_LEFT, STYLE_NORMAL, "Abernathy");
	canvas_box(canvas, &all, 0, 7, 5, ALIGN_RIGHT, STYLE_NORMAL, "12");
	canvas_box(canvas, &all, 1, 0, 6, ALIGN_LEFT, STYLE_NORMAL, "민준민준");
	canvas_box(canvas, &all, 2, 8, 9, ALIGN_LEFT, STYLE_NORMAL, "abcdef");
	canvas_box(canvas, &all, 3, 0, 0, ALIGN_LEFT, STYLE_NORMAL, "abcdef");
	dump_is(canvas, "Abern…    12\n민준…\n        abc…\n\n");
	canvas_free(canvas);
}

TEST(canvas_ascii_mode_shows_ascii_only)
{
	struct canvas *canvas = canvas_new(3, 12, true);
	struct area all = canvas_area(canvas);

	canvas_sign(canvas, &all, 0, 0, STYLE_NORMAL, &glyph_cursor);
	canvas_text(canvas, &all, 0, 2, STYLE_NORMAL, "José");
	canvas_box(canvas, &all, 1, 0, 4, ALIGN_LEFT, STYLE_NORMAL, "Ábalos");
	canvas_rule(canvas, &all, 2);
	dump_is(canvas, "> Jose\nAba~\n------------\n");
	canvas_free(canvas);
}

TEST(canvas_paragraph_wraps_at_blanks)
{
	struct canvas *canvas = canvas_new(5, 14, false);
	struct area all = canvas_area(canvas);
	const char *text = "the zip has four digits only";

	CHECK_INT(canvas_paragraph(canvas, &all, 0, 2, STYLE_NORMAL, text), 3);
	dump_is(canvas, "  the zip has\n  four digits\n  only\n\n\n");
	CHECK_INT(canvas_paragraph(NULL, &all, 0, 2, STYLE_NORMAL, text), 3);
	CHECK_INT(canvas_paragraph(NULL, &all, 0, 0, STYLE_NORMAL, ""), 1);
	/* A word longer than the line is broken; each line takes some. */
	CHECK_INT(canvas_paragraph(NULL, &all, 0, 4, STYLE_NORMAL,
		      "abcdefghijklmnopqrstuvwxyz"),
	    3);
	CHECK_INT(canvas_paragraph(NULL, &all, 0, 13, STYLE_NORMAL, "민준"), 2);
	canvas_free(canvas);
}

TEST(canvas_notice_says_when_it_is_cut)
{
	struct canvas *canvas = canvas_new(4, 14, false);
	struct area all = canvas_area(canvas);
	const char *text = "the zip has four digits only";

	CHECK_INT(canvas_notice(NULL, &all, 9, STYLE_NORMAL, text), 3);
	CHECK_INT(canvas_notice(NULL, &all, 2, STYLE_NORMAL, text), 2);
	CHECK_INT(canvas_notice(canvas, &all, 2, STYLE_NORMAL, text), 2);
	dump_is(canvas, " the zip has\n four digits…\n\n\n");
	canvas_erase(canvas);
	CHECK_INT(canvas_notice(canvas, &all, 4, STYLE_NORMAL, text), 3);
	dump_is(canvas, " the zip has\n four digits\n only\n\n");
	canvas_free(canvas);
}

TEST(canvas_link_is_whole_or_not_at_all)
{
	struct canvas *canvas = canvas_new(4, 10, false);
	struct area all = canvas_area(canvas);
	struct area one = area_rows(&all, 3, 1);
	int row;

	CHECK_INT(canvas_link(canvas, &all, 1, "https://example.com/"), 2);
	CHECK_TEXT(canvas_link_place(canvas, &row), "https://example.com/");
	CHECK_INT(row, 1);
	dump_is(canvas, "\nhttps://ex\nample.com/\n\n");
	canvas_erase(canvas);
	CHECK(canvas_link_place(canvas, &row) == NULL);
	canvas_link(canvas, &one, 0, "https://example.com/");
	CHECK(canvas_link_place(canvas, &row) == NULL);
	canvas_free(canvas);
}

TEST(canvas_cursor_and_highlight)
{
	struct canvas *canvas = canvas_new(2, 4, false);
	struct area all = canvas_area(canvas);
	struct area low = area_rows(&all, 1, 1);
	int row, column;

	CHECK(!canvas_cursor_place(canvas, &row, &column));
	canvas_cursor(canvas, &low, 0, 9);
	CHECK(!canvas_cursor_place(canvas, &row, &column));
	canvas_cursor(canvas, &low, 0, 3);
	CHECK(canvas_cursor_place(canvas, &row, &column));
	CHECK_INT(row, 1);
	CHECK_INT(column, 3);
	canvas_highlight(canvas, &low, 0);
	CHECK(canvas_row(canvas, 1)[3].style & CELL_HIGHLIGHT);
	CHECK(!(canvas_row(canvas, 0)[3].style & CELL_HIGHLIGHT));
	canvas_free(canvas);
}

TEST(canvas_bar_is_as_long_as_what_is_done)
{
	struct canvas *canvas = canvas_new(1, 12, true);
	struct area all = canvas_area(canvas);

	canvas_bar(canvas, &all, 0, 0, 10, 5, 10);
	dump_is(canvas, "#####.....\n");
	canvas_bar(canvas, &all, 0, 0, 10, 30, 10);
	dump_is(canvas, "##########\n");
	canvas_bar(canvas, &all, 0, 0, 10, 0, 0);
	dump_is(canvas, "..........\n");
	canvas_free(canvas);
}
