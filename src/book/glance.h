/* SPDX-License-Identifier: MIT */
/*
 * Medicare at a glance: what a contact's birth date and effective dates say
 * today. Queries, the list and its order all take it from here. Pure.
 *
 * Dates come as they would be sent, YYYY-MM-DD; NULL, "" and anything else is
 * a date that is not known.
 *
 * The initial enrollment period is the month in which the person becomes 65,
 * the three months before and the three after: seven months (42 CFR 407.14).
 * Somebody comes of an age on the day before the birthday (20 CFR 404.2), so
 * who is born on the 1st becomes 65 in the month before, and all seven months
 * lie one earlier (medicare.gov, "When does Medicare coverage start?"). It
 * says when one may enroll because of age; disability is not known here.
 */
#ifndef BOOK_GLANCE_H
#define BOOK_GLANCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"

struct str;

struct glance_part {
	bool has;         /* in force today or before */
	bool later;       /* begins on `from`, after today */
	struct date from; /* of both */
};

struct glance {
	int age;     /* whole years; -1: not known */
	int64_t t65; /* days until the 65th birthday, 0: today; -1: none, the
		      * person is 65 already or the birth date not known */
	bool in_iep; /* today is in the initial enrollment period */
	struct glance_part a, b;
	struct date today;
};

/* Fills age, t65 and in_iep; a birth date after today is not known. */
void glance_birth(
    struct glance *glance, const char *birth, const struct date *today);
/* Fills a and b. */
void glance_parts(struct glance *glance, const char *part_a, const char *part_b,
    const struct date *today);

/* The parts in force today: "AB", "A", "B" or "". */
const char *glance_parts_word(const struct glance *glance);
/* "yes" or "no"; "" when the birth date is not known. */
const char *glance_iep_word(const struct glance *glance);

/*
 * Appends the parts for people, those to come with their date, or with the
 * year alone when that is a year or more ahead: "A, B Mar 1", "A, B 2028".
 * Nothing when no date is known.
 */
void glance_add_parts(const struct glance *glance, struct str *out);

#endif
