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

void
progress_draw(struct progress *progress, const struct sync_progress *now,
    int64_t monotonic_ms)
{
	struct str line;
	uint32_t filled;

	if (!progress->on ||
	    monotonic_ms - progress->drawn_at_ms < DRAW_EVERY_MS)
		return;
	progress->drawn_at_ms = monotonic_ms;
	filled = now->total ? (uint32_t)((uint64_t)now->done * BAR / now->total)
			    : BAR;
	str_init(&line, 512);
	str_add(&line, "\r[");
	for (uint32_t i = 0; i < BAR; i++)
		str_add_char(&line, i < filled ? '#' : '.');
	str_addf(&line, "] %u of %u", now->done, now->total);
	if (now->failed)
		str_addf(&line, "  %u failed", now->failed);
	if (now->waiting)
		str_addf(&line, "  %u waiting", now->waiting);
	str_addf(&line, "  %.1f/s", now->rate);
	if (now->left_ms >= 0)
		str_addf(&line, "  %02lld:%02lld left",
		    (long long)(now->left_ms / 60000),
		    (long long)(now->left_ms / 1000 % 60));
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
