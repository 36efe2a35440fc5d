/* SPDX-License-Identifier: MIT */
/*
 * Every action by its name, with its key and a sentence; what is typed into
 * the line below leaves those that fit, the best first. What is not possible
 * stands below what is, dimmed, with the reason.
 *
 * The line is a question of the screen, this view the list beside it. Both go
 * together: Enter and Esc end the question and take the list off.
 *
 * Hazard: another question may take the place of ours (a run has ended); then
 * the next key brings the line back.
 */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"
#include "desk/action_list.h"
#include "desk/desk.h"
#include "desk/words.h"
#include "tui/action.h"
#include "tui/completion.h"
#include "tui/key.h"
#include "tui/prompt.h"
#include "tui/table.h"
#include "tui/view.h"

enum { TYPED_MAX = 200, ABOUT_ROWS = 2, LOW = 8 };

struct entry {
	const struct action *action;
	enum action_stand stand;
	int fit;
	size_t place; /* in the order without anything typed */
};

struct palette {
	struct view view;
	struct desk *desk;
	struct table table;
	const struct action **order; /* all, as they are wanted here */
	size_t order_count;
	struct entry *shown;
	size_t shown_count;
	char typed[TYPED_MAX + 1];
	bool moved; /* in the list */
};

static const struct column columns[] = {
    {"NAME", 12, 20, 0, ALIGN_LEFT},
    {"KEY", 6, 11, 0, ALIGN_LEFT},
    {"WHAT IT DOES", 17, 90, 0, ALIGN_LEFT},
};

static struct palette *
self(struct view *view)
{
	return (struct palette *)view;
}

/* ---- which are shown ------------------------------------------------------
 */

/* A name that is typed whole is meant, be it possible or not. */
static int
compare(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	bool named_a = a->fit == ACTION_NAMED, named_b = b->fit == ACTION_NAMED;

	if (named_a != named_b)
		return named_a ? -1 : 1;
	if (a->stand != b->stand)
		return a->stand < b->stand ? -1 : 1;
	if (a->fit != b->fit)
		return a->fit > b->fit ? -1 : 1;
	return a->place < b->place ? -1 : a->place > b->place;
}

static void
narrow(struct palette *my)
{
	my->shown_count = 0;
	for (size_t i = 0; i < my->order_count; i++) {
		struct entry *entry = &my->shown[my->shown_count];
		struct err why = ERR_INIT;

		entry->action = my->order[i];
		entry->place = i;
		entry->fit = action_fits(my->desk, entry->action, my->typed);
		if (entry->fit == 0)
			continue;
		entry->stand = action_stand(my->desk, entry->action, &why);
		my->shown_count++;
	}
	qsort(my->shown, my->shown_count, sizeof(*my->shown), compare);
}

/* Those of this view as they are wanted, then those of others. */
static void
make_order(struct palette *my)
{
	size_t count, here;
	const struct action *actions = keymap_actions(my->desk->keymap, &count);
	uint32_t scope = desk_view(my->desk)->ops->scope;

	my->order = mem_alloc((count + 1) * sizeof(const struct action *));
	my->shown = mem_alloc((count + 1) * sizeof(*my->shown));
	here = action_order(my->desk, my->order);
	for (size_t i = 0; i < count; i++)
		if (!action_applies(&actions[i], scope))
			my->order[here++] = &actions[i];
	my->order_count = here;
}

/* What is possible may be another by now; the cursor stays on its action. */
static void
refresh(struct view *view)
{
	struct palette *my = self(view);
	const struct action *action = NULL;
	size_t row;

	if (table_row(&my->table, &row))
		action = my->shown[row].action;
	narrow(my);
	for (size_t i = 0; i < my->shown_count; i++)
		if (my->shown[i].action == action)
			table_select(&my->table, i);
}

/* ---- drawing --------------------------------------------------------------
 */

static size_t
row_count(void *context)
{
	return ((const struct palette *)context)->shown_count;
}

static void
add_sentence(struct palette *my, const struct entry *entry, struct str *out)
{
	struct err why = ERR_INIT;

	if (action_stand(my->desk, entry->action, &why) == ACTION_NOT_NOW)
		str_addf(out, "not now: %s", why.text);
	else if (why.kind != ERR_NONE)
		str_add(out, why.text);
	else
		str_add(out, entry->action->help);
}

static void
cell(void *context, size_t row, int number, struct str *out, enum style *style)
{
	struct palette *my = context;
	const struct entry *entry = &my->shown[row];

	if (entry->stand != ACTION_POSSIBLE)
		*style = STYLE_DIM;
	else if (number == 1)
		*style = STYLE_KEY;
	if (number == 0)
		str_add(out, entry->action->name);
	else if (number == 1)
		keymap_keys(my->desk->keymap, entry->action, out);
	else
		add_sentence(my, entry, out);
}

static void
empty(void *context, struct str *out)
{
	(void)context;
	str_add(out, "Nothing is called so, and nothing is described so.");
}

static const struct table_ops table_ops = {
    .count = row_count,
    .cell = cell,
    .empty = empty,
};

/* The sentence about the one under the cursor, whole: its line may be too
 * short. */
static void
draw_about(struct palette *my, struct canvas *canvas, const struct area *area)
{
	const struct entry *entry;
	struct str text;
	size_t row;

	if (!table_row(&my->table, &row))
		return;
	entry = &my->shown[row];
	str_init(&text, 2 * ERR_TEXT_MAX);
	if (entry->stand == ACTION_POSSIBLE)
		str_addf(&text, "Enter: %s", entry->action->help);
	else
		add_sentence(my, entry, &text);
	canvas_notice(canvas, area, area->rows, STYLE_NORMAL, text.data);
	str_release(&text);
}

static void
draw(struct view *view, struct canvas *canvas, const struct area *area)
{
	struct palette *my = self(view);
	struct area list = area_rows(area, 0, area->rows - ABOUT_ROWS);
	struct area about = area_rows(
	    area, area->rows - ABOUT_ROWS, ABOUT_ROWS);

	my->table.titles = area->rows >= LOW;
	table_draw(&my->table, canvas, &list);
	draw_about(my, canvas, &about);
}

static void
title(struct view *view, struct str *out)
{
	(void)view;
	str_add(out, "What belay can do");
}

/* ---- the line -------------------------------------------------------------
 */

static void
typed(void *context, const char *text)
{
	struct palette *my = context;

	str_copy(my->typed, sizeof(my->typed), text);
	my->moved = false;
	narrow(my);
	table_select(&my->table, 0);
}

static void
close_palette(struct palette *my)
{
	if (screen_top(my->desk->screen) == &my->view)
		screen_pop(my->desk->screen);
}

static void
cancel(void *context)
{
	close_palette(context);
}

/* The one under the cursor. Nothing typed and not moved is nothing wanted. */
static bool
answer(void *context, const char *text, struct err *err)
{
	struct palette *my = context;
	struct desk *desk = my->desk;
	const struct action *action;
	struct err why = ERR_INIT;
	size_t row;

	if (!*my->typed && !my->moved) {
		close_palette(my);
		return true;
	}
	if (!table_row(&my->table, &row))
		return err_set(err, ERR_USAGE,
		    "there is nothing called '%.60s': fewer letters find more",
		    text);
	action = my->shown[row].action;
	if (action_stand(desk, action, &why) != ACTION_POSSIBLE)
		return err_set(
		    err, ERR_USAGE, "%s: %s", action->name, why.text);
	close_palette(my);
	screen_act(desk->screen, action);
	return true;
}

/* The longest common beginning of the names that fit here; what is no
 * beginning becomes the name under the cursor. */
static bool
complete(void *context, const char *before, struct str *out)
{
	struct palette *my = context;
	struct completion completion = {.word = before, .len = strlen(before)};
	bool any = false;
	size_t row;

	for (size_t i = 0; i < my->shown_count; i++) {
		const struct entry *entry = &my->shown[i];

		if (entry->stand == ACTION_ELSEWHERE ||
		    !str_starts(entry->action->name, before))
			continue;
		completion_consider(&completion, entry->action->name);
		any = true;
	}
	if (any)
		return completion_add(&completion, out);
	if (!table_row(&my->table, &row))
		return false;
	str_add(out, my->shown[row].action->name);
	return true;
}

static bool
moves(void *context, uint32_t key)
{
	static const struct {
		uint32_t key;
		int action;
	} moves[] = {
	    {KEY_CODE_UP, ACTION_UP},
	    {KEY_CODE_DOWN, ACTION_DOWN},
	    {KEY_CODE_PAGE_UP, ACTION_PAGE_UP},
	    {KEY_CODE_PAGE_DOWN, ACTION_PAGE_DOWN},
	};
	struct palette *my = context;

	for (size_t i = 0; i < sizeof(moves) / sizeof(moves[0]); i++)
		if (moves[i].key == key) {
			my->moved = true;
			return table_act(&my->table, moves[i].action);
		}
	return false;
}

static void
ask(struct palette *my)
{
	struct prompt prompt = {
	    .label = ":",
	    .initial = my->typed,
	    .history = &my->desk->commands,
	    .complete = complete,
	    .context = my,
	    .key = moves,
	    .answer = answer,
	    .change = typed,
	    .cancel = cancel,
	};

	screen_ask(my->desk->screen, &prompt);
}

static enum view_result
key(struct view *view, uint32_t code, struct err *err)
{
	(void)err;
	ask(self(view));
	screen_key(view->screen, code);
	return VIEW_DONE;
}

static void
destroy(struct view *view)
{
	struct palette *my = self(view);

	table_release(&my->table);
	free(my->order);
	free(my->shown);
	free(view);
}

static const struct view_ops ops = {
    .name = "palette",
    .scope = SCOPE_PALETTE,
    .draw = draw,
    .refresh = refresh,
    .key = key,
    .title = title,
    .destroy = destroy,
};

void
v_palette_open(struct desk *desk)
{
	struct palette *my = (struct palette *)view_new(&ops, sizeof(*my));

	my->desk = desk;
	make_order(my);
	table_init(&my->table, &table_ops, my, columns, 3);
	my->table.fixed = true;
	narrow(my);
	screen_push(desk->screen, &my->view);
	ask(my);
}
