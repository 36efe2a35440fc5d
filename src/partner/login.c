/* SPDX-License-Identifier: MIT */
/*
 * The browser's request is kept open until the code has been exchanged, so that
 * its page tells how it ended.
 *
 * Hazards: anything on this machine, and through the browser any web page, can
 * ask for our address. Only GET of the path of redirect_uri with the state of
 * this login counts, and only the first such answer; the rest gets a short page
 * and changes nothing. The page shows nothing that came with a request.
 */
#include "partner/login.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/file.h"
#include "base/httpd.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/secret.h"
#include "base/str.h"
#include "base/url.h"
#include "book/config.h"
#include "config.h"
#include "partner/oauth.h"
#include "partner/token_request.h"
#include "partner/tokens.h"

enum {
	KEEP_POLL_MS = 50,
	KEEP_MS = 200,
};

struct login {
	const struct config *config;
	const struct clock *clock;
	struct token_file *file;
	struct secret *client_secret;
	struct oauth_challenge *challenge; /* guarded */
	struct url redirect;
	char *url;
	struct httpd *httpd;
	struct httpd_request *browser; /* waits for the end; NULL: none */
	struct http *http;
	enum login_state state;
	struct err why;
	struct err refused;
	int64_t ends_at; /* monotonic */
	/* Given, and kept once the renewal of others, if any, is over. */
	struct tokens tokens;
	int64_t keep_at, keep_until; /* monotonic */
};

/* ---- the browser's page -------------------------------------------------- */

static void
page(struct httpd_request *request, int status, const char *title,
    const char *text)
{
	static const struct httpd_field fields[] = {
	    {"Content-Type", "text/html; charset=utf-8"},
	    {"Cache-Control", "no-store"},
	    {"Content-Security-Policy",
		"default-src 'none'; style-src 'unsafe-inline'"},
	    {"Referrer-Policy", "no-referrer"},
	    {"X-Content-Type-Options", "nosniff"},
	    {"Connection", "close"},
	    {NULL, NULL},
	};
	struct str body;

	str_init(&body, 4096);
	str_addf(&body,
	    "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">"
	    "<title>%s</title>"
	    "<style>body{font:1.2em sans-serif;margin:4em auto;max-width:32em;"
	    "padding:0 1em}</style>"
	    "<h1>%s</h1><p>%s</p></html>\n",
	    title, title, text);
	httpd_reply(request, status, fields, body.data, body.len);
	str_release(&body);
}

static void
answer_browser(struct login *login)
{
	struct httpd_request *browser = login->browser;

	if (!browser)
		return;
	login->browser = NULL;
	if (login->state == LOGIN_DONE)
		page(browser, 200, "You are logged in",
		    "belay can sync with HealthSherpa now. You can close this "
		    "page and go back to the terminal.");
	else
		/* the browser asked for the right thing, so nothing for it to
		 * complain of in its console */
		page(browser, 200, "The login did not work",
		    "belay says why in the terminal. You can close this page.");
}

/* ---- the exchange -------------------------------------------------------- */

/* `login->why` says why, when it failed. */
static void
finish(struct login *login, enum login_state state)
{
	login->state = state;
	/* one login, one answer */
	crypto_wipe(login->challenge, sizeof(*login->challenge));
	answer_browser(login);
}

/* Who renews an older login just now sees to it itself that ours stays; it is
 * waited for all the same, for as long as nobody minds. */
static void
keep(struct login *login)
{
	int64_t now = clock_monotonic(login->clock);
	struct err err = ERR_INIT;
	struct file_lock *lock = token_file_lock(login->file, &err);
	bool good;

	if (!lock && err.kind == ERR_HELD && now < login->keep_until) {
		login->keep_at = now + KEEP_POLL_MS;
		return;
	}
	good = token_file_save(login->file, &login->tokens, &login->why);
	file_lock_release(lock);
	tokens_clear(&login->tokens);
	if (!good)
		err_prefix(&login->why, "the login cannot be kept");
	finish(login, good ? LOGIN_DONE : LOGIN_FAILED);
}

static void
take_tokens(struct login *login, struct tokens *tokens)
{
	int64_t now = clock_monotonic(login->clock);

	login->tokens = *tokens;
	login->tokens.obtained_ms = clock_wall(login->clock);
	login->tokens.logged_in_ms = login->tokens.obtained_ms;
	login->keep_until = now + KEEP_MS;
	keep(login);
}

static void
exchanged(void *context, const struct transport *transport, const char *body,
    size_t len)
{
	struct login *login = context;
	struct tokens tokens = {.expires_in_ms = -1};
	enum oauth_outcome outcome = oauth_read_tokens(
	    transport, body, len, &tokens, &login->why);

	LOG_EVENT(.what = "login", .method = "POST", .path = "/oauth/token",
	    .state = outcome == OAUTH_GRANTED ? "granted" : "refused",
	    .status = transport->status, .bytes = (int64_t)len, .count = -1,
	    .milliseconds = -1);
	if (outcome == OAUTH_GRANTED) {
		take_tokens(login, &tokens);
		return;
	}
	if (outcome == OAUTH_ENDED)
		err_set(&login->why, ERR_AUTH,
		    "HealthSherpa does not take the answer: it was used "
		    "already, is too old, or service.oauth in the config has "
		    "another redirect_uri; start the login again");
	finish(login, LOGIN_FAILED);
}

static void
exchange(struct login *login, const char *code)
{
	struct str form;

	token_request_begin(&form);
	oauth_code_form(&form, login->config, secret_text(login->client_secret),
	    login->challenge, code);
	login->state = LOGIN_EXCHANGING;
	if (!token_request_send(login->http, login->config, &form, exchanged,
		login, &login->why))
		finish(login, LOGIN_FAILED);
}

/* ---- answers --------------------------------------------------------------
 */

static void
take_redirect(struct login *login, struct httpd_request *request)
{
	struct oauth_redirect redirect = {
	    .state = httpd_query(request, "state"),
	    .code = httpd_query(request, "code"),
	    .error = httpd_query(request, "error"),
	    .error_description = httpd_query(request, "error_description"),
	};
	struct err err = ERR_INIT;

	switch (oauth_judge(&redirect, login->challenge, &err)) {
	case OAUTH_CODE:
		login->browser = request;
		exchange(login, redirect.code);
		break;
	case OAUTH_DENIED:
		login->browser = request;
		login->why = err;
		finish(login, LOGIN_FAILED);
		break;
	case OAUTH_NOT_OURS:
		err_set(&login->refused, ERR_AUTH,
		    "a browser came back with something that is not the "
		    "answer to this login; use the address shown here");
		page(request, 400, "That is not the login belay waits for",
		    "Open the address that belay shows in the terminal.");
		break;
	}
}

static void
take_request(void *context, struct httpd_request *request)
{
	struct login *login = context;

	if (strcmp(httpd_path(request), login->redirect.path) != 0) {
		page(request, 404, "There is nothing here",
		    "belay waits for a login, at another address.");
	} else if (strcmp(httpd_method(request), "GET") != 0) {
		page(request, 405, "That is no login",
		    "A login comes back by a link.");
	} else if (login->state != LOGIN_WAITING) {
		page(request, 409, "That was used already",
		    "This login has had its answer. You can close this page.");
	} else {
		take_redirect(login, request);
	}
}

bool
login_paste(struct login *login, const char *text, bool *bare, struct err *err)
{
	struct str code;
	bool good = false;

	*bare = false;
	if (login->state != LOGIN_WAITING)
		return err_set(
		    err, ERR_AUTH, "this login has had its answer already");
	str_init(&code, URL_MAX);
	switch (oauth_read_paste(
	    text, login->config, login->challenge, &code, bare, err)) {
	case OAUTH_CODE:
		exchange(login, code.data);
		good = true;
		break;
	case OAUTH_DENIED:
		login->why = *err;
		finish(login, LOGIN_FAILED);
		good = true;
		break;
	case OAUTH_NOT_OURS: break;
	}
	crypto_wipe(code.data, code.len);
	str_release(&code);
	return good;
}

/* ---- life -----------------------------------------------------------------
 */

static bool
check(const struct config *config, struct err *err)
{
	if (config->version != SERVICE_V2)
		return err_set(err, ERR_CONFIG,
		    "the config says version: v1, which has an API key and no "
		    "login; for HealthSherpa's login page use 'belay open "
		    "login'");
	return config_ready_to_send(config, err);
}

static bool
listen_for(struct login *login, struct err *err)
{
	const struct url *redirect = &login->redirect;
	const bool loopback = redirect->loopback &&
			      strcmp(redirect->scheme, "http") == 0;
	struct httpd_options options = {
	    .address = strcmp(redirect->host, "localhost") == 0
			   ? "127.0.0.1"
			   : redirect->host,
	    .port = redirect->port,
	};

	if (!loopback)
		return true;
	login->httpd = httpd_start(&options, take_request, login, err);
	if (login->httpd)
		return true;
	return err_set(err, ERR_UNAVAILABLE,
	    "port %d of this machine, where the browser is to come back to, is "
	    "taken, perhaps by another login that is not finished; end it, or "
	    "use 'belay login --paste'",
	    redirect->port);
}

static bool
prepare(
    struct login *login, const char *state_dir, bool listen, struct err *err)
{
	const struct config *config = login->config;
	const struct url_policy policy = config_login_policy(config);
	const struct http_options options = {
	    .user_agent = PACKAGE_NAME "/" PACKAGE_VERSION,
	    .ca_file = config->ca_file,
	    .plain_http = policy.plain_loopback,
	    .timeout_ms = config->timeout_ms,
	    .connections = 1,
	};
	struct url authorize;
	struct str text;
	bool good;

	if (!url_parse(config->oauth_redirect_uri, &login->redirect, err)) {
		err->kind = ERR_CONFIG;
		return err_prefix(err, "service.oauth.redirect_uri");
	}
	login->client_secret = secret_fetch(&config->oauth_client_secret, err);
	if (!login->client_secret)
		return err_prefix(err, "service.oauth.client_secret");
	login->file = token_file_new(config, state_dir);
	login->http = http_new(&options, login->clock, err);
	if (!login->http || (listen && !listen_for(login, err)))
		return false;
	str_init(&text, URL_MAX);
	oauth_authorize_url(&text, config, login->challenge);
	good = !text.cut && url_check(text.data, &policy, &authorize, err);
	str_release(&text);
	if (!good)
		return err_prefix(err, "service.urls.authorize");
	login->url = mem_strdup(authorize.text);
	return true;
}

struct login *
login_new(const struct config *config, const struct clock *clock,
    const char *state_dir, bool listen, struct err *err)
{
	struct login *login;

	if (!check(config, err))
		return NULL;
	login = mem_zalloc(sizeof(*login));
	login->config = config;
	login->clock = clock;
	login->challenge = crypto_guarded_alloc(sizeof(*login->challenge));
	oauth_challenge_draw(login->challenge);
	login->tokens.expires_in_ms = -1;
	login->ends_at = clock_monotonic(clock) + LOGIN_LASTS_MS;
	if (prepare(login, state_dir, listen, err))
		return login;
	login_free(login);
	return NULL;
}

void
login_free(struct login *login)
{
	if (!login)
		return;
	httpd_stop(login->httpd);
	http_free(login->http);
	token_file_free(login->file);
	tokens_clear(&login->tokens);
	secret_free(login->client_secret);
	crypto_guarded_free(login->challenge);
	free(login->url);
	free(login);
}

const char *
login_url(const struct login *login)
{
	return login->url;
}

int
login_port(const struct login *login)
{
	return login->httpd ? httpd_port(login->httpd) : 0;
}

enum login_state
login_state(const struct login *login, struct err *why)
{
	if (why)
		*why = login->why;
	return login->state;
}

const char *
login_refused(const struct login *login)
{
	return login->refused.text;
}

/* ---- the loop -------------------------------------------------------------
 */

int
login_fd(const struct login *login)
{
	return login->httpd ? httpd_fd(login->httpd) : -1;
}

int64_t
login_timeout(const struct login *login)
{
	int64_t server = login->httpd ? httpd_timeout(login->httpd) : -1;
	int64_t left;

	if (login->state == LOGIN_DONE || login->state == LOGIN_FAILED)
		return server;
	left = (login->tokens.access ? login->keep_at : login->ends_at) -
	       clock_monotonic(login->clock);
	left = left > 0 ? left : 0;
	return server >= 0 && server < left ? server : left;
}

void
login_wait(struct login *login, struct wait_fd *fds, unsigned count,
    int64_t timeout_ms)
{
	int64_t own = login_timeout(login);

	if (own >= 0 && (timeout_ms < 0 || own < timeout_ms))
		timeout_ms = own;
	http_wait(login->http, fds, count, timeout_ms);
}

void
login_step(struct login *login)
{
	if (login->httpd)
		httpd_run(login->httpd);
	http_step(login->http);
	if (login->tokens.access &&
	    clock_monotonic(login->clock) >= login->keep_at)
		keep(login);
	if (login->state == LOGIN_WAITING &&
	    clock_monotonic(login->clock) >= login->ends_at) {
		err_set(&login->why, ERR_AUTH,
		    "nobody agreed within ten minutes; start the login again");
		finish(login, LOGIN_FAILED);
	}
	/* what was answered meanwhile leaves */
	if (login->httpd)
		httpd_run(login->httpd);
}

/* ---- what is kept ---------------------------------------------------------
 */

bool
login_look(const struct config *config, const char *state_dir,
    struct login_info *info, struct err *err)
{
	struct token_file *file = token_file_new(config, state_dir);
	struct tokens tokens = {.expires_in_ms = -1};
	bool good = token_file_load(file, &tokens, err);
	char advice[CONFIG_ADVICE_SIZE];

	memset(info, 0, sizeof(*info));
	if (good && tokens.ended)
		good = err_set(err, ERR_AUTH,
		    "the login at HealthSherpa has ended; %s",
		    config_login_advice(config->profile, true, advice));
	if (good) {
		str_copy(info->account, sizeof(info->account), tokens.account);
		str_copy(info->scope, sizeof(info->scope), tokens.scope);
		info->logged_in_ms = tokens.logged_in_ms;
		if (tokens.expires_in_ms >= 0)
			info->expires_ms = tokens.obtained_ms +
					   tokens.expires_in_ms;
		info->renews = tokens.refresh != NULL;
	}
	tokens_clear(&tokens);
	token_file_free(file);
	return good;
}

bool
login_forget(const struct config *config, const char *state_dir, bool *was,
    struct err *err)
{
	struct token_file *file = token_file_new(config, state_dir);
	struct tokens tokens = {.expires_in_ms = -1};
	struct err ignored = ERR_INIT;
	bool good;

	*was = token_file_load(file, &tokens, &ignored);
	tokens_clear(&tokens);
	good = token_file_remove(file, err);
	token_file_free(file);
	return good;
}
