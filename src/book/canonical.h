/* SPDX-License-Identifier: MIT */
/*
 * IDs that a CRM writes in more than one way, in the one way that belay keeps.
 * Each takes the text of `out` from `start` on; other texts stay as they are.
 */
#ifndef BOOK_CANONICAL_H
#define BOOK_CANONICAL_H

#include <stddef.h>

struct str;

/*
 * Salesforce shows 15 characters in reports and 18 elsewhere; the last three
 * say which of the 15 are capitals. Source: Salesforce's ID conversion.
 */
void canonical_salesforce(struct str *out, size_t start);
/* Zoho writes `zcrm_` and digits into files, digits alone elsewhere. */
void canonical_zoho(struct str *out, size_t start);

#endif
