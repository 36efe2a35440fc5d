/* SPDX-License-Identifier: MIT */
#include "practice/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/json.h"
#include "base/str.h"

#include "check.h"

static const char *
store_path(void)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/store", check_directory());
	return path;
}

static struct store_contact *
add(struct store *store, const char *external_id, const char *last_name)
{
	struct err err = ERR_INIT;
	struct store_contact *contact = store_new(
	    store, "agent@example.com", NULL);

	store_set(contact, SERVICE_EXTERNAL_ID, external_id, false);
	store_set(contact, SERVICE_FIRST_NAME, "Ada", false);
	store_set(contact, SERVICE_LAST_NAME, last_name, false);
	REQUIRE(store_save(store, contact, &err));
	return contact;
}

TEST(store_finds_by_each_key)
{
	struct err err = ERR_INIT;
	struct store *store = store_open(NULL, 0, &err);
	struct store_contact *a = add(store, "1", "Sample");
	struct store_contact *b = add(store, "2", "SAMPLE");
	uint32_t cursor = 0;

	CHECK(store_by_id(store, a->id) == a);
	CHECK(store_by_slug(store, b->slug) == b);
	CHECK(store_with(store, SERVICE_LAST_NAME, "sample", &cursor) == b);
	CHECK(store_with(store, SERVICE_LAST_NAME, "sample", &cursor) == a);
	CHECK(!store_with(store, SERVICE_LAST_NAME, "sample", &cursor));
	CHECK(!store_by_id(store, "x"));
	CHECK_INT(store_count(store), 2);
	store_close(store);
}

TEST(store_follows_a_changed_key)
{
	struct err err = ERR_INIT;
	struct store *store = store_open(NULL, 0, &err);
	struct store_contact *a = add(store, "1", "Before");
	uint32_t cursor = 0;

	store_set(a, SERVICE_LAST_NAME, "After", false);
	REQUIRE(store_save(store, a, &err));
	CHECK(!store_with(store, SERVICE_LAST_NAME, "Before", &cursor));
	cursor = 0;
	CHECK(store_with(store, SERVICE_LAST_NAME, "After", &cursor) == a);
	store_set(a, SERVICE_LAST_NAME, "Before", false);
	REQUIRE(store_save(store, a, &err));
	cursor = 0;
	CHECK(store_with(store, SERVICE_LAST_NAME, "Before", &cursor) == a);
	CHECK(!store_with(store, SERVICE_LAST_NAME, "Before", &cursor));
	CHECK_INT(store_count(store), 1);
	store_close(store);
}

TEST(store_counts_per_external_id_through_growth)
{
	struct err err = ERR_INIT;
	struct store *store = store_open(NULL, 0, &err);
	char name[16];

	for (int i = 0; i < 3000; i++) {
		snprintf(name, sizeof(name), "%d", i % 1500);
		add(store, name, "Sample");
	}
	for (int i = 0; i < 1500; i++) {
		snprintf(name, sizeof(name), "%d", i);
		CHECK_INT(store_count_external(store, name), 2);
	}
	CHECK_INT(store_count_external(store, "1500"), 0);
	store_close(store);
}

TEST(store_survives_and_keeps_everything)
{
	struct err err = ERR_INIT;
	struct store *store = store_open(store_path(), 0, &err);
	struct store_contact *a = add(store, "1", "Sämple \"x\"\n");
	char id[37], slug[STORE_SLUG_SIZE];

	store_set(a, SERVICE_EXTRA_HELP, "true", true);
	store_set(a, SERVICE_MEDICAID_ELIGIBLE, "false", false);
	store_add_note(a, "one");
	store_add_note(a, "two");
	a->app = false;
	REQUIRE(store_save(store, a, &err));
	add(store, "2", "Other");
	memcpy(id, a->id, sizeof(id));
	memcpy(slug, a->slug, sizeof(slug));
	/* As after a kill: nothing is written at the end. */
	store_close(store);

	store = store_open(store_path(), 0, &err);
	REQUIRE(store != NULL);
	CHECK_INT(store_count(store), 2);
	a = store_by_id(store, id);
	REQUIRE(a != NULL);
	CHECK_TEXT(a->slug, slug);
	CHECK_TEXT(a->agent, "agent@example.com");
	CHECK_TEXT(a->values[SERVICE_LAST_NAME], "Sämple \"x\"\n");
	CHECK_TEXT(a->values[SERVICE_EXTRA_HELP], "true");
	CHECK_INT(a->booleans, 1u << SERVICE_EXTRA_HELP);
	CHECK_TEXT(a->values[SERVICE_MEDICAID_ELIGIBLE], "false");
	CHECK(!a->values[SERVICE_EMAIL]);
	CHECK_INT(json_count(a->notes), 2);
	CHECK(!a->app);
	CHECK_INT(a->number, 0);
	store_close(store);
}

TEST(store_cuts_a_torn_line_off)
{
	struct err err = ERR_INIT;
	struct store *store = store_open(store_path(), 0, &err);
	char *text;
	FILE *file;

	add(store, "1", "Sample");
	store_close(store);
	file = fopen(store_path(), "a");
	REQUIRE(file != NULL);
	fputs("{\"id\":\"half", file);
	fclose(file);

	store = store_open(store_path(), 0, &err);
	REQUIRE(store != NULL);
	CHECK_INT(store_count(store), 1);
	add(store, "2", "Sample");
	store_close(store);
	store = store_open(store_path(), 0, &err);
	REQUIRE(store != NULL);
	CHECK_INT(store_count(store), 2);
	store_close(store);
	text = check_read(store_path());
	CHECK(!strstr(text, "half"));
	free(text);
}

TEST(store_names_the_line_that_is_no_contact)
{
	struct err err = ERR_INIT;

	check_write(store_path(), "{\"agent\":\"a@example.com\"}\n");
	CHECK(!store_open(store_path(), 0, &err));
	CHECK(strstr(err.text, ":1: this is no stored contact") != NULL);
	check_write(store_path(), "junk\n");
	CHECK(!store_open(store_path(), 0, &err));
	CHECK(strstr(err.text, "/store:1: ") != NULL);
	CHECK(!store_open("/nonexistent/store", 0, &err));
	CHECK_INT(err.kind, ERR_NO_INPUT);
}

TEST(store_seed_makes_ids_repeat)
{
	struct err err = ERR_INIT;
	struct store *a = store_open(NULL, 7, &err);
	struct store *b = store_open(NULL, 7, &err);
	struct store *c = store_open(NULL, 0, &err);
	const char *first = add(a, "1", "Sample")->id;

	CHECK_TEXT(add(b, "9", "Else")->id, first);
	CHECK(strcmp(add(a, "2", "Sample")->id, first) != 0);
	CHECK(strcmp(add(c, "1", "Sample")->id, first) != 0);
	CHECK_INT(first[14], '4');
	CHECK_INT(strlen(first), 36);
	store_close(a);
	store_close(b);
	store_close(c);
}
