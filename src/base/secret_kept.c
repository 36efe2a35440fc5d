/* SPDX-License-Identifier: MIT */
/*
 * Secrets that were typed or came by a variable: remembered, or kept in a file
 * of belay's own.
 * Hazard: the list is one of the few mutable globals of the program. It stands
 * for the environment, which it empties, and lives as long: until the process
 * ends. Nothing but guarded memory is in it.
 */
#include "base/secret.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"

static struct remembered {
	struct remembered *next;
	char *name;
	struct secret *secret;
} * memory;

static struct remembered *
find(const char *name)
{
	struct remembered *found = memory;

	while (found && strcmp(found->name, name) != 0)
		found = found->next;
	return found;
}

const struct secret *
secret_recall(const char *name)
{
	const struct remembered *found = find(name);

	return found ? found->secret : NULL;
}

void
secret_remember(const char *name, struct secret *secret)
{
	struct remembered *found = find(name);

	if (!found) {
		found = mem_zalloc(sizeof(*found));
		found->name = mem_strdup(name);
		found->next = memory;
		memory = found;
	}
	secret_free(found->secret);
	found->secret = secret;
}

void
secret_forget_remembered(const char *name)
{
	for (struct remembered **at = &memory; *at; at = &(*at)->next) {
		struct remembered *found = *at;

		if (strcmp(found->name, name) != 0)
			continue;
		*at = found->next;
		secret_free(found->secret);
		free(found->name);
		free(found);
		return;
	}
}

bool
secret_is_missing(const struct secret_place *place)
{
	if (place->variable &&
	    (secret_recall(place->variable) || getenv(place->variable)))
		return false;
	if (place->kind == SECRET_ASK)
		return !place->kept || !secret_recall(place->kept);
	if (place->kind == SECRET_NONE)
		return !place->kept || access(place->kept, F_OK) != 0;
	return false;
}

bool
secret_is_forgotten(const struct secret_place *place)
{
	return place->kind == SECRET_ASK;
}

void
secret_place_describe(struct str *out, const struct secret_place *place)
{
	static const char *const words[] = {
	    [SECRET_NONE] = "belay's own file ",
	    [SECRET_ENV] = "the environment variable ",
	    [SECRET_FILE] = "the file ",
	    [SECRET_COMMAND] = "what the command prints: ",
	    [SECRET_KEYRING] = "the keyring",
	    [SECRET_ASK] = "typed at the start",
	};
	const char *name = place->kind == SECRET_NONE      ? place->kept
			   : place->kind == SECRET_COMMAND ? place->argv[0]
							   : place->name;

	if (place->variable && secret_recall(place->variable)) {
		str_addf(out, "%s%s", words[SECRET_ENV], place->variable);
		return;
	}
	str_add(out, words[place->kind]);
	if (name)
		text_clean(out, name, strlen(name));
}

/* Where one that was refused lies; the caller frees. */
static char *
aside(const char *path)
{
	struct str name;

	str_init(&name, PATH_MAX);
	str_addf(&name, "%s.refused", path);
	return str_take(&name);
}

static void
remove_aside(const char *path)
{
	char *name = aside(path);

	unlink(name); /* there is one seldom */
	free(name);
}

bool
secret_refuse(const struct secret_place *place, struct str *out)
{
	char *name;
	bool good;

	if (secret_is_missing(place) || !place->kept ||
	    (place->kind != SECRET_NONE && place->kind != SECRET_ASK) ||
	    (place->variable && secret_recall(place->variable)))
		return false;
	if (place->kind == SECRET_ASK) {
		secret_forget_remembered(place->kept);
		str_add(out, "what was typed is forgotten");
		return true;
	}
	name = aside(place->kept);
	good = rename(place->kept, name) == 0;
	if (good)
		str_addf(out, "what was typed is set aside in %s", name);
	free(name);
	return good;
}

static bool
keep(const char *path, const char *text, struct err *err)
{
	char *directory = mem_strndup(path, (size_t)(file_name(path) - path));
	size_t len = strlen(text);
	bool good;

	directory[strlen(directory) - 1] = '\0'; /* the slash */
	good = file_make_private_dir(directory, err) &&
	       file_replace(path, text, len, err);
	if (good)
		remove_aside(path);
	free(directory);
	return good;
}

bool
secret_take_typed(const struct secret_place *place, const char *text,
    size_t len, struct err *err)
{
	struct secret *secret = secret_from_line(
	    text, len, "what was typed", err);
	bool good = true;

	if (!secret)
		return false;
	if (secret_is_forgotten(place)) {
		secret_remember(place->kept, secret);
		return true;
	}
	good = keep(place->kept, secret_text(secret), err);
	secret_free(secret);
	return good;
}

bool
secret_forget(const struct secret_place *place, bool *there, struct err *err)
{
	*there = place->kept && unlink(place->kept) == 0;
	if (place->kept && !*there && errno != ENOENT)
		return file_fail_errno(err, ERR_IO, "remove", place->kept);
	if (place->kept) {
		remove_aside(place->kept);
		secret_forget_remembered(place->kept);
	}
	return true;
}
