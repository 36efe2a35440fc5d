/* SPDX-License-Identifier: MIT */
#include "source/yaml_tree.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/err.h"
#include "base/mem.h"
#include "check.h"

static struct yaml_node *
parse(const char *text, struct err *err)
{
	return yaml_tree_parse("c.yaml", text, strlen(text), err);
}

static const char *
get_text(const struct yaml_node *map, const char *key)
{
	const struct yaml_node *node = yaml_tree_get(map, key);

	return node && node->kind == YAML_SCALAR ? node->text : NULL;
}

TEST(yaml_tree_reads_block_and_flow)
{
	struct err err = ERR_INIT;
	struct yaml_node *root = parse("# a comment\n"
				       "service:\n"
				       "  version: v1\n"
				       "  timeout: 60s   # so long\n"
				       "mapping: {phone: [Mobile, \"Phone\"],\n"
				       "          zip: 'Post Code'}\n"
				       "empty:\n"
				       "tilde: ~\n"
				       "quoted: \"~\"\n"
				       "block: |\n"
				       "  two\n"
				       "  lines\n",
	    &err);
	const struct yaml_node *map, *list;

	REQUIRE(root != NULL);
	CHECK_INT(root->kind, YAML_MAP);
	CHECK_INT(root->count, 6);
	map = yaml_tree_get(root, "service");
	CHECK_TEXT(get_text(map, "version"), "v1");
	CHECK_TEXT(get_text(map, "timeout"), "60s");
	CHECK_INT(yaml_tree_get(map, "timeout")->line, 4);
	CHECK_INT(yaml_tree_get(map, "timeout")->column, 12);
	map = yaml_tree_get(root, "mapping");
	CHECK_TEXT(get_text(map, "zip"), "Post Code");
	CHECK(yaml_tree_get(map, "zip")->quoted);
	CHECK_INT(yaml_tree_get(map, "zip")->line, 6);
	list = yaml_tree_get(map, "phone");
	REQUIRE(list && list->kind == YAML_LIST && list->count == 2);
	CHECK_TEXT(list->items[1]->text, "Phone");
	CHECK(yaml_tree_is_null(yaml_tree_get(root, "empty")));
	CHECK(yaml_tree_is_null(yaml_tree_get(root, "tilde")));
	CHECK(!yaml_tree_is_null(yaml_tree_get(root, "quoted")));
	CHECK_TEXT(get_text(root, "block"), "two\nlines\n");
	CHECK(yaml_tree_get(root, "none") == NULL);
	CHECK(yaml_tree_get(NULL, "none") == NULL);
	yaml_tree_free(root);
	yaml_tree_free(NULL);
}

TEST(yaml_tree_counts_lines_as_editors_do)
{
	struct err err = ERR_INIT;
	struct yaml_node *root;

	/* a BOM, CRLF, a lone CR, NEL and LS inside a value, wide characters */
	root = parse("\xEF\xBB\xBF"
		     "a: 1\r\nb: 2\rc: \"x\xC2\x85y\xE2\x80\xA8z\"\n"
		     "\xE4\xB8\xAD\xE6\x96\x87: \xF0\x9F\x98\x80\xC3\xA9\n"
		     "d: [\xC3\xA9, e]\n",
	    &err);
	REQUIRE(root != NULL);
	CHECK_INT(yaml_tree_get(root, "a")->line, 1);
	CHECK_INT(yaml_tree_get(root, "a")->column, 4);
	CHECK_INT(yaml_tree_get(root, "b")->line, 2);
	CHECK_INT(yaml_tree_get(root, "c")->line, 3);
	CHECK_INT(yaml_tree_get(root, "\xE4\xB8\xAD\xE6\x96\x87")->line, 4);
	CHECK_INT(yaml_tree_get(root, "\xE4\xB8\xAD\xE6\x96\x87")->column, 5);
	CHECK_INT(yaml_tree_get(root, "d")->items[1]->line, 5);
	CHECK_INT(yaml_tree_get(root, "d")->items[1]->column, 8);
	yaml_tree_free(root);
}

TEST(yaml_tree_takes_empty_files)
{
	static const char *const texts[] = {
	    "", "\n\n", "# only a comment\n", "\xEF\xBB\xBF"};
	struct err err = ERR_INIT;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct yaml_node *root = parse(texts[i], &err);

		REQUIRE(root != NULL);
		CHECK(root->kind == YAML_MAP && root->count == 0);
		yaml_tree_free(root);
	}
}

TEST(yaml_tree_refuses_with_a_place)
{
	static const struct {
		const char *text, *should;
	} cases[] = {
	    {"a: 1\nb: &x 2\n", "c.yaml:2:4: anchors (&name) are not taken "
				"here; write the value out"},
	    {"a: &x 1\n", "c.yaml:1:4: anchors (&name) are not taken here; "
			  "write the value out"},
	    {"a: 1\nb: *x\n", "c.yaml:2:4: aliases (*name) are not taken here; "
			      "write the value out"},
	    {"a: !ruby/object 1\n",
		"c.yaml:1:4: tags (!name) are not taken here; leave it away"},
	    {"a: 1\nb: 2\na: 3\n", "c.yaml:3:1: the key 'a' is here twice, "
				   "first in line 1; remove one"},
	    {"x: {k: 1,\n 'k': 2}\n", "c.yaml:2:2: the key 'k' is here twice, "
				      "first in line 1; remove one"},
	    {"a: 1\n---\nb: 2\n",
		"c.yaml:2:1: a second document starts here; keep one a file"},
	    {"? [a]\n: 1\n", "c.yaml:1:3: a key must be text"},
	    {"a: \"x\\0y\"\n",
		"c.yaml:1:4: the text holds a NUL (\\0); remove it"},
	    {"a: 1\n b: 2\n", "c.yaml:2:3: no valid YAML: mapping values are "
			      "not allowed in this context"},
	    {"a: \xC3\xA9\nb: \xff\n",
		"c.yaml:2: the text is not UTF-8 from byte 10 on; save or "
		"export the file again as UTF-8 (in Excel: 'CSV UTF-8')"},
	    {"a: \x1b[2J\n", "c.yaml:1:1: control characters are not allowed "
			     "(character 0x1b, at byte 4 or near it)"},
	};
	struct err err = ERR_INIT;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CHECK(parse(cases[i].text, &err) == NULL);
		CHECK_TEXT(err.text, cases[i].should);
		CHECK_INT(err.kind, ERR_DATA);
	}
	CHECK(!yaml_tree_parse("c.yaml", "a: 1\nb\0: 2\n", 11, &err));
	CHECK_TEXT(err.text,
	    "c.yaml:2: there is a NUL at byte 7, which no text holds: the file "
	    "is damaged; export it again");
}

static double
seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

TEST(yaml_tree_bounds_nesting_bombs)
{
	static const char *const units[] = {
	    "[", "{a: ", "{a: [", "- ", "[[{a: "};
	enum { SIZE = 1000000 };
	char *text = mem_alloc(SIZE + 1);
	struct err err = ERR_INIT;

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		size_t len = strlen(units[i]);
		double before = seconds();

		for (size_t at = 0; at < SIZE; at++)
			text[at] = units[i][at % len];
		CHECK(!yaml_tree_parse("c.yaml", text, SIZE, &err));
		CHECK_TEXT(strstr(err.text, "lists and maps"),
		    "lists and maps are nested deeper than 32; write them "
		    "flatter");
		/* wide of the 50 ms, since the machine may be busy */
		CHECK(seconds() - before < 1.0);
	}
	free(text);
}

TEST(yaml_tree_takes_the_deepest_allowed)
{
	char text[200] = "";
	struct err err = ERR_INIT;
	struct yaml_node *root;

	memset(text, '[', 32);
	memset(text + 32, ']', 32);
	root = parse(text, &err);
	CHECK(root != NULL);
	yaml_tree_free(root);
	memset(text, '[', 33);
	memset(text + 33, ']', 33);
	CHECK(!parse(text, &err));
}

TEST(yaml_tree_limits_size_and_keys)
{
	enum { SIZE = (1 << 20) + 1 };
	char *text = mem_alloc(SIZE);
	struct err err = ERR_INIT;
	size_t len = 0;

	memset(text, ' ', SIZE);
	CHECK(!yaml_tree_parse("c.yaml", text, SIZE, &err));
	CHECK_TEXT(err.text, "c.yaml: larger than 1 MiB");
	for (unsigned i = 0; i < 1001; i++) {
		text[len++] = (char)('a' + i / 100 % 26);
		text[len++] = (char)('a' + i / 10 % 10);
		text[len++] = (char)('a' + i % 10);
		text[len++] = ':';
		text[len++] = '\n';
	}
	CHECK(!yaml_tree_parse("c.yaml", text, len, &err));
	CHECK_TEXT(err.text, "c.yaml:1001:1: more than 1000 keys in one map");
	free(text);
}
