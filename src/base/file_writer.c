/* SPDX-License-Identifier: MIT */
/*
 * Replacing a file: write beside it, sync, rename, sync the directory. At any
 * moment the name leads to the whole old or the whole new bytes.
 * Hazards: close(2) and fsync(2) are where a full disk or a network file
 * system confesses, and an fsync that failed once may lie the second time, so
 * the first failure is final. Between the last look at the old file and the
 * rename another program may still write: no call closes that gap.
 */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"

enum {
	BUFFER = 64 * 1024,
	WRITE_BACK = 4 << 20,
	STALE_SECONDS = 3600,
	NAME_KEPT = 200, /* of the target's name, so that the whole fits */
	RANDOM_LEN = 6,
};

struct file_writer {
	char *target; /* links resolved */
	char *temporary;
	int fd;
	int error; /* errno of the first failed write, 0: none */
	off_t written;
	off_t started; /* to go to the disk */
	size_t buffered;
	struct crypto_sum digest;
	char buffer[BUFFER];
};

/* ".<name>.belay-", which is also how stale ones are recognised. */
static char *
temporary_prefix(const char *target)
{
	struct str name;

	str_init(&name, NAME_MAX);
	str_addf(&name, ".%.*s.belay-", NAME_KEPT, file_name(target));
	return str_take(&name);
}

/* Where the bytes will stand: the end of all links, or a new name. */
static char *
resolve_target(const char *path, struct err *err)
{
	char *real = realpath(path, NULL), *directory, *target;
	struct stat info;

	if (real && (stat(real, &info) < 0 || S_ISREG(info.st_mode)))
		return real;
	if (real) {
		/* a rename would put a file where a device was */
		file_fail(
		    err, ERR_CREATE, "write", path, "it is not a regular file");
		free(real);
		return NULL;
	}
	if (errno != ENOENT || lstat(path, &info) == 0) {
		file_fail_errno(err, ERR_CREATE, "write", path);
		return NULL;
	}
	directory = mem_strndup(path, (size_t)(file_name(path) - path));
	real = realpath(*directory ? directory : ".", NULL);
	free(directory);
	if (!real) {
		file_fail_errno(err, ERR_CREATE, "write", path);
		return NULL;
	}
	target = file_join(real, file_name(path));
	free(real);
	return target;
}

static char *
make_temporary(const char *target, int *fd)
{
	char *prefix = temporary_prefix(target);
	struct str path;

	str_init(&path, PATH_MAX);
	str_add_bytes(&path, target, (size_t)(file_name(target) - target));
	str_add(&path, prefix);
	str_add(&path, "XXXXXX");
	free(prefix);
	*fd = mkostemp(path.data, O_CLOEXEC);
	return str_take(&path);
}

struct file_writer *
file_writer_open(const char *path, struct err *err)
{
	char *target = resolve_target(path, err);
	struct file_writer *writer;

	if (!target)
		return NULL;
	writer = mem_zalloc(sizeof(*writer));
	writer->target = target;
	writer->temporary = make_temporary(target, &writer->fd);
	crypto_sum_start(&writer->digest);
	if (writer->fd >= 0)
		return writer;
	file_fail_errno(err, ERR_CREATE, "make a file beside", path);
	free(writer->temporary);
	free(writer->target);
	free(writer);
	return NULL;
}

/*
 * Lets the disk begin with what was written, so that the fsync at the end,
 * for which a person may wait, has little left to do.
 */
static void
start_writing_back(struct file_writer *writer)
{
#ifdef SYNC_FILE_RANGE_WRITE /* Linux */
	off_t more = writer->written - writer->started;

	if (more < WRITE_BACK)
		return;
	(void)sync_file_range(
	    writer->fd, writer->started, more, SYNC_FILE_RANGE_WRITE);
	writer->started = writer->written;
#else
	(void)writer;
#endif
}

/* pwrite(2): the descriptor's own place is left to who reads back. */
static bool
write_out(struct file_writer *writer, const char *bytes, size_t len)
{
	crypto_sum_add(&writer->digest, bytes, len);
	while (len > 0 && writer->error == 0) {
		ssize_t put = pwrite(writer->fd, bytes, len, writer->written);

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0) {
			writer->error = put < 0 ? errno : EIO;
			break;
		}
		bytes += put;
		len -= (size_t)put;
		writer->written += put;
	}
	start_writing_back(writer);
	return writer->error == 0;
}

static bool
flush(struct file_writer *writer)
{
	size_t len = writer->buffered;

	writer->buffered = 0;
	return write_out(writer, writer->buffer, len);
}

static bool
fail(const struct file_writer *writer, int error, struct err *err)
{
	errno = error;
	return file_fail_errno(err, ERR_IO, "write", writer->target);
}

bool
file_writer_add(
    struct file_writer *writer, const void *bytes, size_t len, struct err *err)
{
	bool good = writer->error == 0;

	if (good && len > BUFFER - writer->buffered)
		good = flush(writer);
	if (len >= BUFFER) {
		good = good && write_out(writer, bytes, len);
	} else if (good) {
		memcpy(writer->buffer + writer->buffered, bytes, len);
		writer->buffered += len;
	}
	return good || fail(writer, writer->error, err);
}

int
file_writer_fd(struct file_writer *writer)
{
	if (flush(writer))
		return writer->fd;
	errno = writer->error;
	return -1;
}

static void
free_writer(struct file_writer *writer)
{
	if (writer->fd >= 0)
		close(writer->fd);
	free(writer->temporary);
	free(writer->target);
	free(writer);
}

void
file_writer_abort(struct file_writer *writer)
{
	if (!writer)
		return;
	unlink(writer->temporary);
	free_writer(writer);
}

/*
 * The old file's mode without write for others. Group and owner are kept where
 * we may; where not, the new group is not given what the old one had.
 */
static bool
take_over_mode(const struct file_writer *writer)
{
	struct stat old, new;
	mode_t mode;

	if (stat(writer->target, &old) < 0)
		return errno == ENOENT; /* a new file stays 0600 */
	if (fstat(writer->fd, &new) < 0)
		return false;
	mode = old.st_mode & 0755;
	if (new.st_gid != old.st_gid &&
	    fchown(writer->fd, (uid_t)-1, old.st_gid) < 0)
		mode &= 0707;
	if (new.st_uid != old.st_uid &&
	    fchown(writer->fd, old.st_uid, (gid_t)-1) < 0 && errno != EPERM)
		return false;
	return fchmod(writer->fd, mode) == 0;
}

bool
file_sync_directory_of(const char *target)
{
	size_t len = (size_t)(file_name(target) - target);
	char *directory = mem_strndup(target, len);
	int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	/* some file systems cannot sync a directory and say so */
	bool good = fd >= 0 && (fsync(fd) == 0 || errno == EINVAL);

	if (fd >= 0)
		close(fd);
	free(directory);
	return good;
}

/* A second descriptor outlives the checked close, for the identity. */
static bool
finish_temporary(struct file_writer *writer, int *kept, struct err *err)
{
	int fd = writer->fd;

	if (!flush(writer))
		return fail(writer, writer->error, err);
	if (!take_over_mode(writer) || fsync(fd) < 0)
		return fail(writer, errno, err);
	*kept = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	writer->fd = -1;
	if (*kept < 0 || close(fd) < 0)
		return fail(writer, errno, err);
	return true;
}

static bool
fail_changed(const struct file_writer *writer, struct err *err)
{
	return file_fail(err, ERR_DATA, "replace", writer->target,
	    "another program changed it meanwhile; its version is kept");
}

/* Copying takes time: a change during it shows in the metadata. */
static bool
back_up(
    const struct file_writer *writer, const char *backup_dir, struct err *err)
{
	struct stat before, after;

	if (stat(writer->target, &before) < 0)
		return errno == ENOENT || fail(writer, errno, err);
	if (!file_back_up(writer->target, backup_dir, err))
		return false;
	if (stat(writer->target, &after) == 0 &&
	    before.st_dev == after.st_dev && before.st_ino == after.st_ino &&
	    before.st_size == after.st_size &&
	    before.st_mtim.tv_sec == after.st_mtim.tv_sec &&
	    before.st_mtim.tv_nsec == after.st_mtim.tv_nsec)
		return true;
	return fail_changed(writer, err);
}

static bool
put_in_place(struct file_writer *writer, const char *backup_dir,
    const struct file_identity *still, struct err *err)
{
	if (still && !file_unchanged(writer->target, still))
		return fail_changed(writer, err);
	if (backup_dir && !back_up(writer, backup_dir, err))
		return false;
	/* that takes time, and times can be set: what changes from here on is
	 * lost */
	if (backup_dir && still && !file_unchanged(writer->target, still))
		return fail_changed(writer, err);
	return rename(writer->temporary, writer->target) == 0 ||
	       fail(writer, errno, err);
}

/* A second name for the temporary, which a name that is taken refuses. */
static bool
put_where_nothing_is(struct file_writer *writer, struct err *err)
{
	if (link(writer->temporary, writer->target) == 0) {
		unlink(writer->temporary);
		return true;
	}
	/* some file systems know one name for a file only */
	if ((errno == EPERM || errno == ENOTSUP || errno == EMLINK) &&
	    access(writer->target, F_OK) != 0 && errno == ENOENT &&
	    rename(writer->temporary, writer->target) == 0)
		return true;
	if (errno == EEXIST)
		return file_fail(err, ERR_CREATE, "make", writer->target,
		    "there is such a file already, and it is not replaced");
	return file_fail_errno(err, ERR_CREATE, "make", writer->target);
}

bool
file_writer_create(struct file_writer *writer, struct err *err)
{
	int kept = -1;
	bool good = finish_temporary(writer, &kept, err) &&
		    put_where_nothing_is(writer, err);

	if (kept >= 0)
		close(kept);
	if (!good) {
		file_writer_abort(writer);
		return false;
	}
	if (!file_sync_directory_of(writer->target))
		good = fail(writer, errno, err);
	free_writer(writer);
	return good;
}

bool
file_writer_commit(struct file_writer *writer, const char *backup_dir,
    const struct file_identity *still, struct file_identity *now,
    struct err *err)
{
	int kept = -1;
	bool good = finish_temporary(writer, &kept, err) &&
		    put_in_place(writer, backup_dir, still, err);

	if (!good) {
		if (kept >= 0)
			close(kept);
		file_writer_abort(writer);
		return false;
	}
	if (!file_sync_directory_of(writer->target))
		good = fail(writer, errno, err);
	if (now && file_identify(kept, now)) {
		crypto_sum_end(&writer->digest, now->digest);
		now->has_digest = true;
	}
	close(kept);
	free_writer(writer);
	return good;
}

bool
file_create(const char *path, const void *bytes, size_t len, struct err *err)
{
	struct file_writer *writer = file_writer_open(path, err);

	if (!writer)
		return false;
	if (file_writer_add(writer, bytes, len, err))
		return file_writer_create(writer, err);
	file_writer_abort(writer);
	return false;
}

bool
file_replace(const char *path, const void *bytes, size_t len, struct err *err)
{
	struct file_writer *writer = file_writer_open(path, err);

	if (!writer)
		return false;
	if (!file_writer_add(writer, bytes, len, err)) {
		file_writer_abort(writer);
		return false;
	}
	return file_writer_commit(writer, NULL, NULL, NULL, err);
}

/* Ours, regular, and old enough that nobody is writing it any more. */
static bool
is_stale(int directory, const char *name)
{
	struct stat info;

	return fstatat(directory, name, &info, AT_SYMLINK_NOFOLLOW) == 0 &&
	       S_ISREG(info.st_mode) && info.st_uid == geteuid() &&
	       time(NULL) - info.st_mtime > STALE_SECONDS;
}

void
file_remove_stale(const char *path)
{
	char *target = realpath(path, NULL), *prefix, *directory;
	const struct dirent *entry;
	DIR *dir;

	if (!target)
		return;
	prefix = temporary_prefix(target);
	directory = mem_strndup(target, (size_t)(file_name(target) - target));
	dir = opendir(directory);
	while (dir && (entry = readdir(dir))) {
		const char *name = entry->d_name;

		if (str_starts(name, prefix) &&
		    strlen(name) == strlen(prefix) + RANDOM_LEN &&
		    is_stale(dirfd(dir), name))
			unlinkat(dirfd(dir), name, 0);
	}
	if (dir)
		closedir(dir);
	free(directory);
	free(prefix);
	free(target);
}
