/* SPDX-License-Identifier: MIT */
/*
 * Lists of the manual that are written out from tables of the program: a test
 * holds them against each other; BELAY_UPDATE=1 in the environment puts them
 * into the source.
 */
#ifndef TESTS_MANUAL_H
#define TESTS_MANUAL_H

struct str;

/* Appends words filled into lines, as mandoc's linter likes them. */
void manual_fill(struct str *out, const char *text);

/* Compares, or replaces, what stands in man/PAGE between the lines
 * `.\" MARK: begin` and `.\" MARK: end`. */
void manual_check(
    const char *page, const char *mark, void (*list)(struct str *));

#endif
