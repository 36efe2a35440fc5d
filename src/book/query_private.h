/* SPDX-License-Identifier: MIT */
/* A query as terms; shared by query.c and query_match.c. */
#ifndef BOOK_QUERY_PRIVATE_H
#define BOOK_QUERY_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum query_target {
	QUERY_TEXT, /* any column */
	QUERY_FIELD,
	QUERY_COLUMN,
	QUERY_STATUS,
	QUERY_FINDING,
	QUERY_AGE,
	QUERY_T65,
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
	bool any; /* an unquoted * */
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
};

/* The whole text as a finite number. */
bool query_read_number(const char *text, double *number);

#endif
