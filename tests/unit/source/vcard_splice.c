/* SPDX-License-Identifier: MIT */
/* Values put into cards: exactly which bytes change. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "book.h"
#include "check.h"
#include "source/records.h"
#include "source/source.h"

/* What stands there now in a cell; NULL: nothing. */
static const char *
cell(const struct source *source, uint32_t row, const char *column)
{
	const struct records *records = source_records(source);
	uint32_t found = records_find_column(records, column);

	return found == RECORDS_NONE ? NULL : records_cell(records, row, found);
}

static void
change(const char *before, struct source_change *changes, size_t count,
    const char *after)
{
	const char *path = book_file("a.vcf", before, strlen(before));
	struct source *source = book_load(path);
	struct err err = ERR_INIT;

	for (size_t i = 0; i < count; i++)
		changes[i].before = cell(
		    source, changes[i].row, changes[i].column);
	if (book_save(source, changes, count, &err) != SOURCE_DONE) {
		printf("# %s\n", err.text);
		CHECK(false);
	}
	for (size_t i = 0; i < count; i++)
		if (!CHECK_INT(changes[i].outcome, SOURCE_APPLIED) &&
		    changes[i].why)
			printf("# %s\n", changes[i].why);
	CHECK(book_has(path, after));
	source_free(source);
	/* read anew it says so */
	source = book_load(path);
	for (size_t i = 0; i < count; i++) {
		const char *is = cell(
		    source, changes[i].row, changes[i].column);

		CHECK_TEXT(is ? is : "", changes[i].after);
	}
	source_free(source);
}

static void
put(const char *before, uint32_t row, const char *column, const char *text,
    const char *after)
{
	struct source_change one = {
	    .row = row, .column = column, .after = text};

	change(before, &one, 1, after);
}

/* In a card of its own, between lines that must stay. */
static void
put_line(const char *version, const char *line, const char *column,
    const char *text, const char *after)
{
	char before[4096], should[4096];
	static const char form[] = "BEGIN:VCARD\r\nVERSION:%s\r\n"
				   "X-A:1\r\n%s\r\nX-B:2\r\nEND:VCARD\r\n";

	snprintf(before, sizeof(before), form, version, line);
	snprintf(should, sizeof(should), form, version, after);
	put(before, 0, column, text, should);
}

/* Of a card with that line; what is added stands before the END. */
static void
add(const char *version, const char *line, const char *column, const char *text,
    const char *added)
{
	char before[4096], should[4096];
	static const char form[] = "BEGIN:VCARD\nVERSION:%s\n%s%sEND:VCARD\n";

	snprintf(before, sizeof(before), form, version, line, "");
	snprintf(should, sizeof(should), form, version, line, added);
	put(before, 0, column, text, should);
}

TEST(vcard_gets_its_result_before_the_end)
{
	static const char id[] = "X-HEALTHSHERPA-ID",
			  hs[] = "7c9e6679-7425-40de-944b-e07fc1f90ae7";

	put("BEGIN:VCARD\nFN:A\nEND:VCARD\n", 0, id, hs,
	    "BEGIN:VCARD\nFN:A\nX-HEALTHSHERPA-ID:7c9e6679-7425-40de-944b-"
	    "e07fc1f90ae7\nEND:VCARD\n");
	/* the second of three, in its own kind of line ends */
	put("BEGIN:VCARD\nFN:A\nEND:VCARD\n\n"
	    "begin:vcard\r\nFN:B\r\nend:vcard \r\n"
	    "BEGIN:VCARD\nFN:C\nEND:VCARD",
	    1, id, "x",
	    "BEGIN:VCARD\nFN:A\nEND:VCARD\n\n"
	    "begin:vcard\r\nFN:B\r\nX-HEALTHSHERPA-ID:x\r\nend:vcard \r\n"
	    "BEGIN:VCARD\nFN:C\nEND:VCARD");
	put("\xEF\xBB\xBF"
	    "BEGIN:VCARD\rFN:A\rEND:VCARD\r",
	    0, id, "x",
	    "\xEF\xBB\xBF"
	    "BEGIN:VCARD\rFN:A\rX-HEALTHSHERPA-ID:x\rEND:VCARD\r");
	/* behind a photo and the blank line that ends it in 2.1 */
	put("BEGIN:VCARD\nVERSION:2.1\nPHOTO;BASE64:AAAA\n AAAA\n\nEND:VCARD\n",
	    0, id, "x",
	    "BEGIN:VCARD\nVERSION:2.1\nPHOTO;BASE64:AAAA\n AAAA\n\n"
	    "X-HEALTHSHERPA-ID:x\nEND:VCARD\n");
	/* in place, with its folds, whatever its case */
	put("BEGIN:VCARD\nFN:A\nitem1.x-healthsherpa-id;X=1:ol\n d\nUID:1\n"
	    "END:VCARD\n",
	    0, id, "new",
	    "BEGIN:VCARD\nFN:A\nitem1.x-healthsherpa-id;X=1:new\nUID:1\n"
	    "END:VCARD\n");
	/* behind a card within the card */
	put("BEGIN:VCARD\nAGENT:\nBEGIN:VCARD\nFN:in\nEND:VCARD\nEND:VCARD\n",
	    0, id, "x",
	    "BEGIN:VCARD\nAGENT:\nBEGIN:VCARD\nFN:in\nEND:VCARD\n"
	    "X-HEALTHSHERPA-ID:x\nEND:VCARD\n");
	/* groups of cards and text between them stay */
	put("hello\nBEGIN:VCARD\nKIND:group\nFN:all\nEND:VCARD\n"
	    "BEGIN:VCARD\nFN:A\nEND:VCARD\nbye\n",
	    1, id, "x",
	    "hello\nBEGIN:VCARD\nKIND:group\nFN:all\nEND:VCARD\n"
	    "BEGIN:VCARD\nFN:A\nX-HEALTHSHERPA-ID:x\nEND:VCARD\nbye\n");
}

TEST(vcard_values_change_in_their_line)
{
	put_line("3.0", "FN:Ann", "FN", "Ann; B, C\\D\nE",
	    "FN:Ann\\; B\\, C\\\\D\\nE");
	put_line("3.0", "item1.EMAIL;type=INTERNET;type=pref:a@example.com",
	    "EMAIL 1", "b@example.com",
	    "item1.EMAIL;type=INTERNET;type=pref:b@example.com");
	put_line("3.0", "N:Smith;Ann;;Dr\\, med.;", "N family", "O;Neil",
	    "N:O\\;Neil;Ann;;Dr\\, med.;");
	put_line("3.0", "N:Smith;Ann", "N suffix", "Jr", "N:Smith;Ann;;;Jr");
	put_line("3.0",
	    "ADR;TYPE=home:;;12 Elm St\\nApt 4;Davis;CA;9561\r\n 6;",
	    "ADR 1 city", "Ames",
	    "ADR;TYPE=home:;;12 Elm St\\nApt 4;Ames;CA;95616;");
	put_line("3.0", "NOTE:x", "NOTE", "", "NOTE:");
	put_line("4.0", "TEL;VALUE=uri:tel:+1-916-555-0100", "TEL 1",
	    "916-555-0101", "TEL;VALUE=uri:tel:916-555-0101");
	put_line("4.0", "URL:http://a.example.com/?a,b;c", "URL",
	    "http://b.example.com/?a,b;c", "URL:http://b.example.com/?a,b;c");
	put_line(
	    "4.0", "CATEGORIES:a,b", "CATEGORIES", "a,b,c", "CATEGORIES:a,b,c");
	put_line("4.0", "GENDER:M;he", "GENDER", "F", "GENDER:F;he");
	put_line("3.0", "BDAY;X-APPLE-OMIT-YEAR=1604:1604-03-15", "BDAY",
	    "1950-03-15", "BDAY;X-APPLE-OMIT-YEAR=1604:1950-03-15");
	/* 2.1 knows fewer escapes */
	put_line("2.1", "FN:Ann", "FN", "Ann; B, C\\D", "FN:Ann; B, C\\\\D");
	put_line("2.1", "N:Smith;Ann", "N given", "A;B,C", "N:Smith;A\\;B,C");
}

TEST(vcard_lines_are_folded)
{
	/* 75 octets, the blank of a continuation included */
	put_line("3.0", "NOTE:x", "NOTE",
	    "123456789 123456789 123456789 123456789 123456789 123456789 "
	    "123456789 123456789 123456789 123456789 123456789 123456789 "
	    "123456789 123456789 1234",
	    "NOTE:123456789 123456789 123456789 123456789 123456789 "
	    "123456789 123456789 \r\n"
	    " 123456789 123456789 123456789 123456789 123456789 123456789 "
	    "123456789 1234");
	/* between characters */
	put_line("4.0", "NOTE:x", "NOTE",
	    "123456789 123456789 123456789 123456789 123456789 123456789 "
	    "123456789\xEB\xAF\xBC",
	    "NOTE:123456789 123456789 123456789 123456789 123456789 "
	    "123456789 123456789\r\n"
	    " \xEB\xAF\xBC");
	/* 2.1 may only break where there is a blank, and need not */
	put_line("2.1", "NOTE:x", "NOTE",
	    "123456789 123456789 123456789 123456789 123456789 123456789 "
	    "123456789 123456789",
	    "NOTE:123456789 123456789 123456789 123456789 123456789 "
	    "123456789 123456789 123456789");
}

TEST(vcard_quoted_printable_stays_so)
{
	put_line("2.1",
	    "FN;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:=41=\r\n=42", "FN",
	    "Jos\xC3\xA9 = 1 ",
	    "FN;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:Jos=C3=A9 =3D 1=20");
	/* the other parts as they are written */
	put_line("2.1", "N;QUOTED-PRINTABLE:=4F=4E=65=69=6C;J=\r\no;=;;a\\;b",
	    "N given", "Zo\xC3\xAB",
	    "N;QUOTED-PRINTABLE:=4F=4E=65=69=6C;Zo=C3=AB;=;;a\\;b");
	put_line("2.1", "FN;ENCODING=QUOTED-PRINTABLE;CHARSET=ISO-8859-1:A",
	    "FN", "Zo\xC3\xAB \xE2\x80\x93",
	    "FN;ENCODING=QUOTED-PRINTABLE;CHARSET=ISO-8859-1:Zo=EB =96");
	put_line("2.1", "NOTE;ENCODING=QUOTED-PRINTABLE:x", "NOTE",
	    "one\ntwo 123456789 123456789 123456789 123456789 "
	    "\xC3\xA9ND:VCARD",
	    "NOTE;ENCODING=QUOTED-PRINTABLE:one=0D=0Atwo 123456789 123456789 "
	    "123456789 1=\r\n23456789 =C3=A9ND:VCARD");
	/* it becomes so where 2.1 has no other way */
	put_line("2.1", "FN;X=1:Ann", "FN", "Zo\xC3\xAB",
	    "FN;X=1;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Zo=C3=AB");
	put_line("2.1", "ADR;HOME:;;a=b;Davis;CA;95616;", "ADR 1 extended",
	    "one\ntwo",
	    "ADR;HOME;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:;one=0D=0Atwo;"
	    "a=3Db;Davis;=\r\nCA;95616;");
	/* but not where it is written plainly already */
	put_line("2.1", "FN;CHARSET=UTF-8:Ann", "FN", "Zo\xC3\xAB",
	    "FN;CHARSET=UTF-8:Zo\xC3\xAB");
	put_line("2.1", "FN:Zo\xC3\xAB", "FN", "Jos\xC3\xA9", "FN:Jos\xC3\xA9");
}

/* A soft break never leaves END:VCARD on a line of its own. */
TEST(vcard_end_in_a_value_ends_nothing)
{
	struct str text;

	for (unsigned pad = 20; pad < 60; pad++) {
		struct source_change one = {.column = "NOTE"};
		const char *path;
		struct source *source;
		struct err err = ERR_INIT;
		static const char before[] =
		    "BEGIN:VCARD\nVERSION:2.1\nNOTE;QUOTED-PRINTABLE:x\n"
		    "END:VCARD\n";

		str_init(&text, 4096);
		for (unsigned i = 0; i < pad; i++)
			str_add_char(&text, 'n');
		str_add(&text, "END:VCARD");
		for (unsigned i = 0; i < 73; i++)
			str_add_char(&text, 'n');
		path = book_file("a.vcf", before, strlen(before));
		source = book_load(path);
		one.before = "x";
		one.after = text.data;
		CHECK_INT(book_save(source, &one, 1, &err), SOURCE_DONE);
		CHECK_INT(one.outcome, SOURCE_APPLIED);
		source_free(source);
		str_release(&text);
	}
}

TEST(vcard_missing_lines_are_added)
{
	add("3.0", "FN:A\n", "EMAIL 1", "a@example.com",
	    "EMAIL:a@example.com\n");
	add("3.0", "TEL;TYPE=fax:1\n", "TEL 2", "916-555-0100",
	    "TEL:916-555-0100\n");
	add("3.0", "FN:A\n", "BDAY", "1950-01-02", "BDAY:1950-01-02\n");
	add("4.0", "FN:A\n", "N given", "Ann", "N:;Ann;;;\n");
	add("3.0", "ADR;TYPE=work:;;;;;;\n", "ADR 2 city", "Davis",
	    "ADR:;;;Davis;;;\n");
	add("2.1", "FN:A\n", "NOTE", "Zo\xC3\xAB",
	    "NOTE;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Zo=C3=AB\n");
	add("3.0", "NOTE;ENCODING=b:AAAA\n", "NOTE", "x", "NOTE:x\n");
	add("3.0", "FN:A\n", "X-QUOTE-URL", "https://q.example.com/?a=1,2;3",
	    "X-QUOTE-URL:https://q.example.com/?a=1\\,2\\;3\n");
	add("3.0", "X-A:1\n", "X-A #2", "2", "X-A:2\n");
	add("3.0", "FN:A\n", "GENDER", "M", "GENDER:M;\n");
	add("3.0", "FN:A\n", "ORG", "Bakery", "ORG:Bakery;\n");
}

TEST(vcard_takes_many_changes_at_once)
{
	struct source_change changes[] = {
	    {.row = 0, .column = "ADR 1 city", .after = "Davis"},
	    {.row = 0, .column = "N given", .after = "Ann"},
	    {.row = 0, .column = "TEL 2", .after = "916-555-0102"},
	    {.row = 0, .column = "TEL 1", .after = "916-555-0101"},
	    {.row = 1, .column = "N family", .after = "Z"},
	    {.row = 0, .column = "ADR 1 street", .after = "12 Elm St"},
	    {.row = 0, .column = "N family", .after = "Smith"},
	    {.row = 1, .column = "X-HEALTHSHERPA-ID", .after = "y"},
	    {.row = 0, .column = "X-HEALTHSHERPA-ID", .after = "x"},
	};

	change("BEGIN:VCARD\nN:S;A;;;\nUID:1\nEND:VCARD\n"
	       "BEGIN:VCARD\nN:T;B;;;\nEND:VCARD\n",
	    changes, sizeof(changes) / sizeof(changes[0]),
	    "BEGIN:VCARD\nN:Smith;Ann;;;\nUID:1\n"
	    "ADR:;;12 Elm St;Davis;;;\nTEL:916-555-0101\n"
	    "X-HEALTHSHERPA-ID:x\nTEL:916-555-0102\nEND:VCARD\n"
	    "BEGIN:VCARD\nN:Z;B;;;\nX-HEALTHSHERPA-ID:y\nEND:VCARD\n");
}

static void
refuse(const char *lines, const char *column, const char *text, const char *why)
{
	struct source_change one = {.column = column, .after = text};
	const char *path = book_file("a.vcf", lines, strlen(lines));
	struct source *source = book_load(path);
	struct source_save *save;
	struct err err = ERR_INIT;
	enum source_progress progress;

	one.before = cell(source, 0, column);
	save = source_save_start(source, &one, 1, book_key, NULL, NULL, &err);
	REQUIRE(save != NULL);
	do
		progress = source_save_step(save, &err);
	while (progress == SOURCE_MORE);
	CHECK_INT(progress, SOURCE_DONE);
	CHECK_INT(one.outcome, SOURCE_REFUSED);
	CHECK_TEXT(one.why, why);
	source_save_end(save);
	CHECK(book_has(path, lines));
	source_free(source);
}

#define CARD(lines) "BEGIN:VCARD\n" lines "END:VCARD\n"

TEST(vcard_refuses_with_a_reason)
{
	static const char no_part[] =
	    "a vCard has no such part of that property";

	refuse(CARD("TEL;TYPE=home:1\n"), "TEL 1 type", "work",
	    "what kind it is can only be changed in the file");
	refuse(CARD("TEL:1\n"), "TEL 3", "2",
	    "the one before it is not there yet");
	refuse(CARD("TEL:1\n"), "TEL 21", "2",
	    "a card's properties of one name are counted up to 20");
	refuse(CARD("FN:1\n"), "First Name", "2",
	    "a vCard has no such property; those of your own are named X-..., "
	    "such as X-QUOTE-URL");
	refuse(CARD("FN:1\n"), "X-quote", "2",
	    "a vCard's own properties are named X- with capitals, digits and "
	    "dashes, such as X-QUOTE-URL");
	refuse(CARD("FN:1\n"), "N middle", "2", no_part);
	refuse(CARD("FN:1\n"), "N", "2", no_part);
	refuse(CARD("FN:1\n"), "TEL 01", "2", no_part);
	refuse(CARD("FN:1\n"), "NOTE #1", "2", no_part);
	refuse(CARD("CATEGORIES:a\\,b,c\n"), "CATEGORIES", "d",
	    "a comma stands in one of the list's items; change it in the "
	    "file");
	refuse(CARD("VERSION:4.0\nTEL:tel:916-555-0100\n"), "TEL 1",
	    "(916) 555-0101",
	    "the number is a tel: address there, which has no blanks; write "
	    "it with dashes");
	refuse(CARD("BDAY;X-APPLE-OMIT-YEAR=1604:1604-03-15\n"), "BDAY",
	    "1604-03-16",
	    "it cannot be written there so that it reads back the same");
	refuse(CARD("VERSION:2.1\nFN;QUOTED-PRINTABLE;CHARSET=ISO-8859-1:A\n"),
	    "FN", "\xEB\xAF\xBC",
	    "the line's character set, ISO-8859-1, lacks one of its "
	    "characters");
	refuse(CARD("VERSION:2.1\nFN;QUOTED-PRINTABLE;CHARSET=BIG5:=A4\n"),
	    "FN", "x", "what is there cannot be read");
	refuse(
	    CARD("FN:1\n"), "FN", "a\rb", "a control character stands in it");
	refuse("BEGIN:VCARD\nFN:A\n", "X-HEALTHSHERPA-ID", "x",
	    "the card has no END:VCARD");
	refuse("hello\nBEGIN:VCARD\nEND:VCARD\n", "X-HEALTHSHERPA-ID", "x",
	    "this is no card");
	refuse(CARD("NOTE;QUOTED-PRINTABLE:a=\n"), "X-HEALTHSHERPA-ID", "x",
	    "the line before the card's END:VCARD is cut off");
	refuse(CARD("item1.X-ABLABEL:a\n"), "X-ABLABEL", "x",
	    "it names another line; change it in the file");
	refuse(CARD("X-ADDRESSBOOKSERVER-KIND:a\n"), "X-ADDRESSBOOKSERVER-KIND",
	    "group", "it says what the card is; change it in the file");
}

TEST(vcard_rows_are_found_again_by_their_key)
{
	static const char loaded[] = CARD("UID:a\n") CARD("UID:b\n");
	struct source_change one = {
	    .row = 1, .key = "b", .column = "X-HEALTHSHERPA-ID", .after = "x"};
	const char *path = book_file("a.vcf", loaded, strlen(loaded));
	struct source *source = book_load(path);
	struct err err = ERR_INIT;
	static const char now[] = CARD("UID:b\nNOTE:new\n") CARD("UID:a\n");

	book_file("a.vcf", now, strlen(now));
	CHECK_INT(book_save(source, &one, 1, &err), SOURCE_DONE);
	CHECK_INT(one.outcome, SOURCE_APPLIED);
	CHECK(book_has(path,
	    CARD("UID:b\nNOTE:new\nX-HEALTHSHERPA-ID:x\n") CARD("UID:a\n")));
	source_free(source);
}
