/* SPDX-License-Identifier: MIT */
/*
 * Made-up documents of a format and what must come out when they are read.
 *
 * A document is written piece by piece together with its model: the cells that
 * the records must have. Whatever belay does is then held against the model,
 * never against belay's own reading of the same bytes.
 */
#ifndef TESTS_PROPERTY_PROPERTY_H
#define TESTS_PROPERTY_PROPERTY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/* ---- chance, the same for the same seed -----------------------------------
 */

struct dice {
	uint64_t state;
};

uint64_t dice_throw(struct dice *dice);
/* 0 .. sides - 1. */
unsigned dice_roll(struct dice *dice, unsigned sides);
/* True `percent` times of a hundred. */
bool dice_chance(struct dice *dice, unsigned percent);

/* ---- documents ------------------------------------------------------------
 */

enum { DOCUMENT_ROWS_MAX = 12, DOCUMENT_COLUMNS_MAX = 8, VALUE_MAX = 400 };

/* What values may hold, by what the format's carrier can carry. */
enum value_kind {
	VALUE_PLAIN = 1,  /* words, digits, marks */
	VALUE_BREAKS = 2, /* line breaks */
	VALUE_WIDE = 4,   /* beyond ASCII */
	VALUE_WIDER = 8,  /* beyond Windows-1252 */
	/* letters that no run of makes valid UTF-8 of Windows-1252 */
	VALUE_LATIN = 16,
	VALUE_TAME = 32, /* words and numbers, nothing else */
};

struct document {
	struct str bytes; /* the file, in UTF-8 */
	enum document_encoding {
		DOCUMENT_UTF8,
		DOCUMENT_UTF8_BOM,
		DOCUMENT_UTF16LE,
		DOCUMENT_UTF16BE,
		DOCUMENT_WINDOWS_1252,
	} encoding;      /* of the file on disk */
	unsigned values; /* enum value_kind bits that an edit may use */
	unsigned rows, columns;
	char *names[DOCUMENT_COLUMNS_MAX];
	/* NULL: absent; column 0 is the key, unique and filled. */
	char *cells[DOCUMENT_ROWS_MAX][DOCUMENT_COLUMNS_MAX];
	/* Cells that a person may edit there. */
	bool editable[DOCUMENT_ROWS_MAX][DOCUMENT_COLUMNS_MAX];
};

struct document_format {
	const char *name;      /* "csv" */
	const char *ending;    /* of a file's name */
	const char *result_id; /* the column of the HealthSherpa ID */
	/* What putting one result in may add to a row, beside the ID. */
	size_t overhead;
	/*
	 * Names and cells; the bytes are written by write(), which may be
	 * called again after the rows were put into another order.
	 */
	void (*make)(struct document *document, struct dice *dice);
	/* `style` stays the same for one document. */
	void (*write)(struct document *document, uint64_t style);
};

extern const struct document_format csv_documents;
extern const struct document_format json_documents;
extern const struct document_format json_lines_documents;
extern const struct document_format vcard_documents;
extern const struct document_format yaml_documents;

/* A value of the kinds, never blank at its ends, never empty. */
void make_value(struct str *out, struct dice *dice, unsigned kinds);
/* Names, keys and values for formats without peculiarities. */
void make_table(struct document *document, struct dice *dice, unsigned kinds,
    const char *const *names, unsigned name_count);

#endif
