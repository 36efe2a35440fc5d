/* SPDX-License-Identifier: MIT */
/* What the keys do in one view, by theme, and what the signs mean. */
#include <stdlib.h>

#include "base/mem.h"
#include "base/str.h"
#include "desk/actions.h"
#include "desk/desk.h"
#include "tui/action.h"
#include "tui/table.h"
#include "tui/view.h"

/* A heading, an action or a status; the others are NULL or STATUS_COUNT. */
struct line {
	const char *heading;
	const struct action *action;
	enum status status;
};

struct help {
	struct view view;
	struct desk *desk;
	struct table table;
	struct line *lines;
	size_t count;
	size_t capacity;
};

static const struct column columns[] = {
    {"KEY", 12, 18, 0, ALIGN_LEFT},
    {"WHAT IT DOES", 56, 90, 0, ALIGN_LEFT},
    {"NAME", 10, 18, 1, ALIGN_LEFT},
};

static void
add(struct help *help, struct line line)
{
	help->lines = mem_grow(help->lines, &help->capacity, help->count + 1,
	    sizeof(*help->lines));
	help->lines[help->count++] = line;
}

/* Actions of one group stand together in the table. */
static void
add_actions(struct help *help, uint32_t scope)
{
	const char *group = "";
	size_t count;
	const struct action *actions = keymap_actions(
	    help->desk->keymap, &count);

	for (size_t i = 0; i < count; i++) {
		if (!action_applies(&actions[i], scope))
			continue;
		if (!str_equal_fold(actions[i].group, group)) {
			group = actions[i].group;
			add(help, (struct line){group, NULL, STATUS_COUNT});
		}
		add(help, (struct line){NULL, &actions[i], STATUS_COUNT});
	}
}

static size_t
line_count(void *context)
{
	return ((struct help *)context)->count;
}

static void
line_cell(
    void *context, size_t row, int column, struct str *out, enum style *style)
{
	struct help *help = context;
	const struct line *line = &help->lines[row];

	if (line->heading) {
		*style = STYLE_HEADER;
		if (column == 0)
			str_add(out, line->heading);
	} else if (line->status < STATUS_COUNT) {
		const struct status_info *info = &status_table[line->status];

		*style = column == 0 ? desk_status_style(line->status)
				     : STYLE_NORMAL;
		if (column == 0)
			str_addf(out, "%s %s",
			    desk_glyph(help->desk, line->status), info->word);
		else if (column == 1)
			str_add(out, info->meaning);
	} else if (column == 0) {
		*style = STYLE_KEY;
		keymap_keys(help->desk->keymap, line->action, out);
	} else {
		*style = column == 2 ? STYLE_DIM : STYLE_NORMAL;
		str_add(
		    out, column == 1 ? line->action->help : line->action->name);
	}
}

static const struct table_ops table_ops = {
    .count = line_count,
    .cell = line_cell,
};

static void
draw(struct view *view, struct canvas *canvas, const struct area *area)
{
	table_draw(&((struct help *)view)->table, canvas, area);
}

static enum view_result
act(struct view *view, const struct action *action, struct err *err)
{
	(void)err;
	return table_act(&((struct help *)view)->table, action->id)
		   ? VIEW_DONE
		   : VIEW_NOT_MINE;
}

static void
title(struct view *view, struct str *out)
{
	(void)view;
	str_add(out, "Help");
}

/* The row under the cursor unabridged: its line may be too short for it. */
static enum style
note(struct view *view, struct str *out)
{
	const struct help *help = (const struct help *)view;
	const struct line *line = NULL;
	size_t row;

	if (table_row(&help->table, &row))
		line = &help->lines[row];
	if (line && line->action)
		str_addf(out, "%s: %s", line->action->name, line->action->help);
	else if (line && line->status < STATUS_COUNT)
		str_addf(out, "%s: %s", status_table[line->status].word,
		    status_table[line->status].meaning);
	else
		str_add(out,
		    "Names are for : and for keys: in the config. belay(1) "
		    "says the rest.");
	return STYLE_DIM;
}

static const int *
hints(struct view *view)
{
	static const int ids[] = {ACTION_DOWN, ACTION_UP, ACTION_PAGE_DOWN,
	    ACTION_PAGE_UP, ACTION_BACK, ACTION_NONE};

	(void)view;
	return ids;
}

static void
destroy(struct view *view)
{
	struct help *help = (struct help *)view;

	table_release(&help->table);
	free(help->lines);
	free(help);
}

static const struct view_ops ops = {
    .name = "help",
    .scope = SCOPE_HELP,
    .draw = draw,
    .act = act,
    .title = title,
    .note = note,
    .hints = hints,
    .destroy = destroy,
};

struct view *
v_help_new(struct desk *desk, uint32_t scope)
{
	struct help *help = (struct help *)view_new(&ops, sizeof(struct help));

	help->desk = desk;
	add_actions(help, scope);
	add(help, (struct line){"Signs", NULL, STATUS_COUNT});
	for (int i = 0; i < STATUS_COUNT; i++)
		add(help, (struct line){NULL, NULL, (enum status)i});
	table_init(&help->table, &table_ops, help, columns, 3);
	return &help->view;
}
