/* SPDX-License-Identifier: MIT */
#include "partner/tokens.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "base/secret.h"
#include "base/str.h"
#include "book/config.h"
#include "check.h"

static char client_id[] = "app", other_id[] = "app-2",
	    token_url[] = "https://medicare.healthsherpa.com/oauth/token";
static const struct config config = {
    .version = SERVICE_V2,
    .environment = SERVICE_STAGING,
    .oauth_client_id = client_id,
    .token_url = token_url,
};

static struct tokens
sample(void)
{
	struct tokens tokens = {
	    .access = secret_new("access-1", 8),
	    .refresh = secret_new("refresh-1", 9),
	    .scope = "partner_api_v2",
	    .account = "josé \"j\" <agent@example.com>",
	    .logged_in_ms = 1700000000123,
	    .obtained_ms = 1700000001234,
	    .expires_in_ms = 7200000,
	};

	return tokens;
}

/* The path of the one file there; static buffer. */
static const char *
only_file(void)
{
	static char path[512];
	char directory[256];
	const struct dirent *entry;
	DIR *list;

	snprintf(directory, sizeof(directory), "%s/tokens", check_directory());
	list = opendir(directory);
	REQUIRE(list != NULL);
	while ((entry = readdir(list)) != NULL)
		if (str_ends(entry->d_name, ".json"))
			snprintf(path, sizeof(path), "%s/%s", directory,
			    entry->d_name);
	closedir(list);
	REQUIRE(*path);
	return path;
}

TEST(what_is_kept_is_read_again)
{
	struct token_file *file = token_file_new(&config, check_directory());
	struct tokens tokens = sample(), again = {.expires_in_ms = -1};
	struct err err = ERR_INIT;
	struct stat info;

	CHECK(!token_file_load(file, &again, &err));
	CHECK_INT(err.kind, ERR_AUTH);
	CHECK(strstr(err.text, "belay login"));
	REQUIRE(token_file_save(file, &tokens, &err));
	REQUIRE(token_file_load(file, &again, &err));
	CHECK(tokens_same(&tokens, &again));
	CHECK_TEXT(secret_text(again.refresh), "refresh-1");
	CHECK_TEXT(again.scope, tokens.scope);
	CHECK_TEXT(again.account, tokens.account);
	CHECK_INT(again.logged_in_ms, tokens.logged_in_ms);
	CHECK_INT(again.obtained_ms, tokens.obtained_ms);
	CHECK_INT(again.expires_in_ms, tokens.expires_in_ms);
	CHECK(!again.ended);
	REQUIRE(stat(only_file(), &info) == 0);
	CHECK_INT(info.st_mode & 0777, 0600);
	tokens.ended = true;
	secret_free(tokens.refresh);
	tokens.refresh = NULL;
	REQUIRE(token_file_save(file, &tokens, &err));
	REQUIRE(token_file_load(file, &again, &err));
	CHECK(again.ended);
	CHECK(again.refresh == NULL);
	CHECK(token_file_remove(file, &err));
	CHECK(token_file_remove(file, &err));
	CHECK(!token_file_load(file, &again, &err));
	tokens_clear(&tokens);
	tokens_clear(&again);
	token_file_free(file);
}

TEST(a_file_that_others_may_read_is_not_believed)
{
	struct token_file *file = token_file_new(&config, check_directory());
	struct tokens tokens = sample(), again = {.expires_in_ms = -1};
	struct err err = ERR_INIT;
	char moved[600];

	REQUIRE(token_file_save(file, &tokens, &err));
	REQUIRE(chmod(only_file(), 0640) == 0);
	CHECK(!token_file_load(file, &again, &err));
	CHECK_INT(err.kind, ERR_AUTH);
	CHECK(strstr(err.text, "chmod 600"));
	/* a link leads to who knows what */
	REQUIRE(chmod(only_file(), 0600) == 0);
	snprintf(moved, sizeof(moved), "%s/elsewhere", check_directory());
	REQUIRE(rename(only_file(), moved) == 0);
	{
		char path[512];

		/* the name as it was */
		REQUIRE(token_file_save(file, &tokens, &err));
		str_copy(path, sizeof(path), only_file());
		REQUIRE(unlink(path) == 0);
		REQUIRE(symlink(moved, path) == 0);
	}
	CHECK(!token_file_load(file, &again, &err));
	CHECK_INT(err.kind, ERR_AUTH);
	tokens_clear(&tokens);
	token_file_free(file);
}

TEST(a_damaged_file_asks_for_a_new_login)
{
	static const char *const texts[] = {"", "{", "{}", "[]", "null",
	    "{\"access_token\":7}", "{\"access_token\":\"\"}",
	    "{\"access_token\":\"a\"", "{\"access_token\":\"a\"} x"};
	struct token_file *file = token_file_new(&config, check_directory());
	struct tokens tokens = sample(), again = {.expires_in_ms = -1};
	struct err err = ERR_INIT;

	REQUIRE(token_file_save(file, &tokens, &err));
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		check_write(only_file(), texts[i]);
		err = (struct err)ERR_INIT;
		if (!CHECK(!token_file_load(file, &again, &err)))
			printf("# %s\n", texts[i]);
		CHECK_INT(err.kind, ERR_AUTH);
		CHECK(strstr(err.text, "belay login"));
		CHECK(again.access == NULL);
	}
	tokens_clear(&tokens);
	token_file_free(file);
}

TEST(each_application_environment_and_profile_has_its_own)
{
	static char maria[] = "maria";
	struct config other = config, real = config, profile = config;
	struct token_file *file = token_file_new(&config, check_directory());
	struct token_file *files[3];
	struct tokens tokens = sample(), again = {.expires_in_ms = -1};
	struct err err = ERR_INIT;

	other.oauth_client_id = other_id;
	real.environment = SERVICE_PRODUCTION;
	profile.profile = maria;
	files[0] = token_file_new(&other, check_directory());
	files[1] = token_file_new(&real, check_directory());
	files[2] = token_file_new(&profile, check_directory());
	REQUIRE(token_file_save(file, &tokens, &err));
	for (int i = 0; i < 3; i++) {
		CHECK(!token_file_load(files[i], &again, &err));
		token_file_free(files[i]);
	}
	tokens_clear(&tokens);
	token_file_free(file);
}

TEST(one_renews_at_a_time)
{
	struct token_file *file = token_file_new(&config, check_directory());
	struct err err = ERR_INIT;
	struct file_lock *lock = token_file_lock(file, &err);

	REQUIRE(lock != NULL);
	CHECK(!token_file_lock(file, &err));
	CHECK_INT(err.kind, ERR_HELD);
	file_lock_release(lock);
	lock = token_file_lock(file, &err);
	CHECK(lock != NULL);
	file_lock_release(lock);
	token_file_free(file);
}
