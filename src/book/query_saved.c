/* SPDX-License-Identifier: MIT */
/*
 * Saved filters in queries: @name is parsed in its place, each time anew.
 * Hazards: one that uses itself by any way would never end, so the names on
 * the way in are kept; ten that use each other twice would be a thousand, so
 * the terms of all together are counted (query.c).
 */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "book/book_private.h"
#include "book/config.h"
#include "book/query.h"
#include "book/query_private.h"

enum { NAMES_MAX = 1024 };

bool
query_is_saved(const char *word)
{
	return *word == '@' && config_is_filter_name(word + 1);
}

static bool
unknown(const struct config *config, const char *name, struct err *err)
{
	const char **names = mem_alloc(
	    (config->filter_count + 1) * sizeof(*names));
	const char *near;

	for (size_t i = 0; i < config->filter_count; i++)
		names[i] = config->filters[i].name;
	near = str_nearest(name, names, config->filter_count);
	if (near)
		err_set(err, ERR_USAGE,
		    "there is no saved filter \"%s\"; did you mean @%s?", name,
		    near);
	else
		err_set(err, ERR_USAGE,
		    "there is no saved filter \"%s\"; to search for the text "
		    "itself, put it in quotes",
		    name);
	free(names);
	return false;
}

/* From the filter of that name inward: "@a, @b, ". */
static void
add_way(const struct query_within *within, const char *name, struct str *out)
{
	if (strcmp(within->name, name) != 0)
		add_way(within->outer, name, out);
	str_addf(out, "@%s, ", within->name);
}

static bool
uses_itself(
    const struct query_within *within, const char *name, struct err *err)
{
	const struct query_within *way = within;
	struct str names;

	while (way && strcmp(way->name, name) != 0)
		way = way->outer;
	if (!way)
		return false;
	str_init(&names, NAMES_MAX);
	add_way(within, name, &names);
	err_set(err, ERR_USAGE, "the saved filter @%s uses itself: %s@%s", name,
	    names.data, name);
	str_release(&names);
	return true;
}

static struct query *
parse(struct query_parsing *parsing, const struct config_filter *filter)
{
	struct query_within within = {filter->name, parsing->within};
	struct query *query;

	parsing->within = &within;
	query = query_parse_within(parsing, filter->query);
	parsing->within = within.outer;
	/* what is at fault is the innermost one */
	if (!query && parsing->err->kind != ERR_CONFIG) {
		err_prefix(parsing->err, "%s:%u:%u: desk.filters.%s",
		    parsing->book->config->path ? parsing->book->config->path
						: "the config",
		    filter->line, filter->column, filter->name);
		parsing->err->kind = ERR_CONFIG;
	}
	return query;
}

struct query *
query_parse_saved(struct query_parsing *parsing, const char *name)
{
	const struct config *config = parsing->book->config;
	const struct config_filter *filter = config_filter(config, name);

	if (uses_itself(parsing->within, name, parsing->err))
		return NULL;
	if (!filter) {
		unknown(config, name, parsing->err);
		return NULL;
	}
	return parse(parsing, filter);
}

struct query *
query_saved(const struct book *book, size_t number, struct err *err)
{
	struct query_parsing parsing = query_parsing_on(book, err);

	return parse(&parsing, &book->config->filters[number]);
}

bool
query_may_save(const struct book *book, const char *name, const char *text,
    struct err *err)
{
	struct query_parsing parsing = query_parsing_on(book, err);
	struct query_within within = {name, NULL};
	struct query *query;

	parsing.within = &within;
	query = query_parse_within(&parsing, text);
	query_free(query);
	return query != NULL;
}

bool
query_uses(const char *text, const char *name)
{
	size_t len = strlen(name);

	while ((text = strchr(text, '@'))) {
		text++;
		if (strncmp(text, name, len) == 0 &&
		    (!text[len] || strchr(" \t\n|", text[len])))
			return true;
	}
	return false;
}

size_t
query_check_saved(const struct book *book, struct str *problems)
{
	size_t count = 0;

	for (size_t i = 0; i < book->config->filter_count; i++) {
		struct err err = ERR_INIT;
		struct query *query = query_saved(book, i, &err);

		if (!query) {
			str_addf(problems, "%s\n", err.text);
			count++;
		}
		query_free(query);
	}
	return count;
}
