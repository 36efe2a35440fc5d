/* SPDX-License-Identifier: MIT */
/*
 * The rows of the mapping screen: a field each, what would give it, what that
 * comes to over the whole book, and below the row under the cursor why.
 */
#ifndef DESK_MAPPING_FORM_H
#define DESK_MAPPING_FORM_H

#include <stdbool.h>
#include <stddef.h>

#include "book/field.h"
#include "tui/form.h"

struct desk;
struct err;
struct proposal;

struct mapping_form {
	struct desk *desk;
	struct proposal *proposal; /* owned; NULL before there is one */
	struct form form;
	enum field fields[FIELD_COUNT];
	size_t count;
};

void mapping_form_init(struct mapping_form *form, struct desk *desk);
void mapping_form_release(struct mapping_form *form);

/* The field under the cursor. */
enum field mapping_form_field(const struct mapping_form *form);
/* Moves the cursor there. */
void mapping_form_show(struct mapping_form *form, enum field field);
/* Rules that the agent is asked about. */
unsigned mapping_form_questions(const struct mapping_form *form);
/* Moves to the next of them, around the end; false: there is none. */
bool mapping_form_next_question(struct mapping_form *form);
/* A field that every contact needs and nothing gives; or FIELD_COUNT. */
enum field mapping_form_missing(const struct mapping_form *form);

/*
 * Puts the mapping into the config: a new one where there is none, else behind
 * what is there; comments stay. Appends the config's path to `place`.
 * ERR_CREATE, ERR_CONFIG, ERR_IO.
 */
bool mapping_form_save(
    struct mapping_form *form, struct str *place, struct err *err);

#endif
