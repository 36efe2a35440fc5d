/* SPDX-License-Identifier: MIT */
/*
 * The first page: choices with a sentence each, and behind one of them a text
 * to read. There is no book and no desk here, so it speaks to the screen alone.
 *
 * Hazard: Tab in a path reads a directory, which may be on a slow disk: only
 * when it is pressed, never while letters are typed.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"
#include "book/config.h"
#include "desk/actions.h"
#include "desk/desk.h"
#include "desk/first.h"
#include "tui/action.h"
#include "tui/form.h"
#include "tui/prompt.h"
#include "tui/view.h"

enum { TALL = 18, LINE_MAX_BYTES = 4096 };

enum entry { PRACTICE, OPEN_FILE, KEY, ENTRY_COUNT };

static const struct {
	const char *name, *about;
} entries[ENTRY_COUNT] = {
    [PRACTICE] = {"Try it on practice data",
	"25 made-up people, and in HealthSherpa's place a server on this "
	"computer. Nothing leaves it, and nothing of it is kept."},
    [OPEN_FILE] = {"Open a contact list",
	"The export of your CRM: CSV, vCards, JSON or YAML. belay says which "
	"column it takes for what; you look it over before anything is sent."},
    [KEY] = {"How to get a key from HealthSherpa",
	"Only sending needs one; everything else works without."},
};

static const char *const key_text[] = {
    "To send contacts, belay needs to know who you are at HealthSherpa. "
    "HealthSherpa gives that to agencies for its Partner API; your own login "
    "and password are not it, and belay never asks for them.",
    "1. Ask your agency's owner first: an agency has one key, and somebody may "
    "have it already.",
    "2. Else write to medicare-integrations@healthsherpa.com: \"We would like "
    "to "
    "sync our Medicare contacts through the Partner API. Please give us a key "
    "for staging and one for production.\" Say the e-mail address of each "
    "agent's HealthSherpa account.",
    "3. A newer way (v2) has no key: you log in in the browser and allow it. "
    "HealthSherpa gives the agency a client ID and a client secret for that.",
    "Begin with staging: what is sent there is no real client's.",
    "Where it goes: open your list and sync; belay asks for the key then, and "
    "keeps it in a file that only you can read. If it is in a keyring or a "
    "password program, the config can say so: man belay.yaml, service.",
};

enum { PARAGRAPHS = sizeof(key_text) / sizeof(key_text[0]) };

struct v_first {
	struct view view;
	const struct config *config;
	struct first_choice *choice;
	struct form form;
	bool low;
};

struct v_text {
	struct view view;
	int top, page, lines;
};

static const struct column columns[] = {{"", 20, 90, 0, ALIGN_LEFT}};

static struct v_first *
self(struct view *view)
{
	return (struct v_first *)view;
}

static size_t
profile_count(const struct v_first *my)
{
	size_t count = 0;

	/* one is chosen: then only its file is missing */
	if (!my->config->profiles || my->config->profile)
		return 0;
	while (my->config->profiles[count])
		count++;
	return count;
}

/* ---- the text ------------------------------------------------------------ */

static void
text_draw(struct view *view, struct canvas *canvas, const struct area *area)
{
	struct v_text *my = (struct v_text *)view;
	struct area text = area_columns(area, 1, area->columns - 2);
	int line = 1;

	my->page = area->rows;
	for (int i = 0; i < PARAGRAPHS; i++)
		line += 1 + canvas_paragraph(
				NULL, &text, 0, 0, STYLE_NORMAL, key_text[i]);
	my->lines = line;
	if (my->top > my->lines - my->page)
		my->top = my->lines - my->page;
	if (my->top < 0)
		my->top = 0;
	line = 1 - my->top;
	for (int i = 0; i < PARAGRAPHS; i++)
		line += 1 + canvas_paragraph(canvas, &text, line, 0,
				STYLE_NORMAL, key_text[i]);
}

static enum view_result
text_act(struct view *view, const struct action *action, struct err *err)
{
	struct v_text *my = (struct v_text *)view;

	(void)err;
	switch (action->id) {
	case ACTION_UP: my->top--; return VIEW_DONE;
	case ACTION_DOWN: my->top++; return VIEW_DONE;
	case ACTION_PAGE_UP: my->top -= my->page - 1; return VIEW_DONE;
	case ACTION_PAGE_DOWN: my->top += my->page - 1; return VIEW_DONE;
	case ACTION_FIRST: my->top = 0; return VIEW_DONE;
	case ACTION_LAST: my->top = my->lines; return VIEW_DONE;
	case DESK_CHOOSE: return VIEW_LEAVE;
	default: return VIEW_NOT_MINE;
	}
}

static void
text_title(struct view *view, struct str *out)
{
	(void)view;
	str_add(out, "A key from HealthSherpa");
}

static enum style
text_note(struct view *view, struct str *out)
{
	const struct v_text *my = (const struct v_text *)view;

	str_add(out, my->top + my->page < my->lines ? "There is more below."
						    : "That is all of it.");
	return STYLE_DIM;
}

static const int *
text_hints(struct view *view)
{
	static const int ids[] = {
	    ACTION_DOWN, ACTION_PAGE_DOWN, ACTION_BACK, ACTION_NONE};

	(void)view;
	return ids;
}

static const struct view_ops text_ops = {
    .name = "key",
    .scope = SCOPE_FIRST,
    .draw = text_draw,
    .act = text_act,
    .title = text_title,
    .note = text_note,
    .hints = text_hints,
};

/* ---- the choices --------------------------------------------------------- */

static size_t
row_count(void *context)
{
	const struct v_first *my = context;
	size_t profiles = profile_count(my);

	return profiles ? profiles : (size_t)ENTRY_COUNT;
}

static void
cell(void *context, size_t row, int number, struct str *out, enum style *style)
{
	const struct v_first *my = context;

	(void)number;
	*style = STYLE_TITLE;
	str_add(out,
	    profile_count(my) ? my->config->profiles[row] : entries[row].name);
}

/* Where there is little room, draw() says it of the one under the cursor. */
static bool
about(void *context, size_t row, size_t number, bool here, struct str *out,
    enum style *style)
{
	const struct v_first *my = context;

	(void)here;
	*style = STYLE_NORMAL;
	if (profile_count(my) || my->low || number > 1)
		return false;
	if (number == 0)
		str_add(out, entries[row].about);
	return true;
}

static const struct form_ops form_ops = {
    .count = row_count,
    .cell = cell,
    .note = about,
};

/* What it is about, or the question; returns the rows it took. */
static int
draw_head(struct v_first *my, struct canvas *canvas, const struct area *area)
{
	const char *words = "belay brings the contacts of your CRM to "
			    "HealthSherpa's Medicare pages, keeps both in "
			    "step, and opens quote pages. Nothing is sent "
			    "before you say so.";

	if (profile_count(my))
		words = "Your config has several agents. Whose contacts?";
	else if (my->low)
		return 0;
	return 2 + canvas_paragraph(
		       canvas, area, my->low ? 0 : 1, 0, STYLE_NORMAL, words);
}

static void
draw(struct view *view, struct canvas *canvas, const struct area *area)
{
	struct v_first *my = self(view);
	struct area text = area_columns(area, 1, area->columns - 2);
	struct area body;
	int used;

	my->low = area->rows < TALL;
	used = draw_head(my, canvas, &text);
	body = area_rows(area, used, area->rows - used);
	form_draw(&my->form, canvas, &body);
	if (my->low && !profile_count(my))
		canvas_paragraph(canvas, &text, ENTRY_COUNT, 0, STYLE_NORMAL,
		    entries[my->form.cursor].about);
}

static void
title(struct view *view, struct str *out)
{
	str_add(out, profile_count(self(view)) ? "Whose contacts" : "Welcome");
}

static enum style
note(struct view *view, struct str *out)
{
	(void)view;
	str_add(out, "Go up and down with the arrow keys, choose with Enter.");
	return STYLE_DIM;
}

static const int *
hints(struct view *view)
{
	static const int ids[] = {
	    DESK_CHOOSE, ACTION_DOWN, ACTION_UP, ACTION_LEAVE, ACTION_NONE};

	(void)view;
	return ids;
}

/* ---- choosing ------------------------------------------------------------ */

static enum view_result
chosen(struct v_first *my, enum first_kind kind, const char *name)
{
	my->choice->kind = kind;
	my->choice->name = name ? mem_strdup(name) : NULL;
	screen_quit(my->view.screen);
	return VIEW_DONE;
}

/* What cannot be opened is said while it can still be typed anew. */
static bool
answer_path(void *context, const char *text, struct err *err)
{
	struct v_first *my = context;
	size_t len = strlen(text);
	char *typed, *path;
	struct stat info;
	bool good;

	text = text_trim(text, &len);
	if (len == 0)
		return err_set(err, ERR_USAGE,
		    "type the file's name, with Tab for the rest of it; Esc "
		    "goes back");
	typed = mem_strndup(text, len);
	path = file_expand(typed);
	if (stat(path, &info) < 0)
		good = err_set(err, ERR_USAGE, "there is no file '%s'", typed);
	else if (S_ISDIR(info.st_mode))
		good = err_set(err, ERR_USAGE,
		    "'%s' is a folder: type / and the name of a file in it",
		    typed);
	else if (access(path, R_OK) < 0)
		good = err_set(
		    err, ERR_USAGE, "'%s': %s", typed, strerror(errno));
	else
		good = true;
	if (good)
		chosen(my, FIRST_FILE, path);
	free(path);
	free(typed);
	return good;
}

static bool
complete(void *context, const char *before, struct str *out)
{
	(void)context;
	return file_complete(before, out);
}

static void
ask_path(struct v_first *my)
{
	struct prompt prompt = {
	    .label = "file: ",
	    .complete = complete,
	    .context = my,
	    .answer = answer_path,
	};

	screen_ask(my->view.screen, &prompt);
}

static enum view_result
choose(struct v_first *my)
{
	size_t row = my->form.cursor;

	if (profile_count(my))
		return chosen(my, FIRST_PROFILE, my->config->profiles[row]);
	switch (row) {
	case PRACTICE: return chosen(my, FIRST_PRACTICE, NULL);
	case OPEN_FILE: ask_path(my); return VIEW_DONE;
	default:
		screen_push(my->view.screen,
		    view_new(&text_ops, sizeof(struct v_text)));
		return VIEW_DONE;
	}
}

static enum view_result
act(struct view *view, const struct action *action, struct err *err)
{
	struct v_first *my = self(view);

	(void)err;
	if (form_act(&my->form, action->id))
		return VIEW_DONE;
	return action->id == DESK_CHOOSE ? choose(my) : VIEW_NOT_MINE;
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
    .name = "first",
    .scope = SCOPE_FIRST,
    .draw = draw,
    .act = act,
    .click = click,
    .title = title,
    .note = note,
    .hints = hints,
    .destroy = destroy,
};

struct view *
v_first_new(const struct config *config, struct first_choice *choice)
{
	struct v_first *my = (struct v_first *)view_new(&ops, sizeof(*my));

	my->config = config;
	my->choice = choice;
	form_init(&my->form, &form_ops, my, columns, 1, 0);
	my->form.titles = false;
	return &my->view;
}
