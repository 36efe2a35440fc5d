/* SPDX-License-Identifier: MIT */
/*
 * One record as a small YAML document, for an editor: a key for each column
 * that can be edited, and reading that back as edits.
 */
#ifndef BOOK_RECORD_TEXT_H
#define BOOK_RECORD_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct book;
struct err;
struct str;

/* Result columns and lists are left out: they are not edited. */
void record_text_write(const struct book *book, uint32_t row, struct str *out);
/*
 * Sets the row's cells to what the text says, as one step of undo; a column
 * that is not named stays. `*changed`: how many are others now. ERR_DATA with
 * a sentence and `*line` (from 1; 0: none) when it is no such document; then
 * nothing was changed.
 */
bool record_text_apply(struct book *book, uint32_t row, const char *text,
    size_t len, unsigned *changed, unsigned *line, struct err *err);

#endif
