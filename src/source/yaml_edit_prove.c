/* SPDX-License-Identifier: MIT */
/*
 * Whether a changed document is the old one but for the change: its tree is
 * held against the old tree, its comments against the old ones, in any order.
 */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "source/yaml_edit_private.h"

/* Whether `new` is `old` with the path's entry set to `value`; NULL: absent. */
static bool
is_changed(const struct edit *edit, const struct yaml_node *old,
    const struct yaml_node *new, size_t level, const struct yaml_node *value)
{
	const char *key;
	size_t others = 0;

	if (level == edit->depth)
		return value ? new &&yaml_tree_equal(value, new) : !new;
	key = edit->path[level];
	if (!new)
		return !old;
	if (!value && !yaml_tree_get(old, key))
		return old && yaml_tree_equal(old, new);
	if (new->kind != YAML_MAP)
		return false;
	for (size_t i = 0; old && i < old->count; i++) {
		const struct yaml_node *same;

		if (strcmp(old->keys[i]->text, key) == 0)
			continue;
		same = yaml_tree_get(new, old->keys[i]->text);
		if (!same || !yaml_tree_equal(old->items[i], same))
			return false;
		others++;
	}
	if (new->count != others + (yaml_tree_get(new, key) ? 1 : 0))
		return false;
	return is_changed(edit, yaml_tree_get(old, key),
	    yaml_tree_get(new, key), level + 1, value);
}

struct words {
	const char *text;
	size_t len;
};

static int
compare_words(const void *a, const void *b)
{
	const struct words *one = a, *other = b;
	size_t len = one->len < other->len ? one->len : other->len;
	int order = memcmp(one->text, other->text, len);

	if (order != 0)
		return order;
	return (one->len > other->len) - (one->len < other->len);
}

static struct words *
sort_comments(const struct yaml_comments *comments, const char *text)
{
	struct words *words = mem_alloc((comments->count + 1) * sizeof(*words));

	for (size_t i = 0; i < comments->count; i++)
		words[i] = (struct words){text + comments->items[i].start,
		    comments->items[i].end - comments->items[i].start};
	qsort(words, comments->count, sizeof(*words), compare_words);
	return words;
}

/* Whether the new document has the comments of the old one, and no others. */
static bool
keeps_comments(const struct edit *edit, const struct yaml_node *new)
{
	const struct str *out = edit->out;
	struct words *old_words, *new_words;
	struct yaml_comments comments;
	bool good;

	yaml_comments_find(&comments, out->data, out->len, new);
	good = comments.count == edit->comments.count;
	old_words = sort_comments(&edit->comments, edit->text);
	new_words = sort_comments(&comments, out->data);
	for (size_t i = 0; good && i < comments.count; i++)
		good = compare_words(&old_words[i], &new_words[i]) == 0;
	free(old_words);
	free(new_words);
	yaml_comments_release(&comments);
	return good;
}

bool
yaml_edit_prove(const struct edit *edit, const struct yaml_node *value)
{
	const struct str *out = edit->out;
	struct err ignored = ERR_INIT;
	struct yaml_node *new;
	bool good;

	if (edit->lost || out->cut)
		return false;
	new = yaml_tree_parse("", out->data, out->len, &ignored);
	good = new &&is_changed(edit, edit->root, new, 0, value) &&
	       keeps_comments(edit, new);
	yaml_tree_free(new);
	return good;
}
