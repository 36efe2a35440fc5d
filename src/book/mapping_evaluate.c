/* SPDX-License-Identifier: MIT */
/*
 * Evaluates a rule for a row. Every rule appends to one string; what stands
 * in it from `start` on is the rule's own and is what its modifiers change,
 * always making it shorter or putting a text of the mapping in its place.
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "base/str.h"
#include "base/text.h"
#include "book/canonical.h"
#include "book/mapping.h"
#include "book/rule.h"

enum { WORD_MAX = 1 << 10 }; /* bytes of a word that is compared */

struct evaluation {
	uint32_t row;
	mapping_cell cell;
	void *context;
	struct str *out;
	uint32_t column;
	const char *date;
};

static bool evaluate(struct evaluation *now, const struct rule *rule);

static const char *
read_cell(const struct evaluation *now, uint32_t column)
{
	return column == UINT32_MAX ? NULL
				    : now->cell(now->context, now->row, column);
}

/* ---- the tail of the string
 * ------------------------------------------------------ */

static void
keep(struct str *out, size_t start, size_t from, size_t len)
{
	if (out->len == start)
		return;
	memmove(out->data + start, out->data + start + from, len);
	out->data[start + len] = '\0';
	out->len = start + len;
}

static void
trim(struct str *out, size_t start)
{
	size_t from = start, end = out->len;

	while (from < end && isspace((unsigned char)out->data[from]))
		from++;
	while (end > from && isspace((unsigned char)out->data[end - 1]))
		end--;
	keep(out, start, from - start, end - from);
}

/* ---- sources
 * ------------------------------------------------------------------------ */

static bool
add_cell(struct evaluation *now, uint32_t column)
{
	const char *text = read_cell(now, column);

	if (str_blank(text))
		return false;
	str_add(now->out, text);
	return true;
}

static bool
evaluate_first(struct evaluation *now, const struct rule *rule)
{
	uint32_t column = UINT32_MAX;

	for (size_t i = 0; i < rule->count; i++) {
		if (evaluate(now, rule->items[i]))
			return true;
		if (column == UINT32_MAX)
			column = now->column;
	}
	now->column = column; /* where a value would be put */
	return false;
}

static bool
evaluate_join(struct evaluation *now, const struct rule *rule)
{
	const char *with = rule->text ? rule->text : " ";
	size_t start = now->out->len;

	for (size_t i = 0; i < rule->count; i++) {
		size_t before = now->out->len, part;

		if (before > start)
			str_add(now->out, with);
		part = now->out->len;
		if (evaluate(now, rule->items[i]))
			trim(now->out, part);
		if (now->out->len == part)
			keep(now->out, before, 0, 0);
	}
	now->column = UINT32_MAX;
	return now->out->len > start;
}

static bool
evaluate_template(struct evaluation *now, const struct rule *rule)
{
	size_t start = now->out->len;
	bool any = false;

	for (size_t i = 0; i < rule->count; i++) {
		const struct rule *item = rule->items[i];

		if (item->kind == RULE_VALUE)
			str_add(now->out, item->text);
		else
			any = add_cell(now, item->bound) || any;
	}
	now->column = UINT32_MAX;
	if (!any)
		keep(now->out, start, 0, 0);
	return any;
}

static bool
is_ascii(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)text[i] >= 0x80)
			return false;
	return true;
}

/* "S\xC3\x8D" is "s\xC3\xAD", though no "si". */
static bool
same_folded(const char *a, size_t a_len, const char *b, size_t b_len)
{
	struct str text, one, other;
	bool same;

	str_init(&text, 2 * WORD_MAX);
	str_init(&one, 4 * WORD_MAX);
	str_init(&other, 4 * WORD_MAX);
	str_add_bytes(&text, a, a_len);
	text_fold(&one, text.data);
	str_reset(&text);
	str_add_bytes(&text, b, b_len);
	text_fold(&other, text.data);
	same = strcmp(one.data, other.data) == 0;
	str_release(&text);
	str_release(&one);
	str_release(&other);
	return same;
}

bool
rule_same_text(const char *a, const char *b)
{
	size_t a_len, b_len;

	a = text_trim(a, &a_len);
	b = text_trim(b, &b_len);
	if (a_len == b_len && strncasecmp(a, b, a_len) == 0)
		return true;
	return a_len < WORD_MAX && b_len < WORD_MAX && !is_ascii(a, a_len) &&
	       !is_ascii(b, b_len) && same_folded(a, a_len, b, b_len);
}

/* Whether one of the text's words is that one, without regard to case. */
static bool
has_word(const char *text, const char *word)
{
	size_t len = strlen(word);

	for (;;) {
		text += strspn(text, " ");
		if (!*text)
			return false;
		if (strcspn(text, " ") == len &&
		    strncasecmp(text, word, len) == 0)
			return true;
		text += strcspn(text, " ");
	}
}

static bool
label_fits(const struct rule *rule, const char *label)
{
	/* Google marks the preferred one with a star */
	if (label && str_starts(label, "* "))
		label += 2;
	if (!label)
		label = "";
	return (!rule->label || rule_same_text(label, rule->label)) &&
	       (!rule->word || has_word(label, rule->word)) &&
	       (!rule->not_word || !has_word(label, rule->not_word));
}

static bool
evaluate_pair(struct evaluation *now, const struct rule *rule)
{
	uint32_t place = UINT32_MAX;

	for (size_t i = 0; i < rule->pair_count; i++) {
		const char *label = read_cell(now, rule->pairs[i].label);

		if (!label_fits(rule, label))
			continue;
		now->column = rule->pairs[i].value;
		if (add_cell(now, rule->pairs[i].value))
			return true;
		/* where a value would be put */
		if (place == UINT32_MAX)
			place = now->column;
	}
	now->column = place;
	return false;
}

/* Entries of which a number's columns have anything, as JSON. */
static bool
evaluate_list(struct evaluation *now, const struct rule *rule)
{
	size_t start = now->out->len;
	struct json *list = json_array();

	for (size_t n = 0; n < rule->number_count; n++) {
		struct json *entry = json_object();

		for (size_t i = 0; i < rule->count; i++) {
			uint32_t column = rule->numbered[n * rule->count + i];
			const char *text = read_cell(now, column);
			struct str value;
			size_t len;

			if (str_blank(text))
				continue;
			str_init(&value, now->out->limit);
			text = text_trim(text, &len);
			str_add_bytes(&value, text, len);
			json_add_string(
			    entry, rule->items[i]->other, value.data);
			str_release(&value);
		}
		if (json_count(entry) > 0)
			json_append(list, entry);
		else
			json_free(entry);
	}
	if (json_count(list) > 0)
		json_print(now->out, list);
	json_free(list);
	now->column = UINT32_MAX;
	return now->out->len > start;
}

static bool
evaluate_source(struct evaluation *now, const struct rule *rule)
{
	switch (rule->kind) {
	case RULE_COLUMN:
		now->column = rule->bound;
		return add_cell(now, rule->bound);
	case RULE_FIRST: return evaluate_first(now, rule);
	case RULE_JOIN: return evaluate_join(now, rule);
	case RULE_TEMPLATE: return evaluate_template(now, rule);
	case RULE_PAIR: return evaluate_pair(now, rule);
	case RULE_LIST: return evaluate_list(now, rule);
	case RULE_VALUE: break;
	}
	now->column = UINT32_MAX;
	str_add(now->out, rule->text);
	return *rule->text != '\0';
}

/* ---- modifiers
 * ---------------------------------------------------------------------- */

static bool
holds(const struct evaluation *now, const struct rule *rule)
{
	const char *text = read_cell(now, rule->when_bound);

	switch (rule->when) {
	case WHEN_ALWAYS: return true;
	case WHEN_FILLED: return !str_blank(text);
	case WHEN_EMPTY: return str_blank(text);
	case WHEN_IS: return text && rule_same_text(text, rule->when_text);
	case WHEN_NOT: return !text || !rule_same_text(text, rule->when_text);
	}
	return true;
}

/* Keeps one piece; pieces are counted from 1, or from the end. */
static void
take_piece(struct str *out, size_t start, const char *on, int take)
{
	const char *text = out->data + start, *at, *end;
	size_t on_len = strlen(on);
	int count = 1;

	for (at = text; (at = strstr(at, on)); at += on_len)
		count++;
	if (take < 0)
		take = count + 1 + take;
	if (take < 1 || take > count) {
		keep(out, start, 0, 0);
		return;
	}
	for (at = text; take > 1; take--)
		at = strstr(at, on) + on_len;
	end = strstr(at, on);
	keep(out, start, (size_t)(at - text),
	    end ? (size_t)(end - at) : strlen(at));
	trim(out, start);
}

static void
take_lines(struct str *out, size_t start, int first, int last)
{
	const char *text = out->data + start, *at = text, *end;

	for (int line = 1; line < first; line++) {
		at = strchr(at, '\n');
		if (!at) {
			keep(out, start, 0, 0);
			return;
		}
		at++;
	}
	end = at;
	for (int line = first; line <= last; line++) {
		const char *next = strchr(end, '\n');

		if (!next) {
			end += strlen(end);
			break;
		}
		end = line == last ? next : next + 1;
	}
	keep(out, start, (size_t)(at - text), (size_t)(end - at));
	trim(out, start);
}

static void
translate(struct str *out, size_t start, const struct rule *rule)
{
	for (size_t i = 0; i < rule->value_count; i++) {
		if (!rule_same_text(out->data + start, rule->values[i].raw))
			continue;
		keep(out, start, 0, 0);
		if (rule->values[i].result)
			str_add(out, rule->values[i].result);
		return;
	}
}

static void
modify(struct str *out, size_t start, const struct rule *rule)
{
	if (rule->split_on && out->len > start)
		take_piece(out, start, rule->split_on, rule->split_take);
	if (rule->line_first && out->len > start)
		take_lines(out, start, rule->line_first, rule->line_last);
	if (rule->value_count > 0 && out->len > start)
		translate(out, start, rule);
	if (rule->canonical != CANONICAL_NONE && out->len > start) {
		trim(out, start);
		if (rule->canonical == CANONICAL_SALESFORCE)
			canonical_salesforce(out, start);
		else
			canonical_zoho(out, start);
	}
}

static bool
evaluate(struct evaluation *now, const struct rule *rule)
{
	size_t start = now->out->len;

	if (!holds(now, rule)) {
		now->column = rule->kind == RULE_COLUMN ? rule->bound
							: UINT32_MAX;
		return false;
	}
	if (evaluate_source(now, rule)) {
		modify(now->out, start, rule);
		if (rule->date)
			now->date = rule->date;
	}
	if (now->out->len == start && rule->fallback)
		str_add(now->out, rule->fallback);
	return now->out->len > start;
}

uint32_t
mapping_plain_column(const struct mapping *mapping, enum field field)
{
	const struct rule *rule = mapping->fields[field].rule;
	bool plain = rule && rule->kind == RULE_COLUMN &&
		     rule->when == WHEN_ALWAYS && !rule->split_on &&
		     rule->line_first == 0 && rule->line_last == 0 &&
		     rule->value_count == 0 && !rule->date &&
		     rule->canonical == CANONICAL_NONE && !rule->fallback;

	return plain ? rule->bound : UINT32_MAX;
}

bool
mapping_evaluate(const struct mapping *mapping, enum field field, uint32_t row,
    mapping_cell cell, void *context, struct str *out, uint32_t *column,
    const char **date_form)
{
	struct evaluation now = {
	    .row = row,
	    .cell = cell,
	    .context = context,
	    .out = out,
	    .column = UINT32_MAX,
	};
	const struct rule *rule = mapping->fields[field].rule;
	bool found;

	str_reset(out);
	found = rule && evaluate(&now, rule);
	*column = now.column;
	*date_form = found ? now.date : NULL;
	return found;
}
