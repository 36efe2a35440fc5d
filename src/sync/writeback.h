/* SPDX-License-Identifier: MIT */
/*
 * Results into the source: put into the book as they come, saved in steps,
 * every 500 of them (or a sixteenth of a large book), after 5 s of rest, and
 * at the end. The ledger is committed first, the file second: what is cut off
 * between them is put in again at the next start.
 */
#ifndef SYNC_WRITEBACK_H
#define SYNC_WRITEBACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct book;
struct clock;
struct err;
struct ledger;
struct writeback;
struct ledger_entry;

/* Borrows all. `backup_dir`: where replaced versions are kept. */
struct writeback *writeback_new(struct book *book, struct ledger *ledger,
    const struct clock *clock, const char *backup_dir);
void writeback_free(struct writeback *writeback); /* NULL is fine */

/* Puts what the file lacks of a linked row's results; nothing when it has all
 * that it should have. */
void writeback_put(struct writeback *writeback, uint32_t row,
    const struct ledger_entry *entry, const char *file_id);

/* The external_ids whose results are not in the file; the caller frees each and
 * the array. */
char **writeback_pending(const struct writeback *writeback, size_t *count);

/* Monotonic time of the next save; INT64_MAX: none is due. 0: now. */
int64_t writeback_due(const struct writeback *writeback);
bool writeback_saving(const struct writeback *writeback);

enum writeback_step {
	WRITEBACK_IDLE,  /* nothing to do now */
	WRITEBACK_MORE,  /* call again soon */
	WRITEBACK_KEPT,  /* the file cannot take them: the ledger keeps them */
	WRITEBACK_SAVED, /* the file is saved; the ledger has marks to commit */
	WRITEBACK_FAILED, /* the error says why; tried again with more results
			   */
};
/* One step. `now_due`: save what there is without waiting. */
enum writeback_step writeback_step(
    struct writeback *writeback, bool now_due, struct err *err);
/* After WRITEBACK_SAVED: a sentence on the results that did not go in (changed
 * or removed there meanwhile, or refused), "" when all did. */
const char *writeback_left_out(const struct writeback *writeback);

#endif
