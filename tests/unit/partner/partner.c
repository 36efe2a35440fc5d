/* SPDX-License-Identifier: MIT */
#include "partner/partner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "book/config.h"
#include "check.h"
#include "server.h"

#define ID "7f3c0a52-9d1e-4b7a-8c55-0e6f1d2a3b4c"
#define ADA "{\"data\":{\"contact\":{\"id\":\"" ID "\"}}}"

static char api_url[128];
static char key_name[] = "BELAY_TEST_KEY";
static char agent[] = "agent@example.com";

static const struct field_values ada = {{
    [FIELD_EXTERNAL_ID] = "crm-1042",
    [FIELD_FIRST_NAME] = "Ada",
    [FIELD_LAST_NAME] = "Sample",
    [FIELD_BIRTH_DATE] = "1955-01-15",
}};

static struct config
make_config(int port)
{
	struct config config = {
	    .version = SERVICE_V1,
	    .environment = SERVICE_PRACTICE,
	    .agent_email = agent,
	    .api_key = {.kind = SECRET_ENV, .name = key_name},
	    .api_url = api_url,
	    .timeout_ms = 5000,
	    .birth_date_key = "birth_date",
	    .concurrency = 4,
	};

	snprintf(api_url, sizeof(api_url), "http://127.0.0.1:%d/v1", port);
	setenv(key_name, "not-a-real-key", 1);
	return config;
}

struct session {
	struct server server;
	struct config config;
	struct partner *partner;
	unsigned times;
	struct reply reply;
};

static struct session *
open_session(void (*serve)(struct peer *peer))
{
	static struct session session;
	struct err err = ERR_INIT;

	server_start(&session.server, serve);
	session.config = make_config(session.server.port);
	session.partner = partner_new(
	    &session.config, &clock_system, NULL, &err);
	if (!session.partner)
		printf("# %s\n", err.text);
	REQUIRE(session.partner != NULL);
	return &session;
}

static void
close_session(struct session *session)
{
	partner_free(session->partner);
	server_stop(&session->server);
}

static void
keep(void *context, const struct reply *reply)
{
	struct session *session = context;

	session->times++;
	session->reply = *reply;
}

static const struct reply *
finish(struct session *session)
{
	while (partner_in_flight(session->partner) > 0) {
		partner_step(session->partner);
		if (partner_in_flight(session->partner) > 0)
			partner_wait(session->partner, NULL, 0, -1);
	}
	CHECK_INT(session->times, 1);
	session->times = 0;
	return &session->reply;
}

static const struct reply *
create(struct session *session)
{
	struct err err = ERR_INIT;

	REQUIRE(partner_create(session->partner, &ada, keep, session, &err));
	return finish(session);
}

static const struct reply *
update(struct session *session, const struct field_values *values)
{
	struct err err = ERR_INIT;

	REQUIRE(
	    partner_update(session->partner, ID, values, keep, session, &err));
	return finish(session);
}

static const struct reply *
search_with(struct session *session, const char *other_key)
{
	struct err err = ERR_INIT;

	REQUIRE(partner_search(session->partner, SELECTOR_BIRTH_DATE, &ada,
	    other_key, keep, session, &err));
	return finish(session);
}

static const struct reply *
search(struct session *session)
{
	return search_with(session, NULL);
}

static void
serve_all_is_well(struct peer *peer)
{
	int fd = peer_accept(peer);

	peer_read(peer, fd);
	peer_answer(fd, 201, "", ADA);
	peer_read(peer, fd);
	peer_say(fd, "HTTP/1.1 204 No Content\r\n\r\n");
	peer_read(peer, fd);
	peer_answer(fd, 200, "", "{\"data\":{\"contact\":null}}");
	peer_linger(fd, 10000);
}

TEST(the_three_calls_go_out_and_come_back)
{
	struct session *session = open_session(serve_all_is_well);
	const struct field_values change = {{[FIELD_PHONE] = "9165550123"}};
	const struct reply *reply = create(session);

	CHECK_INT(reply->kind, REPLY_ACCEPTED);
	CHECK_TEXT(reply->contact.id, ID);
	CHECK_INT(update(session, &change)->kind, REPLY_ACCEPTED);
	CHECK_INT(search(session)->kind, REPLY_NONE);
	CHECK_INT(partner_requests(session->partner), 3);
	close_session(session);

	REQUIRE(session->server.count == 3);
	CHECK_INT(session->server.connections, 1);
	CHECK(str_starts(
	    session->server.requests[0], "POST /v1/contacts HTTP/1.1\r\n"));
	CHECK(strstr(
	    session->server.requests[0], "\r\nX-API-Key: not-a-real-key\r\n"));
	CHECK(strstr(session->server.requests[0],
	    "\r\nContent-Type: application/json\r\n"));
	CHECK(strstr(
	    session->server.requests[0], "\r\nAccept: application/json\r\n"));
	CHECK(strstr(session->server.requests[0], "\r\nUser-Agent: belay/"));
	CHECK(str_ends(session->server.requests[0],
	    "\r\n\r\n{\"agent_email\":\"agent@example.com\",\"contact\":{"
	    "\"external_id\":\"crm-1042\",\"first_name\":\"Ada\","
	    "\"last_name\":\"Sample\",\"birth_date\":\"1955-01-15\"}}"));
	CHECK(str_starts(session->server.requests[1],
	    "PATCH /v1/contacts/" ID " HTTP/1.1\r\n"));
	CHECK(str_ends(session->server.requests[1],
	    "\"contact\":{\"phone\":\"9165550123\"}}"));
	CHECK(str_starts(session->server.requests[2],
	    "POST /v1/contacts/search HTTP/1.1\r\n"));
	server_release(&session->server);
}

/* Answers the first request, then takes each and hangs up. */
static void
serve_once_then_hang_up(struct peer *peer)
{
	int fd = peer_accept(peer);

	peer_read(peer, fd);
	peer_answer(fd, 200, "", "{\"data\":{\"contact\":null}}");
	for (;;) {
		peer_read(peer, fd);
		close(fd);
		fd = peer_accept(peer);
	}
}

TEST(a_lost_create_is_unknown_and_left_once)
{
	struct session *session = open_session(serve_once_then_hang_up);

	CHECK_INT(search(session)->kind, REPLY_NONE);
	CHECK_INT(create(session)->kind, REPLY_UNKNOWN);
	CHECK_INT(partner_requests(session->partner), 2);
	close_session(session);
	CHECK_INT(session->server.count, 2);
	server_release(&session->server);
}

TEST(an_update_with_notes_is_as_careful_as_a_create)
{
	struct session *session = open_session(serve_once_then_hang_up);
	const struct field_values notes = {{[FIELD_NOTES] = "called"}};
	const struct field_values zip = {{[FIELD_ZIP] = "02134"}};

	CHECK_INT(search(session)->kind, REPLY_NONE);
	CHECK_INT(update(session, &notes)->kind, REPLY_UNKNOWN);
	CHECK_INT(update(session, &zip)->kind, REPLY_RETRY);
	close_session(session);
	CHECK(session->server.count >= 3);
	CHECK(
	    str_ends(session->server.requests[1], "{\"notes\":[\"called\"]}}"));
	CHECK(str_ends(session->server.requests[2], "{\"zip\":\"02134\"}}"));
	server_release(&session->server);
}

static void
serve_nothing(struct peer *peer)
{
	close(peer->listener);
}

TEST(nobody_there_means_not_sent)
{
	struct session *session = open_session(serve_nothing);
	const struct reply *reply;

	snprintf(api_url, sizeof(api_url), "http://127.0.0.1:%d/v1",
	    server_dead_port());
	reply = create(session);
	CHECK_INT(reply->kind, REPLY_NOT_SENT);
	CHECK_INT(reply->http, 0);
	CHECK(strstr(reply->message, "no connection"));
	CHECK_INT(search(session)->kind, REPLY_NOT_SENT);
	close_session(session);
	server_release(&session->server);
}

/* ---- the birth date's key ----------------------------------------------- */

#define REFUSAL                                                          \
	"{\"error\":{\"code\":\"invalid\",\"message\":\"date_of_birth, " \
	"email, "                                                        \
	"or phone is required\"}}"

static void
serve_other_key(struct peer *peer)
{
	int fd = peer_accept(peer);

	peer_read(peer, fd);
	peer_answer(fd, 400, "", REFUSAL);
	peer_read(peer, fd);
	peer_answer(fd, 404, "", "{\"error\":{\"code\":\"not_found\"}}");
	peer_read(peer, fd);
	peer_answer(fd, 200, "", ADA);
	peer_linger(fd, 10000);
}

TEST(a_search_finds_the_birth_dates_key_and_keeps_it)
{
	struct session *session = open_session(serve_other_key);
	char **requests = session->server.requests;

	/* one request each: when the next may leave is not for the partner */
	CHECK_INT(search(session)->kind, REPLY_REFUSED);
	CHECK_INT(partner_requests(session->partner), 1);
	CHECK_TEXT(session->reply.other_key, "date_of_birth");
	CHECK_INT(
	    search_with(session, session->reply.other_key)->kind, REPLY_NONE);
	CHECK(!session->reply.other_key);
	CHECK_INT(search(session)->kind, REPLY_FOUND);
	CHECK_INT(partner_requests(session->partner), 3);
	close_session(session);
	REQUIRE(session->server.count == 3);
	CHECK(strstr(requests[0], "\"birth_date\":\"1955-01-15\""));
	CHECK(strstr(requests[1], "\"date_of_birth\":\"1955-01-15\""));
	CHECK(strstr(requests[2], "\"date_of_birth\":\"1955-01-15\""));
	server_release(&session->server);
}

static void
serve_no_key(struct peer *peer)
{
	int fd = peer_accept(peer);

	for (int i = 0; i < 4; i++) {
		peer_read(peer, fd);
		if (i == 1)
			peer_answer(fd, 422, "", "{\"message\":\"second\"}");
		else
			peer_answer(fd, 400, "", REFUSAL);
	}
	peer_linger(fd, 10000);
}

TEST(two_refusals_name_no_third_key_and_keep_nothing)
{
	struct session *session = open_session(serve_no_key);

	CHECK_INT(search(session)->kind, REPLY_REFUSED);
	CHECK_TEXT(session->reply.other_key, "date_of_birth");
	CHECK_INT(search_with(session, session->reply.other_key)->kind,
	    REPLY_UNPROCESSABLE);
	CHECK(!session->reply.other_key);
	CHECK_INT(search(session)->kind, REPLY_REFUSED);
	CHECK_TEXT(session->reply.other_key, "date_of_birth");
	CHECK_INT(search_with(session, session->reply.other_key)->kind,
	    REPLY_REFUSED);
	CHECK(!session->reply.other_key);
	close_session(session);
	REQUIRE(session->server.count == 4);
	CHECK(strstr(session->server.requests[2], "\"birth_date\":"));
	server_release(&session->server);
}

/* ---- refused before anything leaves ------------------------------------- */

static void
check_config_refused(
    const struct config *config, enum err_kind kind, const char *words)
{
	struct err err = ERR_INIT;

	CHECK(!partner_new(config, &clock_system, check_directory(), &err));
	CHECK_INT(err.kind, kind);
	if (!CHECK(strstr(err.text, words)))
		printf("# %s\n", err.text);
}

TEST(a_config_that_cannot_work_is_refused)
{
	struct config config = make_config(1);
	static char blank[] = " ", elsewhere[] = "https://example.com/v1",
		    plain[] = "http://api.medicare.healthsherpa.com/v1";

	config.agent_email = NULL;
	check_config_refused(&config, ERR_CONFIG, "agent_email");
	config.agent_email = blank;
	check_config_refused(&config, ERR_CONFIG, "agent_email");
	config = make_config(1);
	config.environment = SERVICE_STAGING;
	check_config_refused(&config, ERR_CONFIG, "service.urls.api");
	config.api_url = elsewhere;
	check_config_refused(&config, ERR_CONFIG, "service.urls.api");
	config.api_url = plain;
	check_config_refused(&config, ERR_CONFIG, "service.urls.api");
	config = make_config(1);
	config.version = SERVICE_V2;
	check_config_refused(&config, ERR_AUTH, "belay login");
	config = make_config(1);
	unsetenv(key_name);
	check_config_refused(&config, ERR_AUTH, key_name);
}

TEST(an_id_that_would_change_the_path_is_not_sent)
{
	static const char *const bad[] = {"", ".", "..", "a b", "a\nb", NULL};
	struct session *session = open_session(serve_all_is_well);
	struct err err = ERR_INIT;

	for (const char *const *id = bad; *id; id++) {
		CHECK(!partner_update(
		    session->partner, *id, &ada, keep, session, &err));
		CHECK_INT(err.kind, ERR_DATA);
	}
	CHECK_INT(partner_requests(session->partner), 0);
	REQUIRE(partner_update(
	    session->partner, "../x?y=1#z", &ada, keep, session, &err));
	finish(session);
	close_session(session);
	CHECK(str_starts(session->server.requests[0],
	    "PATCH /v1/contacts/..%2Fx%3Fy%3D1%23z HTTP/1.1\r\n"));
	server_release(&session->server);
}

TEST(freeing_with_calls_in_flight_is_quiet)
{
	struct session *session = open_session(serve_all_is_well);
	struct err err = ERR_INIT;

	CHECK(partner_create(session->partner, &ada, keep, session, &err));
	CHECK(partner_search(session->partner, SELECTOR_BIRTH_DATE, &ada, NULL,
	    keep, session, &err));
	CHECK_INT(partner_in_flight(session->partner), 2);
	close_session(session);
	CHECK_INT(session->times, 0);
	server_release(&session->server);
	partner_free(NULL);
}
