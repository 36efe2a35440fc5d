/* SPDX-License-Identifier: MIT */
/*
 * A contact in the user's editor: its record as YAML in a private file in
 * memory, and back as edits. What is not understood is said with its line and
 * the editor is offered again with the text as it was left.
 *
 * Hazard: the row number is true as long as the book is the same one: while
 * there is a text here, no other reading of the file takes over (reload.c).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/scratch.h"
#include "base/str.h"
#include "base/text.h"
#include "book/book.h"
#include "book/record_text.h"
#include "desk/actions.h"
#include "desk/desk.h"
#include "desk/editor.h"
#include "desk/words.h"
#include "tui/prompt.h"
#include "tui/view.h"

enum { TEXT_MAX_BYTES = 1 << 20, REASON_SHOWN = 150 };

struct contact_text {
	struct scratch *scratch;
	uint32_t row;
	unsigned line; /* what was wrong stands there */
};

void
contact_text_free(struct desk *desk)
{
	if (!desk->contact_text)
		return;
	scratch_free(desk->contact_text->scratch);
	free(desk->contact_text);
	desk->contact_text = NULL;
}

static void
release_wiped(struct str *text)
{
	if (text->len > 0)
		explicit_bzero(text->data, text->len);
	str_release(text);
}

/* ---- back from the editor ------------------------------------------------ */

static void edited(struct desk *desk, const char *trouble);

static bool
open_editor(struct desk *desk, struct err *err)
{
	return desk_edit_private(desk,
	    scratch_path(desk->contact_text->scratch), desk->contact_text->line,
	    edited, err);
}

static bool
answer_again(void *context, const char *text, struct err *err)
{
	struct desk *desk = context;
	struct err why = ERR_INIT;

	(void)text;
	(void)err;
	if (desk->contact_text && !open_editor(desk, &why)) {
		screen_say(desk->screen, STYLE_BAD, "%s", why.text);
		contact_text_free(desk);
	}
	return true;
}

static void
drop_text(void *context)
{
	struct desk *desk = context;

	contact_text_free(desk);
	screen_say(desk->screen, STYLE_NORMAL,
	    "what was typed in the editor is dropped; nothing was changed");
}

static void
ask_again(struct desk *desk, const char *reason)
{
	struct prompt prompt = {
	    .choices = "y",
	    .context = desk,
	    .answer = answer_again,
	    .cancel = drop_text,
	};

	snprintf(prompt.label, sizeof(prompt.label),
	    "%.*s. y opens your editor again, with what you typed; Esc drops "
	    "it ",
	    REASON_SHOWN, reason);
	screen_ask(desk->screen, &prompt);
}

static void
tell_changed(struct desk *desk, unsigned changed)
{
	char save[WORDS_KEY_MAX], undo[WORDS_KEY_MAX];

	book_contact(desk->book, desk->contact_text->row, &desk->contact);
	if (changed == 0)
		screen_say(desk->screen, STYLE_NORMAL,
		    "nothing of %s was changed", desk->contact.name);
	else
		screen_say(desk->screen, STYLE_NORMAL,
		    "%s: %u value%s changed, not in the file yet: %s saves, "
		    "%s takes %s back",
		    desk->contact.name, changed, changed == 1 ? "" : "s",
		    words_key(desk, SCOPE_CONTACT, DESK_SAVE, save),
		    words_key(desk, SCOPE_CONTACT, DESK_UNDO, undo),
		    changed == 1 ? "it" : "them");
}

static void
edited(struct desk *desk, const char *trouble)
{
	struct contact_text *mine = desk->contact_text;
	struct err err = ERR_INIT;
	unsigned changed = 0;
	struct str text;
	bool good;

	if (!screen_top(desk->screen) || *trouble) {
		/* without a screen belay is being ended, and none is asked */
		screen_say(desk->screen, STYLE_BAD, "%s: nothing was changed",
		    trouble);
		contact_text_free(desk);
		return;
	}
	str_init(&text, TEXT_MAX_BYTES);
	good = scratch_read(mine->scratch, &text, &err) &&
	       record_text_apply(desk->book, mine->row, text.data, text.len,
		   &changed, &mine->line, &err);
	release_wiped(&text);
	if (!good) {
		ask_again(desk, err.text);
		return;
	}
	desk_row_changed(desk, mine->row);
	tell_changed(desk, changed);
	contact_text_free(desk);
}

/* ---- opening it ---------------------------------------------------------- */

static void
write_head(struct desk *desk, uint32_t row, struct str *out)
{
	book_contact(desk->book, row, &desk->contact);
	str_add(out, "# ");
	text_clean(out, desk->contact.name, strlen(desk->contact.name));
	str_add(out,
	    ", as the file has it. Save and leave the editor to take\n"
	    "# over what you changed; nothing goes into the file before you "
	    "save there.\n"
	    "# Medicare number, birth date and all else is in here in clear. "
	    "This text is\n"
	    "# in memory only and wiped when you leave; do not save it "
	    "elsewhere.\n\n");
}

bool
desk_edit_contact(struct desk *desk, uint32_t row, struct err *err)
{
	struct contact_text *mine;
	struct scratch *scratch;
	struct str text;

	if (desk->contact_text)
		return err_set(err, ERR_USAGE, "an editor is open already");
	str_init(&text, TEXT_MAX_BYTES);
	write_head(desk, row, &text);
	record_text_write(desk->book, row, &text);
	scratch = text.cut
		      ? NULL
		      : scratch_new("contact.yaml", text.data, text.len, err);
	if (text.cut)
		err_set(err, ERR_USAGE,
		    "this record is too long for the editor: change its "
		    "values here");
	release_wiped(&text);
	if (!scratch)
		return false;
	mine = desk->contact_text = mem_zalloc(sizeof(*mine));
	*mine = (struct contact_text){.scratch = scratch, .row = row};
	if (open_editor(desk, err))
		return true;
	contact_text_free(desk);
	return false;
}
