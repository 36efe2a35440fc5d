/* SPDX-License-Identifier: MIT */
/*
 * Runs the registered tests, each in a forked process, so that a crash, an
 * abort or a sanitizer's report is one "not ok" and the rest still runs.
 * An alarm ends a test that hangs.
 */
#include "check.h"

#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/crypto.h"

enum { TEST_SECONDS = 120 };

static struct check_test *tests;
static struct check_test **tail = &tests;
static unsigned failures;
static char directory[64];

void
check_register(struct check_test *test)
{
	*tail = test;
	tail = &test->next;
}

bool
check_that(bool good, const char *file, int line, const char *text)
{
	if (!good) {
		failures++;
		printf("# %s:%d: not so: %s\n", file, line, text);
	}
	return good;
}

bool
check_text(const char *is, const char *should, const char *file, int line,
    const char *text)
{
	if (is == should || (is && should && strcmp(is, should) == 0))
		return true;
	failures++;
	printf("# %s:%d: %s\n#   is     '%s'\n#   should '%s'\n", file, line,
	    text, is ? is : "(null)", should ? should : "(null)");
	return false;
}

bool
check_integer(
    int64_t is, int64_t should, const char *file, int line, const char *text)
{
	if (is == should)
		return true;
	failures++;
	printf("# %s:%d: %s is %lld, should be %lld\n", file, line, text,
	    (long long)is, (long long)should);
	return false;
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

static _Noreturn void
end_test(void)
{
	if (*directory)
		nftw(directory, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
	fflush(stdout);
	exit(failures ? 1 : 0);
}

void
check_abandon(void)
{
	end_test();
}

const char *
check_data(const char *name)
{
	static char path[PATH_MAX];
	const char *top = getenv("BELAY_TESTS");

	snprintf(path, sizeof(path), "%s/%s", top ? top : TESTS_DIR, name);
	return path;
}

const char *
check_directory(void)
{
	if (!*directory) {
		snprintf(
		    directory, sizeof(directory), "/tmp/belay-test-XXXXXX");
		REQUIRE(mkdtemp(directory) != NULL);
	}
	return directory;
}

char *
check_read(const char *path)
{
	FILE *file = fopen(path, "rb");
	char *text = NULL;
	size_t size = 0, got;

	REQUIRE(file != NULL);
	do {
		text = realloc(text, size + 65537);
		REQUIRE(text != NULL);
		got = fread(text + size, 1, 65536, file);
		size += got;
	} while (got > 0);
	text[size] = '\0';
	fclose(file);
	return text;
}

void
check_write(const char *path, const char *text)
{
	FILE *file = fopen(path, "wb");

	REQUIRE(file != NULL);
	REQUIRE(fputs(text, file) >= 0);
	REQUIRE(fclose(file) == 0);
}

static bool
wanted(const char *name, int argc, char **argv)
{
	if (argc < 2)
		return true;
	for (int i = 1; i < argc; i++)
		if (strstr(name, argv[i]))
			return true;
	return false;
}

static bool
run(const struct check_test *test)
{
	int status;
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child == 0) {
		alarm(TEST_SECONDS);
		test->run();
		end_test();
	}
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return false;
	if (WIFSIGNALED(status))
		printf("# ended by signal %d\n", WTERMSIG(status));
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

int
main(int argc, char **argv)
{
	unsigned number = 0, bad = 0;

	/* no editor of who runs the tests is opened by one */
	unsetenv("VISUAL");
	setenv("EDITOR", "true", 1);
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!crypto_init())
		return 99;
	for (const struct check_test *test = tests; test; test = test->next) {
		if (!wanted(test->name, argc, argv))
			continue;
		number++;
		if (run(test)) {
			printf("ok %u - %s\n", number, test->name);
		} else {
			printf("not ok %u - %s\n", number, test->name);
			bad++;
		}
	}
	printf("1..%u\n", number);
	return bad ? 1 : 0;
}
