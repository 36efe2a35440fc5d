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

enum {
	CONTACT_COLUMN_FIELD,
	CONTACT_COLUMN_SENT,
	CONTACT_COLUMN_FROM,
	CONTACT_COLUMN_FILE,
	CONTACT_COLUMN_UPDATE, /* only where a sync would update it */
	CONTACT_FORM_COLUMNS
};
enum { CONTACT_DRAFT_MAX = 64 << 10 };

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
/* Puts what a finding under the cursor proposes into the file's column, as an
 * edit. ERR_USAGE: nothing is proposed, or not for the column as a whole. */
bool contact_form_fix(struct contact_form *form, struct err *err);
bool contact_form_may_fix(const struct contact_form *form, struct err *err);
/* Whether these two would do something, for the hint bar. */
bool contact_form_may_edit(const struct contact_form *form);
bool contact_form_may_leave_out(const struct contact_form *form);

/* How many values a create would send. */
unsigned contact_form_sent(const struct contact_form *form);
/* How many values stand there but would not be sent. */
unsigned contact_form_left_out(const struct contact_form *form);

/* ---- shared by contact_form.c, contact_notes.c, contact_edit.c ----------- */

/* The worst finding of a field that is more than an info, or NULL. */
const struct finding *contact_form_problem(
    const struct contact_form *form, enum field field);
/* Whether its value is masked now. */
bool contact_form_hidden(const struct contact_form *form, enum field field);
/* Whether an update would send it. */
bool contact_form_changed(const struct contact_form *form, enum field field);
/* words_key() of this screen. */
const char *contact_form_key(
    const struct contact_form *form, int action, char *buffer);
/* Appends what the field may be: "male, female"; false: anything. */
bool contact_form_choices(enum field field, struct str *out);

/* The form's operations (form.h). */
void contact_form_cell(
    void *context, size_t row, int column, struct str *out, enum style *style);
bool contact_form_note(void *context, size_t row, size_t number, bool here,
    struct str *out, enum style *style);
bool contact_form_begin(
    void *context, size_t row, struct str *out, struct err *err);
bool contact_form_complete(
    void *context, size_t row, const char *before, struct str *out);
void contact_form_change(void *context, size_t row, const char *text);
bool contact_form_answer(
    void *context, size_t row, const char *text, struct err *err);
void contact_form_cancel(void *context, size_t row);

#endif
