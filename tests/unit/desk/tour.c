/* SPDX-License-Identifier: MIT */
/* The tour: each step, whichever way it is done, at every size. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "check.h"
#include "desk/opener.h"
#include "desk/tour.h"
#include "desk/work.h"
#include "views.h"

static const char people[] =
    "Record ID,First Name,Last Name,Email,Mobile Phone,Phone Number,"
    "Date of birth,Gender,Street Address,City,State,Postal Code,MBI\n"
    "51,Ruth,Abernathy,,(916) 555-0123,,7/4/1955,0,,Sacramento,CA,95811,\n"
    "52,Luz,,,,713.555.0131,5/6/1957,0,,Houston,TX,77002,\n"
    "53,Denise,Cole,,,4045550188,8/9/1956,0,,Atlanta,GA,30301,\n";

static void
open_tour(struct fixture *fixture)
{
	fixture_open_on(fixture, people);
	fixture->desk.opener = opener_new(fixture->config);
	unsetenv("DISPLAY");
	unsetenv("WAYLAND_DISPLAY");
	fixture->desk.tour.kind = DESK_TOUR_NOW;
	screen_push(fixture->desk.screen, v_contacts_new(&fixture->desk));
}

static void
close_tour(struct fixture *fixture)
{
	opener_free(fixture->desk.opener);
	history_clear(&fixture->desk.commands);
	plan_free(fixture->desk.asked);
	free(fixture->desk.wanted.rows);
	free(fixture->desk.backup_dir);
	free(fixture->desk.broken);
	fixture_close(fixture);
}

/* As the loop does. */
static void
turn(struct fixture *fixture)
{
	for (int i = 0; i < 100 && work_slice(&fixture->desk); i++)
		;
	fixture_screen(fixture);
	tour_look(&fixture->desk);
}

static void
press(struct fixture *fixture, const char *keys)
{
	fixture_press(fixture, keys);
	turn(fixture);
}

static bool
says(struct fixture *fixture, const char *text)
{
	const char *screen;
	bool there;

	turn(fixture);
	screen = fixture_screen(fixture);
	there = strstr(screen, text) != NULL;
	if (!there)
		printf("# no '%s' in:\n# %s\n", text, screen);
	return there;
}

static void
to_the_contact(struct fixture *fixture)
{
	turn(fixture);
	press(fixture, "j");
	press(fixture, "/aber");
	press(fixture, "\r");
	press(fixture, "!");
	press(fixture, "\r");
}

TEST(tour_goes_along_with_what_is_done)
{
	struct fixture fixture;
	struct row_status *status;

	open_tour(&fixture);
	CHECK(says(&fixture, "Tour 1 of 8: your contacts"));
	press(&fixture, "g");
	CHECK(says(&fixture, "Tour 1 of 8"));
	press(&fixture, "j");
	CHECK(says(&fixture, "Tour 2 of 8: find somebody: press /"));
	press(&fixture, "/aber");
	/* still being typed */
	CHECK(says(&fixture, "Tour 2 of 8"));
	press(&fixture, "\r");
	CHECK(says(&fixture, "Tour 3 of 8: "));
	press(&fixture, "!");
	CHECK(says(&fixture, "Tour 4 of 8: press Enter"));
	press(&fixture, "\r");
	CHECK(says(&fixture, "Tour 5 of 8: mend it: press Enter"));
	/* who goes elsewhere is told the way back */
	press(&fixture, "\033");
	CHECK(says(&fixture, "Tour 5 of 8: it goes on in the contact"));
	press(&fixture, "\r\rAlvarez\r");
	CHECK(says(&fixture, "Tour 6 of 8: mended; u would take it back"));
	press(&fixture, "d");
	CHECK(says(&fixture, "Tour 7 of 8: nothing has left yet"));
	status = fake_sync_row(
	    &fixture.sync, desk_row(&fixture.desk), STATUS_SYNCED, "");
	str_copy(status->quote_url, sizeof(status->quote_url),
	    "https://medicare-staging.healthsherpa.com/quote/abc");
	fixture.desk.generation++;
	CHECK(says(&fixture, "Tour 8 of 8: it is there. b opens"));
	press(&fixture, "b");
	CHECK(says(&fixture, "That was the tour"));
	CHECK(!fixture.desk.tour.on);
	close_tour(&fixture);
}

TEST(tour_is_left_and_taken_up_again)
{
	struct fixture fixture;

	open_tour(&fixture);
	turn(&fixture);
	press(&fixture, "j");
	press(&fixture, "T");
	CHECK(says(&fixture, "the tour has ended; T takes it up again"));
	press(&fixture, "k");
	CHECK(!strstr(fixture_screen(&fixture), "Tour"));
	press(&fixture, "T");
	CHECK(says(&fixture, "Tour 3 of 8"));
	close_tour(&fixture);

	/* none but on practice data */
	open_tour(&fixture);
	fixture.desk.tour.kind = DESK_NO_TOUR;
	press(&fixture, "T");
	CHECK(says(&fixture, "the tour goes over practice data"));
	CHECK(!fixture.desk.tour.on);
	close_tour(&fixture);
}

TEST(tour_screens)
{
	struct fixture fixture;

	open_tour(&fixture);
	turn(&fixture);
	fixture_golden(&fixture, "tour-begin");
	to_the_contact(&fixture);
	fixture_golden(&fixture, "tour-mend");
	press(&fixture, "\r");
	fixture_golden_at(&fixture, "tour-typing", 10, 40, false);
	close_tour(&fixture);
}
