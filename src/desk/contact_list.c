/* SPDX-License-Identifier: MIT */
/*
 * Two lists of rows: `shown`, and `next` being made from row 0 upward. A new
 * filter shows `next` while it grows; otherwise `shown` stays until `next` is
 * complete and sorted, then they change places.
 *
 * Hazard: the book grows while it is being read. Rows that come later are
 * looked at when they are there (`looked` says how far), so a list is complete
 * for now, again and again.
 */
#include "desk/contact_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "book/book.h"
#include "book/config.h"
#include "book/query.h"
#include "desk/actions.h"
#include "desk/desk.h"
#include "desk/row_marks.h"
#include "desk/row_sort.h"
#include "desk/words.h"
#include "tui/view.h"

enum { SLICE_MS = 2, SLICE_ROWS = 32, SORT_STEPS = 4096 };
enum { KEY_MAX = 4096, AHEAD_ROWS = 2048, PASSED_ROWS = 64 };
/* Of more rows than one in so many the text of all is searched faster. */
enum { WITHIN_SHARE = 4 };

struct items {
	struct sort_item *items;
	size_t count;
	size_t capacity;
	struct sort_keys keys; /* what they are sorted by */
};

struct contact_list {
	struct desk *desk;
	struct contact contact; /* scratch of queries */
	struct contact_keys *keys;
	struct str key; /* scratch of them */
	struct items shown;
	struct items next;
	bool making;    /* next is under way, from row `looked` on, */
	bool within;    /* or from that place of shown on */
	bool show_next; /* and it is what is shown */
	bool again;     /* something changed while it was being made */
	bool sorting;   /* next is complete and being put in order */
	bool arranged;  /* shown is a list; else it is the book itself */
	struct row_sort row_sort;
	uint32_t looked;
	struct query *query; /* NULL: no filter */
	uint64_t generation; /* of the config that it was read under */
	char *filter;        /* its text, "" */
	char *unfit;         /* the text of one that had to be taken off, "" */
	bool attention;
	int only;             /* a status, CONTACTS_LISTS_OPEN, CONTACTS_ALL */
	uint32_t kept;        /* shown although it may not belong any more */
	bool kept_extra;      /* it does not, in `shown` */
	bool next_kept_extra; /* nor in `next` */
	struct contact_orders orders;
	struct row_marks marks;
	uint32_t mark_from; /* marked, or not any more, last; RECORDS_NONE */
	bool mark_sets;     /* it was marked then */
};

struct contact_list *
contact_list_new(struct desk *desk)
{
	struct contact_list *list = mem_zalloc(sizeof(*list));

	list->desk = desk;
	list->kept = RECORDS_NONE;
	list->mark_from = RECORDS_NONE;
	list->only = CONTACTS_ALL;
	list->filter = mem_strdup("");
	list->unfit = mem_strdup("");
	list->keys = contact_keys_new(desk);
	str_init(&list->key, KEY_MAX);
	contact_init(&list->contact);
	return list;
}

static void
stop_sorting(struct contact_list *list)
{
	if (!list->sorting)
		return;
	list->sorting = false;
	list->next.items = row_sort_end(&list->row_sort);
	list->next.capacity = list->next.count;
}

void
contact_list_free(struct contact_list *list)
{
	if (!list)
		return;
	stop_sorting(list);
	query_free(list->query);
	free(list->filter);
	free(list->unfit);
	contact_keys_free(list->keys);
	str_release(&list->key);
	sort_keys_free(&list->shown.keys);
	sort_keys_free(&list->next.keys);
	contact_release(&list->contact);
	free(list->shown.items);
	free(list->next.items);
	row_marks_free(&list->marks);
	free(list);
}

bool
contact_list_narrowed(const struct contact_list *list)
{
	return list->query || list->attention || list->only != CONTACTS_ALL;
}

/* Whether the list is another than the book itself. */
static bool
is_own(const struct contact_list *list)
{
	return contact_list_narrowed(list) || list->orders.count > 0;
}

/* Whether the book itself is shown: also until the first order is there. */
static bool
plain(const struct contact_list *list)
{
	return !is_own(list) || (!contact_list_narrowed(list) &&
				    !list->arranged && !list->show_next);
}

static const struct items *
visible(const struct contact_list *list)
{
	return list->show_next ? &list->next : &list->shown;
}

size_t
contact_list_count(const struct contact_list *list)
{
	if (plain(list))
		return book_count(list->desk->book);
	return visible(list)->count;
}

uint32_t
contact_list_row(const struct contact_list *list, size_t at)
{
	if (at >= contact_list_count(list))
		return RECORDS_NONE;
	return plain(list) ? (uint32_t)at : visible(list)->items[at].row;
}

size_t
contact_list_find(const struct contact_list *list, uint32_t row)
{
	const struct items *items = visible(list);

	if (plain(list))
		return row < book_count(list->desk->book) ? row : SIZE_MAX;
	for (size_t i = 0; i < items->count; i++)
		if (items->items[i].row == row)
			return i;
	return SIZE_MAX;
}

/* ---- making ------------------------------------------------------------- */

static void
make(struct contact_list *list, bool show)
{
	stop_sorting(list);
	list->next.count = 0;
	sort_keys_reset(&list->next.keys);
	list->looked = 0;
	list->within = false;
	list->again = false;
	list->next_kept_extra = false;
	if (show)
		list->kept = RECORDS_NONE;
	list->making = is_own(list);
	list->show_next = list->making && show;
	if (!list->making) {
		list->shown.count = 0;
		list->arranged = false;
		list->kept_extra = false;
	}
}

static bool
belongs(struct contact_list *list, uint32_t row)
{
	struct desk *desk = list->desk;
	enum status status = desk->sync ? sync_status(desk->sync, row)
					: STATUS_COUNT;

	if (list->attention && !status_needs_somebody(status))
		return false;
	if (list->only == CONTACTS_LISTS_OPEN) {
		if (!desk->sync || !sync_has_lists_open(desk->sync, row))
			return false;
	} else if (list->only != CONTACTS_ALL && (int)status != list->only) {
		return false;
	}
	return !list->query ||
	       query_match(list->query, desk->book, row,
		   status < STATUS_COUNT ? status_table[status].word : "",
		   &list->contact);
}

static void
look(struct contact_list *list, uint32_t row)
{
	struct items *next = &list->next;
	struct sort_item *item;

	if (!belongs(list, row)) {
		if (row != list->kept)
			return;
		list->next_kept_extra = true;
	}
	next->items = mem_grow(next->items, &next->capacity, next->count + 1,
	    sizeof(*next->items));
	item = &next->items[next->count++];
	item->row = row;
	if (list->orders.count == 0)
		return;
	contact_keys_make(list->keys, row, &list->orders, &list->key);
	sort_keys_set(&next->keys, item, list->key.data, list->key.len);
}

/* The first row of [from, to) that may match. */
static uint32_t
next_that_may(const struct contact_list *list, uint32_t from, uint32_t to)
{
	const struct desk *desk = list->desk;
	uint32_t statuses = query_statuses(list->query);

	to = query_next(list->query, desk->book, from, to);
	for (uint32_t row = from; statuses && desk->sync && row < to; row++) {
		enum status status = sync_status(desk->sync, row);

		if (status < STATUS_COUNT && statuses >> status & 1)
			return row;
	}
	return to;
}

/* Goes past what the query cannot match; says how much work it was in rows that
 * are looked at. */
static int
look_ahead(struct contact_list *list)
{
	uint32_t from = list->looked, to = book_count(list->desk->book);

	if (!list->query || from == to)
		return 0;
	if (to - from > AHEAD_ROWS)
		to = from + AHEAD_ROWS;
	if (list->kept >= from && list->kept < to)
		to = list->kept;
	list->looked = next_that_may(list, from, to);
	return (int)(list->looked - from) / PASSED_ROWS;
}

/* Looks at the next row that may be one of the list. False: there is none now.
 * `*work`: how much it was, in rows that are looked at. */
static bool
look_on(struct contact_list *list, int *work)
{
	const struct items *shown = &list->shown;

	if (list->within) {
		if (list->looked == shown->count)
			return false;
		look(list, shown->items[list->looked++].row);
		return true;
	}
	*work += look_ahead(list);
	if (list->looked == book_count(list->desk->book))
		return false;
	look(list, list->looked++);
	return true;
}

/* Goes on putting what was found in order; true when it is. */
static bool
in_order(struct contact_list *list)
{
	if (list->orders.count == 0 || list->next.count < 2)
		return true;
	if (!list->sorting)
		row_sort_begin(&list->row_sort, list->next.items,
		    list->next.count, &list->next.keys);
	list->sorting = true;
	if (!row_sort_part(&list->row_sort, SORT_STEPS))
		return false;
	stop_sorting(list);
	return true;
}

static void
complete(struct contact_list *list)
{
	struct items old = list->shown;

	list->shown = list->next;
	list->next = old;
	list->kept_extra = list->next_kept_extra;
	list->making = false;
	list->arranged = true;
	list->show_next = false;
	if (list->again)
		make(list, false);
}

bool
contact_list_work(struct contact_list *list, bool *moved)
{
	const struct book *book = list->desk->book;
	int64_t end = clock_monotonic(list->desk->clock) + SLICE_MS;
	bool read = book_loaded(book) || book_broken(book);

	if (moved)
		*moved = false;
	if (!list->making)
		return false;
	contact_keys_begin(list->keys);
	do {
		for (int i = 0; i < SLICE_ROWS; i++) {
			if (look_on(list, &i))
				continue;
			/* An order is of the whole book, not of a part. */
			if (!read) {
				list->show_next |= list->orders.count == 0;
				return false;
			}
			if (!in_order(list))
				break;
			complete(list);
			if (moved)
				*moved = true;
			return list->making;
		}
	} while (clock_monotonic(list->desk->clock) < end);
	return true;
}

/* What is filtered by from now on; takes the query, and `text` is copied. */
static void
use_query(struct contact_list *list, struct query *query, const char *text)
{
	char *copy = mem_strdup(query ? text : "");

	query_free(list->query);
	free(list->filter);
	list->query = query;
	list->filter = copy;
	list->generation = list->desk->config_generation;
}

/* The filter's text as a query on what the book and the config are now; false,
 * and it is taken off: err says why. */
static bool
parse_again(struct contact_list *list, struct err *err)
{
	struct query *query = query_parse(list->desk->book, list->filter, err);

	if (!query) {
		free(list->unfit);
		list->unfit = mem_strdup(list->filter);
	}
	use_query(list, query, list->filter);
	return query;
}

/* A saved filter or a column may mean something else under another config. */
static void
read_again(struct contact_list *list)
{
	struct desk *desk = list->desk;
	char key[WORDS_KEY_MAX];
	struct err err = ERR_INIT;

	if (!list->query || list->generation == desk->config_generation)
		return;
	if (!parse_again(list, &err))
		screen_say(desk->screen, STYLE_WARNING,
		    "the filter %s is taken off (%s offers it again): %s",
		    list->unfit,
		    words_key(desk, SCOPE_CONTACTS, DESK_FILTER, key),
		    err.text);
	make(list, true);
}

void
contact_list_refresh(struct contact_list *list, uint32_t row)
{
	read_again(list);
	if (!is_own(list))
		return;
	list->kept = contact_list_find(list, row) == SIZE_MAX ? RECORDS_NONE
							      : row;
	if (list->making)
		list->again = true;
	else
		make(list, false);
}

/* ---- what to show ------------------------------------------------------- */

/* Whether those that the new query matches are all in the list as it is. */
static bool
is_within(const struct contact_list *list, const struct query *query)
{
	const struct desk *desk = list->desk;

	return query && list->query && !list->making && list->arranged &&
	       list->generation == desk->config_generation &&
	       list->shown.count * WITHIN_SHARE < book_count(desk->book) &&
	       query_is_within(query, list->query);
}

bool
contact_list_filter(
    struct contact_list *list, const char *text, struct err *err)
{
	struct query *query = NULL;
	bool within;

	/* Enter after typing: it stands already, and is not emptied again. */
	if (list->query && strcmp(list->filter, text) == 0)
		return true;
	if (!str_blank(text)) {
		query = query_parse(list->desk->book, text, err);
		if (!query)
			return false;
	}
	within = is_within(list, query);
	use_query(list, query, text);
	*list->unfit = '\0';
	make(list, true);
	list->within = within;
	return true;
}

const char *
contact_list_filter_text(const struct contact_list *list)
{
	return list->filter;
}

bool
contact_list_finding(const struct contact_list *list)
{
	return list->show_next;
}

const char *
contact_list_filter_offered(const struct contact_list *list)
{
	return *list->filter ? list->filter : list->unfit;
}

void
contact_list_attention(struct contact_list *list)
{
	list->attention = !list->attention;
	make(list, true);
}

void
contact_list_widen(struct contact_list *list)
{
	use_query(list, NULL, "");
	list->attention = false;
	list->only = CONTACTS_ALL;
	make(list, true);
}

void
contact_list_only(struct contact_list *list, int only)
{
	list->only = only;
	make(list, true);
}

int
contact_list_only_what(const struct contact_list *list)
{
	return list->only;
}

const char *
contact_list_word(int only)
{
	return only == CONTACTS_LISTS_OPEN ? "lists not sent"
	       : only == CONTACTS_ALL      ? "all"
					   : status_table[only].word;
}

void
contact_list_sort(
    struct contact_list *list, const struct contact_orders *orders)
{
	list->orders = *orders;
	/* a new filter under way: the old rows are not what it shows */
	make(list, list->show_next);
}

const struct contact_orders *
contact_list_orders(const struct contact_list *list)
{
	return &list->orders;
}

void
contact_list_describe(const struct contact_list *list, char *text, size_t size)
{
	const struct book *book = list->desk->book;
	uint32_t all = book_count(book);
	bool extra = list->show_next ? list->next_kept_extra : list->kept_extra;
	size_t count = contact_list_count(list) - extra;
	const char *noun = all == 1 ? "contact" : "contacts";
	uint64_t read, total;

	source_bytes(book_source(book), &read, &total);
	if (list->attention && !list->query && list->only == CONTACTS_ALL)
		snprintf(
		    text, size, "%zu of %u %s need somebody", count, all, noun);
	else if (contact_list_narrowed(list))
		snprintf(text, size, "%zu of %u %s: %s%s%s%s", count, all, noun,
		    list->attention ? "need somebody, " : "",
		    list->only == CONTACTS_ALL ? ""
					       : contact_list_word(list->only),
		    list->query && list->only != CONTACTS_ALL ? ", " : "",
		    list->filter);
	else if (book_loaded(book))
		snprintf(text, size, "%u %s", all, noun);
	else if (book_broken(book))
		snprintf(
		    text, size, "%u %s, the rest cannot be read", all, noun);
	else
		snprintf(text, size, "%u %s so far, %d%% read", all, noun,
		    total ? (int)(read * 100 / total) : 0);
}

/* ---- marks -------------------------------------------------------------- */

bool
contact_list_marked(const struct contact_list *list, uint32_t row)
{
	return row_marks_has(&list->marks, row);
}

void
contact_list_mark(struct contact_list *list, uint32_t row)
{
	bool mark = !row_marks_has(&list->marks, row);

	row_marks_set(&list->marks, row, mark);
	list->mark_from = row;
	list->mark_sets = mark;
}

/* Whether all from one place to another are (or are not). */
static bool
all_marked(const struct contact_list *list, size_t from, size_t to, bool mark)
{
	for (size_t at = from; at <= to; at++)
		if (row_marks_has(&list->marks, contact_list_row(list, at)) !=
		    mark)
			return false;
	return true;
}

bool
contact_list_hides_marked(const struct contact_list *list)
{
	size_t shown = 0, count = contact_list_count(list);

	if (!contact_list_narrowed(list) || contact_list_mark_count(list) == 0)
		return false;
	for (size_t at = 0; at < count; at++)
		shown += contact_list_marked(list, contact_list_row(list, at));
	return shown < contact_list_mark_count(list);
}

bool
contact_list_mark_range(
    struct contact_list *list, uint32_t row, bool *mark, size_t *count)
{
	size_t from = contact_list_find(list, list->mark_from);
	size_t to = contact_list_find(list, row), last;

	if (from == SIZE_MAX || to == SIZE_MAX)
		return false;
	last = from > to ? from : to;
	from = from > to ? to : from;
	/* what is so already is turned over */
	*mark = list->mark_sets !=
		all_marked(list, from, last, list->mark_sets);
	*count = last - from + 1;
	for (size_t at = from; at <= last; at++)
		row_marks_set(&list->marks, contact_list_row(list, at), *mark);
	list->mark_from = row;
	list->mark_sets = *mark;
	return true;
}

void
contact_list_mark_all(struct contact_list *list)
{
	size_t count = contact_list_count(list);
	bool all = count == 0 || all_marked(list, 0, count - 1, true);

	for (size_t at = 0; at < count; at++)
		row_marks_set(&list->marks, contact_list_row(list, at), !all);
}

void
contact_list_unmark(struct contact_list *list)
{
	row_marks_free(&list->marks);
	list->mark_from = RECORDS_NONE;
}

/* Columns of the file by their names; those that are gone are no orders any
 * more. */
static void
move_orders(struct contact_list *list, const struct contact_list_move *move)
{
	struct contact_orders old = list->orders;

	list->orders.count = 0;
	for (int i = 0; i < old.count; i++) {
		struct contact_column *column = &old.list[i].column;
		struct config_column named;
		struct err ignored = ERR_INIT;

		contact_column_name(move->old, column, &named);
		if (contact_column_find(
			list->desk->book, &named, column, &ignored))
			list->orders.list[list->orders.count++] = old.list[i];
		else
			str_addf(move->lost,
			    "; not sorted by \"%s\" any more, as there is no "
			    "such column",
			    named.name);
	}
}

static void
move_filter(struct contact_list *list, const struct contact_list_move *move)
{
	char key[WORDS_KEY_MAX];
	struct err err = ERR_INIT;

	if (list->query && !parse_again(list, &err))
		str_addf(move->lost,
		    "; the filter %s is taken off (%s offers it again): %s",
		    list->unfit,
		    words_key(list->desk, SCOPE_CONTACTS, DESK_FILTER, key),
		    err.text);
}

static uint32_t
moved(const struct contact_list_move *move, uint32_t row)
{
	return row < move->count ? move->rows[row] : RECORDS_NONE;
}

void
contact_list_move(
    struct contact_list *list, const struct contact_list_move *move)
{
	struct items *shown = &list->shown;
	size_t kept = 0;

	row_marks_move(&list->marks, move->rows, move->count);
	list->mark_from = moved(move, list->mark_from);
	move_filter(list, move);
	move_orders(list, move);
	/* until the new list is made, what is left of the old one is shown */
	for (size_t i = 0; i < shown->count; i++) {
		uint32_t row = moved(move, shown->items[i].row);

		if (row != RECORDS_NONE)
			shown->items[kept++].row = row;
	}
	shown->count = kept;
	list->kept = moved(move, list->kept);
	list->kept_extra &= list->kept != RECORDS_NONE;
	make(list, list->show_next);
}

size_t
contact_list_mark_count(const struct contact_list *list)
{
	return list->marks.count;
}

uint32_t *
contact_list_chosen(
    const struct contact_list *list, uint32_t row, size_t *count)
{
	uint32_t *rows = row_marks_list(&list->marks, count);

	if (*count == 0 && row != RECORDS_NONE)
		rows[(*count)++] = row;
	return rows;
}

/* ---- as it is, to come back to ------------------------------------------ */

void
contact_list_keep(
    const struct contact_list *list, struct contact_list_state *out)
{
	*out = (struct contact_list_state){.filter = mem_strdup(list->filter),
	    .attention = list->attention,
	    .only = list->only,
	    .orders = list->orders};
	row_marks_copy(&out->marks, &list->marks);
}

void
contact_list_state_release(struct contact_list_state *state)
{
	row_marks_free(&state->marks);
	free(state->filter);
	memset(state, 0, sizeof(*state));
}

bool
contact_list_same_marks(
    const struct contact_list_state *a, const struct contact_list_state *b)
{
	return row_marks_same(&a->marks, &b->marks);
}

static bool
same_orders(const struct contact_orders *a, const struct contact_orders *b)
{
	for (int i = 0; i < a->count && i < b->count; i++)
		if (!contact_column_same(
			&a->list[i].column, &b->list[i].column) ||
		    a->list[i].down != b->list[i].down)
			return false;
	return a->count == b->count;
}

bool
contact_list_same_state(
    const struct contact_list_state *a, const struct contact_list_state *b)
{
	return contact_list_same_marks(a, b) &&
	       strcmp(a->filter, b->filter) == 0 &&
	       a->attention == b->attention && a->only == b->only &&
	       same_orders(&a->orders, &b->orders);
}

bool
contact_list_restore(struct contact_list *list,
    const struct contact_list_state *state, struct err *err)
{
	struct err ignored = ERR_INIT;
	bool fits = true;

	if (!row_marks_same(&list->marks, &state->marks))
		list->mark_from = RECORDS_NONE;
	row_marks_free(&list->marks);
	row_marks_copy(&list->marks, &state->marks);
	if (list->attention != state->attention)
		contact_list_attention(list);
	if (list->only != state->only)
		contact_list_only(list, state->only);
	if (strcmp(list->filter, state->filter) != 0)
		fits = contact_list_filter(list, state->filter, err);
	if (!fits)
		contact_list_filter(list, "", &ignored);
	if (!same_orders(&list->orders, &state->orders))
		contact_list_sort(list, &state->orders);
	return fits;
}
