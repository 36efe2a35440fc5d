/* SPDX-License-Identifier: MIT */
/*
 * Hazard: between two slices the list may have changed under the search, which
 * counts rows from the cursor; whoever changes it stops the search.
 */
#include "desk/contact_search.h"

#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "base/text.h"
#include "desk/desk.h"
#include "tui/prompt.h"
#include "tui/view.h"

enum { SEARCH_MS = 2, SEARCH_ROWS = 256 };

void
contact_search_init(struct contact_search *search, struct desk *desk,
    struct table *table, void (*found)(void *context), void *context)
{
	*search = (struct contact_search){
	    .desk = desk, .table = table, .found = found, .context = context};
}

void
contact_search_release(struct contact_search *search)
{
	history_clear(&search->history);
}

static void
say_missed(struct contact_search *search)
{
	screen_say(search->desk->screen, STYLE_WARNING, "nobody with '%s'",
	    search->needle);
}

bool
contact_search_work(struct contact_search *search)
{
	const struct clock *clock = search->desk->clock;
	struct screen *screen = search->desk->screen;
	int64_t end = clock_monotonic(clock) + SEARCH_MS;
	enum table_search result;
	struct str folded;
	bool wrapped;

	if (!search->working)
		return false;
	str_init(&folded, (size_t)4 * CONTACT_SEARCH_MAX);
	text_fold(&folded, search->needle);
	do
		result = table_search_part(search->table, folded.data,
		    search->back, &search->step, SEARCH_ROWS, &wrapped);
	while (result == TABLE_SEARCHES && clock_monotonic(clock) < end);
	str_release(&folded);
	search->working = result == TABLE_SEARCHES;
	search->missed = result == TABLE_NOT_FOUND;
	if (result == TABLE_FOUND)
		search->found(search->context);
	if (search->missed)
		say_missed(search);
	else if (result == TABLE_FOUND && wrapped)
		screen_say(screen, STYLE_NORMAL, "around the end of the list");
	else if (result == TABLE_FOUND)
		screen_dirty(screen);
	return search->working;
}

void
contact_search_stop(struct contact_search *search)
{
	search->working = false;
}

static void
begin(struct contact_search *search, bool back, bool here)
{
	search->working = true;
	search->back = back;
	search->step = here ? 0 : 1;
	contact_search_work(search);
}

static void
live(void *context, const char *text)
{
	struct contact_search *search = context;

	str_copy(search->needle, sizeof(search->needle), text);
	search->working = false;
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
		if (search->missed)
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

	search->working = false;
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
