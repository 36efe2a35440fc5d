/* SPDX-License-Identifier: MIT */
/*
 * The self-pipe. Hazard: a handler may only call what is async-signal-safe,
 * so it stores the number, writes one byte and returns. The two variables are
 * the price of signal handlers having no argument.
 */
#include "command/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t caught;
static int ends[2] = {-1, -1};
static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};

static void
handle(int number)
{
	int saved = errno;

	if (caught)
		_exit(128 + number);
	caught = number;
	if (write(ends[1], "", 1) < 0)
		caught = number; /* the pipe is full: it is readable anyway */
	errno = saved;
}

int
signals_catch(void)
{
	struct sigaction action;

	if (pipe(ends) < 0)
		return -1;
	for (int i = 0; i < 2; i++) {
		fcntl(ends[i], F_SETFD, FD_CLOEXEC);
		fcntl(ends[i], F_SETFL, O_NONBLOCK);
	}
	memset(&action, 0, sizeof(action));
	action.sa_handler = handle;
	action.sa_flags = SA_RESTART;
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		sigaction(numbers[i], &action, NULL);
	return ends[0];
}

int
signals_caught(void)
{
	return caught;
}

void
signals_release(void)
{
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		signal(numbers[i], SIG_DFL);
	for (int i = 0; i < 2; i++) {
		if (ends[i] >= 0)
			close(ends[i]);
		ends[i] = -1;
	}
	caught = 0;
}
