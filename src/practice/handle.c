/* SPDX-License-Identifier: MIT */
/*
 * One request after another: the script and the switches say how it is to go,
 * the API or the pages make the answer, the log gets its line, the answer
 * leaves: now, later, or never. Hazard: a request that is held (delay, stall)
 * stays valid until it is answered, so it has exactly one owner: the handler,
 * or the list of held ones.
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
#include "practice/pages.h"
#include "practice/received.h"
#include "practice/store.h"

enum { HUGE_BYTES = 8 << 20 };

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
	struct httpd_field fields[6] = {{"Cache-Control", "no-store"}};
	size_t count = 1;

	if (answer->type) {
		fields[count++] = (struct httpd_field){
		    "Content-Type", answer->type};
		fields[count++] = (struct httpd_field){
		    "Content-Security-Policy",
		    "default-src 'none'; style-src 'unsafe-inline'; "
		    "form-action 'self'; frame-ancestors 'none'"};
	}
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

/* False when the rate is exceeded. */
static bool
take_token(struct handling *handling)
{
	const struct switches *switches = &handling->switches;
	int64_t now = clock_monotonic(handling->clock);

	if (switches->rate_per == 0)
		return true;
	handling->tokens += (double)(now - handling->tokens_at) *
			    switches->rate_count / (double)switches->rate_per;
	if (handling->tokens > switches->rate_count)
		handling->tokens = switches->rate_count;
	handling->tokens_at = now;
	if (handling->tokens < 1)
		return false;
	handling->tokens -= 1;
	return true;
}

/* An answer that a script puts in the place of the right one. */
static void
replace_answer(
    struct handling *handling, const struct fault *fault, struct answer *answer)
{
	const struct switches *switches = &handling->switches;

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
		answer_error(answer, switches, fault->status,
		    fault->status == 401   ? "unauthorized"
		    : fault->status == 429 ? "rate_limited"
		    : fault->status >= 500 ? "internal_error"
					   : "refused",
		    NULL, "scripted by the practice server");
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
answer_call(struct handling *handling, const struct api_call *call,
    const struct fault *fault, struct answer *answer)
{
	static const struct api_quirks none = {false};

	if (fault_works(fault))
		api_answer(&handling->api, call, fault ? &fault->quirks : &none,
		    answer);
	if (!fault)
		return;
	if (fault->status)
		replace_answer(handling, fault, answer);
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
	const struct received received = {
	    .time = clock_wall(handling->clock),
	    .index = index,
	    .route = api_route_name(api_route(call->method, call->path)),
	    .method = call->method,
	    .path = call->path,
	    .status = strcmp(end, "reply") == 0 ? answer->status : 0,
	    .end = end,
	    .committed = answer->committed,
	    .external_id = answer->external_id,
	    .id = *answer->id ? answer->id : NULL,
	    .fault = fault,
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

static void
handle_call(struct handling *handling, struct httpd_request *request,
    enum api_route route)
{
	static const char *const ends[] = {[FAULT_REPLY] = "reply",
	    [FAULT_DROP] = "drop",
	    [FAULT_STALL] = "stall",
	    [FAULT_LATE] = "late"};
	struct api_call call = {
	    .method = httpd_method(request),
	    .path = httpd_path(request),
	    .api_key = httpd_header(request, "X-API-Key"),
	    .content_type = httpd_header(request, "Content-Type"),
	};
	int64_t delay = handling->switches.latency;
	const struct fault *fault;
	struct answer answer;
	char *external_id;

	call.body = httpd_body(request, &call.body_len);
	external_id = api_subject(&handling->api, &call);
	answer_init(&answer);
	fault = faults_next(handling->faults, route, external_id);
	if (!fault && !take_token(handling)) {
		answer_error(&answer, &handling->switches, 429, "rate_limited",
		    NULL, "too many requests");
		set_retry_after(handling, &answer);
	} else if (fault && fault->end == FAULT_LATE) {
		do_later(handling, &call, fault, handling->requests);
	} else {
		answer_call(handling, &call, fault, &answer);
	}
	if (!answer.external_id)
		answer.external_id = external_id;
	else
		free(external_id);
	log_request(handling, &call, &answer, handling->requests,
	    ends[fault ? fault->end : FAULT_REPLY], fault ? fault->text : NULL);
	finish(handling, request, &answer, fault,
	    delay + (fault ? fault->delay : 0));
	answer_release(&answer);
}

static void
handle_page(struct handling *handling, struct httpd_request *request)
{
	const struct page_request page = {
	    .path = httpd_path(request),
	    .email = httpd_query(request, "email"),
	    .zip = httpd_query(request, "zip"),
	    .county = httpd_query(request, "county"),
	};
	const struct api_call call = {
	    .method = httpd_method(request), .path = page.path, .body = ""};
	struct answer answer;

	answer_init(&answer);
	if (strcmp(call.method, "GET") == 0 || strcmp(call.method, "HEAD") == 0)
		pages_answer(handling->store, &page, &answer);
	else
		answer_gateway(&answer, 405);
	log_request(
	    handling, &call, &answer, handling->requests, "reply", NULL);
	send_answer(request, &answer);
	answer_release(&answer);
}

void
handle_request(void *context, struct httpd_request *request)
{
	struct handling *handling = context;
	const char *path = httpd_path(request);

	handling->requests++;
	if (str_starts(path, "/v1/") || strcmp(path, "/v1") == 0)
		handle_call(
		    handling, request, api_route(httpd_method(request), path));
	else
		handle_page(handling, request);
}

static void
free_late(struct late *late)
{
	free(late->method);
	free(late->path);
	free(late->api_key);
	free(late->content_type);
	free(late->body);
	free(late);
}

static void
carry_out(struct handling *handling, struct late *late)
{
	const struct api_call call = {late->method, late->path, late->api_key,
	    late->content_type, late->body, late->body_len};
	struct answer answer;

	answer_init(&answer);
	api_answer(&handling->api, &call, &late->quirks, &answer);
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
		carry_out(handling, late);
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
	handling->tokens = handling->switches.rate_count;
	handling->tokens_at = clock_monotonic(handling->clock);
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
