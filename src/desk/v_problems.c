/* SPDX-License-Identifier: MIT */
/*
 * All that is wrong with the config on disk. The list is settings.c's and may
 * be another with each turn, so nothing of it is kept here.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"
#include "book/book.h"
#include "book/config.h"
#include "desk/actions.h"
#include "desk/desk.h"
#include "desk/editor.h"
#include "desk/settings.h"
#include "desk/words.h"
#include "tui/action.h"
#include "tui/form.h"
#include "tui/view.h"

struct v_problems {
	struct view view;
	struct desk *desk;
	struct form form;
};

enum { PLACE, KEY, SENTENCE, COLUMNS };

static const struct column columns[COLUMNS] = {
    {"WHERE", 12, 30, 0, ALIGN_LEFT},
    {"KEY", 10, 30, 1, ALIGN_LEFT},
    {"WHAT IS WRONG", 18, 200, 0, ALIGN_LEFT},
};

static struct v_problems *
self(struct view *view)
{
	return (struct v_problems *)view;
}

/* NULL: there is no such one (any more). */
static const struct problem *
problem_at(const struct v_problems *my, size_t row)
{
	size_t count;
	const struct problem *list = settings_problems(
	    my->desk->settings, &count);

	return row < count ? &list[row] : NULL;
}

static size_t
row_count(void *context)
{
	size_t count;

	settings_problems(
	    ((struct v_problems *)context)->desk->settings, &count);
	return count;
}

static void
cell(void *context, size_t row, int column, struct str *out, enum style *style)
{
	const struct problem *problem = problem_at(context, row);

	*style = column == PLACE ? STYLE_KEY : STYLE_NORMAL;
	if (!problem)
		return;
	if (column == KEY) {
		str_add(out, problem->key);
	} else if (column == SENTENCE) {
		str_add(out, problem->text);
	} else {
		str_add(out, file_name(problem->file));
		if (problem->line > 0)
			str_addf(out, ":%u", problem->line);
		if (problem->column > 0)
			str_addf(out, ":%u", problem->column);
	}
}

/* The one under the cursor unabridged. */
static bool
row_note(void *context, size_t row, size_t number, bool here, struct str *out,
    enum style *style)
{
	const struct problem *problem = problem_at(context, row);

	if (!here || !problem || number > 0)
		return false;
	*style = STYLE_WARNING;
	str_addf(out, "%s%s%s", problem->key, *problem->key ? ": " : "",
	    problem->text);
	return true;
}

static const struct form_ops form_ops = {
    .count = row_count,
    .cell = cell,
    .note = row_note,
};

static void
draw(struct view *view, struct canvas *canvas, const struct area *area)
{
	struct v_problems *my = self(view);
	size_t count = row_count(my);

	if (count == 0) {
		canvas_paragraph(canvas, area, 0, 1, STYLE_GOOD,
		    "Nothing is wrong with the config any more: it is in "
		    "force.");
		return;
	}
	if (my->form.cursor >= count)
		form_select(&my->form, count - 1);
	form_draw(&my->form, canvas, area);
}

static void
edit(struct v_problems *my)
{
	const struct problem *problem = problem_at(my, my->form.cursor);
	struct desk *desk = my->desk;
	const char *path = desk->config->path;
	struct err err = ERR_INIT;

	if (problem && *problem->file)
		path = problem->file;
	if (path && !desk_edit(desk, path, problem ? problem->line : 0, &err))
		screen_say(desk->screen, STYLE_BAD, "%s", err.text);
}

static enum view_result
act(struct view *view, const struct action *action, struct err *err)
{
	struct v_problems *my = self(view);

	(void)err;
	if (form_act(&my->form, action->id))
		return VIEW_DONE;
	if (action->id != DESK_CONFIG)
		return VIEW_NOT_MINE;
	edit(my);
	return VIEW_DONE;
}

static void
title(struct view *view, struct str *out)
{
	const char *path = self(view)->desk->config->path;

	str_add(out, "What is wrong: ");
	text_clean(out, path ? file_name(path) : "the config",
	    strlen(path ? file_name(path) : "the config"));
}

static enum style
note(struct view *view, struct str *out)
{
	struct v_problems *my = self(view);
	size_t count = row_count(my);
	char key[WORDS_KEY_MAX];

	if (count == 0)
		return STYLE_DIM;
	str_addf(out, "%zu to mend: %s opens the editor there. ", count,
	    words_key(my->desk, SCOPE_PROBLEMS, DESK_CONFIG, key));
	str_add(out, book_unfit(my->desk->book)
			 ? "Nothing is sent before all is right"
			 : "The last good config stays in force");
	return STYLE_WARNING;
}

static const int *
hints(struct view *view)
{
	static const int ids[] = {DESK_CONFIG, ACTION_DOWN, ACTION_UP,
	    ACTION_BACK, ACTION_HELP, ACTION_NONE};

	(void)view;
	return ids;
}

static enum view_result
click(struct view *view, int row, int column, struct err *err)
{
	return form_click(&self(view)->form, row, column, err);
}

static void
destroy(struct view *view)
{
	form_release(&self(view)->form);
	free(view);
}

static const struct view_ops ops = {
    .name = "problems",
    .scope = SCOPE_PROBLEMS,
    .draw = draw,
    .act = act,
    .click = click,
    .title = title,
    .note = note,
    .hints = hints,
    .destroy = destroy,
};

struct view *
v_problems_new(struct desk *desk)
{
	struct v_problems *my = (struct v_problems *)view_new(
	    &ops, sizeof(struct v_problems));

	my->desk = desk;
	form_init(&my->form, &form_ops, my, columns, COLUMNS, SENTENCE);
	my->form.titles = true;
	return &my->view;
}
