/* SPDX-License-Identifier: MIT */
/*
 * Each request becomes a form, is checked in the order of RFC 6749, and what
 * it changed is on disk before it is answered. Hazard: a pointer to a grant is
 * dead after grants_offer().
 */
#include "practice/oauth_server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/url.h"
#include "practice/answer.h"
#include "practice/api.h"
#include "practice/parameters.h"
#include "practice/grants.h"
#include "practice/pages.h"
#include "practice/switches.h"

#define CODE_MS (10 * 60 * INT64_C(1000))
#define FORM_TYPE "application/x-www-form-urlencoded"

enum { CREDENTIALS_MAX = 4096 };

const char *const oauth_parameters[] = {"client_id", "redirect_uri",
    "response_type", "scope", "state", "code_challenge",
    "code_challenge_method", NULL};

static bool
same_words(const char *a, const char *b)
{
	size_t len = strlen(a);

	return len == strlen(b) && crypto_equal(a, b, len);
}

/* ---- the consent ----------------------------------------------------------
 */

bool
oauth_check_redirect(const char *uri, struct err *err)
{
	struct url url;

	if (!url_parse(uri, &url, err)) {
		err->kind = ERR_USAGE;
		return err_prefix(err, "the redirect URI cannot be used");
	}
	if (strchr(uri, '#'))
		return err_set(err, ERR_USAGE,
		    "the redirect URI has a part behind a #, which no browser "
		    "would send; leave it out");
	return true;
}

static bool
is_registered(const struct oauth_server *server, const char *uri)
{
	struct err err = ERR_INIT;
	struct url url;

	if (server->redirect_uri)
		return strcmp(server->redirect_uri, uri) == 0;
	return oauth_check_redirect(uri, &err) && url_parse(uri, &url, &err) &&
	       url.loopback && strcmp(url.scheme, "http") == 0;
}

/* What must be told to the person, since there is nowhere to go back to. */
static const char *
page_problem(const struct oauth_server *server, const struct parameters *form)
{
	const char *client_id = parameters_get(form, "client_id");
	const char *redirect_uri = parameters_get(form, "redirect_uri");
	const char *type = parameters_get(form, "response_type");

	if (form->bad)
		return "The request cannot be read, or says something twice.";
	if (!client_id)
		return "The request has no client_id.";
	if (server->client_id && strcmp(server->client_id, client_id) != 0)
		return "No application with this client_id is registered.";
	if (!redirect_uri)
		return "The request has no redirect_uri.";
	if (!is_registered(server, redirect_uri))
		return "The redirect_uri is not registered for this "
		       "application.";
	if (!type || strcmp(type, "code") != 0)
		return "The response_type must be \"code\".";
	return NULL;
}

/* What the client is told by the error of its redirect URI; NULL: nothing. */
static const char *
client_problem(const struct oauth_server *server, const struct parameters *form)
{
	const char *scope = parameters_get(form, "scope");
	const char *challenge = parameters_get(form, "code_challenge");
	const char *method = parameters_get(form, "code_challenge_method");

	if (!scope || strcmp(scope, OAUTH_SCOPE) != 0)
		return "invalid_scope";
	if (server->switches->choice[SWITCH_PKCE] == PKCE_VERIFY && challenge &&
	    (!method || strcmp(method, "S256") != 0 || strlen(challenge) != 43))
		return "invalid_request";
	return NULL;
}

/* Back to the client, with one parameter and the state. */
static void
send_back(const struct oauth_server *server, const struct parameters *form,
    const char *name, const char *value, struct answer *answer)
{
	const char *state = parameters_get(form, "state");
	const char *uri = parameters_get(form, "redirect_uri");
	struct str query;

	str_init(&query, sizeof(answer->location));
	parameters_add(&query, name, value);
	if (state && server->switches->choice[SWITCH_STATE] == STATE_ECHO)
		parameters_add(&query, "state", state);
	answer_start(answer, 302, NULL);
	if (query.cut || snprintf(answer->location, sizeof(answer->location),
			     "%s%c%s", uri, strchr(uri, '?') ? '&' : '?',
			     query.data) >= (int)sizeof(answer->location)) {
		*answer->location = '\0';
		pages_refused(
		    "The redirect_uri or the state is too long.", answer);
	}
	str_release(&query);
}

static void
show_consent(const struct oauth_server *server, const struct parameters *form,
    struct answer *answer)
{
	struct err err = ERR_INIT;
	struct url url;

	pages_consent(form,
	    server->agent_email ? server->agent_email : "agent@example.com",
	    answer);
	/* A browser holds the way back against the form's policy, too. */
	if (url_parse(parameters_get(form, "redirect_uri"), &url, &err))
		snprintf(answer->form_action, sizeof(answer->form_action),
		    strchr(url.host, ':') ? "%s://[%s]:%d" : "%s://%s:%d",
		    url.scheme, url.host, url.port);
}

static void
internal_error(struct answer *answer, const struct err *err)
{
	answer_oauth_error(answer, 500, "server_error", err->text);
}

static void
allow(struct oauth_server *server, const struct parameters *form,
    struct answer *answer)
{
	const struct grant_request request = {
	    .agent = parameters_get(form, "agent_email"),
	    .client_id = parameters_get(form, "client_id"),
	    .redirect_uri = parameters_get(form, "redirect_uri"),
	    .scope = parameters_get(form, "scope"),
	    .challenge = parameters_get(form, "code_challenge"),
	};
	char code[GRANTS_WORD_SIZE];
	struct err err = ERR_INIT;

	if (!request.agent || !strchr(request.agent, '@')) {
		pages_refused("Go back and type the agent's e-mail.", answer);
		return;
	}
	grants_offer(server->grants, &request,
	    clock_wall(server->clock) + CODE_MS, code);
	answer_agent(answer, request.agent);
	if (grants_save(server->grants, &err))
		send_back(server, form, "code", code, answer);
	else
		internal_error(answer, &err);
	crypto_wipe(code, sizeof(code));
}

void
oauth_authorize(struct oauth_server *server, const struct api_call *call,
    struct answer *answer)
{
	const char *problem, *decision;
	struct parameters form;

	parameters_parse(&form, call->body, call->body_len);
	decision = parameters_get(&form, "decision");
	problem = page_problem(server, &form);
	if (problem)
		pages_refused(problem, answer);
	else if ((problem = client_problem(server, &form)) != NULL)
		send_back(server, &form, "error", problem, answer);
	else if (strcmp(call->method, "POST") != 0)
		show_consent(server, &form, answer);
	else if (decision && strcmp(decision, "allow") == 0)
		allow(server, &form, answer);
	else
		send_back(server, &form, "error", "access_denied", answer);
	parameters_release(&form);
}

/* ---- tokens ---------------------------------------------------------------
 */

/* A request for tokens: who asks, with what. */
struct asking {
	struct oauth_server *server;
	const struct parameters *form;
	char *client_id; /* NULL: not said */
	char *client_secret;
	struct answer *answer;
};

static bool
refuse(struct asking *asking, const char *error, const char *description)
{
	answer_oauth_error(asking->answer, 400, error, description);
	return false;
}

static bool
refuse_client(struct asking *asking, const char *description)
{
	answer_oauth_error(asking->answer, 401, "invalid_client", description);
	str_copy(asking->answer->challenge, sizeof(asking->answer->challenge),
	    "Basic realm=\"practice\"");
	return false;
}

/* The two parts of HTTP Basic, each form-encoded (RFC 6749 2.3.1). */
static bool
read_basic(struct asking *asking, const char *header)
{
	const char *colon;
	struct str text;
	bool good;

	str_init(&text, CREDENTIALS_MAX);
	good = parameters_base64_decode(&text, header + strspn(header, " ")) &&
	       !text.cut;
	colon = good ? strchr(text.data, ':') : NULL;
	if (colon) {
		asking->client_id = parameters_decode(
		    text.data, (size_t)(colon - text.data));
		asking->client_secret = parameters_decode(
		    colon + 1, strlen(colon + 1));
	}
	crypto_wipe(text.data, text.len);
	str_release(&text);
	return (asking->client_id && asking->client_secret) ||
	       refuse_client(
		   asking, "the Authorization header is not readable");
}

static bool
read_client(struct asking *asking, const struct api_call *call)
{
	const char *id = parameters_get(asking->form, "client_id");
	const char *secret = parameters_get(asking->form, "client_secret");

	if (call->authorization && str_starts(call->authorization, "Basic ")) {
		if (secret)
			return refuse(asking, "invalid_request",
			    "the client authenticates in two ways at once");
		return read_basic(asking, call->authorization + 6);
	}
	asking->client_id = id ? mem_strdup(id) : NULL;
	asking->client_secret = secret ? mem_strdup(secret) : NULL;
	return true;
}

static bool
check_client(struct asking *asking)
{
	const struct oauth_server *server = asking->server;
	const char *id = asking->client_id, *secret = asking->client_secret;

	if (!id || !*id)
		return refuse_client(asking, "client_id is missing");
	if (!secret || !*secret)
		return refuse_client(asking, "client_secret is missing");
	if (server->client_id && strcmp(server->client_id, id) != 0)
		return refuse_client(asking, "no client with this client_id");
	if (server->client_secret && !same_words(server->client_secret, secret))
		return refuse_client(asking, "the client_secret is wrong");
	return true;
}

static bool
verified(const char *challenge, const char *verifier)
{
	struct crypto_digest digest;
	uint8_t bytes[CRYPTO_DIGEST_SIZE];
	char text[CRYPTO_BASE64URL_SIZE(CRYPTO_DIGEST_SIZE)];

	crypto_digest_start(&digest);
	crypto_digest_add(&digest, verifier, strlen(verifier));
	crypto_digest_end(&digest, bytes);
	crypto_base64url(text, bytes, sizeof(bytes));
	return same_words(challenge, text);
}

static void
add_refresh(const struct asking *asking, struct json *root, struct grant *grant)
{
	int refresh = asking->server->switches->choice[SWITCH_REFRESH];
	const char *used = parameters_get(asking->form, "refresh_token");
	char word[GRANTS_WORD_SIZE];

	if (refresh == REFRESH_NEVER || (used && refresh == REFRESH_NONE))
		return;
	if (used && refresh == REFRESH_SAME) {
		json_add_string(root, "refresh_token", used);
		return;
	}
	grants_new_refresh(
	    grant, refresh == REFRESH_ON_USE ? used : NULL, word);
	json_add_string(root, "refresh_token", word);
	crypto_wipe(word, sizeof(word));
}

/* The tokens of a grant, once they are on disk. */
static void
give_tokens(struct asking *asking, struct grant *grant)
{
	const struct oauth_server *server = asking->server;
	int64_t lifetime = server->switches->expires_in;
	struct json *root = json_object();
	char access[GRANTS_WORD_SIZE];
	struct err err = ERR_INIT;

	grants_new_access(grant, clock_wall(server->clock) + lifetime, access);
	json_add_string(root, "access_token", access);
	json_add_string(root, "token_type", "Bearer");
	if (server->switches->choice[SWITCH_EXPIRES_IN] != EXPIRES_IN_ABSENT)
		json_add_integer(root, "expires_in", lifetime / 1000);
	add_refresh(asking, root, grant);
	json_add_string(root, "scope", grant->scope);
	answer_agent(asking->answer, grant->agent);
	if (grants_save(server->grants, &err)) {
		answer_json(asking->answer, 200, root);
		asking->answer->committed = true;
	} else {
		internal_error(asking->answer, &err);
		json_free(root);
	}
	crypto_wipe(access, sizeof(access));
}

/* A code that comes twice was stolen: what it gave ends (RFC 6749 4.1.2). */
static bool
refuse_second_use(struct asking *asking, struct grant *grant)
{
	struct err err = ERR_INIT;

	grants_end(grant, GRANTS_TOKENS);
	if (!grants_save(asking->server->grants, &err)) {
		internal_error(asking->answer, &err);
		return false;
	}
	return refuse(asking, "invalid_grant",
	    "the code was used before; the tokens that it gave are revoked");
}

static bool
check_code(struct asking *asking, struct grant *grant)
{
	const struct oauth_server *server = asking->server;
	const char *redirect_uri = parameters_get(asking->form, "redirect_uri");
	const char *verifier = parameters_get(asking->form, "code_verifier");

	if (!grant || strcmp(grant->client_id, asking->client_id) != 0)
		return refuse(asking, "invalid_grant", "no such code");
	if (grant->code_used)
		return refuse_second_use(asking, grant);
	if (grant->code_until <= clock_wall(server->clock))
		return refuse(asking, "invalid_grant", "the code has expired");
	if (!redirect_uri || strcmp(redirect_uri, grant->redirect_uri) != 0)
		return refuse(asking, "invalid_grant",
		    "redirect_uri is not the one of the consent");
	if (server->switches->choice[SWITCH_PKCE] == PKCE_IGNORE)
		return true;
	if (!grant->challenge && verifier)
		return refuse(asking, "invalid_grant",
		    "code_verifier belongs to no code_challenge");
	if (grant->challenge &&
	    (!verifier || !verified(grant->challenge, verifier)))
		return refuse(asking, "invalid_grant",
		    "code_verifier does not belong to the code_challenge");
	return true;
}

static void
exchange_code(struct asking *asking)
{
	const char *code = parameters_get(asking->form, "code");
	struct grant *grant;

	if (!code) {
		refuse(asking, "invalid_request", "code is missing");
		return;
	}
	grant = grants_by_code(asking->server->grants, code);
	if (!check_code(asking, grant))
		return;
	grant->code_used = true;
	give_tokens(asking, grant);
}

static void
refresh(struct asking *asking)
{
	const char *token = parameters_get(asking->form, "refresh_token");
	struct grant *grant;

	if (!token) {
		refuse(asking, "invalid_request", "refresh_token is missing");
		return;
	}
	grant = grants_by_refresh(asking->server->grants, token);
	if (!grant || strcmp(grant->client_id, asking->client_id) != 0)
		refuse(asking, "invalid_grant",
		    "the refresh token is unknown, used or revoked");
	else
		give_tokens(asking, grant);
}

static void
answer_asking(struct asking *asking)
{
	const char *type = parameters_get(asking->form, "grant_type");

	if (!type)
		refuse(asking, "invalid_request", "grant_type is missing");
	else if (strcmp(type, "authorization_code") == 0)
		exchange_code(asking);
	else if (strcmp(type, "refresh_token") == 0)
		refresh(asking);
	else
		refuse(asking, "unsupported_grant_type",
		    "grant_type is authorization_code or refresh_token");
}

static bool
is_form(const struct api_call *call, const struct parameters *form)
{
	return call->content_type &&
	       str_starts(call->content_type, FORM_TYPE) && !form->bad;
}

void
oauth_token(struct oauth_server *server, const struct api_call *call,
    struct answer *answer)
{
	struct asking asking = {.server = server, .answer = answer};
	struct parameters form;

	parameters_parse(&form, call->body, call->body_len);
	asking.form = &form;
	if (!is_form(call, &form))
		refuse(&asking, "invalid_request",
		    "the body must be a form without repeated names");
	else if (read_client(&asking, call) && check_client(&asking))
		answer_asking(&asking);
	free(asking.client_id);
	free(asking.client_secret);
	parameters_release(&form);
}

/* ---- for tests ------------------------------------------------------------
 */

void
oauth_revoke(struct oauth_server *server, const struct api_call *call,
    struct answer *answer)
{
	static const char *const words[] = {[GRANTS_ACCESS] = "access",
	    [GRANTS_TOKENS] = "grants",
	    [GRANTS_SCOPE] = "scope"};
	struct err err = ERR_INIT;
	struct parameters form;
	const char *what;
	struct json *root;

	parameters_parse(&form, call->body, call->body_len);
	what = parameters_get(&form, "what");
	answer_oauth_error(answer, 400, "invalid_request",
	    "say what=access, what=grants or what=scope");
	for (size_t i = 0; what && i < sizeof(words) / sizeof(*words); i++) {
		if (strcmp(words[i], what) != 0)
			continue;
		root = json_object();
		json_add_integer(root, "revoked",
		    (int64_t)grants_end_all(
			server->grants, (enum grants_ending)i));
		answer_json(answer, 200, root);
		if (!grants_save(server->grants, &err))
			internal_error(answer, &err);
	}
	parameters_release(&form);
}
