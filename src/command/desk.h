/* SPDX-License-Identifier: MIT */
/* Opening the desk from a command. */
#ifndef COMMAND_DESK_H
#define COMMAND_DESK_H

struct arguments;
struct err;

/* `file` NULL: the config's contacts. Returns the exit status; -1 with the
 * error. */
int desk_open(
    const struct arguments *arguments, const char *file, struct err *err);

#endif
