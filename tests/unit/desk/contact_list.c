/* SPDX-License-Identifier: MIT */
/* The list of contacts while something is under way in it: a clock that goes
 * on makes many slices of what else is done at once. */
#include "desk/contact_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "book/book.h"
#include "check.h"
#include "desk/work.h"
#include "source/records.h"
#include "views.h"

enum { MANY = 6000, SLICES = 20000 };

/* Every third one is in California, the last one is Zorn. */
static void
open_many(struct fixture *fixture)
{
	struct str csv;

	str_init(&csv, 1 << 20);
	str_add(&csv, "external_id,first_name,last_name,state\n");
	for (int i = 0; i < MANY; i++)
		str_addf(&csv, "%d,A%d,%s,%s\n", i, MANY - i,
		    i == MANY - 1 ? "Zorn" : "B", i % 3 ? "FL" : "CA");
	fixture_open_with(fixture, "", csv.data);
	str_release(&csv);
	screen_push(fixture->desk.screen, v_contacts_new(&fixture->desk));
	fixture_screen(fixture);
	fixture->hasty = true;
}

static void
work(struct fixture *fixture)
{
	int slices = 0;

	while (slices < SLICES && work_slice(&fixture->desk))
		slices++;
	CHECK(slices < SLICES);
}

static struct view *
list_of(struct fixture *fixture)
{
	return screen_top(fixture->desk.screen);
}

/* How many are shown; all of them are in California. */
static size_t
californians(struct fixture *fixture)
{
	const struct contact_list *list = v_contacts_list(list_of(fixture));
	size_t count = contact_list_count(list);

	for (size_t at = 0; at < count; at++)
		if (contact_list_row(list, at) % 3 != 0) {
			CHECK_INT(contact_list_row(list, at) % 3, 0);
			break;
		}
	return count;
}

/* A status has changed: the narrowed list is made anew. */
static void
change(struct fixture *fixture)
{
	fixture->desk.generation++;
	screen_stale(fixture->desk.screen);
	fixture_screen(fixture);
}

/* ---- a new filter ---------------------------------------------------------
 */

/* What it is put over shows the rows of before: they are not shown again. */
static void
check_filter_goes_on(struct fixture *fixture)
{
	int slices = 0;

	californians(fixture);
	while (slices < SLICES && v_contacts_work(list_of(fixture))) {
		californians(fixture);
		slices++;
	}
	CHECK(slices > 3 && slices < SLICES);
	CHECK_INT((long)californians(fixture), MANY / 3);
}

TEST(contacts_a_new_filter_goes_on_when_the_order_changes)
{
	struct fixture fixture;

	open_many(&fixture);
	/* an order makes a list of its own, with all rows */
	fixture_press(&fixture, "on");
	work(&fixture);
	fixture_press(&fixture, "fstate:CA\r");
	CHECK(californians(&fixture) < MANY / 3);
	fixture_press(&fixture, "os");
	CHECK(californians(&fixture) < MANY / 3);
	check_filter_goes_on(&fixture);
	fixture_close(&fixture);
}

TEST(contacts_a_new_filter_goes_on_when_the_file_is_read_again)
{
	struct fixture fixture;
	struct contact_list_move move = {.count = MANY};
	uint32_t *rows = mem_alloc(MANY * sizeof(*rows));
	struct str lost;

	str_init(&lost, 100);
	for (uint32_t row = 0; row < MANY; row++)
		rows[row] = row;
	open_many(&fixture);
	move.old = fixture.desk.book;
	move.rows = rows;
	move.lost = &lost;
	fixture_press(&fixture, "on");
	work(&fixture);
	fixture_press(&fixture, "fstate:CA\r");
	CHECK(californians(&fixture) < MANY / 3);
	v_contacts_move(list_of(&fixture), &move);
	check_filter_goes_on(&fixture);
	CHECK_TEXT(lost.data, "");
	str_release(&lost);
	free(rows);
	fixture_close(&fixture);
}

/* Esc in the question, or a letter taken back: the cursor is where it was. */
TEST(contacts_a_filter_that_is_left_leaves_the_cursor)
{
	struct fixture fixture;

	open_many(&fixture);
	fixture_press(&fixture, "jjjj"); /* not in California */
	CHECK_INT(desk_row(&fixture.desk), 4);
	fixture_press(&fixture, "fstate:CA");
	work(&fixture);
	fixture_screen(&fixture);
	CHECK_INT(desk_row(&fixture.desk), 0);
	fixture_press(&fixture, "\033");
	work(&fixture);
	fixture_screen(&fixture);
	CHECK_INT(desk_row(&fixture.desk), 4);
	/* slowly found, among many */
	fixture_press(&fixture, "G");
	CHECK_INT(desk_row(&fixture.desk), MANY - 1);
	fixture_press(&fixture, "fstate:FL");
	fixture_screen(&fixture);
	work(&fixture);
	fixture_press(&fixture, "\r");
	CHECK_INT(desk_row(&fixture.desk), MANY - 1);
	fixture_close(&fixture);
}

/* While the book itself is still shown, too. */
TEST(contacts_the_first_order_has_what_changes_meanwhile)
{
	struct fixture fixture;
	const struct contact_list *list;

	open_many(&fixture);
	list = v_contacts_list(list_of(&fixture));
	fake_sync_row(&fixture.sync, 3, STATUS_SYNCED, "");
	fake_sync_row(&fixture.sync, 4, STATUS_BLOCKED, "");
	fixture_press(&fixture, "os");
	CHECK_INT(contact_list_row(list, 0), 0);
	fake_sync_row(&fixture.sync, 3, STATUS_BLOCKED, "");
	fake_sync_row(&fixture.sync, 4, STATUS_SYNCED, "");
	change(&fixture);
	work(&fixture);
	CHECK(contact_list_find(list, 4) < contact_list_find(list, 3));
	fixture_close(&fixture);
}

/* ---- a search -------------------------------------------------------------
 */

/* The slices that it takes until the list is made anew. */
static int
slices_of_change(struct fixture *fixture)
{
	int slices = 0;

	change(fixture);
	while (slices < SLICES && v_contacts_work(list_of(fixture)))
		slices++;
	return slices;
}

TEST(contacts_a_search_goes_on_when_the_list_changes)
{
	struct fixture fixture;
	int slices;

	open_many(&fixture);
	fixture_press(&fixture, "fstate:FL\r");
	work(&fixture);
	slices = slices_of_change(&fixture);
	CHECK(slices > 10);
	change(&fixture);
	for (int i = 0; i < slices - 2; i++)
		v_contacts_work(list_of(&fixture));
	/* the list is there anew before the search comes to its last row */
	fixture_press(&fixture, "/zorn");
	CHECK_INT(desk_row(&fixture.desk), 1);
	work(&fixture);
	CHECK_INT(desk_row(&fixture.desk), MANY - 1);
	/* Esc goes back to who was there, wherever that one is now */
	fixture_press(&fixture, "\033");
	CHECK_INT(desk_row(&fixture.desk), 1);
	fixture_close(&fixture);
}

TEST(contacts_a_search_in_a_list_that_keeps_changing_ends_and_says_so)
{
	struct fixture fixture;

	open_many(&fixture);
	fixture_press(&fixture, "fstate:FL\r");
	work(&fixture);
	fixture_press(&fixture, "/nobodyatall\r");
	for (int i = 0; i < SLICES; i++) {
		if (i % 64 == 0)
			change(&fixture);
		v_contacts_work(list_of(&fixture));
		if (*screen_message(fixture.desk.screen))
			break;
	}
	CHECK_TEXT(screen_message(fixture.desk.screen),
	    "the list keeps changing, so the search for 'nobodyatall' has "
	    "stopped");
	fixture_close(&fixture);
}

TEST(contacts_a_search_goes_on_with_what_is_read_later)
{
	struct fixture fixture;
	struct err err = ERR_INIT;

	open_many(&fixture);
	fixture.hasty = false;
	book_free(fixture.desk.book);
	fixture.desk.book = book_open(
	    fixture.config, fixture.path, &fixture.clock, &err);
	fixture.sync.book = fixture.desk.book;
	REQUIRE(book_load(fixture.desk.book, 100, &err) != SOURCE_FAILED);
	CHECK(!book_loaded(fixture.desk.book));
	fixture_press(&fixture, "/zorn\r");
	CHECK_TEXT(screen_message(fixture.desk.screen),
	    "nobody with 'zorn' so far: the file is being read");
	/* nothing to do until more is there */
	CHECK(!v_contacts_work(list_of(&fixture)));
	CHECK(book_load_all(fixture.desk.book, &err));
	work(&fixture);
	CHECK_INT(desk_row(&fixture.desk), MANY - 1);
	fixture_close(&fixture);
}

/* ---- marks ----------------------------------------------------------------
 */

/* A key that marks nothing shares what is kept for undo, of a million rows
 * too. */
TEST(contacts_marks_are_copied_when_one_changes)
{
	struct row_marks marks = {.bytes = NULL}, kept, none = {.bytes = NULL};

	row_marks_set(&marks, 3, true);
	row_marks_copy(&kept, &marks);
	CHECK(kept.bytes == marks.bytes);
	CHECK(row_marks_same(&kept, &marks));
	row_marks_set(&marks, 3, true);
	CHECK(kept.bytes == marks.bytes);
	row_marks_set(&marks, 2, true);
	CHECK(kept.bytes != marks.bytes);
	CHECK(!row_marks_same(&kept, &marks));
	CHECK(!row_marks_has(&kept, 2) && row_marks_has(&kept, 3));
	row_marks_set(&marks, 500, true);
	row_marks_set(&marks, 500, false);
	row_marks_set(&marks, 2, false);
	CHECK(row_marks_same(&kept, &marks));
	row_marks_set(&marks, 3, false);
	CHECK(row_marks_same(&none, &marks));
	CHECK_INT((long)marks.count, 0);
	row_marks_free(&kept);
	row_marks_free(&marks);
}
