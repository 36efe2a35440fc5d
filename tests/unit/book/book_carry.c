/* SPDX-License-Identifier: MIT */
/* Edits that were not saved, when the file is read again. */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "book/book.h"
#include "check.h"
#include "shelf.h"

static const char before[] = "external_id,first_name,last_name,phone\n"
			     "1,Ruth,Adams,916-555-0123\n"
			     "2,Ann,Baker,916-555-0124\n"
			     "3,Cid,Cole,916-555-0125\n"
			     ",Dan,Diaz,916-555-0126\n"
			     ",Eve,Eddy,916-555-0127\n";

enum { FIRST = 1, LAST, PHONE };

/* All rows of one reading as they are in another. */
static uint32_t *
match(struct book *to, struct book *from)
{
	uint32_t count = book_count(from), expected = 0;
	uint32_t *rows = mem_alloc(count * sizeof(*rows));

	for (uint32_t row = 0; row < count; row++) {
		rows[row] = book_same_row(to, from, row, expected);
		if (rows[row] != RECORDS_NONE)
			expected = rows[row] + 1;
	}
	return rows;
}

/* ---- which row is which -----------------------------------------------------
 */

static const struct {
	const char *what, *text;
	uint32_t rows[5]; /* counted from 1; 0: gone */
} matches[] = {
    {"the same", before, {1, 2, 3, 4, 5}},
    {"another order",
	"external_id,first_name,last_name,phone\n3,Cid,Cole,1\n"
	"2,Ann,Baker,2\n1,Ruth,Adams,3\n",
	{3, 2, 1, 0, 0}},
    {"columns in another order, and one more",
	"phone,more,last_name,first_name,external_id\n"
	"916-555-0123,x,Adams,Ruth,1\n916-555-0124,x,Baker,Ann,2\n"
	"916-555-0125,x,Cole,Cid,3\n916-555-0126,x,Diaz,Dan,\n"
	"916-555-0127,x,Eddy,Eve,\n",
	{1, 2, 3, 4, 5}},
    {"one before, one away",
	"external_id,first_name,last_name,phone\n9,Zoe,Zorn,\n"
	"1,Ruth,Adams,916-555-0123\n3,Cid,Cole,916-555-0125\n"
	",Dan,Diaz,916-555-0126\n,Eve,Eddy,916-555-0127\n",
	{2, 0, 3, 4, 5}},
    {"an ID that two rows have now is nobody's",
	"external_id,first_name,last_name,phone\n1,Ruth,Adams,1\n"
	"1,Ann,Baker,2\n3,Cid,Cole,3\n",
	{0, 0, 3, 0, 0}},
    {"without an ID, another phone: nothing says it is the same",
	"external_id,first_name,last_name,phone\n1,Ruth,Adams,1\n"
	"2,Ann,Baker,2\n3,Cid,Cole,3\n,Dan,Diaz,916-555-0199\n"
	",Eve,Eddy,916-555-0127\n",
	{1, 2, 3, 0, 5}},
    {"without an ID, the name in capitals: name and phone say it",
	"external_id,first_name,last_name,phone\n1,Ruth,Adams,1\n"
	"2,Ann,Baker,2\n3,Cid,Cole,3\n,DAN,Diaz,(916) 555-0126\n"
	",Eve,Eddy,916-555-0127\n",
	{1, 2, 3, 4, 5}},
    {"without an ID, behind new ones",
	"external_id,first_name,last_name,phone\n1,Ruth,Adams,1\n,Al,A,\n"
	",Bo,B,\n,Dan,Diaz,916-555-0126\n,Cy,C,\n,Eve,Eddy,916-555-0127\n",
	{1, 0, 0, 4, 6}},
    {"without an ID, who shares e-mail or phone is another",
	"external_id,first_name,last_name,phone\n1,Ruth,Adams,1\n"
	"2,Ann,Baker,2\n3,Cid,Cole,3\n,Una,Diaz,916-555-0126\n"
	",Eve,Eddy,916-555-0127\n",
	{1, 2, 3, 0, 5}},
    {"nobody is left", "external_id,first_name,last_name,phone\n",
	{0, 0, 0, 0, 0}},
};

TEST(rows_are_found_in_a_later_reading)
{
	struct config *config = shelf_config("");

	for (size_t i = 0; i < sizeof(matches) / sizeof(matches[0]); i++) {
		struct book *from = shelf_book(config, "a.csv", before);
		struct book *to = shelf_book(config, "b.csv", matches[i].text);
		uint32_t *rows = match(to, from);

		for (int row = 0; row < 5; row++)
			check_integer((int64_t)(uint32_t)(rows[row] + 1),
			    matches[i].rows[row], __FILE__, __LINE__,
			    matches[i].what);
		free(rows);
		book_free(from);
		book_free(to);
	}
	config_free(config);
}

/* ---- edits ------------------------------------------------------------------
 */

struct edits {
	struct config *config;
	struct book *from, *to;
	struct book_carried carried;
};

/* Edits row 1 (both cells), row 2's phone; then reads `after`. */
static void
edit(struct edits *edits, const char *after)
{
	struct err err = ERR_INIT;
	uint32_t *rows;

	edits->config = shelf_config("");
	edits->from = shelf_book(edits->config, "a.csv", before);
	CHECK(book_set(edits->from, 0, PHONE, "305-555-0177", &err));
	CHECK(book_set(edits->from, 0, FIRST, "Ruthie", &err));
	CHECK(book_set(edits->from, 1, PHONE, "305-555-0178", &err));
	book_leave_out(edits->from, 2, FIELD_PHONE, true);
	edits->to = shelf_book(edits->config, "b.csv", after);
	rows = match(edits->to, edits->from);
	book_carry(edits->to, edits->from, rows, &edits->carried);
	free(rows);
}

static void
end(struct edits *edits)
{
	book_free(edits->from);
	book_free(edits->to);
	config_free(edits->config);
}

TEST(edits_stand_again_in_a_later_reading)
{
	struct edits my;

	edit(&my, "external_id,first_name,last_name,phone\n"
		  "3,Cid,Cole,916-555-0125\n2,Ann,Becker,916-555-0124\n"
		  "1,Ruth,Adams,916-555-0123\n");
	CHECK_INT(my.carried.edits, 3);
	CHECK_INT(my.carried.conflicts + my.carried.vanished, 0);
	CHECK_TEXT(my.carried.first, "");
	CHECK_TEXT(book_cell(my.to, 2, PHONE), "305-555-0177");
	CHECK_TEXT(book_cell(my.to, 2, FIRST), "Ruthie");
	CHECK_TEXT(book_cell(my.to, 1, PHONE), "305-555-0178");
	CHECK_TEXT(book_cell(my.to, 1, LAST), "Becker");
	CHECK(book_left_out(my.to, 0, FIELD_PHONE));
	CHECK(!book_left_out(my.to, 2, FIELD_PHONE));
	CHECK_INT(book_unsaved(my.to), 3);
	/* each is a step of undo: the value left out, then the edits */
	CHECK_INT(book_undo(my.to), 0);
	CHECK_INT(book_undo(my.to), 1);
	CHECK_TEXT(book_cell(my.to, 1, PHONE), "916-555-0124");
	end(&my);
}

TEST(what_was_changed_outside_wins_over_an_edit)
{
	struct edits my;

	edit(&my, "external_id,first_name,last_name,phone\n"
		  "1,Ruth,Adams,916-555-0199\n2,Ann,Baker,305-555-0178\n"
		  "3,Cid,Cole,916-555-0125\n");
	CHECK_INT(my.carried.edits, 1);
	CHECK_INT(my.carried.conflicts, 1);
	CHECK_INT(my.carried.already, 1);
	CHECK_TEXT(my.carried.first,
	    "row 1 (1), phone: another program changed it; its value stays");
	CHECK_TEXT(book_cell(my.to, 0, PHONE), "916-555-0199");
	CHECK_TEXT(book_cell(my.to, 0, FIRST), "Ruthie");
	CHECK_INT(book_unsaved(my.to), 1);
	end(&my);
}

TEST(edits_of_what_is_gone_are_told)
{
	struct edits my;

	edit(&my, "external_id,first_name,last_name\n2,Ann,Baker\n");
	CHECK_INT(my.carried.edits, 0);
	CHECK_INT(my.carried.vanished, 3);
	CHECK_TEXT(my.carried.first,
	    "row 1 (1), phone: the contact is no longer in the file");
	CHECK_INT(book_unsaved(my.to), 0);
	end(&my);
	edit(&my, "external_id,first_name,last_name\n1,Ruth,Adams\n");
	CHECK_INT(my.carried.edits, 1);
	CHECK_TEXT(my.carried.first,
	    "row 1 (1), phone: the column is no longer in the file");
	end(&my);
}

/* Sorted another way, and nothing has an ID: an edit still finds its row. */
TEST(an_edit_finds_its_row_anywhere)
{
	struct config *config = shelf_config("");
	struct book *from = shelf_book(config, "a.csv",
	    "first_name,last_name,phone\nRuth,Adams,916-555-0123\n"
	    "Ann,Baker,916-555-0124\nAnn,Baker,916-555-0124\n");
	struct book *to = shelf_book(config, "b.csv",
	    "first_name,last_name,phone\nAnn,Baker,916-555-0124\n"
	    "Ann,Baker,916-555-0124\nRuth,Adams,916-555-0123\n");
	const uint32_t rows[] = {RECORDS_NONE, RECORDS_NONE, RECORDS_NONE};
	struct book_carried carried;
	struct err err = ERR_INIT;

	CHECK(book_set(from, 0, 0, "Ruthie", &err));
	CHECK(book_set(from, 1, 0, "Annie", &err)); /* which of the two? */
	book_carry(to, from, rows, &carried);
	CHECK_INT(carried.edits, 1);
	CHECK_INT(carried.vanished, 1);
	CHECK_TEXT(book_cell(to, 2, 0), "Ruthie");
	book_free(from);
	book_free(to);
	config_free(config);
}

/* Two rows with one ID, of which an edit makes two people. */
TEST(an_edit_of_a_repeated_id_stands)
{
	struct config *config = shelf_config("");
	static const char text[] = "external_id,first_name\n1,Ruth\n1,Ann\n";
	struct book *from = shelf_book(config, "a.csv", text);
	struct book *to = shelf_book(config, "b.csv", text);
	uint32_t *rows;
	struct book_carried carried;
	struct err err = ERR_INIT;

	CHECK(book_set(from, 1, 0, "2", &err));
	rows = match(to, from);
	book_carry(to, from, rows, &carried);
	CHECK_INT(carried.edits, 1);
	CHECK_TEXT(book_external_id(to, 0), "1");
	CHECK_TEXT(book_external_id(to, 1), "2");
	free(rows);
	book_free(from);
	book_free(to);
	config_free(config);
}
