/* SPDX-License-Identifier: MIT */
/*
 * One line of text being typed: UTF-8, with marks kept on their letter.
 *
 * Keys: Left Right Home End ^A ^E ^B ^F, Alt-b Alt-f by words; Backspace
 * Delete ^D, ^W Alt-Backspace and Alt-d a word, ^U to the start, ^K to the
 * end, ^Y puts back what was cut; Up Down ^P ^N history; Tab completion.
 * Enter and Esc are the owner's. Text that comes in is cleaned; control
 * characters cannot be typed.
 */
#ifndef TUI_LINEEDIT_H
#define TUI_LINEEDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tui/canvas.h"

struct str;
struct lineedit;

/* Earlier lines, newest last, without repeats; at most HISTORY_MAX. */
#define HISTORY_MAX 64
struct history {
	char *lines[HISTORY_MAX];
	size_t count;
};

void history_add(struct history *history, const char *line);
void history_clear(struct history *history);

/*
 * Completion: `before` is the text before the cursor. Appends to `out` what
 * shall stand there instead; false when there is nothing to complete.
 */
typedef bool (*lineedit_complete)(
    void *context, const char *before, struct str *out);

enum lineedit_result {
	LINEEDIT_NOT_MINE,
	LINEEDIT_MOVED,   /* taken; the text is the same */
	LINEEDIT_CHANGED, /* taken; the text is another */
};

/* `limit`: most bytes of text. */
struct lineedit *lineedit_new(size_t limit);
void lineedit_free(struct lineedit *edit); /* wipes; NULL is fine */

void lineedit_set(struct lineedit *edit, const char *text); /* cursor at end */
const char *lineedit_text(const struct lineedit *edit);     /* borrowed */
size_t lineedit_cursor(const struct lineedit *edit);        /* bytes */
void lineedit_set_masked(struct lineedit *edit, bool masked);
void lineedit_set_history(struct lineedit *edit, struct history *history);
void lineedit_set_complete(
    struct lineedit *edit, lineedit_complete complete, void *context);

enum lineedit_result lineedit_key(struct lineedit *edit, uint32_t key);
/* Inserts at the cursor; line breaks and tabs become blanks. */
enum lineedit_result lineedit_paste(struct lineedit *edit, const char *text);

/* Draws within `columns`, scrolled so that the cursor is seen, and sets it. */
void lineedit_draw(struct lineedit *edit, struct canvas *canvas,
    const struct area *area, int row, int column, int columns);

#endif
