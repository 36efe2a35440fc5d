/* SPDX-License-Identifier: MIT */
/*
 * Which delimiter and which line ends: every candidate cuts the first lines,
 * and the one wins under which most of them have as many cells as the first
 * and quotes stand where cells start and end.
 */
#include "source/csv.h"

#include <string.h>

enum { LINES_MAX = 50 };

struct line {
	unsigned delimiters;
	bool stray; /* a quote inside a cell that did not start with one */
};

/* Where the line ends, quoted line breaks left out. */
static const char *
scan_line(const char *at, const char *end, char delimiter, struct line *line)
{
	bool quoted = false, fresh = true;

	*line = (struct line){0};
	for (; at < end; at++) {
		if (*at == '"' && (quoted || fresh))
			quoted = !quoted;
		else if (*at == '"')
			line->stray = true;
		if (quoted)
			continue;
		fresh = *at == delimiter || *at == '"';
		if (*at == delimiter)
			line->delimiters++;
		if (*at == '\n' || *at == '\r')
			return at;
	}
	return end;
}

static const char *
skip_breaks(const char *at, const char *end)
{
	while (at < end && (*at == '\n' || *at == '\r'))
		at++;
	return at;
}

/* 0: cuts nothing. */
static unsigned
score(const char *head, size_t len, char delimiter)
{
	const char *end = head + len, *at = skip_breaks(head, end);
	struct line first, line;
	unsigned points;

	at = scan_line(at, end, delimiter, &first);
	if (first.delimiters == 0)
		return 0;
	points = first.stray ? 1 : 2;
	for (unsigned count = 1; count < LINES_MAX; count++) {
		at = scan_line(skip_breaks(at, end), end, delimiter, &line);
		if (at == end) /* maybe cut */
			break;
		if (line.delimiters == first.delimiters)
			points += line.stray ? 1 : 2;
	}
	if (first.delimiters > RECORDS_COLUMNS_MAX)
		first.delimiters = RECORDS_COLUMNS_MAX;
	return points * (RECORDS_COLUMNS_MAX + 1) + first.delimiters;
}

struct csv_dialect
csv_detect(const char *head, size_t len)
{
	static const char candidates[] = {',', ';', '\t', '|'};
	struct csv_dialect dialect = {.delimiter = ','};
	unsigned best = 0;
	struct line line;
	const char *first;

	for (size_t i = 0; i < sizeof(candidates); i++) {
		unsigned points = score(head, len, candidates[i]);

		if (points > best) {
			best = points;
			dialect.delimiter = candidates[i];
		}
	}
	first = scan_line(head, head + len, dialect.delimiter, &line);
	dialect.lone_cr = first < head + len && *first == '\r' &&
			  (first + 1 == head + len || first[1] != '\n');
	return dialect;
}
