/* SPDX-License-Identifier: MIT */
#include "tui/lineedit.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "check.h"
#include "golden/golden.h"
#include "tui/key.h"

static void
type(struct lineedit *edit, const char *text)
{
	for (; *text; text++)
		CHECK_INT(
		    lineedit_key(edit, (unsigned char)*text), LINEEDIT_CHANGED);
}

static void
is(const struct lineedit *edit, const char *text, size_t cursor)
{
	CHECK_TEXT(lineedit_text(edit), text);
	CHECK_INT(lineedit_cursor(edit), cursor);
}

TEST(lineedit_types_and_erases)
{
	struct lineedit *edit = lineedit_new(64);

	type(edit, "abd");
	CHECK_INT(lineedit_key(edit, KEY_CODE_LEFT), LINEEDIT_MOVED);
	type(edit, "c");
	is(edit, "abcd", 3);
	CHECK_INT(lineedit_key(edit, KEY_CODE_DELETE), LINEEDIT_CHANGED);
	is(edit, "abc", 3);
	CHECK_INT(lineedit_key(edit, KEY_CODE_DELETE), LINEEDIT_MOVED);
	lineedit_key(edit, KEY_CODE_BACKSPACE);
	is(edit, "ab", 2);
	lineedit_key(edit, KEY_CODE_HOME);
	CHECK_INT(lineedit_key(edit, KEY_CODE_BACKSPACE), LINEEDIT_MOVED);
	is(edit, "ab", 0);
	CHECK_INT(lineedit_key(edit, KEY_CODE_ENTER), LINEEDIT_NOT_MINE);
	CHECK_INT(lineedit_key(edit, KEY_CODE_ESCAPE), LINEEDIT_NOT_MINE);
	CHECK_INT(lineedit_key(edit, KEY_CODE_F1), LINEEDIT_NOT_MINE);
	lineedit_free(edit);
}

TEST(lineedit_moves_over_letters_with_their_marks)
{
	struct lineedit *edit = lineedit_new(64);

	lineedit_set(edit, "xe\xcc\x81\xe6\xbc\xa2y"); /* x é 漢 y */
	is(edit, "xe\xcc\x81\xe6\xbc\xa2y", 8);
	lineedit_key(edit, KEY_CODE_LEFT);
	lineedit_key(edit, KEY_CODE_LEFT);
	CHECK_INT(lineedit_cursor(edit), 4);
	lineedit_key(edit, KEY_CODE_LEFT);
	CHECK_INT(lineedit_cursor(edit), 1);
	lineedit_key(edit, KEY_CODE_RIGHT);
	CHECK_INT(lineedit_cursor(edit), 4);
	lineedit_key(edit, KEY_CODE_BACKSPACE);
	is(edit, "x\xe6\xbc\xa2y", 1);
	lineedit_key(edit, 0xe9);
	is(edit, "x\xc3\xa9\xe6\xbc\xa2y", 3);
	lineedit_free(edit);
}

TEST(lineedit_words_and_cutting)
{
	struct lineedit *edit = lineedit_new(64);

	lineedit_set(edit, "name:ruth  zip:958");
	lineedit_key(edit, KEY_ALT | 'b');
	CHECK_INT(lineedit_cursor(edit), 15);
	lineedit_key(edit, KEY_ALT | 'b');
	CHECK_INT(lineedit_cursor(edit), 11);
	lineedit_key(edit, KEY_CONTROL('W'));
	is(edit, "name:zip:958", 5);
	lineedit_key(edit, KEY_CONTROL('Y'));
	is(edit, "name:ruth  zip:958", 11);
	lineedit_key(edit, KEY_CONTROL('U'));
	is(edit, "zip:958", 0);
	lineedit_key(edit, KEY_ALT | 'd');
	is(edit, ":958", 0);
	lineedit_key(edit, KEY_CONTROL('K'));
	is(edit, "", 0);
	CHECK_INT(lineedit_key(edit, KEY_CONTROL('W')), LINEEDIT_MOVED);
	lineedit_free(edit);
}

TEST(lineedit_stops_at_its_limit)
{
	struct lineedit *edit = lineedit_new(4);

	lineedit_set(edit, "abc\xc3\xa9"); /* é would be cut in half */
	is(edit, "abc", 3);
	type(edit, "d");
	CHECK_INT(lineedit_key(edit, 'e'), LINEEDIT_MOVED);
	is(edit, "abcd", 4);
	CHECK_INT(lineedit_paste(edit, "xyz"), LINEEDIT_MOVED);
	is(edit, "abcd", 4);
	lineedit_free(edit);
}

TEST(lineedit_paste_is_cleaned)
{
	struct lineedit *edit = lineedit_new(64);

	CHECK_INT(lineedit_paste(edit, "a\tb\r\nc\x1b[31m\xe2\x80\xae"),
	    LINEEDIT_CHANGED);
	CHECK(strchr(lineedit_text(edit), '\x1b') == NULL);
	CHECK(strchr(lineedit_text(edit), '\n') == NULL);
	CHECK(strstr(lineedit_text(edit), "a b  c") == lineedit_text(edit));
	CHECK(strstr(lineedit_text(edit), "\xe2\x80\xae") == NULL);
	CHECK_INT(lineedit_key(edit, 0x202e), LINEEDIT_MOVED);
	lineedit_free(edit);
}

TEST(lineedit_history_keeps_the_draft)
{
	struct lineedit *edit = lineedit_new(64);
	struct history history = {.count = 0};

	CHECK_INT(lineedit_key(edit, KEY_CODE_UP), LINEEDIT_NOT_MINE);
	history_add(&history, "one");
	history_add(&history, "two");
	history_add(&history, "one"); /* moves to the end */
	history_add(&history, "  ");
	CHECK_INT(history.count, 2);
	lineedit_set_history(edit, &history);
	type(edit, "dr");
	lineedit_key(edit, KEY_CODE_UP);
	is(edit, "one", 3);
	lineedit_key(edit, KEY_CODE_UP);
	lineedit_key(edit, KEY_CODE_UP);
	is(edit, "two", 3);
	lineedit_key(edit, KEY_CODE_DOWN);
	lineedit_key(edit, KEY_CODE_DOWN);
	is(edit, "dr", 2);
	for (int i = 0; i < 200; i++) {
		char line[16];

		snprintf(line, sizeof(line), "line %d", i);
		history_add(&history, line);
	}
	CHECK_INT(history.count, HISTORY_MAX);
	CHECK_TEXT(history.lines[HISTORY_MAX - 1], "line 199");
	history_clear(&history);
	lineedit_free(edit);
}

static bool
complete_zip(void *context, const char *before, struct str *out)
{
	(*(int *)context)++;
	if (strcmp(before, "zi") != 0)
		return false;
	str_add(out, "zip:");
	return true;
}

TEST(lineedit_completes_before_the_cursor)
{
	struct lineedit *edit = lineedit_new(64);
	int asked = 0;

	CHECK_INT(lineedit_key(edit, KEY_CODE_TAB), LINEEDIT_NOT_MINE);
	lineedit_set_complete(edit, complete_zip, &asked);
	lineedit_set(edit, "zi rest");
	for (int i = 0; i < 5; i++)
		lineedit_key(edit, KEY_CODE_LEFT);
	CHECK_INT(lineedit_key(edit, KEY_CODE_TAB), LINEEDIT_CHANGED);
	is(edit, "zip: rest", 4);
	CHECK_INT(lineedit_key(edit, KEY_CODE_TAB), LINEEDIT_MOVED);
	CHECK_INT(asked, 2);
	lineedit_free(edit);
}

static void
drawn(struct lineedit *edit, const char *text, int cursor)
{
	struct canvas *canvas = canvas_new(1, 10, false);
	struct area all = canvas_area(canvas);
	struct str out;
	int row, column;

	str_init(&out, 256);
	lineedit_draw(edit, canvas, &all, 0, 1, 6);
	canvas_dump(canvas, &out);
	CHECK_TEXT(out.data, text);
	CHECK(canvas_cursor_place(canvas, &row, &column));
	CHECK_INT(column, cursor);
	str_release(&out);
	canvas_free(canvas);
}

TEST(lineedit_scrolls_so_that_the_cursor_is_seen)
{
	struct lineedit *edit = lineedit_new(64);

	drawn(edit, "\n", 1);
	lineedit_set(edit, "abcdefghij");
	drawn(edit, " fghij\n", 6);
	lineedit_key(edit, KEY_CODE_HOME);
	drawn(edit, " abcdef\n", 1);
	lineedit_set(edit, "abc민준아");
	drawn(edit, " 준아\n", 5);
	lineedit_set_masked(edit, true);
	lineedit_set(edit, "geheim");
	drawn(edit, " •••••\n", 6);
	lineedit_free(edit);
}
