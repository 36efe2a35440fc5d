/* SPDX-License-Identifier: MIT */
/*
 * A book: opening it, its cells, its rows as contacts. book_load.c reads and
 * indexes, book_edit.c edits, book_save.c puts everything into the file.
 *
 * Nothing is kept per row but the index of IDs and Medicare numbers: a
 * contact is made when somebody looks at it.
 */
#include "book/book.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "book/book_private.h"
#include "source/source.h"

enum { CELL_MAX = 1 << 18, MINUTE_MS = 60000 };

struct mapping *
book_mapping_for(const struct config *config, const struct source *source)
{
	struct mapping *builtin;

	if (config->mapping)
		return mapping_clone(config->mapping);
	builtin = mapping_builtin(source_format_name(source));
	/* a header could have named an ID, so its columns must say that there
	 * is none; records of keys just have it or not */
	return builtin ? builtin : mapping_identity(!source_has_header(source));
}

struct book *
book_open(const struct config *config, const char *path,
    const struct clock *clock, struct err *err)
{
	struct book *book;
	struct source *source;

	if (!path)
		path = config->contacts;
	if (!path) {
		err_set(err, ERR_CONFIG,
		    "no file of contacts is named: give one, or set contacts "
		    "in the config");
		return NULL;
	}
	source = source_open(path, err);
	if (!source)
		return NULL;
	book = mem_zalloc(sizeof(*book));
	book->config = config;
	book->clock = clock;
	book->source = source;
	book->records = source_records(source);
	book->mapping = book_mapping_for(config, source);
	book->today_minute = INT64_MIN;
	book_forget_signs(book);
	repeats_init(&book->ids);
	repeats_init(&book->numbers);
	repeats_init(&book->persons);
	repeats_init(&book->keys);
	alike_init(&book->folded_ids);
	alike_init(&book->couples);
	person_init(&book->person);
	overlay_init(&book->edits);
	overlay_init(&book->results);
	for (unsigned i = 0; i < RESULT_COUNT; i++)
		book->result_columns[i] = RECORDS_NONE;
	str_init(&book->raw, CELL_MAX);
	str_init(&book->clean, CELL_MAX);
	str_init(&book->id, CELL_MAX);
	str_init(&book->key, 4 * CELL_MAX);
	str_init(&book->trimmed, CELL_MAX);
	str_init(&book->folded, 4 * CELL_MAX);
	return book;
}

void
book_name_statuses(struct book *book, const char *(*word)(unsigned number))
{
	book->status_word = word;
}

void
book_free(struct book *book)
{
	if (!book)
		return;
	book_save_abort(book);
	for (size_t i = 0; i < book->step_count; i++) {
		free(book->steps[i].before);
		free(book->steps[i].after);
	}
	free(book->steps);
	for (unsigned i = 0; i < RESULT_COUNT; i++)
		free(book->result_names[i]);
	overlay_release(&book->edits);
	overlay_release(&book->results);
	repeats_release(&book->ids);
	repeats_release(&book->numbers);
	repeats_release(&book->persons);
	repeats_release(&book->keys);
	alike_release(&book->folded_ids);
	alike_release(&book->couples);
	minted_release(&book->minted);
	person_release(&book->person);
	str_release(&book->raw);
	str_release(&book->clean);
	str_release(&book->id);
	str_release(&book->key);
	str_release(&book->trimmed);
	str_release(&book->folded);
	mapping_free(book->mapping);
	source_free(book->source);
	free(book);
}

bool
book_loaded(const struct book *book)
{
	return book->loaded;
}

bool
book_broken(const struct book *book)
{
	return book->broken;
}

bool
book_unfit(const struct book *book)
{
	return book->unfit;
}

uint32_t
book_count(const struct book *book)
{
	return records_count(book->records);
}

const struct source *
book_source(const struct book *book)
{
	return book->source;
}

const struct records *
book_records(const struct book *book)
{
	return book->records;
}

const struct config *
book_config(const struct book *book)
{
	return book->config;
}

const struct mapping *
book_mapping(const struct book *book)
{
	return book->mapping;
}

/* ---- cells
 * ------------------------------------------------------------------------ */

static const struct overlay_cell *
find_changed(const struct book *book, uint32_t row, uint32_t column)
{
	if (book->results.count > 0)
		for (unsigned i = 0; i < RESULT_COUNT; i++)
			if (book->result_columns[i] == column)
				return overlay_find(&book->results, row, i);
	return overlay_find(&book->edits, row, column);
}

const char *
book_cell(const struct book *book, uint32_t row, uint32_t column)
{
	const struct overlay_cell *cell = find_changed(book, row, column);

	return cell ? cell->now : book_raw_cell(book, row, column);
}

uint32_t
book_line(const struct book *book, uint32_t row)
{
	return book->surveyed ? records_line(book->again, 0)
			      : records_line(book->records, row);
}

const char *
book_read_cell(void *context, uint32_t row, uint32_t column)
{
	return book_cell(context, row, column);
}

const char *
book_read_file_cell(void *context, uint32_t row, uint32_t column)
{
	const struct book *book = context;
	const struct overlay_cell *cell = find_changed(book, row, column);

	return cell ? cell->file : book_raw_cell(book, row, column);
}

bool
book_is_from_file(const struct book *book, uint32_t column)
{
	return column < book->file_columns;
}

bool
book_is_result(const struct book *book, uint32_t column)
{
	for (unsigned i = 0; i < RESULT_COUNT; i++)
		if (book->result_columns[i] == column)
			return true;
	return false;
}

const char *
book_result_id(const struct book *book, uint32_t row)
{
	const struct overlay_cell *cell = overlay_find(
	    &book->results, row, RESULT_ID);
	const char *id = cell ? cell->now : NULL;

	if (!cell && book->result_columns[RESULT_ID] != RECORDS_NONE)
		id = book_raw_cell(book, row, book->result_columns[RESULT_ID]);
	return str_blank(id) ? NULL : id;
}

/* ---- contacts
 * ---------------------------------------------------------------------- */

/* The day changes while the desk is open, but not for each row. */
struct date
book_today(struct book *book)
{
	int64_t minute = clock_wall(book->clock) / MINUTE_MS;

	if (minute != book->today_minute) {
		book->today = date_today(book->clock);
		book->today_minute = minute;
	}
	return book->today;
}

struct contact_view
book_view(struct book *book, uint32_t row, char minted[MINTED_ID_SIZE])
{
	return (struct contact_view){
	    .mapping = book->mapping,
	    .cell = book_read_cell,
	    .context = book,
	    .today = book_today(book),
	    .orders = book->orders,
	    .doubtful_serials = book->doubtful_serials,
	    .left_out = book_left_out_bits(book, row),
	    .hold_warnings = book->config->hold_warnings,
	    .needs_agent = !book->config->agent_email &&
			   config_agent_by_contact(book->config),
	    .minted = minted_get(&book->minted, row, minted) ? minted : NULL,
	};
}

static void
add_repeat(struct contact *contact, enum field field, enum finding_code code,
    const struct repeats *repeats)
{
	const char *value = contact->fields[field].value;
	uint32_t other;

	if (!value)
		return;
	other = repeats_other(repeats, contact->row, value);
	if (other != REPEATS_NONE)
		contact_add(contact, code, field, "row %u has the same %s",
		    other + 1, field_table[field].label);
}

/* Rows that HealthSherpa has under two IDs are two persons all the same. */
static void
add_person_repeat(struct book *book, struct contact *contact)
{
	const char *id = book_result_id(book, contact->row), *other_id;
	uint32_t other = repeats_same(&book->persons, contact->row);
	char ours[128];

	if (other == REPEATS_NONE)
		return;
	str_copy(ours, sizeof(ours), id ? id : "");
	other_id = book_result_id(book, other);
	if (!*ours || !other_id || strcmp(ours, other_id) == 0)
		contact_add(contact, FINDING_PERSON_REPEATED, FIELD_COUNT,
		    "row %u has no ID either and says the same of the person",
		    other + 1);
}

/* A warning about what only the book knows blocks if all warnings do. */
static void
hold(const struct book *book, struct contact *contact, struct finding *finding)
{
	if (!book->config->hold_warnings)
		return;
	finding->severity = SEVERITY_ERROR;
	contact->blocked = true;
}

static void
add_id_case(struct book *book, struct contact *contact)
{
	uint32_t other = alike_other(&book->folded_ids, contact->row);

	/* the very same ID is an error already */
	if (other != ALIKE_NONE &&
	    !repeats_equal(&book->ids, contact->row, other))
		hold(book, contact,
		    contact_add(contact, FINDING_ID_CASE, FIELD_EXTERNAL_ID,
			"row %u has the same ID but for capital and small "
			"letters",
			other + 1));
}

static bool
same_as(struct book *book, const struct contact *contact, enum field field,
    uint32_t row)
{
	const char *value = contact->fields[field].value;

	if (!value || book->surveyed)
		return value != NULL;
	book_clean_field(book, field, row, book_read_cell, &book->clean);
	return str_equal_fold(value, book->clean.data);
}

static void
add_couple(struct book *book, struct contact *contact)
{
	uint32_t other = alike_other(&book->couples, contact->row);

	if (other != ALIKE_NONE &&
	    same_as(book, contact, FIELD_BIRTH_DATE, other) &&
	    same_as(book, contact, FIELD_EMAIL, other))
		hold(book, contact,
		    contact_add(contact, FINDING_PERSON_ALIKE, FIELD_EMAIL,
			"row %u has the same e-mail address and birth date",
			other + 1));
}

/* One such ID is chance; more than half of them are not. */
static void
add_cut_id(struct book *book, struct contact *contact)
{
	const char *id = contact->fields[FIELD_EXTERNAL_ID].value;
	bool rounded;

	if (id && rules_long_id(id, &rounded) && rounded &&
	    rules_ids_cut(book->rounded_ids, book->long_ids) &&
	    mapping_invalid(book->mapping, FIELD_EXTERNAL_ID) != INVALID_SEND)
		contact_add(contact, FINDING_ID_DAMAGED, FIELD_EXTERNAL_ID,
		    "the last digits of the IDs in this file are all zeros: a "
		    "spreadsheet has cut them");
}

/* What is wrong with a row can only be seen beside the others. */
static void
add_book_findings(struct book *book, struct contact *contact)
{
	const char *problem = book->surveyed ? records_problem(book->again, 0)
					     : records_problem(
						   book->records, contact->row);

	if (problem)
		contact_add(contact, FINDING_ROW_SHAPE, FIELD_COUNT,
		    "line %u of the file: %s", book_line(book, contact->row),
		    problem);
	add_repeat(contact, FIELD_EXTERNAL_ID, FINDING_ID_REPEATED, &book->ids);
	add_repeat(contact, FIELD_MEDICARE_NUMBER, FINDING_MBI_REPEATED,
	    &book->numbers);
	add_person_repeat(book, contact);
	add_cut_id(book, contact);
	add_id_case(book, contact);
	add_couple(book, contact);
}

void
book_contact(struct book *book, uint32_t row, struct contact *contact)
{
	char minted[MINTED_ID_SIZE];
	struct contact_view view = book_view(book, row, minted);

	contact_make(contact, row, &view);
	add_book_findings(book, contact);
}

struct typing {
	struct book *book;
	uint32_t row, column;
	const char *text;
};

static const char *
read_typed_cell(void *context, uint32_t row, uint32_t column)
{
	const struct typing *typing = context;

	return row == typing->row && column == typing->column
		   ? typing->text
		   : book_cell(typing->book, row, column);
}

void
book_contact_with(struct book *book, uint32_t row, uint32_t column,
    const char *text, struct contact *contact)
{
	struct typing typing = {book, row, column, text};
	char minted[MINTED_ID_SIZE];
	struct contact_view view = book_view(book, row, minted);

	view.cell = read_typed_cell;
	view.context = &typing;
	contact_make(contact, row, &view);
	add_book_findings(book, contact);
}

/* ---- IDs
 * -----------------------------------------------------------------------------
 */

/* False when something is wrong with it. */
static bool
clean_field(struct book *book, enum field field, uint32_t row,
    mapping_cell cell, struct str *out)
{
	struct finding items[4];
	struct findings findings = {items, 0, 4};
	struct rules_input input = {
	    .field = field,
	    .order = book->orders[field],
	    .doubtful_serials = book->doubtful_serials,
	};
	char state[8] = "";
	uint32_t column;

	/* a ZIP's lost zeros are put back only when the state is known */
	if (field == FIELD_ZIP && mapping_has(book->mapping, FIELD_STATE)) {
		clean_field(book, FIELD_STATE, row, cell, out);
		str_copy(state, sizeof(state), out->data);
		input.state = *state ? state : NULL;
	}
	str_reset(out);
	str_reset(&book->raw);
	if (!mapping_has(book->mapping, field) ||
	    !mapping_evaluate(book->mapping, field, row, cell, book, &book->raw,
		&column, &input.date_form))
		return true;
	if (field_table[field].kind == FIELD_KIND_DATE)
		input.today = book_today(book);
	input.raw = book->raw.data;
	rules_clean(&input, out, &findings);
	return findings.count == 0;
}

void
book_clean_field(struct book *book, enum field field, uint32_t row,
    mapping_cell cell, struct str *out)
{
	char minted[MINTED_ID_SIZE];

	if (clean_field(book, field, row, cell, out) && out->len == 0 &&
	    field == FIELD_EXTERNAL_ID && cell == book_read_cell &&
	    minted_get(&book->minted, row, minted))
		str_add(out, minted);
}

const char *
book_plain_name(const struct book *book, uint32_t row, enum field field)
{
	uint32_t column = mapping_plain_column(book->mapping, field);
	const char *text = column == UINT32_MAX ? NULL
						: book_cell(book, row, column);

	assert(field_table[field].kind == FIELD_KIND_NAME);
	if (!text || !*text)
		return NULL;
	for (const char *at = text; *at; at++) {
		unsigned char letter = (unsigned char)*at | 0x20;

		if (!(letter >= 'a' && letter <= 'z') &&
		    !(*at >= '0' && *at <= '9'))
			return NULL;
	}
	return text;
}

const char *
book_field(struct book *book, uint32_t row, enum field field, const char **raw)
{
	book_clean_field(book, field, row, book_read_cell, &book->clean);
	if (raw)
		*raw = book->raw.data;
	return book->clean.data;
}

bool
book_mints(const struct book *book)
{
	return mapping_mints(book->mapping);
}

bool
book_needs_id(struct book *book, uint32_t row)
{
	return book_mints(book) &&
	       clean_field(book, FIELD_EXTERNAL_ID, row, book_read_cell,
		   &book->clean) &&
	       book->clean.len == 0 && !book_external_id(book, row);
}

void
book_notes(struct book *book, struct str *out)
{
	static const char *const taken_for_one[] = {"id", "contact_id"};
	const char *field = field_table[FIELD_EXTERNAL_ID].name;

	source_notes(book->source, out);
	/* the column may stand there empty, for an ID to be typed */
	if (!mapping_is_identity(book->mapping) || book_count(book) == 0 ||
	    !book_needs_id(book, 0))
		return;
	for (size_t i = 0; i < 2; i++) {
		uint32_t column = mapping_find_alike(
		    book->records, taken_for_one[i]);

		if (column == RECORDS_NONE)
			continue;
		str_addf(out,
		    "\"%s\" is not read as the contacts' ID, so belay gives "
		    "them IDs of its own: name it %s, or see belay init\n",
		    records_column_name(book->records, column), field);
		return;
	}
}

void
book_attach_id(struct book *book, uint32_t row, const char *id)
{
	minted_set(&book->minted, row, id);
	book_index_row(book, row);
	book->revision++;
}

bool
book_has_minted(const struct book *book, uint32_t row)
{
	char id[MINTED_ID_SIZE];

	return minted_get(&book->minted, row, id);
}

void
book_detach_ids(struct book *book)
{
	for (uint32_t row = 0; row < book_count(book); row++)
		if (book_has_minted(book, row))
			book_attach_id(book, row, NULL);
}

void
book_person(struct book *book, uint32_t row, struct person *person)
{
	char minted[MINTED_ID_SIZE];
	struct contact_view view = book_view(book, row, minted);

	view.cell = book_read_file_cell;
	person_see(person, row, &view);
}

const char *
book_external_id(struct book *book, uint32_t row)
{
	book_clean_field(
	    book, FIELD_EXTERNAL_ID, row, book_read_cell, &book->id);
	return book->id.len > 0 ? book->id.data : NULL;
}

uint32_t
book_find(struct book *book, const char *external_id)
{
	uint32_t count, row;
	char *end;
	unsigned long number;

	row = repeats_find(&book->ids, external_id, &count);
	if (row != REPEATS_NONE) {
		const char *id;

		/* equal hashes have to do for a row that is not here */
		if (book->surveyed)
			return row;
		id = book_external_id(book, row);
		return id && strcmp(id, external_id) == 0 ? row : RECORDS_NONE;
	}
	if (!str_starts(external_id, "row:") || external_id[4] < '0' ||
	    external_id[4] > '9')
		return RECORDS_NONE;
	number = strtoul(external_id + 4, &end, 10);
	return *end || number == 0 || number > book_count(book)
		   ? RECORDS_NONE
		   : (uint32_t)number - 1;
}
