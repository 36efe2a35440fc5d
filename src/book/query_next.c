/* SPDX-License-Identifier: MIT */
/*
 * Going past the rows that cannot match. A word that must be in some column is
 * looked for in the text of many rows at once. Two kinds of rows may have it
 * elsewhere, and are looked at apart: changed ones, and those whose status is
 * called so, which only the caller knows.
 */
#include <string.h>

#include "base/text.h"
#include "book/book_private.h"
#include "book/query.h"
#include "book/query_private.h"

/* A text that no row matches without, in a value or as its status. */
static const char *
needle_of(const struct query_term *term)
{
	const struct query_value *value = &term->values[0];

	if (term->target != QUERY_TEXT || term->negate || term->count != 1 ||
	    value->saved || value->any || value->near || !*value->folded)
		return NULL;
	return value->folded;
}

/* A bit for each status that has the text in its word. */
static uint32_t
statuses_with(const struct book *book, const char *folded)
{
	uint32_t statuses = 0;
	const char *word;

	if (!book->status_word)
		return UINT32_MAX;
	for (unsigned i = 0; (word = book->status_word(i)); i++)
		if (text_contains_folded(word, folded))
			statuses |= UINT32_C(1) << i;
	return statuses;
}

/* The longest needle is the best, as fewest rows have it; but one that is in a
 * status' word is in many. */
static bool
is_better(const struct query *query, const char *needle, uint32_t statuses)
{
	if (!query->needle)
		return true;
	if ((statuses != 0) != (query->statuses != 0))
		return statuses == 0;
	return strlen(needle) > strlen(query->needle);
}

void
query_find_needle(struct query *query, const struct book *book)
{
	for (size_t i = 0; i < query->count; i++) {
		const char *needle = needle_of(&query->terms[i]);
		uint32_t statuses;

		if (!needle)
			continue;
		statuses = statuses_with(book, needle);
		if (!is_better(query, needle, statuses))
			continue;
		query->needle = needle;
		query->statuses = statuses;
	}
}

uint32_t
query_statuses(const struct query *query)
{
	return query->needle ? query->statuses : 0;
}

static bool
result_has(const struct book *book, uint32_t row, const char *folded)
{
	for (unsigned i = 0; i < RESULT_COUNT; i++) {
		const struct overlay_cell *cell = overlay_find(
		    &book->results, row, i);

		if (cell && cell->now &&
		    text_contains_folded(cell->now, folded))
			return true;
	}
	return false;
}

/* The first changed row of [from, to) that may have it, or `to`. An edited one
 * may have it anywhere; after a sync each row has results. */
static uint32_t
next_changed(const struct query *query, const struct book *book, uint32_t from,
    uint32_t to)
{
	to = overlay_next(&book->edits, from, to);
	for (uint32_t row = from;
	     (row = overlay_next(&book->results, row, to)) < to; row++)
		if (result_has(book, row, query->needle))
			return row;
	return to;
}

uint32_t
query_next(const struct query *query, const struct book *book, uint32_t from,
    uint32_t to)
{
	if (!query->needle || book->surveyed || query->statuses == UINT32_MAX)
		return from;
	to = records_next_with(book->records, from, to, query->needle);
	return next_changed(query, book, from, to);
}

/* ---- one query within another ---------------------------------------------
 */

/* 65 has a 6 in it, yet nobody of that age is 6. */
static bool
is_number(const struct query_term *term)
{
	return term->target == QUERY_AGE || term->target == QUERY_T65 ||
	       term->target == QUERY_ROW;
}

static bool
is_within(const struct query_term *term, const struct query_term *wider)
{
	const struct query_value *value = term->values, *other = wider->values;

	return term->target == wider->target && term->index == wider->index &&
	       !is_number(term) && term->op == QUERY_CONTAINS &&
	       wider->op == QUERY_CONTAINS && !term->negate && !wider->negate &&
	       term->count == 1 && wider->count == 1 && !value->saved &&
	       !other->saved && !value->any && !other->any && !value->near &&
	       !other->near && strstr(value->folded, other->folded) != NULL;
}

bool
query_is_within(const struct query *query, const struct query *wider)
{
	if (query->count < wider->count)
		return false;
	for (size_t i = 0; i < wider->count; i++)
		if (!is_within(&query->terms[i], &wider->terms[i]))
			return false;
	return true;
}
