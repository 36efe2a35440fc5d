/* SPDX-License-Identifier: MIT */
/* The file read again under the list, with what the user has done so far. */
#include "desk/reload.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "check.h"
#include "desk/actions.h"
#include "desk/run_log.h"
#include "desk/work.h"
#include "source/records.h"
#include "tui/action.h"
#include "views.h"

#define HEAD                                                              \
	"Record ID,First Name,Last Name,Email,Mobile Phone,Phone Number," \
	"Date of birth,Gender,Street Address,City,State,Postal Code,MBI\n"
#define PERSON(id, first, last, phone) \
	id "," first "," last ",,," phone ",7/4/1955,1,,Reno,NV,89501,\n"

static const char before[] = HEAD PERSON("1", "Ruth", "Adams", "9165550101")
    PERSON("2", "Ann", "Baker", "9165550102")
	PERSON("3", "Cid", "Cole", "9165550103")
	    PERSON("4", "Dan", "Diaz", "9165550104");
/* one away, one new, another order, one other phone */
static const char after[] = HEAD PERSON("9", "Zoe", "Zorn", "9165550109")
    PERSON("4", "Dan", "Diaz", "9165550104")
	PERSON("3", "Cid", "Cole", "9165550199")
	    PERSON("1", "Ruth", "Adams", "9165550101");

enum { PHONE = 5 };

static void
open_list(struct fixture *fixture)
{
	fixture_open_on(fixture, before);
	fixture->desk.reload = reload_new(&fixture->desk);
	screen_push(fixture->desk.screen, v_contacts_new(&fixture->desk));
	fixture_screen(fixture);
}

static void
close_list(struct fixture *fixture)
{
	reload_free(fixture->desk.reload);
	free(fixture->desk.sidecar);
	fixture_close(fixture);
}

/* Until nothing is left to do. */
static void
work(struct fixture *fixture)
{
	for (int i = 0; i < 1000 && work_slice(&fixture->desk); i++)
		;
	fixture_screen(fixture);
}

static void
press_key(struct fixture *fixture, int id)
{
	screen_act(fixture->desk.screen,
	    keymap_action(fixture->desk.keymap,
		screen_top(fixture->desk.screen)->ops->scope, id));
}

static const char *
message(const struct fixture *fixture)
{
	return screen_message(fixture->desk.screen);
}

static const char *
id_under_cursor(struct fixture *fixture)
{
	return book_cell(fixture->desk.book, desk_row(&fixture->desk), 0);
}

TEST(reading_again_keeps_what_the_user_did)
{
	struct fixture fixture;
	struct err err = ERR_INIT;

	open_list(&fixture);
	CHECK(book_set(fixture.desk.book, 0, PHONE, "9165550111", &err));
	CHECK(book_set(fixture.desk.book, 2, PHONE, "9165550113", &err));
	fixture_press(&fixture, "jjj"); /* on Dan */
	fixture_press(&fixture, " ");   /* marked */
	check_write(fixture.path, after);
	press_key(&fixture, DESK_RELOAD);
	CHECK_INT(book_count(fixture.desk.book), 4);
	CHECK_TEXT(book_cell(fixture.desk.book, 1, 0), "2"); /* not at once */
	work(&fixture);
	CHECK_TEXT(book_cell(fixture.desk.book, 0, 0), "9");
	CHECK_TEXT(id_under_cursor(&fixture), "4");
	CHECK_INT(v_contacts_marks(screen_top(fixture.desk.screen)), 1);
	CHECK_TEXT(book_cell(fixture.desk.book, 3, PHONE), "9165550111");
	CHECK_TEXT(book_cell(fixture.desk.book, 2, PHONE), "9165550199");
	CHECK_TEXT(message(&fixture),
	    "read again: 4 contacts; 1 new; 1 gone; 1 change of yours was not "
	    "kept: row 3 (3), Phone Number: another program changed it; its "
	    "value stays; 1 change is still to be saved; undo begins anew");
	CHECK(fixture.sync.book == fixture.desk.book);
	close_list(&fixture);
}

TEST(reading_again_keeps_filter_and_order)
{
	struct fixture fixture;

	open_list(&fixture);
	fixture_press(&fixture, "flast_name:d\r"); /* Adams, Diaz */
	work(&fixture);
	CHECK(strstr(fixture_screen(&fixture), "2 of 4 contacts"));
	check_write(fixture.path, after);
	press_key(&fixture, DESK_RELOAD);
	work(&fixture);
	CHECK(strstr(fixture_screen(&fixture), "2 of 4 contacts"));
	CHECK(strstr(fixture_screen(&fixture), "Diaz"));
	CHECK(!strstr(fixture_screen(&fixture), "Zorn"));
	close_list(&fixture);
}

static void
open_with(struct fixture *fixture, const char *config, const char *text)
{
	fixture_open_with(fixture, config, text);
	fixture->desk.reload = reload_new(&fixture->desk);
	screen_push(fixture->desk.screen, v_contacts_new(&fixture->desk));
	work(fixture);
}

static void
read_again(struct fixture *fixture, const char *text)
{
	check_write(fixture->path, text);
	press_key(fixture, DESK_RELOAD);
	work(fixture);
}

/* It is said, and f offers it as it was typed. */
TEST(a_filter_that_does_not_fit_the_new_reading_is_said_and_offered)
{
	struct fixture fixture;

	open_with(&fixture, "",
	    "external_id,last_name,Shoe\n1,Adams,44\n2,Baker,43\n");
	fixture_press(&fixture, "fShoe:44\r");
	work(&fixture);
	CHECK(strstr(fixture_screen(&fixture), "1 of 2 contacts: Shoe:44"));
	read_again(&fixture, "external_id,last_name\n1,Adams\n2,Baker\n");
	CHECK_TEXT(message(&fixture),
	    "read again: 2 contacts; the filter Shoe:44 is taken off (f offers "
	    "it again): \"Shoe\" is no column or field; to search for the "
	    "text itself, put it in quotes");
	CHECK(strstr(fixture_screen(&fixture), "2 contacts"));
	fixture_press(&fixture, "f");
	CHECK(strstr(fixture_screen(&fixture), "state:FL: Shoe:44\n"));
	fixture_press(&fixture, "\033");
	/* another one takes its place */
	fixture_press(&fixture, "f\025baker\r\033f");
	CHECK(!strstr(fixture_screen(&fixture), "Shoe"));
	fixture_press(&fixture, "\033");
	close_list(&fixture);
}

/* What the list shows and is sorted by are columns, not their numbers. */
TEST(columns_that_change_places_are_the_same_columns)
{
	static const char first[] = "external_id,Town,Shoe,last_name\n"
				    "1,Reno,44,Adams\n2,Elko,43,Baker\n";
	static const char then[] = "external_id,Shoe,Town,last_name\n"
				   "1,44,Reno,Adams\n2,43,Elko,Baker\n"
				   "3,42,Zion,Cole\n";
	struct fixture fixture;

	open_with(&fixture,
	    "desk: {columns: [last_name, Town], sort: [Town]}\n", first);
	CHECK(
	    strstr(fixture_screen(&fixture), "Baker                    Elko"));
	fixture_press(&fixture, "g");
	CHECK_TEXT(id_under_cursor(&fixture), "2");
	read_again(&fixture, then);
	CHECK(
	    strstr(fixture_screen(&fixture), "Baker                    Elko"));
	CHECK(!strstr(fixture_screen(&fixture), "43"));
	fixture_press(&fixture, "gjj");
	CHECK_TEXT(id_under_cursor(&fixture), "3");
	/* one that is gone is no order any more, and that is said */
	read_again(&fixture, "external_id,last_name\n1,Adams\n2,Baker\n");
	CHECK(strstr(message(&fixture),
	    "; not sorted by \"Town\" any more, as there is no such column"));
	fixture_press(&fixture, "g");
	CHECK_TEXT(id_under_cursor(&fixture), "1");
	close_list(&fixture);
}

TEST(the_cursor_of_one_who_is_gone_goes_to_the_next)
{
	struct fixture fixture;

	open_list(&fixture);
	fixture_press(&fixture, "j"); /* on Ann */
	check_write(fixture.path, after);
	press_key(&fixture, DESK_RELOAD);
	work(&fixture);
	CHECK_TEXT(id_under_cursor(&fixture), "3");
	close_list(&fixture);
}

TEST(a_contact_that_is_looked_at_stays_or_closes)
{
	struct fixture fixture;

	open_list(&fixture);
	fixture_press(&fixture, "jjj");
	screen_push(fixture.desk.screen, v_contact_new(&fixture.desk, 3));
	check_write(fixture.path, after);
	press_key(&fixture, DESK_RELOAD);
	work(&fixture);
	CHECK_INT(screen_depth(fixture.desk.screen), 2);
	CHECK_TEXT(id_under_cursor(&fixture), "4");
	check_write(fixture.path, HEAD PERSON("1", "Ruth", "Adams", ""));
	press_key(&fixture, DESK_RELOAD);
	work(&fixture);
	CHECK_INT(screen_depth(fixture.desk.screen), 1);
	CHECK_TEXT(id_under_cursor(&fixture), "1");
	close_list(&fixture);
}

TEST(nothing_changes_over_under_a_question_or_what_is_typed)
{
	struct fixture fixture;

	open_list(&fixture);
	check_write(fixture.path, after);
	press_key(&fixture, DESK_RELOAD);
	fixture_press(&fixture, "f");
	work(&fixture);
	CHECK_TEXT(book_cell(fixture.desk.book, 0, 0), "1");
	fixture_press(&fixture, "\033");
	screen_push(fixture.desk.screen, v_contact_new(&fixture.desk, 0));
	press_key(&fixture, DESK_EDIT);
	CHECK(v_contact_typing(screen_top(fixture.desk.screen)));
	work(&fixture);
	CHECK_TEXT(book_cell(fixture.desk.book, 0, 0), "1");
	fixture_press(&fixture, "\033");
	work(&fixture);
	CHECK_TEXT(book_cell(fixture.desk.book, 0, 0), "9");
	close_list(&fixture);
}

/* Who waits to be sent is known by number. */
TEST(nothing_changes_over_while_the_key_is_waited_for)
{
	struct fixture fixture;

	open_list(&fixture);
	check_write(fixture.path, after);
	press_key(&fixture, DESK_RELOAD);
	fixture.desk.wanted.rows = mem_zalloc(sizeof(uint32_t));
	fixture.desk.wanted.count = 1;
	work(&fixture);
	CHECK_TEXT(book_cell(fixture.desk.book, 0, 0), "1");
	free(fixture.desk.wanted.rows);
	fixture.desk.wanted.rows = NULL;
	work(&fixture);
	CHECK_TEXT(book_cell(fixture.desk.book, 0, 0), "9");
	close_list(&fixture);
}

TEST(a_file_that_cannot_be_read_again_changes_nothing)
{
	struct fixture fixture;
	struct err err = ERR_INIT;

	open_list(&fixture);
	CHECK(book_set(fixture.desk.book, 0, PHONE, "9165550111", &err));
	check_write(fixture.path, HEAD "1,\"Ruth\n");
	press_key(&fixture, DESK_RELOAD);
	work(&fixture);
	CHECK(str_starts(message(&fixture),
	    "not read again, what is shown is from before: "));
	CHECK(strstr(message(&fixture), "contacts.csv:2"));
	CHECK_INT(book_count(fixture.desk.book), 4);
	CHECK_INT(book_unsaved(fixture.desk.book), 1);
	check_write(fixture.path, after);
	press_key(&fixture, DESK_RELOAD);
	work(&fixture);
	CHECK_INT(book_unsaved(fixture.desk.book), 1);
	CHECK_TEXT(book_cell(fixture.desk.book, 0, 0), "9");
	close_list(&fixture);
}

TEST(it_is_not_read_again_while_something_is_sent)
{
	struct fixture fixture;

	open_list(&fixture);
	fixture.sync.progress.running = true;
	press_key(&fixture, DESK_RELOAD);
	CHECK(strstr(message(&fixture), "finished first"));
	close_list(&fixture);
}

TEST(a_change_by_another_program_is_told_once_and_stays_marked)
{
	struct fixture fixture;

	open_list(&fixture);
	check_write(fixture.path, after);
	if (reload_fd(fixture.desk.reload) >= 0)
		reload_told(fixture.desk.reload);
	fixture.now_ms += 2000;
	work(&fixture);
	CHECK_TEXT(message(&fixture),
	    "contacts.csv was changed by another program: F5 reads it again");
	CHECK(strstr(fixture_screen(&fixture), "FILE CHANGED"));
	CHECK(strstr(fixture_screen(&fixture), "F5 read again"));
	fixture_press(&fixture, "j");
	fixture.now_ms += 4000;
	work(&fixture);
	CHECK_TEXT(message(&fixture), "");
	CHECK(strstr(fixture_screen(&fixture), "FILE CHANGED"));
	press_key(&fixture, DESK_RELOAD);
	work(&fixture);
	CHECK(!strstr(fixture_screen(&fixture), "FILE CHANGED"));
	close_list(&fixture);
}

TEST(a_save_that_met_other_changes_shows_them)
{
	struct fixture fixture;
	struct err err = ERR_INIT;

	open_list(&fixture);
	CHECK(book_set(fixture.desk.book, 0, PHONE, "9165550111", &err));
	check_write(fixture.path, after);
	fixture_press(&fixture, "w");
	work(&fixture);
	CHECK(str_starts(message(&fixture),
	    "saved; another program had changed the file too, so it was read "
	    "again: 4 contacts; 1 new; 1 gone"));
	CHECK_INT(book_unsaved(fixture.desk.book), 0);
	CHECK_TEXT(book_cell(fixture.desk.book, 0, 0), "9");
	CHECK_TEXT(book_cell(fixture.desk.book, 3, PHONE), "9165550111");
	close_list(&fixture);
}

TEST(the_rows_of_the_last_run_go_along)
{
	static const uint32_t rows[] = {5, RECORDS_NONE, 0};
	struct run_log *log = run_log_new();
	struct sync_event event = {.kind = SYNC_FINISHED_ROW};

	for (event.row = 0; event.row < 3; event.row++)
		run_log_add(log, "1", &event, 1);
	run_log_move(log, rows, 3);
	CHECK_INT(run_log_count(log), 2);
	CHECK_INT(run_log_entry(log, 0)->row, 5);
	CHECK_INT(run_log_entry(log, 1)->row, 0);
	event.row = 5; /* known still */
	run_log_add(log, "1", &event, 2);
	CHECK_INT(run_log_count(log), 2);
	run_log_free(log);
}

/* ---- a newer export
 * ---------------------------------------------------------- */

TEST(a_newer_export_is_asked_about)
{
	struct fixture fixture;

	open_list(&fixture);
	fixture.sync.older = "/home/ruth/contacts-2026-11-01.csv";
	work(&fixture);
	CHECK(strstr(fixture_screen(&fixture),
	    "Looks like a newer export of contacts-2026-11-01.csv (18 of 20 "
	    "known)."));
	CHECK(strstr(fixture_screen(&fixture), "Esc: ask me later"));
	fixture_press(&fixture, "\033");
	CHECK(!fixture.sync.continued && !fixture.sync.separated);
	CHECK(desk_ask_older(&fixture.desk)); /* as sending does */
	fixture_press(&fixture, "y");
	CHECK(fixture.sync.continued);
	CHECK(!fixture.desk.older_open);
	close_list(&fixture);
}

TEST(a_newer_export_that_is_none)
{
	struct fixture fixture;

	open_list(&fixture);
	fixture.sync.older = "/home/ruth/contacts.csv";
	work(&fixture);
	fixture_press(&fixture, "n");
	CHECK(fixture.sync.separated && !fixture.sync.continued);
	close_list(&fixture);
}

TEST(a_newer_export_whose_book_is_held_stays_a_question)
{
	struct fixture fixture;

	open_list(&fixture);
	fixture.sync.older = "/home/ruth/contacts.csv";
	fixture.sync.refuses = "another belay has this open";
	work(&fixture);
	fixture_press(&fixture, "y");
	CHECK(fixture.desk.older_open);
	CHECK_TEXT(message(&fixture), "another belay has this open");
	close_list(&fixture);
}

/* The key comes when the test writes it into the pipe. */
static const char *
slow_config(char pipe[400])
{
	static char config[1000];

	snprintf(pipe, 400, "%s/pipe", check_directory());
	unlink(pipe);
	REQUIRE(mkfifo(pipe, 0600) == 0);
	snprintf(config, sizeof(config),
	    "service: {environment: production, agent_email: a@example.com, "
	    "api_key: {command: [cat, '%s']}}\n"
	    "mapping: {external_id: Record ID, first_name: First Name, "
	    "last_name: Last Name, phone: Phone Number}\n",
	    pipe);
	return config;
}

/* Sent is who was meant, wherever he stands in the file by then. */
TEST(who_waits_for_a_login_is_the_same_contact_in_the_new_reading)
{
	struct fixture fixture;
	char pipe[400];

	open_with(&fixture, slow_config(pipe), before);
	fixture_press(&fixture, "s1\r"); /* Ruth */
	REQUIRE(fixture.sync.starts == 1);
	fixture.desk.cut_short = true;
	read_again(&fixture, after);
	desk_go_on(&fixture.desk);
	CHECK_INT(fixture.sync.starts, 2);
	CHECK_INT(fixture.sync.started[0], 3);
	/* asked for while nobody is logged in */
	fixture.sync.unauthorised = true;
	fixture.desk.held = sync_plan(&fixture.sync, fixture.desk.last.rows,
	    fixture.desk.last.count, false);
	read_again(&fixture, before);
	fixture.sync.unauthorised = false;
	desk_go_on(&fixture.desk);
	CHECK_INT(fixture.sync.starts, 3);
	CHECK_INT(fixture.sync.started[0], 0);
	close_list(&fixture);
}

/* As it joins a sync that goes on. */
TEST(who_is_sent_while_the_key_is_waited_for_joins_who_waits)
{
	struct fixture fixture;
	char pipe[400];

	open_with(&fixture, slow_config(pipe), before);
	fixture.sync.slow_key = true;
	fixture_press(&fixture, "jsjss");
	CHECK(strstr(message(&fixture), "waiting for cat to give the API key"));
	REQUIRE(fixture.desk.wanted.count == 2);
	CHECK_INT(fixture.desk.wanted.rows[0], 1);
	CHECK_INT(fixture.desk.wanted.rows[1], 2);
	CHECK(desk_give_up_sending(&fixture.desk));
	CHECK_INT(fixture.sync.starts, 0);
	close_list(&fixture);
}

TEST(a_key_that_comes_while_somebody_types_waits_for_him)
{
	struct fixture fixture;
	siginfo_t ended;
	char pipe[400];

	open_with(&fixture, slow_config(pipe), before);
	fixture.sync.slow_key = true;
	fixture_press(&fixture, "s/bak");
	REQUIRE(fixture.desk.key != NULL);
	check_write(pipe, "made-up-key\n");
	REQUIRE(waitid(P_ALL, 0, &ended, WEXITED | WNOWAIT) == 0);
	desk_look_for_key(&fixture.desk);
	CHECK(strstr(fixture_screen(&fixture), "search: bak"));
	fixture_press(&fixture, "\033");
	desk_look_for_key(&fixture.desk);
	CHECK(fixture.desk.key == NULL);
	CHECK(strstr(fixture_screen(&fixture), "type 1 to create 1"));
	fixture_press(&fixture, "\033");
	CHECK_INT(fixture.sync.starts, 0);
	close_list(&fixture);
}
