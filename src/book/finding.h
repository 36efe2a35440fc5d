/* SPDX-License-Identifier: MIT */
/*
 * Findings: what is wrong or odd about a value. One table of codes gives the
 * severity and the words of `belay explain` and the manual.
 *
 * Codes are promises to users: upper case, field first (`MBI-SHAPE`).
 */
#ifndef BOOK_FINDING_H
#define BOOK_FINDING_H

#include <stddef.h>
#include <stdint.h>

#include "book/field.h"

enum severity { SEVERITY_INFO, SEVERITY_WARNING, SEVERITY_ERROR };

enum finding_code {
	/* the complete list stands in finding.c's table, same order */
	FINDING_REQUIRED,        /* REQUIRED: error */
	FINDING_LENGTH,          /* LENGTH: error if required, else warning */
	FINDING_ID_DAMAGED,      /* ID-DAMAGED: destroyed by Excel: error */
	FINDING_ID_REPEATED,     /* ID-REPEATED: error */
	FINDING_ROW_SHAPE,       /* ROW-SHAPE: ragged row: error */
	FINDING_NAME_PLACEHOLDER,
	FINDING_EMAIL_SHAPE,
	FINDING_PHONE_SHAPE,
	FINDING_PHONE_DAMAGED,
	FINDING_PHONE_FOREIGN,
	FINDING_PHONE_TOLL_FREE,
	FINDING_ZIP_SHAPE,
	FINDING_ZIP_LENGTH,
	FINDING_ZIP_ZEROS,       /* leading zeros put back: info */
	FINDING_ZIP_STATE,
	FINDING_STATE_UNKNOWN,
	FINDING_STATE_FOREIGN,
	FINDING_DATE_SHAPE,
	FINDING_DATE_AMBIGUOUS,
	FINDING_BIRTH_FUTURE,
	FINDING_BIRTH_AGE,
	FINDING_BIRTH_PLACEHOLDER,
	FINDING_PART_DATE,
	FINDING_SEX_UNKNOWN,
	FINDING_BOOLEAN_UNKNOWN,
	FINDING_BOOLEAN_LEVEL,
	FINDING_TYPE_UNKNOWN,
	FINDING_MBI_SHAPE,
	FINDING_MBI_TEST,
	FINDING_MBI_CLAIM_NUMBER,
	FINDING_MBI_SSN,         /* MBI-SSN: error */
	FINDING_MBI_REPEATED,    /* MBI-REPEATED: error */
	FINDING_TEXT_DAMAGED,    /* double-encoded or replaced characters */
	FINDING_CODE_COUNT
};

struct finding_info {
	const char *code;    /* "MBI-SHAPE" */
	enum severity severity;
	const char *meaning; /* what it means, one or two sentences */
	const char *advice;  /* what to do */
};

extern const struct finding_info finding_table[FINDING_CODE_COUNT];

/* One finding of one contact. */
struct finding {
	enum finding_code code;
	enum severity severity; /* after config: warnings may be held */
	enum field field;       /* FIELD_COUNT: the whole row */
	char message[200];      /* with the value's facts, cleaned, masked */
	char suggestion[64];    /* a likely right value, "" when none */
};

const char *severity_word(enum severity severity); /* "error" */
/* FINDING_CODE_COUNT when unknown. */
enum finding_code finding_from_code(const char *code);

#endif
