/* SPDX-License-Identifier: MIT */
/*
 * The old file and the new one, record by record: the same cells but for the
 * changes, and the same beside the records.
 */
#include "source/source_save.h"

#include <string.h>

#include "base/err.h"
#include "source/records.h"

/* What the new file must have in a column of the present record. */
static const char *
expected(const struct source_save *save, size_t first, const char *column,
    uint32_t *guess)
{
	for (size_t i = first; i < save->count; i++) {
		const struct save_item *item = &save->items[i];

		if (item->row != save->pass.row)
			break;
		if (item->change->outcome == SOURCE_APPLIED &&
		    strcmp(item->column, column) == 0)
			return item->change->after;
	}
	return source_pass_cell(&save->pass, column, guess);
}

static bool
check_record(struct source_save *save)
{
	const struct records *old = save->pass.records;
	const struct records *new = save->result.records;
	size_t first = save->at;
	const char *name;
	uint32_t itself;

	for (uint32_t i = 0; i < records_column_count(new); i++) {
		name = records_column_name(new, i);
		if (!source_same_text(records_cell(new, 0, i),
			expected(save, first, name, &save->in_pass[i])))
			return false;
	}
	for (uint32_t i = 0; i < records_column_count(old); i++) {
		name = records_column_name(old, i);
		itself = i;
		if (!source_same_text(source_pass_cell(&save->result, name,
					  &save->in_result[i]),
			expected(save, first, name, &itself)))
			return false;
	}
	while (save->at < save->count &&
	       save->items[save->at].row == save->pass.row)
		save->at++;
	return true;
}

static bool
check_outside(const struct source_save *save)
{
	const struct source_format *format = save->source->format;

	return !format->outside || format->outside(save->pass.reader) ==
				       format->outside(save->result.reader);
}

bool
save_step_check(struct source_save *save, uint64_t until, struct err *err)
{
	enum source_unit unit, other;

	while (input_position(&save->pass.input) < until) {
		unit = source_pass_record(&save->pass, err);
		if (unit == SOURCE_UNIT_FAILED)
			return false;
		other = source_pass_record(&save->result, err);
		if (other == SOURCE_UNIT_FAILED)
			return err_prefix(
			    err, "not saved: the result would not be readable");
		if (unit != other ||
		    (unit == SOURCE_UNIT_RECORD && !check_record(save)) ||
		    (unit == SOURCE_UNIT_END && !check_outside(save)))
			return err_set(err, ERR_DATA,
			    "%s: not saved: row %u would not come out as it "
			    "should",
			    save->source->path, save->pass.row + 1);
		if (unit == SOURCE_UNIT_END) {
			save->phase = COMMIT;
			return true;
		}
	}
	return true;
}
