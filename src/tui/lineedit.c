/* SPDX-License-Identifier: MIT */
/*
 * The text is one string that only grows within its limit; the cursor is a
 * byte offset that always stands before a base character (never inside one,
 * never before a mark). `shift` is the first byte shown.
 * Hazard: the buffer may hold a secret, so what leaves it is wiped.
 */
#include "tui/lineedit.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"
#include "tui/key.h"

struct lineedit {
	char *text;
	size_t len;
	size_t limit;
	size_t cursor;
	size_t shift;
	bool masked;
	char *cut; /* for ^Y; NULL: nothing */
	struct history *history;
	size_t at;   /* line of the history shown; count: our own */
	char *draft; /* our own line while the history is shown */
	lineedit_complete complete;
	void *context;
};

void
history_add(struct history *history, const char *line)
{
	if (str_blank(line))
		return;
	for (size_t i = 0; i < history->count; i++) {
		if (strcmp(history->lines[i], line) != 0)
			continue;
		free(history->lines[i]);
		history->count--;
		memmove(&history->lines[i], &history->lines[i + 1],
		    (history->count - i) * sizeof(*history->lines));
		break;
	}
	if (history->count == HISTORY_MAX) {
		free(history->lines[0]);
		history->count--;
		memmove(&history->lines[0], &history->lines[1],
		    history->count * sizeof(*history->lines));
	}
	history->lines[history->count++] = mem_strdup(line);
}

void
history_clear(struct history *history)
{
	for (size_t i = 0; i < history->count; i++)
		free(history->lines[i]);
	history->count = 0;
}

struct lineedit *
lineedit_new(size_t limit)
{
	struct lineedit *edit = mem_zalloc(sizeof(*edit));

	edit->limit = limit;
	edit->text = mem_zalloc(limit + 1);
	return edit;
}

static void
wipe(char *text)
{
	if (text)
		explicit_bzero(text, strlen(text));
	free(text);
}

void
lineedit_free(struct lineedit *edit)
{
	if (!edit)
		return;
	explicit_bzero(edit->text, edit->limit + 1);
	free(edit->text);
	wipe(edit->cut);
	wipe(edit->draft);
	free(edit);
}

const char *
lineedit_text(const struct lineedit *edit)
{
	return edit->text;
}

size_t
lineedit_cursor(const struct lineedit *edit)
{
	return edit->cursor;
}

void
lineedit_set_masked(struct lineedit *edit, bool masked)
{
	edit->masked = masked;
}

void
lineedit_set_history(struct lineedit *edit, struct history *history)
{
	edit->history = history;
	edit->at = history ? history->count : 0;
}

void
lineedit_set_complete(
    struct lineedit *edit, lineedit_complete complete, void *context)
{
	edit->complete = complete;
	edit->context = context;
}

/* The offset after the character (with its marks) at `at`. */
static size_t
next_character(const struct lineedit *edit, size_t at)
{
	bool first = true;

	while (at < edit->len) {
		uint32_t code;
		size_t used = text_decode(
		    edit->text + at, edit->len - at, &code);

		if (!first && text_char_width(code) != 0)
			break;
		first = false;
		at += used;
	}
	return at;
}

static size_t
previous_character(const struct lineedit *edit, size_t at)
{
	while (at > 0) {
		uint32_t code;

		do
			at--;
		while (
		    at > 0 && ((unsigned char)edit->text[at] & 0xc0) == 0x80);
		text_decode(edit->text + at, edit->len - at, &code);
		if (text_char_width(code) != 0)
			break;
	}
	return at;
}

static bool
in_word(const struct lineedit *edit, size_t at)
{
	unsigned char c = (unsigned char)edit->text[at];

	return c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	       (c >= 'a' && c <= 'z');
}

static size_t
next_word(const struct lineedit *edit, size_t at)
{
	while (at < edit->len && !in_word(edit, at))
		at++;
	while (at < edit->len && in_word(edit, at))
		at++;
	return at;
}

static size_t
previous_word(const struct lineedit *edit, size_t at)
{
	while (at > 0 && !in_word(edit, at - 1))
		at--;
	while (at > 0 && in_word(edit, at - 1))
		at--;
	return at;
}

/* Puts `text` in place of the bytes from..to; false when it does not fit. */
static bool
replace(
    struct lineedit *edit, size_t from, size_t to, const char *text, size_t len)
{
	if (edit->len - (to - from) + len > edit->limit)
		return false;
	memmove(edit->text + from + len, edit->text + to, edit->len - to + 1);
	memcpy(edit->text + from, text, len);
	edit->len = edit->len - (to - from) + len;
	explicit_bzero(edit->text + edit->len, edit->limit + 1 - edit->len);
	edit->cursor = from + len;
	return true;
}

static enum lineedit_result
erase_range(struct lineedit *edit, size_t from, size_t to, bool keep)
{
	if (from == to)
		return LINEEDIT_MOVED;
	if (keep && !edit->masked) {
		wipe(edit->cut);
		edit->cut = mem_strndup(edit->text + from, to - from);
	}
	replace(edit, from, to, "", 0);
	return LINEEDIT_CHANGED;
}

static enum lineedit_result
insert(struct lineedit *edit, const char *text, size_t len)
{
	if (len == 0 || !replace(edit, edit->cursor, edit->cursor, text, len))
		return LINEEDIT_MOVED;
	return LINEEDIT_CHANGED;
}

void
lineedit_set(struct lineedit *edit, const char *text)
{
	char *fit = mem_alloc(edit->limit + 1);

	str_copy(fit, edit->limit + 1, text);
	replace(edit, 0, edit->len, fit, strlen(fit));
	wipe(fit);
	edit->shift = 0;
	edit->at = edit->history ? edit->history->count : 0;
}

enum lineedit_result
lineedit_paste(struct lineedit *edit, const char *text)
{
	enum lineedit_result result;
	struct str flat, clean;
	size_t len = strlen(text);

	str_init(&flat, len);
	str_init(&clean, 4 * len);
	for (size_t i = 0; i < len; i++)
		str_add_char(&flat,
		    text[i] && strchr("\r\n\t", text[i]) ? ' ' : text[i]);
	text_clean(&clean, flat.data, flat.len);
	result = insert(edit, clean.data, clean.len);
	explicit_bzero(flat.data, flat.len);
	explicit_bzero(clean.data, clean.len);
	str_release(&flat);
	str_release(&clean);
	return result;
}

static enum lineedit_result
recall(struct lineedit *edit, bool older)
{
	struct history *history = edit->history;
	size_t at = edit->at;

	if (!history)
		return LINEEDIT_NOT_MINE;
	if (older ? at == 0 : at >= history->count)
		return LINEEDIT_MOVED;
	if (at == history->count) {
		wipe(edit->draft);
		edit->draft = mem_strdup(edit->text);
	}
	at = older ? at - 1 : at + 1;
	lineedit_set(
	    edit, at == history->count ? edit->draft : history->lines[at]);
	edit->at = at;
	return LINEEDIT_CHANGED;
}

static enum lineedit_result
complete(struct lineedit *edit)
{
	struct str before, out;
	bool changed = false;

	if (!edit->complete)
		return LINEEDIT_NOT_MINE;
	str_init(&before, edit->limit);
	str_init(&out, edit->limit);
	str_add_bytes(&before, edit->text, edit->cursor);
	if (edit->complete(edit->context, before.data, &out) && !out.cut)
		changed = replace(edit, 0, edit->cursor, out.data, out.len);
	str_release(&before);
	str_release(&out);
	return changed ? LINEEDIT_CHANGED : LINEEDIT_MOVED;
}

static enum lineedit_result
move_to(struct lineedit *edit, size_t at)
{
	edit->cursor = at;
	return LINEEDIT_MOVED;
}

static enum lineedit_result
edit_key(struct lineedit *edit, uint32_t key)
{
	size_t cursor = edit->cursor;

	switch (key) {
	case KEY_CODE_BACKSPACE:
	case KEY_CONTROL('H'):
		return erase_range(
		    edit, previous_character(edit, cursor), cursor, false);
	case KEY_CODE_DELETE:
	case KEY_CONTROL('D'):
		return erase_range(
		    edit, cursor, next_character(edit, cursor), false);
	case KEY_CONTROL('W'):
	case KEY_ALT | KEY_CODE_BACKSPACE:
		return erase_range(
		    edit, previous_word(edit, cursor), cursor, true);
	case KEY_ALT | 'd':
		return erase_range(edit, cursor, next_word(edit, cursor), true);
	case KEY_CONTROL('U'): return erase_range(edit, 0, cursor, true);
	case KEY_CONTROL('K'):
		return erase_range(edit, cursor, edit->len, true);
	case KEY_CONTROL('Y'):
		return edit->cut ? insert(edit, edit->cut, strlen(edit->cut))
				 : LINEEDIT_MOVED;
	case KEY_CODE_UP:
	case KEY_CONTROL('P'): return recall(edit, true);
	case KEY_CODE_DOWN:
	case KEY_CONTROL('N'): return recall(edit, false);
	case KEY_CODE_TAB: return complete(edit);
	default: return LINEEDIT_NOT_MINE;
	}
}

enum lineedit_result
lineedit_key(struct lineedit *edit, uint32_t key)
{
	size_t cursor = edit->cursor;
	char bytes[4];

	switch (key) {
	case KEY_CODE_LEFT:
	case KEY_CONTROL('B'):
		return move_to(edit, previous_character(edit, cursor));
	case KEY_CODE_RIGHT:
	case KEY_CONTROL('F'):
		return move_to(edit, next_character(edit, cursor));
	case KEY_CODE_HOME:
	case KEY_CONTROL('A'): return move_to(edit, 0);
	case KEY_CODE_END:
	case KEY_CONTROL('E'): return move_to(edit, edit->len);
	case KEY_ALT | 'b': return move_to(edit, previous_word(edit, cursor));
	case KEY_ALT | 'f': return move_to(edit, next_word(edit, cursor));
	default: break;
	}
	if (!key_is_text(key))
		return edit_key(edit, key);
	struct str clean;
	enum lineedit_result result;

	/* Format characters are dropped by cleaning, like anywhere else. */
	str_init(&clean, 16);
	text_clean(&clean, bytes, text_encode(key, bytes));
	result = insert(edit, clean.data, clean.len);
	explicit_bzero(clean.data, clean.len);
	str_release(&clean);
	return result;
}

/* Columns of the bytes from..to. */
static int
columns_between(const struct lineedit *edit, size_t from, size_t to)
{
	int columns = 0;

	while (from < to) {
		uint32_t code;

		from += text_decode(edit->text + from, to - from, &code);
		columns += edit->masked ? text_char_width(code) > 0
					: text_char_width(code);
	}
	return columns;
}

void
lineedit_draw(struct lineedit *edit, struct canvas *canvas,
    const struct area *area, int row, int column, int columns)
{
	struct area box = area_columns(area, column, columns);

	if (box.columns < 1)
		return;
	if (edit->shift > edit->cursor || edit->shift > edit->len)
		edit->shift = edit->cursor;
	/* One column is left for the cursor behind the last character. */
	while (columns_between(edit, edit->shift, edit->cursor) >= box.columns)
		edit->shift = next_character(edit, edit->shift);
	while (edit->shift > 0) {
		size_t before = previous_character(edit, edit->shift);

		if (columns_between(edit, before, edit->len) >= box.columns)
			break;
		edit->shift = before;
	}
	canvas_box(
	    canvas, &box, row, 0, box.columns, ALIGN_LEFT, STYLE_NORMAL, "");
	if (edit->masked) {
		int count = columns_between(edit, edit->shift, edit->len);

		for (int i = 0; i < count; i++)
			canvas_sign(
			    canvas, &box, row, i, STYLE_INPUT, &glyph_bullet);
	} else {
		canvas_text(canvas, &box, row, 0, STYLE_INPUT,
		    edit->text + edit->shift);
	}
	canvas_cursor(canvas, &box, row,
	    columns_between(edit, edit->shift, edit->cursor));
}
