/* SPDX-License-Identifier: MIT */
/*
 * The stack of views and the way of a key through it.
 *
 * Hazards: whatever is called from here may push, pop, ask or quit. So a
 * popped view goes to `gone` and is freed before the next key or drawing, and
 * an open question is taken out while it is being answered.
 */
#include "tui/view.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"
#include "tui/action.h"
#include "tui/key.h"
#include "tui/mouse.h"
#include "tui/prompt.h"

enum {
	MESSAGE_MAX = 4 * ERR_TEXT_MAX,
	HINT_GAP = 2,
	HINTS_SEEN = 32,
	WHEEL_ROWS = 3,
	GUIDE_LEAST = 4, /* rows for title and view */
	GUIDE_MOST = 3,
};

struct screen {
	const struct keymap *keymap;
	const struct screen_host *ops;
	void *host;
	struct view *top;
	struct view *gone;
	size_t depth;
	struct question *question;
	struct str message;
	enum style message_style;
	struct str text; /* scratch of drawing */
	struct {
		const struct action *action;
		int from, to;
	} seen[HINTS_SEEN]; /* where they stand since the last drawing */
	int seen_count, hint_row;
	int back_to; /* the title line's first columns, below it, lead back */
	bool dirty;
	bool redraw;
};

struct screen *
screen_new(
    const struct keymap *keymap, const struct screen_host *ops, void *host)
{
	struct screen *screen = mem_zalloc(sizeof(*screen));

	screen->keymap = keymap;
	screen->ops = ops;
	screen->host = host;
	screen->dirty = true;
	str_init(&screen->message, MESSAGE_MAX);
	str_init(&screen->text, MESSAGE_MAX);
	return screen;
}

void
screen_use_keymap(struct screen *screen, const struct keymap *keymap)
{
	screen->keymap = keymap;
	screen->dirty = true;
}

static void
bury(struct screen *screen)
{
	while (screen->gone) {
		struct view *view = screen->gone;

		screen->gone = view->below;
		if (view->ops->destroy)
			view->ops->destroy(view);
		else
			free(view);
	}
}

void
screen_free(struct screen *screen)
{
	if (!screen)
		return;
	screen_quit(screen);
	bury(screen);
	question_free(screen->question);
	str_release(&screen->message);
	str_release(&screen->text);
	free(screen);
}

struct view *
view_new(const struct view_ops *ops, size_t size)
{
	struct view *view = mem_zalloc(size);

	view->ops = ops;
	view->stale = true;
	return view;
}

void
screen_push(struct screen *screen, struct view *view)
{
	view->screen = screen;
	view->host = screen->host;
	view->below = screen->top;
	screen->top = view;
	screen->depth++;
	screen->dirty = true;
}

static void
take_off(struct screen *screen)
{
	struct view *view = screen->top;

	screen->top = view->below;
	screen->depth--;
	view->below = screen->gone;
	screen->gone = view;
	screen->dirty = true;
}

void
screen_pop(struct screen *screen)
{
	if (!screen->top)
		return;
	take_off(screen);
	if (screen->top && screen->top->ops->resume)
		screen->top->ops->resume(screen->top);
}

void
screen_quit(struct screen *screen)
{
	while (screen->top)
		take_off(screen);
}

struct view *
screen_top(const struct screen *screen)
{
	return screen->top;
}

size_t
screen_depth(const struct screen *screen)
{
	return screen->depth;
}

void
screen_say(struct screen *screen, enum style style, const char *format, ...)
{
	struct str raw;
	va_list args;

	str_init(&raw, MESSAGE_MAX);
	va_start(args, format);
	str_addv(&raw, format, args);
	va_end(args);
	str_reset(&screen->message);
	text_clean(&screen->message, raw.data, raw.len);
	screen->message_style = style;
	screen->dirty = true;
	str_release(&raw);
}

void
screen_hush(struct screen *screen)
{
	if (screen->message.len == 0)
		return;
	str_reset(&screen->message);
	screen->dirty = true;
}

const char *
screen_message(const struct screen *screen)
{
	return screen->message.data;
}

void
screen_ask(struct screen *screen, const struct prompt *prompt)
{
	question_free(screen->question);
	screen->question = question_new(prompt);
	screen->dirty = true;
}

bool
screen_asking(const struct screen *screen)
{
	return screen->question != NULL;
}

void
screen_dirty(struct screen *screen)
{
	screen->dirty = true;
}

void
screen_stale(struct screen *screen)
{
	for (struct view *view = screen->top; view; view = view->below)
		view->stale = true;
	screen->dirty = true;
}

bool
screen_is_dirty(const struct screen *screen)
{
	return screen->dirty;
}

bool
screen_take_redraw(struct screen *screen)
{
	bool redraw = screen->redraw;

	screen->redraw = false;
	return redraw;
}

/* What the toolkit itself does with an action that nobody took. */
/* Who presses Esc on the first screen wants to leave. */
static void
tell_way_out(const struct screen *screen, struct err *err)
{
	const struct action *leave = keymap_action(
	    screen->keymap, screen->top->ops->scope, ACTION_LEAVE);
	struct str key;

	str_init(&key, 64);
	if (leave)
		keymap_first_key(screen->keymap, leave, &key);
	if (key.len > 0)
		err_set(err, ERR_USAGE, "nothing to go back to; %s leaves",
		    key.data);
	else
		err_set(err, ERR_USAGE, "nothing to go back to");
	str_release(&key);
}

static enum view_result
act_here(struct screen *screen, const struct action *action, struct err *err)
{
	switch (action->id) {
	case ACTION_BACK:
		if (screen->depth > 1)
			return VIEW_LEAVE;
		tell_way_out(screen, err);
		return VIEW_REFUSED;
	case ACTION_LEAVE:
		if (screen->depth == 1 && screen->ops->may_quit &&
		    !screen->ops->may_quit(screen->host, err))
			return err->kind == ERR_NONE ? VIEW_DONE : VIEW_REFUSED;
		return VIEW_LEAVE;
	case ACTION_REDRAW: screen->redraw = true; return VIEW_DONE;
	default:
		err_set(err, ERR_USAGE, "'%s' does nothing here", action->name);
		return VIEW_REFUSED;
	}
}

static void
settle(struct screen *screen, const struct view *view, enum view_result result,
    const struct err *err)
{
	if (result == VIEW_REFUSED)
		screen_say(screen, STYLE_WARNING, "%s", err->text);
	else if (result == VIEW_LEAVE && screen->top == view)
		screen_pop(screen);
}

void
screen_act(struct screen *screen, const struct action *action)
{
	struct view *view = screen->top;
	enum view_result result = VIEW_NOT_MINE;
	struct err err = ERR_INIT;

	if (!view)
		return;
	screen->dirty = true;
	if (action->guard && !action->guard(screen->host, action->id, &err)) {
		settle(screen, view, VIEW_REFUSED, &err);
		return;
	}
	if (view->ops->act)
		result = view->ops->act(view, action, &err);
	if (result == VIEW_NOT_MINE && screen->ops->act)
		result = screen->ops->act(screen->host, action, &err);
	if (result == VIEW_NOT_MINE)
		result = act_here(screen, action, &err);
	settle(screen, view, result, &err);
}

/* A key to the open question; false when it is none of its keys. */
static bool
question_takes(struct screen *screen, uint32_t key)
{
	struct question *question = screen->question;
	enum question_result result;

	screen->question = NULL;
	result = question_key(question, key);
	if (result == QUESTION_CLOSED || result == QUESTION_LEFT ||
	    screen->question)
		question_free(question);
	else
		screen->question = question;
	return result != QUESTION_NOT_MINE && result != QUESTION_LEFT;
}

static bool
view_takes(struct screen *screen, uint32_t key)
{
	struct view *view = screen->top;
	struct err err = ERR_INIT;
	enum view_result result;

	if (!view->ops->key)
		return false;
	result = view->ops->key(view, key, &err);
	settle(screen, view, result, &err);
	return result != VIEW_NOT_MINE;
}

/* What a key does on the screens below, of those that are not everywhere. */
static const struct action *
find_below(const struct screen *screen, uint32_t key)
{
	const struct action *found = NULL;

	for (const struct view *view = screen->top->below; view && !found;
	     view = view->below)
		found = keymap_find(screen->keymap, view->ops->scope, key);
	return found;
}

static void
explain(struct screen *screen, uint32_t key)
{
	const struct action *help = keymap_action(
	    screen->keymap, screen->top->ops->scope, ACTION_HELP);
	const struct action *way_back = keymap_action(
	    screen->keymap, screen->top->ops->scope, ACTION_BACK);
	const struct action *below = find_below(screen, key);
	struct str name, more, back;

	str_init(&back, 64);
	str_init(&name, 64);
	str_init(&more, 64);
	key_format(key, &name);
	if (help)
		keymap_first_key(screen->keymap, help, &more);
	if (below && way_back)
		keymap_first_key(screen->keymap, way_back, &back);
	if (below)
		screen_say(screen, STYLE_WARNING,
		    "%s does nothing here; %s leads back to where it is: %s",
		    name.data, back.len > 0 ? back.data : "the screen before",
		    below->hint);
	else if (more.len > 0)
		screen_say(screen, STYLE_WARNING,
		    "%s does nothing here; %s shows what does", name.data,
		    more.data);
	else
		screen_say(
		    screen, STYLE_WARNING, "%s does nothing here", name.data);
	str_release(&back);
	str_release(&name);
	str_release(&more);
}

void
screen_key(struct screen *screen, uint32_t key)
{
	const struct action *action;

	bury(screen);
	if (!screen->top)
		return;
	screen->dirty = true;
	screen_hush(screen);
	if (screen->question && question_takes(screen, key))
		return;
	/* an offer may have gone just now */
	if (!screen->question) {
		if (view_takes(screen, key))
			return;
		action = keymap_find(
		    screen->keymap, screen->top->ops->scope, key);
		if (action) {
			screen_act(screen, action);
			return;
		}
	}
	/*
	 * Esc and a key that came together look like Alt and that key; when
	 * nobody knows it with Alt, it was the two.
	 */
	if (key & KEY_ALT) {
		screen_key(screen, KEY_CODE_ESCAPE);
		screen_key(screen, key & ~KEY_ALT);
		return;
	}
	explain(screen, key);
}

void
screen_paste(struct screen *screen, const char *text)
{
	struct view *view = screen->top;
	enum view_result result = VIEW_NOT_MINE;
	struct err err = ERR_INIT;

	bury(screen);
	if (!view)
		return;
	screen->dirty = true;
	screen_hush(screen);
	if (screen->question) {
		question_paste(screen->question, text);
		return;
	}
	if (view->ops->paste)
		result = view->ops->paste(view, text, &err);
	if (result == VIEW_NOT_MINE)
		screen_say(screen, STYLE_WARNING,
		    "there is no place to paste into here");
	else
		settle(screen, view, result, &err);
}

void
screen_click(struct screen *screen, int row, int column)
{
	struct view *view = screen->top;
	enum view_result result = VIEW_NOT_MINE;
	struct err err = ERR_INIT;

	bury(screen);
	if (!view || screen->question)
		return;
	screen->dirty = true;
	screen_hush(screen);
	for (int i = 0; row == screen->hint_row && i < screen->seen_count; i++)
		if (column >= screen->seen[i].from &&
		    column < screen->seen[i].to) {
			screen_act(screen, screen->seen[i].action);
			return;
		}
	if (row == 0 && column < screen->back_to) {
		screen_key(screen, KEY_CODE_ESCAPE);
		return;
	}
	if (view->ops->click)
		result = view->ops->click(view, row, column, &err);
	if (result == VIEW_ENTER)
		screen_key(screen, KEY_CODE_ENTER);
	else
		settle(screen, view, result, &err);
}

void
screen_wheel(struct screen *screen, bool down)
{
	const struct action *action;

	bury(screen);
	if (!screen->top || screen->question)
		return;
	action = keymap_action(screen->keymap, screen->top->ops->scope,
	    down ? ACTION_DOWN : ACTION_UP);
	for (int i = 0; action && i < WHEEL_ROWS; i++)
		screen_act(screen, action);
}

void
screen_mouse(struct screen *screen, const struct mouse *mouse)
{
	if (mouse->button == MOUSE_LEFT)
		screen_click(screen, mouse->row, mouse->column);
	else if (mouse->button != MOUSE_OTHER)
		screen_wheel(screen, mouse->button == MOUSE_WHEEL_DOWN);
}

static void
draw_title(struct screen *screen, struct canvas *canvas, const struct area *row)
{
	struct view *view = screen->top;
	struct area left = *row;
	int column = 1, badge = 0;
	/* two blanks divide parts when they are read */
	int gap = canvas_is_linear(canvas) ? 2 : 1;

	if (screen->ops->badge)
		badge = screen->ops->badge(screen->host, canvas, row);
	left = area_columns(row, 0, row->columns - badge);
	if (screen->depth > 1)
		column += canvas_sign(
		    canvas, &left, 0, column, STYLE_TITLE, &glyph_back);
	else
		column += canvas_text(
		    canvas, &left, 0, column, STYLE_TITLE, "belay ");
	screen->back_to = screen->depth > 1 ? column + 1 : 0;
	str_reset(&screen->text);
	if (view->ops->title)
		view->ops->title(view, &screen->text);
	canvas_box(canvas, &left, 0, column + 1,
	    left.columns - column - 1 - gap, ALIGN_LEFT, STYLE_TITLE,
	    screen->text.data);
}

/* Draws " key hint" at `column`, or only measures with canvas NULL. */
static int
draw_hint(struct screen *screen, struct canvas *canvas, const struct area *row,
    int column, const struct action *action)
{
	const char *word = screen->ops->hint
			       ? screen->ops->hint(screen->host, action)
			       : NULL;
	int width;

	if (!word)
		word = action->hint;
	str_reset(&screen->text);
	keymap_first_key(screen->keymap, action, &screen->text);
	if (screen->text.len == 0)
		return 0;
	width = text_width(screen->text.data) + 1 + text_width(word);
	if (!canvas)
		return width;
	column += canvas_text(
	    canvas, row, 0, column, STYLE_KEY, screen->text.data);
	canvas_text(canvas, row, 0, column + 1, STYLE_NORMAL, word);
	return width;
}

static void
keep_place(
    struct screen *screen, const struct action *action, int column, int width)
{
	int at = screen->seen_count;

	if (at == HINTS_SEEN)
		return;
	screen->seen[at].action = action;
	screen->seen[at].from = column;
	screen->seen[at].to = column + width;
	screen->seen_count++;
}

/* The columns that the last hint needs: it is the way to all others. */
static int
room_for_last(struct screen *screen, const struct area *row, uint32_t scope,
    const int *ids)
{
	const struct action *last = NULL;

	for (; *ids != ACTION_NONE; ids++)
		last = keymap_action(screen->keymap, scope, *ids);
	return last && last->hint ? draw_hint(screen, NULL, row, 0, last) : 0;
}

static void
draw_hints(struct screen *screen, struct canvas *canvas, const struct area *row)
{
	struct view *view = screen->top;
	uint32_t scope = view->ops->scope;
	const int *ids = view->ops->hints ? view->ops->hints(view) : NULL;
	int column = 1, limit = row->columns, room;

	screen->seen_count = 0;
	screen->hint_row = row->top;
	if (!ids)
		return;
	/* a line that is another with each key would be read out each time */
	while (canvas_is_linear(canvas) && ids[0] != ACTION_NONE &&
	       ids[1] != ACTION_NONE)
		ids++;
	room = room_for_last(screen, row, scope, ids) + HINT_GAP;
	for (; *ids != ACTION_NONE; ids++) {
		const struct action *action = keymap_action(
		    screen->keymap, scope, *ids);
		struct err err = ERR_INIT;
		int width;

		if (!action || !action->hint ||
		    (action->guard &&
			!action->guard(screen->host, action->id, &err)))
			continue;
		width = draw_hint(screen, NULL, row, 0, action);
		if (ids[1] == ACTION_NONE)
			room = 0;
		if (width == 0 || column + width + room > limit)
			continue;
		draw_hint(screen, canvas, row, column, action);
		keep_place(screen, action, column, width);
		column += width + HINT_GAP;
	}
}

/* In as many of the lowest rows as it needs. */
static void
draw_long_note(struct canvas *canvas, const struct area *area, enum style style,
    const char *text)
{
	int rows = canvas_notice(NULL, area, area->rows, style, text);
	struct area lowest = area_rows(area, area->rows - rows, rows);

	canvas_notice(canvas, &lowest, rows, style, text);
}

static void
draw_note(struct screen *screen, struct canvas *canvas, const struct area *row)
{
	struct view *view = screen->top;
	enum style style = STYLE_NORMAL;

	str_reset(&screen->text);
	if (view->ops->note)
		style = view->ops->note(view, &screen->text);
	if (row->rows == 1)
		canvas_box(canvas, row, 0, 1, row->columns - 2, ALIGN_LEFT,
		    style, screen->text.data);
	else
		draw_long_note(canvas, row, style, screen->text.data);
}

/* The rows of the foot, and what stands in them. */
struct foot {
	int guide, rule, message, hint;
};

/*
 * A message or question takes the rows that it needs from the view, up to half
 * of them: what to do about it stands at its end.
 */
static void
measure_foot(
    const struct screen *screen, const struct area *all, struct foot *foot)
{
	int room;

	foot->guide = 0;
	foot->rule = all->rows >= 10;
	foot->hint = all->rows >= 6;
	foot->message = all->rows >= 2;
	if (!foot->rule)
		return;
	room = (all->rows - 4) / 2;
	if (screen->question)
		question_rows(screen->question, all->columns, room,
		    &foot->message, &foot->hint);
	else if (screen->message.len > 0)
		foot->message = canvas_notice(
		    NULL, all, room, STYLE_NORMAL, screen->message.data);
}

/* In the rows above the lowest `below` ones, as far as the view keeps some;
 * with canvas NULL they are only counted. */
static int
draw_guide(struct screen *screen, struct canvas *canvas, const struct area *all,
    int below)
{
	int rows, most = all->rows - below - GUIDE_LEAST;
	struct area area;

	if (!screen->ops->guide || most < 1)
		return 0;
	str_reset(&screen->text);
	screen->ops->guide(screen->host, &screen->text);
	if (screen->text.len == 0)
		return 0;
	rows = canvas_notice(NULL, all, most < GUIDE_MOST ? most : GUIDE_MOST,
	    STYLE_TITLE, screen->text.data);
	area = area_rows(all, all->rows - below - rows, rows);
	return canvas_notice(
	    canvas, &area, rows, STYLE_TITLE, screen->text.data);
}

/*
 * From the top: title, the view, a guide, a rule, message, hints. In a very low
 * window the frame goes first: the rule, then the hints, then the title.
 */
static void
draw_frame(struct screen *screen, struct canvas *canvas)
{
	struct area all = canvas_area(canvas), line, hints, body;
	int title = all.rows >= 4, height;
	struct foot foot;

	screen->back_to = 0;
	measure_foot(screen, &all, &foot);
	height = foot.rule + foot.message + foot.hint;
	foot.guide = draw_guide(screen, NULL, &all, height);
	line = area_rows(&all, 0, title);
	if (title)
		draw_title(screen, canvas, &line);
	body = area_rows(&all, title, all.rows - title - height - foot.guide);
	screen->top->ops->draw(screen->top, canvas, &body);
	if (foot.guide > 0)
		draw_guide(screen, canvas, &all, height);
	if (foot.rule)
		canvas_rule(canvas, &all, all.rows - height);
	/* what is read has no use for a rule: a note may take its row, too */
	if (foot.message == 1 && !screen->question &&
	    screen->message.len == 0 && canvas_is_linear(canvas))
		foot.message += foot.rule;
	line = area_rows(
	    &all, all.rows - foot.hint - foot.message, foot.message);
	hints = area_rows(&all, all.rows - foot.hint, foot.hint);
	if (screen->question) {
		question_draw(screen->question, canvas, &line, &hints);
		return;
	}
	if (foot.message && screen->message.len > 0)
		canvas_notice(canvas, &line, line.rows, screen->message_style,
		    screen->message.data);
	else if (foot.message)
		draw_note(screen, canvas, &line);
	if (foot.hint)
		draw_hints(screen, canvas, &hints);
}

bool
screen_draw(struct screen *screen, struct canvas *canvas)
{
	struct view *view = screen->top;

	bury(screen);
	if (!screen->dirty || !view)
		return false;
	if (view->stale && view->ops->refresh)
		view->ops->refresh(view);
	view->stale = false;
	screen->dirty = false;
	canvas_erase(canvas);
	draw_frame(screen, canvas);
	canvas_straighten(canvas);
	return true;
}
