/* SPDX-License-Identifier: MIT */
#include "source/json_rows.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "base/str.h"
#include "check.h"
#include "read.h"

static void
check_format(
    const struct source_format *format, const char *text, const char *should)
{
	size_t len = strlen(text);

	bool good = true;

	for (size_t chunk = 0; good && chunk <= len && chunk < 80; chunk++) {
		char *is = read_text(format, text, len, chunk);

		good = CHECK_TEXT(is, should);
		free(is);
	}
}

static void
check_json(const char *text, const char *should)
{
	check_format(&json_format, text, should);
}

static void
check_lines(const char *text, const char *should)
{
	check_format(&json_lines_format, text, should);
}

TEST(json_rows_reads_lists_of_objects)
{
	check_json(
	    "[{\"a\": \"1\", \"b\": \"2\"}, {\"b\": \"4\", \"a\": \"3\"}]",
	    "a|b\n1|2\n3|4\n");
	check_json("\xEF\xBB\xBF[\r\n  {\r\n    \"a\": \"1\"\r\n  }\r\n]\r\n",
	    "a\n1\n");
	check_json(
	    "{\"contacts\": [{\"a\": \"1\"}, {\"a\": \"2\"}]}", "a\n1\n2\n");
	check_json(
	    "{\"total\": 2, \"names\": [\"x\", [{}]], \"more\": {\"k\": [{}]},"
	    "\n \"results\": [{\"a\": \"1\"}],\n \"next\": null}",
	    "a\n1\n");
	check_json("[]", "\n");
	check_json(" { \"contacts\" : [ ] } ", "\n");
	check_json("[{}, {\"a\": \"1\"}, { }]", "a\n-\n1\n-\n");
	check_json("[{\"a\":\"1\"},{\"b\":\"2\"}]", "a|b\n1|-\n-|2\n");
}

TEST(json_rows_keeps_what_was_written)
{
	check_json("[{\"id\": 12345678901234567890, \"n\": -0.10, \"e\": 1E+5,"
		   " \"t\": true, \"f\": false, \"z\": null, \"s\": \"\"}]",
	    "id|n|e|t|f|z|s\n12345678901234567890|-0.10|1E+5|true|false|-|\n");
	check_json("[{\"a\\u00e9\": \"\\u00e9\\ud83d\\ude00\\n\\t\\\"\\\\\\/\","
		   " \"\": \"caf\xC3\xA9\", \"x y\": \"\\u0041\"}]",
	    "a\u00e9||x y\n\u00e9\U0001f600\n\t\"\\/|caf\u00e9|A\n");
}

TEST(json_rows_names_what_is_nested)
{
	check_json(
	    "[{\"name\": {\"first\": \"Ann\", \"last\": \"Lee\"}, \"x\": "
	    "{\"y\": {\"z\": 1}, \"e\": {}}, \"w\": 2},\n"
	    " {\"x\": {\"y\": {\"z\": 3}}, \"name\": {\"last\": \"Doe\"}}]",
	    "name.first|name.last|x.y.z|w\nAnn|Lee|1|2\n-|Doe|3|-\n");
	check_json(
	    "[{\"tags\": [ \"a\", \"b\\\"\\u00e9\", null, 1.50, true ],"
	    " \"drugs\": [{\"name\": \"X\", \"ndc\": 1}, {}], \"none\": []}]",
	    "tags|drugs|none\n[\"a\",\"b\\\"\u00e9\",null,1.50,true]|"
	    "[{\"name\":\"X\",\"ndc\":1},{}]|[]\n");
}

TEST(json_rows_flags_entries_that_are_no_objects)
{
	check_json("[{\"a\": \"1\"},\n \"text\",\n [{\"a\": 2}], null,\n"
		   " {\"a\": \"2\"}]",
	    "a\n1\n"
	    "- !2: this entry is not a map of keys and values\n"
	    "- !3: this entry is not a map of keys and values\n"
	    "- !3: this entry is not a map of keys and values\n"
	    "2\n");
}

TEST(json_rows_reads_lines)
{
	static const char text[] =
	    "{\"a\": \"1\"}\n\n{\"a\": \"2\", \"b\": {}}\r\n"
	    "  {\"a\": \"3\"}";

	check_lines(text, "a\n1\n2\n3\n");
	/* by content as well, whatever the name */
	check_json(text, "a\n1\n2\n3\n");
	check_json(
	    "{\"a\": [{\"b\": 1}]}\n{\"a\": []}\n", "a\n[{\"b\":1}]\n[]\n");
	check_json("{\n  \"a\": \"1\"\n}\n{\n  \"a\": \"2\"\n}\n", "a\n1\n2\n");
	check_lines("", "\n");
	check_lines("\n \n", "\n");
	check_lines("{\"a\": \"1\"}", "a\n1\n");
	check_lines("{\"a\": [{\"b\": 1}]}", "a\n[{\"b\":1}]\n");
	check_lines("[{\"a\": \"1\"}]\n", "a\n1\n");
	check_lines("{\"a\": \"1\"}\n7\n\"x\"\n{\"a\": \"2\"}\n",
	    "a\n1\n"
	    "- !2: this entry is not a map of keys and values\n"
	    "- !3: this entry is not a map of keys and values\n"
	    "2\n");
}

TEST(json_rows_goes_on_behind_a_bad_line)
{
	check_lines("{\"a\": \"1\"}\n{\"a\": \"2\"\n{\"a\": \"3\"}\n",
	    "a\n1\n- !2: the line cannot be read, column 1: expected a comma "
	    "or '}'\n3\n");
	check_lines("{\"\xC3\xA9\": 'x'}\n\n{\"a\": \"3\"}\n",
	    "a\n- !1: the line cannot be read, column 7: expected a value; "
	    "texts stand in double quotes, not in single ones\n3\n");
	check_lines("{\"a\": \"1\"}\n{\"a\": \"2",
	    "a\n1\n- !2: the line cannot "
	    "be read, column 9: the "
	    "file ends, but the '{' of "
	    "line 2 is still open; it "
	    "was cut off: export it "
	    "again\n");
	check_lines("{\"a\": \"1\"}\n}\n{\"a\": \"2\"}\n",
	    "a\n1\n- !2: the line cannot be read, column 1: expected a value\n"
	    "2\n");
	check_lines("{\"a\": \"1\", \"a\": \"2\"}\n{\"a\": \"3\"}\n",
	    "a\n- !1: the line cannot be read, column 12: the key 'a' is here "
	    "twice, first in line 1; remove one\n3\n");
	check_lines("{\"a\": \"\\ud83d\"}\n{\"a\": \"3\"}\n",
	    "a\n- !1: the line cannot be read, column 8: half of a surrogate "
	    "pair without the other; write the character itself\n3\n");
	/* no line of its own: everything behind it would be a guess */
	check_lines("{\"a\": \"1\"}\n{\n\"a\": 2,\n}\n{\"a\": \"3\"}\n",
	    "a\n1\nf.x:4:1: expected a key in double quotes after the comma; "
	    "remove the comma\n");
}

TEST(json_rows_refuses)
{
	static const char no_list[] =
	    "no list of contacts; it starts with [, ends with ] and holds an "
	    "object for each contact, such as {\"first_name\": \"Ann\"}\n";
	static const struct {
		const char *text, *place, *should;
	} cases[] = {
	    {"", "\nf.x:1:1: ",
		"the file is empty; export the contacts again\n"},
	    {" \n ", "\nf.x:2:2: ",
		"the file is empty; export the contacts again\n"},
	    {"\"text\"", "\nf.x:1:1: ", no_list},
	    {"{\"a\": 1,\n \"b\": [2, {}]}", "\nf.x:2:14: ", no_list},
	    {"[\"x\", {}]", "\nf.x:1:2: ", no_list},
	    {"{\"a\": [{\"x\": 1}],\n\"b\": [{\"y\": 1}]}", "x\n1\nf.x:2:7: ",
		"'b' is a second list of contacts, the first is 'a' in line 1; "
		"keep the contacts in one\n"},
	    {"{\"a\": 1, \"b\": [{}],\n \"\\u0061\": 2}", "\n\nf.x:2:2: ",
		"the key 'a' is here twice, first in line 1; remove one\n"},
	    {"[{\"a\": 1},\n{\"b\": 1,\n \"c\": 1,\n \"b\": 2}]",
		"a|b|c\n1|-|-\nf.x:4:2: ",
		"the key 'b' is here twice, first in line 2; remove one\n"},
	    {"[{\"a\": {\"x\": 1},\n \"a\": {\"y\": 2}}]", "a.x\nf.x:2:2: ",
		"the key 'a' is here twice, first in line 1; remove one\n"},
	    {"[{\"a\": 1, \"a\": {\"y\": 2}}]", "a\nf.x:1:11: ",
		"the key 'a' is here twice, first in line 1; remove one\n"},
	    {"[{\"a\": {}, \"a\": 1}]", "\nf.x:1:12: ",
		"the key 'a' is here twice, first in line 1; remove one\n"},
	    {"[{\"a.b\": 1,\n \"a\": {\"b\": 2}}]", "a.b\nf.x:2:8: ",
		"the key 'a.b' is here twice, first in line 1; remove one\n"},
	    {"[{\"l\": [\n{\"k\": 1, \"k\": 2}]}]",
		"l\nf.x:2:10: ", "the key 'k' is here twice; remove one\n"},
	    {"[{\"a\": 1},\n]", "a\n1\nf.x:2:1: ",
		"expected a value after the comma; remove the comma\n"},
	    {"[{\"a\": 1,}]", "\nf.x:1:10: ",
		"expected a key in double quotes after the comma; remove the "
		"comma\n"},
	    {"[{'a': 1}]", "\nf.x:1:3: ", "expected a key in double quotes\n"},
	    {"[{\"a\": 'x'}]", "\nf.x:1:8: ",
		"expected a value; texts stand in double quotes, not in single "
		"ones\n"},
	    {"[{\"a\": NaN}]", "\nf.x:1:8: ", "NaN is not JSON; write null\n"},
	    {"[{\"a\": 1 /* x */}]",
		"\nf.x:1:10: ", "comments are not JSON; remove it\n"},
	    {"// x\n[]", "\nf.x:1:1: ", "comments are not JSON; remove it\n"},
	    {"[{\"a\": \"\xC3\xA9\\x41\"}]", "\nf.x:1:10: ",
		"unknown escape; a backslash itself is written \\\\\n"},
	    {"[{\"a\": \"\\udc00\"}]", "\nf.x:1:9: ",
		"half of a surrogate pair without the other; write the "
		"character itself\n"},
	    {"[{\"a\": \"two\nlines\"}]", "\nf.x:1:12: ",
		"the line ends inside a text; close the quote, or write \\n "
		"for a line break\n"},
	    {"[{\"a\": 007}]", "\nf.x:1:8: ",
		"a number may not begin with 0: write it in quotes to keep the "
		"zero\n"},
	    {"[{\"a\": 1}\n {\"a\": 2}]",
		"a\n1\nf.x:2:2: ", "expected a comma or ']'\n"},
	    {"[{\"a\": 1}] []",
		"a\n1\nf.x:1:12: ", "more text after the value\n"},
	    {"[{\"a\": 1},\n {\"a\": \"2", "a\n1\nf.x:2:10: ",
		"the file ends, but the '{' of line 2 is still open; it was "
		"cut "
		"off: export it again\n"},
	    {"{\"x\": 1, \"c\": [{\"a\": 1}\n", "a\n1\nf.x:2:1: ",
		"the file ends, but the '[' of line 1 is still open; it was "
		"cut "
		"off: export it again\n"},
	    {"[{\"a\": \"\xC3\xA9\xFF\"}]", "\nf.x:1: ",
		"the text is not UTF-8 from byte 11 on; save or export the "
		"file "
		"again as UTF-8 (in Excel: 'CSV UTF-8')\n"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct str should;

		str_init(&should, 4096);
		str_addf(&should, "%s%s", cases[i].place, cases[i].should);
		check_json(cases[i].text, should.data);
		str_release(&should);
	}
}

TEST(json_rows_refuses_bombs_at_once)
{
	size_t len = 1 << 20;
	char *bomb = mem_alloc(len), *is;
	clock_t start = clock();

	memset(bomb, '[', len);
	is = read_text(&json_format, bomb, len, 0);
	CHECK_TEXT(is, "\nf.x:1:2: no list of contacts; it starts with [, ends "
		       "with ] and holds an object for each contact, such as "
		       "{\"first_name\": \"Ann\"}\n");
	free(is);
	memcpy(bomb, "[{\"a\":", 6);
	is = read_text(&json_format, bomb, len, 0);
	CHECK_TEXT(is, "\nf.x:1:37: nested deeper than 32 levels\n");
	free(is);
	memcpy(bomb, "{\"abc\":", 7);
	is = read_text(&json_format, bomb, len, 0);
	CHECK_TEXT(is, "\nf.x:1:39: nested deeper than 32 levels\n");
	free(is);
	CHECK(clock() - start < CLOCKS_PER_SEC / 2);
	free(bomb);
}

/* What reading the text says at its end; the caller frees `*all`. */
static const char *
last_line(const struct str *text, char **all)
{
	*all = read_text(&json_format, text->data, text->len, 0);
	return strstr(*all, "f.x:");
}

static void
add_many(struct str *text, const char *what, int count)
{
	while (count-- > 0)
		str_add(text, what);
}

TEST(json_rows_bounds_what_it_keeps)
{
	struct str text, should;
	char *is;

	str_init(&text, 8 << 20);
	str_init(&should, 8 << 20);
	str_add(&text, "[{\"a\": 1, \"b\": \"");
	add_many(&text, "\\u00e9", 40000);
	str_add(&text, "\"}, {\"a\": 2}]");
	str_add(&should, "a|b\n1|");
	add_many(&should, "\u00e9", 32768);
	str_add(&should, " !1: b: longer than 64 KiB, cut\n2|-\n");
	is = read_text(&json_format, text.data, text.len, 0);
	CHECK_TEXT(is, should.data);
	free(is);

	str_reset(&text);
	str_add(&text, "[{\"a\": 1, \"l\": [\"\"");
	add_many(&text, ", \"abc\"", 20000);
	str_add(&text, "]}]");
	is = read_text(&json_format, text.data, text.len, 0);
	CHECK_TEXT(
	    is, "a|l\n1|- !1: l: the list is longer than 64 KiB, left out\n");
	free(is);

	str_reset(&text);
	str_add(&text, "[\n{\"a\": 1},\n {\"l\": [\"\"");
	add_many(&text, ", \"0123456789\"", 100000);
	CHECK_TEXT(last_line(&text, &is),
	    "f.x:3:2: longer than 1 MiB; is this a file of contacts?\n");
	free(is);

	/* beside the contacts that holds for a text, not for a list */
	str_reset(&text);
	str_add(&text, "{\"x\": [\"\"");
	add_many(&text, ", \"0123456789\"", 100000);
	str_add(&text, "], \"contacts\": [{\"a\": 1}]}");
	is = read_text(&json_format, text.data, text.len, 0);
	CHECK_TEXT(is, "a\n1\n");
	free(is);
	str_reset(&text);
	str_add(&text, "{\"x\":\n \"");
	add_many(&text, "0123456789", 110000);
	CHECK_TEXT(last_line(&text, &is),
	    "f.x:2:2: longer than 1 MiB; is this a file of contacts?\n");
	free(is);
	str_release(&text);
	str_release(&should);
}

TEST(json_rows_bounds_keys)
{
	struct str text;
	char *is;

	str_init(&text, 8 << 20);
	for (int i = 0; i < 1100; i++)
		str_addf(&text, "%c{\"k%d\": 1}\n", i ? ',' : '[', i);
	CHECK_TEXT(last_line(&text, &is),
	    "f.x:1025:3: more than 1024 different keys\n");
	free(is);

	str_reset(&text);
	for (int i = 0; i < 1100; i++)
		str_addf(&text, "%c{\"k%d\": {}}\n", i ? ',' : '[', i);
	CHECK_TEXT(last_line(&text, &is),
	    "f.x:1025:3: more than 1024 different maps\n");
	free(is);

	str_reset(&text);
	for (int i = 0; i < 1100; i++)
		str_addf(&text, "%s\"k%d\": 1\n", i ? "," : "[{", i);
	CHECK_TEXT(last_line(&text, &is),
	    "f.x:1001:2: more than 1000 keys in one map\n");
	free(is);

	str_reset(&text);
	for (int i = 0; i < 2; i++) {
		str_add(&text, i ? "\":\n{\"" : "[{\"");
		add_many(&text, "k", 600);
	}
	str_add(&text, "\": 1}}]");
	CHECK_TEXT(last_line(&text, &is),
	    "f.x:2:2: the key is longer than 1 KiB "
	    "with those it stands in\n");
	free(is);
	str_release(&text);
}

TEST(json_knows_its_own_by_content)
{
	static const char *const yes[] = {"[]", "[ ]\n", "[{\"a\":1}]",
	    "\r\n[\n  {\n    \"a\": 1", "{\"a\": 1}", "{}",
	    "{ \"contacts\": ["};
	static const char *const no[] = {"", "a,b\n", "[{a: 1}]", "{a: 1}",
	    "- {\"a\": 1}\n", "[x]", "\"a\",\"b\"\n", "[", "# {\"a\": 1}"};

	for (size_t i = 0; i < sizeof(yes) / sizeof(*yes); i++)
		CHECK(json_format.looks_like(yes[i], strlen(yes[i])));
	for (size_t i = 0; i < sizeof(no) / sizeof(*no); i++)
		CHECK(!json_format.looks_like(no[i], strlen(no[i])));
}
