/* SPDX-License-Identifier: MIT */
/*
 * What changed between two screens of cells of one size: which cells of a row,
 * and whether rows only moved by one line, as a list does that scrolls.
 */
#ifndef TUI_DAMAGE_H
#define TUI_DAMAGE_H

#include <stdbool.h>

struct cell;

/*
 * The cells first..end-1 hold all differences and break no wide character of
 * either row; false when the rows are equal.
 */
bool damage_range(const struct cell *old, const struct cell *now, int columns,
    int *first, int *end);

/*
 * The longest run of changed rows now[top .. top+count-1] that equal
 * old[top+shift ..], shift 1 or -1. Returns count, 0 when there is none.
 */
int damage_scroll(const struct cell *old, const struct cell *now, int rows,
    int columns, int *top, int *shift);

#endif
