/* SPDX-License-Identifier: MIT */
/*
 * The rows of the contact screen and their cells. What is said below a row is
 * in contact_notes.c, what changes values in contact_edit.c.
 */
#include "desk/contact_form.h"

#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "base/text.h"
#include "book/book.h"
#include "book/config.h"
#include "book/mapping.h"
#include "desk/actions.h"
#include "desk/desk.h"
#include "desk/words.h"
#include "sync/list_union.h"

enum { GUTTER = 3 };

static const struct column columns[CONTACT_FORM_COLUMNS] = {
    [CONTACT_COLUMN_FIELD] = {"FIELD", 10, 17, 0, ALIGN_LEFT},
    [CONTACT_COLUMN_SENT] = {"WOULD BE SENT", 11, 36, 0, ALIGN_LEFT},
    [CONTACT_COLUMN_FROM] = {"FROM", 13, 32, 1, ALIGN_LEFT},
    [CONTACT_COLUMN_FILE] = {"IN THE FILE", 14, 60, 0, ALIGN_LEFT},
    [CONTACT_COLUMN_UPDATE] = {"UPDATE", 7, 7, 2, ALIGN_LEFT},
};

static const struct form_ops ops;

void
contact_form_init(struct contact_form *form, struct desk *desk, uint32_t row)
{
	form->desk = desk;
	form->row = row;
	contact_init(&form->contact);
	str_init(&form->draft, CONTACT_DRAFT_MAX);
	form_init(&form->form, &ops, form, columns, CONTACT_FORM_COLUMNS,
	    CONTACT_COLUMN_FILE);
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

const struct finding *
contact_form_problem(const struct contact_form *form, enum field field)
{
	const struct finding *finding = contact_finding(&form->contact, field);

	return finding && finding->severity != SEVERITY_INFO ? finding : NULL;
}

static bool
is_error(const struct finding *finding)
{
	return finding && finding->severity == SEVERITY_ERROR;
}

const char *
contact_form_key(const struct contact_form *form, int action, char *buffer)
{
	return words_key(form->desk, SCOPE_CONTACT, action, buffer);
}

void
contact_form_to_worst(struct contact_form *form)
{
	size_t best = form->form.cursor;
	bool found = false;

	for (size_t i = form->count; i-- > 0;) {
		const struct finding *finding = contact_form_problem(
		    form, form->fields[i]);

		if (!finding || (found && !is_error(finding) &&
				    is_error(contact_form_problem(
					form, form->fields[best]))))
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

		if (!contact_form_problem(form, form->fields[i]))
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
		count += contact_form_problem(form, form->fields[i]) != NULL;
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

/* Whether the service knows the field, in the version in use. */
static bool
is_known(const struct contact_form *form, enum field field)
{
	return form->desk->config->version != SERVICE_V1 ||
	       (field_table[field].flags & FIELD_V1);
}

unsigned
contact_form_sent(const struct contact_form *form)
{
	unsigned count = 0;

	for (unsigned i = 0; i < FIELD_COUNT; i++)
		count += form->contact.fields[i].value &&
			 !(field_table[i].flags & FIELD_BESIDE) &&
			 is_known(form, (enum field)i);
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

bool
contact_form_hidden(const struct contact_form *form, enum field field)
{
	return (field_table[field].flags & FIELD_SENSITIVE) &&
	       !desk_revealed(form->desk, form->row);
}

bool
contact_form_changed(const struct contact_form *form, enum field field)
{
	return form->status.status == STATUS_CHANGED &&
	       form->status.changed[field] && !form->typing;
}

/* Why a field gives nothing to send, or "" when there simply is nothing. */
static const char *
absence(const struct contact_form *form, enum field field)
{
	const struct contact_field *value = &form->contact.fields[field];

	if (is_error(contact_form_problem(form, field)))
		return value->raw ? "(blocked)" : "(missing)";
	return value->left_out ? "(left out)" : "(nothing)";
}

static void
sent_cell(const struct contact_form *form, enum field field, struct str *out,
    enum style *style)
{
	const struct finding *finding = contact_form_problem(form, field);
	const struct contact_field *value = &form->contact.fields[field];

	if (is_error(finding)) {
		*style = STYLE_BAD;
		str_addf(out, "%s ", desk_glyph(form->desk, STATUS_BLOCKED));
	} else if (finding) {
		*style = STYLE_WARNING;
		add_sign(form, &glyph_warning, out);
	} else if (contact_form_changed(form, field)) {
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
		contact_show_value(
		    out, field, cell, !contact_form_hidden(form, field));
}

/* A create sends all; of an update it is said what goes. */
static void
update_cell(const struct contact_form *form, enum field field, struct str *out,
    enum style *style)
{
	*style = STYLE_CHANGED;
	if (contact_form_changed(form, field))
		str_add(out, "changed");
}

void
contact_form_cell(
    void *context, size_t row, int column, struct str *out, enum style *style)
{
	const struct contact_form *form = context;
	enum field field = form->fields[row];

	switch (column) {
	case CONTACT_COLUMN_FIELD:
		str_add(out, field_table[field].label);
		break;
	case CONTACT_COLUMN_SENT: sent_cell(form, field, out, style); break;
	case CONTACT_COLUMN_FROM: from_cell(form, field, out, style); break;
	case CONTACT_COLUMN_FILE: file_cell(form, field, out, style); break;
	case CONTACT_COLUMN_UPDATE: update_cell(form, field, out, style); break;
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

	form->form.column_count = form->status.status == STATUS_CHANGED
				      ? CONTACT_FORM_COLUMNS
				      : CONTACT_COLUMN_UPDATE;
	columns_layout(
	    columns, form->form.column_count, area->columns - GUTTER, &layout);
	for (int i = 0; i < layout.count; i++)
		form->widths[i] = layout.width[i];
	form_draw(&form->form, canvas, area);
}

static const struct form_ops ops = {
    .count = row_count,
    .cell = contact_form_cell,
    .note = contact_form_note,
    .edit = contact_form_begin,
    .complete = contact_form_complete,
    .change = contact_form_change,
    .answer = contact_form_answer,
    .cancel = contact_form_cancel,
};
