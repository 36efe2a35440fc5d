/* SPDX-License-Identifier: MIT */
/*
 * How a book's ledger is, without opening the book for syncing, and a new one
 * in place of one that cannot be used.
 *
 * A repair makes no second contact: the new ledger is marked as rebuilt
 * (ledger.h), so that everybody without an ID is looked up with all that the
 * row has, and nobody new is created before what was sent earlier must have
 * landed. The old one is kept beside it.
 */
#ifndef SYNC_REPAIR_H
#define SYNC_REPAIR_H

#include <stdbool.h>
#include <stdint.h>

struct book;
struct clock;
struct err;

enum ledger_health {
	LEDGER_NONE_YET, /* nothing was synced so far */
	LEDGER_SOUND,
	LEDGER_REBUILT, /* sound, but may have forgotten contacts */
	LEDGER_LOST,    /* there was one */
	LEDGER_OLDER,   /* an older copy was put back */
	LEDGER_DAMAGED,
	LEDGER_NEWER,      /* of a newer belay */
	LEDGER_UNREADABLE, /* its file, or its key, cannot be read */
};

struct ledger_sight {
	enum ledger_health health;
	char directory[4096]; /* of the book's state */
	char why[1024];       /* what is wrong with it, in words; or "" */
	uint32_t contacts, linked, doubtful, review;
};

/* Looks, and changes nothing. `state_dir` NULL: the usual place. */
void repair_look(
    const char *state_dir, struct book *book, struct ledger_sight *out);

struct repaired {
	bool needed;         /* else nothing was done */
	char aside[4096];    /* where the old one is; "": there was none */
	uint32_t from_file;  /* contacts linked by the ID in the file */
	uint32_t taken_over; /* that could still be read of the old one */
	bool readable;       /* the old one could be read */
};

/*
 * Sets a ledger aside that is damaged or of a newer belay and makes a new one,
 * with the links that the file has and what can still be read of the old one:
 * decisions, open doubts, links of rows whose ID is not in the file, whose the
 * IDs of belay's own are. One that is lost or older is only marked. The book is
 * loaded whole. ERR_HELD, ERR_IO, ERR_CREATE: the old one is where it was. One
 * that was cut off is gone on with.
 */
bool repair_ledger(const char *state_dir, struct book *book,
    const struct clock *clock, struct repaired *out, struct err *err);

/*
 * Ends a repair that was cut off between setting the old ledger aside and
 * putting the new one into its place; nothing, if there is none. Under the
 * lock, before the ledger of that name is opened for writing. ERR_IO.
 */
bool repair_finish(const char *directory, const char *name, struct err *err);

/*
 * Makes the first ledger of a book, loaded whole, whose IDs are known to be
 * belay's own: as if they had been synced from here. For the demo, which has
 * nobody else that could have put them there.
 */
bool repair_begin(const char *state_dir, struct book *book, struct err *err);

#endif
