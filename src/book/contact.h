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
#include "book/mapping.h"
#include "book/rules.h"

#define CONTACT_FINDINGS_MAX 48
#define CONTACT_NO_COLUMN UINT32_MAX

struct contact_field {
	const char *value; /* what would be sent, normalised; NULL: nothing */
	const char *raw; /* the rule's result before cleaning; NULL: nothing */
	/* Where raw came from or, absent, would be put; CONTACT_NO_COLUMN: no
	 * single one. */
	uint32_t column;
	bool left_out; /* there is something, but it would not be sent */
};

struct contact {
	uint32_t row;
	struct contact_field fields[FIELD_COUNT];
	struct finding findings[CONTACT_FINDINGS_MAX];
	unsigned finding_count;
	bool blocked;    /* some finding is an error */
	char name[256];  /* "Last, First", for people; never empty ("row 17") */
	struct str text; /* owns the strings above */
	struct str raw, clean; /* scratch */
};

void contact_init(struct contact *contact);
void contact_release(struct contact *contact);

/* How a contact is seen; all borrowed for the call. */
struct contact_view {
	const struct mapping *mapping; /* bound */
	mapping_cell cell;
	void *context;
	struct date today;
	const enum date_order *orders; /* FIELD_COUNT of them */
	bool doubtful_serials;         /* see rules_input */
	uint32_t left_out;  /* a bit a field that the user leaves out */
	const char *minted; /* the ID of ours that the row has, or NULL */
	bool hold_warnings;
	bool needs_agent; /* no agent is named for all contacts (v1) */
};

/* Evaluates and cleans all fields of a row. */
void contact_make(
    struct contact *contact, uint32_t row, const struct contact_view *view);
/* Adds what only the book knows; an error blocks the contact. The finding may
 * be given a suggestion. */
struct finding *contact_add(struct contact *contact, enum finding_code code,
    enum field field, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The worst finding of a field, or NULL. */
const struct finding *contact_finding(
    const struct contact *contact, enum field field);

/*
 * A value for people: sensitive ones masked unless `reveal` (Medicare number
 * last four, birth date year only). Appends cleaned text.
 */
void contact_show_value(
    struct str *out, enum field field, const char *value, bool reveal);

#endif
