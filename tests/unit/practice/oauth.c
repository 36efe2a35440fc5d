/* SPDX-License-Identifier: MIT */
/* OAuth without sockets: requests as forms, a clock that is turned by hand. */
#include "practice/oauth_server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/json.h"
#include "base/str.h"
#include "practice/answer.h"
#include "practice/api.h"
#include "practice/grants.h"
#include "practice/parameters.h"
#include "practice/switches.h"

#include "check.h"

#define CALLBACK "http://127.0.0.1:53682/callback"
/* A verifier and its challenge: the sample of RFC 7636, appendix B. */
#define VERIFIER "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
#define CHALLENGE "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
#define ASK                                                               \
	"client_id=agency&redirect_uri=http%3A%2F%2F127.0.0.1%3A53682%2F" \
	"callback&response_type=code&scope=partner_api_v2&state=s%201"
#define PKCE "&code_challenge=" CHALLENGE "&code_challenge_method=S256"
#define ALLOW "&decision=allow&agent_email=agent%40example.com"

/* A server whose clock stands still until the test turns it. */
struct stand {
	struct oauth_server server;
	struct switches switches;
	struct clock clock;
	int64_t now;
	struct answer answer;
	struct json *json; /* the answer's body, NULL when it is none */
};

static int64_t
stand_now(void *context)
{
	return *(const int64_t *)context;
}

static void
stand_open(struct stand *stand, const char *path)
{
	struct err err = ERR_INIT;

	*stand = (struct stand){.now = 1800000000000};
	stand->clock = (struct clock){stand_now, stand_now, &stand->now};
	switches_init(&stand->switches);
	answer_init(&stand->answer);
	stand->server = (struct oauth_server){
	    .grants = grants_open(path, &err),
	    .switches = &stand->switches,
	    .clock = &stand->clock,
	    .client_secret = "word",
	};
	REQUIRE(stand->server.grants != NULL);
}

static void
stand_close(struct stand *stand)
{
	json_free(stand->json);
	answer_release(&stand->answer);
	grants_close(stand->server.grants);
}

static void
turn(struct stand *stand, const char *assignment)
{
	struct err err = ERR_INIT;

	REQUIRE(switches_set(&stand->switches, assignment, &err));
}

static void
send(struct stand *stand, const char *method, const char *path,
    const char *authorization, const char *body)
{
	struct err err = ERR_INIT;
	const struct api_call call = {.method = method,
	    .path = path,
	    .authorization = authorization,
	    .content_type = "application/x-www-form-urlencoded",
	    .body = body,
	    .body_len = strlen(body)};

	json_free(stand->json);
	answer_release(&stand->answer);
	answer_init(&stand->answer);
	if (strcmp(path, "/oauth/token") == 0)
		oauth_token(&stand->server, &call, &stand->answer);
	else if (strcmp(path, "/oauth/authorize") == 0)
		oauth_authorize(&stand->server, &call, &stand->answer);
	else
		oauth_revoke(&stand->server, &call, &stand->answer);
	stand->json = json_parse(
	    stand->answer.body.data, stand->answer.body.len, &err);
}

static const char *
text_at(const struct stand *stand, const char *key)
{
	return json_scalar_text(json_get(stand->json, key));
}

/* A parameter of the place that the browser was sent to; the caller frees. */
static char *
sent_back(const struct stand *stand, const char *name)
{
	const char *query = strchr(stand->answer.location, '?');
	struct parameters form;
	char *value;

	REQUIRE(query != NULL);
	parameters_parse(&form, query + 1, strlen(query + 1));
	value = parameters_get(&form, name)
		    ? strdup(parameters_get(&form, name))
		    : NULL;
	parameters_release(&form);
	return value;
}

/* Consents and returns the code; the caller frees. */
static char *
consent(struct stand *stand, const char *request)
{
	char *code;

	send(stand, "POST", "/oauth/authorize", NULL, request);
	REQUIRE(stand->answer.status == 302);
	code = sent_back(stand, "code");
	REQUIRE(code != NULL);
	return code;
}

static int
exchange(struct stand *stand, const char *code, const char *more)
{
	struct str body;

	str_init(&body, 4096);
	str_addf(&body,
	    "grant_type=authorization_code&client_id=agency&client_secret=word"
	    "&redirect_uri=" CALLBACK "&code=%s%s",
	    code, more);
	send(stand, "POST", "/oauth/token", NULL, body.data);
	str_release(&body);
	return stand->answer.status;
}

static int
refresh_with(struct stand *stand, const char *token)
{
	struct str body;

	str_init(&body, 4096);
	str_addf(&body, "grant_type=refresh_token&refresh_token=%s", token);
	/* agency:word */
	send(
	    stand, "POST", "/oauth/token", "Basic YWdlbmN5OndvcmQ=", body.data);
	str_release(&body);
	return stand->answer.status;
}

/* Consents and exchanges; the access and refresh token, the caller frees. */
static void
log_in(struct stand *stand, char **access, char **refresh)
{
	char *code = consent(stand, ASK PKCE ALLOW);

	REQUIRE(exchange(stand, code, "&code_verifier=" VERIFIER) == 200);
	*access = strdup(text_at(stand, "access_token"));
	*refresh = text_at(stand, "refresh_token")
		       ? strdup(text_at(stand, "refresh_token"))
		       : NULL;
	free(code);
}

static bool
is_live(const struct stand *stand, const char *access)
{
	return grants_by_access(stand->server.grants, access, stand->now);
}

TEST(oauth_consent_page_says_who_asks_for_what)
{
	struct stand stand;
	const char *page;

	stand_open(&stand, NULL);
	stand.server.agent_email = "o'hara@example.com";
	send(&stand, "GET", "/oauth/authorize", NULL, ASK PKCE);
	CHECK_INT(stand.answer.status, 200);
	page = stand.answer.body.data;
	CHECK(strstr(page, "<b id=\"client\">agency</b>") != NULL);
	CHECK(strstr(page, "partner_api_v2</code>") != NULL);
	CHECK(strstr(page, "value=\"o&#39;hara@example.com\"") != NULL);
	CHECK(strstr(page, "id=\"allow\"") != NULL);
	CHECK(strstr(page, "id=\"deny\"") != NULL);
	CHECK(strstr(page, "name=\"state\" value=\"s 1\"") != NULL);
	CHECK(strstr(page, CHALLENGE) != NULL);
	CHECK(strstr(page, "<script") == NULL);
	CHECK_TEXT(stand.answer.form_action, "http://127.0.0.1:53682");
	CHECK_TEXT(stand.answer.location, "");
	stand_close(&stand);
}

TEST(oauth_wrong_request_leads_nowhere)
{
	static const char *const requests[] = {
	    "redirect_uri=" CALLBACK "&response_type=code&scope=partner_api_v2",
	    "client_id=agency&response_type=code&scope=partner_api_v2",
	    "client_id=agency&redirect_uri=" CALLBACK
	    "&scope=partner_api_v2" ALLOW,
	    "client_id=agency&redirect_uri=" CALLBACK
	    "&response_type=token&scope=partner_api_v2" ALLOW,
	    "client_id=agency&redirect_uri=https://example.com/"
	    "&response_type=code&scope=partner_api_v2" ALLOW,
	    "client_id=agency&redirect_uri=" CALLBACK "%23x"
	    "&response_type=code&scope=partner_api_v2" ALLOW,
	    "client_id=agency&redirect_uri=javascript:alert(1)"
	    "&response_type=code&scope=partner_api_v2" ALLOW,
	    ASK "&client_id=other" ALLOW,
	    ASK "&decision=allow&agent_email=nobody",
	};

	for (size_t i = 0; i < sizeof(requests) / sizeof(*requests); i++) {
		struct stand stand;
		bool good;

		stand_open(&stand, NULL);
		send(&stand, "POST", "/oauth/authorize", NULL, requests[i]);
		good = CHECK_INT(stand.answer.status, 400);
		good &= CHECK_TEXT(stand.answer.location, "");
		good &= CHECK(
		    strstr(stand.answer.body.data, "id=\"error\"") != NULL);
		if (!good)
			printf("# by %s\n", requests[i]);
		stand_close(&stand);
	}
}

TEST(oauth_only_what_is_registered)
{
	struct stand stand;

	stand_open(&stand, NULL);
	stand.server.redirect_uri = CALLBACK;
	stand.server.client_id = "agency";
	send(&stand, "GET", "/oauth/authorize", NULL, ASK);
	CHECK_INT(stand.answer.status, 200);
	stand.server.redirect_uri = CALLBACK "/";
	send(&stand, "GET", "/oauth/authorize", NULL, ASK);
	CHECK_INT(stand.answer.status, 400);
	stand.server.redirect_uri = NULL;
	stand.server.client_id = "other";
	send(&stand, "GET", "/oauth/authorize", NULL, ASK);
	CHECK_INT(stand.answer.status, 400);
	stand_close(&stand);
}

TEST(oauth_deny_and_wrong_scope_go_back_with_the_state)
{
	static const struct {
		const char *request;
		const char *error;
	} rows[] = {
	    {ASK "&decision=deny", "access_denied"},
	    {ASK, "access_denied"},
	    {"client_id=agency&redirect_uri=" CALLBACK
	     "&response_type=code&state=s%201&scope=everything" ALLOW,
		"invalid_scope"},
	    {ASK "&code_challenge=" CHALLENGE
		 "&code_challenge_method=plain" ALLOW,
		"invalid_request"},
	    {ASK "&code_challenge=" CHALLENGE ALLOW, "invalid_request"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct stand stand;
		char *error, *state, *code;

		stand_open(&stand, NULL);
		send(&stand, "POST", "/oauth/authorize", NULL, rows[i].request);
		CHECK_INT(stand.answer.status, 302);
		CHECK(strncmp(stand.answer.location, CALLBACK "?",
			  strlen(CALLBACK "?")) == 0);
		error = sent_back(&stand, "error");
		state = sent_back(&stand, "state");
		code = sent_back(&stand, "code");
		CHECK_TEXT(error, rows[i].error);
		CHECK_TEXT(state, "s 1");
		CHECK(!code);
		free(error);
		free(state);
		free(code);
		stand_close(&stand);
	}
}

TEST(oauth_allow_gives_a_code_and_that_gives_tokens)
{
	struct stand stand;
	char *code, *state;

	stand_open(&stand, NULL);
	code = consent(&stand, ASK PKCE ALLOW);
	state = sent_back(&stand, "state");
	CHECK_TEXT(state, "s 1");
	CHECK_INT(exchange(&stand, code, "&code_verifier=" VERIFIER), 200);
	CHECK_TEXT(text_at(&stand, "token_type"), "Bearer");
	CHECK_TEXT(text_at(&stand, "expires_in"), "7200");
	CHECK_TEXT(text_at(&stand, "scope"), "partner_api_v2");
	CHECK(is_live(&stand, text_at(&stand, "access_token")));
	CHECK(text_at(&stand, "refresh_token") != NULL);
	CHECK_TEXT(stand.answer.agent, "agent@example.com");
	free(code);
	free(state);
	stand_close(&stand);
}

TEST(oauth_state_can_be_dropped)
{
	struct stand stand;
	char *code, *state;

	stand_open(&stand, NULL);
	turn(&stand, "state=drop");
	code = consent(&stand, ASK ALLOW);
	state = sent_back(&stand, "state");
	CHECK(!state);
	free(code);
	stand_close(&stand);
}

TEST(oauth_code_is_good_once_and_ends_its_tokens_then)
{
	struct stand stand;
	char *code, *access, *refresh;

	stand_open(&stand, NULL);
	code = consent(&stand, ASK ALLOW);
	REQUIRE(exchange(&stand, code, "") == 200);
	access = strdup(text_at(&stand, "access_token"));
	refresh = strdup(text_at(&stand, "refresh_token"));
	CHECK(is_live(&stand, access));
	CHECK_INT(exchange(&stand, code, ""), 400);
	CHECK_TEXT(text_at(&stand, "error"), "invalid_grant");
	CHECK(!is_live(&stand, access));
	CHECK_INT(refresh_with(&stand, refresh), 400);
	CHECK_TEXT(text_at(&stand, "error"), "invalid_grant");
	free(code);
	free(access);
	free(refresh);
	stand_close(&stand);
}

TEST(oauth_code_is_good_for_ten_minutes)
{
	for (int late = 0; late < 2; late++) {
		struct stand stand;
		char *code;

		stand_open(&stand, NULL);
		code = consent(&stand, ASK ALLOW);
		stand.now += 10 * 60 * 1000 - 1 + late;
		CHECK_INT(exchange(&stand, code, ""), late ? 400 : 200);
		free(code);
		stand_close(&stand);
	}
}

TEST(oauth_verifier_must_fit)
{
	static const struct {
		const char *request;
		const char *verifier;
		const char *pkce;
		int status;
	} rows[] = {
	    {ASK PKCE ALLOW, "&code_verifier=" VERIFIER, "pkce=verify", 200},
	    {ASK PKCE ALLOW, "&code_verifier=x" VERIFIER, "pkce=verify", 400},
	    {ASK PKCE ALLOW, "", "pkce=verify", 400},
	    {ASK ALLOW, "&code_verifier=" VERIFIER, "pkce=verify", 400},
	    {ASK ALLOW, "", "pkce=verify", 200},
	    {ASK PKCE ALLOW, "&code_verifier=wrong", "pkce=ignore", 200},
	    {ASK PKCE ALLOW, "", "pkce=ignore", 200},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct stand stand;
		char *code;

		stand_open(&stand, NULL);
		turn(&stand, rows[i].pkce);
		code = consent(&stand, rows[i].request);
		if (!CHECK_INT(exchange(&stand, code, rows[i].verifier),
			rows[i].status))
			printf("# in row %zu\n", i);
		if (rows[i].status == 400)
			CHECK_TEXT(text_at(&stand, "error"), "invalid_grant");
		free(code);
		stand_close(&stand);
	}
}

TEST(oauth_token_errors)
{
	static const struct {
		const char *authorization;
		const char *body;
		int status;
		const char *error;
	} rows[] = {
	    {NULL, "", 401, "invalid_client"},
	    {NULL, "client_id=agency", 401, "invalid_client"},
	    {NULL, "client_id=agency&client_secret=wrong", 401,
		"invalid_client"},
	    {"Basic YWdlbmN5Ondyb25n", "", 401, "invalid_client"},
	    {"Basic ???", "", 401, "invalid_client"},
	    {"Basic YWdlbmN5OndvcmQ=", "client_secret=word", 400,
		"invalid_request"},
	    {"Basic YWdlbmN5OndvcmQ=", "", 400, "invalid_request"},
	    {"Basic YWdlbmN5OndvcmQ", "grant_type=password", 400,
		"unsupported_grant_type"},
	    {NULL,
		"client_id=agency&client_secret=word"
		"&grant_type=authorization_code",
		400, "invalid_request"},
	    {NULL,
		"client_id=agency&client_secret=word"
		"&grant_type=authorization_code&code=x",
		400, "invalid_grant"},
	    {NULL,
		"client_id=agency&client_secret=word&grant_type=refresh_token",
		400, "invalid_request"},
	    {NULL,
		"client_id=agency&client_secret=word&grant_type=refresh_token"
		"&refresh_token=x",
		400, "invalid_grant"},
	    {NULL, "client_id=agency&client_id=agency&client_secret=word", 400,
		"invalid_request"},
	    {NULL, "client_id=%4&client_secret=word", 400, "invalid_request"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct stand stand;
		bool good;

		stand_open(&stand, NULL);
		send(&stand, "POST", "/oauth/token", rows[i].authorization,
		    rows[i].body);
		good = CHECK_INT(stand.answer.status, rows[i].status);
		good &= CHECK_TEXT(text_at(&stand, "error"), rows[i].error);
		good &= CHECK(text_at(&stand, "error_description") != NULL);
		good &= CHECK((*stand.answer.challenge != '\0') ==
			      (rows[i].status == 401));
		if (!good)
			printf("# in row %zu\n", i);
		stand_close(&stand);
	}
}

TEST(oauth_code_belongs_to_its_client_and_place)
{
	struct stand stand;
	char *code;
	struct str body;

	stand_open(&stand, NULL);
	code = consent(&stand, ASK ALLOW);
	str_init(&body, 1024);
	str_addf(&body,
	    "grant_type=authorization_code&client_id=other&client_secret=word"
	    "&redirect_uri=" CALLBACK "&code=%s",
	    code);
	send(&stand, "POST", "/oauth/token", NULL, body.data);
	CHECK_TEXT(text_at(&stand, "error"), "invalid_grant");
	str_reset(&body);
	str_addf(&body,
	    "grant_type=authorization_code&client_id=agency&client_secret=word"
	    "&redirect_uri=" CALLBACK "/else&code=%s",
	    code);
	send(&stand, "POST", "/oauth/token", NULL, body.data);
	CHECK_TEXT(text_at(&stand, "error"), "invalid_grant");
	CHECK_INT(exchange(&stand, code, ""), 200);
	str_release(&body);
	free(code);
	stand_close(&stand);
}

TEST(oauth_refresh_under_each_switch)
{
	static const struct {
		const char *assignment;
		bool answered; /* the refresh has a refresh token */
		bool rotated;
		int again; /* status of a second use of the first one */
	} rows[] = {
	    {"refresh=rotate", true, true, 400},
	    {"refresh=same", true, false, 200},
	    {"refresh=none", false, false, 200},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct stand stand;
		char *access, *refresh;
		const char *next;

		stand_open(&stand, NULL);
		turn(&stand, rows[i].assignment);
		log_in(&stand, &access, &refresh);
		REQUIRE(refresh != NULL);
		CHECK_INT(refresh_with(&stand, refresh), 200);
		CHECK(strcmp(text_at(&stand, "access_token"), access) != 0);
		CHECK(is_live(&stand, text_at(&stand, "access_token")));
		CHECK(is_live(&stand, access));
		next = text_at(&stand, "refresh_token");
		CHECK((next != NULL) == rows[i].answered);
		if (next)
			CHECK((strcmp(next, refresh) != 0) == rows[i].rotated);
		CHECK_INT(refresh_with(&stand, refresh), rows[i].again);
		free(access);
		free(refresh);
		stand_close(&stand);
	}
}

/* Who never got the answer can ask again; who uses it, cannot. */
TEST(oauth_refresh_token_may_die_on_use)
{
	struct stand stand;
	char *access, *refresh, *newest;

	stand_open(&stand, NULL);
	turn(&stand, "refresh=on-use");
	log_in(&stand, &access, &refresh);
	CHECK_INT(refresh_with(&stand, refresh), 200);
	CHECK_INT(refresh_with(&stand, refresh), 200);
	newest = strdup(text_at(&stand, "access_token"));
	CHECK(is_live(&stand, access));
	CHECK_INT(refresh_with(&stand, refresh), 200);
	CHECK(is_live(&stand, newest));
	free(newest);
	newest = strdup(text_at(&stand, "access_token"));
	CHECK(is_live(&stand, newest));
	CHECK_INT(refresh_with(&stand, refresh), 400);
	free(newest);
	free(access);
	free(refresh);
	stand_close(&stand);
}

TEST(oauth_refresh_can_be_withheld)
{
	struct stand stand;
	char *access, *refresh;

	stand_open(&stand, NULL);
	turn(&stand, "refresh=never");
	log_in(&stand, &access, &refresh);
	CHECK(!refresh);
	free(access);
	stand_close(&stand);
}

TEST(oauth_access_expires)
{
	struct stand stand;
	char *access, *refresh;

	stand_open(&stand, NULL);
	turn(&stand, "expires-in=90s");
	log_in(&stand, &access, &refresh);
	CHECK_TEXT(text_at(&stand, "expires_in"), "90");
	stand.now += 89999;
	CHECK(is_live(&stand, access));
	stand.now += 1;
	CHECK(!is_live(&stand, access));
	turn(&stand, "expires-in=absent");
	CHECK_INT(refresh_with(&stand, refresh), 200);
	CHECK(!text_at(&stand, "expires_in"));
	CHECK(is_live(&stand, text_at(&stand, "access_token")));
	free(access);
	free(refresh);
	stand_close(&stand);
}

TEST(oauth_revoke_ends_what_is_named)
{
	struct stand stand;
	char *access, *refresh;

	stand_open(&stand, NULL);
	log_in(&stand, &access, &refresh);
	send(&stand, "POST", "/practice/revoke", NULL, "what=scope");
	CHECK_TEXT(text_at(&stand, "revoked"), "1");
	CHECK_TEXT(
	    grants_by_access(stand.server.grants, access, stand.now)->scope,
	    "");
	send(&stand, "POST", "/practice/revoke", NULL, "what=access");
	CHECK_TEXT(text_at(&stand, "revoked"), "1");
	CHECK(!is_live(&stand, access));
	CHECK(grants_by_refresh(stand.server.grants, refresh) != NULL);
	send(&stand, "POST", "/practice/revoke", NULL, "what=grants");
	CHECK_TEXT(text_at(&stand, "revoked"), "1");
	CHECK_INT(refresh_with(&stand, refresh), 400);
	send(&stand, "POST", "/practice/revoke", NULL, "what=grants");
	CHECK_TEXT(text_at(&stand, "revoked"), "0");
	send(&stand, "POST", "/practice/revoke", NULL, "what=all");
	CHECK_INT(stand.answer.status, 400);
	free(access);
	free(refresh);
	stand_close(&stand);
}

TEST(oauth_grants_survive_and_their_file_gives_nobody_access)
{
	char path[160], *code, *access, *refresh, *text;
	struct stand stand;
	struct stat info;

	snprintf(path, sizeof(path), "%s/store.grants", check_directory());
	stand_open(&stand, path);
	code = consent(&stand, ASK PKCE ALLOW);
	stand_close(&stand);

	stand_open(&stand, path);
	CHECK_INT(exchange(&stand, code, "&code_verifier=" VERIFIER), 200);
	access = strdup(text_at(&stand, "access_token"));
	refresh = strdup(text_at(&stand, "refresh_token"));
	stand_close(&stand);

	text = check_read(path);
	CHECK(strstr(text, "agent@example.com") != NULL);
	CHECK(strstr(text, code) == NULL);
	CHECK(strstr(text, access) == NULL);
	CHECK(strstr(text, refresh) == NULL);
	free(text);
	REQUIRE(stat(path, &info) == 0);
	CHECK_INT(info.st_mode & 0777, 0600);

	stand_open(&stand, path);
	CHECK(is_live(&stand, access));
	CHECK_INT(refresh_with(&stand, refresh), 200);
	stand_close(&stand);

	stand_open(&stand, path);
	CHECK_INT(refresh_with(&stand, refresh), 400);
	CHECK_INT(exchange(&stand, code, "&code_verifier=" VERIFIER), 400);
	CHECK(!is_live(&stand, access));
	stand_close(&stand);
	free(code);
	free(access);
	free(refresh);
}

TEST(oauth_grants_file_that_is_none_is_refused)
{
	struct err err = ERR_INIT;
	char path[160];

	snprintf(path, sizeof(path), "%s/store.grants", check_directory());
	check_write(path, "[{\"agent\":\"agent@example.com\"}]\n");
	CHECK(!grants_open(path, &err));
	CHECK_INT(err.kind, ERR_DATA);
	CHECK(strstr(err.text, path) != NULL);
}

/* Nothing is given out that would be gone after a kill. */
TEST(oauth_nothing_is_given_that_cannot_be_kept)
{
	char path[160], real[128], *code;
	struct stand stand;

	snprintf(real, sizeof(real), "%s/there", check_directory());
	REQUIRE(mkdir(real, 0700) == 0);
	snprintf(path, sizeof(path), "%s/grants", real);
	stand_open(&stand, path);
	code = consent(&stand, ASK ALLOW);
	REQUIRE(unlink(path) == 0 && rmdir(real) == 0);
	CHECK_INT(exchange(&stand, code, ""), 500);
	CHECK_TEXT(text_at(&stand, "error"), "server_error");
	CHECK(!text_at(&stand, "access_token"));
	send(&stand, "POST", "/oauth/authorize", NULL, ASK ALLOW);
	CHECK_INT(stand.answer.status, 500);
	CHECK_TEXT(stand.answer.location, "");
	free(code);
	stand_close(&stand);
}

TEST(oauth_too_long_a_way_back_is_told)
{
	struct stand stand;
	struct str body;

	stand_open(&stand, NULL);
	str_init(&body, 16384);
	str_add(&body, "client_id=agency&redirect_uri=" CALLBACK
		       "&response_type=code&scope=partner_api_v2"
		       "&decision=deny&state=");
	for (int i = 0; i < 4096; i++)
		str_add_char(&body, 'x');
	send(&stand, "POST", "/oauth/authorize", NULL, body.data);
	CHECK_INT(stand.answer.status, 400);
	CHECK_TEXT(stand.answer.location, "");
	CHECK(strstr(stand.answer.body.data, "too long") != NULL);
	str_release(&body);
	stand_close(&stand);
}

TEST(oauth_redirect_uri_is_checked_at_the_start)
{
	static const char *const bad[] = {"callback", "ftp://127.0.0.1/",
	    "http://user@127.0.0.1/", CALLBACK "#here", ""};
	struct err err = ERR_INIT;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		CHECK(!oauth_check_redirect(bad[i], &err));
		CHECK_INT(err.kind, ERR_USAGE);
		CHECK(strstr(err.text, "redirect URI") != NULL);
	}
	CHECK(oauth_check_redirect(CALLBACK "?a=b", &err));
	CHECK(oauth_check_redirect("https://example.com/cb", &err));
}

TEST(oauth_the_oldest_grant_is_forgotten)
{
	static const struct grant_request request = {
	    "agent@example.com", "agency", CALLBACK, OAUTH_SCOPE, NULL};
	char first[GRANTS_WORD_SIZE], second[GRANTS_WORD_SIZE];
	char code[GRANTS_WORD_SIZE];
	struct err err = ERR_INIT;
	struct grants *grants = grants_open(NULL, &err);

	grants_offer(grants, &request, 1, first);
	grants_offer(grants, &request, 1, second);
	for (int i = 1; i < GRANTS_COUNT_MAX; i++)
		grants_offer(grants, &request, 1, code);
	CHECK(!grants_by_code(grants, first));
	CHECK(grants_by_code(grants, second) != NULL);
	CHECK(grants_by_code(grants, code) != NULL);
	grants_close(grants);
}
