/* SPDX-License-Identifier: MIT */
/*
 * YAML contacts read the quick way and by libyaml alone must be the same:
 * cells, lines, problems, what a save would replace, and the error. Only how
 * many records come before an error may differ, since libyaml reads ahead.
 */
#ifndef TESTS_FUZZ_FLAT_CHECK_H
#define TESTS_FUZZ_FLAT_CHECK_H

#include <stdbool.h>
#include <stddef.h>

/*
 * What differs, in a buffer that the next call overwrites; NULL: nothing.
 * `chunk`: bytes a read. `*good` (may be NULL): no error came.
 */
const char *flat_check(const char *text, size_t len, size_t chunk, bool *good);

#endif
