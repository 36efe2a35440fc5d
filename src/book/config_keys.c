/* SPDX-License-Identifier: MIT */
/*
 * Reading the config's keys by table. A key that stands there without a value
 * (null) is as if it did not, except where null means "not written".
 */
#include "book/config_keys.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "book/problems.h"
#include "source/yaml_tree.h"

enum { PATH_SIZE = 128, LIST_MAX = 256, NAMES_MAX = 32 };

const char *const config_environments[] = {
    "staging", "production", "practice", NULL};
static const char *const versions[] = {"v1", "v2", NULL};
static const char *const adopts[] = {"ask", "exact", "never", NULL};
static const char *const lists[] = {"create", "merge", "replace", NULL};
static const char *const warnings[] = {"send", "hold", NULL};
static const char *const after_syncs[] = {"ask", "open", "nothing", NULL};
static const char *const colors[] = {
    "auto", "always", "never", "mono", "light", "dark", "high-contrast", NULL};
static const char *const glyphs[] = {"auto", "unicode", "ascii", NULL};
static const char *const key_words[] = {"actions", "keys", "a key's name"};
static const char *const style_words[] = {"styles", "looks", "a look"};
static const char *const booleans[] = {"false", "true", NULL};
static const char *const wrappings[] = {"wrapped", "flat", NULL};
static const char *const envelopes[] = {"params", "flat", NULL};
static const char *const birth_keys[] = {"birth_date", "date_of_birth", NULL};

struct key;
typedef void key_reader(struct config_reader *reader, const struct key *key,
    const char *path, const struct yaml_node *node);

struct key {
	const char *name;
	key_reader *read;
	size_t offset;            /* into struct config */
	const char *const *words; /* of a choice */
	int base;                 /* what the first word means */
	int min, max;             /* of a number */
	const struct key *keys;   /* of a section */
	const struct key *more;   /* and these, or NULL */
};

/* ---- readers of one value
 * ------------------------------------------------------------ */

static void *
target(const struct config_reader *reader, const struct key *key)
{
	return (char *)reader->config + key->offset;
}

const char *
config_scalar(struct config_reader *reader, const char *path,
    const struct yaml_node *node, const char *want)
{
	if (node->kind == YAML_SCALAR && *node->text)
		return node->text;
	problems_add(reader->problems, node, path, "must be %s", want);
	return NULL;
}

static void
set_text(char **text, char *value)
{
	free(*text);
	*text = value;
}

static void
read_text(struct config_reader *reader, const struct key *key, const char *path,
    const struct yaml_node *node)
{
	const char *text = config_scalar(reader, path, node, "text");

	if (text)
		set_text(target(reader, key), mem_strdup(text));
}

static void
read_path(struct config_reader *reader, const struct key *key, const char *path,
    const struct yaml_node *node)
{
	const char *text = config_scalar(reader, path, node, "a file's name");

	if (text)
		set_text(target(reader, key),
		    file_beside(reader->problems->name, text));
}

/* Null says that nothing is written there. */
static void
read_column(struct config_reader *reader, const struct key *key,
    const char *path, const struct yaml_node *node)
{
	if (yaml_tree_is_null(node))
		set_text(target(reader, key), NULL);
	else
		read_text(reader, key, path, node);
}

static void
read_email(struct config_reader *reader, const struct key *key,
    const char *path, const struct yaml_node *node)
{
	const char *text = config_scalar(
	    reader, path, node, "an e-mail address");
	const char *at = text ? strchr(text, '@') : NULL;

	if (text && (!at || at == text || !at[1] || strchr(text, ' ')))
		problems_add(reader->problems, node, path,
		    "must be an e-mail address, not \"%s\"", text);
	else if (text)
		set_text(target(reader, key), mem_strdup(text));
}

/* A choice that is kept as an enum. */
static void
read_choice(struct config_reader *reader, const struct key *key,
    const char *path, const struct yaml_node *node)
{
	int index = problems_choice(reader->problems, node, path, key->words);
	int value = key->base + index;

	/* an enum, as wide as an int */
	if (index >= 0)
		memcpy(target(reader, key), &value, sizeof(value));
}

/* A choice of two that is kept as a bool: the second one is true. */
static void
read_flag(struct config_reader *reader, const struct key *key, const char *path,
    const struct yaml_node *node)
{
	int index = problems_choice(reader->problems, node, path, key->words);

	if (index >= 0)
		*(bool *)target(reader, key) = index == 1;
}

static void
read_word(struct config_reader *reader, const struct key *key, const char *path,
    const struct yaml_node *node)
{
	int index = problems_choice(reader->problems, node, path, key->words);

	if (index >= 0)
		set_text(target(reader, key), mem_strdup(key->words[index]));
}

static void
read_birth_key(struct config_reader *reader, const struct key *key,
    const char *path, const struct yaml_node *node)
{
	int index = problems_choice(reader->problems, node, path, key->words);

	if (index >= 0)
		str_copy(reader->config->birth_date_key,
		    sizeof(reader->config->birth_date_key), key->words[index]);
}

static void
read_environment(struct config_reader *reader, const struct key *key,
    const char *path, const struct yaml_node *node)
{
	reader->environment_node = node;
	read_choice(reader, key, path, node);
}

static void
read_duration(struct config_reader *reader, const struct key *key,
    const char *path, const struct yaml_node *node)
{
	struct err err = ERR_INIT;
	const char *text = config_scalar(
	    reader, path, node, "a time such as 60s");
	int64_t ms;

	if (!text)
		return;
	if (!clock_parse_duration(text, &ms, &err))
		problems_add(reader->problems, node, path, "%s", err.text);
	else if (ms < key->min)
		problems_add(reader->problems, node, path,
		    "must be at least %dms, not %s", key->min, text);
	else
		*(int64_t *)target(reader, key) = ms;
}

static void
read_rate(struct config_reader *reader, const struct key *key, const char *path,
    const struct yaml_node *node)
{
	struct err err = ERR_INIT;
	const char *text = config_scalar(
	    reader, path, node, "a rate such as 8/s");

	(void)key;
	if (text && !clock_parse_rate(text, &reader->config->rate_count,
			&reader->config->rate_ms, &err))
		problems_add(reader->problems, node, path, "%s", err.text);
}

static void
read_number(struct config_reader *reader, const struct key *key,
    const char *path, const struct yaml_node *node)
{
	const char *text = node->kind == YAML_SCALAR ? node->text : "";
	char *end;
	long number;

	errno = 0;
	number = strtol(text, &end, 10);
	if (errno || end == text || *end || number < key->min ||
	    number > key->max)
		problems_add(reader->problems, node, path,
		    "must be a number from %d to %d", key->min, key->max);
	else
		*(int *)target(reader, key) = (int)number;
}

static void
read_hosts(struct config_reader *reader, const struct key *key,
    const char *path, const struct yaml_node *node)
{
	char **hosts, **old = *(char ***)target(reader, key);
	size_t count = 0;

	if (node->kind != YAML_LIST || node->count > LIST_MAX) {
		problems_add(reader->problems, node, path,
		    "must be a list of host names");
		return;
	}
	hosts = mem_zalloc((node->count + 1) * sizeof(*hosts));
	for (size_t i = 0; i < node->count; i++) {
		const char *host = config_scalar(
		    reader, path, node->items[i], "a host name");

		if (host && host[strspn(host, "abcdefghijklmnopqrstuvwxyz"
					      "0123456789.-")])
			problems_add(reader->problems, node->items[i], path,
			    "must be a host name in small letters, without "
			    "https:// and path, not \"%s\"",
			    host);
		else if (host)
			hosts[count++] = mem_strdup(host);
	}
	for (char **host = old; host && *host; host++)
		free(*host);
	free(old);
	*(char ***)target(reader, key) = hosts;
}

static void
read_url(struct config_reader *reader, const struct key *key, const char *path,
    const struct yaml_node *node)
{
	/* checked at the end, when environment and hosts are known */
	reader->urls[key->base] = node;
	read_text(reader, key, path, node);
}

static void
read_secret(struct config_reader *reader, const struct key *key,
    const char *path, const struct yaml_node *node)
{
	config_read_secret(reader, target(reader, key), path, node);
}

/* ---- sections
 * ------------------------------------------------------------------------ */

static key_reader read_section;

static void
read_mapping(struct config_reader *reader, const struct key *key,
    const char *path, const struct yaml_node *node)
{
	(void)key;
	(void)path;
	config_read_mapping(reader, node);
}

/* Which actions, keys, styles and looks there are is the desk's to know. The
 * words are what stands left and right, and one of the latter. */
static void
read_pairs(struct config_reader *reader, const struct key *key,
    const char *path, const struct yaml_node *node)
{
	char **list;
	size_t count = 0;

	if (node->kind != YAML_MAP || node->count > LIST_MAX) {
		problems_add(reader->problems, node, path,
		    "must be a map of %s to %s", key->words[0], key->words[1]);
		return;
	}
	if (node->count == 0)
		return;
	list = mem_zalloc((2 * node->count + 1) * sizeof(*list));
	for (size_t i = 0; i < node->count; i++) {
		const char *text = config_scalar(
		    reader, path, node->items[i], key->words[2]);

		if (!text)
			continue;
		list[count++] = mem_strdup(node->keys[i]->text);
		list[count++] = mem_strdup(text);
	}
	*(char ***)target(reader, key) = list;
}

/* Whether they are queries shows when there is a book. */
static void
read_desk_filters(struct config_reader *reader, const struct key *key,
    const char *path, const struct yaml_node *node)
{
	struct config *config = reader->config;

	(void)key;
	if (node->kind != YAML_MAP || node->count > LIST_MAX) {
		problems_add(reader->problems, node, path,
		    "must be a map of names to filters, such as "
		    "{florida: \"state:FL\"}");
		return;
	}
	config->filters = mem_zalloc(
	    (node->count + 1) * sizeof(*config->filters));
	for (size_t i = 0; i < node->count; i++) {
		const char *name = node->keys[i]->text;
		const char *query = config_scalar(
		    reader, path, node->items[i], "a filter");
		struct config_filter *filter =
		    &config->filters[config->filter_count];

		if (!config_is_filter_name(name))
			problems_add(reader->problems, node->keys[i], path,
			    "a filter's name is one word of at most %d "
			    "letters, digits, - and _, not \"%s\"",
			    CONFIG_FILTER_NAME_MAX, name);
		else if (query) {
			*filter = (struct config_filter){mem_strdup(name),
			    mem_strdup(query), node->items[i]->line,
			    node->items[i]->column};
			config->filter_count++;
		}
	}
}

static void
read_columns(struct config_reader *reader, const struct key *key,
    const char *path, const struct yaml_node *node)
{
	config_read_columns(
	    reader, path, node, key->base == 1, target(reader, key));
}

/* Looked at after everything else: each is a config of its own. */
static void
read_profiles(struct config_reader *reader, const struct key *key,
    const char *path, const struct yaml_node *node)
{
	struct config *config = reader->config;
	size_t count = 0;

	(void)key;
	if (node->kind != YAML_MAP || node->count > LIST_MAX) {
		problems_add(reader->problems, node, path,
		    "must be a map of names to settings, such as {maria: "
		    "{agent_email: maria@example.com}}");
		return;
	}
	if (node->count == 0)
		return;
	config->profiles = mem_zalloc(
	    (node->count + 1) * sizeof(*config->profiles));
	for (size_t i = 0; i < node->count; i++) {
		const char *name = node->keys[i]->text;

		if (!config_is_filter_name(name))
			problems_add(reader->problems, node->keys[i], path,
			    "a profile's name is one word of at most %d "
			    "letters, digits, - and _, not \"%s\"",
			    CONFIG_PROFILE_MAX, name);
		else
			config->profiles[count++] = mem_strdup(name);
	}
	reader->profiles = node;
}

/* A file of its own: the desk changes rules where they stand, and knows one
 * place in the config. */
static void
read_profile_mapping(struct config_reader *reader, const struct key *key,
    const char *path, const struct yaml_node *node)
{
	(void)key;
	if (node->kind == YAML_SCALAR)
		config_read_mapping(reader, node);
	else
		problems_add(reader->problems, node, path,
		    "a profile's mapping is a file of its own: mapping: "
		    "hubspot.yaml");
}

#define AT(member) offsetof(struct config, member)

static const struct key oauth_keys[] = {
    {.name = "client_id", .read = read_text, .offset = AT(oauth_client_id)},
    {.name = "client_secret",
	.read = read_secret,
	.offset = AT(oauth_client_secret)},
    {.name = "redirect_uri",
	.read = read_text,
	.offset = AT(oauth_redirect_uri)},
    {.name = NULL},
};

static const struct key url_keys[] = {
    {.name = "api",
	.read = read_url,
	.offset = AT(api_url),
	.base = CONFIG_URL_API},
    {.name = "authorize",
	.read = read_url,
	.offset = AT(authorize_url),
	.base = CONFIG_URL_AUTHORIZE},
    {.name = "token",
	.read = read_url,
	.offset = AT(token_url),
	.base = CONFIG_URL_TOKEN},
    {.name = "login",
	.read = read_url,
	.offset = AT(login_url),
	.base = CONFIG_URL_LOGIN},
    {.name = NULL},
};

static const struct key dialect_keys[] = {
    {.name = "v2_body",
	.read = read_flag,
	.offset = AT(flat_body),
	.words = wrappings},
    {.name = "search_envelope",
	.read = read_flag,
	.offset = AT(flat_search),
	.words = envelopes},
    {.name = "birth_date_key", .read = read_birth_key, .words = birth_keys},
    {.name = NULL},
};

static const struct key service_keys[] = {
    {.name = "version",
	.read = read_choice,
	.offset = AT(version),
	.words = versions,
	.base = SERVICE_V1},
    {.name = "environment",
	.read = read_environment,
	.offset = AT(environment),
	.words = config_environments},
    {.name = "agent_email", .read = read_email, .offset = AT(agent_email)},
    {.name = "api_key", .read = read_secret, .offset = AT(api_key)},
    {.name = "oauth", .read = read_section, .keys = oauth_keys},
    {.name = "urls", .read = read_section, .keys = url_keys},
    {.name = "timeout",
	.read = read_duration,
	.offset = AT(timeout_ms),
	.min = 1000},
    {.name = "ca_file", .read = read_path, .offset = AT(ca_file)},
    {.name = "allow_hosts", .read = read_hosts, .offset = AT(allow_hosts)},
    {.name = "dialect", .read = read_section, .keys = dialect_keys},
    {.name = NULL},
};

static const struct key result_keys[] = {
    {.name = "healthsherpa_id",
	.read = read_column,
	.offset = AT(result_healthsherpa_id)},
    {.name = "quote_url", .read = read_column, .offset = AT(result_quote_url)},
    {.name = "synced_at", .read = read_column, .offset = AT(result_synced_at)},
    {.name = NULL},
};

static const struct key sync_keys[] = {
    {.name = "rate", .read = read_rate},
    {.name = "burst",
	.read = read_number,
	.offset = AT(burst),
	.min = 1,
	.max = 10000},
    {.name = "concurrency",
	.read = read_number,
	.offset = AT(concurrency),
	.min = 1,
	.max = 64},
    {.name = "settle", .read = read_duration, .offset = AT(settle_ms)},
    {.name = "search_before_create",
	.read = read_flag,
	.offset = AT(search_before_create),
	.words = booleans},
    {.name = "adopt",
	.read = read_choice,
	.offset = AT(adopt),
	.words = adopts},
    {.name = "lists", .read = read_choice, .offset = AT(lists), .words = lists},
    {.name = "warnings",
	.read = read_flag,
	.offset = AT(hold_warnings),
	.words = warnings},
    {.name = NULL},
};

static const struct key history_keys[] = {
    {.name = "keep", .read = read_duration, .offset = AT(history_keep_ms)},
    {.name = "keep_audit", .read = read_duration, .offset = AT(audit_keep_ms)},
    {.name = NULL},
};

static const struct key desk_keys[] = {
    {.name = "after_sync",
	.read = read_choice,
	.offset = AT(after_sync),
	.words = after_syncs},
    {.name = "mask", .read = read_flag, .offset = AT(mask), .words = booleans},
    {.name = "linear",
	.read = read_flag,
	.offset = AT(linear),
	.words = booleans},
    {.name = "idle_blank", .read = read_duration, .offset = AT(idle_blank_ms)},
    {.name = "colors",
	.read = read_word,
	.offset = AT(colors),
	.words = colors},
    {.name = "keys",
	.read = read_pairs,
	.offset = AT(key_overrides),
	.words = key_words},
    {.name = "filters", .read = read_desk_filters},
    {.name = "glyphs",
	.read = read_word,
	.offset = AT(glyphs),
	.words = glyphs},
    {.name = "mouse",
	.read = read_flag,
	.offset = AT(mouse),
	.words = booleans},
    {.name = "styles",
	.read = read_pairs,
	.offset = AT(style_overrides),
	.words = style_words},
    {.name = "columns", .read = read_columns, .offset = AT(columns)},
    {.name = "sort", .read = read_columns, .offset = AT(sort), .base = 1},
    {.name = NULL},
};

static const struct key top_keys[] = {
    {.name = "contacts", .read = read_path, .offset = AT(contacts)},
    {.name = "service", .read = read_section, .keys = service_keys},
    {.name = "profiles", .read = read_profiles},
    {.name = "mapping", .read = read_mapping},
    {.name = "result_columns", .read = read_section, .keys = result_keys},
    {.name = "sync", .read = read_section, .keys = sync_keys},
    {.name = "history", .read = read_section, .keys = history_keys},
    {.name = "desk", .read = read_section, .keys = desk_keys},
    {.name = NULL},
};

/* A profile: the keys of `service` and two of the top, over what is there. */
static const struct key profile_keys[] = {
    {.name = "contacts", .read = read_path, .offset = AT(contacts)},
    {.name = "mapping", .read = read_profile_mapping},
    {.name = NULL},
};

static const struct key *
find_key(struct config_reader *reader, const struct key *section,
    const char *path, const struct yaml_node *node,
    const struct yaml_node *value)
{
	const struct key *const tables[] = {section->keys, section->more};
	const char *names[NAMES_MAX];
	size_t count = 0;

	for (size_t i = 0; i < 2; i++)
		for (const struct key *key = tables[i]; key && key->name;
		     key++) {
			if (strcmp(key->name, node->text) == 0)
				return key;
			names[count++] = key->name;
		}
	if (value->kind == YAML_SCALAR && config_names_a_secret(node->text))
		config_refuse_literal(reader, path, node);
	else
		problems_unknown(reader->problems, node, path, names, count);
	return NULL;
}

static void
read_section(struct config_reader *reader, const struct key *section,
    const char *path, const struct yaml_node *node)
{
	struct str inner;

	if (node->kind != YAML_MAP) {
		problems_add(reader->problems, node, *path ? path : NULL,
		    "must be a map of settings");
		return;
	}
	str_init(&inner, PATH_SIZE);
	for (size_t i = 0; i < node->count; i++) {
		const struct yaml_node *value = node->items[i];
		const struct key *key;

		str_reset(&inner);
		str_addf(&inner, "%s%s%s", path, *path ? "." : "",
		    node->keys[i]->text);
		key = find_key(
		    reader, section, inner.data, node->keys[i], value);
		if (key &&
		    (!yaml_tree_is_null(value) || key->read == read_column))
			key->read(reader, key, inner.data, value);
	}
	str_release(&inner);
}

void
config_read(struct config_reader *reader, const struct yaml_node *root)
{
	static const struct key top = {
	    .name = "", .read = read_section, .keys = top_keys};

	read_section(reader, &top, "", root);
}

void
config_read_profile(struct config_reader *reader, const struct yaml_node *name,
    const struct yaml_node *node)
{
	static const struct key profile = {.name = "",
	    .read = read_section,
	    .keys = profile_keys,
	    .more = service_keys};
	struct str path;

	str_init(&path, PATH_SIZE);
	str_addf(&path, "profiles.%s", name->text);
	if (!yaml_tree_is_null(node))
		read_section(reader, &profile, path.data, node);
	str_release(&path);
}
