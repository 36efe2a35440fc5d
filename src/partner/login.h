/* SPDX-License-Identifier: MIT */
/*
 * One login of an agent (v2): from the address of the consent page to tokens in
 * their file (RFC 8252: the browser is another program, often on another
 * machine).
 *
 * Where redirect_uri is a loopback address belay listens there, bound before
 * the address is handed out, for as long as the login lasts. The answer comes
 * by the browser, or is pasted: over SSH the browser's own machine has nobody
 * at that address, but shows it.
 *
 * A login lasts LOGIN_LASTS_MS. Wrong answers (another state, a second code,
 * another path, junk) are refused and change nothing.
 */
#ifndef PARTNER_LOGIN_H
#define PARTNER_LOGIN_H

#include <stdbool.h>
#include <stdint.h>

#include "partner/http.h"

struct clock;
struct config;
struct err;
struct login;

#define LOGIN_LASTS_MS (10 * 60 * 1000)

/*
 * Fetches the client's secret (its command may take a while) and, with
 * `listen`, takes the port of a loopback redirect_uri. The arguments stay the
 * caller's and outlive the login; `state_dir` NULL: the usual place. ERR_CONFIG
 * (not v2, or without client), ERR_AUTH (the secret), ERR_UNAVAILABLE (the port
 * is taken).
 */
struct login *login_new(const struct config *config, const struct clock *clock,
    const char *state_dir, bool listen, struct err *err);
void login_free(struct login *login); /* NULL is fine; forgets the login */

/* What the agent opens in a browser. */
const char *login_url(const struct login *login);
/* The port that is listened on; 0: none, the answer has to be pasted. */
int login_port(const struct login *login);

/*
 * What the agent pasted. False: it is not the answer; the error says what is
 * wrong, and the login goes on. `*bare`: it was a code without the state.
 */
bool login_paste(
    struct login *login, const char *text, bool *bare, struct err *err);

enum login_state {
	LOGIN_WAITING,    /* for the agent */
	LOGIN_EXCHANGING, /* the code for tokens */
	LOGIN_DONE,       /* the tokens are on disk */
	LOGIN_FAILED,
};
/* `why` (NULL: not asked for): of LOGIN_FAILED. */
enum login_state login_state(const struct login *login, struct err *why);
/* The last answer that was refused while waiting; "" when none was. */
const char *login_refused(const struct login *login);

/* What else to wait for: a descriptor (-1: none) and a time (ms, -1: none). */
int login_fd(const struct login *login);
int64_t login_timeout(const struct login *login);
/* Waits for the exchange as well; see http_wait(). */
void login_wait(struct login *login, struct wait_fd *fds, unsigned count,
    int64_t timeout_ms);
void login_step(struct login *login);

/* What is known of the login that is kept. */
struct login_info {
	char account[320]; /* who, as HealthSherpa said; "": it did not */
	char scope[128];
	int64_t logged_in_ms; /* wall */
	int64_t expires_ms;   /* wall, of the access token; 0: unknown */
	bool renews;          /* it is renewed by itself */
};
/* False: nobody is logged in, or the login has ended (ERR_AUTH). */
bool login_look(const struct config *config, const char *state_dir,
    struct login_info *info, struct err *err);
/* Forgets the login of this config on this machine. `*was`: there was one. */
bool login_forget(const struct config *config, const char *state_dir, bool *was,
    struct err *err);

#endif
