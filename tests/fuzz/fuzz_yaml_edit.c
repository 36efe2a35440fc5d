/* SPDX-License-Identifier: MIT */
/*
 * Any document, one entry of it changed: the first line has the path (a/b/c),
 * the second the value ("-": the entry is taken out), the rest is the document.
 * What comes out reads back with that entry, and has all comments; the same
 * again changes nothing; what was added and is taken out again was never there.
 */
/* the checks are assertions, in every build */
#undef NDEBUG
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "source/yaml_comments.h"
#include "source/yaml_edit.h"
#include "source/yaml_tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SIZE_MAX_TAKEN = 1 << 13, DEPTH_MAX_TAKEN = 4, ROOM = 2 << 20 };

struct asked {
	const char *keys[DEPTH_MAX_TAKEN];
	size_t depth;
	const char *value; /* NULL: taken out */
};

static struct yaml_node *
parse(const char *text, size_t len)
{
	struct err ignored = ERR_INIT;

	return yaml_tree_parse("f", text, len, &ignored);
}

static const struct yaml_node *
find(const struct yaml_node *node, const struct asked *asked)
{
	for (size_t i = 0; node && i < asked->depth; i++)
		node = yaml_tree_get(node, asked->keys[i]);
	return node;
}

/* Nothing, or maps of nothing, on the way of the path. */
static bool
is_hollow(const struct yaml_node *node)
{
	if (!node || yaml_tree_is_null(node))
		return true;
	return node->kind == YAML_MAP &&
	       (node->count == 0 ||
		   (node->count == 1 && is_hollow(node->items[0])));
}

/* The same but for hollow entries on the way of the path. */
static bool
same_along(const struct yaml_node *old, const struct yaml_node *new,
    const struct asked *asked, size_t level)
{
	const char *key;
	size_t others = 0;

	if (is_hollow(old) && is_hollow(new))
		return true;
	if (!old || !new || level == asked->depth)
		return old && new &&yaml_tree_equal(old, new);
	if (old->kind != YAML_MAP || new->kind != YAML_MAP)
		return yaml_tree_equal(old, new);
	key = asked->keys[level];
	for (size_t i = 0; i < old->count; i++) {
		const struct yaml_node *other = yaml_tree_get(
		    new, old->keys[i]->text);

		if (strcmp(old->keys[i]->text, key) == 0)
			continue;
		if (!other || !yaml_tree_equal(old->items[i], other))
			return false;
		others++;
	}
	return new->count == others + (yaml_tree_get(new, key) ? 1 : 0) &&
	       same_along(yaml_tree_get(old, key), yaml_tree_get(new, key),
		   asked, level + 1);
}

/* How many comments; when nothing but their # is left of them, the text says
 * the same. */
static size_t
count_comments(const char *text, size_t len, const struct yaml_node *tree)
{
	struct yaml_comments comments;
	struct yaml_node *without;
	size_t count, at = 0;
	struct str bare;

	str_init(&bare, ROOM);
	yaml_comments_find(&comments, text, len, tree);
	count = comments.count;
	for (size_t i = 0; i < count; i++) {
		const struct yaml_comment *comment = &comments.items[i];

		assert(text[comment->start] == '#' && comment->end <= len);
		str_add_bytes(&bare, text + at, comment->start + 1 - at);
		at = comment->end;
	}
	str_add_bytes(&bare, text + at, len - at);
	without = parse(bare.data, bare.len);
	assert(without && yaml_tree_equal(tree, without));
	yaml_tree_free(without);
	yaml_comments_release(&comments);
	str_release(&bare);
	return count;
}

static void
check(const char *text, size_t len, const struct asked *asked)
{
	struct asked back = *asked;
	struct yaml_node *old = parse(text, len), *new, *undone;
	struct err err = ERR_INIT;
	struct str out, again;
	bool there;

	str_init(&out, ROOM);
	str_init(&again, ROOM);
	str_add(&out, "what was there before");
	if (!yaml_edit("f", text, len, asked->keys, asked->depth, asked->value,
		&out, &err)) {
		assert(err.kind == ERR_DATA && err.text[0] && out.len == 0);
		goto done;
	}
	new = parse(out.data, out.len);
	assert(old && new &&err.kind == ERR_NONE);
	assert((find(new, asked) != NULL) == (asked->value != NULL));
	assert(count_comments(text, len, old) ==
	       count_comments(out.data, out.len, new));
	there = find(old, asked) != NULL;
	yaml_tree_free(new);
	if (yaml_edit("f", out.data, out.len, asked->keys, asked->depth,
		asked->value, &again, &err)) {
		new = parse(out.data, out.len);
		undone = parse(again.data, again.len);
		assert(new &&undone &&yaml_tree_equal(new, undone));
		yaml_tree_free(new);
		yaml_tree_free(undone);
	}
	back.value = NULL;
	if (asked->value && !there &&
	    yaml_edit("f", out.data, out.len, back.keys, back.depth, NULL,
		&again, &err)) {
		undone = parse(again.data, again.len);
		assert(undone && same_along(old, undone, asked, 0));
		yaml_tree_free(undone);
	}
done:
	yaml_tree_free(old);
	str_release(&out);
	str_release(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct asked asked = {.depth = 0};
	char *text, *value, *document;

	if (size > SIZE_MAX_TAKEN)
		return 0;
	text = mem_alloc(size + 1);
	memcpy(text, data, size);
	text[size] = '\0';
	value = strchr(text, '\n');
	document = value ? strchr(value + 1, '\n') : NULL;
	if (document) {
		*value++ = '\0';
		*document++ = '\0';
		asked.value = strcmp(value, "-") == 0 ? NULL : value;
		for (char *at = text; at && asked.depth < DEPTH_MAX_TAKEN;) {
			char *slash = strchr(at, '/');

			if (slash)
				*slash++ = '\0';
			asked.keys[asked.depth++] = at;
			at = slash;
		}
		check(document, size - (size_t)(document - text), &asked);
	}
	free(text);
	return 0;
}
