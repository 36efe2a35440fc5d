/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "check.h"
#include "views.h"

static void
open_contact(struct fixture *fixture, uint32_t row)
{
	fixture_open(fixture);
	screen_push(fixture->desk.screen, v_contact_new(&fixture->desk, row));
}

#define SHOWS(fixture, text)                                                  \
	check_that(strstr(fixture_screen(fixture), (text)) != NULL, __FILE__, \
	    __LINE__, "the screen shows " #text)
#define HIDES(fixture, text)                                                  \
	check_that(strstr(fixture_screen(fixture), (text)) == NULL, __FILE__, \
	    __LINE__, "the screen does not show " #text)

static const char *
cell(struct fixture *fixture, uint32_t row, const char *column)
{
	uint32_t number = records_find_column(
	    book_records(fixture->desk.book), column);

	REQUIRE(number != RECORDS_NONE);
	return book_cell(fixture->desk.book, row, number);
}

TEST(contact_screens)
{
	static const char *const names[SAMPLES] = {"contact-walter",
	    "contact-jose", "contact-minjun", "contact-nameless",
	    "contact-secret", "contact-long"};

	for (uint32_t row = 0; row < SAMPLES; row++) {
		struct fixture fixture;

		open_contact(&fixture, row);
		fixture_golden(&fixture, names[row]);
		fixture_close(&fixture);
	}
}

TEST(contact_statuses)
{
	struct fixture fixture;
	struct row_status *status;

	open_contact(&fixture, JOSE);
	status = fake_sync_row(&fixture.sync, JOSE, STATUS_CHANGED,
	    "differs from what HealthSherpa accepted: phone");
	status->changed[FIELD_PHONE] = true;
	str_copy(status->healthsherpa_id, sizeof(status->healthsherpa_id),
	    "hs_0001");
	screen_stale(fixture.desk.screen);
	fixture_golden_at(&fixture, "contact-changed", 24, 80, false);
	status = fake_sync_row(&fixture.sync, JOSE, STATUS_FAILED,
	    "HealthSherpa refused it: the phone number is not valid");
	str_copy(status->code, sizeof(status->code), "validation_failed");
	screen_stale(fixture.desk.screen);
	fixture_golden_at(&fixture, "contact-failed", 24, 80, false);
	status = fake_sync_row(&fixture.sync, JOSE, STATUS_SYNCED, "");
	status->synced_at_ms = INT64_C(1795000000000) - 2 * 86400000;
	str_copy(status->healthsherpa_id, sizeof(status->healthsherpa_id),
	    "hs_0001");
	str_copy(status->quote_url, sizeof(status->quote_url),
	    "https://medicare.example.com/q/1");
	screen_stale(fixture.desk.screen);
	fixture_golden_at(&fixture, "contact-synced", 24, 80, false);
	fixture_close(&fixture);
}

TEST(contact_a_blocked_one_is_mended_as_the_screen_says)
{
	struct fixture fixture;

	open_contact(&fixture, NAMELESS);
	SHOWS(&fixture, "blocked");
	SHOWS(&fixture, "REQUIRED  first name is missing");
	SHOWS(&fixture, "Enter: type it here");
	SHOWS(&fixture, "Enter edit");
	/* The cursor is on the field already. */
	fixture_press(&fixture, "\rAn");
	SHOWS(&fixture, "with this, nothing blocks the contact");
	SHOWS(&fixture, "Typing the first name: Enter keeps it");
	CHECK_TEXT(cell(&fixture, NAMELESS, "First Name"), "");
	fixture_press(&fixture, "a");
	fixture_golden_at(&fixture, "contact-typing", 24, 80, false);
	fixture_golden_at(&fixture, "contact-typing", 10, 40, false);
	fixture_press(&fixture, "\r");
	CHECK_TEXT(cell(&fixture, NAMELESS, "First Name"), "Ana");
	CHECK_TEXT(screen_message(fixture.desk.screen),
	    "nothing blocks Alvarez, Ana now: s sends, w saves the change "
	    "into the file");
	HIDES(&fixture, "REQUIRED");
	fixture_press(&fixture, "g");
	SHOWS(&fixture, "new: ");
	SHOWS(&fixture, "1 change not saved: w saves");
	fixture_press(&fixture, "u");
	SHOWS(&fixture, "blocked");
	HIDES(&fixture, "not saved");
	fixture_press(&fixture, "\x12");
	SHOWS(&fixture, "Alvarez, Ana");
	fixture_close(&fixture);
}

TEST(contact_findings_follow_each_key)
{
	struct fixture fixture;

	open_contact(&fixture, WALTER);
	SHOWS(&fixture, "ZIP-LENGTH");
	fixture_press(&fixture, "\r");
	SHOWS(&fixture, "ZIP-LENGTH");
	fixture_press(&fixture, "4");
	HIDES(&fixture, "ZIP-");
	SHOWS(&fixture, "95814");
	fixture_press(&fixture, "x");
	SHOWS(&fixture, "ZIP-SHAPE");
	fixture_press(&fixture, "\033");
	SHOWS(&fixture, "ZIP-LENGTH");
	CHECK_TEXT(cell(&fixture, WALTER, "Postal Code"), "9581");
	CHECK_INT(book_unsaved(fixture.desk.book), 0);
	fixture_close(&fixture);
}

TEST(contact_tab_goes_through_the_form_and_keeps_what_is_typed)
{
	struct fixture fixture;

	open_contact(&fixture, WALTER);
	fixture_press(&fixture, "gj");
	fixture_press(&fixture, "\r");
	SHOWS(&fixture, "Typing the first name: Enter keeps it, Tab goes on");
	fixture_press(&fixture, " T.\t");
	CHECK_TEXT(cell(&fixture, WALTER, "First Name"), "Walter T.");
	SHOWS(&fixture, "Typing the last name");
	/* nothing typed: nothing is changed */
	fixture_press(&fixture, "\t");
	SHOWS(&fixture, "Typing the e-mail");
	CHECK_INT((long)book_unsaved(fixture.desk.book), 1);
	screen_key(fixture.desk.screen, KEY_CODE_BACK_TAB);
	SHOWS(&fixture, "Typing the last name");
	/* at the beginning it is Enter alone */
	screen_key(fixture.desk.screen, KEY_CODE_BACK_TAB);
	screen_key(fixture.desk.screen, KEY_CODE_BACK_TAB);
	SHOWS(&fixture, "Typing the ID");
	screen_key(fixture.desk.screen, KEY_CODE_BACK_TAB);
	HIDES(&fixture, "Typing");
	fixture_close(&fixture);
}

TEST(contact_tab_completes_where_there_are_few_values)
{
	struct fixture fixture;

	open_contact(&fixture, JOSE);
	fixture_press(&fixture, "g");
	for (int i = 0;
	     i < 20 && !strstr(fixture_screen(&fixture), "\n state: the state");
	     i++)
		fixture_press(&fixture, "j");
	fixture_press(&fixture, "\r\x15");
	SHOWS(&fixture, "Typing the state: its name or two letters. Tab "
			"completes");
	fixture_press(&fixture, "cali\t");
	SHOWS(&fixture, "Typing the state");
	SHOWS(&fixture, "California");
	/* it is whole: on to the next one */
	fixture_press(&fixture, "\t");
	SHOWS(&fixture, "Typing the ZIP");
	CHECK_TEXT(cell(&fixture, JOSE, "State"), "California");
	fixture_close(&fixture);
}

TEST(contact_a_date_is_told_as_it_is_read)
{
	struct fixture fixture;

	open_contact(&fixture, JOSE);
	fixture_press(&fixture, "g");
	for (int i = 0;
	     i < 20 && !strstr(fixture_screen(&fixture), "\n birth date: ");
	     i++)
		fixture_press(&fixture, "j");
	fixture_press(&fixture, "\r");
	HIDES(&fixture, "1958-01-02");
	HIDES(&fixture, "1/2/1958");
	fixture_press(&fixture, "3/4/61");
	SHOWS(&fixture, "3/4/61 → 1961-03-04");
	fixture_press(&fixture, "\r");
	HIDES(&fixture, "1961-03-04");
	CHECK_TEXT(cell(&fixture, JOSE, "Date of birth"), "3/4/61");
	fixture_close(&fixture);
}

TEST(contact_takes_what_a_finding_proposes)
{
	static const char text[] =
	    "Record ID,First Name,Last Name,Email,Mobile Phone,Phone Number,"
	    "Date of birth,Gender,Street Address,City,State,Postal Code,MBI\n"
	    "51,Walter,Adams,walter@gmial.com,,,7/4/1955,1,,Sacramento,"
	    "CA,95814,1SG4-TE5-MK73\n";
	struct fixture fixture;

	fixture_open_on(&fixture, text);
	screen_push(fixture.desk.screen, v_contacts_new(&fixture.desk));
	screen_push(fixture.desk.screen, v_contact_new(&fixture.desk, 0));
	SHOWS(&fixture, "EMAIL-DOMAIN");
	SHOWS(&fixture, "Perhaps \"walter@gmail.com\"? f takes it.");
	SHOWS(&fixture, "\n f take the proposal");
	fixture_press(&fixture, "f");
	CHECK_TEXT(cell(&fixture, 0, "Email"), "walter@gmail.com");
	HIDES(&fixture, "EMAIL-DOMAIN");
	fixture_press(&fixture, "f");
	CHECK_TEXT(screen_message(fixture.desk.screen),
	    "belay knows no better value for this one");
	fixture_press(&fixture, "u");
	CHECK_TEXT(cell(&fixture, 0, "Email"), "walter@gmial.com");
	fixture_close(&fixture);
}

TEST(contact_marks_what_the_next_sync_changes)
{
	struct fixture fixture;
	struct row_status *status;

	open_contact(&fixture, MINJUN);
	HIDES(&fixture, "UPDATE");
	status = fake_sync_row(&fixture.sync, MINJUN, STATUS_CHANGED, "phone");
	status->changed[FIELD_PHONE] = true;
	screen_stale(fixture.desk.screen);
	fixture_golden(&fixture, "contact-update");
	SHOWS(&fixture, "UPDATE");
	CHECK(strstr(
	    strstr(fixture_screen(&fixture), "808-555-0144"), "changed"));
	/* the plan of it names the same field */
	fixture_press(&fixture, "d");
	v_plan_work(screen_top(fixture.desk.screen));
	screen_stale(fixture.desk.screen);
	SHOWS(&fixture, "phone");
	SHOWS(&fixture, "(808) 555-0144");
	fixture_press(&fixture, "\033");
	fake_sync_row(&fixture.sync, MINJUN, STATUS_SYNCED, "");
	screen_stale(fixture.desk.screen);
	HIDES(&fixture, "UPDATE");
	fixture_close(&fixture);
}

TEST(contact_masked_values_are_not_shown_by_typing)
{
	struct fixture fixture;

	open_contact(&fixture, SECRET);
	HIDES(&fixture, "987-65");
	SHOWS(&fixture, "MBI-SSN");
	fixture_press(&fixture, "\r");
	HIDES(&fixture, "987-65");
	SHOWS(&fixture, "What stood here is replaced by what you type");
	fixture_golden_at(&fixture, "contact-typing-masked", 24, 80, false);
	fixture_press(&fixture, "\033v");
	SHOWS(&fixture, "987-65-4320");
	fixture_press(&fixture, "\r");
	HIDES(&fixture, "What stood here");
	fixture_press(&fixture, "\033");
	fixture_close(&fixture);
}

TEST(contact_values_are_left_out)
{
	struct fixture fixture;

	open_contact(&fixture, SECRET);
	fixture_press(&fixture, "x");
	CHECK_TEXT(screen_message(fixture.desk.screen),
	    "the Medicare number will not be sent for Cole, Denise; x takes "
	    "that back");
	SHOWS(&fixture, "new");
	SHOWS(&fixture, "Left out until you leave belay; x sends it again.");
	fixture_golden_at(&fixture, "contact-left-out", 24, 80, false);
	fixture_press(&fixture, "x");
	SHOWS(&fixture, "blocked");
	fixture_press(&fixture, "gx");
	CHECK_TEXT(screen_message(fixture.desk.screen),
	    "HealthSherpa takes no contact without the ID: Enter types it");
	fixture_close(&fixture);
	open_contact(&fixture, WALTER);
	fixture_press(&fixture, "x");
	CHECK_TEXT(screen_message(fixture.desk.screen),
	    "the ZIP is left out already, as it is not right: Enter types it");
	fixture_close(&fixture);
}

TEST(contact_what_cannot_be_typed_says_where_it_is_made)
{
	struct fixture fixture;

	open_contact(&fixture, JOSE);
	fixture_press(&fixture, "G\r");
	CHECK_TEXT(screen_message(fixture.desk.screen),
	    "notes: made by the mapping (Came from {City}); change it in the "
	    "file or in the mapping");
	fixture_press(&fixture, "n");
	CHECK_TEXT(
	    screen_message(fixture.desk.screen), "nothing is wrong here");
	fixture_close(&fixture);
}

TEST(contact_lines_that_typing_loses_are_announced)
{
	struct fixture fixture;

	open_contact(&fixture, LONG);
	fixture_press(&fixture, "g");
	for (int i = 0; i < 7; i++)
		screen_key(fixture.desk.screen, KEY_CODE_DOWN);
	SHOWS(&fixture, "address: house");
	fixture_press(&fixture, "\r");
	SHOWS(&fixture, "This value has several lines");
	fixture_press(&fixture, "\r");
	CHECK_INT(book_unsaved(fixture.desk.book), 0);
	fixture_close(&fixture);
}

TEST(contact_values_that_are_cut_are_told_in_full)
{
	struct fixture fixture;

	open_contact(&fixture, LONG);
	fixture_press(&fixture, "gjjj");
	SHOWS(&fixture, "Would be sent: annemarie.featherstonehaugh."
			"cholmondeley@example.com");
	HIDES(&fixture, "In the file: ");
	fixture_golden_at(&fixture, "contact-cut", 24, 80, false);
	fixture_golden_at(&fixture, "contact-cut", 40, 132, false);
	fixture_golden_at(&fixture, "contact-cut", 10, 40, true);
	fixture_press(&fixture, "jjjj");
	SHOWS(&fixture, "Would be sent: The Old Rectory Building");
	SHOWS(&fixture, "In the file: The Old Rectory Building␊Apartment 12");
	fixture_press(&fixture, "g");
	HIDES(&fixture, "Would be sent: ");
	fixture_close(&fixture);
}

TEST(contact_and_plan_do_not_pile_up)
{
	struct fixture fixture;

	open_contact(&fixture, JOSE);
	fixture_press(&fixture, "d");
	CHECK_INT(screen_depth(fixture.desk.screen), 2);
	SHOWS(&fixture, "What would be sent");
	CHECK_INT(v_plan_row(screen_top(fixture.desk.screen)), JOSE);
	fixture_press(&fixture, "\r");
	CHECK_INT(screen_depth(fixture.desk.screen), 1);
	CHECK_INT(v_contact_row(screen_top(fixture.desk.screen)), JOSE);
	fixture_close(&fixture);
}

TEST(contact_in_review_leads_to_the_question)
{
	struct fixture fixture;
	struct row_status *status;

	open_contact(&fixture, JOSE);
	fixture_press(&fixture, "D");
	SHOWS(&fixture, "there is nothing to decide about it");
	status = fake_sync_row(&fixture.sync, JOSE, STATUS_REVIEW,
	    "HealthSherpa has someone who looks like the same person");
	str_copy(status->candidate_id, sizeof(status->candidate_id), "hs_77");
	screen_stale(fixture.desk.screen);
	SHOWS(&fixture, "(there: hs_77). To decide: D");
	SHOWS(&fixture, "D decide");
	HIDES(&fixture, "s sync");
	fixture_press(&fixture, "s");
	SHOWS(&fixture, "it waits for your decision: D");
	fixture_press(&fixture, "D");
	SHOWS(&fixture, "Is this the same person?");
	fixture_press(&fixture, "l");
	CHECK(fixture.sync.decided == DECISION_LINK);
	CHECK(fixture.sync.decided_row == JOSE);
	fixture_press(&fixture, "\033");
	SHOWS(&fixture, "changed");
	/* A decision against it is no error, and may be taken back. */
	fake_sync_row(&fixture.sync, JOSE, STATUS_BLOCKED,
	    "you decided that it is never sent");
	fixture.desk.generation++;
	screen_stale(fixture.desk.screen);
	SHOWS(&fixture, "D decide");
	fixture_press(&fixture, "D");
	SHOWS(&fixture, "You can still decide otherwise");
	fixture_close(&fixture);
}

TEST(contact_undo_does_not_reach_other_contacts)
{
	struct fixture fixture;

	open_contact(&fixture, JOSE);
	fixture_press(&fixture, "j\r!\r");
	CHECK_INT((long)book_unsaved(fixture.desk.book), 1);
	screen_push(fixture.desk.screen, v_contact_new(&fixture.desk, MINJUN));
	fixture_press(&fixture, "u");
	SHOWS(&fixture, "go back to the list to undo it");
	CHECK_INT((long)book_unsaved(fixture.desk.book), 1);
	screen_pop(fixture.desk.screen);
	fixture_press(&fixture, "u");
	CHECK_INT((long)book_unsaved(fixture.desk.book), 0);
	fixture_close(&fixture);
}
