/* SPDX-License-Identifier: MIT */
/*
 * The terminal; the only place that knows curses.
 *
 * Taken with term_open(), given back by term_close(), by the die hook of
 * base/mem.h and by fatal signals (async-safe): tty settings and screen are
 * as they were. One terminal a process. Signals only write a byte to a pipe;
 * the loop reads what came with term_take_signals().
 * Afterwards keys come from term_read() until it has nothing; then wait for
 * term_fd() and term_signal_fd().
 */
#ifndef TUI_TERM_H
#define TUI_TERM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct canvas;
struct err;
struct looks;
struct mouse;
struct term;

/*
 * Fails politely (ERR_USAGE) when standard input or output is no terminal or
 * the terminal cannot place its cursor. `looks` is copied.
 */
struct term *term_open(const struct looks *looks, struct err *err);
void term_close(struct term *term); /* NULL is fine */
/* Other colours from the next paint on. */
void term_use_looks(struct term *term, const struct looks *looks);
/*
 * Whether clicks and the wheel come to us (TERM_MOUSE); off at first, since
 * then the terminal selects text no more. Off again whenever the terminal is
 * given back.
 */
void term_use_mouse(struct term *term, bool mouse);

/* Whether the locale is UTF-8 (after setlocale()): else draw ASCII. */
bool term_is_utf8(void);

void term_size(const struct term *term, int *rows, int *columns);

/* Shows the canvas: only what changed, in one write. */
void term_paint(struct term *term, const struct canvas *canvas);
/* The next paint sends everything (something else wrote to the screen). */
void term_forget(struct term *term);

enum term_event {
	TERM_NOTHING, /* no more input for now */
	TERM_KEY,     /* *key */
	TERM_PASTE,   /* term_pasted() */
	TERM_MOUSE,   /* term_clicked() */
	TERM_HANGUP,  /* the terminal is gone: EOF or EIO */
};

/* Never waits longer than ESCDELAY (25 ms) after an Esc. */
enum term_event term_read(struct term *term, uint32_t *key);
/* What the last TERM_MOUSE was, and where; until the next one. */
const struct mouse *term_clicked(const struct term *term);
/* The text of the last paste, cleaned, line breaks kept as blanks. */
const char *term_pasted(const struct term *term);

int term_fd(const struct term *term);
int term_signal_fd(const struct term *term);

enum {
	TERM_RESIZED = 1 << 0, /* SIGWINCH; term_size() is new */
	TERM_STOP = 1 << 1,    /* SIGTSTP; answer with term_stop() */
	TERM_INTERRUPT = 1 << 2,
	TERM_TERMINATE = 1 << 3,
	TERM_LOST = 1 << 4, /* SIGHUP */
	TERM_CHILD = 1 << 5,
};

/* What came since the last call. Resizing and SIGCONT are dealt with here. */
unsigned term_take_signals(struct term *term);

/* For $EDITOR: between the two the terminal is the other program's. Closed in
 * between, it is put in order as after a crash, since the other may have been
 * killed. */
void term_give_back(struct term *term);
void term_take_again(struct term *term);
/* Gives it back, stops the process (^Z), takes it again when continued; while
 * it is another program's, that one takes it again. */
void term_stop(struct term *term);

/*
 * Escape sequences that curses does not know. `text` is printable ASCII for
 * copying (OSC 52, at most 4096 bytes) and cleaned UTF-8 for the title.
 * False when this terminal would not understand (or the text is refused).
 */
bool term_copy(struct term *term, const char *text);
bool term_title(struct term *term, const char *text);

#endif
