/* SPDX-License-Identifier: MIT */
/*
 * The cells of the list of contacts: short, masked (birth year only), made
 * once and kept while nothing changes, so that moving the cursor costs no
 * mapping.
 */
#ifndef DESK_CONTACT_CELLS_H
#define DESK_CONTACT_CELLS_H

#include <stdbool.h>
#include <stdint.h>

#include "tui/canvas.h"

struct contact_cells;
struct desk;
struct str;

enum contact_cell {
	CELL_NAME,
	CELL_BORN,
	CELL_AGE,
	CELL_T65,   /* days until 65, when within a year */
	CELL_PARTS, /* of Medicare, see glance.h */
	CELL_PHONE,
	CELL_STATE,
	CELL_ZIP,
	CELL_STATUS,
	CELL_COUNT
};

struct contact_cells *contact_cells_new(struct desk *desk);
void contact_cells_free(struct contact_cells *cells); /* NULL is fine */

/* Before a drawing, or before keys are made: what day it is. */
void contact_cells_begin(struct contact_cells *cells);
void contact_cells_add(struct contact_cells *cells, uint32_t row,
    enum contact_cell cell, struct str *out, enum style *style);

/* Whether each word of a folded text stands in one of the row's columns. */
bool contact_cells_match(
    struct contact_cells *cells, uint32_t row, const char *folded);

/*
 * A key that sorts as what the cell tells, folded, NUL-padded: `size` bytes
 * for memcmp(). False when the contact has nothing there.
 */
bool contact_cells_key(struct contact_cells *cells, uint32_t row,
    enum contact_cell cell, char *key, size_t size);

#endif
