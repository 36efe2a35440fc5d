/* SPDX-License-Identifier: MIT */
/*
 * The rows of the contact screen: a field each, with what would be sent, where
 * it comes from, what stands in the file, what is wrong with it; and typing in
 * the file's column.
 *
 * While a value is typed, `contact` is what typing it would give; the book is
 * not changed before Enter.
 */
#ifndef DESK_CONTACT_FORM_H
#define DESK_CONTACT_FORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "book/contact.h"
#include "sync/sync.h"
#include "tui/form.h"

struct desk;
struct err;
struct str;

enum { CONTACT_FORM_COLUMNS = 4 };

struct contact_form {
	struct desk *desk;
	uint32_t row;
	struct contact contact;
	struct row_status status;
	enum field fields[FIELD_COUNT]; /* shown, in the table's order */
	size_t count;
	struct form form;
	int widths[CONTACT_FORM_COLUMNS]; /* at the last drawing */
	/* While typing. */
	bool typing;
	uint32_t column;  /* of the source */
	struct str draft; /* what the cell would hold */
	bool hidden;      /* a masked value: typing began with nothing */
	bool lines;       /* the cell has line breaks, which typing loses */
};

void contact_form_init(
    struct contact_form *form, struct desk *desk, uint32_t row);
void contact_form_release(struct contact_form *form);

/* Looks at the book anew; to be called when something changed. */
void contact_form_load(struct contact_form *form);

/* The field under the cursor; FIELD_COUNT: none is shown. */
enum field contact_form_field(const struct contact_form *form);

void contact_form_draw(
    struct contact_form *form, struct canvas *canvas, const struct area *area);

/* Puts the cursor on the worst problem; stays when there is none. */
void contact_form_to_worst(struct contact_form *form);
/* To the next field with a problem, around the end; false: there is none. */
bool contact_form_next_problem(struct contact_form *form, bool backwards);
/* How many fields have one. */
unsigned contact_form_problems(const struct contact_form *form);

/* Starts typing in the field under the cursor; false: err says why not. */
bool contact_form_edit(struct contact_form *form, struct err *err);
/* Leaves the value under the cursor out, or takes that back. */
bool contact_form_leave_out(struct contact_form *form, struct err *err);
/* Whether these two would do something, for the hint bar. */
bool contact_form_may_edit(const struct contact_form *form);
bool contact_form_may_leave_out(const struct contact_form *form);

/* How many values stand there but would not be sent. */
unsigned contact_form_left_out(const struct contact_form *form);

#endif
