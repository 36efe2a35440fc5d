/* SPDX-License-Identifier: MIT */
/*
 * Whatever the document: what is written reads back, nothing else changes,
 * and a second save writes nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "book.h"
#include "check.h"
#include "generate.h"
#include "read.h"
#include "source/encoding.h"
#include "source/records.h"

/* Each save of a file waits for the disk; tests/property has more of them. */
enum { DOCUMENTS = 400, MEMORY_DOCUMENTS = 20000 };

static bool
same(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "") == 0;
}

/* All cells are as before, but HS of `row`. */
static bool
same_but(const struct records *old, const struct records *new, uint32_t row,
    const char *value)
{
	uint32_t hs = records_find_column(new, "HS");

	if (hs == RECORDS_NONE || records_count(old) != records_count(new))
		return false;
	for (uint32_t r = 0; r < records_count(old); r++) {
		if (r == row && !same(records_cell(new, r, hs), value))
			return false;
		for (uint32_t i = 0; i < records_column_count(new); i++) {
			const char *name = records_column_name(new, i);
			uint32_t was = records_find_column(old, name);
			const char *text = NULL;

			if (r == row && i == hs)
				continue;
			if (was != RECORDS_NONE)
				text = records_cell(old, r, was);
			if (!same(records_cell(new, r, i), text))
				return false;
		}
	}
	return true;
}

static bool
give_up(uint32_t number, const char *before, const char *after,
    const struct err *err)
{
	printf("# document %u: %s\n%s\n# ----\n%s\n", number, err->text, before,
	    after ? after : "");
	return CHECK(false);
}

/* Puts `value` into HS of `row` and saves; the text then, or NULL. */
static char *
put(const char *path, uint32_t row, const char *value, struct err *err)
{
	struct source *source = book_load(path), *again;
	char id[16];
	struct source_change change = {row, 0, id, "HS", NULL, value, NULL};
	char *after = NULL;

	snprintf(id, sizeof(id), "r%u", row);
	if (book_save(source, &change, 1, err) == SOURCE_DONE &&
	    change.outcome == SOURCE_APPLIED) {
		after = check_read(path);
		again = book_load(path);
		if (!same_but(source_records(source), source_records(again),
			row, value))
			err_set(err, ERR_DATA, "reads back otherwise");
		source_free(again);
		if (book_save(source, &change, 1, err) != SOURCE_DONE ||
		    change.outcome != SOURCE_ALREADY)
			err_set(err, ERR_DATA, "not there the second time");
	}
	source_free(source);
	return after;
}

TEST(property_csv_save_changes_exactly_our_cells)
{
	struct chance c = {20261123};
	bool good = true;

	for (uint32_t i = 0; i < DOCUMENTS && good; i++) {
		struct err err = ERR_INIT;
		struct generated_csv csv;
		const char *path;
		char *after, *second;

		generate_csv(&c, &csv, "7c9e6679-7425");
		path = book_file("p.csv", csv.before.data, csv.before.len);
		after = put(path, csv.row, "7c9e6679-7425", &err);
		if (!after || err.kind != ERR_NONE ||
		    strcmp(after, csv.after.data) != 0)
			good = give_up(i, csv.before.data, after, &err);
		second = check_read(path);
		good = good && CHECK(strcmp(second, csv.after.data) == 0);
		free(second);
		free(after);
		str_release(&csv.before);
		str_release(&csv.after);
	}
}

/* The same in every encoding that can hold the document. */
TEST(property_csv_in_every_encoding)
{
	static const enum encoding encodings[] = {ENCODING_UTF16LE,
	    ENCODING_UTF16BE, ENCODING_UTF32LE, ENCODING_UTF32BE,
	    ENCODING_WINDOWS_1252};
	static const char *const marks[] = {
	    "\xFF\xFE", "\xFE\xFF", "\xFF\xFE\0\0", "\0\0\xFE\xFF", ""};
	static const size_t mark_lens[] = {2, 2, 4, 4, 0};
	struct chance c = {90210};
	unsigned seen[5] = {0};
	bool good = true;

	for (uint32_t i = 0; i < DOCUMENTS / 2 && good; i++) {
		unsigned kind = i % 5;
		struct err err = ERR_INIT;
		struct generated_csv csv;
		struct str before, after;
		const char *path;
		uint32_t missing;

		generate_csv(&c, &csv, "7c9e6679-7425");
		str_init(&before, 1 << 20);
		str_init(&after, 1 << 20);
		str_add_bytes(&before, marks[kind], mark_lens[kind]);
		str_add_bytes(&after, marks[kind], mark_lens[kind]);
		/* the document may have a mark of its own */
		if (encoding_holds(
			encodings[kind], csv.before.data, &missing) &&
		    !str_starts(csv.before.data, "\xEF\xBB\xBF")) {
			seen[kind]++;
			encoding_add(encodings[kind], &before, csv.before.data,
			    csv.before.len);
			encoding_add(encodings[kind], &after, csv.after.data,
			    csv.after.len);
			path = book_file("p.csv", before.data, before.len);
			free(put(path, csv.row, "7c9e6679-7425", &err));
			if (err.kind != ERR_NONE ||
			    !book_has_bytes(path, after.data, after.len))
				good = give_up(i, csv.before.data, NULL, &err);
		}
		str_release(&before);
		str_release(&after);
		str_release(&csv.before);
		str_release(&csv.after);
	}
	for (unsigned kind = 0; kind < 5; kind++)
		CHECK(seen[kind] > DOCUMENTS / 100);
}

/* One stretch of `after` is new, it holds the value, the rest is `before`. */
static bool
one_insertion(const char *before, const char *after, const char *value)
{
	size_t len = strlen(before), more = strlen(after) - len;
	size_t from = 0, back = 0;
	const char *at = strstr(after, value);

	if (strlen(after) <= len || !at)
		return false;
	while (from < len && before[from] == after[from])
		from++;
	while (back < len - from &&
	       before[len - 1 - back] == after[len + more - 1 - back])
		back++;
	return from + back == len && more < strlen(value) + 30;
}

TEST(property_yaml_save_inserts_one_pair)
{
	struct chance c = {4711};
	bool good = true;

	for (uint32_t i = 0; i < DOCUMENTS && good; i++) {
		struct err err = ERR_INIT;
		struct str before;
		uint32_t rows;
		const char *path;
		char *after, *second;

		str_init(&before, 1 << 20);
		rows = generate_yaml(&c, &before);
		path = book_file("p.yaml", before.data, before.len);
		after = put(path, chance(&c, rows), "7c9e6679-7425", &err);
		if (!after || err.kind != ERR_NONE ||
		    !one_insertion(before.data, after, "7c9e6679-7425"))
			good = give_up(i, before.data, after, &err);
		second = check_read(path);
		good = good && CHECK(after && strcmp(second, after) == 0);
		free(second);
		free(after);
		str_release(&before);
	}
}

/* Every value of every record is replaced by one of several hard ones. */
TEST(property_yaml_edits_read_back)
{
	static const char *const values[] = {"plain", "12", "a: b", " x ",
	    "two\nlines", "\"q\" 'r'", "caf\xC3\xA9", "# no", "[l", "", "~"};
	struct chance c = {99};

	for (uint32_t i = 0; i < DOCUMENTS / 2; i++) {
		struct err err = ERR_INIT;
		struct source *source, *again;
		const struct records *records;
		struct source_change change = {0};
		struct str text;
		enum source_progress progress;
		char id[16];

		str_init(&text, 1 << 20);
		generate_yaml(&c, &text);
		source = book_load(book_file("p.yaml", text.data, text.len));
		records = source_records(source);
		change.row = chance(&c, records_count(records));
		snprintf(id, sizeof(id), "r%u", change.row);
		change.key = id;
		change.column = records_column_name(
		    records, chance(&c, records_column_count(records)));
		change.before = records_cell(records, change.row,
		    records_find_column(records, change.column));
		change.after = values[chance(&c, 11)];
		progress = book_save(source, &change, 1, &err);
		again = book_load(source_path(source));
		if (progress != SOURCE_DONE ||
		    change.outcome == SOURCE_VANISHED ||
		    change.outcome == SOURCE_CONFLICT ||
		    (change.outcome != SOURCE_REFUSED &&
			!same(records_cell(source_records(again), change.row,
				  records_find_column(
				      source_records(again), change.column)),
			    change.after))) {
			printf("# %s := %s, outcome %d\n", change.column,
			    change.after, change.outcome);
			give_up(i, text.data, NULL, &err);
			i = DOCUMENTS;
		}
		source_free(again);
		source_free(source);
		str_release(&text);
	}
}

TEST(property_slices_of_every_size_give_the_same)
{
	struct chance c = {31337};

	for (uint32_t i = 0; i < MEMORY_DOCUMENTS; i++) {
		const struct source_format *format = i % 2 ? &csv_format
							   : &yaml_format;
		struct generated_csv csv;
		struct str text;
		char *whole, *sliced;

		str_init(&text, 1 << 20);
		if (i % 2) {
			generate_csv(&c, &csv, "x");
			str_add(&text, csv.before.data);
			str_release(&csv.before);
			str_release(&csv.after);
		} else {
			generate_yaml(&c, &text);
		}
		whole = read_text(format, text.data, text.len, 0);
		sliced = read_text(
		    format, text.data, text.len, 1 + chance(&c, 40));
		if (!CHECK(strcmp(whole, sliced) == 0)) {
			CHECK_TEXT(sliced, whole);
			i = MEMORY_DOCUMENTS;
		}
		free(whole);
		free(sliced);
		str_release(&text);
	}
}
