/* SPDX-License-Identifier: MIT */
/*
 * Asking a command to stop: SIGINT, SIGTERM and SIGHUP write a byte into a
 * pipe that the loop waits on. A second signal ends the program at once; the
 * ledger is whole at any moment.
 */
#ifndef COMMAND_SIGNALS_H
#define COMMAND_SIGNALS_H

/* Installs the handlers; returns the descriptor to wait for. */
int signals_catch(void);
/* The first signal that came, or 0. */
int signals_caught(void);
/* Back to the defaults. */
void signals_release(void);

#endif
