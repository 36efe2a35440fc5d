/* SPDX-License-Identifier: MIT */
/*
 * Every action, in every view it is offered in, in every state of the book:
 * something happens that can be seen, or a sentence says why not. A key that
 * does nothing and says nothing is a bug; so is "does nothing here" about a
 * key that the help lists for this view.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "book/config.h"
#include "check.h"
#include "desk/action_list.h"
#include "desk/actions.h"
#include "desk/editor.h"
#include "desk/opener.h"
#include "desk/settings.h"
#include "desk/work.h"
#include "tui/action.h"
#include "views.h"

/* ---- the states ----------------------------------------------------------
 */

static void
all_new(struct fixture *fixture)
{
	(void)fixture;
}

static void
some_of_each(struct fixture *fixture)
{
	struct row_status *status;

	fake_sync_row(&fixture->sync, WALTER, STATUS_FAILED,
	    "HealthSherpa refused it: the phone number is not valid");
	fake_sync_row(&fixture->sync, JOSE, STATUS_REVIEW, "a twin?");
	status = fake_sync_row(&fixture->sync, MINJUN, STATUS_SYNCED, "");
	str_copy(status->quote_url, sizeof(status->quote_url),
	    "https://medicare-staging.healthsherpa.com/quote/abc");
}

static void
first_is_synced(struct fixture *fixture)
{
	struct row_status *status = fake_sync_row(
	    &fixture->sync, WALTER, STATUS_SYNCED, "");

	str_copy(status->quote_url, sizeof(status->quote_url),
	    "https://medicare-staging.healthsherpa.com/quote/abc");
}

static void
a_run_goes_on(struct fixture *fixture)
{
	fixture->sync.progress.running = true;
	fixture->sync.progress.total = SAMPLES;
	fake_sync_row(&fixture->sync, WALTER, STATUS_QUEUED, "");
}

static void
another_has_it(struct fixture *fixture)
{
	fixture->desk.read_only = true;
}

static void
second_version(struct fixture *fixture)
{
	fixture->config->version = SERVICE_V2;
	fixture->config->oauth_client_id = mem_strdup("app");
	fixture->sync.account = true;
}

static const struct state {
	const char *name;
	void (*make)(struct fixture *);
	bool no_rows;
} states[] = {
    {"all new", all_new, false},
    {"some of each", some_of_each, false},
    {"first is synced", first_is_synced, false},
    {"a run goes on", a_run_goes_on, false},
    {"another has it", another_has_it, false},
    {"version 2", second_version, false},
    {"no rows", all_new, true},
};

/* ---- the views -----------------------------------------------------------
 */

static struct view *
plan(struct desk *desk)
{
	static const uint32_t rows[] = {WALTER, JOSE, MINJUN};

	return v_plan_new(desk, rows, 3);
}

static struct view *
contact(struct desk *desk)
{
	return v_contact_new(desk, WALTER);
}

static struct view *
mapping(struct desk *desk)
{
	return v_mapping_new(desk, WALTER);
}

static struct view *
review(struct desk *desk)
{
	return v_review_new(desk, JOSE);
}

static struct view *
lists(struct desk *desk)
{
	return v_lists_new(desk, WALTER);
}

static struct view *
address(struct desk *desk)
{
	return v_link_new(desk, "The page", "your browser could not be started",
	    "https://medicare-staging.healthsherpa.com/quote/abc");
}

static struct view *
list_columns(struct desk *desk)
{
	return v_list_columns_new(desk, RECORDS_NONE);
}

static const struct place {
	const char *name;
	struct view *(*make)(struct desk *); /* NULL: the list itself */
	bool rows;                           /* needs some */
} places[] = {
    {"contacts", NULL, false},
    {"contact", contact, true},
    {"plan", plan, true},
    {"run", v_run_new, false},
    {"mapping", mapping, true},
    {"proposal", v_proposal_new, true},
    {"review", review, true},
    {"lists", lists, true},
    {"filters", v_filters_new, false},
    {"columns", list_columns, false},
    {"problems", v_problems_new, false},
    {"link", address, false},
    {"help", v_help_new, false},
};

static void
open_at(
    struct fixture *fixture, const struct place *place, const struct state *at)
{
	static const char header[] =
	    "Record ID,First Name,Last Name,Email,Mobile Phone,Phone Number,"
	    "Date of birth,Gender,Street Address,City,State,Postal Code,MBI\n";

	if (at->no_rows)
		fixture_open_on(fixture, header);
	else
		fixture_open(fixture);
	at->make(fixture);
	check_write(fixture->config->path,
	    "mapping:\n  first_name: First Name\n  city: City\n");
	fixture->desk.opener = opener_new(fixture->config);
	screen_push(fixture->desk.screen, v_contacts_new(&fixture->desk));
	for (int i = 0; i < 100 && work_slice(&fixture->desk); i++)
		;
	if (place->make)
		screen_push(fixture->desk.screen, place->make(&fixture->desk));
	fixture_screen(fixture);
	screen_hush(fixture->desk.screen);
}

static void
close_at(struct fixture *fixture)
{
	opener_free(fixture->desk.opener);
	history_clear(&fixture->desk.commands);
	plan_free(fixture->desk.asked);
	plan_free(fixture->desk.held);
	free(fixture->desk.wanted.rows);
	free(fixture->desk.backup_dir);
	free(fixture->desk.broken);
	fixture_close(fixture);
}

/* ---- what came of it -----------------------------------------------------
 */

/* Moves stand still at the end of a list, and that is all they have to say. */
static bool
is_move(const struct action *action)
{
	return action->id <= ACTION_RIGHT;
}

static bool
has_effect(struct fixture *fixture, const struct action *action)
{
	static char before[16384];
	struct desk *desk = &fixture->desk;
	const struct view *top = screen_top(desk->screen);
	size_t depth = screen_depth(desk->screen);
	const char *message;

	str_copy(before, sizeof(before), fixture_screen(fixture));
	screen_act(desk->screen, action);
	if (is_move(action) || !screen_top(desk->screen) ||
	    screen_take_redraw(desk->screen) || desk->stop_wanted ||
	    desk->save_wanted || fixture->sync.starts > 0)
		return true;
	message = screen_message(desk->screen);
	if (strstr(message, "does nothing here"))
		return false;
	return *message || screen_asking(desk->screen) || editor_runs(desk) ||
	       screen_depth(desk->screen) != depth ||
	       screen_top(desk->screen) != top ||
	       strcmp(fixture_screen(fixture), before) != 0;
}

static void
try_all(const struct place *place, const struct state *state)
{
	for (size_t i = 0; i < actions_count; i++) {
		const struct action *action = &actions_table[i];
		struct fixture fixture;

		open_at(&fixture, place, state);
		if (action_applies(
			action, screen_top(fixture.desk.screen)->ops->scope) &&
		    !CHECK(has_effect(&fixture, action)))
			printf("# %s in %s, %s: '%s'\n", action->name,
			    place->name, state->name,
			    screen_message(fixture.desk.screen));
		close_at(&fixture);
	}
}

TEST(every_action_does_something_or_says_why_not)
{
	unsetenv("DISPLAY");
	unsetenv("WAYLAND_DISPLAY");
	for (size_t p = 0; p < sizeof(places) / sizeof(places[0]); p++)
		for (size_t s = 0; s < sizeof(states) / sizeof(states[0]); s++)
			if (!(places[p].rows && states[s].no_rows))
				try_all(&places[p], &states[s]);
}

/* Each hint of a view is an action of it: else it would never be shown. */
TEST(every_hint_is_an_action_of_its_view)
{
	for (size_t p = 0; p < sizeof(places) / sizeof(places[0]); p++) {
		struct fixture fixture;
		struct view *view;
		const int *hints;

		open_at(&fixture, &places[p], &states[1]);
		view = screen_top(fixture.desk.screen);
		hints = view->ops->hints ? view->ops->hints(view) : NULL;
		for (; hints && *hints != ACTION_NONE; hints++)
			if (!CHECK(keymap_action(
				fixture.desk.keymap, view->ops->scope, *hints)))
				printf("# %d in %s\n", *hints, places[p].name);
		close_at(&fixture);
	}
}

/* The palette and the manual say where an action is: every view has words. */
TEST(every_view_of_an_action_has_words)
{
	for (size_t i = 0; i < actions_count; i++) {
		uint32_t views = actions_table[i].views;

		/* what is nearly everywhere names those that are not it */
		for (int bit = 0; bit < 32 && !(views >> 31); bit++) {
			struct str words;

			if (!(views & (1u << bit)))
				continue;
			str_init(&words, 100);
			action_places(&words, 1u << bit);
			if (!CHECK(words.len > 0))
				printf("# %s, view %d\n", actions_table[i].name,
				    bit);
			str_release(&words);
		}
	}
}

/* Palette, help and manual are made of one table, so they name the same: the
 * order has what applies, once each, and every name is found by itself. */
TEST(every_action_is_in_help_and_palette)
{
	const struct action **list = mem_alloc(
	    (actions_count + 1) * sizeof(*list));

	for (size_t p = 0; p < sizeof(places) / sizeof(places[0]); p++) {
		struct fixture fixture;
		size_t count, applies = 0;

		open_at(&fixture, &places[p], &states[1]);
		count = action_order(&fixture.desk, list);
		for (size_t i = 0; i < actions_count; i++)
			applies += action_applies(&actions_table[i],
			    desk_view(&fixture.desk)->ops->scope);
		CHECK_INT(count, applies);
		for (size_t i = 0; i < count; i++)
			for (size_t k = 0; k < i; k++)
				CHECK(list[i] != list[k]);
		for (size_t i = 0; i < count; i++)
			CHECK_INT(
			    action_fits(&fixture.desk, list[i], list[i]->name),
			    ACTION_NAMED);
		close_at(&fixture);
	}
	free(list);
}
