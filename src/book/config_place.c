/* SPDX-License-Identifier: MIT */
/* Where a key stands in a config that belay need not be able to read whole. */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "book/config.h"
#include "source/yaml_tree.h"

enum { FILE_MAX = 1 << 20 };

/* The key node, and its value in `*value`. */
static const struct yaml_node *
find(const struct yaml_node *map, const char *name,
    const struct yaml_node **value)
{
	for (size_t i = 0; map->kind == YAML_MAP && i < map->count; i++)
		if (strcmp(map->keys[i]->text, name) == 0) {
			*value = map->items[i];
			return map->keys[i];
		}
	return NULL;
}

unsigned
config_place(const char *path, const char *key, unsigned *column)
{
	const struct yaml_node *at, *found;
	struct err ignored = ERR_INIT;
	struct yaml_node *tree = NULL;
	unsigned line = 0;
	struct str text;

	*column = 0;
	str_init(&text, FILE_MAX);
	if (file_read_all(path, &text, NULL, &ignored))
		tree = yaml_tree_parse(path, text.data, text.len, &ignored);
	at = tree;
	while (at && *key) {
		size_t len = strcspn(key, ".");
		char *part = mem_strndup(key, len);

		found = find(at, part, &at);
		free(part);
		if (!found)
			break;
		line = found->line;
		*column = found->column;
		key += len + (key[len] == '.');
	}
	yaml_tree_free(tree);
	str_release(&text);
	return line;
}
