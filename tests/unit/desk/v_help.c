/* SPDX-License-Identifier: MIT */
/* The help: whole, in an order that serves, searched, and done from. */
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "check.h"
#include "desk/actions.h"
#include "tui/action.h"
#include "views.h"

static void
open_list(struct fixture *fixture)
{
	fixture_open(fixture);
	screen_push(fixture->desk.screen, v_contacts_new(&fixture->desk));
	while (v_contacts_work(screen_top(fixture->desk.screen)))
		;
}

static bool
shows(struct fixture *fixture, const char *text)
{
	const char *screen = fixture_screen(fixture);
	bool there = strstr(screen, text) != NULL;

	if (!there)
		printf("# no '%s' in:\n# %s\n", text, screen);
	return there;
}

TEST(help_screens)
{
	struct fixture fixture;

	open_list(&fixture);
	fixture_press(&fixture, "?");
	fixture_golden(&fixture, "help");
	fixture_press(&fixture, "G");
	fixture_golden_at(&fixture, "help-signs", 24, 80, false);
	fixture_press(&fixture, "g/quote");
	fixture_golden(&fixture, "help-find");
	fixture_press(&fixture, "\033\033");
	CHECK_INT(screen_depth(fixture.desk.screen), 1);
	screen_push(fixture.desk.screen, v_contact_new(&fixture.desk, WALTER));
	fixture_press(&fixture, "?");
	fixture_golden_at(&fixture, "help-contact", 24, 80, false);
	fixture_close(&fixture);
}

TEST(help_names_every_key_of_the_view)
{
	struct fixture fixture;
	size_t count;
	const struct action *actions;
	bool named[128] = {false};

	open_list(&fixture);
	actions = keymap_actions(fixture.desk.keymap, &count);
	REQUIRE(count <= 128);
	fixture_press(&fixture, "?");
	/* The name of what the cursor is on stands below. */
	for (int line = 0; line < 100; line++) {
		const char *screen = fixture_screen(&fixture);

		for (size_t i = 0; i < count; i++)
			named[i] = named[i] ||
				   (strstr(screen, actions[i].name) &&
				       strstr(screen, actions[i].help));
		fixture_press(&fixture, "j");
	}
	for (size_t i = 0; i < count; i++)
		if (action_applies(&actions[i], SCOPE_CONTACTS) &&
		    !CHECK(named[i]))
			printf("# help does not have %s\n", actions[i].name);
	fixture_press(&fixture, "?");
	CHECK_INT(screen_depth(fixture.desk.screen), 2);
	CHECK(shows(&fixture, "this is the help; Esc goes back"));
	fixture_press(&fixture, "\033");
	CHECK_INT(screen_depth(fixture.desk.screen), 1);
	fixture_close(&fixture);
}

TEST(help_finds_and_does)
{
	struct fixture fixture;

	open_list(&fixture);
	fixture_press(&fixture, "?/last row");
	CHECK(shows(&fixture, "G End"));
	CHECK(!strstr(fixture_screen(&fixture), "PgUp ^B"));
	fixture_press(&fixture, "\r\r");
	CHECK_INT(screen_depth(fixture.desk.screen), 1);
	CHECK_INT(desk_row(&fixture.desk), LONG);
	/* what is not possible is refused, and the help stays */
	fixture_press(&fixture, "?/quote page\r\r");
	CHECK_INT(screen_depth(fixture.desk.screen), 2);
	CHECK(shows(&fixture, "no quote page yet: sync first, s"));
	/* Esc: all lines again, then back */
	fixture_press(&fixture, "\033");
	CHECK_INT(screen_depth(fixture.desk.screen), 2);
	CHECK(shows(&fixture, "Sending"));
	/* a heading does nothing, and says so */
	fixture_press(&fixture, "g\r");
	CHECK(shows(&fixture, "only says what something means"));
	fixture_press(&fixture, "/zzz\r");
	CHECK(shows(&fixture, "nothing here has these words"));
	fixture_close(&fixture);
}
