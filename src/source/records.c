/* SPDX-License-Identifier: MIT */
/*
 * Cells lie row after row in one array of arena offsets; a row knows where
 * its cells start and how many it has, so a row that is short, or older than
 * a column, costs nothing for what it lacks. Rows forgotten have no place in
 * the arrays, which begin with the first row that is kept.
 */
#include "source/records.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"

enum {
	NUMBER_MAX = 16, /* of " #2" */
	LIST_SIGN = '\x01',
};

struct row {
	uint32_t first; /* cell */
	uint32_t line;
	uint32_t problem; /* arena, 0: none */
	uint32_t text;    /* arena: all that was put for it lies from here on */
	uint16_t width;   /* cells */
	bool scattered;   /* its text is not in one piece */
};

struct records {
	struct arena arena;
	uint32_t *cells; /* arena offsets, 0: absent */
	size_t cell_count, cell_room;
	struct row *rows;
	size_t row_room;
	uint32_t forgotten; /* rows[0] is this one */
	uint32_t count;     /* with those forgotten */
	uint32_t column_count;
	char **names;
	size_t name_room;
	size_t arena_before; /* used when the last record began */
	size_t row_end;      /* used when its last cell was put; 0: none was */
};

struct records *
records_new(void)
{
	struct records *records = mem_zalloc(sizeof(*records));

	arena_init(&records->arena, UINT32_MAX);
	return records;
}

void
records_free(struct records *records)
{
	if (!records)
		return;
	for (uint32_t i = 0; i < records->column_count; i++)
		free(records->names[i]);
	free(records->names);
	free(records->rows);
	free(records->cells);
	arena_release(&records->arena);
	free(records);
}

uint32_t
records_count(const struct records *records)
{
	return records->count;
}

uint32_t
records_column_count(const struct records *records)
{
	return records->column_count;
}

const char *
records_column_name(const struct records *records, uint32_t column)
{
	assert(column < records->column_count);
	return records->names[column];
}

uint32_t
records_exact_column(const struct records *records, const char *name)
{
	for (uint32_t i = 0; i < records->column_count; i++)
		if (strcmp(records->names[i], name) == 0)
			return i;
	return RECORDS_NONE;
}

/* The part without blanks at its ends. */
static const char *
trim(const char *name, size_t *len)
{
	static const char blanks[] = " \t\r\n";

	name += strspn(name, blanks);
	*len = strlen(name);
	while (*len > 0 && strchr(blanks, name[*len - 1]))
		--*len;
	return name;
}

uint32_t
records_find_column(const struct records *records, const char *name)
{
	uint32_t column = records_exact_column(records, name);
	size_t wanted_len, len;
	const char *wanted = trim(name, &wanted_len);

	for (uint32_t i = 0;
	     column == RECORDS_NONE && i < records->column_count; i++) {
		const char *present = trim(records->names[i], &len);

		if (len == wanted_len && strncasecmp(present, wanted, len) == 0)
			column = i;
	}
	return column;
}

static struct row *
row_of(const struct records *records, uint32_t row)
{
	assert(row >= records->forgotten && row < records->count);
	return &records->rows[row - records->forgotten];
}

const char *
records_cell(const struct records *records, uint32_t row, uint32_t column)
{
	const struct row *of = row_of(records, row);

	if (column >= of->width)
		return NULL;
	return arena_text(&records->arena, records->cells[of->first + column]);
}

/* Absent, or the one empty text that all share, which is elsewhere. */
static bool
holds_nothing(uint32_t cell)
{
	return cell == 0 || cell == ARENA_EMPTY;
}

/* Where the text of a row ends. */
static uint32_t
text_end(const struct records *records, uint32_t row)
{
	return row + 1 < records->count ? row_of(records, row + 1)->text
					: (uint32_t)records->arena.used;
}

const char *
records_row_text(const struct records *records, uint32_t row, size_t *len)
{
	const struct row *of = row_of(records, row);
	const uint32_t *cells = records->cells + of->first;
	uint32_t first = 0, last = of->width;

	*len = 0;
	if (of->scattered)
		return NULL;
	if (of->problem == 0) {
		*len = text_end(records, row) - of->text;
		return records->arena.base + of->text;
	}
	while (first < of->width && holds_nothing(cells[first]))
		first++;
	if (first == of->width)
		return "";
	while (holds_nothing(cells[last - 1]))
		last--;
	*len = cells[last - 1] - cells[first] +
	       strlen(records->arena.base + cells[last - 1]) + 1;
	return arena_text(&records->arena, cells[first]);
}

uint32_t
records_next_with(const struct records *records, uint32_t from, uint32_t to,
    const char *folded)
{
	uint32_t start, end, low = from, high = from + 1;
	size_t at;

	if (from >= to)
		return to;
	start = row_of(records, from)->text;
	end = text_end(records, to - 1);
	at = text_range_find_folded(
	    records->arena.base + start, end - start, folded);
	if (at == SIZE_MAX)
		return to;
	/* the last row that begins at or before it, mostly one of the next */
	while (high < to && row_of(records, high)->text <= start + at) {
		low = high;
		high += high - from;
	}
	if (high > to)
		high = to;
	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;

		if (row_of(records, middle)->text <= start + at)
			low = middle;
		else
			high = middle;
	}
	return low;
}

uint32_t
records_line(const struct records *records, uint32_t row)
{
	return row_of(records, row)->line;
}

const char *
records_problem(const struct records *records, uint32_t row)
{
	return arena_text(&records->arena, row_of(records, row)->problem);
}

/* How many columns have this name, or it with a number. */
static unsigned
count_named(const struct records *records, const char *name)
{
	size_t len = strlen(name);
	unsigned count = 0;

	for (uint32_t i = 0; i < records->column_count; i++) {
		const char *other = records->names[i];

		if (strncmp(other, name, len) == 0 &&
		    (other[len] == '\0' || str_starts(other + len, " #")))
			count++;
	}
	return count;
}

bool
records_add_column(struct records *records, const char *name, size_t len,
    uint32_t *column, struct err *err)
{
	struct str unique;
	char *base;

	if (records->column_count == RECORDS_COLUMNS_MAX)
		return err_set(err, ERR_DATA,
		    "more than %u columns; export only those you need",
		    RECORDS_COLUMNS_MAX);
	if (len > RECORDS_NAME_MAX)
		return err_set(err, ERR_DATA,
		    "the name of column %u is longer than 1 KiB; is this a "
		    "file of contacts?",
		    records->column_count + 1);
	base = mem_strndup(name, len);
	str_init(&unique, RECORDS_NAME_MAX + NUMBER_MAX);
	str_add(&unique, base);
	for (unsigned n = count_named(records, base) + 1;
	     records_exact_column(records, unique.data) != RECORDS_NONE; n++) {
		str_reset(&unique);
		str_addf(&unique, "%s #%u", base, n);
	}
	free(base);
	records->names = mem_grow(records->names, &records->name_room,
	    records->column_count + 1, sizeof(*records->names));
	*column = records->column_count;
	records->names[records->column_count++] = str_take(&unique);
	return true;
}

bool
records_begin(struct records *records, uint32_t line, struct err *err)
{
	if (records->count == RECORDS_ROWS_MAX)
		return err_set(err, ERR_DATA,
		    "more than %u rows; split the file", RECORDS_ROWS_MAX);
	records->rows = mem_grow(records->rows, &records->row_room,
	    (size_t)records->count - records->forgotten + 1,
	    sizeof(*records->rows));
	records->count++;
	*row_of(records, records->count - 1) = (struct row){
	    .first = (uint32_t)records->cell_count,
	    .line = line,
	    .text = (uint32_t)records->arena.used};
	records->arena_before = records->arena.used;
	records->row_end = 0;
	return true;
}

/* Room for one cell more in the last row, absent ones in between. */
static bool
widen(struct records *records, struct row *row, uint32_t column)
{
	size_t width = (size_t)column + 1, more = width - row->width;

	if (records->cell_count + more > UINT32_MAX)
		return false;
	records->cells = mem_grow(records->cells, &records->cell_room,
	    records->cell_count + more, sizeof(*records->cells));
	memset(records->cells + records->cell_count, 0,
	    more * sizeof(*records->cells));
	records->cell_count += more;
	row->width = (uint16_t)width;
	return true;
}

/* The next cell of the last row; NULL when there are too many. */
static inline uint32_t *
take_cell(struct records *records, uint32_t column)
{
	struct row *row = row_of(records, records->count - 1);

	assert(column < records->column_count);
	/* mostly the next one, and there is room */
	if (column == row->width && records->cell_count < records->cell_room &&
	    records->cell_count < UINT32_MAX) {
		records->cell_count++;
		row->width++;
	} else if (column >= row->width && !widen(records, row, column)) {
		return NULL;
	}
	return &records->cells[row->first + column];
}

static bool
fail_cells(struct err *err)
{
	return err_set(
	    err, ERR_DATA, "more cells than belay can hold; split the file");
}

static bool
fail_text(struct err *err)
{
	return err_set(err, ERR_DATA, "more than 4 GB of text; split the file");
}

static inline bool
put(struct records *records, uint32_t column, uint32_t offset, struct err *err)
{
	uint32_t *cell;

	if (offset == 0)
		return fail_text(err);
	/* the sign of a list may stand before it */
	if ((records->row_end > 0 && offset > records->row_end + 1) ||
	    column < row_of(records, records->count - 1)->width)
		row_of(records, records->count - 1)->scattered = true;
	cell = take_cell(records, column);
	if (!cell)
		return fail_cells(err);
	*cell = offset;
	records->row_end = records->arena.used;
	return true;
}

bool
records_put_row(struct records *records, const char *text, const uint32_t *ends,
    uint32_t count, struct err *err)
{
	struct row *row = row_of(records, records->count - 1);
	uint32_t *cells, offset;
	char *copy;

	assert(row->width == 0 && count > 0 && count <= records->column_count);
	if (!widen(records, row, count - 1))
		return fail_cells(err);
	offset = arena_add(&records->arena, text, ends[count - 1]);
	if (offset == 0)
		return fail_text(err);
	records->row_end = records->arena.used;
	copy = records->arena.base + offset;
	cells = records->cells + row->first;
	for (uint32_t i = 0, start = 0; i < count; start = ends[i++] + 1) {
		cells[i] = offset + start;
		copy[ends[i]] = '\0';
	}
	return true;
}

bool
records_put(struct records *records, uint32_t column, const char *text,
    size_t len, struct err *err)
{
	assert(len <= RECORDS_CELL_MAX);
	return put(records, column, arena_add(&records->arena, text, len), err);
}

/* A sign that no text holds stands before a list, where else a NUL is. */
bool
records_put_list(struct records *records, uint32_t column, const char *text,
    size_t len, struct err *err)
{
	static const char sign[] = {LIST_SIGN};
	uint32_t offset = arena_add(&records->arena, sign, 1);

	assert(len > 0 && len <= RECORDS_CELL_MAX);
	/* the list takes the place of the NUL behind the sign */
	if (offset > 0)
		records->arena.used--;
	if (offset > 0)
		offset = arena_add(&records->arena, text, len);
	return put(records, column, offset, err);
}

bool
records_is_list(const struct records *records, uint32_t row, uint32_t column)
{
	const char *cell = records_cell(records, row, column);

	return cell && *cell && cell[-1] == LIST_SIGN;
}

void
records_set_problem(struct records *records, const char *problem)
{
	struct row *row = row_of(records, records->count - 1);

	if (row->problem == 0)
		row->problem = arena_add(
		    &records->arena, problem, strlen(problem));
}

void
records_drop_columns(struct records *records, uint32_t count)
{
	while (records->column_count > count)
		free(records->names[--records->column_count]);
}

void
records_drop_last(struct records *records)
{
	const struct row *row = row_of(records, records->count - 1);

	records->cell_count = row->first;
	records->arena.used = records->arena_before;
	records->count--;
}

void
records_forget(struct records *records)
{
	records->forgotten = records->count;
	records->cell_count = 0;
	arena_reset(&records->arena);
}
