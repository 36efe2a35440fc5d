/* SPDX-License-Identifier: MIT */
/*
 * What stands below the row under the cursor of a mapping screen. Lines are
 * made one after the other until the one that was asked for: they are few, and
 * of one row only.
 */
#include <string.h>

#include "base/str.h"
#include "base/text.h"
#include "book/book.h"
#include "book/config.h"
#include "book/contact.h"
#include "book/coverage.h"
#include "book/decision.h"
#include "book/propose.h"
#include "book/rules.h"
#include "desk/actions.h"
#include "desk/desk.h"
#include "desk/mapping_form.h"
#include "desk/words.h"

enum { LINE_MAX_BYTES = 2048, CODES_TOLD = 4 };

/* A line counts down to the one that is wanted. */
struct telling {
	const struct mapping_form *form;
	enum field field;
	const struct proposal_field *proposed;
	size_t number; /* lines still to come before it */
	struct str line;
	enum style *style;
};

/* Whether the line that was just made is the one; else it is forgotten. */
static bool
is_it(struct telling *telling, enum style style)
{
	if (telling->line.len == 0)
		return false;
	if (telling->number-- == 0) {
		*telling->style = style;
		return true;
	}
	str_reset(&telling->line);
	return false;
}

static enum style
style_of(enum severity severity)
{
	return severity == SEVERITY_ERROR     ? STYLE_BAD
	       : severity == SEVERITY_WARNING ? STYLE_WARNING
					      : STYLE_DIM;
}

static void
add_column_name(struct telling *telling, uint32_t column)
{
	const char *name =
	    proposal_column(telling->form->proposal, column)->name;

	text_clean(&telling->line, name, strlen(name));
}

static bool
tell_candidates(struct telling *telling)
{
	const struct proposal_field *field = telling->proposed;
	const char *between = field->rule ? "Others that would fit: "
					  : "Would fit: ";

	for (unsigned i = 0; i < field->candidate_count; i++) {
		str_add(&telling->line, between);
		add_column_name(telling, field->candidates[i]);
		between = ", ";
	}
	return is_it(telling, STYLE_DIM);
}

/* ---- of a proposal --------------------------------------------------------
 */

static bool
tell_why(struct telling *telling)
{
	const struct proposal_field *field = telling->proposed;

	if (field->rule && field->certainty == PROPOSAL_CHOSEN)
		str_addf(&telling->line, "Why: %s.", field->why);
	else if (field->rule && *field->why)
		str_addf(&telling->line, "Why: %s (%s).", field->why,
		    proposal_certainty_word(field->certainty));
	return is_it(telling, STYLE_DIM);
}

static bool
tell_samples(struct telling *telling)
{
	const struct proposal_field *field = telling->proposed;
	const char *between = "More of it: ";

	for (unsigned i = 1; field->rule && i < field->sample_count; i++) {
		str_add(&telling->line, between);
		contact_show_value(&telling->line, telling->field,
		    field->samples[i], !telling->form->desk->config->mask);
		between = " | ";
	}
	return is_it(telling, STYLE_DIM);
}

static bool
tell_question(struct telling *telling)
{
	const struct desk *desk = telling->form->desk;
	char yes[WORDS_KEY_MAX], other[WORDS_KEY_MAX];

	if (telling->proposed->question)
		str_addf(&telling->line, "%s ", telling->proposed->question);
	if (telling->proposed->question && telling->proposed->rule)
		str_addf(&telling->line, "%s: it is right. %s: another column.",
		    words_key(desk, SCOPE_PROPOSAL, DESK_CONFIRM, yes),
		    words_key(desk, SCOPE_PROPOSAL, DESK_CHOOSE, other));
	else if (telling->proposed->question)
		str_addf(&telling->line, "%s: choose a column.",
		    words_key(desk, SCOPE_PROPOSAL, DESK_CHOOSE, other));
	return is_it(telling, STYLE_WARNING);
}

/* "MBI-SHAPE in 4 contacts. It is not ... To do: compare ..." */
static void
add_found(struct telling *telling, enum finding_code code, uint32_t count)
{
	const struct finding_info *info = &finding_table[code];

	str_addf(&telling->line, "%s in %u contact%s. %s To do: %s.",
	    info->code, count, count == 1 ? "" : "s", info->meaning,
	    info->advice);
}

/* Why contacts are blocked by it, or values left out. */
static bool
tell_trouble(struct telling *telling)
{
	const struct proposal_field *field = telling->proposed;

	if (!field->rule || field->found_count == 0)
		return false;
	add_found(telling, field->found, field->found_count);
	return is_it(telling, style_of(finding_table[field->found].severity));
}

/* ---- of the mapping in force ----------------------------------------------
 */

/* What becomes of the contact's value, when that is another. */
static bool
tell_value(struct telling *telling)
{
	const struct mapping_form *form = telling->form;
	const struct contact_field *value =
	    &form->contact->fields[telling->field];
	struct str *line = &telling->line;

	if (str_blank(value->raw) ||
	    (value->value && strcmp(value->raw, value->value) == 0))
		return false;
	str_add(line, "In this contact: \"");
	if (field_table[telling->field].flags & FIELD_SENSITIVE)
		contact_show_value(line, telling->field, value->raw,
		    desk_revealed(form->desk, form->contact->row));
	else
		str_add(line, rules_quote(value->raw).text);
	str_add(line, value->value ? "\", gives " : "\", not sent");
	if (value->value)
		words_value(line, form->desk, form->contact->row,
		    telling->field, value->value);
	str_add_char(line, '.');
	return is_it(telling, STYLE_NORMAL);
}

static bool
tell_contact_finding(struct telling *telling)
{
	const struct contact *contact = telling->form->contact;

	for (unsigned i = 0; i < contact->finding_count; i++) {
		const struct finding *finding = &contact->findings[i];

		if (finding->field != telling->field)
			continue;
		str_addf(&telling->line, "Here: %s", finding->message);
		if (is_it(telling, style_of(finding->severity)))
			return true;
	}
	return false;
}

/* "ZIP-LENGTH in 9 contacts. Digits of the ZIP are missing ..." */
static bool
tell_codes(struct telling *telling)
{
	for (unsigned i = 0; i < CODES_TOLD; i++) {
		uint32_t count;
		enum finding_code code = coverage_finding(
		    telling->form->coverage, telling->field, i, &count);

		if (code == FINDING_CODE_COUNT)
			break;
		add_found(telling, code, count);
		if (is_it(telling, style_of(finding_table[code].severity)))
			return true;
	}
	return false;
}

static bool
tell_version(struct telling *telling)
{
	const struct field_info *field = &field_table[telling->field];

	if (telling->form->desk->config->version == SERVICE_V1 &&
	    !(field->flags & FIELD_V1))
		str_addf(&telling->line,
		    "Not sent: HealthSherpa takes %s with v2 only "
		    "(service.version in the config).",
		    field->label);
	return is_it(telling, STYLE_WARNING);
}

static bool
tell_left_out(struct telling *telling)
{
	const struct coverage_field *field =
	    &telling->form->coverage->fields[telling->field];

	if (field->left_out > 0)
		str_addf(&telling->line, "Of %u values %u would not be sent.",
		    field->filled, field->left_out);
	return is_it(telling, STYLE_DIM);
}

/* How the column as a whole is read, and the key that keeps it so. */
static bool
tell_decisions(struct telling *telling)
{
	const struct desk *desk = telling->form->desk;
	struct column_decision list[COLUMN_DECISIONS_MAX];
	size_t count = book_loaded(desk->book)
			   ? book_decisions(desk->book, list)
			   : 0;
	char key[WORDS_KEY_MAX];

	for (size_t i = 0; i < count; i++) {
		if (list[i].field != telling->field)
			continue;
		decision_explain(&list[i], &telling->line);
		if (!list[i].pinned)
			str_addf(&telling->line, "; %s pins it",
			    words_key(desk, SCOPE_MAPPING, DESK_PIN, key));
		str_add_char(&telling->line, '.');
		if (is_it(
			telling, list[i].doubtful ? STYLE_WARNING : STYLE_DIM))
			return true;
	}
	return false;
}

static bool
tell_rule(struct telling *telling)
{
	if (telling->proposed->rule)
		str_addf(&telling->line, "%s: %s",
		    field_table[telling->field].name, telling->proposed->rule);
	return is_it(telling, STYLE_DIM);
}

/* ---- all of them ----------------------------------------------------------
 */

static bool
tell_field(struct telling *telling)
{
	if (!telling->form->coverage)
		return tell_question(telling) || tell_trouble(telling) ||
		       tell_why(telling) || tell_samples(telling) ||
		       tell_candidates(telling);
	return tell_version(telling) || tell_value(telling) ||
	       tell_contact_finding(telling) || tell_codes(telling) ||
	       tell_left_out(telling) || tell_decisions(telling) ||
	       tell_rule(telling) || tell_candidates(telling);
}

static bool
tell_unused(struct telling *telling)
{
	str_add(&telling->line, "No field takes this column.");
	return is_it(telling, STYLE_DIM);
}

bool
mapping_notes_add(const struct mapping_form *form, size_t row, size_t number,
    struct str *out, enum style *style)
{
	struct telling telling = {
	    .form = form,
	    .number = number,
	    .style = style,
	};
	bool found;

	str_init(&telling.line, LINE_MAX_BYTES);
	if (row < form->count) {
		telling.field = form->fields[row];
		telling.proposed = proposal_field(
		    form->proposal, telling.field);
		found = tell_field(&telling);
	} else {
		found = tell_unused(&telling);
	}
	if (found)
		text_clean(out, telling.line.data, telling.line.len);
	str_release(&telling.line);
	return found;
}
