/* SPDX-License-Identifier: MIT */
/*
 * posix_spawn(3) with an absolute path: no shell is ever asked, a program that
 * cannot start is known at once, and a large address space is not copied.
 * Hazards: a child may leave a grandchild holding our pipes, so the end of the
 * child (pidfd) counts and not the end of its output; PATH may hold relative
 * directories, where anybody may have put an "xdg-open", so they are passed
 * over.
 */
#include "base/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"

enum {
	PIECE = 4096,
	PIPE_PIECES = 64, /* more than a pipe holds */
	LOOK_MS = 20,
	ERRORS_MAX = 1024,
};

/*
 * What a child gets to see of our environment; a `*` at the end stands for any
 * rest. Variables with secrets of ours are not on it, whatever their names.
 */
static const char *const passed[] = {
    "BROWSER",
    "COLORTERM",
    "DBUS_SESSION_BUS_ADDRESS",
    "DESKTOP_SESSION",
    "DISPLAY",
    "EDITOR",
    "GNOME_*",
    "HOME",
    "KDE_*",
    "LANG",
    "LANGUAGE",
    "LC_*",
    "LOGNAME",
    "PATH",
    "SHELL",
    "SSH_CONNECTION",
    "SSH_TTY",
    "TERM",
    "TERM_PROGRAM",
    "TMPDIR",
    "TMUX",
    "TMUX_PANE",
    "TZ",
    "USER",
    "VISUAL",
    "WAYLAND_DISPLAY",
    "WSL_*",
    "XAUTHORITY",
    "XDG_*",
    NULL,
};

/* Further ones for commands that print a secret: password managers. */
static const char *const passed_for_secrets[] = {
    "AWS_*",
    "BW_*",
    "GNUPGHOME",
    "GOPASS_*",
    "GPG_*",
    "KEEPASS*",
    "OP_*",
    "PASSWORD_STORE_*",
    "SSH_AUTH_SOCK",
    "VAULT_*",
    NULL,
};

/* Further ones for editors: where their own files are. By their whole names: a
 * variable with a key of ours may begin like any of them. */
static const char *const passed_to_editors[] = {
    "COLORFGBG",
    "EMACSDATA",
    "EMACSLOADPATH",
    "EMACSPATH",
    "EMACS_SOCKET_NAME",
    "EXINIT",
    "HELIX_RUNTIME",
    "KAKOUNE_CONFIG_DIR",
    "KAKOUNE_RUNTIME",
    "MICRO_CONFIG_HOME",
    "MICRO_TRUECOLOR",
    "MYVIMRC",
    "NEXINIT",
    "NO_COLOR",
    "NVIM_APPNAME",
    "NVIM_LOG_FILE",
    "PWD",
    "SELECTED_EDITOR",
    "SUDO_USER",
    "TERMINFO",
    "TERMINFO_DIRS",
    "VIM",
    "VIMINIT",
    "VIMRUNTIME",
    "VSCODE_IPC_HOOK_CLI",
    NULL,
};

static bool
listed(const char *variable, const char *const *names)
{
	for (; *names; names++) {
		size_t len = strcspn(*names, "*");

		if (strncmp(variable, *names, len) == 0 &&
		    ((*names)[len] == '*' || variable[len] == '='))
			return true;
	}
	return false;
}

/* Borrows the strings; the caller frees the array. */
static char **
clean_environment(const char *const *more)
{
	size_t count = 0, kept = 0;
	char **clean;

	while (environ && environ[count])
		count++;
	clean = mem_resize(NULL, count + 1, sizeof(*clean));
	for (size_t i = 0; i < count; i++)
		if (listed(environ[i], passed) ||
		    (more && listed(environ[i], more)))
			clean[kept++] = environ[i];
	clean[kept] = NULL;
	return clean;
}

static bool
runnable(const char *path)
{
	struct stat info;

	return stat(path, &info) == 0 && S_ISREG(info.st_mode) &&
	       access(path, X_OK) == 0;
}

char *
spawn_path(const char *program)
{
	const char *path = getenv("PATH");

	if (strchr(program, '/'))
		return runnable(program) ? mem_strdup(program) : NULL;
	for (; path && *path; path += strspn(path, ":")) {
		size_t len = strcspn(path, ":");
		struct str candidate;
		char *found;

		str_init(&candidate, PATH_MAX);
		str_add_bytes(&candidate, path, len);
		str_add_char(&candidate, '/');
		str_add(&candidate, program);
		found = str_take(&candidate);
		if (*path == '/' && *program && runnable(found))
			return found;
		free(found);
		path += len;
	}
	return NULL;
}

bool
spawn_found(const char *program)
{
	char *path = spawn_path(program);
	bool found = path != NULL;

	free(path);
	return found;
}

static bool
fail(struct err *err, const char *program, const char *why)
{
	struct str clean;

	str_init(&clean, ERR_TEXT_MAX / 2);
	text_clean(&clean, program, strlen(program));
	err_set(err, ERR_UNAVAILABLE, "cannot run '%s': %s", clean.data, why);
	str_release(&clean);
	return false;
}

/* Where the child's standard descriptors lead. */
struct plan {
	int in, out, errors;
	bool own_session;
	const char *const *variables; /* that pass as well, or NULL */
};

static bool
start(const char *const argv[], const struct plan *plan, pid_t *pid,
    struct err *err)
{
	char *const *arguments;
	const int from[] = {plan->in, plan->out, plan->errors};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none, all;
	char *path = spawn_path(argv[0]);
	char **environment;
	int code = 0;
	int flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;

	if (!path)
		return fail(err, argv[0], "there is no such program");
	sigemptyset(&none);
	sigfillset(&all);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &all);
	if (plan->own_session)
		flags |= POSIX_SPAWN_SETSID;
	posix_spawnattr_setflags(&attributes, (short)flags);
	posix_spawn_file_actions_init(&actions);
	for (int i = 0; i < 3 && code == 0; i++)
		code = posix_spawn_file_actions_adddup2(&actions, from[i], i);
	if (code == 0)
		code = posix_spawn_file_actions_addclosefrom_np(&actions, 3);
	environment = clean_environment(plan->variables);
	/* exec takes char * for the sake of old C, and changes nothing */
	memcpy(&arguments, &argv, sizeof(arguments));
	if (code == 0)
		code = posix_spawn(
		    pid, path, &actions, &attributes, arguments, environment);
	free(environment);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	free(path);
	return code == 0 || fail(err, argv[0], strerror(code));
}

static bool
wait_for(pid_t pid, int *status)
{
	pid_t ended;

	do
		ended = waitpid(pid, status, 0);
	while (ended < 0 && errno == EINTR);
	return ended == pid;
}

/* One read, true when it gave something; a closed end becomes -1. */
static bool
take_piece(int *fd, struct str *into)
{
	char piece[PIECE];
	ssize_t got = *fd < 0 ? -1 : read(*fd, piece, sizeof(piece));

	if (got > 0) {
		str_add_bytes(into, piece, (size_t)got);
		crypto_wipe(piece, (size_t)got); /* it may be a password */
		return true;
	}
	if (*fd >= 0 && (got == 0 || (errno != EINTR && errno != EAGAIN))) {
		close(*fd);
		*fd = -1;
	}
	return false;
}

static bool
has_ended(pid_t pid)
{
	siginfo_t info = {.si_pid = 0};

	return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) <
		   0 ||
	       info.si_pid == pid;
}

/*
 * Collects both outputs until the child has ended and what it wrote is read;
 * false when the time is up. `pidfd` wakes at its end; where there is none
 * (-1), the child is looked at now and then.
 */
static bool
collect(pid_t pid, int pidfd, int fds[2], int64_t timeout_ms, struct str *out,
    struct str *errors)
{
	int64_t end = clock_monotonic(&clock_system) + timeout_ms;
	int64_t left = timeout_ms;

	while (left > 0 && !has_ended(pid)) {
		struct pollfd polled[] = {
		    {.fd = fds[0], .events = POLLIN},
		    {.fd = fds[1], .events = POLLIN},
		    {.fd = pidfd, .events = POLLIN},
		};
		int most = pidfd < 0 ? LOOK_MS : INT_MAX;

		poll(polled, 3, left > most ? most : (int)left);
		take_piece(&fds[0], out);
		take_piece(&fds[1], errors);
		left = end - clock_monotonic(&clock_system);
	}
	/* what the pipes still hold; a grandchild may go on writing */
	for (int i = 0; i < PIPE_PIECES; i++)
		if (!take_piece(&fds[0], out))
			break;
	take_piece(&fds[1], errors);
	return left > 0;
}

/* Its own words first; a status number tells an agent nothing. */
static bool
fail_status(
    struct err *err, const char *program, int status, const struct str *errors)
{
	size_t len = strcspn(errors->data, "\r\n");
	struct str why;

	str_init(&why, ERRORS_MAX / 2);
	if (len > 0)
		text_clean(&why, errors->data, len);
	else if (WIFSIGNALED(status))
		str_addf(&why, "it was ended by signal %d", WTERMSIG(status));
	else
		str_addf(&why, "it ended with status %d", WEXITSTATUS(status));
	fail(err, program, why.data);
	str_release(&why);
	return false;
}

static bool
finish(const char *program, pid_t pid, bool in_time, const struct str *errors,
    struct err *err)
{
	int status = 0;

	if (!in_time)
		kill(pid, SIGKILL);
	if (!wait_for(pid, &status))
		return fail(err, program, "its end cannot be observed");
	if (!in_time)
		return fail(
		    err, program, "it did not finish in time and was stopped");
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return true;
	return fail_status(err, program, status, errors);
}

static bool
open_pipe(int *reader, int *writer)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return false;
	*reader = ends[0];
	*writer = ends[1];
	return fcntl(*reader, F_SETFL, O_NONBLOCK) == 0;
}

static void
close_open(int fd)
{
	if (fd >= 0)
		close(fd);
}

bool
spawn_capture(const char *const argv[], int64_t timeout_ms, struct str *out,
    struct err *err)
{
	struct plan plan = {
	    .out = -1, .errors = -1, .variables = passed_for_secrets};
	int fds[2] = {-1, -1}, pidfd;
	struct str errors;
	bool good;
	pid_t pid;

	str_init(&errors, ERRORS_MAX);
	plan.in = open("/dev/null", O_RDONLY | O_CLOEXEC);
	good = plan.in >= 0 && open_pipe(&fds[0], &plan.out) &&
	       open_pipe(&fds[1], &plan.errors);
	good = good ? start(argv, &plan, &pid, err)
		    : fail(err, argv[0], strerror(errno));
	/* ours must be closed, or the end of the output never comes */
	close_open(plan.in);
	close_open(plan.out);
	close_open(plan.errors);
	if (good) {
		pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
		good = collect(pid, pidfd, fds, timeout_ms, out, &errors);
		good = finish(argv[0], pid, good, &errors, err);
		close_open(pidfd);
	}
	close_open(fds[0]);
	close_open(fds[1]);
	str_release(&errors);
	return good;
}

bool
spawn_detached(const char *const argv[], pid_t *pid, struct err *err)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	struct plan plan = {
	    .in = null, .out = null, .errors = null, .own_session = true};
	bool good;

	if (null < 0)
		return fail(err, argv[0], strerror(errno));
	good = start(argv, &plan, pid, err);
	close(null);
	return good;
}

bool
spawn_foreground(const char *const argv[], pid_t *pid, struct err *err)
{
	struct plan plan = {
	    .in = STDIN_FILENO,
	    .out = STDOUT_FILENO,
	    .errors = STDERR_FILENO,
	    .variables = passed_to_editors,
	};

	return start(argv, &plan, pid, err);
}

enum spawn_state
spawn_look(pid_t pid, int *status)
{
	pid_t told;

	*status = 0;
	do
		told = waitpid(pid, status, WNOHANG | WUNTRACED);
	while (told < 0 && errno == EINTR);
	if (told == 0)
		return SPAWN_RUNS;
	return told == pid && WIFSTOPPED(*status) ? SPAWN_STOPPED : SPAWN_ENDED;
}

bool
spawn_reap(pid_t pid, int *status)
{
	pid_t ended;

	*status = 0;
	do
		ended = waitpid(pid, status, WNOHANG);
	while (ended < 0 && errno == EINTR);
	/* no such child (any more): it has ended as far as we can know */
	return ended != 0;
}
