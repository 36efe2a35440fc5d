/* SPDX-License-Identifier: MIT */
/*
 * Aligned columns on standard output, for people. Widths are taken from the
 * first rows, so a list of a million rows begins at once; up to their `max`,
 * columns grow where a later cell needs it.
 */
#ifndef COMMAND_LISTING_H
#define COMMAND_LISTING_H

#include <stdbool.h>
#include <stddef.h>

#include "sync/status.h"

struct arguments;

#define LISTING_COLUMNS_MAX 12
#define LISTING_SAMPLE 200

struct listing_column {
	const char *title;
	int max; /* columns of the terminal; 0: as wide as needed */
};

struct listing {
	const struct listing_column *columns;
	size_t column_count;
	int widths[LISTING_COLUMNS_MAX];
	char **cells; /* of the rows not printed yet */
	size_t row_count, capacity;
	bool started;
	bool color;
};

void listing_init(struct listing *listing, const struct listing_column *columns,
    size_t count, const struct arguments *arguments);
/* One row; texts are cleaned and copied; NULL is an empty cell. A cell that
 * begins with a status word is coloured like it when colour is wanted. */
void listing_add(struct listing *listing, const char *const *cells);
/* Prints what is left and releases. */
void listing_end(struct listing *listing);

#endif
