/* SPDX-License-Identifier: MIT */
/*
 * The harness of the unit tests for a fuzz target that uses their fixtures: a
 * check that fails is an abort, and there is one directory for the whole
 * process, removed at its end.
 */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

static char directory[64];

void
check_abandon(void)
{
	abort();
}

bool
check_that(bool good, const char *file, int line, const char *text)
{
	if (good)
		return true;
	fflush(stdout);
	fprintf(stderr, "%s:%d: not so: %s\n", file, line, text);
	check_abandon();
}

bool
check_text(const char *is, const char *should, const char *file, int line,
    const char *text)
{
	return check_that(
	    is == should || (is && should && strcmp(is, should) == 0), file,
	    line, text);
}

bool
check_integer(
    int64_t is, int64_t should, const char *file, int line, const char *text)
{
	return check_that(is == should, file, line, text);
}

const char *
check_data(const char *name)
{
	static char path[512];
	const char *top = getenv("BELAY_TESTS");

	snprintf(path, sizeof(path), "%s/%s", top ? top : TESTS_DIR, name);
	return path;
}

static int
remove_entry(
    const char *path, const struct stat *info, int kind, struct FTW *where)
{
	(void)info;
	(void)kind;
	(void)where;
	return remove(path);
}

static void
remove_directory(void)
{
	nftw(directory, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

const char *
check_directory(void)
{
	if (!*directory) {
		snprintf(
		    directory, sizeof(directory), "/tmp/belay-test-XXXXXX");
		check_that(mkdtemp(directory) != NULL, __FILE__, __LINE__,
		    "a directory for the tests");
		atexit(remove_directory);
	}
	return directory;
}

char *
check_read(const char *path)
{
	FILE *file = fopen(path, "rb");
	char *text = NULL;
	size_t size = 0, room = 0;

	check_that(file != NULL, __FILE__, __LINE__, path);
	if (getdelim(&text, &room, EOF, file) > 0)
		size = strlen(text);
	fclose(file);
	text = realloc(text, size + 1);
	check_that(text != NULL, __FILE__, __LINE__, "memory");
	text[size] = '\0';
	return text;
}

void
check_write(const char *path, const char *text)
{
	FILE *file = fopen(path, "wb");

	check_that(file != NULL, __FILE__, __LINE__, path);
	check_that(fputs(text, file) >= 0, __FILE__, __LINE__, path);
	check_that(fclose(file) == 0, __FILE__, __LINE__, path);
}
