/* SPDX-License-Identifier: MIT */
/*
 * Writing a changed document. The text is copied from left to right, with the
 * change in its place.
 * Hazards: a block scalar may end where the file does, or keep the blank lines
 * behind it, so that a line behind it would change it; a comment line further
 * in than a block scalar's key becomes part of it; in braces an empty value is
 * said to be where the next token is.
 */
#include "source/yaml_edit_private.h"

#include <stdint.h>
#include <string.h>

#include "base/str.h"
#include "source/yaml_scalar.h"

#define NOWHERE SIZE_MAX

static const struct yaml_node *
key_of(struct entry entry)
{
	return entry.map->keys[entry.index];
}

static const struct yaml_node *
value_of(struct entry entry)
{
	return entry.map->items[entry.index];
}

/* ---- the text -------------------------------------------------------------
 */

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static size_t
break_at(const struct edit *edit, size_t at)
{
	return yaml_break_length(edit->text + at, edit->text + edit->len);
}

static size_t
first_byte(const struct edit *edit)
{
	return edit->len >= 3 && memcmp(edit->text, "\xEF\xBB\xBF", 3) == 0 ? 3
									    : 0;
}

/* Where the line break of the line is, or the end of the text. */
static size_t
line_end(const struct edit *edit, size_t at)
{
	while (at < edit->len && break_at(edit, at) == 0)
		at++;
	return at;
}

static size_t
line_start(const struct edit *edit, size_t at)
{
	size_t first = first_byte(edit);

	for (; at > first; at--) {
		if (break_at(edit, at - 1) == 1)
			break;
		if (at >= first + 2 && break_at(edit, at - 2) == 2)
			break;
		if (at >= first + 3 && break_at(edit, at - 3) == 3)
			break;
	}
	return at;
}

static size_t
skip_blanks(const struct edit *edit, size_t at)
{
	while (at < edit->len && is_blank(edit->text[at]))
		at++;
	return at;
}

/* How far in the line is. */
static size_t
indent_at(const struct edit *edit, size_t at)
{
	size_t start = line_start(edit, at);

	return skip_blanks(edit, start) - start;
}

/* Whether nothing stands before it in its line. */
static bool
leads_line(const struct edit *edit, size_t at)
{
	return line_start(edit, at) + indent_at(edit, at) == at;
}

/* The next byte that is neither white space nor part of a comment. */
static size_t
next_token(const struct edit *edit, size_t at)
{
	while (at < edit->len) {
		size_t width = break_at(edit, at);

		if (edit->text[at] == '#')
			at = line_end(edit, at);
		else if (width > 0 || is_blank(edit->text[at]))
			at += width > 0 ? width : 1;
		else
			break;
	}
	return at;
}

/* Where the sign stands if it is the next token, else NOWHERE. */
static size_t
find_sign(const struct edit *edit, size_t at, char sign)
{
	at = next_token(edit, at);
	return at < edit->len && edit->text[at] == sign ? at : NOWHERE;
}

/* `? key` may have none. */
static size_t
colon_of(const struct edit *edit, struct entry entry)
{
	return find_sign(edit, key_of(entry)->end, ':');
}

static size_t
end_of_content(const struct edit *edit, const struct yaml_node *node)
{
	size_t end = node->end;

	if (node->kind != YAML_SCALAR)
		return end;
	if (node->block)
		while (end > node->start && (is_blank(edit->text[end - 1]) ||
						edit->text[end - 1] == '\n' ||
						edit->text[end - 1] == '\r'))
			end--;
	return end;
}

/* Behind the last byte of the entry that is neither blank nor a break. */
static size_t
end_of_entry(const struct edit *edit, struct entry entry)
{
	const struct yaml_node *value = value_of(entry);
	size_t colon;

	while (value->kind != YAML_SCALAR && value->block && value->count > 0) {
		entry = (struct entry){value, value->count - 1};
		value = value_of(entry);
	}
	if (value->start < value->end || !entry.map->keys)
		return end_of_content(edit, value);
	colon = colon_of(edit, entry);
	return colon == NOWHERE ? key_of(entry)->end : colon + 1;
}

/* ---- writing --------------------------------------------------------------
 */

static void
copy(struct edit *edit, size_t to)
{
	if (to < edit->at || to > edit->len) {
		edit->lost = true;
		return;
	}
	str_add_bytes(edit->out, edit->text + edit->at, to - edit->at);
	edit->at = to;
}

static void
skip(struct edit *edit, size_t to)
{
	if (to < edit->at || to > edit->len)
		edit->lost = true;
	else
		edit->at = to;
}

static void
add(struct edit *edit, const char *text)
{
	str_add(edit->out, text);
}

static void
add_blanks(struct edit *edit, size_t count)
{
	for (size_t i = 0; i < count; i++)
		str_add_char(edit->out, ' ');
}

/* What was a comment may not become part of what is before it. */
static void
part_from_comment(struct edit *edit)
{
	if (edit->at < edit->len && edit->text[edit->at] == '#')
		add_blanks(edit, 1);
}

static bool
has_comments(const struct edit *edit, size_t start, size_t end)
{
	for (size_t i = 0; i < edit->comments.count; i++)
		if (edit->comments.items[i].start >= start &&
		    edit->comments.items[i].start < end)
			return true;
	return false;
}

/* The comments of a stretch of text as lines, each with its break in front
 * (`below`) or behind. `indent`: NOWHERE: as far in as they were. */
static void
add_comments(
    struct edit *edit, size_t start, size_t end, bool below, size_t indent)
{
	for (size_t i = 0; i < edit->comments.count; i++) {
		const struct yaml_comment *comment = &edit->comments.items[i];

		if (comment->start < start || comment->start >= end)
			continue;
		if (below)
			add(edit, edit->line_break);
		add_blanks(edit, indent == NOWHERE
				     ? indent_at(edit, comment->start)
				     : indent);
		str_add_bytes(edit->out, edit->text + comment->start,
		    comment->end - comment->start);
		if (!below)
			add(edit, edit->line_break);
	}
}

/* A key as its neighbours are written. */
static void
add_key(struct edit *edit, const char *key, bool flow)
{
	const struct yaml_node *map = edit->node;
	enum yaml_style style = YAML_PLAIN;
	char first;

	if (map->kind == YAML_MAP && map->count > 0) {
		first = edit->text[map->keys[map->count - 1]->start];
		if (first == '"')
			style = YAML_DOUBLE;
		else if (first == '\'')
			style = YAML_SINGLE;
	}
	yaml_scalar_write(edit->out, key, style, flow, false);
	str_add_char(edit->out, ':');
}

/* The keys of the path from `from` on, with the value: "a: {b: {c: value}}". */
static void
add_in_braces(struct edit *edit, size_t from)
{
	for (size_t i = from; i < edit->depth; i++) {
		if (i > from)
			str_add_char(edit->out, '{');
		add_key(edit, edit->path[i], true);
		str_add_char(edit->out, ' ');
	}
	add(edit, edit->value);
	for (size_t i = from + 1; i < edit->depth; i++)
		str_add_char(edit->out, '}');
}

/* The same in lines; the first one begins where the text now ends. */
static void
add_in_lines(struct edit *edit, size_t from, size_t indent)
{
	for (size_t i = from; i < edit->depth; i++) {
		if (i > from) {
			add(edit, edit->line_break);
			add_blanks(edit, indent + (i - from) * edit->step);
		}
		add_key(edit, edit->path[i], false);
	}
	add_blanks(edit, 1);
	add(edit, edit->value);
}

/* ---- replacing ------------------------------------------------------------
 */

/* What stands in lines, or on lines of its own, gives way to a value behind
 * the colon. */
static void
replace_lines(struct edit *edit, struct entry entry, const char *text)
{
	size_t colon = colon_of(edit, entry), first, last;

	if (colon == NOWHERE) {
		edit->lost = true;
		return;
	}
	first = line_end(edit, colon);
	last = line_end(edit, end_of_entry(edit, entry));
	copy(edit, colon + 1);
	add_blanks(edit, 1);
	add(edit, text);
	if (has_comments(edit, colon, first)) {
		size_t start = first;

		for (size_t i = 0; i < edit->comments.count; i++)
			if (edit->comments.items[i].end == first)
				start = edit->comments.items[i].start;
		while (is_blank(edit->text[start - 1]))
			start--;
		skip(edit, start);
		copy(edit, first);
	} else {
		skip(edit, first);
	}
	add_comments(edit, first, last, true, NOWHERE);
	skip(edit, last);
}

/* A value that is not there: `key:`, in a flow map also `key`. */
static void
fill(struct edit *edit, struct entry entry, const char *text)
{
	size_t colon = colon_of(edit, entry);

	if (colon == NOWHERE && entry.map->block) {
		edit->lost = true;
		return;
	}
	if (colon == NOWHERE) {
		copy(edit, key_of(entry)->end);
		str_add_char(edit->out, ':');
	} else {
		copy(edit, colon + 1);
	}
	add_blanks(edit, 1);
	add(edit, text);
	part_from_comment(edit);
}

static void
replace(struct edit *edit, struct entry entry, const char *text)
{
	const struct yaml_node *value = value_of(entry);
	size_t key = key_of(entry)->start;
	bool above = edit->way & WAY_OTHER_PLACE;

	if (value->start == value->end) {
		fill(edit, entry, text);
		return;
	}
	if (value->block ||
	    (above && line_end(edit, key_of(entry)->end) < value->start)) {
		replace_lines(edit, entry, text);
		return;
	}
	if (above && has_comments(edit, value->start, value->end)) {
		copy(edit, line_start(edit, key));
		add_comments(edit, value->start, value->end, false,
		    indent_at(edit, key));
	}
	copy(edit, value->start);
	add(edit, text);
	skip(edit, value->end);
	part_from_comment(edit);
	if (!above && has_comments(edit, value->start, value->end)) {
		copy(edit, line_end(edit, value->end));
		add_comments(edit, value->start, value->end, true, NOWHERE);
	}
}

/* ---- adding ---------------------------------------------------------------
 */

/* How far in the keys are that begin a line; NOWHERE: none does. */
static size_t
indent_of_keys(const struct edit *edit, const struct yaml_node *map)
{
	for (size_t i = map->count; i-- > 0;)
		if (leads_line(edit, map->keys[i]->start))
			return indent_at(edit, map->keys[i]->start);
	return NOWHERE;
}

static void
add_to_lines(struct edit *edit)
{
	const struct yaml_node *map = edit->node;
	struct entry last = {map, map->count - 1};
	size_t indent = indent_of_keys(edit, map);

	if (indent == NOWHERE) {
		edit->lost = true;
		return;
	}
	if (edit->way & WAY_OTHER_PLACE) {
		copy(edit, key_of(last)->start);
		add_in_lines(edit, edit->level, indent);
		add(edit, edit->line_break);
		add_blanks(edit, indent);
		return;
	}
	copy(edit, line_end(edit, end_of_entry(edit, last)));
	add(edit, edit->line_break);
	add_blanks(edit, indent);
	add_in_lines(edit, edit->level, indent);
}

/* How far in a new line of a map in braces is: as the last key that begins
 * one, or below the first key. */
static void
add_indent_in_braces(struct edit *edit, const struct yaml_node *map)
{
	size_t key = map->keys[map->count - 1]->start, start;

	if (!leads_line(edit, key)) {
		add_blanks(edit, map->keys[0]->column - 1);
		return;
	}
	start = line_start(edit, key);
	str_add_bytes(edit->out, edit->text + start, key - start);
}

static void
add_to_braces(struct edit *edit)
{
	const struct yaml_node *map = edit->node;
	struct entry last = {map, map->count - 1};
	size_t brace = map->end - 1, end, comma;

	if (edit->text[brace] != '}') {
		edit->lost = true;
		return;
	}
	if (map->count == 0) {
		copy(edit, brace);
		add_in_braces(edit, edit->level);
		return;
	}
	if (edit->way & WAY_OTHER_PLACE) {
		copy(edit, key_of(last)->start);
		add_in_braces(edit, edit->level);
		add(edit, ", ");
		return;
	}
	end = end_of_entry(edit, last);
	comma = find_sign(edit, end, ',');
	copy(edit, end);
	if (comma == NOWHERE)
		str_add_char(edit->out, ',');
	else
		copy(edit, comma + 1);
	if (line_end(edit, edit->at) > brace) {
		add_blanks(edit, 1);
		add_in_braces(edit, edit->level);
		return;
	}
	copy(edit, line_end(edit, edit->at));
	add(edit, edit->line_break);
	add_indent_in_braces(edit, map);
	add_in_braces(edit, edit->level);
	if (comma != NOWHERE)
		str_add_char(edit->out, ',');
}

/* `key:`, `key: ~` and `key: {}` become a map in lines below the key. */
static bool
add_below(struct edit *edit, struct entry entry)
{
	const struct yaml_node *value = value_of(entry);
	size_t key = key_of(entry)->start, colon = colon_of(edit, entry);
	size_t end, indent;

	if (!entry.map->block || colon == NOWHERE || !leads_line(edit, key))
		return false;
	if (value->start < value->end)
		end = value->end;
	else
		end = colon + 1;
	if (line_end(edit, key) < end || has_comments(edit, colon, end))
		return false;
	indent = indent_at(edit, key) + edit->step;
	copy(edit, colon + 1);
	skip(edit, end);
	copy(edit, line_end(edit, end));
	add(edit, edit->line_break);
	add_blanks(edit, indent);
	add_in_lines(edit, edit->level, indent);
	return true;
}

/* Into a document without any content: before its end. */
static void
add_to_nothing(struct edit *edit)
{
	size_t at = first_byte(edit);

	while (at < edit->len && strncmp(edit->text + at, "...", 3) != 0) {
		at = line_end(edit, at);
		at += at < edit->len ? break_at(edit, at) : 0;
	}
	copy(edit, at);
	if (at > line_start(edit, at))
		add(edit, edit->line_break);
	add_in_lines(edit, edit->level, 0);
	add(edit, edit->line_break);
}

/* What is missing of the path, with the value, into what is there. */
static void
add_entry(struct edit *edit)
{
	const struct yaml_node *node = edit->node;
	struct entry entry = edit->chain[edit->level];
	bool empty = yaml_tree_is_null(node) ||
		     (node->kind == YAML_MAP && node->count == 0);
	struct str braces;

	if (edit->level == 0 && empty && node->start == node->end) {
		add_to_nothing(edit);
		return;
	}
	if (empty && edit->level > 0 && add_below(edit, entry))
		return;
	if (node->kind == YAML_MAP) {
		if (node->block)
			add_to_lines(edit);
		else
			add_to_braces(edit);
		return;
	}
	/* null where no lines can be below it */
	if (edit->level > 0) {
		struct str *out = edit->out;

		str_init(&braces, YAML_EDIT_MAX);
		str_add_char(&braces, '{');
		edit->out = &braces;
		add_in_braces(edit, edit->level);
		edit->out = out;
		str_add_char(&braces, '}');
		replace(edit, entry, braces.data);
		str_release(&braces);
		return;
	}
	copy(edit, node->start);
	str_add_char(edit->out, '{');
	add_in_braces(edit, edit->level);
	str_add_char(edit->out, '}');
	skip(edit, node->end);
	part_from_comment(edit);
}

/* ---- taking out -----------------------------------------------------------
 */

/* A block scalar before it would take empty lines, and comments further in,
 * that follow; so the other way is without the ones, the others less far in. */
static void
remove_lines(struct edit *edit, struct entry entry)
{
	size_t key = key_of(entry)->start;
	size_t start = line_start(edit, key);
	size_t end = line_end(edit, end_of_entry(edit, entry));
	bool other = edit->way & WAY_OTHER_PLACE;

	if (!leads_line(edit, key)) {
		edit->lost = true;
		return;
	}
	copy(edit, start);
	/* of a document nothing may be left but its marks */
	if (other && entry.map == edit->root && entry.map->count == 1) {
		add(edit, "{}");
		add(edit, edit->line_break);
	}
	end += break_at(edit, end);
	if (other) {
		end = next_token(edit, end);
		end = end < edit->len ? line_start(edit, end) : end;
	}
	add_comments(
	    edit, start, end, false, other ? indent_at(edit, key) : NOWHERE);
	skip(edit, end);
}

/* From its key to behind its comma, the line with it if it has one of its own;
 * of the last one the comma before it, if none is behind. */
static void
remove_from_braces(struct edit *edit, struct entry entry)
{
	size_t start = key_of(entry)->start, end = end_of_entry(edit, entry);
	size_t comma = find_sign(edit, end, ','), before = NOWHERE, from, to;
	bool above = edit->way & WAY_OTHER_PLACE, whole;

	if (comma == NOWHERE && entry.index > 0)
		before = find_sign(edit,
		    end_of_entry(
			edit, (struct entry){entry.map, entry.index - 1}),
		    ',');
	if (comma != NOWHERE)
		end = comma + 1;
	from = start;
	if (before != NOWHERE && skip_blanks(edit, before + 1) == start)
		from = before;
	to = end;
	if (skip_blanks(edit, to) == line_end(edit, to))
		to = skip_blanks(edit, to);
	else if (comma != NOWHERE && from == start)
		to = skip_blanks(edit, to);
	whole = leads_line(edit, from) && to < edit->len &&
		break_at(edit, to) > 0;
	if (above && has_comments(edit, start, end)) {
		copy(edit, line_start(edit, start));
		add_comments(edit, start, end, false, NOWHERE);
	}
	if (before != NOWHERE && before < from) {
		copy(edit, before);
		skip(edit, before + 1);
	}
	copy(edit, whole ? line_start(edit, from) : from);
	skip(edit, whole ? to + break_at(edit, to) : to);
	if (above || !has_comments(edit, start, end))
		return;
	if (whole) {
		add_comments(edit, start, end, false, NOWHERE);
		return;
	}
	copy(edit, line_end(edit, edit->at));
	add_comments(edit, start, end, true, NOWHERE);
}

static void
remove_entry(struct edit *edit)
{
	struct entry entry = edit->chain[edit->level];

	if (!entry.map->block)
		remove_from_braces(edit, entry);
	else if (entry.map->count == 1 && edit->level > 1)
		replace(edit, edit->chain[edit->level - 1], "{}");
	else
		remove_lines(edit, entry);
}

/* ---- the whole ------------------------------------------------------------
 */

void
yaml_edit_write(struct edit *edit)
{
	str_reset(edit->out);
	edit->at = 0;
	edit->lost = false;
	if (!edit->value)
		remove_entry(edit);
	else if (edit->level == edit->depth)
		replace(edit, edit->chain[edit->level], edit->value);
	else
		add_entry(edit);
	copy(edit, edit->len);
}
