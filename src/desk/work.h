/* SPDX-License-Identifier: MIT */
/*
 * What the desk does between keys: a slice of each at a time, so that a key
 * never waits longer than one slice.
 */
#ifndef DESK_WORK_H
#define DESK_WORK_H

#include <stdbool.h>

struct desk;
struct err;

/* Takes what sync has to tell: rows that changed, notices, the end. */
void work_events(struct desk *desk);

/* Says so when nothing is mapped to the ID: all contacts are blocked then. */
void work_tell_mapping(struct desk *desk);

/* The file could not be read to its end: the list shows why from now on. */
void work_tell_broken(struct desk *desk, const struct err *why);

/* Nor does the config fit it: what is wrong is shown, the rest can be looked
 * at. */
void work_tell_unfit(struct desk *desk);

/* Looks anew whether the file takes results and edits; true while it does not,
 * and desk->sidecar says why. */
bool work_look_sidecar(struct desk *desk);

/*
 * Reading the file, statuses, filtering, saving: about a millisecond of each.
 * True while there is more to do at once.
 */
bool work_slice(struct desk *desk);

#endif
