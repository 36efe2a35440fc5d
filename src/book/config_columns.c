/* SPDX-License-Identifier: MIT */
/*
 * desk.columns and desk.sort: lists of names, each a word, a map of the word to
 * its width, or {column: NAME} for a column of the file that is called like
 * something else. What the names stand for shows when there is a book.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "book/config_keys.h"
#include "book/problems.h"
#include "source/yaml_scalar.h"
#include "source/yaml_tree.h"

enum { PLACE_MAX = 128 };

static bool
read_width(struct config_reader *reader, const char *path,
    const struct yaml_node *node, int *width)
{
	const char *text = node->kind == YAML_SCALAR ? node->text : "";
	char *end;
	long number;

	errno = 0;
	number = strtol(text, &end, 10);
	if (errno || end == text || *end || number < 1 ||
	    number > CONFIG_COLUMN_WIDTH_MAX) {
		problems_add(reader->problems, node, path,
		    "a width is a number from 1 to %d",
		    CONFIG_COLUMN_WIDTH_MAX);
		return false;
	}
	*width = (int)number;
	return true;
}

static void
refuse_key(struct config_reader *reader, const char *path,
    const struct yaml_node *key, bool order)
{
	const char *const known[] = {"column", order ? "reversed" : "width"};
	struct str place;

	str_init(&place, PLACE_MAX);
	str_addf(&place, "%s.%s", path, key->text);
	problems_unknown(reader->problems, key, place.data, known, 2);
	str_release(&place);
}

/* {column: NAME, width: 12} or, of an order, {column: NAME, reversed: true} */
static bool
read_of_file(struct config_reader *reader, const char *path,
    const struct yaml_node *node, bool order, struct config_column *out)
{
	static const char *const words[] = {"false", "true", NULL};
	int word;

	out->of_file = true;
	for (size_t i = 0; i < node->count; i++) {
		const struct yaml_node *value = node->items[i];
		const char *key = node->keys[i]->text, *name;

		if (strcmp(key, "column") == 0) {
			name = config_scalar(
			    reader, path, value, "a column's title");
			if (!name)
				return false;
			out->name = mem_strdup(name);
		} else if (strcmp(key, "width") == 0 && !order) {
			if (!read_width(reader, path, value, &out->width))
				return false;
		} else if (strcmp(key, "reversed") == 0 && order) {
			word = problems_choice(
			    reader->problems, value, path, words);
			if (word < 0)
				return false;
			out->reversed = word == 1;
		} else {
			refuse_key(reader, path, node->keys[i], order);
			return false;
		}
	}
	return out->name != NULL;
}

static bool
read_one(struct config_reader *reader, const char *path,
    const struct yaml_node *node, bool order, struct config_column *out)
{
	const char *name;

	if (node->kind == YAML_MAP && yaml_tree_get(node, "column"))
		return read_of_file(reader, path, node, order, out);
	if (node->kind == YAML_MAP && node->count == 1 && !order) {
		out->name = mem_strdup(node->keys[0]->text);
		return read_width(reader, path, node->items[0], &out->width);
	}
	if (node->kind != YAML_SCALAR || !*node->text) {
		problems_add(reader->problems, node, path,
		    order ? "must be a column's name, with - in front of it "
			    "for backwards, or {column: a title of the file}"
			  : "must be a column's name, {name: width}, or "
			    "{column: a title of the file}");
		return false;
	}
	name = node->text;
	out->reversed = order && name[0] == '-' && name[1];
	out->name = mem_strdup(name + out->reversed);
	return true;
}

static bool
has(const struct config_columns *columns, const struct config_column *column)
{
	for (size_t i = 0; i < columns->count; i++)
		if (columns->list[i].of_file == column->of_file &&
		    strcmp(columns->list[i].name, column->name) == 0)
			return true;
	return false;
}

void
config_read_columns(struct config_reader *reader, const char *path,
    const struct yaml_node *node, bool order, struct config_columns *out)
{
	if (node->kind != YAML_LIST || node->count > CONFIG_COLUMNS_MAX) {
		problems_add(reader->problems, node, path,
		    "must be a list of at most %d columns, such as %s",
		    CONFIG_COLUMNS_MAX,
		    order ? "[state, -t65, name]" : "[name, born, {state: 4}]");
		return;
	}
	out->list = mem_zalloc((node->count + 1) * sizeof(*out->list));
	for (size_t i = 0; i < node->count; i++) {
		const struct yaml_node *item = node->items[i];
		struct config_column *column = &out->list[out->count];

		*column = (struct config_column){
		    .line = item->line, .column = item->column};
		if (!read_one(reader, path, item, order, column)) {
			free(column->name);
			column->name = NULL;
		} else if (has(out, column)) {
			problems_add(reader->problems, item, path,
			    "\"%s\" stands there twice", column->name);
			free(column->name);
			column->name = NULL;
		} else {
			out->count++;
		}
	}
}

void
config_columns_add(
    struct config_columns *columns, const struct config_column *column)
{
	columns->list = mem_resize(
	    columns->list, columns->count + 1, sizeof(*columns->list));
	columns->list[columns->count] = *column;
	columns->list[columns->count++].name = mem_strdup(column->name);
}

void
config_columns_free(struct config_columns *columns)
{
	for (size_t i = 0; i < columns->count; i++)
		free(columns->list[i].name);
	free(columns->list);
	*columns = (struct config_columns){.list = NULL};
}

bool
config_columns_same(
    const struct config_columns *a, const struct config_columns *b)
{
	bool same = a->count == b->count;

	for (size_t i = 0; same && i < a->count; i++)
		same = strcmp(a->list[i].name, b->list[i].name) == 0 &&
		       a->list[i].of_file == b->list[i].of_file &&
		       a->list[i].width == b->list[i].width &&
		       a->list[i].reversed == b->list[i].reversed;
	return same;
}

static void
write_name(struct str *out, const char *name)
{
	yaml_scalar_write(out, name, YAML_PLAIN, true, false);
}

/* -name; where that would be another thing than text, in quotes as a whole. */
static void
write_order(struct str *out, const struct config_column *column)
{
	struct str whole;

	if (column->reversed && isalpha((unsigned char)*column->name)) {
		str_add_char(out, '-');
		write_name(out, column->name);
		return;
	}
	str_init(&whole, strlen(column->name) + 1);
	str_add(&whole, column->reversed ? "-" : "");
	str_add(&whole, column->name);
	write_name(out, whole.data);
	str_release(&whole);
}

void
config_columns_write(const struct config_columns *columns, struct str *out)
{
	str_add_char(out, '[');
	for (size_t i = 0; i < columns->count; i++) {
		const struct config_column *column = &columns->list[i];

		str_add(out, i > 0 ? ", " : "");
		if (column->of_file) {
			str_add(out, "{column: ");
			write_name(out, column->name);
			if (column->width > 0)
				str_addf(out, ", width: %d", column->width);
			str_add(
			    out, column->reversed ? ", reversed: true}" : "}");
		} else if (column->width > 0) {
			str_add_char(out, '{');
			write_name(out, column->name);
			str_addf(out, ": %d}", column->width);
		} else {
			write_order(out, column);
		}
	}
	str_add_char(out, ']');
}
