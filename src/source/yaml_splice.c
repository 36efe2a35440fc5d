/* SPDX-License-Identifier: MIT */
/*
 * Changing scalars of a YAML record, and adding keys, in its own style.
 *
 * A new key goes behind the last pair: in a block map on a line of its own,
 * indented as the map is, behind whatever comment ends the last pair's line;
 * in a flow map behind a comma. Where the last pair cannot be followed safely
 * (a block scalar that keeps its blank lines or ends the file, a value left
 * empty in a flow map), the new key goes before a pair instead.
 * Hazard: where a value starts and ends is libyaml's word; an empty one stands
 * behind its colon in a block map, at the next token in a flow map.
 */
#include "source/yaml_records.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "source/input.h"
#include "source/yaml_scalar.h"

/* Escaped it may be four times as long, and YAML takes 1024 characters. */
enum { KEY_MAX = 250 };

struct place {
	struct yaml_records *yaml;
	struct splice *splice;
	struct str text;
	const char *window, *end; /* what the input holds */
	unsigned added;           /* keys, to an empty map */
	size_t cells;             /* to be changed or added */
};

static const char *
at_byte(const struct place *place, uint64_t byte)
{
	return place->window + (byte - place->yaml->input->offset);
}

static void
put(struct place *place, const char *start, const char *end)
{
	const struct input *input = place->yaml->input;

	/* else a '#' right behind would become part of the value */
	if (end < place->end && *end == '#')
		str_add_char(&place->text, ' ');

	splice_add(place->splice,
	    input_place(input, (size_t)(start - place->window)),
	    input_place(input, (size_t)(end - place->window)), place->text.data,
	    place->text.len);
	str_reset(&place->text);
}

static bool
is_break(char c)
{
	return c == '\n' || c == '\r';
}

/* NEL, LS, PS: what else ends a line for libyaml. */
static bool
is_wide_break(const char *at)
{
	return strncmp(at, "\xC2\x85", 2) == 0 ||
	       strncmp(at, "\xE2\x80\xA8", 3) == 0 ||
	       strncmp(at, "\xE2\x80\xA9", 3) == 0;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The line end that the file uses here. */
static void
write_break(struct place *place, const char *near)
{
	while (near < place->end && !is_break(*near))
		near++;
	if (near == place->end)
		str_add(&place->text, place->yaml->line_end);
	else if (*near == '\n')
		str_add_char(&place->text, '\n');
	else
		str_add(&place->text, near[1] == '\n' ? "\r\n" : "\r");
}

/* ---- replacing ---------------------------------------------------------- */

static const struct yaml_span *
find_span(const struct yaml_records *yaml, const char *column)
{
	uint32_t wanted = records_exact_column(yaml->records, column);

	for (size_t i = 0; i < yaml->span_count; i++)
		if (yaml->spans[i].column == wanted)
			return &yaml->spans[i];
	return NULL;
}

/*
 * A value that is not there: `key:`, in a flow map also `key`, which gets its
 * colon unless it runs over several lines.
 */
static bool
fill_empty(struct place *place, const struct yaml_span *span, const char *text)
{
	const char *key = at_byte(place, span->key);
	const char *key_end = at_byte(place, span->key_end);
	const char *start = at_byte(place, span->start);
	const char *colon = key_end;

	while (colon < start && (is_blank(*colon) || is_break(*colon)))
		colon++;
	if (colon < start && *colon != ':')
		colon = start; /* a comment */
	if (colon == start && !span->flow)
		return false; /* `? key` */
	/* a tag would take the colon; a key with one has 1024 characters */
	if (colon == start && (*key == '!' || key_end - key > 1000))
		return false;
	if (colon == start) {
		for (; key < key_end; key++)
			if (is_break(*key) || is_wide_break(key))
				return false;
		start = key_end;
		str_add_char(&place->text, ':');
	}
	if (colon == start || start[-1] == ':' || start == key_end)
		str_add_char(&place->text, ' ');
	yaml_scalar_write(&place->text, text, YAML_PLAIN, span->flow, false);
	put(place, start, start);
	return true;
}

/*
 * A block scalar may begin on a line of its own no deeper than its key, where
 * any other value would be taken for a key.
 */
static bool
is_set_off(const struct place *place, const struct yaml_span *span)
{
	const char *at = at_byte(place, span->key_end);
	const char *start = at_byte(place, span->start);

	for (; at < start; at++)
		if (is_break(*at) || is_wide_break(at))
			return span->style == YAML_BLOCK;
	return false;
}

static bool
replace(struct place *place, const struct yaml_span *span,
    const struct splice_cell *cell)
{
	const char *start, *end;
	bool number;

	if (span->value == YAML_VALUE_LIST || span->value == YAML_VALUE_CUT)
		return false;
	if (span->start == span->end)
		return fill_empty(place, span, cell->text);
	if (is_set_off(place, span))
		return false;
	start = at_byte(place, span->start);
	end = at_byte(place, span->end);
	/* a block scalar ends where the next line starts */
	if (span->style == YAML_BLOCK)
		while (end > start && (is_break(end[-1]) || is_blank(end[-1])))
			end--;
	number = span->style == YAML_PLAIN && end - start < 40;
	if (number) {
		char old[40];

		memcpy(old, start, (size_t)(end - start));
		old[end - start] = '\0';
		number = yaml_scalar_like_number(old);
	}
	yaml_scalar_write(&place->text, cell->text,
	    span->style == YAML_BLOCK ? YAML_PLAIN : span->style, span->flow,
	    number);
	put(place, start, end);
	return true;
}

/* ---- adding ------------------------------------------------------------- */

/* The quotes that every text of the record has, else none. */
static enum yaml_style
style_of_values(const struct yaml_records *yaml)
{
	enum yaml_style style = YAML_PLAIN;

	for (size_t i = 0; i < yaml->span_count; i++) {
		const struct yaml_span *span = &yaml->spans[i];

		if (span->value != YAML_VALUE_TEXT)
			continue;
		if (span->style != YAML_SINGLE && span->style != YAML_DOUBLE)
			return YAML_PLAIN;
		style = span->style;
	}
	return style;
}

static void
write_pair(struct place *place, const struct splice_cell *cell, bool flow)
{
	const struct yaml_records *yaml = place->yaml;
	enum yaml_style style = YAML_PLAIN;

	if (yaml->pair_count > 0)
		style = yaml->pair.key_style;
	if (style == YAML_BLOCK)
		style = YAML_PLAIN;
	yaml_scalar_write(&place->text, cell->column, style, flow, false);
	str_add(&place->text, ": ");
	yaml_scalar_write(
	    &place->text, cell->text, style_of_values(yaml), flow, false);
}

/* As many blanks as stand before the map's keys. */
static void
write_indent(struct place *place)
{
	for (uint32_t i = 0; i < place->yaml->record_indent; i++)
		str_add_char(&place->text, ' ');
}

/*
 * `key: value` and a new line before the last pair; false when that is written
 * as `? key`, where nothing can go between.
 */
static bool
add_before(struct place *place, const struct splice_cell *cell)
{
	const struct yaml_records *yaml = place->yaml;
	const struct yaml_pair *pair = &yaml->pair;
	const char *key = at_byte(place, pair->key);

	if (pair->key != yaml->record.start &&
	    (yaml->pair_count == 1 || pair->key_indent != yaml->record_indent))
		return false;
	write_pair(place, cell, false);
	write_break(place, key);
	write_indent(place);
	put(place, key, key);
	return true;
}

/* Behind a block scalar; false when that would change what it holds. */
static bool
add_behind_block(struct place *place, const struct yaml_pair *pair,
    const struct splice_cell *cell)
{
	const char *start = at_byte(place, pair->last_start);
	const char *end = at_byte(place, pair->end), *at;

	for (at = start; at < end && !is_break(*at); at++)
		if (*at == '+')
			return false;
	if (at >= end || !is_break(end[-1]))
		return false;
	/* empty lines at its end stay between the contacts */
	for (at = end; at > start && is_break(at[-1]);)
		at--;
	if (*at == '\r' && at[1] == '\n')
		at++;
	at++;
	if (at > end)
		return false;
	write_indent(place);
	write_pair(place, cell, false);
	write_break(place, start);
	put(place, at, at);
	return true;
}

static bool
add_to_block(struct place *place, const struct splice_cell *cell)
{
	const struct yaml_records *yaml = place->yaml;
	const struct yaml_pair *pair = &yaml->pair;
	const char *at = at_byte(place, pair->end);

	if (pair->block)
		return add_behind_block(place, pair, cell) ||
		       add_before(place, cell);
	/* `? key` without a value has none to go behind */
	if (pair->last_start == pair->end && at[-1] != ':' && at[-1] != '-')
		return add_before(place, cell);
	while (at < place->end && is_blank(*at))
		at++;
	if (at < place->end && *at == '#')
		while (at < place->end && !is_break(*at) && !is_wide_break(at))
			at++;
	if (at < place->end && !is_break(*at))
		return add_before(place, cell);
	write_break(place, at);
	write_indent(place);
	write_pair(place, cell, false);
	put(place, at, at);
	return true;
}

/* In a flow map: on a new line when the last key stands on one of its own. */
static void
add_to_flow(struct place *place, const struct splice_cell *cell)
{
	const struct yaml_records *yaml = place->yaml;
	const struct yaml_pair *pair;
	const char *key, *line, *at;

	if (yaml->pair_count == 0) {
		at = at_byte(place, yaml->record.end);
		if (place->added++ > 0)
			str_add(&place->text, ", ");
		write_pair(place, cell, true);
		put(place, at, at);
		return;
	}
	pair = &yaml->pair;
	key = at_byte(place, pair->key);
	if (pair->empty) {
		write_pair(place, cell, true);
		str_add(&place->text, ", ");
		put(place, key, key);
		return;
	}
	for (line = key; line > place->window && is_blank(line[-1]); line--)
		continue;
	str_add_char(&place->text, ',');
	if (line > place->window && is_break(line[-1])) {
		write_break(place, line - 1);
		str_add_bytes(&place->text, line, (size_t)(key - line));
	} else {
		str_add_char(&place->text, ' ');
	}
	write_pair(place, cell, true);
	at = at_byte(place, pair->end);
	put(place, at, at);
}

static void
change(
    struct place *place, const struct yaml_span *span, struct splice_cell *cell)
{
	const char *why = "it is written in a way that cannot be changed here";

	if (span->value == YAML_VALUE_LIST)
		why = "a list is there; change it in the file";
	if (span->value == YAML_VALUE_CUT)
		why = "the value there is longer than 64 KiB";
	if (!replace(place, span, cell))
		snprintf(cell->why, sizeof(cell->why), "%s", why);
}

/* `[key: value]` is a list with a map, which has no braces to add to. */
static bool
has_brace(struct place *place)
{
	const struct yaml_event *record = &place->yaml->record;

	return record->end > record->start &&
	       at_byte(place, record->end)[-1] == '{';
}

static bool
holds_map(const struct yaml_records *yaml, const char *column)
{
	for (size_t i = 0; i < yaml->map_count; i++)
		if (strcmp(yaml->maps[i].path, column) == 0)
			return true;
	return false;
}

static void
add(struct place *place, struct splice_cell *cell)
{
	const char *why = NULL;

	if (!place->yaml->is_map)
		why = "the entry is not a map of keys and values";
	else if (strlen(cell->column) > KEY_MAX)
		why = "the name of the column is too long for a key";
	else if (holds_map(place->yaml, cell->column))
		why = "a map is there; change its keys instead";
	/* all that come with this save might be added */
	else if (place->yaml->pair_count + place->cells > YAML_KEYS_MAX)
		why = "the map has too many keys already";
	else if (place->yaml->record.flow && !has_brace(place))
		why = "the entry is a map without braces; write them first";
	else if (place->yaml->record.tagged && !place->yaml->record.flow)
		why = "the entry has a tag (!); take that away first";
	else if (place->yaml->record.flow)
		add_to_flow(place, cell);
	else if (!add_to_block(place, cell))
		why = "its keys are written as '? key'; add the value yourself";
	if (why)
		snprintf(cell->why, sizeof(cell->why), "%s", why);
}

static void
to_byte(struct yaml_records *yaml, uint64_t *character)
{
	struct yaml_place place;

	yaml_reader_place(yaml->reader, *character, &place);
	*character = place.byte;
}

/* In the order of the text, since places are found by walking. */
static void
to_bytes(struct yaml_records *yaml)
{
	struct yaml_pair *pair = &yaml->pair;

	yaml->in_bytes = true;
	to_byte(yaml, &yaml->record.start);
	to_byte(yaml, &yaml->record.end);
	for (size_t i = 0; i < yaml->span_count; i++) {
		struct yaml_span *span = &yaml->spans[i];

		to_byte(yaml, &span->key);
		to_byte(yaml, &span->key_end);
		to_byte(yaml, &span->start);
		to_byte(yaml, &span->end);
	}
	if (yaml->pair_count == 0)
		return;
	to_byte(yaml, &pair->key);
	to_byte(yaml, &pair->key_end);
	to_byte(yaml, &pair->last_start);
	to_byte(yaml, &pair->end);
}

void
yaml_splice(void *reader, struct splice_job *job, struct splice *splice)
{
	struct yaml_records *yaml = reader;
	struct place place = {
	    .yaml = yaml,
	    .splice = splice,
	    .window = yaml->input->data,
	    .end = yaml->input->data + yaml->input->len,
	    .cells = job->cell_count,
	};
	const struct yaml_span *span;
	bool *missing;

	if (job->cell_count == 0)
		return;
	if (!yaml->in_bytes)
		to_bytes(yaml);
	str_init(&place.text, 1 << 20);
	missing = mem_zalloc(job->cell_count * sizeof(*missing));
	/* an empty last value is filled where a new key follows it */
	for (size_t i = 0; i < job->cell_count; i++) {
		span = find_span(yaml, job->cells[i].column);
		missing[i] = !span;
		if (span)
			change(&place, span, &job->cells[i]);
	}
	for (size_t i = 0; i < job->cell_count; i++)
		if (missing[i])
			add(&place, &job->cells[i]);
	free(missing);
	str_release(&place.text);
}
