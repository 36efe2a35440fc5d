/* SPDX-License-Identifier: MIT */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utime.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "check.h"

/* A path in the test's directory; a few of them live at a time. */
static const char *
in_dir(const char *name)
{
	static char paths[8][PATH_MAX];
	static unsigned turn;
	char *path = paths[turn++ % 8];

	snprintf(path, PATH_MAX, "%s/%s", check_directory(), name);
	return path;
}

static bool
holds(const char *path, const char *text)
{
	char *is = check_read(path);
	bool same = strcmp(is, text) == 0;

	free(is);
	return same;
}

static int
mode_of(const char *path)
{
	struct stat info;

	REQUIRE(lstat(path, &info) == 0);
	return info.st_mode & 07777;
}

static int
entries(const char *directory)
{
	DIR *dir = opendir(directory);
	int count = 0;

	REQUIRE(dir != NULL);
	while (readdir(dir))
		count++;
	closedir(dir);
	return count - 2;
}

/* As if it had been written and read long ago. */
static void
make_old(const char *path, struct file_identity *identity)
{
	struct utimbuf times = {1000000000, 1000000000};
	struct stat info;

	REQUIRE(utime(path, &times) == 0);
	REQUIRE(stat(path, &info) == 0);
	identity->mtime_ns = 1000000000 * INT64_C(1000000000);
	identity->ctime_ns = (int64_t)info.st_ctim.tv_sec * 1000000000 +
			     info.st_ctim.tv_nsec;
	identity->read_at_ns = identity->ctime_ns + INT64_C(3000000000);
}

TEST(file_read_all_gives_bytes_and_identity)
{
	const char *path = in_dir("a");
	struct file_identity identity;
	struct err err = ERR_INIT;
	struct str text;

	check_write(path, "one\ntwo\n");
	str_init(&text, 8);
	REQUIRE(file_read_all(path, &text, &identity, &err));
	CHECK_TEXT(text.data, "one\ntwo\n");
	CHECK_INT(identity.size, 8);
	CHECK(identity.has_digest);
	str_release(&text);
	str_init(&text, 7);
	CHECK(!file_read_all(path, &text, &identity, &err));
	CHECK_INT(err.kind, ERR_NO_INPUT);
	CHECK(strstr(err.text, "larger") != NULL);
	str_release(&text);
}

TEST(file_open_regular_refuses_what_is_no_file)
{
	struct file_identity identity;
	struct err err = ERR_INIT;

	CHECK_INT(file_open_regular(in_dir("none"), &identity, &err), -1);
	CHECK_INT(err.kind, ERR_NO_INPUT);
	CHECK(strstr(err.text, "no such file") != NULL);
	CHECK_INT(file_open_regular(check_directory(), &identity, &err), -1);
	CHECK(strstr(err.text, "directory") != NULL);
	/* and does not wait for somebody to write into it */
	REQUIRE(mkfifo(in_dir("fifo"), 0600) == 0);
	CHECK_INT(file_open_regular(in_dir("fifo"), &identity, &err), -1);
	CHECK(strstr(err.text, "not a regular file") != NULL);
	CHECK_INT(file_open_regular("/dev/null", &identity, &err), -1);
	/* a name from outside cannot drive the terminal */
	file_open_regular("/x\x1b[2J", &identity, &err);
	CHECK(!strchr(err.text, '\x1b'));
}

TEST(file_unchanged_compares_bytes_when_times_prove_nothing)
{
	const char *path = in_dir("a");
	struct file_identity identity;
	struct err err = ERR_INIT;
	struct str text;
	struct stat before;
	struct timespec times[2];

	check_write(path, "one");
	str_init(&text, 100);
	REQUIRE(file_read_all(path, &text, &identity, &err));
	CHECK(file_unchanged(path, &identity));
	/* same size, same times put back: only the bytes tell */
	REQUIRE(stat(path, &before) == 0);
	check_write(path, "two");
	times[0] = before.st_atim;
	times[1] = before.st_mtim;
	REQUIRE(utimensat(AT_FDCWD, path, times, 0) == 0);
	CHECK(!file_unchanged(path, &identity));
	/* other times, same bytes: not a change */
	check_write(path, "one");
	CHECK(file_unchanged(path, &identity));
	REQUIRE(unlink(path) == 0);
	CHECK(!file_unchanged(path, &identity));
	str_release(&text);
}

TEST(file_unchanged_follows_the_racy_rule)
{
	const char *path = in_dir("a");
	struct file_identity identity;
	struct err err = ERR_INIT;
	struct str text;

	check_write(path, "one");
	str_init(&text, 100);
	REQUIRE(file_read_all(path, &text, &identity, &err));
	make_old(path, &identity);
	/* a wrong digest shows whether it was asked at all */
	memset(identity.digest, 0, sizeof(identity.digest));
	CHECK(file_unchanged(path, &identity));
	identity.read_at_ns -= INT64_C(1500000000);
	CHECK(!file_unchanged(path, &identity));
	/* nothing but times, and they prove nothing */
	identity.has_digest = false;
	CHECK(!file_unchanged(path, &identity));
	str_release(&text);
}

TEST(file_replace_keeps_the_mode_but_not_write_for_others)
{
	static const struct {
		int before, after;
	} cases[] = {{0600, 0600}, {0644, 0644}, {0640, 0640}, {0666, 0644},
	    {0664, 0644}, {0777, 0755}, {04755, 0755}};
	const char *path = in_dir("a");
	struct err err = ERR_INIT;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		check_write(path, "old");
		REQUIRE(chmod(path, (mode_t)cases[i].before) == 0);
		CHECK(file_replace(path, "new", 3, &err));
		CHECK(holds(path, "new"));
		CHECK_INT(mode_of(path), cases[i].after);
	}
	CHECK(file_replace(in_dir("fresh"), "", 0, &err));
	CHECK_INT(mode_of(in_dir("fresh")), 0600);
	CHECK(holds(in_dir("fresh"), ""));
}

TEST(file_replace_follows_a_link)
{
	const char *target = in_dir("real/a"), *link = in_dir("b");
	struct err err = ERR_INIT;
	struct stat info;

	REQUIRE(mkdir(in_dir("real"), 0700) == 0);
	check_write(target, "old");
	REQUIRE(symlink("real/a", link) == 0);
	CHECK(file_replace(link, "new", 3, &err));
	CHECK(holds(target, "new"));
	CHECK(lstat(link, &info) == 0 && S_ISLNK(info.st_mode));
	CHECK_INT(entries(in_dir("real")), 1);
	/* a link to nothing, a device, a directory: left alone */
	REQUIRE(unlink(target) == 0);
	CHECK(!file_replace(link, "new", 3, &err));
	CHECK_INT(err.kind, ERR_CREATE);
	CHECK(!file_replace("/dev/null", "new", 3, &err));
	CHECK(!file_replace(in_dir("real"), "new", 3, &err));
	CHECK(!file_replace(in_dir("none/a"), "new", 3, &err));
	CHECK_INT(err.kind, ERR_CREATE);
}

TEST(file_create_makes_a_file_only_where_none_is)
{
	const char *path = in_dir("a");
	struct err err = ERR_INIT;

	CHECK(file_create(path, "one", 3, &err));
	CHECK(holds(path, "one"));
	CHECK_INT(mode_of(path), 0600);
	CHECK(!file_create(path, "two", 3, &err));
	CHECK_INT(err.kind, ERR_CREATE);
	CHECK(strstr(err.text, "already") != NULL);
	CHECK(holds(path, "one"));
	CHECK_INT(entries(check_directory()), 1);
	CHECK(!file_create(in_dir("none/a"), "two", 3, &err));
	CHECK_INT(err.kind, ERR_CREATE);
}

static struct file_writer *
open_with(const char *path, const char *text)
{
	struct err err = ERR_INIT;
	struct file_writer *writer = file_writer_open(path, &err);

	REQUIRE(writer != NULL);
	REQUIRE(file_writer_add(writer, text, strlen(text), &err));
	return writer;
}

static const char *edited_at_backup; /* by whoever keeps its time */

/* In place of libc's. */
int
rename(const char *from, const char *to)
{
	const char *path = edited_at_backup;
	struct stat info;

	if (path) {
		edited_at_backup = NULL;
		REQUIRE(stat(path, &info) == 0);
		check_write(path, "his");
		REQUIRE(utimensat(AT_FDCWD, path,
			    (struct timespec[]){info.st_atim, info.st_mtim},
			    0) == 0);
	}
	return renameat(AT_FDCWD, from, AT_FDCWD, to);
}

/* As long, and of the same time: only its content tells. */
TEST(file_writer_sees_an_edit_during_the_backup)
{
	const char *path = in_dir("a");
	struct file_identity identity;
	struct err err = ERR_INIT;
	struct str text;
	char *is;

	check_write(path, "old");
	str_init(&text, 100);
	REQUIRE(file_read_all(path, &text, &identity, &err));
	edited_at_backup = path;
	CHECK(!file_writer_commit(
	    open_with(path, "new"), in_dir("backups"), &identity, NULL, &err));
	CHECK_INT(err.kind, ERR_DATA);
	is = check_read(path);
	CHECK_TEXT(is, "his");
	free(is);
	str_release(&text);
}

TEST(file_writer_keeps_three_backups)
{
	const char *path = in_dir("a"), *backups = in_dir("state/backups");
	struct err err = ERR_INIT;
	char name[64], text[16];

	for (int i = 0; i < 6; i++) {
		snprintf(text, sizeof(text), "v%d", i);
		CHECK(file_writer_commit(
		    open_with(path, text), backups, NULL, NULL, &err));
	}
	CHECK(holds(path, "v5"));
	CHECK_INT(entries(backups), 3);
	CHECK_INT(mode_of(backups), 0700);
	for (int i = 1; i <= 3; i++) {
		snprintf(name, sizeof(name), "state/backups/a.%d", i);
		snprintf(text, sizeof(text), "v%d", 5 - i);
		CHECK(holds(in_dir(name), text));
		CHECK_INT(mode_of(in_dir(name)), 0600);
	}
}

TEST(file_writer_does_not_replace_what_changed)
{
	const char *path = in_dir("a");
	struct file_identity then, now;
	struct err err = ERR_INIT;
	struct str text;

	check_write(path, "one");
	str_init(&text, 100);
	REQUIRE(file_read_all(path, &text, &then, &err));
	CHECK(file_writer_commit(
	    open_with(path, "two"), NULL, &then, &now, &err));
	CHECK(holds(path, "two"));
	CHECK(file_unchanged(path, &now));
	/* the new identity is good for the next one */
	CHECK(file_writer_commit(
	    open_with(path, "three"), NULL, &now, &then, &err));
	check_write(path, "THREE");
	CHECK(!file_writer_commit(
	    open_with(path, "four"), in_dir("b"), &then, NULL, &err));
	CHECK_INT(err.kind, ERR_DATA);
	CHECK(strstr(err.text, "another program changed it") != NULL);
	CHECK(holds(path, "THREE"));
	REQUIRE(unlink(path) == 0);
	CHECK(!file_writer_commit(
	    open_with(path, "four"), NULL, &then, NULL, &err));
	CHECK_INT(entries(check_directory()), 0);
	str_release(&text);
}

TEST(file_writer_gives_the_digest_of_all_sizes)
{
	static const size_t pieces[] = {0, 1, 65535, 65536, 65537, 200000, 3};
	const char *path = in_dir("a");
	struct err err = ERR_INIT;
	struct file_writer *writer = file_writer_open(path, &err);
	struct file_identity written, seen;
	char *bytes = mem_alloc(200000);
	char start[5] = "";
	size_t total = 0;
	struct str text;

	REQUIRE(writer != NULL);
	for (size_t i = 0; i < 200000; i++)
		bytes[i] = (char)(i * 7 % 251);
	for (size_t i = 0; i < sizeof(pieces) / sizeof(*pieces); i++) {
		CHECK(file_writer_add(writer, bytes, pieces[i], &err));
		total += pieces[i];
	}
	/* reading back does not move the place of writing */
	CHECK_INT(read(file_writer_fd(writer), start, 4), 4);
	CHECK(memcmp(start + 1, bytes, 3) == 0);
	CHECK(file_writer_add(writer, "end", 3, &err));
	CHECK(file_writer_commit(writer, NULL, NULL, &written, &err));
	str_init(&text, 1 << 20);
	REQUIRE(file_read_all(path, &text, &seen, &err));
	CHECK_INT(text.len, total + 3);
	CHECK_TEXT(text.data + total, "end");
	CHECK(memcmp(written.digest, seen.digest, CRYPTO_SUM_SIZE) == 0);
	CHECK_INT(written.inode, seen.inode);
	CHECK_INT(written.ctime_ns, seen.ctime_ns);
	str_release(&text);
	free(bytes);
}

/* A full disk without one: the limit on a file's size, its signal ignored. */
TEST(file_writer_leaves_the_old_file_when_the_disk_is_full)
{
	const char *path = in_dir("a");
	struct rlimit limit = {1000, RLIM_INFINITY};
	struct err err = ERR_INIT;
	struct file_writer *writer;
	char bytes[4096];

	memset(bytes, 'x', sizeof(bytes));
	check_write(path, "old");
	signal(SIGXFSZ, SIG_IGN);
	REQUIRE(setrlimit(RLIMIT_FSIZE, &limit) == 0);
	/* found at the end, where the buffer is written */
	CHECK(!file_replace(path, bytes, sizeof(bytes), &err));
	CHECK_INT(err.kind, ERR_IO);
	CHECK(strstr(err.text, path) != NULL);
	/* found on the way */
	writer = file_writer_open(path, &err);
	REQUIRE(writer != NULL);
	for (int i = 0; i < 100; i++)
		if (!file_writer_add(writer, bytes, sizeof(bytes), &err))
			break;
	CHECK(!file_writer_add(writer, bytes, sizeof(bytes), &err));
	CHECK_INT(file_writer_fd(writer), -1);
	CHECK(!file_writer_commit(writer, NULL, NULL, NULL, &err));
	/* the backup does not fit: nothing is replaced either */
	limit.rlim_cur = 2;
	REQUIRE(setrlimit(RLIMIT_FSIZE, &limit) == 0);
	CHECK(!file_writer_commit(
	    open_with(path, "n"), in_dir("b"), NULL, NULL, &err));
	limit.rlim_cur = RLIM_INFINITY;
	REQUIRE(setrlimit(RLIMIT_FSIZE, &limit) == 0);
	CHECK(holds(path, "old"));
	CHECK_INT(entries(check_directory()), 2);
}

TEST(file_writer_abort_leaves_nothing)
{
	const char *path = in_dir("a");

	check_write(path, "old");
	file_writer_abort(open_with(path, "new"));
	file_writer_abort(NULL);
	CHECK(holds(path, "old"));
	CHECK_INT(entries(check_directory()), 1);
}

TEST(file_remove_stale_takes_only_our_old_temporaries)
{
	static const struct {
		const char *name;
		bool old, stays;
	} cases[] = {
	    {".a.csv.belay-abcdef", true, false},
	    {".a.csv.belay-ghijkl", false, true},
	    {".b.csv.belay-abcdef", true, true},
	    {".a.csv.belay-abcdefg", true, true},
	    {"a.csv.belay-abcdef", true, true},
	    {".a.csv", true, true},
	};
	struct utimbuf times = {1000000000, 1000000000};

	check_write(in_dir("a.csv"), "");
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		check_write(in_dir(cases[i].name), "");
		if (cases[i].old)
			REQUIRE(utime(in_dir(cases[i].name), &times) == 0);
	}
	file_remove_stale(in_dir("a.csv"));
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		CHECK((access(in_dir(cases[i].name), F_OK) == 0) ==
		      cases[i].stays);
	file_remove_stale(in_dir("none"));
}

TEST(file_replaceable_tells_why_not)
{
	const char *path = in_dir("a");
	struct err err = ERR_INIT;

	check_write(path, "");
	CHECK(file_replaceable(path, &err));
	REQUIRE(link(path, in_dir("b")) == 0);
	CHECK(!file_replaceable(path, &err));
	CHECK(strstr(err.text, "hard links") != NULL);
	REQUIRE(unlink(in_dir("b")) == 0);
	CHECK(!file_replaceable(check_directory(), &err));
	CHECK(!file_replaceable(in_dir("none"), &err));
	CHECK_INT(err.kind, ERR_NO_INPUT);
	if (geteuid() == 0) /* root may write anywhere */
		return;
	REQUIRE(chmod(path, 0400) == 0);
	CHECK(!file_replaceable(path, &err));
	CHECK(strstr(err.text, "may not write it") != NULL);
}

TEST(file_lock_refuses_a_second_process_and_names_the_first)
{
	const char *path = in_dir("lock");
	char name[64], host[256] = "", byte = 0;
	struct err err = ERR_INIT;
	struct file_lock *lock;
	int up[2], down[2];
	pid_t child;

	REQUIRE(pipe(up) == 0 && pipe(down) == 0);
	child = fork();
	if (child == 0) {
		bool held = file_lock_take(path, "a.csv", &err) != NULL;

		close(down[1]);
		REQUIRE(write(up[1], held ? "y" : "n", 1) == 1);
		_exit(read(down[0], &byte, 1) == 0 ? 0 : 1);
	}
	REQUIRE(read(up[0], &byte, 1) == 1 && byte == 'y');
	CHECK(!file_lock_take(path, "a.csv", &err));
	CHECK_INT(err.kind, ERR_HELD);
	gethostname(host, sizeof(host) - 1);
	snprintf(name, sizeof(name), "process %ld on ", (long)child);
	CHECK(strstr(err.text, name) != NULL);
	CHECK(strstr(err.text, host) != NULL);
	/* it ends with the process, even with SIGKILL */
	REQUIRE(kill(child, SIGKILL) == 0);
	REQUIRE(waitpid(child, NULL, 0) == child);
	CHECK(access(path, F_OK) == 0);
	lock = file_lock_take(path, "a.csv", &err);
	CHECK(lock != NULL);
	file_lock_release(lock);
}

/* Killed between the lock and its note, or before that and long ago. */
TEST(file_lock_names_nobody_who_is_gone)
{
	struct flock range = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	const char *path = in_dir("lock");
	char note[400], host[256] = "";
	struct err err = ERR_INIT;
	pid_t child = fork();
	int fd;

	if (child == 0)
		_exit(0);
	REQUIRE(waitpid(child, NULL, 0) == child);
	gethostname(host, sizeof(host) - 1);
	snprintf(note, sizeof(note), "process %ld on %s since then\n",
	    (long)child, host);
	check_write(path, note);
	fd = open(path, O_RDWR | O_CLOEXEC);
	REQUIRE(fd >= 0 && fcntl(fd, F_OFD_SETLK, &range) == 0);
	CHECK(!file_lock_take(path, "a.csv", &err));
	CHECK(strstr(err.text, "has just started") != NULL);
	/* of another machine's nobody can tell */
	snprintf(note, sizeof(note), "process %ld on not-%s since then\n",
	    (long)child, host);
	check_write(path, note);
	err = (struct err)ERR_INIT;
	CHECK(!file_lock_take(path, "a.csv", &err));
	CHECK(strstr(err.text, "on not-") != NULL);
	close(fd);
}

TEST(file_lock_stays_when_another_descriptor_closes)
{
	const char *path = in_dir("lock");
	struct err err = ERR_INIT;
	struct file_lock *lock = file_lock_take(path, "a.csv", &err);

	REQUIRE(lock != NULL);
	/* with a plain F_SETLK this close() would end the lock */
	close(open(path, O_RDONLY));
	CHECK(!file_lock_take(path, "a.csv", &err));
	CHECK_INT(err.kind, ERR_HELD);
	CHECK_INT(mode_of(path), 0600);
	file_lock_release(lock);
	file_lock_release(NULL);
	lock = file_lock_take(path, "a.csv", &err);
	CHECK(lock != NULL);
	file_lock_release(lock);
	CHECK(!file_lock_take(in_dir("none/lock"), "a.csv", &err));
	CHECK_INT(err.kind, ERR_CREATE);
}

TEST(file_make_private_dir_makes_all_parts)
{
	struct err err = ERR_INIT;

	umask(0);
	CHECK(file_make_private_dir(in_dir("a/b/c"), &err));
	CHECK(file_make_private_dir(in_dir("a/b/c"), &err));
	CHECK(file_make_private_dir(in_dir("a/d/"), &err));
	CHECK_INT(mode_of(in_dir("a")), 0700);
	CHECK_INT(mode_of(in_dir("a/b/c")), 0700);
	REQUIRE(chmod(in_dir("a"), 0770) == 0);
	CHECK(!file_make_private_dir(in_dir("a"), &err));
	CHECK(strstr(err.text, "chmod go-w ") != NULL);
	check_write(in_dir("file"), "");
	CHECK(!file_make_private_dir(in_dir("file"), &err));
	CHECK(!file_make_private_dir(in_dir("file/a"), &err));
	CHECK_INT(err.kind, ERR_CREATE);
	if (geteuid() != 0)
		return;
	/* root may enter it, which does not make it root's */
	REQUIRE(chown(in_dir("a/b"), 12345, (gid_t)-1) == 0);
	CHECK(!file_make_private_dir(in_dir("a/b"), &err));
	CHECK(strstr(err.text, "another user") != NULL);
}

static void
check_path(char *is, const char *should)
{
	CHECK_TEXT(is, should);
	free(is);
}

TEST(file_paths_are_put_together)
{
	setenv("HOME", "/home/ada", 1);
	check_path(file_expand("~"), "/home/ada");
	check_path(file_expand("~/x"), "/home/ada/x");
	check_path(file_expand("~ada/x"), "~ada/x");
	check_path(file_expand("x/~"), "x/~");
	check_path(file_join("/a", "b"), "/a/b");
	check_path(file_join("/a/", "b"), "/a/b");
	check_path(file_join("", "b"), "b");
	check_path(file_beside("/a/b.yaml", "c.csv"), "/a/c.csv");
	check_path(file_beside("b.yaml", "c.csv"), "c.csv");
	check_path(file_beside("/b.yaml", "c.csv"), "/c.csv");
	check_path(file_beside("a/b.yaml", "/c.csv"), "/c.csv");
	check_path(file_beside("a/b.yaml", "~/c.csv"), "/home/ada/c.csv");
	CHECK_TEXT(file_name("/a/b"), "b");
	CHECK_TEXT(file_name("b"), "b");
	unsetenv("XDG_CONFIG_HOME");
	setenv("XDG_STATE_HOME", "relative", 1);
	check_path(file_config_dir(), "/home/ada/.config/belay");
	check_path(file_state_dir(), "/home/ada/.local/state/belay");
	setenv("XDG_STATE_HOME", "/var/x", 1);
	check_path(file_state_dir(), "/var/x/belay");
}

static void
check_complete(const char *before, const char *should)
{
	struct str out;

	str_init(&out, 1000);
	CHECK(file_complete(before, &out) == (should != NULL));
	CHECK_TEXT(out.data, should ? should : "");
	str_release(&out);
}

TEST(file_paths_are_completed)
{
	REQUIRE(chdir(check_directory()) == 0);
	REQUIRE(setenv("HOME", check_directory(), 1) == 0);
	CHECK(mkdir("complete", 0700) == 0);
	CHECK(mkdir("complete/inner", 0700) == 0);
	check_write("complete/march.csv", "");
	check_write("complete/may.csv", "");
	check_write("complete/.hidden", "");
	check_write("complete/\303\244a", "");
	check_write("complete/\303\245a", "");
	check_complete("comple", "complete/");
	check_complete("~/comple", "~/complete/");
	check_complete("complete/m", "complete/ma");
	check_complete("complete/mar", "complete/march.csv");
	check_complete("complete/march.csv", NULL);
	check_complete("complete/i", "complete/inner/");
	/* a hidden one only with its dot */
	check_complete("complete/.", "complete/.hidden");
	check_complete("complete/x", NULL);
	check_complete("nowhere/x", NULL);
}
