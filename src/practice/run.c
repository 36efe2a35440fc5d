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

/* For who reads along. A program that waits for the line before gets no more
 * than that line. */
static void
tell_config(const struct practice_options *options, const char *url, FILE *out)
{
	bool v2 = options->client_id || options->client_secret;

	fprintf(out,
	    "\nTo sync with it, let the config's service part be\n\n"
	    "service:\n"
	    "  version: %s\n"
	    "  environment: practice\n",
	    v2 ? "v2" : "v1");
	if (v2)
		fprintf(out,
		    "  oauth: {client_id: %s, client_secret: "
		    "{env: BELAY_CLIENT_SECRET}}\n",
		    options->client_id ? options->client_id : "agency");
	else
		fprintf(out, "  agent_email: %s\n  api_key: %s\n",
		    options->agent_email ? options->agent_email
					 : "agent@example.com",
		    options->api_key ? "{env: BELAY_API_KEY}"
				     : "{command: [echo, practice]}");
	fprintf(out,
	    "  urls: {api: \"%s/%s\", login: \"%s/sessions/new\"}\n\n"
	    "and run 'belay' in another window. ^C ends the server.\n",
	    url, v2 ? "v2" : "v1", url);
	fflush(out);
}

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
	if (good && ready && isatty(fileno(ready)))
		tell_config(options, practice_url(practice), ready);
	if (good)
		serve(practice, signals, parent_fd);
	practice_stop(practice);
	close(signals);
	return good;
}
