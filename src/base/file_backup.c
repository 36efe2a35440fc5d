/* SPDX-License-Identifier: MIT */
/*
 * The last versions of a file: NAME.1 is the newest, the oldest falls out.
 * A backup is a copy and not a link: a kill between link and rename would
 * leave a file with two names, which looks like one that must not be replaced.
 */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"

enum { BUFFER = 64 * 1024, BACKUPS = 3, NAME_KEPT = 200 };

static char *
backup_path(const char *directory, const char *target, int number)
{
	struct str name;
	char *path;

	str_init(&name, NAME_MAX);
	str_addf(&name, "%.*s.%d", NAME_KEPT, file_name(target), number);
	path = file_join(directory, name.data);
	str_release(&name);
	return path;
}

static bool
copy_bytes(int from, const char *path)
{
	int to = open(
	    path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	char *chunk = mem_alloc(BUFFER);
	ssize_t got = -1;

	while (to >= 0 && (got = file_read(from, chunk, BUFFER)) > 0) {
		ssize_t put = 0;

		for (ssize_t done = 0; done < got; done += put) {
			put = write(to, chunk + done, (size_t)(got - done));
			if (put < 0 && errno == EINTR)
				put = 0;
			if (put < 0)
				break;
		}
		if (put < 0) {
			got = -1;
			break;
		}
	}
	free(chunk);
	if (to >= 0 && close(to) < 0)
		got = -1;
	return got == 0;
}

bool
file_back_up(const char *path, const char *directory, struct err *err)
{
	struct file_identity identity;
	char *newest, *fresh;
	bool good;
	int from;

	if (!file_make_private_dir(directory, err))
		return false;
	from = file_open_regular(path, &identity, err);
	if (from < 0)
		return false;
	newest = backup_path(directory, path, 1);
	fresh = backup_path(directory, path, 0);
	good = copy_bytes(from, fresh);
	for (int i = BACKUPS - 1; good && i >= 1; i--) {
		char *older = backup_path(directory, path, i + 1);
		char *newer = backup_path(directory, path, i);

		good = rename(newer, older) == 0 || errno == ENOENT;
		free(newer);
		free(older);
	}
	good = good && rename(fresh, newest) == 0;
	if (!good)
		file_fail_errno(err, ERR_IO, "keep a backup in", directory);
	close(from);
	free(newest);
	free(fresh);
	return good;
}
