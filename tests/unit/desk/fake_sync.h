/* SPDX-License-Identifier: MIT */
/*
 * In the place of libsync.a for the tests of the screens: a sync whose
 * statuses and progress the test writes down, so that every moment of a run
 * can be drawn. Rows that the test says nothing of are new or blocked, as
 * their contact is.
 */
#ifndef TESTS_FAKE_SYNC_H
#define TESTS_FAKE_SYNC_H

#include "sync/sync.h"

struct ledger_run_row;

enum { FAKE_ROWS = 16 };

struct sync {
	struct book *book;
	struct row_status rows[FAKE_ROWS];
	bool set[FAKE_ROWS]; /* by the test */
	struct sync_progress progress;
	uint32_t started[FAKE_ROWS]; /* rows of the last sync_start() */
	size_t started_count;
	int starts;
	enum decision decided; /* the last sync_decide() */
	uint32_t decided_row;
	char decided_id[128]; /* "" the candidate */
	int decisions;
	struct row_status before; /* the last one */
	uint32_t recognised;      /* rows, until confirmed */
	uint32_t similar;         /* rows, until linked */
	uint32_t unlinkable;      /* so many of them are not */
	struct sync_left left; /* what the last run left; nothing: not asked */
	const char *refuses;   /* why it does, or NULL */
	const char *older; /* what the file may be a newer export of, or NULL */
	bool continued, separated; /* as it was answered */
	int configs;               /* so often sync_use_config() was called */
	int restarts;              /* and sync_restart() */
	int64_t nobody_new_ms;     /* sync_nobody_new_ms() */
	struct sync_login login;
	bool account;                /* somebody is logged in */
	int64_t since_ms;            /* since then */
	bool unauthorised;           /* sync_start() wants a login */
	struct sync_lists lists;     /* sync_lists() */
	unsigned asked;              /* so often sync_ask_lists() was called */
	struct sync_remotes remotes; /* sync_remotes() */
	unsigned looked; /* so often sync_ask_contact() was called */
	bool slow_key;   /* a command gives the key */
	const struct ledger_run_row *history; /* of every row */
	unsigned history_count;
	enum list_policy sent; /* by the last sync_start() */
	const char *sidecar;   /* why results stay here; NULL: they do not */
	const struct sync_event *next; /* sync_next_event() gives it once */
};

struct row_status *fake_sync_row(
    struct sync *sync, uint32_t row, enum status status, const char *reason);

#endif
