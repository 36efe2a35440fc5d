/* SPDX-License-Identifier: MIT */
/*
 * JSON as programs write it: packed, on lines, indented; a list, a list under
 * a key, or one object a line. Values are text, numbers, true, false, null,
 * objects and lists.
 */
#include "property.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static const char *const names[] = {"external_id", "first_name", "last_name",
    "notes", "e-mail", "address.city", "a \"name\"\\", "caf\xC3\xA9"};

struct style {
	bool lines, under, escape_wide;
	const char *line_end;
	const char *indent; /* NULL: a record on one line */
	const char *colon, *comma;
};

struct writing {
	struct str *out;
	struct dice *dice;
	struct style style;
};

/* Values that are no text in the file; what is read is their text. */
static const char *const literals[] = {"0", "-1.50", "12345678901234567890",
    "1e5", "0.0", "true", "false", "[1,\"a\",{\"b\":null}]", "[]"};

static bool
is_literal(const char *text)
{
	for (size_t i = 0; i < sizeof(literals) / sizeof(literals[0]); i++)
		if (strcmp(text, literals[i]) == 0)
			return true;
	return false;
}

static void
make(struct document *document, struct dice *dice)
{
	document->encoding = dice_chance(dice, 10) ? DOCUMENT_UTF8_BOM
						   : DOCUMENT_UTF8;
	make_table(document, dice,
	    VALUE_PLAIN | VALUE_WIDE | VALUE_WIDER | VALUE_BREAKS, names,
	    sizeof(names) / sizeof(names[0]));
	for (unsigned row = 0; row < document->rows; row++)
		for (unsigned i = 1; i < document->columns; i++) {
			char **cell = &document->cells[row][i];

			if (!dice_chance(dice, 15))
				continue;
			free(*cell);
			*cell = mem_strdup(literals[dice_roll(
			    dice, sizeof(literals) / sizeof(literals[0]))]);
			if (**cell == '[')
				document->editable[row][i] = false;
		}
}

static unsigned
take_character(const char **at)
{
	const unsigned char *s = (const unsigned char *)*at;
	unsigned len = s[0] < 0x80 ? 1 : s[0] < 0xE0 ? 2 : s[0] < 0xF0 ? 3 : 4;
	unsigned c = len == 1 ? s[0] : s[0] & (0x7Fu >> len);

	for (unsigned i = 1; i < len; i++)
		c = c << 6 | (s[i] & 0x3F);
	*at += len;
	return c;
}

static void
add_string(struct writing *writing, const char *text)
{
	struct str *out = writing->out;

	str_add_char(out, '"');
	while (*text) {
		const char *from = text;
		unsigned c = take_character(&text);
		bool escape = c >= 0x80 ? writing->style.escape_wide
					: dice_chance(writing->dice, 1);

		if (c == '"' || c == '\\')
			str_addf(out, "\\%c", (int)c);
		else if (c == '\n')
			str_add(out, "\\n");
		else if (c == '\t')
			str_add(out, "\\t");
		else if (escape && c >= 0x10000)
			str_addf(out, "\\u%04x\\u%04X",
			    0xD800 + ((c - 0x10000) >> 10),
			    0xDC00 + ((c - 0x10000) & 0x3FF));
		else if (escape)
			str_addf(out, "\\u%04x", c);
		else
			str_add_bytes(out, from, (size_t)(text - from));
	}
	str_add_char(out, '"');
}

static void
add_value(struct writing *writing, const char *text)
{
	if (!text)
		str_add(writing->out, "null");
	else if (is_literal(text) &&
		 (*text == '[' || dice_chance(writing->dice, 70)))
		str_add(writing->out, text);
	else
		add_string(writing, text);
}

static void
add_break(struct writing *writing, unsigned depth)
{
	if (!writing->style.indent)
		return;
	str_add(writing->out, writing->style.line_end);
	for (unsigned i = 0; i < depth; i++)
		str_add(writing->out, writing->style.indent);
}

static void
add_pair(struct writing *writing, const char *name, const char *text)
{
	add_string(writing, name);
	str_add(writing->out, writing->style.colon);
	add_value(writing, text);
}

static void
add_record(struct writing *writing, char *const *cells, char *const *columns,
    unsigned count, unsigned depth)
{
	bool first = true;

	str_add_char(writing->out, '{');
	for (unsigned i = 0; i < count; i++) {
		const char *dot = strchr(columns[i], '.');

		if (!cells[i] && (dot || dice_chance(writing->dice, 50)))
			continue;
		if (!first)
			str_add(writing->out, writing->style.comma);
		first = false;
		add_break(writing, depth + 1);
		if (!dot) {
			add_pair(writing, columns[i], cells[i]);
			continue;
		}
		str_addf(writing->out, "\"%.*s\"%s{", (int)(dot - columns[i]),
		    columns[i], writing->style.colon);
		add_break(writing, depth + 2);
		add_pair(writing, dot + 1, cells[i]);
		add_break(writing, depth + 1);
		str_add_char(writing->out, '}');
	}
	add_break(writing, depth);
	str_add_char(writing->out, '}');
}

static struct style
choose_style(struct dice *dice, bool lines)
{
	static const char *const indents[] = {NULL, NULL, "  ", "    ", "\t"};
	bool packed = dice_chance(dice, 40);

	return (struct style){
	    .lines = lines,
	    .under = !lines && dice_chance(dice, 30),
	    .escape_wide = dice_chance(dice, 30),
	    .line_end = dice_chance(dice, 30) ? "\r\n" : "\n",
	    .indent = lines ? NULL : indents[dice_roll(dice, 5)],
	    .colon = packed ? ":" : ": ",
	    .comma = packed ? "," : ", ",
	};
}

static void
write_records(struct document *document, uint64_t seed, bool lines)
{
	struct dice dice = {seed};
	struct writing writing = {.out = &document->bytes, .dice = &dice};
	struct style *style = &writing.style;
	unsigned depth;

	*style = choose_style(&dice, lines);
	if (style->indent)
		style->comma = ",";
	depth = style->under ? 2 : 1;
	if (style->under)
		str_addf(writing.out, "{\"total\"%s3%s\"contacts\"%s",
		    style->colon, style->comma, style->colon);
	if (!lines)
		str_add_char(writing.out, '[');
	for (unsigned row = 0; row < document->rows; row++) {
		if (row > 0)
			str_add(writing.out,
			    lines ? style->line_end : style->comma);
		if (!lines)
			add_break(&writing, depth);
		add_record(&writing, document->cells[row], document->names,
		    document->columns, depth);
	}
	if (!lines) {
		add_break(&writing, depth - 1);
		str_add_char(writing.out, ']');
	}
	if (style->under)
		str_addf(writing.out, "%s\"next\"%s{\"a\"%s[1, 2]}}",
		    style->comma, style->colon, style->colon);
	if (dice_chance(&dice, 70))
		str_add(writing.out, style->line_end);
}

static void
write_json(struct document *document, uint64_t style)
{
	write_records(document, style, false);
}

static void
write_lines(struct document *document, uint64_t style)
{
	write_records(document, style, true);
}

const struct document_format json_documents = {
    .name = "json",
    .ending = ".json",
    .result_id = "healthsherpa_id",
    .overhead = 60,
    .make = make,
    .write = write_json,
};

const struct document_format json_lines_documents = {
    .name = "jsonl",
    .ending = ".jsonl",
    .result_id = "healthsherpa_id",
    .overhead = 60,
    .make = make,
    .write = write_lines,
};
