/* SPDX-License-Identifier: MIT */
/*
 * The rows of the mapping screens: a field each, what gives it, what that comes
 * to over the whole book, and below the row under the cursor why; then the
 * columns that give nothing.
 *
 * Of a proposal it shows what the proposal counted and examples; of the mapping
 * in force what the whole book and one contact come to (`coverage`, `contact`).
 */
#ifndef DESK_MAPPING_FORM_H
#define DESK_MAPPING_FORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "book/field.h"
#include "desk/desk.h"
#include "tui/form.h"

struct contact;
struct coverage;
struct err;
struct proposal;
struct str;

struct mapping_form {
	struct desk *desk;
	struct proposal *proposal; /* owned; NULL before there is one */
	/* The mapping in force: borrowed, both or neither. */
	const struct coverage *coverage;
	const struct contact *contact;
	struct form form;
	enum field fields[FIELD_COUNT];
	size_t count;
	uint32_t *unused; /* columns that give nothing */
	size_t unused_count;
	/* While it is asked which field a column gives, or for a rule. */
	struct {
		struct view *view;
		desk_set_rule *set;
		uint32_t column;
	} asked;
};

void mapping_form_init(struct mapping_form *form, struct desk *desk);
void mapping_form_release(struct mapping_form *form);
/* Takes the proposal; the one before is freed. */
void mapping_form_use(struct mapping_form *form, struct proposal *proposal);
/* After a rule was changed: other columns give nothing now. */
void mapping_form_update(struct mapping_form *form);

/* The field under the cursor; FIELD_COUNT: a column is there. */
enum field mapping_form_field(const struct mapping_form *form);
/* The unused column under the cursor; RECORDS_NONE: a field is there. */
uint32_t mapping_form_column(const struct mapping_form *form);
/* Moves the cursor there. */
void mapping_form_show(struct mapping_form *form, enum field field);
/* Rules that the agent is asked about. */
unsigned mapping_form_questions(const struct mapping_form *form);
/*
 * Moves to the next row that needs somebody, around the end: a question of a
 * proposal, a field with findings that are no mere info. False: there is none.
 */
bool mapping_form_next(struct mapping_form *form);
/* Whether there is any such row. */
bool mapping_form_trouble(const struct mapping_form *form);
/* A field that every contact needs and nothing gives; or FIELD_COUNT. */
enum field mapping_form_missing(const struct mapping_form *form);

/* Enter: which column gives this field, or which field this column gives;
 * `view` is told. */
void mapping_form_choose(
    struct mapping_form *form, struct view *view, desk_set_rule *set);
/* Asks for the rule of the field under the cursor as the config has it, for
 * what no list of columns can say. */
void mapping_form_ask_rule(struct mapping_form *form, struct view *view,
    desk_set_rule *set, struct history *history);
/* Whether the cursor is on a field; else err says so. */
bool mapping_form_on_field(const struct mapping_form *form, struct err *err);

/*
 * Draws the rows; there is a proposal. True: the first two rows of the area are
 * left for the caller's head. False: the area is too low for one.
 */
bool mapping_form_draw(
    struct mapping_form *form, struct canvas *canvas, const struct area *area);

/* Of a row with this number (mapping_notes.c); see form_ops. */
bool mapping_notes_add(const struct mapping_form *form, size_t row,
    size_t number, struct str *out, enum style *style);

/*
 * Puts the mapping into the config: a new one where there is none, else behind
 * what is there; comments stay. Appends the config's path to `place`.
 * ERR_CREATE, ERR_CONFIG, ERR_IO.
 */
bool mapping_form_save(
    struct mapping_form *form, struct str *place, struct err *err);

#endif
