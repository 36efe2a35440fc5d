/* SPDX-License-Identifier: MIT */
#include "sync/history.h"

#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "sync/audit.h"
#include "sync/sync_private.h"

unsigned
history_runs(struct sync *sync, struct ledger_run *out, unsigned most)
{
	return ledger_runs(sync->home.ledger, out, most);
}

void
history_rows(struct sync *sync, int64_t run,
    bool (*take)(void *context, const struct ledger_run_row *row),
    void *context)
{
	ledger_run_rows(sync->home.ledger, run, take, context);
}

/* In words, behind "the last sync"; NULL: it ended as it should. */
static const char *
cut_how(const struct sync *sync, const struct ledger_run *run)
{
	if (!run->ended_ms)
		return sync->read_only ? NULL : "was cut off";
	if (strcmp(run->outcome, "stopped") == 0)
		return "was stopped";
	if (strcmp(run->outcome, "unreachable") == 0)
		return "did not reach HealthSherpa";
	return NULL;
}

bool
sync_left(struct sync *sync, struct sync_left *out)
{
	uint32_t counts[STATUS_COUNT];
	struct ledger_run last;

	*out = (struct sync_left){0};
	if (sync->run)
		return false;
	board_counts(sync->home.board, counts);
	out->doubts = counts[STATUS_WAITING];
	if (ledger_runs(sync->home.ledger, &last, 1) == 1)
		out->how = cut_how(sync, &last);
	if (out->how)
		out->to_send = counts[STATUS_NEW] + counts[STATUS_CHANGED];
	return out->to_send + out->doubts > 0;
}

bool
history_purge(struct sync *sync, int64_t keep_ms, int64_t keep_audit_ms,
    struct history_purged *out, struct err *err)
{
	int64_t now = clock_wall(sync->clock);

	*out = (struct history_purged){0};
	if (sync->read_only)
		return err_set(err, ERR_HELD,
		    "this book was opened for looking only: another belay is "
		    "working on it");
	if (ledger_purge(sync->home.ledger, now - keep_ms, &out->runs))
		audit_add(
		    sync->audit, &(struct audit_event){.action = "purge"});
	return ledger_commit(sync->home.ledger, err) &&
	       audit_purge(sync->audit, now - keep_audit_ms, &out->months, err);
}
