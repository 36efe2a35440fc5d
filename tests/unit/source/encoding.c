/* SPDX-License-Identifier: MIT */
#include "source/encoding.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "book.h"
#include "check.h"
#include "read.h"
#include "source/input.h"
#include "source/records.h"
#include "source/source.h"

/* What a file can be in. */
static const struct kind {
	const char *name;
	enum encoding encoding;
	const char *mark;
	size_t mark_len;
} kinds[] = {
    {"UTF-8", ENCODING_UTF8, "", 0},
    {"UTF-8 marked", ENCODING_UTF8, "\xEF\xBB\xBF", 3},
    {"UTF-16LE", ENCODING_UTF16LE, "\xFF\xFE", 2},
    {"UTF-16BE", ENCODING_UTF16BE, "\xFE\xFF", 2},
    {"UTF-16LE unmarked", ENCODING_UTF16LE, "", 0},
    {"UTF-16BE unmarked", ENCODING_UTF16BE, "", 0},
    {"UTF-32LE", ENCODING_UTF32LE, "\xFF\xFE\0\0", 4},
    {"UTF-32BE", ENCODING_UTF32BE, "\0\0\xFE\xFF", 4},
    {"Windows-1252", ENCODING_WINDOWS_1252, "", 0},
};
static const char delimiters[] = {',', ';', '\t', '|'};
static const char *const ends[] = {"\n", "\r\n", "\r"};

enum { KINDS = sizeof(kinds) / sizeof(kinds[0]), DIALECTS = 12 };

static void
encode(struct str *out, const struct kind *kind, const char *text)
{
	str_reset(out);
	str_add_bytes(out, kind->mark, kind->mark_len);
	encoding_add(kind->encoding, out, text, strlen(text));
}

/* In every encoding, delimiter and line end, read in slices of every size. */
TEST(encoding_reads_every_dialect)
{
	struct str text, file, should;

	str_init(&text, 1000);
	str_init(&file, 4000);
	str_init(&should, 1000);
	for (unsigned i = 0; i < KINDS * DIALECTS; i++) {
		const struct kind *kind = &kinds[i / DIALECTS];
		char d = delimiters[i % 4];
		const char *end = ends[i % DIALECTS / 4];

		str_reset(&text);
		str_addf(&text,
		    "id%c\"na%cme\"%s1%cZo\xC3\xAB \xE2\x82\xAC%s"
		    "\"2\"%c\"a%cb\"%s",
		    d, d, end, d, end, d, d, end);
		encode(&file, kind, text.data);
		str_reset(&should);
		str_addf(&should,
		    "id|na%cme\n1|Zo\xC3\xAB \xE2\x82\xAC\n2|a%cb\n", d, d);
		for (size_t chunk = 0; chunk <= 7; chunk++) {
			char *is = read_text(
			    &csv_format, file.data, file.len, chunk);

			if (!CHECK_TEXT(is, should.data))
				printf(
				    "# %s, slices of %zu\n", kind->name, chunk);
			free(is);
		}
	}
	str_release(&should);
	str_release(&file);
	str_release(&text);
}

static void
save(const char *name, const struct kind *kind, const char *before,
    const char *value, const char *after)
{
	struct source_change change = {0, 0, "1", "HS", NULL, value, NULL};
	struct err err = ERR_INIT;
	struct source *source;
	struct str file;

	str_init(&file, 4000);
	encode(&file, kind, before);
	source = book_load(book_file(name, file.data, file.len));
	encode(&file, kind, after);
	for (int again = 0; again < 2; again++) {
		CHECK_INT(book_save(source, &change, 1, &err), SOURCE_DONE);
		CHECK_TEXT(err.text, "");
		CHECK_INT(
		    change.outcome, again ? SOURCE_ALREADY : SOURCE_APPLIED);
		if (!CHECK(book_has_bytes(
			source_path(source), file.data, file.len)))
			printf("# %s: %s\n", kind->name, before);
	}
	source_free(source);
	str_release(&file);
}

/* The result goes in as the file is written; every other byte stays. */
TEST(encoding_is_written_back)
{
	struct str text, after;

	str_init(&text, 1000);
	str_init(&after, 1000);
	for (unsigned i = 0; i < KINDS * DIALECTS; i++) {
		char d = delimiters[i % 4];
		const char *end = ends[i % DIALECTS / 4];

		str_reset(&text);
		str_reset(&after);
		str_addf(&text,
		    "id%cn%s1%cZo%s2%c\"Jos\xC3\xA9 \xE2\x82\xAC\"%s", d, end,
		    d, end, d, end);
		str_addf(&after,
		    "id%cn%cHS%s1%cZo%c\xC3\xA9-1%s"
		    "2%c\"Jos\xC3\xA9 \xE2\x82\xAC\"%c%s",
		    d, d, end, d, d, end, d, d, end);
		save("a.csv", &kinds[i / DIALECTS], text.data, "\xC3\xA9-1",
		    after.data);
	}
	str_release(&after);
	str_release(&text);
}

TEST(encoding_of_json_is_written_back)
{
	for (unsigned i = 0; i < KINDS; i++) {
		save("a.json", &kinds[i],
		    "[{\"id\": \"1\", \"n\": \"Jos\xC3\xA9 "
		    "\xE2\x82\xAC\"}]\r\n",
		    "\xC3\xA9-1",
		    "[{\"id\": \"1\", \"n\": \"Jos\xC3\xA9 \xE2\x82\xAC\", "
		    "\"HS\": \"\xC3\xA9-1\"}]\r\n");
		save("a.jsonl", &kinds[i],
		    "{\"id\":1}\n{\"n\":\"Jos\xC3\xA9 \xE2\x82\xAC\"}\n", "x",
		    "{\"id\":1,\"HS\":\"x\"}\n"
		    "{\"n\":\"Jos\xC3\xA9 \xE2\x82\xAC\"}\n");
	}
}

TEST(encoding_keeps_titles_and_footers)
{
	for (unsigned i = 0; i < KINDS; i++)
		save("a.csv", &kinds[i],
		    "sep=;\r\nClients\xC3\xA9\r\n\r\nid;Name;City\r\n"
		    "1;Zo\xC3\xAB;Reno\r\n\r\nAll\r\nCopyright (c) x\xC3\xA9",
		    "x",
		    "sep=;\r\nClients\xC3\xA9\r\n\r\nid;Name;City;HS\r\n"
		    "1;Zo\xC3\xAB;Reno;x\r\n\r\nAll\r\nCopyright (c) "
		    "x\xC3\xA9");
}

/* Windows-1252 has 256 characters and every byte goes back to itself. */
TEST(encoding_maps_every_byte)
{
	char bytes[255], text[3 * 255 + 1];
	enum encoding_fault fault;
	struct str back;
	size_t used, len;

	for (unsigned i = 0; i < 255; i++)
		bytes[i] = (char)(i + 1);
	len = encoding_decode(
	    ENCODING_WINDOWS_1252, bytes, 255, text, &used, &fault);
	text[len] = '\0';
	CHECK_INT(used, 255);
	CHECK_INT(fault, ENCODING_GOOD);
	CHECK(strstr(text, "\xE2\x82\xAC\xC2\x81\xE2\x80\x9A\xC6\x92") != NULL);
	CHECK_INT(encoding_bytes(ENCODING_WINDOWS_1252, text, len), 255);
	str_init(&back, 255);
	encoding_add(ENCODING_WINDOWS_1252, &back, text, len);
	CHECK(back.len == 255 && memcmp(back.data, bytes, 255) == 0);
	str_release(&back);
}

TEST(encoding_knows_what_it_holds)
{
	uint32_t missing = 0;

	CHECK(encoding_holds(
	    ENCODING_WINDOWS_1252, "Zo\xC3\xAB \xE2\x82\xAC", &missing));
	CHECK(!encoding_holds(ENCODING_WINDOWS_1252, "\xC5\x91", &missing));
	CHECK_INT(missing, 0x151);
	/* a C1 control that has no byte of its own */
	CHECK(!encoding_holds(ENCODING_WINDOWS_1252, "\xC2\x80", &missing));
	CHECK(encoding_holds(ENCODING_UTF16LE, "\xF0\x9F\x98\x80", &missing));
}

static struct source *
load(const char *text)
{
	return book_load(book_file("a.csv", text, strlen(text)));
}

static void
check_bad(const char *bytes, size_t len, const char *should)
{
	for (size_t chunk = 0; chunk <= 7; chunk++) {
		char *is = read_text(&csv_format, bytes, len, chunk);

		CHECK_TEXT(is, should);
		free(is);
	}
}

TEST(encoding_refuses_what_is_damaged)
{
	check_bad("\xFF\xFE"
		  "a\0,\0b\0\n\0"
		  "1\0,\0"
		  "\x00\xD8"
		  "x\0\n\0",
	    20,
	    "a|b\nf.x:2: there is half a character at byte 15: the file is "
	    "UTF-16 and damaged; export it again\n");
	check_bad("\xFE\xFF\0a\0,\0b\0\n\0001\0,\xDC\x01\0x\0\n", 20,
	    "a|b\nf.x:2: there is half a character at byte 15: the file is "
	    "UTF-16 and damaged; export it again\n");
	check_bad("\xFF\xFE"
		  "a\0,\0b\0\n\0"
		  "1\0,\0x",
	    15,
	    "a|b\nf.x:2: the file ends inside the character at byte 15: its "
	    "end is missing; export it again\n");
	check_bad("\xFF\xFE"
		  "a\0,\0b\0\n\0"
		  "1\0\0\0"
		  "2\0\n\0",
	    18,
	    "a|b\nf.x:2: there is a NUL at byte 13, which no text holds: the "
	    "file is damaged; export it again\n");
	check_bad("\0\0\xFE\xFF\0\0\0a\0\0\0\n\0\0\0"
		  "1\0\x11\0\0\0\0\0\n",
	    24,
	    "a\nf.x:2: there is no character with the number at byte 17: the "
	    "file is UTF-32 and damaged; export it again\n");
	/* the mark says UTF-8, so it is not Windows-1252 */
	check_bad("\xEF\xBB\xBF"
		  "a,b\n1,\xE9\n",
	    11,
	    "a|b\nf.x:2: the text is not UTF-8 from byte 10 on; save or export "
	    "the file again as UTF-8 "
	    "(in Excel: 'CSV UTF-8')\n");
	/* Windows-1252 has no bad bytes but NUL */
	check_bad("a,b\n1,\xE9\n2,\0\n", 12,
	    "a|b\n1|\xC3\xA9\nf.x:3: there is a NUL at byte 11, which no text "
	    "holds: the file is damaged; export it again\n");
	/* what reads as UTF-8 by chance is no reason to mix */
	check_bad("a,b\n1,\x81\x8D\x8F\x90\x9D\n2,\xC3\xA9\n", 17,
	    "a|b\n1|\xC2\x81\xC2\x8D\xC2\x8F\xC2\x90\xC2\x9D\n"
	    "2|\xC3\x83\xC2\xA9\n");
}

TEST(encoding_refuses_letters_that_the_file_lacks)
{
	struct source_change changes[] = {
	    {0, 0, "1", "n", "Zo\xC3\xAB", "Erd\xC5\x91s", NULL},
	    {0, 0, "1", "HS", NULL, "x-1", NULL},
	    {1, 0, "2", "n", "Ann", "Jos\xC3\x83\xC2\xA9", NULL},
	    {1, 0, "2", "\xC5\x91", NULL, "y", NULL},
	    {1, 0, "2", "id", "2", "\xE2\x82\xAC", NULL},
	};
	struct err err = ERR_INIT;
	struct source *source = load("id,n\n1,Zo\xEB\n2,Ann\n");
	struct str notes;

	CHECK_INT(book_save(source, changes, 5, &err), SOURCE_DONE);
	CHECK_INT(changes[0].outcome, SOURCE_REFUSED);
	CHECK_INT(changes[1].outcome, SOURCE_APPLIED);
	CHECK_INT(changes[2].outcome, SOURCE_REFUSED);
	CHECK_INT(changes[3].outcome, SOURCE_REFUSED);
	CHECK_INT(changes[4].outcome, SOURCE_APPLIED);
	CHECK(book_has(
	    source_path(source), "id,n,HS\n1,Zo\xEB,x-1\n\x80,Ann,\n"));
	str_init(&notes, 1000);
	source_notes(source, &notes);
	CHECK(str_starts(notes.data, "the file is no UTF-8, so it was read as "
				     "Windows-1252; "));
	str_release(&notes);
	source_free(source);
}

/* Why, while the save still knows. */
TEST(encoding_says_which_letter_is_missing)
{
	struct source_change change = {
	    0, 0, "1", "n", "Zo\xC3\xAB", "Erd\xC5\x91s", NULL};
	struct err err = ERR_INIT;
	struct source *source = load("id,n\n1,Zo\xEB\n");
	struct source_save *running = source_save_start(
	    source, &change, 1, book_key, NULL, NULL, &err);

	REQUIRE(running != NULL);
	while (source_save_step(running, &err) == SOURCE_MORE)
		continue;
	CHECK_TEXT(change.why, "the file is Windows-1252, which has no "
			       "'\xC5\x91'; save it as UTF-8 (in Excel: 'CSV "
			       "UTF-8')");
	source_save_end(running);
	source_free(source);
}

/* A file that became another encoding meanwhile is written in that. */
TEST(encoding_is_found_again_when_the_file_changed)
{
	struct source_change change = {0, 0, "1", "HS", NULL, "\xC3\xA9", NULL};
	struct err err = ERR_INIT;
	struct source *source = load("id,n\n1,Zo\xEB\n");

	check_write(source_path(source), "n;id\nX;2\nZo\xC3\xAB;1\n");
	CHECK_INT(book_save(source, &change, 1, &err), SOURCE_DONE);
	CHECK_INT(change.outcome, SOURCE_APPLIED);
	CHECK(book_has(
	    source_path(source), "n;id;HS\nX;2;\nZo\xC3\xAB;1;\xC3\xA9\n"));
	source_free(source);
}

TEST(encoding_of_yaml_is_read_but_not_written)
{
	struct err why = ERR_INIT;
	struct source *source;
	struct str file;

	str_init(&file, 1000);
	encode(&file, &kinds[2], "- id: 1\n  n: Zo\xC3\xAB\n");
	source = book_load(book_file("a.yaml", file.data, file.len));
	CHECK_TEXT(records_cell(source_records(source), 0, 1), "Zo\xC3\xAB");
	CHECK(!source_writable(source, &why));
	CHECK(
	    strstr(why.text, "a.yaml: the file is UTF-16, and results are put "
			     "into a YAML file only when it is UTF-8") != NULL);
	source_free(source);
	str_release(&file);
}

/* Places in the file, of every character and back again. */
TEST(encoding_knows_the_places)
{
	static const char text[] = "id,n\nZo\xC3\xAB,\xE2\x82\xAC\n"
				   "\xF0\x9F\x98\x80,x\n";
	struct err err = ERR_INIT;
	struct str file;

	str_init(&file, 1000);
	for (unsigned k = 0; k < KINDS; k++) {
		struct input input;
		size_t len = k == KINDS - 1 ? 14 : strlen(text);
		char part[sizeof(text)];

		memcpy(part, text, len);
		part[len] = '\0';
		encode(&file, &kinds[k], part);
		input_init_memory(&input, file.data, file.len, 5);
		REQUIRE(input_fill(&input, len, &err));
		CHECK_TEXT(input.data, part);
		for (size_t i = 0; i <= len; i++) {
			size_t at = i % 2 ? len - i / 2 : i / 2;
			struct str before;

			if (((unsigned char)part[at] & 0xC0) == 0x80)
				continue;
			str_init(&before, 1000);
			str_add_bytes(
			    &before, kinds[k].mark, kinds[k].mark_len);
			encoding_add(kinds[k].encoding, &before, part, at);
			CHECK_INT(input_place(&input, at), before.len);
			str_release(&before);
		}
		input_release(&input);
	}
	str_release(&file);
}
