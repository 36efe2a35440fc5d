/* SPDX-License-Identifier: MIT */
#include "base/secret.h"

#include <limits.h>
#include <stdint.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "check.h"

static const char *
write_key(const char *text, int mode)
{
	static char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/key", check_directory());
	unlink(path); /* the last one may be read-only */
	check_write(path, text);
	REQUIRE(chmod(path, (mode_t)mode) == 0);
	return path;
}

static struct secret *
fetch_file(const char *path, struct err *err)
{
	struct secret_place place = {
	    .kind = SECRET_FILE, .name = mem_strdup(path)};
	struct secret *secret = secret_fetch(&place, err);

	secret_place_clear(&place);
	CHECK_INT(place.kind, SECRET_NONE);
	return secret;
}

static struct secret *
fetch_command(const char *script, struct err *err)
{
	struct secret_place place = {.kind = SECRET_COMMAND};
	struct secret *secret;

	place.argv = mem_zalloc(4 * sizeof(char *));
	place.argv[0] = mem_strdup("sh");
	place.argv[1] = mem_strdup("-c");
	place.argv[2] = mem_strdup(script);
	secret = secret_fetch(&place, err);
	secret_place_clear(&place);
	return secret;
}

static void
check_secret(struct secret *secret, const char *should)
{
	REQUIRE(secret != NULL);
	CHECK_TEXT(secret_text(secret), should);
	secret_free(secret);
}

TEST(secret_comes_from_a_variable_once)
{
	struct secret_place place = {
	    .kind = SECRET_ENV, .name = mem_strdup("TEST_KEY")};
	struct err err = ERR_INIT;
	const char *value;

	setenv("TEST_KEY", "made-up-key", 1);
	value = getenv("TEST_KEY");
	check_secret(secret_fetch(&place, &err), "made-up-key");
	CHECK(!getenv("TEST_KEY"));
	CHECK(*value == '\0');
	/* a config that changes asks again */
	check_secret(secret_fetch(&place, &err), "made-up-key");
	free(place.name);
	place.name = mem_strdup("TEST_OTHER");
	CHECK(!secret_fetch(&place, &err));
	CHECK_INT(err.kind, ERR_AUTH);
	CHECK(strstr(err.text, "TEST_OTHER is not set") != NULL);
	secret_place_clear(&place);
}

TEST(secret_file_has_to_be_closed_to_others)
{
	static const int bad[] = {0644, 0640, 0604, 0620, 0660, 0601, 0666};
	struct err err = ERR_INIT;
	char line[PATH_MAX + 32];

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		const char *path = write_key("made-up-key\n", bad[i]);

		CHECK(!fetch_file(path, &err));
		CHECK_INT(err.kind, ERR_AUTH);
		snprintf(line, sizeof(line), "chmod 600 '%s'", path);
		CHECK(strstr(err.text, line) != NULL);
		CHECK(!strstr(err.text, "made-up"));
	}
	check_secret(
	    fetch_file(write_key("made-up-key\n", 0600), &err), "made-up-key");
	check_secret(fetch_file(write_key("made-up-key\r\n", 0400), &err),
	    "made-up-key");
	check_secret(
	    fetch_file(write_key("made-up-key", 0600), &err), "made-up-key");
	CHECK(!fetch_file("/none/key", &err));
	CHECK_INT(err.kind, ERR_AUTH);
	CHECK(!fetch_file(check_directory(), &err));
	if (geteuid() != 0)
		return;
	REQUIRE(chown(write_key("x", 0600), 12345, (gid_t)-1) == 0);
	setenv("HOME", check_directory(), 1);
	CHECK(!fetch_file("~/key", &err));
	CHECK(strstr(err.text, "another user") != NULL);
}

TEST(secret_is_one_line_of_text)
{
	static const struct {
		const char *text, *word;
	} cases[] = {
	    {"", "empty"},
	    {"\n", "empty"},
	    {"one\ntwo\n", "several lines"},
	    {"one\n\n", "several lines"},
	    {"one\ttwo", "control characters"},
	    {"one\x1b[2J", "control characters"},
	    {"one\x7f", "control characters"},
	};
	char text[SECRET_MAX + 2];
	struct err err = ERR_INIT;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		CHECK(!fetch_file(write_key(cases[i].text, 0600), &err));
		CHECK_INT(err.kind, ERR_AUTH);
		CHECK(strstr(err.text, cases[i].word) != NULL);
	}
	memset(text, 'k', sizeof(text));
	text[SECRET_MAX + 1] = '\0';
	CHECK(!fetch_file(write_key(text, 0600), &err));
	CHECK(strstr(err.text, "more than 4096") != NULL);
	text[SECRET_MAX] = '\0';
	check_secret(fetch_file(write_key(text, 0600), &err), text);
}

TEST(secret_comes_from_a_command)
{
	struct err err = ERR_INIT;

	check_secret(fetch_command("echo made-up-key", &err), "made-up-key");
	CHECK(!fetch_command("echo one; echo two", &err));
	CHECK(strstr(err.text, "several lines") != NULL);
	CHECK(!fetch_command("echo canary; echo locked >&2; exit 1", &err));
	CHECK_INT(err.kind, ERR_AUTH);
	CHECK(strstr(err.text, "locked") != NULL);
	CHECK(!strstr(err.text, "canary"));
	CHECK(!fetch_command(
	    "while :; do printf xxxxxxxx; done | head -c 9999", &err));
	CHECK(strstr(err.text, "more than 4096") != NULL);
}

/* Until it is over or the time is up; whether it is. */
static bool
wait_over(struct secret_wait *wait, struct err *err)
{
	for (int i = 0; i < 2000; i++) {
		if (secret_wait_over(wait, err))
			return true;
		poll(NULL, 0, 5);
	}
	return false;
}

TEST(secret_of_a_command_is_waited_for_aside)
{
	char sh[] = "sh", option[] = "-c", sleeps[] = "sleep",
	     long_time[] = "60";
	char works[] = "echo called >>$HOME/calls; echo word";
	char fails[] = "echo is locked >&2; exit 1";
	char *argv[] = {sh, option, works, NULL};
	char *bad[] = {sh, option, fails, NULL};
	char *slow[] = {sleeps, long_time, NULL};
	struct secret_place place = {.kind = SECRET_COMMAND, .argv = argv};
	struct err err = ERR_INIT;
	struct secret_wait *wait;
	struct secret *secret;
	char path[400], *calls;

	setenv("HOME", check_directory(), 1);
	wait = secret_wait_begin(&place);
	REQUIRE(wait);
	CHECK_TEXT(secret_wait_for(wait), "sh");
	REQUIRE(wait_over(wait, &err));
	CHECK_INT(err.kind, ERR_NONE);
	/* it is there, so nothing is to be waited for; and it is given once */
	CHECK(secret_wait_begin(&place) == NULL);
	for (int i = 0; i < 2; i++) {
		secret = secret_fetch(&place, &err);
		REQUIRE(secret);
		CHECK_TEXT(secret_text(secret), "word");
		secret_free(secret);
	}
	snprintf(path, sizeof(path), "%s/calls", check_directory());
	calls = check_read(path);
	CHECK_TEXT(calls, "called\ncalled\n");
	free(calls);

	place.argv = bad;
	wait = secret_wait_begin(&place);
	REQUIRE(wait && wait_over(wait, &err));
	CHECK_INT(err.kind, ERR_AUTH);
	CHECK(strstr(err.text, "is locked") != NULL);

	/* given up, it is ended, and nothing is kept of it */
	place.argv = slow;
	wait = secret_wait_begin(&place);
	REQUIRE(wait);
	CHECK(!secret_wait_over(wait, &err));
	secret_wait_free(wait);
	wait = secret_wait_begin(&place);
	CHECK(wait != NULL);
	secret_wait_free(wait);

	place.kind = SECRET_NONE;
	CHECK(secret_wait_begin(&place) == NULL);
}

/* Who reads our terminal beside us takes keys that are meant for us, and we
 * take those of a passphrase. */
TEST(secret_of_a_command_is_not_asked_for_on_our_terminal)
{
	char sh[] = "sh", option[] = "-c";
	char session[] =
	    "cut -d' ' -f6 /proc/self/stat; test -z \"$GPG_TTY\" || echo told";
	char *argv[] = {sh, option, session, NULL};
	struct secret_place place = {.kind = SECRET_COMMAND, .argv = argv};
	struct err err = ERR_INIT;
	struct secret_wait *wait;
	struct secret *secret;

	setenv("GPG_TTY", "/dev/pts/0", 1);
	setenv("DISPLAY", ":0", 1);
	wait = secret_wait_begin(&place);
	REQUIRE(wait && wait_over(wait, &err));
	secret = secret_fetch(&place, &err);
	REQUIRE(secret);
	CHECK((int)strtol(secret_text(secret), NULL, 10) != (int)getsid(0));
	secret_free(secret);
	/* without a display it may ask there, so nothing else reads */
	unsetenv("DISPLAY");
	unsetenv("WAYLAND_DISPLAY");
	CHECK(secret_wait_begin(&place) == NULL);
	unsetenv("GPG_TTY");
	wait = secret_wait_begin(&place);
	CHECK(wait != NULL);
	secret_wait_free(wait);
}

TEST(secret_variable_comes_before_every_place)
{
	struct secret_place place = {.kind = SECRET_FILE,
	    .name = mem_strdup("/none/key"),
	    .variable = "TEST_FIRST"};
	struct err err = ERR_INIT;

	setenv("TEST_FIRST", "", 1);
	secret_take_variable("TEST_FIRST");
	CHECK(!getenv("TEST_FIRST"));
	CHECK(!secret_fetch(&place, &err));
	setenv("TEST_FIRST", "from-variable", 1);
	secret_take_variable("TEST_FIRST");
	CHECK(!getenv("TEST_FIRST"));
	check_secret(secret_fetch(&place, &err), "from-variable");
	secret_set_variable("TEST_FIRST", secret_new("from-option", 11));
	check_secret(secret_fetch(&place, &err), "from-option");
	secret_place_release(&place);
}

TEST(secret_file_has_to_lie_where_nobody_else_may_write)
{
	char directory[PATH_MAX], path[PATH_MAX + 8], line[PATH_MAX + 32];
	struct err err = ERR_INIT;

	snprintf(directory, sizeof(directory), "%s/keys", check_directory());
	snprintf(path, sizeof(path), "%s/key", directory);
	REQUIRE(mkdir(directory, 0700) == 0);
	check_write(path, "made-up-key\n");
	REQUIRE(chmod(path, 0600) == 0);
	check_secret(fetch_file(path, &err), "made-up-key");
	REQUIRE(chmod(directory, 0770) == 0);
	CHECK(!fetch_file(path, &err));
	snprintf(line, sizeof(line), "chmod go-w '%s/'", directory);
	CHECK_INT(err.kind, ERR_AUTH);
	CHECK(strstr(err.text, line) != NULL);
	REQUIRE(chmod(directory, 01777) == 0); /* as /tmp is */
	check_secret(fetch_file(path, &err), "made-up-key");
}

/* A secret-tool of the test's own, first in PATH. */
static struct secret *
fetch_keyring(const char *script, struct err *err)
{
	static const char *const words[] = {
	    "secret-tool", "lookup", "service", "belay", "account", "maria"};
	struct secret_place place = {.kind = SECRET_KEYRING};
	struct secret *secret;
	char path[PATH_MAX + 16];

	place.argv = mem_zalloc(7 * sizeof(char *));
	for (unsigned i = 0; i < 6; i++)
		place.argv[i] = mem_strdup(words[i]);

	snprintf(path, sizeof(path), "%s/secret-tool", check_directory());
	unlink(path);
	if (script) {
		check_write(path, script);
		REQUIRE(chmod(path, 0700) == 0);
	}
	snprintf(path, sizeof(path), "%s:/usr/bin:/bin", check_directory());
	setenv("PATH", path, 1);
	secret = secret_fetch(&place, err);
	secret_place_release(&place);
	return secret;
}

TEST(secret_comes_from_the_keyring)
{
	struct err err = ERR_INIT;

	setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/none", 1);
	check_secret(fetch_keyring("#!/bin/sh\n"
				   "test \"$*\" = 'lookup service belay "
				   "account maria' && printf made-up-key\n",
			 &err),
	    "made-up-key");
	CHECK(!fetch_keyring("#!/bin/sh\nexit 1\n", &err));
	CHECK_INT(err.kind, ERR_AUTH);
	CHECK(strstr(err.text, "secret-tool store --label=belay service belay "
			       "account maria") != NULL);
	CHECK(
	    !fetch_keyring("#!/bin/sh\necho 'is locked' >&2; exit 1\n", &err));
	CHECK(strstr(err.text, "is locked") != NULL);
	CHECK(!fetch_keyring("#!/bin/sh\nexec sleep 60\n", &err));
	CHECK(strstr(err.text, "over plain SSH") != NULL);
	unsetenv("DBUS_SESSION_BUS_ADDRESS");
	CHECK(!fetch_keyring("#!/bin/sh\nexit 1\n", &err));
	CHECK(strstr(err.text, "over plain SSH") != NULL);
}

TEST(secret_typed_is_kept_or_remembered)
{
	char kept[PATH_MAX + 16], text[SECRET_MAX + 1];
	struct secret_place place = {.kind = SECRET_NONE, .kept = kept};
	struct err err = ERR_INIT;
	struct stat info;
	bool there;

	snprintf(kept, sizeof(kept), "%s/state/keys/k", check_directory());
	CHECK(secret_is_missing(&place) && !secret_is_forgotten(&place));
	CHECK(!secret_take_typed(&place, "", 0, &err));
	CHECK(!secret_take_typed(&place, "a\tb", 3, &err));
	CHECK(secret_is_missing(&place));
	REQUIRE(secret_take_typed(&place, "made-up-key\n", 12, &err));
	CHECK(!secret_is_missing(&place));
	check_secret(secret_fetch(&place, &err), "made-up-key");
	REQUIRE(stat(kept, &info) == 0);
	CHECK_INT(info.st_mode & 0777, 0600);
	snprintf(text, sizeof(text), "%s/state/keys", check_directory());
	REQUIRE(stat(text, &info) == 0);
	CHECK_INT(info.st_mode & 0777, 0700);

	place.kind = SECRET_ASK;
	CHECK(secret_is_missing(&place) && secret_is_forgotten(&place));
	CHECK(!secret_fetch(&place, &err));
	REQUIRE(secret_take_typed(&place, "typed-key", 9, &err));
	CHECK(!secret_is_missing(&place));
	check_secret(secret_fetch(&place, &err), "typed-key");
	CHECK(secret_forget(&place, &there, &err) && there);
	CHECK(secret_is_missing(&place));
	place.kind = SECRET_NONE;
	CHECK(secret_is_missing(&place));
	CHECK(secret_forget(&place, &there, &err) && !there);
}

TEST(secret_is_not_asked_for_without_a_terminal)
{
	char kept[] = "/none";
	struct secret_place place = {.kind = SECRET_ASK, .kept = kept};
	struct err err = ERR_INIT;

	REQUIRE(freopen("/dev/null", "r", stdin) != NULL);
	CHECK(!secret_ask(&place, "key: ", &err));
	CHECK_INT(err.kind, ERR_AUTH);
	CHECK(strstr(err.text, "without a terminal (cron, a pipe)") != NULL);
}

TEST(secret_without_a_place_says_what_to_configure)
{
	struct secret_place place = {.kind = SECRET_NONE};
	struct err err = ERR_INIT;

	CHECK(!secret_fetch(&place, &err));
	CHECK_INT(err.kind, ERR_CONFIG);
	CHECK(strstr(err.text, "api_key") != NULL);
	secret_place_clear(&place);
	secret_free(NULL);
}

/* Written to, sealed memory ends the process that did it. */
TEST(secret_memory_is_sealed)
{
	struct secret *secret = secret_new("made-up-key", 11);
	int status;
	pid_t child = fork();

	if (child == 0) {
		fclose(stderr); /* a sanitizer's report is expected */
		*(volatile char *)(uintptr_t)secret_text(secret) = 'x';
		_exit(0);
	}
	REQUIRE(waitpid(child, &status, 0) == child);
	CHECK(!WIFEXITED(status) || WEXITSTATUS(status) != 0);
	check_secret(secret, "made-up-key");
}

TEST(secret_harden_process_forbids_cores)
{
	struct rlimit limit;

	secret_harden_process();
	CHECK_INT(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), 0);
	REQUIRE(getrlimit(RLIMIT_CORE, &limit) == 0);
	CHECK_INT(limit.rlim_cur, 0);
	CHECK_INT(limit.rlim_max, 0);
}

TEST(a_typed_secret_that_is_refused_is_asked_for_again)
{
	char path[400], refused[420];
	struct secret_place place = {.kind = SECRET_NONE, .kept = path};
	struct secret_place named = {.kind = SECRET_ENV, .kept = path};
	struct err err = ERR_INIT;
	struct str out;
	bool there;

	snprintf(path, sizeof(path), "%s/keys/mistyped", check_directory());
	snprintf(refused, sizeof(refused), "%s.refused", path);
	str_init(&out, 1000);
	CHECK(!secret_refuse(&place, &out));
	CHECK(secret_take_typed(&place, "wrong-word", 10, &err));
	CHECK(!secret_is_missing(&place));
	/* one that comes from elsewhere is nobody's slip of the finger */
	CHECK(!secret_refuse(&named, &out));
	CHECK(secret_refuse(&place, &out));
	CHECK(strstr(out.data, refused) != NULL);
	CHECK(secret_is_missing(&place));
	CHECK(access(refused, F_OK) == 0);
	/* the next one takes its place */
	CHECK(secret_take_typed(&place, "right-word", 10, &err));
	CHECK(!secret_is_missing(&place));
	CHECK(access(refused, F_OK) != 0);
	CHECK(secret_refuse(&place, &out));
	CHECK(secret_forget(&place, &there, &err));
	CHECK(access(refused, F_OK) != 0);
	str_reset(&out);
	/* typed each time: forgotten */
	place.kind = SECRET_ASK;
	CHECK(secret_take_typed(&place, "wrong-word", 10, &err));
	CHECK(secret_refuse(&place, &out));
	CHECK(secret_is_missing(&place));
	str_release(&out);
}
