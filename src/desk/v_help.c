/* SPDX-License-Identifier: MIT */
/*
 * What the keys do in one view, by theme: what is wanted there first, then
 * finding, moving and belay itself; and what the signs mean. Letters leave the
 * lines that have them; Enter goes back and does what the line says.
 */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "desk/action_list.h"
#include "desk/actions.h"
#include "desk/desk.h"
#include "desk/words.h"
#include "tui/action.h"
#include "tui/finder.h"
#include "tui/table.h"
#include "tui/view.h"

struct sign {
	const struct glyph *glyph;
	const char *word;
	const char *meaning;
};

static const struct sign signs[] = {
    {&glyph_cursor, "here", "the row that the keys are for"},
    {&glyph_mark, "marked", "the next sync is for the marked ones"},
    {&glyph_warning, "warning", "something is wrong with this value"},
    {&glyph_bullet, "hidden", "letters that are not shown; reveal shows them"},
    {&glyph_ellipsis, "more", "there was no room for the rest"},
};

enum { SIGN_COUNT = sizeof(signs) / sizeof(signs[0]) };

/* One of these; the others are NULL. */
struct line {
	const char *heading;
	const struct action *action;
	const struct status_info *status;
	const struct sign *sign;
};

struct help {
	struct view view;
	struct desk *desk;
	struct table table;
	struct line *lines; /* all */
	size_t count;
	size_t capacity;
	size_t *shown; /* of them */
	size_t shown_count;
	struct finder finder;
};

static const struct column columns[] = {
    {"KEY", 12, 18, 0, ALIGN_LEFT},
    {"WHAT IT DOES", 56, 90, 0, ALIGN_LEFT},
    {"NAME", 10, 18, 1, ALIGN_LEFT},
};

/* ---- the lines ------------------------------------------------------------
 */

static void
add(struct help *help, struct line line)
{
	help->lines = mem_grow(help->lines, &help->capacity, help->count + 1,
	    sizeof(*help->lines));
	help->lines[help->count++] = line;
}

static void
add_actions(struct help *help)
{
	const char *group = "";
	size_t count;
	const struct action **list;

	keymap_actions(help->desk->keymap, &count);
	list = mem_alloc((count + 1) * sizeof(const struct action *));
	count = action_order(help->desk, list);
	for (size_t i = 0; i < count; i++) {
		if (strcmp(list[i]->group, group) != 0) {
			group = list[i]->group;
			add(help, (struct line){.heading = group});
		}
		add(help, (struct line){.action = list[i]});
	}
	free(list);
}

static void
add_signs(struct help *help)
{
	add(help, (struct line){.heading = "Signs"});
	for (int i = 0; i < STATUS_COUNT; i++)
		add(help, (struct line){.status = &status_table[i]});
	for (int i = 0; i < SIGN_COUNT; i++)
		add(help, (struct line){.sign = &signs[i]});
}

static bool
fits(const struct help *help, const struct line *line)
{
	const struct finder *finder = &help->finder;

	if (line->action)
		return action_fits(help->desk, line->action, finder->typed) > 0;
	if (line->status)
		return finder_has(finder, line->status->word) ||
		       finder_has(finder, line->status->meaning);
	return line->sign && (finder_has(finder, line->sign->word) ||
				 finder_has(finder, line->sign->meaning));
}

/* A heading stands only where something follows it. */
static void
narrow(struct help *help)
{
	size_t heading = SIZE_MAX;

	help->shown_count = 0;
	for (size_t i = 0; i < help->count; i++) {
		if (help->lines[i].heading) {
			heading = i;
			continue;
		}
		if (!fits(help, &help->lines[i]))
			continue;
		if (heading != SIZE_MAX)
			help->shown[help->shown_count++] = heading;
		heading = SIZE_MAX;
		help->shown[help->shown_count++] = i;
	}
}

/* ---- drawing --------------------------------------------------------------
 */

static size_t
line_count(void *context)
{
	return ((struct help *)context)->shown_count;
}

static void
action_cell(struct help *help, const struct action *action, int column,
    struct str *out, enum style *style)
{
	struct err why = ERR_INIT;

	*style = column == 0 ? STYLE_KEY
		 : column == 2 || action_stand(help->desk, action, &why) !=
				      ACTION_POSSIBLE
		     ? STYLE_DIM
		     : STYLE_NORMAL;
	if (column == 0)
		keymap_keys(help->desk->keymap, action, out);
	else
		str_add(out, column == 1 ? action->help : action->name);
}

static void
sign_cell(struct help *help, const struct line *line, int column,
    struct str *out, enum style *style)
{
	if (line->status) {
		enum status status = (enum status)(line->status - status_table);

		*style = column == 0 ? desk_status_style(status) : STYLE_NORMAL;
		if (column == 0)
			str_addf(out, "%s %s", desk_glyph(help->desk, status),
			    line->status->word);
		else if (column == 1)
			str_add(out, line->status->meaning);
	} else if (column == 0) {
		str_addf(out, "%s %s",
		    help->desk->ascii ? line->sign->glyph->ascii
				      : line->sign->glyph->sign,
		    line->sign->word);
	} else if (column == 1) {
		str_add(out, line->sign->meaning);
	}
}

static void
line_cell(
    void *context, size_t row, int column, struct str *out, enum style *style)
{
	struct help *help = context;
	const struct line *line = &help->lines[help->shown[row]];

	if (line->action) {
		action_cell(help, line->action, column, out, style);
	} else if (line->heading) {
		*style = STYLE_HEADER;
		if (column == 0)
			str_add(out, line->heading);
	} else {
		sign_cell(help, line, column, out, style);
	}
}

static void
empty(void *context, struct str *out)
{
	struct help *help = context;
	char key[WORDS_KEY_MAX];

	str_addf(out, "Nothing here has these words; %s looks everywhere.",
	    words_key(help->desk, SCOPE_HELP, DESK_COMMAND, key));
}

static const struct table_ops table_ops = {
    .count = line_count,
    .cell = line_cell,
    .empty = empty,
};

static void
draw(struct view *view, struct canvas *canvas, const struct area *area)
{
	table_draw(&((struct help *)view)->table, canvas, area);
}

static void
title(struct view *view, struct str *out)
{
	const struct help *help = (const struct help *)view;

	str_add(out, "Help");
	if (*help->finder.typed)
		str_addf(out, ": %s", help->finder.typed);
}

static const struct line *
under_cursor(const struct help *help)
{
	size_t row;

	return table_row(&help->table, &row) ? &help->lines[help->shown[row]]
					     : NULL;
}

/* The row under the cursor unabridged: its line may be too short for it. */
static enum style
note(struct view *view, struct str *out)
{
	struct help *help = (struct help *)view;
	const struct line *line = under_cursor(help);
	struct err why = ERR_INIT;

	if (line && line->action &&
	    action_stand(help->desk, line->action, &why) != ACTION_POSSIBLE)
		str_addf(out, "%s: not now: %s", line->action->name, why.text);
	else if (line && line->action)
		str_addf(out, "%s: %s", line->action->name, line->action->help);
	else if (line && line->status)
		str_addf(
		    out, "%s: %s", line->status->word, line->status->meaning);
	else if (line && line->sign)
		str_addf(out, "%s: %s", line->sign->word, line->sign->meaning);
	else
		str_add(out,
		    "Names are for : and for keys: in the config. belay(1) "
		    "says the rest.");
	return STYLE_DIM;
}

static const int *
hints(struct view *view)
{
	static const int ids[] = {DESK_CHOOSE, DESK_SEARCH, ACTION_DOWN,
	    ACTION_UP, ACTION_PAGE_DOWN, ACTION_PAGE_UP, ACTION_BACK,
	    ACTION_NONE};

	(void)view;
	return ids;
}

/* ---- acting ---------------------------------------------------------------
 */

/* Whether the line under the cursor is an action, possible below. */
static bool
may(struct view *view, int id, struct err *err)
{
	const struct help *help = (const struct help *)view;
	const struct line *line = under_cursor(help);

	(void)id;
	if (!line || !line->action)
		return err_set(
		    err, ERR_USAGE, "this line only says what something means");
	return action_stand(help->desk, line->action, err) == ACTION_POSSIBLE;
}

static void
found(void *context)
{
	struct help *help = context;

	narrow(help);
	/* on the first line that is not a heading */
	table_select(&help->table, *help->finder.typed ? 1 : 0);
}

static bool
any_found(void *context, struct err *err)
{
	const struct help *help = context;
	char key[WORDS_KEY_MAX];

	return help->shown_count > 0 ||
	       err_set(err, ERR_USAGE,
		   "nothing here has these words; Esc, then %s looks "
		   "everywhere",
		   words_key(help->desk, SCOPE_HELP, DESK_COMMAND, key));
}

static const struct finder_ops finder_ops = {
    .label = "find in the help: ",
    .narrow = found,
    .any = any_found,
};

/* The view is only buried by the next key, so its line may be looked at. */
static void
do_it(struct help *help)
{
	const struct line *line = under_cursor(help);

	if (!line || !line->action)
		return;
	screen_pop(help->view.screen);
	screen_act(help->view.screen, line->action);
}

static enum view_result
act(struct view *view, const struct action *action, struct err *err)
{
	struct help *help = (struct help *)view;

	(void)err;
	if (table_act(&help->table, action->id))
		return VIEW_DONE;
	switch (action->id) {
	case DESK_CHOOSE: do_it(help); return VIEW_DONE;
	case DESK_SEARCH:
		finder_ask(&help->finder, view->screen);
		return VIEW_DONE;
	case ACTION_BACK:
		return finder_leave(&help->finder) ? VIEW_DONE : VIEW_NOT_MINE;
	default: return VIEW_NOT_MINE;
	}
}

static enum view_result
click(struct view *view, int row, int column, struct err *err)
{
	(void)err;
	return table_click(&((struct help *)view)->table, row, column, NULL);
}

static void
destroy(struct view *view)
{
	struct help *help = (struct help *)view;

	table_release(&help->table);
	free(help->lines);
	free(help->shown);
	free(help);
}

static const struct view_ops ops = {
    .name = "help",
    .scope = SCOPE_HELP,
    .draw = draw,
    .act = act,
    .click = click,
    .may = may,
    .title = title,
    .note = note,
    .hints = hints,
    .destroy = destroy,
};

struct view *
v_help_new(struct desk *desk)
{
	struct help *help = (struct help *)view_new(&ops, sizeof(struct help));

	help->desk = desk;
	finder_init(&help->finder, &finder_ops, help);
	add_actions(help);
	add_signs(help);
	help->shown = mem_alloc((help->count + 1) * sizeof(*help->shown));
	narrow(help);
	table_init(&help->table, &table_ops, help, columns, 3);
	return &help->view;
}
