/* SPDX-License-Identifier: MIT */
/*
 * Records: the raw rows of a source, in memory, as they stand there.
 *
 * Text lies in one arena, a cell is a 32-bit offset: about 340 bytes a row of
 * 22 columns. Nothing moves: a cell's pointer stays valid until the records
 * are freed or forgotten. Rows are only added. Nested lists of YAML/JSON
 * sources are kept in their cell as compact JSON text; nested maps are columns
 * named `a.b`. Rows count from 0 here; people see row + 1.
 */
#ifndef SOURCE_RECORDS_H
#define SOURCE_RECORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct records;

#define RECORDS_COLUMNS_MAX 1024u
#define RECORDS_ROWS_MAX 10000000u
#define RECORDS_CELL_MAX (64u << 10)
#define RECORDS_NAME_MAX (1u << 10)
#define RECORDS_NONE UINT32_MAX

struct records *records_new(void);
void records_free(struct records *records); /* NULL is fine */

uint32_t records_count(const struct records *records);
uint32_t records_column_count(const struct records *records);
const char *records_column_name(const struct records *records, uint32_t column);
/* The column of exactly this name, or RECORDS_NONE. */
uint32_t records_exact_column(const struct records *records, const char *name);
/* Exact name, then without regard to case and outer blanks; or RECORDS_NONE. */
uint32_t records_find_column(const struct records *records, const char *name);

/* NULL when the record has no such value; "" when it has an empty one. */
const char *records_cell(
    const struct records *records, uint32_t row, uint32_t column);
/*
 * All values of a row, one after the other, each with its NUL, so that they can
 * be searched in one go; NULL when other text lies between them, as where they
 * were not put in the order of their columns.
 */
const char *records_row_text(
    const struct records *records, uint32_t row, size_t *len);
/*
 * The first row of [from, to) that may have the folded text (text_fold(), not
 * empty) in a value: one that has is never passed over. `to` when none may.
 */
uint32_t records_next_with(const struct records *records, uint32_t from,
    uint32_t to, const char *folded);
/* Whether a nested list was put there, not a text that looks like one. */
bool records_is_list(
    const struct records *records, uint32_t row, uint32_t column);
/* Line of the file, from 1, where the record starts. */
uint32_t records_line(const struct records *records, uint32_t row);
/* What is wrong with the row as a whole (ragged, cut), or NULL. */
const char *records_problem(const struct records *records, uint32_t row);

/*
 * For readers: columns may be added at any time; a repeated header name gets
 * " #2", " #3". Ceilings are errors (ERR_DATA) that name the line.
 */
bool records_add_column(struct records *records, const char *name, size_t len,
    uint32_t *column, struct err *err);
bool records_begin(struct records *records, uint32_t line, struct err *err);
bool records_put(struct records *records, uint32_t column, const char *text,
    size_t len, struct err *err);
/* A nested list, as compact JSON. */
bool records_put_list(struct records *records, uint32_t column,
    const char *text, size_t len, struct err *err);
/*
 * The first cells of the record begun last, which has none yet, at once: cell i
 * ends before text[ends[i]], a byte of nobody, and the next one starts behind
 * it. Each is at most RECORDS_CELL_MAX long.
 */
bool records_put_row(struct records *records, const char *text,
    const uint32_t *ends, uint32_t count, struct err *err);
void records_set_problem(struct records *records, const char *problem);
/* Drops all columns but the first `count`; no record has a cell there. */
void records_drop_columns(struct records *records, uint32_t count);
/* Drops the record begun last (a title or footer line). */
void records_drop_last(struct records *records);
/*
 * Lets go of the text of all rows so far, for those who cannot keep a big file
 * in memory. Columns stay and rows count on, so what is read next is what it
 * would have been; but none of the rows forgotten may be looked at any more.
 */
void records_forget(struct records *records);

#endif
