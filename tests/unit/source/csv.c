/* SPDX-License-Identifier: MIT */
#include "source/csv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "check.h"
#include "read.h"

static void
check_csv_len(const char *text, size_t len, const char *should)
{
	static const size_t chunks[] = {0, 1, 2, 3, 5, 7, 11, 64};

	for (size_t i = 0; i < sizeof(chunks) / sizeof(chunks[0]); i++) {
		char *is = read_text(&csv_format, text, len, chunks[i]);

		CHECK_TEXT(is, should);
		free(is);
	}
}

static void
check_csv(const char *text, const char *should)
{
	check_csv_len(text, strlen(text), should);
}

TEST(csv_reads_every_dialect)
{
	check_csv("a,b,c\n1,2,3\n4,5,6\n", "a|b|c\n1|2|3\n4|5|6\n");
	check_csv("a;b;c\r\n1;2;3\r\n", "a|b|c\n1|2|3\n");
	check_csv("a\tb\r1\t2\r3\t4\r", "a|b\n1|2\n3|4\n");
	check_csv("a|b\n1|2", "a|b\n1|2\n");
	check_csv("\xEF\xBB\xBF"
		  "a,b\n1,2\n",
	    "a|b\n1|2\n");
	check_csv("\xEF\xBB\xBF\"a\",\"b\"\n\"1\",\"2\"\n", "a|b\n1|2\n");
	/* a comma in the header of a semicolon file, and the reverse */
	check_csv("Name;City, State\nAnn;Rome\nBo;Oslo\n",
	    "Name|City, State\nAnn|Rome\nBo|Oslo\n");
	check_csv(
	    "Name,Tags\nAnn,a;b;c\nBo,d;e\n", "Name|Tags\nAnn|a;b;c\nBo|d;e\n");
	check_csv("only\none\n\ntwo\n", "only\none\ntwo\n");
}

TEST(csv_reads_quotes)
{
	check_csv("a,b\n\"1,5\",\"say \"\"hi\"\"\"\n", "a|b\n1,5|say \"hi\"\n");
	check_csv("a,b\n\"two\nlines\",x\n\"cr\r\nlf\",y\n",
	    "a|b\ntwo\nlines|x\ncr\r\nlf|y\n");
	check_csv("a,b\n\"\",\"\"\"\"\n", "a|b\n|\"\n");
	check_csv("a,b\n5\" pipe,x\"y\"\n", "a|b\n5\" pipe|x\"y\"\n");
	check_csv("a,b\r\n\"1\" ,\"2\"\r\n", "a|b\n1|2\n");
	check_csv("a,b\r\n\"1\",\"2\"", "a|b\n1|2\n");
	check_csv("\"a \"\"x\"\"\",\"b,c\"\n1,2\n", "a \"x\"|b,c\n1|2\n");
}

TEST(csv_keeps_blanks_and_bytes)
{
	check_csv(" a , b\n  1,2  \n", "a|b\n  1|2  \n");
	check_csv("a,b\nJos\xC3\xA9,\xF0\x9F\x98\x80\n",
	    "a|b\nJos\xC3\xA9|\xF0\x9F\x98\x80\n");
	check_csv("a,b\n=\"0503\",'007\n", "a|b\n=\"0503\"|'007\n");
	check_csv("a,b\n1\r2,x\n", "a|b\n1\r2|x\n");
}

TEST(csv_names_columns)
{
	check_csv("a,a,b,a\n1,2,3,4\n", "a|a #2|b|a #3\n1|2|3|4\n");
	check_csv("a,a #2,a\n1,2,3\n", "a|a #2|a #3\n1|2|3\n");
	check_csv("a,,c,\n1,2,3,4\n", "a|Column 2|c|Column 4\n1|2|3|4\n");
}

TEST(csv_flags_rows_that_are_ragged)
{
	check_csv("a,b,c\n1,2\n1,2,3\n1,2,3,4\n1,2,3,,\n",
	    "a|b|c\n1|2|- !2: the row has 2 cells, the header has 3\n1|2|3\n"
	    "1|2|3 !4: the row has 4 cells, the header has 3\n1|2|3\n");
	check_csv("a,b\n\"1\"x,2\n3,4\n",
	    "a|b\n1x|2 !2: a: text after the closing quote\n3|4\n");
	/* lines are counted through quoted line breaks and blank lines */
	check_csv("a,b\n\"1\n1\n1\",2\n\n\n3\n",
	    "a|b\n1\n1\n1|2\n3|- !7: the row has 1 cells, the header has 2\n");
}

TEST(csv_leaves_blank_rows_out)
{
	check_csv("\n\na,b\n\n1,2\n\n,\n,,,\n3,4\n\n", "a|b\n1|2\n3|4\n");
	check_csv("a,b\n\"\",\n", "a|b\n|\n");
	check_csv("a,b\n", "a|b\n");
	check_csv("a,b", "a|b\n");
}

TEST(csv_refuses_what_is_no_csv)
{
	check_csv("", "\nf.x: the file is empty; export the contacts with a "
		      "header line\n");
	check_csv("\n\n", "\nf.x: the file is empty; export the contacts with "
			  "a header line\n");
	check_csv("a,b\n1,2\n3,\"open\n4,5\n",
	    "a|b\n1|2\nf.x:3: the quote at byte 11 is never closed; close it, "
	    "or export the file again\n");
	check_csv("a,b\n1,\xC3\xA9\n3,\xE9\n",
	    "a|b\n1|\xC3\xA9\nf.x:3: the text is not UTF-8 from byte 12 on; "
	    "save or export the "
	    "file again as UTF-8 (in Excel: 'CSV UTF-8')\n");
	check_csv_len("a,b\n1,2\n3,\0\n", 12,
	    "a|b\n1|2\nf.x:3: there is a NUL at byte 11, which no text holds: "
	    "the file is damaged; export it again\n");
}

TEST(csv_bounds_cells_rows_and_columns)
{
	struct str text, should;
	char *is;

	str_init(&text, 8 << 20);
	str_init(&should, 8 << 20);
	str_add(&text, "a,b\n1,");
	for (int i = 0; i < 35000; i++)
		str_add(&text, "\xC3\xA9");
	str_add(&text, "\n2,3\n");
	str_add(&should, "a|b\n1|");
	for (int i = 0; i < 32768; i++)
		str_add(&should, "\xC3\xA9");
	str_add(&should, " !2: b: longer than 64 KiB, cut\n2|3\n");
	is = read_text(&csv_format, text.data, text.len, 0);
	CHECK_TEXT(is, should.data);
	free(is);

	str_reset(&text);
	for (int i = 0; i < 2000; i++)
		str_addf(&text, "c%d,", i);
	is = read_text(&csv_format, text.data, text.len, 0);
	CHECK_TEXT(strstr(is, "f.x:1"),
	    "f.x:1: more than 1024 columns; export only those you need\n");
	free(is);

	str_reset(&text);
	str_add(&text, "a,b\n1,2\n");
	for (int i = 0; i < 2000; i++)
		str_addf(&text, "c%d,", i);
	str_add(&text, "x\n3,4\n");
	is = read_text(&csv_format, text.data, text.len, 0);
	CHECK_TEXT(is, "a|b\n1|2\nc0|c1 !3: the row has 2001 cells, the "
		       "header has 2\n3|4\n");
	free(is);

	str_reset(&text);
	str_add(&text, "a,b\n1,2\n3,\"");
	for (int i = 0; i < 1200000; i++)
		str_add(&text, "x\n");
	is = read_text(&csv_format, text.data, text.len, 0);
	CHECK_TEXT(is, "a|b\n1|2\nf.x:3: the quote at byte 11 is never closed; "
		       "close it, or export the file again\n");
	free(is);

	str_reset(&text);
	str_add(&text, "a,b\n1,2\n3,");
	for (int i = 0; i < 1200000; i++)
		str_add(&text, "x,");
	is = read_text(&csv_format, text.data, text.len, 0);
	CHECK_TEXT(is, "a|b\n1|2\nf.x:3: the row is longer than 1 MiB; is this "
		       "a CSV file?\n");
	free(is);

	/* the same name twice, so long that a number behind it is cut off */
	str_reset(&text);
	for (int i = 0; i < 2; i++) {
		for (int k = 0; k < 70000; k++)
			str_add_char(&text, 'a');
		str_add_char(&text, i ? '\n' : ',');
	}
	is = read_text(&csv_format, text.data, text.len, 0);
	CHECK_TEXT(strstr(is, "f.x:1"),
	    "f.x:1: the name of column 1 is longer than 1 KiB; is "
	    "this a file of contacts?\n");
	free(is);
	str_release(&text);
	str_release(&should);
}

TEST(csv_reads_the_same_in_slices_of_every_size)
{
	struct str text;
	char *whole;

	str_init(&text, 1 << 20);
	str_add(&text, "id,name,\"notes\"\r\n");
	for (int i = 0; i < 300; i++)
		str_addf(&text,
		    "%d,\"Zo\xC3\xAB, \"\"%d\"\"\",\"a\r\nb%s\"\r\n", i, i * 7,
		    i % 3 ? "" : "\"\"");
	whole = read_text(&csv_format, text.data, text.len, 0);
	for (size_t chunk = 1; chunk < 300; chunk++) {
		char *is = read_text(&csv_format, text.data, text.len, chunk);

		CHECK(strcmp(is, whole) == 0);
		free(is);
	}
	free(whole);
	str_release(&text);
}
