/* SPDX-License-Identifier: MIT */
/*
 * The cells of the list of contacts: short, masked (birth year only, last four
 * of a Medicare number) unless the row is revealed, made once and kept while
 * nothing changes, so that moving the cursor costs no mapping.
 */
#ifndef DESK_CONTACT_CELLS_H
#define DESK_CONTACT_CELLS_H

#include <stdbool.h>
#include <stdint.h>

#include "desk/contact_columns.h"
#include "tui/canvas.h"

struct contact_cells;
struct desk;
struct str;

struct contact_cells *contact_cells_new(struct desk *desk);
void contact_cells_free(struct contact_cells *cells); /* NULL is fine */

/* For these columns from now on; borrowed, and to be said again when they are
 * others. */
void contact_cells_use(
    struct contact_cells *cells, const struct contact_columns *columns);
/* Before a drawing, or before keys are made: what day it is. */
void contact_cells_begin(struct contact_cells *cells);
/* The cell of the column with that number. */
void contact_cells_add(struct contact_cells *cells, uint32_t row, int column,
    struct str *out, enum style *style);
/* What a column would show of a row, whether it is among them or not. */
void contact_cells_sample(struct contact_cells *cells, uint32_t row,
    const struct contact_column *column, struct str *out);
/* Who it is, whatever the columns are. */
void contact_cells_name(
    struct contact_cells *cells, uint32_t row, struct str *out);

#endif
