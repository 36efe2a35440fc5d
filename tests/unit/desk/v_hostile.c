/* SPDX-License-Identifier: MIT */
/*
 * Text from outside in every place of every screen: the canvas asserts that
 * nothing reaches it uncleaned, whatever the size.
 */
#include <string.h>

#include "base/str.h"
#include "check.h"
#include "desk/run_log.h"
#include "views.h"

/* Escapes, C1, a bidi override, zero width, bad UTF-8, marks without a base,
 * wide ones, lines. */
#define HOSTILE                                              \
	"\x1b[31m\x07\xc2\x9b"                               \
	"2J\xe2\x80\xae\xe2\x80\x8b\xcc\x81\xcc\x81"         \
	"e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81 " \
	"\xe6\xb0\x91\xf0\x9f\x98\x80\xef\xbf\xbe\x7f\t\n|"

enum { HOSTILE_COLUMNS = 13 };

static const char *
hostile_book(struct str *text)
{
	str_add(text,
	    "Record ID,First Name,Last Name,Email,Mobile Phone,Phone Number,"
	    "Date of birth,Gender,Street Address,City,State,Postal Code,MBI\n");
	for (int row = 0; row < HOSTILE_COLUMNS; row++)
		for (int column = 0; column < HOSTILE_COLUMNS; column++)
			str_addf(text, "\"%d%s\"%c", row,
			    row == column || row == 0 ? HOSTILE : "",
			    column == HOSTILE_COLUMNS - 1 ? '\n' : ',');
	return text->data;
}

static void
draw_sizes(struct fixture *fixture)
{
	static const struct {
		int rows, columns;
	} sizes[] = {
	    {24, 80}, {40, 132}, {10, 40}, {1, 1}, {3, 9}, {60, 3}, {2, 200}};

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		for (int ascii = 0; ascii < 2; ascii++) {
			struct canvas *canvas = canvas_new(
			    sizes[i].rows, sizes[i].columns, ascii);
			struct area area = canvas_area(canvas);

			fixture->desk.ascii = ascii;
			screen_dirty(fixture->desk.screen);
			CHECK(screen_draw(fixture->desk.screen, canvas));
			v_run_strip(&fixture->desk, canvas, &area);
			canvas_free(canvas);
		}
	}
}

static void
spoil(struct fixture *fixture, uint32_t row, enum status status)
{
	struct row_status *place = fake_sync_row(
	    &fixture->sync, row, status, HOSTILE);

	str_copy(place->code, sizeof(place->code), HOSTILE);
	str_copy(
	    place->healthsherpa_id, sizeof(place->healthsherpa_id), HOSTILE);
	str_copy(place->candidate_id, sizeof(place->candidate_id), HOSTILE);
	str_copy(place->quote_url, sizeof(place->quote_url), HOSTILE);
	place->changed[row % FIELD_COUNT] = true;
}

TEST(screens_take_hostile_text)
{
	struct fixture fixture;
	struct str text;

	str_init(&text, 1 << 20);
	fixture_open_on(&fixture, hostile_book(&text));
	REQUIRE(book_count(fixture.desk.book) == HOSTILE_COLUMNS);
	for (uint32_t row = 0; row < HOSTILE_COLUMNS; row++) {
		for (int status = 0; status < STATUS_COUNT; status++) {
			spoil(&fixture, row, (enum status)status);
			screen_push(fixture.desk.screen,
			    v_contact_new(&fixture.desk, row));
			fixture_screen(&fixture);
			fixture_press(&fixture, "v\r");
			screen_paste(fixture.desk.screen, HOSTILE);
			fixture_screen(&fixture);
			screen_quit(fixture.desk.screen);
		}
		screen_push(
		    fixture.desk.screen, v_contact_new(&fixture.desk, row));
		CHECK(strstr(fixture_screen(&fixture), "\xe2\x90\x9b[31m"));
		draw_sizes(&fixture);
		screen_push(
		    fixture.desk.screen, v_review_new(&fixture.desk, row));
		CHECK(strstr(fixture_screen(&fixture), "Is this the same"));
		draw_sizes(&fixture);
		fixture_press(&fixture, "v");
		draw_sizes(&fixture);
		screen_pop(fixture.desk.screen);
		fixture_press(&fixture, "d");
		draw_sizes(&fixture);
		screen_quit(fixture.desk.screen);
	}
	fixture_close(&fixture);
	str_release(&text);
}

TEST(run_takes_hostile_answers)
{
	struct fixture fixture;
	struct str text;

	str_init(&text, 1 << 20);
	fixture_open_on(&fixture, hostile_book(&text));
	for (uint32_t row = 0; row < HOSTILE_COLUMNS; row++) {
		struct sync_event event = {.kind = SYNC_FINISHED_ROW,
		    .row = row,
		    .status = (enum status)(row % STATUS_COUNT),
		    .verb = (enum plan_verb)(row % PLAN_VERB_COUNT)};

		str_copy(event.message, sizeof(event.message), HOSTILE);
		str_copy(event.code, sizeof(event.code), HOSTILE);
		spoil(&fixture, row, event.status);
		run_log_add(fixture.desk.run_log, "1", &event, 0);
	}
	str_copy(fixture.sync.progress.notice,
	    sizeof(fixture.sync.progress.notice), HOSTILE);
	fixture.sync.progress.total = 20;
	screen_push(fixture.desk.screen, v_run_new(&fixture.desk));
	draw_sizes(&fixture);
	fixture.sync.progress.running = true;
	draw_sizes(&fixture);
	fixture_close(&fixture);
	str_release(&text);
}
