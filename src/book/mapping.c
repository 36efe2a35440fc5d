/* SPDX-License-Identifier: MIT */
/*
 * The mapping: made from YAML or from the columns' own names, bound to the
 * columns of a source, put into words. rule_parse.c has the grammar,
 * mapping_evaluate.c the evaluation.
 */
#include "book/mapping.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/text.h"
#include "book/problems.h"
#include "book/rule.h"
#include "source/records.h"
#include "source/yaml_scalar.h"
#include "source/yaml_tree.h"

enum { PATTERN_MAX = 512, NUMBERS_MISSED = 20 };

struct mapping *
mapping_parse(
    const char *name, const struct yaml_node *node, struct str *problems)
{
	struct mapping *mapping = mem_zalloc(sizeof(*mapping));
	struct problems found = {.out = problems, .name = name};
	const char *names[FIELD_COUNT];

	mapping->name = mem_strdup(name);
	for (unsigned i = 0; i < FIELD_COUNT; i++)
		names[i] = field_table[i].name;
	if (node->kind != YAML_MAP && !yaml_tree_is_null(node))
		problems_add(&found, node, "mapping",
		    "must be a map of HealthSherpa's fields to columns");
	for (size_t i = 0; node->kind == YAML_MAP && i < node->count; i++) {
		enum field field = field_from_name(node->keys[i]->text);
		struct str key;

		if (field < FIELD_COUNT) {
			struct mapping_field *target = &mapping->fields[field];

			if (!yaml_tree_is_null(node->items[i]))
				target->rule = rule_parse(
				    node->items[i], field, target, &found);
			continue;
		}
		str_init(&key, 256);
		str_addf(&key, "mapping.%s", node->keys[i]->text);
		problems_unknown(
		    &found, node->keys[i], key.data, names, FIELD_COUNT);
		str_release(&key);
	}
	if (found.count == 0)
		return mapping;
	mapping_free(mapping);
	return NULL;
}

const struct yaml_node *
mapping_fields(const struct yaml_node *tree)
{
	const struct yaml_node *below = yaml_tree_get(tree, "mapping");

	return below && tree->count == 1 ? below : tree;
}

struct mapping *
mapping_parse_file(
    const char *name, const char *text, size_t len, struct str *problems)
{
	struct problems found = {.out = problems, .name = name};
	struct yaml_node *tree;
	const struct yaml_node *fields, *below;
	struct mapping *mapping = NULL;
	struct err err = ERR_INIT;

	tree = yaml_tree_parse(name, text, len, &err);
	if (!tree) {
		str_addf(problems, "%s\n", err.text);
		return NULL;
	}
	fields = mapping_fields(tree);
	below = yaml_tree_get(tree, "mapping");
	if (below && fields == tree)
		problems_add(&found, below, "mapping",
		    "this is a whole config; a file that is named as a mapping "
		    "has nothing but the rules");
	else if (fields->kind == YAML_SCALAR && !yaml_tree_is_null(fields) &&
		 fields != tree)
		problems_add(&found, fields, "mapping",
		    "a mapping's file cannot name another one; it has the "
		    "rules");
	else
		mapping = mapping_parse(name, fields, problems);
	yaml_tree_free(tree);
	return mapping;
}

struct mapping *
mapping_identity(bool mints)
{
	struct mapping *mapping = mem_zalloc(sizeof(*mapping));

	mapping->name = mem_strdup("");
	mapping->identity = true;
	mapping->fields[FIELD_EXTERNAL_ID].minted = mints;
	for (unsigned i = 0; i < FIELD_COUNT; i++) {
		mapping->fields[i].rule = rule_new(RULE_COLUMN, 0, 0);
		mapping->fields[i].rule->text = mem_strdup(field_table[i].name);
	}
	return mapping;
}

bool
mapping_is_identity(const struct mapping *mapping)
{
	return mapping->identity;
}

bool
mapping_identity_rule(const struct mapping *mapping,
    const struct records *records, enum field field, struct str *out)
{
	bool minted = mapping->fields[field].minted;
	uint32_t column = mapping_find_alike(records, field_table[field].name);
	bool there = column != RECORDS_NONE;

	if (!mapping->identity || (!there && !minted))
		return false;
	if (minted)
		str_add(out, there ? "{column: " : "{");
	if (there)
		yaml_scalar_write(out, records_column_name(records, column),
		    YAML_PLAIN, true, false);
	if (minted)
		str_add(out, there ? ", minted: true}" : "minted: true}");
	return true;
}

static char *
copy_text(const char *text)
{
	return text ? mem_strdup(text) : NULL;
}

static struct rule *
clone(const struct rule *rule)
{
	struct rule *copy;

	if (!rule)
		return NULL;
	copy = mem_alloc(sizeof(*copy));
	*copy = *rule;
	copy->text = copy_text(rule->text);
	copy->other = copy_text(rule->other);
	copy->label = copy_text(rule->label);
	copy->word = copy_text(rule->word);
	copy->not_word = copy_text(rule->not_word);
	copy->when_column = copy_text(rule->when_column);
	copy->when_text = copy_text(rule->when_text);
	copy->split_on = copy_text(rule->split_on);
	copy->date = copy_text(rule->date);
	copy->fallback = copy_text(rule->fallback);
	copy->pairs = NULL;
	copy->pair_count = 0;
	copy->numbered = NULL;
	copy->number_count = 0;
	copy->items = mem_alloc(rule->count * sizeof(struct rule *));
	for (size_t i = 0; i < rule->count; i++)
		copy->items[i] = clone(rule->items[i]);
	copy->values = mem_alloc(rule->value_count * sizeof(*copy->values));
	for (size_t i = 0; i < rule->value_count; i++) {
		copy->values[i].raw = copy_text(rule->values[i].raw);
		copy->values[i].result = copy_text(rule->values[i].result);
	}
	return copy;
}

struct mapping *
mapping_clone(const struct mapping *mapping)
{
	struct mapping *copy = mem_alloc(sizeof(*copy));

	*copy = *mapping;
	copy->name = mem_strdup(mapping->name);
	for (unsigned i = 0; i < FIELD_COUNT; i++)
		copy->fields[i].rule = clone(mapping->fields[i].rule);
	return copy;
}

static bool
same_modifiers(const struct rule *a, const struct rule *b)
{
	bool same =
	    a->when == b->when && str_same(a->when_column, b->when_column) &&
	    str_same(a->when_text, b->when_text) &&
	    str_same(a->split_on, b->split_on) &&
	    a->split_take == b->split_take && a->line_first == b->line_first &&
	    a->line_last == b->line_last && a->value_count == b->value_count &&
	    str_same(a->date, b->date) && a->canonical == b->canonical &&
	    str_same(a->fallback, b->fallback);

	for (size_t i = 0; same && i < a->value_count; i++)
		same = str_same(a->values[i].raw, b->values[i].raw) &&
		       str_same(a->values[i].result, b->values[i].result);
	return same;
}

static bool
same_rule(const struct rule *a, const struct rule *b)
{
	bool same;

	if (!a || !b)
		return a == b;
	same = a->kind == b->kind && a->count == b->count &&
	       str_same(a->text, b->text) && str_same(a->other, b->other) &&
	       str_same(a->label, b->label) && str_same(a->word, b->word) &&
	       str_same(a->not_word, b->not_word) && same_modifiers(a, b);
	for (size_t i = 0; same && i < a->count; i++)
		same = same_rule(a->items[i], b->items[i]);
	return same;
}

bool
mapping_same(const struct mapping *a, const struct mapping *b)
{
	bool same = a->identity == b->identity && a->optional == b->optional;

	for (unsigned i = 0; same && i < FIELD_COUNT; i++) {
		const struct mapping_field *x = &a->fields[i];
		const struct mapping_field *y = &b->fields[i];

		same = same_rule(x->rule, y->rule) &&
		       x->invalid == y->invalid &&
		       x->never_sent == y->never_sent && x->minted == y->minted;
	}
	return same;
}

void
mapping_free(struct mapping *mapping)
{
	if (!mapping)
		return;
	for (unsigned i = 0; i < FIELD_COUNT; i++)
		rule_free(mapping->fields[i].rule);
	free(mapping->name);
	free(mapping);
}

/* ---- binding
 * ------------------------------------------------------------------ */

struct binder {
	const struct records *records;
	const char *format;
	struct problems *problems; /* NULL: names may still come */
	enum field field;
};

/* "Mobile Phone" may mean "Mobile Phone Number"; NULL when nothing does. */
static const char *
part_of(const char *name, const char *const *names, uint32_t count)
{
	const char *found = NULL;
	struct str folded;

	str_init(&folded, 64 << 10);
	text_fold(&folded, name);
	for (uint32_t i = 0; i < count && !found && folded.len > 3; i++)
		if (text_contains_folded(names[i], folded.data))
			found = names[i];
	str_release(&folded);
	return found;
}

static void
missing(struct binder *binder, const char *key, const char *name, unsigned line,
    unsigned column)
{
	uint32_t count = records_column_count(binder->records);
	const char **names, *near;
	struct str path;

	if (!binder->problems)
		return;
	if (binder->format && mapping_builtin_names(binder->format, name))
		return;
	names = mem_alloc((count + 1) * sizeof(*names));
	for (uint32_t i = 0; i < count; i++)
		names[i] = records_column_name(binder->records, i);
	near = str_nearest(name, names, count);
	if (!near)
		near = part_of(name, names, count);
	str_init(&path, 64);
	str_addf(&path, "mapping.%s%s", field_table[binder->field].name, key);
	if (near)
		problems_add_at(binder->problems, line, column, path.data,
		    "there is no column \"%s\"; did you mean \"%s\"?", name,
		    near);
	else
		problems_add_at(binder->problems, line, column, path.data,
		    "there is no column \"%s\"", name);
	str_release(&path);
	free(names);
}

static uint32_t
bind_column(struct binder *binder, const char *key, const char *name,
    unsigned line, unsigned column)
{
	uint32_t found = records_find_column(binder->records, name);

	if (found == RECORDS_NONE)
		missing(binder, key, name, line, column);
	return found;
}

/* "Custom Field * - Label" with 12 for the star; without a star it is number
 * 1's. */
static uint32_t
find_numbered(
    const struct records *records, const char *pattern, unsigned number)
{
	const char *star = strchr(pattern, '*');
	struct str name;
	uint32_t found;

	if (!star)
		return number == 1 ? records_find_column(records, pattern)
				   : RECORDS_NONE;
	str_init(&name, PATTERN_MAX);
	str_add_bytes(&name, pattern, (size_t)(star - pattern));
	str_addf(&name, "%u%s", number, star + 1);
	found = records_find_column(records, name.data);
	str_release(&name);
	return found;
}

static void
bind_pairs(struct binder *binder, struct rule *rule)
{
	rule->pair_count = 0;
	for (unsigned number = 1;; number++) {
		uint32_t label = find_numbered(
		    binder->records, rule->text, number);
		uint32_t value = find_numbered(
		    binder->records, rule->other, number);

		if (label == RECORDS_NONE || value == RECORDS_NONE)
			break;
		rule->pairs = mem_resize(
		    rule->pairs, rule->pair_count + 1, sizeof(*rule->pairs));
		rule->pairs[rule->pair_count++] = (struct rule_pair){
		    label, value};
	}
	if (rule->pair_count == 0)
		missing(binder, ".pair", rule->text, rule->line, rule->column);
}

/* Numbers of columns that were deleted or never exported are passed over, but
 * so many in a row are the end. */
static void
bind_numbered(struct binder *binder, struct rule *rule)
{
	unsigned missed = 0;

	rule->number_count = 0;
	for (unsigned number = 1; missed < NUMBERS_MISSED; number++) {
		uint32_t *row;
		size_t found = 0;

		rule->numbered = mem_resize(rule->numbered,
		    (rule->number_count + 1) * rule->count,
		    sizeof(*rule->numbered));
		row = rule->numbered + rule->number_count * rule->count;
		for (size_t i = 0; i < rule->count; i++) {
			row[i] = find_numbered(
			    binder->records, rule->items[i]->text, number);
			found += row[i] != RECORDS_NONE;
		}
		rule->number_count += found > 0;
		missed = found > 0 ? 0 : missed + 1;
	}
	for (size_t i = 0; i < rule->count; i++) {
		const struct rule *item = rule->items[i];
		bool any = false;

		for (size_t n = 0; n < rule->number_count; n++)
			any = any || rule->numbered[n * rule->count + i] !=
					 RECORDS_NONE;
		if (!any)
			missing(binder, ".list", item->text, item->line,
			    item->column);
	}
}

static void
bind_rule(struct binder *binder, struct rule *rule)
{
	if (rule->kind == RULE_COLUMN)
		rule->bound = bind_column(
		    binder, "", rule->text, rule->line, rule->column);
	else if (rule->kind == RULE_PAIR)
		bind_pairs(binder, rule);
	else if (rule->kind == RULE_LIST)
		bind_numbered(binder, rule);
	if (rule->when_column)
		rule->when_bound = bind_column(binder, ".when",
		    rule->when_column, rule->when_line, rule->when_place);
	for (size_t i = 0; rule->kind != RULE_LIST && i < rule->count; i++)
		bind_rule(binder, rule->items[i]);
}

/* Case, blanks, - and _ do not count: "First Name" is first_name. */
static bool
same_name(const char *a, const char *b)
{
	for (;;) {
		a += strspn(a, " -_\t");
		b += strspn(b, " -_\t");
		if (!*a || !*b)
			return *a == *b;
		if (tolower((unsigned char)*a++) !=
		    tolower((unsigned char)*b++))
			return false;
	}
}

uint32_t
mapping_find_alike(const struct records *records, const char *name)
{
	uint32_t found = records_find_column(records, name);

	for (uint32_t i = 0;
	     found == RECORDS_NONE && i < records_column_count(records); i++)
		if (same_name(records_column_name(records, i), name))
			found = i;
	return found;
}

static void
bind_identity(struct mapping *mapping, const struct records *records)
{
	for (unsigned i = 0; i < FIELD_COUNT; i++) {
		struct rule *rule = mapping->fields[i].rule;

		rule->bound = mapping_find_alike(records, rule->text);
	}
}

void
mapping_set_format(struct mapping *mapping, const char *format)
{
	mapping->format = format;
}

bool
mapping_bind(struct mapping *mapping, const struct records *records,
    bool complete, struct str *out)
{
	struct problems problems = {.out = out, .name = mapping->name};
	/* a list without any entry has no columns, and nothing to complain of
	 */
	bool known = complete && !mapping->optional &&
		     records_column_count(records) > 0;
	struct binder binder = {.records = records,
	    .format = mapping->format,
	    .problems = known ? &problems : NULL};

	if (mapping->identity) {
		bind_identity(mapping, records);
		return true;
	}
	for (unsigned i = 0; i < FIELD_COUNT; i++) {
		binder.field = (enum field)i;
		if (mapping->fields[i].rule)
			bind_rule(&binder, mapping->fields[i].rule);
	}
	return problems.count == 0;
}

/* ---- what is asked about it
 * ----------------------------------------------------- */

bool
mapping_has(const struct mapping *mapping, enum field field)
{
	const struct rule *rule = mapping->fields[field].rule;

	return rule && (!mapping->identity || rule->bound != RECORDS_NONE);
}

static bool
reads(const struct rule *rule, uint32_t column)
{
	if (rule->bound == column || rule->when_bound == column)
		return true;
	for (size_t i = 0; i < rule->pair_count; i++)
		if (rule->pairs[i].label == column ||
		    rule->pairs[i].value == column)
			return true;
	for (size_t i = 0; i < rule->number_count * rule->count; i++)
		if (rule->numbered[i] == column)
			return true;
	for (size_t i = 0; i < rule->count; i++)
		if (reads(rule->items[i], column))
			return true;
	return false;
}

enum field
mapping_reader(const struct mapping *mapping, uint32_t column)
{
	unsigned field = 0;

	while (field < FIELD_COUNT &&
	       !(mapping->fields[field].rule &&
		   reads(mapping->fields[field].rule, column)))
		field++;
	return (enum field)field;
}

const char *
mapping_place(const struct mapping *mapping, enum field field)
{
	const struct rule *rule = mapping->fields[field].rule;

	while (rule && rule->kind == RULE_FIRST && rule->count > 0)
		rule = rule->items[0];
	return rule && rule->kind == RULE_COLUMN ? rule->text : NULL;
}

bool
mapping_mints(const struct mapping *mapping)
{
	return mapping->fields[FIELD_EXTERNAL_ID].minted;
}

bool
mapping_never_sent(const struct mapping *mapping, enum field field)
{
	return mapping->fields[field].never_sent;
}

enum mapping_invalid
mapping_invalid(const struct mapping *mapping, enum field field)
{
	return mapping->fields[field].invalid;
}

static void
describe_source(const struct rule *rule, struct str *out)
{
	switch (rule->kind) {
	case RULE_COLUMN: str_add(out, rule->text); break;
	case RULE_VALUE: str_addf(out, "always \"%s\"", rule->text); break;
	case RULE_PAIR:
		str_addf(out, "%s where %s", rule->other, rule->text);
		if (rule->label)
			str_addf(out, " is %s", rule->label);
		if (rule->word)
			str_addf(out, " has %s", rule->word);
		if (rule->not_word)
			str_addf(out, "%s not %s",
			    rule->label || rule->word ? " and" : " has",
			    rule->not_word);
		break;
	case RULE_LIST:
		for (size_t i = 0; i < rule->count; i++)
			str_addf(out, "%s%s", i > 0 ? ", " : "a list of ",
			    rule->items[i]->text);
		break;
	case RULE_TEMPLATE:
		for (size_t i = 0; i < rule->count; i++)
			if (rule->items[i]->kind == RULE_COLUMN)
				str_addf(out, "{%s}", rule->items[i]->text);
			else
				str_add(out, rule->items[i]->text);
		break;
	default: break;
	}
}

static void
describe(const struct rule *rule, struct str *out)
{
	describe_source(rule, out);
	if (rule->kind == RULE_FIRST || rule->kind == RULE_JOIN)
		for (size_t i = 0; i < rule->count; i++) {
			if (i > 0)
				str_add(out, rule->kind == RULE_FIRST
						 ? ", then "
						 : " + ");
			describe(rule->items[i], out);
		}
	if (rule->split_on && rule->split_take == -1)
		str_add(out, ", last part");
	else if (rule->split_on)
		str_addf(out, ", part %d%s", abs(rule->split_take),
		    rule->split_take < 0 ? " from the end" : "");
	if (rule->line_first && rule->line_last == rule->line_first)
		str_addf(out, ", line %d", rule->line_first);
	else if (rule->line_first && rule->line_last < RULE_LINES_ALL)
		str_addf(
		    out, ", lines %d to %d", rule->line_first, rule->line_last);
	else if (rule->line_first)
		str_addf(out, ", from line %d", rule->line_first);
	if (rule->value_count > 0)
		str_addf(out, ", %zu word%s translated", rule->value_count,
		    rule->value_count == 1 ? "" : "s");
	if (rule->date)
		str_addf(out, " as %s", rule->date);
	if (rule->fallback)
		str_addf(out, ", else \"%s\"", rule->fallback);
	if (rule->when != WHEN_ALWAYS)
		str_addf(out, ", depending on %s", rule->when_column);
}

void
mapping_describe(
    const struct mapping *mapping, enum field field, struct str *out)
{
	const struct rule *rule = mapping->fields[field].rule;
	size_t start = out->len;

	if (mapping_has(mapping, field))
		describe(rule, out);
	if (mapping->fields[field].minted)
		str_addf(out, "%san ID of belay's own",
		    out->len > start ? ", else " : "");
}
