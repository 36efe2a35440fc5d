/* SPDX-License-Identifier: MIT */
/*
 * THE action table: one row for each thing a user can do. It feeds dispatch,
 * hints, help, config and the manual.
 */
#ifndef DESK_ACTIONS_H
#define DESK_ACTIONS_H

#include <stddef.h>

#include "tui/action.h"

enum desk_action {
	DESK_SEARCH = ACTION_OWN, /* / */
	DESK_SEARCH_NEXT,         /* n */
	DESK_SEARCH_PREVIOUS,     /* N */
	DESK_FILTER,              /* f */
	DESK_FILTERS,             /* F those that are saved */
	DESK_KEEP_FILTER,         /* a among them: the one in force */
	DESK_DROP_FILTER,         /* x among them */
	DESK_ATTENTION,           /* ! only what needs somebody */
	DESK_SORT,                /* o */
	DESK_COLUMNS,             /* c the columns of the list */
	DESK_MOVE_UP,             /* K among them: this one */
	DESK_MOVE_DOWN,           /* J */
	DESK_WIDER,               /* + */
	DESK_NARROWER,            /* - */
	DESK_USUAL_WIDTH,         /* = */
	DESK_USUAL,               /* U all as they are without a choice */
	DESK_MARK,                /* Space */
	DESK_MARK_ALL,            /* a */
	DESK_MARK_RANGE,          /* V to here */
	DESK_NEXT_STATUS,         /* Tab only those of the next count */
	DESK_PREVIOUS_STATUS,     /* Shift-Tab */
	DESK_OPEN,                /* Enter */
	DESK_EDIT,                /* e */
	DESK_PLAN,                /* d what would be sent */
	DESK_SYNC,                /* s this one or the marked ones */
	DESK_SYNC_ALL,            /* S plan and sync all that need it */
	DESK_RETRY,               /* r */
	DESK_PAUSE,               /* x in lists: pause, go on, cancel a run */
	DESK_EDIT_ALL,            /* ^E a contact in the user's editor */
	DESK_LEAVE_OUT,           /* x in a contact: leave the value out */
	DESK_FIX,                 /* f in a contact: what a finding proposes */
	DESK_RUN,                 /* R the run, row by row */
	DESK_MAPPING,             /* m what gives which field */
	DESK_CHOOSE,              /* Enter in a mapping: another column */
	DESK_RULE,                /* r in a mapping: type the rule */
	DESK_ACCEPT,              /* a in a proposal: use it */
	DESK_CONFIRM,          /* y in a proposal: what stands here is right */
	DESK_PIN,              /* p how a column is read */
	DESK_SHOW_FOUND,       /* f those with a finding, in the list */
	DESK_NEXT_CONTACT,     /* Tab */
	DESK_PREVIOUS_CONTACT, /* Shift-Tab */
	DESK_DECIDE,           /* D about a contact in review */
	DESK_LINK,             /* l in a review: the same person */
	DESK_CREATE,           /* c in a review: another person */
	DESK_NEVER,            /* n in a review: not sent any more */
	DESK_TAKE_THEIRS,      /* t in a review: their value is the file's */
	DESK_KEEP_OURS,        /* o in a review: back to the file's */
	DESK_ASK_CONTACT,      /* r in a review: ask what they have */
	DESK_RECOGNISED,       /* C all that were recognised are the same */
	DESK_SIMILAR,          /* A all that look the same are linked */
	DESK_LISTS,            /* t what HealthSherpa has of the lists */
	DESK_MERGE,            /* m among them: ours and theirs */
	DESK_REPLACE,          /* r among them: ours alone */
	DESK_HISTORY,          /* H what became of a contact */
	DESK_QUOTE,            /* b */
	DESK_LOGIN,            /* L */
	DESK_LOG_IN,           /* Enter in a login: begin anew */
	DESK_PASTE,            /* p in a login: what the browser shows */
	DESK_SITE,             /* o in a login: HealthSherpa's own page */
	DESK_COPY,             /* y copy the quote page's address */
	DESK_REVEAL,           /* v */
	DESK_UNDO,             /* u */
	DESK_REDO,             /* ^R */
	DESK_SAVE,             /* w */
	DESK_RELOAD,           /* F5 */
	DESK_CONFIG,           /* E the config in the user's editor */
	DESK_PROBLEMS,         /* P what is wrong with it */
	DESK_COMMAND,          /* : actions by name */
	DESK_TOUR,             /* T over the practice data */
	DESK_SUSPEND,          /* ^Z */
	DESK_HELP = ACTION_HELP, /* ? */
};

extern const struct action actions_table[];
extern const size_t actions_count;

#endif
