/* SPDX-License-Identifier: MIT */
/*
 * Two lists of drugs, pharmacies or providers held against each other: ours,
 * of the file, and theirs, of HealthSherpa. Pure: JSON text in, JSON text out.
 *
 * Two items are the same when both have an ndc and it has the same digits; else
 * when both have an npi and it is the same; else, where one of them has no such
 * code, when their names are the same without regard to case and blanks (name,
 * or first_name and last_name) and nothing else that both have contradicts,
 * compared the same way: a dosage, an address. Each is the same as one other at
 * most.
 */
#ifndef SYNC_LIST_UNION_H
#define SYNC_LIST_UNION_H

#include <stdbool.h>
#include <stddef.h>

struct json;
struct str;

/* NULL: that side has none like it. Valid during the call. */
typedef void list_take(
    void *context, const struct json *ours, const struct json *theirs);
/*
 * Hands over every item once: ours in their order, each with the same of theirs
 * if there is one, then those that only HealthSherpa has. NULL counts as an
 * empty list; false when a text is no list: then nothing was handed over.
 */
bool list_compare(
    const char *ours, const char *theirs, list_take *take, void *context);

/*
 * Appends what HealthSherpa would have after a merge: its items in their order,
 * then ours that it lacks. Where both have one, our keys win and theirs that we
 * lack stay, in a map within it too unless the two contradict: then ours is
 * taken whole; a null of ours wins over nothing. `*differs`: it is not what
 * HealthSherpa has already. False when a text is no list, or it does not fit.
 */
bool list_merge(
    struct str *out, const char *ours, const char *theirs, bool *differs);

/* How many of our items theirs lacks; 0 when a text is no list. */
size_t list_lacking(const char *ours, const char *theirs);

/* How many items; 0 for NULL and what is no list. */
size_t list_count(const char *text);
/* Appends what people call an item: its name or its code, cleaned; nothing
 * when it has neither. */
void list_item_name(struct str *out, const struct json *item);
/* Appends all of an item for people: "name Zocor, dose 20 mg", cleaned. */
void list_item_text(struct str *out, const struct json *item);
/* Appends the names of all items, "Aspirin, Zocor". */
void list_names(struct str *out, const char *text);
/* The same of the item at a place, from 1; false: there is none. */
bool list_name_at(struct str *out, const char *text, unsigned place);
/* The place, from 1, of the one item of that name; 0: none, or more. */
unsigned list_place_of(const char *text, const char *name);

#endif
