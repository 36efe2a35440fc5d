/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "check.h"
#include "desk/plan_list.h"
#include "views.h"

static const uint32_t all[SAMPLES] = {
    WALTER, JOSE, MINJUN, NAMELESS, SECRET, LONG};

static void
push_plan(struct fixture *fixture, const uint32_t *rows, size_t count)
{
	screen_push(
	    fixture->desk.screen, v_plan_new(&fixture->desk, rows, count));
}

static void
open_plan(struct fixture *fixture, const uint32_t *rows, size_t count)
{
	struct row_status *status;

	fixture_open(fixture);
	status = fake_sync_row(&fixture->sync, MINJUN, STATUS_CHANGED, "");
	status->changed[FIELD_PHONE] = true;
	status = fake_sync_row(&fixture->sync, LONG, STATUS_CHANGED, "");
	status->changed[FIELD_EMAIL] = true;
	status->changed[FIELD_MEDICARE_NUMBER] = true;
	status->changed[FIELD_ADDRESS_1] = true;
	fake_sync_row(&fixture->sync, SECRET, STATUS_REVIEW,
	    "HealthSherpa has someone who looks like the same person");
	push_plan(fixture, rows, count);
}

static bool
shows(struct fixture *fixture, const char *text)
{
	return strstr(fixture_screen(fixture), text) != NULL;
}

TEST(plan_screens)
{
	struct fixture fixture;

	open_plan(&fixture, all, SAMPLES);
	fixture_golden(&fixture, "plan");
	screen_key(fixture.desk.screen, KEY_CODE_DOWN);
	screen_key(fixture.desk.screen, KEY_CODE_DOWN);
	fixture_golden_at(&fixture, "plan-update", 24, 80, false);
	fixture_close(&fixture);
}

TEST(plan_of_one)
{
	struct fixture fixture;
	uint32_t row = NAMELESS;

	open_plan(&fixture, &row, 1);
	fixture_golden_at(&fixture, "plan-blocked", 24, 80, false);
	CHECK(shows(&fixture, "0 of 1 would be sent; not: 1 blocked"));
	CHECK(shows(&fixture, "first name is missing"));
	fixture_press(&fixture, "S");
	CHECK_TEXT(screen_message(fixture.desk.screen),
	    "there is nothing here to send");
	CHECK_INT(fixture.sync.starts, 0);
	fixture_press(&fixture, "\r");
	CHECK_INT(v_contact_row(screen_top(fixture.desk.screen)), NAMELESS);
	fixture_close(&fixture);
	row = JOSE;
	fixture_open(&fixture);
	fake_sync_row(&fixture.sync, JOSE, STATUS_SYNCED, "");
	push_plan(&fixture, &row, 1);
	CHECK(shows(&fixture, "0 of 1 would be sent; not: 1 up to date"));
	CHECK(shows(&fixture, "nothing to send"));
	fixture_close(&fixture);
}

TEST(plan_of_one_has_a_line_a_field)
{
	struct fixture fixture;
	uint32_t row = JOSE;

	fixture_open(&fixture);
	push_plan(&fixture, &row, 1);
	fixture_golden(&fixture, "plan-one");
	fixture_press(&fixture, "v");
	CHECK(shows(&fixture, "1SG4TE5MK74"));
	fixture_close(&fixture);
}

TEST(plan_of_nobody_and_of_what_is_not_known_yet)
{
	struct fixture fixture;

	open_plan(&fixture, all, 0);
	CHECK(shows(&fixture, "No contact was chosen."));
	fixture_close(&fixture);
	fixture_open(&fixture);
	fixture.desk.sync = NULL;
	push_plan(&fixture, all, SAMPLES);
	CHECK(shows(&fixture, "The contacts are still being read"));
	fixture_press(&fixture, "s");
	CHECK_TEXT(
	    screen_message(fixture.desk.screen), "there is no contact here");
	fixture_close(&fixture);
}

TEST(plan_leaves_contacts_out)
{
	struct fixture fixture;

	open_plan(&fixture, all, SAMPLES);
	CHECK(shows(&fixture, "4 of 6 would be sent: 2 create, 2 update"));
	CHECK(shows(&fixture, "About 6 requests"));
	CHECK(shows(&fixture, "Nothing has been sent."));
	fixture_press(&fixture, " ");
	CHECK(shows(&fixture, "3 of 6 would be sent: 1 create, 2 update; "
			      "not: 1 left out"));
	CHECK(shows(&fixture, "About 4 requests"));
	CHECK_INT(v_plan_row(screen_top(fixture.desk.screen)), JOSE);
	fixture_golden_at(&fixture, "plan-left-out", 24, 80, false);
	fixture_press(&fixture, "S");
	REQUIRE(fixture.sync.started_count == 3);
	CHECK_INT(fixture.sync.started[0], JOSE);
	CHECK_INT(fixture.sync.started[1], MINJUN);
	CHECK_INT(fixture.sync.started[2], LONG);
	screen_key(fixture.desk.screen, KEY_CODE_UP);
	fixture_press(&fixture, "s");
	CHECK_INT(fixture.sync.starts, 1);
	CHECK_TEXT(
	    screen_message(fixture.desk.screen), "you left this contact out");
	fixture_press(&fixture, " ");
	CHECK(shows(&fixture, "4 of 6 would be sent"));
	fixture_press(&fixture, "s");
	CHECK_INT(fixture.sync.starts, 2);
	CHECK_INT(fixture.sync.started_count, 1);
	CHECK_INT(fixture.sync.started[0], JOSE);
	fixture_close(&fixture);
}

TEST(plan_follows_edits_and_runs_on_the_same_row)
{
	struct fixture fixture;
	struct sync_progress *progress;

	open_plan(&fixture, all, SAMPLES);
	CHECK(shows(&fixture, "What would be sent"));
	for (int i = 0; i < 4; i++)
		screen_key(fixture.desk.screen, KEY_CODE_DOWN);
	CHECK_INT(v_plan_row(screen_top(fixture.desk.screen)), NAMELESS);
	fixture_press(&fixture, "\r\rAna\r\033");
	CHECK(shows(&fixture, "5 of 6 would be sent"));
	CHECK_INT(v_plan_row(screen_top(fixture.desk.screen)), NAMELESS);
	progress = &fixture.sync.progress;
	progress->running = true;
	progress->total = 5;
	progress->done = 2;
	str_copy(progress->run, sizeof(progress->run), "14");
	screen_stale(fixture.desk.screen);
	CHECK(shows(&fixture, "Sending: 2 of 5 done."));
	CHECK(!shows(&fixture, "Nothing has been sent"));
	fixture_close(&fixture);
}

TEST(plan_tells_what_the_run_that_goes_on_has)
{
	struct fixture fixture;
	struct sync_progress *progress;
	uint32_t row = JOSE;

	fixture_open(&fixture);
	progress = &fixture.sync.progress;
	progress->running = progress->paused = true;
	progress->total = 4;
	str_copy(progress->run, sizeof(progress->run), "14");
	fake_sync_row(&fixture.sync, WALTER, STATUS_SENDING, "");
	fake_sync_row(&fixture.sync, NAMELESS, STATUS_SYNCED, "");
	for (size_t i = 1; i < SAMPLES; i++)
		if (all[i] != NAMELESS)
			fake_sync_row(&fixture.sync, all[i], STATUS_QUEUED, "");
	push_plan(&fixture, all, SAMPLES);
	fixture_golden_at(&fixture, "plan-going", 24, 80, false);
	CHECK(shows(&fixture, "0 of 6 to send; not: 5 in the sync that is "
			      "going on, 1 up to date"));
	CHECK(shows(&fixture, "5 are in the sync that is going on; R shows"));
	CHECK(!shows(&fixture, "HealthSherpa has all of them"));
	screen_pop(fixture.desk.screen);
	push_plan(&fixture, &row, 1);
	CHECK(shows(&fixture, "not: 1 in the sync that is going on"));
	CHECK(shows(&fixture, "in the sync that is going on; R shows it"));
	CHECK(!shows(&fixture, "up to date"));
	fixture_press(&fixture, "s");
	CHECK_TEXT(screen_message(fixture.desk.screen),
	    "in the sync that is going on; R shows it");
	desk_sync(&fixture.desk, all, SAMPLES);
	CHECK_TEXT(screen_message(fixture.desk.screen),
	    "none of these 6 can be sent: 5 in the sync that is going on, "
	    "1 up to date");
	CHECK_INT(fixture.sync.starts, 0);
	fixture_close(&fixture);
}

TEST(plan_is_made_in_slices)
{
	struct fixture fixture;
	struct plan_list list;
	uint32_t rows[300];

	fixture_open(&fixture);
	for (size_t i = 0; i < 300; i++)
		rows[i] = i % 2 ? JOSE : NAMELESS;
	plan_list_init(&list, &fixture.desk, rows, 300);
	/* From now on each look at the clock is a millisecond later. */
	fixture.hasty = true;
	plan_list_begin(&list);
	CHECK(plan_list_work(&list));
	CHECK(!list.ready);
	CHECK(list.next_count > 0 && list.next_count < 300);
	while (plan_list_work(&list))
		;
	CHECK(list.ready);
	CHECK_INT(plan_list_sent(&list), 150);
	CHECK_INT(list.sums.requests, 300);
	CHECK_INT(list.shown_count, 300);
	CHECK_INT(list.shown[0], 1);
	CHECK_INT(list.shown[150], 0);
	plan_list_leave_all_out(&list, true);
	CHECK_INT(plan_list_sent(&list), 0);
	CHECK_INT(list.sums.requests, 0);
	plan_list_leave_out(&list, 1, false);
	CHECK_INT(list.sums.requests, 2);
	/* What was left out stays so in the next plan. */
	plan_list_begin(&list);
	while (plan_list_work(&list))
		CHECK_INT(plan_list_sent(&list), 1);
	CHECK_INT(plan_list_sent(&list), 1);
	CHECK_INT(list.left_out_count, 149);
	CHECK_INT(list.sums.requests, 2);
	plan_list_leave_all_out(&list, false);
	CHECK_INT(plan_list_sent(&list), 150);
	CHECK_INT(list.sums.requests, 300);
	plan_list_release(&list);
	fixture_close(&fixture);
}

/* Twelve contacts, so that the number is to be typed. */
static void
open_twelve(struct fixture *fixture)
{
	struct str text;

	str_init(&text, 4096);
	str_add(&text, "Record ID,First Name,Last Name,Email,MBI\n");
	for (int i = 0; i < 12; i++)
		str_addf(&text, "%d,Ruth,Sample %c,r%d@example.com,\n", 70 + i,
		    'A' + i, i);
	fixture_open_with(fixture,
	    "contacts: contacts.csv\n"
	    "service:\n"
	    "  environment: staging\n"
	    "  agent_email: agent@example.com\n"
	    "  api_key: {env: BELAY_TEST_KEY}\n"
	    "mapping:\n"
	    "  external_id: Record ID\n"
	    "  first_name: First Name\n"
	    "  last_name: Last Name\n"
	    "  email: Email\n",
	    text.data);
	str_release(&text);
	for (uint32_t row = 0; row < 3; row++)
		fake_sync_row(&fixture->sync, row, STATUS_CHANGED, "");
	fake_sync_row(&fixture->sync, 3, STATUS_WAITING, "");
	fake_sync_row(&fixture->sync, 4, STATUS_WAITING, "");
}

TEST(many_are_looked_at_between_keys_before_they_are_sent)
{
	struct fixture fixture;
	struct desk *desk = &fixture.desk;
	struct err err = ERR_INIT;
	uint32_t rows[300];
	size_t seen;

	fixture_open(&fixture);
	screen_push(desk->screen, v_contacts_new(desk));
	for (size_t i = 0; i < 300; i++)
		rows[i] = i % 2 ? JOSE : NAMELESS;
	fixture.hasty = true;
	desk_sync(desk, rows, 300);
	REQUIRE(desk->wanted.plan != NULL);
	CHECK(!screen_asking(desk->screen));
	CHECK(desk_send_work(desk, 0));
	CHECK_TEXT(screen_message(desk->screen),
	    "300 contacts are looked at before they are sent; Esc does not "
	    "send");
	/* What was edited meanwhile is looked at anew. */
	seen = desk->wanted.plan->count;
	REQUIRE(book_set(desk->book, JOSE, 1, "Joe", &err));
	CHECK(desk_send_work(desk, 0));
	CHECK(desk->wanted.plan->count < seen);
	/* No question opens over another one. */
	fixture_press(&fixture, "/");
	CHECK(!desk_send_work(desk, INT64_MAX));
	fixture_press(&fixture, "\033");
	CHECK(desk_give_up_sending(desk));
	CHECK_TEXT(screen_message(desk->screen), "nothing is sent");
	CHECK(!desk_give_up_sending(desk));
	CHECK(!desk_send_work(desk, INT64_MAX));
	CHECK(!screen_asking(desk->screen));
	desk_sync(desk, rows, 300);
	while (desk_send_work(desk, 0))
		CHECK(!screen_asking(desk->screen));
	CHECK(screen_asking(desk->screen));
	REQUIRE(desk->asked != NULL);
	CHECK_INT(desk->asked->count, 300);
	CHECK_INT(desk->asked->verbs[PLAN_CREATE], 150);
	fixture_press(&fixture, "\033");
	fixture_close(&fixture);
}

TEST(plan_number_counts_those_in_doubt_too)
{
	static const uint32_t rows[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
	struct fixture fixture;

	open_twelve(&fixture);
	push_plan(&fixture, rows, 12);
	CHECK(shows(&fixture,
	    "12 of 12 would be sent: 7 create, 3 update, 2 looked up first"));
	fixture_press(&fixture, "S");
	CHECK(shows(&fixture,
	    "type 12 to create 7, update 3, look up 2 first (staging):"));
	fixture_press(&fixture, "10\r");
	CHECK_INT(fixture.sync.starts, 0);
	fixture_press(&fixture, "\010\01012\r");
	CHECK_INT(fixture.sync.starts, 1);
	CHECK_INT(fixture.sync.started_count, 12);
	fixture_close(&fixture);
}

TEST(plan_tells_that_nobody_new_is_created_for_a_while)
{
	struct fixture fixture;

	open_plan(&fixture, all, SAMPLES);
	CHECK(shows(&fixture, ", at once."));
	fixture.sync.nobody_new_ms = 119500;
	screen_dirty(fixture.desk.screen);
	CHECK(shows(&fixture, "; nobody new is created for 2 min."));
	fixture_close(&fixture);
}
