/* SPDX-License-Identifier: MIT */
/* The inside of a sync, for sync.c and home.c; home.c opens and moves it. */
#ifndef SYNC_SYNC_PRIVATE_H
#define SYNC_SYNC_PRIVATE_H

#include "book/config.h"
#include "sync/events.h"
#include "sync/board.h"
#include "sync/ledger.h"
#include "sync/shelf.h"
#include "sync/stop.h"
#include "sync/sync.h"

struct audit;
struct contact_look;
struct people;

/* Where a book's state is, and what works on it. */
struct home {
	char *directory;
	struct file_lock *lock;
	struct ledger *ledger;
	struct people *people;
	struct board *board;
	struct writeback *writeback;
	/* The card knows of more than the ledger, which could not be marked
	 * as rebuilt yet, as it was opened for looking only. */
	bool behind;
};

struct sync {
	struct book *book;
	const struct config *config;
	enum service_environment environment; /* whose ledger is open */
	const struct clock *clock;
	bool read_only;
	char *state_dir; /* NULL: the usual place */
	char *own;       /* the source's own directory on the shelf */
	char *backups;   /* in it: replaced versions of the source */
	struct home home;
	struct shelf_older older; /* which it may continue; path NULL: none */
	bool described;           /* its card is of this opening */
	struct audit *audit;
	struct events events;
	struct partner *partner;
	struct login *login;       /* of the agent, while it goes on */
	char login_trouble[256];   /* why it does not listen */
	bool login_bare;           /* the code came alone */
	bool logged_in;            /* anew, since the partner was made */
	struct contact_look *look; /* NULL: nothing was asked */
	struct run *run;           /* NULL before the first sync_start() */
	struct sync_progress last; /* of the run before, while there is none */
	struct stop stop;
	int64_t opened_ms; /* when the book, with its lock, was taken */
	bool save_failed;
	bool left_out;             /* some results did not go into the source */
	bool stranger;             /* the file has new IDs of others */
	bool told;                 /* that the source takes no results */
	struct board_row row;      /* scratch of sync_row() */
	struct ledger_entry entry; /* scratch */
	struct decided *decided;   /* can be taken back, the last first */
};

/* None of the decisions can be taken back any more (review.c). */
void review_forget_decided(struct sync *sync);

/* Waits as partner_wait() does, for the login as well. At most two descriptors
 * may be added to `count`. */
void login_wait_too(struct sync *sync, struct partner *partner,
    struct wait_fd *fds, unsigned count, int64_t timeout_ms);
void login_step_too(struct sync *sync);
/* Whether anything may be sent at all; else err. */
bool sync_may_send(const struct sync *sync, struct err *err);
/* Fetches the key when it is the first call. */
bool sync_make_partner(struct sync *sync, struct err *err);

/* Makes durable what is staged; during a run through it, as its tasks wait for
 * what it commits. */
bool sync_commit(struct sync *sync, struct err *err);

/* Opens the book where the file belongs; takes the lock. */
bool home_open_first(struct sync *sync, struct err *err);
void home_release(struct home *home);
/* Nothing is in flight then; what is staged is committed. */
void home_end_run(struct sync *sync);
/* Sees whether the ledger may have forgotten something; durable. */
bool home_begin_sync(struct sync *sync, struct err *err);
/* Whether a sync that began now would find the ledger rebuilt. Once all
 * statuses are computed; before that the file's own signs are missing. */
bool home_is_rebuilt(const struct sync *sync);
/* Whether the file has more IDs of HealthSherpa's that the ledger does not know
 * than at the last sync. The same holds for when. */
bool home_has_strangers(const struct sync *sync);
/* For the next export of the same; not worth an error when it fails. */
void home_describe(struct sync *sync);

#endif
