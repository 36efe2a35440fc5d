/* SPDX-License-Identifier: MIT */
/* Whether a contact is the one that somebody looks for, by typed words. */
#ifndef DESK_CONTACT_MATCH_H
#define DESK_CONTACT_MATCH_H

#include <stdbool.h>
#include <stdint.h>

struct book;
struct str;

/* Whether each word of a folded text stands in one of the row's columns; blanks
 * and commas are between them. */
bool contact_match(const struct book *book, uint32_t row, const char *folded);

/* Whether anybody can be near to such a text (near.h). */
bool contact_near_possible(const char *folded);
/* How far its words are from the row's; NEAR_NOT when one is not near. */
int contact_near(const struct book *book, uint32_t row, const char *folded,
    struct str *scratch);

#endif
