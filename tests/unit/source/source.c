/* SPDX-License-Identifier: MIT */
#include "source/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/spawn.h"
#include "base/str.h"
#include "book.h"
#include "check.h"

static void
check_format(const char *name, const char *text, const char *format)
{
	struct err err = ERR_INIT;
	struct source *source = source_open(
	    book_file(name, text, strlen(text)), &err);

	if (!source) {
		CHECK_TEXT(err.text, format);
		return;
	}
	CHECK_TEXT(source_has_header(source) ? "CSV" : "YAML", format);
	source_free(source);
}

TEST(source_recognises_formats)
{
	check_format("a.csv", "a: 1\n", "CSV");
	check_format("a.TSV", "a\tb\n", "CSV");
	check_format("a.yaml", "a,b\n", "YAML");
	check_format("a.YML", "- a: 1\n", "YAML");
	check_format("contacts", "id,name\n1,2\n", "CSV");
	check_format("contacts", "id;name\n", "CSV");
	check_format("contacts", "- id: 1\n", "YAML");
	check_format("contacts", "# mine\n\ncontacts:\n- id: 1\n", "YAML");
	check_format("contacts", "---\n- id: 1\n", "YAML");
	check_format("contacts", "Note: a, b\n1,2\n", "CSV");
}

static void
check_refused(const char *name, const char *text, size_t len,
    enum err_kind kind, const char *should)
{
	struct err err = ERR_INIT;
	const char *path = book_file(name, text, len);
	struct source *source = source_open(path, &err);

	if (source) {
		CHECK_INT(book_finish(source, &err), SOURCE_FAILED);
		/* nothing may be saved into what was not read whole */
		CHECK_INT(book_save(source, NULL, 0, &(struct err){0}),
		    SOURCE_FAILED);
	}
	CHECK_INT(err.kind, kind);
	CHECK(str_starts(err.text, path));
	CHECK_TEXT(err.text + strlen(path), should);
	source_free(source);
}

TEST(source_refuses_what_it_cannot_read)
{
	check_refused("a.csv", "", 0, ERR_DATA,
	    ": the file is empty; export the contacts with a header line");
	check_refused("a.csv", "PK\3\4rest", 8, ERR_DATA,
	    ": this is an Excel workbook (XLSX) or a ZIP file; in Excel choose "
	    "Save As, 'CSV UTF-8', and open that; unpack a ZIP first");
	check_refused("a.csv", "\xFF\xFE\xD8\0,\0", 5, ERR_DATA,
	    ":1: the file ends inside the character at byte 5: its end is "
	    "missing; export it again");
	check_refused("a", "hello\n", 6, ERR_DATA,
	    ": neither CSV, JSON, YAML nor vCard by name or content; export "
	    "the contacts as CSV");
	check_refused("a.csv", "a,b\n1,2\n\"3", 10, ERR_DATA,
	    ":3: the quote at byte 9 is never closed; close it, or export the "
	    "file again");
	check_refused("a.csv", "a,b\n1,\0\n", 8, ERR_DATA,
	    ":2: there is a NUL at byte 7, which no text holds: the file is "
	    "damaged; export it again");
	check_refused("a.yaml", "- a: [1\n", 8, ERR_DATA,
	    ":2:1: no valid YAML: while parsing a flow sequence did not find "
	    "expected ',' or ']'");
}

TEST(source_opens_regular_files_only)
{
	struct err err = ERR_INIT;
	char path[300];

	CHECK(!source_open(check_directory(), &err));
	CHECK_INT(err.kind, ERR_NO_INPUT);
	snprintf(path, sizeof(path), "%s/fifo.csv", check_directory());
	CHECK_INT(mkfifo(path, 0600), 0);
	CHECK(!source_open(path, &err));
	CHECK_INT(err.kind, ERR_NO_INPUT);
	snprintf(path, sizeof(path), "%s/none.csv", check_directory());
	CHECK(!source_open(path, &err));
	CHECK_INT(err.kind, ERR_NO_INPUT);
	CHECK(!source_open("/dev/null", &err));
	CHECK_INT(err.kind, ERR_NO_INPUT);
}

TEST(source_reads_in_slices)
{
	struct err err = ERR_INIT;
	uint64_t read, total;
	struct source *source;
	unsigned slices = 1;
	struct str text;

	str_init(&text, 32 << 20);
	str_add(&text, "id,name\n");
	for (int i = 0; i < 200000; i++)
		str_addf(&text, "%d,somebody with a name\n", i);
	source = source_open(book_file("a.csv", text.data, text.len), &err);
	REQUIRE(source != NULL);
	CHECK_INT(source_load(source, 60, &err), SOURCE_MORE);
	CHECK_INT(records_count(source_records(source)), 60);
	source_bytes(source, &read, &total);
	CHECK(read <= 128 << 10);
	CHECK_INT(total, text.len);
	while (source_load(source, UINT32_MAX, &err) == SOURCE_MORE) {
		uint64_t before = read;

		source_bytes(source, &read, &total);
		CHECK(read - before <= (1 << 20) + (128 << 10));
		slices++;
	}
	CHECK(slices > 4);
	CHECK_INT(records_count(source_records(source)), 200000);
	CHECK_TEXT(records_cell(source_records(source), 199999, 0), "199999");
	CHECK_INT(source_load(source, 1, &err), SOURCE_DONE);
	source_free(source);
	str_release(&text);
}

/* What may happen to the file between two slices. */
static const struct {
	const char *what, *command;
	bool changed; /* else what was opened is read to its end */
} meanwhile[] = {
    {"nothing", ":", false},
    {"it shrinks", "truncate -s 500000 a.csv", true},
    {"it is emptied", ": >a.csv", true},
    {"it grows", "echo 9,Zoe >>a.csv", true},
    {"it grows far", "truncate -s 1G a.csv", true},
    {"it is written over", "printf 2 | dd of=a.csv conv=notrunc 2>&1", true},
    {"another takes its place", "echo id >b.csv && mv b.csv a.csv", false},
    {"it is removed", "rm a.csv", false},
    {"it may not be read any more", "chmod 0 a.csv", false},
};

static void
happen(const char *command)
{
	char words[1200];
	const char *const shell[] = {"/bin/sh", "-c", words, NULL};
	struct err err = ERR_INIT;
	struct str out;

	snprintf(
	    words, sizeof(words), "cd '%s' && %s", check_directory(), command);
	str_init(&out, 1000);
	REQUIRE(spawn_capture(shell, 10000, &out, &err));
	str_release(&out);
}

TEST(source_notices_a_change_while_it_reads)
{
	struct str text;

	str_init(&text, 4 << 20);
	str_add(&text, "id,name\n");
	for (int i = 0; i < 100000; i++)
		str_addf(&text, "%d,Ruth\n", i);
	for (size_t i = 0; i < sizeof(meanwhile) / sizeof(meanwhile[0]); i++) {
		struct err err = ERR_INIT;
		const char *path = book_file("a.csv", text.data, text.len);
		struct source *source;
		bool failed;

		book_age(path);
		source = source_open(path, &err);
		REQUIRE(source != NULL);
		CHECK_INT(source_load(source, 1, &err), SOURCE_MORE);
		happen(meanwhile[i].command);
		failed = book_finish(source, &err) == SOURCE_FAILED;
		check_integer(failed, meanwhile[i].changed, __FILE__, __LINE__,
		    meanwhile[i].what);
		if (failed)
			CHECK(
			    strstr(err.text,
				"the file changed while it was read") != NULL);
		else
			CHECK_INT(
			    records_count(source_records(source)), 100000);
		source_free(source);
		unlink(path);
	}
	str_release(&text);
}

static const char *
cell_again(struct source *source, uint32_t row, uint32_t column)
{
	const struct records *records;
	struct err err = ERR_INIT;

	if (!source_again(source, row, &records, &err)) {
		CHECK_TEXT(err.text, "");
		return NULL;
	}
	return records_cell(records, 0, column);
}

/* Rows are forgotten after each slice, then asked for in any order. */
static void
check_again(const char *name, const char *text)
{
	struct err err = ERR_INIT;
	struct source *source = source_open(
	    book_file(name, text, strlen(text)), &err);
	enum source_progress progress;

	REQUIRE(source != NULL);
	do {
		progress = source_load(source, 2, &err);
		source_forget(source);
	} while (progress == SOURCE_MORE);
	CHECK_INT(progress, SOURCE_DONE);
	CHECK_INT(records_count(source_records(source)), 5);
	CHECK_INT(records_column_count(source_records(source)), 3);
	CHECK_TEXT(records_column_name(source_records(source), 2), "c");
	CHECK_TEXT(cell_again(source, 0, 0), "a0");
	CHECK_TEXT(cell_again(source, 0, 0), "a0");
	CHECK_TEXT(cell_again(source, 4, 1), "b4");
	CHECK_TEXT(cell_again(source, 2, 0), "a2");
	CHECK_TEXT(cell_again(source, 3, 2), "c3");
	CHECK_TEXT(cell_again(source, 1, 1), "b1");
	source_free(source);
}

TEST(source_reads_rows_again)
{
	check_again("a.csv", "a,b,c\na0,b0,\na1,b1,\na2,b2,\na3,b3,c3\n"
			     "a4,b4,c4\n");
	/* a column that comes late is where it was */
	check_again("a.yaml", "- {a: a0, b: b0}\n- {a: a1, b: b1}\n"
			      "- {a: a2, b: b2}\n- {a: a3, b: b3, c: c3}\n"
			      "- {a: a4, b: b4, c: c4}\n");
}

TEST(source_notices_a_change_before_it_reads_again)
{
	static const char *const later[] = {
	    "a,b\n1,2\n3,4\n5,6\n", /* more */
	    "a,b\n1,2\n",           /* less */
	    "a,b\n1,\"",            /* cut off, which looks like a bad file */
	    "",
	};

	for (size_t i = 0; i < sizeof(later) / sizeof(later[0]); i++) {
		const char *path = book_file("c.csv", "a,b\n1,2\n3,4\n", 12);
		struct source *source = book_load(path);
		const struct records *records;
		struct err err = ERR_INIT;
		char should[600];

		check_write(path, later[i]);
		CHECK(!source_again(source, 1, &records, &err));
		snprintf(should, sizeof(should),
		    "%s: the file changed while it was read; open it again",
		    path);
		CHECK_TEXT(err.text, should);
		CHECK_INT(err.kind, ERR_IO);
		source_free(source);
	}
}

TEST(source_reads_standard_input)
{
	struct err err = ERR_INIT;
	struct source *source;
	int ends[2];

	REQUIRE(pipe(ends) == 0);
	CHECK_INT(write(ends[1], "id,b\n1,2\n", 9), 9);
	close(ends[1]);
	REQUIRE(dup2(ends[0], STDIN_FILENO) == STDIN_FILENO);
	source = source_open("-", &err);
	REQUIRE(source != NULL);
	CHECK_INT(book_finish(source, &err), SOURCE_DONE);
	CHECK_TEXT(records_cell(source_records(source), 0, 1), "2");
	CHECK(!source_writable(source, &err));
	CHECK_TEXT(err.text, "standard input cannot be written; name a file");
	CHECK(!source_changed_outside(source));
	source_free(source);
}

TEST(source_knows_when_it_cannot_be_written)
{
	struct err err = ERR_INIT;
	const char *path = book_file("a.csv", "id\n1\n", 5);
	struct source *source = book_load(path);
	char other[300];

	CHECK(source_writable(source, &err));
	snprintf(other, sizeof(other), "%s/b.csv", check_directory());
	CHECK_INT(link(path, other), 0);
	CHECK(!source_writable(source, &err));
	CHECK_INT(book_save(source, NULL, 0, &err), SOURCE_FAILED);
	CHECK_TEXT(source_real_path(source), path);
	source_free(source);
}
