/* SPDX-License-Identifier: MIT */
/*
 * The rows of the run that goes on, or of the last one, in the order in which
 * their work began: what the run's screen and strip show. The loop feeds it
 * with every event of sync_next_event(). Memory: one entry a row.
 */
#ifndef DESK_RUN_LOG_H
#define DESK_RUN_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sync/sync.h"

struct run_log;
struct str;

struct run_entry {
	uint32_t row;
	bool finished;
	enum plan_verb verb; /* what was done, once finished */
	enum status status;  /* as the last event said */
	int http;
	unsigned requests;
	int64_t began_ms; /* monotonic */
	int64_t took_ms;  /* once finished */
	char *code;       /* of a failure; NULL: none */
	char *message;    /* for people; NULL: nothing to say */
};

struct run_log *run_log_new(void);
void run_log_free(struct run_log *log); /* NULL is fine */

/*
 * Takes an event. `run` is sync_progress.run: another run than before empties
 * the log first. `now_ms` is monotonic.
 */
void run_log_add(struct run_log *log, const char *run,
    const struct sync_event *event, int64_t now_ms);

/* After the file was read again: row r is rows[r] now, or gone. */
void run_log_move(struct run_log *log, const uint32_t *rows, size_t count);

size_t run_log_count(const struct run_log *log);
/* Borrowed until the next run_log_add(). */
const struct run_entry *run_log_entry(const struct run_log *log, size_t i);

/*
 * Appends how the run ended, in one sentence: "62 done, 2 refused; r tries
 * them again". `retry` is the key's name; NULL leaves the advice out.
 */
void run_log_sentence(
    const struct sync_progress *progress, const char *retry, struct str *out);

#endif
