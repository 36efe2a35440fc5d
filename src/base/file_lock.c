/* SPDX-License-Identifier: MIT */
/*
 * A lock on the open file (F_OFD_SETLK): it ends with the process, however
 * that ends, and closing another descriptor of the same file does not drop it.
 * Hazard: the file is never removed, since a lock on a removed inode excludes
 * nobody. What is written inside serves the message only; it stays when the
 * process is killed, so a note of nobody who lives is none.
 */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"

enum { NOTE_MAX = 512, NOTE_TRIES = 40 };

struct file_lock {
	int fd;
};

/* "process 123 on desk since 2026-11-23T16:55:38Z, with contacts.csv" */
static void
write_note(int fd, const char *what)
{
	char host[HOST_NAME_MAX + 1] = "";
	struct str note;

	gethostname(host, sizeof(host) - 1);
	str_init(&note, NOTE_MAX);
	str_addf(&note, "process %ld on %s since ", (long)getpid(), host);
	clock_format_time(&note, clock_wall(&clock_system));
	if (what)
		str_addf(&note, ", with %s", what);
	str_add_char(&note, '\n');
	/* shorter than the last one: its end must not show */
	if (ftruncate(fd, 0) == 0)
		(void)!pwrite(fd, note.data, note.len, 0);
	str_release(&note);
}

/* False for what an earlier holder left behind: it was killed, or ended. */
static bool
is_current(const char *note)
{
	char host[HOST_NAME_MAX + 1] = "", *end;
	long process;

	if (!str_starts(note, "process "))
		return false;
	process = strtol(note + strlen("process "), &end, 10);
	gethostname(host, sizeof(host) - 1);
	if (!str_starts(end, " on ") ||
	    strncmp(end + 4, host, strlen(host)) != 0 ||
	    end[4 + strlen(host)] != ' ')
		return true; /* who can tell what runs over there */
	return kill((pid_t)process, 0) == 0 || errno == EPERM;
}

/* Between the holder's lock and its note there is a moment. */
static ssize_t
read_note(int fd, char *note, size_t size)
{
	const struct timespec moment = {.tv_nsec = 5 * 1000 * 1000};
	ssize_t len;

	for (int i = 0; i < NOTE_TRIES; i++) {
		len = pread(fd, note, size - 1, 0);
		note[len > 0 ? len : 0] = '\0';
		if (len > 0 && is_current(note))
			return len;
		nanosleep(&moment, NULL);
	}
	return 0;
}

static bool
fail_held(int fd, struct err *err)
{
	char note[NOTE_MAX];
	ssize_t len = read_note(fd, note, sizeof(note));
	struct str clean;

	while (len > 0 && note[len - 1] == '\n')
		len--;
	str_init(&clean, NOTE_MAX);
	if (len > 0)
		text_clean(&clean, note, (size_t)len);
	else
		str_add(&clean, "a process that has just started");
	err_set(err, ERR_HELD,
	    "another belay has this open (%s); close it there first",
	    clean.data);
	str_release(&clean);
	return false;
}

static bool
take(int fd, const char *path, const char *what, struct err *err)
{
	struct flock range = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	while (fcntl(fd, F_OFD_SETLK, &range) < 0) {
		if (errno == EINTR)
			continue;
		if (errno == EAGAIN || errno == EACCES)
			return fail_held(fd, err);
		return file_fail_errno(err, ERR_CREATE, "lock", path);
	}
	write_note(fd, what);
	return true;
}

struct file_lock *
file_lock_take(const char *path, const char *what, struct err *err)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	struct file_lock *lock;

	if (fd < 0) {
		file_fail_errno(err, ERR_CREATE, "make the lock", path);
		return NULL;
	}
	if (!take(fd, path, what, err)) {
		close(fd);
		return NULL;
	}
	lock = mem_alloc(sizeof(*lock));
	lock->fd = fd;
	return lock;
}

void
file_lock_release(struct file_lock *lock)
{
	if (!lock)
		return;
	close(lock->fd);
	free(lock);
}
