/* SPDX-License-Identifier: MIT */
/*
 * The lists of one contact beside those that HealthSherpa has of it, so that
 * what an update would replace is seen before it is sent: each item with what
 * becomes of it by a merge and by a replacement.
 *
 * Hazards: HealthSherpa may be asked about another contact meanwhile, or its
 * answer be outdated by another config or reading of the file: then nothing is
 * shown but how to ask again. And the answer is of the moment it came; a merge
 * asks once more.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "book/book.h"
#include "desk/actions.h"
#include "desk/desk.h"
#include "desk/words.h"
#include "sync/list_union.h"
#include "tui/action.h"
#include "tui/form.h"
#include "tui/prompt.h"
#include "tui/view.h"

enum { TEXT_MAX_BYTES = 4096 };

enum side { ONLY_HERE, IN_BOTH, ONLY_THERE, SIDES };

/* An item of a list, as it is shown. */
struct item {
	enum field list;
	enum side side;
	char *name, *ours, *theirs; /* NULL: it is not on that side */
};

struct v_lists {
	struct view view;
	struct desk *desk;
	uint32_t row;
	char name[256];
	enum look_state known;
	char message[320];
	enum field list; /* while it is gathered */
	struct item *items;
	size_t count, room;
	unsigned sides[SIDES];
	unsigned unsaid; /* lists of ours of which HealthSherpa says nothing */
	struct form form;
};

enum {
	COLUMN_LIST,
	COLUMN_ITEM,
	COLUMN_WHERE,
	COLUMN_MERGE,
	COLUMN_REPLACE,
	COLUMNS
};

static const struct column columns[COLUMNS] = {
    {"LIST", 6, 10, 0, ALIGN_LEFT},
    {"ITEM", 12, 40, 0, ALIGN_LEFT},
    {"IS", 10, 18, 1, ALIGN_LEFT},
    {"MERGE", 7, 9, 0, ALIGN_LEFT},
    {"REPLACE", 7, 9, 0, ALIGN_LEFT},
};

static const struct {
	const char *is, *merge, *replace;
	enum style style;
} sides[SIDES] = {
    [ONLY_HERE] = {"only here", "added", "added", STYLE_CHANGED},
    [IN_BOTH] = {"in both", "joined", "replaced", STYLE_NORMAL},
    [ONLY_THERE] = {"only there", "kept", "LOST", STYLE_WARNING},
};

static struct v_lists *
self(struct view *view)
{
	return (struct v_lists *)view;
}

/* ---- what is known --------------------------------------------------- */

static void
forget(struct v_lists *my)
{
	for (size_t i = 0; i < my->count; i++) {
		free(my->items[i].name);
		free(my->items[i].ours);
		free(my->items[i].theirs);
	}
	my->count = 0;
	my->unsaid = 0;
	memset(my->sides, 0, sizeof(my->sides));
}

static char *
text_of(void (*add)(struct str *out, const struct json *item),
    const struct json *item)
{
	struct str text;

	if (!item)
		return NULL;
	str_init(&text, TEXT_MAX_BYTES);
	add(&text, item);
	return str_take(&text);
}

static void
take(void *context, const struct json *ours, const struct json *theirs)
{
	struct v_lists *my = context;
	struct item *item;

	my->items = mem_grow(
	    my->items, &my->room, my->count + 1, sizeof(*my->items));
	item = &my->items[my->count++];
	*item = (struct item){.list = my->list,
	    .side = ours && theirs ? IN_BOTH
		    : ours         ? ONLY_HERE
				   : ONLY_THERE,
	    .name = text_of(list_item_name, ours ? ours : theirs),
	    .ours = text_of(list_item_text, ours),
	    .theirs = text_of(list_item_text, theirs)};
	my->sides[item->side]++;
}

/* Lists that the file does not have are left alone, so they are not shown. */
static void
refresh(struct view *view)
{
	struct v_lists *my = self(view);
	struct sync_lists lists;

	forget(my);
	sync_lists(my->desk->sync, &lists);
	my->known = lists.row == my->row ? lists.known : LOOK_NOT_ASKED;
	str_copy(my->message, sizeof(my->message), lists.message);
	for (unsigned i = 0; my->known == LOOK_KNOWN && i < FIELD_LISTS; i++) {
		my->list = (enum field)(FIELD_DRUGS + i);
		if (!lists.ours[i])
			continue;
		if (!lists.theirs[i] ||
		    !list_compare(lists.ours[i], lists.theirs[i], take, my))
			my->unsaid++;
	}
}

/* ---- drawing --------------------------------------------------------- */

static size_t
row_count(void *context)
{
	return ((struct v_lists *)context)->count;
}

static void
cell(void *context, size_t row, int column, struct str *out, enum style *style)
{
	const struct v_lists *my = context;
	const struct item *item = &my->items[row];
	bool first = row == 0 || my->items[row - 1].list != item->list;

	*style = sides[item->side].style;
	switch (column) {
	case COLUMN_LIST:
		*style = STYLE_KEY;
		if (first)
			str_add(out, field_table[item->list].label);
		break;
	case COLUMN_ITEM:
		str_add(out, item->name && *item->name ? item->name
			     : item->ours              ? item->ours
						       : item->theirs);
		break;
	case COLUMN_WHERE: str_add(out, sides[item->side].is); break;
	case COLUMN_MERGE: str_add(out, sides[item->side].merge); break;
	default:
		if (item->side == ONLY_THERE)
			*style = STYLE_BAD;
		str_add(out, sides[item->side].replace);
	}
}

/* All of the item under the cursor. */
static bool
row_note(void *context, size_t row, size_t number, bool here, struct str *out,
    enum style *style)
{
	const struct item *item = &((struct v_lists *)context)->items[row];
	const char *texts[2] = {item->ours, item->theirs};
	static const char *const whose[2] = {"here", "there"};

	*style = STYLE_DIM;
	for (size_t i = 0; here && i < 2; i++) {
		if (!texts[i] || number-- > 0)
			continue;
		str_addf(out, "%s: %s", whose[i], texts[i]);
		return true;
	}
	return false;
}

static const struct form_ops form_ops = {
    .count = row_count,
    .cell = cell,
    .note = row_note,
};

static void
say_counts(const struct v_lists *my, struct str *out)
{
	str_addf(out,
	    "%u only here, %u in both, %u only at HealthSherpa. A merge keeps "
	    "what is only there; ",
	    my->sides[ONLY_HERE], my->sides[IN_BOTH], my->sides[ONLY_THERE]);
	if (my->sides[ONLY_THERE] > 0)
		str_addf(out, "a replacement loses %s.",
		    my->sides[ONLY_THERE] == 1 ? "it" : "them");
	else
		str_add(out, "a replacement loses nothing of that.");
	if (my->unsaid > 0)
		str_addf(out,
		    " HealthSherpa does not say what it has of %u list%s, "
		    "which a merge leaves alone.",
		    my->unsaid, my->unsaid == 1 ? "" : "s");
}

static enum style
say_standing(const struct v_lists *my, struct str *out)
{
	char key[WORDS_KEY_MAX];

	switch (my->known) {
	case LOOK_ASKING:
		str_add(out, "HealthSherpa is asked what it has...");
		return STYLE_DIM;
	case LOOK_KNOWN: say_counts(my, out); return STYLE_NORMAL;
	case LOOK_NOT_KNOWN:
		str_addf(out, "%s. ", my->message);
		if (out->data[0] >= 'a' && out->data[0] <= 'z')
			out->data[0] = (char)(out->data[0] - 'a' + 'A');
		break;
	case LOOK_NOT_ASKED: break;
	}
	str_addf(out, "%s asks once more.",
	    words_key(my->desk, SCOPE_LISTS, DESK_LISTS, key));
	return STYLE_WARNING;
}

static void
draw(struct view *view, struct canvas *canvas, const struct area *area)
{
	struct v_lists *my = self(view);
	struct area text = area_columns(area, 1, area->columns - 2), body;
	enum style style;
	struct str out;
	int top;

	str_init(&out, 1024);
	style = say_standing(my, &out);
	top = canvas_paragraph(canvas, &text, 0, 0, style, out.data) + 1;
	str_release(&out);
	if (my->count == 0 || top >= area->rows)
		return;
	if (my->form.cursor >= my->count)
		form_select(&my->form, my->count - 1);
	body = area_rows(area, top, area->rows - top);
	form_draw(&my->form, canvas, &body);
}

static void
title(struct view *view, struct str *out)
{
	str_addf(out, "Lists of %s", self(view)->name);
}

static const int *
hints(struct view *view)
{
	static const int known[] = {DESK_MERGE, DESK_REPLACE, ACTION_DOWN,
	    DESK_LISTS, ACTION_BACK, ACTION_HELP, ACTION_NONE};
	static const int others[] = {
	    DESK_LISTS, DESK_REPLACE, ACTION_BACK, ACTION_HELP, ACTION_NONE};

	return self(view)->known == LOOK_KNOWN ? known : others;
}

/* ---- acting ---------------------------------------------------------- */

static bool
answer_replace(void *context, const char *text, struct err *err)
{
	struct v_lists *my = context;

	(void)text;
	(void)err;
	desk_send_lists(my->desk, my->row, LISTS_REPLACE);
	return true;
}

/* What would be lost is lost for good: a second key, also where nothing was to
 * be lost, since that was when HealthSherpa answered. */
static void
ask_replace(struct v_lists *my)
{
	struct prompt prompt = {
	    .choices = "y",
	    .context = my,
	    .answer = answer_replace,
	};
	unsigned lost = my->sides[ONLY_THERE];

	if (my->known == LOOK_KNOWN && my->unsaid == 0 && lost == 0)
		str_copy(prompt.label, sizeof(prompt.label),
		    "what was entered there since it was asked would be lost: "
		    "y replaces ");
	else if (my->known == LOOK_KNOWN && my->unsaid == 0)
		snprintf(prompt.label, sizeof(prompt.label),
		    "%u at HealthSherpa would be lost for good: y replaces ",
		    lost);
	else
		str_copy(prompt.label, sizeof(prompt.label),
		    "what HealthSherpa has is not known and would be lost: y "
		    "replaces ");
	screen_ask(my->view.screen, &prompt);
}

static void
ask(struct v_lists *my)
{
	struct err err = ERR_INIT;

	if (!sync_ask_lists(my->desk->sync, my->row, &err))
		screen_say(my->desk->screen, STYLE_WARNING, "%s", err.text);
	my->view.stale = true;
	screen_dirty(my->desk->screen);
}

static bool
may(struct view *view, int action, struct err *err)
{
	const struct v_lists *my = self(view);

	if (my->known == LOOK_ASKING)
		return err_set(err, ERR_USAGE,
		    "HealthSherpa is still being asked: one moment");
	return action != DESK_MERGE || my->known == LOOK_KNOWN ||
	       err_set(err, ERR_USAGE,
		   "what HealthSherpa has is not known: ask once more");
}

static enum view_result
act(struct view *view, const struct action *action, struct err *err)
{
	struct v_lists *my = self(view);

	(void)err;
	if (form_act(&my->form, action->id))
		return VIEW_DONE;
	switch (action->id) {
	case DESK_LISTS: ask(my); return VIEW_DONE;
	case DESK_MERGE:
		desk_send_lists(my->desk, my->row, LISTS_MERGE);
		return VIEW_DONE;
	case DESK_REPLACE: ask_replace(my); return VIEW_DONE;
	default: return VIEW_NOT_MINE;
	}
}

static enum view_result
click(struct view *view, int row, int column, struct err *err)
{
	return form_click(&self(view)->form, row, column, err);
}

static void
destroy(struct view *view)
{
	struct v_lists *my = self(view);

	forget(my);
	free(my->items);
	form_release(&my->form);
	free(view);
}

static const struct view_ops ops = {
    .name = "lists",
    .scope = SCOPE_LISTS,
    .draw = draw,
    .refresh = refresh,
    .act = act,
    .click = click,
    .may = may,
    .title = title,
    .hints = hints,
    .destroy = destroy,
};

uint32_t
v_lists_row(const struct view *view)
{
	return ((const struct v_lists *)view)->row;
}

struct view *
v_lists_new(struct desk *desk, uint32_t row)
{
	struct v_lists *my = (struct v_lists *)view_new(
	    &ops, sizeof(struct v_lists));

	my->desk = desk;
	my->row = row;
	book_contact(desk->book, row, &desk->contact);
	str_copy(my->name, sizeof(my->name), desk->contact.name);
	form_init(&my->form, &form_ops, my, columns, COLUMNS, COLUMN_ITEM);
	my->form.titles = true;
	refresh(&my->view);
	return &my->view;
}
