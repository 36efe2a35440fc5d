/* SPDX-License-Identifier: MIT */
/*
 * What a row of the contact screen says, and editing in it.
 *
 * Hazard: a masked value is not shown by starting to type: the line begins
 * empty, and what is typed replaces it.
 */
#include "desk/contact_form.h"

#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"
#include "book/book.h"
#include "book/config.h"
#include "book/mapping.h"
#include "desk/actions.h"
#include "desk/desk.h"
#include "desk/words.h"
#include "sync/list_union.h"

enum { COLUMN_FIELD, COLUMN_SENT, COLUMN_FROM, COLUMN_FILE };
enum { DRAFT_MAX = 64 << 10, GUTTER = 3, CUT_COLUMNS = 600 };

static const struct column columns[CONTACT_FORM_COLUMNS] = {
    [COLUMN_FIELD] = {"FIELD", 10, 17, 0, ALIGN_LEFT},
    [COLUMN_SENT] = {"WOULD BE SENT", 11, 36, 0, ALIGN_LEFT},
    [COLUMN_FROM] = {"FROM", 13, 32, 1, ALIGN_LEFT},
    [COLUMN_FILE] = {"IN THE FILE", 14, 60, 0, ALIGN_LEFT},
};

static const struct form_ops ops;

void
contact_form_init(struct contact_form *form, struct desk *desk, uint32_t row)
{
	form->desk = desk;
	form->row = row;
	contact_init(&form->contact);
	str_init(&form->draft, DRAFT_MAX);
	form_init(&form->form, &ops, form, columns, CONTACT_FORM_COLUMNS,
	    COLUMN_FILE);
}

void
contact_form_release(struct contact_form *form)
{
	contact_release(&form->contact);
	str_release(&form->draft);
	form_release(&form->form);
}

/* ---- the fields shown -----------------------------------------------------
 */

static bool
is_shown(const struct contact_form *form, enum field field)
{
	const struct field_info *info = &field_table[field];
	unsigned version = form->desk->config->version == SERVICE_V1 ? FIELD_V1
								     : FIELD_V2;

	if (form->contact.fields[field].raw || (info->flags & FIELD_REQUIRED))
		return true;
	return (info->flags & version) &&
	       mapping_has(book_mapping(form->desk->book), field);
}

void
contact_form_load(struct contact_form *form)
{
	struct book *book = form->desk->book;

	if (form->typing)
		book_contact_with(book, form->row, form->column,
		    form->draft.data, &form->contact);
	else
		book_contact(book, form->row, &form->contact);
	words_row(form->desk, form->row, &form->status);
	if (form->typing)
		return; /* no row may move away from under the cursor */
	form->count = 0;
	for (unsigned i = 0; i < FIELD_COUNT; i++)
		if (is_shown(form, (enum field)i))
			form->fields[form->count++] = (enum field)i;
}

enum field
contact_form_field(const struct contact_form *form)
{
	return form->form.cursor < form->count ? form->fields[form->form.cursor]
					       : FIELD_COUNT;
}

static const struct finding *
problem(const struct contact_form *form, enum field field)
{
	const struct finding *finding = contact_finding(&form->contact, field);

	return finding && finding->severity != SEVERITY_INFO ? finding : NULL;
}

static bool
is_error(const struct finding *finding)
{
	return finding && finding->severity == SEVERITY_ERROR;
}

void
contact_form_to_worst(struct contact_form *form)
{
	size_t best = form->form.cursor;
	bool found = false;

	for (size_t i = form->count; i-- > 0;) {
		const struct finding *finding = problem(form, form->fields[i]);

		if (!finding ||
		    (found && !is_error(finding) &&
			is_error(problem(form, form->fields[best]))))
			continue;
		best = i;
		found = true;
	}
	form_select(&form->form, best);
}

bool
contact_form_next_problem(struct contact_form *form, bool backwards)
{
	size_t count = form->count;

	for (size_t step = 1; step <= count; step++) {
		size_t i = (form->form.cursor +
			       (backwards ? count - step : step)) %
			   count;

		if (!problem(form, form->fields[i]))
			continue;
		form_select(&form->form, i);
		return true;
	}
	return false;
}

unsigned
contact_form_problems(const struct contact_form *form)
{
	unsigned count = 0;

	for (size_t i = 0; i < form->count; i++)
		count += problem(form, form->fields[i]) != NULL;
	return count;
}

unsigned
contact_form_left_out(const struct contact_form *form)
{
	unsigned count = 0;

	for (unsigned i = 0; i < FIELD_COUNT; i++)
		count += form->contact.fields[i].left_out &&
			 !mapping_never_sent(
			     book_mapping(form->desk->book), (enum field)i);
	return count;
}

/* ---- cells ----------------------------------------------------------------
 */

static void
add_sign(
    const struct contact_form *form, const struct glyph *glyph, struct str *out)
{
	str_add(out, form->desk->ascii ? glyph->ascii : glyph->sign);
	str_add_char(out, ' ');
}

static bool
is_hidden(const struct contact_form *form, enum field field)
{
	return (field_table[field].flags & FIELD_SENSITIVE) &&
	       !desk_revealed(form->desk, form->row);
}

static bool
is_changed(const struct contact_form *form, enum field field)
{
	return form->status.status == STATUS_CHANGED &&
	       form->status.changed[field] && !form->typing;
}

/* Why a field gives nothing to send, or "" when there simply is nothing. */
static const char *
absence(const struct contact_form *form, enum field field)
{
	const struct contact_field *value = &form->contact.fields[field];

	if (is_error(problem(form, field)))
		return value->raw ? "(blocked)" : "(missing)";
	return value->left_out ? "(left out)" : "(nothing)";
}

/* Whether the service knows the field, in the version in use. */
static bool
is_known(const struct contact_form *form, enum field field)
{
	return form->desk->config->version != SERVICE_V1 ||
	       (field_table[field].flags & FIELD_V1);
}

static void
sent_cell(const struct contact_form *form, enum field field, struct str *out,
    enum style *style)
{
	const struct finding *finding = problem(form, field);
	const struct contact_field *value = &form->contact.fields[field];

	if (is_error(finding)) {
		*style = STYLE_BAD;
		str_addf(out, "%s ", desk_glyph(form->desk, STATUS_BLOCKED));
	} else if (finding) {
		*style = STYLE_WARNING;
		add_sign(form, &glyph_warning, out);
	} else if (is_changed(form, field)) {
		*style = STYLE_CHANGED;
		str_addf(out, "%s ", desk_glyph(form->desk, STATUS_CHANGED));
	}
	if (mapping_never_sent(book_mapping(form->desk->book), field)) {
		*style = STYLE_DIM;
		str_add(out, "(never sent)");
	} else if (!is_known(form, field)) {
		*style = STYLE_DIM;
		str_add(out, "(not with v1)");
	} else if (value->value) {
		words_value(out, form->desk, form->row, field, value->value);
	} else {
		if (!finding)
			*style = STYLE_DIM;
		str_add(out, absence(form, field));
	}
}

static void
from_cell(const struct contact_form *form, enum field field, struct str *out,
    enum style *style)
{
	const struct mapping *mapping = book_mapping(form->desk->book);
	uint32_t column = form->contact.fields[field].column;
	struct str text;

	*style = STYLE_DIM;
	str_init(&text, 512);
	if (column != CONTACT_NO_COLUMN)
		str_add(&text, records_column_name(
				   book_records(form->desk->book), column));
	else if (mapping_has(mapping, field))
		mapping_describe(mapping, field, &text);
	else
		str_add(&text, "(no column)");
	text_clean(out, text.data, text.len);
	str_release(&text);
}

static void
file_cell(const struct contact_form *form, enum field field, struct str *out,
    enum style *style)
{
	const struct contact_field *value = &form->contact.fields[field];
	const char *cell = value->raw;

	if (value->column != CONTACT_NO_COLUMN) {
		cell = book_cell(form->desk->book, form->row, value->column);
		if (book_edited(form->desk->book, form->row, value->column)) {
			*style = STYLE_CHANGED;
			add_sign(form, &glyph_bullet, out);
		}
	}
	if (cell && *cell && field_table[field].kind == FIELD_KIND_LIST &&
	    value->value)
		list_names(out, cell);
	else if (cell && *cell)
		contact_show_value(out, field, cell, !is_hidden(form, field));
}

static void
cell(void *context, size_t row, int column, struct str *out, enum style *style)
{
	const struct contact_form *form = context;
	enum field field = form->fields[row];

	switch (column) {
	case COLUMN_FIELD: str_add(out, field_table[field].label); break;
	case COLUMN_SENT: sent_cell(form, field, out, style); break;
	case COLUMN_FROM: from_cell(form, field, out, style); break;
	case COLUMN_FILE: file_cell(form, field, out, style); break;
	default: break;
	}
}

static size_t
row_count(void *context)
{
	return ((const struct contact_form *)context)->count;
}

void
contact_form_draw(
    struct contact_form *form, struct canvas *canvas, const struct area *area)
{
	struct layout layout;

	columns_layout(
	    columns, CONTACT_FORM_COLUMNS, area->columns - GUTTER, &layout);
	for (int i = 0; i < CONTACT_FORM_COLUMNS; i++)
		form->widths[i] = layout.width[i];
	form_draw(&form->form, canvas, area);
}

/* ---- notes ----------------------------------------------------------------
 */

static const struct finding *
nth_finding(const struct contact_form *form, enum field field, size_t number,
    bool infos)
{
	const struct contact *contact = &form->contact;

	for (unsigned i = 0; i < contact->finding_count; i++) {
		const struct finding *finding = &contact->findings[i];

		if (finding->field != field ||
		    (finding->severity == SEVERITY_INFO && !infos))
			continue;
		if (number-- == 0)
			return finding;
	}
	return NULL;
}

static const char *
key(const struct contact_form *form, int action, char buffer[WORDS_KEY_MAX])
{
	return words_key(form->desk, SCOPE_CONTACT, action, buffer);
}

static void
add_suggestion(const char *suggestion, struct str *out)
{
	str_add(out, "Perhaps \"");
	text_clean(out, suggestion, strlen(suggestion));
	str_add(out, "\"? ");
}

/* "Perhaps "95814"? What to do: correct it. Enter: type it here." */
static void
advise(const struct contact_form *form, const struct finding *finding,
    struct str *out)
{
	enum field field = finding->field;
	const struct field_info *info = &field_table[field];
	const char *advice = finding_table[finding->code].advice;
	char name[WORDS_KEY_MAX];

	if (*finding->suggestion && !is_hidden(form, field))
		add_suggestion(finding->suggestion, out);
	str_addf(out, "What to do: %s.", advice);
	if (form->typing)
		return;
	if (form->contact.fields[field].column != CONTACT_NO_COLUMN)
		str_addf(out, " %s: type it here.", key(form, DESK_EDIT, name));
	if (is_error(finding) && form->contact.fields[field].raw &&
	    !(info->flags & FIELD_REQUIRED))
		str_addf(
		    out, " %s: leave it out.", key(form, DESK_LEAVE_OUT, name));
}

static void
tell_column(const struct contact_form *form, uint32_t column, struct str *out)
{
	const char *name = records_column_name(
	    book_records(form->desk->book), column);

	text_clean(out, name, strlen(name));
}

static void
remark_edited(const struct contact_form *form, uint32_t column, struct str *out)
{
	char save[WORDS_KEY_MAX], undo[WORDS_KEY_MAX];

	str_addf(out, "Changed, not in the file yet: %s saves it into '",
	    key(form, DESK_SAVE, save));
	tell_column(form, column, out);
	str_addf(out, "', %s takes it back.", key(form, DESK_UNDO, undo));
}

/* What is said while a value is typed. */
static bool
remark_typing(const struct contact_form *form, size_t number, struct str *out)
{
	char reveal[WORDS_KEY_MAX], type[WORDS_KEY_MAX];

	if (number > 0 || !(form->hidden || form->lines))
		return false;
	if (form->hidden)
		str_addf(out,
		    "What stood here is replaced by what you type; to correct "
		    "it instead: Esc, then %s, then %s.",
		    key(form, DESK_REVEAL, reveal), key(form, DESK_EDIT, type));
	else
		str_add(out,
		    "This value has several lines; changing it here makes "
		    "them one.");
	return true;
}

/* What a column shows, if that is more than it can. */
static bool
is_cut(const struct contact_form *form, enum field field, int column,
    struct str *text)
{
	enum style style = STYLE_NORMAL;

	if (column == COLUMN_SENT)
		sent_cell(form, field, text, &style);
	else
		file_cell(form, field, text, &style);
	return text_width(text->data) > form->widths[column];
}

/* A value that its column cuts, in full; the file's when it is another. */
static bool
remark_cut(const struct contact_form *form, enum field field, size_t number,
    struct str *out)
{
	const char *ellipsis = form->desk->ascii ? glyph_ellipsis.ascii
						 : glyph_ellipsis.sign;
	struct str sent, file;
	bool cut = true;

	str_init(&sent, DRAFT_MAX);
	str_init(&file, DRAFT_MAX);
	if (is_cut(form, field, COLUMN_SENT, &sent) && number-- == 0) {
		str_add(out, "Would be sent: ");
		text_fit(out, sent.data, CUT_COLUMNS, ellipsis);
	} else if (is_cut(form, field, COLUMN_FILE, &file) && number == 0 &&
		   strcmp(file.data, sent.data) != 0) {
		str_add(out, "In the file: ");
		text_fit(out, file.data, CUT_COLUMNS, ellipsis);
	} else {
		cut = false;
	}
	str_release(&sent);
	str_release(&file);
	return cut;
}

/*
 * What is said of the field under the cursor beside its findings; false when
 * there is nothing more.
 */
static bool
remark(const struct contact_form *form, enum field field, size_t number,
    struct str *out)
{
	const struct finding *finding = problem(form, field);
	uint32_t column = form->contact.fields[field].column;
	struct book *book = form->desk->book;
	char name[WORDS_KEY_MAX];
	size_t cuts = 0;

	if (finding && number-- == 0) {
		advise(form, finding, out);
		return true;
	}
	if (form->typing)
		return remark_typing(form, number, out);
	while (remark_cut(form, field, cuts, out)) {
		if (number-- == 0)
			return true;
		str_reset(out);
		cuts++;
	}
	if (column != CONTACT_NO_COLUMN &&
	    book_edited(book, form->row, column) && number-- == 0)
		remark_edited(form, column, out);
	else if (book_left_out(book, form->row, field) && number-- == 0)
		str_addf(out,
		    "Left out until you leave belay; %s sends it again.",
		    key(form, DESK_LEAVE_OUT, name));
	else if (is_changed(form, field) && number == 0)
		str_add(out,
		    "HealthSherpa has another value; this one would replace "
		    "it.");
	else
		return false;
	return true;
}

static bool
note(void *context, size_t row, size_t number, bool here, struct str *out,
    enum style *style)
{
	const struct contact_form *form = context;
	enum field field = form->fields[row];
	const struct finding *finding = nth_finding(form, field, number, here);
	size_t findings = 0;

	if (finding) {
		*style = finding->severity == SEVERITY_ERROR     ? STYLE_BAD
			 : finding->severity == SEVERITY_WARNING ? STYLE_WARNING
								 : STYLE_DIM;
		str_addf(out, "%s  %s", finding_table[finding->code].code,
		    finding->message);
		return true;
	}
	if (!here)
		return false;
	while (nth_finding(form, field, findings, true))
		findings++;
	*style = STYLE_DIM;
	return remark(form, field, number - findings, out);
}

/* ---- typing ---------------------------------------------------------------
 */

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

static bool
edit(void *context, size_t row, struct str *out, struct err *err)
{
	struct contact_form *form = context;
	enum field field = form->fields[row];
	const char *text;

	if (!may_type(form, field, err))
		return false;
	form->column = form->contact.fields[field].column;
	text = book_cell(form->desk->book, form->row, form->column);
	form->hidden = text && *text && is_hidden(form, field);
	form->lines = text && !form->hidden && strpbrk(text, "\r\n");
	if (text && !form->hidden)
		str_add(out, text);
	str_reset(&form->draft);
	str_add(&form->draft, text ? text : "");
	form->typing = true;
	return true;
}

static void
change(void *context, size_t row, const char *text)
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

	key(form, DESK_SAVE, save);
	if (was_blocked && !form->contact.blocked)
		screen_say(form->desk->screen, STYLE_GOOD,
		    "nothing blocks %s now: %s sends, %s saves the change into "
		    "the file",
		    form->contact.name, key(form, DESK_SYNC, other), save);
	else
		screen_say(form->desk->screen, STYLE_NORMAL,
		    "changed in '%s', not in the file yet: %s saves, %s takes "
		    "it back",
		    records_column_name(
			book_records(form->desk->book), form->column),
		    save, key(form, DESK_UNDO, other));
}

static bool
answer(void *context, size_t row, const char *text, struct err *err)
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

static void
cancel(void *context, size_t row)
{
	struct contact_form *form = context;

	(void)row;
	stop(form);
	contact_form_load(form);
}

static const struct form_ops ops = {
    .count = row_count,
    .cell = cell,
    .note = note,
    .edit = edit,
    .change = change,
    .answer = answer,
    .cancel = cancel,
};

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
		    info->label, key(form, DESK_EDIT, name));
	if (!value->raw && !value->value)
		return err_set(
		    err, ERR_USAGE, "there is no %s to leave out", info->label);
	if (mapping_never_sent(book_mapping(form->desk->book), field))
		return err_set(err, ERR_USAGE,
		    "the mapping says that the %s is never sent", info->label);
	if (value->left_out && !is_error(problem(form, field)))
		return err_set(err, ERR_USAGE,
		    "the %s is left out already, as it is not right: %s types "
		    "it",
		    info->label, key(form, DESK_EDIT, name));
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
		    key(form, DESK_LEAVE_OUT, name));
	else
		screen_say(form->desk->screen, STYLE_NORMAL,
		    "the %s will be sent again for %s",
		    field_table[field].label, form->contact.name);
	return true;
}
