/* SPDX-License-Identifier: MIT */
/* The inside of a ledger, for ledger.c and ledger_*.c. */
#ifndef SYNC_LEDGER_PRIVATE_H
#define SYNC_LEDGER_PRIVATE_H

#include "sync/database.h"
#include "sync/ledger.h"

struct roster;
struct troubles;

struct ledger {
	struct database *database; /* NULL: read-only and not there yet */
	struct statement *load, *store;
	struct statement *store_identity, *store_run_row;
	struct statement *store_trouble, *forget_trouble;
	char *path;
	uint8_t key[CRYPTO_KEY_SIZE];
	bool read_only, failed;
	unsigned staged;
	char failure[400];
	struct roster *roster;
	struct troubles *troubles;
	int64_t numbers[LEDGER_NUMBERS];
	/* in place of one that knew more; `marked`: as that or as forgetful;
	 * `waits`: nobody new is created until
	 * the settle time is over, counted from `rebuilt_at`, which is of this
	 * boot when `rebuilt_here` */
	bool marked, rebuilt, waits, rebuilt_here;
	int64_t rebuilt_at;
};

/* Opens a transaction when none is open; false when no change is taken. */
bool ledger_begin(struct ledger *ledger);
/* Runs a change and resets it; it is staged then. `counts`: it is one of those
 * of which so many are committed together; else it rides along. */
bool ledger_finish(
    struct ledger *ledger, struct statement *statement, bool counts);
/* What the ledger says of itself; at opening. */
void ledger_read_meta(struct ledger *ledger);
struct troubles *ledger_troubles_new(void);
void ledger_troubles_free(struct troubles *troubles); /* NULL is fine */
/* At opening. */
void ledger_read_troubles(struct ledger *ledger);
/* The mark of a ledger rebuilt at that time, as it is kept. */
void ledger_mark_text(char *out, size_t size, int64_t since);

#endif
