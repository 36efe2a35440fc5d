/* SPDX-License-Identifier: MIT */
/*
 * Rows are kept back until the widths are known, then printed as they come;
 * a wider cell makes its column wider from there on.
 * Hazard: a status word may be cut by a narrow column; colour is chosen from
 * the whole cell, before it is cut.
 */
#include "command/listing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"
#include "command/arguments.h"

enum { CELL_MAX = 4096 };

/* Whether colour is wanted on standard output. */
static bool
color_wanted(const struct arguments *arguments)
{
	const char *no_color = getenv("NO_COLOR");

	if (arguments->color && strcmp(arguments->color, "auto") != 0)
		return strcmp(arguments->color, "always") == 0;
	return isatty(STDOUT_FILENO) && !(no_color && *no_color);
}

void
listing_init(struct listing *listing, const struct listing_column *columns,
    size_t count, const struct arguments *arguments)
{
	memset(listing, 0, sizeof(*listing));
	listing->columns = columns;
	listing->column_count = count;
	listing->color = color_wanted(arguments);
}

/* The escape sequence for a cell that begins with a status word, or NULL. */
static const char *
status_color(const char *cell)
{
	static const char *const colors[STATUS_COUNT] = {
	    [STATUS_SYNCED] = "\033[32m",
	    [STATUS_CHANGED] = "\033[33m",
	    [STATUS_WAITING] = "\033[33m",
	    [STATUS_REVIEW] = "\033[33m",
	    [STATUS_PARTIAL] = "\033[33m",
	    [STATUS_BLOCKED] = "\033[31m",
	    [STATUS_FAILED] = "\033[31m",
	};

	for (int status = 0; status < STATUS_COUNT; status++)
		if (strcmp(cell, status_table[status].word) == 0)
			return colors[status];
	return NULL;
}

/* The first rows may not have had the widest cells. */
static void
widen(struct listing *listing, size_t column, const char *cell)
{
	int width = text_width(cell), max = listing->columns[column].max;

	if (max && width > max)
		width = max;
	if (width > listing->widths[column])
		listing->widths[column] = width;
}

static void
print_cells(struct listing *listing, const char *const *cells)
{
	struct str line;

	str_init(&line, LISTING_COLUMNS_MAX * (CELL_MAX + 32u));
	for (size_t i = 0; i < listing->column_count; i++) {
		bool last = i + 1 == listing->column_count;
		const char *color = listing->color ? status_color(cells[i])
						   : NULL;
		int used;

		widen(listing, i, cells[i]);
		if (color)
			str_add(&line, color);
		if (last && !listing->columns[i].max) {
			str_add(&line, cells[i]);
			used = listing->widths[i];
		} else {
			used = text_fit(&line, cells[i], listing->widths[i],
			    "\xe2\x80\xa6");
		}
		if (color)
			str_add(&line, "\033[0m");
		for (; !last && used < listing->widths[i] + 2; used++)
			str_add_char(&line, ' ');
	}
	while (line.len && line.data[line.len - 1] == ' ')
		line.data[--line.len] = '\0';
	puts(line.data);
	str_release(&line);
}

static void
measure(struct listing *listing)
{
	for (size_t i = 0; i < listing->column_count; i++) {
		int width = text_width(listing->columns[i].title);
		int max = listing->columns[i].max;

		for (size_t row = 0; row < listing->row_count; row++) {
			int here = text_width(
			    listing->cells[row * listing->column_count + i]);
			width = here > width ? here : width;
		}
		listing->widths[i] = max && width > max ? max : width;
	}
}

static void
flush(struct listing *listing)
{
	size_t columns = listing->column_count;

	if (!listing->started) {
		const char *titles[LISTING_COLUMNS_MAX];

		measure(listing);
		for (size_t i = 0; i < columns; i++)
			titles[i] = listing->columns[i].title;
		if (listing->row_count)
			print_cells(listing, titles);
		listing->started = true;
	}
	for (size_t row = 0; row < listing->row_count; row++)
		print_cells(listing,
		    (const char *const *)listing->cells + row * columns);
	for (size_t i = 0; i < listing->row_count * columns; i++)
		free(listing->cells[i]);
	listing->row_count = 0;
}

void
listing_add(struct listing *listing, const char *const *cells)
{
	size_t columns = listing->column_count;

	listing->cells = mem_grow(listing->cells, &listing->capacity,
	    (listing->row_count + 1) * columns, sizeof(char *));
	for (size_t i = 0; i < columns; i++) {
		struct str text;

		str_init(&text, CELL_MAX);
		if (cells[i])
			text_clean(&text, cells[i], strlen(cells[i]));
		listing->cells[listing->row_count * columns + i] = str_take(
		    &text);
		str_release(&text);
	}
	listing->row_count++;
	if (listing->started || listing->row_count == LISTING_SAMPLE)
		flush(listing);
}

void
listing_end(struct listing *listing)
{
	flush(listing);
	free(listing->cells);
	memset(listing, 0, sizeof(*listing));
}
