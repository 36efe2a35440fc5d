/* SPDX-License-Identifier: MIT */
/*
 * A rule of the mapping as a tree: one source and modifiers. Plain data,
 * private to mapping*.c.
 */
#ifndef BOOK_RULE_H
#define BOOK_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "book/field.h"
#include "book/mapping.h"

struct problems;

enum rule_kind {
	RULE_COLUMN,   /* text: its name */
	RULE_FIRST,    /* the first item that gives something */
	RULE_JOIN,     /* items that give something, text between them */
	RULE_TEMPLATE, /* items: RULE_VALUE and RULE_COLUMN in turn */
	RULE_VALUE,    /* text */
	/* text: label's pattern, other: value's; the label is `label`, has
	 * the word `word`, has not `not_word`: those that are there */
	RULE_PAIR,
	/* items: RULE_COLUMN, text: its pattern, other: the entry's key */
	RULE_LIST,
};

enum rule_canonical { CANONICAL_NONE, CANONICAL_SALESFORCE, CANONICAL_ZOHO };
enum rule_when { WHEN_ALWAYS, WHEN_IS, WHEN_NOT, WHEN_FILLED, WHEN_EMPTY };

#define RULE_LINES_ALL 1000000

struct rule_value {
	char *raw;
	char *result; /* NULL: nothing */
};

struct rule_pair {
	uint32_t label, value;
};

struct rule {
	enum rule_kind kind;
	unsigned line, column; /* place of the source, for messages */
	char *text, *other, *label, *word, *not_word;
	uint32_t bound; /* RULE_COLUMN */
	struct rule **items;
	size_t count;
	struct rule_pair *pairs; /* RULE_PAIR, bound */
	size_t pair_count;
	uint32_t *numbered; /* RULE_LIST, bound: of number 1 a column for each
			     * item, then of number 2, ... */
	size_t number_count;

	/* modifiers, in the order in which they are applied */
	enum rule_when when;
	char *when_column, *when_text;
	unsigned when_line, when_place;
	uint32_t when_bound;
	char *split_on;
	int split_take;            /* from 1; negative: from the end */
	int line_first, line_last; /* from 1; 0: not asked for */
	struct rule_value *values;
	size_t value_count;
	char *date; /* forms joined by commas */
	enum rule_canonical canonical;
	char *fallback;
};

struct mapping_field {
	struct rule *rule; /* NULL: not mapped */
	enum mapping_invalid invalid;
	bool never_sent;
	bool minted; /* external_id: nothing becomes an ID of ours */
};

struct mapping {
	char *name;
	bool identity;
	bool optional;      /* a column that no record has is no problem */
	const char *format; /* of the source; NULL: not told */
	struct mapping_field fields[FIELD_COUNT];
};

struct rule *rule_new(enum rule_kind kind, unsigned line, unsigned column);
void rule_free(struct rule *rule); /* NULL is fine */

/* Whether two words are one: without regard to case and outer blanks. */
bool rule_same_text(const char *a, const char *b);

struct yaml_node;
/* Parses a field's rule; problems are added, the result may be half-made. */
struct rule *rule_parse(const struct yaml_node *node, enum field field,
    struct mapping_field *target, struct problems *problems);

#endif
