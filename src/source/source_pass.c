/* SPDX-License-Identifier: MIT */
/* Each record makes room for the next, so memory stays that of one. */
#include "source/source_pass.h"

#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "source/records.h"

bool
source_pass_start(struct source_pass *pass, const struct source_format *format,
    int fd, const char *name, struct err *err)
{
	if (fd < 0 || lseek(fd, 0, SEEK_SET) < 0)
		return err_errno(err, ERR_IO, "%s: cannot be read", name);
	*pass = (struct source_pass){.format = format};
	input_init(&pass->input, fd, false, 0);
	pass->records = records_new();
	pass->reader = format->start(&pass->input, pass->records, name);
	return true;
}

void
source_pass_follow(struct source_pass *pass, const void *leader)
{
	if (pass->format->follow)
		pass->format->follow(pass->reader, leader);
}

enum source_unit
source_pass_next(struct source_pass *pass, struct err *err)
{
	enum source_unit unit;

	if (records_count(pass->records) > 0)
		records_drop_last(pass->records);
	unit = pass->format->next(pass->reader, err);
	if (unit == SOURCE_UNIT_RECORD)
		pass->row = pass->count++;
	return unit;
}

enum source_unit
source_pass_record(struct source_pass *pass, struct err *err)
{
	enum source_unit unit;

	do
		unit = source_pass_next(pass, err);
	while (unit == SOURCE_UNIT_HEADER);
	return unit;
}

void
source_pass_stop(struct source_pass *pass)
{
	if (!pass->format)
		return;
	pass->format->end(pass->reader);
	input_release(&pass->input);
	records_free(pass->records);
	*pass = (struct source_pass){0};
}

const char *
source_pass_cell(
    const struct source_pass *pass, const char *column, uint32_t *guess)
{
	const struct records *records = pass->records;

	if (*guess >= records_column_count(records) ||
	    strcmp(records_column_name(records, *guess), column) != 0)
		*guess = pass->format->header
			     ? records_find_column(records, column)
			     : records_exact_column(records, column);
	return *guess == RECORDS_NONE ? NULL : records_cell(records, 0, *guess);
}

bool
source_same_text(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "") == 0;
}
