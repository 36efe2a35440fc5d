/* SPDX-License-Identifier: MIT */
/*
 * libmicrohttpd on an epoll descriptor of its own, run by the caller's loop.
 * A request that is not answered inside the handler is suspended; the answer
 * wakes it, and libmicrohttpd asks again, which is when it is sent.
 * Hazards: a suspended connection is not watched, so a client that left is
 * noticed only by the answer; libmicrohttpd aborts the program when it is
 * stopped with suspended connections, so httpd_stop() wakes them first.
 */
#include "base/httpd.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"

enum {
	BACKLOG = 128,
	CONNECTIONS_MAX = 512,
	IDLE_SECONDS = 120,
	HEADERS_MAX = 64 * 1024,
	DRAIN_MAX = 16 * HTTPD_BODY_MAX, /* read and dropped before a 413 */
	PEM_MAX = 1 << 20,
	STATUS_TOO_LARGE = 413,
};

enum state {
	READING,  /* the body is coming in */
	HANDLING, /* inside the handler */
	WAITING,  /* suspended, the handler has not answered yet */
	ANSWERED, /* `response` is to be sent; NULL: close */
};

struct httpd_request {
	struct httpd *httpd;
	struct MHD_Connection *connection;
	const char *method; /* libmicrohttpd's, as long as the request */
	const char *path;
	struct str body;
	size_t dropped; /* bytes beyond the ceiling */
	enum state state;
	struct MHD_Response *response;
	int status;
	struct httpd_request *next, *previous; /* those that wait */
};

struct httpd {
	struct MHD_Daemon *daemon;
	httpd_handler handler;
	void *context;
	int port;
	struct httpd_request *waiting;
	bool woken; /* a suspended request has its answer */
};

static void
wait_for_answer(struct httpd_request *request)
{
	struct httpd *httpd = request->httpd;

	request->state = WAITING;
	request->next = httpd->waiting;
	request->previous = NULL;
	if (httpd->waiting)
		httpd->waiting->previous = request;
	httpd->waiting = request;
	MHD_suspend_connection(request->connection);
}

static void
wake(struct httpd_request *request)
{
	if (request->previous)
		request->previous->next = request->next;
	else
		request->httpd->waiting = request->next;
	if (request->next)
		request->next->previous = request->previous;
	request->state = ANSWERED;
	request->httpd->woken = true;
	MHD_resume_connection(request->connection);
}

/* The answer is known: at once inside the handler, else the request wakes. */
static void
answer(struct httpd_request *request, struct MHD_Response *response, int status)
{
	assert(request->state == HANDLING || request->state == WAITING);
	request->response = response;
	request->status = status;
	if (request->state == WAITING)
		wake(request);
	else
		request->state = ANSWERED;
}

static enum MHD_Result
send_answer(struct httpd_request *request)
{
	if (!request->response)
		return MHD_NO;
	return MHD_queue_response(
	    request->connection, (unsigned)request->status, request->response);
}

/* MHD_NO closes the connection: there is too much to read it to the end. */
static enum MHD_Result
take_body(struct httpd_request *request, const char *data, size_t *len)
{
	size_t room = HTTPD_BODY_MAX - request->body.len;
	size_t kept = *len < room ? *len : room;

	str_add_bytes(&request->body, data, kept);
	request->dropped += *len - kept;
	*len = 0;
	return request->dropped > DRAIN_MAX ? MHD_NO : MHD_YES;
}

static const char too_large[] = "request body is too large\n";

static enum MHD_Result
on_request(void *context, struct MHD_Connection *connection, const char *url,
    const char *method, const char *version, const char *data, size_t *len,
    void **slot)
{
	struct httpd_request *request = *slot;

	(void)version;
	if (!request) {
		request = mem_zalloc(sizeof(*request));
		request->httpd = context;
		request->connection = connection;
		request->method = method;
		request->path = url;
		str_init(&request->body, HTTPD_BODY_MAX);
		*slot = request;
		return MHD_YES;
	}
	if (*len > 0)
		return take_body(request, data, len);
	if (request->state == READING) {
		request->state = HANDLING;
		if (request->dropped > 0)
			httpd_reply(request, STATUS_TOO_LARGE, NULL, too_large,
			    sizeof(too_large) - 1);
		else
			request->httpd->handler(
			    request->httpd->context, request);
	}
	if (request->state == ANSWERED)
		return send_answer(request);
	wait_for_answer(request);
	return MHD_YES;
}

static void
on_completed(void *context, struct MHD_Connection *connection, void **slot,
    enum MHD_RequestTerminationCode code)
{
	struct httpd_request *request = *slot;

	(void)context;
	(void)connection;
	(void)code;
	if (!request)
		return;
	if (request->response)
		MHD_destroy_response(request->response);
	str_release(&request->body);
	free(request);
	*slot = NULL;
}

/* Only loopback: nobody else is to reach the practice server or a login. */
static bool
read_address(const struct httpd_options *options,
    struct sockaddr_storage *address, socklen_t *size, struct err *err)
{
	struct sockaddr_in *four = (struct sockaddr_in *)address;
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)address;
	uint16_t port = htons((uint16_t)options->port);

	memset(address, 0, sizeof(*address));
	if (options->port < 0 || options->port > 65535)
		return err_set(err, ERR_USAGE,
		    "there is no port %d; ports go from 1 to 65535, 0 takes a "
		    "free one",
		    options->port);
	if (inet_pton(AF_INET, options->address, &four->sin_addr) == 1 &&
	    ntohl(four->sin_addr.s_addr) >> 24 == 127) {
		four->sin_family = AF_INET;
		four->sin_port = port;
		*size = sizeof(*four);
		return true;
	}
	if (inet_pton(AF_INET6, options->address, &six->sin6_addr) == 1 &&
	    IN6_IS_ADDR_LOOPBACK(&six->sin6_addr)) {
		six->sin6_family = AF_INET6;
		six->sin6_port = port;
		*size = sizeof(*six);
		return true;
	}
	return err_set(err, ERR_USAGE,
	    "cannot listen on '%s': only 127.0.0.1 and ::1 are allowed",
	    options->address);
}

/* Binds first, so that the port is known and taken before anyone is told. */
static int
listen_on(const struct httpd_options *options, int *port, struct err *err)
{
	struct sockaddr_storage address;
	socklen_t size = 0;
	int yes = 1, fd;

	if (!read_address(options, &address, &size, err))
		return -1;
	fd = socket(
	    address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) < 0 ||
	    bind(fd, (struct sockaddr *)&address, size) < 0 ||
	    listen(fd, BACKLOG) < 0 ||
	    getsockname(fd, (struct sockaddr *)&address, &size) < 0) {
		err_errno(err, ERR_UNAVAILABLE,
		    "cannot listen on port %d of %s", options->port,
		    options->address);
		if (fd >= 0)
			close(fd);
		return -1;
	}
	if (address.ss_family == AF_INET)
		*port = ntohs(((struct sockaddr_in *)&address)->sin_port);
	else
		*port = ntohs(((struct sockaddr_in6 *)&address)->sin6_port);
	return fd;
}

static bool
start_daemon(struct httpd *httpd, const struct httpd_options *options, int fd,
    struct err *err)
{
	unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME;
	struct MHD_OptionItem tls[3] = {{MHD_OPTION_END, 0, NULL}};
	struct str cert, key;
	bool good = true;

	str_init(&cert, PEM_MAX);
	str_init(&key, PEM_MAX);
	if (options->cert_file) {
		flags |= MHD_USE_TLS;
		good = file_read_all(options->cert_file, &cert, NULL, err) &&
		       file_read_all(options->key_file, &key, NULL, err);
		tls[0] = (struct MHD_OptionItem){
		    MHD_OPTION_HTTPS_MEM_CERT, 0, cert.data};
		tls[1] = (struct MHD_OptionItem){
		    MHD_OPTION_HTTPS_MEM_KEY, 0, key.data};
		tls[2] = (struct MHD_OptionItem){MHD_OPTION_END, 0, NULL};
	}
	if (good)
		httpd->daemon = MHD_start_daemon(flags, 0, NULL, NULL,
		    on_request, httpd, MHD_OPTION_LISTEN_SOCKET, fd,
		    MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL,
		    MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
		    MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS,
		    MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEADERS_MAX,
		    MHD_OPTION_ARRAY, tls, MHD_OPTION_END);
	if (good && !httpd->daemon && options->cert_file)
		good = err_set(err, ERR_UNAVAILABLE,
		    "cannot start the server; are '%s' and '%s' a certificate "
		    "and its key in PEM form?",
		    options->cert_file, options->key_file);
	else if (good && !httpd->daemon)
		good = err_set(err, ERR_UNAVAILABLE, "cannot start the server");
	crypto_wipe(key.data, key.len);
	str_release(&key);
	str_release(&cert);
	return good;
}

struct httpd *
httpd_start(const struct httpd_options *options, httpd_handler handler,
    void *context, struct err *err)
{
	struct httpd *httpd = mem_zalloc(sizeof(*httpd));
	int fd = listen_on(options, &httpd->port, err);

	httpd->handler = handler;
	httpd->context = context;
	if (fd >= 0 && start_daemon(httpd, options, fd, err))
		return httpd;
	if (fd >= 0)
		close(fd);
	free(httpd);
	return NULL;
}

void
httpd_stop(struct httpd *httpd)
{
	if (!httpd)
		return;
	while (httpd->waiting)
		httpd_drop(httpd->waiting);
	MHD_stop_daemon(httpd->daemon);
	free(httpd);
}

int
httpd_port(const struct httpd *httpd)
{
	return httpd->port;
}

int
httpd_fd(const struct httpd *httpd)
{
	const union MHD_DaemonInfo *info = MHD_get_daemon_info(
	    httpd->daemon, MHD_DAEMON_INFO_EPOLL_FD);

	return info->epoll_fd;
}

int64_t
httpd_timeout(const struct httpd *httpd)
{
	MHD_UNSIGNED_LONG_LONG ms;

	/* without a thread of its own libmicrohttpd has no way to tell */
	if (httpd->woken)
		return 0;
	if (MHD_get_timeout(httpd->daemon, &ms) != MHD_YES)
		return -1;
	return ms > INT32_MAX ? INT32_MAX : (int64_t)ms;
}

void
httpd_run(struct httpd *httpd)
{
	httpd->woken = false; /* a handler may wake another one */
	MHD_run(httpd->daemon);
}

const char *
httpd_method(const struct httpd_request *request)
{
	return request->method;
}

const char *
httpd_path(const struct httpd_request *request)
{
	return request->path;
}

const char *
httpd_header(const struct httpd_request *request, const char *name)
{
	return MHD_lookup_connection_value(
	    request->connection, MHD_HEADER_KIND, name);
}

const char *
httpd_query(const struct httpd_request *request, const char *name)
{
	return MHD_lookup_connection_value(
	    request->connection, MHD_GET_ARGUMENT_KIND, name);
}

const char *
httpd_body(const struct httpd_request *request, size_t *len)
{
	*len = request->body.len;
	return request->body.data;
}

void
httpd_reply(struct httpd_request *request, int status,
    const struct httpd_field *fields, const void *body, size_t len)
{
	/* libmicrohttpd copies; its interface is older than const */
	const union {
		const void *given;
		void *taken;
	} bytes = {body};
	struct MHD_Response *response;

	assert(status >= 200 && status <= 599);
	response = MHD_create_response_from_buffer(
	    len, bytes.taken, MHD_RESPMEM_MUST_COPY);
	if (!response)
		mem_die(71, "out of memory");
	/* a value with a line break is refused, so it cannot add a header */
	for (; fields && fields->name; fields++)
		MHD_add_response_header(response, fields->name, fields->value);
	answer(request, response, status);
}

void
httpd_drop(struct httpd_request *request)
{
	answer(request, NULL, 0);
}
