/* SPDX-License-Identifier: MIT */
#include "desk/plan_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "book/book.h"
#include "desk/desk.h"

enum { SLICE_MS = 2, SLICE_ROWS = 64 };

void
plan_list_init(struct plan_list *list, struct desk *desk, const uint32_t *rows,
    size_t count)
{
	*list = (struct plan_list){.desk = desk, .count = count};
	list->rows = mem_resize(NULL, count + 1, sizeof(*list->rows));
	if (count > 0)
		memcpy(list->rows, rows, count * sizeof(*rows));
	list->left_out = mem_zalloc(count + 1);
	list->planned = mem_resize(NULL, count + 1, sizeof(*list->planned));
	list->next = mem_resize(NULL, count + 1, sizeof(*list->next));
	list->shown = mem_resize(NULL, count + 1, sizeof(*list->shown));
}

void
plan_list_release(struct plan_list *list)
{
	free(list->rows);
	free(list->left_out);
	free(list->planned);
	free(list->next);
	free(list->shown);
}

bool
plan_list_sends(enum plan_verb verb)
{
	return verb == PLAN_CREATE || verb == PLAN_UPDATE || verb == PLAN_WAIT;
}

size_t
plan_list_sent(const struct plan_list *list)
{
	return (size_t)list->sums.verbs[PLAN_CREATE] +
	       list->sums.verbs[PLAN_UPDATE] + list->sums.verbs[PLAN_WAIT];
}

/* ---- making it ------------------------------------------------------------
 */

/* One contact, asked for by name, is sent even if it was refused before. */
static struct plan *
plan_some(const struct plan_list *list, size_t first, size_t count)
{
	return sync_plan(
	    list->desk->sync, list->rows + first, count, list->count == 1);
}

void
plan_list_begin(struct plan_list *list)
{
	list->next_count = 0;
	memset(&list->next_sums, 0, sizeof(list->next_sums));
	list->revision = book_revision(list->desk->book);
	list->working = true;
}

/* Whether there is something to say of it but how many there are. */
static bool
is_of_note(const struct plan_list *list, const struct plan_row *row)
{
	return (row->verb != PLAN_NONE && row->verb != PLAN_GOING) ||
	       row->unfinished || list->count == 1;
}

/* What is to be sent comes first, then what cannot be; the rest is counted. */
static void
choose(struct plan_list *list)
{
	list->shown_count = 0;
	for (size_t i = 0; i < list->count; i++)
		if (plan_list_sends(list->planned[i].verb))
			list->shown[list->shown_count++] = i;
	for (size_t i = 0; i < list->count; i++) {
		enum plan_verb verb = list->planned[i].verb;

		if (!plan_list_sends(verb) &&
		    is_of_note(list, &list->planned[i]))
			list->shown[list->shown_count++] = i;
	}
}

static void
take_out(struct plan_list *list, size_t place)
{
	struct plan *plan = plan_some(list, place, 1);
	uint32_t requests = plan->requests;

	list->sums.verbs[list->planned[place].verb]--;
	list->sums.requests -= requests < list->sums.requests
				   ? requests
				   : list->sums.requests;
	list->left_out_count++;
	plan_free(plan);
}

static void
sum_up(struct plan_list *list)
{
	list->sums = list->all;
	list->left_out_count = 0;
	for (size_t i = 0; i < list->count; i++)
		if (list->left_out[i] && plan_list_sends(list->planned[i].verb))
			take_out(list, i);
}

static void
finish(struct plan_list *list)
{
	struct plan_row *before = list->planned;

	list->planned = list->next;
	list->next = before;
	list->all = list->next_sums;
	list->working = false;
	list->ready = true;
	choose(list);
	sum_up(list);
}

static void
add_slice(struct plan_list *list)
{
	size_t left = list->count - list->next_count;
	struct plan *plan = plan_some(
	    list, list->next_count, left < SLICE_ROWS ? left : SLICE_ROWS);

	memcpy(list->next + list->next_count, plan->rows,
	    plan->count * sizeof(*plan->rows));
	list->next_count += plan->count;
	for (unsigned i = 0; i < PLAN_VERB_COUNT; i++)
		list->next_sums.verbs[i] += plan->verbs[i];
	list->next_sums.unfinished += plan->unfinished;
	list->next_sums.requests += plan->requests;
	plan_free(plan);
}

bool
plan_list_work(struct plan_list *list)
{
	const struct clock *clock = list->desk->clock;
	int64_t end = clock_monotonic(clock) + SLICE_MS;

	while (list->working && list->next_count < list->count) {
		add_slice(list);
		if (clock_monotonic(clock) >= end)
			break;
	}
	if (list->working && list->next_count == list->count)
		finish(list);
	return list->working;
}

/* ---- leaving out ----------------------------------------------------------
 */

void
plan_list_leave_out(struct plan_list *list, size_t place, bool out)
{
	struct plan *plan;

	if (list->left_out[place] == out)
		return;
	list->left_out[place] = out;
	if (out) {
		take_out(list, place);
		return;
	}
	plan = plan_some(list, place, 1);
	list->sums.verbs[list->planned[place].verb]++;
	list->sums.requests += plan->requests;
	list->left_out_count--;
	plan_free(plan);
}

void
plan_list_leave_all_out(struct plan_list *list, bool out)
{
	list->sums = list->all;
	list->left_out_count = 0;
	for (size_t i = 0; i < list->count; i++) {
		enum plan_verb verb = list->planned[i].verb;

		list->left_out[i] = out && plan_list_sends(verb);
		if (!list->left_out[i])
			continue;
		list->sums.verbs[verb]--;
		list->left_out_count++;
	}
	if (out)
		list->sums.requests = 0;
}

uint32_t *
plan_list_included(const struct plan_list *list, size_t *count)
{
	uint32_t *rows = mem_resize(NULL, list->count + 1, sizeof(*rows));

	*count = 0;
	for (size_t i = 0; i < list->count; i++)
		if (plan_list_sends(list->planned[i].verb) &&
		    !list->left_out[i])
			rows[(*count)++] = list->rows[i];
	return rows;
}
