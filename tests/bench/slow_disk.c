/* SPDX-License-Identifier: MIT */
/*
 * Preloaded into a program: counts its fsync() and fdatasync() calls and makes
 * each take longer, as on a real disk.
 *
 *	SLOW_DISK_MS      how much longer (0: only count)
 *	SLOW_DISK_COUNTS  a file that gets "LOG OTHER MS CALLS LONGEST" at the
 *	                  end: calls on a write-ahead log (each is a commit),
 *	                  calls on other files, ms spent in all of them; the
 *most calls and the most ms in them, of one thread, between two calls of
 *poll(): so long no key was heard
 */
#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

typedef int sync_function(int fd);
typedef int poll_function(struct pollfd *fds, nfds_t count, int timeout);

static _Atomic unsigned long on_log, on_other, spent_us;
/* of the thread that hears keys, which is the one that polls */
static _Thread_local unsigned long streak;
static _Thread_local double streak_ms;
static unsigned long most;
static double longest_ms;

static double
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int
is_log(int fd)
{
	char link[64], path[4096];
	ssize_t len;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	len = readlink(link, path, sizeof(path) - 1);
	return len > 4 && memcmp(path + len - 4, "-wal", 4) == 0;
}

static int
slowly(const char *name, int fd)
{
	sync_function *real = (sync_function *)dlsym(RTLD_NEXT, name);
	const char *ms = getenv("SLOW_DISK_MS");
	double begun = now_ms();
	long wait = ms ? strtol(ms, NULL, 10) * 1000000 : 0;
	struct timespec pause = {wait / 1000000000, wait % 1000000000};
	int result = real(fd), problem = errno;

	if (wait)
		nanosleep(&pause, NULL);
	begun = now_ms() - begun;
	spent_us += (unsigned long)(begun * 1e3);
	streak_ms += begun;
	streak++;
	if (is_log(fd))
		on_log++;
	else
		on_other++;
	errno = problem;
	return result;
}

int
fsync(int fd)
{
	return slowly("fsync", fd);
}

int
fdatasync(int fd)
{
	return slowly("fdatasync", fd);
}

int
poll(struct pollfd *fds, nfds_t count, int timeout)
{
	poll_function *real = (poll_function *)dlsym(RTLD_NEXT, "poll");

	if (streak_ms > longest_ms)
		longest_ms = streak_ms;
	if (streak > most)
		most = streak;
	streak = 0;
	streak_ms = 0;
	return real(fds, count, timeout);
}

/* What poll() becomes where the compiler checks sizes. */
int __poll_chk(struct pollfd *fds, nfds_t count, int timeout, size_t size);
int
__poll_chk(struct pollfd *fds, nfds_t count, int timeout, size_t size)
{
	(void)size;
	return poll(fds, count, timeout);
}

__attribute__((destructor)) static void
tell(void)
{
	const char *path = getenv("SLOW_DISK_COUNTS");
	FILE *file = path && on_log + on_other ? fopen(path, "w") : NULL;

	if (!file)
		return;
	fprintf(file, "%lu %lu %.1f %lu %.1f\n", on_log, on_other,
	    (double)spent_us / 1e3, most, longest_ms);
	fclose(file);
}
