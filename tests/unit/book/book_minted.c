/* SPDX-License-Identifier: MIT */
/* Rows without an ID: seen, given one of ours, found again by who they are. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "book/book.h"
#include "book/minted.h"
#include "book/person.h"
#include "check.h"
#include "shelf.h"

static const char config_text[] = "mapping:\n"
				  "  external_id: {column: ID, minted: true}\n"
				  "  first_name: First\n"
				  "  last_name: Last\n"
				  "  email: Mail\n"
				  "  phone: Phone\n"
				  "  birth_date: Born\n"
				  "  medicare_number: MBI\n";

static const char csv[] =
    "ID,First,Last,Mail,Phone,Born,MBI\n"
    ",Ruth,Adams,ruth@example.com,916-555-0123,1/15/1955,1EG4-TE5-MK73\n"
    ",Ann,Baker,ann@example.com,916-555-0124,2/3/1956,\n"
    "77,Bob,Cole,,,,\n"
    ",Eve,Diaz,,916-555-0125,4/5/1957,\n"
    "1.5E+11,Guy,Gray,,,,\n";

static const char ours[] = "belay-00112233445566778899aabbccddeeff";
static const char other[] = "belay-ffeeddccbbaa99887766554433221100";

TEST(minted_ids_have_one_form)
{
	static const char *const wrong[] = {"", "belay-", "row:1",
	    "belay-00112233445566778899aabbccddeef",
	    "belay-00112233445566778899aabbccddeeff0",
	    "belay-00112233445566778899AABBCCDDEEFF",
	    "Belay-00112233445566778899aabbccddeeff"};
	char first[MINTED_ID_SIZE], second[MINTED_ID_SIZE];
	struct minted minted = {0};

	minted_make(first);
	minted_make(second);
	CHECK(minted_is(first) && minted_is(second) && minted_is(ours));
	CHECK(strcmp(first, second) != 0);
	for (unsigned i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		CHECK(!minted_is(wrong[i]));
	CHECK(!minted_get(&minted, 5, first));
	minted_set(&minted, 5, ours);
	minted_set(&minted, 900, second);
	CHECK(minted_get(&minted, 5, first));
	CHECK_TEXT(first, ours);
	CHECK(minted_get(&minted, 900, first));
	CHECK_TEXT(first, second);
	CHECK(!minted_get(&minted, 6, first));
	minted_set(&minted, 5, NULL);
	minted_set(&minted, 100000, NULL);
	CHECK(!minted_get(&minted, 5, first));
	minted_release(&minted);
}

TEST(book_takes_rows_without_an_id)
{
	static const char *const findings[] = {
	    "", "", "", "", "external_id:ID-DAMAGED!"};
	struct config *config = shelf_config(config_text);
	struct book *book = shelf_book(config, "b.csv", csv);

	CHECK(book_mints(book));
	for (uint32_t row = 0; row < 5; row++)
		CHECK_TEXT(shelf_findings(book, row), findings[row]);
	CHECK_TEXT(book_external_id(book, 0), NULL);
	CHECK_TEXT(shelf_value(book, 0, FIELD_EXTERNAL_ID), NULL);
	CHECK(book_needs_id(book, 0) && !book_needs_id(book, 2));
	/* an ID that a spreadsheet destroyed is no missing one */
	CHECK(!book_needs_id(book, 4));
	CHECK_INT(book_find(book, "row:1"), 0);

	book_attach_id(book, 0, ours);
	CHECK_TEXT(book_external_id(book, 0), ours);
	CHECK_TEXT(shelf_value(book, 0, FIELD_EXTERNAL_ID), ours);
	CHECK_INT(book_find(book, ours), 0);
	CHECK(!book_needs_id(book, 0));
	CHECK_INT(book_unsaved(book), 0);
	book_attach_id(book, 0, other);
	CHECK(book_find(book, ours) == RECORDS_NONE);
	CHECK_INT(book_find(book, other), 0);
	/* the file's own goes before ours, and may come by an edit */
	book_attach_id(book, 2, ours);
	CHECK_TEXT(book_external_id(book, 2), "77");
	book_free(book);
	config_free(config);
}

TEST(book_blocks_blank_ids_unless_told)
{
	struct config *config = shelf_config("");
	struct book *book = shelf_book(
	    config, "b.csv", "external_id,first_name,last_name\n,Ruth,Adams\n");

	CHECK(!book_mints(book) && !book_needs_id(book, 0));
	CHECK_TEXT(shelf_findings(book, 0), "external_id:REQUIRED!");
	book_free(book);
	/* a record of keys just has one or not */
	book = shelf_book(
	    config, "b.yaml", "- first_name: Ruth\n  last_name: Adams\n");
	CHECK(book_mints(book) && book_needs_id(book, 0));
	CHECK_TEXT(shelf_findings(book, 0), "");
	book_free(book);
	config_free(config);
}

TEST(book_blocks_rows_that_cannot_be_told_apart)
{
	struct config *config = shelf_config(config_text);
	struct book *book = shelf_book(config, "b.csv",
	    "ID,First,Last,Mail,Phone,Born,MBI,HealthSherpa ID\n"
	    ",Ruth,Adams,,916-555-0123,1/15/1955,,\n"
	    ",RUTH ,Adams,,(916) 555-0123,1955-01-15,,\n"
	    ",Ruth,Adams,,916-555-0123,1/15/1956,,\n"
	    "5,Ruth,Adams,,916-555-0123,1/15/1955,,\n"
	    ",Ann,Baker,,,,,hs-1\n"
	    ",Ann,Baker,,,,,hs-2\n");
	struct err err = ERR_INIT;

	CHECK_TEXT(shelf_findings(book, 0), "row:PERSON-REPEATED!");
	CHECK_TEXT(shelf_findings(book, 1),
	    "first_name:NAME-CASE row:PERSON-REPEATED!");
	for (uint32_t row = 2; row < 6; row++)
		CHECK_TEXT(shelf_findings(book, row), "");
	CHECK(book_set(book, 1, 5, "3/3/1970", &err));
	CHECK_TEXT(shelf_findings(book, 0), "");
	CHECK_INT(book_undo(book), 1);
	CHECK_TEXT(shelf_findings(book, 1),
	    "first_name:NAME-CASE row:PERSON-REPEATED!");
	book_free(book);
	config_free(config);
}

TEST(book_tells_who_a_row_is)
{
	struct config *config = shelf_config(config_text);
	struct book *book = shelf_book(config, "b.csv",
	    "ID,First,Last,Mail,Phone,Born,MBI\n"
	    ",R\xc3\xbath,Van  Dyke,Ruth@Example.com,916-555-0123,1/15/1955,"
	    "1eg4te5mk73\n"
	    ",Ruth,Adams,none@none.com,800-555-0123,1/1/1900,12345\n"
	    ",,,,12,,\n");
	struct person person;
	struct str text;

	str_init(&text, 1000);
	person_init(&person);
	book_person(book, 0, &person);
	CHECK_TEXT(person.part[PERSON_NUMBER].data, "1eg4te5mk73");
	CHECK_TEXT(person.part[PERSON_EMAIL].data, "ruth@example.com");
	CHECK_TEXT(person.part[PERSON_PHONE].data, "9165550123");
	CHECK_TEXT(person.part[PERSON_BIRTH_DATE].data, "1955-01-15");
	CHECK_TEXT(person.part[PERSON_FIRST_NAME].data, "ruth");
	CHECK_TEXT(person.part[PERSON_LAST_NAME].data, "van dyke");
	CHECK(person_has_way(&person));
	CHECK(person_key(&person, PERSON_BY_EMAIL_AND_BIRTH, &text));
	CHECK_TEXT(text.data, "ruth@example.com\x1f"
			      "1955-01-15\x1f");
	/* what many have tells nothing of one */
	book_person(book, 1, &person);
	CHECK(!person_has_way(&person));
	CHECK(!person_key(&person, PERSON_BY_NUMBER, &text));
	CHECK(person_whole(&person, &text) && person_name(&person, &text));
	CHECK_TEXT(text.data, "ruth\x1f"
			      "adams\x1f");
	book_person(book, 2, &person);
	CHECK(!person_whole(&person, &text) && !person_name(&person, &text));
	person_release(&person);
	str_release(&text);
	book_free(book);
	config_free(config);
}

static void
put_id(struct book *book, uint32_t row, const char *id)
{
	struct book_result result = {.healthsherpa_id = id};

	book_put_result(book, row, &result);
}

/*
 * The file was written anew in another order while results were on their way:
 * each goes to its person, or nowhere.
 */
TEST(book_finds_rows_without_an_id_again)
{
	static const char now[] =
	    "ID,First,Last,Mail,Phone,Born,MBI\n"
	    ",Eve,Diaz,,9165550125,1957-04-05,\n"
	    ",New,One,ann@example.com,,2/3/1966,\n"
	    ",Ann,Baker-Smith,ANN@example.com,916-555-0199,2/3/1956,\n"
	    ",Ruth,Adams,,,,1EG4TE5MK73\n";
	struct config *config = shelf_config(config_text);
	struct book *book = shelf_book(config, "b.csv",
	    "ID,First,Last,Mail,Phone,Born,MBI\n"
	    ",Ruth,Adams,ruth@example.com,916-555-0123,1/15/1955,"
	    "1EG4-TE5-MK73\n"
	    ",Ann,Baker,ann@example.com,916-555-0124,2/3/1956,\n"
	    ",Eve,Diaz,,916-555-0125,4/5/1957,\n"
	    ",Guy,Gray,,916-555-0126,,\n");
	struct err err = ERR_INIT;
	char *is;

	for (uint32_t row = 0; row < 4; row++) {
		char id[] = "hs-0";

		id[3] = (char)('0' + row);
		put_id(book, row, id);
	}
	check_write(shelf_path("b.csv"), now);
	CHECK(book_save(book, false, NULL, &err));
	CHECK_TEXT(err.text, "");
	CHECK_INT(book_save_report(book)->applied, 3);
	CHECK_INT(book_save_report(book)->vanished, 1);
	CHECK_TEXT(
	    book_save_report(book)->first, "row 4: no longer in the file");
	is = check_read(shelf_path("b.csv"));
	CHECK_TEXT(is,
	    "ID,First,Last,Mail,Phone,Born,MBI,HealthSherpa ID\n"
	    ",Eve,Diaz,,9165550125,1957-04-05,,hs-2\n"
	    ",New,One,ann@example.com,,2/3/1966,,\n"
	    ",Ann,Baker-Smith,ANN@example.com,916-555-0199,2/3/1956,,hs-1\n"
	    ",Ruth,Adams,,,,1EG4TE5MK73,hs-0\n");
	free(is);
	/* from now on by what was put in */
	check_write(shelf_path("b.csv"),
	    "ID,First,Last,Mail,Phone,Born,MBI,HealthSherpa ID\n"
	    ",Evelyn,Dee,,,,,hs-2\n"
	    ",Eve,Diaz,,9165550125,1957-04-05,,\n");
	CHECK(book_set(book, 2, 3, "eve@example.com", &err));
	CHECK(book_save(book, true, NULL, &err));
	CHECK_INT(book_save_report(book)->applied, 1);
	is = check_read(shelf_path("b.csv"));
	CHECK_TEXT(is, "ID,First,Last,Mail,Phone,Born,MBI,HealthSherpa ID\n"
		       ",Evelyn,Dee,eve@example.com,,,,hs-2\n"
		       ",Eve,Diaz,,9165550125,1957-04-05,,\n");
	free(is);
	book_free(book);
	config_free(config);
}

/* Two who share what they would be found by: by number, or not at all. */
TEST(book_puts_nothing_into_a_row_it_is_not_sure_of)
{
	static const char twins[] =
	    "ID,First,Last,Mail,Phone,Born,MBI\n"
	    ",Tia,Twin,t@example.com,916-555-0123,1/15/1955,\n"
	    ",Mia,Twin,t@example.com,916-555-0123,1/15/1955,\n";
	static const char turned[] =
	    "ID,First,Last,Mail,Phone,Born,MBI\n"
	    ",Mia,Twin,t@example.com,916-555-0123,1/15/1955,\n"
	    ",Tia,Twin,t@example.com,916-555-0123,1/15/1955,\n";
	struct config *config = shelf_config(config_text);
	struct book *book = shelf_book(config, "b.csv", twins);
	struct err err = ERR_INIT;
	char *is;

	put_id(book, 0, "hs-tia");
	CHECK(book_save(book, false, NULL, &err));
	is = check_read(shelf_path("b.csv"));
	CHECK(strstr(is, "Tia,Twin,t@example.com,916-555-0123,1/15/1955,,"
			 "hs-tia\n") != NULL);
	free(is);
	book_free(book);

	book = shelf_book(config, "b.csv", twins);
	put_id(book, 0, "hs-tia");
	check_write(shelf_path("b.csv"), turned);
	CHECK(book_save(book, false, NULL, &err));
	CHECK_INT(book_save_report(book)->vanished, 1);
	is = check_read(shelf_path("b.csv"));
	CHECK_TEXT(is, turned);
	free(is);
	book_free(book);
	/* one of them is alone in the book, but not in the file */
	book = shelf_book(config, "b.csv",
	    "ID,First,Last,Mail,Phone,Born,MBI\n"
	    ",Tia,Twin,t@example.com,916-555-0123,1/15/1955,\n");
	put_id(book, 0, "hs-tia");
	check_write(shelf_path("b.csv"), turned);
	CHECK(book_save(book, false, NULL, &err));
	CHECK_INT(book_save_report(book)->refused, 1);
	is = check_read(shelf_path("b.csv"));
	CHECK_TEXT(is, turned);
	free(is);
	book_free(book);
	config_free(config);
}
