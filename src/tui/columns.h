/* SPDX-License-Identifier: MIT */
/*
 * Columns of a list or a form: what fits, how wide, in which order they go
 * when the terminal is narrow, and which are seen when the user goes sideways.
 */
#ifndef TUI_COLUMNS_H
#define TUI_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/canvas.h"

struct str;

#define COLUMNS_MAX 40

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
	bool before, behind; /* some are not there left, or right, of others */
};

/* What the rows are sorted by: first the first one. */
struct column_order {
	int column; /* -1: one that is not there */
	bool down;
};

/*
 * Spreads them over `total` screen columns with a gap of one between. The
 * columns of priority 0 shrink from the right when even they do not fit.
 */
void columns_layout(
    const struct column *columns, int count, int total, struct layout *layout);

/*
 * The same after going sideways: the first column stays, those before number
 * `from` (at least 1) are not there, the others follow in their order as far as
 * there is room.
 */
void columns_layout_from(const struct column *columns, int count, int total,
    int from, struct layout *layout);
/* The `from` with which the last column is seen whole; 0: all of them fit. */
int columns_last_from(const struct column *columns, int count, int total);

/*
 * Fills a cell: append cleaned text to `out`; `*style` is STYLE_NORMAL at
 * first.
 */
typedef void (*columns_cell)(
    void *context, size_t row, int column, struct str *out, enum style *style);

/* Draws titles; what the rows are sorted by gets an arrow, and its number when
 * there are several. */
void columns_draw_titles(const struct column *columns,
    const struct layout *layout, const struct column_order *orders,
    int order_count, struct canvas *canvas, const struct area *area, int row,
    int left);
/* Whether an arrow for one of `orders` is seen there. */
bool columns_show_order(const struct column *columns,
    const struct layout *layout, int column, int orders);
/* `text` is scratch. */
void columns_draw_row(const struct column *columns, const struct layout *layout,
    columns_cell cell, void *context, size_t number, struct canvas *canvas,
    const struct area *area, int row, int left, struct str *text);

#endif
