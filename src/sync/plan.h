/* SPDX-License-Identifier: MIT */
/* Making a plan; the struct stands in sync.h. Inside sync/. */
#ifndef SYNC_PLAN_H
#define SYNC_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sync/sync.h"

struct board;
struct board_row;
struct config;

/* Plans one row, which is read into `row`; gives the requests it takes. */
uint32_t plan_look(struct board *board, const struct config *config,
    uint32_t number, bool retry_failed, struct board_row *row,
    struct plan_row *out);
/* `row` is scratch. */
struct plan *plan_make(struct board *board, const struct config *config,
    const uint32_t *rows, size_t count, bool retry_failed,
    struct board_row *row);

#endif
