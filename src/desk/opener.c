/* SPDX-License-Identifier: MIT */
/*
 * xdg-open may live as long as the browser it starts, so it is not waited for
 * and not ended; only a failure that it reports is acted on. A few can be
 * under way at once; more are started without being watched.
 */
#include "desk/opener.h"

#include <stdlib.h>
#include <sys/types.h>
#include <sys/wait.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/spawn.h"
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

/* Whether a browser can be started from here; else `why` in a few words. */
static bool
has_desktop(const char **why)
{
	*why = NULL;
	if (is_set("SSH_CONNECTION") || is_set("SSH_TTY"))
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

enum opener_result
opener_open(
    struct opener *opener, const char *text, struct url *url, struct err *err)
{
	struct url_policy policy = config_page_policy(opener->config);
	const char *argv[] = {"xdg-open", NULL, NULL};
	const char *why;
	pid_t pid;

	if (!url_check(text, &policy, url, err))
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
