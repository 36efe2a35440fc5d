/* SPDX-License-Identifier: MIT */
/*
 * One array of cells, row after row. A wide character owns two cells: the
 * second has width 0 and no code. Whoever draws over one half blanks the
 * other, so that no half is ever left.
 * Hazards: `limit` below is the first screen column that may not be drawn,
 * and everything inside works with screen coordinates; areas end at the
 * public functions. Most text is ASCII and takes a way without decoding.
 */
#include "tui/canvas.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"
#include "tui/linear.h"

enum { SIDE_MAX = 4096, SCRATCH_MAX = 1 << 16 };

struct canvas {
	int rows;
	int columns;
	bool ascii;
	bool ascii_signs;
	bool linear;
	int here;       /* linear: the row under the cursor; -1: none */
	int cursor_row; /* -1: hidden */
	int cursor_column;
	int link_row; /* -1: none */
	char link[CANVAS_LINK_MAX + 1];
	struct cell *cells;
	struct str scratch; /* ASCII form of the text being drawn */
	struct str words;   /* its signs as words */
};

const struct glyph glyph_cursor = {"▸", ">"};
const struct glyph glyph_mark = {"✓", "#"};
const struct glyph glyph_warning = {"⚠", "?"};
const struct glyph glyph_back = {"‹", "<"};
const struct glyph glyph_more = {"›", ">"};
const struct glyph glyph_up = {"▲", "^"};
const struct glyph glyph_down = {"▼", "v"};
const struct glyph glyph_ellipsis = {"…", "~"};
const struct glyph glyph_rule = {"─", "-"};
const struct glyph glyph_full = {"█", "#"};
const struct glyph glyph_light = {"░", "."};
const struct glyph glyph_bullet = {"•", "*"};

static const struct cell blank = {.code = {' '}, .width = 1};

struct canvas *
canvas_new(int rows, int columns, bool ascii)
{
	struct canvas *canvas = mem_zalloc(sizeof(*canvas));

	canvas->ascii = ascii;
	str_init(&canvas->scratch, SCRATCH_MAX);
	str_init(&canvas->words, SCRATCH_MAX);
	canvas_resize(canvas, rows, columns);
	return canvas;
}

void
canvas_free(struct canvas *canvas)
{
	if (!canvas)
		return;
	free(canvas->cells);
	str_release(&canvas->scratch);
	str_release(&canvas->words);
	free(canvas);
}

void
canvas_use_ascii_signs(struct canvas *canvas, bool ascii)
{
	canvas->ascii_signs = ascii;
}

static int
side(int size)
{
	return size < 1 ? 1 : size > SIDE_MAX ? SIDE_MAX : size;
}

void
canvas_resize(struct canvas *canvas, int rows, int columns)
{
	canvas->rows = side(rows);
	canvas->columns = side(columns);
	canvas->cells = mem_resize(canvas->cells,
	    (size_t)canvas->rows * (size_t)canvas->columns,
	    sizeof(*canvas->cells));
	canvas_erase(canvas);
}

static struct cell *
cell_at(const struct canvas *canvas, int row, int column)
{
	return &canvas->cells[(size_t)row * (size_t)canvas->columns +
			      (size_t)column];
}

void
canvas_erase(struct canvas *canvas)
{
	size_t columns = (size_t)canvas->columns;

	for (size_t i = 0; i < columns; i++)
		canvas->cells[i] = blank;
	for (size_t row = 1; row < (size_t)canvas->rows; row++)
		memcpy(&canvas->cells[row * columns], canvas->cells,
		    columns * sizeof(*canvas->cells));
	canvas->cursor_row = -1;
	canvas->link_row = -1;
	canvas->here = -1;
}

void
canvas_set_linear(struct canvas *canvas, bool linear)
{
	canvas->linear = linear;
}

bool
canvas_is_linear(const struct canvas *canvas)
{
	return canvas->linear;
}

struct area
canvas_area(const struct canvas *canvas)
{
	return (struct area){0, 0, canvas->rows, canvas->columns};
}

const char *
canvas_glyph(const struct canvas *canvas, const struct glyph *glyph)
{
	return canvas->ascii || canvas->ascii_signs ? glyph->ascii
						    : glyph->sign;
}

static void
cut(int *start, int *count, int most)
{
	if (*start < 0) {
		*count += *start;
		*start = 0;
	}
	if (*start > most)
		*start = most;
	if (*count > most - *start)
		*count = most - *start;
	if (*count < 0)
		*count = 0;
}

struct area
area_rows(const struct area *area, int top, int rows)
{
	cut(&top, &rows, area->rows);
	return (struct area){area->top + top, area->left, rows, area->columns};
}

struct area
area_columns(const struct area *area, int left, int columns)
{
	cut(&left, &columns, area->columns);
	return (struct area){area->top, area->left + left, area->rows, columns};
}

/* Blanks the other half of a wide character that is about to be broken. */
static void
mend(struct canvas *canvas, int row, int column)
{
	struct cell *cell = cell_at(canvas, row, column);

	if (cell->width == 0 && column > 0)
		cell[-1] = blank;
	else if (cell->width == 2 && column + 1 < canvas->columns)
		cell[1] = blank;
}

/* One that is, or stands beside, a part of something wider. */
static void
put_odd(
    struct canvas *canvas, struct cell *cell, uint32_t code, enum style style)
{
	int at = (int)(cell - canvas->cells);

	if (cell->width != 1)
		mend(canvas, at / canvas->columns, at % canvas->columns);
	*cell = blank;
	cell->code[0] = code;
	cell->style = (uint8_t)style;
}

/* The usual case: one column over one column, most of them blank since the
 * drawing began, so little is written. */
static inline void
put_one(
    struct canvas *canvas, struct cell *cell, uint32_t code, enum style style)
{
	if (cell->width != 1 || cell->code[1]) {
		put_odd(canvas, cell, code, style);
		return;
	}
	cell->code[0] = code;
	cell->style = (uint8_t)style;
}

static void
put(struct canvas *canvas, int row, int column, uint32_t code, int width,
    enum style style)
{
	struct cell *cell = cell_at(canvas, row, column);

	mend(canvas, row, column);
	*cell = (struct cell){
	    .code = {code}, .style = (uint8_t)style, .width = (uint8_t)width};
	if (width == 2) {
		mend(canvas, row, column + 1);
		cell[1] = (struct cell){.style = (uint8_t)style};
	}
}

static void
add_mark(struct cell *cell, uint32_t code)
{
	for (int i = 1; i <= CANVAS_MARKS; i++) {
		if (cell->code[i] == 0) {
			cell->code[i] = code;
			return;
		}
	}
}

/*
 * Controls and the format characters that turn text around or hide it. The
 * assert finds text that was not cleaned; without asserts it is still not
 * let through.
 */
static bool
drawable(uint32_t code)
{
	bool good = code >= 0x20 && !(code >= 0x7f && code < 0xa0) &&
		    code != 0xad && code != 0x61c && code != 0xfeff &&
		    !(code >= 0x200b && code <= 0x200f) &&
		    !(code >= 0x2028 && code <= 0x202e) &&
		    !(code >= 0x2060 && code <= 0x206f);

	assert(good);
	return good;
}

static int
draw_wide(struct canvas *canvas, int row, int column, int limit,
    enum style style, const char *text, size_t len)
{
	int start = column;
	struct cell *last = NULL;

	while (len > 0) {
		uint32_t code;
		size_t used = text_decode(text, len, &code);
		int width;

		text += used;
		len -= used;
		if (!drawable(code))
			continue;
		width = text_char_width(code);
		if (width == 0) {
			if (last)
				add_mark(last, code);
			continue;
		}
		if (column + width > limit)
			break;
		put(canvas, row, column, code, width, style);
		last = cell_at(canvas, row, column);
		column += width;
	}
	return column - start;
}

/* Returns the columns used. */
static int
draw(struct canvas *canvas, int row, int column, int limit, enum style style,
    const char *text, size_t len)
{
	size_t room = limit > column ? (size_t)(limit - column) : 0, i;
	size_t most = len < room ? len : room;
	struct cell *cells;

	if (row < 0 || row >= canvas->rows || column < 0)
		return 0;
	cells = cell_at(canvas, row, 0) + column;
	for (i = 0; i < most; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c < 0x20 || c >= 0x7f)
			break;
		put_one(canvas, &cells[i], c, style);
	}
	if (i == len || (i == room && (unsigned char)text[i] < 0x80))
		return (int)i;
	/* a mark may belong to the letter before: then that is drawn with it */
	if (i > 0 && (unsigned char)text[i] >= 0x80)
		i--;
	return (int)i + draw_wide(canvas, row, column + (int)i, limit, style,
			    text + i, len - i);
}

/* The text as this canvas can show it, with its length and width. */
static const char *
shown(struct canvas *canvas, const char *text, size_t *len, int *width)
{
	size_t i = 0;

	while ((unsigned char)text[i] >= 0x20 && (unsigned char)text[i] < 0x7f)
		i++;
	if (!text[i]) {
		*len = i;
		*width = i > INT16_MAX ? INT16_MAX : (int)i;
		return text;
	}
	if (canvas->linear) {
		str_reset(&canvas->words);
		linear_words(&canvas->words, text);
		text = canvas->words.data;
	}
	if (canvas->ascii) {
		str_reset(&canvas->scratch);
		text_ascii(&canvas->scratch, text);
		text = canvas->scratch.data;
	}
	*len = strlen(text);
	*width = text_width(text);
	return text;
}

int
canvas_text(struct canvas *canvas, const struct area *area, int row, int column,
    enum style style, const char *text)
{
	size_t len;
	int width;

	if (row < 0 || row >= area->rows || column < 0)
		return 0;
	if (style == STYLE_INPUT && canvas->linear && !canvas->ascii)
		len = strlen(text); /* as it is typed, sign by sign */
	else
		text = shown(canvas, text, &len, &width);
	return draw(canvas, area->top + row, area->left + column,
	    area->left + area->columns, style, text, len);
}

int
canvas_sign(struct canvas *canvas, const struct area *area, int row, int column,
    enum style style, const struct glyph *glyph)
{
	return canvas_text(
	    canvas, area, row, column, style, canvas_glyph(canvas, glyph));
}

static void
blank_columns(struct canvas *canvas, int row, int from, int to)
{
	struct cell *cells = cell_at(canvas, row, 0);

	for (int column = from; column < to; column++)
		put_one(canvas, &cells[column], ' ', STYLE_NORMAL);
}

void
canvas_box(struct canvas *canvas, const struct area *area, int row, int column,
    int columns, enum align align, enum style style, const char *text)
{
	int screen_row = area->top + row, start, limit, width, used;
	size_t len;

	if (row < 0 || row >= area->rows)
		return;
	cut(&column, &columns, area->columns);
	if (columns == 0)
		return;
	text = shown(canvas, text, &len, &width);
	start = area->left + column;
	limit = start + columns;
	if (align == ALIGN_RIGHT && width < columns) {
		blank_columns(canvas, screen_row, start, limit - width);
		start = limit - width;
	}
	if (width <= columns) {
		used = draw(canvas, screen_row, start, limit, style, text, len);
	} else {
		const char *dots = canvas_glyph(canvas, &glyph_ellipsis);

		used = draw(
		    canvas, screen_row, start, limit - 1, style, text, len);
		used += draw(canvas, screen_row, start + used, limit, style,
		    dots, strlen(dots));
	}
	blank_columns(canvas, screen_row, start + used, limit);
}

/* Bytes of the longest beginning that fits and ends at a blank. */
static size_t
line_length(const char *text, size_t len, int columns)
{
	size_t at = 0, end = 0;
	int width = 0;

	while (at < len) {
		uint32_t code;
		size_t used = text_decode(text + at, len - at, &code);

		width += text_char_width(code);
		if (width > columns && code != ' ')
			return end ? end : at ? at : used;
		if (code == ' ')
			end = at;
		at += used;
	}
	return at;
}

int
canvas_paragraph(struct canvas *canvas, const struct area *area, int row,
    int column, enum style style, const char *text)
{
	int columns = area->columns - column, lines = 0, width;
	size_t len = strlen(text);

	if (canvas)
		text = shown(canvas, text, &len, &width);
	if (columns < 1)
		columns = 1;
	do {
		while (lines > 0 && *text == ' ') {
			text++;
			len--;
		}
		size_t line = line_length(text, len, columns);

		if (canvas && row + lines >= 0 && row + lines < area->rows)
			draw(canvas, area->top + row + lines,
			    area->left + column, area->left + area->columns,
			    style, text, line);
		text += line;
		len -= line;
		lines++;
	} while (len > 0);
	return lines;
}

int
canvas_notice(struct canvas *canvas, const struct area *area, int rows,
    enum style style, const char *text)
{
	struct area inner = area_columns(area, 1, area->columns - 2);
	int needed;

	inner.rows = rows;
	needed = canvas_paragraph(canvas, &inner, 0, 0, style, text);
	if (needed <= rows)
		return needed;
	if (canvas && rows > 0 && inner.columns > 1)
		canvas_sign(canvas, &inner, rows - 1, inner.columns - 1, style,
		    &glyph_ellipsis);
	return rows;
}

static void
repeat(struct canvas *canvas, const struct area *area, int row, int column,
    int columns, enum style style, const struct glyph *glyph)
{
	const char *text = canvas_glyph(canvas, glyph);
	uint32_t code;

	if (row < 0 || row >= area->rows)
		return;
	cut(&column, &columns, area->columns);
	text_decode(text, strlen(text), &code);
	for (int i = 0; i < columns; i++)
		put_one(canvas,
		    cell_at(canvas, area->top + row, area->left + column + i),
		    code, style);
}

void
canvas_rule(struct canvas *canvas, const struct area *area, int row)
{
	if (!canvas->linear)
		repeat(canvas, area, row, 0, area->columns, STYLE_DIM,
		    &glyph_rule);
}

void
canvas_bar(struct canvas *canvas, const struct area *area, int row, int column,
    int columns, size_t done, size_t all)
{
	int full = 0;

	if (columns < 1 || canvas->linear)
		return;
	if (all > 0)
		full = (int)((double)(done < all ? done : all) / (double)all *
			     columns);
	repeat(canvas, area, row, column, full, STYLE_GOOD, &glyph_full);
	repeat(canvas, area, row, column + full, columns - full, STYLE_DIM,
	    &glyph_light);
}

void
canvas_highlight(struct canvas *canvas, const struct area *area, int row)
{
	if (row < 0 || row >= area->rows)
		return;
	if (canvas->linear) {
		canvas->here = area->top + row;
		return;
	}
	for (int column = 0; column < area->columns; column++)
		cell_at(canvas, area->top + row, area->left + column)->style |=
		    CELL_HIGHLIGHT;
}

static bool
is_blank(const struct cell *cell)
{
	return cell->code[0] == ' ' && cell->code[1] == 0;
}

/* What divides two parts where blanks did: a semicolon, unless the first one
 * ends as a part does. */
static bool
ends_part(const struct cell *cell)
{
	/* the second half of a wide character has no code of its own */
	return cell->code[0] && cell->code[0] < 0x80 &&
	       strchr(".,:;?!(", (int)cell->code[0]);
}

/*
 * One row without its blanks. Where something is typed only those in front go,
 * since blanks may have been typed, too. Returns how far the first cell moved.
 */
static int
straighten_row(struct canvas *canvas, int row, bool typed)
{
	struct cell *cells = cell_at(canvas, row, 0);
	int from = 0, to = 0, first;

	while (from < canvas->columns && is_blank(&cells[from]))
		from++;
	first = from;
	while (from < canvas->columns) {
		int blanks = from;

		while (blanks < canvas->columns && is_blank(&cells[blanks]))
			blanks++;
		if (blanks == canvas->columns)
			break;
		if (!typed && blanks - from > 1) {
			if (!ends_part(&cells[to - 1]))
				cells[to++] = (struct cell){
				    .code = {';'}, .width = 1};
			cells[to++] = blank;
			from = blanks;
		}
		cells[to++] = cells[from++];
	}
	while (to < canvas->columns)
		cells[to++] = blank;
	return first;
}

void
canvas_straighten(struct canvas *canvas)
{
	int link_end = -1;

	if (!canvas->linear)
		return;
	if (canvas->link_row >= 0)
		link_end = canvas->link_row + (int)(strlen(canvas->link) /
						    (size_t)canvas->columns);
	for (int row = 0; row < canvas->rows; row++) {
		bool typed = row == canvas->cursor_row;
		int moved;

		if (row >= canvas->link_row && row <= link_end)
			continue;
		moved = straighten_row(canvas, row, typed);
		if (typed && moved < canvas->cursor_column)
			canvas->cursor_column -= moved;
		else if (typed)
			canvas->cursor_column = 0;
	}
	if (canvas->cursor_row < 0) {
		canvas->cursor_row = canvas->here < 0 ? 0 : canvas->here;
		canvas->cursor_column = 0;
	}
}

void
canvas_cursor(
    struct canvas *canvas, const struct area *area, int row, int column)
{
	if (row < 0 || row >= area->rows || column < 0 ||
	    column >= area->columns)
		return;
	canvas->cursor_row = area->top + row;
	canvas->cursor_column = area->left + column;
}

bool
canvas_cursor_place(const struct canvas *canvas, int *row, int *column)
{
	*row = canvas->cursor_row;
	*column = canvas->cursor_column;
	return canvas->cursor_row >= 0;
}

int
canvas_link(
    struct canvas *canvas, const struct area *area, int row, const char *url)
{
	size_t len = strlen(url), at = 0;
	int rows = 0;

	assert(len <= CANVAS_LINK_MAX);
	if (row < 0 || row >= area->rows || len > CANVAS_LINK_MAX)
		return 0;
	memcpy(canvas->link, url, len + 1);
	canvas->link_row = area->top + row;
	while (at < len) {
		size_t part = len - at;

		if (part > (size_t)canvas->columns)
			part = (size_t)canvas->columns;
		if (row + rows < area->rows)
			draw(canvas, area->top + row + rows, 0, canvas->columns,
			    STYLE_NORMAL, url + at, part);
		else
			canvas->link_row = -1; /* never shown in part */
		at += part;
		rows++;
	}
	return rows;
}

const char *
canvas_link_place(const struct canvas *canvas, int *row)
{
	*row = canvas->link_row;
	return canvas->link_row < 0 ? NULL : canvas->link;
}

const struct cell *
canvas_row(const struct canvas *canvas, int row)
{
	assert(row >= 0 && row < canvas->rows);
	return cell_at(canvas, row, 0);
}

static void
add_cell(struct str *out, const struct cell *cell)
{
	char bytes[4];

	for (int i = 0; i <= CANVAS_MARKS && cell->code[i]; i++)
		str_add_bytes(out, bytes, text_encode(cell->code[i], bytes));
}

void
canvas_dump(const struct canvas *canvas, struct str *out)
{
	for (int row = 0; row < canvas->rows; row++) {
		const struct cell *cells = canvas_row(canvas, row);
		int end = canvas->columns;

		while (end > 0 && cells[end - 1].code[0] == ' ')
			end--;
		for (int column = 0; column < end; column++)
			add_cell(out, &cells[column]);
		str_add_char(out, '\n');
	}
}
