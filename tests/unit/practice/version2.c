/* SPDX-License-Identifier: MIT */
/* Version 2 of the API and its login, over HTTP. */
#include "practice/practice.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/json.h"
#include "base/str.h"

#include "check.h"
#include "client.h"

#define FORM "Content-Type: application/x-www-form-urlencoded\r\n"
#define JSON "Content-Type: application/json\r\n"
#define CALLBACK "http://127.0.0.1:53682/callback"
#define CONSENT                                                    \
	"client_id=agency&response_type=code&scope=partner_api_v2" \
	"&redirect_uri=" CALLBACK                                  \
	"&state=st&decision=allow&agent_email=agent@example.com"
#define EXCHANGE                                                          \
	"grant_type=authorization_code&client_id=agency&client_secret=s&" \
	"redirect_uri=" CALLBACK "&code="
#define ADA_FIELDS                                          \
	"\"external_id\":\"crm-1\",\"first_name\":\"Ada\"," \
	"\"last_name\":\"Sample\",\"medicare_number\":\"1EG4TE5MK73\""
#define ADA "{\"contact\":{" ADA_FIELDS "}}"
#define ADA_BY_MBI "{\"params\":{\"medicare_number\":\"1EG4TE5MK73\"}}"
#define CONTACTS "/v2/contacts"
#define SEARCH "/v2/contacts/search"

/* A server and what its client has of it. */
struct session {
	struct server server;
	char access[128];
	char refresh[128];
};

/* Starts it with a script and switches; NULL: none. */
static void
start(struct session *session, struct practice_options options,
    const char *script)
{
	static char path[128];

	*session = (struct session){.access = ""};
	options.seed = 1;
	if (script) {
		snprintf(path, sizeof(path), "%s/script", check_directory());
		check_write(path, script);
		options.script_path = path;
	}
	server_start(&session->server, &options);
}

static void
keep_tokens(struct session *session, const struct response *response)
{
	const char *refresh = response_text(response, "refresh_token");

	snprintf(session->access, sizeof(session->access), "%s",
	    response_text(response, "access_token"));
	snprintf(session->refresh, sizeof(session->refresh), "%s",
	    refresh ? refresh : "");
}

static void
log_in(struct session *session)
{
	struct response response;
	char body[512], *code;

	client_request(&session->server, "POST", "/oauth/authorize", FORM,
	    CONSENT, &response);
	REQUIRE(response.status == 302);
	code = strstr(response.head, "callback?code=");
	REQUIRE(code != NULL);
	snprintf(body, sizeof(body), EXCHANGE "%.64s",
	    code + strlen("callback?code="));
	response_release(&response);
	client_request(
	    &session->server, "POST", "/oauth/token", FORM, body, &response);
	REQUIRE(response.status == 200);
	keep_tokens(session, &response);
	response_release(&response);
}

/* The answer's status; its tokens are kept when it has some. */
static int
refresh(struct session *session)
{
	struct response response;
	char body[512];
	int status;

	snprintf(body, sizeof(body),
	    "grant_type=refresh_token&client_id=agency&client_secret=s&"
	    "refresh_token=%s",
	    session->refresh);
	client_request(
	    &session->server, "POST", "/oauth/token", FORM, body, &response);
	status = response.status;
	if (response_text(&response, "access_token"))
		keep_tokens(session, &response);
	response_release(&response);
	return status;
}

static void
call(const struct session *session, const char *method, const char *path,
    const char *body, struct response *response)
{
	char headers[512];

	snprintf(headers, sizeof(headers), JSON "Authorization: Bearer %s\r\n",
	    session->access);
	client_request(&session->server, method, path, headers, body, response);
}

static int
status_of(const struct session *session, const char *method, const char *path,
    const char *body)
{
	struct response response;
	int status;

	call(session, method, path, body, &response);
	status = response.status;
	response_release(&response);
	return status;
}

/* Creates Ada; the path of her contact. Static buffer. */
static const char *
create_ada(const struct session *session)
{
	static char path[128];
	struct response response;

	call(session, "POST", CONTACTS, ADA, &response);
	REQUIRE(response.status == 201);
	snprintf(path, sizeof(path), CONTACTS "/%s",
	    response_text(&response, "data.contact.id"));
	response_release(&response);
	return path;
}

static void
end_tokens(const struct session *session, const char *what)
{
	struct response response;

	client_request(&session->server, "POST", "/practice/revoke", FORM, what,
	    &response);
	CHECK_INT(response.status, 200);
	response_release(&response);
}

TEST(version2_consent_page_may_lead_back)
{
	struct response response;
	struct session session;

	start(&session,
	    (struct practice_options){.agent_email = "b@example.com"}, NULL);
	client_request(&session.server, "GET",
	    "/oauth/authorize?client_id=a%26b&response_type=code&scope="
	    "partner_api_v2&state=x%3d&redirect_uri="
	    "http%3A%2F%2F127.0.0.1%3A53682%2Fcallback",
	    NULL, NULL, &response);
	CHECK_INT(response.status, 200);
	CHECK(strstr(response.head, "text/html") != NULL);
	CHECK(strstr(response.head,
		  "form-action 'self' http://127.0.0.1:53682;") != NULL);
	CHECK(strstr(response.body, "<b id=\"client\">a&amp;b</b>") != NULL);
	CHECK(strstr(response.body, "name=\"state\" value=\"x=\"") != NULL);
	CHECK(strstr(response.body, "value=\"b@example.com\"") != NULL);
	response_release(&response);
	client_request(
	    &session.server, "GET", "/sessions/new", NULL, NULL, &response);
	CHECK(strstr(response.head, "form-action 'self';") != NULL);
	response_release(&response);
	server_stop(&session.server);
}

TEST(version2_create_search_and_update)
{
	struct response response;
	struct session session;
	const char *path;

	start(&session, (struct practice_options){.port = 0}, NULL);
	log_in(&session);
	call(&session, "POST", SEARCH, ADA_BY_MBI, &response);
	CHECK_INT(response.status, 200);
	CHECK(
	    json_is_null(json_get(json_get(response.json, "data"), "contact")));
	CHECK(json_is_null(
	    json_get(json_get(response.json, "data"), "redirect_url")));
	response_release(&response);
	path = create_ada(&session);
	call(&session, "PATCH", path, "{\"contact\":{\"city\":\"Davis\"}}",
	    &response);
	CHECK_INT(response.status, 200);
	CHECK_TEXT(response_text(&response, "data.contact.city"), "Davis");
	CHECK(response_text(&response, "data.redirect_url") != NULL);
	response_release(&response);
	call(&session, "POST", SEARCH, ADA_BY_MBI, &response);
	CHECK_TEXT(
	    response_text(&response, "data.contact.external_id"), "crm-1");
	response_release(&response);
	CHECK_INT(status_of(&session, "PATCH", path,
		      "{\"contact\":{\"external_id\":\"crm-2\"}}"),
	    422);
	server_stop(&session.server);
}

TEST(version2_needs_a_good_token)
{
	struct response response;
	struct session session;

	start(&session, (struct practice_options){.port = 0}, NULL);
	client_request(&session.server, "POST", CONTACTS, JSON, ADA, &response);
	CHECK_INT(response.status, 401);
	CHECK_TEXT(response_text(&response, "error"), "invalid_token");
	CHECK(response_text(&response, "error_description") != NULL);
	CHECK(strstr(response.head, "WWW-Authenticate: Bearer ") != NULL);
	response_release(&response);
	snprintf(session.access, sizeof(session.access), "unknown");
	CHECK_INT(status_of(&session, "POST", CONTACTS, ADA), 401);
	log_in(&session);
	CHECK_INT(status_of(&session, "POST", CONTACTS, ADA), 201);
	end_tokens(&session, "what=access");
	CHECK_INT(status_of(&session, "POST", SEARCH, ADA_BY_MBI), 401);
	CHECK_INT(refresh(&session), 200);
	CHECK_INT(status_of(&session, "POST", SEARCH, ADA_BY_MBI), 200);
	end_tokens(&session, "what=scope");
	call(&session, "POST", SEARCH, ADA_BY_MBI, &response);
	CHECK_INT(response.status, 403);
	CHECK_TEXT(response_text(&response, "error"), "insufficient_scope");
	response_release(&response);
	end_tokens(&session, "what=grants");
	CHECK_INT(refresh(&session), 400);
	server_stop(&session.server);
}

TEST(version2_agent_is_the_tokens)
{
	struct response response;
	struct session session;

	start(&session, (struct practice_options){.port = 0}, NULL);
	log_in(&session);
	CHECK_INT(status_of(&session, "POST", CONTACTS,
		      "{\"agent_email\":\"other@example.com\",\"contact\":"
		      "{" ADA_FIELDS "}}"),
	    201);
	client_call(&session.server, "POST", "/v1/contacts/search",
	    "{\"agent_email\":\"agent@example.com\",\"params\":"
	    "{\"medicare_number\":\"1EG4TE5MK73\"}}",
	    &response);
	CHECK_INT(response.status, 200);
	response_release(&response);
	client_call(&session.server, "POST", "/v1/contacts/search",
	    "{\"agent_email\":\"other@example.com\",\"params\":"
	    "{\"medicare_number\":\"1EG4TE5MK73\"}}",
	    &response);
	CHECK_INT(response.status, 404);
	response_release(&response);
	server_stop(&session.server);
	start(&session,
	    (struct practice_options){.agent_email = "b@example.com"}, NULL);
	log_in(&session);
	CHECK_INT(status_of(&session, "POST", SEARCH, ADA_BY_MBI), 404);
	server_stop(&session.server);
}

TEST(version2_bodies_under_each_switch)
{
	static const struct {
		const char *body;
		const char *envelope;
		int wrapped, flat; /* statuses of a create */
		int params, bare;  /* of a search */
	} rows[] = {
	    {"v2-body=wrapped", "search-envelope=params", 201, 400, 200, 422},
	    {"v2-body=flat", "search-envelope=flat", 400, 201, 422, 200},
	    {"v2-body=both", "search-envelope=both", 201, 201, 200, 200},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *const switches[] = {
		    rows[i].body, rows[i].envelope, "duplicate=second", NULL};
		struct session session;

		start(&session, (struct practice_options){.switches = switches},
		    NULL);
		log_in(&session);
		CHECK_INT(status_of(&session, "POST", CONTACTS, ADA),
		    rows[i].wrapped);
		CHECK_INT(
		    status_of(&session, "POST", CONTACTS, "{" ADA_FIELDS "}"),
		    rows[i].flat);
		CHECK_INT(status_of(&session, "POST", SEARCH, ADA_BY_MBI),
		    rows[i].params);
		CHECK_INT(status_of(&session, "POST", SEARCH,
			      "{\"medicare_number\":\"1EG4TE5MK73\"}"),
		    rows[i].bare);
		server_stop(&session.server);
	}
}

TEST(version2_no_match_under_each_switch)
{
	static const struct {
		const char *assignment;
		int status;
		bool has_contact; /* the key is there */
	} rows[] = {
	    {"v2-no-match=nulls", 200, true},
	    {"v2-no-match=empty", 200, false},
	    {"v2-no-match=404", 404, false},
	    {"v2-no-match=422", 422, false},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *const switches[] = {rows[i].assignment, NULL};
		struct response response;
		struct session session;

		start(&session, (struct practice_options){.switches = switches},
		    NULL);
		log_in(&session);
		call(&session, "POST", SEARCH, ADA_BY_MBI, &response);
		CHECK_INT(response.status, rows[i].status);
		CHECK((json_get(json_get(response.json, "data"), "contact") !=
			  NULL) == rows[i].has_contact);
		response_release(&response);
		server_stop(&session.server);
	}
}

TEST(version2_refresh_whose_answer_is_lost_has_rotated)
{
	struct session session;
	char first[128];

	start(&session, (struct practice_options){.port = 0},
	    "token 2 commit-then-drop\ntoken 3 503\ntoken 5 401\n"
	    "token 6 junk\nauthorize 2 503\n* all 500\n");
	log_in(&session);
	snprintf(first, sizeof(first), "%s", session.refresh);
	CHECK_INT(refresh(&session), 0);
	CHECK_INT(refresh(&session), 503);
	CHECK_INT(refresh(&session), 400);
	CHECK_INT(refresh(&session), 401);
	CHECK_INT(refresh(&session), 200);
	CHECK_TEXT(session.refresh, first);
	CHECK_INT(
	    status_of(&session, "GET", "/oauth/authorize?x=y", NULL), 503);
	CHECK_INT(
	    status_of(&session, "GET", "/oauth/authorize?x=y", NULL), 400);
	CHECK_INT(status_of(&session, "POST", SEARCH, ADA_BY_MBI), 500);
	server_stop(&session.server);
}

TEST(version2_errors_of_a_script_are_in_the_words_of_oauth)
{
	struct response response;
	struct session session;

	start(&session, (struct practice_options){.port = 0},
	    "search 1 401\nsearch 2 403\n");
	log_in(&session);
	call(&session, "POST", SEARCH, ADA_BY_MBI, &response);
	CHECK_INT(response.status, 401);
	CHECK_TEXT(response_text(&response, "error"), "invalid_token");
	CHECK(strstr(response.head, "WWW-Authenticate: Bearer ") != NULL);
	response_release(&response);
	call(&session, "POST", SEARCH, ADA_BY_MBI, &response);
	CHECK_INT(response.status, 403);
	CHECK_TEXT(response_text(&response, "error"), "insufficient_scope");
	response_release(&response);
	server_stop(&session.server);
}

TEST(version2_killed_server_keeps_its_grants)
{
	char store[128];
	struct session session;
	int status;

	snprintf(store, sizeof(store), "%s/store", check_directory());
	start(&session, (struct practice_options){.store_path = store}, NULL);
	log_in(&session);
	create_ada(&session);
	REQUIRE(kill(session.server.pid, SIGKILL) == 0);
	REQUIRE(waitpid(session.server.pid, &status, 0) == session.server.pid);
	server_start(&session.server,
	    &(const struct practice_options){.store_path = store});
	CHECK_INT(status_of(&session, "POST", SEARCH, ADA_BY_MBI), 200);
	CHECK_INT(refresh(&session), 200);
	CHECK_INT(status_of(&session, "POST", SEARCH, ADA_BY_MBI), 200);
	server_stop(&session.server);
}

TEST(version2_log_names_routes_and_hides_secrets)
{
	struct session session;
	struct response response;
	struct json *line;
	char first[128], *log;

	start(&session, (struct practice_options){.port = 0},
	    "token 2 late 1ms\n");
	log_in(&session);
	snprintf(first, sizeof(first), "%s", session.access);
	refresh(&session);
	client_request(&session.server, "POST", "/oauth/token", FORM,
	    "client_secret=hidden&refresh_token=hidden&hidden&hidden2=hidden",
	    &response);
	CHECK_INT(response.status, 401);
	response_release(&response);
	create_ada(&session);
	server_stop(&session.server);
	line = server_log(&session.server, 0);
	CHECK_TEXT(json_text_at(line, "route"), "authorize");
	CHECK_TEXT(json_text_at(line, "agent_email"), "agent@example.com");
	CHECK_TEXT(json_text_at(line, "body.scope"), "partner_api_v2");
	CHECK_TEXT(json_text_at(line, "body.state"), "***");
	json_free(line);
	line = server_log(&session.server, 1);
	CHECK_TEXT(json_text_at(line, "route"), "token");
	CHECK(json_true(json_get(line, "committed")));
	CHECK_TEXT(json_text_at(line, "body.code"), "***");
	CHECK_TEXT(json_text_at(line, "body.grant_type"), "authorization_code");
	json_free(line);
	log = check_read(session.server.log_path);
	CHECK(strstr(log, first) == NULL);
	CHECK(strstr(log, session.refresh) == NULL);
	CHECK(strstr(log, "hidden") == NULL);
	CHECK(strstr(log, "\"state\":\"st\"") == NULL);
	CHECK(strstr(log, "\"route\":\"create\"") != NULL);
	free(log);
}

#define LISTS                                                               \
	"\"drugs\":[{\"name\":\"Aspirin\",\"ndc\":\"1\"},{\"ndc\":\"2\"}]," \
	"\"pharmacies\":[{\"name\":\"Corner\"}]"
#define ADA_WITH_LISTS "{\"contact\":{" ADA_FIELDS "," LISTS "}}"

TEST(version2_lists_come_back_and_are_replaced)
{
	struct response response;
	struct session session;
	char path[128];

	start(&session, (struct practice_options){.port = 0}, NULL);
	log_in(&session);
	snprintf(path, sizeof(path), "%s", create_ada(&session));
	call(&session, "PATCH", path,
	    "{\"contact\":{\"drugs\":[{\"name\":\"Aspirin\"}],"
	    "\"providers\":[{\"last_name\":\"Who\"}]}}",
	    &response);
	CHECK_INT(response.status, 200);
	CHECK(strstr(response.body,
		  "\"drugs\":[{\"name\":\"Aspirin\"}],\"pharmacies\":[],"
		  "\"providers\":[{\"last_name\":\"Who\"}]") != NULL);
	CHECK(!strstr(response.body, "partial_success"));
	response_release(&response);
	CHECK_INT(status_of(&session, "PATCH", path,
		      "{\"contact\":{\"providers\":[]}}"),
	    200);
	call(&session, "POST", SEARCH, ADA_BY_MBI, &response);
	CHECK(strstr(response.body,
		  "\"drugs\":[{\"name\":\"Aspirin\"}],\"pharmacies\":[],"
		  "\"providers\":[]") != NULL);
	response_release(&response);
	CHECK_INT(status_of(&session, "PATCH", path,
		      "{\"contact\":{\"drugs\":\"Aspirin\"}}"),
	    422);
	client_call(&session.server, "POST", "/v1/contacts/search",
	    "{\"agent_email\":\"agent@example.com\",\"params\":"
	    "{\"medicare_number\":\"1EG4TE5MK73\"}}",
	    &response);
	CHECK_INT(response.status, 200);
	CHECK(!strstr(response.body, "drugs"));
	response_release(&response);
	server_stop(&session.server);
}

/* `at`: "", "data" or "data.contact"; NULL: they are nowhere. */
static void
check_errors(const struct response *response, const char *at)
{
	const struct json *where = response->json, *item;

	if (!at) {
		CHECK(strstr(response->body, "errors") == NULL);
		return;
	}
	if (*at)
		where = json_get(where, "data");
	if (strcmp(at, "data.contact") == 0)
		where = json_get(where, "contact");
	where = json_get(json_get(where, "errors"), "drugs");
	CHECK_INT(json_count(where), 1);
	item = json_first(where);
	CHECK_TEXT(json_text_at(item, "index"), "1");
	CHECK_TEXT(json_text_at(item, "message"), "name can't be blank");
	CHECK_TEXT(json_text_at(item, "item.ndc"), "2");
}

TEST(version2_partial_success_stands_where_the_switch_says)
{
	static const struct {
		const char *assignment;
		const char *status; /* where it stands */
		const char *at;     /* what has the errors; NULL: nothing */
	} rows[] = {
	    {"partial=data", "data.status", "data"},
	    {"partial=top", "status", ""},
	    {"partial=contact", "data.contact.status", "data.contact"},
	    {"partial=bare", "data.status", NULL},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *const switches[] = {
		    rows[i].assignment, "update-status=204", NULL};
		struct response response;
		struct session session;
		char path[128];

		start(&session, (struct practice_options){.switches = switches},
		    NULL);
		log_in(&session);
		call(&session, "POST", CONTACTS, ADA_WITH_LISTS, &response);
		CHECK_INT(response.status, 201);
		CHECK_TEXT(response_text(&response, rows[i].status),
		    "partial_success");
		check_errors(&response, rows[i].at);
		CHECK(strstr(response.body,
			  "\"drugs\":[{\"name\":\"Aspirin\",\"ndc\":\"1\"}],"
			  "\"pharmacies\":[{\"name\":\"Corner\"}]") != NULL);
		snprintf(path, sizeof(path), CONTACTS "/%s",
		    response_text(&response, "data.contact.id"));
		response_release(&response);
		/* an update that has to say it has a body, 204 or not */
		call(&session, "PATCH", path, "{\"contact\":{" LISTS "}}",
		    &response);
		CHECK_INT(response.status, 200);
		CHECK_TEXT(response_text(&response, rows[i].status),
		    "partial_success");
		response_release(&response);
		CHECK_INT(status_of(&session, "PATCH", path,
			      "{\"contact\":{\"drugs\":[]}}"),
		    204);
		server_stop(&session.server);
	}
}

TEST(version2_unchanged_lists_need_no_body)
{
	static const char *const switches[] = {
	    "update-status=204-unchanged", NULL};
	static const char drugs[] =
	    "{\"contact\":{\"drugs\":[{\"name\":\"Aspirin\"}]}}";
	struct session session;
	const char *path;

	start(&session, (struct practice_options){.switches = switches}, NULL);
	log_in(&session);
	path = create_ada(&session);
	CHECK_INT(status_of(&session, "PATCH", path, drugs), 200);
	CHECK_INT(status_of(&session, "PATCH", path, drugs), 204);
	CHECK_INT(status_of(&session, "PATCH", path,
		      "{\"contact\":{\"drugs\":[{\"name\":\"Other\"}]}}"),
	    200);
	server_stop(&session.server);
}
