/* SPDX-License-Identifier: MIT */
/*
 * The request log: a JSON line for each request, written before its answer
 * leaves, so that a test can say what was received whatever became of it.
 *
 *	{"time","index","route","method","path","status","end","committed",
 *	 "external_id","id","agent_email","fault","body"}
 *
 * route: create, update, search, authorize, token, page. status: null when none
 *was sent; end: reply, drop, stall or late. committed: the request changed the
 *store. body: the request's, as JSON; text when it is none; null when empty. A
 *late request has a second line, when it takes effect, with
 *"end":"late-commit". The API key is never written, nor a token: of a form, the
 *values are masked that are not known to be harmless.
 */
#ifndef PRACTICE_RECEIVED_H
#define PRACTICE_RECEIVED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

/* -1 with the error; the file is appended to, made 0600. */
int received_open(const char *path, struct err *err);

struct received {
	int64_t time; /* wall, ms */
	uint64_t index;
	const char *route;
	const char *method;
	const char *path;
	int status; /* 0: none sent */
	const char *end;
	bool committed;
	const char *external_id; /* NULL: null, here and below */
	const char *id;
	const char *agent; /* of a token; NULL: the body's, if it names one */
	const char *fault;
	bool form; /* the body is one */
	const char *body;
	size_t body_len;
};

/* fd -1 writes nothing. */
void received_write(int fd, const struct received *received);

#endif
