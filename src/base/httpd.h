/* SPDX-License-Identifier: MIT */
/*
 * A small HTTP server on loopback (libmicrohttpd), driven by the caller's loop:
 * no thread. For the practice server and the login callback.
 */
#ifndef BASE_HTTPD_H
#define BASE_HTTPD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct httpd;
struct httpd_request;

#define HTTPD_BODY_MAX (1u << 20)

/*
 * Called once a request is complete (body included, at most HTTPD_BODY_MAX;
 * a larger one is answered 413 by the server). The handler answers with
 * httpd_reply() now or, keeping the pointer, later from the same thread.
 * Until then the request stays valid, even if the client is gone.
 */
typedef void (*httpd_handler)(void *context, struct httpd_request *request);

struct httpd_options {
	const char *address;   /* 127.0.0.0/8 or "::1", nothing else */
	int port;              /* 0: a free one */
	const char *cert_file; /* PEM, with key_file: HTTPS; NULL: plain */
	const char *key_file;
};

/* ERR_UNAVAILABLE: the port is taken; ERR_USAGE: no such address or port. */
struct httpd *httpd_start(const struct httpd_options *options,
    httpd_handler handler, void *context, struct err *err);
/* NULL is fine; unanswered requests are closed. Not from inside a handler. */
void httpd_stop(struct httpd *httpd);
int httpd_port(const struct httpd *httpd);

/* For the loop: wait until fd is readable or the timeout (-1: none), run. */
int httpd_fd(const struct httpd *httpd);
int64_t httpd_timeout(const struct httpd *httpd);
void httpd_run(struct httpd *httpd);

const char *httpd_method(const struct httpd_request *request);
/* Percent-decoded, without the query. */
const char *httpd_path(const struct httpd_request *request);
/* NULL when absent. Header names without regard to case. */
const char *httpd_header(const struct httpd_request *request, const char *name);
const char *httpd_query(const struct httpd_request *request, const char *name);
const char *httpd_body(const struct httpd_request *request, size_t *len);

struct httpd_field {
	const char *name;
	const char *value;
};
/*
 * Ends the request: the pointer is dead afterwards. Bytes are copied; status
 * 200..599. `fields` (may be NULL) ends with a NULL name; a field whose value
 * has a line break is left out. A late reply leaves at the next httpd_run():
 * httpd_timeout() is 0 until then, so ask for it after replying.
 */
void httpd_reply(struct httpd_request *request, int status,
    const struct httpd_field *fields, const void *body, size_t len);
/* Closes the connection without a byte. */
void httpd_drop(struct httpd_request *request);

#endif
