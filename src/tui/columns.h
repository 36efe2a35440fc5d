/* SPDX-License-Identifier: MIT */
/*
 * Columns of a list or a form: what fits, how wide, in which order they go
 * when the terminal is narrow.
 */
#ifndef TUI_COLUMNS_H
#define TUI_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/canvas.h"

struct str;

#define COLUMNS_MAX 16

struct column {
	const char *title;
	int width;    /* least columns */
	int most;     /* grows up to this; <= width: fixed */
	int priority; /* 0: always there; else the highest goes first */
	enum align align;
};

/* Column i starts at left[i], width[i] wide; width 0: it is not there. */
struct layout {
	int left[COLUMNS_MAX];
	int width[COLUMNS_MAX];
	int count;
};

/*
 * Spreads them over `total` screen columns with a gap of one between. The
 * columns of priority 0 shrink from the right when even they do not fit.
 */
void columns_layout(
    const struct column *columns, int count, int total, struct layout *layout);

/*
 * Fills a cell: append cleaned text to `out`; `*style` is STYLE_NORMAL at
 * first.
 */
typedef void (*columns_cell)(
    void *context, size_t row, int column, struct str *out, enum style *style);

/* Draws titles; `sorted` (-1: none) gets an arrow. */
void columns_draw_titles(const struct column *columns,
    const struct layout *layout, int sorted, bool down, struct canvas *canvas,
    const struct area *area, int row, int left);
/* `text` is scratch. */
void columns_draw_row(const struct column *columns, const struct layout *layout,
    columns_cell cell, void *context, size_t number, struct canvas *canvas,
    const struct area *area, int row, int left, struct str *text);

#endif
