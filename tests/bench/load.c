/* SPDX-License-Identifier: MIT */
/*
 * Reads one file and prints what that took; a fresh process for each.
 *
 *	load records FILE	the rows, raw
 *	load book FILE		and their index, as the desk has them
 *	load survey FILE	the index only, as `check` reads a big file
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "book/book.h"
#include "book/config.h"
#include "measure.h"
#include "source/records.h"
#include "source/source.h"

static int
fail(const struct err *err)
{
	fprintf(stderr, "load: %s\n", err->text);
	return 1;
}

static int
load_records(const char *path)
{
	struct err err = ERR_INIT;
	long before = measure_memory("RssAnon:");
	double start = measure_now();
	struct source *source = source_open(path, &err);
	enum source_progress progress;

	if (!source)
		return fail(&err);
	do
		progress = source_load(source, RECORDS_ROWS_MAX, &err);
	while (progress == SOURCE_MORE);
	if (progress == SOURCE_DONE)
		measure_print(
		    start, before, records_count(source_records(source)));
	source_free(source);
	return progress == SOURCE_DONE ? 0 : fail(&err);
}

static int
load_book(const char *path, bool survey)
{
	struct err err = ERR_INIT;
	struct config *config;
	struct book *book = NULL;
	struct str problems;
	long before = measure_memory("RssAnon:");
	double start;
	bool good;

	str_init(&problems, 4096);
	config = config_parse("none", "", 0, &problems, &err);
	str_release(&problems);
	start = measure_now();
	good = config && (book = book_open(config, path, &clock_system, &err));
	if (good)
		good = survey && !book_mints(book) ? book_survey(book, &err)
						   : book_load_all(book, &err);
	if (good)
		measure_print(start, before, book_count(book));
	book_free(book);
	config_free(config);
	return good ? 0 : fail(&err);
}

int
main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "records") == 0)
		return load_records(argv[2]);
	if (argc == 3 && strcmp(argv[1], "book") == 0)
		return load_book(argv[2], false);
	if (argc == 3 && strcmp(argv[1], "survey") == 0)
		return load_book(argv[2], true);
	fputs("usage: load records|book|survey FILE\n", stderr);
	return 2;
}
