/* SPDX-License-Identifier: MIT */
/*
 * For the crash tests: ends the process at the n-th place where a crash could
 * matter (before and after each commit, create, answer, save), by SIGKILL or
 * by _exit(2). Off unless the variable BELAY_DEBUG_STOP_AT is "N" or "N:exit".
 */
#ifndef SYNC_STOP_H
#define SYNC_STOP_H

#include <stdbool.h>

/* The status of a process that was stopped by _exit(2); belay has no such. */
#define STOP_STATUS 99

struct stop {
	long at; /* 0: never */
	long passed;
	bool exits; /* by _exit(2) */
};

void stop_init(struct stop *stop);
void stop_here(struct stop *stop);

#endif
