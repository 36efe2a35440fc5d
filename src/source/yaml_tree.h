/* SPDX-License-Identifier: MIT */
/*
 * A small YAML document as a tree with places, for config and mapping.
 *
 * Built from libyaml's events (in yaml.c, the one file that knows libyaml).
 * All scalars are text. Refused, with file:line:column: anchors and aliases,
 * tags other than the core ones, duplicate keys (both lines named), more than
 * one document, nesting deeper than 32, more than 1 MiB.
 */
#ifndef SOURCE_YAML_TREE_H
#define SOURCE_YAML_TREE_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct str;

enum yaml_kind { YAML_SCALAR, YAML_LIST, YAML_MAP };

struct yaml_node {
	enum yaml_kind kind;
	unsigned line;   /* from 1 */
	unsigned column; /* from 1, in characters */
	/* Bytes of the text (see yaml_tree_has_places()); a list or map without
	 * brackets ends where its last entry does, a block scalar where the
	 * next line starts, an empty value is as long as nothing (behind its
	 * colon, in {} at the next token). */
	size_t start, end;
	bool quoted;              /* a scalar written in quotes or as a block */
	bool block;               /* written with | or >, a list or map in lines
				   * of its own, without brackets */
	char *text;               /* YAML_SCALAR */
	struct yaml_node **items; /* YAML_LIST: elements; YAML_MAP: values */
	struct yaml_node **keys;  /* YAML_MAP: scalars */
	size_t count;
};

/* `name` stands in messages. NULL with the error; an empty file is an empty
 * map. */
struct yaml_node *yaml_tree_parse(
    const char *name, const char *text, size_t len, struct err *err);
void yaml_tree_free(struct yaml_node *root); /* NULL is fine */

/* Whether the bytes that its nodes name are those of the text: of one that is
 * not UTF-8 they are those of the text as UTF-8. */
bool yaml_tree_has_places(const char *text, size_t len);

/* The value of a key, or NULL. */
const struct yaml_node *yaml_tree_get(
    const struct yaml_node *map, const char *key);
/* A plain null: empty, ~ or null, unquoted. */
bool yaml_tree_is_null(const struct yaml_node *node);
/* Whether both say the same, however they are written. Maps in any order. */
bool yaml_tree_equal(const struct yaml_node *a, const struct yaml_node *b);

/* Appends it on one line in flow form, which reads back as the same wherever a
 * value may stand. */
void yaml_tree_write(const struct yaml_node *node, struct str *out);

#endif
