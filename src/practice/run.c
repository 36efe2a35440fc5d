/* SPDX-License-Identifier: MIT */
/*
 * The server in the foreground. Signals arrive as bytes on a descriptor
 * (signalfd), so nothing runs inside a handler and no flag is global.
 */
#include "practice/practice.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/err.h"

static int
open_signals(struct err *err)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd < 0)
		err_errno(err, ERR_IO, "cannot wait for signals");
	return fd;
}

/* Whatever the parent writes is ignored; its end is what counts. */
static bool
at_end(int fd)
{
	char bytes[256];
	ssize_t got = read(fd, bytes, sizeof(bytes));

	return got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN);
}

static void
serve(struct practice *practice, int signals, int parent_fd)
{
	for (;;) {
		struct pollfd fds[] = {
		    {.fd = practice_fd(practice), .events = POLLIN},
		    {.fd = signals, .events = POLLIN},
		    {.fd = parent_fd > 0 ? parent_fd : -1, .events = POLLIN},
		};
		int64_t timeout = practice_timeout(practice);
		int limit = timeout < 0         ? -1
			    : timeout > INT_MAX ? INT_MAX
						: (int)timeout;

		if (poll(fds, 3, limit) < 0 && errno != EINTR)
			return;
		if (fds[1].revents || (fds[2].revents && at_end(parent_fd)))
			return;
		practice_step(practice);
	}
}

bool
practice_run(const struct practice_options *options, FILE *ready, int parent_fd,
    struct err *err)
{
	struct practice *practice;
	int signals = open_signals(err);
	bool good = true;

	if (signals < 0)
		return false;
	practice = practice_start(options, err);
	if (!practice) {
		close(signals);
		return false;
	}
	if (ready &&
	    (fprintf(ready, "listening on %s\n", practice_url(practice)) < 0 ||
		fflush(ready) != 0))
		good = err_errno(err, ERR_IO, "cannot say where it listens");
	if (good)
		serve(practice, signals, parent_fd);
	practice_stop(practice);
	close(signals);
	return good;
}
