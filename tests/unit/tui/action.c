/* SPDX-License-Identifier: MIT */
#include "tui/action.h"

#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "check.h"
#include "tui/key.h"

enum { LIST = 1, PAGE = 2 };
enum { SYNC = ACTION_OWN, PAUSE, OMIT };

static const struct action actions[] = {
    {ACTION_DOWN, ACTION_EVERYWHERE, "down", "j Down", "Moving", "down",
	"go one row down", NULL},
    {ACTION_LEAVE, ACTION_EVERYWHERE, "leave", "q", "Moving", "back", "go back",
	NULL},
    {SYNC, LIST | PAGE, "sync", "s", "Sync", "sync", "send it", NULL},
    {PAUSE, LIST, "pause", "x", "Sync", "pause", "pause the run", NULL},
    {OMIT, PAGE, "leave-out", "x j", "Contact", "leave out",
	"leave the value out", NULL},
};

static struct keymap *
make(void)
{
	return keymap_new(actions, sizeof(actions) / sizeof(actions[0]));
}

TEST(action_the_view_comes_before_everywhere)
{
	struct keymap *keymap = make();

	CHECK_INT(keymap_find(keymap, LIST, 'j')->id, ACTION_DOWN);
	CHECK_INT(keymap_find(keymap, PAGE, 'j')->id, OMIT);
	CHECK_INT(keymap_find(keymap, LIST, 'x')->id, PAUSE);
	CHECK_INT(keymap_find(keymap, PAGE, 'x')->id, OMIT);
	CHECK_INT(keymap_find(keymap, PAGE, KEY_CODE_DOWN)->id, ACTION_DOWN);
	CHECK(keymap_find(keymap, 4, 's') == NULL);
	CHECK(keymap_find(keymap, LIST, 'z') == NULL);
	CHECK(keymap_action(keymap, PAGE, PAUSE) == NULL);
	CHECK(keymap_action(keymap, LIST, PAUSE) != NULL);
	CHECK_INT(keymap_named(keymap, PAGE, "sync")->id, SYNC);
	CHECK(keymap_named(keymap, PAGE, "pause") == NULL);
	keymap_free(keymap);
}

TEST(action_config_replaces_keys)
{
	struct keymap *keymap = make();
	struct err err = ERR_INIT;
	struct str keys;

	str_init(&keys, 64);
	CHECK(keymap_bind(keymap, "sync", " ^S  F5 ", &err));
	CHECK(keymap_find(keymap, LIST, 's') == NULL);
	CHECK_INT(keymap_find(keymap, LIST, KEY_CODE_F1 + 4)->id, SYNC);
	keymap_keys(keymap, keymap_action(keymap, LIST, SYNC), &keys);
	CHECK_TEXT(keys.data, "^S F5");
	str_reset(&keys);
	keymap_first_key(keymap, keymap_action(keymap, LIST, SYNC), &keys);
	CHECK_TEXT(keys.data, "^S");
	CHECK(keymap_bind(keymap, "sync", "", &err));
	str_reset(&keys);
	keymap_keys(keymap, keymap_action(keymap, LIST, SYNC), &keys);
	CHECK_TEXT(keys.data, "");
	str_release(&keys);
	keymap_free(keymap);
}

TEST(action_bad_bindings_are_explained)
{
	static const struct {
		const char *name, *keys, *says;
	} bad[] = {
	    {"synk", "s", "did you mean 'sync'"},
	    {"frobnicate", "s", "there is no action 'frobnicate'"},
	    {"sync", "PageDown", "'PageDown' is not the name of a key"},
	    {"sync", "1 2 3 4 5 6 7 8 9", "too many keys"},
	};
	struct keymap *keymap = make();

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct err err = ERR_INIT;

		CHECK(!keymap_bind(keymap, bad[i].name, bad[i].keys, &err));
		CHECK(strstr(err.text, bad[i].says) != NULL);
		CHECK_INT(err.kind, ERR_CONFIG);
	}
	CHECK_INT(keymap_find(keymap, LIST, 's')->id, SYNC);
	keymap_free(keymap);
}

TEST(action_taken_keys_are_explained)
{
	static const struct {
		const char *name, *keys, *says;
	} bad[] = {
	    {"sync", "x",
		"the key x is taken by 'pause': give one of the two another "
		"key"},
	    {"down", "q",
		"the key q is taken by 'leave': give one of the two another "
		"key"},
	    {"leave", "q s",
		"the key s is taken by 'sync', and 'leave' is for every "
		"screen: give one of the two another key"},
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct keymap *keymap = make();
		struct err err = ERR_INIT;

		CHECK(keymap_bind(keymap, bad[i].name, bad[i].keys, &err));
		CHECK(!keymap_check(keymap, bad[i].name, &err));
		CHECK_TEXT(err.text, bad[i].says);
		CHECK_INT(err.kind, ERR_CONFIG);
		CHECK_INT(keymap_find(keymap, LIST, 's')->id, SYNC);
		keymap_free(keymap);
	}
}

TEST(action_keys_change_places)
{
	struct keymap *keymap = make();
	struct err err = ERR_INIT;

	CHECK(keymap_bind(keymap, "sync", "x", &err));
	CHECK(keymap_bind(keymap, "pause", "s", &err));
	CHECK(keymap_bind(keymap, "leave-out", "j", &err));
	CHECK(keymap_bind(keymap, "leave", "z", &err));
	CHECK(keymap_check(keymap, "sync", &err));
	CHECK(keymap_check(keymap, "pause", &err));
	CHECK(keymap_check(keymap, "leave-out", &err));
	CHECK(keymap_check(keymap, "leave", &err));
	CHECK_INT(keymap_find(keymap, LIST, 'x')->id, SYNC);
	CHECK_INT(keymap_find(keymap, LIST, 's')->id, PAUSE);
	keymap_free(keymap);
}

TEST(action_default_keys_may_be_written_down)
{
	struct keymap *keymap = make();
	struct err err = ERR_INIT;

	/* j is hidden on the page as it always was. */
	CHECK(keymap_bind(keymap, "down", "j Down", &err));
	CHECK(keymap_check(keymap, "down", &err));
	CHECK_INT(keymap_find(keymap, PAGE, 'j')->id, OMIT);
	/* Chosen for every screen, it is not hidden without a word. */
	CHECK(keymap_bind(keymap, "leave", "z", &err));
	CHECK(keymap_bind(keymap, "pause", "z", &err));
	CHECK(keymap_check(keymap, "pause", &err));
	CHECK(!keymap_check(keymap, "leave", &err));
	CHECK(strstr(err.text, "taken by 'pause'") != NULL);
	keymap_free(keymap);
}
