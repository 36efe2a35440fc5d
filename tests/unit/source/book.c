/* SPDX-License-Identifier: MIT */
#include "book.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/err.h"
#include "check.h"

const char *
book_file(const char *name, const char *text, size_t len)
{
	static char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", check_directory(), name);
	file = fopen(path, "wb");
	REQUIRE(file != NULL);
	REQUIRE(fwrite(text, 1, len, file) == len);
	REQUIRE(fclose(file) == 0);
	return path;
}

void
book_age(const char *path)
{
	struct timespec times[2] = {
	    {.tv_sec = 1000000000}, {.tv_sec = 1000000000}};

	REQUIRE(utimensat(AT_FDCWD, path, times, 0) == 0);
}

enum source_progress
book_finish(struct source *source, struct err *err)
{
	enum source_progress progress;

	do
		progress = source_load(source, 7, err);
	while (progress == SOURCE_MORE);
	return progress;
}

struct source *
book_load(const char *path)
{
	struct err err = ERR_INIT;
	struct source *source = source_open(path, &err);

	if (!source)
		printf("# %s\n", err.text);
	REQUIRE(source != NULL);
	if (book_finish(source, &err) != SOURCE_DONE) {
		printf("# %s\n", err.text);
		REQUIRE(false);
	}
	return source;
}

const char *
book_key(void *context, const struct records *records, uint32_t row)
{
	uint32_t column = records_find_column(records, "id");

	(void)context;
	if (column == RECORDS_NONE)
		column = records_find_column(records, "UID"); /* of a vCard */
	return column == RECORDS_NONE ? NULL
				      : records_cell(records, row, column);
}

enum source_progress
book_save(struct source *source, struct source_change *changes, size_t count,
    struct err *err)
{
	struct source_save *save = source_save_start(
	    source, changes, count, book_key, NULL, NULL, err);
	enum source_progress progress;

	if (!save)
		return SOURCE_FAILED;
	do
		progress = source_save_step(save, err);
	while (progress == SOURCE_MORE);
	source_save_end(save);
	return progress;
}

bool
book_has(const char *path, const char *text)
{
	char *is = check_read(path);
	bool same = CHECK_TEXT(is, text);

	free(is);
	return same;
}

bool
book_has_bytes(const char *path, const char *bytes, size_t len)
{
	char *is = malloc(len + 1);
	FILE *file = fopen(path, "rb");
	bool same;

	REQUIRE(is != NULL && file != NULL);
	same = fread(is, 1, len + 1, file) == len &&
	       memcmp(is, bytes, len) == 0;
	fclose(file);
	free(is);
	return same;
}

void
book_check_change(const char *name, const char *before,
    struct source_change change, enum source_outcome outcome, const char *after)
{
	const char *path = book_file(name, before, strlen(before));
	struct source *source = book_load(path);
	struct err err = ERR_INIT;

	if (book_save(source, &change, 1, &err) != SOURCE_DONE) {
		printf("# %s\n", err.text);
		CHECK(false);
	}
	CHECK_INT(change.outcome, outcome);
	CHECK(book_has(path, after));
	/* a second time nothing is left to do */
	if (outcome == SOURCE_APPLIED) {
		CHECK_INT(book_save(source, &change, 1, &err), SOURCE_DONE);
		CHECK_INT(change.outcome, SOURCE_ALREADY);
		CHECK(book_has(path, after));
	}
	source_free(source);
}
