/* SPDX-License-Identifier: MIT */
#include "desk/contact_note.h"

#include <string.h>

#include "base/str.h"
#include "base/text.h"
#include "book/book.h"
#include "desk/actions.h"
#include "desk/desk.h"
#include "desk/review_case.h"
#include "desk/words.h"

/* When there is no reason to tell: what fits into one line. */
static const char *const short_words[STATUS_COUNT] = {
    [STATUS_NEW] = "ready. HealthSherpa does not have them yet",
    [STATUS_CHANGED] = "changed since HealthSherpa last had them",
    [STATUS_SYNCED] = "HealthSherpa has the latest",
    [STATUS_BLOCKED] = "not sent until an error is fixed",
    [STATUS_QUEUED] = "waits for its turn",
    [STATUS_SENDING] = "is being sent",
    [STATUS_WAITING] = "the answer was lost, it is looked up first",
    [STATUS_FAILED] = "HealthSherpa refused it",
    [STATUS_PARTIAL] = "saved, but not all of it",
    [STATUS_REVIEW] = "a person must decide",
};

enum style
contact_note_add(struct desk *desk, uint32_t row, struct str *out)
{
	const struct row_status *status = desk_status(desk, row);
	char key[WORDS_KEY_MAX];
	const char *reason;

	if (!status)
		return STYLE_NORMAL;
	if (!book_is_mapped(desk->book)) {
		str_addf(out,
		    ": which column is what is not settled. %s shows a "
		    "proposal",
		    words_key(desk, SCOPE_CONTACTS, DESK_MAPPING, key));
		return STYLE_WARNING;
	}
	if (status->status == STATUS_REVIEW) {
		str_addf(out, ": %s. %s decides", review_case(status)->brief,
		    words_key(desk, SCOPE_CONTACTS, DESK_DECIDE, key));
		return STYLE_WARNING;
	}
	reason = status->reason[0] ? status->reason
				   : short_words[status->status];
	str_add(out, ": ");
	text_clean(out, reason, strlen(reason));
	return status->status == STATUS_BLOCKED ||
		       status->status == STATUS_FAILED
		   ? STYLE_BAD
		   : STYLE_NORMAL;
}
