/* SPDX-License-Identifier: MIT */
#include "desk/row_marks.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "book/book.h"

void
row_marks_free(struct row_marks *marks)
{
	if (marks->bytes && --marks->bytes->owners == 0)
		free(marks->bytes);
	*marks = (struct row_marks){.bytes = NULL};
}

/* Bytes of its own up to this row, with what it has marked. */
static void
own(struct row_marks *marks, uint32_t row)
{
	struct row_marks_bytes *old = marks->bytes, *bytes;
	size_t had = old ? old->size : 0, size = had;

	if (old && old->owners == 1 && row < had)
		return;
	if (row >= had)
		size = (size_t)row + 1 > 2 * had ? (size_t)row + 1 : 2 * had;
	bytes = mem_alloc(sizeof(*bytes) + size);
	bytes->owners = 1;
	bytes->size = size;
	if (old)
		memcpy(bytes->marks, old->marks, had);
	memset(bytes->marks + had, 0, size - had);
	if (old && --old->owners == 0)
		free(old);
	marks->bytes = bytes;
}

void
row_marks_set(struct row_marks *marks, uint32_t row, bool mark)
{
	if (row == RECORDS_NONE || row_marks_has(marks, row) == mark)
		return;
	own(marks, row);
	marks->bytes->marks[row] = mark;
	marks->count += mark ? 1 : (size_t)-1;
}

void
row_marks_copy(struct row_marks *to, const struct row_marks *from)
{
	*to = *from;
	if (to->bytes)
		to->bytes->owners++;
}

/* As many, and the same where both may have some. */
bool
row_marks_same(const struct row_marks *a, const struct row_marks *b)
{
	size_t both;

	if (a->count != b->count)
		return false;
	if (a->bytes == b->bytes || a->count == 0)
		return true;
	both = a->bytes->size < b->bytes->size ? a->bytes->size
					       : b->bytes->size;
	return memcmp(a->bytes->marks, b->bytes->marks, both) == 0;
}

void
row_marks_move(struct row_marks *marks, const uint32_t *rows, size_t count)
{
	struct row_marks old = *marks;
	size_t size = old.bytes ? old.bytes->size : 0;

	*marks = (struct row_marks){.bytes = NULL};
	for (size_t row = 0; row < size && row < count; row++)
		if (old.bytes->marks[row])
			row_marks_set(marks, rows[row], true);
	row_marks_free(&old);
}

uint32_t *
row_marks_list(const struct row_marks *marks, size_t *count)
{
	uint32_t *rows = mem_resize(NULL, marks->count + 1, sizeof(*rows));
	size_t size = marks->bytes ? marks->bytes->size : 0;

	*count = 0;
	for (uint32_t row = 0; row < size; row++)
		if (marks->bytes->marks[row])
			rows[(*count)++] = row;
	return rows;
}
