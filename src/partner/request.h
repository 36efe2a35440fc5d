/* SPDX-License-Identifier: MIT */
/*
 * Request bodies. Pure: values in, JSON out. What differs between v1 and v2
 * stands in dialect.h's table.
 */
#ifndef PARTNER_REQUEST_H
#define PARTNER_REQUEST_H

#include <stdbool.h>

#include "book/field.h"

struct dialect;
struct str;

/* Values to send: normalised text, NULL: not sent. */
struct field_values {
	const char *text[FIELD_COUNT];
};

/* `agent_email` NULL: left out (v2). A NULL value is left out, never sent as
 * an empty string. */
void request_create(struct str *out, const struct dialect *dialect,
    const char *agent_email, const struct field_values *values);
/* Only the given values; external_id goes in only when given. */
void request_update(struct str *out, const struct dialect *dialect,
    const char *agent_email, const struct field_values *values);

/*
 * Selectors of the search, best first: each proves something different about
 * absence. A row can form those whose fields it has.
 */
enum selector {
	SELECTOR_MEDICARE_NUMBER,
	SELECTOR_BIRTH_DATE, /* last name + birth date */
	SELECTOR_EMAIL,      /* last name + e-mail */
	SELECTOR_PHONE,      /* last name + phone */
	SELECTOR_COUNT
};

const char *selector_words(enum selector selector); /* "Medicare number" */
bool selector_possible(
    enum selector selector, const struct field_values *values);
/* The best selector from `from` on that the values make possible;
 * SELECTOR_COUNT: none. */
enum selector selector_from(unsigned from, const struct field_values *values);
void request_search(struct str *out, const struct dialect *dialect,
    const char *agent_email, enum selector selector,
    const struct field_values *values, const char *birth_date_key);

#endif
