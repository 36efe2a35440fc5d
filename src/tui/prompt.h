/* SPDX-License-Identifier: MIT */
/*
 * A question on the message line: a text to type, or one key to choose.
 * Never a loop of its own: it gets keys from the screen until it is answered.
 */
#ifndef TUI_PROMPT_H
#define TUI_PROMPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tui/lineedit.h"

struct canvas;
struct area;
struct err;
struct question;

struct prompt {
	char label[480];     /* "/", "filter: ", "send 41 of them? ..." */
	const char *initial; /* NULL: empty; copied */
	/*
	 * NULL: a text is typed and Enter answers. Else one of these keys
	 * answers ("yn"; "\r" is Enter), any other one but Esc is ignored.
	 */
	const char *choices;
	/* An offer that nobody has to answer: any other key leaves it as Esc
	 * does, and then does what it does without a question. */
	bool offer;
	bool masked;                /* typed text is not shown */
	struct history *history;    /* borrowed; NULL: none */
	lineedit_complete complete; /* NULL: Tab does nothing */
	void *context;              /* for the functions below */
	/*
	 * The answer (or the chosen key as text). False keeps the question
	 * open and shows the error. It may ask the next question.
	 */
	bool (*answer)(void *context, const char *text, struct err *err);
	/* Keys before the line sees them, Enter and Esc apart: moving in a list
	 * that follows what is typed. True: taken. NULL: none. */
	bool (*key)(void *context, uint32_t key);
	/* After each change of the text: live effect. NULL: none. */
	void (*change)(void *context, const char *text);
	/* Esc. NULL: nothing to undo. */
	void (*cancel)(void *context);
};

/* An open question; the screen's side of it. */
enum question_result {
	QUESTION_NOT_MINE, /* a key that no question knows */
	QUESTION_OPEN,
	QUESTION_CLOSED,
	QUESTION_LEFT, /* closed, and the key is for whoever is next */
};

struct question *question_new(const struct prompt *prompt); /* copies it */
void question_free(struct question *question);              /* NULL is fine */
enum question_result question_key(struct question *question, uint32_t key);
void question_paste(struct question *question, const char *text);
/*
 * The rows that it needs in a window of so many columns, each at least 1: a
 * label and a refusal are shown whole, up to `room` rows for both, and two more
 * where a line to type in stands below the label.
 */
void question_rows(const struct question *question, int columns, int room,
    int *line, int *hints);
/* `line`: the message line. `hints`: the hint bar, without rows if none. */
void question_draw(struct question *question, struct canvas *canvas,
    const struct area *line, const struct area *hints);

#endif
