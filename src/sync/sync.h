/* SPDX-License-Identifier: MIT */
/*
 * Sync: a book against HealthSherpa. The desk and the commands ask here and
 * nowhere else: status of each row, the plan, a run, reviews, history.
 *
 * One thread: the caller's loop calls sync_wait() and sync_step() and drains
 * sync_next_event(). Nothing here blocks but the opening.
 */
#ifndef SYNC_SYNC_H
#define SYNC_SYNC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "book/config.h"
#include "book/field.h"
#include "partner/http.h" /* struct wait_fd */
#include "sync/status.h"

struct book;
struct clock;
struct config;
struct contact;
struct err;
struct plan;
struct str;
struct sync;

/* No row. */
#define SYNC_NO_ROW UINT32_MAX

struct sync_options {
	const struct clock *clock;
	const char *state_dir; /* NULL: file_state_dir() */
	bool read_only;        /* look only: no lock, no ledger writes */
};

/*
 * Opens the book's ledger (made when missing, 0600 in a 0700 directory) and
 * takes its lock. ERR_HELD names the holder (open again with read_only: the
 * ledger can be read while another process syncs); ERR_IO when the ledger is
 * damaged, with what to do. No network yet.
 *
 * There is one directory per book (by the real path of its source, or that of
 * the older export it continues) with lock and key, and in it one ledger per
 * environment: what is linked in staging is not linked in production.
 *
 * For crash tests: with BELAY_DEBUG_STOP_AT=N in the environment the process
 * kills itself at the n-th step of its journal: before and after each commit,
 * request, answer and save of the source.
 */
struct sync *sync_open(
    struct book *book, const struct sync_options *options, struct err *err);
/* Stops calls, commits, releases. Results not yet in the file stay in the
 * ledger and are put in next time. */
void sync_free(struct sync *sync);
bool sync_read_only(const struct sync *sync);
/* When it is: takes the book after all, with what has come into its ledger
 * meanwhile. ERR_HELD while another belay holds it; other errors as of
 * sync_open(). */
bool sync_take_over(struct sync *sync, struct err *err);
/* Where replaced versions of the source are kept; for saving edits too. */
const char *sync_backup_dir(const struct sync *sync);
/* Where the lock and the ledgers of this book are. */
const char *sync_directory(const struct sync *sync);

/*
 * From now on `book`, loaded whole, is looked at in place of the one before: a
 * later reading of the same file. All statuses are computed anew, links and
 * history stay. ERR_USAGE while a run or a save is going on.
 */
bool sync_use_book(struct sync *sync, struct book *book, struct err *err);

/*
 * The book's config holds other values from now on (config_swap()): the partner
 * is made anew by the next sync_start(), another environment's ledger is opened
 * in the place of the one before, all statuses are computed anew. ERR_USAGE
 * while a run or a save is going on; ERR_IO: that ledger cannot be opened, and
 * all is as it was.
 */
bool sync_use_config(struct sync *sync, struct err *err);

/* ---- newer exports ----------------------------------------------------- */

struct sync_older {
	const char *path; /* of the older export; sync's, until the next call */
	uint32_t known, sampled; /* of this file's IDs; 0 of 0: it has none */
	bool anothers; /* the older one is another profile's list, and this file
			  is nobody's: going on with it is not offered */
	char
	    sentence[320]; /* "b.csv looks like a newer export of a.csv: ..." */
};
/*
 * Whether this file looks like a newer export of another one that was synced
 * here: asked once the book is loaded, before anything is sent. False as well
 * when the file has contacts in a ledger of its own, when the user has decided
 * already, and when more than one fits.
 */
bool sync_find_older(struct sync *sync, struct sync_older *out);
/*
 * From now on this file and the older export are one book: one lock, one key,
 * one set of ledgers, for all environments; durable. `older`: its path, also
 * of a file that is gone; NULL: the one found. ERR_HELD, ERR_USAGE: nothing has
 * changed. Opened for looking only, it lasts until sync_free(). All statuses
 * are computed anew.
 */
bool sync_continue(struct sync *sync, const char *older, struct err *err);
/* The file is a book of its own: not asked again; takes a sync_continue() back,
 * what was synced since stays with the older one. */
bool sync_separate(struct sync *sync, struct err *err);

/*
 * True while results cannot go into the source itself (hard links, read-only,
 * standard input): then everything works, the ledger alone keeps them, they go
 * in once it can take them, and `why` is a sentence for the user. Asking counts
 * as having told: else a SYNC_NOTICE says so with the first result.
 */
bool sync_sidecar(struct sync *sync, struct err *why);

/* ---- status of rows ------------------------------------------------- */

/*
 * Rows without an ID (book_mints()) are recognised once the book has been
 * loaded whole, before the statuses are gone through once more: surely, and
 * they go on as the contacts they are; or by one way only, and they are in
 * review (code "recognised", or "ambiguous") until a person says who they are.
 * A row that is nobody's gets its ID when a run begins with it.
 */

/*
 * Computes the status of up to `rows` rows that have none yet. All are gone
 * through once more when the book has been loaded whole, as repeated IDs are
 * only known then. True when it did something: there may be more, and what is
 * on the screen may be old. False when there was nothing to do.
 *
 * A row whose HealthSherpa ID stands in the file only (no ledger, or a lost
 * one) is `changed`: one update with all fields but the note makes it synced.
 * A linked row whose ID is missing in the file gets it back by the next save.
 * A value that went away is not sent, as HealthSherpa documents no way to
 * clear it; the row is not `changed` because of it.
 */
bool sync_refresh(struct sync *sync, uint32_t rows);
/* All rows are seen otherwise from now on (book_remap()): their statuses are
 * computed anew by sync_refresh(), but those of a run that is going on. */
void sync_restart(struct sync *sync);
/* Ends the recognising at once, for those who do not refresh. ERR_IO. */
bool sync_recognise(struct sync *sync, struct err *err);
/* A row was edited: its status is computed anew. */
void sync_row_changed(struct sync *sync, uint32_t row);
/* STATUS_COUNT until computed. O(1). */
enum status sync_status(const struct sync *sync, uint32_t row);
/* The same, computed first where it is not yet: for those who go from row to
 * row of a book that is loaded whole. */
enum status sync_find_status(struct sync *sync, uint32_t row);
void sync_counts(const struct sync *sync, uint32_t counts[STATUS_COUNT]);
/* Rows that are synced but for lists that are not sent by themselves; how many,
 * and whether one is among them. O(1). */
uint32_t sync_lists_open(const struct sync *sync);
bool sync_has_lists_open(const struct sync *sync, uint32_t row);
/*
 * How many rows have a HealthSherpa ID that only the file knows, if they are
 * more than at the last sync; else 0. Then the ledger is gone or older than the
 * file, or somebody else put them there: the next sync looks everybody else up
 * with all that is known, and creates nobody new before a time. Once all
 * statuses are computed.
 */
uint32_t sync_strangers(const struct sync *sync);

struct row_status {
	enum status status;
	char reason[320];      /* why, for people; "" when nothing to say */
	char short_reason[48]; /* for the list: "phone", "no ZIP", "2 d ago" */
	char healthsherpa_id[128];
	char quote_url[2049];
	char code[64];             /* of a failure */
	int64_t synced_at_ms;      /* wall; 0: never */
	int64_t retry_at_ms;       /* monotonic; 0: none */
	enum hold held;            /* why it waits until then */
	bool changed[FIELD_COUNT]; /* what an update would send */
	char candidate_id[128];    /* review: the contact HealthSherpa has */
	bool lists_open; /* synced, but for lists that only go when asked */
};
void sync_row(struct sync *sync, uint32_t row, struct row_status *out);

/* ---- plan ----------------------------------------------------------- */

enum plan_verb {
	PLAN_CREATE,
	PLAN_UPDATE,
	PLAN_NONE, /* nothing to send */
	PLAN_BLOCKED,
	PLAN_REVIEW,
	PLAN_WAIT,  /* in doubt: looked up first */
	PLAN_GOING, /* in the run that is going on, which is not done with it */
	PLAN_VERB_COUNT
};
const char *plan_verb_word(enum plan_verb verb);

struct plan_row {
	uint32_t row;
	enum plan_verb verb;
	bool changed[FIELD_COUNT]; /* create: all with a value */
	/* a create: what it is looked up by first, "Medicare number"; NULL:
	 * it is not */
	const char *looked_up_by;
	bool
	    unfinished; /* PLAN_NONE, but its lists are not there, or in part */
};

struct plan {
	struct plan_row *rows;
	size_t count;  /* of rows that were looked at */
	size_t wanted; /* all of them; the others have their number only */
	uint32_t verbs[PLAN_VERB_COUNT];
	uint32_t unfinished; /* of PLAN_NONE */
	uint32_t requests;   /* an estimate */
	bool retry_failed;
	enum list_policy lists;
	bool all_lists; /* also those that HealthSherpa accepted as they are */
};

/*
 * What a run over these rows would do; asks the service nothing. Refused rows
 * (failed) are PLAN_BLOCKED unless changed since or `retry_failed`.
 * Everything must be loaded and computed.
 */
struct plan *sync_plan(
    struct sync *sync, const uint32_t *rows, size_t count, bool retry_failed);
/* The same in parts: begun it has looked at none, each part looks at up to
 * `rows` more. True while there are more. Nothing may change in between. */
struct plan *sync_plan_begin(
    struct sync *sync, const uint32_t *rows, size_t count, bool retry_failed);
bool sync_plan_part(struct sync *sync, struct plan *plan, size_t rows);
/* The same for one contact whose lists go by another word than the config's:
 * all that it has, whether they are known to be there or not. */
struct plan *sync_plan_lists(
    struct sync *sync, uint32_t row, enum list_policy lists);
void plan_free(struct plan *plan);

/* For so long nobody new is created, as the ledger may have forgotten somebody
 * whose creation is under way; 0: no such wait. */
int64_t sync_nobody_new_ms(const struct sync *sync);

/* What sync_plan(), sync_row() and book_contact() say of a row, seen once. */
struct sync_look {
	struct plan_row plan;
	uint32_t requests; /* an estimate */
	struct row_status status;
	const struct contact *contact; /* until the next row is looked at */
};
void sync_look(
    struct sync *sync, uint32_t row, bool retry_failed, struct sync_look *out);

/* ---- a run ----------------------------------------------------------------
 */

/* Starts, or joins the rows to the run that is going on. Makes the partner at
 * the first call (fetches the key, which may take a command's time). Rows
 * without a sending verb are skipped. ERR_HELD when opened read-only, ERR_DATA
 * when the book is not loaded whole, ERR_CONFIG, ERR_AUTH. */
bool sync_start(struct sync *sync, const struct plan *plan, struct err *err);
/* Calls in flight finish; the rest stays as it was. */
void sync_cancel(struct sync *sync);
void sync_pause(struct sync *sync, bool pause);

enum sync_event_kind {
	SYNC_ROW,          /* a row's status changed; `row` */
	SYNC_FINISHED_ROW, /* the row is done in this run and on disk; all
			    * members */
	SYNC_NOTICE, /* one sentence for everybody (slowed down, wrong key) */
	SYNC_LOOK,   /* an answer for sync_lists(), sync_remotes() */
	SYNC_DONE,   /* the run has ended */
	SYNC_LOGIN,  /* the agent's login has moved on */
};

struct sync_event {
	enum sync_event_kind kind;
	uint32_t row;        /* SYNC_NO_ROW: none */
	enum plan_verb verb; /* what was done: create, update, none... */
	enum status status;
	int http;          /* last answer, 0: none */
	unsigned requests; /* spent on this row */
	char code[64];
	char message[320];
};
bool sync_next_event(struct sync *sync, struct sync_event *event);

struct sync_progress {
	bool running, paused, cancelling;
	char run[40];
	uint32_t total, done, in_flight, waiting;
	uint32_t created, updated, unchanged, blocked, failed, review;
	uint32_t partial; /* of those: not all of their lists were saved */
	uint64_t requests;
	double rate;     /* requests a second, of late */
	int64_t left_ms; /* an estimate; -1: unknown */
	int64_t elapsed_ms;
	enum hold held;    /* why nothing can be sent now; but not: paused */
	int64_t held_ms;   /* for how long still */
	bool unauthorised; /* key, agent or scope refused every row */
	bool wants_login;  /* then: a new login would help (v2) */
	bool same_refusal; /* many creates in a row were refused for one reason
			    * and none was accepted: the rest is not sent;
			    * `notice` says why */
	bool unreachable;  /* the service could not be reached, did not answer
			    * for 15 minutes or said nothing but "slow down",
			    * or asked to wait for longer */
	bool halted;       /* the ledger could not be written: nothing more
			    * is sent; `notice` says why */
	bool unsaved;      /* results were not put into the source although
			    * it takes some; the ledger keeps them */
	char stopped[512]; /* by what, when it was broken off, in short */
	char notice[320];
};
void sync_progress(const struct sync *sync, struct sync_progress *out);
/* Whether the run was stopped by what is wrong for all rows. */
static inline bool
sync_broken_off(const struct sync_progress *progress)
{
	return progress->halted || progress->unauthorised ||
	       progress->same_refusal || progress->unreachable;
}

/* True when only rows in doubt are left, whose settle time is not over. */
bool sync_only_waiting(const struct sync *sync);

enum { SYNC_WAIT_MAX = 8 };

/*
 * The loop: waits for the network, the disk, at most SYNC_WAIT_MAX descriptors
 * or `timeout_ms` (-1: none), but never past our own next timer. Works before
 * the first sync_start().
 */
void sync_wait(
    struct sync *sync, struct wait_fd *fds, unsigned count, int64_t timeout_ms);
/* Delivers answers, fires timers, commits, saves results into the source.
 * Before SYNC_DONE all results have been put into the file, if it can be. */
void sync_step(struct sync *sync);
/* For a command, after its run: waits until all that was written is on disk; an
 * event tells what could not be. */
void sync_finish(struct sync *sync);
/* Puts all results that are not in the file yet into it, now; also those of
 * earlier runs. For commands, before they end without a run. */
bool sync_write_back(struct sync *sync, struct err *err);

/* ---- the agent's login (v2) ------------------------------------------------
 */

enum sync_login_state {
	SYNC_LOGIN_NONE,
	SYNC_LOGIN_WAITING,    /* for the agent to agree in a browser */
	SYNC_LOGIN_EXCHANGING, /* a moment */
	SYNC_LOGIN_DONE,       /* it is kept; what is started now uses it */
	SYNC_LOGIN_FAILED,
};
struct sync_login {
	enum sync_login_state state;
	const char *url; /* to be opened; borrowed, NULL when there is none */
	int port;        /* where the browser comes back to; 0: paste it */
	char message[1024]; /* why it failed, or what was refused; "" */
	bool bare; /* a code was pasted alone: nothing says whose it is */
};
/*
 * Begins a login, in the place of one that goes on; sync_wait() and sync_step()
 * move it on. It lasts ten minutes. Where the port is taken the answer has to
 * be pasted, and `message` says why. ERR_CONFIG, ERR_AUTH, ERR_UNAVAILABLE.
 */
bool sync_login_begin(struct sync *sync, struct err *err);
void sync_login_look(const struct sync *sync, struct sync_login *out);
/* The address that the browser shows, or its code. False: it is not the answer,
 * the error says why, and the login goes on. */
bool sync_login_paste(struct sync *sync, const char *text, struct err *err);
void sync_login_end(struct sync *sync); /* also when there is none */

/* The login that is kept. Times are wall ms. */
struct sync_account {
	char name[320];   /* whose it is, if HealthSherpa said so, or "" */
	int64_t since_ms; /* when the agent agreed */
	int64_t until_ms; /* of what is used now; 0: not known */
	bool renews;      /* after that it goes on by itself */
};
/* ERR_AUTH: nobody is logged in, or not any more. */
bool sync_account(struct sync *sync, struct sync_account *out, struct err *err);

/* What was left to do when the last run ended before its time. */
struct sync_left {
	uint32_t to_send; /* to be created or updated */
	uint32_t doubts;  /* may have been created: each is looked up first */
	const char *how;  /* "was cut off", "was stopped"...; NULL: it was not,
			   * only the doubts are left */
};
/*
 * Whether the last run of this book was cut off, cancelled or stopped by an
 * outage and something is still to be sent, or a contact is in doubt. Once all
 * statuses are computed and before a run is started: then false. Opened for
 * looking only, a run without an end is another's that goes on.
 */
bool sync_left(struct sync *sync, struct sync_left *out);

/* ---- what HealthSherpa has of one contact ---------------------------------
 */

/*
 * Two questions for somebody who looks on, by searches outside of any run, of
 * which SYNC_LOOK tells the end. One at a time; the next one takes its place.
 * Nothing of the answers is written down. ERR_USAGE says why it cannot be asked
 * now: a sync that is going on, asked to slow down, nothing to search by.
 */
enum look_state {
	LOOK_NOT_ASKED, /* or no more known: the config or the file is another
			 */
	LOOK_ASKING,
	LOOK_KNOWN,
	LOOK_NOT_KNOWN, /* `message` says why */
};
enum { LOOK_MESSAGE_MAX = 320 };

/* The drugs, pharmacies and providers of a contact that is there, so that it
 * can be seen what an update would replace. ERR_USAGE: v1, not there yet. */
bool sync_ask_lists(struct sync *sync, uint32_t row, struct err *err);

struct sync_lists {
	enum look_state known;
	uint32_t row;
	/* JSON text by field from FIELD_DRUGS on, sync's until the next call of
	 * anything; ours as in the file when asked. NULL: there is none in the
	 * file; HealthSherpa does not say. */
	const char *ours[FIELD_LISTS];
	const char *theirs[FIELD_LISTS];
	char message[LOOK_MESSAGE_MAX];
};
void sync_lists(const struct sync *sync, struct sync_lists *out);

/* Everybody whom HealthSherpa has for what the file says of a row: each of its
 * selectors is asked, and each may bring another contact. */
bool sync_ask_contact(struct sync *sync, uint32_t row, struct err *err);
/* Whether asking would not first have to wait for a command that gives the
 * key. */
bool sync_asks_at_once(const struct sync *sync);
/* Nobody looks at sync_remotes() any more; an answer that comes is dropped,
 * and SYNC_LOOK says that another question can be asked. */
void sync_forget_contact(struct sync *sync);

enum { SYNC_REMOTES_MAX = 4 };

struct sync_remote {
	const char *healthsherpa_id;
	/* "Medicare number": the selectors that brought it; NULL: not by it */
	const char *found_by[SYNC_REMOTES_MAX];
	/* As belay writes them, dates as YYYY-MM-DD; NULL: HealthSherpa has
	 * none, or does not say. Notes are never said. */
	const char *values[FIELD_COUNT];
};
struct sync_remotes {
	enum look_state known;
	uint32_t row;
	unsigned count; /* texts are sync's until the next call of anything */
	struct sync_remote contacts[SYNC_REMOTES_MAX];
	char message[LOOK_MESSAGE_MAX];
};
void sync_remotes(const struct sync *sync, struct sync_remotes *out);

/* ---- files for the CRM -------------------------------------------------- */

/*
 * Whether the row's HealthSherpa ID, as it is now, went into a file for the
 * CRM to import. False for rows that the ledger does not know.
 */
bool sync_handed_over(struct sync *sync, uint32_t row);
/* From now on it did; durable on return. ERR_IO, ERR_HELD (read-only). */
bool sync_hand_over(
    struct sync *sync, const uint32_t *rows, size_t count, struct err *err);

/* ---- decisions --------------------------------------------------------------
 */

enum decision { DECISION_LINK, DECISION_CREATE, DECISION_NEVER };
/*
 * Decides a row in review (or one that was refused, or never to be sent);
 * durable at once, carried out by the next run. `healthsherpa_id` is for
 * DECISION_LINK (NULL: the candidate). ERR_USAGE says why it cannot be.
 * Of a row that was recognised, LINK says that it is that person, CREATE that
 * it is another, who is looked up before being created like any other.
 */
bool sync_decide(struct sync *sync, uint32_t row, enum decision decision,
    const char *healthsherpa_id, struct err *err);
/*
 * Takes the last sync_decide() of the row back, durably: it waits for a
 * decision as before, or stands where an earlier one put it. ERR_USAGE: it
 * cannot be. That is so of DECISION_LINK, since the file has the contact's ID
 * from then on, of who a row without an ID is, and once a sync has begun or the
 * config was read again.
 */
bool sync_undecide(struct sync *sync, uint32_t row, struct err *err);
bool sync_may_undecide(const struct sync *sync, uint32_t row);
/* How many rows in review were recognised, under the name they had:
 * DECISION_LINK is the likely answer for them all. */
uint32_t sync_recognised(const struct sync *sync);
/* Decides so for all of them; `*confirmed`: how many. */
bool sync_confirm_recognised(
    struct sync *sync, uint32_t *confirmed, struct err *err);
/*
 * How many rows in review (code "similar") have a contact at HealthSherpa that
 * is under nobody's ID and has the same Medicare number, or where one has none
 * the same first and last name and birth date; and were not edited since that
 * was seen. DECISION_LINK is the likely answer for them all. O(1).
 */
uint32_t sync_similar(const struct sync *sync);
/*
 * Decides so for all of them, each looked at anew; durable. `*linked`: how
 * many. The others stay in review: two rows that want one contact, one that is
 * being synced, a contact that another row has by now.
 */
bool sync_link_similar(struct sync *sync, uint32_t *linked, struct err *err);

#endif
