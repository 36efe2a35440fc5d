/* SPDX-License-Identifier: MIT */
/*
 * Which delimiter, which line ends, and which line is the header.
 *
 * Every candidate cuts the first lines as the reader would, and the one wins
 * under which most of them have as many cells as the header and quotes stand
 * where cells start and end. A cell that a save adds, quoted when it holds any
 * of the candidates, so does not make another one win.
 *
 * The header is the first line that is not blank, unless that is a title: it,
 * and whatever else comes before the header, fills at most half as many cells,
 * the header's cells all look like names, two of them like names of columns in
 * a file of contacts, and the lines below are as long as it. In doubt the first
 * line stays the header, which the mapping then misses columns in.
 */
#include "source/csv.h"

#include <string.h>
#include <strings.h>

enum { LINES_MAX = 50, TITLES_MAX = 20 };

struct line {
	const char *text, *end;
	uint32_t cells;
	uint32_t filled; /* up to the last one that holds something */
	bool written;    /* not only delimiters */
	bool stray;      /* a quote inside a cell that did not start with one */
};

struct head {
	const char *text, *end;
	bool whole; /* the file has no more */
	char delimiter;
	bool lone_cr;
	struct line lines[LINES_MAX]; /* empty ones left out */
	uint32_t count;
};

/* Notes a cell that stands from `at` to `end`. */
static void
note_cell(struct line *line, const char *at, const char *end)
{
	line->cells++;
	line->end = end;
	if (at == end)
		return;
	line->written = true;
	while (at < end && (*at == '"' || *at == ' ' || *at == '\t'))
		at++;
	if (at < end)
		line->filled = line->cells;
}

/* Behind the closing quote, or NULL. */
static const char *
skip_quoted(const char *at, const char *end)
{
	while ((at = memchr(at, '"', (size_t)(end - at)))) {
		at++;
		if (at == end || *at != '"')
			return at;
		at++;
	}
	return NULL;
}

/* Where the line ends; NULL: it is cut. */
static const char *
scan_line(const struct head *head, const char *at, struct line *line)
{
	*line = (struct line){.text = at};
	for (;;) {
		const char *cell = at, *end;

		if (at < head->end && *at == '"' &&
		    !(at = skip_quoted(at + 1, head->end)))
			return NULL;
		for (; at < head->end && *at != head->delimiter; at++) {
			if (*at == '\n' || (*at == '\r' && head->lone_cr))
				break;
			line->stray = line->stray || *at == '"';
		}
		if (at == head->end && !head->whole)
			return NULL;
		end = at;
		if ((at == head->end || *at != head->delimiter) && end > cell &&
		    end[-1] == '\r')
			end--;
		note_cell(line, cell, end);
		if (at == head->end || *at != head->delimiter)
			return at;
		at++;
	}
}

/* Whether the first line ends with a CR that no LF follows. */
static bool
ends_with_cr(struct head *head)
{
	struct line line;
	const char *at;

	head->lone_cr = true;
	at = scan_line(head, head->text, &line);
	return at && at < head->end && *at == '\r' &&
	       (at + 1 == head->end || at[1] != '\n');
}

/* Cuts the first lines by a delimiter. */
static void
cut(struct head *head, char delimiter)
{
	const char *at = head->text;

	head->delimiter = delimiter;
	head->lone_cr = ends_with_cr(head);
	head->count = 0;
	while (head->count < LINES_MAX && at < head->end) {
		struct line *line = &head->lines[head->count];

		at = scan_line(head, at, line);
		if (!at)
			break;
		if (at < head->end && *at == '\r' && at + 1 < head->end &&
		    at[1] == '\n')
			at++;
		if (at < head->end)
			at++;
		if (line->cells > 1 || line->written)
			head->count++;
	}
}

/* The cell that starts at `at`, without quotes and blanks; behind it. */
static const char *
take_cell(const struct head *head, const struct line *line, const char *at,
    const char **text, size_t *len)
{
	const char *from = at, *to;

	if (at < line->end && *at == '"')
		at = skip_quoted(at + 1, line->end);
	while (at < line->end && *at != head->delimiter)
		at++;
	for (to = at; to > from && strchr("\" \t\r\n", to[-1]);)
		to--;
	while (from < to && strchr("\" \t\r\n", *from))
		from++;
	*text = from;
	*len = (size_t)(to - from);
	return at;
}

static bool
names_columns(const struct head *head, const struct line *line)
{
	const char *at = line->text, *text;
	uint32_t of_contacts = 0;
	size_t len;

	for (uint32_t i = 0; i < line->filled; i++) {
		at = take_cell(head, line, at, &text, &len);
		if (!csv_is_name(text, len))
			return false;
		of_contacts += csv_has_column_word(text, len);
		at++;
	}
	return of_contacts >= 2;
}

/* Whether the lines below are those of a table with this header. */
static bool
agrees(const struct head *head, uint32_t header)
{
	uint32_t cells = head->lines[header].cells, like = 0, other = 0;
	bool first = true;

	for (uint32_t i = header + 1; i < head->count; i++) {
		const struct line *line = &head->lines[i];

		if (!line->written)
			continue;
		if (first && line->cells != cells)
			return false;
		first = false;
		if (line->cells == cells)
			like++;
		else if (line->filled > 1)
			other++;
	}
	return like >= other;
}

/* The header's number among the lines, from `first` on. */
static uint32_t
find_header(const struct head *head, uint32_t first)
{
	uint32_t most = 0; /* filled cells above */

	while (first < head->count && !head->lines[first].written)
		first++;
	for (uint32_t i = first; i < head->count && i < first + TITLES_MAX;
	     i++) {
		const struct line *line = &head->lines[i];

		if (line->filled >= 2 && names_columns(head, line)) {
			if (most <= line->filled / 2 && agrees(head, i))
				return i;
			break;
		}
		if (line->filled > most)
			most = line->filled;
	}
	return first;
}

/* How many lines that are not blank stand above. */
static uint32_t
count_above(const struct head *head, uint32_t header)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < header && i < head->count; i++)
		count += head->lines[i].written;
	return count;
}

/* 0: cuts nothing. */
static unsigned
score(const struct head *head, uint32_t header)
{
	const struct line *first = &head->lines[header];
	uint32_t delimiters, points;

	if (header >= head->count || first->cells < 2)
		return 0;
	points = first->stray ? 1 : 2;
	for (uint32_t i = header + 1; i < head->count; i++)
		if (head->lines[i].cells == first->cells &&
		    !head->lines[i].stray)
			points += 2;
	delimiters = first->cells - 1;
	if (delimiters > RECORDS_COLUMNS_MAX)
		delimiters = RECORDS_COLUMNS_MAX;
	return points * (RECORDS_COLUMNS_MAX + 1) + delimiters;
}

/* The delimiter of a first line `sep=;`, or NUL. */
static char
named_delimiter(const char *text, const char *end)
{
	bool quoted = text < end && *text == '"';
	char delimiter;

	text += quoted;
	if (end - text < 5 || strncasecmp(text, "sep=", 4) != 0)
		return '\0';
	delimiter = text[4];
	text += 5;
	if (quoted && (text == end || *text++ != '"'))
		return '\0';
	if ((text < end && *text != '\r' && *text != '\n') ||
	    !strchr(",;\t|^~:!#$%&*/", delimiter))
		return '\0';
	return delimiter;
}

struct csv_dialect
csv_detect(const char *text, size_t len, bool whole)
{
	static const char candidates[] = {',', ';', '\t', '|'};
	struct csv_dialect dialect = {.delimiter = ','};
	struct head head = {.text = text, .end = text + len, .whole = whole};
	char named = named_delimiter(head.text, head.end);
	unsigned best = 0;

	for (size_t i = 0; i < sizeof(candidates); i++) {
		uint32_t header;
		unsigned points;

		cut(&head, named ? named : candidates[i]);
		header = find_header(&head, named ? 1 : 0);
		points = score(&head, header);
		if (points <= best && i > 0)
			continue;
		best = points;
		dialect = (struct csv_dialect){
		    .delimiter = head.delimiter,
		    .lone_cr = head.lone_cr,
		    .sep = named != '\0',
		    .titles = count_above(&head, header),
		};
		if (named)
			break;
	}
	return dialect;
}
