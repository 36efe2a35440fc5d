/* SPDX-License-Identifier: MIT */
/*
 * Nested lists from the file to HealthSherpa and back, by whole runs. In the
 * place of partner.c stands a HealthSherpa of one contact: requests are made
 * and answers read by the real code, only nothing is sent over a network.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/url.h"
#include "book/book.h"
#include "book/config.h"
#include "partner/dialect.h"
#include "partner/partner.h"
#include "sync/sync.h"

#include "check.h"

#define ID "7f3c0a52-9d1e-4b7a-8c55-0e6f1d2a3b4c"
#define OTHER "11111111-9d1e-4b7a-8c55-0e6f1d2a3b4c"

enum { REQUESTS_MAX = 32, SECONDS = 20 };

/* ---- HealthSherpa --------------------------------------------------- */

static struct service {
	char *requests[REQUESTS_MAX]; /* "update {...}" */
	unsigned count;
	/* of the contact that a search brings; NULL: it brings nobody */
	const char *found_id;
	const char *lists; /* its members, `"drugs":[...]` */
	const char *says;  /* members beside the contact in an answer */
	bool loses;        /* the answer to a create */
	unsigned fails;    /* so many updates get 503 */
	unsigned refuses;  /* so many updates get 422 */
	const char *why;   /* in its words; NULL: are odd */
} service;

struct partner {
	struct call *calls;
};

struct call {
	struct call *next;
	enum verb verb;
	bool repeatable;
	partner_done done;
	void *context;
};

static const struct url_policy pages = {.hosts = url_page_hosts};

static const struct config version_2 = {.version = SERVICE_V2};

struct partner *
partner_new(const struct config *config, const struct clock *clock,
    const char *state_dir, struct err *err)
{
	(void)state_dir;
	(void)config;
	(void)clock;
	(void)err;
	return mem_zalloc(sizeof(struct partner));
}

void
partner_free(struct partner *partner)
{
	struct call *call;

	while (partner && (call = partner->calls) != NULL) {
		partner->calls = call->next;
		free(call);
	}
	free(partner);
}

static bool
start(struct partner *partner, enum verb verb, const char *word,
    const struct str *body, partner_done done, void *context)
{
	struct call *call = mem_zalloc(sizeof(*call));
	struct str line;

	REQUIRE(service.count < REQUESTS_MAX);
	str_init(&line, 1 << 20);
	str_addf(&line, "%s %s", word, body->data);
	service.requests[service.count++] = str_take(&line);
	*call = (struct call){partner->calls, verb, true, done, context};
	partner->calls = call;
	return true;
}

bool
partner_create(struct partner *partner, const struct field_values *values,
    partner_done done, void *context, struct err *err)
{
	const struct dialect dialect = dialect_of(&version_2);
	struct str body;

	(void)err;
	str_init(&body, 1 << 20);
	request_create(&body, &dialect, NULL, values);
	start(partner, VERB_CREATE, "create", &body, done, context);
	str_release(&body);
	return true;
}

bool
partner_update(struct partner *partner, const char *id,
    const struct field_values *values, partner_done done, void *context,
    struct err *err)
{
	const struct dialect dialect = dialect_of(&version_2);
	struct str body;

	(void)err;
	CHECK_TEXT(id, ID);
	str_init(&body, 1 << 20);
	request_update(&body, &dialect, NULL, values);
	start(partner, VERB_UPDATE, "update", &body, done, context);
	str_release(&body);
	return true;
}

bool
partner_search(struct partner *partner, enum selector selector,
    const struct field_values *values, const char *other_key, partner_done done,
    void *context, struct err *err)
{
	const struct dialect dialect = dialect_of(&version_2);
	struct str body;

	(void)other_key;
	(void)err;
	str_init(&body, 1 << 20);
	request_search(&body, &dialect, NULL, selector, values, "birth_date");
	start(partner, VERB_SEARCH, "search", &body, done, context);
	str_release(&body);
	return true;
}

void
partner_let_go(struct partner *partner)
{
	(void)partner;
}

void
partner_sender(const struct partner *partner, const struct field_values *values,
    struct str *out)
{
	(void)partner;
	(void)values;
	(void)out;
}

unsigned
partner_in_flight(const struct partner *partner)
{
	unsigned count = 0;

	for (const struct call *call = partner->calls; call; call = call->next)
		count++;
	return count;
}

uint64_t
partner_requests(const struct partner *partner)
{
	(void)partner;
	return service.count;
}

void
partner_wait(struct partner *partner, struct wait_fd *fds, unsigned count,
    int64_t timeout_ms)
{
	/* an answer is always there; a commit or a timer comes by asking */
	(void)partner;
	(void)fds;
	(void)count;
	(void)timeout_ms;
}

static int
answer_to(enum verb verb, struct str *body)
{
	if (verb == VERB_SEARCH && !service.found_id) {
		str_add(body, "{\"data\":{\"contact\":null}}");
		return 200;
	}
	if (verb == VERB_CREATE && service.loses) {
		service.found_id = ID;
		return 502;
	}
	if (verb == VERB_UPDATE && service.fails > 0) {
		service.fails--;
		return 503;
	}
	if (verb == VERB_UPDATE && service.refuses > 0) {
		service.refuses--;
		str_addf(body, "{\"errors\":{\"drugs\":[\"%s\"]}}",
		    service.why ? service.why : "are odd");
		return 422;
	}
	str_addf(body,
	    "{\"data\":{\"contact\":{\"id\":\"%s\",\"external_id\":\"crm-1\"%s%"
	    "s}"
	    "%s%s}}",
	    verb == VERB_SEARCH ? service.found_id : ID,
	    verb == VERB_SEARCH && service.lists ? "," : "",
	    verb == VERB_SEARCH && service.lists ? service.lists : "",
	    verb != VERB_SEARCH && service.says ? "," : "",
	    verb != VERB_SEARCH && service.says ? service.says : "");
	return verb == VERB_CREATE ? 201 : 200;
}

void
partner_step(struct partner *partner)
{
	struct call *call = partner->calls;
	struct transport transport = {.answered = true,
	    .body_started = true,
	    .complete = true,
	    .retry_after_ms = -1};
	struct reply reply;
	struct str body;

	if (!call)
		return;
	partner->calls = call->next;
	str_init(&body, 1 << 20);
	transport.status = answer_to(call->verb, &body);
	reply_read(&reply, call->verb, call->repeatable, &transport, body.data,
	    body.len, &pages);
	call->done(call->context, &reply);
	reply_release(&reply);
	str_release(&body);
	free(call);
}

/* ---- belay ---------------------------------------------------------- */

struct rig {
	struct config *config;
	struct book *book;
	struct sync *sync;
	struct sync_event last;
	struct sync_progress progress;
	struct row_status status;
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

/* A clock that runs fast: pauses between tries pass in moments. */
static int64_t
fast_monotonic(void *context)
{
	(void)context;
	return clock_monotonic(&clock_system) * 100;
}

static int64_t
fast_wall(void *context)
{
	(void)context;
	return clock_wall(&clock_system);
}

static const struct clock clock_fast = {
    .wall = fast_wall, .monotonic = fast_monotonic};

static void
rig_open(struct rig *rig)
{
	struct sync_options options = {
	    .clock = &clock_fast, .state_dir = path_of("state")};
	struct err err = ERR_INIT;

	rig->book = book_open(rig->config, NULL, &clock_fast, &err);
	REQUIRE(rig->book && book_load_all(rig->book, &err));
	rig->sync = sync_open(rig->book, &options, &err);
	CHECK_TEXT(err.text, "");
	REQUIRE(rig->sync);
	while (sync_refresh(rig->sync, 100))
		;
	sync_row(rig->sync, 0, &rig->status);
}

static void
rig_close(struct rig *rig)
{
	sync_free(rig->sync);
	book_free(rig->book);
	rig->sync = NULL;
	rig->book = NULL;
}

/* The file holds one contact with this phone and these lists. */
static void
rig_write(struct rig *rig, const char *phone, const char *lists)
{
	struct str text;

	if (rig->sync)
		rig_close(rig);
	str_init(&text, 1 << 16);
	str_addf(&text,
	    "- external_id: crm-1\n  first_name: Ada\n  last_name: Sample\n"
	    "  birth_date: 1950-01-15\n  phone: '%s'\n"
	    "  medicare_number: 1EG4-TE5-MK73\n%s",
	    phone, lists);
	check_write(path_of("people.yaml"), text.data);
	str_release(&text);
	rig_open(rig);
}

/* `lists`: the policy in the config. */
static void
rig_start(struct rig *rig, const char *policy)
{
	struct err err = ERR_INIT;
	struct str text, problems;

	memset(rig, 0, sizeof(*rig));
	memset(&service, 0, sizeof(service));
	str_init(&text, 8192);
	str_init(&problems, 8192);
	str_addf(&text,
	    "contacts: %s\n"
	    "service:\n  version: v2\n  environment: staging\n"
	    "  oauth: {client_id: x, client_secret: {command: [echo, x]}}\n"
	    "result_columns: {healthsherpa_id: null}\n"
	    "sync: {rate: none, lists: %s}\n",
	    path_of("people.yaml"), policy);
	rig->config = config_parse(
	    "config.yaml", text.data, text.len, &problems, &err);
	CHECK_TEXT(problems.data, "");
	REQUIRE(rig->config != NULL);
	str_release(&text);
	str_release(&problems);
}

static void
rig_stop(struct rig *rig)
{
	rig_close(rig);
	config_free(rig->config);
	for (unsigned i = 0; i < service.count; i++)
		free(service.requests[i]);
}

static bool
take_events(struct rig *rig)
{
	struct sync_event event;
	bool done = false;

	while (sync_next_event(rig->sync, &event)) {
		if (event.kind == SYNC_FINISHED_ROW)
			rig->last = event;
		done = done || event.kind == SYNC_DONE;
	}
	return done;
}

static void
forget_requests(void)
{
	while (service.count > 0)
		free(service.requests[--service.count]);
}

static void
run_plan(struct rig *rig, struct plan *plan)
{
	int64_t limit = clock_monotonic(&clock_system) + SECONDS * 1000;
	struct err err = ERR_INIT;

	forget_requests();
	memset(&rig->last, 0, sizeof(rig->last));
	REQUIRE(sync_start(rig->sync, plan, &err));
	plan_free(plan);
	while (!take_events(rig)) {
		REQUIRE(clock_monotonic(&clock_system) < limit);
		sync_wait(rig->sync, NULL, 0, 1);
		sync_step(rig->sync);
	}
	sync_progress(rig->sync, &rig->progress);
	sync_row(rig->sync, 0, &rig->status);
}

static void
run(struct rig *rig, bool retry)
{
	uint32_t row = 0;

	run_plan(rig, sync_plan(rig->sync, &row, 1, retry));
}

/* What a plan says of the row's drugs. */
static bool
plans_drugs(struct rig *rig, enum plan_verb verb)
{
	uint32_t row = 0;
	struct plan *plan = sync_plan(rig->sync, &row, 1, false);
	bool drugs = plan->rows[0].changed[FIELD_DRUGS];

	CHECK_INT(plan->rows[0].verb, verb);
	plan_free(plan);
	return drugs;
}

/* The requests of the last run, by their verbs: "search update". */
static void
check_requests(const char *should)
{
	struct str is;

	str_init(&is, 1024);
	for (unsigned i = 0; i < service.count; i++)
		str_addf(&is, "%s%.6s", i ? " " : "", service.requests[i]);
	CHECK_TEXT(is.data, should);
	str_release(&is);
}

static const char *
last_request(void)
{
	return service.count ? service.requests[service.count - 1] : "";
}

#define TWO                                                            \
	"  drugs:\n    - {name: Aspirin, frequency: 2}\n    - {name: " \
	"Lisinopril, ndc: 00093-7150-01, mail: true}\n"
#define TWO_SENT                                                       \
	"\"drugs\":[{\"name\":\"Aspirin\",\"frequency\":2},{\"name\":" \
	"\"Lisinopril\",\"ndc\":\"00093-7150-01\",\"mail\":true}]"
#define ONE "  drugs:\n    - {name: Aspirin}\n"
#define PHONE "916-555-0101"
#define OTHER_PHONE "916-555-0102"

/* Created with TWO, all saved. */
static void
created(struct rig *rig, const char *policy)
{
	rig_start(rig, policy);
	rig_write(rig, PHONE, TWO);
	run(rig, false);
	check_requests("search create");
	CHECK(strstr(last_request(), TWO_SENT) != NULL);
	CHECK_INT(rig->last.status, STATUS_SYNCED);
	CHECK_INT(rig->status.status, STATUS_SYNCED);
	CHECK_TEXT(rig->status.reason, "");
	service.found_id = ID;
}

/* How many the plan says are up to date but for lists. */
static uint32_t
unfinished(struct rig *rig)
{
	const uint32_t row = 0;
	struct plan *plan = sync_plan(rig->sync, &row, 1, false);
	uint32_t count = plan->unfinished;

	CHECK(plan->rows[0].unfinished == (count == 1));
	plan_free(plan);
	return count;
}

TEST(lists_go_with_a_create_and_never_by_themselves)
{
	struct rig rig;

	created(&rig, "create");
	CHECK_INT(sync_lists_open(rig.sync), 0);
	CHECK_INT(unfinished(&rig), 0);
	run(&rig, false);
	check_requests("");
	/* another list alone changes nothing, and is told of */
	rig_write(&rig, PHONE, ONE "  providers: [{name: Dr. Lee}]\n");
	CHECK_INT(rig.status.status, STATUS_SYNCED);
	CHECK_TEXT(rig.status.reason, "1 drug, 1 provider not sent: lists are "
				      "only sent when asked");
	CHECK(rig.status.lists_open);
	CHECK_TEXT(rig.status.short_reason, "lists not sent");
	CHECK_INT(sync_lists_open(rig.sync), 1);
	CHECK(sync_has_lists_open(rig.sync, 0));
	CHECK(!plans_drugs(&rig, PLAN_NONE));
	CHECK_INT(unfinished(&rig), 1);
	run(&rig, false);
	check_requests("");
	/* nor does it go along with something else */
	rig_write(&rig, OTHER_PHONE, ONE);
	CHECK_INT(rig.status.status, STATUS_CHANGED);
	run(&rig, false);
	check_requests("update");
	CHECK(!strstr(last_request(), "drugs"));
	CHECK_INT(rig.status.status, STATUS_SYNCED);
	CHECK_TEXT(rig.status.reason,
	    "1 drug not sent: lists are only sent when asked");
	rig_stop(&rig);
}

/* What was saved stays known when something else is updated. */
TEST(lists_that_were_saved_stay_saved)
{
	struct rig rig;

	created(&rig, "merge");
	rig_write(&rig, OTHER_PHONE, TWO);
	CHECK(!plans_drugs(&rig, PLAN_UPDATE));
	run(&rig, false);
	check_requests("update");
	rig_write(&rig, OTHER_PHONE, TWO);
	CHECK_INT(rig.status.status, STATUS_SYNCED);
	CHECK_TEXT(rig.status.reason, "");
	rig_stop(&rig);
}

TEST(lists_are_merged_with_what_is_there)
{
	struct rig rig;

	created(&rig, "merge");
	service.lists = "\"drugs\":[{\"id\":7,\"name\":\"aspirin\",\"dose\":"
			"\"81 mg\"},{\"id\":8,\"name\":\"Zocor\"}]";
	rig_write(&rig, OTHER_PHONE, ONE);
	CHECK(plans_drugs(&rig, PLAN_UPDATE));
	CHECK_INT(rig.status.status, STATUS_CHANGED);
	run(&rig, false);
	check_requests("search update");
	CHECK(strstr(last_request(),
		  "\"drugs\":[{\"id\":7,\"name\":\"Aspirin\",\"dose\":"
		  "\"81 mg\"},{\"id\":8,\"name\":\"Zocor\"}]") != NULL);
	CHECK(strstr(last_request(), "9165550102") != NULL);
	CHECK_INT(rig.status.status, STATUS_SYNCED);
	run(&rig, false);
	check_requests("");
	/* what is there already is not sent */
	service.lists = "\"drugs\":[{\"id\":7,\"name\":\"Aspirin\",\"dose\":"
			"\"81 mg\"},{\"name\":\"Plavix\"}]";
	rig_write(&rig, OTHER_PHONE, "  drugs: [{name: plavix}]\n");
	service.lists = "\"drugs\":[{\"name\":\"plavix\",\"id\":3}]";
	run(&rig, false);
	check_requests("search");
	CHECK_INT(rig.status.status, STATUS_SYNCED);
	rig_write(&rig, OTHER_PHONE, "  drugs: [{name: plavix}]\n");
	CHECK_INT(rig.status.status, STATUS_SYNCED);
	CHECK_TEXT(rig.status.reason, "");
	rig_stop(&rig);
}

TEST(lists_are_not_merged_with_another_contacts)
{
	struct rig rig;

	created(&rig, "merge");
	rig_write(&rig, OTHER_PHONE, ONE);
	service.found_id = OTHER;
	service.lists = "\"drugs\":[]";
	run(&rig, false);
	/* all selectors that the row has, then the phone alone */
	check_requests("search search search update");
	CHECK(!strstr(last_request(), "drugs"));
	CHECK_INT(rig.last.status, STATUS_FAILED);
	CHECK(str_starts(rig.last.message,
	    "drugs not sent: HealthSherpa's search did not bring this"));
	CHECK_TEXT(rig.status.reason, rig.last.message);
	CHECK_INT(rig.progress.failed, 1);
	/* and again, when it is found */
	service.found_id = ID;
	run(&rig, false);
	check_requests("search update");
	CHECK_INT(rig.status.status, STATUS_SYNCED);
	CHECK_TEXT(rig.status.reason, "");
	rig_stop(&rig);
}

TEST(lists_are_not_merged_with_what_is_not_said)
{
	static const char *const silent[] = {
	    NULL, "\"drugs\":null", "\"drugs\":{}", "\"pharmacies\":[]"};
	struct rig rig;

	created(&rig, "merge");
	for (size_t i = 0; i < sizeof(silent) / sizeof(silent[0]); i++) {
		rig_write(&rig, PHONE, ONE);
		service.lists = silent[i];
		run(&rig, false);
		check_requests("search");
		CHECK_INT(rig.last.status, STATUS_FAILED);
		CHECK(strstr(rig.last.message, "does not say what it has"));
	}
	rig_stop(&rig);
}

TEST(lists_replace_what_is_there)
{
	struct rig rig;

	created(&rig, "replace");
	rig_write(&rig, PHONE, ONE);
	CHECK(plans_drugs(&rig, PLAN_UPDATE));
	run(&rig, false);
	check_requests("update");
	CHECK(strstr(last_request(), "\"drugs\":[{\"name\":\"Aspirin\"}]"));
	CHECK_INT(rig.status.status, STATUS_SYNCED);
	rig_stop(&rig);
}

/* An update without the list, as by v1 or while it is left out, or one that
 * leaves another list alone, does not make it new. */
TEST(lists_that_were_saved_are_known_when_they_come_back)
{
	static const char *const meanwhile[] = {"",
	    "  drugs:\n    - {name: Aspirin}\n    - tablet\n", "  drugs: []\n",
	    "  providers: [{name: Dr. Lee}]\n"};

	struct rig rig;

	created(&rig, "replace");
	for (unsigned i = 0; i < sizeof(meanwhile) / sizeof(*meanwhile); i++) {
		rig_write(&rig, OTHER_PHONE, meanwhile[i]);
		/* it is in doubt for a while what the update did */
		service.fails = 1;
		run(&rig, false);
		check_requests("update update");
		CHECK(!strstr(last_request(), "drugs"));
		rig_write(&rig, PHONE, TWO);
		run(&rig, false);
		check_requests("update");
		CHECK(!strstr(last_request(), "drugs"));
		rig_write(&rig, PHONE, TWO);
		CHECK_INT(rig.status.status, STATUS_SYNCED);
		CHECK_TEXT(rig.status.reason, "");
		/* another one does go, and then the first is another */
		rig_write(&rig, PHONE, ONE);
		CHECK(plans_drugs(&rig, PLAN_UPDATE));
		run(&rig, false);
		check_requests("update");
		rig_write(&rig, PHONE, TWO);
		CHECK(plans_drugs(&rig, PLAN_UPDATE));
		run(&rig, false);
	}
	rig_stop(&rig);
}

/* One contact by the agent's word, whatever the config says. */
TEST(lists_go_when_asked_for)
{
	struct rig rig;

	created(&rig, "create");
	rig_write(&rig, PHONE, ONE);
	service.lists = "\"drugs\":[{\"name\":\"Zocor\"}]";
	run_plan(&rig, sync_plan_lists(rig.sync, 0, LISTS_MERGE));
	check_requests("search update");
	CHECK(strstr(last_request(), "Zocor") != NULL);
	CHECK_TEXT(rig.status.reason, "");
	rig_write(&rig, PHONE, "  drugs: [{name: Plavix}]\n");
	run_plan(&rig, sync_plan_lists(rig.sync, 0, LISTS_REPLACE));
	check_requests("update");
	CHECK(!strstr(last_request(), "Zocor"));
	rig_write(&rig, PHONE, ONE);
	service.found_id = NULL;
	run_plan(&rig, sync_plan_lists(rig.sync, 0, LISTS_MERGE));
	check_requests("search search search");
	CHECK_INT(rig.status.status, STATUS_SYNCED);
	CHECK(str_starts(rig.status.reason, "drugs not sent: "));
	rig_stop(&rig);
}

#define BLANK                                                     \
	"\"status\":\"partial_success\",\"errors\":{\"drugs\":[{" \
	"\"index\":1,\"message\":\"name can't be blank\"}]}"

/* No name of a drug is in any file of the state. */
static void
check_state(const char *directory, const char *secret)
{
	DIR *entries = opendir(directory);
	struct dirent *entry;
	char path[1024];

	REQUIRE(entries != NULL);
	while ((entry = readdir(entries)) != NULL) {
		struct stat about;
		char *text;

		if (*entry->d_name == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", directory, entry->d_name);
		REQUIRE(stat(path, &about) == 0);
		if (S_ISDIR(about.st_mode)) {
			check_state(path, secret);
			continue;
		}
		text = check_read(path);
		CHECK(!memmem(
		    text, (size_t)about.st_size, secret, strlen(secret)));
		free(text);
	}
	closedir(entries);
}

TEST(lists_that_were_saved_in_part_say_what_was_not)
{
	struct rig rig;

	rig_start(&rig, "create");
	rig_write(&rig, PHONE, TWO);
	service.says = BLANK;
	run(&rig, false);
	check_requests("search create");
	CHECK_INT(rig.last.status, STATUS_PARTIAL);
	CHECK_INT(rig.progress.partial, 1);
	CHECK_TEXT(rig.last.code, "partial");
	CHECK_TEXT(rig.last.message,
	    "drug 2 (Lisinopril) was not saved: name can't be blank");
	/* from the ledger, where it has no name */
	rig_write(&rig, PHONE, TWO);
	CHECK_INT(rig.status.status, STATUS_PARTIAL);
	CHECK_TEXT(rig.status.reason, rig.last.message);
	CHECK_TEXT(rig.status.short_reason, "drugs");
	check_state(path_of("state"), "Lisinopril");
	/* not again by itself, nor with something else */
	service.found_id = ID;
	service.says = NULL;
	run(&rig, false);
	check_requests("");
	rig_write(&rig, OTHER_PHONE, TWO);
	run(&rig, false);
	check_requests("update");
	CHECK(!strstr(last_request(), "drugs"));
	CHECK_INT(rig.status.status, STATUS_PARTIAL);
	CHECK_TEXT(rig.status.reason,
	    "drug 2 (Lisinopril) was not saved: name can't be blank");
	/* of another list the places are not those any more */
	rig_write(&rig, OTHER_PHONE, "  drugs: [{name: A}, {name: B}]\n");
	CHECK_TEXT(
	    rig.status.reason, "drug 2 was not saved: name can't be blank");
	/* tried again: merged, which loses nothing */
	rig_write(&rig, OTHER_PHONE, TWO);
	service.lists = "\"drugs\":[{\"name\":\"Aspirin\"}]";
	run(&rig, true);
	check_requests("search update");
	CHECK(strstr(last_request(), "Lisinopril") != NULL);
	CHECK_INT(rig.status.status, STATUS_SYNCED);
	CHECK_TEXT(rig.status.reason, "");
	rig_stop(&rig);
}

/* HealthSherpa's words may name the drug themselves. */
TEST(lists_that_were_saved_in_part_tell_the_state_no_names)
{
	struct rig rig;

	rig_start(&rig, "create");
	rig_write(&rig, PHONE, TWO);
	service.says = "\"errors\":{\"drugs\":[{\"name\":\"lisinopril\","
		       "\"message\":\"LISINOPRIL 5 mg is not a drug\"}]}";
	run(&rig, false);
	CHECK_INT(rig.last.status, STATUS_PARTIAL);
	CHECK_TEXT(rig.status.reason,
	    "drug 2 (Lisinopril) was not saved: … 5 mg is not a drug");
	check_state(path_of("state"), "LISINOPRIL");
	check_state(path_of("state"), "lisinopril");
	rig_stop(&rig);
}

/* Nor do those that name a drug which only HealthSherpa has, and which was sent
 * to it along with ours. */
TEST(lists_that_were_merged_tell_the_state_no_names)
{
	struct rig rig;

	created(&rig, "merge");
	service.lists = "\"drugs\":[{\"name\":\"Metformin\"}]";
	service.says = "\"status\":\"partial_success\",\"errors\":{\"drugs\":[{"
		       "\"index\":0,\"message\":\"Metformin is odd\"}]}";
	rig_write(&rig, PHONE, ONE);
	run(&rig, false);
	check_requests("search update");
	CHECK(strstr(last_request(), "Metformin") != NULL);
	CHECK_INT(rig.status.status, STATUS_PARTIAL);
	CHECK(strstr(rig.status.reason, ": … is odd") != NULL);
	service.refuses = 1;
	service.why = "METFORMIN is odd";
	rig_write(&rig, PHONE, TWO);
	run(&rig, false);
	check_requests("search update");
	CHECK_INT(rig.status.status, STATUS_FAILED);
	CHECK(strstr(rig.status.reason, "… is odd") != NULL);
	rig_close(&rig);
	check_state(path_of("state"), "Metformin");
	check_state(path_of("state"), "METFORMIN");
	rig_stop(&rig);
}

/* An answer that was lost may have said so; what is there tells it. */
static void
lose_answer(struct rig *rig, const char *there)
{
	rig_start(rig, "create");
	rig_write(rig, PHONE, TWO);
	service.loses = true;
	service.lists = there;
	run(rig, false);
	check_requests("search create search");
}

TEST(lists_that_are_there_after_a_lost_answer_were_saved)
{
	struct rig rig;

	lose_answer(&rig, "\"drugs\":[{\"name\":\"aspirin\"},"
			  "{\"ndc\":\"00093715001\"}]");
	CHECK_INT(rig.status.status, STATUS_SYNCED);
	rig_stop(&rig);
}

TEST(lists_that_are_not_there_after_a_lost_answer_were_not)
{
	struct rig rig;

	lose_answer(&rig, "\"drugs\":[{\"name\":\"Aspirin\"}]");
	CHECK_INT(rig.status.status, STATUS_PARTIAL);
	CHECK(strstr(rig.status.reason, "does not have all drugs") != NULL);
	rig_stop(&rig);
}

TEST(lists_of_which_nothing_is_said_after_a_lost_answer_count_as_saved)
{
	struct rig rig;

	lose_answer(&rig, NULL);
	CHECK_INT(rig.status.status, STATUS_SYNCED);
	rig_stop(&rig);
}

TEST(lists_saved_in_part_are_not_sent_for_ever)
{
	struct rig rig;

	created(&rig, "replace");
	rig_write(&rig, PHONE, ONE "    - {name: Zocor}\n");
	service.says = BLANK;
	run(&rig, false);
	check_requests("update");
	CHECK_INT(rig.status.status, STATUS_PARTIAL);
	run(&rig, false);
	check_requests("");
	run(&rig, true);
	check_requests("update");
	CHECK_INT(rig.status.status, STATUS_PARTIAL);
	/* mended in the file, it goes by itself */
	service.says = NULL;
	rig_write(&rig, PHONE, ONE "    - {name: Plavix}\n");
	CHECK_INT(rig.status.status, STATUS_CHANGED);
	run(&rig, false);
	check_requests("update");
	CHECK_INT(rig.status.status, STATUS_SYNCED);
	rig_stop(&rig);
}

/* Only the list that is named is taken for not saved. */
TEST(lists_that_were_saved_beside_one_that_was_not_are_known)
{
	struct rig rig;

	rig_start(&rig, "create");
	rig_write(&rig, PHONE, TWO "  providers: [{name: Dr. Lee}]\n");
	service.says = BLANK;
	run(&rig, false);
	service.says = NULL;
	service.found_id = ID;
	service.lists = "\"drugs\":[],\"providers\":[]";
	run(&rig, true);
	check_requests("search update");
	CHECK(!strstr(last_request(), "providers"));
	CHECK_INT(rig.status.status, STATUS_SYNCED);
	rig_stop(&rig);
}

TEST(lists_are_asked_for_anew_when_the_update_takes_long)
{
	struct rig rig;

	created(&rig, "merge");
	rig_write(&rig, PHONE, ONE);
	service.lists = "\"drugs\":[]";
	service.fails = 2;
	run(&rig, false);
	CHECK(service.count >= 4);
	CHECK_TEXT(last_request() + strlen("update "),
	    "{\"contact\":{\"drugs\":[{\"name\":\"Aspirin\"}]}}");
	CHECK_INT(rig.status.status, STATUS_SYNCED);
	rig_stop(&rig);
}

TEST(lists_that_are_refused_are_sent_when_they_change)
{
	struct rig rig;

	created(&rig, "replace");
	rig_write(&rig, PHONE, ONE);
	service.refuses = 1;
	run(&rig, false);
	CHECK_INT(rig.status.status, STATUS_FAILED);
	run(&rig, false);
	check_requests("");
	rig_write(&rig, PHONE, "  drugs: [{name: Plavix}]\n");
	run(&rig, false);
	check_requests("update");
	CHECK_INT(rig.status.status, STATUS_SYNCED);
	rig_stop(&rig);
}

/* ---- looking ------------------------------------------------------------ */

/* Asks, and waits for the end of it. */
static void
look(struct rig *rig, struct sync_lists *lists)
{
	int64_t limit = clock_monotonic(&clock_system) + SECONDS * 1000;
	struct sync_event event;
	struct err err = ERR_INIT;
	bool told = false;

	forget_requests();
	if (!CHECK(sync_ask_lists(rig->sync, 0, &err)))
		printf("# %s\n", err.text);
	while (!told) {
		REQUIRE(clock_monotonic(&clock_system) < limit);
		sync_lists(rig->sync, lists);
		CHECK_INT(lists->known, LOOK_ASKING);
		sync_wait(rig->sync, NULL, 0, 1);
		sync_step(rig->sync);
		while (sync_next_event(rig->sync, &event))
			told = told || event.kind == SYNC_LOOK;
	}
	sync_lists(rig->sync, lists);
}

TEST(lists_are_looked_at_outside_of_a_run)
{
	struct rig rig;
	struct sync_lists lists;
	struct err err = ERR_INIT;

	rig_start(&rig, "create");
	rig_write(&rig, PHONE, ONE);
	sync_lists(rig.sync, &lists);
	CHECK_INT(lists.known, LOOK_NOT_ASKED);
	/* it is not there yet */
	CHECK(!sync_ask_lists(rig.sync, 0, &err));
	CHECK(strstr(err.text, "does not have this contact yet") != NULL);
	run(&rig, false);
	service.found_id = ID;
	service.lists = "\"drugs\":[{\"name\":\"Zocor\"}]";
	look(&rig, &lists);
	check_requests("search");
	CHECK_INT(lists.known, LOOK_KNOWN);
	CHECK_TEXT(lists.ours[0], "[{\"name\":\"Aspirin\"}]");
	CHECK_TEXT(lists.theirs[0], "[{\"name\":\"Zocor\"}]");
	CHECK(!lists.theirs[1] && !lists.ours[1]);
	/* nothing was written down of it */
	CHECK_INT(sync_status(rig.sync, 0), STATUS_SYNCED);
	/* whom else it brings is not the contact */
	service.found_id = OTHER;
	look(&rig, &lists);
	check_requests("search search search");
	CHECK_INT(lists.known, LOOK_NOT_KNOWN);
	CHECK(!lists.theirs[0]);
	CHECK(strstr(lists.message, "does not bring this contact") != NULL);
	rig_stop(&rig);
}

/* ---- looking at all of a contact --------------------------------------- */

/* Asks, and waits for the end of it. */
static void
look_at_contact(struct rig *rig, struct sync_remotes *remotes)
{
	int64_t limit = clock_monotonic(&clock_system) + SECONDS * 1000;
	struct sync_event event;
	struct err err = ERR_INIT;
	bool told = false;

	forget_requests();
	if (!CHECK(sync_ask_contact(rig->sync, 0, &err)))
		printf("# %s\n", err.text);
	while (!told) {
		REQUIRE(clock_monotonic(&clock_system) < limit);
		sync_remotes(rig->sync, remotes);
		CHECK_INT(remotes->known, LOOK_ASKING);
		CHECK_INT(remotes->count, 0);
		sync_wait(rig->sync, NULL, 0, 1);
		sync_step(rig->sync);
		while (sync_next_event(rig->sync, &event))
			told = told || event.kind == SYNC_LOOK;
	}
	sync_remotes(rig->sync, remotes);
}

TEST(a_contact_is_looked_at_by_all_that_brings_it)
{
	struct rig rig;
	struct sync_remotes remotes;
	struct sync_lists lists;

	rig_start(&rig, "create");
	rig_write(&rig, PHONE, ONE);
	run(&rig, false);
	sync_remotes(rig.sync, &remotes);
	CHECK_INT(remotes.known, LOOK_NOT_ASKED);
	service.found_id = ID;
	service.lists = "\"phone\":\"+1 (916) 555-0199\",\"sex\":\"F\","
			"\"extra_help\":true,\"state\":\"California\","
			"\"city\":null,\"drugs\":[]";
	look_at_contact(&rig, &remotes);
	CHECK(strncmp(last_request(), "search", 6) == 0);
	CHECK_INT(remotes.known, LOOK_KNOWN);
	CHECK_INT(remotes.count, 1);
	CHECK_TEXT(remotes.contacts[0].healthsherpa_id, ID);
	/* as belay would write it */
	CHECK_TEXT(remotes.contacts[0].values[FIELD_PHONE], "9165550199");
	CHECK_TEXT(remotes.contacts[0].values[FIELD_SEX], "female");
	CHECK_TEXT(remotes.contacts[0].values[FIELD_EXTRA_HELP], "true");
	CHECK_TEXT(remotes.contacts[0].values[FIELD_STATE], "CA");
	CHECK(!remotes.contacts[0].values[FIELD_CITY]);
	/* the other question's answer is gone, and nothing was written down */
	sync_lists(rig.sync, &lists);
	CHECK_INT(lists.known, LOOK_NOT_ASKED);
	CHECK_INT(sync_status(rig.sync, 0), STATUS_SYNCED);
	/* nobody looks on any more */
	sync_forget_contact(rig.sync);
	sync_remotes(rig.sync, &remotes);
	CHECK_INT(remotes.known, LOOK_NOT_ASKED);
	CHECK_INT(remotes.count, 0);
	rig_stop(&rig);
}

TEST(an_answer_that_nobody_waits_for_is_dropped)
{
	struct rig rig;
	struct sync_remotes remotes;
	struct sync_event event;
	struct err err = ERR_INIT;
	int64_t limit = clock_monotonic(&clock_system) + SECONDS * 1000;
	bool told = false;

	rig_start(&rig, "create");
	rig_write(&rig, PHONE, ONE);
	run(&rig, false);
	service.found_id = ID;
	forget_requests();
	CHECK(sync_ask_contact(rig.sync, 0, &err));
	sync_forget_contact(rig.sync);
	CHECK(!sync_ask_contact(rig.sync, 0, &err));
	CHECK(strstr(err.text, "still being asked") != NULL);
	while (!told) {
		REQUIRE(clock_monotonic(&clock_system) < limit);
		sync_wait(rig.sync, NULL, 0, 1);
		sync_step(rig.sync);
		while (sync_next_event(rig.sync, &event))
			told = told || event.kind == SYNC_LOOK;
	}
	/* the other selectors are not asked any more */
	check_requests("search");
	sync_remotes(rig.sync, &remotes);
	CHECK_INT(remotes.known, LOOK_NOT_ASKED);
	look_at_contact(&rig, &remotes);
	CHECK_INT(remotes.known, LOOK_KNOWN);
	rig_stop(&rig);
}

TEST(lists_are_not_looked_at_twice_at_once_and_may_be_left)
{
	struct rig rig;
	struct err err = ERR_INIT;
	struct plan *plan;
	uint32_t row = 0;

	created(&rig, "replace");
	CHECK(sync_ask_lists(rig.sync, 0, &err));
	CHECK(!sync_ask_lists(rig.sync, 0, &err));
	CHECK(strstr(err.text, "still being asked") != NULL);
	/* a run may begin meanwhile, and gets its own answers */
	rig_write(&rig, OTHER_PHONE, TWO);
	CHECK(sync_ask_lists(rig.sync, 0, &err));
	plan = sync_plan(rig.sync, &row, 1, false);
	err = (struct err)ERR_INIT;
	REQUIRE(sync_start(rig.sync, plan, &err));
	plan_free(plan);
	CHECK(!sync_ask_lists(rig.sync, 0, &err));
	CHECK(strstr(err.text, "a sync is going on") != NULL);
	while (!take_events(&rig)) {
		sync_wait(rig.sync, NULL, 0, 1);
		sync_step(rig.sync);
	}
	CHECK_INT(rig.last.status, STATUS_SYNCED);
	/* closed while it is out */
	CHECK(sync_ask_lists(rig.sync, 0, &err));
	rig_stop(&rig);
}
