/* SPDX-License-Identifier: MIT */
/*
 * Is the contact that a search gave back ours? Pure.
 *
 * HealthSherpa gives one contact and cannot search by external_id, so another
 * person coming back proves nothing about ours. `external_id` is compared
 * byte for byte first, then the Medicare number, then names + birth date, and
 * where one side lacks the birth date, names + e-mail address or phone.
 */
#ifndef SYNC_MATCH_H
#define SYNC_MATCH_H

#include <stdbool.h>

#include "partner/reply.h"
#include "partner/request.h"

enum match {
	MATCH_OURS,      /* same external_id */
	MATCH_ADOPTABLE, /* no external_id there, surely the same person */
	MATCH_CONFLICT,  /* surely the same person, under another external_id */
	MATCH_ALIKE,     /* probably the same person: for a person to say */
	MATCH_OTHER,     /* another person */
};

enum match match_contact(
    const struct field_values *ours, const struct remote_contact *theirs);

/* Whether both names are the same, accents and case aside. */
bool match_same_names(
    const struct field_values *ours, const struct remote_contact *theirs);

/* Surely two persons: both sides have a first name and a birth date, and both
 * differ. */
bool match_differs(
    const struct field_values *ours, const struct remote_contact *theirs);

#endif
