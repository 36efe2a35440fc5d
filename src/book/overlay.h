/* SPDX-License-Identifier: MIT */
/*
 * What is different from the records: a sparse table of cells. A book has one
 * for the user's edits and one for results. Each cell knows what it holds now
 * and what the file holds.
 */
#ifndef BOOK_OVERLAY_H
#define BOOK_OVERLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct overlay_cell {
	uint32_t row, column;
	char *now;     /* NULL: no value */
	char *file;    /* what the file holds; NULL: no value */
	bool refused;  /* the last save could not put `now` into the file */
	uint32_t bits; /* for the owner */
};

struct overlay {
	struct overlay_cell *cells;
	size_t count, room;
	uint32_t *table; /* indexes + 1; 0: free */
	size_t size;
	size_t unsaved; /* cells whose `now` is not in the file */
	uint64_t *rows; /* a bit for each row that has cells */
	size_t words;   /* of them */
};

void overlay_init(struct overlay *overlay);
void overlay_release(struct overlay *overlay);

/* Borrowed until the next overlay_set(); NULL when there is none. */
struct overlay_cell *overlay_find(
    const struct overlay *overlay, uint32_t row, uint32_t column);

/* Whether the row has cells. */
bool overlay_has(const struct overlay *overlay, uint32_t row);
/* The first row of [from, to) that does, or `to`. */
uint32_t overlay_next(
    const struct overlay *overlay, uint32_t from, uint32_t to);

/* Sets what the cell holds now; `file` is what the file holds, used when the
 * cell is new. Texts are copied and may be NULL. */
struct overlay_cell *overlay_set(struct overlay *overlay, uint32_t row,
    uint32_t column, const char *now, const char *file);
/* The cell's value `text` is in the file now; refused: it could not be put
 * there. */
void overlay_saved(
    struct overlay *overlay, struct overlay_cell *cell, const char *text);
void overlay_refused(struct overlay *overlay, struct overlay_cell *cell);

/* Whether the cell differs from the file. No value and an empty one do not. */
bool overlay_differs(const struct overlay_cell *cell);

#endif
