/* SPDX-License-Identifier: MIT */
/* Values put into JSON, in the style of what is there: exact bytes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "book.h"
#include "check.h"
#include "source/records.h"

static void
put(const char *before, uint32_t row, const char *after)
{
	book_check_change("a.json", before,
	    (struct source_change){row, 0, "k", "hs", NULL, "x-1", NULL},
	    SOURCE_APPLIED, after);
}

TEST(json_save_adds_a_key_on_one_line)
{
	put("[{\"a\": 1, \"b\": 2}, {\"a\": 3}]", 0,
	    "[{\"a\": 1, \"b\": 2, \"hs\": \"x-1\"}, {\"a\": 3}]");
	put("[{\"a\": 1, \"b\": 2}, {\"a\": 3}]\n", 1,
	    "[{\"a\": 1, \"b\": 2}, {\"a\": 3, \"hs\": \"x-1\"}]\n");
	put("[{\"a\":1,\"b\":2},{\"a\":3}]", 0,
	    "[{\"a\":1,\"b\":2,\"hs\":\"x-1\"},{\"a\":3}]");
	put("[{\"a\":1,\"b\":2},{\"a\":3}]", 1,
	    "[{\"a\":1,\"b\":2},{\"a\":3,\"hs\":\"x-1\"}]");
	put("[ { \"a\" : 1 } ]", 0, "[ { \"a\" : 1, \"hs\" : \"x-1\" } ]");
	put("[{\"a\": 1 , \"b\":  2 }]", 0,
	    "[{\"a\": 1 , \"b\":  2 , \"hs\":  \"x-1\" }]");
	put("[{}, {\"a\": 3}]", 0, "[{\"hs\": \"x-1\"}, {\"a\": 3}]");
	put("[{ }, {\"a\": 3}]", 0, "[{\"hs\": \"x-1\" }, {\"a\": 3}]");
	put("[{\"a\":[1, {\"b\":2}]}]", 0,
	    "[{\"a\":[1, {\"b\":2}],\"hs\":\"x-1\"}]");
	put("[{\"a\":{\"b\": {\"c\":2}}}]", 0,
	    "[{\"a\":{\"b\": {\"c\":2}},\"hs\":\"x-1\"}]");
	put("\xEF\xBB\xBF[{\"a\": \"\xC3\xA9\"}]", 0,
	    "\xEF\xBB\xBF[{\"a\": \"\xC3\xA9\", \"hs\": \"x-1\"}]");
}

TEST(json_save_adds_a_key_on_a_line_of_its_own)
{
	put("[\n  {\n    \"a\": 1,\n    \"b\": 2\n  },\n  {\n    \"a\": 3\n"
	    "  }\n]\n",
	    0,
	    "[\n  {\n    \"a\": 1,\n    \"b\": 2,\n    \"hs\": \"x-1\"\n  },\n"
	    "  {\n    \"a\": 3\n  }\n]\n");
	put("[\n  {\n    \"a\": 3\n  }\n]\n", 0,
	    "[\n  {\n    \"a\": 3,\n    \"hs\": \"x-1\"\n  }\n]\n");
	put("[\r\n\t{\r\n\t\t\"a\": 1,\r\n\t\t\"b\": 2\r\n\t}\r\n]\r\n", 0,
	    "[\r\n\t{\r\n\t\t\"a\": 1,\r\n\t\t\"b\": 2,\r\n\t\t\"hs\": \"x-1\""
	    "\r\n\t}\r\n]\r\n");
	/* commas in front */
	put("[\n{ \"a\": 1\n, \"b\": 2\n}]", 0,
	    "[\n{ \"a\": 1\n, \"b\": 2\n, \"hs\": \"x-1\"\n}]");
	put("{\n\"n\": [1],\n\"contacts\": [\n{\n \"a\": {\n  \"b\": 1\n }\n}\n"
	    "],\n\"end\": {\"x\": [{}]}\n}",
	    0,
	    "{\n\"n\": [1],\n\"contacts\": [\n{\n \"a\": {\n  \"b\": 1\n },\n"
	    " \"hs\": \"x-1\"\n}\n],\n\"end\": {\"x\": [{}]}\n}");
	put("[{\"a\":\n  1}]", 0, "[{\"a\":\n  1,\"hs\": \"x-1\"}]");
}

TEST(json_save_adds_a_key_to_lines)
{
	book_check_change("a.jsonl",
	    "{\"a\":1}\n\n{\"a\":2,\"b\":{}}\nbroken\n{\"a\": 3}",
	    (struct source_change){1, 0, "k", "hs", NULL, "x-1", NULL},
	    SOURCE_APPLIED,
	    "{\"a\":1}\n\n{\"a\":2,\"b\":{},\"hs\":\"x-1\"}\nbroken\n"
	    "{\"a\": 3}");
	put("{\"a\":1}\r\n{\"a\":2}\r\n", 1,
	    "{\"a\":1}\r\n{\"a\":2,\"hs\":\"x-1\"}\r\n");
	book_check_change("a.jsonl", "broken\n{\"a\": 1}\n",
	    (struct source_change){0, 0, "k", "hs", NULL, "x-1", NULL},
	    SOURCE_REFUSED, "broken\n{\"a\": 1}\n");
}

static void
edit(const char *before, const char *column, const char *was, const char *text,
    const char *after)
{
	book_check_change("a.json", before,
	    (struct source_change){0, 0, NULL, column, was, text, NULL},
	    SOURCE_APPLIED, after);
}

TEST(json_save_replaces_values)
{
	edit("[{\"b\": \"old\" }]", "b", "old", "new", "[{\"b\": \"new\" }]");
	edit("[{\"b\":\"o\\u006Cd\"}]", "b", "old", "a \"q\" \\ /\n\t\x1B",
	    "[{\"b\":\"a \\\"q\\\" \\\\ /\\n\\t\\u001b\"}]");
	edit("[{\"b\": 12, \"c\": 3}]", "b", "12", "-1.50",
	    "[{\"b\": -1.50, \"c\": 3}]");
	edit("[{\"b\": 12}]", "b", "12", "012", "[{\"b\": \"012\"}]");
	edit("[{\"b\": 12}]", "b", "12", "", "[{\"b\": \"\"}]");
	edit("[{\"b\": \"12\"}]", "b", "12", "13", "[{\"b\": \"13\"}]");
	edit("[{\"b\": null}]", "b", NULL, "13", "[{\"b\": \"13\"}]");
	edit("[{\"b\": true}]", "b", "true", "false", "[{\"b\": false}]");
	edit("[{\"b\": true}]", "b", "true", "yes", "[{\"b\": \"yes\"}]");
	edit("[{\"b\": \"true\"}]", "b", "true", "false",
	    "[{\"b\": \"false\"}]");
	edit("[{\"a\": {\"b\": {\"c\": 1}}}]", "a.b.c", "1", "x",
	    "[{\"a\": {\"b\": {\"c\": \"x\"}}}]");
	edit("[{\"a\\u00e9 \\\"\": 1}]", "a\u00e9 \"", "1", "2",
	    "[{\"a\\u00e9 \\\"\": 2}]");
}

TEST(json_save_escapes_as_the_file_does)
{
	edit("[{\"b\": \"x\"}]", "b", "x", "caf\u00e9 \U0001f600",
	    "[{\"b\": \"caf\u00e9 \U0001f600\"}]");
	edit("[{\"b\": \"\u00e9\", \"c\": \"\\u00e9\"}]", "b", "\u00e9",
	    "\u00e8", "[{\"b\": \"\u00e8\", \"c\": \"\\u00e9\"}]");
	edit("[{\"b\": \"x\", \"c\": \"\\u00e9\"}]", "b", "x",
	    "caf\u00e9 \U0001f600",
	    "[{\"b\": \"caf\\u00e9 \\ud83d\\ude00\", \"c\": \"\\u00e9\"}]");
	/* escapes of ASCII, and what only looks like one, tell nothing */
	edit("[{\"b\": \"x\", \"c\": \"\\u000a\\\\u00e9\"}]", "b", "x",
	    "\u00e9", "[{\"b\": \"\u00e9\", \"c\": \"\\u000a\\\\u00e9\"}]");
}

TEST(json_save_adds_to_objects_that_are_there)
{
	edit("[{\"a\": {\"x\": 1}, \"c\": 2}]", "a.b", NULL, "v",
	    "[{\"a\": {\"x\": 1, \"b\": \"v\"}, \"c\": 2}]");
	edit("[{\"a\": {}, \"c\": 2}]", "a.b", NULL, "v",
	    "[{\"a\": {\"b\": \"v\"}, \"c\": 2}]");
	edit("[\n {\n  \"a\": {\n   \"x\": {\"y\": 1}\n  }\n }\n]", "a.b", NULL,
	    "v",
	    "[\n {\n  \"a\": {\n   \"x\": {\"y\": 1},\n   \"b\": \"v\"\n  }\n }"
	    "\n]");
	edit("[{\"a\": {\"x\": {\"y\": 1}}}]", "a.x.b", NULL, "v",
	    "[{\"a\": {\"x\": {\"y\": 1, \"b\": \"v\"}}}]");
	/* none there: a key with a dot is the same column */
	edit("[{\"c\": 2}]", "a.b", NULL, "v", "[{\"c\": 2, \"a.b\": \"v\"}]");
	edit("[{\"ab\": {}}]", "a.b", NULL, "v",
	    "[{\"ab\": {}, \"a.b\": \"v\"}]");
}

TEST(json_save_refuses_with_a_reason)
{
	static const struct {
		const char *text, *column, *was, *why;
	} cases[] = {
	    {"[{\"b\": [1]}]", "b", "[1]",
		"a list is there; change it in the file"},
	    {"[{\"b\": {\"c\": 1}}]", "b", NULL,
		"a map is there; change its keys instead"},
	    {"[{\"x\": 1}, 7]", "b", NULL,
		"the entry is not a map of keys and values"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct source_change change = {i == 2, 0, NULL, cases[i].column,
		    cases[i].was, "new", NULL};
		const char *path = book_file(
		    "a.json", cases[i].text, strlen(cases[i].text));
		struct source *source = book_load(path);
		struct source_save *save;
		struct err err = ERR_INIT;

		save = source_save_start(source, &change, 1, book_key, NULL,
		    check_directory(), &err);
		REQUIRE(save != NULL);
		while (source_save_step(save, &err) == SOURCE_MORE)
			continue;
		CHECK_INT(change.outcome, SOURCE_REFUSED);
		CHECK_TEXT(change.why, cases[i].why);
		source_save_end(save);
		CHECK(book_has(path, cases[i].text));
		source_free(source);
	}
}

TEST(json_save_puts_many_cells_into_one_contact)
{
	static const char before[] =
	    "[{}, {\"a\":{},\"b\":3}, {\"id\": 1,\n  \"b\": {\"c\": 2}}]";
	struct source_change changes[] = {
	    {0, 0, NULL, "url", NULL, "u", NULL},
	    {0, 0, NULL, "hs", NULL, "h", NULL},
	    {1, 0, NULL, "hs", NULL, "h", NULL},
	    {1, 0, NULL, "a.y", NULL, "2", NULL},
	    {1, 0, NULL, "a.x", NULL, "1", NULL},
	    {1, 0, NULL, "b", "3", "4", NULL},
	    {2, 0, NULL, "hs", NULL, "h", NULL},
	    {2, 0, NULL, "b.c", "2", "two", NULL},
	    {2, 0, NULL, "b.d", NULL, "d", NULL},
	    {2, 0, NULL, "id", "1", "2", NULL},
	};
	const char *path = book_file("a.json", before, strlen(before));
	struct source *source = book_load(path);
	struct err err = ERR_INIT;

	CHECK_INT(book_save(source, changes, 10, &err), SOURCE_DONE);
	CHECK_TEXT(err.text, "");
	for (size_t i = 0; i < 10; i++)
		CHECK_INT(changes[i].outcome, SOURCE_APPLIED);
	CHECK(book_has(path,
	    "[{\"url\": \"u\", \"hs\": \"h\"}, "
	    "{\"a\":{\"y\": \"2\", \"x\": \"1\"},\"b\":4,\"hs\":\"h\"}, "
	    "{\"id\": 2,\n  \"b\": {\"c\": \"two\", \"d\": \"d\"},\n  \"hs\": "
	    "\"h\"}]"));
	source_free(source);
}

/* A contact, on one line or on many. */
static void
add_contact(struct str *out, int number, bool lines, bool with_id)
{
	const char *end = lines ? "\n    " : "";

	str_addf(out, "%s{%s\"id\":\"%d\",%s\"note\":\"", number ? "," : "[",
	    end, number, end);
	for (int i = 0; i < number; i++)
		str_add_char(out, 'n');
	str_add(out, "\"");
	if (with_id)
		str_addf(out, ",%s\"hs\":\"h\"", end);
	str_add(out, lines ? "\n  }" : "}");
}

TEST(json_save_reaches_every_contact)
{
	for (int lines = 0; lines < 2; lines++) {
		struct str before, after;
		struct source_change changes[400] = {{0}};
		char ids[400][8];
		struct source *source;
		struct err err = ERR_INIT;
		const char *path;

		str_init(&before, 8 << 20);
		str_init(&after, 8 << 20);
		for (int i = 0; i < 1200; i++) {
			add_contact(&before, i, lines, false);
			add_contact(&after, i, lines, i % 3 == 0);
			if (i % 3)
				continue;
			snprintf(ids[i / 3], sizeof(ids[0]), "%d", i);
			changes[i / 3] = (struct source_change){
			    (uint32_t)i, 0, ids[i / 3], "hs", NULL, "h", NULL};
		}
		str_add(&before, "]");
		str_add(&after, "]");
		path = book_file("a.json", before.data, before.len);
		source = book_load(path);
		CHECK_INT(book_save(source, changes, 400, &err), SOURCE_DONE);
		CHECK_TEXT(err.text, "");
		CHECK(book_has(path, after.data));
		source_free(source);
		str_release(&before);
		str_release(&after);
	}
}

/* Which kind of file it is, is not guessed anew when the first one grows. */
TEST(json_save_keeps_lines_lines)
{
	struct source_change change = {0, 0, "1", "hs", NULL, "x-1", NULL};
	struct str before, after;

	str_init(&before, 1 << 20);
	str_init(&after, 1 << 20);
	str_add(&before, "{\"id\":\"1\",\"a\":[\"");
	for (int i = 0; i < (128 << 10) - 30; i++)
		str_add_char(&before, 'n');
	str_add(&before, "\"]");
	str_add(&after, before.data);
	str_add(&before, "}\n{\"id\":\"2\"}\n");
	str_add(&after, ",\"hs\":\"x-1\"}\n{\"id\":\"2\"}\n");
	book_check_change(
	    "a.json", before.data, change, SOURCE_APPLIED, after.data);
	str_release(&before);
	str_release(&after);
}
