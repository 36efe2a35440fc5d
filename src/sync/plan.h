/* SPDX-License-Identifier: MIT */
/* Making a plan; the struct stands in sync.h. Inside sync/. */
#ifndef SYNC_PLAN_H
#define SYNC_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sync/board.h"
#include "sync/sync.h"

struct config;

/* What a plan is made of. */
struct plan_parts {
	struct board *board;
	const struct config *config;
	bool rebuilt; /* a create is looked up with every selector */
	bool waits;   /* and nobody new is created before a time: asked again */
	struct board_terms terms;
	struct board_row *row; /* scratch */
};

/* Plans one row, which is read into the scratch; gives the requests that it
 * takes. */
uint32_t plan_look(
    const struct plan_parts *parts, uint32_t number, struct plan_row *out);
/* Of none of these rows yet. */
struct plan *plan_begin(
    const struct plan_parts *parts, const uint32_t *rows, size_t count);
/* Looks at up to `rows` more; true while there are more. */
bool plan_part(const struct plan_parts *parts, struct plan *plan, size_t rows);

#endif
