/* SPDX-License-Identifier: MIT */
/* What the rows of the mapping screen say, and putting it into the config. */
#include "desk/mapping_form.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"
#include "book/book.h"
#include "book/config.h"
#include "book/config_write.h"
#include "book/contact.h"
#include "book/propose.h"
#include "desk/desk.h"

enum {
	COLUMN_FIELD,
	COLUMN_FROM,
	COLUMN_FILLED,
	COLUMN_TROUBLE,
	COLUMN_SAMPLE,
	COLUMN_COUNT
};
enum { CONFIG_MAX = 1 << 20 };

static const struct column columns[COLUMN_COUNT] = {
    [COLUMN_FIELD] = {"FIELD", 18, 22, 0, ALIGN_LEFT},
    [COLUMN_FROM] = {"FROM", 19, 40, 0, ALIGN_LEFT},
    [COLUMN_FILLED] = {"FILLED", 7, 7, 1, ALIGN_RIGHT},
    [COLUMN_TROUBLE] = {"", 12, 16, 2, ALIGN_LEFT},
    [COLUMN_SAMPLE] = {"FOR EXAMPLE", 14, 60, 0, ALIGN_LEFT},
};

static const struct form_ops ops;

void
mapping_form_init(struct mapping_form *form, struct desk *desk)
{
	unsigned version = desk->config->version == SERVICE_V1 ? FIELD_V1
							       : FIELD_V2;

	form->desk = desk;
	for (unsigned i = 0; i < FIELD_COUNT; i++)
		if (field_table[i].flags & version)
			form->fields[form->count++] = (enum field)i;
	form_init(&form->form, &ops, form, columns, COLUMN_COUNT, -1);
}

void
mapping_form_release(struct mapping_form *form)
{
	proposal_free(form->proposal);
	form_release(&form->form);
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
					       : FIELD_EXTERNAL_ID;
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

bool
mapping_form_next_question(struct mapping_form *form)
{
	for (size_t step = 1; step <= form->count; step++) {
		size_t row = (form->form.cursor + step) % form->count;

		if (!proposed(form, row)->question)
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

/* ---- cells ----------------------------------------------------------------
 */

static void
add_column_name(
    const struct mapping_form *form, uint32_t column, struct str *out)
{
	const char *name = proposal_column(form->proposal, column)->name;

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
	if (field->candidate_count > 0) {
		str_add(out, "; maybe ");
		add_column_name(form, field->candidates[0], out);
	}
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

static void
add_sample(const struct mapping_form *form, enum field field,
    const char *sample, struct str *out)
{
	contact_show_value(out, field, sample, !form->desk->config->mask);
}

static void
cell(void *context, size_t row, int column, struct str *out, enum style *style)
{
	const struct mapping_form *form = context;
	const struct proposal_field *field = proposed(form, row);
	const struct field_info *info = &field_table[form->fields[row]];

	switch (column) {
	case COLUMN_FIELD:
		str_addf(out, "%s%s",
		    info->flags & FIELD_REQUIRED ? "* " : "  ", info->label);
		break;
	case COLUMN_FROM: from_cell(form, field, out, style); break;
	case COLUMN_FILLED:
		if (field->rule)
			str_addf(out, "%u", field->filled);
		break;
	case COLUMN_TROUBLE: trouble_cell(field, out, style); break;
	case COLUMN_SAMPLE:
		*style = STYLE_DIM;
		if (field->rule && field->sample_count > 0)
			add_sample(
			    form, form->fields[row], field->samples[0], out);
		break;
	default: break;
	}
}

static size_t
row_count(void *context)
{
	const struct mapping_form *form = context;

	return form->proposal ? form->count : 0;
}

/* ---- notes ----------------------------------------------------------------
 */

static void
tell_candidates(const struct mapping_form *form,
    const struct proposal_field *field, struct str *out)
{
	const char *between = field->rule ? "Others that would fit: "
					  : "Would fit: ";

	for (unsigned i = 0; i < field->candidate_count; i++) {
		str_add(out, between);
		add_column_name(form, field->candidates[i], out);
		between = ", ";
	}
}

static void
tell_samples(const struct mapping_form *form,
    const struct proposal_field *field, enum field which, struct str *out)
{
	const char *between = "More of it: ";

	for (unsigned i = 1; i < field->sample_count; i++) {
		str_add(out, between);
		add_sample(form, which, field->samples[i], out);
		between = " | ";
	}
}

/* Under the row of the cursor: the question, why, what else there is. */
static bool
note(void *context, size_t row, size_t number, bool here, struct str *out,
    enum style *style)
{
	const struct mapping_form *form = context;
	const struct proposal_field *field = proposed(form, row);
	struct str lines[4];
	size_t at = 0;

	if (!here)
		return false;
	for (unsigned i = 0; i < 4; i++)
		str_init(&lines[i], 2048);
	if (field->question)
		str_add(&lines[0], field->question);
	if (field->rule && field->certainty == PROPOSAL_CHOSEN)
		str_addf(&lines[1], "Why: %s.", field->why);
	else if (field->rule && *field->why)
		str_addf(&lines[1], "Why: %s (%s).", field->why,
		    proposal_certainty_word(field->certainty));
	if (field->rule)
		tell_samples(form, field, form->fields[row], &lines[2]);
	tell_candidates(form, field, &lines[3]);
	*style = STYLE_DIM;
	for (unsigned i = 0; i < 4; i++)
		if (lines[i].len > 0 && at++ == number) {
			if (i == 0)
				*style = STYLE_WARNING;
			text_clean(out, lines[i].data, lines[i].len);
		}
	for (unsigned i = 0; i < 4; i++)
		str_release(&lines[i]);
	return number < at;
}

static const struct form_ops ops = {
    .count = row_count,
    .cell = cell,
    .note = note,
};

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
