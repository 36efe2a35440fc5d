/* SPDX-License-Identifier: MIT */
/*
 * A short array that is searched from end to end: a test has a handful of
 * grants. Digests are compared, never words, so a comparison that takes longer
 * for a better guess tells nothing that would help.
 */
#include "practice/grants.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/err.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/str.h"

enum { FILE_MAX_BYTES = 4 << 20 };

struct grants {
	struct grant *items;
	size_t count, capacity;
	char *path; /* NULL: memory only */
};

static void
digest_of(const char *word, char digest[GRANTS_WORD_SIZE])
{
	struct crypto_digest state;
	uint8_t bytes[CRYPTO_DIGEST_SIZE];

	crypto_digest_start(&state);
	crypto_digest_add(&state, word, strlen(word));
	crypto_digest_end(&state, bytes);
	crypto_hex(digest, bytes, sizeof(bytes));
}

/* A word that nobody can guess, and what is kept of it. */
static void
new_word(char word[GRANTS_WORD_SIZE], char digest[GRANTS_WORD_SIZE])
{
	uint8_t bytes[(GRANTS_WORD_SIZE - 1) / 2];

	crypto_random(bytes, sizeof(bytes));
	crypto_hex(word, bytes, sizeof(bytes));
	digest_of(word, digest);
}

static void
release(struct grant *grant)
{
	free(grant->agent);
	free(grant->client_id);
	free(grant->redirect_uri);
	free(grant->scope);
	free(grant->challenge);
}

static char *
copy_or_null(const char *text)
{
	return text ? mem_strdup(text) : NULL;
}

static struct grant *
add(struct grants *grants, const struct grant_request *request)
{
	struct grant *grant;

	if (grants->count == GRANTS_COUNT_MAX) {
		release(&grants->items[0]);
		grants->count--;
		memmove(grants->items, grants->items + 1,
		    grants->count * sizeof(*grants->items));
	}
	grants->items = mem_grow(grants->items, &grants->capacity,
	    grants->count + 1, sizeof(*grants->items));
	grant = &grants->items[grants->count++];
	*grant = (struct grant){
	    .agent = mem_strdup(request->agent),
	    .client_id = mem_strdup(request->client_id),
	    .redirect_uri = mem_strdup(request->redirect_uri),
	    .scope = mem_strdup(request->scope),
	    .challenge = copy_or_null(request->challenge),
	};
	return grant;
}

void
grants_offer(struct grants *grants, const struct grant_request *request,
    int64_t code_until, char code[GRANTS_WORD_SIZE])
{
	struct grant *grant = add(grants, request);

	grant->code_until = code_until;
	new_word(code, grant->code);
}

struct grant *
grants_by_code(struct grants *grants, const char *code)
{
	char digest[GRANTS_WORD_SIZE];

	digest_of(code, digest);
	for (size_t i = 0; i < grants->count; i++)
		if (strcmp(grants->items[i].code, digest) == 0)
			return &grants->items[i];
	return NULL;
}

struct grant *
grants_by_refresh(struct grants *grants, const char *refresh)
{
	char digest[GRANTS_WORD_SIZE];

	digest_of(refresh, digest);
	for (size_t i = 0; i < grants->count; i++)
		if (strcmp(grants->items[i].refresh, digest) == 0 ||
		    strcmp(grants->items[i].previous, digest) == 0)
			return &grants->items[i];
	return NULL;
}

struct grant *
grants_by_access(struct grants *grants, const char *access, int64_t now)
{
	char digest[GRANTS_WORD_SIZE];

	digest_of(access, digest);
	for (size_t i = 0; i < grants->count; i++) {
		struct grant *grant = &grants->items[i];

		for (size_t k = 0; k < grant->access_count; k++)
			if (grant->access[k].until > now &&
			    strcmp(grant->access[k].digest, digest) == 0) {
				if (k + 1 == grant->access_count)
					*grant->previous = '\0';
				return grant;
			}
	}
	return NULL;
}

/* The place for a further access token. */
static struct grant_access *
next_access(struct grant *grant)
{
	if (grant->access_count == GRANTS_ACCESS_MAX) {
		grant->access_count--;
		memmove(grant->access, grant->access + 1,
		    grant->access_count * sizeof(*grant->access));
	}
	return &grant->access[grant->access_count++];
}

void
grants_new_access(
    struct grant *grant, int64_t until, char access[GRANTS_WORD_SIZE])
{
	struct grant_access *place = next_access(grant);

	place->until = until;
	new_word(access, place->digest);
}

void
grants_new_refresh(
    struct grant *grant, const char *used, char refresh[GRANTS_WORD_SIZE])
{
	*grant->previous = '\0';
	if (used)
		digest_of(used, grant->previous);
	new_word(refresh, grant->refresh);
}

void
grants_end(struct grant *grant, enum grants_ending ending)
{
	if (ending == GRANTS_SCOPE) {
		*grant->scope = '\0';
		return;
	}
	grant->access_count = 0;
	if (ending == GRANTS_TOKENS) {
		*grant->refresh = '\0';
		*grant->previous = '\0';
	}
}

static bool
has_to_end(const struct grant *grant, enum grants_ending ending)
{
	if (ending == GRANTS_SCOPE)
		return *grant->scope != '\0';
	return grant->access_count > 0 ||
	       (ending == GRANTS_TOKENS && *grant->refresh);
}

size_t
grants_end_all(struct grants *grants, enum grants_ending ending)
{
	size_t ended = 0;

	for (size_t i = 0; i < grants->count; i++) {
		struct grant *grant = &grants->items[i];

		if (has_to_end(grant, ending))
			ended++;
		grants_end(grant, ending);
	}
	return ended;
}

static struct json *
grant_json(const struct grant *grant)
{
	struct json *root = json_object(), *list = json_array();

	json_add_string(root, "agent", grant->agent);
	json_add_string(root, "client_id", grant->client_id);
	json_add_string(root, "redirect_uri", grant->redirect_uri);
	json_add_string(root, "scope", grant->scope);
	json_add_string(root, "challenge", grant->challenge);
	json_add_string(root, "code", grant->code);
	json_add_integer(root, "code_until", grant->code_until);
	json_add_bool(root, "code_used", grant->code_used);
	json_add_string(root, "refresh", grant->refresh);
	json_add_string(root, "previous", grant->previous);
	for (size_t i = 0; i < grant->access_count; i++) {
		struct json *access = json_object();

		json_add_string(access, "digest", grant->access[i].digest);
		json_add_integer(access, "until", grant->access[i].until);
		json_append(list, access);
	}
	json_add(root, "access", list);
	return root;
}

bool
grants_save(struct grants *grants, struct err *err)
{
	struct json *list;
	struct str text;
	bool good;

	if (!grants->path)
		return true;
	list = json_array();
	for (size_t i = 0; i < grants->count; i++)
		json_append(list, grant_json(&grants->items[i]));
	str_init(&text, FILE_MAX_BYTES);
	json_print(&text, list);
	str_add_char(&text, '\n');
	good = text.cut ? err_set(err, ERR_DATA, "too many grants")
			: file_replace(grants->path, text.data, text.len, err);
	str_release(&text);
	json_free(list);
	return good;
}

static int64_t
integer_at(const struct json *object, const char *key)
{
	const char *text = json_number_text(json_get(object, key));

	return text ? strtoll(text, NULL, 10) : 0;
}

static void
copy_word(
    char out[GRANTS_WORD_SIZE], const struct json *object, const char *key)
{
	const char *text = json_string(json_get(object, key));

	str_copy(out, GRANTS_WORD_SIZE, text ? text : "");
}

static bool
read_grant(struct grants *grants, const struct json *root)
{
	const struct grant_request request = {
	    .agent = json_string(json_get(root, "agent")),
	    .client_id = json_string(json_get(root, "client_id")),
	    .redirect_uri = json_string(json_get(root, "redirect_uri")),
	    .scope = json_string(json_get(root, "scope")),
	    .challenge = json_string(json_get(root, "challenge")),
	};
	struct grant *grant;

	if (!request.agent || !request.client_id || !request.redirect_uri ||
	    !request.scope)
		return false;
	grant = add(grants, &request);
	copy_word(grant->code, root, "code");
	grant->code_until = integer_at(root, "code_until");
	grant->code_used = json_true(json_get(root, "code_used"));
	copy_word(grant->refresh, root, "refresh");
	copy_word(grant->previous, root, "previous");
	for (const struct json *item = json_first(json_get(root, "access"));
	     item; item = json_next(item)) {
		struct grant_access *access = next_access(grant);

		copy_word(access->digest, item, "digest");
		access->until = integer_at(item, "until");
	}
	return true;
}

static bool
load(struct grants *grants, struct err *err)
{
	struct json *root = NULL;
	struct str text;
	bool good;

	if (!grants->path || access(grants->path, F_OK) != 0)
		return true;
	str_init(&text, FILE_MAX_BYTES);
	good = file_read_all(grants->path, &text, NULL, err);
	if (good)
		root = json_parse(text.data, text.len, err);
	good = good && root;
	for (const struct json *item = json_first(root); good && item;
	     item = json_next(item))
		good = read_grant(grants, item) ||
		       err_set(err, ERR_DATA, "this is no grant");
	if (!good)
		err_prefix(err, "%s", grants->path);
	json_free(root);
	str_release(&text);
	return good;
}

struct grants *
grants_open(const char *path, struct err *err)
{
	struct grants *grants = mem_zalloc(sizeof(*grants));

	grants->path = copy_or_null(path);
	if (load(grants, err))
		return grants;
	grants_close(grants);
	return NULL;
}

void
grants_close(struct grants *grants)
{
	if (!grants)
		return;
	for (size_t i = 0; i < grants->count; i++)
		release(&grants->items[i]);
	free(grants->items);
	free(grants->path);
	free(grants);
}
