/* SPDX-License-Identifier: MIT */
/*
 * What an answer leads to. First what concerns everybody (wrong key, slow
 * down, no answer), then what concerns this contact.
 *
 * An outage is nobody's own trouble: while the breaker is open a failed call
 * costs its row no try, and the run waits, one trial at a time, until the
 * service is back or has been away for too long. What fails for all rows alike
 * (key, agent, one refusal) stops the run with one sentence.
 *
 * Hazard: for a create only an answer that surely means "not done" may lead to
 * anything but the doubt: 429, 401, 403 and a call of which nothing left are
 * sure, a refusal is sure, everything else is not.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/defence.h"
#include "base/mem.h"
#include "base/secret.h"
#include "base/str.h"
#include "book/config.h"
#include "sync/match.h"
#include "sync/redact.h"
#include "sync/stop.h"
#include "sync/task.h"

enum {
	FORBIDDEN_MANY = 3,
	/* a wrong value is one row's, seldom that of so many in a row */
	REFUSED_MANY = 20,
	UNREACHABLE_MANY = 5,
	RENEWALS_MOST = 3,           /* of the login for one call */
	TELL_MS = 60 * 1000,         /* between notices of one outage */
	SLOW_TELL_MS = 5 * TELL_MS,  /* and of one "slow down" without end */
	GIVE_UP_MS = 15 * 60 * 1000, /* of an outage; said in words */
};

void
answer_trouble(
    struct task *task, const struct reply *reply, struct trouble *out)
{
	struct str text;

	memset(out, 0, sizeof(*out));
	out->http = reply->http;
	str_copy(out->code, sizeof(out->code),
	    *reply->code ? reply->code : reply_kind_word(reply->kind));
	str_copy(out->field, sizeof(out->field), reply->field);
	str_init(&text, 2048);
	reply_explain(&text, reply);
	redact(out->message, sizeof(out->message), text.data,
	    &task->work->row.contact, task->merged);
	str_release(&text);
}

/* ---- what everybody feels ------------------------------------------- */

/* Whether this failure is the one after which a run that has had no answer at
 * all does not go on. */
static bool
never_reached(const struct run *run)
{
	return !run->answered && run->unreachable + 1 >= UNREACHABLE_MANY;
}

static enum pace_outcome
outcome_of(const struct reply *reply)
{
	switch (reply->kind) {
	case REPLY_SLOW_DOWN: return PACE_SLOW_DOWN;
	case REPLY_AGAIN: return PACE_NOTHING;
	case REPLY_UNAUTHORISED:
		return reply->http ? PACE_SUCCESS : PACE_NOTHING;
	case REPLY_NOT_SENT:
	case REPLY_RETRY:
	case REPLY_UNKNOWN:
		return reply->http == 503 ? PACE_OVERLOAD
		       : reply->http      ? PACE_FAILURE
					  : PACE_TIMEOUT;
	default: return PACE_SUCCESS;
	}
}

/*
 * What is everybody's stops the run: it is said once, and no contact is at
 * fault. Those that are not done are let go as they are.
 */
static void
break_off(struct run *run, bool *why, const char *in_short, const char *notice)
{
	if (*why)
		return;
	*why = true;
	str_copy(
	    run->progress.stopped, sizeof(run->progress.stopped), in_short);
	run_notice(run, "%s", notice);
	run_stop(run);
}

static void
break_off_by(
    struct run *run, bool *why, const char *in_short, const struct reply *reply)
{
	struct str text;

	str_init(&text, 1024);
	reply_explain(&text, reply);
	break_off(run, why, in_short, text.data);
	str_release(&text);
}

/* The breaker is open, and this was no answer that closes it. */
static void
tell_outage(struct run *run, bool was_open, int64_t now)
{
	long long left = (pace_held_until(&run->pace, now) - now + 999) / 1000;
	int64_t open_for = pace_open_for(&run->pace, now);

	if (open_for >= GIVE_UP_MS) {
		break_off(run, &run->progress.unreachable,
		    "HealthSherpa has not answered for 15 minutes",
		    "HealthSherpa has not answered for 15 minutes; stopped, "
		    "run the sync again later");
	} else if (left <= 0) {
		return; /* told to slow down: the next one may try at once */
	} else if (!was_open || !run->told_at) {
		run->told_at = now;
		run_notice(run,
		    "HealthSherpa does not answer as it should; no contact is "
		    "given up because of it, trying again in %lld s",
		    left);
	} else if (now - run->told_at >= TELL_MS) {
		run->told_at = now;
		run_notice(run,
		    "HealthSherpa has not answered as it should for %lld min; "
		    "trying again in %lld s",
		    (long long)open_for / 60000, left);
	}
}

/* Whether one contact fails, or one after another. */
static void
count_failed_rows(struct task *task, enum pace_outcome outcome)
{
	struct run *run = task->run;

	if (outcome == PACE_NOTHING)
		return;
	if (outcome == PACE_SUCCESS || outcome == PACE_SLOW_DOWN)
		run->failed_rows = 0;
	else if (run->failed_rows == 0 || run->failed_row != task->row)
		run->failed_rows++;
	run->failed_row = task->row;
}

/* Said where it was said that it slows us down for long. */
static void
slowed_no_more(struct run *run, bool tell)
{
	if (tell && !run->stopping && run->slowed_since &&
	    run->slow_told_at > run->slowed_since)
		run_notice(run, "HealthSherpa answers again; going on");
	run->slowed_since = 0;
}

static void
report(struct task *task, const struct reply *reply)
{
	struct run *run = task->run;
	struct pace *pace = &run->pace;
	enum pace_outcome outcome = outcome_of(reply);
	int64_t now = task_now(task);
	bool was_open = pace->open;
	int64_t held = pace_held_until(pace, now);

	pace_report(pace, outcome, task->trial, reply->retry_after_ms, now);
	task->trial = 0;
	if (outcome != PACE_SLOW_DOWN && outcome != PACE_NOTHING)
		slowed_no_more(run, outcome == PACE_SUCCESS && !was_open);
	count_failed_rows(task, outcome);
	if (run->stopping || outcome == PACE_NOTHING ||
	    (outcome != PACE_SUCCESS && never_reached(run)))
		return;
	if (pace->open)
		tell_outage(run, was_open, now);
	else if (was_open && !pace->open)
		run_notice(run, "HealthSherpa answers again; going on");
	else if (pace_held_until(pace, now) - held >= 1000 &&
		 reply->retry_after_ms >= 1000 &&
		 reply->retry_after_ms <= PACE_RETRY_AFTER_MAX)
		run_notice(run,
		    "HealthSherpa asked to slow down; going on in "
		    "%lld s",
		    (long long)(reply->retry_after_ms + 999) / 1000);
}

static void
give_up(struct task *task, const struct reply *reply)
{
	struct trouble why;

	answer_trouble(task, reply, &why);
	task_give_up(task, &why);
}

/* In a few words; `*login`: a new login would help. */
static const char *
what_is_refused(const struct run *run, const struct reply *reply, bool *login)
{
	static const struct {
		const char *code;
		const char *words;
		bool login;
	} version_2[] = {
	    {"login-ended", "the login at HealthSherpa has ended", true},
	    {"invalid_token", "the login at HealthSherpa has ended", true},
	    {"insufficient_scope", "the login does not cover contacts", true},
	    {"login-refused", "the login at HealthSherpa cannot be renewed",
		false},
	};

	*login = false;
	if (run->config->version == SERVICE_V1)
		return "HealthSherpa refuses the key or the agent; check both "
		       "in the config";
	for (size_t i = 0; i < sizeof(version_2) / sizeof(*version_2); i++)
		if (strcmp(reply->code, version_2[i].code) == 0) {
			*login = version_2[i].login;
			return version_2[i].words;
		}
	*login = reply->kind == REPLY_UNAUTHORISED;
	return *login ? "HealthSherpa does not take the login"
		      : "HealthSherpa does not let this agent do that";
}

/* One that was typed may have been mistyped: the next sync asks for it. False:
 * it was not, or the service refuses something else. */
static bool
refused_typed(struct run *run, const struct reply *reply)
{
	struct str notice, where;
	bool typed;

	if (run->config->version != SERVICE_V1 ||
	    reply->kind != REPLY_UNAUTHORISED || run->progress.unauthorised)
		return false;
	str_init(&notice, 2048);
	str_init(&where, 1024);
	typed = secret_refuse(&run->config->api_key, &where);
	if (typed) {
		str_addf(&notice,
		    "HealthSherpa did not accept the key that was typed; the "
		    "next sync asks for it again (%s)",
		    where.data);
		/* both: the end of the run is said after the notice */
		break_off(
		    run, &run->progress.unauthorised, notice.data, notice.data);
	}
	str_release(&notice);
	str_release(&where);
	return typed;
}

static void
unauthorised(struct task *task, const struct reply *reply)
{
	struct run *run = task->run;
	bool login;
	const char *words = what_is_refused(run, reply, &login);

	if (refused_typed(run, reply))
		return;
	run->progress.wants_login = run->progress.wants_login || login;
	break_off_by(run, &run->progress.unauthorised, words, reply);
}

static enum call_kind
kind_of(const struct task *task)
{
	return task->step == STEP_CREATE   ? CALL_CREATE
	       : task->step == STEP_UPDATE ? CALL_UPDATE
					   : CALL_SEARCH;
}

/*
 * One contact may be another agent's; all of them mean a wrong setting. A
 * create belongs to nobody yet, so there a few tell; for the others it takes
 * more where some other kind of call works.
 */
static void
forbidden(struct task *task, const struct reply *reply)
{
	struct run *run = task->run;
	const struct sync_progress *progress = &run->progress;
	enum call_kind kind = kind_of(task);
	unsigned count = ++run->forbidden[kind], many = FORBIDDEN_MANY;

	for (unsigned i = 0; i < CALL_KINDS; i++)
		if (run->good[i] && kind != CALL_CREATE)
			many = REFUSED_MANY;
	if (!run->good[kind] &&
	    (count >= many || count + progress->unchanged >= progress->total)) {
		unauthorised(task, reply);
		return;
	}
	give_up(task, reply);
}

/* A call that no login is good enough for would be sent for ever. */
static void
renewed(struct task *task, const struct reply *reply)
{
	struct reply refused = *reply;

	task->not_before = 0;
	/* one that had not left was not refused */
	if (reply->http == 0 || ++task->renewals <= RENEWALS_MOST)
		return;
	refused.kind = REPLY_UNAUTHORISED;
	str_copy(refused.code, sizeof(refused.code), "invalid_token");
	for (unsigned i = 0; i < CALL_KINDS; i++)
		if (task->run->good[i]) {
			give_up(task, &refused);
			return;
		}
	unauthorised(task, &refused);
}

/* Told to come back in hours: nothing is sent until then, nor waited for. */
static bool
sent_away(struct task *task, const struct reply *reply)
{
	struct run *run = task->run;

	if (reply->retry_after_ms <= PACE_RETRY_AFTER_MAX)
		return false;
	break_off(run, &run->progress.unreachable,
	    "HealthSherpa asked to wait for more than 15 minutes",
	    "HealthSherpa asked to wait for more than 15 minutes; stopped, run "
	    "the sync again later");
	return true;
}

/* For how long nothing else has been said: told now and then, and no longer
 * than an outage, but for the time that it asked for itself. */
static bool
slowed_for_too_long(struct run *run, int64_t asked_ms, int64_t now)
{
	int64_t slowed;

	if (!run->slowed_since)
		run->slowed_since = run->slow_told_at = now;
	slowed = now - run->slowed_since;
	if (slowed >= GIVE_UP_MS + (asked_ms > 0 ? asked_ms : 0)) {
		break_off(run, &run->progress.unreachable,
		    "HealthSherpa has only asked to slow down for more than 15 "
		    "minutes",
		    "HealthSherpa has only asked to slow down for more than 15 "
		    "minutes; stopped, run the sync again later");
		return true;
	}
	if (now - run->slow_told_at >=
	    (run->slow_told_at == run->slowed_since ? TELL_MS : SLOW_TELL_MS)) {
		run->slow_told_at = now;
		run_notice(run,
		    "HealthSherpa has only asked to slow down for %lld min; no "
		    "contact is given up because of it, still trying",
		    (long long)slowed / 60000);
	}
	return false;
}

static void
slow_down(struct task *task, const struct reply *reply)
{
	struct run *run = task->run;
	int64_t wait = reply->retry_after_ms;

	if (sent_away(task, reply) ||
	    slowed_for_too_long(run, wait, task_now(task)))
		return;
	if (wait <= 0)
		wait = pace_pause(&run->pace, task->pauses);
	task->pauses++;
	task->not_before = task_now(task) + wait;
}

/* Whether there is somebody whose call has not failed often yet. */
static bool
others_can_tell(const struct run *run)
{
	for (size_t i = 0; i < run->active_count; i++)
		if (run->active[i]->step != STEP_HOLD &&
		    run->active[i]->outage_tries < PACE_TRIES)
			return true;
	return run->queue_head < run->queue_count && run_has_room(run);
}

/*
 * An outage is everybody's: more than one contact fails. But some contacts may
 * each be such that HealthSherpa stumbles over them, and when only those are
 * left nothing else can tell: then what can be of a contact's own making, any
 * answer but 503, counts against it.
 */
static bool
is_outage(const struct task *task, const struct reply *reply)
{
	const struct run *run = task->run;

	if (!run->pace.open || run->failed_rows < 2)
		return false;
	return task->outage_tries < PACE_TRIES || reply->http == 0 ||
	       reply->http == 503 || others_can_tell(run);
}

/* A call that may be repeated failed. */
static void
again(struct task *task, const struct reply *reply)
{
	struct run *run = task->run;
	int64_t delay;

	task->unsure = task->unsure || reply->kind != REPLY_NOT_SENT;
	task->failed_at = task_now(task);
	if (sent_away(task, reply))
		return;
	if (never_reached(run)) {
		run->unreachable++;
		break_off_by(run, &run->progress.unreachable,
		    "HealthSherpa could not be reached", reply);
		return;
	}
	run->unreachable += !run->answered;
	if (is_outage(task, reply)) {
		/* the breaker says when; what it took before is given back */
		task->tries = 0;
		task->outage_tries++;
		task->not_before = 0;
		return;
	}
	if (task->outage_tries >= PACE_TRIES ||
	    !pace_retry(&run->pace, task->tries, reply->http == 0, &delay)) {
		give_up(task, reply);
		return;
	}
	task->tries++;
	if (reply->retry_after_ms > delay)
		delay = reply->retry_after_ms;
	task->not_before = task->failed_at + delay;
}

/* ---- create --------------------------------------------------------- */

/* Until when the last create may still take effect and be seen. It may have
 * left later than it was started, where the process was stopped in between; but
 * no longer ago than a call may take. */
static int64_t
settled_at(const struct task *task)
{
	const struct config *config = task->run->config;
	int64_t left = task_now(task) - config->timeout_ms;

	if (left < task->sent_at)
		left = task->sent_at;
	return left + (DEFENDED(WAIT) ? config->settle_ms : 0);
}

static void
in_doubt(struct task *task)
{
	struct run *run = task->run;

	mark_lost(task);
	task_wait(task, settled_at(task));
	run->lost++;
	if (!run->accepted && !run->stopping && run->lost >= REFUSED_MANY &&
	    run->queue_head < run->queue_count)
		break_off(run, &run->progress.unreachable,
		    "HealthSherpa answers for no new contact",
		    "stopped, as for 20 new contacts HealthSherpa gave no "
		    "answer that says whether it has them, and for none one "
		    "that does; they are looked up by the next sync");
}

static bool
same_reason(const struct trouble *a, const struct trouble *b)
{
	return a->http == b->http && strcmp(a->code, b->code) == 0 &&
	       strcmp(a->field, b->field) == 0 &&
	       /* where no field is named the words have to tell */
	       (*a->field || strcmp(a->message, b->message) == 0);
}

static void
stop_refused(struct run *run, const struct trouble *why)
{
	struct str in_short, notice;

	str_init(&in_short, sizeof(run->progress.stopped) - 1);
	str_init(&notice, 1024);
	str_addf(&in_short, "HealthSherpa refuses all new contacts: %s",
	    why->message);
	str_addf(&notice,
	    "stopped, as %d new contacts in a row were refused for the same "
	    "reason and none was accepted: %s",
	    REFUSED_MANY, why->message);
	break_off(run, &run->progress.same_refusal, in_short.data, notice.data);
	str_release(&in_short);
	str_release(&notice);
}

void
answer_refused(struct task *task)
{
	struct run *run = task->run;
	const struct trouble *why = &task->refusal;

	mark_refused(task, why);
	if (run->refusals == 0 || !same_reason(&run->refusal, why)) {
		run->refusals = 0;
		run->refusal = *why;
	}
	run->refusals++;
	if (!run->accepted && !run->stopping && run->refusals >= REFUSED_MANY)
		stop_refused(run, why);
	task_finish(task, PLAN_CREATE, true);
}

/* It, or its ID, is there already, and the search may not see it yet. */
static void
taken(struct task *task, const struct reply *reply)
{
	answer_trouble(task, reply, &task->refusal);
	task->after_refusal = true;
	mark_taken(task);
	task_wait(task, settled_at(task));
}

/*
 * A 422: perhaps because it is there already. Where that is likely, what is
 * there may not be seen by the search yet.
 */
static void
unprocessable(struct task *task, const struct reply *reply)
{
	if (reply->taken) {
		taken(task, reply);
		return;
	}
	answer_trouble(task, reply, &task->refusal);
	task->after_refusal = true;
	if (task->doubted)
		task_wait(task, settled_at(task));
	else
		search_lookup(task);
}

/* Whose contact is it? An echo of another ID is none of ours. */
static bool
echoes_ours(const struct task *task, const struct reply *reply)
{
	return *reply->contact.id && (!reply->contact.has_external_id ||
					 strcmp(reply->contact.external_id,
					     task->work->row.external_id) == 0);
}

static void
create_answer(struct task *task, const struct reply *reply)
{
	switch (reply->kind) {
	case REPLY_ACCEPTED:
		if (!echoes_ours(task, reply)) {
			in_doubt(task);
			break;
		}
		/* a service may answer with the contact that has this ID
		 * already: the next update would write over a stranger */
		if (match_differs(&task->work->row.values, &reply->contact)) {
			taken(task, reply);
			break;
		}
		task->run->accepted = true;
		mark_created(task, reply);
		task_finish(task, PLAN_CREATE, false);
		break;
	case REPLY_UNPROCESSABLE: unprocessable(task, reply); break;
	case REPLY_REFUSED:
	case REPLY_GONE:
		/* a redirect may well follow the work */
		if (reply->http >= 300 && reply->http < 400) {
			in_doubt(task);
			break;
		}
		answer_trouble(task, reply, &task->refusal);
		answer_refused(task);
		break;
	default: in_doubt(task); break;
	}
}

/* ---- update --------------------------------------------------------- */

/* Some list was not sent, as board_trouble() says. */
static bool
lists_dropped(const struct task *task)
{
	bool any = false;

	for (unsigned i = 0; i < FIELD_LISTS; i++)
		any = any || task->dropped[i];
	return any;
}

static bool
anything_changed(const struct task *task)
{
	const struct work *work = task->work;

	if (work->entry.flags & LEDGER_CLAIM)
		return true;
	for (unsigned i = 0; i < FIELD_COUNT; i++)
		if (work->row.changed[i])
			return true;
	return false;
}

/* What differs, by what the ledger's row says now. */
static void
compare(struct task *task)
{
	struct board_row *row = &task->work->row;
	const struct ledger_entry *entry = &task->work->entry;

	for (unsigned i = 0; i < FIELD_COUNT; i++)
		row->changed[i] = board_field_goes(
		    entry, (enum field)i, row->print.field[i], &task->terms);
	for (unsigned i = 0; i < FIELD_LISTS; i++)
		if (task->dropped[i] || task->had[i])
			row->changed[FIELD_DRUGS + i] = false;
}

bool
answer_differs(struct task *task)
{
	compare(task);
	return anything_changed(task);
}

void
answer_update(struct task *task)
{
	compare(task);
	task->verb = PLAN_UPDATE;
	task->with_notes = task->work->row.changed[FIELD_NOTES];
	if (list_ask_is_due(task)) {
		list_ask(task);
	} else if (!anything_changed(task)) {
		task_finish(task, PLAN_NONE, lists_dropped(task));
	} else if (task->with_notes) {
		mark_note(task);
		task_go_after_commit(task, STEP_UPDATE);
	} else {
		task_go(task, STEP_UPDATE);
	}
}

/*
 * The note may be there or not; it is not sent again. The other fields are, as
 * that does no harm.
 */
static void
note_in_doubt(struct task *task, const struct reply *reply)
{
	struct board_row *row = &task->work->row;
	struct reply nothing = {.kind = REPLY_ACCEPTED};

	mark_note_doubt(task);
	task->unsure = true;
	task->with_notes = false;
	row->changed[FIELD_NOTES] = false;
	if (anything_changed(task)) {
		task_go(task, STEP_UPDATE);
		return;
	}
	(void)reply;
	mark_updated(task, &nothing);
	task_finish(task, PLAN_UPDATE, lists_dropped(task));
}

static void
update_answer(struct task *task, const struct reply *reply)
{
	struct trouble why;
	char id[sizeof(task->work->entry.healthsherpa_id)];

	switch (reply->kind) {
	case REPLY_ACCEPTED:
		mark_updated(task, reply);
		task_finish(task, PLAN_UPDATE, lists_dropped(task));
		break;
	case REPLY_GONE:
		str_copy(id, sizeof(id), task->work->entry.healthsherpa_id);
		if (task->with_notes)
			mark_note_back(task);
		mark_review(task, EVENT_GONE, "gone", id);
		task_finish(task, PLAN_REVIEW, false);
		break;
	case REPLY_UNKNOWN: note_in_doubt(task, reply); break;
	default:
		answer_trouble(task, reply, &why);
		if (task->with_notes)
			mark_note_back(task);
		mark_refused(task, &why);
		task_finish(task, PLAN_UPDATE, true);
		break;
	}
}

/* ---- the door ------------------------------------------------------- */

static void
answer_contact(struct task *task, const struct reply *reply)
{
	task->tries = 0;
	task->pauses = 0;
	task->renewals = 0;
	switch (task->step) {
	case STEP_CREATE: create_answer(task, reply); break;
	case STEP_UPDATE: update_answer(task, reply); break;
	default: search_answer(task, reply); break;
	}
}

void
answer_take(void *context, const struct reply *reply)
{
	struct task *task = context;
	struct run *run = task->run;

	stop_here(run->parts.stop);
	task->in_flight = false;
	task->http = reply->http;
	run->in_flight--;
	run->answered = run->answered || reply->http != 0;
	report(task, reply);
	switch (reply->kind) {
	case REPLY_UNAUTHORISED: unauthorised(task, reply); break;
	case REPLY_FORBIDDEN: forbidden(task, reply); break;
	case REPLY_SLOW_DOWN: slow_down(task, reply); break;
	case REPLY_AGAIN: renewed(task, reply); break;
	case REPLY_NOT_SENT: again(task, reply); break;
	case REPLY_RETRY:
		if (task->step == STEP_CREATE)
			answer_contact(task, reply);
		else
			again(task, reply);
		break;
	case REPLY_UNKNOWN:
		sent_away(task, reply);
		answer_contact(task, reply);
		break;
	default:
		run->good[kind_of(task)] = true;
		answer_contact(task, reply);
		break;
	}
}
