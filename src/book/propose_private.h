/* SPDX-License-Identifier: MIT */
/* What a proposal is made of; private to propose*.c. */
#ifndef BOOK_PROPOSE_PRIVATE_H
#define BOOK_PROPOSE_PRIVATE_H

#include "base/clock.h"
#include "base/str.h"
#include "book/column_shape.h"
#include "book/header_name.h"
#include "book/propose.h"

#define PROPOSE_MINTED "{minted: true}"
#define PROPOSE_TEXT_MAX (1u << 20)
#define PROPOSE_RULE_MAX (64u << 10)

/* Of a hundred values: enough to be that; too few to be that at all. */
enum { PROPOSE_MOST = 80, PROPOSE_FALSE = 20 };

enum propose_verdict { AGAINST, OPEN, FITTING };

/* One place of a rule: a column, or two to be joined. */
struct propose_place {
	uint32_t columns[2];
	unsigned count;
};

#define PROPOSE_PLACES 8

/* The places of a rule: the first that has a value counts. */
struct propose_choice {
	struct propose_place places[PROPOSE_PLACES];
	unsigned count;
};

struct propose_column {
	struct proposal_column seen;
	struct column_shape shape;
	struct header_name name;
	bool taken; /* by a rule made here */
	char *samples[PROPOSAL_SAMPLES];
};

struct propose_field {
	struct proposal_field seen;
	char *rule, *from, *why, *question;
	char *samples[PROPOSAL_SAMPLES];
};

struct proposal {
	const struct records *records;
	const struct preset *preset;
	bool keys;    /* records name their own columns (YAML, JSON) */
	bool changed; /* by proposal_set() */
	struct date today;
	uint32_t column_count;
	uint32_t scanned; /* columns whose values were looked at */
	struct propose_column *columns;
	struct propose_field fields[FIELD_COUNT];
	struct proposal_totals totals;
};

/* ---- propose_rules.c ---- */

/* Gives every field its rule, its why and its question. */
void propose_rules(struct proposal *proposal);
/* Fills the candidates of all fields anew. */
void propose_candidates(struct proposal *proposal);

struct propose_fit {
	uint32_t column;
	struct header_match match;
	enum propose_verdict verdict;
};
/* Free columns whose name could mean the field and whose values do not say
 * otherwise, best first; the caller frees. */
struct propose_fit *propose_find_fits(struct proposal *proposal,
    enum field field, enum header_fit least, uint32_t *count);

/* ---- propose_preset.c, propose_guess.c: parts of propose_rules() ---- */

void propose_preset(struct proposal *proposal);
void propose_second_line(struct proposal *proposal);
void propose_full_name(struct proposal *proposal);
/* Where some rows have both names in the column of the last one. */
void propose_comma_names(struct proposal *proposal);
void propose_whole_address(struct proposal *proposal);
void propose_labels(struct proposal *proposal);
void propose_medicare_number(struct proposal *proposal);
void propose_id(struct proposal *proposal);

/* ---- propose_choice.c ---- */

/* Of a hundred values of a column, how many look so. */
unsigned propose_share(
    const struct proposal *proposal, uint32_t column, enum column_look look);
enum propose_verdict propose_judge(
    const struct proposal *proposal, uint32_t column, enum field field);
const char *propose_name_of(const struct proposal *proposal, uint32_t column);
struct propose_choice propose_only(uint32_t column);
/* Makes the rule of columns, with the modifiers that their values call for;
 * they are taken then. */
void propose_set_choice(struct proposal *proposal, enum field field,
    enum proposal_certainty certainty, const struct propose_choice *choice,
    const char *why);
/* Sets a rule as it is; the columns must be taken by the caller. */
void propose_set_rule(struct proposal *proposal, enum field field,
    enum proposal_certainty certainty, const struct str *rule, const char *why);
void propose_take(
    struct proposal *proposal, const struct propose_choice *choice);
/* Whether contacts get an ID of belay's own. */
bool propose_mints(const struct proposal *proposal);
bool propose_has_rule(const struct proposal *proposal, enum field field);
void propose_add_place(struct str *out, const struct proposal *proposal,
    const struct propose_place *place);
/* "HubSpot's column" */
void propose_why_preset(const struct proposal *proposal, struct str *why);
void propose_ask(struct proposal *proposal, enum field field,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

/* In propose_scan.c: what the columns are called, then what the next one holds;
 * false: all were looked at. */
void propose_scan_names(struct proposal *proposal);
bool propose_scan_next(struct proposal *proposal);
/* What the rules give, row by row; the mapping is bound. */
void propose_evaluate(struct proposal *proposal, const struct mapping *mapping);

/* A column's name as YAML in flow form. */
void propose_add_name(
    struct str *out, const struct proposal *proposal, uint32_t column);
/* Replaces an owned text; NULL takes it away. */
void propose_put(char **place, const struct str *text);

#endif
