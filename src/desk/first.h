/* SPDX-License-Identifier: MIT */
/*
 * The page of somebody who has named nothing to open: practice data, a file, or
 * how to come to a key; where the config has agents instead, which of them. It
 * has the terminal for itself, before there is any book.
 */
#ifndef DESK_FIRST_H
#define DESK_FIRST_H

#include <stdbool.h>
#include <stddef.h>

struct config;
struct err;
struct view;

struct first_options {
	const struct config *config; /* borrowed; its profiles are offered */
	bool linear;                 /* as desk_options has it */
	const char *color;           /* as desk_options has it */
	const char *message;         /* what is said first; NULL: nothing */
};

enum first_kind { FIRST_LEFT, FIRST_PRACTICE, FIRST_FILE, FIRST_PROFILE };

struct first_choice {
	enum first_kind kind;
	int status; /* FIRST_LEFT: the exit status, as desk_run()'s */
	char *name; /* FIRST_FILE, FIRST_PROFILE; the caller frees */
};

/* Asks until something is chosen or the user leaves. False: there is no
 * terminal to ask at. */
bool first_ask(const struct first_options *options, struct first_choice *choice,
    struct err *err);

/*
 * The page itself (v_first.c), for a screen whose keymap has the actions of
 * SCOPE_FIRST; `choice` is filled in before the view is left. Both borrowed.
 */
struct view *v_first_new(
    const struct config *config, struct first_choice *choice);

#endif
