/* SPDX-License-Identifier: MIT */
#include "tui/form.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "check.h"
#include "golden/golden.h"
#include "tui/action.h"
#include "tui/key.h"

enum { ROWS = 5, ZIP = 3 };

/* A contact with a ZIP that is too short until somebody types it. */
struct contact {
	char value[ROWS][64];
	char draft[64]; /* "": nobody is typing */
	int changes;
	int cancels;
};

static const char *const labels[ROWS] = {
    "first_name", "last_name", "state", "zip", "notes"};

static size_t
contact_count(void *context)
{
	(void)context;
	return ROWS;
}

static const char *
value(const struct contact *contact, size_t row)
{
	return row == ZIP && *contact->draft ? contact->draft
					     : contact->value[row];
}

static void
contact_cell(
    void *context, size_t row, int column, struct str *out, enum style *style)
{
	if (column == 0) {
		*style = STYLE_DIM;
		str_add(out, labels[row]);
	} else {
		str_add(out, value(context, row));
	}
}

static bool
contact_note(void *context, size_t row, size_t number, bool here,
    struct str *out, enum style *style)
{
	const char *zip = value(context, row);

	if (row != ZIP || strlen(zip) == 5 || number > (here ? 1 : 0))
		return false;
	*style = STYLE_WARNING;
	if (number == 0)
		str_addf(
		    out, "ZIP-LENGTH  \"%s\" has %zu digits", zip, strlen(zip));
	else
		str_add(out,
		    "Without it, HealthSherpa will ask for the ZIP on the "
		    "quote page. Enter type it");
	return true;
}

static bool
contact_edit(void *context, size_t row, struct str *out, struct err *err)
{
	if (row == 0)
		return err_set(err, ERR_USAGE, "the name cannot be changed");
	str_add(out, value(context, row));
	return true;
}

static void
contact_change(void *context, size_t row, const char *text)
{
	struct contact *contact = context;

	(void)row;
	contact->changes++;
	str_copy(contact->draft, sizeof(contact->draft), text);
}

static bool
contact_answer(void *context, size_t row, const char *text, struct err *err)
{
	struct contact *contact = context;

	if (strlen(text) > 20)
		return err_set(err, ERR_USAGE, "too long");
	str_copy(contact->value[row], sizeof(contact->value[row]), text);
	*contact->draft = '\0';
	return true;
}

static void
contact_cancel(void *context, size_t row)
{
	struct contact *contact = context;

	(void)row;
	contact->cancels++;
	*contact->draft = '\0';
}

static const struct form_ops ops = {contact_count, contact_cell, contact_note,
    contact_edit, contact_change, NULL, contact_answer, contact_cancel};

static const struct column columns[] = {
    {"FIELD", 12, 16, 0, ALIGN_LEFT},
    {"IN THE FILE", 12, 30, 0, ALIGN_LEFT},
};

static const struct contact walter = {
    .value = {"Walter", "Adams", "CA", "9581", "two\nlines"}};

static struct form
make(struct contact *contact)
{
	struct form form;

	*contact = walter;
	form_init(&form, &ops, contact, columns, 2, 1);
	return form;
}

static void
golden(struct form *form, int rows, const char *name)
{
	struct canvas *canvas = canvas_new(rows, 44, false);
	struct area all = canvas_area(canvas);

	form_draw(form, canvas, &all);
	GOLDEN(canvas, name);
	canvas_free(canvas);
}

static void
press(struct form *form, const char *text)
{
	struct err err = ERR_INIT;

	for (; *text; text++)
		CHECK_INT(
		    form_key(form, (unsigned char)*text, &err), VIEW_DONE);
}

TEST(form_screens)
{
	struct contact contact;
	struct form form = make(&contact);
	struct err err = ERR_INIT;

	str_copy(contact.value[4], 64, "none");
	golden(&form, 9, "tui/form");
	form_select(&form, ZIP);
	golden(&form, 9, "tui/form-notes");
	golden(&form, 4, "tui/form-low");
	CHECK(form_edit(&form, &err));
	press(&form, "4");
	golden(&form, 9, "tui/form-editing");
	form_release(&form);
}

TEST(form_edits_in_place)
{
	struct contact contact;
	struct form form = make(&contact);
	struct err err = ERR_INIT;

	CHECK_INT(form_key(&form, 'x', &err), VIEW_NOT_MINE);
	CHECK(!form_edit(&form, &err));
	CHECK_TEXT(err.text, "the name cannot be changed");
	form_select(&form, ZIP);
	CHECK(form_edit(&form, &err));
	CHECK(form_editing(&form));
	press(&form, "4");
	CHECK_INT(contact.changes, 1);
	CHECK_TEXT(contact.draft, "95814");
	CHECK_TEXT(contact.value[ZIP], "9581");
	CHECK_INT(form_key(&form, KEY_CODE_ENTER, &err), VIEW_DONE);
	CHECK(!form_editing(&form));
	CHECK_TEXT(contact.value[ZIP], "95814");
	form_release(&form);
}

TEST(form_refused_answers_stay_open)
{
	struct contact contact;
	struct form form = make(&contact);
	struct err err = ERR_INIT;

	form_select(&form, ZIP);
	CHECK(form_edit(&form, &err));
	CHECK_INT(form_paste(&form, "12345678901234567890"), VIEW_DONE);
	CHECK_INT(form_key(&form, KEY_CODE_ENTER, &err), VIEW_REFUSED);
	CHECK_TEXT(err.text, "too long");
	CHECK(form_editing(&form));
	CHECK_INT(form_key(&form, KEY_CODE_PAGE_DOWN, &err), VIEW_REFUSED);
	CHECK_INT(form_key(&form, KEY_CODE_ESCAPE, &err), VIEW_DONE);
	CHECK_INT(contact.cancels, 1);
	CHECK_TEXT(contact.value[ZIP], "9581");
	form_release(&form);
}

TEST(form_enter_without_typing_changes_nothing)
{
	struct contact contact;
	struct form form = make(&contact);
	struct err err = ERR_INIT;

	form_select(&form, 4);
	CHECK(form_edit(&form, &err));
	CHECK_INT(form_key(&form, KEY_CODE_ENTER, &err), VIEW_DONE);
	CHECK(!form_editing(&form));
	CHECK_INT(contact.cancels, 1);
	CHECK_TEXT(contact.value[4], "two\nlines");
	form_release(&form);
}

/* A click goes to the row that stands there, or to whose note stands there. */
TEST(form_clicks_move_the_cursor)
{
	struct canvas *canvas = canvas_new(9, 44, false);
	struct area all = canvas_area(canvas);
	struct contact contact;
	struct form form = make(&contact);
	struct err err = ERR_INIT;

	str_copy(contact.value[4], 64, "none");
	form_draw(&form, canvas, &all);
	CHECK_INT(form_click(&form, 0, 4, &err), VIEW_NOT_MINE); /* titles */
	CHECK_INT(form_click(&form, 1, 4, &err), VIEW_ENTER);
	CHECK_INT(form_click(&form, 6, 4, &err), VIEW_DONE);
	CHECK_INT(form.cursor, 4);
	CHECK_INT(form_click(&form, 7, 4, &err), VIEW_NOT_MINE); /* below */
	CHECK_INT(form_click(&form, 5, 4, &err), VIEW_DONE);     /* its note */
	CHECK_INT(form.cursor, ZIP);
	form_draw(&form, canvas, &all);
	CHECK_INT(form_click(&form, 8, 4, &err), VIEW_ENTER);
	/* what is typed is kept, as Enter keeps it, or refused as by Enter */
	form_select(&form, 2);
	CHECK(form_edit(&form, &err));
	press(&form, "x");
	CHECK_INT(form_click(&form, 3, 4, &err), VIEW_DONE);
	CHECK(form_editing(&form));
	CHECK_INT(form_click(&form, 2, 4, &err), VIEW_DONE);
	CHECK(!form_editing(&form));
	CHECK_TEXT(contact.value[2], "CAx");
	CHECK_INT(form.cursor, 1);
	CHECK(form_edit(&form, &err));
	CHECK_INT(form_paste(&form, "12345678901234567890"), VIEW_DONE);
	CHECK_INT(form_click(&form, 1, 4, &err), VIEW_REFUSED);
	CHECK(form_editing(&form));
	CHECK_INT(form.cursor, 1);
	form_release(&form);
	canvas_free(canvas);
}
