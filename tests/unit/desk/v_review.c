/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "check.h"
#include "desk/actions.h"
#include "desk/review_case.h"
#include "desk/run_log.h"
#include "sync/explain.h"
#include "views.h"

#define SHOWS(fixture, text)                                                  \
	check_that(strstr(fixture_screen(fixture), (text)) != NULL, __FILE__, \
	    __LINE__, "the screen shows " #text)
#define HIDES(fixture, text)                                                  \
	check_that(strstr(fixture_screen(fixture), (text)) == NULL, __FILE__, \
	    __LINE__, "the screen does not show " #text)

static const char reason_similar[] =
    "HealthSherpa has someone who looks like the same person; link this row "
    "to that contact, or create it anyway";

static void
put_review(struct fixture *fixture, const char *code, const char *candidate,
    const char *linked, const char *reason)
{
	struct row_status *status = fake_sync_row(
	    &fixture->sync, JOSE, STATUS_REVIEW, reason);

	str_copy(status->code, sizeof(status->code), code);
	str_copy(status->candidate_id, sizeof(status->candidate_id), candidate);
	str_copy(
	    status->healthsherpa_id, sizeof(status->healthsherpa_id), linked);
	fixture->desk.generation++;
	screen_stale(fixture->desk.screen);
}

static void
open_review(struct fixture *fixture, const char *code, const char *candidate,
    const char *linked, const char *reason)
{
	fixture_open(fixture);
	put_review(fixture, code, candidate, linked, reason);
	screen_push(fixture->desk.screen, v_contacts_new(&fixture->desk));
	screen_push(fixture->desk.screen, v_review_new(&fixture->desk, JOSE));
}

TEST(review_screens)
{
	static const struct {
		const char *name, *code, *candidate, *linked, *reason;
	} cases[] = {
	    {"review-recognised", "recognised",
		"1f684bd5-a846-4190-8b88-a6923438bf77", "",
		"recognised by phone, name and birth date as the contact "
		"synced on 2026-11-02; is it the same person?"},
	    {"review-similar", "similar",
		"1f684bd5-a846-4190-8b88-a6923438bf77", "", reason_similar},
	    {"review-conflict", "conflict", "hs_0077", "",
		"someone with this Medicare number is in HealthSherpa under "
		"another ID of yours; link this row to that contact, or leave "
		"it out"},
	    {"review-gone", "gone", "hs_0001", "hs_0001",
		"HealthSherpa no longer has this contact under the ID it was "
		"linked to; link it to another, or create it anew"},
	    {"review-two-ids", "two-ids", "hs_0002", "hs_0001",
		"the file has another HealthSherpa ID for this row than the "
		"one it was synced with; link it to the right one"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fixture fixture;

		open_review(&fixture, cases[i].code, cases[i].candidate,
		    cases[i].linked, cases[i].reason);
		fixture_golden(&fixture, cases[i].name);
		fixture_close(&fixture);
	}
}

TEST(review_opens_from_the_list_with_enter)
{
	struct fixture fixture;

	fixture_open(&fixture);
	put_review(&fixture, "similar", "hs_77", "", reason_similar);
	screen_push(fixture.desk.screen, v_contacts_new(&fixture.desk));
	v_contacts_work(screen_top(fixture.desk.screen));
	fixture_screen(&fixture);
	fixture_press(&fixture, "g");
	while (v_contacts_row(screen_top(fixture.desk.screen)) != JOSE)
		fixture_press(&fixture, "j");
	SHOWS(&fixture, "Ábalos, José María: HealthSherpa has someone who "
			"looks the same. D decides");
	SHOWS(&fixture, "D decide");
	fixture_press(&fixture, "\r");
	SHOWS(&fixture, "Review: Ábalos, José María");
	/* The contact is one key away, and they do not pile up. */
	fixture_press(&fixture, "e");
	CHECK_INT((long)screen_depth(fixture.desk.screen), 3);
	CHECK_INT(v_contact_row(screen_top(fixture.desk.screen)), JOSE);
	fixture_press(&fixture, "D");
	CHECK_INT((long)screen_depth(fixture.desk.screen), 2);
	SHOWS(&fixture, "Is this the same person?");
	fixture_press(&fixture, "\033");
	CHECK_INT((long)screen_depth(fixture.desk.screen), 1);
	CHECK_INT(fixture.sync.decisions, 0);
	fixture_close(&fixture);
}

TEST(review_opens_from_what_would_be_sent_and_from_the_run)
{
	static const uint32_t rows[] = {JOSE};
	struct sync_event event = {.kind = SYNC_FINISHED_ROW,
	    .row = JOSE,
	    .status = STATUS_REVIEW,
	    .verb = PLAN_REVIEW};
	struct fixture fixture;

	fixture_open(&fixture);
	put_review(&fixture, "similar", "hs_77", "", reason_similar);
	screen_push(fixture.desk.screen, v_plan_new(&fixture.desk, rows, 1));
	while (v_plan_work(screen_top(fixture.desk.screen)))
		;
	fixture_screen(&fixture);
	fixture_press(&fixture, "\r");
	SHOWS(&fixture, "Is this the same person?");
	screen_quit(fixture.desk.screen);
	run_log_add(fixture.desk.run_log, "1", &event, 0);
	screen_push(fixture.desk.screen, v_run_new(&fixture.desk));
	SHOWS(&fixture, "D decide");
	fixture_press(&fixture, "\r");
	SHOWS(&fixture, "Is this the same person?");
	/* Where nothing can be decided Enter shows the contact. */
	fixture_press(&fixture, "\033");
	fixture.desk.read_only = true;
	fixture_press(&fixture, "\r");
	SHOWS(&fixture, "WOULD BE SENT");
	fixture_close(&fixture);
}

TEST(review_every_code_has_its_case)
{
	struct row_status status = {0};
	const char *code;

	for (size_t i = 0; (code = explain_review_code(i)) != NULL; i++) {
		str_copy(status.code, sizeof(status.code), code);
		CHECK_TEXT(review_case(&status)->code, code);
	}
	str_copy(status.code, sizeof(status.code), "of a newer belay");
	CHECK_TEXT(review_case(&status)->code, "");
}

TEST(review_links_with_one_key_and_says_what_is_next)
{
	struct fixture fixture;

	open_review(&fixture, "similar", "hs_77", "", reason_similar);
	fixture_press(&fixture, "s");
	CHECK_TEXT(screen_message(fixture.desk.screen),
	    "answer the question first: then it can be sent");
	CHECK_INT(fixture.sync.starts, 0);
	fixture_press(&fixture, "l");
	CHECK_INT(fixture.sync.decisions, 1);
	CHECK(fixture.sync.decided == DECISION_LINK);
	CHECK_INT(fixture.sync.decided_row, JOSE);
	CHECK_TEXT(fixture.sync.decided_id, "");
	CHECK_TEXT(screen_message(fixture.desk.screen),
	    "linked: an update is sent at the next sync; s sends it now");
	SHOWS(&fixture, "An update is sent at the next sync; s sends it now.");
	HIDES(&fixture, "Is this the same person?");
	SHOWS(&fixture, "hs_77");
	fixture_golden(&fixture, "review-linked");
	/* Once is enough. */
	fixture_press(&fixture, "l");
	CHECK_TEXT(screen_message(fixture.desk.screen),
	    "there is nothing to decide about it");
	CHECK_INT(fixture.sync.decisions, 1);
	fixture_press(&fixture, "s");
	CHECK_INT(fixture.sync.starts, 1);
	CHECK_INT((long)fixture.sync.started_count, 1);
	CHECK_INT(fixture.sync.started[0], JOSE);
	fixture_close(&fixture);
}

TEST(review_creates_with_a_second_key_only)
{
	struct fixture fixture;

	open_review(&fixture, "similar", "hs_77", "", reason_similar);
	fixture_press(&fixture, "c");
	SHOWS(&fixture, "it cannot be undone: y creates a new contact");
	CHECK_INT(fixture.sync.decisions, 0);
	/* No other key will do, the first one again least of all. */
	fixture_press(&fixture, "cn\r");
	CHECK_INT(fixture.sync.decisions, 0);
	fixture_press(&fixture, "\033");
	CHECK_INT(fixture.sync.decisions, 0);
	SHOWS(&fixture, "Is this the same person?");
	fixture_press(&fixture, "cy");
	CHECK_INT(fixture.sync.decisions, 1);
	CHECK(fixture.sync.decided == DECISION_CREATE);
	CHECK_TEXT(screen_message(fixture.desk.screen),
	    "it is created at the next sync; s creates it now, u takes this "
	    "back");
	SHOWS(&fixture, "A new contact is created at the next sync");
	fixture_close(&fixture);
}

TEST(review_a_question_that_was_overtaken_decides_nothing)
{
	struct fixture fixture;

	open_review(&fixture, "similar", "hs_77", "", reason_similar);
	fixture_press(&fixture, "c");
	fake_sync_row(&fixture.sync, JOSE, STATUS_SYNCED, "");
	fixture_press(&fixture, "y");
	CHECK_INT(fixture.sync.decisions, 0);
	CHECK_TEXT(screen_message(fixture.desk.screen),
	    "there is nothing to decide about it");
	fixture_close(&fixture);
}

TEST(review_never_can_be_decided_otherwise)
{
	struct fixture fixture;

	open_review(&fixture, "similar", "hs_77", "", reason_similar);
	fixture_press(&fixture, "n");
	CHECK_INT(fixture.sync.decisions, 1);
	CHECK(fixture.sync.decided == DECISION_NEVER);
	CHECK_TEXT(screen_message(fixture.desk.screen),
	    "Ábalos, José María is not sent any more; u takes it back");
	SHOWS(
	    &fixture, "You can still decide otherwise: l links it, c creates");
	fixture_golden_at(&fixture, "review-never", 24, 80, false);
	fixture_press(&fixture, "n");
	CHECK_TEXT(
	    screen_message(fixture.desk.screen), "it is never sent already");
	fixture_press(&fixture, "l");
	CHECK_INT(fixture.sync.decisions, 2);
	CHECK(fixture.sync.decided == DECISION_LINK);
	CHECK_TEXT(fixture.sync.decided_id, "hs_77");
	fixture_close(&fixture);
}

TEST(review_decisions_are_taken_back_while_nothing_was_sent)
{
	struct fixture fixture;

	open_review(&fixture, "similar", "hs_77", "", reason_similar);
	fixture_press(&fixture, "n");
	CHECK_INT(fixture.sync.decisions, 1);
	fixture_press(&fixture, "u");
	CHECK_INT(fixture.sync.decisions, 0);
	CHECK_TEXT(screen_message(fixture.desk.screen),
	    "Ábalos, José María: the decision is taken back");
	SHOWS(&fixture, "Is this the same person?");
	/* a link is for good, and says so before */
	SHOWS(&fixture, "yes: linked for good");
	fixture_press(&fixture, "l");
	fixture_press(&fixture, "u");
	CHECK_TEXT(
	    screen_message(fixture.desk.screen), "there is nothing to undo");
	CHECK_INT(fixture.sync.decisions, 1);
	fixture_close(&fixture);
}

TEST(review_asks_for_the_id_where_nobody_is_known)
{
	struct fixture fixture;

	open_review(&fixture, "gone", "hs_01", "hs_01", "it is gone");
	SHOWS(&fixture, "nobody any more");
	fixture_press(&fixture, "l");
	SHOWS(&fixture, "its HealthSherpa ID:");
	fixture_press(&fixture, "\r");
	SHOWS(&fixture, "type the HealthSherpa ID, or Esc to decide later");
	fixture_press(&fixture, "hs_01\r");
	SHOWS(&fixture, "this is the ID that it had");
	CHECK_INT(fixture.sync.decisions, 0);
	fixture_press(&fixture, "\033l");
	fixture.sync.refuses = "this is not a HealthSherpa ID";
	fixture_press(&fixture, "a/b\r");
	SHOWS(&fixture, "this is not a HealthSherpa ID");
	fixture.sync.refuses = NULL;
	fixture_press(&fixture, "\033l hs_02 \r");
	CHECK_INT(fixture.sync.decisions, 1);
	CHECK(fixture.sync.decided == DECISION_LINK);
	CHECK_TEXT(fixture.sync.decided_id, "hs_02");
	fixture_close(&fixture);
}

TEST(review_of_two_ids_can_only_be_linked)
{
	struct fixture fixture;

	open_review(&fixture, "two-ids", "hs_02", "hs_01", "two IDs");
	HIDES(&fixture, "c create");
	fixture_press(&fixture, "c");
	CHECK_TEXT(screen_message(fixture.desk.screen),
	    "it is linked already: the question is only to whom");
	fixture_press(&fixture, "n");
	CHECK_INT(fixture.sync.decisions, 0);
	fixture_press(&fixture, "l");
	CHECK_INT(fixture.sync.decisions, 1);
	CHECK_TEXT(fixture.sync.decided_id, "");
	fixture_close(&fixture);
}

TEST(review_refusals_and_masks)
{
	struct fixture fixture;

	open_review(&fixture, "conflict", "hs_77", "", "two of them");
	SHOWS(&fixture, "•••-•••-MK74");
	HIDES(&fixture, "1SG4TE5MK74");
	HIDES(&fixture, "1/2/1958");
	fixture_press(&fixture, "v");
	SHOWS(&fixture, "1SG4TE5MK74");
	fixture_press(&fixture, "v");
	HIDES(&fixture, "1SG4TE5MK74");
	fixture.sync.refuses = "that contact is linked to another row already";
	fixture_press(&fixture, "l");
	CHECK_TEXT(screen_message(fixture.desk.screen),
	    "that contact is linked to another row already");
	SHOWS(&fixture, "Is this the same person?");
	fixture.sync.refuses = NULL;
	fixture.desk.read_only = true;
	fixture_press(&fixture, "l");
	CHECK(strstr(screen_message(fixture.desk.screen), "only look"));
	CHECK_INT(fixture.sync.decisions, 0);
	fixture_close(&fixture);
}

/* ---- HealthSherpa's side ------------------------------------------------- */

/* As it answers: hs_77 by the Medicare number, another one by the phone. */
static void
answer_look(struct fixture *fixture, unsigned count)
{
	struct sync_remotes *there = &fixture->sync.remotes;
	struct sync_remote *first = &there->contacts[0];

	there->known = LOOK_KNOWN;
	there->row = JOSE;
	there->count = count;
	*first = (struct sync_remote){.healthsherpa_id = "hs_77",
	    .found_by = {"Medicare number", NULL, "name and e-mail"}};
	first->values[FIELD_FIRST_NAME] = "José María";
	first->values[FIELD_LAST_NAME] = "Ábalos";
	first->values[FIELD_MEDICARE_NUMBER] = "1SG4TE5MK74";
	first->values[FIELD_BIRTH_DATE] = "1958-02-01";
	first->values[FIELD_EMAIL] = "Jose@Example.com";
	first->values[FIELD_PHONE] = "3055550199";
	first->values[FIELD_ADDRESS_1] = "8 Calle Ocho";
	first->values[FIELD_ADDRESS_2] = "Apt 4";
	first->values[FIELD_STATE] = "FL";
	there->contacts[1] = (struct sync_remote){.healthsherpa_id = "hs_90",
	    .found_by = {NULL, NULL, NULL, "name and phone"}};
	there->contacts[1].values[FIELD_LAST_NAME] = "Ábalos";
	screen_stale(fixture->desk.screen);
}

static void
open_known(struct fixture *fixture, const char *code, const char *candidate,
    unsigned count)
{
	open_review(fixture, code, candidate, "", reason_similar);
	answer_look(fixture, count);
	fixture_screen(fixture);
}

/* The cursor onto a field, by its label. */
static void
go_to_field(struct fixture *fixture, const char *label)
{
	char wanted[64];

	snprintf(wanted, sizeof(wanted), "\n▸  %s", label);
	fixture_press(fixture, "g");
	for (int i = 0; i < 30; i++) {
		if (strstr(fixture_screen(fixture), wanted))
			return;
		fixture_press(fixture, "j");
	}
	CHECK(!"the field is there");
}

TEST(review_shows_both_sides)
{
	struct fixture fixture;

	open_known(&fixture, "similar", "hs_77", 2);
	SHOWS(&fixture,
	    "Contact 1 of 2 (Tab: the next). Found by Medicare number and 1 "
	    "more way:");
	SHOWS(&fixture, " hs_77. The update after linking");
	SHOWS(&fixture, "changes birth date, phone; adds");
	SHOWS(&fixture, "differs");
	HIDES(&fixture, "3055550199");
	fixture_golden(&fixture, "review-sides");
	fixture_press(&fixture, "\t");
	SHOWS(&fixture, "Contact 2 of 2");
	SHOWS(&fixture, "in question.");
	fixture_press(&fixture, "\t");
	SHOWS(&fixture, "Contact 1 of 2");
	/* the sensitive ones stay masked on both sides */
	HIDES(&fixture, "02-01");
	HIDES(&fixture, "1SG4TE5MK74");
	fixture_press(&fixture, "v");
	SHOWS(&fixture, "1958-02-01");
	fixture_close(&fixture);
}

/* It was asked already: to ask once more is no advice. */
TEST(review_takes_nothing_from_nobody)
{
	struct fixture fixture;

	open_known(&fixture, "gone", "hs_01", 0);
	fixture_press(&fixture, "jjt");
	SHOWS(&fixture,
	    "HealthSherpa's search brought nobody: there is nothing to take");
	fixture_close(&fixture);
}

TEST(review_takes_a_value_and_gives_it_back)
{
	struct fixture fixture;
	struct book *book;

	open_known(&fixture, "similar", "hs_77", 1);
	book = fixture.desk.book;
	go_to_field(&fixture, "phone");
	fixture_press(&fixture, "o");
	CHECK_TEXT(screen_message(fixture.desk.screen),
	    "the file's value is kept: nothing of HealthSherpa's was taken "
	    "here");
	fixture_press(&fixture, "t");
	CHECK_TEXT(book_cell(book, JOSE, 4), "(305) 555-0199");
	SHOWS(&fixture, "HealthSherpa's phone is in the file's column now: w "
			"saves it, u takes it back");
	put_review(&fixture, "similar", "hs_77", "", reason_similar);
	SHOWS(&fixture, "o goes back to yours");
	SHOWS(&fixture, "changes birth date; adds");
	CHECK_INT((long)book_unsaved(book), 1);
	fixture_press(&fixture, "u");
	CHECK_TEXT(book_cell(book, JOSE, 4), "(305) 555-0177");
	put_review(&fixture, "similar", "hs_77", "", reason_similar);
	go_to_field(&fixture, "phone");
	fixture_press(&fixture, "t");
	put_review(&fixture, "similar", "hs_77", "", reason_similar);
	fixture_press(&fixture, "o");
	CHECK_TEXT(book_cell(book, JOSE, 4), "(305) 555-0177");
	CHECK_INT((long)book_unsaved(book), 0);
	fixture_close(&fixture);
}

TEST(review_takes_a_date_as_the_column_writes_it)
{
	struct fixture fixture;

	open_known(&fixture, "similar", "hs_77", 1);
	go_to_field(&fixture, "birth date");
	fixture_press(&fixture, "t");
	CHECK_TEXT(book_cell(fixture.desk.book, JOSE, 6), "02/01/1958");
	put_review(&fixture, "similar", "hs_77", "", reason_similar);
	/* no column gives the second line of the address */
	go_to_field(&fixture, "address line 2");
	fixture_press(&fixture, "t");
	SHOWS(&fixture, "no single column of the file gives the address line "
			"2");
	go_to_field(&fixture, "city");
	fixture_press(&fixture, "t");
	SHOWS(&fixture, "HealthSherpa has no city to take");
	go_to_field(&fixture, "state");
	fixture_press(&fixture, "t");
	SHOWS(&fixture, "both have the same state");
	CHECK_INT((long)book_unsaved(fixture.desk.book), 1);
	fixture_close(&fixture);
}

TEST(review_asks_by_itself_once_and_says_why_not)
{
	struct fixture fixture;

	open_review(&fixture, "similar", "hs_77", "", reason_similar);
	CHECK_INT(fixture.sync.looked, 1);
	SHOWS(&fixture, "HealthSherpa is asked what it has...");
	fixture_screen(&fixture);
	CHECK_INT(fixture.sync.looked, 1);
	fixture.sync.remotes.known = LOOK_NOT_KNOWN;
	str_copy(fixture.sync.remotes.message,
	    sizeof(fixture.sync.remotes.message), "it did not answer");
	screen_stale(fixture.desk.screen);
	SHOWS(&fixture, "It did not answer. r asks once more.");
	CHECK_INT(fixture.sync.looked, 1);
	fixture_press(&fixture, "t");
	SHOWS(&fixture, "HealthSherpa's values are not known: r asks for "
			"them");
	fixture_press(&fixture, "r");
	CHECK_INT(fixture.sync.looked, 2);
	/* nobody looks on: it is forgotten */
	fixture_press(&fixture, "\033");
	fixture_screen(&fixture);
	CHECK_INT(fixture.sync.remotes.known, LOOK_NOT_ASKED);
	/* a sync goes on: it is asked when that is over */
	fixture.sync.refuses = "a sync is going on: ask when it is done";
	screen_push(fixture.desk.screen, v_review_new(&fixture.desk, JOSE));
	SHOWS(&fixture, "A sync is going on: ask when it is done. r asks");
	fixture.sync.refuses = NULL;
	screen_stale(fixture.desk.screen);
	SHOWS(&fixture, "HealthSherpa is asked what it has...");
	fixture_close(&fixture);
	/* a command gives the key: that would have to be waited for */
	fixture_open(&fixture);
	fixture.sync.slow_key = true;
	put_review(&fixture, "similar", "hs_77", "", reason_similar);
	screen_push(fixture.desk.screen, v_contacts_new(&fixture.desk));
	screen_push(fixture.desk.screen, v_review_new(&fixture.desk, JOSE));
	SHOWS(&fixture, "r asks HealthSherpa what it has.");
	CHECK_INT(fixture.sync.looked, 0);
	fixture_press(&fixture, "r");
	CHECK_INT(fixture.sync.looked, 1);
	fixture_close(&fixture);
}

/* Keys come faster than drawings: what was drawn is asked for anew by then, and
 * sync has forgotten what it found. */
TEST(review_takes_nothing_that_is_asked_for_anew)
{
	struct fixture fixture;
	char birth[] = "1958-02-01";
	struct err err = ERR_INIT;
	struct view *top;

	open_known(&fixture, "similar", "hs_77", 1);
	fixture.sync.remotes.contacts[0].values[FIELD_BIRTH_DATE] = birth;
	go_to_field(&fixture, "birth date");
	top = screen_top(fixture.desk.screen);
	CHECK(top->ops->may(top, DESK_TAKE_THEIRS, &err));
	REQUIRE(sync_ask_contact(fixture.desk.sync, JOSE, &err));
	memset(&fixture.sync.remotes.contacts, 0,
	    sizeof(fixture.sync.remotes.contacts));
	memset(birth, 'x', sizeof(birth) - 1);
	CHECK(!top->ops->may(top, DESK_TAKE_THEIRS, &err));
	CHECK(strstr(err.text, "values are not known"));
	fixture_close(&fixture);
}

TEST(review_links_whom_it_shows)
{
	struct fixture fixture;

	open_known(&fixture, "similar", "hs_77", 2);
	fixture_press(&fixture, "\tl");
	CHECK_TEXT(fixture.sync.decided_id, "hs_90");
	fixture_close(&fixture);
	open_review(&fixture, "gone", "hs_01", "hs_01", "it is gone");
	answer_look(&fixture, 2);
	fixture_press(&fixture, "l");
	CHECK_TEXT(fixture.sync.decided_id, "hs_77");
	fixture_close(&fixture);
	/* that contact was not brought: the others are not it */
	open_known(&fixture, "similar", "hs_55", 2);
	SHOWS(&fixture, "search does not bring that contact");
	SHOWS(&fixture, "hs_55");
	fixture_press(&fixture, "l");
	CHECK_TEXT(fixture.sync.decided_id, "");
	fixture_close(&fixture);
}

TEST(review_confirms_whom_it_recognised)
{
	struct fixture fixture;

	open_review(&fixture, "recognised", "hs_77", "",
	    "recognised by name and phone as the contact synced on 2026-11-02; "
	    "is it the same person?");
	SHOWS(&fixture, "Recognised by name and phone");
	SHOWS(&fixture, "SYNCED BEFORE");
	fixture_press(&fixture, "l");
	CHECK_INT(fixture.sync.decided, DECISION_LINK);
	CHECK_TEXT(fixture.sync.decided_id, "");
	fixture_close(&fixture);
	/* also one of which HealthSherpa's ID is not known yet */
	open_review(&fixture, "recognised", "", "", "recognised");
	fixture_press(&fixture, "l");
	CHECK_INT(fixture.sync.decisions, 1);
	fixture_close(&fixture);
	open_review(&fixture, "recognised", "hs_77", "", "recognised");
	fixture_press(&fixture, "c");
	SHOWS(&fixture, "it is somebody else: y creates");
	fixture_press(&fixture, "y");
	CHECK_INT(fixture.sync.decided, DECISION_CREATE);
	fixture_close(&fixture);
}

TEST(review_a_key_of_another_screen_is_explained)
{
	struct fixture fixture;

	open_review(&fixture, "similar", "hs_77", "", reason_similar);
	fixture_press(&fixture, "a");
	CHECK_TEXT(screen_message(fixture.desk.screen),
	    "a does nothing here; Esc leads back to where it is: mark all");
	fixture_close(&fixture);
}

TEST(review_confirms_all_that_were_recognised)
{
	struct fixture fixture;

	open_review(&fixture, "recognised", "hs_77", "", "recognised");
	fixture_press(&fixture, "C");
	SHOWS(&fixture, "no contact waits to be confirmed");
	fixture.sync.recognised = 41;
	fixture_press(&fixture, "C");
	SHOWS(&fixture, "41 contacts were recognised under their names");
	fixture_press(&fixture, "\033");
	CHECK_INT(fixture.sync.recognised, 41);
	fixture_press(&fixture, "C");
	fixture_press(&fixture, "y");
	CHECK_INT(fixture.sync.recognised, 0);
	SHOWS(&fixture, "41 contacts confirmed");
	fixture_close(&fixture);
}
