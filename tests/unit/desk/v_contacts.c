/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/secret.h"
#include "base/str.h"
#include "base/text.h"
#include "book/config.h"
#include "check.h"
#include "desk/actions.h"
#include "desk/host.h"
#include "desk/opener.h"
#include "desk/work.h"
#include "source/records.h"
#include "tui/action.h"
#include "views.h"

static void
open_list(struct fixture *fixture)
{
	struct row_status *status;

	fixture_open(fixture);
	fixture->desk.opener = opener_new(fixture->config);
	unsetenv("DISPLAY");
	unsetenv("WAYLAND_DISPLAY");
	fake_sync_row(&fixture->sync, MINJUN, STATUS_FAILED,
	    "HealthSherpa refused it: the phone number is not valid");
	status = fake_sync_row(&fixture->sync, JOSE, STATUS_SYNCED, "");
	str_copy(
	    status->short_reason, sizeof(status->short_reason), "12 min ago");
	str_copy(status->quote_url, sizeof(status->quote_url),
	    "https://medicare-staging.healthsherpa.com/quote/abc");
	screen_push(fixture->desk.screen, v_contacts_new(&fixture->desk));
}

static void
close_list(struct fixture *fixture)
{
	opener_free(fixture->desk.opener);
	free(fixture->desk.backup_dir);
	free(fixture->desk.broken);
	history_clear(&fixture->desk.commands);
	plan_free(fixture->desk.asked);
	free(fixture->desk.wanted.rows);
	fixture_close(fixture);
}

static bool
shows(struct fixture *fixture, const char *text)
{
	/* Filters and orders take a turn of the loop. */
	for (int i = 0; i < 100 && work_slice(&fixture->desk); i++)
		;
	return strstr(fixture_screen(fixture), text) != NULL;
}

static uint32_t
row(struct fixture *fixture)
{
	return desk_row(&fixture->desk);
}

TEST(contacts_screens)
{
	struct fixture fixture;

	open_list(&fixture);
	CHECK(!work_slice(&fixture.desk));
	fixture_golden(&fixture, "contacts");
	fixture_press(&fixture, "jj");
	fixture_golden_at(&fixture, "contacts-failed", 24, 80, false);
	close_list(&fixture);
}

TEST(contacts_are_found_while_typing)
{
	struct fixture fixture;

	open_list(&fixture);
	fixture_screen(&fixture);
	fixture_press(&fixture, "/aba");
	CHECK_INT(row(&fixture), JOSE); /* without regard to accents */
	fixture_press(&fixture, "\033");
	CHECK_INT(row(&fixture), WALTER);
	fixture_press(&fixture, "/abalos, jose\r");
	CHECK_INT(row(&fixture), JOSE);
	fixture_press(&fixture, "/example.com\r");
	CHECK_INT(row(&fixture), JOSE);
	fixture_press(&fixture, "n");
	CHECK_INT(row(&fixture), MINJUN);
	fixture_press(&fixture, "nn");
	CHECK_INT(row(&fixture), LONG);
	fixture_press(&fixture, "n");
	CHECK_INT(row(&fixture), JOSE);
	CHECK_TEXT(
	    screen_message(fixture.desk.screen), "around the end of the list");
	fixture_press(&fixture, "N");
	CHECK_INT(row(&fixture), LONG);
	fixture_press(&fixture, "/zzz\r");
	CHECK_TEXT(screen_message(fixture.desk.screen), "nobody with 'zzz'");
	CHECK_INT(row(&fixture), LONG);
	close_list(&fixture);
}

/* Nobody has it so: the nearest one is found, and that is said. */
TEST(contacts_are_found_by_what_is_nearly_their_name)
{
	struct fixture fixture;

	open_list(&fixture);
	fixture_screen(&fixture);
	fixture_press(&fixture, "/abalso");
	CHECK(shows(&fixture, ""));
	CHECK_INT(row(&fixture), JOSE);
	fixture_press(&fixture, "\r");
	CHECK_TEXT(screen_message(fixture.desk.screen),
	    "nobody with 'abalso': this is the nearest");
	/* there is no other one so near: it is found again */
	fixture_press(&fixture, "n");
	shows(&fixture, "");
	CHECK_INT(row(&fixture), JOSE);
	/* each of the words, and the nearest of those that are near */
	fixture_press(&fixture, "/featherstonhaug, anne\r");
	shows(&fixture, "");
	CHECK_INT(row(&fixture), LONG);
	fixture_press(&fixture, "g/wlter admas\r");
	shows(&fixture, "");
	CHECK_INT(row(&fixture), WALTER);
	/* numbers are right or wrong */
	fixture_press(&fixture, "/9165550199\r");
	shows(&fixture, "");
	CHECK_TEXT(
	    screen_message(fixture.desk.screen), "nobody with '9165550199'");
	close_list(&fixture);
}

TEST(contacts_filter_has_live_effect_and_esc_shows_all)
{
	struct fixture fixture;

	open_list(&fixture);
	fixture_press(&fixture, "fstatus:bl");
	CHECK(shows(&fixture, "2 of 6 contacts: status:bl"));
	fixture_press(&fixture, "\t");
	CHECK(shows(&fixture, "2 of 6 contacts: status:blocked"));
	fixture_golden_at(&fixture, "contacts-filter", 24, 80, false);
	fixture_press(&fixture, "\r");
	CHECK_INT(row(&fixture), NAMELESS);
	fixture_press(&fixture, "j");
	CHECK_INT(row(&fixture), SECRET);
	fixture_press(&fixture, "f\025nosuch:1\r");
	CHECK(screen_asking(fixture.desk.screen));
	CHECK(shows(&fixture, "nosuch"));
	fixture_press(&fixture, "\025zzzz\r");
	CHECK(shows(&fixture, "No contact fits. Esc shows all"));
	CHECK_INT(row(&fixture), RECORDS_NONE);
	fixture_press(&fixture, "s");
	CHECK_TEXT(
	    screen_message(fixture.desk.screen), "there is no contact here");
	fixture_press(&fixture, "\033");
	CHECK(shows(&fixture, "6 contacts"));
	close_list(&fixture);
}

/* Letter by letter only those that were left are looked at, and all again when
 * one has changed. */
TEST(contacts_filter_that_is_typed_on_narrows)
{
	struct fixture fixture;
	struct err err = ERR_INIT;

	open_list(&fixture);
	fixture_press(&fixture, "fabal");
	CHECK(shows(&fixture, "1 of 6 contacts: abal"));
	fixture_press(&fixture, "o");
	CHECK(shows(&fixture, "1 of 6 contacts: abalo"));
	CHECK_INT(row(&fixture), JOSE);
	CHECK(book_set(fixture.desk.book, WALTER, 1, "Abalos", &err));
	fixture_press(&fixture, "s");
	screen_stale(fixture.desk.screen);
	fixture_screen(&fixture);
	CHECK(shows(&fixture, "2 of 6 contacts: abalos"));
	fixture_press(&fixture, "x");
	CHECK(shows(&fixture, "0 of 6 contacts: abalosx"));
	fixture_press(&fixture, "\177");
	CHECK(shows(&fixture, "2 of 6 contacts: abalos"));
	close_list(&fixture);
}

/* Who is marked, or all, can be sent though nobody is shown. */
TEST(contacts_that_are_marked_need_not_be_shown)
{
	static const char *const keys[] = {"s", "d", "S"};
	struct fixture fixture;

	open_list(&fixture);
	fixture_press(&fixture, "g fzzzz\r");
	CHECK_INT(row(&fixture), RECORDS_NONE);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		fixture_press(&fixture, keys[i]);
		CHECK_INT(screen_depth(fixture.desk.screen), 2);
		CHECK_INT(
		    screen_top(fixture.desk.screen)->ops->scope, SCOPE_PLAN);
		fixture_press(&fixture, "\033");
	}
	/* Esc takes the marks away: then it is nobody, but all are still all */
	fixture_press(&fixture, "\033d");
	CHECK_TEXT(
	    screen_message(fixture.desk.screen), "there is no contact here");
	fixture_press(&fixture, "S");
	CHECK_INT(screen_depth(fixture.desk.screen), 2);
	close_list(&fixture);
}

TEST(contacts_a_key_outlives_a_change_of_the_list)
{
	struct fixture fixture;

	open_list(&fixture);
	fixture_press(&fixture, "!");
	CHECK_INT(row(&fixture), MINJUN);
	/* A run makes one more of them before the next drawing. */
	fake_sync_row(
	    &fixture.sync, JOSE, STATUS_REVIEW, "a person must decide");
	fixture.desk.generation++;
	screen_stale(fixture.desk.screen);
	fixture_screen(&fixture);
	fixture_press(&fixture, "j");
	work_slice(&fixture.desk);
	CHECK_INT(row(&fixture), NAMELESS);
	close_list(&fixture);
}

TEST(contacts_filter_completes_whatever_the_case)
{
	struct fixture fixture;

	open_list(&fixture);
	/* state, status and the column "State" */
	fixture_press(&fixture, "fsta\t");
	CHECK(shows(&fixture, "e.g. state:FL: stat\n"));
	fixture_press(&fixture, "e\t");
	CHECK(shows(&fixture, "e.g. state:FL: state:\n"));
	fixture_press(&fixture, "ca -STATU\t");
	CHECK(shows(&fixture, "e.g. state:FL: state:ca -status:\n"));
	fixture_press(&fixture, "\033");
	close_list(&fixture);
}

TEST(contacts_that_need_somebody)
{
	struct fixture fixture;

	open_list(&fixture);
	fixture_press(&fixture, "!");
	CHECK(shows(&fixture, "3 of 6 contacts need somebody"));
	CHECK(shows(&fixture, "phone number is not valid"));
	CHECK_INT(row(&fixture), MINJUN);
	/* It is mended: it stays under the cursor, and goes after it. */
	desk_row_changed(&fixture.desk, MINJUN);
	fake_sync_row(&fixture.sync, MINJUN, STATUS_SYNCED, "");
	fixture_screen(&fixture);
	CHECK(shows(&fixture, "2 of 6 contacts need somebody"));
	CHECK_INT(row(&fixture), MINJUN);
	fixture_press(&fixture, "j");
	CHECK_INT(row(&fixture), NAMELESS);
	desk_row_changed(&fixture.desk, NAMELESS);
	fake_sync_row(&fixture.sync, NAMELESS, STATUS_SYNCED, "");
	fixture_screen(&fixture);
	CHECK(shows(&fixture, "1 of 6 contacts need somebody"));
	CHECK_INT(row(&fixture), NAMELESS);
	fixture_press(&fixture, "k"); /* MINJUN is gone */
	CHECK_INT(row(&fixture), NAMELESS);
	fixture_press(&fixture, "!");
	CHECK(shows(&fixture, "6 contacts"));
	close_list(&fixture);
}

TEST(contacts_are_sorted_and_the_cursor_stays_on_its_row)
{
	struct fixture fixture;

	open_list(&fixture);
	fixture_press(&fixture, "j");
	CHECK_INT(row(&fixture), JOSE);
	fixture_press(&fixture, "on");
	CHECK(shows(&fixture, "NAME ▲"));
	CHECK_INT(row(&fixture), JOSE);
	fixture_press(&fixture, "g");
	CHECK_INT(row(&fixture), JOSE); /* Ábalos is before Adams */
	fixture_press(&fixture, "j");
	CHECK_INT(row(&fixture), WALTER);
	fixture_press(&fixture, "on");
	CHECK(shows(&fixture, "NAME ▼"));
	CHECK_INT(row(&fixture), WALTER);
	fixture_press(&fixture, "gob");
	shows(&fixture, "");
	fixture_press(&fixture, "g");
	CHECK_INT(row(&fixture), WALTER); /* 1955 */
	fixture_press(&fixture, "of");
	shows(&fixture, "");
	fixture_press(&fixture, "gjj");
	CHECK_INT(row(&fixture), MINJUN);
	close_list(&fixture);
}

/* Each order, up and down; who has nothing there is last in both. */
TEST(contacts_are_sorted_by_every_column)
{
	static const char csv[] =
	    "external_id,first_name,last_name,phone,birth_date,state,zip,"
	    "medicare_part_a_effective_date,medicare_part_b_effective_date\n"
	    "1,Cy,C,2125550101,3/1/1962,CA,90001,2024-01-01,2024-01-01\n"
	    "2,Al,A,,2/1/1940,,,2024-01-01,2027-02-01\n"
	    "3,,,2125550103,,AL,35203,,\n"
	    "4,Bo,\xc3\xa4"
	    "B,2125550100,5/1/1963,WY,82001,,2024-01-01\n";
	static const struct {
		char key;
		const char *up, *down;
	} orders[] = {
	    {'n', "2413", "1423"},
	    {'b', "2143", "4123"},
	    {'a', "4123", "2143"},
	    {'t', "1423", "4123"},
	    {'r', "1243", "4213"},
	    {'p', "4132", "3142"},
	    {'e', "3142", "4132"},
	    {'z', "3412", "1432"},
	};
	struct fixture fixture;

	fixture_open_with(&fixture, "", csv);
	screen_push(fixture.desk.screen, v_contacts_new(&fixture.desk));
	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++)
		for (int down = 0; down < 2; down++) {
			char keys[] = {'o', orders[i].key, '\0'}, rows[5] = "";

			fixture_press(&fixture, keys);
			shows(&fixture, "");
			fixture_press(&fixture, "g");
			for (int at = 0; at < 4; at++) {
				rows[at] = (char)('1' + row(&fixture));
				fixture_press(&fixture, "j");
			}
			if (!CHECK_TEXT(
				rows, down ? orders[i].down : orders[i].up))
				printf("# by %c\n", orders[i].key);
		}
	/* what the columns do not show, the line above them says */
	fixture_press(&fixture, "oa");
	CHECK(shows(&fixture, " 4 contacts by age"));
	fixture_press(&fixture, "oa");
	CHECK(shows(&fixture, " 4 contacts by age, reversed"));
	close_list(&fixture);
}

/* The rows as they stand, "2413". */
static const char *
rows_in_order(struct fixture *fixture, size_t count)
{
	static char rows[16];

	shows(fixture, "");
	fixture_press(fixture, "g");
	for (size_t at = 0; at < count; at++) {
		rows[at] = (char)('1' + row(fixture));
		fixture_press(fixture, "j");
	}
	rows[count] = '\0';
	return rows;
}

static const char families[] =
    "external_id,first_name,last_name,birth_date,state,zip,Unit,Met,-x\n"
    "1,Cy,Cole,3/1/1962,CA,90001,Apt 10,1/2/2024,b\n"
    "2,Al,Cole,2/1/1940,CA,90001,Apt 9,12/31/2023,a\n"
    "3,Bo,Abel,5/1/1963,AL,35203,apt 9b,,b\n"
    "4,Di,Cole,5/1/1963,,90001,,2/1/2024,a\n";

TEST(contacts_are_sorted_by_several_columns)
{
	static const struct {
		const char *typed, *rows;
	} cases[] = {
	    {"state, name", "3214"},
	    {"-state,name", "2134"},
	    {"zip, -name", "3412"},
	    /* the same in the second: as in the file */
	    {"zip,last_name", "3124"},
	    {"last_name, -first_name", "3412"},
	    {"Unit", "2314"},
	    {"-Unit", "1324"},
	    {"Met", "2143"},
	    {"-Met, name", "4123"},
	    {"\"-x\", name", "2431"},
	    {"-\"-x\", -name", "1342"},
	    {"born, name", "2134"},
	    {"", "1234"},
	};
	struct fixture fixture;

	fixture_open_with(&fixture, "", families);
	screen_push(fixture.desk.screen, v_contacts_new(&fixture.desk));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		fixture_press(&fixture, "oo\025");
		fixture_press(&fixture, cases[i].typed);
		fixture_press(&fixture, "\r");
		if (!CHECK_TEXT(rows_in_order(&fixture, 4), cases[i].rows))
			printf("# by %s\n", cases[i].typed);
	}
	close_list(&fixture);
}

TEST(contacts_orders_that_are_none_are_told_with_the_nearest)
{
	static const struct {
		const char *typed, *why;
	} cases[] = {
	    {"stat", "\"stat\" is no column or field; did you mean \"state\""},
	    {"name, name", "\"name\" stands there twice"},
	    {"name,,zip", "a column's name is missing"},
	    {"\"Unit", "a quote is not closed"},
	    {"\"Unit\" zip", "a comma is missing behind \"Unit\""},
	};
	struct fixture fixture;

	fixture_open_with(&fixture, "", families);
	screen_push(fixture.desk.screen, v_contacts_new(&fixture.desk));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		fixture_press(&fixture, "oo\025");
		fixture_press(&fixture, cases[i].typed);
		fixture_press(&fixture, "\r");
		CHECK(shows(&fixture, cases[i].why));
		CHECK(screen_asking(fixture.desk.screen));
		fixture_press(&fixture, "\033");
	}
	/* Tab completes the one behind the last comma */
	fixture_press(&fixture, "oo\025state, -bo\t");
	CHECK(shows(&fixture, "name: state, -born"));
	fixture_press(&fixture, "\033");
	close_list(&fixture);
}

TEST(contacts_orders_are_added_by_capitals_and_kept)
{
	struct fixture fixture;
	char *text;

	fixture_open_with(&fixture, "", families);
	check_write(fixture.config->path, "");
	screen_push(fixture.desk.screen, v_contacts_new(&fixture.desk));
	fixture_press(&fixture, "ozoNoN");
	CHECK_TEXT(rows_in_order(&fixture, 4), "3412");
	/* ZIP has room for its arrow and number, NAME too */
	CHECK(shows(&fixture, "NAME \xe2\x96\xbc"
			      "2"));
	CHECK(shows(&fixture, "ZIP\xe2\x96\xb2"
			      "1"));
	fixture_golden_at(&fixture, "contacts-orders", 24, 80, false);
	fixture_golden_at(&fixture, "contacts-orders", 24, 80, true);
	fixture_press(&fixture, "ok");
	CHECK_TEXT(screen_message(fixture.desk.screen),
	    "saved in belay.yaml: the list begins by ZIP, name reversed "
	    "from "
	    "now on");
	text = check_read(fixture.config->path);
	CHECK_TEXT(text, "desk:\n  sort: [zip, -name]\n");
	free(text);
	/* by what has no column, the line above says it */
	fixture_press(&fixture, "ooXX\025last_name, -zip, Unit\r");
	CHECK(shows(&fixture, "4 contacts by last name, ZIP reversed, Unit"));
	/* another order of the config is taken, an equal one is not */
	fixture.desk.config_generation++;
	CHECK(shows(&fixture, "Unit"));
	fixture_press(&fixture, "ofok");
	text = check_read(fixture.config->path);
	CHECK(!strstr(text, "sort"));
	free(text);
	close_list(&fixture);
}

TEST(contacts_begin_in_the_order_of_the_config)
{
	struct fixture fixture;

	fixture_open_with(
	    &fixture, "desk: {sort: [zip, nosuch, -name]}\n", families);
	screen_push(fixture.desk.screen, v_contacts_new(&fixture.desk));
	CHECK_TEXT(rows_in_order(&fixture, 4), "3412");
	CHECK(shows(&fixture, ""));
	close_list(&fixture);
}

/* At a glance: wide terminals show all of it. */
TEST(contacts_at_a_glance)
{
	static const char csv[] =
	    "external_id,first_name,last_name,phone,birth_date,state,zip,"
	    "medicare_part_a_effective_date,medicare_part_b_effective_date\n"
	    "1,Ruth,Abernathy,,12/27/1961,CA,95811,2026-12-01,2027-02-01\n"
	    "2,Al,Boyd,3055550177,2/1/1940,FL,33101,2024-01-01,2024-01-01\n"
	    "3,Cy,Cole,,11/18/1961,GA,30301,2024-01-01,2027-02-01\n"
	    "4,Di,Dunn,,11/19/1961,TX,77002,,2024-01-01\n"
	    "5,Ed,Eads,,,TX,77002,,\n";
	struct fixture fixture;

	fixture_open_with(&fixture, "", csv);
	screen_push(fixture.desk.screen, v_contacts_new(&fixture.desk));
	shows(&fixture, "");
	fixture_golden(&fixture, "contacts-glance");
	fixture_press(&fixture, "o");
	fixture_golden_at(&fixture, "contacts-order", 24, 80, false);
	fixture_press(&fixture, "t");
	shows(&fixture, "");
	fixture_golden_at(&fixture, "contacts-by-t65", 24, 80, false);
	close_list(&fixture);
}

TEST(contacts_are_walked_through_by_status)
{
	struct fixture fixture;

	open_list(&fixture);
	fixture.sync.rows[JOSE].lists_open = true;
	fixture_press(&fixture, "\t");
	CHECK(shows(&fixture, "2 of 6 contacts: new"));
	CHECK(shows(&fixture, "[\xe2\x97\x8b 2 new]  \xe2\x97\x8f 1 synced"));
	CHECK_TEXT(rows_in_order(&fixture, 2), "16");
	/* with a filter in force */
	fixture_press(&fixture, "fwalter\r");
	CHECK(shows(&fixture, "1 of 6 contacts: new, walter"));
	fixture_press(&fixture, "f\025\r\t");
	CHECK(shows(&fixture, "1 of 6 contacts: synced"));
	CHECK_INT(row(&fixture), JOSE);
	fixture_golden_at(&fixture, "contacts-by-status", 24, 80, false);
	fixture_golden_at(&fixture, "contacts-by-status", 24, 80, true);
	/* whose lists are not sent, though it is synced */
	screen_key(fixture.desk.screen, KEY_CODE_BACK_TAB);
	CHECK(shows(&fixture, "2 of 6 contacts: new"));
	screen_key(fixture.desk.screen, KEY_CODE_BACK_TAB);
	CHECK(shows(&fixture, " 6 contacts  "));
	screen_key(fixture.desk.screen, KEY_CODE_BACK_TAB);
	CHECK(shows(&fixture, "1 of 6 contacts: lists not sent"));
	CHECK(shows(&fixture, "1 lists not sent]"));
	CHECK_INT(row(&fixture), JOSE);
	/* it is sent: nobody is left, and that is said */
	fixture.sync.rows[JOSE].lists_open = false;
	fixture.desk.generation++;
	screen_stale(fixture.desk.screen);
	CHECK(shows(&fixture, "0 lists not sent]"));
	fixture_press(&fixture, "k");
	fixture_press(&fixture, "\033");
	CHECK(shows(&fixture, " 6 contacts  "));
	close_list(&fixture);
}

/* The column of the screen where a text stands in its second row. */
static int
place_of(struct fixture *fixture, const char *text)
{
	const char *line = strchr(fixture_screen(fixture), '\n') + 1;
	const char *at = strstr(line, text);
	char before[400];

	if (!CHECK(at && at - line < (ptrdiff_t)sizeof(before)))
		return 0;
	str_copy(before, (size_t)(at - line) + 1, line);
	return text_width(before);
}

TEST(contacts_by_a_click_on_a_count)
{
	struct fixture fixture;
	int synced;

	open_list(&fixture);
	synced = place_of(&fixture, "1 synced");
	screen_click(fixture.desk.screen, 1, synced);
	CHECK(shows(&fixture, "1 of 6 contacts: synced"));
	CHECK_INT(row(&fixture), JOSE);
	CHECK_INT(screen_depth(fixture.desk.screen), 1);
	/* another count, and the same one again, which shows all */
	screen_click(fixture.desk.screen, 1, place_of(&fixture, "2 new"));
	CHECK(shows(&fixture, "2 of 6 contacts: new"));
	screen_click(fixture.desk.screen, 1, place_of(&fixture, "2 new]"));
	CHECK(shows(&fixture, " 6 contacts  "));
	/* the words before them, too */
	screen_click(fixture.desk.screen, 1, place_of(&fixture, "1 synced"));
	screen_click(fixture.desk.screen, 1, 3);
	CHECK(shows(&fixture, " 6 contacts  "));
	/* between them and at the end there is nothing */
	screen_click(
	    fixture.desk.screen, 1, place_of(&fixture, "1 synced") - 3);
	screen_click(fixture.desk.screen, 1, 79);
	CHECK(shows(&fixture, " 6 contacts  "));
	/* and it is taken back as any other */
	fixture_press(&fixture, "u");
	CHECK(shows(&fixture, "1 of 6 contacts: synced"));
	close_list(&fixture);
}

/* In a low window there are no counts, so a message says what is shown. */
TEST(contacts_by_status_in_a_low_window)
{
	struct fixture fixture;

	open_list(&fixture);
	shows(&fixture, "");
	fixture_golden_at(&fixture, "contacts", 10, 40, false);
	fixture_press(&fixture, "\t");
	CHECK_TEXT(screen_message(fixture.desk.screen), "2 of 6 contacts: new");
	fixture_press(&fixture, "a");
	CHECK_TEXT(screen_message(fixture.desk.screen),
	    "2 marked; 2 of 6 contacts: new");
	close_list(&fixture);
}

/* Narrow as it may be, the count that is chosen is there. */
TEST(contacts_the_chosen_count_is_seen)
{
	struct fixture fixture;
	struct canvas *canvas = canvas_new(24, 40, false);
	struct str out;

	open_list(&fixture);
	screen_key(fixture.desk.screen, KEY_CODE_BACK_TAB);
	shows(&fixture, "1 of 6 contacts: failed");
	screen_dirty(fixture.desk.screen);
	screen_draw(fixture.desk.screen, canvas);
	str_init(&out, 16384);
	canvas_dump(canvas, &out);
	CHECK(strstr(out.data, "1 of 6 contacts: failed  [! 1 failed]\n"));
	str_release(&out);
	canvas_free(canvas);
	close_list(&fixture);
}

TEST(contacts_are_marked_from_one_to_another)
{
	struct fixture fixture;

	open_list(&fixture);
	fixture_press(&fixture, "V");
	CHECK(strstr(screen_message(fixture.desk.screen),
	    "mark a contact with Space first"));
	fixture_press(&fixture, "j jV");
	CHECK_TEXT(screen_message(fixture.desk.screen),
	    "3 marked from there to here, 3 in all");
	/* from that one on, upwards */
	fixture_press(&fixture, "gV");
	CHECK_TEXT(screen_message(fixture.desk.screen),
	    "4 marked from there to here, 4 in all");
	/* all of them are: the same key takes them back */
	fixture_press(&fixture, "jjV");
	CHECK_TEXT(screen_message(fixture.desk.screen),
	    "3 not marked any more from there to here, 1 still are");
	fixture_press(&fixture, "a");
	/* one that is unmarked unmarks up to the other */
	fixture_press(&fixture, "g GV");
	CHECK_TEXT(screen_message(fixture.desk.screen),
	    "6 not marked any more from there to here, 0 still are");
	/* as they are shown: sorted, and only those of a status */
	fixture_press(&fixture, "on");
	shows(&fixture, "");
	fixture_press(&fixture, "g GV");
	CHECK(strstr(screen_message(fixture.desk.screen), "6 in all"));
	fixture_press(&fixture, "\033");
	CHECK(!shows(&fixture, "marked"));
	fixture_press(&fixture, "fstatus:new\r");
	shows(&fixture, "");
	fixture_press(&fixture, "g GV");
	CHECK_TEXT(screen_message(fixture.desk.screen),
	    "2 marked from there to here, 2 in all");
	fixture_press(&fixture, "s");
	CHECK_INT(fixture.sync.started_count, 2);
	close_list(&fixture);
}

TEST(contacts_marked_are_synced_together)
{
	struct fixture fixture;

	open_list(&fixture);
	fixture_press(&fixture, " ");
	CHECK_INT(row(&fixture), JOSE);
	fixture_press(&fixture, "G ");
	CHECK(shows(&fixture, "2 marked"));
	fixture_golden_at(&fixture, "contacts-marked", 24, 80, false);
	fixture_press(&fixture, "s");
	CHECK_INT(fixture.sync.starts, 1);
	REQUIRE(fixture.sync.started_count == 2);
	CHECK_INT(fixture.sync.started[0], WALTER);
	CHECK_INT(fixture.sync.started[1], LONG);
	fixture_press(&fixture, "\033");
	CHECK(!shows(&fixture, "marked"));
	fixture_press(&fixture, "a");
	CHECK(shows(&fixture, "6 marked"));
	fixture_press(&fixture, "a");
	CHECK(!shows(&fixture, "marked"));
	close_list(&fixture);
}

TEST(contacts_filter_that_is_not_typed_to_its_end_leaves_the_one_before)
{
	struct fixture fixture;

	open_list(&fixture);
	fixture_press(&fixture, "fstate:FL\r");
	CHECK(shows(&fixture, "1 of 6 contacts: state:FL"));
	fixture_press(&fixture, "f zip:9\033");
	CHECK(shows(&fixture, "1 of 6 contacts: state:FL"));
	fixture_press(&fixture, "\033");
	CHECK(shows(&fixture, "6 contacts"));
	fixture_press(&fixture, "fstate:FL\033");
	CHECK(shows(&fixture, "6 contacts"));
	CHECK(!shows(&fixture, "of 6 contacts"));
	close_list(&fixture);
}

TEST(contacts_marked_and_hidden_by_a_filter_are_shown_before_they_are_sent)
{
	struct fixture fixture;

	open_list(&fixture);
	fixture_press(&fixture, " ");
	fixture_press(&fixture, "fstate:FL\r");
	CHECK(shows(&fixture, "1 marked"));
	fixture_press(&fixture, "s");
	CHECK_INT(fixture.sync.starts, 0);
	CHECK_TEXT(screen_top(fixture.desk.screen)->ops->name, "plan");
	fixture_press(&fixture, "s");
	CHECK_INT(fixture.sync.starts, 1);
	REQUIRE(fixture.sync.started_count == 1);
	CHECK_INT(fixture.sync.started[0], WALTER);
	close_list(&fixture);
}

TEST(contacts_impossible_actions_get_their_reason)
{
	static const struct {
		uint32_t row;
		const char *key, *reason;
	} cases[] = {
	    {WALTER, "b", "no quote page yet: sync first, s"},
	    {NAMELESS, "b",
		"no quote page before this contact can be sent: first name is "
		"missing"},
	    {JOSE, "s", "nothing to send: HealthSherpa has the latest"},
	    {WALTER, "x", "nothing is being sent now"},
	    {WALTER, "w", "there is nothing to save"},
	    {WALTER, "u", "there is nothing to undo"},
	    {WALTER, "\022", "there is nothing to redo"},
	    {WALTER, "Q", "Q does nothing here; ? shows what does"},
	};
	struct fixture fixture;

	open_list(&fixture);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		fixture_press(&fixture, "g");
		for (uint32_t at = 0; at < cases[i].row; at++)
			fixture_press(&fixture, "j");
		fixture_press(&fixture, cases[i].key);
		CHECK_TEXT(
		    screen_message(fixture.desk.screen), cases[i].reason);
	}
	fixture.desk.read_only = true;
	fixture_press(&fixture, "gs");
	CHECK_TEXT(screen_message(fixture.desk.screen),
	    "another belay has this book open: here you can only look");
	CHECK_INT(fixture.sync.starts, 0);
	/* Nor type what could never be saved. */
	fixture_press(&fixture, "\rjj\rX\r");
	CHECK_TEXT(screen_message(fixture.desk.screen),
	    "another belay has this book open: here you can only look");
	CHECK_INT(book_unsaved(fixture.desk.book), 0);
	close_list(&fixture);
}

TEST(contacts_quote_page_is_shown_without_a_desktop)
{
	struct fixture fixture;

	open_list(&fixture);
	fixture_press(&fixture, "jb");
	CHECK(shows(&fixture,
	    "\nhttps://medicare-staging.healthsherpa.com/quote/abc\n"));
	fixture_golden_at(&fixture, "link", 24, 80, false);
	fixture_press(&fixture, "\033");
	CHECK_INT(row(&fixture), JOSE);
	/* One that is not HealthSherpa's is never offered. */
	str_copy(
	    fixture.sync.rows[JOSE].quote_url, 64, "https://evil.example/");
	fixture_press(&fixture, "b");
	CHECK_INT(screen_depth(fixture.desk.screen), 1);
	CHECK(strstr(screen_message(fixture.desk.screen), "not opened: ") !=
	      NULL);
	close_list(&fixture);
}

TEST(contacts_leaving_asks_for_what_would_be_lost)
{
	struct fixture fixture;
	struct err err = ERR_INIT;
	char *text;

	open_list(&fixture);
	REQUIRE(book_set(fixture.desk.book, WALTER, 11, "95814", &err));
	desk_row_changed(&fixture.desk, WALTER);
	fixture_press(&fixture, "q");
	CHECK(shows(&fixture, "1 change is not saved: w saves and leaves"));
	fixture_press(&fixture, "\033");
	CHECK_INT(screen_depth(fixture.desk.screen), 1);
	fixture_press(&fixture, "qw");
	CHECK_INT(screen_depth(fixture.desk.screen), 1);
	while (work_slice(&fixture.desk))
		;
	CHECK(screen_top(fixture.desk.screen) == NULL);
	text = check_read(fixture.path);
	CHECK(strstr(text, ",95814,") != NULL);
	free(text);
	close_list(&fixture);
}

TEST(contacts_edits_can_be_dropped_on_leaving)
{
	struct fixture fixture;
	struct err err = ERR_INIT;
	char *text;

	open_list(&fixture);
	REQUIRE(book_set(fixture.desk.book, WALTER, 11, "95814", &err));
	fixture_press(&fixture, "qd");
	CHECK(screen_top(fixture.desk.screen) == NULL);
	text = check_read(fixture.path);
	CHECK(strstr(text, ",95814,") == NULL);
	free(text);
	close_list(&fixture);
}

TEST(contacts_leaving_a_run_asks)
{
	struct fixture fixture;

	open_list(&fixture);
	fixture.sync.progress.running = true;
	fixture.sync.progress.total = 64;
	fixture.sync.progress.done = 27;
	fixture_press(&fixture, "q");
	CHECK(shows(&fixture, "37 of 64 are still to be sent: s stops"));
	fixture_press(&fixture, "s");
	CHECK_INT(fixture.desk.leaving, DESK_LEAVES_FINISHED);
	CHECK_INT(screen_depth(fixture.desk.screen), 1);
	fixture_press(&fixture, "q");
	CHECK(screen_top(fixture.desk.screen) == NULL);
	close_list(&fixture);
}

TEST(contacts_a_run_is_paused_by_the_same_key_twice)
{
	struct fixture fixture;

	open_list(&fixture);
	fixture.sync.progress.running = true;
	fixture.sync.progress.total = 64;
	CHECK(shows(&fixture, "x pause"));
	fixture_press(&fixture, "x");
	CHECK(shows(&fixture, "p pauses, c cancels the rest"));
	fixture_press(&fixture, "x");
	CHECK(fixture.sync.progress.paused);
	CHECK(shows(&fixture, "x go on"));
	CHECK(!shows(&fixture, "x pause"));
	fixture_press(&fixture, "x");
	CHECK(shows(&fixture, "paused: g goes on, c cancels the rest"));
	fixture_press(&fixture, "\r");
	CHECK(!fixture.sync.progress.paused);
	fixture_press(&fixture, "xp");
	CHECK(fixture.sync.progress.paused);
	fixture_press(&fixture, "xg");
	CHECK(!fixture.sync.progress.paused);
	fixture.sync.progress.running = false;
	close_list(&fixture);
}

/* Random keys at random sizes: nothing asserts, leaks or loops. */
/* ---- undo ---------------------------------------------------------------- */

TEST(contacts_marks_filter_and_order_can_be_taken_back)
{
	struct fixture fixture;
	struct view *list;

	open_list(&fixture);
	list = screen_top(fixture.desk.screen);
	fixture_press(&fixture, "g u");
	CHECK_TEXT(screen_message(fixture.desk.screen),
	    "1 contact is not marked any more");
	/* nor is it where a range begins */
	fixture_press(&fixture, "jV");
	CHECK_INT((long)v_contacts_marks(list), 0);
	fixture_press(&fixture, "g  ");
	CHECK_INT((long)v_contacts_marks(list), 2);
	/* the stray key */
	fixture_press(&fixture, "aa");
	CHECK_INT((long)v_contacts_marks(list), 0);
	fixture_press(&fixture, "u");
	CHECK_INT((long)v_contacts_marks(list), 6);
	fixture_press(&fixture, "u");
	CHECK_INT((long)v_contacts_marks(list), 2);
	CHECK_TEXT(
	    screen_message(fixture.desk.screen), "2 contacts are marked again");
	fixture_press(&fixture, "\x12");
	CHECK_INT((long)v_contacts_marks(list), 6);
	fixture_press(&fixture, "\x12");
	CHECK_TEXT(screen_message(fixture.desk.screen),
	    "6 contacts are not marked any more");
	fixture_press(&fixture, "uu");
	/* Esc takes marks away, then u brings them back */
	fixture_press(&fixture, "\033");
	CHECK_INT((long)v_contacts_marks(list), 0);
	fixture_press(&fixture, "u");
	CHECK_INT((long)v_contacts_marks(list), 2);
	fixture_press(&fixture, "fstate:fl\r");
	CHECK_TEXT(v_contacts_filter_text(list), "state:fl");
	fixture_press(&fixture, "u");
	CHECK_TEXT(v_contacts_filter_text(list), "");
	CHECK_TEXT(
	    screen_message(fixture.desk.screen), "shown again: all contacts");
	fixture_press(&fixture, "\x12");
	CHECK_TEXT(v_contacts_filter_text(list), "state:fl");
	CHECK_INT((long)v_contacts_marks(list), 2);
	close_list(&fixture);
}

TEST(contacts_undo_walks_edits_and_marks_in_their_order)
{
	struct fixture fixture;
	struct view *list;
	struct book *book;
	struct err err = ERR_INIT;

	open_list(&fixture);
	list = screen_top(fixture.desk.screen);
	book = fixture.desk.book;
	fixture_press(&fixture, "g ");
	CHECK(book_set(book, WALTER, 1, "Wally", &err));
	fixture_press(&fixture, " ");
	CHECK(book_set(book, WALTER, 2, "Adamson", &err));
	fixture_press(&fixture, "u");
	CHECK_TEXT(book_cell(book, WALTER, 2), "Adams");
	CHECK_INT((long)v_contacts_marks(list), 2);
	fixture_press(&fixture, "u");
	CHECK_INT((long)v_contacts_marks(list), 1);
	CHECK_TEXT(book_cell(book, WALTER, 1), "Wally");
	fixture_press(&fixture, "u");
	CHECK_TEXT(book_cell(book, WALTER, 1), "Walter");
	fixture_press(&fixture, "u");
	CHECK_INT((long)v_contacts_marks(list), 0);
	fixture_press(&fixture, "u");
	CHECK_TEXT(
	    screen_message(fixture.desk.screen), "there is nothing to undo");
	/* and forth again */
	fixture_press(&fixture, "\x12");
	CHECK_INT((long)v_contacts_marks(list), 1);
	fixture_press(&fixture, "\x12");
	CHECK_TEXT(book_cell(book, WALTER, 1), "Wally");
	CHECK_INT((long)v_contacts_marks(list), 1);
	fixture_press(&fixture, "\x12");
	CHECK_INT((long)v_contacts_marks(list), 2);
	fixture_press(&fixture, "\x12");
	CHECK_TEXT(book_cell(book, WALTER, 2), "Adamson");
	close_list(&fixture);
}

TEST(contacts_random_keys)
{
	static const uint32_t keys[] = {KEY_CODE_UP, KEY_CODE_DOWN,
	    KEY_CODE_PAGE_UP, KEY_CODE_PAGE_DOWN, KEY_CODE_HOME, KEY_CODE_END,
	    KEY_CODE_ENTER, KEY_CODE_ENTER, KEY_CODE_ESCAPE, KEY_CODE_ESCAPE,
	    KEY_CODE_ESCAPE, KEY_CODE_BACKSPACE, KEY_CODE_DELETE, KEY_CODE_TAB,
	    KEY_CODE_LEFT, KEY_CODE_RIGHT, KEY_ALT | 'q', KEY_CODE_F1, 0xe9,
	    0x4e00, 0x301, 0x202e, 0x1f600, 25, 11, 21, 23, 18};
	uint64_t seed = 42;

	for (int round = 0; round < 20; round++) {
		struct fixture fixture;
		struct canvas *canvas = canvas_new(24, 80, round % 2);

		open_list(&fixture);
		for (int i = 0; i < 1500 && screen_top(fixture.desk.screen);
		     i++) {
			uint32_t pick;

			seed = seed * 6364136223846793005u +
			       1442695040888963407u;
			pick = (uint32_t)(seed >> 33);
			if (pick % 3 == 0)
				screen_key(fixture.desk.screen,
				    keys[pick / 3 %
					 (sizeof(keys) / sizeof(keys[0]))]);
			else
				screen_key(
				    fixture.desk.screen, 0x20 + pick / 3 % 95);
			if (pick % 61 == 0)
				screen_paste(fixture.desk.screen, "zip:9 民 x");
			if (pick % 37 == 0)
				canvas_resize(canvas, 1 + (int)(pick / 37 % 40),
				    1 + (int)(pick / 1480 % 120));
			work_slice(&fixture.desk);
			screen_draw(fixture.desk.screen, canvas);
		}
		canvas_free(canvas);
		close_list(&fixture);
	}
}

/* Draws what is there anew, as time alone does: nothing has changed. */
static bool
still_shows(struct fixture *fixture, const char *text)
{
	struct canvas *canvas = canvas_new(24, 80, false);
	struct str out;
	bool found;

	str_init(&out, 16384);
	screen_dirty(fixture->desk.screen);
	screen_draw(fixture->desk.screen, canvas);
	canvas_dump(canvas, &out);
	found = strstr(out.data, text) != NULL;
	str_release(&out);
	canvas_free(canvas);
	return found;
}

TEST(contacts_count_down_with_each_second)
{
	struct row_status *status;
	struct fixture fixture;

	open_list(&fixture);
	status = fake_sync_row(&fixture.sync, JOSE, STATUS_QUEUED, "");
	status->held = HOLD_ASKED;
	status->retry_at_ms = fixture.now_ms + 41500;
	str_copy(status->short_reason, sizeof(status->short_reason), "42 s");
	CHECK(shows(&fixture, "⧗ waiting 42 s"));
	CHECK(still_shows(&fixture, "⧗ waiting 42 s"));
	str_copy(status->short_reason, sizeof(status->short_reason), "41 s");
	fixture.now_ms += 499;
	CHECK(still_shows(&fixture, "⧗ waiting 42 s"));
	fixture.now_ms += 1;
	CHECK(still_shows(&fixture, "⧗ waiting 41 s"));
	close_list(&fixture);
}

TEST(contacts_offer_to_go_on_once_and_stay_in_the_way_of_nothing)
{
	struct fixture fixture;

	open_list(&fixture);
	fixture.sync.left = (struct sync_left){
	    .to_send = 3, .doubts = 1, .how = "was stopped"};
	CHECK(
	    shows(&fixture, "The last sync was stopped: 4 contacts are left"));
	CHECK(shows(&fixture, "1 of them may have been"));
	fixture_golden_at(&fixture, "contacts-offer", 24, 80, false);
	fixture_press(&fixture, "j");
	CHECK_INT(row(&fixture), JOSE);
	CHECK(!screen_asking(fixture.desk.screen));
	CHECK(shows(&fixture, "nothing is sent now; S shows what"));
	fixture_press(&fixture, "k");
	CHECK(!shows(&fixture, "The last sync"));
	CHECK_INT(fixture.sync.starts, 0);
	close_list(&fixture);
}

TEST(contacts_go_on_by_the_number_however_few)
{
	struct fixture fixture;

	open_list(&fixture);
	fixture.sync.left = (struct sync_left){.doubts = 1};
	fake_sync_row(&fixture.sync, LONG, STATUS_WAITING, "");
	CHECK(shows(&fixture,
	    "1 contact may have been created already and is looked up first. "
	    "s"));
	/* a key that was meant to open a contact sends nothing */
	fixture_press(&fixture, "\r");
	CHECK(
	    shows(&fixture, "type 2 to create 1, look up 1 first (staging):"));
	CHECK_INT(fixture.sync.starts, 0);
	fixture_press(&fixture, "2\r");
	CHECK_INT(fixture.sync.starts, 1);
	CHECK_INT(fixture.sync.started_count, 2);
	close_list(&fixture);
}

/* How many, where to and what is typed are seen in a small window, too. */
TEST(contacts_the_question_is_whole_in_a_small_window)
{
	struct fixture fixture;
	struct canvas *canvas = canvas_new(10, 40, false);
	struct str text;

	open_list(&fixture);
	str_init(&text, 1 << 16);
	fixture.sync.left = (struct sync_left){.doubts = 1};
	fake_sync_row(&fixture.sync, LONG, STATUS_WAITING, "");
	CHECK(shows(&fixture, "looked up first. s"));
	fixture_press(&fixture, "\r99");
	screen_dirty(fixture.desk.screen);
	screen_draw(fixture.desk.screen, canvas);
	canvas_dump(canvas, &text);
	CHECK(strstr(text.data, "type 2 to create 1, look up 1 first\n"));
	CHECK(strstr(text.data, "(staging):\n 99\n"));
	canvas_free(canvas);
	str_release(&text);
	close_list(&fixture);
}

/* Nothing of the real HealthSherpa is changed by one slip of the finger. */
TEST(contacts_are_asked_about_once_a_run_in_production)
{
	struct fixture fixture;

	open_list(&fixture);
	fixture.config->environment = SERVICE_PRODUCTION;
	fixture_press(&fixture, "Gs");
	CHECK(shows(&fixture, "type 1 to create 1 (production):"));
	CHECK_INT(fixture.sync.starts, 0);
	fixture_press(&fixture, "1\r");
	CHECK_INT(fixture.sync.starts, 1);
	/* what joins the run was meant by then */
	fixture.sync.progress.running = true;
	fixture_press(&fixture, "s");
	CHECK_INT(fixture.sync.starts, 2);
	fixture.sync.progress.running = false;
	fixture_press(&fixture, "s");
	CHECK(shows(&fixture, "type 1 to create 1 (production):"));
	fixture_press(&fixture, "\033");
	CHECK_INT(fixture.sync.starts, 2);
	close_list(&fixture);
}

TEST(contacts_are_sent_when_the_key_was_typed)
{
	struct fixture fixture;
	struct secret *secret;
	struct err err = ERR_INIT;

	open_list(&fixture);
	secret_place_clear(&fixture.config->api_key);
	fixture.config->api_key.kind = SECRET_ASK;
	fixture.config->api_key.kept = mem_strdup("/made/up");
	fixture_press(&fixture, "Gs");
	CHECK(shows(&fixture, "Keys come from"));
	fixture_golden_at(&fixture, "contacts-key", 24, 80, false);
	/* left, and begun again */
	fixture_press(&fixture, "\033");
	CHECK_INT(fixture.sync.starts, 0);
	fixture_press(&fixture, "s\r");
	CHECK(shows(&fixture, "your agency's API key, not shown:"));
	fixture_press(&fixture, "\r");
	CHECK(shows(&fixture, "what was typed is empty"));
	fixture_press(&fixture, "made-up-key");
	CHECK(!shows(&fixture, "made-up"));
	CHECK_INT(fixture.sync.starts, 0);
	fixture_press(&fixture, "\r");
	CHECK_INT(fixture.sync.starts, 1);
	secret = secret_fetch(&fixture.config->api_key, &err);
	REQUIRE(secret != NULL);
	CHECK_TEXT(secret_text(secret), "made-up-key");
	secret_free(secret);
	close_list(&fixture);
}

TEST(contacts_show_whose_profile_it_is)
{
	struct fixture fixture;

	open_list(&fixture);
	fixture.config->profile = mem_strdup("maria");
	CHECK(shows(&fixture, "STAGING  maria  agent@example.com  v1"));
	free(fixture.config->agent_email);
	fixture.config->agent_email = mem_strdup(
	    "maria.with.a.long.name@agency.example.com");
	CHECK(shows(&fixture, "STAGING  maria  v1"));
	close_list(&fixture);
}

TEST(contacts_that_look_the_same_are_linked_together)
{
	struct fixture fixture;

	open_list(&fixture);
	fixture_press(&fixture, "A");
	CHECK(strstr(
	    screen_message(fixture.desk.screen), "no contact in review"));
	fixture.sync.similar = 7;
	fixture.sync.unlinkable = 2;
	fixture_press(&fixture, "A");
	CHECK(shows(&fixture, "7 contacts are in HealthSherpa already"));
	fixture_golden_at(&fixture, "contacts-similar", 24, 80, false);
	fixture_press(&fixture, "l");
	CHECK(shows(&fixture, "status:review"));
	CHECK_INT(fixture.sync.similar, 7);
	fixture_press(&fixture, "Ay");
	CHECK_INT(fixture.sync.similar, 2);
	CHECK_TEXT(screen_message(fixture.desk.screen),
	    "5 of 7 linked: the others are to be decided one by one");
	close_list(&fixture);
}
