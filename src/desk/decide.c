/* SPDX-License-Identifier: MIT */
/*
 * Deciding about a contact in review: one question, three keys. The decision
 * is durable at once; the next sync of the contact carries it out.
 */
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "book/book.h"
#include "desk/actions.h"
#include "desk/desk.h"
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
	       err_set(
		   err, ERR_USAGE, "there is nothing to decide about it");
}

static bool
answer_decide(void *context, const char *text, struct err *err)
{
	struct desk *desk = context;
	enum decision decision = *text == 'l'   ? DECISION_LINK
				 : *text == 'c' ? DECISION_CREATE
						: DECISION_NEVER;
	uint32_t row = desk->decide_row;
	const char *name = desk->contact.name;
	char key[WORDS_KEY_MAX];
	struct err why = ERR_INIT;

	(void)err;
	if (!desk_can_decide(desk, row, &why) ||
	    !sync_decide(desk->sync, row, decision, NULL, &why)) {
		screen_say(desk->screen, STYLE_BAD, "%s", why.text);
		return true;
	}
	desk_row_changed(desk, row);
	book_contact(desk->book, row, &desk->contact);
	words_key(desk, SCOPE_CONTACTS, DESK_SYNC, key);
	switch (decision) {
	case DECISION_LINK:
		screen_say(desk->screen, STYLE_GOOD,
		    "%s is linked now; %s sends what differs", name, key);
		break;
	case DECISION_CREATE:
		screen_say(desk->screen, STYLE_GOOD,
		    "%s: %s creates a new contact", name, key);
		break;
	case DECISION_NEVER:
		screen_say(desk->screen, STYLE_GOOD,
		    "%s is not sent any more", name);
		break;
	}
	return true;
}

void
desk_ask_decide(struct desk *desk, uint32_t row)
{
	const struct row_status *status = desk_status(desk, row);
	/* One that is gone there is no one to link to. */
	bool found = status && status->candidate_id[0] &&
		     strcmp(status->candidate_id, status->healthsherpa_id) != 0;
	struct prompt prompt = {
	    .choices = found ? "lcn" : "cn",
	    .context = desk,
	    .answer = answer_decide,
	};

	desk->decide_row = row;
	str_copy(prompt.label, sizeof(prompt.label),
	    found ? "the same person? l yes, link  c no, create for good  "
		    "n never send "
		  : "c create a new contact for good  n never send ");
	screen_ask(desk->screen, &prompt);
}
