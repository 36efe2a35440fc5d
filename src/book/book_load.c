/* SPDX-License-Identifier: MIT */
/*
 * Reading on: records come in slices, the mapping is bound as columns become
 * known, each new row goes into the index of IDs and Medicare numbers and
 * tells, if it can, in which order its dates are written. What needs all rows
 * is concluded at the end.
 */
#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "book/book_private.h"
#include "source/source.h"

enum { PROBLEMS_MAX = 16384, EXPECT_FROM = 1000, SERIALS_ENOUGH = 3 };
enum { SETTLE_A_ROW = 256 }; /* a row read costs as much as so many */

/* Where results go: a column that is there, or the name of a new one. */
static void
find_result_columns(struct book *book)
{
	const char *names[RESULT_COUNT] = {
	    [RESULT_ID] = book->config->result_healthsherpa_id,
	    [RESULT_QUOTE_URL] = book->config->result_quote_url,
	    [RESULT_SYNCED_AT] = book->config->result_synced_at,
	};
	const char *own = source_result_id(book->source);

	for (unsigned i = 0; i < RESULT_COUNT; i++) {
		const char *name = names[i];
		uint32_t column;

		book->result_columns[i] = RECORDS_NONE;
		free(book->result_names[i]);
		book->result_names[i] = NULL;
		if (!name)
			continue;
		if (own && strcmp(name, CONFIG_RESULT_ID) == 0)
			name = own;
		column = mapping_find_alike(book->records, name);
		if (column != RECORDS_NONE)
			name = records_column_name(book->records, column);
		book->result_columns[i] = column;
		book->result_names[i] = mem_strdup(name);
	}
}

/* A result must not replace what the mapping reads, nor another result. */
static bool
check_result_columns(const struct book *book, struct err *err)
{
	static const char *const keys[RESULT_COUNT] = {
	    [RESULT_ID] = "healthsherpa_id",
	    [RESULT_QUOTE_URL] = "quote_url",
	    [RESULT_SYNCED_AT] = "synced_at",
	};

	for (unsigned i = 0; i < RESULT_COUNT; i++) {
		const char *name = book->result_names[i];
		uint32_t column = book->result_columns[i];
		enum field reader = FIELD_COUNT;
		const char *why;

		if (!name)
			continue;
		why = source_refuses_column(book->source, name);
		if (why)
			return err_set(err, ERR_CONFIG,
			    "result_columns.%s: '%s': %s", keys[i], name, why);
		if (column != RECORDS_NONE)
			reader = mapping_reader(book->mapping, column);
		if (reader != FIELD_COUNT)
			return err_set(err, ERR_CONFIG,
			    "result_columns.%s: the column '%s' gives the %s, "
			    "which the result would replace; name another "
			    "column",
			    keys[i], name, field_table[reader].label);
		for (unsigned k = 0; k < i; k++)
			if (book->result_names[k] &&
			    str_equal_fold(book->result_names[k], name))
				return err_set(err, ERR_CONFIG,
				    "result_columns.%s: '%s' is the column of "
				    "%s already; name another column",
				    keys[i], name, keys[k]);
	}
	return true;
}

bool
book_bind_all(struct book *book, bool complete, struct str *problems)
{
	const char *path = book->config->path;
	struct err err = ERR_INIT;
	bool good;

	mapping_set_format(book->mapping, source_format_name(book->source));
	good = mapping_bind(book->mapping, book->records, complete, problems);

	book->bound_columns = records_column_count(book->records);
	find_result_columns(book);
	if (check_result_columns(book, &err))
		return good;
	str_addf(
	    problems, "%s%s%s\n", path ? path : "", path ? ": " : "", err.text);
	return false;
}

bool
book_bind(struct book *book, bool complete, struct err *err)
{
	struct str problems, line;
	bool good;

	str_init(&problems, PROBLEMS_MAX);
	good = book_bind_all(book, complete, &problems);
	if (!good) {
		/* an error is one line */
		str_init(&line, PROBLEMS_MAX);
		for (size_t i = 0; i + 1 < problems.len; i++)
			if (problems.data[i] == '\n')
				str_add(&line, "; ");
			else
				str_add_char(&line, problems.data[i]);
		err_set(err, ERR_CONFIG, "%s", line.data);
		str_release(&line);
	}
	str_release(&problems);
	return good;
}

static void
count_long_id(struct book *book, const char *id)
{
	bool rounded;

	book->long_ids += rules_long_id(id, &rounded);
	book->rounded_ids += rounded;
}

void
book_forget_signs(struct book *book)
{
	for (unsigned i = 0; i < FIELD_COUNT; i++)
		book->signs[i] = (struct book_signs){.column = RECORDS_NONE};
}

/* The rule's value stands in book->raw. */
static void
note_date(
    struct book *book, enum field field, const char *form, uint32_t column)
{
	struct book_signs *signs = &book->signs[field];
	enum date_sign sign = rules_date_sign(book->raw.data);
	bool pinned = false;

	if (signs->column == RECORDS_NONE)
		signs->column = column;
	if (form) {
		signs->form = form;
		pinned = sign < DATE_SIGN_SINCE_1900 ? rules_form_orders(form)
						     : rules_form_counts(form);
	}
	(pinned ? signs->pinned : signs->open)[sign]++;
}

static void
note_dates(struct book *book, uint32_t row)
{
	static const enum field fields[] = {
	    FIELD_BIRTH_DATE, FIELD_PART_A_DATE, FIELD_PART_B_DATE};

	for (unsigned i = 0; i < 3; i++) {
		const char *form;
		uint32_t column;

		if (mapping_has(book->mapping, fields[i]) &&
		    mapping_evaluate(book->mapping, fields[i], row,
			book_read_cell, book, &book->raw, &column, &form))
			note_date(book, fields[i], form, column);
	}
}

/* Sets `out` to the text with ASCII letters made small; whether it has any. */
static bool
fold_case(struct str *out, const char *text)
{
	bool letters = false;

	str_reset(out);
	str_add(out, text);
	for (char *c = out->data; *c; c++) {
		bool capital = *c >= 'A' && *c <= 'Z';

		*c = (char)(*c + (capital ? 'a' - 'A' : 0));
		letters = letters || (*c >= 'a' && *c <= 'z');
	}
	return letters;
}

static bool
evaluate_for_hint(struct book *book, enum field field, uint32_t row)
{
	const char *form;
	uint32_t column;

	return mapping_has(book->mapping, field) &&
	       mapping_evaluate(book->mapping, field, row, book_read_cell, book,
		   &book->raw, &column, &form);
}

/*
 * Appends a date as it stands, whatever order it has, so that 1/5/1950,
 * 01-05-1950 and 1950-01-05 are alike: its numbers without zeros in front, the
 * year first, and the letters of a month's name.
 */
static void
add_date_key(struct str *out, const char *text)
{
	char key[64], year[8] = "";
	size_t len = 0, digits;

	/* what follows is a time of day */
	for (; *text && *text != ':' && len + 9 < sizeof(key); text += digits) {
		digits = strspn(text, "0123456789");
		if (digits == 4) {
			memcpy(year, text, 4);
		} else if (digits > 0) {
			size_t zeros = strspn(text, "0");
			size_t some = digits - zeros;

			some = some < 8 ? some : 8;
			key[len++] = '/';
			memcpy(key + len, text + zeros, some);
			len += some;
		} else {
			if (!strchr(" /-.,", *text))
				key[len++] = (char)tolower(
				    (unsigned char)*text);
			digits = 1;
		}
	}
	str_add(out, year);
	str_add_bytes(out, key, len);
}

/* Only a key, for speed: those who look at a pair look twice. */
static void
index_couple(struct book *book, uint32_t row)
{
	uint32_t bits = UINT32_C(1) << FIELD_EMAIL | UINT32_C(1)
							 << FIELD_BIRTH_DATE;
	const char *key = NULL;

	if (!(book_left_out_bits(book, row) & bits) &&
	    evaluate_for_hint(book, FIELD_EMAIL, row) &&
	    strchr(book->raw.data, '@')) {
		fold_case(&book->key, book->raw.data);
		if (evaluate_for_hint(book, FIELD_BIRTH_DATE, row)) {
			add_date_key(&book->key, book->raw.data);
			key = book->key.data;
		}
	}
	alike_set(&book->couples, row, key);
}

/* Numbers alone are the same in capitals. */
static void
index_folded_id(struct book *book, uint32_t row, const char *id)
{
	bool letters = fold_case(&book->key, id) && !minted_is(id);

	alike_set(&book->folded_ids, row, letters ? book->key.data : NULL);
}

/* Rows that all say the same of a person cannot be told apart without an ID. */
static void
index_person(struct book *book, uint32_t row)
{
	char minted[MINTED_ID_SIZE];
	struct contact_view view = book_view(book, row, minted);

	person_see(&book->person, row, &view);
	person_whole(&book->person, &book->key);
	repeats_set(&book->persons, row, book->key.data);
}

/* The row's external_id is in book->clean. */
static void
index_row(struct book *book, uint32_t row)
{
	uint32_t left_out = book_left_out_bits(book, row);

	repeats_set(&book->ids, row, book->clean.data);
	index_folded_id(book, row, book->clean.data);
	if (book_mints(book) &&
	    (book->clean.len == 0 || minted_is(book->clean.data)))
		index_person(book, row);
	else if (book_mints(book))
		repeats_set(&book->persons, row, NULL);
	if (left_out >> FIELD_MEDICARE_NUMBER & 1 ||
	    mapping_never_sent(book->mapping, FIELD_MEDICARE_NUMBER))
		str_reset(&book->clean);
	else
		book_clean_field(book, FIELD_MEDICARE_NUMBER, row,
		    book_read_cell, &book->clean);
	repeats_set(&book->numbers, row, book->clean.data);
	index_couple(book, row);
}

void
book_index_row(struct book *book, uint32_t row)
{
	book_clean_field(
	    book, FIELD_EXTERNAL_ID, row, book_read_cell, &book->clean);
	index_row(book, row);
}

/* By the size of those read so far, once they outweigh what is read ahead.
 * Room is made for one index at a time; true when that was work enough. */
static bool
expect_rows(struct book *book, uint32_t count)
{
	uint64_t read, total, rows;

	source_bytes(book->source, &read, &total);
	if (count < EXPECT_FROM || total <= read)
		return false;
	rows = total / (read / count + 1) * 9 / 8;
	if (rows > RECORDS_ROWS_MAX)
		rows = RECORDS_ROWS_MAX;
	return repeats_expect(&book->ids, (size_t)rows) ||
	       repeats_expect(&book->numbers, (size_t)rows) ||
	       alike_expect(&book->folded_ids, (size_t)rows) ||
	       alike_expect(&book->couples, (size_t)rows) ||
	       repeats_expect(&book->persons, (size_t)rows) ||
	       repeats_expect(&book->keys, (size_t)rows);
}

bool
book_index_more(struct book *book, uint32_t rows)
{
	uint32_t count = records_count(book->records);

	if (expect_rows(book, count))
		return true;
	for (; book->indexed < count && rows > 0; rows--, book->indexed++) {
		uint32_t row = book->indexed;

		book_clean_field(
		    book, FIELD_EXTERNAL_ID, row, book_read_cell, &book->clean);
		count_long_id(book, book->clean.data);
		index_row(book, row);
		book_index_key(book, row, book->edits.count == 0);
		note_dates(book, row);
	}
	return book->indexed < count;
}

/* A record of keys can be given a field that no record has yet. */
static void
add_field_columns(struct book *book)
{
	for (unsigned i = 0; i < FIELD_COUNT; i++) {
		const char *name = mapping_place(book->mapping, (enum field)i);

		/* what is no value of the contact is asked for, or it is not
		 * there */
		if ((field_table[i].flags & FIELD_BESIDE) &&
		    !config_agent_by_contact(book->config))
			continue;
		if (name && field_table[i].kind != FIELD_KIND_LIST &&
		    mapping_find_alike(book->records, name) == RECORDS_NONE)
			source_add_column(book->source, name);
	}
}

/* Part A and Part B begin on the first of a month: dates that never do, but
 * all would if days were counted from 1904, are. */
static bool
counts_from_1904(const struct book *book, enum field field)
{
	const uint32_t *open = book->signs[field].open;

	return open[DATE_SIGN_SINCE_1904] >= SERIALS_ENOUGH &&
	       open[DATE_SIGN_SINCE_1900] == 0 && open[DATE_SIGN_NUMBER] == 0;
}

static void
conclude(struct book *book)
{
	for (unsigned i = 0; i < FIELD_COUNT; i++)
		book->orders[i] = rules_date_order(
		    book->signs[i].open[DATE_SIGN_MONTH_FIRST],
		    book->signs[i].open[DATE_SIGN_DAY_FIRST]);
	book->doubtful_serials = counts_from_1904(book, FIELD_PART_A_DATE) ||
				 counts_from_1904(book, FIELD_PART_B_DATE);
	book->keys_outdated = book->orders[FIELD_BIRTH_DATE] !=
				  DATE_MONTH_FIRST ||
			      book->doubtful_serials;
	book->loaded = true;
	book->revision++;
}

/* What all rows tell only together, in parts when it is read in parts; true
 * when it is known. */
static bool
settle(struct book *book, uint32_t rows)
{
	size_t some = (size_t)rows * SETTLE_A_ROW;

	return alike_settle(&book->folded_ids, some) &&
	       alike_settle(&book->couples, some);
}

/* What does not fit is told once; then it is only looked at. */
static bool
bind_or_look(struct book *book, bool complete, struct err *err)
{
	struct err told = ERR_INIT;

	if (book_bind(book, complete, book->unfit ? &told : err) || book->unfit)
		return true;
	book->broken = book->unfit = true;
	return false;
}

enum source_progress
book_load(struct book *book, uint32_t rows, struct err *err)
{
	enum source_progress progress;
	bool header;

	if (book->loaded)
		return SOURCE_DONE;
	if (book->broken && !book->unfit) {
		err_set(err, ERR_DATA, "the file was not read to its end");
		return SOURCE_FAILED;
	}
	progress = source_load(book->source, rows, err);
	if (progress == SOURCE_FAILED) {
		/* what was read may be looked at */
		struct err ignored = ERR_INIT;

		book_bind(book, false, &ignored);
		while (book_index_more(book, UINT32_MAX))
			;
		book->broken = true;
		book->unfit = false; /* no mapping mends that */
		return progress;
	}
	/* a header names all columns at once, keys come as they come */
	header = source_has_header(book->source);
	if ((progress == SOURCE_DONE ||
		records_column_count(book->records) != book->bound_columns) &&
	    !bind_or_look(book, header || progress == SOURCE_DONE, err))
		return SOURCE_FAILED;
	/* a second time after book_remap(), when there may be ours as well */
	if (progress == SOURCE_DONE && book->file_columns == 0)
		book->file_columns = records_column_count(book->records);
	if (progress == SOURCE_DONE && !header && !book->config->mapping &&
	    !book->remapped) {
		struct err ignored = ERR_INIT;

		add_field_columns(book);
		book_bind(book, false, &ignored);
	}
	/* after book_remap() there is more to index than was just read */
	if (book_index_more(book, rows))
		return SOURCE_MORE;
	if (progress != SOURCE_DONE || book->unfit)
		return progress;
	if (!settle(book, rows))
		return SOURCE_MORE;
	conclude(book);
	return SOURCE_DONE;
}

bool
book_load_all(struct book *book, struct err *err)
{
	enum source_progress progress;

	do
		progress = book_load(book, RECORDS_ROWS_MAX, err);
	while (progress == SOURCE_MORE);
	return progress == SOURCE_DONE;
}

bool
book_survey(struct book *book, struct err *err)
{
	enum source_progress progress;

	assert(!book_mints(book));
	do {
		progress = book_load(book, RECORDS_ROWS_MAX, err);
		source_forget(book->source);
	} while (progress == SOURCE_MORE);
	book->surveyed = true;
	return progress == SOURCE_DONE;
}

bool
book_reach(struct book *book, uint32_t row, struct err *err)
{
	if (!book->surveyed || (book->again && book->again_row == row))
		return true;
	book->again = NULL;
	if (!source_again(book->source, row, &book->again, err)) {
		book->broken = true;
		return false;
	}
	book->again_row = row;
	return true;
}
