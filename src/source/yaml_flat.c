/* SPDX-License-Identifier: MIT */
/*
 * Contacts of the flat shape, read without libyaml, many times as fast.
 *
 * Flat is a record whose every line is `key: value` at one indentation, the
 * key plain, the value plain, in quotes without escapes, or nothing; comments
 * and empty lines may stand between. What libyaml would make of such a line is
 * beyond doubt. A record with any other line is read by libyaml, as a document
 * of its own: an entry of a list ends where a line begins with a dash at the
 * list's indentation, and what stands before can only reach beyond that in an
 * open quote or bracket, which libyaml then misses at the end of the part.
 *
 * Nothing is refused here. Whatever is in doubt (a line that ends the list, a
 * part that is no document, a repeated key, a ceiling) makes yaml_flat_next()
 * give up, and libyaml reads the whole file and finds the words.
 * Hazards: a line must be whole before it is believed, so a record that
 * reaches the window's end is begun again with more of it. NEL, LS and PS end
 * lines for libyaml, control characters are errors, a lone CR is a line end:
 * a line with one of these is never flat.
 */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/word.h"
#include "source/input.h"
#include "source/yaml_records.h"

enum {
	PART_MAX = 1 << 20, /* bytes of a record */
	KEY_MAX = 200,      /* libyaml takes 1024 characters */
};

enum found {
	GOOD,
	MORE,    /* the window ends too early */
	ODD,     /* libyaml must read this record */
	STRANGE, /* libyaml must read the file */
};

struct scan {
	struct yaml_records *yaml;
	const char *window, *end;
	const char *start; /* of the record's line */
	const char *at;
	uint32_t line;   /* that of `at` */
	uint32_t indent; /* of the keys */
	bool last;       /* the window reaches the end of the file */
	bool ended;      /* so does the list */
	bool sure;       /* the record is flat: its new keys become columns */
	bool unknown;    /* it has new keys */
};

/* ---- bytes -------------------------------------------------------------- */

/* The next byte that is a, b, a control character or not ASCII, or `end`. */
static inline const char *
find(const char *at, const char *end, char a, char b)
{
	unsigned char c;

	for (uint64_t word, hits; end - at >= WORD_SIZE; at += WORD_SIZE) {
		word = word_load(at);
		hits = word_equal(word, WORD_EACH(a)) |
		       word_equal(word, WORD_EACH(b)) |
		       word_equal(word, WORD_EACH(0x7F)) |
		       word_below(word, 0x20) | word_high(word);
		if (hits)
			return at + word_first(hits);
	}
	for (; at < end; at++) {
		c = (unsigned char)*at;
		if (*at == a || *at == b || c < 0x20 || c >= 0x7F)
			break;
	}
	return at;
}

/* Bytes of a character that is not ASCII; 0: no line with it is flat. */
static unsigned
good_character(const char *at)
{
	const unsigned char *c = (const unsigned char *)at;

	if (c[0] < 0xE0) /* C1, NEL among them */
		return c[0] == 0xC2 && c[1] < 0xA0 ? 0 : 2;
	if (c[0] >= 0xF0)
		return 4;
	if (c[0] == 0xE2 && c[1] == 0x80 && (c[2] == 0xA8 || c[2] == 0xA9))
		return 0; /* LS, PS */
	if (c[0] == 0xEF &&
	    ((c[1] == 0xBB && c[2] == 0xBF) || (c[1] == 0xBF && c[2] >= 0xBE)))
		return 0; /* a byte order mark, U+FFFE, U+FFFF */
	return 3;
}

/* The next a, b, or byte that is not flat, or the end. */
static inline const char *
find_in_text(const char *at, const char *end, char a, char b)
{
	unsigned len;

	for (;;) {
		at = find(at, end, a, b);
		if (at == end || !((unsigned char)*at & 0x80))
			return at;
		len = good_character(at);
		if (len == 0)
			return at;
		at += len;
	}
}

/* ---- the end of a line -------------------------------------------------- */

/* What it means that the window ends here. */
static inline enum found
at_end(const struct scan *scan)
{
	return scan->last ? GOOD : MORE;
}

/* Over the line end at `at`, or the end of the file. */
static inline enum found
end_line(struct scan *scan, const char *at)
{
	if (at == scan->end) {
		scan->at = at;
		return at_end(scan);
	}
	if (*at == '\r' && at + 1 == scan->end && !scan->last)
		return MORE;
	if (*at == '\r')
		at++;
	if (*at != '\n') /* a NUL stands at the end */
		return ODD;
	scan->at = at + 1;
	scan->line++;
	return GOOD;
}

static enum found
skip_comment(struct scan *scan, const char *at)
{
	return end_line(scan, find_in_text(at, scan->end, '\n', '\n'));
}

/* Behind a value: blanks, perhaps a comment, the end of the line. */
static inline enum found
end_value(struct scan *scan, const char *at)
{
	const char *behind = at;

	while (*at == ' ')
		at++;
	if (*at == '#' && at > behind)
		return skip_comment(scan, at);
	return end_line(scan, at);
}

/* ---- keys --------------------------------------------------------------- */

static const struct yaml_flat_name no_name;

/* What no plain text may begin with; a dash may, before another sign. */
static bool
is_indicator(char c)
{
	return c != '\0' && strchr("-?:,[]{}#&*!|>'\"%@`", c);
}

/* A blank, a line end, the end of the file. */
static inline bool
ends_word(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\0';
}

/* The bytes of a plain key, or 0; it ends at a colon or at `end`. */
static size_t
key_length(const char *key, const char *end)
{
	const char *at = find_in_text(key, end, ':', '#');

	if (at < end && *at != ':')
		return 0;
	if (at == key || at - key > KEY_MAX || is_indicator(*key) ||
	    *key == ' ' || at[-1] == ' ')
		return 0;
	return (size_t)(at - key);
}

/* Takes up the columns that came since. */
static void
learn_names(struct yaml_records *yaml)
{
	struct yaml_flat *flat = &yaml->flat;
	uint32_t count = records_column_count(yaml->records);

	flat->names = mem_grow(
	    flat->names, &flat->name_room, count, sizeof(*flat->names));
	for (uint32_t i = (uint32_t)flat->name_count; i < count; i++) {
		const char *text = records_column_name(yaml->records, i);
		size_t len = strlen(text);

		flat->names[i] = (struct yaml_flat_name){text,
		    key_length(text, text + len) == len ? (uint32_t)len : 0};
	}
	flat->name_count = count;
}

/* The column of a key that is not the one expected. */
static enum found
look_up(struct scan *scan, const char *key, size_t len, uint32_t *column)
{
	struct yaml_records *yaml = scan->yaml;

	str_reset(&yaml->path);
	str_add_bytes(&yaml->path, key, len);
	*column = yaml_find_column(yaml, yaml->path.data);
	if (*column != RECORDS_NONE)
		return GOOD;
	/* a key that holds a map is no column: first see the whole record */
	scan->unknown = true;
	if (!scan->sure)
		return GOOD;
	if (!yaml_add_column(yaml, key, len, column, &yaml->flat.ignored))
		return STRANGE;
	learn_names(yaml);
	return GOOD;
}

/* The column of the key at `at`, perhaps none yet; `*colon`: behind it. */
static inline enum found
take_key(struct scan *scan, uint32_t *column, const char **colon)
{
	struct yaml_records *yaml = scan->yaml;
	const struct yaml_flat_name *name = &no_name;
	const char *key = scan->at;
	size_t len;

	*column = yaml->guess;
	if (*column < yaml->flat.name_count)
		name = &yaml->flat.names[*column];
	len = name->len;
	if (len == 0 || (size_t)(scan->end - key) <= len || key[len] != ':' ||
	    memcmp(key, name->text, len) != 0) {
		len = key_length(key, scan->end);
		if (key + len == scan->end)
			return scan->last ? ODD : MORE;
		if (len == 0 || !ends_word(key[len + 1]))
			return ODD;
		if (look_up(scan, key, len, column) != GOOD)
			return STRANGE;
	}
	*colon = key + len;
	if (*column == RECORDS_NONE)
		return GOOD;
	if (yaml->seen[*column] == yaml->number)
		return STRANGE;
	yaml->seen[*column] = yaml->number;
	yaml->guess = *column + 1;
	return GOOD;
}

/* ---- values ------------------------------------------------------------- */

/* In quotes, without an escape; `*end` is the closing one. */
static inline enum found
find_quote(struct scan *scan, const char *at, const char **end)
{
	char quote = *at;

	at = find_in_text(
	    at + 1, scan->end, quote, quote == '"' ? '\\' : quote);
	*end = at;
	if (at == scan->end)
		return scan->last ? ODD : MORE;
	if (*at != quote)
		return ODD;
	return end_value(scan, at + 1);
}

/* `*end`: behind the last sign. */
static inline enum found
find_plain_end(struct scan *scan, const char *at, const char **end)
{
	const char *from = at;

	if (is_indicator(*at) && (*at != '-' || ends_word(at[1])))
		return at + 1 == scan->end && !scan->last ? MORE : ODD;
	for (;; at++) {
		at = find_in_text(at, scan->end, ':', '#');
		if (at == scan->end)
			break;
		if (*at == '#' && at[-1] != ' ')
			continue;
		if (*at != ':')
			break;
		if (at + 1 == scan->end && !scan->last)
			return MORE;
		if (ends_word(at[1]))
			return ODD;
	}
	*end = at;
	while (*end > from && (*end)[-1] == ' ')
		--*end;
	return *at == '#' ? skip_comment(scan, at) : end_line(scan, at);
}

static inline bool
is_null(const char *text, size_t len)
{
	return len == 0 || (len == 1 && *text == '~') ||
	       (len == 4 && memcmp(text, "null", 4) == 0);
}

static inline void
note_span(struct scan *scan, const struct yaml_span *span)
{
	struct yaml_records *yaml = scan->yaml;

	yaml->spans = mem_grow(yaml->spans, &yaml->span_room,
	    yaml->span_count + 1, sizeof(*yaml->spans));
	yaml->spans[yaml->span_count++] = *span;
}

/* The byte of the text at a byte of the window. */
static inline uint64_t
byte_of(const struct scan *scan, const char *at)
{
	return scan->yaml->input->offset + (uint64_t)(at - scan->window);
}

/* One line from its key on, with its end. */
static inline enum found
take_pair(struct scan *scan)
{
	struct yaml_records *yaml = scan->yaml;
	const char *key = scan->at, *colon, *at, *text, *end;
	enum yaml_style style = YAML_PLAIN;
	bool null = false;
	uint32_t column;
	enum found found = take_key(scan, &column, &colon);

	if (found != GOOD)
		return found;
	for (at = colon + 1; *at == ' ';)
		at++;
	text = end = at;
	if (at == scan->end || *at == '\n' || *at == '\r' ||
	    (*at == '#' && at > colon + 1)) {
		null = true;
		text = end = colon + 1;
		found = end_value(scan, colon + 1);
	} else if (at == colon + 1) {
		return ODD;
	} else if (*at == '"' || *at == '\'') {
		style = *at == '"' ? YAML_DOUBLE : YAML_SINGLE;
		found = find_quote(scan, at, &end);
		text++;
	} else {
		found = find_plain_end(scan, at, &end);
		null = found == GOOD && is_null(text, (size_t)(end - text));
	}
	if (found != GOOD)
		return found;
	if (end - text > (ptrdiff_t)RECORDS_CELL_MAX)
		return ODD;
	if (column == RECORDS_NONE)
		return GOOD;
	if (!null && !records_put(yaml->records, column, text,
			 (size_t)(end - text), &yaml->flat.ignored))
		return STRANGE;
	note_span(
	    scan, &(struct yaml_span){
		      .column = column,
		      .value = null ? YAML_VALUE_NULL : YAML_VALUE_TEXT,
		      .style = style,
		      .key = byte_of(scan, key),
		      .key_end = byte_of(scan, colon),
		      .start = byte_of(scan, text - (style != YAML_PLAIN)),
		      .end = byte_of(scan, end + (style != YAML_PLAIN)),
		  });
	return GOOD;
}

/* ---- a record ----------------------------------------------------------- */

/*
 * Over empty lines and comments to the next line that counts. GOOD: a key of
 * this record, or with `*over` the next record or the end.
 */
static inline enum found
next_line(struct scan *scan, bool *over)
{
	uint32_t list = scan->yaml->flat.indent;
	enum found found;

	for (;;) {
		const char *line = scan->at, *at = line;

		while (*at == ' ')
			at++;
		if (at == scan->end) {
			*over = scan->ended = true;
			scan->at = at;
			return at_end(scan);
		}
		if (*at == '\n' || *at == '\r' || *at == '#') {
			found = *at == '#' ? skip_comment(scan, at)
					   : end_line(scan, at);
			if (found != GOOD)
				return found;
			continue;
		}
		if (at - line == (ptrdiff_t)scan->indent) {
			scan->at = at;
			return GOOD;
		}
		if (at - line > (ptrdiff_t)list)
			return ODD;
		if (at - line < (ptrdiff_t)list || *at != '-')
			return STRANGE;
		if (at + 1 == scan->end && !scan->last)
			return MORE;
		if (at[1] != ' ' && at[1] != '\n' && at[1] != '\r' &&
		    at + 1 != scan->end)
			return STRANGE;
		*over = true;
		return GOOD;
	}
}

/* The record as a flat one. */
static enum found
scan_flat(struct scan *scan)
{
	struct yaml_records *yaml = scan->yaml;
	bool over = false;
	enum found found;

	for (scan->at = scan->start + yaml->flat.indent + 1; *scan->at == ' ';)
		scan->at++;
	if (scan->at == scan->end)
		return scan->last ? ODD : MORE;
	scan->indent = (uint32_t)(scan->at - scan->start);
	if (scan->indent < yaml->flat.indent + 2)
		return ODD;
	yaml->record_indent = scan->indent;
	yaml->is_map = true;
	yaml->record = (struct yaml_event){.kind = YAML_EVENT_MAP,
	    .start = byte_of(scan, scan->at),
	    .end = byte_of(scan, scan->at)};
	while (!over) {
		if (yaml->span_count == YAML_KEYS_MAX)
			return STRANGE;
		found = take_pair(scan);
		if (found == GOOD)
			found = next_line(scan, &over);
		if (found != GOOD)
			return found;
	}
	return GOOD;
}

/* A line of the part that libyaml is to read, to find the part's end. */
static enum found
skip_any(struct scan *scan)
{
	const char *end = memchr(
	    scan->at, '\n', (size_t)(scan->end - scan->at));

	if (!end) {
		scan->at = scan->end;
		return at_end(scan);
	}
	scan->at = end + 1;
	return GOOD;
}

/* To the next record, whatever stands in this one. */
static enum found
find_next(struct scan *scan)
{
	enum found found;
	bool over = false;

	scan->at = scan->start;
	scan->indent = UINT32_MAX; /* no line is that of a key */
	do {
		found = skip_any(scan);
		if (found != GOOD)
			return found;
		found = next_line(scan, &over);
		/* what is in a comment is libyaml's business too */
		if (found == MORE || found == STRANGE)
			return found;
	} while (!over);
	return GOOD;
}

/* libyaml reads what stands between the two; it must be one whole entry. */
static bool
read_part(struct scan *scan, const char *end)
{
	struct yaml_records *yaml = scan->yaml;
	struct yaml_part part = {
	    .start = byte_of(scan, scan->start),
	    .end = byte_of(scan, end),
	    .line = yaml->flat.line,
	    .depth = yaml->root_is_map ? 1 : 0,
	};
	struct yaml_event event;
	uint32_t before = records_count(yaml->records);

	yaml->reader = yaml_reader_new_part(yaml->input, yaml->name, &part);
	if (yaml_reader_next(yaml->reader, &event, &yaml->flat.ignored) &&
	    event.kind == YAML_EVENT_LIST &&
	    yaml_next_event(yaml, &event, &yaml->flat.ignored) &&
	    yaml_read_record(yaml, &event, &yaml->flat.ignored) &&
	    yaml_reader_next(yaml->reader, &event, &yaml->flat.ignored) &&
	    event.kind == YAML_EVENT_LIST_END &&
	    yaml_reader_next(yaml->reader, &event, &yaml->flat.ignored) &&
	    event.kind == YAML_EVENT_END && !yaml_reader_marked(yaml->reader))
		return true;
	if (records_count(yaml->records) > before)
		records_drop_last(yaml->records);
	return false;
}

static enum found
scan_odd(struct scan *scan)
{
	enum found found = find_next(scan);

	if (found != GOOD)
		return found;
	if (!read_part(scan, scan->at))
		return STRANGE;
	learn_names(scan->yaml);
	scan->line = scan->yaml->flat.line +
		     yaml_count_lines(scan->start, scan->at);
	return GOOD;
}

/* What yaml_splice() wants to know of the last key. */
static void
note_pair(struct yaml_records *yaml)
{
	const struct yaml_span *last = &yaml->spans[yaml->span_count - 1];

	yaml->pair_count = yaml->span_count;
	yaml->pair = (struct yaml_pair){
	    .key = last->key,
	    .key_end = last->key_end,
	    .key_indent = yaml->record_indent,
	    .key_style = YAML_PLAIN,
	    .end = last->end,
	    .empty = last->style == YAML_PLAIN && last->start == last->end,
	    .last_start = last->start,
	};
	yaml->in_bytes = true;
}

/* The record at `flat.at`; `sure`: known to be flat. */
static enum found
scan_record(struct yaml_records *yaml, struct scan *scan, bool sure)
{
	const struct input *input = yaml->input;
	enum found found;

	*scan = (struct scan){
	    .yaml = yaml,
	    .window = input->data,
	    .end = input->data + input->len,
	    .start = input->data + (yaml->flat.at - input->offset),
	    .line = yaml->flat.line,
	    .last = input->ended,
	    .sure = sure,
	};
	if (!yaml_begin_record(yaml, scan->line, 0, &yaml->flat.ignored))
		return STRANGE;
	found = scan_flat(scan);
	if (found != GOOD || (scan->unknown && !sure))
		records_drop_last(yaml->records);
	if (found == GOOD && scan->unknown && !sure)
		return scan_record(yaml, scan, true);
	if (found == GOOD)
		note_pair(yaml);
	return found == ODD ? scan_odd(scan) : found;
}

/* ---- the list ----------------------------------------------------------- */

bool
yaml_flat_enter(struct yaml_records *yaml, const struct yaml_event *first)
{
	const struct input *input = yaml->input;
	struct yaml_place place;
	const char *at, *start;
	uint32_t dash = 0;

	if (first->flow || yaml_reader_marked(yaml->reader))
		return false;
	yaml_reader_place(yaml->reader, first->start, &place);
	at = input->data + (place.byte - input->offset);
	if ((ptrdiff_t)place.column > at - input->data + 1)
		return false;
	start = at - (place.column - 1);
	while (start[dash] == ' ')
		dash++;
	if (start[dash] != '-' || start + dash + 1 >= at)
		return false;
	for (const char *blank = start + dash + 1; blank < at; blank++)
		if (*blank != ' ')
			return false;
	yaml->flat.at = place.byte - (place.column - 1);
	yaml->flat.line = place.line;
	yaml->flat.indent = dash;
	yaml_note_line_end(yaml, yaml->flat.at);
	yaml->flat.line_end = yaml->line_end;
	learn_names(yaml);
	return true;
}

enum source_unit
yaml_flat_next(struct yaml_records *yaml)
{
	struct yaml_flat *flat = &yaml->flat;
	struct input *input = yaml->input;
	uint32_t columns = records_column_count(yaml->records);
	struct scan scan;
	enum found found;

	yaml_reader_free(yaml->reader);
	yaml->reader = NULL;
	if (flat->ended)
		return SOURCE_UNIT_END;
	yaml->line_end = flat->line_end;
	while ((found = scan_record(yaml, &scan, false)) == MORE)
		if (scan.end - scan.start > PART_MAX ||
		    !input_more(input, (size_t)(flat->at - input->offset),
			&flat->ignored))
			break;
	if (found != GOOD) {
		records_drop_columns(yaml->records, columns);
		return SOURCE_UNIT_FAILED;
	}
	flat->line_end = scan.at[-2] == '\r' ? "\r\n" : "\n";
	flat->start = flat->at;
	flat->at = byte_of(&scan, scan.at);
	flat->line = scan.line;
	flat->ended = scan.ended;
	return SOURCE_UNIT_RECORD;
}

/* ---- trying a changed record -------------------------------------------- */

/* A reader for one record at a time. */
struct yaml_probe {
	struct input input;
	struct records *records;
	struct yaml_records *yaml;
};

static struct yaml_probe *
probe_new(const struct yaml_records *yaml)
{
	struct yaml_probe *probe = mem_zalloc(sizeof(*probe));

	input_init_memory(&probe->input, "", 0, 0);
	probe->records = records_new();
	probe->yaml = yaml_whole_format.start(
	    &probe->input, probe->records, yaml->name);
	probe->yaml->root_is_map = yaml->root_is_map;
	probe->yaml->flat.indent = yaml->flat.indent;
	probe->yaml->flat.line = 1;
	return probe;
}

/* The window of the probe's input holds the text and nothing else. */
static void
fill_window(struct input *input, const char *text, size_t len)
{
	input->data = mem_grow(input->data, &input->size, len + 1, 1);
	memcpy(input->data, text, len);
	input->data[len] = '\0';
	input->len = len;
	input->ended = true;
}

const struct records *
yaml_flat_probe(struct yaml_records *yaml, const char *text, size_t len)
{
	uint32_t indent = yaml->flat.indent;
	struct yaml_probe *probe = yaml->flat.probe;
	struct scan scan;

	if (yaml->state != YAML_IN_FLAT_LIST)
		return NULL;
	if (!probe)
		probe = yaml->flat.probe = probe_new(yaml);
	if (records_count(probe->records) > 0)
		records_drop_last(probe->records);
	yaml_reader_free(probe->yaml->reader);
	probe->yaml->reader = NULL;
	fill_window(&probe->input, text, len);
	if (len <= indent || strspn(text, " ") != indent || text[indent] != '-')
		return NULL;
	if (scan_record(probe->yaml, &scan, false) != GOOD || !scan.ended)
		return NULL;
	return probe->records;
}

void
yaml_flat_release(struct yaml_flat *flat)
{
	struct yaml_probe *probe = flat->probe;

	free(flat->names);
	free(flat->pairs);
	str_release(&flat->changed);
	if (!probe)
		return;
	yaml_whole_format.end(probe->yaml);
	input_release(&probe->input);
	records_free(probe->records);
	free(probe);
}
