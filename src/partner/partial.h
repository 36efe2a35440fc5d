/* SPDX-License-Identifier: MIT */
/*
 * Which items of lists a saved contact lacks. Pure; part of reply.c's work.
 *
 * HealthSherpa saves a contact although some of its drugs, pharmacies or
 * providers did not take, and does not publish how it says which. Taken are
 * errors under "errors", "data.errors", "contact.errors", "partial_success",
 * as {"drugs":[{"index":1,"message":".."}]}, {"drugs":[null,{"name":[".."]}]},
 * {"drugs":{"1":[".."]}}, {"drugs.1.name":[".."]}, {"drugs[1].name":[".."]},
 * {"drugs":[".."]}, [{"field":"drugs","index":1,"message":".."}],
 * [{"pointer":"/drugs/1/name",..}], and {"errors":[..]} inside the contact's
 * own items. Indexes count from 0.
 */
#ifndef PARTNER_PARTIAL_H
#define PARTNER_PARTIAL_H

#include "book/field.h"

struct json;

enum { PARTIAL_ITEMS_MAX = 8 };

struct partial_item {
	enum field list;   /* FIELD_COUNT: not said */
	unsigned place;    /* in the list as it was sent, from 1; 0: not said */
	char name[128];    /* what the answer calls it, cleaned; "": nothing */
	char message[160]; /* cleaned; "": nothing said */
};

struct partial {
	struct partial_item items[PARTIAL_ITEMS_MAX];
	unsigned count; /* of all, also of those for which there is no room */
};

/* `answer`: the whole answer; `contact` in it, or NULL. */
void partial_read(struct partial *partial, const struct json *answer,
    const struct json *contact);

#endif
