/* SPDX-License-Identifier: MIT */
/*
 * Each call is an easy handle in one multi handle; handles are reused, and so
 * are connections.
 *
 * Hazards:
 * - libcurl sends a request again, a POST too, when a reused connection closes
 *   before the first byte of an answer (lib/transfer.c, Curl_retry_request). It
 *   rewinds the body for that; a body that cannot be rewound turns the re-send
 *   into an error. So a body that may leave only once is streamed through
 *   read_body() and seek_body() refuses.
 * - between the start of a call and its first byte the process may be stopped
 *   for hours; who started it counts from the start, so read_body() gives no
 *   byte that is later than the time that the call has.
 * - libcurl parses the CA bundle again for every connection unless CAPATH is
 *   NULL (18 ms each on Debian).
 * - its own ceiling for sizes does not count what is not announced, so the
 *   callbacks count.
 */
#include "partner/http.h"

#include <assert.h>
#include <curl/curl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/defence.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/url.h"

enum {
	CONNECT_TIMEOUT_MS = 10000,
	IDLE_CONNECTION_S = 20,
	OLD_CONNECTION_S = 600,
	STEP_ANSWERS = 8, /* so that many that come at once hold nobody up */
	CA_FILE_MAX = 4 << 20,
};

struct http_call {
	struct http *http;
	struct http_call *next; /* in http->live or http->idle */
	CURL *easy;
	struct curl_slist *headers;
	char *body;
	size_t len, sent;
	bool once;
	bool secret;
	int64_t started; /* monotonic ms */
	bool body_started;
	bool too_large;
	size_t header_bytes;
	struct str answer;
	char host[256];
	char words[CURL_ERROR_SIZE];
	char problem[768];
	http_done done;
	void *context;
};

struct http {
	CURLM *multi;
	const struct clock *clock;
	char *user_agent;
	char *ca_info;       /* NULL: libcurl's own */
	const char *ca_path; /* libcurl's static text; NULL: none */
	struct str ca_blob;  /* in place of both when not empty */
	bool plain_http;
	int64_t timeout_ms;
	struct http_call *live, *idle;
	unsigned in_flight;
	bool answers_left; /* for the next step */
};

/* ---- life --------------------------------------------------------------- */

static bool
check_library(struct err *err)
{
	const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);

	if (!(info->features & CURL_VERSION_ASYNCHDNS))
		return err_set(err, ERR_UNAVAILABLE,
		    "libcurl %s on this machine would freeze the screen while "
		    "it looks up names; install one built with a threaded or "
		    "c-ares resolver",
		    info->version);
	if (!(info->features & CURL_VERSION_SSL))
		return err_set(err, ERR_UNAVAILABLE,
		    "libcurl %s on this machine cannot do HTTPS; install one "
		    "built with TLS",
		    info->version);
	return true;
}

/* One more CA beside the system's, with no file of our own in between. */
static bool
add_authority(struct http *http, const char *file, struct err *err)
{
	const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);
	struct file_identity identity;
	struct str pem;
	bool good;

	str_init(&pem, CA_FILE_MAX);
	good = file_read_all(file, &pem, &identity, err);
	if (good && !strstr(pem.data, "-----BEGIN CERTIFICATE-----"))
		good = err_set(err, ERR_CONFIG,
		    "'%s' holds no certificate in PEM form", file);
	if (good && info->capath) {
		http->ca_info = mem_strdup(file);
		http->ca_path = info->capath;
	} else if (good) {
		if (info->cainfo)
			good = file_read_all(
			    info->cainfo, &http->ca_blob, &identity, err);
		str_add_char(&http->ca_blob, '\n');
		str_add_bytes(&http->ca_blob, pem.data, pem.len);
	}
	str_release(&pem);
	if (!good) {
		err->kind = ERR_CONFIG;
		err_prefix(err, "service.ca_file");
	}
	return good;
}

static bool
make_multi(struct http *http, int connections)
{
	long most = connections > 0 ? connections : 1;

	http->multi = curl_multi_init();
	return http->multi &&
	       !curl_multi_setopt(
		   http->multi, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX) &&
	       !curl_multi_setopt(
		   http->multi, CURLMOPT_MAX_HOST_CONNECTIONS, most) &&
	       !curl_multi_setopt(http->multi, CURLMOPT_MAXCONNECTS, most) &&
	       !curl_multi_setopt(
		   http->multi, CURLMOPT_MAX_CONCURRENT_STREAMS, most);
}

struct http *
http_new(const struct http_options *options, const struct clock *clock,
    struct err *err)
{
	const struct sigaction ignore = {.sa_handler = SIG_IGN};
	struct http *http;

	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		err_set(err, ERR_UNAVAILABLE, "libcurl cannot start");
		return NULL;
	}
	http = mem_zalloc(sizeof(*http));
	str_init(&http->ca_blob, 2 * CA_FILE_MAX);
	http->clock = clock;
	http->user_agent = mem_strdup(options->user_agent);
	http->plain_http = options->plain_http;
	http->timeout_ms = options->timeout_ms;
	sigaction(SIGPIPE, &ignore, NULL);
	if (!check_library(err) ||
	    (options->ca_file && !add_authority(http, options->ca_file, err)))
		goto fail;
	if (!make_multi(http, options->connections)) {
		err_set(err, ERR_UNAVAILABLE, "libcurl cannot start");
		goto fail;
	}
	return http;
fail:
	http_free(http);
	return NULL;
}

/* libcurl's own copies are beyond reach; ours are wiped. */
static void
call_clear(struct http_call *call)
{
	for (struct curl_slist *item = call->headers; item; item = item->next)
		explicit_bzero(item->data, strlen(item->data));
	curl_slist_free_all(call->headers);
	call->headers = NULL;
	if (call->body)
		explicit_bzero(call->body, call->len);
	free(call->body);
	call->body = NULL;
	if (call->secret)
		explicit_bzero(call->answer.data, call->answer.size);
	call->secret = false;
	str_release(&call->answer);
}

static void
call_free(struct http_call *call)
{
	curl_easy_cleanup(call->easy);
	call_clear(call);
	free(call);
}

void
http_free(struct http *http)
{
	struct http_call *call;

	if (!http)
		return;
	while ((call = http->live) != NULL) {
		http->live = call->next;
		curl_multi_remove_handle(http->multi, call->easy);
		call_free(call);
	}
	while ((call = http->idle) != NULL) {
		http->idle = call->next;
		call_free(call);
	}
	if (http->multi)
		curl_multi_cleanup(http->multi);
	str_release(&http->ca_blob);
	free(http->ca_info);
	free(http->user_agent);
	free(http);
	curl_global_cleanup();
}

/* ---- callbacks of libcurl ----------------------------------------------- */

/*
 * Its time is over before its first byte: the process was stopped meanwhile, or
 * did not come to it. libcurl's own clock starts only when it is moved on.
 */
static bool
is_late(const struct http_call *call)
{
	const struct http *http = call->http;

	return http->timeout_ms > 0 &&
	       clock_monotonic(http->clock) - call->started > http->timeout_ms;
}

static size_t
read_body(char *buffer, size_t size, size_t count, void *context)
{
	struct http_call *call = context;
	size_t left = call->len - call->sent;
	size_t room = size * count;
	size_t take = left < room ? left : room;

	if (!call->body_started && is_late(call))
		return CURL_READFUNC_ABORT;
	call->body_started = true;
	memcpy(buffer, call->body + call->sent, take);
	call->sent += take;
	return take;
}

static int
seek_body(void *context, curl_off_t offset, int origin)
{
	(void)context;
	(void)offset;
	(void)origin;
	return CURL_SEEKFUNC_FAIL;
}

static size_t
take_answer(char *bytes, size_t size, size_t count, void *context)
{
	struct http_call *call = context;
	size_t len = size * count;

	if (len > call->answer.limit - call->answer.len) {
		call->too_large = true;
		return 0;
	}
	str_add_bytes(&call->answer, bytes, len);
	return len;
}

static size_t
count_header(char *bytes, size_t size, size_t count, void *context)
{
	struct http_call *call = context;

	(void)bytes;
	call->header_bytes += size * count;
	if (call->header_bytes > HTTP_HEADERS_MAX) {
		call->too_large = true;
		return 0;
	}
	return size * count;
}

/* ---- starting ----------------------------------------------------------- */

static bool
check_header(const char *header, struct err *err)
{
	const char *value = strchr(header, ':');

	if (!value || value == header || str_blank(value + 1))
		return err_set(err, ERR_CONFIG, "a header has no value");
	for (const char *p = header; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			return err_set(err, ERR_CONFIG,
			    "the header '%.*s' holds a line break or another "
			    "control character; check the key or the e-mail "
			    "it is made from",
			    (int)(value - header), header);
	return true;
}

static bool
add_header(struct http_call *call, const char *header)
{
	struct curl_slist *list = curl_slist_append(call->headers, header);

	if (list)
		call->headers = list;
	return list != NULL;
}

#define SET(option, value) \
	(curl_easy_setopt(easy, (option), (value)) == CURLE_OK)

static bool
set_security(const struct http *http, CURL *easy, bool loopback)
{
	const char *schemes = http->plain_http ? "http,https" : "https";
	bool good = SET(CURLOPT_PROTOCOLS_STR, schemes) &&
		    SET(CURLOPT_REDIR_PROTOCOLS_STR, "https") &&
		    SET(CURLOPT_FOLLOWLOCATION, 0L) &&
		    SET(CURLOPT_SSL_VERIFYPEER, 1L) &&
		    SET(CURLOPT_SSL_VERIFYHOST, 2L) &&
		    SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) &&
		    SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) &&
		    SET(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L) &&
		    SET(CURLOPT_HTTP09_ALLOWED, 0L) &&
		    SET(CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE) &&
		    SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);

	if (http->ca_blob.len > 0) {
		struct curl_blob blob = {
		    .data = http->ca_blob.data,
		    .len = http->ca_blob.len,
		    .flags = CURL_BLOB_NOCOPY,
		};

		good = good && SET(CURLOPT_CAINFO_BLOB, &blob);
	} else if (http->ca_info) {
		good = good && SET(CURLOPT_CAINFO, http->ca_info) &&
		       SET(CURLOPT_CAPATH, http->ca_path);
	} else if (curl_version_info(CURLVERSION_NOW)->cainfo) {
		good = good && SET(CURLOPT_CAPATH, NULL);
	}
	/* No proxy stands between us and this machine. */
	return good && (!loopback || SET(CURLOPT_PROXY, ""));
}

static bool
set_times(const struct http *http, CURL *easy, bool tls)
{
	long whole = http->timeout_ms > 0 && http->timeout_ms < INT_MAX
			 ? (long)http->timeout_ms
			 : INT_MAX;
	long connect = whole < CONNECT_TIMEOUT_MS ? whole : CONNECT_TIMEOUT_MS;
	long silence = whole / 2000 > 0 ? whole / 2000 : 1;

	return SET(CURLOPT_NOSIGNAL, 1L) && SET(CURLOPT_TIMEOUT_MS, whole) &&
	       SET(CURLOPT_CONNECTTIMEOUT_MS, connect) &&
	       SET(CURLOPT_LOW_SPEED_LIMIT, 1L) &&
	       SET(CURLOPT_LOW_SPEED_TIME, silence) &&
	       SET(CURLOPT_MAXAGE_CONN, (long)IDLE_CONNECTION_S) &&
	       SET(CURLOPT_MAXLIFETIME_CONN, (long)OLD_CONNECTION_S) &&
	       SET(CURLOPT_TCP_KEEPALIVE, 1L) &&
	       SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS)
	       /* Without TLS nobody says "HTTP/2" before the first answer, and
		* calls would wait for it one behind the other. */
	       && SET(CURLOPT_PIPEWAIT, tls ? 1L : 0L);
}

static bool
set_body(struct http_call *call, CURL *easy)
{
	bool good = SET(CURLOPT_POST, 1L) &&
		    SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)call->len);

	if (!call->once)
		return good && SET(CURLOPT_POSTFIELDS, call->body);
	return good && SET(CURLOPT_READFUNCTION, read_body) &&
	       SET(CURLOPT_READDATA, call) &&
	       SET(CURLOPT_SEEKFUNCTION, seek_body) &&
	       SET(CURLOPT_SEEKDATA, call);
}

static bool
set_request(struct http_call *call, const struct http_request *request)
{
	CURL *easy = call->easy;
	bool good = add_header(call, "Expect:");

	for (const char *const *header = request->headers; *header; header++)
		good = good && add_header(call, *header);
	return good && set_body(call, easy) && SET(CURLOPT_URL, request->url) &&
	       SET(CURLOPT_CUSTOMREQUEST, request->method) &&
	       SET(CURLOPT_USERAGENT, call->http->user_agent) &&
	       SET(CURLOPT_HTTPHEADER, call->headers) &&
	       SET(CURLOPT_WRITEFUNCTION, take_answer) &&
	       SET(CURLOPT_WRITEDATA, call) &&
	       SET(CURLOPT_HEADERFUNCTION, count_header) &&
	       SET(CURLOPT_HEADERDATA, call) &&
	       SET(CURLOPT_ERRORBUFFER, call->words) &&
	       SET(CURLOPT_PRIVATE, call);
}

#undef SET

/* An idle call with nothing but its handle, or a new one. */
static struct http_call *
take_call(struct http *http)
{
	struct http_call *call = http->idle;
	CURL *easy;

	if (call)
		http->idle = call->next;
	else
		call = mem_zalloc(sizeof(*call));
	easy = call->easy ? call->easy : curl_easy_init();
	if (!easy)
		mem_die(71, "out of memory");
	*call = (struct http_call){.http = http, .easy = easy};
	return call;
}

static void
put_back(struct http_call *call)
{
	struct http *http = call->http;

	call_clear(call);
	curl_easy_reset(call->easy);
	call->next = http->idle;
	http->idle = call;
}

bool
http_start(
    struct http *http, const struct http_request *request, struct err *err)
{
	struct http_call *call;
	struct url url;

	assert(request->len > 0);
	for (const char *const *header = request->headers; *header; header++)
		if (!check_header(*header, err))
			return false;
	if (!url_parse(request->url, &url, err))
		return false;
	call = take_call(http);
	str_init(&call->answer,
	    request->answer_max ? request->answer_max : HTTP_ANSWER_MAX);
	str_copy(call->host, sizeof(call->host), url.host);
	call->secret = request->secret;
	if (call->secret)
		str_grow(&call->answer);
	call->once = request->once && DEFENDED(RESEND);
	call->done = request->done;
	call->context = request->context;
	call->started = clock_monotonic(http->clock);
	call->len = request->len;
	call->body = mem_alloc(request->len);
	memcpy(call->body, request->body, request->len);
	if (!set_security(http, call->easy, url.loopback) ||
	    !set_times(http, call->easy, strcmp(url.scheme, "https") == 0) ||
	    !set_request(call, request) ||
	    curl_multi_add_handle(http->multi, call->easy) != CURLM_OK) {
		put_back(call);
		return err_set(err, ERR_UNAVAILABLE,
		    "libcurl on this machine lacks a setting that a safe "
		    "connection needs; install version 7.85 or newer");
	}
	call->next = http->live;
	http->live = call;
	http->in_flight++;
	return true;
}

unsigned
http_in_flight(const struct http *http)
{
	return http->in_flight;
}

/* ---- ending ------------------------------------------------------------- */

static bool
never_connected(const struct http_call *call, CURLcode result)
{
	curl_off_t ready = 0;

	switch (result) {
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
	case CURLE_COULDNT_CONNECT:
	case CURLE_PROXY:
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR: return true;
	default:
		curl_easy_getinfo(
		    call->easy, CURLINFO_PRETRANSFER_TIME_T, &ready);
		return result != CURLE_OK && ready == 0;
	}
}

/* What went wrong, in words. */
static const char *
blame(const struct http_call *call, CURLcode result)
{
	long proxy = 0;

	curl_easy_getinfo(call->easy, CURLINFO_HTTP_CONNECTCODE, &proxy);
	if (proxy >= 300)
		return "the proxy on the way does not let us through";
	switch (result) {
	case CURLE_COULDNT_RESOLVE_HOST:
		return "there is no machine of this name";
	case CURLE_COULDNT_RESOLVE_PROXY:
	case CURLE_PROXY: return "the proxy on the way does not work";
	case CURLE_COULDNT_CONNECT: return "no connection";
	case CURLE_OPERATION_TIMEDOUT: return "it took too long";
	case CURLE_ABORTED_BY_CALLBACK:
		return "belay was stopped before it could be sent";
	case CURLE_PEER_FAILED_VERIFICATION:
		return "it did not prove who it is, so nothing was said to it; "
		       "if your office inspects traffic, name its certificate "
		       "as service.ca_file";
	case CURLE_SSL_CONNECT_ERROR: return "no secure connection";
	default:
		return never_connected(call, result) ? "no connection"
						     : "the connection broke";
	}
}

/* The words end with libcurl's own. */
static void
describe(struct http_call *call, CURLcode result)
{
	if (call->too_large)
		snprintf(call->problem, sizeof(call->problem),
		    "%s: the answer is larger than belay takes", call->host);
	else
		snprintf(call->problem, sizeof(call->problem), "%s: %s: %s",
		    call->host, blame(call, result),
		    *call->words ? call->words : curl_easy_strerror(result));
}

static void
describe_redirect(struct http_call *call)
{
	struct err err = ERR_INIT;
	char *target = NULL;
	struct url url;

	curl_easy_getinfo(call->easy, CURLINFO_REDIRECT_URL, &target);
	if (target && url_parse(target, &url, &err))
		snprintf(call->problem, sizeof(call->problem),
		    "%s points to another address, %s://%s", call->host,
		    url.scheme, url.host);
	else
		snprintf(call->problem, sizeof(call->problem),
		    "%s points to another address", call->host);
}

static struct transport
read_transport(struct http_call *call, CURLcode result)
{
	struct transport transport = {
	    .complete = result == CURLE_OK,
	    .retry_after_ms = -1,
	};
	struct curl_header *header;
	long status = 0;

	curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &status);
	transport.answered = status >= 200;
	transport.status = transport.answered ? (int)status : 0;
	transport.unreachable = !transport.answered &&
				never_connected(call, result);
	transport.body_started = call->once ? call->body_started
					    : !transport.unreachable;
	if (curl_easy_header(call->easy, "Retry-After", 0, CURLH_HEADER, -1,
		&header) == CURLHE_OK)
		transport.retry_after_ms = clock_parse_retry_after(
		    header->value, clock_wall(call->http->clock));
	if (result != CURLE_OK)
		describe(call, result);
	else if (status >= 300 && status < 400)
		describe_redirect(call);
	transport.problem = *call->problem ? call->problem : NULL;
	return transport;
}

static void
finish(struct http_call *call, CURLcode result)
{
	struct http *http = call->http;
	struct http_call **link = &http->live;
	struct transport transport;

	curl_multi_remove_handle(http->multi, call->easy);
	while (*link != call)
		link = &(*link)->next;
	*link = call->next;
	http->in_flight--;
	transport = read_transport(call, result);
	call->done(
	    call->context, &transport, call->answer.data, call->answer.len);
	put_back(call);
}

/* ---- the loop ----------------------------------------------------------- */

void
http_wait(
    struct http *http, struct wait_fd *fds, unsigned count, int64_t timeout_ms)
{
	struct curl_waitfd extra[HTTP_WAIT_MAX];
	struct pollfd polls[HTTP_WAIT_MAX];
	int limit = timeout_ms >= 0 && timeout_ms < INT_MAX ? (int)timeout_ms
							    : INT_MAX;

	if (http && http->answers_left)
		limit = 0;
	assert(count <= HTTP_WAIT_MAX);
	for (unsigned i = 0; i < count; i++) {
		extra[i] = (struct curl_waitfd){
		    .fd = fds[i].fd, .events = CURL_WAIT_POLLIN};
		polls[i] = (struct pollfd){.fd = fds[i].fd, .events = POLLIN};
		fds[i].ready = false;
	}
	if (http) {
		curl_multi_poll(http->multi, extra, count, limit, NULL);
		limit = 0;
	} else if (timeout_ms < 0) {
		limit = -1;
	}
	if (poll(polls, count, limit) <= 0)
		return;
	for (unsigned i = 0; i < count; i++)
		fds[i].ready = polls[i].revents != 0;
}

void
http_step(struct http *http)
{
	CURLMsg *message;
	int left, taken = 0;

	curl_multi_perform(http->multi, &left);
	http->answers_left = false;
	while ((message = curl_multi_info_read(http->multi, &left)) != NULL) {
		CURL *easy = message->easy_handle;
		CURLcode result = message->data.result;
		char *call = NULL;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(easy, CURLINFO_PRIVATE, &call);
		finish((struct http_call *)(void *)call, result);
		if (++taken == STEP_ANSWERS && left > 0) {
			http->answers_left = true;
			return;
		}
	}
}
