/* SPDX-License-Identifier: MIT */
/*
 * The query language of --filter, `f` and saved filters: terms joined by
 * blanks must all hold. See belay(1), QUERIES.
 *
 * Computed names (status, finding, age, t65, row) are resolved here except
 * `status`, which the caller knows.
 */
#ifndef BOOK_QUERY_H
#define BOOK_QUERY_H

#include <stdbool.h>
#include <stdint.h>

struct book;
struct contact;
struct err;
struct query;

/* ERR_USAGE names the term, and the nearest name for an unknown one.
 * An empty text matches everything. */
struct query *query_parse(
    const struct book *book, const char *text, struct err *err);
void query_free(struct query *query);

/* `status`: the row's status word, "" when unknown. `contact` is scratch
 * space; it is filled for `row` only when the query needs it. */
bool query_match(const struct query *query, struct book *book, uint32_t row,
    const char *status, struct contact *contact);

#endif
