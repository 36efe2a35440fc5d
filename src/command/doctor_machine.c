/* SPDX-License-Identifier: MIT */
/*
 * What belongs to the computer: terminal, browser, clock, who else may read
 * the files, whether what leaves memory is encrypted.
 */
#include "command/doctor.h"

#include <fcntl.h>
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "book/config.h"

enum { ROWS_MIN = 24, COLUMNS_MIN = 80 };

static bool
is_set(const char *name)
{
	const char *value = getenv(name);

	return value && *value;
}

void
doctor_terminal(struct doctor *doctor)
{
	struct winsize size = {0};
	const char *name = getenv("TERM");
	bool wide = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		doctor_say(doctor, VERDICT_OK, "terminal",
		    "none here, so only the commands work, not the desk", "");
		return;
	}
	ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
	if (!name || !*name || strcmp(name, "dumb") == 0)
		doctor_say(doctor, VERDICT_WRONG, "terminal",
		    "TERM does not say what it can do",
		    "set TERM, e.g. export TERM=xterm-256color");
	else if (!wide)
		doctor_say(doctor, VERDICT_LOOK, "terminal",
		    "the locale is not UTF-8, so accents are shown as ?",
		    "set one, e.g. export LC_ALL=C.UTF-8");
	else if (size.ws_row < ROWS_MIN || size.ws_col < COLUMNS_MIN)
		doctor_sayf(doctor, VERDICT_LOOK, "terminal",
		    "make the window larger", "%s, %u by %u: under %d by %d",
		    name, size.ws_col, size.ws_row, COLUMNS_MIN, ROWS_MIN);
	else
		doctor_sayf(doctor, VERDICT_OK, "terminal", "", "%s, %u by %u",
		    name, size.ws_col, size.ws_row);
}

static bool
in_path(const char *program)
{
	const char *at = getenv("PATH");
	bool found = false;

	while (at && *at && !found) {
		size_t len = strcspn(at, ":");
		struct str path;

		str_init(&path, 4096);
		str_add_bytes(&path, at, len);
		str_addf(&path, "/%s", program);
		found = !path.cut && access(path.data, X_OK) == 0;
		str_release(&path);
		at += len + (at[len] == ':');
	}
	return found;
}

void
doctor_opener(struct doctor *doctor)
{
	if (is_set("SSH_CONNECTION") || is_set("SSH_TTY"))
		doctor_say(doctor, VERDICT_OK, "browser",
		    "over SSH pages are shown as addresses, to be copied", "");
	else if (!is_set("DISPLAY") && !is_set("WAYLAND_DISPLAY"))
		doctor_say(doctor, VERDICT_OK, "browser",
		    "without a display pages are shown as addresses", "");
	else if (!in_path("xdg-open"))
		doctor_say(doctor, VERDICT_LOOK, "browser",
		    "xdg-open is missing, so pages are shown as addresses",
		    "install xdg-utils");
	else
		doctor_say(doctor, VERDICT_OK, "browser",
		    "pages are opened with xdg-open", "");
}

void
doctor_clock(struct doctor *doctor, const struct config *config)
{
	struct stat info;
	int64_t now = clock_wall(&clock_system);
	struct str text;

	str_init(&text, 64);
	clock_format_time(&text, now);
	/* certificates and ages go by it */
	if (config && config->path && stat(config->path, &info) == 0 &&
	    (int64_t)info.st_mtim.tv_sec * 1000 > now + 60000)
		doctor_sayf(doctor, VERDICT_WRONG, "clock",
		    "set the clock, e.g. timedatectl set-ntp true",
		    "%s is before the config was written", text.data);
	else
		doctor_sayf(doctor, VERDICT_OK, "clock", "", "%s", text.data);
	str_release(&text);
}

void
doctor_closed(struct doctor *doctor, const char *what, const char *path)
{
	struct stat info;
	struct str advice;

	if (stat(path, &info) != 0)
		return;
	str_init(&advice, 8192);
	str_addf(&advice, "chmod go-rwx '%s'", path);
	if (info.st_mode & 077)
		doctor_sayf(doctor, VERDICT_LOOK, what, advice.data,
		    "%s may be read by others on this computer", path);
	else
		doctor_sayf(doctor, VERDICT_OK, what, "",
		    "%s is closed to others", path);
	str_release(&advice);
}

/* Whether the block device is one of dm-crypt's; links are followed. */
static bool
is_crypt(const char *device)
{
	char place[128], uuid[16] = "";
	ssize_t len = -1;
	int fd;

	snprintf(place, sizeof(place), "/sys/dev/block/%s/dm/uuid", device);
	fd = open(place, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		len = file_read(fd, uuid, sizeof(uuid) - 1);
		close(fd);
	}
	return len > 0 && str_starts(uuid, "CRYPT-");
}

static void
device_number(dev_t device, char out[32])
{
	snprintf(out, 32, "%u:%u", major(device), minor(device));
}

/* A line of /proc/swaps, but the first. */
static bool
is_safe_swap(char *line)
{
	char device[32];
	struct stat info;

	line[strcspn(line, " \t\n")] = '\0';
	/* compressed memory, which is memory */
	if (str_starts(line, "/dev/zram"))
		return true;
	if (stat(line, &info) != 0)
		return false;
	device_number(
	    S_ISBLK(info.st_mode) ? info.st_rdev : info.st_dev, device);
	return is_crypt(device);
}

void
doctor_swap(struct doctor *doctor)
{
	FILE *swaps = fopen("/proc/swaps", "re");
	char line[512];
	bool any = false, safe = true;

	while (swaps && fgets(line, sizeof(line), swaps)) {
		if (str_starts(line, "Filename"))
			continue;
		any = true;
		safe = safe && is_safe_swap(line);
	}
	if (swaps)
		fclose(swaps);
	if (any && !safe)
		doctor_say(doctor, VERDICT_LOOK, "swap",
		    "what leaves memory is written to disk, as it seems "
		    "without encryption",
		    "encrypt it, or turn it off: swapoff -a");
	else
		doctor_say(doctor, VERDICT_OK, "swap",
		    any ? "encrypted, or in memory" : "none", "");
}

void
doctor_disk(struct doctor *doctor, const char *directory)
{
	struct stat info;
	char device[32];

	if (stat(directory, &info) != 0)
		return;
	device_number(info.st_dev, device);
	if (is_crypt(device))
		doctor_say(doctor, VERDICT_OK, "disk", "encrypted", "");
	else
		doctor_sayf(doctor, VERDICT_LOOK, "disk",
		    "keep contacts on an encrypted disk or home directory",
		    "cannot see that the disk under %s is encrypted",
		    directory);
}
