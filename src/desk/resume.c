/* SPDX-License-Identifier: MIT */
/*
 * The offer, once when the book is ours, to go on where the last run was broken
 * off. It never stands in the way: whatever else is pressed is done, and the
 * offer goes. What is sent is asked for by its number, however little it is:
 * the offer may come just when a key was meant for something else.
 */
#include "base/str.h"
#include "desk/actions.h"
#include "desk/desk.h"
#include "desk/words.h"
#include "tui/prompt.h"
#include "tui/view.h"

static bool
answer(void *context, const char *text, struct err *err)
{
	(void)text;
	(void)err;
	desk_sync_rest(context);
	return true;
}

static void
cancel(void *context)
{
	struct desk *desk = context;
	char key[WORDS_KEY_MAX];

	screen_say(desk->screen, STYLE_NORMAL,
	    "nothing is sent now; %s shows what there is to send",
	    words_key(desk, SCOPE_CONTACTS, DESK_SYNC_ALL, key));
}

/* "The last sync was stopped: 41 contacts are left, 2 may have been created
 * already and are looked up first." */
static void
tell(const struct sync_left *left, struct str *out)
{
	uint32_t all = left->to_send + left->doubts;

	if (left->how)
		str_addf(out, "The last sync %s: %u contact%s left", left->how,
		    all, all == 1 ? " is" : "s are");
	if (left->doubts == 0)
		return;
	if (left->how)
		str_addf(out, ", %u of them", left->doubts);
	else
		str_addf(out, "%u contact%s", left->doubts,
		    left->doubts == 1 ? "" : "s");
	str_addf(out, " may have been created already and %s looked up first",
	    left->doubts == 1 ? "is" : "are");
}

void
desk_offer_rest(struct desk *desk)
{
	struct prompt prompt = {
	    .choices = "s\r",
	    .offer = true,
	    .context = desk,
	    .answer = answer,
	    .cancel = cancel,
	};
	struct sync_left left;
	struct str label;

	if (desk->read_only || !sync_left(desk->sync, &left))
		return;
	str_init(&label, sizeof(prompt.label) - 1);
	/* it stands where that was said a moment ago */
	if (desk->taken_over)
		str_add(&label, "The other belay has ended. ");
	tell(&left, &label);
	str_add(&label, ". s goes on, Esc leaves it ");
	str_copy(prompt.label, sizeof(prompt.label), label.data);
	str_release(&label);
	screen_ask(desk->screen, &prompt);
}
