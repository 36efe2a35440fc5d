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

/* Borrows the strings; the caller frees the array. Who has no terminal is not
 * told of ours. */
static char **
clean_environment(const char *const *more, bool own_session)
{
	size_t count = 0, kept = 0;
	char **clean;

	while (environ && environ[count])
		count++;
	clean = mem_resize(NULL, count + 1, sizeof(*clean));
	for (size_t i = 0; i < count; i++)
		if ((listed(environ[i], passed) ||
			(more && listed(environ[i], more))) &&
		    !(own_session && strncmp(environ[i], "GPG_TTY=", 8) == 0))
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
	environment = clean_environment(plan->variables, plan->own_session);
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

struct spawned {
	char *program;
	pid_t pid;
	bool aside; /* in a session of its own */
	int pidfd;  /* wakes at its end; -1: it is looked at now and then */
	int fds[2];
	int64_t end; /* monotonic */
	struct str errors;
};

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
finish(const struct spawned *spawned, bool in_time, struct err *err)
{
	const char *program = spawned->program;
	pid_t pid = spawned->pid;
	int status = 0;

	/* of its own session all that it has started as well */
	if (!in_time)
		kill(spawned->aside ? -pid : pid, SIGKILL);
	if (!wait_for(pid, &status))
		return fail(err, program, "its end cannot be observed");
	if (!in_time)
		return fail(
		    err, program, "it did not finish in time and was stopped");
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return true;
	return fail_status(err, program, status, &spawned->errors);
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

static void
free_spawned(struct spawned *spawned)
{
	close_open(spawned->pidfd);
	close_open(spawned->fds[0]);
	close_open(spawned->fds[1]);
	str_release(&spawned->errors);
	free(spawned->program);
	free(spawned);
}

static struct spawned *
begin(const char *const argv[], int64_t timeout_ms, bool aside, struct err *err)
{
	struct plan plan = {.out = -1,
	    .errors = -1,
	    .own_session = aside,
	    .variables = passed_for_secrets};
	struct spawned *spawned = mem_zalloc(sizeof(*spawned));
	bool good;

	spawned->pidfd = spawned->fds[0] = spawned->fds[1] = -1;
	spawned->program = mem_strdup(argv[0]);
	spawned->aside = aside;
	str_init(&spawned->errors, ERRORS_MAX);
	plan.in = open("/dev/null", O_RDONLY | O_CLOEXEC);
	good = plan.in >= 0 && open_pipe(&spawned->fds[0], &plan.out) &&
	       open_pipe(&spawned->fds[1], &plan.errors);
	good = good ? start(argv, &plan, &spawned->pid, err)
		    : fail(err, argv[0], strerror(errno));
	/* ours must be closed, or the end of the output never comes */
	close_open(plan.in);
	close_open(plan.out);
	close_open(plan.errors);
	if (!good) {
		free_spawned(spawned);
		return NULL;
	}
	spawned->pidfd = (int)syscall(SYS_pidfd_open, spawned->pid, 0);
	spawned->end = clock_monotonic(&clock_system) + timeout_ms;
	return spawned;
}

struct spawned *
spawn_begin(const char *const argv[], int64_t timeout_ms, struct err *err)
{
	return begin(argv, timeout_ms, true, err);
}

/* What the pipes hold; a grandchild may go on writing. */
static void
drain(struct spawned *spawned, struct str *out)
{
	for (int i = 0; i < PIPE_PIECES; i++)
		if (!take_piece(&spawned->fds[0], out))
			break;
	take_piece(&spawned->fds[1], &spawned->errors);
}

bool
spawn_goes_on(struct spawned *spawned, struct str *out)
{
	drain(spawned, out);
	return clock_monotonic(&clock_system) < spawned->end &&
	       !has_ended(spawned->pid);
}

bool
spawn_end(struct spawned *spawned, struct str *out, struct err *err)
{
	bool in_time = has_ended(spawned->pid), good;

	drain(spawned, out);
	good = finish(spawned, in_time, err);
	free_spawned(spawned);
	return good;
}

bool
spawn_capture(const char *const argv[], int64_t timeout_ms, struct str *out,
    struct err *err)
{
	struct spawned *spawned = begin(argv, timeout_ms, false, err);

	if (!spawned)
		return false;
	while (spawn_goes_on(spawned, out)) {
		struct pollfd polled[] = {
		    {.fd = spawned->fds[0], .events = POLLIN},
		    {.fd = spawned->fds[1], .events = POLLIN},
		    {.fd = spawned->pidfd, .events = POLLIN},
		};
		int64_t left = spawned->end - clock_monotonic(&clock_system);
		int64_t most = spawned->pidfd < 0 ? LOOK_MS : INT_MAX;

		if (left > 0)
			poll(polled, 3, (int)(left > most ? most : left));
	}
	return spawn_end(spawned, out, err);
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
