/* SPDX-License-Identifier: MIT */
/*
 * The mapping in force: what gives which field, what one contact and the whole
 * book come to by it, what is wrong with how many. A change is checked, written
 * into the config and in force at once; undo puts the config's bytes back.
 *
 * What the book comes to is counted in slices between keys, anew when any value
 * may be another (the book's revision). The rules are those of the file on
 * disk, read again whenever another config came into force.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"
#include "book/book.h"
#include "book/config.h"
#include "book/coverage.h"
#include "book/decision.h"
#include "book/mapping.h"
#include "book/mapping_file.h"
#include "book/propose.h"
#include "desk/actions.h"
#include "desk/mapping_form.h"
#include "desk/mapping_rules.h"
#include "desk/settings.h"
#include "desk/words.h"
#include "tui/prompt.h"
#include "tui/view.h"

enum {
	SENTENCE_MAX = 1024,
	HINTS_MAX = 16,
	SLICE_MS = 1,
	SLICE_ROWS = 32,
};

struct v_mapping {
	struct view view;
	struct desk *desk;
	struct mapping_form form;
	uint64_t generation; /* of the config that the rules are of */
	struct coverage coverage;
	uint64_t counted; /* the book's revision that coverage is of */
	bool counting;
	bool looking; /* at what the columns hold */
	struct contact contact;
	uint32_t row;
	struct history rules; /* typed before */
	char *asked;          /* the rule of the ID that is being asked about */
	int hints[HINTS_MAX];
	char why[ERR_TEXT_MAX]; /* there are no rules to show; or "" */
};

static struct v_mapping *
self(struct view *view)
{
	return (struct v_mapping *)view;
}

uint32_t
v_mapping_row(const struct view *view)
{
	return ((const struct v_mapping *)view)->row;
}

/* ---- the rules ------------------------------------------------------------
 */

/* A file that is wrong now leaves the rules of before, which are in force. */
static void
read_rules(struct v_mapping *my)
{
	struct err err = ERR_INIT;
	struct proposal *proposal;

	my->generation = my->desk->config_generation;
	my->why[0] = '\0';
	if (!mapping_rules_read(my->desk, &err))
		str_copy(my->why, sizeof(my->why), err.text);
	if (!mapping_rules_known(my->desk))
		return;
	proposal = mapping_rules_show(my->desk, my->form.proposal, &err);
	if (!proposal)
		str_copy(my->why, sizeof(my->why), err.text);
	else if (proposal == my->form.proposal)
		mapping_form_update(&my->form);
	else
		mapping_form_use(&my->form, proposal);
	my->looking = proposal != NULL;
}

static void
refresh(struct view *view)
{
	struct v_mapping *my = self(view);
	struct book *book = my->desk->book;

	/* what stands above borrows the rules that it was shown */
	if (screen_top(view->screen) == view &&
	    (!my->form.proposal ||
		my->generation != my->desk->config_generation))
		read_rules(my);
	if (my->row >= book_count(book))
		my->row = 0;
	if (my->row < book_count(book))
		book_contact(book, my->row, &my->contact);
	if (my->counted == book_revision(book))
		return;
	my->counted = book_revision(book);
	coverage_begin(&my->coverage);
	my->counting = true;
}

/* Columns are looked at first: there are few of them. */
static void
look(struct v_mapping *my, int64_t end)
{
	while (my->looking && clock_monotonic(my->desk->clock) < end)
		my->looking = proposal_look(my->form.proposal);
	/* not under a picker, whose list they are */
	if (!my->looking && screen_top(my->view.screen) == &my->view)
		mapping_form_update(&my->form);
}

bool
v_mapping_work(struct view *view)
{
	struct v_mapping *my = self(view);
	struct book *book = my->desk->book;
	int64_t end = clock_monotonic(my->desk->clock) + SLICE_MS;
	bool whole = book_loaded(book) || book_broken(book);

	if (my->looking)
		look(my, end);
	else if (!my->counting || !whole)
		return false;
	while (my->counting && whole && clock_monotonic(my->desk->clock) < end)
		my->counting = coverage_more(
		    &my->coverage, book, &my->desk->contact, SLICE_ROWS);
	my->desk->background = true;
	return my->looking || (my->counting && whole);
}

/* ---- drawing --------------------------------------------------------------
 */

static void
draw_head(
    const struct v_mapping *my, struct canvas *canvas, const struct area *area)
{
	const struct coverage *coverage = &my->coverage;
	uint32_t count = book_count(my->desk->book);
	char line[SENTENCE_MAX], right[320];
	enum style style = STYLE_NORMAL;
	int width;

	if (my->counting)
		snprintf(line, sizeof(line),
		    "%u contact%s: counting, %u%% looked at", count,
		    count == 1 ? "" : "s",
		    count ? (unsigned)((uint64_t)coverage->rows * 100 / count)
			  : 0);
	else
		snprintf(line, sizeof(line),
		    "%u contact%s: %u could be sent, %u could not", count,
		    count == 1 ? "" : "s", coverage->sendable,
		    coverage->blocked);
	if (!my->counting && coverage->blocked > 0)
		style = STYLE_WARNING;
	snprintf(
	    right, sizeof(right), "row %u: %s", my->row + 1, my->contact.name);
	canvas_box(
	    canvas, area, 0, 1, area->columns - 2, ALIGN_LEFT, style, line);
	width = area->columns - (int)strlen(line) - 4;
	if (count > 0 && width >= 16)
		canvas_box(canvas, area, 0, (int)strlen(line) + 3, width,
		    ALIGN_RIGHT, STYLE_DIM, right);
	canvas_rule(canvas, area, 1);
}

static void
draw(struct view *view, struct canvas *canvas, const struct area *area)
{
	struct v_mapping *my = self(view);

	if (!my->form.proposal)
		canvas_paragraph(canvas, area, 0, 1, STYLE_BAD, my->why);
	else if (mapping_form_draw(&my->form, canvas, area))
		draw_head(my, canvas, area);
}

static void
title(struct view *view, struct str *out)
{
	const struct desk *desk = self(view)->desk;
	const char *name;

	str_add(out, "Mapping");
	if (!desk->config->mapping || !desk->mapping_file)
		return;
	name = file_name(mapping_file_path(desk->mapping_file));
	str_add(out, ": ");
	text_clean(out, name, strlen(name));
}

static enum style
note(struct view *view, struct str *out)
{
	const struct v_mapping *my = self(view);
	enum field field = mapping_form_field(&my->form);

	if (*my->why) {
		text_clean(out, my->why, strlen(my->why));
		return STYLE_BAD;
	}
	if (field == FIELD_COUNT)
		str_add(out, "a column that no field takes");
	else
		str_addf(out, "%s: %s", field_table[field].label,
		    field_table[field].help);
	return STYLE_DIM;
}

static const int *
hints(struct view *view)
{
	struct v_mapping *my = self(view);
	const struct proposal_field *here = NULL;
	enum field field = mapping_form_field(&my->form);
	size_t count = 0;

	if (my->form.proposal && field != FIELD_COUNT)
		here = proposal_field(my->form.proposal, field);
	const int order[] = {
	    DESK_CHOOSE,
	    DESK_SEARCH_NEXT,
	    DESK_SHOW_FOUND,
	    DESK_NEXT_CONTACT,
	    DESK_CONFIG,
	    here ? DESK_RULE : ACTION_NONE,
	    DESK_PIN,
	    here && here->rule ? DESK_LEAVE_OUT : ACTION_NONE,
	    my->desk->mapping_file &&
		    mapping_file_can_undo(my->desk->mapping_file)
		? DESK_UNDO
		: ACTION_NONE,
	    ACTION_BACK,
	    ACTION_HELP,
	};
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if (order[i] != ACTION_NONE)
			my->hints[count++] = order[i];
	my->hints[count] = ACTION_NONE;
	return my->hints;
}

/* ---- changing a rule ------------------------------------------------------
 */

static void
say_changed(const struct v_mapping *my, enum field field)
{
	const struct proposal_field *shown = proposal_field(
	    my->form.proposal, field);
	char undo[WORDS_KEY_MAX];

	screen_say(my->view.screen, STYLE_GOOD,
	    "%s: %s; written into %s, %s takes it back",
	    field_table[field].label,
	    shown->rule ? shown->from : "nothing gives it",
	    file_name(mapping_file_path(my->desk->mapping_file)),
	    words_key(my->desk, SCOPE_MAPPING, DESK_UNDO, undo));
}

static bool
change(
    struct v_mapping *my, enum field field, const char *rule, struct err *err)
{
	bool good;

	/* the config may have changed under a question or the picker */
	if (my->generation != my->desk->config_generation)
		read_rules(my);
	/* a rule whose column is not there is told before it is written */
	good = proposal_set(my->form.proposal, field, rule, err) &&
	       mapping_rules_set(my->desk, field, rule, err);
	read_rules(my);
	mapping_form_show(&my->form, field);
	if (good)
		say_changed(my, field);
	screen_stale(my->view.screen);
	return good;
}

static bool
answer_id(void *context, const char *text, struct err *err)
{
	struct v_mapping *my = context;
	char *rule = my->asked;
	bool good;

	(void)text;
	my->asked = NULL;
	good = change(my, FIELD_EXTERNAL_ID, rule, err);
	free(rule);
	return good;
}

/* Whom HealthSherpa has is known by their ID. */
static uint32_t
known_by_id(const struct v_mapping *my)
{
	uint32_t counts[STATUS_COUNT] = {0};

	if (my->desk->sync)
		sync_counts(my->desk->sync, counts);
	return counts[STATUS_SYNCED] + counts[STATUS_CHANGED] +
	       counts[STATUS_PARTIAL];
}

static bool
has_rules(const struct v_mapping *my, struct err *err)
{
	return my->form.proposal || err_set(err, ERR_USAGE, "%s", my->why);
}

static bool
may_change(const struct v_mapping *my, struct err *err)
{
	return has_rules(my, err) && settings_may(my->desk, err);
}

static void
ask_id(struct v_mapping *my, const char *rule)
{
	uint32_t known = known_by_id(my);
	struct prompt prompt = {
	    .choices = "y",
	    .context = my,
	    .answer = answer_id,
	};

	free(my->asked);
	my->asked = rule ? mem_strdup(rule) : NULL;
	snprintf(prompt.label, sizeof(prompt.label),
	    "Another ID? %u contact%s at HealthSherpa %s known by the ID of "
	    "now; with another one belay asks about each. y yes, Esc no",
	    known, known == 1 ? "" : "s", known == 1 ? "is" : "are");
	screen_ask(my->view.screen, &prompt);
}

static bool
set_rule(struct view *view, enum field field, const char *rule, struct err *err)
{
	struct v_mapping *my = self(view);

	if (!may_change(my, err))
		return false;
	if (str_blank(rule))
		rule = NULL;
	if (!rule && (field_table[field].flags & FIELD_REQUIRED))
		return err_set(err, ERR_USAGE,
		    "every contact needs the %s: choose a column that gives "
		    "it",
		    field_table[field].label);
	if (field != FIELD_EXTERNAL_ID || known_by_id(my) == 0)
		return change(my, field, rule, err);
	ask_id(my, rule);
	return true;
}

/* ---- pinning what was decided about a column --------------------------------
 */

/* The first thing decided about a field that is not pinned; else `found` tells
 * whether one is. */
static bool
find_decision(
    const struct v_mapping *my, enum field field, struct column_decision *found)
{
	struct column_decision list[COLUMN_DECISIONS_MAX];
	size_t count = book_loaded(my->desk->book)
			   ? book_decisions(my->desk->book, list)
			   : 0;

	*found = (struct column_decision){.pinned = false};
	for (size_t i = 0; i < count; i++) {
		if (list[i].field != field)
			continue;
		*found = list[i];
		if (!found->pinned)
			return true;
	}
	return false;
}

static bool
pin(struct v_mapping *my, const char *key, const char *value, struct err *err)
{
	enum field field = mapping_form_field(&my->form);
	bool good = mapping_rules_set_key(my->desk, field, key, value, err);

	read_rules(my);
	if (good)
		say_changed(my, field);
	screen_stale(my->view.screen);
	return good;
}

static bool
answer_pin(void *context, const char *text, struct err *err)
{
	static const struct {
		char choice;
		const char *key, *value;
	} pins[] = {
	    {'m', "date", "m/d/y"},
	    {'d', "date", "d/m/y"},
	    {'0', "date", "excel"},
	    {'4', "date", "excel1904"},
	    {'y', "invalid", "send"},
	};

	for (size_t i = 0; i < sizeof(pins) / sizeof(pins[0]); i++)
		if (pins[i].choice == *text)
			return pin(context, pins[i].key, pins[i].value, err);
	return true;
}

/* So that it is not decided anew by the next export's values. */
static void
ask_pin(struct v_mapping *my)
{
	static const struct {
		const char *choices, *words;
	} asked[] = {
	    [DECISION_DATE_ORDER] = {"md", "m month first, d day first"},
	    [DECISION_DATE_SYSTEM] = {"04", "0 days since 1900, 4 since 1904"},
	    [DECISION_ID_DIGITS] = {"y", "y the zeros are right"},
	};
	struct column_decision decision;
	struct prompt prompt = {.context = my, .answer = answer_pin};
	struct str words;

	find_decision(my, mapping_form_field(&my->form), &decision);
	str_init(&words, SENTENCE_MAX);
	decision_explain(&decision, &words);
	prompt.choices = asked[decision.kind].choices;
	snprintf(prompt.label, sizeof(prompt.label),
	    "%.150s. Pin it: %s, Esc no", words.data,
	    asked[decision.kind].words);
	str_release(&words);
	screen_ask(my->view.screen, &prompt);
}

static bool
step_back(struct v_mapping *my, bool back, struct err *err)
{
	enum field field = FIELD_COUNT;

	if (!may_change(my, err) ||
	    !mapping_rules_step(my->desk, back, &field, err))
		return false;
	read_rules(my);
	if (field != FIELD_COUNT)
		mapping_form_show(&my->form, field);
	screen_say(my->view.screen,
	    field == FIELD_COUNT ? STYLE_WARNING : STYLE_NORMAL, "%s%s in %s",
	    field == FIELD_COUNT ? "what was edited elsewhere" : "the rule",
	    back ? " is taken back" : " is made again",
	    file_name(mapping_file_path(my->desk->mapping_file)));
	screen_stale(my->view.screen);
	return true;
}

/* ---- acting ---------------------------------------------------------------
 */

/* The worst finding of the field under the cursor; FINDING_CODE_COUNT: none. */
static enum finding_code
found_here(const struct v_mapping *my)
{
	enum field field = mapping_form_field(&my->form);
	uint32_t count;

	return field == FIELD_COUNT
		   ? FINDING_CODE_COUNT
		   : coverage_finding(&my->coverage, field, 0, &count);
}

static bool
may(struct view *view, int action, struct err *err)
{
	const struct v_mapping *my = self(view);
	struct column_decision decision;

	if (!has_rules(my, err))
		return false;
	if (action == DESK_NEXT_CONTACT || action == DESK_PREVIOUS_CONTACT)
		return book_count(my->desk->book) > 1 ||
		       err_set(err, ERR_USAGE, "there is no other contact");
	if (action == DESK_PIN &&
	    !find_decision(my, mapping_form_field(&my->form), &decision))
		return err_set(err, ERR_USAGE,
		    decision.pinned ? "the mapping says already how this "
				      "column is read"
				    : "nothing was decided about this column "
				      "that could be pinned");
	if (action == DESK_SHOW_FOUND)
		return found_here(my) != FINDING_CODE_COUNT ||
		       err_set(
			   err, ERR_USAGE, "nothing was found in this field");
	if (action == DESK_SEARCH_NEXT)
		return mapping_form_trouble(&my->form) ||
		       err_set(err, ERR_USAGE,
			   my->counting ? "still counting: one moment"
					: "nothing is wrong");
	return may_change(my, err);
}

/* Those with the finding, in the list. */
static bool
show_found(struct v_mapping *my, struct err *err)
{
	struct view *below = my->view.below;
	char query[120];

	while (below && below->ops->scope != SCOPE_CONTACTS)
		below = below->below;
	if (!below)
		return err_set(err, ERR_USAGE, "there is no list here");
	snprintf(query, sizeof(query), "finding:%s/%s",
	    field_table[mapping_form_field(&my->form)].name,
	    finding_table[found_here(my)].code);
	if (!v_contacts_filter(below, query, err))
		return false;
	while (screen_top(my->view.screen) != below)
		screen_pop(my->view.screen);
	return true;
}

static void
go_to(struct v_mapping *my, bool back)
{
	uint32_t count = book_count(my->desk->book);

	if (count == 0)
		return;
	my->row = (my->row + (back ? count - 1 : 1)) % count;
	screen_stale(my->view.screen);
}

static void
edit_config(struct v_mapping *my)
{
	enum field field = mapping_form_field(&my->form);
	char key[80] = "mapping";

	if (field != FIELD_COUNT)
		snprintf(
		    key, sizeof(key), "mapping.%s", field_table[field].name);
	settings_edit(my->desk, key);
}

static enum view_result
result(bool good)
{
	return good ? VIEW_DONE : VIEW_REFUSED;
}

static enum view_result
change_here(struct v_mapping *my, int action, struct err *err)
{
	struct mapping_form *form = &my->form;

	if (!mapping_form_on_field(form, err))
		return VIEW_REFUSED;
	switch (action) {
	case DESK_RULE:
		mapping_form_ask_rule(form, &my->view, set_rule, &my->rules);
		return VIEW_DONE;
	case DESK_PIN: ask_pin(my); return VIEW_DONE;
	default:
		return result(
		    set_rule(&my->view, mapping_form_field(form), NULL, err));
	}
}

static enum view_result
act(struct view *view, const struct action *action, struct err *err)
{
	struct v_mapping *my = self(view);

	if (form_act(&my->form.form, action->id))
		return VIEW_DONE;
	switch (action->id) {
	case DESK_CHOOSE:
		mapping_form_choose(&my->form, view, set_rule);
		return VIEW_DONE;
	case DESK_RULE:
	case DESK_PIN:
	case DESK_LEAVE_OUT: return change_here(my, action->id, err);
	case DESK_UNDO: return result(step_back(my, true, err));
	case DESK_REDO: return result(step_back(my, false, err));
	case DESK_SEARCH_NEXT: mapping_form_next(&my->form); return VIEW_DONE;
	case DESK_SHOW_FOUND: return result(show_found(my, err));
	case DESK_NEXT_CONTACT: go_to(my, false); return VIEW_DONE;
	case DESK_PREVIOUS_CONTACT: go_to(my, true); return VIEW_DONE;
	case DESK_CONFIG: edit_config(my); return VIEW_DONE;
	default: return VIEW_NOT_MINE;
	}
}

static enum view_result
click(struct view *view, int row, int column, struct err *err)
{
	return form_click(&self(view)->form.form, row, column, err);
}

static void
destroy(struct view *view)
{
	struct v_mapping *my = self(view);

	mapping_form_release(&my->form);
	contact_release(&my->contact);
	history_clear(&my->rules);
	free(my->asked);
	free(view);
}

static const struct view_ops ops = {
    .name = "mapping",
    .scope = SCOPE_MAPPING,
    .draw = draw,
    .refresh = refresh,
    .resume = refresh,
    .act = act,
    .click = click,
    .may = may,
    .title = title,
    .note = note,
    .hints = hints,
    .destroy = destroy,
};

struct view *
v_mapping_new(struct desk *desk, uint32_t row)
{
	struct v_mapping *my = (struct v_mapping *)view_new(&ops, sizeof(*my));

	my->desk = desk;
	my->row = row == RECORDS_NONE ? 0 : row;
	my->counted = UINT64_MAX;
	contact_init(&my->contact);
	my->form.coverage = &my->coverage;
	my->form.contact = &my->contact;
	mapping_form_init(&my->form, desk);
	return &my->view;
}
