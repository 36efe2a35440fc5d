/* SPDX-License-Identifier: MIT */
/*
 * A task of a run and what its files share: run.c (queue, pace, sending),
 * run_look.c (what it tells), task.c (its life), answer.c (what an answer leads
 * to), search.c (probe and look-up), mark.c (what is put into the ledger).
 * Nobody else includes this.
 */
#ifndef SYNC_TASK_H
#define SYNC_TASK_H

#include "partner/partner.h"
#include "sync/board.h"
#include "sync/events.h"
#include "sync/ledger.h"
#include "sync/pace.h"
#include "sync/people.h"
#include "sync/run.h"
#include "sync/state.h"

enum step {
	STEP_PROBE,  /* search before a first create; to be sent */
	STEP_COMMIT, /* its mark is staged; `then` once it is on disk */
	STEP_CREATE, /* to be sent */
	STEP_UPDATE, /* to be sent */
	STEP_ASK,    /* search for what an update would replace; to be sent */
	STEP_LOOKUP, /* search to end a doubt; to be sent */
	STEP_WAIT,   /* in doubt, until `not_before` */
	STEP_HOLD,   /* nobody was found; until the others have been asked */
};

/* What a task needs while it is not just waiting. */
struct work {
	struct board_row row;      /* the contact as it was when taken */
	struct ledger_entry entry; /* what the ledger says of it, or will */
	struct work *next;         /* free ones */
};

struct task {
	struct run *run;
	uint32_t row;
	enum plan_verb verb; /* what it does, for reports */
	enum step step, then;
	bool in_flight;
	struct board_terms terms;
	bool with_notes;       /* this update carries notes */
	bool after_refusal;    /* the look-up follows a 422 on create */
	bool doubted;          /* an earlier create may have arrived */
	bool unsure;           /* this update may have arrived unanswered */
	int64_t not_before;    /* monotonic */
	int64_t sent_at;       /* of the last create */
	int64_t asked_at;      /* when the probe began */
	int64_t failed_at;     /* when a call of its last failed; 0: none did */
	unsigned trial;        /* of the call that is out: see pace_take() */
	unsigned tries;        /* of this call that failed */
	unsigned outage_tries; /* and while the breaker was open */
	unsigned pauses;       /* 429s in a row */
	unsigned renewals;     /* of the login, for this call */
	unsigned requests;
	uint32_t fields; /* that a create or update has sent, a bit each */
	int http;
	/* the search that is going on */
	enum selector selector;
	bool other; /* somebody else came back, or a selector was refused */
	bool asked; /* some selector was answered */
	bool proof; /* "none" by values unchanged since the create */
	/* Of the birth date when asked with another than the partner's own;
	 * the partner's, NULL: not. */
	const char *other_key;
	/* Of lists that are merged: what is sent, by field from FIELD_DRUGS on;
	 * those that are not sent after all, and those that need not be. */
	char *merged[FIELD_LISTS];
	bool dropped[FIELD_LISTS];
	bool had[FIELD_LISTS];
	int64_t listed_at; /* when they were asked for */
	unsigned asks;     /* how often */
	/* Of a create, while it is looked up; of a probe's first key. */
	struct trouble refusal;
	struct work *work; /* NULL while waiting */
	char *external_id; /* kept while waiting, else NULL */
	unsigned commit;   /* STEP_COMMIT: the number of it */
	size_t index;      /* in active or waiting */
};

struct queued {
	uint32_t row;
	struct board_terms terms;
};

/* That one kind of call works says nothing of another: a key may search and
 * not create. */
enum call_kind { CALL_SEARCH, CALL_CREATE, CALL_UPDATE, CALL_KINDS };

/* Of a call that tries whether the service is back, until it is rather a create
 * that tries: a few of them outlast an outage. */
enum { OUTAGE_TRIES = 2 * PACE_TRIES };

enum { RATE_SLOTS = 20, RATE_SLOT_MS = 500, RATE_FROM_MS = 1000 };

struct run {
	struct run_parts parts;
	const struct config *config;
	struct pace pace;
	struct sync_progress progress;
	struct ledger_run record;
	bool going_on;
	bool answered;         /* the service has answered in this run */
	bool stopping;         /* no more sending, whatever the reason */
	bool halted;           /* the ledger has failed */
	bool good[CALL_KINDS]; /* had an answer that was not 401 or 403 */
	bool first_ever;       /* nothing is known yet of this book */
	unsigned forbidden[CALL_KINDS]; /* 403s */
	bool accepted;                  /* some create was */
	struct trouble refusal; /* of the last creates, all for one reason */
	unsigned refusals;      /* ... how many */
	unsigned lost;          /* creates of which the answer was lost */
	unsigned unreachable;   /* failures to reach it, in a row */
	uint32_t failed_row;    /* the last one that failed */
	unsigned failed_rows;   /* since a good answer, one after another */
	int64_t told_at; /* when an outage was last spoken of; 0: not yet */
	int64_t slowed_since; /* the first of the 429s since any other answer;
			       * 0: the last one was another */
	int64_t slow_told_at; /* when that was last spoken of */
	uint64_t requests_before; /* of the partner, at the start */
	int64_t started_at;
	struct queued *queue;
	size_t queue_head, queue_count, queue_capacity;
	struct task **active, **waiting;
	size_t active_count, active_capacity;
	size_t waiting_count, waiting_capacity;
	uint32_t left_waiting; /* finished in doubt */
	struct work *free_works;
	unsigned in_flight;
	bool hold_told;        /* the notice is about what holds us now */
	int64_t staged_since;  /* 0: nothing staged */
	unsigned commits;      /* begun */
	unsigned trial_commit; /* the trial is of a create that waits for it */
	bool committing;       /* the last of them is under way */
	int64_t sealed_at;     /* when it was begun */
	int64_t commit_ms;     /* how long they take, of late at most */
	unsigned restamps;     /* creates whose mark had become too old */
	uint32_t rate[RATE_SLOTS];
	int64_t rate_slot;
	int64_t rate_since; /* the start, or the end of a pause */
};

/* ---- task.c ----------------------------------------------------------------
 */

int64_t task_now(const struct task *task);
void task_take(struct run *run, const struct queued *next);
/* Its wait is over: it is looked up. */
void task_wake(struct task *task);
/* The row shows another status while it is worked on. */
void task_show(struct task *task, enum status status);
bool task_in_doubt(const struct task *task);
/* The run stops before the task could do anything more. */
void task_abandon(struct task *task);
void task_free(struct task *task);
/* Until when nobody new is created, as the ledger may have forgotten somebody;
 * in the past when there is no such wait. */
int64_t task_nobody_new_until(const struct run *run);
/* The process ends while its call is out. */
void task_cut(struct task *task);
/* The task is done: its row is let go, counted and reported. */
void task_finish(struct task *task, enum plan_verb verb, bool failed);
/* Gives its work area back until `not_before`. */
void task_wait(struct task *task, int64_t not_before);
/* Next step, counters of tries reset. */
void task_go(struct task *task, enum step step);
/* As task_go(), but a commit must come first. */
void task_go_after_commit(struct task *task, enum step then);
/* Could not be done in this run; nothing durable is said of the contact. */
void task_give_up(struct task *task, const struct trouble *trouble);

/* ---- run.c ------------------------------------------------------------------
 */

/* Whether one more row can be taken. */
bool run_has_room(const struct run *run);
/* No more sending in this run. */
void run_stop(struct run *run);

/* ---- run_look.c -------------------------------------------------------------
 */

/* Until when Retry-After or the breaker hold everything; 0: they do not, or
 * the run does not go on by itself anyway. */
int64_t run_held_until(const struct run *run, enum hold *why);

/* ---- answer.c ---------------------------------------------------------------
 */

/* The partner's callback; `context` is the task. */
void answer_take(void *context, const struct reply *reply);
/* An answer's words without the contact's values. */
void answer_trouble(
    struct task *task, const struct reply *reply, struct trouble *out);
/* Whether the row has values that HealthSherpa does not have. */
bool answer_differs(struct task *task);
/* Starts an update of what differs, or finishes if nothing does. */
void answer_update(struct task *task);
/* The create was refused, as task->refusal says: the row is, and the run stops
 * when all are for the same reason. */
void answer_refused(struct task *task);

/* ---- list_ask.c ----------------------------------------------------- */

/* Whether an update that is to be sent needs to know HealthSherpa's lists. */
bool list_ask_is_due(const struct task *task);
/* Asks for them; answer_update() follows. */
void list_ask(struct task *task);
void list_ask_answer(struct task *task, const struct reply *reply);
/* The update would be sent now: asks anew if what is known is too old, true
 * then. The task may be done after it. */
bool list_ask_again(struct task *task, int64_t now);
void list_ask_release(struct task *task);

/* ---- search.c ------------------------------------------------------- */

/* Begins a search with the first selector that the row can form; the step's
 * answers come to search_answer(). */
void search_begin(struct task *task, enum step step);
/* The next one; false: there is none left. */
bool search_next(struct task *task);

/* Looks for the contact before its first create; goes on by itself. */
void search_probe(struct task *task);
/* Looks a doubtful contact up with all selectors. */
void search_lookup(struct task *task);
void search_answer(struct task *task, const struct reply *reply);
/* Lets those on that were held until the first ones had been asked. */
void search_release(struct run *run);

/* ---- mark.c: changes of the ledger's row ---------------------------- */

/* A refused row begins anew; nothing is staged, what comes next is. */
void mark_anew(struct task *task);
/* A hash of whom this row's calls are made as, now. */
uint64_t mark_sender(const struct task *task);
/* Each makes the transition and stages it. */
void mark_intent(struct task *task);
/* Its answer was lost: the attempt counts. */
void mark_lost(struct task *task);
/* A create whose time on disk is too old to be sent under. */
void mark_intent_again(struct task *task);
void mark_withdrawn(struct task *task);
/* Refused, as it is there already: still in doubt, and known as that. */
void mark_taken(struct task *task);
bool mark_is_taken(const struct task *task);
void mark_created(struct task *task, const struct reply *reply);
void mark_updated(struct task *task, const struct reply *reply);
/* HealthSherpa has all of that list already. */
void mark_list_had(struct task *task, enum field list);
/* Linked to a contact that a search found or the file names. `claim`: our
 * external_id is to be put in there. */
void mark_linked(struct task *task, enum event event, const char *id,
    const char *quote_url, bool claim);
/* Found after the wait: it has what was sent. */
void mark_found(struct task *task, const struct reply *reply);
/* An update may have arrived: none of the values it changes counts as what
 * HealthSherpa has, neither the old one nor the new one. */
void mark_update_unsure(struct task *task);
void mark_refused(struct task *task, const struct trouble *why);
/* `code` is one of those that explain.c knows. */
void mark_review(struct task *task, enum event event, const char *code,
    const char *candidate);
/* The same in review, code "similar": by all that says who a person is
 * (match.h), which may be decided for many at once. */
void mark_same_person(
    struct task *task, enum event event, const char *candidate);
/* A note is about to be sent: it counts as sent from now on. */
void mark_note(struct task *task);
/* It surely was not. */
void mark_note_back(struct task *task);
void mark_note_doubt(struct task *task);

#endif
