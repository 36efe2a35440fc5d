/* SPDX-License-Identifier: MIT */
/* Opening the desk from a command. */
#ifndef COMMAND_DESK_H
#define COMMAND_DESK_H

#include "desk/desk.h"

struct arguments;
struct err;

/* `file` NULL: the config's contacts. Returns the exit status; -1 with the
 * error. */
int desk_open(const struct arguments *arguments, const char *file,
    enum desk_tour tour, struct err *err);

#endif
