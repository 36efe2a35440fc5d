/* SPDX-License-Identifier: MIT */
/*
 * A book: all contacts of one source, with the mapping, the user's edits
 * (undo, redo, save) and the results put into it.
 *
 * The book owns its source and records; the config is borrowed and outlives
 * it. Rows count from 0 and never move.
 */
#ifndef BOOK_BOOK_H
#define BOOK_BOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "book/contact.h"
#include "source/records.h" /* RECORDS_NONE; rows and columns to look at */
#include "source/source.h"  /* enum source_progress */

struct clock;
struct config;
struct book;
struct err;
struct mapping;
struct person;
struct str;

/* `path` NULL: config->contacts. ERR_NO_INPUT, ERR_DATA, ERR_CONFIG. */
struct book *book_open(const struct config *config, const char *path,
    const struct clock *clock, struct err *err);
/*
 * What `status` may be in a query on this book, which does not know it by
 * itself: `word` gives one after the other from 0 on, then NULL. Until it is
 * said any word may be.
 */
void book_name_statuses(
    struct book *book, const char *(*word)(unsigned number));
void book_free(struct book *book); /* NULL is fine; unsaved edits are lost */

/*
 * Reads on; see source_load(). The mapping is bound when the header is known;
 * names that fit no column are ERR_CONFIG with their places (all of them).
 * At SOURCE_DONE repeated IDs and Medicare numbers are known.
 */
enum source_progress book_load(
    struct book *book, uint32_t rows, struct err *err);
/* book_load() until done. */
bool book_load_all(struct book *book, struct err *err);
/*
 * The same for a file too big to be kept: only what is known of all rows
 * together stays, 30 to 50 bytes a row (IDs and Medicare numbers as hashes).
 * The text of a row is there again after book_reach(), until the next one.
 * Only looking is possible then: no edits, no results, no saving. Not for a
 * book that mints IDs (below): whom a row without one is, others tell.
 */
bool book_survey(struct book *book, struct err *err);
/* Makes a row one that can be looked at; at once unless the book was surveyed:
 * see source_again(). */
bool book_reach(struct book *book, uint32_t row, struct err *err);
bool book_loaded(const struct book *book);
/* Set once loading has failed: nothing may be sent or saved then. */
bool book_broken(const struct book *book);
/*
 * It is broken only because mapping or result columns do not fit the file
 * (ERR_CONFIG): book_load() may be called further and reads what there is to
 * look at, but the book is never loaded whole, until book_remap() mends it.
 */
bool book_unfit(const struct book *book);
/*
 * Whether the mapping and the result columns of another config would fit the
 * file, as far as its columns are known. All that does not is added to
 * `problems`, one a line, with the place where there is one.
 */
bool book_fits(
    const struct book *book, const struct config *config, struct str *problems);

uint32_t book_count(const struct book *book);
const struct source *book_source(const struct book *book);
const struct records *book_records(const struct book *book);
const struct config *book_config(const struct book *book);
/* The config's mapping, or the one of columns named as fields. Borrowed. */
const struct mapping *book_mapping(const struct book *book);

/* Whether anything says which columns give ID and names: the config, a mapping
 * put in force since, or the columns' own names. Once the header is known. */
bool book_is_mapped(const struct book *book);
/*
 * Sees all rows through another mapping from now on (copied, bound here; NULL:
 * what the config says), with the config's result columns as they are now. What
 * is known of all rows together is found out anew: the book counts as not
 * loaded until book_load() has gone through them. ERR_CONFIG when it names
 * columns that are not there, ERR_USAGE during a save; then nothing changed.
 */
bool book_remap(
    struct book *book, const struct mapping *mapping, struct err *err);

/* The cell as it stands, edits included; NULL: absent. Borrowed until the
 * next edit. */
const char *book_cell(const struct book *book, uint32_t row, uint32_t column);
/* The line of the file, from 1, where the row starts. */
uint32_t book_line(const struct book *book, uint32_t row);

/* Sees a row through the mapping; `contact` was initialised once. */
void book_contact(struct book *book, uint32_t row, struct contact *contact);
/* The same as if the cell held `text`: what typing it would give. */
void book_contact_with(struct book *book, uint32_t row, uint32_t column,
    const char *text, struct contact *contact);

/* A cell of ASCII letters and digits only, which a name is as it stands: what
 * book_field() gives, or raw when that is "", at a tenth of the cost. NULL: the
 * name has to be asked for. */
const char *book_plain_name(
    const struct book *book, uint32_t row, enum field field);
/* One field as it would be sent, "" when there is nothing, without the cost of
 * the whole contact: who leaves it out is not asked. `*raw` (may be NULL): what
 * the rule gives before cleaning. Both are borrowed until the next call. */
const char *book_field(
    struct book *book, uint32_t row, enum field field, const char **raw);

/* The external_id of a row, canonical, or NULL; borrowed until the next call.
 */
const char *book_external_id(struct book *book, uint32_t row);
/* The row of an external_id or of "row:17"; RECORDS_NONE when there is none.
 * Only once everything is loaded. */
uint32_t book_find(struct book *book, const char *external_id);
/* Whether the file itself has the column; a record of keys may be given others.
 * Once all is read. */
bool book_is_from_file(const struct book *book, uint32_t column);
/* Whether the column is one that results are put into. */
bool book_is_result(const struct book *book, uint32_t column);
/* The HealthSherpa ID in the file's result column, or NULL. */
const char *book_result_id(const struct book *book, uint32_t row);

/* ---- rows without an ID ------------------------------------------------ */

/* What was odd about the file as a whole: source_notes(), and an "id" that is
 * not read as one. Lines, each with its end. */
void book_notes(struct book *book, struct str *out);
/* Whether they get one of ours (mapping_mints()) instead of being blocked. */
bool book_mints(const struct book *book);
/* The row has no ID, neither in the file nor of ours, and may get one. */
bool book_needs_id(struct book *book, uint32_t row);
/* Puts an ID of ours (minted.h) onto a row, in memory: it is never written
 * into the source. From then on the row is like any other. It shows only while
 * the file gives none. */
void book_attach_id(struct book *book, uint32_t row, const char *id);
/* Whether book_attach_id() gave it one, shown or not. */
bool book_has_minted(const struct book *book, uint32_t row);
/* Takes them all off again. */
void book_detach_ids(struct book *book);
/* Who the row is, by what the file holds (edits that are not saved do not
 * count). */
void book_person(struct book *book, uint32_t row, struct person *person);

/* ---- edits ------------------------------------------------------------ */

/* One edit of one cell, one step of undo. ERR_USAGE for a result column,
 * text over 64 KiB or control characters other than newline. */
bool book_set(struct book *book, uint32_t row, uint32_t column,
    const char *text, struct err *err);
/* The same of several cells of a row, one step of undo together; nothing is
 * changed when one of them cannot be. `*changed`: how many are others now. */
bool book_set_row(struct book *book, uint32_t row, const uint32_t *columns,
    const char *const *texts, size_t count, unsigned *changed, struct err *err);
/* Rows touched by the last undo/redo; RECORDS_NONE when there was nothing. */
uint32_t book_undo(struct book *book);
uint32_t book_redo(struct book *book);
/* How many steps book_undo() could go back. */
size_t book_undo_steps(const struct book *book);
/* The row that the next undo (`back`) or redo will touch, or RECORDS_NONE. */
uint32_t book_undo_row(const struct book *book, bool back);
/* Cells that differ from the file because of edits. */
size_t book_unsaved(const struct book *book);
bool book_edited(const struct book *book, uint32_t row, uint32_t column);
/* Counts up with every edit, undo and redo. */
uint64_t book_revision(const struct book *book);

/* Leaves a value out when sending ("x"), or takes that back; part of undo,
 * not saved. */
void book_leave_out(
    struct book *book, uint32_t row, enum field field, bool out);
bool book_left_out(const struct book *book, uint32_t row, enum field field);

/* ---- reading the file again ---------------------------------------------- */

/*
 * The row of `to`, a later reading of the same file, that is `row` of `from`:
 * by the ID that the file had for it; without one, or when more rows have it,
 * by its cells, from `expected` on, which is behind the row found last;
 * RECORDS_NONE: it is gone.
 */
uint32_t book_same_row(
    struct book *to, struct book *from, uint32_t row, uint32_t expected);

struct book_carried {
	size_t edits;     /* that stand again, each one step of undo */
	size_t already;   /* the file says so by now */
	size_t conflicts; /* the cell was changed outside: theirs is kept */
	size_t vanished;  /* the row or the column is gone */
	char first[200];  /* what was not carried first, and why; or "" */
};
/* Puts the unsaved edits and the values left out of `from` into `to`; rows[r]
 * is where row r is there. */
void book_carry(struct book *to, struct book *from, const uint32_t *rows,
    struct book_carried *out);

/* ---- results ----------------------------------------------------------- */

/* What a sync gives back for a row; NULL members stay as they are. Kept in
 * memory until book_save_*() puts it into the file. */
struct book_result {
	const char *healthsherpa_id;
	const char *quote_url;
	const char *synced_at; /* RFC 3339 */
};
void book_put_result(
    struct book *book, uint32_t row, const struct book_result *result);
size_t book_results_unsaved(const struct book *book);
/* Drops those that are not in the file: they are another ledger's. */
void book_forget_results(struct book *book);

/*
 * Saves edits (when `edits`) and results into the source, in steps as
 * source_save_*(). `backup_dir` may be NULL. After SOURCE_DONE,
 * book_save_report() tells what did not go in.
 */
bool book_save_start(
    struct book *book, bool edits, const char *backup_dir, struct err *err);
enum source_progress book_save_step(struct book *book, struct err *err);
bool book_saving(const struct book *book);
/* Start and all steps. */
bool book_save(
    struct book *book, bool edits, const char *backup_dir, struct err *err);

struct book_save_report {
	size_t applied, already, conflicts, vanished, refused;
	char first[200]; /* what did not go in first, and why; or "" */
};
const struct book_save_report *book_save_report(const struct book *book);
/* Whether the row's result is in the file (last save). */
bool book_result_saved(const struct book *book, uint32_t row);

#endif
