/* SPDX-License-Identifier: MIT */
#include "read.h"

#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "source/input.h"
#include "source/records.h"

static void
show(struct str *out, const struct records *records)
{
	uint32_t columns = records_column_count(records);

	for (uint32_t i = 0; i < columns; i++)
		str_addf(
		    out, "%s%s", i ? "|" : "", records_column_name(records, i));
	str_add(out, "\n");
	for (uint32_t row = 0; row < records_count(records); row++) {
		for (uint32_t i = 0; i < columns; i++) {
			const char *text = records_cell(records, row, i);

			str_addf(out, "%s%s", i ? "|" : "", text ? text : "-");
		}
		if (records_problem(records, row))
			str_addf(out, " !%u: %s", records_line(records, row),
			    records_problem(records, row));
		str_add(out, "\n");
	}
}

char *
read_text(const struct source_format *format, const char *text, size_t len,
    size_t chunk)
{
	struct records *records = records_new();
	struct err err = ERR_INIT;
	struct input input;
	struct str out;
	enum source_unit unit;
	void *reader;

	input_init_memory(&input, text, len, chunk);
	reader = format->start(&input, records, "f.x");
	do
		unit = format->next(reader, &err);
	while (unit == SOURCE_UNIT_HEADER || unit == SOURCE_UNIT_RECORD);
	format->end(reader);
	input_release(&input);
	str_init(&out, (size_t)1 << 30);
	show(&out, records);
	if (unit == SOURCE_UNIT_FAILED)
		str_addf(&out, "%s\n", err.text);
	records_free(records);
	return str_take(&out);
}
