/* SPDX-License-Identifier: MIT */
/*
 * Taking back what is only of the desk: which contacts are marked, shown and
 * in which order, and a decision about a contact in review of which nothing
 * was sent yet. Edits of values have their own steps in the book (book.h); both
 * are walked in the order in which they were made.
 *
 * The steps belong to the list of contacts, which frees them.
 */
#ifndef DESK_UNDO_H
#define DESK_UNDO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "desk/contact_list.h"
#include "tui/view.h"

struct desk;
struct err;
struct undo;

struct undo *undo_new(void);
void undo_free(struct undo **undo); /* which is NULL then, or was before */
/* The rows are others now: none of the steps would be true any more. */
void undo_forget(struct undo *undo);

/* The list was so before: a step, if it is otherwise now. Releases `was`. What
 * was undone is forgotten by a new step. */
void undo_compare(const struct desk *desk, const struct contact_list *list,
    struct contact_list_state *was);
/* The row was decided, and sync_undecide() can take that back. */
void undo_add_decision(
    struct undo *undo, const struct desk *desk, uint32_t row);

/* Whether a step of these comes before the next one of the book. */
bool undo_is_next(const struct undo *undo, const struct desk *desk, bool back);
/* Takes it back, or makes it again, and says so. */
enum view_result undo_step(
    struct undo *undo, struct desk *desk, bool back, struct err *err);

#endif
