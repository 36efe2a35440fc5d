/* SPDX-License-Identifier: MIT */
/*
 * With a thread for the disk SQLite itself syncs only what keeps the log sound
 * (synchronous=NORMAL): its header when it begins anew, and log and file around
 * a checkpoint, which the thread makes by a connection of its own. COMMIT
 * writes frames, the thread syncs them. After a power cut the log ends at the
 * first frame that is not whole: what was reported durable is in front of it.
 *
 * The log begins anew only when all of it has been copied at the moment a
 * transaction begins: so none should begin while it is copied, or it grows.
 *
 * Hazards: the log is opened here a second time. That is harmless, since the
 * locks of SQLite are on its other two files: closing this descriptor takes
 * none away. Of the file itself no descriptor may be opened and closed while a
 * connection is open: that would. The kernel tells a failed write-back once to
 * each open descriptor, so it stays open, and a failure is final: later calls
 * may well succeed although pages were lost.
 */
#include "sync/database.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/defence.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/worker.h"

enum { BUSY_MS = 5000, CHECKPOINT_PAGES = 1000 };

static const char damaged[] = "is damaged";

struct database {
	sqlite3 *db;
	char *path;
	int code; /* of the last failure */
	/* puts commits on disk; NULL: they are durable by themselves */
	struct worker *worker;
	int log; /* file */
	int log_pages;
	int sync_error; /* errno; the thread's while it works */
	bool under_way; /* a commit */
	bool copies;    /* the log, with it */
};

struct statement {
	sqlite3_stmt *handle;
	struct database *database;
};

/* ---- what went wrong ------------------------------------------------- */

bool
database_damaged(
    const struct database *database, const char *why, struct err *err)
{
	return err_set(err, ERR_IO,
	    "the ledger %s %s (%s); 'belay doctor --repair' sets it aside and "
	    "makes a new one: contacts without an ID in the file are then "
	    "looked up at HealthSherpa before anything is created",
	    database->path, damaged, why);
}

bool
database_is_damage(const struct err *err)
{
	return err->kind == ERR_IO && strstr(err->text, damaged) != NULL;
}

static bool
explain(struct database *database, int code, const char *doing, struct err *err)
{
	const char *path = database->path;
	const char *why = database->db ? sqlite3_errmsg(database->db)
				       : sqlite3_errstr(code);

	switch (code & 0xff) {
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_FORMAT: return database_damaged(database, why, err);
	case SQLITE_FULL:
		return err_set(err, ERR_IO,
		    "%s the ledger %s: the disk is full; nothing more is sent: "
		    "make room, then open belay again",
		    doing, path);
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return err_set(err, ERR_HELD,
		    "%s the ledger %s: another program is using it", doing,
		    path);
	case SQLITE_CANTOPEN:
	case SQLITE_PERM:
	case SQLITE_READONLY:
		return err_set(err, ERR_CREATE,
		    "%s the ledger %s: %s; check "
		    "that the directory is yours and may be written",
		    doing, path, why);
	default:
		return err_set(
		    err, ERR_IO, "%s the ledger %s: %s", doing, path, why);
	}
}

bool
database_fail(struct database *database, const char *doing, struct err *err)
{
	return explain(database, database->code, doing, err);
}

/* ---- opening --------------------------------------------------------- */

/*
 * Made by us, so that it and SQLite's files beside it are closed to others. One
 * that is there is not touched: closing any descriptor of it would take the
 * locks away from a connection that this process has already.
 */
static bool
make_file(const char *path, struct err *err)
{
	int fd = open(
	    path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	struct stat info;

	if (fd >= 0) {
		close(fd);
		return true;
	}
	if (errno != EEXIST || lstat(path, &info) != 0)
		return err_errno(err, ERR_CREATE, "making the ledger %s", path);
	return !S_ISLNK(info.st_mode) ||
	       err_set(err, ERR_CREATE,
		   "the ledger %s is a link to another file; put the file "
		   "itself there",
		   path);
}

static bool
set_up(struct database *database, struct err *err)
{
	sqlite3_busy_timeout(database->db, BUSY_MS);
	sqlite3_extended_result_codes(database->db, 1);
	return database_run(database,
	    "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON;"
	    "PRAGMA foreign_keys=ON;",
	    "opening", err);
}

bool
database_be_durable(struct database *database, struct err *err)
{
	char *directory = mem_strndup(database->path,
	    (size_t)(file_name(database->path) - database->path));
	bool good = database_run(database,
	    !DEFENDED(SYNCED)
		? "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
		  "PRAGMA secure_delete=ON;"
	    : file_is_remote(*directory ? directory : ".")
		? "PRAGMA journal_mode=DELETE; PRAGMA synchronous=EXTRA;"
		  "PRAGMA secure_delete=ON;"
		: "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
		  "PRAGMA secure_delete=ON;",
	    "opening", err);

	free(directory);
	return good;
}

/* ---- commits by a thread --------------------------------------------- */

static int
count_pages(void *context, sqlite3 *db, const char *name, int pages)
{
	struct database *database = context;

	(void)db;
	(void)name;
	database->log_pages = pages;
	return SQLITE_OK;
}

/* On the thread. */
static void
sync_log(void *context)
{
	struct database *database = context;

	database->sync_error = fdatasync(database->log) == 0 ? 0 : errno;
}

/*
 * And then copies it into the file. What fails is tried again after the next
 * commit. The pragma reads the file first; sqlite3_wal_checkpoint_v2() does
 * nothing before that.
 */
static void
sync_and_copy_log(void *context)
{
	struct database *database = context;
	sqlite3 *db = NULL;

	sync_log(database);
	if (!database->sync_error &&
	    sqlite3_open_v2(database->path, &db,
		SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK)
		sqlite3_exec(
		    db, "PRAGMA wal_checkpoint(PASSIVE)", NULL, NULL, NULL);
	sqlite3_close(db);
}

static bool
has_log(struct database *database)
{
	struct err ignored = ERR_INIT;
	struct statement *statement = database_prepare(
	    database, "PRAGMA journal_mode", &ignored);
	bool log = statement && statement_step(statement) == STATEMENT_ROW &&
		   strcmp(statement_text(statement, 0), "wal") == 0;

	statement_free(statement);
	return log;
}

static bool
open_log(struct database *database, struct err *err)
{
	struct str path;

	str_init(&path, 8192);
	str_addf(&path, "%s-wal", database->path);
	database->log = open(path.data, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	str_release(&path);
	return database->log >= 0 ||
	       err_errno(err, ERR_IO, "opening the log of %s", database->path);
}

bool
database_commit_by_thread(struct database *database, struct err *err)
{
	if (!DEFENDED(SYNCED) || !has_log(database))
		return true;
	/* the log is made with the first transaction, be it empty */
	if (!database_run(
		database, "BEGIN IMMEDIATE; COMMIT", "opening", err) ||
	    !open_log(database, err))
		return false;
	database->worker = worker_new();
	if (!database->worker)
		return true; /* no thread to be had */
	sqlite3_wal_hook(database->db, count_pages, database);
	return database_run(
	    database, "PRAGMA synchronous=NORMAL", "opening", err);
}

struct database *
database_open(const char *path, bool read_only, struct err *err)
{
	struct database *database = mem_zalloc(sizeof(*database));
	int code;

	database->path = mem_strdup(path);
	database->log = -1;
	if (read_only || make_file(path, err)) {
		code = sqlite3_open_v2(path, &database->db,
		    SQLITE_OPEN_NOMUTEX | (read_only ? SQLITE_OPEN_READONLY
						     : SQLITE_OPEN_READWRITE),
		    NULL);
		if (code != SQLITE_OK)
			explain(database, code, "opening", err);
		else if (set_up(database, err))
			return database;
	}
	database_free(database);
	return NULL;
}

void
database_free(struct database *database)
{
	if (!database)
		return;
	worker_free(database->worker);
	if (database->log >= 0)
		close(database->log);
	sqlite3_close(database->db);
	free(database->path);
	free(database);
}

/* ---- statements ------------------------------------------------------ */

bool
database_run(struct database *database, const char *sql, const char *doing,
    struct err *err)
{
	int code = sqlite3_exec(database->db, sql, NULL, NULL, NULL);

	database->code = code;
	return code == SQLITE_OK || explain(database, code, doing, err);
}

int64_t
database_number(struct database *database, const char *sql)
{
	struct err ignored = ERR_INIT;
	struct statement *statement = database_prepare(database, sql, &ignored);
	int64_t number = -1;

	if (statement && statement_step(statement) == STATEMENT_ROW)
		number = statement_number(statement, 0);
	statement_free(statement);
	return number;
}

bool
database_begin(struct database *database, struct err *err)
{
	return database_run(database, "BEGIN IMMEDIATE", "writing", err);
}

bool
database_commit_start(struct database *database, struct err *err)
{
	if (!database_run(database, "COMMIT", "writing", err)) {
		database_rollback(database);
		return false;
	}
	if (!database->worker)
		return true;
	database->under_way = true;
	database->copies = database->log_pages >= CHECKPOINT_PAGES;
	worker_start(database->worker,
	    database->copies ? sync_and_copy_log : sync_log, database);
	return true;
}

bool
database_copies_log(const struct database *database)
{
	return database->under_way && database->copies;
}

bool
database_commit_done(
    struct database *database, bool wait, bool *done, struct err *err)
{
	int error;

	*done = !database->under_way ||
		worker_idle(database->worker, wait ? -1 : 0);
	database->under_way = !*done;
	error = *done ? database->sync_error : 0;
	if (!error)
		return true;
	if (error == ENOSPC || error == EDQUOT)
		return explain(database, SQLITE_FULL, "writing", err);
	errno = error;
	return err_errno(err, ERR_IO, "writing the ledger %s", database->path);
}

int
database_commit_fd(const struct database *database)
{
	return database->worker ? worker_fd(database->worker) : -1;
}

void
database_rollback(struct database *database)
{
	if (database_in_transaction(database))
		sqlite3_exec(database->db, "ROLLBACK", NULL, NULL, NULL);
}

bool
database_in_transaction(const struct database *database)
{
	return !sqlite3_get_autocommit(database->db);
}

bool
database_check(struct database *database, struct err *err)
{
	struct statement *statement = database_prepare(
	    database, "PRAGMA quick_check(1)", err);
	bool good = false;

	if (!statement)
		return false;
	if (statement_step(statement) != STATEMENT_ROW)
		database_fail(database, "checking", err);
	else if (strcmp(statement_text(statement, 0), "ok") == 0)
		good = true;
	else
		database_damaged(database, statement_text(statement, 0), err);
	statement_free(statement);
	return good;
}

/* ---- queries --------------------------------------------------------- */

struct statement *
database_prepare(struct database *database, const char *sql, struct err *err)
{
	struct statement *statement = mem_zalloc(sizeof(*statement));
	int code = sqlite3_prepare_v2(
	    database->db, sql, -1, &statement->handle, NULL);

	statement->database = database;
	database->code = code;
	if (code == SQLITE_OK)
		return statement;
	explain(database, code, "reading", err);
	statement_free(statement);
	return NULL;
}

void
statement_free(struct statement *statement)
{
	if (!statement)
		return;
	sqlite3_finalize(statement->handle);
	free(statement);
}

void
statement_put_text(struct statement *statement, int place, const char *text)
{
	sqlite3_bind_text(statement->handle, place, text, -1, SQLITE_STATIC);
}

void
statement_put_number(struct statement *statement, int place, int64_t number)
{
	sqlite3_bind_int64(statement->handle, place, number);
}

void
statement_put_bytes(
    struct statement *statement, int place, const void *bytes, size_t len)
{
	sqlite3_bind_blob(
	    statement->handle, place, bytes, (int)len, SQLITE_TRANSIENT);
}

enum statement_step
statement_step(struct statement *statement)
{
	int code = sqlite3_step(statement->handle);

	statement->database->code = code;
	return code == SQLITE_ROW    ? STATEMENT_ROW
	       : code == SQLITE_DONE ? STATEMENT_DONE
				     : STATEMENT_FAILED;
}

void
statement_reset(struct statement *statement)
{
	sqlite3_reset(statement->handle);
}

const char *
statement_text(const struct statement *statement, int column)
{
	const unsigned char *text = sqlite3_column_text(
	    statement->handle, column);

	return text ? (const char *)text : "";
}

void
statement_copy_text(
    const struct statement *statement, int column, char *out, size_t size)
{
	str_copy(out, size, statement_text(statement, column));
}

int64_t
statement_number(const struct statement *statement, int column)
{
	return sqlite3_column_int64(statement->handle, column);
}

const void *
statement_bytes(const struct statement *statement, int column, size_t *len)
{
	const void *bytes = sqlite3_column_blob(statement->handle, column);

	*len = bytes ? (size_t)sqlite3_column_bytes(statement->handle, column)
		     : 0;
	return bytes;
}
