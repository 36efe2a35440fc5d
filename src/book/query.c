/* SPDX-License-Identifier: MIT */
/*
 * Queries: parsed once into terms, held against rows by query_match.c.
 *
 * A term is a word, or a name, an operator and values. Quotes take the
 * meaning from everything inside them.
 */
#include "book/query.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "book/book_private.h"
#include "book/query_private.h"

enum { TEXT_MAX = 4096, TERMS_MAX = 64, VALUES_MAX = 64 };

static const struct computed {
	const char *name;
	enum query_target target;
} computed[] = {
    {"status", QUERY_STATUS},
    {"finding", QUERY_FINDING},
    {"age", QUERY_AGE},
    {"t65", QUERY_T65},
    {"row", QUERY_ROW},
};

enum { COMPUTED_COUNT = sizeof(computed) / sizeof(computed[0]) };

struct scanner {
	const char *at;
	struct str *piece;
	bool quoted; /* some of the piece stood in quotes */
	struct err *err;
};

/* Reads up to a blank or one of `stops`. False: a quote is not closed. */
static bool
read_piece(struct scanner *scanner, const char *stops)
{
	str_reset(scanner->piece);
	scanner->quoted = false;
	for (; *scanner->at; scanner->at++) {
		const char *end;

		if (strchr(stops, *scanner->at))
			break;
		if (*scanner->at != '"') {
			str_add_char(scanner->piece, *scanner->at);
			continue;
		}
		end = strchr(scanner->at + 1, '"');
		if (!end)
			return err_set(scanner->err, ERR_USAGE,
			    "a quote is not closed: %s", scanner->at);
		scanner->quoted = true;
		str_add_bytes(scanner->piece, scanner->at + 1,
		    (size_t)(end - scanner->at - 1));
		scanner->at = end;
	}
	return true;
}

/* ---- names
 * ----------------------------------------------------------------------------
 */

static bool
unknown(const struct book *book, const char *name, struct err *err)
{
	uint32_t columns = records_column_count(book->records);
	const char **names = mem_alloc(
	    (columns + FIELD_COUNT + COMPUTED_COUNT) * sizeof(*names));
	const char *near;
	size_t count = 0;

	for (unsigned i = 0; i < COMPUTED_COUNT; i++)
		names[count++] = computed[i].name;
	for (unsigned i = 0; i < FIELD_COUNT; i++)
		names[count++] = field_table[i].name;
	for (uint32_t i = 0; i < columns; i++)
		names[count++] = records_column_name(book->records, i);
	near = str_nearest(name, names, count);
	if (near)
		err_set(err, ERR_USAGE,
		    "\"%s\" is no column or field; did you mean \"%s\"?", name,
		    near);
	else
		err_set(err, ERR_USAGE,
		    "\"%s\" is no column or field; to search for the text "
		    "itself, put it in quotes",
		    name);
	free(names);
	return false;
}

/* Computed names, then fields that are mapped, then columns. */
static bool
resolve(const struct book *book, const char *name, struct query_term *term,
    struct err *err)
{
	enum field field = field_from_name(name);
	uint32_t column;

	for (unsigned i = 0; i < COMPUTED_COUNT; i++)
		if (strcmp(computed[i].name, name) == 0) {
			term->target = computed[i].target;
			return true;
		}
	column = mapping_find_alike(book->records, name);
	if (field < FIELD_COUNT &&
	    (column == RECORDS_NONE || mapping_has(book->mapping, field))) {
		term->target = QUERY_FIELD;
		term->index = (uint32_t)field;
		return true;
	}
	if (column == RECORDS_NONE)
		return unknown(book, name, err);
	term->target = QUERY_COLUMN;
	term->index = column;
	return true;
}

/* ---- values
 * ---------------------------------------------------------------------------
 */

bool
query_read_number(const char *text, double *number)
{
	char *end;

	/* strtod also takes "nan", "inf" and 0x10 */
	if (text[strspn(text, "0123456789.+- ")] || !*text)
		return false;
	*number = strtod(text, &end);
	return end != text && end[strspn(end, " ")] == '\0' &&
	       isfinite(*number);
}

static void
add_value(struct query_term *term, const char *text, const struct date *today)
{
	struct query_value *value;
	struct date date;
	struct str folded;

	term->values = mem_resize(
	    term->values, term->count + 1, sizeof(*term->values));
	value = &term->values[term->count++];
	*value = (struct query_value){0};
	str_init(&folded, TEXT_MAX);
	text_fold(&folded, text);
	value->folded = str_take(&folded);
	value->has_number = query_read_number(text, &value->number);
	if (value->has_number && strlen(text) == 4 && value->number >= 1800 &&
	    value->number <= 2200) {
		/* birth_date<1955: a year stands for its first day */
		date = (struct date){(int)value->number, 1, 1};
		value->has_days = true;
		value->days = date_to_days(&date);
	} else if (rules_read_date(text, today, &date)) {
		value->has_days = true;
		value->days = date_to_days(&date);
	}
}

static bool
missing_value(const struct scanner *scanner, const struct query_term *term,
    const char *name)
{
	if (term->target == QUERY_TEXT)
		return err_set(scanner->err, ERR_USAGE,
		    "a word is missing beside %s", name);
	return err_set(scanner->err, ERR_USAGE,
	    "a value is missing after %s; %s:* finds any", name, name);
}

static bool
read_values(struct scanner *scanner, struct query_term *term, const char *name,
    const struct date *today)
{
	for (;;) {
		bool any;

		if (!read_piece(scanner, " \t\n|"))
			return false;
		any = !scanner->quoted &&
		      strcmp(scanner->piece->data, "*") == 0;
		if (scanner->piece->len == 0 && !scanner->quoted)
			return missing_value(scanner, term, name);
		if (term->count == VALUES_MAX)
			return err_set(scanner->err, ERR_USAGE,
			    "too many values after %s", name);
		add_value(term, scanner->piece->data, today);
		term->values[term->count - 1].any = any;
		if (*scanner->at != '|')
			return true;
		scanner->at++;
	}
}

static bool
check_comparison(
    const struct query_term *term, const char *name, struct err *err)
{
	if (term->op < QUERY_LESS)
		return true;
	if (term->target == QUERY_STATUS || term->target == QUERY_FINDING)
		return err_set(err, ERR_USAGE,
		    "%s cannot be compared with < or >; write %s:word", name,
		    name);
	for (size_t i = 0; i < term->count; i++)
		if (!term->values[i].has_number && !term->values[i].has_days)
			return err_set(err, ERR_USAGE,
			    "after %s and < or > there must be a number or a "
			    "date",
			    name);
	return true;
}

/* ---- terms
 * -----------------------------------------------------------------------------
 */

static enum query_op
read_operator(struct scanner *scanner)
{
	char c = *scanner->at++;
	bool equal = *scanner->at == '=';

	if (c == ':')
		return QUERY_CONTAINS;
	if (c == '=')
		return QUERY_EQUAL;
	scanner->at += equal;
	if (c == '<')
		return equal ? QUERY_AT_MOST : QUERY_LESS;
	return equal ? QUERY_AT_LEAST : QUERY_MORE;
}

static bool
read_term(const struct book *book, struct scanner *scanner,
    struct query_term *term, const struct date *today)
{
	const char *start;
	char *name;
	bool good;

	if (*scanner->at == '-' && scanner->at[1] &&
	    !strchr(" \t\n", scanner->at[1])) {
		term->negate = true;
		scanner->at++;
	}
	start = scanner->at;
	if (!read_piece(scanner, " \t\n:=<>|"))
		return false;
	if (!*scanner->at || !strchr(":=<>", *scanner->at)) {
		term->target = QUERY_TEXT;
		scanner->at = start;
		return read_values(scanner, term, "|", today);
	}
	if (scanner->piece->len == 0)
		return err_set(scanner->err, ERR_USAGE,
		    "a name is missing before %c", *scanner->at);
	name = mem_strdup(scanner->piece->data);
	term->op = read_operator(scanner);
	good = resolve(book, name, term, scanner->err) &&
	       read_values(scanner, term, name, today) &&
	       check_comparison(term, name, scanner->err);
	free(name);
	return good;
}

struct query *
query_parse(const struct book *book, const char *text, struct err *err)
{
	struct query *query = mem_zalloc(sizeof(*query));
	struct date today = date_today(book->clock);
	struct str piece;
	struct scanner scanner = {.at = text, .piece = &piece, .err = err};
	bool good = true;

	str_init(&piece, TEXT_MAX);
	if (strlen(text) >= TEXT_MAX)
		good = err_set(err, ERR_USAGE, "the filter is too long");
	while (good) {
		scanner.at += strspn(scanner.at, " \t\n");
		if (!*scanner.at)
			break;
		if (query->count == TERMS_MAX) {
			good = err_set(
			    err, ERR_USAGE, "the filter has too many terms");
			break;
		}
		query->terms = mem_resize(
		    query->terms, query->count + 1, sizeof(*query->terms));
		query->terms[query->count] = (struct query_term){0};
		good = read_term(
		    book, &scanner, &query->terms[query->count++], &today);
	}
	str_release(&piece);
	if (good)
		return query;
	query_free(query);
	return NULL;
}

void
query_free(struct query *query)
{
	if (!query)
		return;
	for (size_t i = 0; i < query->count; i++) {
		for (size_t k = 0; k < query->terms[i].count; k++)
			free(query->terms[i].values[k].folded);
		free(query->terms[i].values);
	}
	free(query->terms);
	free(query);
}
