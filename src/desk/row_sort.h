/* SPDX-License-Identifier: MIT */
/*
 * Sorting rows by keys that are compared as bytes, in parts, so that no key of
 * the keyboard waits for a million of them. Rows of equal keys stay in the
 * order of their numbers. What is reversed, and who has nothing to be sorted by
 * and comes last, is in the keys (contact_keys.h).
 *
 * The first eight bytes of a key lie in the item, so that most comparisons look
 * at nothing else; the rest of it lies beside the others of its list.
 */
#ifndef DESK_ROW_SORT_H
#define DESK_ROW_SORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sort_item {
	uint64_t prefix; /* the key's first bytes, the first one highest */
	uint32_t more;   /* where the rest of it is; 0: there is none */
	uint32_t row;
};

/* The rests of keys; all zero is empty. */
struct sort_keys {
	char *data;
	size_t used, room;
};

/* Gives the item its key; of one that is longer than 64 KiB, or finds no place
 * any more (4 GiB), only the beginning. */
void sort_keys_set(struct sort_keys *keys, struct sort_item *item,
    const char *key, size_t len);
void sort_keys_reset(struct sort_keys *keys); /* keeps the memory */
void sort_keys_free(struct sort_keys *keys);  /* all zero again */

struct row_sort {
	struct sort_item *items;
	struct sort_item *spare;
	const struct sort_keys *keys;
	size_t count;
	size_t run;   /* how long the sorted stretches are; 0: not begun */
	size_t at;    /* the pair of stretches that is being merged, */
	size_t left;  /* what is next of the first one */
	size_t right; /* and of the second */
};

/* Takes the array (from mem.h), borrows the keys. */
void row_sort_begin(struct row_sort *sort, struct sort_item *items,
    size_t count, const struct sort_keys *keys);
/* About `steps` comparisons or moves; true when all are in order. */
bool row_sort_part(struct row_sort *sort, size_t steps);
/* Gives the array back, at most `count` long, whether sorted or not. */
struct sort_item *row_sort_end(struct row_sort *sort);

#endif
