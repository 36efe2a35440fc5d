/* SPDX-License-Identifier: MIT */
/* What is said below a row of the contact screen: its findings, what to do
 * about them, a value that is cut, what is not saved. */

#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "base/text.h"
#include "book/book.h"
#include "book/mapping.h"
#include "desk/actions.h"
#include "desk/contact_form.h"
#include "desk/desk.h"
#include "desk/words.h"

enum { CUT_COLUMNS = 600 };

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

/* "Perhaps "95814"? f takes it. " */
static void
add_suggestion(
    const struct contact_form *form, const char *suggestion, struct str *out)
{
	struct err err = ERR_INIT;
	char name[WORDS_KEY_MAX];

	str_add(out, "Perhaps \"");
	text_clean(out, suggestion, strlen(suggestion));
	str_add(out, "\"? ");
	if (!form->typing && contact_form_may_fix(form, &err))
		str_addf(out, "%s takes it. ",
		    contact_form_key(form, DESK_FIX, name));
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

	if (*finding->suggestion && !contact_form_hidden(form, field))
		add_suggestion(form, finding->suggestion, out);
	str_addf(out, "What to do: %s.", advice);
	if (form->typing)
		return;
	if (form->contact.fields[field].column != CONTACT_NO_COLUMN)
		str_addf(out, " %s: type it here.",
		    contact_form_key(form, DESK_EDIT, name));
	if (finding->severity == SEVERITY_ERROR &&
	    form->contact.fields[field].raw && !(info->flags & FIELD_REQUIRED))
		str_addf(out, " %s: leave it out.",
		    contact_form_key(form, DESK_LEAVE_OUT, name));
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
	    contact_form_key(form, DESK_SAVE, save));
	tell_column(form, column, out);
	str_addf(out, "', %s takes it back.",
	    contact_form_key(form, DESK_UNDO, undo));
}

/*
 * How a date is read: "3/4/61 → 1961-03-04". Who has typed it may see it; what
 * stood there before may be masked.
 */
static bool
remark_date(const struct contact_form *form, enum field field, struct str *out)
{
	const char *value = form->contact.fields[field].value;
	const char *draft = form->draft.data;

	if (field_table[field].kind != FIELD_KIND_DATE || !value ||
	    !form->form.touched || strcmp(value, draft) == 0)
		return false;
	text_clean(out, draft, strlen(draft));
	str_addf(out, " %s %s", form->desk->ascii ? "->" : "→", value);
	return true;
}

/* What is said while a value is typed. */
static bool
remark_typing(const struct contact_form *form, enum field field, size_t number,
    struct str *out)
{
	char reveal[WORDS_KEY_MAX], type[WORDS_KEY_MAX];

	if (remark_date(form, field, out)) {
		if (number-- == 0)
			return true;
		str_reset(out);
	}
	if (number > 0 || !(form->hidden || form->lines))
		return false;
	if (form->hidden)
		str_addf(out,
		    "What stood here is replaced by what you type; to correct "
		    "it instead: Esc, then %s, then %s.",
		    contact_form_key(form, DESK_REVEAL, reveal),
		    contact_form_key(form, DESK_EDIT, type));
	else
		str_add(out,
		    "This value has several lines; changing it here makes "
		    "them one.");
	return true;
}

/* What a column shows, if that is more than it can. */
static bool
is_cut(struct contact_form *form, size_t row, int column, struct str *text)
{
	enum style style = STYLE_NORMAL;

	contact_form_cell(form, row, column, text, &style);
	return text_width(text->data) > form->widths[column];
}

/* A value that its column cuts, in full; the file's when it is another. */
static bool
remark_cut(
    struct contact_form *form, size_t row, size_t number, struct str *out)
{
	const char *ellipsis = form->desk->ascii ? glyph_ellipsis.ascii
						 : glyph_ellipsis.sign;
	struct str sent, file;
	bool cut = true;

	str_init(&sent, CONTACT_DRAFT_MAX);
	str_init(&file, CONTACT_DRAFT_MAX);
	if (is_cut(form, row, CONTACT_COLUMN_SENT, &sent) && number-- == 0) {
		str_add(out, "Would be sent: ");
		text_fit(out, sent.data, CUT_COLUMNS, ellipsis);
	} else if (is_cut(form, row, CONTACT_COLUMN_FILE, &file) &&
		   number == 0 && strcmp(file.data, sent.data) != 0) {
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
remark(struct contact_form *form, size_t row, size_t number, struct str *out)
{
	enum field field = form->fields[row];
	const struct finding *finding = contact_form_problem(form, field);
	uint32_t column = form->contact.fields[field].column;
	struct book *book = form->desk->book;
	char name[WORDS_KEY_MAX];
	size_t cuts = 0;

	if (finding && number-- == 0) {
		advise(form, finding, out);
		return true;
	}
	if (form->typing)
		return remark_typing(form, field, number, out);
	while (remark_cut(form, row, cuts, out)) {
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
		    contact_form_key(form, DESK_LEAVE_OUT, name));
	else if (contact_form_changed(form, field) && number == 0)
		str_add(out,
		    "Changed since HealthSherpa last accepted it: an update "
		    "sends it.");
	else
		return false;
	return true;
}

bool
contact_form_note(void *context, size_t row, size_t number, bool here,
    struct str *out, enum style *style)
{
	struct contact_form *form = context;
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
	return remark(form, row, number - findings, out);
}
