/* SPDX-License-Identifier: MIT */
/*
 * How fast to send. Pure: time is handed in, nothing waits here.
 *
 * - a token bucket of requests (rate, burst);
 * - concurrency between 1 and a ceiling: one more per 20 successes, halved
 *   when HealthSherpa says slow down (429, 503);
 * - full-jitter back-off, random(0, min(20 s, 0.5 s * 2^n)), 4 tries a call;
 * - a retry budget, so that an outage is not answered with a storm: 500
 *   tokens, 5 a retry, 10 a timeout, 1 back a success; empty, it stops
 *   retries, not first tries, and what fails while the breaker is open costs
 *   nothing, as that holds everybody;
 * - a breaker: 5 failures in a row stop all sending, then one call at a time,
 *   the trial, is let through until one succeeds;
 * - Retry-After is a floor for everybody.
 *
 * Times are monotonic milliseconds.
 */
#ifndef SYNC_PACE_H
#define SYNC_PACE_H

#include <stdbool.h>
#include <stdint.h>

#define PACE_TRIES 4                      /* of a call that may be repeated */
#define PACE_RETRY_AFTER_MAX (900 * 1000) /* beyond: stop and say so */

struct pace_options {
	int rate_count;     /* requests per rate_ms */
	int64_t rate_ms;    /* 0: no limit */
	int burst;          /* at least 1 */
	int concurrency;    /* the ceiling, at least 1 */
	int64_t breaker_ms; /* how long the breaker stays open */
	uint64_t seed;      /* of the jitter; not 0 */
};

struct pace {
	struct pace_options options;
	double tokens;
	int64_t tokens_at;
	int concurrency; /* now */
	int successes;   /* since it last grew */
	int budget;
	int failures;    /* in a row */
	bool open;       /* the breaker */
	unsigned trial;  /* the call that was let through to try; 0: none */
	unsigned trials; /* numbered so far */
	int64_t open_until;
	int64_t open_since;
	int64_t floor; /* nothing before this (Retry-After) */
	uint64_t random;
};

enum pace_outcome {
	PACE_SUCCESS,   /* any answer that is about the contact */
	PACE_SLOW_DOWN, /* 429: it answers, but not so fast */
	PACE_OVERLOAD,  /* 503: a failure, and not so fast */
	PACE_FAILURE,   /* other 5xx, cut off, unreachable */
	PACE_TIMEOUT,   /* counts double against the budget */
	PACE_NOTHING,   /* it says nothing of the service: held back by us */
};

void pace_init(
    struct pace *pace, const struct pace_options *options, int64_t now);

/*
 * When the next request may leave: 0 now, else milliseconds from now, or
 * INT64_MAX when one of those in flight must come back first.
 */
int64_t pace_delay(struct pace *pace, unsigned in_flight, int64_t now);
/* One leaves now; pace_delay() was 0. Its trial's number when it is let
 * through to try whether the service is back; else 0. */
unsigned pace_take(struct pace *pace, int64_t now);
/* One came back. `trial`: what pace_take() said of it. `retry_after_ms` -1: not
 * said. */
void pace_report(struct pace *pace, enum pace_outcome outcome, unsigned trial,
    int64_t retry_after_ms, int64_t now);

/*
 * Whether a call that has been tried `tries` times may be tried again, and
 * after how long. Takes from the budget.
 */
bool pace_retry(
    struct pace *pace, unsigned tries, bool timed_out, int64_t *delay_ms);

/* How long to hold back after the n-th "slow down" (from 0) that names no
 * time; costs no budget. */
int64_t pace_pause(struct pace *pace, unsigned pauses);

/* How long the breaker has been open; 0: it is closed. */
int64_t pace_open_for(const struct pace *pace, int64_t now);
/* A run begins: it has patience of its own, an outage that goes on counts from
 * now. */
void pace_begin(struct pace *pace, int64_t now);
/* Retry-After or the breaker hold everything until then; 0: they do not. */
int64_t pace_held_until(const struct pace *pace, int64_t now);

#endif
