/* SPDX-License-Identifier: MIT */
/* Printing a plan: `belay plan` and `belay sync --dry-run`. */
#ifndef COMMAND_PLAN_H
#define COMMAND_PLAN_H

struct session;

/* Plans the chosen rows and prints; returns the exit status. */
int plan_print(struct session *session);

#endif
