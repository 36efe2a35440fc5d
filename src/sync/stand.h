/* SPDX-License-Identifier: MIT */
/*
 * Where a row stands, decided once from all that is known of it: its status
 * for people and what a run would do with it. Pure; plan, board and run all
 * ask here, so that they cannot disagree.
 */
#ifndef SYNC_STAND_H
#define SYNC_STAND_H

#include <stdbool.h>

#include "sync/state.h"
#include "sync/status.h"
#include "sync/sync.h" /* enum plan_verb */

/* The HealthSherpa ID in the file, against the ledger's. */
enum file_id { FILE_ID_NONE, FILE_ID_SAME, FILE_ID_OTHER };

struct stand_facts {
	bool blocked;     /* an error finding */
	bool known;       /* the ledger has a row */
	enum state state; /* when known */
	enum file_id
	    file_id;       /* SAME: the ledger has no ID to differ from, too */
	bool shared;       /* another row of the book holds this ID */
	bool never;        /* the user said so */
	bool changed;      /* some value differs from what was accepted */
	bool other_person; /* and so does all that says who it is */
	bool partial;
	bool refused; /* refused with exactly these values */
	bool retry;   /* the user wants refused rows tried again */
	bool asked;   /* has no ID; a person must say who it is */
};

enum stand_reason {
	STAND_PLAIN, /* the status says it all */
	STAND_NEVER,
	STAND_TWO_IDS,
	STAND_SHARED_ID,
	STAND_OTHER_PERSON,
	STAND_ASKED,
};

struct stand {
	enum status status;
	enum plan_verb verb;
	enum stand_reason reason;
	bool linked; /* a HealthSherpa ID is known: an update, not a create */
};

void stand_decide(struct stand *out, const struct stand_facts *facts);

#endif
