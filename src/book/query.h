/* SPDX-License-Identifier: MIT */
/*
 * The query language of --filter, `f` and saved filters: terms joined by
 * blanks must all hold. See belay(1), QUERIES.
 *
 * Computed names are resolved here (glance.h) except `status`, which the
 * caller knows. `@name` is a saved filter of the book's config: it holds when
 * all of its terms do. One may use another one, but not itself by any way.
 */
#ifndef BOOK_QUERY_H
#define BOOK_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct book;
struct contact;
struct err;
struct query;
struct str;

/* status, age and so on; NULL-terminated. */
extern const char *const query_computed[];

/* ERR_USAGE names the term, and the nearest name for an unknown one, or the
 * statuses for what is none (see book_name_statuses()); ERR_CONFIG
 * with file:line:column when a saved filter that is used is at fault.
 * An empty text matches everything. */
struct query *query_parse(
    const struct book *book, const char *text, struct err *err);
void query_free(struct query *query); /* NULL is fine */

/* Parses the saved filter of that number (of the config's). */
struct query *query_saved(
    const struct book *book, size_t number, struct err *err);
/* Whether the text is a query that may be saved under the name: it does not
 * use the filter that it would become. */
bool query_may_save(const struct book *book, const char *name, const char *text,
    struct err *err);
/* Whether the text has the saved filter as a term. */
bool query_uses(const char *text, const char *name);
/* Adds a line with its place for each saved filter that is no query on this
 * book, whose columns are known; returns how many. */
size_t query_check_saved(const struct book *book, struct str *problems);

/* `status`: the row's status word, "" when unknown. `contact` is scratch
 * space; it is filled for `row` only when the query needs it. */
bool query_match(const struct query *query, struct book *book, uint32_t row,
    const char *status, struct contact *contact);
/* The first row of [from, to) that may match by what it holds; those before it
 * do not, unless by their status. `to` when none may. Much faster than asking
 * each row, for words that are looked for in all columns; else it may just be
 * `from`. */
uint32_t query_next(const struct query *query, const struct book *book,
    uint32_t from, uint32_t to);
/* A bit for each status (its number, see book_name_statuses()) by whose word a
 * row may match though query_next() went past it. */
uint32_t query_statuses(const struct query *query);
/* Whether all that match also match the wider one, as long as nothing changes:
 * a word that is typed on. False when that is not plain to see. */
bool query_is_within(const struct query *query, const struct query *wider);

#endif
