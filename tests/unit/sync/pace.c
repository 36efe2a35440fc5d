/* SPDX-License-Identifier: MIT */
#include "sync/pace.h"

#include "check.h"

static struct pace_options
options(void)
{
	return (struct pace_options){.rate_count = 8,
	    .rate_ms = 1000,
	    .burst = 16,
	    .concurrency = 8,
	    .breaker_ms = 30000,
	    .seed = 7};
}

TEST(pace_burst_then_rate)
{
	struct pace_options o = options();
	struct pace pace;
	unsigned sent = 0;
	int64_t now = 1000;

	o.concurrency = 64;
	pace_init(&pace, &o, now);
	while (pace_delay(&pace, 0, now) == 0) {
		pace_take(&pace, now);
		sent++;
	}
	CHECK_INT(sent, 16);
	CHECK(pace_delay(&pace, 0, now) > 100);
	CHECK(pace_delay(&pace, 0, now) <= 126);
	for (int64_t end = now + 10000; now < end;) {
		int64_t delay = pace_delay(&pace, 0, now);

		if (delay) {
			now += delay;
			continue;
		}
		pace_take(&pace, now);
		sent++;
	}
	CHECK(sent >= 16 + 78 && sent <= 16 + 81);
	/* a long rest fills the bucket, no more */
	now += 3600 * 1000;
	sent = 0;
	for (; pace_delay(&pace, 0, now) == 0; sent++)
		pace_take(&pace, now);
	CHECK_INT(sent, 16);
}

TEST(pace_no_rate)
{
	struct pace_options o = options();
	struct pace pace;

	o.rate_ms = 0;
	pace_init(&pace, &o, 0);
	for (int i = 0; i < 1000; i++) {
		REQUIRE(pace_delay(&pace, 7, 0) == 0);
		pace_take(&pace, 0);
	}
	CHECK(pace_delay(&pace, 8, 0) == INT64_MAX);
}

TEST(pace_concurrency_adapts)
{
	struct pace_options o = options();
	struct pace pace;

	o.rate_ms = 0;
	pace_init(&pace, &o, 0);
	pace_report(&pace, PACE_SLOW_DOWN, 0, -1, 0);
	CHECK_INT(pace.concurrency, 4);
	pace_report(&pace, PACE_SLOW_DOWN, 0, -1, 0);
	pace_report(&pace, PACE_SLOW_DOWN, 0, -1, 0);
	pace_report(&pace, PACE_SLOW_DOWN, 0, -1, 0);
	CHECK_INT(pace.concurrency, 1);
	CHECK(pace_delay(&pace, 1, 0) == INT64_MAX);
	for (int i = 0; i < 20; i++)
		pace_report(&pace, PACE_SUCCESS, 0, -1, 0);
	CHECK_INT(pace.concurrency, 2);
	for (int i = 0; i < 2000; i++)
		pace_report(&pace, PACE_SUCCESS, 0, -1, 0);
	CHECK_INT(pace.concurrency, 8);
}

TEST(pace_retry_after_is_a_floor)
{
	struct pace_options o = options();
	struct pace pace;

	pace_init(&pace, &o, 0);
	pace_report(&pace, PACE_SLOW_DOWN, 0, 5000, 100);
	CHECK_INT(pace_delay(&pace, 0, 100), 5000);
	CHECK_INT(pace_delay(&pace, 0, 5099), 1);
	CHECK_INT(pace_held_until(&pace, 200), 5100);
	/* an earlier one does not shorten it, and successes do not either */
	pace_report(&pace, PACE_SLOW_DOWN, 0, 1000, 200);
	pace_report(&pace, PACE_SUCCESS, 0, -1, 200);
	CHECK_INT(pace_delay(&pace, 0, 200), 4900);
	CHECK_INT(pace_delay(&pace, 0, 5100), 0);
	CHECK_INT(pace_held_until(&pace, 5100), 0);
	pace_report(&pace, PACE_SLOW_DOWN, 0, INT64_C(1) << 60, 6000);
	CHECK_INT(pace_delay(&pace, 0, 6000), PACE_RETRY_AFTER_MAX);
}

TEST(pace_breaker_opens_tries_and_closes)
{
	struct pace_options o = options();
	struct pace pace;
	int64_t until;
	unsigned trial;

	o.rate_ms = 0;
	pace_init(&pace, &o, 0);
	CHECK_INT(pace_take(&pace, 0), 0);
	for (int i = 0; i < 4; i++)
		pace_report(&pace, PACE_FAILURE, 0, -1, 10);
	CHECK_INT(pace_delay(&pace, 0, 10), 0);
	pace_report(&pace, PACE_TIMEOUT, 0, -1, 10);
	until = 10 + pace_delay(&pace, 0, 10);
	CHECK(until >= 10 + 15000 && until <= 10 + 30000);
	/* those still out fail too: the end does not move */
	pace_report(&pace, PACE_FAILURE, 0, -1, 500);
	CHECK_INT(500 + pace_delay(&pace, 0, 500), until);
	CHECK(pace_open_for(&pace, 500) > 0);
	/* one is let through */
	CHECK_INT(pace_delay(&pace, 0, until), 0);
	trial = pace_take(&pace, until);
	CHECK(trial != 0);
	CHECK(pace_delay(&pace, 1, until) == INT64_MAX);
	pace_report(&pace, PACE_FAILURE, trial, -1, until + 50);
	CHECK(pace_delay(&pace, 0, until + 50) >= 15000);
	CHECK(pace_open_for(&pace, until + 50) >= until);
	until += 50 + pace_delay(&pace, 0, until + 50);
	trial = pace_take(&pace, until);
	pace_report(&pace, PACE_SUCCESS, trial, -1, until + 5);
	CHECK_INT(pace_delay(&pace, 0, until + 5), 0);
	CHECK_INT(pace_open_for(&pace, until + 5), 0);
}

/* An open breaker whose first trial is out; when it was sent. */
static int64_t
send_trial(struct pace *pace, unsigned *trial)
{
	struct pace_options o = options();
	int64_t now = 10;

	o.rate_ms = 0;
	pace_init(pace, &o, 0);
	for (int i = 0; i < 5; i++)
		pace_report(pace, PACE_FAILURE, 0, -1, now);
	now += pace_delay(pace, 0, now);
	*trial = pace_take(pace, now);
	CHECK(*trial != 0);
	return now;
}

/* What was sent before the breaker opened comes back while the trial is out. */
TEST(pace_late_answers_leave_the_trial_alone)
{
	static const enum pace_outcome late[] = {
	    PACE_FAILURE, PACE_TIMEOUT, PACE_SLOW_DOWN, PACE_OVERLOAD};

	for (unsigned i = 0; i < sizeof(late) / sizeof(*late); i++) {
		struct pace pace;
		unsigned trial;
		int64_t now = send_trial(&pace, &trial), until;

		pace_report(&pace, late[i], 0, -1, now + 5);
		CHECK(pace_delay(&pace, 1, now + 5) == INT64_MAX);
		CHECK(pace_delay(&pace, 1, now + 120000) == INT64_MAX);
		pace_report(&pace, PACE_OVERLOAD, trial, -1, now + 10);
		until = now + 10 + pace_delay(&pace, 0, now + 10);
		CHECK(until >= now + 15010);
		pace_report(&pace, late[i], 0, -1, until - 5);
		CHECK_INT(pace_delay(&pace, 0, until), 0);
	}
}

TEST(pace_a_trial_of_an_earlier_opening_is_a_late_answer)
{
	struct pace pace;
	unsigned first, second;
	int64_t now = send_trial(&pace, &first);

	/* an old call succeeds: closed; then it opens once more */
	pace_report(&pace, PACE_SUCCESS, 0, -1, now);
	for (int i = 0; i < 5; i++)
		pace_report(&pace, PACE_FAILURE, 0, -1, now);
	now += pace_delay(&pace, 0, now);
	second = pace_take(&pace, now);
	CHECK(second != 0 && second != first);
	pace_report(&pace, PACE_FAILURE, first, -1, now + 1);
	CHECK(pace_delay(&pace, 1, now + 1) == INT64_MAX);
	pace_report(&pace, PACE_SLOW_DOWN, second, -1, now + 2);
	CHECK_INT(pace_delay(&pace, 0, now + 2), 0);
}

TEST(pace_a_new_run_counts_the_outage_anew)
{
	struct pace pace;
	unsigned trial;
	int64_t now = send_trial(&pace, &trial), later = now + 900 * 1000;

	pace_report(&pace, PACE_FAILURE, trial, -1, now + 5);
	CHECK(pace_open_for(&pace, later) >= 900 * 1000);
	pace_begin(&pace, later);
	CHECK(pace_open_for(&pace, later + 20) < 900 * 1000);
	CHECK(pace_open_for(&pace, later + 20) > 0);
	pace_report(&pace, PACE_SUCCESS, 0, -1, later + 30);
	pace_begin(&pace, later + 40);
	CHECK_INT(pace_open_for(&pace, later + 50), 0);
}

TEST(pace_overload_is_a_failure_and_slows_down)
{
	struct pace_options o = options();
	struct pace pace;

	pace_init(&pace, &o, 0);
	for (int i = 0; i < 5; i++)
		pace_report(&pace, PACE_OVERLOAD, 0, -1, 10);
	CHECK_INT(pace.concurrency, 1);
	CHECK(pace_delay(&pace, 0, 10) >= 15000);
}

TEST(pace_backoff_is_full_jitter)
{
	struct pace_options o = options();
	struct pace pace;
	int64_t most[PACE_TRIES] = {0}, delay;

	for (uint64_t seed = 1; seed < 500; seed++) {
		o.seed = seed * 7919;
		pace_init(&pace, &o, 0);
		for (unsigned n = 0; n < PACE_TRIES; n++) {
			REQUIRE(pace_retry(&pace, n, false, &delay));
			REQUIRE(delay >= 0);
			REQUIRE(delay <= (500 << n));
			if (delay > most[n])
				most[n] = delay;
		}
		CHECK(!pace_retry(&pace, PACE_TRIES, false, &delay));
	}
	for (unsigned n = 0; n < PACE_TRIES; n++)
		CHECK(most[n] > (400 << n));
}

TEST(pace_pauses_grow_and_cost_nothing)
{
	struct pace_options o = options();
	struct pace pace;

	pace_init(&pace, &o, 0);
	for (unsigned n = 0; n < 1000; n++) {
		int64_t most = n < 6 ? 500 << n : 20000;
		int64_t pause = pace_pause(&pace, n);

		CHECK(pause >= most / 2 && pause <= most);
	}
	CHECK_INT(pace.budget, 500);
}

TEST(pace_budget_ends_retries)
{
	struct pace_options o = options();
	struct pace pace;
	int64_t delay;
	unsigned retries = 0;

	pace_init(&pace, &o, 0);
	while (pace_retry(&pace, 0, false, &delay))
		retries++;
	CHECK_INT(retries, 100);
	CHECK(!pace_retry(&pace, 0, true, &delay));
	for (int i = 0; i < 5; i++)
		pace_report(&pace, PACE_SUCCESS, 0, -1, 0);
	CHECK(!pace_retry(&pace, 0, true, &delay));
	CHECK(pace_retry(&pace, 0, false, &delay));
	CHECK(!pace_retry(&pace, 0, false, &delay));
}
