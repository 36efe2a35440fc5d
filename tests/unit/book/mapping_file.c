/* SPDX-License-Identifier: MIT */
/* The document of the mapping, changed rule by rule and put back. */
#include "book/mapping_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/str.h"
#include "book/config.h"
#include "check.h"
#include "unit/book/shelf.h"

static const char text[] = "# mine\n"
			   "sync: {rate: 4/s}\n"
			   "mapping:\n"
			   "  external_id: ID  # the CRM's\n"
			   "  phone:\n"
			   "    - Mobile\n"
			   "    # then\n"
			   "    - \"Phone, home\"\n"
			   "  zip: ~\n"
			   "# end";

static struct config *
load_config(const char *path)
{
	struct err err = ERR_INIT;
	struct str problems;
	struct config *config;

	str_init(&problems, 10000);
	config = config_load(path, &problems, &err);
	CHECK_TEXT(problems.data, "");
	str_release(&problems);
	REQUIRE(config != NULL);
	return config;
}

static struct mapping_file *
open_file(const char *path, const struct mapping_start *start)
{
	struct config *config = load_config(path);
	struct err err = ERR_INIT;
	struct mapping_file *file = mapping_file_open(config, start, &err);

	CHECK_TEXT(err.text, "");
	REQUIRE(file != NULL);
	config_free(config);
	return file;
}

static void
check_file(const char *path, const char *should)
{
	char *is = check_read(path);

	CHECK_TEXT(is, should);
	free(is);
}

TEST(mapping_file_tells_rules_and_places)
{
	const char *path = shelf_path("c.yaml");
	struct mapping_file *file;
	unsigned line, column;

	check_write(path, text);
	file = open_file(path, NULL);
	CHECK_TEXT(mapping_file_path(file), path);
	CHECK(mapping_file_is_config(file));
	CHECK_TEXT(mapping_file_rule(file, FIELD_EXTERNAL_ID), "ID");
	CHECK_TEXT(
	    mapping_file_rule(file, FIELD_PHONE), "[Mobile, \"Phone, home\"]");
	CHECK(mapping_file_rule(file, FIELD_ZIP) == NULL);
	CHECK(mapping_file_rule(file, FIELD_CITY) == NULL);
	mapping_file_place(file, FIELD_PHONE, &line, &column);
	CHECK(line == 5 && column == 3);
	mapping_file_place(file, FIELD_CITY, &line, &column);
	CHECK(line == 3 && column == 1);
	mapping_file_free(file);
	mapping_file_free(NULL);
}

TEST(mapping_file_sets_undoes_and_makes_again)
{
	static const char *const after[] = {
	    "# mine\nsync: {rate: 4/s}\nmapping:\n"
	    "  external_id: ID  # the CRM's\n"
	    "  phone: Phone\n    # then\n  zip: ~\n# end",
	    "# mine\nsync: {rate: 4/s}\nmapping:\n"
	    "  external_id: ID  # the CRM's\n"
	    "  phone: Phone\n    # then\n  zip: ~\n  city: [A, B]\n# end",
	    "# mine\nsync: {rate: 4/s}\nmapping:\n"
	    "  external_id: ID  # the CRM's\n"
	    "    # then\n  zip: ~\n  city: [A, B]\n# end",
	};
	const char *path = shelf_path("c.yaml");
	struct err err = ERR_INIT;
	struct mapping_file *file;
	enum field field;
	struct stat info;

	check_write(path, text);
	CHECK(chmod(path, 0640) == 0);
	file = open_file(path, NULL);
	CHECK(!mapping_file_can_undo(file) && !mapping_file_can_redo(file));
	CHECK(!mapping_file_undo(file, &field, &err));
	CHECK_INT(err.kind, ERR_USAGE);
	CHECK(!mapping_file_redo(file, &field, &err));
	CHECK(mapping_file_set(file, FIELD_PHONE, "Phone", &err));
	check_file(path, after[0]);
	CHECK(mapping_file_set(file, FIELD_CITY, "[A, B]", &err));
	check_file(path, after[1]);
	CHECK_TEXT(mapping_file_rule(file, FIELD_CITY), "[A, B]");
	/* the same again is no step */
	CHECK(mapping_file_set(file, FIELD_CITY, "[A, B]", &err));
	CHECK(mapping_file_set(file, FIELD_PHONE, NULL, &err));
	check_file(path, after[2]);
	CHECK(mapping_file_rule(file, FIELD_PHONE) == NULL);
	CHECK(stat(path, &info) == 0 && (info.st_mode & 0777) == 0640);

	CHECK(mapping_file_undo(file, &field, &err));
	CHECK_INT(field, FIELD_PHONE);
	check_file(path, after[1]);
	CHECK_TEXT(mapping_file_rule(file, FIELD_PHONE), "Phone");
	CHECK(mapping_file_undo(file, &field, &err));
	CHECK_INT(field, FIELD_CITY);
	check_file(path, after[0]);
	CHECK(mapping_file_redo(file, &field, &err));
	CHECK_INT(field, FIELD_CITY);
	check_file(path, after[1]);
	CHECK(mapping_file_undo(file, &field, &err));
	CHECK(mapping_file_undo(file, &field, &err));
	check_file(path, text);
	CHECK(!mapping_file_can_undo(file));
	/* what was taken back is gone when something else is done */
	CHECK(mapping_file_set(file, FIELD_ZIP, "Z", &err));
	CHECK(!mapping_file_can_redo(file));
	CHECK_TEXT(err.text, "there is nothing to redo");
	mapping_file_free(file);
}

TEST(mapping_file_writes_nothing_that_is_wrong)
{
	static const struct {
		enum field field;
		const char *rule, *should;
	} cases[] = {
	    {FIELD_CITY, "[A", "this is no rule"},
	    {FIELD_CITY, "{colum: A}",
		"mapping.city.colum: not known here; did you mean column?; "
		"mapping.city: needs one of column, join, template, value, "
		"pair "
		"or list"},
	    {FIELD_CITY, "{column: A, date: m/d/y, line: 0}",
		"mapping.city.date: this field is not a date; "
		"mapping.city.line: must be a number from 1, or 2.. or 1..3"},
	    {FIELD_BIRTH_DATE, "{column: A, date: m/d}",
		"mapping.birth_date."
		"date: must be "},
	};
	const char *path = shelf_path("c.yaml");
	struct mapping_file *file;

	check_write(path, text);
	file = open_file(path, NULL);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err err = ERR_INIT;

		CHECK(!mapping_file_set(
		    file, cases[i].field, cases[i].rule, &err));
		CHECK_INT(err.kind, ERR_CONFIG);
		if (!CHECK(str_starts(err.text, cases[i].should)))
			CHECK_TEXT(err.text, cases[i].should);
		check_file(path, text);
		CHECK(!mapping_file_can_undo(file));
	}
	mapping_file_free(file);
}

TEST(mapping_file_leaves_alone_what_another_program_changed)
{
	const char *path = shelf_path("c.yaml");
	struct err err = ERR_INIT;
	struct mapping_file *file;
	enum field field = FIELD_CITY;

	check_write(path, text);
	file = open_file(path, NULL);
	CHECK(mapping_file_set(file, FIELD_CITY, "Town", &err));
	check_write(path, "mapping: {city: Place}\n");
	CHECK(!mapping_file_set(file, FIELD_ZIP, "Z", &err));
	CHECK_INT(err.kind, ERR_DATA);
	CHECK(!mapping_file_undo(file, &field, &err));
	CHECK_INT(err.kind, ERR_DATA);
	CHECK(strstr(err.text, "another program changed it"));
	check_file(path, "mapping: {city: Place}\n");
	CHECK_TEXT(mapping_file_rule(file, FIELD_CITY), "Town");

	CHECK(mapping_file_reread(file, &err));
	CHECK_TEXT(mapping_file_rule(file, FIELD_CITY), "Place");
	CHECK(mapping_file_set(file, FIELD_ZIP, "Z", &err));
	check_file(path, "mapping: {city: Place, zip: Z}\n");
	CHECK(mapping_file_undo(file, &field, &err));
	CHECK(mapping_file_undo(file, &field, &err));
	CHECK_INT(field, FIELD_COUNT);
	CHECK_TEXT(mapping_file_rule(file, FIELD_CITY), "Town");
	CHECK(mapping_file_undo(file, &field, &err));
	check_file(path, text);
	mapping_file_free(file);
}

TEST(mapping_file_keeps_the_last_good_rules)
{
	const char *path = shelf_path("c.yaml");
	struct err err = ERR_INIT;
	struct mapping_file *file;
	enum field field;

	check_write(path, text);
	file = open_file(path, NULL);
	check_write(path, "mapping: {cit: Place, zap: Z}\n");
	CHECK(!mapping_file_reread(file, &err));
	CHECK_INT(err.kind, ERR_CONFIG);
	CHECK(strstr(err.text, "c.yaml:1:11: mapping.cit: not known here; did "
			       "you mean city?; "));
	CHECK(strstr(err.text, "c.yaml:1:23: mapping.zap: not known here; did "
			       "you mean zip?"));
	CHECK_TEXT(mapping_file_rule(file, FIELD_EXTERNAL_ID), "ID");
	CHECK(!mapping_file_set(file, FIELD_ZIP, "Z", &err));
	CHECK_INT(err.kind, ERR_CONFIG);
	CHECK(mapping_file_undo(file, &field, &err));
	check_file(path, text);
	CHECK(mapping_file_set(file, FIELD_ZIP, "Z", &err));
	/* not even YAML, then gone */
	check_write(path, "mapping: [");
	CHECK(!mapping_file_reread(file, &err));
	CHECK_INT(err.kind, ERR_CONFIG);
	CHECK_TEXT(mapping_file_rule(file, FIELD_ZIP), "Z");
	CHECK(unlink(path) == 0);
	CHECK(!mapping_file_reread(file, &err));
	CHECK_INT(err.kind, ERR_NO_INPUT);
	mapping_file_free(file);
	/* the config names another file now */
	check_write(path, text);
	file = open_file(path, NULL);
	check_write(shelf_path("m.yaml"), "zip: Z\n");
	path = shelf_path("c.yaml");
	check_write(path, "mapping: m.yaml\n");
	CHECK(!mapping_file_reread(file, &err));
	CHECK(strstr(err.text, "in a file of its own now: "));
	mapping_file_free(file);
}

TEST(mapping_file_may_be_of_its_own)
{
	static const struct {
		const char *before, *after;
	} cases[] = {
	    {"# ours\ncity: Town # c\n", "# ours\ncity: Town # c\nzip: Z\n"},
	    {"# ours\nmapping:\n    city: Town\n",
		"# ours\nmapping:\n    city: Town\n    zip: Z\n"},
	    {"mapping:\n", "mapping:\n  zip: Z\n"},
	    {"# none yet\n", "# none yet\nzip: Z\n"},
	};
	const struct mapping_start start = {.mapping = "state: S\n"};
	struct err err = ERR_INIT;
	unsigned line, column;
	char config[600];

	snprintf(config, sizeof(config), "%s", shelf_path("c.yaml"));
	check_write(config, "mapping: m.yaml\n");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *path = shelf_path("m.yaml");
		struct mapping_file *file;

		check_write(path, cases[i].before);
		file = open_file(config, &start);
		path = shelf_path("m.yaml");
		CHECK(!mapping_file_is_config(file));
		CHECK_TEXT(mapping_file_path(file), path);
		CHECK(mapping_file_rule(file, FIELD_STATE) == NULL);
		CHECK(mapping_file_set(file, FIELD_ZIP, "Z", &err));
		CHECK_TEXT(err.text, "");
		check_file(path, cases[i].after);
		mapping_file_place(file, FIELD_ZIP, &line, &column);
		CHECK(line > 1 || i > 3);
		mapping_file_free(file);
	}
	check_file(config, "mapping: m.yaml\n");
}

TEST(mapping_file_writes_what_was_in_force)
{
	static const char entries[] = "external_id: {column: UID, minted: "
				      "true}\nphone: [A,\n  B]\n";
	static const struct {
		const char *start, *before, *after;
	} cases[] = {
	    {entries, "# c\nsync: {rate: 4/s}",
		"# c\nsync: {rate: 4/s}\nmapping:\n  external_id: {column: "
		"UID, minted: true}\n  phone: [A,\n    B]\n  zip: Z\n"},
	    {entries, "sync:\n  rate: 4/s\n...\n",
		"sync:\n  rate: 4/s\nmapping:\n  external_id: {column: UID, "
		"minted: true}\n  phone: [A, B]\n  zip: Z\n...\n"},
	    {entries, "mapping: # none\r\nsync: {}\r\n",
		"mapping: # none\r\n  external_id: {column: UID, minted: "
		"true}\r\n  phone: [A, B]\r\n  zip: Z\r\nsync: {}\r\n"},
	    {"mapping:\n  # the town\n  city: Town\n", "sync: {}\n",
		"sync: {}\nmapping:\n  # the town\n  city: Town\n  zip: Z\n"},
	    {NULL, "sync: {}\n", "sync: {}\nmapping:\n  zip: Z\n"},
	};
	struct err err = ERR_INIT;
	enum field field;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct mapping_start start = {.mapping = cases[i].start};
		const char *path = shelf_path("c.yaml");
		struct mapping_file *file;

		check_write(path, cases[i].before);
		file = open_file(path, &start);
		if (cases[i].start == entries)
			CHECK_TEXT(
			    mapping_file_rule(file, FIELD_PHONE), "[A, B]");
		CHECK(mapping_file_set(file, FIELD_ZIP, "Z", &err));
		check_file(path, cases[i].after);
		CHECK(mapping_file_undo(file, &field, &err));
		check_file(path, cases[i].before);
		if (cases[i].start == entries)
			CHECK_TEXT(
			    mapping_file_rule(file, FIELD_PHONE), "[A, B]");
		mapping_file_free(file);
	}
}

TEST(mapping_file_makes_a_config)
{
	static const struct {
		struct mapping_start start;
		const char *after, *undone;
	} cases[] = {
	    {{NULL, NULL}, "mapping:\n  zip: Z\n", ""},
	    {{"city: Town\n", NULL}, "mapping:\n  city: Town\n  zip: Z\n",
		"mapping:\n  city: Town\n"},
	    {{"city: Town\n", "# new\nmapping:\n  city: Town # c\nsync: {}\n"},
		"# new\nmapping:\n  city: Town # c\n  zip: Z\nsync: {}\n",
		"# new\nmapping:\n  city: Town # c\nsync: {}\n"},
	};
	const char *path;
	struct err err = ERR_INIT;
	struct stat info;
	enum field field;

	setenv("XDG_CONFIG_HOME", check_directory(), 1);
	path = shelf_path("belay/config.yaml");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct mapping_file *file;

		unlink(path);
		file = open_file(NULL, &cases[i].start);
		CHECK_TEXT(mapping_file_path(file), path);
		CHECK(access(path, F_OK) != 0);
		CHECK(mapping_file_reread(file, &err));
		CHECK(mapping_file_set(file, FIELD_ZIP, "Z", &err));
		check_file(path, cases[i].after);
		CHECK(stat(path, &info) == 0 && (info.st_mode & 0777) == 0600);
		CHECK(mapping_file_undo(file, &field, &err));
		check_file(path, cases[i].undone);
		CHECK(mapping_file_redo(file, &field, &err));
		check_file(path, cases[i].after);
		mapping_file_free(file);
	}
	/* one that came into being meanwhile is kept */
	unlink(path);
	{
		struct mapping_file *file = open_file(NULL, NULL);

		check_write(path, "sync: {}\n");
		CHECK(!mapping_file_set(file, FIELD_ZIP, "Z", &err));
		CHECK_INT(err.kind, ERR_CREATE);
		check_file(path, "sync: {}\n");
		mapping_file_free(file);
	}
}
