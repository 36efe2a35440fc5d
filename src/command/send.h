/* SPDX-License-Identifier: MIT */
/* One run from the command line, over the session's chosen rows. */
#ifndef COMMAND_SEND_H
#define COMMAND_SEND_H

#include <stdbool.h>

struct err;
struct session;

/*
 * Plans, confirms when many, syncs, writes the results back. `quiet`: prints
 * neither rows nor summary. Returns the exit status; -1 with the error.
 * Needs a session opened with SESSION_SEND and rows collected.
 */
int send_rows(struct session *session, bool quiet, struct err *err);

#endif
