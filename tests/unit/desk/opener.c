/* SPDX-License-Identifier: MIT */
#include "desk/opener.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "base/str.h"
#include "book/config.h"
#include "check.h"

static char record[256]; /* where the stand-in writes what it was given */

static void
fake_browser(const char *ending)
{
	char path[256], script[2048];
	sigset_t child;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	snprintf(path, sizeof(path), "%s/xdg-open", check_directory());
	snprintf(record, sizeof(record), "%s/record", check_directory());
	snprintf(script, sizeof(script),
	    "#!/bin/sh\n{ echo $#; printf '%%s\\n' \"$@\"; } >%s.new\n"
	    "mv %s.new %s\n%s\n",
	    record, record, record, ending);
	check_write(path, script);
	REQUIRE(chmod(path, 0700) == 0);
	snprintf(script, sizeof(script), "%s:/usr/bin:/bin", check_directory());
	setenv("PATH", script, 1);
}

static void
desktop(bool there)
{
	unsetenv("SSH_CONNECTION");
	unsetenv("SSH_TTY");
	unsetenv("WAYLAND_DISPLAY");
	unsetenv("DISPLAY");
	if (there)
		setenv("DISPLAY", ":7", 1);
}

static struct config *
staging(void)
{
	static const char text[] = "service: {environment: staging}\n";
	struct err err = ERR_INIT;
	struct str problems;
	struct config *config;

	str_init(&problems, 4096);
	config = config_parse(
	    "t.yaml", text, sizeof(text) - 1, &problems, &err);
	REQUIRE(config != NULL);
	str_release(&problems);
	return config;
}

/* Until the started program has ended; its word on success. */
static bool
wait_end(struct opener *opener, struct url *url)
{
	struct timespec limit = {.tv_sec = 20};
	sigset_t child;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	REQUIRE(sigtimedwait(&child, NULL, &limit) == SIGCHLD);
	REQUIRE(access(record, F_OK) == 0);
	return opener_reap(opener, url);
}

TEST(opener_gives_the_browser_one_checked_argument)
{
	static const char address[] =
	    "https://medicare-staging.healthsherpa.com/q?a=1&b=$(x)`y`;z";
	struct config *config = staging();
	struct opener *opener = opener_new(config);
	struct err err = ERR_INIT;
	struct url url;
	char should[URL_MAX + 8], *is;

	desktop(true);
	fake_browser("exit 0");
	CHECK_INT(opener_open(opener, address, &url, &err), OPENER_STARTED);
	CHECK(wait_end(opener, &url));
	is = check_read(record);
	snprintf(should, sizeof(should), "1\n%s\n", url.text);
	CHECK_TEXT(is, should);
	CHECK(strpbrk(url.text, " \n\"<>") == NULL);
	free(is);
	opener_free(opener);
	config_free(config);
}

TEST(opener_tells_when_the_browser_fails)
{
	struct config *config = staging();
	struct opener *opener = opener_new(config);
	struct err err = ERR_INIT;
	struct url url = {.text = ""}, failed = {.text = ""};

	desktop(true);
	fake_browser("exit 3");
	CHECK_INT(
	    opener_open(opener, "https://medicare-staging.healthsherpa.com/q",
		&url, &err),
	    OPENER_STARTED);
	CHECK(!wait_end(opener, &failed));
	CHECK_TEXT(failed.text, url.text);
	opener_free(opener);
	config_free(config);
}

TEST(opener_shows_the_address_without_a_desktop)
{
	static const char address[] =
	    "https://medicare-staging.healthsherpa.com/q";
	struct config *config = staging();
	struct opener *opener = opener_new(config);
	struct err err = ERR_INIT;
	struct url url;

	fake_browser("exit 0");
	desktop(false);
	CHECK_INT(opener_open(opener, address, &url, &err), OPENER_SHOW);
	CHECK_TEXT(url.text, address);
	CHECK(strstr(err.text, "without a desktop") != NULL);
	desktop(true);
	setenv("SSH_CONNECTION", "10.0.0.1 1 10.0.0.2 22", 1);
	CHECK_INT(opener_open(opener, address, &url, &err), OPENER_SHOW);
	CHECK(strstr(err.text, "over SSH") != NULL);
	CHECK(access(record, F_OK) != 0);
	/* No xdg-open at all. */
	desktop(true);
	setenv("PATH", "/nonexistent", 1);
	CHECK_INT(opener_open(opener, address, &url, &err), OPENER_SHOW);
	opener_free(opener);
	config_free(config);
}

TEST(opener_starts_nothing_for_hostile_addresses)
{
	static const char *const heads[] = {"http://", "javascript:", "file://",
	    "-", "--help ", "data:", "ftp://", "https:", "//", "HTTPS:/",
	    "x-help://", "vbscript:", "https://evil.example/", "https://a:b@",
	    "https://@", "https://evil@", "https://evil.example#",
	    "https://evil.example?", "https://evil.example\\",
	    " \x1b]8;;https://"};
	static const char *const hosts[] = {"medicare-staging.healthsherpa.com",
	    "medicare-staging.healthsherpa.com.evil.example",
	    "medicare-staging.healthsherpa.com:8443",
	    "medicare-staging.healthsherpa.com@evil.example",
	    "evilmedicare-staging.healthsherpa.com", "127.0.0.1", "[::1]",
	    "localhost", "healthsherpa.com", ""};
	static const char *const tails[] = {"", "/q", "/\n-x"};
	static const char *const whole[] = {"", " ", "\n",
	    "https://medicare-staging.healthsherpa.com/ q",
	    "https://medicare-staging.healthsherpa.com/\xc3\xa9",
	    "https://medicare-staging.healthsherpa.com/\x7f",
	    "https://medicare-staging.healthsherpa.com:444/",
	    "https://medicare\xe2\x80\x8b-staging.healthsherpa.com/",
	    "https://xn--medicare-staging.healthsherpa.com/"};
	struct config *config = staging();
	struct opener *opener = opener_new(config);
	struct err err = ERR_INIT;
	unsigned tried = 0;
	struct url url;

	desktop(true);
	fake_browser("exit 0");
	for (size_t h = 0; h < sizeof(heads) / sizeof(heads[0]); h++)
		for (size_t o = 0; o < sizeof(hosts) / sizeof(hosts[0]); o++)
			for (size_t t = 0; t < 3; t++) {
				char text[256];

				snprintf(text, sizeof(text), "%s%s%s", heads[h],
				    hosts[o], tails[t]);
				if (!CHECK(opener_open(opener, text, &url,
					       &err) == OPENER_REFUSED))
					printf("# took '%s'\n", text);
				tried++;
			}
	for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++) {
		if (!CHECK(opener_open(opener, whole[i], &url, &err) ==
			   OPENER_REFUSED))
			printf("# took '%s'\n", whole[i]);
		tried++;
	}
	CHECK(tried >= 300);
	CHECK(access(record, F_OK) != 0);
	opener_free(opener);
	config_free(config);
}
