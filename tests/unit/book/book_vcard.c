/* SPDX-License-Identifier: MIT */
/* A book of cards: the mapping that is built in, edits, results. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "book/mapping.h"
#include "book/propose.h"
#include "check.h"
#include "shelf.h"

#define CARD(lines) "BEGIN:VCARD\nVERSION:3.0\nUID:1\n" lines "END:VCARD\n"

/* "FIELD=value" of what would be sent, a line each. */
static void
show(struct book *book, uint32_t row, struct str *out)
{
	for (unsigned i = 0; i < FIELD_COUNT; i++) {
		const char *value = shelf_value(book, row, (enum field)i);

		if (value)
			str_addf(out, "%s=%s\n", field_table[i].name, value);
	}
	str_addf(out, "%s\n", shelf_findings(book, row));
}

static void
check_card(const char *text, const char *should)
{
	struct config *config = shelf_config("");
	struct book *book = shelf_book(config, "a.vcf", text);
	struct str is;

	str_init(&is, 1 << 16);
	show(book, 0, &is);
	CHECK_TEXT(is.data, should);
	str_release(&is);
	book_free(book);
	config_free(config);
}

TEST(vcard_needs_no_mapping)
{
	check_card(
	    CARD("N:Abernathy;Ruth;Ann;Dr.;\nFN:Dr. Ruth Ann Abernathy\n"
		 "EMAIL;TYPE=work:office@example.com\n"
		 "EMAIL;TYPE=pref:ruth@example.com\n"
		 "TEL;TYPE=home,fax:916-555-0100\n"
		 "TEL;TYPE=home:916-555-0101\n"
		 "TEL;TYPE=cell,voice:916-555-0102\n"
		 "ADR;TYPE=work:;;1 Office Way;Ames;IA;50010;\n"
		 "ADR;TYPE=home:;;12 Elm St\\nApt 4;Sacramento;California;"
		 "95811;USA\n"
		 "BDAY:19500312\nNOTE:never sent\nX-MBI:1EG4-TE5-MK73\n"
		 "X-GENDER:Female\n"),
	    "external_id=1\nfirst_name=Ruth\nlast_name=Abernathy\n"
	    "email=ruth@example.com\nphone=9165550102\n"
	    "birth_date=1950-03-12\nsex=female\naddress_1=12 Elm St\n"
	    "address_2=Apt 4\ncity=Sacramento\nstate=CA\nzip=95811\n"
	    "medicare_number=1EG4TE5MK73\n\n");
	/* columns that no card has are no problem */
	check_card(
	    CARD("N:A;B\n"), "external_id=1\nfirst_name=B\nlast_name=A\n\n");
}

TEST(vcard_takes_the_name_from_where_it_is)
{
	check_card(CARD("FN:Mary Ann Smith\n"),
	    "external_id=1\nfirst_name=Mary\nlast_name=Smith\n"
	    "first_name:NAME-SPLIT\n");
	check_card(CARD("N:;;;;\nFN:Mary Smith\n"),
	    "external_id=1\nfirst_name=Mary\nlast_name=Smith\n"
	    "first_name:NAME-SPLIT\n");
	/* half a name is not made whole by the other half */
	check_card(CARD("N:Smith;;;;\nFN:Smith\n"),
	    "external_id=1\nlast_name=Smith\nfirst_name:REQUIRED!\n");
	check_card(CARD("N:;Mary;;;\nFN:Mary\n"),
	    "external_id=1\nfirst_name=Mary\nlast_name:REQUIRED!\n");
}

static void
check_phone(const char *lines, const char *phone)
{
	char text[1024], should[256];

	snprintf(text, sizeof(text), CARD("N:A;B\n%s"), lines);
	snprintf(should, sizeof(should),
	    "external_id=1\nfirst_name=B\nlast_name=A\n%s%s%s\n",
	    phone ? "phone=916555" : "", phone ? phone : "", phone ? "\n" : "");
	check_card(text, should);
}

TEST(vcard_calls_the_mobile_first_and_never_a_fax)
{
	check_phone("TEL;TYPE=work,pref:916-555-0101\n"
		    "TEL;TYPE=home:916-555-0102\nTEL;TYPE=cell:916-555-0103\n",
	    "0103");
	check_phone("TEL;TYPE=home:916-555-0102\nitem1.TEL:916-555-0104\n"
		    "item1.X-ABLabel:_$!<Mobile>!$_\n",
	    "0104");
	check_phone("TEL;TYPE=work,pref:916-555-0101\n"
		    "TEL;TYPE=home:916-555-0102\n",
	    "0102");
	check_phone("TEL;TYPE=other:916-555-0105\n"
		    "TEL;TYPE=home,fax:916-555-0100\n"
		    "TEL;TYPE=work:916-555-0101\n",
	    "0101");
	check_phone(
	    "TEL;TYPE=home,fax:916-555-0100\nTEL:916-555-0105\n", "0105");
	check_phone("TEL;TYPE=WORK;TYPE=FAX:916-555-0100\n", NULL);
	check_phone("TEL;TYPE=cell:916-555-0103\n"
		    "TEL;TYPE=cell;TYPE=pref:916-555-0106\n",
	    "0106");
}

TEST(vcard_sex_and_birth_date_may_be_unsaid)
{
	static const char *const unsaid[] = {
	    "GENDER:U", "GENDER:N", "GENDER:O;other", "GENDER:;text"};
	char text[512];

	for (size_t i = 0; i < 4; i++) {
		snprintf(text, sizeof(text), CARD("N:A;B\n%s\n"), unsaid[i]);
		check_card(
		    text, "external_id=1\nfirst_name=B\nlast_name=A\n\n");
	}
	check_card(CARD("N:A;B\nGENDER:M;he\nBDAY:1950-03-12T10:00:00Z\n"),
	    "external_id=1\nfirst_name=B\nlast_name=A\n"
	    "birth_date=1950-03-12\nsex=male\n\n");
	/* a warning lets the contact go */
	check_card(CARD("N:A;B\nBDAY:--0312\n"),
	    "external_id=1\nfirst_name=B\nlast_name=A\n"
	    "birth_date:DATE-SHAPE?\n");
	check_card(CARD("N:A;B\nBDAY;X-APPLE-OMIT-YEAR=1604:1604-03-12\n"),
	    "external_id=1\nfirst_name=B\nlast_name=A\n"
	    "birth_date:DATE-SHAPE?\n");
	check_card(CARD("N:A;B\nBDAY:1950\n"),
	    "external_id=1\nfirst_name=B\nlast_name=A\n"
	    "birth_date:DATE-SHAPE?\n");
}

TEST(vcard_without_uid_gets_an_id)
{
	struct config *config = shelf_config("");
	struct book *book = shelf_book(
	    config, "a.vcf", "BEGIN:VCARD\nN:A;B\nEND:VCARD\n" CARD("N:C;D\n"));

	CHECK(book_mints(book));
	CHECK(book_needs_id(book, 0));
	CHECK(!book_needs_id(book, 1));
	book_free(book);
	config_free(config);
}

/* Puts a value where the field's comes from, or would be put. */
static void
edit(struct book *book, enum field field, const char *text)
{
	struct contact contact;
	struct err err = ERR_INIT;
	uint32_t column;

	contact_init(&contact);
	book_contact(book, 0, &contact);
	column = contact.fields[field].column;
	REQUIRE(column != CONTACT_NO_COLUMN);
	if (!book_set(book, 0, column, text, &err))
		CHECK_TEXT(err.text, "");
	contact_release(&contact);
	CHECK_TEXT(shelf_value(book, 0, field), text);
}

TEST(vcard_takes_edits_and_results)
{
	struct config *config = shelf_config("");
	struct book *book = shelf_book(config, "a.vcf",
	    CARD("N:A;B;;;\nTEL;TYPE=cell:916-555-0103\nNOTE:[a list?]\n"));
	struct book_result result = {.healthsherpa_id = "hs-1"};
	struct err err = ERR_INIT;
	uint32_t note = records_find_column(book_records(book), "NOTE");
	char *is;

	edit(book, FIELD_FIRST_NAME, "Bea");
	edit(book, FIELD_EMAIL, "bea@example.com");
	edit(book, FIELD_CITY, "Davis");
	edit(book, FIELD_ADDRESS_1, "12 Elm St");
	edit(book, FIELD_BIRTH_DATE, "1950-03-12");
	edit(book, FIELD_PHONE, "9165550107");
	CHECK(book_set(book, 0, note, "no list", &err));
	book_put_result(book, 0, &result);
	if (!book_save(book, true, NULL, &err))
		CHECK_TEXT(err.text, "");
	CHECK_TEXT(book_save_report(book)->first, "");
	is = check_read(shelf_path("a.vcf"));
	CHECK_TEXT(
	    is, CARD("N:A;Bea;;;\nTEL;TYPE=cell:9165550107\nNOTE:no list\n"
		     "EMAIL:bea@example.com\nADR:;;12 Elm St;Davis;;;\n"
		     "BDAY:1950-03-12\nX-HEALTHSHERPA-ID:hs-1\n"));
	free(is);
	book_free(book);
	/* and they are there the next time */
	is = check_read(shelf_path("a.vcf"));
	book = shelf_book(config, "a.vcf", is);
	CHECK_TEXT(book_result_id(book, 0), "hs-1");
	free(is);
	book_free(book);
	config_free(config);
}

TEST(vcard_phone_goes_into_a_free_place)
{
	struct config *config = shelf_config("");
	struct book *book = shelf_book(config, "a.vcf", CARD("N:A;B;;;\n"));
	struct err err = ERR_INIT;
	char *is;

	edit(book, FIELD_PHONE, "9165550107");
	CHECK(book_save(book, true, NULL, &err));
	is = check_read(shelf_path("a.vcf"));
	CHECK_TEXT(is, CARD("N:A;B;;;\nTEL:9165550107\n"));
	free(is);
	book_free(book);
	config_free(config);
}

TEST(vcard_results_go_into_properties_only)
{
	struct config *config = shelf_config(
	    "result_columns: {quote_url: Quote URL}\n");
	const char *path = shelf_path("a.vcf");
	struct err err = ERR_INIT;
	struct book *book;

	check_write(path, CARD("N:A;B\n"));
	book = book_open(config, path, &shelf_clock, &err);
	REQUIRE(book != NULL);
	CHECK(!book_load_all(book, &err));
	CHECK_INT(err.kind, ERR_CONFIG);
	CHECK_TEXT(err.text,
	    "c.yaml: result_columns.quote_url: 'Quote URL': a vCard has no "
	    "such "
	    "property; those of your own are named X-..., such as "
	    "X-QUOTE-URL");
	book_free(book);
	config_free(config);
}

/* A config's mapping is used as it is, with the standard columns at hand. */
TEST(vcard_may_be_mapped_otherwise)
{
	struct config *config = shelf_config(
	    "mapping: {external_id: UID, first_name: N given, last_name: N "
	    "family, email: EMAIL 1, phone: TEL 1, notes: NOTE}\n");
	struct book *book = shelf_book(
	    config, "a.vcf", CARD("N:A;B\nTEL;TYPE=fax:916-555-0100\n"));

	CHECK_TEXT(shelf_value(book, 0, FIELD_PHONE), "9165550100");
	CHECK(shelf_value(book, 0, FIELD_EMAIL) == NULL);
	CHECK(!book_mints(book));
	book_free(book);
	config_free(config);
}

/* A config to be written says the same as the mapping that is built in. */
/* What the desk writes with the first change: all of it. */
TEST(vcard_takes_its_own_mapping_from_a_config)
{
	struct str text, is;
	struct config *config;
	struct book *book;

	str_init(&text, 1 << 16);
	str_init(&is, 1 << 16);
	str_add(&text, "mapping:\n");
	for (unsigned i = 0; i < FIELD_COUNT; i++) {
		struct str rule;

		str_init(&rule, 1 << 12);
		if (mapping_builtin_line("vCard", (enum field)i, &rule))
			str_addf(&text, "  %s: %s\n", field_table[i].name,
			    rule.data);
		str_release(&rule);
	}
	config = shelf_config(text.data);
	book = shelf_book(config, "a.vcf",
	    CARD("N:Abernathy;Ruth;;;\nTEL;TYPE=home:916-555-0101\n"));
	show(book, 0, &is);
	CHECK_TEXT(is.data, "external_id=1\nfirst_name=Ruth\n"
			    "last_name=Abernathy\nphone=9165550101\n\n");
	book_free(book);
	config_free(config);
	str_release(&text);
	str_release(&is);
}

TEST(vcard_is_proposed_as_it_is_read)
{
	struct config *config = shelf_config("");
	struct book *book = shelf_book(config, "a.vcf",
	    CARD("N:A;B\nEMAIL:a@example.com\nTEL;TYPE=cell:916-555-0103\n"));
	struct err err = ERR_INIT;
	struct proposal *proposal = proposal_make(
	    book_records(book), "vCard", NULL, PROPOSAL_ROWS, &err);

	REQUIRE(proposal != NULL);
	CHECK_TEXT(proposal_field(proposal, FIELD_FIRST_NAME)->rule,
	    "[N given, {column: FN, split: {on: \" \", take: 1}, when: "
	    "{column: N family, filled: false}}]");
	CHECK(strstr(proposal_field(proposal, FIELD_PHONE)->rule,
	    "{pair: {label: TEL * type, has: cell, value: TEL *}}"));
	/* EMAIL 2 is nowhere, so a rule must not name it */
	CHECK_TEXT(proposal_field(proposal, FIELD_EMAIL)->rule, "EMAIL 1");
	proposal_free(proposal);
	book_free(book);
	config_free(config);
}

TEST(mapping_is_built_in_for_vcard_only)
{
	CHECK(mapping_builtin("CSV") == NULL);
	CHECK(mapping_builtin("YAML") == NULL);
}

/* What is in force without a mapping of the user's can be written down. */
TEST(rules_that_nobody_wrote_can_be_told)
{
	struct config *config = shelf_config("");
	struct book *book = shelf_book(config, "k.yaml",
	    "- first_name: Ruth\n  Last Name: Bell\n  zip: 95811\n");
	struct str out;

	str_init(&out, 2000);
	for (unsigned i = 0; i < FIELD_COUNT; i++)
		if (mapping_identity_rule(book_mapping(book),
			book_records(book), (enum field)i, &out))
			str_add(&out, "; ");
	/* book_load() gave keys that no record has a column to type into */
	CHECK(str_starts(out.data,
	    "{column: external_id, minted: true}; first_name; Last Name; "));
	str_release(&out);
	book_free(book);
	config_free(config);
}
