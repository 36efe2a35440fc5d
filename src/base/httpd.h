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
	const char *address;   /* "127.0.0.1" or "::1" */
	int port;              /* 0: a free one */
	const char *cert_file; /* PEM, with key_file: HTTPS; NULL: plain */
	const char *key_file;
};

struct httpd *httpd_start(const struct httpd_options *options,
    httpd_handler handler, void *context, struct err *err);
void httpd_stop(struct httpd *httpd); /* unanswered requests are closed */
int httpd_port(const struct httpd *httpd);

/* For the loop: wait until fd is readable or the timeout (-1: none), run. */
int httpd_fd(const struct httpd *httpd);
int64_t httpd_timeout(const struct httpd *httpd);
void httpd_run(struct httpd *httpd);

const char *httpd_method(const struct httpd_request *request);
const char *httpd_path(const struct httpd_request *request);
/* NULL when absent. Header names without regard to case. */
const char *httpd_header(const struct httpd_request *request, const char *name);
const char *httpd_query(const struct httpd_request *request, const char *name);
const char *httpd_body(const struct httpd_request *request, size_t *len);

struct httpd_field {
	const char *name;
	const char *value;
};
/* Ends the request: the pointer is dead afterwards. Bytes are copied.
 * `fields` (may be NULL) ends with a NULL name. */
void httpd_reply(struct httpd_request *request, int status,
    const struct httpd_field *fields, const void *body, size_t len);
/* Closes the connection without a byte. */
void httpd_drop(struct httpd_request *request);

#endif
