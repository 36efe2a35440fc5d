/* SPDX-License-Identifier: MIT */
/*
 * The plan is the board's own view of each row at this moment, so that it
 * cannot promise anything else than what the run then does.
 */
#include "sync/plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "book/book.h"
#include "book/config.h"
#include "sync/board.h"
#include "sync/lists.h"

const char *
plan_verb_word(enum plan_verb verb)
{
	static const char *const words[PLAN_VERB_COUNT] = {
	    [PLAN_CREATE] = "create",
	    [PLAN_UPDATE] = "update",
	    [PLAN_NONE] = "none",
	    [PLAN_BLOCKED] = "blocked",
	    [PLAN_REVIEW] = "review",
	    [PLAN_WAIT] = "wait",
	    [PLAN_GOING] = "going",
	};

	return words[verb];
}

/* How many selectors the row can form; `*first`: the best, in words. */
static uint32_t
count_selectors(const struct board_row *row, const char **first)
{
	uint32_t count = 0;

	*first = NULL;
	for (unsigned i = 0; i < SELECTOR_COUNT; i++) {
		if (!selector_possible((enum selector)i, &row->values))
			continue;
		if (count++ == 0)
			*first = selector_words((enum selector)i);
	}
	return count;
}

/*
 * The searches before a create. One as a rule; a ledger that may have forgotten
 * the contact asks with all that the row has (search.c), and what was asked
 * before the wait is over is asked again after it.
 */
static uint32_t
count_searches(const struct plan_parts *parts, uint32_t selectors)
{
	uint32_t each = parts->rebuilt ? selectors : 1;

	if (selectors == 0 ||
	    (!parts->rebuilt && !parts->config->search_before_create))
		return 0;
	return parts->waits ? 2 * each : each;
}

/* What HealthSherpa has is asked for first. */
static bool
merges(const struct plan_parts *parts)
{
	bool any = false;

	for (unsigned i = FIELD_DRUGS; i <= FIELD_PROVIDERS; i++)
		any = any || parts->row->changed[i];
	return any && list_way(parts->terms.lists) == LISTS_MERGE;
}

/* Says how a create is looked up; gives the requests that the row takes. */
static uint32_t
count_requests(const struct plan_parts *parts, struct plan_row *out)
{
	const char *first;
	uint32_t selectors = count_selectors(parts->row, &first);
	uint32_t searches;

	out->looked_up_by = NULL;
	switch (out->verb) {
	case PLAN_CREATE:
		searches = count_searches(parts, selectors);
		if (searches > 0)
			out->looked_up_by = first;
		return 1 + searches;
	case PLAN_UPDATE: return merges(parts) ? 2 : 1;
	case PLAN_WAIT: return selectors;
	default: return 0;
	}
}

uint32_t
plan_look(const struct plan_parts *parts, uint32_t number, struct plan_row *out)
{
	struct board_row *row = parts->row;

	board_look(parts->board, number, &parts->terms, row);
	/* nothing more is sent of one that a run has taken, but HealthSherpa
	 * does not have it yet either */
	if (board_held(parts->board, number))
		row->stand.verb = PLAN_GOING;
	out->row = number;
	out->verb = row->stand.verb;
	out->unfinished = out->verb == PLAN_NONE &&
			  (row->lists_open ||
			      row->stand.status == STATUS_PARTIAL);
	memcpy(out->changed, row->changed, sizeof(out->changed));
	return count_requests(parts, out);
}

struct plan *
plan_begin(const struct plan_parts *parts, const uint32_t *rows, size_t count)
{
	struct plan *plan = mem_zalloc(sizeof(*plan));

	plan->rows = mem_resize(NULL, count + 1, sizeof(*plan->rows));
	plan->wanted = count;
	for (size_t i = 0; i < count; i++)
		plan->rows[i].row = rows[i];
	plan->retry_failed = parts->terms.retry;
	plan->lists = parts->terms.lists;
	plan->all_lists = parts->terms.all_lists;
	return plan;
}

bool
plan_part(const struct plan_parts *parts, struct plan *plan, size_t rows)
{
	for (; rows > 0 && plan->count < plan->wanted; rows--) {
		struct plan_row *out = &plan->rows[plan->count++];

		plan->requests += plan_look(parts, out->row, out);
		plan->verbs[out->verb]++;
		plan->unfinished += out->unfinished;
	}
	return plan->count < plan->wanted;
}

void
plan_free(struct plan *plan)
{
	if (!plan)
		return;
	free(plan->rows);
	free(plan);
}
