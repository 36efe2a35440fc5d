/* SPDX-License-Identifier: MIT */
/*
 * What became of one contact, sync by sync and decision by decision: when, what
 * was done, which fields went, what HealthSherpa said. The ledger keeps no
 * values, so none are shown.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"
#include "book/book.h"
#include "desk/actions.h"
#include "desk/desk.h"
#include "desk/words.h"
#include "sync/history.h"
#include "tui/action.h"
#include "tui/form.h"
#include "tui/view.h"

enum { TIME_COLUMNS = 16, WHAT_COLUMNS = 15, GUTTER = 3 };

enum { COLUMN_WHEN, COLUMN_WHAT, COLUMN_FIELDS, COLUMNS };

static const struct column columns[COLUMNS] = {
    [COLUMN_WHEN] = {"WHEN", TIME_COLUMNS, TIME_COLUMNS, 0, ALIGN_LEFT},
    [COLUMN_WHAT] = {"WHAT", WHAT_COLUMNS, 20, 0, ALIGN_LEFT},
    [COLUMN_FIELDS] = {"FIELDS THAT WENT", 5, 90, 0, ALIGN_LEFT},
};

struct v_history {
	struct view view;
	struct desk *desk;
	uint32_t row;
	char name[256];
	struct ledger_run_row *rows;
	unsigned count;
	int room; /* for the fields, at the last drawing */
	struct form form;
};

static struct v_history *
self(struct view *view)
{
	return (struct v_history *)view;
}

static enum status
status_of(const struct ledger_run_row *row)
{
	unsigned i = 0;

	while (
	    i < STATUS_COUNT && strcmp(status_table[i].word, row->status) != 0)
		i++;
	return (enum status)i;
}

/* What a person decided, and what that means. */
static const struct decided {
	const char *word, *shown, *note;
} decisions[] = {
    {"link", "decided: link", "from then on it is HealthSherpa's contact"},
    {"create", "decided: create", "another person than the one found"},
    {"never", "decided: never", "not sent any more"},
    {"undo", "taken back", "the decision: it is to be decided again"},
};

/* NULL: it is of a sync. */
static const struct decided *
decision_of(const struct ledger_run_row *row)
{
	for (size_t i = 0; i < sizeof(decisions) / sizeof(decisions[0]); i++)
		if (strcmp(decisions[i].word, row->decision) == 0)
			return &decisions[i];
	return NULL;
}

/* What was done, in a word or two. */
static const char *
words_of(const struct ledger_run_row *row)
{
	if (*row->decision)
		return decision_of(row) ? decision_of(row)->shown : "decided";
	switch (status_of(row)) {
	case STATUS_FAILED: return row->http > 0 ? "refused" : "failed";
	case STATUS_REVIEW: return "for you to decide";
	case STATUS_BLOCKED: return "blocked";
	case STATUS_WAITING: return "answer lost";
	case STATUS_PARTIAL: return "saved in part";
	default: break;
	}
	return strcmp(row->verb, plan_verb_word(PLAN_CREATE)) == 0 ? "created"
	       : strcmp(row->verb, plan_verb_word(PLAN_UPDATE)) == 0
		   ? "updated"
		   : "nothing to send";
}

static size_t
row_count(void *context)
{
	return ((const struct v_history *)context)->count;
}

static void
fields_cell(const struct ledger_run_row *row, struct str *out)
{
	const char *between = "";

	for (unsigned i = 0; i < FIELD_COUNT; i++) {
		if (!(row->fields & 1u << i))
			continue;
		str_addf(out, "%s%s", between, field_table[i].label);
		between = ", ";
	}
	if (row->fields == 0 && !*row->decision)
		str_add(out, "none");
}

static void
cell(void *context, size_t number, int column, struct str *out,
    enum style *style)
{
	const struct v_history *my = context;
	const struct ledger_run_row *row = &my->rows[number];
	enum status status = status_of(row);

	switch (column) {
	case COLUMN_WHEN: clock_format_local(out, row->at_ms); break;
	case COLUMN_WHAT:
		*style = status < STATUS_COUNT ? desk_status_style(status)
					       : STYLE_NORMAL;
		if (status < STATUS_COUNT)
			str_addf(out, "%s ", desk_glyph(my->desk, status));
		str_add(out, words_of(row));
		break;
	default:
		*style = row->fields ? STYLE_NORMAL : STYLE_DIM;
		fields_cell(row, out);
	}
}

static void
decision_note(const struct ledger_run_row *row, struct str *out)
{
	const struct decided *decided = decision_of(row);

	if (decided)
		str_add(out, decided->note);
	if (*row->healthsherpa_id) {
		str_add_char(out, ' ');
		text_clean(
		    out, row->healthsherpa_id, strlen(row->healthsherpa_id));
	}
}

/* What HealthSherpa said; under the cursor fields that are cut, in full. */
static bool
note(void *context, size_t number, size_t which, bool here, struct str *out,
    enum style *style)
{
	const struct v_history *my = context;
	const struct ledger_run_row *row = &my->rows[number];

	*style = STYLE_DIM;
	if (*row->decision) {
		decision_note(row, out);
		return which == 0;
	}
	if (*row->message && which-- == 0) {
		text_clean(out, row->message, strlen(row->message));
		if (row->http)
			str_addf(out, " (HTTP %d)", row->http);
		return true;
	}
	if (!here || which > 0 || !row->fields)
		return false;
	fields_cell(row, out);
	return text_width(out->data) > my->room;
}

static const struct form_ops form_ops = {
    .count = row_count,
    .cell = cell,
    .note = note,
};

static void
draw(struct view *view, struct canvas *canvas, const struct area *area)
{
	struct v_history *my = self(view);
	char key[WORDS_KEY_MAX];
	struct layout layout;
	struct str out;

	columns_layout(columns, COLUMNS, area->columns - GUTTER, &layout);
	my->room = layout.width[COLUMN_FIELDS];
	if (my->count > 0) {
		form_draw(&my->form, canvas, area);
		return;
	}
	str_init(&out, 512);
	str_addf(&out,
	    "Nothing of this contact was part of a sync yet, as far as belay "
	    "remembers (history.keep in the config). %s shows what would be "
	    "sent.",
	    words_key(my->desk, SCOPE_CONTACT, DESK_PLAN, key));
	canvas_paragraph(canvas, area, 0, 1, STYLE_DIM, out.data);
	str_release(&out);
}

static void
refresh(struct view *view)
{
	struct v_history *my = self(view);

	my->count = my->desk->sync
			? history_of_contact(my->desk->sync, my->row, my->rows)
			: 0;
}

static void
title(struct view *view, struct str *out)
{
	str_addf(out, "History of %s", self(view)->name);
}

static const int *
hints(struct view *view)
{
	static const int all[] = {ACTION_DOWN, DESK_PLAN, DESK_QUOTE,
	    ACTION_BACK, ACTION_HELP, ACTION_NONE};

	(void)view;
	return all;
}

static enum view_result
act(struct view *view, const struct action *action, struct err *err)
{
	(void)err;
	return form_act(&self(view)->form, action->id) ? VIEW_DONE
						       : VIEW_NOT_MINE;
}

static enum view_result
click(struct view *view, int row, int column, struct err *err)
{
	return form_click(&self(view)->form, row, column, err);
}

static void
destroy(struct view *view)
{
	struct v_history *my = self(view);

	form_release(&my->form);
	free(my->rows);
	free(view);
}

static const struct view_ops ops = {
    .name = "history",
    .scope = SCOPE_HISTORY,
    .draw = draw,
    .refresh = refresh,
    .act = act,
    .click = click,
    .title = title,
    .hints = hints,
    .destroy = destroy,
};

uint32_t
v_history_row(const struct view *view)
{
	return ((const struct v_history *)view)->row;
}

struct view *
v_history_new(struct desk *desk, uint32_t row)
{
	struct v_history *my = (struct v_history *)view_new(&ops, sizeof(*my));

	my->desk = desk;
	my->row = row;
	my->rows = mem_resize(NULL, HISTORY_ROWS, sizeof(*my->rows));
	book_contact(desk->book, row, &desk->contact);
	str_copy(my->name, sizeof(my->name), desk->contact.name);
	form_init(&my->form, &form_ops, my, columns, COLUMNS, COLUMN_FIELDS);
	refresh(&my->view);
	return &my->view;
}
