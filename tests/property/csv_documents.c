/* SPDX-License-Identifier: MIT */
/* CSV in the dialects of spreadsheets and CRMs. */
#include "property.h"

#include <string.h>

static const char *const names[] = {"Record ID", "First Name", "Last Name",
    "Notes", "E-mail 1 - Value", "Mailing Zip/Postal Code", "Phone #",
    "Caf\xC3\xA9"};

struct dialect {
	char delimiter;
	const char *line_end;
	bool quote_all, quote_some;
	bool sep;    /* a first line names the delimiter */
	bool titled; /* lines of a report stand before the header */
	bool footed; /* and behind the data */
};

static struct dialect
choose_dialect(struct dice *dice, bool tame)
{
	static const char *const line_ends[] = {"\n", "\r\n", "\r"};

	struct dialect dialect = {
	    .delimiter = ",;\t|"[dice_roll(dice, 4)],
	    .line_end = line_ends[dice_roll(dice, 3)],
	    .quote_all = dice_chance(dice, 30),
	    .quote_some = dice_chance(dice, 30),
	};

	dialect.sep = dice_chance(dice, 10);
	/* where anything may be a value, a title cannot be told from a header
	 */
	dialect.titled = tame && !dialect.sep && dice_chance(dice, 50);
	dialect.footed = dice_chance(dice, 10);
	return dialect;
}

static void
make(struct document *document, struct dice *dice)
{
	static const enum document_encoding encodings[] = {DOCUMENT_UTF8,
	    DOCUMENT_UTF8, DOCUMENT_UTF8_BOM, DOCUMENT_UTF16LE,
	    DOCUMENT_UTF16BE, DOCUMENT_WINDOWS_1252};
	unsigned kinds = VALUE_PLAIN | VALUE_BREAKS;

	document->encoding = encodings[dice_roll(dice, 6)];
	kinds |= document->encoding == DOCUMENT_WINDOWS_1252
		     ? VALUE_LATIN
		     : VALUE_WIDE | VALUE_WIDER;
	if (dice_chance(dice, 20))
		kinds = VALUE_TAME;
	make_table(
	    document, dice, kinds, names, sizeof(names) / sizeof(names[0]));
}

static void
add_cell(struct str *out, const struct dialect *dialect, struct dice *dice,
    const char *text)
{
	char special[] = {'"', '\n', '\r', dialect->delimiter, '\0'};
	bool quoted = dialect->quote_all || text[strcspn(text, special)] ||
		      (dialect->quote_some && dice_chance(dice, 50));

	/* a line end of CR alone makes LF part of the text, yet quoted */
	if (!quoted) {
		str_add(out, text);
		return;
	}
	str_add_char(out, '"');
	for (; *text; text++) {
		if (*text == '"')
			str_add_char(out, '"');
		str_add_char(out, *text);
	}
	str_add_char(out, '"');
}

/* A last row with nothing but its ID, set off by a blank line, could be part
 * of a footer. */
static bool
ends_clearly(const struct document *document)
{
	bool filled = false;

	for (unsigned i = 1; i < document->columns; i++)
		filled |= document->cells[document->rows - 1][i] != NULL;
	return filled;
}

static void
write_document(struct document *document, uint64_t style)
{
	struct dice dice = {style};
	struct dialect dialect = choose_dialect(
	    &dice, document->values == VALUE_TAME && document->rows > 3);
	struct str *out = &document->bytes;

	if (dialect.sep)
		str_addf(out, "sep=%c%s", dialect.delimiter, dialect.line_end);
	if (dialect.titled)
		str_addf(out, "All my contacts%s%s", dialect.line_end,
		    dialect.line_end);
	for (unsigned i = 0; i < document->columns; i++) {
		if (i > 0)
			str_add_char(out, dialect.delimiter);
		add_cell(out, &dialect, &dice, document->names[i]);
	}
	for (unsigned row = 0; row < document->rows; row++) {
		unsigned cells = document->columns;

		str_add(out, dialect.line_end);
		if (dice_chance(&dice, 5))
			str_add(out, dialect.line_end);
		while (!dialect.titled && cells > 2 &&
		       !document->cells[row][cells - 1] &&
		       dice_chance(&dice, 20))
			cells--;
		for (unsigned i = 0; i < cells; i++) {
			const char *text = document->cells[row][i];

			if (i > 0)
				str_add_char(out, dialect.delimiter);
			if (text || dialect.quote_all)
				add_cell(
				    out, &dialect, &dice, text ? text : "");
		}
	}
	if (dialect.footed && ends_clearly(document))
		str_addf(out,
		    "%s%s\"Confidential Information - Do Not "
		    "Distribute\"%s\"Copyright (c) 2000-2026 salesforce.com, "
		    "inc. All rights reserved.\"",
		    dialect.line_end, dialect.line_end, dialect.line_end);
	if (dice_chance(&dice, 80))
		str_add(out, dialect.line_end);
}

const struct document_format csv_documents = {
    .name = "csv",
    .ending = ".csv",
    .result_id = "HealthSherpa ID",
    .overhead = 2 + DOCUMENT_COLUMNS_MAX * 3,
    .make = make,
    .write = write_document,
};
