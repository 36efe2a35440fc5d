/* SPDX-License-Identifier: MIT */
/*
 * Sorting rows by a key in parts, so that no key of the keyboard waits for a
 * million of them. Rows of equal keys stay in the order of their numbers; those
 * that have nothing to sort by come last, up and down.
 */
#ifndef DESK_ROW_SORT_H
#define DESK_ROW_SORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ROW_SORT_KEY 27

struct sort_item {
	char key[ROW_SORT_KEY]; /* compared as bytes */
	bool blank;             /* nothing to sort by */
	uint32_t row;
};

struct row_sort {
	struct sort_item *items;
	struct sort_item *spare;
	size_t count;
	size_t run;   /* how long the sorted stretches are; 0: not begun */
	size_t at;    /* the pair of stretches that is being merged, */
	size_t left;  /* what is next of the first one */
	size_t right; /* and of the second */
	bool down;
};

/* Takes the array (from mem.h). */
void row_sort_begin(
    struct row_sort *sort, struct sort_item *items, size_t count, bool down);
/* About `steps` comparisons or moves; true when all are in order. */
bool row_sort_part(struct row_sort *sort, size_t steps);
/* Gives the array back, at most `count` long, whether sorted or not. */
struct sort_item *row_sort_end(struct row_sort *sort);

#endif
