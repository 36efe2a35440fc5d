/* SPDX-License-Identifier: MIT */
/*
 * What becomes of a request between its arrival and its answer. Private to
 * the practice server: practice.c owns one and drives it.
 */
#ifndef PRACTICE_HANDLE_H
#define PRACTICE_HANDLE_H

#include <stdbool.h>
#include <stdint.h>

#include "practice/api.h"
#include "practice/oauth_server.h"
#include "practice/switches.h"

struct clock;
struct faults;
struct held;
struct httpd_request;
struct late;
struct store;

struct handling {
	/* Set by the owner, who releases them. */
	struct store *store;
	struct faults *faults; /* NULL: no script */
	struct switches switches;
	struct api api;
	struct oauth_server oauth;
	const struct clock *clock;
	int log; /* -1: none */
	/* Its own; zero at first. */
	uint64_t requests;
	double requests_left; /* in the bucket of the rate */
	int64_t counted_at;
	struct held *held; /* answers that leave later */
	struct late *late; /* calls carried out later */
};

/* Once the switches are set. */
void handle_start(struct handling *handling);
/* Forgets what is held; after httpd_stop(). */
void handle_release(struct handling *handling);

/* The httpd_handler; the context is a struct handling. */
void handle_request(void *context, struct httpd_request *request);

/* Does what is due; true when an answer may have been given. */
bool handle_due(struct handling *handling);
/* Until the next thing is due, ms; -1: nothing is. */
int64_t handle_next_due(const struct handling *handling);

#endif
