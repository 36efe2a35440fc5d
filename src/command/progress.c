/* SPDX-License-Identifier: MIT */
/* One line, rewritten in place: bar, counts, rate, time left. */
#include "command/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"
#include "sync/sync.h"

enum { BAR = 24, DRAW_EVERY_MS = 100 };

void
progress_start(struct progress *progress)
{
	const char *terminal = getenv("TERM");

	progress->on = isatty(STDERR_FILENO) && terminal &&
		       strcmp(terminal, "dumb") != 0;
	progress->drawn_at_ms = -DRAW_EVERY_MS;
}

/* What is not being sent has neither a rate nor an end that can be told. */
static void
add_pace(const struct sync_progress *now, struct str *out)
{
	if (now->cancelling) {
		str_add(out, "  stopping");
	} else if (now->held != HOLD_NONE) {
		str_addf(out, "  waiting %lld s: %s",
		    (long long)(now->held_ms + 999) / 1000,
		    hold_words[now->held]);
	} else {
		str_addf(out, "  %.1f/s", now->rate);
		if (now->left_ms >= 0)
			str_addf(out, "  %02lld:%02lld left",
			    (long long)(now->left_ms / 60000),
			    (long long)(now->left_ms / 1000 % 60));
	}
}

static void
add_line(const struct sync_progress *now, struct str *out)
{
	uint32_t filled = now->total ? (uint32_t)((uint64_t)now->done * BAR /
						  now->total)
				     : BAR;

	str_add_char(out, '[');
	for (uint32_t i = 0; i < BAR; i++)
		str_add_char(out, i < filled ? '#' : '.');
	str_addf(out, "] %u of %u", now->done, now->total);
	if (now->failed)
		str_addf(out, "  %u failed", now->failed);
	if (now->waiting)
		str_addf(out, "  %u in doubt", now->waiting);
	add_pace(now, out);
}

void
progress_draw(struct progress *progress, const struct sync_progress *now,
    int64_t monotonic_ms)
{
	struct str line;

	if (!progress->on ||
	    monotonic_ms - progress->drawn_at_ms < DRAW_EVERY_MS)
		return;
	progress->drawn_at_ms = monotonic_ms;
	str_init(&line, 512);
	str_add_char(&line, '\r');
	add_line(now, &line);
	str_add(&line, "\033[K");
	fputs(line.data, stderr);
	fflush(stderr);
	str_release(&line);
}

void
progress_clear(struct progress *progress)
{
	if (!progress->on)
		return;
	fputs("\r\033[K", stderr);
	fflush(stderr);
	progress->drawn_at_ms = 0;
}
