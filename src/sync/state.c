/* SPDX-License-Identifier: MIT */
/*
 * The table of transitions. What is not in it cannot happen; the caller takes
 * STATE_COUNT for a programming error.
 *
 * Hazard: only NEW may become INTENT, and only by EVENT_PROBE_ABSENT, so that
 * no other state is ever posted. "Create anyway" therefore leads from REVIEW
 * to NEW, not straight to INTENT: INTENT means that a create may have left.
 */
#include "sync/state.h"

/* Shifted by one, so that an absent entry of the table (0) means "never". */
#define TO(state) ((unsigned char)((state) + 1))

static const unsigned char table[STATE_COUNT][EVENT_COUNT] = {
    [STATE_NEW] =
	{
	    [EVENT_PROBE_OURS] = TO(STATE_LINKED),
	    [EVENT_PROBE_ABSENT] = TO(STATE_INTENT),
	    [EVENT_PROBE_DOUBT] = TO(STATE_REVIEW),
	    [EVENT_FILE_ID] = TO(STATE_LINKED),
	    [EVENT_USER_LINK] = TO(STATE_LINKED),
	    [EVENT_USER_NEVER] = TO(STATE_REJECTED),
	},
    [STATE_INTENT] =
	{
	    [EVENT_ACCEPTED] = TO(STATE_LINKED),
	    [EVENT_REFUSED] = TO(STATE_REJECTED),
	    [EVENT_NOT_SENT] = TO(STATE_INTENT),
	    [EVENT_WITHDRAWN] = TO(STATE_NEW),
	    [EVENT_UNKNOWN] = TO(STATE_INTENT),
	    [EVENT_FOUND_OURS] = TO(STATE_LINKED),
	    [EVENT_FOUND_ABSENT] = TO(STATE_INTENT),
	    [EVENT_FOUND_DOUBT] = TO(STATE_REVIEW),
	},
    [STATE_LINKED] =
	{
	    [EVENT_ACCEPTED] = TO(STATE_LINKED),
	    [EVENT_REFUSED] = TO(STATE_LINKED),
	    [EVENT_NOT_SENT] = TO(STATE_LINKED),
	    [EVENT_WITHDRAWN] = TO(STATE_LINKED),
	    [EVENT_UNKNOWN] = TO(STATE_LINKED),
	    [EVENT_GONE] = TO(STATE_REVIEW),
	    [EVENT_USER_LINK] = TO(STATE_LINKED),
	},
    [STATE_REJECTED] =
	{
	    [EVENT_FILE_ID] = TO(STATE_LINKED),
	    [EVENT_ROW_CHANGED] = TO(STATE_NEW),
	    [EVENT_USER_LINK] = TO(STATE_LINKED),
	    [EVENT_USER_CREATE] = TO(STATE_NEW),
	    [EVENT_USER_NEVER] = TO(STATE_REJECTED),
	},
    [STATE_REVIEW] =
	{
	    [EVENT_USER_LINK] = TO(STATE_LINKED),
	    [EVENT_USER_CREATE] = TO(STATE_NEW),
	    [EVENT_USER_NEVER] = TO(STATE_REJECTED),
	},
};

enum state
state_next(enum state state, enum event event)
{
	unsigned char to = table[state][event];

	return to ? (enum state)(to - 1) : STATE_COUNT;
}

const char *
state_word(enum state state)
{
	static const char *const words[STATE_COUNT] = {
	    [STATE_NEW] = "new",
	    [STATE_INTENT] = "intent",
	    [STATE_LINKED] = "linked",
	    [STATE_REJECTED] = "rejected",
	    [STATE_REVIEW] = "review",
	};

	return words[state];
}
