/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "check.h"
#include "desk/actions.h"
#include "views.h"

/* An export with what nobody is to see. */
static const char contacts[] =
    "Record ID,First Name,Last Name,Email,Mobile Phone,Phone Number,"
    "Date of birth,Gender,Street Address,City,State,Postal Code,MBI,SSN,"
    "Lead Status,Client since\n"
    "51,Walter,Adams,walter@example.com,,916-555-0101,7/4/1955,M,"
    "12 Oak Street,Sacramento,California,95814,1EG4-TE5-MK73,219-09-9999,"
    "Open,2024-03-12\n"
    "52,Jos\303\251,\303\201balos,jose@example.com,(305) 555-0177,,"
    "1/22/1958,M,8 Calle Ocho,Miami,FL,33101,1S00E00HA26,219-09-9998,"
    "Open,2024-03-12\n"
    "53,,Cole,denise@example.com,,4045550188,8/29/1956,F,1 Peach Ave,"
    "Atlanta,GA,30301,,219-09-9997,Closed,2024-03-12\n";

static void
open_proposal(struct fixture *fixture)
{
	fixture_open_on(fixture, contacts);
	screen_push(fixture->desk.screen, v_proposal_new(&fixture->desk));
	fixture_screen(fixture); /* proposes */
}

/* Without what the config says of the sample's columns. */
static struct book *
open_plain(struct fixture *fixture)
{
	struct err err = ERR_INIT;
	struct book *book;

	config_set_mapping(fixture->config, NULL);
	book = book_open(fixture->config, fixture->path, &fixture->clock, &err);
	REQUIRE(book && book_load_all(book, &err));
	return book;
}

static bool
shows(struct fixture *fixture, const char *text)
{
	return strstr(fixture_screen(fixture), text) != NULL;
}

/* Looks at the screen as well: what must not be seen is seen nowhere. */
static void
step(struct fixture *fixture, uint32_t key)
{
	screen_key(fixture->desk.screen, key);
	CHECK(!shows(fixture, "219-09"));
	CHECK(!shows(fixture, "1EG4"));
}

TEST(proposal_screens)
{
	struct fixture fixture;

	open_proposal(&fixture);
	fixture_golden(&fixture, "proposal");
	for (int i = 0; i < 6; i++)
		step(&fixture, KEY_CODE_DOWN);
	fixture_golden_at(&fixture, "proposal-birth", 24, 80, false);
	step(&fixture, KEY_CODE_ENTER);
	fixture_golden(&fixture, "column");
	fixture_press(&fixture, "ss");
	CHECK(shows(&fixture, "SSN"));
	CHECK(!shows(&fixture, "219-09"));
	fixture_close(&fixture);
}

TEST(proposal_asks_before_the_id_is_settled)
{
	struct fixture fixture;

	open_proposal(&fixture);
	fixture_press(&fixture, "a");
	fixture_golden(&fixture, "proposal-accept");
	step(&fixture, KEY_CODE_ESCAPE);
	CHECK(shows(&fixture, "a uses it as it stands here"));
	fixture_close(&fixture);
}

TEST(proposal_without_what_everyone_needs)
{
	struct fixture fixture;

	open_proposal(&fixture);
	fixture_press(&fixture, "x");
	fixture_golden_at(&fixture, "proposal-missing", 24, 80, false);
	fixture_press(&fixture, "a");
	CHECK_TEXT(screen_message(fixture.desk.screen),
	    "nothing gives the ID yet, and every contact needs one: choose a "
	    "column");
	fixture_close(&fixture);
}

TEST(proposal_takes_choices_back)
{
	struct fixture fixture;

	open_proposal(&fixture);
	fixture_press(&fixture, "u");
	CHECK_TEXT(
	    screen_message(fixture.desk.screen), "there is nothing to undo");
	fixture_press(&fixture, "x");
	CHECK(shows(&fixture, "0 could be sent, 3 could not"));
	step(&fixture, KEY_CODE_DOWN);
	fixture_press(&fixture, "x");
	fixture_press(&fixture, "u");
	CHECK(shows(&fixture, "0 could be sent, 3 could not"));
	fixture_press(&fixture, "u");
	CHECK(shows(&fixture, "2 could be sent, 1 could not"));
	CHECK(shows(&fixture, "Why: HubSpot's column (sure)."));
	step(&fixture, KEY_CONTROL('R'));
	CHECK(shows(&fixture, "0 could be sent, 3 could not"));
	fixture_press(&fixture, "u");
	step(&fixture, KEY_CODE_DOWN);
	fixture_press(&fixture, "x");
	step(&fixture, KEY_CONTROL('R'));
	CHECK_TEXT(
	    screen_message(fixture.desk.screen), "there is nothing to redo");
	fixture_close(&fixture);
}

TEST(proposal_leads_to_what_is_missing)
{
	struct fixture fixture;

	fixture_open_on(&fixture, contacts);
	book_free(fixture.desk.book);
	check_write(fixture.path,
	    "Vorname,Nachname,E-Mail\nRuth,Bell,ruth@example.com\n"
	    "Ann,Cole,ann@example.com\n");
	fixture.desk.book = open_plain(&fixture);
	fixture.sync.book = fixture.desk.book;
	screen_push(fixture.desk.screen, v_proposal_new(&fixture.desk));
	CHECK(
	    shows(&fixture, "Please check: 3 questions (n goes to the next)"));
	CHECK(shows(&fixture, "No first name yet"));
	fixture_press(&fixture, "nn");
	CHECK(shows(&fixture, "Which column has the last name?"));
	fixture_press(&fixture, "\rnach\rnn");
	CHECK(shows(&fixture, "Which column has the first name?"));
	fixture_press(&fixture, "\rvor\ra");
	CHECK(shows(&fixture,
	    "Use this mapping with 1 question open? The ID (an ID of belay's"));
	fixture_close(&fixture);
}

/* Who leaves it undecided is told in the list what to do. */
TEST(proposal_that_is_left_is_told_of_in_the_list)
{
	struct fixture fixture;

	fixture_open_on(&fixture, contacts);
	book_free(fixture.desk.book);
	check_write(fixture.path, "ID,Vorname\n1,Ruth\n");
	fixture.desk.book = open_plain(&fixture);
	fixture.sync.book = fixture.desk.book;
	screen_push(fixture.desk.screen, v_contacts_new(&fixture.desk));
	while (v_contacts_work(screen_top(fixture.desk.screen)))
		;
	CHECK(
	    shows(&fixture, "which column is what is not settled. m shows a"));
	CHECK(shows(&fixture, " m mapping  Enter open "));
	fixture_close(&fixture);
}

TEST(proposal_is_not_left_with_choices_by_mistake)
{
	struct fixture fixture;
	struct view *view;

	open_proposal(&fixture);
	view = screen_top(fixture.desk.screen);
	step(&fixture, KEY_CODE_DOWN);
	fixture_press(&fixture, "x\033");
	CHECK(shows(&fixture, "Your 1 change to it is lost; a uses it."));
	step(&fixture, KEY_CODE_ESCAPE);
	CHECK(screen_top(fixture.desk.screen) == view);
	fixture_press(&fixture, "qy");
	CHECK(screen_top(fixture.desk.screen) != view);
	fixture_close(&fixture);
}

/* The same names in one column, two Medicare numbers wrong. */
static void
open_names(struct fixture *fixture)
{
	fixture_open_on(fixture, contacts);
	book_free(fixture->desk.book);
	check_write(fixture->path,
	    "ID,Name,E-Mail,MBI\n1,\"Bell, Ruth\",ruth@example.com,"
	    "1EG4-TE5-MK73\n"
	    "2,\"Cole, Ann\",ann@example.com,1EG4-TE5-MK7O\n"
	    "3,\"Dean, Joe\",joe@example.com,1EG4-TE5-MKO3\n");
	fixture->desk.book = open_plain(fixture);
	fixture->sync.book = fixture->desk.book;
	screen_push(fixture->desk.screen, v_proposal_new(&fixture->desk));
}

TEST(proposal_questions_are_answered_by_one_key)
{
	struct fixture fixture;

	open_names(&fixture);
	CHECK(shows(&fixture, "Please check: 2 questions"));
	CHECK(shows(&fixture, "right. Enter: another column."));
	CHECK(shows(&fixture, " y it is right "));
	fixture_press(&fixture, "y");
	CHECK(shows(&fixture, "Please check: 1 question "));
	CHECK(shows(&fixture, "is the last name what stands before the"));
	fixture_press(&fixture, "y");
	CHECK(!shows(&fixture, "Please check"));
	CHECK(shows(&fixture, "Why: your choice."));
	fixture_press(&fixture, "y");
	CHECK_TEXT(screen_message(fixture.desk.screen),
	    "nothing here is to be confirmed");
	/* and it is taken back as any other choice */
	fixture_press(&fixture, "uu");
	CHECK(shows(&fixture, "Please check: 2 questions"));
	fixture_close(&fixture);
}

TEST(proposal_says_why_values_are_left_out)
{
	struct fixture fixture;

	open_names(&fixture);
	for (int i = 0; i < 40 && !shows(&fixture, "MBI-SHAPE"); i++)
		fixture_press(&fixture, "j");
	CHECK(shows(&fixture, "2 left out"));
	CHECK(shows(&fixture, "MBI-SHAPE in 2 contacts."));
	CHECK(shows(&fixture, "To do: compare"));
	fixture_close(&fixture);
}

TEST(proposal_keeps_how_values_are_cut_when_it_is_confirmed)
{
	struct fixture fixture;

	fixture_open_on(&fixture, contacts);
	book_free(fixture.desk.book);
	check_write(fixture.path,
	    "ID,Name,E-Mail\n1,\"Bell, Ruth\",ruth@example.com\n"
	    "2,\"Cole, Ann\",ann@example.com\n"
	    "3,\"Dean, Joe\",joe@example.com\n");
	fixture.desk.book = open_plain(&fixture);
	fixture.sync.book = fixture.desk.book;
	screen_push(fixture.desk.screen, v_proposal_new(&fixture.desk));
	CHECK(shows(&fixture, "Please check: 2 questions"));
	fixture_press(&fixture, "n");
	CHECK(shows(&fixture, "Name, part 1"));
	fixture_press(&fixture, "\r\r");
	CHECK(shows(&fixture, "Name, part 1"));
	CHECK(shows(&fixture, "Please check: 1 question "));
	CHECK(shows(&fixture, "Why: your choice."));
	fixture_close(&fixture);
}
