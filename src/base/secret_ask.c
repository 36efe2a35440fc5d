/* SPDX-License-Identifier: MIT */
/*
 * A secret typed at the terminal, without echo.
 * Hazards: whoever presses ^C or ^Z while the echo is off must not be left with
 * a terminal that shows nothing. The signals that end or stop a program are
 * held back and read from a descriptor beside the keys; the terminal is put
 * back first, then the signal does what it does. After ^Z and fg the question
 * is asked again.
 */
#include "base/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/err.h"
#include "base/file.h"

/* What a terminal gives as one line at most. */
enum { LINE_SIZE = 4096 };

struct asking {
	int tty, signals;
	struct termios before;
	sigset_t held, mask_before;
	char *line; /* guarded, LINE_SIZE */
	size_t len;
};

static void
say(int tty, const char *text)
{
	size_t len = strlen(text);

	/* a terminal that has gone shows when it is read */
	while (len > 0) {
		ssize_t written = write(tty, text, len);

		if (written < 0 && errno != EINTR)
			return;
		text += written < 0 ? 0 : written;
		len -= written < 0 ? 0 : (size_t)written;
	}
}

static bool
hold_signals(struct asking *asking, struct err *err)
{
	static const int ending[] = {
	    SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU};

	sigemptyset(&asking->held);
	for (size_t i = 0; i < sizeof(ending) / sizeof(*ending); i++)
		sigaddset(&asking->held, ending[i]);
	sigprocmask(SIG_BLOCK, &asking->held, &asking->mask_before);
	asking->signals = signalfd(-1, &asking->held, SFD_CLOEXEC);
	if (asking->signals >= 0)
		return true;
	sigprocmask(SIG_SETMASK, &asking->mask_before, NULL);
	return err_errno(err, ERR_IO, "cannot ask at the terminal");
}

static bool
hide_echo(struct asking *asking)
{
	struct termios quiet;

	if (tcgetattr(asking->tty, &asking->before) < 0)
		return false;
	quiet = asking->before;
	quiet.c_lflag &= (tcflag_t) ~(ECHO | ECHOE | ECHOK | ECHONL);
	quiet.c_lflag |= ICANON | ISIG;
	return tcsetattr(asking->tty, TCSAFLUSH, &quiet) == 0;
}

static void
put_back(struct asking *asking)
{
	tcsetattr(asking->tty, TCSAFLUSH, &asking->before);
	say(asking->tty, "\n");
	if (asking->signals >= 0)
		close(asking->signals);
	asking->signals = -1;
	sigprocmask(SIG_SETMASK, &asking->mask_before, NULL);
}

/* The line, or the signal that came first; -1: the terminal is gone. */
static int
read_line(struct asking *asking)
{
	struct pollfd fds[] = {
	    {.fd = asking->tty, .events = POLLIN},
	    {.fd = asking->signals, .events = POLLIN},
	};
	struct signalfd_siginfo info;
	ssize_t got;

	for (;;) {
		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			return -1;
		if (fds[1].revents &&
		    read(asking->signals, &info, sizeof(info)) == sizeof(info))
			return (int)info.ssi_signo;
		if (!fds[0].revents)
			continue;
		got = read(asking->tty, asking->line, LINE_SIZE);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		asking->len = (size_t)got;
		return 0;
	}
}

/* True when something was typed, be it nothing. */
static bool
ask(struct asking *asking, const char *question, struct err *err)
{
	int signal_number;

	do {
		if (!hold_signals(asking, err))
			return false;
		if (!hide_echo(asking)) {
			put_back(asking);
			return err_set(err, ERR_AUTH,
			    "this terminal cannot hide what is typed, so "
			    "nothing is asked for");
		}
		say(asking->tty, question);
		signal_number = read_line(asking);
		put_back(asking);
		/* what ends us does it here; what stops us comes back */
		if (signal_number > 0)
			raise(signal_number);
	} while (signal_number > 0);
	return signal_number == 0 ||
	       err_set(err, ERR_AUTH, "the terminal is gone");
}

static bool
is_spoken_to(int tty)
{
	return tty >= 0 && isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

bool
secret_ask(
    const struct secret_place *place, const char *question, struct err *err)
{
	struct asking asking = {.signals = -1};
	bool good;

	asking.tty = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (!is_spoken_to(asking.tty)) {
		if (asking.tty >= 0)
			close(asking.tty);
		return err_set(err, ERR_AUTH,
		    "it has to be typed, which cannot be done here, without a "
		    "terminal (cron, a pipe): say in the config where it is, "
		    "as {file: ...}, {command: [...]} or {keyring: ...}%s%s",
		    place->variable ? ", or set " : "",
		    place->variable ? place->variable : "");
	}
	asking.line = crypto_guarded_alloc(LINE_SIZE);
	good = ask(&asking, question, err);
	close(asking.tty);
	if (good && (asking.len == 0 || *asking.line == '\n'))
		good = err_set(
		    err, ERR_USAGE, "nothing was typed, so nothing was sent");
	else if (good)
		good = secret_take_typed(place, asking.line, asking.len, err);
	crypto_guarded_free(asking.line);
	return good;
}
