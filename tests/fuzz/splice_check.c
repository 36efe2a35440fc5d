/* SPDX-License-Identifier: MIT */
#include "splice_check.h"

/* the checks are assertions, in every build */
#undef NDEBUG
#include <assert.h>
#include <string.h>

#include "base/err.h"
#include "source/input.h"
#include "source/records.h"

enum { SIZE_MAX_TAKEN = 1 << 16 };

struct reading {
	struct input input;
	struct records *records;
	void *reader;
	enum source_unit last;
};

static enum source_unit
next(const struct source_format *format, struct reading *reading)
{
	struct err err = ERR_INIT;

	reading->last = format->next(reading->reader, &err);
	assert((reading->last == SOURCE_UNIT_FAILED) == (err.kind != ERR_NONE));
	return reading->last;
}

static void
start(const struct source_format *format, struct reading *reading,
    const char *text, size_t len, size_t chunk)
{
	input_init_memory(&reading->input, text, len, chunk);
	reading->records = records_new();
	reading->reader = format->start(&reading->input, reading->records, "f");
}

static void
stop(const struct source_format *format, struct reading *reading)
{
	format->end(reading->reader);
	input_release(&reading->input);
	records_free(reading->records);
}

static void
read_rest(const struct source_format *format, struct reading *reading)
{
	while (next(format, reading) == SOURCE_UNIT_HEADER ||
	       reading->last == SOURCE_UNIT_RECORD)
		continue;
}

static void
read_all(const struct source_format *format, struct reading *reading,
    const char *text, size_t len, size_t chunk)
{
	start(format, reading, text, len, chunk);
	read_rest(format, reading);
}

static bool
same(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "") == 0;
}

/* Everything in `new` is as in `old`, but the value in one cell. */
static void
compare(const struct records *old, const struct records *new, uint32_t row,
    const char *column, const char *value)
{
	assert(records_count(old) == records_count(new));
	for (uint32_t i = 0; i < records_column_count(new); i++) {
		const char *name = records_column_name(new, i);
		bool ours = column && strcmp(name, column) == 0;
		uint32_t was = RECORDS_NONE;

		for (uint32_t k = 0; k < records_column_count(old); k++)
			if (!strcmp(records_column_name(old, k), name))
				was = k;
		for (uint32_t r = 0; r < records_count(new); r++) {
			const char *should = was == RECORDS_NONE
						 ? NULL
						 : records_cell(old, r, was);

			assert(same(records_cell(new, r, i),
			    ours && r == row ? value : should));
		}
	}
}

/* The leader has read the same file to its end. */
static void
follow(const struct source_format *format, struct reading *reading,
    const struct reading *leader)
{
	if (format->follow)
		format->follow(reading->reader, leader->reader);
}

static void
apply(struct str *out, const struct splice *splice, const char *text,
    uint64_t *copied)
{
	for (size_t i = 0; i < splice->count; i++) {
		const struct splice_edit *edit = &splice->edits[i];

		assert(edit->start >= *copied && edit->end >= edit->start);
		str_add_bytes(out, text + *copied, edit->start - *copied);
		str_add_bytes(out, splice->text.data + edit->text, edit->len);
		*copied = edit->end;
	}
}

/* The file with the value in the row's column; false when it is refused. */
static bool
put(const struct source_format *format, const struct reading *leader,
    const char *text, size_t len, uint32_t row, const char *column, bool added,
    const char *value, struct str *out)
{
	struct splice_cell cell = {.column = column, .text = value};
	struct splice_job job = {
	    .added = &column, .added_count = added, .cells = &cell};
	struct reading reading;
	struct splice splice;
	uint64_t copied = 0;
	uint32_t at = 0;
	bool wrong = false;

	start(format, &reading, text, len, 0);
	splice_init(&splice);
	while (next(format, &reading) != SOURCE_UNIT_END) {
		assert(reading.last != SOURCE_UNIT_FAILED);
		job.cell_count = reading.last == SOURCE_UNIT_RECORD &&
				 at++ == row;
		splice_reset(&splice);
		format->splice(reading.reader, &job, &splice);
		/* as a save does, which leaves such an edit out */
		wrong |= splice.count > 0 && format->prove &&
			 format->prove(reading.reader, &job, &splice) ==
			     SPLICE_WRONG;
		splice_encode(&splice, leader->input.encoding);
		apply(out, &splice, text, &copied);
	}
	str_add_bytes(out, text + copied, len - copied);
	splice_release(&splice);
	stop(format, &reading);
	return !*cell.why && !wrong;
}

/* Whether a save would refuse the texts: see can_hold() in source_write.c. */
static bool
is_refused(const struct source_format *format, const struct reading *reading,
    const char *column, const char *value)
{
	enum encoding encoding = reading->input.encoding;
	uint32_t missing;

	return (encoding != ENCODING_UTF8 && !format->any_encoding) ||
	       !encoding_holds(encoding, value, &missing) ||
	       !encoding_holds(encoding, column, &missing);
}

static void
check_put(const struct source_format *format, const struct reading *before,
    const char *text, size_t len, unsigned choice)
{
	static const char *const values[] = {"7c9e6679-7425",
	    "a, \"b\": #;|\tc", "two\nlines", "12", "Zo\xC3\xAB"};
	const struct records *records = before->records;
	const char *value = values[choice % 5], *column = format->result_id;
	uint32_t row, found, columns = records_column_count(records);
	struct reading after;
	struct str out;

	if (records_count(records) == 0)
		return;
	row = choice % records_count(records);
	if (!column)
		column = "HS";
	if (choice & 64 && columns > 0)
		column = records_column_name(records, choice % columns);
	found = records_find_column(records, column);
	if (found != RECORDS_NONE)
		column = records_column_name(records, found);
	else if (columns == RECORDS_COLUMNS_MAX)
		return;
	if (is_refused(format, before, column, value))
		return;
	str_init(&out, 8 * SIZE_MAX_TAKEN);
	if (put(format, before, text, len, row, column, found == RECORDS_NONE,
		value, &out)) {
		start(format, &after, out.data, out.len, 0);
		follow(format, &after, before);
		read_rest(format, &after);
		/* a save says no when what was the reason for Windows-1252 is
		 * gone and the rest reads as UTF-8 */
		if (before->input.encoding != ENCODING_WINDOWS_1252 ||
		    after.input.encoding == ENCODING_WINDOWS_1252) {
			assert(after.last == SOURCE_UNIT_END);
			compare(records, after.records, row, column, value);
			assert(!format->outside ||
			       format->outside(after.reader) ==
				   format->outside(before->reader));
		}
		stop(format, &after);
	}
	str_release(&out);
}

int
splice_check(
    const struct source_format *format, const uint8_t *data, size_t size)
{
	struct reading whole, sliced;
	unsigned choice;

	if (size < 2 || size > SIZE_MAX_TAKEN)
		return 0;
	/* the last byte chooses, the corpus is documents otherwise */
	choice = data[--size];
	read_all(format, &whole, (const char *)data, size, 0);
	read_all(format, &sliced, (const char *)data, size, 1 + choice % 31);
	assert(whole.last == sliced.last);
	/* how far a reader comes before it fails is not told */
	if (whole.last == SOURCE_UNIT_END)
		compare(whole.records, sliced.records, 0, NULL, NULL);
	stop(format, &sliced);
	if (whole.last == SOURCE_UNIT_END)
		check_put(format, &whole, (const char *)data, size, choice);
	stop(format, &whole);
	return 0;
}
