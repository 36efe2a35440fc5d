/* SPDX-License-Identifier: MIT */
/*
 * The ledger: the durable sync state of a book's contacts, in a database
 * (database.h).
 *
 * It holds ids, states, keyed hashes, codes, times and quote URLs; no names,
 * birth dates or Medicare numbers. Rows are keyed by external_id.
 *
 * Changes are staged by ledger_store() and durable after ledger_commit(), or
 * when ledger_commit_done() says so of ledger_commit_start(). After any
 * failure the ledger takes no more changes: what memory says may be ahead of
 * the disk, so nothing may be sent any more.
 *
 * Exclusion of a second writer is the caller's lock file. SQLite's own locking
 * stays in normal mode, so that `status` and `plan` can read while a sync runs.
 *
 * Beside the rows it keeps who the IDs of belay's own belong to, for files
 * whose records have none (identity.h).
 *
 * A ledger may stand in place of one that knew more: made anew although the
 * book was synced before, or an older copy put back. Then it is marked as
 * rebuilt: a row that it takes for new may be at HealthSherpa already, or on
 * its way there.
 *
 * A short part of each row (struct ledger_row, about 64 bytes) is in memory;
 * the whole (struct ledger_entry) is read when needed.
 */
#ifndef SYNC_LEDGER_H
#define SYNC_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/crypto.h"
#include "sync/hash_set.h"
#include "sync/identity.h"
#include "sync/state.h"

struct err;
struct ledger;

#define LEDGER_NONE UINT32_MAX

/* Stored as bits: never renumber. */
enum ledger_flag {
	LEDGER_WRITTEN_BACK = 1, /* the ID is in the source */
	LEDGER_PARTIAL = 2,      /* some nested items were not saved */
	/* A note was sent, whether it arrived is unknown: it counts as sent,
	 * since sending it again might add it twice. */
	LEDGER_NOTE_DOUBT = 4,
	/* The contact may have the row's note already: the note the row has at
	 * its next sync counts as sent. */
	LEDGER_NOTE_ASSUMED = 8,
	LEDGER_CLAIM = 16,       /* our external_id is to be put in there */
	LEDGER_NO_PROBE = 32,    /* the user said: create anyway */
	LEDGER_NEVER = 64,       /* the user said: never */
	LEDGER_SUPERSEDED = 128, /* candidate_id in the file is outdated */
	/* INTENT: this attempt's answer was lost while we looked on. Without
	 * it a crash came between, which is nothing the service did. */
	LEDGER_ANSWER_LOST = 256,
	/* The ID went into a file for the CRM to import. */
	LEDGER_HANDED_OVER = 512,
	/* In review: the candidate is nobody's and has the same Medicare number
	 * or name and birth date as the row had when `whole` was its
	 * fingerprint. */
	LEDGER_SAME_PERSON = 1024,
	/* Among `accepted` is whom the create was sent as (mark_sender()). */
	LEDGER_SENT_AS = 2048,
};

struct ledger_row {
	enum state state;
	unsigned attempt; /* creates sent so far; 1.. in INTENT */
	unsigned flags;
	uint64_t whole;    /* fingerprint last accepted; 0: unknown */
	uint64_t refused;  /* fingerprint last refused; 0: none */
	int64_t sent_at;   /* INTENT: no create left later; monotonic ms */
	bool same_boot;    /* sent_at is of this boot */
	int64_t synced_at; /* wall ms; 0: never */
	const char *external_id;
	const char *healthsherpa_id; /* "" when there is none */
};

struct ledger_entry {
	char external_id[512];
	enum state state;
	unsigned attempt;
	unsigned flags;
	char healthsherpa_id[128];
	char candidate_id[128]; /* review: whom the search found */
	char quote_url[2049];
	struct hash_set
	    accepted;          /* values HealthSherpa has (INTENT: was sent) */
	struct hash_set notes; /* notes sent so far */
	uint64_t whole, refused;
	int64_t sent_at;
	char boot_id[40];
	int64_t synced_at;
	int http;          /* of the last refusal */
	char code[64];     /* of a refusal or a review */
	char field[64];    /* the field it complains of */
	char message[320]; /* in words, without the contact's values */
};

/*
 * Opens `directory`/`name`.sqlite and its key, made when missing (0600).
 * `read_only`: nothing is made; a missing ledger is an empty one. `lost`: there
 * was one before, so one that is made now is marked as rebuilt. ERR_IO with
 * what to do when it is damaged, ERR_CREATE when it cannot be made.
 */
struct ledger *ledger_open(const char *directory, const char *name,
    bool read_only, bool lost, struct err *err);
/* What is staged and not committed is dropped. NULL is fine. */
void ledger_free(struct ledger *ledger);

/* The file of a ledger; the caller frees. */
char *ledger_path(const char *directory, const char *name);

/*
 * How many of these IDs `directory`/`name`.sqlite knows, and how many contacts
 * it has, without opening it as a ledger; 0 where there is none to read.
 */
uint32_t ledger_known(const char *directory, const char *name,
    const char *const *ids, uint32_t count, uint32_t *contacts);
/* Each HealthSherpa ID that it has linked, lent for the call, without opening
 * it as a ledger; none where there is none to read. */
void ledger_each_id(const char *directory, const char *name,
    void (*take)(void *context, const char *id), void *context);

const uint8_t *ledger_key(const struct ledger *ledger);
uint32_t ledger_count(const struct ledger *ledger);

/* LEDGER_NONE when there is none. */
uint32_t ledger_find(const struct ledger *ledger, const char *external_id);
/* Another row than `except` with that HealthSherpa ID, or LEDGER_NONE. */
uint32_t ledger_find_id(
    const struct ledger *ledger, const char *healthsherpa_id, uint32_t except);
/* The short part; valid until the next ledger_store(). */
void ledger_row(
    const struct ledger *ledger, uint32_t index, struct ledger_row *out);

/* Fills `entry`; false when there is none: then it is a fresh STATE_NEW. */
bool ledger_load(
    struct ledger *ledger, const char *external_id, struct ledger_entry *entry);
/* Stages the whole entry; its index. False once the ledger has failed. */
bool ledger_store(struct ledger *ledger, const struct ledger_entry *entry);
/* Makes all staged changes durable. ERR_IO: see above. */
bool ledger_commit(struct ledger *ledger, struct err *err);
/*
 * The same in two steps, for a loop that goes on meanwhile: what is staged now
 * is durable when ledger_commit_done() sets `*done`; what is staged after the
 * start belongs to the next commit. One at a time. `fd`: readable when done
 * has something to say, -1: it is done at once.
 */
bool ledger_commit_start(struct ledger *ledger, struct err *err);
bool ledger_commit_done(struct ledger *ledger, bool *done, struct err *err);
int ledger_commit_fd(const struct ledger *ledger);
/* Whether nothing should be staged before the commit under way is done: it
 * clears up as well, some milliseconds in a hundred commits. */
bool ledger_clears_up(const struct ledger *ledger);
unsigned ledger_staged(const struct ledger *ledger);
bool ledger_failed(const struct ledger *ledger);

/* Whether rows that are new to it may not be: they are looked up with
 * everything the row has before they are created. For good. */
bool ledger_rebuilt(const struct ledger *ledger);
/* Stages the mark, and a wait that begins at `since` (monotonic ms of this
 * boot): what was sent before may still take effect. "Create anyway" of
 * earlier is taken back, as it was said of what was known then. */
bool ledger_mark_rebuilt(struct ledger *ledger, int64_t since);
/* Stages the wait alone, unless there is a mark: the ledger has forgotten
 * somebody, or somebody else syncs the same contacts. */
bool ledger_mark_forgetful(struct ledger *ledger, int64_t since);
/* Until when nobody new may be created, monotonic ms, INT64_MIN: no wait.
 * `opened`: when this process began, which counts after another boot. */
int64_t ledger_rebuilt_until(
    const struct ledger *ledger, int64_t opened, int64_t settle_ms);
/* Stages that the wait is over. */
bool ledger_rebuilt_settled(struct ledger *ledger);

/* Numbers that it keeps; 0 until put. */
enum ledger_number {
	LEDGER_GENERATION, /* counts up with each sync, as does the card's */
	LEDGER_STRANGE,    /* rows whose HealthSherpa ID only the file knew */
	LEDGER_NUMBERS
};
int64_t ledger_number(const struct ledger *ledger, enum ledger_number which);
/* Stages it. */
bool ledger_put_number(
    struct ledger *ledger, enum ledger_number which, int64_t number);

/* Stages whom an ID of ours belongs to, in place of what was known of it. */
bool ledger_store_identity(
    struct ledger *ledger, const struct identity *identity);
/* All of them, the caller's to free; NULL when there are none. */
struct identity *ledger_identities(struct ledger *ledger, size_t *count);

/* Why a row could not be sent; nothing is known of its contact by it. */
struct trouble {
	uint64_t whole; /* fingerprint of what was to be sent; 0: unknown */
	int http;
	char code[64];
	char field[64];
	char message[320]; /* in words, without the contact's values */
};
/* NULL when there is none; until the next change of any. */
const struct trouble *ledger_trouble(
    const struct ledger *ledger, const char *external_id);
/* In memory at once, also where nothing can be kept; else staged. */
void ledger_set_trouble(struct ledger *ledger, const char *external_id,
    const struct trouble *trouble);
void ledger_clear_trouble(struct ledger *ledger, const char *external_id);

/* Runs, numbered from 1; staged like everything else. */
struct ledger_run {
	int64_t number;
	int64_t started_ms, ended_ms; /* wall; ended 0: it was cut off */
	uint32_t created, updated, unchanged, blocked, failed, review, waiting;
	uint64_t requests;
	char outcome[16]; /* "done", "stopped"...; "": cut off, or not known */
};
/* Fills run->number. */
bool ledger_run_start(struct ledger *ledger, struct ledger_run *run);
bool ledger_run_end(struct ledger *ledger, const struct ledger_run *run);
/* Up to `most` runs, newest first. */
unsigned ledger_runs(
    struct ledger *ledger, struct ledger_run *out, unsigned most);

/* What became of a row in a run. */
struct ledger_run_row {
	char external_id[512];
	/* What a person decided, of no run: "link", "create", "never", "undo";
	 * of what follows it has healthsherpa_id and at_ms only. "": it is a
	 * row of a run. */
	char decision[16];
	int64_t run;               /* 0: of none */
	char verb[16], status[16]; /* words */
	int http;                  /* of the last answer; 0: none */
	char healthsherpa_id[128];
	char code[64];
	char message[320]; /* in words, without the contact's values */
	unsigned requests;
	int64_t at_ms;   /* wall */
	uint32_t fields; /* that were sent, a bit each; 0: none, or not kept */
};
bool ledger_store_run_row(
    struct ledger *ledger, int64_t run, const struct ledger_run_row *row);
/* Hands over the rows of a run as they were finished, while `take` is true;
 * whether it was to the end. */
bool ledger_run_rows(struct ledger *ledger, int64_t run,
    bool (*take)(void *context, const struct ledger_run_row *row),
    void *context);
/* The rows of one contact in the newest `runs` of them, newest first; how many
 * were put into `out`. Takes a moment for each run, not for each row. */
unsigned ledger_contact_rows(struct ledger *ledger, const char *external_id,
    unsigned runs, struct ledger_run_row *out, unsigned most);
/* Stages what a person decided, to be committed with what comes of it. */
bool ledger_store_decision(
    struct ledger *ledger, const struct ledger_run_row *decision);
/* The decisions about one contact, newest first; how many are in `out`. */
unsigned ledger_decisions(struct ledger *ledger, const char *external_id,
    struct ledger_run_row *out, unsigned most);
/* Stages that runs begun before are forgotten, with their rows, but not the
 * newest; and earlier decisions. `*purged`: how many runs. */
bool ledger_purge(struct ledger *ledger, int64_t before_ms, unsigned *purged);

/* A thorough look (quick_check); ERR_IO says what is wrong. */
bool ledger_check(struct ledger *ledger, struct err *err);

#endif
