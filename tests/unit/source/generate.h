/* SPDX-License-Identifier: MIT */
/* Documents by chance, the same ones in every run. */
#ifndef TESTS_UNIT_SOURCE_GENERATE_H
#define TESTS_UNIT_SOURCE_GENERATE_H

#include <stdint.h>

#include "base/str.h"

struct chance {
	uint64_t state; /* not 0 */
};

uint32_t chance(struct chance *chance, uint32_t below);

/*
 * A CSV file with a column `id` that counts from r0, and what it must be when
 * row `row` gets `value` in the column HS, which it has or lacks.
 */
struct generated_csv {
	struct str before, after;
	uint32_t rows;
	uint32_t row;
};
void generate_csv(
    struct chance *chance, struct generated_csv *csv, const char *value);

/* YAML contacts with a key `id` that counts from r0; returns how many. */
uint32_t generate_yaml(struct chance *chance, struct str *out);

#endif
