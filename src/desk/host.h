/* SPDX-License-Identifier: MIT */
/*
 * The desk as the screen of tui/view.h sees it: actions that no view takes,
 * the badge that says where things are sent to, and leaving.
 */
#ifndef DESK_HOST_H
#define DESK_HOST_H

#include "tui/view.h"

struct desk;

extern const struct screen_host host_ops;

/*
 * Leaves if nothing is in the way, else asks: changes that are not saved, a
 * run that goes on.
 */
void host_leave(struct desk *desk);

#endif
