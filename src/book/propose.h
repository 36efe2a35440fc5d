/* SPDX-License-Identifier: MIT */
/*
 * A proposal: which column of an export could be which field, made from the
 * header and the values, for the agent to check. Nothing is decided here: each
 * rule says how sure it is and why, and asks where it is not.
 *
 * Pure: no file, no network; the records are borrowed, outlive the proposal
 * and keep their rows. At most PROPOSAL_ROWS rows are looked at.
 *
 * Samples are as they stand in the file, because a caller masks by field
 * (contact_show_value()); but what looks like a Social Security number is
 * masked here already, and a column of such numbers or of passwords is never
 * proposed and gives no samples.
 */
#ifndef BOOK_PROPOSE_H
#define BOOK_PROPOSE_H

#include <stdbool.h>
#include <stdint.h>

#include "book/field.h"
#include "book/finding.h"
#include "book/preset.h"

struct err;
struct mapping;
struct proposal;
struct records;
struct str;

#define PROPOSAL_ROWS 20000u
#define PROPOSAL_SAMPLES 3
#define PROPOSAL_CANDIDATES 5
#define PROPOSAL_DISTINCT 100u

enum proposal_certainty {
	PROPOSAL_NONE,   /* no rule */
	PROPOSAL_UNSURE, /* a guess; there is a question */
	PROPOSAL_LIKELY,
	PROPOSAL_SURE,
	PROPOSAL_CHOSEN, /* by proposal_set(), or in force */
};

struct proposal_field {
	enum proposal_certainty certainty;
	const char *rule;     /* YAML in flow form; NULL: none */
	const char *from;     /* the rule in words; "" without */
	const char *why;      /* "HubSpot's column"; "" without */
	const char *question; /* for the agent; NULL: nothing to ask */
	uint32_t filled;      /* rows for which the rule gives something */
	uint32_t left_out;    /* of those, values that would not be sent */
	uint32_t blocked;     /* contacts that this field blocks */
	/* Why: the worst that was found in it, and in how many contacts; 0:
	 * nothing that blocks them or is left out. */
	enum finding_code found;
	uint32_t found_count;
	unsigned sample_count;
	const char *samples[PROPOSAL_SAMPLES]; /* different ones; raw */
	unsigned candidate_count;
	/* other columns that would fit, best first */
	uint32_t candidates[PROPOSAL_CANDIDATES];
};

struct proposal_column {
	const char *name;
	enum field field; /* the first that reads it; FIELD_COUNT: unused */
	uint32_t filled;
	uint32_t distinct; /* PROPOSAL_DISTINCT: that many or more */
	bool secret;       /* like Social Security numbers or passwords */
	unsigned sample_count;
	const char *samples[PROPOSAL_SAMPLES];
};

struct proposal_totals {
	uint32_t rows; /* looked at */
	uint32_t sendable, blocked;
	unsigned fields;    /* with a rule */
	unsigned questions; /* of fields with a rule */
};

/*
 * `format`: the source's format ("CSV"). `crm`: the name of a preset, NULL to
 * recognise it. `most`: rows to look at, up to PROPOSAL_ROWS; a thousand take
 * some 20 ms. ERR_USAGE for an unknown preset, with the nearest; ERR_DATA when
 * there is no column, or the names of columns look like a contact.
 */
struct proposal *proposal_make(const struct records *records,
    const char *format, const char *crm, uint32_t most, struct err *err);
/*
 * Nothing proposed: the rules of a mapping in force (YAML in flow form; NULL:
 * none). A rule with a column that is not there is left out. What the columns
 * hold, and which others would fit, is looked at by proposal_look(). ERR_DATA
 * when there is no column.
 */
struct proposal *proposal_of_rules(const struct records *records,
    const char *format, const char *const rules[FIELD_COUNT], uint32_t most,
    struct err *err);
/* Other rules in their place; evaluated in a microsecond or two a row. */
void proposal_use_rules(
    struct proposal *proposal, const char *const rules[FIELD_COUNT]);
/* Looks at one column more, some microseconds a row; false: there is none. */
bool proposal_look(struct proposal *proposal);
void proposal_free(struct proposal *proposal); /* NULL is fine */

const struct preset *proposal_preset(const struct proposal *proposal);
const struct proposal_totals *proposal_totals(const struct proposal *proposal);
/* Borrowed until the next proposal_set(), as is what they point to. */
const struct proposal_field *proposal_field(
    const struct proposal *proposal, enum field field);
uint32_t proposal_column_count(const struct proposal *proposal);
const struct proposal_column *proposal_column(
    const struct proposal *proposal, uint32_t column);
const char *proposal_certainty_word(enum proposal_certainty certainty);

/*
 * Changes a field's rule (YAML as behind the field's name in the mapping; NULL
 * or blank: none) and evaluates anew. False with ERR_CONFIG, and all as it
 * was, when the rule is wrong or names no column.
 */
bool proposal_set(struct proposal *proposal, enum field field, const char *rule,
    struct err *err);
/* The rule that takes just one column; the text is YAML in flow form. */
void proposal_rule_of(
    const struct proposal *proposal, uint32_t column, struct str *out);

/* The mapping of all rules, not bound; the caller frees. */
struct mapping *proposal_mapping(const struct proposal *proposal);
/* Whether the columns need no mapping: they map themselves by their names, or
 * the format has a mapping of its own. */
bool proposal_is_builtin(const struct proposal *proposal);

/* Appends the mapping as commented YAML: "mapping:" and what is below it. */
void proposal_mapping_text(const struct proposal *proposal, struct str *out);
/*
 * Appends a whole commented config. `contacts`: the path to be written, NULL:
 * none (it was read from standard input). Names of columns and counts stand
 * there, and no value of anybody.
 */
void proposal_config_text(
    const struct proposal *proposal, const char *contacts, struct str *out);

#endif
