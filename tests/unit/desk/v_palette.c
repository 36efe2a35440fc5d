/* SPDX-License-Identifier: MIT */
/* The actions by name: found by letters and words, done, or the reason why
 * not. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "check.h"
#include "desk/action_list.h"
#include "desk/actions.h"
#include "desk/work.h"
#include "tui/action.h"
#include "tui/prompt.h"
#include "views.h"

static void
open_list(struct fixture *fixture)
{
	fixture_open(fixture);
	screen_push(fixture->desk.screen, v_contacts_new(&fixture->desk));
	while (v_contacts_work(screen_top(fixture->desk.screen)))
		;
}

static void
close_list(struct fixture *fixture)
{
	history_clear(&fixture->desk.commands);
	plan_free(fixture->desk.asked);
	fixture_close(fixture);
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

/* The name of the first one that is shown. */
static bool
first_is(struct fixture *fixture, const char *name)
{
	char line[64];

	snprintf(line, sizeof(line), "\xe2\x96\xb8  %s ", name);
	return shows(fixture, line);
}

TEST(palette_screens)
{
	struct fixture fixture;

	open_list(&fixture);
	fixture_press(&fixture, ":");
	fixture_golden(&fixture, "palette");
	fixture_press(&fixture, "quote");
	fixture_golden(&fixture, "palette-not-now");
	fixture_press(&fixture, "xyz");
	fixture_golden_at(&fixture, "palette-none", 24, 80, false);
	close_list(&fixture);
}

TEST(palette_does_what_is_typed)
{
	struct fixture fixture;

	open_list(&fixture);
	fixture_press(&fixture, ":las\t\r");
	CHECK_INT(desk_row(&fixture.desk), LONG);
	CHECK_INT(screen_depth(fixture.desk.screen), 1);
	fixture_press(&fixture, ":first\r");
	CHECK_INT(desk_row(&fixture.desk), WALTER);
	/* a blank for the line between */
	fixture_press(&fixture, ":sync all\r");
	CHECK(shows(&fixture, "What would be sent"));
	fixture_press(&fixture, "\033");
	/* nothing typed is nothing wanted */
	fixture_press(&fixture, ":\r");
	CHECK_INT(screen_depth(fixture.desk.screen), 1);
	CHECK_INT(fixture.sync.starts, 0);
	close_list(&fixture);
}

TEST(palette_finds_letters_and_words)
{
	static const struct {
		const char *typed, *name;
	} cases[] = {
	    {"sync", "sync"},          /* the whole name */
	    {"syn", "sync"},           /* its beginning, the first wanted */
	    {"syal", "sync-all"},      /* letters in order */
	    {"MARK", "mark"},          /* in capitals */
	    {"F5", "reload"},          /* the key, not possible without */
	    {"another order", "sort"}, /* words of the sentence */
	    {"order another", "sort"}, /* in any order */
	    {"undo", "undo"},          /* of every view */
	    {"send-all", "send-all"},  /* of another view */
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fixture fixture;

		open_list(&fixture);
		fixture_press(&fixture, ":");
		fixture_press(&fixture, cases[i].typed);
		if (!CHECK(first_is(&fixture, cases[i].name)))
			printf("# '%s'\n", cases[i].typed);
		close_list(&fixture);
	}
}

TEST(palette_says_why_not_and_where)
{
	struct fixture fixture;

	open_list(&fixture);
	fixture_press(&fixture, ":send-all\r");
	CHECK(shows(&fixture, "send-all: not here, in: what would be sent"));
	CHECK(screen_asking(fixture.desk.screen));
	/* it stays, to type something else */
	fixture_press(&fixture, "\025quote\r");
	CHECK(shows(&fixture, "quote: no quote page yet: sync first, s"));
	fixture_press(&fixture, "\025xyz\r");
	CHECK(shows(&fixture, "there is nothing called 'xyz'"));
	fixture_press(&fixture, "\033");
	CHECK(!screen_asking(fixture.desk.screen));
	CHECK_INT(screen_depth(fixture.desk.screen), 1);
	close_list(&fixture);
}

TEST(palette_what_is_possible_stands_first)
{
	struct fixture fixture;
	size_t count;
	const struct action *actions, **list;

	open_list(&fixture);
	actions = keymap_actions(fixture.desk.keymap, &count);
	(void)actions;
	fixture_press(&fixture, ":");
	/* the moves go through all of them, dimmed ones last */
	fixture_press(&fixture, "e");
	screen_key(fixture.desk.screen, KEY_CODE_PAGE_DOWN);
	screen_key(fixture.desk.screen, KEY_CODE_UP);
	screen_key(fixture.desk.screen, KEY_CODE_DOWN);
	for (size_t i = 0; i < count; i++)
		screen_key(fixture.desk.screen, KEY_CODE_PAGE_DOWN);
	CHECK(shows(&fixture, "not here, in: "));
	fixture_press(&fixture, "\033");
	list = mem_alloc((count + 1) * sizeof(*list));
	count = action_order(&fixture.desk, list);
	/* what the hint bar begins with is wanted first */
	CHECK_TEXT(list[0]->name, "sync");
	CHECK_TEXT(list[count - 1]->group, "Belay");
	free(list);
	close_list(&fixture);
}

TEST(palette_has_a_history_and_esc_changes_nothing)
{
	struct fixture fixture;
	char before[16384];

	open_list(&fixture);
	fixture_press(&fixture, "j");
	str_copy(before, sizeof(before), fixture_screen(&fixture));
	fixture_press(&fixture, ":sort");
	fixture_press(&fixture, "\033");
	CHECK_TEXT(fixture_screen(&fixture), before);
	fixture_press(&fixture, ":last\r:");
	screen_key(fixture.desk.screen, 0x10); /* ^P */
	CHECK(first_is(&fixture, "last"));
	fixture_press(&fixture, "\033");
	close_list(&fixture);
}

/* Somebody else's question may take the line's place: it comes back. */
TEST(palette_line_comes_back)
{
	struct fixture fixture;
	struct prompt other = {.label = "other? ", .choices = "y"};

	open_list(&fixture);
	fixture_press(&fixture, ":so");
	screen_ask(fixture.desk.screen, &other);
	fixture_press(&fixture, "\033");
	CHECK_INT(screen_depth(fixture.desk.screen), 2);
	fixture_press(&fixture, "rt\r");
	CHECK_INT(screen_depth(fixture.desk.screen), 1);
	CHECK(screen_asking(fixture.desk.screen));
	fixture_press(&fixture, "\033");
	close_list(&fixture);
}

/* Guards ask about the view below, whatever stands above it. */
TEST(palette_in_every_place)
{
	struct fixture fixture;

	open_list(&fixture);
	fake_sync_row(&fixture.sync, WALTER, STATUS_REVIEW, "a twin?");
	fixture_press(&fixture, "\r:create\r");
	/* it did something: the second key, or why not */
	CHECK(screen_top(fixture.desk.screen)->ops->scope == SCOPE_REVIEW);
	CHECK(screen_asking(fixture.desk.screen) ||
	      *screen_message(fixture.desk.screen));
	fixture_press(&fixture, "\033");
	close_list(&fixture);
}
