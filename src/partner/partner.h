/* SPDX-License-Identifier: MIT */
/*
 * The partner: HealthSherpa's calls as functions, answers as struct reply.
 * What sync/ uses; nothing else knows HTTP.
 *
 * Calls are asynchronous: `done` comes from partner_step(), in the caller's
 * thread, exactly once per call, unless partner_free() comes first.
 */
#ifndef PARTNER_PARTNER_H
#define PARTNER_PARTNER_H

#include <stdbool.h>
#include <stdint.h>

#include "partner/http.h"
#include "partner/reply.h"
#include "partner/request.h"

struct clock;
struct config;
struct err;
struct partner;
struct str;

/*
 * Fetches the key (environment, file, command), or for v2 the login that is
 * kept in `state_dir` (NULL: the usual place) and the client's secret. `config`
 * and `clock` stay the caller's and outlive the partner. ERR_AUTH (also: nobody
 * is logged in), ERR_CONFIG, ERR_UNAVAILABLE.
 *
 * A login that has to be renewed is renewed meanwhile: calls that it concerns
 * are answered REPLY_AGAIN once it is, and as REPLY_UNAUTHORISED
 * when it cannot be. A renewal that fails for now is tried again, and one of
 * them is answered REPLY_NOT_SENT each time: it is one failure, not theirs all.
 */
struct partner *partner_new(const struct config *config,
    const struct clock *clock, const char *state_dir, struct err *err);
/* NULL is fine. Calls in flight end without callback. Not from a callback. A
 * renewal whose request is out is waited for, a few seconds at most: its answer
 * may be the only one with the tokens. */
void partner_free(struct partner *partner);

/* `reply` is valid during the call only. May start calls. */
typedef void (*partner_done)(void *context, const struct reply *reply);

/* In all calls: FIELD_AGENT_EMAIL of the values, where it is given, comes
 * before service.agent_email (v1). */

/* The body never leaves twice by itself. False: nothing was started. */
bool partner_create(struct partner *partner, const struct field_values *values,
    partner_done done, void *context, struct err *err);
/* With notes among the values the call is not repeatable. ERR_DATA when the ID
 * cannot be one (remote_id_valid()). */
bool partner_update(struct partner *partner, const char *healthsherpa_id,
    const struct field_values *values, partner_done done, void *context,
    struct err *err);
/*
 * The values must make the selector possible (selector_possible()). Always one
 * request. `other_key`: of the birth date, as a refusal of the same question
 * named it (reply->other_key); once it has worked it is kept. NULL at first.
 */
bool partner_search(struct partner *partner, enum selector selector,
    const struct field_values *values, const char *other_key, partner_done done,
    void *context, struct err *err);

/*
 * Appends on whose behalf a call with these values would go: the agent's e-mail
 * in lower case (v1), who is logged in (v2). Who asks for somebody else's
 * contacts does not see what was created for this one.
 */
void partner_sender(const struct partner *partner,
    const struct field_values *values, struct str *out);

unsigned partner_in_flight(const struct partner *partner);
/* Calls that wait for a renewal are answered REPLY_AGAIN by the next
 * partner_step(), however it goes: their caller does not want to wait. */
void partner_let_go(struct partner *partner);
/* HTTP requests sent since partner_new(), without those for the login. */
uint64_t partner_requests(const struct partner *partner);

/* See http_wait() and http_step(). Waiting takes NULL. */
void partner_wait(struct partner *partner, struct wait_fd *fds, unsigned count,
    int64_t timeout_ms);
void partner_step(struct partner *partner);

#endif
