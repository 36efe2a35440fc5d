/* SPDX-License-Identifier: MIT */
/* `belay [FILE]`: the desk. */
#include "command/desk.h"

#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "book/config.h"
#include "command/command.h"
#include "command/session.h"
#include "desk/desk.h"

int
desk_open(const struct arguments *arguments, const char *file, struct err *err)
{
	struct session session;
	struct desk_options options = {
	    .file = file,
	    .state_dir = arguments->state_dir,
	    .color = arguments->color,
	    .clock = &clock_system,
	};
	int result = -1;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		err_set(err, ERR_USAGE,
		    "the desk needs a terminal; 'belay status', 'belay sync' "
		    "and the other commands do not");
		return -1;
	}
	if (session_open(&session, arguments, file, SESSION_CONFIG, err)) {
		options.config = session.config;
		if (!file && !session.config->contacts)
			err_set(err, ERR_USAGE,
			    "no contacts: name a file ('belay "
			    "contacts.csv'), put contacts: into the config, "
			    "or try 'belay demo'");
		else
			result = desk_run(&options, err);
	}
	session_close(&session);
	return result;
}

static int
run(const struct arguments *arguments, struct err *err)
{
	return desk_open(
	    arguments, arguments->word_count ? arguments->words[0] : NULL, err);
}

const struct command command_desk = {
    .name = "desk",
    .bit = COMMAND_DESK,
    .usage = "[FILE] | COMMAND [options]",
    .summary = "open the desk",
    .detail = "Opens the desk, the screen, on FILE or on the contacts of the "
	      "config.\nNew to it? Try: belay demo",
    .words_max = 1,
    .run = run,
};
