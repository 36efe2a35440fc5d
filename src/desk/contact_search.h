/* SPDX-License-Identifier: MIT */
/*
 * Finding in the list of contacts: typed with live effect, the next and the one
 * before, a slice at a time. The cursor of the table goes to what is found.
 * When nobody has the words, it goes to who is nearest to them (near.h), and
 * that is said; the next ones are those that are as near.
 */
#ifndef DESK_CONTACT_SEARCH_H
#define DESK_CONTACT_SEARCH_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/lineedit.h"
#include "tui/table.h"

struct desk;
struct str;

enum { CONTACT_SEARCH_MAX = 256 };

/* How near a row of the table is to a folded text, NEAR_NOT when not at all. */
typedef int contact_search_near(
    void *context, size_t at, const char *folded, struct str *scratch);

struct contact_search {
	struct desk *desk;
	struct table *table;
	contact_search_near *near;
	void (*found)(void *context); /* the cursor has moved */
	void *context;
	char needle[CONTACT_SEARCH_MAX]; /* as typed */
	size_t from;                     /* where typing it began */
	bool working;                    /* not through all rows yet */
	bool missed;                     /* through all rows, and nobody */
	bool back;                       /* upwards */
	bool here;                       /* the cursor's row counted, too */
	int moves;                       /* of the list, since it began */
	bool waiting;  /* nobody of those that are read: for the others */
	size_t step;   /* rows looked at */
	bool nearing;  /* nobody has the words: looking for the nearest */
	bool near_set; /* found for this needle, so near: */
	int near_most;
	size_t near_at; /* the nearest so far, */
	int near_best;  /* so near */
	struct history history;
};

/* Borrows all. */
void contact_search_init(struct contact_search *search, struct desk *desk,
    struct table *table, contact_search_near *near,
    void (*found)(void *context), void *context);
void contact_search_release(struct contact_search *search);

/* Asks for the words. */
void contact_search_ask(struct contact_search *search);
/* The next one, or the one before; asks when there are no words yet. */
void contact_search_again(struct contact_search *search, bool back);
/* Goes on for a slice; true while it has not been through all rows. While the
 * file is being read it is through in vain only when that is over. */
bool contact_search_work(struct contact_search *search);
/*
 * The rows stand elsewhere, and the cursor has been put where it is now: what
 * is under way begins anew there; when that happens again and again, it is
 * stopped and said. `from` (SIZE_MAX: as before) is where the cursor was when
 * words were asked for.
 */
void contact_search_moved(struct contact_search *search, size_t from);
/* A key was pressed, or the rows are others: it is not gone on. */
void contact_search_stop(struct contact_search *search);

#endif
