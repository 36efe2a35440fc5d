/* SPDX-License-Identifier: MIT */
/*
 * Why a contact is in review, in the words of the screen that asks about it:
 * one case for each code of sync/explain.h.
 */
#ifndef DESK_REVIEW_CASE_H
#define DESK_REVIEW_CASE_H

#include <stdbool.h>

struct row_status;

struct review_case {
	const char *code;
	const char *brief;        /* what was seen, for one line */
	const char *question;     /* for a person to answer */
	const char *their_crm_id; /* what is known of it there, or NULL */
	const char *their_number; /* as above, the Medicare number */
	const char *nobody;       /* in the place of a HealthSherpa ID */
	bool link_only;           /* linked: neither created nor left out */
	bool recognised;          /* not looked up: known from a sync before */
};

/* The one of a row in review; never NULL. */
const struct review_case *review_case(const struct row_status *status);

/*
 * Whom the row can be linked to, NULL when nobody is known: one that is gone,
 * or another row's, is not.
 */
const char *review_candidate(const struct row_status *status);

#endif
