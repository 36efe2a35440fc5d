/* SPDX-License-Identifier: MIT */
/* In which orders the list of contacts can stand, and the question for one. */
#ifndef DESK_CONTACT_ORDER_H
#define DESK_CONTACT_ORDER_H

#include <stdbool.h>

#include "desk/contact_cells.h"

struct str;
struct view;

/* Asks by which column; the answer goes to v_contacts_sort(). */
void contact_order_ask(struct view *contacts);

/* By that cell, the same again reverses; CELL_COUNT: as in the file. In
 * v_contacts.c. */
void v_contacts_sort(struct view *contacts, enum contact_cell cell);

/* Appends " by age, reversed"; nothing in the file's order. `sorted` as
 * contact_list_sorted() gives it. */
void contact_order_words(int sorted, bool down, struct str *out);

#endif
