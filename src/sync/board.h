/* SPDX-License-Identifier: MIT */
/*
 * The board: one status per row of the book, one byte each, with counts.
 *
 * Computed in slices from the book and the ledger (stand.h); a run puts its
 * own words (queued, sending, waiting) over them while it works on a row.
 * A row that could not be sent is failed by its trouble, which the ledger
 * keeps, until it changes or is tried again.
 */
#ifndef SYNC_BOARD_H
#define SYNC_BOARD_H

#include <stdbool.h>
#include <stdint.h>

#include "book/contact.h"
#include "sync/fingerprint.h"
#include "sync/ledger.h"
#include "sync/stand.h"

struct book;
struct board;
struct elsewhere;
struct people;

/* Borrows all but `elsewhere`, which it frees. */
struct board *board_new(struct book *book, struct ledger *ledger,
    const struct people *people, struct elsewhere *elsewhere);
void board_free(struct board *board); /* NULL is fine */

/*
 * Whether another row of this book than the ledger's `except` has that
 * HealthSherpa ID; fills `holder`. One that left the book is none: its person
 * may be here under another ID. `book` NULL: every row of the ledger counts.
 */
bool board_find_holder(const struct ledger *ledger, struct book *book,
    const char *healthsherpa_id, uint32_t except, struct ledger_row *holder);

/* A row read whole: what a run needs to work on it. */
struct board_row {
	struct contact contact; /* contact_init() once, by the caller */
	struct field_values values;
	struct fingerprint print;
	struct stand stand;
	uint32_t ledger;       /* index, or LEDGER_NONE */
	char external_id[512]; /* "" when there is none */
	/* HealthSherpa's ID in the file, or "": none, or one that another
	 * environment gave (elsewhere.h) */
	char file_id[128];
	bool keeps_cell; /* that one stays in the file: nothing is put there */
	bool
	    changed[FIELD_COUNT]; /* what an update would send; a create: all */
	bool lists_open;          /* linked; a list is not sent as it is */
	bool lost;                /* linked, but the file lacks the ID */
	bool strange;             /* the ID in the file is new to the ledger */
	/* in review, and may be linked with others: see sync_similar() */
	bool similar;
};

/* How a row is looked at. */
struct board_terms {
	bool retry; /* refused rows are to be tried again */
	enum list_policy lists;
	bool all_lists; /* also those that HealthSherpa accepted as they are */
};

/* Whether an update sends the field; `hash` is of its value now. */
bool board_field_goes(const struct ledger_entry *entry, enum field field,
    uint64_t hash, const struct board_terms *terms);

void board_row_init(struct board_row *row);
void board_row_release(struct board_row *row);
/* `terms` NULL: as the config says, without trying again. */
void board_read(struct board *board, uint32_t number,
    const struct board_terms *terms, struct board_row *row);
/* The same for those who send nothing: the fingerprint is left out, which
 * takes as long as all the rest, unless there is one to compare it with. */
void board_look(struct board *board, uint32_t number,
    const struct board_terms *terms, struct board_row *row);

/* See sync_refresh(). Rows whose ID is missing in the file are noted. */
bool board_refresh(struct board *board, uint32_t rows);
/* All rows once more, and again when the book is loaded whole. */
void board_restart(struct board *board);
/* Computes one row's status anew now, unless a run holds it. */
void board_compute(struct board *board, uint32_t row);
/* The same from what has just been read of it. */
void board_note(
    struct board *board, uint32_t number, const struct board_row *row);
enum status board_status(const struct board *board, uint32_t row);
void board_counts(const struct board *board, uint32_t counts[STATUS_COUNT]);
/* Notes one more, whose ID the file lacks. */
void board_note_lost(struct board *board, uint32_t row);
/* Takes one of the noted rows; SYNC_NO_ROW when there is none left. */
uint32_t board_take_lost(struct board *board);

/* Rows whose HealthSherpa ID only the file knows: none of ours, or the ledger
 * has forgotten them. Once all are computed. */
uint32_t board_strange(const struct board *board);

/* See sync_lists_open(). */
uint32_t board_lists_open(const struct board *board);
bool board_has_lists_open(const struct board *board, uint32_t row);

/* See sync_similar(). */
uint32_t board_similar(const struct board *board);
bool board_is_similar(const struct board *board, uint32_t row);

/* A run takes a row, says what it does with it, and lets it go. */
void board_hold(struct board *board, uint32_t row, enum status status);
bool board_held(const struct board *board, uint32_t row);
void board_release(struct board *board, uint32_t row);

/* Keeps a copy, in place of an older one; nothing for a row without an ID. */
void board_set_trouble(
    struct board *board, uint32_t row, const struct trouble *trouble);
void board_clear_trouble(struct board *board, uint32_t row);
/* NULL when there is none; of this process or an earlier one. */
const struct trouble *board_trouble(const struct board *board, uint32_t row);

#endif
