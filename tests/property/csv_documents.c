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
	bool quote_all, quote_some, named; /* named: a sep= line */
};

static struct dialect
choose_dialect(struct dice *dice)
{
	static const char *const line_ends[] = {"\n", "\r\n", "\r"};

	return (struct dialect){
	    .delimiter = ",;\t|"[dice_roll(dice, 4)],
	    .line_end = line_ends[dice_roll(dice, 3)],
	    .quote_all = dice_chance(dice, 30),
	    .quote_some = dice_chance(dice, 30),
	};
}

static void
make(struct document *document, struct dice *dice)
{
	unsigned kinds = VALUE_PLAIN | VALUE_WIDE | VALUE_WIDER | VALUE_BREAKS;

	document->encoding = DOCUMENT_UTF8;
	if (dice_chance(dice, 20))
		document->encoding = DOCUMENT_UTF8_BOM;
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

static void
write_document(struct document *document, uint64_t style)
{
	struct dice dice = {style};
	struct dialect dialect = choose_dialect(&dice);
	struct str *out = &document->bytes;

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
		while (cells > 2 && !document->cells[row][cells - 1] &&
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
