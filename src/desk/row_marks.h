/* SPDX-License-Identifier: MIT */
/*
 * Which rows of the book are marked; a byte a row up to the last one. Copies
 * share the bytes until one of them changes, so that keeping the marks of a
 * million rows for undo costs a key nothing that changes none.
 */
#ifndef DESK_ROW_MARKS_H
#define DESK_ROW_MARKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of one or several copies. */
struct row_marks_bytes {
	size_t owners;
	size_t size;
	uint8_t marks[];
};

/* All zero: none. */
struct row_marks {
	struct row_marks_bytes *bytes; /* NULL: none was ever marked */
	size_t count;
};

void row_marks_free(struct row_marks *marks); /* none is marked then */
/* Nothing happens for RECORDS_NONE. */
void row_marks_set(struct row_marks *marks, uint32_t row, bool mark);
static inline bool
row_marks_has(const struct row_marks *marks, uint32_t row)
{
	return marks->bytes && row < marks->bytes->size &&
	       marks->bytes->marks[row];
}
/* Into one that has none; takes no time. */
void row_marks_copy(struct row_marks *to, const struct row_marks *from);
/* Takes no time for copies of which none has changed. */
bool row_marks_same(const struct row_marks *a, const struct row_marks *b);
/* Row r is rows[r] now, or gone (RECORDS_NONE, or beyond `count`). */
void row_marks_move(
    struct row_marks *marks, const uint32_t *rows, size_t count);
/* In the order of their numbers, with room for one more; the caller frees. */
uint32_t *row_marks_list(const struct row_marks *marks, size_t *count);

#endif
