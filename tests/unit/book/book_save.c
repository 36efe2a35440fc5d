/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "book/book.h"
#include "check.h"
#include "shelf.h"
#include "source/records.h"
#include "source/source.h"

static void
check_file(const char *name, const char *should)
{
	char *is = check_read(shelf_path(name));

	CHECK_TEXT(is, should);
	free(is);
}

static void
save(struct book *book, bool edits)
{
	struct err err = ERR_INIT;

	CHECK(book_save(book, edits, NULL, &err));
	CHECK_TEXT(err.text, "");
	CHECK(!book_saving(book));
}

TEST(book_saves_edits_and_results_into_csv)
{
	struct config *config = shelf_config("");
	struct book *book = shelf_book(config, "b.csv",
	    "external_id,first_name,last_name,phone\r\n"
	    "1,\"Ruth\",Adams,916-555-0123\r\n"
	    "2,Ann,Baker,\r\n");
	struct err err = ERR_INIT;
	struct book_result result = {.healthsherpa_id = "hs-2"};

	CHECK(book_set(book, 0, 3, "305-555-0177", &err));
	book_put_result(book, 1, &result);
	CHECK_INT(book_results_unsaved(book), 1);
	CHECK_TEXT(book_result_id(book, 1), "hs-2");
	CHECK_TEXT(book_result_id(book, 0), NULL);
	CHECK(!book_result_saved(book, 1));
	/* results alone first */
	save(book, false);
	check_file("b.csv", "external_id,first_name,last_name,phone,"
			    "HealthSherpa ID\r\n"
			    "1,\"Ruth\",Adams,916-555-0123,\r\n"
			    "2,Ann,Baker,,hs-2\r\n");
	CHECK_INT(book_results_unsaved(book), 0);
	CHECK(book_result_saved(book, 1) && !book_result_saved(book, 0));
	CHECK_INT(book_unsaved(book), 1);
	save(book, true);
	check_file("b.csv", "external_id,first_name,last_name,phone,"
			    "HealthSherpa ID\r\n"
			    "1,\"Ruth\",Adams,305-555-0177,\r\n"
			    "2,Ann,Baker,,hs-2\r\n");
	CHECK_INT(book_unsaved(book), 0);
	CHECK_INT(book_save_report(book)->applied, 1);
	/* undo after the save is unsaved again, and can be saved */
	CHECK_INT(book_undo(book), 0);
	CHECK_INT(book_unsaved(book), 1);
	save(book, true);
	check_file("b.csv", "external_id,first_name,last_name,phone,"
			    "HealthSherpa ID\r\n"
			    "1,\"Ruth\",Adams,916-555-0123,\r\n"
			    "2,Ann,Baker,,hs-2\r\n");
	CHECK_INT(book_unsaved(book), 0);
	/* nothing to save is no save */
	save(book, true);
	CHECK_INT(book_save_report(book)->applied, 0);
	book_free(book);
	config_free(config);
}

TEST(book_saves_into_yaml_and_keeps_comments)
{
	struct config *config = shelf_config("");
	struct book *book = shelf_book(config, "b.yaml",
	    "# our people\n"
	    "- external_id: a-1 # the first\n"
	    "  first_name: Ruth\n"
	    "  last_name: Adams\n");
	struct err err = ERR_INIT;
	struct book_result result = {.healthsherpa_id = "hs-1"};

	book_put_result(book, 0, &result);
	CHECK(book_set(book, 0, 1, "Ruthie", &err));
	save(book, true);
	check_file("b.yaml", "# our people\n"
			     "- external_id: a-1 # the first\n"
			     "  first_name: Ruthie\n"
			     "  last_name: Adams\n"
			     "  healthsherpa_id: hs-1\n");
	CHECK_TEXT(book_result_id(book, 0), "hs-1");
	book_free(book);
	config_free(config);
}

TEST(book_reads_results_that_are_there)
{
	struct config *config = shelf_config(
	    "result_columns: {quote_url: Quote, synced_at: At}");
	struct book *book = shelf_book(config, "b.csv",
	    "external_id,first_name,last_name,healthsherpa id,Quote\n"
	    "1,a,b,hs-1,\n2,c,d, ,x\n");
	struct book_result result = {"hs-2", "https://q", "2026-11-23"};

	CHECK_TEXT(book_result_id(book, 0), "hs-1");
	CHECK_TEXT(book_result_id(book, 1), NULL);
	book_put_result(book, 1, &result);
	CHECK_INT(book_results_unsaved(book), 3);
	CHECK_TEXT(book_cell(book, 1, 3), "hs-2");
	CHECK_TEXT(book_cell(book, 1, 4), "https://q");
	CHECK_TEXT(book_cell(book, 0, 3), "hs-1");
	save(book, false);
	check_file("b.csv",
	    "external_id,first_name,last_name,healthsherpa id,Quote,At\n"
	    "1,a,b,hs-1,,\n2,c,d,hs-2,https://q,2026-11-23\n");
	CHECK(book_result_saved(book, 1));
	/* the same result again changes nothing */
	book_put_result(book, 1, &result);
	CHECK_INT(book_results_unsaved(book), 0);
	book_free(book);
	config_free(config);
}

TEST(book_writes_no_result_that_is_not_wanted)
{
	struct config *config = shelf_config(
	    "result_columns: {healthsherpa_id: null}");
	struct book *book = shelf_book(
	    config, "b.csv", "external_id,first_name,last_name\n1,a,b\n");
	struct book_result result = {.healthsherpa_id = "hs-1"};

	book_put_result(book, 0, &result);
	CHECK_INT(book_results_unsaved(book), 0);
	CHECK_TEXT(book_result_id(book, 0), "hs-1");
	save(book, true);
	check_file("b.csv", "external_id,first_name,last_name\n1,a,b\n");
	book_free(book);
	config_free(config);
}

/* Another program sorts the file, adds a row, changes a cell, drops a row. */
TEST(book_saves_into_a_file_that_was_changed)
{
	struct config *config = shelf_config("");
	struct book *book = shelf_book(config, "b.csv",
	    "external_id,first_name,last_name,city\n"
	    "1,Ruth,Adams,Ames\n2,Ann,Baker,Boston\n3,Cid,Cole,Cary\n");
	struct err err = ERR_INIT;
	struct book_result result = {.healthsherpa_id = "hs-1"};
	struct book_result gone = {.healthsherpa_id = "hs-3"};

	CHECK(book_set(book, 0, 3, "Akron", &err));
	CHECK(book_set(book, 1, 3, "Bath", &err));
	book_put_result(book, 0, &result);
	book_put_result(book, 2, &gone);
	check_write(shelf_path("b.csv"),
	    "city,external_id,first_name,last_name\n"
	    "Berlin,2,Ann,Baker\nDover,4,Dan,Diaz\nAmes,1,Ruth,Adams\n");
	save(book, true);
	check_file("b.csv",
	    "city,external_id,first_name,last_name,HealthSherpa ID\n"
	    "Berlin,2,Ann,Baker,\nDover,4,Dan,Diaz,\n"
	    "Akron,1,Ruth,Adams,hs-1\n");
	CHECK_INT(book_save_report(book)->applied, 2);
	CHECK_INT(book_save_report(book)->conflicts, 1);
	CHECK_INT(book_save_report(book)->vanished, 1);
	CHECK_TEXT(book_save_report(book)->first,
	    "row 2 (2): city was changed by another program; its value stays");
	CHECK_INT(book_unsaved(book), 1);
	/* a result that has no place is not tried for ever */
	CHECK_INT(book_results_unsaved(book), 0);
	CHECK(!book_result_saved(book, 2));
	book_free(book);
	config_free(config);
}

/* A repeated ID does not say which row it is, but the number does. */
TEST(book_saves_the_row_that_was_meant)
{
	struct config *config = shelf_config("");
	struct book *book = shelf_book(config, "b.csv",
	    "external_id,first_name,last_name\n"
	    "1,Ruth,Adams\n1,Ann,Baker\n3,Cid,Cole\n");
	struct err err = ERR_INIT;

	CHECK(book_set(book, 1, 0, "2", &err));
	CHECK(book_set(book, 2, 0, "33", &err));
	save(book, true);
	check_file("b.csv", "external_id,first_name,last_name\n"
			    "1,Ruth,Adams\n2,Ann,Baker\n33,Cid,Cole\n");
	CHECK(book_set(book, 1, 1, "Anne", &err));
	CHECK(book_set(book, 2, 1, "Sid", &err));
	save(book, true);
	check_file("b.csv", "external_id,first_name,last_name\n"
			    "1,Ruth,Adams\n2,Anne,Baker\n33,Sid,Cole\n");
	book_free(book);
	config_free(config);
}

TEST(book_saves_what_was_there_at_the_start)
{
	struct config *config = shelf_config("");
	struct book *book = shelf_book(
	    config, "b.csv", "external_id,first_name,last_name\n1,a,b\n");
	struct err err = ERR_INIT;
	enum source_progress progress;

	CHECK(book_set(book, 0, 1, "x", &err));
	CHECK(book_save_start(book, true, NULL, &err));
	CHECK(book_saving(book));
	CHECK(book_set(book, 0, 1, "y", &err));
	CHECK(!book_save_start(book, true, NULL, &err));
	do
		progress = book_save_step(book, &err);
	while (progress == SOURCE_MORE);
	CHECK_INT(progress, SOURCE_DONE);
	check_file("b.csv", "external_id,first_name,last_name\n1,x,b\n");
	CHECK_INT(book_unsaved(book), 1);
	save(book, true);
	check_file("b.csv", "external_id,first_name,last_name\n1,y,b\n");
	/* a save that is not ended leaves the file alone */
	CHECK(book_set(book, 0, 1, "z", &err));
	CHECK(book_save_start(book, true, NULL, &err));
	book_free(book);
	check_file("b.csv", "external_id,first_name,last_name\n1,y,b\n");
	config_free(config);
}

/* Keys that no record has yet can be typed in all the same. */
TEST(book_gives_records_new_keys)
{
	struct config *config = shelf_config("");
	struct book *book = shelf_book(config, "b.yaml",
	    "- external_id: a-1\n  first_name: Ruth\n"
	    "- {external_id: a-2, first_name: Ann}\n");
	struct err err = ERR_INIT;
	struct contact contact;

	contact_init(&contact);
	CHECK_TEXT(shelf_findings(book, 0), "last_name:REQUIRED!");
	book_contact(book, 0, &contact);
	REQUIRE(contact.fields[FIELD_LAST_NAME].column != CONTACT_NO_COLUMN);
	for (uint32_t row = 0; row < 2; row++)
		CHECK(book_set(book, row,
		    contact.fields[FIELD_LAST_NAME].column, "Adams", &err));
	CHECK_TEXT(shelf_findings(book, 0), "");
	save(book, true);
	CHECK_INT(book_save_report(book)->applied, 2);
	check_file("b.yaml",
	    "- external_id: a-1\n  first_name: Ruth\n  last_name: Adams\n"
	    "- {external_id: a-2, first_name: Ann, last_name: Adams}\n");
	CHECK_INT(book_unsaved(book), 0);
	contact_release(&contact);
	book_free(book);
	config_free(config);
}
