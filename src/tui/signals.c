/* SPDX-License-Identifier: MIT */
/*
 * Hazards: everything named handle_* runs inside a signal: write(2), the
 * restore function and raise(3) only. The statics are the die hooks of the
 * terminal, one of the few mutable globals of the program.
 */
#include "tui/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

#include "base/err.h"

enum { STACK_SIZE = 65536 };

static const int told[] = {
    SIGWINCH, SIGTSTP, SIGCONT, SIGINT, SIGTERM, SIGHUP, SIGCHLD};
static const int fatal[] = {
    SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGQUIT, SIGSYS};

enum {
	TOLD_COUNT = sizeof(told) / sizeof(told[0]),
	FATAL_COUNT = sizeof(fatal) / sizeof(fatal[0])
};

static int pipe_ends[2] = {-1, -1};
static void (*restore_terminal)(void);
static struct sigaction old_told[TOLD_COUNT];
static struct sigaction old_fatal[FATAL_COUNT];
static stack_t old_stack;
static char stack_memory[STACK_SIZE];

static void
handle_told(int number)
{
	int saved = errno;
	unsigned char byte = (unsigned char)number;

	/* A full pipe already wakes the loop. */
	if (write(pipe_ends[1], &byte, 1) < 0)
		errno = saved;
	errno = saved;
}

static void
handle_fatal(int number)
{
	restore_terminal();
	/* The default action is back (SA_RESETHAND); it waits until we end. */
	raise(number);
}

static bool
make_pipe(struct err *err)
{
	if (pipe(pipe_ends) != 0)
		return err_errno(
		    err, ERR_UNAVAILABLE, "cannot make a pipe for signals");
	for (int i = 0; i < 2; i++) {
		int flags = fcntl(pipe_ends[i], F_GETFL);

		if (flags < 0 ||
		    fcntl(pipe_ends[i], F_SETFL, flags | O_NONBLOCK) < 0 ||
		    fcntl(pipe_ends[i], F_SETFD, FD_CLOEXEC) < 0)
			return err_errno(err, ERR_UNAVAILABLE,
			    "cannot set up the pipe for signals");
	}
	return true;
}

/*
 * Without SA_RESTART: whatever waits returns. The stack of its own lets a
 * stack overflow still give the terminal back.
 */
bool
signals_open(void (*restore)(void), struct err *err)
{
	struct sigaction action = {.sa_handler = handle_told};
	stack_t stack = {.ss_sp = stack_memory, .ss_size = STACK_SIZE};

	if (!make_pipe(err))
		return false;
	restore_terminal = restore;
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < TOLD_COUNT; i++)
		sigaction(told[i], &action, &old_told[i]);
	sigaltstack(&stack, &old_stack);
	action.sa_handler = handle_fatal;
	action.sa_flags = SA_RESETHAND | SA_ONSTACK;
	for (size_t i = 0; i < FATAL_COUNT; i++)
		sigaction(fatal[i], &action, &old_fatal[i]);
	return true;
}

void
signals_close(void)
{
	if (pipe_ends[0] < 0)
		return;
	for (size_t i = 0; i < TOLD_COUNT; i++)
		sigaction(told[i], &old_told[i], NULL);
	for (size_t i = 0; i < FATAL_COUNT; i++)
		sigaction(fatal[i], &old_fatal[i], NULL);
	if (!(old_stack.ss_flags & SS_ONSTACK))
		sigaltstack(&old_stack, NULL);
	for (int i = 0; i < 2; i++) {
		close(pipe_ends[i]);
		pipe_ends[i] = -1;
	}
}

int
signals_fd(void)
{
	return pipe_ends[0];
}

uint64_t
signals_take(void)
{
	unsigned char bytes[64];
	uint64_t came = 0;
	ssize_t got;

	while ((got = read(pipe_ends[0], bytes, sizeof(bytes))) > 0)
		for (ssize_t i = 0; i < got; i++)
			came |= UINT64_C(1) << bytes[i];
	return came;
}

void
signals_stop_self(void)
{
	struct sigaction ours, normal = {.sa_handler = SIG_DFL};
	sigset_t stop, old;

	sigemptyset(&normal.sa_mask);
	sigemptyset(&stop);
	sigaddset(&stop, SIGTSTP);
	sigaction(SIGTSTP, &normal, &ours);
	sigprocmask(SIG_UNBLOCK, &stop, &old);
	raise(SIGTSTP);
	sigprocmask(SIG_SETMASK, &old, NULL);
	sigaction(SIGTSTP, &ours, NULL);
}
