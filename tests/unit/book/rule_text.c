/* SPDX-License-Identifier: MIT */
#include "book/rule_text.h"

#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "check.h"

TEST(rule_text_sets_and_takes_out_a_key)
{
	static const struct {
		const char *rule, *key, *value, *should;
	} cases[] = {
	    {"DOB", "date", "m/d/y", "{column: DOB, date: m/d/y}"},
	    {"[A, B]", "date", "m/d/y", "{column: [A, B], date: m/d/y}"},
	    {"X, Y", "line", "1", "{column: \"X, Y\", line: 1}"},
	    {"\"#1\"", "line", "2..", "{column: \"#1\", line: 2..}"},
	    {"{column: DOB, date: m/d/y, invalid: send}", "date", "d/m/y",
		"{column: DOB, date: d/m/y, invalid: send}"},
	    {"{ column: DOB,  date: m/d/y, invalid: send }", "date", NULL,
		"{ column: DOB,  invalid: send }"},
	    {"{template: \"{A}, {B}\"}", "default", "x",
		"{template: \"{A}, {B}\", default: x}"},
	    {"G", "values", "{\"0\": female, \"1\": male}",
		"{column: G, values: {\"0\": female, \"1\": male}}"},
	    {"{column: G, values: {a: b}}", "values", NULL, "G"},
	    {"{column: [A, B], line: 1}", "line", NULL, "[A, B]"},
	    {"{column: \"X, Y\", line: 1}", "line", NULL, "\"X, Y\""},
	    {"{minted: true}", "minted", NULL, ""},
	    {"A", "line", NULL, "A"},
	    {NULL, "minted", "true", "{minted: true}"},
	    {" ", "column", "A", "A"},
	};
	struct str out;

	str_init(&out, 1000);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err err = ERR_INIT;

		str_reset(&out);
		CHECK(rule_text_set(
		    cases[i].rule, cases[i].key, cases[i].value, &out, &err));
		CHECK_TEXT(out.data, cases[i].should);
	}
	str_release(&out);
}

TEST(rule_text_refuses_what_is_no_rule)
{
	static const char *const bad[] = {
	    "[A", "a: b", "|", "A\nB", "- A", "{", "*x", "A: # b"};
	struct err err = ERR_INIT;
	struct str out;

	str_init(&out, 1000);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		CHECK(!rule_text_good(bad[i]));
		CHECK(!rule_text_set(bad[i], "line", "1", &out, &err));
		CHECK_INT(err.kind, ERR_CONFIG);
		CHECK_TEXT(err.text, rule_text_trouble);
		CHECK(!rule_text_set("A", "line", bad[i], &out, &err));
		CHECK_INT(err.kind, ERR_CONFIG);
		CHECK(str_starts(err.text, "line: "));
		CHECK_TEXT(out.data, "");
	}
	str_release(&out);
}
