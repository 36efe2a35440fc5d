/* SPDX-License-Identifier: MIT */
#include "sync/ledger.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "check.h"
#include "sync/database.h"

static struct ledger *
open_one(bool read_only)
{
	struct err err = ERR_INIT;
	struct ledger *ledger = ledger_open(
	    check_directory(), "practice", read_only, false, &err);

	if (!ledger)
		printf("# %s\n", err.text);
	REQUIRE(ledger != NULL);
	return ledger;
}

static const char *
path_of(const char *name)
{
	static char paths[2][512];
	static unsigned next;
	char *path = paths[next++ % 2];

	snprintf(path, sizeof(paths[0]), "%s/%s", check_directory(), name);
	return path;
}

static struct ledger_entry
sample(unsigned number)
{
	struct ledger_entry entry = {.state = STATE_LINKED,
	    .attempt = 1,
	    .flags = LEDGER_PARTIAL | LEDGER_CLAIM,
	    .whole = UINT64_MAX,
	    .refused = 7,
	    .sent_at = 12345,
	    .synced_at = INT64_C(1) << 41,
	    .http = 422,
	    .code = "c",
	    .field = "phone",
	    .message = "m …"};

	snprintf(
	    entry.external_id, sizeof(entry.external_id), "crm-%u", number);
	snprintf(entry.healthsherpa_id, sizeof(entry.healthsherpa_id),
	    "00000000-0000-4000-8000-%012u", number);
	snprintf(entry.quote_url, sizeof(entry.quote_url),
	    "http://127.0.0.1/quote/%u", number);
	str_copy(entry.boot_id, sizeof(entry.boot_id), clock_boot_id());
	hash_set_add(&entry.accepted, UINT64_MAX);
	hash_set_add(&entry.accepted, 1);
	hash_set_add(&entry.notes, UINT64_C(0x8000000000000001));
	return entry;
}

TEST(ledger_round_trip)
{
	struct ledger *ledger = open_one(false);
	struct ledger_entry entry = sample(1), back;
	struct ledger_row row;
	struct err err = ERR_INIT;

	CHECK(!ledger_load(ledger, "crm-1", &back));
	CHECK_INT(back.state, STATE_NEW);
	CHECK_TEXT(back.external_id, "crm-1");
	REQUIRE(ledger_store(ledger, &entry));
	CHECK_INT(ledger_staged(ledger), 1);
	REQUIRE(ledger_commit(ledger, &err));
	CHECK_INT(ledger_staged(ledger), 0);
	ledger_free(ledger);

	ledger = open_one(false);
	CHECK_INT(ledger_count(ledger), 1);
	CHECK_INT(ledger_find(ledger, "crm-2"), LEDGER_NONE);
	REQUIRE(ledger_find(ledger, "crm-1") == 0);
	ledger_row(ledger, 0, &row);
	CHECK_INT(row.state, STATE_LINKED);
	CHECK_INT(row.attempt, 1);
	CHECK_INT(row.flags, LEDGER_PARTIAL | LEDGER_CLAIM);
	CHECK(row.whole == UINT64_MAX && row.refused == 7);
	CHECK_INT(row.sent_at, 12345);
	CHECK_INT(row.same_boot, *clock_boot_id() != '\0');
	CHECK_TEXT(row.healthsherpa_id, entry.healthsherpa_id);
	REQUIRE(ledger_load(ledger, "crm-1", &back));
	CHECK_TEXT(back.quote_url, entry.quote_url);
	CHECK_TEXT(back.message, "m …");
	CHECK_TEXT(back.field, "phone");
	CHECK_INT(back.http, 422);
	CHECK_INT(back.synced_at, INT64_C(1) << 41);
	CHECK_INT(back.accepted.count, 2);
	CHECK(hash_set_has(&back.accepted, UINT64_MAX));
	CHECK(hash_set_has(&back.notes, UINT64_C(0x8000000000000001)));
	CHECK(ledger_check(ledger, &err));
	ledger_free(ledger);
}

TEST(ledger_is_private)
{
	struct ledger *ledger;
	struct stat info;

	umask(0);
	ledger = open_one(false);
	REQUIRE(stat(path_of("practice.sqlite"), &info) == 0);
	CHECK_INT(info.st_mode & 0777, 0600);
	REQUIRE(stat(path_of("practice.sqlite-wal"), &info) == 0);
	CHECK_INT(info.st_mode & 0777, 0600);
	REQUIRE(stat(path_of("key"), &info) == 0);
	CHECK_INT(info.st_mode & 0777, 0600);
	CHECK_INT(info.st_size, CRYPTO_KEY_SIZE);
	ledger_free(ledger);
}

/* Whether another process sees a lock on the file. */
static bool
locked(const char *path)
{
	int status;
	pid_t child;

	fflush(stdout);
	child = fork();
	REQUIRE(child >= 0);
	if (child == 0) {
		struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
		int fd = open(path, O_RDWR | O_CLOEXEC);

		_exit(fd < 0 || fcntl(fd, F_GETLK, &lock) != 0 ? 2
		      : lock.l_type == F_UNLCK                 ? 1
							       : 0);
	}
	REQUIRE(waitpid(child, &status, 0) == child);
	REQUIRE(WIFEXITED(status) && WEXITSTATUS(status) < 2);
	return WEXITSTATUS(status) == 0;
}

/* Who looked on and takes the book over has it open twice for a moment. */
TEST(ledger_opened_again_keeps_its_locks)
{
	struct err err = ERR_INIT;
	struct database *reader, *writer;

	ledger_free(open_one(false));
	reader = database_open(path_of("practice.sqlite"), true, &err);
	REQUIRE(reader != NULL);
	CHECK_INT(database_number(reader, "SELECT count(*) FROM run"), 0);
	CHECK(locked(path_of("practice.sqlite")));
	writer = database_open(path_of("practice.sqlite"), false, &err);
	REQUIRE(writer != NULL);
	CHECK(locked(path_of("practice.sqlite")));
	database_free(writer);
	database_free(reader);
}

TEST(ledger_is_no_link)
{
	struct err err = ERR_INIT;

	ledger_free(open_one(false));
	REQUIRE(rename(path_of("practice.sqlite"), path_of("elsewhere")) == 0);
	REQUIRE(symlink("elsewhere", path_of("practice.sqlite")) == 0);
	CHECK(!ledger_open(check_directory(), "practice", false, false, &err));
	CHECK_INT(err.kind, ERR_CREATE);
	CHECK(strstr(err.text, "is a link") != NULL);
}

TEST(ledger_uncommitted_is_not_kept)
{
	struct ledger *ledger = open_one(false);
	struct ledger_entry entry = sample(1);

	REQUIRE(ledger_store(ledger, &entry));
	CHECK_INT(ledger_find(ledger, "crm-1"), 0);
	ledger_free(ledger);
	ledger = open_one(false);
	CHECK_INT(ledger_count(ledger), 0);
	ledger_free(ledger);
}

TEST(ledger_commit_in_two_steps)
{
	struct ledger *ledger = open_one(false);
	struct ledger_entry entry = sample(1), later = sample(2);
	struct pollfd look = {.events = POLLIN};
	struct err err = ERR_INIT;
	bool done = false;

	look.fd = ledger_commit_fd(ledger);
	REQUIRE(look.fd >= 0);
	CHECK_INT(poll(&look, 1, 0), 0);
	REQUIRE(ledger_commit_done(ledger, &done, &err) && done);
	for (int i = 0; i < 100; i++) {
		REQUIRE(ledger_store(ledger, &entry));
		REQUIRE(ledger_commit_start(ledger, &err));
		CHECK_INT(ledger_staged(ledger), 0);
		/* the next ones are staged meanwhile */
		REQUIRE(ledger_store(ledger, &later));
		CHECK_INT(ledger_staged(ledger), 1);
		CHECK_INT(poll(&look, 1, 10000), 1);
		REQUIRE(ledger_commit_done(ledger, &done, &err));
		CHECK(done);
		CHECK_INT(poll(&look, 1, 0), 0);
		if (i < 99)
			REQUIRE(ledger_commit(ledger, &err));
		later.attempt++;
	}
	ledger_free(ledger);

	/* the last of the later ones was not committed */
	ledger = open_one(false);
	CHECK_INT(ledger_count(ledger), 2);
	REQUIRE(ledger_load(ledger, "crm-2", &entry));
	CHECK_INT(entry.attempt, 99);
	ledger_free(ledger);
}

TEST(ledger_copies_its_log_meanwhile)
{
	enum { ROWS = 3000, ROUNDS = 24 };
	struct ledger *ledger = open_one(false);
	struct ledger_entry entry;
	struct err err = ERR_INIT;
	struct stat log, file;

	for (int round = 0; round < ROUNDS; round++) {
		for (unsigned i = 0; i < ROWS; i++) {
			entry = sample(i);
			REQUIRE(ledger_store(ledger, &entry));
		}
		REQUIRE(ledger_commit(ledger, &err));
	}
	/* about 150 pages a round: the log began anew every thousand */
	REQUIRE(stat(path_of("practice.sqlite-wal"), &log) == 0);
	REQUIRE(stat(path_of("practice.sqlite"), &file) == 0);
	CHECK(file.st_size > 150L * ROWS);
	CHECK(log.st_size < 4096L * 1500);
	CHECK(ledger_check(ledger, &err));
	ledger_free(ledger);
}

TEST(ledger_many_rows_and_both_indexes)
{
	enum { MANY = 20000 };
	struct ledger *ledger = open_one(false);
	struct ledger_entry entry;
	struct err err = ERR_INIT;
	char id[64];

	for (unsigned i = 0; i < MANY; i++) {
		entry = sample(i);
		REQUIRE(ledger_store(ledger, &entry));
	}
	entry = sample(5);
	str_copy(entry.healthsherpa_id, sizeof(entry.healthsherpa_id), "moved");
	REQUIRE(ledger_store(ledger, &entry));
	REQUIRE(ledger_commit(ledger, &err));
	for (int pass = 0; pass < 2; pass++) {
		CHECK_INT(ledger_count(ledger), MANY);
		for (unsigned i = 0; i < MANY; i += 7) {
			uint32_t at;

			snprintf(id, sizeof(id), "crm-%u", i);
			at = ledger_find(ledger, id);
			REQUIRE(at != LEDGER_NONE);
			snprintf(
			    id, sizeof(id), "00000000-0000-4000-8000-%012u", i);
			CHECK_INT(ledger_find_id(ledger, id, LEDGER_NONE), at);
			CHECK_INT(ledger_find_id(ledger, id, at), LEDGER_NONE);
		}
		CHECK_INT(ledger_find_id(ledger, "moved", LEDGER_NONE),
		    ledger_find(ledger, "crm-5"));
		CHECK_INT(
		    ledger_find_id(ledger,
			"00000000-0000-4000-8000-000000000005", LEDGER_NONE),
		    LEDGER_NONE);
		ledger_free(ledger);
		ledger = open_one(false);
	}
	ledger_free(ledger);
}

TEST(ledger_reading_while_another_writes)
{
	struct ledger *writer = open_one(false), *reader;
	struct ledger_entry entry = sample(1);
	struct err err = ERR_INIT;

	REQUIRE(ledger_store(writer, &entry));
	REQUIRE(ledger_commit(writer, &err));
	entry = sample(2);
	REQUIRE(ledger_store(writer, &entry));
	reader = open_one(true);
	CHECK_INT(ledger_count(reader), 1);
	CHECK(!ledger_store(reader, &entry));
	CHECK(memcmp(ledger_key(reader), ledger_key(writer), CRYPTO_KEY_SIZE) ==
	      0);
	ledger_free(reader);
	REQUIRE(ledger_commit(writer, &err));
	ledger_free(writer);
}

TEST(ledger_read_only_makes_nothing)
{
	struct ledger *reader = open_one(true);
	struct ledger_entry entry;

	CHECK_INT(ledger_count(reader), 0);
	CHECK(!ledger_load(reader, "crm-1", &entry));
	CHECK_INT(ledger_runs(reader, NULL, 0), 0);
	CHECK(access(path_of("practice.sqlite"), F_OK) != 0);
	CHECK(access(path_of("key"), F_OK) != 0);
	ledger_free(reader);
}

TEST(ledger_after_a_kill)
{
	struct ledger *ledger;
	struct err err = ERR_INIT;
	pid_t child;
	int status;

	check_directory();
	fflush(stdout);
	child = fork();
	REQUIRE(child >= 0);
	if (child == 0) {
		struct ledger_entry entry = sample(1);

		ledger = open_one(false);
		if (!ledger_store(ledger, &entry) ||
		    !ledger_commit(ledger, &err))
			_exit(1);
		entry = sample(2);
		ledger_store(ledger, &entry);
		raise(SIGKILL);
	}
	REQUIRE(waitpid(child, &status, 0) == child);
	CHECK(WIFSIGNALED(status));
	/* the first to look may be one that only reads */
	ledger = open_one(true);
	CHECK_INT(ledger_count(ledger), 1);
	ledger_free(ledger);
	ledger = open_one(false);
	CHECK_INT(ledger_count(ledger), 1);
	CHECK_INT(ledger_find(ledger, "crm-1"), 0);
	ledger_free(ledger);
}

static void
expect_damaged(void)
{
	struct err err = ERR_INIT;
	struct ledger *ledger = ledger_open(
	    check_directory(), "practice", false, false, &err);

	CHECK(ledger == NULL);
	CHECK_INT(err.kind, ERR_IO);
	CHECK(strstr(err.text, "is damaged") != NULL);
	CHECK(strstr(err.text, "practice.sqlite") != NULL);
	ledger_free(ledger);
}

TEST(ledger_that_is_no_database)
{
	check_write(path_of("practice.sqlite"),
	    "this is not a database, it is a shopping list: milk, bread and "
	    "many other things that are longer than a header of SQLite is");
	expect_damaged();
}

TEST(ledger_overwritten_in_the_middle)
{
	struct ledger *ledger = open_one(false);
	struct ledger_entry entry;
	struct err err = ERR_INIT;
	char junk[4096];
	int fd;

	for (unsigned i = 0; i < 2000; i++) {
		entry = sample(i);
		REQUIRE(ledger_store(ledger, &entry));
	}
	REQUIRE(ledger_commit(ledger, &err));
	ledger_free(ledger);
	memset(junk, 0x5a, sizeof(junk));
	fd = open(path_of("practice.sqlite"), O_WRONLY);
	REQUIRE(fd >= 0);
	for (int page = 4; page < 40; page++)
		REQUIRE(pwrite(fd, junk, sizeof(junk), page * 4096) ==
			(ssize_t)sizeof(junk));
	close(fd);
	expect_damaged();
}

TEST(ledger_of_a_newer_program)
{
	struct ledger *ledger = open_one(false);
	struct err err = ERR_INIT;
	char version[4] = {0, 0, 0, 99};
	int fd;

	ledger_free(ledger);
	fd = open(path_of("practice.sqlite"), O_WRONLY);
	REQUIRE(pwrite(fd, version, 4, 60) == 4);
	close(fd);
	CHECK(!ledger_open(check_directory(), "practice", false, false, &err));
	CHECK(strstr(err.text, "newer belay") != NULL);
}

/* A file that may not grow stands for a full disk. */
TEST(ledger_on_a_full_disk)
{
	struct ledger *ledger = open_one(false);
	struct ledger_entry entry = sample(1);
	struct err err = ERR_INIT;
	struct rlimit limit;
	struct stat info;
	bool stored = true;

	REQUIRE(ledger_store(ledger, &entry));
	REQUIRE(ledger_commit(ledger, &err));
	signal(SIGXFSZ, SIG_IGN);
	REQUIRE(stat(path_of("practice.sqlite-wal"), &info) == 0);
	limit.rlim_cur = limit.rlim_max = (rlim_t)info.st_size + 10000;
	REQUIRE(setrlimit(RLIMIT_FSIZE, &limit) == 0);
	for (unsigned i = 2; i < 500 && stored; i++) {
		entry = sample(i);
		stored = ledger_store(ledger, &entry);
	}
	CHECK(!ledger_commit(ledger, &err));
	CHECK(err.kind == ERR_IO);
	CHECK(ledger_failed(ledger));
	/* once failed, nothing more */
	entry = sample(999);
	CHECK(!ledger_store(ledger, &entry));
	CHECK(!ledger_commit(ledger, &err));
	ledger_free(ledger);
	ledger = open_one(true);
	CHECK_INT(ledger_count(ledger), 1);
	ledger_free(ledger);
}

/* Once it has failed this process sends nothing, room or not: said as it is. */
TEST(ledger_full_disk_in_words)
{
	struct err err = ERR_INIT;
	struct database *database;

	ledger_free(open_one(false));
	database = database_open(path_of("practice.sqlite"), false, &err);
	REQUIRE(database != NULL);
	REQUIRE(
	    database_run(database, "PRAGMA max_page_count=1", "opening", &err));
	CHECK(!database_run(database,
	    "CREATE TABLE more AS SELECT hex(zeroblob(1000000))", "writing",
	    &err));
	CHECK_INT(err.kind, ERR_IO);
	CHECK(strstr(err.text, "the disk is full") != NULL);
	CHECK(strstr(err.text, "make room, then open belay again") != NULL);
	database_free(database);
}

TEST(ledger_without_its_key)
{
	struct ledger *ledger = open_one(false);
	struct ledger_entry entry = sample(1);
	struct err err = ERR_INIT;
	uint8_t key[CRYPTO_KEY_SIZE];

	memcpy(key, ledger_key(ledger), sizeof(key));
	REQUIRE(ledger_store(ledger, &entry));
	REQUIRE(ledger_commit(ledger, &err));
	ledger_free(ledger);
	REQUIRE(unlink(path_of("key")) == 0);
	ledger = open_one(false);
	CHECK(memcmp(key, ledger_key(ledger), sizeof(key)) != 0);
	REQUIRE(ledger_load(ledger, "crm-1", &entry));
	CHECK_INT(entry.state, STATE_LINKED);
	CHECK_TEXT(
	    entry.healthsherpa_id, "00000000-0000-4000-8000-000000000001");
	CHECK_INT(entry.accepted.count, 0);
	CHECK(entry.whole == 0);
	CHECK(entry.flags & LEDGER_NOTE_ASSUMED);
	ledger_free(ledger);
	/* only once */
	ledger = open_one(false);
	entry.flags = 0;
	REQUIRE(ledger_store(ledger, &entry));
	REQUIRE(ledger_commit(ledger, &err));
	ledger_free(ledger);
	ledger = open_one(false);
	REQUIRE(ledger_load(ledger, "crm-1", &entry));
	CHECK_INT(entry.flags, 0);
	ledger_free(ledger);
}

TEST(ledger_runs_are_numbered)
{
	struct ledger *ledger = open_one(false);
	struct ledger_run run = {.started_ms = 1000}, runs[4];
	struct err err = ERR_INIT;

	REQUIRE(ledger_run_start(ledger, &run));
	CHECK_INT(run.number, 1);
	run.ended_ms = 2000;
	run.created = 5;
	run.requests = 11;
	REQUIRE(ledger_run_end(ledger, &run));
	run = (struct ledger_run){.started_ms = 3000};
	REQUIRE(ledger_run_start(ledger, &run));
	CHECK_INT(run.number, 2);
	REQUIRE(ledger_commit(ledger, &err));
	REQUIRE(ledger_runs(ledger, runs, 4) == 2);
	CHECK_INT(runs[0].number, 2);
	CHECK_INT(runs[0].ended_ms, 0);
	CHECK_INT(runs[1].created, 5);
	CHECK_INT(runs[1].requests, 11);
	ledger_free(ledger);
}

TEST(hash_set_forgets_the_oldest)
{
	struct hash_set set = {0};

	hash_set_add(&set, 0);
	CHECK_INT(set.count, 0);
	for (uint64_t i = 1; i <= HASH_SET_MAX + 1; i++) {
		hash_set_add(&set, i);
		hash_set_add(&set, i);
	}
	CHECK_INT(set.count, HASH_SET_MAX);
	CHECK(!hash_set_has(&set, 1));
	CHECK(hash_set_has(&set, 2));
	hash_set_remove(&set, 2);
	hash_set_remove(&set, 2);
	CHECK_INT(set.count, HASH_SET_MAX - 1);
	CHECK(!hash_set_has(&set, 2));
	CHECK(hash_set_has(&set, HASH_SET_MAX + 1));
}

TEST(ledger_keeps_identities)
{
	struct identity identity = {
	    .external_id = "belay-00112233445566778899aabbccddeeff",
	    .print = {.whole = 1,
		.name = UINT64_MAX,
		.way = {2, 0, UINT64_C(1) << 63, 4, 5}},
	    .seen = INT64_C(1) << 41};
	struct ledger *ledger = open_one(false);
	struct identity *all;
	struct err err = ERR_INIT;
	size_t count = 7;

	CHECK(ledger_identities(ledger, &count) == NULL);
	CHECK_INT(count, 0);
	REQUIRE(ledger_store_identity(ledger, &identity));
	identity.print.way[0] = 3;
	REQUIRE(ledger_store_identity(ledger, &identity));
	CHECK_INT(ledger_staged(ledger), 2);
	CHECK(ledger_commit(ledger, &err));
	ledger_free(ledger);
	/* one that only looks reads them too, and stores none */
	ledger = open_one(true);
	all = ledger_identities(ledger, &count);
	REQUIRE(all && count == 1);
	CHECK(memcmp(all, &identity, sizeof(identity)) == 0);
	CHECK(!ledger_store_identity(ledger, &identity));
	free(all);
	ledger_free(ledger);
	/* without the key the hashes tell nothing, but the IDs stay */
	REQUIRE(unlink(path_of("key")) == 0);
	ledger = open_one(false);
	all = ledger_identities(ledger, &count);
	REQUIRE(all && count == 1);
	CHECK_TEXT(all->external_id, identity.external_id);
	CHECK(all->print.whole == 0 && all->print.way[0] == 0);
	free(all);
	ledger_free(ledger);
}

/* ---- a ledger in place of one that knew more ------------------------- */

static struct ledger *
open_lost(void)
{
	struct err err = ERR_INIT;
	struct ledger *ledger = ledger_open(
	    check_directory(), "practice", false, true, &err);

	REQUIRE(ledger != NULL);
	return ledger;
}

TEST(ledger_made_in_place_of_a_lost_one)
{
	int64_t now = clock_monotonic(&clock_system);
	struct ledger *ledger = open_lost();
	struct err err = ERR_INIT;

	CHECK(ledger_rebuilt(ledger));
	CHECK(ledger_rebuilt_until(ledger, now, 5000) == now + 5000);
	ledger_free(ledger);
	/* nothing was committed by us: it is in the making itself */
	ledger = open_one(false);
	CHECK(ledger_rebuilt(ledger));
	/* a later process counts from when it was made */
	CHECK(ledger_rebuilt_until(ledger, now + 60000, 5000) < now + 60000);
	CHECK(ledger_rebuilt_until(ledger, now + 60000, 5000) >= now + 5000);
	CHECK(ledger_rebuilt_settled(ledger));
	CHECK(ledger_rebuilt_until(ledger, now, 5000) == INT64_MIN);
	REQUIRE(ledger_commit(ledger, &err));
	ledger_free(ledger);
	ledger = open_lost();
	CHECK(ledger_rebuilt(ledger));
	CHECK(ledger_rebuilt_until(ledger, now, 5000) == INT64_MIN);
	ledger_free(ledger);
}

TEST(ledger_of_another_boot_waits_from_now)
{
	struct ledger *ledger = open_one(false);
	struct err err = ERR_INIT;
	int64_t now = clock_monotonic(&clock_system);

	CHECK(!ledger_rebuilt(ledger));
	CHECK(ledger_rebuilt_until(ledger, now, 5000) == INT64_MIN);
	/* a time that has not come yet can only be of another boot */
	REQUIRE(ledger_mark_rebuilt(ledger, now + 1000000));
	REQUIRE(ledger_commit(ledger, &err));
	ledger_free(ledger);
	ledger = open_one(true);
	CHECK(ledger_rebuilt(ledger));
	CHECK(ledger_rebuilt_until(ledger, now, 5000) == now + 5000);
	ledger_free(ledger);
}

TEST(ledger_mark_takes_create_anyway_back)
{
	struct ledger *ledger = open_one(false);
	struct ledger_entry entry = sample(1);

	entry.flags = LEDGER_NO_PROBE | LEDGER_SUPERSEDED;
	REQUIRE(ledger_store(ledger, &entry));
	REQUIRE(ledger_mark_rebuilt(ledger, 1));
	REQUIRE(ledger_load(ledger, "crm-1", &entry));
	CHECK_INT(entry.flags, LEDGER_SUPERSEDED);
	ledger_free(ledger);
}

TEST(ledger_that_has_forgotten_somebody_waits_once)
{
	struct ledger *ledger = open_one(false);
	struct err err = ERR_INIT;
	int64_t now = clock_monotonic(&clock_system);

	REQUIRE(ledger_mark_forgetful(ledger, now));
	REQUIRE(ledger_commit(ledger, &err));
	ledger_free(ledger);
	ledger = open_one(false);
	CHECK(!ledger_rebuilt(ledger));
	CHECK(ledger_rebuilt_until(ledger, now + 9, 5000) == now + 5000);
	REQUIRE(ledger_rebuilt_settled(ledger));
	REQUIRE(ledger_mark_forgetful(ledger, now));
	REQUIRE(ledger_commit(ledger, &err));
	ledger_free(ledger);
	ledger = open_one(false);
	CHECK(!ledger_rebuilt(ledger));
	CHECK(ledger_rebuilt_until(ledger, now, 5000) == INT64_MIN);
	/* the whole mark is stronger */
	REQUIRE(ledger_mark_rebuilt(ledger, now));
	CHECK(ledger_rebuilt(ledger));
	CHECK(ledger_rebuilt_until(ledger, now + 9, 5000) == now + 5000);
	ledger_free(ledger);
}

TEST(ledger_keeps_numbers)
{
	struct ledger *ledger = open_one(false);
	struct err err = ERR_INIT;

	CHECK_INT(ledger_number(ledger, LEDGER_STRANGE), 0);
	REQUIRE(ledger_put_number(ledger, LEDGER_GENERATION, 7));
	REQUIRE(ledger_put_number(ledger, LEDGER_STRANGE, INT64_C(1) << 33));
	REQUIRE(ledger_commit(ledger, &err));
	ledger_free(ledger);
	ledger = open_one(true);
	CHECK_INT(ledger_number(ledger, LEDGER_GENERATION), 7);
	CHECK(ledger_number(ledger, LEDGER_STRANGE) == INT64_C(1) << 33);
	ledger_free(ledger);
}

/* ---- history ---------------------------------------------------------- */

static struct ledger_run_row
run_row(const char *id, const char *message, int64_t at)
{
	struct ledger_run_row row = {.verb = "create",
	    .status = "failed",
	    .http = 503,
	    .code = "server-error",
	    .requests = 4,
	    .at_ms = at,
	    .fields = 5};

	str_copy(row.external_id, sizeof(row.external_id), id);
	str_copy(row.message, sizeof(row.message), message);
	return row;
}

struct taken {
	char ids[64];
	struct ledger_run_row last;
};

static bool
take_row(void *context, const struct ledger_run_row *row)
{
	struct taken *taken = context;

	size_t len = strlen(taken->ids);

	str_copy(taken->ids + len, sizeof(taken->ids) - len, row->external_id);
	taken->last = *row;
	return strcmp(row->external_id, "stop") != 0;
}

TEST(ledger_keeps_the_rows_of_runs)
{
	struct ledger *ledger = open_one(false);
	struct ledger_run run = {.started_ms = 1000};
	struct ledger_run_row row;
	struct taken taken = {0};
	struct err err = ERR_INIT;

	REQUIRE(ledger_run_start(ledger, &run));
	row = run_row("b", "m …", 1002);
	REQUIRE(ledger_store_run_row(ledger, run.number, &row));
	row = run_row("a", "first", 1001);
	REQUIRE(ledger_store_run_row(ledger, run.number, &row));
	/* they ride along */
	CHECK_INT(ledger_staged(ledger), 1);
	str_copy(run.outcome, sizeof(run.outcome), "stopped");
	run.ended_ms = 1003;
	REQUIRE(ledger_run_end(ledger, &run));
	REQUIRE(ledger_commit(ledger, &err));
	ledger_free(ledger);

	ledger = open_one(true);
	REQUIRE(ledger_runs(ledger, &run, 1) == 1);
	CHECK_TEXT(run.outcome, "stopped");
	CHECK(ledger_run_rows(ledger, 1, take_row, &taken));
	CHECK_TEXT(taken.ids, "ab");
	CHECK_TEXT(taken.last.message, "m …");
	CHECK_TEXT(taken.last.verb, "create");
	CHECK_TEXT(taken.last.status, "failed");
	CHECK_TEXT(taken.last.code, "server-error");
	CHECK_INT(taken.last.http, 503);
	CHECK_INT(taken.last.requests, 4);
	CHECK_INT(taken.last.at_ms, 1002);
	CHECK_INT(taken.last.fields, 5);
	ledger_free(ledger);
}

TEST(ledger_tells_what_became_of_one_contact)
{
	struct ledger *ledger = open_one(false);
	struct ledger_run_row row, out[4];
	struct ledger_run run;
	struct err err = ERR_INIT;

	for (int i = 0; i < 3; i++) {
		run = (struct ledger_run){.started_ms = 1000 + i};
		REQUIRE(ledger_run_start(ledger, &run));
		row = run_row("b", "", 10 + i);
		REQUIRE(ledger_store_run_row(ledger, run.number, &row));
		row = run_row("a", "", 20 + i);
		row.fields = 1u << i;
		if (i != 1)
			REQUIRE(ledger_store_run_row(ledger, run.number, &row));
	}
	REQUIRE(ledger_commit(ledger, &err));
	CHECK_INT(ledger_contact_rows(ledger, "a", 10, out, 4), 2);
	CHECK_INT(out[0].at_ms, 22);
	CHECK_INT(out[0].fields, 4);
	CHECK_INT(out[1].at_ms, 20);
	/* of the newest runs only, and no more than there is room for */
	CHECK_INT(ledger_contact_rows(ledger, "a", 2, out, 4), 1);
	CHECK_INT(ledger_contact_rows(ledger, "b", 10, out, 2), 2);
	CHECK_INT(ledger_contact_rows(ledger, "c", 10, out, 4), 0);
	ledger_free(ledger);
}

TEST(ledger_row_alone_is_committed_too)
{
	struct ledger *ledger = open_one(false);
	struct ledger_run_row row = run_row("a", "", 1);
	struct taken taken = {0};
	struct err err = ERR_INIT;

	REQUIRE(ledger_store_run_row(ledger, 7, &row));
	CHECK_INT(ledger_staged(ledger), 1);
	REQUIRE(ledger_commit(ledger, &err));
	ledger_free(ledger);
	ledger = open_one(true);
	CHECK(ledger_run_rows(ledger, 7, take_row, &taken));
	CHECK_TEXT(taken.ids, "a");
	ledger_free(ledger);
}

TEST(ledger_purge_leaves_the_newest_run)
{
	struct ledger *ledger = open_one(false);
	struct ledger_run run, runs[4];
	struct ledger_run_row row;
	struct taken taken = {0};
	unsigned purged;

	for (int i = 1; i <= 3; i++) {
		run = (struct ledger_run){.started_ms = i * 1000};
		REQUIRE(ledger_run_start(ledger, &run));
		row = run_row(i == 1 ? "1" : i == 2 ? "2" : "3", "", i);
		REQUIRE(ledger_store_run_row(ledger, run.number, &row));
	}
	REQUIRE(ledger_purge(ledger, 2000, &purged));
	CHECK_INT(purged, 1);
	REQUIRE(ledger_runs(ledger, runs, 4) == 2);
	CHECK_INT(runs[1].number, 2);
	REQUIRE(ledger_purge(ledger, INT64_MAX, &purged));
	CHECK_INT(purged, 1);
	REQUIRE(ledger_runs(ledger, runs, 4) == 1);
	CHECK_INT(runs[0].number, 3);
	for (int i = 1; i <= 3; i++)
		CHECK(ledger_run_rows(ledger, i, take_row, &taken));
	CHECK_TEXT(taken.ids, "3");
	/* no number twice */
	REQUIRE(ledger_run_start(ledger, &run));
	CHECK_INT(run.number, 4);
	ledger_free(ledger);
}

TEST(ledger_keeps_troubles)
{
	enum { MANY = 500 };
	struct trouble trouble = {.whole = UINT64_MAX,
	    .http = 503,
	    .code = "server-error",
	    .field = "phone",
	    .message = "m …"};
	struct ledger *ledger = open_one(false);
	const struct trouble *back;
	struct err err = ERR_INIT;
	char id[32];

	CHECK(ledger_trouble(ledger, "1") == NULL);
	ledger_clear_trouble(ledger, "1");
	for (int i = 0; i < MANY; i++) {
		snprintf(id, sizeof(id), "%d", i);
		trouble.http = i;
		ledger_set_trouble(ledger, id, &trouble);
	}
	/* again, and every third away */
	trouble.http = 1000;
	ledger_set_trouble(ledger, "1", &trouble);
	for (int i = 0; i < MANY; i += 3) {
		snprintf(id, sizeof(id), "%d", i);
		ledger_clear_trouble(ledger, id);
	}
	for (int pass = 0; pass < 2; pass++) {
		for (int i = 0; i < MANY; i++) {
			snprintf(id, sizeof(id), "%d", i);
			back = ledger_trouble(ledger, id);
			CHECK((back == NULL) == (i % 3 == 0));
			if (back)
				CHECK_INT(back->http, i == 1 ? 1000 : i);
		}
		REQUIRE(ledger_commit(ledger, &err));
		ledger_free(ledger);
		ledger = open_one(pass == 0);
	}
	back = ledger_trouble(ledger, "2");
	REQUIRE(back != NULL);
	CHECK(back->whole == UINT64_MAX);
	CHECK_TEXT(back->code, "server-error");
	CHECK_TEXT(back->field, "phone");
	CHECK_TEXT(back->message, "m …");
	ledger_free(ledger);
}

/* ---- ledgers of earlier versions ---------------------------------------- */

/* As version 2 made it, with a contact and a run; `version` 1: without
 * identities. */
static void
make_old(int version)
{
	struct err err = ERR_INIT;
	struct database *database = database_open(
	    path_of("practice.sqlite"), false, &err);
	char sql[256];

	REQUIRE(database != NULL && database_be_durable(database, &err));
	REQUIRE(database_run(database,
	    "CREATE TABLE meta(name TEXT PRIMARY KEY, value BLOB)"
	    " WITHOUT ROWID;"
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
	    "CREATE TABLE run(number INTEGER PRIMARY KEY,"
	    " started INTEGER NOT NULL, ended INTEGER NOT NULL,"
	    " created INTEGER NOT NULL, updated INTEGER NOT NULL,"
	    " unchanged INTEGER NOT NULL, blocked INTEGER NOT NULL,"
	    " failed INTEGER NOT NULL, review INTEGER NOT NULL,"
	    " waiting INTEGER NOT NULL, requests INTEGER NOT NULL);"
	    "INSERT INTO contact VALUES('crm-1', 2, 1, 1, 'hs-1', '', '', NULL,"
	    " NULL, 9, 0, 0, '', 5, 0, '', '', '');"
	    "INSERT INTO contact VALUES('crm-2', 1, 1, 0, '', '', '', NULL,"
	    " NULL, 9, 0, 77, 'b', 0, 0, '', '', '');"
	    "INSERT INTO run VALUES(3, 1000, 2000, 5, 0, 0, 0, 0, 0, 0, 9);",
	    "making", &err));
	if (version >= 2)
		REQUIRE(database_run(database,
		    "CREATE TABLE identity(external_id TEXT PRIMARY KEY NOT"
		    " NULL, hashes BLOB NOT NULL, seen INTEGER NOT NULL)"
		    " WITHOUT ROWID;",
		    "making", &err));
	snprintf(sql, sizeof(sql),
	    "PRAGMA application_id=%d; PRAGMA user_version=%d;", 0x42454c59,
	    version);
	REQUIRE(database_run(database, sql, "making", &err));
	database_free(database);
}

static void
check_old(struct ledger *ledger)
{
	struct ledger_entry entry;
	struct ledger_run run;
	struct taken taken = {0};

	CHECK_INT(ledger_count(ledger), 2);
	REQUIRE(ledger_load(ledger, "crm-1", &entry));
	CHECK_INT(entry.state, STATE_LINKED);
	CHECK_TEXT(entry.healthsherpa_id, "hs-1");
	REQUIRE(ledger_load(ledger, "crm-2", &entry));
	CHECK_INT(entry.state, STATE_INTENT);
	CHECK_INT(entry.sent_at, 77);
	REQUIRE(ledger_runs(ledger, &run, 1) == 1);
	CHECK_INT(run.number, 3);
	CHECK_INT(run.created, 5);
	CHECK_TEXT(run.outcome, "");
	CHECK(ledger_run_rows(ledger, 3, take_row, &taken));
	CHECK_TEXT(taken.ids, "");
	CHECK(ledger_trouble(ledger, "crm-1") == NULL);
	CHECK(!ledger_rebuilt(ledger));
}

TEST(ledger_of_an_earlier_version)
{
	for (int version = 1; version <= 2; version++) {
		struct ledger_run run = {.started_ms = 3000};
		struct ledger_run_row row = run_row("crm-2", "", 1);
		struct ledger *ledger;
		struct err err = ERR_INIT;

		check_directory();
		unlink(path_of("practice.sqlite"));
		make_old(version);
		ledger = open_one(true);
		check_old(ledger);
		ledger_free(ledger);
		/* one that was there before has lost nothing */
		ledger = open_lost();
		check_old(ledger);
		REQUIRE(ledger_run_start(ledger, &run));
		CHECK_INT(run.number, 4);
		REQUIRE(ledger_store_run_row(ledger, 4, &row));
		REQUIRE(ledger_commit(ledger, &err));
		ledger_free(ledger);
		ledger = open_one(false);
		CHECK_INT(ledger_count(ledger), 2);
		CHECK(ledger_check(ledger, &err));
		ledger_free(ledger);
	}
}
