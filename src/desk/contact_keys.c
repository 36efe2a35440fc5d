/* SPDX-License-Identifier: MIT */
/*
 * A part of a key for each order: its text and a byte that is less than any of
 * it. Reversed, all bytes are turned over, and so is their order. Nothing is
 * 0xFF, which no folded text has, reversed or not.
 *
 * Fields are asked for one by one, as a whole contact would cost ten times as
 * much, and 100,000 of them are to be sorted while somebody looks.
 */
#include "desk/contact_keys.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"
#include "book/book.h"
#include "book/glance.h"
#include "book/rules_date.h"
#include "desk/desk.h"

enum {
	PART_MAX = 120,
	NUMBER_MAX = 80,
	DIGITS_MAX = 64,
	TEXT_MAX = 4096,
	DATE_MAX = 24,
	NOTHING = 0xFF
};

struct contact_keys {
	struct desk *desk;
	struct date today;
	struct str text, folded;
};

struct contact_keys *
contact_keys_new(struct desk *desk)
{
	struct contact_keys *keys = mem_zalloc(sizeof(*keys));

	keys->desk = desk;
	str_init(&keys->text, TEXT_MAX);
	str_init(&keys->folded, TEXT_MAX);
	return keys;
}

void
contact_keys_free(struct contact_keys *keys)
{
	if (!keys)
		return;
	str_release(&keys->text);
	str_release(&keys->folded);
	free(keys);
}

void
contact_keys_begin(struct contact_keys *keys)
{
	keys->today = date_today(keys->desk->clock);
}

/* ---- one column's text ----------------------------------------------------
 */

/* As on the screen: the last name first, whatever there is of it. */
static void
add_name(struct contact_keys *keys, uint32_t row)
{
	static const enum field parts[] = {FIELD_LAST_NAME, FIELD_FIRST_NAME};
	struct book *book = keys->desk->book;
	struct str *out = &keys->text;

	for (unsigned i = 0; i < 2; i++) {
		const char *raw, *text = book_plain_name(book, row, parts[i]);

		if (!text) {
			text = book_field(book, row, parts[i], &raw);
			text = *text ? text : raw;
		}
		if (str_blank(text))
			continue;
		str_add(out, out->len > 0 ? ", " : "");
		str_add(out, text);
	}
	if (out->len == 0)
		str_add(out, book_field(book, row, FIELD_EMAIL, NULL));
}

static void
add_field(struct contact_keys *keys, uint32_t row, enum field field)
{
	str_add(&keys->text, book_field(keys->desk->book, row, field, NULL));
}

static void
add_birth(struct contact_keys *keys, uint32_t row, enum contact_cell cell)
{
	struct glance glance;

	glance_birth(&glance,
	    book_field(keys->desk->book, row, FIELD_BIRTH_DATE, NULL),
	    &keys->today);
	if (cell == CELL_AGE && glance.age >= 0)
		str_addf(&keys->text, "%d", glance.age);
	else if (cell == CELL_T65 && glance.t65 >= 0)
		str_addf(&keys->text, "%d", (int)glance.t65);
}

/* A, AB, B, and then those whose first part is to come */
static void
add_parts(struct contact_keys *keys, uint32_t row)
{
	struct book *book = keys->desk->book;
	struct glance glance;
	char part_a[DATE_MAX];

	str_copy(part_a, sizeof(part_a),
	    book_field(book, row, FIELD_PART_A_DATE, NULL));
	glance_parts(&glance, part_a,
	    book_field(book, row, FIELD_PART_B_DATE, NULL), &keys->today);
	str_addf(&keys->text, "%s%s%s", glance_parts_word(&glance),
	    glance.a.later ? "~A" : "", glance.b.later ? "~B" : "");
}

static void
add_status(struct contact_keys *keys, uint32_t row)
{
	const struct desk *desk = keys->desk;
	enum status status = desk->sync ? sync_status(desk->sync, row)
					: STATUS_COUNT;

	str_add_char(&keys->text, (char)('a' + (int)status));
}

static void
add_own(struct contact_keys *keys, uint32_t row, enum contact_cell cell)
{
	switch (cell) {
	case CELL_NAME: add_name(keys, row); break;
	case CELL_BORN: add_field(keys, row, FIELD_BIRTH_DATE); break;
	case CELL_PHONE: add_field(keys, row, FIELD_PHONE); break;
	case CELL_STATE: add_field(keys, row, FIELD_STATE); break;
	case CELL_ZIP: add_field(keys, row, FIELD_ZIP); break;
	case CELL_STATUS: add_status(keys, row); break;
	case CELL_PARTS: add_parts(keys, row); break;
	default: add_birth(keys, row, cell); break;
	}
}

static void
add_of_file(struct contact_keys *keys, uint32_t row, uint32_t column)
{
	const char *cell = book_cell(keys->desk->book, row, column);
	struct date date;

	if (!cell)
		return;
	if (isdigit((unsigned char)*cell) && strlen(cell) < DATE_MAX &&
	    rules_read_date(cell, &keys->today, &date))
		str_addf(&keys->text, "%04d-%02d-%02d", date.year, date.month,
		    date.day);
	else
		str_add(&keys->text, cell);
}

/* ---- and what becomes of it ---------------------------------------------- */

/* As long as a number in it fits, too; the rest of it sorts nobody. */
struct part {
	char key[PART_MAX + NUMBER_MAX + 1];
	size_t len;
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* How many digits there are comes before them; up to eight is one sign. */
static const char *
add_number(struct part *part, const char *text)
{
	size_t digits, signs, kept;

	while (*text == '0')
		text++;
	for (digits = 0; is_digit(text[digits]);)
		digits++;
	kept = digits < DIGITS_MAX ? digits : DIGITS_MAX;
	signs = kept;
	for (; signs >= 9; signs -= 9)
		part->key[part->len++] = '9';
	part->key[part->len++] = (char)('0' + signs);
	memcpy(part->key + part->len, text, kept);
	part->len += kept;
	return text + digits;
}

/* Of folded text, or of ASCII that is folded here. */
static void
add_natural(struct part *part, const char *text)
{
	while (*text && part->len < PART_MAX) {
		char c = *text;

		if (is_digit(c)) {
			text = add_number(part, text);
			continue;
		}
		part->key[part->len++] = (char)(c >= 'A' && c <= 'Z' ? c | 0x20
								     : c);
		text++;
	}
}

/* Names mostly are plain words, which need neither cleaning nor folding. */
static bool
add_plain_name(struct contact_keys *keys, uint32_t row, struct part *part)
{
	const char *last = book_plain_name(
	    keys->desk->book, row, FIELD_LAST_NAME);
	const char *first = book_plain_name(
	    keys->desk->book, row, FIELD_FIRST_NAME);

	if (!last || !first)
		return false;
	add_natural(part, last);
	add_natural(part, ", ");
	add_natural(part, first);
	return true;
}

static void
add_text(struct contact_keys *keys, uint32_t row,
    const struct contact_column *column, struct part *part)
{
	const char *text;

	str_reset(&keys->text);
	if (column->kind == SHOWS_CELL)
		add_own(keys, row, (enum contact_cell)column->index);
	else if (column->kind == SHOWS_FIELD)
		add_field(keys, row, (enum field)column->index);
	else
		add_of_file(keys, row, column->index);
	text = keys->text.data;
	text += strspn(text, " \t");
	str_reset(&keys->folded);
	text_fold(&keys->folded, text);
	add_natural(part, keys->folded.data);
}

static bool
is_cell(const struct contact_column *column, enum contact_cell cell)
{
	return column->kind == SHOWS_CELL && column->index == cell;
}

static void
add_part(struct contact_keys *keys, uint32_t row,
    const struct contact_column *column, bool down, struct str *out)
{
	struct part part;

	part.len = 0;
	if (!is_cell(column, CELL_NAME) || !add_plain_name(keys, row, &part))
		add_text(keys, row, column, &part);
	if (part.len == 0) {
		str_add_char(out, (char)NOTHING);
		return;
	}
	part.key[part.len++] = '\0';
	for (size_t i = 0; down && i < part.len; i++)
		part.key[i] = (char)~part.key[i];
	str_add_bytes(out, part.key, part.len);
}

void
contact_keys_make(struct contact_keys *keys, uint32_t row,
    const struct contact_orders *orders, struct str *out)
{
	static const struct contact_column name = {
	    .kind = SHOWS_CELL, .index = CELL_NAME};

	str_reset(out);
	for (int i = 0; i < orders->count; i++)
		add_part(keys, row, &orders->list[i].column,
		    orders->list[i].down, out);
	/* a status is many people's: then they stand by name */
	if (orders->count > 0 &&
	    is_cell(&orders->list[orders->count - 1].column, CELL_STATUS))
		add_part(keys, row, &name, false, out);
}
