/* SPDX-License-Identifier: MIT */
#include "practice/sample.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "book/config.h"
#include "book/mapping.h"
#include "practice/practice.h"
#include "practice/store.h"
#include "practice/validate.h"

#include "check.h"

enum { COLUMNS = 17, COLUMN_MBI = 12, COLUMN_LINK = 16, ROWS = 3000 };

/* Splits a CSV record in place; the next one's start. Own and simple. */
static char *
split(char *text, char *cells[COLUMNS], size_t *count)
{
	char *out = text;

	*count = 0;
	for (;;) {
		bool quoted = *text == '"';
		char end;

		REQUIRE(*count < COLUMNS);
		cells[(*count)++] = out;
		text += quoted;
		while (*text && (quoted || !strchr(",\n", *text))) {
			if (quoted && *text == '"' && *++text != '"')
				break;
			*out++ = *text++;
		}
		end = *text ? *text++ : '\n';
		*out++ = '\0';
		if (end == '\n')
			return text;
		REQUIRE(end == ',');
		out = text > out ? text : out;
	}
}

static int
compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

TEST(sample_has_as_many_records_as_asked_for_all_different)
{
	static const char *numbers[ROWS], *ids[ROWS];
	size_t filled = 0, count;
	struct str csv, again;
	char *cells[COLUMNS], *text;

	str_init(&csv, 4 << 20);
	str_init(&again, 4 << 20);
	sample_csv(&csv, ROWS);
	sample_csv(&again, ROWS);
	CHECK(strcmp(csv.data, again.data) == 0);
	text = split(csv.data, cells, &count);
	CHECK_INT(count, COLUMNS);
	CHECK_TEXT(cells[COLUMN_MBI], "MBI");
	for (size_t i = 0; i < ROWS; i++) {
		REQUIRE(*text);
		text = split(text, cells, &count);
		CHECK_INT(count, COLUMNS);
		ids[i] = cells[0];
		if (*cells[COLUMN_MBI])
			numbers[filled++] = cells[COLUMN_MBI];
		if (i >= SAMPLE_WRITTEN)
			CHECK(cells[COLUMN_MBI][1] == 'S');
	}
	CHECK(!*text);
	qsort(numbers, filled, sizeof(*numbers), compare);
	for (size_t i = 1; i < filled; i++)
		CHECK(strcmp(numbers[i], numbers[i - 1]) != 0);
	/* One record id is repeated on purpose. */
	qsort(ids, ROWS, sizeof(*ids), compare);
	count = 0;
	for (size_t i = 1; i < ROWS; i++)
		count += strcmp(ids[i], ids[i - 1]) == 0;
	CHECK_INT(count, 1);
	str_release(&csv);
	str_release(&again);
}

TEST(sample_seed_knows_the_linked_people)
{
	const struct practice_options options = {.sample = true};
	struct err err = ERR_INIT;
	struct practice *practice = practice_start(&options, &err);
	struct store *store;
	struct str csv;
	char *cells[COLUMNS], *text;
	unsigned linked = 0, gone = 0;
	size_t count;

	REQUIRE(practice != NULL);
	store = practice_store(practice);
	str_init(&csv, 1 << 20);
	sample_csv(&csv, SAMPLE_WRITTEN);
	text = split(csv.data, cells, &count);
	while (*text) {
		const struct store_contact *contact;

		text = split(text, cells, &count);
		if (!*cells[COLUMN_LINK])
			continue;
		contact = store_by_id(store, cells[COLUMN_LINK]);
		if (!contact) {
			gone++;
			continue;
		}
		linked++;
		CHECK_TEXT(contact->values[SERVICE_EXTERNAL_ID], cells[0]);
		CHECK_TEXT(contact->agent, SAMPLE_AGENT);
	}
	CHECK_INT(linked, 4);
	CHECK_INT(gone, 1);
	CHECK_INT(store_count_external(store, "118"), 1);
	CHECK_INT(store_count_external(store, "117"), 0);
	str_release(&csv);
	practice_stop(practice);
}

TEST(sample_config_names_the_server_and_the_file)
{
	struct str config;

	str_init(&config, 1 << 16);
	sample_config(&config, "http://127.0.0.1:1234", "/tmp/it's/book.csv");
	CHECK(!config.cut);
	CHECK(strstr(config.data, "\ncontacts: '/tmp/it''s/book.csv'\n"));
	CHECK(strstr(config.data, " api: http://127.0.0.1:1234/v1\n"));
	CHECK(strstr(
	    config.data, " login: http://127.0.0.1:1234/sessions/new\n"));
	str_release(&config);
}

TEST(sample_config_is_a_good_config)
{
	struct err err = ERR_INIT;
	struct str text, problems;
	struct config *config;

	str_init(&text, 1 << 16);
	str_init(&problems, 1 << 16);
	sample_config(&text, "http://127.0.0.1:1234", "/tmp/book.csv");
	config = config_parse(
	    "config.yaml", text.data, text.len, &problems, &err);
	CHECK_TEXT(problems.data, "");
	REQUIRE(config != NULL);
	CHECK_INT(config->environment, SERVICE_PRACTICE);
	CHECK_TEXT(config->contacts, "/tmp/book.csv");
	CHECK_TEXT(config->agent_email, SAMPLE_AGENT);
	CHECK_TEXT(config->api_url, "http://127.0.0.1:1234/v1");
	CHECK(config_ready_to_send(config, &err));
	for (int field = FIELD_EXTERNAL_ID; field <= FIELD_MEDICARE_NUMBER;
	     field++)
		CHECK(mapping_has(config->mapping, (enum field)field));
	config_free(config);
	str_release(&text);
	str_release(&problems);
}
