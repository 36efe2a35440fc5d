/* SPDX-License-Identifier: MIT */
/*
 * A small desk: terminal, screen and keys, and nothing that could be sent. Its
 * keys are those of the action table that name this page, and the toolkit's.
 */
#include "desk/first.h"

#include <poll.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "book/config.h"
#include "desk/actions.h"
#include "desk/desk.h"
#include "desk/settings.h"
#include "tui/action.h"
#include "tui/canvas.h"
#include "tui/look.h"
#include "tui/term.h"
#include "tui/view.h"

enum {
	INTERRUPTED = 130,
	TERMINATED = 143,
	LOST = 129,
	PROBLEMS_MAX = 64 << 10
};

struct first {
	struct term *term;
	struct canvas *canvas;
	struct screen *screen;
	struct action *actions;
	struct keymap *keymap;
	struct first_choice *choice;
	bool over;
};

static bool
applies(const struct action *action)
{
	if (action->views != ACTION_EVERYWHERE)
		return (action->views & SCOPE_FIRST) != 0;
	return action->id < ACTION_OWN && action->id != ACTION_HELP;
}

/* The config's keys, of those actions that there are here; what is wrong with
 * the others is told when a file is opened. */
static void
make_keymap(struct first *first, const struct config *config)
{
	size_t count = 0;

	first->actions = mem_alloc(actions_count * sizeof(*first->actions));
	for (size_t i = 0; i < actions_count; i++)
		if (applies(&actions_table[i]))
			first->actions[count++] = actions_table[i];
	first->keymap = keymap_new(first->actions, count);
	for (char **pair = config->key_overrides; pair && pair[0]; pair += 2) {
		struct err ignored = ERR_INIT;

		keymap_bind(first->keymap, pair[0], pair[1], &ignored);
	}
}

static const struct screen_host host = {.act = NULL};

static void
follow_size(struct first *first)
{
	int rows, columns;

	term_size(first->term, &rows, &columns);
	canvas_resize(first->canvas, rows, columns);
	screen_dirty(first->screen);
}

static bool
open_page(
    struct first *first, const struct first_options *options, struct err *err)
{
	struct looks looks;
	struct str ignored; /* told when a file is opened */

	str_init(&ignored, PROBLEMS_MAX);
	settings_looks(options->config, options->color, &looks, &ignored);
	str_release(&ignored);
	first->term = term_open(&looks, err);
	if (!first->term)
		return false;
	term_title(first->term, "belay");
	term_use_mouse(first->term, options->config->mouse);
	first->canvas = canvas_new(1, 1, !term_is_utf8());
	canvas_use_ascii_signs(first->canvas, settings_ascii(options->config));
	canvas_set_linear(first->canvas, options->linear);
	make_keymap(first, options->config);
	first->screen = screen_new(first->keymap, &host, first);
	screen_push(first->screen, v_first_new(options->config, first->choice));
	follow_size(first);
	if (options->message)
		screen_say(
		    first->screen, STYLE_WARNING, "%s", options->message);
	return true;
}

static void
close_page(struct first *first)
{
	screen_free(first->screen);
	keymap_free(first->keymap);
	free(first->actions);
	term_close(first->term);
	canvas_free(first->canvas);
}

static void
end(struct first *first, int status)
{
	first->choice->status = status;
	first->over = true;
}

static void
take_keys(struct first *first)
{
	enum term_event event;
	uint32_t key;

	while (screen_top(first->screen) &&
	       (event = term_read(first->term, &key)) != TERM_NOTHING) {
		if (event == TERM_HANGUP) {
			end(first, LOST);
			return;
		}
		if (event == TERM_MOUSE)
			screen_mouse(first->screen, term_clicked(first->term));
		else if (event == TERM_PASTE)
			screen_paste(first->screen, term_pasted(first->term));
		else
			screen_key(first->screen, key);
	}
}

static void
take_signals(struct first *first)
{
	unsigned came = term_take_signals(first->term);

	if (came & TERM_LOST)
		end(first, LOST);
	else if (came & TERM_TERMINATE)
		end(first, TERMINATED);
	else if (came & TERM_INTERRUPT)
		end(first, INTERRUPTED);
	if (came & TERM_STOP)
		term_stop(first->term);
	if (came & (TERM_RESIZED | TERM_STOP))
		follow_size(first);
}

static bool
turn(struct first *first)
{
	struct pollfd fds[] = {
	    {.fd = term_fd(first->term), .events = POLLIN},
	    {.fd = term_signal_fd(first->term), .events = POLLIN},
	};

	take_keys(first);
	take_signals(first);
	if (first->over || !screen_top(first->screen))
		return false;
	if (screen_take_redraw(first->screen))
		term_forget(first->term);
	if (screen_draw(first->screen, first->canvas))
		term_paint(first->term, first->canvas);
	poll(fds, 2, -1); /* interrupted: the next turn looks */
	return true;
}

bool
first_ask(const struct first_options *options, struct first_choice *choice,
    struct err *err)
{
	struct first first = {.choice = choice};
	bool good = open_page(&first, options, err);

	*choice = (struct first_choice){.kind = FIRST_LEFT};
	while (good && turn(&first))
		;
	close_page(&first);
	return good;
}
