/* SPDX-License-Identifier: MIT */
/*
 * A thread that does one job at a time, for calls that wait for a disk: the
 * loop goes on, hears keys and answers, and takes the result when it is there.
 *
 * A job works on its context alone, which is its own from worker_start() until
 * worker_idle() is true. The thread takes no signals.
 */
#ifndef BASE_WORKER_H
#define BASE_WORKER_H

#include <stdbool.h>
#include <stdint.h>

struct worker;

/* NULL: there is no thread to be had; errno says why. */
struct worker *worker_new(void);
/* Waits for the job that is going on. NULL is fine. */
void worker_free(struct worker *worker);

/* It is idle. */
void worker_start(struct worker *worker, void (*job)(void *), void *context);
/* Whether nothing is going on; waits for that at most so many ms, -1: as long
 * as it takes. */
bool worker_idle(struct worker *worker, int64_t most_ms);
/* Readable from the end of a job until worker_idle() is true. */
int worker_fd(const struct worker *worker);

#endif
