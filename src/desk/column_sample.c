/* SPDX-License-Identifier: MIT */
/* Samples of a column, as much of them as may be shown. */
#include "desk/column_sample.h"

#include <ctype.h>
#include <string.h>

#include "base/str.h"
#include "base/text.h"
#include "book/contact.h"
#include "book/propose.h"

enum { SAMPLE_MAX = 1024, FEW = 4 };

/* Whether the proposal thinks that the column may give the field. */
static bool
is_candidate(const struct proposal *proposal, enum field as, uint32_t column)
{
	const struct proposal_field *field;

	if (as == FIELD_COUNT)
		return false;
	field = proposal_field(proposal, as);
	for (unsigned i = 0; i < field->candidate_count; i++)
		if (field->candidates[i] == column)
			return true;
	return false;
}

/* Letters and digits as their kind: "Aaa 99", enough to know them by. */
static void
add_shape(struct str *out, const char *value)
{
	struct str clean;

	str_init(&clean, SAMPLE_MAX);
	text_clean(&clean, value, strlen(value));
	for (const char *at = clean.data; *at; at++) {
		unsigned char c = (unsigned char)*at;

		if ((c & 0xC0) == 0x80)
			continue; /* goes on with a letter */
		str_add_char(out, isdigit(c)                ? '9'
				  : isupper(c)              ? 'A'
				  : isalpha(c) || c >= 0x80 ? 'a'
							    : (char)c);
	}
	str_release(&clean);
}

void
column_sample_add(const struct proposal *proposal, uint32_t number,
    enum field as, bool mask, struct str *out)
{
	const struct proposal_column *column = proposal_column(
	    proposal, number);
	bool candidate = is_candidate(proposal, as, number);
	bool shape = mask && column->field == FIELD_COUNT && !candidate &&
		     (column->distinct >= PROPOSAL_DISTINCT ||
			 column->filled < FEW * column->distinct);

	if (column->field != FIELD_COUNT)
		as = column->field;
	else if (!candidate)
		as = FIELD_COUNT;
	if (column->secret) {
		str_add(out, "(not shown)");
		return;
	}
	for (unsigned i = 0; i < column->sample_count; i++) {
		const char *sample = column->samples[i];

		if (i > 0)
			str_add(out, " | ");
		if (shape)
			add_shape(out, sample);
		else if (as == FIELD_COUNT)
			text_clean(out, sample, strlen(sample));
		else
			contact_show_value(out, as, sample, !mask);
	}
}
