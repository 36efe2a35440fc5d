/* SPDX-License-Identifier: MIT */
/*
 * A step holds the other version of the list, which walking over it exchanges
 * with the one in force; so undo and redo are one thing.
 *
 * Hazard: steps and the book's are two lists of one history. A step remembers
 * how many the book had when it was made: those that the book has beyond that
 * were made later.
 */
#include "desk/undo.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "book/book.h"
#include "desk/actions.h"
#include "desk/desk.h"
#include "desk/words.h"

enum { STEPS = 50, NO_DECISION = UINT32_MAX };

struct step {
	size_t book_steps; /* of the book, when it was made */
	uint32_t decided;  /* the row; NO_DECISION: it is of the list */
	struct contact_list_state list;
};

struct undo {
	struct step steps[STEPS];
	size_t count;
	size_t at; /* those from here on are undone */
};

struct undo *
undo_new(void)
{
	return mem_zalloc(sizeof(struct undo));
}

static void
drop(struct undo *undo, size_t from)
{
	while (undo->count > from)
		contact_list_state_release(&undo->steps[--undo->count].list);
	if (undo->at > undo->count)
		undo->at = undo->count;
}

void
undo_free(struct undo **undo)
{
	if (!*undo)
		return;
	drop(*undo, 0);
	free(*undo);
	*undo = NULL;
}

void
undo_forget(struct undo *undo)
{
	drop(undo, 0);
}

/* Room for one more, which then is the last. */
static struct step *
add(struct undo *undo, const struct desk *desk)
{
	struct step *step;

	drop(undo, undo->at);
	if (undo->count == STEPS) {
		contact_list_state_release(&undo->steps[0].list);
		memmove(&undo->steps[0], &undo->steps[1],
		    (STEPS - 1) * sizeof(undo->steps[0]));
		undo->count--;
	}
	step = &undo->steps[undo->count++];
	undo->at = undo->count;
	*step = (struct step){
	    .book_steps = book_undo_steps(desk->book), .decided = NO_DECISION};
	return step;
}

void
undo_compare(const struct desk *desk, const struct contact_list *list,
    struct contact_list_state *was)
{
	struct contact_list_state is;

	contact_list_keep(list, &is);
	if (!contact_list_same_state(was, &is)) {
		add(desk->undo, desk)->list = *was;
		memset(was, 0, sizeof(*was));
	}
	contact_list_state_release(&is);
	contact_list_state_release(was);
}

void
undo_add_decision(struct undo *undo, const struct desk *desk, uint32_t row)
{
	add(undo, desk)->decided = row;
}

bool
undo_is_next(const struct undo *undo, const struct desk *desk, bool back)
{
	size_t book_steps = book_undo_steps(desk->book);

	if (back)
		return undo->at > 0 &&
		       undo->steps[undo->at - 1].book_steps >= book_steps;
	return undo->at < undo->count &&
	       (undo->steps[undo->at].book_steps <= book_steps ||
		   book_undo_row(desk->book, false) == RECORDS_NONE);
}

static void
tell_marks(struct desk *desk, size_t was, size_t is)
{
	if (is == 0)
		screen_say(desk->screen, STYLE_NORMAL,
		    was == 1 ? "1 contact is not marked any more"
			     : "%zu contacts are not marked any more",
		    was);
	else
		screen_say(desk->screen, STYLE_NORMAL,
		    is == 1 ? "1 contact is marked again"
			    : "%zu contacts are marked again",
		    is);
}

/* What differs between the two. */
static void
tell(struct desk *desk, const struct contact_list_state *was,
    const struct contact_list_state *is)
{
	if (!contact_list_same_marks(was, is))
		tell_marks(desk, was->marks.count, is->marks.count);
	else if (strcmp(was->filter, is->filter) != 0 ||
		 was->attention != is->attention || was->only != is->only)
		screen_say(desk->screen, STYLE_NORMAL, "shown again: %s",
		    is->attention              ? "those that need somebody"
		    : *is->filter              ? is->filter
		    : is->only != CONTACTS_ALL ? contact_list_word(is->only)
					       : "all contacts");
	else
		screen_say(
		    desk->screen, STYLE_NORMAL, "the order is what it was");
}

static enum view_result
walk_list(struct step *step, struct desk *desk, bool back, struct err *err)
{
	struct view *view = desk_view(desk);
	struct contact_list_state was;
	struct err unfit = ERR_INIT;
	char key[WORDS_KEY_MAX];

	if (view->ops->scope != SCOPE_CONTACTS) {
		err_set(err, ERR_USAGE,
		    "the last change was to the list's marks, filter or "
		    "order: go back to the list, then %s",
		    words_key(desk, SCOPE_CONTACTS,
			back ? DESK_UNDO : DESK_REDO, key));
		return VIEW_REFUSED;
	}
	contact_list_keep(v_contacts_list(view), &was);
	if (v_contacts_restore(view, &step->list, &unfit))
		tell(desk, &was, &step->list);
	else
		screen_say(desk->screen, STYLE_WARNING,
		    "the filter %s does not fit any more: %s",
		    step->list.filter, unfit.text);
	contact_list_state_release(&step->list);
	step->list = was;
	screen_dirty(desk->screen);
	return VIEW_DONE;
}

/* The contact waits for a decision again. */
static enum view_result
take_decision_back(struct undo *undo, struct desk *desk, struct err *err)
{
	uint32_t row = undo->steps[undo->at - 1].decided;

	/* it is not made again by itself: the question is asked anew */
	drop(undo, undo->at - 1);
	if (!sync_undecide(desk->sync, row, err))
		return VIEW_REFUSED;
	desk->generation++;
	screen_stale(desk->screen);
	book_contact(desk->book, row, &desk->contact);
	screen_say(desk->screen, STYLE_NORMAL, "%s: the decision is taken back",
	    desk->contact.name);
	return VIEW_DONE;
}

enum view_result
undo_step(struct undo *undo, struct desk *desk, bool back, struct err *err)
{
	struct step *step = &undo->steps[back ? undo->at - 1 : undo->at];
	enum view_result result;

	if (step->decided != NO_DECISION)
		return take_decision_back(undo, desk, err);
	result = walk_list(step, desk, back, err);
	if (result == VIEW_DONE)
		undo->at = back ? undo->at - 1 : undo->at + 1;
	return result;
}
