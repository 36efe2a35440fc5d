/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/secret.h"
#include "base/str.h"
#include "check.h"
#include "desk/opener.h"
#include "views.h"

static void
open_list(struct fixture *fixture)
{
	fixture_open(fixture);
	fixture->config->version = SERVICE_V2;
	fixture->config->oauth_client_id = mem_strdup("app");
	fixture->config->oauth_client_secret = (struct secret_place){
	    .kind = SECRET_ENV, .name = mem_strdup("BELAY_CLIENT_SECRET")};
	fixture->desk.opener = opener_new(fixture->config);
	screen_push(fixture->desk.screen, v_contacts_new(&fixture->desk));
	while (v_contacts_work(screen_top(fixture->desk.screen)))
		;
}

static void
open_login(struct fixture *fixture)
{
	open_list(fixture);
	fixture_press(fixture, "L");
}

static void
close_login(struct fixture *fixture)
{
	opener_free(fixture->desk.opener);
	fixture->desk.opener = NULL;
	fixture_close(fixture);
}

static bool
shows(struct fixture *fixture, const char *text)
{
	return strstr(fixture_screen(fixture), text) != NULL;
}

/* The line for the tunnel names this machine, so it is not among these. */
TEST(login_screens)
{
	struct fixture fixture;

	open_login(&fixture);
	CHECK_INT(fixture.sync.login.state, SYNC_LOGIN_WAITING);
	fixture.sync.login.port = 0;
	screen_stale(fixture.desk.screen);
	fixture_golden(&fixture, "login");
	fixture_golden_linear(&fixture, "login");
	str_copy(fixture.sync.login.message, sizeof(fixture.sync.login.message),
	    "a browser came back with something that is not the answer to this "
	    "login; use the address shown here");
	screen_stale(fixture.desk.screen);
	fixture_golden_at(&fixture, "login-refused", 24, 80, false);
	fixture.sync.login = (struct sync_login){.state = SYNC_LOGIN_FAILED};
	str_copy(fixture.sync.login.message, sizeof(fixture.sync.login.message),
	    "nobody agreed within ten minutes; start the login again");
	screen_stale(fixture.desk.screen);
	fixture_golden_at(&fixture, "login-failed", 24, 80, false);
	close_login(&fixture);
}

TEST(login_shows_the_tunnel_where_it_is_needed)
{
	struct fixture fixture;

	setenv("SSH_CONNECTION", "192.0.2.7 51000 192.0.2.1 2222", 1);
	open_login(&fixture);
	CHECK(shows(&fixture, "ssh -N -L 53682:127.0.0.1:53682 -p 2222 "));
	CHECK(shows(&fixture, "@192.0.2.1"));
	close_login(&fixture);
	/* what stands there is not believed */
	setenv("SSH_CONNECTION", "a b $(reboot) 22", 1);
	open_login(&fixture);
	CHECK(shows(&fixture, "ssh -N -L 53682:127.0.0.1:53682 "));
	CHECK(!shows(&fixture, "reboot"));
	close_login(&fixture);
	unsetenv("SSH_CONNECTION");
}

/* The head says who sends, the config's address only where HealthSherpa names
 * nobody. */
TEST(login_head_names_who_is_logged_in)
{
	struct fixture fixture;

	open_list(&fixture);
	free(fixture.config->agent_email);
	fixture.config->agent_email = NULL;
	desk_look_account(&fixture.desk);
	CHECK(shows(&fixture, "not logged in"));
	fixture.config->agent_email = mem_strdup("maria@example.com");
	desk_look_account(&fixture.desk);
	CHECK(shows(&fixture, "maria@example.com"));
	fixture.sync.account = true;
	desk_look_account(&fixture.desk);
	CHECK(shows(&fixture, "agent@example.com"));
	CHECK(!shows(&fixture, "maria@example.com"));
	close_login(&fixture);
}

TEST(login_by_a_paste_goes_on_with_what_waited)
{
	struct fixture fixture;

	open_list(&fixture);
	fixture.sync.unauthorised = true;
	fixture_press(&fixture, "s");
	CHECK_INT(fixture.sync.starts, 0);
	CHECK(shows(&fixture, "Login at HealthSherpa"));
	CHECK(shows(&fixture, "goes on by itself"));
	screen_paste(fixture.desk.screen, "what is this");
	CHECK(shows(&fixture, "that is not the answer"));
	fixture.sync.unauthorised = false;
	screen_paste(fixture.desk.screen,
	    "http://127.0.0.1:53682/callback?code=abc&state=def");
	CHECK(!shows(&fixture, "Login at HealthSherpa"));
	CHECK_INT(fixture.sync.starts, 1);
	CHECK_INT(fixture.sync.started_count, 1);
	close_login(&fixture);
}

TEST(login_is_shown_before_it_is_begun_anew)
{
	struct fixture fixture;

	open_list(&fixture);
	fixture.sync.account = true;
	fixture.sync.since_ms = clock_wall(fixture.desk.clock) - 300000;
	fixture_press(&fixture, "L");
	CHECK(shows(&fixture, "as agent@example.com"));
	CHECK_INT(fixture.sync.login.state, SYNC_LOGIN_NONE);
	fixture_golden_at(&fixture, "login-kept", 24, 80, false);
	fixture_press(&fixture, "\r");
	CHECK_INT(fixture.sync.login.state, SYNC_LOGIN_WAITING);
	/* leaving it ends it */
	fixture_press(&fixture, "\033");
	CHECK(!shows(&fixture, "Login at HealthSherpa"));
	CHECK_INT(fixture.sync.login.state, SYNC_LOGIN_NONE);
	close_login(&fixture);
}

/* The account is there already in the second case: the secret is typed when
 * another agent is to log in. */
TEST(login_asks_for_the_client_secret_first)
{
	for (int known = 0; known < 2; known++) {
		struct secret_place *place;
		struct fixture fixture;
		bool there;
		struct err err = ERR_INIT;

		open_list(&fixture);
		place = &fixture.config->oauth_client_secret;
		secret_place_clear(place);
		place->kind = SECRET_ASK;
		place->kept = mem_strdup("/nowhere/client-secret");
		fixture.sync.account = known;
		fixture_press(&fixture, "L");
		if (known)
			fixture_press(&fixture, "\r");
		CHECK(shows(&fixture, "client secret of your agency"));
		CHECK_INT(fixture.sync.login.state, SYNC_LOGIN_NONE);
		fixture_press(&fixture, "\r");
		CHECK(shows(&fixture, "client secret, not shown"));
		fixture_press(&fixture, "typed-word\r");
		CHECK(!shows(&fixture, "typed-word"));
		CHECK(shows(&fixture, "Login at HealthSherpa"));
		CHECK_INT(fixture.sync.login.state, SYNC_LOGIN_WAITING);
		CHECK(!secret_is_missing(place));
		CHECK(secret_forget(place, &there, &err));
		close_login(&fixture);
	}
}

TEST(login_sync_asks_for_the_client_secret_first)
{
	struct secret_place *place;
	struct fixture fixture;
	bool there;
	struct err err = ERR_INIT;

	open_list(&fixture);
	place = &fixture.config->oauth_client_secret;
	secret_place_clear(place);
	place->kind = SECRET_ASK;
	place->kept = mem_strdup("/nowhere/client-secret");
	fixture.sync.account = true;
	fixture_press(&fixture, "s");
	CHECK(shows(&fixture, "client secret of your agency"));
	CHECK_INT(fixture.sync.starts, 0);
	fixture_press(&fixture, "\rtyped-word\r");
	CHECK_INT(fixture.sync.starts, 1);
	CHECK(secret_forget(place, &there, &err));
	close_login(&fixture);
}
