/* SPDX-License-Identifier: MIT */
/* Chance, and what all formats' documents have in common. */
#include "property.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* splitmix64: small, and good enough to reach odd corners. */
uint64_t
dice_throw(struct dice *dice)
{
	uint64_t z = dice->state += UINT64_C(0x9E3779B97F4A7C15);

	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return z ^ (z >> 31);
}

unsigned
dice_roll(struct dice *dice, unsigned sides)
{
	return (unsigned)(dice_throw(dice) % sides);
}

bool
dice_chance(struct dice *dice, unsigned percent)
{
	return dice_roll(dice, 100) < percent;
}

/* Each could be mistaken for syntax somewhere. */
static const char *const plain_pieces[] = {"Ruth", "a", "0", "12", "007",
    "95811", "true", "no", "null", "~", "-", "- ", ": ", ":", " #", "#", ",",
    ";", "|", "\t", "\"", "\"\"", "'", "''", "\\", "\\n", "/", "{", "}", "[",
    "]", "&a", "*a", "!x", "%", "@", "`", "=", "=1", "+", "?", "? ", "<", ">",
    "---", "...", "1e5", "0x1F", ".5", "BEGIN:VCARD", "END:VCARD", "\\,", "\\;",
    "O'Neill", "x: y", "&amp;", " ", "  "};
static const char *const wide_pieces[] = {"\xC3\xA9", "Jos\xC3\xA9", "\xC3\x9F",
    "\xC2\xBD", "\xE2\x82\xAC", "\xE2\x80\x99", "\xC2\xA0"};
static const char *const wider_pieces[] = {"\xC5\x91", "\xE6\xB0\x91",
    "\xED\x95\x9C", "\xF0\x9F\x98\x80", "e\xCC\x81", "\xE2\x80\xA8", "\xC2\x85",
    "\xD7\xA9", "\xEF\xBB\xBF"};

static const char *const latin_pieces[] = {
    "\xC3\xA9", "Jos\xC3\xA9", "\xC3\x9F", "\xC3\xA9\xC3\xA8"};

static const char *const tame_pieces[] = {
    "Ruth", "Abernathy", "Main", "12", "95811", "St", " ", "555", "open"};

#define PICK(dice, list) \
	(list)[dice_roll(dice, sizeof(list) / sizeof((list)[0]))]

static void
add_piece(struct str *out, struct dice *dice, unsigned kinds)
{
	unsigned side = dice_roll(dice, 20);

	if (kinds & VALUE_TAME)
		str_add(out, PICK(dice, tame_pieces));
	else if (side < 1 && kinds & VALUE_BREAKS)
		str_add(out, dice_chance(dice, 20) ? "\n\n" : "\n");
	else if (side < 3 && kinds & VALUE_WIDE)
		str_add(out, PICK(dice, wide_pieces));
	else if (side < 5 && kinds & VALUE_LATIN)
		str_add(out, PICK(dice, latin_pieces));
	else if (side < 4 && kinds & VALUE_WIDER)
		str_add(out, PICK(dice, wider_pieces));
	else
		str_add(out, PICK(dice, plain_pieces));
}

static bool
good_end(char c)
{
	return c != ' ' && c != '\t' && c != '\n';
}

void
make_value(struct str *out, struct dice *dice, unsigned kinds)
{
	unsigned pieces = 1 + dice_roll(dice, 5);

	if (dice_chance(dice, 2))
		pieces = 40;
	do {
		str_reset(out);
		for (unsigned i = 0; i < pieces; i++)
			add_piece(out, dice, kinds);
	} while (out->len == 0 || out->len > VALUE_MAX ||
		 !good_end(out->data[0]) || !good_end(out->data[out->len - 1]));
}

void
make_table(struct document *document, struct dice *dice, unsigned kinds,
    const char *const *names, unsigned name_count)
{
	struct str value;

	str_init(&value, 64 * VALUE_MAX);
	document->values = kinds;
	document->columns = 3 + dice_roll(dice, DOCUMENT_COLUMNS_MAX - 2);
	if (document->columns > name_count)
		document->columns = name_count;
	document->rows = 1 + dice_roll(dice, DOCUMENT_ROWS_MAX);
	for (unsigned i = 0; i < document->columns; i++)
		document->names[i] = mem_strdup(names[i]);
	for (unsigned row = 0; row < document->rows; row++) {
		str_reset(&value);
		str_addf(&value, "K-%u%u", row, dice_roll(dice, 1000));
		document->cells[row][0] = mem_strdup(value.data);
		for (unsigned i = 1; i < document->columns; i++) {
			document->editable[row][i] = true;
			if (dice_chance(dice, 15))
				continue;
			make_value(&value, dice, kinds);
			document->cells[row][i] = mem_strdup(value.data);
		}
	}
	str_release(&value);
}
