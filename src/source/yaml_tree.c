/* SPDX-License-Identifier: MIT */
/*
 * Events to a tree. The depth limit of the events bounds the recursion, the
 * limit on keys bounds the search for a repeated one.
 */
#include "source/yaml_tree.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"
#include "source/input.h"
#include "source/yaml.h"
#include "source/yaml_scalar.h"

enum { TREE_SIZE_MAX = 1 << 20 };

struct builder {
	struct yaml_reader *reader;
	struct err *err;
};

static struct yaml_node *build(
    struct builder *builder, const struct yaml_event *event);

void
yaml_tree_free(struct yaml_node *root)
{
	if (!root)
		return;
	for (size_t i = 0; i < root->count; i++) {
		yaml_tree_free(root->items[i]);
		if (root->keys)
			yaml_tree_free(root->keys[i]);
	}
	free(root->items);
	free(root->keys);
	free(root->text);
	free(root);
}

static struct yaml_node *
new_node(struct builder *builder, enum yaml_kind kind,
    const struct yaml_event *event)
{
	struct yaml_node *node = mem_zalloc(sizeof(*node));
	struct yaml_place place;

	yaml_reader_place(builder->reader, event->start, &place);
	node->kind = kind;
	node->line = place.line;
	node->column = place.column;
	node->start = (size_t)place.byte;
	yaml_reader_place(builder->reader, event->end, &place);
	node->end = (size_t)place.byte;
	return node;
}

/* A list or map without brackets has no end of its own. */
static struct yaml_node *
close_node(struct builder *builder, struct yaml_node *node,
    const struct yaml_event *end)
{
	struct yaml_place place;

	node->block = !end->flow;
	if (node->block && node->count > 0) {
		node->end = node->items[node->count - 1]->end;
		return node;
	}
	yaml_reader_place(builder->reader, end->end, &place);
	node->end = (size_t)place.byte;
	return node;
}

static struct yaml_node *
build_scalar(struct builder *builder, const struct yaml_event *event)
{
	struct yaml_node *node = new_node(builder, YAML_SCALAR, event);

	node->quoted = event->style != YAML_PLAIN;
	node->block = event->style == YAML_BLOCK;
	node->text = mem_strndup(event->text, event->len);
	return node;
}

static struct yaml_node *
build_list(struct builder *builder, const struct yaml_event *start)
{
	struct yaml_node *node = new_node(builder, YAML_LIST, start), *item;
	struct yaml_event event;
	size_t room = 0;

	while (yaml_reader_next(builder->reader, &event, builder->err)) {
		if (event.kind == YAML_EVENT_LIST_END)
			return close_node(builder, node, &event);
		item = build(builder, &event);
		if (!item)
			break;
		node->items = mem_grow(node->items, &room, node->count + 1,
		    sizeof(struct yaml_node *));
		node->items[node->count++] = item;
	}
	yaml_tree_free(node);
	return NULL;
}

static bool
check_key(struct builder *builder, const struct yaml_node *map,
    const struct yaml_event *event)
{
	if (event->kind != YAML_EVENT_SCALAR)
		return yaml_reader_fail(builder->reader, event->start,
		    builder->err, "a key must be text");
	if (map->count == YAML_KEYS_MAX)
		return yaml_reader_fail(builder->reader, event->start,
		    builder->err, "more than %u keys in one map",
		    YAML_KEYS_MAX);
	for (size_t i = 0; i < map->count; i++)
		if (strcmp(map->keys[i]->text, event->text) == 0)
			return yaml_reader_fail(builder->reader, event->start,
			    builder->err,
			    "the key '%.64s' is here twice, first in line %u; "
			    "remove one",
			    event->text, map->keys[i]->line);
	return true;
}

static struct yaml_node *
build_map(struct builder *builder, const struct yaml_event *start)
{
	struct yaml_node *node = new_node(builder, YAML_MAP, start), *key;
	struct yaml_node *value;
	struct yaml_event event;
	size_t room = 0, key_room = 0;

	while (yaml_reader_next(builder->reader, &event, builder->err)) {
		if (event.kind == YAML_EVENT_MAP_END)
			return close_node(builder, node, &event);
		if (!check_key(builder, node, &event))
			break;
		key = build_scalar(builder, &event);
		value = yaml_reader_next(builder->reader, &event, builder->err)
			    ? build(builder, &event)
			    : NULL;
		if (!value) {
			yaml_tree_free(key);
			break;
		}
		node->items = mem_grow(node->items, &room, node->count + 1,
		    sizeof(struct yaml_node *));
		node->keys = mem_grow(node->keys, &key_room, node->count + 1,
		    sizeof(struct yaml_node *));
		node->items[node->count] = value;
		node->keys[node->count++] = key;
	}
	yaml_tree_free(node);
	return NULL;
}

static struct yaml_node *
build(struct builder *builder, const struct yaml_event *event)
{
	switch (event->kind) {
	case YAML_EVENT_LIST: return build_list(builder, event);
	case YAML_EVENT_MAP: return build_map(builder, event);
	case YAML_EVENT_NOTHING: return new_node(builder, YAML_MAP, event);
	default: return build_scalar(builder, event);
	}
}

struct yaml_node *
yaml_tree_parse(const char *name, const char *text, size_t len, struct err *err)
{
	struct builder builder = {.err = err};
	struct yaml_node *root = NULL;
	struct yaml_event event;
	struct input input;

	if (len > TREE_SIZE_MAX) {
		err_set(err, ERR_DATA, "%s: larger than 1 MiB", name);
		return NULL;
	}
	input_init_memory(
	    &input, text, len, len < INPUT_CHUNK ? len + 1 : INPUT_CHUNK);
	builder.reader = yaml_reader_new(&input, name);
	if (yaml_reader_next(builder.reader, &event, err))
		root = build(&builder, &event);
	/* what follows must be the end */
	if (root && !yaml_reader_next(builder.reader, &event, err)) {
		yaml_tree_free(root);
		root = NULL;
	}
	yaml_reader_free(builder.reader);
	input_release(&input);
	return root;
}

bool
yaml_tree_has_places(const char *text, size_t len)
{
	return text_valid(text, len, NULL) && !memchr(text, '\0', len);
}

const struct yaml_node *
yaml_tree_get(const struct yaml_node *map, const char *key)
{
	if (!map || map->kind != YAML_MAP)
		return NULL;
	for (size_t i = 0; i < map->count; i++)
		if (strcmp(map->keys[i]->text, key) == 0)
			return map->items[i];
	return NULL;
}

bool
yaml_tree_is_null(const struct yaml_node *node)
{
	return node->kind == YAML_SCALAR && !node->quoted &&
	       (node->text[0] == '\0' || strcmp(node->text, "~") == 0 ||
		   strcmp(node->text, "null") == 0);
}

bool
yaml_tree_equal(const struct yaml_node *a, const struct yaml_node *b)
{
	if (a->kind != b->kind || a->count != b->count)
		return false;
	if (a->kind == YAML_SCALAR)
		return strcmp(a->text, b->text) == 0 &&
		       yaml_tree_is_null(a) == yaml_tree_is_null(b);
	for (size_t i = 0; i < a->count; i++) {
		const struct yaml_node *other = a->kind == YAML_LIST
						    ? b->items[i]
						    : yaml_tree_get(
							  b, a->keys[i]->text);

		if (!other || !yaml_tree_equal(a->items[i], other))
			return false;
	}
	return true;
}

/* Plain words stay plain, as true and 1 would not for their text alone. */
static void
write_scalar(const struct yaml_node *node, struct str *out)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

	if (yaml_tree_is_null(node))
		str_add(out, "null");
	else if (!node->quoted && *node->text &&
		 !node->text[strspn(node->text, safe)])
		str_add(out, node->text);
	else
		yaml_scalar_write(
		    out, node->text, YAML_PLAIN, true, !node->quoted);
}

void
yaml_tree_write(const struct yaml_node *node, struct str *out)
{
	if (node->kind == YAML_SCALAR) {
		write_scalar(node, out);
		return;
	}
	str_add_char(out, node->kind == YAML_LIST ? '[' : '{');
	for (size_t i = 0; i < node->count; i++) {
		if (i > 0)
			str_add(out, ", ");
		if (node->kind == YAML_MAP) {
			write_scalar(node->keys[i], out);
			str_add(out, ": ");
		}
		yaml_tree_write(node->items[i], out);
	}
	str_add_char(out, node->kind == YAML_LIST ? ']' : '}');
}
