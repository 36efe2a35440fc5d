/* SPDX-License-Identifier: MIT */
/*
 * A list: cursor, scrolling, going sideways when the columns do not fit (the
 * first one stays), titles that stay, marks, search. Drawing asks for
 * the visible rows only, so a million rows cost what forty do.
 * The owner keeps the rows; the table knows only how many there are.
 */
#ifndef TUI_TABLE_H
#define TUI_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "tui/canvas.h"
#include "tui/columns.h"
#include "tui/view.h"

struct table_ops {
	size_t (*count)(void *context);
	columns_cell cell;
	/* NULL: nothing can be marked. */
	bool (*marked)(void *context, size_t row);
	/* NULL: no search. `needle` is folded (text_fold). */
	bool (*matches)(void *context, size_t row, const char *needle);
	/* Shown when there are no rows; NULL: nothing. Appends. */
	void (*empty)(void *context, struct str *out);
};

struct table {
	const struct table_ops *ops;
	void *context;
	const struct column *columns;
	int column_count;
	bool titles; /* a row of column titles on top */
	bool fixed;  /* never sideways: its view needs these keys itself */
	/* what the rows are sorted by; borrowed */
	const struct column_order *orders;
	int order_count;
	int from;         /* columns from that one on are seen; 0: the usual */
	int room;         /* screen columns at the last drawing, */
	bool linear;      /* and whether rows were lines then: from is how many
			   * columns behind the first are left out */
	size_t cursor;    /* row under the cursor; 0 when there is none */
	size_t top;       /* first row shown */
	int page;         /* rows shown at the last drawing; 0: none yet */
	struct area area; /* of that drawing */
	struct str text;  /* scratch */
};

/* The arrays are borrowed. */
void table_init(struct table *table, const struct table_ops *ops, void *context,
    const struct column *columns, int column_count);
void table_release(struct table *table);

void table_draw(
    struct table *table, struct canvas *canvas, const struct area *area);

/* Moves for ACTION_UP .. ACTION_LAST, and sideways for ACTION_LEFT and
 * ACTION_RIGHT unless all columns fit; false when the id is another one. */
bool table_act(struct table *table, int action);
/*
 * A click at this row and column of the screen: puts the cursor on the row
 * there (VIEW_DONE), or it was on it (VIEW_ENTER). VIEW_NOT_MINE: no row is
 * there; `*title` (may be NULL) is the column whose title is, or -1.
 */
enum view_result table_click(
    struct table *table, int row, int column, int *title);
/* Whether each of the orders has its arrow in an area so many columns wide. */
bool table_shows_orders(const struct table *table, int columns);
/* Puts the cursor on a row (the last one when beyond), scrolls to it. */
void table_select(struct table *table, size_t row);
/* As table_select(), on the same line of the screen as before. */
void table_keep(struct table *table, size_t row);
/* Whether there is a row under the cursor. */
bool table_row(const struct table *table, size_t *row);

/*
 * The next row that matches, after (or before) the cursor, around the end;
 * `here`: the cursor's row counts too (typing live). False: none; the cursor
 * stays. `*wrapped` (may be NULL): it went around.
 */
bool table_search(struct table *table, const char *needle, bool backwards,
    bool here, bool *wrapped);

/*
 * The same in parts, for lists that take long: looks at `rows` rows at most,
 * from `*step` rows away from the cursor on (0: the cursor's own), which it
 * moves along. The cursor must stand still between the parts.
 */
enum table_search { TABLE_FOUND, TABLE_NOT_FOUND, TABLE_SEARCHES };
enum table_search table_search_part(struct table *table, const char *needle,
    bool backwards, size_t *step, size_t rows, bool *wrapped);

#endif
