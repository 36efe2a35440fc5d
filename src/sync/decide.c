/* SPDX-License-Identifier: MIT */
#include "sync/decide.h"

#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "book/book.h"

static bool
move(struct ledger_entry *entry, enum event event, struct err *err)
{
	enum state next = state_next(entry->state, event);

	if (next == STATE_COUNT)
		return err_set(err, ERR_USAGE,
		    entry->state == STATE_INTENT
			? "the answer to its creation is still open; sync it, "
			  "then it is looked up"
			: "this row is linked to a contact at HealthSherpa; "
			  "there is nothing to decide");
	entry->state = next;
	return true;
}

static void
forget(struct ledger_entry *entry)
{
	entry->accepted.count = 0;
	entry->whole = entry->refused = 0;
	entry->attempt = 0;
	entry->http = 0;
	entry->sent_at = 0;
	*entry->boot_id = *entry->code = *entry->field = *entry->message = '\0';
}

/* An ID goes into a path and into the file: plain characters only. */
static bool
is_plain(const char *id)
{
	size_t len = strlen(id);

	for (size_t i = 0; i < len; i++)
		if (id[i] <= ' ' || id[i] >= 0x7f ||
		    strchr("/?#%\\\"'<>", id[i]))
			return false;
	return len > 0 &&
	       len < sizeof(((struct ledger_entry *)0)->healthsherpa_id);
}

const char *
decide_candidate(const struct board_row *row, const struct ledger_entry *entry)
{
	switch (row->stand.reason) {
	case STAND_PLAIN:
	case STAND_NEVER:
	case STAND_ASKED: return entry->candidate_id;
	case STAND_OTHER_PERSON: return entry->healthsherpa_id;
	case STAND_TWO_IDS:
	case STAND_SHARED_ID: break;
	}
	return row->file_id;
}

static bool
apply_link(const struct ledger *ledger, struct book *book,
    const struct board_row *row, struct ledger_entry *entry, const char *id,
    struct err *err)
{
	char chosen[sizeof(entry->healthsherpa_id)];
	struct ledger_row holder;
	bool claim;

	/* what it points into is about to change */
	str_copy(chosen, sizeof(chosen),
	    id && strlen(id) >= sizeof(chosen) ? "?"
	    : id                               ? id
					       : decide_candidate(row, entry));
	id = chosen;
	if (!*id)
		return err_set(err, ERR_USAGE,
		    "there is no contact to link "
		    "it to; give its HealthSherpa ID");
	if (!is_plain(id))
		return err_set(err, ERR_USAGE, "this is not a HealthSherpa ID");
	if (board_find_holder(ledger, book, id, row->ledger, &holder))
		return err_set(err, ERR_USAGE,
		    "that contact is linked to another row already");
	claim = strcmp(entry->code, "similar") == 0 &&
		strcmp(id, entry->candidate_id) == 0;
	if (!move(entry, EVENT_USER_LINK, err))
		return false;
	forget(entry);
	str_copy(entry->healthsherpa_id, sizeof(entry->healthsherpa_id), id);
	*entry->candidate_id = *entry->quote_url = '\0';
	entry->notes.count = 0;
	entry->flags = claim ? LEDGER_CLAIM : LEDGER_NOTE_ASSUMED;
	return true;
}

static bool
apply_create(
    const struct board_row *row, struct ledger_entry *entry, struct err *err)
{
	if (entry->state != STATE_NEW && !move(entry, EVENT_USER_CREATE, err))
		return false;
	forget(entry);
	entry->notes.count = 0;
	entry->flags = LEDGER_NO_PROBE;
	*entry->healthsherpa_id = *entry->quote_url = *entry->candidate_id =
	    '\0';
	/* the ID that the file still has is not this contact's any more */
	if (*row->file_id) {
		str_copy(entry->candidate_id, sizeof(entry->candidate_id),
		    row->file_id);
		entry->flags |= LEDGER_SUPERSEDED;
	}
	return true;
}

bool
decide_apply(const struct ledger *ledger, struct book *book,
    const struct board_row *row, struct ledger_entry *entry,
    enum decision decision, const char *id, struct err *err)
{
	switch (decision) {
	case DECISION_LINK:
		return apply_link(ledger, book, row, entry, id, err);
	case DECISION_CREATE: return apply_create(row, entry, err);
	case DECISION_NEVER: break;
	}
	if (!move(entry, EVENT_USER_NEVER, err))
		return false;
	forget(entry);
	entry->flags = LEDGER_NEVER;
	return true;
}
