/* SPDX-License-Identifier: MIT */
/*
 * HealthSherpa's value into the file. The file has a way of its own to write
 * a date or a phone number, and a column may give more than one field: so each
 * way of writing the value is tried, and one is taken only when the mapping
 * makes just this value of it and leaves every other field as it was.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "book/book.h"
#include "book/mapping.h"
#include "book/rules.h"
#include "desk/actions.h"
#include "desk/desk.h"
#include "desk/review_sides.h"
#include "desk/words.h"

enum { WAYS_MAX = 4, WAY_SIZE = 2048 };

/* The ways to write a value, the one that looks most like the file's first. */
struct ways {
	char text[WAYS_MAX][WAY_SIZE];
	int count;
};

static void
add_way(struct ways *ways, const char *text)
{
	str_copy(ways->text[ways->count++], WAY_SIZE, text);
}

static void
add_date_ways(struct ways *ways, const char *value, const char *raw)
{
	struct date date;
	char text[32];
	bool slashes = raw && strchr(raw, '/');

	if (!slashes)
		add_way(ways, value);
	if (rules_sent_date(value, &date)) {
		snprintf(text, sizeof(text), "%02d/%02d/%04d", date.month,
		    date.day, date.year);
		add_way(ways, text);
		snprintf(text, sizeof(text), "%02d/%02d/%04d", date.day,
		    date.month, date.year);
		add_way(ways, text);
	}
	if (slashes)
		add_way(ways, value);
}

static void
find_ways(
    struct ways *ways, enum field field, const char *value, const char *raw)
{
	struct str phone;

	ways->count = 0;
	switch (field_table[field].kind) {
	case FIELD_KIND_DATE: add_date_ways(ways, value, raw); return;
	case FIELD_KIND_BOOLEAN:
		add_way(ways, strcmp(value, "true") == 0 ? "Yes" : "No");
		break;
	case FIELD_KIND_PHONE:
		str_init(&phone, 64);
		words_phone(&phone, value);
		if (raw && strchr(raw, '('))
			add_way(ways, phone.data);
		str_release(&phone);
		break;
	default: break;
	}
	add_way(ways, value);
}

static bool
same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* Whether a row seen so has this value and differs in nothing else. */
static bool
gives_just(const struct contact *would, const struct contact *is,
    enum field field, const char *value)
{
	for (unsigned i = 0; i < FIELD_COUNT; i++)
		if (!same_text(would->fields[i].value,
			i == field ? value : is->fields[i].value))
			return false;
	return true;
}

/* The way in which the value can stand in the column; NULL: in none. */
static const char *
find_way(const struct review_sides *sides, enum field field, const char *value,
    struct ways *ways)
{
	const struct contact_field *here = &sides->contact->fields[field];
	struct contact would;
	const char *way = NULL;

	find_ways(ways, field, value, here->raw);
	contact_init(&would);
	for (int i = 0; !way && i < ways->count; i++) {
		book_contact_with(sides->desk->book, sides->row, here->column,
		    ways->text[i], &would);
		if (gives_just(&would, sides->contact, field, value))
			way = ways->text[i];
	}
	contact_release(&would);
	return way;
}

static const char *
theirs(const struct review_sides *sides, enum field field)
{
	const struct sync_remote *shown = review_sides_shown(sides);

	return shown && field < FIELD_COUNT ? shown->values[field] : NULL;
}

bool
review_may_take(const struct review_sides *sides, struct err *err)
{
	enum field field = review_sides_field(sides);
	const struct field_info *info = &field_table[field];
	char key[WORDS_KEY_MAX];

	if (!review_sides_shown(sides) && sides->there.known == LOOK_KNOWN)
		return sides->there.count == 0
			   ? err_set(err, ERR_USAGE,
				 "HealthSherpa's search brought nobody: there "
				 "is nothing to take")
			   : err_set(err, ERR_USAGE,
				 "that contact is none of those found: %s "
				 "shows "
				 "them",
				 words_key(sides->desk, SCOPE_REVIEW,
				     DESK_NEXT_CONTACT, key));
	if (!review_sides_shown(sides))
		return err_set(err, ERR_USAGE,
		    "HealthSherpa's values are not known: %s asks for them",
		    words_key(
			sides->desk, SCOPE_REVIEW, DESK_ASK_CONTACT, key));
	if (field == FIELD_COUNT || (info->flags & FIELD_CREATE_ONLY))
		return err_set(
		    err, ERR_USAGE, "each side keeps its own ID for it");
	if (!theirs(sides, field))
		return err_set(err, ERR_USAGE, "HealthSherpa has no %s to take",
		    info->label);
	if (review_side(sides, field) == SIDE_SAME)
		return err_set(
		    err, ERR_USAGE, "both have the same %s", info->label);
	return sides->contact->fields[field].column != CONTACT_NO_COLUMN ||
	       err_set(err, ERR_USAGE,
		   "no single column of the file gives the %s, so it cannot "
		   "be put there",
		   info->label);
}

bool
review_may_keep(const struct review_sides *sides, struct err *err)
{
	enum field field = review_sides_field(sides);

	return (field < FIELD_COUNT && sides->before[field]) ||
	       err_set(err, ERR_USAGE,
		   "the file's value is kept: nothing of HealthSherpa's was "
		   "taken here");
}

static void
forget_before(struct review_sides *sides, enum field field)
{
	char *text = sides->before[field];

	if (text)
		explicit_bzero(text, strlen(text));
	free(text);
	sides->before[field] = NULL;
}

void
review_settle(struct review_sides *sides)
{
	const struct book *book = sides->desk->book;

	for (unsigned i = 0; i < FIELD_COUNT; i++) {
		uint32_t column = sides->contact->fields[i].column;
		const char *text;

		if (!sides->before[i] || column == CONTACT_NO_COLUMN)
			continue;
		text = book_cell(book, sides->row, column);
		if (!book_edited(book, sides->row, column) ||
		    same_text(sides->before[i], text ? text : ""))
			forget_before(sides, (enum field)i);
	}
}

bool
review_take(struct review_sides *sides, struct err *err)
{
	enum field field = review_sides_field(sides);
	struct desk *desk = sides->desk;
	char save[WORDS_KEY_MAX], undo[WORDS_KEY_MAX];
	const char *way, *before, *value;
	struct ways ways;
	uint32_t column;
	bool done;

	if (!review_may_take(sides, err))
		return false;
	column = sides->contact->fields[field].column;
	value = theirs(sides, field);
	way = value ? find_way(sides, field, value, &ways) : NULL;
	if (!way)
		return err_set(err, ERR_USAGE,
		    "the mapping makes more than the %s of its column, or "
		    "makes another value of it: %s types it",
		    field_table[field].label,
		    words_key(desk, SCOPE_REVIEW, DESK_EDIT, save));
	before = book_cell(desk->book, sides->row, column);
	if (!sides->before[field])
		sides->before[field] = mem_strdup(before ? before : "");
	done = book_set(desk->book, sides->row, column, way, err);
	explicit_bzero(&ways, sizeof(ways));
	if (!done) {
		forget_before(sides, field);
		return false;
	}
	desk_row_changed(desk, sides->row);
	screen_say(desk->screen, STYLE_GOOD,
	    "HealthSherpa's %s is in the file's column now: %s saves it, %s "
	    "takes it back",
	    field_table[field].label,
	    words_key(desk, SCOPE_REVIEW, DESK_SAVE, save),
	    words_key(desk, SCOPE_REVIEW, DESK_UNDO, undo));
	return true;
}

bool
review_keep(struct review_sides *sides, struct err *err)
{
	enum field field = review_sides_field(sides);

	if (!review_may_keep(sides, err) ||
	    !book_set(sides->desk->book, sides->row,
		sides->contact->fields[field].column, sides->before[field],
		err))
		return false;
	forget_before(sides, field);
	desk_row_changed(sides->desk, sides->row);
	screen_say(sides->desk->screen, STYLE_NORMAL,
	    "the file's own %s stands again", field_table[field].label);
	return true;
}
