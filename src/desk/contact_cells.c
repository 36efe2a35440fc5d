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
#include "book/glance.h"
#include "desk/desk.h"
#include "desk/words.h"
#include "sync/sync.h"

enum { PLACES = 256, TEXT_MAX = 128, FRESH_MS = 30000, WORD_MAX = 128 };
enum { YEAR_DAYS = 365, KEY_MAX = 1024 };

struct entry {
	bool used;
	uint32_t row;
	uint64_t generation;
	int64_t until;      /* monotonic: "2 s" ago grows old */
	enum status status; /* as it was; STATUS_COUNT: not known yet */
	enum style style;   /* of the status */
	char text[CELL_COUNT][TEXT_MAX];
};

struct contact_cells {
	struct desk *desk;
	struct contact contact;
	struct date today;
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
	return cells;
}

void
contact_cells_free(struct contact_cells *cells)
{
	if (!cells)
		return;
	contact_release(&cells->contact);
	free(cells);
}

void
contact_cells_begin(struct contact_cells *cells)
{
	struct date today;

	cells->now = clock_monotonic(cells->desk->clock);
	if (cells->today_until > cells->now)
		return;
	cells->today_until = cells->now + 60000;
	today = date_today(cells->desk->clock);
	if (today.day != cells->today.day)
		for (int i = 0; i < PLACES; i++)
			cells->entries[i].used = false;
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

/* Of the birth date the year only; of the days until 65 those of a year. */
static void
fill_glance(struct contact_cells *cells, struct entry *entry)
{
	const char *birth = cells->contact.fields[FIELD_BIRTH_DATE].value;
	struct glance glance;
	struct str parts;

	look(cells, &glance);
	str_init(&parts, TEXT_MAX);
	glance_add_parts(&glance, &parts);
	str_copy(entry->text[CELL_PARTS], TEXT_MAX, parts.data);
	str_release(&parts);
	if (glance.age < 0)
		return;
	snprintf(entry->text[CELL_BORN], TEXT_MAX, "%.4s", birth);
	snprintf(entry->text[CELL_AGE], TEXT_MAX, "%d", glance.age);
	if (glance.t65 == 0)
		snprintf(entry->text[CELL_T65], TEXT_MAX, "today");
	else if (glance.t65 == 1)
		snprintf(entry->text[CELL_T65], TEXT_MAX, "tomorrow");
	else if (glance.t65 > 0 && glance.t65 <= YEAR_DAYS)
		snprintf(entry->text[CELL_T65], TEXT_MAX, "%d days",
		    (int)glance.t65);
}

static void
fill_phone(struct entry *entry, const char *phone)
{
	struct str text;

	if (!phone)
		return;
	str_init(&text, TEXT_MAX - 1);
	words_phone(&text, phone);
	str_copy(entry->text[CELL_PHONE], TEXT_MAX, text.data);
	str_release(&text);
}

static void
fill_status(struct contact_cells *cells, struct entry *entry, uint32_t row)
{
	struct desk *desk = cells->desk;
	const struct row_status *status = desk_status(desk, row);

	if (!status)
		return;
	snprintf(entry->text[CELL_STATUS], TEXT_MAX, "%s %-7s %s",
	    desk_glyph(desk, status->status), words_standing(status),
	    status->short_reason);
	entry->until = cells->now +
		       words_fresh_ms(status, cells->now, FRESH_MS);
	entry->style = desk_status_style(status->status);
}

static enum status
status_of(const struct desk *desk, uint32_t row)
{
	return desk->sync ? sync_status(desk->sync, row) : STATUS_COUNT;
}

static void
fill(struct contact_cells *cells, struct entry *entry, uint32_t row)
{
	const struct contact_field *fields = cells->contact.fields;
	const char *value;

	memset(entry, 0, sizeof(*entry));
	entry->used = true;
	entry->row = row;
	entry->generation = cells->desk->generation;
	entry->status = status_of(cells->desk, row);
	entry->until = cells->now + FRESH_MS;
	book_contact(cells->desk->book, row, &cells->contact);
	str_copy(entry->text[CELL_NAME], TEXT_MAX, cells->contact.name);
	fill_glance(cells, entry);
	fill_phone(entry, fields[FIELD_PHONE].value);
	value = fields[FIELD_STATE].value;
	str_copy(entry->text[CELL_STATE], TEXT_MAX, value ? value : "");
	value = fields[FIELD_ZIP].value;
	str_copy(entry->text[CELL_ZIP], TEXT_MAX, value ? value : "");
	fill_status(cells, entry, row);
}

static const struct entry *
entry_of(struct contact_cells *cells, uint32_t row)
{
	struct entry *entry = &cells->entries[row % PLACES];

	if (!entry->used || entry->row != row ||
	    entry->generation != cells->desk->generation ||
	    entry->status != status_of(cells->desk, row) ||
	    cells->now >= entry->until)
		fill(cells, entry, row);
	return entry;
}

void
contact_cells_add(struct contact_cells *cells, uint32_t row,
    enum contact_cell cell, struct str *out, enum style *style)
{
	const struct entry *entry;

	if (row == RECORDS_NONE)
		return;
	entry = entry_of(cells, row);
	/* Values are cleaned by the book; a cut may have hit a character. */
	text_clean(out, entry->text[cell], strlen(entry->text[cell]));
	if (cell == CELL_STATUS)
		*style = entry->style;
}

static bool
word_matches(struct contact_cells *cells, uint32_t row, const char *word)
{
	const struct book *book = cells->desk->book;
	uint32_t columns = records_column_count(book_records(book));

	for (uint32_t column = 0; column < columns; column++) {
		const char *text = book_cell(book, row, column);

		if (text && text_contains_folded(text, word))
			return true;
	}
	return false;
}

bool
contact_cells_match(
    struct contact_cells *cells, uint32_t row, const char *folded)
{
	char word[WORD_MAX];

	if (row == RECORDS_NONE)
		return false;
	for (;;) {
		size_t len;

		/* "Abernathy, Ruth" as it stands on the screen. */
		folded += strspn(folded, " ,");
		len = strcspn(folded, " ,");
		if (len == 0)
			return true;
		snprintf(word, sizeof(word), "%.*s",
		    (int)(len < WORD_MAX ? len : WORD_MAX - 1), folded);
		if (!word_matches(cells, row, word))
			return false;
		folded += len;
	}
}

/* Numbers and dates as text that sorts like them; "": there is none. */
static void
add_glance_key(
    struct contact_cells *cells, enum contact_cell cell, struct str *key)
{
	struct glance glance;

	look(cells, &glance);
	if (cell == CELL_AGE && glance.age >= 0)
		str_addf(key, "%03d", glance.age);
	else if (cell == CELL_T65 && glance.t65 >= 0)
		str_addf(key, "%06d", (int)glance.t65);
	else if (cell == CELL_PARTS)
		/* A, AB, B, and then those whose first part is to come */
		str_addf(key, "%s%s%s", glance_parts_word(&glance),
		    glance.a.later ? "~A" : "", glance.b.later ? "~B" : "");
}

static void
add_key(struct contact_cells *cells, uint32_t row, enum contact_cell cell,
    struct str *key)
{
	static const enum field fields[CELL_COUNT] = {
	    [CELL_BORN] = FIELD_BIRTH_DATE,
	    [CELL_PHONE] = FIELD_PHONE,
	    [CELL_STATE] = FIELD_STATE,
	    [CELL_ZIP] = FIELD_ZIP,
	};
	const struct contact *contact = &cells->contact;
	const char *value = NULL;

	switch (cell) {
	case CELL_STATUS:
		str_add_char(
		    key, (char)('a' + (int)status_of(cells->desk, row)));
		text_fold(key, contact->name);
		break;
	case CELL_NAME:
		/* "row 17" is no name */
		if (contact->fields[FIELD_FIRST_NAME].value ||
		    contact->fields[FIELD_LAST_NAME].value ||
		    contact->fields[FIELD_EMAIL].value)
			value = contact->name;
		break;
	case CELL_AGE:
	case CELL_T65:
	case CELL_PARTS: add_glance_key(cells, cell, key); break;
	default: value = contact->fields[fields[cell]].value;
	}
	if (value)
		text_fold(key, value);
}

bool
contact_cells_key(struct contact_cells *cells, uint32_t row,
    enum contact_cell cell, char *key, size_t size)
{
	struct str folded;
	bool there;

	memset(key, 0, size);
	str_init(&folded, KEY_MAX);
	book_contact(cells->desk->book, row, &cells->contact);
	add_key(cells, row, cell, &folded);
	memcpy(key, folded.data, folded.len < size ? folded.len : size);
	there = folded.len > 0;
	str_release(&folded);
	return there;
}
