/* SPDX-License-Identifier: MIT */
/* The line above the list of contacts: how many there are, and where they
 * stand; each count can be chosen. */
#ifndef DESK_CONTACT_COUNTS_H
#define DESK_CONTACT_COUNTS_H

#include <stdbool.h>

#include "sync/status.h"

struct area;
struct canvas;
struct contact_list;
struct desk;

/* Where they stand on the screen since the last drawing; zeroed: nowhere. */
struct contact_counts {
	struct {
		int what, from, to;
	} places[STATUS_COUNT + 2]; /* and the lists, and all of them */
	int row, count;
};

/*
 * "512 contacts by age  3 marked  [● 440 synced]  ○ 41 new", or what is shown
 * of them, into the first row of the area; the count that is chosen stands in
 * brackets. `order`: " by age", or "". `counts` is told where each stands.
 */
void contact_counts_draw(struct desk *desk, const struct contact_list *list,
    const char *order, struct contact_counts *counts, struct canvas *canvas,
    const struct area *area);

/* Which of them stands there: what contact_list_only() takes. The one that is
 * chosen already, and the words before all counts, give all. False: none. */
bool contact_counts_at(const struct contact_counts *counts,
    const struct contact_list *list, int row, int column, int *what);

/* The count after the chosen one, or before it: what contact_list_only() takes.
 * Around the end are all of them. */
int contact_counts_next(
    struct desk *desk, const struct contact_list *list, bool back);

#endif
