/* SPDX-License-Identifier: MIT */
/*
 * The texts of OAuth. A token answer is walked through with the pull parser
 * instead of being made a tree, so that the tokens are copied once, into
 * guarded memory, and not left behind in freed nodes.
 *
 * Hazard: a redirect comes from whoever knows the port. What has not the state
 * of this login is nobody's business, not even its error is shown.
 */
#include "partner/oauth.h"

#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/err.h"
#include "base/json.h"
#include "base/json_pull.h"
#include "base/secret.h"
#include "base/str.h"
#include "base/url.h"
#include "book/config.h"
#include "partner/refusal.h"
#include "partner/reply.h"
#include "partner/tokens.h"

#define SCOPE "partner_api_v2"

enum {
	CODE_MAX = 2048,
	EXPIRES_MAX_S = 366 * 86400,
};

/* ---- out --------------------------------------------------------------- */

void
oauth_challenge_draw(struct oauth_challenge *challenge)
{
	struct crypto_digest digest;
	uint8_t bytes[32], hash[CRYPTO_DIGEST_SIZE];

	crypto_random(bytes, sizeof(bytes));
	crypto_base64url(challenge->state, bytes, 16);
	crypto_random(bytes, sizeof(bytes));
	crypto_base64url(challenge->verifier, bytes, sizeof(bytes));
	crypto_digest_start(&digest);
	crypto_digest_add(
	    &digest, challenge->verifier, strlen(challenge->verifier));
	crypto_digest_end(&digest, hash);
	crypto_base64url(challenge->hashed, hash, sizeof(hash));
	crypto_wipe(bytes, sizeof(bytes));
}

static void
add_parameter(struct str *out, const char *name, const char *value)
{
	str_addf(out, "%s%s=", out->len ? "&" : "", name);
	url_encode(out, value);
}

void
oauth_authorize_url(struct str *out, const struct config *config,
    const struct oauth_challenge *challenge)
{
	struct str query;

	str_init(&query, URL_MAX);
	add_parameter(&query, "response_type", "code");
	add_parameter(&query, "client_id", config->oauth_client_id);
	add_parameter(&query, "redirect_uri", config->oauth_redirect_uri);
	add_parameter(&query, "scope", SCOPE);
	add_parameter(&query, "state", challenge->state);
	add_parameter(&query, "code_challenge", challenge->hashed);
	add_parameter(&query, "code_challenge_method", "S256");
	str_addf(out, "%s%c%s", config->authorize_url,
	    strchr(config->authorize_url, '?') ? '&' : '?', query.data);
	str_release(&query);
}

static void
add_client(
    struct str *out, const struct config *config, const char *client_secret)
{
	add_parameter(out, "client_id", config->oauth_client_id);
	add_parameter(out, "client_secret", client_secret);
}

void
oauth_code_form(struct str *out, const struct config *config,
    const char *client_secret, const struct oauth_challenge *challenge,
    const char *code)
{
	add_parameter(out, "grant_type", "authorization_code");
	add_parameter(out, "code", code);
	add_parameter(out, "redirect_uri", config->oauth_redirect_uri);
	add_parameter(out, "code_verifier", challenge->verifier);
	add_client(out, config, client_secret);
}

void
oauth_refresh_form(struct str *out, const struct config *config,
    const char *client_secret, const char *refresh_token)
{
	add_parameter(out, "grant_type", "refresh_token");
	add_parameter(out, "refresh_token", refresh_token);
	add_client(out, config, client_secret);
}

/* ---- the redirect ------------------------------------------------------- */

static bool
state_is_ours(const char *state, const struct oauth_challenge *challenge)
{
	size_t len = strlen(challenge->state);

	return state && strlen(state) == len &&
	       crypto_equal(state, challenge->state, len);
}

static bool
denied(const struct oauth_redirect *redirect, struct err *err)
{
	if (strcmp(redirect->error, "access_denied") == 0)
		return err_set(err, ERR_AUTH,
		    "the login was refused on HealthSherpa's page; nothing "
		    "has changed, and it can be started again");
	return err_set(err, ERR_AUTH,
	    "HealthSherpa does not let this application log in (%.200s); check "
	    "service.oauth in the config, and that HealthSherpa has registered "
	    "its redirect_uri",
	    str_blank(redirect->error_description)
		? redirect->error
		: redirect->error_description);
}

enum oauth_callback
oauth_judge(const struct oauth_redirect *redirect,
    const struct oauth_challenge *challenge, struct err *err)
{
	if (state_is_ours(redirect->state, challenge)) {
		if (redirect->error) {
			denied(redirect, err);
			return OAUTH_DENIED;
		}
		if (!str_blank(redirect->code) &&
		    strlen(redirect->code) <= CODE_MAX)
			return OAUTH_CODE;
	}
	err_set(err, ERR_AUTH,
	    "that address is not the answer to this login; copy the whole "
	    "address that the browser shows after you agreed");
	return OAUTH_NOT_OURS;
}

/*
 * As codes are made: at random, of letters and digits and a few signs, without
 * an end that a host or a file would have. An address or a word is none.
 */
static bool
could_be_code(const char *text, size_t len)
{
	bool digit = false;

	if (len < 16 || len > CODE_MAX)
		return false;
	for (size_t i = 0; i < len; i++) {
		bool letter = (text[i] | 32) >= 'a' && (text[i] | 32) <= 'z';

		digit = digit || (text[i] >= '0' && text[i] <= '9');
		if (!letter && !(text[i] >= '0' && text[i] <= '9') &&
		    text[i] != '-' && text[i] != '_' && text[i] != '~')
			return false;
	}
	return digit;
}

static enum oauth_callback
judge_query(const char *query, const struct oauth_challenge *challenge,
    struct str *code, struct err *err)
{
	static const char *const names[] = {
	    "state", "code", "error", "error_description"};
	struct oauth_redirect redirect = {0};
	const char **values[] = {&redirect.state, &redirect.code,
	    &redirect.error, &redirect.error_description};
	enum { COUNT = sizeof(names) / sizeof(*names) };
	struct str texts[COUNT];
	enum oauth_callback result;

	for (size_t i = 0; i < COUNT; i++) {
		str_init(&texts[i], URL_MAX);
		if (url_parameter(query, names[i], &texts[i]))
			*values[i] = texts[i].data;
	}
	result = oauth_judge(&redirect, challenge, err);
	if (result == OAUTH_CODE)
		str_add(code, redirect.code);
	for (size_t i = 0; i < COUNT; i++)
		str_release(&texts[i]);
	return result;
}

enum oauth_callback
oauth_read_paste(const char *text, const struct config *config,
    const struct oauth_challenge *challenge, struct str *code, bool *bare,
    struct err *err)
{
	struct err ignored = ERR_INIT;
	struct url url, own;

	*bare = false;
	if (could_be_code(text, strlen(text))) {
		*bare = true;
		str_add(code, text);
		return OAUTH_CODE;
	}
	if (!url_parse(text, &url, err)) {
		err_set(err, ERR_AUTH,
		    "that is not the address of a page; copy the whole address "
		    "that the browser shows after you agreed, it begins with "
		    "%s",
		    config->oauth_redirect_uri);
		return OAUTH_NOT_OURS;
	}
	if (!url_parse(config->oauth_redirect_uri, &own, &ignored) ||
	    strcmp(url.scheme, own.scheme) != 0 ||
	    strcmp(url.host, own.host) != 0 || url.port != own.port ||
	    strcmp(url.path, own.path) != 0) {
		err_set(err, ERR_AUTH,
		    "that is the address of another page; the right one begins "
		    "with %s and is shown after you agreed",
		    config->oauth_redirect_uri);
		return OAUTH_NOT_OURS;
	}
	return judge_query(url.query, challenge, code, err);
}

/* ---- the token endpoint ------------------------------------------------- */

struct answer {
	struct tokens *tokens;
	struct str text; /* of one value */
	bool other_type; /* the token is none that we know how to use */
	bool bad;
};

/* What may stand in a header and, without escapes, in our file; b64token of
 * RFC 6750 section 2.1 is less. */
static struct secret *
take_token(struct answer *answer, struct secret *old)
{
	const struct str *text = &answer->text;

	secret_free(old);
	for (size_t i = 0; i < text->len; i++)
		if (text->data[i] <= ' ' || text->data[i] > '~' ||
		    text->data[i] == '"' || text->data[i] == '\\')
			answer->bad = true;
	if (text->len == 0 || text->cut || answer->bad)
		return NULL;
	return secret_new(text->data, text->len);
}

static void
take_member(struct answer *answer, const char *name)
{
	struct tokens *tokens = answer->tokens;
	const char *text = answer->text.data;

	if (strcmp(name, "access_token") == 0) {
		tokens->access = take_token(answer, tokens->access);
	} else if (strcmp(name, "refresh_token") == 0) {
		tokens->refresh = take_token(answer, tokens->refresh);
	} else if (strcmp(name, "token_type") == 0) {
		answer->other_type = !str_equal_fold(text, "bearer");
	} else if (strcmp(name, "expires_in") == 0) {
		long seconds = strtol(text, NULL, 10);

		if (seconds > 0)
			tokens->expires_in_ms = (seconds < EXPIRES_MAX_S
							? seconds
							: EXPIRES_MAX_S) *
						INT64_C(1000);
	} else if (strcmp(name, "scope") == 0) {
		refusal_clean(tokens->scope, sizeof(tokens->scope), text);
	} else if (strcmp(name, "email") == 0 ||
		   strcmp(name, "agent_email") == 0) {
		refusal_clean(tokens->account, sizeof(tokens->account), text);
	}
}

/* The members of the object at the top; false when it is no such thing. */
static bool
walk(struct answer *answer, struct json_pull *pull)
{
	enum json_token token = json_pull_next(pull);
	char name[32] = "";

	if (token != JSON_TOKEN_OBJECT)
		return false;
	while ((token = json_pull_next(pull)) > JSON_TOKEN_END) {
		const char *text = pull->text + pull->start;
		size_t len = pull->end - pull->start;
		bool quoted = token == JSON_TOKEN_KEY ||
			      token == JSON_TOKEN_STRING;

		if (pull->depth != 1)
			continue;
		crypto_wipe(answer->text.data, answer->text.len);
		str_reset(&answer->text);
		if (quoted)
			json_decode(&answer->text, text + 1, len - 2);
		else if (token == JSON_TOKEN_NUMBER)
			str_add_bytes(&answer->text, text, len);
		if (token == JSON_TOKEN_KEY)
			str_copy(name, sizeof(name), answer->text.data);
		else if (quoted || token == JSON_TOKEN_NUMBER)
			take_member(answer, name);
	}
	return token == JSON_TOKEN_END;
}

static bool
read_grant(const char *body, size_t len, struct tokens *tokens, struct err *err)
{
	struct answer answer = {.tokens = tokens};
	struct json_pull pull;
	bool good;

	str_init(&answer.text, SECRET_MAX);
	str_grow(&answer.text);
	json_pull_init(&pull, body, len);
	pull.whole = true;
	good = walk(&answer, &pull) && tokens->access && !answer.bad;
	crypto_wipe(answer.text.data, answer.text.size);
	str_release(&answer.text);
	if (!good)
		return err_set(err, ERR_UNAVAILABLE,
		    "HealthSherpa's answer to the login makes no sense");
	if (answer.other_type)
		return err_set(err, ERR_UNAVAILABLE,
		    "HealthSherpa gave a kind of login that belay does not "
		    "know");
	return true;
}

static enum oauth_outcome
refused(const struct transport *transport, const char *body, size_t len,
    struct err *err)
{
	struct err ignored = ERR_INIT;
	struct json *root = json_parse(body, len, &ignored);
	struct refusal refusal;

	refusal_read(&refusal, root);
	json_free(root);
	if (strcmp(refusal.code, "invalid_grant") == 0) {
		err_set(err, ERR_AUTH,
		    "HealthSherpa does not take this login any more%s%s%s",
		    *refusal.message ? " (" : "", refusal.message,
		    *refusal.message ? ")" : "");
		return OAUTH_ENDED;
	}
	if (strcmp(refusal.code, "invalid_client") == 0 ||
	    (transport->status == 401 && !*refusal.code))
		err_set(err, ERR_AUTH,
		    "HealthSherpa does not know this application: check "
		    "client_id and client_secret under service.oauth in the "
		    "config, and the environment (staging or production)");
	else
		err_set(err, ERR_AUTH,
		    "HealthSherpa refuses the login (%s, HTTP %d); check "
		    "service.oauth in the config",
		    *refusal.message ? refusal.message
		    : *refusal.code  ? refusal.code
				     : "no reason given",
		    transport->status);
	return OAUTH_REFUSED;
}

enum oauth_outcome
oauth_read_tokens(const struct transport *transport, const char *body,
    size_t len, struct tokens *tokens, struct err *err)
{
	int status = transport->status;

	tokens_clear(tokens);
	tokens->expires_in_ms = -1;
	if (!transport->answered || !transport->complete) {
		err_set(err, ERR_UNAVAILABLE,
		    "HealthSherpa does not answer for the login (%s)",
		    transport->problem ? transport->problem : "no answer");
		return transport->body_started ? OAUTH_LOST : OAUTH_NOT_NOW;
	}
	if (status >= 200 && status < 300) {
		if (read_grant(body, len, tokens, err))
			return OAUTH_GRANTED;
		tokens_clear(tokens);
		return OAUTH_LOST;
	}
	if (status == 429 || status >= 500) {
		err_set(err, ERR_UNAVAILABLE,
		    "HealthSherpa cannot deal with the login now (HTTP %d)",
		    status);
		return status == 429 || status == 503 ? OAUTH_NOT_NOW
						      : OAUTH_LOST;
	}
	return refused(transport, body, len, err);
}
