/* SPDX-License-Identifier: MIT */
/*
 * A config for one agent of an agency: the keys of a profile over those that
 * all have.
 *
 * Each profile is read as a config of its own, over the same tree, so that
 * nothing of one agent can stay behind in what another one sends with, and
 * all of them are checked whichever is chosen.
 * Hazard: what one and the same line gives rise to is said once, not once a
 * profile.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "book/config_keys.h"
#include "book/problems.h"
#include "source/yaml_tree.h"

enum { CONFIG_MAX = 1 << 20, HASH_BYTES = 6 };

struct parse {
	const struct yaml_node *tree;
	struct problems found;
	struct config *base;
	const struct yaml_node *profiles; /* or NULL */
	struct config **each;             /* a config a profile, in order */
	size_t count;
};

static char *
copy(const char *text)
{
	return text ? mem_strdup(text) : NULL;
}

/* The lines that are not said yet. */
static void
add_new(struct problems *problems, const struct str *lines)
{
	for (const char *line = lines->data; *line;) {
		size_t len = strcspn(line, "\n") + 1;
		char *text = mem_strndup(line, len);

		if (!strstr(problems->out->data, text)) {
			str_add(problems->out, text);
			problems->count++;
		}
		free(text);
		line += len;
	}
}

/* ---- reading ------------------------------------------------------------ */

static void
read_base(struct parse *parse)
{
	struct config_reader reader = {.problems = &parse->found};
	struct str lines;
	struct problems late = {.out = &lines, .name = parse->found.name};

	reader.config = parse->base = config_defaults();
	parse->base->path = mem_strdup(parse->found.name);
	config_read(&reader, parse->tree);
	parse->profiles = reader.profiles;
	str_init(&lines, CONFIG_MAX);
	reader.problems = &late;
	config_settle(&reader);
	/* what only the profiles make whole is looked at in them */
	if (!parse->profiles && parse->found.count == 0)
		add_new(&parse->found, &lines);
	str_release(&lines);
}

static struct config *
read_profile(struct parse *parse, size_t index)
{
	struct str lines;
	struct problems quiet = {.out = &lines, .name = parse->found.name};
	struct config_reader reader = {.problems = &quiet};
	const struct yaml_node *name = parse->profiles->keys[index];

	str_init(&lines, CONFIG_MAX);
	reader.config = config_defaults();
	reader.config->path = mem_strdup(parse->found.name);
	config_read(&reader, parse->tree);
	reader.config->profile = mem_strdup(name->text);
	/* that of all is said already */
	str_reset(&lines);
	quiet.count = 0;
	config_read_profile(&reader, name, parse->profiles->items[index]);
	config_settle(&reader);
	add_new(&parse->found, &lines);
	str_release(&lines);
	return reader.config;
}

/* ---- choosing ----------------------------------------------------------- */

/* Whether both names lead to one file, be it there or not. */
static bool
same_place(const char *a, const char *b)
{
	struct stat one, other;

	if (!a || !b)
		return false;
	if (stat(a, &one) == 0 && stat(b, &other) == 0)
		return one.st_dev == other.st_dev && one.st_ino == other.st_ino;
	return strcmp(a, b) == 0;
}

/* The `contacts` of the profile itself, not those of all. */
static const char *
own_contacts(const struct parse *parse, size_t index)
{
	return parse->profiles &&
		       yaml_tree_get(parse->profiles->items[index], "contacts")
		   ? parse->each[index]->contacts
		   : NULL;
}

/* The profile to which the file belongs; `count`: none. ERR_USAGE when it is
 * that of several. */
static bool
find_owner(
    const struct parse *parse, const char *file, size_t *owner, struct err *err)
{
	*owner = parse->count;
	for (size_t i = 0; i < parse->count; i++) {
		if (!same_place(file, own_contacts(parse, i)))
			continue;
		if (*owner < parse->count)
			return err_set(err, ERR_USAGE,
			    "%s is the file of several profiles: say which "
			    "with --profile %s or --profile %s",
			    file, parse->each[*owner]->profile,
			    parse->each[i]->profile);
		*owner = i;
	}
	return true;
}

static bool
find_named(
    const struct parse *parse, const char *name, size_t *index, struct err *err)
{
	const char *const *names = (const char *const *)parse->base->profiles;
	const char *nearest;

	for (*index = 0; *index < parse->count; ++*index)
		if (strcmp(parse->each[*index]->profile, name) == 0)
			return true;
	if (parse->count == 0)
		return err_set(err, ERR_USAGE,
		    "--profile %s: %s has no profiles", name,
		    *parse->found.name ? parse->found.name : "the config");
	nearest = str_nearest(name, names, parse->count);
	return err_set(err, ERR_USAGE, "%s has no profile '%s'; %s '%s'%s",
	    parse->found.name, name,
	    nearest ? "did you mean" : "it has, for example,",
	    nearest ? nearest : names[0], nearest ? "?" : "");
}

static bool
choose(const struct parse *parse, const struct config_choice *choice,
    size_t *index, struct err *err)
{
	char *file;
	bool good;

	*index = parse->count;
	if (choice->profile && !find_named(parse, choice->profile, index, err))
		return false;
	if (parse->count == 0 || (choice->profile && !choice->file))
		return true;
	file = choice->file ? file_expand(choice->file)
			    : copy(parse->base->contacts);
	if (!choice->profile) {
		good = find_owner(parse, file, index, err);
	} else {
		size_t owner;
		struct err several = ERR_INIT;

		/* one agent's contacts are not sent as another's */
		good = same_place(file, own_contacts(parse, *index)) ||
		       !find_owner(parse, file, &owner, &several) ||
		       owner == parse->count ||
		       err_set(err, ERR_USAGE,
			   "%s is the file of profile %s, not of %s; leave "
			   "--profile out, or name another file",
			   file, parse->each[owner]->profile, choice->profile);
	}
	free(file);
	return good;
}

/* ---- belay's own files -------------------------------------------------- */

/*
 * One file for each config, environment and profile: a key is never sent to a
 * service, or as an agent, that it was not typed for.
 */
static char *
kept_path(const struct config *config, const char *what)
{
	char *state = config->state_dir ? file_expand(config->state_dir)
					: file_state_dir();
	char *keys = file_join(state, "keys"), *path;
	char *real = config->path ? realpath(config->path, NULL) : NULL;
	const char *place = real ? real : config->path ? config->path : "";
	uint8_t digest[CRYPTO_DIGEST_SIZE];
	char hash[2 * HASH_BYTES + 1];
	struct crypto_digest sum;
	struct str name;

	crypto_digest_start(&sum);
	crypto_digest_add(&sum, place, strlen(place));
	crypto_digest_end(&sum, digest);
	crypto_hex(hash, digest, HASH_BYTES);
	str_init(&name, 256);
	str_addf(&name, "%s-%s%s%s.%s",
	    config_environment_word(config->environment), hash,
	    config->profile ? "-" : "", config->profile ? config->profile : "",
	    what);
	path = file_join(keys, name.data);
	str_release(&name);
	free(real);
	free(keys);
	free(state);
	return path;
}

static void
note_choice(struct config *config, const struct config_choice *choice)
{
	config->asked_profile = copy(choice->profile);
	config->asked_file = copy(choice->file);
	config->state_dir = copy(choice->state_dir);
	config->api_key.kept = kept_path(config, "api-key");
	config->oauth_client_secret.kept = kept_path(config, "client-secret");
}

static void
note_others(struct config *config, const struct parse *parse)
{
	size_t count = 0;

	config->others = mem_zalloc(
	    (parse->count + 1) * sizeof(*config->others));
	for (size_t i = 0; i < parse->count; i++) {
		const char *contacts = own_contacts(parse, i);

		if (contacts && !same_place(contacts, config->contacts))
			config->others[count++] = mem_strdup(contacts);
	}
}

bool
config_is_anothers(const struct config *config, const char *file)
{
	for (char *const *other = config->others; other && *other; other++)
		if (same_place(*other, file))
			return true;
	return false;
}

bool
config_is_own(const struct config *config, const char *file)
{
	return config->contacts && same_place(config->contacts, file);
}

/* ---- the whole ---------------------------------------------------------- */

/* The chosen one, the rest freed; NULL with the error. */
static struct config *
take_chosen(
    struct parse *parse, const struct config_choice *choice, struct err *err)
{
	struct config *config = NULL;
	size_t index = parse->count;

	if (parse->found.count > 0)
		err_set(err, ERR_CONFIG, "%s has %zu problem%s",
		    parse->found.name, parse->found.count,
		    parse->found.count == 1 ? "" : "s");
	else if (!choice || choose(parse, choice, &index, err))
		config = index < parse->count ? parse->each[index]
					      : parse->base;
	if (config && parse->count > 0)
		note_others(config, parse);
	for (size_t i = 0; i < parse->count; i++)
		if (parse->each[i] != config)
			config_free(parse->each[i]);
	if (parse->base != config)
		config_free(parse->base);
	free(parse->each);
	return config;
}

static struct config *
parse_for(const char *name, const char *text, size_t len,
    const struct config_choice *choice, struct str *problems, struct err *err)
{
	struct parse parse = {.found = {.out = problems, .name = name}};
	struct config *config;
	struct yaml_node *tree;

	tree = yaml_tree_parse(name, text, len, err);
	if (!tree) {
		str_addf(problems, "%s\n", err->text);
		err_set(err, ERR_CONFIG, "%s has 1 problem", name);
		return NULL;
	}
	parse.tree = tree;
	read_base(&parse);
	if (parse.profiles && parse.base->profiles[0]) {
		parse.each = mem_zalloc(
		    parse.profiles->count * sizeof(struct config *));
		for (size_t i = 0; i < parse.profiles->count; i++)
			parse.each[parse.count++] = read_profile(&parse, i);
	}
	config = take_chosen(&parse, choice, err);
	yaml_tree_free(tree);
	return config;
}

struct config *
config_parse(const char *name, const char *text, size_t len,
    struct str *problems, struct err *err)
{
	return parse_for(name, text, len, NULL, problems, err);
}

struct config *
config_load_for(const char *path, const struct config_choice *choice,
    struct str *problems, struct err *err)
{
	char *place = path ? file_expand(path) : NULL;
	struct config *config = NULL;
	struct str text;

	if (!place) {
		char *directory = file_config_dir();

		place = file_join(directory, "config.yaml");
		free(directory);
	}
	str_init(&text, CONFIG_MAX);
	if (!path && access(place, F_OK) != 0) {
		config = parse_for("", "", 0, choice, problems, err);
		if (config) {
			free(config->path);
			config->path = NULL;
		}
	} else if (file_read_all(place, &text, NULL, err)) {
		config = parse_for(
		    place, text.data, text.len, choice, problems, err);
	}
	if (config && choice)
		note_choice(config, choice);
	str_release(&text);
	free(place);
	return config;
}

struct config *
config_load(const char *path, struct str *problems, struct err *err)
{
	return config_load_for(path, NULL, problems, err);
}

struct config *
config_load_again(
    const struct config *config, struct str *problems, struct err *err)
{
	const struct config_choice choice = {.profile = config->asked_profile,
	    .file = config->asked_file,
	    .state_dir = config->state_dir};

	return config_load_for(
	    config->path, config->api_key.kept ? &choice : NULL, problems, err);
}
