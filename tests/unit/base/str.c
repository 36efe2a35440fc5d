/* SPDX-License-Identifier: MIT */
#include "base/str.h"

#include <stdlib.h>
#include <string.h>

#include "check.h"

TEST(str_grows_and_formats)
{
	struct str str;

	str_init(&str, 100000);
	CHECK_TEXT(str.data, "");
	for (int i = 0; i < 1000; i++)
		str_addf(&str, "%d,", i % 10);
	CHECK_INT(str.len, 2000);
	CHECK(!str.cut);
	CHECK(str_starts(str.data, "0,1,2,"));
	str_reset(&str);
	CHECK_TEXT(str.data, "");
	str_add(&str, "a");
	str_add_char(&str, 'b');
	str_add_bytes(&str, "c\0d", 3);
	str_addf(&str, "%s", "");
	CHECK_INT(str.len, 5);
	CHECK(memcmp(str.data, "abc\0d", 6) == 0);
	str_release(&str);
	CHECK_TEXT(str.data, "");
	str_release(&str);
}

TEST(str_is_cut_at_its_limit)
{
	struct str str;

	for (size_t limit = 0; limit < 200; limit++) {
		str_init(&str, limit);
		for (int i = 0; i < 30; i++)
			str_addf(&str, "%s", "1234567");
		CHECK(str.len == limit && strlen(str.data) == limit);
		CHECK(str.cut);
		str_add_char(&str, 'x');
		str_add(&str, "x");
		CHECK_INT(str.len, limit);
		str_reset(&str);
		CHECK(!str.cut && str.len == 0);
		for (size_t i = 0; i < limit; i++)
			str_add_char(&str, 'y');
		CHECK(!str.cut && str.len == limit);
		str_release(&str);
	}
}

TEST(str_take_hands_over)
{
	struct str str;
	char *first, *second;

	str_init(&str, 10);
	str_add(&str, "mine");
	first = str_take(&str);
	second = str_take(&str);
	CHECK_TEXT(first, "mine");
	CHECK_TEXT(second, "");
	str_add(&str, "0123456789x");
	CHECK_TEXT(str.data, "0123456789");
	free(first);
	free(second);
	str_release(&str);
}

TEST(str_compares)
{
	CHECK(str_same(NULL, NULL) && str_same("a", "a") && str_same("", ""));
	CHECK(!str_same(NULL, "") && !str_same("", NULL));
	CHECK(!str_same("a", "A") && !str_same("a", "ab"));
	CHECK(str_equal_fold("Medicare", "mEDICARE"));
	CHECK(!str_equal_fold("abc", "abcd") && !str_equal_fold("abcd", "abc"));
	CHECK(!str_equal_fold("[", "{") && str_equal_fold("", ""));
	CHECK(str_starts("abc", "ab") && str_starts("abc", ""));
	CHECK(!str_starts("ab", "abc") && !str_starts("abc", "b"));
	CHECK(str_ends("a.csv", ".csv") && str_ends("x", ""));
	CHECK(!str_ends("csv", ".csv") && !str_ends("a.csv ", ".csv"));
	CHECK(str_blank(NULL) && str_blank("") && str_blank(" \t\r\n\v\f"));
	CHECK(!str_blank(" x") && !str_blank("\xc2\xa0"));
}

TEST(str_copy_cuts_between_characters)
{
	char buffer[6];

	CHECK(str_copy(buffer, sizeof(buffer), "12345"));
	CHECK_TEXT(buffer, "12345");
	CHECK(!str_copy(buffer, sizeof(buffer), "123456"));
	CHECK_TEXT(buffer, "12345");
	CHECK(!str_copy(buffer, sizeof(buffer), "1234\xc3\xa9"));
	CHECK_TEXT(buffer, "1234");
	CHECK(!str_copy(buffer, sizeof(buffer), "12\xf0\x9f\x98\x80"));
	CHECK_TEXT(buffer, "12");
	CHECK(str_copy(buffer, sizeof(buffer), "1\xf0\x9f\x98\x80"));
	CHECK(!str_copy(buffer, 1, "\xc3\xa9"));
	CHECK_TEXT(buffer, "");
}

TEST(str_nearest_finds_typos)
{
	static const char *const names[] = {"first_name", "last_name", "phone",
	    "email", "zip", "medicare_number", "medicaid_number"};
	enum { COUNT = sizeof(names) / sizeof(names[0]) };

	CHECK_TEXT(str_nearest("frist_name", names, COUNT), "first_name");
	CHECK_TEXT(str_nearest("First Name", names, COUNT), "first_name");
	CHECK_TEXT(str_nearest("lastname", names, COUNT), "last_name");
	CHECK_TEXT(str_nearest("emial", names, COUNT), "email");
	CHECK_TEXT(str_nearest("zpi", names, COUNT), "zip");
	CHECK_TEXT(str_nearest("medicaid_nr", names, COUNT), NULL);
	CHECK_TEXT(
	    str_nearest("medicaid_numbr", names, COUNT), "medicaid_number");
	CHECK_TEXT(str_nearest("colour", names, COUNT), NULL);
	CHECK_TEXT(str_nearest("x", names, COUNT), NULL);
	CHECK_TEXT(str_nearest("", names, COUNT), NULL);
	CHECK_TEXT(str_nearest("phone", names, 0), NULL);
}

TEST(str_nearest_survives_long_words)
{
	char word[200];
	const char *names[1] = {word};

	memset(word, 'a', sizeof(word) - 1);
	word[sizeof(word) - 1] = '\0';
	CHECK_TEXT(str_nearest(word, names, 1), NULL);
	CHECK_TEXT(str_nearest("aaaa", names, 1), NULL);
	word[64] = '\0';
	CHECK_TEXT(str_nearest(word, names, 1), word);
}
