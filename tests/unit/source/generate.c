/* SPDX-License-Identifier: MIT */
#include "generate.h"

#include <string.h>

/* xorshift64 (Marsaglia) */
uint32_t
chance(struct chance *chance, uint32_t below)
{
	chance->state ^= chance->state << 13;
	chance->state ^= chance->state >> 7;
	chance->state ^= chance->state << 17;
	return (uint32_t)(chance->state >> 32) % below;
}

static const char *const words[] = {"Ann", "O'Neil", "Jos\xC3\xA9",
    "\xE4\xB8\xAD\xE6\x96\x87", "\xF0\x9F\x98\x80", "1EG4-TE5-MK73", "555-0123",
    "12 Main St", "a  b", "x", "#1", "- dash", "key: value", "yes", "~", "[x",
    "{y}", "*z", "&w", "!t", "%p", "@at", "back\\slash", "1e5", "007", "'", "|",
    ">", "?", "trailing:"};

enum { WORDS = sizeof(words) / sizeof(words[0]) };

/* ---- CSV ---------------------------------------------------------------- */

struct dialect {
	char delimiter;
	const char *line_end;
	bool quote_all;
};

static void
add_csv_cell(struct chance *c, const struct dialect *dialect, struct str *raw)
{
	uint32_t kind = chance(c, 10);
	bool quoted = dialect->quote_all;

	if (kind == 0) {
		str_add(raw, quoted ? "\"\"" : "");
		return;
	}
	if (kind > 6)
		quoted = true;
	if (quoted)
		str_add_char(raw, '"');
	for (uint32_t i = 0; i < 1 + chance(c, 3); i++) {
		const char *word = words[chance(c, WORDS)];

		/* bars delimit in one of the dialects */
		str_add(raw, *word == '|' ? "bar" : word);
		if (!quoted)
			break;
		switch (chance(c, 6)) {
		case 0: str_add(raw, "\"\""); break;
		case 1: str_add_char(raw, dialect->delimiter); break;
		case 2: str_add(raw, dialect->line_end); break;
		default: str_add_char(raw, ' '); break;
		}
	}
	if (quoted)
		str_add_char(raw, '"');
}

static void
add_plain(const struct dialect *dialect, struct str *raw, const char *text)
{
	const char *quote = dialect->quote_all ? "\"" : "";

	str_addf(raw, "%s%s%s", quote, text, quote);
}

/* One row into both texts; `value`: its result, or NULL. */
static void
add_csv_row(struct chance *c, const struct dialect *dialect,
    struct generated_csv *csv, uint32_t columns, uint32_t result,
    uint32_t number, const char *value)
{
	uint32_t count = columns, kind = chance(c, 12);
	char id[16];
	struct str raw;

	str_init(&raw, 1 << 16);
	if (kind == 0 && columns > 2 && result != columns - 1)
		count = columns - 1;
	for (uint32_t i = 0; i < count; i++) {
		if (i > 0) {
			str_add_char(&csv->before, dialect->delimiter);
			str_add_char(&csv->after, dialect->delimiter);
		}
		str_reset(&raw);
		if (i == 0) {
			str_reset(&raw);
			str_addf(&raw, "r%u", number);
			str_copy(id, sizeof(id), raw.data);
			str_reset(&raw);
			add_plain(dialect, &raw, id);
		} else if (i == result) {
			add_plain(dialect, &raw, "");
		} else {
			add_csv_cell(c, dialect, &raw);
		}
		str_add(&csv->before, raw.data);
		if (i == result && value)
			add_plain(dialect, &csv->after, value);
		else
			str_add(&csv->after, raw.data);
	}
	if (result == columns && (count == columns || value)) {
		for (uint32_t i = count; i < columns; i++) {
			str_add_char(&csv->after, dialect->delimiter);
			add_plain(dialect, &csv->after, "");
		}
		str_add_char(&csv->after, dialect->delimiter);
		add_plain(dialect, &csv->after, value ? value : "");
	}
	/* what is too much stays behind ours */
	if (kind == 1) {
		str_reset(&raw);
		str_add_char(&raw, dialect->delimiter);
		add_plain(dialect, &raw, "more");
		str_add(&csv->before, raw.data);
		str_add(&csv->after, raw.data);
	}
	str_release(&raw);
}

static void
add_both(struct generated_csv *csv, const char *text)
{
	str_add(&csv->before, text);
	str_add(&csv->after, text);
}

void
generate_csv(struct chance *c, struct generated_csv *csv, const char *value)
{
	static const char delimiters[] = ",;\t|";
	static const char *const ends[] = {"\n", "\r\n", "\r"};
	struct dialect dialect = {
	    delimiters[chance(c, 4)], ends[chance(c, 3)], chance(c, 3) == 0};
	uint32_t columns = 2 + chance(c, 6);
	/* where HS is; behind all others when it is not there */
	uint32_t result = 1 + chance(c, columns);

	str_init(&csv->before, 1 << 20);
	str_init(&csv->after, 1 << 20);
	csv->rows = 1 + chance(c, 9);
	csv->row = chance(c, csv->rows);
	if (chance(c, 4) == 0)
		add_both(csv, "\xEF\xBB\xBF");
	for (uint32_t i = 0; i < columns; i++) {
		struct str name;

		str_init(&name, 64);
		if (i > 0)
			str_add_char(&name, dialect.delimiter);
		add_plain(&dialect, &name,
		    i == 0        ? "id"
		    : i == result ? "HS"
				  : "name");
		add_both(csv, name.data);
		str_release(&name);
	}
	if (result == columns) {
		str_add_char(&csv->after, dialect.delimiter);
		add_plain(&dialect, &csv->after, "HS");
	}
	for (uint32_t i = 0; i < csv->rows; i++) {
		add_both(csv, dialect.line_end);
		if (chance(c, 12) == 0)
			add_both(csv, dialect.line_end);
		add_csv_row(c, &dialect, csv, columns, result, i,
		    i == csv->row ? value : NULL);
	}
	if (chance(c, 3) > 0)
		add_both(csv, dialect.line_end);
}

/* ---- YAML --------------------------------------------------------------- */

struct yaml_text {
	struct chance *chance;
	struct str *out;
	const char *line_end;
};

static void
indent(struct yaml_text *text, uint32_t columns)
{
	while (columns-- > 0)
		str_add_char(text->out, ' ');
}

static void
end_line(struct yaml_text *text)
{
	static const char *const comments[] = {
	    " # note", "   # caf\xC3\xA9, \"x", " #"};

	if (chance(text->chance, 8) == 0)
		str_add(text->out, comments[chance(text->chance, 3)]);
	str_add(text->out, text->line_end);
	if (chance(text->chance, 16) == 0)
		str_add(text->out, text->line_end);
}

static void
add_quoted(struct yaml_text *text, char quote)
{
	str_add_char(text->out, quote);
	for (uint32_t i = 0; i < chance(text->chance, 4); i++) {
		const char *word = words[chance(text->chance, WORDS)];

		if (i > 0)
			str_add_char(text->out, ' ');
		for (; *word; word++) {
			if (quote == '\'' && *word == '\'')
				str_add_char(text->out, '\'');
			if (quote == '"' && *word == '\\')
				str_add_char(text->out, '\\');
			str_add_char(text->out, *word);
		}
	}
	str_add_char(text->out, quote);
}

/* What may stand plain in flow and block. */
static void
add_plain_word(struct yaml_text *text)
{
	static const char *const plain[] = {"Ann", "O'Neil", "Jos\xC3\xA9",
	    "\xE4\xB8\xAD\xE6\x96\x87 x", "04101", "no", "~", "null",
	    "2001-01-01", "a b c", "\xF0\x9F\x98\x80"};

	str_add(text->out, plain[chance(text->chance, 11)]);
}

static void
add_flow_value(struct yaml_text *text)
{
	switch (chance(text->chance, 6)) {
	case 0: add_quoted(text, '"'); break;
	case 1: add_quoted(text, '\''); break;
	case 2: str_add(text->out, "[a, {b: c}]"); break;
	case 3: str_add(text->out, "{in: x, out: [y]}"); break;
	default: add_plain_word(text); break;
	}
}

static void
add_block_scalar(struct yaml_text *text, uint32_t column)
{
	static const char *const heads[] = {"|", ">", "|-", ">-", "|+", ">+"};

	str_add(text->out, heads[chance(text->chance, 6)]);
	str_add(text->out, text->line_end);
	for (uint32_t i = 0; i < 1 + chance(text->chance, 3); i++) {
		indent(text, column + 2);
		add_plain_word(text);
		str_add(text->out, text->line_end);
		if (chance(text->chance, 5) == 0)
			str_add(text->out, text->line_end);
	}
}

/* `key: value` from behind its indentation to the end of its line. */
static void
add_pair(struct yaml_text *text, uint32_t number, uint32_t column)
{
	uint32_t kind = chance(text->chance, 10);

	str_addf(text->out, "k%u:", number);
	if (kind == 0) {
		end_line(text);
		return;
	}
	if (kind == 1) {
		str_add(text->out, text->line_end);
		indent(text, column + 1);
		str_add(text->out, "x: 1");
		end_line(text);
		indent(text, column + 1);
		str_add(text->out, "y: 'z'");
		end_line(text);
		return;
	}
	if (kind == 2) {
		str_add(text->out, text->line_end);
		indent(text, column);
		str_add(text->out, "- one");
		end_line(text);
		indent(text, column);
		str_add(text->out, "- two: 2");
		end_line(text);
		return;
	}
	str_add_char(text->out, ' ');
	if (kind == 3) {
		add_block_scalar(text, column);
		return;
	}
	if (kind == 4) {
		str_add(text->out, "\"two");
		str_add(text->out, text->line_end);
		indent(text, column + 3);
		str_add(text->out, "lines\"");
	} else if (kind == 5) {
		str_add(text->out, "plain");
		str_add(text->out, text->line_end);
		indent(text, column + 1);
		str_add(text->out, "goes on");
	} else {
		add_flow_value(text);
	}
	end_line(text);
}

static void
add_flow_map(struct yaml_text *text, uint32_t number, uint32_t column)
{
	bool lines = chance(text->chance, 3) == 0;

	str_add(text->out, chance(text->chance, 2) ? "{" : "{ ");
	str_addf(text->out, "id: r%u", number);
	for (uint32_t i = 0; i < chance(text->chance, 4); i++) {
		str_add(text->out, ",");
		if (lines) {
			str_add(text->out, text->line_end);
			indent(text, column + 2);
		} else {
			str_add(text->out, " ");
		}
		str_addf(text->out, "k%u: ", i);
		if (chance(text->chance, 8) > 0)
			add_flow_value(text);
	}
	if (chance(text->chance, 6) == 0)
		str_add(text->out, " ,");
	str_add(text->out, chance(text->chance, 2) ? "}" : " }");
}

static void
add_record(struct yaml_text *text, uint32_t number, uint32_t column)
{
	uint32_t gap = 1 + chance(text->chance, 3), pairs, id;

	indent(text, column);
	str_add_char(text->out, '-');
	indent(text, gap);
	if (chance(text->chance, 4) == 0) {
		add_flow_map(text, number, column + 1 + gap);
		end_line(text);
		return;
	}
	pairs = 1 + chance(text->chance, 5);
	id = chance(text->chance, pairs);
	for (uint32_t i = 0; i < pairs; i++) {
		if (i > 0)
			indent(text, column + 1 + gap);
		if (i != id) {
			add_pair(text, i, column + 1 + gap);
			continue;
		}
		str_addf(text->out, "id: r%u", number);
		end_line(text);
	}
}

uint32_t
generate_yaml(struct chance *c, struct str *out)
{
	struct yaml_text text = {c, out, chance(c, 3) ? "\n" : "\r\n"};
	uint32_t rows = 1 + chance(c, 6), column = 0, kind = chance(c, 4);

	if (chance(c, 4) == 0)
		str_add(out, "\xEF\xBB\xBF");
	if (chance(c, 4) == 0) {
		str_add(out, "# caf\xC3\xA9");
		str_add(out, text.line_end);
	}
	if (chance(c, 6) == 0) {
		str_add(out, "---");
		str_add(out, text.line_end);
	}
	if (kind == 0) {
		str_add(out, "version: '2'");
		end_line(&text);
		str_add(out, "contacts:");
		end_line(&text);
		column = chance(c, 4);
	}
	for (uint32_t i = 0; i < rows; i++)
		add_record(&text, i, column);
	if (kind == 0 && chance(c, 2)) {
		str_add(out, "after: [1, 2]");
		end_line(&text);
	}
	if (chance(c, 5) == 0) /* the last line end is missing */
		while (out->len > 0 && strchr("\r\n", out->data[out->len - 1]))
			out->data[--out->len] = '\0';
	return rows;
}
