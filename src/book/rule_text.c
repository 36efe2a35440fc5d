/* SPDX-License-Identifier: MIT */
/*
 * A rule is made the only entry of a map in braces, so that what changes any
 * document changes it, too, and keeps it on its line.
 */
#include "book/rule_text.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "source/yaml_edit.h"
#include "source/yaml_tree.h"

enum { RULE_MAX = 64 << 10 };

const char rule_text_trouble[] =
    "this is no rule: look whether every { [ and quote is closed, and put "
    "\"quotes\" around a column's name that has one of : # , [ { in it";

/* The rule behind a key; NULL: it is not one value on one line. */
static struct yaml_node *
parse(const char *rule, struct str *text)
{
	struct err ignored = ERR_INIT;
	struct yaml_node *tree = NULL;

	str_addf(text, "rule: %s\n", rule);
	if (!text->cut && !strpbrk(rule, "\r\n"))
		tree = yaml_tree_parse("", text->data, text->len, &ignored);
	if (tree && tree->count == 1 && !tree->items[0]->block)
		return tree;
	yaml_tree_free(tree);
	return NULL;
}

bool
rule_text_good(const char *rule)
{
	struct yaml_node *tree;
	struct str text;
	bool good;

	str_init(&text, RULE_MAX);
	tree = parse(rule, &text);
	good = tree != NULL;
	yaml_tree_free(tree);
	str_release(&text);
	return good;
}

void
rule_text_write(const struct yaml_node *node, const char *text, struct str *out)
{
	struct str rule;

	str_init(&rule, RULE_MAX);
	if (text)
		str_add_bytes(
		    &rule, text + node->start, node->end - node->start);
	if (text && !node->block && !rule.cut && rule_text_good(rule.data))
		str_add_bytes(out, rule.data, rule.len);
	else
		yaml_tree_write(node, out);
	str_release(&rule);
}

/* The rule as a map in braces, inside of another. */
static bool
open_up(const char *rule, struct str *out)
{
	const struct yaml_node *node;
	struct yaml_node *tree;
	struct str text;
	bool map;

	str_init(&text, RULE_MAX);
	tree = parse(rule, &text);
	if (tree) {
		node = tree->items[0];
		map = node->kind == YAML_MAP;
		str_add(out, map ? "{rule: " : "{rule: {column: ");
		if (map)
			str_add_bytes(out, text.data + node->start,
			    node->end - node->start);
		else
			yaml_tree_write(node, out);
		str_add(out, map ? "}" : "}}");
	}
	yaml_tree_free(tree);
	str_release(&text);
	return out->len > 0;
}

/* The text of the rule, as short as it can be. */
static bool
close_up(const struct str *text, struct str *out, struct err *err)
{
	struct yaml_node *tree = yaml_tree_parse(
	    "", text->data, text->len, err);
	const struct yaml_node *node = tree ? tree->items[0] : NULL;
	const struct yaml_node *column = yaml_tree_get(node, "column");

	if (!node)
		return false;
	if (node->count == 1 && column)
		yaml_tree_write(column, out);
	else if (node->count > 0)
		str_add_bytes(
		    out, text->data + node->start, node->end - node->start);
	yaml_tree_free(tree);
	return true;
}

bool
rule_text_set(const char *rule, const char *key, const char *value,
    struct str *out, struct err *err)
{
	const char *const path[] = {"rule", key};
	struct err why = ERR_INIT;
	struct str old, new;
	bool good = true;

	str_init(&old, RULE_MAX);
	str_init(&new, RULE_MAX);
	if (str_blank(rule))
		str_add(&old, "{rule: {}}");
	else if (!open_up(rule, &old))
		good = err_set(err, ERR_CONFIG, "%s", rule_text_trouble);
	if (good &&
	    !yaml_edit("rule", old.data, old.len, path, 2, value, &new, &why))
		good = err_set(err, ERR_CONFIG,
		    "%s: this is no value on one line; put it in \"quotes\"",
		    key);
	good = good && close_up(&new, out, err);
	str_release(&old);
	str_release(&new);
	return good;
}
