/* SPDX-License-Identifier: MIT */
/*
 * The grammar of rules: one table of keys, each with its parser. A key is a
 * source (exactly one a rule), a modifier (any rule) or an option of the
 * field (only on the outermost rule). Nothing stops at the first problem.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "book/problems.h"
#include "book/rule.h"
#include "book/rules.h"
#include "source/yaml_tree.h"

enum { DEPTH_MAX = 8, KEY_MAX = 128 };

struct parser {
	struct problems *problems;
	enum field field;
	struct mapping_field *target;
	unsigned depth;
};

static struct rule *parse(struct parser *parser, const struct yaml_node *node);

struct rule *
rule_new(enum rule_kind kind, unsigned line, unsigned column)
{
	struct rule *rule = mem_zalloc(sizeof(*rule));

	rule->kind = kind;
	rule->line = line;
	rule->column = column;
	rule->bound = rule->when_bound = UINT32_MAX;
	return rule;
}

void
rule_free(struct rule *rule)
{
	if (!rule)
		return;
	for (size_t i = 0; i < rule->count; i++)
		rule_free(rule->items[i]);
	for (size_t i = 0; i < rule->value_count; i++) {
		free(rule->values[i].raw);
		free(rule->values[i].result);
	}
	free(rule->items);
	free(rule->pairs);
	free(rule->numbered);
	free(rule->values);
	free(rule->text);
	free(rule->other);
	free(rule->label);
	free(rule->word);
	free(rule->not_word);
	free(rule->when_column);
	free(rule->when_text);
	free(rule->split_on);
	free(rule->date);
	free(rule->fallback);
	free(rule);
}

static void
add_item(struct rule *rule, struct rule *item)
{
	rule->items = mem_resize(
	    rule->items, rule->count + 1, sizeof(struct rule *));
	rule->items[rule->count++] = item;
}

/* ---- small helpers
 * ------------------------------------------------------------ */

/* "mapping.phone" or "mapping.phone.split" */
static const char *
path_of(const struct parser *parser, const char *key, char path[KEY_MAX])
{
	struct str text;

	str_init(&text, KEY_MAX - 1);
	str_addf(&text, "mapping.%s%s%s", field_table[parser->field].name,
	    key ? "." : "", key ? key : "");
	str_copy(path, KEY_MAX, text.data);
	str_release(&text);
	return path;
}

static void
complain(struct parser *parser, const struct yaml_node *at, const char *key,
    const char *text)
{
	char path[KEY_MAX];

	problems_add(
	    parser->problems, at, path_of(parser, key, path), "%s", text);
}

static char *
scalar(struct parser *parser, const struct yaml_node *node, const char *key,
    const char *want)
{
	if (node->kind == YAML_SCALAR && !yaml_tree_is_null(node))
		return mem_strdup(node->text);
	complain(parser, node, key, want);
	return NULL;
}

/* The index of a word in a NULL-terminated list; -1 with a problem. */
static int
choice(struct parser *parser, const struct yaml_node *node, const char *key,
    const char *const *words)
{
	char path[KEY_MAX];

	return problems_choice(
	    parser->problems, node, path_of(parser, key, path), words);
}

/* Whether a map has only keys of a NULL-terminated list; others are problems.
 */
static bool
knows_keys(struct parser *parser, const struct yaml_node *map, const char *key,
    const char *const *names)
{
	size_t count = 0;
	bool good = true;

	while (names[count])
		count++;
	for (size_t i = 0; map->kind == YAML_MAP && i < map->count; i++) {
		char path[KEY_MAX], inner[KEY_MAX];
		const char *name = map->keys[i]->text;
		bool known = false;

		for (size_t k = 0; k < count; k++)
			known = known || strcmp(names[k], name) == 0;
		if (known)
			continue;
		snprintf(inner, sizeof(inner), "%s.%s", key, name);
		problems_unknown(parser->problems, map->keys[i],
		    path_of(parser, inner, path), names, count);
		good = false;
	}
	return good;
}

/* A whole number, sign allowed; false when it is none. */
static bool
whole(const char *text, int *number)
{
	char *end;
	long value;

	if (!*text || strlen(text) > 6)
		return false;
	value = strtol(text, &end, 10);
	if (*end || value == 0)
		return false;
	*number = (int)value;
	return true;
}

/* ---- sources
 * ------------------------------------------------------------------ */

typedef void key_parser(
    struct parser *parser, const struct yaml_node *node, struct rule *rule);

static void
parse_items(
    struct parser *parser, const struct yaml_node *node, struct rule *rule)
{
	if (node->count == 0)
		complain(parser, node, NULL, "the list of columns is empty");
	for (size_t i = 0; i < node->count; i++)
		add_item(rule, parse(parser, node->items[i]));
}

static void
parse_column(
    struct parser *parser, const struct yaml_node *node, struct rule *rule)
{
	rule->line = node->line;
	rule->column = node->column;
	if (node->kind == YAML_LIST) {
		rule->kind = RULE_FIRST;
		parse_items(parser, node, rule);
		return;
	}
	rule->kind = RULE_COLUMN;
	rule->text = scalar(parser, node, "column",
	    "must be a column's name or a list of them");
}

static void
parse_join(
    struct parser *parser, const struct yaml_node *node, struct rule *rule)
{
	rule->kind = RULE_JOIN;
	if (node->kind == YAML_LIST)
		parse_items(parser, node, rule);
	else
		complain(parser, node, "join", "must be a list of columns");
}

static void
parse_with(
    struct parser *parser, const struct yaml_node *node, struct rule *rule)
{
	free(rule->text);
	rule->text = scalar(parser, node, "with", "must be text");
}

static void
parse_value(
    struct parser *parser, const struct yaml_node *node, struct rule *rule)
{
	rule->kind = RULE_VALUE;
	free(rule->text);
	rule->text = scalar(parser, node, "value", "must be text");
}

static void
add_text(struct rule *rule, const struct yaml_node *node, enum rule_kind kind,
    struct str *text)
{
	struct rule *item = rule_new(kind, node->line, node->column);

	item->text = str_take(text);
	add_item(rule, item);
}

static void
parse_template(
    struct parser *parser, const struct yaml_node *node, struct rule *rule)
{
	char *template = scalar(parser, node, "template", "must be text");
	struct str text;
	bool inside = false;
	size_t columns = 0;

	rule->kind = RULE_TEMPLATE;
	str_init(&text, 65536);
	for (const char *at = template; at && *at; at++) {
		if (!inside && (*at == '{' || *at == '}') && at[1] == *at) {
			str_add_char(&text, *at++);
		} else if (*at == '{' && !inside) {
			inside = true;
			if (text.len > 0)
				add_text(rule, node, RULE_VALUE, &text);
		} else if (*at == '}' && inside && text.len > 0) {
			inside = false;
			columns++;
			add_text(rule, node, RULE_COLUMN, &text);
		} else if (*at == '{' || *at == '}') {
			complain(parser, node, "template",
			    "a brace stands alone; write {{ or }} for a brace "
			    "of the text");
			columns++;
			inside = false;
			break;
		} else {
			str_add_char(&text, *at);
		}
	}
	if (inside)
		complain(parser, node, "template",
		    "a { is not closed; write {{ for a brace of the text");
	else if (template && columns == 0)
		complain(parser, node, "template",
		    "no {Column} in it; for a constant use value:");
	if (text.len > 0)
		add_text(rule, node, RULE_VALUE, &text);
	str_release(&text);
	free(template);
}

/* The texts of a pair; how many of its keys have one. */
static size_t
read_pair(const struct yaml_node *node, struct rule *rule)
{
	const struct {
		const char *key;
		char **text;
	} keys[] = {
	    {"label", &rule->text},
	    {"value", &rule->other},
	    {"is", &rule->label},
	    {"has", &rule->word},
	    {"not", &rule->not_word},
	};
	size_t known = 0;

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const struct yaml_node *text = yaml_tree_get(node, keys[i].key);

		if (!text || text->kind != YAML_SCALAR)
			continue;
		free(*keys[i].text);
		*keys[i].text = mem_strdup(text->text);
		known++;
	}
	return known;
}

static void
parse_pair(
    struct parser *parser, const struct yaml_node *node, struct rule *rule)
{
	static const char *const names[] = {
	    "label", "value", "is", "has", "not", NULL};
	const struct yaml_node *label;

	rule->kind = RULE_PAIR;
	if (!knows_keys(parser, node, "pair", names))
		return;
	if (node->kind != YAML_MAP || read_pair(node, rule) != node->count ||
	    !rule->text || !rule->other ||
	    (!rule->label && !rule->word && !rule->not_word)) {
		complain(parser, node, "pair",
		    "must be {label: \"... * ...\", is: ..., value: \"... * "
		    "...\"}; in place of is also has: or not: a word");
		return;
	}
	if (!strchr(rule->text, '*') || !strchr(rule->other, '*')) {
		complain(parser, node, "pair",
		    "label and value need a * where the number stands");
		return;
	}
	label = yaml_tree_get(node, "label");
	rule->line = label->line;
	rule->column = label->column;
}

/* Columns that are numbered, an entry of a list for each number. */
static void
parse_list(
    struct parser *parser, const struct yaml_node *node, struct rule *rule)
{
	rule->kind = RULE_LIST;
	if (field_table[parser->field].kind != FIELD_KIND_LIST) {
		complain(parser, node, "list", "this field is not a list");
		return;
	}
	if (node->kind != YAML_MAP || node->count == 0) {
		complain(parser, node, "list",
		    "must be {name: \"Drug * Name\", ...}: keys of an entry, "
		    "and the columns that have them");
		return;
	}
	for (size_t i = 0; i < node->count; i++) {
		const struct yaml_node *name = node->items[i];
		struct rule *item = rule_new(
		    RULE_COLUMN, name->line, name->column);

		item->text = scalar(parser, name, "list",
		    "must be the name of a column, with * for the number");
		item->other = mem_strdup(node->keys[i]->text);
		add_item(rule, item);
	}
}

/* ---- modifiers
 * ---------------------------------------------------------------- */

static void
parse_split(
    struct parser *parser, const struct yaml_node *node, struct rule *rule)
{
	static const char *const names[] = {"on", "take", NULL};
	const struct yaml_node *on, *take;

	if (!knows_keys(parser, node, "split", names))
		return;
	on = node->kind == YAML_MAP ? yaml_tree_get(node, "on") : NULL;
	take = node->kind == YAML_MAP ? yaml_tree_get(node, "take") : NULL;
	rule->split_take = 1;
	if (!on || on->kind != YAML_SCALAR || !*on->text ||
	    node->count != (take ? 2u : 1u)) {
		complain(parser, node, "split",
		    "must be {on: \";\", take: 1}: the text to cut at, and "
		    "which piece");
		return;
	}
	if (take && (take->kind != YAML_SCALAR ||
			!whole(take->text, &rule->split_take)))
		complain(parser, take, "split.take",
		    "must be a number: 1 is the first piece, -1 the last");
	rule->split_on = mem_strdup(on->text);
}

static void
parse_line(
    struct parser *parser, const struct yaml_node *node, struct rule *rule)
{
	const char *dots = node->kind == YAML_SCALAR ? strstr(node->text, "..")
						     : NULL;
	char first[8] = "";
	bool good = node->kind == YAML_SCALAR;

	if (dots && (size_t)(dots - node->text) < sizeof(first)) {
		memcpy(first, node->text, (size_t)(dots - node->text));
		good = whole(first, &rule->line_first);
		rule->line_last = RULE_LINES_ALL;
		if (good && dots[2])
			good = whole(dots + 2, &rule->line_last);
	} else {
		good = good && whole(node->text, &rule->line_first);
		rule->line_last = rule->line_first;
	}
	if (good && rule->line_first > 0 && rule->line_last >= rule->line_first)
		return;
	complain(
	    parser, node, "line", "must be a number from 1, or 2.. or 1..3");
	rule->line_first = 0;
}

/* Whether a word before this one means the same. */
static bool
has_twice(const struct yaml_node *map, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (rule_same_text(map->keys[i]->text, map->keys[at]->text))
			return true;
	return false;
}

static void
parse_values(
    struct parser *parser, const struct yaml_node *node, struct rule *rule)
{
	if (node->kind != YAML_MAP) {
		complain(parser, node, "values",
		    "must be a map: {\"what stands there\": what to send}");
		return;
	}
	for (size_t i = 0; i < node->count; i++) {
		const struct yaml_node *result = node->items[i];
		struct rule_value *value;

		if (result->kind != YAML_SCALAR) {
			complain(parser, result, "values", "must be text");
			continue;
		}
		if (has_twice(node, i))
			complain(parser, node->keys[i], "values",
			    "this word is here twice, as case and outer blanks "
			    "do not count; remove one");
		rule->values = mem_resize(
		    rule->values, rule->value_count + 1, sizeof(*rule->values));
		value = &rule->values[rule->value_count++];
		value->raw = mem_strdup(node->keys[i]->text);
		value->result = yaml_tree_is_null(result)
				    ? NULL
				    : mem_strdup(result->text);
	}
}

/* The form that reads the same texts as other dates; NULL: none does. */
static const char *
rival_form(const char *form)
{
	static const char *const rivals[][2] = {
	    {"m/d/y", "d/m/y"}, {"excel", "excel1904"}};

	for (size_t i = 0; i < sizeof(rivals) / sizeof(rivals[0]); i++)
		for (size_t k = 0; k < 2; k++)
			if (strcmp(rivals[i][k], form) == 0)
				return rivals[i][1 - k];
	return NULL;
}

/* One of a list of forms; no text may be a date in two of them. */
static void
add_date_form(struct parser *parser, const struct yaml_node *node,
    unsigned *forms, struct str *text)
{
	int form = choice(parser, node, "date", rules_date_forms);
	const char *rival;

	if (form < 0)
		return;
	if (*forms & 1u << form)
		complain(parser, node, "date", "this form is here twice");
	rival = rival_form(rules_date_forms[form]);
	for (int i = 0; rival && rules_date_forms[i]; i++) {
		char why[128];

		if (!(*forms & 1u << i) ||
		    strcmp(rules_date_forms[i], rival) != 0)
			continue;
		snprintf(why, sizeof(why),
		    "%s and %s cannot both be, as one text would be two dates; "
		    "keep the one that the column has",
		    rival, rules_date_forms[form]);
		complain(parser, node, "date", why);
	}
	*forms |= 1u << form;
	str_addf(
	    text, "%s%s", text->len > 0 ? "," : "", rules_date_forms[form]);
}

static void
parse_date(
    struct parser *parser, const struct yaml_node *node, struct rule *rule)
{
	const struct yaml_node *one[1] = {node};
	const struct yaml_node *const *list = one;
	size_t count = 1;
	unsigned forms = 0;
	struct str text;

	if (field_table[parser->field].kind != FIELD_KIND_DATE) {
		complain(parser, node, "date", "this field is not a date");
		return;
	}
	if (node->kind == YAML_LIST) {
		list = (const struct yaml_node *const *)node->items;
		count = node->count;
	}
	if (count == 0)
		complain(parser, node, "date", "the list of forms is empty");
	str_init(&text, 256);
	for (size_t i = 0; i < count; i++)
		add_date_form(parser, list[i], &forms, &text);
	free(rule->date);
	rule->date = text.len > 0 ? str_take(&text) : NULL;
	str_release(&text);
}

static void
parse_canonical(
    struct parser *parser, const struct yaml_node *node, struct rule *rule)
{
	static const char *const words[] = {"salesforce", "zoho", NULL};
	int word;

	if (parser->field != FIELD_EXTERNAL_ID) {
		complain(parser, node, "canonical", "only for external_id");
		return;
	}
	word = choice(parser, node, "canonical", words);
	if (word >= 0)
		rule->canonical = (enum rule_canonical)(word + 1);
}

static void
parse_default(
    struct parser *parser, const struct yaml_node *node, struct rule *rule)
{
	free(rule->fallback);
	rule->fallback = scalar(parser, node, "default", "must be text");
}

static void
parse_when(
    struct parser *parser, const struct yaml_node *node, struct rule *rule)
{
	static const char *const bools[] = {"false", "true", NULL};
	static const char *const names[] = {
	    "is", "not", "filled", "column", NULL};
	const struct yaml_node *column, *test = NULL;
	unsigned tests = 0;

	if (!knows_keys(parser, node, "when", names))
		return;
	column = node->kind == YAML_MAP ? yaml_tree_get(node, "column") : NULL;
	for (unsigned i = 0; i < 3 && node->kind == YAML_MAP; i++) {
		const struct yaml_node *found = yaml_tree_get(node, names[i]);

		if (found) {
			test = found;
			rule->when = (enum rule_when)(WHEN_IS + (int)i);
			tests++;
		}
	}
	if (!column || tests != 1 || node->count != 2 ||
	    column->kind != YAML_SCALAR || test->kind != YAML_SCALAR) {
		complain(parser, node, "when",
		    "must be {column: ..., is: ...}, or not: ... or filled: "
		    "true in place of is");
		rule->when = WHEN_ALWAYS;
		return;
	}
	rule->when_column = mem_strdup(column->text);
	rule->when_line = column->line;
	rule->when_place = column->column;
	if (rule->when == WHEN_FILLED) {
		if (choice(parser, test, "when.filled", bools) == 0)
			rule->when = WHEN_EMPTY;
	} else {
		rule->when_text = mem_strdup(test->text);
	}
}

/* ---- options of the field
 * ------------------------------------------------------ */

static void
parse_invalid(
    struct parser *parser, const struct yaml_node *node, struct rule *rule)
{
	static const char *const words[] = {"leave_out", "send", "block", NULL};
	int word = choice(parser, node, "invalid", words);

	(void)rule;
	if (word >= 0)
		parser->target->invalid = (enum mapping_invalid)word;
}

static void
parse_direction(
    struct parser *parser, const struct yaml_node *node, struct rule *rule)
{
	static const char *const words[] = {"push", "never", NULL};
	int word = choice(parser, node, "direction", words);

	(void)rule;
	parser->target->never_sent = word == 1;
	if (word == 1 && (field_table[parser->field].flags & FIELD_REQUIRED))
		complain(parser, node, "direction",
		    "HealthSherpa takes no contact without this field");
}

/* A record without an ID of its own gets one of ours. */
static void
parse_minted(
    struct parser *parser, const struct yaml_node *node, struct rule *rule)
{
	static const char *const bools[] = {"false", "true", NULL};

	(void)rule;
	if (parser->field != FIELD_EXTERNAL_ID)
		complain(parser, node, "minted", "only for external_id");
	else
		parser->target->minted = choice(parser, node, "minted",
					     bools) == 1;
}

/* ---- the table
 * ------------------------------------------------------------------ */

enum key_group { SOURCE, MODIFIER, OPTION };

static const struct key {
	const char *name;
	enum key_group group;
	key_parser *parse;
} keys[] = {
    {"column", SOURCE, parse_column},
    {"join", SOURCE, parse_join},
    {"template", SOURCE, parse_template},
    {"value", SOURCE, parse_value},
    {"pair", SOURCE, parse_pair},
    {"list", SOURCE, parse_list},
    {"with", MODIFIER, parse_with},
    {"when", MODIFIER, parse_when},
    {"split", MODIFIER, parse_split},
    {"line", MODIFIER, parse_line},
    {"values", MODIFIER, parse_values},
    {"date", MODIFIER, parse_date},
    {"canonical", MODIFIER, parse_canonical},
    {"default", MODIFIER, parse_default},
    {"invalid", OPTION, parse_invalid},
    {"direction", OPTION, parse_direction},
    {"minted", OPTION, parse_minted},
};

enum { KEY_COUNT = sizeof(keys) / sizeof(keys[0]) };

static const struct key *
find_key(struct parser *parser, const struct yaml_node *node)
{
	const char *names[KEY_COUNT];
	char path[KEY_MAX];

	for (unsigned i = 0; i < KEY_COUNT; i++) {
		if (strcmp(keys[i].name, node->text) == 0)
			return &keys[i];
		names[i] = keys[i].name;
	}
	problems_unknown(parser->problems, node,
	    path_of(parser, node->text, path), names, KEY_COUNT);
	return NULL;
}

static struct rule *
parse_map(struct parser *parser, const struct yaml_node *node)
{
	struct rule *rule = rule_new(RULE_VALUE, node->line, node->column);
	const struct key *source = NULL;
	char text[KEY_MAX];

	/* the source first: `with` belongs to a join */
	for (unsigned pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < node->count; i++) {
			const struct key *key =
			    pass == 0 ? find_key(parser, node->keys[i]) : NULL;

			for (unsigned k = 0; pass == 1 && k < KEY_COUNT; k++)
				if (strcmp(keys[k].name, node->keys[i]->text) ==
				    0)
					key = &keys[k];
			if (!key || (key->group == SOURCE) != (pass == 0))
				continue;
			if (key->group == SOURCE && source) {
				snprintf(text, sizeof(text),
				    "has both %s and %s; only one can be",
				    source->name, key->name);
				complain(parser, node->keys[i], NULL, text);
				continue;
			}
			if (key->group == SOURCE)
				source = key;
			if (key->group == OPTION && parser->depth > 1)
				complain(parser, node->keys[i], key->name,
				    "only for the whole field");
			else if (key->parse == parse_with &&
				 rule->kind != RULE_JOIN)
				complain(parser, node->keys[i], key->name,
				    "only with join");
			else
				key->parse(parser, node->items[i], rule);
		}
	}
	if (!source && parser->depth == 1 && parser->target->minted)
		rule->kind = RULE_FIRST; /* of none: gives nothing */
	else if (!source)
		complain(parser, node, NULL,
		    "needs one of column, join, template, value, pair or "
		    "list");
	return rule;
}

static struct rule *
parse(struct parser *parser, const struct yaml_node *node)
{
	struct rule *rule;

	parser->depth++;
	if (parser->depth > DEPTH_MAX) {
		complain(parser, node, NULL, "rules in rules go too deep");
		rule = rule_new(RULE_VALUE, node->line, node->column);
	} else if (node->kind == YAML_MAP) {
		rule = parse_map(parser, node);
	} else {
		rule = rule_new(RULE_COLUMN, node->line, node->column);
		parse_column(parser, node, rule);
	}
	parser->depth--;
	return rule;
}

struct rule *
rule_parse(const struct yaml_node *node, enum field field,
    struct mapping_field *target, struct problems *problems)
{
	struct parser parser = {
	    .problems = problems, .field = field, .target = target};

	return parse(&parser, node);
}
