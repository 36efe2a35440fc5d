/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "book/book.h"
#include "book/record_text.h"
#include "check.h"
#include "shelf.h"
#include "source/records.h"

static const char csv[] = "external_id,first_name,last_name,phone,"
			  "medicare_number,HealthSherpa ID\n"
			  "1,Ruth,Adams,916-555-0123,1SG4-TE5-MK71,\n"
			  "2,Ann,Baker,,1SG4-TE5-MK72,\n"
			  "3,Cid,Cole,,1SG4-TE5-MK71,\n"
			  "4,Dan,Diaz,,,\n";

enum { ID, FIRST, LAST, PHONE, MBI, RESULT };

TEST(book_edits_are_seen_at_once)
{
	struct config *config = shelf_config("");
	struct book *book = shelf_book(config, "b.csv", csv);
	struct err err = ERR_INIT;
	uint64_t revision = book_revision(book);

	CHECK(book_set(book, 0, PHONE, "305 555 0177", &err));
	CHECK(book_revision(book) > revision);
	CHECK_TEXT(book_cell(book, 0, PHONE), "305 555 0177");
	CHECK_TEXT(records_cell(book_records(book), 0, PHONE), "916-555-0123");
	CHECK_TEXT(shelf_value(book, 0, FIELD_PHONE), "3055550177");
	CHECK(book_edited(book, 0, PHONE) && !book_edited(book, 1, PHONE));
	CHECK_INT(book_unsaved(book), 1);
	/* the same again is no edit */
	revision = book_revision(book);
	CHECK(book_set(book, 0, PHONE, "305 555 0177", &err));
	CHECK(book_revision(book) == revision);
	CHECK(book_set(book, 0, PHONE, "916-555-0123", &err));
	CHECK_INT(book_unsaved(book), 0);
	CHECK(!book_edited(book, 0, PHONE));
	CHECK_INT(book_undo(book), 0);
	CHECK_TEXT(book_cell(book, 0, PHONE), "305 555 0177");
	CHECK_INT(book_undo(book), 0);
	CHECK_TEXT(book_cell(book, 0, PHONE), "916-555-0123");
	CHECK_INT(book_undo(book), RECORDS_NONE);
	CHECK_INT(book_redo(book), 0);
	CHECK_INT(book_redo(book), 0);
	CHECK_INT(book_redo(book), RECORDS_NONE);
	book_free(book);
	config_free(config);
}

/* Fixing one of two rows frees both; so does leaving the value out. */
TEST(book_edits_settle_repeats)
{
	struct config *config = shelf_config("");
	struct book *book = shelf_book(config, "b.csv", csv);
	struct err err = ERR_INIT;
	static const char blocked[] =
	    "medicare_number:MBI-TEST medicare_number:MBI-REPEATED!";
	static const char fine[] = "medicare_number:MBI-TEST";

	CHECK_TEXT(shelf_findings(book, 0), blocked);
	CHECK_TEXT(shelf_findings(book, 1), fine);
	CHECK_TEXT(shelf_findings(book, 2), blocked);
	CHECK(book_set(book, 2, MBI, "1SG4-TE5-MK73", &err));
	CHECK_TEXT(shelf_findings(book, 0), fine);
	CHECK_TEXT(shelf_findings(book, 2), fine);
	CHECK(book_set(book, 2, MBI, "1sg4te5mk72", &err));
	CHECK_TEXT(shelf_findings(book, 1), blocked);
	CHECK_TEXT(shelf_findings(book, 2), blocked);
	book_undo(book);
	book_undo(book);
	CHECK_TEXT(shelf_findings(book, 0), blocked);
	book_leave_out(book, 0, FIELD_MEDICARE_NUMBER, true);
	CHECK_TEXT(shelf_findings(book, 0), fine);
	CHECK_TEXT(shelf_value(book, 0, FIELD_MEDICARE_NUMBER), NULL);
	CHECK_TEXT(shelf_findings(book, 2), fine);
	CHECK_INT(book_undo(book), 0);
	CHECK_TEXT(shelf_findings(book, 2), blocked);
	CHECK_INT(book_redo(book), 0);
	CHECK_TEXT(shelf_findings(book, 2), fine);
	/* IDs likewise */
	CHECK(book_set(book, 3, ID, "1", &err));
	CHECK(strstr(shelf_findings(book, 3), "external_id:ID-REPEATED!"));
	CHECK(strstr(shelf_findings(book, 0), "external_id:ID-REPEATED!"));
	CHECK_INT(book_find(book, "4"), RECORDS_NONE);
	CHECK(book_set(book, 3, ID, "9", &err));
	CHECK_INT(book_find(book, "9"), 3);
	CHECK_INT(book_find(book, "1"), 0);
	CHECK_TEXT(shelf_findings(book, 3), "");
	book_free(book);
	config_free(config);
}

TEST(book_shows_what_typing_would_give)
{
	struct config *config = shelf_config("");
	struct book *book = shelf_book(config, "b.csv", csv);
	struct contact contact;

	contact_init(&contact);
	book_contact_with(book, 1, PHONE, "12", &contact);
	CHECK(contact.fields[FIELD_PHONE].left_out);
	book_contact_with(book, 1, PHONE, "916-555-0123", &contact);
	CHECK_TEXT(contact.fields[FIELD_PHONE].value, "9165550123");
	book_contact_with(book, 1, MBI, "1SG4-TE5-MK71", &contact);
	CHECK(contact.blocked);
	book_contact_with(book, 0, MBI, "1SG4-TE5-MK79", &contact);
	CHECK(!contact.blocked);
	book_contact_with(book, 1, ID, "1", &contact);
	CHECK(contact.blocked);
	CHECK_TEXT(book_cell(book, 1, PHONE), "");
	CHECK_INT(book_unsaved(book), 0);
	contact_release(&contact);
	book_free(book);
	config_free(config);
}

TEST(book_refuses_some_edits)
{
	static const struct {
		const char *text, *words;
		uint32_t column;
	} tests[] = {
	    {"x", "HealthSherpa ID is filled by the sync and not edited",
		RESULT},
	    {"a\tb", "the value has a control character in it", FIRST},
	    {"a\x1b[0m", "the value has a control character in it", FIRST},
	    {"\xff", "the value is not UTF-8 text", FIRST},
	    {"x", "there is no such row or column", 99},
	};
	struct config *config = shelf_config("");
	struct book *book = shelf_book(config, "b.csv", csv);
	struct err err = ERR_INIT;
	char *large = malloc(70000);

	for (unsigned i = 0; i < sizeof(tests) / sizeof(*tests); i++) {
		CHECK(!book_set(book, 0, tests[i].column, tests[i].text, &err));
		CHECK_INT(err.kind, ERR_USAGE);
		CHECK_TEXT(err.text, tests[i].words);
	}
	REQUIRE(large != NULL);
	memset(large, 'x', 69999);
	large[69999] = '\0';
	CHECK(!book_set(book, 0, FIRST, large, &err));
	CHECK_TEXT(err.text, "a value may have at most 64 KiB");
	free(large);
	CHECK(book_set(book, 0, FIRST, "two\nlines", &err));
	CHECK_INT(book_unsaved(book), 1);
	book_free(book);
	config_free(config);
}

/* A list is edited in the file, a text that begins like one is a text. */
TEST(book_edits_texts_that_look_like_lists)
{
	static const char yaml[] = "- id: 1\n  first_name: \"[Ann]\"\n"
				   "  last_name: '{Lee}'\n  tags: [a, b]\n";
	struct config *config = shelf_config("");
	struct book *book = shelf_book(config, "b.yaml", yaml);
	struct err err = ERR_INIT;

	CHECK(book_set(book, 0, 1, "Ann", &err));
	CHECK(book_set(book, 0, 2, "Lee", &err));
	CHECK_TEXT(book_cell(book, 0, 1), "Ann");
	CHECK(!book_set(book, 0, 3, "c", &err));
	CHECK_TEXT(err.text, "tags is a list: edit it in the file");
	book_free(book);
	config_free(config);
}

/* ---- a random walk beside a model that copies everything
 * ------------------------------ */

enum { ROWS = 4, COLUMNS = 5, STEPS = 2000 };

struct state {
	char cells[ROWS][COLUMNS][12];
	bool out[ROWS];
};

static void
check_state(
    struct book *book, const struct state *state, const struct state *first)
{
	size_t unsaved = 0;

	for (uint32_t row = 0; row < ROWS; row++) {
		CHECK_INT(
		    book_left_out(book, row, FIELD_PHONE), state->out[row]);
		for (uint32_t column = 0; column < COLUMNS; column++) {
			bool differs = strcmp(state->cells[row][column],
					   first->cells[row][column]) != 0;

			unsaved += differs;
			CHECK_TEXT(book_cell(book, row, column),
			    state->cells[row][column]);
			CHECK_INT(book_edited(book, row, column), differs);
		}
	}
	CHECK_INT(book_unsaved(book), unsaved);
}

TEST(book_undo_walks_like_a_model)
{
	static const char table[] = "external_id,first_name,last_name,phone,"
				    "city\n0,a,,,\n1,b,,,\n2,c,,,\n3,d,,,\n";
	struct state *states = calloc(STEPS + 1, sizeof(*states));
	struct config *config = shelf_config("");
	struct book *book = shelf_book(config, "b.csv", table);
	struct err err = ERR_INIT;
	size_t at = 0, last = 0;
	uint32_t seed = 7;

	REQUIRE(states != NULL);
	for (uint32_t row = 0; row < ROWS; row++)
		for (uint32_t column = 0; column < COLUMNS; column++)
			str_copy(states[0].cells[row][column], 12,
			    book_cell(book, row, column));
	for (unsigned step = 0; step < STEPS; step++) {
		uint32_t row, column;
		char text[12];

		seed = seed * 1664525u + 1013904223u;
		row = seed >> 8 & 3;
		column = (seed >> 10) % COLUMNS;
		snprintf(text, sizeof(text), "%u", seed >> 16 & 3);
		switch (seed >> 24 & 7) {
		case 0:
		case 1:
			CHECK_INT(book_undo(book) != RECORDS_NONE, at > 0);
			at -= at > 0;
			break;
		case 2:
			CHECK_INT(book_redo(book) != RECORDS_NONE, at < last);
			at += at < last;
			break;
		case 3:
			states[at + 1] = states[at];
			states[at + 1].out[row] = !states[at].out[row];
			book_leave_out(
			    book, row, FIELD_PHONE, states[at + 1].out[row]);
			last = ++at;
			break;
		default:
			CHECK(book_set(book, row, column, text, &err));
			if (strcmp(states[at].cells[row][column], text) == 0)
				break;
			states[at + 1] = states[at];
			str_copy(states[at + 1].cells[row][column], 12, text);
			last = ++at;
		}
		check_state(book, &states[at], &states[0]);
	}
	free(states);
	book_free(book);
	config_free(config);
}

/* ---- a row as text ------------------------------------------------------- */

TEST(record_text_goes_and_comes_back)
{
	struct config *config = shelf_config("");
	struct book *book = shelf_book(config, "b.csv",
	    "external_id,first_name,last_name,A \"b\": c,no,HealthSherpa ID\n"
	    "1,Ruth,\"O'Hara \"\"Rose\"\" \\ #\nline\",- x,007,hs-1\n");
	struct err err = ERR_INIT;
	unsigned changed, line;
	struct str text, again;

	str_init(&text, 4096);
	str_init(&again, 4096);
	record_text_write(book, 0, &text);
	CHECK_TEXT(text.data,
	    "external_id: \"1\"\n"
	    "first_name: \"Ruth\"\n"
	    "last_name: \"O'Hara \\\"Rose\\\" \\\\ #\\nline\"\n"
	    "\"A \\\"b\\\": c\": \"- x\"\n"
	    "\"no\": \"007\"\n");
	CHECK(record_text_apply(
	    book, 0, text.data, text.len, &changed, &line, &err));
	CHECK_INT(changed, 0);
	CHECK_INT((long)book_undo_steps(book), 0);
	/* written in other ways, only what is named, nothing clears */
	str_add(&again,
	    "# mine\nfirst_name: Ada\nlast_name: |-\n  two\n  lines\n"
	    "\"no\":\n");
	CHECK(record_text_apply(
	    book, 0, again.data, again.len, &changed, &line, &err));
	CHECK_INT(changed, 3);
	CHECK_TEXT(book_cell(book, 0, 1), "Ada");
	CHECK_TEXT(book_cell(book, 0, 2), "two\nlines");
	CHECK_TEXT(book_cell(book, 0, 3), "- x");
	CHECK_TEXT(book_cell(book, 0, 4), "");
	/* one step, back and forth */
	CHECK_INT(book_undo(book), 0);
	CHECK_INT((long)book_unsaved(book), 0);
	CHECK_INT(book_undo(book), (long)RECORDS_NONE);
	CHECK_INT(book_redo(book), 0);
	CHECK_TEXT(book_cell(book, 0, 4), "");
	CHECK_TEXT(book_cell(book, 0, 1), "Ada");
	str_release(&text);
	str_release(&again);
	book_free(book);
	config_free(config);
}

/* A tab or a carriage return is not typed, but a file may have one. */
TEST(record_text_leaves_what_is_not_changed)
{
	struct config *config = shelf_config("");
	struct book *book = shelf_book(config, "b.csv",
	    "external_id,first_name,Notes\n"
	    "1,Ruth,\"called\tonce\r\nand again\"\n");
	struct err err = ERR_INIT;
	unsigned changed, line;
	struct str text;
	char *name;

	str_init(&text, 4096);
	record_text_write(book, 0, &text);
	name = strstr(text.data, "Ruth");
	REQUIRE(name != NULL);
	name[0] = 'B';
	if (!CHECK(record_text_apply(
		book, 0, text.data, text.len, &changed, &line, &err)))
		printf("# %s\n", err.text);
	CHECK_INT(changed, 1);
	CHECK_TEXT(book_cell(book, 0, 1), "Buth");
	CHECK_TEXT(book_cell(book, 0, 2), "called\tonce\r\nand again");
	/* the key that would type it says so, as before */
	CHECK(!book_set(book, 0, 2, "a\tb", &err));
	str_release(&text);
	book_free(book);
	config_free(config);
}

TEST(record_text_says_what_is_wrong_and_where)
{
	static const struct {
		const char *text, *says;
		unsigned line;
	} cases[] = {
	    {"first_name: Ada\nTown: X\n", "line 2: the file has no column", 2},
	    {"- Ada\n", "line 1: here a column stands before", 1},
	    {"first_name: [a]\n", "line 1: first_name must be one text", 1},
	    {"HealthSherpa ID: x\n", "line 1: HealthSherpa ID is not edited",
		1},
	    {"first_name: \"\\x01\"\n", "first_name: the value has a control",
		0},
	    {"a: b\nfirst_name: \"x\n", "contact:", 3},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct config *config = shelf_config("");
		struct book *book = shelf_book(config, "b.csv", csv);
		struct err err = ERR_INIT;
		unsigned changed, line;

		CHECK(!record_text_apply(book, 0, cases[i].text,
		    strlen(cases[i].text), &changed, &line, &err));
		if (!CHECK(strstr(err.text, cases[i].says) == err.text))
			printf("# %s\n", err.text);
		CHECK_INT(line, cases[i].line);
		CHECK_INT((long)book_undo_steps(book), 0);
		book_free(book);
		config_free(config);
	}
}
