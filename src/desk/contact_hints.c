/* SPDX-License-Identifier: MIT */
#include "desk/contact_hints.h"

#include "book/book.h"
#include "desk/actions.h"
#include "desk/desk.h"
#include "desk/settings.h"

const int *
contact_hints(const struct desk *desk, uint32_t row, bool marks,
    int room[CONTACT_HINTS_MAX])
{
	static const int ids[] = {DESK_DECIDE, DESK_RECOGNISED, DESK_SIMILAR,
	    DESK_SYNC, DESK_OPEN, DESK_PLAN, DESK_QUOTE, DESK_SYNC_ALL,
	    DESK_RETRY, DESK_PAUSE, DESK_SAVE, DESK_ATTENTION, DESK_SEARCH,
	    DESK_FILTER, DESK_FILTERS, DESK_NEXT_STATUS, DESK_COLUMNS,
	    ACTION_HELP, ACTION_NONE};
	/* What is wrong is to be mended first. */
	static const int blocked[] = {DESK_DECIDE, DESK_OPEN, DESK_PLAN,
	    DESK_QUOTE, DESK_SYNC_ALL, DESK_RETRY, DESK_PAUSE, DESK_SAVE,
	    DESK_ATTENTION, DESK_SEARCH, DESK_FILTER, DESK_FILTERS,
	    DESK_NEXT_STATUS, ACTION_HELP, ACTION_NONE};
	/* Nothing is right before the columns are known. */
	static const int unmapped[] = {DESK_MAPPING, DESK_OPEN, DESK_SEARCH,
	    DESK_FILTER, ACTION_HELP, ACTION_NONE};
	const int *order = ids;
	size_t count = 0;

	if (!book_is_mapped(desk->book))
		order = unmapped;
	else if (desk->sync && row != RECORDS_NONE && !marks &&
		 sync_status(desk->sync, row) == STATUS_BLOCKED)
		order = blocked;
	if (!desk->outside && !settings_wrong(desk->settings))
		return order;
	if (settings_wrong(desk->settings))
		room[count++] = DESK_PROBLEMS;
	if (desk->outside)
		room[count++] = DESK_RELOAD;
	while (*order != ACTION_NONE && count + 1 < CONTACT_HINTS_MAX)
		room[count++] = *order++;
	room[count] = ACTION_NONE;
	return room;
}
