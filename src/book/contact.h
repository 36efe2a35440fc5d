/* SPDX-License-Identifier: MIT */
/*
 * A contact: a record seen through the mapping. Made on demand into a struct
 * that is reused; nothing of it is kept per row.
 */
#ifndef BOOK_CONTACT_H
#define BOOK_CONTACT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "book/field.h"
#include "book/finding.h"

#define CONTACT_FINDINGS_MAX 48
#define CONTACT_NO_COLUMN UINT32_MAX

struct contact_field {
	const char *value; /* what would be sent, normalised; NULL: nothing */
	const char *raw;   /* the rule's result before cleaning; NULL: nothing */
	/* Where raw came from or, absent, would be put; CONTACT_NO_COLUMN: no
	 * single one. */
	uint32_t column;
	bool left_out;     /* there is something, but it would not be sent */
};

struct contact {
	uint32_t row;
	struct contact_field fields[FIELD_COUNT];
	struct finding findings[CONTACT_FINDINGS_MAX];
	unsigned finding_count;
	bool blocked; /* some finding is an error */
	char name[256]; /* "Last, First", for people; never empty ("row 17") */
	struct str text; /* owns the strings above */
};

void contact_init(struct contact *contact);
void contact_release(struct contact *contact);

/* The worst finding of a field, or NULL. */
const struct finding *contact_finding(
    const struct contact *contact, enum field field);

/*
 * A value for people: sensitive ones masked unless `reveal` (Medicare number
 * last four, birth date year only). Appends cleaned text.
 */
void contact_show_value(struct str *out, enum field field, const char *value,
    bool reveal);

#endif
