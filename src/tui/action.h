/* SPDX-License-Identifier: MIT */
/*
 * What a user can do, as a table: one row feeds dispatch, hints, help, config
 * and the manual, so they cannot disagree.
 *
 * The desk owns the table. Look-up of a key: actions of the view on top first,
 * then those of every view. Preconditions are data: `guard` says why an action
 * is not possible now, and the body need not check again.
 */
#ifndef TUI_ACTION_H
#define TUI_ACTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct str;

/* Ids that the toolkit itself understands; a desk's own begin after them. */
enum {
	ACTION_NONE,
	ACTION_UP,
	ACTION_DOWN,
	ACTION_PAGE_UP,
	ACTION_PAGE_DOWN,
	ACTION_FIRST,
	ACTION_LAST,
	ACTION_LEFT,
	ACTION_RIGHT,
	ACTION_BACK,   /* Esc: leaves a view, never the program */
	ACTION_LEAVE,  /* q: leaves a view; from the last one, the program */
	ACTION_REDRAW, /* the terminal is painted anew */
	ACTION_HELP,   /* the toolkit only names its key */
	ACTION_OWN = 32
};

#define ACTION_EVERYWHERE 0u

struct action {
	int id;
	uint32_t views;    /* bits of view_ops.scope, or ACTION_EVERYWHERE */
	const char *name;  /* config and command line: "open-quote-page" */
	const char *keys;  /* default keys by name, blanks between: "j Down" */
	const char *group; /* heading in help and manual: "Moving" */
	const char *hint;  /* a word or two for the hint bar: "quote" */
	const char *help;  /* a sentence, no full stop */
	/*
	 * Why not now: false with the reason and the way out in err->text.
	 * NULL: always possible. `host` is the one given to screen_new(), `id`
	 * the action's.
	 */
	bool (*guard)(void *host, int id, struct err *err);
};

struct keymap;

/*
 * A map with the default keys. `actions` is borrowed for its life. Asserts
 * that defaults parse, names are unique and no key is bound twice in a view.
 */
struct keymap *keymap_new(const struct action *actions, size_t count);
void keymap_free(struct keymap *keymap); /* NULL is fine */

/*
 * Replaces the keys of an action ("" unbinds). Errors: unknown name (with the
 * nearest one), unreadable key.
 */
bool keymap_bind(
    struct keymap *keymap, const char *name, const char *keys, struct err *err);
/*
 * For each that was bound, when all are, so that two can change places. False
 * with the reason when another action of the same view has one of its keys, or
 * it is for everywhere and a view would hide a key that is not its default: it
 * then has its default keys again.
 */
bool keymap_check(struct keymap *keymap, const char *name, struct err *err);

/* The action of a key in a view, or NULL. */
const struct action *keymap_find(
    const struct keymap *keymap, uint32_t scope, uint32_t key);
/*
 * By id, as a view sees it (an id may have a row a view); `scope` 0 takes any.
 * NULL when there is none.
 */
const struct action *keymap_action(
    const struct keymap *keymap, uint32_t scope, int id);
/* By name (command line), or NULL. */
const struct action *keymap_named(
    const struct keymap *keymap, uint32_t scope, const char *name);

/* Appends "j Down" (all keys in order), or "j" (the first); "" if none. */
void keymap_keys(
    const struct keymap *keymap, const struct action *action, struct str *out);
void keymap_first_key(
    const struct keymap *keymap, const struct action *action, struct str *out);

/* The table, for help and the manual. */
const struct action *keymap_actions(const struct keymap *keymap, size_t *count);

/* Whether an action is offered in a view. */
static inline bool
action_applies(const struct action *action, uint32_t scope)
{
	return action->views == ACTION_EVERYWHERE || (action->views & scope);
}

#endif
