/* SPDX-License-Identifier: MIT */
/*
 * Before lists are merged: HealthSherpa is asked what it has, by the selectors
 * that the probe uses, and its list and ours become one.
 *
 * Hazards: the search may bring another person, whose lists must not get into
 * this contact: only the contact's own ID counts. And the answer grows old:
 * what the agent adds at HealthSherpa after it would be lost by the update, so
 * one that could not be sent at once is asked for again.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/str.h"
#include "book/config.h"
#include "sync/list_union.h"
#include "sync/lists.h"
#include "sync/task.h"

enum { FRESH_MS = 10 * 1000, ASKS_MAX = 3 };

static bool
goes(const struct task *task, unsigned field)
{
	return is_list((enum field)field) && task->work->row.changed[field];
}

void
list_ask_release(struct task *task)
{
	for (unsigned i = 0; i < FIELD_LISTS; i++) {
		free(task->merged[i]);
		task->merged[i] = NULL;
	}
}

bool
list_ask_is_due(const struct task *task)
{
	bool any = false;

	if (list_way(task->terms.lists) != LISTS_MERGE)
		return false;
	for (unsigned i = FIELD_DRUGS; i <= FIELD_PROVIDERS; i++)
		any = any || (goes(task, i) && !task->merged[i - FIELD_DRUGS]);
	return any;
}

/* Why the lists that were to go are not sent; the rest of the row goes on. */
static void
drop(struct task *task, const char *why)
{
	struct board_row *row = &task->work->row;
	struct trouble trouble = {
	    .whole = row->print.whole, .http = task->http, .code = "lists"};
	struct str text;
	const char *between = "";

	str_init(&text, sizeof(trouble.message) - 1);
	for (unsigned i = FIELD_DRUGS; i <= FIELD_PROVIDERS; i++) {
		if (!goes(task, i) || task->merged[i - FIELD_DRUGS])
			continue;
		str_addf(&text, "%s%s", between, field_table[i].label);
		str_copy(
		    trouble.field, sizeof(trouble.field), field_table[i].name);
		between = ", ";
		task->dropped[i - FIELD_DRUGS] = true;
	}
	str_addf(&text, " not sent: %s", why);
	str_copy(trouble.message, sizeof(trouble.message), text.data);
	board_set_trouble(task->run->parts.board, task->row, &trouble);
	str_release(&text);
}

static void
not_found(struct task *task, bool asked)
{
	drop(task,
	    !asked
		? "it has nothing to search it by at HealthSherpa: a "
		  "Medicare number, birth date, e-mail or phone"
		: "HealthSherpa's search did not bring this contact, so what "
		  "it has already is not known; look at its page there");
	answer_update(task);
}

void
list_ask(struct task *task)
{
	task->asks++;
	search_begin(task, STEP_ASK);
	if (task->selector == SELECTOR_COUNT)
		not_found(task, false);
}

bool
list_ask_again(struct task *task, int64_t now)
{
	bool any = false;

	for (unsigned i = 0; i < FIELD_LISTS; i++)
		any = any || task->merged[i];
	if (task->step != STEP_UPDATE || !any ||
	    now - task->listed_at < FRESH_MS)
		return false;
	/* none of it has left: else it would be in doubt by now */
	if (task->with_notes)
		mark_note_back(task);
	list_ask_release(task);
	if (task->asks < ASKS_MAX) {
		list_ask(task);
	} else {
		drop(task,
		    "HealthSherpa did not take them soon enough after it "
		    "had been asked what it has");
		answer_update(task);
	}
	return true;
}

/* Its list and ours; what it has already needs no sending. */
static void
merge(struct task *task, const struct reply *reply)
{
	struct work *work = task->work;

	for (unsigned i = FIELD_DRUGS; i <= FIELD_PROVIDERS; i++) {
		const char *theirs = reply->lists[i - FIELD_DRUGS];
		bool differs = true;
		struct str text;

		if (!goes(task, i) || !theirs)
			continue;
		str_init(&text, JSON_SIZE_MAX);
		if (!list_merge(
			&text, work->row.values.text[i], theirs, &differs))
			str_release(&text);
		else if (differs)
			task->merged[i - FIELD_DRUGS] = str_take(&text);
		else
			mark_list_had(task, (enum field)i);
		if (!differs)
			str_release(&text);
	}
	task->listed_at = task_now(task);
}

void
list_ask_answer(struct task *task, const struct reply *reply)
{
	if (reply->kind == REPLY_FOUND &&
	    strcmp(reply->contact.id, task->work->entry.healthsherpa_id) == 0) {
		merge(task, reply);
		answer_differs(task);
		if (list_ask_is_due(task))
			drop(task, "HealthSherpa's search does not say what it "
				   "has already");
		answer_update(task);
		return;
	}
	if (!search_next(task))
		not_found(task, true);
}
