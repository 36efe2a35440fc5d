/* SPDX-License-Identifier: MIT */
/*
 * The terminal as a stream of bytes, beside curses: writing behind its back,
 * and putting everything back when the program dies. One terminal a process.
 *
 * The prepared bytes are written by signal handlers and by mem_die(): what is
 * in them is what has to be undone, whatever was on at that moment.
 */
#ifndef TUI_TTY_H
#define TUI_TTY_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct str;

/* Remembers the settings; ERR_USAGE when standard input or output is no
 * terminal. */
bool tty_open(struct err *err);

/* Writes to the terminal, waiting for a slow one up to two seconds a piece. */
void tty_write(const char *bytes, size_t len);

/* Appends what terminfo says, without the delays ("$<5>") that only very old
 * terminals need. */
void tty_add_capability(struct str *out, const char *text);

/*
 * The bytes that undo what is on, in the order of the calls. The title's come
 * first and count only while there is one (tty_titled()).
 */
void tty_undo_reset(void);
void tty_undo_add(const char *bytes);

/* From now on restore() has something to do, or not. */
void tty_active(bool active);
bool tty_is_active(void);
void tty_titled(bool titled);
bool tty_is_titled(void);

/* Async-safe: bytes and settings as they were. */
void tty_restore(void);
/* The settings alone, when curses has done the rest. */
void tty_settings_back(void);

#endif
