/* SPDX-License-Identifier: MIT */
/*
 * Opening HealthSherpa's pages in a browser, or not.
 *
 * A URL is parsed, held against the config's hosts and rebuilt from its parts
 * (base/url.h); only that string is used. It goes to {"xdg-open", url}, never
 * to a shell, and only on a desktop: without DISPLAY or WAYLAND_DISPLAY, or
 * over SSH, xdg-open would take our terminal, so the caller shows the URL.
 */
#ifndef DESK_OPENER_H
#define DESK_OPENER_H

#include <stdbool.h>

#include "base/url.h"

struct config;
struct err;
struct opener;

struct opener *opener_new(const struct config *config); /* borrowed */
void opener_free(struct opener *opener); /* NULL is fine; leaves browsers be */

enum opener_result {
	OPENER_REFUSED, /* the URL is not one of HealthSherpa's: err says why */
	OPENER_STARTED,
	OPENER_SHOW, /* show `url->text` to the user; err says why */
};

/* Fills `url` unless refused. */
enum opener_result opener_open(
    struct opener *opener, const char *text, struct url *url, struct err *err);

/* The same for the consent page of a login, which may be at an API host. */
enum opener_result opener_open_consent(
    struct opener *opener, const char *text, struct url *url, struct err *err);

/* Whether we are reached over SSH, so that the browser runs elsewhere. */
bool opener_is_remote(void);
/*
 * Appends the command that makes the other machine's port ours, to be typed
 * there: "ssh -N -L 53682:127.0.0.1:53682 maria@host"; the host as the other
 * machine reached it (SSH_CONNECTION), else this one's name.
 */
struct str;
void opener_tunnel(struct str *out, int port);

/*
 * After SIGCHLD. False when the browser could not show the page: the URL is
 * in `url`, to be shown instead.
 */
bool opener_reap(struct opener *opener, struct url *url);

#endif
