/* SPDX-License-Identifier: MIT */
/*
 * What stands in a file above and below its table, and is no contact.
 *
 * Titles are counted by csv_detect.c and only told here. A footer is
 * recognised by looking ahead: from a line that a blank one or its own words
 * set off, nothing but lines with one cell may come until the end of the file,
 * and one of them must have the words of a report's end; a line with such words
 * may be cut by delimiters. In doubt it is a row with a problem.
 * Hazard: looking ahead moves the window and cuts other records, so the row is
 * cut again when it was none.
 */
#include "source/csv.h"

#include <string.h>

#include "base/err.h"
#include "base/text.h"
#include "source/input.h"

enum { FOOTER_MAX = 16 << 10 };

static const char *
cell_text(const struct csv *csv, uint32_t i, size_t *len)
{
	const struct csv_cell *cell = &csv->cells[i];
	const char *text = csv->input->data + csv->at + cell->start;

	*len = cell->end - cell->start;
	if (cell->close) {
		text++;
		*len = cell->close - cell->start - 2;
	}
	return text;
}

static bool
holds_text(const struct csv *csv, uint32_t i)
{
	size_t len;
	const char *text = cell_text(csv, i, &len);

	for (size_t k = 0; k < len; k++)
		if (text[k] != ' ' && text[k] != '\t')
			return true;
	return false;
}

/* Cells up to the last one that holds something. */
static uint32_t
count_filled(const struct csv *csv)
{
	uint32_t count = csv->count <= RECORDS_COLUMNS_MAX
			     ? csv->count
			     : RECORDS_COLUMNS_MAX;

	while (count > 0 && !holds_text(csv, count - 1))
		count--;
	return count;
}

/* Whether the record may stand in a footer; `*told`: it says so. */
static bool
fits_footer(const struct csv *csv, bool *told)
{
	uint32_t filled;
	const char *text;
	size_t len;
	bool tells;

	if (!csv->written)
		return true;
	filled = count_filled(csv);
	if (filled > 1 && csv->count >= csv->columns)
		return false;
	text = cell_text(csv, 0, &len);
	tells = csv_ends_report(text, len);
	*told = *told || tells;
	return filled <= 1 || tells;
}

/*
 * Cuts the record at `next`, with all since `*first` in the window; false at
 * the `*end` of the file, or when it is too long for a footer since then.
 */
static bool
look_ahead(struct csv *csv, size_t *first, bool *end)
{
	struct input *input = csv->input;
	struct err ignored = ERR_INIT;

	for (;;) {
		csv->at = csv->next;
		*end = csv->at == input->len && input->ended;
		if (*end)
			return false;
		if (csv->at < input->len &&
		    csv_scan_record(csv) == CSV_SCAN_DONE)
			return csv->next - *first <= FOOTER_MAX;
		if (input->ended || input->len - *first > FOOTER_MAX ||
		    !input_more(input, *first, &ignored))
			return false;
		csv->next -= *first;
		*first = 0;
	}
}

/* Keeps the start of the line's text, in whole characters. */
static void
note_footer(struct csv *csv)
{
	size_t len, good;
	const char *text = cell_text(csv, 0, &len);

	if (len >= sizeof(csv->footer))
		len = sizeof(csv->footer) - 1;
	if (!text_valid(text, len, &good))
		len = good;
	memcpy(csv->footer, text, len);
	csv->footer[len] = '\0';
	csv->footer_line = csv->line;
}

bool
csv_at_footer(struct csv *csv)
{
	uint32_t line = csv->next_line;
	bool told = false, end = false;
	size_t first = csv->at;

	/* nearly all rows are ruled out here */
	if (csv->columns < 2 ||
	    (csv->count >= csv->columns && holds_text(csv, 1)) ||
	    csv->line < csv->no_footer_before)
		return false;
	if (!fits_footer(csv, &told) || (!csv->after_blank && !told))
		return false;
	note_footer(csv);
	while (look_ahead(csv, &first, &end) && fits_footer(csv, &told))
		line += csv_count_lines(csv);
	if (end && told)
		return true;
	csv->footer_line = 0;
	csv->no_footer_before = line;
	csv->at = first;
	csv_scan_record(csv);
	return false;
}

/* ---- notes --------------------------------------------------------------- */

void
csv_notes(const void *reader, struct str *out)
{
	const struct csv *csv = reader;

	if (csv->dialect.titles > csv->dialect.sep)
		str_addf(out,
		    "the column names were found in line %u; what stands above "
		    "it is left as it is\n",
		    csv->header_line);
	if (csv->footer_line > 0) {
		str_addf(out,
		    "what stands from line %u on is no contact and is left as "
		    "it is (\"",
		    csv->footer_line);
		text_clean(out, csv->footer, strlen(csv->footer));
		str_add(out, "\")\n");
	}
}
