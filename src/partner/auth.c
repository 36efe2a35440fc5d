/* SPDX-License-Identifier: MIT */
/*
 * The header line is put together once and kept in guarded memory as a whole,
 * so that no other copy of the key is made here. libcurl makes copies of its
 * own; http.c wipes those it can reach.
 */
#include "partner/auth.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/secret.h"
#include "book/config.h"
#include "partner/dialect.h"

struct auth {
	struct secret *line;
};

static struct secret *
make_line(const char *name, const char *key, struct err *err)
{
	char line[SECRET_MAX];
	struct secret *secret = NULL;
	int len = snprintf(line, sizeof(line), "%s%s", name, key);

	if (len > 0 && (size_t)len < sizeof(line))
		secret = secret_new(line, (size_t)len);
	else
		err_set(err, ERR_AUTH,
		    "the API key is far too long to be one; check "
		    "service.api_key in the config");
	explicit_bzero(line, sizeof(line));
	return secret;
}

struct auth *
auth_new(
    const struct config *config, const struct dialect *dialect, struct err *err)
{
	struct secret *key, *line;
	struct auth *auth;

	if (config->version != SERVICE_V1) {
		err_set(err, ERR_CONFIG,
		    "service.version: this belay syncs with v1 and an API key "
		    "only; set version: v1");
		return NULL;
	}
	key = secret_fetch(&config->api_key, err);
	if (!key)
		return NULL;
	line = make_line(dialect->key_header, secret_text(key), err);
	secret_free(key);
	if (!line)
		return NULL;
	auth = mem_zalloc(sizeof(*auth));
	auth->line = line;
	return auth;
}

void
auth_free(struct auth *auth)
{
	if (!auth)
		return;
	secret_free(auth->line);
	free(auth);
}

const char *
auth_header(const struct auth *auth)
{
	return secret_text(auth->line);
}
