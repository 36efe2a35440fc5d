/* SPDX-License-Identifier: MIT */
#include "command/history_file.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "book/book.h"
#include "book/config.h"
#include "sync/ledger.h"

enum { LINE_MAX_BYTES = 64 << 20 };

static const char status_header[] = "HealthSherpa Status";
static const char error_header[] = "HealthSherpa Error";

struct history_file {
	const struct book *book;
	struct file_writer *writer;
	struct str line;
	size_t count;
};

/* As a spreadsheet begins a formula, in ASCII and in full width. */
static bool
is_formula(const char *text)
{
	static const char *const wide[] = {
	    "\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0"};

	if (*text && strchr("=+-@\t\r", *text))
		return true;
	for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++)
		if (str_starts(text, wide[i]))
			return true;
	return false;
}

static void
add_field(struct str *line, const char *text)
{
	str_add(line, line->len ? ",\"" : "\"");
	if (text && is_formula(text))
		str_add_char(line, '\'');
	for (; text && *text; text++) {
		if (*text == '"')
			str_add_char(line, '"');
		str_add_char(line, *text);
	}
	str_add_char(line, '"');
}

static bool
end_line(struct history_file *file, struct err *err)
{
	bool good;

	str_add(&file->line, "\r\n");
	good = file_writer_add(
	    file->writer, file->line.data, file->line.len, err);
	str_reset(&file->line);
	return good;
}

/* Ours of an earlier such file are not copied, as they are put anew. */
static bool
is_copied(const char *name)
{
	return !str_equal_fold(name, status_header) &&
	       !str_equal_fold(name, error_header) &&
	       !str_equal_fold(name, CONFIG_RESULT_ID);
}

struct history_file *
history_file_new(const char *path, const struct book *book, struct err *err)
{
	const struct records *records = book_records(book);
	struct file_writer *writer = file_writer_open(path, err);
	struct history_file *file;

	if (!writer)
		return NULL;
	file = mem_zalloc(sizeof(*file));
	file->book = book;
	file->writer = writer;
	str_init(&file->line, LINE_MAX_BYTES);
	for (uint32_t i = 0; i < records_column_count(records); i++)
		if (is_copied(records_column_name(records, i)))
			add_field(&file->line, records_column_name(records, i));
	add_field(&file->line, CONFIG_RESULT_ID);
	add_field(&file->line, status_header);
	add_field(&file->line, error_header);
	if (end_line(file, err))
		return file;
	history_file_free(file);
	return NULL;
}

bool
history_file_add(struct history_file *file, uint32_t row,
    const struct ledger_run_row *what, struct err *err)
{
	const struct records *records = book_records(file->book);
	const char *id = book_result_id(file->book, row);

	for (uint32_t i = 0; i < records_column_count(records); i++)
		if (is_copied(records_column_name(records, i)))
			add_field(&file->line, book_cell(file->book, row, i));
	add_field(&file->line, id && *id ? id : what->healthsherpa_id);
	add_field(&file->line, what->status);
	add_field(&file->line, what->message);
	file->count++;
	return end_line(file, err);
}

bool
history_file_finish(struct history_file *file, struct err *err)
{
	struct file_writer *writer = file->writer;

	file->writer = NULL;
	history_file_free(file);
	return file_writer_create(writer, err);
}

void
history_file_free(struct history_file *file)
{
	if (!file)
		return;
	file_writer_abort(file->writer);
	str_release(&file->line);
	free(file);
}

size_t
history_file_count(const struct history_file *file)
{
	return file->count;
}
