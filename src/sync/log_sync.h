/* SPDX-License-Identifier: MIT */
/*
 * Puts a database's write-ahead log on disk by a thread, so that a slow disk
 * holds up neither keys nor answers. Inside database.c; others use
 * database.h.
 *
 * What was committed before log_sync_start() is durable once it is done. One
 * at a time.
 */
#ifndef SYNC_LOG_SYNC_H
#define SYNC_LOG_SYNC_H

#include <stdbool.h>

struct err;
struct log_sync;

/* `checkpoint` copies the log into the database, on the thread and with a
 * connection of its own; what goes wrong there shows with the next commit.
 * ERR_IO: there is no log to be opened, or no thread to be had. */
struct log_sync *log_sync_new(const char *database_path,
    void (*checkpoint)(const char *database_path), struct err *err);
/* Waits for what is under way. NULL is fine. */
void log_sync_free(struct log_sync *log_sync);

/* Nothing is under way. `checkpoint`: that, too, afterwards. */
void log_sync_start(struct log_sync *log_sync, bool checkpoint);
/* Whether it is done; `wait`: it is. The errno of a failure in `*error`, else
 * 0: what was committed may then be lost by a power cut, and what is committed
 * later as well. */
bool log_sync_done(struct log_sync *log_sync, bool wait, int *error);
/* Readable from when it is done until log_sync_done() has said so. */
int log_sync_fd(const struct log_sync *log_sync);

#endif
