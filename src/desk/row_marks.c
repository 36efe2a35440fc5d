/* SPDX-License-Identifier: MIT */
#include "desk/row_marks.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "book/book.h"

void
row_marks_free(struct row_marks *marks)
{
	free(marks->marks);
	*marks = (struct row_marks){.marks = NULL};
}

void
row_marks_set(struct row_marks *marks, uint32_t row, bool mark)
{
	size_t old = marks->size;

	if (row == RECORDS_NONE || row_marks_has(marks, row) == mark)
		return;
	if (row >= old) {
		marks->marks = mem_grow(
		    marks->marks, &marks->size, (size_t)row + 1, 1);
		memset(marks->marks + old, 0, marks->size - old);
	}
	marks->marks[row] = mark;
	marks->count += mark ? 1 : (size_t)-1;
}

void
row_marks_copy(struct row_marks *to, const struct row_marks *from)
{
	*to = (struct row_marks){.marks = NULL};
	if (from->count == 0)
		return;
	*to = *from;
	to->marks = mem_alloc(from->size);
	memcpy(to->marks, from->marks, from->size);
}

/* As many, and the same where both may have some. */
bool
row_marks_same(const struct row_marks *a, const struct row_marks *b)
{
	size_t both = a->size < b->size ? a->size : b->size;

	return a->count == b->count &&
	       (both == 0 || memcmp(a->marks, b->marks, both) == 0);
}

void
row_marks_move(struct row_marks *marks, const uint32_t *rows, size_t count)
{
	struct row_marks old = *marks;

	*marks = (struct row_marks){.marks = NULL};
	for (size_t row = 0; row < old.size && row < count; row++)
		if (old.marks[row])
			row_marks_set(marks, rows[row], true);
	row_marks_free(&old);
}

uint32_t *
row_marks_list(const struct row_marks *marks, size_t *count)
{
	uint32_t *rows = mem_resize(NULL, marks->count + 1, sizeof(*rows));

	*count = 0;
	for (uint32_t row = 0; row < marks->size; row++)
		if (marks->marks[row])
			rows[(*count)++] = row;
	return rows;
}
