/* SPDX-License-Identifier: MIT */
/*
 * `belay login` and `belay logout`: the agent's login at HealthSherpa (v2).
 *
 * The address goes to standard output, what to do with it to standard error, so
 * that a script can take the one and a person reads both. The answer comes by
 * the browser or, where there is none on this machine, by standard input.
 */
#include "command/command.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/json.h"
#include "base/secret.h"
#include "base/str.h"
#include "base/text.h"
#include "base/url.h"
#include "book/config.h"
#include "command/output.h"
#include "command/session.h"
#include "command/signals.h"
#include "desk/opener.h"
#include "partner/login.h"

struct typed {
	struct str line;
	bool ended; /* standard input has */
};

/* ---- what to do --------------------------------------------------------- */

static void
tell_remote(int port)
{
	struct str tunnel;

	str_init(&tunnel, 512);
	opener_tunnel(&tunnel, port);
	fprintf(stderr,
	    "\nIf that browser runs on another machine than belay, either type "
	    "there first\n\n    %s\n\nor agree, let the browser fail to show "
	    "the next page, copy that page's\naddress and paste it here.\n",
	    tunnel.data);
	str_release(&tunnel);
}

static bool
tell(struct login *login, const struct session *session, struct err *err)
{
	const struct arguments *arguments = session->arguments;
	enum opener_result opened = OPENER_SHOW;
	struct opener *opener = opener_new(session->config);
	struct url url;

	if (!arguments->print_url)
		opened = opener_open_consent(
		    opener, login_url(login), &url, err);
	opener_free(opener);
	if (opened == OPENER_REFUSED)
		return false;
	fprintf(stderr, "%s\n\n",
	    opened == OPENER_STARTED
		? "Your browser opens HealthSherpa's page; agree there. If it "
		  "does not, open"
		: "Open this address in your browser, log in and agree:");
	puts(login_url(login));
	(void)fflush(stdout);
	if (login_port(login) == 0)
		fputs("\nThen copy the address that the browser shows after "
		      "you agreed, and paste it here.\n",
		    stderr);
	else if (opened != OPENER_STARTED)
		tell_remote(login_port(login));
	fputs("\nWaiting (Ctrl-C ends it) ...\n", stderr);
	return true;
}

/* ---- what is pasted ----------------------------------------------------- */

static void
take_line(struct login *login, struct typed *typed)
{
	struct err err = ERR_INIT;
	size_t len = typed->line.len;
	const char *text = text_trim(typed->line.data, &len);
	struct str line;
	bool bare;

	str_init(&line, URL_MAX + 1);
	str_add_bytes(&line, text, len);
	if (len == 0)
		fputs("Paste the address, or Ctrl-C.\n", stderr);
	else if (!login_paste(login, line.data, &bare, &err))
		fprintf(stderr, "belay: %s\n", err.text);
	else if (bare)
		fputs("belay: that was a code without its address, so belay "
		      "cannot tell that it is the answer to this login; trying "
		      "it\n",
		    stderr);
	crypto_wipe(line.data, line.len);
	str_release(&line);
	str_reset(&typed->line);
}

static void
take_typed(struct login *login, struct typed *typed)
{
	char bytes[512];
	ssize_t got = read(STDIN_FILENO, bytes, sizeof(bytes));

	if (got < 0 && errno == EINTR)
		return;
	if (got <= 0) {
		typed->ended = true;
		if (typed->line.len > 0)
			take_line(login, typed);
		return;
	}
	for (ssize_t i = 0; i < got; i++) {
		if (bytes[i] == '\n' || bytes[i] == '\r')
			take_line(login, typed);
		else
			str_add_char(&typed->line, bytes[i]);
	}
	crypto_wipe(bytes, sizeof(bytes));
}

/* ---- waiting ------------------------------------------------------------ */

static bool
goes_on(const struct login *login)
{
	enum login_state state = login_state(login, NULL);

	return state == LOGIN_WAITING || state == LOGIN_EXCHANGING;
}

/* The browser's last page leaves before the port is closed. */
static void
say_goodbye(struct login *login)
{
	for (int i = 0; i < 20 && login_fd(login) >= 0; i++) {
		struct pollfd fd = {.fd = login_fd(login), .events = POLLIN};

		login_step(login);
		if (login_timeout(login) != 0 && poll(&fd, 1, 25) == 0)
			break;
	}
}

static bool
wait_for_end(struct login *login, struct err *err)
{
	struct typed typed = {.ended = false};
	int signal_fd = signals_catch();
	char refused[ERR_TEXT_MAX] = "";

	str_init(&typed.line, URL_MAX + 2);
	while (goes_on(login) && !signals_caught()) {
		struct wait_fd fds[3] = {{.fd = signal_fd}};
		unsigned count = 1, at = 0;

		if (login_fd(login) >= 0)
			fds[count++].fd = login_fd(login);
		if (!typed.ended) {
			at = count;
			fds[count++].fd = STDIN_FILENO;
		}
		login_wait(login, fds, count, -1);
		if (at > 0 && fds[at].ready)
			take_typed(login, &typed);
		login_step(login);
		if (strcmp(refused, login_refused(login)) != 0) {
			str_copy(
			    refused, sizeof(refused), login_refused(login));
			fprintf(stderr, "belay: %s\n", refused);
		}
		if (typed.ended && login_port(login) == 0 &&
		    login_state(login, NULL) == LOGIN_WAITING)
			break;
	}
	crypto_wipe(typed.line.data, typed.line.len);
	str_release(&typed.line);
	if (login_state(login, err) == LOGIN_DONE) {
		say_goodbye(login);
		return true;
	}
	if (goes_on(login))
		err_set(err, ERR_AUTH,
		    "the login was not finished; nothing has changed");
	else
		say_goodbye(login);
	return false;
}

/* ---- telling who -------------------------------------------------------- */

static int
tell_who(const struct session *session, struct err *err)
{
	const struct arguments *arguments = session->arguments;
	const char *profile = session->config->profile;
	char place[CONFIG_ADVICE_SIZE];
	struct login_info info;
	struct json *object;

	if (!login_look(session->config, arguments->state_dir, &info, err))
		return -1;
	if (!arguments->json) {
		fprintf(stderr, "Logged in%s%s (%s). ",
		    *info.account ? " as " : "", info.account,
		    config_login_place(session->config, place));
		if (info.renews)
			fprintf(stderr,
			    "The login renews itself; 'belay logout%s%s' ends "
			    "it.\n",
			    profile ? " -P " : "", profile ? profile : "");
		else
			fputs("HealthSherpa lets it not be renewed, so it has "
			      "to be repeated when it ends.\n",
			    stderr);
		return 0;
	}
	object = json_object();
	json_add_bool(object, "logged_in", true);
	output_add_text(object, "account", info.account);
	output_add_text(object, "scope", info.scope);
	json_add_string(object, "environment",
	    config_environment_word(session->config->environment));
	output_json(object);
	return 0;
}

static int
log_in(const struct arguments *arguments, struct err *err)
{
	struct session session;
	struct login *login = NULL;
	int result = -1;

	if (session_open(&session, arguments, NULL, SESSION_CONFIG, err) &&
	    session_ask_secret(session.config, err))
		login = login_new(session.config, &clock_system,
		    arguments->state_dir, !arguments->paste, err);
	if (login && session.config->profiles && !session.config->profile)
		fputs("belay: the config has profiles, and this login is for "
		      "none of them; -P NAME logs in for one\n",
		    stderr);
	if (login && tell(login, &session, err)) {
		if (wait_for_end(login, err))
			result = tell_who(&session, err);
		else if (signals_caught())
			result = 128 + signals_caught();
		signals_release();
	}
	login_free(login);
	session_close(&session);
	return result;
}

const struct command command_login = {
    .name = "login",
    .bit = COMMAND_LOGIN,
    .usage = "login [--paste] [--print-url]",
    .summary = "log in to HealthSherpa's API (version: v2)",
    .detail = "Prints the address of HealthSherpa's page (or opens it), waits "
	      "until the agent has agreed there, and keeps the login.",
    .words_min = 0,
    .words_max = 0,
    .run = log_in,
};

static int
log_out(const struct arguments *arguments, struct err *err)
{
	struct session session;
	struct json *object;
	int result = -1;
	bool was = false, kept = false;
	char place[CONFIG_ADVICE_SIZE];

	/* all that `belay login` asked for */
	if (session_open(&session, arguments, NULL, SESSION_CONFIG, err) &&
	    login_forget(session.config, arguments->state_dir, &was, err) &&
	    secret_forget(&session.config->oauth_client_secret, &kept, err)) {
		result = 0;
		if (arguments->json) {
			object = json_object();
			json_add_bool(object, "logged_in", false);
			json_add_bool(object, "was", was);
			output_json(object);
		} else {
			fprintf(stderr,
			    was ? "Logged out (%s): belay has forgotten the "
				  "login. To take the permission back, go to "
				  "HealthSherpa's page.\n"
				: "Nobody was logged in (%s).\n",
			    config_login_place(session.config, place));
			if (kept)
				fputs("The client secret that was typed is "
				      "forgotten, too.\n",
				    stderr);
		}
	}
	session_close(&session);
	return result;
}

const struct command command_logout = {
    .name = "logout",
    .bit = COMMAND_LOGOUT,
    .usage = "logout",
    .summary = "forget that login",
    .detail = NULL,
    .words_min = 0,
    .words_max = 0,
    .run = log_out,
};
