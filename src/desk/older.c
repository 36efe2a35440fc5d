/* SPDX-License-Identifier: MIT */
/*
 * The question whether the file is a newer export of another one: asked when
 * it has been read, and again before anything is sent as long as it is open.
 */
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "base/text.h"
#include "book/book.h"
#include "desk/desk.h"
#include "tui/prompt.h"
#include "tui/view.h"

enum { NAME_COLUMNS = 24 };

static void
add_name(struct str *out, const struct desk *desk, const char *path)
{
	struct str clean;

	str_init(&clean, 512);
	text_clean(&clean, file_name(path), strlen(file_name(path)));
	text_fit(out, clean.data, NAME_COLUMNS, desk->ascii ? "~" : "…");
	str_release(&clean);
}

static bool
answer(void *context, const char *text, struct err *err)
{
	struct desk *desk = context;
	struct sync_older older;
	struct err why = ERR_INIT;
	bool yes = *text == 'y';

	(void)err;
	desk->older_open = false;
	if (!(yes ? sync_find_older(desk->sync, &older) &&
			sync_continue(desk->sync, NULL, &why)
		  : sync_separate(desk->sync, &why))) {
		desk->older_open = why.kind != ERR_NONE;
		screen_say(desk->screen, STYLE_BAD, "%s", why.text);
		return true;
	}
	screen_say(desk->screen, STYLE_GOOD, "%s",
	    yes ? "it goes on with the links and history of the older export"
		: "it is a book of its own; who is at HealthSherpa already is "
		  "found by looking first");
	desk->generation++;
	screen_stale(desk->screen);
	return true;
}

static void
cancel(void *context)
{
	struct desk *desk = context;

	screen_say(
	    desk->screen, STYLE_WARNING, "asked again before anything is sent");
}

bool
desk_ask_older(struct desk *desk)
{
	struct prompt prompt = {
	    .choices = "yn",
	    .context = desk,
	    .answer = answer,
	    .cancel = cancel,
	};
	struct sync_older older;
	struct str label;

	if (desk->read_only || !sync_find_older(desk->sync, &older)) {
		desk->older_open = false;
		return false;
	}
	desk->older_open = true;
	str_init(&label, sizeof(prompt.label) - 1);
	str_add(&label, "Looks like a newer export of ");
	add_name(&label, desk, older.path);
	if (older.sampled > 0)
		str_addf(
		    &label, " (%u of %u known)", older.known, older.sampled);
	if (older.anothers)
		prompt.choices = "n";
	str_add(&label,
	    older.anothers
		? ", another profile's list. n: no, contacts of their own, for "
		  "this agent, Esc: ask me later (q, then belay --profile)"
		: ". y: go on with its links and history, n: no, a book of its "
		  "own, Esc: ask me later");
	str_copy(prompt.label, sizeof(prompt.label), label.data);
	str_release(&label);
	screen_ask(desk->screen, &prompt);
	return true;
}
