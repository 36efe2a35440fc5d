/* SPDX-License-Identifier: MIT */
/*
 * One struct call per call in flight: it carries what is needed to read the
 * answer.
 *
 * Hazard: the documentation and the live service disagree on the search's key
 * for the birth date. A refusal that speaks of it names the other key, for the
 * caller to ask again when its pace allows another request; only an answer to
 * that (found or nobody) makes the other key stay.
 */
#include "partner/partner.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/url.h"
#include "book/config.h"
#include "config.h"
#include "partner/auth.h"
#include "partner/dialect.h"
#include "partner/refusal.h"

enum {
	BODY_MAX = 1 << 20,
	SEARCH_ANSWER_MAX = 1 << 20,
	LAST_WAIT_MS = 5000,
};

struct partner {
	const struct config *config;
	const struct clock *clock;
	struct dialect dialect;
	struct auth *auth;
	struct http *http;
	char birth_date_key[sizeof(((struct config *)NULL)->birth_date_key)];
	uint64_t requests;
	struct call *calls; /* in flight */
	unsigned parked;    /* of them */
	bool let_go;        /* those are not to wait any longer */
	bool closing;
};

struct call {
	struct partner *partner;
	struct call *next;
	enum verb verb;
	bool repeatable;
	bool parked;         /* until the login is renewed */
	bool refused;        /* HealthSherpa did, for the login */
	bool due;            /* to be answered, as it is */
	unsigned generation; /* of the login it was sent with */
	int64_t started_ms;
	struct reply reply;
	const char *key;  /* a search's for the birth date; NULL: it has none */
	bool asked_again; /* with the key that a refusal named */
	partner_done done;
	void *context;
};

static const char *const birth_date_keys[] = {"birth_date", "date_of_birth"};

/* ---- life --------------------------------------------------------------- */

static bool
check_agent(
    const struct config *config, const struct dialect *dialect, struct err *err)
{
	if (!dialect->agent_email_in_body || !str_blank(config->agent_email) ||
	    config_agent_by_contact(config))
		return true;
	return err_set(err, ERR_CONFIG,
	    "service.agent_email is not set; write the e-mail of the agent's "
	    "HealthSherpa login there");
}

struct partner *
partner_new(const struct config *config, const struct clock *clock,
    const char *state_dir, struct err *err)
{
	const struct dialect dialect = dialect_of(config);
	const struct url_policy api = config_api_policy(config);
	const struct http_options options = {
	    .user_agent = PACKAGE_NAME "/" PACKAGE_VERSION,
	    .ca_file = config->ca_file,
	    .plain_http = api.plain_loopback,
	    .timeout_ms = config->timeout_ms,
	    .connections = config->concurrency,
	};
	struct partner *partner;
	struct url url;

	if (!url_check(config->api_url, &api, &url, err)) {
		err->kind = ERR_CONFIG;
		err_prefix(err, "service.urls.api");
		return NULL;
	}
	if (!check_agent(config, &dialect, err))
		return NULL;
	partner = mem_zalloc(sizeof(*partner));
	partner->config = config;
	partner->clock = clock;
	partner->dialect = dialect;
	str_copy(partner->birth_date_key, sizeof(partner->birth_date_key),
	    *config->birth_date_key ? config->birth_date_key
				    : birth_date_keys[0]);
	partner->auth = auth_new(
	    config, &partner->dialect, clock, state_dir, err);
	if (partner->auth)
		partner->http = http_new(&options, clock, err);
	if (!partner->http) {
		partner_free(partner);
		return NULL;
	}
	return partner;
}

static void
end_renewal(struct partner *partner)
{
	int64_t now = clock_monotonic(partner->clock), end = now + LAST_WAIT_MS;

	partner->closing = true;
	while (auth_is_asking(partner->auth) && now < end) {
		http_wait(partner->http, NULL, 0, end - now);
		http_step(partner->http);
		now = clock_monotonic(partner->clock);
	}
}

void
partner_free(struct partner *partner)
{
	struct call *call;

	if (!partner)
		return;
	if (partner->auth && partner->http)
		end_renewal(partner);
	http_free(partner->http);
	while ((call = partner->calls) != NULL) {
		partner->calls = call->next;
		free(call);
	}
	auth_free(partner->auth);
	free(partner);
}

/* ---- one HTTP request --------------------------------------------------- */

static struct call *
call_new(
    struct partner *partner, enum verb verb, partner_done done, void *context)
{
	struct call *call = mem_zalloc(sizeof(*call));

	call->partner = partner;
	call->verb = verb;
	call->repeatable = verb != VERB_CREATE;
	call->done = done;
	call->context = context;
	call->next = partner->calls;
	partner->calls = call;
	return call;
}

static void
call_end(struct call *call)
{
	struct call **link = &call->partner->calls;

	while (*link != call)
		link = &(*link)->next;
	*link = call->next;
	free(call);
}

static const char *
method_of(enum verb verb)
{
	return verb == VERB_UPDATE ? "PATCH" : "POST";
}

static const char *
path_of(const struct dialect *dialect, enum verb verb)
{
	switch (verb) {
	case VERB_CREATE: return dialect->create_path;
	case VERB_UPDATE: return dialect->update_path;
	case VERB_SEARCH: break;
	}
	return dialect->search_path;
}

static void answered(void *context, const struct transport *transport,
    const char *body, size_t len);

/* It is answered once it is known what becomes of the login. */
static void
park(struct call *call)
{
	struct partner *partner = call->partner;

	call->parked = true;
	partner->parked++;
	auth_renew(partner->auth);
}

/* `id` NULL: none in the path. */
static bool
send_request(
    struct call *call, const char *id, const struct str *body, struct err *err)
{
	struct partner *partner = call->partner;
	const struct url_policy api = config_api_policy(partner->config);
	const char *const headers[] = {
	    auth_header(partner->auth, &call->generation),
	    "Accept: application/json",
	    "Content-Type: application/json",
	    NULL,
	};
	struct http_request request = {
	    .method = method_of(call->verb),
	    .headers = headers,
	    .body = body->data,
	    .len = body->len,
	    .answer_max = call->verb == VERB_SEARCH ? SEARCH_ANSWER_MAX : 0,
	    .once = !call->repeatable,
	    .done = answered,
	    .context = call,
	};
	struct str text;
	struct url url;
	bool good;

	if (body->cut)
		return err_set(err, ERR_DATA,
		    "the contact is larger than a request may be; shorten its "
		    "note");
	if (auth_state(partner->auth) != AUTH_READY) {
		park(call);
		return true;
	}
	str_init(&text, URL_MAX);
	str_add(&text, partner->config->api_url);
	str_add(&text, path_of(&partner->dialect, call->verb));
	if (id)
		url_encode(&text, id);
	good = url_check(text.data, &api, &url, err);
	str_release(&text);
	request.url = url.text;
	if (!good || !http_start(partner->http, &request, err))
		return false;
	call->started_ms = clock_monotonic(partner->clock);
	partner->requests++;
	return true;
}

/* ---- the search's birth date -------------------------------------------- */

static bool
blames_birth_date(const struct reply *reply)
{
	if (reply->kind != REPLY_REFUSED && reply->kind != REPLY_UNPROCESSABLE)
		return false;
	return refusal_mentions(reply->message, "birth") ||
	       refusal_mentions(reply->field, "birth") ||
	       refusal_mentions(reply->code, "birth");
}

static const char *
other_than(const char *key)
{
	return birth_date_keys[strcmp(key, birth_date_keys[0]) == 0];
}

/* Names the other key, or keeps it. */
static void
judge_key(struct call *call)
{
	struct partner *partner = call->partner;
	struct reply *reply = &call->reply;

	if (!call->key)
		return;
	if (!call->asked_again) {
		if (blames_birth_date(reply))
			reply->other_key = other_than(call->key);
	} else if (reply->kind == REPLY_FOUND || reply->kind == REPLY_NONE) {
		str_copy(partner->birth_date_key,
		    sizeof(partner->birth_date_key), call->key);
	}
}

/* ---- answers ------------------------------------------------------------ */

static void
log_answer(const struct call *call, size_t len)
{
	const struct partner *partner = call->partner;
	const struct log_event event = {
	    .what = "http",
	    .method = method_of(call->verb),
	    .path = path_of(&partner->dialect, call->verb),
	    .state = reply_kind_word(call->reply.kind),
	    .code = call->reply.code,
	    .status = call->reply.http,
	    .bytes = (int64_t)len,
	    .milliseconds = clock_monotonic(partner->clock) - call->started_ms,
	    .count = -1,
	};

	log_write(&event);
}

static void
deliver(struct call *call)
{
	const struct config *config = call->partner->config;

	judge_key(call);
	call->reply.has_login = config->version == SERVICE_V2;
	str_copy(call->reply.profile, sizeof(call->reply.profile),
	    config->profile ? config->profile : "");
	call->done(call->context, &call->reply);
	reply_release(&call->reply);
	call_end(call);
}

static void
answered(void *context, const struct transport *transport, const char *body,
    size_t len)
{
	struct call *call = context;
	struct partner *partner = call->partner;
	/* asked anew: the config may have been swapped since the last run */
	const struct url_policy pages = config_page_policy(partner->config);

	if (partner->closing)
		return;
	reply_read(&call->reply, call->verb, call->repeatable, transport, body,
	    len, &pages);
	log_answer(call, len);
	if (call->reply.kind == REPLY_UNAUTHORISED &&
	    auth_refused(partner->auth, call->generation)) {
		call->refused = true;
		park(call);
		return;
	}
	if (call->reply.kind != REPLY_UNAUTHORISED && transport->answered)
		auth_accepted(partner->auth, call->generation);
	deliver(call);
}

/* The answer to a call that waited for the login. */
static void
answer_parked(struct call *call, enum auth_state state)
{
	const struct err *why = auth_error(call->partner->auth);
	struct reply *reply = &call->reply;

	reply_release(reply);
	memset(reply, 0, sizeof(*reply));
	reply->verb = call->verb;
	reply->retry_after_ms = -1;
	reply->http = call->refused ? 401 : 0;
	reply->kind = state == AUTH_READY            ? REPLY_AGAIN
		      : why->kind == ERR_UNAVAILABLE ? REPLY_NOT_SENT
						     : REPLY_UNAUTHORISED;
	if (state != AUTH_READY)
		str_copy(reply->message, sizeof(reply->message), why->text);
	if (reply->kind == REPLY_UNAUTHORISED)
		str_copy(reply->code, sizeof(reply->code),
		    auth_ended(call->partner->auth) ? "login-ended"
						    : "login-refused");
	deliver(call);
}

static struct call *
next_due(struct partner *partner)
{
	struct call *call = partner->calls;

	/* Who ends a call takes it out of this list before it is freed, but
	 * through the call's own pointer to the partner:
	 * NOLINTNEXTLINE(clang-analyzer-unix.Malloc) */
	while (call && !call->due)
		call = call->next;
	return call;
}

/* Those that wait now; what they start may wait anew. */
static void
release_parked(struct partner *partner)
{
	enum auth_state state = auth_state(partner->auth);
	bool failed = auth_take_failure(partner->auth), some = false;
	struct call *call;

	if (partner->let_go && state == AUTH_RENEWING)
		state = AUTH_READY; /* for those that are asked again, or not */
	partner->let_go = false;
	if (partner->parked == 0 || (state == AUTH_RENEWING && !failed))
		return;
	for (call = partner->calls; call; call = call->next) {
		call->due = call->parked && (state != AUTH_RENEWING || !some);
		some = some || call->parked;
	}
	while ((call = next_due(partner)) != NULL) {
		call->due = call->parked = false;
		partner->parked--;
		answer_parked(call, state);
	}
}

/* ---- the calls ---------------------------------------------------------- */

/* Whose contact it is: its own agent, else that of all. */
static const char *
agent_of(const struct partner *partner, const struct field_values *values)
{
	const char *own = values->text[FIELD_AGENT_EMAIL];

	return str_blank(own) ? partner->config->agent_email : own;
}

/* Ends the call when it could not start. */
static bool
write_contact(struct call *call, const char *id,
    const struct field_values *values, struct err *err)
{
	struct partner *partner = call->partner;
	struct str body;
	bool good;

	str_init(&body, BODY_MAX);
	if (id)
		request_update(&body, &partner->dialect,
		    agent_of(partner, values), values);
	else
		request_create(&body, &partner->dialect,
		    agent_of(partner, values), values);
	good = send_request(call, id, &body, err);
	if (!good)
		call_end(call);
	str_release(&body);
	return good;
}

void
partner_sender(const struct partner *partner, const struct field_values *values,
    struct str *out)
{
	const char *agent = agent_of(partner, values);

	if (!partner->dialect.agent_email_in_body) {
		auth_identity(partner->auth, out);
		return;
	}
	for (; agent && *agent; agent++)
		str_add_char(out,
		    (char)(*agent >= 'A' && *agent <= 'Z' ? *agent + ('a' - 'A')
							  : *agent));
}

bool
partner_create(struct partner *partner, const struct field_values *values,
    partner_done done, void *context, struct err *err)
{
	return write_contact(
	    call_new(partner, VERB_CREATE, done, context), NULL, values, err);
}

bool
partner_update(struct partner *partner, const char *healthsherpa_id,
    const struct field_values *values, partner_done done, void *context,
    struct err *err)
{
	struct call *call;

	if (!remote_id_valid(healthsherpa_id))
		return err_set(err, ERR_DATA,
		    "'%.80s' cannot be a HealthSherpa ID; correct or empty it "
		    "in the file",
		    healthsherpa_id);
	call = call_new(partner, VERB_UPDATE, done, context);
	call->repeatable = str_blank(values->text[FIELD_NOTES]);
	return write_contact(call, healthsherpa_id, values, err);
}

/* One of ours, since the partner's own may change while the call is out. */
static const char *
constant_key(const char *key)
{
	return other_than(other_than(key));
}

bool
partner_search(struct partner *partner, enum selector selector,
    const struct field_values *values, const char *other_key, partner_done done,
    void *context, struct err *err)
{
	const char *key = constant_key(
	    other_key ? other_key : partner->birth_date_key);
	struct call *call;
	struct str body;
	bool good;

	assert(selector_possible(selector, values));
	call = call_new(partner, VERB_SEARCH, done, context);
	if (selector == SELECTOR_BIRTH_DATE) {
		call->key = key;
		call->asked_again = other_key != NULL;
	}
	str_init(&body, BODY_MAX);
	request_search(&body, &partner->dialect, agent_of(partner, values),
	    selector, values, key);
	good = send_request(call, NULL, &body, err);
	str_release(&body);
	if (!good)
		call_end(call);
	return good;
}

unsigned
partner_in_flight(const struct partner *partner)
{
	unsigned count = 0;

	for (const struct call *call = partner->calls; call; call = call->next)
		count++;
	return count;
}

void
partner_let_go(struct partner *partner)
{
	partner->let_go = partner->parked > 0;
}

uint64_t
partner_requests(const struct partner *partner)
{
	return partner->requests;
}

void
partner_wait(struct partner *partner, struct wait_fd *fds, unsigned count,
    int64_t timeout_ms)
{
	int64_t login =
	    partner ? auth_timeout(partner->auth, partner->calls != NULL) : -1;

	if (login >= 0 && (timeout_ms < 0 || login < timeout_ms))
		timeout_ms = login;
	http_wait(partner ? partner->http : NULL, fds, count, timeout_ms);
}

void
partner_step(struct partner *partner)
{
	http_step(partner->http);
	auth_step(partner->auth, partner->http, partner->calls != NULL);
	release_parked(partner);
}
