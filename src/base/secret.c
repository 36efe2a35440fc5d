/* SPDX-License-Identifier: MIT */
/*
 * One secret, one guarded allocation.
 * Hazards: whatever carried it here has a copy (the environment, a pipe's
 * buffer, a file's): each is wiped as soon as it was read. What the kernel or
 * another library keeps is out of our reach; this limits leaks, it does not
 * end them.
 */
#include "base/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/spawn.h"
#include "base/str.h"
#include "base/text.h"

enum { COMMAND_MS = 30000 };

struct secret {
	char *text; /* guarded */
};

void
secret_place_clear(struct secret_place *place)
{
	free(place->name);
	for (char **arg = place->argv; arg && *arg; arg++)
		free(*arg);
	free(place->argv);
	*place = (struct secret_place){.kind = SECRET_NONE};
}

void
secret_harden_process(void)
{
	const struct rlimit none = {0, 0};

	setrlimit(RLIMIT_CORE, &none);
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

struct secret *
secret_new(const char *text, size_t len)
{
	struct secret *secret = mem_alloc(sizeof(*secret));

	secret->text = crypto_guarded_alloc(len + 1);
	memcpy(secret->text, text, len);
	secret->text[len] = '\0';
	crypto_guarded_seal(secret->text);
	return secret;
}

void
secret_free(struct secret *secret)
{
	if (!secret)
		return;
	crypto_guarded_free(secret->text);
	free(secret);
}

const char *
secret_text(const struct secret *secret)
{
	return secret->text;
}

/* One line of printable text; `where` names the place for the error. */
static struct secret *
accept(const char *text, size_t len, const char *where, struct err *err)
{
	if (len > 0 && text[len - 1] == '\n')
		len--;
	if (len > 0 && text[len - 1] == '\r')
		len--;
	if (len == 0) {
		err_set(err, ERR_AUTH, "%s is empty; put the key there", where);
		return NULL;
	}
	if (len > SECRET_MAX) {
		err_set(err, ERR_AUTH,
		    "%s has more than %d characters, which is no key", where,
		    SECRET_MAX);
		return NULL;
	}
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)text[i] >= ' ' && text[i] != 0x7f)
			continue;
		err_set(err, ERR_AUTH,
		    "%s has %s; it has to be the key on one line and nothing "
		    "else",
		    where,
		    text[i] == '\n' ? "several lines" : "control characters");
		return NULL;
	}
	return secret_new(text, len);
}

static struct secret *
from_variable(const char *name, struct err *err)
{
	char *value = getenv(name);
	struct secret *secret;
	char where[128];
	size_t len;

	(void)snprintf(
	    where, sizeof(where), "the environment variable %s", name);
	if (!value) {
		err_set(
		    err, ERR_AUTH, "%s is not set; set it to the key", where);
		return NULL;
	}
	len = strlen(value);
	secret = accept(value, len, where, err);
	/* where /proc/PID/environ and every child would show it */
	crypto_wipe(value, len);
	unsetenv(name);
	return secret;
}

bool
secret_file_is_private(
    int fd, const char *path, const char *what, struct err *err)
{
	struct stat info;
	struct str clean;

	if (fstat(fd, &info) < 0)
		return file_fail_errno(err, ERR_AUTH, "read", path);
	if (info.st_uid != geteuid())
		return file_fail(err, ERR_AUTH, "use", path,
		    "the file belongs to another user");
	if ((info.st_mode & 077) == 0)
		return true;
	str_init(&clean, ERR_TEXT_MAX / 3);
	text_clean(&clean, path, strlen(path));
	err_set(err, ERR_AUTH,
	    "others may read %s '%s'; close it with: chmod 600 '%s'", what,
	    clean.data, clean.data);
	str_release(&clean);
	return false;
}

static struct secret *
from_file(const char *path, struct err *err)
{
	struct file_identity identity;
	struct secret *secret = NULL;
	/* room to see that it is too long, and for a line's end */
	size_t size = SECRET_MAX + 3;
	char *buffer, *expanded = file_expand(path);
	int fd = file_open_regular(expanded, &identity, err);
	struct str where;
	ssize_t len;

	if (fd < 0) {
		err->kind = ERR_AUTH;
		free(expanded);
		return NULL;
	}
	buffer = crypto_guarded_alloc(size);
	str_init(&where, ERR_TEXT_MAX / 2);
	str_add(&where, "the key file '");
	text_clean(&where, expanded, strlen(expanded));
	str_add(&where, "'");
	if (secret_file_is_private(fd, expanded, "the key in", err)) {
		len = file_read(fd, buffer, size);
		if (len < 0)
			file_fail_errno(err, ERR_AUTH, "read", expanded);
		else
			secret = accept(buffer, (size_t)len, where.data, err);
	}
	str_release(&where);
	crypto_guarded_free(buffer);
	free(expanded);
	close(fd);
	return secret;
}

static struct secret *
from_command(char *const argv[], struct err *err)
{
	struct secret *secret = NULL;
	struct str out;

	str_init(&out, SECRET_MAX + 3);
	/* grown once, so that no copy is left behind by moving */
	for (size_t i = 0; i < out.limit; i++)
		str_add_char(&out, ' ');
	str_reset(&out);
	if (spawn_capture((const char *const *)argv, COMMAND_MS, &out, err))
		secret = accept(out.data, out.len,
		    "what the command for the key prints", err);
	else
		err->kind = ERR_AUTH;
	crypto_wipe(out.data, out.size);
	str_release(&out);
	return secret;
}

struct secret *
secret_fetch(const struct secret_place *place, struct err *err)
{
	switch (place->kind) {
	case SECRET_ENV: return from_variable(place->name, err);
	case SECRET_FILE: return from_file(place->name, err);
	case SECRET_COMMAND: return from_command(place->argv, err);
	case SECRET_NONE: break;
	}
	err_set(err, ERR_CONFIG,
	    "no key is configured; add to the config, under service: "
	    "api_key: {file: PATH} or {env: NAME} or {command: [PROGRAM, "
	    "...]}");
	return NULL;
}
