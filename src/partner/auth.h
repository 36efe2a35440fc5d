/* SPDX-License-Identifier: MIT */
/*
 * Who we are to HealthSherpa: the header that every request carries.
 *
 * v1: X-API-Key with the agency's key; it never changes. v2: the access token
 * of the agent who logged in (tokens.h), renewed at 80 % of its life and
 * whenever HealthSherpa refuses it: once for any number of refusals, and once
 * for all processes, as the one that holds the lock of the token file asks and
 * the others take what it wrote.
 */
#ifndef PARTNER_AUTH_H
#define PARTNER_AUTH_H

#include <stdbool.h>
#include <stdint.h>

struct auth;
struct clock;
struct config;
struct dialect;
struct err;
struct http;

/*
 * Fetches the secrets; blocks while their commands run. `state_dir` NULL: the
 * usual place. ERR_AUTH (v2: nobody is logged in), ERR_CONFIG.
 */
struct auth *auth_new(const struct config *config,
    const struct dialect *dialect, const struct clock *clock,
    const char *state_dir, struct err *err);
/* After http_free(), which ends a renewal that is under way. NULL is fine. */
void auth_free(struct auth *auth);

/*
 * "Name: value", in guarded memory: ask before each request, do not keep it.
 * `*generation` (from 1) tells later what was sent.
 */
const char *auth_header(const struct auth *auth, unsigned *generation);

enum auth_state {
	AUTH_READY,    /* calls may leave */
	AUTH_RENEWING, /* calls would be refused: a renewal is under way, or
			* about to be tried again */
	AUTH_FAILED,   /* they would, and nothing can be done about it here */
};
enum auth_state auth_state(const struct auth *auth);
/* Begins a renewal with the next auth_step(), unless it is not needed. */
void auth_renew(struct auth *auth);

/* An answer came for a call of that generation. A refusal (401) may be ours to
 * mend: then true, and the call can leave again once the state is READY. */
bool auth_refused(struct auth *auth, unsigned generation);
void auth_accepted(struct auth *auth, unsigned generation);

/*
 * Moves a renewal on. `busy`: calls are out, so that a login which will soon
 * end is renewed before it does; else only what has begun goes on.
 */
void auth_step(struct auth *auth, struct http *http, bool busy);
/* Until auth_step() has something to do, ms; -1: only answers. */
int64_t auth_timeout(const struct auth *auth, bool busy);
/*
 * Whether a renewal that calls wait for has failed since this was asked last,
 * though it may still succeed: it is tried again by itself, later and later.
 */
bool auth_take_failure(struct auth *auth);
/* Whether its request is out: what comes back should not be lost. */
bool auth_is_asking(const struct auth *auth);
/* Appends who is logged in, as far as that is known: the account that
 * HealthSherpa named, else which login it is. v1: nothing. */
struct str;
void auth_identity(const struct auth *auth, struct str *out);
/*
 * Why it is AUTH_FAILED: ERR_AUTH: the agent must log in again, or a setting is
 * wrong; ERR_UNAVAILABLE: HealthSherpa does not answer.
 */
const struct err *auth_error(const struct auth *auth);
/* Whether it is the login itself that HealthSherpa takes no more. */
bool auth_ended(const struct auth *auth);

#endif
