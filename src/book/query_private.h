/* SPDX-License-Identifier: MIT */
/* A query as terms; shared by query*.c. */
#ifndef BOOK_QUERY_PRIVATE_H
#define BOOK_QUERY_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"

struct book;
struct err;

enum query_target {
	QUERY_TEXT, /* any column */
	QUERY_FIELD,
	QUERY_COLUMN,
	QUERY_STATUS,
	QUERY_FINDING,
	QUERY_AGE,
	QUERY_T65,
	QUERY_IEP,
	QUERY_PARTS,
	QUERY_ROW,
};

enum query_op {
	QUERY_CONTAINS,
	QUERY_EQUAL,
	QUERY_LESS,
	QUERY_AT_MOST,
	QUERY_MORE,
	QUERY_AT_LEAST,
};

struct query_value {
	char *folded;
	struct query *saved; /* @name in place of a word; or NULL */
	bool any;            /* an unquoted * */
	bool near;           /* ~word: the folded one is near (near.h) */
	bool has_number, has_days;
	double number;
	int64_t days; /* since 1970 */
};

struct query_term {
	bool negate;
	enum query_target target;
	uint32_t index; /* field or column */
	enum query_op op;
	struct query_value *values; /* one of them must hold */
	size_t count;
};

struct query {
	struct query_term *terms; /* all of them must hold */
	size_t count;
	/* for query_next(): a text that no row matches without, in a term, or
	 * NULL; and a bit for each status that has it in its word */
	const char *needle;
	uint32_t statuses;
};

/* A saved filter that is being parsed, from the innermost outward. */
struct query_within {
	const char *name;
	const struct query_within *outer;
};

/* What one parse, with the saved filters in it, has in common. */
struct query_parsing {
	const struct book *book;
	struct date today;
	struct err *err;
	size_t terms; /* so far, in all of them */
	const struct query_within *within;
};

struct query_parsing query_parsing_on(const struct book *book, struct err *err);
struct query *query_parse_within(
    struct query_parsing *parsing, const char *text);

/* In query_saved.c: whether a word is @ and what may be a name. */
bool query_is_saved(const char *word);
/* The filter of that name, parsed; NULL with the error. */
struct query *query_parse_saved(
    struct query_parsing *parsing, const char *name);

/* In query_next.c. Sets needle and statuses. */
void query_find_needle(struct query *query, const struct book *book);

/* The whole text as a finite number. */
bool query_read_number(const char *text, double *number);

#endif
