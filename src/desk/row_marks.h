/* SPDX-License-Identifier: MIT */
/* Which rows of the book are marked; a byte a row up to the last one. */
#ifndef DESK_ROW_MARKS_H
#define DESK_ROW_MARKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All zero: none. */
struct row_marks {
	uint8_t *marks;
	size_t size;
	size_t count;
};

void row_marks_free(struct row_marks *marks); /* none is marked then */
/* Nothing happens for RECORDS_NONE. */
void row_marks_set(struct row_marks *marks, uint32_t row, bool mark);
static inline bool
row_marks_has(const struct row_marks *marks, uint32_t row)
{
	return row < marks->size && marks->marks[row];
}
/* Into one that has none. */
void row_marks_copy(struct row_marks *to, const struct row_marks *from);
bool row_marks_same(const struct row_marks *a, const struct row_marks *b);
/* Row r is rows[r] now, or gone (RECORDS_NONE, or beyond `count`). */
void row_marks_move(
    struct row_marks *marks, const uint32_t *rows, size_t count);
/* In the order of their numbers; the caller frees. */
uint32_t *row_marks_list(const struct row_marks *marks, size_t *count);

#endif
