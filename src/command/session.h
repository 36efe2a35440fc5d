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
struct sync;

/* How much of it is needed. */
enum session_need {
	SESSION_CONFIG, /* the config only */
	SESSION_BOOK,   /* and the contacts, all read */
	SESSION_LOOK,   /* and their statuses, without the lock */
	SESSION_SEND,   /* and the lock: this belay may send and write */
};

struct session {
	const struct arguments *arguments;
	struct config *config;
	struct book *book;
	struct sync *sync;
	struct contact contact; /* scratch */
	uint32_t *rows;         /* chosen by session_select() */
	size_t row_count;
};

/*
 * `file` NULL: the config's contacts. Problems of config and mapping are
 * printed on standard error, one a line, before the error. session_close() is
 * due even after a failure.
 */
bool session_open(struct session *session, const struct arguments *arguments,
    const char *file, enum session_need need, struct err *err);
void session_close(struct session *session);

/* Fills rows from --filter, --id, --failed and --limit; all rows without. */
bool session_select(struct session *session, struct err *err);

/* The one row of --id; ERR_USAGE unless exactly one is given. */
bool session_one(struct session *session, uint32_t *row, struct err *err);

/* Computes all statuses that are still open. */
void session_refresh(struct session *session);

#endif
