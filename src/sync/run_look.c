/* SPDX-License-Identifier: MIT */
/*
 * What a run tells of itself: why nothing is sent now and for how long, how
 * fast it is, how long it may take still. Changes nothing.
 */
#include <stdint.h>

#include "base/clock.h"
#include "book/config.h"
#include "sync/task.h"

static int64_t
now_of(const struct run *run)
{
	return clock_monotonic(run->parts.clock);
}

int64_t
run_held_until(const struct run *run, enum hold *why)
{
	const struct pace *pace = &run->pace;
	int64_t until = pace_held_until(pace, now_of(run));

	*why = HOLD_NONE;
	if (!until || !run->going_on || run->stopping || run->progress.paused)
		return 0;
	*why = pace->open && pace->open_until > pace->floor ? HOLD_SILENT
							    : HOLD_ASKED;
	return until;
}

int64_t
run_retry_at(const struct run *run, uint32_t row, enum hold *why)
{
	int64_t held = run_held_until(run, why), at = 0;
	bool mine = board_held(run->parts.board, row);

	for (size_t i = 0; i < run->waiting_count; i++)
		if (run->waiting[i]->row == row) {
			at = run->waiting[i]->not_before;
			if (at >= held)
				*why = HOLD_SETTLE;
		}
	for (size_t i = 0; i < run->active_count; i++) {
		const struct task *task = run->active[i];

		if (task->row != row)
			continue;
		mine = !task->in_flight;
		if (mine && task->not_before > now_of(run))
			at = task->not_before;
		if (at > held)
			*why = HOLD_NONE;
	}
	if (at > held)
		return at;
	if (!mine)
		*why = HOLD_NONE;
	return mine ? held : 0;
}

/* What the run as a whole waits for. */
static void
tell_hold(const struct run *run, struct sync_progress *out)
{
	int64_t until = run_held_until(run, &out->held);

	if (!until && run_only_waiting(run) && !run->stopping) {
		until = INT64_MAX;
		for (size_t i = 0; i < run->waiting_count; i++)
			if (run->waiting[i]->not_before < until)
				until = run->waiting[i]->not_before;
		out->held = HOLD_SETTLE;
	}
	out->held_ms = until - now_of(run);
	if (out->held_ms <= 0) {
		out->held = HOLD_NONE;
		out->held_ms = 0;
	}
}

/* 0: not known yet, as what goes out at once in the beginning is no speed. */
static double
rate_of(const struct run *run, int64_t now)
{
	int64_t span = now - run->rate_since, newest = now / RATE_SLOT_MS;
	double sum = 0;

	if (span < RATE_FROM_MS)
		return 0;
	for (int64_t i = 0; i < RATE_SLOTS; i++)
		if (newest - (run->rate_slot - i) < RATE_SLOTS)
			sum += run->rate[(run->rate_slot - i + RATE_SLOTS) %
					 RATE_SLOTS];
	if (span > RATE_SLOTS * RATE_SLOT_MS)
		span = RATE_SLOTS * RATE_SLOT_MS;
	return sum * 1000 / (double)span;
}

void
run_progress(const struct run *run, struct sync_progress *out)
{
	int64_t now = now_of(run);
	double each;

	*out = run->progress;
	out->running = run->going_on;
	out->in_flight = run->in_flight;
	out->waiting = run->left_waiting + (uint32_t)run->waiting_count;
	out->left_ms = -1;
	if (!run->going_on)
		return;
	tell_hold(run, out);
	out->requests = partner_requests(run->parts.partner) -
			run->requests_before;
	out->elapsed_ms = now - run->started_at;
	out->rate = rate_of(run, now);
	each = out->done ? (double)out->requests / out->done : 2;
	/* the rate of before says nothing of a time without sending */
	if (out->rate > 0.01 && out->held == HOLD_NONE && !out->paused &&
	    !run->pace.open)
		out->left_ms = (int64_t)((out->total - out->done) * each *
					 1000 / out->rate);
}
