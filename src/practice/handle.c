/* SPDX-License-Identifier: MIT */
/*
 * One request after another: the script and the switches say how it is to go,
 * the API, OAuth or the pages make the answer, the log gets its line, the
 * answer leaves: now, later, or never. Hazard: a request that is held (delay,
 * stall) stays valid until it is answered, so it has exactly one owner: the
 * handler, or the list of held ones.
 */
#include "practice/handle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/httpd.h"
#include "base/mem.h"
#include "base/str.h"
#include "practice/answer.h"
#include "practice/faults.h"
#include "practice/parameters.h"
#include "practice/pages.h"
#include "practice/received.h"
#include "practice/store.h"

enum { HUGE_BYTES = 8 << 20, QUERY_MAX = 16 << 10 };

/* An answer that leaves later. */
struct held {
	struct httpd_request *request;
	struct answer answer;
	int64_t due; /* monotonic; INT64_MAX: never */
	struct held *next;
};

/* A call whose client has been dropped and that is carried out later. */
struct late {
	char *method;
	char *path;
	char *api_key;
	char *authorization;
	char *content_type;
	char *body;
	size_t body_len;
	uint64_t index;
	struct api_quirks quirks;
	int64_t due;
	struct late *next;
};

/* The date of HTTP, whatever the locale (RFC 9110 5.6.7). */
static void
http_date(char *out, size_t size, int64_t wall_ms)
{
	static const char days[][4] = {
	    "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
	static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May",
	    "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	time_t seconds = (time_t)(wall_ms / 1000);
	struct tm tm;

	gmtime_r(&seconds, &tm);
	snprintf(out, size, "%s, %02d %s %d %02d:%02d:%02d GMT",
	    days[tm.tm_wday], tm.tm_mday, months[tm.tm_mon], tm.tm_year + 1900,
	    tm.tm_hour, tm.tm_min, tm.tm_sec);
}

static void
set_retry_after(const struct handling *handling, struct answer *answer)
{
	size_t size = sizeof(answer->retry_after);

	switch (handling->switches.choice[SWITCH_RETRY_AFTER]) {
	case RETRY_AFTER_SECONDS:
		str_copy(answer->retry_after, size, "1");
		break;
	case RETRY_AFTER_DATE:
		/* Two, since the date is cut to whole seconds. */
		http_date(answer->retry_after, size,
		    clock_wall(handling->clock) + 2000);
		break;
	case RETRY_AFTER_ABSURD:
		str_copy(answer->retry_after, size, "86400");
		break;
	default: break;
	}
}

static void
send_answer(struct httpd_request *request, const struct answer *answer)
{
	struct httpd_field fields[7] = {{"Cache-Control", "no-store"}};
	size_t count = 1;
	char policy[512];

	if (answer->type) {
		fields[count++] = (struct httpd_field){
		    "Content-Type", answer->type};
		snprintf(policy, sizeof(policy),
		    "default-src 'none'; style-src 'unsafe-inline'; "
		    "form-action 'self'%s%s; frame-ancestors 'none'",
		    *answer->form_action ? " " : "", answer->form_action);
		fields[count++] = (struct httpd_field){
		    "Content-Security-Policy", policy};
	}
	if (*answer->challenge)
		fields[count++] = (struct httpd_field){
		    "WWW-Authenticate", answer->challenge};
	if (*answer->retry_after)
		fields[count++] = (struct httpd_field){
		    "Retry-After", answer->retry_after};
	if (*answer->location)
		fields[count++] = (struct httpd_field){
		    "Location", answer->location};
	fields[count] = (struct httpd_field){NULL, NULL};
	httpd_reply(request, answer->status, fields, answer->body.data,
	    answer->body.len);
}

static void
hold(struct handling *handling, struct httpd_request *request,
    struct answer *answer, int64_t due)
{
	struct held *held = mem_zalloc(sizeof(*held));

	held->request = request;
	held->answer = *answer;
	held->due = due;
	held->next = handling->held;
	handling->held = held;
	answer_init(answer);
}

static bool
within_rate(struct handling *handling)
{
	const struct switches *switches = &handling->switches;
	int64_t now = clock_monotonic(handling->clock);

	if (switches->rate_per == 0)
		return true;
	handling->requests_left += (double)(now - handling->counted_at) *
				   switches->rate_count /
				   (double)switches->rate_per;
	if (handling->requests_left > switches->rate_count)
		handling->requests_left = switches->rate_count;
	handling->counted_at = now;
	if (handling->requests_left < 1)
		return false;
	handling->requests_left -= 1;
	return true;
}

/* The error of a script, in the shape that this endpoint gives such ones. */
static void
scripted_error(struct handling *handling, const struct api_call *call,
    int status, struct answer *answer)
{
	static const char words[] = "scripted by the practice server";

	if (api_route(call->method, call->path) == API_TOKEN)
		answer_oauth_error(answer, status,
		    status == 401   ? "invalid_client"
		    : status >= 500 ? "server_error"
		    : status == 429 ? "slow_down"
				    : "invalid_grant",
		    words);
	else if (api_takes_token(call->path) &&
		 (status == 401 || status == 403))
		answer_bearer_error(answer, status,
		    status == 401 ? "invalid_token" : "insufficient_scope",
		    words);
	else
		answer_error(answer, &handling->switches, status,
		    status == 401   ? "unauthorized"
		    : status == 429 ? "rate_limited"
		    : status >= 500 ? "internal_error"
				    : "refused",
		    NULL, words);
}

/* An answer that a script puts in the place of the right one. */
static void
replace_answer(struct handling *handling, const struct api_call *call,
    const struct fault *fault, struct answer *answer)
{
	const struct switches *switches = &handling->switches;

	*answer->location = *answer->challenge = *answer->form_action = '\0';
	if (fault->junk) {
		answer_gateway(answer, 200);
	} else if (*fault->redirect) {
		answer_start(answer, 302, NULL);
		str_copy(answer->location, sizeof(answer->location),
		    fault->redirect);
	} else if (fault->twin) {
		answer_error(answer, switches, 422, "unprocessable_entity",
		    "external_id", "has already been taken");
	} else if (fault->status >= 502 && fault->status <= 504) {
		answer_gateway(answer, fault->status);
	} else {
		scripted_error(handling, call, fault->status, answer);
	}
	if (*fault->retry_after)
		str_copy(answer->retry_after, sizeof(answer->retry_after),
		    fault->retry_after);
	else if (fault->status == 429)
		set_retry_after(handling, answer);
}

/* White space after a JSON document keeps it one. */
static void
pad(struct str *body)
{
	char blanks[1024];

	memset(blanks, ' ', sizeof(blanks));
	while (body->len < HUGE_BYTES)
		str_add_bytes(body, blanks, sizeof(blanks));
}

static void
carry_out(struct handling *handling, const struct api_call *call,
    const struct api_quirks *quirks, struct answer *answer)
{
	switch (api_route(call->method, call->path)) {
	case API_AUTHORIZE:
		oauth_authorize(&handling->oauth, call, answer);
		break;
	case API_TOKEN: oauth_token(&handling->oauth, call, answer); break;
	default: api_answer(&handling->api, call, quirks, answer);
	}
}

static void
answer_call(struct handling *handling, const struct api_call *call,
    const struct fault *fault, struct answer *answer)
{
	static const struct api_quirks none = {false};

	if (fault_works(fault))
		carry_out(
		    handling, call, fault ? &fault->quirks : &none, answer);
	if (!fault)
		return;
	if (fault->status)
		replace_answer(handling, call, fault, answer);
	if (fault->truncate)
		answer->body.len /= 2;
	if (fault->huge)
		pad(&answer->body);
}

static void
log_request(struct handling *handling, const struct api_call *call,
    const struct answer *answer, uint64_t index, const char *end,
    const char *fault)
{
	enum api_route route = api_route(call->method, call->path);
	const struct received received = {
	    .time = clock_wall(handling->clock),
	    .index = index,
	    .route = api_route_name(route),
	    .method = call->method,
	    .path = call->path,
	    .status = strcmp(end, "reply") == 0 ? answer->status : 0,
	    .end = end,
	    .committed = answer->committed,
	    .external_id = answer->external_id,
	    .id = *answer->id ? answer->id : NULL,
	    .agent = answer->agent,
	    .fault = fault,
	    .form = !api_owns(call->path),
	    .body = call->body,
	    .body_len = call->body_len,
	};

	received_write(handling->log, &received);
}

static char *
copy_or_null(const char *text)
{
	return text ? mem_strdup(text) : NULL;
}

static void
do_later(struct handling *handling, const struct api_call *call,
    const struct fault *fault, uint64_t index)
{
	struct late *late = mem_zalloc(sizeof(*late));

	late->method = mem_strdup(call->method);
	late->path = mem_strdup(call->path);
	late->api_key = copy_or_null(call->api_key);
	late->authorization = copy_or_null(call->authorization);
	late->content_type = copy_or_null(call->content_type);
	late->body = mem_strndup(call->body, call->body_len);
	late->body_len = call->body_len;
	late->index = index;
	late->quirks = fault->quirks;
	late->due = clock_monotonic(handling->clock) + fault->late;
	late->next = handling->late;
	handling->late = late;
}

static void
finish(struct handling *handling, struct httpd_request *request,
    struct answer *answer, const struct fault *fault, int64_t delay)
{
	int64_t now = clock_monotonic(handling->clock);

	if (fault && fault->end == FAULT_STALL)
		hold(handling, request, answer, INT64_MAX);
	else if (fault && fault->end != FAULT_REPLY)
		httpd_drop(request);
	else if (delay > 0)
		hold(handling, request, answer, now + delay);
	else
		send_answer(request, answer);
}

/* The query of a request as a form; the caller frees. */
static char *
query_form(struct httpd_request *request)
{
	struct str text;

	str_init(&text, QUERY_MAX);
	for (size_t i = 0; oauth_parameters[i]; i++) {
		const char *value = httpd_query(request, oauth_parameters[i]);

		if (value)
			parameters_add(&text, oauth_parameters[i], value);
	}
	return str_take(&text);
}

static void
answer_or_limit(struct handling *handling, const struct api_call *call,
    const struct fault *fault, struct answer *answer)
{
	if (!fault && api_owns(call->path) && !within_rate(handling)) {
		answer_error(answer, &handling->switches, 429, "rate_limited",
		    NULL, "too many requests");
		set_retry_after(handling, answer);
	} else if (fault && fault->end == FAULT_LATE) {
		do_later(handling, call, fault, handling->requests);
	} else {
		answer_call(handling, call, fault, answer);
	}
}

static void
handle_call(struct handling *handling, struct httpd_request *request,
    struct api_call *call)
{
	static const char *const ends[] = {[FAULT_REPLY] = "reply",
	    [FAULT_DROP] = "drop",
	    [FAULT_STALL] = "stall",
	    [FAULT_LATE] = "late"};
	int64_t delay = handling->switches.latency;
	char *external_id = api_subject(&handling->api, call);
	const struct fault *fault = faults_next(
	    handling->faults, api_route(call->method, call->path), external_id);
	struct answer answer;

	answer_init(&answer);
	answer_or_limit(handling, call, fault, &answer);
	if (!answer.external_id)
		answer.external_id = external_id;
	else
		free(external_id);
	log_request(handling, call, &answer, handling->requests,
	    ends[fault ? fault->end : FAULT_REPLY], fault ? fault->text : NULL);
	finish(handling, request, &answer, fault,
	    delay + (fault ? fault->delay : 0));
	answer_release(&answer);
}

static void
answer_page(struct handling *handling, struct httpd_request *request,
    const struct api_call *call, struct answer *answer)
{
	const struct page_request page = {
	    .path = call->path,
	    .email = httpd_query(request, "email"),
	    .zip = httpd_query(request, "zip"),
	    .county = httpd_query(request, "county"),
	};

	if (strcmp(call->path, "/practice/revoke") == 0 &&
	    strcmp(call->method, "POST") == 0)
		oauth_revoke(&handling->oauth, call, answer);
	else if (strcmp(call->method, "GET") == 0 ||
		 strcmp(call->method, "HEAD") == 0)
		pages_answer(handling->store, &page, answer);
	else
		answer_gateway(answer, 405);
}

static void
handle_page(struct handling *handling, struct httpd_request *request,
    const struct api_call *call)
{
	struct answer answer;

	answer_init(&answer);
	answer_page(handling, request, call, &answer);
	log_request(handling, call, &answer, handling->requests, "reply", NULL);
	send_answer(request, &answer);
	answer_release(&answer);
}

void
handle_request(void *context, struct httpd_request *request)
{
	struct handling *handling = context;
	struct api_call call = {
	    .method = httpd_method(request),
	    .path = httpd_path(request),
	    .api_key = httpd_header(request, "X-API-Key"),
	    .authorization = httpd_header(request, "Authorization"),
	    .content_type = httpd_header(request, "Content-Type"),
	};
	enum api_route route = api_route(call.method, call.path);
	char *query = NULL;

	handling->requests++;
	call.body = httpd_body(request, &call.body_len);
	if (route == API_AUTHORIZE && strcmp(call.method, "GET") == 0) {
		call.body = query = query_form(request);
		call.body_len = strlen(query);
	}
	if (route != API_NONE || api_owns(call.path))
		handle_call(handling, request, &call);
	else
		handle_page(handling, request, &call);
	free(query);
}

static void
free_late(struct late *late)
{
	free(late->method);
	free(late->path);
	free(late->api_key);
	free(late->authorization);
	free(late->content_type);
	free(late->body);
	free(late);
}

static void
do_late(struct handling *handling, struct late *late)
{
	const struct api_call call = {
	    .method = late->method,
	    .path = late->path,
	    .api_key = late->api_key,
	    .authorization = late->authorization,
	    .content_type = late->content_type,
	    .body = late->body,
	    .body_len = late->body_len,
	};
	struct answer answer;

	answer_init(&answer);
	carry_out(handling, &call, &late->quirks, &answer);
	if (!answer.external_id)
		answer.external_id = api_subject(&handling->api, &call);
	log_request(handling, &call, &answer, late->index, "late-commit", NULL);
	answer_release(&answer);
}

static void
run_late(struct handling *handling, int64_t now)
{
	struct late **link = &handling->late;

	while (*link) {
		struct late *late = *link;

		if (late->due > now) {
			link = &late->next;
			continue;
		}
		*link = late->next;
		do_late(handling, late);
		free_late(late);
	}
}

static void
send_held(struct handling *handling, int64_t now)
{
	struct held **link = &handling->held;

	while (*link) {
		struct held *held = *link;

		if (held->due > now) {
			link = &held->next;
			continue;
		}
		*link = held->next;
		send_answer(held->request, &held->answer);
		answer_release(&held->answer);
		free(held);
	}
}

void
handle_start(struct handling *handling)
{
	handling->requests_left = handling->switches.rate_count;
	handling->counted_at = clock_monotonic(handling->clock);
}

bool
handle_due(struct handling *handling)
{
	int64_t now = clock_monotonic(handling->clock);

	run_late(handling, now);
	if (!handling->held)
		return false;
	send_held(handling, now);
	return true;
}

int64_t
handle_next_due(const struct handling *handling)
{
	int64_t due = INT64_MAX, left;

	for (const struct held *held = handling->held; held; held = held->next)
		due = held->due < due ? held->due : due;
	for (const struct late *late = handling->late; late; late = late->next)
		due = late->due < due ? late->due : due;
	if (due == INT64_MAX)
		return -1;
	left = due - clock_monotonic(handling->clock);
	return left > 0 ? left : 0;
}

void
handle_release(struct handling *handling)
{
	while (handling->held) {
		struct held *held = handling->held;

		handling->held = held->next;
		answer_release(&held->answer);
		free(held);
	}
	while (handling->late) {
		struct late *late = handling->late;

		handling->late = late->next;
		free_late(late);
	}
}
