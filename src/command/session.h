/* SPDX-License-Identifier: MIT */
/*
 * What most commands begin with: config, book, ledger, the chosen rows.
 */
#ifndef COMMAND_SESSION_H
#define COMMAND_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "book/contact.h"

struct arguments;
struct book;
struct config;
struct err;
struct query;
struct sync;

/* How much of it is needed. */
enum session_need {
	SESSION_CONFIG, /* the config only */
	SESSION_BOOK,   /* and the contacts, to look at */
	SESSION_LOOK,   /* and their statuses, without the lock */
	SESSION_SEND,   /* and the lock: this belay may send and write */
};

/*
 * A file of more bytes is not kept in memory by those who only look: they go
 * through it twice (book_survey()). Below it once is quicker, and what is kept
 * is less than half as much again as the file: 400 MiB at most, which is there
 * on any machine. A file whose contacts may lack an ID (book_mints()) is kept
 * whatever its size, and so is standard input. With BELAY_DEBUG_KEEP=BYTES in
 * the environment it is that many, so that tests can show on a small file that
 * both ways say the same.
 */
#define SESSION_KEEP_MAX (UINT64_C(256) << 20)

struct session {
	const struct arguments *arguments;
	struct config *config;
	struct book *book;
	struct sync *sync;
	struct contact contact; /* scratch */
	uint32_t *rows;         /* chosen by session_collect() */
	size_t row_count;

	/* private: the choice, while it is gone through */
	struct query *query;
	uint32_t *candidates; /* of --id; NULL: all rows */
	size_t candidate_count, at, chosen;
};

/*
 * `file` NULL: the config's contacts; it also chooses the profile, when
 * --profile does not. The API key of the environment, or of --api-key-file and
 * --api-key-stdin, is taken. Problems of config and mapping are
 * printed on standard error, one a line, before the error. session_close() is
 * due even after a failure.
 */
bool session_open(struct session *session, const struct arguments *arguments,
    const char *file, enum session_need need, struct err *err);
void session_close(struct session *session);

/*
 * Asks for the API key (v1) or the client secret (v2) at the terminal when it
 * is what is missing and nobody has said where it is; else nothing. ERR_AUTH,
 * ERR_USAGE, see secret_ask().
 */
bool session_ask_secret(const struct config *config, struct err *err);
/* Who sends, for people: config_agent_words() of the login that is kept. */
#define SESSION_AGENT_SIZE 320
const char *session_agent_words(
    const struct config *config, char text[SESSION_AGENT_SIZE]);
/*
 * Whether all is there to send with, asked for where it can be typed. v2: who
 * has to log in first is asked for nothing that the login asks for.
 * ERR_AUTH, ERR_CONFIG, ERR_USAGE.
 */
bool session_may_send(const struct config *config, struct err *err);

/*
 * The rows of --filter, --id, --failed and --limit, all without: chosen once,
 * then given one after the other. A row may be looked at until the next one
 * is asked for; the file may be too big to keep more of it.
 */
enum session_step { SESSION_ROW, SESSION_END, SESSION_FAILED };
bool session_select(struct session *session, struct err *err);
enum session_step session_next(
    struct session *session, uint32_t *row, struct err *err);
/* Both, into `rows`: for those who send, whose book is in memory. */
bool session_collect(struct session *session, struct err *err);

/* The one row of --id; ERR_USAGE unless exactly one is given. */
bool session_one(struct session *session, uint32_t *row, struct err *err);

/* Computes all statuses that are still open. Only after SESSION_SEND. */
void session_refresh(struct session *session);

#endif
