/* SPDX-License-Identifier: MIT */
/*
 * Runs and their rows, in the ledger.
 *
 * A row of a run rides along with what is committed anyway: it does not make
 * the groups of results smaller.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "sync/ledger_private.h"

static struct statement *
prepare(struct ledger *ledger, const char *sql)
{
	struct err ignored = ERR_INIT;

	return ledger->database
		   ? database_prepare(ledger->database, sql, &ignored)
		   : NULL;
}

/* Runs a change once. */
static bool
change(struct ledger *ledger, struct statement *statement)
{
	bool good = statement && ledger_finish(ledger, statement, true);

	statement_free(statement);
	return good;
}

bool
ledger_run_start(struct ledger *ledger, struct ledger_run *run)
{
	struct statement *insert;

	if (!ledger_begin(ledger))
		return false;
	insert = prepare(ledger,
	    "INSERT INTO run(started, ended, created, updated, unchanged,"
	    " blocked, failed, review, waiting, requests)"
	    " VALUES(?, 0, 0, 0, 0, 0, 0, 0, 0, 0)");
	if (insert)
		statement_put_number(insert, 1, run->started_ms);
	if (!change(ledger, insert))
		return false;
	run->number = database_number(
	    ledger->database, "SELECT last_insert_rowid()");
	return true;
}

bool
ledger_run_end(struct ledger *ledger, const struct ledger_run *run)
{
	struct statement *update;

	if (!ledger_begin(ledger))
		return false;
	update = prepare(ledger,
	    "UPDATE run SET ended=?, created=?, updated=?, unchanged=?,"
	    " blocked=?, failed=?, review=?, waiting=?, requests=?, outcome=?"
	    " WHERE number=?");
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
	statement_put_text(update, 10, run->outcome);
	statement_put_number(update, 11, run->number);
	return change(ledger, update);
}

static void
read_run(const struct statement *query, struct ledger_run *run)
{
	*run = (struct ledger_run){
	    .number = statement_number(query, 0),
	    .started_ms = statement_number(query, 1),
	    .ended_ms = statement_number(query, 2),
	    .created = (uint32_t)statement_number(query, 3),
	    .updated = (uint32_t)statement_number(query, 4),
	    .unchanged = (uint32_t)statement_number(query, 5),
	    .blocked = (uint32_t)statement_number(query, 6),
	    .failed = (uint32_t)statement_number(query, 7),
	    .review = (uint32_t)statement_number(query, 8),
	    .waiting = (uint32_t)statement_number(query, 9),
	    .requests = (uint64_t)statement_number(query, 10),
	};
	statement_copy_text(query, 11, run->outcome, sizeof(run->outcome));
}

#define RUN_COLUMNS                                                      \
	"number, started, ended, created, updated, unchanged, blocked, " \
	"failed, review, waiting, requests, "

unsigned
ledger_runs(struct ledger *ledger, struct ledger_run *out, unsigned most)
{
	struct statement *query = prepare(ledger,
	    "SELECT " RUN_COLUMNS "outcome FROM run"
	    " ORDER BY number DESC LIMIT ?");
	unsigned count = 0;

	/* one that only looks may meet a ledger of an earlier version */
	if (!query)
		query = prepare(ledger, "SELECT " RUN_COLUMNS "'' FROM run"
					" ORDER BY number DESC LIMIT ?");
	if (!query)
		return 0;
	statement_put_number(query, 1, most);
	while (count < most && statement_step(query) == STATEMENT_ROW)
		read_run(query, &out[count++]);
	statement_free(query);
	return count;
}

bool
ledger_store_run_row(
    struct ledger *ledger, int64_t run, const struct ledger_run_row *row)
{
	struct statement *store = ledger->store_run_row;

	if (!ledger_begin(ledger))
		return false;
	statement_put_number(store, 1, run);
	statement_put_text(store, 2, row->external_id);
	statement_put_text(store, 3, row->verb);
	statement_put_text(store, 4, row->status);
	statement_put_number(store, 5, row->http);
	statement_put_text(store, 6, row->healthsherpa_id);
	statement_put_text(store, 7, row->code);
	statement_put_text(store, 8, row->message);
	statement_put_number(store, 9, row->requests);
	statement_put_number(store, 10, row->at_ms);
	statement_put_number(store, 11, row->fields);
	return ledger_finish(ledger, store, false);
}

bool
ledger_store_decision(
    struct ledger *ledger, const struct ledger_run_row *decision)
{
	struct statement *insert;

	if (!ledger_begin(ledger))
		return false;
	insert = prepare(
	    ledger, "INSERT OR REPLACE INTO decision VALUES(?, ?, ?, ?)");
	if (!insert)
		return false;
	statement_put_text(insert, 1, decision->external_id);
	statement_put_number(insert, 2, decision->at_ms);
	statement_put_text(insert, 3, decision->decision);
	statement_put_text(insert, 4, decision->healthsherpa_id);
	return change(ledger, insert);
}

unsigned
ledger_decisions(struct ledger *ledger, const char *external_id,
    struct ledger_run_row *out, unsigned most)
{
	/* not there in a ledger of an earlier version */
	struct statement *query = prepare(ledger,
	    "SELECT at, decision, healthsherpa_id FROM decision"
	    " WHERE external_id=? ORDER BY at DESC LIMIT ?");
	unsigned count = 0;

	if (!query)
		return 0;
	statement_put_text(query, 1, external_id);
	statement_put_number(query, 2, most);
	while (count < most && statement_step(query) == STATEMENT_ROW) {
		struct ledger_run_row *row = &out[count++];

		memset(row, 0, sizeof(*row));
		str_copy(
		    row->external_id, sizeof(row->external_id), external_id);
		row->at_ms = statement_number(query, 0);
		statement_copy_text(
		    query, 1, row->decision, sizeof(row->decision));
		statement_copy_text(query, 2, row->healthsherpa_id,
		    sizeof(row->healthsherpa_id));
	}
	statement_free(query);
	return count;
}

static void
read_row(const struct statement *query, struct ledger_run_row *row)
{
	memset(row, 0, sizeof(*row));
	statement_copy_text(
	    query, 0, row->external_id, sizeof(row->external_id));
	statement_copy_text(query, 1, row->verb, sizeof(row->verb));
	statement_copy_text(query, 2, row->status, sizeof(row->status));
	row->http = (int)statement_number(query, 3);
	statement_copy_text(
	    query, 4, row->healthsherpa_id, sizeof(row->healthsherpa_id));
	statement_copy_text(query, 5, row->code, sizeof(row->code));
	statement_copy_text(query, 6, row->message, sizeof(row->message));
	row->requests = (unsigned)statement_number(query, 7);
	row->at_ms = statement_number(query, 8);
	row->run = statement_number(query, 9);
	row->fields = (uint32_t)statement_number(query, 10);
}

#define ROW_COLUMNS                                                         \
	"external_id, verb, status, http, healthsherpa_id, code, message, " \
	"requests, at, run, "

/* One that only looks may meet a ledger of an earlier version. */
static struct statement *
prepare_rows(struct ledger *ledger, const char *where)
{
	struct statement *query;
	char sql[400];

	snprintf(sql, sizeof(sql),
	    "SELECT " ROW_COLUMNS "fields FROM run_row WHERE %s", where);
	query = prepare(ledger, sql);
	if (query)
		return query;
	snprintf(sql, sizeof(sql),
	    "SELECT " ROW_COLUMNS "0 FROM run_row WHERE %s", where);
	return prepare(ledger, sql);
}

unsigned
ledger_contact_rows(struct ledger *ledger, const char *external_id,
    unsigned runs, struct ledger_run_row *out, unsigned most)
{
	struct statement *query = prepare_rows(ledger,
	    "run IN (SELECT number FROM run ORDER BY number DESC LIMIT ?)"
	    " AND external_id=? ORDER BY run DESC LIMIT ?");
	unsigned count = 0;

	if (!query)
		return 0;
	statement_put_number(query, 1, runs);
	statement_put_text(query, 2, external_id);
	statement_put_number(query, 3, most);
	while (count < most && statement_step(query) == STATEMENT_ROW)
		read_row(query, &out[count++]);
	statement_free(query);
	return count;
}

bool
ledger_run_rows(struct ledger *ledger, int64_t run,
    bool (*take)(void *context, const struct ledger_run_row *row),
    void *context)
{
	struct statement *query = prepare_rows(
	    ledger, "run=? ORDER BY at, external_id");
	struct ledger_run_row row;
	bool good = true;

	if (!query)
		return true;
	statement_put_number(query, 1, run);
	while (good && statement_step(query) == STATEMENT_ROW) {
		read_row(query, &row);
		good = take(context, &row);
	}
	statement_free(query);
	return good;
}

bool
ledger_purge(struct ledger *ledger, int64_t before_ms, unsigned *purged)
{
	/* the newest one stays, so that no number is given twice */
	struct statement *rows = prepare(ledger,
	    "DELETE FROM run_row WHERE run IN (SELECT number FROM run WHERE"
	    " started<? AND number<(SELECT max(number) FROM run))");
	struct statement *runs = prepare(ledger,
	    "DELETE FROM run WHERE started<? AND"
	    " number<(SELECT max(number) FROM run)");
	struct statement *decisions = prepare(
	    ledger, "DELETE FROM decision WHERE at<?");
	bool good = rows && runs && decisions && ledger_begin(ledger);

	*purged = 0;
	if (good) {
		statement_put_number(rows, 1, before_ms);
		statement_put_number(runs, 1, before_ms);
		statement_put_number(decisions, 1, before_ms);
		good = ledger_finish(ledger, decisions, false) &&
		       ledger_finish(ledger, rows, false) &&
		       ledger_finish(ledger, runs, false);
	}
	if (good)
		*purged = (unsigned)database_number(
		    ledger->database, "SELECT changes()");
	statement_free(rows);
	statement_free(runs);
	statement_free(decisions);
	return good;
}
