/* SPDX-License-Identifier: MIT */
/*
 * A tour over the practice data, for somebody who sees belay for the first
 * time: a line above the message line says what to do next, watches that it
 * happened, whichever key did it, and goes on; it ends at the first quote page.
 * It takes no key but its own, so it is never in the way.
 */
#ifndef DESK_TOUR_H
#define DESK_TOUR_H

#include <stdbool.h>

struct desk;
struct err;
struct str;

/* Begins it, ends it, or takes it up where it was ended. */
void tour_turn(struct desk *desk);
/* Whether there is one: only on the data of `belay demo`; else err. */
bool tour_may(const struct desk *desk, struct err *err);
/* Whether what was asked for has happened; after each key and event. */
void tour_look(struct desk *desk);
/* Appends what to do next; nothing while there is no tour. */
void tour_words(const struct desk *desk, struct str *out);

#endif
