/* SPDX-License-Identifier: MIT */
/*
 * What the values of a column look like, whatever its name says: how many
 * would be a date, a phone number, a Medicare number. The rules for values
 * themselves are asked, so what fits here is what would be sent.
 */
#ifndef BOOK_COLUMN_SHAPE_H
#define BOOK_COLUMN_SHAPE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "book/field.h"

struct records;
struct str;

/* Values whose looks are examined; counts go over all rows. */
#define COLUMN_SHAPE_SAMPLE 300u
#define COLUMN_SHAPE_DISTINCT 100u
#define COLUMN_SHAPE_EXAMPLES 3

enum column_look {
	LOOK_NAME,   /* letters, no digits, like a person's or a town's */
	LOOK_STREET, /* digits and letters */
	LOOK_EMAIL,
	LOOK_PHONE,
	LOOK_DATE,
	LOOK_DAY_FIRST, /* a date whose day stands first beyond doubt */
	LOOK_MONTH_FIRST,
	LOOK_SLASHES, /* a date like 1/2/1950, whichever comes first */
	LOOK_SEX,
	LOOK_STATE,
	LOOK_ZIP,
	LOOK_MBI,
	LOOK_BOOLEAN,
	LOOK_TYPE,
	LOOK_SSN,
	LOOK_LINES,  /* more than one line */
	LOOK_WORDS,  /* two words or more, of letters */
	LOOK_PLACE,  /* ends in state and ZIP: "Ames, IA 50010" */
	LOOK_COMMA,  /* letters, a comma, letters: "Smith, Ann" */
	LOOK_NUMBER, /* has digits and no blank */
	LOOK_COUNT
};

struct column_shape {
	uint32_t filled;   /* rows with a value */
	uint32_t repeated; /* of those, values that occurred before */
	uint32_t distinct; /* at most COLUMN_SHAPE_DISTINCT */
	uint32_t examined; /* of those filled, at most COLUMN_SHAPE_SAMPLE */
	uint32_t looks[LOOK_COUNT];               /* of those examined */
	uint32_t examples[COLUMN_SHAPE_EXAMPLES]; /* rows; different values */
	unsigned example_count;
};

/* Looks at the first `rows` rows. */
void column_shape_read(struct column_shape *shape,
    const struct records *records, uint32_t column, uint32_t rows,
    const struct date *today);

/* Of a hundred examined values, how many look so; 0 without values. */
unsigned column_shape_share(
    const struct column_shape *shape, enum column_look look);
/* The look that values of a field have; LOOK_COUNT: any. */
enum column_look column_shape_of(enum field field);

/* 123-45-6789, or nine digits. */
bool column_shape_is_ssn(const char *text);
/* Appends the text with everything in it hidden that is written like a Social
 * Security number, and what `more` says. */
enum { HIDE_NINE_DIGITS = 1, HIDE_MBI = 2 };
void column_shape_hide(struct str *out, const char *text, unsigned more);

#endif
