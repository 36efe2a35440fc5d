/* SPDX-License-Identifier: MIT */
/*
 * The file is small JSON. It is read with the pull parser into guarded memory
 * and written from there, so that no library keeps copies of the tokens.
 *
 * Hazard: the file says who may speak for an agent. It is only believed when it
 * is ours, closed to others, and no link to somewhere else.
 */
#include "partner/tokens.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/file.h"
#include "base/json.h"
#include "base/json_pull.h"
#include "base/mem.h"
#include "base/secret.h"
#include "base/str.h"
#include "book/config.h"

/* Two tokens and a few words. */
enum { FILE_MAX = 4 * SECRET_MAX };

struct token_file {
	char *directory;
	char *path;
	char *lock_path;
	char advice[CONFIG_ADVICE_SIZE]; /* how to log in */
};

void
tokens_clear(struct tokens *tokens)
{
	secret_free(tokens->access);
	secret_free(tokens->refresh);
	*tokens = (struct tokens){.expires_in_ms = -1};
}

bool
tokens_same(const struct tokens *a, const struct tokens *b)
{
	return a->access && b->access &&
	       strcmp(secret_text(a->access), secret_text(b->access)) == 0;
}

/* ---- where -------------------------------------------------------------- */

/* The application and whoever logs in through it. */
static void
add_name(struct str *out, const struct config *config)
{
	struct crypto_digest digest;
	uint8_t hash[CRYPTO_DIGEST_SIZE];
	char hex[17];
	const char *parts[] = {
	    config->oauth_client_id, config->token_url, config->profile};

	crypto_digest_start(&digest);
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (parts[i])
			crypto_digest_add(
			    &digest, parts[i], strlen(parts[i]) + 1);
	crypto_digest_end(&digest, hash);
	crypto_hex(hex, hash, 8);
	str_addf(
	    out, "%s-%s", config_environment_word(config->environment), hex);
}

struct token_file *
token_file_new(const struct config *config, const char *state_dir)
{
	struct token_file *file = mem_zalloc(sizeof(*file));
	char *usual = state_dir ? NULL : file_state_dir();
	struct str name;

	config_login_advice(config->profile, false, file->advice);
	str_init(&name, 128);
	add_name(&name, config);
	file->directory = file_join(state_dir ? state_dir : usual, "tokens");
	str_add(&name, ".json");
	file->path = file_join(file->directory, name.data);
	str_add(&name, ".lock");
	file->lock_path = file_join(file->directory, name.data);
	str_release(&name);
	free(usual);
	return file;
}

void
token_file_free(struct token_file *file)
{
	if (!file)
		return;
	free(file->directory);
	free(file->path);
	free(file->lock_path);
	free(file);
}

/* ---- reading ------------------------------------------------------------ */

static struct secret *
read_secret(struct secret *old, const char *text, size_t len)
{
	secret_free(old);
	return len > 0 && len <= SECRET_MAX ? secret_new(text, len) : NULL;
}

static void
read_member(struct tokens *tokens, const char *name, const char *text,
    size_t len, enum json_token token)
{
	bool quoted = token == JSON_TOKEN_STRING;
	struct str value;

	if (strcmp(name, "access_token") == 0) {
		tokens->access = read_secret(
		    tokens->access, text, quoted ? len : 0);
		return;
	}
	if (strcmp(name, "refresh_token") == 0) {
		tokens->refresh = read_secret(
		    tokens->refresh, text, quoted ? len : 0);
		return;
	}
	str_init(&value, TOKENS_ACCOUNT_SIZE);
	json_decode(&value, text, len);
	if (strcmp(name, "scope") == 0)
		str_copy(tokens->scope, sizeof(tokens->scope), value.data);
	else if (strcmp(name, "account") == 0)
		str_copy(tokens->account, sizeof(tokens->account), value.data);
	else if (strcmp(name, "logged_in_ms") == 0)
		tokens->logged_in_ms = strtoll(value.data, NULL, 10);
	else if (strcmp(name, "obtained_ms") == 0)
		tokens->obtained_ms = strtoll(value.data, NULL, 10);
	else if (strcmp(name, "expires_in_ms") == 0)
		tokens->expires_in_ms = strtoll(value.data, NULL, 10);
	else if (strcmp(name, "ended") == 0)
		tokens->ended = token == JSON_TOKEN_TRUE;
	str_release(&value);
}

static bool
parse(struct tokens *tokens, const char *text, size_t len)
{
	enum json_token token;
	struct json_pull pull;
	char name[32] = "";

	json_pull_init(&pull, text, len);
	pull.whole = true;
	while ((token = json_pull_next(&pull)) > JSON_TOKEN_END) {
		bool quoted = token == JSON_TOKEN_KEY ||
			      token == JSON_TOKEN_STRING;
		const char *value = text + pull.start + quoted;
		size_t size = pull.end - pull.start - 2 * (size_t)quoted;

		if (pull.depth != 1 || token == JSON_TOKEN_OBJECT)
			continue;
		if (token == JSON_TOKEN_KEY)
			(void)snprintf(
			    name, sizeof(name), "%.*s", (int)size, value);
		else
			read_member(tokens, name, value, size, token);
	}
	return token == JSON_TOKEN_END && tokens->access;
}

static int
open_file(struct token_file *file, struct err *err)
{
	int fd = open(
	    file->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	if (fd >= 0) {
		if (secret_file_is_private(fd, file->path, "the login in", err))
			return fd;
		close(fd);
	} else if (errno == ENOENT) {
		err_set(err, ERR_AUTH,
		    "nobody is logged in to HealthSherpa yet: %s",
		    file->advice);
	} else {
		file_fail_errno(err, ERR_AUTH, "read", file->path);
	}
	return -1;
}

bool
token_file_load(struct token_file *file, struct tokens *tokens, struct err *err)
{
	char *text;
	ssize_t len;
	int fd = open_file(file, err);
	bool good;

	tokens_clear(tokens);
	if (fd < 0)
		return false;
	text = crypto_guarded_alloc(FILE_MAX + 1);
	len = file_read(fd, text, FILE_MAX);
	close(fd);
	text[len > 0 ? len : 0] = '\0';
	good = len > 0 && parse(tokens, text, (size_t)len);
	crypto_guarded_free(text);
	if (good)
		return true;
	tokens_clear(tokens);
	return err_set(err, ERR_AUTH,
	    "the kept login cannot be read any more: %s", file->advice);
}

/* ---- writing ------------------------------------------------------------ */

static void
add_text(struct str *out, const char *name, const char *text)
{
	str_addf(out, "  \"%s\": ", name);
	json_print_text(out, text, JSON_ESCAPE_WIDE);
	str_add(out, ",\n");
}

static void
print(struct str *out, const struct tokens *tokens)
{
	str_add(out, "{\n");
	add_text(out, "access_token", secret_text(tokens->access));
	if (tokens->refresh)
		add_text(out, "refresh_token", secret_text(tokens->refresh));
	add_text(out, "scope", tokens->scope);
	add_text(out, "account", tokens->account);
	str_addf(out,
	    "  \"logged_in_ms\": %lld,\n  \"obtained_ms\": %lld,\n"
	    "  \"expires_in_ms\": %lld,\n  \"ended\": %s\n}\n",
	    (long long)tokens->logged_in_ms, (long long)tokens->obtained_ms,
	    (long long)tokens->expires_in_ms, tokens->ended ? "true" : "false");
}

bool
token_file_exists(const struct token_file *file)
{
	return access(file->path, F_OK) == 0;
}

bool
token_file_save(
    struct token_file *file, const struct tokens *tokens, struct err *err)
{
	struct str text;
	bool good;

	if (!file_make_private_dir(file->directory, err))
		return false;
	str_init(&text, FILE_MAX);
	str_grow(&text);
	print(&text, tokens);
	good = file_replace(file->path, text.data, text.len, err);
	crypto_wipe(text.data, text.size);
	str_release(&text);
	return good;
}

struct file_lock *
token_file_lock(struct token_file *file, struct err *err)
{
	if (!file_make_private_dir(file->directory, err))
		return NULL;
	return file_lock_take(file->lock_path, NULL, err);
}

bool
token_file_remove(struct token_file *file, struct err *err)
{
	if (unlink(file->path) == 0 || errno == ENOENT)
		return true;
	return file_fail_errno(err, ERR_IO, "remove", file->path);
}
