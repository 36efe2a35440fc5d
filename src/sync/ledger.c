/* SPDX-License-Identifier: MIT */
/*
 * The database keeps the truth; the roster keeps in memory what every row's
 * status needs.
 *
 * Hazard: a failed COMMIT leaves memory ahead of the disk, so `failed` is for
 * ever.
 */
#include "sync/ledger.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "sync/ledger_key.h"
#include "sync/ledger_private.h"
#include "sync/roster.h"

enum {
	APPLICATION_ID = 0x42454c59, /* "BELY" */
	/* 2: identities, 3: rows of runs, troubles */
	VERSION = 5,
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

/* ---- entries -------------------------------------------------------- */

static void
read_set(const struct statement *row, int column, struct hash_set *set)
{
	size_t len;
	const uint8_t *bytes = statement_bytes(row, column, &len);

	set->count = 0;
	for (size_t i = 0; i + HASH_BYTES <= len; i += HASH_BYTES)
		hash_set_add(set, hash_get(bytes + i));
}

static void
put_set(struct statement *row, int place, const struct hash_set *set)
{
	uint8_t bytes[HASH_SET_MAX * HASH_BYTES];

	for (size_t i = 0; i < set->count; i++)
		hash_put(bytes + i * HASH_BYTES, set->hash[i]);
	statement_put_bytes(row, place, bytes, set->count * HASH_BYTES);
}

static void
read_entry(const struct statement *row, struct ledger_entry *entry)
{
	int64_t state = statement_number(row, 1);

	memset(entry, 0, sizeof(*entry));
	statement_copy_text(
	    row, 0, entry->external_id, sizeof(entry->external_id));
	/* an unknown state is of a person's to decide, never to be posted */
	entry->state = state >= 0 && state < STATE_COUNT ? (enum state)state
							 : STATE_REVIEW;
	entry->attempt = (unsigned)statement_number(row, 2);
	entry->flags = (unsigned)statement_number(row, 3);
	statement_copy_text(
	    row, 4, entry->healthsherpa_id, sizeof(entry->healthsherpa_id));
	statement_copy_text(
	    row, 5, entry->candidate_id, sizeof(entry->candidate_id));
	statement_copy_text(row, 6, entry->quote_url, sizeof(entry->quote_url));
	read_set(row, 7, &entry->accepted);
	read_set(row, 8, &entry->notes);
	entry->whole = (uint64_t)statement_number(row, 9);
	entry->refused = (uint64_t)statement_number(row, 10);
	entry->sent_at = statement_number(row, 11);
	statement_copy_text(row, 12, entry->boot_id, sizeof(entry->boot_id));
	entry->synced_at = statement_number(row, 13);
	entry->http = (int)statement_number(row, 14);
	statement_copy_text(row, 15, entry->code, sizeof(entry->code));
	statement_copy_text(row, 16, entry->field, sizeof(entry->field));
	statement_copy_text(row, 17, entry->message, sizeof(entry->message));
}

bool
ledger_load(
    struct ledger *ledger, const char *external_id, struct ledger_entry *entry)
{
	bool found = false;

	if (ledger->load && ledger_find(ledger, external_id) != LEDGER_NONE) {
		statement_put_text(ledger->load, 1, external_id);
		found = statement_step(ledger->load) == STATEMENT_ROW;
		if (found)
			read_entry(ledger->load, entry);
		statement_reset(ledger->load);
	}
	if (found)
		return true;
	memset(entry, 0, sizeof(*entry));
	entry->state = STATE_NEW;
	str_copy(entry->external_id, sizeof(entry->external_id), external_id);
	return false;
}

static void
put_entry(struct statement *row, const struct ledger_entry *entry)
{
	statement_put_text(row, 1, entry->external_id);
	statement_put_number(row, 2, entry->state);
	statement_put_number(row, 3, entry->attempt);
	statement_put_number(row, 4, entry->flags);
	statement_put_text(row, 5, entry->healthsherpa_id);
	statement_put_text(row, 6, entry->candidate_id);
	statement_put_text(row, 7, entry->quote_url);
	put_set(row, 8, &entry->accepted);
	put_set(row, 9, &entry->notes);
	statement_put_number(row, 10, (int64_t)entry->whole);
	statement_put_number(row, 11, (int64_t)entry->refused);
	statement_put_number(row, 12, entry->sent_at);
	statement_put_text(row, 13, entry->boot_id);
	statement_put_number(row, 14, entry->synced_at);
	statement_put_number(row, 15, entry->http);
	statement_put_text(row, 16, entry->code);
	statement_put_text(row, 17, entry->field);
	statement_put_text(row, 18, entry->message);
}

/* ---- changes -------------------------------------------------------- */

static void
fail(struct ledger *ledger, const struct err *why)
{
	if (ledger->failed)
		return;
	ledger->failed = true;
	str_copy(ledger->failure, sizeof(ledger->failure), why->text);
	database_rollback(ledger->database);
	ledger->staged = 0;
}

bool
ledger_begin(struct ledger *ledger)
{
	struct err why = ERR_INIT;

	if (ledger->failed || ledger->read_only)
		return false;
	if (database_in_transaction(ledger->database) ||
	    database_begin(ledger->database, &why))
		return true;
	fail(ledger, &why);
	return false;
}

bool
ledger_finish(struct ledger *ledger, struct statement *statement, bool counts)
{
	struct err why = ERR_INIT;
	bool good = statement_step(statement) == STATEMENT_DONE;

	if (!good)
		database_fail(ledger->database, "writing", &why);
	statement_reset(statement);
	if (good)
		ledger->staged += counts || ledger->staged == 0;
	else
		fail(ledger, &why);
	return good;
}

bool
ledger_store(struct ledger *ledger, const struct ledger_entry *entry)
{
	if (!ledger_begin(ledger))
		return false;
	put_entry(ledger->store, entry);
	if (!ledger_finish(ledger, ledger->store, true))
		return false;
	roster_put(ledger->roster, entry);
	return true;
}

bool
ledger_commit_start(struct ledger *ledger, struct err *err)
{
	if (ledger->failed)
		return err_set(err, ERR_IO, "%s", ledger->failure);
	if (!ledger->staged)
		return true;
	if (!database_commit_start(ledger->database, err)) {
		fail(ledger, err);
		return err_set(err, ERR_IO, "%s", ledger->failure);
	}
	ledger->staged = 0;
	return true;
}

static bool
commit_done(struct ledger *ledger, bool wait, bool *done, struct err *err)
{
	struct err why = ERR_INIT;

	*done = true;
	/* also of one that has failed, or its descriptor would stay readable */
	if (ledger->database &&
	    !database_commit_done(ledger->database, wait, done, &why))
		fail(ledger, &why);
	return !ledger->failed || err_set(err, ERR_IO, "%s", ledger->failure);
}

bool
ledger_commit_done(struct ledger *ledger, bool *done, struct err *err)
{
	return commit_done(ledger, false, done, err);
}

bool
ledger_commit(struct ledger *ledger, struct err *err)
{
	bool done;

	return commit_done(ledger, true, &done, err) &&
	       ledger_commit_start(ledger, err) &&
	       commit_done(ledger, true, &done, err);
}

int
ledger_commit_fd(const struct ledger *ledger)
{
	return ledger->database ? database_commit_fd(ledger->database) : -1;
}

bool
ledger_clears_up(const struct ledger *ledger)
{
	return ledger->database && database_copies_log(ledger->database);
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

bool
ledger_check(struct ledger *ledger, struct err *err)
{
	return !ledger->database || database_check(ledger->database, err);
}

/* ---- opening -------------------------------------------------------- */

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

/* `whole`: of the contact that could not be sent */
static const char history_schema[] =
    "ALTER TABLE run ADD COLUMN outcome TEXT NOT NULL DEFAULT '';"
    "CREATE TABLE run_row(run INTEGER NOT NULL, external_id TEXT NOT NULL,"
    " verb TEXT NOT NULL, status TEXT NOT NULL, http INTEGER NOT NULL,"
    " healthsherpa_id TEXT NOT NULL, code TEXT NOT NULL,"
    " message TEXT NOT NULL, requests INTEGER NOT NULL, at INTEGER NOT NULL,"
    " PRIMARY KEY(run, external_id)) WITHOUT ROWID;"
    "CREATE TABLE trouble(external_id TEXT PRIMARY KEY NOT NULL,"
    " whole INTEGER NOT NULL, http INTEGER NOT NULL, code TEXT NOT NULL,"
    " field TEXT NOT NULL, message TEXT NOT NULL) WITHOUT ROWID;";

/* which fields went, a bit each */
static const char fields_schema[] =
    "ALTER TABLE run_row ADD COLUMN fields INTEGER NOT NULL DEFAULT 0;";

/* what people decided, in the order in which they did */
static const char decision_schema[] =
    "CREATE TABLE decision(external_id TEXT NOT NULL, at INTEGER NOT NULL,"
    " decision TEXT NOT NULL, healthsherpa_id TEXT NOT NULL,"
    " PRIMARY KEY(external_id, at)) WITHOUT ROWID;";

#define COLUMNS                                                               \
	"external_id, state, attempt, flags, healthsherpa_id, candidate_id, " \
	"quote_url, accepted, notes, whole, refused, sent_at, boot_id, "      \
	"synced_at, http, code, field, message"

static bool
read_all(struct ledger *ledger, struct err *err)
{
	struct ledger_entry *entry = mem_alloc(sizeof(*entry));
	struct statement *statement = database_prepare(
	    ledger->database, "SELECT " COLUMNS " FROM contact", err);
	enum statement_step step = STATEMENT_FAILED;

	while (
	    statement && (step = statement_step(statement)) == STATEMENT_ROW) {
		read_entry(statement, entry);
		roster_put(ledger->roster, entry);
	}
	if (statement && step != STATEMENT_DONE)
		database_fail(ledger->database, "reading", err);
	statement_free(statement);
	free(entry);
	return step == STATEMENT_DONE;
}

/* What is made, or added by later versions, in one step: a ledger that stands
 * in place of a lost one is never seen without its mark. */
static bool
make_tables(struct ledger *ledger, int64_t tables, int64_t version, bool lost,
    struct err *err)
{
	char mark[80];
	struct str sql;
	bool good;

	str_init(&sql, 8192);
	str_addf(&sql,
	    "BEGIN IMMEDIATE; PRAGMA application_id=%d;"
	    "PRAGMA user_version=%d; %s %s %s %s %s",
	    APPLICATION_ID, VERSION, tables > 0 ? "" : schema,
	    version < 2 ? identity_schema : "",
	    version < 3 ? history_schema : "", version < 4 ? fields_schema : "",
	    decision_schema);
	if (tables == 0 && lost) {
		ledger_mark_text(
		    mark, sizeof(mark), clock_monotonic(&clock_system));
		str_addf(
		    &sql, "INSERT INTO meta VALUES('rebuilt','%s');", mark);
	}
	str_add(&sql, "COMMIT;");
	good = database_run(ledger->database, sql.data, "making", err);
	str_release(&sql);
	return good;
}

/* Sees that the tables are ours, and all there. */
static bool
check_schema(struct ledger *ledger, bool lost, struct err *err)
{
	struct database *database = ledger->database;
	int64_t tables = database_number(
	    database, "SELECT count(*) FROM sqlite_schema");
	int64_t id, version;

	if (tables < 0)
		return database_fail(database, "opening", err);
	id = database_number(database, "PRAGMA application_id");
	version = database_number(database, "PRAGMA user_version");
	if (tables > 0 && id != APPLICATION_ID)
		return database_damaged(database, "it is no ledger", err);
	if (version > VERSION)
		return err_set(err, ERR_IO,
		    "the ledger %s was written by a newer belay; use that one",
		    ledger->path);
	if (ledger->read_only)
		return true;
	if (!database_be_durable(database, err))
		return false;
	return (tables > 0 && version == VERSION) ||
	       make_tables(ledger, tables, version, lost, err);
}

static bool
prepare(struct ledger *ledger, const char *sql, struct statement **out,
    struct err *err)
{
	*out = database_prepare(ledger->database, sql, err);
	return *out != NULL;
}

static bool
prepare_all(struct ledger *ledger, struct err *err)
{
	const struct {
		const char *sql;
		struct statement **out;
		bool writes;
	} all[] = {
	    {"SELECT " COLUMNS " FROM contact WHERE external_id=?",
		&ledger->load, false},
	    {"INSERT OR REPLACE INTO contact(" COLUMNS ") VALUES"
	     "(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
		&ledger->store, true},
	    {"INSERT OR REPLACE INTO identity VALUES(?,?,?)",
		&ledger->store_identity, true},
	    {"INSERT OR REPLACE INTO run_row VALUES(?,?,?,?,?,?,?,?,?,?,?)",
		&ledger->store_run_row, true},
	    {"INSERT OR REPLACE INTO trouble VALUES(?,?,?,?,?,?)",
		&ledger->store_trouble, true},
	    {"DELETE FROM trouble WHERE external_id=?", &ledger->forget_trouble,
		true},
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if ((!all[i].writes || !ledger->read_only) &&
		    !prepare(ledger, all[i].sql, all[i].out, err))
			return false;
	return true;
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
	struct statement *statement;
	struct str change;
	char hex[2 * CRYPTO_HASH_SIZE + 1];
	bool same = false, good;

	crypto_keyed_hash(ledger->key, text, sizeof(text), check);
	crypto_hex(hex, check, sizeof(check));
	if (!prepare(ledger, sql, &statement, err))
		return false;
	same = statement_step(statement) == STATEMENT_ROW &&
	       strcmp(statement_text(statement, 0), hex) == 0;
	statement_free(statement);
	if (same || ledger->read_only)
		return true;
	str_init(&change, 1024);
	str_addf(&change,
	    "BEGIN IMMEDIATE;"
	    "UPDATE contact SET accepted=NULL, notes=NULL, whole=0, refused=0,"
	    " flags=flags|%d;"
	    "UPDATE identity SET hashes=x''; UPDATE trouble SET whole=0;"
	    "INSERT OR REPLACE INTO meta VALUES('key-check','%s'); COMMIT;",
	    LEDGER_NOTE_ASSUMED, hex);
	good = database_run(ledger->database, change.data, "writing", err);
	str_release(&change);
	return good;
}

static bool
open_database(struct ledger *ledger, bool lost, struct err *err)
{
	if (ledger->read_only && access(ledger->path, F_OK) != 0)
		return true;
	ledger->database = database_open(ledger->path, ledger->read_only, err);
	if (!ledger->database || !check_schema(ledger, lost, err))
		return false;
	/* an empty file that its maker has not filled yet */
	if (ledger->read_only && database_number(ledger->database,
				     "SELECT count(*) FROM sqlite_schema") == 0)
		return true;
	ledger_read_meta(ledger);
	ledger_read_troubles(ledger);
	return prepare_all(ledger, err) && check_key(ledger, err) &&
	       read_all(ledger, err) &&
	       (ledger->read_only ||
		   database_commit_by_thread(ledger->database, err));
}

char *
ledger_path(const char *directory, const char *name)
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
ledger_open(const char *directory, const char *name, bool read_only, bool lost,
    struct err *err)
{
	struct ledger *ledger = mem_zalloc(sizeof(*ledger));

	ledger->read_only = read_only;
	ledger->roster = roster_new();
	ledger->troubles = ledger_troubles_new();
	ledger->path = ledger_path(directory, name);
	if ((read_only || file_make_private_dir(directory, err)) &&
	    ledger_key_read(directory, read_only, ledger->key, err) &&
	    open_database(ledger, lost, err))
		return ledger;
	ledger_free(ledger);
	return NULL;
}

void
ledger_free(struct ledger *ledger)
{
	if (!ledger)
		return;
	statement_free(ledger->load);
	statement_free(ledger->store);
	statement_free(ledger->store_identity);
	statement_free(ledger->store_run_row);
	statement_free(ledger->store_trouble);
	statement_free(ledger->forget_trouble);
	database_free(ledger->database);
	roster_free(ledger->roster);
	ledger_troubles_free(ledger->troubles);
	free(ledger->path);
	free(ledger);
}

/* NULL when there is none, or it cannot be read. */
static struct database *
peek(const char *directory, const char *name)
{
	struct err ignored = ERR_INIT;
	char *path = ledger_path(directory, name);
	struct database *database = NULL;

	if (access(path, F_OK) == 0)
		database = database_open(path, true, &ignored);
	free(path);
	if (database && database_number(database, "PRAGMA application_id") ==
			    APPLICATION_ID)
		return database;
	database_free(database);
	return NULL;
}

uint32_t
ledger_known(const char *directory, const char *name, const char *const *ids,
    uint32_t count, uint32_t *contacts)
{
	struct err ignored = ERR_INIT;
	struct database *database = peek(directory, name);
	struct statement *find = NULL;
	uint32_t known = 0;
	int64_t all = 0;

	if (database)
		find = database_prepare(database,
		    "SELECT 1 FROM contact WHERE external_id=?", &ignored);
	if (find)
		all = database_number(database, "SELECT count(*) FROM contact");
	for (uint32_t i = 0; all > 0 && i < count; i++) {
		statement_put_text(find, 1, ids[i]);
		known += statement_step(find) == STATEMENT_ROW;
		statement_reset(find);
	}
	*contacts = all > 0 ? (uint32_t)all : 0;
	statement_free(find);
	database_free(database);
	return known;
}

void
ledger_each_id(const char *directory, const char *name,
    void (*take)(void *context, const char *id), void *context)
{
	struct err ignored = ERR_INIT;
	struct database *database = peek(directory, name);
	struct statement *each = NULL;

	if (database)
		each = database_prepare(database,
		    "SELECT healthsherpa_id FROM contact WHERE state=? "
		    "AND healthsherpa_id<>''",
		    &ignored);
	if (each) {
		statement_put_number(each, 1, STATE_LINKED);
		while (statement_step(each) == STATEMENT_ROW)
			take(context, statement_text(each, 0));
	}
	statement_free(each);
	database_free(database);
}
