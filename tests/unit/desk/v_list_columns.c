/* SPDX-License-Identifier: MIT */
/* The columns of the list: chosen, ordered, sized, in the config. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "book/config.h"
#include "check.h"
#include "desk/actions.h"
#include "desk/work.h"
#include "views.h"

static const char csv[] =
    "external_id,first_name,last_name,birth_date,state,zip,medicare_number,"
    "Lead Status,Status,Spouse,Notes to self\n"
    "1,Ruth,Abernathy,12/27/1961,CA,95811,1SG4-TE5-MK73,Open,hot,Al,"
    "card 1SG4-TE5-MK73 seen\n"
    "2,\xeb\xaf\xbc\xec\xa4\x80,Ahn,3/4/1957,HI,96815,,Won,cold,,\n";

static void
open_list(struct fixture *fixture, const char *desk)
{
	char config[1024];

	snprintf(config, sizeof(config), "desk:\n  mask: true\n%s", desk);
	fixture_open_with(fixture, config, csv);
	check_write(fixture->config->path, config);
	screen_push(fixture->desk.screen, v_contacts_new(&fixture->desk));
}

static bool
shows(struct fixture *fixture, const char *text)
{
	const char *screen;
	bool found;

	for (int i = 0; i < 100 && work_slice(&fixture->desk); i++)
		;
	screen = fixture_screen(fixture);
	found = strstr(screen, text) != NULL;
	if (!found)
		printf("# no \"%s\" in:\n%s\n", text, screen);
	return found;
}

static bool
config_has(const struct fixture *fixture, const char *text)
{
	char *now = check_read(fixture->config->path);
	bool has = strstr(now, text) != NULL;

	if (!has)
		printf("# no \"%s\" in:\n%s\n", text, now);
	free(now);
	return has;
}

TEST(list_columns_are_those_of_the_config)
{
	struct fixture fixture;

	open_list(&fixture, "  columns: [born, {name: 8}, lead-status, email, "
			    "{column: status, width: 6}, status]\n");
	CHECK(shows(&fixture,
	    "BORN NAME     Lead Status    E-MAIL              Status STATUS"));
	CHECK(shows(&fixture,
	    "1961 Abernat\xe2\x80\xa6 Open                               hot"));
	fixture_close(&fixture);
}

TEST(list_columns_of_the_file_are_masked)
{
	struct fixture fixture;

	open_list(&fixture,
	    "  columns: [name, medicare_number, Notes to self, {column: "
	    "birth_date}, birth_date]\n");
	CHECK(shows(&fixture, "-MK73"));
	CHECK(!strstr(fixture_screen(&fixture), "1SG4"));
	CHECK(!strstr(fixture_screen(&fixture), "12/27"));
	CHECK(shows(&fixture, "card \xe2\x80\xa2\xe2\x80\xa2"));
	/* revealed, they are shown; and masked again */
	fixture_press(&fixture, "v");
	CHECK(shows(&fixture, "12/27/1961"));
	CHECK(shows(&fixture, "1SG4TE5MK73"));
	CHECK(shows(&fixture, "card 1SG4-TE5-M"));
	fixture_press(&fixture, "v");
	CHECK(!strstr(fixture_screen(&fixture), "12/27"));
	fixture_close(&fixture);
}

TEST(list_columns_that_are_none_are_said_with_their_place)
{
	struct fixture fixture;

	open_list(&fixture, "  columns: [name, Lead Statsu, zip]\n");
	CHECK(shows(&fixture, "NAME"));
	CHECK(strstr(screen_message(fixture.desk.screen),
	    "belay.yaml:3:19: desk.columns: \"Lead Statsu\" is no column or "
	    "field; did you mean \"Lead Status\"?"));
	CHECK(shows(&fixture, "95811"));
	fixture_close(&fixture);
	/* where none is left, the usual ones are there */
	open_list(&fixture, "  columns: [nothing]\n");
	CHECK(shows(&fixture, "STATUS"));
	fixture_close(&fixture);
}

TEST(list_columns_screens)
{
	struct fixture fixture;

	open_list(&fixture, "");
	shows(&fixture, "");
	fixture_press(&fixture, "c");
	fixture_golden(&fixture, "list-columns");
	fixture_golden_linear(&fixture, "list-columns");
	fixture_press(&fixture, "/lead\r J");
	fixture_golden_at(&fixture, "list-columns-found", 24, 80, false);
	fixture_close(&fixture);
}

TEST(list_columns_are_chosen_and_written_at_once)
{
	struct fixture fixture;

	open_list(&fixture, "  after_sync: ask # mine\n");
	fixture_press(&fixture, "c/lead\r ");
	CHECK(
	    config_has(&fixture, "  after_sync: ask # mine\n  columns: [name, "
				 "born, age, t65, parts, phone, state, "
				 "zip, status, Lead Status]\n"));
	/* found, it is the only one listed, and moves all the same */
	fixture_press(&fixture, "KK");
	CHECK(config_has(&fixture, "state, Lead Status, zip, status]"));
	fixture_press(&fixture, "+++-");
	CHECK(config_has(&fixture, "{Lead Status: "));
	fixture_press(&fixture, "=");
	CHECK(config_has(&fixture, "state, Lead Status, zip, status]"));
	/* nothing else of the list but one, and that one stays */
	fixture_press(&fixture, "\033");
	for (int i = 0; i < 9; i++)
		fixture_press(&fixture, "g ");
	CHECK(config_has(&fixture, "  columns: [status]\n"));
	fixture_press(&fixture, "g ");
	CHECK_TEXT(screen_message(fixture.desk.screen), "one column must stay");
	fixture_press(&fixture, "K");
	CHECK_TEXT(
	    screen_message(fixture.desk.screen), "it is the first one already");
	fixture_press(&fixture, "\033");
	CHECK(shows(&fixture, "\n   STATUS"));
	fixture_close(&fixture);
}

TEST(list_columns_are_taken_back)
{
	struct fixture fixture;

	open_list(&fixture, "  columns: [name, zip]\n");
	fixture_press(&fixture, "cu");
	CHECK_TEXT(screen_message(fixture.desk.screen),
	    "no change of the columns is to be taken back");
	fixture_press(&fixture, "J");
	CHECK(config_has(&fixture, "columns: [zip, name]"));
	fixture_press(&fixture, "U");
	CHECK(!strstr(fixture_screen(&fixture), "2 columns"));
	CHECK(shows(&fixture, "9 columns in the list"));
	fixture_press(&fixture, "u");
	CHECK(config_has(&fixture, "columns: [zip, name]"));
	fixture_press(&fixture, "u");
	CHECK(config_has(&fixture, "columns: [name, zip]"));
	fixture_press(&fixture, "\022");
	CHECK(config_has(&fixture, "columns: [zip, name]"));
	fixture_press(&fixture, "\033");
	CHECK(shows(&fixture, "   ZIP   NAME"));
	/* nothing of the file was touched by it */
	CHECK_INT(book_unsaved(fixture.desk.book), 0);
	fixture_close(&fixture);
}

TEST(list_columns_that_cannot_be_written_stay)
{
	struct fixture fixture;

	open_list(&fixture, "");
	check_write(fixture.config->path, "desk: [\n");
	fixture_press(&fixture, "cJ");
	CHECK(strstr(screen_message(fixture.desk.screen), "not saved: "));
	CHECK(shows(&fixture, "\xe2\x96\xb8\xe2\x9c\x93 name"));
	fixture_press(&fixture, "U");
	CHECK(strstr(screen_message(fixture.desk.screen), "not saved: "));
	fixture_press(&fixture, "\033");
	CHECK(shows(&fixture, "   NAME"));
	fixture_close(&fixture);
}

/* They may be another file's, or not be read yet. */
TEST(list_columns_that_the_file_lacks_stay_in_the_config)
{
	struct fixture fixture;
	char *text;

	open_list(&fixture, "  columns: [name, {Shoe size: 9}, zip]\n");
	fixture_press(&fixture, "cJ");
	CHECK(config_has(&fixture, "columns: [zip, name, {Shoe size: 9}]"));
	fixture_press(&fixture, "u");
	CHECK(config_has(&fixture, "columns: [name, zip, {Shoe size: 9}]"));
	fixture_press(&fixture, "U");
	text = check_read(fixture.config->path);
	CHECK(!strstr(text, "columns:"));
	free(text);
	/* what is taken back brings them back too, as often as one likes */
	fixture_press(&fixture, "u");
	CHECK(config_has(&fixture, "columns: [name, zip, {Shoe size: 9}]"));
	fixture_press(&fixture, "\x12");
	text = check_read(fixture.config->path);
	CHECK(!strstr(text, "columns:"));
	free(text);
	fixture_press(&fixture, "u");
	CHECK(config_has(&fixture, "columns: [name, zip, {Shoe size: 9}]"));
	fixture_close(&fixture);
}

/* What does not fit is gone sideways to; the name stays. */
TEST(list_goes_sideways)
{
	struct fixture fixture;

	open_list(&fixture, "  columns: [name, email, Lead Status, Spouse, "
			    "Notes to self, zip, state]\n");
	shows(&fixture, "");
	fixture_golden_at(&fixture, "contacts-sideways-0", 10, 40, false);
	fixture_press(&fixture, "ll");
	fixture_golden_at(&fixture, "contacts-sideways-2", 10, 40, false);
	fixture_press(&fixture, "llllllll");
	fixture_golden_at(&fixture, "contacts-sideways-end", 10, 40, false);
	fixture_golden_at(&fixture, "contacts-sideways-end", 10, 40, true);
	fixture_press(&fixture, "hhhhhhhh");
	fixture_golden_at(&fixture, "contacts-sideways-0", 10, 40, false);
	fixture_close(&fixture);
}
