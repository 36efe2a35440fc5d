/* SPDX-License-Identifier: MIT */
#include "base/json.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/err.h"
#include "base/json_pull.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"
#include "check.h"

static struct json *
parsed(const char *text)
{
	struct err err = ERR_INIT;
	/* not NUL-terminated, so that a sanitizer sees a read past the end */
	size_t len = strlen(text);
	char *copy = mem_alloc(len);
	struct json *json;

	memcpy(copy, text, len);
	json = json_parse(copy, len, &err);
	free(copy);
	if (!json)
		CHECK_TEXT(err.text, "");
	REQUIRE(json != NULL);
	return json;
}

static void
check_printed(const struct json *json, const char *should)
{
	struct str out;

	str_init(&out, 1 << 20);
	json_print(&out, json);
	CHECK_TEXT(out.data, should);
	str_release(&out);
}

/* What is printed is what was read. */
static void
check_same(const char *text)
{
	struct json *json = parsed(text), *copy = json_copy(json);

	check_printed(json, text);
	json_free(json);
	check_printed(copy, text);
	json_free(copy);
}

TEST(json_keeps_what_was_written)
{
	check_same("0");
	check_same("\"\"");
	check_same("null");
	check_same("[]");
	check_same("{}");
	check_same("[true,false,null,\"x\"]");
	check_same("{\"a\":{\"b\":[1,{\"c\":2}],\"a\":3},\"d\":[[],[4]]}");
	check_same("{\"ID\":1,\"id\":2,\"Id\":3}");
	check_same(
	    "\"Zo\u00eb \\\"\\\\ / \\n\\t\\r\\b\\f\\u0001 山 \U0001f600\"");
}

TEST(json_numbers_are_text)
{
	static const char *const numbers[] = {"12345678901234567890",
	    "-123456789012345678901234567890", "0.10", "-0", "1e999", "1E-7",
	    "1.50e+03", "9007199254740993",
	    "1234567890123456789012345678901234567890"
	    "1234567890123456789012345678901234567890.5"};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		struct str text;
		struct json *json;

		str_init(&text, 1000);
		str_addf(&text, "{\"a\":[%s,7],\"b\":%s,\"c\":\"%s\"}",
		    numbers[i], numbers[i], numbers[i]);
		check_same(text.data);
		json = parsed(text.data);
		CHECK_TEXT(json_number_text(json_at(json_get(json, "a"), 0)),
		    numbers[i]);
		CHECK_TEXT(json_scalar_text(json_get(json, "b")), numbers[i]);
		CHECK_TEXT(json_scalar_text(json_get(json, "c")), numbers[i]);
		CHECK(json_number_text(json_get(json, "c")) == NULL);
		CHECK(json_string(json_get(json, "b")) == NULL);
		json_free(json);
		str_release(&text);
	}
}

TEST(json_refuses_with_the_place)
{
	static const struct {
		const char *text;
		const char *error;
	} cases[] = {
	    {"", "line 1, column 1: expected a value, found nothing"},
	    {" \n ", "line 2, column 2: expected a value, found nothing"},
	    {"nul", "line 1, column 1: expected a value"},
	    {"nulll", "line 1, column 5: more text after the value"},
	    {"{} {}", "line 1, column 4: more text after the value"},
	    {"NaN", "line 1, column 1: NaN is not JSON; write null"},
	    {"[-Infinity]", "line 1, column 2: Infinity is not JSON; write "
			    "null"},
	    {"{\"a\": True}", "line 1, column 7: True is not JSON; write true"},
	    {"[1, // one\n2]",
		"line 1, column 5: comments are not JSON; remove it"},
	    {"[1 # one\n]",
		"line 1, column 4: comments are not JSON; remove it"},
	    {"[,1]", "line 1, column 2: expected a value before the comma"},
	    {"'a'", "line 1, column 1: expected a value; texts stand in "
		    "double quotes, not in single ones"},
	    {"[1,]", "line 1, column 4: expected a value after the comma; "
		     "remove the comma"},
	    {"[1 2]", "line 1, column 4: expected a comma or ']'"},
	    {"[1}", "line 1, column 3: expected a comma or ']'"},
	    {"[[1]", "line 1, column 1: '[' is never closed"},
	    {"{\"a\":1", "line 1, column 1: '{' is never closed"},
	    {"{a:1}", "line 1, column 2: expected a key in double quotes"},
	    {"{\"a\":1,}", "line 1, column 8: expected a key in double "
			   "quotes after the comma; remove the comma"},
	    {"{\"a\" 1}", "line 1, column 6: expected a colon after the key"},
	    {"{\"a\":}", "line 1, column 6: expected a value"},
	    {"{\n \"é\": \"é\", x}",
		"line 2, column 12: expected a key in double quotes"},
	    {"{\n\"a\":1,\n \"b\":2,\n \"\\u0061\":3}",
		"line 4, column 2: the key 'a' is here twice; remove one"},
	    {"[{\"b\":{\"a\":1},\"a\":1,\"a\":1}]",
		"line 1, column 21: the key 'a' is here twice; remove one"},
	    {"01", "line 1, column 1: a number may not begin with 0: write it "
		   "in quotes to keep the zero"},
	    {"[-]", "line 1, column 2: a '-' without a number"},
	    {"+1", "line 1, column 1: a number may not begin with '+'; "
		   "remove it"},
	    {".5", "line 1, column 1: a number may not begin with a point; "
		   "write 0 before it"},
	    {"1.", "line 1, column 3: expected a digit after the point"},
	    {"1e+", "line 1, column 4: expected a digit in the exponent"},
	    {"0x10", "line 1, column 2: more text after the value"},
	    {"\"abc", "line 1, column 1: a text has no closing quote"},
	    {"\"abc\\", "line 1, column 5: unknown escape; a backslash itself "
			"is written \\\\"},
	    {"\"\\x41\"", "line 1, column 2: unknown escape; a backslash "
			  "itself is written \\\\"},
	    {"\"\\u12g4\"", "line 1, column 6: expected four hexadecimal "
			    "digits after \\u"},
	    {"\"\\u12", "line 1, column 6: expected four hexadecimal digits "
			"after \\u"},
	    {"\"a\\u0000\"",
		"line 1, column 3: \\u0000 is not accepted in a text"},
	    {"\"\\ud800\"", "line 1, column 2: half of a surrogate pair "
			    "without the other; write the character itself"},
	    {"\"\\udc00\\ud800\"",
		"line 1, column 2: half of a surrogate "
		"pair without the other; write the character "
		"itself"},
	    {"\"\\ud83dx\"", "line 1, column 2: half of a surrogate pair "
			     "without the other; write the character itself"},
	    {"\"a\nb\"", "line 1, column 3: the line ends inside a text; "
			 "close the quote, or write \\n for a line "
			 "break"},
	    {"\"a\tb\"", "line 1, column 3: a control character in a text "
			 "must be escaped"},
	    {"\"a\xff\"", "line 1, column 3: not valid UTF-8: save the file "
			  "as UTF-8"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct err err = ERR_INIT;
		size_t len = strlen(cases[i].text);
		char *copy = mem_alloc(len);

		memcpy(copy, cases[i].text, len);
		CHECK(json_parse(copy, len, &err) == NULL);
		CHECK_TEXT(err.text, cases[i].error);
		CHECK_INT(err.kind, ERR_DATA);
		free(copy);
	}
}

TEST(json_refuses_nul_bytes)
{
	static const char text[] = "[1]\0";
	static const char inside[] = "[\"a\0b\"]";
	struct err err = ERR_INIT;

	CHECK(!json_parse(text, sizeof(text) - 1, &err));
	CHECK_TEXT(err.text, "line 1, column 4: more text after the value");
	CHECK(!json_parse(inside, sizeof(inside) - 1, &err));
	CHECK(strstr(err.text, "control character"));
}

TEST(json_depth_is_bounded)
{
	struct err err = ERR_INIT;
	size_t size = 1 << 20;
	char *bomb = mem_alloc(size);
	clock_t start;

	memset(bomb, '[', JSON_DEPTH_MAX);
	memset(bomb + JSON_DEPTH_MAX, ']', JSON_DEPTH_MAX);
	bomb[2 * JSON_DEPTH_MAX] = '\0';
	check_same(bomb);
	memset(bomb, '[', size);
	start = clock();
	CHECK(!json_parse(bomb, size, &err));
	CHECK(clock() - start < CLOCKS_PER_SEC / 2);
	CHECK_TEXT(err.text, "line 1, column 33: nested deeper than 32 levels");
	free(bomb);
}

TEST(json_size_is_bounded)
{
	struct err err = ERR_INIT;
	char *text = mem_alloc(JSON_SIZE_MAX + 1);
	struct json *json;

	memset(text, ' ', JSON_SIZE_MAX + 1);
	text[0] = '7';
	CHECK(!json_parse(text, JSON_SIZE_MAX + 1, &err));
	CHECK_TEXT(err.text, "larger than 4 MiB");
	json = json_parse(text, JSON_SIZE_MAX, &err);
	CHECK_TEXT(json_number_text(json), "7");
	json_free(json);
	free(text);
}

TEST(json_decodes_escapes)
{
	struct json *json = parsed("\xef\xbb\xbf [\"\\u00e9\\ud83d\\ude00"
				   "\\/\\u202e\\u001b\", \"\\u0041\"]");

	CHECK_TEXT(
	    json_string(json_at(json, 0)), "\u00e9\U0001f600/\u202e\033");
	CHECK_TEXT(json_string(json_at(json, 1)), "A");
	/* what could drive a terminal goes out as an escape */
	check_printed(json, "[\"\u00e9\U0001f600/\\u202e\\u001b\",\"A\"]");
	json_free(json);
}

TEST(json_reading_takes_anything)
{
	struct json *json = parsed("{\"n\":null,\"t\":true,\"f\":false,"
				   "\"s\":\"x\",\"i\":1,\"a\":[1,2],\"o\":{}}");
	const struct json *absent = json_get(json, "N");
	int members = 0;

	CHECK(!absent && !json_get(NULL, "a") && !json_at(NULL, 0));
	CHECK(!json_get(json_get(json, "a"), "a"));
	CHECK(!json_at(json, 0) && !json_at(json_get(json, "a"), 2));
	CHECK(!json_first(NULL) && !json_first(json_get(json, "s")));
	CHECK(!json_next(NULL) && !json_key(NULL) && !json_key(json));
	CHECK(!json_string(NULL) && !json_scalar_text(NULL));
	CHECK(!json_scalar_text(json_get(json, "t")));
	CHECK(!json_is_object(NULL) && !json_is_array(NULL));
	CHECK(!json_is_null(NULL) && json_is_null(json_get(json, "n")));
	CHECK(json_is_bool(json_get(json, "f")) && !json_is_bool(NULL));
	CHECK(json_true(json_get(json, "t")));
	CHECK(!json_true(json_get(json, "f")) && !json_true(NULL));
	CHECK(json_is_number(json_get(json, "i")) && !json_is_number(NULL));
	CHECK_INT(json_count(json), 7);
	CHECK_INT(json_count(json_get(json, "a")), 2);
	CHECK_INT(json_count(json_get(json, "o")), 0);
	CHECK_INT(json_count(json_get(json, "s")), 0);
	for (const struct json *member = json_first(json); member;
	     member = json_next(member))
		members += (int)strlen(json_key(member));
	CHECK_INT(members, 7);
	json_free(json);
	json_free(NULL);
}

TEST(json_builds)
{
	struct json *object = json_object(), *array = json_array();
	char text[] = "copied";

	json_append_string(array, text);
	text[0] = 'X';
	json_append_string(array, NULL);
	json_append(array, json_object());
	json_add(object, "list", array);
	json_add_integer(object, "big", INT64_MIN);
	json_add_bool(object, "yes", true);
	json_add_bool(object, "no", false);
	json_add_null(object, "nothing");
	json_add_string(object, "absent", NULL);
	json_add_string(object, "odd", "a\xff\x1b\xc2\x9b\U000e0041");
	CHECK(json_add_raw(object, "raw", " {\"x\": 12345678901234567890}"));
	CHECK(!json_add_raw(object, "bad", "{"));
	check_printed(object,
	    "{\"list\":[\"copied\",null,{}],\"big\":-9223372036854775808,"
	    "\"yes\":true,\"no\":false,\"nothing\":null,\"absent\":null,"
	    "\"odd\":\"a\\ufffd\\u001b\\u009b\\udb40\\udc41\","
	    "\"raw\":{\"x\":12345678901234567890}}");
	json_free(object);
}

/* All tokens of a text that comes in pieces, each with its line. */
static void
show_tokens(struct str *out, const char *text, size_t piece)
{
	static const char *const names[] = {"short", "wrong", "cut", "end",
	    "key", "string", "number", "true", "false", "null", "{", "[", "}",
	    "]"};
	size_t len = strlen(text);
	char *copy = mem_alloc(len + 1);
	struct json_pull pull;
	enum json_token token;

	json_pull_init(&pull, copy, 0);
	pull.many = true;
	copy[0] = '\0';
	do {
		token = json_pull_next(&pull);
		if (token != JSON_TOKEN_SHORT) {
			str_addf(out, "%u:%s:%.*s ", pull.line.number,
			    names[token], (int)(pull.end - pull.start),
			    copy + pull.start);
			continue;
		}
		REQUIRE(!pull.whole);
		pull.whole = pull.len == len;
		if (piece > len - pull.len)
			piece = len - pull.len;
		memcpy(copy + pull.len, text + pull.len, piece);
		pull.len += piece;
		copy[pull.len] = '\0';
	} while (token > JSON_TOKEN_END || token == JSON_TOKEN_SHORT);
	free(copy);
}

TEST(json_pull_goes_on_where_the_text_stopped)
{
	static const char text[] =
	    "{\"a\\\\\": [1, -2.5e+3 ,true],\n\"b\":null, \"c\":{}}\n"
	    "\"\\ud83d\\ude00\\u00e9\\n\" [] false 0";
	struct str whole, pieces;

	str_init(&whole, 1000);
	str_init(&pieces, 1000);
	show_tokens(&whole, text, sizeof(text));
	CHECK_TEXT(whole.data,
	    "1:{:{ 1:key:\"a\\\\\" 1:[:[ 1:number:1 1:number:-2.5e+3 "
	    "1:true:true 1:]:] 2:key:\"b\" 2:null:null 2:key:\"c\" 2:{:{ "
	    "2:}:} 2:}:} 3:string:\"\\ud83d\\ude00\\u00e9\\n\" 3:[:[ 3:]:] "
	    "3:false:false 3:number:0 3:end: ");
	for (size_t piece = 1; piece < sizeof(text); piece++) {
		str_reset(&pieces);
		show_tokens(&pieces, text, piece);
		CHECK_TEXT(pieces.data, whole.data);
	}
	str_release(&whole);
	str_release(&pieces);
}

TEST(json_texts_come_and_go)
{
	static const char escaped[] =
	    "q\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\u20ac\\ud83d\\ude00z";
	static const char plain[] = "q\"\\/\b\f\n\r\tA\u00e9\u20ac\U0001f600z";
	struct str out;

	str_init(&out, 1000);
	json_decode(&out, escaped, strlen(escaped));
	CHECK_TEXT(out.data, plain);
	str_reset(&out);
	json_print_text(&out, plain, JSON_ESCAPE_LEAST);
	CHECK_TEXT(
	    out.data, "\"q\\\"\\\\/\\b\\f\\n\\r\\tA\u00e9\u20ac\U0001f600z\"");
	str_reset(&out);
	json_print_text(&out, plain, JSON_ESCAPE_WIDE);
	CHECK_TEXT(out.data, "\"q\\\"\\\\/\\b\\f\\n\\r\\tA\\u00e9\\u20ac"
			     "\\ud83d\\ude00z\"");
	str_reset(&out);
	json_print_text(&out, "a\u202eb\x7f", JSON_ESCAPE_LEAST);
	CHECK_TEXT(out.data, "\"a\u202eb\x7f\"");
	str_release(&out);
}

TEST(json_knows_numbers)
{
	static const char *const yes[] = {
	    "0", "-0", "12", "1.50", "1e5", "12345678901234567890"};
	static const char *const no[] = {"", " 1", "1 ", "01", "+1", ".5", "1.",
	    "0x1", "NaN", "1,5", "true", "\"1\"", "1\n"};

	for (size_t i = 0; i < sizeof(yes) / sizeof(*yes); i++)
		CHECK(json_is_number_text(yes[i]));
	for (size_t i = 0; i < sizeof(no) / sizeof(*no); i++)
		CHECK(!json_is_number_text(no[i]));
}

/* Random damage to a good text: refused with a place, or good when printed. */
TEST(json_random_damage)
{
	static const char good[] =
	    "{\"id\": 12345678901234567890, \"name\": \"Zo\\u00eb \\\"\","
	    "\"list\": [1.5e3, -0, {\"a\": null}, [true, false]], \"é\": {}}";
	static const char bytes[] = "{}[]\",:\\u0-+eE.tn \n\xc3\xa9\xff";
	int refused = 0, accepted = 0;

	srand(5);
	for (int round = 0; round < 100000; round++) {
		struct err err = ERR_INIT;
		struct json *json;
		char text[sizeof(good)];
		size_t len = sizeof(good) - 1;

		memcpy(text, good, sizeof(good));
		for (int i = rand() % 4; i > 0; i--)
			text[(size_t)rand() % len] =
			    bytes[(size_t)rand() % sizeof(bytes)];
		if (rand() % 8 == 0)
			len = (size_t)rand() % len;
		json = json_parse(text, len, &err);
		if (!json) {
			refused++;
			REQUIRE(str_starts(err.text, "line "));
			continue;
		}
		accepted++;
		struct str once, twice;
		str_init(&once, 1000);
		str_init(&twice, 1000);
		json_print(&once, json);
		json_free(json);
		json = parsed(once.data);
		json_print(&twice, json);
		REQUIRE(strcmp(once.data, twice.data) == 0);
		json_free(json);
		str_release(&once);
		str_release(&twice);
	}
	CHECK(refused > 1000 && accepted > 1000);
}
