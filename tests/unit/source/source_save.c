/* SPDX-License-Identifier: MIT */
#include "source/source.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/str.h"
#include "base/worker.h"
#include "book.h"
#include "check.h"
#include "source/records.h"
#include "source/source_save.h"

static void
put_csv(const char *before, uint32_t row, const char *after)
{
	book_check_change("a.csv", before,
	    (struct source_change){row, 0, "k", "HS", NULL, "x-1", NULL},
	    SOURCE_APPLIED, after);
}

TEST(save_adds_a_column_in_the_files_dialect)
{
	put_csv("id,b\n1,2\n3,4\n", 1, "id,b,HS\n1,2,\n3,4,x-1\n");
	put_csv("id;b\r\n1;2\r\n", 0, "id;b;HS\r\n1;2;x-1\r\n");
	put_csv("id\tb\r1\t2\r", 0, "id\tb\tHS\r1\t2\tx-1\r");
	put_csv("\"id\",\"b\"\n\"1\",\"2\"\n\"3\",\"\"\n", 0,
	    "\"id\",\"b\",\"HS\"\n\"1\",\"2\",\"x-1\"\n\"3\",\"\",\"\"\n");
	put_csv("\xEF\xBB\xBFid,b\n1,\"a, b\"\n", 0,
	    "\xEF\xBB\xBFid,b,HS\n1,\"a, b\",x-1\n");
	put_csv("id,b\n1,2", 0, "id,b,HS\n1,2,x-1");
	put_csv("id,b\n1,\"two\nlines\"\n\n,\n", 0,
	    "id,b,HS\n1,\"two\nlines\",x-1\n\n,\n");
}

TEST(save_adds_a_column_to_ragged_rows)
{
	put_csv("id,b,c\n1\n2\n", 0, "id,b,c,HS\n1,,,x-1\n2\n");
	put_csv("id,b,c\n1,2\n", 0, "id,b,c,HS\n1,2,,x-1\n");
	/* what is too much must not turn into our value, nor be lost */
	put_csv("id,b\n1,2,3\n4,5,6\n", 0, "id,b,HS\n1,2,x-1,3\n4,5,,6\n");
	put_csv("id,b\n1,2,\n3,4,,\n", 0, "id,b,HS\n1,2,x-1\n3,4,,\n");
	put_csv("id,b\n1,2,,\n3,4\n", 0, "id,b,HS\n1,2,x-1,\n3,4,\n");
	put_csv("id,b,\n1,2,\n3,4,5\n", 1, "id,b,,HS\n1,2,,\n3,4,5,x-1\n");
}

TEST(save_fills_a_column_that_is_there)
{
	put_csv("id,HS,b\n1,,2\n3,,4\n", 1, "id,HS,b\n1,,2\n3,x-1,4\n");
	put_csv("id,hs ,b\n1,,2\n", 0, "id,hs ,b\n1,x-1,2\n");
	put_csv(
	    "\"id\",\"HS\"\n\"1\",\"\"\n", 0, "\"id\",\"HS\"\n\"1\",\"x-1\"\n");
	put_csv("id,b,HS\n1\n", 0, "id,b,HS\n1,,x-1\n");
}

static void
edit_csv(const char *before, const char *column, const char *was,
    const char *text, const char *after)
{
	book_check_change("a.csv", before,
	    (struct source_change){0, 0, NULL, column, was, text, NULL},
	    SOURCE_APPLIED, after);
}

TEST(save_edits_cells_of_csv)
{
	edit_csv("id,b\n1,2\n", "b", "2", "3", "id,b\n1,3\n");
	edit_csv("id,b\n1,\"2\"\n", "b", "2", "3", "id,b\n1,\"3\"\n");
	edit_csv("id,b\n1,2\n", "b", "2", "a,b", "id,b\n1,\"a,b\"\n");
	/* another program's delimiter */
	edit_csv("id;b\n1;2\n", "b", "2", "a,b", "id;b\n1;\"a,b\"\n");
	edit_csv("id,b\n1,2\n", "b", "2", "say \"hi\"",
	    "id,b\n1,\"say \"\"hi\"\"\"\n");
	edit_csv(
	    "id,b\n1,2\n", "b", "2", "two\nlines", "id,b\n1,\"two\nlines\"\n");
	edit_csv("id,b\n1,\"two\nlines\"\n4,5\n", "b", "two\nlines", " x",
	    "id,b\n1,\" x\"\n4,5\n");
	edit_csv("id,b\n1,2\n", "b", "2", "", "id,b\n1,\"\"\n");
	edit_csv("b\n2\n", "b", "2", "", "b\n\"\"\n");
	edit_csv("id,b,c\n1\n", "b", NULL, "2", "id,b,c\n1,2\n");
	edit_csv("a,a,b\n1,2,3\n", "a #2", "2", "x", "a,a,b\n1,x,3\n");
}

TEST(save_keeps_what_others_wrote)
{
	struct source_change change = {0, 0, "1", "b", "2", "new", NULL};

	book_check_change(
	    "a.csv", "id,b\n1,7\n", change, SOURCE_CONFLICT, "id,b\n1,7\n");
	book_check_change(
	    "a.csv", "id,b\n1,new\n", change, SOURCE_ALREADY, "id,b\n1,new\n");
	change = (struct source_change){0, 0, "1", "HS", NULL, "mine", NULL};
	book_check_change("a.csv", "id,HS\n1,theirs\n", change, SOURCE_CONFLICT,
	    "id,HS\n1,theirs\n");
	book_check_change("a.yaml", "- id: 1\n  HS: theirs\n", change,
	    SOURCE_CONFLICT, "- id: 1\n  HS: theirs\n");
	book_check_change("a.yaml", "- id: 1\n  HS: [x]\n", change,
	    SOURCE_CONFLICT, "- id: 1\n  HS: [x]\n");
	change.before = "[\"x\"]";
	book_check_change("a.yaml", "- id: 1\n  HS: [x]\n", change,
	    SOURCE_REFUSED, "- id: 1\n  HS: [x]\n");
	change = (struct source_change){1, 0, "1", "HS", NULL, "mine", NULL};
	book_check_change("a.yaml", "- id: 1\n- text\n", change, SOURCE_REFUSED,
	    "- id: 1\n- text\n");
	change.row = 5;
	book_check_change(
	    "a.csv", "id,b\n1,7\n", change, SOURCE_VANISHED, "id,b\n1,7\n");
}

static void
put_yaml(const char *before, uint32_t row, const char *after)
{
	book_check_change("a.yaml", before,
	    (struct source_change){row, 0, "k", "hs", NULL, "x-1", NULL},
	    SOURCE_APPLIED, after);
}

TEST(save_adds_a_key_to_block_maps)
{
	put_yaml("- id: 1\n  b: 2\n- id: 3\n", 0,
	    "- id: 1\n  b: 2\n  hs: x-1\n- id: 3\n");
	put_yaml("- id: 1\n- id: 3 # end\n# bye\n", 1,
	    "- id: 1\n- id: 3 # end\n  hs: x-1\n# bye\n");
	put_yaml("-   id: 1\r\n    b: 2\r\n\r\n-   id: 3\r\n", 0,
	    "-   id: 1\r\n    b: 2\r\n    hs: x-1\r\n\r\n-   id: 3\r\n");
	put_yaml("- id: 1", 0, "- id: 1\n  hs: x-1");
	put_yaml("contacts:\n  # first\n  -\n    id: 1\nend: 1\n", 0,
	    "contacts:\n  # first\n  -\n    id: 1\n    hs: x-1\nend: 1\n");
	put_yaml("- id: 1\n  b:\n", 0, "- id: 1\n  b:\n  hs: x-1\n");
	put_yaml("- id: 1\n  b: # nothing\n- id: 2\n", 0,
	    "- id: 1\n  b: # nothing\n  hs: x-1\n- id: 2\n");
	put_yaml("- id: 1\n  b: {c: [1,\n   2]} # x\n", 0,
	    "- id: 1\n  b: {c: [1,\n   2]} # x\n  hs: x-1\n");
	put_yaml("- id: 1\n  b:\n    c:\n    - 1\n    - 2\n- id: 2\n", 0,
	    "- id: 1\n  b:\n    c:\n    - 1\n    - 2\n  hs: x-1\n- id: 2\n");
	put_yaml("- id: 1\n  b: plain\n    goes on\n- id: 2\n", 0,
	    "- id: 1\n  b: plain\n    goes on\n  hs: x-1\n- id: 2\n");
	put_yaml("- \"id\": \"1\"\n  \"b\": \"2\"\n", 0,
	    "- \"id\": \"1\"\n  \"b\": \"2\"\n  \"hs\": \"x-1\"\n");
	put_yaml("- 'id': '1'\n", 0, "- 'id': '1'\n  'hs': 'x-1'\n");
	put_yaml("- ? id\n  : 1\n", 0, "- ? id\n  : 1\n  hs: x-1\n");
	put_yaml("\xEF\xBB\xBF- id: \xC3\xA9\xE4\xB8\xAD # \xC3\xA9\n- id: 2\n",
	    0,
	    "\xEF\xBB\xBF- id: \xC3\xA9\xE4\xB8\xAD # \xC3\xA9\n  hs: x-1\n"
	    "- id: 2\n");
}

TEST(save_adds_a_key_where_libyaml_sees_the_others)
{
	/* NEL, LS and PS end lines for it, a tab counts as one */
	put_yaml("\xEF\xBB\xBF- \xC2\x85  id: 1\n- id: 2\n", 0,
	    "\xEF\xBB\xBF- \xC2\x85  id: 1\n  hs: x-1\n- id: 2\n");
	put_yaml("- id: 1 # x\xE2\x80\xA8  b: 2\n- id: 2\n", 0,
	    "- id: 1 # x\xE2\x80\xA8  b: 2\n  hs: x-1\n- id: 2\n");
}

TEST(save_adds_a_key_behind_block_scalars)
{
	put_yaml("- id: 1\n  n: |\n    two\n    lines\n\n- id: 2\n", 0,
	    "- id: 1\n  n: |\n    two\n    lines\n  hs: x-1\n\n- id: 2\n");
	put_yaml("- id: 1\n  n: >-\n    two\n- id: 2\n", 0,
	    "- id: 1\n  n: >-\n    two\n  hs: x-1\n- id: 2\n");
	put_yaml("- id: 1\n  n: |+\n    two\n\n- id: 2\n", 0,
	    "- id: 1\n  hs: x-1\n  n: |+\n    two\n\n- id: 2\n");
	put_yaml("- id: 1\n  n: |\n    two", 0,
	    "- id: 1\n  hs: x-1\n  n: |\n    two");
	put_yaml("- n: |+\n    two\n\n", 0, "- hs: x-1\n  n: |+\n    two\n\n");
	put_yaml("- id: 1\n  n: |\n- id: 2\n", 0,
	    "- id: 1\n  n: |\n  hs: x-1\n- id: 2\n");
}

TEST(save_adds_a_key_to_flow_maps)
{
	put_yaml("[{id: 1}, {id: 2}]\n", 0, "[{id: 1, hs: x-1}, {id: 2}]\n");
	put_yaml("- {}\n", 0, "- {hs: x-1}\n");
	put_yaml("- {id: 1, b: }\n", 0, "- {id: 1, hs: x-1, b: }\n");
	put_yaml("- {id: 1, b}\n", 0, "- {id: 1, hs: x-1, b}\n");
	put_yaml("- {id: 1, b: [x], }\n", 0, "- {id: 1, b: [x], hs: x-1, }\n");
	put_yaml("[{\"id\":\"1\",\"b\":\"2\"}]", 0,
	    "[{\"id\":\"1\",\"b\":\"2\", \"hs\": \"x-1\"}]");
	put_yaml("- {\n    id: 1, # one\n    b: 2 # two\n  }\n", 0,
	    "- {\n    id: 1, # one\n    b: 2,\n    hs: x-1 # two\n  }\n");
}

TEST(save_quotes_what_would_not_stay_text)
{
	static const char *const cases[][2] = {
	    {"3f2b8c1d-0000-4000-8000-00000000000a",
		"3f2b8c1d-0000-4000-8000-00000000000a"},
	    {"1e500000-0000-4000-8000-000000000000",
		"\"1e500000-0000-4000-8000-000000000000\""},
	    {"12345", "\"12345\""},
	    {"0x1F", "\"0x1F\""},
	    {"2026-11-23T16:55:38Z", "\"2026-11-23T16:55:38Z\""},
	    {"yes", "\"yes\""},
	    {"NULL", "\"NULL\""},
	    {"~", "\"~\""},
	    {"https://example.com/quote?id=1",
		"https://example.com/quote?id=1"},
	    {"a: b", "\"a: b\""},
	    {"a #b", "\"a #b\""},
	    {"- a", "\"- a\""},
	    {"ends:", "\"ends:\""},
	    {"two\nlines\t\"x\" \\", "\"two\\nlines\\t\\\"x\\\" \\\\\""},
	    {"\xC3\xA9t\xC3\xA9", "\xC3\xA9t\xC3\xA9"},
	    {"\xC2\x85\xE2\x80\xA8\xEF\xBB\xBF\x1B",
		"\"\\x85\\u2028\\uFEFF\\x1B\""},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char after[256];

		snprintf(
		    after, sizeof(after), "- id: a\n  hs: %s\n", cases[i][1]);
		book_check_change("a.yaml", "- id: a\n",
		    (struct source_change){
			0, 0, NULL, "hs", NULL, cases[i][0], NULL},
		    SOURCE_APPLIED, after);
	}
}

static void
edit_yaml(
    const char *before, const char *was, const char *text, const char *after)
{
	book_check_change("a.yaml", before,
	    (struct source_change){0, 0, NULL, "b", was, text, NULL},
	    SOURCE_APPLIED, after);
}

TEST(save_edits_scalars_of_yaml)
{
	edit_yaml("- b: old # x\n", "old", "new", "- b: new # x\n");
	edit_yaml("- b: 'old'\n", "old", "it's", "- b: 'it''s'\n");
	edit_yaml("- b: 'old'\n", "old", "a\nb", "- b: \"a\\nb\"\n");
	edit_yaml("- b: \"old\"\n", "old", "new", "- b: \"new\"\n");
	edit_yaml("- b: 04101\n", "04101", "04102", "- b: 04102\n");
	edit_yaml("- b: abc\n", "abc", "04102", "- b: \"04102\"\n");
	edit_yaml(
	    "- b: one\n    two\n  c: 1\n", "one two", "x", "- b: x\n  c: 1\n");
	edit_yaml("- b: \"one\n    two\"\n  c: 1\n", "one two", "x",
	    "- b: \"x\"\n  c: 1\n");
	edit_yaml("- b: |\n    one\n    two\n\n  c: 1\n", "one\ntwo\n", "x",
	    "- b: x\n\n  c: 1\n");
	edit_yaml("- b: >+ # folded\n    one\n\n", "one\n\n", "a\nb",
	    "- b: \"a\\nb\"\n\n");
	edit_yaml("- b:\n  c: 1\n", NULL, "x", "- b: x\n  c: 1\n");
	edit_yaml("- b: # none\n", NULL, "x", "- b: x # none\n");
	edit_yaml("- b: ~\n", NULL, "x", "- b: x\n");
	edit_yaml("- {b: , c: 1}\n", NULL, "x", "- {b: x, c: 1}\n");
	edit_yaml("- {b, c: 1}\n", NULL, "x", "- {b: x, c: 1}\n");
	edit_yaml("- {b: old, c: 1}\n", "old", "a,b", "- {b: \"a,b\", c: 1}\n");
	edit_yaml("- b: old\n", "old", "", "- b: \"\"\n");
	edit_yaml("- b: !!str 012\n", "012", "x", "- b: x\n");
	book_check_change("a.yaml", "- a: {b: 1, c: 2}\n",
	    (struct source_change){0, 0, NULL, "a.c", "2", "3", NULL},
	    SOURCE_APPLIED, "- a: {b: 1, c: 3}\n");
}

TEST(save_puts_many_cells_into_one_row)
{
	static const char before[] = "id,b\n1,2\n3,4\n";
	struct source_change changes[] = {
	    {1, 0, NULL, "url", NULL, "u", NULL},
	    {1, 0, NULL, "HS", NULL, "h", NULL},
	    {0, 0, NULL, "b", "2", "x", NULL},
	    {1, 0, NULL, "b", "4", "y", NULL},
	    {1, 0, NULL, "b", "4", "z", NULL},
	};
	const char *path = book_file("a.csv", before, strlen(before));
	struct source *source = book_load(path);
	struct err err = ERR_INIT;

	CHECK_INT(book_save(source, changes, 5, &err), SOURCE_DONE);
	CHECK(book_has(path, "id,b,url,HS\n1,x,,\n3,y,u,h\n"));
	CHECK_INT(changes[4].outcome, SOURCE_REFUSED);
	source_free(source);

	path = book_file("a.yaml", "- {}\n- id: 1\n  b:\n", 18);
	source = book_load(path);
	changes[3].before = NULL;
	changes[2].row = 1;
	changes[2].column = "c";
	changes[2].before = NULL;
	changes[0].row = changes[1].row = 0;
	CHECK_INT(book_save(source, changes, 4, &err), SOURCE_DONE);
	CHECK(
	    book_has(path, "- {url: u, HS: h}\n- id: 1\n  b: \"y\"\n  c: x\n"));
	source_free(source);
}

/* ---- the file changes between load and save ----------------------------- */

static void
meanwhile(const char *name, const char *loaded, const char *now,
    enum source_outcome outcome, const char *after)
{
	struct source_change change = {1, 0, "b", "HS", NULL, "x-1", NULL};
	const char *path = book_file(name, loaded, strlen(loaded));
	struct source *source = book_load(path);
	struct err err = ERR_INIT;

	book_file(name, now, strlen(now));
	CHECK(source_changed_outside(source));
	if (book_save(source, &change, 1, &err) != SOURCE_DONE)
		CHECK_TEXT(err.text, "");
	CHECK_INT(change.outcome, outcome);
	CHECK(book_has(path, after));
	if (outcome == SOURCE_APPLIED) {
		CHECK(!source_changed_outside(source));
		/* the numbers no longer fit, the key still does */
		CHECK_INT(book_save(source, &change, 1, &err), SOURCE_DONE);
		CHECK_INT(change.outcome, SOURCE_ALREADY);
	}
	source_free(source);
}

TEST(save_merges_with_edits_from_outside)
{
	static const char loaded[] = "id,n\na,1\nb,2\nc,3\n";

	/* moved, changed elsewhere, a column more, gone, replaced, twice */
	meanwhile("a.csv", loaded, "id,n\nb,2\na,1\n", SOURCE_APPLIED,
	    "id,n,HS\nb,2,x-1\na,1,\n");
	meanwhile("a.csv", loaded, "id,n\na,9\nnew,5\nb,8\n", SOURCE_APPLIED,
	    "id,n,HS\na,9,\nnew,5,\nb,8,x-1\n");
	meanwhile("a.csv", loaded, "HS;id;n\n;a;1\n;b;2\n", SOURCE_APPLIED,
	    "HS;id;n\n;a;1\nx-1;b;2\n");
	meanwhile("a.csv", loaded, "id,n\na,1\nc,3\n", SOURCE_VANISHED,
	    "id,n\na,1\nc,3\n");
	meanwhile("a.csv", loaded, "id,HS\nb,theirs\n", SOURCE_CONFLICT,
	    "id,HS\nb,theirs\n");
	meanwhile("a.csv", loaded, "id,n\nb,1\nb,2\n", SOURCE_REFUSED,
	    "id,n\nb,1\nb,2\n");
	meanwhile("a.yaml", "- id: a\n- id: b\n",
	    "# sorted\n- n: 1\n  id: b\n\n- {id: a}\n", SOURCE_APPLIED,
	    "# sorted\n- n: 1\n  id: b\n  HS: x-1\n\n- {id: a}\n");
	meanwhile("a.yaml", "- id: a\n- id: b\n", "- id: a\n", SOURCE_VANISHED,
	    "- id: a\n");
}

TEST(save_leaves_a_file_that_broke_meanwhile)
{
	static const char loaded[] = "- id: a\n- id: b\n";
	struct source_change change = {1, 0, "b", "HS", NULL, "x-1", NULL};
	const char *path = book_file("a.yaml", loaded, strlen(loaded));
	struct source *source = book_load(path);
	struct err err = ERR_INIT;

	book_file("a.yaml", "- id: a\n- id: [b\n", 17);
	CHECK_INT(book_save(source, &change, 1, &err), SOURCE_FAILED);
	CHECK(str_starts(err.text, "not saved: as it is now: "));
	CHECK(book_has(path, "- id: a\n- id: [b\n"));
	CHECK_INT(unlink(path), 0);
	CHECK_INT(book_save(source, &change, 1, &err), SOURCE_FAILED);
	source_free(source);
}

/* The thread of the commit replaces the file at a moment of its own: an edit is
 * only known to be before or after that once it is idle. */
static void
let_thread_end(struct source_save *save)
{
	if (save->phase == COMMITTING && save->worker)
		CHECK(worker_idle(save->worker, -1));
}

/* Edits the file when `steps` steps of the save were done; whether it had not
 * ended by then. */
static bool
interfere(const char *loaded, unsigned steps)
{
	static const char theirs[] = "id,n\na,1\nb,theirs\n";
	static const char ours[] = "id,n,HS\na,1,\nb,2,x-1\nc,3,\n";
	struct source_change change = {1, 0, "b", "HS", NULL, "x-1", NULL};
	const char *path = book_file("a.csv", loaded, strlen(loaded));
	struct source *source = book_load(path);
	struct err err = ERR_INIT;
	struct source_save *save;
	enum source_progress progress = SOURCE_MORE;
	bool replaced, edited;
	char *is;

	save = source_save_start(
	    source, &change, 1, book_key, NULL, NULL, &err);
	REQUIRE(save != NULL);
	while (steps-- > 0 && progress == SOURCE_MORE)
		progress = source_save_step(save, &err);
	edited = progress == SOURCE_MORE;
	let_thread_end(save);
	is = check_read(path);
	replaced = strcmp(is, ours) == 0;
	CHECK_TEXT(is, replaced ? ours : loaded);
	free(is);
	if (edited)
		book_file("a.csv", theirs, strlen(theirs));
	while (progress == SOURCE_MORE)
		progress = source_save_step(save, &err);
	source_save_end(save);
	/* who came later stands, whole, and the save says what it did */
	CHECK_INT(progress, replaced ? SOURCE_DONE : SOURCE_FAILED);
	CHECK(book_has(path, edited ? theirs : ours));
	/* and is not taken for ours by the next one */
	if (edited && replaced)
		CHECK(source_changed_outside(source));
	source_free(source);
	return edited;
}

TEST(save_never_overwrites_an_edit_between_its_steps)
{
	unsigned steps = 0;

	while (interfere("id,n\na,1\nb,2\nc,3\n", steps))
		steps++;
	CHECK(steps >= 5);
}

static unsigned
files_in(const char *directory)
{
	DIR *entries = opendir(directory);
	const struct dirent *entry;
	unsigned count = 0;

	REQUIRE(entries != NULL);
	while ((entry = readdir(entries)))
		count += entry->d_name[0] != '.' ||
			 (entry->d_name[1] && entry->d_name[1] != '.');
	closedir(entries);
	return count;
}

TEST(save_given_up_at_any_step_leaves_the_old_file)
{
	static const char loaded[] = "id,n\na,1\nb,2\n";

	for (unsigned steps = 0; steps < 4; steps++) {
		struct source_change change = {
		    1, 0, "b", "HS", NULL, "x-1", NULL};
		const char *path = book_file("a.csv", loaded, strlen(loaded));
		struct source *source = book_load(path);
		struct err err = ERR_INIT;
		struct source_save *save = source_save_start(
		    source, &change, 1, book_key, NULL, NULL, &err);
		enum source_progress progress = SOURCE_MORE;

		REQUIRE(save != NULL);
		for (unsigned i = 0; i < steps && progress == SOURCE_MORE; i++)
			progress = source_save_step(save, &err);
		source_save_end(save);
		CHECK(book_has(path, progress == SOURCE_DONE
					 ? "id,n,HS\na,1,\nb,2,x-1\n"
					 : loaded));
		CHECK_INT(files_in(check_directory()), 1);
		source_free(source);
	}
}

/* In a process that ends itself after so many steps. */
static void
save_and_die(const char *path, unsigned steps)
{
	struct source_change change = {1, 0, "b", "HS", NULL, "x-1", NULL};
	struct source *source = book_load(path);
	struct err err = ERR_INIT;
	struct source_save *save = source_save_start(
	    source, &change, 1, book_key, NULL, NULL, &err);
	enum source_progress progress = SOURCE_MORE;

	while (save && steps-- > 0 && progress == SOURCE_MORE)
		progress = source_save_step(save, &err);
	raise(SIGKILL);
}

TEST(save_killed_after_any_step_leaves_old_or_new)
{
	static const char *const texts[][3] = {
	    {"a.csv", "id,n\na,1\nb,2\n", "id,n,HS\na,1,\nb,2,x-1\n"},
	    {"a.yaml", "- id: a\n- id: b\n", "- id: a\n- id: b\n  HS: x-1\n"},
	};
	bool was_new = false;

	for (unsigned i = 0; i < 12; i++) {
		const char *const *text = texts[i % 2];
		const char *path = book_file(text[0], text[1], strlen(text[1]));
		pid_t child;
		char *is;

		fflush(stdout);
		child = fork();
		if (child == 0)
			save_and_die(path, i / 2);
		REQUIRE(waitpid(child, NULL, 0) == child);
		is = check_read(path);
		was_new = was_new || strcmp(is, text[2]) == 0;
		CHECK(strcmp(is, text[1]) == 0 || strcmp(is, text[2]) == 0);
		free(is);
	}
	CHECK(was_new);
}

TEST(save_trusts_times_only_when_they_are_old)
{
	static const char loaded[] = "id,n\na,1\nb,2\n";
	struct source_change change = {1, 0, NULL, "HS", NULL, "x-1", NULL};
	const char *path = book_file("a.csv", loaded, strlen(loaded));
	struct source *source;
	struct err err = ERR_INIT;

	book_age(path);
	source = book_load(path);
	CHECK(!source_changed_outside(source));
	/* touched, the same bytes: the row is found by its number */
	book_file("a.csv", loaded, strlen(loaded));
	CHECK_INT(book_save(source, &change, 1, &err), SOURCE_DONE);
	CHECK_INT(change.outcome, SOURCE_APPLIED);
	CHECK(book_has(path, "id,n,HS\na,1,\nb,2,x-1\n"));
	/* other bytes: without a key there is no row */
	book_file("a.csv", "id,n\nb,2\na,1\n", 13);
	CHECK_INT(book_save(source, &change, 1, &err), SOURCE_DONE);
	CHECK_INT(change.outcome, SOURCE_VANISHED);
	source_free(source);
}

TEST(save_keeps_links_and_backups)
{
	char link_path[300], backup[300];
	struct source_change change = {0, 0, "1", "HS", NULL, "x", NULL};
	const char *path = book_file("real.csv", "id\n1\n", 5);
	struct err err = ERR_INIT;
	struct source_save *save;
	struct source *source;
	struct stat info;

	snprintf(link_path, sizeof(link_path), "%s/l.csv", check_directory());
	snprintf(backup, sizeof(backup), "%s/old", check_directory());
	CHECK_INT(symlink("real.csv", link_path), 0);
	source = book_load(link_path);
	save = source_save_start(
	    source, &change, 1, book_key, NULL, backup, &err);
	REQUIRE(save != NULL);
	while (source_save_step(save, &err) == SOURCE_MORE)
		continue;
	source_save_end(save);
	CHECK_INT(change.outcome, SOURCE_APPLIED);
	CHECK(book_has(path, "id,HS\n1,x\n"));
	CHECK(lstat(link_path, &info) == 0 && S_ISLNK(info.st_mode));
	CHECK_INT(files_in(backup), 1);
	source_free(source);
}
