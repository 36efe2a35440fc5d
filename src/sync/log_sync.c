/* SPDX-License-Identifier: MIT */
/*
 * The thread waits to be asked, calls fdatasync(2) on the log and says so.
 *
 * Hazards: the log is opened here a second time. That is harmless, since the
 * locks of SQLite are on its other two files: closing this descriptor takes
 * none away. The kernel tells a failed write-back once to each open
 * descriptor, so it stays open from the first commit on, and a failure is
 * final: later calls may well succeed although pages were lost.
 */
#include "sync/log_sync.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"

enum stage { RESTS, ASKED, UNDER_WAY, DONE };

struct log_sync {
	char *database_path;
	void (*checkpoint)(const char *database_path);
	int log;   /* the file */
	int event; /* to wake the loop */
	bool runs; /* the thread */
	pthread_t thread;
	pthread_mutex_t mutex; /* guards what follows */
	pthread_cond_t changed;
	enum stage stage;
	bool with_checkpoint;
	bool ending;
	int error;
};

static void
put_on_disk(struct log_sync *log_sync)
{
	uint64_t one = 1;
	bool checkpoint = log_sync->with_checkpoint;
	int error;

	log_sync->stage = UNDER_WAY;
	pthread_mutex_unlock(&log_sync->mutex);
	error = fdatasync(log_sync->log) == 0 ? 0 : errno;
	pthread_mutex_lock(&log_sync->mutex);
	log_sync->stage = DONE;
	if (!log_sync->error)
		log_sync->error = error;
	pthread_cond_broadcast(&log_sync->changed);
	/* within the lock, or it would be there again after it was read */
	if (write(log_sync->event, &one, sizeof(one)) < 0)
		abort(); /* the loop would wait for ever */
	pthread_mutex_unlock(&log_sync->mutex);
	if (checkpoint && !error)
		log_sync->checkpoint(log_sync->database_path);
	pthread_mutex_lock(&log_sync->mutex);
}

static void *
serve(void *context)
{
	struct log_sync *log_sync = context;

	pthread_mutex_lock(&log_sync->mutex);
	for (;;) {
		if (log_sync->stage == ASKED)
			put_on_disk(log_sync);
		else if (log_sync->ending)
			break;
		else
			pthread_cond_wait(&log_sync->changed, &log_sync->mutex);
	}
	pthread_mutex_unlock(&log_sync->mutex);
	return NULL;
}

/* No signal of the program's is for it. */
static bool
start_thread(struct log_sync *log_sync)
{
	sigset_t all, before;
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	error = pthread_create(&log_sync->thread, NULL, serve, log_sync);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	log_sync->runs = error == 0;
	errno = error;
	return log_sync->runs;
}

static int
open_log(const char *database_path)
{
	struct str path;
	int file;

	str_init(&path, 8192);
	str_addf(&path, "%s-wal", database_path);
	file = open(path.data, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	str_release(&path);
	return file;
}

struct log_sync *
log_sync_new(const char *database_path,
    void (*checkpoint)(const char *database_path), struct err *err)
{
	struct log_sync *log_sync = mem_zalloc(sizeof(*log_sync));

	log_sync->database_path = mem_strdup(database_path);
	log_sync->checkpoint = checkpoint;
	log_sync->event = -1;
	pthread_mutex_init(&log_sync->mutex, NULL);
	pthread_cond_init(&log_sync->changed, NULL);
	log_sync->log = open_log(database_path);
	if (log_sync->log >= 0)
		log_sync->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (log_sync->event >= 0 && start_thread(log_sync))
		return log_sync;
	err_errno(err, ERR_IO, "writing the ledger %s", database_path);
	log_sync_free(log_sync);
	return NULL;
}

void
log_sync_free(struct log_sync *log_sync)
{
	if (!log_sync)
		return;
	pthread_mutex_lock(&log_sync->mutex);
	log_sync->ending = true;
	pthread_cond_broadcast(&log_sync->changed);
	pthread_mutex_unlock(&log_sync->mutex);
	if (log_sync->runs)
		pthread_join(log_sync->thread, NULL);
	pthread_cond_destroy(&log_sync->changed);
	pthread_mutex_destroy(&log_sync->mutex);
	if (log_sync->log >= 0)
		close(log_sync->log);
	if (log_sync->event >= 0)
		close(log_sync->event);
	free(log_sync->database_path);
	free(log_sync);
}

void
log_sync_start(struct log_sync *log_sync, bool checkpoint)
{
	pthread_mutex_lock(&log_sync->mutex);
	log_sync->stage = ASKED;
	log_sync->with_checkpoint = checkpoint;
	pthread_cond_broadcast(&log_sync->changed);
	pthread_mutex_unlock(&log_sync->mutex);
}

bool
log_sync_done(struct log_sync *log_sync, bool wait, int *error)
{
	uint64_t times;
	bool done;

	pthread_mutex_lock(&log_sync->mutex);
	while (
	    wait && (log_sync->stage == ASKED || log_sync->stage == UNDER_WAY))
		pthread_cond_wait(&log_sync->changed, &log_sync->mutex);
	done = log_sync->stage == DONE || log_sync->stage == RESTS;
	if (done)
		log_sync->stage = RESTS;
	*error = log_sync->error;
	/* EAGAIN when nothing was asked */
	if (done && read(log_sync->event, &times, sizeof(times)) < 0)
		times = 0;
	pthread_mutex_unlock(&log_sync->mutex);
	return done;
}

int
log_sync_fd(const struct log_sync *log_sync)
{
	return log_sync->event;
}
