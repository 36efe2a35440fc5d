/* SPDX-License-Identifier: MIT */
/*
 * Deciding about a contact in review (v_review.c asks). The decision is
 * durable at once; the next sync of the contact carries it out.
 */
#include "base/err.h"
#include "book/book.h"
#include "desk/actions.h"
#include "desk/desk.h"
#include "desk/words.h"
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
	char key[WORDS_KEY_MAX];

	if (!sync_decide(desk->sync, row, decision, healthsherpa_id, err))
		return false;
	desk->generation++;
	screen_stale(desk->screen);
	book_contact(desk->book, row, &desk->contact);
	words_key(desk, SCOPE_REVIEW, DESK_SYNC, key);
	switch (decision) {
	case DECISION_LINK:
		screen_say(desk->screen, STYLE_GOOD,
		    "linked: an update is sent at the next sync; %s sends it "
		    "now",
		    key);
		break;
	case DECISION_CREATE:
		screen_say(desk->screen, STYLE_GOOD,
		    "a new contact is created at the next sync; %s creates it "
		    "now",
		    key);
		break;
	case DECISION_NEVER:
		screen_say(desk->screen, STYLE_GOOD, "%s is not sent any more",
		    desk->contact.name);
		break;
	}
	return true;
}
