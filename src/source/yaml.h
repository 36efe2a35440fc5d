/* SPDX-License-Identifier: MIT */
/*
 * YAML as a pull of events with exact places (libyaml).
 *
 * What may not reach belay is refused here, once, with file:line:column:
 * anchors and aliases, tags that are not core, a second document, nesting
 * deeper than 32, NUL in a scalar, an entry of more than 64 MiB. All scalars
 * are text.
 * libyaml counts characters, we splice bytes: events carry characters, and
 * yaml_reader_place() turns them into bytes, lines and columns on demand.
 */
#ifndef SOURCE_YAML_H
#define SOURCE_YAML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct input;
struct yaml_reader;

#define YAML_DEPTH_MAX 32u
#define YAML_KEYS_MAX 1000u
#define YAML_ENTRY_MAX (UINT64_C(64) << 20) /* between two releases */

enum yaml_event_kind {
	YAML_EVENT_SCALAR,
	YAML_EVENT_LIST,
	YAML_EVENT_LIST_END,
	YAML_EVENT_MAP,
	YAML_EVENT_MAP_END,
	YAML_EVENT_NOTHING, /* the file has no document */
	YAML_EVENT_END,
};

enum yaml_style { YAML_PLAIN, YAML_SINGLE, YAML_DOUBLE, YAML_BLOCK };

struct yaml_event {
	enum yaml_event_kind kind;
	enum yaml_style style; /* of a scalar */
	bool flow;             /* of a list or map, its end too */
	bool tagged;           /* of a map: it starts where its tag does */
	const char *text;      /* of a scalar; borrowed until the next event */
	size_t len;
	uint64_t start, end; /* characters from the start of the text */
	uint32_t indent;     /* characters before it in a line of libyaml's, for
				which NEL, LS and PS end lines too */
};

struct yaml_place {
	uint64_t byte;   /* of the text: input->offset is that of its window */
	uint32_t line;   /* from 1; LF, CRLF and CR end lines, as in editors */
	uint32_t column; /* from 1, in characters */
};

/* Both are borrowed until yaml_reader_free(); `name` stands in messages. */
struct yaml_reader *yaml_reader_new(struct input *input, const char *name);
void yaml_reader_free(struct yaml_reader *reader); /* NULL is fine */

/*
 * The same for a part of what the input's window holds, as a document of its
 * own. The window may not move meanwhile.
 */
struct yaml_part {
	uint64_t start, end; /* bytes, as yaml_place counts them */
	uint32_t line;       /* in which it starts, at its beginning */
	unsigned depth;      /* lists and maps around it */
};
struct yaml_reader *yaml_reader_new_part(
    struct input *input, const char *name, const struct yaml_part *part);

/* Whether there were %-directives so far, or an end of document ("..."). */
bool yaml_reader_marked(const struct yaml_reader *reader);

/* The next event, the stream's and the document's own left out. */
bool yaml_reader_next(
    struct yaml_reader *reader, struct yaml_event *event, struct err *err);

/* Where a character of an event is. Not before what was released. */
void yaml_reader_place(
    struct yaml_reader *reader, uint64_t character, struct yaml_place *place);

/* The input may drop what stands before this character. */
void yaml_reader_release(struct yaml_reader *reader, uint64_t character);

/* ERR_DATA with file:line:column and the sentence; returns false. */
bool yaml_reader_fail(struct yaml_reader *reader, uint64_t character,
    struct err *err, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Lines that end in a stretch of text; the byte behind it is known. */
uint32_t yaml_count_lines(const char *start, const char *end);

/* Plain and empty, ~ or null. */
bool yaml_event_is_null(const struct yaml_event *event);

#endif
