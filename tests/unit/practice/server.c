/* SPDX-License-Identifier: MIT */
/* The whole server, in a process of its own, spoken to in raw HTTP. */
#include "practice/practice.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/json.h"
#include "base/str.h"

#include "check.h"
#include "client.h"

#define AGENT "\"agent_email\":\"agent@example.com\""
#define ADA                                                       \
	"{" AGENT ",\"contact\":{\"external_id\":\"crm-1\","      \
	"\"first_name\":\"Ada\",\"last_name\":\"Sample\","        \
	"\"birth_date\":\"01/15/1955\",\"phone\":\"9165550123\"," \
	"\"zip\":\"95811\",\"medicare_number\":\"1EG4TE5MK73\"}}"
#define ADA_BY_MBI \
	"{" AGENT ",\"params\":{\"medicare_number\":\"1EG4TE5MK73\"}}"
#define ADA_BY_NAME                                        \
	"{" AGENT ",\"params\":{\"last_name\":\"sample\"," \
	"\"birth_date\":\"1955-01-15\"}}"
#define CONTACTS "/v1/contacts"
#define SEARCH "/v1/contacts/search"

/* Starts a server with a script and switches; NULL: none. */
static void
start(struct server *server, const char *script, const char *const *switches)
{
	static char path[128];
	struct practice_options options = {.switches = switches, .seed = 1};

	if (script) {
		snprintf(path, sizeof(path), "%s/script", check_directory());
		check_write(path, script);
		options.script_path = path;
	}
	server_start(server, &options);
}

/* One call of which only the status counts. */
static int
status_of(const struct server *server, const char *method, const char *path,
    const char *body)
{
	struct response response;
	int status;

	client_call(server, method, path, body, &response);
	status = response.status;
	response_release(&response);
	return status;
}

/* Creates Ada and returns the path of her contact; static buffer. */
static const char *
create_ada(const struct server *server)
{
	static char path[128];
	struct response response;

	client_call(server, "POST", CONTACTS, ADA, &response);
	REQUIRE(response.status == 201);
	snprintf(path, sizeof(path), CONTACTS "/%s",
	    response_text(&response, "data.contact.id"));
	response_release(&response);
	return path;
}

TEST(server_create_search_update_and_quote)
{
	struct response response;
	struct server server;
	char path[128], page[256], *quote;

	start(&server, NULL, NULL);
	client_call(&server, "POST", CONTACTS, ADA, &response);
	CHECK_INT(response.status, 201);
	CHECK_TEXT(
	    response_text(&response, "data.contact.external_id"), "crm-1");
	CHECK_TEXT(
	    response_text(&response, "data.contact.birth_date"), "01/15/1955");
	snprintf(path, sizeof(path), CONTACTS "/%s",
	    response_text(&response, "data.contact.id"));
	quote = strstr(
	    response_text(&response, "data.redirect_url"), "/quote/");
	REQUIRE(quote != NULL);
	snprintf(page, sizeof(page), "%s", quote);
	response_release(&response);

	client_call(&server, "POST", SEARCH, ADA_BY_NAME, &response);
	CHECK_INT(response.status, 200);
	CHECK(strstr(path, response_text(&response, "data.contact.id")));
	response_release(&response);

	client_call(&server, "PATCH", path,
	    "{" AGENT ",\"contact\":{\"phone\":\"9165550124\"}}", &response);
	CHECK_INT(response.status, 200);
	CHECK_TEXT(
	    response_text(&response, "data.contact.phone"), "9165550124");
	CHECK_TEXT(response_text(&response, "data.contact.zip"), "95811");
	response_release(&response);

	client_request(&server, "GET", page, NULL, NULL, &response);
	CHECK_INT(response.status, 200);
	CHECK(strstr(response.head, "text/html"));
	CHECK(strstr(response.head, "Content-Security-Policy"));
	CHECK(strstr(response.body, "Quote for Ada Sample"));
	response_release(&response);
	server_stop(&server);
}

TEST(server_log_says_what_was_received)
{
	struct server server;
	struct json *line;

	start(&server, "create 1 commit-then-503\n", NULL);
	CHECK_INT(status_of(&server, "POST", CONTACTS, ADA), 503);
	CHECK_INT(status_of(&server, "POST", CONTACTS, "not JSON"), 400);
	server_stop(&server);
	line = server_log(&server, 0);
	CHECK_TEXT(json_text_at(line, "index"), "1");
	CHECK_TEXT(json_text_at(line, "route"), "create");
	CHECK_TEXT(json_text_at(line, "method"), "POST");
	CHECK_TEXT(json_text_at(line, "path"), "/v1/contacts");
	CHECK_TEXT(json_text_at(line, "status"), "503");
	CHECK(json_true(json_get(line, "committed")));
	CHECK_TEXT(json_text_at(line, "external_id"), "crm-1");
	CHECK_TEXT(json_text_at(line, "agent_email"), "agent@example.com");
	CHECK_TEXT(json_text_at(line, "fault"), "commit-then-503");
	CHECK_TEXT(json_text_at(line, "body.contact.zip"), "95811");
	CHECK_INT(strlen(json_text_at(line, "id")), 36);
	json_free(line);
	line = server_log(&server, 1);
	CHECK_TEXT(json_text_at(line, "body"), "not JSON");
	CHECK(!json_true(json_get(line, "committed")));
	json_free(line);
	CHECK(!server_log(&server, 2));
}

TEST(server_log_names_the_contact_of_an_update)
{
	struct server server;
	struct json *line;
	const char *path;

	start(&server, "update @crm-1:2 503\n", NULL);
	path = create_ada(&server);
	CHECK_INT(status_of(&server, "PATCH", path,
		      "{" AGENT ",\"contact\":{\"city\":\"Davis\"}}"),
	    200);
	CHECK_INT(status_of(&server, "PATCH", path,
		      "{" AGENT ",\"contact\":{\"city\":\"Davis\"}}"),
	    503);
	CHECK_INT(status_of(&server, "GET", "/%ff%0a", NULL), 404);
	server_stop(&server);
	line = server_log(&server, 1);
	CHECK_TEXT(json_text_at(line, "external_id"), "crm-1");
	CHECK_TEXT(json_text_at(line, "body.contact.city"), "Davis");
	json_free(line);
	line = server_log(&server, 3);
	REQUIRE(line != NULL);
	CHECK_TEXT(json_text_at(line, "path"), "/\xef\xbf\xbd\xe2\x90\x8a");
	json_free(line);
}

TEST(server_authentication_and_agents)
{
	const struct practice_options options = {
	    .api_key = "practice", .agent_email = "agent@example.com"};
	struct response response;
	struct server server;

	server_start(&server, &options);
	client_request(&server, "POST", CONTACTS,
	    "Content-Type: application/json\r\n", ADA, &response);
	CHECK_INT(response.status, 401);
	CHECK_TEXT(response_text(&response, "error.code"), "unauthorized");
	response_release(&response);
	client_request(&server, "POST", CONTACTS,
	    "Content-Type: application/json\r\nX-API-Key: praktice\r\n", ADA,
	    &response);
	CHECK_INT(response.status, 401);
	response_release(&response);
	client_request(&server, "POST", CONTACTS, "X-API-Key: practice\r\n",
	    ADA, &response);
	CHECK_INT(response.status, 400);
	response_release(&response);
	CHECK_INT(status_of(&server, "POST", CONTACTS,
		      "{\"agent_email\":\"other@example.com\",\"contact\":{}}"),
	    404);
	CHECK_INT(
	    status_of(&server, "POST", CONTACTS, "{\"contact\":{}}"), 400);
	CHECK_INT(status_of(&server, "POST", CONTACTS, "{" AGENT "}"), 400);
	CHECK_INT(status_of(&server, "DELETE", CONTACTS, ADA), 404);
	CHECK_INT(status_of(&server, "POST", "/v1/else", ADA), 404);
	CHECK_INT(status_of(&server, "POST", CONTACTS, ADA), 201);
	server_stop(&server);
}

TEST(server_another_agents_contact_is_not_there)
{
	struct server server;
	const char *path;

	start(&server, NULL, NULL);
	path = create_ada(&server);
	CHECK_INT(status_of(&server, "PATCH", path,
		      "{\"agent_email\":\"b@example.com\",\"contact\":{}}"),
	    404);
	CHECK_INT(status_of(&server, "POST", SEARCH,
		      "{\"agent_email\":\"b@example.com\",\"params\":"
		      "{\"medicare_number\":\"1EG4TE5MK73\"}}"),
	    404);
	CHECK_INT(status_of(&server, "PATCH", CONTACTS "/none",
		      "{" AGENT ",\"contact\":{}}"),
	    404);
	server_stop(&server);
}

TEST(server_refuses_with_the_fields_words)
{
	static const char *const by_field[] = {"error-shape=errors", NULL};
	static const char bad[] =
	    "{" AGENT
	    ",\"contact\":{\"external_id\":\"1\",\"first_name\":\"A\","
	    "\"last_name\":\"B\",\"phone\":\"(916) 555-0123\"}}";
	struct response response;
	struct server server;

	start(&server, NULL, NULL);
	client_call(&server, "POST", CONTACTS, bad, &response);
	CHECK_INT(response.status, 400);
	CHECK_TEXT(response_text(&response, "error.message"),
	    "phone must be a valid phone number");
	response_release(&response);
	server_stop(&server);

	start(&server, NULL, by_field);
	client_call(&server, "POST", CONTACTS, bad, &response);
	CHECK_TEXT(
	    json_string(json_at(
		json_get(json_get(response.json, "errors"), "phone"), 0)),
	    "must be a valid phone number");
	response_release(&response);
	server_stop(&server);
}

TEST(server_search_parameters)
{
	struct response response;
	struct server server;

	start(&server, NULL, NULL);
	create_ada(&server);
	CHECK_INT(status_of(&server, "POST", SEARCH, ADA_BY_MBI), 200);
	client_call(&server, "POST", SEARCH,
	    "{" AGENT ",\"params\":{\"last_name\":\"Sample\","
	    "\"date_of_birth\":\"1955-01-15\"}}",
	    &response);
	CHECK_INT(response.status, 422);
	CHECK_TEXT(response_text(&response, "error.message"),
	    "birth_date, email, or phone is required");
	response_release(&response);
	CHECK_INT(status_of(&server, "POST", SEARCH,
		      "{" AGENT ",\"params\":{\"birth_date\":\"1955-01-15\"}}"),
	    422);
	CHECK_INT(status_of(&server, "POST", SEARCH,
		      "{" AGENT ",\"params\":{\"last_name\":\"Sample\","
		      "\"birth_date\":\"01/15/1955\"}}"),
	    404);
	CHECK_INT(status_of(&server, "POST", SEARCH,
		      "{" AGENT ",\"params\":{\"first_name\":\"Ada\","
		      "\"phone\":\"9165550123\"}}"),
	    200);
	CHECK_INT(status_of(&server, "POST", SEARCH, "{" AGENT "}"), 422);
	server_stop(&server);
}

TEST(server_switches_change_the_answers)
{
	static const char *const all[] = {"create-status=200",
	    "update-status=204", "envelope=bare", "no-match=nulls",
	    "birth-date-key=both", "birth-date-form=any", "dates=iso",
	    "duplicate=existing", NULL};
	struct response response;
	struct server server;
	char path[128];

	start(&server, NULL, all);
	client_call(&server, "POST", CONTACTS, ADA, &response);
	CHECK_INT(response.status, 200);
	CHECK_TEXT(
	    response_text(&response, "contact.birth_date"), "1955-01-15");
	CHECK(response_text(&response, "redirect_url") != NULL);
	snprintf(path, sizeof(path), CONTACTS "/%s",
	    response_text(&response, "contact.id"));
	response_release(&response);
	client_call(&server, "POST", CONTACTS, ADA, &response);
	CHECK_INT(response.status, 200);
	CHECK(strstr(path, response_text(&response, "contact.id")));
	response_release(&response);
	client_call(&server, "PATCH", path,
	    "{" AGENT ",\"contact\":{\"city\":\"Davis\"}}", &response);
	CHECK_INT(response.status, 204);
	CHECK_INT(response.len, 0);
	response_release(&response);
	CHECK_INT(status_of(&server, "POST", SEARCH,
		      "{" AGENT ",\"params\":{\"last_name\":\"Sample\","
		      "\"date_of_birth\":\"01/15/1955\"}}"),
	    200);
	client_call(&server, "POST", SEARCH,
	    "{" AGENT ",\"params\":{\"medicare_number\":\"x\"}}", &response);
	CHECK_INT(response.status, 200);
	CHECK(json_is_null(json_get(response.json, "contact")));
	response_release(&response);
	server_stop(&server);
}

TEST(server_external_id_is_unique_and_permanent)
{
	static const char *const second[] = {"duplicate=second", NULL};
	struct server server;
	const char *path;

	start(&server, NULL, NULL);
	path = create_ada(&server);
	CHECK_INT(status_of(&server, "POST", CONTACTS, ADA), 422);
	CHECK_INT(status_of(&server, "PATCH", path,
		      "{" AGENT ",\"contact\":{\"external_id\":\"crm-2\"}}"),
	    422);
	CHECK_INT(status_of(&server, "PATCH", path,
		      "{" AGENT ",\"contact\":{\"external_id\":\"crm-1\"}}"),
	    200);
	server_stop(&server);
	start(&server, NULL, second);
	create_ada(&server);
	CHECK_INT(status_of(&server, "POST", CONTACTS, ADA), 201);
	server_stop(&server);
}

TEST(server_unchanged_update_has_no_body_when_asked)
{
	static const char *const unchanged[] = {
	    "update-status=204-unchanged", NULL};
	struct server server;
	const char *path;

	start(&server, NULL, unchanged);
	path = create_ada(&server);
	CHECK_INT(status_of(&server, "PATCH", path,
		      "{" AGENT ",\"contact\":{\"zip\":\"95811\"}}"),
	    204);
	CHECK_INT(status_of(&server, "PATCH", path,
		      "{" AGENT ",\"contact\":{\"zip\":\"95812\"}}"),
	    200);
	CHECK_INT(status_of(&server, "PATCH", path,
		      "{" AGENT ",\"contact\":{\"notes\":[\"x\"]}}"),
	    200);
	server_stop(&server);
}

TEST(server_faults_with_and_without_commit)
{
	static const struct {
		const char *script;
		int status; /* 0: nothing came */
		int search; /* afterwards */
	} rows[] = {
	    {"create 1 drop", 0, 404},
	    {"create 1 commit-then-drop", 0, 200},
	    {"create 1 500", 500, 404},
	    {"create 1 commit-then-500", 500, 200},
	    {"create 1 commit-then-502", 502, 200},
	    {"create 1 commit-then-504", 504, 200},
	    {"create 1 401", 401, 404},
	    {"create 1 twin", 422, 404},
	    {"create 1 truncate", 201, 200},
	    {"create 1 no-id", 201, 200},
	    {"create 1 partial", 201, 200},
	    {"create 1 junk", 200, 404},
	    {"create 1 redirect https://example.com/", 302, 404},
	    {"search 1 null", 201, 404},
	    {"search 1 500", 201, 500},
	    {"create 1 lag 1h", 201, 404},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct server server;
		bool good = true;

		start(&server, rows[i].script, NULL);
		good &= CHECK_INT(
		    status_of(&server, "POST", CONTACTS, ADA), rows[i].status);
		good &= CHECK_INT(
		    status_of(&server, "POST", SEARCH, ADA_BY_MBI),
		    rows[i].search);
		server_stop(&server);
		if (!good)
			printf("# in %s\n", rows[i].script);
	}
}

TEST(server_fault_bodies)
{
	struct response response;
	struct server server;

	start(&server,
	    "create 1 truncate\ncreate 2 no-id\ncreate 3 partial\n"
	    "create 4 429 retry-after 7\ncreate 5 502\ncreate 6 huge\n"
	    "search 1 other\n",
	    (const char *const[]){"duplicate=second", NULL});
	client_call(&server, "POST", CONTACTS, ADA, &response);
	CHECK(!response.json);
	CHECK(strncmp(response.body, "{\"data\"", 7) == 0);
	response_release(&response);
	client_call(&server, "POST", CONTACTS, ADA, &response);
	CHECK(json_is_object(
	    json_get(json_get(response.json, "data"), "contact")));
	CHECK(!response_text(&response, "data.contact.id"));
	response_release(&response);
	client_call(&server, "POST", CONTACTS, ADA, &response);
	CHECK_TEXT(response_text(&response, "data.status"), "partial_success");
	response_release(&response);
	client_call(&server, "POST", CONTACTS, ADA, &response);
	CHECK_INT(response.status, 429);
	CHECK(strstr(response.head, "Retry-After: 7\r\n"));
	response_release(&response);
	client_call(&server, "POST", CONTACTS, ADA, &response);
	CHECK(strstr(response.head, "text/html"));
	response_release(&response);
	client_call(&server, "POST", CONTACTS, ADA, &response);
	CHECK(response.len >= 8 << 20);
	CHECK(strncmp(response.body, "{\"data\"", 7) == 0);
	response_release(&response);
	client_call(&server, "POST", SEARCH, ADA_BY_MBI, &response);
	CHECK_INT(response.status, 200);
	response_release(&response);
	server_stop(&server);
}

TEST(server_search_gives_a_stranger_when_nobody_else_is_there)
{
	struct response response;
	struct server server;

	start(&server, "search 1 other\n", NULL);
	create_ada(&server);
	client_call(&server, "POST", SEARCH, ADA_BY_MBI, &response);
	CHECK_INT(response.status, 200);
	CHECK_TEXT(response_text(&response, "data.contact.external_id"),
	    "someone-else");
	response_release(&response);
	server_stop(&server);
}

static int64_t
now(void)
{
	return clock_monotonic(&clock_system);
}

TEST(server_latency_and_delay_hold_the_answer)
{
	struct server server;
	int64_t began;

	start(&server, "search 1 delay 200ms\n",
	    (const char *const[]){"latency=100ms", NULL});
	began = now();
	CHECK_INT(status_of(&server, "POST", CONTACTS, ADA), 201);
	CHECK(now() - began >= 100);
	began = now();
	CHECK_INT(status_of(&server, "POST", SEARCH, ADA_BY_MBI), 200);
	CHECK(now() - began >= 300);
	server_stop(&server);
}

TEST(server_answers_others_while_one_is_held)
{
	struct response response;
	struct server server;
	int fd;

	start(&server, "create 1 commit-then-stall\n", NULL);
	fd = client_start(&server, "POST", CONTACTS, ADA);
	/* The stalled one came first: it is in the store once a search that
	 * was sent after it finds it. */
	while (status_of(&server, "POST", SEARCH, ADA_BY_MBI) != 200)
		;
	server_stop(&server);
	client_finish(fd, &response);
	CHECK_INT(response.status, 0);
	response_release(&response);
}

TEST(server_late_commit_takes_effect_after_the_client_is_gone)
{
	struct server server;
	struct json *line;
	int64_t began;

	start(&server, "create 1 late 300ms\n", NULL);
	began = now();
	CHECK_INT(status_of(&server, "POST", CONTACTS, ADA), 0);
	CHECK_INT(status_of(&server, "POST", SEARCH, ADA_BY_MBI), 404);
	while (status_of(&server, "POST", SEARCH, ADA_BY_MBI) != 200)
		REQUIRE(now() - began < 20000);
	CHECK(now() - began >= 300);
	server_stop(&server);
	line = server_log(&server, 0);
	CHECK_TEXT(json_text_at(line, "end"), "late");
	CHECK(!json_true(json_get(line, "committed")));
	json_free(line);
	for (size_t i = 1;; i++) {
		line = server_log(&server, i);
		REQUIRE(line != NULL);
		if (strcmp(json_text_at(line, "end"), "late-commit") == 0)
			break;
		json_free(line);
	}
	CHECK(json_true(json_get(line, "committed")));
	CHECK_TEXT(json_text_at(line, "index"), "1");
	json_free(line);
}

TEST(server_rate_limit_answers_429)
{
	static const char *const forms[][3] = {
	    {"rate=2/1h", "retry-after=seconds", NULL},
	    {"rate=2/1h", "retry-after=date", NULL},
	    {"rate=2/1h", "retry-after=absurd", NULL},
	    {"rate=2/1h", "retry-after=none", NULL},
	};
	static const char *const heads[] = {
	    "Retry-After: 1\r\n", " GMT\r\n", "Retry-After: 86400\r\n", NULL};

	for (size_t i = 0; i < 4; i++) {
		struct response response;
		struct server server;

		start(&server, NULL, forms[i]);
		create_ada(&server);
		CHECK_INT(status_of(&server, "POST", SEARCH, ADA_BY_MBI), 200);
		client_call(&server, "POST", SEARCH, ADA_BY_MBI, &response);
		CHECK_INT(response.status, 429);
		if (heads[i])
			CHECK(strstr(response.head, heads[i]) != NULL);
		CHECK((strstr(response.head, "Retry-After") != NULL) ==
		      (heads[i] != NULL));
		response_release(&response);
		server_stop(&server);
	}
}

TEST(server_search_lag_hides_a_new_contact)
{
	static const char *const lag[] = {"search-lag=200ms", NULL};
	struct server server;
	int64_t began;

	start(&server, NULL, lag);
	began = now();
	create_ada(&server);
	while (status_of(&server, "POST", SEARCH, ADA_BY_MBI) != 200)
		REQUIRE(now() - began < 20000);
	/* The lag counts by the wall clock: both are cut to whole ms. */
	CHECK(now() - began >= 199);
	server_stop(&server);
}

TEST(server_killed_keeps_what_it_said)
{
	struct practice_options options = {.seed = 1};
	char path[128], store[128];
	struct server server;
	int status;

	snprintf(store, sizeof(store), "%s/store", check_directory());
	options.store_path = store;
	server_start(&server, &options);
	snprintf(path, sizeof(path), "%s", create_ada(&server));
	REQUIRE(kill(server.pid, SIGKILL) == 0);
	REQUIRE(waitpid(server.pid, &status, 0) == server.pid);
	server_start(&server, &options);
	CHECK_INT(status_of(&server, "PATCH", path,
		      "{" AGENT ",\"contact\":{\"city\":\"Davis\"}}"),
	    200);
	server_stop(&server);
}

TEST(server_ends_by_signal)
{
	struct server server;
	int status;

	start(&server, NULL, NULL);
	REQUIRE(kill(server.pid, SIGTERM) == 0);
	REQUIRE(waitpid(server.pid, &status, 0) == server.pid);
	CHECK_INT(status, 0);
}

TEST(server_start_says_what_is_wrong)
{
	struct err err = ERR_INIT;
	struct practice_options options = {
	    .switches = (const char *const[]){"nothing=x", NULL}};

	CHECK(!practice_start(&options, &err));
	CHECK_INT(err.kind, ERR_USAGE);
	options = (struct practice_options){.script_path = "/nonexistent"};
	CHECK(!practice_start(&options, &err));
	CHECK_INT(err.kind, ERR_NO_INPUT);
	options = (struct practice_options){.log_path = "/nonexistent/log"};
	CHECK(!practice_start(&options, &err));
	CHECK_INT(err.kind, ERR_CREATE);
	options = (struct practice_options){.address = "not an address"};
	CHECK(!practice_start(&options, &err));
}
