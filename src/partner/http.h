/* SPDX-License-Identifier: MIT */
/*
 * HTTPS calls over one curl_multi for the whole life; no thread. The one file
 * that knows libcurl (besides URL parsing).
 *
 * A create streams its body through a read callback whose seek fails, so that
 * libcurl cannot send it twice by itself (it would, on a reused connection
 * that closes without an answer); whether a byte left is known. Redirects are
 * not followed, netrc, cookies and decompression are off, answers are capped
 * (4 MiB, headers 64 KiB).
 */
#ifndef PARTNER_HTTP_H
#define PARTNER_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "partner/reply.h"

struct err;
struct http;
struct clock;

#define HTTP_ANSWER_MAX (4u << 20)
#define HTTP_HEADERS_MAX (64u << 10)

struct http_options {
	const char *user_agent;
	const char *ca_file; /* one more trusted CA (PEM), or NULL */
	bool plain_http;     /* loopback practice only */
	int64_t timeout_ms;  /* of a whole call; once it is over since the
			      * start no body that leaves once begins to */
	int connections;     /* per host; streams of one HTTP/2 connection */
};

/*
 * SIGPIPE is ignored from here on. `clock` stays the caller's and outlives it.
 * ERR_CONFIG: ca_file is unreadable; ERR_UNAVAILABLE: this libcurl lacks what
 * is needed.
 */
struct http *http_new(const struct http_options *options,
    const struct clock *clock, struct err *err);
/* NULL is fine. Calls in flight end without callback. Not from a callback. */
void http_free(struct http *http);

/* `transport` and `body` are valid during the call only. May start calls. */
typedef void (*http_done)(void *context, const struct transport *transport,
    const char *body, size_t len);

struct http_request {
	const char *method;         /* "POST", "PATCH" */
	const char *url;            /* passed the gate */
	const char *const *headers; /* "Name: value", NULL-terminated */
	const char *body; /* copied, wiped when done; at least one byte */
	size_t len;
	size_t answer_max; /* bytes; 0: HTTP_ANSWER_MAX */
	bool once;         /* never to be sent twice by the library */
	bool secret; /* the answer is: its memory does not move and is wiped */
	http_done done;
	void *context;
};

/* False: nothing was started, `done` is not called. A header with a control
 * character (CR, LF, ...) or without a value is refused. */
bool http_start(
    struct http *http, const struct http_request *request, struct err *err);
unsigned http_in_flight(const struct http *http);

/* An extra descriptor to wait for; `ready` is set when it is readable or has
 * hung up, cleared otherwise. */
struct wait_fd {
	int fd;
	bool ready;
};

#define HTTP_WAIT_MAX 16

/* Waits for network, descriptors (at most HTTP_WAIT_MAX) or the timeout (-1:
 * none); a signal ends it early. `http` NULL waits for the rest. */
void http_wait(
    struct http *http, struct wait_fd *fds, unsigned count, int64_t timeout_ms);
/* Moves all calls on and delivers what is done, some at a time: while there is
 * more http_wait() does not wait. */
void http_step(struct http *http);

#endif
