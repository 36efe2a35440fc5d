/* SPDX-License-Identifier: MIT */
/*
 * A server of the tests' own that may misbehave: raw sockets on loopback, in a
 * forked process that runs one function. What it received comes back through
 * a pipe when it is stopped.
 */
#ifndef TESTS_SERVER_H
#define TESTS_SERVER_H

#include <stddef.h>
#include <sys/types.h>

struct server {
	int port;
	pid_t child;
	int report;         /* read end */
	char *requests[64]; /* after server_stop(): head and body, in order */
	unsigned count;
	unsigned connections;
};

/* What the child works with. */
struct peer {
	int listener;
	int report;
};

void server_start(struct server *server, void (*serve)(struct peer *peer));
/* Ends the child and reads what it received. */
void server_stop(struct server *server);
void server_release(struct server *server);
/* Connects and waits until the server's function has said something: what it
 * did before has happened. */
void server_meet(const struct server *server);
/* A port on which nobody listens. */
int server_dead_port(void);

/* In the child. These end it when the other side does what no test expects. */
int peer_accept(struct peer *peer);
/* Reads one request (head, and the body its Content-Length says) and reports
 * it; 0 when the connection ended before one began. */
size_t peer_read(struct peer *peer, int fd);
/* Both: false once the connection is gone. */
int peer_say(int fd, const char *text);
int peer_answer(int fd, int status, const char *fields, const char *body);
/* Waits until the other side hangs up, or so many ms have passed. */
void peer_linger(int fd, int ms);

#endif
