/* SPDX-License-Identifier: MIT */
/*
 * Changing values on the contact screen: typing in the file's column, taking
 * what a finding proposes, leaving a value out.
 *
 * Hazard: a masked value is not shown by starting to type: the line begins
 * empty, and what is typed replaces it.
 */
#include <string.h>
#include <strings.h>

#include "base/err.h"
#include "base/str.h"
#include "base/text.h"
#include "book/book.h"
#include "book/mapping.h"
#include "book/rules.h"
#include "desk/actions.h"
#include "desk/contact_form.h"
#include "desk/desk.h"
#include "desk/words.h"
#include "tui/completion.h"

static bool
is_error(const struct finding *finding)
{
	return finding && finding->severity == SEVERITY_ERROR;
}

/* ---- typing -------------------------------------------------------------- */

static bool
may_type(const struct contact_form *form, enum field field, struct err *err)
{
	const struct mapping *mapping = book_mapping(form->desk->book);
	const struct field_info *info = &field_table[field];
	struct str rule;

	if (info->kind == FIELD_KIND_LIST)
		return err_set(err, ERR_USAGE,
		    "%s are lists: change them in the file", info->label);
	if (form->contact.fields[field].column != CONTACT_NO_COLUMN)
		return true;
	if (!mapping_has(mapping, field))
		return err_set(err, ERR_USAGE,
		    "no column gives the %s: add one to the mapping in the "
		    "config",
		    info->label);
	str_init(&rule, 200);
	mapping_describe(mapping, field, &rule);
	err_set(err, ERR_USAGE,
	    "%s: made by the mapping (%s); change it in the file or in the "
	    "mapping",
	    info->label, rule.data);
	str_release(&rule);
	return false;
}

bool
contact_form_begin(void *context, size_t row, struct str *out, struct err *err)
{
	struct contact_form *form = context;
	enum field field = form->fields[row];
	const char *text;

	if (!may_type(form, field, err))
		return false;
	form->column = form->contact.fields[field].column;
	text = book_cell(form->desk->book, form->row, form->column);
	form->hidden = text && *text && contact_form_hidden(form, field);
	form->lines = text && !form->hidden && strpbrk(text, "\r\n");
	if (text && !form->hidden)
		str_add(out, text);
	str_reset(&form->draft);
	str_add(&form->draft, text ? text : "");
	form->typing = true;
	return true;
}

void
contact_form_change(void *context, size_t row, const char *text)
{
	struct contact_form *form = context;

	(void)row;
	str_reset(&form->draft);
	str_add(&form->draft, text);
	contact_form_load(form);
}

static void
stop(struct contact_form *form)
{
	form->typing = false;
	if (form->draft.len > 0)
		explicit_bzero(form->draft.data, form->draft.len);
	str_reset(&form->draft);
}

static void
tell_answer(struct contact_form *form, bool was_blocked)
{
	char save[WORDS_KEY_MAX], other[WORDS_KEY_MAX];

	contact_form_key(form, DESK_SAVE, save);
	if (was_blocked && !form->contact.blocked)
		screen_say(form->desk->screen, STYLE_GOOD,
		    "nothing blocks %s now: %s sends, %s saves the change into "
		    "the file",
		    form->contact.name,
		    contact_form_key(form, DESK_SYNC, other), save);
	else
		screen_say(form->desk->screen, STYLE_NORMAL,
		    "changed in '%s', not in the file yet: %s saves, %s takes "
		    "it back",
		    records_column_name(
			book_records(form->desk->book), form->column),
		    save, contact_form_key(form, DESK_UNDO, other));
}

bool
contact_form_answer(
    void *context, size_t row, const char *text, struct err *err)
{
	struct contact_form *form = context;
	bool was_blocked;

	(void)row;
	if (!book_set(form->desk->book, form->row, form->column, text, err))
		return false;
	stop(form);
	was_blocked = form->status.status == STATUS_BLOCKED;
	desk_row_changed(form->desk, form->row);
	contact_form_load(form);
	tell_answer(form, was_blocked);
	return true;
}

void
contact_form_cancel(void *context, size_t row)
{
	struct contact_form *form = context;

	(void)row;
	stop(form);
	contact_form_load(form);
}

/* ---- values of which there are few --------------------------------------- */

enum { CHOICES_TOLD = 8 };

bool
contact_form_choices(enum field field, struct str *out)
{
	unsigned count = 0;

	if (field_table[field].kind == FIELD_KIND_STATE) {
		str_add(out, "its name or two letters");
		return true;
	}
	for (const char *word; count < CHOICES_TOLD &&
			       (word = rules_choice(field, count)) != NULL;)
		str_addf(out, "%s%s", count++ ? ", " : "", word);
	return count > 0;
}

bool
contact_form_complete(
    void *context, size_t row, const char *before, struct str *out)
{
	const struct contact_form *form = context;
	struct completion completion = {.word = before, .len = strlen(before)};
	const char *word;

	for (unsigned i = 0;
	     (word = rules_choice(form->fields[row], i)) != NULL; i++)
		if (completion.len > 0 &&
		    strncasecmp(word, before, completion.len) == 0)
			completion_consider(&completion, word);
	return completion_add(&completion, out);
}

/* ---- what a finding proposes --------------------------------------------- */

static bool
same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* Whether the column would give the field alone, and without the finding. */
static bool
mends(const struct contact_form *form, const struct finding *finding)
{
	const struct contact_field *field =
	    &form->contact.fields[finding->field];
	struct contact would;
	bool good = true;

	contact_init(&would);
	book_contact_with(form->desk->book, form->row, field->column,
	    finding->suggestion, &would);
	for (unsigned i = 0; i < FIELD_COUNT; i++)
		good = good && (i == finding->field ||
				   same_text(would.fields[i].value,
				       form->contact.fields[i].value));
	good = good && would.fields[finding->field].value;
	for (unsigned i = 0; i < would.finding_count; i++)
		good = good && (would.findings[i].field != finding->field ||
				   would.findings[i].code != finding->code);
	contact_release(&would);
	return good;
}

/* The first finding of the field that proposes something; NULL: none does. */
static const struct finding *
proposal(const struct contact_form *form, enum field field)
{
	for (unsigned i = 0; i < form->contact.finding_count; i++)
		if (form->contact.findings[i].field == field &&
		    *form->contact.findings[i].suggestion)
			return &form->contact.findings[i];
	return NULL;
}

bool
contact_form_may_fix(const struct contact_form *form, struct err *err)
{
	enum field field = contact_form_field(form);
	const struct finding *finding = field != FIELD_COUNT
					    ? proposal(form, field)
					    : NULL;
	char name[WORDS_KEY_MAX];

	if (!finding)
		return err_set(
		    err, ERR_USAGE, "belay knows no better value for this one");
	if (contact_form_hidden(form, field))
		return err_set(err, ERR_USAGE,
		    "what is proposed is masked: %s shows it first",
		    contact_form_key(form, DESK_REVEAL, name));
	return (form->contact.fields[field].column != CONTACT_NO_COLUMN &&
		   mends(form, finding)) ||
	       err_set(err, ERR_USAGE,
		   "the column gives more than the %s: %s types it",
		   field_table[field].label,
		   contact_form_key(form, DESK_EDIT, name));
}

bool
contact_form_fix(struct contact_form *form, struct err *err)
{
	enum field field = contact_form_field(form);
	bool was_blocked = form->status.status == STATUS_BLOCKED;

	if (!contact_form_may_fix(form, err))
		return false;
	form->column = form->contact.fields[field].column;
	if (!book_set(form->desk->book, form->row, form->column,
		proposal(form, field)->suggestion, err))
		return false;
	desk_row_changed(form->desk, form->row);
	contact_form_load(form);
	tell_answer(form, was_blocked);
	return true;
}

/* ---- editing and leaving out --------------------------------------------- */

bool
contact_form_edit(struct contact_form *form, struct err *err)
{
	if (form->count == 0)
		return err_set(err, ERR_USAGE, "there is no field here");
	return form_edit(&form->form, err);
}

/* Whether a value may be left out: there is one, and it can be missed. */
static bool
may_leave_out(
    const struct contact_form *form, enum field field, struct err *err)
{
	const struct contact_field *value = &form->contact.fields[field];
	const struct field_info *info = &field_table[field];
	char name[WORDS_KEY_MAX];

	if (info->flags & FIELD_REQUIRED)
		return err_set(err, ERR_USAGE,
		    "HealthSherpa takes no contact without the %s: %s types it",
		    info->label, contact_form_key(form, DESK_EDIT, name));
	if (!value->raw && !value->value)
		return err_set(
		    err, ERR_USAGE, "there is no %s to leave out", info->label);
	if (mapping_never_sent(book_mapping(form->desk->book), field))
		return err_set(err, ERR_USAGE,
		    "the mapping says that the %s is never sent", info->label);
	if (value->left_out && !is_error(contact_form_problem(form, field)))
		return err_set(err, ERR_USAGE,
		    "the %s is left out already, as it is not right: %s types "
		    "it",
		    info->label, contact_form_key(form, DESK_EDIT, name));
	return true;
}

bool
contact_form_may_edit(const struct contact_form *form)
{
	struct err err = ERR_INIT;
	enum field field = contact_form_field(form);

	return field != FIELD_COUNT && may_type(form, field, &err);
}

bool
contact_form_may_leave_out(const struct contact_form *form)
{
	struct err err = ERR_INIT;
	enum field field = contact_form_field(form);

	return field != FIELD_COUNT &&
	       (book_left_out(form->desk->book, form->row, field) ||
		   may_leave_out(form, field, &err));
}

bool
contact_form_leave_out(struct contact_form *form, struct err *err)
{
	enum field field = contact_form_field(form);
	struct book *book = form->desk->book;
	char name[WORDS_KEY_MAX];
	bool out;

	if (field == FIELD_COUNT)
		return err_set(err, ERR_USAGE, "there is no field here");
	out = !book_left_out(book, form->row, field);
	if (out && !may_leave_out(form, field, err))
		return false;
	book_leave_out(book, form->row, field, out);
	desk_row_changed(form->desk, form->row);
	contact_form_load(form);
	if (out)
		screen_say(form->desk->screen, STYLE_NORMAL,
		    "the %s will not be sent for %s; %s takes that back",
		    field_table[field].label, form->contact.name,
		    contact_form_key(form, DESK_LEAVE_OUT, name));
	else
		screen_say(form->desk->screen, STYLE_NORMAL,
		    "the %s will be sent again for %s",
		    field_table[field].label, form->contact.name);
	return true;
}
