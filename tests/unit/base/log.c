/* SPDX-License-Identifier: MIT */
#include "base/log.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/json.h"
#include "base/secret.h"
#include "base/str.h"
#include "check.h"

static const char *
log_path(void)
{
	static char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/log", check_directory());
	return path;
}

TEST(log_writes_one_object_a_line)
{
	struct err err = ERR_INIT;
	struct json *line;
	char *text, *second;

	umask(0);
	REQUIRE(log_open(log_path(), &err));
	LOG_EVENT(.what = "http", .method = "POST", .path = "/contacts",
	    .external_id = "crm-1\n\x1b\"", .status = 201, .bytes = 3,
	    .count = -1, .milliseconds = 12);
	LOG_EVENT(.what = "save");
	log_close();
	LOG_EVENT(.what = "nobody listens");
	text = check_read(log_path());
	second = strchr(text, '\n');
	REQUIRE(second != NULL);
	line = json_parse(text, (size_t)(second - text), &err);
	REQUIRE(line != NULL);
	CHECK_TEXT(json_string(json_get(line, "what")), "http");
	CHECK_TEXT(json_string(json_get(line, "external_id")), "crm-1\n\x1b\"");
	CHECK_TEXT(json_scalar_text(json_get(line, "status")), "201");
	CHECK_TEXT(json_scalar_text(json_get(line, "bytes")), "3");
	CHECK_TEXT(json_scalar_text(json_get(line, "ms")), "12");
	CHECK(!json_get(line, "count") && !json_get(line, "code"));
	CHECK(!strchr(text, '\x1b'));
	json_free(line);
	line = json_parse(second + 1, strlen(second + 1) - 1, &err);
	REQUIRE(line != NULL);
	CHECK_INT(json_count(line), 2);
	CHECK_INT(strlen(json_string(json_get(line, "time"))), 20);
	json_free(line);
	CHECK(!strstr(text, "nobody"));
	free(text);
}

/* Every member of an event is known here: who adds one has to look whether a
 * secret could get into it. */
TEST(log_never_writes_a_secret)
{
	static const char header[] = "X-API-Key: canary5f0c1e8a\"9b7d4c2e";
	static const char canary[] = "canary5f0c1e8a\"9b7d4c2e";
	struct secret *secret = secret_new(header, strlen(header));
	struct err err = ERR_INIT;
	char longer[100], *text;

	snprintf(longer, sizeof(longer), "before%sbehind", canary);
	REQUIRE(log_open(log_path(), &err));
	for (int i = 0; i < 3; i++) {
		const char *word = i == 0 ? header : i == 1 ? canary : longer;

		LOG_EVENT(.what = word, .external_id = word,
		    .healthsherpa_id = word, .method = word, .path = word,
		    .state = word, .code = word, .status = 200);
	}
	text = check_read(log_path());
	CHECK(!strstr(text, "canary") && !strstr(text, "9b7d4c2e"));
	CHECK(strstr(text, "\"code\":\"[secret]\",\"status\":200") != NULL);
	free(text);
	/* seven texts, five numbers */
	CHECK_INT(
	    sizeof(struct log_event), 7 * sizeof(char *) + 4 * sizeof(int64_t));
	/* once it is gone nobody can know it: this test can fail */
	secret_free(secret);
	LOG_EVENT(.what = canary);
	log_close();
	text = check_read(log_path());
	CHECK(strstr(text, "canary") != NULL);
	free(text);
}

TEST(log_is_private_and_grows)
{
	struct err err = ERR_INIT;
	struct stat info;
	char *text, link[PATH_MAX + 8];

	check_write(log_path(), "before\n");
	REQUIRE(chmod(log_path(), 0644) == 0);
	REQUIRE(log_open(log_path(), &err));
	LOG_EVENT(.what = "after");
	log_close();
	REQUIRE(stat(log_path(), &info) == 0);
	CHECK_INT(info.st_mode & 0777, 0600);
	text = check_read(log_path());
	CHECK(str_starts(text, "before\n{"));
	free(text);
	/* a link in a shared directory may lead anywhere */
	snprintf(link, sizeof(link), "%s.link", log_path());
	REQUIRE(symlink(log_path(), link) == 0);
	CHECK(!log_open(link, &err));
	CHECK_INT(err.kind, ERR_CREATE);
	CHECK(!log_open("/none/log", &err));
}
