/* SPDX-License-Identifier: MIT */
/*
 * belay's calls against the practice server. Neither was written from the
 * other, so where they agree they read the service's documentation alike:
 * under each switch, and under each fault of a script.
 */
#include "rig.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"

#include "check.h"

/* Every field goes and is taken under the strict rules of the other side. */
TEST(calls_all_fields_arrive)
{
	static const char *const strict[] = {"unknown-fields=400", NULL};
	struct field_values values = rig_ada();
	struct json *line;
	struct rig rig;

	rig_start(&rig, NULL, strict);
	CHECK_INT(rig_create(&rig, &values), REPLY_ACCEPTED);
	CHECK_INT(rig.reply.http, 201);
	CHECK_TEXT(rig.reply.contact.external_id, "crm-1");
	CHECK(strstr(rig.reply.quote_url, "/quote/") != NULL);
	line = server_log(&rig.server, 0);
	CHECK_TEXT(json_text_at(line, "agent_email"), "agent@example.com");
	CHECK_TEXT(
	    json_text_at(line, "body.contact.medicare_number"), "1EG4TE5MK73");
	CHECK(json_is_bool(json_get(
	    json_get(json_get(line, "body"), "contact"), "extra_help")));
	CHECK_TEXT(
	    json_string(json_at(
		json_get(json_get(json_get(line, "body"), "contact"), "notes"),
		0)),
	    "Called in May");
	json_free(line);
	rig_stop(&rig);
}

TEST(calls_search_by_each_selector)
{
	struct field_values values = rig_ada();
	struct rig rig;

	rig_start(&rig, NULL, NULL);
	for (int i = 0; i < SELECTOR_COUNT; i++)
		CHECK_INT(rig_search(&rig, (enum selector)i), REPLY_NONE);
	CHECK_INT(rig_create(&rig, &values), REPLY_ACCEPTED);
	for (int i = 0; i < SELECTOR_COUNT; i++) {
		CHECK_INT(rig_search(&rig, (enum selector)i), REPLY_FOUND);
		CHECK_TEXT(rig.reply.contact.external_id, "crm-1");
		CHECK_TEXT(rig.reply.contact.birth_date, "1955-01-15");
		CHECK_TEXT(rig.reply.contact.medicare_number, "1EG4TE5MK73");
		CHECK_TEXT(rig.reply.contact.first_name, "Ada");
		CHECK_TEXT(rig.reply.contact.phone, "9165550123");
	}
	rig_stop(&rig);
}

TEST(calls_search_finds_the_other_birth_date_key_once)
{
	static const char *const other[] = {
	    "birth-date-key=date_of_birth", NULL};
	struct field_values values = rig_ada();
	struct rig rig;

	rig_start(&rig, NULL, other);
	CHECK_INT(rig_create(&rig, &values), REPLY_ACCEPTED);
	CHECK_INT(rig_search(&rig, SELECTOR_BIRTH_DATE), REPLY_FOUND);
	CHECK_INT(rig_received(&rig, "search"), 2);
	CHECK_INT(rig_search(&rig, SELECTOR_BIRTH_DATE), REPLY_FOUND);
	CHECK_INT(rig_received(&rig, "search"), 3);
	rig_stop(&rig);
}

/* One contact's life under one combination of readings. */
static void
live(const char *const *switches, bool with_body)
{
	struct field_values values = rig_ada();
	struct field_values change = {{[FIELD_PHONE] = "9165550124"}};
	struct field_values bad = {{[FIELD_PHONE] = "(916) 555-0124"}};
	struct rig rig;
	char id[128];

	rig_start(&rig, NULL, switches);
	CHECK_INT(rig_search(&rig, SELECTOR_MEDICARE_NUMBER), REPLY_NONE);
	REQUIRE(rig_create(&rig, &values) == REPLY_ACCEPTED);
	snprintf(id, sizeof(id), "%s", rig.reply.contact.id);
	CHECK_INT(strlen(id), 36);
	CHECK_INT(rig_search(&rig, SELECTOR_BIRTH_DATE), REPLY_FOUND);
	CHECK_TEXT(rig.reply.contact.id, id);
	CHECK_TEXT(rig.reply.contact.birth_date, "1955-01-15");
	CHECK_INT(rig_update(&rig, id, &change), REPLY_ACCEPTED);
	CHECK_INT(*rig.reply.quote_url != '\0', with_body);
	CHECK_INT(rig_update(&rig, id, &bad), REPLY_REFUSED);
	CHECK(strstr(rig.reply.message, "valid phone number") != NULL);
	CHECK_INT(rig_create(&rig, &values), REPLY_UNPROCESSABLE);
	CHECK(strstr(rig.reply.message, "already been taken") != NULL);
	CHECK_INT(
	    rig_update(&rig, "0be1a900-0000-4000-8000-000000000000", &change),
	    REPLY_GONE);
	rig_stop(&rig);
}

TEST(calls_agree_under_every_reading)
{
	static const char *const creates[] = {
	    "create-status=201", "create-status=200"};
	static const char *const updates[] = {"update-status=200",
	    "update-status=204", "update-status=204-unchanged"};
	static const char *const envelopes[] = {
	    "envelope=data", "envelope=bare"};
	static const char *const errors[] = {"error-shape=object",
	    "error-shape=string", "error-shape=errors", "error-shape=message"};
	static const char *const nobody[] = {
	    "no-match=404", "no-match=422", "no-match=nulls", "no-match=empty"};

	for (size_t i = 0; i < 2 * 3 * 2 * 4 * 4; i++) {
		const char *const switches[] = {creates[i % 2],
		    updates[i / 2 % 3], envelopes[i / 6 % 2],
		    errors[i / 12 % 4], nobody[i / 48 % 4],
		    i % 3 ? "dates=sent" : "dates=iso", NULL};

		/* Without a code, 404 and 422 do not say what is missing:
		 * an error, not an absence. */
		if (i / 12 % 4 == 3 && i / 48 % 4 < 2)
			continue;
		live(switches, i / 2 % 3 != 1);
	}
}

TEST(calls_partial_success_wherever_it_stands)
{
	static const char *const places[][2] = {{"partial=data", NULL},
	    {"partial=top", NULL}, {"partial=contact", NULL},
	    {"partial=bare", NULL}};

	for (size_t i = 0; i < 4; i++) {
		struct field_values values = rig_ada();
		struct rig rig;

		rig_start(&rig, "create 1 partial", places[i]);
		CHECK_INT(rig_create(&rig, &values), REPLY_ACCEPTED);
		CHECK(rig.reply.partial);
		rig_stop(&rig);
	}
}

TEST(calls_under_each_fault)
{
	static const struct {
		const char *action;
		enum reply_kind create, search, update;
	} rows[] = {
	    /* What is safe to repeat, the library repeats by itself. */
	    {"drop", REPLY_UNKNOWN, REPLY_FOUND, REPLY_ACCEPTED},
	    {"commit-then-drop", REPLY_UNKNOWN, REPLY_FOUND, REPLY_ACCEPTED},
	    {"500", REPLY_UNKNOWN, REPLY_RETRY, REPLY_RETRY},
	    {"commit-then-500", REPLY_UNKNOWN, REPLY_RETRY, REPLY_RETRY},
	    {"commit-then-502", REPLY_UNKNOWN, REPLY_RETRY, REPLY_RETRY},
	    {"commit-then-503", REPLY_UNKNOWN, REPLY_RETRY, REPLY_RETRY},
	    {"commit-then-504", REPLY_UNKNOWN, REPLY_RETRY, REPLY_RETRY},
	    {"408", REPLY_UNKNOWN, REPLY_RETRY, REPLY_RETRY},
	    {"truncate", REPLY_UNKNOWN, REPLY_RETRY, REPLY_RETRY},
	    {"huge", REPLY_UNKNOWN, REPLY_RETRY, REPLY_RETRY},
	    {"junk", REPLY_UNKNOWN, REPLY_RETRY, REPLY_RETRY},
	    {"401", REPLY_UNAUTHORISED, REPLY_UNAUTHORISED, REPLY_UNAUTHORISED},
	    {"403", REPLY_FORBIDDEN, REPLY_FORBIDDEN, REPLY_FORBIDDEN},
	    {"413", REPLY_REFUSED, REPLY_REFUSED, REPLY_REFUSED},
	    {"429", REPLY_SLOW_DOWN, REPLY_SLOW_DOWN, REPLY_SLOW_DOWN},
	    {"redirect https://example.com/", REPLY_REFUSED, REPLY_REFUSED,
		REPLY_REFUSED},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct field_values values = rig_ada();
		struct field_values change = {{[FIELD_CITY] = "Davis"}};
		char script[256], id[128];
		struct rig rig;
		bool good = true;

		snprintf(script, sizeof(script),
		    "create 2 %s\nsearch 2 %s\nupdate 1 %s\n", rows[i].action,
		    rows[i].action, rows[i].action);
		rig_start(&rig, script,
		    (const char *const[]){"duplicate=second", NULL});
		/* The connection has been used by then: the case in which a
		 * library would send again by itself. */
		REQUIRE(rig_create(&rig, &values) == REPLY_ACCEPTED);
		snprintf(id, sizeof(id), "%s", rig.reply.contact.id);
		good &= CHECK_INT(rig_create(&rig, &values), rows[i].create);
		good &= CHECK_INT(rig_received(&rig, "create"), 2);
		REQUIRE(rig_search(&rig, SELECTOR_EMAIL) == REPLY_FOUND);
		good &= CHECK_INT(
		    rig_search(&rig, SELECTOR_EMAIL), rows[i].search);
		good &= CHECK_INT(
		    rig_update(&rig, id, &change), rows[i].update);
		if (!good)
			printf("# in %s\n", rows[i].action);
		rig_stop(&rig);
	}
}

TEST(calls_create_without_an_id_in_the_answer_is_unknown)
{
	struct field_values values = rig_ada();
	struct rig rig;

	rig_start(&rig, "create 1 no-id\nsearch 2 other\nsearch 3 null", NULL);
	CHECK_INT(rig_create(&rig, &values), REPLY_UNKNOWN);
	CHECK_INT(rig_search(&rig, SELECTOR_MEDICARE_NUMBER), REPLY_FOUND);
	CHECK_TEXT(rig.reply.contact.external_id, "crm-1");
	CHECK_INT(rig_search(&rig, SELECTOR_MEDICARE_NUMBER), REPLY_FOUND);
	CHECK_TEXT(rig.reply.contact.external_id, "someone-else");
	CHECK_INT(rig_search(&rig, SELECTOR_MEDICARE_NUMBER), REPLY_NONE);
	rig_stop(&rig);
}

TEST(calls_update_with_notes_is_not_repeatable)
{
	struct field_values values = rig_ada();
	struct field_values note = {{[FIELD_NOTES] = "Called in June"}};
	struct rig rig;
	char id[128];

	rig_start(
	    &rig, "update 1 commit-then-503\nupdate 2 commit-then-drop", NULL);
	REQUIRE(rig_create(&rig, &values) == REPLY_ACCEPTED);
	snprintf(id, sizeof(id), "%s", rig.reply.contact.id);
	CHECK_INT(rig_update(&rig, id, &note), REPLY_UNKNOWN);
	CHECK_INT(rig_update(&rig, id, &note), REPLY_UNKNOWN);
	CHECK_INT(rig_received(&rig, "update"), 2);
	rig_stop(&rig);
}

TEST(calls_read_every_retry_after)
{
	static const struct {
		const char *form;
		int64_t least, most;
	} rows[] = {
	    {"retry-after=seconds", 1000, 1000},
	    {"retry-after=date", 0, 2000},
	    {"retry-after=absurd", 86400000, 86400000},
	    {"retry-after=none", -1, -1},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct rig rig;

		rig_start(&rig, NULL,
		    (const char *const[]){"rate=1/1h", rows[i].form, NULL});
		CHECK_INT(rig_search(&rig, SELECTOR_PHONE), REPLY_NONE);
		CHECK_INT(rig_search(&rig, SELECTOR_PHONE), REPLY_SLOW_DOWN);
		CHECK(rig.reply.retry_after_ms >= rows[i].least);
		CHECK(rig.reply.retry_after_ms <= rows[i].most);
		rig_stop(&rig);
	}
}

TEST(calls_a_malformed_medicare_number_is_unprocessable)
{
	struct field_values values = rig_ada();
	struct rig rig;

	rig_start(&rig, NULL, NULL);
	values.text[FIELD_MEDICARE_NUMBER] = "1EG4-TE5-MK73";
	CHECK_INT(rig_create(&rig, &values), REPLY_UNPROCESSABLE);
	CHECK(strstr(rig.reply.message, "Medicare number") != NULL);
	rig_stop(&rig);
}
