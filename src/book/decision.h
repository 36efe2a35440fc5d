/* SPDX-License-Identifier: MIT */
/*
 * What belay decided about a column by looking at all of its values: which of
 * day and month comes first, since when a spreadsheet counts days, whether it
 * has cut the IDs. Pure; the mapping pins each of them.
 */
#ifndef BOOK_DECISION_H
#define BOOK_DECISION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "book/field.h"

struct book;
struct str;

enum column_decision_kind {
	DECISION_DATE_ORDER,
	DECISION_DATE_SYSTEM, /* numbers in place of dates */
	DECISION_ID_DIGITS,   /* IDs too long for a spreadsheet */
};

struct column_decision {
	enum column_decision_kind kind;
	enum field field;
	const char *column; /* its name, borrowed from the book; or NULL */
	/* As the mapping writes it: "m/d/y", "excel"; of IDs "as they are" or
	 * "damaged". NULL: undecided, what can be read in two ways is not. */
	const char *read_as;
	uint32_t in_favour, against, open; /* values that tell so */
	bool pinned;                       /* the mapping says so */
	bool doubtful; /* the values speak for another reading */
};

#define COLUMN_DECISIONS_MAX 8

/* What there was to decide, by field; the count. Only once all is loaded. */
size_t book_decisions(
    const struct book *book, struct column_decision out[COLUMN_DECISIONS_MAX]);

/* Appends a sentence for people, without full stop: "1/2/1950 is read with the
 * month first: 412 values say so, none the other way". */
void decision_explain(const struct column_decision *decision, struct str *out);
/* Appends what to write into the mapping to pin what was decided, and the other
 * reading: "date: m/d/y"; false when it is pinned. */
bool decision_pin(const struct column_decision *decision, struct str *out);

#endif
