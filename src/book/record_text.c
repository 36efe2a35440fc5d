/* SPDX-License-Identifier: MIT */
/*
 * Values are written in double quotes, as JSON writes them, so that none is
 * taken for a number, a date or nothing; how they are written when they come
 * back is the user's choice, all scalars are text.
 */
#include "book/record_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "book/book.h"
#include "source/yaml_tree.h"

static bool
is_editable(const struct book *book, uint32_t row, uint32_t column)
{
	return !book_is_result(book, column) &&
	       !records_is_list(book_records(book), row, column);
}

static void
add_quoted(struct str *out, const char *text)
{
	str_add_char(out, '"');
	for (; *text; text++) {
		if (*text == '\n')
			str_add(out, "\\n");
		else if (*text == '\t')
			str_add(out, "\\t");
		else if ((unsigned char)*text < ' ')
			str_addf(out, "\\x%02x", (unsigned char)*text);
		else if (*text == '"' || *text == '\\')
			str_addf(out, "\\%c", *text);
		else
			str_add_char(out, *text);
	}
	str_add_char(out, '"');
}

/* Letters and digits with blanks, _ and - between them need no quotes. */
static bool
is_plain(const char *name)
{
	size_t len = strlen(name);
	const char *word;

	for (size_t i = 0; i < len; i++) {
		bool letter = (name[i] >= 'a' && name[i] <= 'z') ||
			      (name[i] >= 'A' && name[i] <= 'Z');
		bool inner = i > 0 && i + 1 < len &&
			     strchr(" _-0123456789", name[i]) != NULL;

		if (!letter && !inner)
			return false;
	}
	/* what YAML readers take for something else than text */
	for (word = "null|true|false|yes|no|on|off|y|n|"; *word;
	     word = strchr(word, '|') + 1)
		if (len == (size_t)(strchr(word, '|') - word) &&
		    strncasecmp(word, name, len) == 0)
			return false;
	return len > 0;
}

void
record_text_write(const struct book *book, uint32_t row, struct str *out)
{
	const struct records *records = book_records(book);
	uint32_t count = records_column_count(records);

	for (uint32_t i = 0; i < count; i++) {
		const char *name = records_column_name(records, i);
		const char *cell = book_cell(book, row, i);

		if (!is_editable(book, row, i))
			continue;
		if (is_plain(name))
			str_add(out, name);
		else
			add_quoted(out, name);
		str_add(out, ": ");
		add_quoted(out, cell ? cell : "");
		str_add_char(out, '\n');
	}
}

struct cells {
	uint32_t *columns;
	const char **texts;
	size_t count;
};

/* The column of a key; RECORDS_NONE with a sentence. */
static uint32_t
find_column(const struct book *book, uint32_t row, const struct yaml_node *key,
    struct err *err)
{
	uint32_t column = records_exact_column(book_records(book), key->text);

	if (column == RECORDS_NONE)
		err_set(err, ERR_DATA,
		    "line %u: the file has no column '%s'; columns are not "
		    "added here",
		    key->line, key->text);
	else if (!is_editable(book, row, column))
		err_set(err, ERR_DATA,
		    "line %u: %s is not edited here: take the line out",
		    key->line, key->text);
	else
		return column;
	return RECORDS_NONE;
}

static bool
take(const struct book *book, uint32_t row, const struct yaml_node *root,
    struct cells *cells, unsigned *line, struct err *err)
{
	if (root->kind != YAML_MAP) {
		*line = root->line;
		return err_set(err, ERR_DATA,
		    "line %u: here a column stands before each value, as in "
		    "Name: Ada",
		    root->line);
	}
	for (size_t i = 0; i < root->count; i++) {
		const struct yaml_node *value = root->items[i];
		uint32_t column = find_column(book, row, root->keys[i], err);

		*line = root->keys[i]->line;
		if (column == RECORDS_NONE)
			return false;
		if (value->kind != YAML_SCALAR)
			return err_set(err, ERR_DATA,
			    "line %u: %s must be one text: put it into quotes",
			    value->line, root->keys[i]->text);
		cells->columns[cells->count] = column;
		cells->texts[cells->count++] = yaml_tree_is_null(value)
						   ? ""
						   : value->text;
	}
	*line = 0;
	return true;
}

/* "contact:12:3: what": the line, for who opens the text there again. */
static unsigned
line_of(const char *message)
{
	const char *colon = strchr(message, ':');

	return colon ? (unsigned)strtoul(colon + 1, NULL, 10) : 0;
}

bool
record_text_apply(struct book *book, uint32_t row, const char *text, size_t len,
    unsigned *changed, unsigned *line, struct err *err)
{
	struct yaml_node *root = yaml_tree_parse("contact", text, len, err);
	struct cells cells = {.count = 0};
	bool good;

	*changed = *line = 0;
	if (!root) {
		*line = line_of(err->text);
		return false;
	}
	cells.columns = mem_resize(
	    NULL, root->count + 1, sizeof(*cells.columns));
	cells.texts = mem_resize(NULL, root->count + 1, sizeof(*cells.texts));
	good = take(book, row, root, &cells, line, err) &&
	       book_set_row(book, row, cells.columns, cells.texts, cells.count,
		   changed, err);
	free(cells.columns);
	free(cells.texts);
	yaml_tree_free(root);
	return good;
}
