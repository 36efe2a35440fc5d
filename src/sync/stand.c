/* SPDX-License-Identifier: MIT */
/*
 * Hazard: the order of the questions is the rule. Doubt comes before errors: a
 * row whose create may have landed is looked up even if it has been spoilt
 * since; only then may it be called blocked. And an update that would write
 * one person over another waits for a person, whoever gave out the IDs.
 */
#include "sync/stand.h"

static void
say(struct stand *out, enum status status, enum plan_verb verb,
    enum stand_reason reason)
{
	out->status = status;
	out->verb = verb;
	out->reason = reason;
}

void
stand_decide(struct stand *out, const struct stand_facts *facts)
{
	bool linked = facts->known && facts->state == STATE_LINKED;
	bool refused = facts->refused && !facts->retry;

	out->linked = linked || facts->file_id != FILE_ID_NONE;
	if (facts->asked && !facts->blocked)
		say(out, STATUS_REVIEW, PLAN_REVIEW, STAND_ASKED);
	else if (facts->known && facts->state == STATE_INTENT)
		say(out, STATUS_WAITING, PLAN_WAIT, STAND_PLAIN);
	else if (facts->known && facts->state == STATE_REVIEW)
		say(out, STATUS_REVIEW, PLAN_REVIEW, STAND_PLAIN);
	else if (facts->never)
		say(out, STATUS_BLOCKED, PLAN_BLOCKED, STAND_NEVER);
	else if (linked && facts->file_id == FILE_ID_OTHER)
		say(out, STATUS_REVIEW, PLAN_REVIEW, STAND_TWO_IDS);
	else if (out->linked && facts->shared)
		say(out, STATUS_REVIEW, PLAN_REVIEW, STAND_SHARED_ID);
	else if (facts->blocked)
		say(out, STATUS_BLOCKED, PLAN_BLOCKED, STAND_PLAIN);
	else if (linked && facts->other_person)
		say(out, STATUS_REVIEW, PLAN_REVIEW, STAND_OTHER_PERSON);
	else if (facts->refused)
		say(out, STATUS_FAILED,
		    refused       ? PLAN_BLOCKED
		    : out->linked ? PLAN_UPDATE
				  : PLAN_CREATE,
		    STAND_PLAIN);
	else if (!out->linked)
		say(out, STATUS_NEW, PLAN_CREATE, STAND_PLAIN);
	else if (facts->changed)
		say(out, STATUS_CHANGED, PLAN_UPDATE, STAND_PLAIN);
	else
		say(out, facts->partial ? STATUS_PARTIAL : STATUS_SYNCED,
		    PLAN_NONE, STAND_PLAIN);
}
