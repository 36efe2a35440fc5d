/* SPDX-License-Identifier: MIT */
/*
 * Words that are nearly others, for those who look for a name that they do not
 * know how to write.
 */
#ifndef BASE_NEAR_H
#define BASE_NEAR_H

#include <limits.h>
#include <stdbool.h>

struct str;

#define NEAR_NOT INT_MAX
enum { NEAR_LEAST = 3, NEAR_MOST = 48 }; /* bytes of a folded word */

/* Whether anything can be near to a folded word: it has letters, and so many
 * that a slip is none of its own. */
bool near_possible(const char *folded);

/*
 * How far the word is from the nearest one of a text, which is folded into the
 * scratch: 0 when it stands there, NEAR_NOT when none is near. Near is what has
 * its letters in their order, the first one first, and at most twice as many
 * ("abrnthy"); or what differs by one letter, by two in seven and more, where
 * two that changed places are one; the beginning of a word as well.
 */
int near_text(struct str *scratch, const char *text, const char *folded);

#endif
