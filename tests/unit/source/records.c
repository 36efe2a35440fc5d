/* SPDX-License-Identifier: MIT */
#include "source/records.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "check.h"

static uint32_t
add(struct records *records, const char *name)
{
	struct err err = ERR_INIT;
	uint32_t column = RECORDS_NONE;

	CHECK(records_add_column(records, name, strlen(name), &column, &err));
	return column;
}

static void
put(struct records *records, uint32_t column, const char *text)
{
	struct err err = ERR_INIT;

	CHECK(records_put(records, column, text, strlen(text), &err));
}

TEST(records_hold_cells)
{
	struct records *records = records_new();
	struct err err = ERR_INIT;
	uint32_t a = add(records, "a"), b = add(records, "b"), c;
	const char *first;

	CHECK(records_begin(records, 2, &err));
	put(records, b, "two");
	put(records, a, "one");
	put(records, a, "ONE");
	first = records_cell(records, 0, a);
	CHECK(records_begin(records, 5, &err));
	put(records, a, "");
	records_set_problem(records, "odd");
	records_set_problem(records, "later ones do not count");
	c = add(records, "c");
	CHECK(records_begin(records, 6, &err));
	put(records, c, "x");

	CHECK_INT(records_count(records), 3);
	CHECK_INT(records_column_count(records), 3);
	CHECK_TEXT(first, "ONE");
	CHECK(records_cell(records, 0, a) == first);
	CHECK_TEXT(records_cell(records, 0, b), "two");
	CHECK(records_cell(records, 0, c) == NULL);
	CHECK_TEXT(records_cell(records, 1, a), "");
	CHECK(records_cell(records, 1, b) == NULL);
	CHECK(records_cell(records, 2, a) == NULL);
	CHECK_TEXT(records_cell(records, 2, c), "x");
	CHECK_INT(records_line(records, 1), 5);
	CHECK_TEXT(records_problem(records, 1), "odd");
	CHECK(records_problem(records, 0) == NULL);
	records_drop_last(records);
	CHECK_INT(records_count(records), 2);
	CHECK(records_begin(records, 7, &err));
	CHECK(records_cell(records, 2, c) == NULL);
	records_free(records);
	records_free(NULL);
}

TEST(records_tell_lists_from_texts_that_look_like_one)
{
	static const char list[] = "[\"a\"]";
	struct records *records = records_new();
	struct err err = ERR_INIT;
	uint32_t a = add(records, "a"), b = add(records, "b");
	uint32_t c = add(records, "c"), d = add(records, "d");

	CHECK(records_begin(records, 2, &err));
	put(records, a, list);
	CHECK(records_put_list(records, b, list, strlen(list), &err));
	put(records, c, list);
	put(records, d, "");
	CHECK(!records_is_list(records, 0, a));
	CHECK(records_is_list(records, 0, b));
	CHECK(!records_is_list(records, 0, c));
	CHECK(!records_is_list(records, 0, d));
	CHECK_TEXT(records_cell(records, 0, a), list);
	CHECK_TEXT(records_cell(records, 0, b), list);
	CHECK_TEXT(records_cell(records, 0, c), list);
	records_drop_last(records);
	CHECK(records_begin(records, 2, &err));
	put(records, a, list);
	CHECK(!records_is_list(records, 0, a));
	CHECK(!records_is_list(records, 0, b));
	records_free(records);
}

TEST(records_take_a_row_at_once)
{
	static const uint32_t ends[] = {3, 4, 9}, none[] = {0, 1};
	struct records *records = records_new();
	struct err err = ERR_INIT;
	uint32_t a = add(records, "a"), b = add(records, "b");
	uint32_t c = add(records, "c"), d = add(records, "d");

	CHECK(records_begin(records, 2, &err));
	CHECK(records_put_row(records, "one,,long,more", ends, 3, &err));
	CHECK(records_begin(records, 3, &err));
	CHECK(records_put_row(records, ";;x", none, 2, &err));
	CHECK(records_begin(records, 4, &err));
	put(records, a, "next");
	CHECK_TEXT(records_cell(records, 0, a), "one");
	CHECK_TEXT(records_cell(records, 0, b), "");
	CHECK_TEXT(records_cell(records, 0, c), "long");
	CHECK(records_cell(records, 0, d) == NULL);
	CHECK(!records_is_list(records, 0, c));
	CHECK_TEXT(records_cell(records, 1, a), "");
	CHECK_TEXT(records_cell(records, 1, b), "");
	CHECK(records_cell(records, 1, c) == NULL);
	CHECK_TEXT(records_cell(records, 2, a), "next");
	records_free(records);
}

TEST(records_forget_rows)
{
	struct records *records = records_new();
	struct err err = ERR_INIT;
	uint32_t a = add(records, "a"), b;

	for (unsigned round = 0; round < 3; round++) {
		char text[16];

		for (unsigned i = 0; i < 5; i++) {
			CHECK(records_begin(records, 10 * round + i, &err));
			snprintf(text, sizeof(text), "%u.%u", round, i);
			put(records, a, text);
		}
		CHECK_INT(records_count(records), 5 * round + 5);
		CHECK_TEXT(records_cell(records, 5 * round + 4, a), text);
		CHECK_INT(records_line(records, 5 * round), 10 * round);
		records_drop_last(records);
		CHECK_INT(records_count(records), 5 * round + 4);
		CHECK(records_begin(records, 9, &err));
		records_forget(records);
		CHECK_INT(records_count(records), 5 * round + 5);
	}
	CHECK_INT(records_column_count(records), 1);
	b = add(records, "b");
	CHECK(records_begin(records, 99, &err));
	put(records, b, "x");
	records_set_problem(records, "odd");
	CHECK(records_cell(records, 15, a) == NULL);
	CHECK_TEXT(records_cell(records, 15, b), "x");
	CHECK_TEXT(records_problem(records, 15), "odd");
	records_free(records);
}

TEST(records_find_columns)
{
	struct records *records = records_new();

	add(records, "Email");
	add(records, " e-mail ");
	add(records, "email");
	add(records, "email");
	CHECK_TEXT(records_column_name(records, 3), "email #2");
	CHECK_INT(records_find_column(records, "email"), 2);
	CHECK_INT(records_find_column(records, "Email"), 0);
	CHECK_INT(records_find_column(records, "EMAIL "), 0);
	CHECK_INT(records_find_column(records, "E-Mail"), 1);
	CHECK_INT(records_find_column(records, "mail"), RECORDS_NONE);
	records_free(records);
}

TEST(records_have_a_ceiling_of_columns)
{
	struct records *records = records_new();
	struct err err = ERR_INIT;
	uint32_t column;
	char name[16];

	for (unsigned i = 0; i < RECORDS_COLUMNS_MAX; i++) {
		snprintf(name, sizeof(name), "c%u", i);
		add(records, name);
	}
	CHECK(!records_add_column(records, "more", 4, &column, &err));
	CHECK_INT(err.kind, ERR_DATA);
	records_free(records);
}

/* In one piece, with its NULs, where the cells were put in their order. */
TEST(records_rows_are_searched_in_one_piece)
{
	struct records *records = records_new();
	struct err err = ERR_INIT;
	uint32_t a, b, c;
	const uint32_t ends[] = {1, 3, 6};
	const char *text;
	size_t len;

	REQUIRE(records_add_column(records, "a", 1, &a, &err) &&
		records_add_column(records, "b", 1, &b, &err) &&
		records_add_column(records, "c", 1, &c, &err));
	REQUIRE(records_begin(records, 1, &err));
	REQUIRE(records_put_row(records, "x,y,zz", ends, 3, &err));
	text = records_row_text(records, 0, &len);
	CHECK_INT(len, 7);
	CHECK(text && memcmp(text, "x\0y\0zz", 7) == 0);
	/* with a hole, and a list */
	REQUIRE(records_begin(records, 2, &err));
	REQUIRE(records_put(records, a, "one", 3, &err));
	REQUIRE(records_put_list(records, c, "[1]", 3, &err));
	records_set_problem(records, "problem");
	text = records_row_text(records, 1, &len);
	CHECK_INT(len, 9);
	CHECK(text && memcmp(text, "one\0\1[1]", 9) == 0);
	/* not in their order; with a text of ours in between */
	REQUIRE(records_begin(records, 3, &err));
	REQUIRE(records_put(records, b, "two", 3, &err));
	REQUIRE(records_put(records, a, "one", 3, &err));
	CHECK(records_row_text(records, 2, &len) == NULL);
	REQUIRE(records_begin(records, 4, &err));
	REQUIRE(records_put(records, a, "one", 3, &err));
	records_set_problem(records, "problem");
	REQUIRE(records_put(records, b, "two", 3, &err));
	CHECK(records_row_text(records, 3, &len) == NULL);
	/* none at all */
	REQUIRE(records_begin(records, 5, &err));
	text = records_row_text(records, 4, &len);
	CHECK(text && len == 0);
	/* empty ones at both ends */
	REQUIRE(records_begin(records, 6, &err));
	REQUIRE(records_put(records, a, "", 0, &err));
	REQUIRE(records_put(records, b, "two", 3, &err));
	REQUIRE(records_put(records, c, "", 0, &err));
	text = records_row_text(records, 5, &len);
	CHECK_INT(len, 4);
	CHECK(text && memcmp(text, "two", 4) == 0);
	REQUIRE(records_begin(records, 7, &err));
	REQUIRE(records_put(records, b, "", 0, &err));
	text = records_row_text(records, 6, &len);
	CHECK(text && len == 0);
	records_free(records);
}

TEST(records_are_searched_across_rows)
{
	static const char *const rows[][2] = {{"Ruth", "Miami"}, {"", ""},
	    {"M\u00fcller", "Houston"}, {"Anne", "miami"}, {"Mi", "ami"},
	    {"Luis", ""}};
	struct records *records = records_new();
	struct err err = ERR_INIT;
	uint32_t column[2];

	REQUIRE(records_add_column(records, "a", 1, &column[0], &err) &&
		records_add_column(records, "b", 1, &column[1], &err));
	for (uint32_t i = 0; i < 6; i++) {
		REQUIRE(records_begin(records, i + 1, &err));
		/* in either order of the columns */
		for (uint32_t j = 0; j < 2; j++)
			REQUIRE(records_put(records, column[(i + j) % 2],
			    rows[i][(i + j) % 2], strlen(rows[i][(i + j) % 2]),
			    &err));
	}
	CHECK_INT(records_next_with(records, 0, 6, "miami"), 0);
	CHECK_INT(records_next_with(records, 1, 6, "miami"), 3);
	CHECK_INT(records_next_with(records, 4, 6, "miami"), 6);
	CHECK_INT(records_next_with(records, 1, 3, "miami"), 3);
	CHECK_INT(records_next_with(records, 0, 6, "muller"), 2);
	CHECK_INT(records_next_with(records, 5, 6, "luis"), 5);
	CHECK_INT(records_next_with(records, 6, 6, "luis"), 6);
	CHECK_INT(records_next_with(records, 0, 6, "nobody"), 6);
	records_free(records);
}
