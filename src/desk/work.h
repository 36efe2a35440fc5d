/* SPDX-License-Identifier: MIT */
/*
 * What the desk does between keys: a slice of each at a time, so that a key
 * never waits longer than one slice.
 */
#ifndef DESK_WORK_H
#define DESK_WORK_H

#include <stdbool.h>

struct desk;

/* Takes what sync has to tell: rows that changed, notices, the end. */
void work_events(struct desk *desk);

/* Says so when nothing is mapped to the ID: all contacts are blocked then. */
void work_tell_mapping(struct desk *desk);

/*
 * Reading the file, statuses, filtering, saving: about 2 ms of it. True while
 * there is more to do at once.
 */
bool work_slice(struct desk *desk);

#endif
