/* SPDX-License-Identifier: MIT */
#include "base/worker.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"

struct worker {
	int event; /* wakes the loop */
	bool runs; /* the thread */
	pthread_t thread;
	pthread_mutex_t mutex; /* guards what follows */
	pthread_cond_t changed;
	void (*job)(void *); /* NULL: idle */
	void *context;
	bool ending;
};

static void
ended(struct worker *worker)
{
	uint64_t one = 1;

	worker->job = NULL;
	/* within the lock, or it would be there again after it was read */
	if (write(worker->event, &one, sizeof(one)) < 0)
		abort(); /* the loop would wait for ever */
	pthread_cond_broadcast(&worker->changed);
}

static void *
serve(void *context)
{
	struct worker *worker = context;

	pthread_mutex_lock(&worker->mutex);
	while (worker->job || !worker->ending) {
		if (!worker->job) {
			pthread_cond_wait(&worker->changed, &worker->mutex);
			continue;
		}
		pthread_mutex_unlock(&worker->mutex);
		worker->job(worker->context);
		pthread_mutex_lock(&worker->mutex);
		ended(worker);
	}
	pthread_mutex_unlock(&worker->mutex);
	return NULL;
}

static bool
start_thread(struct worker *worker)
{
	sigset_t all, before;
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	error = pthread_create(&worker->thread, NULL, serve, worker);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	worker->runs = error == 0;
	errno = error;
	return worker->runs;
}

struct worker *
worker_new(void)
{
	struct worker *worker = mem_zalloc(sizeof(*worker));
	pthread_condattr_t monotonic;

	pthread_mutex_init(&worker->mutex, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&worker->changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
	worker->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (worker->event >= 0 && start_thread(worker))
		return worker;
	worker_free(worker);
	return NULL;
}

void
worker_free(struct worker *worker)
{
	int error = errno;

	if (!worker)
		return;
	pthread_mutex_lock(&worker->mutex);
	worker->ending = true;
	pthread_cond_broadcast(&worker->changed);
	pthread_mutex_unlock(&worker->mutex);
	if (worker->runs)
		pthread_join(worker->thread, NULL);
	pthread_cond_destroy(&worker->changed);
	pthread_mutex_destroy(&worker->mutex);
	if (worker->event >= 0)
		close(worker->event);
	free(worker);
	errno = error;
}

void
worker_start(struct worker *worker, void (*job)(void *), void *context)
{
	pthread_mutex_lock(&worker->mutex);
	worker->job = job;
	worker->context = context;
	pthread_cond_broadcast(&worker->changed);
	pthread_mutex_unlock(&worker->mutex);
}

static struct timespec
from_now(int64_t ms)
{
	struct timespec end;

	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += ms / 1000;
	end.tv_nsec += ms % 1000 * 1000000;
	if (end.tv_nsec >= 1000000000) {
		end.tv_nsec -= 1000000000;
		end.tv_sec++;
	}
	return end;
}

bool
worker_idle(struct worker *worker, int64_t most_ms)
{
	struct timespec end = from_now(most_ms < 0 ? 0 : most_ms);
	uint64_t times;
	bool idle;

	pthread_mutex_lock(&worker->mutex);
	while (worker->job && most_ms < 0)
		pthread_cond_wait(&worker->changed, &worker->mutex);
	while (
	    worker->job && most_ms > 0 &&
	    pthread_cond_timedwait(&worker->changed, &worker->mutex, &end) == 0)
		;
	idle = !worker->job;
	/* EAGAIN: no job has ended since */
	if (idle && read(worker->event, &times, sizeof(times)) < 0)
		times = 0;
	pthread_mutex_unlock(&worker->mutex);
	return idle;
}

int
worker_fd(const struct worker *worker)
{
	return worker->event;
}
