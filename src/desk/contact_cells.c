/* SPDX-License-Identifier: MIT */
/*
 * A direct-mapped cache by row: a screen has fewer rows than it has places,
 * so the rows of one screen do not push each other out. An entry is good as
 * long as the desk's generation is the one it was made under.
 */
#include "desk/contact_cells.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"
#include "book/book.h"
#include "book/column_shape.h"
#include "book/glance.h"
#include "desk/desk.h"
#include "desk/words.h"
#include "sync/sync.h"

enum { PLACES = 256, CELL_MAX = 256, FRESH_MS = 30000 };
enum {
	YEAR_DAYS = 365,
	KEY_MAX = 1024,
	CLEAN_MAX = 3, /* bytes that one becomes when it is cleaned */
	ROW_MAX = (COLUMNS_MAX + 1) * CLEAN_MAX * CELL_MAX
};

struct entry {
	bool used;
	bool revealed;
	uint32_t row;
	uint64_t generation;
	uint64_t drawing;   /* in which it was found to be good */
	int64_t until;      /* monotonic: "2 s" ago grows old */
	enum status status; /* as it was; STATUS_COUNT: not known yet */
	enum style style;   /* of the status */
	struct str text;    /* a clean cell after the other, */
	uint32_t cell[COLUMNS_MAX + 2]; /* where each begins, then the name, */
	int count;                      /* then the end; columns */
};

struct contact_cells {
	struct desk *desk;
	const struct contact_columns *columns; /* NULL: none, only keys */
	struct contact contact;
	struct glance glance; /* of that contact, */
	bool glanced;         /* once it was asked for */
	struct date today;
	struct entry sample; /* what contact_cells_sample() made it for */
	uint64_t drawing;    /* counts them */
	int64_t now;         /* monotonic, of this drawing */
	int64_t today_until; /* a minute at a time */
	struct entry entries[PLACES];
};

struct contact_cells *
contact_cells_new(struct desk *desk)
{
	struct contact_cells *cells = mem_zalloc(sizeof(*cells));

	cells->desk = desk;
	contact_init(&cells->contact);
	for (int i = 0; i < PLACES; i++)
		str_init(&cells->entries[i].text, ROW_MAX);
	return cells;
}

void
contact_cells_free(struct contact_cells *cells)
{
	if (!cells)
		return;
	for (int i = 0; i < PLACES; i++)
		str_release(&cells->entries[i].text);
	contact_release(&cells->contact);
	free(cells);
}

static void
forget(struct contact_cells *cells)
{
	for (int i = 0; i < PLACES; i++)
		cells->entries[i].used = false;
}

void
contact_cells_use(
    struct contact_cells *cells, const struct contact_columns *columns)
{
	cells->columns = columns;
	forget(cells);
}

void
contact_cells_begin(struct contact_cells *cells)
{
	struct date today;

	cells->drawing++;
	cells->now = clock_monotonic(cells->desk->clock);
	if (cells->today_until > cells->now)
		return;
	cells->today_until = cells->now + 60000;
	today = date_today(cells->desk->clock);
	if (today.day != cells->today.day)
		forget(cells);
	cells->today = today;
}

/* What the contact's dates say today. */
static void
look(const struct contact_cells *cells, struct glance *glance)
{
	const struct contact_field *fields = cells->contact.fields;

	glance_birth(glance, fields[FIELD_BIRTH_DATE].value, &cells->today);
	glance_parts(glance, fields[FIELD_PART_A_DATE].value,
	    fields[FIELD_PART_B_DATE].value, &cells->today);
}

/* Once a contact, however many columns ask. */
static const struct glance *
glance_of(struct contact_cells *cells)
{
	if (!cells->glanced)
		look(cells, &cells->glance);
	cells->glanced = true;
	return &cells->glance;
}

static void
add_t65(struct str *out, int64_t t65)
{
	if (t65 == 0)
		str_add(out, "today");
	else if (t65 == 1)
		str_add(out, "tomorrow");
	else if (t65 > 0 && t65 <= YEAR_DAYS)
		str_addf(out, "%d days", (int)t65);
}

static void
add_status(struct contact_cells *cells, struct entry *entry, struct str *out)
{
	struct desk *desk = cells->desk;
	const struct row_status *status = desk_status(desk, entry->row);

	if (!status)
		return;
	str_addf(out, "%s %-7s %s", desk_glyph(desk, status->status),
	    words_standing(status), status->short_reason);
	entry->until = cells->now +
		       words_fresh_ms(status, cells->now, FRESH_MS);
	entry->style = desk_status_style(status->status);
}

/* Of the birth date the year only; of the days until 65 those of a year. */
static void
add_own(struct contact_cells *cells, struct entry *entry,
    enum contact_cell cell, struct str *out)
{
	const struct contact_field *fields = cells->contact.fields;
	const struct glance *glance;

	switch (cell) {
	case CELL_NAME: str_add(out, cells->contact.name); return;
	case CELL_STATUS: add_status(cells, entry, out); return;
	case CELL_PHONE:
		if (fields[FIELD_PHONE].value)
			words_phone(out, fields[FIELD_PHONE].value);
		return;
	case CELL_STATE:
		if (fields[FIELD_STATE].value)
			str_add(out, fields[FIELD_STATE].value);
		return;
	case CELL_ZIP:
		if (fields[FIELD_ZIP].value)
			str_add(out, fields[FIELD_ZIP].value);
		return;
	default: break;
	}
	glance = glance_of(cells);
	if (cell == CELL_PARTS)
		glance_add_parts(glance, out);
	else if (glance->age < 0)
		return;
	else if (cell == CELL_BORN)
		str_addf(out, "%.4s", fields[FIELD_BIRTH_DATE].value);
	else if (cell == CELL_AGE)
		str_addf(out, "%d", glance->age);
	else
		add_t65(out, glance->t65);
}

/* As it stands in the file; masked as the field that it gives, or where it is
 * written like something that would be. */
static void
add_of_file(struct contact_cells *cells, const struct entry *entry,
    uint32_t column, struct str *out)
{
	const struct book *book = cells->desk->book;
	const char *text = book_cell(book, entry->row, column);
	enum field field = mapping_reader(book_mapping(book), column);
	struct str hidden;

	if (str_blank(text))
		return;
	if (entry->revealed) {
		text_clean(out, text, strlen(text));
	} else if (field < FIELD_COUNT &&
		   (field_table[field].flags & FIELD_SENSITIVE)) {
		contact_show_value(out, field, text, false);
	} else {
		str_init(&hidden, CELL_MAX);
		column_shape_hide(&hidden, text, HIDE_MBI);
		text_clean(out, hidden.data, hidden.len);
		str_release(&hidden);
	}
}

static void
add_cell(struct contact_cells *cells, struct entry *entry,
    const struct contact_column *column, struct str *out)
{
	const char *value;

	switch (column->kind) {
	case SHOWS_CELL:
		add_own(cells, entry, (enum contact_cell)column->index, out);
		break;
	case SHOWS_FIELD:
		value = cells->contact.fields[column->index].value;
		if (value)
			words_value(out, cells->desk, entry->row,
			    (enum field)column->index, value);
		break;
	case SHOWS_FILE: add_of_file(cells, entry, column->index, out); break;
	}
}

static enum status
status_of(const struct desk *desk, uint32_t row)
{
	return desk->sync ? sync_status(desk->sync, row) : STATUS_COUNT;
}

/* Values are cleaned by the book; a cut may have hit a character. */
static void
keep(struct entry *entry, int number, const struct str *cell)
{
	text_clean(&entry->text, cell->data, cell->len);
	entry->cell[number + 1] = (uint32_t)entry->text.len;
}

/* Takes the row up: what is asked of it from now on is of today. */
static void
begin(struct contact_cells *cells, struct entry *entry, uint32_t row)
{
	entry->used = true;
	entry->row = row;
	entry->revealed = desk_revealed(cells->desk, row);
	entry->generation = cells->desk->generation;
	entry->status = status_of(cells->desk, row);
	entry->style = STYLE_NORMAL;
	entry->until = cells->now + FRESH_MS;
	book_contact(cells->desk->book, row, &cells->contact);
	cells->glanced = false;
	cells->sample.used = entry == &cells->sample;
}

static void
fill(struct contact_cells *cells, struct entry *entry, uint32_t row)
{
	const struct contact_columns *columns = cells->columns;
	struct str cell;

	begin(cells, entry, row);
	str_reset(&entry->text);
	entry->cell[0] = 0;
	entry->count = columns ? columns->count : 0;
	str_init(&cell, CELL_MAX - 1);
	for (int i = 0; i < entry->count; i++) {
		str_reset(&cell);
		add_cell(cells, entry, &columns->list[i], &cell);
		keep(entry, i, &cell);
	}
	str_reset(&cell);
	str_add(&cell, cells->contact.name);
	keep(entry, entry->count, &cell);
	str_release(&cell);
}

static bool
is_good(
    const struct contact_cells *cells, const struct entry *entry, uint32_t row)
{
	return entry->used && entry->row == row &&
	       entry->generation == cells->desk->generation &&
	       entry->status == status_of(cells->desk, row) &&
	       entry->revealed == desk_revealed(cells->desk, row) &&
	       cells->now < entry->until;
}

static const struct entry *
entry_of(struct contact_cells *cells, uint32_t row)
{
	struct entry *entry = &cells->entries[row % PLACES];

	if (!is_good(cells, entry, row))
		fill(cells, entry, row);
	return entry;
}

/* The same, asked only once a drawing, in which nothing changes. */
static const struct entry *
drawn_entry(struct contact_cells *cells, uint32_t row)
{
	struct entry *entry = &cells->entries[row % PLACES];

	if (entry->used && entry->row == row &&
	    entry->drawing == cells->drawing &&
	    entry->generation == cells->desk->generation)
		return entry;
	entry_of(cells, row);
	entry->drawing = cells->drawing;
	return entry;
}

static void
add_kept(const struct entry *entry, int number, struct str *out)
{
	uint32_t from = entry->cell[number], end = entry->cell[number + 1];

	str_add_bytes(out, entry->text.data + from, end - from);
}

void
contact_cells_add(struct contact_cells *cells, uint32_t row, int column,
    struct str *out, enum style *style)
{
	const struct contact_column *shown = &cells->columns->list[column];
	const struct entry *entry;

	if (row == RECORDS_NONE)
		return;
	entry = drawn_entry(cells, row);
	add_kept(entry, column, out);
	if (shown->kind == SHOWS_CELL && shown->index == CELL_STATUS)
		*style = entry->style;
}

void
contact_cells_sample(struct contact_cells *cells, uint32_t row,
    const struct contact_column *column, struct str *out)
{
	struct str cell;

	if (row == RECORDS_NONE)
		return;
	if (!is_good(cells, &cells->sample, row))
		begin(cells, &cells->sample, row);
	str_init(&cell, CELL_MAX - 1);
	add_cell(cells, &cells->sample, column, &cell);
	text_clean(out, cell.data, cell.len);
	str_release(&cell);
}

void
contact_cells_name(struct contact_cells *cells, uint32_t row, struct str *out)
{
	const struct entry *entry;

	if (row == RECORDS_NONE)
		return;
	entry = entry_of(cells, row);
	add_kept(entry, entry->count, out);
}
