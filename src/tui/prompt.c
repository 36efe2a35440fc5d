/* SPDX-License-Identifier: MIT */
#include "tui/prompt.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"
#include "tui/canvas.h"
#include "tui/key.h"

enum { ANSWER_MAX = 4096, MESSAGE_MAX = 4 * ERR_TEXT_MAX };
enum { TYPING_COLUMNS = 12, TYPING_ROWS = 2 };

struct question {
	struct prompt prompt;
	struct lineedit *edit; /* NULL: one of the choices */
	struct str message;    /* why the last answer was refused, cleaned */
};

struct question *
question_new(const struct prompt *prompt)
{
	struct question *question = mem_zalloc(sizeof(*question));

	question->prompt = *prompt;
	str_init(&question->message, MESSAGE_MAX);
	if (prompt->choices)
		return question;
	question->edit = lineedit_new(ANSWER_MAX);
	if (prompt->initial)
		lineedit_paste(question->edit, prompt->initial);
	lineedit_set_masked(question->edit, prompt->masked);
	lineedit_set_history(question->edit, prompt->history);
	if (prompt->complete)
		lineedit_set_complete(
		    question->edit, prompt->complete, prompt->context);
	return question;
}

void
question_free(struct question *question)
{
	if (!question)
		return;
	lineedit_free(question->edit);
	str_release(&question->message);
	free(question);
}

static enum question_result
answer(struct question *question, const char *text)
{
	struct err err = ERR_INIT;

	if (question->prompt.answer(question->prompt.context, text, &err)) {
		if (question->prompt.history && question->edit)
			history_add(question->prompt.history, text);
		return QUESTION_CLOSED;
	}
	str_reset(&question->message);
	text_clean(&question->message, err.text, strlen(err.text));
	return QUESTION_OPEN;
}

static void
changed(struct question *question)
{
	str_reset(&question->message);
	if (question->prompt.change)
		question->prompt.change(
		    question->prompt.context, lineedit_text(question->edit));
}

static enum question_result
choose(struct question *question, uint32_t key)
{
	char text[2] = {(char)key, '\0'};

	if (((key > 0x20 && key < 0x7f) || key == KEY_CODE_ENTER) &&
	    strchr(question->prompt.choices, text[0]))
		return answer(question, text);
	if (question->prompt.offer) {
		if (question->prompt.cancel)
			question->prompt.cancel(question->prompt.context);
		return QUESTION_LEFT;
	}
	return (key & KEY_ALT) ? QUESTION_NOT_MINE : QUESTION_OPEN;
}

enum question_result
question_key(struct question *question, uint32_t key)
{
	if (key == KEY_CODE_ESCAPE) {
		if (question->prompt.cancel)
			question->prompt.cancel(question->prompt.context);
		return QUESTION_CLOSED;
	}
	if (!question->edit)
		return choose(question, key);
	if (key == KEY_CODE_ENTER)
		return answer(question, lineedit_text(question->edit));
	if (question->prompt.key &&
	    question->prompt.key(question->prompt.context, key))
		return QUESTION_OPEN;
	switch (lineedit_key(question->edit, key)) {
	case LINEEDIT_CHANGED: changed(question); return QUESTION_OPEN;
	case LINEEDIT_MOVED: return QUESTION_OPEN;
	default: return (key & KEY_ALT) ? QUESTION_NOT_MINE : QUESTION_OPEN;
	}
}

void
question_paste(struct question *question, const char *text)
{
	if (question->edit &&
	    lineedit_paste(question->edit, text) == LINEEDIT_CHANGED)
		changed(question);
}

static void
draw_hints(
    struct question *question, struct canvas *canvas, const struct area *area)
{
	int column = 1;

	if (question->message.len > 0) {
		canvas_notice(canvas, area, area->rows, STYLE_BAD,
		    question->message.data);
		return;
	}
	if (question->edit) {
		column += canvas_text(
		    canvas, area, 0, column, STYLE_KEY, "Enter");
		column += canvas_text(
		    canvas, area, 0, column, STYLE_NORMAL, " ok  ");
		if (question->prompt.complete) {
			column += canvas_text(
			    canvas, area, 0, column, STYLE_KEY, "Tab");
			column += canvas_text(canvas, area, 0, column,
			    STYLE_NORMAL, " complete  ");
		}
	}
	column += canvas_text(canvas, area, 0, column, STYLE_KEY, "Esc");
	canvas_text(canvas, area, 0, column, STYLE_NORMAL, " back");
}

/* A long label must leave room to type; behind another stands the cursor. */
static bool
label_fits(const struct question *question, int columns)
{
	int width = text_width(question->prompt.label);

	return question->edit ? 1 + width <= columns - TYPING_COLUMNS
			      : width <= columns - 2;
}

void
question_rows(const struct question *question, int columns, int room, int *line,
    int *hints)
{
	bool fits = label_fits(question, columns) || room <= 2;
	int typing = question->edit && !fits ? 1 : 0;
	struct area area = {.columns = columns};

	/* what is typed stands below such a label */
	room += typing * TYPING_ROWS;
	area.rows = room;
	*line = 1;
	*hints = 1;
	if (!fits)
		*line = typing + canvas_notice(NULL, &area, room - 1 - typing,
				     STYLE_NORMAL, question->prompt.label);
	if (question->message.len > 0 && room > *line)
		*hints = canvas_notice(NULL, &area, room - *line, STYLE_NORMAL,
		    question->message.data);
}

void
question_draw(struct question *question, struct canvas *canvas,
    const struct area *line, const struct area *hints)
{
	int used;

	draw_hints(question, canvas, hints);
	if (line->rows > 1) {
		canvas_notice(canvas, line, line->rows - (question->edit != 0),
		    STYLE_TITLE, question->prompt.label);
		if (question->edit)
			lineedit_draw(question->edit, canvas, line,
			    line->rows - 1, 1, line->columns - 1);
		else
			canvas_cursor(canvas, line, line->rows - 1, 0);
		return;
	}
	used = 1 + canvas_text(
		       canvas, line, 0, 1, STYLE_TITLE, question->prompt.label);
	if (!question->edit) {
		canvas_cursor(canvas, line, 0, used);
		return;
	}
	if (used > line->columns - TYPING_COLUMNS)
		used = line->columns > 2 * TYPING_COLUMNS
			   ? line->columns - TYPING_COLUMNS
			   : line->columns / 2;
	lineedit_draw(
	    question->edit, canvas, line, 0, used, line->columns - used);
}
