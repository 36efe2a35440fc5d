/* SPDX-License-Identifier: MIT */
/* `belay sync`: create and update, write the IDs back, print a summary. */
#include "command/command.h"

#include "command/left.h"
#include "command/plan.h"
#include "command/send.h"
#include "command/session.h"

static int
go_on(struct session *session, struct err *err)
{
	session_refresh(session); /* all rows, whichever are chosen */
	left_tell(session);
	return send_rows(session, false, err);
}

static int
run(const struct arguments *arguments, struct err *err)
{
	struct session session;
	bool look = arguments->dry_run;
	int result = -1;

	if (session_open(&session, arguments,
		arguments->word_count ? arguments->words[0] : NULL,
		look ? SESSION_LOOK : SESSION_SEND, err) &&
	    (look ? session_select(&session, err)
		  : session_collect(&session, err)))
		result = look ? plan_print(&session, err)
			      : go_on(&session, err);
	session_close(&session);
	return result;
}

const struct command command_sync = {
    .name = "sync",
    .bit = COMMAND_SYNC,
    .usage = "sync [FILE] [--filter QUERY] [--id ID]... [--failed] "
	     "[--limit N] [--dry-run]",
    .summary = "create and update contacts at HealthSherpa",
    .detail = "Sends what is new or changed, puts HealthSherpa's IDs into the "
	      "file and prints\na summary; with -v a line for every contact. "
	      "May be stopped at any time and\nrun again: nobody is created "
	      "twice. Exit status 1 when some contact needs\nattention.",
    .words_max = 1,
    .run = run,
};
