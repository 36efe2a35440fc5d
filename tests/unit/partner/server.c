/* SPDX-License-Identifier: MIT */
#include "server.h"

#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

enum { REQUEST_MAX = 1 << 16 };

static int
listen_on_loopback(int *port)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t size = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	REQUIRE(fd >= 0);
	REQUIRE(bind(fd, (struct sockaddr *)&address, size) == 0);
	REQUIRE(listen(fd, 16) == 0);
	REQUIRE(getsockname(fd, (struct sockaddr *)&address, &size) == 0);
	*port = ntohs(address.sin_port);
	return fd;
}

void
server_start(struct server *server, void (*serve)(struct peer *peer))
{
	struct peer peer;
	int ends[2];

	memset(server, 0, sizeof(*server));
	peer.listener = listen_on_loopback(&server->port);
	REQUIRE(pipe(ends) == 0);
	peer.report = ends[1];
	fflush(stdout);
	server->child = fork();
	REQUIRE(server->child >= 0);
	if (server->child == 0) {
		close(ends[0]);
		signal(SIGPIPE, SIG_IGN);
		alarm(60);
		serve(&peer);
		_exit(0);
	}
	close(ends[1]);
	close(peer.listener);
	server->report = ends[0];
}

static bool
read_all(int fd, void *buffer, size_t len)
{
	char *to = buffer;

	while (len > 0) {
		ssize_t got = read(fd, to, len);

		if (got <= 0)
			return false;
		to += got;
		len -= (size_t)got;
	}
	return true;
}

void
server_stop(struct server *server)
{
	uint32_t len;

	kill(server->child, SIGKILL);
	waitpid(server->child, NULL, 0);
	while (read_all(server->report, &len, sizeof(len))) {
		char *text;

		if (len == 0) {
			server->connections++;
			continue;
		}
		text = calloc(1, len + 1);
		REQUIRE(text != NULL);
		REQUIRE(read_all(server->report, text, len));
		REQUIRE(server->count < 64);
		server->requests[server->count++] = text;
	}
	close(server->report);
}

void
server_release(struct server *server)
{
	for (unsigned i = 0; i < server->count; i++)
		free(server->requests[i]);
}

void
server_meet(const struct server *server)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	char byte;

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	address.sin_port = htons((uint16_t)server->port);
	REQUIRE(fd >= 0);
	REQUIRE(connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0);
	REQUIRE(read(fd, &byte, 1) == 1);
	close(fd);
}

int
server_dead_port(void)
{
	int port;

	close(listen_on_loopback(&port));
	return port;
}

/* ---- in the child ------------------------------------------------------- */

static void
report(const struct peer *peer, const char *text, uint32_t len)
{
	char buffer[REQUEST_MAX + sizeof(len)];

	memcpy(buffer, &len, sizeof(len));
	memcpy(buffer + sizeof(len), text, len);
	if (write(peer->report, buffer, sizeof(len) + len) !=
	    (ssize_t)(sizeof(len) + len))
		_exit(3);
}

int
peer_accept(struct peer *peer)
{
	int fd = accept(peer->listener, NULL, NULL);

	if (fd < 0)
		_exit(3);
	report(peer, "", 0);
	return fd;
}

static size_t
body_length(const char *head)
{
	for (const char *line = head; line; line = strchr(line + 1, '\n'))
		if (strncasecmp(line, "\nContent-Length:", 16) == 0)
			return strtoul(line + 16, NULL, 10);
	return 0;
}

size_t
peer_read(struct peer *peer, int fd)
{
	static char request[REQUEST_MAX + 1];
	size_t len = 0, whole = 0;

	memset(request, 0, sizeof(request));
	while (whole == 0 || len < whole) {
		ssize_t got = read(fd, request + len, REQUEST_MAX - len);
		const char *end;

		if (got <= 0)
			return 0;
		len += (size_t)got;
		end = strstr(request, "\r\n\r\n");
		if (end)
			whole = (size_t)(end + 4 - request) +
				body_length(request);
	}
	report(peer, request, (uint32_t)len);
	return len;
}

int
peer_say(int fd, const char *text)
{
	size_t len = strlen(text);

	return write(fd, text, len) == (ssize_t)len;
}

int
peer_answer(int fd, int status, const char *fields, const char *body)
{
	char head[1024];

	snprintf(head, sizeof(head),
	    "HTTP/1.1 %d Words\r\nContent-Type: application/json\r\n"
	    "Content-Length: %zu\r\n%s\r\n",
	    status, strlen(body), fields);
	return peer_say(fd, head) && peer_say(fd, body);
}

void
peer_linger(int fd, int ms)
{
	struct pollfd hangup = {.fd = fd, .events = POLLIN};

	(void)poll(&hangup, 1, ms);
}
