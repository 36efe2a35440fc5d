/* SPDX-License-Identifier: MIT */
/* A contact's lists beside those that HealthSherpa has. */
#include <string.h>

#include "base/str.h"
#include "check.h"
#include "desk/opener.h"
#include "desk/work.h"
#include "views.h"

static const char config_text[] =
    "contacts: contacts.csv\n"
    "service:\n"
    "  version: v2\n"
    "  environment: staging\n"
    "  oauth: {client_id: x, client_secret: {env: BELAY_TEST_KEY}}\n"
    "mapping:\n"
    "  external_id: ID\n"
    "  first_name: First\n"
    "  last_name: Last\n"
    "  drugs: {list: {name: \"Drug *\", dose: \"Dose *\"}}\n"
    "  pharmacies: {list: {name: \"Pharmacy *\"}}\n";

static const char contacts[] =
    "ID,First,Last,Drug 1,Dose 1,Drug 2,Dose 2,Pharmacy 1\n"
    "51,Ada,Sample,Lisinopril,10 mg,Aspirin,81 mg,Corner Drug\n"
    "52,Bea,Other,,,,,\n";

static bool
shows(struct fixture *fixture, const char *text)
{
	return strstr(fixture_screen(fixture), text) != NULL;
}

static void
open_list(struct fixture *fixture)
{
	struct row_status *status;

	fixture_open_with(fixture, config_text, contacts);
	status = fake_sync_row(&fixture->sync, 0, STATUS_SYNCED,
	    "2 drugs not sent: lists are only sent when asked");
	status->lists_open = true;
	str_copy(status->healthsherpa_id, sizeof(status->healthsherpa_id),
	    "hs_0001");
	screen_push(fixture->desk.screen, v_contacts_new(&fixture->desk));
}

static void
answer(struct fixture *fixture, enum look_state known, const char *drugs,
    const char *pharmacies)
{
	struct sync_lists *lists = &fixture->sync.lists;
	struct contact *contact = &fixture->desk.contact;

	book_contact(fixture->desk.book, 0, contact);
	lists->known = known;
	lists->ours[0] = contact->fields[FIELD_DRUGS].value;
	lists->ours[1] = contact->fields[FIELD_PHARMACIES].value;
	lists->theirs[0] = drugs;
	lists->theirs[1] = pharmacies;
	screen_stale(fixture->desk.screen);
	fixture_screen(fixture);
}

static const char their_drugs[] =
    "[{\"id\":7,\"name\":\"LISINOPRIL\",\"dose\":\"10 MG\"},"
    "{\"id\":8,\"name\":\"Plavix\",\"frequency\":1}]";

TEST(lists_screen)
{
	struct fixture fixture;

	open_list(&fixture);
	fixture_press(&fixture, "t");
	CHECK_INT(fixture.sync.asked, 1);
	CHECK(shows(&fixture, "Lists of Sample, Ada"));
	CHECK(shows(&fixture, "HealthSherpa is asked what it has"));
	fixture_golden_at(&fixture, "lists-asking", 24, 80, false);
	answer(&fixture, LOOK_KNOWN, their_drugs, "[]");
	fixture_golden(&fixture, "lists");
	/* all of the item under the cursor, on both sides */
	CHECK(shows(&fixture, "here: name Lisinopril, dose 10 mg"));
	CHECK(shows(&fixture, "there: id 7, name LISINOPRIL, dose 10 MG"));
	fixture_close(&fixture);
}

TEST(lists_screen_merges)
{
	struct fixture fixture;

	open_list(&fixture);
	fixture_press(&fixture, "t");
	/* not before it is known what is there */
	fixture_press(&fixture, "m");
	CHECK_INT(fixture.sync.starts, 0);
	CHECK(shows(&fixture, "still being asked"));
	answer(&fixture, LOOK_KNOWN, their_drugs, "[]");
	fixture_press(&fixture, "m");
	CHECK_INT(fixture.sync.starts, 1);
	CHECK_INT(fixture.sync.sent, LISTS_MERGE);
	CHECK_INT(fixture.sync.started[0], 0);
	/* back where it was asked for */
	CHECK(!shows(&fixture, "Lists of"));
	fixture_close(&fixture);
}

TEST(lists_screen_asks_before_something_is_lost)
{
	struct fixture fixture;

	open_list(&fixture);
	fixture_press(&fixture, "t");
	answer(&fixture, LOOK_KNOWN, their_drugs, "[]");
	CHECK(shows(&fixture, "LOST"));
	fixture_press(&fixture, "r");
	CHECK_INT(fixture.sync.starts, 0);
	CHECK(shows(&fixture, "1 at HealthSherpa would be lost for good"));
	fixture_press(&fixture, "\033");
	CHECK_INT(fixture.sync.starts, 0);
	fixture_press(&fixture, "ry");
	CHECK_INT(fixture.sync.starts, 1);
	CHECK_INT(fixture.sync.sent, LISTS_REPLACE);
	fixture_close(&fixture);
	/* nothing to lose then, but how long ago was that? */
	open_list(&fixture);
	fixture_press(&fixture, "t");
	answer(&fixture, LOOK_KNOWN, "[{\"name\":\"aspirin\"}]", "[]");
	CHECK(!shows(&fixture, "LOST"));
	CHECK(shows(&fixture, "loses nothing of that"));
	fixture_press(&fixture, "r");
	CHECK_INT(fixture.sync.starts, 0);
	CHECK(shows(&fixture, "since it was asked would be lost: y replaces"));
	fixture_press(&fixture, "y");
	CHECK_INT(fixture.sync.starts, 1);
	CHECK_INT(fixture.sync.sent, LISTS_REPLACE);
	fixture_close(&fixture);
}

/* Nothing of the real HealthSherpa is changed by one slip of the finger. */
TEST(lists_screen_asks_once_a_run_in_production)
{
	struct fixture fixture;

	open_list(&fixture);
	fixture.config->environment = SERVICE_PRODUCTION;
	fixture_press(&fixture, "t");
	answer(&fixture, LOOK_KNOWN, their_drugs, "[]");
	fixture_press(&fixture, "m");
	CHECK(shows(&fixture, "type 1 to update 1 (production):"));
	fixture_press(&fixture, "\033");
	CHECK_INT(fixture.sync.starts, 0);
	fixture_press(&fixture, "ry");
	CHECK(shows(&fixture, "type 1 to update 1 (production):"));
	CHECK_INT(fixture.sync.starts, 0);
	fixture_press(&fixture, "1\r");
	CHECK_INT(fixture.sync.starts, 1);
	CHECK_INT(fixture.sync.sent, LISTS_REPLACE);
	CHECK(!shows(&fixture, "Lists of"));
	/* what joins the run was meant by then */
	fixture.sync.progress.running = true;
	fixture_press(&fixture, "t");
	answer(&fixture, LOOK_KNOWN, their_drugs, "[]");
	fixture_press(&fixture, "m");
	CHECK_INT(fixture.sync.starts, 2);
	fixture_close(&fixture);
}

TEST(lists_screen_says_what_is_not_known)
{
	struct fixture fixture;

	open_list(&fixture);
	fixture_press(&fixture, "t");
	str_copy(fixture.sync.lists.message, sizeof(fixture.sync.lists.message),
	    "HealthSherpa's search does not bring this contact");
	answer(&fixture, LOOK_NOT_KNOWN, NULL, NULL);
	fixture_golden_at(&fixture, "lists-not-known", 24, 80, false);
	fixture_press(&fixture, "m");
	CHECK_INT(fixture.sync.starts, 0);
	fixture_press(&fixture, "r");
	CHECK(shows(&fixture, "is not known and would be lost"));
	fixture_press(&fixture, "\033");
	fixture_press(&fixture, "t");
	CHECK_INT(fixture.sync.asked, 2);
	/* of one list it is not said */
	answer(&fixture, LOOK_KNOWN, their_drugs, NULL);
	CHECK(shows(&fixture, "does not say"));
	/* another contact was asked about meanwhile */
	fixture.sync.lists.row = 1;
	screen_stale(fixture.desk.screen);
	CHECK(!shows(&fixture, "Plavix"));
	CHECK(shows(&fixture, "asks once more"));
	fixture_close(&fixture);
}

TEST(lists_screen_is_for_contacts_with_lists_that_are_there)
{
	struct fixture fixture;

	open_list(&fixture);
	fixture_press(&fixture, "jt");
	CHECK(shows(&fixture, "no drugs, pharmacies or providers in the file"));
	CHECK_INT(fixture.sync.asked, 0);
	fixture.sync.rows[0].healthsherpa_id[0] = '\0';
	fixture.desk.generation++;
	fixture_press(&fixture, "kt");
	CHECK(shows(&fixture, "HealthSherpa does not have it yet"));
	CHECK_INT(fixture.sync.asked, 0);
	fixture_close(&fixture);
}

/* A later reading of the file waits until the screen is left; what cannot be
 * asked is said. */
TEST(lists_screen_says_why_it_cannot_ask)
{
	struct fixture fixture;

	open_list(&fixture);
	fixture.sync.refuses = "a sync is going on: ask when it is done";
	fixture_press(&fixture, "t");
	CHECK(shows(&fixture, "a sync is going on"));
	CHECK(!shows(&fixture, "Lists of"));
	fixture_close(&fixture);
}

TEST(contact_screen_tells_of_lists)
{
	struct fixture fixture;

	open_list(&fixture);
	fixture_press(&fixture, "s");
	CHECK(shows(&fixture, "nothing to send but its lists: t shows them"));
	CHECK_INT(fixture.sync.starts, 0);
	fixture_press(&fixture, "\r");
	CHECK(shows(&fixture, "2 drugs not sent: lists are only sent when"));
	CHECK(shows(&fixture, "Lisinopril, Aspi"));
	fixture_golden_at(&fixture, "contact-lists", 24, 80, false);
	fixture_press(&fixture, "t");
	CHECK(shows(&fixture, "Lists of"));
	fixture_press(&fixture, "\033");
	/* v1 does not take them */
	fixture.config->version = SERVICE_V1;
	screen_stale(fixture.desk.screen);
	CHECK(shows(&fixture, "(not with v1)"));
	fixture_press(&fixture, "t");
	CHECK(shows(&fixture, "v2: service.version"));
	fixture_close(&fixture);
}

/* Without a login the way to it is a key away. */
TEST(lists_without_a_login_offer_it)
{
	struct fixture fixture;

	open_list(&fixture);
	fixture.desk.opener = opener_new(fixture.config);
	fixture.sync.refuses = "nobody is logged in to HealthSherpa yet";
	fixture.sync.unauthorised = true;
	fixture_press(&fixture, "t");
	CHECK(shows(&fixture, "cannot be asked: Enter logs in"));
	/* any other key leaves it and does what it does */
	fixture_press(&fixture, "j");
	CHECK(!screen_asking(fixture.desk.screen));
	CHECK_INT(desk_row(&fixture.desk), 1);
	fixture_press(&fixture, "kt\r");
	CHECK(!shows(&fixture, "cannot be asked"));
	CHECK(screen_top(fixture.desk.screen)->ops->scope == SCOPE_LOGIN ||
	      screen_asking(fixture.desk.screen));
	/* logged in, it is another reason, and that is said */
	fixture_press(&fixture, "\033\033");
	fixture.sync.account = true;
	while (screen_depth(fixture.desk.screen) > 1)
		screen_pop(fixture.desk.screen);
	fixture_press(&fixture, "t");
	CHECK(shows(&fixture, "nobody is logged in to HealthSherpa yet"));
	opener_free(fixture.desk.opener);
	fixture.desk.opener = NULL;
	fixture_close(&fixture);
}
