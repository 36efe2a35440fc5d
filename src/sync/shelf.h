/* SPDX-License-Identifier: MIT */
/*
 * The shelf: the state directories of all books, one per file, named by the
 * hash of its real path. In each a card, `book.json`: which file it is for, its
 * format, the names of its columns, how many records it had, when it was last
 * opened; or that the file continues the book of another directory, whose lock
 * and ledgers then serve both. The card holds nothing of any contact.
 */
#ifndef SYNC_SHELF_H
#define SYNC_SHELF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct book;
struct err;

/*
 * The directory that is the file's own, under `state_dir`; the caller frees.
 * Standard input has no path: there format and columns stand for it, so it is
 * to be read whole before.
 */
char *shelf_own(const char *state_dir, const struct book *book);
/* The same of a path that may be gone by now. */
char *shelf_own_of_path(const char *state_dir, const char *path);
/* Where lock and ledgers of a file are: its own directory, or that of the book
 * it continues. The caller frees. */
char *shelf_home(const char *own);
/* Whether there is anything of a book in the directory. */
bool shelf_has(const char *directory);

/* Writes what the book is now onto the card; decisions on it stay. */
bool shelf_describe(const char *directory, const struct book *book,
    int64_t now_ms, struct err *err);

/* Decides for a file: `home` is the book it continues; NULL: none, for good. */
bool shelf_decide(const char *own, const struct book *book, const char *home,
    struct err *err);
/* Whether the user said that the file continues no other book. */
bool shelf_is_separate(const char *own);

/*
 * The card also says which ledgers (environments) the directory has, and how
 * often each was synced with: a ledger that is gone, or an older copy put back
 * in its place, shows beside it.
 */
/* Whether there was a ledger of that name, as far as anything tells. */
bool shelf_had_ledger(const char *directory, const char *name);
/* How often it was synced with; 0: nothing is known. */
int64_t shelf_generation(const char *directory, const char *name);
/* Durable on return. */
bool shelf_set_generation(const char *directory, const char *name,
    int64_t generation, struct err *err);

/* A book of which the file looks like a newer export. */
struct shelf_older {
	char *directory; /* freed by shelf_older_release() */
	char *path;      /* of the file last opened for it */
	uint32_t known, sampled;
};
/*
 * Looks through the shelf, with some hundred IDs of the book: see lineage.h.
 * False when there is none, or there is doubt. Books in other environments
 * count too: where a file belongs is the same in all.
 */
bool shelf_find_older(
    const char *own, struct book *book, struct shelf_older *out);
void shelf_older_release(struct shelf_older *older);

#endif
