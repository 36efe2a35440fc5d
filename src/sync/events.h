/* SPDX-License-Identifier: MIT */
/*
 * What happened, in order, for whoever watches. What says that something is
 * done is held back until the ledger has it on disk.
 */
#ifndef SYNC_EVENTS_H
#define SYNC_EVENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "sync/sync.h"

struct events {
	struct sync_event *list;
	size_t first, visible, count, capacity;
	size_t sealed; /* those before it are in the commit under way */
	size_t held;   /* beyond the last one that is held back */
};

void events_release(struct events *events);
/* SYNC_ROW, SYNC_NOTICE and SYNC_LOGIN are seen at once if nothing is held
 * before them. */
void events_push(
    struct events *events, const struct sync_event *event, bool hold);
/* A commit begins: what is held is held for it. */
void events_seal(struct events *events);
/* It is durable: what was held for it is shown. */
void events_show(struct events *events);
/* What was held never became durable. */
void events_drop_held(struct events *events);
bool events_take(struct events *events, struct sync_event *out);

#endif
