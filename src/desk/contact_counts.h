/* SPDX-License-Identifier: MIT */
/* The line above the list of contacts: how many there are, and where they
 * stand; each count can be chosen. */
#ifndef DESK_CONTACT_COUNTS_H
#define DESK_CONTACT_COUNTS_H

#include <stdbool.h>

struct area;
struct canvas;
struct contact_list;
struct desk;

/*
 * "512 contacts by age  3 marked  [● 440 synced]  ○ 41 new", or what is shown
 * of them, into the first row of the area; the count that is chosen stands in
 * brackets. `order`: " by age", or "".
 */
void contact_counts_draw(struct desk *desk, const struct contact_list *list,
    const char *order, struct canvas *canvas, const struct area *area);

/* The count after the chosen one, or before it: what contact_list_only() takes.
 * Around the end are all of them. */
int contact_counts_next(
    struct desk *desk, const struct contact_list *list, bool back);

#endif
