/* SPDX-License-Identifier: MIT */
/*
 * A keymap is the list of bindings (action, key), a few hundred at most, in
 * the order of the table; look-up walks it. Only an action of the same view,
 * or two actions of every view, can collide: a view's own key hides the one
 * that works everywhere.
 */
#include "tui/action.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "tui/key.h"

enum { KEYS_PER_ACTION = 8 };

struct keys {
	uint32_t key[KEYS_PER_ACTION];
	size_t count;
};

struct keymap {
	const struct action *actions;
	size_t count;
	struct keys *keys; /* one for each action */
};

static bool
parse_keys(const char *text, struct keys *keys, struct err *err)
{
	keys->count = 0;
	for (;;) {
		size_t len;

		text += strspn(text, " \t");
		len = strcspn(text, " \t");
		if (len == 0)
			return true;
		if (keys->count == KEYS_PER_ACTION)
			return err_set(err, ERR_CONFIG,
			    "too many keys: at most %d for one action",
			    KEYS_PER_ACTION);
		if (!key_parse(text, len, &keys->key[keys->count], err))
			return false;
		keys->count++;
		text += len;
	}
}

static bool
has_key(const struct keys *keys, uint32_t key)
{
	for (size_t i = 0; i < keys->count; i++)
		if (keys->key[i] == key)
			return true;
	return false;
}

static bool
by_default(const struct action *action, uint32_t key)
{
	struct keys keys;

	return parse_keys(action->keys, &keys, NULL) && has_key(&keys, key);
}

/*
 * A view's own key may hide one that works everywhere, as defaults do; a key
 * that somebody chose for everywhere would be lost without a word.
 */
static bool
collide(const struct action *a, const struct action *b, uint32_t key)
{
	if (a->views == ACTION_EVERYWHERE || b->views == ACTION_EVERYWHERE)
		return a->views == b->views ||
		       (a->views == ACTION_EVERYWHERE && !by_default(a, key));
	return (a->views & b->views) != 0;
}

static void
say_taken(const struct action *action, const struct action *by, uint32_t key,
    struct err *err)
{
	struct str name;

	str_init(&name, 64);
	key_format(key, &name);
	if (action->views == by->views || action->views != ACTION_EVERYWHERE)
		err_set(err, ERR_CONFIG,
		    "the key %s is taken by '%s': give one of the two another "
		    "key",
		    name.data, by->name);
	else
		err_set(err, ERR_CONFIG,
		    "the key %s is taken by '%s', and '%s' is for every "
		    "screen: give one of the two another key",
		    name.data, by->name, action->name);
	str_release(&name);
}

static bool
check_free(const struct keymap *keymap, size_t number, struct err *err)
{
	const struct action *action = &keymap->actions[number];
	const struct keys *keys = &keymap->keys[number];

	for (size_t k = 0; k < keys->count; k++) {
		for (size_t i = 0; i < keymap->count; i++) {
			const struct action *other = &keymap->actions[i];

			if (i == number ||
			    !has_key(&keymap->keys[i], keys->key[k]) ||
			    !collide(action, other, keys->key[k]))
				continue;
			say_taken(action, other, keys->key[k], err);
			return false;
		}
	}
	return true;
}

struct keymap *
keymap_new(const struct action *actions, size_t count)
{
	struct keymap *keymap = mem_zalloc(sizeof(*keymap));

	keymap->actions = actions;
	keymap->count = count;
	keymap->keys = mem_zalloc((count + 1) * sizeof(*keymap->keys));
	for (size_t i = 0; i < count; i++) {
		struct err err = ERR_INIT;
		bool good = parse_keys(
				actions[i].keys, &keymap->keys[i], &err) &&
			    check_free(keymap, i, &err);

		(void)good;
		assert(good);
		assert(actions[i].name && actions[i].help && actions[i].group);
	}
	return keymap;
}

void
keymap_free(struct keymap *keymap)
{
	if (!keymap)
		return;
	free(keymap->keys);
	free(keymap);
}

static bool
unknown_name(const struct keymap *keymap, const char *name, struct err *err)
{
	const char **names = mem_alloc((keymap->count + 1) * sizeof(*names));
	const char *nearest;

	for (size_t i = 0; i < keymap->count; i++)
		names[i] = keymap->actions[i].name;
	nearest = str_nearest(name, names, keymap->count);
	if (nearest)
		err_set(err, ERR_CONFIG,
		    "there is no action '%s': did you mean '%s'?", name,
		    nearest);
	else
		err_set(err, ERR_CONFIG,
		    "there is no action '%s': the help (?) names them all",
		    name);
	free(names);
	return false;
}

bool
keymap_bind(
    struct keymap *keymap, const char *name, const char *keys, struct err *err)
{
	struct keys parsed;
	bool found = false;

	if (!parse_keys(keys, &parsed, err))
		return false;
	for (size_t i = 0; i < keymap->count; i++) {
		if (strcmp(keymap->actions[i].name, name) != 0)
			continue;
		found = true;
		keymap->keys[i] = parsed;
	}
	return found || unknown_name(keymap, name, err);
}

bool
keymap_check(struct keymap *keymap, const char *name, struct err *err)
{
	for (size_t i = 0; i < keymap->count; i++) {
		const struct action *action = &keymap->actions[i];

		if (strcmp(action->name, name) != 0 ||
		    check_free(keymap, i, err))
			continue;
		parse_keys(action->keys, &keymap->keys[i], NULL);
		return false;
	}
	return true;
}

static const struct action *
find_key(const struct keymap *keymap, uint32_t scope, uint32_t key, bool own)
{
	for (size_t i = 0; i < keymap->count; i++) {
		const struct action *action = &keymap->actions[i];
		bool applies = own ? (action->views & scope) != 0
				   : action->views == ACTION_EVERYWHERE;

		if (applies && has_key(&keymap->keys[i], key))
			return action;
	}
	return NULL;
}

const struct action *
keymap_find(const struct keymap *keymap, uint32_t scope, uint32_t key)
{
	const struct action *action = find_key(keymap, scope, key, true);

	return action ? action : find_key(keymap, scope, key, false);
}

const struct action *
keymap_action(const struct keymap *keymap, uint32_t scope, int id)
{
	const struct action *anywhere = NULL;

	for (size_t i = 0; i < keymap->count; i++) {
		const struct action *action = &keymap->actions[i];

		if (action->id != id)
			continue;
		if (scope == 0 || (action->views & scope))
			return action;
		if (action->views == ACTION_EVERYWHERE && !anywhere)
			anywhere = action;
	}
	return anywhere;
}

const struct action *
keymap_named(const struct keymap *keymap, uint32_t scope, const char *name)
{
	for (size_t i = 0; i < keymap->count; i++)
		if (action_applies(&keymap->actions[i], scope) &&
		    strcmp(keymap->actions[i].name, name) == 0)
			return &keymap->actions[i];
	return NULL;
}

static const struct keys *
keys_of(const struct keymap *keymap, const struct action *action)
{
	assert(action >= keymap->actions &&
	       action < keymap->actions + keymap->count);
	return &keymap->keys[action - keymap->actions];
}

void
keymap_keys(
    const struct keymap *keymap, const struct action *action, struct str *out)
{
	const struct keys *keys = keys_of(keymap, action);

	for (size_t i = 0; i < keys->count; i++) {
		if (i > 0)
			str_add_char(out, ' ');
		key_format(keys->key[i], out);
	}
}

void
keymap_first_key(
    const struct keymap *keymap, const struct action *action, struct str *out)
{
	const struct keys *keys = keys_of(keymap, action);

	if (keys->count > 0)
		key_format(keys->key[0], out);
}

const struct action *
keymap_actions(const struct keymap *keymap, size_t *count)
{
	*count = keymap->count;
	return keymap->actions;
}
