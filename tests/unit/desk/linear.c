/* SPDX-License-Identifier: MIT */
/*
 * The screens as somebody hears them: one line a row, no signs, the terminal's
 * cursor on the row, and a key that moves changes nothing but message and
 * cursor.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "check.h"
#include "desk/tour.h"
#include "desk/work.h"
#include "tui/canvas.h"
#include "tui/linear.h"
#include "views.h"

static void
open_list(struct fixture *fixture)
{
	struct row_status *status;

	fixture_open(fixture);
	fake_sync_row(&fixture->sync, MINJUN, STATUS_FAILED,
	    "HealthSherpa refused it: the phone number is not valid");
	fake_sync_row(&fixture->sync, LONG, STATUS_REVIEW,
	    "HealthSherpa has someone who looks like the same person");
	status = fake_sync_row(&fixture->sync, JOSE, STATUS_SYNCED, "");
	str_copy(status->quote_url, sizeof(status->quote_url),
	    "https://medicare-staging.healthsherpa.com/quote/abc");
	fixture->desk.linear = true;
	screen_push(fixture->desk.screen, v_contacts_new(&fixture->desk));
	for (int i = 0; i < 100 && work_slice(&fixture->desk); i++)
		;
}

static void
close_list(struct fixture *fixture)
{
	history_clear(&fixture->desk.commands);
	plan_free(fixture->desk.asked);
	free(fixture->desk.backup_dir);
	free(fixture->desk.broken);
	fixture_close(fixture);
}

TEST(linear_signs_are_words)
{
	static const struct {
		const char *text, *words;
	} cases[] = {
	    {"○ new", " new"},
	    {"•••-•••-MK73", "hidden MK73"},
	    {"•/•/1955", "hidden 1955"},
	    {"•••", "hidden"},
	    {"phone → (808) 555-0144", "phone to (808) 555-0144"},
	    {"⚠ (left out)", " (left out)"},
	    {"José 민준", "José 민준"},
	    {"", ""},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct str out;

		str_init(&out, 200);
		linear_words(&out, cases[i].text);
		CHECK_TEXT(out.data, cases[i].words);
		str_release(&out);
	}
}

/* What a line has no room for is heard by going along it. */
TEST(linear_lines_are_read_to_their_end)
{
	struct fixture fixture;

	open_list(&fixture);
	fixture_press(&fixture, "jj"); /* on Minjun */
	fixture_golden_linear(&fixture, "contacts-along-0");
	fixture_press(&fixture, "ll");
	CHECK_TEXT(screen_message(fixture.desk.screen), "");
	fixture_golden_linear(&fixture, "contacts-along-2");
	/* to the end and not beyond, and back as it was */
	fixture_press(&fixture, "lllllllllllll");
	fixture_golden_linear(&fixture, "contacts-along-end");
	fixture_press(&fixture, "hhhhhhhhhhhhh");
	fixture_golden_linear(&fixture, "contacts-along-0");
	close_list(&fixture);
}

TEST(linear_screens)
{
	static const uint32_t rows[] = {WALTER, JOSE, MINJUN};
	struct fixture fixture;
	struct desk *desk = &fixture.desk;

	open_list(&fixture);
	fixture_press(&fixture, " j");
	fixture_golden_linear(&fixture, "contacts");
	fixture_press(&fixture, "/abc");
	fixture_golden_linear(&fixture, "contacts-asking");
	fixture_press(&fixture, "\033");
	screen_push(desk->screen, v_contact_new(desk, WALTER));
	fixture_golden_linear(&fixture, "contact");
	fixture_press(&fixture, "\r12");
	fixture_golden_linear(&fixture, "contact-typing");
	fixture_press(&fixture, "\033\033");
	screen_push(desk->screen, v_contact_new(desk, MINJUN));
	fixture_golden_linear(&fixture, "contact-failed");
	screen_pop(desk->screen);
	screen_push(desk->screen, v_plan_new(desk, rows, 3));
	fixture_golden_linear(&fixture, "plan");
	screen_pop(desk->screen);
	screen_push(desk->screen, v_review_new(desk, LONG));
	fixture_golden_linear(&fixture, "review");
	screen_pop(desk->screen);
	desk->sync->progress.running = true;
	desk->sync->progress.total = 64;
	desk->sync->progress.done = 37;
	fixture_golden_linear(&fixture, "contacts-running");
	screen_push(desk->screen, v_run_new(desk));
	fixture_golden_linear(&fixture, "run");
	screen_pop(desk->screen);
	desk->sync->progress.running = false;
	screen_push(desk->screen, v_proposal_new(desk));
	fixture_golden_linear(&fixture, "proposal");
	screen_pop(desk->screen);
	fixture_press(&fixture, "?");
	fixture_golden_linear(&fixture, "help");
	fixture_press(&fixture, "\033:sync");
	fixture_golden_linear(&fixture, "palette");
	fixture_press(&fixture, "\033");
	desk->tour.kind = DESK_TOUR_LATER;
	tour_turn(desk);
	fixture_golden_linear(&fixture, "tour");
	close_list(&fixture);
}

static void
dump(struct fixture *fixture, struct canvas *canvas, struct str *out)
{
	screen_dirty(fixture->desk.screen);
	screen_draw(fixture->desk.screen, canvas);
	str_reset(out);
	canvas_dump(canvas, out);
}

/* Which lines are others; bit i for line i. */
static uint32_t
changed(const char *before, const char *after)
{
	uint32_t lines = 0;

	for (int i = 0; *before && *after; i++) {
		size_t a = strcspn(before, "\n"), b = strcspn(after, "\n");

		if (a != b || memcmp(before, after, a) != 0)
			lines |= 1u << i;
		before += a + (before[a] == '\n');
		after += b + (after[b] == '\n');
	}
	return lines;
}

TEST(linear_a_move_changes_the_message_alone)
{
	struct canvas *canvas = canvas_new(24, 80, false);
	struct fixture fixture;
	struct str before, after;
	int row, column;

	open_list(&fixture);
	str_init(&before, 1 << 16);
	str_init(&after, 1 << 16);
	canvas_set_linear(canvas, true);
	for (int i = 0; i < SAMPLES - 1; i++) {
		int was;

		dump(&fixture, canvas, &before);
		REQUIRE(canvas_cursor_place(canvas, &was, &column));
		CHECK_INT(column, 0);
		fixture_press(&fixture, "j");
		dump(&fixture, canvas, &after);
		REQUIRE(canvas_cursor_place(canvas, &row, &column));
		CHECK_INT(row, was + 1);
		CHECK_INT(column, 0);
		/* the note is the last but one, or with the one above */
		CHECK_INT(changed(before.data, after.data) & ~(3u << 21), 0);
	}
	/* no sign is left, in any line */
	CHECK(!strstr(after.data, "○") && !strstr(after.data, "─") &&
	      !strstr(after.data, "▸") && !strstr(after.data, "  "));
	str_release(&before);
	str_release(&after);
	canvas_free(canvas);
	close_list(&fixture);
}
