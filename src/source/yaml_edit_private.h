/* SPDX-License-Identifier: MIT */
/* An edit under way; private to yaml_edit*.c. */
#ifndef SOURCE_YAML_EDIT_PRIVATE_H
#define SOURCE_YAML_EDIT_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#include "source/yaml.h"
#include "source/yaml_comments.h"
#include "source/yaml_tree.h"

struct str;

enum { YAML_EDIT_MAX = 1 << 20 }; /* bytes of a document */

/* The ways to write a change, as bits of their number. */
enum { WAY_OTHER_PLACE = 1, WAY_QUOTED = 2, WAYS = 4 };

struct entry {
	const struct yaml_node *map; /* NULL: the root, of no map */
	size_t index;
};

struct edit {
	const char *const *path;
	size_t depth;
	const char *value; /* as it is written this way; NULL: taken out */
	unsigned way;

	const char *text;
	size_t len;
	const char *line_break;
	size_t step; /* blanks that a map is further in than its key */
	struct yaml_node *root;
	struct yaml_comments comments;

	/* the keys of the path that are there, and what the last one has */
	struct entry chain[YAML_DEPTH_MAX + 1];
	size_t level;
	const struct yaml_node *node;

	struct str *out;
	size_t at; /* what stands before is written */
	bool lost; /* this way leads nowhere */
};

/* In yaml_edit_write.c: the document with the change, written this way. */
void yaml_edit_write(struct edit *edit);

/*
 * In yaml_edit_prove.c: whether what was written reads as the old document with
 * the path's entry set to `value` (NULL: absent), and has all its comments.
 */
bool yaml_edit_prove(const struct edit *edit, const struct yaml_node *value);

#endif
