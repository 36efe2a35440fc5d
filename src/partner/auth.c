/* SPDX-License-Identifier: MIT */
/*
 * The header line is put together once for each token and kept in guarded
 * memory as a whole, so that no other copy of the secret is made here. libcurl
 * makes copies of its own; http.c wipes those it can reach.
 *
 * A renewal: take the lock; read the file again, as another belay may have
 * renewed meanwhile; ask; put the new tokens on disk; only then use them. A
 * process that is killed in between leaves a file whose refresh token is either
 * the old one, not used up as far as HealthSherpa has not seen the new access
 * token, or the new one.
 *
 * Hazards: the access token is refused for reasons of its own, too. One that
 * was renewed and refused before anything was accepted with it is not renewed
 * again for ever. And an answer that was lost may have used the refresh token
 * up: the same one is tried once more, and what HealthSherpa says then counts.
 */
#include "partner/auth.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/secret.h"
#include "base/str.h"
#include "book/config.h"
#include "partner/dialect.h"
#include "partner/http.h"
#include "partner/oauth.h"
#include "partner/token_request.h"
#include "partner/tokens.h"

enum {
	LOCK_POLL_MS = 100, /* while another belay renews */
	UNPROVED_MAX = 2,   /* tokens in a row that nothing was accepted with */
	RETRY_MS = 30 * 1000, /* after a renewal that nobody waits for failed */
	BACK_OFF_MS = 500,    /* doubled each time, while somebody waits */
	BACK_OFF_MAX_MS = 20 * 1000,
	RENEW_PERCENT = 80,
};

enum phase { PHASE_IDLE, PHASE_WANTED, PHASE_ASKING };

struct auth {
	const struct config *config;
	const struct dialect *dialect;
	const struct clock *clock;
	struct secret *line;
	unsigned generation;
	/* v2 only */
	struct token_file *file;
	struct secret *client_secret;
	struct tokens tokens;
	struct tokens unsaved; /* renewed, and not on disk yet */
	int64_t renew_at;      /* monotonic; INT64_MAX: not known */
	int64_t expires_at;
	bool refused;      /* HealthSherpa does not take the access token */
	bool proved;       /* something was accepted with it */
	unsigned unproved; /* tokens before it that were refused at once */
	enum phase phase;
	int64_t poll_at;    /* when the lock is tried for again */
	int64_t give_up_at; /* until when */
	struct file_lock *lock;
	struct err err;    /* of the last renewal that failed */
	bool failed;       /* since it was asked for */
	unsigned failures; /* in a row */
};

/* ---- the header ---------------------------------------------------------- */

static bool
make_line(struct auth *auth, const char *key, struct err *err)
{
	const char *name = auth->dialect->key_header;
	size_t size = strlen(name) + strlen(key) + 1;
	char *line = crypto_guarded_alloc(size);

	if (strlen(key) > SECRET_MAX) {
		crypto_guarded_free(line);
		return err_set(err, ERR_AUTH,
		    "the API key is far too long to be one; check "
		    "service.api_key in the config");
	}
	(void)snprintf(line, size, "%s%s", name, key);
	secret_free(auth->line);
	auth->line = secret_new(line, size - 1);
	auth->generation++;
	crypto_guarded_free(line);
	return true;
}

/* ---- tokens -------------------------------------------------------------- */

/* Times of the file are the wall's, which may have been set meanwhile. */
static void
set_times(struct auth *auth)
{
	int64_t now = clock_monotonic(auth->clock);
	int64_t age = clock_wall(auth->clock) - auth->tokens.obtained_ms;
	int64_t life = auth->tokens.expires_in_ms;

	auth->renew_at = INT64_MAX;
	auth->expires_at = INT64_MAX;
	if (life < 0)
		return;
	if (age < 0 || age > life)
		age = life;
	auth->expires_at = now + life - age;
	auth->renew_at = now + life * RENEW_PERCENT / 100 - age;
}

/* From now on these; taken over. */
static bool
use_tokens(struct auth *auth, struct tokens *tokens, struct err *err)
{
	tokens_clear(&auth->tokens);
	auth->tokens = *tokens;
	*tokens = (struct tokens){.expires_in_ms = -1};
	auth->unproved = auth->proved ? 0 : auth->unproved + 1;
	auth->proved = false;
	auth->refused = false;
	auth->failures = 0;
	set_times(auth);
	return make_line(auth, secret_text(auth->tokens.access), err);
}

static bool
open_login(struct auth *auth, const char *state_dir, struct err *err)
{
	struct tokens tokens = {.expires_in_ms = -1};
	char advice[CONFIG_ADVICE_SIZE];

	auth->file = token_file_new(auth->config, state_dir);
	if (!token_file_load(auth->file, &tokens, err))
		return false;
	if (tokens.ended) {
		tokens_clear(&tokens);
		return err_set(err, ERR_AUTH,
		    "the login at HealthSherpa has ended: %s; what is to be "
		    "sent waits",
		    config_login_advice(auth->config->profile, true, advice));
	}
	auth->client_secret = secret_fetch(
	    &auth->config->oauth_client_secret, err);
	if (!auth->client_secret) {
		tokens_clear(&tokens);
		return err_prefix(err, "service.oauth.client_secret");
	}
	auth->proved = true;
	return use_tokens(auth, &tokens, err);
}

static bool
open_key(struct auth *auth, struct err *err)
{
	struct secret *key = secret_fetch(&auth->config->api_key, err);
	bool good = key && make_line(auth, secret_text(key), err);

	auth->renew_at = INT64_MAX;
	auth->expires_at = INT64_MAX;
	secret_free(key);
	return good;
}

struct auth *
auth_new(const struct config *config, const struct dialect *dialect,
    const struct clock *clock, const char *state_dir, struct err *err)
{
	struct auth *auth = mem_zalloc(sizeof(*auth));
	bool good;

	auth->config = config;
	auth->dialect = dialect;
	auth->clock = clock;
	if (config->version == SERVICE_V2)
		good = open_login(auth, state_dir, err);
	else
		good = open_key(auth, err);
	if (good)
		return auth;
	auth_free(auth);
	return NULL;
}

void
auth_free(struct auth *auth)
{
	if (!auth)
		return;
	file_lock_release(auth->lock);
	token_file_free(auth->file);
	secret_free(auth->client_secret);
	tokens_clear(&auth->tokens);
	tokens_clear(&auth->unsaved);
	secret_free(auth->line);
	free(auth);
}

const char *
auth_header(const struct auth *auth, unsigned *generation)
{
	*generation = auth->generation;
	return secret_text(auth->line);
}

/* ---- renewing ------------------------------------------------------------ */

static bool
usable(const struct auth *auth)
{
	/* what cannot be renewed is HealthSherpa's to refuse: clocks differ */
	return !auth->refused &&
	       (!auth->tokens.refresh ||
		   clock_monotonic(auth->clock) < auth->expires_at);
}

static void
want(struct auth *auth, int64_t when)
{
	auth->phase = PHASE_WANTED;
	auth->poll_at = when;
	auth->give_up_at = when + auth->config->timeout_ms + LOCK_POLL_MS;
}

/* At least half of it, so that several do not ask at once. */
static int64_t
back_off(struct auth *auth)
{
	int64_t most = BACK_OFF_MS << (auth->failures < 6 ? auth->failures : 6);
	uint32_t chance;

	auth->failures++;
	if (most > BACK_OFF_MAX_MS)
		most = BACK_OFF_MAX_MS;
	crypto_random(&chance, sizeof(chance));
	return most / 2 + chance % (most / 2);
}

static void
end_renewal(struct auth *auth)
{
	file_lock_release(auth->lock);
	auth->lock = NULL;
	auth->phase = PHASE_IDLE;
}

/* `auth->err` says why. */
static void
fail_renewal(struct auth *auth)
{
	int64_t now = clock_monotonic(auth->clock);
	bool later = auth->err.kind == ERR_UNAVAILABLE;

	auth->renew_at = later ? now + RETRY_MS : INT64_MAX;
	end_renewal(auth);
	if (!later || usable(auth))
		return;
	/* whoever waits goes on waiting, and is told by one call */
	auth->failed = true;
	want(auth, now + back_off(auth));
}

/* Whether another belay, or a new login, has put other tokens there. */
static bool
take_others(struct auth *auth)
{
	struct tokens tokens = {.expires_in_ms = -1};
	struct err err = ERR_INIT;

	if (!token_file_load(auth->file, &tokens, &err))
		return false;
	if (!tokens.ended && !tokens_same(&tokens, &auth->tokens)) {
		/* somebody else's care: it says nothing of ours */
		auth->proved = true;
		if (use_tokens(auth, &tokens, &auth->err))
			return true;
	}
	tokens_clear(&tokens);
	return false;
}

/* Whether somebody has logged in or out meanwhile: then the renewal is over. */
static bool
overtaken(struct auth *auth)
{
	if (take_others(auth)) {
		end_renewal(auth);
		return true;
	}
	if (token_file_exists(auth->file))
		return false;
	auth->tokens.ended = true;
	auth->refused = true;
	err_set(&auth->err, ERR_AUTH, "belay was logged out meanwhile");
	fail_renewal(auth);
	return true;
}

/*
 * The renewed tokens are put on disk, then used; unless the file says otherwise
 * by now: an agent who logs in or out does not wait for us.
 */
static void
settle(struct auth *auth)
{
	if (overtaken(auth)) {
		tokens_clear(&auth->unsaved);
	} else if (!token_file_save(auth->file, &auth->unsaved, &auth->err)) {
		err_prefix(&auth->err, "the renewed login cannot be kept");
		fail_renewal(auth);
	} else if (!use_tokens(auth, &auth->unsaved, &auth->err)) {
		fail_renewal(auth);
	} else {
		end_renewal(auth);
	}
}

/* What HealthSherpa does not say again stays as it was. */
static void
take_grant(struct auth *auth, struct tokens *granted)
{
	struct tokens *old = &auth->tokens;

	if (!granted->refresh) {
		granted->refresh = old->refresh;
		old->refresh = NULL;
	}
	if (!*granted->scope)
		str_copy(granted->scope, sizeof(granted->scope), old->scope);
	if (!*granted->account)
		str_copy(
		    granted->account, sizeof(granted->account), old->account);
	granted->logged_in_ms = old->logged_in_ms;
	granted->obtained_ms = clock_wall(auth->clock);
	auth->unsaved = *granted;
	settle(auth);
}

/* The login is over: said in the file, so that nobody asks in vain. */
static void
end_login(struct auth *auth)
{
	struct err ignored = ERR_INIT;

	if (overtaken(auth))
		return;
	auth->tokens.ended = true;
	auth->refused = true;
	(void)token_file_save(auth->file, &auth->tokens, &ignored);
	auth->err.kind = ERR_AUTH;
	fail_renewal(auth);
}

static const char *
outcome_word(enum oauth_outcome outcome)
{
	static const char *const words[] = {
	    [OAUTH_GRANTED] = "granted",
	    [OAUTH_ENDED] = "ended",
	    [OAUTH_REFUSED] = "refused",
	    [OAUTH_LOST] = "lost",
	    [OAUTH_NOT_NOW] = "not-now",
	};

	return words[outcome];
}

static void
answered(void *context, const struct transport *transport, const char *body,
    size_t len)
{
	struct auth *auth = context;
	struct tokens granted = {.expires_in_ms = -1};
	enum oauth_outcome outcome;

	auth->err = (struct err)ERR_INIT;
	outcome = oauth_read_tokens(transport, body, len, &granted, &auth->err);
	LOG_EVENT(.what = "login", .method = "POST", .path = "/oauth/token",
	    .state = outcome_word(outcome), .status = transport->status,
	    .bytes = (int64_t)len, .count = -1, .milliseconds = -1);
	if (outcome == OAUTH_GRANTED)
		take_grant(auth, &granted);
	else if (outcome == OAUTH_ENDED)
		end_login(auth);
	else
		fail_renewal(auth);
}

static void
ask(struct auth *auth, struct http *http)
{
	struct str form;
	bool good;

	token_request_begin(&form);
	oauth_refresh_form(&form, auth->config,
	    secret_text(auth->client_secret),
	    secret_text(auth->tokens.refresh));
	good = token_request_send(
	    http, auth->config, &form, answered, auth, &auth->err);
	if (!good) {
		fail_renewal(auth);
		return;
	}
	auth->phase = PHASE_ASKING;
}

static void
try_renewal(struct auth *auth, struct http *http)
{
	struct err err = ERR_INIT;

	if (take_others(auth)) {
		end_renewal(auth);
		return;
	}
	auth->lock = token_file_lock(auth->file, &err);
	if (!auth->lock && err.kind == ERR_HELD) {
		auth->poll_at = clock_monotonic(auth->clock) + LOCK_POLL_MS;
		if (auth->poll_at < auth->give_up_at)
			return;
		err_set(&err, ERR_UNAVAILABLE,
		    "another belay renews the login and does not get done "
		    "with it");
	}
	auth->err = err;
	if (!auth->lock)
		fail_renewal(auth);
	else if (take_others(auth))
		end_renewal(auth);
	else if (auth->unsaved.access)
		settle(auth);
	else if (auth->tokens.ended || !auth->tokens.refresh)
		end_login(auth);
	else
		ask(auth, http);
}

void
auth_step(struct auth *auth, struct http *http, bool busy)
{
	int64_t now = clock_monotonic(auth->clock);

	if (busy && auth->phase == PHASE_IDLE && now >= auth->renew_at &&
	    auth->tokens.refresh)
		want(auth, now);
	/* nobody waits any more */
	if (!busy && auth->phase == PHASE_WANTED && auth->failures > 0)
		auth->phase = PHASE_IDLE;
	if (auth->phase == PHASE_WANTED && now >= auth->poll_at)
		try_renewal(auth, http);
}

int64_t
auth_timeout(const struct auth *auth, bool busy)
{
	int64_t now = clock_monotonic(auth->clock), due = INT64_MAX;

	if (auth->phase == PHASE_WANTED)
		due = auth->poll_at;
	else if (busy && auth->phase == PHASE_IDLE && auth->tokens.refresh)
		due = auth->renew_at;
	if (due == INT64_MAX)
		return -1;
	return due > now ? due - now : 0;
}

/* ---- calls --------------------------------------------------------------- */

enum auth_state
auth_state(const struct auth *auth)
{
	if (usable(auth))
		return AUTH_READY;
	return auth->phase == PHASE_IDLE ? AUTH_FAILED : AUTH_RENEWING;
}

void
auth_renew(struct auth *auth)
{
	if (usable(auth) || auth->phase != PHASE_IDLE)
		return;
	want(auth, clock_monotonic(auth->clock));
}

bool
auth_take_failure(struct auth *auth)
{
	bool failed = auth->failed;

	auth->failed = false;
	return failed;
}

bool
auth_is_asking(const struct auth *auth)
{
	return auth->phase == PHASE_ASKING;
}

bool
auth_refused(struct auth *auth, unsigned generation)
{
	if (!auth->file)
		return false;
	if (generation != auth->generation)
		return true;
	if (!auth->proved && auth->unproved >= UNPROVED_MAX)
		return false;
	auth->refused = true;
	auth_renew(auth);
	return true;
}

void
auth_accepted(struct auth *auth, unsigned generation)
{
	if (generation != auth->generation)
		return;
	auth->proved = true;
	auth->unproved = 0;
}

void
auth_identity(const struct auth *auth, struct str *out)
{
	if (!auth->file)
		return;
	if (*auth->tokens.account)
		str_add(out, auth->tokens.account);
	else
		str_addf(out, "%lld", (long long)auth->tokens.logged_in_ms);
}

const struct err *
auth_error(const struct auth *auth)
{
	return &auth->err;
}

bool
auth_ended(const struct auth *auth)
{
	return auth->tokens.ended;
}
