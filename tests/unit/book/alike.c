/* SPDX-License-Identifier: MIT */
#include "book/alike.h"

#include <stdio.h>
#include <string.h>

#include "check.h"

enum { ROWS = 400, VALUES = 150, EDITS = 600 };

struct walk {
	struct alike alike;
	int model[ROWS]; /* -1: none */
	uint32_t seed;
};

static uint32_t
dice(struct walk *walk, uint32_t sides)
{
	walk->seed = walk->seed * 1664525u + 1013904223u;
	return (walk->seed >> 8) % sides;
}

static void
set(struct walk *walk, uint32_t row)
{
	char text[16] = "";
	int value = (int)dice(walk, VALUES) - 1;

	if (value >= 0)
		snprintf(text, sizeof(text), "v%d", value);
	alike_set(&walk->alike, row, value < 0 ? NULL : text);
	walk->model[row] = value;
}

static void
compare(const struct walk *walk)
{
	for (uint32_t row = 0; row < ROWS; row++) {
		uint32_t other = alike_other(&walk->alike, row), count = 0;

		for (uint32_t i = 0; i < ROWS; i++)
			count += walk->model[row] >= 0 && i != row &&
				 walk->model[i] == walk->model[row];
		CHECK_INT(other != ALIKE_NONE, count > 0);
		if (other != ALIKE_NONE)
			REQUIRE(other < ROWS && other != row &&
				walk->model[other] == walk->model[row]);
	}
}

/* Beside the plainest model: rows read and edited meanwhile, then edited. */
TEST(alike_like_a_model)
{
	for (uint32_t seed = 1; seed <= 5; seed++) {
		struct walk walk = {.seed = seed};

		alike_init(&walk.alike);
		memset(walk.model, 0xff, sizeof(walk.model));
		for (uint32_t row = 0; row < ROWS; row++) {
			set(&walk, row);
			if (dice(&walk, 10) == 0)
				set(&walk, dice(&walk, row + 1));
		}
		CHECK_INT(alike_other(&walk.alike, 0), ALIKE_NONE);
		for (unsigned part = 0; !alike_settle(&walk.alike, 7); part++)
			if (part % 20 == 19 && part < 100)
				set(&walk, dice(&walk, ROWS));
		compare(&walk);
		for (unsigned i = 0; i < EDITS; i++)
			set(&walk, dice(&walk, ROWS));
		compare(&walk);
		alike_release(&walk.alike);
	}
}

TEST(alike_of_many_rows)
{
	struct alike alike;

	alike_init(&alike);
	alike_expect(&alike, 10);
	for (uint32_t row = 0; row < 100000; row++) {
		char text[16];

		snprintf(text, sizeof(text), "%u", row % 99999);
		alike_set(&alike, row, text);
	}
	CHECK(!alike_settle(&alike, 99999));
	CHECK_INT(alike_other(&alike, 0), ALIKE_NONE);
	CHECK(alike_settle(&alike, 1));
	CHECK_INT(alike.pair_count, 2);
	CHECK_INT(alike_other(&alike, 0), 99999);
	CHECK_INT(alike_other(&alike, 99999), 0);
	CHECK_INT(alike_other(&alike, 1), ALIKE_NONE);
	CHECK_INT(alike_other(&alike, 200000), ALIKE_NONE);
	alike_release(&alike);
}

/* Rows without a value cost nothing, as long as none has one. */
TEST(alike_without_values)
{
	struct alike alike;

	alike_init(&alike);
	for (uint32_t row = 0; row < 1000; row++)
		alike_set(&alike, row, row % 2 ? "" : NULL);
	CHECK(alike.hashes == NULL);
	CHECK(alike_settle(&alike, 1));
	CHECK_INT(alike_other(&alike, 3), ALIKE_NONE);
	alike_release(&alike);
}
