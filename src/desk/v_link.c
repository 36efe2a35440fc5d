/* SPDX-License-Identifier: MIT */
/*
 * An address that could not be opened. It stands from the left edge over the
 * whole width, without breaks of ours, so that one drag of the mouse, or a
 * click where the terminal knows links, takes it whole.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "base/str.h"
#include "desk/actions.h"
#include "desk/desk.h"
#include "tui/action.h"
#include "tui/view.h"

struct link {
	struct view view;
	struct desk *desk;
	char *title;
	char *why;
	char *url;
};

static void
draw(struct view *view, struct canvas *canvas, const struct area *area)
{
	struct link *link = (struct link *)view;
	struct area text = area_columns(area, 1, area->columns - 2);
	struct str why;
	int row = 1;

	str_init(&why, 2048);
	str_addf(&why, "%s. Open this address in yours:", link->why);
	if (*why.data >= 'a' && *why.data <= 'z')
		*why.data = (char)(*why.data - 'a' + 'A');
	row += canvas_paragraph(canvas, &text, row, 0, STYLE_NORMAL, why.data);
	str_release(&why);
	row++;
	row += canvas_link(canvas, area, row, link->url);
	row++;
	canvas_paragraph(canvas, &text, row, 0, STYLE_DIM,
	    "Select it with the mouse, click it if your terminal knows links, "
	    "or press y to copy it.");
}

static enum view_result
act(struct view *view, const struct action *action, struct err *err)
{
	struct link *link = (struct link *)view;

	(void)err;
	if (action->id != DESK_COPY)
		return VIEW_NOT_MINE;
	desk_copy(link->desk, link->url);
	return VIEW_DONE;
}

static void
title(struct view *view, struct str *out)
{
	str_add(out, ((struct link *)view)->title);
}

static const int *
hints(struct view *view)
{
	static const int ids[] = {
	    DESK_COPY, ACTION_BACK, ACTION_HELP, ACTION_NONE};

	(void)view;
	return ids;
}

static void
destroy(struct view *view)
{
	struct link *link = (struct link *)view;

	free(link->title);
	free(link->why);
	free(link->url);
	free(link);
}

static const struct view_ops ops = {
    .name = "link",
    .scope = SCOPE_LINK,
    .draw = draw,
    .act = act,
    .title = title,
    .hints = hints,
    .destroy = destroy,
};

struct view *
v_link_new(
    struct desk *desk, const char *title_text, const char *why, const char *url)
{
	struct link *link = (struct link *)view_new(&ops, sizeof(struct link));

	link->desk = desk;
	link->title = mem_strdup(title_text);
	link->why = mem_strdup(why);
	link->url = mem_strdup(url);
	return &link->view;
}
