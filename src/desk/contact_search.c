/* SPDX-License-Identifier: MIT */
/*
 * Hazard: between two slices the list may have changed under the search, which
 * counts rows from the cursor; whoever changes it says so, and the search
 * begins anew where the cursor is then. Statuses may change all the time, so it
 * does not do so for ever.
 */
#include "desk/contact_search.h"

#include <stdint.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/near.h"
#include "base/str.h"
#include "base/text.h"
#include "book/book.h"
#include "desk/contact_match.h"
#include "desk/desk.h"
#include "tui/prompt.h"
#include "tui/view.h"

enum { SEARCH_MS = 2, SEARCH_ROWS = 256, NEAR_ROWS = 16 };
enum { SCRATCH_MAX = 1 << 18, MOVES_MAX = 8 };

void
contact_search_init(struct contact_search *search, struct desk *desk,
    struct table *table, contact_search_near *near,
    void (*found)(void *context), void *context)
{
	*search = (struct contact_search){.desk = desk,
	    .table = table,
	    .near = near,
	    .found = found,
	    .context = context};
}

void
contact_search_release(struct contact_search *search)
{
	history_clear(&search->history);
}

static void
say_missed(struct contact_search *search)
{
	screen_say(search->desk->screen, STYLE_WARNING,
	    search->waiting ? "nobody with '%s' so far: the file is being read"
			    : "nobody with '%s'",
	    search->needle);
}

static bool
is_read(const struct book *book)
{
	return !book_loaded(book) && !book_broken(book);
}

/* ---- exactly --------------------------------------------------------------
 */

static void
look_exactly(struct contact_search *search, const char *folded, int64_t end)
{
	const struct clock *clock = search->desk->clock;
	struct screen *screen = search->desk->screen;
	enum table_search result;
	bool wrapped;

	do
		result = table_search_part(search->table, folded, search->back,
		    &search->step, SEARCH_ROWS, &wrapped);
	while (result == TABLE_SEARCHES && clock_monotonic(clock) < end);
	search->working = result == TABLE_SEARCHES;
	if (result == TABLE_FOUND) {
		search->found(search->context);
		if (wrapped)
			screen_say(
			    screen, STYLE_NORMAL, "around the end of the list");
		else
			screen_dirty(screen);
	}
	if (result != TABLE_NOT_FOUND)
		return;
	search->missed = true;
	search->waiting = is_read(search->desk->book);
	if (search->waiting || !contact_near_possible(folded)) {
		say_missed(search);
		return;
	}
	search->working = search->nearing = true;
	search->near_best = NEAR_NOT;
	search->step = search->near_set ? 1 : 0;
}

/* ---- nearly ---------------------------------------------------------------
 */

static void
say_near(struct contact_search *search)
{
	screen_say(search->desk->screen, STYLE_WARNING,
	    "nobody with '%s': this is the nearest", search->needle);
}

static void
end_near(struct contact_search *search)
{
	search->working = search->nearing = false;
	if (search->near_best == NEAR_NOT) {
		say_missed(search);
		return;
	}
	if (!search->near_set)
		search->near_most = search->near_best;
	search->near_set = true;
	table_select(search->table, search->near_at);
	search->found(search->context);
	say_near(search);
}

/* One row; true when no other needs to be looked at. */
static bool
take_near(struct contact_search *search, size_t at, const char *folded,
    struct str *scratch)
{
	int near = search->near(search->context, at, folded, scratch);
	bool next = search->near_set && near <= search->near_most;

	if (next || near < search->near_best) {
		search->near_best = near;
		search->near_at = at;
	}
	return next;
}

/* The first time the nearest of all, then the next one that is as near. */
static void
look_nearly(struct contact_search *search, const char *folded, int64_t end)
{
	const struct clock *clock = search->desk->clock;
	size_t count = search->table->ops->count(search->table->context), row;
	bool done = !table_row(search->table, &row);
	struct str scratch;

	str_init(&scratch, SCRATCH_MAX);
	for (unsigned i = 1; !done; i++) {
		size_t by = search->step % count;
		size_t at = search->back ? (row + count - by) % count
					 : (row + by) % count;

		done = take_near(search, at, folded, &scratch) ||
		       search->step++ >= count;
		if (i % NEAR_ROWS == 0 && clock_monotonic(clock) >= end)
			break;
	}
	str_release(&scratch);
	if (done)
		end_near(search);
}

static void
begin_here(struct contact_search *search)
{
	search->working = true;
	search->nearing = search->missed = search->waiting = false;
	search->step = search->here ? 0 : 1;
}

bool
contact_search_work(struct contact_search *search)
{
	int64_t end = clock_monotonic(search->desk->clock) + SEARCH_MS;
	struct str folded;

	if (search->waiting && !is_read(search->desk->book))
		begin_here(search);
	if (!search->working)
		return false;
	str_init(&folded, (size_t)4 * CONTACT_SEARCH_MAX);
	text_fold(&folded, search->needle);
	if (search->nearing)
		look_nearly(search, folded.data, end);
	else
		look_exactly(search, folded.data, end);
	/* what is left of the slice is looked at in one go if it can be */
	if (search->working && search->nearing &&
	    clock_monotonic(search->desk->clock) < end)
		look_nearly(search, folded.data, end);
	str_release(&folded);
	return search->working;
}

/* ---- asking ---------------------------------------------------------------
 */

void
contact_search_stop(struct contact_search *search)
{
	search->working = search->waiting = false;
}

static void
begin(struct contact_search *search, bool back, bool here)
{
	search->back = back;
	search->here = here;
	search->moves = 0;
	begin_here(search);
	contact_search_work(search);
}

void
contact_search_moved(struct contact_search *search, size_t from)
{
	if (from != SIZE_MAX)
		search->from = from;
	if (!search->working)
		return;
	begin_here(search);
	if (++search->moves <= MOVES_MAX)
		return;
	search->working = false;
	screen_say(search->desk->screen, STYLE_WARNING,
	    "the list keeps changing, so the search for '%s' has stopped",
	    search->needle);
}

static void
live(void *context, const char *text)
{
	struct contact_search *search = context;

	str_copy(search->needle, sizeof(search->needle), text);
	search->near_set = false;
	contact_search_stop(search);
	table_select(search->table, search->from);
	if (*text)
		begin(search, false, true);
}

static bool
answer(void *context, const char *text, struct err *err)
{
	struct contact_search *search = context;

	/* Typing has looked for it already, or is still at it. */
	if (*text && strcmp(text, search->needle) == 0) {
		if (search->near_set)
			say_near(search);
		else if (search->missed && !search->working)
			say_missed(search);
		return true;
	}
	if (*text) {
		live(search, text);
		return true;
	}
	if (!*search->needle)
		return err_set(err, ERR_USAGE, "type what to look for");
	return true;
}

static void
cancel(void *context)
{
	struct contact_search *search = context;

	contact_search_stop(search);
	table_select(search->table, search->from);
}

void
contact_search_ask(struct contact_search *search)
{
	struct prompt prompt = {
	    .label = "search: ",
	    .history = &search->history,
	    .context = search,
	    .answer = answer,
	    .change = live,
	    .cancel = cancel,
	};

	table_row(search->table, &search->from);
	screen_ask(search->desk->screen, &prompt);
}

void
contact_search_again(struct contact_search *search, bool back)
{
	if (*search->needle)
		begin(search, back, false);
	else
		contact_search_ask(search);
}
