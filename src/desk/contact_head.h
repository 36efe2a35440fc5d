/* SPDX-License-Identifier: MIT */
/*
 * What stands above the list of contacts where there is room for it: the
 * counts, how the sending goes, and why the file could not be read.
 */
#ifndef DESK_CONTACT_HEAD_H
#define DESK_CONTACT_HEAD_H

#include <stdbool.h>

#include "tui/canvas.h"

struct contact_counts;
struct contact_list;
struct desk;

/* Returns what it leaves of the area. `say_order`: the list's titles do not
 * show by what it is sorted. `counts` is told where each of them stands. */
struct area contact_head_draw(struct desk *desk,
    const struct contact_list *list, bool say_order,
    struct contact_counts *counts, struct canvas *canvas,
    const struct area *area);

#endif
