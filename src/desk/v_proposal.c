/* SPDX-License-Identifier: MIT */
/*
 * A file that no mapping fits yet: what belay proposes, field by field, for
 * the agent to check. Nothing is in force until it is accepted.
 *
 * The proposal is made of the rows that are there when the screen first asks
 * for it, and once more when a short file has been read whole: its values tell
 * more than its first page. What the user has changed is never made anew.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"
#include "book/book.h"
#include "book/config.h"
#include "book/mapping.h"
#include "book/propose.h"
#include "desk/actions.h"
#include "desk/desk.h"
#include "desk/mapping_form.h"
#include "desk/settings.h"
#include "desk/words.h"
#include "tui/prompt.h"
#include "tui/view.h"

enum { SENTENCE_MAX = 1024, PLACE_MAX = 4096 };

/* What the user has said: this rule for that field. */
struct choice {
	enum field field;
	char *rule; /* NULL: nothing is to give it */
};

struct v_proposal {
	struct view view;
	struct desk *desk;
	struct mapping_form form;
	struct choice *choices; /* the first `chosen` of them are in the form */
	size_t choice_count, choice_room, chosen;
	struct history rules; /* typed before */
	bool whole;           /* made of all rows that it may look at */
	int hints[10];
	char why[ERR_TEXT_MAX]; /* there is no proposal; or "" */
};

static struct v_proposal *
self(struct view *view)
{
	return (struct v_proposal *)view;
}

/* ---- the proposal ---------------------------------------------------------
 */

/* Enough to tell, and each change of a rule still comes with its key. */
enum { LOOKED_AT = 2000 };

static bool
is_enough(const struct desk *desk)
{
	return book_loaded(desk->book) || book_broken(desk->book) ||
	       book_count(desk->book) >= LOOKED_AT;
}

static struct proposal *
propose(const struct desk *desk, struct err *err)
{
	return proposal_make(book_records(desk->book),
	    source_format_name(book_source(desk->book)), NULL, LOOKED_AT, err);
}

static void
refresh(struct view *view)
{
	struct v_proposal *my = self(view);
	struct desk *desk = my->desk;
	struct err err = ERR_INIT;
	struct proposal *proposal;

	if (my->form.proposal &&
	    (my->chosen > 0 || my->whole || !is_enough(desk)))
		return;
	/* what stands above borrows the proposal that it was shown */
	if (screen_top(view->screen) != view)
		return;
	proposal = propose(desk, &err);
	str_copy(my->why, sizeof(my->why), proposal ? "" : err.text);
	if (!proposal)
		return;
	mapping_form_use(&my->form, proposal);
	my->whole = is_enough(desk);
}

/* ---- drawing --------------------------------------------------------------
 */

static void
draw_head(
    const struct v_proposal *my, struct canvas *canvas, const struct area *area)
{
	const struct proposal_totals *totals = proposal_totals(
	    my->form.proposal);
	const struct preset *preset = proposal_preset(my->form.proposal);
	bool known = strcmp(preset->name, PRESET_GENERIC) != 0;
	char line[SENTENCE_MAX], right[120];
	int room;

	snprintf(line, sizeof(line),
	    "%u contact%s%s: %u could be sent, %u could not", totals->rows,
	    totals->rows == 1 ? "" : "s",
	    totals->rows < book_count(my->desk->book) ? " looked at" : "",
	    totals->sendable, totals->blocked);
	snprintf(right, sizeof(right), "%s%s",
	    known ? "looks like: " : "no CRM that belay knows",
	    known ? preset->label : "");
	room = area->columns - (int)strlen(right) - 3;
	if (room < (int)strlen(line))
		room = area->columns - 2;
	else
		canvas_box(canvas, area, 0, room + 1, area->columns - room - 2,
		    ALIGN_RIGHT, STYLE_DIM, right);
	canvas_box(canvas, area, 0, 1, room, ALIGN_LEFT,
	    totals->sendable > 0 ? STYLE_NORMAL : STYLE_WARNING, line);
	canvas_rule(canvas, area, 1);
}

static void
draw(struct view *view, struct canvas *canvas, const struct area *area)
{
	struct v_proposal *my = self(view);

	if (!my->form.proposal)
		canvas_paragraph(canvas, area, 0, 1,
		    *my->why ? STYLE_BAD : STYLE_DIM,
		    *my->why                      ? my->why
		    : book_broken(my->desk->book) ? "the file could not be read"
						  : "reading the file ...");
	else if (mapping_form_draw(&my->form, canvas, area))
		draw_head(my, canvas, area);
}

static void
title(struct view *view, struct str *out)
{
	const char *path = source_path(book_source(self(view)->desk->book));

	str_add(out, "Mapping: ");
	text_clean(out, file_name(path), strlen(file_name(path)));
}

static enum style
note(struct view *view, struct str *out)
{
	struct v_proposal *my = self(view);
	unsigned questions = mapping_form_questions(&my->form);
	char key[WORDS_KEY_MAX];
	enum field missing;

	if (!my->form.proposal)
		return STYLE_DIM;
	if (questions > 0)
		str_addf(out,
		    "Please check: %u question%s (%s goes to the next). ",
		    questions, questions == 1 ? "" : "s",
		    words_key(my->desk, SCOPE_PROPOSAL, DESK_SEARCH_NEXT, key));
	missing = mapping_form_missing(&my->form);
	if (missing != FIELD_COUNT) {
		str_addf(out,
		    questions > 0
			? "No %s yet"
			: "Nothing gives the %s yet, and every contact needs "
			  "one",
		    field_table[missing].label);
		return STYLE_WARNING;
	}
	str_addf(out, "%s uses it as it stands here",
	    words_key(my->desk, SCOPE_PROPOSAL, DESK_ACCEPT, key));
	return questions > 0 ? STYLE_WARNING : STYLE_NORMAL;
}

/* Whether it is asked if what the row under the cursor has is right. */
static bool
has_question(const struct v_proposal *my)
{
	enum field field = mapping_form_field(&my->form);
	const struct proposal_field *here;

	if (!my->form.proposal || field == FIELD_COUNT)
		return false;
	here = proposal_field(my->form.proposal, field);
	return here->question && here->rule;
}

static const int *
hints(struct view *view)
{
	struct v_proposal *my = self(view);
	const int order[] = {
	    has_question(my) ? DESK_CONFIRM : DESK_ACCEPT,
	    DESK_CHOOSE,
	    mapping_form_questions(&my->form) > 0 ? DESK_SEARCH_NEXT
						  : ACTION_NONE,
	    has_question(my) ? DESK_ACCEPT : ACTION_NONE,
	    DESK_LEAVE_OUT,
	    DESK_RULE,
	    ACTION_BACK,
	    ACTION_HELP,
	};
	size_t count = 0;

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if (order[i] != ACTION_NONE)
			my->hints[count++] = order[i];
	my->hints[count] = ACTION_NONE;
	return my->hints;
}

/* ---- changing a rule ------------------------------------------------------
 */

static void
forget_choices(struct v_proposal *my, size_t from)
{
	while (my->choice_count > from)
		free(my->choices[--my->choice_count].rule);
}

static bool
set_rule(struct view *view, enum field field, const char *rule, struct err *err)
{
	struct v_proposal *my = self(view);

	if (!proposal_set(my->form.proposal, field, rule, err))
		return false;
	forget_choices(my, my->chosen);
	my->choices = mem_grow(my->choices, &my->choice_room,
	    my->choice_count + 1, sizeof(*my->choices));
	my->choices[my->choice_count++] = (struct choice){
	    .field = field,
	    .rule = rule ? mem_strdup(rule) : NULL,
	};
	my->chosen = my->choice_count;
	mapping_form_update(&my->form);
	mapping_form_show(&my->form, field);
	screen_dirty(view->screen);
	return true;
}

/* The same rule, but chosen by somebody. */
static bool
confirm(struct v_proposal *my, enum field field, struct err *err)
{
	char *same = mem_strdup(proposal_field(my->form.proposal, field)->rule);
	bool good = set_rule(&my->view, field, same, err);

	free(same);
	if (good)
		mapping_form_next(&my->form);
	return good;
}

/*
 * A choice taken back: the proposal is made anew, for what it asked and why
 * is then as it was, and the choices before it are made again.
 */
static bool
take_back(struct v_proposal *my, struct err *err)
{
	struct proposal *proposal;
	bool good;

	if (my->chosen == 0)
		return err_set(err, ERR_USAGE, "there is nothing to undo");
	proposal = propose(my->desk, err);
	good = proposal != NULL;
	for (size_t i = 0; good && i + 1 < my->chosen; i++)
		good = proposal_set(
		    proposal, my->choices[i].field, my->choices[i].rule, err);
	if (!good) {
		proposal_free(proposal);
		return false;
	}
	mapping_form_use(&my->form, proposal);
	my->chosen--;
	mapping_form_show(&my->form, my->choices[my->chosen].field);
	return true;
}

static bool
make_again(struct v_proposal *my, struct err *err)
{
	const struct choice *choice = my->choices + my->chosen;

	if (my->chosen == my->choice_count)
		return err_set(err, ERR_USAGE, "there is nothing to redo");
	if (!proposal_set(my->form.proposal, choice->field, choice->rule, err))
		return false;
	my->chosen++;
	mapping_form_update(&my->form);
	mapping_form_show(&my->form, choice->field);
	return true;
}

static bool
leave_out(struct v_proposal *my, enum field field, struct err *err)
{
	const struct proposal_field *proposed = proposal_field(
	    my->form.proposal, field);

	if (!proposed->rule && !proposed->question)
		return err_set(err, ERR_USAGE, "nothing gives the %s as it is",
		    field_table[field].label);
	return set_rule(&my->view, field, NULL, err);
}

/* ---- accepting ------------------------------------------------------------
 */

/* Whether the mapping and the result columns go together: nothing is written
 * that could not be in force. */
static bool
fits(const struct v_proposal *my, struct err *err)
{
	const struct desk *desk = my->desk;
	struct config trial = *desk->config;
	struct str problems;
	bool good;

	str_init(&problems, PLACE_MAX);
	trial.mapping = proposal_mapping(my->form.proposal);
	good = book_fits(desk->book, &trial, &problems) ||
	       err_set(err, ERR_CONFIG, "%.*s",
		   (int)strcspn(problems.data, "\n"), problems.data);
	mapping_free(trial.mapping);
	str_release(&problems);
	return good;
}

/* Also what comes next: who has just begun has no login in the config yet. */
static void
tell_saved(struct desk *desk, const char *place)
{
	struct err missing = ERR_INIT;
	char key[WORDS_KEY_MAX];

	if (config_ready_to_send(desk->config, &missing))
		screen_say(desk->screen, STYLE_GOOD,
		    "in use now, and written into %s", place);
	else if (config_wants_agent(desk->config) ||
		 config_wants_secret(desk->config))
		screen_say(desk->screen, STYLE_GOOD,
		    "in use now, and written into %s; the first sync (%s) asks "
		    "for your HealthSherpa e-mail and your agency's API key",
		    place, words_key(desk, SCOPE_CONTACTS, DESK_SYNC, key));
	else
		screen_say(desk->screen, STYLE_WARNING,
		    "in use now, and written into %s; before you can sync: %s "
		    "(%s opens the config)",
		    place, missing.text,
		    words_key(desk, SCOPE_CONTACTS, DESK_CONFIG, key));
}

static bool
answer_accept(void *context, const char *text, struct err *err)
{
	struct v_proposal *my = context;
	struct desk *desk = my->desk;
	struct str place;
	bool good;

	(void)text;
	str_init(&place, PLACE_MAX);
	good = fits(my, err) && mapping_form_save(&my->form, &place, err) &&
	       settings_take(desk, err);
	if (good) {
		tell_saved(desk, place.data);
		screen_pop(desk->screen);
	}
	str_release(&place);
	return good;
}

/* What gives the ID is the one thing that cannot be changed later. */
static void
ask_accept(struct v_proposal *my)
{
	const struct proposal_field *id = proposal_field(
	    my->form.proposal, FIELD_EXTERNAL_ID);
	unsigned questions = mapping_form_questions(&my->form);
	char open[40] = "";
	struct prompt prompt = {
	    .choices = "y",
	    .context = my,
	    .answer = answer_accept,
	};

	if (questions > 0)
		snprintf(open, sizeof(open), " with %u question%s open",
		    questions, questions == 1 ? "" : "s");
	snprintf(prompt.label, sizeof(prompt.label),
	    "Use this mapping%s? The ID (%.60s) cannot be changed later. "
	    "y yes, Esc no",
	    open, id->from);
	screen_ask(my->view.screen, &prompt);
}

/* ---- leaving ---------------------------------------------------------------
 */

static bool
answer_leave(void *context, const char *text, struct err *err)
{
	struct v_proposal *my = context;

	(void)text;
	(void)err;
	screen_pop(my->view.screen);
	return true;
}

/* What was chosen here is nowhere else. */
static void
ask_leave(struct v_proposal *my)
{
	struct prompt prompt = {
	    .choices = "y",
	    .context = my,
	    .answer = answer_leave,
	};
	char key[WORDS_KEY_MAX];

	snprintf(prompt.label, sizeof(prompt.label),
	    "Leave without using this mapping? Your %zu change%s to it %s "
	    "lost; %s uses it. y leaves, Esc stays",
	    my->chosen, my->chosen == 1 ? "" : "s",
	    my->chosen == 1 ? "is" : "are",
	    words_key(my->desk, SCOPE_PROPOSAL, DESK_ACCEPT, key));
	screen_ask(my->view.screen, &prompt);
}

/* ---- acting ---------------------------------------------------------------
 */

static bool
may(struct view *view, int action, struct err *err)
{
	const struct v_proposal *my = self(view);
	enum field missing;

	if (!my->form.proposal)
		return err_set(err, ERR_USAGE, "%s",
		    *my->why ? my->why
			     : "the file is still being read: one moment");
	if (action == DESK_CONFIRM)
		return has_question(my) ||
		       err_set(
			   err, ERR_USAGE, "nothing here is to be confirmed");
	if (action != DESK_ACCEPT)
		return true;
	if (!desk_may_change(my->desk, err) || !settings_may(my->desk, err))
		return false;
	missing = mapping_form_missing(&my->form);
	if (missing != FIELD_COUNT)
		return err_set(err, ERR_USAGE,
		    "nothing gives the %s yet, and every contact needs one: "
		    "choose a column",
		    field_table[missing].label);
	return true;
}

static enum view_result
result(bool good)
{
	return good ? VIEW_DONE : VIEW_REFUSED;
}

static enum view_result
act(struct view *view, const struct action *action, struct err *err)
{
	struct v_proposal *my = self(view);
	enum field field = mapping_form_field(&my->form);

	if (form_act(&my->form.form, action->id))
		return VIEW_DONE;
	switch (action->id) {
	case DESK_CHOOSE:
		mapping_form_choose(&my->form, view, set_rule);
		return VIEW_DONE;
	case DESK_LEAVE_OUT:
		return result(mapping_form_on_field(&my->form, err) &&
			      leave_out(my, field, err));
	case DESK_RULE:
		if (!mapping_form_on_field(&my->form, err))
			return VIEW_REFUSED;
		mapping_form_ask_rule(&my->form, view, set_rule, &my->rules);
		return VIEW_DONE;
	case DESK_ACCEPT: ask_accept(my); return VIEW_DONE;
	case DESK_CONFIRM: return result(confirm(my, field, err));
	case ACTION_BACK:
	case ACTION_LEAVE:
		if (my->chosen == 0)
			return VIEW_NOT_MINE;
		ask_leave(my);
		return VIEW_DONE;
	case DESK_UNDO: return result(take_back(my, err));
	case DESK_REDO: return result(make_again(my, err));
	case DESK_SEARCH_NEXT:
		return result(
		    mapping_form_next(&my->form) ||
		    err_set(err, ERR_USAGE, "there is no question left"));
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
	struct v_proposal *my = self(view);

	mapping_form_release(&my->form);
	forget_choices(my, 0);
	free(my->choices);
	history_clear(&my->rules);
	free(view);
}

static const struct view_ops ops = {
    .name = "proposal",
    .scope = SCOPE_PROPOSAL,
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
v_proposal_new(struct desk *desk)
{
	struct v_proposal *my = (struct v_proposal *)view_new(
	    &ops, sizeof(*my));

	my->desk = desk;
	mapping_form_init(&my->form, desk);
	return &my->view;
}
