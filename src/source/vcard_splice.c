/* SPDX-License-Identifier: MIT */
/*
 * Changing values of a card, and adding lines before its END:VCARD.
 *
 * Only the line that holds the value is written anew, with its group and
 * parameters as they stand; the parts beside a changed one stay as they are
 * written. What was made is parsed and compared before it is offered, so a
 * value that would not read back is refused with a reason.
 * Hazard: a soft break of quoted-printable must not leave END:VCARD alone on
 * a line, and no break may come behind a CR that belongs to the value.
 */
#include "source/vcard.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/text.h"
#include "source/input.h"

/* RFC 6350 3.2: 75 octets without the line break. */
enum { FOLD = 75 };

enum cell_state { OPEN, DONE, ADDED };

struct cell {
	struct splice_cell *cell;
	struct vcard_column column;
	enum cell_state state;
};

struct place {
	struct vcard *vcard;
	struct splice *splice;
	struct cell *cells;
	size_t count;
	const char *line_break;
	struct str made, folded, before, after;
};

static void
refuse(struct cell *cell, const char *why)
{
	snprintf(cell->cell->why, sizeof(cell->cell->why), "%s", why);
	cell->state = DONE;
}

static const char *
line_break(const struct vcard *vcard)
{
	const char *at = vcard->input->data + vcard->at + vcard->first_end;

	if (vcard->lone_cr)
		return "\r";
	return *at == '\r' ? "\r\n" : "\n";
}

/* ---- folding ------------------------------------------------------------ */

/* How many bytes at `at` must stay together. */
static size_t
together(const char *at, size_t len, bool quoted)
{
	uint32_t code;
	size_t unit = text_decode(at, len, &code);

	if (quoted && vcard_is_quoted(at, len))
		unit = 3;
	/* nothing comes between CRs and what follows */
	while (at[unit - 1] == '\r' && unit < len)
		unit += text_decode(at + unit, len - unit, &code);
	return unit;
}

static void
fold_quoted(struct place *place, const char *text, size_t len, size_t value)
{
	struct str *out = &place->folded;
	size_t column = value;

	str_add_bytes(out, text, value);
	for (size_t i = value, unit; i < len; i += unit) {
		unit = together(text + i, len - i, true);
		if (column + unit > FOLD && column > 0) {
			str_addf(out, "=%s", place->line_break);
			column = 0;
			/* never END:VCARD or BEGIN:VCARD */
			if (strchr("EeBb", text[i])) {
				str_addf(out, "=%02X", text[i]);
				column = 3;
				continue;
			}
		}
		str_add_bytes(out, text + i, unit);
		column += unit;
	}
}

/* 2.1 may break only before blanks that are there; so it has long lines. */
static void
fold(struct place *place, const char *text, size_t len)
{
	size_t column = 0;

	for (size_t i = 0, unit; i < len; i += unit) {
		unit = together(text + i, len - i, false);
		if (column + unit > FOLD && place->vcard->version != VCARD_21) {
			str_addf(&place->folded, "%s ", place->line_break);
			column = 1;
		}
		str_add_bytes(&place->folded, text + i, unit);
		column += unit;
	}
}

/* ---- a line anew -------------------------------------------------------- */

/* The cells for one line, by part; NULL: as it is. */
struct change {
	const struct vcard_line *old; /* NULL: there is none yet */
	struct vcard_line line;
	struct cell *parts[VCARD_PARTS_MAX];
	const char *name; /* of a new line */
	size_t name_len;
	bool quote; /* the value becomes quoted-printable now */
};

static bool
has_parts(const struct vcard_line *line)
{
	return line->property >= 0 &&
	       vcard_properties[line->property].kind == VCARD_PARTS;
}

/* 2.1 knows line breaks and what is not ASCII only in quoted-printable. */
static bool
needs_quoting(const struct place *place, const struct change *change)
{
	const struct vcard *vcard = place->vcard;
	const struct vcard_line *old = change->old;
	bool plain = old && (old->charset != VCARD_CHARSET_NONE ||
				!vcard_is_ascii(vcard->text.data + old->value,
				    old->stop - old->value));

	if (vcard->version != VCARD_21 || (old && old->quoted_printable))
		return false;
	for (unsigned i = 0; i < VCARD_PARTS_MAX; i++) {
		const char *text;

		if (!change->parts[i])
			continue;
		text = change->parts[i]->cell->text;
		if (strchr(text, '\n') ||
		    (!plain && !vcard_is_ascii(text, strlen(text))))
			return true;
	}
	return false;
}

/* A part as it stands, or its new text. */
static const char *
make_part(struct place *place, const struct change *change, unsigned part)
{
	const struct vcard *vcard = place->vcard;
	size_t from, to;

	if (part < VCARD_PARTS_MAX && change->parts[part])
		return vcard_encode(vcard, &change->line,
		    change->parts[part]->cell->text, &place->made);
	if (!change->old ||
	    !vcard_line_part(vcard, change->old, part, &from, &to))
		return NULL;
	if (change->quote)
		vcard_quote(&place->made, vcard->text.data + from, to - from);
	else
		str_add_bytes(&place->made, vcard->text.data + from, to - from);
	return NULL;
}

static const char *
make_value(struct place *place, const struct change *change)
{
	const char *why = NULL;
	unsigned count = 1;
	size_t from, to;

	if (has_parts(&change->line) && !change->old)
		while (count < VCARD_PARTS_MAX &&
		       vcard_properties[change->line.property].parts[count])
			count++;
	for (unsigned i = 0; i < VCARD_PARTS_MAX; i++)
		if (change->parts[i] && i >= count)
			count = i + 1;
	if (has_parts(&change->line) && change->old)
		while (vcard_line_part(
		    place->vcard, change->old, count, &from, &to))
			count++;
	for (unsigned i = 0; i < count && !why; i++) {
		if (i > 0)
			str_add_char(&place->made, ';');
		why = make_part(place, change, i);
	}
	return why;
}

/* The header of the old line, else the name. */
static void
make_header(struct place *place, struct change *change)
{
	const struct vcard *vcard = place->vcard;
	const char *text = vcard->text.data;
	size_t colon;

	if (!change->old) {
		str_add_bytes(&place->made, change->name, change->name_len);
		if (change->quote)
			str_add(&place->made,
			    ";CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE");
		str_add_char(&place->made, ':');
		return;
	}
	if (!change->quote) {
		str_add_bytes(&place->made, text + change->old->text,
		    change->old->value - change->old->text);
		return;
	}
	colon = vcard_header_end(
	    text + change->old->text, change->old->stop - change->old->text);
	str_add_bytes(&place->made, text + change->old->text, colon);
	if (!change->old->charset_said)
		str_add(&place->made, ";CHARSET=UTF-8");
	str_add(&place->made, ";ENCODING=QUOTED-PRINTABLE");
	str_add_bytes(&place->made, text + change->old->text + colon,
	    change->old->value - change->old->text - colon);
}

/* Whether the line made reads back: what was changed, and what was not. */
static bool
reads_back(struct place *place, struct change *change)
{
	struct vcard *vcard = place->vcard;
	struct vcard_line *line = &change->line;
	size_t text = vcard->text.len, words = vcard->words.len;
	bool good;

	line->text = (uint32_t)text;
	str_add_bytes(&vcard->text, place->made.data, place->made.len);
	line->stop = (uint32_t)vcard->text.len;
	vcard_line_parse(vcard, line);
	good = line->parsed && !line->base64 &&
	       line->quoted_printable ==
		   vcard_says_quoted_printable(vcard->text.data + text,
		       vcard_header_end(place->made.data, place->made.len));
	for (unsigned i = 0; i < VCARD_PARTS_MAX && good; i++) {
		const char *should = place->before.data;

		if (!has_parts(line) && i > 0)
			break;
		str_reset(&place->before);
		if (change->parts[i])
			should = change->parts[i]->cell->text;
		else if (change->old)
			good = !vcard_decode(
			    vcard, change->old, i, &place->before);
		should = change->parts[i] ? should : place->before.data;
		good = good && !vcard_decode(vcard, line, i, &place->after) &&
		       strcmp(place->after.data, should) == 0;
	}
	vcard->text.len = text;
	vcard->text.data[text] = '\0';
	vcard->words.len = words;
	return good;
}

/* The line into place->folded; NULL, or why it cannot be. */
static const char *
make_line(struct place *place, struct change *change)
{
	const char *why;
	size_t value;

	str_reset(&place->made);
	str_reset(&place->folded);
	change->quote = needs_quoting(place, change);
	if (change->quote)
		change->line.quoted_printable = true;
	make_header(place, change);
	value = place->made.len;
	why = make_value(place, change);
	if (why)
		return why;
	if (!reads_back(place, change))
		return "it cannot be written there so that it reads back the "
		       "same";
	if (change->line.quoted_printable)
		fold_quoted(place, place->made.data, place->made.len, value);
	else
		fold(place, place->made.data, place->made.len);
	return NULL;
}

/* ---- lines that are there ----------------------------------------------- */

static bool
is_named(const struct vcard *vcard, const struct vcard_line *line,
    const struct cell *cell)
{
	return line->number > 0 && line->property == cell->column.property &&
	       (line->property != VCARD_OWN ||
		   (line->name_len == cell->column.own_len &&
		       strncasecmp(vcard->text.data + line->name,
			   cell->cell->column, line->name_len) == 0));
}

static const struct vcard_line *
find_line(const struct vcard *vcard, const struct cell *cell)
{
	for (size_t i = 0; i < vcard->line_count; i++)
		if (is_named(vcard, &vcard->lines[i], cell) &&
		    vcard->lines[i].number == cell->column.number)
			return &vcard->lines[i];
	return NULL;
}

static bool
is_address(const struct vcard *vcard, const struct vcard_line *line)
{
	return line->property == VCARD_TEL && line->value >= 4 &&
	       strncasecmp(vcard->text.data + line->value - 4, "tel:", 4) == 0;
}

/* Why the line must not be touched, or NULL. */
static const char *
protects(
    struct place *place, const struct vcard_line *line, const struct cell *cell)
{
	struct vcard *vcard = place->vcard;
	const char *text = vcard->text.data + line->value;
	size_t len = line->stop - line->value;

	if (vcard_decode(vcard, line, cell->column.part, &place->before))
		return "what is there cannot be read";
	if (place->before.len > RECORDS_CELL_MAX)
		return "the value there is longer than 64 KiB";
	if (line->property >= 0 &&
	    vcard_properties[line->property].kind == VCARD_LIST &&
	    memmem(text, len, "\\,", 2))
		return "a comma stands in one of the list's items; change it "
		       "in the file";
	if (is_address(vcard, line) &&
	    cell->cell->text[strcspn(cell->cell->text, " \t\n")])
		return "the number is a tel: address there, which has no "
		       "blanks; write it with dashes";
	return NULL;
}

/* All changes to the line of one cell. */
static void
change_line(
    struct place *place, const struct vcard_line *line, struct cell *first)
{
	struct change change = {.old = line, .line = *line};
	struct cell *end = place->cells + place->count;
	const struct input *input = place->vcard->input;
	const char *why;
	bool any = false;

	for (struct cell *cell = first; cell < end; cell++) {
		if (cell->state != OPEN ||
		    find_line(place->vcard, cell) != line)
			continue;
		why = protects(place, line, cell);
		if (why)
			refuse(cell, why);
		else
			change.parts[cell->column.part] = cell;
		any = any || !why;
		cell->state = DONE;
	}
	if (!any)
		return;
	why = make_line(place, &change);
	for (unsigned i = 0; i < VCARD_PARTS_MAX; i++)
		if (why && change.parts[i])
			refuse(change.parts[i], why);
	if (!why)
		splice_add(place->splice,
		    input_place(input, place->vcard->at + line->start),
		    input_place(input, place->vcard->at + line->end),
		    place->folded.data, place->folded.len);
}

/* ---- new lines ---------------------------------------------------------- */

static bool
same_name(const struct cell *a, const struct cell *b)
{
	return a->column.property == b->column.property &&
	       a->column.own_len == b->column.own_len &&
	       strncmp(a->cell->column, b->cell->column, a->column.own_len) ==
		   0;
}

/* Whether the one before it is there, or comes with this save. */
static bool
follows(const struct place *place, const struct cell *cell)
{
	const struct vcard *vcard = place->vcard;
	unsigned count = 0;

	for (size_t i = 0; i < vcard->line_count; i++)
		count += is_named(vcard, &vcard->lines[i], cell);
	if (cell->column.number == count + 1)
		return true;
	for (size_t i = 0; i < place->count; i++)
		if (place->cells[i].state == ADDED &&
		    same_name(&place->cells[i], cell) &&
		    place->cells[i].column.number + 1 == cell->column.number)
			return true;
	return false;
}

static const char *
refuses_line(const struct place *place, const struct cell *cell)
{
	const struct vcard *vcard = place->vcard;

	if (!vcard->whole)
		return "the card has no END:VCARD";
	if (vcard->cut_off)
		return "the line before the card's END:VCARD is cut off";
	if (vcard->line_count + place->count > VCARD_LINES_MAX)
		return "the card has too many lines already";
	if (cell->column.property == VCARD_OWN &&
	    records_find_column(vcard->records, cell->cell->column) ==
		RECORDS_NONE &&
	    !vcard_takes_own(vcard, cell->cell->column))
		return "the cards have too many different X- lines already";
	if (!follows(place, cell))
		return "the one before it is not there yet";
	return NULL;
}

static void
add_line(struct place *place, struct cell *first)
{
	struct vcard *vcard = place->vcard;
	struct change change = {
	    .line = {.property = first->column.property},
	    .name = first->cell->column,
	    .name_len = strcspn(first->cell->column, " "),
	};
	struct cell *end = place->cells + place->count;
	const char *why = refuses_line(place, first);
	uint64_t at;

	for (struct cell *cell = first; cell < end; cell++)
		if (cell->state == OPEN && same_name(cell, first) &&
		    cell->column.number == first->column.number)
			change.parts[cell->column.part] = cell;
	if (!why)
		why = make_line(place, &change);
	for (unsigned i = 0; i < VCARD_PARTS_MAX; i++) {
		if (!change.parts[i])
			continue;
		change.parts[i]->state = ADDED;
		if (why)
			refuse(change.parts[i], why);
	}
	if (why)
		return;
	str_add(&place->folded, place->line_break);
	at = input_place(vcard->input, vcard->at + vcard->finish);
	splice_add(
	    place->splice, at, at, place->folded.data, place->folded.len);
}

/* ---- a card ------------------------------------------------------------- */

static void
read_cell(const struct vcard *vcard, struct cell *cell)
{
	const char *name = cell->cell->column;
	const char *why = vcard_read_column(name, &cell->column);

	if (!vcard->is_card)
		why = "this is no card";
	else if (!why && cell->column.part == VCARD_TYPE)
		why = "what kind it is can only be changed in the file";
	else if (!why && str_starts(name, "X-ADDRESSBOOKSERVER-"))
		why = "it says what the card is; change it in the file";
	else if (!why && str_starts(name, "X-ABLABEL"))
		why = "it names another line; change it in the file";
	if (why)
		refuse(cell, why);
}

void
vcard_splice(void *reader, struct splice_job *job, struct splice *splice)
{
	struct vcard *vcard = reader;
	struct place place = {
	    .vcard = vcard, .splice = splice, .count = job->cell_count};

	if (job->cell_count == 0)
		return;
	place.line_break = line_break(vcard);
	place.cells = mem_zalloc(place.count * sizeof(*place.cells));
	str_init(&place.made, VCARD_CARD_MAX);
	str_init(&place.folded, VCARD_CARD_MAX);
	str_init(&place.before, 4 * VCARD_CARD_MAX);
	str_init(&place.after, 4 * VCARD_CARD_MAX);
	for (size_t i = 0; i < place.count; i++) {
		place.cells[i].cell = &job->cells[i];
		read_cell(vcard, &place.cells[i]);
	}
	for (size_t i = 0; i < place.count; i++) {
		struct cell *cell = &place.cells[i];
		const struct vcard_line *line = cell->state == OPEN
						    ? find_line(vcard, cell)
						    : NULL;

		if (line)
			change_line(&place, line, cell);
	}
	for (unsigned number = 1; number <= VCARD_NUMBER_MAX; number++)
		for (size_t i = 0; i < place.count; i++)
			if (place.cells[i].state == OPEN &&
			    place.cells[i].column.number == number)
				add_line(&place, &place.cells[i]);
	splice_limit(splice, job, vcard->next, VCARD_CARD_MAX);
	free(place.cells);
	str_release(&place.made);
	str_release(&place.folded);
	str_release(&place.before);
	str_release(&place.after);
}
