/* SPDX-License-Identifier: MIT */
/*
 * The persons behind rows without an ID: recognised when the book has been
 * loaded whole, given an ID of belay's own at their first sync.
 *
 * Whom an ID belongs to is in the ledger (identity.h) before, or together with,
 * the INTENT of its row, so that no create can leave whose row is not known
 * again after a crash. Rows that a person must confirm (recognise.h) keep what
 * was found beside them; they have no ID until then.
 *
 * Rows with an ID of the CRM's that the ledger does not know are looked at too:
 * an export that has IDs now brings the same people. They are always asked
 * about; when confirmed, the contact moves under the CRM's ID.
 */
#ifndef SYNC_PEOPLE_H
#define SYNC_PEOPLE_H

#include <stdbool.h>
#include <stdint.h>

#include "sync/recognise.h"

struct book;
struct clock;
struct err;
struct ledger;
struct people;

struct people *people_new(struct book *book, struct ledger *ledger,
    const struct clock *clock, bool read_only);
void people_free(struct people *people); /* NULL is fine */

/* Recognises, some rows or one round at a time; true while there is more to
 * do. Nothing before the book is loaded. A file that cannot be read again
 * (book_reach()) breaks it off with an error in `*err`. */
bool people_work(struct people *people, uint32_t rows, struct err *err);

/* All rows are seen otherwise from now on (book_remap()): recognised anew once
 * the book is loaded, but those that have their ID. */
void people_restart(struct people *people);

/* What a person must say about a row. */
struct asked {
	uint32_t row;
	enum recognised how; /* BY_WAY or MANY */
	unsigned way;        /* BY_WAY */
	bool other_name;     /* BY_WAY: under another name */
	/* BY_WAY: of whom it was recognised as */
	char external_id[MINTED_ID_SIZE];
};
/* NULL when there is nothing to say. */
const struct asked *people_asked(const struct people *people, uint32_t row);
/* All of them, ascending by row. */
const struct asked *people_all_asked(
    const struct people *people, size_t *count);

/* All of these stage their change in the ledger; false when it takes none. */

/* Gives the row an ID of ours, if it needs one and nothing is asked. */
bool people_mint(struct people *people, uint32_t row);
/* The row is the person of that ID: BY_WAY confirmed, or said by a person. */
bool people_attach(
    struct people *people, uint32_t row, const char *external_id);
/* The row is none of them: a person of its own, as if never seen. */
bool people_part(struct people *people, uint32_t row);

/* A row was edited: once that is saved, its person is known by it. */
void people_changed(struct people *people, uint32_t row);
/* Stages those whose edits are saved. Cheap when there are none. */
void people_refresh(struct people *people);

#endif
