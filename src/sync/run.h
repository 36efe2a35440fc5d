/* SPDX-License-Identifier: MIT */
/*
 * A run: walks rows through HealthSherpa. Inside sync/; others use sync.h.
 *
 * Each row is a task. A task that needs its contact holds a work area; there
 * are twice as many as requests in flight, so that while some are out, the
 * marks of the next ones are put on disk together.
 */
#ifndef SYNC_RUN_H
#define SYNC_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "sync/sync.h"

struct audit;
struct board;
struct book;
struct board_terms;
struct clock;
struct err;
struct events;
struct ledger;
struct partner;
struct people;
struct run;
struct stop;
struct writeback;

struct run_parts {
	struct book *book;
	const struct clock *clock;
	struct ledger *ledger;
	struct board *board;
	struct people *people;
	struct events *events;
	struct writeback *writeback;
	struct audit *audit;
	struct partner *partner;
	struct stop *stop;
	int64_t opened_ms; /* monotonic: since then only this process sends */
};

struct run *run_new(const struct run_parts *parts);
/* Creates that surely did not leave are withdrawn; those in flight stay in
 * doubt. Staged, not committed. NULL is fine. */
void run_free(struct run *run);

/* Starts counting anew, unless a run is going on. False: ledger error. */
bool run_begin(struct run *run, struct err *err);
/* Adds a row, unless it is in already. */
void run_add(struct run *run, uint32_t row, const struct board_terms *terms);

void run_cancel(struct run *run);
void run_pause(struct run *run, bool pause);
/* Whether it does nothing until the ledger is done with a commit: answers are
 * better not waited for meanwhile. */
bool run_rests(const struct run *run);
/* One turn: answers, timers, sending, commits. */
void run_step(struct run *run);
bool run_going_on(const struct run *run);
/* All tasks are done and committed; run_end() records it. */
bool run_exhausted(const struct run *run);
void run_end(struct run *run);
bool run_only_waiting(const struct run *run);
/* Monotonic time of the next thing to do; INT64_MAX: only answers. */
int64_t run_next(struct run *run);
void run_progress(const struct run *run, struct sync_progress *out);
/* When a row is worked on again, and why not before; 0: not waiting for a
 * time. */
int64_t run_retry_at(const struct run *run, uint32_t row, enum hold *why);
/* One sentence for everybody. */
void run_notice(struct run *run, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Commits what is staged and shows the events that waited for it. */
bool run_commit(struct run *run);

#endif
