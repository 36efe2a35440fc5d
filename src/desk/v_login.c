/* SPDX-License-Identifier: MIT */
/*
 * The agent's login at HealthSherpa (v2): the address to open, how the browser
 * finds back, and where to paste what it shows when it does not. Without a
 * login under way: whose login is kept.
 *
 * What was to be sent when the login was missing is gone on with afterwards.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"
#include "base/url.h"
#include "book/config.h"
#include "desk/actions.h"
#include "desk/desk.h"
#include "desk/opener.h"
#include "desk/words.h"
#include "tui/action.h"
#include "tui/prompt.h"
#include "tui/view.h"

struct v_login {
	struct view view;
	struct desk *desk;
	struct sync_login login; /* as refreshed last */
	struct sync_account account;
	bool known;    /* `account` is somebody's */
	bool opened;   /* a browser was started */
	char why[320]; /* there is none under way: why not */
};

/* ---- what is shown ------------------------------------------------------ */

static int
draw_steps(const struct v_login *my, struct canvas *canvas,
    const struct area *area, const struct area *text, int row)
{
	struct str out;

	row += canvas_paragraph(canvas, text, row, 0, STYLE_NORMAL,
	    my->opened ? "Your browser opens HealthSherpa's page. Log in there "
			 "and agree. If it did not open, this is the address:"
		       : "Open this address in your browser, log in there and "
			 "agree:");
	row++;
	row += canvas_link(canvas, area, row, my->login.url);
	row++;
	str_init(&out, 1024);
	if (my->login.port == 0) {
		str_add(&out, "After that copy the address that the browser "
			      "shows and paste it here.");
	} else if (!my->opened) {
		str_add(&out, "If that browser runs on another machine than "
			      "belay, it cannot show the page that comes "
			      "after: copy that page's address and paste it "
			      "here. Or type this there before you agree:");
		row += canvas_paragraph(
		    canvas, text, row, 0, STYLE_NORMAL, out.data);
		row++;
		str_reset(&out);
		str_add(&out, "    ");
		opener_tunnel(&out, my->login.port);
	}
	row += canvas_paragraph(canvas, text, row, 0, STYLE_NORMAL, out.data);
	str_release(&out);
	return row;
}

static void
add_time(struct str *out, const struct desk *desk, int64_t wall_ms)
{
	clock_format_age(out, clock_wall(desk->clock) - wall_ms);
	str_add(out, " ago");
}

static int
draw_account(const struct v_login *my, struct canvas *canvas,
    const struct area *text, int row)
{
	const struct sync_account *account = &my->account;
	char place[CONFIG_ADVICE_SIZE];
	struct str out;

	str_init(&out, 1024);
	str_addf(&out, "Logged in to HealthSherpa's API (%s)%s%s, ",
	    config_login_place(my->desk->config, place),
	    *account->name ? " as " : "", account->name);
	add_time(&out, my->desk, account->since_ms);
	str_add(&out, account->renews
			  ? ". The login renews itself."
			  : ". HealthSherpa lets it not be renewed: when it "
			    "ends it has to be repeated.");
	row += canvas_paragraph(canvas, text, row, 0, STYLE_NORMAL, out.data);
	str_release(&out);
	return row;
}

static void
draw(struct view *view, struct canvas *canvas, const struct area *area)
{
	struct v_login *my = (struct v_login *)view;
	struct area text = area_columns(area, 1, area->columns - 2);
	int row = 1;

	switch (my->login.state) {
	case SYNC_LOGIN_WAITING:
		row = draw_steps(my, canvas, area, &text, row);
		break;
	case SYNC_LOGIN_EXCHANGING:
		row += canvas_paragraph(canvas, &text, row, 0, STYLE_NORMAL,
		    "The answer is there; one moment.");
		break;
	default:
		if (my->known)
			row = draw_account(my, canvas, &text, row);
		else
			row += canvas_paragraph(
			    canvas, &text, row, 0, STYLE_NORMAL, my->why);
	}
	if (*my->login.message)
		canvas_paragraph(canvas, &text, row + 1, 0, STYLE_WARNING,
		    my->login.message);
}

static void
finished(struct v_login *my)
{
	struct desk *desk = my->desk;

	sync_login_end(desk->sync);
	if (my->login.bare)
		screen_say(desk->screen, STYLE_WARNING,
		    "logged in, by a code without its address: belay cannot "
		    "tell that it was the answer to this login");
	else
		screen_say(
		    desk->screen, STYLE_GOOD, "logged in to HealthSherpa");
	if (screen_top(desk->screen) == &my->view)
		screen_pop(desk->screen);
	desk_go_on(desk);
}

/* What comes from HealthSherpa or was pasted may hold anything. */
static void
clean(char *text, size_t size)
{
	struct str cleaned;

	str_init(&cleaned, size - 1);
	text_clean(&cleaned, text, strlen(text));
	str_copy(text, size, cleaned.data);
	str_release(&cleaned);
}

static void
refresh(struct view *view)
{
	struct v_login *my = (struct v_login *)view;
	struct desk *desk = my->desk;
	struct err err = ERR_INIT;

	sync_login_look(desk->sync, &my->login);
	clean(my->login.message, sizeof(my->login.message));
	if (my->login.state == SYNC_LOGIN_DONE) {
		finished(my);
		return;
	}
	if (my->login.state == SYNC_LOGIN_WAITING ||
	    my->login.state == SYNC_LOGIN_EXCHANGING)
		return;
	my->known = sync_account(desk->sync, &my->account, &err);
	clean(my->account.name, sizeof(my->account.name));
	str_copy(my->why, sizeof(my->why), my->known ? "" : err.text);
	clean(my->why, sizeof(my->why));
}

static void
title(struct view *view, struct str *out)
{
	const struct config *config = ((struct v_login *)view)->desk->config;

	str_add(out, "Login at HealthSherpa");
	if (config->profile)
		str_addf(out, " (profile %s)", config->profile);
}

static enum style
note(struct view *view, struct str *out)
{
	const struct v_login *my = (struct v_login *)view;

	if (my->login.state == SYNC_LOGIN_WAITING)
		str_add(out, my->login.port
				 ? "waiting for you to agree in the browser"
				 : "waiting for that address");
	return STYLE_DIM;
}

static const int *
hints(struct view *view)
{
	static const int waiting[] = {DESK_PASTE, DESK_COPY, ACTION_BACK,
	    DESK_SITE, ACTION_HELP, ACTION_NONE};
	static const int still[] = {
	    DESK_LOG_IN, ACTION_BACK, DESK_SITE, ACTION_HELP, ACTION_NONE};
	const struct v_login *my = (struct v_login *)view;

	return my->login.state == SYNC_LOGIN_WAITING ? waiting : still;
}

/* ---- what is done ------------------------------------------------------- */

static void
open_browser(struct v_login *my)
{
	struct err err = ERR_INIT;
	struct url url;

	my->opened = opener_open_consent(my->desk->opener, my->login.url, &url,
			 &err) == OPENER_STARTED;
}

static bool
begin(struct v_login *my, struct err *err)
{
	bool good = sync_login_begin(my->desk->sync, err);

	sync_login_look(my->desk->sync, &my->login);
	if (good)
		open_browser(my);
	my->view.stale = true;
	return good;
}

/*
 * The address as it was meant: a terminal may have broken it into lines, and
 * where pasting is typing, what stands before the "p" of "http" was taken for
 * keys, which opened the question for the rest.
 */
static void
mend_paste(struct str *out, const char *text)
{
	if (str_starts(text, "://") || str_starts(text, "s://"))
		str_add(out, "http");
	for (; *text; text++)
		if (*text != ' ')
			str_add_char(out, *text);
}

static bool
take(struct v_login *my, const char *text, struct err *err)
{
	struct str address;
	bool good;

	str_init(&address, URL_MAX + 16);
	mend_paste(&address, text);
	good = sync_login_paste(my->desk->sync, address.data, err);
	str_release(&address);
	screen_stale(my->desk->screen);
	return good;
}

static bool
answer_paste(void *context, const char *text, struct err *err)
{
	return take(context, text, err);
}

static void
ask_paste(struct v_login *my)
{
	struct prompt prompt = {
	    .label = "the address that the browser shows: ",
	    .context = my,
	    .answer = answer_paste,
	};

	screen_ask(my->desk->screen, &prompt);
}

static enum view_result
act(struct view *view, const struct action *action, struct err *err)
{
	struct v_login *my = (struct v_login *)view;
	bool waiting = my->login.state == SYNC_LOGIN_WAITING;

	switch (action->id) {
	case DESK_LOG_IN:
		if (waiting) {
			err_set(err, ERR_USAGE,
			    "this login waits for you to agree in the browser; "
			    "Esc ends it");
			return VIEW_REFUSED;
		}
		if (desk_ask_for_login(my->desk))
			return VIEW_DONE;
		return begin(my, err) ? VIEW_DONE : VIEW_REFUSED;
	case DESK_PASTE:
	case DESK_COPY:
		if (!waiting) {
			err_set(err, ERR_USAGE, "no login is going on");
			return VIEW_REFUSED;
		}
		if (action->id == DESK_PASTE)
			ask_paste(my);
		else
			desk_copy(my->desk, my->login.url);
		return VIEW_DONE;
	case DESK_SITE: desk_open_login(my->desk); return VIEW_DONE;
	default: return VIEW_NOT_MINE;
	}
}

/* A paste is for the one thing that can be pasted here. */
static enum view_result
paste(struct view *view, const char *text, struct err *err)
{
	struct v_login *my = (struct v_login *)view;

	if (my->login.state != SYNC_LOGIN_WAITING)
		return VIEW_NOT_MINE;
	return take(my, text, err) ? VIEW_DONE : VIEW_REFUSED;
}

static void
destroy(struct view *view)
{
	struct v_login *my = (struct v_login *)view;

	sync_login_end(my->desk->sync);
	free(my);
}

static const struct view_ops ops = {
    .name = "login",
    .scope = SCOPE_LOGIN,
    .draw = draw,
    .refresh = refresh,
    .act = act,
    .paste = paste,
    .title = title,
    .note = note,
    .hints = hints,
    .destroy = destroy,
};

struct view *
v_login_new(struct desk *desk)
{
	struct v_login *my = (struct v_login *)view_new(&ops, sizeof(*my));
	struct err err = ERR_INIT;

	my->desk = desk;
	my->known = sync_account(desk->sync, &my->account, &err);
	/* nothing to look at: begin at once */
	if (!my->known && !begin(my, &err))
		str_copy(my->why, sizeof(my->why), err.text);
	return &my->view;
}
