/* SPDX-License-Identifier: MIT */
/*
 * The lists inside a contact of version 2: drugs, pharmacies, providers. What
 * is in their items is the client's and kept as sent; the service wants a name
 * in each.
 *
 * A sent list replaces the one before, one that is left out stays. An item
 * without a name is not saved, though its contact and the other items are:
 * that is partial success.
 */
#ifndef PRACTICE_LISTS_H
#define PRACTICE_LISTS_H

#include <stdbool.h>

struct json;
struct store_contact;
struct str;
struct switches;
struct validate_result;

#define LISTS_ITEMS_MAX 50 /* in one list */

/*
 * Adds what makes a whole list unacceptable: 422 for what is no array or too
 * long, 400 for null or [] where the switch `nulls` says so.
 */
void lists_check(const struct json *body, const struct switches *switches,
    struct validate_result *result);

/*
 * Puts the sent lists into the contact. Returns what was not saved, as
 *
 *	{"drugs":[{"index":1,"message":"name can't be blank","item":...}]}
 *
 * with the index as sent, from 0; NULL when all was. The caller frees.
 */
struct json *lists_take(struct store_contact *contact, const struct json *body,
    const struct switches *switches);

/* Whether the sent lists are other than those that the contact has. */
bool lists_differ(const struct store_contact *contact, const struct json *body,
    const struct switches *switches);

/* Adds all three to the contact of an answer; [] where there is none. */
void lists_add(struct json *object, const struct store_contact *contact);

/* Appends what an item is called, as it was sent; nothing when it has none. */
void lists_item_name(struct str *out, const struct json *item);

#endif
