/* SPDX-License-Identifier: MIT */
/* `belay [FILE]`: the desk. */
#include "command/desk.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "book/config.h"
#include "command/command.h"
#include "command/session.h"
#include "desk/desk.h"
#include "desk/first.h"

/* Opens it on what is named; what was not is asked for. */
static int
open_named(const struct arguments *arguments, const char *file,
    struct session *session, enum desk_tour tour, struct err *err)
{
	struct desk_options options = {
	    .tour = tour,
	    .config = session->config,
	    .file = file,
	    .state_dir = arguments->state_dir,
	    .color = arguments->color,
	    .linear = arguments->linear,
	    .clock = &clock_system,
	};

	return desk_run(&options, err);
}

/* Does what was chosen on the first page. -1 with the error: the page says it
 * and asks again. */
static int
go_on(const struct arguments *arguments, const struct first_choice *choice,
    struct err *err)
{
	struct arguments inner = *arguments;

	switch (choice->kind) {
	case FIRST_PRACTICE:
		inner.profile = NULL;
		return command_demo.run(&inner, err);
	case FIRST_FILE:
		return desk_open(&inner, choice->name, DESK_NO_TOUR, err);
	case FIRST_PROFILE:
		inner.profile = choice->name;
		return desk_open(&inner, NULL, DESK_NO_TOUR, err);
	default: return choice->status;
	}
}

/*
 * Until the user leaves the page itself. After practice it comes back, since
 * who has tried it wants the next thing; after a book it does not.
 */
static int
ask_first(const struct arguments *arguments, const struct config *config,
    struct err *err)
{
	char message[ERR_TEXT_MAX] = "";
	int result = -1;

	if (config->path)
		snprintf(message, sizeof(message),
		    config->profiles && !config->profile
			? ""
			: "%.200s names no contacts: a file that is put there "
			  "(contacts:) opens by itself",
		    config->path);
	for (;;) {
		struct first_choice choice;
		const struct first_options options = {
		    .config = config,
		    .color = arguments->color,
		    .linear = arguments->linear || config->linear,
		    .message = *message ? message : NULL,
		};

		if (!first_ask(&options, &choice, err))
			return -1;
		*err = (struct err)ERR_INIT;
		result = go_on(arguments, &choice, err);
		free(choice.name);
		if (result < 0)
			snprintf(message, sizeof(message), "%s", err->text);
		else if (result == 0 && choice.kind == FIRST_PRACTICE)
			snprintf(message, sizeof(message),
			    "That was practice: nothing of it is kept.");
		else
			return result;
	}
}

int
desk_open(const struct arguments *arguments, const char *file,
    enum desk_tour tour, struct err *err)
{
	struct session session;
	int result = -1;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		err_set(err, ERR_USAGE,
		    "the desk needs a terminal; 'belay status', 'belay sync' "
		    "and the other commands do not");
		return -1;
	}
	if (session_open(&session, arguments, file, SESSION_CONFIG, err))
		result = file || session.config->contacts
			     ? open_named(arguments, file, &session, tour, err)
			     : ask_first(arguments, session.config, err);
	session_close(&session);
	return result;
}

static int
run(const struct arguments *arguments, struct err *err)
{
	return desk_open(arguments,
	    arguments->word_count ? arguments->words[0] : NULL, DESK_NO_TOUR,
	    err);
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
