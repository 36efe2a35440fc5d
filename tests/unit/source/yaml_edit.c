/* SPDX-License-Identifier: MIT */
/* One entry changes; every other byte of the document stays. */
#include "source/yaml_edit.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "check.h"

enum { PATH_MAX_KEYS = 8, TEXT_ROOM = 1 << 21 };

/* "mapping/zip" as keys; the text is changed. */
static size_t
cut_path(char *text, const char *keys[PATH_MAX_KEYS])
{
	size_t depth = 0;

	for (char *at = text; at; depth++) {
		char *slash = strchr(at, '/');

		keys[depth] = at;
		if (slash)
			*slash = '\0';
		at = slash ? slash + 1 : NULL;
	}
	return depth;
}

static bool
edit(const char *before, const char *path, const char *value, struct str *out,
    struct err *err)
{
	const char *keys[PATH_MAX_KEYS];
	char text[200];

	snprintf(text, sizeof(text), "%s", path);
	return yaml_edit("c.yaml", before, strlen(before), keys,
	    cut_path(text, keys), value, out, err);
}

static const struct change {
	const char *before, *path, *value, *after;
} changes[] = {
    /* a new entry: behind the last one of its map, in its style */
    {"mapping:\n  a: A # x\n  # later\nsync:\n  rate: 1/s\n", "mapping/zip",
	"Z", "mapping:\n  a: A # x\n  zip: Z\n  # later\nsync:\n  rate: 1/s\n"},
    {"mapping:\n    a: A\n\n\nsync: {}\n", "mapping/zip", "[Z, Y]",
	"mapping:\n    a: A\n    zip: [Z, Y]\n\n\nsync: {}\n"},
    {"mapping:\n  a:\n    - A\n    - B # b\n# end\n", "mapping/zip", "Z",
	"mapping:\n  a:\n    - A\n    - B # b\n  zip: Z\n# end\n"},
    {"a: A", "b", "B", "a: A\nb: B"},
    {"a: A\r\n", "b", "B", "a: A\r\nb: B\r\n"},
    {"a:\r\n   b: B # c\r\n", "a/d/e", "E",
	"a:\r\n   b: B # c\r\n   d:\r\n      e: E\r\n"},
    {"\xEF\xBB\xBF"
     "a: A\n",
	"b", "B",
	"\xEF\xBB\xBF"
	"a: A\nb: B\n"},
    {"---\na: A\n...\n", "b", "B", "---\na: A\nb: B\n...\n"},
    {"a:\tA\t# c\n", "b", "B", "a:\tA\t# c\nb: B\n"},
    {"a:\n", "b", "B", "a:\nb: B\n"},
    {"a: 'x\n  y'  # c\n", "b", "B", "a: 'x\n  y'  # c\nb: B\n"},
    {"'a': A\n'b': B\n", "c", "C", "'a': A\n'b': B\n'c': C\n"},
    {"a: A\n", "it's: odd", "B", "a: A\n\"it's: odd\": B\n"},
    {"a: |\n  x\n\n\nb: B\n", "c", "C", "a: |\n  x\n\n\nb: B\nc: C\n"},
    {"b:\n  a: |\n    x\n\n\n# c\n", "b/c", "C",
	"b:\n  a: |\n    x\n  c: C\n\n\n# c\n"},
    /* a block that a line behind it would change: before it */
    {"a: A\nb: |\n  x", "c", "C", "a: A\nc: C\nb: |\n  x"},
    {"a: A\nb: |+\n  x\n\n", "c", "C", "a: A\nc: C\nb: |+\n  x\n\n"},
    /* in braces */
    {"m: {a: A, b: B}", "m/c", "C", "m: {a: A, b: B, c: C}"},
    {"m: {a: A, b: B }\n", "m/c/d", "D", "m: {a: A, b: B, c: {d: D} }\n"},
    {"m: {a: A,\n    b: B}\n", "m/c", "C", "m: {a: A,\n    b: B, c: C}\n"},
    {"m: {\n  a: A, # x\n  b: B, # y\n}\n", "m/c", "C",
	"m: {\n  a: A, # x\n  b: B, # y\n  c: C,\n}\n"},
    {"m: {\n\ta: A, # x\n\tb: B # y\n}\n", "m/c", "C",
	"m: {\n\ta: A, # x\n\tb: B, # y\n\tc: C\n}\n"},
    {"m: {a: A, # x\n    }\n", "m/c", "C", "m: {a: A, # x\n    c: C,\n    }\n"},
    {"m: {a, b}\n", "m/c", "C", "m: {a, b, c: C}\n"},
    {"m: { # none\n}\n", "m/c", "C", "m: { # none\nc: C}\n"},
    {"{}\n", "m/c", "C", "{m: {c: C}}\n"},
    {"{\"m\": {\"a\":\"A\"}}", "m/c", "x, y",
	"{\"m\": {\"a\":\"A\", \"c\": \"x, y\"}}"},
    /* what is no map yet */
    {"", "m/c", "C", "m:\n  c: C\n"},
    {"# only this", "m/c", "C", "# only this\nm:\n  c: C\n"},
    {"---\n# c\n...\n# d\n", "m/c", "C", "---\n# c\nm:\n  c: C\n...\n# d\n"},
    {"m:\ns: {}\n", "m/c", "C", "m:\n  c: C\ns: {}\n"},
    {"m: # none\n  # yet\ns: {}\n", "m/c", "C",
	"m: # none\n  c: C\n  # yet\ns: {}\n"},
    {"m: ~ # none\n", "m/c", "C", "m: # none\n  c: C\n"},
    {"m: {} # none", "m/c/d", "D", "m: # none\n  c:\n    d: D"},
    {"s:\n    m: null\n", "s/m/c", "C", "s:\n    m:\n        c: C\n"},
    {"s: {m: }\n", "s/m/c", "C", "s: {m: {c: C} }\n"},
    {"s: {m}\n", "s/m/c", "C", "s: {m: {c: C}}\n"},
    {"m:\n  ~\n", "m/c", "C", "m:\n  {c: C}\n"},
    {"~\n", "m/c", "C", "{m: {c: C}}\n"},
    /* another value */
    {"a: A # c\nb: B\n", "a", "{x: 1}", "a: {x: 1} # c\nb: B\n"},
    {"a: A\nb: \"B\"", "b", "C", "a: A\nb: C"},
    {"a: [x, # one\n    y] # two\nb: B\n", "a", "C",
	"a: C # two\n# one\nb: B\n"},
    {"a: # how\n  # first\n  - x # cell\n  - y\nb: B\n", "a", "[z]",
	"a: [z] # how\n  # first\n  # cell\nb: B\n"},
    {"a:\n  x: 1\n  # c\n  y: 2\n\nb: B\n", "a", "C", "a: C\n  # c\n\nb: B\n"},
    {"a: | # how\n  x\n\n\nb: B\n", "a", "C", "a: C # how\n\n\nb: B\n"},
    {"a: >-\n  x\n  y", "a", "C", "a: C"},
    {"a:\n  # c\n  x\n", "a", "C", "a:\n  # c\n  C\n"},
    {"a:\nb: B\n", "a", "C", "a: C\nb: B\n"},
    {"a: # c\nb: B\n", "a", "C", "a: C # c\nb: B\n"},
    {"a: !!str x # c\n", "a", "C", "a: C # c\n"},
    {"a: !!seq # c\n- x\nb: B\n", "a", "C", "a: C # c\nb: B\n"},
    {"m: {a: A, b: B}\n", "m/a", "x, y", "m: {a: \"x, y\", b: B}\n"},
    {"m: {a, b: , c: C}\n", "m/a", "A", "m: {a: A, b: , c: C}\n"},
    {"m: {a, b: , c: C}\n", "m/b", "B", "m: {a, b: B , c: C}\n"},
    {"m: {\"a\":\"A\"}\n", "m/a", "B", "m: {\"a\":B}\n"},
    {"m: {a: [x, # one\n  y], b: B}\n", "m/a", "C", "m: {a: C, b: B}\n# one\n"},
    {"m: {a: [x, # one\n  y], b: \"B\n  C\"}\n", "m/a", "C",
	"# one\nm: {a: C, b: \"B\n  C\"}\n"},
    {"a: ~\n", "a", "null", "a: null\n"},
    /* taken out */
    {"a: A\nb: B # c\nd: D\n", "b", NULL, "a: A\n# c\nd: D\n"},
    {"a: A\n# c\nb:\n  # in\n  - x # cell\n\n# d\n", "b", NULL,
	"a: A\n# c\n  # in\n  # cell\n\n# d\n"},
    {"a: |\n  x\nb:\n    # in\n    - y\n", "b", NULL, "a: |\n  x\n# in\n"},
    {"a: |+\n  x\nb: B\n\n\nc: C\n", "b", NULL, "a: |+\n  x\nc: C\n"},
    {"a: |\n  x\nb: B\n  # d\n\ne: E\n", "b", NULL, "a: |\n  x\n# d\ne: E\n"},
    {"m:\n  a: A # c\n  # d\n", "m/a", NULL, "m: {}\n  # c\n  # d\n"},
    {"a: A # c\n", "a", NULL, "# c\n"},
    {"---\n# c\na: A\n", "a", NULL, "---\n# c\n{}\n"},
    {"m: {a: A, b: B, c: C}\n", "m/a", NULL, "m: {b: B, c: C}\n"},
    {"m: {a: A, b: B, c: C}\n", "m/b", NULL, "m: {a: A, c: C}\n"},
    {"m: {a: A, b: B, c: C}\n", "m/c", NULL, "m: {a: A, b: B}\n"},
    {"m: {a: A}\n", "m/a", NULL, "m: {}\n"},
    {"m: {\n  a: A, # x\n  b: B, # y\n  c: C\n}\n", "m/b", NULL,
	"m: {\n  a: A, # x\n  # y\n  c: C\n}\n"},
    {"m: {\n  a: A,\n  b: B,\n  c: C\n}\n", "m/b", NULL,
	"m: {\n  a: A,\n  c: C\n}\n"},
    {"m: {\n  a: A,\n  b: B\n}\n", "m/b", NULL, "m: {\n  a: A\n}\n"},
    /* nothing to take out */
    {"a: A # c", "b", NULL, "a: A # c"},
    {"a:\n", "a/b/c", NULL, "a:\n"},
};

TEST(yaml_edit_changes_one_entry)
{
	struct str out;

	str_init(&out, TEXT_ROOM);
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		struct err err = ERR_INIT;

		if (!edit(changes[i].before, changes[i].path, changes[i].value,
			&out, &err))
			str_add(&out, err.text);
		CHECK_TEXT(out.data, changes[i].after);
	}
	str_release(&out);
}

TEST(yaml_edit_refuses_what_it_cannot_do)
{
	static const char way_out[] = " cannot be changed by belay without "
				      "losing something: change it by hand";
	static const struct {
		const char *before, *path, *value, *should;
	} cases[] = {
	    {"m: hub.yaml\n", "m/a", "A",
		"c.yaml:1:4: m is not a map, so belay can put nothing into it: "
		"change it by hand"},
	    {"m: [a]\n", "m/a/b", "A", "c.yaml:1:4: m is not a map"},
	    {"[a]\n", "m", "A", "c.yaml:1:1: is not a map"},
	    {"? a\n: A\n", "b", "B", way_out},
	    {"? a\n? b\n", "a", "B", way_out},
	    {"a: A\na: B\n", "a", "C", "c.yaml:2:1: the key 'a' is here twice"},
	    {"a: \xff\n", "a", "C", "c.yaml: not UTF-8"},
	    {"a: A\n", "a", "", "no YAML value on one line"},
	    {"a: A\n", "a", " # c", "no YAML value on one line"},
	    {"a: A\n", "a", "x: y", "no YAML value on one line"},
	    {"a: A\n", "a", "- x", "no YAML value on one line"},
	    {"a: A\n", "a", "|", "no YAML value on one line"},
	    {"a: A\n", "a", "x\ny", "no YAML value on one line"},
	    {"a: A\n", "a", "x\nb: y", "no YAML value on one line"},
	    {"a: A\n", "a", "[x", "no YAML value on one line"},
	    {"a: A\n", "a", "*x", "no YAML value on one line"},
	    {"a: A\n", "a", "x\xff", "no YAML value on one line"},
	    {"a: A\n", "a", "x # c", "no YAML value on one line"},
	};
	struct str out;

	str_init(&out, TEXT_ROOM);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err err = ERR_INIT;

		str_add(&out, "old");
		CHECK(!edit(cases[i].before, cases[i].path, cases[i].value,
		    &out, &err));
		CHECK_INT(err.kind, ERR_DATA);
		CHECK_TEXT(out.data, "");
		if (!CHECK(strstr(err.text, cases[i].should)))
			printf("# %s\n", err.text);
	}
	str_release(&out);
}
