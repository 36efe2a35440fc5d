/* SPDX-License-Identifier: MIT */
#include "sync/events.h"

#include "check.h"

static void
push(struct events *events, uint32_t row, bool hold)
{
	struct sync_event event = {.kind = SYNC_ROW, .row = row};

	events_push(events, &event, hold);
}

/* Rows taken now, as digits of a number. */
static unsigned
taken(struct events *events)
{
	struct sync_event event;
	unsigned rows = 0;

	while (events_take(events, &event))
		rows = rows * 10 + event.row;
	return rows;
}

TEST(events_are_held_in_order)
{
	struct events events = {0};

	push(&events, 1, false);
	push(&events, 2, true);
	push(&events, 3, false);
	CHECK_INT(taken(&events), 1);
	CHECK_INT(taken(&events), 0);
	push(&events, 4, true);
	events_seal(&events);
	events_show(&events);
	push(&events, 5, true);
	push(&events, 6, false);
	CHECK_INT(taken(&events), 234);
	events_drop_held(&events);
	push(&events, 7, false);
	CHECK_INT(taken(&events), 7);
	/* a commit goes on while more is held */
	push(&events, 1, true);
	events_seal(&events);
	push(&events, 2, false);
	CHECK_INT(taken(&events), 0);
	push(&events, 3, true);
	events_show(&events);
	CHECK_INT(taken(&events), 1);
	events_seal(&events);
	push(&events, 4, false);
	events_show(&events);
	CHECK_INT(taken(&events), 234);
	events_release(&events);
	CHECK_INT(taken(&events), 0);
}
