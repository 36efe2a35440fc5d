/* SPDX-License-Identifier: MIT */
/*
 * Cells in the order they came, found through an open table of indexes.
 * Nearly all rows have none, so a small set of bits is asked first.
 * Hazard: cells move when the array grows; nobody keeps a pointer to one.
 */
#include "book/overlay.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { SIZE_FIRST = 32, ROW_BITS = 4096 };

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
overlay_may_have(const struct overlay *overlay, uint32_t row)
{
	unsigned bit = row % ROW_BITS;

	return overlay->count > 0 && overlay->rows[bit / 64] >> bit % 64 & 1;
}

struct overlay_cell *
overlay_find(const struct overlay *overlay, uint32_t row, uint32_t column)
{
	size_t at;

	if (!overlay_may_have(overlay, row))
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
	unsigned bit = row % ROW_BITS;

	if (2 * (overlay->count + 1) > overlay->size)
		grow(overlay);
	overlay->cells = mem_grow(overlay->cells, &overlay->room,
	    overlay->count + 1, sizeof(*overlay->cells));
	cell = &overlay->cells[overlay->count];
	*cell = (struct overlay_cell){.row = row, .column = column};
	overlay->table[place_of(overlay, row, column)] =
	    (uint32_t)++overlay->count;
	overlay->rows[bit / 64] |= UINT64_C(1) << bit % 64;
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
