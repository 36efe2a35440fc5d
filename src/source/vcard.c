/* SPDX-License-Identifier: MIT */
/*
 * Reads vCards, one card after the other, in whatever version each says it is.
 *
 * A card is cut into lines as its bytes come in; what may be a cell is noted,
 * everything else (photos, keys, cards within a card) is only summed up, so it
 * costs a glance however long it is. When the card is whole, the lines noted
 * are put together, counted by name and put into the records.
 * Hazard: END:VCARD and BEGIN:VCARD on a line of their own are believed before
 * anything else, so that one broken card takes no other with it. A BEGIN in a
 * card is a card within it only behind `AGENT:` (2.1).
 */
#include "source/vcard.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/err.h"
#include "base/mem.h"
#include "source/input.h"

enum { HEAD = 4096, NAME_SEEN = 128, LINE_CHECKED = 8192 };

static void *
vcard_start(struct input *input, struct records *records, const char *name)
{
	struct vcard *vcard = mem_zalloc(sizeof(*vcard));

	vcard->input = input;
	vcard->records = records;
	vcard->name = name;
	vcard->next_line = 1;
	str_init(&vcard->scratch, VCARD_CARD_MAX);
	str_init(&vcard->bytes, 4 * VCARD_CARD_MAX);
	str_init(&vcard->value, 4 * VCARD_CARD_MAX);
	str_init(&vcard->column, RECORDS_NAME_MAX);
	str_init(&vcard->text, 2 * VCARD_CARD_MAX);
	str_init(&vcard->words, 2 * VCARD_CARD_MAX);
	return vcard;
}

static void
vcard_end(void *reader)
{
	struct vcard *vcard = reader;

	free(vcard->lines);
	str_release(&vcard->scratch);
	str_release(&vcard->bytes);
	str_release(&vcard->value);
	str_release(&vcard->column);
	str_release(&vcard->text);
	str_release(&vcard->words);
	free(vcard);
}

/* FNV-1a over words of 8 bytes, so that a save can see that it changed nothing
 * else. Of whole lines only: the same whatever was read at once. */
static void
sum_up(struct vcard *vcard, size_t from, size_t to)
{
	const char *at = vcard->input->data + vcard->at + from;
	uint64_t sum = vcard->outside ^ (to - from), word;

	for (size_t len = to - from; len > 0;) {
		size_t part = len < sizeof(word) ? len : sizeof(word);

		word = 0;
		memcpy(&word, at, part);
		sum = (sum ^ word) * UINT64_C(0x100000001B3);
		sum ^= sum >> 29;
		at += part;
		len -= part;
	}
	vcard->outside = sum;
}

/* ---- lines of the file -------------------------------------------------- */

enum found { FOUND_PIECE, FOUND_END, FOUND_ERROR };

static bool
fail(const struct vcard *vcard, struct err *err)
{
	return err_prefix(err, "%s:%u", vcard->name, vcard->next_line);
}

static enum found
read_piece(struct vcard *vcard, size_t from, struct vcard_piece *piece,
    struct err *err)
{
	struct input *input = vcard->input;

	while (!vcard_next_piece(vcard, from, piece)) {
		if (input->len - vcard->at > VCARD_CARD_MAX) {
			err_set(err, ERR_DATA,
			    "%s:%u: the card is larger than 16 MiB; is this a "
			    "vCard file?",
			    vcard->name, vcard->line);
			return FOUND_ERROR;
		}
		if (!input_more(input, vcard->at, err)) {
			fail(vcard, err);
			return FOUND_ERROR;
		}
		vcard->at = 0;
	}
	return piece->start == piece->next ? FOUND_END : FOUND_PIECE;
}

static bool
is_blank(const struct vcard *vcard, const struct vcard_piece *piece)
{
	const char *unit = vcard->input->data + vcard->at;

	for (size_t i = piece->start; i < piece->end; i++)
		if (!strchr(" \t\r", unit[i]))
			return false;
	return true;
}

/* ---- a card cut into lines ---------------------------------------------- */

/* The line that may still go on. */
struct open_line {
	bool open;
	size_t start, end;
	bool header_seen, quoted_printable;
	bool soft; /* ends with '=' */
	bool agent;
};

/* The property's name, folds left out, without the group. */
static size_t
read_name(
    const struct vcard *vcard, size_t start, size_t end, char name[NAME_SEEN])
{
	const char *unit = vcard->input->data + vcard->at;
	size_t len = vcard_name_end(unit + start, end - start);

	if (len > 0 && len < NAME_SEEN) {
		memcpy(name, unit + start, len);
		return len;
	}
	len = 0;
	for (size_t i = start; i < end && len < NAME_SEEN; i++) {
		char c = unit[i];

		if (c == ';' || c == ':')
			return len;
		if (c == '.')
			len = 0;
		else if (c != '\r' && c != '\n' && c != ' ' && c != '\t')
			name[len++] = c;
	}
	return 0;
}

static bool
is_name(const char *name, size_t len, const char *word)
{
	return strlen(word) == len && strncasecmp(name, word, len) == 0;
}

/* The value of a short line in one piece. */
static size_t
read_value(const struct vcard *vcard, const struct open_line *line,
    char value[NAME_SEEN])
{
	const char *text = vcard->input->data + vcard->at + line->start;
	size_t len = line->end - line->start;
	size_t at = vcard_header_end(text, len) + 1, end = len;

	while (at < end && strchr(" \t", text[at]))
		at++;
	while (end > at && strchr(" \t", text[end - 1]))
		end--;
	if (at >= end || end - at >= NAME_SEEN)
		return 0;
	memcpy(value, text + at, end - at);
	return end - at;
}

static void
note_line(struct vcard *vcard, const struct open_line *line, int property)
{
	vcard->lines = mem_grow(vcard->lines, &vcard->line_room,
	    vcard->line_count + 1, sizeof(*vcard->lines));
	vcard->lines[vcard->line_count++] = (struct vcard_line){
	    .start = (uint32_t)line->start,
	    .end = (uint32_t)line->end,
	    .quoted_printable = line->quoted_printable,
	    .property = property,
	};
}

/* What a line that is no cell of its own says of the card. */
static void
heed_line(
    struct vcard *vcard, struct open_line *line, const char *name, size_t len)
{
	char value[NAME_SEEN];
	size_t value_len;
	bool version = is_name(name, len, "VERSION");
	bool kind = is_name(name, len, "KIND") ||
		    is_name(name, len, "X-ADDRESSBOOKSERVER-KIND");
	bool agent = is_name(name, len, "AGENT");

	if (!version && !kind && !agent)
		return;
	value_len = read_value(vcard, line, value);
	line->agent = agent && value_len == 0;
	if (kind && is_name(value, value_len, "group"))
		vcard->is_group = true;
	if (version)
		vcard->version = is_name(value, value_len, "2.1")   ? VCARD_21
				 : is_name(value, value_len, "4.0") ? VCARD_40
								    : VCARD_30;
}

/* The line is complete: noted, or summed up. */
static void
close_line(struct vcard *vcard, struct open_line *line)
{
	char name[NAME_SEEN];
	size_t len;
	int property;

	if (!line->open)
		return;
	line->open = false;
	len = read_name(vcard, line->start, line->end, name);
	property = vcard_find_property(name, len);
	line->agent = false;
	if (property < 0)
		heed_line(vcard, line, name, len);
	if (property >= VCARD_OWN && vcard->line_count < VCARD_LINES_MAX)
		note_line(vcard, line, property);
	else
		sum_up(vcard, line->start, line->end);
}

/* As soon as the ':' is there: how the value is written. */
static void
look_at_header(struct vcard *vcard, struct open_line *line)
{
	const char *text = vcard->input->data + vcard->at + line->start;
	size_t len = line->end - line->start, header;

	if (!line->header_seen) {
		header = vcard_header_end(text, len);
		line->header_seen = header < len || len > LINE_CHECKED;
		line->quoted_printable =
		    header < len && vcard_says_quoted_printable(text, header);
	}
	line->soft = line->quoted_printable && text[len - 1] == '=';
}

static void
take_piece(struct vcard *vcard, struct open_line *line,
    const struct vcard_piece *piece)
{
	const char *text = vcard->input->data + vcard->at + piece->start;
	size_t len = piece->end - piece->start;

	if (line->open &&
	    (line->soft || (len > 0 && (*text == ' ' || *text == '\t')))) {
		line->end = piece->end;
		if (len > 0)
			look_at_header(vcard, line);
		else
			line->soft = false;
		return;
	}
	close_line(vcard, line);
	if (len == 0)
		return;
	*line = (struct open_line){
	    .open = true, .start = piece->start, .end = piece->end};
	look_at_header(vcard, line);
}

/* Passes over a card within the card, from behind its BEGIN. */
static enum found
skip_inner(struct vcard *vcard, struct vcard_piece *piece, struct err *err)
{
	size_t start = piece->start;
	unsigned depth = 1;
	enum found found;

	while (depth > 0) {
		found = read_piece(vcard, piece->next, piece, err);
		if (found != FOUND_PIECE)
			return found;
		vcard->next_line++;
		if (vcard_is_word(vcard, piece, "BEGIN:VCARD"))
			depth++;
		if (vcard_is_word(vcard, piece, "END:VCARD"))
			depth--;
	}
	sum_up(vcard, start, piece->end);
	return FOUND_PIECE;
}

/* From behind BEGIN:VCARD to behind END:VCARD, or to where the card breaks
 * off. */
static bool
cut_card(struct vcard *vcard, struct vcard_piece *piece, struct err *err)
{
	struct open_line line = {0};
	enum found found;

	for (;;) {
		vcard->next = piece->next;
		found = read_piece(vcard, piece->next, piece, err);
		if (found == FOUND_ERROR)
			return false;
		if (found == FOUND_END)
			break;
		if (vcard_is_word(vcard, piece, "BEGIN:VCARD")) {
			close_line(vcard, &line);
			if (!line.agent)
				break;
			vcard->next_line++;
			found = skip_inner(vcard, piece, err);
			if (found == FOUND_ERROR)
				return false;
			line.agent = false;
			continue;
		}
		vcard->next_line++;
		if (vcard_is_word(vcard, piece, "END:VCARD")) {
			vcard->whole = true;
			vcard->finish = (uint32_t)piece->start;
			vcard->next = piece->next;
			break;
		}
		take_piece(vcard, &line, piece);
	}
	vcard->cut_off = line.open && line.soft;
	close_line(vcard, &line);
	return true;
}

/* ---- a card as cells ---------------------------------------------------- */

/* The name of a value's column into vcard->column. */
static void
name_column(struct vcard *vcard, const struct vcard_line *line, unsigned number,
    unsigned part)
{
	struct vcard_column column = {
	    line->property, number, part, line->name_len};

	str_reset(&vcard->column);
	vcard_column_name(
	    &column, vcard->text.data + line->name, &vcard->column);
}

static void
set_problem(struct vcard *vcard, const struct vcard_line *line, unsigned part,
    const char *what)
{
	struct str text;

	name_column(vcard, line, line->number, part);
	str_init(&text, 256);
	str_addf(&text, "%s %s", vcard->column.data, what);
	records_set_problem(vcard->records, text.data);
	str_release(&text);
}

/* The column of an X-; RECORDS_NONE: it gets none. */
static bool
own_column(struct vcard *vcard, const struct vcard_line *line, uint32_t *column,
    struct err *err)
{
	const char *name = vcard->text.data + line->name;

	/* the same lines mostly come in the same order, card after card */
	*column = vcard->guess;
	if (line->number == 1 &&
	    *column < records_column_count(vcard->records) &&
	    is_name(name, line->name_len,
		records_column_name(vcard->records, *column))) {
		vcard->guess++;
		return true;
	}
	name_column(vcard, line, line->number, VCARD_WHOLE);
	name = vcard->column.data;
	*column = records_exact_column(vcard->records, name);
	if (*column != RECORDS_NONE)
		vcard->guess = *column + 1;
	if (*column != RECORDS_NONE || !vcard_takes_own(vcard, name))
		return true;
	vcard->own_columns += !str_starts(name, "X-HEALTHSHERPA-");
	return records_add_column(
	    vcard->records, name, vcard->column.len, column, err);
}

static bool
find_column(struct vcard *vcard, const struct vcard_line *line, unsigned number,
    unsigned part, uint32_t *column, struct err *err)
{
	uint32_t *known;

	if (line->property == VCARD_OWN)
		return own_column(vcard, line, column, err);
	known = &vcard->columns[line->property][number - 1][part];
	if (!*known) {
		/* behind TEL 1, also when that is in a later line */
		if (number > 1 &&
		    !find_column(vcard, line, number - 1, part, column, err))
			return false;
		name_column(vcard, line, number, part);
		if (!records_add_column(vcard->records, vcard->column.data,
			vcard->column.len, column, err))
			return false;
		*known = *column + 1;
	}
	*column = *known - 1;
	return true;
}

static bool
put_text(struct vcard *vcard, const struct vcard_line *line, unsigned part,
    const struct str *text, struct err *err)
{
	uint32_t column = RECORDS_NONE;
	size_t len = text->len;

	if (!find_column(vcard, line, line->number, part, &column, err))
		return false;
	if (column == RECORDS_NONE) {
		sum_up(vcard, line->start, line->end);
		return true;
	}
	if (len > RECORDS_CELL_MAX) {
		set_problem(vcard, line, part, "is longer than 64 KiB, cut");
		len = RECORDS_CELL_MAX;
		while (
		    len > 0 && ((unsigned char)text->data[len] & 0xC0) == 0x80)
			len--;
	}
	return records_put(vcard->records, column, text->data, len, err);
}

static bool
put_value(struct vcard *vcard, const struct vcard_line *line, unsigned part,
    struct err *err)
{
	const char *why = vcard_decode(vcard, line, part, &vcard->value);

	if (why)
		set_problem(vcard, line, part, why);
	/* an X- of that length is no contact's data but a picture or so */
	if (why || (line->property == VCARD_OWN &&
		       vcard->value.len > RECORDS_CELL_MAX)) {
		sum_up(vcard, line->start, line->end);
		return true;
	}
	if (vcard->value.len == 0 && line->property != VCARD_OWN &&
	    vcard_properties[line->property].kind == VCARD_PARTS)
		return true;
	return put_text(vcard, line, part, &vcard->value, err);
}

static bool
put_types(struct vcard *vcard, const struct vcard_line *line, struct err *err)
{
	struct str *types = &vcard->value;
	const char *words = vcard->words.data + line->types;

	str_reset(types);
	str_add(types, words);
	if (line->label_line > 0)
		vcard_add_label(
		    vcard, &vcard->lines[line->label_line - 1], types);
	return put_text(vcard, line, VCARD_TYPE, types, err);
}

static bool
put_line(struct vcard *vcard, const struct vcard_line *line, struct err *err)
{
	const struct vcard_property *property;
	unsigned parts = 1;

	if (line->number == 0) {
		sum_up(vcard, line->start, line->end);
		return true;
	}
	if (line->property == VCARD_OWN)
		return put_value(vcard, line, VCARD_WHOLE, err);
	property = &vcard_properties[line->property];
	while (property->kind == VCARD_PARTS && parts < VCARD_PARTS_MAX &&
	       property->parts[parts])
		parts++;
	for (unsigned part = 0; part < parts; part++)
		if (!put_value(vcard, line, part, err))
			return false;
	return !property->numbered || put_types(vcard, line, err);
}

static bool
put_card(struct vcard *vcard, struct err *err)
{
	struct str text;

	if (!records_begin(vcard->records, vcard->line, err))
		return false;
	if (!vcard->whole) {
		str_init(&text, 128);
		str_addf(&text,
		    "the card has no END:VCARD before line %u; write it, or "
		    "export the contacts again",
		    vcard->next_line);
		records_set_problem(vcard->records, text.data);
		str_release(&text);
	}
	for (size_t i = 0; i < vcard->line_count; i++)
		if (!put_line(vcard, &vcard->lines[i], err))
			return false;
	return true;
}

static enum source_unit
read_card(struct vcard *vcard, struct vcard_piece *piece, struct err *err)
{
	vcard->is_card = true;
	vcard->first_end = (uint32_t)piece->end;
	vcard->next_line++;
	if (!cut_card(vcard, piece, err))
		return SOURCE_UNIT_FAILED;
	vcard->cards++;
	if (vcard->is_group) {
		sum_up(vcard, 0, vcard->next);
		return SOURCE_UNIT_HEADER;
	}
	for (size_t i = 0; i < vcard->line_count; i++)
		vcard_line_read(vcard, &vcard->lines[i]);
	vcard_count_lines(vcard);
	if (put_card(vcard, err))
		return SOURCE_UNIT_RECORD;
	err_prefix(err, "%s:%u", vcard->name, vcard->line);
	return SOURCE_UNIT_FAILED;
}

/* ---- the file ----------------------------------------------------------- */

/* What is between cards may be one whose first line was lost: it is shown. */
static enum source_unit
read_stray(struct vcard *vcard, struct vcard_piece *piece, struct err *err)
{
	enum found found = FOUND_PIECE;

	do {
		sum_up(vcard, piece->start, piece->end);
		vcard->next_line++;
		vcard->next = piece->next;
		found = read_piece(vcard, piece->next, piece, err);
		if (found == FOUND_ERROR)
			return SOURCE_UNIT_FAILED;
	} while (found == FOUND_PIECE &&
		 !vcard_is_word(vcard, piece, "BEGIN:VCARD"));
	if (!records_begin(vcard->records, vcard->line, err)) {
		err_prefix(err, "%s:%u", vcard->name, vcard->line);
		return SOURCE_UNIT_FAILED;
	}
	records_set_problem(vcard->records,
	    "this stands outside of a card; a card begins with BEGIN:VCARD "
	    "and ends with END:VCARD");
	return SOURCE_UNIT_RECORD;
}

/* Columns that any card can be given, although none has them yet. */
static enum source_unit
finish(struct vcard *vcard, struct err *err)
{
	static const char *const always[] = {"UID", "FN", "N family", "N given",
	    "TEL 1", "TEL 1 type", "EMAIL 1", "EMAIL 1 type", "ADR 1 street",
	    "ADR 1 extended", "ADR 1 city", "ADR 1 region", "ADR 1 postal code",
	    "BDAY", "GENDER", "NOTE"};
	uint32_t column;

	if (vcard->cards == 0) {
		err_set(err, ERR_DATA,
		    "%s: no card is in it; a card begins with a line "
		    "BEGIN:VCARD",
		    vcard->name);
		return SOURCE_UNIT_FAILED;
	}
	for (size_t i = 0; i < sizeof(always) / sizeof(always[0]); i++)
		if (records_find_column(vcard->records, always[i]) ==
			RECORDS_NONE &&
		    !records_add_column(vcard->records, always[i],
			strlen(always[i]), &column, err))
			return SOURCE_UNIT_FAILED;
	return SOURCE_UNIT_END;
}

static bool
begin_file(struct vcard *vcard, struct err *err)
{
	size_t len, end;

	if (!input_fill(vcard->input, HEAD, err))
		return err_prefix(err, "%s", vcard->name);
	len = vcard->input->len < HEAD ? vcard->input->len : HEAD;
	end = strcspn(vcard->input->data, "\r\n");
	vcard->lone_cr = end + 1 < len && vcard->input->data[end] == '\r' &&
			 vcard->input->data[end + 1] != '\n';
	vcard->started = true;
	return true;
}

static void
begin_unit(struct vcard *vcard)
{
	vcard->at += vcard->next;
	vcard->next = 0;
	vcard->line = vcard->next_line;
	vcard->is_card = vcard->whole = vcard->cut_off = false;
	vcard->is_group = false;
	vcard->version = VCARD_30;
	vcard->line_count = 0;
	str_reset(&vcard->text);
	str_reset(&vcard->words);
}

static enum source_unit
vcard_next(void *reader, struct err *err)
{
	struct vcard *vcard = reader;
	struct vcard_piece piece;
	enum found found;

	if (!vcard->started && !begin_file(vcard, err))
		return SOURCE_UNIT_FAILED;
	for (;;) {
		begin_unit(vcard);
		found = read_piece(vcard, 0, &piece, err);
		if (found == FOUND_ERROR)
			return SOURCE_UNIT_FAILED;
		if (found == FOUND_END)
			return finish(vcard, err);
		if (!is_blank(vcard, &piece))
			break;
		vcard->next = piece.next;
		vcard->next_line++;
	}
	return vcard_is_word(vcard, &piece, "BEGIN:VCARD")
		   ? read_card(vcard, &piece, err)
		   : read_stray(vcard, &piece, err);
}

static uint64_t
vcard_outside(const void *reader)
{
	const struct vcard *vcard = reader;

	return vcard->outside;
}

static bool
vcard_looks_like(const char *head, size_t len)
{
	static const char begin[] = "BEGIN:VCARD";

	while (len > 0 && strchr(" \t\r\n", *head)) {
		head++;
		len--;
	}
	return len >= sizeof(begin) - 1 &&
	       strncasecmp(head, begin, sizeof(begin) - 1) == 0;
}

static const char *const endings[] = {".vcf", ".vcard", NULL};

const struct source_format vcard_format = {
    .name = "vCard",
    .endings = endings,
    .unmistakable = true,
    .result_id = "X-HEALTHSHERPA-ID",
    .any_encoding = true,
    .refuse_column = vcard_refuse_column,
    .looks_like = vcard_looks_like,
    .start = vcard_start,
    .next = vcard_next,
    .end = vcard_end,
    .splice = vcard_splice,
    .outside = vcard_outside,
};
