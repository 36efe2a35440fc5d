/* SPDX-License-Identifier: MIT */
/*
 * The practice server: behaves like the service, on loopback, for training,
 * the demo and the tests. It speaks both versions of the API on one port, over
 * the same contacts. It shares no code with partner/, so that one checks
 * the other.
 *
 *	switches.h   one switch for each point the documentation leaves open
 *	faults.h     scripted misbehaviour, and the script's grammar
 *	received.h   the request log
 *	pages.h      the pages a browser meets
 *	oauth_server.h  consent and tokens, for version 2
 *	sample.h     the demo's made-up people
 *
 * Driven by the caller's loop; practice_run() is a loop of its own.
 */
#ifndef PRACTICE_PRACTICE_H
#define PRACTICE_PRACTICE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct clock;
struct err;
struct practice;
struct store;

/* All zero is a server in memory on a free port of 127.0.0.1. */
struct practice_options {
	const char *address;   /* NULL: "127.0.0.1" */
	int port;              /* 0: a free one */
	const char *cert_file; /* PEM, with key_file: https */
	const char *key_file;
	const char *const *switches; /* "name=value", NULL-terminated */
	const char *log_path;        /* NULL: no request log */
	const char *store_path;  /* NULL: in memory only; else contacts are kept
				    there, consents in the file of that name and
				    ".grants" */
	const char *script_path; /* NULL: no script */
	const char *api_key;     /* NULL: any, but one there must be */
	const char *agent_email; /* the only agent there is; NULL: any */
	const char *client_id;   /* of OAuth; NULL: any */
	const char *client_secret; /* NULL: any, but one there must be */
	const char *redirect_uri;  /* the registered one; NULL: any that is http
				      on loopback */
	bool sample;               /* sample_seed() an empty store */
	uint64_t seed; /* 0: random ids and dice; else the same each time */
	const struct clock *clock; /* NULL: the system's */
};

/*
 * Starts listening. ERR_USAGE (switches, script,
 * redirect URI), ERR_NO_INPUT, ERR_IO,
 * ERR_DATA (store), ERR_CREATE (log), ERR_UNAVAILABLE (port). The options
 * need not outlive the call.
 */
struct practice *practice_start(
    const struct practice_options *options, struct err *err);
void practice_stop(struct practice *practice); /* NULL is fine */

/* "http://127.0.0.1:PORT", without a slash at the end; borrowed. */
const char *practice_url(const struct practice *practice);
struct store *practice_store(struct practice *practice);

/* For the loop: wait until fd is readable or the timeout (ms, -1: none). */
int practice_fd(const struct practice *practice);
int64_t practice_timeout(const struct practice *practice);
void practice_step(struct practice *practice);

/*
 * In the foreground: starts, prints "listening on URL" and a newline to
 * `ready` (flushed; NULL: nothing), serves until SIGTERM, SIGINT or SIGHUP, or
 * until `parent_fd` (0: none) reaches its end, which is when the parent that
 * held the other end of a pipe has gone. On a terminal the lines of a config
 * that uses it follow; else it prints nothing else.
 */
bool practice_run(const struct practice_options *options, FILE *ready,
    int parent_fd, struct err *err);

#endif
