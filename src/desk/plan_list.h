/* SPDX-License-Identifier: MIT */
/*
 * The rows of the plan screen: what a run would do with each, which of them
 * the user has left out, in which order they are shown, and the sums.
 *
 * A plan looks at every row, so it is made in slices; until a new one is
 * whole, the one before stays. Places count in the rows that were asked for.
 */
#ifndef DESK_PLAN_LIST_H
#define DESK_PLAN_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sync/sync.h"

struct desk;

/* What the rows would do, without those left out. */
struct plan_sums {
	uint32_t verbs[PLAN_VERB_COUNT];
	uint32_t unfinished; /* of PLAN_NONE */
	uint32_t requests;
};

struct plan_list {
	struct desk *desk;
	uint32_t *rows;
	size_t count;
	bool *left_out;           /* by place */
	struct plan_row *planned; /* by place */
	bool ready;               /* `planned` and all below are there */
	size_t *shown;            /* places: to be sent, then what cannot be */
	size_t shown_count;
	size_t left_out_count;
	struct plan_sums all;
	struct plan_sums sums;
	uint64_t revision; /* of the book that the plan is made from */
	/* The plan that is being made. */
	struct plan_row *next;
	size_t next_count;
	struct plan_sums next_sums;
	bool working;
};

/* The rows are copied. */
void plan_list_init(struct plan_list *list, struct desk *desk,
    const uint32_t *rows, size_t count);
void plan_list_release(struct plan_list *list);

/* Begins a new plan; everything must be loaded and its status known. */
void plan_list_begin(struct plan_list *list);
/* Goes on with it for about 2 ms; true while there is more to do. */
bool plan_list_work(struct plan_list *list);

/* Whether a run would send, or ask for, such a row. */
bool plan_list_sends(enum plan_verb verb);
/* How many rows would be sent, without those left out. */
size_t plan_list_sent(const struct plan_list *list);

void plan_list_leave_out(struct plan_list *list, size_t place, bool out);
void plan_list_leave_all_out(struct plan_list *list, bool out);

/* The rows that would be sent; the caller frees. */
uint32_t *plan_list_included(const struct plan_list *list, size_t *count);

#endif
