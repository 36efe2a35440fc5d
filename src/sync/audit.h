/* SPDX-License-Identifier: MIT */
/*
 * The audit: who sent what when, for those who must be able to tell. JSON
 * lines in STATE/audit/YYYY-MM.jsonl (UTC), 0600, for all books together:
 *
 *	{"time","user","agent","environment","book","action","external_id",
 *	"healthsherpa_id","outcome","code","payload"}
 *
 * Names, birth dates, Medicare numbers, e-mail addresses and phones are not in
 * it: user is the account of the system, agent a hash of the agent's e-mail
 * address, book the name of the book's state directory, payload the keyed hash
 * of what was sent.
 *
 * A line is one write(2) to the end of the file, so that lines of two processes
 * do not mix; a thread brings it to the disk, once a second and at a run's end.
 * Nothing depends on it: a line that cannot be written is told once and lost.
 */
#ifndef SYNC_AUDIT_H
#define SYNC_AUDIT_H

#include <stdbool.h>
#include <stdint.h>

struct audit;
struct clock;
struct config;
struct err;

struct audit_event {
	const char *action; /* "create", "update", "link", "purge"... */
	const char *external_id, *healthsherpa_id; /* or NULL, or "" */
	const char *outcome; /* "sending", a status' word, or NULL */
	const char *code;    /* of a refusal, or NULL */
	uint64_t payload;    /* fingerprint; 0: none */
	const char *agent;   /* the contact's own, or NULL: that of all */
};

/* `book`: the book's state directory. Opens no file yet. */
struct audit *audit_new(const char *state_dir, const struct config *config,
    const char *book, const struct clock *clock);
/* What was added is on disk on return. NULL is fine. */
void audit_free(struct audit *audit);
/* The book is another from now on, or the config names another agent. */
void audit_follow(struct audit *audit, const char *book);

/* Whether it can be written to; makes directory and file. ERR_CREATE. */
bool audit_ready(struct audit *audit, struct err *err);
void audit_add(struct audit *audit, const struct audit_event *event);
/* What was added goes to the disk; audit_free() waits for it. */
void audit_flush(struct audit *audit);
/* What was added is on disk on return, or audit_take_failure() tells. */
void audit_wait(struct audit *audit);
/* To be asked with every turn. True once, with the reason, after a line was
 * lost. */
bool audit_take_failure(struct audit *audit, struct err *err);

/* Removes the files of months that ended before; their number in `*removed`.
 * ERR_IO. */
bool audit_purge(
    struct audit *audit, int64_t before_ms, unsigned *removed, struct err *err);

#endif
