/* SPDX-License-Identifier: MIT */
#include "desk/contact_columns.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"
#include "book/book.h"
#include "book/config.h"
#include "book/problems.h"
#include "book/query.h"
#include "desk/actions.h"
#include "desk/desk.h"
#include "desk/words.h"
#include "tui/view.h"

enum { TITLE_MAX = 64, TITLE_COLUMNS = 24, MIDDLE = 4 };
enum { PROBLEMS_MAX = 32768 };

const char *const contact_cell_words[CELL_COUNT] = {
    [CELL_NAME] = "name",
    [CELL_BORN] = "born",
    [CELL_AGE] = "age",
    [CELL_T65] = "t65",
    [CELL_PARTS] = "parts",
    [CELL_PHONE] = "phone",
    [CELL_STATE] = "state",
    [CELL_ZIP] = "zip",
    [CELL_STATUS] = "status",
};

static const struct column cells[CELL_COUNT] = {
    [CELL_NAME] = {"NAME", 16, 34, 0, ALIGN_LEFT},
    [CELL_BORN] = {"BORN", 4, 4, 3, ALIGN_LEFT},
    /* One more than it needs: at 80 columns the name is of more use. */
    [CELL_AGE] = {"AGE", 4, 4, 7, ALIGN_LEFT},
    [CELL_T65] = {"T65", 8, 8, 5, ALIGN_LEFT},
    [CELL_PARTS] = {"PARTS", 10, 16, 6, ALIGN_LEFT},
    [CELL_PHONE] = {"PHONE", 14, 14, 4, ALIGN_LEFT},
    [CELL_STATE] = {"ST", 2, 2, 2, ALIGN_LEFT},
    [CELL_ZIP] = {"ZIP", 5, 5, 2, ALIGN_LEFT},
    [CELL_STATUS] = {"STATUS", 18, 60, 0, ALIGN_LEFT},
};

/* ---- names ----------------------------------------------------------------
 */

static enum contact_cell
cell_from_word(const char *word)
{
	unsigned cell = 0;

	while (cell < CELL_COUNT && strcmp(contact_cell_words[cell], word) != 0)
		cell++;
	return (enum contact_cell)cell;
}

static bool
unknown(const struct book *book, const char *name, struct err *err)
{
	const struct records *records = book_records(book);
	uint32_t columns = records_column_count(records);
	const char **names = mem_alloc(
	    (columns + FIELD_COUNT + CELL_COUNT) * sizeof(*names));
	const char *near;
	size_t count = 0;

	for (unsigned i = 0; i < CELL_COUNT; i++)
		names[count++] = contact_cell_words[i];
	for (unsigned i = 0; i < FIELD_COUNT; i++)
		names[count++] = field_table[i].name;
	for (uint32_t i = 0; i < columns; i++)
		names[count++] = records_column_name(records, i);
	near = str_nearest(name, names, count);
	free(names);
	if (near)
		return err_set(err, ERR_USAGE,
		    "\"%s\" is no column or field; did you mean \"%s\"?", name,
		    near);
	return err_set(
	    err, ERR_USAGE, "\"%s\" is no column of this file", name);
}

bool
contact_column_find(const struct book *book, const struct config_column *named,
    struct contact_column *out, struct err *err)
{
	enum contact_cell cell = cell_from_word(named->name);
	enum field field = field_from_name(named->name);

	*out = (struct contact_column){.width = named->width};
	if (cell < CELL_COUNT && !named->of_file) {
		out->kind = SHOWS_CELL;
		out->index = cell;
		return true;
	}
	if (field < FIELD_COUNT && !named->of_file) {
		out->kind = SHOWS_FIELD;
		out->index = field;
		return true;
	}
	out->kind = SHOWS_FILE;
	out->index = mapping_find_alike(book_records(book), named->name);
	return out->index != RECORDS_NONE || unknown(book, named->name, err);
}

bool
contact_column_same(
    const struct contact_column *a, const struct contact_column *b)
{
	return a->kind == b->kind && a->index == b->index;
}

void
contact_column_name(const struct book *book,
    const struct contact_column *column, struct config_column *out)
{
	struct contact_column found;
	struct err ignored = ERR_INIT;
	const char *name;

	if (column->kind == SHOWS_CELL)
		name = contact_cell_words[column->index];
	else if (column->kind == SHOWS_FIELD)
		name = field_table[column->index].name;
	else
		name = records_column_name(book_records(book), column->index);
	*out = (struct config_column){.width = column->width};
	/* the config's structs own their names, this one only lends it:
	 * NOLINTNEXTLINE(performance-no-int-to-ptr) */
	out->name = (char *)(uintptr_t)name;
	out->of_file = *name == '-' ||
		       !contact_column_find(book, out, &found, &ignored) ||
		       !contact_column_same(&found, column);
}

/* Phone, state and ZIP are among belay's own already. */
static bool
is_cell(unsigned field)
{
	return cell_from_word(field_table[field].name) < CELL_COUNT;
}

bool
contact_column_number(
    const struct book *book, size_t number, struct contact_column *out)
{
	size_t at = CELL_COUNT;

	*out = (struct contact_column){.kind = SHOWS_CELL};
	out->index = (uint32_t)number;
	if (number < CELL_COUNT)
		return true;
	for (unsigned field = 0; field < FIELD_COUNT; field++) {
		if (is_cell(field) || at++ < number)
			continue;
		out->kind = SHOWS_FIELD;
		out->index = field;
		return true;
	}
	out->kind = SHOWS_FILE;
	out->index = (uint32_t)(number - at);
	return out->index < records_column_count(book_records(book));
}

/* ---- shapes ----------------------------------------------------------------
 */

static struct column
field_shape(unsigned field)
{
	struct column shape = {NULL, 10, 24, MIDDLE, ALIGN_LEFT};

	switch (field_table[field].kind) {
	case FIELD_KIND_DATE: shape.most = 10; break;
	case FIELD_KIND_SEX:
	case FIELD_KIND_TYPE: shape.width = shape.most = 6; break;
	case FIELD_KIND_BOOLEAN: shape.width = shape.most = 8; break;
	case FIELD_KIND_MBI: shape.width = shape.most = 13; break;
	case FIELD_KIND_EMAIL:
	case FIELD_KIND_AGENT: shape.width = 16; break;
	default: break;
	}
	return shape;
}

/* HealthSherpa's fields in capitals, as belay's own; the file's as they are.
 * Read aloud, "ST" is a street or a saint. */
static void
make_title(const struct desk *desk, const struct contact_column *column,
    char title[TITLE_MAX])
{
	struct str clean;
	const char *name;

	str_init(&clean, TITLE_MAX - 1);
	if (column->kind == SHOWS_CELL)
		name = desk->linear && column->index == CELL_STATE
			   ? "STATE"
			   : cells[column->index].title;
	else if (column->kind == SHOWS_FIELD)
		name = field_table[column->index].label;
	else
		name = records_column_name(
		    book_records(desk->book), column->index);
	text_clean(&clean, name, strlen(name));
	str_copy(title, TITLE_MAX, clean.data);
	str_release(&clean);
	/* a cut may have gone through a character */
	str_init(&clean, TITLE_MAX - 1);
	text_clean(&clean, title, strlen(title));
	str_copy(title, TITLE_MAX, clean.data);
	str_release(&clean);
	for (char *at = title; column->kind == SHOWS_FIELD && *at; at++)
		*at = (char)toupper((unsigned char)*at);
}

void
contact_columns_shape(struct contact_columns *columns, const struct desk *desk)
{
	for (int i = 0; i < columns->count; i++) {
		const struct contact_column *column = &columns->list[i];
		struct column *shape = &columns->shapes[i];
		int title;

		make_title(desk, column, columns->titles[i]);
		title = text_width(columns->titles[i]);
		if (title > TITLE_COLUMNS)
			title = TITLE_COLUMNS;
		if (column->kind == SHOWS_CELL)
			*shape = cells[column->index];
		else if (column->kind == SHOWS_FIELD)
			*shape = field_shape(column->index);
		else
			*shape = (struct column){
			    NULL, 8, 24, MIDDLE, ALIGN_LEFT};
		if (column->kind != SHOWS_CELL && shape->width < title)
			shape->width = title;
		if (column->width > 0)
			shape->width = shape->most = column->width;
		shape->title = columns->titles[i];
	}
}

/* ---- which are shown --------------------------------------------------------
 */

void
contact_columns_usual(struct contact_columns *columns)
{
	columns->count = CELL_COUNT;
	for (unsigned i = 0; i < CELL_COUNT; i++)
		columns->list[i] = (struct contact_column){
		    .kind = SHOWS_CELL, .index = i};
}

int
contact_columns_find(
    const struct contact_columns *columns, const struct contact_column *column)
{
	for (int i = 0; i < columns->count; i++)
		if (contact_column_same(&columns->list[i], column))
			return i;
	return -1;
}

size_t
contact_columns_check(const struct desk *desk,
    const struct config_columns *named, const char *key, struct str *problems)
{
	const char *path = desk->config->path;
	struct problems found = {.out = problems, .name = path ? path : ""};

	for (size_t i = 0; i < named->count; i++) {
		const struct config_column *column = &named->list[i];
		struct contact_column ignored;
		struct err err = ERR_INIT;

		if (!contact_column_find(desk->book, column, &ignored, &err))
			problems_add_at(&found, column->line, column->column,
			    key, "%s", err.text);
	}
	return found.count;
}

void
contact_columns_make(struct contact_columns *columns, const struct desk *desk,
    struct str *problems)
{
	const struct config_columns *named = &desk->config->columns;

	columns->count = 0;
	for (size_t i = 0; i < named->count && columns->count < COLUMNS_MAX;
	     i++) {
		struct contact_column *column = &columns->list[columns->count];
		struct err ignored = ERR_INIT;

		/* two names may be one column */
		if (contact_column_find(
			desk->book, &named->list[i], column, &ignored) &&
		    contact_columns_find(columns, column) < 0)
			columns->count++;
	}
	if (problems)
		contact_columns_check(desk, named, "desk.columns", problems);
	if (columns->count == 0)
		contact_columns_usual(columns);
	contact_columns_shape(columns, desk);
}

void
contact_columns_tell(struct desk *desk)
{
	char key[WORDS_KEY_MAX];
	struct str problems;
	size_t count;

	str_init(&problems, PROBLEMS_MAX);
	count = contact_columns_check(
	    desk, &desk->config->columns, "desk.columns", &problems);
	count += contact_columns_check(
	    desk, &desk->config->sort, "desk.sort", &problems);
	if (count > 0)
		screen_say(desk->screen, STYLE_WARNING, "%.*s (%s shows all)",
		    (int)strcspn(problems.data, "\n"), problems.data,
		    words_key(desk, SCOPE_CONTACTS, DESK_COLUMNS, key));
	str_reset(&problems);
	if (count == 0)
		count = query_check_saved(desk->book, &problems);
	else
		count = 0;
	if (count > 0)
		screen_say(desk->screen, STYLE_WARNING,
		    "%zu saved filter%s a mistake (%s): %.*s", count,
		    count == 1 ? " has" : "s have",
		    words_key(desk, SCOPE_CONTACTS, DESK_FILTERS, key),
		    (int)strcspn(problems.data, "\n"), problems.data);
	str_release(&problems);
}
