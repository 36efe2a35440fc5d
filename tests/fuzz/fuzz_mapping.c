/* SPDX-License-Identifier: MIT */
/*
 * Any mapping over any table: a mapping's file, a line "===", then CSV. The
 * rules are parsed, bound and evaluated for every row; each rule's text on one
 * line says what the rule does.
 */
/* the checks are assertions, in every build */
#undef NDEBUG
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"
#include "book/mapping.h"
#include "book/rule_text.h"
#include "source/input.h"
#include "source/records.h"
#include "source/source_format.h"
#include "source/yaml_tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SIZE_MAX_TAKEN = 1 << 13, ROOM = 1 << 20, ROWS_MAX = 50 };

static const char cut[] = "\n===\n";

static const char *
read_cell(void *context, uint32_t row, uint32_t column)
{
	return records_cell(context, row, column);
}

static struct records *
read_table(const char *text, size_t len)
{
	struct records *records = records_new();
	struct err ignored = ERR_INIT;
	enum source_unit unit = SOURCE_UNIT_HEADER;
	struct input input;
	void *reader;

	input_init_memory(&input, text, len, 0);
	reader = csv_format.start(&input, records, "f.csv");
	while ((unit == SOURCE_UNIT_HEADER || unit == SOURCE_UNIT_RECORD) &&
	       records_count(records) < ROWS_MAX)
		unit = csv_format.next(reader, &ignored);
	csv_format.end(reader);
	input_release(&input);
	return records;
}

/* Every problem is a line that begins with the file's name. */
static void
check_problems(const struct str *problems, const char *name)
{
	assert(problems->len > 0 && !problems->cut);
	assert(text_valid(problems->data, problems->len, NULL));
	for (const char *at = problems->data; *at; at = strchr(at, '\n') + 1)
		assert(str_starts(at, name));
}

static void
evaluate(struct mapping *mapping, struct records *records)
{
	struct str problems, out;

	str_init(&problems, ROOM);
	str_init(&out, ROOM);
	if (!mapping_bind(mapping, records, true, &problems))
		check_problems(&problems, "m.yaml:");
	for (uint32_t row = 0; row < records_count(records); row++) {
		for (unsigned i = 0; i < FIELD_COUNT; i++) {
			const char *date;
			uint32_t column;
			bool found = mapping_evaluate(mapping, (enum field)i,
			    row, read_cell, records, &out, &column, &date);

			assert(found == (out.len > 0));
			assert(strlen(out.data) == out.len);
			assert(text_valid(out.data, out.len, NULL));
			assert(column == UINT32_MAX ||
			       column < records_column_count(records));
			assert(found || !date);
		}
	}
	str_release(&problems);
	str_release(&out);
}

/* All rules on one line each; the mapping that they make, described. */
static void
check_texts(const struct mapping *mapping, const char *text, size_t len)
{
	struct err ignored = ERR_INIT;
	struct yaml_node *tree = yaml_tree_parse("m", text, len, &ignored);
	const struct yaml_node *fields = mapping_fields(tree);
	struct str all, problems, is, should;
	struct mapping *again;

	str_init(&all, ROOM);
	str_init(&problems, ROOM);
	str_init(&is, ROOM);
	str_init(&should, ROOM);
	for (size_t i = 0; i < fields->count; i++) {
		str_reset(&is);
		rule_text_write(fields->items[i],
		    yaml_tree_has_places(text, len) ? text : NULL, &is);
		assert(rule_text_good(is.data) || is.len == 0);
		str_addf(&all, "%s: %s\n", fields->keys[i]->text, is.data);
	}
	again = mapping_parse_file("m", all.data, all.len, &problems);
	assert(again && problems.len == 0);
	for (unsigned i = 0; i < FIELD_COUNT; i++) {
		str_reset(&is);
		str_reset(&should);
		mapping_describe(again, (enum field)i, &is);
		mapping_describe(mapping, (enum field)i, &should);
		assert(strcmp(is.data, should.data) == 0);
		assert(mapping_has(again, i) == mapping_has(mapping, i));
	}
	mapping_free(again);
	yaml_tree_free(tree);
	str_release(&all);
	str_release(&problems);
	str_release(&is);
	str_release(&should);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mapping *mapping, *clone;
	struct records *records;
	struct str problems;
	char *text, *table;
	size_t len;

	if (size > SIZE_MAX_TAKEN)
		return 0;
	text = mem_alloc(size + 1);
	memcpy(text, data, size);
	text[size] = '\0';
	table = memmem(text, size, cut, sizeof(cut) - 1);
	len = table ? (size_t)(table - text) + 1 : size;
	table = table ? table + sizeof(cut) - 1 : text + size;
	str_init(&problems, ROOM);
	mapping = mapping_parse_file("m.yaml", text, len, &problems);
	if (mapping) {
		assert(problems.len == 0);
		check_texts(mapping, text, len);
		clone = mapping_clone(mapping);
		mapping_free(mapping);
		records = read_table(table, size - (size_t)(table - text));
		evaluate(clone, records);
		records_free(records);
		mapping_free(clone);
	} else {
		check_problems(&problems, "m.yaml:");
	}
	str_release(&problems);
	free(text);
	return 0;
}
