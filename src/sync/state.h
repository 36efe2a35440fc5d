/* SPDX-License-Identifier: MIT */
/*
 * The five durable states of a row and what may follow what. Pure: a table,
 * tested over all pairs of state and event.
 *
 * The one rule everything serves: no byte of a create leaves before INTENT is
 * on disk, and after INTENT nothing is created again until HealthSherpa was
 * asked, after the settle time, with every selector the row can form.
 */
#ifndef SYNC_STATE_H
#define SYNC_STATE_H

#include <stdbool.h>

/* Stored in the ledger as numbers: never renumber. */
enum state {
	STATE_NEW,      /* no create that may have taken effect was ever sent */
	STATE_INTENT,   /* a create may have been sent, its outcome is open */
	STATE_LINKED,   /* the contact exists and is ours */
	STATE_REJECTED, /* refused; tried again only after the row changes */
	STATE_REVIEW,   /* a person must decide */
	STATE_COUNT
};

enum event {
	EVENT_PROBE_OURS, /* search: our external_id, or adopted */
	EVENT_PROBE_ABSENT,
	EVENT_PROBE_DOUBT,  /* conflict, or adoption to be asked */
	EVENT_FILE_ID,      /* the file has an ID that the ledger lacks */
	EVENT_ACCEPTED,     /* create/update answered with success */
	EVENT_REFUSED,      /* definite refusal */
	EVENT_NOT_SENT,     /* nothing left: send again */
	EVENT_WITHDRAWN,    /* surely without effect, and not sent again now */
	EVENT_UNKNOWN,      /* outcome unknown, or found at start */
	EVENT_FOUND_OURS,   /* after the wait */
	EVENT_FOUND_ABSENT, /* proven absent after the wait */
	EVENT_FOUND_DOUBT,  /* cannot be proven, conflict, or too many tries */
	EVENT_GONE,         /* update answered 404 */
	EVENT_ROW_CHANGED,  /* a refused row was edited, or is to be retried */
	EVENT_USER_LINK,
	EVENT_USER_CREATE,
	EVENT_USER_NEVER,
	EVENT_COUNT
};

#define STATE_ATTEMPTS_MAX 3

/* The next state, or STATE_COUNT when the event cannot happen there. */
enum state state_next(enum state state, enum event event);

const char *state_word(enum state state);

#endif
