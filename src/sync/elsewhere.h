/* SPDX-License-Identifier: MIT */
/*
 * The IDs that HealthSherpa gave this book's contacts in other environments.
 * Who has tried a file on staging has staging's IDs in it, and production knows
 * none of them: there they are as good as none. What tells is the ledgers of
 * the other environments, which are in the same directory.
 */
#ifndef SYNC_ELSEWHERE_H
#define SYNC_ELSEWHERE_H

#include "book/config.h"

struct elsewhere;

/* Reads nothing yet; the directory's name is copied. */
struct elsewhere *elsewhere_new(
    const char *directory, enum service_environment ours);
void elsewhere_free(struct elsewhere *elsewhere); /* NULL is fine */

enum elsewhere_place {
	ELSEWHERE_NOT,  /* no other environment gave it */
	ELSEWHERE_GAVE, /* a test environment did: it may be replaced */
	ELSEWHERE_STAYS /* production did: no test environment replaces it */
};

/*
 * Who gave this ID. The first call reads all IDs of the other ledgers (100,000
 * in about 50 ms), so ask only for what our own ledger does not know. A ledger
 * that cannot be read counts as empty: then a human is asked, as for any ID
 * that is not known.
 */
enum elsewhere_place elsewhere_find(
    struct elsewhere *elsewhere, const char *id);

#endif
