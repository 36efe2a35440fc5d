/* SPDX-License-Identifier: MIT */
/*
 * xdg-open may live as long as the browser it starts, so it is not waited for
 * and not ended; only a failure that it reports is acted on. A few can be
 * under way at once; more are started without being watched.
 */
#include "desk/opener.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/spawn.h"
#include "base/str.h"
#include "book/config.h"

enum { WATCHED_MAX = 8 };

struct opener {
	const struct config *config;
	struct {
		pid_t pid; /* 0: free */
		struct url url;
	} watched[WATCHED_MAX];
};

struct opener *
opener_new(const struct config *config)
{
	struct opener *opener = mem_zalloc(sizeof(*opener));

	opener->config = config;
	return opener;
}

void
opener_free(struct opener *opener)
{
	free(opener);
}

static bool
is_set(const char *name)
{
	const char *value = getenv(name);

	return value && *value;
}

bool
opener_is_remote(void)
{
	return is_set("SSH_CONNECTION") || is_set("SSH_TTY");
}

/* What stands in SSH_CONNECTION: client, its port, server, its port. */
static bool
reached_at(char host[64], int *port)
{
	const char *connection = getenv("SSH_CONNECTION");

	return connection &&
	       sscanf(connection, "%*63s %*15s %63[0-9a-fA-F.:%] %d", host,
		   port) == 2;
}

void
opener_tunnel(struct str *out, int port)
{
	const struct passwd *user = getpwuid(geteuid());
	char host[64] = "this-host";
	int ssh_port = 22;

	if (!reached_at(host, &ssh_port) && gethostname(host, sizeof(host) - 1))
		str_copy(host, sizeof(host), "this-host");
	str_addf(out, "ssh -N -L %d:127.0.0.1:%d ", port, port);
	if (ssh_port != 22)
		str_addf(out, "-p %d ", ssh_port);
	str_addf(
	    out, "%s%s%s", user ? user->pw_name : "", user ? "@" : "", host);
}

/* Whether a browser can be started from here; else `why` in a few words. */
static bool
has_desktop(const char **why)
{
	*why = NULL;
	if (opener_is_remote())
		*why = "over SSH";
	else if (!is_set("DISPLAY") && !is_set("WAYLAND_DISPLAY"))
		*why = "without a desktop";
	return *why == NULL;
}

static void
watch(struct opener *opener, pid_t pid, const struct url *url)
{
	for (int i = 0; i < WATCHED_MAX; i++) {
		if (opener->watched[i].pid != 0)
			continue;
		opener->watched[i].pid = pid;
		opener->watched[i].url = *url;
		return;
	}
}

static enum opener_result
open_url(struct opener *opener, const struct url_policy *policy,
    const char *text, struct url *url, struct err *err)
{
	const char *argv[] = {"xdg-open", NULL, NULL};
	const char *why;
	pid_t pid;

	if (!url_check(text, policy, url, err))
		return OPENER_REFUSED;
	if (!has_desktop(&why)) {
		err_set(err, ERR_UNAVAILABLE, "%s belay cannot open a browser",
		    why);
		return OPENER_SHOW;
	}
	argv[1] = url->text;
	if (!spawn_detached(argv, &pid, err))
		return OPENER_SHOW;
	watch(opener, pid, url);
	return OPENER_STARTED;
}

enum opener_result
opener_open(
    struct opener *opener, const char *text, struct url *url, struct err *err)
{
	struct url_policy policy = config_page_policy(opener->config);

	return open_url(opener, &policy, text, url, err);
}

enum opener_result
opener_open_consent(
    struct opener *opener, const char *text, struct url *url, struct err *err)
{
	struct url_policy policy = config_login_policy(opener->config);

	return open_url(opener, &policy, text, url, err);
}

bool
opener_reap(struct opener *opener, struct url *url)
{
	bool good = true;

	for (int i = 0; i < WATCHED_MAX; i++) {
		int status = 0;

		if (opener->watched[i].pid == 0 ||
		    !spawn_reap(opener->watched[i].pid, &status))
			continue;
		opener->watched[i].pid = 0;
		if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
			continue;
		*url = opener->watched[i].url;
		good = false;
	}
	return good;
}
