/* SPDX-License-Identifier: MIT */
/*
 * What one contact has no room for must not keep the others from being saved.
 * The result of a save is read again as a whole, so whatever goes beyond a
 * ceiling of reading must be refused change by change before.
 */
#include <stdio.h>

#include "base/err.h"
#include "base/str.h"
#include "book.h"
#include "check.h"

enum { TEXT_MAX = 4 << 20, MIB = 1 << 20, COUNT = 2 };

static void
add_numbered(struct str *text, const char *before, unsigned from, unsigned to,
    const char *after)
{
	for (unsigned i = from; i < to; i++)
		str_addf(text, "%s%u%s", before, i, after);
}

static void
add_repeated(struct str *text, char c, size_t times)
{
	for (size_t i = 0; i < times; i++)
		str_add_char(text, c);
}

/*
 * Changes the first record's `b` from 1 to 2, and gives one of the two an
 * `HS`, for which there is no room. Releases the text.
 */
static void
check_refused(
    const char *name, struct str *text, uint32_t full, const char *why)
{
	struct source_change changes[COUNT] = {
	    {full, 0, NULL, "HS", NULL, "x-1", NULL},
	    {0, 0, NULL, "b", "1", "2", NULL},
	};
	const char *path = book_file(name, text->data, text->len);
	struct source *source = book_load(path);
	enum source_progress progress = SOURCE_MORE;
	struct err err = ERR_INIT;
	struct source_save *save;

	save = source_save_start(
	    source, changes, COUNT, book_key, NULL, NULL, &err);
	REQUIRE(save != NULL);
	while (progress == SOURCE_MORE)
		progress = source_save_step(save, &err);
	if (progress != SOURCE_DONE)
		printf("# %s\n", err.text);
	CHECK_INT(progress, SOURCE_DONE);
	CHECK_INT(changes[0].outcome, SOURCE_REFUSED);
	CHECK_TEXT(changes[0].why ? changes[0].why : "", why);
	CHECK_INT(changes[1].outcome, SOURCE_APPLIED);
	source_save_end(save);
	source_free(source);
	source = book_load(path);
	CHECK_TEXT(records_cell(source_records(source), 0,
		       records_find_column(source_records(source), "b")),
	    "2");
	source_free(source);
	str_release(text);
}

static const char many_columns[] =
    "the file has 1024 columns, and belay takes no more; remove those you do "
    "not need";
static const char too_long[] =
    "the contact would be longer than belay reads, 1 MiB";
static const char many_keys[] = "the map has too many keys already";

TEST(save_refuses_a_column_too_many)
{
	struct str text;

	str_init(&text, TEXT_MAX);
	str_add(&text, "id,b");
	add_numbered(&text, ",c", 2, 1024, "");
	str_add(&text, "\n7,1");
	add_repeated(&text, ',', 1022);
	str_add(&text, "\n8,1");
	add_repeated(&text, ',', 1022);
	str_add(&text, "\n");
	check_refused("a.csv", &text, 1, many_columns);

	str_init(&text, TEXT_MAX);
	str_add(&text, "[{\"id\":7,\"b\":1");
	add_numbered(&text, ",\"k", 2, 600, "\":0");
	str_add(&text, "},{\"id\":8");
	add_numbered(&text, ",\"k", 600, 1024, "\":0");
	str_add(&text, "}]\n");
	check_refused("a.json", &text, 1, many_columns);

	str_init(&text, TEXT_MAX);
	str_add(&text, "- id: 7\n  b: 1\n");
	add_numbered(&text, "  k", 2, 600, ": 0\n");
	str_add(&text, "- id: 8\n");
	add_numbered(&text, "  k", 600, 1024, ": 0\n");
	check_refused("a.yaml", &text, 1, many_columns);
}

TEST(save_refuses_a_key_too_many)
{
	struct str text;

	str_init(&text, TEXT_MAX);
	str_add(&text, "[{\"id\":7,\"b\":1},{\"id\":8");
	add_numbered(&text, ",\"k", 1, 1000, "\":0");
	str_add(&text, "}]\n");
	check_refused("a.json", &text, 1, many_keys);

	str_init(&text, TEXT_MAX);
	str_add(&text, "- id: 7\n  b: 1\n- id: 8\n");
	add_numbered(&text, "  k", 1, 1000, ": 0\n");
	check_refused("a.yaml", &text, 1, many_keys);
}

TEST(save_refuses_what_makes_a_contact_too_long)
{
	struct str text;
	size_t at;

	str_init(&text, TEXT_MAX);
	str_add(&text, "id,b,HS\n7,1,\n");
	at = text.len;
	str_add(&text, "8,");
	add_repeated(&text, 'x', MIB - 4);
	str_add(&text, ",\n");
	CHECK_INT(text.len - at, MIB);
	check_refused("a.csv", &text, 1, too_long);

	str_init(&text, TEXT_MAX);
	str_add(&text, "[{\"id\":7,\"b\":1},");
	at = text.len;
	str_add(&text, "{\"id\":8,\"n\":\"");
	add_repeated(&text, 'x', MIB - 15);
	str_add(&text, "\"}");
	CHECK_INT(text.len - at, MIB);
	str_add(&text, "]\n");
	check_refused("a.json", &text, 1, too_long);
}

TEST(save_leaves_the_longest_row_without_the_new_column)
{
	struct source_change change = {0, 0, NULL, "HS", NULL, "x-1", NULL};
	struct source *source;
	struct err err = ERR_INIT;
	struct str text;
	const char *path;

	str_init(&text, TEXT_MAX);
	str_add(&text, "id,b\n7,1\n8,");
	add_repeated(&text, 'x', MIB - 3);
	str_add(&text, "\n");
	path = book_file("a.csv", text.data, text.len);
	source = book_load(path);
	CHECK_INT(book_save(source, &change, 1, &err), SOURCE_DONE);
	CHECK_INT(change.outcome, SOURCE_APPLIED);
	source_free(source);
	str_reset(&text);
	str_add(&text, "id,b,HS\n7,1,x-1\n8,");
	add_repeated(&text, 'x', MIB - 3);
	str_add(&text, "\n");
	CHECK(book_has_bytes(path, text.data, text.len));
	str_release(&text);
}

/* Keys are other ones when they differ in case, whichever comes first. */
TEST(save_tells_keys_apart_by_case)
{
	struct source_change change = {0, 0, "1", "b", NULL, "x", NULL};

	book_check_change("a.json",
	    "[{\"id\":1},{\"id\":2,\"B\":\"u\"},{\"id\":3,\"b\":\"v\"}]",
	    change, SOURCE_APPLIED,
	    "[{\"id\":1,\"b\":\"x\"},{\"id\":2,\"B\":\"u\"},"
	    "{\"id\":3,\"b\":\"v\"}]");
	book_check_change("a.jsonl",
	    "{\"id\":1,\"B\":\"u\"}\n{\"id\":3,\"b\":\"v\"}\n", change,
	    SOURCE_APPLIED,
	    "{\"id\":1,\"B\":\"u\",\"b\":\"x\"}\n{\"id\":3,\"b\":\"v\"}\n");
	book_check_change("a.yaml",
	    "- id: 1\n- id: 2\n  B: u\n- id: 3\n  b: v\n", change,
	    SOURCE_APPLIED,
	    "- id: 1\n  b: x\n- id: 2\n  B: u\n- id: 3\n  b: v\n");
	/* named in one case only: that is meant, also where it is yet to come
	 */
	book_check_change("a.json", "[{\"id\":1},{\"id\":2,\"B\":\"u\"}]",
	    change, SOURCE_APPLIED,
	    "[{\"id\":1,\"B\":\"x\"},{\"id\":2,\"B\":\"u\"}]");
}
