/* SPDX-License-Identifier: MIT */
#include "fake_sync.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "book/book.h"
#include "check.h"
#include "sync/history.h"

struct row_status *
fake_sync_row(
    struct sync *sync, uint32_t row, enum status status, const char *reason)
{
	struct row_status *place = &sync->rows[row];

	memset(place, 0, sizeof(*place));
	place->status = status;
	str_copy(place->reason, sizeof(place->reason), reason);
	sync->set[row] = true;
	return place;
}

static enum status
stand(const struct sync *sync, uint32_t row, char *reason, size_t size)
{
	struct contact contact;
	bool blocked;

	contact_init(&contact);
	book_contact(sync->book, row, &contact);
	blocked = contact.blocked;
	for (unsigned i = 0; reason && i < contact.finding_count; i++)
		if (contact.findings[i].severity == SEVERITY_ERROR)
			str_copy(reason, size, contact.findings[i].message);
	contact_release(&contact);
	return blocked ? STATUS_BLOCKED : STATUS_NEW;
}

/* By the test; a book may have more rows than that. */
static bool
is_set(const struct sync *sync, uint32_t row)
{
	return row < FAKE_ROWS && sync->set[row];
}

enum status
sync_status(const struct sync *sync, uint32_t row)
{
	return is_set(sync, row) ? sync->rows[row].status
				 : stand(sync, row, NULL, 0);
}

void
sync_counts(const struct sync *sync, uint32_t counts[STATUS_COUNT])
{
	memset(counts, 0, STATUS_COUNT * sizeof(*counts));
	for (uint32_t row = 0; row < book_count(sync->book); row++)
		counts[sync_status(sync, row)]++;
}

void
sync_row(struct sync *sync, uint32_t row, struct row_status *out)
{
	if (is_set(sync, row)) {
		*out = sync->rows[row];
		return;
	}
	memset(out, 0, sizeof(*out));
	out->status = stand(sync, row, out->reason, sizeof(out->reason));
}

void
sync_row_changed(struct sync *sync, uint32_t row)
{
	if (row < FAKE_ROWS)
		sync->set[row] = false;
}

const char *
plan_verb_word(enum plan_verb verb)
{
	static const char *const words[] = {
	    "create", "update", "none", "blocked", "review", "wait", "going"};

	return words[verb];
}

static void
plan_one(struct sync *sync, struct plan_row *row)
{
	static const enum plan_verb verbs[STATUS_COUNT] = {
	    [STATUS_NEW] = PLAN_CREATE,
	    [STATUS_CHANGED] = PLAN_UPDATE,
	    [STATUS_SYNCED] = PLAN_NONE,
	    [STATUS_BLOCKED] = PLAN_BLOCKED,
	    [STATUS_QUEUED] = PLAN_GOING,
	    [STATUS_SENDING] = PLAN_GOING,
	    [STATUS_WAITING] = PLAN_WAIT,
	    [STATUS_FAILED] = PLAN_BLOCKED,
	    [STATUS_PARTIAL] = PLAN_NONE,
	    [STATUS_REVIEW] = PLAN_REVIEW,
	};
	struct contact contact;

	row->verb = verbs[sync_status(sync, row->row)];
	row->unfinished = sync_has_lists_open(sync, row->row) ||
			  sync_status(sync, row->row) == STATUS_PARTIAL;
	row->looked_up_by = NULL;
	memset(row->changed, 0, sizeof(row->changed));
	if (is_set(sync, row->row))
		memcpy(row->changed, sync->rows[row->row].changed,
		    sizeof(row->changed));
	if (row->verb != PLAN_CREATE)
		return;
	contact_init(&contact);
	book_contact(sync->book, row->row, &contact);
	for (unsigned i = 0; i < FIELD_COUNT; i++)
		row->changed[i] = contact.fields[i].value != NULL;
	row->looked_up_by = contact.fields[FIELD_MEDICARE_NUMBER].value
				? "Medicare number"
				: "name and phone";
	contact_release(&contact);
}

struct plan *
sync_plan_begin(
    struct sync *sync, const uint32_t *rows, size_t count, bool retry_failed)
{
	struct plan *plan = mem_zalloc(sizeof(*plan));

	(void)sync;
	(void)retry_failed;
	plan->rows = mem_zalloc((count + 1) * sizeof(*plan->rows));
	plan->wanted = count;
	for (size_t i = 0; i < count; i++)
		plan->rows[i].row = rows[i];
	return plan;
}

bool
sync_plan_part(struct sync *sync, struct plan *plan, size_t rows)
{
	static const uint32_t requests[PLAN_VERB_COUNT] = {
	    [PLAN_CREATE] = 2, [PLAN_UPDATE] = 1, [PLAN_WAIT] = 1};

	for (; rows > 0 && plan->count < plan->wanted; rows--) {
		struct plan_row *row = &plan->rows[plan->count++];

		plan_one(sync, row);
		plan->verbs[row->verb]++;
		plan->unfinished += row->unfinished;
		plan->requests += requests[row->verb];
	}
	return plan->count < plan->wanted;
}

struct plan *
sync_plan(
    struct sync *sync, const uint32_t *rows, size_t count, bool retry_failed)
{
	struct plan *plan = sync_plan_begin(sync, rows, count, retry_failed);

	sync_plan_part(sync, plan, count);
	return plan;
}

struct plan *
sync_plan_lists(struct sync *sync, uint32_t row, enum list_policy lists)
{
	struct plan *plan = sync_plan(sync, &row, 1, true);

	plan->rows[0].verb = PLAN_UPDATE;
	plan->verbs[PLAN_UPDATE] = 1;
	plan->lists = lists;
	return plan;
}

bool
sync_ask_lists(struct sync *sync, uint32_t row, struct err *err)
{
	sync->asked++;
	sync->lists.known = LOOK_ASKING;
	sync->lists.row = row;
	return !sync->refuses ||
	       err_set(err, sync->unauthorised ? ERR_AUTH : ERR_USAGE, "%s",
		   sync->refuses);
}

void
sync_lists(const struct sync *sync, struct sync_lists *out)
{
	*out = sync->lists;
}

bool
sync_ask_contact(struct sync *sync, uint32_t row, struct err *err)
{
	sync->looked++;
	if (sync->refuses)
		return err_set(err, ERR_USAGE, "%s", sync->refuses);
	if (sync->remotes.known == LOOK_ASKING)
		return err_set(err, ERR_USAGE, "one moment");
	sync->remotes.known = LOOK_ASKING;
	sync->remotes.row = row;
	return true;
}

bool
sync_asks_at_once(const struct sync *sync)
{
	return !sync->slow_key;
}

void
sync_forget_contact(struct sync *sync)
{
	sync->remotes.known = LOOK_NOT_ASKED;
}

void
sync_remotes(const struct sync *sync, struct sync_remotes *out)
{
	*out = sync->remotes;
	if (out->known != LOOK_KNOWN)
		out->count = 0;
}

unsigned
history_of_contact(
    struct sync *sync, uint32_t row, struct ledger_run_row out[HISTORY_ROWS])
{
	(void)row;
	REQUIRE(sync->history_count <= HISTORY_ROWS);
	for (unsigned i = 0; i < sync->history_count; i++)
		out[i] = sync->history[i];
	return sync->history_count;
}

int64_t
sync_nobody_new_ms(const struct sync *sync)
{
	return sync->nobody_new_ms;
}

void
plan_free(struct plan *plan)
{
	if (!plan)
		return;
	free(plan->rows);
	free(plan);
}

void
sync_progress(const struct sync *sync, struct sync_progress *out)
{
	*out = sync->progress;
}

/* ---- a run that only writes down what it is asked --------------------------
 */

bool
sync_start(struct sync *sync, const struct plan *plan, struct err *err)
{
	if (sync->unauthorised)
		return err_set(
		    err, ERR_AUTH, "nobody is logged in to HealthSherpa yet");
	(void)err;
	sync->starts++;
	sync->sent = plan->lists;
	sync->started_count = 0;
	for (size_t i = 0; i < plan->count; i++) {
		enum plan_verb verb = plan->rows[i].verb;

		if (verb != PLAN_CREATE && verb != PLAN_UPDATE &&
		    verb != PLAN_WAIT)
			continue;
		REQUIRE(sync->started_count < FAKE_ROWS);
		sync->started[sync->started_count++] = plan->rows[i].row;
	}
	return true;
}

void
sync_cancel(struct sync *sync)
{
	sync->progress.cancelling = true;
}

void
sync_pause(struct sync *sync, bool pause)
{
	sync->progress.paused = pause;
}

bool
sync_refresh(struct sync *sync, uint32_t rows)
{
	(void)sync;
	(void)rows;
	return false;
}

void
sync_restart(struct sync *sync)
{
	sync->restarts++;
}

bool
sync_sidecar(struct sync *sync, struct err *why)
{
	return sync->sidecar && !err_set(why, ERR_CREATE, "%s", sync->sidecar);
}

bool
sync_find_older(struct sync *sync, struct sync_older *out)
{
	if (sync->older)
		*out = (struct sync_older){
		    .path = sync->older, .known = 18, .sampled = 20};
	return sync->older != NULL;
}

bool
sync_continue(struct sync *sync, const char *older, struct err *err)
{
	(void)older;
	if (sync->refuses)
		return err_set(err, ERR_HELD, "%s", sync->refuses);
	sync->continued = true;
	sync->older = NULL;
	return true;
}

bool
sync_separate(struct sync *sync, struct err *err)
{
	(void)err;
	sync->separated = true;
	sync->older = NULL;
	return true;
}

bool
sync_use_book(struct sync *sync, struct book *book, struct err *err)
{
	(void)err;
	sync->book = book;
	memset(sync->set, 0, sizeof(sync->set));
	return true;
}

bool
sync_use_config(struct sync *sync, struct err *err)
{
	if (sync->refuses)
		return err_set(err, ERR_IO, "%s", sync->refuses);
	sync->configs++;
	return true;
}

bool
sync_write_back(struct sync *sync, struct err *err)
{
	(void)sync;
	(void)err;
	return true;
}

bool
sync_only_waiting(const struct sync *sync)
{
	(void)sync;
	return false;
}

bool
sync_next_event(struct sync *sync, struct sync_event *event)
{
	if (!sync->next)
		return false;
	*event = *sync->next;
	sync->next = NULL;
	return true;
}

bool
sync_decide(struct sync *sync, uint32_t row, enum decision decision,
    const char *healthsherpa_id, struct err *err)
{
	static const enum status statuses[] = {
	    [DECISION_LINK] = STATUS_CHANGED,
	    [DECISION_CREATE] = STATUS_NEW,
	    [DECISION_NEVER] = STATUS_BLOCKED,
	};

	if (sync->refuses)
		return err_set(err, ERR_USAGE, "%s", sync->refuses);
	sync->before = sync->rows[row];
	sync->decided = decision;
	sync->decided_row = row;
	sync->decisions++;
	str_copy(sync->decided_id, sizeof(sync->decided_id),
	    healthsherpa_id ? healthsherpa_id : "");
	fake_sync_row(sync, row, statuses[decision], "")->changed[FIELD_PHONE] =
	    decision == DECISION_LINK;
	return true;
}

bool
sync_may_undecide(const struct sync *sync, uint32_t row)
{
	return sync->decided != DECISION_LINK && sync->decided_row == row;
}

bool
sync_undecide(struct sync *sync, uint32_t row, struct err *err)
{
	if (sync->refuses)
		return err_set(err, ERR_USAGE, "%s", sync->refuses);
	sync->rows[row] = sync->before;
	sync->decisions--;
	return true;
}

uint32_t
sync_recognised(const struct sync *sync)
{
	return sync->recognised;
}

bool
sync_confirm_recognised(struct sync *sync, uint32_t *confirmed, struct err *err)
{
	if (sync->refuses)
		return err_set(err, ERR_USAGE, "%s", sync->refuses);
	*confirmed = sync->recognised;
	sync->recognised = 0;
	return true;
}

bool
sync_has_lists_open(const struct sync *sync, uint32_t row)
{
	return is_set(sync, row) && sync->rows[row].status == STATUS_SYNCED &&
	       sync->rows[row].lists_open;
}

uint32_t
sync_lists_open(const struct sync *sync)
{
	uint32_t count = 0;

	for (uint32_t row = 0; row < FAKE_ROWS; row++)
		count += sync_has_lists_open(sync, row);
	return count;
}

uint32_t
sync_similar(const struct sync *sync)
{
	return sync->similar;
}

bool
sync_link_similar(struct sync *sync, uint32_t *linked, struct err *err)
{
	if (sync->refuses)
		return err_set(err, ERR_USAGE, "%s", sync->refuses);
	*linked = sync->similar - sync->unlinkable;
	sync->similar = sync->unlinkable;
	return true;
}

bool
sync_left(struct sync *sync, struct sync_left *out)
{
	*out = sync->left;
	return out->to_send + out->doubts > 0;
}

static const char fake_login_url[] =
    "https://medicare-staging.healthsherpa.com/oauth/authorize?"
    "response_type=code&client_id=app&redirect_uri="
    "http%3A%2F%2F127.0.0.1%3A53682%2Fcallback&scope=partner_api_v2&"
    "state=abcdefghijklmnopqrstuv&code_challenge="
    "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopq&"
    "code_challenge_method=S256";

bool
sync_login_begin(struct sync *sync, struct err *err)
{
	sync->login = (struct sync_login){
	    .state = SYNC_LOGIN_WAITING, .url = fake_login_url, .port = 53682};
	(void)err;
	return true;
}

void
sync_login_look(const struct sync *sync, struct sync_login *out)
{
	*out = sync->login;
}

bool
sync_login_paste(struct sync *sync, const char *text, struct err *err)
{
	if (!strstr(text, "code="))
		return err_set(err, ERR_AUTH, "that is not the answer");
	sync->login.state = SYNC_LOGIN_DONE;
	sync->account = true;
	return true;
}

void
sync_login_end(struct sync *sync)
{
	sync->login = (struct sync_login){0};
}

bool
sync_account(struct sync *sync, struct sync_account *out, struct err *err)
{
	*out = (struct sync_account){
	    .renews = true, .since_ms = sync->since_ms};
	if (!sync->account)
		return err_set(
		    err, ERR_AUTH, "nobody is logged in to HealthSherpa yet");
	str_copy(out->name, sizeof(out->name), "agent@example.com");
	return true;
}
