/* SPDX-License-Identifier: MIT */
/*
 * Cells in the order they came, found through an open table of indexes.
 * Nearly all rows have none, so a bit a row is asked first.
 * Hazard: cells move when the array grows; nobody keeps a pointer to one.
 */
#include "book/overlay.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { SIZE_FIRST = 32 };

void
overlay_init(struct overlay *overlay)
{
	*overlay = (struct overlay){0};
}

void
overlay_release(struct overlay *overlay)
{
	for (size_t i = 0; i < overlay->count; i++) {
		free(overlay->cells[i].now);
		free(overlay->cells[i].file);
	}
	free(overlay->cells);
	free(overlay->table);
	free(overlay->rows);
	overlay_init(overlay);
}

static size_t
place_of(const struct overlay *overlay, uint32_t row, uint32_t column)
{
	uint64_t h = ((uint64_t)row << 32 | column) *
		     UINT64_C(0x9e3779b97f4a7c15);
	size_t mask = overlay->size - 1;
	size_t at = (size_t)(h >> 32) & mask;

	for (;; at = (at + 1) & mask) {
		const struct overlay_cell *cell;

		if (overlay->table[at] == 0)
			return at;
		cell = &overlay->cells[overlay->table[at] - 1];
		if (cell->row == row && cell->column == column)
			return at;
	}
}

bool
overlay_has(const struct overlay *overlay, uint32_t row)
{
	return row / 64 < overlay->words &&
	       overlay->rows[row / 64] >> row % 64 & 1;
}

uint32_t
overlay_next(const struct overlay *overlay, uint32_t from, uint32_t to)
{
	for (uint32_t row = from; row < to && row / 64 < overlay->words;
	     row += 64 - row % 64) {
		uint64_t word = overlay->rows[row / 64] >> row % 64;

		for (; word != 0; word >>= 1, row++)
			if (word & 1)
				return row < to ? row : to;
	}
	return to;
}

static void
set_bit(struct overlay *overlay, uint32_t row)
{
	size_t before = overlay->words;

	overlay->rows = mem_grow(overlay->rows, &overlay->words,
	    (size_t)row / 64 + 1, sizeof(*overlay->rows));
	memset(overlay->rows + before, 0,
	    (overlay->words - before) * sizeof(*overlay->rows));
	overlay->rows[row / 64] |= UINT64_C(1) << row % 64;
}

struct overlay_cell *
overlay_find(const struct overlay *overlay, uint32_t row, uint32_t column)
{
	size_t at;

	if (!overlay_has(overlay, row))
		return NULL;
	at = place_of(overlay, row, column);
	return overlay->table[at] ? &overlay->cells[overlay->table[at] - 1]
				  : NULL;
}

static void
grow(struct overlay *overlay)
{
	overlay->size = overlay->size ? 2 * overlay->size : SIZE_FIRST;
	free(overlay->table);
	overlay->table = mem_zalloc(overlay->size * sizeof(*overlay->table));
	for (size_t i = 0; i < overlay->count; i++) {
		const struct overlay_cell *cell = &overlay->cells[i];

		overlay->table[place_of(overlay, cell->row, cell->column)] =
		    (uint32_t)i + 1;
	}
}

static struct overlay_cell *
add(struct overlay *overlay, uint32_t row, uint32_t column)
{
	struct overlay_cell *cell;

	if (2 * (overlay->count + 1) > overlay->size)
		grow(overlay);
	overlay->cells = mem_grow(overlay->cells, &overlay->room,
	    overlay->count + 1, sizeof(*overlay->cells));
	cell = &overlay->cells[overlay->count];
	*cell = (struct overlay_cell){.row = row, .column = column};
	overlay->table[place_of(overlay, row, column)] =
	    (uint32_t)++overlay->count;
	set_bit(overlay, row);
	return cell;
}

bool
overlay_differs(const struct overlay_cell *cell)
{
	return strcmp(cell->now ? cell->now : "",
		   cell->file ? cell->file : "") != 0;
}

static bool
counted(const struct overlay_cell *cell)
{
	return !cell->refused && overlay_differs(cell);
}

static char *
copy(const char *text)
{
	return text ? mem_strdup(text) : NULL;
}

struct overlay_cell *
overlay_set(struct overlay *overlay, uint32_t row, uint32_t column,
    const char *now, const char *file)
{
	struct overlay_cell *cell = overlay_find(overlay, row, column);
	char *text = copy(now);

	if (!cell) {
		cell = add(overlay, row, column);
		cell->file = copy(file);
		cell->now = copy(file);
	}
	overlay->unsaved -= counted(cell);
	free(cell->now);
	cell->now = text;
	cell->refused = false;
	overlay->unsaved += counted(cell);
	return cell;
}

void
overlay_saved(
    struct overlay *overlay, struct overlay_cell *cell, const char *text)
{
	overlay->unsaved -= counted(cell);
	free(cell->file);
	cell->file = copy(text);
	cell->refused = false;
	overlay->unsaved += counted(cell);
}

void
overlay_refused(struct overlay *overlay, struct overlay_cell *cell)
{
	overlay->unsaved -= counted(cell);
	cell->refused = true;
}
