/* SPDX-License-Identifier: MIT */
/*
 * One secret, one guarded allocation.
 * Hazards: whatever carried it here has a copy (the environment, a pipe's
 * buffer, a file's): each is wiped as soon as it was read. What the kernel or
 * another library keeps is out of our reach; this limits leaks, it does not
 * end them. A variable can be read only once, and a config that changes asks
 * for it again: what was read is remembered (secret_kept.c).
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

enum { RECOGNISED_MIN = 8 };

struct secret {
	struct secret *next;
	char *text; /* guarded */
};

/* All that there are, for secret_is_in(). */
static struct secret *living;

void
secret_place_clear(struct secret_place *place)
{
	free(place->name);
	for (char **arg = place->argv; arg && *arg; arg++)
		free(*arg);
	free(place->argv);
	place->kind = SECRET_NONE;
	place->name = NULL;
	place->argv = NULL;
}

void
secret_place_release(struct secret_place *place)
{
	secret_place_clear(place);
	free(place->kept);
	*place = (struct secret_place){.kind = SECRET_NONE};
}

static bool
same_words(char *const *a, char *const *b)
{
	if (!a || !b)
		return a == b;
	for (; *a && *b; a++, b++)
		if (strcmp(*a, *b) != 0)
			return false;
	return *a == *b;
}

bool
secret_place_same(const struct secret_place *a, const struct secret_place *b)
{
	return a->kind == b->kind && str_same(a->name, b->name) &&
	       same_words(a->argv, b->argv) && str_same(a->kept, b->kept);
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
	secret->next = living;
	living = secret;
	return secret;
}

void
secret_free(struct secret *secret)
{
	struct secret **at = &living;

	if (!secret)
		return;
	while (*at != secret)
		at = &(*at)->next;
	*at = secret->next;
	crypto_guarded_free(secret->text);
	free(secret);
}

bool
secret_is_in(const char *text)
{
	for (const struct secret *each = living; each; each = each->next) {
		const char *blank = strrchr(each->text, ' ');
		const char *word = blank ? blank + 1 : each->text;

		if (strlen(word) >= RECOGNISED_MIN && strstr(text, word))
			return true;
	}
	return false;
}

const char *
secret_text(const struct secret *secret)
{
	return secret->text;
}

struct secret *
secret_from_line(
    const char *text, size_t len, const char *where, struct err *err)
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

struct secret *
secret_copy(const struct secret *secret)
{
	return secret_new(secret->text, strlen(secret->text));
}

static void
name_variable(char where[128], const char *name)
{
	(void)snprintf(where, 128, "the environment variable %s", name);
}

static struct secret *
from_variable(const char *name, struct err *err)
{
	char *value = getenv(name);
	struct secret *secret;
	char where[128];
	size_t len;

	name_variable(where, name);
	if (!value && secret_recall(name))
		return secret_copy(secret_recall(name));
	if (!value) {
		err_set(
		    err, ERR_AUTH, "%s is not set; set it to the key", where);
		return NULL;
	}
	len = strlen(value);
	secret = secret_from_line(value, len, where, err);
	/* where /proc/PID/environ and every child would show it */
	crypto_wipe(value, len);
	unsetenv(name);
	/* whoever asks again is to get it: a config that changes */
	if (secret)
		secret_remember(name, secret_copy(secret));
	return secret;
}

void
secret_take_variable(const char *name)
{
	const char *value = getenv(name);
	struct err ignored = ERR_INIT;

	if (!value)
		return;
	if (*value)
		secret_free(from_variable(name, &ignored));
	else
		unsetenv(name);
}

void
secret_set_variable(const char *name, struct secret *secret)
{
	secret_take_variable(name);
	secret_remember(name, secret);
}

/*
 * Where the file really lies, nobody else may put another one in its place. A
 * directory like /tmp, where everybody may write but only to what is theirs,
 * is good enough.
 */
static bool
directory_is_private(const char *path, struct err *err)
{
	char *real = realpath(path, NULL), *directory;
	struct str clean;
	struct stat info;
	bool good = false;

	if (!real)
		return file_fail_errno(err, ERR_AUTH, "read", path);
	directory = mem_strndup(real, (size_t)(file_name(real) - real));
	if (stat(directory, &info) < 0) {
		file_fail_errno(err, ERR_AUTH, "look at", directory);
	} else if (info.st_uid != geteuid() && info.st_uid != 0) {
		file_fail(err, ERR_AUTH, "use the key in", path,
		    "its directory belongs to another user");
	} else if ((info.st_mode & 022) && !(info.st_mode & S_ISVTX)) {
		str_init(&clean, ERR_TEXT_MAX / 3);
		text_clean(&clean, directory, strlen(directory));
		err_set(err, ERR_AUTH,
		    "others may put a key of theirs into '%s'; close it with: "
		    "chmod go-w '%s'",
		    clean.data, clean.data);
		str_release(&clean);
	} else {
		good = true;
	}
	free(directory);
	free(real);
	return good;
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

struct secret *
secret_read(int fd, const char *where, struct err *err)
{
	/* room to see that it is too long, and for a line's end */
	size_t size = SECRET_MAX + 3;
	char *buffer = crypto_guarded_alloc(size);
	ssize_t len = file_read(fd, buffer, size);
	struct secret *secret = NULL;

	if (len < 0)
		err_errno(err, ERR_AUTH, "cannot read %s", where);
	else
		secret = secret_from_line(buffer, (size_t)len, where, err);
	crypto_guarded_free(buffer);
	return secret;
}

static struct secret *
from_file(const char *path, struct err *err)
{
	struct file_identity identity;
	struct secret *secret = NULL;
	char *expanded = file_expand(path);
	int fd = file_open_regular(expanded, &identity, err);
	struct str where;

	if (fd < 0) {
		err->kind = ERR_AUTH;
		free(expanded);
		return NULL;
	}
	str_init(&where, ERR_TEXT_MAX / 2);
	str_add(&where, "the key file '");
	text_clean(&where, expanded, strlen(expanded));
	str_add(&where, "'");
	if (secret_file_is_private(fd, expanded, "the key in", err) &&
	    directory_is_private(expanded, err))
		secret = secret_read(fd, where.data, err);
	str_release(&where);
	free(expanded);
	close(fd);
	return secret;
}

struct secret *
secret_fetch(const struct secret_place *place, struct err *err)
{
	if (place->variable &&
	    (secret_recall(place->variable) || getenv(place->variable)))
		return from_variable(place->variable, err);
	switch (place->kind) {
	case SECRET_ENV: return from_variable(place->name, err);
	case SECRET_FILE: return from_file(place->name, err);
	case SECRET_COMMAND:
	case SECRET_KEYRING: return secret_of_command(place, err);
	case SECRET_ASK:
		if (!secret_is_missing(place))
			return secret_copy(secret_recall(place->kept));
		err_set(err, ERR_AUTH, "it has to be typed first");
		return NULL;
	case SECRET_NONE:
		if (!secret_is_missing(place))
			return from_file(place->kept, err);
		break;
	}
	err_set(err, ERR_CONFIG,
	    "no key is configured; add to the config, under service: "
	    "api_key: {file: PATH}, {env: NAME}, {keyring: NAME}, {command: "
	    "[PROGRAM, ...]} or ask");
	return NULL;
}
