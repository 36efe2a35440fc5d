/* SPDX-License-Identifier: MIT */
/*
 * A contact in review: the question, both sides (review_sides.c), the exits.
 * HealthSherpa is asked for its side when the screen opens, if that can be
 * without waiting; else a key asks. It stays after the decision and says what
 * comes of it, so that the key that sends is pressed on this contact and not on
 * its neighbour in the list.
 *
 * Hazards: a sync may go on meanwhile and change the row; each key asks anew
 * whether there is something to decide. And HealthSherpa's values are sync's,
 * which forgets them when they are asked for again: whoever reads them looks
 * first (review_sides_look()), as keys come faster than drawings.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "base/text.h"
#include "book/book.h"
#include "book/config.h"
#include "desk/actions.h"
#include "desk/desk.h"
#include "desk/review_case.h"
#include "desk/review_sides.h"
#include "desk/words.h"
#include "tui/prompt.h"
#include "tui/view.h"

enum { FULL_ROWS = 12, EXITS = 4, EXIT_TEXT = 18 };

struct v_review {
	struct view view;
	struct desk *desk;
	uint32_t row;
	struct contact contact;
	struct row_status status;
	struct row_status asked; /* as it was in review, if it was */
	struct review_sides sides;
	bool low;               /* the screen, at the last drawing */
	bool asks;              /* HealthSherpa is to be asked without a key */
	char why[ERR_TEXT_MAX]; /* it was not, or cannot be */
};

static struct v_review *
self(struct view *view)
{
	return (struct v_review *)view;
}

/* ---- what there is to decide ---------------------------------------------
 */

static bool
in_review(const struct v_review *my)
{
	return my->status.status == STATUS_REVIEW;
}

/* It was decided never to be sent: the one thing that no sync carries out. */
static bool
left_out(const struct v_review *my)
{
	return my->status.status == STATUS_BLOCKED && !my->contact.blocked;
}

static bool
decides(const struct v_review *my, int action, struct err *err)
{
	if (!desk_can_decide(my->desk, my->row, err))
		return false;
	if (action == DESK_TAKE_THEIRS)
		return review_may_take(&my->sides, err);
	if (action == DESK_KEEP_OURS)
		return review_may_keep(&my->sides, err);
	if (action == DESK_NEXT_CONTACT || action == DESK_PREVIOUS_CONTACT)
		return my->sides.there.count > 1 ||
		       (my->sides.there.count == 1 && my->sides.shown < 0) ||
		       err_set(err, ERR_USAGE,
			   "no other contact was found at HealthSherpa");
	if (left_out(my))
		return action != DESK_NEVER ||
		       err_set(err, ERR_USAGE, "it is never sent already");
	return action == DESK_LINK || !review_case(&my->asked)->link_only ||
	       err_set(err, ERR_USAGE,
		   "it is linked already: the question is only to whom");
}

static bool
may(struct view *view, int action, struct err *err)
{
	struct v_review *my = self(view);

	/* what was drawn may be asked for anew by now, and forgotten */
	review_sides_look(&my->sides, false);
	return decides(my, action, err);
}

/* ---- drawing --------------------------------------------------------------
 */

/* What comes next, once it is decided. */
static void
add_next(const struct v_review *my, struct str *out)
{
	enum status status = my->status.status;
	char key[WORDS_KEY_MAX];

	if (left_out(my)) {
		str_addf(out,
		    "Nothing of it is sent. You can still decide otherwise: %s "
		    "links it, ",
		    words_key(my->desk, SCOPE_REVIEW, DESK_LINK, key));
		str_addf(out, "%s creates it.",
		    words_key(my->desk, SCOPE_REVIEW, DESK_CREATE, key));
	} else if (status == STATUS_CHANGED || status == STATUS_NEW) {
		str_addf(out, "%s at the next sync; %s sends it now.",
		    status == STATUS_NEW ? "A new contact is created"
					 : "An update is sent",
		    words_key(my->desk, SCOPE_REVIEW, DESK_SYNC, key));
	} else if (status == STATUS_SYNCED && *my->status.quote_url) {
		str_addf(out, "%s opens its quote page.",
		    words_key(my->desk, SCOPE_REVIEW, DESK_QUOTE, key));
	}
}

static void
add_upper(struct str *out, const char *text)
{
	size_t start = out->len;

	text_clean(out, text, strlen(text));
	if (out->len > start && out->data[start] >= 'a' &&
	    out->data[start] <= 'z')
		out->data[start] = (char)(out->data[start] - 'a' + 'A');
}

/* The status with the reason; on a low screen what fits. */
static void
add_standing(const struct v_review *my, bool full, struct str *out)
{
	const struct review_case *why = review_case(&my->status);

	if (!in_review(my)) {
		words_status(out, my->desk, &my->status);
		return;
	}
	if (full && *my->status.reason)
		add_upper(out, my->status.reason);
	else
		add_upper(out, why->brief);
	/* the question of the reason is asked below */
	if (why->recognised && strrchr(out->data, ';'))
		out->len = (size_t)(strrchr(out->data, ';') - out->data);
	str_add_char(out, '.');
}

static int
draw_head(
    const struct v_review *my, struct canvas *canvas, const struct area *area)
{
	bool full = area->rows >= FULL_ROWS;
	enum status status = my->status.status;
	struct area text = area_columns(area, 3, area->columns - 4);
	struct str out;
	int rows;

	str_init(&out, 1024);
	add_standing(my, full, &out);
	if (status < STATUS_COUNT)
		canvas_text(canvas, area, 0, 1, desk_status_style(status),
		    desk_glyph(my->desk, status));
	rows = canvas_paragraph(canvas, &text, 0, 0,
	    status < STATUS_COUNT ? desk_status_style(status) : STYLE_NORMAL,
	    out.data);
	str_reset(&out);
	if (in_review(my))
		str_add(&out, review_case(&my->status)->question);
	else
		add_next(my, &out);
	if (out.len > 0)
		rows += canvas_paragraph(
		    canvas, &text, rows, 0, STYLE_TITLE, out.data);
	str_release(&out);
	return rows;
}

struct exit {
	int action;
	const char *word;
	char text[160];
};

static void
fill_exits(const struct v_review *my, struct exit exits[EXITS])
{
	bool known = review_candidate(&my->asked) != NULL;
	bool link_only = review_case(&my->asked)->link_only;
	bool recognised = review_case(&my->asked)->recognised;

	exits[0] = (struct exit){.action = DESK_LINK, .word = "link"};
	exits[1] = (struct exit){.action = DESK_CREATE,
	    .word = known && !recognised ? "create anyway" : "create"};
	exits[2] = (struct exit){.action = DESK_NEVER, .word = "never"};
	exits[3] = (struct exit){.action = ACTION_BACK, .word = "later"};
	str_copy(exits[0].text, sizeof(exits[0].text),
	    link_only    ? "yes: the file's; the next sync updates that contact"
	    : recognised ? "yes: this row goes on as that contact"
	    : known      ? "yes: linked for good; the next sync updates it"
		    : "yes: type its HealthSherpa ID; the next sync updates "
		      "it");
	str_copy(exits[1].text, sizeof(exits[1].text),
	    link_only    ? ""
	    : recognised ? "no: another person, looked up before it is created"
			 : "no: a new contact, which cannot be undone");
	str_copy(exits[2].text, sizeof(exits[2].text),
	    link_only ? "" : "this row is not sent any more");
	str_copy(exits[3].text, sizeof(exits[3].text),
	    "nothing is decided, nothing is sent");
}

/* The exits, wrapped; returns their rows. Without a canvas: counts. */
static int
draw_exits(const struct v_review *my, struct canvas *canvas,
    const struct area *area, int row)
{
	struct exit exits[EXITS];
	char key[WORDS_KEY_MAX];
	bool full = area->rows >= FULL_ROWS;
	int used = 0;

	fill_exits(my, exits);
	for (int i = 0; i < EXITS; i++) {
		int text = full ? EXIT_TEXT + 4 : area->columns;

		if (!*exits[i].text)
			continue;
		words_key(my->desk, SCOPE_REVIEW, exits[i].action, key);
		if (canvas) {
			canvas_text(
			    canvas, area, row + used, 3, STYLE_KEY, key);
			canvas_text(canvas, area, row + used, 7, STYLE_NORMAL,
			    exits[i].word);
		}
		if (full)
			used += canvas_paragraph(canvas, area, row + used, text,
			    STYLE_DIM, exits[i].text);
		else
			used++;
	}
	return used;
}

/* What HealthSherpa has: whom, what an update changes; or why it is unknown. */
static enum style
tell_there(const struct v_review *my, struct str *out)
{
	const struct sync_remotes *there = &my->sides.there;
	char key[WORDS_KEY_MAX];

	words_key(my->desk, SCOPE_REVIEW, DESK_ASK_CONTACT, key);
	switch (there->known) {
	case LOOK_ASKING:
		str_add(out, "HealthSherpa is asked what it has...");
		return STYLE_DIM;
	case LOOK_KNOWN:
		review_sides_tell_found(&my->sides, out);
		if (in_review(my) && review_sides_shown(&my->sides)) {
			str_add_char(out, ' ');
			review_sides_tell_update(&my->sides, out);
		}
		return STYLE_NORMAL;
	case LOOK_NOT_KNOWN:
		add_upper(out, there->message);
		str_addf(out, ". %s asks once more.", key);
		return STYLE_WARNING;
	default: break;
	}
	if (!in_review(my))
		return STYLE_DIM;
	if (*my->why) {
		add_upper(out, my->why);
		str_add(out, ". ");
	}
	str_addf(out, "%s asks HealthSherpa what it has.", key);
	return STYLE_DIM;
}

static int
draw_there(const struct v_review *my, struct canvas *canvas,
    const struct area *area, int row)
{
	struct area text = area_columns(area, 3, area->columns - 4);
	enum style style;
	struct str out;
	int rows = 0;

	str_init(&out, 1024);
	style = tell_there(my, &out);
	if (out.len > 0)
		rows = canvas_paragraph(canvas, &text, row, 0, style, out.data);
	str_release(&out);
	return rows;
}

static void
draw(struct view *view, struct canvas *canvas, const struct area *area)
{
	struct v_review *my = self(view);
	bool full = area->rows >= FULL_ROWS, exits = in_review(my);
	int top = draw_head(my, canvas, area), foot = 0;
	struct area body;

	my->low = !full;
	review_sides_look(&my->sides, false);
	if (!full && exits && my->sides.there.known != LOOK_KNOWN) {
		draw_exits(my, canvas, area, top);
		return;
	}
	if (full) {
		top += draw_there(my, canvas, area, top);
		canvas_rule(canvas, area, top++);
	}
	if (full && exits) {
		foot = draw_exits(my, NULL, area, 0) + 1;
		draw_exits(my, canvas, area, area->rows - foot + 1);
	}
	body = area_rows(area, top, area->rows - top - foot);
	if (body.rows > 0)
		review_sides_draw(&my->sides, canvas, &body, !full);
}

static void
title(struct view *view, struct str *out)
{
	str_addf(out, "Review: %s", self(view)->contact.name);
}

/* On a low screen the line below is where HealthSherpa's side is told of. */
static enum style
note(struct view *view, struct str *out)
{
	struct v_review *my = self(view);
	char key[WORDS_KEY_MAX];

	if (my->low) {
		review_sides_advise(&my->sides, out);
		return out->len > 0 ? STYLE_NORMAL : tell_there(my, out);
	}
	if (in_review(my))
		str_addf(out, "To look at HealthSherpa: %s",
		    words_key(my->desk, SCOPE_REVIEW, DESK_LOGIN, key));
	return STYLE_DIM;
}

static const int *
hints(struct view *view)
{
	static const int open[] = {DESK_LINK, DESK_CREATE, DESK_NEVER,
	    DESK_TAKE_THEIRS, DESK_KEEP_OURS, DESK_NEXT_CONTACT,
	    DESK_ASK_CONTACT, DESK_SAVE, DESK_RECOGNISED, DESK_SIMILAR,
	    DESK_LOGIN, DESK_EDIT, DESK_REVEAL, ACTION_BACK, ACTION_HELP,
	    ACTION_NONE};
	static const int closed[] = {DESK_SYNC, DESK_QUOTE, DESK_RUN, DESK_EDIT,
	    DESK_REVEAL, ACTION_BACK, ACTION_HELP, ACTION_NONE};

	return in_review(self(view)) || left_out(self(view)) ? open : closed;
}

/* ---- deciding -------------------------------------------------------------
 */

/* It may have been synced while the question was open. */
static bool
answer_create(void *context, const char *text, struct err *err)
{
	struct v_review *my = context;
	struct err why = ERR_INIT;

	(void)text;
	(void)err;
	if (!decides(my, DESK_CREATE, &why) ||
	    !desk_decide(my->desk, my->row, DECISION_CREATE, NULL, &why))
		screen_say(my->view.screen, STYLE_BAD, "%s", why.text);
	return true;
}

static void
ask_create(struct v_review *my)
{
	struct prompt prompt = {
	    .label = "it cannot be undone: y creates a new contact, Esc does "
		     "not ",
	    .choices = "y",
	    .context = my,
	    .answer = answer_create,
	};

	if (review_case(&my->asked)->recognised)
		str_copy(prompt.label, sizeof(prompt.label),
		    "it is somebody else: y creates a new contact at the next "
		    "sync, Esc does not ");
	screen_ask(my->view.screen, &prompt);
}

static bool
answer_link(void *context, const char *text, struct err *err)
{
	struct v_review *my = context;
	size_t len = strlen(text);
	char id[sizeof(my->status.candidate_id)];

	text = text_trim(text, &len);
	if (len == 0)
		return err_set(err, ERR_USAGE,
		    "type the HealthSherpa ID, or Esc to decide later");
	if (len >= sizeof(id))
		return err_set(err, ERR_USAGE, "this is not a HealthSherpa ID");
	snprintf(id, sizeof(id), "%.*s", (int)len, text);
	if (strcmp(id, my->asked.healthsherpa_id) == 0 && in_review(my))
		return err_set(err, ERR_USAGE,
		    "this is the ID that it had: HealthSherpa has nobody "
		    "under it");
	return decides(my, DESK_LINK, err) &&
	       desk_decide(my->desk, my->row, DECISION_LINK, id, err);
}

static void
ask_link(struct v_review *my)
{
	struct prompt prompt = {
	    .label = "its HealthSherpa ID: ",
	    .context = my,
	    .answer = answer_link,
	};

	screen_ask(my->view.screen, &prompt);
}

static enum view_result
result(bool good)
{
	return good ? VIEW_DONE : VIEW_REFUSED;
}

/* Whom the person sees beside the row, where that is not whom sync found. */
static const char *
another_shown(const struct v_review *my)
{
	const struct sync_remote *shown = review_sides_shown(&my->sides);
	const char *candidate = review_candidate(&my->asked);
	const struct review_case *why = review_case(&my->asked);

	if (!shown || !in_review(my) || why->recognised || why->link_only ||
	    (candidate && strcmp(candidate, shown->healthsherpa_id) == 0))
		return NULL;
	return shown->healthsherpa_id;
}

static enum view_result
link_it(struct v_review *my, struct err *err)
{
	const char *candidate = review_candidate(&my->asked);
	char id[sizeof(my->asked.candidate_id)];

	review_sides_look(&my->sides, false);
	if (another_shown(my)) {
		str_copy(id, sizeof(id), another_shown(my));
		return result(
		    desk_decide(my->desk, my->row, DECISION_LINK, id, err));
	}
	if (!candidate &&
	    !(in_review(my) && review_case(&my->asked)->recognised)) {
		ask_link(my);
		return VIEW_DONE;
	}
	/* In review sync knows whom; later only we do. */
	return result(desk_decide(my->desk, my->row, DECISION_LINK,
	    in_review(my) ? NULL : candidate, err));
}

static bool
ask_there(struct v_review *my, struct err *err)
{
	my->asks = false;
	if (!desk_can_send(my->desk, err) ||
	    !sync_ask_contact(my->desk->sync, my->row, err))
		return false;
	my->why[0] = '\0';
	my->view.stale = true;
	return true;
}

static enum view_result
act(struct view *view, const struct action *action, struct err *err)
{
	struct v_review *my = self(view);
	bool back = action->id == DESK_PREVIOUS_CONTACT;

	if (form_act(&my->sides.form, action->id))
		return VIEW_DONE;
	review_sides_look(&my->sides, false);
	switch (action->id) {
	case DESK_ASK_CONTACT: return result(ask_there(my, err));
	case DESK_TAKE_THEIRS: return result(review_take(&my->sides, err));
	case DESK_KEEP_OURS: return result(review_keep(&my->sides, err));
	case DESK_NEXT_CONTACT:
	case DESK_PREVIOUS_CONTACT:
		review_sides_turn(&my->sides, back);
		return VIEW_DONE;
	case DESK_LINK: return link_it(my, err);
	case DESK_CREATE: ask_create(my); return VIEW_DONE;
	case DESK_NEVER:
		return result(
		    desk_decide(my->desk, my->row, DECISION_NEVER, NULL, err));
	default: return VIEW_NOT_MINE;
	}
}

/* By itself only while there is something to decide, and where neither a
 * command nor a person has to give the key first. */
static void
ask_by_itself(struct v_review *my)
{
	struct desk *desk = my->desk;
	struct err err = ERR_INIT;

	my->why[0] = '\0';
	if (my->sides.there.known != LOOK_NOT_ASKED) {
		my->asks = false;
		return;
	}
	if (!my->asks || !in_review(my) || !desk_can_send(desk, &err) ||
	    config_wants_secret(desk->config) ||
	    !sync_asks_at_once(desk->sync) ||
	    sync_ask_contact(desk->sync, my->row, &err)) {
		my->asks = my->asks && err.text[0];
	}
	str_copy(my->why, sizeof(my->why), err.text);
	review_sides_look(&my->sides, true);
}

static void
refresh(struct view *view)
{
	struct v_review *my = self(view);
	enum status status;

	book_contact(my->desk->book, my->row, &my->contact);
	words_row(my->desk, my->row, &my->status);
	if (in_review(my))
		my->asked = my->status;
	status = my->status.status;
	if (status == STATUS_SYNCED || status == STATUS_SENDING)
		sync_forget_contact(my->desk->sync); /* it is another by now */
	review_sides_look(&my->sides, false);
	ask_by_itself(my);
}

/* Back from the contact, where values may have been changed. */
static void
resume(struct view *view)
{
	struct v_review *my = self(view);

	refresh(view);
	review_sides_look(&my->sides, true);
}

static enum view_result
click(struct view *view, int row, int column, struct err *err)
{
	return form_click(&self(view)->sides.form, row, column, err);
}

static void
destroy(struct view *view)
{
	struct v_review *my = self(view);

	if (my->desk->sync)
		sync_forget_contact(my->desk->sync);
	review_sides_release(&my->sides);
	contact_release(&my->contact);
	free(view);
}

static const struct view_ops ops = {
    .name = "review",
    .scope = SCOPE_REVIEW,
    .draw = draw,
    .refresh = refresh,
    .act = act,
    .click = click,
    .may = may,
    .title = title,
    .note = note,
    .hints = hints,
    .resume = resume,
    .destroy = destroy,
};

struct view *
v_review_new(struct desk *desk, uint32_t row)
{
	struct v_review *my = (struct v_review *)view_new(&ops, sizeof(*my));

	my->desk = desk;
	my->row = row;
	my->asks = true;
	contact_init(&my->contact);
	review_sides_init(&my->sides, desk, row, &my->contact, &my->asked);
	refresh(&my->view);
	return &my->view;
}

uint32_t
v_review_row(const struct view *view)
{
	return ((const struct v_review *)view)->row;
}
