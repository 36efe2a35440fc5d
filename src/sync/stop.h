/* SPDX-License-Identifier: MIT */
/*
 * For the crash tests: ends the process by SIGKILL at the n-th place where a
 * crash could matter (before and after each commit, create, answer, save).
 * Off unless the variable BELAY_DEBUG_STOP_AT is a number.
 */
#ifndef SYNC_STOP_H
#define SYNC_STOP_H

struct stop {
	long at; /* 0: never */
	long passed;
};

void stop_init(struct stop *stop);
void stop_here(struct stop *stop);

#endif
