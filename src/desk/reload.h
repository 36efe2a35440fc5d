/* SPDX-License-Identifier: MIT */
/*
 * The file on disk while the desk is open: noticing that another program
 * changed it, and reading it again. Nothing jumps by itself: the user is told
 * and asks for it. Only after a save of ours that found the file changed is it
 * read again at once, since what is shown then is no longer what stands there.
 *
 * The new reading is loaded in slices while the old one is shown; then unsaved
 * edits, values left out, marks, filter, order and the cursor are carried over,
 * row by row as book_same_row() finds them.
 */
#ifndef DESK_RELOAD_H
#define DESK_RELOAD_H

#include <stdbool.h>
#include <stdint.h>

struct desk;
struct err;
struct reload;

/* Once desk->book and desk->sync are there. */
struct reload *reload_new(struct desk *desk);
void reload_free(struct reload *reload); /* NULL is fine */

/* Becomes ready when something may have happened; then reload_told(). -1: it is
 * looked at every two seconds. */
int reload_fd(const struct reload *reload);
void reload_told(struct reload *reload);
/* Monotonic time of the next look; INT64_MAX: none. */
int64_t reload_due(const struct reload *reload);

/* False: err says why it cannot be read again now. */
bool reload_may(const struct reload *reload, struct err *err);
/* The user asked for it. */
void reload_ask(struct reload *reload);
/* The mapping is another: what was read so far is read once more with it. */
void reload_again(struct reload *reload);

/* A slice until `end` (monotonic); true while there is more to do at once. */
bool reload_work(struct reload *reload, int64_t end);

#endif
