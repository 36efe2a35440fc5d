/* SPDX-License-Identifier: MIT */
/*
 * CSV (RFC 4180 and what programs make of it): delimiter, line ends and header
 * are guessed, a stray quote in a plain cell is text, short, long and odd rows
 * are rows with a problem, blank ones are none; titles above the header and
 * what a report says at its end are passed over (csv_edges.c).
 *
 * A record is first cut into cells in the window, then put into the records;
 * when the window ends inside it, more is read and it is cut again, so no
 * state survives a slice. The NUL behind the window ends every inner loop.
 * Hazard: a quote that never closes takes everything after it; the ceiling on
 * records ends that, and the place of the quote is told.
 */
#include "source/csv.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/word.h"
#include "source/input.h"

static void *
csv_start(struct input *input, struct records *records, const char *name)
{
	struct csv *csv = mem_zalloc(sizeof(*csv));

	csv->input = input;
	csv->records = records;
	csv->name = name;
	csv->next_line = 1;
	str_init(&csv->scratch, CSV_RECORD_MAX);
	return csv;
}

static void
csv_end(void *reader)
{
	struct csv *csv = reader;

	str_release(&csv->scratch);
	free(csv);
}

static void
set_dialect(struct csv *csv)
{
	size_t len = csv->input->len;

	/* the same bytes whatever was read at once */
	if (len > CSV_DIALECT_HEAD)
		len = CSV_DIALECT_HEAD;
	if (!csv->told)
		csv->dialect = csv_detect(csv->input->data, len,
		    csv->input->ended && len == csv->input->len);
	csv->stop[0] = true;
	csv->stop['\n'] = true;
	csv->stop['\r'] = csv->dialect.lone_cr;
	csv->stop[(unsigned char)csv->dialect.delimiter] = true;
	csv->each_delimiter = WORD_EACH(csv->dialect.delimiter);
}

/* The end of a plain cell, or of the window. */
static inline const char *
skip_plain(const struct csv *csv, const char *at, const char *end)
{
	const uint64_t delimiters = csv->each_delimiter;

	for (uint64_t hits; !csv->dialect.lone_cr && end - at >= WORD_SIZE;
	     at += WORD_SIZE) {
		hits = word_equal(word_load(at), delimiters) |
		       word_equal(word_load(at), WORD_EACH('\n'));
		if (hits)
			return at + word_first(hits);
	}
	while (!csv->stop[(unsigned char)*at])
		at++;
	return at;
}

/* From behind an opening quote to behind the closing one; NULL: none here. */
static const char *
skip_quoted(const char *at, const char *end, bool *doubled)
{
	for (;;) {
		at = memchr(at, '"', (size_t)(end - at));
		if (!at)
			return NULL;
		at++;
		if (at < end && *at == '"') {
			*doubled = true;
			at++;
			continue;
		}
		return at;
	}
}

/* A cell beyond the header tells only whether it holds text. */
static void
note_surplus(struct csv *csv, const struct csv_cell *cell)
{
	if (cell->end > cell->start + (cell->close ? 2 : 0))
		csv->surplus_filled = true;
}

enum csv_scan
csv_scan_record(struct csv *csv)
{
	const char *record = csv->input->data + csv->at;
	const char *end = csv->input->data + csv->input->len, *at = record;
	char delimiter = csv->dialect.delimiter;
	uint32_t count = 0;
	struct csv_cell cell;

	csv->surplus_filled = false;
	csv->plain = true;
	for (bool last = false; !last; at++) {
		cell = (struct csv_cell){.start = (uint32_t)(at - record)};
		if (*at == '"') {
			at = skip_quoted(at + 1, end, &cell.doubled);
			/* a quote at the very end may be half of two */
			if (!at || (at == end && !csv->input->ended)) {
				csv->open_quote = cell.start;
				return CSV_SCAN_OPEN_QUOTE;
			}
			cell.close = (uint32_t)(at - record);
			csv->plain = false;
		}
		at = skip_plain(csv, at, end);
		if (at == end && !csv->input->ended)
			return CSV_SCAN_SHORT;
		cell.end = (uint32_t)(at - record);
		last = *at != delimiter;
		if (last && cell.end > cell.start && at[-1] == '\r')
			cell.end--;
		if (count >= csv->columns && !csv->is_header)
			note_surplus(csv, &cell);
		if (count <= RECORDS_COLUMNS_MAX) {
			csv->cells[count] = cell;
			csv->ends[count] = cell.end;
		}
		count++;
	}
	csv->count = count;
	csv->len = cell.end;
	csv->written = csv->len >= count;
	if (at > end) /* behind the last cell there is no delimiter */
		at = end;
	else if (at[-1] == '\r' && at < end && *at == '\n')
		at++;
	csv->next = (size_t)(at - csv->input->data);
	return CSV_SCAN_DONE;
}

static bool
fail_scan(struct csv *csv, enum csv_scan scan, struct err *err)
{
	size_t quote = csv->at + csv->open_quote;

	if (scan == CSV_SCAN_OPEN_QUOTE)
		err_set(err, ERR_DATA,
		    "the quote at byte %llu is never closed; close it, or "
		    "export the file again",
		    (unsigned long long)input_place(csv->input, quote) + 1);
	else
		err_set(err, ERR_DATA,
		    "the row is longer than 1 MiB; is this a CSV file?");
	return err_prefix(err, "%s:%u", csv->name, csv->line);
}

/* One whole record in the window, cut. */
static bool
read_record(struct csv *csv, struct err *err)
{
	enum csv_scan scan;

	while ((scan = csv_scan_record(csv)) != CSV_SCAN_DONE) {
		if (csv->input->len - csv->at > CSV_RECORD_MAX)
			return fail_scan(csv, scan, err);
		if (csv->input->ended) /* only an open quote gets here */
			return fail_scan(csv, scan, err);
		if (!input_more(csv->input, csv->at, err)) {
			err_prefix(err, "%s:%u", csv->name, csv->line);
			return false;
		}
		csv->at = 0;
	}
	if (csv->next - csv->at > CSV_RECORD_MAX)
		return fail_scan(csv, CSV_SCAN_SHORT, err);
	return true;
}

uint32_t
csv_count_lines(const struct csv *csv)
{
	const char *at = csv->input->data + csv->at;
	const char *end = csv->input->data + csv->next;
	char line_end = csv->dialect.lone_cr ? '\r' : '\n';
	uint32_t lines = 0;

	for (; (at = memchr(at, line_end, (size_t)(end - at))); at++)
		lines++;
	return lines;
}

/* Nothing but blanks may follow a closing quote. */
static bool
has_tail(const char *record, const struct csv_cell *cell)
{
	for (uint32_t i = cell->close; i < cell->end; i++)
		if (record[i] != ' ' && record[i] != '\t')
			return true;
	return false;
}

/* Appends the value of a cell. */
static void
decode(const char *record, const struct csv_cell *cell, struct str *out)
{
	const char *at = record + cell->start, *end = record + cell->end;
	const char *close, *quote;

	if (!cell->close) {
		str_add_bytes(out, at, (size_t)(end - at));
		return;
	}
	close = record + cell->close - 1;
	for (at++; (quote = memchr(at, '"', (size_t)(close - at)));
	     at = quote + 2)
		str_add_bytes(out, at, (size_t)(quote + 1 - at));
	str_add_bytes(out, at, (size_t)(close - at));
	if (has_tail(record, cell))
		str_add_bytes(out, close + 1, (size_t)(end - close - 1));
}

/* A value over the ceiling ends before it, between characters. */
static size_t
cut_value(const char *text)
{
	size_t len = RECORDS_CELL_MAX;

	while (len > 0 && ((unsigned char)text[len] & 0xC0) == 0x80)
		len--;
	return len;
}

static void
set_problem(struct csv *csv, const char *what, uint32_t column)
{
	struct str text;

	str_init(&text, 256);
	str_addf(
	    &text, "%s: %s", records_column_name(csv->records, column), what);
	records_set_problem(csv->records, text.data);
	str_release(&text);
}

static bool
put_cell(struct csv *csv, const char *record, uint32_t column, struct err *err)
{
	const struct csv_cell *cell = &csv->cells[column];
	const char *text = record + cell->start;
	size_t len = cell->end - cell->start;
	bool tail = false;

	if (cell->close) {
		tail = cell->end > cell->close && has_tail(record, cell);
		text++;
		len = cell->close - cell->start - 2;
		if (cell->doubled || tail) {
			str_reset(&csv->scratch);
			decode(record, cell, &csv->scratch);
			text = csv->scratch.data;
			len = csv->scratch.len;
		}
	}
	if (len > RECORDS_CELL_MAX) {
		set_problem(csv, "longer than 64 KiB, cut", column);
		len = cut_value(text);
	}
	if (tail)
		set_problem(csv, "text after the closing quote", column);
	return records_put(csv->records, column, text, len, err);
}

static bool
put_record(struct csv *csv, struct err *err)
{
	const char *record = csv->input->data + csv->at;
	uint32_t count = csv->count;
	struct str text;

	if (!records_begin(csv->records, csv->line, err))
		return false;
	if (count < csv->columns || csv->surplus_filled) {
		str_init(&text, 128);
		str_addf(&text, "the row has %u cells, the header has %u",
		    count, csv->columns);
		records_set_problem(csv->records, text.data);
		str_release(&text);
	}
	if (count > csv->columns)
		count = csv->columns;
	if (csv->plain && csv->len <= RECORDS_CELL_MAX)
		return records_put_row(
		    csv->records, record, csv->ends, count, err);
	for (uint32_t i = 0; i < count; i++)
		if (!put_cell(csv, record, i, err))
			return false;
	return true;
}

static bool
put_header(struct csv *csv, struct err *err)
{
	const char *record = csv->input->data + csv->at;
	uint32_t column;

	/* the first cell that is not known makes add_column() fail */
	for (uint32_t i = 0; i < csv->count; i++) {
		struct str *name = &csv->scratch;
		const char *text;
		size_t len;

		str_reset(name);
		decode(record, &csv->cells[i], name);
		text = text_trim(name->data, &len);
		if (len == 0) {
			str_reset(name);
			str_addf(name, "Column %u", i + 1);
			text = name->data;
			len = name->len;
		}
		if (!records_add_column(csv->records, text, len, &column, err))
			return err_prefix(err, "%s:%u", csv->name, csv->line);
	}
	csv->columns = csv->count;
	csv->header_line = csv->line;
	return true;
}

/* Something to read at `at`; false: `ended`, or the error. */
static bool
have_text(struct csv *csv, struct err *err)
{
	while (csv->at == csv->input->len) {
		if (csv->input->ended) {
			csv->ended = true;
			return false;
		}
		if (!input_more(csv->input, csv->at, err))
			return err_prefix(err, "%s:%u", csv->name, csv->line);
		csv->at = 0;
	}
	return true;
}

/*
 * The next record that is not blank; false: `ended`, or the error. A row of
 * delimiters is what spreadsheets leave behind, no record. Written as "" a cell
 * is not blank, so that a row whose cells were cleared stays a row.
 */
static bool
next_filled(struct csv *csv, struct err *err)
{
	csv->after_blank = false;
	for (;;) {
		csv->at = csv->next;
		csv->line = csv->next_line;
		if (!have_text(csv, err) || !read_record(csv, err))
			return false;
		csv->next_line += csv_count_lines(csv);
		if (csv->written)
			return true;
		csv->after_blank = true;
	}
}

/* The header, behind what stands above it. */
static bool
next_header(struct csv *csv, struct err *err)
{
	if (!input_fill(csv->input, CSV_DIALECT_HEAD, err))
		return err_prefix(err, "%s", csv->name);
	set_dialect(csv);
	csv->is_header = true;
	for (uint32_t i = 0; i <= csv->dialect.titles; i++) {
		if (next_filled(csv, err))
			continue;
		if (csv->ended)
			err_set(err, ERR_DATA,
			    "%s: the file is empty; export the contacts with "
			    "a header line",
			    csv->name);
		return false;
	}
	csv->started = true;
	return put_header(csv, err);
}

/* The next row; false: `ended`, or the error. */
static bool
next_row(struct csv *csv, struct err *err)
{
	csv->is_header = false;
	if (csv->told && csv->told_footer && csv->rows == csv->told_rows)
		csv->ended = true;
	if (csv->ended || !next_filled(csv, err))
		return false;
	if (!csv->told && csv_at_footer(csv)) {
		csv->ended = true;
		return false;
	}
	csv->rows++;
	return true;
}

static enum source_unit
csv_next(void *reader, struct err *err)
{
	struct csv *csv = reader;

	if (!csv->started)
		return next_header(csv, err) ? SOURCE_UNIT_HEADER
					     : SOURCE_UNIT_FAILED;
	if (!next_row(csv, err))
		return csv->ended ? SOURCE_UNIT_END : SOURCE_UNIT_FAILED;
	if (put_record(csv, err))
		return SOURCE_UNIT_RECORD;
	err_prefix(err, "%s:%u", csv->name, csv->line);
	return SOURCE_UNIT_FAILED;
}

/* What was found about a file holds for the same one with changed cells. */
static void
csv_follow(void *reader, const void *leader)
{
	struct csv *csv = reader;
	const struct csv *other = leader;

	csv->dialect = other->dialect;
	csv->told = true;
	csv->told_footer = other->told ? other->told_footer
				       : other->footer_line > 0;
	csv->told_rows = other->told ? other->told_rows : other->rows;
}

static bool
csv_looks_like(const char *head, size_t len)
{
	struct csv_dialect dialect = csv_detect(head, len, false);

	return memchr(head, dialect.delimiter, len) != NULL;
}

static const char *const endings[] = {".csv", ".tsv", ".tab", ".txt", NULL};

const struct source_format csv_format = {
    .name = "CSV",
    .endings = endings,
    .header = true,
    .looks_like = csv_looks_like,
    .start = csv_start,
    .next = csv_next,
    .end = csv_end,
    .splice = csv_splice,
    .any_encoding = true,
    .follow = csv_follow,
    .notes = csv_notes,
};
