/* SPDX-License-Identifier: MIT */
/*
 * Who a row is, when it has no ID: the values by which the same person is
 * known again in another version of the file. Pure; the texts are as sensitive
 * as the values, so they stay in memory (sync/identity.h hashes them).
 */
#ifndef BOOK_PERSON_H
#define BOOK_PERSON_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct contact_view;

enum person_part {
	PERSON_NUMBER, /* the Medicare number */
	PERSON_EMAIL,
	PERSON_PHONE,
	PERSON_BIRTH_DATE,
	PERSON_FIRST_NAME,
	PERSON_LAST_NAME,
	PERSON_PARTS
};

/* Ways to know a person again, the surest first. Families share addresses and
 * phones, so these count only beside a birth date or the whole name. */
enum person_way {
	PERSON_BY_NUMBER,
	PERSON_BY_EMAIL_AND_BIRTH,
	PERSON_BY_PHONE_NAME_AND_BIRTH,
	PERSON_BY_EMAIL_AND_NAME,
	PERSON_BY_PHONE_AND_NAME,
	PERSON_WAYS
};

struct person {
	struct str part[PERSON_PARTS]; /* cleaned, folded; "": unknown */
	struct str raw, clean;         /* scratch */
};

void person_init(struct person *person);
void person_release(struct person *person);

/*
 * Fills it with what the row says. Values that are odd (a filler, another
 * shape) are left out, since more than one person may have them; names stay.
 */
void person_see(
    struct person *person, uint32_t row, const struct contact_view *view);

/* The text of one way, to be compared whole; false when the row lacks a part
 * of it. `out` is reset. */
bool person_key(
    const struct person *person, enum person_way way, struct str *out);
/* All parts together; false when there is nothing at all. */
bool person_whole(const struct person *person, struct str *out);
/* First and last name; false when there is neither. */
bool person_name(const struct person *person, struct str *out);
/* Any of the ways can be gone. */
bool person_has_way(const struct person *person);

/* Case, accents and runs of blanks make no other name; appends. */
void person_fold_name(struct str *out, const char *name);

#endif
