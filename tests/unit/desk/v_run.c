/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/str.h"
#include "check.h"
#include "desk/run_log.h"
#include "golden/golden.h"
#include "views.h"

static void
happen(struct fixture *fixture, enum sync_event_kind kind, uint32_t row,
    enum status status, enum plan_verb verb, int http, const char *message,
    int64_t at_ms)
{
	struct sync_event event = {.kind = kind,
	    .row = row,
	    .status = status,
	    .verb = verb,
	    .http = http};

	str_copy(event.message, sizeof(event.message), message);
	fake_sync_row(&fixture->sync, row, status, "");
	run_log_add(fixture->desk.run_log, "14", &event, at_ms);
}

static void
finish(struct fixture *fixture, uint32_t row, enum status status,
    enum plan_verb verb, const char *message)
{
	happen(fixture, SYNC_ROW, row, STATUS_SENDING, verb, 0, "", 1000);
	happen(fixture, SYNC_FINISHED_ROW, row, status, verb, 200, message,
	    1230 + 100 * (int64_t)row);
}

/* In the middle of a run of six. */
static void
open_run(struct fixture *fixture)
{
	struct row_status *status;

	fixture_open(fixture);
	fixture->sync.progress = (struct sync_progress){
	    .running = true,
	    .run = "14",
	    .total = 6,
	    .done = 3,
	    .created = 1,
	    .updated = 1,
	    .failed = 1,
	    .in_flight = 1,
	    .waiting = 1,
	    .rate = 7.8,
	    .left_ms = 4000,
	};
	finish(fixture, JOSE, STATUS_SYNCED, PLAN_CREATE, "");
	str_copy(fixture->sync.rows[JOSE].quote_url, 100,
	    "https://quotes.example.com/q");
	finish(fixture, MINJUN, STATUS_SYNCED, PLAN_UPDATE, "");
	finish(fixture, LONG, STATUS_FAILED, PLAN_CREATE,
	    "HealthSherpa refused it: the phone number is not valid");
	happen(
	    fixture, SYNC_ROW, WALTER, STATUS_WAITING, PLAN_WAIT, 0, "", 2000);
	status = fake_sync_row(&fixture->sync, WALTER, STATUS_WAITING,
	    "the answer was lost; looked up in 1:42");
	status->retry_at_ms = 100000 + 102000;
	status->held = HOLD_SETTLE;
	str_copy(status->short_reason, sizeof(status->short_reason), "1:42");
	happen(fixture, SYNC_ROW, SECRET, STATUS_SENDING, PLAN_CREATE, 0, "",
	    2000);
	screen_push(fixture->desk.screen, v_run_new(&fixture->desk));
}

static bool
shows(struct fixture *fixture, const char *text)
{
	return strstr(fixture_screen(fixture), text) != NULL;
}

TEST(run_screens)
{
	struct fixture fixture;

	open_run(&fixture);
	fixture_golden(&fixture, "run");
	fixture.sync.progress.paused = true;
	str_copy(fixture.sync.progress.notice,
	    sizeof(fixture.sync.progress.notice),
	    "HealthSherpa asked us to slow down");
	fixture_golden_at(&fixture, "run-paused", 24, 80, false);
	fixture.sync.progress.running = false;
	fixture.sync.progress.paused = false;
	fixture.sync.progress.done = 5;
	fixture_golden_at(&fixture, "run-ended", 24, 80, false);
	fixture_close(&fixture);
}

TEST(run_that_has_ended_begins_with_what_needs_somebody)
{
	struct fixture fixture;
	struct view *view;

	open_run(&fixture);
	view = screen_top(fixture.desk.screen);
	fixture_screen(&fixture);
	CHECK_INT(v_run_row(view), SECRET);
	fixture.sync.progress.running = false;
	screen_stale(fixture.desk.screen);
	fixture_screen(&fixture);
	CHECK_INT(v_run_row(view), LONG);
	/* what is mended stays where it is */
	fake_sync_row(&fixture.sync, LONG, STATUS_NEW, "");
	screen_stale(fixture.desk.screen);
	fixture_screen(&fixture);
	CHECK_INT(v_run_row(view), LONG);
	fixture_close(&fixture);
}

TEST(run_that_was_stopped_says_what_its_rows_are)
{
	struct fixture fixture;

	open_run(&fixture);
	fixture.sync.progress.running = false;
	fake_sync_row(&fixture.sync, SECRET, STATUS_NEW, "");
	CHECK(shows(&fixture, "○ new"));
	CHECK(!shows(&fixture, "▸ sending"));
	CHECK(shows(&fixture, "1 not taken by HealthSherpa"));
	CHECK(shows(&fixture, " not sent"));
	fixture_close(&fixture);
}

/* Why a contact came out as it did is in its history. */
TEST(run_shows_the_history_of_a_contact)
{
	struct fixture fixture;

	open_run(&fixture);
	CHECK(shows(&fixture, "Ábalos"));
	fixture_press(&fixture, "gH");
	CHECK(shows(&fixture, "History of "));
	fixture_press(&fixture, "\033");
	CHECK(shows(&fixture, "Sending"));
	fixture_close(&fixture);
}

TEST(run_before_there_is_one)
{
	struct fixture fixture;

	fixture_open(&fixture);
	screen_push(fixture.desk.screen, v_run_new(&fixture.desk));
	CHECK(shows(&fixture, "Nothing has been sent since belay was started"));
	CHECK(shows(&fixture, "In the list S"));
	CHECK_INT(v_run_row(screen_top(fixture.desk.screen)), RECORDS_NONE);
	fixture_press(&fixture, "\r");
	CHECK_TEXT(
	    screen_message(fixture.desk.screen), "there is no contact here");
	fixture_close(&fixture);
}

TEST(run_follows_the_newest_row_unless_the_cursor_is_elsewhere)
{
	struct fixture fixture;
	struct view *view;

	open_run(&fixture);
	view = screen_top(fixture.desk.screen);
	fixture_screen(&fixture);
	CHECK_INT(v_run_row(view), SECRET);
	happen(&fixture, SYNC_ROW, NAMELESS, STATUS_SENDING, PLAN_CREATE, 0, "",
	    3000);
	screen_stale(fixture.desk.screen);
	fixture_screen(&fixture);
	CHECK_INT(v_run_row(view), NAMELESS);
	fixture_press(&fixture, "g");
	screen_stale(fixture.desk.screen);
	fixture_screen(&fixture);
	CHECK_INT(v_run_row(view), JOSE);
	fixture_press(&fixture, "\r");
	CHECK_INT(v_contact_row(screen_top(fixture.desk.screen)), JOSE);
	fixture_close(&fixture);
}

static int
strip(struct fixture *fixture, int rows, int columns, const char *name)
{
	struct canvas *canvas = canvas_new(rows, columns, false);
	struct area area = canvas_area(canvas);
	int used = v_run_strip(&fixture->desk, canvas, &area);

	if (name)
		GOLDEN(canvas, name);
	canvas_free(canvas);
	return used;
}

TEST(run_strip_is_there_while_it_goes_on)
{
	struct fixture fixture;

	open_run(&fixture);
	CHECK_INT(strip(&fixture, 18, 80, "desk/strip-80x18"), 6);
	CHECK_INT(strip(&fixture, 9, 40, "desk/strip-40x9"), 2);
	CHECK_INT(strip(&fixture, 5, 40, NULL), 1);
	CHECK_INT(strip(&fixture, 2, 40, NULL), 0);
	fixture.sync.progress.running = false;
	CHECK_INT(strip(&fixture, 18, 80, NULL), 0);
	fixture_close(&fixture);
}

TEST(run_counts_down_what_holds_it_up)
{
	struct sync_progress *progress;
	struct row_status *status;
	struct fixture fixture;

	open_run(&fixture);
	progress = &fixture.sync.progress;
	progress->in_flight = 0;
	progress->held = HOLD_ASKED;
	progress->held_ms = 41500;
	str_copy(progress->notice, sizeof(progress->notice),
	    "HealthSherpa asked to slow down; going on in 50 s");
	status = fake_sync_row(&fixture.sync, SECRET, STATUS_QUEUED,
	    "HealthSherpa asked to slow down; it goes on in 42 s");
	status->held = HOLD_ASKED;
	str_copy(status->short_reason, sizeof(status->short_reason), "42 s");
	status->retry_at_ms = fixture.now_ms + 41500;
	fixture_golden(&fixture, "run-held");
	CHECK(shows(&fixture, "3 of 6  waiting 42 s: HealthSherpa asked"));
	CHECK(!shows(&fixture, "7.8/s"));
	CHECK(!shows(&fixture, " left"));
	CHECK(!shows(&fixture, "50 s"));
	progress->held = HOLD_NONE;
	screen_dirty(fixture.desk.screen);
	CHECK(shows(&fixture, "7.8/s"));
	fixture_close(&fixture);
}
