/* SPDX-License-Identifier: MIT */
#include "sync/audit.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/json.h"
#include "base/str.h"
#include "book/config.h"
#include "check.h"

/* 2026-11-30T23:59:58Z, and on. */
static int64_t wall = INT64_C(1796083198000);

static int64_t
tell(void *context)
{
	(void)context;
	return wall;
}

static const struct clock clock_here = {.wall = tell, .monotonic = tell};

static struct config *
config_of(const char *text)
{
	struct err err = ERR_INIT;
	struct config *config;
	struct str problems;

	str_init(&problems, 1000);
	config = config_parse("c.yaml", text, strlen(text), &problems, &err);
	REQUIRE(config != NULL);
	str_release(&problems);
	return config;
}

static char *
path_of(const char *name)
{
	char *audit = file_join(check_directory(), "audit");
	char *path = file_join(audit, name);

	free(audit);
	return path;
}

/* Both of a test's own. */
static struct audit *
start(struct config **config)
{
	*config = config_of("service: {agent_email: Agent@Example.com}");
	return audit_new(
	    check_directory(), *config, "/state/books/b00c", &clock_here);
}

TEST(audit_a_line_an_event_a_file_a_month)
{
	struct config *config;
	struct audit *audit = start(&config);
	char *november = path_of("2026-11.jsonl");
	char *december = path_of("2026-12.jsonl"), *text;
	struct err err = ERR_INIT;
	struct json *line;
	struct stat info;

	audit_add(audit, &(struct audit_event){.action = "create",
			     .external_id = "crm-1",
			     .healthsherpa_id = "",
			     .outcome = "sending",
			     .payload = 0xab});
	wall += 3000;
	audit_add(audit, &(struct audit_event){.action = "create",
			     .external_id = "crm-1",
			     .healthsherpa_id = "hs-1",
			     .outcome = "failed",
			     .code = "x"});
	audit_free(audit);
	REQUIRE(stat(november, &info) == 0);
	CHECK_INT(info.st_mode & 0777, 0600);
	text = check_read(november);
	CHECK(strchr(text, '\n') == strrchr(text, '\n'));
	CHECK(strstr(text, "xample") == NULL && strstr(text, "gent@") == NULL);
	line = json_parse(text, strlen(text), &err);
	CHECK_TEXT(json_string(json_get(line, "time")), "2026-11-30T23:59:58Z");
	CHECK_TEXT(json_string(json_get(line, "book")), "b00c");
	CHECK_TEXT(json_string(json_get(line, "environment")), "staging");
	CHECK_TEXT(json_string(json_get(line, "action")), "create");
	CHECK_TEXT(json_string(json_get(line, "external_id")), "crm-1");
	CHECK_TEXT(json_string(json_get(line, "outcome")), "sending");
	CHECK_TEXT(json_string(json_get(line, "payload")), "00000000000000ab");
	/* of agent@example.com: the case of letters says nothing */
	CHECK_TEXT(json_string(json_get(line, "agent")), "58a95c78e3beee83");
	CHECK(json_string(json_get(line, "user")) != NULL);
	CHECK(json_get(line, "healthsherpa_id") == NULL);
	json_free(line);
	free(text);
	text = check_read(december);
	CHECK(strstr(text, "\"outcome\":\"failed\",\"code\":\"x\"") != NULL);
	free(text);
	free(november);
	free(december);
	config_free(config);
}

TEST(audit_goes_by_whole_months)
{
	static const char *const names[] = {"2026-09.jsonl", "2026-10.jsonl",
	    "2026-11.jsonl", "2025-12.jsonl", "2026-13.jsonl", "notes.txt",
	    "2026-09.jsonl.gz"};
	struct config *config;
	struct audit *audit = start(&config);
	struct date day = {2026, 11, 1};
	struct err err = ERR_INIT;
	unsigned removed;

	CHECK(audit_purge(audit, INT64_MAX / 2, &removed, &err));
	CHECK_INT(removed, 0);
	REQUIRE(audit_ready(audit, &err));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char *path = path_of(names[i]);

		check_write(path, "");
		free(path);
	}
	/* a moment before October is over */
	CHECK(audit_purge(
	    audit, date_to_days(&day) * 86400000 - 1, &removed, &err));
	CHECK_INT(removed, 2);
	CHECK(
	    audit_purge(audit, date_to_days(&day) * 86400000, &removed, &err));
	CHECK_INT(removed, 1);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char *path = path_of(names[i]);

		CHECK((access(path, F_OK) == 0) ==
		      (i == 2 || i == 4 || i == 5 || i == 6));
		free(path);
	}
	audit_free(audit);
	config_free(config);
}

TEST(audit_that_cannot_be_written_is_told_once)
{
	struct config *config;
	struct audit *audit = start(&config);
	char *place = file_join(check_directory(), "audit");
	struct err err = ERR_INIT;

	check_write(place, "a file in its place");
	CHECK(!audit_ready(audit, &err));
	audit_add(audit, &(struct audit_event){.action = "create"});
	err = (struct err)ERR_INIT;
	CHECK(audit_take_failure(audit, &err));
	CHECK(strstr(err.text, "audit") != NULL);
	CHECK(!audit_take_failure(audit, &err));
	audit_free(audit);
	free(place);
	config_free(config);
}
