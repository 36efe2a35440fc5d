/* SPDX-License-Identifier: MIT */
/*
 * Hazard: while the breaker is open each success of a late call closes it; that
 * is wanted, the service answers again. But late failures must neither push its
 * end further and further nor let a second call through beside the trial. So
 * each trial has a number: only the answer to the one that is out counts while
 * the breaker is open, and one of an earlier opening is a late call like any.
 */
#include "sync/pace.h"

#include <string.h>

enum {
	BUDGET = 500,
	BUDGET_RETRY = 5,
	BUDGET_TIMEOUT = 10,
	GROW_AFTER = 20,
	BREAKER_FAILURES = 5,
	BACKOFF_BASE_MS = 500,
	BACKOFF_MAX_MS = 20 * 1000,
};

/* xorshift64*: spread, not secrecy. */
static uint64_t
next_random(struct pace *pace)
{
	uint64_t x = pace->random;

	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	pace->random = x;
	return x * UINT64_C(2685821657736338717);
}

static int64_t
jitter(struct pace *pace, int64_t below)
{
	if (below <= 0)
		return 0;
	return (int64_t)((next_random(pace) >> 11) % (uint64_t)(below + 1));
}

void
pace_init(struct pace *pace, const struct pace_options *options, int64_t now)
{
	memset(pace, 0, sizeof(*pace));
	pace->options = *options;
	pace->tokens = options->burst;
	pace->tokens_at = now;
	pace->concurrency = options->concurrency;
	pace->budget = BUDGET;
	pace->floor = now;
	pace->random = options->seed;
}

static void
refill(struct pace *pace, int64_t now)
{
	const struct pace_options *options = &pace->options;

	if (now > pace->tokens_at)
		pace->tokens += (double)(now - pace->tokens_at) *
				options->rate_count / (double)options->rate_ms;
	pace->tokens_at = now;
	if (pace->tokens > options->burst)
		pace->tokens = options->burst;
}

static int64_t
token_delay(struct pace *pace, int64_t now)
{
	const struct pace_options *options = &pace->options;
	double missing;

	if (!options->rate_ms)
		return 0;
	refill(pace, now);
	missing = 1.0 - pace->tokens;
	/* a token of 0.9999 is one: the rest is rounding */
	if (missing < 1e-6)
		return 0;
	return 1 + (int64_t)(missing * (double)options->rate_ms /
			     options->rate_count);
}

int64_t
pace_delay(struct pace *pace, unsigned in_flight, int64_t now)
{
	int64_t delay;

	if (now < pace->floor)
		return pace->floor - now;
	if (pace->open && now < pace->open_until)
		return pace->open_until - now;
	if (pace->open && pace->trial)
		return INT64_MAX;
	if (in_flight >= (unsigned)pace->concurrency)
		return INT64_MAX;
	delay = token_delay(pace, now);
	return delay;
}

unsigned
pace_take(struct pace *pace, int64_t now)
{
	if (pace->options.rate_ms) {
		refill(pace, now);
		pace->tokens -= 1.0;
	}
	if (!pace->open)
		return 0;
	/* 0 is no trial, also after billions of them */
	if (++pace->trials == 0)
		pace->trials = 1;
	return pace->trial = pace->trials;
}

static void
open_breaker(struct pace *pace, int64_t now)
{
	int64_t half = pace->options.breaker_ms / 2;

	if (!pace->open)
		pace->open_since = now;
	pace->open = true;
	pace->trial = 0;
	pace->open_until = now + half + jitter(pace, half);
}

static void
report_failure(struct pace *pace, bool tried, int64_t now)
{
	pace->failures++;
	pace->successes = 0;
	if (pace->open ? tried : pace->failures >= BREAKER_FAILURES)
		open_breaker(pace, now);
}

static void
report_success(struct pace *pace)
{
	pace->failures = 0;
	pace->open = false;
	pace->trial = 0;
	if (pace->budget < BUDGET)
		pace->budget++;
	if (++pace->successes < GROW_AFTER)
		return;
	pace->successes = 0;
	if (pace->concurrency < pace->options.concurrency)
		pace->concurrency++;
}

static void
slow_down(struct pace *pace)
{
	pace->concurrency = pace->concurrency > 1 ? pace->concurrency / 2 : 1;
	pace->successes = 0;
}

void
pace_report(struct pace *pace, enum pace_outcome outcome, unsigned trial,
    int64_t retry_after_ms, int64_t now)
{
	bool tried = trial != 0 && trial == pace->trial;

	switch (outcome) {
	case PACE_SUCCESS: report_success(pace); break;
	case PACE_SLOW_DOWN:
		slow_down(pace);
		/* the service speaks: the next may try at once */
		if (tried)
			pace->trial = 0;
		break;
	case PACE_OVERLOAD:
		slow_down(pace);
		report_failure(pace, tried, now);
		break;
	case PACE_FAILURE:
	case PACE_TIMEOUT: report_failure(pace, tried, now); break;
	case PACE_NOTHING:
		if (tried)
			pace->trial = 0;
		break;
	}
	if (retry_after_ms > 0) {
		if (retry_after_ms > PACE_RETRY_AFTER_MAX)
			retry_after_ms = PACE_RETRY_AFTER_MAX;
		if (now + retry_after_ms > pace->floor)
			pace->floor = now + retry_after_ms;
	}
}

static int64_t
longest_backoff(unsigned tries)
{
	int64_t most = BACKOFF_MAX_MS;

	if (tries < 6)
		most = (int64_t)BACKOFF_BASE_MS << tries;
	return most < BACKOFF_MAX_MS ? most : BACKOFF_MAX_MS;
}

/* At least half of it: it was asked for. */
int64_t
pace_pause(struct pace *pace, unsigned pauses)
{
	int64_t half = longest_backoff(pauses) / 2;

	return half + jitter(pace, half);
}

bool
pace_retry(struct pace *pace, unsigned tries, bool timed_out, int64_t *delay_ms)
{
	int cost = timed_out ? BUDGET_TIMEOUT : BUDGET_RETRY;

	if (tries >= PACE_TRIES || pace->budget < cost)
		return false;
	pace->budget -= cost;
	*delay_ms = jitter(pace, longest_backoff(tries));
	return true;
}

void
pace_begin(struct pace *pace, int64_t now)
{
	if (pace->open)
		pace->open_since = now;
}

int64_t
pace_open_for(const struct pace *pace, int64_t now)
{
	return pace->open ? now - pace->open_since + 1 : 0;
}

int64_t
pace_held_until(const struct pace *pace, int64_t now)
{
	int64_t until = pace->floor;

	if (pace->open && pace->open_until > until)
		until = pace->open_until;
	return until > now ? until : 0;
}
