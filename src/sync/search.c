/* SPDX-License-Identifier: MIT */
/*
 * The two uses of the search.
 *
 * The probe, before a first create: one search with the best selector; only
 * when it brings somebody else the next one is asked. The look-up, after an
 * unknown outcome or a 422: every selector the row can form.
 *
 * A ledger that was rebuilt may have forgotten a row's contact, or that it is
 * on its way: then the probe, too, asks every selector, whatever the config
 * says, and creates only if none of them brought somebody who may hide the
 * contact; nobody new is created before what was sent earlier must have
 * landed. A probe that finds a contact under our own external_id which the
 * ledger takes for new shows that it has forgotten one: then at least the wait
 * is due. So that this is seen in time when a whole state directory is gone,
 * the first rows ever of a book are created only when all of them have been
 * asked for.
 *
 * Hazards: the search gives one contact, so "somebody else" proves nothing.
 * And "nobody" only proves absence if the values searched for are those that
 * were sent: a row whose Medicare number was corrected meanwhile would not
 * find its own contact. Such a row goes to a person.
 */
#include <string.h>

#include "base/defence.h"
#include "book/book.h"
#include "book/config.h"
#include "sync/match.h"
#include "sync/task.h"

void
search_begin(struct task *task, enum step step)
{
	task->selector = selector_from(0, &task->work->row.values);
	task->other_key = NULL;
	task->other = task->asked = task->proof = false;
	task_go(task, step);
}

static void
absent(struct task *task)
{
	mark_intent(task);
	task_go_after_commit(task, STEP_CREATE);
}

/* Nobody was found before the first create. */
static void
nobody_yet(struct task *task)
{
	struct run *run = task->run;
	int64_t until = task_nobody_new_until(run);

	/* only what was asked after the wait tells */
	if (task->asked_at < until) {
		task_wait(task, until);
		return;
	}
	ledger_rebuilt_settled(run->parts.ledger);
	if (run->first_ever)
		task_go(task, STEP_HOLD);
	else
		absent(task);
}

void
search_release(struct run *run)
{
	if (!run->first_ever)
		return;
	for (size_t i = 0; i < run->active_count; i++)
		/* for one that fails again and again nobody waits */
		if (run->active[i]->step == STEP_PROBE &&
		    run->active[i]->outage_tries < OUTAGE_TRIES)
			return;
	for (size_t i = run->active_count; i-- > 0;) {
		if (run->active[i]->step != STEP_HOLD)
			continue;
		run->first_ever = false;
		nobody_yet(run->active[i]);
	}
}

static void
review(struct task *task, const char *code, const char *candidate)
{
	mark_review(task,
	    task->step == STEP_PROBE ? EVENT_PROBE_DOUBT : EVENT_FOUND_DOUBT,
	    code, candidate);
	task_finish(task, PLAN_REVIEW, false);
}

/* A person said so, after the ledger was rebuilt if it was. */
static bool
create_anyway(const struct task *task)
{
	return task->work->entry.flags & LEDGER_NO_PROBE;
}

void
search_probe(struct task *task)
{
	bool every = ledger_rebuilt(task->run->parts.ledger);

	search_begin(task, STEP_PROBE);
	task->asked_at = task_now(task);
	if (!DEFENDED(PROBE))
		absent(task);
	else if (task->selector == SELECTOR_COUNT && every &&
		 !create_anyway(task))
		review(task, "no-selector", "");
	else if (task->selector == SELECTOR_COUNT ||
		 (!every && (!task->run->config->search_before_create ||
				create_anyway(task))))
		nobody_yet(task);
}

/* Whether the last create went on somebody else's behalf: then whoever asks now
 * does not see it. */
static bool
sent_as_another(const struct task *task)
{
	const struct ledger_entry *entry = &task->work->entry;

	return (entry->flags & LEDGER_SENT_AS) &&
	       !hash_set_has(&entry->accepted, mark_sender(task));
}

/* Nothing was found that decides: what the doubt ends in. */
static void
lookup_ends(struct task *task)
{
	struct work *work = task->work;

	if (mark_is_taken(task)) {
		review(task, "taken", "");
	} else if (task->after_refusal &&
		   (!task->doubted || (task->proof && !task->other))) {
		answer_refused(task);
	} else if (!task->asked && !task->other) {
		review(task, "no-selector", "");
	} else if (task->other) {
		review(task, "unproven", "");
	} else if (!task->proof) {
		review(task, sent_as_another(task) ? "agent" : "edited", "");
	} else if (work->entry.attempt >= STATE_ATTEMPTS_MAX &&
		   (work->entry.flags & LEDGER_ANSWER_LOST)) {
		review(task, "attempts", "");
	} else if (work->row.contact.blocked) {
		mark_withdrawn(task);
		task_finish(task, PLAN_BLOCKED, false);
	} else {
		task->doubted = true;
		absent(task);
	}
}

void
search_lookup(struct task *task)
{
	search_begin(task, STEP_LOOKUP);
	/* also when a run before this one was told so */
	task->after_refusal = task->after_refusal || mark_is_taken(task);
	if (!DEFENDED(LOOKUP))
		absent(task);
	else if (task->selector == SELECTOR_COUNT)
		lookup_ends(task);
}

/*
 * A probe that no selector could be asked for says nothing. Where the ledger
 * may have forgotten the contact, some selector must have said "nobody", and
 * none may have brought somebody else who could hide it.
 */
static void
probe_ends(struct task *task, const struct reply *reply)
{
	bool every = ledger_rebuilt(task->run->parts.ledger);
	struct trouble why = task->refusal;

	if (!task->asked) {
		/* of two keys the first is the one that the config names */
		if (!*why.code)
			answer_trouble(task, reply, &why);
		task_give_up(task, &why);
	} else if (every && (task->other || !task->proof) &&
		   !create_anyway(task)) {
		review(task, "unproven", "");
	} else {
		nobody_yet(task);
	}
}

bool
search_next(struct task *task)
{
	task->selector = selector_from(
	    (unsigned)task->selector + 1, &task->work->row.values);
	task->other_key = NULL;
	task->tries = 0;
	return task->selector != SELECTOR_COUNT;
}

static void
try_next(struct task *task, const struct reply *reply)
{
	if (search_next(task))
		return;
	if (task->step == STEP_PROBE)
		probe_ends(task, reply);
	else
		lookup_ends(task);
}

/* Whether the selector's values are those that the last create carried. */
static bool
unchanged(const struct task *task)
{
	const struct work *work = task->work;

	if (sent_as_another(task))
		return false;
	for (unsigned i = 0; i < FIELD_COUNT; i++)
		if (selector_uses(task->selector, (enum field)i) &&
		    !hash_set_has(
			&work->entry.accepted, work->row.print.field[i]))
			return false;
	return true;
}

/* Another row of this book has it already. */
static bool
taken(const struct task *task, const char *id)
{
	const struct run_parts *parts = &task->run->parts;
	struct ledger_row holder;

	return board_find_holder(
	    parts->ledger, parts->book, id, task->work->row.ledger, &holder);
}

static void
found_ours(struct task *task, const struct reply *reply)
{
	struct run *run = task->run;

	if (taken(task, reply->contact.id)) {
		review(task, "shared", reply->contact.id);
	} else if (task->step == STEP_PROBE) {
		/* it has forgotten this one, so perhaps others */
		if (DEFENDED(SIGNS))
			ledger_mark_forgetful(
			    run->parts.ledger, run->parts.opened_ms);
		mark_linked(task, EVENT_PROBE_OURS, reply->contact.id,
		    reply->quote_url, false);
		answer_update(task);
	} else if (task->after_refusal) {
		/* it has been there all along, with whatever values */
		mark_linked(task, EVENT_FOUND_OURS, reply->contact.id,
		    reply->quote_url, false);
		answer_update(task);
	} else {
		run->accepted = true;
		mark_found(task, reply);
		/* edited since it was sent */
		if (!task->work->row.contact.blocked && answer_differs(task))
			answer_update(task);
		else
			task_finish(task, PLAN_CREATE, false);
	}
}

static void
found_adoptable(struct task *task, const struct reply *reply)
{
	bool probe = task->step == STEP_PROBE;

	if (taken(task, reply->contact.id)) {
		review(task, "shared", reply->contact.id);
	} else if (task->run->config->adopt == ADOPT_EXACT &&
		   (probe || task->after_refusal)) {
		mark_linked(task, probe ? EVENT_PROBE_OURS : EVENT_FOUND_OURS,
		    reply->contact.id, reply->quote_url, true);
		answer_update(task);
	} else if (!match_same_names(
		       &task->work->row.values, &reply->contact)) {
		/* the number alone: one by one, as it overwrites the name */
		review(task, "similar", reply->contact.id);
	} else {
		mark_same_person(task,
		    probe ? EVENT_PROBE_DOUBT : EVENT_FOUND_DOUBT,
		    reply->contact.id);
		task_finish(task, PLAN_REVIEW, false);
	}
}

/* Whoever it is there, a person says whether it is this one. */
static void
found_alike(struct task *task, const struct reply *reply)
{
	bool another = reply->contact.has_external_id &&
		       *reply->contact.external_id;

	review(task,
	    taken(task, reply->contact.id) ? "shared"
	    : another                      ? "alike"
					   : "similar",
	    reply->contact.id);
}

/*
 * Another row's contact, surely of another person: that is whom the row shares
 * a phone or an e-mail address with, most often a spouse. Twins share the birth
 * date, so one may hide the other.
 */
static bool
is_another_row(const struct task *task, const struct remote_contact *theirs)
{
	uint32_t row = theirs->has_external_id
			   ? book_find(
				 task->run->parts.book, theirs->external_id)
			   : SYNC_NO_ROW;

	return row != SYNC_NO_ROW && row != task->row &&
	       match_differs(&task->work->row.values, theirs);
}

static void
found(struct task *task, const struct reply *reply)
{
	enum match match = match_contact(
	    &task->work->row.values, &reply->contact);

	if (task->step == STEP_PROBE && create_anyway(task) &&
	    match != MATCH_OURS)
		match = MATCH_OTHER;
	switch (match) {
	case MATCH_OURS: found_ours(task, reply); break;
	case MATCH_ADOPTABLE: found_adoptable(task, reply); break;
	case MATCH_CONFLICT: review(task, "conflict", reply->contact.id); break;
	case MATCH_ALIKE: found_alike(task, reply); break;
	case MATCH_OTHER:
		/* in doubt nothing excuses a stranger */
		task->other = task->other || task->step == STEP_LOOKUP ||
			      !is_another_row(task, &reply->contact);
		try_next(task, reply);
		break;
	}
}

/* The same question once more, by the pace, with the other key. */
static bool
ask_with_other_key(struct task *task, const struct reply *reply)
{
	if (!reply->other_key)
		return false;
	if (task->step == STEP_PROBE)
		answer_trouble(task, reply, &task->refusal);
	task->other_key = reply->other_key;
	task->not_before = 0;
	return true;
}

/* Only what the pace does not deal with: see answer_take(). */
void
search_answer(struct task *task, const struct reply *reply)
{
	if (ask_with_other_key(task, reply))
		return;
	if (task->step == STEP_ASK) {
		list_ask_answer(task, reply);
		return;
	}
	switch (reply->kind) {
	case REPLY_FOUND:
		task->asked = true;
		found(task, reply);
		break;
	case REPLY_NONE:
		task->asked = true;
		if (task->step == STEP_PROBE) {
			task->proof = true;
			if (!ledger_rebuilt(task->run->parts.ledger)) {
				nobody_yet(task);
				break;
			}
		} else {
			task->proof = task->proof || unchanged(task);
		}
		try_next(task, reply);
		break;
	default:
		/* this selector was refused and proves nothing */
		task->other = true;
		try_next(task, reply);
		break;
	}
}
