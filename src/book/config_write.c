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

/* The config with the filter in it; `whole` is the one as it stands. */
static bool
edit_filter(const char *path, const struct str *whole, const char *name,
    const char *query, struct str *out, struct err *err)
{
	const char *const keys[] = {"desk", "filters", name};
	struct str value;
	bool good;

	str_init(&value, CONFIG_MAX);
	/* in double quotes, as all filters in the manual are */
	if (query)
		yaml_scalar_write(&value, query, YAML_DOUBLE, true, false);
	good = yaml_edit(path, whole->data, whole->len, keys,
		   sizeof(keys) / sizeof(keys[0]), query ? value.data : NULL,
		   out, err) &&
	       is_good(path, out, false, err);
	str_release(&value);
	return good;
}

bool
config_set_filter(
    const char *path, const char *name, const char *query, struct err *err)
{
	bool is_new = access(path, F_OK) != 0;
	struct file_identity identity;
	struct str whole, out;
	bool good;

	str_init(&whole, CONFIG_MAX);
	str_init(&out, 2 * CONFIG_MAX);
	good = (is_new || file_read_all(path, &whole, &identity, err)) &&
	       edit_filter(path, &whole, name, query, &out, err) &&
	       (is_new ? config_create(path, out.data, out.len, err)
		       : config_replace(path, &out, &identity, NULL, err));
	str_release(&whole);
	str_release(&out);
	return good;
}
