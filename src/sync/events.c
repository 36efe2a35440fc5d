/* SPDX-License-Identifier: MIT */
#include "sync/events.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void
events_release(struct events *events)
{
	free(events->list);
	memset(events, 0, sizeof(*events));
}

void
events_push(struct events *events, const struct sync_event *event, bool hold)
{
	events->list = mem_grow(events->list, &events->capacity,
	    events->count + 1, sizeof(*events->list));
	events->list[events->count++] = *event;
	if (hold)
		events->held = events->count;
	else if (events->visible == events->count - 1)
		events->visible = events->count;
}

void
events_seal(struct events *events)
{
	events->sealed = events->count;
}

void
events_show(struct events *events)
{
	if (events->held <= events->sealed)
		events->visible = events->count;
	else if (events->visible < events->sealed)
		events->visible = events->sealed;
}

void
events_drop_held(struct events *events)
{
	events->count = events->visible;
	events->sealed = events->held = 0;
}

bool
events_take(struct events *events, struct sync_event *out)
{
	if (events->first == events->visible)
		return false;
	*out = events->list[events->first++];
	if (events->first == events->count)
		events->first = events->visible = events->count =
		    events->sealed = events->held = 0;
	return true;
}
