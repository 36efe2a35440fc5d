/* SPDX-License-Identifier: MIT */
/* The progress line on standard error: only when that is a terminal. */
#ifndef COMMAND_PROGRESS_H
#define COMMAND_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct sync_progress;

struct progress {
	bool on;
	int64_t drawn_at_ms; /* monotonic */
};

void progress_start(struct progress *progress);
/* At most ten times a second. */
void progress_draw(struct progress *progress, const struct sync_progress *now,
    int64_t monotonic_ms);
/* Takes the line away, before other output and at the end. */
void progress_clear(struct progress *progress);

#endif
