/* SPDX-License-Identifier: MIT */
/*
 * What people decide: about one row, about all that were recognised, about all
 * that look exactly like a contact at HealthSherpa.
 *
 * Hazard: many at once are staged and committed together, but each is looked
 * at as if it were alone, since an earlier one may have taken its contact.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "book/book.h"
#include "sync/audit.h"
#include "sync/decide.h"
#include "sync/people.h"
#include "sync/sync_private.h"
#include "sync/writeback.h"

static bool
may_decide(const struct sync *sync, struct err *err)
{
	return !sync->read_only ||
	       err_set(err, ERR_HELD,
		   "this book was opened for "
		   "looking only: another belay is working on it");
}

/* The decision is durable: the row stands anew. */
static void
show(struct sync *sync, uint32_t number)
{
	struct board_row *row = &sync->row;

	board_clear_trouble(sync->home.board, number);
	board_compute(sync->home.board, number);
	board_read(sync->home.board, number, NULL, row);
	if (row->ledger != LEDGER_NONE &&
	    ledger_load(sync->home.ledger, row->external_id, &sync->entry) &&
	    sync->entry.state == STATE_LINKED && !row->keeps_cell)
		writeback_put(
		    sync->home.writeback, number, &sync->entry, row->file_id);
}

static bool
settle(struct sync *sync, uint32_t number, struct err *err)
{
	if (!sync_commit(sync, err))
		return false;
	show(sync, number);
	return true;
}

static const char *const decision_words[] = {
    [DECISION_LINK] = "link",
    [DECISION_CREATE] = "create",
    [DECISION_NEVER] = "never",
};

/* For the history; committed with what is decided. */
static bool
remember(struct sync *sync, const char *word, const char *external_id,
    const char *healthsherpa_id)
{
	struct ledger_run_row row = {.at_ms = clock_wall(sync->clock)};

	str_copy(row.external_id, sizeof(row.external_id), external_id);
	str_copy(row.decision, sizeof(row.decision), word);
	str_copy(
	    row.healthsherpa_id, sizeof(row.healthsherpa_id), healthsherpa_id);
	return ledger_store_decision(sync->home.ledger, &row);
}

/* Of a row whose person was decided: it may have its ID by that only. */
static bool
remember_person(struct sync *sync, uint32_t number, enum decision decision)
{
	struct board_row *row = &sync->row;

	board_compute(sync->home.board, number);
	board_read(sync->home.board, number, NULL, row);
	if (!*row->external_id)
		return true; /* whoever it becomes, has no history yet */
	ledger_load(sync->home.ledger, row->external_id, &sync->entry);
	return remember(sync, decision_words[decision], row->external_id,
	    decision == DECISION_LINK ? sync->entry.healthsherpa_id : "");
}

/* Whom a row without an ID is linked to: an ID of ours that no row has. */
static bool
find_person(const struct sync *sync, const struct asked *asked,
    const char *healthsherpa_id, char id[MINTED_ID_SIZE], struct err *err)
{
	struct ledger_row row;
	uint32_t holder;

	*id = '\0';
	if (!healthsherpa_id) {
		if (asked && asked->how == RECOGNISED_MANY)
			return err_set(err, ERR_USAGE,
			    "more than one contact may be this one: give the "
			    "HealthSherpa ID of the right one");
		if (asked)
			str_copy(id, MINTED_ID_SIZE, asked->external_id);
		return true;
	}
	holder = ledger_find_id(
	    sync->home.ledger, healthsherpa_id, LEDGER_NONE);
	if (holder == LEDGER_NONE)
		return true;
	ledger_row(sync->home.ledger, holder, &row);
	if (minted_is(row.external_id) &&
	    book_find(sync->book, row.external_id) == SYNC_NO_ROW)
		str_copy(id, MINTED_ID_SIZE, row.external_id);
	return true;
}

/* First of all who it is. `*decided`: that is all there was to decide. */
static bool
decide_person(struct sync *sync, uint32_t number, enum decision decision,
    const char *healthsherpa_id, bool *decided, struct err *err)
{
	const struct asked *asked = people_asked(sync->home.people, number);
	char id[MINTED_ID_SIZE] = "";

	if (!asked && !book_needs_id(sync->book, number))
		return true;
	if (decision == DECISION_LINK &&
	    !find_person(sync, asked, healthsherpa_id, id, err))
		return false;
	*decided = *id || (asked && decision == DECISION_CREATE);
	return (*id ? people_attach(sync->home.people, number, id)
		    : people_part(sync->home.people, number)) ||
	       ledger_commit(sync->home.ledger, err);
}

/* A person may say yes to all of these at once: nothing speaks against it. */
static bool
is_confirmable(const struct sync *sync, const struct asked *asked)
{
	return asked->how == RECOGNISED_BY_WAY &&
	       asked->way != RECOGNISED_BY_NAME && !asked->other_name &&
	       board_status(sync->home.board, asked->row) == STATUS_REVIEW;
}

uint32_t
sync_recognised(const struct sync *sync)
{
	size_t count;
	const struct asked *asked = people_all_asked(sync->home.people, &count);
	uint32_t found = 0;

	for (size_t i = 0; i < count; i++)
		found += is_confirmable(sync, &asked[i]);
	return found;
}

bool
sync_confirm_recognised(struct sync *sync, uint32_t *confirmed, struct err *err)
{
	size_t count;
	const struct asked *asked = people_all_asked(sync->home.people, &count);

	*confirmed = 0;
	if (!may_decide(sync, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		struct asked each = asked[i];

		if (!is_confirmable(sync, &each))
			continue;
		if (!people_attach(
			sync->home.people, each.row, each.external_id))
			return ledger_commit(sync->home.ledger, err);
		if (!remember_person(sync, each.row, DECISION_LINK))
			return ledger_commit(sync->home.ledger, err);
		if (sync->row.lost)
			board_note_lost(sync->home.board, each.row);
		(*confirmed)++;
	}
	return sync_commit(sync, err);
}

static void
audit_decision(
    struct sync *sync, enum decision decision, const struct ledger_entry *entry)
{
	static const char *const actions[] = {
	    [DECISION_LINK] = "decide-link",
	    [DECISION_CREATE] = "decide-create",
	    [DECISION_NEVER] = "decide-never",
	};

	audit_add(
	    sync->audit, &(struct audit_event){.action = actions[decision],
			     .external_id = entry->external_id,
			     .healthsherpa_id = entry->healthsherpa_id});
}

/* Of the row as it is now, read into sync->row; not durable yet. */
static bool
stage(struct sync *sync, uint32_t number, enum decision decision,
    const char *healthsherpa_id, struct err *err)
{
	struct board_row *row = &sync->row;
	struct ledger_entry *entry = &sync->entry;

	board_read(sync->home.board, number, NULL, row);
	if (!*row->external_id)
		return err_set(
		    err, ERR_USAGE, "this row has no ID of your CRM yet");
	ledger_load(sync->home.ledger, row->external_id, entry);
	if (!decide_apply(sync->home.ledger, sync->book, row, entry, decision,
		healthsherpa_id, err))
		return false;
	LOG_EVENT(.what = "decision", .external_id = entry->external_id,
	    .healthsherpa_id = entry->healthsherpa_id,
	    .state = state_word(entry->state));
	if (!ledger_store(sync->home.ledger, entry) ||
	    !remember(sync, decision_words[decision], entry->external_id,
		decision == DECISION_LINK ? entry->healthsherpa_id : ""))
		return ledger_commit(sync->home.ledger, err);
	audit_decision(sync, decision, entry);
	return true;
}

/* A decision that left no trace outside of the ledger. */
struct decided {
	struct decided *earlier;
	uint32_t row;
	struct ledger_entry before;
};

static void
pop_decided(struct decided **last)
{
	struct decided *gone = *last;

	*last = gone->earlier;
	free(gone);
}

void
review_forget_decided(struct sync *sync)
{
	while (sync->decided)
		pop_decided(&sync->decided);
}

static void
keep_before(struct sync *sync, uint32_t number, enum decision decision)
{
	struct decided *decided;

	board_read(sync->home.board, number, NULL, &sync->row);
	if (decision == DECISION_LINK || !*sync->row.external_id)
		return;
	decided = mem_zalloc(sizeof(*decided));
	decided->earlier = sync->decided;
	decided->row = number;
	sync->decided = decided;
	if (!ledger_load(
		sync->home.ledger, sync->row.external_id, &decided->before))
		pop_decided(&sync->decided);
}

/* Where the last one of the row hangs; it is NULL there when there is none. */
static struct decided **
find_decided(struct sync *sync, uint32_t number)
{
	struct decided **at = &sync->decided;

	while (*at && (*at)->row != number)
		at = &(*at)->earlier;
	return at;
}

bool
sync_may_undecide(const struct sync *sync, uint32_t number)
{
	for (const struct decided *at = sync->decided; at; at = at->earlier)
		if (at->row == number)
			return true;
	return false;
}

/* Nothing was sent since: a create would be an INTENT by now, with its time. */
static bool
is_untouched(struct sync *sync, const struct decided *decided)
{
	return ledger_load(sync->home.ledger, decided->before.external_id,
		   &sync->entry) &&
	       (sync->entry.state == STATE_NEW ||
		   (sync->entry.flags & LEDGER_NEVER)) &&
	       sync->entry.sent_at == 0 &&
	       !board_held(sync->home.board, decided->row);
}

bool
sync_undecide(struct sync *sync, uint32_t number, struct err *err)
{
	struct decided **last = find_decided(sync, number);
	bool good;

	if (!may_decide(sync, err))
		return false;
	if (!*last || !is_untouched(sync, *last))
		return err_set(err, ERR_USAGE,
		    "this decision cannot be taken back any more");
	good = ledger_store(sync->home.ledger, &(*last)->before) &&
	       remember(sync, "undo", (*last)->before.external_id, "");
	if (good)
		audit_add(sync->audit,
		    &(struct audit_event){.action = "undo-decide",
			.external_id = (*last)->before.external_id});
	pop_decided(last);
	return good ? settle(sync, number, err)
		    : ledger_commit(sync->home.ledger, err);
}

bool
sync_decide(struct sync *sync, uint32_t number, enum decision decision,
    const char *healthsherpa_id, struct err *err)
{
	const struct decided *before;
	bool decided = false;

	if (!may_decide(sync, err))
		return false;
	if (board_held(sync->home.board, number))
		return err_set(err, ERR_USAGE,
		    "this row is being synced right now; decide when it is "
		    "done");
	if (!decide_person(
		sync, number, decision, healthsherpa_id, &decided, err))
		return false;
	if (decided) {
		review_forget_decided(sync);
		if (!remember_person(sync, number, decision))
			return ledger_commit(sync->home.ledger, err);
		return settle(sync, number, err);
	}
	before = sync->decided;
	keep_before(sync, number, decision);
	if (stage(sync, number, decision, healthsherpa_id, err))
		return settle(sync, number, err);
	if (sync->decided != before)
		pop_decided(&sync->decided);
	return false;
}

/* ---- all that look exactly the same ---------------------------------- */

struct pick {
	uint32_t row;
	char candidate[128];
};

uint32_t
sync_similar(const struct sync *sync)
{
	return sync->config->adopt == ADOPT_NEVER
		   ? 0
		   : board_similar(sync->home.board);
}

static int
by_candidate(const void *a, const void *b)
{
	return strcmp(((const struct pick *)a)->candidate,
	    ((const struct pick *)b)->candidate);
}

/* Those with their contacts, by contact; the caller frees. */
static struct pick *
pick_similar(struct sync *sync, size_t *count)
{
	struct pick *picks = mem_resize(
	    NULL, (size_t)sync_similar(sync) + 1, sizeof(*picks));
	uint32_t rows = book_count(sync->book);

	*count = 0;
	for (uint32_t row = 0; row < rows && *count < sync_similar(sync);
	     row++) {
		const char *id = book_external_id(sync->book, row);

		if (!board_is_similar(sync->home.board, row) || !id ||
		    !ledger_load(sync->home.ledger, id, &sync->entry))
			continue;
		picks[*count].row = row;
		str_copy(picks[*count].candidate, sizeof(picks->candidate),
		    sync->entry.candidate_id);
		(*count)++;
	}
	qsort(picks, *count, sizeof(*picks), by_candidate);
	return picks;
}

/* Two rows that want one contact: a person must say whose it is. */
static bool
is_wanted_twice(const struct pick *picks, size_t count, size_t i)
{
	return (i > 0 && by_candidate(&picks[i - 1], &picks[i]) == 0) ||
	       (i + 1 < count && by_candidate(&picks[i], &picks[i + 1]) == 0);
}

bool
sync_link_similar(struct sync *sync, uint32_t *linked, struct err *err)
{
	struct pick *picks;
	size_t count, done = 0;
	bool good;

	*linked = 0;
	if (!may_decide(sync, err))
		return false;
	picks = pick_similar(sync, &count);
	for (size_t i = 0; i < count && !ledger_failed(sync->home.ledger);
	     i++) {
		struct err refused = ERR_INIT;

		/* what cannot be linked stays in review, with its reason */
		if (!is_wanted_twice(picks, count, i) &&
		    !board_held(sync->home.board, picks[i].row) &&
		    stage(sync, picks[i].row, DECISION_LINK, NULL, &refused))
			picks[done++].row = picks[i].row;
	}
	good = sync_commit(sync, err);
	for (size_t i = 0; good && i < done; i++)
		show(sync, picks[i].row);
	*linked = good ? (uint32_t)done : 0;
	free(picks);
	return good;
}
