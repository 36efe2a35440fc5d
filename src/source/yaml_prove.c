/* SPDX-License-Identifier: MIT */
/*
 * Whether a changed record comes out as it should, by reading only that.
 *
 * yaml_flat.c reads a list record by record, each by itself. So a record that
 * is changed can be tried by itself too: when the new text is one record that
 * ends where the old one did, no other record can tell the difference.
 */
#include <string.h>

#include "base/mem.h"
#include "source/input.h"
#include "source/source_pass.h"
#include "source/yaml_records.h"

/* The record's text with the edits; false when one lies outside of it. */
static bool
add_changed(
    struct yaml_records *yaml, const struct splice *splice, struct str *out)
{
	const struct input *input = yaml->input;
	const char *window = input->data;
	uint64_t at = yaml->flat.start, end = yaml->flat.at;

	for (size_t i = 0; i < splice->count; i++) {
		const struct splice_edit *edit = &splice->edits[i];

		if (edit->start < at || edit->end > end)
			return false;
		str_add_bytes(out, window + (at - input->offset),
		    (size_t)(edit->start - at));
		str_add_bytes(out, splice->text.data + edit->text, edit->len);
		at = edit->end;
	}
	str_add_bytes(out, window + (at - input->offset), (size_t)(end - at));
	/* what follows must begin a line, as it did */
	return !out->cut && out->len > 0 &&
	       (window[end - input->offset - 1] != '\n' ||
		   out->data[out->len - 1] == '\n');
}

/*
 * For each column of the record tried, the one of the old records that has the
 * name, or RECORDS_NONE. Both get more columns now and then.
 */
static const uint32_t *
pair_columns(struct yaml_flat *flat, const struct records *old,
    const struct records *new)
{
	uint32_t count = records_column_count(new);

	if (flat->pair_new == count &&
	    flat->pair_old == records_column_count(old))
		return flat->pairs;
	flat->pairs = mem_resize(flat->pairs, count, sizeof(*flat->pairs));
	for (uint32_t i = 0; i < count; i++)
		flat->pairs[i] = records_exact_column(
		    old, records_column_name(new, i));
	flat->pair_new = count;
	flat->pair_old = records_column_count(old);
	return flat->pairs;
}

/* The change of that column, or NULL. */
static const struct splice_cell *
find_change(const struct splice_job *job, const char *column)
{
	for (size_t i = 0; i < job->cell_count; i++)
		if (!job->cells[i].why[0] &&
		    strcmp(job->cells[i].column, column) == 0)
			return &job->cells[i];
	return NULL;
}

static bool
is_blank_text(const char *text)
{
	return !text || !*text;
}

/*
 * Each cell of the new record is as it should, and each old value and each
 * change was met on the way.
 */
static bool
compare(struct yaml_records *yaml, const struct records *new,
    const struct splice_job *job)
{
	const struct records *old = yaml->records;
	const uint32_t *pairs = pair_columns(&yaml->flat, old, new);
	uint32_t row = records_count(old) - 1, met = 0, values = 0;
	size_t changes = 0;

	for (uint32_t i = 0; i < records_column_count(new); i++) {
		const struct splice_cell *change = find_change(
		    job, records_column_name(new, i));
		const char *should = NULL;

		if (pairs[i] != RECORDS_NONE)
			should = records_cell(old, row, pairs[i]);
		met += !is_blank_text(should);
		if (change)
			should = change->text;
		changes += change != NULL;
		if (!source_same_text(records_cell(new, 0, i), should))
			return false;
	}
	for (uint32_t i = 0; i < records_column_count(old); i++)
		values += !is_blank_text(records_cell(old, row, i));
	for (size_t i = 0; i < job->cell_count; i++)
		changes += job->cells[i].why[0] != '\0';
	return met == values && changes == job->cell_count;
}

enum splice_proof
yaml_prove(
    void *reader, const struct splice_job *job, const struct splice *splice)
{
	struct yaml_records *yaml = reader;
	const struct records *new = NULL;
	struct str *text = &yaml->flat.changed;

	/* edits are places in the file, which here are those in the text */
	if (yaml->state != YAML_IN_FLAT_LIST ||
	    yaml->input->encoding != ENCODING_UTF8)
		return SPLICE_UNKNOWN;
	str_reset(text);
	if (add_changed(yaml, splice, text))
		new = yaml_flat_probe(yaml, text->data, text->len);
	return new &&compare(yaml, new, job) ? SPLICE_RIGHT : SPLICE_WRONG;
}
