/* SPDX-License-Identifier: MIT */
/*
 * The filters that the config keeps: what they are, how many contacts fit, one
 * to be shown, the one in force to be saved.
 *
 * All of them are counted in one walk over the rows, a slice at a time. When
 * something changes meanwhile, the walk goes to its end and begins again, and
 * the last counts stay on the screen.
 *
 * Hazard: the config may be read again at any time; what is shown are copies.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"
#include "book/book.h"
#include "book/config.h"
#include "book/config_write.h"
#include "book/query.h"
#include "desk/actions.h"
#include "desk/desk.h"
#include "desk/words.h"
#include "tui/action.h"
#include "tui/finder.h"
#include "tui/prompt.h"
#include "tui/table.h"
#include "tui/view.h"

enum { SLICE_MS = 2, SLICE_ROWS = 16, TEXT_MAX = 8192 };
enum { HEAD_ROWS = 2, MISTAKE_ROWS = 4, TALL = 14 };

struct saved {
	char *name;
	char *text;
	struct query *query; /* NULL: it is none on this book */
	char *why;           /* then, and where */
	uint32_t found;      /* in this walk, so far */
	uint32_t fits;       /* in the last one that came to its end */
	bool known;          /* fits is */
};

/* One that was written or taken out. */
struct filter_step {
	char *name;
	char *before, *after; /* NULL: there was, or is, none */
};

struct v_filters {
	struct view view;
	struct desk *desk;
	struct contact contact; /* scratch of queries */
	struct saved *saved;    /* in the config's order */
	size_t count;
	size_t *shown; /* of them, those that are found */
	size_t shown_count;
	struct finder finder;
	char name[CONFIG_FILTER_NAME_MAX + 1]; /* that is being asked about */
	struct filter_step *steps;             /* since the view was opened */
	size_t step_count;
	size_t step; /* those from here on are taken back */
	struct table table;
	bool counting;
	bool again;   /* something has changed since this walk began */
	uint32_t row; /* which row is next, */
	size_t at;    /* with which filter */
};

static const struct column columns[] = {
    {"NAME", 12, 24, 0, ALIGN_LEFT},
    {"FILTER", 14, 90, 0, ALIGN_LEFT},
    {"CONTACTS", 8, 8, 0, ALIGN_RIGHT},
};

/* The view stands first in the struct. */
static struct v_filters *
self(struct view *view)
{
	return (struct v_filters *)view;
}

/* ---- which there are -------------------------------------------------------
 */

static void
free_saved(struct saved *saved, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(saved[i].name);
		free(saved[i].text);
		free(saved[i].why);
		query_free(saved[i].query);
	}
	free(saved);
}

static void
narrow(struct v_filters *my)
{
	my->shown_count = 0;
	for (size_t i = 0; i < my->count; i++)
		if (finder_has(&my->finder, my->saved[i].name) ||
		    finder_has(&my->finder, my->saved[i].text))
			my->shown[my->shown_count++] = i;
}

static void
select_named(struct v_filters *my, const char *name)
{
	for (size_t i = 0; i < my->shown_count; i++)
		if (strcmp(my->saved[my->shown[i]].name, name) == 0)
			table_select(&my->table, i);
}

/* Counts that are known stay until there are new ones. */
static void
take_counts(struct v_filters *my, const struct saved *old, size_t count)
{
	for (size_t i = 0; i < my->count; i++)
		for (size_t k = 0; k < count; k++)
			if (old[k].known &&
			    strcmp(my->saved[i].text, old[k].text) == 0) {
				my->saved[i].fits = old[k].fits;
				my->saved[i].known = true;
			}
}

/* Takes them from the config and begins to count. */
static void
make(struct v_filters *my)
{
	const struct config *config = my->desk->config;
	struct saved *old = my->saved;
	size_t count = my->count;

	my->count = config->filter_count;
	my->saved = mem_zalloc((my->count + 1) * sizeof(*my->saved));
	my->shown = mem_resize(my->shown, my->count + 1, sizeof(*my->shown));
	for (size_t i = 0; i < my->count; i++) {
		struct saved *saved = &my->saved[i];
		struct err err = ERR_INIT;

		saved->name = mem_strdup(config->filters[i].name);
		saved->text = mem_strdup(config->filters[i].query);
		saved->query = query_saved(my->desk->book, i, &err);
		saved->why = saved->query ? NULL : mem_strdup(err.text);
	}
	take_counts(my, old, count);
	free_saved(old, count);
	narrow(my);
	my->counting = my->count > 0;
	my->again = false;
	my->row = 0;
	my->at = 0;
}

static void
refresh(struct view *view)
{
	struct v_filters *my = self(view);

	if (my->counting)
		my->again = true;
	else
		make(my);
}

/* ---- counting -------------------------------------------------------------
 */

static void
look(struct v_filters *my)
{
	struct desk *desk = my->desk;
	struct saved *saved = &my->saved[my->at];
	enum status status = desk->sync ? sync_status(desk->sync, my->row)
					: STATUS_COUNT;

	if (saved->query &&
	    query_match(saved->query, desk->book, my->row,
		status < STATUS_COUNT ? status_table[status].word : "",
		&my->contact))
		saved->found++;
	if (++my->at == my->count) {
		my->at = 0;
		my->row++;
	}
}

static void
complete(struct v_filters *my)
{
	for (size_t i = 0; i < my->count; i++) {
		my->saved[i].fits = my->saved[i].found;
		my->saved[i].known = my->saved[i].query != NULL;
	}
	my->counting = false;
	screen_dirty(my->view.screen);
	if (my->again)
		make(my);
}

bool
v_filters_work(struct view *view)
{
	struct v_filters *my = self(view);
	struct desk *desk = my->desk;
	int64_t end = clock_monotonic(desk->clock) + SLICE_MS;

	if (!my->counting)
		return false;
	do {
		for (int i = 0; i < SLICE_ROWS; i++) {
			if (my->row < book_count(desk->book)) {
				look(my);
				continue;
			}
			/* The rest of the rows comes later. */
			if (!book_loaded(desk->book) &&
			    !book_broken(desk->book))
				return false;
			complete(my);
			return my->counting;
		}
	} while (clock_monotonic(desk->clock) < end);
	desk->background = true;
	return true;
}

/* ---- cells ----------------------------------------------------------------
 */

static size_t
row_count(void *context)
{
	return ((const struct v_filters *)context)->shown_count;
}

static void
cell(void *context, size_t row, int number, struct str *out, enum style *style)
{
	const struct v_filters *my = context;
	const struct saved *saved = &my->saved[my->shown[row]];

	if (!saved->query)
		*style = number == 2 ? STYLE_BAD : STYLE_DIM;
	if (number == 0)
		str_add(out, saved->name);
	else if (number == 1)
		text_clean(out, saved->text, strlen(saved->text));
	else if (!saved->query)
		str_add(out, "mistake");
	else
		/* 17+: at least so many, still counting */
		str_addf(out, "%u%s", saved->known ? saved->fits : saved->found,
		    saved->known ? "" : "+");
}

/* The one in force. */
static bool
marked(void *context, size_t row)
{
	const struct v_filters *my = context;
	const char *text = v_contacts_filter_text(my->view.below);

	return *text == '@' &&
	       strcmp(text + 1, my->saved[my->shown[row]].name) == 0;
}

static void
empty(void *context, struct str *out)
{
	const struct v_filters *my = context;
	char filter[WORDS_KEY_MAX], keep[WORDS_KEY_MAX];

	if (my->count > 0)
		str_add(out, "No filter has these letters.");
	else
		str_addf(out,
		    "No filter is saved yet. In the list of contacts %s makes "
		    "one; then %s here saves it.",
		    words_key(my->desk, SCOPE_CONTACTS, DESK_FILTER, filter),
		    words_key(my->desk, SCOPE_FILTERS, DESK_KEEP_FILTER, keep));
}

static const struct table_ops table_ops = {
    .count = row_count,
    .cell = cell,
    .marked = marked,
    .empty = empty,
};

static const struct saved *
under_cursor(const struct v_filters *my)
{
	size_t row;

	return table_row(&my->table, &row) ? &my->saved[my->shown[row]] : NULL;
}

/* ---- drawing --------------------------------------------------------------
 */

/* What is wrong with one is longer than the message line; the room for it does
 * not come and go with the cursor. Returns the rows it takes. */
static int
draw_mistake(
    const struct v_filters *my, struct canvas *canvas, const struct area *area)
{
	const struct saved *saved = under_cursor(my);
	struct area text = area_rows(
	    area, area->rows - MISTAKE_ROWS, MISTAKE_ROWS);
	bool any = false;

	for (size_t i = 0; i < my->count; i++)
		any |= my->saved[i].why != NULL;
	if (!any || area->rows < TALL)
		return 0;
	canvas_rule(canvas, &text, 0);
	text = area_columns(&text, 1, text.columns - 2);
	if (saved && saved->why)
		canvas_paragraph(canvas, &text, 1, 0, STYLE_BAD, saved->why);
	return MISTAKE_ROWS;
}

static void
draw(struct view *view, struct canvas *canvas, const struct area *area)
{
	struct v_filters *my = self(view);
	int below = draw_mistake(my, canvas, area);
	struct area body = area_rows(
	    area, HEAD_ROWS, area->rows - HEAD_ROWS - below);
	const char *force = v_contacts_filter_text(view->below);
	struct str line;

	str_init(&line, TEXT_MAX);
	if (*my->finder.typed)
		str_addf(&line, "%zu of ", my->shown_count);
	str_addf(
	    &line, "%zu saved filter%s", my->count, my->count == 1 ? "" : "s");
	if (*force) {
		str_add(&line, "; in force: ");
		text_clean(&line, force, strlen(force));
	}
	canvas_text(canvas, area, 0, 1, STYLE_NORMAL, line.data);
	str_release(&line);
	canvas_rule(canvas, area, 1);
	table_draw(&my->table, canvas, &body);
}

static void
title(struct view *view, struct str *out)
{
	(void)view;
	str_add(out, "Saved filters");
}

static enum style
note(struct view *view, struct str *out)
{
	const struct saved *saved = under_cursor(self(view));

	if (!saved)
		return STYLE_NORMAL;
	if (saved->why) {
		str_addf(out, "@%s has a mistake", saved->name);
		return STYLE_BAD;
	}
	str_addf(out, "@%s stands for it in other filters and in --filter",
	    saved->name);
	return STYLE_DIM;
}

static const int *
hints(struct view *view)
{
	static const int order[] = {DESK_CHOOSE, DESK_KEEP_FILTER, DESK_SEARCH,
	    DESK_DROP_FILTER, ACTION_BACK, ACTION_HELP, ACTION_NONE};
	static const int changed[] = {DESK_CHOOSE, DESK_UNDO, DESK_KEEP_FILTER,
	    DESK_SEARCH, DESK_DROP_FILTER, ACTION_BACK, ACTION_HELP,
	    ACTION_NONE};

	return self(view)->step > 0 ? changed : order;
}

/* ---- into the config ------------------------------------------------------
 */

static void
drop_steps(struct v_filters *my, size_t from)
{
	while (my->step_count > from) {
		struct filter_step *step = &my->steps[--my->step_count];

		free(step->name);
		free(step->before);
		free(step->after);
	}
}

/* NULL: there is none of that name. */
static const char *
query_of(const struct v_filters *my, const char *name)
{
	const struct config_filter *filter = config_filter(
	    my->desk->config, name);

	return filter ? filter->query : NULL;
}

static void
add_step(struct v_filters *my, const char *name, const char *query)
{
	const char *before = query_of(my, name);
	struct filter_step *step;

	drop_steps(my, my->step);
	my->steps = mem_resize(
	    my->steps, my->step_count + 1, sizeof(*my->steps));
	step = &my->steps[my->step_count++];
	step->name = mem_strdup(name);
	step->before = before ? mem_strdup(before) : NULL;
	step->after = query ? mem_strdup(query) : NULL;
}

static bool
put(struct v_filters *my, const char *name, const char *query, struct err *err)
{
	if (!config_keep_filter(my->desk->config, name, query, err))
		return false;
	make(my);
	screen_dirty(my->view.screen);
	return true;
}

/* Writes one, or takes it out (`query` NULL); it can be taken back. */
static bool
store(
    struct v_filters *my, const char *name, const char *query, struct err *err)
{
	add_step(my, name, query);
	if (!put(my, name, query, err)) {
		drop_steps(my, my->step);
		return false;
	}
	my->step++;
	return true;
}

static bool
same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* Not over what was written since by an editor or another belay. */
static enum view_result
walk(struct v_filters *my, bool back, struct err *err)
{
	const struct filter_step *step;
	const char *from, *to;

	if (back ? my->step == 0 : my->step == my->step_count) {
		err_set(err, ERR_USAGE,
		    back ? "no change of the saved filters is to be taken back"
			 : "no change of the saved filters was taken back");
		return VIEW_REFUSED;
	}
	step = &my->steps[back ? my->step - 1 : my->step];
	from = back ? step->after : step->before;
	to = back ? step->before : step->after;
	if (!same_text(query_of(my, step->name), from)) {
		err_set(err, ERR_USAGE,
		    "@%s was changed elsewhere since: it stays as it is",
		    step->name);
		return VIEW_REFUSED;
	}
	if (!put(my, step->name, to, err))
		return VIEW_REFUSED;
	my->step = back ? my->step - 1 : my->step + 1;
	finder_leave(&my->finder);
	select_named(my, step->name);
	screen_say(my->view.screen, STYLE_NORMAL,
	    !to    ? "@%s is no longer in %s"
	    : from ? "@%s in %s is what it was"
		   : "@%s is in %s again",
	    step->name, file_name(my->desk->config->path));
	return VIEW_DONE;
}

static void
keep(struct v_filters *my)
{
	struct err err = ERR_INIT;
	char key[WORDS_KEY_MAX];

	if (!store(
		my, my->name, v_contacts_filter_text(my->view.below), &err)) {
		screen_say(
		    my->view.screen, STYLE_BAD, "not saved: %s", err.text);
		return;
	}
	finder_leave(&my->finder);
	select_named(my, my->name);
	screen_say(my->view.screen, STYLE_GOOD,
	    "@%s is saved in %s; %s takes it back", my->name,
	    file_name(my->desk->config->path),
	    words_key(my->desk, SCOPE_FILTERS, DESK_UNDO, key));
}

static bool
answer_replace(void *context, const char *text, struct err *err)
{
	(void)text;
	(void)err;
	keep(context);
	return true;
}

static bool
answer_name(void *context, const char *text, struct err *err)
{
	struct v_filters *my = context;
	const struct config_filter *old;
	struct prompt prompt = {
	    .choices = "r",
	    .context = my,
	    .answer = answer_replace,
	};

	text += *text == '@';
	if (!config_is_filter_name(text))
		return err_set(err, ERR_USAGE,
		    "a filter's name is one word of at most %d letters, "
		    "digits, - and _",
		    CONFIG_FILTER_NAME_MAX);
	if (!query_may_save(my->desk->book, text,
		v_contacts_filter_text(my->view.below), err))
		return false;
	str_copy(my->name, sizeof(my->name), text);
	old = config_filter(my->desk->config, text);
	if (!old) {
		keep(my);
		return true;
	}
	snprintf(prompt.label, sizeof(prompt.label),
	    "@%s is %.120s%s: r replaces it ", text, old->query,
	    strlen(old->query) > 120 ? "..." : "");
	screen_ask(my->view.screen, &prompt);
	return true;
}

static void
ask_name(struct v_filters *my)
{
	struct prompt prompt = {
	    .label = "save the filter in force as: ",
	    .context = my,
	    .answer = answer_name,
	};

	screen_ask(my->view.screen, &prompt);
}

static bool
answer_drop(void *context, const char *text, struct err *err)
{
	struct v_filters *my = context;
	struct err why = ERR_INIT;
	char key[WORDS_KEY_MAX];

	(void)text;
	(void)err;
	if (store(my, my->name, NULL, &why))
		screen_say(my->view.screen, STYLE_GOOD,
		    "@%s is taken out of %s; %s takes that back", my->name,
		    file_name(my->desk->config->path),
		    words_key(my->desk, SCOPE_FILTERS, DESK_UNDO, key));
	else
		screen_say(
		    my->view.screen, STYLE_BAD, "not taken out: %s", why.text);
	return true;
}

/* Who uses it is told: it will not work without. */
static void
ask_drop(struct v_filters *my)
{
	const char *config = my->desk->config->path;
	struct prompt prompt = {
	    .choices = "y",
	    .context = my,
	    .answer = answer_drop,
	};
	const struct saved *saved = under_cursor(my);
	const char *user = NULL;

	if (!saved)
		return;
	str_copy(my->name, sizeof(my->name), saved->name);
	for (size_t i = 0; i < my->count && !user; i++)
		if (query_uses(my->saved[i].text, my->name))
			user = my->saved[i].name;
	snprintf(prompt.label, sizeof(prompt.label),
	    "y takes @%s out of %.60s%s%s%s ", my->name,
	    config ? file_name(config) : "the config", user ? "; @" : "",
	    user ? user : "", user ? " uses it and will not work then" : "");
	screen_ask(my->view.screen, &prompt);
}

/* ---- acting ---------------------------------------------------------------
 */

static bool
may(struct view *view, int action, struct err *err)
{
	const struct v_filters *my = self(view);
	const struct saved *saved = under_cursor(my);
	char key[WORDS_KEY_MAX];

	if (action == DESK_KEEP_FILTER)
		return *v_contacts_filter_text(view->below) ||
		       err_set(err, ERR_USAGE,
			   "no filter is in force: %s in the list of contacts "
			   "makes one",
			   words_key(
			       my->desk, SCOPE_CONTACTS, DESK_FILTER, key));
	if (my->count == 0)
		return err_set(err, ERR_USAGE, "no filter is saved yet");
	if (action == DESK_SEARCH)
		return true;
	if (!saved)
		return err_set(err, ERR_USAGE, "there is no filter here");
	if (action == DESK_CHOOSE && !saved->query)
		return err_set(err, ERR_USAGE, "%s", saved->why);
	return true;
}

static void
found(void *context)
{
	struct v_filters *my = context;

	narrow(my);
	table_select(&my->table, 0);
}

static bool
any_found(void *context, struct err *err)
{
	const struct v_filters *my = context;

	return my->shown_count > 0 ||
	       err_set(err, ERR_USAGE, "no filter has these letters");
}

static const struct finder_ops finder_ops = {
    .label = "letters of its name or terms: ",
    .narrow = found,
    .any = any_found,
};

static enum view_result
use(struct v_filters *my, struct err *err)
{
	const struct saved *saved = under_cursor(my);
	char text[CONFIG_FILTER_NAME_MAX + 2];

	if (!saved)
		return VIEW_NOT_MINE;
	snprintf(text, sizeof(text), "@%s", saved->name);
	return v_contacts_filter(my->view.below, text, err) ? VIEW_LEAVE
							    : VIEW_REFUSED;
}

static enum view_result
act(struct view *view, const struct action *action, struct err *err)
{
	struct v_filters *my = self(view);

	if (table_act(&my->table, action->id))
		return VIEW_DONE;
	switch (action->id) {
	case DESK_CHOOSE: return use(my, err);
	case DESK_SEARCH:
		finder_ask(&my->finder, view->screen);
		return VIEW_DONE;
	case DESK_KEEP_FILTER: ask_name(my); return VIEW_DONE;
	case DESK_DROP_FILTER: ask_drop(my); return VIEW_DONE;
	case DESK_UNDO: return walk(my, true, err);
	case DESK_REDO: return walk(my, false, err);
	case ACTION_BACK:
		return finder_leave(&my->finder) ? VIEW_DONE : VIEW_NOT_MINE;
	default: return VIEW_NOT_MINE;
	}
}

static void
destroy(struct view *view)
{
	struct v_filters *my = self(view);

	free_saved(my->saved, my->count);
	drop_steps(my, 0);
	free(my->steps);
	free(my->shown);
	contact_release(&my->contact);
	table_release(&my->table);
	free(view);
}

static enum view_result
click(struct view *view, int row, int column, struct err *err)
{
	(void)err;
	return table_click(&self(view)->table, row, column, NULL);
}

static const struct view_ops ops = {
    .name = "filters",
    .scope = SCOPE_FILTERS,
    .draw = draw,
    .refresh = refresh,
    .act = act,
    .may = may,
    .click = click,
    .title = title,
    .note = note,
    .hints = hints,
    .destroy = destroy,
};

struct view *
v_filters_new(struct desk *desk)
{
	struct v_filters *my = (struct v_filters *)view_new(&ops, sizeof(*my));
	const char *in_force;

	my->desk = desk;
	contact_init(&my->contact);
	finder_init(&my->finder, &finder_ops, my);
	table_init(&my->table, &table_ops, my, columns,
	    (int)(sizeof(columns) / sizeof(columns[0])));
	make(my);
	my->view.stale = false;
	/* on the one in force */
	in_force = v_contacts_filter_text(screen_top(desk->screen));
	if (*in_force == '@')
		select_named(my, in_force + 1);
	return &my->view;
}
