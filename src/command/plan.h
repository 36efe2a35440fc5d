/* SPDX-License-Identifier: MIT */
/* Printing a plan: `belay plan` and `belay sync --dry-run`. */
#ifndef COMMAND_PLAN_H
#define COMMAND_PLAN_H

struct err;
struct session;

/* Plans the selected rows and prints; returns the exit status, or -1 with the
 * error. */
int plan_print(struct session *session, struct err *err);

#endif
