/* SPDX-License-Identifier: MIT */
/*
 * Whole runs against the practice server, under its faults: whatever happens,
 * there is one contact per external_id, and a last run sends nothing.
 * The settle time is 200 ms, so that doubts end within a test.
 */
#include "sync/sync.h"

#include <dirent.h>
#include <errno.h>
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
#include "base/json.h"
#include "base/str.h"
#include "book/book.h"
#include "book/config.h"
#include "practice/practice.h"
#include "sync/database.h"
#include "sync/ledger.h"
#include "sync/repair.h"

#include "check.h"
#include "unit/practice/client.h"

enum { RUN_SECONDS = 40, ROWS_MAX = 400, FAST = 100 };

/* Minutes of waiting pass in moments; calls take longer by it, in its own
 * time, than they do. */
static int64_t
fast_monotonic(void *context)
{
	(void)context;
	return clock_monotonic(&clock_system) * FAST;
}

static int64_t
fast_wall(void *context)
{
	(void)context;
	return clock_wall(&clock_system);
}

static const struct clock clock_fast = {
    .wall = fast_wall, .monotonic = fast_monotonic};

/* Ahead of the system's by what a test wants. */
static int64_t shift_ms;

static int64_t
shifted_monotonic(void *context)
{
	(void)context;
	return clock_monotonic(&clock_system) + shift_ms;
}

static const struct clock clock_shifted = {
    .wall = fast_wall, .monotonic = shifted_monotonic};

struct rig {
	const struct clock *clock; /* NULL: the system's */
	const char *settle;        /* NULL: 200ms, of the fast clock 120s */
	bool read_only;
	struct server server;
	struct config *config;
	struct book *book;
	struct sync *sync;
	struct sync_progress progress;    /* at the end of the last run */
	struct sync_event last[ROWS_MAX]; /* SYNC_FINISHED_ROW by row */
	unsigned finished;
	char notice[320]; /* the first of the last run */
};

static const char *
path_of(const char *name)
{
	static char paths[4][256];
	static unsigned next;
	char *path = paths[next++ % 4];

	snprintf(path, sizeof(paths[0]), "%s/%s", check_directory(), name);
	return path;
}

static const char header[] = "external_id,first_name,last_name,birth_date,"
			     "phone,email,zip,medicare_number,notes\n";

/* People who differ in every field. */
static void
write_people(unsigned count)
{
	struct str text;

	str_init(&text, 1 << 20);
	str_add(&text, header);
	for (unsigned i = 0; i < count; i++)
		str_addf(&text,
		    "crm-%u,Ada%c%c,Sample%c%c,19%02u-03-%02u,91655501%02u,"
		    "ada%u@example.com,95811,1S%u%uTE5MK%02u,\n",
		    i, 'a' + (char)(i % 26), 'a' + (char)(i / 26 % 26),
		    'a' + (char)(i % 26), 'a' + (char)(i / 26 % 26),
		    30 + i % 28, 1 + i % 28, i % 100, i, i % 10, i / 10 % 10,
		    i / 100 % 10 * 11);
	check_write(path_of("people.csv"), text.data);
	str_release(&text);
}

static void
rig_server(struct rig *rig, const char *script, const char *const *switches)
{
	static uint64_t servers;
	struct practice_options options = {.switches = switches,
	    .seed = ++servers,
	    .api_key = "practice",
	    .agent_email = "agent@example.com",
	    .store_path = path_of("store")};

	memset(rig, 0, sizeof(*rig));
	if (script) {
		check_write(path_of("script"), script);
		options.script_path = path_of("script");
	}
	server_start(&rig->server, &options);
}

static void
rig_config(struct rig *rig, const char *more, const char *key)
{
	struct err err = ERR_INIT;
	struct str text, problems;

	str_init(&text, 8192);
	str_init(&problems, 8192);
	str_addf(&text,
	    "contacts: %s\n"
	    "service:\n"
	    "  environment: practice\n"
	    "  agent_email: agent@example.com\n"
	    "  timeout: %s\n"
	    "  api_key: {command: [echo, %s]}\n"
	    "  urls: {api: 'http://127.0.0.1:%d/v1'}\n"
	    "sync: {rate: none, settle: %s%s}\n",
	    path_of("people.csv"),
	    /* a moment of the fast clock is none of ours */
	    rig->clock == &clock_fast ? "60s" : "1s", key, rig->server.port,
	    rig->settle  ? rig->settle
	    : rig->clock ? "120s"
			 : "200ms",
	    more ? more : "");
	rig->config = config_parse(
	    "config.yaml", text.data, text.len, &problems, &err);
	CHECK_TEXT(problems.data, "");
	REQUIRE(rig->config != NULL);
	str_release(&text);
	str_release(&problems);
}

/* What may have changed on the screen is told. */
static void
refresh(struct sync *sync)
{
	uint32_t before[STATUS_COUNT], after[STATUS_COUNT];
	bool any;

	do {
		sync_counts(sync, before);
		any = sync_refresh(sync, 100);
		sync_counts(sync, after);
		CHECK(any || memcmp(before, after, sizeof(after)) == 0);
	} while (any);
}

static bool
try_open(struct rig *rig, struct err *err)
{
	const struct clock *clock = rig->clock ? rig->clock : &clock_system;
	struct sync_options options = {.clock = clock,
	    .state_dir = path_of("state"),
	    .read_only = rig->read_only};

	rig->book = book_open(rig->config, NULL, clock, err);
	if (!rig->book || !book_load_all(rig->book, err))
		return false;
	rig->sync = sync_open(rig->book, &options, err);
	if (!rig->sync) {
		book_free(rig->book);
		return false;
	}
	refresh(rig->sync);
	return true;
}

/* A process that was killed while it started another one leaves its lock to
 * that for a moment. */
static void
rig_open(struct rig *rig)
{
	int64_t limit = clock_monotonic(&clock_system) + 5000;
	struct err err;

	do {
		err = (struct err)ERR_INIT;
		REQUIRE(clock_monotonic(&clock_system) < limit);
	} while (!try_open(rig, &err) && err.kind == ERR_HELD);
	CHECK_TEXT(err.text, "");
	REQUIRE(err.kind == ERR_NONE);
}

static void
rig_close(struct rig *rig)
{
	sync_free(rig->sync);
	book_free(rig->book);
	rig->sync = NULL;
	rig->book = NULL;
}

static void
rig_start(struct rig *rig, const char *script, const char *const *switches,
    const char *more)
{
	rig_server(rig, script, switches);
	rig_config(rig, more, "practice");
	rig_open(rig);
}

/* With the usual settle time, on the fast clock. */
static void
rig_start_fast(struct rig *rig, const char *script)
{
	rig_server(rig, script, NULL);
	rig->clock = &clock_fast;
	rig_config(rig, NULL, "practice");
	rig_open(rig);
}

static void
rig_stop(struct rig *rig)
{
	rig_close(rig);
	config_free(rig->config);
	server_stop(&rig->server);
}

static bool
take_events(struct rig *rig)
{
	struct sync_event event;
	bool done = false;

	while (sync_next_event(rig->sync, &event)) {
		if (event.kind == SYNC_FINISHED_ROW) {
			REQUIRE(event.row < ROWS_MAX);
			rig->last[event.row] = event;
			rig->finished++;
		} else if (event.kind == SYNC_NOTICE && !*rig->notice) {
			str_copy(
			    rig->notice, sizeof(rig->notice), event.message);
		}
		done = done || event.kind == SYNC_DONE;
	}
	return done;
}

static struct plan *
plan_all(struct rig *rig, bool retry)
{
	uint32_t rows[ROWS_MAX], count = book_count(rig->book);

	REQUIRE(count <= ROWS_MAX);
	for (uint32_t i = 0; i < count; i++)
		rows[i] = i;
	return sync_plan(rig->sync, rows, count, retry);
}

/* One run to its end. */
static void
run_plan(struct rig *rig, struct plan *plan)
{
	int64_t limit = clock_monotonic(&clock_system) + RUN_SECONDS * 1000;
	struct err err = ERR_INIT;

	rig->finished = 0;
	*rig->notice = '\0';
	memset(rig->last, 0, sizeof(rig->last));
	REQUIRE(sync_start(rig->sync, plan, &err));
	plan_free(plan);
	while (!take_events(rig)) {
		REQUIRE(clock_monotonic(&clock_system) < limit);
		sync_wait(rig->sync, NULL, 0, rig->clock ? 5 : 1000);
		sync_step(rig->sync);
	}
	sync_progress(rig->sync, &rig->progress);
	CHECK(!rig->progress.running);
	CHECK_INT(rig->progress.in_flight, 0);
}

/* One run over all rows. */
static void
run(struct rig *rig, bool retry)
{
	run_plan(rig, plan_all(rig, retry));
}

static void
start_rows(struct rig *rig, uint32_t from, uint32_t to)
{
	struct err err = ERR_INIT;
	uint32_t rows[ROWS_MAX], count = 0;
	struct plan *plan;

	for (uint32_t row = from; row < to; row++)
		rows[count++] = row;
	plan = sync_plan(rig->sync, rows, count, false);
	REQUIRE(sync_start(rig->sync, plan, &err));
	plan_free(plan);
}

/* One turn; true at the end of the run. */
static bool
turn(struct rig *rig)
{
	sync_wait(rig->sync, NULL, 0, 100);
	sync_step(rig->sync);
	return take_events(rig);
}

/* ---- what the server saw -------------------------------------------- */

static unsigned
requests(const struct rig *rig, const char *route)
{
	unsigned count = 0;
	struct json *line;

	for (size_t i = 0; (line = server_log(&rig->server, i)); i++) {
		const char *is = json_string(json_get(line, "route"));
		const char *end = json_string(json_get(line, "end"));

		count += is && strcmp(is, route) == 0 && end &&
			 strcmp(end, "late-commit") != 0;
		json_free(line);
	}
	return count;
}

/* The body of the last request of a route; the caller frees. */
static struct json *
last_body(const struct rig *rig, const char *route)
{
	struct json *found = NULL, *line;

	for (size_t i = 0; (line = server_log(&rig->server, i)); i++) {
		const char *is = json_string(json_get(line, "route"));

		if (is && strcmp(is, route) == 0) {
			json_free(found);
			found = json_copy(json_get(line, "body"));
		}
		json_free(line);
	}
	REQUIRE(found != NULL);
	return found;
}

static size_t
members(const struct json *object)
{
	return json_count(object);
}

/* Contacts in the server's store with that external_id. */
static unsigned
contacts_of(const char *external_id)
{
	char *text = check_read(path_of("store")), *end;
	struct str seen;
	unsigned count = 0;

	str_init(&seen, 1 << 20);
	for (char *line = text; (end = strchr(line, '\n')); line = end + 1) {
		struct err err = ERR_INIT;
		struct json *contact = json_parse(
		    line, (size_t)(end - line), &err);
		const char *id = json_text_at(contact, "values.external_id");
		const char *remote = json_text_at(contact, "id");

		if (id && remote && strcmp(id, external_id) == 0 &&
		    !strstr(seen.data, remote)) {
			count++;
			str_add(&seen, remote);
		}
		json_free(contact);
	}
	str_release(&seen);
	free(text);
	return count;
}

static void
check_once(unsigned people)
{
	char id[32];

	for (unsigned i = 0; i < people; i++) {
		snprintf(id, sizeof(id), "crm-%u", i);
		CHECK_INT(contacts_of(id), 1);
	}
}

/* Everybody is synced, in the file too, and another run sends nothing. */
static void
check_settled(struct rig *rig, unsigned people)
{
	unsigned before;

	check_once(people);
	rig_close(rig);
	rig_open(rig);
	before = requests(rig, "create") + requests(rig, "update") +
		 requests(rig, "search");
	run(rig, false);
	CHECK_INT(requests(rig, "create") + requests(rig, "update") +
		      requests(rig, "search"),
	    before);
	CHECK_INT(rig->progress.total, 0);
	for (unsigned i = 0; i < people; i++) {
		struct row_status row;

		sync_row(rig->sync, i, &row);
		CHECK_INT(row.status, STATUS_SYNCED);
		CHECK(book_result_id(rig->book, i) != NULL);
		CHECK_TEXT(book_result_id(rig->book, i), row.healthsherpa_id);
	}
}

/* ---- the ordinary way ----------------------------------------------- */

TEST(run_creates_everybody_once)
{
	struct rig rig;
	struct row_status row;

	write_people(40);
	rig_start(&rig, NULL, NULL, NULL);
	run(&rig, false);
	CHECK_INT(rig.progress.created, 40);
	CHECK_INT(rig.finished, 40);
	CHECK_INT(requests(&rig, "create"), 40);
	CHECK_INT(requests(&rig, "search"), 40);
	CHECK_INT(rig.last[7].verb, PLAN_CREATE);
	CHECK_INT(rig.last[7].status, STATUS_SYNCED);
	CHECK_INT(rig.last[7].http, 201);
	CHECK_INT(rig.last[7].requests, 2);
	sync_row(rig.sync, 7, &row);
	CHECK(strstr(row.quote_url, "http://127.0.0.1") == row.quote_url);
	CHECK(row.synced_at_ms > 0);
	check_settled(&rig, 40);
	rig_stop(&rig);
}

TEST(run_updates_only_what_changed)
{
	struct rig rig;
	struct err err = ERR_INIT;
	struct json *body;
	uint32_t column;

	write_people(3);
	rig_start(&rig, NULL, NULL, NULL);
	run(&rig, false);
	column = records_find_column(book_records(rig.book), "phone");
	REQUIRE(book_set(rig.book, 1, column, "(305) 555-0177", &err));
	sync_row_changed(rig.sync, 1);
	CHECK_INT(sync_status(rig.sync, 1), STATUS_CHANGED);
	run(&rig, false);
	CHECK_INT(rig.progress.updated, 1);
	CHECK_INT(requests(&rig, "update"), 1);
	CHECK_INT(requests(&rig, "search"), 3);
	body = last_body(&rig, "update");
	CHECK_INT(members(json_get(body, "contact")), 1);
	CHECK_TEXT(json_text_at(body, "contact.phone"), "3055550177");
	json_free(body);
	CHECK_INT(sync_status(rig.sync, 1), STATUS_SYNCED);
	rig_stop(&rig);
}

TEST(run_leaves_a_value_that_went_away)
{
	struct rig rig;
	struct err err = ERR_INIT;
	uint32_t column;

	write_people(1);
	rig_start(&rig, NULL, NULL, NULL);
	run(&rig, false);
	column = records_find_column(book_records(rig.book), "email");
	REQUIRE(book_set(rig.book, 0, column, "", &err));
	sync_row_changed(rig.sync, 0);
	CHECK_INT(sync_status(rig.sync, 0), STATUS_SYNCED);
	run(&rig, false);
	CHECK_INT(requests(&rig, "update"), 0);
	rig_stop(&rig);
}

TEST(run_sends_a_note_once)
{
	struct rig rig;
	struct err err = ERR_INIT;
	struct json *body;
	uint32_t notes, phone;

	write_people(1);
	rig_start(&rig, NULL, NULL, NULL);
	notes = records_find_column(book_records(rig.book), "notes");
	phone = records_find_column(book_records(rig.book), "phone");
	REQUIRE(book_set(rig.book, 0, notes, "likes mornings", &err));
	run(&rig, false);
	REQUIRE(book_set(rig.book, 0, phone, "3055550177", &err));
	run(&rig, false);
	body = last_body(&rig, "update");
	CHECK_INT(members(json_get(body, "contact")), 1);
	json_free(body);
	REQUIRE(book_set(rig.book, 0, notes, "likes evenings", &err));
	run(&rig, false);
	body = last_body(&rig, "update");
	CHECK_INT(members(json_get(body, "contact")), 1);
	CHECK(json_get(json_get(body, "contact"), "notes") != NULL);
	json_free(body);
	/* back to the first one, which HealthSherpa has */
	REQUIRE(book_set(rig.book, 0, notes, "likes mornings", &err));
	run(&rig, false);
	CHECK_INT(requests(&rig, "update"), 2);
	rig_stop(&rig);
}

TEST(run_does_not_send_a_note_of_doubtful_outcome_again)
{
	struct rig rig;
	struct err err = ERR_INIT;
	struct row_status row;
	struct json *body;
	uint32_t notes, phone;

	write_people(1);
	rig_start(&rig, "update 1 commit-then-drop\n", NULL, NULL);
	run(&rig, false);
	notes = records_find_column(book_records(rig.book), "notes");
	phone = records_find_column(book_records(rig.book), "phone");
	REQUIRE(book_set(rig.book, 0, notes, "likes mornings", &err));
	REQUIRE(book_set(rig.book, 0, phone, "3055550177", &err));
	run(&rig, false);
	CHECK_INT(requests(&rig, "update"), 2);
	body = last_body(&rig, "update");
	CHECK(json_get(json_get(body, "contact"), "notes") == NULL);
	CHECK_TEXT(json_text_at(body, "contact.phone"), "3055550177");
	json_free(body);
	sync_row(rig.sync, 0, &row);
	CHECK_INT(row.status, STATUS_SYNCED);
	CHECK(strstr(row.reason, "note") != NULL);
	run(&rig, false);
	CHECK_INT(requests(&rig, "update"), 2);
	rig_stop(&rig);
}

TEST(run_keeps_the_quote_page_over_a_204)
{
	static const char *const switches[] = {"update-status=204", NULL};
	struct rig rig;
	struct err err = ERR_INIT;
	struct row_status before, after;
	uint32_t phone;

	write_people(1);
	rig_start(&rig, NULL, switches, NULL);
	run(&rig, false);
	sync_row(rig.sync, 0, &before);
	CHECK(*before.quote_url);
	phone = records_find_column(book_records(rig.book), "phone");
	REQUIRE(book_set(rig.book, 0, phone, "3055550177", &err));
	run(&rig, false);
	CHECK_INT(rig.progress.updated, 1);
	sync_row(rig.sync, 0, &after);
	CHECK_INT(after.status, STATUS_SYNCED);
	CHECK_TEXT(after.quote_url, before.quote_url);
	rig_stop(&rig);
}

TEST(run_syncs_an_id_that_only_the_file_knows)
{
	struct rig rig;
	struct json *body;
	struct row_status row;

	write_people(2);
	rig_start(&rig, NULL, NULL, NULL);
	run(&rig, false);
	rig_close(&rig);
	/* the ledger is lost, the IDs in the file are not */
	REQUIRE(rename(path_of("state"), path_of("lost")) == 0);
	rig_open(&rig);
	sync_row(rig.sync, 0, &row);
	CHECK_INT(row.status, STATUS_CHANGED);
	CHECK_TEXT(row.short_reason, "all fields");
	run(&rig, false);
	CHECK_INT(rig.progress.updated, 2);
	CHECK_INT(requests(&rig, "create"), 2);
	CHECK_INT(requests(&rig, "update"), 2);
	body = last_body(&rig, "update");
	CHECK(members(json_get(body, "contact")) >= 6);
	CHECK(json_get(json_get(body, "contact"), "external_id") == NULL);
	json_free(body);
	check_settled(&rig, 2);
	rig_stop(&rig);
}

TEST(run_finds_its_contacts_after_everything_was_lost)
{
	struct rig rig;

	write_people(12);
	rig_start(&rig, NULL, NULL, NULL);
	run(&rig, false);
	rig_close(&rig);
	REQUIRE(rename(path_of("state"), path_of("lost")) == 0);
	write_people(12);
	rig_open(&rig);
	run(&rig, false);
	CHECK_INT(requests(&rig, "create"), 12);
	CHECK_INT(rig.progress.updated, 12);
	check_settled(&rig, 12);
	rig_stop(&rig);
}

TEST(run_puts_an_id_back_that_the_file_lost)
{
	struct rig rig;
	struct err err = ERR_INIT;

	write_people(3);
	rig_start(&rig, NULL, NULL, NULL);
	run(&rig, false);
	rig_close(&rig);
	write_people(3);
	rig_open(&rig);
	CHECK_INT(sync_status(rig.sync, 2), STATUS_SYNCED);
	REQUIRE(sync_write_back(rig.sync, &err));
	check_settled(&rig, 3);
	rig_stop(&rig);
}

/* ---- lost answers --------------------------------------------------- */

/* Every way to lose an answer ends with one contact and no further question. */
static void
check_lost(const char *action)
{
	struct rig rig;
	char script[128];

	write_people(6);
	snprintf(script, sizeof(script), "create 2-4 %s\n", action);
	rig_start(&rig, script, NULL, NULL);
	run(&rig, false);
	printf("# %s: %u creates, %u searches\n", action,
	    requests(&rig, "create"), requests(&rig, "search"));
	/* after a 422 it is taken for one that was there already */
	CHECK_INT(rig.progress.created + rig.progress.updated, 6);
	CHECK_INT(rig.progress.waiting, 0);
	check_settled(&rig, 6);
	rig_stop(&rig);
}

TEST(run_lost_commit_then_drop)
{
	check_lost("commit-then-drop");
}
TEST(run_lost_commit_then_stall)
{
	check_lost("commit-then-stall");
}
TEST(run_lost_commit_then_500)
{
	check_lost("commit-then-500");
}
TEST(run_lost_commit_then_502_junk)
{
	check_lost("commit-then-junk");
}
TEST(run_lost_commit_then_503)
{
	check_lost("commit-then-503");
}
TEST(run_lost_commit_then_twin)
{
	check_lost("commit-then-twin");
}
TEST(run_lost_drop)
{
	check_lost("drop");
}
TEST(run_lost_500)
{
	check_lost("500");
}
TEST(run_lost_408)
{
	check_lost("408");
}
TEST(run_lost_truncated)
{
	check_lost("truncate");
}
TEST(run_lost_no_id)
{
	check_lost("no-id");
}
TEST(run_lost_junk)
{
	check_lost("junk");
}
TEST(run_lost_huge)
{
	check_lost("huge");
}
TEST(run_lost_redirect)
{
	check_lost("commit-then-redirect https://example.com/");
}
/* dropped at once, carried out within the settle time */
TEST(run_lost_late)
{
	check_lost("late 120ms");
}
TEST(run_lost_and_slowly_found)
{
	check_lost("commit-then-drop lag 150ms");
}

TEST(run_of_creates_that_all_get_lost)
{
	struct rig rig;

	write_people(20);
	rig_start(&rig, "create all commit-then-drop\n", NULL, NULL);
	run(&rig, false);
	CHECK_INT(rig.progress.created, 20);
	CHECK_INT(requests(&rig, "create"), 20);
	check_settled(&rig, 20);
	rig_stop(&rig);
}

TEST(run_gives_up_after_three_lost_attempts)
{
	struct rig rig;
	struct row_status row;

	write_people(1);
	rig_start(&rig, "create all drop\n", NULL, NULL);
	run(&rig, false);
	CHECK_INT(requests(&rig, "create"), 3);
	CHECK_INT(rig.progress.review, 1);
	sync_row(rig.sync, 0, &row);
	CHECK_INT(row.status, STATUS_REVIEW);
	CHECK_TEXT(row.code, "attempts");
	run(&rig, true);
	CHECK_INT(requests(&rig, "create"), 3);
	rig_stop(&rig);
}

TEST(run_leaves_the_doubt_when_the_search_fails)
{
	struct rig rig;

	write_people(1);
	/* the probe is the first search; then none is answered */
	rig_start(
	    &rig, "create 1 commit-then-drop\nsearch 2-6 500\n", NULL, NULL);
	run(&rig, false);
	CHECK_INT(requests(&rig, "create"), 1);
	if (rig.progress.waiting) {
		CHECK_INT(sync_status(rig.sync, 0), STATUS_WAITING);
		run(&rig, false);
	}
	CHECK_INT(rig.progress.waiting, 0);
	check_settled(&rig, 1);
	rig_stop(&rig);
}

TEST(run_an_edit_in_doubt_goes_to_a_person)
{
	struct rig rig;
	struct err err = ERR_INIT;
	struct plan *plan;
	struct row_status row;
	int64_t limit;
	static const char *const fields[][2] = {{"phone", "3055550177"},
	    {"email", "new@example.com"}, {"birth_date", "1955-01-15"},
	    {"medicare_number", "1SG4TE5MK99"}};

	write_people(1);
	rig_start(&rig, "create 1 commit-then-drop\n", NULL, NULL);
	plan = plan_all(&rig, false);
	REQUIRE(sync_start(rig.sync, plan, &err));
	plan_free(plan);
	limit = clock_monotonic(&clock_system) + 10000;
	while (sync_status(rig.sync, 0) != STATUS_WAITING) {
		REQUIRE(clock_monotonic(&clock_system) < limit);
		sync_wait(rig.sync, NULL, 0, 100);
		sync_step(rig.sync);
	}
	CHECK(sync_only_waiting(rig.sync));
	for (unsigned i = 0; i < 4; i++)
		REQUIRE(book_set(rig.book, 0,
		    records_find_column(book_records(rig.book), fields[i][0]),
		    fields[i][1], &err));
	while (!take_events(&rig)) {
		REQUIRE(clock_monotonic(&clock_system) < limit);
		sync_wait(rig.sync, NULL, 0, 100);
		sync_step(rig.sync);
	}
	CHECK_INT(requests(&rig, "create"), 1);
	sync_row(rig.sync, 0, &row);
	CHECK_INT(row.status, STATUS_REVIEW);
	CHECK_TEXT(row.code, "edited");
	rig_stop(&rig);
}

static void
add_by_hand(struct rig *rig, const char *contact)
{
	struct response response;
	char body[1024];

	snprintf(body, sizeof(body),
	    "{\"agent_email\":\"agent@example.com\",\"contact\":%s}", contact);
	client_call(&rig->server, "POST", "/v1/contacts", body, &response);
	CHECK_INT(response.status, 201);
	response_release(&response);
}

/* ---- refusals ------------------------------------------------------- */

TEST(run_links_the_twin_of_a_422)
{
	struct rig rig;

	write_people(3);
	rig_start(&rig, NULL, NULL, ", search_before_create: false");
	run(&rig, false);
	rig_close(&rig);
	REQUIRE(rename(path_of("state"), path_of("lost")) == 0);
	write_people(3);
	rig_open(&rig);
	run(&rig, false);
	CHECK_INT(requests(&rig, "create"), 6);
	CHECK_INT(requests(&rig, "update"), 3);
	check_settled(&rig, 3);
	rig_stop(&rig);
}

/* What is taken is not to be seen yet: that it is not found proves nothing. */
TEST(run_waits_before_it_looks_for_what_is_taken)
{
	struct rig rig;

	write_people(1);
	rig_start(&rig, "create 1 commit-then-twin lag 150ms\n", NULL, NULL);
	run(&rig, false);
	CHECK_INT(rig.progress.failed, 0);
	CHECK_INT(rig.progress.review, 0);
	CHECK_INT(requests(&rig, "create"), 1);
	check_settled(&rig, 1);
	rig_stop(&rig);
}

/* Created and lost; looked up too early to be seen; refused the second time. */
TEST(run_waits_where_an_earlier_create_may_have_arrived)
{
	struct rig rig;

	write_people(1);
	rig_server(
	    &rig, "create 1 commit-then-drop lag 1800ms\ncreate 2 422\n", NULL);
	rig.settle = "1s"; /* the search is to come before it */
	rig_config(&rig, NULL, "practice");
	rig_open(&rig);
	run(&rig, false);
	CHECK_INT(rig.progress.failed, 0);
	CHECK_INT(requests(&rig, "create"), 2);
	check_settled(&rig, 1);
	rig_stop(&rig);
}

static void
check_taken(const char *script)
{
	struct rig rig;
	struct row_status row;

	write_people(1);
	rig_start(&rig, script, NULL, NULL);
	add_by_hand(&rig,
	    "{\"external_id\":\"old-7\",\"first_name\":\"Carl\","
	    "\"last_name\":\"Somebody\",\"birth_date\":\"1953-03-05\"}");
	run(&rig, false);
	CHECK_INT(rig.progress.review, 1);
	CHECK_INT(rig.progress.failed, 0);
	sync_row(rig.sync, 0, &row);
	CHECK_INT(row.status, STATUS_REVIEW);
	CHECK_TEXT(row.code, "taken");
	CHECK(strstr(row.reason, "is there already") != NULL);
	CHECK_INT(requests(&rig, "create"), 2);
	rig_stop(&rig);
}

TEST(run_asks_about_what_is_taken_and_not_found)
{
	check_taken("create @crm-0 twin\n");
}
TEST(run_asks_about_what_is_taken_where_a_stranger_is_found)
{
	check_taken("create @crm-0 twin\nsearch all other\n");
}

TEST(run_keeps_a_refusal_until_the_row_changes)
{
	struct rig rig;
	struct err err = ERR_INIT;
	struct row_status row;
	uint32_t phone;

	write_people(2);
	rig_start(&rig, "create @crm-1:1-2 400\n", NULL, NULL);
	run(&rig, false);
	CHECK_INT(rig.progress.created, 1);
	CHECK_INT(rig.progress.failed, 1);
	CHECK_INT(rig.last[1].status, STATUS_FAILED);
	CHECK_INT(rig.last[1].http, 400);
	CHECK(*rig.last[1].message);
	sync_row(rig.sync, 1, &row);
	CHECK_INT(row.status, STATUS_FAILED);
	CHECK(*row.reason);
	run(&rig, false);
	CHECK_INT(requests(&rig, "create"), 2);
	run(&rig, true);
	CHECK_INT(requests(&rig, "create"), 3);
	phone = records_find_column(book_records(rig.book), "phone");
	REQUIRE(book_set(rig.book, 1, phone, "3055550177", &err));
	sync_row_changed(rig.sync, 1);
	CHECK_INT(sync_status(rig.sync, 1), STATUS_NEW);
	run(&rig, false);
	CHECK_INT(rig.progress.created, 1);
	check_once(2);
	rig_stop(&rig);
}

/* Refused, they said, and made it all the same. */
TEST(run_a_retry_finds_what_was_made_in_spite_of_a_refusal)
{
	struct rig rig;

	write_people(2);
	rig_start(&rig, "create @crm-1:1 commit-then-400\n", NULL, NULL);
	run(&rig, false);
	CHECK_INT(rig.progress.failed, 1);
	run(&rig, true);
	CHECK_INT(rig.progress.updated, 1);
	check_settled(&rig, 2);
	rig_stop(&rig);
}

/* A refusal does not count towards the lost attempts. */
TEST(run_refusals_are_no_lost_attempts)
{
	struct rig rig;

	write_people(1);
	rig_start(
	    &rig, "create 1-4 400\ncreate 5 commit-then-drop\n", NULL, NULL);
	for (unsigned i = 0; i < 5; i++)
		run(&rig, true);
	CHECK_INT(rig.progress.created, 1);
	check_settled(&rig, 1);
	rig_stop(&rig);
}

TEST(run_stops_when_the_key_is_wrong)
{
	struct rig rig;

	write_people(30);
	rig_server(&rig, NULL, NULL);
	rig_config(&rig, NULL, "wrong");
	rig_open(&rig);
	run(&rig, false);
	CHECK(rig.progress.unauthorised);
	CHECK(strstr(rig.notice, "key") != NULL);
	CHECK(strstr(rig.progress.stopped, "key") != NULL);
	CHECK(requests(&rig, "search") <= 8);
	CHECK_INT(requests(&rig, "create"), 0);
	/* none of them is at fault */
	CHECK_INT(rig.progress.failed, 0);
	CHECK_INT(sync_status(rig.sync, 0), STATUS_NEW);
	CHECK_INT(sync_status(rig.sync, 29), STATUS_NEW);
	rig_stop(&rig);
}

TEST(run_stops_when_everything_is_forbidden)
{
	struct rig rig;

	write_people(40);
	rig_start(&rig, "* all 403\n", NULL, NULL);
	run(&rig, false);
	CHECK(rig.progress.unauthorised);
	CHECK(*rig.notice);
	CHECK(requests(&rig, "search") <= 16);
	CHECK_INT(requests(&rig, "create"), 0);
	CHECK_INT(sync_status(rig.sync, 39), STATUS_NEW);
	rig_stop(&rig);
}

/* It stumbles over every create: the rest is not sent after them. */
TEST(run_stops_when_every_create_gets_lost)
{
	struct rig rig;

	write_people(60);
	rig_start(&rig, "create all 500\n", NULL, NULL);
	run(&rig, false);
	CHECK(rig.progress.unreachable);
	CHECK(strstr(rig.progress.stopped, "no new contact") != NULL);
	CHECK(requests(&rig, "create") >= 20);
	CHECK(requests(&rig, "create") <= 20 + 2 * 8);
	CHECK_INT(rig.progress.failed, 0);
	CHECK_INT(sync_status(rig.sync, 59), STATUS_NEW);
	rig_stop(&rig);
}

/* The searches before are answered: that says nothing of creating. */
TEST(run_stops_when_no_create_is_allowed)
{
	struct rig rig;

	write_people(60);
	rig_start(&rig, "create all 403\n", NULL, NULL);
	run(&rig, false);
	CHECK(rig.progress.unauthorised);
	CHECK(strstr(rig.notice, "agent") != NULL);
	CHECK(requests(&rig, "create") <= 3 + 8);
	CHECK_INT(sync_status(rig.sync, 59), STATUS_NEW);
	rig_stop(&rig);
}

/* Contacts of another agent, in a run that creates. */
TEST(run_forbidden_updates_do_not_stop_the_creates)
{
	static const uint32_t last[] = {8, 9, 10, 11};
	struct rig rig;
	struct err err = ERR_INIT;
	uint32_t phone;
	char number[16];

	write_people(12);
	rig_start(&rig, "update all 403\n", NULL, ", concurrency: 1");
	run_plan(&rig, sync_plan(rig.sync, last, 4, false));
	CHECK_INT(rig.progress.created, 4);
	phone = records_find_column(book_records(rig.book), "phone");
	for (unsigned i = 0; i < 4; i++) {
		snprintf(number, sizeof(number), "305555017%u", i);
		REQUIRE(book_set(rig.book, last[i], phone, number, &err));
		sync_row_changed(rig.sync, last[i]);
	}
	run(&rig, false);
	CHECK(!rig.progress.unauthorised);
	CHECK_INT(rig.progress.created, 8);
	CHECK_INT(rig.progress.failed, 4);
	rig_stop(&rig);
}

static void
check_same_refusal(const char *script)
{
	struct rig rig;
	struct row_status row;
	unsigned failed = 0;

	write_people(100);
	rig_start(&rig, script, NULL, NULL);
	run(&rig, false);
	CHECK(rig.progress.same_refusal);
	CHECK(!rig.progress.unauthorised);
	CHECK(strstr(rig.notice, "same reason") != NULL);
	CHECK(strstr(rig.notice, "did not accept") != NULL);
	CHECK(requests(&rig, "create") >= 20);
	CHECK(requests(&rig, "create") <= 20 + 8);
	CHECK_INT(sync_status(rig.sync, 99), STATUS_NEW);
	for (uint32_t i = 0; i < 100; i++) {
		sync_row(rig.sync, i, &row);
		failed += row.status == STATUS_FAILED;
		CHECK((row.status == STATUS_FAILED) == (*row.code != '\0'));
	}
	CHECK(failed >= 20);
	CHECK_INT(failed, rig.progress.failed);
	rig_stop(&rig);
}

TEST(run_stops_when_all_creates_are_refused_alike)
{
	check_same_refusal("create all 400\n");
}
TEST(run_stops_when_all_creates_are_unprocessable_alike)
{
	check_same_refusal("create all 422\n");
}

TEST(run_one_accepted_create_makes_refusals_the_rows_own)
{
	struct rig rig;

	write_people(60);
	rig_start(&rig, "create 8+ 400\n", NULL, NULL);
	run(&rig, false);
	CHECK(!rig.progress.same_refusal);
	CHECK_INT(rig.progress.created, 7);
	CHECK_INT(rig.progress.failed, 53);
	rig_stop(&rig);
}

TEST(run_refusals_for_two_reasons_stop_nobody)
{
	struct rig rig;
	struct str script;

	str_init(&script, 4096);
	for (unsigned i = 1; i <= 60; i += 10)
		str_addf(&script, "create %u 413\n", i);
	str_add(&script, "create all 400\n");
	write_people(60);
	rig_start(&rig, script.data, NULL, ", concurrency: 1");
	run(&rig, false);
	CHECK(!rig.progress.same_refusal);
	CHECK_INT(rig.progress.failed, 60);
	str_release(&script);
	rig_stop(&rig);
}

TEST(run_one_forbidden_contact_stops_nobody)
{
	struct rig rig;

	write_people(10);
	rig_start(&rig, "create @crm-4 403\n", NULL, NULL);
	run(&rig, false);
	CHECK(!rig.progress.unauthorised);
	CHECK_INT(rig.progress.created, 9);
	CHECK_INT(rig.progress.failed, 1);
	CHECK_INT(sync_status(rig.sync, 4), STATUS_FAILED);
	CHECK_INT(contacts_of("crm-4"), 0);
	/* not the contact's fault: tried again without being asked to */
	rig_close(&rig);
	rig_open(&rig);
	CHECK_INT(sync_status(rig.sync, 4), STATUS_FAILED);
	run(&rig, false);
	CHECK_INT(rig.progress.total, 1);
	rig_stop(&rig);
}

/* Nothing of a person stands in what we keep: files of the state directory
 * are searched as bytes. */
static void
check_bytes(const char *path, const char *const *words)
{
	FILE *file = fopen(path, "rb");
	static char bytes[4 << 20];
	size_t len;

	REQUIRE(file != NULL);
	len = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	for (; *words; words++)
		check_integer(
		    memmem(bytes, len, *words, strlen(*words)) == NULL, 1,
		    __FILE__, __LINE__, *words);
}

TEST(run_keeps_no_personal_data)
{
	static const char *const words[] = {"Adaaa", "adaaa", "Sampleaa", "1S0",
	    "91655501", "ada0@", "ada1@", "example.com", "1930-03", "95811",
	    "mornings", NULL};
	struct rig rig;
	struct err err = ERR_INIT;
	char path[512];
	unsigned files = 0;
	static const char *const names[] = {
	    "practice.sqlite", "practice.sqlite-wal", "lock", "key"};

	write_people(8);
	rig_start(&rig,
	    "create 2 400\ncreate 3 commit-then-drop\ncreate 4 422\n"
	    "search 9 other\n",
	    NULL, NULL);
	REQUIRE(book_set(rig.book, 0,
	    records_find_column(book_records(rig.book), "notes"),
	    "likes mornings", &err));
	run(&rig, false);
	for (unsigned i = 0; i < 4; i++) {
		snprintf(path, sizeof(path), "%s/%s", sync_directory(rig.sync),
		    names[i]);
		if (access(path, F_OK) == 0) {
			check_bytes(path, words);
			files++;
		}
	}
	CHECK(files >= 3);
	rig_stop(&rig);
}

TEST(run_goes_on_after_a_401_in_the_middle)
{
	struct rig rig;

	write_people(20);
	rig_start(&rig, "create 9 401\n", NULL, NULL);
	run(&rig, false);
	CHECK(rig.progress.unauthorised);
	CHECK(rig.progress.created < 20);
	/* nothing is in doubt: it was refused, surely */
	run(&rig, false);
	CHECK(!rig.progress.unauthorised);
	CHECK_TEXT(rig.notice, "");
	check_settled(&rig, 20);
	rig_stop(&rig);
}

TEST(run_waits_when_asked_to_slow_down)
{
	static const char *const switches[] = {"rate=20/s", NULL};
	struct rig rig;

	write_people(30);
	rig_start(&rig, NULL, switches, NULL);
	run(&rig, false);
	CHECK_INT(rig.progress.created, 30);
	check_settled(&rig, 30);
	rig_stop(&rig);
}

/* The breaker keeps an outage from being answered with a storm. */
TEST(run_through_an_outage)
{
	struct rig rig;
	unsigned all;

	write_people(100);
	rig_start(&rig, "* 41-100 503\n", NULL, NULL);
	run(&rig, false);
	printf("# %u failed, %u waiting after the outage; '%s'\n",
	    rig.progress.failed, rig.progress.waiting, rig.notice);
	CHECK(strstr(rig.notice, "does not answer") != NULL);
	run(&rig, false);
	run(&rig, false);
	all = requests(&rig, "create") + requests(&rig, "search");
	printf("# %u requests for 100 contacts and 60 refusals\n", all);
	CHECK(all <= 60 + 100 * 2 + 100);
	check_settled(&rig, 100);
	rig_stop(&rig);
}

/*
 * About ten minutes in which nothing else is answered: few requests, and
 * nobody is given up. The usual settle time, on the fast clock.
 */
static void
check_outage(const char *answer)
{
	struct rig rig;
	char script[64];
	unsigned all;

	write_people(120);
	snprintf(script, sizeof(script), "* 41-72 %s\n", answer);
	rig_start_fast(&rig, script);
	run(&rig, false);
	all = requests(&rig, "create") + requests(&rig, "search");
	printf("# %s: %u requests, %lld s, %u failed, '%s'\n", answer, all,
	    (long long)rig.progress.elapsed_ms / 1000, rig.progress.failed,
	    rig.progress.notice);
	CHECK(strstr(rig.notice, "does not answer") != NULL);
	CHECK(!rig.progress.unreachable);
	CHECK_INT(rig.progress.created, 120);
	CHECK_INT(rig.progress.failed, 0);
	CHECK_INT(rig.progress.waiting, 0);
	CHECK(rig.progress.elapsed_ms > 4 * 60 * 1000);
	CHECK(all <= 2 * 120 + 100);
	check_settled(&rig, 120);
	rig_stop(&rig);
}

TEST(run_sits_out_ten_minutes_of_503)
{
	check_outage("503");
}
TEST(run_sits_out_ten_minutes_of_500)
{
	check_outage("500");
}
TEST(run_sits_out_ten_minutes_without_a_byte)
{
	check_outage("drop");
}

static unsigned
count_status(const struct rig *rig, enum status status)
{
	uint32_t counts[STATUS_COUNT];

	sync_counts(rig->sync, counts);
	return counts[status];
}

TEST(run_ends_when_the_service_stays_away)
{
	struct rig rig;
	unsigned all;

	write_people(60);
	rig_start_fast(&rig, "* 11+ 503\n");
	run(&rig, false);
	all = requests(&rig, "create") + requests(&rig, "search");
	printf("# %u requests in %lld s\n", all,
	    (long long)rig.progress.elapsed_ms / 1000);
	CHECK(rig.progress.unreachable);
	CHECK(strstr(rig.progress.notice, "15 minutes") != NULL);
	CHECK(rig.progress.elapsed_ms >= 15 * 60 * 1000);
	CHECK(all <= 10 + 100);
	CHECK_INT(rig.progress.failed, 0);
	CHECK_INT(count_status(&rig, STATUS_FAILED), 0);
	CHECK_INT(count_status(&rig, STATUS_NEW) +
		      count_status(&rig, STATUS_WAITING) +
		      count_status(&rig, STATUS_SYNCED),
	    60);
	/* who tries again is not sent away after one more question */
	run(&rig, false);
	CHECK(rig.progress.unreachable);
	CHECK(strstr(rig.notice, "does not answer") != NULL);
	CHECK(rig.progress.elapsed_ms >= 15 * 60 * 1000);
	rig_stop(&rig);
}

TEST(run_is_cancelled_in_an_outage)
{
	struct rig rig;
	struct err err = ERR_INIT;
	struct plan *plan;
	int64_t limit = clock_monotonic(&clock_system) + 20000;

	write_people(60);
	rig_start(&rig, "* 11+ 503 retry-after 600\n", NULL, NULL);
	plan = plan_all(&rig, false);
	REQUIRE(sync_start(rig.sync, plan, &err));
	plan_free(plan);
	do {
		REQUIRE(clock_monotonic(&clock_system) < limit);
		sync_wait(rig.sync, NULL, 0, 100);
		sync_step(rig.sync);
		take_events(&rig);
		sync_progress(rig.sync, &rig.progress);
		/* five in a row, or fewer that were in flight: it is held */
	} while (!strstr(rig.progress.notice, "does not answer") &&
		 !strstr(rig.progress.notice, "slow down"));
	sync_cancel(rig.sync);
	while (!take_events(&rig)) {
		REQUIRE(clock_monotonic(&clock_system) < limit);
		sync_wait(rig.sync, NULL, 0, 100);
		sync_step(rig.sync);
	}
	/* nothing left before it was asked for again */
	CHECK(requests(&rig, "search") + requests(&rig, "create") <= 10 + 16);
	CHECK_INT(count_status(&rig, STATUS_FAILED), 0);
	rig_stop(&rig);
}

/* It stumbles over some contacts, each time, and answers for the others: those
 * are given up, and not the run. */
static void
check_stumbling(const char *script, uint32_t people, uint32_t stumbling)
{
	struct rig rig;
	struct err err = ERR_INIT;
	uint32_t phone;
	unsigned before;
	char number[16];

	write_people(people);
	rig_start_fast(&rig, script);
	run(&rig, false);
	before = requests(&rig, "update");
	phone = records_find_column(book_records(rig.book), "phone");
	for (uint32_t i = 0; i < people; i++) {
		snprintf(number, sizeof(number), "30555501%02u", i);
		REQUIRE(book_set(rig.book, i, phone, number, &err));
		sync_row_changed(rig.sync, i);
	}
	run(&rig, false);
	printf("# %s: %lld s\n", script,
	    (long long)rig.progress.elapsed_ms / 1000);
	CHECK(!rig.progress.unreachable);
	CHECK_INT(rig.progress.updated, people - stumbling);
	CHECK_INT(rig.progress.failed, stumbling);
	CHECK(requests(&rig, "update") - before <= people + 9 * stumbling);
	rig_stop(&rig);
}

TEST(run_gives_up_the_one_that_always_fails)
{
	check_stumbling("update @crm-0 500\n", 3, 1);
	check_stumbling("update @crm-2 504\n", 3, 1);
	check_stumbling("update @crm-1 drop\n", 3, 1);
}

TEST(run_gives_up_two_that_always_fail)
{
	check_stumbling("update @crm-0 500\nupdate @crm-1 500\n", 3, 2);
	check_stumbling("update @crm-0 502\nupdate @crm-29 504\n", 30, 2);
}

/* The first ones of a book wait for each other, but not for those. */
static void
check_first_ever(const char *script)
{
	struct rig rig;

	write_people(4);
	rig_server(&rig, script, NULL);
	rig.clock = &clock_fast;
	rig_config(&rig, ", concurrency: 2", "practice");
	rig_open(&rig);
	run(&rig, false);
	CHECK_INT(rig.progress.created, 2);
	rig_stop(&rig);
}

TEST(run_first_ever_does_not_wait_for_those_with_504)
{
	check_first_ever("search 1-2 504\nsearch 5+ 504\n");
}

TEST(run_first_ever_does_not_wait_for_those_without_an_answer)
{
	check_first_ever("search 1-2 drop\nsearch 5+ drop\n");
}

/* The question put the other way is a request like any. */
TEST(run_counts_the_question_with_the_other_key)
{
	static const char *const switches[] = {
	    "birth-date-key=date_of_birth", NULL};
	struct rig rig;

	check_write(path_of("people.csv"),
	    "external_id,first_name,last_name,birth_date,phone\n"
	    "crm-0,Ada,Sample,1955-01-15,9165550123\n"
	    "crm-1,Carl,Other,1956-02-16,9165550124\n");
	rig_start(&rig, NULL, switches, ", concurrency: 1");
	run(&rig, false);
	CHECK_INT(rig.progress.created, 2);
	CHECK_INT(requests(&rig, "search"), 3);
	CHECK_INT(rig.last[0].requests, 3);
	CHECK_INT(rig.last[1].requests, 2);
	rig_stop(&rig);
}

TEST(run_through_a_storm_of_429)
{
	static const char *const switches[] = {"retry-after=none", NULL};
	struct rig rig;

	write_people(40);
	rig_start(&rig, "* 20% 429\n", switches, NULL);
	run(&rig, false);
	CHECK_INT(rig.progress.created, 40);
	CHECK_INT(rig.progress.failed, 0);
	CHECK(requests(&rig, "create") + requests(&rig, "search") > 80);
	check_once(40);
	rig_stop(&rig);
}

/* "Slow down" and nothing else, with and without a time: told, and not for
 * ever. */
static void
check_slowed(const char *script, const char *const *switches)
{
	struct rig rig;

	write_people(10);
	rig_server(&rig, script, switches);
	rig.clock = &clock_fast;
	rig_config(&rig, NULL, "practice");
	rig_open(&rig);
	run(&rig, false);
	printf("# %s: %lld s, first: %s\n", script,
	    (long long)rig.progress.elapsed_ms / 1000, rig.notice);
	CHECK(strstr(rig.notice, "slow down") != NULL);
	CHECK(rig.progress.unreachable);
	CHECK(strstr(rig.progress.notice, "15 minutes") != NULL);
	CHECK(strstr(rig.progress.stopped, "15 minutes") != NULL);
	CHECK(rig.progress.elapsed_ms >= 15 * 60 * 1000);
	CHECK(rig.progress.elapsed_ms < 30 * 60 * 1000);
	CHECK_INT(rig.progress.failed, 0);
	CHECK_INT(count_status(&rig, STATUS_FAILED), 0);
	rig_stop(&rig);
}

TEST(run_ends_after_nothing_but_429)
{
	static const char *const none[] = {"retry-after=none", NULL};

	check_slowed("* 5+ 429\n", none);
	check_slowed("* 5+ 429 retry-after 200\n", NULL);
}

TEST(run_is_told_of_429_without_a_time)
{
	static const char *const none[] = {"retry-after=none", NULL};
	struct rig rig;
	int64_t limit = clock_monotonic(&clock_system) + 20000;

	write_people(10);
	rig_server(&rig, "* 5+ 429\n", none);
	rig.clock = &clock_fast;
	rig_config(&rig, NULL, "practice");
	rig_open(&rig);
	start_rows(&rig, 0, 10);
	while (!*rig.notice) {
		REQUIRE(clock_monotonic(&clock_system) < limit);
		sync_wait(rig.sync, NULL, 0, 5);
		sync_step(rig.sync);
		REQUIRE(!take_events(&rig));
	}
	CHECK(strstr(rig.notice, "slow down for 1 min") != NULL);
	sync_cancel(rig.sync);
	while (!turn(&rig))
		REQUIRE(clock_monotonic(&clock_system) < limit);
	rig_stop(&rig);
}

/* The breaker is open from the run before, and the first trial of this one is
 * told to slow down: there is no time to tell. */
TEST(run_tells_no_time_before_now)
{
	static const char *const none[] = {"retry-after=none", NULL};
	struct rig rig;
	int64_t limit = clock_monotonic(&clock_system) + 20000;

	write_people(20);
	rig_server(&rig, "* 1-5 503\n* 6 429\n", none);
	rig.clock = &clock_fast;
	rig_config(&rig, ", concurrency: 1", "practice");
	rig_open(&rig);
	start_rows(&rig, 0, 20);
	while (!strstr(rig.notice, "does not answer")) {
		REQUIRE(clock_monotonic(&clock_system) < limit);
		sync_wait(rig.sync, NULL, 0, 5);
		sync_step(rig.sync);
		REQUIRE(!take_events(&rig));
	}
	sync_cancel(rig.sync);
	while (!turn(&rig))
		REQUIRE(clock_monotonic(&clock_system) < limit);
	run(&rig, false);
	CHECK_TEXT(rig.notice, "HealthSherpa answers again; going on");
	CHECK_INT(rig.progress.created, 20);
	rig_stop(&rig);
}

TEST(run_stops_when_asked_to_wait_for_a_day)
{
	struct rig rig;

	write_people(4);
	rig_start(&rig, "create 1-9 429 retry-after 86400\n", NULL, NULL);
	run(&rig, false);
	CHECK(rig.progress.unreachable);
	CHECK_INT(rig.progress.waiting, 0);
	for (unsigned i = 0; i < 4; i++) {
		enum status status = sync_status(rig.sync, i);

		CHECK(status == STATUS_NEW || status == STATUS_FAILED);
	}
	rig_stop(&rig);
}

TEST(run_update_of_a_contact_that_is_gone)
{
	struct rig rig;
	struct err err = ERR_INIT;
	struct row_status row;
	uint32_t phone;

	write_people(1);
	rig_start(&rig, "update 1 404\n", NULL, NULL);
	run(&rig, false);
	phone = records_find_column(book_records(rig.book), "phone");
	REQUIRE(book_set(rig.book, 0, phone, "3055550177", &err));
	run(&rig, false);
	CHECK_INT(rig.progress.review, 1);
	sync_row(rig.sync, 0, &row);
	CHECK_TEXT(row.code, "gone");
	/* it was a mistake: link it again */
	REQUIRE(sync_decide(rig.sync, 0, DECISION_LINK, NULL, &err));
	CHECK_INT(sync_status(rig.sync, 0), STATUS_CHANGED);
	run(&rig, false);
	CHECK_INT(rig.progress.updated, 1);
	REQUIRE(book_save(rig.book, true, NULL, &err));
	check_settled(&rig, 1);
	rig_stop(&rig);
}

TEST(run_unreachable_service)
{
	struct rig rig;
	struct server none;

	write_people(10);
	rig_server(&rig, NULL, NULL);
	none = rig.server;
	rig_config(&rig, NULL, "practice");
	server_stop(&none);
	rig_open(&rig);
	run(&rig, false);
	CHECK(rig.progress.unreachable);
	CHECK_INT(rig.progress.waiting, 0);
	CHECK_INT(rig.progress.failed, 0);
	CHECK_INT(count_status(&rig, STATUS_NEW), 10);
	CHECK(*rig.notice);
	CHECK(strstr(rig.notice, "is given up") == NULL);
	rig_close(&rig);
	config_free(rig.config);
}

/* ---- other people --------------------------------------------------- */

static const char one_person[] =
    "external_id,first_name,last_name,birth_date,phone,medicare_number\n"
    "crm-0,Ada,Sample,1955-01-15,9165550123,1SG4TE5MK73\n";

TEST(run_conflict_with_another_id)
{
	struct rig rig;
	struct err err = ERR_INIT;
	struct row_status row;

	check_write(path_of("people.csv"), one_person);
	rig_start(&rig, NULL, NULL, NULL);
	add_by_hand(&rig,
	    "{\"external_id\":\"old-7\",\"first_name\":\"Ada\","
	    "\"last_name\":\"Sample\",\"medicare_number\":\"1SG4TE5MK73\"}");
	run(&rig, false);
	CHECK_INT(rig.progress.review, 1);
	CHECK_INT(requests(&rig, "create"), 1);
	sync_row(rig.sync, 0, &row);
	CHECK_INT(row.status, STATUS_REVIEW);
	CHECK_TEXT(row.code, "conflict");
	CHECK(*row.candidate_id);
	/* two decisions are taken back one by one */
	REQUIRE(sync_decide(rig.sync, 0, DECISION_NEVER, NULL, &err));
	REQUIRE(sync_decide(rig.sync, 0, DECISION_CREATE, NULL, &err));
	CHECK_INT(sync_status(rig.sync, 0), STATUS_NEW);
	REQUIRE(sync_undecide(rig.sync, 0, &err));
	CHECK_INT(sync_status(rig.sync, 0), STATUS_BLOCKED);
	REQUIRE(sync_undecide(rig.sync, 0, &err));
	CHECK_INT(sync_status(rig.sync, 0), STATUS_REVIEW);
	CHECK(!sync_may_undecide(rig.sync, 0));
	/* with another config it may be another ledger */
	REQUIRE(sync_decide(rig.sync, 0, DECISION_CREATE, NULL, &err));
	REQUIRE(sync_use_config(rig.sync, &err));
	CHECK(!sync_may_undecide(rig.sync, 0));
	/* never: it stays so */
	REQUIRE(sync_decide(rig.sync, 0, DECISION_NEVER, NULL, &err));
	CHECK_INT(sync_status(rig.sync, 0), STATUS_BLOCKED);
	run(&rig, true);
	CHECK_INT(requests(&rig, "create"), 1);
	/* a sync has begun meanwhile: it is not taken back any more */
	CHECK(!sync_undecide(rig.sync, 0, &err));
	/* the person changes their mind, twice */
	REQUIRE(sync_decide(rig.sync, 0, DECISION_CREATE, NULL, &err));
	CHECK_INT(sync_status(rig.sync, 0), STATUS_NEW);
	CHECK(sync_may_undecide(rig.sync, 0));
	REQUIRE(sync_undecide(rig.sync, 0, &err));
	CHECK_INT(sync_status(rig.sync, 0), STATUS_BLOCKED);
	CHECK(!sync_undecide(rig.sync, 0, &err));
	run(&rig, false);
	CHECK_INT(requests(&rig, "create"), 1);
	REQUIRE(sync_decide(rig.sync, 0, DECISION_CREATE, NULL, &err));
	run(&rig, false);
	CHECK_INT(rig.progress.created, 1);
	CHECK_INT(contacts_of("crm-0"), 1);
	CHECK(!sync_undecide(rig.sync, 0, &err));
	rig_stop(&rig);
}

TEST(run_the_spouse_does_not_stop_a_create)
{
	struct rig rig;

	write_people(5);
	rig_start(&rig, "search all other\n", NULL, NULL);
	add_by_hand(&rig,
	    "{\"external_id\":\"old-7\",\"first_name\":\"Carl\","
	    "\"last_name\":\"Somebody\",\"birth_date\":\"1953-03-05\"}");
	run(&rig, false);
	CHECK_INT(rig.progress.created, 5);
	check_once(5);
	rig_stop(&rig);
}

TEST(run_the_spouse_proves_nothing_in_doubt)
{
	struct rig rig;
	struct row_status row;

	write_people(1);
	rig_start(&rig, "create @crm-0 commit-then-drop\nsearch 2+ other\n",
	    NULL, NULL);
	add_by_hand(&rig,
	    "{\"external_id\":\"old-7\",\"first_name\":\"Carl\","
	    "\"last_name\":\"Somebody\",\"birth_date\":\"1953-03-05\"}");
	run(&rig, false);
	CHECK_INT(contacts_of("crm-0"), 1);
	CHECK_INT(rig.progress.review, 1);
	sync_row(rig.sync, 0, &row);
	CHECK_TEXT(row.code, "unproven");
	rig_stop(&rig);
}

/* Someone typed in on the web: the store has no external_id for them. */
static void
store_all_by_hand(const char *const *values)
{
	struct str lines;

	str_init(&lines, 4096);
	for (int i = 0; values[i]; i++)
		str_addf(&lines,
		    "{\"id\":\"11111111-1111-4111-8111-11111111111%d\","
		    "\"agent\":\"agent@example.com\",\"app\":false,"
		    "\"values\":%s}\n",
		    i + 1, values[i]);
	check_write(path_of("store"), lines.data);
	str_release(&lines);
}

static void
store_by_hand(const char *values)
{
	store_all_by_hand((const char *const[]){values, NULL});
}

static const char ada_by_hand[] =
    "{\"first_name\":\"ADA\",\"last_name\":\"Sample\","
    "\"medicare_number\":\"1SG4TE5MK73\"}";

TEST(run_adopts_exactly_when_told)
{
	struct rig rig;
	struct json *body;

	check_write(path_of("people.csv"), one_person);
	store_by_hand(ada_by_hand);
	rig_start(&rig, NULL, NULL, ", adopt: exact");
	run(&rig, false);
	CHECK_INT(requests(&rig, "create"), 0);
	CHECK_INT(rig.progress.updated, 1);
	body = last_body(&rig, "update");
	CHECK_TEXT(json_text_at(body, "contact.external_id"), "crm-0");
	CHECK_TEXT(json_text_at(body, "contact.phone"), "9165550123");
	json_free(body);
	CHECK_TEXT(book_result_id(rig.book, 0),
	    "11111111-1111-4111-8111-111111111111");
	check_settled(&rig, 1);
	rig_stop(&rig);
}

TEST(run_asks_before_it_adopts)
{
	struct rig rig;
	struct err err = ERR_INIT;
	struct row_status row;

	check_write(path_of("people.csv"), one_person);
	store_by_hand(ada_by_hand);
	rig_start(&rig, NULL, NULL, NULL);
	run(&rig, false);
	CHECK_INT(rig.progress.review, 1);
	sync_row(rig.sync, 0, &row);
	CHECK_TEXT(row.code, "similar");
	CHECK_TEXT(row.candidate_id, "11111111-1111-4111-8111-111111111111");
	CHECK_INT(requests(&rig, "create"), 0);
	REQUIRE(sync_decide(rig.sync, 0, DECISION_LINK, NULL, &err));
	sync_row(rig.sync, 0, &row);
	CHECK_INT(row.status, STATUS_CHANGED);
	CHECK(row.changed[FIELD_EXTERNAL_ID]);
	run(&rig, false);
	CHECK_INT(rig.progress.updated, 1);
	check_settled(&rig, 1);
	rig_stop(&rig);
}

static const char ruth_by_hand[] =
    "{\"first_name\":\"Ruth\",\"last_name\":\"Sample\","
    "\"phone\":\"9165550177\"}";
static const char ida_by_hand[] =
    "{\"first_name\":\"Ida\",\"last_name\":\"Sample\","
    "\"birth_date\":\"1955-01-15\"}";
/* the number of Dee, the name of another */
static const char dee_by_hand[] =
    "{\"first_name\":\"Al\",\"last_name\":\"Smith\","
    "\"medicare_number\":\"1SG4TE5MK77\"}";
static const char eva_by_hand[] =
    "{\"first_name\":\"Eva\",\"last_name\":\"Sample\","
    "\"birth_date\":\"1955-01-16\"}";

/*
 * Linked together: who is the same by number or by name and birth date. Not:
 * who shares a name and a phone, whose row was edited since, and two rows that
 * want one contact.
 */
TEST(run_links_all_that_look_the_same)
{
	static const char text[] =
	    "external_id,first_name,last_name,birth_date,phone,"
	    "medicare_number\n"
	    "crm-0,Ada,Sample,,9165550123,1SG4TE5MK73\n"
	    "crm-1,Ruth,Sample,,9165550177,\n"
	    "crm-2,Ida,Sample,1955-01-15,,\n"
	    "crm-3,Eva,Sample,1955-01-16,,\n"
	    "crm-4,Eva,Sample,1955-01-16,,\n"
	    "crm-5,Dee,Sample,,9165550124,1SG4TE5MK77\n";
	struct rig rig;
	struct err err = ERR_INIT;
	uint32_t linked;

	check_write(path_of("people.csv"), text);
	store_all_by_hand((const char *const[]){ada_by_hand, ruth_by_hand,
	    ida_by_hand, eva_by_hand, dee_by_hand, NULL});
	rig_start(&rig, NULL, NULL, NULL);
	run(&rig, false);
	CHECK_INT(rig.progress.review, 6);
	CHECK_INT(sync_similar(rig.sync), 4);
	REQUIRE(book_set(rig.book, 2, 4, "9165550199", &err));
	sync_row_changed(rig.sync, 2);
	CHECK_INT(sync_similar(rig.sync), 3);
	REQUIRE(sync_link_similar(rig.sync, &linked, &err));
	CHECK_INT(linked, 1);
	CHECK_INT(sync_status(rig.sync, 0), STATUS_CHANGED);
	for (uint32_t row = 1; row < 6; row++)
		CHECK_INT(sync_status(rig.sync, row), STATUS_REVIEW);
	CHECK_INT(requests(&rig, "update"), 0);
	run(&rig, false);
	CHECK_INT(requests(&rig, "update"), 1);
	CHECK_INT(requests(&rig, "create"), 0);
	rig_stop(&rig);
}

/* Two rows are one person: only one may have the contact. */
TEST(run_two_rows_cannot_adopt_one_contact)
{
	struct rig rig;
	struct row_status row;

	check_write(path_of("people.csv"),
	    "external_id,first_name,last_name,birth_date\n"
	    "crm-0,Ada,Sample,1955-01-15\n"
	    "crm-1,Ada,Sample,1955-01-15\n");
	store_by_hand("{\"first_name\":\"Ada\",\"last_name\":\"Sample\","
		      "\"birth_date\":\"1955-01-15\"}");
	rig_start(&rig, NULL, NULL, ", adopt: exact");
	run(&rig, false);
	CHECK_INT(rig.progress.updated, 1);
	CHECK_INT(requests(&rig, "update"), 1);
	sync_row(rig.sync, 0, &row);
	if (row.status == STATUS_SYNCED)
		sync_row(rig.sync, 1, &row);
	/* seen before or after the first one had put its ID in */
	CHECK(row.status == STATUS_REVIEW || row.status == STATUS_SYNCED);
	CHECK_INT(rig.progress.review + rig.progress.created, 1);
	rig_stop(&rig);
}

TEST(run_creates_anew_what_is_gone)
{
	struct rig rig;
	struct err err = ERR_INIT;
	char old[128];
	uint32_t phone;

	write_people(2);
	rig_start(&rig, "update 1 404\n", NULL, NULL);
	run(&rig, false);
	str_copy(old, sizeof(old), book_result_id(rig.book, 0));
	phone = records_find_column(book_records(rig.book), "phone");
	REQUIRE(book_set(rig.book, 0, phone, "3055550177", &err));
	REQUIRE(book_save(rig.book, true, NULL, &err));
	run(&rig, false);
	CHECK_INT(sync_status(rig.sync, 0), STATUS_REVIEW);
	rig_close(&rig);
	/* gone there, too */
	server_stop(&rig.server);
	remove(rig.server.log_path);
	REQUIRE(rename(path_of("store"), path_of("old-store")) == 0);
	config_free(rig.config);
	rig_start(&rig, NULL, NULL, NULL);
	REQUIRE(sync_decide(rig.sync, 0, DECISION_CREATE, NULL, &err));
	CHECK_INT(sync_status(rig.sync, 0), STATUS_NEW);
	rig_close(&rig);
	rig_open(&rig);
	CHECK_INT(sync_status(rig.sync, 0), STATUS_NEW);
	run(&rig, false);
	CHECK_INT(rig.progress.created, 1);
	CHECK_INT(sync_status(rig.sync, 0), STATUS_SYNCED);
	rig_close(&rig);
	rig_open(&rig);
	CHECK_INT(sync_status(rig.sync, 0), STATUS_SYNCED);
	REQUIRE(book_result_id(rig.book, 0) != NULL);
	CHECK(strcmp(book_result_id(rig.book, 0), old) != 0);
	rig_stop(&rig);
}

TEST(run_two_ids_are_for_a_person)
{
	struct rig rig;
	struct err err = ERR_INIT;
	struct row_status row;
	char *text, *id;
	char linked[128];

	write_people(2);
	rig_start(&rig, NULL, NULL, NULL);
	run(&rig, false);
	str_copy(linked, sizeof(linked), book_result_id(rig.book, 1));
	rig_close(&rig);
	text = check_read(path_of("people.csv"));
	id = strstr(text, linked);
	REQUIRE(id != NULL);
	memcpy(id, "99999999", 8);
	check_write(path_of("people.csv"), text);
	free(text);
	rig_open(&rig);
	sync_row(rig.sync, 1, &row);
	CHECK_INT(row.status, STATUS_REVIEW);
	CHECK_TEXT(row.code, "two-ids");
	CHECK_TEXT(row.healthsherpa_id, linked);
	CHECK(strncmp(row.candidate_id, "99999999", 8) == 0);
	run(&rig, true);
	CHECK_INT(requests(&rig, "update"), 0);
	/* the one it was synced with is right: the file is put right */
	REQUIRE(sync_decide(rig.sync, 1, DECISION_LINK, linked, &err));
	run(&rig, false);
	REQUIRE(sync_write_back(rig.sync, &err));
	check_settled(&rig, 2);
	rig_stop(&rig);
}

TEST(run_two_rows_with_one_id_in_the_file)
{
	struct rig rig;
	struct row_status row;
	char *text, *first, *second;

	write_people(2);
	rig_start(&rig, NULL, NULL, NULL);
	run(&rig, false);
	text = check_read(path_of("people.csv"));
	first = strstr(text, book_result_id(rig.book, 0));
	second = strstr(text, book_result_id(rig.book, 1));
	REQUIRE(first && second);
	memcpy(second, first, 36);
	/* under an ID of its own that the ledger does not know */
	memcpy(strstr(text, "crm-1"), "crm-7", 5);
	check_write(path_of("people.csv"), text);
	free(text);
	rig_close(&rig);
	rig_open(&rig);
	sync_row(rig.sync, 1, &row);
	CHECK_INT(row.status, STATUS_REVIEW);
	CHECK_TEXT(row.code, "shared");
	run(&rig, true);
	CHECK_INT(requests(&rig, "update"), 0);
	rig_stop(&rig);
}

/* ---- control -------------------------------------------------------- */

TEST(run_cancelled_and_taken_up)
{
	static const char *const switches[] = {"latency=30ms", NULL};
	struct rig rig;
	struct err err = ERR_INIT;
	struct plan *plan;
	struct sync_progress progress;
	int64_t limit = clock_monotonic(&clock_system) + 20000;

	write_people(40);
	rig_start(&rig, NULL, switches, NULL);
	plan = plan_all(&rig, false);
	CHECK_INT(plan->requests, 80);
	CHECK_TEXT(plan->rows[0].looked_up_by, "Medicare number");
	REQUIRE(sync_start(rig.sync, plan, &err));
	plan_free(plan);
	do {
		REQUIRE(clock_monotonic(&clock_system) < limit);
		sync_wait(rig.sync, NULL, 0, 1000);
		sync_step(rig.sync);
		take_events(&rig);
		sync_progress(rig.sync, &progress);
	} while (progress.done < 10);
	sync_cancel(rig.sync);
	while (!take_events(&rig)) {
		REQUIRE(clock_monotonic(&clock_system) < limit);
		sync_wait(rig.sync, NULL, 0, 1000);
		sync_step(rig.sync);
	}
	sync_progress(rig.sync, &progress);
	CHECK(progress.created >= 10 && progress.created < 40);
	CHECK_INT(progress.waiting, 0);
	CHECK_INT(progress.failed, 0);
	run(&rig, false);
	CHECK_INT(progress.created + rig.progress.created, 40);
	CHECK_INT(requests(&rig, "create"), 40);
	check_settled(&rig, 40);
	rig_stop(&rig);
}

TEST(run_joined_by_more_rows)
{
	static const char *const switches[] = {"latency=10ms", NULL};
	struct rig rig;
	int64_t limit = clock_monotonic(&clock_system) + 20000;

	write_people(40);
	rig_start(&rig, NULL, switches, NULL);
	start_rows(&rig, 0, 20);
	turn(&rig);
	/* some of these are in the run already, some under way */
	start_rows(&rig, 5, 40);
	while (!turn(&rig))
		REQUIRE(clock_monotonic(&clock_system) < limit);
	sync_progress(rig.sync, &rig.progress);
	CHECK_INT(rig.progress.total, 40);
	CHECK_INT(rig.progress.created, 40);
	CHECK_INT(requests(&rig, "create"), 40);
	check_settled(&rig, 40);
	rig_stop(&rig);
}

TEST(run_paused_sends_nothing)
{
	static const char *const switches[] = {"latency=20ms", NULL};
	struct rig rig;
	struct sync_progress progress;
	int64_t limit = clock_monotonic(&clock_system) + 20000;
	unsigned before;

	write_people(40);
	rig_start(&rig, NULL, switches, NULL);
	start_rows(&rig, 0, 40);
	do {
		REQUIRE(!turn(&rig));
		sync_progress(rig.sync, &progress);
	} while (progress.done < 5);
	sync_pause(rig.sync, true);
	do {
		REQUIRE(!turn(&rig));
		REQUIRE(clock_monotonic(&clock_system) < limit);
		sync_progress(rig.sync, &progress);
	} while (progress.in_flight > 0);
	CHECK(progress.paused);
	before = requests(&rig, "create") + requests(&rig, "search");
	for (int i = 0; i < 5; i++)
		REQUIRE(!turn(&rig));
	CHECK_INT(requests(&rig, "create") + requests(&rig, "search"), before);
	sync_pause(rig.sync, false);
	/* how fast it was before says nothing of the time since */
	sync_progress(rig.sync, &progress);
	CHECK_INT(progress.left_ms, -1);
	while (!turn(&rig))
		REQUIRE(clock_monotonic(&clock_system) < limit);
	check_settled(&rig, 40);
	rig_stop(&rig);
}

/* A ledger that may not grow stands for a full disk. */
TEST(run_on_a_full_disk)
{
	struct rig rig;
	unsigned creates;
	int status;
	pid_t child;

	write_people(200);
	rig_server(&rig, NULL, NULL);
	rig_config(&rig, NULL, "practice");
	fflush(stdout);
	child = fork();
	REQUIRE(child >= 0);
	if (child == 0) {
		struct rlimit limit = {120000, 120000};

		rig_open(&rig);
		signal(SIGXFSZ, SIG_IGN);
		REQUIRE(setrlimit(RLIMIT_FSIZE, &limit) == 0);
		run(&rig, false);
		CHECK(rig.progress.halted);
		CHECK(strstr(rig.notice, "ledger") != NULL);
		CHECK(rig.progress.created < 200);
		/* and not again before there is room */
		fflush(stdout);
		_exit(
		    rig.progress.halted && rig.progress.created < 200 ? 0 : 1);
	}
	REQUIRE(waitpid(child, &status, 0) == child);
	CHECK_INT(status, 0);
	creates = requests(&rig, "create");
	printf("# %u creates before the disk was full\n", creates);
	CHECK(creates < 200);
	rig_open(&rig);
	run(&rig, false);
	check_settled(&rig, 200);
	CHECK_INT(requests(&rig, "create"), 200);
	rig_stop(&rig);
}

TEST(run_second_process_may_only_look)
{
	struct rig rig;
	struct sync_options options = {
	    .clock = &clock_system, .state_dir = path_of("state")};
	struct err err = ERR_INIT;
	struct book *book;
	struct sync *second;
	int status;
	pid_t child;

	write_people(2);
	rig_start(&rig, NULL, NULL, NULL);
	run(&rig, false);
	fflush(stdout);
	child = fork();
	REQUIRE(child >= 0);
	if (child == 0) {
		bool good;

		book = book_open(rig.config, NULL, &clock_system, &err);
		good = book && book_load_all(book, &err);
		good = good && !sync_open(book, &options, &err) &&
		       err.kind == ERR_HELD;
		options.read_only = true;
		second = good ? sync_open(book, &options, &err) : NULL;
		good = good && second && sync_read_only(second);
		while (good && sync_refresh(second, 10))
			;
		good = good && sync_status(second, 0) == STATUS_SYNCED &&
		       !sync_decide(second, 0, DECISION_NEVER, NULL, &err) &&
		       err.kind == ERR_HELD;
		_exit(good ? 0 : 1);
	}
	REQUIRE(waitpid(child, &status, 0) == child);
	CHECK_INT(status, 0);
	rig_stop(&rig);
}

/* ---- taking the book over ------------------------------------------- */

/* As if an older copy of the ledger had been put back. */
static void
age_ledger(const char *directory)
{
	struct err err = ERR_INIT;
	struct ledger *ledger = ledger_open(
	    directory, "practice", false, false, &err);

	REQUIRE(ledger && ledger_put_number(ledger, LEDGER_GENERATION, 0) &&
		ledger_commit(ledger, &err));
	ledger_free(ledger);
}

/* Who has looked on for an hour while another process sent waits as long as
 * who comes now. */
TEST(run_waits_from_when_the_book_was_taken_over)
{
	struct rig rig;
	struct err err = ERR_INIT;
	char directory[512];

	write_people(2);
	rig_server(&rig, NULL, NULL);
	rig.clock = &clock_shifted;
	rig_config(&rig, NULL, "practice");
	rig_open(&rig);
	start_rows(&rig, 0, 1);
	while (!turn(&rig))
		;
	str_copy(directory, sizeof(directory), sync_directory(rig.sync));
	rig_close(&rig);
	age_ledger(directory);
	rig.read_only = true;
	rig_open(&rig);
	shift_ms += 3600 * 1000;
	CHECK_INT(sync_nobody_new_ms(rig.sync), 0);
	REQUIRE(sync_take_over(rig.sync, &err));
	CHECK(sync_nobody_new_ms(rig.sync) > 100 * 1000);
	rig_stop(&rig);
}

/* ---- a slow disk ---------------------------------------------------- */

static _Atomic int disk_ms;

/* In place of libc's, SQLite's calls included. */
int
fdatasync(int fd)
{
	if (disk_ms > 0)
		poll(NULL, 0, disk_ms);
	return fsync(fd);
}

/* Three seconds a commit, on the fast clock: longer than marks stay good on a
 * disk as they are. */
TEST(run_creates_on_a_slow_disk)
{
	struct rig rig;

	write_people(20);
	rig_start_fast(&rig, NULL);
	disk_ms = 3000 / FAST;
	run(&rig, false);
	CHECK_INT(rig.progress.created, 20);
	CHECK_INT(requests(&rig, "create"), 20);
	disk_ms = 0;
	check_settled(&rig, 20);
	rig_stop(&rig);
}

/* The one call that may try whether the service is back is a create whose mark
 * has become too old: until that is on disk there is nothing to do. */
TEST(run_rests_while_the_trial_waits_for_the_disk)
{
	struct rig rig;
	struct sync_progress progress;
	int64_t limit = clock_monotonic(&clock_system) + 20000;
	unsigned turns = 0;

	write_people(20);
	rig_server(&rig, "create 1-5 503\n", NULL);
	rig.clock = &clock_fast;
	rig_config(
	    &rig, ", search_before_create: false, concurrency: 5", "practice");
	rig_open(&rig);
	start_rows(&rig, 0, 20);
	while (!strstr(rig.notice, "does not answer")) {
		REQUIRE(clock_monotonic(&clock_system) < limit);
		sync_wait(rig.sync, NULL, 0, 5);
		sync_step(rig.sync);
		REQUIRE(!take_events(&rig));
	}
	disk_ms = 100;
	do {
		REQUIRE(clock_monotonic(&clock_system) < limit);
		sync_wait(rig.sync, NULL, 0, 5);
		sync_step(rig.sync);
		REQUIRE(!take_events(&rig));
		sync_progress(rig.sync, &progress);
		turns++;
	} while (progress.in_flight == 0);
	printf("# %u turns\n", turns);
	CHECK(turns < 400);
	disk_ms = 0;
	sync_cancel(rig.sync);
	while (!turn(&rig))
		REQUIRE(clock_monotonic(&clock_system) < limit);
	rig_stop(&rig);
}

/* ---- stopped in between --------------------------------------------- */

/* ^Z while a create is out: its settle time is not over when belay goes on. */
TEST(run_stopped_while_a_create_is_out_waits_anew)
{
	struct rig rig;
	struct row_status row;
	int64_t limit = clock_monotonic(&clock_system) + 20000;

	write_people(1);
	rig_server(&rig, "create 1 commit-then-stall\n", NULL);
	rig.clock = &clock_shifted;
	rig_config(&rig, NULL, "practice");
	rig_open(&rig);
	start_rows(&rig, 0, 1);
	do {
		REQUIRE(!turn(&rig));
		REQUIRE(clock_monotonic(&clock_system) < limit);
	} while (
	    access(path_of("store"), F_OK) != 0 || contacts_of("crm-0") == 0);
	shift_ms += 3600 * 1000;
	do {
		REQUIRE(!turn(&rig));
		REQUIRE(clock_monotonic(&clock_system) < limit);
		sync_row(rig.sync, 0, &row);
	} while (row.status != STATUS_WAITING);
	CHECK(row.retry_at_ms > shifted_monotonic(NULL) + 110 * 1000);
	sync_cancel(rig.sync);
	while (!turn(&rig))
		REQUIRE(clock_monotonic(&clock_system) < limit);
	rig_stop(&rig);
}

/* ---- repair ------------------------------------------------------------- */

/* Which one fails; below 0: at which one the process ends. */
static int fail_rename, renames;

/* In place of libc's, SQLite's calls included: the n-th rename goes wrong. */
int
rename(const char *from, const char *to)
{
	renames++;
	if (fail_rename > 0 && renames == fail_rename) {
		errno = EIO;
		return -1;
	}
	if (fail_rename < 0 && renames == -fail_rename)
		_exit(7);
	return renameat(AT_FDCWD, from, AT_FDCWD, to);
}

static char *
ledger_file(const char *name)
{
	static char path[2][600];
	static unsigned next;
	char *out = path[next++ % 2];

	snprintf(out, sizeof(path[0]), "%s/%s", path_of("home"), name);
	return out;
}

/* Its history cannot be read, its contacts can: crm-0 is linked, but the file
 * does not say so, of crm-1 it was decided that it is never sent. */
static void
damaged_ledger(struct rig *rig)
{
	struct err err = ERR_INIT;
	struct database *database;
	static const uint8_t rubbish[64] = {0x5a};
	int64_t page;
	int fd;

	write_people(2);
	rig_start(rig, NULL, NULL, NULL);
	start_rows(rig, 0, 1);
	while (!turn(rig))
		;
	REQUIRE(sync_decide(rig->sync, 1, DECISION_NEVER, NULL, &err));
	REQUIRE(symlink(sync_directory(rig->sync), path_of("home")) == 0);
	rig_close(rig);
	write_people(2);
	database = database_open(ledger_file("practice.sqlite"), true, &err);
	REQUIRE(database != NULL);
	page = database_number(database,
	    "SELECT rootpage FROM sqlite_schema WHERE name='run_row'");
	database_free(database);
	fd = open(ledger_file("practice.sqlite"), O_WRONLY | O_CLOEXEC);
	REQUIRE(fd >= 0 && page > 0);
	REQUIRE(pwrite(fd, rubbish, sizeof(rubbish),
		    (off_t)(page - 1) * 4096) == (ssize_t)sizeof(rubbish));
	close(fd);
	rig->book = book_open(rig->config, NULL, &clock_system, &err);
	REQUIRE(rig->book && book_load_all(rig->book, &err));
}

static bool
repair(struct rig *rig, struct repaired *done, struct err *err)
{
	return repair_ledger(
	    path_of("state"), rig->book, &clock_system, done, err);
}

/* What a good repair gives; `rig` has its book open, without a sync. */
static void
check_repaired(struct rig *rig)
{
	struct row_status row;

	book_free(rig->book);
	rig_open(rig);
	sync_row(rig->sync, 0, &row);
	CHECK_INT(row.status, STATUS_SYNCED);
	CHECK(*row.healthsherpa_id);
	CHECK_INT(sync_status(rig->sync, 1), STATUS_BLOCKED);
	CHECK(access(ledger_file("practice.rebuilt.sqlite"), F_OK) != 0);
	CHECK(access(ledger_file("practice.rebuilding.sqlite"), F_OK) != 0);
}

/* Whatever step fails: the old one is where it was, as it was. */
TEST(run_repair_that_fails_changes_nothing)
{
	struct rig rig;
	struct repaired done;
	struct err err = ERR_INIT;
	struct rlimit room = {30000, RLIM_INFINITY};
	char *before, *after;
	struct stat info, then;
	unsigned failed = 0;

	damaged_ledger(&rig);
	before = check_read(ledger_file("practice.sqlite"));
	REQUIRE(stat(ledger_file("practice.sqlite"), &info) == 0);
	signal(SIGXFSZ, SIG_IGN);
	REQUIRE(setrlimit(RLIMIT_FSIZE, &room) == 0);
	CHECK(!repair(&rig, &done, &err));
	room.rlim_cur = RLIM_INFINITY;
	REQUIRE(setrlimit(RLIMIT_FSIZE, &room) == 0);
	for (int step = 1;; step++) {
		err = (struct err)ERR_INIT;
		renames = 0;
		fail_rename = step;
		if (repair(&rig, &done, &err))
			break;
		failed++;
		CHECK_INT(err.kind, ERR_IO);
		CHECK_TEXT(done.aside, "");
		after = check_read(ledger_file("practice.sqlite"));
		REQUIRE(stat(ledger_file("practice.sqlite"), &then) == 0);
		CHECK(then.st_size == info.st_size &&
		      memcmp(before, after, (size_t)info.st_size) == 0);
		free(after);
	}
	fail_rename = 0;
	CHECK(failed >= 3);
	CHECK_INT(done.taken_over, 2);
	CHECK(*done.aside);
	check_repaired(&rig);
	free(before);
	rig_stop(&rig);
}

/* Nothing of any ledger but this in the book's directory. */
static void
put_ledger_back(const char *bytes, size_t size)
{
	char *path = ledger_file("practice.sqlite");
	DIR *directory = opendir(path_of("home"));
	struct dirent *entry;
	FILE *file;

	REQUIRE(directory != NULL);
	while ((entry = readdir(directory)) != NULL)
		if (strncmp(entry->d_name, "practice.", 9) == 0)
			unlinkat(dirfd(directory), entry->d_name, 0);
	closedir(directory);
	file = fopen(path, "wb");
	REQUIRE(file && fwrite(bytes, 1, size, file) == size);
	REQUIRE(fclose(file) == 0);
}

/* In a process of its own; true when it came to its end. */
static bool
repair_killed_at(struct rig *rig, int step)
{
	int status;
	pid_t child;

	fflush(stdout);
	child = fork();
	REQUIRE(child >= 0);
	if (child == 0) {
		struct repaired done;
		struct err err = ERR_INIT;

		renames = 0;
		fail_rename = -step;
		_exit(repair(rig, &done, &err) ? 0 : 1);
	}
	REQUIRE(waitpid(child, &status, 0) == child);
	REQUIRE(WIFEXITED(status) && WEXITSTATUS(status) != 1);
	return WEXITSTATUS(status) == 0;
}

/* Wherever it is killed, the next repair goes on; between the two ledgers the
 * next sync does as well, and what of the old one's log was left is no trouble.
 */
TEST(run_repair_killed_is_gone_on_with)
{
	struct rig rig;
	struct repaired done;
	struct err err = ERR_INIT;
	struct stat info;
	char *bytes;
	unsigned between = 0;

	damaged_ledger(&rig);
	bytes = check_read(ledger_file("practice.sqlite"));
	REQUIRE(stat(ledger_file("practice.sqlite"), &info) == 0);
	for (int step = 1;; step++) {
		bool gone;

		put_ledger_back(bytes, (size_t)info.st_size);
		if (repair_killed_at(&rig, (step + 1) / 2))
			break;
		gone = access(ledger_file("practice.sqlite"), F_OK) != 0;
		between += gone;
		if (gone)
			check_write(ledger_file("practice.sqlite-wal"), "old");
		if (!gone || step % 2 == 0)
			CHECK(repair(&rig, &done, &err) && done.needed);
		CHECK_TEXT(err.text, "");
		check_repaired(&rig);
		rig_close(&rig);
		rig.book = book_open(rig.config, NULL, &clock_system, &err);
		REQUIRE(rig.book && book_load_all(rig.book, &err));
	}
	CHECK(between >= 2);
	free(bytes);
	rig.sync = NULL;
	rig_stop(&rig);
}

/* Kills at random moments of real runs; the last one ends by itself. */
TEST(run_killed_twenty_times)
{
	static const char *const switches[] = {"latency=20ms", NULL};
	struct rig rig;
	unsigned kills = 0;
	int status;

	write_people(300);
	rig_server(&rig,
	    "create 5% commit-then-drop\ncreate 3% drop\nsearch 3% 500\n",
	    switches);
	rig_config(&rig, NULL, "practice");
	srand(11);
	for (unsigned i = 0; i < 20; i++) {
		pid_t child;

		fflush(stdout);
		child = fork();
		REQUIRE(child >= 0);
		if (child == 0) {
			struct err err = ERR_INIT;

			/* what it prints is not of the test */
			if (dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO) <
				0 ||
			    !try_open(&rig, &err))
				_exit(1);
			run(&rig, false);
			_exit(0);
		}
		usleep((useconds_t)(20000 + rand() % 150000));
		kill(child, SIGKILL);
		REQUIRE(waitpid(child, &status, 0) == child);
		kills += WIFSIGNALED(status);
	}
	printf("# %u kills, %u creates, %u searches\n", kills,
	    requests(&rig, "create"), requests(&rig, "search"));
	for (unsigned i = 0; i < 4; i++) {
		rig_open(&rig);
		run(&rig, true);
		if (i < 3)
			rig_close(&rig);
	}
	check_settled(&rig, 300);
	rig_stop(&rig);
}
