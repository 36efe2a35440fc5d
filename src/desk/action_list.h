/* SPDX-License-Identifier: MIT */
/*
 * The actions as somebody sees them who looks for one: which are wanted first
 * in a view, which are possible, why others are not, which fit typed words.
 * Palette and help are made of this, so they cannot disagree.
 */
#ifndef DESK_ACTION_LIST_H
#define DESK_ACTION_LIST_H

#include <stddef.h>
#include <stdint.h>

struct action;
struct desk;
struct err;
struct str;

enum action_stand {
	ACTION_POSSIBLE,
	ACTION_NOT_NOW,  /* its guard refuses it */
	ACTION_ELSEWHERE /* it belongs to other views */
};

/*
 * Where an action stands in desk_view(); unless it is possible, err->text says
 * why not, or where it is.
 */
enum action_stand action_stand(
    struct desk *desk, const struct action *action, struct err *err);

/* Appends the views it applies in: "the list, a contact"; all: nothing. */
void action_places(struct str *out, uint32_t views);

/*
 * Fills `list` (room for all of the keymap) with the actions that apply in
 * desk_view(), in the order in which they are wanted there: by theme, the
 * view's own first, those possible now before the others, as its hint bar has
 * them; then finding, moving, belay. Those of one theme (action->group) stand
 * together. Returns how many.
 */
size_t action_order(struct desk *desk, const struct action **list);

/*
 * How well an action fits what is typed: each word as a beginning, a part or
 * the letters in order of its name, or in its hint and help, or its key.
 * 0: not at all; ACTION_NAMED: it is its name; "" fits all.
 */
enum { ACTION_NAMED = 10000 };
int action_fits(
    const struct desk *desk, const struct action *action, const char *typed);

#endif
