/* SPDX-License-Identifier: MIT */
#include "client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/json.h"
#include "base/str.h"
#include "practice/practice.h"

#include "check.h"

static _Noreturn void
run_server(const struct practice_options *options, int ready_fd, int parent_fd)
{
	struct err err = ERR_INIT;
	FILE *ready = fdopen(ready_fd, "w");
	bool good = practice_run(options, ready, parent_fd, &err);

	if (!good)
		printf("# server: %s\n", err.text);
	fflush(stdout);
	_exit(good ? 0 : 1);
}

void
server_start(struct server *server, const struct practice_options *options)
{
	struct practice_options all = *options;
	int ready[2], parent[2];
	char line[128] = "";
	size_t got = 0;

	snprintf(server->log_path, sizeof(server->log_path), "%s/log",
	    check_directory());
	if (!all.log_path)
		all.log_path = server->log_path;
	REQUIRE(pipe(ready) == 0 && pipe(parent) == 0);
	fflush(stdout);
	server->pid = fork();
	REQUIRE(server->pid >= 0);
	if (server->pid == 0) {
		close(ready[0]);
		close(parent[1]);
		run_server(&all, ready[1], parent[0]);
	}
	close(ready[1]);
	close(parent[0]);
	server->parent_fd = parent[1];
	while (got + 1 < sizeof(line) && read(ready[0], line + got, 1) == 1 &&
	       line[got] != '\n')
		got++;
	line[got] = '\0';
	close(ready[0]);
	REQUIRE(sscanf(line, "listening on http://127.0.0.1:%d",
		    &server->port) == 1);
}

void
server_stop(struct server *server)
{
	int status;

	close(server->parent_fd);
	REQUIRE(waitpid(server->pid, &status, 0) == server->pid);
	CHECK_INT(status, 0);
}

struct json *
server_log(const struct server *server, size_t number)
{
	struct err err = ERR_INIT;
	char *text = check_read(server->log_path);
	struct json *json = NULL;

	for (char *line = text, *end; (end = strchr(line, '\n'));
	     line = end + 1)
		if (number-- == 0) {
			json = json_parse(line, (size_t)(end - line), &err);
			break;
		}
	free(text);
	return json;
}

static int
connect_to(const struct server *server)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
	    .sin_port = htons((uint16_t)server->port),
	    .sin_addr = {htonl(INADDR_LOOPBACK)}};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	REQUIRE(fd >= 0);
	REQUIRE(connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0);
	return fd;
}

static void
send_request(int fd, const char *method, const char *path, const char *headers,
    const char *body)
{
	struct str text;

	str_init(&text, 4 << 20);
	str_addf(&text,
	    "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%s",
	    method, path, headers ? headers : "");
	if (body)
		str_addf(&text, "Content-Length: %zu\r\n", strlen(body));
	str_add(&text, "\r\n");
	str_add(&text, body ? body : "");
	REQUIRE(
	    send(fd, text.data, text.len, MSG_NOSIGNAL) == (ssize_t)text.len);
	str_release(&text);
}

void
client_finish(int fd, struct response *response)
{
	struct err err = ERR_INIT;
	char *text = malloc(16 << 20), *body;
	size_t len = 0, head;
	ssize_t got;

	*response = (struct response){.status = 0};
	REQUIRE(text != NULL);
	while ((got = read(fd, text + len, (16 << 20) - 1 - len)) > 0)
		len += (size_t)got;
	close(fd);
	text[len] = '\0';
	body = strstr(text, "\r\n\r\n");
	if (!body) {
		free(text);
		return;
	}
	head = (size_t)(body - text) + 2;
	REQUIRE(head < sizeof(response->head));
	memcpy(response->head, text, head);
	REQUIRE(sscanf(text, "HTTP/1.1 %d", &response->status) == 1);
	response->len = len - head - 2;
	response->body = malloc(response->len + 1);
	REQUIRE(response->body != NULL);
	memcpy(response->body, body + 4, response->len + 1);
	response->json = json_parse(response->body, response->len, &err);
	free(text);
}

int
client_start(const struct server *server, const char *method, const char *path,
    const char *body)
{
	int fd = connect_to(server);

	send_request(fd, method, path,
	    "X-API-Key: practice\r\nContent-Type: application/json\r\n", body);
	return fd;
}

void
client_request(const struct server *server, const char *method,
    const char *path, const char *headers, const char *body,
    struct response *response)
{
	int fd = connect_to(server);

	send_request(fd, method, path, headers, body);
	client_finish(fd, response);
}

void
client_call(const struct server *server, const char *method, const char *path,
    const char *body, struct response *response)
{
	client_finish(client_start(server, method, path, body), response);
}

void
response_release(struct response *response)
{
	json_free(response->json);
	free(response->body);
	*response = (struct response){.status = 0};
}

const char *
json_text_at(const struct json *json, const char *path)
{
	char key[64];

	while (json && *path) {
		size_t len = strcspn(path, ".");

		REQUIRE(len < sizeof(key));
		memcpy(key, path, len);
		key[len] = '\0';
		json = json_get(json, key);
		path += len + (path[len] == '.');
	}
	return json_scalar_text(json);
}

const char *
response_text(const struct response *response, const char *path)
{
	return json_text_at(response->json, path);
}
