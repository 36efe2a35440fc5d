/* SPDX-License-Identifier: MIT */
/*
 * Labelled rows with columns, notes under a row, and editing in place.
 *
 * Made for tens of rows of different height: each draw asks for all of them.
 * The owner keeps the data; while a value is typed, each change is told, so
 * that the notes below follow the keys.
 */
#ifndef TUI_FORM_H
#define TUI_FORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "tui/canvas.h"
#include "tui/columns.h"
#include "tui/view.h"

struct lineedit;

struct form_ops {
	size_t (*count)(void *context);
	columns_cell cell;
	/*
	 * Note `number` (from 0) under a row, wrapped by the form; `here`: the
	 * cursor is on the row. False when there are no more. NULL: no notes.
	 */
	bool (*note)(void *context, size_t row, size_t number, bool here,
	    struct str *out, enum style *style);
	/*
	 * NULL: nothing can be edited. The text to begin with, or why not.
	 * `change` is told each change; Enter answers, or cancels when nothing
	 * was typed.
	 */
	bool (*edit)(
	    void *context, size_t row, struct str *out, struct err *err);
	void (*change)(void *context, size_t row, const char *text);
	/* What Tab makes of the text before the cursor (lineedit_complete);
	 * NULL: nothing. Where there is nothing to complete Tab goes on to the
	 * next row that can be edited, Shift-Tab back; both keep what was
	 * typed as Enter does. */
	bool (*complete)(
	    void *context, size_t row, const char *before, struct str *out);
	/* False keeps it open and shows the error. */
	bool (*answer)(
	    void *context, size_t row, const char *text, struct err *err);
	void (*cancel)(void *context, size_t row);
};

struct form {
	const struct form_ops *ops;
	void *context;
	const struct column *columns;
	int column_count;
	int edit_column; /* where typing happens */
	bool titles;
	bool linear; /* at the last drawing */
	size_t cursor;
	int top;               /* first screen line shown, of all lines */
	int page;              /* lines shown at the last drawing, */
	struct area area;      /* and where, without the titles */
	struct lineedit *edit; /* NULL: not editing */
	bool touched;          /* something was typed */
	struct str text;
};

void form_init(struct form *form, const struct form_ops *ops, void *context,
    const struct column *columns, int column_count, int edit_column);
void form_release(struct form *form);

void form_draw(
    struct form *form, struct canvas *canvas, const struct area *area);
bool form_act(struct form *form, int action); /* moves, as table_act() */
void form_select(struct form *form, size_t row);
/*
 * A click at this row and column of the screen: the cursor goes to the row that
 * stands there, with its notes; where it is already, VIEW_ENTER. What is being
 * typed elsewhere is kept as Enter does, or refused.
 */
enum view_result form_click(
    struct form *form, int row, int column, struct err *err);

/* Starts typing in the row under the cursor; false: err says why not. */
bool form_edit(struct form *form, struct err *err);
bool form_editing(const struct form *form);
/* For the view's key and paste operations: VIEW_NOT_MINE unless editing. */
enum view_result form_key(struct form *form, uint32_t key, struct err *err);
enum view_result form_paste(struct form *form, const char *text);

#endif
