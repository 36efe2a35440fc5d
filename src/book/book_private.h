/* SPDX-License-Identifier: MIT */
/* The inside of a book; shared by book*.c only. */
#ifndef BOOK_BOOK_PRIVATE_H
#define BOOK_BOOK_PRIVATE_H

#include <assert.h>

#include "base/clock.h"
#include "base/str.h"
#include "book/alike.h"
#include "book/book.h"
#include "book/config.h"
#include "book/contact.h"
#include "book/mapping.h"
#include "book/minted.h"
#include "book/overlay.h"
#include "book/person.h"
#include "book/repeats.h"
#include "source/records.h"

/* Of the results, which the file may hold in columns. */
enum book_result_kind {
	RESULT_ID,
	RESULT_QUOTE_URL,
	RESULT_SYNCED_AT,
	RESULT_COUNT
};

/* In place of a column: the bits of the fields that are left out. */
#define OVERLAY_LEFT_OUT (UINT32_MAX - 1)

/* One step of undo: a cell, or a field left out (column OVERLAY_LEFT_OUT). */
struct book_step {
	uint32_t row, column;
	char *before, *after; /* NULL: no value */
	uint32_t bits_before, bits_after;
	bool joined; /* with the step before: both are one for the user */
};

/* What the values of a date field told while loading. */
struct book_signs {
	uint32_t open[DATE_SIGNS];   /* where the mapping says nothing */
	uint32_t pinned[DATE_SIGNS]; /* where it gives the form */
	const char *form;            /* one that it gave; or NULL; borrowed */
	uint32_t column;             /* of the first value; RECORDS_NONE */
};

struct book {
	const struct config *config;
	const struct clock *clock;
	struct source *source;
	const struct records *records;
	struct mapping *mapping;
	uint32_t bound_columns;
	uint32_t file_columns; /* found in the file; set at its end */
	bool loaded, broken;
	bool unfit;                  /* broken by what does not fit the file */
	bool remapped;               /* by another mapping than at first */
	bool given;                  /* by book_remap(), not the format's own */
	bool surveyed;               /* only one row is here: */
	const struct records *again; /* its row 0; NULL before book_reach() */
	uint32_t again_row;

	struct date today;
	int64_t today_minute;

	/* found out while loading */
	uint32_t indexed;
	struct repeats ids, numbers; /* external_id, Medicare number */
	/* of rows without an ID in the file: who they are, edits included; what
	 * a save finds them by, as the file has it */
	struct repeats persons, keys;
	bool keys_outdated; /* birth dates are read in another order since */
	struct minted minted;
	/* for hints: IDs without regard to case, of those that have letters;
	 * e-mail address with birth date */
	struct alike folded_ids, couples;
	struct book_signs signs[FIELD_COUNT]; /* of dates */
	enum date_order orders[FIELD_COUNT];
	bool doubtful_serials; /* see rules_input */
	uint32_t long_ids, rounded_ids;

	struct overlay edits, results;
	struct book_step *steps;
	size_t step_count, step_room, step_at; /* step_at: done so far */
	uint64_t revision;

	uint32_t result_columns[RESULT_COUNT];
	char *result_names[RESULT_COUNT]; /* NULL: not written */

	struct book_save *save;
	struct book_save_report report;

	struct str raw, clean, id; /* scratch */
	struct str key;
	struct person person;
	struct str trimmed, folded;                  /* of queries */
	const char *(*status_word)(unsigned number); /* or NULL: any */
};

/* The cell as the file holds it, NULL: absent. The row is here. */
static inline const char *
book_raw_cell(const struct book *book, uint32_t row, uint32_t column)
{
	if (!book->surveyed)
		return records_cell(book->records, row, column);
	assert(book->again && row == book->again_row);
	return records_cell(book->again, 0, column);
}

/* False: all of the row is as the file holds it. */
static inline bool
book_may_be_changed(const struct book *book, uint32_t row)
{
	return overlay_has(&book->edits, row) ||
	       overlay_has(&book->results, row);
}

/* A reader of cells for the mapping; `context` is the book. */
const char *book_read_cell(void *context, uint32_t row, uint32_t column);
/* The same of the file: edits and results that are not saved do not count. */
const char *book_read_file_cell(void *context, uint32_t row, uint32_t column);

/* The cleaned value of one field, "" in `out` when none, without the cost of
 * the whole contact. What the rule gave before stands in book->raw. An ID of
 * ours counts, but with book_read_file_cell(): the file never has it. */
void book_clean_field(struct book *book, enum field field, uint32_t row,
    mapping_cell cell, struct str *out);
struct date book_today(struct book *book);
/* Puts ID and Medicare number of a row into the index. */
void book_index_row(struct book *book, uint32_t row);
/* How a row is seen; borrows the book, and `minted` to hold the row's ID. */
struct contact_view book_view(
    struct book *book, uint32_t row, char minted[MINTED_ID_SIZE]);
uint32_t book_left_out_bits(const struct book *book, uint32_t row);

/* In book.c. What the config's mapping is for a source; the caller frees. */
struct mapping *book_mapping_for(
    const struct config *config, const struct source *source);

/* In book_load.c. */
void book_forget_signs(struct book *book);
bool book_bind(struct book *book, bool complete, struct err *err);
/* The same with all that is wrong, one a line. */
bool book_bind_all(struct book *book, bool complete, struct str *problems);
/* Up to `rows` more; true while there are more. */
bool book_index_more(struct book *book, uint32_t rows);

/* In book_save.c. */
/* Puts what a save finds the row by into the index, as the file has it now.
 * `seen`: who it is by the file stands in book->person, if it has no ID. */
void book_index_key(struct book *book, uint32_t row, bool seen);
void book_save_abort(struct book *book);

#endif
