/* SPDX-License-Identifier: MIT */
/*
 * What contacts are sorted by: several columns, each up or down, made into one
 * key for row_sort.h.
 *
 * Text sorts folded, numbers in it by their value ("Apt 9" before "Apt 10"),
 * dates of the file as dates. Who has nothing there comes last, up and down.
 */
#ifndef DESK_CONTACT_KEYS_H
#define DESK_CONTACT_KEYS_H

#include <stdbool.h>
#include <stdint.h>

#include "desk/contact_columns.h"

struct contact_keys;
struct desk;
struct str;

enum { CONTACT_ORDERS_MAX = 8 };

/* The first one counts most; none: as in the file. */
struct contact_orders {
	struct {
		struct contact_column column;
		bool down;
	} list[CONTACT_ORDERS_MAX];
	int count;
};

struct contact_keys *contact_keys_new(struct desk *desk);
void contact_keys_free(struct contact_keys *keys); /* NULL is fine */

/* Before some are made: what day it is. */
void contact_keys_begin(struct contact_keys *keys);
/* The key of a row into `out`, which is reset. */
void contact_keys_make(struct contact_keys *keys, uint32_t row,
    const struct contact_orders *orders, struct str *out);

#endif
