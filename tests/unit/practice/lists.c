/* SPDX-License-Identifier: MIT */
#include "practice/lists.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/json.h"
#include "base/str.h"
#include "practice/answer.h"
#include "practice/pages.h"
#include "practice/store.h"
#include "practice/switches.h"
#include "practice/validate.h"

#include "check.h"

static struct switches
switched(const char *assignment)
{
	struct err err = ERR_INIT;
	struct switches switches;

	switches_init(&switches);
	if (assignment)
		REQUIRE(switches_set(&switches, assignment, &err));
	return switches;
}

static struct json *
parse(const char *text)
{
	struct err err = ERR_INIT;
	struct json *json = json_parse(text, strlen(text), &err);

	REQUIRE(json != NULL);
	return json;
}

/* Compares and frees. */
static bool
prints(struct json *json, const char *should)
{
	struct str text;
	bool good;

	str_init(&text, 1 << 16);
	if (json)
		json_print(&text, json);
	good = CHECK_TEXT(text.data, should);
	str_release(&text);
	json_free(json);
	return good;
}

/* The errors of taking `sent`; the caller frees. */
static struct json *
take(struct store_contact *contact, const char *sent, const char *assignment)
{
	struct switches switches = switched(assignment);
	struct json *body = parse(sent), *errors;

	errors = lists_take(contact, body, &switches);
	json_free(body);
	return errors;
}

static bool
has(const struct store_contact *contact, const char *should)
{
	struct json *object = json_object();

	lists_add(object, contact);
	return prints(object, should);
}

TEST(lists_are_kept_as_sent_and_replaced)
{
	struct err err = ERR_INIT;
	struct store *store = store_open(NULL, 1, &err);
	struct store_contact *contact = store_new(
	    store, "agent@example.com", NULL);

	CHECK(
	    has(contact, "{\"drugs\":[],\"pharmacies\":[],\"providers\":[]}"));
	CHECK(!take(contact,
	    "{\"drugs\":[{\"name\":\"Aspirin\",\"ndc\":12345678901234567890,"
	    "\"x\":{\"y\":[null,1.50]}}],"
	    "\"providers\":[{\"last_name\":\"Who\"}]}",
	    NULL));
	CHECK(has(contact,
	    "{\"drugs\":[{\"name\":\"Aspirin\",\"ndc\":12345678901234567890,"
	    "\"x\":{\"y\":[null,1.50]}}],\"pharmacies\":[],"
	    "\"providers\":[{\"last_name\":\"Who\"}]}"));
	/* What is left out stays, what is sent replaces. */
	CHECK(!take(
	    contact, "{\"drugs\":[{\"name\":\"B\"},{\"name\":\"C\"}]}", NULL));
	CHECK(has(contact,
	    "{\"drugs\":[{\"name\":\"B\"},{\"name\":\"C\"}],\"pharmacies\":[],"
	    "\"providers\":[{\"last_name\":\"Who\"}]}"));
	store_discard(contact);
	store_close(store);
}

TEST(lists_empty_or_null_as_the_switch_says)
{
	static const struct {
		const char *assignment;
		const char *after;
		int status; /* of the check; 0: good */
	} rows[] = {
	    {"nulls=clear", "[]", 0},
	    {"nulls=ignore", "[{\"name\":\"A\"}]", 0},
	    {"nulls=400", "[{\"name\":\"A\"}]", 400},
	};
	static const char *const empty[] = {
	    "{\"drugs\":[]}", "{\"drugs\":null}"};

	for (size_t i = 0; i < 6; i++) {
		struct err err = ERR_INIT;
		struct store *store = store_open(NULL, 1, &err);
		struct store_contact *contact = store_new(store, "a@b", NULL);
		struct switches switches = switched(rows[i / 2].assignment);
		struct validate_result result = {.count = 0};
		struct json *body = parse(empty[i % 2]);

		CHECK(!take(contact, "{\"drugs\":[{\"name\":\"A\"}]}", NULL));
		lists_check(body, &switches, &result);
		CHECK_INT(result.count ? validate_status(&result) : 0,
		    rows[i / 2].status);
		if (!result.count) {
			CHECK(!lists_take(contact, body, &switches));
			prints(json_copy(contact->lists[SERVICE_DRUGS]),
			    rows[i / 2].after);
		}
		json_free(body);
		store_discard(contact);
		store_close(store);
	}
}

TEST(lists_items_without_a_name_are_not_saved)
{
	static const struct {
		const char *sent;
		const char *errors; /* "": none */
	} rows[] = {
	    {"{\"drugs\":[{\"name\":\"A\"},{\"ndc\":\"1\"}]}",
		"{\"drugs\":[{\"index\":1,\"message\":\"name can't be blank\","
		"\"item\":{\"ndc\":\"1\"}}]}"},
	    {"{\"drugs\":[{\"name\":\" \"}]}",
		"{\"drugs\":[{\"index\":0,\"message\":\"name can't be blank\","
		"\"item\":{\"name\":\" \"}}]}"},
	    {"{\"pharmacies\":[5]}",
		"{\"pharmacies\":[{\"index\":0,\"message\":\"must be an "
		"object\",\"item\":5}]}"},
	    {"{\"pharmacies\":[{\"first_name\":\"A\"}]}",
		"{\"pharmacies\":[{\"index\":0,\"message\":\"name can't be "
		"blank\",\"item\":{\"first_name\":\"A\"}}]}"},
	    {"{\"providers\":[{\"first_name\":\"A\"},{\"last_name\":\"B\"},"
	     "{\"name\":\"C\"}]}",
		""},
	    {"{\"providers\":[{\"npi\":1}]}",
		"{\"providers\":[{\"index\":0,\"message\":\"first_name, "
		"last_name or name can't be blank\",\"item\":{\"npi\":1}}]}"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct err err = ERR_INIT;
		struct store *store = store_open(NULL, 1, &err);
		struct store_contact *contact = store_new(store, "a@b", NULL);

		prints(take(contact, rows[i].sent, NULL), rows[i].errors);
		CHECK(!take(contact, rows[i].sent, "validation=lenient"));
		store_discard(contact);
		store_close(store);
	}
}

TEST(lists_that_are_none_or_too_long_are_refused)
{
	struct switches switches = switched(NULL);
	struct validate_result result = {.count = 0};
	struct json *body = parse("{\"drugs\":\"Aspirin\",\"providers\":{}}");
	struct str text;

	lists_check(body, &switches, &result);
	REQUIRE(result.count == 2);
	CHECK_TEXT(result.problems[0].field, "drugs");
	CHECK_TEXT(result.problems[0].message, "must be a list");
	CHECK_TEXT(result.problems[1].field, "providers");
	CHECK_INT(validate_status(&result), 422);
	json_free(body);
	for (int count = 50; count <= 51; count++) {
		str_init(&text, 4096);
		str_add(&text, "{\"pharmacies\":[{}");
		for (int i = 1; i < count; i++)
			str_add(&text, ",{}");
		str_add(&text, "]}");
		body = parse(text.data);
		result.count = 0;
		lists_check(body, &switches, &result);
		CHECK_INT(result.count, count - 50);
		json_free(body);
		str_release(&text);
	}
	CHECK_INT(result.problems[0].status, 422);
}

TEST(lists_are_fields_of_version_2_only)
{
	struct switches switches = switched("unknown-fields=400");
	struct validate_result result;
	struct json *body = parse("{\"drugs\":\"x\"}");

	validate_contact(body, false, SERVICE_API_1, &switches, &result);
	REQUIRE(result.count == 1);
	CHECK_TEXT(result.problems[0].message, "is not a field");
	validate_contact(body, false, SERVICE_API_2, &switches, &result);
	REQUIRE(result.count == 1);
	CHECK_TEXT(result.problems[0].message, "must be a list");
	json_free(body);
}

TEST(lists_survive_in_the_file_and_show_on_the_pages)
{
	const struct page_request contacts = {.path = "/contacts"};
	struct err err = ERR_INIT;
	struct store_contact *contact;
	struct store *store;
	struct answer answer;
	char path[160], page[64];

	snprintf(path, sizeof(path), "%s/store", check_directory());
	store = store_open(path, 1, &err);
	contact = store_new(store, "agent@example.com", NULL);
	CHECK(!take(contact,
	    "{\"drugs\":[{\"name\":\"A<b>\",\"n\":1.50},{\"name\":\"B\"}],"
	    "\"providers\":[{\"first_name\":\"Dr\",\"last_name\":\"Who\"}]}",
	    NULL));
	REQUIRE(store_save(store, contact, &err));
	store_close(store);

	store = store_open(path, 1, &err);
	REQUIRE(store != NULL);
	CHECK(has(store_at(store, 0),
	    "{\"drugs\":[{\"name\":\"A<b>\",\"n\":1.50},{\"name\":\"B\"}],"
	    "\"pharmacies\":[],"
	    "\"providers\":[{\"first_name\":\"Dr\",\"last_name\":\"Who\"}]}"));
	snprintf(page, sizeof(page), "/quote/%s", store_at(store, 0)->slug);
	answer_init(&answer);
	pages_answer(
	    store, &(const struct page_request){.path = page}, &answer);
	CHECK(strstr(answer.body.data, "<li>A&lt;b&gt;</li>") != NULL);
	CHECK(strstr(answer.body.data, "<li>Dr Who</li>") != NULL);
	CHECK(strstr(answer.body.data, "Pharmacies") == NULL);
	pages_answer(store, &contacts, &answer);
	CHECK(
	    strstr(answer.body.data, "<td>2</td><td>0</td><td>1</td>") != NULL);
	answer_release(&answer);
	store_close(store);
}
