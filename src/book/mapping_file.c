/* SPDX-License-Identifier: MIT */
/*
 * The document is held as the texts it had, one a step; the present one is
 * where the file stands. A change is made to the text, read as a whole,
 * written, and only then becomes the present one. Hazards: the mapping that is
 * in force may stand nowhere yet, so the first change writes it; an editor may
 * leave a text that is no mapping, which is a step like any other, but nothing
 * is built on it.
 */
#include "book/mapping_file.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "book/config.h"
#include "book/config_write.h"
#include "book/mapping.h"
#include "book/rule_text.h"
#include "source/yaml_edit.h"
#include "source/yaml_tree.h"

enum { TEXT_MAX = 1 << 20, PROBLEMS_MAX = 64 << 10, STEPS_MAX = 200 };

struct version {
	char *text;
	size_t len;
	enum field field; /* whose change made it of the one before */
};

struct mapping_file {
	char *path;
	bool own; /* not the config, but a file that it names */
	bool there;
	struct file_identity identity; /* when it is there */

	struct version *versions;
	size_t count, room, present;

	/* of the last text that was whole */
	char *text;
	struct yaml_node *tree;
	const struct yaml_node *fields; /* the map of rules; NULL: none */
	char *rules[FIELD_COUNT];
	char *trouble; /* of the present text; NULL: it is whole */

	/* in force while no text has a mapping; NULL: nothing */
	char *start_text;
	struct yaml_node *start_tree;
	const struct yaml_node *start_fields;
};

static const struct version *
present(const struct mapping_file *file)
{
	return &file->versions[file->present];
}

/* ---- reading --------------------------------------------------------------
 */

/* The map of rules of a document, NULL when it has none. */
static const struct yaml_node *
find_fields(const struct mapping_file *file, const struct yaml_node *tree)
{
	const struct yaml_node *fields = file->own
					     ? mapping_fields(tree)
					     : yaml_tree_get(tree, "mapping");

	return fields && fields->kind == YAML_MAP ? fields : NULL;
}

static void
tell_rules(struct mapping_file *file)
{
	const struct yaml_node *fields = file->fields;
	const char *text = file->text;

	if (!yaml_tree_has_places(text, strlen(text)))
		text = NULL;
	if (!fields && file->start_fields) {
		fields = file->start_fields;
		text = file->start_text;
	}
	for (unsigned i = 0; i < FIELD_COUNT; i++) {
		const struct yaml_node *node = yaml_tree_get(
		    fields, field_table[i].name);
		struct str rule;

		free(file->rules[i]);
		file->rules[i] = NULL;
		if (!node || yaml_tree_is_null(node))
			continue;
		str_init(&rule, TEXT_MAX);
		rule_text_write(node, text, &rule);
		file->rules[i] = str_take(&rule);
	}
}

/* Whether belay reads the text without a problem; else all of them. */
static bool
is_whole(const struct mapping_file *file, const char *text, size_t len,
    struct str *problems)
{
	struct err err = ERR_INIT;
	struct mapping *mapping;
	struct config *config;
	bool good;

	if (file->own) {
		mapping = mapping_parse_file(file->path, text, len, problems);
		good = mapping != NULL;
		mapping_free(mapping);
		return good;
	}
	config = config_parse(file->path, text, len, problems, &err);
	good = config && !config->mapping_path;
	if (config && !good)
		str_addf(problems,
		    "%s: the mapping stands in a file of its own now: %s\n",
		    file->path, config->mapping_path);
	config_free(config);
	return good;
}

/* Takes the present text for what is told from now on, if it is whole. */
static bool
take_in(struct mapping_file *file)
{
	const struct version *version = present(file);
	struct err ignored = ERR_INIT;
	struct str problems;

	free(file->trouble);
	file->trouble = NULL;
	str_init(&problems, PROBLEMS_MAX);
	if (!is_whole(file, version->text, version->len, &problems)) {
		file->trouble = str_take(&problems);
		return false;
	}
	str_release(&problems);
	yaml_tree_free(file->tree);
	free(file->text);
	file->text = mem_strndup(version->text, version->len);
	file->tree = yaml_tree_parse(
	    file->path, version->text, version->len, &ignored);
	file->fields = find_fields(file, file->tree);
	tell_rules(file);
	return true;
}

static void
drop_versions(struct mapping_file *file, size_t from)
{
	while (file->count > from)
		free(file->versions[--file->count].text);
}

/* Another step; those that were taken back are forgotten. */
static void
add_version(
    struct mapping_file *file, const char *text, size_t len, enum field field)
{
	if (file->count > 0)
		drop_versions(file, file->present + 1);
	if (file->count > STEPS_MAX) {
		free(file->versions[0].text);
		memmove(file->versions, file->versions + 1,
		    (file->count - 1) * sizeof(*file->versions));
		file->count--;
	}
	file->versions = mem_grow(file->versions, &file->room, file->count + 1,
	    sizeof(*file->versions));
	file->versions[file->count] = (struct version){
	    mem_alloc(len + 1), len, field};
	memcpy(file->versions[file->count].text, text, len);
	file->versions[file->count].text[len] = '\0';
	file->present = file->count++;
}

void
mapping_file_forget_redo(struct mapping_file *file)
{
	drop_versions(file, file->present + 1);
}

/* Problems, one a line, as one sentence; of the field's own without the place,
 * which is one in a text that nobody has seen. FIELD_COUNT: no such field. */
static bool
fail_with(const char *problems, enum field field, struct err *err)
{
	struct str joined, mark;

	str_init(&joined, PROBLEMS_MAX);
	str_init(&mark, 256);
	if (field < FIELD_COUNT)
		str_addf(&mark, ": mapping.%s", field_table[field].name);
	for (size_t len; *problems; problems += len + (problems[len] != 0)) {
		const char *from = problems, *own;

		len = strcspn(problems, "\n");
		own = mark.len > 0 ? strstr(problems, mark.data) : NULL;
		if (own && own < problems + len && strchr(":.", own[mark.len]))
			from = own + 2;
		if (joined.len > 0)
			str_add(&joined, "; ");
		str_add_bytes(&joined, from, len - (size_t)(from - problems));
	}
	err_set(err, ERR_CONFIG, "%s", joined.data);
	str_release(&joined);
	str_release(&mark);
	return false;
}

static bool
read_start(struct mapping_file *file, const char *text, struct err *err)
{
	const struct yaml_node *fields;

	file->start_text = mem_strdup(text);
	file->start_tree = yaml_tree_parse("mapping", text, strlen(text), err);
	if (!file->start_tree)
		return false;
	fields = mapping_fields(file->start_tree);
	file->start_fields = fields->kind == YAML_MAP ? fields : NULL;
	return true;
}

/* "mapping:" and what is below it. */
static void
add_start(const struct mapping_file *file, struct str *out)
{
	const char *at = file->start_text;

	if (file->start_fields != file->start_tree) {
		str_add(out, at);
		return;
	}
	str_add(out, "mapping:\n");
	for (size_t len; *at; at += len) {
		len = strcspn(at, "\n");
		len += at[len] == '\n';
		if (*at != '\n')
			str_add(out, "  ");
		str_add_bytes(out, at, len);
	}
	if (out->data[out->len - 1] != '\n')
		str_add_char(out, '\n');
}

static bool
read_file(struct mapping_file *file, struct str *text, struct err *err)
{
	struct file_identity identity;

	if (!file_read_all(file->path, text, &identity, err))
		return false;
	file->identity = identity;
	return true;
}

/* The text that a config will have of which there is none yet. */
static void
begin_config(struct mapping_file *file, const struct mapping_start *start,
    struct str *text)
{
	if (start && start->config)
		str_add(text, start->config);
	else if (file->start_fields)
		add_start(file, text);
}

struct mapping_file *
mapping_file_open(const struct config *config,
    const struct mapping_start *start, struct err *err)
{
	struct mapping_file *file = mem_zalloc(sizeof(*file));
	struct str text;
	bool good = true;

	file->own = config->mapping_path != NULL;
	file->there = config->path != NULL;
	file->path = file->own     ? mem_strdup(config->mapping_path)
		     : file->there ? mem_strdup(config->path)
				   : config_usual_path();
	str_init(&text, TEXT_MAX);
	if (start && start->mapping && !file->own)
		good = read_start(file, start->mapping, err);
	if (good && file->there)
		good = read_file(file, &text, err);
	else
		begin_config(file, start, &text);
	if (good) {
		add_version(file, text.data, text.len, FIELD_COUNT);
		good = take_in(file) ||
		       fail_with(file->trouble, FIELD_COUNT, err);
	}
	str_release(&text);
	if (good)
		return file;
	mapping_file_free(file);
	return NULL;
}

void
mapping_file_free(struct mapping_file *file)
{
	if (!file)
		return;
	drop_versions(file, 0);
	free(file->versions);
	for (unsigned i = 0; i < FIELD_COUNT; i++)
		free(file->rules[i]);
	yaml_tree_free(file->tree);
	yaml_tree_free(file->start_tree);
	free(file->start_text);
	free(file->trouble);
	free(file->text);
	free(file->path);
	free(file);
}

/* ---- what is asked about it -----------------------------------------------
 */

const char *
mapping_file_path(const struct mapping_file *file)
{
	return file->path;
}

bool
mapping_file_is_config(const struct mapping_file *file)
{
	return !file->own;
}

const char *
mapping_file_rule(const struct mapping_file *file, enum field field)
{
	return file->rules[field];
}

static const struct yaml_node *
find_key(const struct yaml_node *map, const char *key)
{
	for (size_t i = 0; map && map->kind == YAML_MAP && i < map->count; i++)
		if (strcmp(map->keys[i]->text, key) == 0)
			return map->keys[i];
	return NULL;
}

void
mapping_file_place(const struct mapping_file *file, enum field field,
    unsigned *line, unsigned *column)
{
	const struct yaml_node *node = find_key(
	    file->fields, field_table[field].name);

	if (!node)
		node = find_key(file->tree, "mapping");
	*line = node ? node->line : 1;
	*column = node ? node->column : 1;
}

/* ---- changing -------------------------------------------------------------
 */

static void
put(struct str *text, const struct str *whole)
{
	str_reset(text);
	str_add_bytes(text, whole->data, whole->len);
}

/* Puts the mapping in force behind what the config has; false where that cannot
 * be done as it is written. */
static bool
append_start(const struct mapping_file *file, struct str *text)
{
	struct err ignored = ERR_INIT;
	struct str whole, mapping;
	struct yaml_node *tree;
	bool good;

	str_init(&whole, 2 * TEXT_MAX);
	str_init(&mapping, TEXT_MAX);
	str_add_bytes(&whole, text->data, text->len);
	add_start(file, &mapping);
	config_append(&whole, mapping.data, mapping.len);
	tree = yaml_tree_parse("", whole.data, whole.len, &ignored);
	good = tree && find_fields(file, tree) &&
	       yaml_tree_equal(find_fields(file, tree), file->start_fields);
	if (good)
		put(text, &whole);
	yaml_tree_free(tree);
	str_release(&mapping);
	str_release(&whole);
	return good;
}

static bool
write_start(const struct mapping_file *file, struct str *text, struct err *err)
{
	struct str whole;
	bool good = true;

	if (append_start(file, text))
		return true;
	str_init(&whole, TEXT_MAX);
	for (unsigned i = 0; good && i < FIELD_COUNT; i++) {
		const char *path[] = {"mapping", field_table[i].name};

		if (!file->rules[i])
			continue;
		good = yaml_edit(file->path, text->data, text->len, path, 2,
		    file->rules[i], &whole, err);
		put(text, &whole);
	}
	str_release(&whole);
	return good;
}

static bool
change_text(const struct mapping_file *file, enum field field, const char *rule,
    struct str *out, struct err *err)
{
	const char *path[] = {"mapping", field_table[field].name};
	bool below = !file->own || file->fields != file->tree;
	struct str text;
	bool good = true;

	str_init(&text, TEXT_MAX);
	str_add_bytes(&text, present(file)->text, present(file)->len);
	if (!file->fields && file->start_fields)
		good = write_start(file, &text, err);
	good = good &&
	       yaml_edit(file->path, text.data, text.len,
		   path + (below ? 0 : 1), below ? 2 : 1, rule, out, err);
	str_release(&text);
	return good;
}

/* Has the file hold the text from now on. */
static bool
write_text(struct mapping_file *file, const struct str *text, struct err *err)
{
	struct str read;
	bool good;

	if (file->there)
		return config_replace(
		    file->path, text, &file->identity, &file->identity, err);
	str_init(&read, TEXT_MAX);
	good = config_create(file->path, text->data, text->len, err) &&
	       read_file(file, &read, err);
	if (good && strcmp(read.data, text->data) != 0)
		good = file_fail(err, ERR_DATA, "keep", file->path,
		    "another program changed it at once; its version is kept");
	file->there = good;
	str_release(&read);
	return good;
}

bool
mapping_file_set(struct mapping_file *file, enum field field, const char *rule,
    struct err *err)
{
	struct str text, problems;
	bool good;

	if (file->trouble)
		return fail_with(file->trouble, FIELD_COUNT, err);
	if (str_blank(rule))
		rule = NULL;
	if (rule && !rule_text_good(rule))
		return err_set(err, ERR_CONFIG, "%s", rule_text_trouble);
	str_init(&text, TEXT_MAX);
	str_init(&problems, PROBLEMS_MAX);
	good = change_text(file, field, rule, &text, err);
	if (good && !is_whole(file, text.data, text.len, &problems))
		good = fail_with(problems.data, field, err);
	if (good &&
	    (!file->there || text.len != present(file)->len ||
		memcmp(text.data, present(file)->text, text.len) != 0)) {
		good = write_text(file, &text, err);
		if (good) {
			add_version(file, text.data, text.len, field);
			take_in(file);
		}
	}
	str_release(&text);
	str_release(&problems);
	return good;
}

/* Goes one step to and fro. */
static bool
go_to(struct mapping_file *file, size_t version, struct err *err)
{
	const struct version *to = &file->versions[version];
	struct str text;
	bool good;

	str_init(&text, TEXT_MAX);
	str_add_bytes(&text, to->text, to->len);
	good = write_text(file, &text, err);
	str_release(&text);
	if (!good)
		return false;
	file->present = version;
	take_in(file);
	return true;
}

bool
mapping_file_can_undo(const struct mapping_file *file)
{
	return file->present > 0;
}

bool
mapping_file_can_redo(const struct mapping_file *file)
{
	return file->present + 1 < file->count;
}

bool
mapping_file_undo(struct mapping_file *file, enum field *field, struct err *err)
{
	if (!mapping_file_can_undo(file))
		return err_set(err, ERR_USAGE, "there is nothing to undo");
	*field = present(file)->field;
	return go_to(file, file->present - 1, err);
}

bool
mapping_file_redo(struct mapping_file *file, enum field *field, struct err *err)
{
	if (!mapping_file_can_redo(file))
		return err_set(err, ERR_USAGE, "there is nothing to redo");
	*field = file->versions[file->present + 1].field;
	return go_to(file, file->present + 1, err);
}

bool
mapping_file_reread(struct mapping_file *file, struct err *err)
{
	struct str text;
	bool good;

	/* somebody else may have made it meanwhile */
	if (!file->there && access(file->path, F_OK) != 0)
		return true;
	str_init(&text, TEXT_MAX);
	good = read_file(file, &text, err);
	if (good) {
		file->there = true;
		if (text.len != present(file)->len ||
		    memcmp(text.data, present(file)->text, text.len) != 0)
			add_version(file, text.data, text.len, FIELD_COUNT);
		good = take_in(file) ||
		       fail_with(file->trouble, FIELD_COUNT, err);
	}
	str_release(&text);
	return good;
}
