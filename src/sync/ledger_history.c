/* SPDX-License-Identifier: MIT */
/* Runs, in the ledger. */
#include <stdlib.h>

#include "base/err.h"
#include "sync/ledger_private.h"

bool
ledger_run_start(struct ledger *ledger, struct ledger_run *run)
{
	struct err ignored = ERR_INIT;
	struct statement *insert;
	bool good;

	if (!ledger_begin(ledger))
		return false;
	insert = database_prepare(ledger->database,
	    "INSERT INTO run VALUES(NULL, ?, 0, 0, 0, 0, 0, 0, 0, 0, 0)",
	    &ignored);
	if (!insert)
		return false;
	statement_put_number(insert, 1, run->started_ms);
	good = ledger_finish(ledger, insert);
	run->number = database_number(
	    ledger->database, "SELECT last_insert_rowid()");
	statement_free(insert);
	return good;
}

bool
ledger_run_end(struct ledger *ledger, const struct ledger_run *run)
{
	struct err ignored = ERR_INIT;
	struct statement *update;
	bool good;

	if (!ledger_begin(ledger))
		return false;
	update = database_prepare(ledger->database,
	    "UPDATE run SET ended=?, created=?, updated=?, unchanged=?,"
	    " blocked=?, failed=?, review=?, waiting=?, requests=?"
	    " WHERE number=?",
	    &ignored);
	if (!update)
		return false;
	statement_put_number(update, 1, run->ended_ms);
	statement_put_number(update, 2, run->created);
	statement_put_number(update, 3, run->updated);
	statement_put_number(update, 4, run->unchanged);
	statement_put_number(update, 5, run->blocked);
	statement_put_number(update, 6, run->failed);
	statement_put_number(update, 7, run->review);
	statement_put_number(update, 8, run->waiting);
	statement_put_number(update, 9, (int64_t)run->requests);
	statement_put_number(update, 10, run->number);
	good = ledger_finish(ledger, update);
	statement_free(update);
	return good;
}

unsigned
ledger_runs(struct ledger *ledger, struct ledger_run *out, unsigned most)
{
	struct err ignored = ERR_INIT;
	struct statement *statement = NULL;
	unsigned count = 0;

	if (ledger->database)
		statement = database_prepare(ledger->database,
		    "SELECT number, started, ended, created, updated,"
		    " unchanged, blocked, failed, review, waiting, requests"
		    " FROM run ORDER BY number DESC LIMIT ?",
		    &ignored);
	if (!statement)
		return 0;
	statement_put_number(statement, 1, most);
	while (count < most && statement_step(statement) == STATEMENT_ROW)
		out[count++] = (struct ledger_run){
		    .number = statement_number(statement, 0),
		    .started_ms = statement_number(statement, 1),
		    .ended_ms = statement_number(statement, 2),
		    .created = (uint32_t)statement_number(statement, 3),
		    .updated = (uint32_t)statement_number(statement, 4),
		    .unchanged = (uint32_t)statement_number(statement, 5),
		    .blocked = (uint32_t)statement_number(statement, 6),
		    .failed = (uint32_t)statement_number(statement, 7),
		    .review = (uint32_t)statement_number(statement, 8),
		    .waiting = (uint32_t)statement_number(statement, 9),
		    .requests = (uint64_t)statement_number(statement, 10),
		};
	statement_free(statement);
	return count;
}
