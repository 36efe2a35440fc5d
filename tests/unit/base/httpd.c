/* SPDX-License-Identifier: MIT */
/*
 * The server and its clients live in one process and one poll(2), which shows
 * at the same time that the server needs nothing but its descriptor.
 */
#include "base/httpd.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "check.h"

enum { LIMIT_MS = 20000, LATE_MAX = 8 };

/* What the handler saw, and the requests it keeps for later. */
struct seen {
	int count;
	size_t body_len;
	char method[16], path[64], header[64], query[64], body[64];
	struct httpd_request *late[LATE_MAX];
	int late_count;
};

static void
note(char *buffer, size_t size, const char *text)
{
	str_copy(buffer, size, text ? text : "(none)");
}

/* /now answers, /drop drops, everything else is kept. */
static void
handle(void *context, struct httpd_request *request)
{
	static const struct httpd_field fields[] = {
	    {"Content-Type", "text/plain"},
	    {"X-Bad", "a\r\nX-Added: b"},
	    {NULL, NULL},
	};
	struct seen *seen = context;
	const char *body = httpd_body(request, &seen->body_len);

	seen->count++;
	note(seen->method, sizeof(seen->method), httpd_method(request));
	note(seen->path, sizeof(seen->path), httpd_path(request));
	note(seen->header, sizeof(seen->header),
	    httpd_header(request, "x-api-KEY"));
	note(seen->query, sizeof(seen->query), httpd_query(request, "q"));
	if (seen->body_len < sizeof(seen->body))
		memcpy(seen->body, body, seen->body_len + 1);
	if (strcmp(seen->path, "/now") == 0)
		httpd_reply(request, 200, fields, "hello\n", 6);
	else if (strcmp(seen->path, "/drop") == 0)
		httpd_drop(request);
	else
		seen->late[seen->late_count++] = request;
}

static struct httpd *
start(struct seen *seen)
{
	struct httpd_options options = {.address = "127.0.0.1"};
	struct err err = ERR_INIT;
	struct httpd *httpd;

	memset(seen, 0, sizeof(*seen));
	httpd = httpd_start(&options, handle, seen, &err);
	REQUIRE(httpd != NULL);
	REQUIRE(httpd_port(httpd) > 0);
	return httpd;
}

static int
connect_to(const struct httpd *httpd)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
	    .sin_port = htons((uint16_t)httpd_port(httpd))};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	REQUIRE(connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0);
	REQUIRE(fcntl(fd, F_SETFL, O_NONBLOCK) == 0);
	return fd;
}

/* One turn of a loop: waits for the server or the client (-1: none). */
static void
turn(struct httpd *httpd, int fd, short events)
{
	struct pollfd fds[] = {
	    {.fd = httpd_fd(httpd), .events = POLLIN},
	    {.fd = fd, .events = events},
	};
	int64_t timeout = httpd_timeout(httpd);

	if (timeout < 0 || timeout > LIMIT_MS)
		timeout = LIMIT_MS;
	REQUIRE(poll(fds, 2, (int)timeout) > 0 || timeout < LIMIT_MS);
	httpd_run(httpd);
}

static void
send_all(struct httpd *httpd, int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t sent = send(fd, bytes, len, MSG_NOSIGNAL);

		if (sent < 0) {
			REQUIRE(errno == EAGAIN);
			turn(httpd, fd, POLLOUT);
			continue;
		}
		bytes += sent;
		len -= (size_t)sent;
	}
}

static void
send_text(struct httpd *httpd, int fd, const char *text)
{
	send_all(httpd, fd, text, strlen(text));
}

/* Reads until `until` is there, or (NULL) the server closes. */
static void
receive(struct httpd *httpd, int fd, const char *until, struct str *out)
{
	char buffer[4096];

	while (!until || !strstr(out->data, until)) {
		ssize_t got = recv(fd, buffer, sizeof(buffer), 0);

		if (got < 0 && errno == EAGAIN) {
			turn(httpd, fd, POLLIN);
			continue;
		}
		if (got <= 0) {
			CHECK(!until);
			return;
		}
		str_add_bytes(out, buffer, (size_t)got);
	}
}

static void
run_until(struct httpd *httpd, const int *count, int wanted)
{
	while (*count < wanted)
		turn(httpd, -1, 0);
}

TEST(httpd_answers_at_once)
{
	struct seen seen;
	struct httpd *httpd = start(&seen);
	int fd = connect_to(httpd);
	struct str out;

	str_init(&out, 65536);
	send_text(httpd, fd,
	    "POST /now?q=a%20b&r HTTP/1.1\r\nHost: x\r\nX-Api-Key: sesame\r\n"
	    "Content-Length: 4\r\n\r\nbody");
	receive(httpd, fd, "hello\n", &out);
	CHECK(str_starts(out.data, "HTTP/1.1 200 "));
	CHECK(strstr(out.data, "Content-Type: text/plain\r\n") != NULL);
	CHECK(!strstr(out.data, "X-Added"));
	CHECK_TEXT(seen.method, "POST");
	CHECK_TEXT(seen.path, "/now");
	CHECK_TEXT(seen.query, "a b");
	CHECK_TEXT(seen.header, "sesame");
	CHECK_TEXT(seen.body, "body");
	/* the same connection again, without a body */
	str_reset(&out);
	send_text(httpd, fd, "GET /now HTTP/1.1\r\nHost: x\r\n\r\n");
	receive(httpd, fd, "hello\n", &out);
	CHECK_INT(seen.count, 2);
	CHECK_TEXT(seen.query, "(none)");
	CHECK_TEXT(seen.header, "(none)");
	CHECK_INT(seen.body_len, 0);
	close(fd);
	str_release(&out);
	httpd_stop(httpd);
}

TEST(httpd_answers_late_and_in_any_order)
{
	struct seen seen;
	struct httpd *httpd = start(&seen);
	int first = connect_to(httpd), second = connect_to(httpd);
	struct str out;

	str_init(&out, 65536);
	send_text(httpd, first, "GET /1 HTTP/1.1\r\nHost: x\r\n\r\n");
	run_until(httpd, &seen.late_count, 1);
	send_text(httpd, second, "GET /2 HTTP/1.1\r\nHost: x\r\n\r\n");
	run_until(httpd, &seen.late_count, 2);
	CHECK_TEXT(httpd_path(seen.late[0]), "/1");
	/* others are served meanwhile */
	httpd_reply(seen.late[1], 201, NULL, "two\n", 4);
	receive(httpd, second, "two\n", &out);
	CHECK(str_starts(out.data, "HTTP/1.1 201 "));
	str_reset(&out);
	httpd_reply(seen.late[0], 404, NULL, "one\n", 4);
	receive(httpd, first, "one\n", &out);
	CHECK(str_starts(out.data, "HTTP/1.1 404 "));
	/* a late answer leaves the connection usable */
	str_reset(&out);
	send_text(httpd, first, "GET /now HTTP/1.1\r\nHost: x\r\n\r\n");
	receive(httpd, first, "hello\n", &out);
	close(first);
	close(second);
	str_release(&out);
	httpd_stop(httpd);
}

/* A few turns at most until the server has nothing to do at once. */
static void
settle(struct httpd *httpd)
{
	for (int i = 0; i < 4 && httpd_timeout(httpd) == 0; i++)
		httpd_run(httpd);
	CHECK(httpd_timeout(httpd) != 0);
}

TEST(httpd_wakes_the_loop_for_a_late_answer)
{
	struct seen seen;
	struct httpd *httpd = start(&seen);
	int fd = connect_to(httpd);
	struct pollfd poll_fd = {.fd = httpd_fd(httpd), .events = POLLIN};
	struct str out;

	str_init(&out, 65536);
	send_text(httpd, fd, "GET /1 HTTP/1.1\r\nHost: x\r\n\r\n");
	run_until(httpd, &seen.late_count, 1);
	settle(httpd);
	/* nothing to do, so a loop would sleep */
	CHECK_INT(poll(&poll_fd, 1, 0), 0);
	httpd_reply(seen.late[0], 200, NULL, "late\n", 5);
	CHECK_INT(httpd_timeout(httpd), 0);
	receive(httpd, fd, "late\n", &out);
	settle(httpd);
	close(fd);
	str_release(&out);
	httpd_stop(httpd);
}

TEST(httpd_drops_without_a_byte)
{
	struct seen seen;
	struct httpd *httpd = start(&seen);
	int now = connect_to(httpd), late = connect_to(httpd);
	struct str out;

	str_init(&out, 65536);
	send_text(httpd, now, "GET /drop HTTP/1.1\r\nHost: x\r\n\r\n");
	receive(httpd, now, NULL, &out);
	CHECK_TEXT(out.data, "");
	send_text(httpd, late, "GET /1 HTTP/1.1\r\nHost: x\r\n\r\n");
	run_until(httpd, &seen.late_count, 1);
	httpd_drop(seen.late[0]);
	receive(httpd, late, NULL, &out);
	CHECK_TEXT(out.data, "");
	close(now);
	close(late);
	str_release(&out);
	httpd_stop(httpd);
}

TEST(httpd_outlives_a_client_that_left)
{
	struct seen seen;
	struct httpd *httpd = start(&seen);
	int gone = connect_to(httpd), fd;
	struct str out;

	str_init(&out, 65536);
	send_text(httpd, gone,
	    "POST /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc");
	run_until(httpd, &seen.late_count, 1);
	close(gone);
	httpd_run(httpd);
	CHECK_TEXT(httpd_path(seen.late[0]), "/1");
	CHECK_TEXT(httpd_body(seen.late[0], &seen.body_len), "abc");
	httpd_reply(seen.late[0], 200, NULL, "late\n", 5);
	/* half a request, then gone */
	gone = connect_to(httpd);
	send_text(
	    httpd, gone, "POST /1 HTTP/1.1\r\nContent-Length: 9\r\n\r\na");
	httpd_run(httpd);
	close(gone);
	fd = connect_to(httpd);
	send_text(httpd, fd, "GET /now HTTP/1.1\r\nHost: x\r\n\r\n");
	receive(httpd, fd, "hello\n", &out);
	CHECK_INT(seen.count, 2);
	close(fd);
	str_release(&out);
	httpd_stop(httpd);
}

TEST(httpd_refuses_a_body_that_is_too_large)
{
	struct seen seen;
	struct httpd *httpd = start(&seen);
	size_t sizes[] = {HTTPD_BODY_MAX, HTTPD_BODY_MAX + 1};
	char *body = mem_alloc(HTTPD_BODY_MAX + 1);

	memset(body, 'x', HTTPD_BODY_MAX + 1);
	for (int i = 0; i < 2; i++) {
		int fd = connect_to(httpd);
		struct str out;
		char head[128];

		str_init(&out, 65536);
		snprintf(head, sizeof(head),
		    "POST /now HTTP/1.1\r\nHost: x\r\n"
		    "Content-Length: %zu\r\n\r\n",
		    sizes[i]);
		send_text(httpd, fd, head);
		send_all(httpd, fd, body, sizes[i]);
		receive(httpd, fd, i == 0 ? "hello\n" : "too large\n", &out);
		CHECK(str_starts(
		    out.data, i == 0 ? "HTTP/1.1 200 " : "HTTP/1.1 413 "));
		close(fd);
		str_release(&out);
	}
	CHECK_INT(seen.count, 1);
	CHECK_INT(seen.body_len, HTTPD_BODY_MAX);
	free(body);
	httpd_stop(httpd);
}

TEST(httpd_stops_with_requests_unanswered)
{
	struct seen seen;
	struct httpd *httpd = start(&seen);
	int fd = connect_to(httpd), half = connect_to(httpd);
	char byte;

	send_text(httpd, fd, "GET /1 HTTP/1.1\r\nHost: x\r\n\r\n");
	send_text(httpd, half, "GET /1 HTTP");
	run_until(httpd, &seen.late_count, 1);
	httpd_stop(httpd);
	CHECK(recv(fd, &byte, 1, 0) <= 0);
	close(fd);
	close(half);
	httpd_stop(NULL);
}

TEST(httpd_names_a_port_that_is_taken)
{
	struct seen seen;
	struct httpd *httpd = start(&seen);
	struct httpd_options options = {
	    .address = "127.0.0.1", .port = httpd_port(httpd)};
	struct err err = ERR_INIT;
	char port[16];

	snprintf(port, sizeof(port), "port %d", options.port);
	CHECK(!httpd_start(&options, handle, &seen, &err));
	CHECK_INT(err.kind, ERR_UNAVAILABLE);
	CHECK(strstr(err.text, port) != NULL);
	CHECK(strstr(err.text, "Address already in use") != NULL);
	httpd_stop(httpd);
}

TEST(httpd_listens_on_loopback_only)
{
	static const char *const bad[] = {
	    "0.0.0.0", "::", "10.0.0.1", "localhost", "", "127.0.0.1 "};
	struct httpd_options options = {.port = 0};
	struct seen seen;
	struct err err = ERR_INIT;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		options.address = bad[i];
		CHECK(!httpd_start(&options, handle, &seen, &err));
		CHECK_INT(err.kind, ERR_USAGE);
	}
	options.address = "127.0.0.1";
	options.port = 65536;
	CHECK(!httpd_start(&options, handle, &seen, &err));
	CHECK_INT(err.kind, ERR_USAGE);
}

TEST(httpd_refuses_what_is_no_certificate)
{
	struct httpd_options options = {.address = "127.0.0.1"};
	struct err err = ERR_INIT;
	char path[256];

	snprintf(path, sizeof(path), "%s/cert.pem", check_directory());
	options.cert_file = path;
	options.key_file = path;
	CHECK(!httpd_start(&options, handle, NULL, &err));
	CHECK_INT(err.kind, ERR_NO_INPUT);
	check_write(path, "no certificate\n");
	CHECK(!httpd_start(&options, handle, NULL, &err));
	CHECK_INT(err.kind, ERR_UNAVAILABLE);
	CHECK(strstr(err.text, "cert.pem") != NULL);
}
