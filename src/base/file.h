/* SPDX-License-Identifier: MIT */
/*
 * Files: reading with a ceiling, knowing whether one changed, replacing one so
 * that it is old or new and never torn, locks, private directories.
 *
 * Kinds of error: ERR_NO_INPUT (missing, not readable, not a regular file),
 * ERR_IO (reading or writing failed), ERR_CREATE (cannot be made), ERR_HELD.
 * Messages name the path, cleaned, and what to do.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/crypto.h"

#include "base/err.h"

struct str;

/*
 * "cannot <what> '<path>': <why>", the path cleaned; always false. The second
 * takes the reason from errno and knows more helpful words than strerror(3).
 */
bool file_fail(struct err *err, enum err_kind kind, const char *what,
    const char *path, const char *why);
bool file_fail_errno(
    struct err *err, enum err_kind kind, const char *what, const char *path);

/* What a file was when we read it. Equal digests mean equal bytes. */
struct file_identity {
	dev_t device;
	ino_t inode;
	int64_t size;
	int64_t mtime_ns;
	int64_t ctime_ns;
	int64_t read_at_ns; /* wall time of the read */
	uint8_t digest[CRYPTO_SUM_SIZE];
	bool has_digest;
};

/*
 * Opens for reading, O_CLOEXEC; only regular files, after following links.
 * Fills everything but the digest. Returns -1 with the error.
 */
int file_open_regular(
    const char *path, struct file_identity *identity, struct err *err);

/* As it is now, without the digest; false with errno. */
bool file_identify(int fd, struct file_identity *identity);

/*
 * Reads up to `size` bytes, retrying EINTR and short reads.
 * Returns the bytes read (0 at the end), -1 with errno.
 */
ssize_t file_read(int fd, void *buffer, size_t size);

/*
 * Appends the whole file; an error when it is larger than out's ceiling.
 * Fills `identity` (may be NULL) with the digest of the bytes read.
 */
bool file_read_all(const char *path, struct str *out,
    struct file_identity *identity, struct err *err);

/*
 * Whether the file is still what `identity` says. Trusts unchanged metadata
 * only when mtime is more than 2 s older than our read (the racy-clean rule);
 * else compares the digest. A missing file is "changed".
 */
bool file_unchanged(const char *path, const struct file_identity *identity);

/*
 * Replacing a file: writer_open() makes a temporary file `.<name>.belay-XXXXXX`
 * beside the target (links resolved: the target of a link is replaced), mode
 * 0600; writer_commit() does fchmod (mode of the old file without group/other
 * write), fsync, checked close, backup, rename, fsync of the directory.
 * Until commit the old file is untouched; abort removes the temporary.
 */
struct file_writer;

struct file_writer *file_writer_open(const char *path, struct err *err);
bool file_writer_add(
    struct file_writer *writer, const void *bytes, size_t len, struct err *err);
/* To read back what was written, from its start; -1 when writing failed. */
int file_writer_fd(struct file_writer *writer);
/*
 * `backup_dir` (made if missing, may be NULL): file_back_up() there first.
 * `still` (may be NULL): if the target no longer is that, nothing is replaced
 * and the error is ERR_DATA, which no other failure here is. Fills `now` (may
 * be NULL) with the new identity and digest. Frees the writer in every case.
 */
bool file_writer_commit(struct file_writer *writer, const char *backup_dir,
    const struct file_identity *still, struct file_identity *now,
    struct err *err);
/*
 * Instead of the commit, for a file that must be new (mode 0600): whatever
 * stands there meanwhile is left alone, and the error is ERR_CREATE. Frees the
 * writer in every case.
 */
bool file_writer_create(struct file_writer *writer, struct err *err);
void file_writer_abort(struct file_writer *writer); /* NULL is fine */

/*
 * Copies the file to `directory` (made if missing, 0700) as NAME.1; NAME.2 and
 * NAME.3 are the versions before. One directory per file: names may repeat.
 */
bool file_back_up(const char *path, const char *directory, struct err *err);

/* The three in one for small files. */
bool file_replace(
    const char *path, const void *bytes, size_t len, struct err *err);

/* The same for a file that must be new: file_writer_create(). */
bool file_create(
    const char *path, const void *bytes, size_t len, struct err *err);

/* After a file was made, renamed or removed: from now on that survives a power
 * cut. False with errno; where directories cannot be synced it is true. */
bool file_sync_directory_of(const char *path);

/* Removes our own temporaries beside `path` that are older than one hour. */
void file_remove_stale(const char *path);

/*
 * Why a source cannot be replaced in place: several hard links, not regular,
 * read-only directory or file, of another user (root may give it back). True
 * when it can.
 */
bool file_replaceable(const char *path, struct err *err);

/* Whether it is on a network file system, where others write unseen. */
bool file_is_remote(const char *directory);

/*
 * Tells when something happened to a file, the name `real` (links resolved),
 * be it written, replaced, removed or given other rights. NULL where nobody
 * would tell (network file systems, no inotify): then it has to be looked at.
 */
struct file_watch;
struct file_watch *file_watch_new(const char *real);
void file_watch_free(struct file_watch *watch); /* NULL is fine */
/* Can be read when something may have happened. */
int file_watch_fd(const struct file_watch *watch);
/* Whether it did since the last call. Never blocks. */
bool file_watch_take(struct file_watch *watch);

/* An exclusive lock for the life of the process (F_OFD_SETLK). */
struct file_lock;
/*
 * Takes it or fails with ERR_HELD naming pid, host and `what` of the holder,
 * the thing that it has open (NULL: nothing to name). The file is never
 * removed; what stands inside is for messages only.
 */
struct file_lock *file_lock_take(
    const char *path, const char *what, struct err *err);
void file_lock_release(struct file_lock *lock); /* NULL is fine */

/* mkdir -p with 0700 for what is made; refuses directories of others. */
bool file_make_private_dir(const char *path, struct err *err);

/*
 * The rest of a path that is being typed, as far as all names agree that
 * begin so: appends what shall stand there instead; "/" follows a directory.
 * Hidden ones only when their dot is typed. False: there is nothing to add.
 */
bool file_complete(const char *before, struct str *out);

/* Paths; the caller frees. "~/" and "~" are the home directory. */
char *file_expand(const char *path);
char *file_join(const char *directory, const char *name);
/* Relative paths are taken from the directory of `base_file`. */
char *file_beside(const char *base_file, const char *path);
/* realpath(3), or NULL with the error. */
char *file_real(const char *path, struct err *err);
/* $XDG_CONFIG_HOME/belay, $XDG_STATE_HOME/belay or their defaults. */
char *file_config_dir(void);
char *file_state_dir(void);
const char *file_name(const char *path); /* last part, borrowed */

#endif
