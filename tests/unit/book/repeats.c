/* SPDX-License-Identifier: MIT */
#include "book/repeats.h"

#include <stdio.h>
#include <string.h>

#include "check.h"

enum { ROWS = 300, VALUES = 120, ROUNDS = 30000 };

/* A random walk beside the plainest model: an array of values. */
TEST(repeats_like_a_model)
{
	struct repeats repeats;
	int model[ROWS];
	uint32_t seed = 3;

	repeats_init(&repeats);
	memset(model, 0xff, sizeof(model));
	for (unsigned round = 0; round < ROUNDS; round++) {
		uint32_t row, count = 0, is, first, other;
		char text[16] = "";
		int value;

		seed = seed * 1664525u + 1013904223u;
		row = (seed >> 8) % ROWS;
		value = (int)((seed >> 16) % VALUES) - 1;
		if (value >= 0)
			snprintf(text, sizeof(text), "v%d", value);
		repeats_set(&repeats, row, value < 0 ? NULL : text);
		model[row] = value;
		if (value < 0)
			continue;
		for (unsigned i = 0; i < ROWS; i++)
			count += model[i] == value;
		first = repeats_find(&repeats, text, &is);
		CHECK_INT(is, count);
		REQUIRE(first < ROWS && model[first] == value);
		other = repeats_other(&repeats, row, text);
		CHECK_INT(other != REPEATS_NONE, count > 1);
		if (count > 1)
			REQUIRE(other != row && model[other] == value);
	}
	repeats_release(&repeats);
}

TEST(repeats_grow)
{
	struct repeats repeats;
	uint32_t count;

	repeats_init(&repeats);
	CHECK_INT(repeats_find(&repeats, "x", &count), REPEATS_NONE);
	CHECK_INT(count, 0);
	for (uint32_t row = 0; row < 100000; row++) {
		char text[16];

		snprintf(text, sizeof(text), "%u", row % 99999);
		repeats_set(&repeats, row, text);
	}
	CHECK_INT(repeats_find(&repeats, "0", &count), 0);
	CHECK_INT(count, 2);
	CHECK_INT(repeats_other(&repeats, 0, "0"), 99999);
	CHECK_INT(repeats_other(&repeats, 99999, "0"), 0);
	CHECK_INT(repeats_find(&repeats, "54321", &count), 54321);
	CHECK_INT(count, 1);
	CHECK_INT(repeats_other(&repeats, 54321, "54321"), REPEATS_NONE);
	CHECK_INT(repeats_find(&repeats, "", &count), REPEATS_NONE);
	CHECK_INT(repeats_find(&repeats, NULL, &count), REPEATS_NONE);
	repeats_release(&repeats);
}
