/* SPDX-License-Identifier: MIT */
/*
 * The test harness: each TEST() runs in a process of its own and prints one
 * TAP line. CHECK goes on after a failure, REQUIRE ends the test.
 * `test_x word...` runs only the tests whose name contains one of the words.
 */
#ifndef TESTS_CHECK_H
#define TESTS_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct check_test {
	const char *name;
	void (*run)(void);
	struct check_test *next;
};

void check_register(struct check_test *test);
bool check_that(bool good, const char *file, int line, const char *text);
bool check_text(const char *is, const char *should, const char *file, int line,
    const char *text);
bool check_integer(
    int64_t is, int64_t should, const char *file, int line, const char *text);
_Noreturn void check_abandon(void);

/* The path of a file below tests/ in the source tree; static buffer. */
const char *check_data(const char *name);
/* A private directory for this test, removed at its end; same each call. */
const char *check_directory(void);
/* The text of a file; the caller frees. Ends the test when unreadable. */
char *check_read(const char *path);
void check_write(const char *path, const char *text);

#define TEST(test_name)                                                     \
	static void test_##test_name(void);                                 \
	__attribute__((constructor)) static void register_##test_name(void) \
	{                                                                   \
		static struct check_test test = {                           \
		    #test_name, test_##test_name, NULL};                    \
		check_register(&test);                                      \
	}                                                                   \
	static void test_##test_name(void)

#define CHECK(condition) check_that((condition), __FILE__, __LINE__, #condition)
#define CHECK_TEXT(is, should) \
	check_text((is), (should), __FILE__, __LINE__, #is)
#define CHECK_INT(is, should) \
	check_integer((int64_t)(is), (int64_t)(should), __FILE__, __LINE__, #is)
#define REQUIRE(condition)               \
	do {                             \
		if (!CHECK(condition))   \
			check_abandon(); \
	} while (0)

#endif
