/* SPDX-License-Identifier: MIT */
/*
 * Who is to be sent and waits for something: a key, an answer, a login. Also
 * desk_move_sending() (desk.h) for when the file was read again meanwhile.
 */
#ifndef DESK_SEND_ROWS_H
#define DESK_SEND_ROWS_H

#include <stddef.h>
#include <stdint.h>

/* Adds those of `more` that are not in it yet; all are below `all`. The caller
 * frees
 * `*rows`; NULL: none, then `*count` is 0. */
void send_rows_add(uint32_t **rows, size_t *count, const uint32_t *more,
    size_t more_count, uint32_t all);

#endif
