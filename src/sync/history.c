/* SPDX-License-Identifier: MIT */
#include "sync/history.h"

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
