/* SPDX-License-Identifier: MIT */
/*
 * Which delimiter and which line ends: every candidate cuts the first lines,
 * and the one wins under which most of them have as many cells as the first.
 */
#include "source/csv.h"

#include <string.h>

enum { LINES_MAX = 50 };

/* Where the line ends, quoted line breaks left out; counts delimiters. */
static const char *
scan_line(const char *at, const char *end, char delimiter, unsigned *found)
{
	bool quoted = false, fresh = true;

	*found = 0;
	for (; at < end; at++) {
		if (*at == '"' && (quoted || fresh))
			quoted = !quoted;
		if (quoted)
			continue;
		fresh = *at == delimiter || *at == '"';
		if (*at == delimiter)
			++*found;
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
	unsigned wanted, found, same = 1;

	at = scan_line(at, end, delimiter, &wanted);
	if (wanted == 0)
		return 0;
	for (unsigned line = 1; line < LINES_MAX; line++) {
		at = skip_breaks(at, end);
		at = scan_line(at, end, delimiter, &found);
		if (at == end) /* maybe cut */
			break;
		if (found == wanted)
			same++;
	}
	if (wanted > RECORDS_COLUMNS_MAX)
		wanted = RECORDS_COLUMNS_MAX;
	return same * (RECORDS_COLUMNS_MAX + 1) + wanted;
}

struct csv_dialect
csv_detect(const char *head, size_t len)
{
	static const char candidates[] = {',', ';', '\t', '|'};
	struct csv_dialect dialect = {.delimiter = ','};
	unsigned best = 0, found;
	const char *first;

	for (size_t i = 0; i < sizeof(candidates); i++) {
		unsigned points = score(head, len, candidates[i]);

		if (points > best) {
			best = points;
			dialect.delimiter = candidates[i];
		}
	}
	first = scan_line(head, head + len, dialect.delimiter, &found);
	dialect.lone_cr = first < head + len && *first == '\r' &&
			  (first + 1 == head + len || first[1] != '\n');
	return dialect;
}
