/* SPDX-License-Identifier: MIT */
/*
 * The steps are a table: in which view, what to do, when it is done. A step
 * looks at what is there, not at keys, so every way to it counts, and one that
 * is done already is passed over.
 */
#include "desk/tour.h"

#include <stdio.h>

#include "base/err.h"
#include "base/str.h"
#include "base/text.h"
#include "book/book.h"
#include "desk/actions.h"
#include "desk/desk.h"
#include "desk/words.h"
#include "tui/action.h"
#include "tui/view.h"

static uint32_t
scope_of(const struct desk *desk)
{
	const struct view *view = desk_view(desk);

	return view ? view->ops->scope : 0;
}

static bool
moved(struct desk *desk)
{
	return scope_of(desk) == SCOPE_CONTACTS &&
	       desk_row(desk) != desk->tour.row;
}

/* While it is typed, the cursor may stand there only for a moment. */
static bool
found(struct desk *desk)
{
	uint32_t row = desk_row(desk);

	if (screen_asking(desk->screen) || row == RECORDS_NONE)
		return false;
	book_contact(desk->book, row, &desk->contact);
	return text_contains_folded(desk->contact.name, "aber");
}

static bool
narrowed(struct desk *desk)
{
	return scope_of(desk) == SCOPE_CONTACTS &&
	       !screen_asking(desk->screen) &&
	       v_contacts_narrowed(desk_view(desk));
}

static bool
opened(struct desk *desk)
{
	return (scope_of(desk) & (SCOPE_CONTACT | SCOPE_REVIEW)) != 0;
}

static bool
mended(struct desk *desk)
{
	const struct row_status *status = desk_status(desk, desk_row(desk));

	return opened(desk) && status && status->status != STATUS_BLOCKED;
}

static bool
sent(struct desk *desk)
{
	const struct row_status *status = desk_status(desk, desk_row(desk));

	return status && status->status == STATUS_SYNCED && *status->quote_url;
}

static bool
planned(struct desk *desk)
{
	return scope_of(desk) == SCOPE_PLAN || sent(desk);
}

static bool
quoted(struct desk *desk)
{
	return desk->quotes != desk->tour.quotes;
}

/* @ is the key of the next one of `keys`. */
static const struct step {
	uint32_t scope;    /* where it is done */
	const char *where; /* in words, for who has gone elsewhere */
	const char *text;
	int keys[2];
	int way; /* that leads there from the list */
	bool (*done)(struct desk *desk);
} steps[] = {
    {SCOPE_CONTACTS, "the list",
	"your contacts, each with its status at the end. Go down with @ or an "
	"arrow key",
	{ACTION_DOWN}, ACTION_NONE, moved},
    {SCOPE_CONTACTS, "the list",
	"find somebody: press @, type aber, then press Enter", {DESK_SEARCH},
	ACTION_NONE, found},
    {SCOPE_CONTACTS, "the list",
	"some cannot be sent as they are: press @ to see only these",
	{DESK_ATTENTION}, ACTION_NONE, narrowed},
    {SCOPE_CONTACTS, "the list", "press @ to see what is wrong with this one",
	{DESK_OPEN}, ACTION_NONE, opened},
    {SCOPE_CONTACT, "the contact",
	"mend it: press @, type what is missing (say, Alvarez), press Enter",
	{DESK_EDIT}, DESK_OPEN, mended},
    {SCOPE_CONTACT, "the contact",
	"mended; @ would take it back. @ shows what would be sent",
	{DESK_UNDO, DESK_PLAN}, DESK_OPEN, planned},
    {SCOPE_PLAN | SCOPE_CONTACT, "what would be sent",
	"nothing has left yet. @ sends this contact, to the practice server",
	{DESK_SYNC}, DESK_PLAN, sent},
    {SCOPE_PLAN | SCOPE_CONTACT | SCOPE_CONTACTS | SCOPE_RUN, "the contact",
	"it is there. @ opens its quote page", {DESK_QUOTE}, ACTION_NONE,
	quoted},
};

enum { STEPS = sizeof(steps) / sizeof(steps[0]) };

static void
stand_at(struct desk *desk, size_t step)
{
	desk->tour.step = step;
	desk->tour.row = desk_row(desk);
	desk->tour.quotes = desk->quotes;
	screen_dirty(desk->screen);
}

bool
tour_may(const struct desk *desk, struct err *err)
{
	return desk->tour.kind != DESK_NO_TOUR ||
	       err_set(err, ERR_USAGE,
		   "the tour goes over practice data: belay demo has it");
}

void
tour_turn(struct desk *desk)
{
	char key[WORDS_KEY_MAX];

	desk->tour.on = !desk->tour.on;
	if (desk->tour.on)
		stand_at(desk, desk->tour.step);
	else
		screen_say(desk->screen, STYLE_NORMAL,
		    "the tour has ended; %s takes it up again",
		    words_key(desk, scope_of(desk), DESK_TOUR, key));
}

static void
finish(struct desk *desk)
{
	char help[WORDS_KEY_MAX], command[WORDS_KEY_MAX];
	uint32_t scope = scope_of(desk);

	desk->tour.on = false;
	desk->tour.step = 0;
	screen_say(desk->screen, STYLE_GOOD,
	    "That was the tour, with the quote page at its end. %s lists the "
	    "keys of each screen, %s finds "
	    "everything by name",
	    words_key(desk, scope, ACTION_HELP, help),
	    words_key(desk, scope, DESK_COMMAND, command));
}

void
tour_look(struct desk *desk)
{
	if (desk->tour.kind == DESK_TOUR_NOW && desk->sync) {
		/* the contacts and where they stand are known by now */
		desk->tour.kind = DESK_TOUR_LATER;
		tour_turn(desk);
	}
	while (desk->tour.on && desk->tour.step < STEPS &&
	       steps[desk->tour.step].done(desk)) {
		if (desk->tour.step + 1 == STEPS)
			finish(desk);
		else
			stand_at(desk, desk->tour.step + 1);
	}
}

static void
add_text(const struct desk *desk, const struct step *step, struct str *out)
{
	const int *action = step->keys;
	char key[WORDS_KEY_MAX];

	for (const char *text = step->text; *text; text++)
		if (*text == '@')
			str_add(out,
			    words_key(desk, scope_of(desk), *action++, key));
		else
			str_add_char(out, *text);
}

void
tour_words(const struct desk *desk, struct str *out)
{
	const struct step *step = &steps[desk->tour.step];
	char key[WORDS_KEY_MAX];

	if (!desk->tour.on)
		return;
	str_addf(out, "Tour %zu of %d: ", desk->tour.step + 1, STEPS);
	if (scope_of(desk) & step->scope)
		add_text(desk, step, out);
	else if (scope_of(desk) == SCOPE_CONTACTS)
		str_addf(out, "it goes on in %s: %s opens it", step->where,
		    words_key(desk, SCOPE_CONTACTS, step->way, key));
	else
		str_addf(out, "it goes on in %s: %s goes back", step->where,
		    words_key(desk, scope_of(desk), ACTION_BACK, key));
	str_addf(out, ". (%s ends it)",
	    words_key(desk, scope_of(desk), DESK_TOUR, key));
}
