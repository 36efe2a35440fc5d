/* SPDX-License-Identifier: MIT */
/*
 * Changing cells of a CSV row, and appending columns, in the row's own style.
 *
 * A new column goes behind the header's last cell. A row as long as the
 * header gets one cell more; a shorter one is filled up only when it has a
 * value to carry; in a longer one the new cell goes before what is too much,
 * so that this stays too much and does not turn into our value.
 */
#include "source/csv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "source/input.h"

struct row {
	struct csv *csv;
	struct splice *splice;
	bool quote_all;
	/* the new text of each column from the header's first on, or NULL */
	const char **texts;
	uint32_t columns, added;
	struct str text;
};

static uint64_t
file_byte(const struct csv *csv, uint32_t at)
{
	return input_place(csv->input, csv->at + at);
}

static uint32_t
known_cells(const struct csv *csv)
{
	return csv->count <= RECORDS_COLUMNS_MAX ? csv->count
						 : RECORDS_COLUMNS_MAX + 1;
}

/* Whether the row quotes whatever it holds. */
static bool
quotes_all(const struct csv *csv)
{
	bool any = false;

	for (uint32_t i = 0; i < known_cells(csv); i++) {
		const struct csv_cell *cell = &csv->cells[i];

		if (cell->close)
			any = true;
		else
			return false;
	}
	return any;
}

/* Whatever some program might take for a delimiter is quoted, so that what we
 * add never makes the file look delimited otherwise. */
static bool
needs_quotes(const struct csv *csv, const char *text)
{
	size_t len = strlen(text);
	const char special[] = {
	    ',', ';', '\t', '|', '"', '\n', '\r', csv->dialect.delimiter, '\0'};

	return len > 0 && (text[strcspn(text, special)] != '\0' ||
			      text[0] == ' ' || text[len - 1] == ' ');
}

static void
encode(struct row *row, const char *text, bool quoted)
{
	if (!quoted && !needs_quotes(row->csv, text)) {
		str_add(&row->text, text);
		return;
	}
	str_add_char(&row->text, '"');
	for (; *text; text++) {
		if (*text == '"')
			str_add_char(&row->text, '"');
		str_add_char(&row->text, *text);
	}
	str_add_char(&row->text, '"');
}

static void
put(struct row *row, uint32_t start, uint32_t end)
{
	splice_add(row->splice, file_byte(row->csv, start),
	    file_byte(row->csv, end), row->text.data, row->text.len);
	str_reset(&row->text);
}

/* A column's new text, or what stands for none. */
static void
encode_column(struct row *row, uint32_t column)
{
	const char *text = row->texts[column];

	encode(row, text ? text : "", row->quote_all);
}

static void
replace(struct row *row, uint32_t column)
{
	const struct csv_cell *cell = &row->csv->cells[column];
	const char *text = row->texts[column];

	/* cleared cells keep quotes: see next_filled() in csv.c */
	encode(row, text, row->quote_all || cell->close || *text == '\0');
	put(row, cell->start, cell->end);
}

/* Behind the last cell: the columns from `from` to before `to`. */
static void
append(struct row *row, uint32_t from, uint32_t to)
{
	for (uint32_t i = from; i < to; i++) {
		str_add_char(&row->text, row->csv->dialect.delimiter);
		encode_column(row, i);
	}
	if (row->text.len > 0)
		put(row, row->csv->len, row->csv->len);
}

/* A row with more cells than the header. */
static void
splice_long(struct row *row)
{
	uint32_t end = row->columns + row->added, i;

	if (row->csv->surplus_filled) {
		for (i = row->columns; i < end; i++) {
			encode_column(row, i);
			str_add_char(&row->text, row->csv->dialect.delimiter);
		}
		i = row->csv->cells[row->columns].start;
		if (row->added > 0)
			put(row, i, i);
		return;
	}
	for (i = row->columns; i < end && i < row->csv->count; i++)
		if (row->texts[i])
			replace(row, i);
	append(row, row->csv->count, end);
}

static void
splice_row(struct row *row)
{
	uint32_t count = row->csv->count, end = row->columns + row->added;
	uint32_t present = count < row->columns ? count : row->columns;

	for (uint32_t i = 0; i < present; i++)
		if (row->texts[i])
			replace(row, i);
	if (count > row->columns) {
		splice_long(row);
		return;
	}
	if (count < row->columns)
		while (end > count && !row->texts[end - 1])
			end--;
	append(row, count, end);
}

static uint32_t
column_of(const struct row *row, const struct splice_job *job, const char *name)
{
	for (size_t i = 0; i < job->added_count; i++)
		if (strcmp(job->added[i], name) == 0)
			return row->columns + (uint32_t)i;
	return records_find_column(row->csv->records, name);
}

static void
take_texts(struct row *row, struct splice_job *job)
{
	const struct csv *csv = row->csv;

	for (size_t i = 0; i < job->cell_count; i++) {
		struct splice_cell *cell = &job->cells[i];
		uint32_t column = column_of(row, job, cell->column);

		if (column == RECORDS_NONE)
			snprintf(cell->why, sizeof(cell->why),
			    "there is no such column");
		else if (column < known_cells(csv) &&
			 csv->cells[column].end - csv->cells[column].start >
			     RECORDS_CELL_MAX)
			snprintf(cell->why, sizeof(cell->why),
			    "the value there is longer than 64 KiB");
		else
			row->texts[column] = cell->text;
	}
}

void
csv_splice(void *reader, struct splice_job *job, struct splice *splice)
{
	struct csv *csv = reader;
	struct row row = {
	    .csv = csv,
	    .splice = splice,
	    .quote_all = quotes_all(csv),
	    .columns = csv->columns,
	    .added = (uint32_t)job->added_count,
	};

	if (job->added_count == 0 && job->cell_count == 0)
		return;
	str_init(&row.text, CSV_RECORD_MAX);
	row.texts = mem_zalloc((row.columns + row.added) * sizeof(*row.texts));
	if (csv->is_header)
		for (uint32_t i = 0; i < row.added; i++)
			row.texts[row.columns + i] = job->added[i];
	else
		take_texts(&row, job);
	splice_row(&row);
	if (!csv->is_header)
		splice_limit(splice, job, csv->next - csv->at, CSV_RECORD_MAX);
	free(row.texts);
	str_release(&row.text);
}
