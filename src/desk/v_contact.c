/* SPDX-License-Identifier: MIT */
/*
 * One contact: where it stands, its fields (contact_form.c), what HealthSherpa
 * has of it. The cursor begins on what is wrong.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "base/text.h"
#include "book/book.h"
#include "book/mapping.h"
#include "desk/actions.h"
#include "desk/contact_form.h"
#include "desk/desk.h"
#include "desk/words.h"
#include "tui/view.h"

enum { HEAD_ROWS_MAX = 4, FULL_ROWS = 12, UNMAPPED_ROWS = 26, HINTS_MAX = 24 };

struct v_contact {
	struct view view;
	struct desk *desk;
	struct contact_form form;
	int hints[HINTS_MAX];
};

static struct v_contact *
self(struct view *view)
{
	return (struct v_contact *)view;
}

/* ---- drawing --------------------------------------------------------------
 */

static const struct finding *
first_error(const struct contact *contact)
{
	for (unsigned i = 0; i < contact->finding_count; i++)
		if (contact->findings[i].severity == SEVERITY_ERROR)
			return &contact->findings[i];
	return NULL;
}

/* While a value is typed: what would come of it. */
static enum status
typing_status(const struct v_contact *my, struct str *out)
{
	const struct contact *contact = &my->form.contact;
	const struct finding *error = first_error(contact);

	if (!contact->blocked) {
		str_add(out, "with this, nothing blocks the contact");
		return my->form.status.status == STATUS_BLOCKED
			   ? STATUS_NEW
			   : my->form.status.status;
	}
	str_add(out, "with this, still blocked");
	if (error)
		str_addf(out, ": %s", error->message);
	return STATUS_BLOCKED;
}

/* Whom HealthSherpa has, and the key that decides. */
static void
tell_review(const struct v_contact *my, struct str *out)
{
	char key[WORDS_KEY_MAX];
	const char *candidate = my->form.status.candidate_id;

	if (*candidate) {
		str_add(out, " (there: ");
		text_clean(out, candidate, strlen(candidate));
		str_add_char(out, ')');
	}
	str_addf(out, ". To decide: %s",
	    words_key(my->desk, SCOPE_CONTACT, DESK_DECIDE, key));
}

static enum status
standing(const struct v_contact *my, struct str *out)
{
	const struct row_status *status = &my->form.status;
	unsigned left_out = contact_form_left_out(&my->form);

	if (my->form.typing)
		return typing_status(my, out);
	words_status(out, my->desk, status);
	if (status->status == STATUS_NEW)
		str_addf(out, "; %u values go", contact_form_sent(&my->form));
	if (left_out > 0 && status->status == STATUS_CHANGED)
		str_addf(out, "; %u value%s would be left out", left_out,
		    left_out == 1 ? "" : "s");
	if (status->status == STATUS_FAILED && *status->code) {
		str_add(out, " (");
		text_clean(out, status->code, strlen(status->code));
		str_add_char(out, ')');
	}
	if (status->status == STATUS_REVIEW)
		tell_review(my, out);
	return status->status;
}

/* Draws the status, wrapped beside the row's number; returns its rows. */
static int
draw_status(
    const struct v_contact *my, struct canvas *canvas, const struct area *area)
{
	char place[48];
	struct area text;
	struct str out;
	enum status status;
	enum style style;
	int rows, right = 0;

	str_init(&out, 1024);
	status = standing(my, &out);
	style = status < STATUS_COUNT ? desk_status_style(status)
				      : STYLE_NORMAL;
	snprintf(place, sizeof(place), "row %u, line %u", my->form.row + 1,
	    book_line(my->desk->book, my->form.row));
	if (canvas_is_linear(canvas) && area->columns >= 60) {
		/* beside the words it would be read in their midst */
		str_addf(&out, "; %s", place);
	} else if (area->columns >= 60) {
		right = (int)strlen(place) + 2;
		canvas_text(canvas, area, 0, area->columns - right + 1,
		    STYLE_DIM, place);
	}
	if (status < STATUS_COUNT)
		canvas_text(
		    canvas, area, 0, 1, style, desk_glyph(my->desk, status));
	text = area_columns(area, 3, area->columns - 3 - right);
	text = area_rows(&text, 0, HEAD_ROWS_MAX);
	rows = canvas_paragraph(canvas, &text, 0, 0, style, out.data);
	str_release(&out);
	return rows > HEAD_ROWS_MAX ? HEAD_ROWS_MAX : rows;
}

/* What is wrong with the row as a whole. */
static int
draw_row_findings(const struct v_contact *my, struct canvas *canvas,
    const struct area *area, int row)
{
	const struct contact *contact = &my->form.contact;
	int used = 0;

	for (unsigned i = 0; i < contact->finding_count; i++) {
		const struct finding *finding = &contact->findings[i];
		struct str out;

		if (finding->field != FIELD_COUNT)
			continue;
		str_init(&out, 1024);
		str_addf(&out, "%s  %s. What to do: %s.",
		    finding_table[finding->code].code, finding->message,
		    finding_table[finding->code].advice);
		used += canvas_paragraph(canvas, area, row + used, 3,
		    finding->severity == SEVERITY_ERROR ? STYLE_BAD
							: STYLE_WARNING,
		    out.data);
		str_release(&out);
	}
	return used;
}

static void
tell_quote(const struct v_contact *my, struct str *out)
{
	char key[WORDS_KEY_MAX];

	if (*my->form.status.quote_url)
		str_addf(out, "Quote page: %s opens it   ",
		    words_key(my->desk, SCOPE_CONTACT, DESK_QUOTE, key));
	else
		str_add(out, "Quote page: after the sync   ");
}

/* What HealthSherpa has, and what is not saved. */
static void
draw_service(const struct v_contact *my, struct canvas *canvas,
    const struct area *area, int row)
{
	const struct row_status *status = &my->form.status;
	size_t unsaved = book_unsaved(my->desk->book);
	char key[WORDS_KEY_MAX];
	struct str out;

	str_init(&out, 1024);
	if (unsaved > 0)
		str_addf(&out, "%zu change%s not saved: %s saves   ", unsaved,
		    unsaved == 1 ? "" : "s",
		    words_key(my->desk, SCOPE_CONTACT, DESK_SAVE, key));
	/* the ID is long and seldom asked for: it is the one to be cut */
	tell_quote(my, &out);
	str_add(&out, "At HealthSherpa: ");
	if (*status->healthsherpa_id)
		text_clean(&out, status->healthsherpa_id,
		    strlen(status->healthsherpa_id));
	else
		str_add(&out, "nothing yet");
	canvas_box(canvas, area, row, 1, area->columns - 2, ALIGN_LEFT,
	    STYLE_DIM, out.data);
	str_release(&out);
}

/* Fields that no column gives, so that nobody looks for them. */
static void
draw_unmapped(const struct v_contact *my, struct canvas *canvas,
    const struct area *area, int row)
{
	struct str out;
	const char *between = "Not in the file: ";

	str_init(&out, 1024);
	for (unsigned i = 0; i < FIELD_COUNT; i++) {
		bool shown = false;

		for (size_t k = 0; k < my->form.count; k++)
			shown = shown || my->form.fields[k] == i;
		if (shown || !(field_table[i].flags & FIELD_V1) ||
		    (field_table[i].flags & FIELD_BESIDE))
			continue;
		str_addf(&out, "%s%s", between, field_table[i].label);
		between = ", ";
	}
	canvas_box(canvas, area, row, 1, area->columns - 2, ALIGN_LEFT,
	    STYLE_DIM, out.data);
	str_release(&out);
}

static void
draw(struct view *view, struct canvas *canvas, const struct area *area)
{
	struct v_contact *my = self(view);
	struct area body;
	int top, foot = 0;
	bool full = area->rows >= FULL_ROWS;

	top = draw_status(my, canvas, area);
	if (full) {
		top += draw_row_findings(my, canvas, area, top);
		canvas_rule(canvas, area, top++);
		draw_service(my, canvas, area, area->rows - 1);
		foot++;
	}
	if (area->rows >= UNMAPPED_ROWS) {
		foot++;
		draw_unmapped(my, canvas, area, area->rows - foot);
	}
	body = area_rows(area, top, area->rows - top - foot);
	my->form.form.titles = full;
	contact_form_draw(&my->form, canvas, &body);
}

static void
title(struct view *view, struct str *out)
{
	str_add(out, self(view)->form.contact.name);
}

/* What the field under the cursor is. */
static enum style
note(struct view *view, struct str *out)
{
	struct v_contact *my = self(view);
	enum field field = contact_form_field(&my->form);

	if (field == FIELD_COUNT)
		return STYLE_DIM;
	if (my->form.typing) {
		str_addf(out, "Typing the %s", field_table[field].label);
		str_add(out, ": ");
		if (contact_form_choices(field, out))
			str_add(out, ". Tab completes, Enter keeps it");
		else
			str_add(out, "Enter keeps it, Tab goes on, Esc drops, "
				     "^U clears");
		return STYLE_NORMAL;
	}
	str_addf(
	    out, "%s: %s", field_table[field].label, field_table[field].help);
	return STYLE_DIM;
}

static bool
would_be_sent(enum status status)
{
	return status == STATUS_PARTIAL || status == STATUS_NEW ||
	       status == STATUS_CHANGED || status == STATUS_FAILED ||
	       status == STATUS_WAITING;
}

static bool
has_lists(const struct contact_form *form)
{
	for (unsigned i = FIELD_DRUGS; i <= FIELD_PROVIDERS; i++)
		if (form->contact.fields[i].value)
			return true;
	return false;
}

/* Most likely first: mend what is wrong, then send, then quote. */
static const int *
hints(struct view *view)
{
	struct v_contact *my = self(view);
	const struct contact_form *form = &my->form;
	enum status status = form->status.status;
	bool mend = form->contact.blocked || status == STATUS_FAILED;
	int send = would_be_sent(status) ? DESK_SYNC : ACTION_NONE;
	int edit = contact_form_may_edit(form) ? DESK_EDIT : ACTION_NONE;
	const int order[] = {
	    DESK_FIX,
	    DESK_DECIDE,
	    mend ? ACTION_NONE : send,
	    form->status.lists_open ? DESK_LISTS : ACTION_NONE,
	    status == STATUS_SYNCED ? DESK_QUOTE : ACTION_NONE,
	    edit,
	    contact_form_may_leave_out(form) ? DESK_LEAVE_OUT : ACTION_NONE,
	    mend ? send : ACTION_NONE,
	    status == STATUS_QUEUED || status == STATUS_SENDING ? DESK_RUN
								: ACTION_NONE,
	    DESK_SAVE,
	    book_unsaved(my->desk->book) > 0 ? DESK_UNDO : ACTION_NONE,
	    contact_form_problems(form) > 1 ? DESK_SEARCH_NEXT : ACTION_NONE,
	    has_lists(form) && !form->status.lists_open ? DESK_LISTS
							: ACTION_NONE,
	    DESK_REVEAL,
	    DESK_PLAN,
	    DESK_HISTORY,
	    status != STATUS_SYNCED ? DESK_QUOTE : DESK_COPY,
	    ACTION_BACK,
	    ACTION_HELP,
	};
	size_t count = 0;

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if (order[i] != ACTION_NONE && !form->typing)
			my->hints[count++] = order[i];
	my->hints[count] = ACTION_NONE;
	return my->hints;
}

/* ---- acting ---------------------------------------------------------------
 */

static void
refresh(struct view *view)
{
	contact_form_load(&self(view)->form);
}

static enum view_result
result(bool good)
{
	return good ? VIEW_DONE : VIEW_REFUSED;
}

static enum view_result
show_plan(struct v_contact *my)
{
	const struct view *below = my->view.below;

	if (below && below->ops->scope == SCOPE_PLAN)
		return VIEW_LEAVE; /* we came from there */
	screen_push(my->view.screen, v_plan_new(my->desk, &my->form.row, 1));
	return VIEW_DONE;
}

static enum view_result
next_problem(struct v_contact *my, bool backwards, struct err *err)
{
	size_t before = my->form.form.cursor;

	if (!contact_form_next_problem(&my->form, backwards))
		return result(err_set(err, ERR_USAGE, "nothing is wrong here"));
	return result(
	    my->form.form.cursor != before ||
	    err_set(err, ERR_USAGE, "this is the only value with a problem"));
}

static enum view_result
act(struct view *view, const struct action *action, struct err *err)
{
	struct v_contact *my = self(view);
	bool backwards = action->id == DESK_SEARCH_PREVIOUS;

	if (form_act(&my->form.form, action->id))
		return VIEW_DONE;
	switch (action->id) {
	case DESK_OPEN:
	case DESK_EDIT: return result(contact_form_edit(&my->form, err));
	case DESK_FIX: return result(contact_form_fix(&my->form, err));
	case DESK_LEAVE_OUT:
		return result(contact_form_leave_out(&my->form, err));
	case DESK_PLAN: return show_plan(my);
	case DESK_SEARCH_NEXT:
	case DESK_SEARCH_PREVIOUS: return next_problem(my, backwards, err);
	default: return VIEW_NOT_MINE;
	}
}

static enum view_result
key(struct view *view, uint32_t key, struct err *err)
{
	struct v_contact *my = self(view);
	enum view_result result = form_key(&my->form.form, key, err);

	/* typing on in the next field, whose values are told of below */
	if (result == VIEW_DONE && my->form.typing)
		screen_hush(view->screen);
	return result;
}

static enum view_result
paste(struct view *view, const char *text, struct err *err)
{
	(void)err;
	return form_paste(&self(view)->form.form, text);
}

static enum view_result
click(struct view *view, int row, int column, struct err *err)
{
	return form_click(&self(view)->form.form, row, column, err);
}

static void
destroy(struct view *view)
{
	contact_form_release(&self(view)->form);
	free(view);
}

/* What a finding proposes can be taken where it can be written. */
static bool
may(struct view *view, int action, struct err *err)
{
	return action != DESK_FIX ||
	       contact_form_may_fix(&self(view)->form, err);
}

static const struct view_ops ops = {
    .name = "contact",
    .scope = SCOPE_CONTACT,
    .draw = draw,
    .refresh = refresh,
    .act = act,
    .click = click,
    .may = may,
    .key = key,
    .paste = paste,
    .title = title,
    .note = note,
    .hints = hints,
    .destroy = destroy,
};

struct view *
v_contact_new(struct desk *desk, uint32_t row)
{
	struct v_contact *my = (struct v_contact *)view_new(&ops, sizeof(*my));

	my->desk = desk;
	contact_form_init(&my->form, desk, row);
	contact_form_load(&my->form);
	contact_form_to_worst(&my->form);
	return &my->view;
}

bool
v_contact_move(struct view *view, uint32_t row)
{
	struct v_contact *my = self(view);

	if (row == RECORDS_NONE)
		return false;
	my->form.row = row;
	contact_form_load(&my->form);
	return true;
}

bool
v_contact_typing(const struct view *view)
{
	return ((const struct v_contact *)view)->form.typing;
}

uint32_t
v_contact_row(const struct view *view)
{
	return ((const struct v_contact *)view)->form.row;
}
