/* SPDX-License-Identifier: MIT */
/* A mapping goes behind what a config has, or not in at all. */
#include "book/config_write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/str.h"
#include "check.h"
#include "unit/book/shelf.h"

static const char mapping[] = "mapping:\n  first_name: First\n";

TEST(config_write_adds_a_mapping_and_keeps_the_rest)
{
	static const struct {
		const char *before, *after; /* NULL: refused, as it was */
		const char *why;
	} cases[] = {
	    {"", "mapping:\n  first_name: First\n", NULL},
	    {"# mine\nsync:\n  rate: 4/s # slow",
		"# mine\nsync:\n  rate: 4/s # slow\n"
		"mapping:\n  first_name: First\n",
		NULL},
	    {"# mine\r\nsync:\r\n  rate: 4/s\r\n",
		"# mine\r\nsync:\r\n  rate: 4/s\r\n"
		"mapping:\r\n  first_name: First\r\n",
		NULL},
	    /* what follows would not belong to the config */
	    {"sync:\n  rate: 4/s\n...\n", NULL, "not written"},
	    {"{sync: {rate: 4/s}}\n", NULL, "not written"},
	    {"mapping:\n  last_name: Last\n", NULL, "a mapping already"},
	    {"sync:\n  rite: 4/s\n", NULL, "problem"},
	};
	const char *path = shelf_path("config.yaml");

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct err err = ERR_INIT;
		bool good;
		char *text;

		check_write(path, cases[i].before);
		good = config_add_mapping(path, mapping, strlen(mapping), &err);
		text = check_read(path);
		CHECK(good == (cases[i].after != NULL));
		CHECK_TEXT(
		    text, cases[i].after ? cases[i].after : cases[i].before);
		if (!cases[i].after) {
			CHECK_INT(err.kind, ERR_CONFIG);
			CHECK(strstr(err.text, cases[i].why) != NULL);
		}
		free(text);
	}
}

TEST(config_write_makes_a_config_for_its_owner_and_never_another)
{
	const char *path = shelf_path("deep/er/config.yaml");
	struct err err = ERR_INIT;
	struct stat info;
	char *text;

	CHECK(config_create(path, mapping, strlen(mapping), &err));
	CHECK(stat(path, &info) == 0 && (info.st_mode & 0777) == 0600);
	CHECK(!config_create(path, "sync: {}\n", 9, &err));
	CHECK_INT(err.kind, ERR_CREATE);
	text = check_read(path);
	CHECK_TEXT(text, mapping);
	free(text);
	/* what belay would not read is not written */
	path = shelf_path("bad.yaml");
	CHECK(!config_create(path, "mappings: {}\n", 13, &err));
	CHECK(access(path, F_OK) != 0);
}

TEST(config_write_sets_a_filter_and_keeps_the_rest)
{
	static const struct {
		const char *before, *name, *query;
		const char *after; /* NULL: refused, as it was */
		const char *why;
	} cases[] = {
	    {"", "florida", "state:FL",
		"desk:\n  filters:\n    florida: \"state:FL\"\n", NULL},
	    {"# mine\nsync: {rate: 4/s} # slow\n", "van-der", "\"van der\" -x",
		"# mine\nsync: {rate: 4/s} # slow\n"
		"desk:\n  filters:\n    van-der: \"\\\"van der\\\" -x\"\n",
		NULL},
	    {"desk:\n  mask: true # yes\n  filters:\n    a: x # one\n"
	     "# end\n",
		"b", "t65<90",
		"desk:\n  mask: true # yes\n  filters:\n    a: x # one\n"
		"    b: \"t65<90\"\n# end\n",
		NULL},
	    {"desk:\r\n  filters:\r\n    a: x # one\r\n", "a", "y",
		"desk:\r\n  filters:\r\n    a: \"y\" # one\r\n", NULL},
	    {"desk: {filters: {a: x, b: y}}\n", "a", NULL,
		"desk: {filters: {b: y}}\n", NULL},
	    {"desk: {filters: {a: x}}\n", "b", "@a state:FL|GA",
		"desk: {filters: {a: x, b: \"@a state:FL|GA\"}}\n", NULL},
	    /* not changed when it is no good before or after */
	    {"desk: {filters: []}\n", "a", "x", NULL, "map"},
	    {"desk: [\n", "a", "x", NULL, "config.yaml:"},
	    {"sync: {rite: 4/s}\n", "a", "x", NULL, "problem"},
	    {"sync: {}\n", "two words", "x", NULL, "problem"},
	};
	const char *path = shelf_path("config.yaml");

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct err err = ERR_INIT;
		bool good;
		char *text;

		check_write(path, cases[i].before);
		good = config_set_filter(
		    path, cases[i].name, cases[i].query, &err);
		text = check_read(path);
		CHECK(good == (cases[i].after != NULL));
		CHECK_TEXT(
		    text, cases[i].after ? cases[i].after : cases[i].before);
		if (!cases[i].after && !CHECK(strstr(err.text, cases[i].why)))
			printf("# %s\n", err.text);
		free(text);
	}
}

TEST(config_write_makes_a_config_for_a_filter)
{
	const char *path = shelf_path("new/config.yaml");
	struct err err = ERR_INIT;
	struct stat info;
	char *text;

	CHECK(config_set_filter(path, "a", "x", &err));
	CHECK(stat(path, &info) == 0 && (info.st_mode & 0777) == 0600);
	text = check_read(path);
	CHECK_TEXT(text, "desk:\n  filters:\n    a: \"x\"\n");
	free(text);
}

TEST(config_write_puts_the_email_in_the_place_of_its_example)
{
	const char *path = shelf_path("config.yaml");
	struct err err = ERR_INIT;
	struct str problems;
	struct config *config;
	char *text;

	check_write(path, "service:\n  environment: staging\n"
			  "  # who\n" CONFIG_AGENT_EXAMPLE "  # key\n");
	str_init(&problems, 4096);
	config = config_load(path, &problems, &err);
	REQUIRE(config != NULL);
	CHECK(!config_keep_agent(config, "ruth", &err));
	CHECK(config_keep_agent(config, "ruth@example.com", &err));
	text = check_read(path);
	CHECK_TEXT(text, "service:\n  environment: staging\n"
			 "  agent_email: ruth@example.com\n"
			 "  # who\n  # key\n");
	free(text);
	config_free(config);
	str_release(&problems);
}

TEST(config_write_keeps_the_columns_of_the_list)
{
	const char *path = shelf_path("config.yaml");
	struct config_columns columns = {.list = NULL};
	struct config_column name = {.name = (char[]){"name"}};
	struct config_column of_file = {
	    .name = (char[]){"status"}, .of_file = true, .width = 9};
	struct err err = ERR_INIT;
	struct str problems;
	struct config *config;
	char *text;

	check_write(path, "desk:\n  mask: true # yes\n");
	str_init(&problems, 4096);
	config = config_load(path, &problems, &err);
	REQUIRE(config != NULL);
	config_columns_add(&columns, &name);
	config_columns_add(&columns, &of_file);
	CHECK(config_keep_columns(config, "columns", &columns, &err));
	text = check_read(path);
	CHECK_TEXT(text, "desk:\n  mask: true # yes\n"
			 "  columns: [name, {column: status, width: 9}]\n");
	free(text);
	CHECK(config_columns_same(&config->columns, &columns));
	config_columns_free(&columns);
	CHECK(config_keep_columns(config, "columns", &columns, &err));
	text = check_read(path);
	CHECK_TEXT(text, "desk:\n  mask: true # yes\n");
	free(text);
	CHECK_INT(config->columns.count, 0);
	config_free(config);
	str_release(&problems);
}
