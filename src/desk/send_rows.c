/* SPDX-License-Identifier: MIT */
#include "desk/send_rows.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"
#include "book/book.h"
#include "desk/desk.h"
#include "sync/sync.h"

void
send_rows_add(uint32_t **rows, size_t *count, const uint32_t *more,
    size_t more_count, uint32_t all)
{
	bool *there = mem_zalloc((size_t)all + 1);

	*rows = mem_resize(*rows, *count + more_count + 1, sizeof(**rows));
	for (size_t i = 0; i < *count; i++)
		there[(*rows)[i]] = true;
	for (size_t i = 0; i < more_count; i++)
		if (!there[more[i]])
			(*rows)[(*count)++] = more[i];
	free(there);
}

/* Those that are gone are sent no more. */
static void
move(uint32_t *rows, size_t *count, const uint32_t *to, size_t known)
{
	size_t kept = 0;

	for (size_t i = 0; i < *count; i++)
		if (rows[i] < known && to[rows[i]] != RECORDS_NONE)
			rows[kept++] = to[rows[i]];
	*count = kept;
}

void
desk_move_sending(struct desk *desk, const uint32_t *rows, size_t count)
{
	move(desk->last.rows, &desk->last.count, rows, count);
	/* its rows are the last ones, and are planned anew */
	desk->cut_short |= desk->held != NULL;
	plan_free(desk->held);
	desk->held = NULL;
}
