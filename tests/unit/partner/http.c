/* SPDX-License-Identifier: MIT */
#include "partner/http.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "check.h"
#include "server.h"

#define KEY_HEADER "X-API-Key: not-a-real-key"

struct result {
	unsigned times;
	struct transport transport;
	char problem[1024];
	char *body;
	size_t len;
};

static void
keep(void *context, const struct transport *transport, const char *body,
    size_t len)
{
	struct result *result = context;

	result->times++;
	result->transport = *transport;
	str_copy(result->problem, sizeof(result->problem),
	    transport->problem ? transport->problem : "");
	free(result->body);
	result->body = calloc(1, len + 1);
	REQUIRE(result->body != NULL);
	memcpy(result->body, body, len);
	result->len = len;
}

static struct http *
open_http(int64_t timeout_ms)
{
	const struct http_options options = {
	    .user_agent = "belay/test",
	    .plain_http = true,
	    .timeout_ms = timeout_ms,
	    .connections = 4,
	};
	struct err err = ERR_INIT;
	struct http *http = http_new(&options, &clock_system, &err);

	if (!http)
		printf("# %s\n", err.text);
	REQUIRE(http != NULL);
	return http;
}

static bool
start(struct http *http, int port, bool once, struct result *result,
    struct err *err)
{
	static const char *const headers[] = {
	    KEY_HEADER, "Content-Type: application/json", NULL};
	char url[128];
	const struct http_request request = {
	    .method = "POST",
	    .url = url,
	    .headers = headers,
	    .body = "{\"a\":1}",
	    .len = 7,
	    .once = once,
	    .done = keep,
	    .context = result,
	};

	snprintf(url, sizeof(url), "http://127.0.0.1:%d/v1/contacts", port);
	return http_start(http, &request, err);
}

static void
run(struct http *http)
{
	while (http_in_flight(http) > 0) {
		http_step(http);
		if (http_in_flight(http) > 0)
			http_wait(http, NULL, 0, -1);
	}
}

/* One call to its end. */
static struct result
call(struct http *http, int port, bool once)
{
	struct result result = {0};
	struct err err = ERR_INIT;

	REQUIRE(start(http, port, once, &result, &err));
	run(http);
	CHECK_INT(result.times, 1);
	return result;
}

/* Starts the server, makes one call on a fresh connection, stops it. */
static struct result
call_server(
    struct server *server, void (*serve)(struct peer *peer), int64_t timeout_ms)
{
	struct http *http = open_http(timeout_ms);
	struct result result;

	server_start(server, serve);
	result = call(http, server->port, true);
	server_stop(server);
	http_free(http);
	return result;
}

static void
clear(struct server *server, struct result *result)
{
	server_release(server);
	free(result->body);
}

/* ---- the good case ------------------------------------------------------ */

static void
serve_kept_alive(struct peer *peer)
{
	for (;;) {
		int fd = peer_accept(peer);

		while (peer_read(peer, fd) > 0)
			peer_answer(fd, 201, "", "{\"ok\":1}");
		close(fd);
	}
}

TEST(a_call_says_what_it_must_and_nothing_more)
{
	struct http *http;
	struct server server;
	struct result result;
	const char *request;
	char netrc[256];

	snprintf(netrc, sizeof(netrc), "%s/.netrc", check_directory());
	check_write(netrc, "machine 127.0.0.1 login ada password x\n");
	setenv("HOME", check_directory(), 1);
	setenv("http_proxy", "http://127.0.0.1:1", 1);
	setenv("all_proxy", "http://127.0.0.1:1", 1);
	http = open_http(5000);
	server_start(&server, serve_kept_alive);
	result = call(http, server.port, true);
	CHECK(result.transport.answered && result.transport.complete);
	CHECK(result.transport.body_started);
	CHECK_INT(result.transport.status, 201);
	CHECK_INT(result.transport.retry_after_ms, -1);
	CHECK(result.transport.problem == NULL);
	CHECK_TEXT(result.body, "{\"ok\":1}");
	free(result.body);
	result = call(http, server.port, false);
	CHECK_INT(result.transport.status, 201);
	server_stop(&server);
	http_free(http);

	REQUIRE(server.count == 2);
	CHECK_INT(server.connections, 1);
	request = server.requests[0];
	CHECK(str_starts(request, "POST /v1/contacts HTTP/1.1\r\n"));
	CHECK(strstr(request, "\r\n" KEY_HEADER "\r\n"));
	CHECK(strstr(request, "\r\nUser-Agent: belay/test\r\n"));
	CHECK(strstr(request, "\r\nContent-Length: 7\r\n"));
	CHECK(str_ends(request, "\r\n\r\n{\"a\":1}"));
	CHECK(!strstr(request, "Expect:"));
	CHECK(!strstr(request, "Accept-Encoding:"));
	CHECK(!strstr(request, "Authorization:"));
	CHECK(!strstr(request, "Cookie:"));
	CHECK(!strstr(request, "Transfer-Encoding:"));
	CHECK_TEXT(server.requests[1], request);
	clear(&server, &result);
}

static void
serve_four_at_once(struct peer *peer)
{
	int fds[4];

	for (int i = 0; i < 4; i++) {
		fds[i] = peer_accept(peer);
		peer_read(peer, fds[i]);
	}
	for (int i = 3; i >= 0; i--)
		peer_answer(fds[i], 200, "", "{}");
	peer_linger(fds[0], 10000);
}

TEST(calls_run_side_by_side)
{
	struct http *http = open_http(10000);
	struct result results[4] = {{0}};
	struct err err = ERR_INIT;
	struct server server;

	server_start(&server, serve_four_at_once);
	for (int i = 0; i < 4; i++)
		CHECK(start(http, server.port, true, &results[i], &err));
	CHECK_INT(http_in_flight(http), 4);
	run(http);
	for (int i = 0; i < 4; i++) {
		CHECK_INT(results[i].times, 1);
		CHECK_INT(results[i].transport.status, 200);
		free(results[i].body);
	}
	http_free(http);
	server_stop(&server);
	CHECK_INT(server.count, 4);
	server_release(&server);
}

/* ---- nothing is sent twice ---------------------------------------------- */

/* Answers one request, takes the next and hangs up; then answers them all. */
static void
serve_hang_up_on_reuse(struct peer *peer)
{
	int fd = peer_accept(peer);

	peer_read(peer, fd);
	peer_answer(fd, 200, "", "{}");
	peer_read(peer, fd);
	close(fd);
	serve_kept_alive(peer);
}

static unsigned
requests_when_reused(bool once, struct result *result)
{
	struct http *http = open_http(5000);
	struct server server;
	struct result first;
	unsigned count;

	server_start(&server, serve_hang_up_on_reuse);
	first = call(http, server.port, once);
	CHECK_INT(first.transport.status, 200);
	*result = call(http, server.port, once);
	http_free(http);
	server_stop(&server);
	free(first.body);
	count = server.count - 1;
	server_release(&server);
	return count;
}

TEST(a_create_leaves_once_on_a_reused_connection)
{
	struct result result;

	CHECK_INT(requests_when_reused(true, &result), 1);
	CHECK(!result.transport.answered);
	CHECK(!result.transport.complete);
	CHECK(result.transport.body_started);
	CHECK(!result.transport.unreachable);
	CHECK(*result.problem != '\0');
	free(result.body);
}

/* The trap is real: what may be repeated is, by libcurl itself. */
TEST(a_search_is_repeated_by_the_library)
{
	struct result result;

	CHECK_INT(requests_when_reused(false, &result), 2);
	CHECK_INT(result.transport.status, 201);
	free(result.body);
}

static void
serve_hang_up(struct peer *peer)
{
	for (;;) {
		int fd = peer_accept(peer);

		peer_read(peer, fd);
		close(fd);
	}
}

TEST(a_create_leaves_once_on_a_fresh_connection)
{
	struct server server;
	struct result result = call_server(&server, serve_hang_up, 5000);

	CHECK_INT(server.count, 1);
	CHECK_INT(server.connections, 1);
	CHECK(!result.transport.answered);
	CHECK(result.transport.body_started);
	clear(&server, &result);
}

static void
serve_close_idle(struct peer *peer)
{
	int fd = peer_accept(peer);

	peer_read(peer, fd);
	peer_answer(fd, 200, "", "{}");
	close(fd);
	fd = peer_accept(peer);
	peer_say(fd, "!");
	close(fd);
	serve_kept_alive(peer);
}

TEST(a_connection_that_closed_meanwhile_is_not_used)
{
	struct http *http = open_http(5000);
	struct server server;
	struct result result;

	server_start(&server, serve_close_idle);
	result = call(http, server.port, true);
	free(result.body);
	server_meet(&server);
	result = call(http, server.port, true);
	CHECK_INT(result.transport.status, 201);
	http_free(http);
	server_stop(&server);
	CHECK_INT(server.count, 2);
	clear(&server, &result);
}

/* ---- trouble ------------------------------------------------------------ */

TEST(a_refused_connection_sends_nothing)
{
	struct http *http = open_http(5000);
	struct result result = call(http, server_dead_port(), true);

	CHECK(result.transport.unreachable);
	CHECK(!result.transport.body_started);
	CHECK(!result.transport.answered);
	CHECK(strstr(result.problem, "127.0.0.1: no connection"));
	free(result.body);
	result = call(http, server_dead_port(), false);
	CHECK(result.transport.unreachable);
	CHECK(!result.transport.body_started);
	free(result.body);
	http_free(http);
}

static void
serve_silence(struct peer *peer)
{
	int fd = peer_accept(peer);

	peer_read(peer, fd);
	peer_linger(fd, 20000);
}

TEST(silence_ends_at_the_timeout)
{
	int64_t before = clock_monotonic(&clock_system), took;
	struct server server;
	struct result result = call_server(&server, serve_silence, 300);

	took = clock_monotonic(&clock_system) - before;
	CHECK(took >= 250 && took < 10000);
	CHECK(!result.transport.answered);
	CHECK(result.transport.body_started);
	CHECK(!result.transport.unreachable);
	CHECK(strstr(result.problem, "too long"));
	clear(&server, &result);
}

static void
serve_slow_bytes(struct peer *peer)
{
	int fd = peer_accept(peer);

	peer_read(peer, fd);
	peer_say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
	while (peer_say(fd, "x"))
		peer_linger(fd, 20);
}

TEST(slow_bytes_end_at_the_timeout)
{
	struct server server;
	struct result result = call_server(&server, serve_slow_bytes, 400);

	CHECK(result.transport.answered);
	CHECK(!result.transport.complete);
	CHECK_INT(result.transport.status, 200);
	CHECK(result.len > 0 && result.len < 1000);
	clear(&server, &result);
}

static void
serve_truncated(struct peer *peer)
{
	int fd = peer_accept(peer);

	peer_read(peer, fd);
	peer_say(
	    fd, "HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\n{\"con");
	close(fd);
}

TEST(a_truncated_answer_is_not_complete)
{
	struct server server;
	struct result result = call_server(&server, serve_truncated, 5000);

	CHECK(result.transport.answered);
	CHECK(!result.transport.complete);
	CHECK_INT(result.transport.status, 201);
	CHECK_TEXT(result.body, "{\"con");
	clear(&server, &result);
}

static void
serve_endless_body(struct peer *peer)
{
	char block[65536];
	int fd = peer_accept(peer);

	peer_read(peer, fd);
	peer_say(fd, "HTTP/1.1 200 OK\r\n\r\n");
	memset(block, 'x', sizeof(block) - 1);
	block[sizeof(block) - 1] = '\0';
	while (peer_say(fd, block))
		;
}

TEST(an_endless_answer_is_cut)
{
	struct server server;
	struct result result = call_server(&server, serve_endless_body, 30000);

	CHECK(result.transport.answered);
	CHECK(!result.transport.complete);
	CHECK(result.len <= HTTP_ANSWER_MAX);
	CHECK(strstr(result.problem, "larger"));
	clear(&server, &result);
}

static void
serve_ten_megabytes_of_headers(struct peer *peer)
{
	char line[1024];
	int fd = peer_accept(peer);

	peer_read(peer, fd);
	peer_say(fd, "HTTP/1.1 200 OK\r\n");
	memset(line, 'x', sizeof(line));
	memcpy(line, "X-A: ", 5);
	line[sizeof(line) - 3] = '\r';
	line[sizeof(line) - 2] = '\n';
	line[sizeof(line) - 1] = '\0';
	for (int i = 0; i < 10240 && peer_say(fd, line); i++)
		;
	peer_say(fd, "Content-Length: 2\r\n\r\n{}");
	peer_linger(fd, 10000);
}

TEST(headers_without_end_are_cut)
{
	struct server server;
	struct result result = call_server(
	    &server, serve_ten_megabytes_of_headers, 30000);

	CHECK(!result.transport.complete);
	CHECK_INT(result.len, 0);
	CHECK(strstr(result.problem, "larger"));
	clear(&server, &result);
}

static int64_t ahead;

static int64_t
stopped_clock(void *context)
{
	(void)context;
	return clock_monotonic(&clock_system) + ahead;
}

/* Takes what comes until the other side hangs up; the next answer says whether
 * a body was among it. */
static void
serve_after_an_abort(struct peer *peer)
{
	int fd = peer_accept(peer);
	char bytes[4096];
	bool body = false;
	ssize_t got;

	while ((got = read(fd, bytes, sizeof(bytes))) > 0)
		body = body || memchr(bytes, '{', (size_t)got);
	close(fd);
	fd = peer_accept(peer);
	peer_read(peer, fd);
	peer_answer(fd, 200, "", body ? "leaked" : "nothing");
	peer_linger(fd, 5000);
}

/* The process is stopped between the start of the call and its first byte: who
 * started it counts on nothing leaving after its time. */
TEST(a_create_that_is_late_does_not_leave)
{
	const struct clock clock = {stopped_clock, stopped_clock, NULL};
	const struct http_options options = {.user_agent = "belay/test",
	    .plain_http = true,
	    .timeout_ms = 5000,
	    .connections = 4};
	struct err err = ERR_INIT;
	struct http *http = http_new(&options, &clock, &err);
	struct result result = {0}, next;
	struct server server;

	REQUIRE(http != NULL);
	server_start(&server, serve_after_an_abort);
	REQUIRE(start(http, server.port, true, &result, &err));
	ahead += 5001;
	run(http);
	CHECK_INT(result.times, 1);
	CHECK(!result.transport.answered);
	CHECK(!result.transport.body_started);
	CHECK(strstr(result.problem, "stopped before") != NULL);
	next = call(http, server.port, true);
	CHECK(next.transport.answered);
	CHECK(next.transport.body_started);
	CHECK_TEXT(next.body, "nothing");
	http_free(http);
	server_stop(&server);
	free(next.body);
	clear(&server, &result);
}

static void
serve_no_http(struct peer *peer)
{
	int fd = peer_accept(peer);

	peer_read(peer, fd);
	peer_say(fd, "220 mail.example ESMTP\r\n");
	close(fd);
}

TEST(what_is_not_http_is_no_answer)
{
	struct server server;
	struct result result = call_server(&server, serve_no_http, 5000);

	CHECK(!result.transport.answered);
	CHECK(result.transport.body_started);
	CHECK(*result.problem != '\0');
	clear(&server, &result);
}

static void
serve_hints_first(struct peer *peer)
{
	int fd = peer_accept(peer);

	peer_read(peer, fd);
	peer_say(fd, "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
	peer_say(fd, "HTTP/1.1 102 Processing\r\n\r\n");
	close(fd);
}

TEST(a_hint_is_no_answer)
{
	struct server server;
	struct result result = call_server(&server, serve_hints_first, 5000);

	CHECK(!result.transport.answered);
	CHECK_INT(result.transport.status, 0);
	clear(&server, &result);
}

static int other_port;

static void
serve_redirect(struct peer *peer)
{
	char location[128];
	int fd = peer_accept(peer);

	peer_read(peer, fd);
	snprintf(location, sizeof(location),
	    "Location: http://localhost:%d/elsewhere\r\n", other_port);
	peer_answer(fd, 307, location, "");
	peer_linger(fd, 10000);
}

TEST(a_redirect_is_not_followed)
{
	struct server server, other;
	struct result result;

	server_start(&other, serve_kept_alive);
	other_port = other.port;
	result = call_server(&server, serve_redirect, 5000);
	CHECK(result.transport.complete);
	CHECK_INT(result.transport.status, 307);
	CHECK(strstr(result.problem, "another address, http://localhost"));
	server_stop(&other);
	CHECK_INT(other.connections, 0);
	CHECK_INT(other.count, 0);
	server_release(&other);
	clear(&server, &result);
}

static void
serve_slow_down(struct peer *peer)
{
	int fd = peer_accept(peer);

	peer_read(peer, fd);
	peer_answer(fd, 429, "Retry-After: 7\r\n", "{}");
	peer_read(peer, fd);
	peer_answer(
	    fd, 503, "retry-after: Thu, 01 Jan 1970 00:01:40 GMT\r\n", "{}");
	peer_read(peer, fd);
	peer_answer(fd, 503, "Retry-After: soon\r\n", "{}");
	peer_linger(fd, 10000);
}

static int64_t
ninety_seconds(void *context)
{
	(void)context;
	return 90000;
}

TEST(retry_after_is_read_in_both_forms)
{
	const struct clock clock = {ninety_seconds, ninety_seconds, NULL};
	const struct http_options options = {.user_agent = "t",
	    .plain_http = true,
	    .timeout_ms = 5000,
	    .connections = 1};
	struct err err = ERR_INIT;
	struct http *http = http_new(&options, &clock, &err);
	static const int64_t waits[] = {7000, 10000, -1};
	struct server server;

	REQUIRE(http != NULL);
	server_start(&server, serve_slow_down);
	for (int i = 0; i < 3; i++) {
		struct result result = call(http, server.port, true);

		CHECK_INT(result.transport.retry_after_ms, waits[i]);
		free(result.body);
	}
	http_free(http);
	server_stop(&server);
	server_release(&server);
}

static void
serve_as_proxy(struct peer *peer)
{
	for (;;) {
		int fd = peer_accept(peer);

		peer_read(peer, fd);
		peer_answer(fd, 407, "Proxy-Authenticate: Basic\r\n", "");
		close(fd);
	}
}

TEST(a_proxy_sees_neither_key_nor_body)
{
	static const char *const headers[] = {KEY_HEADER, NULL};
	struct result result = {0};
	const struct http_request request = {
	    .method = "POST",
	    .url = "https://api.medicare-staging.healthsherpa.com/v1/contacts",
	    .headers = headers,
	    .body = "{\"a\":1}",
	    .len = 7,
	    .once = true,
	    .done = keep,
	    .context = &result,
	};
	struct err err = ERR_INIT;
	struct server server;
	struct http *http;
	char proxy[64];

	server_start(&server, serve_as_proxy);
	snprintf(proxy, sizeof(proxy), "http://127.0.0.1:%d", server.port);
	setenv("https_proxy", proxy, 1);
	unsetenv("no_proxy");
	unsetenv("NO_PROXY");
	http = open_http(5000);
	REQUIRE(http_start(http, &request, &err));
	run(http);
	http_free(http);
	server_stop(&server);
	CHECK(!result.transport.answered);
	CHECK(!result.transport.body_started);
	CHECK(strstr(result.problem, "the proxy on the way"));
	REQUIRE(server.count >= 1);
	for (unsigned i = 0; i < server.count; i++) {
		CHECK(str_starts(server.requests[i],
		    "CONNECT api.medicare-staging.healthsherpa.com:443 "));
		CHECK(!strstr(server.requests[i], "not-a-real-key"));
		CHECK(!strstr(server.requests[i], "{\"a\""));
	}
	clear(&server, &result);
}

/* ---- refused before anything leaves ------------------------------------- */

TEST(headers_that_could_smuggle_are_refused)
{
	static const char *const bad[] = {"X-API-Key: a\r\nX-Evil: 1",
	    "X-API-Key: a\nb", "X-API-Key: a\rb", "X-API-Key: a\033b",
	    "X-API-Key: a\x7f", "X-API-Key:", "X-API-Key:  ", ": a", "nothing",
	    NULL};
	struct http *http = open_http(5000);
	struct result result = {0};

	for (const char *const *header = bad; *header; header++) {
		const char *const headers[] = {*header, NULL};
		const struct http_request request = {
		    .method = "POST",
		    .url = "http://127.0.0.1:1/",
		    .headers = headers,
		    .body = "x",
		    .len = 1,
		    .done = keep,
		    .context = &result,
		};
		struct err err = ERR_INIT;

		CHECK(!http_start(http, &request, &err));
		CHECK_INT(err.kind, ERR_CONFIG);
		CHECK(!strstr(err.text, "Evil"));
	}
	CHECK_INT(http_in_flight(http), 0);
	CHECK_INT(result.times, 0);
	http_free(http);
}

TEST(plain_http_is_refused_unless_allowed)
{
	const struct http_options options = {
	    .user_agent = "t", .timeout_ms = 5000, .connections = 1};
	struct err err = ERR_INIT;
	struct http *http = http_new(&options, &clock_system, &err);
	struct result result;
	struct server server;

	REQUIRE(http != NULL);
	server_start(&server, serve_kept_alive);
	result = call(http, server.port, true);
	http_free(http);
	server_stop(&server);
	CHECK(!result.transport.body_started);
	CHECK_INT(server.connections, 0);
	clear(&server, &result);
}

/* ---- life and the loop -------------------------------------------------- */

TEST(freeing_ends_calls_without_a_callback)
{
	struct http *http = open_http(10000);
	struct result result = {0};
	struct err err = ERR_INIT;
	struct server server;

	server_start(&server, serve_silence);
	CHECK(start(http, server.port, true, &result, &err));
	CHECK(start(http, server.port, false, &result, &err));
	http_step(http);
	http_free(http);
	server_stop(&server);
	CHECK_INT(result.times, 0);
	server_release(&server);
	http_free(NULL);
}

static void
check_wait(struct http *http)
{
	int in[2] = {-1, -1}, out[2] = {-1, -1};
	struct wait_fd fds[2];
	int64_t before;

	REQUIRE(pipe(in) == 0 && pipe(out) == 0);
	fds[0] = (struct wait_fd){.fd = in[0], .ready = true};
	fds[1] = (struct wait_fd){.fd = out[0], .ready = true};
	http_wait(http, fds, 2, 0);
	CHECK(!fds[0].ready && !fds[1].ready);
	REQUIRE(write(out[1], "x", 1) == 1);
	http_wait(http, fds, 2, -1);
	CHECK(!fds[0].ready && fds[1].ready);
	close(in[1]); /* hung up, nothing to read */
	REQUIRE(read(out[0], &(char){0}, 1) == 1);
	http_wait(http, fds, 2, -1);
	CHECK(fds[0].ready && !fds[1].ready);
	before = clock_monotonic(&clock_system);
	http_wait(http, &fds[1], 1, 60);
	CHECK(clock_monotonic(&clock_system) - before >= 50);
	CHECK(!fds[1].ready);
	http_wait(http, NULL, 0, 1);
	close(in[0]);
	close(out[0]);
	close(out[1]);
}

TEST(waiting_sees_other_descriptors)
{
	struct http *http = open_http(5000);

	check_wait(http);
	check_wait(NULL);
	http_free(http);
}

struct again {
	struct http *http;
	int port, left;
};

static void
start_again(void *context, const struct transport *transport, const char *body,
    size_t len)
{
	static const char *const headers[] = {KEY_HEADER, NULL};
	struct again *again = context;
	struct http_request request = {
	    .method = "PATCH",
	    .headers = headers,
	    .body = "{}",
	    .len = 2,
	    .done = start_again,
	    .context = again,
	};
	struct err err = ERR_INIT;
	char url[64];

	(void)body;
	(void)len;
	CHECK(!transport || transport->status == 201);
	if (again->left-- == 0)
		return;
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/", again->port);
	request.url = url;
	CHECK(http_start(again->http, &request, &err));
}

TEST(a_callback_may_start_the_next_call)
{
	struct again again = {.http = open_http(5000), .left = 20};
	struct server server;

	server_start(&server, serve_kept_alive);
	again.port = server.port;
	start_again(&again, NULL, NULL, 0);
	run(again.http);
	http_free(again.http);
	server_stop(&server);
	CHECK_INT(server.count, 20);
	CHECK_INT(server.connections, 1);
	CHECK(str_starts(server.requests[0], "PATCH / HTTP/1.1"));
	server_release(&server);
}

TEST(a_ca_file_must_be_one)
{
	struct http_options options = {.user_agent = "t",
	    .timeout_ms = 1000,
	    .connections = 1,
	    .ca_file = "/nonexistent/ca.pem"};
	struct err err = ERR_INIT;
	char path[256];

	CHECK(!http_new(&options, &clock_system, &err));
	CHECK_INT(err.kind, ERR_CONFIG);
	CHECK(str_starts(err.text, "service.ca_file: "));
	snprintf(path, sizeof(path), "%s/ca.pem", check_directory());
	check_write(path, "no certificate\n");
	options.ca_file = path;
	CHECK(!http_new(&options, &clock_system, &err));
	CHECK_INT(err.kind, ERR_CONFIG);
}
