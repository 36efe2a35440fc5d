/* SPDX-License-Identifier: MIT */
/*
 * Cards as phones and address books write them: 2.1, 3.0 and 4.0, folded, in
 * quoted-printable, with groups, photos and properties of their own.
 */
#include "property.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* By column; make() gives all of them, write() knows how each is written. */
enum { UID, FN, FAMILY, GIVEN, EMAIL, NOTE, CITY, OWN };

static const char *const names[] = {"UID", "FN", "N family", "N given",
    "EMAIL 1", "NOTE", "ADR 1 city", "X-LEAD-SOURCE"};

enum version { V21, V30, V40 };

struct writing {
	struct str *out;
	struct dice *dice;
	enum version version;
	const char *line_end;
	struct str line; /* a logical one */
};

static void
make(struct document *document, struct dice *dice)
{
	unsigned kinds = VALUE_PLAIN | VALUE_WIDE | VALUE_WIDER | VALUE_BREAKS;

	document->encoding = DOCUMENT_UTF8;
	make_table(
	    document, dice, kinds, names, sizeof(names) / sizeof(names[0]));
	/* most values have a backslash, and 2.1 is to be tried as well */
	if (dice_chance(dice, 40))
		for (unsigned row = 0; row < document->rows; row++)
			for (unsigned i = 0; i < document->columns; i++)
				for (char *at = document->cells[row][i];
				     at && *at; at++)
					if (*at == '\\')
						*at = '/';
	/* every card has its names: a card without any is written differently
	 * by each program */
	for (unsigned row = 0; row < document->rows; row++)
		for (unsigned i = FN; i < document->columns && i <= GIVEN; i++)
			if (!document->cells[row][i])
				document->cells[row][i] = mem_strdup("Ruth");
}

/* Physical lines of a logical one, never cut inside a character. */
static void
end_line(struct writing *writing)
{
	const char *at = writing->line.data;
	size_t left = writing->line.len, room = 40;

	if (dice_chance(writing->dice, 30))
		room = 75;
	while (writing->version != V21 && left > room) {
		size_t len = room;

		while (((unsigned char)at[len] & 0xC0) == 0x80)
			len--;
		str_add_bytes(writing->out, at, len);
		str_add(writing->out, writing->line_end);
		str_add_char(writing->out, ' ');
		at += len;
		left -= len;
	}
	str_add_bytes(writing->out, at, left);
	str_add(writing->out, writing->line_end);
	str_reset(&writing->line);
}

static void
add_escaped(struct writing *writing, const char *text)
{
	for (; *text; text++) {
		if (*text == '\n')
			str_add(&writing->line, "\\n");
		else if (strchr("\\;,", *text))
			str_addf(&writing->line, "\\%c", *text);
		else
			str_add_char(&writing->line, *text);
	}
}

/* Whether 2.1 can write it as it is. */
static bool
is_simple(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text >= 0x80 || strchr("\n\t\\;,=", *text))
			return false;
	return true;
}

/* Quoted-printable, with soft breaks. */
static void
add_quoted(struct writing *writing, const char *text, bool component)
{
	size_t column = writing->line.len;

	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		/* a broken value that seems to end the card ends it */
		if (column > 60 && *text != 'B' && *text != 'E') {
			str_add(&writing->line, "=");
			str_add(&writing->line, writing->line_end);
			column = 0;
		}
		if (component && c == ';')
			str_add(&writing->line, "\\");
		if (c == '\n')
			str_add(&writing->line, "=0D=0A");
		else if (c < 0x21 || c >= 0x7F || c == '=')
			str_addf(&writing->line, "=%02X", c);
		else
			str_add_char(&writing->line, (char)c);
		column += 3;
	}
}

/* `parts` of them, all but one empty or none of ours. */
static void
add_property(struct writing *writing, const char *name, char *const *parts,
    unsigned count)
{
	bool quoted = false;

	for (unsigned i = 0; i < count && writing->version == V21; i++)
		if (parts[i] && !is_simple(parts[i]))
			quoted = true;
	if (writing->version == V30 && dice_chance(writing->dice, 20))
		str_addf(
		    &writing->line, "item%u.", 1 + dice_roll(writing->dice, 9));
	str_add(&writing->line, name);
	if (quoted)
		str_add(&writing->line, ";CHARSET=UTF-8"
					";ENCODING=QUOTED-PRINTABLE");
	str_add_char(&writing->line, ':');
	for (unsigned i = 0; i < count; i++) {
		const char *text = parts[i] ? parts[i] : "";

		if (i > 0)
			str_add_char(&writing->line, ';');
		if (quoted)
			add_quoted(writing, text, count > 1);
		else if (writing->version == V21)
			str_add(&writing->line, text);
		else
			add_escaped(writing, text);
	}
	end_line(writing);
}

static void
add_one(struct writing *writing, const char *name, char *text)
{
	char *parts[] = {text};

	if (text)
		add_property(writing, name, parts, 1);
}

static void
add_noise(struct writing *writing)
{
	switch (dice_roll(writing->dice, 6)) {
	case 0: str_add(&writing->line, "TEL;TYPE=HOME:+1 916 555 0100"); break;
	case 1: str_add(&writing->line, "ORG:Example;Sales"); break;
	case 2: str_add(&writing->line, "REV:20260101T000000Z"); break;
	case 3:
		str_add(&writing->line, writing->version == V21
					    ? "X-EVOLUTION-THING;A:1"
					    : "X-THING;A=\"b:c;d\":1\\,2");
		break;
	default: return;
	}
	end_line(writing);
}

static void
add_photo(struct writing *writing)
{
	if (!dice_chance(writing->dice, 10))
		return;
	if (writing->version == V40) {
		str_add(&writing->line, "PHOTO:data:image/jpeg;base64,/9j/4AAQ"
					"SkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQ");
		end_line(writing);
		return;
	}
	str_addf(writing->out, "PHOTO;ENCODING=%s;TYPE=JPEG:/9j/4AAQSkZJRg%s",
	    writing->version == V21 ? "BASE64" : "b", writing->line_end);
	str_addf(writing->out, " ABAQAAAQABAAD/2wBDAAgGBgcGBQ==%s",
	    writing->line_end);
	if (writing->version == V21)
		str_add(writing->out, writing->line_end);
}

static void
add_card(struct writing *writing, const struct document *document, unsigned row)
{
	static const char *const versions[] = {"2.1", "3.0", "4.0"};
	char *all[OWN + 1] = {NULL};

	for (unsigned i = 0; i < document->columns; i++)
		all[i] = document->cells[row][i];

	char *n[] = {all[FAMILY], all[GIVEN], NULL, NULL, NULL};
	char *adr[] = {NULL, NULL, NULL, all[CITY], NULL, NULL, NULL};

	str_addf(writing->out, "BEGIN:VCARD%sVERSION:%s%s", writing->line_end,
	    versions[writing->version], writing->line_end);
	add_noise(writing);
	add_one(writing, "UID", all[UID]);
	add_property(writing, "N", n, 5);
	add_one(writing, "FN", all[FN]);
	add_photo(writing);
	add_one(writing, "EMAIL", all[EMAIL]);
	if (all[CITY])
		add_property(writing, "ADR", adr, 7);
	add_noise(writing);
	add_one(writing, "NOTE", all[NOTE]);
	add_one(writing, "X-LEAD-SOURCE", all[OWN]);
	str_addf(writing->out, "END:VCARD%s", writing->line_end);
}

/* What a backslash means in 2.1 depends on who wrote it. */
static bool
has_backslash(const struct document *document)
{
	for (unsigned row = 0; row < document->rows; row++)
		for (unsigned i = 0; i < document->columns; i++)
			if (document->cells[row][i] &&
			    strchr(document->cells[row][i], '\\'))
				return true;
	return false;
}

static void
write_document(struct document *document, uint64_t style)
{
	struct dice dice = {style};
	struct writing writing = {
	    .out = &document->bytes,
	    .dice = &dice,
	    .version = dice_roll(&dice, 3),
	    .line_end = dice_chance(&dice, 60) ? "\r\n" : "\n",
	};

	if (has_backslash(document) && writing.version == V21)
		writing.version = V30;
	str_init(&writing.line, 1 << 16);
	for (unsigned row = 0; row < document->rows; row++) {
		add_card(&writing, document, row);
		if (dice_chance(&dice, 10))
			str_add(writing.out, writing.line_end);
	}
	str_release(&writing.line);
}

const struct document_format vcard_documents = {
    .name = "vcard",
    .ending = ".vcf",
    .result_id = "X-HEALTHSHERPA-ID",
    .overhead = 30,
    .make = make,
    .write = write_document,
};
