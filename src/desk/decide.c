/* SPDX-License-Identifier: MIT */
/*
 * Deciding about a contact in review (v_review.c asks). The decision is
 * durable at once; the next sync of the contact carries it out.
 */
#include <stdio.h>

#include "base/err.h"
#include "base/str.h"
#include "book/book.h"
#include "desk/actions.h"
#include "desk/desk.h"
#include "desk/undo.h"
#include "desk/words.h"
#include "tui/prompt.h"
#include "tui/view.h"

/* One that was decided never to be sent has no error of its own. */
static bool
decidable(struct desk *desk, uint32_t row)
{
	enum status status = desk->sync ? sync_status(desk->sync, row)
					: STATUS_COUNT;

	if (status != STATUS_BLOCKED)
		return status == STATUS_REVIEW;
	book_contact(desk->book, row, &desk->contact);
	return !desk->contact.blocked;
}

bool
desk_can_decide(struct desk *desk, uint32_t row, struct err *err)
{
	if (!desk_may_change(desk, err))
		return false;
	return decidable(desk, row) ||
	       err_set(err, ERR_USAGE, "there is nothing to decide about it");
}

bool
desk_decide(struct desk *desk, uint32_t row, enum decision decision,
    const char *healthsherpa_id, struct err *err)
{
	char key[WORDS_KEY_MAX], undo[WORDS_KEY_MAX];

	if (!sync_decide(desk->sync, row, decision, healthsherpa_id, err))
		return false;
	desk->generation++;
	screen_stale(desk->screen);
	book_contact(desk->book, row, &desk->contact);
	words_key(desk, SCOPE_REVIEW, DESK_SYNC, key);
	words_key(desk, SCOPE_REVIEW, DESK_UNDO, undo);
	if (desk->undo && sync_may_undecide(desk->sync, row))
		undo_add_decision(desk->undo, desk, row);
	switch (decision) {
	case DECISION_LINK:
		if (sync_status(desk->sync, row) == STATUS_SYNCED) {
			screen_say(desk->screen, STYLE_GOOD,
			    "linked: HealthSherpa has the latest");
			break;
		}
		screen_say(desk->screen, STYLE_GOOD,
		    "linked: an update is sent at the next sync; %s sends it "
		    "now",
		    key);
		break;
	case DECISION_CREATE:
		if (sync_may_undecide(desk->sync, row))
			screen_say(desk->screen, STYLE_GOOD,
			    "it is created at the next sync; %s creates it "
			    "now, %s takes this back",
			    key, undo);
		else
			screen_say(desk->screen, STYLE_GOOD,
			    "a new contact is created at the next sync; %s "
			    "creates it now",
			    key);
		break;
	case DECISION_NEVER:
		screen_say(desk->screen, STYLE_GOOD,
		    "%s is not sent any more; %s takes it back",
		    desk->contact.name, undo);
		break;
	}
	return true;
}

/* ---- all that were recognised ------------------------------------------ */

static bool
answer_recognised(void *context, const char *text, struct err *err)
{
	struct desk *desk = context;
	struct err why = ERR_INIT;
	uint32_t count;

	(void)text;
	(void)err;
	if (!sync_confirm_recognised(desk->sync, &count, &why)) {
		screen_say(desk->screen, STYLE_BAD, "%s", why.text);
		return true;
	}
	desk->generation++;
	screen_stale(desk->screen);
	screen_say(desk->screen, STYLE_GOOD, "%u contact%s confirmed", count,
	    count == 1 ? "" : "s");
	return true;
}

void
desk_ask_recognised(struct desk *desk)
{
	uint32_t count = sync_recognised(desk->sync);
	struct prompt prompt = {
	    .choices = "y",
	    .context = desk,
	    .answer = answer_recognised,
	};

	if (count == 1)
		str_copy(prompt.label, sizeof(prompt.label),
		    "1 contact was recognised under its name: y says that it "
		    "is the same person, which cannot be undone ");
	else
		snprintf(prompt.label, sizeof(prompt.label),
		    "%u contacts were recognised under their names: y says "
		    "that they are the same persons, which cannot be undone ",
		    count);
	screen_ask(desk->screen, &prompt);
}

/* ---- all that look the same -------------------------------------------- */

static void
link_similar(struct desk *desk)
{
	uint32_t before = sync_similar(desk->sync), linked;
	struct err why = ERR_INIT;
	char key[WORDS_KEY_MAX];

	if (!sync_link_similar(desk->sync, &linked, &why)) {
		screen_say(desk->screen, STYLE_BAD, "%s", why.text);
		return;
	}
	desk->generation++;
	screen_stale(desk->screen);
	words_key(desk, SCOPE_CONTACTS, DESK_SYNC_ALL, key);
	if (linked < before)
		screen_say(desk->screen, STYLE_WARNING,
		    "%u of %u linked: the others are to be decided one by one",
		    linked, before);
	else
		screen_say(desk->screen, STYLE_GOOD,
		    "%u linked: the next sync updates %s (%s in the list)",
		    linked, linked == 1 ? "it" : "them", key);
}

/* Among the contacts that need somebody, in the list. */
static void
show_similar(struct desk *desk)
{
	struct err err = ERR_INIT;

	while (screen_depth(desk->screen) > 1)
		screen_pop(desk->screen);
	v_contacts_filter(screen_top(desk->screen), "status:review", &err);
}

static bool
answer_similar(void *context, const char *text, struct err *err)
{
	(void)err;
	if (*text == 'y')
		link_similar(context);
	else
		show_similar(context);
	return true;
}

void
desk_ask_similar(struct desk *desk)
{
	uint32_t count = sync_similar(desk->sync);
	struct prompt prompt = {
	    .choices = "yl",
	    .context = desk,
	    .answer = answer_similar,
	};

	if (count == 1)
		str_copy(prompt.label, sizeof(prompt.label),
		    "1 contact is in HealthSherpa already, typed there by "
		    "hand, and looks exactly the same. y links it, which "
		    "cannot be undone, l looks at it first ");
	else
		snprintf(prompt.label, sizeof(prompt.label),
		    "%u contacts are in HealthSherpa already, typed there by "
		    "hand, and look exactly the same. y links all %u, which "
		    "cannot be undone, l looks at them first ",
		    count, count);
	screen_ask(desk->screen, &prompt);
}
