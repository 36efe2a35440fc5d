/* SPDX-License-Identifier: MIT */
/*
 * What the rows of the mapping screens say, and putting it into the config.
 * Rows are the fields, then the unused columns; `row` counts through both.
 */
#include "desk/mapping_form.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"
#include "book/book.h"
#include "book/config.h"
#include "book/config_write.h"
#include "book/contact.h"
#include "book/coverage.h"
#include "book/propose.h"
#include "book/rules.h"
#include "desk/column_sample.h"
#include "desk/words.h"
#include "tui/completion.h"
#include "tui/prompt.h"
#include "tui/view.h"

enum {
	COLUMN_FIELD,
	COLUMN_FROM,
	COLUMN_FILLED,
	COLUMN_TROUBLE,
	COLUMN_VALUE,
	COLUMN_COUNT
};
enum { HEAD_ROWS = 2, FULL_ROWS = 12 };
enum { CONFIG_MAX = 1 << 20, RULE_MAX = 4096, LINE_MAX_BYTES = 1024 };

static const struct column proposal_columns[COLUMN_COUNT] = {
    [COLUMN_FIELD] = {"FIELD", 18, 22, 0, ALIGN_LEFT},
    [COLUMN_FROM] = {"FROM", 19, 40, 0, ALIGN_LEFT},
    [COLUMN_FILLED] = {"FILLED", 7, 7, 1, ALIGN_RIGHT},
    [COLUMN_TROUBLE] = {"", 12, 16, 2, ALIGN_LEFT},
    [COLUMN_VALUE] = {"FOR EXAMPLE", 14, 60, 0, ALIGN_LEFT},
};

static const struct column live_columns[COLUMN_COUNT] = {
    [COLUMN_FIELD] = {"FIELD", 19, 20, 0, ALIGN_LEFT},
    [COLUMN_FROM] = {"FROM", 18, 40, 0, ALIGN_LEFT},
    [COLUMN_FILLED] = {"FILLED", 7, 7, 1, ALIGN_RIGHT},
    [COLUMN_TROUBLE] = {"FINDINGS", 15, 24, 2, ALIGN_LEFT},
    [COLUMN_VALUE] = {"THIS CONTACT", 14, 60, 0, ALIGN_LEFT},
};

static const struct form_ops ops;

void
mapping_form_init(struct mapping_form *form, struct desk *desk)
{
	unsigned version = desk->config->version == SERVICE_V1 ? FIELD_V1
							       : FIELD_V2;

	form->desk = desk;
	for (unsigned i = 0; i < FIELD_COUNT; i++)
		if ((field_table[i].flags & version) ||
		    (form->coverage &&
			mapping_has(book_mapping(desk->book), (enum field)i)))
			form->fields[form->count++] = (enum field)i;
	form_init(&form->form, &ops, form,
	    form->coverage ? live_columns : proposal_columns, COLUMN_COUNT, -1);
}

void
mapping_form_release(struct mapping_form *form)
{
	proposal_free(form->proposal);
	form_release(&form->form);
	free(form->unused);
}

void
mapping_form_update(struct mapping_form *form)
{
	const struct proposal *proposal = form->proposal;
	uint32_t count = proposal_column_count(proposal);

	free(form->unused);
	form->unused = mem_alloc((count + 1) * sizeof(*form->unused));
	form->unused_count = 0;
	for (uint32_t i = 0; i < count; i++) {
		const struct proposal_column *column = proposal_column(
		    proposal, i);

		if (column->field == FIELD_COUNT && column->filled > 0 &&
		    !book_is_result(form->desk->book, i))
			form->unused[form->unused_count++] = i;
	}
}

void
mapping_form_use(struct mapping_form *form, struct proposal *proposal)
{
	proposal_free(form->proposal);
	form->proposal = proposal;
	mapping_form_update(form);
}

static const struct proposal_field *
proposed(const struct mapping_form *form, size_t row)
{
	return proposal_field(form->proposal, form->fields[row]);
}

enum field
mapping_form_field(const struct mapping_form *form)
{
	return form->form.cursor < form->count ? form->fields[form->form.cursor]
					       : FIELD_COUNT;
}

uint32_t
mapping_form_column(const struct mapping_form *form)
{
	size_t at = form->form.cursor - form->count;

	return form->form.cursor >= form->count && at < form->unused_count
		   ? form->unused[at]
		   : RECORDS_NONE;
}

void
mapping_form_show(struct mapping_form *form, enum field field)
{
	for (size_t i = 0; i < form->count; i++)
		if (form->fields[i] == field)
			form_select(&form->form, i);
}

unsigned
mapping_form_questions(const struct mapping_form *form)
{
	unsigned count = 0;

	for (size_t i = 0; i < form->count && form->proposal; i++)
		count += proposed(form, i)->question != NULL;
	return count;
}

/* Whether the field under the row needs somebody. */
static bool
needs_somebody(const struct mapping_form *form, size_t row)
{
	enum finding_code code;
	uint32_t count;

	if (!form->coverage)
		return proposed(form, row)->question != NULL;
	code = coverage_finding(form->coverage, form->fields[row], 0, &count);
	return code != FINDING_CODE_COUNT &&
	       finding_table[code].severity > SEVERITY_INFO;
}

bool
mapping_form_trouble(const struct mapping_form *form)
{
	for (size_t i = 0; i < form->count; i++)
		if (needs_somebody(form, i))
			return true;
	return false;
}

bool
mapping_form_next(struct mapping_form *form)
{
	for (size_t step = 1; step <= form->count; step++) {
		size_t row = (form->form.cursor + step) % form->count;

		if (form->form.cursor >= form->count)
			row = step - 1;
		if (!needs_somebody(form, row))
			continue;
		form_select(&form->form, row);
		return true;
	}
	return false;
}

enum field
mapping_form_missing(const struct mapping_form *form)
{
	for (size_t i = 0; i < form->count; i++)
		if ((field_table[form->fields[i]].flags & FIELD_REQUIRED) &&
		    !proposed(form, i)->rule)
			return form->fields[i];
	return FIELD_COUNT;
}

/* ---- cells of a field -----------------------------------------------------
 */

static void
add_candidate(const struct mapping_form *form,
    const struct proposal_field *field, struct str *out)
{
	const char *name =
	    proposal_column(form->proposal, field->candidates[0])->name;

	str_add(out, "maybe ");
	text_clean(out, name, strlen(name));
}

static void
from_cell(const struct mapping_form *form, const struct proposal_field *field,
    struct str *out, enum style *style)
{
	if (field->rule) {
		if (field->question)
			*style = STYLE_WARNING;
		text_clean(out, field->from, strlen(field->from));
		return;
	}
	*style = field->question ? STYLE_WARNING : STYLE_DIM;
	str_add(out, "nothing yet");
	if (!form->coverage && field->candidate_count > 0) {
		str_add(out, "; ");
		add_candidate(form, field, out);
	}
}

static void
filled_cell(const struct mapping_form *form, size_t row, struct str *out)
{
	const struct proposal_field *field = proposed(form, row);
	const struct coverage *coverage = form->coverage;

	if (!field->rule)
		return;
	/* read aloud, a number that is still counted up is a wrong one */
	if (coverage && form->desk->linear &&
	    coverage->rows < book_count(form->desk->book))
		return;
	str_addf(out, "%u",
	    coverage ? coverage->fields[form->fields[row]].filled
		     : field->filled);
}

/* The worst of it: what stops a contact, then what would not be sent. */
static void
trouble_cell(
    const struct proposal_field *field, struct str *out, enum style *style)
{
	if (field->rule && field->blocked > 0) {
		*style = STYLE_BAD;
		str_addf(out, "%u blocked", field->blocked);
	} else if (field->rule && field->left_out > 0) {
		*style = STYLE_WARNING;
		str_addf(out, "%u left out", field->left_out);
	} else if (field->question) {
		*style = STYLE_WARNING;
		str_add(out, "please check");
	}
}

/* The worst of the whole book: "9 ZIP-LENGTH". */
static void
findings_cell(const struct mapping_form *form, size_t row, struct str *out,
    enum style *style)
{
	static const enum style styles[] = {
	    [SEVERITY_INFO] = STYLE_DIM,
	    [SEVERITY_WARNING] = STYLE_WARNING,
	    [SEVERITY_ERROR] = STYLE_BAD,
	};
	uint32_t count;
	enum finding_code code = coverage_finding(
	    form->coverage, form->fields[row], 0, &count);

	if (code == FINDING_CODE_COUNT) {
		*style = STYLE_DIM;
		if (!proposed(form, row)->rule &&
		    proposed(form, row)->candidate_count > 0 &&
		    !book_is_result(
			form->desk->book, proposed(form, row)->candidates[0]))
			add_candidate(form, proposed(form, row), out);
		return;
	}
	*style = styles[finding_table[code].severity];
	str_addf(out, "%u %s", count, finding_table[code].code);
}

static void
sample_cell(const struct mapping_form *form, size_t row, struct str *out,
    enum style *style)
{
	const struct proposal_field *field = proposed(form, row);

	*style = STYLE_DIM;
	if (field->rule && field->sample_count > 0)
		contact_show_value(out, form->fields[row], field->samples[0],
		    !form->desk->config->mask);
}

/* What would be sent of the contact or, with a sign, what would not. */
static void
contact_cell(const struct mapping_form *form, enum field field, struct str *out,
    enum style *style)
{
	const struct contact_field *value = &form->contact->fields[field];
	const struct finding *finding = contact_finding(form->contact, field);
	bool bad = finding && finding->severity != SEVERITY_INFO;

	if (bad) {
		*style = finding->severity == SEVERITY_ERROR ? STYLE_BAD
							     : STYLE_WARNING;
		str_addf(out, "%s ",
		    finding->severity == SEVERITY_ERROR
			? desk_glyph(form->desk, STATUS_BLOCKED)
		    : form->desk->ascii ? glyph_warning.ascii
					: glyph_warning.sign);
	}
	if (value->value)
		words_value(
		    out, form->desk, form->contact->row, field, value->value);
	else if (!str_blank(value->raw) &&
		 (field_table[field].flags & FIELD_SENSITIVE))
		contact_show_value(out, field, value->raw,
		    desk_revealed(form->desk, form->contact->row));
	else if (!str_blank(value->raw))
		/* it may be what belongs into another field */
		str_add(out, rules_quote(value->raw).text);
	else if (bad)
		str_add(out, "(missing)");
	if (!value->value && !bad)
		*style = STYLE_DIM;
}

static void
field_cell(const struct mapping_form *form, size_t row, int column,
    struct str *out, enum style *style)
{
	const struct proposal_field *field = proposed(form, row);
	const struct field_info *info = &field_table[form->fields[row]];

	switch (column) {
	case COLUMN_FIELD:
		str_addf(out, "%s%s",
		    info->flags & FIELD_REQUIRED ? "* " : "  ", info->label);
		break;
	case COLUMN_FROM: from_cell(form, field, out, style); break;
	case COLUMN_FILLED: filled_cell(form, row, out); break;
	case COLUMN_TROUBLE:
		if (form->coverage)
			findings_cell(form, row, out, style);
		else
			trouble_cell(field, out, style);
		break;
	case COLUMN_VALUE:
		if (form->contact)
			contact_cell(form, form->fields[row], out, style);
		else
			sample_cell(form, row, out, style);
		break;
	default: break;
	}
}

/* ---- cells of an unused column --------------------------------------------
 */

static void
unused_cell(const struct mapping_form *form, uint32_t number, int column,
    struct str *out, enum style *style)
{
	const struct proposal_column *unused = proposal_column(
	    form->proposal, number);

	*style = STYLE_DIM;
	switch (column) {
	case COLUMN_FIELD: str_add(out, "  (not used)"); break;
	case COLUMN_FROM:
		*style = STYLE_NORMAL;
		text_clean(out, unused->name, strlen(unused->name));
		break;
	case COLUMN_FILLED:
		if (!form->coverage) /* else of some rows only */
			str_addf(out, "%u", unused->filled);
		break;
	case COLUMN_TROUBLE:
		str_addf(out, "%u%s value%s", unused->distinct,
		    unused->distinct >= PROPOSAL_DISTINCT ? "+" : "",
		    unused->distinct == 1 ? "" : "s");
		break;
	case COLUMN_VALUE:
		column_sample_add(form->proposal, number, FIELD_COUNT,
		    form->desk->config->mask, out);
		break;
	default: break;
	}
}

static void
cell(void *context, size_t row, int column, struct str *out, enum style *style)
{
	const struct mapping_form *form = context;

	if (row < form->count)
		field_cell(form, row, column, out, style);
	else
		unused_cell(
		    form, form->unused[row - form->count], column, out, style);
}

static size_t
row_count(void *context)
{
	const struct mapping_form *form = context;

	return form->proposal ? form->count + form->unused_count : 0;
}

static bool
note(void *context, size_t row, size_t number, bool here, struct str *out,
    enum style *style)
{
	return here && mapping_notes_add(context, row, number, out, style);
}

static const struct form_ops ops = {
    .count = row_count,
    .cell = cell,
    .note = note,
};

/* By name alone, on one line: exports carry what is nobody's business. */
static void
draw_unused(const struct mapping_form *form, struct canvas *canvas,
    const struct area *area, int row)
{
	const char *between = "Not used: ";
	struct str out;

	str_init(&out, LINE_MAX_BYTES);
	for (size_t i = 0; i < form->unused_count; i++) {
		const char *name =
		    proposal_column(form->proposal, form->unused[i])->name;

		str_add(&out, between);
		text_clean(&out, name, strlen(name));
		between = ", ";
	}
	canvas_box(canvas, area, row, 1, area->columns - 2, ALIGN_LEFT,
	    STYLE_DIM, out.data);
	str_release(&out);
}

bool
mapping_form_draw(
    struct mapping_form *form, struct canvas *canvas, const struct area *area)
{
	bool full = area->rows >= FULL_ROWS;
	struct area body = *area;

	if (full) {
		draw_unused(form, canvas, area, area->rows - 1);
		body = area_rows(area, HEAD_ROWS, area->rows - HEAD_ROWS - 1);
	}
	form->form.titles = full;
	form_draw(&form->form, canvas, &body);
	return full;
}

/* ---- choosing -------------------------------------------------------------
 */

/* By its name in the config or its label here; FIELD_COUNT: none. */
static enum field
field_called(const struct mapping_form *form, const char *text)
{
	for (size_t i = 0; i < form->count; i++) {
		const struct field_info *info = &field_table[form->fields[i]];

		if (strcasecmp(text, info->name) == 0 ||
		    strcasecmp(text, info->label) == 0)
			return form->fields[i];
	}
	return FIELD_COUNT;
}

static bool
complete_field(void *context, const char *before, struct str *out)
{
	const struct mapping_form *form = context;
	struct completion completion = {.word = before, .len = strlen(before)};

	for (size_t i = 0; i < form->count; i++)
		completion_consider(
		    &completion, field_table[form->fields[i]].name);
	return completion_add(&completion, out);
}

static bool
answer_field(void *context, const char *text, struct err *err)
{
	struct mapping_form *form = context;
	char name[64] = "";
	enum field field;
	struct str rule;
	size_t len;
	bool good;

	text = text_trim(text, &len);
	if (len < sizeof(name))
		memcpy(name, text, len);
	if (!*name)
		return true;
	field = field_called(form, name);
	if (field == FIELD_COUNT)
		return err_set(err, ERR_USAGE,
		    "there is no field \"%s\": Tab completes the names of "
		    "fields, such as zip",
		    name);
	str_init(&rule, RULE_MAX);
	proposal_rule_of(form->proposal, form->asked.column, &rule);
	good = form->asked.set(form->asked.view, field, rule.data, err);
	str_release(&rule);
	return good;
}

void
mapping_form_choose(
    struct mapping_form *form, struct view *view, desk_set_rule *set)
{
	uint32_t column = mapping_form_column(form);
	struct prompt prompt = {
	    .context = form,
	    .complete = complete_field,
	    .answer = answer_field,
	};

	if (column == RECORDS_NONE) {
		screen_push(
		    view->screen, v_column_new(form->desk, form->proposal,
				      mapping_form_field(form), set));
		return;
	}
	form->asked.view = view;
	form->asked.set = set;
	form->asked.column = column;
	snprintf(prompt.label, sizeof(prompt.label),
	    "\"%.60s\" gives which field? ",
	    proposal_column(form->proposal, column)->name);
	screen_ask(view->screen, &prompt);
}

bool
mapping_form_on_field(const struct mapping_form *form, struct err *err)
{
	return mapping_form_field(form) != FIELD_COUNT ||
	       err_set(err, ERR_USAGE,
		   "this is a column that no field takes: go to a field, or "
		   "choose one for it");
}

static bool
answer_rule(void *context, const char *text, struct err *err)
{
	struct mapping_form *form = context;

	return form->asked.set(
	    form->asked.view, mapping_form_field(form), text, err);
}

void
mapping_form_ask_rule(struct mapping_form *form, struct view *view,
    desk_set_rule *set, struct history *history)
{
	enum field field = mapping_form_field(form);
	const char *rule = proposal_field(form->proposal, field)->rule;
	struct prompt prompt = {
	    .initial = rule ? rule : "",
	    .history = history,
	    .context = form,
	    .answer = answer_rule,
	};

	form->asked.view = view;
	form->asked.set = set;
	snprintf(prompt.label, sizeof(prompt.label),
	    "%s: ", field_table[field].name);
	screen_ask(view->screen, &prompt);
}

/* ---- into the config ------------------------------------------------------
 */

bool
mapping_form_save(struct mapping_form *form, struct str *place, struct err *err)
{
	const struct source *source = book_source(form->desk->book);
	const char *config = form->desk->config->path;
	char *path = config ? mem_strdup(config) : config_usual_path();
	struct str text;
	bool good;

	str_init(&text, CONFIG_MAX);
	if (config) {
		proposal_mapping_text(form->proposal, &text);
		good = config_add_mapping(path, text.data, text.len, err);
	} else {
		proposal_config_text(
		    form->proposal, source_real_path(source), &text);
		good = config_create(path, text.data, text.len, err);
	}
	str_add(place, path);
	str_release(&text);
	/* What is said about the config from now on has its name. */
	if (good && !config) {
		form->desk->config->path = path;
		path = NULL;
	}
	free(path);
	return good;
}
