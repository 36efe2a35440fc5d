/* SPDX-License-Identifier: MIT */
/*
 * Changes of a row in the ledger. Every one is a transition of state.h's
 * table; an impossible one is a programming error.
 *
 * Hazard: `accepted` means "HealthSherpa has these" for a linked row and "these
 * were sent" for an INTENT. A row that goes back to NEW or REJECTED must lose
 * it, and the notes with it, since none of them arrived.
 */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/defence.h"
#include "base/log.h"
#include "base/str.h"
#include "book/book.h"
#include "book/config.h"
#include "sync/audit.h"
#include "sync/explain.h"
#include "sync/list_union.h"
#include "sync/lists.h"
#include "sync/redact.h"
#include "sync/task.h"
#include "sync/writeback.h"

enum { LEAD_MS = 1000, LEAD_LEAST_MS = 200 };

static void
move(struct ledger_entry *entry, enum event event)
{
	enum state next = state_next(entry->state, event);

	assert(next != STATE_COUNT);
	if (next != STATE_COUNT)
		entry->state = next;
}

static void
store(struct task *task)
{
	struct ledger_entry *entry = &task->work->entry;

	LOG_EVENT(.what = "transition", .external_id = entry->external_id,
	    .healthsherpa_id = entry->healthsherpa_id,
	    .state = state_word(entry->state),
	    .code = *entry->code ? entry->code : NULL);
	if (!ledger_store(task->run->parts.ledger, entry))
		run_stop(task->run);
}

static void
forget_refusal(struct ledger_entry *entry)
{
	entry->refused = 0;
	entry->http = 0;
	*entry->code = *entry->field = *entry->message = '\0';
}

static void
put_refusal(struct ledger_entry *entry, const struct trouble *why)
{
	entry->http = why->http;
	str_copy(entry->code, sizeof(entry->code), why->code);
	str_copy(entry->field, sizeof(entry->field), why->field);
	str_copy(entry->message, sizeof(entry->message), why->message);
}

static void
copy_refusal(struct trouble *why, const struct ledger_entry *entry)
{
	why->http = entry->http;
	str_copy(why->code, sizeof(why->code), entry->code);
	str_copy(why->field, sizeof(why->field), entry->field);
	str_copy(why->message, sizeof(why->message), entry->message);
}

static void
forget_sent(struct ledger_entry *entry)
{
	entry->accepted.count = 0;
	entry->notes.count = 0;
	entry->whole = 0;
	entry->sent_at = 0;
	*entry->boot_id = '\0';
	entry->flags &= ~(unsigned)LEDGER_ANSWER_LOST;
}

/* All values as they are now, as what HealthSherpa has. */
static void
accept_all(struct task *task)
{
	struct ledger_entry *entry = &task->work->entry;
	const struct fingerprint *print = &task->work->row.print;

	entry->accepted.count = 0;
	for (unsigned i = 0; i < FIELD_COUNT; i++)
		if (i != FIELD_NOTES)
			hash_set_add(&entry->accepted, print->field[i]);
	entry->whole = print->whole;
}

/*
 * How long the mark on disk may be older than the sending. It is written as a
 * time to come, so that no create leaves after it: longer where the disk takes
 * its time, as a commit may wait for the one before it, but not so long that it
 * would be most of the settle time.
 */
static int64_t
lead(const struct task *task)
{
	const struct run *run = task->run;
	int64_t most = run->config->settle_ms / 4, ms;

	if (most < LEAD_LEAST_MS)
		most = LEAD_LEAST_MS;
	ms = (most < LEAD_MS ? most : LEAD_MS) + 2 * run->commit_ms;
	return ms < most ? ms : most;
}

static void
stamp(struct task *task)
{
	struct ledger_entry *entry = &task->work->entry;

	entry->sent_at = task_now(task) + lead(task);
	str_copy(entry->boot_id, sizeof(entry->boot_id), clock_boot_id());
}

void
mark_anew(struct task *task)
{
	struct ledger_entry *entry = &task->work->entry;

	if (entry->state != STATE_REJECTED)
		return;
	move(entry, EVENT_ROW_CHANGED);
	entry->attempt = 0;
}

uint64_t
mark_sender(const struct task *task)
{
	const struct run_parts *parts = &task->run->parts;
	struct str text;
	uint64_t hash;

	str_init(&text, 1024);
	str_add(&text, "sent as");
	str_add_char(&text, '\0');
	partner_sender(parts->partner, &task->work->row.values, &text);
	hash = fingerprint_hash(ledger_key(parts->ledger), text.data, text.len);
	str_release(&text);
	return hash;
}

void
mark_intent(struct task *task)
{
	struct ledger_entry *entry = &task->work->entry;

	/* an attempt that a crash cut off does not count */
	if (entry->state != STATE_INTENT || (entry->flags & LEDGER_ANSWER_LOST))
		entry->attempt++;
	move(entry, entry->state == STATE_INTENT ? EVENT_FOUND_ABSENT
						 : EVENT_PROBE_ABSENT);
	forget_refusal(entry);
	entry->flags &= ~(unsigned)LEDGER_ANSWER_LOST;
	accept_all(task);
	hash_set_add(&entry->accepted, mark_sender(task));
	entry->flags |= LEDGER_SENT_AS;
	entry->notes.count = 0;
	hash_set_add(&entry->notes, task->work->row.print.field[FIELD_NOTES]);
	stamp(task);
	if (DEFENDED(JOURNAL))
		store(task);
	/* the file is not waited for: the ledger is what counts */
	audit_add(task->run->parts.audit,
	    &(struct audit_event){.action = "create",
		.external_id = entry->external_id,
		.outcome = "sending",
		.payload = entry->whole,
		.agent = task->work->row.values.text[FIELD_AGENT_EMAIL]});
}

void
mark_lost(struct task *task)
{
	move(&task->work->entry, EVENT_UNKNOWN);
	task->work->entry.flags |= LEDGER_ANSWER_LOST;
	store(task);
}

void
mark_intent_again(struct task *task)
{
	move(&task->work->entry, EVENT_NOT_SENT);
	stamp(task);
	if (DEFENDED(JOURNAL))
		store(task);
}

void
mark_withdrawn(struct task *task)
{
	struct ledger_entry *entry = &task->work->entry;

	move(entry, EVENT_WITHDRAWN);
	forget_sent(entry);
	entry->attempt = 0;
	store(task);
}

void
mark_taken(struct task *task)
{
	struct ledger_entry *entry = &task->work->entry;

	entry->http = task->refusal.http;
	str_copy(entry->code, sizeof(entry->code), "taken");
	str_copy(entry->message, sizeof(entry->message), task->refusal.message);
	store(task);
}

bool
mark_is_taken(const struct task *task)
{
	const struct ledger_entry *entry = &task->work->entry;

	return entry->state == STATE_INTENT &&
	       strcmp(entry->code, "taken") == 0;
}

/* What every linked row has in common after a success. */
static void
settle(struct task *task, const char *id, const char *quote_url)
{
	struct ledger_entry *entry = &task->work->entry;

	forget_refusal(entry);
	if (id && *id && strcmp(entry->healthsherpa_id, id) != 0) {
		str_copy(
		    entry->healthsherpa_id, sizeof(entry->healthsherpa_id), id);
		entry->flags &= ~(unsigned)LEDGER_HANDED_OVER;
	}
	/* a 204 has no page: the last one stays good */
	if (quote_url && *quote_url)
		str_copy(entry->quote_url, sizeof(entry->quote_url), quote_url);
	entry->synced_at = clock_wall(task->run->parts.clock);
	entry->sent_at = 0;
	*entry->boot_id = '\0';
	entry->flags &= ~(unsigned)(LEDGER_NO_PROBE | LEDGER_ANSWER_LOST);
}

/* Stages the row and hands its results to the source. */
static void
store_linked(struct task *task)
{
	struct work *work = task->work;
	struct ledger_entry *entry = &work->entry;

	if (strcmp(work->row.file_id, entry->healthsherpa_id) == 0)
		entry->flags |= LEDGER_WRITTEN_BACK;
	else
		entry->flags &= ~(unsigned)LEDGER_WRITTEN_BACK;
	store(task);
	if (!ledger_failed(task->run->parts.ledger) && !work->row.keeps_cell)
		writeback_put(task->run->parts.writeback, task->row, entry,
		    work->row.file_id);
}

/* Why the contact is not saved whole, in words that the ledger may keep. */
static void
put_partial(struct task *task, const struct reply *reply)
{
	struct work *work = task->work;
	struct field_values sent = work->row.values;
	struct trouble why = {.http = reply->http, .code = "partial"};
	struct str text;

	for (unsigned i = 0; i < FIELD_LISTS; i++)
		if (task->merged[i])
			sent.text[FIELD_DRUGS + i] = task->merged[i];
	if (reply->unsaved.count > 0 &&
	    reply->unsaved.items[0].list != FIELD_COUNT)
		str_copy(why.field, sizeof(why.field),
		    field_table[reply->unsaved.items[0].list].name);
	str_init(&text, 2048);
	lists_tell_unsaved(&text, &reply->unsaved, &sent, &work->row.values);
	redact(why.message, sizeof(why.message), text.data, &work->row.contact,
	    task->merged);
	str_release(&text);
	put_refusal(&work->entry, &why);
}

/*
 * Which lists HealthSherpa has now. `before`: what was accepted until now, and
 * still is of those that were not sent.
 */
static void
accept_lists(
    struct task *task, const struct reply *reply, const struct hash_set *before)
{
	struct ledger_entry *entry = &task->work->entry;
	const struct board_row *row = &task->work->row;
	const struct hash_set known = *before;

	for (unsigned i = FIELD_DRUGS; i <= FIELD_PROVIDERS; i++) {
		uint64_t hash = row->print.field[i];

		hash_set_remove(&entry->accepted, hash);
		if (row->changed[i])
			list_mark(&entry->accepted, hash,
			    !reply->partial ||
				!list_failed(&reply->unsaved, (enum field)i));
		else
			list_keep(
			    &entry->accepted, &known, (enum field)i, hash);
	}
	entry->flags &= ~(unsigned)LEDGER_PARTIAL;
	if (reply->partial || lists_tried(&entry->accepted, &row->print))
		entry->flags |= LEDGER_PARTIAL;
	if (reply->partial)
		put_partial(task, reply);
}

void
mark_created(struct task *task, const struct reply *reply)
{
	struct ledger_entry *entry = &task->work->entry;

	move(entry, EVENT_ACCEPTED);
	settle(task, reply->contact.id, reply->quote_url);
	accept_lists(task, reply, &entry->accepted);
	store_linked(task);
}

/* The answer that was lost may have said that not all was saved: what
 * HealthSherpa has says it as well, where it says so. */
static void
compare_lists(struct task *task, const struct reply *reply)
{
	struct ledger_entry *entry = &task->work->entry;
	const struct board_row *row = &task->work->row;
	struct trouble why = {.code = "partial"};

	for (unsigned i = FIELD_DRUGS; i <= FIELD_PROVIDERS; i++) {
		const char *theirs = reply->lists[i - FIELD_DRUGS];
		uint64_t hash = row->print.field[i];

		if (!theirs ||
		    list_state(&entry->accepted, hash) != LIST_SAVED ||
		    list_lacking(row->values.text[i], theirs) == 0)
			continue;
		list_mark(&entry->accepted, hash, false);
		entry->flags |= LEDGER_PARTIAL;
		str_copy(why.field, sizeof(why.field), field_table[i].name);
		snprintf(why.message, sizeof(why.message),
		    "HealthSherpa does not have all %s as they were sent; the "
		    "answer to the creation was lost",
		    field_table[i].label);
		put_refusal(entry, &why);
	}
}

void
mark_found(struct task *task, const struct reply *reply)
{
	move(&task->work->entry, EVENT_FOUND_OURS);
	settle(task, reply->contact.id, reply->quote_url);
	compare_lists(task, reply);
	store_linked(task);
}

void
mark_updated(struct task *task, const struct reply *reply)
{
	struct ledger_entry *entry = &task->work->entry;
	const struct hash_set before = entry->accepted;
	struct trouble partial = {.http = 0};

	move(entry, EVENT_ACCEPTED);
	if (entry->flags & LEDGER_PARTIAL)
		copy_refusal(&partial, entry);
	settle(task, NULL, reply->quote_url);
	accept_all(task);
	accept_lists(task, reply, &before);
	/* what was not saved before is no more by this */
	if ((entry->flags & LEDGER_PARTIAL) && !reply->partial)
		put_refusal(entry, &partial);
	if (entry->flags & LEDGER_NOTE_ASSUMED)
		hash_set_add(
		    &entry->notes, task->work->row.print.field[FIELD_NOTES]);
	entry->flags &= ~(unsigned)(LEDGER_NOTE_ASSUMED | LEDGER_CLAIM);
	if (task->with_notes)
		entry->flags &= ~(unsigned)LEDGER_NOTE_DOUBT;
	store_linked(task);
}

void
mark_list_had(struct task *task, enum field list)
{
	struct ledger_entry *entry = &task->work->entry;
	const struct fingerprint *print = &task->work->row.print;

	task->had[list - FIELD_DRUGS] = true;
	list_mark(&entry->accepted, print->field[list], true);
	if ((entry->flags & LEDGER_PARTIAL) &&
	    !lists_tried(&entry->accepted, print)) {
		entry->flags &= ~(unsigned)LEDGER_PARTIAL;
		forget_refusal(entry);
	}
	store(task);
}

void
mark_update_unsure(struct task *task)
{
	struct ledger_entry *entry = &task->work->entry;
	const struct board_row *row = &task->work->row;
	struct hash_set sure = {0};

	for (unsigned i = 0; i < FIELD_COUNT; i++)
		if (!row->changed[i] &&
		    hash_set_has(&entry->accepted, row->print.field[i]))
			hash_set_add(&sure, row->print.field[i]);
	for (unsigned i = FIELD_DRUGS; i <= FIELD_PROVIDERS; i++)
		if (!row->changed[i])
			list_keep(&sure, &entry->accepted, (enum field)i,
			    row->print.field[i]);
	entry->accepted = sure;
	entry->whole = 0;
	store(task);
}

void
mark_linked(struct task *task, enum event event, const char *id,
    const char *quote_url, bool claim)
{
	struct ledger_entry *entry = &task->work->entry;
	int64_t synced_at = entry->synced_at;

	move(entry, event);
	forget_sent(entry);
	settle(task, id, quote_url);
	entry->synced_at = synced_at;
	entry->flags |= claim ? LEDGER_CLAIM : LEDGER_NOTE_ASSUMED;
	store_linked(task);
}

void
mark_refused(struct task *task, const struct trouble *why)
{
	struct ledger_entry *entry = &task->work->entry;
	/* the row may have been edited since the create was sent */
	uint64_t sent = entry->state == STATE_INTENT
			    ? entry->whole
			    : task->work->row.print.whole;

	move(entry, EVENT_REFUSED);
	if (entry->state == STATE_REJECTED)
		forget_sent(entry);
	entry->refused = sent;
	put_refusal(entry, why);
	store(task);
}

static void
to_review(struct task *task, enum event event, const char *code,
    const char *candidate)
{
	struct ledger_entry *entry = &task->work->entry;

	move(entry, event);
	forget_refusal(entry);
	str_copy(entry->code, sizeof(entry->code), code);
	str_copy(entry->message, sizeof(entry->message), explain_review(code));
	str_copy(entry->candidate_id, sizeof(entry->candidate_id), candidate);
	store(task);
}

void
mark_review(struct task *task, enum event event, const char *code,
    const char *candidate)
{
	/* of an earlier review, which the file's ID ended */
	task->work->entry.flags &= ~(unsigned)LEDGER_SAME_PERSON;
	to_review(task, event, code, candidate);
}

void
mark_same_person(struct task *task, enum event event, const char *candidate)
{
	struct ledger_entry *entry = &task->work->entry;

	entry->flags |= LEDGER_SAME_PERSON;
	entry->whole = task->work->row.print.whole;
	to_review(task, event, "similar", candidate);
}

void
mark_note(struct task *task)
{
	struct ledger_entry *entry = &task->work->entry;

	hash_set_add(&entry->notes, task->work->row.print.field[FIELD_NOTES]);
	entry->flags |= LEDGER_NOTE_DOUBT;
	store(task);
}

void
mark_note_back(struct task *task)
{
	struct ledger_entry *entry = &task->work->entry;

	hash_set_remove(
	    &entry->notes, task->work->row.print.field[FIELD_NOTES]);
	entry->flags &= ~(unsigned)LEDGER_NOTE_DOUBT;
	store(task);
}

void
mark_note_doubt(struct task *task)
{
	move(&task->work->entry, EVENT_UNKNOWN);
	store(task);
}
