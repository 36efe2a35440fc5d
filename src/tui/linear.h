/* SPDX-License-Identifier: MIT */
/*
 * Screens for somebody who hears or feels them (a screen reader, a braille
 * display): a row is one line with the most important first, its parts divided
 * by semicolons; signs become words. Table, form and canvas ask here, so views
 * need not know.
 */
#ifndef TUI_LINEAR_H
#define TUI_LINEAR_H

#include <stddef.h>

#include "tui/columns.h"

struct str;

/* Appends the text with words for its signs, or nothing where a sign only
 * repeats the word beside it. */
void linear_words(struct str *out, const char *text);

/*
 * Appends a list's row: "Abernathy, Ruth; marked; new; born 1961". Columns by
 * priority; a title goes before those that may be missing, and before figures.
 * `mark` (NULL: none) follows the first; behind it `skip` columns are left out.
 * `text` is scratch.
 */
void linear_row(const struct column *columns, int count, int skip,
    columns_cell cell, void *context, size_t row, const char *mark,
    struct str *text, struct str *out);

/* Takes parts off the end of such a row until it fits; the first one stays. */
void linear_cut(struct str *row, int columns);

/* Appends a form's row: "ZIP: left out; from Postal Code". Columns in their
 * order, from the third on with their titles. */
void linear_field(const struct column *columns, int count, columns_cell cell,
    void *context, size_t row, struct str *text, struct str *out);

#endif
