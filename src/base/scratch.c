/* SPDX-License-Identifier: MIT */
/*
 * PLACE/belay-scratch-UID/PID-XXXXXX/NAME, directories 0700, the file 0600.
 *
 * Hazards: editors leave backups, swap and auto-save files beside the file, so
 * the directory is what is wiped. An editor may replace the file by another
 * one, so it is read by its name again, never by a descriptor that was kept.
 * The place is checked to be memory: wiping says nothing on a disk.
 */
#include "base/scratch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"

enum { PATH_SIZE = 4096, BLOCK = 4096, DEPTH = 16 };

struct scratch {
	char *directory;
	char *path;
};

/* ---- where --------------------------------------------------------------- */

static bool
in_memory(const char *directory)
{
	struct statfs info;

	return statfs(directory, &info) == 0 &&
	       (info.f_type == TMPFS_MAGIC || info.f_type == RAMFS_MAGIC);
}

/* Ours alone, and no link of somebody else's to elsewhere. */
static bool
is_ours(const char *directory)
{
	struct stat info;

	return lstat(directory, &info) == 0 && S_ISDIR(info.st_mode) &&
	       info.st_uid == geteuid() && (info.st_mode & 077) == 0;
}

/* The directory for all of ours in a place; false: it will not do. */
static bool
base_in(const char *place, bool make, char out[PATH_SIZE])
{
	if (!place || *place != '/' || !in_memory(place))
		return false;
	if (snprintf(out, PATH_SIZE, "%s/belay-scratch-%u", place,
		(unsigned)geteuid()) >= PATH_SIZE)
		return false;
	if (make && mkdir(out, 0700) != 0 && errno != EEXIST)
		return false;
	return is_ours(out);
}

static const char *
place_of(unsigned number)
{
	return number == 0 ? getenv("XDG_RUNTIME_DIR") : "/dev/shm";
}

/* ---- wiping -------------------------------------------------------------- */

/* What is written over is what was there; then it is gone. */
static void
wipe_file(int directory, const char *name)
{
	static const char zeros[BLOCK];
	int fd = openat(
	    directory, name, O_WRONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	struct stat info;

	if (fd >= 0 && fstat(fd, &info) == 0 && S_ISREG(info.st_mode))
		for (off_t at = 0; at < info.st_size; at += BLOCK)
			if (pwrite(fd, zeros, BLOCK, at) < 0)
				break;
	if (fd >= 0)
		close(fd);
	unlinkat(directory, name, 0);
}

/* With what an editor has put into directories of its own, as deep as any
 * would go. A link is never followed out of here. */
static void
wipe_directory(int above, const char *name, unsigned depth)
{
	int fd = openat(
	    above, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *directory = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *entry;
	struct stat info;

	while (directory && (entry = readdir(directory))) {
		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		if (depth > 0 &&
		    fstatat(fd, entry->d_name, &info, AT_SYMLINK_NOFOLLOW) ==
			0 &&
		    S_ISDIR(info.st_mode))
			wipe_directory(fd, entry->d_name, depth - 1);
		else
			wipe_file(fd, entry->d_name);
	}
	if (directory)
		closedir(directory);
	else if (fd >= 0)
		close(fd);
	unlinkat(above, name, AT_REMOVEDIR);
}

static void
sweep(const char *base)
{
	DIR *directory = opendir(base);
	struct dirent *entry;
	char path[PATH_SIZE];

	while (directory && (entry = readdir(directory))) {
		long pid = strtol(entry->d_name, NULL, 10);

		if (pid <= 0 || kill((pid_t)pid, 0) == 0 || errno == EPERM)
			continue;
		if (snprintf(path, sizeof(path), "%s/%s", base, entry->d_name) <
			(int)sizeof(path) &&
		    is_ours(path))
			wipe_directory(AT_FDCWD, path, DEPTH);
	}
	if (directory)
		closedir(directory);
}

void
scratch_sweep(void)
{
	char base[PATH_SIZE];

	for (unsigned i = 0; i < 2; i++)
		if (base_in(place_of(i), false, base))
			sweep(base);
}

/* ---- one ----------------------------------------------------------------- */

static bool
write_all(int fd, const char *text, size_t len)
{
	while (len > 0) {
		ssize_t done = write(fd, text, len);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return false;
		text += done;
		len -= (size_t)done;
	}
	return true;
}

static bool
make_directory(char out[PATH_SIZE], struct err *err)
{
	char base[PATH_SIZE];

	for (unsigned i = 0; i < 2; i++) {
		if (!base_in(place_of(i), true, base) ||
		    snprintf(out, PATH_SIZE, "%s/%ld-XXXXXX", base,
			(long)getpid()) >= PATH_SIZE)
			continue;
		if (mkdtemp(out))
			return true;
	}
	return err_set(err, ERR_UNAVAILABLE,
	    "there is no place in memory for this contact's data "
	    "(XDG_RUNTIME_DIR, /dev/shm), and on disk it is not put: change "
	    "the values here instead");
}

struct scratch *
scratch_new(const char *name, const char *text, size_t len, struct err *err)
{
	struct scratch *scratch;
	char directory[PATH_SIZE];
	bool good;
	int fd;

	if (!make_directory(directory, err))
		return NULL;
	scratch = mem_zalloc(sizeof(*scratch));
	scratch->directory = mem_strdup(directory);
	scratch->path = file_join(directory, name);
	fd = open(scratch->path,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	good = fd >= 0 && write_all(fd, text, len);
	if (fd >= 0 && close(fd) != 0)
		good = false;
	if (good)
		return scratch;
	file_fail_errno(err, ERR_IO, "writing", scratch->path);
	scratch_free(scratch);
	return NULL;
}

const char *
scratch_path(const struct scratch *scratch)
{
	return scratch->path;
}

bool
scratch_read(const struct scratch *scratch, struct str *out, struct err *err)
{
	return file_read_all(scratch->path, out, NULL, err);
}

void
scratch_free(struct scratch *scratch)
{
	if (!scratch)
		return;
	wipe_directory(AT_FDCWD, scratch->directory, DEPTH);
	free(scratch->directory);
	free(scratch->path);
	free(scratch);
}
