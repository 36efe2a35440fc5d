/* SPDX-License-Identifier: MIT */
/*
 * Hazard: the static is for the fatal path only; there it is read by
 * async-safe calls, on bytes that were prepared in peace.
 */
#include "tui/tty.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/err.h"
#include "base/str.h"
#include "tui/osc.h"

enum {
	IN = STDIN_FILENO,
	OUT = STDOUT_FILENO,
	WRITE_MS = 2000,
	RESTORE_MAX = 512
};

static struct {
	volatile sig_atomic_t active;
	volatile sig_atomic_t titled;
	struct termios settings;
	char bytes[RESTORE_MAX]; /* first OSC_TITLE_BACK */
	size_t len;
} taken;

bool
tty_open(struct err *err)
{
	if (!isatty(IN) || !isatty(OUT))
		return err_set(err, ERR_USAGE,
		    "the desk needs a terminal for input and output: in "
		    "scripts use belay status, plan and sync");
	if (tcgetattr(OUT, &taken.settings) != 0)
		return err_errno(err, ERR_USAGE, "cannot ask the terminal");
	return true;
}

void
tty_write(const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t done = write(OUT, bytes, len);

		if (done > 0) {
			bytes += done;
			len -= (size_t)done;
		} else if (done < 0 && errno == EAGAIN) {
			struct pollfd wait = {.fd = OUT, .events = POLLOUT};

			if (poll(&wait, 1, WRITE_MS) <= 0)
				return;
		} else if (done == 0 || errno != EINTR) {
			return;
		}
	}
}

void
tty_add_capability(struct str *out, const char *text)
{
	for (; text && *text; text += *text != '\0') {
		if (str_starts(text, "$<"))
			text += strcspn(text, ">");
		else
			str_add_char(out, *text);
	}
}

void
tty_undo_reset(void)
{
	taken.len = 0;
	tty_undo_add(OSC_TITLE_BACK);
}

void
tty_undo_add(const char *bytes)
{
	struct str text;

	str_init(&text, RESTORE_MAX - taken.len);
	tty_add_capability(&text, bytes);
	memcpy(taken.bytes + taken.len, text.data, text.len);
	taken.len += text.len;
	str_release(&text);
}

void
tty_active(bool active)
{
	taken.active = active;
}

bool
tty_is_active(void)
{
	return taken.active;
}

void
tty_titled(bool titled)
{
	taken.titled = titled;
}

bool
tty_is_titled(void)
{
	return taken.titled;
}

void
tty_restore(void)
{
	size_t done = taken.titled ? 0 : sizeof(OSC_TITLE_BACK) - 1;

	if (!taken.active)
		return;
	taken.active = 0;
	while (done < taken.len) {
		ssize_t part = write(OUT, taken.bytes + done, taken.len - done);

		if (part <= 0)
			break;
		done += (size_t)part;
	}
	tty_settings_back();
}

void
tty_settings_back(void)
{
	tcsetattr(OUT, TCSADRAIN, &taken.settings);
}
