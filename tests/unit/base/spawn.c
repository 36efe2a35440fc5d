/* SPDX-License-Identifier: MIT */
#include "base/spawn.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "check.h"

enum { LIMIT_MS = 30000 };

static const char *
in_dir(const char *name)
{
	static char paths[4][PATH_MAX];
	static unsigned turn;
	char *path = paths[turn++ % 4];

	snprintf(path, PATH_MAX, "%s/%s", check_directory(), name);
	return path;
}

/* Runs a small script by name, as what stands for some other program. */
static bool
script(const char *text, int64_t timeout_ms, struct str *out, struct err *err)
{
	const char *argv[] = {"sh", "-c", text, NULL};

	str_init(out, 4096);
	return spawn_capture(argv, timeout_ms, out, err);
}

TEST(spawn_passes_arguments_as_they_are)
{
	char argument[PATH_MAX + 64];
	const char *argv[] = {"printf", "%s|", argument, "", "a b", "*", NULL};
	const char *mark = in_dir("mark");
	struct err err = ERR_INIT;
	struct str out, should;

	snprintf(argument, sizeof(argument),
	    "; touch %s; $(touch %s) `touch %s` | $HOME \" '\n", mark, mark,
	    mark);
	str_init(&out, 8192);
	str_init(&should, 8192);
	str_addf(&should, "%s||a b|*|", argument);
	CHECK(spawn_capture(argv, LIMIT_MS, &out, &err));
	CHECK_TEXT(out.data, should.data);
	CHECK(access(mark, F_OK) < 0);
	/* nor is the program's name a command line */
	argv[0] = "printf x; touch mark";
	CHECK(!spawn_capture(argv, LIMIT_MS, &out, &err));
	/* a file without #! is not handed to a shell */
	check_write(mark, "touch never\n");
	REQUIRE(chmod(mark, 0700) == 0);
	argv[0] = mark;
	CHECK(!spawn_capture(argv, LIMIT_MS, &out, &err));
	str_release(&out);
	str_release(&should);
}

TEST(spawn_closes_descriptors)
{
	struct err err = ERR_INIT;
	struct str out;

	/* without close-on-exec, as a library might leave them */
	REQUIRE(dup2(1, 57) == 57 && dup2(1, 3) == 3);
	CHECK(script("for i in 0 1 2 3 57; do "
		     "[ -e /proc/self/fd/$i ] && echo $i; done; true",
	    LIMIT_MS, &out, &err));
	CHECK_TEXT(out.data, "0\n1\n2\n");
	str_release(&out);
}

TEST(spawn_gives_a_clean_environment)
{
	struct err err = ERR_INIT;
	struct str out;

	setenv("BELAY_API_KEY", "canary", 1);
	setenv("MY_SECRET", "canary", 1);
	setenv("LD_PRELOAD_X", "canary", 1);
	setenv("PATHS", "canary", 1);
	setenv("LC_TIME", "C", 1);
	setenv("VAULT_ADDR", "http://127.0.0.1:1", 1);
	CHECK(script("env", LIMIT_MS, &out, &err));
	CHECK(!strstr(out.data, "canary"));
	CHECK(strstr(out.data, "PATH=") != NULL);
	CHECK(strstr(out.data, "LC_TIME=C\n") != NULL);
	CHECK(strstr(out.data, "VAULT_ADDR=") != NULL);
	str_release(&out);
}

TEST(spawn_gives_default_signals_and_no_input)
{
	struct err err = ERR_INIT;
	struct str out;
	sigset_t all;

	signal(SIGTERM, SIG_IGN);
	sigfillset(&all);
	REQUIRE(sigprocmask(SIG_BLOCK, &all, NULL) == 0);
	CHECK(!script("kill -TERM $$; echo alive", LIMIT_MS, &out, &err));
	CHECK_TEXT(out.data, "");
	CHECK(strstr(err.text, "signal 15") != NULL);
	str_release(&out);
	CHECK(script("cat; readlink /proc/self/fd/0", LIMIT_MS, &out, &err));
	CHECK_TEXT(out.data, "/dev/null\n");
	str_release(&out);
}

TEST(spawn_capture_stops_what_takes_too_long)
{
	static const char *const endless[] = {
	    "exec sleep 600",
	    "exec >&- 2>&-; exec sleep 600",
	    "while :; do echo x; done",
	};
	struct err err = ERR_INIT;
	int64_t start = clock_monotonic(&clock_system);
	struct str out;

	for (size_t i = 0; i < sizeof(endless) / sizeof(*endless); i++) {
		CHECK(!script(endless[i], 200, &out, &err));
		CHECK(strstr(err.text, "in time") != NULL);
		CHECK(out.len <= 4096);
		CHECK_INT(waitpid(-1, NULL, WNOHANG), -1);
		str_release(&out);
	}
	CHECK(clock_monotonic(&clock_system) - start < LIMIT_MS);
}

TEST(spawn_capture_does_not_wait_for_grandchildren)
{
	struct err err = ERR_INIT;
	struct str out;
	pid_t grandchild;

	CHECK(script("sleep 600 & echo $!", LIMIT_MS, &out, &err));
	grandchild = (pid_t)strtol(out.data, NULL, 10);
	REQUIRE(grandchild > 1);
	CHECK_INT(kill(grandchild, SIGKILL), 0);
	str_release(&out);
}

TEST(spawn_capture_takes_large_outputs)
{
	struct err err = ERR_INIT;
	const char *argv[] = {"sh", "-c",
	    "i=0; while [ $i -lt 2000 ]; do i=$((i+1)); "
	    "echo 0123456789012345678901234567890123456789; "
	    "echo bad >&2; done",
	    NULL};
	struct str out;

	str_init(&out, 1 << 20);
	CHECK(spawn_capture(argv, LIMIT_MS, &out, &err));
	CHECK_INT(out.len, 2000 * 41);
	CHECK(!out.cut);
	str_release(&out);
	str_init(&out, 100);
	CHECK(spawn_capture(argv, LIMIT_MS, &out, &err));
	CHECK_INT(out.len, 100);
	CHECK(out.cut);
	str_release(&out);
}

TEST(spawn_capture_repeats_the_first_line_of_errors)
{
	struct err err = ERR_INIT;
	struct str out;

	CHECK(!script("printf 'no \\033[2Jkey\\nmore' >&2; exit 3", LIMIT_MS,
	    &out, &err));
	CHECK_INT(err.kind, ERR_UNAVAILABLE);
	CHECK(strstr(err.text, "'sh'") != NULL);
	CHECK(strstr(err.text, "no ") != NULL);
	CHECK(!strchr(err.text, '\x1b') && !strstr(err.text, "more"));
	str_release(&out);
	CHECK(!script("exit 3", LIMIT_MS, &out, &err));
	CHECK(strstr(err.text, "status 3") != NULL);
	str_release(&out);
}

TEST(spawn_finds_programs_in_absolute_directories_only)
{
	const char *argv[] = {"belay-test-program", NULL};
	struct err err = ERR_INIT;
	struct str out;
	char path[PATH_MAX];

	str_init(&out, 100);
	REQUIRE(chdir(check_directory()) == 0);
	check_write("belay-test-program", "#!/bin/sh\necho here\n");
	setenv("PATH", ".::/usr/bin:/bin", 1);
	CHECK(!spawn_found(argv[0]));
	REQUIRE(chmod("belay-test-program", 0700) == 0);
	CHECK(!spawn_found(argv[0]));
	CHECK(!spawn_capture(argv, LIMIT_MS, &out, &err));
	CHECK(strstr(err.text, "no such program") != NULL);
	snprintf(path, sizeof(path), "/none:%s:/bin", check_directory());
	setenv("PATH", path, 1);
	CHECK(spawn_found(argv[0]));
	CHECK(spawn_capture(argv, LIMIT_MS, &out, &err));
	CHECK_TEXT(out.data, "here\n");
	CHECK(!spawn_found(""));
	CHECK(!spawn_found(check_directory()));
	unsetenv("PATH");
	CHECK(!spawn_found("sh"));
	CHECK(spawn_found("/bin/sh"));
	str_release(&out);
}

/* Blocks until it has ended and leaves it to be reaped. */
static void
await(pid_t pid)
{
	siginfo_t info;

	REQUIRE(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) == 0);
}

TEST(spawn_detached_leaves_the_terminal_alone)
{
	char text[PATH_MAX + 200];
	const char *argv[] = {"sh", "-c", text, NULL};
	const char *path = in_dir("out");
	struct err err = ERR_INIT;
	int status;
	pid_t pid;
	char *seen;

	snprintf(text, sizeof(text),
	    "a=$(readlink /proc/$$/fd/0 /proc/$$/fd/1 /proc/$$/fd/2); "
	    "s=$(cut -d' ' -f6 /proc/$$/stat); "
	    "printf '%%s\\n' \"$a\" $s >%s; exit 7",
	    path);
	REQUIRE(spawn_detached(argv, &pid, &err));
	await(pid);
	CHECK(spawn_reap(pid, &status));
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 7);
	CHECK(spawn_reap(pid, &status)); /* nothing is left to wait for */
	seen = check_read(path);
	snprintf(text, sizeof(text), "/dev/null\n/dev/null\n/dev/null\n%ld\n",
	    (long)pid);
	CHECK_TEXT(seen, text);
	free(seen);
	argv[0] = "belay-no-such-program";
	CHECK(!spawn_detached(argv, &pid, &err));
	CHECK(strstr(err.text, "no such program") != NULL);
}

TEST(spawn_reap_does_not_wait)
{
	const char *argv[] = {"sleep", "600", NULL};
	struct err err = ERR_INIT;
	int status;
	pid_t pid;

	REQUIRE(spawn_detached(argv, &pid, &err));
	CHECK(!spawn_reap(pid, &status));
	REQUIRE(kill(pid, SIGKILL) == 0);
	await(pid);
	CHECK(spawn_reap(pid, &status));
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}
