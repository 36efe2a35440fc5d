/* SPDX-License-Identifier: MIT */
/*
 * In which orders the list of contacts can stand: as text, in the config, and
 * the question for one. Written "state, -t65, name": first by state, then
 * backwards by the days until 65; in quotes, a column of the file.
 */
#ifndef DESK_CONTACT_ORDER_H
#define DESK_CONTACT_ORDER_H

#include <stdbool.h>

#include "desk/contact_keys.h"

struct book;
struct config_columns;
struct desk;
struct err;
struct str;
struct view;

/* "" is the file's order. ERR_USAGE names what is no column, and the nearest
 * one. */
bool contact_order_parse(const struct book *book, const char *text,
    struct contact_orders *out, struct err *err);
/* Appends what contact_order_parse() reads. */
void contact_order_write(const struct book *book,
    const struct contact_orders *orders, struct str *out);
/* Those of the config that the book has. */
void contact_order_make(const struct desk *desk, struct contact_orders *out);

/* Appends " by state, T65 reversed"; nothing in the file's order. */
void contact_order_words(const struct book *book,
    const struct contact_orders *orders, struct str *out);

/* Asks by which column or columns, from the ones that are in force on; the
 * answer goes to v_contacts_sort(), or into the config. */
void contact_order_ask(struct desk *desk, struct view *contacts);

/* By this column alone, and the other way round when it was so already. */
void contact_order_by(
    struct view *contacts, const struct contact_column *column);

/* In v_contacts.c. */
void v_contacts_sort(struct view *view, const struct contact_orders *orders);
const struct contact_orders *v_contacts_orders(const struct view *view);
/* The config is another: takes its columns, and its order if that is. */
void v_contacts_take(struct view *view);

#endif
