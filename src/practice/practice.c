/* SPDX-License-Identifier: MIT */
/*
 * A request comes in, the script and the switches say how it is to go, the
 * API or the pages make the answer, the log gets its line, the answer leaves:
 * now, later, or never. Hazard: a request that is held (delay, stall) stays
 * valid until it is answered, so it has exactly one owner: the handler, or the
 * list of held ones.
 */
#include "practice/practice.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/httpd.h"
#include "base/mem.h"
#include "base/str.h"
#include "practice/answer.h"
#include "practice/api.h"
#include "practice/faults.h"
#include "practice/pages.h"
#include "practice/received.h"
#include "practice/sample.h"
#include "practice/store.h"
#include "practice/switches.h"

#include <unistd.h>

enum { SCRIPT_MAX = 1 << 20, HUGE_BYTES = 8 << 20 };

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

struct practice {
	struct httpd *httpd;
	struct store *store;
	struct faults *faults;
	struct switches switches;
	struct api api;
	const struct clock *clock;
	char *api_key;
	char *agent_email;
	char url[128];
	int log;
	uint64_t requests;
	double tokens; /* left in the bucket of the rate */
	int64_t tokens_at;
	struct held *held;
	struct late *late;
};

/* ---- sending ------------------------------------------------------------- */

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
set_retry_after(const struct practice *practice, struct answer *answer)
{
	size_t size = sizeof(answer->retry_after);

	switch (practice->switches.choice[SWITCH_RETRY_AFTER]) {
	case RETRY_AFTER_SECONDS:
		str_copy(answer->retry_after, size, "1");
		break;
	case RETRY_AFTER_DATE:
		/* Two, since the date is cut to whole seconds. */
		http_date(answer->retry_after, size,
		    clock_wall(practice->clock) + 2000);
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
hold(struct practice *practice, struct httpd_request *request,
    struct answer *answer, int64_t due)
{
	struct held *held = mem_zalloc(sizeof(*held));

	held->request = request;
	held->answer = *answer;
	held->due = due;
	held->next = practice->held;
	practice->held = held;
	answer_init(answer);
}

/* ---- one request --------------------------------------------------------- */

/* False when the rate is exceeded. */
static bool
take_token(struct practice *practice)
{
	const struct switches *switches = &practice->switches;
	int64_t now = clock_monotonic(practice->clock);

	if (switches->rate_per == 0)
		return true;
	practice->tokens += (double)(now - practice->tokens_at) *
			    switches->rate_count / (double)switches->rate_per;
	if (practice->tokens > switches->rate_count)
		practice->tokens = switches->rate_count;
	practice->tokens_at = now;
	if (practice->tokens < 1)
		return false;
	practice->tokens -= 1;
	return true;
}

/* An answer that a script puts in the place of the right one. */
static void
replace_answer(
    struct practice *practice, const struct fault *fault, struct answer *answer)
{
	const struct switches *switches = &practice->switches;

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
		set_retry_after(practice, answer);
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
answer_call(struct practice *practice, const struct api_call *call,
    const struct fault *fault, struct answer *answer)
{
	static const struct api_quirks none = {false};

	if (fault_works(fault))
		api_answer(&practice->api, call, fault ? &fault->quirks : &none,
		    answer);
	if (!fault)
		return;
	if (fault->status)
		replace_answer(practice, fault, answer);
	if (fault->truncate)
		answer->body.len /= 2;
	if (fault->huge)
		pad(&answer->body);
}

static void
log_request(struct practice *practice, const struct api_call *call,
    const struct answer *answer, uint64_t index, const char *end,
    const char *fault)
{
	const struct received received = {
	    .time = clock_wall(practice->clock),
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

	received_write(practice->log, &received);
}

static char *
copy_or_null(const char *text)
{
	return text ? mem_strdup(text) : NULL;
}

static void
do_later(struct practice *practice, const struct api_call *call,
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
	late->due = clock_monotonic(practice->clock) + fault->late;
	late->next = practice->late;
	practice->late = late;
}

static void
finish(struct practice *practice, struct httpd_request *request,
    struct answer *answer, const struct fault *fault, int64_t delay)
{
	int64_t now = clock_monotonic(practice->clock);

	if (fault && fault->end == FAULT_STALL)
		hold(practice, request, answer, INT64_MAX);
	else if (fault && fault->end != FAULT_REPLY)
		httpd_drop(request);
	else if (delay > 0)
		hold(practice, request, answer, now + delay);
	else
		send_answer(request, answer);
}

static void
handle_call(struct practice *practice, struct httpd_request *request,
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
	int64_t delay = practice->switches.latency;
	const struct fault *fault;
	struct answer answer;
	char *external_id;

	call.body = httpd_body(request, &call.body_len);
	external_id = api_body_external_id(call.body, call.body_len);
	answer_init(&answer);
	fault = faults_next(practice->faults, route, external_id);
	if (!fault && !take_token(practice)) {
		answer_error(&answer, &practice->switches, 429, "rate_limited",
		    NULL, "too many requests");
		set_retry_after(practice, &answer);
	} else if (fault && fault->end == FAULT_LATE) {
		do_later(practice, &call, fault, practice->requests);
	} else {
		answer_call(practice, &call, fault, &answer);
	}
	if (!answer.external_id)
		answer.external_id = external_id;
	else
		free(external_id);
	log_request(practice, &call, &answer, practice->requests,
	    ends[fault ? fault->end : FAULT_REPLY], fault ? fault->text : NULL);
	finish(practice, request, &answer, fault,
	    delay + (fault ? fault->delay : 0));
	answer_release(&answer);
}

static void
handle_page(struct practice *practice, struct httpd_request *request)
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
		pages_answer(practice->store, &page, &answer);
	else
		answer_gateway(&answer, 405);
	log_request(
	    practice, &call, &answer, practice->requests, "reply", NULL);
	send_answer(request, &answer);
	answer_release(&answer);
}

static void
handle(void *context, struct httpd_request *request)
{
	struct practice *practice = context;
	const char *path = httpd_path(request);

	practice->requests++;
	if (str_starts(path, "/v1/") || strcmp(path, "/v1") == 0)
		handle_call(
		    practice, request, api_route(httpd_method(request), path));
	else
		handle_page(practice, request);
}

/* ---- the loop ------------------------------------------------------------ */

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
carry_out(struct practice *practice, struct late *late)
{
	const struct api_call call = {late->method, late->path, late->api_key,
	    late->content_type, late->body, late->body_len};
	struct answer answer;

	answer_init(&answer);
	api_answer(&practice->api, &call, &late->quirks, &answer);
	log_request(practice, &call, &answer, late->index, "late-commit", NULL);
	answer_release(&answer);
}

static void
run_late(struct practice *practice, int64_t now)
{
	struct late **link = &practice->late;

	while (*link) {
		struct late *late = *link;

		if (late->due > now) {
			link = &late->next;
			continue;
		}
		*link = late->next;
		carry_out(practice, late);
		free_late(late);
	}
}

static void
send_held(struct practice *practice, int64_t now)
{
	struct held **link = &practice->held;

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
practice_step(struct practice *practice)
{
	int64_t now;

	httpd_run(practice->httpd);
	now = clock_monotonic(practice->clock);
	run_late(practice, now);
	if (practice->held) {
		send_held(practice, now);
		httpd_run(practice->httpd);
	}
}

int
practice_fd(const struct practice *practice)
{
	return httpd_fd(practice->httpd);
}

int64_t
practice_timeout(const struct practice *practice)
{
	int64_t timeout = httpd_timeout(practice->httpd);
	int64_t due = INT64_MAX, left;

	for (const struct held *held = practice->held; held; held = held->next)
		due = held->due < due ? held->due : due;
	for (const struct late *late = practice->late; late; late = late->next)
		due = late->due < due ? late->due : due;
	if (due == INT64_MAX)
		return timeout;
	left = due - clock_monotonic(practice->clock);
	if (left < 0)
		left = 0;
	return timeout < 0 || left < timeout ? left : timeout;
}

/* ---- start and stop ------------------------------------------------------ */

static bool
read_script(struct practice *practice, const struct practice_options *options,
    struct err *err)
{
	struct file_identity identity;
	struct str text;

	if (!options->script_path)
		return true;
	str_init(&text, SCRIPT_MAX);
	if (file_read_all(options->script_path, &text, &identity, err))
		practice->faults = faults_parse(
		    options->script_path, text.data, options->seed, err);
	str_release(&text);
	return practice->faults != NULL;
}

static bool
read_switches(struct practice *practice, const struct practice_options *options,
    struct err *err)
{
	switches_init(&practice->switches);
	for (size_t i = 0; options->switches && options->switches[i]; i++)
		if (!switches_set(
			&practice->switches, options->switches[i], err))
			return false;
	practice->tokens = practice->switches.rate_count;
	practice->tokens_at = clock_monotonic(practice->clock);
	return true;
}

static bool
listen_on(struct practice *practice, const struct practice_options *options,
    struct err *err)
{
	const char *address = options->address ? options->address : "127.0.0.1";
	const struct httpd_options listener = {.address = address,
	    .port = options->port,
	    .cert_file = options->cert_file,
	    .key_file = options->key_file};
	bool six = strchr(address, ':') != NULL;

	practice->httpd = httpd_start(&listener, handle, practice, err);
	if (!practice->httpd)
		return false;
	snprintf(practice->url, sizeof(practice->url), "%s://%s%s%s:%d",
	    options->cert_file ? "https" : "http", six ? "[" : "", address,
	    six ? "]" : "", httpd_port(practice->httpd));
	return true;
}

static bool
prepare(struct practice *practice, const struct practice_options *options,
    struct err *err)
{
	if (!read_switches(practice, options, err) ||
	    !read_script(practice, options, err))
		return false;
	practice->store = store_open(options->store_path, options->seed, err);
	if (!practice->store)
		return false;
	if (options->log_path) {
		practice->log = received_open(options->log_path, err);
		if (practice->log < 0)
			return false;
	}
	practice->api_key = copy_or_null(options->api_key);
	practice->agent_email = copy_or_null(options->agent_email);
	practice->api = (struct api){
	    .store = practice->store,
	    .switches = &practice->switches,
	    .clock = practice->clock,
	    .api_key = practice->api_key,
	    .agent_email = practice->agent_email,
	    .base_url = practice->url,
	};
	return !options->sample || store_count(practice->store) > 0 ||
	       sample_seed(practice, err);
}

struct practice *
practice_start(const struct practice_options *options, struct err *err)
{
	struct practice *practice = mem_zalloc(sizeof(*practice));

	practice->log = -1;
	practice->clock = options->clock ? options->clock : &clock_system;
	if (!prepare(practice, options, err) ||
	    !listen_on(practice, options, err)) {
		practice_stop(practice);
		return NULL;
	}
	return practice;
}

void
practice_stop(struct practice *practice)
{
	if (!practice)
		return;
	if (practice->httpd)
		httpd_stop(practice->httpd);
	while (practice->held) {
		struct held *held = practice->held;

		practice->held = held->next;
		answer_release(&held->answer);
		free(held);
	}
	while (practice->late) {
		struct late *late = practice->late;

		practice->late = late->next;
		free_late(late);
	}
	if (practice->log >= 0)
		close(practice->log);
	store_close(practice->store);
	faults_free(practice->faults);
	free(practice->api_key);
	free(practice->agent_email);
	free(practice);
}

int
practice_port(const struct practice *practice)
{
	return httpd_port(practice->httpd);
}

const char *
practice_url(const struct practice *practice)
{
	return practice->url;
}

struct store *
practice_store(struct practice *practice)
{
	return practice->store;
}
