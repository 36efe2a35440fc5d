/* SPDX-License-Identifier: MIT */
/*
 * Where a secret is, as the config says it: {file: ...} and its like, or the
 * word "ask".
 * Hazard: what stands there by mistake may be the secret itself. No message
 * repeats it.
 */
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/spawn.h"
#include "base/str.h"
#include "book/config_keys.h"
#include "book/problems.h"
#include "source/yaml_tree.h"

enum {
	PATH_SIZE = 128,
	COMMAND_MAX = 64,
	KEYRING_MAX = 8,
	VARIABLE_MAX = 64,
	LOOKS_SECRET_FROM = 20
};

/* One long word with digits, of the letters that keys are made of. Names of
 * files and programs look so, too: only of one that is not there it tells. */
static bool
looks_secret(const char *text)
{
	size_t len = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				  "abcdefghijklmnopqrstuvwxyz"
				  "0123456789_-+=");

	return !text[len] && len >= LOOKS_SECRET_FROM &&
	       strpbrk(text, "0123456789") != NULL;
}

static char **
command_words(struct config_reader *reader, const char *path,
    const struct yaml_node *node)
{
	char **argv;

	if (node->kind != YAML_LIST || node->count == 0 ||
	    node->count > COMMAND_MAX) {
		problems_add(reader->problems, node, path,
		    "must be a list: the program and its arguments");
		return NULL;
	}
	argv = mem_zalloc((node->count + 1) * sizeof(*argv));
	for (size_t i = 0; i < node->count; i++) {
		const struct yaml_node *word = node->items[i];

		if (word->kind != YAML_SCALAR)
			problems_add(reader->problems, word, path,
			    "must be text: an argument of the program");
		argv[i] = mem_strdup(
		    word->kind == YAML_SCALAR ? word->text : "");
	}
	return argv;
}

/* What stands there may be a key itself: it is not repeated. */
static void
read_variable(struct config_reader *reader, struct secret_place *place,
    const char *path, const struct yaml_node *node)
{
	const char *text = config_scalar(
	    reader, path, node, "a variable's name");

	if (!text)
		return;
	if (text[strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789")] ||
	    strlen(text) > VARIABLE_MAX || !*text ||
	    (*text >= '0' && *text <= '9')) {
		problems_add(reader->problems, node, path,
		    "must be a variable's name, such as %s: capitals, digits "
		    "and _; not the secret itself",
		    place->variable ? place->variable : "BELAY_API_KEY");
		return;
	}
	place->name = mem_strdup(text);
	place->kind = SECRET_ENV;
}

static void
read_secret_file(struct config_reader *reader, struct secret_place *place,
    const char *path, const struct yaml_node *node)
{
	const char *text = config_scalar(reader, path, node, "a file's name");

	if (!text)
		return;
	place->name = file_beside(reader->problems->name, text);
	place->kind = SECRET_FILE;
	if (looks_secret(text) && access(place->name, F_OK) != 0)
		problems_add(reader->problems, node, path,
		    "there is no such file, and it looks like a secret itself; "
		    "put that into a file of its own and name the file here");
}

static void
read_secret_command(struct config_reader *reader, struct secret_place *place,
    const char *path, const struct yaml_node *node)
{
	place->argv = command_words(reader, path, node);
	place->kind = place->argv ? SECRET_COMMAND : SECRET_NONE;
	if (place->argv && looks_secret(place->argv[0]) &&
	    !spawn_found(place->argv[0]))
		problems_add(reader->problems, node, path,
		    "there is no such program, and it looks like a secret "
		    "itself; name a program that prints the secret, such as "
		    "[pass, show, healthsherpa/api-key]");
}

/* {keyring: maria} is {keyring: {service: belay, account: maria}}. */
static void
read_keyring(struct config_reader *reader, struct secret_place *place,
    const char *path, const struct yaml_node *node)
{
	char **word;

	if (node->kind != YAML_MAP || node->count == 0 ||
	    node->count > KEYRING_MAX) {
		if (!config_scalar(reader, path, node,
			"a name, or the entry's attributes, such as "
			"{service: belay, account: maria}"))
			return;
	}
	for (size_t i = 0; node->kind == YAML_MAP && i < node->count; i++)
		if (!config_scalar(reader, path, node->items[i], "text"))
			return;
	word = place->argv = mem_zalloc(
	    (2 * KEYRING_MAX + 3) * sizeof(*place->argv));
	*word++ = mem_strdup("secret-tool");
	*word++ = mem_strdup("lookup");
	if (node->kind == YAML_SCALAR) {
		*word++ = mem_strdup("service");
		*word++ = mem_strdup("belay");
		*word++ = mem_strdup("account");
		*word++ = mem_strdup(node->text);
	}
	for (size_t i = 0; node->kind == YAML_MAP && i < node->count; i++) {
		*word++ = mem_strdup(node->keys[i]->text);
		*word++ = mem_strdup(node->items[i]->text);
	}
	place->kind = SECRET_KEYRING;
}

static const struct {
	const char *name;
	void (*read)(struct config_reader *reader, struct secret_place *place,
	    const char *path, const struct yaml_node *node);
} secret_kinds[] = {
    {"env", read_variable},
    {"file", read_secret_file},
    {"command", read_secret_command},
    {"keyring", read_keyring},
};

enum { SECRET_KINDS = sizeof(secret_kinds) / sizeof(secret_kinds[0]) };

void
config_refuse_literal(struct config_reader *reader, const char *path,
    const struct yaml_node *node)
{
	problems_add(reader->problems, node, path,
	    "a secret must not stand in the config; say where it is: "
	    "{file: ~/.config/belay/key}, {env: BELAY_API_KEY}, {keyring: "
	    "NAME}, {command: [pass, show, healthsherpa/api-key]} or ask");
}

void
config_read_secret(struct config_reader *reader, struct secret_place *place,
    const char *path, const struct yaml_node *node)
{
	const char *names[SECRET_KINDS];
	struct str full;

	secret_place_clear(place);
	if (node->kind == YAML_SCALAR && strcmp(node->text, "ask") == 0) {
		place->kind = SECRET_ASK;
		return;
	}
	if (node->kind == YAML_SCALAR) {
		config_refuse_literal(reader, path, node);
		return;
	}
	if (node->kind != YAML_MAP || node->count != 1) {
		problems_add(reader->problems, node, path,
		    "must be one of {file: ...}, {env: ...}, {keyring: ...}, "
		    "{command: [...]} or ask");
		return;
	}
	for (size_t i = 0; i < SECRET_KINDS; i++) {
		names[i] = secret_kinds[i].name;
		if (strcmp(node->keys[0]->text, names[i]) == 0) {
			secret_kinds[i].read(
			    reader, place, path, node->items[0]);
			return;
		}
	}
	str_init(&full, PATH_SIZE);
	str_addf(&full, "%s.%s", path, node->keys[0]->text);
	problems_unknown(
	    reader->problems, node->keys[0], full.data, names, SECRET_KINDS);
	str_release(&full);
}

bool
config_names_a_secret(const char *key)
{
	static const char *const words[] = {
	    "key", "token", "secret", "password", "passwd", "pass"};
	size_t len = strlen(key);

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t tail = strlen(words[i]);

		if (len >= tail && strcasecmp(key + len - tail, words[i]) == 0)
			return true;
	}
	return false;
}
