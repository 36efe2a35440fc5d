/* SPDX-License-Identifier: MIT */
/*
 * The columns of the list of contacts: what can be one, what is one, how each
 * is called in the config and on the screen.
 *
 * A column is one of belay's own (what a contact is at a glance), one of
 * HealthSherpa's fields as it would be sent, or a column of the file as it
 * stands there. A name is looked for in this order; {column: NAME} is the
 * file's. Titles of the file are found as the mapping finds them.
 */
#ifndef DESK_CONTACT_COLUMNS_H
#define DESK_CONTACT_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tui/columns.h"

struct book;
struct config_column;
struct config_columns;
struct desk;
struct err;
struct str;

/* Belay's own. */
enum contact_cell {
	CELL_NAME,
	CELL_BORN,
	CELL_AGE,
	CELL_T65,   /* days until 65, when within a year */
	CELL_PARTS, /* of Medicare, see glance.h */
	CELL_PHONE,
	CELL_STATE,
	CELL_ZIP,
	CELL_STATUS,
	CELL_COUNT
};

/* As the config calls them. */
extern const char *const contact_cell_words[CELL_COUNT];

enum contact_column_kind { SHOWS_CELL, SHOWS_FIELD, SHOWS_FILE };

struct contact_column {
	enum contact_column_kind kind;
	uint32_t index; /* enum contact_cell, enum field, column of the file */
	int width;      /* that the user chose; 0: the usual one */
};

/* Those that are shown, ready for a table. */
struct contact_columns {
	struct contact_column list[COLUMNS_MAX];
	struct column shapes[COLUMNS_MAX];
	char titles[COLUMNS_MAX][64]; /* of the shapes */
	int count;
};

/* ERR_USAGE names the nearest one. */
bool contact_column_find(const struct book *book,
    const struct config_column *named, struct contact_column *out,
    struct err *err);
bool contact_column_same(
    const struct contact_column *a, const struct contact_column *b);
/* How the config would call it; the name is borrowed from the book. */
void contact_column_name(const struct book *book,
    const struct contact_column *column, struct config_column *out);
/* All that could be one, one after the other from 0 on; false: that was all. */
bool contact_column_number(
    const struct book *book, size_t number, struct contact_column *out);

/*
 * Those of the config, or the usual ones when it names none that is there. What
 * is not is added to `problems` (NULL: not wanted), a line each with its place;
 * columns of the file are only known when it has been begun to be read.
 */
void contact_columns_make(struct contact_columns *columns,
    const struct desk *desk, struct str *problems);
void contact_columns_usual(struct contact_columns *columns);
/* Fills shapes and titles for the list as it is now. */
void contact_columns_shape(
    struct contact_columns *columns, const struct desk *desk);
/* Where one stands among them, or -1. */
int contact_columns_find(
    const struct contact_columns *columns, const struct contact_column *column);

/* Adds what a list of the config names and the book does not have. */
size_t contact_columns_check(const struct desk *desk,
    const struct config_columns *named, const char *key, struct str *problems);
/* Says what in the config's lists (columns, sort, filters) does not fit this
 * file, once its columns are known; nothing when all of it does. */
void contact_columns_tell(struct desk *desk);

#endif
