/* SPDX-License-Identifier: MIT */
/*
 * The mapping: rules that make fields out of columns. Parsed from YAML once,
 * bound to the columns of a source, evaluated per record.
 *
 * The grammar is in belay.yaml(5). A rule is one source (column, list of
 * columns, constant, ...) and modifiers applied in a fixed order.
 */
#ifndef BOOK_MAPPING_H
#define BOOK_MAPPING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "book/field.h"

struct err;
struct mapping;
struct records;
struct str;
struct yaml_node;

/* Every problem is appended to `problems`, one a line; NULL when there are
 * any. `name` is the file, for messages. */
struct mapping *mapping_parse(
    const char *name, const struct yaml_node *node, struct str *problems);
/*
 * The same of a file of its own: rules, or rules below the one key `mapping`.
 * mapping_fields(): where in its tree the rules should be.
 */
struct mapping *mapping_parse_file(
    const char *name, const char *text, size_t len, struct str *problems);
const struct yaml_node *mapping_fields(const struct yaml_node *tree);
/* Columns named as fields (case, blanks, - and _ ignored) map themselves.
 * `mints`: as mapping_mints(). */
struct mapping *mapping_identity(bool mints);
/*
 * The mapping of a format whose columns have a meaning of their own (vCard), by
 * source_format_name(); NULL: it has none. Columns that no record has are no
 * problem then.
 */
struct mapping *mapping_builtin(const char *format);
/* Whether that mapping names the column, or one with another number: whether a
 * file of the format could have it. */
bool mapping_builtin_names(const char *format, const char *column);
/* The same as a user would write it: a field's rule, in YAML's flow form, or
 * NULL; all of it, false: there is none. */
const char *mapping_builtin_rule(const char *format, enum field field);
bool mapping_builtin_text(const char *format, struct str *out);
/* A field's rule on one line; false: there is none. */
bool mapping_builtin_line(
    const char *format, enum field field, struct str *out);
/* The rule that comes to the same as a column named as the field does, when no
 * mapping is written (mapping_identity()). False: nothing gives it. */
bool mapping_identity_rule(const struct mapping *mapping,
    const struct records *records, enum field field, struct str *out);
/* A copy that is bound by itself. */
struct mapping *mapping_clone(const struct mapping *mapping);
void mapping_free(struct mapping *mapping); /* NULL is fine */
/* Whether both say the same; where their rules stand does not count. */
bool mapping_same(const struct mapping *a, const struct mapping *b);

/* The format of the source that it is bound to, for good: a column that the
 * format's own mapping names is no problem when it is missing. */
void mapping_set_format(struct mapping *mapping, const char *format);

/*
 * Looks the columns up. Names that no column has are problems with place and
 * nearest name. To be called again when columns were added (YAML).
 * `complete`: all columns are known now.
 */
bool mapping_bind(struct mapping *mapping, const struct records *records,
    bool complete, struct str *problems);

/* The column of that name, else the one that differs only in case, blanks, -
 * and _; or RECORDS_NONE. */
uint32_t mapping_find_alike(const struct records *records, const char *name);

/* Whether columns named like the fields give them. */
bool mapping_is_identity(const struct mapping *mapping);
/* Whether a field has a rule (bound identity rules included). */
bool mapping_has(const struct mapping *mapping, enum field field);
/* The column whose cells are a field's values as they stand; UINT32_MAX: the
 * rule does more, or there is none. */
uint32_t mapping_plain_column(const struct mapping *mapping, enum field field);
/* The first field whose bound rule reads the column; FIELD_COUNT: none. */
enum field mapping_reader(const struct mapping *mapping, uint32_t column);
/* Whether a record for which the rule of external_id gives nothing gets an ID
 * of ours (`minted: true`), so that it needs none. */
bool mapping_mints(const struct mapping *mapping);
/* The column that a value would be put into first, there or not; or NULL. */
const char *mapping_place(const struct mapping *mapping, enum field field);
/* Shown but not sent. */
bool mapping_never_sent(const struct mapping *mapping, enum field field);
enum mapping_invalid { INVALID_LEAVE_OUT, INVALID_SEND, INVALID_BLOCK };
enum mapping_invalid mapping_invalid(
    const struct mapping *mapping, enum field field);
/* The rule in words: "Mobile Phone, then Phone". */
void mapping_describe(
    const struct mapping *mapping, enum field field, struct str *out);

/* Reads a cell: edits of the book overlay the records. NULL: absent. */
typedef const char *(*mapping_cell)(
    void *context, uint32_t row, uint32_t column);

/*
 * Evaluates one field for one row into `out` (reset first). False when the
 * rule gives nothing. `*column`: where the value came from, or would be put
 * when there is none; UINT32_MAX: no single one.
 * `*date_form`: the rule's date form, or NULL.
 */
bool mapping_evaluate(const struct mapping *mapping, enum field field,
    uint32_t row, mapping_cell cell, void *context, struct str *out,
    uint32_t *column, const char **date_form);

#endif
