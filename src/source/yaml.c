/* SPDX-License-Identifier: MIT */
/*
 * libyaml, and what it does not promise.
 *
 * Facts (0.2.5): marks count characters after the byte order mark; NEL, LS
 * and PS end lines for it, so lines are counted here; its time is quadratic in
 * the depth of flow nesting, and it scans ahead of the events it hands out,
 * so input is fed in small pieces and the depth is looked at before each.
 * Hazard: a place is found by walking from the last one, so asking far back
 * is slow, and text before the released character is gone.
 */
#include "source/yaml.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/err.h"
#include "base/mem.h"
#include "source/input.h"

enum { PIECE = 4096, SENTENCE_MAX = 512 };

struct yaml_reader {
	yaml_parser_t parser;
	yaml_event_t event;
	struct input *input;
	const char *name;
	struct err *err; /* of the call under way, for feed() */
	bool started;    /* the input has been read once */
	bool feed_failed;
	bool seen_document;
	bool marked;
	unsigned depth;
	uint64_t flow_levels; /* a bit for each level of depth */
	uint64_t fed;         /* byte of the text that libyaml gets next */
	uint64_t kept; /* byte of the text before which nothing is needed */
	uint64_t end;  /* byte of the text where the part ends */

	/* the place found last */
	uint64_t character, byte, line_start; /* the last in characters */
	uint32_t line;
};

static const char too_deep[] =
    "lists and maps are nested deeper than 32; write them flatter";

/* The input has the text between `kept` and `fed`. */
static const char *
text_at(const struct yaml_reader *reader, uint64_t byte)
{
	return reader->input->data + (byte - reader->input->offset);
}

/* Whether a line ends with this byte; the one behind it is known. */
static bool
ends_line(const char *at)
{
	return *at == '\n' || (*at == '\r' && at[1] != '\n');
}

/* Counts the lines that end in a stretch; `*last`: behind the last end. */
static uint32_t
count_lines(const char *from, const char *end, const char **last)
{
	uint32_t lines = 0;
	const char *at;

	for (at = from; (at = memchr(at, '\n', (size_t)(end - at))); lines++)
		*last = ++at;
	for (at = from; (at = memchr(at, '\r', (size_t)(end - at))); at++) {
		if (at[1] == '\n')
			continue;
		lines++;
		if (!*last || at + 1 > *last)
			*last = at + 1;
	}
	return lines;
}

uint32_t
yaml_count_lines(const char *start, const char *end)
{
	const char *last = NULL;

	return count_lines(start, end, &last);
}

static uint64_t
count_characters(const char *from, const char *end)
{
	uint64_t count = 0;

	for (; from < end; from++)
		count += ((unsigned char)*from & 0xC0) != 0x80;
	return count;
}

/* Moves the found place on by whole characters, at most to the window's end. */
static void
walk(struct yaml_reader *reader, uint64_t characters)
{
	const char *from = text_at(reader, reader->byte), *at = from;
	const char *stop = reader->input->data + reader->input->len;
	const char *line = NULL;
	const uint64_t tops = UINT64_C(0x8080808080808080);
	uint64_t wanted = characters;

	for (uint64_t word; characters >= 8 && stop - at >= 8;) {
		memcpy(&word, at, 8);
		if (word & tops)
			break;
		at += 8;
		characters -= 8;
	}
	for (; characters > 0 && at < stop; characters--)
		do
			at++;
		while (((unsigned char)*at & 0xC0) == 0x80);
	reader->byte += (uint64_t)(at - from);
	reader->character += wanted - characters;
	reader->line += count_lines(from, at, &line);
	if (line)
		reader->line_start = reader->character -
				     count_characters(line, at);
}

static void
walk_back(struct yaml_reader *reader, uint64_t characters)
{
	const char *from = text_at(reader, reader->byte), *at = from;
	const char *stop = reader->input->data;
	bool crossed = false;

	for (; characters > 0 && at > stop; characters--) {
		do
			at--;
		while (at > stop && ((unsigned char)*at & 0xC0) == 0x80);
		reader->character--;
		if (ends_line(at)) {
			reader->line--;
			crossed = true;
		}
	}
	reader->byte -= (uint64_t)(from - at);
	if (!crossed)
		return;
	for (from = at; at > stop && !ends_line(at - 1); at--)
		continue;
	reader->line_start = reader->character - count_characters(at, from);
}

static void
go_to(struct yaml_reader *reader, uint64_t character)
{
	if (character > reader->character)
		walk(reader, character - reader->character);
	else if (character < reader->character)
		walk_back(reader, reader->character - character);
}

void
yaml_reader_place(
    struct yaml_reader *reader, uint64_t character, struct yaml_place *place)
{
	go_to(reader, character);
	*place = (struct yaml_place){reader->byte, reader->line,
	    (uint32_t)(reader->character - reader->line_start + 1)};
}

void
yaml_reader_release(struct yaml_reader *reader, uint64_t character)
{
	go_to(reader, character);
	reader->kept = reader->byte;
}

bool
yaml_reader_fail(struct yaml_reader *reader, uint64_t character,
    struct err *err, const char *format, ...)
{
	char sentence[SENTENCE_MAX];
	struct yaml_place place;
	va_list args;

	va_start(args, format);
	vsnprintf(sentence, sizeof(sentence), format, args);
	va_end(args);
	yaml_reader_place(reader, character, &place);
	return err_set(err, ERR_DATA, "%s:%u:%u: %s", reader->name, place.line,
	    place.column, sentence);
}

/* The byte order mark is no text. */
static void
skip_mark(struct yaml_reader *reader)
{
	if (reader->fed < reader->input->offset)
		reader->fed = reader->kept = reader->byte =
		    reader->input->offset;
}

/* Has the next bytes in the window; how many, at most `most`. */
static bool
fetch(struct yaml_reader *reader, size_t most, size_t *len)
{
	struct input *input = reader->input;
	uint64_t end;

	skip_mark(reader);
	while (reader->fed == input->offset + input->len &&
	       reader->fed < reader->end && !input->ended) {
		size_t drop = (size_t)(reader->kept - input->offset);

		if (!input_more(input, drop, reader->err)) {
			walk(reader, UINT64_MAX);
			return err_prefix(
			    reader->err, "%s:%u", reader->name, reader->line);
		}
		skip_mark(reader);
	}
	end = input->offset + input->len;
	if (end > reader->end)
		end = reader->end;
	*len = (size_t)(end - reader->fed);
	if (*len > most)
		*len = most;
	return true;
}

/* libyaml asks for bytes. */
static int
feed(void *context, unsigned char *buffer, size_t size, size_t *got)
{
	struct yaml_reader *reader = context;
	size_t len = 0;

	reader->feed_failed = true;
	if (reader->parser.flow_level > (int)YAML_DEPTH_MAX)
		return yaml_reader_fail(
		    reader, reader->parser.mark.index, reader->err, too_deep);
	if (!fetch(reader, size < PIECE ? size : PIECE, &len))
		return 0;
	if (reader->fed + len - reader->kept > YAML_ENTRY_MAX)
		return yaml_reader_fail(reader, reader->parser.mark.index,
		    reader->err,
		    "one entry is larger than 64 MiB; is a quote or bracket "
		    "left open?");
	if (len > 0)
		memcpy(buffer, text_at(reader, reader->fed), len);
	reader->fed += len;
	*got = len;
	reader->feed_failed = false;
	return 1;
}

struct yaml_reader *
yaml_reader_new(struct input *input, const char *name)
{
	struct yaml_reader *reader = mem_zalloc(sizeof(*reader));

	reader->input = input;
	reader->name = name;
	reader->line = 1;
	reader->end = UINT64_MAX;
	if (!yaml_parser_initialize(&reader->parser))
		mem_die(71, "out of memory: close other programs");
	yaml_parser_set_encoding(&reader->parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input(&reader->parser, feed, reader);
	return reader;
}

struct yaml_reader *
yaml_reader_new_part(
    struct input *input, const char *name, const struct yaml_part *part)
{
	struct yaml_reader *reader = yaml_reader_new(input, name);

	assert(part->start >= input->offset && part->start <= part->end &&
	       part->end <= input->offset + input->len);
	reader->fed = reader->kept = reader->byte = part->start;
	reader->end = part->end;
	reader->line = part->line;
	reader->depth = part->depth;
	return reader;
}

bool
yaml_reader_marked(const struct yaml_reader *reader)
{
	return reader->marked;
}

void
yaml_reader_free(struct yaml_reader *reader)
{
	if (!reader)
		return;
	yaml_event_delete(&reader->event);
	yaml_parser_delete(&reader->parser);
	free(reader);
}

static bool
fail_in_library(struct yaml_reader *reader, struct err *err)
{
	const yaml_parser_t *parser = &reader->parser;
	const char *problem = parser->problem ? parser->problem : "no YAML";

	if (reader->feed_failed)
		return false;
	if (parser->error == YAML_MEMORY_ERROR)
		mem_die(71, "out of memory: close other programs");
	if (parser->error == YAML_READER_ERROR)
		return yaml_reader_fail(reader, parser->mark.index, err,
		    "%s (character %#x, at byte %llu or near it)", problem,
		    (unsigned)parser->problem_value,
		    (unsigned long long)parser->problem_offset + 1);
	if (strstr(problem, "cannot start any token"))
		return yaml_reader_fail(reader, parser->problem_mark.index, err,
		    "no valid YAML: nothing may begin with this sign: indent "
		    "with blanks, not tabs, and put a text that begins with "
		    "@, %% or ` in quotes");
	if (parser->context)
		return yaml_reader_fail(reader, parser->problem_mark.index, err,
		    "no valid YAML: %s %s", parser->context, problem);
	return yaml_reader_fail(reader, parser->problem_mark.index, err,
	    "no valid YAML: %s", problem);
}

static bool
core_tag(const char *tag)
{
	static const char *const names[] = {
	    "str", "int", "float", "bool", "null", "map", "seq"};
	static const char prefix[] = "tag:yaml.org,2002:";

	if (strcmp(tag, "!") == 0)
		return true;
	if (strncmp(tag, prefix, sizeof(prefix) - 1) != 0)
		return false;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(tag + sizeof(prefix) - 1, names[i]) == 0)
			return true;
	return false;
}

static bool
check_node(struct yaml_reader *reader, uint64_t start, const void *anchor,
    const void *tag, struct err *err)
{
	if (!anchor && !tag)
		return true;
	if (anchor)
		return yaml_reader_fail(reader, start, err,
		    "anchors (&name) are not taken here; write the value out");
	if (tag && !core_tag(tag))
		return yaml_reader_fail(reader, start, err,
		    "tags (!name) are not taken here; leave it away");
	return true;
}

static bool
open_level(
    struct yaml_reader *reader, const struct yaml_event *event, struct err *err)
{
	if (++reader->depth > YAML_DEPTH_MAX)
		return yaml_reader_fail(reader, event->start, err, too_deep);
	reader->flow_levels = reader->flow_levels << 1 | event->flow;
	return true;
}

static bool
close_level(struct yaml_reader *reader, struct yaml_event *event)
{
	reader->depth--;
	event->flow = reader->flow_levels & 1;
	reader->flow_levels >>= 1;
	return true;
}

static bool
take_scalar(
    struct yaml_reader *reader, struct yaml_event *event, struct err *err)
{
	const yaml_event_t *from = &reader->event;

	event->kind = YAML_EVENT_SCALAR;
	event->text = (const char *)from->data.scalar.value;
	event->len = from->data.scalar.length;
	switch (from->data.scalar.style) {
	case YAML_SINGLE_QUOTED_SCALAR_STYLE: event->style = YAML_SINGLE; break;
	case YAML_DOUBLE_QUOTED_SCALAR_STYLE: event->style = YAML_DOUBLE; break;
	case YAML_LITERAL_SCALAR_STYLE:
	case YAML_FOLDED_SCALAR_STYLE: event->style = YAML_BLOCK; break;
	default: event->style = YAML_PLAIN; break;
	}
	/* only an escape can bring one in */
	if (event->style == YAML_DOUBLE && memchr(event->text, 0, event->len))
		return yaml_reader_fail(reader, event->start, err,
		    "the text holds a NUL (\\0); remove it");
	return check_node(reader, event->start, from->data.scalar.anchor,
	    from->data.scalar.tag, err);
}

/* Stream and document events are no events of ours: `*skip`. */
static bool
translate(struct yaml_reader *reader, struct yaml_event *event, bool *skip,
    struct err *err)
{
	const yaml_event_t *from = &reader->event;

	switch (from->type) {
	case YAML_SCALAR_EVENT: return take_scalar(reader, event, err);
	case YAML_SEQUENCE_START_EVENT:
		event->kind = YAML_EVENT_LIST;
		event->flow = from->data.sequence_start.style ==
			      YAML_FLOW_SEQUENCE_STYLE;
		return check_node(reader, event->start,
			   from->data.sequence_start.anchor,
			   from->data.sequence_start.tag, err) &&
		       open_level(reader, event, err);
	case YAML_MAPPING_START_EVENT:
		event->kind = YAML_EVENT_MAP;
		event->flow = from->data.mapping_start.style ==
			      YAML_FLOW_MAPPING_STYLE;
		event->tagged = from->data.mapping_start.tag != NULL;
		return check_node(reader, event->start,
			   from->data.mapping_start.anchor,
			   from->data.mapping_start.tag, err) &&
		       open_level(reader, event, err);
	case YAML_SEQUENCE_END_EVENT:
		event->kind = YAML_EVENT_LIST_END;
		return close_level(reader, event);
	case YAML_MAPPING_END_EVENT:
		event->kind = YAML_EVENT_MAP_END;
		return close_level(reader, event);
	case YAML_NO_EVENT: /* asked again after the end */
	case YAML_STREAM_END_EVENT:
		event->kind = reader->seen_document ? YAML_EVENT_END
						    : YAML_EVENT_NOTHING;
		return true;
	case YAML_ALIAS_EVENT:
		return yaml_reader_fail(reader, event->start, err,
		    "aliases (*name) are not taken here; write the value out");
	case YAML_DOCUMENT_START_EVENT:
		if (reader->seen_document)
			return yaml_reader_fail(reader, event->start, err,
			    "a second document starts here; keep one a file");
		reader->seen_document = true;
		reader->marked =
		    from->data.document_start.version_directive ||
		    from->data.document_start.tag_directives.start !=
			from->data.document_start.tag_directives.end;
		break;
	case YAML_DOCUMENT_END_EVENT:
		reader->marked |= !from->data.document_end.implicit;
		break;
	default: break;
	}
	*skip = true;
	return true;
}

bool
yaml_reader_next(
    struct yaml_reader *reader, struct yaml_event *event, struct err *err)
{
	bool skip;

	reader->err = err;
	do {
		yaml_event_delete(&reader->event);
		if (!yaml_parser_parse(&reader->parser, &reader->event))
			return fail_in_library(reader, err);
		*event = (struct yaml_event){
		    .start = reader->event.start_mark.index,
		    .end = reader->event.end_mark.index,
		    .indent = (uint32_t)reader->event.start_mark.column,
		};
		skip = false;
		if (!translate(reader, event, &skip, err))
			return false;
	} while (skip);
	return true;
}

bool
yaml_event_is_null(const struct yaml_event *event)
{
	return event->kind == YAML_EVENT_SCALAR && event->style == YAML_PLAIN &&
	       (event->len == 0 || strcmp(event->text, "~") == 0 ||
		   strcmp(event->text, "null") == 0);
}
