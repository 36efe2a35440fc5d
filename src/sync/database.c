/* SPDX-License-Identifier: MIT */
#include "sync/database.h"

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

enum { BUSY_MS = 5000 };

static const char damaged[] = "is damaged";

struct database {
	sqlite3 *db;
	char *path;
	int code; /* of the last failure */
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
		    "%s the ledger %s: the disk is full; nothing more is sent "
		    "until there is room",
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

/* Made by us, so that it and SQLite's files beside it are closed to others. */
static bool
make_file(const char *path, struct err *err)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0)
		return err_errno(err, ERR_CREATE, "making the ledger %s", path);
	close(fd);
	return true;
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

struct database *
database_open(const char *path, bool read_only, struct err *err)
{
	struct database *database = mem_zalloc(sizeof(*database));
	int code;

	database->path = mem_strdup(path);
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
database_commit(struct database *database, struct err *err)
{
	if (database_run(database, "COMMIT", "writing", err))
		return true;
	database_rollback(database);
	return false;
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
