/* SPDX-License-Identifier: MIT */
/*
 * The quick reader of YAML against libyaml: all documents of the tests, and
 * documents by chance that are made to mislead it.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../fuzz/flat_check.h"
#include "base/err.h"
#include "base/str.h"
#include "check.h"
#include "generate.h"
#include "source/input.h"
#include "source/records.h"
#include "source/yaml_records.h"

enum { DOCUMENTS = 10000, LINES_MAX = 14 };

static bool
check_same(const char *text, size_t len, size_t chunk, bool *good)
{
	const char *what = flat_check(text, len, chunk, good);

	if (!what)
		return true;
	printf("# %s; %zu bytes a read\n# ----\n%.*s\n# ----\n", what, chunk,
	    (int)len, text);
	return CHECK(false);
}

/* In one piece and in small ones. */
static bool
check_pieces(const char *text, size_t len, bool *good)
{
	static const size_t chunks[] = {0, 1, 7, 64};

	for (size_t i = 0; i < sizeof(chunks) / sizeof(chunks[0]); i++)
		if (!check_same(text, len, chunks[i], good))
			return false;
	return true;
}

TEST(yaml_flat_reads_what_misleads)
{
	static const char *const texts[] = {
	    /* flat, and nearly so */
	    "- a: 1\n  b: 'x'\n  c: \"y\"\n- a: \n  b: ~\n  c: null\n",
	    "- a: 1 # note\n\n  # more\n  b: x#y  \n- a: -5\n  b: --\n",
	    "- a: it's\n  b: a \"b\" c\n  c: [\n",
	    "- a: 'it''s'\n- a: \"q\\\"\"\n- a: \"x\" y\n",
	    "- a:\n    b: 1\n- a: 2\n",
	    "- a:\n  - b\n- a: 2\n",
	    "- a:\n  # note\n    b: 1\n- c: 2\n",
	    "- a: one\n    two\n  b: 1\n- a: 2\n",
	    "- a: one\n\n\n   # two\n  b: 1\n- a: 2\n",
	    "- a: \"one\n- a: two\"\n- a: 3\n",
	    "- a: 'one\n- a: two\n- b: three'\n- a: 3\n",
	    "- a: [1,\n- 2]\n- a: 3\n",
	    "- a: {b: 1\n- a: 3\n",
	    "- a: |\n    - b: 1\n    c\n\n- a: 2\n",
	    "- a: |+\n\n\n- a: 2\n",
	    "- a: |1\n   x\n- a: >2-\n     x\n# y\n- a: 2\n",
	    "- a: 1\n- text\n- [x, y]\n-\n- {a: 2}\n-  \n- a: 3\n",
	    "- - a: 1\n- a: 2\n",
	    "-\n  a: 1\n  b: 2\n-   a: 3\n    b: 4\n",
	    "- a: 1\n   b: 2\n",
	    "- a: 1\n b: 2\n",
	    "- a: 1\nb: 2\n",
	    "- a: 1\n  a: 2\n",
	    "- a: 1\n- b: 2\n  b: 3\n",
	    "- a: b: c\n",
	    "- a: b:\n",
	    "- a:b\n",
	    "- a:b: c\n",
	    "- a : 1\n",
	    "- ? a\n  : 1\n",
	    "- a: 1\n  ? b\n  : 1\n",
	    "- \"a\": 1\n  'b': 2\n- a: 3\n",
	    "- a: &x 1\n- a: *x\n",
	    "- a: !!str 1\n- !x a: 1\n",
	    "- <<: {a: 1}\n",
	    "- a: 1\n...\n",
	    "- a: 1\n---\n- a: 2\n",
	    "%TAG !! tag:example.com,2000:\n---\n- a: 1\n- a: !!str x\n",
	    "%YAML 1.1\n---\n- a: 1\n- a: 2\n",
	    "--- # x\n- a: 1\n",
	    "--- - a: 1\n",
	    "x: 1\nc:\n- a: 1\n- a: 2\nd: [1]\n",
	    "x: 1\nc:\n  - a: 1\n  - a: 2\nd:\n  - b: 1\n",
	    "c:\n  - a: 1\n  -\n  - a: 2\n",
	    "c:\n- a: 1\n-\nd: 1\n",
	    "  c:\n  - a: 1\n  - x\n  - a: 2\n",
	    "c:\n  - a: 1\n - a: 2\n",
	    "c:\n  - a: 1\n   - a: 2\n",
	    "- a: 1\r\n  b: 2\r\n\r\n- a: 3\r\n",
	    "- a: 1\r- a: 2\r",
	    "- a: 1\n# x\r- a: 2\n- a: 3\n",
	    "- a: 1\r  b: 2\n- a: 2\n",
	    "- a: 1\n# x\xC2\x85- a: 2\n",
	    "- a: x\xE2\x80\xA8  b: 2\n- a: 3\n",
	    "- a: x\xE2\x80\xA9- a: 2\n",
	    "- a: x\xEF\xBB\xBFy\n- a: 1\n",
	    "\xEF\xBB\xBF- a: 1\n  b: 2\n- a: 3\n",
	    "- a: x\x7Fy\n- a: 1\n",
	    "- a: x\x01y\n- a: 1\n",
	    "- a: x\xC2\x80y\n",
	    "- a: x\xEF\xBF\xBFy\n",
	    "- a: x\xF0\x9F\x98\x80y\xE4\xB8\xAD\n",
	    "- a:\t1\n- a: x\ty\n-\ta: 1\n",
	    "- a: x\t\n  b: 1 \t# n\n",
	    "- a: 1\n\t\n- a: 2\n",
	    "- a: 1\n \t# x\n- a: 2\n",
	    "- a: '\n",
	    "- a: @x\n",
	    "- a: %x\n- a: `x\n",
	    "- a: 1\n%x: 1\n",
	    "- a.b: 1\n"
	    "- a:\n    b: 2\n- a.b: 1\n  a: {b: 3}\n",
	    "- a: 1\n- a: 2",
	    "- a: 1\n  b:",
	    "- a: 1\n  b: \"x\"",
	    "- a: 1\n -",
	    "- a: 1\n-",
	    "- a: 1\n  b",
	    "- a: 1\n  # x",
	    "- a: 1\n   ",
	    "- a:  \n\n   # x\n- a: :x\n- a: ?x\n- a: -\n- a: - x\n",
	    "- a: =\n- a: <\n- ~: 1\n- null: 2\n- 1: 3\n- a b  c: 4\n",
	    "- a#b: 1\n- a #b: 1\n",
	    "- #a: 1\n",
	    "- \n- a: 1\n",
	    "- a: 1\n- a: \"x\"#y\n",
	    "- a: 'x'#y\n- a: 'x' #y\n",
	    "- a: 1\n- a: \"x\"y\n",
	    "[{a: 1}, {a: 2}]",
	    "c: [{a: 1}]\nd: 2\n",
	    "- a: 1\n- b:\n    - c: |\n        - x\n    - d\n- a: 2\n",
	    "? c\n:\n  - a: 1\n  - a: 2\n",
	    "? c\n: - a: 1\n  - a: 2\n",
	    "- a: |\n      b\n\n        ",
	    "- a: 1\n# x\r...\n- a: 2\n",
	    "- a: 1\r\n- a: x\n- b: 1",
	    "- a: 1\n- {b: {c: \n- d}}\n- a: 2\n",
	    "!!seq\n- a: 1\n- a: 2\n",
	    "- !!map\n  a: 1\n- a: 2\n",
	    "- a: 1\n-   b: 1\n    c: 2\n - d\n- e: 1\n",
	    "x:\n  y: 1\nc:\n- a: 1\n-\n  a: 2\n",
	    "- a: 1\n- {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a:"
	    " {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: 1"
	    "}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}\n",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		check_pieces(texts[i], strlen(texts[i]), NULL);
}

/* A file of all shapes, with the quick reader starting and stopping. */
TEST(yaml_flat_reads_long_files)
{
	struct str text;
	bool good = false;

	str_init(&text, 32 << 20);
	for (unsigned i = 0; i < 3000; i++) {
		str_addf(&text, "- id: %u\n  name: \"N. %u\"\n", i, i);
		if (i % 7 == 0)
			str_add(&text, "  tags: [a, b]\n");
		if (i % 11 == 0)
			str_add(&text, "  note: |\n    two\n    lines\n");
		if (i % 13 == 0)
			str_addf(&text, "  new%u: x\n", i / 100);
		if (i == 1000)
			for (unsigned k = 0; k < 20000; k++)
				str_add(&text, "# a long stretch of notes\n");
	}
	check_same(text.data, text.len, 0, &good);
	CHECK(good);
	str_add(&text, "- id: \"open\n");
	check_same(text.data, text.len, 0, &good);
	CHECK(!good);
	str_release(&text);
}

/* ---- proving an edit ---------------------------------------------------- */

/* What `text` in place of bytes [2, 2 + cut) of the second line is proved.
 */
static enum splice_proof
prove(const char *document, size_t cut, const char *text, const char *value)
{
	struct splice_cell cell = {.column = "b", .text = value};
	struct splice_job job = {.cells = &cell, .cell_count = 1};
	struct records *records = records_new();
	uint64_t at = (uint64_t)(strchr(document, '\n') - document) + 3;
	struct input input;
	struct splice splice;
	struct err err = ERR_INIT;
	void *reader;
	enum splice_proof proof;

	input_init_memory(&input, document, strlen(document), 0);
	reader = yaml_format.start(&input, records, "f");
	CHECK(yaml_format.next(reader, &err) == SOURCE_UNIT_RECORD);
	splice_init(&splice);
	splice_add(&splice, at, at + cut, text, strlen(text));
	proof = yaml_format.prove(reader, &job, &splice);
	splice_release(&splice);
	yaml_format.end(reader);
	input_release(&input);
	records_free(records);
	return proof;
}

TEST(yaml_flat_proves_what_holds_and_nothing_else)
{
	static const char flat[] = "- a: 1\n  b: 2\n- a: 3\n";
	static const char odd[] = "- a: 1\n  b: 2\n  c: [x]\n- a: 3\n";
	static const char *const texts[] = {flat, odd};
	static const struct {
		size_t cut;
		const char *text, *value;
		enum splice_proof proof;
	} cases[] = {
	    {4, "b: new", "new", SPLICE_RIGHT},
	    {4, "b: 'new'  # n", "new", SPLICE_RIGHT},
	    {4, "b: |-\n    new", "new", SPLICE_RIGHT},
	    {4, "b: new", "other", SPLICE_WRONG},
	    {0, "", "2", SPLICE_RIGHT},
	    {4, "c: new", "new", SPLICE_WRONG},
	    {4, "b: \"new", "new", SPLICE_WRONG},
	    {4, "b: new\n  a: 2", "new", SPLICE_WRONG},
	    {4, "b: new\n- a: 2", "new", SPLICE_WRONG},
	    {4, "b: new\n...", "new", SPLICE_WRONG},
	    {4, "b: new\nc: 2", "new", SPLICE_WRONG},
	    {4, "b: [new", "new", SPLICE_WRONG},
	    {5, "b: new", "new", SPLICE_WRONG},
	    {4, "b: new\n  d: 1", "new", SPLICE_WRONG},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (size_t k = 0; k < 2; k++)
			if (!CHECK(prove(texts[k], cases[i].cut, cases[i].text,
				       cases[i].value) == cases[i].proof))
				printf("# %s in %s\n", cases[i].text, texts[k]);
	/* a file that libyaml reads whole */
	CHECK(prove("[{a: 1,\n  b: 2}, {a: 3}]\n", 4, "b: new", "new") ==
	      SPLICE_UNKNOWN);
}

static void
check_file(const char *directory, const char *name)
{
	static char text[1 << 20];
	char path[4096];
	size_t len;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	file = fopen(path, "rb");
	if (!CHECK(file != NULL))
		return;
	len = fread(text, 1, sizeof(text), file);
	fclose(file);
	if (!check_pieces(text, len, NULL))
		printf("# in %s\n", path);
}

TEST(yaml_flat_reads_the_files_of_the_tests)
{
	static const char *const directories[] = {"fuzz/corpus/yaml",
	    "fuzz/corpus/config", "fuzz/corpus/csv", "data"};
	const char *tests = getenv("BELAY_TESTS");
	unsigned count = 0;

	for (size_t i = 0; i < sizeof(directories) / sizeof(directories[0]);
	     i++) {
		char path[2048];
		DIR *directory;
		struct dirent *entry;

		snprintf(path, sizeof(path), "%s/%s", tests ? tests : TESTS_DIR,
		    directories[i]);
		directory = opendir(path);
		if (!CHECK(directory != NULL))
			continue;
		while ((entry = readdir(directory)))
			if (entry->d_name[0] != '.' &&
			    entry->d_type != DT_DIR) {
				check_file(path, entry->d_name);
				count++;
			}
		closedir(directory);
	}
	CHECK(count > 20);
}

/* ---- by chance ---------------------------------------------------------- */

static const char *const nasty[] = {"\"", "'", ":", ": ", " #", "#", "- ", "-",
    "\n", "\n- ", "\n  ", "\r\n", "\r", "\t", " ", "  ", "[", "]", "{", "}",
    ",", "&a ", "*a", "!!str ", "!t ", "|", ">", "|+\n", "? ", "---\n", "...\n",
    "%Y", "@", "`", "~", "null", "<<: ", "\xC2\x85", "\xE2\x80\xA8",
    "\xE2\x80\xA9", "\xEF\xBB\xBF", "\xC3\xA9", "\xF0\x9F\x98\x80", "\\", "\\n",
    "a: ", "b: 1", "\x7F", "\x02"};

enum { NASTY = sizeof(nasty) / sizeof(nasty[0]) };

/* A document that is right, then spoilt in a few places. */
static void
spoil(struct chance *c, struct str *text, struct str *out)
{
	uint32_t times = chance(c, 4);

	generate_yaml(c, text);
	while (times-- > 0) {
		size_t at = chance(c, (uint32_t)text->len + 1), cut;

		cut = chance(c, 3) ? 0 : chance(c, 4);
		if (cut > text->len - at)
			cut = text->len - at;
		/* whole characters */
		while (at > 0 && ((unsigned char)text->data[at] & 0xC0) == 0x80)
			at--;
		while (at + cut < text->len &&
		       ((unsigned char)text->data[at + cut] & 0xC0) == 0x80)
			cut++;
		str_reset(out);
		str_add_bytes(out, text->data, at);
		str_add(out, nasty[chance(c, NASTY)]);
		str_add_bytes(out, text->data + at + cut, text->len - at - cut);
		str_reset(text);
		str_add_bytes(text, out->data, out->len);
	}
}

/* Lines of a list, each of which may be odd. */
static void
stack_lines(struct chance *c, struct str *text)
{
	static const char *const values[] = {"x", "\"y z\"", "'w'", "", "~",
	    "a#b", "x # n", "-1", "12:30", "http://x/y", "\"#\" # n", "x y  ",
	    "\"\"", "''", "null", "\xC3\xA9", "it's", "? x", "a, b", "x]"};
	uint32_t lines = 1 + chance(c, LINES_MAX), list = chance(c, 5) ? 0 : 2;
	const char *end = chance(c, 3) ? "\n" : "\r\n";

	if (chance(c, 5) == 0)
		str_add(text, "\xEF\xBB\xBF");
	if (list || chance(c, 6) == 0)
		str_addf(text, "v: 1%scontacts:%s", end, end);
	for (uint32_t i = 0; i < lines; i++) {
		uint32_t kind = i == 0 ? 0 : chance(c, 12);
		uint32_t indent = list + (kind < 4 ? 0 : 2);

		if (chance(c, 25) == 0)
			indent = chance(c, 6);
		while (indent-- > 0)
			str_add_char(text, ' ');
		if (kind < 4)
			str_add(text, "- ");
		if (kind == 11)
			str_add(text, chance(c, 2) ? "# note" : "");
		else
			str_addf(text, "%c%s%s", 'a' + (int)chance(c, 9),
			    chance(c, 30) ? ": " : ":", values[chance(c, 20)]);
		if (chance(c, 15) == 0)
			str_add(text, nasty[chance(c, NASTY)]);
		if (chance(c, 40))
			str_add(text, end);
	}
}

static uint32_t
check_chances(uint64_t seed, uint32_t documents, bool stacked)
{
	struct chance c = {seed};
	struct str text, spare;
	uint32_t right = 0;
	bool good = false;

	str_init(&text, 1 << 20);
	str_init(&spare, 1 << 20);
	for (uint32_t i = 0; i < documents; i++) {
		str_reset(&text);
		if (stacked)
			stack_lines(&c, &text);
		else
			spoil(&c, &text, &spare);
		if (!check_same(text.data, text.len,
			chance(&c, 2) ? 0 : 1 + chance(&c, 40), &good))
			break;
		right += good;
	}
	str_release(&spare);
	str_release(&text);
	return right;
}

TEST(yaml_flat_reads_spoilt_documents)
{
	CHECK(check_chances(20261124, DOCUMENTS, false) > DOCUMENTS / 4);
}

TEST(yaml_flat_reads_stacks_of_lines)
{
	CHECK(check_chances(815, DOCUMENTS, true) > DOCUMENTS / 4);
}
