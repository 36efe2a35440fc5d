/* SPDX-License-Identifier: MIT */
/* Past runs of a book, with what became of their rows. */
#ifndef SYNC_HISTORY_H
#define SYNC_HISTORY_H

#include "sync/ledger.h"

struct sync;

/* Up to `most` runs, newest first. One without an end has the counts of the
 * rows that are on disk. */
unsigned history_runs(struct sync *sync, struct ledger_run *out, unsigned most);
/* Hands over the rows of a run as they were finished, while `take` is true. */
void history_rows(struct sync *sync, int64_t run,
    bool (*take)(void *context, const struct ledger_run_row *row),
    void *context);

enum { HISTORY_RUNS = 100, HISTORY_ROWS = 2 * HISTORY_RUNS };
/* What became of one contact in the last hundred runs, and what people decided
 * about it meanwhile (as many at most), newest first; how many there are.
 * Quick, as the desk asks. */
unsigned history_of_contact(
    struct sync *sync, uint32_t row, struct ledger_run_row out[HISTORY_ROWS]);

struct history_purged {
	unsigned runs;
	unsigned months; /* files of the audit, of all books */
};
/* Forgets runs, and the audit, that are older. Durable. ERR_HELD, ERR_IO. */
bool history_purge(struct sync *sync, int64_t keep_ms, int64_t keep_audit_ms,
    struct history_purged *out, struct err *err);

#endif
