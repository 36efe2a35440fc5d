/* SPDX-License-Identifier: MIT */
/*
 * From a row to a contact: every field is evaluated and cleaned, then the
 * policy is applied: what blocks, what is left out, what goes as it is.
 * Hazard: the text grows while fields are added and may move, so places in it
 * are kept as offsets until all of it is there.
 */
#include "book/contact.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

enum { TEXT_MAX = 4 << 20, CELL_MAX = 1 << 18, MEDICARE_AGE = 65 };

#define NOWHERE SIZE_MAX
#define BULLET "\xe2\x80\xa2"
#define HIDDEN BULLET BULLET BULLET

void
contact_init(struct contact *contact)
{
	*contact = (struct contact){.row = UINT32_MAX};
	str_init(&contact->text, TEXT_MAX);
	str_init(&contact->raw, CELL_MAX);
	str_init(&contact->clean, CELL_MAX);
}

void
contact_release(struct contact *contact)
{
	str_release(&contact->text);
	str_release(&contact->raw);
	str_release(&contact->clean);
}

/* Keeps a text for the contact; gives its offset. */
static size_t
keep(struct contact *contact, const struct str *text)
{
	size_t offset = contact->text.len;

	/* with its NUL */
	str_add_bytes(&contact->text, text->data, text->len + 1);
	return contact->text.cut ? NOWHERE : offset;
}

/* ---- policy
 * --------------------------------------------------------------------- */

struct seen {
	const struct contact_view *view;
	enum field field;
	unsigned first; /* of the field's findings */
};

static enum severity
worst(const struct contact *contact, unsigned first)
{
	enum severity severity = SEVERITY_INFO;

	for (unsigned i = first; i < contact->finding_count; i++)
		if (contact->findings[i].severity > severity)
			severity = contact->findings[i].severity;
	return severity;
}

/* Warnings, or all that is worse than info, become `severity`. */
static void
rate(struct contact *contact, unsigned first, enum severity from,
    enum severity severity)
{
	for (unsigned i = first; i < contact->finding_count; i++)
		if (contact->findings[i].severity >= from)
			contact->findings[i].severity = severity;
}

/* Whether a value with warnings is sent all the same. */
static bool
goes(const struct contact *contact, unsigned first)
{
	for (unsigned i = first; i < contact->finding_count; i++)
		if (contact->findings[i].severity == SEVERITY_WARNING &&
		    !finding_table[contact->findings[i].code].goes)
			return false;
	return contact->clean.len > 0;
}

/*
 * Decides what becomes of a cleaned value that has findings; true when it is
 * left out. `clean` is what would be sent.
 */
static bool
apply_policy(struct contact *contact, const struct seen *seen)
{
	const struct mapping *mapping = seen->view->mapping;
	/* without its agent a contact would become another one's */
	bool required = (field_table[seen->field].flags &
			    (FIELD_REQUIRED | FIELD_BESIDE)) != 0;
	unsigned first = seen->first;

	if (mapping_never_sent(mapping, seen->field) ||
	    (!required && (seen->view->left_out >> seen->field & 1))) {
		rate(contact, first, SEVERITY_WARNING, SEVERITY_INFO);
		return contact->clean.len > 0 || contact->finding_count > first;
	}
	if (worst(contact, first) != SEVERITY_WARNING)
		return contact->clean.len == 0 &&
		       contact->finding_count > first;
	switch (mapping_invalid(mapping, seen->field)) {
	case INVALID_SEND:
		if (contact->clean.len == 0)
			rules_tidy(&contact->clean, contact->raw.data, false);
		rate(contact, first, SEVERITY_WARNING, SEVERITY_INFO);
		return false;
	case INVALID_BLOCK:
		rate(contact, first, SEVERITY_WARNING, SEVERITY_ERROR);
		break;
	case INVALID_LEAVE_OUT:
		if (seen->view->hold_warnings)
			rate(contact, first, SEVERITY_WARNING, SEVERITY_ERROR);
		else if (goes(contact, first))
			return false;
		break;
	}
	return !required;
}

static void
check_required(
    struct contact *contact, enum field field, bool mapped, bool damaged)
{
	const struct field_info *info = &field_table[field];

	if (!(info->flags & FIELD_REQUIRED) || damaged)
		return;
	if (contact->raw.len > 0 && !str_blank(contact->raw.data))
		contact_add(contact, FINDING_REQUIRED, field,
		    "%s is only a filler (\"%s\")", info->label,
		    rules_quote(contact->raw.data).text);
	else if (field == FIELD_EXTERNAL_ID)
		contact_add(contact, FINDING_REQUIRED, field,
		    "%s is missing%s; if your export has no IDs, map "
		    "external_id with minted: true",
		    info->label, mapped ? "" : ": no column is mapped to it");
	else if (mapped)
		contact_add(contact, FINDING_REQUIRED, field, "%s is missing",
		    info->label);
	else
		contact_add(contact, FINDING_REQUIRED, field,
		    "%s is missing: nothing in the file is mapped to it",
		    info->label);
}

/* ---- fields
 * ---------------------------------------------------------------------- */

struct offsets {
	size_t value, raw;
};

static const char *
text_at(const struct contact *contact, const struct offsets *offsets)
{
	return offsets->value == NOWHERE ? NULL
					 : contact->text.data + offsets->value;
}

static void
see_field(struct contact *contact, const struct contact_view *view,
    enum field field, struct offsets offsets[FIELD_COUNT])
{
	struct contact_field *seen = &contact->fields[field];
	struct findings findings = {
	    contact->findings, contact->finding_count, CONTACT_FINDINGS_MAX};
	struct seen how = {view, field, contact->finding_count};
	struct rules_input input = {
	    .field = field,
	    .order = view->orders[field],
	    .doubtful_serials = view->doubtful_serials,
	    .today = view->today,
	};

	*seen = (struct contact_field){.column = CONTACT_NO_COLUMN};
	offsets[field] = (struct offsets){NOWHERE, NOWHERE};
	str_reset(&contact->raw);
	str_reset(&contact->clean);
	if (mapping_has(view->mapping, field) &&
	    mapping_evaluate(view->mapping, field, contact->row, view->cell,
		view->context, &contact->raw, &seen->column,
		&input.date_form)) {
		input.raw = contact->raw.data;
		input.state = text_at(contact, &offsets[FIELD_STATE]);
		if (offsets[FIELD_CITY].raw != NOWHERE)
			input.city = contact->text.data +
				     offsets[FIELD_CITY].raw;
		rules_clean(&input, &contact->clean, &findings);
		contact->finding_count = findings.count;
		seen->left_out = apply_policy(contact, &how);
		offsets[field].raw = keep(contact, &contact->raw);
	}
	/* an ID of ours is there only in place of none */
	if (field == FIELD_EXTERNAL_ID && mapping_mints(view->mapping) &&
	    contact->clean.len == 0 && contact->finding_count == how.first) {
		if (!view->minted)
			return;
		str_add(&contact->clean, view->minted);
	}
	if (contact->clean.len == 0)
		check_required(contact, field,
		    mapping_has(view->mapping, field),
		    contact->finding_count > how.first);
	else if (!seen->left_out)
		offsets[field].value = keep(contact, &contact->clean);
}

/* ---- fields beside each other
 * --------------------------------------------------- */

static void
check_split(struct contact *contact)
{
	const struct contact_field *first = &contact->fields[FIELD_FIRST_NAME];
	const struct contact_field *last = &contact->fields[FIELD_LAST_NAME];

	if (first->column != last->column ||
	    first->column == CONTACT_NO_COLUMN || !first->value ||
	    !last->value || strcmp(first->value, last->value) == 0)
		return;
	contact_add(contact, FINDING_NAME_SPLIT, FIELD_FIRST_NAME,
	    "first name \"%s\" and last name \"%s\" were cut out of one column",
	    rules_quote(first->value).text, rules_quote(last->value).text);
}

static void
check_medicare_age(struct contact *contact, const struct date *today)
{
	const char *born = contact->fields[FIELD_BIRTH_DATE].value;
	struct date date;

	if (!born || !contact->fields[FIELD_MEDICARE_NUMBER].value ||
	    !rules_sent_date(born, &date) ||
	    date_years(&date, today) >= MEDICARE_AGE)
		return;
	contact_add(contact, FINDING_MBI_AGE, FIELD_MEDICARE_NUMBER,
	    "the person has Medicare and is under 65");
}

static void
check_agent(struct contact *contact, const struct contact_view *view)
{
	if (view->needs_agent && !contact->fields[FIELD_AGENT_EMAIL].value &&
	    !contact_finding(contact, FIELD_AGENT_EMAIL))
		contact_add(contact, FINDING_AGENT_MISSING, FIELD_AGENT_EMAIL,
		    "no agent is named for this contact");
}

/* "Last, First", whatever there is of it. */
static void
make_name(struct contact *contact)
{
	static const enum field parts[] = {FIELD_LAST_NAME, FIELD_FIRST_NAME};
	struct str *name = &contact->clean;
	const struct contact_field *email = &contact->fields[FIELD_EMAIL];

	str_reset(name);
	for (unsigned i = 0; i < 2; i++) {
		const struct contact_field *part = &contact->fields[parts[i]];
		const char *text = part->value ? part->value : part->raw;

		if (str_blank(text))
			continue;
		if (name->len > 0)
			str_add(name, ", ");
		text_clean(name, text, strlen(text));
	}
	if (name->len == 0 && email->value)
		text_clean(name, email->value, strlen(email->value));
	if (name->len == 0)
		str_addf(name, "row %u", contact->row + 1);
	str_copy(contact->name, sizeof(contact->name), name->data);
}

void
contact_make(
    struct contact *contact, uint32_t row, const struct contact_view *view)
{
	struct offsets offsets[FIELD_COUNT];

	contact->row = row;
	contact->finding_count = 0;
	contact->blocked = false;
	str_reset(&contact->text);
	/* a field may look at one that comes after it */
	for (unsigned i = 0; i < FIELD_COUNT; i++)
		offsets[i] = (struct offsets){NOWHERE, NOWHERE};
	for (unsigned i = 0; i < FIELD_COUNT; i++)
		see_field(contact, view, (enum field)i, offsets);
	for (unsigned i = 0; i < FIELD_COUNT; i++) {
		contact->fields[i].value = text_at(contact, &offsets[i]);
		if (offsets[i].raw != NOWHERE)
			contact->fields[i].raw = contact->text.data +
						 offsets[i].raw;
	}
	contact->blocked = worst(contact, 0) == SEVERITY_ERROR;
	check_agent(contact, view);
	check_split(contact);
	check_medicare_age(contact, &view->today);
	make_name(contact);
}

struct finding *
contact_add(struct contact *contact, enum finding_code code, enum field field,
    const char *format, ...)
{
	struct findings findings = {
	    contact->findings, contact->finding_count, CONTACT_FINDINGS_MAX};
	struct finding *finding;
	va_list args;

	va_start(args, format);
	finding = findings_addv(&findings, code, field, format, args);
	va_end(args);
	contact->finding_count = findings.count;
	if (finding->severity == SEVERITY_ERROR)
		contact->blocked = true;
	return finding;
}

const struct finding *
contact_finding(const struct contact *contact, enum field field)
{
	const struct finding *found = NULL;

	for (unsigned i = 0; i < contact->finding_count; i++) {
		const struct finding *finding = &contact->findings[i];

		if (finding->field == field &&
		    (!found || finding->severity > found->severity))
			found = finding;
	}
	return found;
}

/* ---- values for people
 * -------------------------------------------------------------- */

/* The last four letters or digits of a number that has at least eight. */
static void
show_last(struct str *out, const char *value, const char *hidden)
{
	char last[5] = "";
	size_t count = 0;

	for (const char *at = value; *at; at++) {
		if (!isalnum((unsigned char)*at))
			continue;
		if (count >= 4)
			memmove(last, last + 1, 3);
		last[count < 4 ? count : 3] = *at;
		count++;
	}
	str_add(out, hidden);
	if (count >= 8)
		str_add(out, last);
	else
		str_add(out, HIDDEN);
}

/* "6/12/45", as spreadsheets cut it: the two digits behind the last slash. */
static const char *
short_year(const char *value)
{
	size_t month = strspn(value, "0123456789"), day, year;
	const char *at = value + month;

	day = *at == '/' ? strspn(at + 1, "0123456789") : 0;
	at += 1 + day;
	if (month < 1 || month > 2 || day < 1 || day > 2 || *at != '/')
		return NULL;
	year = strspn(at + 1, "0123456789");
	return year == 2 && at[3] == '\0' ? at + 1 : NULL;
}

/* The digits of the year, wherever they stand; hidden when none do. */
static void
show_year(struct str *out, const char *value)
{
	const char *two = short_year(value);
	size_t digits;

	for (const char *at = value; *at; at += digits ? digits : 1) {
		digits = strspn(at, "0123456789");
		if (digits != 4)
			continue;
		if (at != value)
			str_add(out, BULLET "/" BULLET "/");
		str_add_bytes(out, at, 4);
		return;
	}
	str_addf(
	    out, "%s%s", two ? BULLET "/" BULLET "/" : HIDDEN, two ? two : "");
}

void
contact_show_value(
    struct str *out, enum field field, const char *value, bool reveal)
{
	if (!value || !*value)
		return;
	if (reveal || !(field_table[field].flags & FIELD_SENSITIVE))
		text_clean(out, value, strlen(value));
	else if (field_table[field].kind == FIELD_KIND_DATE)
		show_year(out, value);
	else if (field_table[field].kind == FIELD_KIND_MBI)
		show_last(out, value, HIDDEN "-" HIDDEN "-");
	else
		show_last(out, value, HIDDEN);
}
