/* SPDX-License-Identifier: MIT */
/*
 * What a column of an export is like, for people who choose one: masked where
 * it is, or could be, somebody's number or birth date.
 */
#ifndef DESK_COLUMN_SAMPLE_H
#define DESK_COLUMN_SAMPLE_H

#include <stdbool.h>
#include <stdint.h>

#include "book/field.h"

struct proposal;
struct str;

/*
 * Appends its samples, joined by " | ". A value is masked as the field that the
 * column gives, or may give (`as`; FIELD_COUNT: none), asks. Of others it is
 * nobody's business (a portal's password, a spouse's birth date) but its shape,
 * unless few values come again and again ("Active", "Yes"). `mask` false: all
 * as they stand, but never Social Security numbers and passwords.
 */
void column_sample_add(const struct proposal *proposal, uint32_t number,
    enum field as, bool mask, struct str *out);

#endif
