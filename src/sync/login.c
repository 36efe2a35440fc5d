/* SPDX-License-Identifier: MIT */
/*
 * The agent's login on behalf of the desk, which knows no network: it lives in
 * the sync so that one wait sees to it as well.
 *
 * Hazard: the exchange of the code has a transport of its own, and one wait can
 * look at one of them only. While it goes on, a moment, the partner's answers
 * are looked for every few milliseconds.
 */
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "partner/login.h"
#include "partner/partner.h"
#include "sync/sync_private.h"

enum { BOTH_MS = 20 };

static const enum sync_login_state states[] = {
    [LOGIN_WAITING] = SYNC_LOGIN_WAITING,
    [LOGIN_EXCHANGING] = SYNC_LOGIN_EXCHANGING,
    [LOGIN_DONE] = SYNC_LOGIN_DONE,
    [LOGIN_FAILED] = SYNC_LOGIN_FAILED,
};

bool
sync_login_begin(struct sync *sync, struct err *err)
{
	sync_login_end(sync);
	sync->login = login_new(
	    sync->config, sync->clock, sync->state_dir, true, err);
	if (!sync->login && err->kind == ERR_UNAVAILABLE) {
		str_copy(sync->login_trouble, sizeof(sync->login_trouble),
		    err->text);
		sync->login = login_new(
		    sync->config, sync->clock, sync->state_dir, false, err);
	}
	return sync->login != NULL;
}

void
sync_login_look(const struct sync *sync, struct sync_login *out)
{
	const struct login *login = sync->login;
	struct err why = ERR_INIT;
	enum login_state state;

	memset(out, 0, sizeof(*out));
	if (!login)
		return;
	state = login_state(login, &why);
	out->state = states[state];
	out->url = login_url(login);
	out->port = login_port(login);
	out->bare = sync->login_bare;
	str_copy(out->message, sizeof(out->message),
	    state == LOGIN_FAILED   ? why.text
	    : *login_refused(login) ? login_refused(login)
				    : sync->login_trouble);
}

bool
sync_login_paste(struct sync *sync, const char *text, struct err *err)
{
	if (!sync->login)
		return err_set(
		    err, ERR_USAGE, "no login is going on: begin one first");
	return login_paste(sync->login, text, &sync->login_bare, err);
}

void
sync_login_end(struct sync *sync)
{
	login_free(sync->login);
	sync->login = NULL;
	*sync->login_trouble = '\0';
	sync->login_bare = false;
}

bool
sync_account(struct sync *sync, struct sync_account *out, struct err *err)
{
	struct login_info info;
	bool good = login_look(sync->config, sync->state_dir, &info, err);

	memset(out, 0, sizeof(*out));
	str_copy(out->name, sizeof(out->name), info.account);
	out->since_ms = info.logged_in_ms;
	out->until_ms = info.expires_ms;
	out->renews = info.renews;
	return good;
}

void
login_wait_too(struct sync *sync, struct partner *partner, struct wait_fd *fds,
    unsigned count, int64_t timeout_ms)
{
	struct login *login = sync->login;
	int64_t own;

	if (!login) {
		partner_wait(partner, fds, count, timeout_ms);
		return;
	}
	own = login_timeout(login);
	if (own >= 0 && (timeout_ms < 0 || own < timeout_ms))
		timeout_ms = own;
	if (login_fd(login) >= 0)
		fds[count++].fd = login_fd(login);
	if (login_state(login, NULL) != LOGIN_EXCHANGING) {
		partner_wait(partner, fds, count, timeout_ms);
		return;
	}
	if (partner && partner_in_flight(partner) > 0 &&
	    (timeout_ms < 0 || timeout_ms > BOTH_MS))
		timeout_ms = BOTH_MS;
	login_wait(login, fds, count, timeout_ms);
}

void
login_step_too(struct sync *sync)
{
	static const struct sync_event event = {
	    .kind = SYNC_LOGIN, .row = SYNC_NO_ROW, .status = STATUS_COUNT};
	char refused[sizeof(((struct err *)NULL)->text)];
	enum login_state before, after;

	if (!sync->login)
		return;
	before = login_state(sync->login, NULL);
	str_copy(refused, sizeof(refused), login_refused(sync->login));
	login_step(sync->login);
	after = login_state(sync->login, NULL);
	if (before != after && after == LOGIN_DONE)
		sync->logged_in = true;
	if (before != after || strcmp(refused, login_refused(sync->login)) != 0)
		events_push(&sync->events, &event, false);
}
