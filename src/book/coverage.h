/* SPDX-License-Identifier: MIT */
/*
 * What the mapping in force gives over a whole book: how many contacts have a
 * value in each field, how many of those would not be sent, and what is wrong
 * with how many of them. Plain data, made in slices.
 */
#ifndef BOOK_COVERAGE_H
#define BOOK_COVERAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "book/field.h"
#include "book/finding.h"

struct book;
struct contact;

struct coverage_field {
	uint32_t filled;   /* the rule gives something */
	uint32_t sent;     /* and it would be sent */
	uint32_t left_out; /* and it would not */
	uint32_t blocked;  /* contacts that this field blocks */
};

struct coverage {
	uint32_t rows; /* looked at so far */
	uint32_t sendable, blocked;
	struct coverage_field fields[FIELD_COUNT];
	/* contacts with the finding, by field; FIELD_COUNT: the whole row */
	uint32_t found[FIELD_COUNT + 1][FINDING_CODE_COUNT];
};

/* Nothing looked at. */
void coverage_begin(struct coverage *coverage);
/* One more contact. */
void coverage_add(struct coverage *coverage, const struct contact *contact);
/*
 * Up to `rows` more of the book; `contact` is scratch. True while there are
 * more of those that were read so far.
 */
bool coverage_more(struct coverage *coverage, struct book *book,
    struct contact *contact, uint32_t rows);

/*
 * The findings of a field, worst first, then the most frequent; `number` from
 * 0. FINDING_CODE_COUNT when there are no more. `*count`: contacts with it.
 */
enum finding_code coverage_finding(const struct coverage *coverage,
    enum field field, unsigned number, uint32_t *count);

#endif
