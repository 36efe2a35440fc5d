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
#include "base/near.h"
#include "base/text.h"
#include "book/book_private.h"
#include "book/query_private.h"

enum { TEXT_MAX = 4096, TERMS_MAX = 256, VALUES_MAX = 64 };

/* In the order of their targets, from QUERY_STATUS on. */
const char *const query_computed[] = {
    "status", "finding", "age", "t65", "iep", "parts", "row", NULL};

enum { COMPUTED_COUNT = QUERY_ROW - QUERY_STATUS + 1 };

struct scanner {
	const char *at;
	struct str *piece;
	bool quoted; /* some of the piece stood in quotes */
	struct query_parsing *parsing;
	struct err *err; /* of the parsing */
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
		names[count++] = query_computed[i];
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

/* Computed names, unless a column is called so and the name stands in quotes;
 * then fields that are mapped, then columns. */
static bool
resolve(struct scanner *scanner, const char *name, struct query_term *term)
{
	const struct book *book = scanner->parsing->book;
	enum field field = field_from_name(name);
	uint32_t column = mapping_find_alike(book->records, name);

	for (unsigned i = 0; i < COMPUTED_COUNT; i++)
		if (strcmp(query_computed[i], name) == 0 &&
		    (!scanner->quoted || column == RECORDS_NONE)) {
			term->target = QUERY_STATUS + i;
			return true;
		}
	if (field < FIELD_COUNT &&
	    (column == RECORDS_NONE || mapping_has(book->mapping, field))) {
		term->target = QUERY_FIELD;
		term->index = (uint32_t)field;
		return true;
	}
	if (column == RECORDS_NONE)
		return unknown(book, name, scanner->err);
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

/* ~abrnthy, where a text is looked for. */
static bool
read_near(struct scanner *scanner, const struct query_term *term,
    struct query_value *value)
{
	bool text = term->op == QUERY_CONTAINS &&
		    (term->target == QUERY_TEXT ||
			term->target == QUERY_FIELD ||
			term->target == QUERY_COLUMN);

	if (!text || scanner->quoted || *value->folded != '~')
		return true;
	memmove(value->folded, value->folded + 1, strlen(value->folded));
	value->near = true;
	return near_possible(value->folded) ||
	       err_set(scanner->err, ERR_USAGE,
		   "after ~ there must be one word of at least %d letters, as "
		   "in ~abrnthy",
		   NEAR_LEAST);
}

/* A word may be a saved filter. */
static bool
read_value(struct scanner *scanner, struct query_term *term)
{
	const char *text = scanner->piece->data;
	struct query_value *value;
	struct query *saved = NULL;
	char *name;

	if (term->target == QUERY_TEXT && !scanner->quoted &&
	    query_is_saved(text)) {
		name = mem_strdup(text + 1);
		saved = query_parse_saved(scanner->parsing, name);
		free(name);
		if (!saved)
			return false;
	}
	add_value(term, text, &scanner->parsing->today);
	value = &term->values[term->count - 1];
	value->saved = saved;
	value->any = !scanner->quoted && strcmp(text, "*") == 0;
	return read_near(scanner, term, value);
}

static bool
read_values(struct scanner *scanner, struct query_term *term, const char *name)
{
	for (;;) {
		if (!read_piece(scanner, " \t\n|"))
			return false;
		if (scanner->piece->len == 0 && !scanner->quoted)
			return missing_value(scanner, term, name);
		if (term->count == VALUES_MAX)
			return err_set(scanner->err, ERR_USAGE,
			    "too many values after %s", name);
		if (!read_value(scanner, term))
			return false;
		if (*scanner->at != '|')
			return true;
		scanner->at++;
	}
}

/* All of them: "new, changed, synced or review". */
static void
add_statuses(const struct book *book, struct str *out)
{
	const char *word;

	for (unsigned i = 0; (word = book->status_word(i)); i++)
		str_addf(out, "%s%s",
		    i == 0                     ? ""
		    : book->status_word(i + 1) ? ", "
					       : " or ",
		    word);
}

/* As status:part is held against the words, a part of one is enough. */
static bool
check_status(const struct book *book, enum query_op op, const char *text,
    struct err *err)
{
	const char *word;
	struct str words;

	if (!book->status_word)
		return true;
	for (unsigned i = 0; (word = book->status_word(i)); i++)
		if (op == QUERY_EQUAL ? strcmp(word, text) == 0
				      : strstr(word, text) != NULL)
			return true;
	str_init(&words, TEXT_MAX);
	add_statuses(book, &words);
	err_set(err, ERR_USAGE, "status is %s, not \"%s\"", words.data, text);
	str_release(&words);
	return false;
}

static bool
check_value(const struct book *book, const struct query_term *term,
    const char *name, const struct query_value *value, struct err *err)
{
	static const char *const yes_or_no[] = {"yes", "no", NULL};
	static const char *const parts[] = {"a", "b", "ab", "", NULL};

	if (value->any)
		return true;
	switch (term->target) {
	case QUERY_STATUS:
		return check_status(book, term->op, value->folded, err);
	case QUERY_AGE:
	case QUERY_T65:
	case QUERY_ROW:
		return value->has_number ||
		       err_set(err, ERR_USAGE,
			   "after %s there must be a number, not \"%s\"", name,
			   value->folded);
	case QUERY_IEP:
		return rules_in(value->folded, yes_or_no) ||
		       err_set(err, ERR_USAGE, "%s is yes or no, not \"%s\"",
			   name, value->folded);
	case QUERY_PARTS:
		return rules_in(value->folded, parts) ||
		       err_set(err, ERR_USAGE,
			   "%s is A, B or AB, not \"%s\"; -%s:B is without "
			   "Part B",
			   name, value->folded, name);
	default:
		return term->op < QUERY_LESS || value->has_number ||
		       value->has_days ||
		       err_set(err, ERR_USAGE,
			   "after %s and < or > there must be a number or a "
			   "date",
			   name);
	}
}

static bool
check_values(const struct book *book, const struct query_term *term,
    const char *name, struct err *err)
{
	if (term->op >= QUERY_LESS &&
	    (term->target == QUERY_STATUS || term->target == QUERY_FINDING ||
		term->target == QUERY_IEP || term->target == QUERY_PARTS))
		return err_set(err, ERR_USAGE,
		    "%s cannot be compared with < or >; write %s:word", name,
		    name);
	for (size_t i = 0; i < term->count; i++)
		if (!check_value(book, term, name, &term->values[i], err))
			return false;
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
read_term(struct scanner *scanner, struct query_term *term)
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
		return read_values(scanner, term, "|");
	}
	if (scanner->piece->len == 0)
		return err_set(scanner->err, ERR_USAGE,
		    "a name is missing before %c", *scanner->at);
	name = mem_strdup(scanner->piece->data);
	term->op = read_operator(scanner);
	good = resolve(scanner, name, term) &&
	       read_values(scanner, term, name) &&
	       check_values(scanner->parsing->book, term, name, scanner->err);
	free(name);
	return good;
}

static bool
read_terms(struct scanner *scanner, struct query *query)
{
	if (strlen(scanner->at) >= TEXT_MAX)
		return err_set(
		    scanner->err, ERR_USAGE, "the filter is too long");
	for (;;) {
		scanner->at += strspn(scanner->at, " \t\n");
		if (!*scanner->at)
			return true;
		if (scanner->parsing->terms++ == TERMS_MAX)
			return err_set(scanner->err, ERR_USAGE,
			    "the filter has too many terms");
		query->terms = mem_resize(
		    query->terms, query->count + 1, sizeof(*query->terms));
		query->terms[query->count] = (struct query_term){0};
		if (!read_term(scanner, &query->terms[query->count++]))
			return false;
	}
}

struct query *
query_parse_within(struct query_parsing *parsing, const char *text)
{
	struct query *query = mem_zalloc(sizeof(*query));
	struct str piece;
	struct scanner scanner = {.at = text,
	    .piece = &piece,
	    .parsing = parsing,
	    .err = parsing->err};

	str_init(&piece, TEXT_MAX);
	if (!read_terms(&scanner, query)) {
		query_free(query);
		query = NULL;
	}
	str_release(&piece);
	return query;
}

struct query_parsing
query_parsing_on(const struct book *book, struct err *err)
{
	return (struct query_parsing){
	    .book = book, .today = date_today(book->clock), .err = err};
}

struct query *
query_parse(const struct book *book, const char *text, struct err *err)
{
	struct query_parsing parsing = query_parsing_on(book, err);
	struct query *query = query_parse_within(&parsing, text);

	if (query)
		query_find_needle(query, book);
	return query;
}

void
query_free(struct query *query)
{
	if (!query)
		return;
	for (size_t i = 0; i < query->count; i++) {
		for (size_t k = 0; k < query->terms[i].count; k++) {
			free(query->terms[i].values[k].folded);
			query_free(query->terms[i].values[k].saved);
		}
		free(query->terms[i].values);
	}
	free(query->terms);
	free(query);
}
