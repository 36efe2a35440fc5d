/* SPDX-License-Identifier: MIT */
/*
 * The config on disk while the desk is open. Whatever changes it (an editor
 * that we opened, one in another window, a screen of ours), it is in force at
 * once when it is whole, and the last good one stays in force until it is.
 *
 * Whole is: belay reads it, every action and key of desk.keys is known, mapping
 * and result columns fit the file. Everything that is wrong is kept, for
 * v_problems.c. What cannot be changed under somebody's hands (a run, a save,
 * an open question, a value being typed) makes a new config wait.
 */
#ifndef DESK_SETTINGS_H
#define DESK_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "book/problems.h"

struct config;
struct desk;
struct err;
struct keymap;
struct looks;
struct settings;
struct str;

/* desk->config is in force. Made before the book is read on; the loop calls
 * settings_work(). `color`: as in desk_options; borrowed. */
struct settings *settings_new(struct desk *desk, const char *color);
void settings_free(struct settings *settings); /* NULL is fine */

/*
 * Reads the config again now, as a screen does that has just written it: it is
 * not told again by the watch. True: what the file says is in force. False with
 * the error: ERR_CONFIG, it is wrong (settings_problems()) and the one before
 * stays; ERR_USAGE, it must wait and is taken by itself when it may.
 */
bool settings_take(struct desk *desk, struct err *err);
/* Whether settings_take() need not wait now; else err says for what. A screen
 * asks before it writes. */
bool settings_may(const struct desk *desk, struct err *err);

/* An editor of ours has ended; `trouble` says how if badly, or "". Takes the
 * config; shows what is wrong with it, or leaves the screen that did. */
void settings_edited(struct desk *desk, const char *trouble);
/* Opens the editor at what is wrong first, else at `key` ("mapping",
 * "mapping.zip", NULL: the top). Offers to write a config if there is none. */
void settings_edit(struct desk *desk, const char *key);
/* The place of a key in the config, or of its nearest parent; 0 when nothing of
 * it is there. `*path`: the file, the mapping's own if it is there; borrowed
 * from the config. */
unsigned settings_place(
    const struct desk *desk, const char *key, const char **path);

/* What is wrong with the config on disk, in the order of the file; none: it is
 * in force. Borrowed until the next take. */
const struct problem *settings_problems(
    const struct settings *settings, size_t *count);
/* Whether anything is; NULL: no. */
bool settings_wrong(const struct settings *settings);
/* Mapping or result columns do not fit the file that is open: book_unfit(). */
void settings_tell_unfit(struct desk *desk);

/* A keymap for the config's desk.keys; what is wrong with them is added to
 * `problems` and left out. */
struct keymap *settings_keymap(
    const struct config *config, struct str *problems);

/* What the command line (`color`; NULL: it says nothing) and the config want
 * the screen to look like; what is wrong with desk.styles is added and left
 * out. */
void settings_looks(const struct config *config, const char *color,
    struct looks *looks, struct str *problems);
/* Whether signs are drawn in ASCII: without UTF-8, by desk.glyphs, and on
 * terminals whose fonts have few of them. */
bool settings_ascii(const struct config *config);

/* ---- for the loop ----------------------------------------------------------
 */

enum { SETTINGS_FDS = 2 };
/* Descriptors to wait for (at most SETTINGS_FDS): how many; when one was ready,
 * settings_told(). */
unsigned settings_fds(const struct settings *settings, int fds[SETTINGS_FDS]);
void settings_told(struct settings *settings);
/* Monotonic time of the next look; INT64_MAX: none. */
int64_t settings_due(const struct settings *settings);
/* Looks when it is time, takes what waits when it may. */
void settings_work(struct settings *settings);

#endif
