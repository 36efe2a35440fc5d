/* SPDX-License-Identifier: MIT */
/* One line about what the last run left, for a person at a terminal. */
#ifndef COMMAND_LEFT_H
#define COMMAND_LEFT_H

struct session;

/* On standard error, unless that is no terminal or some contacts were chosen
 * only. Once all statuses are known, before a run. */
void left_tell(const struct session *session);

#endif
