/* SPDX-License-Identifier: MIT */
/*
 * A mapping is appended as text, since whatever re-emits YAML loses comments.
 * Hazard: what stands last may not end where it seems (a block scalar, a
 * document end, a map in braces), so the whole is read again before it takes
 * the old one's place.
 */
#include "book/config_write.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "book/config.h"
#include "book/mapping.h"
#include "source/yaml_edit.h"
#include "source/yaml_scalar.h"

enum { CONFIG_MAX = 1 << 20, PROBLEMS_MAX = 64 << 10 };

char *
config_usual_path(void)
{
	char *directory = file_config_dir();
	char *path = file_join(directory, "config.yaml");

	free(directory);
	return path;
}

/* Whether belay reads the text, and, if asked, finds a mapping in it. */
static bool
is_good(const char *path, const struct str *text, bool mapping, struct err *err)
{
	struct err trouble = ERR_INIT;
	struct config *config;
	struct str problems;
	bool good;

	str_init(&problems, PROBLEMS_MAX);
	config = config_parse(path, text->data, text->len, &problems, &trouble);
	good = config && (!mapping || config->mapping);
	if (!config)
		err_set(err, ERR_CONFIG,
		    "%s: not written, it would not be "
		    "readable: %s",
		    path, trouble.text);
	else if (!good)
		err_set(err, ERR_CONFIG,
		    "%s: the mapping cannot be put at its end; put it there by "
		    "hand ('belay init FILE --output -' prints it)",
		    path);
	config_free(config);
	str_release(&problems);
	return good;
}

bool
config_create(const char *path, const char *text, size_t len, struct err *err)
{
	char *directory = mem_strndup(path, (size_t)(file_name(path) - path));
	struct str whole;
	bool good;

	str_init(&whole, CONFIG_MAX);
	str_add_bytes(&whole, text, len);
	good = is_good(path, &whole, false, err) &&
	       (!*directory || file_make_private_dir(directory, err)) &&
	       file_create(path, text, len, err);
	str_release(&whole);
	free(directory);
	return good;
}

void
config_append(struct str *whole, const char *text, size_t len)
{
	bool crlf = strstr(whole->data, "\r\n") != NULL;

	if (whole->len > 0 && whole->data[whole->len - 1] != '\n')
		str_add(whole, crlf ? "\r\n" : "\n");
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\n' && crlf)
			str_add_char(whole, '\r');
		str_add_char(whole, text[i]);
	}
}

bool
config_replace(const char *path, const struct str *text,
    const struct file_identity *still, struct file_identity *now,
    struct err *err)
{
	struct file_writer *writer = file_writer_open(path, err);

	if (!writer)
		return false;
	if (file_writer_add(writer, text->data, text->len, err))
		return file_writer_commit(writer, NULL, still, now, err);
	file_writer_abort(writer);
	return false;
}

bool
config_add_mapping(
    const char *path, const char *text, size_t len, struct err *err)
{
	struct file_identity identity;
	struct str whole, problems;
	struct config *old;
	bool good = false;

	str_init(&whole, 2 * CONFIG_MAX);
	str_init(&problems, PROBLEMS_MAX);
	if (file_read_all(path, &whole, &identity, err)) {
		old = config_parse(path, whole.data, whole.len, &problems, err);
		good = old != NULL;
		if (good && old->mapping)
			good = err_set(err, ERR_CONFIG,
			    "%s: there is a mapping already; take it out, or "
			    "change it there",
			    path);
		config_free(old);
	}
	if (good) {
		config_append(&whole, text, len);
		good = is_good(path, &whole, true, err) &&
		       config_replace(path, &whole, &identity, NULL, err);
	}
	str_release(&whole);
	str_release(&problems);
	return good;
}

/* Takes a whole line out, where the text has it. */
static void
drop_line(struct str *text, const char *line)
{
	char *at = strstr(text->data, line);
	size_t len = strlen(line);

	if (!at || (at > text->data && at[-1] != '\n'))
		return;
	memmove(at, at + len, text->len - (size_t)(at - text->data) - len + 1);
	text->len -= len;
}

/* Puts an entry (YAML; NULL: none) below those keys; an `example` of it (a line
 * of comment, NULL: none) goes. */
static bool
set_entry(const char *path, const char *const keys[], size_t depth,
    const char *value, const char *example, struct err *err)
{
	bool is_new = access(path, F_OK) != 0;
	struct file_identity identity;
	struct str whole, out;
	bool good;

	str_init(&whole, CONFIG_MAX);
	str_init(&out, 2 * CONFIG_MAX);
	good = is_new || file_read_all(path, &whole, &identity, err);
	if (good && example)
		drop_line(&whole, example);
	good = good &&
	       yaml_edit(path, whole.data, whole.len, keys, depth, value, &out,
		   err) &&
	       is_good(path, &out, false, err) &&
	       (is_new ? config_create(path, out.data, out.len, err)
		       : config_replace(path, &out, &identity, NULL, err));
	str_release(&whole);
	str_release(&out);
	return good;
}

bool
config_set_filter(
    const char *path, const char *name, const char *query, struct err *err)
{
	const char *const keys[] = {"desk", "filters", name};
	struct str value;
	bool good;

	str_init(&value, CONFIG_MAX);
	/* in double quotes, as all filters in the manual are */
	if (query)
		yaml_scalar_write(&value, query, YAML_DOUBLE, true, false);
	good = set_entry(path, keys, 3, query ? value.data : NULL, NULL, err);
	str_release(&value);
	return good;
}

/* ---- and into what is in force --------------------------------------------
 */

static char *
path_of(const struct config *config)
{
	return config->path ? mem_strdup(config->path) : config_usual_path();
}

/* Where there was no config yet there is one now, and what is written from now
 * on goes there. Takes the path. */
static bool
adopt(struct config *config, char *path, bool written, struct err *err)
{
	if (!written) {
		free(path);
		return false;
	}
	free(config->path);
	config->path = path;
	return config_reread_lists(config, err);
}

bool
config_keep_filter(
    struct config *config, const char *name, const char *query, struct err *err)
{
	char *path = path_of(config);

	return adopt(
	    config, path, config_set_filter(path, name, query, err), err);
}

bool
config_keep_agent(struct config *config, const char *email, struct err *err)
{
	const char *const keys[] = {"service", "agent_email"};
	const char *at = strchr(email, '@');
	struct str value;
	char *path;
	bool good;

	if (!at || at == email || !at[1] || strchr(email, ' '))
		return err_set(err, ERR_USAGE,
		    "that is not an e-mail address: it looks like "
		    "name@example.com");
	path = path_of(config);
	str_init(&value, CONFIG_MAX);
	yaml_scalar_write(&value, email, YAML_PLAIN, true, false);
	good = set_entry(path, keys, 2, value.data, CONFIG_AGENT_EXAMPLE, err);
	str_release(&value);
	return adopt(config, path, good, err);
}

bool
config_keep_columns(struct config *config, const char *key,
    const struct config_columns *columns, struct err *err)
{
	const char *const keys[] = {"desk", key};
	char *path = path_of(config);
	struct str value;
	bool good;

	str_init(&value, CONFIG_MAX);
	config_columns_write(columns, &value);
	good = set_entry(
	    path, keys, 2, columns->count > 0 ? value.data : NULL, NULL, err);
	str_release(&value);
	return adopt(config, path, good, err);
}
