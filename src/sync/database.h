/* SPDX-License-Identifier: MIT */
/*
 * A database file of ours; SQLite behind it. The one place that knows SQLite:
 * what is kept in the ledger (ledger.h) says so in SQL, and failures come back
 * as sentences for an agent.
 *
 * Writing is durable after a commit: WAL, and on network file systems, which
 * give no shared memory, a rollback journal. Readers and one
 * writer do not wait for each other.
 */
#ifndef SYNC_DATABASE_H
#define SYNC_DATABASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct database;
struct err;
struct statement;

/*
 * Opens the file; one that is missing is made (0600), unless `read_only`: then
 * it must be there. What is wrong may show only with the first statement.
 * ERR_IO (damaged, or the disk), ERR_CREATE, ERR_HELD (another program has it).
 */
struct database *database_open(
    const char *path, bool read_only, struct err *err);
/* Before anything is written, once it is known to be ours: the way of writing
 * is kept in the file itself. */
bool database_be_durable(struct database *database, struct err *err);
/* From now on a thread puts commits on disk, and copies the log into the file
 * now and then. Where there is no log, or no thread to be had, commits are
 * durable at their start, as they were. ERR_IO. */
bool database_commit_by_thread(struct database *database, struct err *err);
void database_free(struct database *database); /* NULL is fine */

/* Runs statements that give no rows; `doing`: "opening", for the message. */
bool database_run(struct database *database, const char *sql, const char *doing,
    struct err *err);
/* The first number that the statement gives; -1 when it gives none. */
int64_t database_number(struct database *database, const char *sql);
/* Says what went wrong last; always false. */
bool database_fail(
    struct database *database, const char *doing, struct err *err);
/* It is none of ours, or says what it cannot: ERR_IO with the way out; always
 * false. */
bool database_damaged(
    const struct database *database, const char *why, struct err *err);
/* Whether an error of database_open() or of a statement says that it is
 * damaged. */
bool database_is_damage(const struct err *err);

bool database_begin(struct database *database, struct err *err);
/* Nothing is open after either. What was committed is durable when
 * database_commit_done() says so; none is under way before. The next
 * transaction may begin meanwhile. */
bool database_commit_start(struct database *database, struct err *err);
void database_rollback(struct database *database);
/* False: it failed, and so will all that follow. `*done`: nothing is under way
 * any more. `wait`: it is not. */
bool database_commit_done(
    struct database *database, bool wait, bool *done, struct err *err);
/* Whether the commit under way copies the log, too: the next transaction
 * should wait for its end. */
bool database_copies_log(const struct database *database);
/* Readable when database_commit_done() has something to say; -1: never. */
int database_commit_fd(const struct database *database);
bool database_in_transaction(const struct database *database);

/* Goes through the whole file (quick_check). ERR_IO. */
bool database_check(struct database *database, struct err *err);

/* ---- statements ----------------------------------------------------- */

/* NULL when it cannot be prepared: ERR_IO. Freed before the database. */
struct statement *database_prepare(
    struct database *database, const char *sql, struct err *err);
void statement_free(struct statement *statement); /* NULL is fine */

/* Places count from 1. Texts are borrowed until statement_reset(),
 * bytes are copied. */
void statement_put_text(
    struct statement *statement, int place, const char *text);
void statement_put_number(
    struct statement *statement, int place, int64_t number);
void statement_put_bytes(
    struct statement *statement, int place, const void *bytes, size_t len);

enum statement_step { STATEMENT_ROW, STATEMENT_DONE, STATEMENT_FAILED };
enum statement_step statement_step(struct statement *statement);
/* Ready to be run again; values stay. */
void statement_reset(struct statement *statement);

/* Columns count from 0; of the row that statement_step() gave. */
void statement_copy_text(
    const struct statement *statement, int column, char *out, size_t size);
/* Borrowed until the next step; "" when there is none. */
const char *statement_text(const struct statement *statement, int column);
int64_t statement_number(const struct statement *statement, int column);
const void *statement_bytes(
    const struct statement *statement, int column, size_t *len);

#endif
