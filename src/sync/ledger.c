/* SPDX-License-Identifier: MIT */
/*
 * SQLite keeps the truth; the roster keeps in memory what every row's status
 * needs.
 *
 * Hazard: a failed COMMIT leaves memory ahead of the disk, so `failed` is for
 * ever.
 */
#include "sync/ledger.h"

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
#include "sync/ledger_key.h"
#include "sync/roster.h"

enum {
	APPLICATION_ID = 0x42454c59, /* "BELY" */
	VERSION = 2,                 /* 2: identities */
	BUSY_MS = 5000,
	IDENTITY_HASHES = 2 + PERSON_WAYS,
};

struct ledger {
	sqlite3 *db; /* NULL: read-only and not there yet */
	sqlite3_stmt *load, *store, *store_identity;
	char *path;
	uint8_t key[CRYPTO_KEY_SIZE];
	bool read_only, failed;
	unsigned staged;
	char failure[200];
	struct roster *roster;
};

/* ---- memory --------------------------------------------------------- */

const uint8_t *
ledger_key(const struct ledger *ledger)
{
	return ledger->key;
}

uint32_t
ledger_count(const struct ledger *ledger)
{
	return roster_count(ledger->roster);
}

uint32_t
ledger_find(const struct ledger *ledger, const char *external_id)
{
	return roster_find(ledger->roster, external_id);
}

uint32_t
ledger_find_id(
    const struct ledger *ledger, const char *healthsherpa_id, uint32_t except)
{
	return roster_find_id(ledger->roster, healthsherpa_id, except);
}

void
ledger_row(const struct ledger *ledger, uint32_t index, struct ledger_row *out)
{
	roster_row(ledger->roster, index, out);
}

/* ---- SQLite --------------------------------------------------------- */

/* What went wrong, for an agent. Sets the error. */
static bool
explain(struct ledger *ledger, int code, const char *doing, struct err *err)
{
	const char *path = ledger->path;
	const char *why = ledger->db ? sqlite3_errmsg(ledger->db)
				     : sqlite3_errstr(code);

	switch (code & 0xff) {
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_FORMAT:
		return err_set(err, ERR_IO,
		    "the ledger %s is damaged (%s); move it to another place "
		    "and start again: contacts without an ID in the file are "
		    "looked up at HealthSherpa before anything is created",
		    path, why);
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

static bool
run_sql(
    struct ledger *ledger, const char *sql, const char *doing, struct err *err)
{
	int code = sqlite3_exec(ledger->db, sql, NULL, NULL, NULL);

	return code == SQLITE_OK || explain(ledger, code, doing, err);
}

static bool
prepare(
    struct ledger *ledger, const char *sql, sqlite3_stmt **out, struct err *err)
{
	int code = sqlite3_prepare_v2(ledger->db, sql, -1, out, NULL);

	return code == SQLITE_OK || explain(ledger, code, "reading", err);
}

static int64_t
number_of(struct ledger *ledger, const char *sql)
{
	sqlite3_stmt *query = NULL;
	int64_t number = -1;

	if (sqlite3_prepare_v2(ledger->db, sql, -1, &query, NULL) ==
		SQLITE_OK &&
	    sqlite3_step(query) == SQLITE_ROW)
		number = sqlite3_column_int64(query, 0);
	sqlite3_finalize(query);
	return number;
}

static void
fail(struct ledger *ledger, int code, const char *doing)
{
	struct err why = ERR_INIT;

	if (ledger->failed)
		return;
	explain(ledger, code, doing, &why);
	ledger->failed = true;
	str_copy(ledger->failure, sizeof(ledger->failure), why.text);
	if (!sqlite3_get_autocommit(ledger->db))
		sqlite3_exec(ledger->db, "ROLLBACK", NULL, NULL, NULL);
	ledger->staged = 0;
}

static const char schema[] =
    "CREATE TABLE meta(name TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;"
    "CREATE TABLE contact("
    " external_id TEXT PRIMARY KEY NOT NULL,"
    " state INTEGER NOT NULL, attempt INTEGER NOT NULL,"
    " flags INTEGER NOT NULL, healthsherpa_id TEXT NOT NULL,"
    " candidate_id TEXT NOT NULL, quote_url TEXT NOT NULL,"
    " accepted BLOB, notes BLOB, whole INTEGER NOT NULL,"
    " refused INTEGER NOT NULL, sent_at INTEGER NOT NULL,"
    " boot_id TEXT NOT NULL, synced_at INTEGER NOT NULL,"
    " http INTEGER NOT NULL, code TEXT NOT NULL, field TEXT NOT NULL,"
    " message TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE run(number INTEGER PRIMARY KEY, started INTEGER NOT NULL,"
    " ended INTEGER NOT NULL, created INTEGER NOT NULL,"
    " updated INTEGER NOT NULL, unchanged INTEGER NOT NULL,"
    " blocked INTEGER NOT NULL, failed INTEGER NOT NULL,"
    " review INTEGER NOT NULL, waiting INTEGER NOT NULL,"
    " requests INTEGER NOT NULL);";

/* hashes: of everything, of the name, of each way (struct identity_print) */
static const char identity_schema[] =
    "CREATE TABLE identity(external_id TEXT PRIMARY KEY NOT NULL,"
    " hashes BLOB NOT NULL, seen INTEGER NOT NULL) WITHOUT ROWID;";

#define COLUMNS                                                               \
	"external_id, state, attempt, flags, healthsherpa_id, candidate_id, " \
	"quote_url, accepted, notes, whole, refused, sent_at, boot_id, "      \
	"synced_at, http, code, field, message"

/* ---- entries -------------------------------------------------------- */

static void
copy_column(sqlite3_stmt *row, int column, char *out, size_t size)
{
	const unsigned char *text = sqlite3_column_text(row, column);

	str_copy(out, size, text ? (const char *)text : "");
}

static void
read_set(sqlite3_stmt *row, int column, struct hash_set *set)
{
	const uint8_t *bytes = sqlite3_column_blob(row, column);
	size_t count = (size_t)sqlite3_column_bytes(row, column) / HASH_BYTES;

	set->count = 0;
	for (size_t i = 0; bytes && i < count; i++)
		hash_set_add(set, hash_get(bytes + i * HASH_BYTES));
}

static void
bind_set(sqlite3_stmt *row, int column, const struct hash_set *set)
{
	uint8_t bytes[HASH_SET_MAX * HASH_BYTES];

	for (size_t i = 0; i < set->count; i++)
		hash_put(bytes + i * HASH_BYTES, set->hash[i]);
	sqlite3_bind_blob(row, column, bytes, (int)(set->count * HASH_BYTES),
	    SQLITE_TRANSIENT);
}

static void
read_entry(sqlite3_stmt *row, struct ledger_entry *entry)
{
	int64_t state = sqlite3_column_int64(row, 1);

	memset(entry, 0, sizeof(*entry));
	copy_column(row, 0, entry->external_id, sizeof(entry->external_id));
	/* an unknown state is of a person's to decide, never to be posted */
	entry->state = state >= 0 && state < STATE_COUNT ? (enum state)state
							 : STATE_REVIEW;
	entry->attempt = (unsigned)sqlite3_column_int(row, 2);
	entry->flags = (unsigned)sqlite3_column_int(row, 3);
	copy_column(
	    row, 4, entry->healthsherpa_id, sizeof(entry->healthsherpa_id));
	copy_column(row, 5, entry->candidate_id, sizeof(entry->candidate_id));
	copy_column(row, 6, entry->quote_url, sizeof(entry->quote_url));
	read_set(row, 7, &entry->accepted);
	read_set(row, 8, &entry->notes);
	entry->whole = (uint64_t)sqlite3_column_int64(row, 9);
	entry->refused = (uint64_t)sqlite3_column_int64(row, 10);
	entry->sent_at = sqlite3_column_int64(row, 11);
	copy_column(row, 12, entry->boot_id, sizeof(entry->boot_id));
	entry->synced_at = sqlite3_column_int64(row, 13);
	entry->http = sqlite3_column_int(row, 14);
	copy_column(row, 15, entry->code, sizeof(entry->code));
	copy_column(row, 16, entry->field, sizeof(entry->field));
	copy_column(row, 17, entry->message, sizeof(entry->message));
}

bool
ledger_load(
    struct ledger *ledger, const char *external_id, struct ledger_entry *entry)
{
	bool found = false;

	if (ledger->load && ledger_find(ledger, external_id) != LEDGER_NONE) {
		sqlite3_bind_text(
		    ledger->load, 1, external_id, -1, SQLITE_STATIC);
		found = sqlite3_step(ledger->load) == SQLITE_ROW;
		if (found)
			read_entry(ledger->load, entry);
		sqlite3_reset(ledger->load);
	}
	if (found)
		return true;
	memset(entry, 0, sizeof(*entry));
	entry->state = STATE_NEW;
	str_copy(entry->external_id, sizeof(entry->external_id), external_id);
	return false;
}

static void
bind_entry(sqlite3_stmt *row, const struct ledger_entry *entry)
{
	sqlite3_bind_text(row, 1, entry->external_id, -1, SQLITE_STATIC);
	sqlite3_bind_int(row, 2, (int)entry->state);
	sqlite3_bind_int(row, 3, (int)entry->attempt);
	sqlite3_bind_int(row, 4, (int)entry->flags);
	sqlite3_bind_text(row, 5, entry->healthsherpa_id, -1, SQLITE_STATIC);
	sqlite3_bind_text(row, 6, entry->candidate_id, -1, SQLITE_STATIC);
	sqlite3_bind_text(row, 7, entry->quote_url, -1, SQLITE_STATIC);
	bind_set(row, 8, &entry->accepted);
	bind_set(row, 9, &entry->notes);
	sqlite3_bind_int64(row, 10, (sqlite3_int64)entry->whole);
	sqlite3_bind_int64(row, 11, (sqlite3_int64)entry->refused);
	sqlite3_bind_int64(row, 12, entry->sent_at);
	sqlite3_bind_text(row, 13, entry->boot_id, -1, SQLITE_STATIC);
	sqlite3_bind_int64(row, 14, entry->synced_at);
	sqlite3_bind_int(row, 15, entry->http);
	sqlite3_bind_text(row, 16, entry->code, -1, SQLITE_STATIC);
	sqlite3_bind_text(row, 17, entry->field, -1, SQLITE_STATIC);
	sqlite3_bind_text(row, 18, entry->message, -1, SQLITE_STATIC);
}

/* Opens a transaction when none is open. */
static bool
begin(struct ledger *ledger)
{
	int code;

	if (ledger->failed || ledger->read_only)
		return false;
	if (!sqlite3_get_autocommit(ledger->db))
		return true;
	code = sqlite3_exec(ledger->db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
	if (code != SQLITE_OK)
		fail(ledger, code, "writing");
	return code == SQLITE_OK;
}

static bool
finish_step(struct ledger *ledger, sqlite3_stmt *statement)
{
	int code = sqlite3_step(statement);

	sqlite3_reset(statement);
	if (code != SQLITE_DONE) {
		fail(ledger, code, "writing");
		return false;
	}
	ledger->staged++;
	return true;
}

bool
ledger_store(struct ledger *ledger, const struct ledger_entry *entry)
{
	if (!begin(ledger))
		return false;
	bind_entry(ledger->store, entry);
	if (!finish_step(ledger, ledger->store))
		return false;
	roster_put(ledger->roster, entry);
	return true;
}

bool
ledger_commit(struct ledger *ledger, struct err *err)
{
	int code;

	if (ledger->failed)
		return err_set(err, ERR_IO, "%s", ledger->failure);
	if (!ledger->staged)
		return true;
	code = sqlite3_exec(ledger->db, "COMMIT", NULL, NULL, NULL);
	if (code != SQLITE_OK) {
		fail(ledger, code, "writing");
		return err_set(err, ERR_IO, "%s", ledger->failure);
	}
	ledger->staged = 0;
	return true;
}

unsigned
ledger_staged(const struct ledger *ledger)
{
	return ledger->staged;
}

bool
ledger_failed(const struct ledger *ledger)
{
	return ledger->failed;
}

/* ---- identities ----------------------------------------------------- */

bool
ledger_store_identity(struct ledger *ledger, const struct identity *identity)
{
	uint8_t bytes[IDENTITY_HASHES * HASH_BYTES];
	sqlite3_stmt *row = ledger->store_identity;

	if (!begin(ledger))
		return false;
	hash_put(bytes, identity->print.whole);
	hash_put(bytes + HASH_BYTES, identity->print.name);
	for (size_t i = 0; i < PERSON_WAYS; i++)
		hash_put(bytes + (2 + i) * HASH_BYTES, identity->print.way[i]);
	sqlite3_bind_text(row, 1, identity->external_id, -1, SQLITE_STATIC);
	sqlite3_bind_blob(row, 2, bytes, sizeof(bytes), SQLITE_STATIC);
	sqlite3_bind_int64(row, 3, identity->seen);
	return finish_step(ledger, row);
}

static void
read_identity(sqlite3_stmt *row, struct identity *identity)
{
	const uint8_t *bytes = sqlite3_column_blob(row, 1);

	memset(identity, 0, sizeof(*identity));
	copy_column(
	    row, 0, identity->external_id, sizeof(identity->external_id));
	identity->seen = sqlite3_column_int64(row, 2);
	if (!bytes ||
	    sqlite3_column_bytes(row, 1) != (int)(IDENTITY_HASHES * HASH_BYTES))
		return;
	identity->print.whole = hash_get(bytes);
	identity->print.name = hash_get(bytes + HASH_BYTES);
	for (size_t i = 0; i < PERSON_WAYS; i++)
		identity->print.way[i] = hash_get(bytes + (2 + i) * HASH_BYTES);
}

struct identity *
ledger_identities(struct ledger *ledger, size_t *count)
{
	struct identity *all = NULL;
	sqlite3_stmt *query = NULL;
	size_t room = 0;

	*count = 0;
	/* one that only looks may meet a ledger that has no such table yet */
	if (!ledger->db || sqlite3_prepare_v2(ledger->db,
			       "SELECT external_id, hashes, seen FROM identity",
			       -1, &query, NULL) != SQLITE_OK)
		return NULL;
	while (sqlite3_step(query) == SQLITE_ROW) {
		all = mem_grow(all, &room, *count + 1, sizeof(*all));
		read_identity(query, &all[(*count)++]);
	}
	sqlite3_finalize(query);
	return all;
}

/* ---- runs ----------------------------------------------------------- */

bool
ledger_run_start(struct ledger *ledger, struct ledger_run *run)
{
	sqlite3_stmt *insert = NULL;
	bool good = false;

	if (!begin(ledger))
		return false;
	if (sqlite3_prepare_v2(ledger->db,
		"INSERT INTO run VALUES(NULL, ?, 0, 0, 0, 0, 0, 0, 0, 0, 0)",
		-1, &insert, NULL) == SQLITE_OK) {
		sqlite3_bind_int64(insert, 1, run->started_ms);
		good = finish_step(ledger, insert);
		run->number = sqlite3_last_insert_rowid(ledger->db);
	}
	sqlite3_finalize(insert);
	return good;
}

bool
ledger_run_end(struct ledger *ledger, const struct ledger_run *run)
{
	sqlite3_stmt *update = NULL;
	bool good = false;

	if (!begin(ledger))
		return false;
	if (sqlite3_prepare_v2(ledger->db,
		"UPDATE run SET ended=?, created=?, updated=?, unchanged=?,"
		" blocked=?, failed=?, review=?, waiting=?, requests=?"
		" WHERE number=?",
		-1, &update, NULL) == SQLITE_OK) {
		sqlite3_bind_int64(update, 1, run->ended_ms);
		sqlite3_bind_int64(update, 2, run->created);
		sqlite3_bind_int64(update, 3, run->updated);
		sqlite3_bind_int64(update, 4, run->unchanged);
		sqlite3_bind_int64(update, 5, run->blocked);
		sqlite3_bind_int64(update, 6, run->failed);
		sqlite3_bind_int64(update, 7, run->review);
		sqlite3_bind_int64(update, 8, run->waiting);
		sqlite3_bind_int64(update, 9, (sqlite3_int64)run->requests);
		sqlite3_bind_int64(update, 10, run->number);
		good = finish_step(ledger, update);
	}
	sqlite3_finalize(update);
	return good;
}

unsigned
ledger_runs(struct ledger *ledger, struct ledger_run *out, unsigned most)
{
	sqlite3_stmt *query = NULL;
	unsigned count = 0;

	if (!ledger->db || sqlite3_prepare_v2(ledger->db,
			       "SELECT * FROM run ORDER BY number DESC LIMIT ?",
			       -1, &query, NULL) != SQLITE_OK)
		return 0;
	sqlite3_bind_int64(query, 1, most);
	while (count < most && sqlite3_step(query) == SQLITE_ROW)
		out[count++] = (struct ledger_run){
		    .number = sqlite3_column_int64(query, 0),
		    .started_ms = sqlite3_column_int64(query, 1),
		    .ended_ms = sqlite3_column_int64(query, 2),
		    .created = (uint32_t)sqlite3_column_int64(query, 3),
		    .updated = (uint32_t)sqlite3_column_int64(query, 4),
		    .unchanged = (uint32_t)sqlite3_column_int64(query, 5),
		    .blocked = (uint32_t)sqlite3_column_int64(query, 6),
		    .failed = (uint32_t)sqlite3_column_int64(query, 7),
		    .review = (uint32_t)sqlite3_column_int64(query, 8),
		    .waiting = (uint32_t)sqlite3_column_int64(query, 9),
		    .requests = (uint64_t)sqlite3_column_int64(query, 10),
		};
	sqlite3_finalize(query);
	return count;
}

bool
ledger_check(struct ledger *ledger, struct err *err)
{
	sqlite3_stmt *query = NULL;
	const unsigned char *text;
	bool good = true;
	int code;

	if (!ledger->db)
		return true;
	if (!prepare(ledger, "PRAGMA quick_check(1)", &query, err))
		return false;
	code = sqlite3_step(query);
	if (code != SQLITE_ROW) {
		good = explain(ledger, code, "checking", err);
	} else {
		text = sqlite3_column_text(query, 0);
		if (!text || strcmp((const char *)text, "ok") != 0)
			good = explain(ledger, SQLITE_CORRUPT, "checking", err);
	}
	sqlite3_finalize(query);
	return good;
}

/* ---- opening -------------------------------------------------------- */

static bool
read_all(struct ledger *ledger, struct err *err)
{
	struct ledger_entry *entry = mem_alloc(sizeof(*entry));
	sqlite3_stmt *query = NULL;
	int code = SQLITE_DONE;
	bool good;

	good = prepare(ledger, "SELECT " COLUMNS " FROM contact", &query, err);
	while (good && (code = sqlite3_step(query)) == SQLITE_ROW) {
		read_entry(query, entry);
		roster_put(ledger->roster, entry);
	}
	if (good && code != SQLITE_DONE)
		good = explain(ledger, code, "reading", err);
	sqlite3_finalize(query);
	free(entry);
	return good;
}

static bool
set_up(struct ledger *ledger, const char *directory, struct err *err)
{
	if (!run_sql(ledger,
		"PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON;"
		"PRAGMA foreign_keys=ON;",
		"opening", err))
		return false;
	if (ledger->read_only)
		return true;
	if (!DEFENDED(SYNCED))
		return run_sql(ledger,
		    "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
		    "PRAGMA secure_delete=ON;",
		    "opening", err);
	/* WAL needs shared memory, which a file server does not give */
	return run_sql(ledger,
	    file_is_remote(directory)
		? "PRAGMA journal_mode=DELETE; PRAGMA synchronous=EXTRA;"
		  "PRAGMA secure_delete=ON;"
		: "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
		  "PRAGMA secure_delete=ON;",
	    "opening", err);
}

/* Makes the tables, adds those of later versions, sees that they are ours. */
static bool
check_schema(struct ledger *ledger, struct err *err)
{
	int64_t tables = number_of(
	    ledger, "SELECT count(*) FROM sqlite_schema");
	int64_t id = number_of(ledger, "PRAGMA application_id");
	int64_t version = number_of(ledger, "PRAGMA user_version");
	struct str sql;
	bool good;

	if (tables < 0)
		return explain(
		    ledger, sqlite3_errcode(ledger->db), "opening", err);
	if (tables > 0 && id != APPLICATION_ID)
		return explain(ledger, SQLITE_NOTADB, "opening", err);
	if (version > VERSION)
		return err_set(err, ERR_IO,
		    "the ledger %s was written by a newer belay; use that one",
		    ledger->path);
	if ((tables > 0 && version == VERSION) || ledger->read_only)
		return true;
	str_init(&sql, 4096);
	str_addf(&sql,
	    "BEGIN IMMEDIATE; PRAGMA application_id=%d;"
	    "PRAGMA user_version=%d; %s %s COMMIT;",
	    APPLICATION_ID, VERSION, tables > 0 ? "" : schema, identity_schema);
	good = run_sql(ledger, sql.data, "making", err);
	str_release(&sql);
	return good;
}

static bool
prepare_all(struct ledger *ledger, struct err *err)
{
	return prepare(ledger,
		   "SELECT " COLUMNS " FROM contact WHERE external_id=?",
		   &ledger->load, err) &&
	       prepare(ledger,
		   "INSERT OR REPLACE INTO contact(" COLUMNS ") VALUES"
		   "(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
		   &ledger->store, err) &&
	       (ledger->read_only ||
		   prepare(ledger,
		       "INSERT OR REPLACE INTO identity VALUES(?,?,?)",
		       &ledger->store_identity, err));
}

/*
 * Hashes made with a lost key tell nothing: every linked contact is sent once
 * more, but not its note, which would pile up; contacts without an ID are only
 * known by the HealthSherpa ID in their file.
 */
static bool
check_key(struct ledger *ledger, struct err *err)
{
	static const char sql[] =
	    "SELECT value FROM meta WHERE name='key-check'";
	static const char text[] = "belay ledger key";
	uint8_t check[CRYPTO_HASH_SIZE];
	sqlite3_stmt *query = NULL;
	struct str change;
	char hex[2 * CRYPTO_HASH_SIZE + 1];
	bool same = false, good;

	crypto_keyed_hash(ledger->key, text, sizeof(text), check);
	crypto_hex(hex, check, sizeof(check));
	if (!prepare(ledger, sql, &query, err))
		return false;
	if (sqlite3_step(query) == SQLITE_ROW) {
		const unsigned char *is = sqlite3_column_text(query, 0);

		same = is && strcmp((const char *)is, hex) == 0;
	}
	sqlite3_finalize(query);
	if (same || ledger->read_only)
		return true;
	str_init(&change, 1024);
	str_addf(&change,
	    "BEGIN IMMEDIATE;"
	    "UPDATE contact SET accepted=NULL, notes=NULL, whole=0, refused=0,"
	    " flags=flags|%d;"
	    "UPDATE identity SET hashes=x'';"
	    "INSERT OR REPLACE INTO meta VALUES('key-check','%s'); COMMIT;",
	    LEDGER_NOTE_ASSUMED, hex);
	good = run_sql(ledger, change.data, "writing", err);
	str_release(&change);
	return good;
}

/* Made by us, so that it and SQLite's files beside it are closed to others. */
static bool
make_file(struct ledger *ledger, struct err *err)
{
	int fd = open(
	    ledger->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0)
		return err_errno(
		    err, ERR_CREATE, "making the ledger %s", ledger->path);
	close(fd);
	return true;
}

static bool
open_database(struct ledger *ledger, const char *directory, struct err *err)
{
	int flags = SQLITE_OPEN_NOMUTEX |
		    (ledger->read_only ? SQLITE_OPEN_READONLY
				       : SQLITE_OPEN_READWRITE);
	int code;

	if (!ledger->read_only && !make_file(ledger, err))
		return false;
	if (ledger->read_only && access(ledger->path, F_OK) != 0)
		return true;
	code = sqlite3_open_v2(ledger->path, &ledger->db, flags, NULL);
	if (code != SQLITE_OK)
		return explain(ledger, code, "opening", err);
	sqlite3_busy_timeout(ledger->db, BUSY_MS);
	sqlite3_extended_result_codes(ledger->db, 1);
	if (!set_up(ledger, directory, err) || !check_schema(ledger, err))
		return false;
	/* an empty file that its maker has not filled yet */
	if (ledger->read_only &&
	    number_of(ledger, "SELECT count(*) FROM sqlite_schema") == 0)
		return true;
	return prepare_all(ledger, err) && check_key(ledger, err) &&
	       read_all(ledger, err);
}

static char *
path_of(const char *directory, const char *name)
{
	struct str file;
	char *path;

	str_init(&file, 256);
	str_addf(&file, "%s.sqlite", name);
	path = file_join(directory, file.data);
	str_release(&file);
	return path;
}

struct ledger *
ledger_open(
    const char *directory, const char *name, bool read_only, struct err *err)
{
	struct ledger *ledger = mem_zalloc(sizeof(*ledger));

	ledger->read_only = read_only;
	ledger->roster = roster_new();
	ledger->path = path_of(directory, name);
	if ((read_only || file_make_private_dir(directory, err)) &&
	    ledger_key_read(directory, read_only, ledger->key, err) &&
	    open_database(ledger, directory, err))
		return ledger;
	ledger_free(ledger);
	return NULL;
}

void
ledger_free(struct ledger *ledger)
{
	if (!ledger)
		return;
	sqlite3_finalize(ledger->load);
	sqlite3_finalize(ledger->store);
	sqlite3_finalize(ledger->store_identity);
	sqlite3_close(ledger->db);
	roster_free(ledger->roster);
	free(ledger->path);
	free(ledger);
}

uint32_t
ledger_known(const char *directory, const char *name, const char *const *ids,
    uint32_t count, uint32_t *contacts)
{
	struct ledger ledger = {.read_only = true};
	struct err ignored = ERR_INIT;
	sqlite3_stmt *find = NULL;
	uint32_t known = 0;
	int64_t all = 0;

	ledger.path = path_of(directory, name);
	if (access(ledger.path, F_OK) == 0 &&
	    sqlite3_open_v2(ledger.path, &ledger.db,
		SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READONLY,
		NULL) == SQLITE_OK &&
	    number_of(&ledger, "PRAGMA application_id") == APPLICATION_ID &&
	    prepare(&ledger, "SELECT 1 FROM contact WHERE external_id=?", &find,
		&ignored))
		all = number_of(&ledger, "SELECT count(*) FROM contact");
	for (uint32_t i = 0; all > 0 && i < count; i++) {
		sqlite3_bind_text(find, 1, ids[i], -1, SQLITE_STATIC);
		known += sqlite3_step(find) == SQLITE_ROW;
		sqlite3_reset(find);
	}
	*contacts = all > 0 ? (uint32_t)all : 0;
	sqlite3_finalize(find);
	sqlite3_close(ledger.db);
	free(ledger.path);
	return known;
}
