/* SPDX-License-Identifier: MIT */
#include "tui/linear.h"

#include <string.h>

#include "base/str.h"
#include "base/text.h"

enum { ACRONYM = 2 };

/* What stands beside a word is nothing: the status's word follows its sign. */
static const struct {
	const char *sign, *word;
} signs[] = {
    {"○", ""},
    {"◐", ""},
    {"●", ""},
    {"✗", ""},
    {"⧗", ""},
    {"◌", ""},
    {"◓", ""},
    {"▸", ""},
    {"▲", ""},
    {"▼", ""},
    {"‹", ""},
    {"›", ""},
    {"⚠", ""},
    {"─", ""},
    {"█", ""},
    {"░", ""},
    {"✓", "marked"},
    {"→", "to"},
    {"–", "-"},
    {"…", "..."},
};

/* "•••-•••-MK73" is "hidden MK73": how much is hidden says nothing. */
static size_t
hidden_length(const char *text)
{
	static const char bullet[] = "•";
	size_t len = 0;

	while (str_starts(text + len, bullet)) {
		len += sizeof(bullet) - 1;
		while (text[len] == '-' || text[len] == '/')
			len++;
	}
	return len;
}

static void
add_sign(struct str *out, const char *sign, size_t len)
{
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (strlen(signs[i].sign) == len &&
		    memcmp(signs[i].sign, sign, len) == 0) {
			str_add(out, signs[i].word);
			return;
		}
	str_add_bytes(out, sign, len);
}

void
linear_words(struct str *out, const char *text)
{
	while (*text) {
		size_t len = hidden_length(text);
		uint32_t code;

		if (len > 0) {
			str_add(out, text[len] && text[len] != ' ' ? "hidden "
								   : "hidden");
		} else {
			len = text_decode(text, strlen(text), &code);
			add_sign(out, text, len);
		}
		text += len;
	}
}

/* The cell's words, without the blanks of signs that are gone. "" if none. */
static const char *
words_of(columns_cell cell, void *context, size_t row, int column,
    struct str *text, size_t *len)
{
	enum style style = STYLE_NORMAL;
	struct str raw;
	const char *words;

	str_init(&raw, 4096);
	cell(context, row, column, &raw, &style);
	str_reset(text);
	linear_words(text, raw.data);
	str_release(&raw);
	*len = text->len;
	words = text_trim(text->data, len);
	return words;
}

static void
add_title(struct str *out, const char *title)
{
	bool acronym = strlen(title) <= ACRONYM || strpbrk(title, "0123456789");

	for (; *title; title++)
		str_add_char(out, !acronym && *title >= 'A' && *title <= 'Z'
				      ? (char)(*title - 'A' + 'a')
				      : *title);
	str_add_char(out, ' ');
}

static void
add_part(struct str *out, const struct column *column, bool titled,
    const char *words, size_t len)
{
	if (len == 0)
		return;
	if (out->len > 0 && out->data[out->len - 1] != ' ')
		str_add(out, "; ");
	if (titled && *column->title)
		add_title(out, column->title);
	str_add_bytes(out, words, len);
}

void
linear_row(const struct column *columns, int count, int skip, columns_cell cell,
    void *context, size_t row, const char *mark, struct str *text,
    struct str *out)
{
	int most = 0, number = 0;

	for (int i = 0; i < count; i++)
		if (columns[i].priority > most)
			most = columns[i].priority;
	for (int priority = 0; priority <= most; priority++) {
		for (int i = 0; i < count; i++) {
			const struct column *column = &columns[i];
			const char *words;
			size_t len;

			if (column->priority != priority)
				continue;
			/* the first one says whose row it is */
			if (number > 0 && number <= skip) {
				number++;
				continue;
			}
			number++;
			words = words_of(cell, context, row, i, text, &len);
			add_part(out, column,
			    priority > 0 || column->align == ALIGN_RIGHT, words,
			    len);
			if (mark && out->len > 0) {
				str_addf(out, "; %s", mark);
				mark = NULL;
			}
		}
	}
}

void
linear_cut(struct str *row, int columns)
{
	while (text_width(row->data) > columns) {
		size_t end = row->len;

		while (end > 0 && row->data[end] != ';')
			end--;
		if (end == 0)
			return;
		row->data[row->len = end] = '\0';
	}
}

void
linear_field(const struct column *columns, int count, columns_cell cell,
    void *context, size_t row, struct str *text, struct str *out)
{
	for (int i = 0; i < count; i++) {
		size_t len;
		const char *words = words_of(cell, context, row, i, text, &len);

		add_part(out, &columns[i], i > 1, words, len);
		if (i == 0 && count > 1)
			str_add(out, ": ");
	}
	/* a label alone */
	if (out->len > 1 && out->data[out->len - 1] == ' ')
		out->data[out->len -= 2] = '\0';
}
