/* SPDX-License-Identifier: MIT */
/*
 * Holding a row against a query. Cheap terms first: words and columns are
 * looked for in the raw cells, a field is cleaned by itself, and only
 * `finding` needs the whole contact, which is made once.
 */
#include <stdio.h>
#include <string.h>

#include "base/near.h"
#include "base/text.h"
#include "book/book_private.h"
#include "book/glance.h"
#include "book/query.h"
#include "book/query_private.h"

struct matching {
	struct book *book;
	uint32_t row;
	const char *status;
	struct contact *contact;
	bool made; /* contact is of this row */
	bool birth_seen, parts_seen;
	struct glance glance; /* as far as it was looked at */
};

static bool query_holds(struct matching *now, const struct query *query);

/* ---- one text against one value
 * ------------------------------------------------------- */

static bool
compare(enum query_op op, double is, double than)
{
	switch (op) {
	case QUERY_LESS: return is < than;
	case QUERY_AT_MOST: return is <= than;
	case QUERY_MORE: return is > than;
	case QUERY_AT_LEAST: return is >= than;
	default: return is == than;
	}
}

static bool
compare_text(struct matching *now, const struct query_term *term,
    const struct query_value *value, const char *text)
{
	struct date today = book_today(now->book), date;
	double number;

	if (value->has_number && query_read_number(text, &number))
		return compare(term->op, number, value->number);
	if (value->has_days && rules_read_date(text, &today, &date))
		return compare(
		    term->op, (double)date_to_days(&date), (double)value->days);
	return false;
}

static bool
equal_text(
    struct matching *now, const struct query_value *value, const char *text)
{
	size_t len;

	text = text_trim(text, &len);
	str_reset(&now->book->folded);
	str_reset(&now->book->trimmed);
	str_add_bytes(&now->book->trimmed, text, len);
	text_fold(&now->book->folded, now->book->trimmed.data);
	return strcmp(now->book->folded.data, value->folded) == 0;
}

static bool
text_holds(struct matching *now, const struct query_term *term,
    const struct query_value *value, const char *text)
{
	if (str_blank(text))
		return term->op == QUERY_EQUAL && !*value->folded;
	if (value->any)
		return true;
	if (value->near)
		return near_text(&now->book->folded, text, value->folded) !=
		       NEAR_NOT;
	if (term->op == QUERY_CONTAINS)
		return text_contains_folded(text, value->folded);
	if (term->op == QUERY_EQUAL)
		return equal_text(now, value, text);
	return compare_text(now, term, value, text);
}

/* ---- terms
 * ------------------------------------------------------------------------------
 */

static bool
cell_holds(
    struct matching *now, const struct query_value *value, const char *text)
{
	return value->near ? near_text(&now->book->folded, text,
				 value->folded) != NEAR_NOT
			   : text_contains_folded(text, value->folded);
}

static bool
any_cell_holds(struct matching *now, const struct query_value *value)
{
	const struct book *book = now->book;
	uint32_t columns = records_column_count(book->records);
	bool changed = book_may_be_changed(book, now->row);
	const char *row;
	size_t len;

	if (value->any)
		return true;
	row = changed || value->near || book->surveyed
		  ? NULL
		  : records_row_text(book->records, now->row, &len);
	if (row)
		return text_range_contains_folded(row, len, value->folded) ||
		       text_contains_folded(now->status, value->folded);
	for (uint32_t column = 0; column < columns; column++) {
		const char *text = changed
				       ? book_cell(book, now->row, column)
				       : book_raw_cell(book, now->row, column);

		if (text && *text && cell_holds(now, value, text))
			return true;
	}
	return !value->near && text_contains_folded(now->status, value->folded);
}

/* What would be sent or, when nothing would, what stands there; a text may
 * also be found in what stands there: (916) 555 in a phone. */
static bool
field_holds(struct matching *now, const struct query_term *term,
    const struct query_value *value)
{
	struct book *book = now->book;
	enum field field = (enum field)term->index;

	book_clean_field(book, field, now->row, book_read_cell, &book->clean);
	if (book->clean.len > 0 &&
	    text_holds(now, term, value, book->clean.data))
		return true;
	if (term->op > QUERY_EQUAL && book->clean.len > 0)
		return false;
	return text_holds(now, term, value, book->raw.data);
}

static bool
finding_holds(struct matching *now, const struct query_term *term,
    const struct query_value *value)
{
	if (!now->made) {
		book_contact(now->book, now->row, now->contact);
		now->made = true;
	}
	for (unsigned i = 0; i < now->contact->finding_count; i++) {
		const struct finding *finding = &now->contact->findings[i];
		char both[80] = "";

		if (finding->field < FIELD_COUNT)
			snprintf(both, sizeof(both), "%s/%s",
			    field_table[finding->field].name,
			    finding_table[finding->code].code);

		if (text_holds(
			now, term, value, finding_table[finding->code].code) ||
		    text_holds(now, term, value, both) ||
		    text_holds(
			now, term, value, severity_word(finding->severity)) ||
		    (finding->field < FIELD_COUNT &&
			text_holds(now, term, value,
			    field_table[finding->field].name)))
			return true;
	}
	return false;
}

/* ---- at a glance
 * ---------------------------------------------------------------
 */

static const struct glance *
birth_of(struct matching *now)
{
	struct book *book = now->book;
	struct date today = book_today(book);

	if (!now->birth_seen) {
		book_clean_field(book, FIELD_BIRTH_DATE, now->row,
		    book_read_cell, &book->clean);
		glance_birth(&now->glance, book->clean.data, &today);
	}
	now->birth_seen = true;
	return &now->glance;
}

static const struct glance *
parts_of(struct matching *now)
{
	struct book *book = now->book;
	struct date today = book_today(book);
	char part_a[16];

	if (!now->parts_seen) {
		book_clean_field(book, FIELD_PART_A_DATE, now->row,
		    book_read_cell, &book->clean);
		str_copy(part_a, sizeof(part_a), book->clean.data);
		book_clean_field(book, FIELD_PART_B_DATE, now->row,
		    book_read_cell, &book->clean);
		glance_parts(&now->glance, part_a, book->clean.data, &today);
	}
	now->parts_seen = true;
	return &now->glance;
}

/* A number that is not there (-1) holds nothing. */
static bool
number_holds(
    const struct query_term *term, const struct query_value *value, int64_t is)
{
	return is >= 0 &&
	       (value->any || compare(term->op, (double)is, value->number));
}

static bool
value_holds(struct matching *now, const struct query_term *term,
    const struct query_value *value)
{
	switch (term->target) {
	case QUERY_TEXT:
		return value->saved ? query_holds(now, value->saved)
				    : any_cell_holds(now, value);
	case QUERY_FIELD: return field_holds(now, term, value);
	case QUERY_COLUMN:
		return text_holds(now, term, value,
		    book_cell(now->book, now->row, term->index));
	case QUERY_STATUS: return text_holds(now, term, value, now->status);
	case QUERY_FINDING: return finding_holds(now, term, value);
	case QUERY_AGE: return number_holds(term, value, birth_of(now)->age);
	case QUERY_T65: return number_holds(term, value, birth_of(now)->t65);
	case QUERY_IEP:
		return text_holds(
		    now, term, value, glance_iep_word(birth_of(now)));
	case QUERY_PARTS:
		return text_holds(
		    now, term, value, glance_parts_word(parts_of(now)));
	case QUERY_ROW: return number_holds(term, value, (int64_t)now->row + 1);
	}
	return false;
}

static bool
term_holds(struct matching *now, const struct query_term *term)
{
	for (size_t i = 0; i < term->count; i++)
		if (value_holds(now, term, &term->values[i]))
			return !term->negate;
	return term->negate;
}

/* Whether it may ask for the whole contact. */
static bool
is_costly(const struct query_term *term)
{
	if (term->target == QUERY_FINDING)
		return true;
	for (size_t i = 0; i < term->count; i++)
		if (term->values[i].saved || term->values[i].near)
			return true;
	return false;
}

static bool
query_holds(struct matching *now, const struct query *query)
{
	for (unsigned pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < query->count; i++)
			if (is_costly(&query->terms[i]) == (pass == 1) &&
			    !term_holds(now, &query->terms[i]))
				return false;
	return true;
}

bool
query_match(const struct query *query, struct book *book, uint32_t row,
    const char *status, struct contact *contact)
{
	struct matching now = {
	    .book = book, .row = row, .status = status, .contact = contact};

	return query_holds(&now, query);
}
