/* SPDX-License-Identifier: MIT */
/*
 * The evidence was counted while loading (book_load.c); here it is put beside
 * what came of it. Nothing is decided anew, so that what is shown is what is
 * done.
 */
#include "book/decision.h"

#include <string.h>

#include "book/book_private.h"

static const char *
column_name(const struct book *book, uint32_t column)
{
	return column == RECORDS_NONE
		   ? NULL
		   : records_column_name(book->records, column);
}

/* Which of m/d/y and d/m/y forms of the mapping name first; or neither. */
static const char *
first_order(const char *forms)
{
	const char *month = strstr(forms, "m/d/y");
	const char *day = strstr(forms, "d/m/y");

	if (month && (!day || month < day))
		return "m/d/y";
	return day ? "d/m/y" : NULL;
}

static bool
decide_order(
    const struct book *book, enum field field, struct column_decision *out)
{
	const struct book_signs *signs = &book->signs[field];
	const uint32_t *seen = signs->open;
	uint32_t month, day;

	*out = (struct column_decision){.kind = DECISION_DATE_ORDER,
	    .field = field,
	    .column = column_name(book, signs->column)};
	out->pinned = rules_form_orders(signs->form);
	if (out->pinned)
		seen = signs->pinned;
	month = seen[DATE_SIGN_MONTH_FIRST];
	day = seen[DATE_SIGN_DAY_FIRST];
	out->open = seen[DATE_SIGN_EITHER];
	if (month + day + out->open == 0)
		return false;
	if (out->pinned)
		out->read_as = first_order(signs->form);
	else if (book->orders[field] != DATE_MIXED)
		out->read_as = book->orders[field] == DATE_DAY_FIRST ? "d/m/y"
								     : "m/d/y";
	if (out->read_as && *out->read_as == 'd') {
		out->in_favour = day;
		out->against = month;
	} else {
		out->in_favour = month;
		out->against = day;
	}
	out->doubtful = !out->read_as || out->against > out->in_favour;
	return out->read_as || !out->pinned;
}

static bool
decide_system(
    const struct book *book, enum field field, struct column_decision *out)
{
	const struct book_signs *signs = &book->signs[field];
	const uint32_t *seen = signs->open;
	bool since_1904;

	*out = (struct column_decision){.kind = DECISION_DATE_SYSTEM,
	    .field = field,
	    .column = column_name(book, signs->column)};
	out->pinned = rules_form_counts(signs->form);
	if (out->pinned)
		seen = signs->pinned;
	since_1904 = out->pinned && strstr(signs->form, "excel1904");
	out->read_as = since_1904 ? "excel1904" : "excel";
	out->open = seen[DATE_SIGN_NUMBER];
	if (out->open + seen[DATE_SIGN_SINCE_1900] +
		seen[DATE_SIGN_SINCE_1904] ==
	    0)
		return false;
	/* a birthday is on any day of a month */
	if (field == FIELD_BIRTH_DATE) {
		out->open += seen[DATE_SIGN_SINCE_1900] +
			     seen[DATE_SIGN_SINCE_1904];
	} else {
		out->in_favour = seen[since_1904 ? DATE_SIGN_SINCE_1904
						 : DATE_SIGN_SINCE_1900];
		out->against = seen[since_1904 ? DATE_SIGN_SINCE_1900
					       : DATE_SIGN_SINCE_1904];
	}
	out->doubtful = !out->pinned && book->doubtful_serials;
	return true;
}

static bool
decide_ids(const struct book *book, struct column_decision *out)
{
	const char *name = mapping_place(book->mapping, FIELD_EXTERNAL_ID);
	bool cut = rules_ids_cut(book->rounded_ids, book->long_ids);

	*out = (struct column_decision){.kind = DECISION_ID_DIGITS,
	    .field = FIELD_EXTERNAL_ID,
	    .column = name};
	out->pinned = mapping_invalid(book->mapping, FIELD_EXTERNAL_ID) ==
		      INVALID_SEND;
	out->in_favour = book->rounded_ids;
	out->against = book->long_ids - book->rounded_ids;
	out->doubtful = cut;
	out->read_as = cut && !out->pinned ? "damaged" : "as they are";
	if (!cut || out->pinned) {
		out->in_favour = book->long_ids - book->rounded_ids;
		out->against = book->rounded_ids;
	}
	return book->rounded_ids > 0;
}

size_t
book_decisions(
    const struct book *book, struct column_decision out[COLUMN_DECISIONS_MAX])
{
	size_t count = 0;

	count += decide_ids(book, &out[count]);
	for (unsigned i = 0; i < FIELD_COUNT; i++) {
		if (field_table[i].kind != FIELD_KIND_DATE)
			continue;
		count += decide_order(book, (enum field)i, &out[count]);
		count += decide_system(book, (enum field)i, &out[count]);
	}
	return count;
}

/* ---- in words --------------------------------------------------------------
 */

/* "412 values say so", "1 value says so" */
static void
add_count(struct str *out, uint32_t count, const char *one, const char *many)
{
	if (count == 0)
		str_addf(out, "none %s", one);
	else
		str_addf(out, "%u %s", count, count == 1 ? one : many);
}

static void
explain_order(const struct column_decision *decision, struct str *out)
{
	if (!decision->read_as) {
		str_addf(out,
		    "1/2/1950 can be read in two ways: %u value%s the month "
		    "first, %u the day; %u like that %s left out",
		    decision->in_favour,
		    decision->in_favour == 1 ? " has" : "s have",
		    decision->against, decision->open,
		    decision->open == 1 ? "is" : "are");
		return;
	}
	str_addf(out, "1/2/1950 is read with the %s first%s: ",
	    *decision->read_as == 'd' ? "day" : "month",
	    decision->pinned ? ", as the mapping says" : "");
	if (decision->in_favour + decision->against == 0) {
		str_addf(out,
		    "nothing tells, and %u value%s can be read "
		    "either way",
		    decision->open, decision->open == 1 ? "" : "s");
		return;
	}
	add_count(out, decision->in_favour, "value says so", "values say so");
	str_add(out, ", ");
	if (decision->against == 0)
		str_add(out, "none the other way");
	else
		str_addf(out, "%u the other way", decision->against);
}

static void
explain_system(const struct column_decision *decision, struct str *out)
{
	bool since_1904 = strcmp(decision->read_as, "excel1904") == 0;

	str_addf(out, "numbers are read as a spreadsheet's days since %s%s",
	    since_1904 ? "1904" : "1900",
	    decision->pinned ? ", as the mapping says" : "");
	if (decision->field == FIELD_BIRTH_DATE) {
		str_addf(out, ": %u value%s", decision->open,
		    decision->open == 1 ? "" : "s");
		if (decision->doubtful)
			str_add(out, ", but the Part A and B dates speak for "
				     "1904, so they are left out");
		return;
	}
	str_add(out, ": ");
	add_count(out, decision->in_favour, "is the first of a month",
	    "are the first of a month");
	if (decision->against > 0) {
		str_addf(out, ", with days since %s %u would be",
		    since_1904 ? "1900" : "1904", decision->against);
		if (decision->doubtful)
			str_add(out, ", so they are left out");
	}
}

static void
explain_ids(const struct column_decision *decision, struct str *out)
{
	bool damaged = strcmp(decision->read_as, "damaged") == 0;

	if (damaged)
		str_addf(out,
		    "%u of %u long IDs end in zeros, as a "
		    "spreadsheet leaves them: they are not sent",
		    decision->in_favour,
		    decision->in_favour + decision->against);
	else
		str_addf(out,
		    "%u of %u long IDs end in zeros and are taken "
		    "as they are%s",
		    decision->against, decision->in_favour + decision->against,
		    decision->pinned ? ", as the mapping says" : "");
}

void
decision_explain(const struct column_decision *decision, struct str *out)
{
	switch (decision->kind) {
	case DECISION_DATE_ORDER: explain_order(decision, out); break;
	case DECISION_DATE_SYSTEM: explain_system(decision, out); break;
	case DECISION_ID_DIGITS: explain_ids(decision, out); break;
	}
}

bool
decision_pin(const struct column_decision *decision, struct str *out)
{
	if (decision->pinned)
		return false;
	switch (decision->kind) {
	case DECISION_DATE_ORDER:
		if (decision->read_as)
			str_addf(out, "date: %s", decision->read_as);
		else
			str_add(out, "date: m/d/y or date: d/m/y");
		break;
	case DECISION_DATE_SYSTEM:
		str_add(out, decision->doubtful
				 ? "date: excel1904 or date: excel"
				 : "date: excel");
		break;
	case DECISION_ID_DIGITS: str_add(out, "invalid: send"); break;
	}
	return true;
}
