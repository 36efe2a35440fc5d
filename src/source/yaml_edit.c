/* SPDX-License-Identifier: MIT */
/*
 * Where there are two ways to write a change (behind the last entry or before
 * it, comments below or above, the value as it was given or with quotes), one
 * after the other is written and held against the proof; the first that passes
 * is taken. So the writing need only be right for documents as people write
 * them, and harmless for all others: the proof decides.
 */
#include "source/yaml_edit.h"

#include <assert.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "base/text.h"
#include "source/yaml_edit_private.h"

enum { PATH_TEXT_MAX = 256 };

static void
find_entry(struct edit *edit)
{
	edit->node = edit->root;
	edit->chain[0] = (struct entry){NULL, 0};
	while (edit->level < edit->depth && edit->level < YAML_DEPTH_MAX) {
		const struct yaml_node *map = edit->node;
		size_t i = 0;

		if (map->kind != YAML_MAP)
			return;
		while (i < map->count &&
		       strcmp(map->keys[i]->text, edit->path[edit->level]) != 0)
			i++;
		if (i == map->count)
			return;
		edit->chain[++edit->level] = (struct entry){map, i};
		edit->node = map->items[i];
	}
}

/* How far in the first map in lines is that stands in another. */
static size_t
find_step(const struct yaml_node *map)
{
	for (size_t i = 0;
	     map->kind == YAML_MAP && map->block && i < map->count; i++) {
		const struct yaml_node *inner = map->items[i];

		if (inner->kind == YAML_MAP && inner->block &&
		    inner->keys[0]->column > map->keys[i]->column)
			return inner->keys[0]->column - map->keys[i]->column;
	}
	return 2;
}

static const char *
find_line_break(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] == '\n')
			return i > 0 && text[i - 1] == '\r' ? "\r\n" : "\n";
	return memchr(text, '\r', len) ? "\r" : "\n";
}

static void
name_entry(const struct edit *edit, size_t level, struct str *out)
{
	for (size_t i = 0; i < level; i++)
		str_addf(out, "%s%s", i > 0 ? "." : "", edit->path[i]);
}

static bool
fail(const struct edit *edit, const char *name, size_t level, const char *why,
    struct err *err)
{
	struct str path;

	str_init(&path, PATH_TEXT_MAX);
	name_entry(edit, level, &path);
	err_set(err, ERR_DATA, "%s:%u:%u: %s%s%s", name, edit->node->line,
	    edit->node->column, path.data, path.len > 0 ? " " : "", why);
	str_release(&path);
	return false;
}

static bool
change(struct edit *edit, const char *name, const char *given,
    const struct yaml_node *value, struct err *err)
{
	struct str quoted;
	bool good = false;

	if (!given && edit->level < edit->depth) {
		str_add_bytes(edit->out, edit->text, edit->len);
		return true;
	}
	if (edit->level < edit->depth && edit->node->kind != YAML_MAP &&
	    !yaml_tree_is_null(edit->node))
		return fail(edit, name, edit->level,
		    "is not a map, so belay can put nothing into it: change "
		    "it by hand",
		    err);
	str_init(&quoted, YAML_EDIT_MAX);
	if (value)
		yaml_tree_write(value, &quoted);
	for (edit->way = 0; !good && edit->way < (given ? WAYS : WAY_QUOTED);
	     edit->way++) {
		edit->value = !given                   ? NULL
			      : edit->way & WAY_QUOTED ? quoted.data
						       : given;
		yaml_edit_write(edit);
		good = yaml_edit_prove(edit, value);
	}
	str_release(&quoted);
	if (good)
		return true;
	str_reset(edit->out);
	return fail(edit, name, edit->depth,
	    "cannot be changed by belay without losing something: change it by "
	    "hand",
	    err);
}

static bool
breaks_line(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (yaml_break_length(text + i, text + len) > 0)
			return true;
	return false;
}

/* Whether anything but white space follows. */
static bool
has_sign(const char *text, size_t at)
{
	return text[at + strspn(text + at, " \t\n")] != '\0';
}

/* The value as it reads behind a key; NULL with the error. */
static struct yaml_node *
parse_value(const char *name, const char *value, struct err *err)
{
	struct err why = ERR_INIT;
	struct yaml_node *tree = NULL, *found = NULL;
	struct str text;

	str_init(&text, YAML_EDIT_MAX);
	str_addf(&text, "value: %s\n", value);
	if (text_valid(text.data, text.len, NULL))
		tree = yaml_tree_parse("", text.data, text.len, &why);
	if (tree && tree->count == 1 && text.len > 0 &&
	    !breaks_line(text.data, text.len - 1)) {
		found = tree->items[0];
		/* a comment would be lost, or hide what follows */
		if (found->block || found->start == found->end ||
		    has_sign(text.data, found->end))
			found = NULL;
	}
	if (!found) {
		yaml_tree_free(tree);
		tree = NULL;
		err_set(err, ERR_DATA,
		    "%s: not changed: what should be put in is no YAML value "
		    "on one line",
		    name);
	}
	str_release(&text);
	return tree;
}

bool
yaml_edit(const char *name, const char *text, size_t len,
    const char *const path[], size_t depth, const char *value, struct str *out,
    struct err *err)
{
	struct edit edit = {
	    .path = path, .depth = depth, .text = text, .len = len, .out = out};
	struct yaml_node *wanted = NULL;
	bool good = false;

	assert(depth > 0);
	str_reset(out);
	if (!yaml_tree_has_places(text, len))
		return err_set(err, ERR_DATA,
		    "%s: not UTF-8, so belay cannot change it: save it as "
		    "UTF-8 first",
		    name);
	if (value) {
		wanted = parse_value(name, value, err);
		if (!wanted)
			return false;
	}
	edit.root = yaml_tree_parse(name, text, len, err);
	if (edit.root) {
		yaml_comments_find(&edit.comments, text, len, edit.root);
		edit.line_break = find_line_break(text, len);
		edit.step = find_step(edit.root);
		find_entry(&edit);
		good = change(
		    &edit, name, value, wanted ? wanted->items[0] : NULL, err);
		yaml_comments_release(&edit.comments);
	}
	yaml_tree_free(edit.root);
	yaml_tree_free(wanted);
	return good;
}
