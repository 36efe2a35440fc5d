/* SPDX-License-Identifier: MIT */
#include "book/book.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "check.h"
#include "shelf.h"
#include "source/records.h"

static const char mapped[] = "mapping:\n"
			     "  external_id: Record ID\n"
			     "  first_name: First\n"
			     "  last_name: Last\n"
			     "  phone: [Mobile, Phone]\n"
			     "  birth_date: Born\n"
			     "  state: State\n"
			     "  zip: ZIP\n"
			     "  medicare_number: MBI\n";

static const char csv[] =
    "Record ID,First,Last,Mobile,Phone,Born,State,ZIP,MBI\n"
    "1,Ruth,Adams,,(916) 555-0123,1/15/1955,California,95811,\n"
    "2,Ann,Baker,916-555-0124,,2/3/1956,MA,2139,1SG4-TE5-MK71\n"
    "3,,Cole,12,,,XX,9581,1SG4-TE5-MK72\n"
    "2,Bob,Diaz,,,,,,\n"
    "5,Eve,Eddy,,,,,,1SG4TE5MK72\n"
    ",Fay,Ford,,,,,,900-00-0000\n"
    "1.5E+11,Guy,Gray,,,,,,1EG4-TE5-MK7\n"
    "8,\xe2\x80\x93,Hill,,,,,,\n";

TEST(book_sees_rows_as_contacts)
{
	static const char *const findings[] = {
	    "",
	    "external_id:ID-REPEATED! zip:ZIP-ZEROS medicare_number:MBI-TEST",
	    "first_name:REQUIRED! phone:PHONE-SHAPE? state:STATE-UNKNOWN? "
	    "zip:ZIP-LENGTH? medicare_number:MBI-TEST "
	    "medicare_number:MBI-REPEATED!",
	    "external_id:ID-REPEATED!",
	    "medicare_number:MBI-TEST medicare_number:MBI-REPEATED!",
	    "external_id:REQUIRED! medicare_number:MBI-SSN!",
	    "external_id:ID-DAMAGED! medicare_number:MBI-SHAPE?",
	    "first_name:REQUIRED!",
	};
	struct config *config = shelf_config(mapped);
	struct book *book = shelf_book(config, "b.csv", csv);
	struct contact contact;
	const struct finding *finding;

	CHECK_INT(book_count(book), 8);
	for (uint32_t row = 0; row < 8; row++) {
		const char *is = shelf_findings(book, row);

		if (row == 1) /* order of book findings follows the fields' */
			CHECK_TEXT(is, "zip:ZIP-ZEROS medicare_number:MBI-TEST "
				       "external_id:ID-REPEATED!");
		else
			CHECK_TEXT(is, findings[row]);
	}
	CHECK_TEXT(shelf_value(book, 0, FIELD_PHONE), "9165550123");
	CHECK_TEXT(shelf_value(book, 0, FIELD_BIRTH_DATE), "1955-01-15");
	CHECK_TEXT(shelf_value(book, 0, FIELD_STATE), "CA");
	CHECK_TEXT(shelf_value(book, 1, FIELD_ZIP), "02139");
	CHECK_TEXT(shelf_value(book, 2, FIELD_ZIP), NULL);
	CHECK_TEXT(shelf_value(book, 5, FIELD_MEDICARE_NUMBER), NULL);
	contact_init(&contact);
	book_contact(book, 2, &contact);
	CHECK_TEXT(contact.name, "Cole");
	CHECK(contact.fields[FIELD_PHONE].left_out);
	CHECK_TEXT(contact.fields[FIELD_PHONE].raw, "12");
	CHECK_INT(contact.fields[FIELD_PHONE].column, 3);
	finding = contact_finding(&contact, FIELD_MEDICARE_NUMBER);
	REQUIRE(finding != NULL);
	CHECK_TEXT(finding->message, "row 5 has the same Medicare number");
	CHECK(contact_finding(&contact, FIELD_CITY) == NULL);
	book_contact(book, 0, &contact);
	CHECK_TEXT(contact.name, "Adams, Ruth");
	CHECK_INT(contact.fields[FIELD_PHONE].column, 4);
	CHECK(!contact.fields[FIELD_PHONE].left_out);
	CHECK(!contact.fields[FIELD_MEDICARE_NUMBER].left_out);
	CHECK_INT(contact.fields[FIELD_MEDICARE_NUMBER].column, 8);
	book_contact(book, 7, &contact);
	CHECK_TEXT(contact.name, "Hill, \xe2\x80\x93");
	CHECK_TEXT(contact_finding(&contact, FIELD_FIRST_NAME)->message,
	    "first name is only a filler (\"\xe2\x80\x93\")");
	book_contact(book, 5, &contact);
	CHECK_TEXT(contact_finding(&contact, FIELD_EXTERNAL_ID)->message,
	    "ID is missing; if your export has no IDs, map external_id with "
	    "minted: true");
	contact_release(&contact);
	book_free(book);
	config_free(config);
}

/* A book that keeps no rows says the same of each, in any order. */
TEST(book_surveys_a_file_that_is_too_big)
{
	static const uint32_t order[] = {0, 1, 2, 3, 4, 5, 6, 7, 7, 3, 6, 0};
	struct config *config = shelf_config(mapped);
	struct book *kept = shelf_book(config, "b.csv", csv), *book;
	struct err err = ERR_INIT;

	book = book_open(config, shelf_path("b.csv"), &shelf_clock, &err);
	REQUIRE(book != NULL);
	REQUIRE(book_survey(book, &err));
	CHECK(book_loaded(book));
	CHECK_INT(book_count(book), 8);
	CHECK_INT(book_find(book, "5"), 4);
	CHECK_INT(book_find(book, "row:3"), 2);
	CHECK_INT(book_find(book, "nobody"), RECORDS_NONE);
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		uint32_t row = order[i];
		char *should = mem_strdup(shelf_findings(kept, row));

		REQUIRE(book_reach(book, row, &err));
		CHECK_TEXT(shelf_findings(book, row), should);
		CHECK_INT(book_line(book, row), book_line(kept, row));
		free(should);
		should = mem_strdup(book_external_id(kept, row)
					? book_external_id(kept, row)
					: "none");
		CHECK_TEXT(book_external_id(book, row)
			       ? book_external_id(book, row)
			       : "none",
		    should);
		free(should);
	}
	book_free(book);
	book_free(kept);
	config_free(config);
}

TEST(book_finds_rows)
{
	struct config *config = shelf_config(mapped);
	struct book *book = shelf_book(config, "b.csv", csv);

	CHECK_INT(book_find(book, "1"), 0);
	CHECK_INT(book_find(book, "5"), 4);
	CHECK_INT(book_find(book, "2"), 1);
	CHECK_INT(book_find(book, "row:1"), 0);
	CHECK_INT(book_find(book, "row:8"), 7);
	CHECK_INT(book_find(book, "row:9"), RECORDS_NONE);
	CHECK_INT(book_find(book, "row:0"), RECORDS_NONE);
	CHECK_INT(book_find(book, "row:"), RECORDS_NONE);
	CHECK_INT(book_find(book, "row:1x"), RECORDS_NONE);
	CHECK_INT(book_find(book, "row:-1"), RECORDS_NONE);
	CHECK_INT(book_find(book, "none"), RECORDS_NONE);
	CHECK_INT(book_find(book, ""), RECORDS_NONE);
	CHECK_TEXT(book_external_id(book, 3), "2");
	CHECK_TEXT(book_external_id(book, 5), NULL);
	CHECK_TEXT(book_external_id(book, 6), NULL);
	book_free(book);
	config_free(config);
}

TEST(book_takes_fields_as_they_are_named)
{
	struct config *config = shelf_config("");
	struct book *book = shelf_book(config, "b.yaml",
	    "- external_id: a-1\n"
	    "  first_name: Ruth\n"
	    "  last_name: Adams\n"
	    "- {external_id: a-2, first_name: Ann, last_name: Baker, phone: "
	    "916-555-0123}\n");

	CHECK_TEXT(shelf_findings(book, 0), "");
	CHECK_TEXT(shelf_value(book, 0, FIELD_PHONE), NULL);
	CHECK_TEXT(shelf_value(book, 1, FIELD_PHONE), "9165550123");
	CHECK_INT(book_find(book, "a-2"), 1);
	book_free(book);
	config_free(config);
}

/* Of a plain name no more is read than its cell. */
TEST(book_takes_plain_names_as_they_stand)
{
	static const struct {
		const char *last, *plain;
	} cases[] = {{"Adams", "Adams"}, {"ADAMS3", "ADAMS3"}, {" Adams", NULL},
	    {"O\u2019Hara", NULL}, {"De  Vries", NULL}, {"", NULL},
	    {"none", "none"}};
	struct config *config = shelf_config("");
	struct book *book = shelf_book(config, "b.yaml",
	    "- {external_id: a-1, first_name: Ruth, last_name: Baker}\n");
	struct err err = ERR_INIT;
	uint32_t column = records_exact_column(book_records(book), "last_name");

	for (unsigned i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *plain, *raw, *text;

		CHECK(book_set(book, 0, column, cases[i].last, &err));
		plain = book_plain_name(book, 0, FIELD_LAST_NAME);
		CHECK_TEXT(plain, cases[i].plain);
		text = book_field(book, 0, FIELD_LAST_NAME, &raw);
		if (plain)
			CHECK_TEXT(*text ? text : raw, plain);
	}
	/* a rule that does more is asked */
	book_free(book);
	config_free(config);
	config = shelf_config("mapping:\n"
			      "  external_id: id\n"
			      "  last_name: {column: name, split: {on: \" \", "
			      "take: -1}}\n");
	book = shelf_book(config, "c.csv", "id,name\na-1,Adams\n");
	CHECK_TEXT(book_plain_name(book, 0, FIELD_LAST_NAME), NULL);
	CHECK_TEXT(book_plain_name(book, 0, FIELD_FIRST_NAME), NULL);
	book_free(book);
	config_free(config);
}

TEST(book_names_missing_columns)
{
	struct config *config = shelf_config(mapped);
	struct err err = ERR_INIT;
	struct config *good;
	struct contact contact;
	struct str problems;
	struct book *book;

	check_write(
	    shelf_path("b.csv"), "Record ID,First,Last,Mobil\n1,a,b,c\n");
	book = book_open(config, shelf_path("b.csv"), &shelf_clock, &err);
	REQUIRE(book != NULL);
	CHECK_INT(book_load(book, 10, &err), SOURCE_FAILED);
	CHECK_INT(err.kind, ERR_CONFIG);
	CHECK_TEXT(err.text,
	    "c.yaml:5:11: mapping.phone: there is no column \"Mobile\"; did "
	    "you mean \"Mobil\"?; c.yaml:5:19: mapping.phone: there is no "
	    "column \"Phone\"; c.yaml:6:15: mapping.birth_date: there is no "
	    "column \"Born\"; c.yaml:7:10: mapping.state: there is no column "
	    "\"State\"; c.yaml:8:8: mapping.zip: there is no column \"ZIP\"; "
	    "c.yaml:9:20: mapping.medicare_number: there is no column "
	    "\"MBI\"");
	CHECK(book_broken(book) && !book_loaded(book));
	/* it can be looked at, and mended */
	CHECK(book_unfit(book));
	CHECK_INT(book_load(book, 10, &err), SOURCE_DONE);
	CHECK(book_broken(book) && !book_loaded(book));
	contact_init(&contact);
	book_contact(book, 0, &contact);
	CHECK_TEXT(contact.name, "b, a");
	contact_release(&contact);
	good = shelf_config("mapping: {external_id: Record ID, "
			    "first_name: First, last_name: Last}\n");
	str_init(&problems, 4096);
	CHECK(book_fits(book, good, &problems));
	CHECK(!book_fits(book, config, &problems));
	CHECK(str_starts(problems.data, "c.yaml:5:11: mapping.phone: "));
	CHECK(!book_remap(book, config->mapping, &err));
	CHECK(book_unfit(book));
	CHECK(book_remap(book, good->mapping, &err));
	CHECK(!book_unfit(book) && !book_broken(book));
	CHECK(book_load_all(book, &err));
	CHECK_TEXT(book_external_id(book, 0), "1");
	CHECK(book_is_from_file(book, 3));
	CHECK(!book_is_from_file(book, 4));
	str_release(&problems);
	book_free(book);
	config_free(good);
	config_free(config);
}

static void
check_results_refused(const char *results, const char *should)
{
	struct err err = ERR_INIT;
	struct config *config = shelf_config(results);
	struct book *book;

	check_write(shelf_path("b.csv"), csv);
	book = book_open(config, shelf_path("b.csv"), &shelf_clock, &err);
	REQUIRE(book != NULL);
	CHECK(!book_load_all(book, &err));
	CHECK_INT(err.kind, ERR_CONFIG);
	CHECK(str_starts(err.text, "c.yaml: "));
	CHECK_TEXT(err.text + strlen("c.yaml: "), should);
	book_free(book);
	config_free(config);
}

TEST(book_puts_no_result_over_what_it_reads)
{
	static const char ids[] = "mapping: {external_id: Record ID, "
				  "first_name: First, last_name: Last, "
				  "phone: {join: [Mobile, Phone]}}\n"
				  "result_columns: ";
	struct str text;

	str_init(&text, 1024);
	str_addf(&text, "%s{quote_url: record id}\n", ids);
	check_results_refused(text.data,
	    "result_columns.quote_url: the column 'Record ID' gives the ID, "
	    "which the result would replace; name another column");
	str_reset(&text);
	str_addf(&text, "%s{synced_at: Phone}\n", ids);
	check_results_refused(text.data,
	    "result_columns.synced_at: the column 'Phone' gives the phone, "
	    "which the result would replace; name another column");
	str_reset(&text);
	str_addf(&text, "%s{quote_url: New, synced_at: new}\n", ids);
	check_results_refused(text.data,
	    "result_columns.synced_at: 'new' is the column of quote_url "
	    "already; name another column");
	str_release(&text);
}

TEST(book_needs_a_file)
{
	struct config *config = shelf_config("");
	struct err err = ERR_INIT;

	CHECK(book_open(config, NULL, &shelf_clock, &err) == NULL);
	CHECK_INT(err.kind, ERR_CONFIG);
	CHECK(book_open(config, shelf_path("none.csv"), &shelf_clock, &err) ==
	      NULL);
	CHECK_INT(err.kind, ERR_NO_INPUT);
	config_free(config);
}

TEST(book_blocks_ragged_rows)
{
	struct config *config = shelf_config("");
	struct book *book = shelf_book(config, "b.csv",
	    "external_id,first_name,last_name\n1,a\n2,b,c,d\n3,e,f\n");

	CHECK(strstr(shelf_findings(book, 0), "row:ROW-SHAPE!"));
	CHECK_TEXT(shelf_findings(book, 1), "row:ROW-SHAPE!");
	CHECK_TEXT(shelf_findings(book, 2), "");
	book_free(book);
	config_free(config);
}

/* What a doubtful value does is the mapping's and the config's to say. */
TEST(book_follows_the_policy)
{
	static const struct {
		const char *config, *findings, *value;
	} tests[] = {
	    {"mapping: {external_id: i, first_name: f, last_name: l, phone: "
	     "p}",
		"phone:PHONE-SHAPE?", NULL},
	    {"mapping: {external_id: i, first_name: f, last_name: l, phone: "
	     "{column: p, invalid: send}}",
		"phone:PHONE-SHAPE", "12 3"},
	    {"mapping: {external_id: i, first_name: f, last_name: l, phone: "
	     "{column: p, invalid: block}}",
		"phone:PHONE-SHAPE!", NULL},
	    {"mapping: {external_id: i, first_name: f, last_name: l, phone: "
	     "{column: p, direction: never}}",
		"phone:PHONE-SHAPE", NULL},
	    {"mapping: {external_id: i, first_name: f, last_name: l, phone: "
	     "p}\nsync: {warnings: hold}",
		"phone:PHONE-SHAPE!", NULL},
	    {"mapping: {external_id: i, first_name: f, last_name: l, phone: "
	     "{column: p, invalid: send}}\nsync: {warnings: hold}",
		"phone:PHONE-SHAPE", "12 3"},
	};

	for (unsigned i = 0; i < sizeof(tests) / sizeof(*tests); i++) {
		struct config *config = shelf_config(tests[i].config);
		struct book *book = shelf_book(
		    config, "b.csv", "i,f,l,p\n1,a,b, 12 3 \n");

		CHECK_TEXT(shelf_findings(book, 0), tests[i].findings);
		CHECK_TEXT(shelf_value(book, 0, FIELD_PHONE), tests[i].value);
		book_leave_out(book, 0, FIELD_PHONE, true);
		CHECK(book_left_out(book, 0, FIELD_PHONE));
		CHECK_TEXT(shelf_findings(book, 0), "phone:PHONE-SHAPE");
		CHECK_TEXT(shelf_value(book, 0, FIELD_PHONE), NULL);
		CHECK_INT(book_undo(book), 0);
		CHECK(!book_left_out(book, 0, FIELD_PHONE));
		CHECK_TEXT(shelf_findings(book, 0), tests[i].findings);
		book_free(book);
		config_free(config);
	}
}

/* A required field has nothing to leave out. */
TEST(book_sends_required_fields_with_warnings)
{
	struct config *config = shelf_config("");
	struct book *book = shelf_book(config, "b.csv",
	    "external_id,first_name,last_name\n1,Test,Jos\xc3\x83\xc2\xa9\n");

	CHECK_TEXT(shelf_findings(book, 0),
	    "first_name:NAME-PLACEHOLDER? last_name:TEXT-DAMAGED?");
	CHECK_TEXT(shelf_value(book, 0, FIELD_FIRST_NAME), "Test");
	book_leave_out(book, 0, FIELD_FIRST_NAME, true);
	CHECK_TEXT(shelf_value(book, 0, FIELD_FIRST_NAME), "Test");
	book_free(book);
	config_free(config);
}

/* A street with a broken letter is better than none. */
TEST(book_sends_what_is_better_than_nothing)
{
	static const char rows[] = "external_id,first_name,last_name,city,phone"
				   "\n1,a,b,Le\xc3\x83\xc2\xb3n,1\n";
	static const struct {
		const char *config, *findings, *city;
	} tests[] = {
	    {"", "phone:PHONE-SHAPE? city:TEXT-DAMAGED?",
		"Le\xc3\x83\xc2\xb3n"},
	    {"sync: {warnings: hold}", "phone:PHONE-SHAPE! city:TEXT-DAMAGED!",
		NULL},
	    {"mapping: {external_id: external_id, first_name: first_name, "
	     "last_name: last_name, city: {column: city, invalid: block}}",
		"city:TEXT-DAMAGED!", NULL},
	};

	for (unsigned i = 0; i < sizeof(tests) / sizeof(*tests); i++) {
		struct config *config = shelf_config(tests[i].config);
		struct book *book = shelf_book(config, "b.csv", rows);

		CHECK_TEXT(shelf_findings(book, 0), tests[i].findings);
		CHECK_TEXT(shelf_value(book, 0, FIELD_CITY), tests[i].city);
		CHECK_TEXT(shelf_value(book, 0, FIELD_PHONE), NULL);
		book_free(book);
		config_free(config);
	}
}

TEST(book_reads_dates_as_their_column_does)
{
	static const char head[] = "external_id,first_name,last_name,"
				   "birth_date\n1,a,b,3/4/1955\n";
	static const struct {
		const char *more, *value, *findings;
	} tests[] = {
	    {"2,c,d,1/2/1956\n", "1955-03-04", ""},
	    {"2,c,d,25/2/1956\n", "1955-04-03", ""},
	    {"2,c,d,2/25/1956\n", "1955-03-04", ""},
	    {"2,c,d,25/2/1956\n3,e,f,2/25/1956\n", NULL,
		"birth_date:DATE-AMBIGUOUS?"},
	};

	for (unsigned i = 0; i < sizeof(tests) / sizeof(*tests); i++) {
		struct config *config = shelf_config("");
		char text[300];
		struct book *book;

		snprintf(text, sizeof(text), "%s%s", head, tests[i].more);
		book = shelf_book(config, "b.csv", text);
		CHECK_TEXT(
		    shelf_value(book, 0, FIELD_BIRTH_DATE), tests[i].value);
		CHECK_TEXT(shelf_findings(book, 0), tests[i].findings);
		book_free(book);
		config_free(config);
	}
}

TEST(book_sees_ids_that_excel_cut)
{
	struct config *config = shelf_config("");
	struct book *book = shelf_book(config, "b.csv",
	    "external_id,first_name,last_name\n"
	    "4150868000000620000,a,b\n4150868000000630000,c,d\n7,e,f\n");

	CHECK_TEXT(shelf_findings(book, 0), "external_id:ID-DAMAGED!");
	CHECK_TEXT(shelf_findings(book, 2), "");
	book_free(book);
	book = shelf_book(config, "b.csv",
	    "external_id,first_name,last_name\n"
	    "4150868000000620000,a,b\n4150868000000625123,c,d\n");
	CHECK_TEXT(shelf_findings(book, 0), "");
	book_free(book);
	config_free(config);
}

TEST(book_shows_values_masked)
{
	static const struct {
		enum field field;
		const char *value, *shown;
	} tests[] = {
	    {FIELD_MEDICARE_NUMBER, "1EG4TE5MK73",
		"\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2-"
		"\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2-MK73"},
	    {FIELD_MEDICARE_NUMBER, "1EG4-TE5-MK73",
		"\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2-"
		"\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2-MK73"},
	    {FIELD_MEDICARE_NUMBER, "MK73",
		"\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2-"
		"\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2-"
		"\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2"},
	    {FIELD_BIRTH_DATE, "1955-01-15", "1955"},
	    {FIELD_BIRTH_DATE, "1/15/1955", "\xe2\x80\xa2/\xe2\x80\xa2/1955"},
	    {FIELD_BIRTH_DATE, "1/15/55", "\xe2\x80\xa2/\xe2\x80\xa2/55"},
	    {FIELD_BIRTH_DATE, "1/15/5",
		"\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2"},
	    {FIELD_BIRTH_DATE, "1/15/55 ?",
		"\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2"},
	    {FIELD_BIRTH_DATE, "15.1.55",
		"\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2"},
	    {FIELD_BIRTH_DATE, "19550115",
		"\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2"},
	    {FIELD_MEDICAID_NUMBER, "1234567890",
		"\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2"
		"7890"},
	    {FIELD_PHONE, "9165550123", "9165550123"},
	    {FIELD_CITY, "A\x1b", "A\xe2\x90\x9b"},
	    {FIELD_CITY, "", ""},
	    {FIELD_CITY, NULL, ""},
	};
	struct str out;

	str_init(&out, 1000);
	for (unsigned i = 0; i < sizeof(tests) / sizeof(*tests); i++) {
		str_reset(&out);
		contact_show_value(&out, tests[i].field, tests[i].value, false);
		CHECK_TEXT(out.data, tests[i].shown);
	}
	str_reset(&out);
	contact_show_value(&out, FIELD_MEDICARE_NUMBER, "1EG4TE5MK73", true);
	CHECK_TEXT(out.data, "1EG4TE5MK73");
	str_release(&out);
}

/* "Left out" is said only where there is something to leave out. */
TEST(book_leaves_out_only_what_is_there)
{
	struct config *config = shelf_config("");
	struct book *book = shelf_book(config, "b.csv",
	    "external_id,first_name,last_name,sex,phone,zip,city\n"
	    "1,a,b,X,-,95811,\n");
	struct contact contact;
	static const struct {
		enum field field;
		bool out;
	} tests[] = {{FIELD_SEX, true}, {FIELD_PHONE, false}, {FIELD_ZIP, true},
	    {FIELD_CITY, false}, {FIELD_EMAIL, false}};

	contact_init(&contact);
	for (unsigned i = 0; i < FIELD_COUNT; i++)
		if (i > FIELD_SEX)
			book_leave_out(book, 0, (enum field)i, true);
	book_contact(book, 0, &contact);
	for (unsigned i = 0; i < sizeof(tests) / sizeof(*tests); i++) {
		const struct contact_field *field =
		    &contact.fields[tests[i].field];

		CHECK_INT(field->left_out, tests[i].out);
		CHECK(field->value == NULL);
	}
	CHECK(!contact.blocked);
	contact_release(&contact);
	book_free(book);
	config_free(config);
}
