/* SPDX-License-Identifier: MIT */
/*
 * Reading files and knowing whether one changed.
 * Hazards: a file can be a FIFO that never opens, can grow while it is read,
 * and can be rewritten within one tick of the file system's clock, which
 * leaves its times as they were (git's "racy clean" case).
 */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"

#define NS_PER_S INT64_C(1000000000)
#define RACY_NS (2 * NS_PER_S)

enum { CHUNK = 64 * 1024 };

static int64_t
nanoseconds(struct timespec time)
{
	return (int64_t)time.tv_sec * NS_PER_S + time.tv_nsec;
}

static void
fill_identity(struct file_identity *identity, const struct stat *info)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	*identity = (struct file_identity){
	    .device = info->st_dev,
	    .inode = info->st_ino,
	    .size = info->st_size,
	    .mtime_ns = nanoseconds(info->st_mtim),
	    .ctime_ns = nanoseconds(info->st_ctim),
	    .read_at_ns = nanoseconds(now),
	};
}

bool
file_identify(int fd, struct file_identity *identity)
{
	struct stat info;

	if (fstat(fd, &info) < 0)
		return false;
	fill_identity(identity, &info);
	return true;
}

bool
file_fail(struct err *err, enum err_kind kind, const char *what,
    const char *path, const char *why)
{
	struct str clean;

	str_init(&clean, ERR_TEXT_MAX / 2);
	text_clean(&clean, path, strlen(path));
	err_set(err, kind, "cannot %s '%s': %s", what, clean.data, why);
	str_release(&clean);
	return false;
}

bool
file_fail_errno(
    struct err *err, enum err_kind kind, const char *what, const char *path)
{
	const char *why;

	switch (errno) {
	case ENOENT: why = "there is no such file"; break;
	case ENOTDIR: why = "a part of the path is not a directory"; break;
	case EACCES:
	case EPERM: why = "permission denied"; break;
	case EISDIR: why = "it is a directory"; break;
	case ELOOP: why = "its links lead in a circle"; break;
	case EROFS: why = "the file system is read-only"; break;
	case ENOSPC: why = "the disk is full; free some space"; break;
	case EDQUOT: why = "your disk quota is used up"; break;
	case EFBIG: why = "the file may not grow this large"; break;
	case EEXIST: why = "it exists already"; break;
	default: why = strerror(errno); break;
	}
	return file_fail(err, kind, what, path, why);
}

int
file_open_regular(
    const char *path, struct file_identity *identity, struct err *err)
{
	/* O_NONBLOCK: opening a FIFO must not wait for a writer */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat info;
	const char *why = NULL;

	if (fd < 0) {
		file_fail_errno(err, ERR_NO_INPUT, "open", path);
		return -1;
	}
	if (fstat(fd, &info) < 0) {
		file_fail_errno(err, ERR_NO_INPUT, "open", path);
		close(fd);
		return -1;
	}
	if (S_ISDIR(info.st_mode))
		why = "it is a directory";
	else if (!S_ISREG(info.st_mode))
		why = "it is not a regular file";
	if (why) {
		file_fail(err, ERR_NO_INPUT, "open", path, why);
		close(fd);
		return -1;
	}
	fill_identity(identity, &info);
	return fd;
}

ssize_t
file_read(int fd, void *buffer, size_t size)
{
	size_t done = 0;

	while (done < size) {
		ssize_t got = read(fd, (char *)buffer + done, size - done);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		done += (size_t)got;
	}
	return (ssize_t)done;
}

/* Everything from the descriptor's place on, through `take`. */
static bool
read_through(int fd, struct crypto_sum *digest, struct str *out)
{
	char *chunk = mem_alloc(CHUNK);
	ssize_t got;

	while ((got = file_read(fd, chunk, CHUNK)) > 0) {
		crypto_sum_add(digest, chunk, (size_t)got);
		if (out)
			str_add_bytes(out, chunk, (size_t)got);
		if (out && out->cut)
			break;
	}
	crypto_wipe(chunk, CHUNK);
	free(chunk);
	return got >= 0;
}

bool
file_read_all(const char *path, struct str *out, struct file_identity *identity,
    struct err *err)
{
	struct file_identity seen;
	struct crypto_sum digest;
	int fd = file_open_regular(path, &seen, err);
	bool good = true;

	if (fd < 0)
		return false;
	crypto_sum_start(&digest);
	if ((uint64_t)seen.size > out->limit - out->len)
		out->cut = true;
	else if (!read_through(fd, &digest, out))
		good = file_fail_errno(err, ERR_IO, "read", path);
	if (out->cut)
		good = file_fail(err, ERR_NO_INPUT, "read", path,
		    "it is larger than what belay takes here");
	close(fd);
	crypto_sum_end(&digest, seen.digest);
	seen.has_digest = true;
	if (identity)
		*identity = seen;
	return good;
}

/* The times prove nothing when the last change is too near to our read. */
static bool
same_metadata(const struct file_identity *then, const struct file_identity *now)
{
	int64_t changed = then->mtime_ns > then->ctime_ns ? then->mtime_ns
							  : then->ctime_ns;

	return now->device == then->device && now->inode == then->inode &&
	       now->size == then->size && now->mtime_ns == then->mtime_ns &&
	       now->ctime_ns == then->ctime_ns &&
	       then->read_at_ns - changed > RACY_NS;
}

bool
file_unchanged(const char *path, const struct file_identity *identity)
{
	struct err ignored = ERR_INIT;
	struct file_identity now;
	struct crypto_sum digest;
	int fd = file_open_regular(path, &now, &ignored);
	bool same;

	if (fd < 0)
		return false;
	same = same_metadata(identity, &now);
	if (!same && identity->has_digest && now.size == identity->size) {
		crypto_sum_start(&digest);
		same = read_through(fd, &digest, NULL);
		crypto_sum_end(&digest, now.digest);
		same = same && crypto_equal(now.digest, identity->digest,
				   CRYPTO_SUM_SIZE);
	}
	close(fd);
	return same;
}

bool
file_replaceable(const char *path, struct err *err)
{
	char *target = realpath(path, NULL), *directory = NULL;
	struct stat info;
	const char *why = NULL;

	if (!target || stat(target, &info) < 0) {
		file_fail_errno(err, ERR_NO_INPUT, "open", path);
		free(target);
		return false;
	}
	directory = mem_strndup(target, (size_t)(file_name(target) - target));
	if (!S_ISREG(info.st_mode))
		why = "it is not a regular file";
	else if (info.st_nlink > 1)
		why = "it has several names (hard links), and only one would "
		      "get the new contents";
	else if (info.st_uid != geteuid() && geteuid() != 0)
		why = "it belongs to another user, and would become yours";
	else if (access(target, W_OK) < 0)
		why = errno == EROFS ? "its file system is read-only"
				     : "you may not write it";
	else if (access(directory, W_OK | X_OK) < 0)
		why = "you may not write in its directory";
	if (why)
		file_fail(err, ERR_CREATE, "replace", path, why);
	free(directory);
	free(target);
	return !why;
}
