/* SPDX-License-Identifier: MIT */
#include "flat_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "source/input.h"
#include "source/records.h"
#include "source/yaml_records.h"

struct reading {
	const struct source_format *format;
	struct input input;
	struct records *records;
	void *reader;
	enum source_unit last;
	struct err err;
};

static char difference[4096];

static const char *
differ(const char *what, uint32_t row, const char *quick, const char *slow)
{
	snprintf(difference, sizeof(difference),
	    "%s of row %u: '%.900s', by libyaml '%.900s'", what, row + 1,
	    quick ? quick : "(none)", slow ? slow : "(none)");
	return difference;
}

static const char *
differ_number(const char *what, uint32_t row, uint64_t quick, uint64_t slow)
{
	char a[32], b[32];

	snprintf(a, sizeof(a), "%llu", (unsigned long long)quick);
	snprintf(b, sizeof(b), "%llu", (unsigned long long)slow);
	return differ(what, row, a, b);
}

static void
start(struct reading *reading, const struct source_format *format,
    const char *text, size_t len, size_t chunk)
{
	*reading = (struct reading){.format = format, .err = ERR_INIT};
	input_init_memory(&reading->input, text, len, chunk);
	reading->records = records_new();
	reading->reader = format->start(&reading->input, reading->records, "f");
}

static void
stop(struct reading *reading)
{
	reading->format->end(reading->reader);
	input_release(&reading->input);
	records_free(reading->records);
}

static enum source_unit
next(struct reading *reading)
{
	do
		reading->last = reading->format->next(
		    reading->reader, &reading->err);
	while (reading->last == SOURCE_UNIT_HEADER);
	return reading->last;
}

static bool
same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static const char *
compare_row(const struct records *quick, const struct records *slow)
{
	uint32_t row = records_count(quick) - 1;
	uint32_t columns = records_column_count(quick);

	if (columns != records_column_count(slow))
		return differ_number(
		    "columns", row, columns, records_column_count(slow));
	if (records_line(quick, row) != records_line(slow, row))
		return differ_number("line", row, records_line(quick, row),
		    records_line(slow, row));
	if (!same(records_problem(quick, row), records_problem(slow, row)))
		return differ("problem", row, records_problem(quick, row),
		    records_problem(slow, row));
	for (uint32_t i = 0; i < columns; i++) {
		const char *name = records_column_name(quick, i);

		if (!same(name, records_column_name(slow, i)))
			return differ(
			    "column", row, name, records_column_name(slow, i));
		if (!same(records_cell(quick, row, i),
			records_cell(slow, row, i)))
			return differ(name, row, records_cell(quick, row, i),
			    records_cell(slow, row, i));
	}
	return NULL;
}

static const char *
compare_edits(
    uint32_t row, const struct splice *quick, const struct splice *slow)
{
	if (quick->count != slow->count)
		return differ_number("edits", row, quick->count, slow->count);
	for (size_t i = 0; i < quick->count; i++) {
		const struct splice_edit *a = &quick->edits[i];
		const struct splice_edit *b = &slow->edits[i];

		if (a->start != b->start)
			return differ_number(
			    "start of edit", row, a->start, b->start);
		if (a->end != b->end)
			return differ_number(
			    "end of edit", row, a->end, b->end);
	}
	if (quick->text.len != slow->text.len ||
	    memcmp(quick->text.data, slow->text.data, quick->text.len) != 0)
		return differ(
		    "text of edits", row, quick->text.data, slow->text.data);
	return NULL;
}

/* Every value of the record and two new ones are changed. */
static const char *
compare_splices(struct reading *quick, struct reading *slow)
{
	struct splice_cell cells[2][64] = {0};
	uint32_t row = records_count(quick->records) - 1;
	uint32_t columns = records_column_count(quick->records);
	struct splice_job jobs[2] = {0};
	struct splice splices[2];
	const char *what;

	if (columns > 62)
		columns = 62;
	splice_init(&splices[0]);
	splice_init(&splices[1]);
	for (unsigned i = 0; i < 2; i++) {
		struct reading *reading = i ? slow : quick;
		struct splice_job *job = &jobs[i];

		for (uint32_t k = 0; k < columns; k++)
			cells[i][k] = (struct splice_cell){
			    .column = records_column_name(reading->records, k),
			    .text = k % 2 ? "12" : "new: 'x'"};
		cells[i][columns] = (struct splice_cell){
		    .column = "HS 1", .text = "7c9e"};
		cells[i][columns + 1] = (struct splice_cell){
		    .column = "HS 2", .text = "a b"};
		job->cells = cells[i];
		job->cell_count = columns + 2;
		reading->format->splice(reading->reader, job, &splices[i]);
	}
	what = compare_edits(row, &splices[0], &splices[1]);
	for (uint32_t k = 0; k < columns + 2 && !what; k++)
		if (strcmp(cells[0][k].why, cells[1][k].why) != 0)
			what = differ(cells[0][k].column, row, cells[0][k].why,
			    cells[1][k].why);
	splice_release(&splices[0]);
	splice_release(&splices[1]);
	return what;
}

static const char *
compare_end(struct reading *quick, struct reading *slow)
{
	uint32_t row = records_count(slow->records);

	/* it may have read further than libyaml's look ahead let libyaml */
	while (slow->last == SOURCE_UNIT_FAILED &&
	       quick->last == SOURCE_UNIT_RECORD)
		next(quick);
	if (quick->last != slow->last)
		return differ_number("unit", row, quick->last, slow->last);
	if (!same(quick->err.text, slow->err.text))
		return differ("error", row, quick->err.text, slow->err.text);
	if (slow->last == SOURCE_UNIT_END &&
	    quick->format->outside(quick->reader) !=
		slow->format->outside(slow->reader))
		return differ("rest", row, "x", "y");
	return NULL;
}

const char *
flat_check(const char *text, size_t len, size_t chunk, bool *good)
{
	struct reading quick, slow;
	const char *what = NULL;

	start(&quick, &yaml_format, text, len, chunk);
	start(&slow, &yaml_whole_format, text, len, chunk);
	do {
		next(&quick);
		next(&slow);
		if (quick.last != SOURCE_UNIT_RECORD ||
		    slow.last != SOURCE_UNIT_RECORD)
			break;
		what = compare_row(quick.records, slow.records);
		if (!what)
			what = compare_splices(&quick, &slow);
	} while (!what);
	if (!what)
		what = compare_end(&quick, &slow);
	if (good)
		*good = slow.last == SOURCE_UNIT_END;
	stop(&slow);
	stop(&quick);
	return what;
}
