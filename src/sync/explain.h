/* SPDX-License-Identifier: MIT */
/* A row's status in sentences for an agent. */
#ifndef SYNC_EXPLAIN_H
#define SYNC_EXPLAIN_H

#include <stddef.h>
#include <stdint.h>

#include "sync/board.h"
#include "sync/ledger.h"
#include "sync/people.h"
#include "sync/sync.h"

/*
 * Why a row is in review, by code: gone, conflict, similar, shared, unproven,
 * taken, edited, attempts, no-selector, two-ids, other-person, alike, moved,
 * ambiguous, recognised (which explain_row() tells more of). Never NULL.
 */
const char *explain_review(const char *code);
/* The codes of reviews in turn; NULL behind the last. */
const char *explain_review_code(size_t index);

struct explain {
	const struct board_row *row;
	const struct ledger_entry *entry;
	const struct trouble *trouble; /* or NULL */
	/* or NULL; `entry` is then that of whom it was recognised as */
	const struct asked *asked;
	enum status status; /* as shown */
	int64_t now_wall_ms;
	int64_t now_ms;
	int64_t retry_at_ms; /* monotonic; 0: none */
	enum hold held;      /* why it waits until then */
};

/* Fills reason and short_reason; the rest is the caller's. */
void explain_row(const struct explain *explain, struct row_status *out);

#endif
