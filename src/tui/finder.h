/* SPDX-License-Identifier: MIT */
/*
 * Finding in a list by letters: what is typed leaves the rows that have it, at
 * each key; Enter keeps them, Esc shows all again.
 *
 * Plain data in the view's struct; the view narrows its list and puts the
 * cursor where it belongs then. Nothing is to be released.
 */
#ifndef TUI_FINDER_H
#define TUI_FINDER_H

#include <stdbool.h>

struct err;
struct screen;

enum { FINDER_MAX = 100 };

struct finder_ops {
	const char *label; /* "letters of its name: " */
	/* The letters are others: the list and its cursor follow. */
	void (*narrow)(void *context);
	/* Whether any row has them; else err says that none has. */
	bool (*any)(void *context, struct err *err);
};

struct finder {
	const struct finder_ops *ops;
	void *context;
	char typed[FINDER_MAX + 1];
	char letters[4 * FINDER_MAX + 1]; /* the same, folded (text_fold()) */
};

/* Without letters: everything is found. `ops` and `context` are borrowed. */
void finder_init(
    struct finder *finder, const struct finder_ops *ops, void *context);
/* Other letters, typed elsewhere than in its own question; narrows. */
void finder_type(struct finder *finder, const char *text);
/* Asks for them on the message line. */
void finder_ask(struct finder *finder, struct screen *screen);
/* Esc: true when there were letters, and now are none any more. */
bool finder_leave(struct finder *finder);
/* Whether a text has them, without regard to case and accents. */
bool finder_has(const struct finder *finder, const char *text);

#endif
