/* SPDX-License-Identifier: MIT */
/*
 * All rows and their notes make one column of screen lines; `top` is the first
 * of them shown. Heights come from wrapping, so they are counted for each
 * drawing: a form has tens of rows.
 */
#include "tui/form.h"

#include <string.h>

#include "base/err.h"
#include "base/text.h"
#include "tui/action.h"
#include "tui/key.h"
#include "tui/linear.h"
#include "tui/lineedit.h"

enum { GUTTER = 3, NOTE_INDENT = 5, TEXT_MAX = 8192, EDIT_MAX = 4096 };

void
form_init(struct form *form, const struct form_ops *ops, void *context,
    const struct column *columns, int column_count, int edit_column)
{
	*form = (struct form){
	    .ops = ops,
	    .context = context,
	    .columns = columns,
	    .column_count = column_count,
	    .edit_column = edit_column,
	    .titles = true,
	};
	str_init(&form->text, TEXT_MAX);
}

void
form_release(struct form *form)
{
	lineedit_free(form->edit);
	form->edit = NULL;
	str_release(&form->text);
}

/* Draws the notes under a row from `line` on; returns the lines they take. */
static int
draw_notes(struct form *form, size_t row, struct canvas *canvas,
    const struct area *area, int line)
{
	int lines = 0;

	for (size_t number = 0; form->ops->note; number++) {
		enum style style = STYLE_DIM;

		str_reset(&form->text);
		if (!form->ops->note(form->context, row, number,
			row == form->cursor, &form->text, &style))
			break;
		lines += canvas_paragraph(canvas, area, line + lines,
		    NOTE_INDENT, style, form->text.data);
	}
	return lines;
}

static void
draw_row(struct form *form, size_t row, const struct layout *layout,
    struct canvas *canvas, const struct area *area, int line)
{
	bool here = row == form->cursor;
	int column = form->edit_column;

	if (line < 0 || line >= area->rows)
		return;
	if (here)
		canvas_sign(canvas, area, line, 0, STYLE_NORMAL, &glyph_cursor);
	columns_draw_row(form->columns, layout, form->ops->cell, form->context,
	    row, canvas, area, line, GUTTER, &form->text);
	if (here && !form->edit)
		canvas_highlight(canvas, area, line);
	if (here && form->edit)
		lineedit_draw(form->edit, canvas, area, line,
		    GUTTER + layout->left[column], layout->width[column]);
}

/* ---- linear -------------------------------------------------------------- */

/* A problem is a sentence of its own, its code behind it. */
static void
add_problem(struct str *out, const char *note)
{
	const char *text = strstr(note, "  ");

	str_addf(out, ". Problem: %s", text ? text + 2 : note);
	if (text)
		str_addf(out, " (%.*s)", (int)(text - note), note);
}

/* What is found about a value belongs into its line. */
static void
add_first_note(struct form *form, size_t row, struct str *out)
{
	enum style style = STYLE_DIM;
	struct str note;

	if (!form->ops->note)
		return;
	str_init(&note, TEXT_MAX);
	if (form->ops->note(
		form->context, row, 0, row == form->cursor, &note, &style) &&
	    note.len > 0) {
		if (style == STYLE_WARNING || style == STYLE_BAD)
			add_problem(out, note.data);
		else
			str_addf(out, ". %s", note.data);
	}
	str_release(&note);
}

/* Returns the lines it takes; with canvas NULL nothing is drawn. */
static int
draw_linear_row(struct form *form, size_t row, struct canvas *canvas,
    const struct area *area, int line)
{
	bool here = row == form->cursor;
	struct str text;
	int lines = 1;

	str_init(&text, 2 * TEXT_MAX);
	linear_field(form->columns, here && form->edit ? 1 : form->column_count,
	    form->ops->cell, form->context, row, &form->text, &text);
	if (here && form->edit) {
		int column = text_width(text.data) + 2;

		str_add_char(&text, ':');
		if (canvas) {
			canvas_text(
			    canvas, area, line, 0, STYLE_NORMAL, text.data);
			lineedit_draw(form->edit, canvas, area, line, column,
			    area->columns - column);
		}
	} else {
		add_first_note(form, row, &text);
		lines = canvas_paragraph(
		    canvas, area, line, 0, STYLE_NORMAL, text.data);
		if (canvas && here)
			canvas_highlight(canvas, area, line);
	}
	str_release(&text);
	for (size_t number = 1; here && form->ops->note; number++) {
		enum style style = STYLE_DIM;

		str_reset(&form->text);
		if (!form->ops->note(
			form->context, row, number, here, &form->text, &style))
			break;
		lines += canvas_paragraph(
		    canvas, area, line + lines, 0, style, form->text.data);
	}
	return lines;
}

/* Scrolls so that the lines first..last are seen, the first rather. */
static void
scroll_to(struct form *form, int first, int last, int total)
{
	if (last >= form->top + form->page)
		form->top = last - form->page + 1;
	if (first < form->top)
		form->top = first;
	if (form->top > total - form->page)
		form->top = total - form->page;
	if (form->top < 0)
		form->top = 0;
}

static void
draw_linear(struct form *form, struct canvas *canvas, const struct area *area)
{
	size_t count = form->ops->count(form->context);
	int line = 0, first = 0, last = 0;

	form->area = *area;
	form->page = area->rows > 1 ? area->rows : 1;
	if (form->cursor >= count)
		form->cursor = count ? count - 1 : 0;
	for (size_t row = 0; row < count; row++) {
		if (row == form->cursor)
			first = line;
		line += draw_linear_row(form, row, NULL, area, 0);
		if (row == form->cursor)
			last = line - 1;
	}
	scroll_to(form, first, last, line);
	line = -form->top;
	for (size_t row = 0; row < count && line < area->rows; row++)
		line += draw_linear_row(form, row, canvas, area, line);
}

void
form_draw(struct form *form, struct canvas *canvas, const struct area *area)
{
	size_t count = form->ops->count(form->context);
	struct area body = *area;
	struct layout layout;
	int line = 0, first = 0, last = 0;

	form->linear = canvas_is_linear(canvas);
	if (form->linear) {
		draw_linear(form, canvas, area);
		return;
	}
	columns_layout(
	    form->columns, form->column_count, area->columns - GUTTER, &layout);
	if (form->titles) {
		columns_draw_titles(
		    form->columns, &layout, NULL, 0, canvas, area, 0, GUTTER);
		body = area_rows(area, 1, area->rows - 1);
	}
	form->area = body;
	form->page = body.rows > 1 ? body.rows : 1;
	if (form->cursor >= count)
		form->cursor = count ? count - 1 : 0;
	for (size_t row = 0; row < count; row++) {
		if (row == form->cursor)
			first = line;
		line += 1 + draw_notes(form, row, NULL, &body, 0);
		if (row == form->cursor)
			last = line - 1;
	}
	scroll_to(form, first, last, line);
	line = -form->top;
	for (size_t row = 0; row < count && line < body.rows; row++) {
		draw_row(form, row, &layout, canvas, &body, line);
		line++;
		line += draw_notes(form, row, canvas, &body, line);
	}
}

bool
form_act(struct form *form, int action)
{
	size_t count = form->ops->count(form->context);
	size_t last = count ? count - 1 : 0;
	size_t page = form->page > 0 ? (size_t)form->page : 1;

	switch (action) {
	case ACTION_UP: form->cursor -= form->cursor > 0; break;
	case ACTION_DOWN: form->cursor += form->cursor < last; break;
	case ACTION_PAGE_UP:
		form->cursor -= form->cursor < page ? form->cursor : page;
		break;
	case ACTION_PAGE_DOWN:
		form->cursor = last - form->cursor < page ? last
							  : form->cursor + page;
		break;
	case ACTION_FIRST: form->cursor = 0; break;
	case ACTION_LAST: form->cursor = last; break;
	default: return false;
	}
	return true;
}

void
form_select(struct form *form, size_t row)
{
	form->cursor = row;
}

static bool
complete(void *context, const char *before, struct str *out)
{
	struct form *form = context;

	return form->ops->complete(form->context, form->cursor, before, out);
}

bool
form_edit(struct form *form, struct err *err)
{
	if (!form->ops->edit)
		return err_set(err, ERR_USAGE, "nothing can be changed here");
	str_reset(&form->text);
	if (!form->ops->edit(form->context, form->cursor, &form->text, err))
		return false;
	lineedit_free(form->edit);
	form->touched = false;
	form->edit = lineedit_new(EDIT_MAX);
	if (form->ops->complete)
		lineedit_set_complete(form->edit, complete, form);
	lineedit_paste(form->edit, form->text.data);
	return true;
}

bool
form_editing(const struct form *form)
{
	return form->edit != NULL;
}

static void
stop(struct form *form)
{
	lineedit_free(form->edit);
	form->edit = NULL;
}

static void
changed(struct form *form)
{
	form->touched = true;
	if (form->ops->change)
		form->ops->change(
		    form->context, form->cursor, lineedit_text(form->edit));
}

/*
 * Enter without a change is no change: what is shown for editing is cleaned,
 * so handing it back would alter a value with a line break in it.
 */
static enum view_result
answer(struct form *form, struct err *err)
{
	if (form->touched && !form->ops->answer(form->context, form->cursor,
				 lineedit_text(form->edit), err))
		return VIEW_REFUSED;
	if (!form->touched && form->ops->cancel)
		form->ops->cancel(form->context, form->cursor);
	stop(form);
	return VIEW_DONE;
}

/* Enter, and on to the next row that can be edited; at the end it is Enter
 * alone. */
static enum view_result
turn(struct form *form, bool back, struct err *err)
{
	struct err why = ERR_INIT;
	size_t start = form->cursor;

	if (answer(form, err) != VIEW_DONE)
		return VIEW_REFUSED;
	for (;;) {
		size_t last = form->ops->count(form->context);

		if (back ? form->cursor == 0 : form->cursor + 1 >= last)
			break;
		form->cursor = back ? form->cursor - 1 : form->cursor + 1;
		if (form_edit(form, &why))
			return VIEW_DONE;
	}
	form->cursor = start;
	return VIEW_DONE;
}

enum view_result
form_key(struct form *form, uint32_t key, struct err *err)
{
	if (!form->edit)
		return VIEW_NOT_MINE;
	if (key == KEY_CODE_ENTER)
		return answer(form, err);
	if (key == KEY_CODE_ESCAPE) {
		stop(form);
		if (form->ops->cancel)
			form->ops->cancel(form->context, form->cursor);
		return VIEW_DONE;
	}
	if (key == KEY_CODE_BACK_TAB)
		return turn(form, true, err);
	switch (lineedit_key(form->edit, key)) {
	case LINEEDIT_CHANGED: changed(form); return VIEW_DONE;
	case LINEEDIT_MOVED:
		return key == KEY_CODE_TAB ? turn(form, false, err) : VIEW_DONE;
	default: break;
	}
	if (key == KEY_CODE_TAB)
		return turn(form, false, err);
	if (key & KEY_ALT)
		return VIEW_NOT_MINE; /* the screen takes it for Esc, key */
	err_set(err, ERR_USAGE, "Enter keeps what you typed, Esc drops it");
	return VIEW_REFUSED;
}

/* The lines that a row takes with its notes. */
static int
height(struct form *form, size_t row)
{
	if (form->linear)
		return draw_linear_row(form, row, NULL, &form->area, 0);
	return 1 + draw_notes(form, row, NULL, &form->area, 0);
}

enum view_result
form_click(struct form *form, int row, int column, struct err *err)
{
	const struct area *area = &form->area;
	size_t at = 0, count = form->ops->count(form->context);
	int line = row - area->top, end = -form->top;

	if (line < 0 || line >= area->rows || column < area->left ||
	    column >= area->left + area->columns)
		return VIEW_NOT_MINE;
	while (at < count && (end += height(form, at)) <= line)
		at++;
	if (at == count)
		return VIEW_NOT_MINE;
	if (at == form->cursor)
		return form->edit ? VIEW_DONE : VIEW_ENTER;
	if (form->edit && answer(form, err) != VIEW_DONE)
		return VIEW_REFUSED;
	form_select(form, at);
	return VIEW_DONE;
}

enum view_result
form_paste(struct form *form, const char *text)
{
	if (!form->edit)
		return VIEW_NOT_MINE;
	if (lineedit_paste(form->edit, text) == LINEEDIT_CHANGED)
		changed(form);
	return VIEW_DONE;
}
