/* SPDX-License-Identifier: MIT */
/*
 * YAML as people write it: comments, quotes where they like them, blocks,
 * flow maps, maps inside, the list alone or under a key.
 */
#include "property.h"

#include <stdio.h>
#include <string.h>

static const char *const names[] = {"external_id", "first_name", "last_name",
    "notes", "e-mail", "address.city", "phone #", "caf\xC3\xA9"};

struct writing {
	struct str *out;
	struct dice *dice;
	const char *line_end;
	unsigned indent; /* of the record's keys */
	bool comments;
};

static void
make(struct document *document, struct dice *dice)
{
	document->encoding = dice_chance(dice, 10) ? DOCUMENT_UTF8_BOM
						   : DOCUMENT_UTF8;
	make_table(document, dice,
	    VALUE_PLAIN | VALUE_WIDE | VALUE_WIDER | VALUE_BREAKS, names,
	    sizeof(names) / sizeof(names[0]));
}

static void
add_line_end(struct writing *writing)
{
	str_add(writing->out, writing->line_end);
}

static void
add_blanks(struct writing *writing, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		str_add_char(writing->out, ' ');
}

/* Plain only where nothing could be meant by it but text. */
static bool
may_be_plain(const char *text)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

	if (!strchr(letters, text[0]) || strcmp(text, "true") == 0 ||
	    strcmp(text, "null") == 0)
		return false;
	for (const char *at = text; *at; at++)
		if (!strchr(letters, *at) && !strchr("0123456789-_' ", *at))
			return false;
	return strlen(text) > 3;
}

static void
add_double(struct writing *writing, const char *text)
{
	str_add_char(writing->out, '"');
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '"' || c == '\\')
			str_addf(writing->out, "\\%c", c);
		else if (c == '\n')
			str_add(writing->out, "\\n");
		else if (c == '\t')
			str_add(writing->out, "\\t");
		else
			str_add_char(writing->out, (char)c);
	}
	str_add_char(writing->out, '"');
}

/* What libyaml takes for a line end, or not for a character at all. */
static bool
has_odd_breaks(const char *text)
{
	return strstr(text, "\xC2\x85") || strstr(text, "\xE2\x80\xA8") ||
	       strstr(text, "\xEF\xBB\xBF");
}

/* Double quotes with the odd characters escaped. */
static void
add_escaped(struct writing *writing, const char *text)
{
	struct str escaped;

	str_init(&escaped, 64 * VALUE_MAX);
	while (*text) {
		if (strncmp(text, "\xC2\x85", 2) == 0) {
			str_add(&escaped, "\\N");
			text += 2;
		} else if (strncmp(text, "\xE2\x80\xA8", 3) == 0) {
			str_add(&escaped, "\\L");
			text += 3;
		} else if (strncmp(text, "\xEF\xBB\xBF", 3) == 0) {
			str_add(&escaped, "\\uFEFF");
			text += 3;
		} else if (*text == '"' || *text == '\\') {
			str_addf(&escaped, "\\%c", *text++);
		} else if (*text == '\n') {
			str_add(&escaped, "\\n");
			text++;
		} else {
			str_add_char(&escaped, *text++);
		}
	}
	str_addf(writing->out, "\"%s\"", escaped.data);
	str_release(&escaped);
}

static void
add_single(struct writing *writing, const char *text)
{
	str_add_char(writing->out, '\'');
	for (; *text; text++) {
		if (*text == '\'')
			str_add_char(writing->out, '\'');
		str_add_char(writing->out, *text);
	}
	str_add_char(writing->out, '\'');
}

static void
add_block(struct writing *writing, const char *text)
{
	str_add(writing->out, "|-");
	add_line_end(writing);
	add_blanks(writing, writing->indent + 2);
	for (; *text; text++) {
		if (*text != '\n') {
			str_add_char(writing->out, *text);
			continue;
		}
		add_line_end(writing);
		if (text[1] != '\n')
			add_blanks(writing, writing->indent + 2);
	}
}

static void
add_value(struct writing *writing, const char *text, bool flow)
{
	bool breaks = strchr(text, '\n') != NULL;
	bool tabs = strchr(text, '\t') != NULL;

	if (has_odd_breaks(text))
		add_escaped(writing, text);
	else if (!flow && !tabs && !strstr(text, "\n ") &&
		 !strstr(text, " \n") && dice_chance(writing->dice, 20))
		add_block(writing, text);
	else if (!breaks && may_be_plain(text) &&
		 dice_chance(writing->dice, 70))
		str_add(writing->out, text);
	else if (!breaks && dice_chance(writing->dice, 50))
		add_single(writing, text);
	else
		add_double(writing, text);
}

static void
add_comment(struct writing *writing, unsigned percent)
{
	static const char *const comments[] = {
	    "# call in May", "#", "#: - {", "# \"open", "# caf\xC3\xA9 'round"};

	if (writing->comments && dice_chance(writing->dice, percent))
		str_addf(
		    writing->out, " %s", comments[dice_roll(writing->dice, 5)]);
}

/* A value behind its colon; a comment may follow unless it is a block. */
static void
add_pair(struct writing *writing, const char *name, const char *text)
{
	size_t before;

	str_addf(writing->out, "%s:", name);
	if (!text) {
		if (dice_chance(writing->dice, 50))
			str_add(writing->out, " null");
		add_comment(writing, 10);
		return;
	}
	str_add_char(writing->out, ' ');
	before = writing->out->len;
	add_value(writing, text, false);
	if (writing->out->data[before] != '|')
		add_comment(writing, 10);
}

static const char *
written_name(const char *name)
{
	return strcmp(name, "phone #") == 0 ? "\"phone #\"" : name;
}

static void
add_block_record(struct writing *writing, char *const *cells,
    char *const *columns, unsigned count)
{
	bool first = true;

	for (unsigned i = 0; i < count; i++) {
		const char *dot = strchr(columns[i], '.');

		if (!cells[i] && (dot || dice_chance(writing->dice, 60)))
			continue;
		if (!first) {
			if (writing->comments && dice_chance(writing->dice, 5))
				add_line_end(writing);
			add_blanks(writing, writing->indent);
		}
		first = false;
		if (!dot) {
			add_pair(writing, written_name(columns[i]), cells[i]);
		} else {
			str_addf(writing->out, "%.*s:", (int)(dot - columns[i]),
			    columns[i]);
			add_line_end(writing);
			writing->indent += 2;
			add_blanks(writing, writing->indent);
			add_pair(writing, dot + 1, cells[i]);
			writing->indent -= 2;
		}
		add_line_end(writing);
	}
}

static void
add_flow_record(struct writing *writing, char *const *cells,
    char *const *columns, unsigned count)
{
	bool first = true;

	str_add_char(writing->out, '{');
	for (unsigned i = 0; i < count; i++) {
		const char *dot = strchr(columns[i], '.');

		if (!cells[i])
			continue;
		str_add(writing->out, first ? "" : ", ");
		first = false;
		if (dot) {
			str_addf(writing->out,
			    "%.*s: {%s: ", (int)(dot - columns[i]), columns[i],
			    dot + 1);
			add_value(writing, cells[i], true);
			str_add_char(writing->out, '}');
			continue;
		}
		str_addf(writing->out, "%s: ", written_name(columns[i]));
		add_value(writing, cells[i], true);
	}
	str_add_char(writing->out, '}');
	add_line_end(writing);
}

static void
write_document(struct document *document, uint64_t style)
{
	struct dice dice = {style};
	struct writing writing = {
	    .out = &document->bytes,
	    .dice = &dice,
	    .line_end = dice_chance(&dice, 30) ? "\r\n" : "\n",
	    .comments = dice_chance(&dice, 60),
	};
	bool under = dice_chance(&dice, 40), flow = dice_chance(&dice, 20);
	unsigned margin = under ? dice_roll(&dice, 2) * 2 : 0;

	if (writing.comments) {
		str_add(writing.out, "# the contacts");
		add_line_end(&writing);
	}
	if (dice_chance(&dice, 20)) {
		str_add(writing.out, "---");
		add_line_end(&writing);
	}
	if (under) {
		str_add(writing.out, "owner: 'me'");
		add_line_end(&writing);
		str_add(writing.out, "contacts:");
		add_line_end(&writing);
	}
	writing.indent = margin + 2;
	for (unsigned row = 0; row < document->rows; row++) {
		add_blanks(&writing, margin);
		str_add(writing.out, "- ");
		(flow ? add_flow_record : add_block_record)(&writing,
		    document->cells[row], document->names, document->columns);
		if (writing.comments && dice_chance(&dice, 20)) {
			add_blanks(&writing, margin);
			str_add(writing.out, "# next");
			add_line_end(&writing);
		}
	}
	if (under && dice_chance(&dice, 50)) {
		str_add(writing.out, "last: [1, {a: b}]");
		add_line_end(&writing);
	}
}

const struct document_format yaml_documents = {
    .name = "yaml",
    .ending = ".yaml",
    .result_id = "healthsherpa_id",
    .overhead = 40,
    .make = make,
    .write = write_document,
};
