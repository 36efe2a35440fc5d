/* SPDX-License-Identifier: MIT */
/*
 * Findings: what is wrong or odd about a value. One table of codes gives the
 * severity and the words of `belay explain` and the manual.
 *
 * Codes are promises to users: upper case, field first (`MBI-SHAPE`).
 * An error blocks the contact; a warning leaves the value out and lets the
 * contact go (a required field has nothing to leave out: it goes as it is, and
 * so does what is better than nothing: `goes`); info only tells.
 */
#ifndef BOOK_FINDING_H
#define BOOK_FINDING_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "book/field.h"

enum severity { SEVERITY_INFO, SEVERITY_WARNING, SEVERITY_ERROR };

/* The order of finding_table. */
enum finding_code {
	FINDING_REQUIRED,    /* error */
	FINDING_LENGTH,      /* error if required, else warning */
	FINDING_ID_DAMAGED,  /* destroyed by a spreadsheet: error */
	FINDING_ID_REPEATED, /* error */
	FINDING_ID_CASE,
	FINDING_PERSON_REPEATED, /* rows without an ID, all alike: error */
	FINDING_PERSON_ALIKE,    /* same e-mail and birth date */
	FINDING_ROW_SHAPE,       /* ragged or cut row: error */
	FINDING_NAME_PLACEHOLDER,
	FINDING_NAME_CASE,  /* capitals throughout: info */
	FINDING_NAME_SPLIT, /* cut out of one column: info */
	FINDING_NAME_COMMA, /* first and last name in one? */
	FINDING_EMAIL_SHAPE,
	FINDING_EMAIL_DOMAIN, /* misspelt */
	FINDING_EMAIL_PLACEHOLDER,
	FINDING_AGENT_SHAPE,
	FINDING_AGENT_MISSING,
	FINDING_PHONE_SHAPE,
	FINDING_PHONE_DAMAGED,
	FINDING_PHONE_FOREIGN,
	FINDING_PHONE_TOLL_FREE,
	FINDING_PHONE_FICTIONAL, /* info */
	FINDING_ZIP_SHAPE,
	FINDING_ZIP_LENGTH,
	FINDING_ZIP_ZEROS, /* leading zeros put back: info */
	FINDING_ZIP_STATE,
	FINDING_STATE_UNKNOWN,
	FINDING_STATE_FOREIGN,
	FINDING_DATE_SHAPE,
	FINDING_DATE_AMBIGUOUS,
	FINDING_DATE_CENTURY, /* year of two digits: info */
	FINDING_DATE_SERIAL,  /* a spreadsheet's number: info */
	FINDING_DATE_SYSTEM,  /* such a number, but since when? */
	FINDING_BIRTH_FUTURE,
	FINDING_BIRTH_AGE,
	FINDING_BIRTH_PLACEHOLDER,
	FINDING_PART_DATE,
	FINDING_SEX_UNKNOWN,
	FINDING_SEX_UNSPECIFIED, /* info */
	FINDING_BOOLEAN_UNKNOWN,
	FINDING_BOOLEAN_LEVEL, /* a level that means yes: info */
	FINDING_TYPE_UNKNOWN,  /* taken as client: info */
	FINDING_MBI_SHAPE,
	FINDING_MBI_TEST, /* info */
	FINDING_MBI_AGE,  /* under 65: info */
	FINDING_MBI_CLAIM_NUMBER,
	FINDING_MBI_SSN,      /* error */
	FINDING_MBI_REPEATED, /* error */
	FINDING_LIST_SHAPE,
	FINDING_LIST_LENGTH,
	FINDING_TEXT_DAMAGED, /* double-encoded or replaced characters */
	FINDING_CODE_COUNT
};

struct finding_info {
	const char *code; /* "MBI-SHAPE" */
	enum severity severity;
	const char *meaning; /* what it means, one or two sentences */
	const char *advice;  /* what to do */
	bool goes;           /* a warning, but the value is sent as it stands */
};

extern const struct finding_info finding_table[FINDING_CODE_COUNT];

#define FINDING_MESSAGE_SIZE 200
#define FINDING_SUGGESTION_SIZE 64

/* One finding of one contact. */
struct finding {
	enum finding_code code;
	enum severity severity; /* after config: warnings may be held */
	enum field field;       /* FIELD_COUNT: the whole row */
	char message[FINDING_MESSAGE_SIZE]; /* cleaned; nothing sensitive */
	/* A likely right value, "" when none. As sensitive as the field: show
	 * it through contact_show_value(). */
	char suggestion[FINDING_SUGGESTION_SIZE];
};

/* Where findings are gathered: an array of the caller's. */
struct findings {
	struct finding *items;
	unsigned count, max;
};

/*
 * Adds one with the table's severity; the text is cleaned and cut. When the
 * array is full the last one is overwritten. Returns the
 * finding, never NULL, so that a suggestion or severity can be set.
 */
struct finding *findings_add(struct findings *findings, enum finding_code code,
    enum field field, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
struct finding *findings_addv(struct findings *findings, enum finding_code code,
    enum field field, const char *format, va_list args)
    __attribute__((format(printf, 4, 0)));

const char *severity_word(enum severity severity); /* "error" */
/* FINDING_CODE_COUNT when unknown; without regard to case. */
enum finding_code finding_from_code(const char *code);

#endif
