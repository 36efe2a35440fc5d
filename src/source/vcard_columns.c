/* SPDX-License-Identifier: MIT */
/*
 * What a vCard's properties are called as columns: "TEL 1", "ADR 2 city",
 * "N family", "NOTE #2", and every X- by its own name.
 */
#include "source/vcard.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* clang-format off */
const struct vcard_property vcard_properties[VCARD_PROPERTIES] = {
	[VCARD_TEL] = {"TEL", VCARD_TEXT, true, {NULL}},
	[VCARD_EMAIL] = {"EMAIL", VCARD_TEXT, true, {NULL}},
	[VCARD_ADR] = {"ADR", VCARD_PARTS, true, {"box", "extended", "street",
	    "city", "region", "postal code", "country"}},
	[VCARD_BDAY] = {"BDAY", VCARD_TEXT, false, {NULL}},
	{"UID", VCARD_TEXT, false, {NULL}},
	{"FN", VCARD_TEXT, false, {NULL}},
	{"N", VCARD_PARTS, false, {"family", "given", "additional", "prefix",
	    "suffix"}},
	{"NICKNAME", VCARD_LIST, false, {NULL}},
	{"GENDER", VCARD_PARTS, false, {"", "text"}},
	{"NOTE", VCARD_TEXT, false, {NULL}},
	{"ORG", VCARD_PARTS, false, {"", "unit"}},
	{"TITLE", VCARD_TEXT, false, {NULL}},
	{"ROLE", VCARD_TEXT, false, {NULL}},
	{"CATEGORIES", VCARD_LIST, false, {NULL}},
	{"URL", VCARD_URI, false, {NULL}},
	{"ANNIVERSARY", VCARD_TEXT, false, {NULL}},
};
/* clang-format on */

int
vcard_find_property(const char *name, size_t len)
{
	if (len > 2 && strncasecmp(name, "X-", 2) == 0)
		return len <= VCARD_OWN_NAME_MAX ? VCARD_OWN : -2;
	for (int i = 0; i < VCARD_PROPERTIES && len > 0; i++) {
		const char *known = vcard_properties[i].name;

		if (((*known ^ *name) & ~0x20) == 0 &&
		    strncasecmp(known, name, len) == 0 && !known[len])
			return i;
	}
	return -2;
}

void
vcard_column_name(
    const struct vcard_column *column, const char *own, struct str *out)
{
	const struct vcard_property *property;
	const char *part;

	if (column->property == VCARD_OWN) {
		for (size_t i = 0; i < column->own_len; i++)
			str_add_char(out, (char)toupper((unsigned char)own[i]));
		if (column->number > 1)
			str_addf(out, " #%u", column->number);
		return;
	}
	property = &vcard_properties[column->property];
	part = column->part == VCARD_TYPE ? "type"
					  : property->parts[column->part];
	str_add(out, property->name);
	if (property->numbered)
		str_addf(out, " %u", column->number);
	if (part && *part)
		str_addf(out, " %s", part);
	if (!property->numbered && column->number > 1)
		str_addf(out, " #%u", column->number);
}

/* A number from 1 without leading zeros; 0: none. */
static unsigned
read_number(const char **at)
{
	unsigned number = 0;

	if (**at == '0')
		return 0;
	for (; isdigit((unsigned char)**at) && number < 1000; (*at)++)
		number = 10 * number + (unsigned)(**at - '0');
	return number;
}

/* " #2" at the end of a name; false when something else follows. */
static bool
read_repeat(const char *at, unsigned *number)
{
	*number = 1;
	if (*at == '\0')
		return true;
	if (strncmp(at, " #", 2) != 0)
		return false;
	at += 2;
	*number = read_number(&at);
	return *at == '\0' && *number > 1;
}

static bool
read_own(const char *name, struct vcard_column *column)
{
	size_t len = 2;

	while (isupper((unsigned char)name[len]) ||
	       isdigit((unsigned char)name[len]) || name[len] == '-' ||
	       name[len] == '_')
		len++;
	column->property = VCARD_OWN;
	column->own_len = len;
	return len > 2 && len <= VCARD_OWN_NAME_MAX &&
	       read_repeat(name + len, &column->number);
}

/* What follows the property's name. */
static bool
read_rest(const struct vcard_property *property, const char *at,
    struct vcard_column *column)
{
	if (property->numbered) {
		if (*at++ != ' ')
			return false;
		column->number = read_number(&at);
		if (column->number == 0)
			return false;
		if (strcmp(at, " type") == 0) {
			column->part = VCARD_TYPE;
			return true;
		}
	}
	for (unsigned i = VCARD_PARTS_MAX; i-- > 0;) {
		const char *part = property->parts[i], *rest = at;

		if (!part && (i > 0 || property->kind == VCARD_PARTS))
			continue;
		if (part && *part) {
			if (*rest++ != ' ' || !str_starts(rest, part))
				continue;
			rest += strlen(part);
		}
		column->part = i;
		if (property->numbered ? *rest == '\0'
				       : read_repeat(rest, &column->number))
			return true;
	}
	return false;
}

const char *
vcard_read_column(const char *name, struct vcard_column *column)
{
	size_t len = strcspn(name, " ");

	*column = (struct vcard_column){.number = 1};
	if (str_starts(name, "X-")) {
		if (!read_own(name, column))
			return "a vCard's own properties are named X- with "
			       "capitals, digits and dashes, such as "
			       "X-QUOTE-URL";
	} else {
		column->property = vcard_find_property(name, len);
		if (column->property < 0 ||
		    strncmp(name, vcard_properties[column->property].name,
			len) != 0)
			return "a vCard has no such property; those of your "
			       "own are named X-..., such as X-QUOTE-URL";
		if (!read_rest(&vcard_properties[column->property], name + len,
			column))
			return "a vCard has no such part of that property";
	}
	if (column->number > VCARD_NUMBER_MAX)
		return "a card's properties of one name are counted up to 20";
	return NULL;
}

const char *
vcard_refuse_column(const char *name)
{
	struct vcard_column column;
	const char *why = vcard_read_column(name, &column);

	if (!why && column.part == VCARD_TYPE)
		return "it says what the value before it is";
	return why;
}

bool
vcard_takes_own(const struct vcard *vcard, const char *name)
{
	/* ours are never crowded out */
	return vcard->own_columns < VCARD_OWN_MAX ||
	       str_starts(name, "X-HEALTHSHERPA-");
}

/* ---- which is the first, which the second ------------------------------- */

/* Apple writes its own labels as _$!<Home>!$_. */
void
vcard_add_label(
    struct vcard *vcard, const struct vcard_line *label, struct str *types)
{
	struct str text;
	const char *at, *end;

	str_init(&text, RECORDS_CELL_MAX);
	if (!vcard_decode(vcard, label, VCARD_WHOLE, &text) && text.len > 0) {
		at = text.data;
		end = at + text.len;
		if (str_starts(at, "_$!<") && str_ends(at, ">!$_")) {
			at += 4;
			end -= 4;
		}
		if (types->len > 0 && end > at)
			str_add_char(types, ' ');
		for (; at < end; at++)
			str_add_char(types, (char)tolower((unsigned char)*at));
	}
	str_release(&text);
}

static bool
same_group(const struct vcard *vcard, const struct vcard_line *a,
    const struct vcard_line *b)
{
	const char *text = vcard->text.data;

	return a->group_len > 0 && a->group_len == b->group_len &&
	       strncasecmp(text + a->text, text + b->text, a->group_len) == 0;
}

static bool
is_numbered(const struct vcard_line *line)
{
	return line->property >= 0 && line->parsed && !line->base64 &&
	       vcard_properties[line->property].numbered;
}

/* A label belongs to the numbers and addresses of its group; true: to any. */
static bool
give_label(struct vcard *vcard, size_t label)
{
	struct str types;
	bool given = false;

	str_init(&types, RECORDS_CELL_MAX);
	for (size_t i = 0; i < vcard->line_count; i++) {
		struct vcard_line *line = &vcard->lines[i];

		if (!is_numbered(line) ||
		    !same_group(vcard, line, &vcard->lines[label]))
			continue;
		if (!given)
			vcard_add_label(vcard, &vcard->lines[label], &types);
		given = true;
		line->label_line = (uint16_t)(label + 1);
		if (strcmp(types.data, "home") == 0)
			line->home = true;
	}
	str_release(&types);
	return given;
}

static bool
same_name(const struct vcard *vcard, const struct vcard_line *a,
    const struct vcard_line *b)
{
	const char *text = vcard->text.data;

	return a->property == b->property && a->name_sum == b->name_sum &&
	       (a->property != VCARD_OWN ||
		   (a->name_len == b->name_len &&
		       strncasecmp(
			   text + a->name, text + b->name, a->name_len) == 0));
}

static bool
comes_before(const struct vcard_line *a, const struct vcard_line *b)
{
	if (a->property == VCARD_ADR && a->home != b->home)
		return a->home;
	if (a->property >= 0 && vcard_properties[a->property].numbered &&
	    a->preference != b->preference)
		return a->preference < b->preference;
	return a->start < b->start;
}

void
vcard_count_lines(struct vcard *vcard)
{
	for (size_t i = 0; i < vcard->line_count; i++) {
		struct vcard_line *line = &vcard->lines[i];

		line->number = line->parsed && !line->base64 &&
			       line->property >= VCARD_OWN;
		if (line->number && line->label && give_label(vcard, i))
			line->number = 0;
	}
	/* a card may have a thousand lines: those too far back need no count */
	for (size_t i = 0; i < vcard->line_count; i++) {
		struct vcard_line *line = &vcard->lines[i];
		uint16_t before = 0;

		for (size_t k = 0; line->number && k < vcard->line_count &&
				   before < VCARD_NUMBER_MAX;
		     k++)
			if (k != i && vcard->lines[k].number &&
			    same_name(vcard, &vcard->lines[k], line) &&
			    comes_before(&vcard->lines[k], line))
				before++;
		line->number += before;
	}
	/* what is too much is left alone */
	for (size_t i = 0; i < vcard->line_count; i++)
		if (vcard->lines[i].number > VCARD_NUMBER_MAX)
			vcard->lines[i].number = 0;
}
