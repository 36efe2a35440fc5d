/* SPDX-License-Identifier: MIT */
#include "source/yaml_records.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "check.h"
#include "read.h"
#include "source/input.h"
#include "source/records.h"

static void
check_yaml(const char *text, const char *should)
{
	static const size_t chunks[] = {0, 1, 2, 3, 5, 7, 11, 64};

	for (size_t i = 0; i < sizeof(chunks) / sizeof(chunks[0]); i++) {
		char *is = read_text(
		    &yaml_format, text, strlen(text), chunks[i]);

		CHECK_TEXT(is, should);
		free(is);
	}
}

TEST(yaml_records_reads_lists_of_maps)
{
	check_yaml("- a: 1\n  b: 2\n- a: 3\n  b: 4\n", "a|b\n1|2\n3|4\n");
	check_yaml("[{a: 1, b: 2}, {b: 4, a: 3}]", "a|b\n1|2\n3|4\n");
	check_yaml("contacts:\n- a: 1\n- a: 2\n", "a\n1\n2\n");
	check_yaml("version: 3\nnames: [x, y]\nmore: {k: v}\ncontacts:\n"
		   "  - a: 1\nafter: done\n",
	    "a\n1\n");
	check_yaml("\xEF\xBB\xBF- a: 1\r\n  b: 2\r\n", "a|b\n1|2\n");
	check_yaml("# note\n---\n- a: 1\n...\n", "a\n1\n");
}

TEST(yaml_records_keeps_scalars_as_text)
{
	check_yaml("- {a: no, b: 0123, c: 1.50, d: 2001-01-01, e: 'x ''y'''}\n",
	    "a|b|c|d|e\nno|0123|1.50|2001-01-01|x 'y'\n");
	check_yaml(
	    "- a: |\n    two\n    lines\n  b: >-\n    folded\n    text\n",
	    "a|b\ntwo\nlines\n|folded text\n");
	check_yaml("- a: ~\n  b: null\n  c:\n  d: ''\n  e: Null\n",
	    "a|b|c|d|e\n-|-|-||Null\n");
	check_yaml("- a: 1\n- b: 2\n", "a|b\n1|-\n-|2\n");
}

TEST(yaml_records_names_what_is_nested)
{
	check_yaml("- name: {first: Ann, last: Lee}\n  x: {y: {z: 1}}\n",
	    "name.first|name.last|x.y.z\nAnn|Lee|1\n");
	check_yaml("- tags: [a, \"b\\\"c\", ~]\n  drugs:\n  - name: X\n"
		   "    ndc: 1\n  - {}\n  none: []\n",
	    "tags|drugs|none\n[\"a\",\"b\\\"c\",null]|"
	    "[{\"name\":\"X\",\"ndc\":1},{}]|[]\n");
}

/* What is a code stays text, as it is written; what is counted is a number. */
TEST(yaml_records_types_what_is_in_lists)
{
	static const struct {
		const char *written, *read;
	} cases[] = {
	    {"2", "2"},
	    {"0", "0"},
	    {"1000", "1000"},
	    {"2.50", "2.50"},
	    {"0.5", "0.5"},
	    {"true", "true"},
	    {"false", "false"},
	    {"~", "null"},
	    {"null", "null"},
	    {"00093-7150-01", "\"00093-7150-01\""},
	    {"00093715001", "\"00093715001\""},
	    {"68180051301", "\"68180051301\""},
	    {"0123456789", "\"0123456789\""},
	    {"1234567893", "\"1234567893\""},
	    {"02139", "\"02139\""},
	    {"95811", "\"95811\""},
	    {"007", "\"007\""},
	    {"-1", "\"-1\""},
	    {"1e3", "\"1e3\""},
	    {"1.", "\"1.\""},
	    {".5", "\".5\""},
	    {"1.2.3", "\"1.2.3\""},
	    {"12345.5", "\"12345.5\""},
	    {"True", "\"True\""},
	    {"yes", "\"yes\""},
	    {"\"2\"", "\"2\""},
	    {"'true'", "\"true\""},
	    {"\"null\"", "\"null\""},
	};
	char text[96], table[96];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(text, sizeof(text), "- d:\n  - k: %s\n  - [%s]\n",
		    cases[i].written, cases[i].written);
		snprintf(table, sizeof(table), "d\n[{\"k\":%s},[%s]]\n",
		    cases[i].read, cases[i].read);
		check_yaml(text, table);
	}
}

TEST(yaml_records_takes_files_of_nothing)
{
	check_yaml("", "\n");
	check_yaml("# nothing yet\n", "\n");
	check_yaml("[]\n", "\n");
	check_yaml("contacts: []\n", "\n");
	check_yaml("- {}\n- a: 1\n", "a\n-\n1\n");
}

TEST(yaml_records_flags_entries_that_are_no_maps)
{
	check_yaml("- a: 1\n- just text\n- [x, y]\n-\n- a: 2\n",
	    "a\n1\n"
	    "- !2: this entry is not a map of keys and values\n"
	    "- !3: this entry is not a map of keys and values\n"
	    "- !4: this entry is not a map of keys and values\n"
	    "2\n");
}

TEST(yaml_records_refuses)
{
	static const char no_list[] =
	    "no list of contacts; each contact starts with '- ' and has its "
	    "keys below, such as 'first_name: Ann'\n";
	static const struct {
		const char *text, *place, *should;
	} cases[] = {
	    {"just text\n", "\nf.x:1:1: ", no_list},
	    {"a: 1\nb: [x, y]\n", "\nf.x:3:1: ", no_list},
	    {"- x\n- y\n", "\nf.x:1:1: ", no_list},
	    {"a:\n- x: 1\nb:\n- y: 1\n", "x\n1\nf.x:4:3: ",
		"a second list of maps, the first is in line 2; keep the "
		"contacts in one\n"},
	    {"- a: 1\n- b: 1\n  c: 1\n  b: 2\n",
		"a|b|c\n1|-|-\n-|1|1\n"
		"f.x:4:3: ",
		"the key 'b' is here twice, first in line 2; remove one\n"},
	    {"- a: {x: 1}\n  a: {y: 2}\n", "a.x\n1\nf.x:2:3: ",
		"the key 'a' is here twice, first in line 1; remove one\n"},
	    {"- a: 1\n  a: {y: 2}\n", "a\n1\nf.x:2:3: ",
		"the key 'a' is here twice, first in line 1; remove one\n"},
	    {"- a: {y: 2}\n  a: 1\n", "a.y\n2\nf.x:2:3: ",
		"the key 'a' is here twice, first in line 1; remove one\n"},
	    {"- a.b: 1\n  a:\n    b: 2\n", "a.b\n1\nf.x:3:5: ",
		"the key 'a.b' is here twice, first in line 1; remove one\n"},
	    {"- l:\n  - k: 1\n    m: 2\n    k: 3\n", "l\n-\nf.x:4:5: ",
		"the key 'k' is here twice, first in line 2; remove one\n"},
	    {"x: 1\ny: 1\nx: 2\n", "\nf.x:3:1: ",
		"the key 'x' is here twice, first in line 1; remove one\n"},
	    {"- a: &x 1\n- a: *x\n", "\n\nf.x:1:6: ",
		"anchors (&name) are not taken here; write the value out\n"},
	    {"- a: 1\n---\n- a: 2\n", "a\n1\nf.x:2:1: ",
		"a second document starts here; keep one a file\n"},
	    {"- ? {x: 1}\n  : 1\n", "\n\nf.x:1:5: ", "a key must be text\n"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct str should;

		str_init(&should, 4096);
		str_addf(&should, "%s%s", cases[i].place, cases[i].should);
		check_yaml(cases[i].text, should.data);
		str_release(&should);
	}
}

TEST(yaml_records_refuses_alias_bombs_at_once)
{
	char *is = read_text(&yaml_format,
	    "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n", 44, 0);

	CHECK_TEXT(is, "\nf.x:1:4: anchors (&name) are not taken here; write "
		       "the value out\n");
	free(is);
}

TEST(yaml_records_bounds_what_it_keeps)
{
	struct str text, should;
	char *is;

	str_init(&text, 8 << 20);
	str_init(&should, 8 << 20);
	str_add(&text, "- a: 1\n  b: ");
	str_add(&should, "a|b\n1|");
	for (int i = 0; i < 70000; i++)
		str_add_char(&text, 'x');
	for (int i = 0; i < 65536; i++)
		str_add_char(&should, 'x');
	str_add(&text, "\n- a: 2\n");
	str_add(&should, " !1: b: longer than 64 KiB, cut\n2|-\n");
	is = read_text(&yaml_format, text.data, text.len, 0);
	CHECK_TEXT(is, should.data);
	free(is);

	str_reset(&text);
	str_add(&text, "- a: 1\n  l:\n");
	for (int i = 0; i < 20000; i++)
		str_add(&text, "  - abc\n");
	is = read_text(&yaml_format, text.data, text.len, 0);
	CHECK_TEXT(
	    is, "a|l\n1|- !1: l: the list is longer than 64 KiB, left out\n");
	free(is);

	str_reset(&text);
	for (int i = 0; i < 1100; i++)
		str_addf(&text, "- k%d: 1\n", i);
	is = read_text(&yaml_format, text.data, text.len, 0);
	CHECK_TEXT(strstr(is, "f.x"), "f.x:1025:3: more than 1024 different "
				      "keys\n");
	free(is);

	str_reset(&text);
	str_add(&text, "- k: 1\n");
	for (int i = 0; i < 1100; i++)
		str_addf(&text, "  k%d: 1\n", i);
	is = read_text(&yaml_format, text.data, text.len, 0);
	CHECK_TEXT(strstr(is, "f.x"), "f.x:1001:3: more than 1000 keys in one "
				      "map\n");
	free(is);

	/* keys a map, and maps in a contact */
	str_reset(&text);
	for (int i = 0; i < 4; i++) {
		str_addf(&text, "%c k%d:\n", i ? ' ' : '-', i);
		for (int k = 0; k < 300; k++)
			str_addf(&text, "    k%d: {}\n", k);
	}
	is = read_text(&yaml_format, text.data, text.len, 0);
	CHECK_TEXT(strstr(is, "f.x"), "f.x:1001:5: more than 1000 maps in one "
				      "contact\n");
	free(is);

	str_reset(&text);
	for (int i = 0; i < 2; i++) {
		str_add(&text, i ? ":\n    " : "- ");
		for (int k = 0; k < 600; k++)
			str_add_char(&text, 'k');
	}
	str_add(&text, ": 1\n");
	is = read_text(&yaml_format, text.data, text.len, 0);
	CHECK_TEXT(strstr(is, "f.x"), "f.x:2:5: the key is longer than 1 KiB "
				      "with those it stands in\n");
	free(is);
	str_release(&text);
	str_release(&should);
}

/* ---- bombs -------------------------------------------------------------- */

static void
repeat(struct str *text, const char *what, unsigned times)
{
	while (times-- > 0)
		str_add(text, what);
}

/* bytes: a record that the quick reader looks at, then libyaml's start over */
enum { BOMB_READ = (1 << 20) + 6 * INPUT_CHUNK };

/*
 * What is refused is refused where it stands: of the megabytes behind it, only
 * what is under way is read.
 */
static void
check_bomb(struct str *text, const char *should)
{
	struct records *records = records_new();
	struct err err = ERR_INIT;
	struct input input;
	enum source_unit unit;
	void *reader;

	input_init_memory(&input, text->data, text->len, 0);
	reader = yaml_format.start(&input, records, "f");
	do
		unit = yaml_format.next(reader, &err);
	while (unit == SOURCE_UNIT_HEADER || unit == SOURCE_UNIT_RECORD);
	CHECK(unit == SOURCE_UNIT_FAILED);
	CHECK_TEXT(err.text, should);
	CHECK(input_position(&input) <= BOMB_READ);
	yaml_format.end(reader);
	input_release(&input);
	records_free(records);
	str_release(text);
}

TEST(yaml_records_refuses_bombs_where_they_stand)
{
	static const char deep[] =
	    "lists and maps are nested deeper than 32; write them flatter";
	struct str text, should;

	str_init(&should, 4096);
	for (unsigned first = 0; first < 2; first++) {
		const char *start = first ? "- x: 1\n" : "";

		str_init(&text, 16 << 20);
		str_addf(&text, "%s- a: ", start);
		repeat(&text, "[", 4 << 20);
		str_reset(&should);
		str_addf(&should, "f:%u:%u: %s", 1 + first, 36, deep);
		check_bomb(&text, should.data);

		str_init(&text, 16 << 20);
		str_addf(&text, "%s- a: ", start);
		repeat(&text, "{a: ", 1 << 20);
		str_reset(&should);
		str_addf(&should, "f:%u:126: %s", 1 + first, deep);
		check_bomb(&text, should.data);

		str_init(&text, 16 << 20);
		str_addf(&text, "%s- a:\n    ", start);
		repeat(&text, "- ", 2 << 20);
		str_reset(&should);
		str_addf(&should, "f:%u:65: %s", 2 + first, deep);
		check_bomb(&text, should.data);

		str_init(&text, 16 << 20);
		str_addf(&text, "%s- a: &a [x, x]\n  b: &b [*a, *a]\n", start);
		repeat(&text, "  c: [*b, *b, *b, *b, *b, *b]\n", 100000);
		str_reset(&should);
		str_addf(&should,
		    "f:%u:6: anchors (&name) are not taken here; write the "
		    "value out",
		    1 + first);
		check_bomb(&text, should.data);

		str_init(&text, 16 << 20);
		str_addf(&text, "%s- a: 1\n  a: 2\n", start);
		repeat(&text, "- a: 3\n", 1 << 20);
		str_reset(&should);
		str_addf(&should,
		    "f:%u:3: the key 'a' is here twice, first in line %u; "
		    "remove one",
		    2 + first, 1 + first);
		check_bomb(&text, should.data);
	}
	str_release(&should);
}
