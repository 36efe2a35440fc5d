/* SPDX-License-Identifier: MIT */
/*
 * The list of contacts: what is shown of them, moving, finding, marking.
 * Which rows, and in which order, is contact_list.c's.
 *
 * Hazard: rows are asked for by number in the list, marks and statuses go by
 * row of the book; list_row() is the only way from one to the other.
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
#include "book/query.h"
#include "desk/actions.h"
#include "desk/contact_cells.h"
#include "desk/contact_columns.h"
#include "desk/contact_complete.h"
#include "desk/contact_counts.h"
#include "desk/contact_head.h"
#include "desk/contact_hints.h"
#include "desk/contact_list.h"
#include "desk/contact_match.h"
#include "desk/contact_note.h"
#include "desk/contact_order.h"
#include "desk/contact_search.h"
#include "desk/desk.h"
#include "desk/undo.h"
#include "desk/words.h"
#include "tui/action.h"
#include "tui/prompt.h"
#include "tui/table.h"
#include "tui/view.h"

enum { LOW = 9 };

struct contacts {
	struct view view;
	struct desk *desk;
	struct contact_list *list;
	struct contact_cells *cells;
	struct table table;
	struct contact_columns columns;
	struct contact_counts counts; /* where they can be clicked */
	struct column_order orders[CONTACT_ORDERS_MAX]; /* at their titles */
	struct config_columns config_sort; /* that was taken last */
	bool sorted;                       /* by the user, since it was */
	uint64_t columns_generation;       /* of the config that they are of, */
	uint32_t columns_known;            /* and how many the file had then */
	struct contact_search search;
	uint32_t searched_from; /* where the cursor was then */
	uint32_t anchor;        /* the row to stay on when the list changes */
	struct history filters;
	bool low;  /* no counts are shown */
	bool told; /* what in the config's lists does not fit the file */
	int hints[CONTACT_HINTS_MAX];
	struct contact_list_state before; /* a filter was typed, */
	bool filtering;                   /* and it still is */
};

/* The view stands first in the struct. */
static struct contacts *
self(struct view *view)
{
	return (struct contacts *)view;
}

static const struct contacts *
seen(const struct view *view)
{
	return (const struct contacts *)view;
}

/* ---- rows -------------------------------------------------------------- */

uint32_t
v_contacts_row(const struct view *view)
{
	const struct contacts *contacts = seen(view);
	size_t at;

	if (!table_row(&contacts->table, &at))
		return RECORDS_NONE;
	return contact_list_row(contacts->list, at);
}

/* Where the cursor is now it stays when the list changes. */
static void
hold(struct contacts *contacts)
{
	uint32_t row = v_contacts_row(&contacts->view);

	if (row != RECORDS_NONE)
		contacts->anchor = row;
}

/* The same when nobody has moved it; not while a filter is typed or finds,
 * which may take the contact away and bring it back. */
static void
hold_drawn(struct contacts *contacts)
{
	contacts->filtering &= screen_asking(contacts->view.screen);
	if (!contacts->filtering && !contact_list_finding(contacts->list))
		hold(contacts);
}

static void
hold_found(void *contacts)
{
	hold(contacts);
}

/* The rows stand elsewhere: the cursor goes with its contact. */
static void
stay(struct contacts *contacts)
{
	const struct contact_list *list = contacts->list;
	size_t at = contact_list_find(list, contacts->anchor);

	if (at != SIZE_MAX)
		table_keep(&contacts->table, at);
	contact_search_moved(&contacts->search,
	    screen_asking(contacts->view.screen)
		? contact_list_find(list, contacts->searched_from)
		: SIZE_MAX);
	screen_dirty(contacts->view.screen);
}

/* To where the cursor's contact is now, or the next one that is still there. */
void
v_contacts_move(struct view *view, const struct contact_list_move *move)
{
	struct contacts *contacts = self(view);
	const uint32_t *rows = move->rows;
	size_t count = move->count;
	uint32_t row = contacts->anchor, at = row;

	while (at < count && rows[at] == RECORDS_NONE)
		at++;
	for (; at >= count && row != RECORDS_NONE && row > 0; row--)
		if (row - 1 < count && rows[row - 1] != RECORDS_NONE)
			at = row - 1;
	undo_forget(contacts->desk->undo);
	contacts->anchor = at < count ? rows[at] : RECORDS_NONE;
	contact_list_move(contacts->list, move);
	/* columns of the file may have other numbers */
	contacts->columns.count = 0;
	stay(contacts);
}

size_t
v_contacts_marks(const struct view *view)
{
	return contact_list_mark_count(seen(view)->list);
}

const char *
v_contacts_filter_text(const struct view *view)
{
	return contact_list_filter_text(seen(view)->list);
}

bool
v_contacts_narrowed(const struct view *view)
{
	return contact_list_narrowed(seen(view)->list);
}

/* The list of saved filters, while it is open above, is counted for. */
static bool
saved_work(struct contacts *contacts)
{
	struct desk *desk = contacts->desk;
	struct view *top = screen_top(contacts->view.screen);

	if (!contacts->told && book_loaded(desk->book) &&
	    !*screen_message(desk->screen)) {
		contacts->told = true;
		contact_columns_tell(desk);
	}
	return top && top->ops->scope == SCOPE_FILTERS && v_filters_work(top);
}

bool
v_contacts_work(struct view *view)
{
	struct contacts *contacts = self(view);
	bool more, moved;

	more = contact_list_work(contacts->list, &moved);
	if (moved)
		stay(contacts);
	else if (more)
		contacts->desk->background = true;
	more |= contact_search_work(&contacts->search);
	more |= saved_work(contacts);
	return more;
}

static size_t
row_count(void *context)
{
	return contact_list_count(((struct contacts *)context)->list);
}

static void
row_cell(
    void *context, size_t at, int column, struct str *out, enum style *style)
{
	struct contacts *contacts = context;

	contact_cells_add(contacts->cells, contact_list_row(contacts->list, at),
	    column, out, style);
}

static bool
row_marked(void *context, size_t at)
{
	struct contacts *contacts = context;

	return contact_list_marked(
	    contacts->list, contact_list_row(contacts->list, at));
}

static bool
row_matches(void *context, size_t at, const char *needle)
{
	struct contacts *contacts = context;

	return contact_match(
	    contacts->desk->book, contact_list_row(contacts->list, at), needle);
}

static int
row_near(void *context, size_t at, const char *folded, struct str *scratch)
{
	struct contacts *contacts = context;

	return contact_near(contacts->desk->book,
	    contact_list_row(contacts->list, at), folded, scratch);
}

static void
no_rows(void *context, struct str *out)
{
	struct contacts *contacts = context;

	if (contact_list_narrowed(contacts->list))
		str_add(out, "No contact fits. Esc shows all of them again.");
	else if (book_broken(contacts->desk->book))
		str_add(out, "No contact could be read.");
	else if (book_loaded(contacts->desk->book))
		str_add(out, "There are no contacts in this file.");
	else
		str_add(out, "Reading the file.");
}

static const struct table_ops table_ops = {
    .count = row_count,
    .cell = row_cell,
    .marked = row_marked,
    .matches = row_matches,
    .empty = no_rows,
};

/* ---- drawing ------------------------------------------------------------- */

/* The order of the config, when that says another one than before, or the file
 * has got columns since. */
static void
take_sort(struct contacts *contacts)
{
	const struct config_columns *named = &contacts->desk->config->sort;
	struct contact_orders orders;

	if (config_columns_same(named, &contacts->config_sort)) {
		if (contacts->sorted || named->count == 0)
			return;
	} else {
		config_columns_free(&contacts->config_sort);
		for (size_t i = 0; i < named->count; i++)
			config_columns_add(
			    &contacts->config_sort, &named->list[i]);
		contacts->sorted = false;
	}
	contact_order_make(contacts->desk, &orders);
	contact_list_sort(contacts->list, &orders);
}

/* Which columns there are, when the config or the file says otherwise. */
static void
take_columns(struct contacts *contacts)
{
	const struct desk *desk = contacts->desk;
	uint32_t known = records_column_count(book_records(desk->book));

	if (contacts->columns.count > 0 && contacts->columns_known == known &&
	    contacts->columns_generation == desk->config_generation)
		return;
	contacts->told = contacts->told && contacts->columns_generation ==
					       desk->config_generation;
	contact_columns_make(&contacts->columns, desk, NULL);
	contacts->columns_known = known;
	contacts->columns_generation = desk->config_generation;
	contacts->table.columns = contacts->columns.shapes;
	contacts->table.column_count = contacts->columns.count;
	contact_cells_use(contacts->cells, &contacts->columns);
	take_sort(contacts);
}

void
v_contacts_take(struct view *view)
{
	take_columns(self(view));
}

/* The arrows go to the columns that are there. */
static void
show_orders(struct contacts *contacts)
{
	const struct contact_orders *orders = contact_list_orders(
	    contacts->list);

	for (int i = 0; i < orders->count; i++) {
		contacts->orders[i].down = orders->list[i].down;
		contacts->orders[i].column = contact_columns_find(
		    &contacts->columns, &orders->list[i].column);
	}
	contacts->table.orders = contacts->orders;
	contacts->table.order_count = orders->count;
}

static void
draw(struct view *view, struct canvas *canvas, const struct area *area)
{
	struct contacts *contacts = self(view);
	struct area body = *area;

	take_columns(contacts);
	show_orders(contacts);
	contacts->low = area->rows < LOW;
	contacts->counts.count = 0;
	if (!contacts->low)
		body = contact_head_draw(contacts->desk, contacts->list,
		    !table_shows_orders(&contacts->table, area->columns),
		    &contacts->counts, canvas, area);
	hold_drawn(contacts);
	contact_cells_begin(contacts->cells);
	table_draw(&contacts->table, canvas, &body);
}

static void
title(struct view *view, struct str *out)
{
	const char *name = file_name(
	    source_path(book_source(self(view)->desk->book)));

	text_clean(out, name, strlen(name));
}

static enum style
note(struct view *view, struct str *out)
{
	uint32_t row = v_contacts_row(view);

	if (row == RECORDS_NONE)
		return STYLE_NORMAL;
	contact_cells_name(self(view)->cells, row, out);
	return contact_note_add(self(view)->desk, row, out);
}

static const int *
hints(struct view *view)
{
	struct contacts *contacts = self(view);

	return contact_hints(contacts->desk, v_contacts_row(view),
	    contact_list_mark_count(contacts->list) > 0, contacts->hints);
}

/* ---- narrowing and order ------------------------------------------------- */

/* On the contact where the cursor was, or else on the first that is shown. */
static void
keep_cursor(struct contacts *contacts)
{
	size_t at;

	v_contacts_work(&contacts->view);
	at = contact_list_find(contacts->list, contacts->anchor);
	if (at != SIZE_MAX)
		table_keep(&contacts->table, at);
	else
		table_select(&contacts->table, 0);
}

const struct contact_list *
v_contacts_list(const struct view *view)
{
	return seen(view)->list;
}

bool
v_contacts_restore(
    struct view *view, const struct contact_list_state *state, struct err *err)
{
	struct contacts *contacts = self(view);
	bool fits;

	hold(contacts);
	fits = contact_list_restore(contacts->list, state, err);
	keep_cursor(contacts);
	return fits;
}

static void
filter_live(void *context, const char *text)
{
	struct contacts *contacts = context;
	struct err err = ERR_INIT;

	/* Half a query is no mistake yet: the last good one stays. */
	contact_list_filter(contacts->list, text, &err);
	keep_cursor(contacts);
}

bool
v_contacts_filter(struct view *view, const char *text, struct err *err)
{
	struct contacts *contacts = self(view);
	struct contact_list_state was;

	hold(contacts);
	contact_list_keep(contacts->list, &was);
	if (!contact_list_filter(contacts->list, text, err)) {
		contact_list_state_release(&was);
		return false;
	}
	undo_compare(contacts->desk, contacts->list, &was);
	keep_cursor(contacts);
	screen_dirty(view->screen);
	return true;
}

static bool
filter_answer(void *context, const char *text, struct err *err)
{
	struct contacts *contacts = context;

	if (!contact_list_filter(contacts->list, text, err))
		return false;
	undo_compare(contacts->desk, contacts->list, &contacts->before);
	return true;
}

static void
filter_cancel(void *context)
{
	struct contacts *contacts = context;

	filter_live(contacts, contacts->before.filter);
}

static bool
filter_complete(void *context, const char *before, struct str *out)
{
	return contact_complete(
	    ((struct contacts *)context)->desk, before, out);
}

static void
ask_filter(struct contacts *contacts)
{
	struct prompt prompt = {
	    .label = "show only, e.g. state:FL: ",
	    .initial = contact_list_filter_offered(contacts->list),
	    .history = &contacts->filters,
	    .complete = filter_complete,
	    .context = contacts,
	    .answer = filter_answer,
	    .change = filter_live,
	    .cancel = filter_cancel,
	};

	contact_list_state_release(&contacts->before);
	contact_list_keep(contacts->list, &contacts->before);
	contacts->filtering = true;
	screen_ask(contacts->view.screen, &prompt);
}

void
v_contacts_sort(struct view *view, const struct contact_orders *orders)
{
	struct contact_list_state was;

	contact_list_keep(self(view)->list, &was);
	self(view)->sorted = true;
	contact_list_sort(self(view)->list, orders);
	undo_compare(self(view)->desk, self(view)->list, &was);
	v_contacts_work(view);
}

const struct contact_orders *
v_contacts_orders(const struct view *view)
{
	return contact_list_orders(seen(view)->list);
}

/* ---- actions ------------------------------------------------------------- */

static void
plan_all(struct contacts *contacts)
{
	uint32_t count = book_count(contacts->desk->book);
	uint32_t *rows = mem_resize(NULL, (size_t)count + 1, sizeof(*rows));

	for (uint32_t row = 0; row < count; row++)
		rows[row] = row;
	screen_push(
	    contacts->view.screen, v_plan_new(contacts->desk, rows, count));
	free(rows);
}

/* With the marked rows, or the one under the cursor. What is not on the screen
 * is shown before it is sent. */
static void
with_chosen(struct contacts *contacts, int id)
{
	size_t count;
	uint32_t *rows = contact_list_chosen(
	    contacts->list, v_contacts_row(&contacts->view), &count);

	if (id == DESK_PLAN || contact_list_hides_marked(contacts->list))
		screen_push(contacts->view.screen,
		    v_plan_new(contacts->desk, rows, count));
	else
		desk_sync(contacts->desk, rows, count);
	free(rows);
}

/* The cursor stays on its contact. */
static void
widen(struct contacts *contacts)
{
	contact_list_widen(contacts->list);
	keep_cursor(contacts);
}

/* Esc takes back one thing at a time. */
static enum view_result
back(struct contacts *contacts)
{
	if (contact_list_mark_count(contacts->list) > 0)
		contact_list_unmark(contacts->list);
	else if (contact_list_narrowed(contacts->list))
		widen(contacts);
	else
		return VIEW_NOT_MINE;
	return VIEW_DONE;
}

static void
mark(struct contacts *contacts)
{
	contact_list_mark(contacts->list, v_contacts_row(&contacts->view));
	table_act(&contacts->table, ACTION_DOWN);
	hold(contacts);
}

/* The screen says how many there are: the count line may have no room. */
static enum view_result
mark_range(struct contacts *contacts, struct err *err)
{
	char key[WORDS_KEY_MAX];
	bool mark;
	size_t count;

	if (!contact_list_mark_range(contacts->list,
		v_contacts_row(&contacts->view), &mark, &count)) {
		err_set(err, ERR_USAGE,
		    "mark a contact with %s first: then all from that one to "
		    "this one are marked",
		    words_key(contacts->desk, SCOPE_CONTACTS, DESK_MARK, key));
		return VIEW_REFUSED;
	}
	screen_say(contacts->view.screen, STYLE_NORMAL,
	    mark ? "%zu marked from there to here, %zu in all"
		 : "%zu not marked any more from there to here, %zu still are",
	    count, contact_list_mark_count(contacts->list));
	return VIEW_DONE;
}

/* Where there is no room for the counts, a message says what is shown. */
/* What the line above the list would say, where there is none. */
static void
say_shown(struct contacts *contacts)
{
	size_t marks = contact_list_mark_count(contacts->list);
	char text[320];

	if (!contacts->low)
		return;
	contact_list_describe(contacts->list, text, sizeof(text));
	if (marks > 0)
		screen_say(contacts->view.screen, STYLE_NORMAL,
		    "%zu marked; %s", marks, text);
	else
		screen_say(contacts->view.screen, STYLE_NORMAL, "%s", text);
}

static void
show_only(struct contacts *contacts, int only)
{
	contact_list_only(contacts->list, only);
	keep_cursor(contacts);
	say_shown(contacts);
}

static enum view_result
act_now(struct view *view, const struct action *action, struct err *err)
{
	struct contacts *contacts = self(view);

	contact_search_stop(&contacts->search);
	hold(contacts);
	contacts->searched_from = v_contacts_row(view);
	if (table_act(&contacts->table, action->id)) {
		hold(contacts);
		return VIEW_DONE;
	}
	switch (action->id) {
	case DESK_SEARCH:
		contact_search_ask(&contacts->search);
		return VIEW_DONE;
	case DESK_SEARCH_NEXT:
	case DESK_SEARCH_PREVIOUS:
		contact_search_again(
		    &contacts->search, action->id == DESK_SEARCH_PREVIOUS);
		return VIEW_DONE;
	case DESK_FILTER: ask_filter(contacts); return VIEW_DONE;
	case DESK_FILTERS:
		screen_push(view->screen, v_filters_new(contacts->desk));
		return VIEW_DONE;
	case DESK_ATTENTION:
		contact_list_attention(contacts->list);
		keep_cursor(contacts);
		say_shown(contacts);
		return VIEW_DONE;
	case DESK_NEXT_STATUS:
	case DESK_PREVIOUS_STATUS:
		show_only(contacts,
		    contact_counts_next(contacts->desk, contacts->list,
			action->id == DESK_PREVIOUS_STATUS));
		return VIEW_DONE;
	case DESK_SORT:
		contact_order_ask(contacts->desk, view);
		return VIEW_DONE;
	case DESK_COLUMNS:
		screen_push(view->screen,
		    v_list_columns_new(contacts->desk, v_contacts_row(view)));
		return VIEW_DONE;
	case DESK_MARK: mark(contacts); return VIEW_DONE;
	case DESK_MARK_RANGE: return mark_range(contacts, err);
	case DESK_MARK_ALL:
		contact_list_mark_all(contacts->list);
		say_shown(contacts);
		return VIEW_DONE;
	case DESK_PLAN:
	case DESK_SYNC: with_chosen(contacts, action->id); return VIEW_DONE;
	case DESK_SYNC_ALL: plan_all(contacts); return VIEW_DONE;
	case ACTION_BACK: return back(contacts);
	default: return VIEW_NOT_MINE;
	}
}

/* What it does to the list can be taken back. */
static enum view_result
act(struct view *view, const struct action *action, struct err *err)
{
	struct contact_list_state was;
	enum view_result result;

	contact_list_keep(self(view)->list, &was);
	result = act_now(view, action, err);
	undo_compare(self(view)->desk, self(view)->list, &was);
	return result;
}

static enum view_result
click(struct view *view, int row, int column, struct err *err)
{
	struct contacts *contacts = self(view);
	struct contact_list_state was;
	enum view_result result = VIEW_DONE;
	int title = -1, only;

	(void)err;
	contact_search_stop(&contacts->search);
	hold(contacts);
	contact_list_keep(contacts->list, &was);
	if (contact_counts_at(
		&contacts->counts, contacts->list, row, column, &only))
		show_only(contacts, only);
	else
		result = table_click(&contacts->table, row, column, &title);
	if (title >= 0)
		contact_order_by(view, &contacts->columns.list[title]);
	hold(contacts);
	undo_compare(contacts->desk, contacts->list, &was);
	return title >= 0 ? VIEW_DONE : result;
}

static void
refresh(struct view *view)
{
	contact_list_refresh(self(view)->list, v_contacts_row(view));
}

static void
destroy(struct view *view)
{
	struct contacts *contacts = self(view);

	undo_free(&contacts->desk->undo);
	contact_list_state_release(&contacts->before);
	table_release(&contacts->table);
	contact_list_free(contacts->list);
	config_columns_free(&contacts->config_sort);
	contact_cells_free(contacts->cells);
	contact_search_release(&contacts->search);
	history_clear(&contacts->filters);
	free(contacts);
}

static const struct view_ops ops = {
    .name = "contacts",
    .scope = SCOPE_CONTACTS,
    .draw = draw,
    .refresh = refresh,
    .act = act,
    .click = click,
    .title = title,
    .note = note,
    .hints = hints,
    .destroy = destroy,
};

struct view *
v_contacts_new(struct desk *desk)
{
	struct contacts *contacts = (struct contacts *)view_new(
	    &ops, sizeof(*contacts));

	contacts->desk = desk;
	contacts->anchor = RECORDS_NONE;
	contacts->list = contact_list_new(desk);
	if (!desk->undo)
		desk->undo = undo_new();
	contacts->cells = contact_cells_new(desk);
	table_init(&contacts->table, &table_ops, contacts, NULL, 0);
	take_columns(contacts);
	contact_search_init(&contacts->search, desk, &contacts->table, row_near,
	    hold_found, contacts);
	return &contacts->view;
}
