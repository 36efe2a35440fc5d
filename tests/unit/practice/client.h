/* SPDX-License-Identifier: MIT */
/* A practice server in a child process, and bytes sent to it by hand. */
#ifndef TESTS_PRACTICE_CLIENT_H
#define TESTS_PRACTICE_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct json;
struct practice_options;

struct server {
	pid_t pid;
	int port;
	int parent_fd; /* closing it ends the server */
	char log_path[128];
};

/* The request log goes to a file in check_directory() unless one is named. */
void server_start(
    struct server *server, const struct practice_options *options);
/* By the end of the pipe; checks that it ended well. */
void server_stop(struct server *server);

/* The nth line of the request log, from 0; NULL when there are fewer. */
struct json *server_log(const struct server *server, size_t number);

struct response {
	int status; /* 0: closed without a byte */
	char head[8192];
	char *body; /* NUL-terminated */
	size_t len;
	struct json *json; /* the body, NULL when it is none */
};

/* `headers`: whole lines with CRLF, or NULL. */
void client_request(const struct server *server, const char *method,
    const char *path, const char *headers, const char *body,
    struct response *response);
/* The same with key and content type, as the API wants it. */
void client_call(const struct server *server, const char *method,
    const char *path, const char *body, struct response *response);
void response_release(struct response *response);

/* The string at a path of keys: "data.contact.id"; NULL when absent. */
const char *response_text(const struct response *response, const char *path);
const char *json_text_at(const struct json *json, const char *path);

/* Starts a request without waiting for the answer; the socket. */
int client_start(const struct server *server, const char *method,
    const char *path, const char *body);
void client_finish(int fd, struct response *response);

#endif
