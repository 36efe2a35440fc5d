/* SPDX-License-Identifier: MIT */
/*
 * Preloaded into belay by the crash tests (LD_PRELOAD). By variables:
 *
 *	SHIM_LOG=FILE	every change below SHIM_ROOT and every byte sent or
 *			received is appended to FILE, in order; power.py reads
 *			it
 *	SHIM_ALLOC=N	the N-th allocation fails; "N+": from the N-th on
 *	SHIM_SHORT=N	the N-th write to a file takes half; "N+": each one
 *	SHIM_FAIL=N	the N-th call for a file below SHIM_ROOT fails with the
 *			errno SHIM_ERROR, and does nothing; "N+" likewise
 *	SHIM_COUNT=FILE	at the end the numbers of allocations and of such calls
 *	SHIM_BOOT=FILE	stands for /proc/sys/kernel/random/boot_id
 *
 * A record of the log is a line of words, then as many bytes as its last word
 * says if the first is write, send or recv. Of an fsync there are two, syncing
 * and sync: what is written between them by another thread is not on disk yet.
 *
 * Hazard: this runs inside malloc, so it allocates nothing; and what libc does
 * inside itself (fopen) is not seen, which is fine as long as belay writes its
 * files by open and write.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

enum { FDS = 1024 };

/* n-th of something: `from` and, when `ever`, all that follow */
struct nth {
	long from;
	bool ever;
	atomic_long passed;
};

static int log_fd = -1;
static const char *root, *boot;
static size_t root_len;
static bool watched[FDS];
static struct nth allocation, shortened, failure;
static int failure_error;

#define REAL(name) __typeof__(name) *real = real_of(#name)

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *ptr, size_t size);
int open64(const char *path, int flags, ...);
int openat64(int dir, const char *path, int flags, ...);
int creat64(const char *path, mode_t mode);
int ftruncate64(int fd, off_t len);
ssize_t pread64(int fd, void *bytes, size_t len, off_t offset);
ssize_t pwrite64(int fd, const void *bytes, size_t len, off_t offset);

static void *
real_of(const char *name)
{
	return dlsym(RTLD_NEXT, name);
}

static void
read_nth(struct nth *nth, const char *name)
{
	const char *text = getenv(name);
	char *end = NULL;

	nth->from = text ? strtol(text, &end, 10) : 0;
	nth->ever = end && *end == '+';
}

static bool
is_now(struct nth *nth)
{
	long number;

	number = atomic_fetch_add(&nth->passed, 1) + 1;
	if (nth->from <= 0)
		return false;
	return nth->ever ? number >= nth->from : number == nth->from;
}

__attribute__((constructor)) static void
start(void)
{
	const char *path = getenv("SHIM_LOG");

	root = getenv("SHIM_ROOT");
	root_len = root ? strlen(root) : 0;
	boot = getenv("SHIM_BOOT");
	read_nth(&allocation, "SHIM_ALLOC");
	read_nth(&shortened, "SHIM_SHORT");
	read_nth(&failure, "SHIM_FAIL");
	if (getenv("SHIM_ERROR"))
		failure_error = (int)strtol(getenv("SHIM_ERROR"), NULL, 10);
	if (path && root)
		log_fd = (int)syscall(SYS_openat, AT_FDCWD, path,
		    O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

__attribute__((destructor)) static void
finish(void)
{
	const char *path = getenv("SHIM_COUNT");
	char line[100];
	int fd, len;

	if (!path)
		return;
	fd = (int)syscall(SYS_openat, AT_FDCWD, path,
	    O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	len = snprintf(line, sizeof(line), "%ld %ld\n",
	    atomic_load(&allocation.passed), atomic_load(&failure.passed));
	syscall(SYS_write, fd, line, (size_t)len);
}

/* Records of two threads do not mix. */
static atomic_flag logging = ATOMIC_FLAG_INIT;

static void
put(const void *bytes, size_t len)
{
	const char *from = bytes;

	while (len > 0) {
		long done = syscall(SYS_write, log_fd, from, len);

		if (done <= 0)
			_exit(98); /* a log with a hole proves nothing */
		from += done;
		len -= (size_t)done;
	}
}

static void
record(const char *line, size_t len, const void *bytes, size_t bytes_len)
{
	while (atomic_flag_test_and_set(&logging))
		sched_yield();
	put(line, len);
	put(bytes, bytes_len);
	atomic_flag_clear(&logging);
}

__attribute__((format(printf, 3, 4))) static void
note_bytes(const void *bytes, size_t bytes_len, const char *format, ...)
{
	char line[3 * PATH_MAX];
	va_list args;
	int len;

	if (log_fd < 0)
		return;
	va_start(args, format);
	len = vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	record(line, (size_t)len, bytes, bytes_len);
}

#define note(...) note_bytes(NULL, 0, __VA_ARGS__)

static bool
below_root(const char *path)
{
	return root && strncmp(path, root, root_len) == 0;
}

static bool
is_watched(int fd)
{
	return fd >= 0 && fd < FDS && watched[fd];
}

/* For a call that concerns a file below the root. */
static bool
fails(void)
{
	if (!is_now(&failure))
		return false;
	errno = failure_error;
	return true;
}

/* ---- memory ---------------------------------------------------------------
 */

static bool
no_memory(void)
{
	if (!is_now(&allocation))
		return false;
	errno = ENOMEM;
	return true;
}

void *
malloc(size_t size)
{
	return no_memory() ? NULL : __libc_malloc(size);
}

void *
calloc(size_t count, size_t size)
{
	return no_memory() ? NULL : __libc_calloc(count, size);
}

void *
realloc(void *ptr, size_t size)
{
	return no_memory() ? NULL : __libc_realloc(ptr, size);
}

/* ---- opening and closing --------------------------------------------------
 */

static int
open_any(int dir, const char *path, int flags, mode_t mode)
{
	struct stat info;
	bool is_there;
	int fd, error;

	if (boot && strcmp(path, "/proc/sys/kernel/random/boot_id") == 0)
		path = boot;
	if (below_root(path) && fails())
		return -1;
	is_there = !(flags & O_CREAT) || stat(path, &info) == 0;
	fd = (int)syscall(SYS_openat, dir, path, flags, mode);
	error = errno;
	if (fd >= 0 && fd < FDS && below_root(path)) {
		watched[fd] = true;
		note("open %d %d %d %s\n", fd, !is_there,
		    (flags & O_TRUNC) != 0, path);
	}
	errno = error;
	return fd;
}

#define OPEN(dir)                                          \
	do {                                               \
		mode_t mode = 0;                           \
		if (flags & (O_CREAT | O_TMPFILE)) {       \
			va_list args;                      \
			va_start(args, flags);             \
			mode = va_arg(args, mode_t);       \
			va_end(args);                      \
		}                                          \
		return open_any((dir), path, flags, mode); \
	} while (0)

int
open(const char *path, int flags, ...)
{
	OPEN(AT_FDCWD);
}

int
open64(const char *path, int flags, ...)
{
	OPEN(AT_FDCWD);
}

int
openat(int dir, const char *path, int flags, ...)
{
	OPEN(dir);
}

int
openat64(int dir, const char *path, int flags, ...)
{
	OPEN(dir);
}

int
mkostemp(char *pattern, int flags)
{
	REAL(mkostemp);
	int fd;

	if (below_root(pattern) && fails())
		return -1;
	fd = real(pattern, flags);
	if (fd >= 0 && fd < FDS && below_root(pattern)) {
		watched[fd] = true;
		note("open %d 1 0 %s\n", fd, pattern);
	}
	return fd;
}

int
close(int fd)
{
	bool failed = is_watched(fd) && fails();
	int error = errno;

	if (is_watched(fd)) {
		watched[fd] = false;
		note("close %d\n", fd);
	}
	/* closed all the same, as Linux does */
	if (syscall(SYS_close, fd) < 0)
		return -1;
	errno = error;
	return failed ? -1 : 0;
}

/* ---- writing --------------------------------------------------------------
 */

static void
log_write(int fd, off_t offset, const void *bytes, ssize_t len)
{
	int error = errno;

	if (is_watched(fd) && log_fd >= 0 && len > 0) {
		note_bytes(bytes, (size_t)len, "write %d %lld %zd\n", fd,
		    (long long)offset, len);
	}
	errno = error;
}

static size_t
shorten(int fd, size_t len)
{
	struct stat info;

	if (shortened.from <= 0 || len < 2 || fstat(fd, &info) < 0 ||
	    !S_ISREG(info.st_mode))
		return len;
	return is_now(&shortened) ? len / 2 : len;
}

ssize_t
write(int fd, const void *bytes, size_t len)
{
	off_t before = 0;
	struct stat info;
	long done;

	if (is_watched(fd) && fails())
		return -1;
	if (is_watched(fd)) {
		before = lseek(fd, 0, SEEK_CUR);
		if ((fcntl(fd, F_GETFL) & O_APPEND) && fstat(fd, &info) == 0)
			before = info.st_size;
	}
	done = syscall(SYS_write, fd, bytes, shorten(fd, len));
	log_write(fd, before, bytes, done);
	return done;
}

ssize_t
pwrite(int fd, const void *bytes, size_t len, off_t offset)
{
	long done;

	if (is_watched(fd) && fails())
		return -1;
	done = syscall(SYS_pwrite64, fd, bytes, shorten(fd, len), offset);
	log_write(fd, offset, bytes, done);
	return done;
}

ssize_t
pwrite64(int fd, const void *bytes, size_t len, off_t offset)
{
	return pwrite(fd, bytes, len, offset);
}

int
ftruncate(int fd, off_t len)
{
	int done;

	if (is_watched(fd) && fails())
		return -1;
	done = (int)syscall(SYS_ftruncate, fd, len);
	if (done == 0 && is_watched(fd))
		note("truncate %d %lld\n", fd, (long long)len);
	return done;
}

int
ftruncate64(int fd, off_t len)
{
	return ftruncate(fd, len);
}

int
fsync(int fd)
{
	int done;

	if (is_watched(fd) && fails())
		return -1;
	if (is_watched(fd))
		note("syncing %d\n", fd);
	done = (int)syscall(SYS_fsync, fd);
	if (done == 0 && is_watched(fd))
		note("sync %d\n", fd);
	return done;
}

int
fdatasync(int fd)
{
	int done;

	if (is_watched(fd) && fails())
		return -1;
	if (is_watched(fd))
		note("syncing %d\n", fd);
	done = (int)syscall(SYS_fdatasync, fd);
	if (done == 0 && is_watched(fd))
		note("sync %d\n", fd);
	return done;
}

/* ---- reading --------------------------------------------------------------
 */

ssize_t
read(int fd, void *bytes, size_t len)
{
	if (is_watched(fd) && fails())
		return -1;
	return syscall(SYS_read, fd, bytes, len);
}

ssize_t
pread(int fd, void *bytes, size_t len, off_t offset)
{
	if (is_watched(fd) && fails())
		return -1;
	return syscall(SYS_pread64, fd, bytes, len, offset);
}

ssize_t
pread64(int fd, void *bytes, size_t len, off_t offset)
{
	return pread(fd, bytes, len, offset);
}

/* ---- names ----------------------------------------------------------------
 */

int
rename(const char *from, const char *to)
{
	int done;

	if (below_root(to) && fails())
		return -1;
	done = (int)syscall(SYS_rename, from, to);
	if (done == 0 && below_root(to))
		note("rename %s\t%s\n", from, to);
	return done;
}

int
link(const char *from, const char *to)
{
	int done;

	if (below_root(to) && fails())
		return -1;
	done = (int)syscall(SYS_link, from, to);
	if (done == 0 && below_root(to))
		note("link %s\t%s\n", from, to);
	return done;
}

int
unlink(const char *path)
{
	int done;

	if (below_root(path) && fails())
		return -1;
	done = (int)syscall(SYS_unlink, path);
	if (done == 0 && below_root(path))
		note("unlink %s\n", path);
	return done;
}

int
mkdir(const char *path, mode_t mode)
{
	int done;

	if (below_root(path) && fails())
		return -1;
	done = (int)syscall(SYS_mkdir, path, mode);
	if (done == 0 && below_root(path))
		note("mkdir %s\n", path);
	return done;
}

/* ---- the network ----------------------------------------------------------
 */

ssize_t
send(int fd, const void *bytes, size_t len, int flags)
{
	ssize_t done = (ssize_t)syscall(
	    SYS_sendto, fd, bytes, len, flags, NULL, 0);
	int error = errno;

	if (log_fd >= 0 && done > 0) {
		note_bytes(bytes, (size_t)done, "send %d %zd\n", fd, done);
	}
	errno = error;
	return done;
}

ssize_t
recv(int fd, void *bytes, size_t len, int flags)
{
	ssize_t done = (ssize_t)syscall(
	    SYS_recvfrom, fd, bytes, len, flags, NULL, NULL);
	int error = errno;

	if (log_fd >= 0 && done > 0) {
		note_bytes(bytes, (size_t)done, "recv %d %zd\n", fd, done);
	}
	errno = error;
	return done;
}
