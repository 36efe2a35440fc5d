/* SPDX-License-Identifier: MIT */
/*
 * A contact in review: the question, what is known of both sides, the exits.
 * It stays after the decision and says what comes of it, so that the key that
 * sends is pressed on this contact and not on its neighbour in the list.
 *
 * Hazard: a sync may go on meanwhile and change the row; each key asks anew
 * whether there is something to decide.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "base/text.h"
#include "book/book.h"
#include "desk/actions.h"
#include "desk/desk.h"
#include "desk/review_case.h"
#include "desk/words.h"
#include "tui/prompt.h"
#include "tui/view.h"

enum {
	FULL_ROWS = 12,
	LABEL = 17,
	OURS = 19,
	THEIRS = 37,
	OURS_LEAST = 16,
	EXITS = 4,
	EXIT_TEXT = 18
};

struct v_review {
	struct view view;
	struct desk *desk;
	uint32_t row;
	struct contact contact;
	struct row_status status;
	struct row_status asked; /* as it was in review, if it was */
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
may(const struct v_review *my, int action, struct err *err)
{
	if (!desk_can_decide(my->desk, my->row, err))
		return false;
	if (left_out(my))
		return action != DESK_NEVER ||
		       err_set(err, ERR_USAGE, "it is never sent already");
	return action == DESK_LINK || !review_case(&my->asked)->link_only ||
	       err_set(err, ERR_USAGE,
		   "it is linked already: the question is only to whom");
}

bool
v_review_may(const struct view *view, int action, struct err *err)
{
	return may((const struct v_review *)view, action, err);
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
	    : known      ? "yes: this row is that contact; the next sync "
			   "updates it"
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

/* Where there is room the ID of HealthSherpa's contact is seen whole. */
static int
ours_columns(const struct area *area)
{
	int both = area->columns - OURS - 3, rest = both - THEIRS;

	if (both < 2)
		return 1;
	return rest >= OURS_LEAST && rest < both / 2 ? rest : both / 2;
}

/* One line: what the row has, what is known of the other. */
static void
draw_pair(struct canvas *canvas, const struct area *area, int row,
    const char *label, const char *ours, const char *theirs)
{
	int half = ours_columns(area);

	canvas_box(
	    canvas, area, row, 3, LABEL - 2, ALIGN_LEFT, STYLE_NORMAL, label);
	canvas_box(canvas, area, row, OURS, half, ALIGN_LEFT, STYLE_NORMAL,
	    *ours ? ours : "(nothing)");
	canvas_box(canvas, area, row, OURS + half + 2,
	    area->columns - OURS - half - 3, ALIGN_LEFT,
	    theirs ? STYLE_WARNING : STYLE_DIM, theirs ? theirs : "?");
}

static void
draw_field(const struct v_review *my, struct canvas *canvas,
    const struct area *area, int row, enum field field, const char *theirs)
{
	const char *value = my->contact.fields[field].value;
	struct str out;

	str_init(&out, 512);
	if (value)
		words_value(&out, my->desk, my->row, field, value);
	draw_pair(
	    canvas, area, row, field_table[field].label, out.data, theirs);
	str_release(&out);
}

static void
draw_ids(const struct v_review *my, struct canvas *canvas,
    const struct area *area, int row)
{
	const struct row_status *status = &my->asked;
	const struct review_case *why = review_case(status);
	const char *candidate = review_candidate(status), *own;
	struct str ours, theirs;

	str_init(&ours, 256);
	str_init(&theirs, 256);
	/* The file's, when there are two; the one it is linked to by now. */
	own = !in_review(my)                ? my->status.healthsherpa_id
	      : why->link_only && candidate ? candidate
					    : status->healthsherpa_id;
	text_clean(&ours, own, strlen(own));
	if (why->link_only)
		candidate = status->healthsherpa_id;
	else if (!why->nobody && status->status == STATUS_REVIEW)
		candidate = status->candidate_id;
	if (candidate)
		text_clean(&theirs, candidate, strlen(candidate));
	else if (why->nobody)
		str_add(&theirs, why->nobody);
	draw_pair(canvas, area, row, "HealthSherpa ID", ours.data,
	    theirs.len > 0 ? theirs.data : NULL);
	str_release(&ours);
	str_release(&theirs);
}

/* As many lines as there is room for, the telling ones first. */
static void
draw_sides(
    const struct v_review *my, struct canvas *canvas, const struct area *area)
{
	static const enum field fields[] = {FIELD_MEDICARE_NUMBER,
	    FIELD_BIRTH_DATE, FIELD_PHONE, FIELD_EMAIL, FIELD_ADDRESS_1,
	    FIELD_CITY, FIELD_STATE, FIELD_ZIP};
	const struct review_case *why = review_case(&my->asked);
	int half = ours_columns(area), row = 0;

	canvas_text(canvas, area, row, OURS, STYLE_HEADER, "YOUR FILE");
	canvas_text(canvas, area, row++, OURS + half + 2, STYLE_HEADER,
	    why->recognised ? "SYNCED BEFORE" : "HEALTHSHERPA, WHEN LOOKED UP");
	draw_field(
	    my, canvas, area, row++, FIELD_EXTERNAL_ID, why->their_crm_id);
	draw_ids(my, canvas, area, row++);
	draw_pair(canvas, area, row++, "name", my->contact.name, NULL);
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		draw_field(my, canvas, area, row++, fields[i],
		    fields[i] == FIELD_MEDICARE_NUMBER ? why->their_number
						       : NULL);
}

static void
draw(struct view *view, struct canvas *canvas, const struct area *area)
{
	struct v_review *my = self(view);
	bool full = area->rows >= FULL_ROWS, exits;
	int top = draw_head(my, canvas, area), foot = 0;
	struct area body;

	exits = in_review(my);
	if (!full) {
		if (exits)
			draw_exits(my, canvas, area, top);
		return;
	}
	canvas_rule(canvas, area, top++);
	if (exits) {
		foot = draw_exits(my, NULL, area, 0) + 1;
		draw_exits(my, canvas, area, area->rows - foot + 1);
	}
	body = area_rows(area, top, area->rows - top - foot);
	draw_sides(my, canvas, &body);
}

static void
title(struct view *view, struct str *out)
{
	str_addf(out, "Review: %s", self(view)->contact.name);
}

static enum style
note(struct view *view, struct str *out)
{
	struct v_review *my = self(view);

	if (in_review(my)) {
		char key[WORDS_KEY_MAX];

		str_addf(out, "%s %s",
		    review_candidate(&my->asked)
			? "?: belay keeps only the ID of whom it found. To "
			  "look there:"
			: "To look at HealthSherpa:",
		    words_key(my->desk, SCOPE_REVIEW, DESK_LOGIN, key));
	}
	return STYLE_DIM;
}

static const int *
hints(struct view *view)
{
	static const int open[] = {DESK_LINK, DESK_CREATE, DESK_NEVER,
	    DESK_RECOGNISED, DESK_SIMILAR, DESK_LOGIN, DESK_EDIT, DESK_REVEAL,
	    ACTION_BACK, ACTION_HELP, ACTION_NONE};
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
	if (!may(my, DESK_CREATE, &why) ||
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
	return may(my, DESK_LINK, err) &&
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

static enum view_result
link_it(struct v_review *my, struct err *err)
{
	const char *candidate = review_candidate(&my->asked);

	if (!candidate &&
	    !(in_review(my) && review_case(&my->asked)->recognised)) {
		ask_link(my);
		return VIEW_DONE;
	}
	/* In review sync knows whom; later only we do. */
	return result(desk_decide(my->desk, my->row, DECISION_LINK,
	    in_review(my) ? NULL : candidate, err));
}

static enum view_result
act(struct view *view, const struct action *action, struct err *err)
{
	struct v_review *my = self(view);

	switch (action->id) {
	case DESK_LINK: return link_it(my, err);
	case DESK_CREATE: ask_create(my); return VIEW_DONE;
	case DESK_NEVER:
		return result(
		    desk_decide(my->desk, my->row, DECISION_NEVER, NULL, err));
	default: return VIEW_NOT_MINE;
	}
}

static void
refresh(struct view *view)
{
	struct v_review *my = self(view);

	book_contact(my->desk->book, my->row, &my->contact);
	words_row(my->desk, my->row, &my->status);
	if (in_review(my))
		my->asked = my->status;
}

static void
destroy(struct view *view)
{
	contact_release(&self(view)->contact);
	free(view);
}

static const struct view_ops ops = {
    .name = "review",
    .scope = SCOPE_REVIEW,
    .draw = draw,
    .refresh = refresh,
    .act = act,
    .title = title,
    .note = note,
    .hints = hints,
    .destroy = destroy,
};

struct view *
v_review_new(struct desk *desk, uint32_t row)
{
	struct v_review *my = (struct v_review *)view_new(&ops, sizeof(*my));

	my->desk = desk;
	my->row = row;
	contact_init(&my->contact);
	refresh(&my->view);
	return &my->view;
}

uint32_t
v_review_row(const struct view *view)
{
	return ((const struct v_review *)view)->row;
}
