/* SPDX-License-Identifier: MIT */
/*
 * Opening and reading a source. Which format it is, its name tells, or else
 * its first bytes.
 * Hazard: a file written within the last two seconds can change again without
 * its times telling, so such a one is summed up while it is read.
 */
#include "source/source.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "source/source_private.h"

enum { HEAD = 4096, SLICE = 1 << 20, AGAIN_CHECKS = 4096 };

static const struct source_format *const formats[] = {
    &json_format, &json_lines_format, &vcard_format, &yaml_format, &csv_format};

enum { FORMATS = sizeof(formats) / sizeof(formats[0]) };

/* Some CRMs call that .xls. */
#define WEB_PAGE                                                               \
	"this is a web page or XML, no table; export the contacts as CSV, or " \
	"open it in Excel and choose Save As, 'CSV UTF-8'"

/* Files that are no table, and what to do about them. */
static const struct {
	const char *magic;
	size_t len;
	const char *advice;
} foreign[] = {
    {"PK\3\4", 4,
	"this is an Excel workbook (XLSX) or a ZIP file; in Excel choose Save "
	"As, 'CSV UTF-8', and open that; unpack a ZIP first"},
    {"\xD0\xCF\x11\xE0", 4,
	"this is an old Excel workbook (XLS); in Excel choose Save As, 'CSV "
	"UTF-8', and open that"},
    {"<html", 5, WEB_PAGE},
    {"<HTML", 5, WEB_PAGE},
    {"<table", 6, WEB_PAGE},
    {"<!DOCTYPE", 8, WEB_PAGE},
    {"<?xml", 5, WEB_PAGE},
    {"%PDF", 4, "this is a PDF; export the contacts as CSV"},
    {"\x1F\x8B", 2, "this is a compressed file; unpack it first"},
};

static bool
check_foreign(const struct source *source, struct err *err)
{
	const struct input *input = &source->input;

	for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++)
		if (input->first_len >= foreign[i].len &&
		    memcmp(input->first, foreign[i].magic, foreign[i].len) == 0)
			return err_set(err, ERR_DATA, "%s: %s", source->path,
			    foreign[i].advice);
	return true;
}

static bool
name_ends(const char *path, const char *ending)
{
	size_t path_len = strlen(path), len = strlen(ending);

	return path_len > len && str_equal_fold(path + path_len - len, ending);
}

static const struct source_format *
recognise(const struct source *source)
{
	const struct input *input = &source->input;
	size_t len = input->len < HEAD ? input->len : HEAD;

	for (size_t i = 0; i < FORMATS; i++)
		if (formats[i]->unmistakable &&
		    formats[i]->looks_like(input->data, len))
			return formats[i];
	for (size_t i = 0; i < FORMATS; i++)
		for (const char *const *ending = formats[i]->endings; *ending;
		     ending++)
			if (name_ends(source->path, *ending))
				return formats[i];
	for (size_t i = 0; i < FORMATS; i++)
		if (formats[i]->looks_like(input->data, len))
			return formats[i];
	return NULL;
}

static bool
open_file(struct source *source, struct err *err)
{
	struct file_identity *identity = &source->identity;
	int fd;

	if (strcmp(source->path, "-") == 0) {
		source->is_stdin = true;
		source->real = mem_strdup("-");
		input_init(&source->input, STDIN_FILENO, false, 0);
		return true;
	}
	fd = file_open_regular(source->path, identity, err);
	if (fd < 0)
		return false;
	input_init(&source->input, fd, true, 0);
	source->real = file_real(source->path, err);
	if (!source->real)
		return false;
	source->total = (uint64_t)identity->size;
	if (source_is_racy(identity))
		input_start_digest(&source->input);
	return true;
}

struct source *
source_open(const char *path, struct err *err)
{
	struct source *source = mem_zalloc(sizeof(*source));

	source->path = mem_strdup(path);
	source->records = records_new();
	source->input.fd = -1;
	if (!open_file(source, err) || !input_fill(&source->input, HEAD, err) ||
	    !check_foreign(source, err))
		goto fail;
	source->format = recognise(source);
	if (!source->format) {
		err_set(err, ERR_DATA,
		    "%s: neither CSV, JSON, YAML nor vCard by name or "
		    "content; export the contacts as CSV",
		    path);
		goto fail;
	}
	source->reader = source->format->start(
	    &source->input, source->records, source->path);
	return source;
fail:
	source_free(source);
	return NULL;
}

void
source_free(struct source *source)
{
	if (!source)
		return;
	source_pass_stop(&source->again);
	if (source->format && source->reader)
		source->format->end(source->reader);
	input_release(&source->input);
	records_free(source->records);
	for (size_t i = 0; i < source->extra_count; i++)
		free(source->extra[i]);
	free(source->extra);
	free(source->real);
	free(source->path);
	free(source);
}

static bool
fail_changed(const struct source *source, struct err *err)
{
	return err_set(err, ERR_IO,
	    "%s: the file changed while it was read; open it again",
	    source->path);
}

/* What was read is worth nothing when the file changed under it. */
static bool
check_unchanged(struct source *source, struct err *err)
{
	struct file_identity now;

	if (source->is_stdin || (file_identify(source->input.fd, &now) &&
				    now.size == source->identity.size &&
				    now.mtime_ns == source->identity.mtime_ns))
		return true;
	return fail_changed(source, err);
}

static bool
finish(struct source *source, struct err *err)
{
	if (!check_unchanged(source, err))
		return false;
	if (source->input.digesting) {
		input_end_digest(&source->input, source->identity.digest);
		source->identity.has_digest = true;
	}
	return true;
}

enum source_progress
source_load(struct source *source, uint32_t rows, struct err *err)
{
	uint64_t until = input_position(&source->input) + SLICE;

	if (source->loaded)
		return SOURCE_DONE;
	/* one that grows and grows would never end */
	if (!check_unchanged(source, err))
		return SOURCE_FAILED;
	while (rows > 0 && input_position(&source->input) < until) {
		switch (source->format->next(source->reader, err)) {
		case SOURCE_UNIT_HEADER: break;
		case SOURCE_UNIT_RECORD: rows--; break;
		case SOURCE_UNIT_FAILED:
			/* a file cut off meanwhile looks like a bad one */
			check_unchanged(source, err);
			return SOURCE_FAILED;
		case SOURCE_UNIT_END:
			if (!finish(source, err))
				return SOURCE_FAILED;
			source->loaded = true;
			source->file_columns = records_column_count(
			    source->records);
			return SOURCE_DONE;
		}
	}
	return SOURCE_MORE;
}

const struct records *
source_records(const struct source *source)
{
	return source->records;
}

void
source_forget(struct source *source)
{
	records_forget(source->records);
}

/* The file is looked at now and then, and behind its last row. */
static bool
read_again(struct source *source, struct err *err)
{
	struct source_pass *pass = &source->again;
	enum source_unit unit = source_pass_record(pass, err);

	if (unit == SOURCE_UNIT_END)
		return fail_changed(source, err);
	if ((unit == SOURCE_UNIT_FAILED || pass->count % AGAIN_CHECKS == 0 ||
		pass->count == records_count(source->records)) &&
	    !check_unchanged(source, err))
		return false;
	return unit == SOURCE_UNIT_RECORD;
}

bool
source_again(struct source *source, uint32_t row,
    const struct records **records, struct err *err)
{
	struct source_pass *pass = &source->again;

	assert(source->loaded && !source->is_stdin);
	assert(row < records_count(source->records));
	if (!pass->format || pass->count > row + 1) {
		source_pass_stop(pass);
		if (!source_pass_start(pass, source->format, source->input.fd,
			source->path, err))
			return false;
	}
	while (pass->count <= row)
		if (!read_again(source, err))
			return false;
	*records = pass->records;
	return true;
}

uint32_t
source_add_column(struct source *source, const char *name)
{
	struct err full = ERR_INIT;
	uint32_t column = records_find_column(source->records, name);

	if (column != RECORDS_NONE || source->format->header ||
	    !source->loaded || source_refuses_column(source, name))
		return column;
	if (!records_add_column(
		source->records, name, strlen(name), &column, &full))
		return RECORDS_NONE;
	return column;
}

const char *
source_refuses_column(const struct source *source, const char *name)
{
	return source->format->refuse_column
		   ? source->format->refuse_column(name)
		   : NULL;
}

const char *
source_path(const struct source *source)
{
	return source->path;
}

const char *
source_real_path(const struct source *source)
{
	return source->real;
}

bool
source_has_header(const struct source *source)
{
	return source->format->header;
}

const char *
source_format_name(const struct source *source)
{
	return source->format->name;
}

const char *
source_result_id(const struct source *source)
{
	return source->format->result_id;
}

void
source_bytes(const struct source *source, uint64_t *read, uint64_t *total)
{
	*read = input_position(&source->input);
	*total = source->total;
	if (*total > 0 && *read > *total) /* some of it twice */
		*read = *total;
}

bool
source_writable(const struct source *source, struct err *why)
{
	if (source->is_stdin)
		return err_set(why, ERR_CREATE,
		    "standard input cannot be written; name a file");
	if (!source->format->splice)
		return err_set(why, ERR_CREATE,
		    "%s: results cannot be put into a %s file", source->path,
		    source->format->name);
	if (source->input.encoding != ENCODING_UTF8 &&
	    !source->format->any_encoding)
		return err_set(why, ERR_CREATE,
		    "%s: the file is %s, and results are put into a %s file "
		    "only when it is UTF-8; save it as UTF-8 and open it again",
		    source->path, encoding_name(source->input.encoding),
		    source->format->name);
	return file_replaceable(source->real, why);
}

bool
source_moved(const struct source *source)
{
	return source->moved;
}

void
source_notes(const struct source *source, struct str *out)
{
	if (source->input.encoding == ENCODING_WINDOWS_1252)
		str_add(out,
		    "the file is no UTF-8, so it was read as Windows-1252; "
		    "look whether accented letters are right\n");
	if (source->format->notes)
		source->format->notes(source->reader, out);
}

/* Asked again and again, so equal times are believed; a save is stricter. */
bool
source_changed_outside(const struct source *source)
{
	const struct file_identity *known = &source->identity;
	struct file_identity now;
	struct err ignored = ERR_INIT;
	int fd;

	if (source->is_stdin)
		return false;
	fd = file_open_regular(source->real, &now, &ignored);
	if (fd < 0)
		return true;
	close(fd);
	if (now.device == known->device && now.inode == known->inode &&
	    now.size == known->size && now.mtime_ns == known->mtime_ns &&
	    now.ctime_ns == known->ctime_ns)
		return false;
	return !file_unchanged(source->real, known);
}
