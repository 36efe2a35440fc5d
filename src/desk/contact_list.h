/* SPDX-License-Identifier: MIT */
/*
 * Which contacts the list shows, in which order, and which are marked.
 *
 * Without filter and order it is the book itself and costs nothing. Else rows
 * are looked at in slices: a new filter shows what it has found so far, a new
 * order and changed statuses replace the old list when they are done.
 */
#ifndef DESK_CONTACT_LIST_H
#define DESK_CONTACT_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "desk/contact_keys.h"
#include "desk/row_marks.h"
#include "sync/status.h"

struct book;
struct contact_list;
struct desk;
struct err;
struct str;

struct contact_list *contact_list_new(struct desk *desk);
void contact_list_free(struct contact_list *list); /* NULL is fine */

size_t contact_list_count(const struct contact_list *list);
/* The book's row; RECORDS_NONE beyond the end. */
uint32_t contact_list_row(const struct contact_list *list, size_t at);
/* Where a row stands; SIZE_MAX: it is not shown. */
size_t contact_list_find(const struct contact_list *list, uint32_t row);

/* "" shows all. ERR_USAGE: not a query; the one before stays. */
bool contact_list_filter(
    struct contact_list *list, const char *text, struct err *err);
const char *contact_list_filter_text(const struct contact_list *list);
/* Whether what is shown is only what was found so far. */
bool contact_list_finding(const struct contact_list *list);
/* The same, or what had to be taken off because it fitted no longer. */
const char *contact_list_filter_offered(const struct contact_list *list);
/* Only what needs somebody, or everything again. */
void contact_list_attention(struct contact_list *list);
/* Only those of a status, those whose lists are not sent, or all of them; what
 * else narrows the list stays. */
enum { CONTACTS_ALL = -1, CONTACTS_LISTS_OPEN = STATUS_COUNT };
void contact_list_only(struct contact_list *list, int only);
int contact_list_only_what(const struct contact_list *list);
const char *contact_list_word(int only); /* "new", "lists not sent" */
/* What is shown stays until the other order is there. */
void contact_list_sort(
    struct contact_list *list, const struct contact_orders *orders);
const struct contact_orders *contact_list_orders(
    const struct contact_list *list);
/* Whether filter, attention or a status hide anything; widen() takes all of
 * them back. */
bool contact_list_narrowed(const struct contact_list *list);
void contact_list_widen(struct contact_list *list);

/*
 * Values or statuses may have changed: what depends on them is looked at. `row`
 * (RECORDS_NONE: none), where the cursor is, stays if it is shown now: what was
 * just mended or synced is not taken from under the cursor. It goes at the next
 * refresh with another row, and at a new filter; describe() does not count it.
 */
void contact_list_refresh(struct contact_list *list, uint32_t row);
/*
 * Goes on for about 2 ms; true while there is more to do. `*moved` (may be
 * NULL): rows stand elsewhere than before.
 */
bool contact_list_work(struct contact_list *list, bool *moved);

/* "512 contacts", "17 of 512 contacts: zip:9", "9000 contacts so far ...". */
void contact_list_describe(
    const struct contact_list *list, char *text, size_t size);

/*
 * After desk->book was read again: row r is rows[r] now, or gone
 * (RECORDS_NONE). Marks, filter and order stay; a filter, or a column of an
 * order, that the new reading does not have is taken off, and `lost` gets a ";
 * " and a sentence.
 */
struct contact_list_move {
	const struct book *old; /* the reading before */
	const uint32_t *rows;
	size_t count;
	struct str *lost;
};
void contact_list_move(
    struct contact_list *list, const struct contact_list_move *move);

void contact_list_mark(struct contact_list *list, uint32_t row); /* or not */
/*
 * From the row that was marked last to this one, as they are shown: all are
 * marked (`*mark`), or none of them when that one was unmarked or all of them
 * are marked. `*count`: how many they are. False: there is no such row, or it
 * is not shown.
 */
bool contact_list_mark_range(
    struct contact_list *list, uint32_t row, bool *mark, size_t *count);
/* Whether some of the marked are not in the list as it is narrowed. */
bool contact_list_hides_marked(const struct contact_list *list);
/* All that are shown, or none of them when all are. */
void contact_list_mark_all(struct contact_list *list);
void contact_list_unmark(struct contact_list *list);
bool contact_list_marked(const struct contact_list *list, uint32_t row);
size_t contact_list_mark_count(const struct contact_list *list);
/* The marked ones in the file's order, or else this one (RECORDS_NONE: nobody);
 * the caller frees. */
uint32_t *contact_list_chosen(
    const struct contact_list *list, uint32_t row, size_t *count);

/* ---- as it is, to come back to --------------------------------------------
 */

/* Which are marked and shown, in which order; owns its texts. */
struct contact_list_state {
	struct row_marks marks;
	char *filter;
	bool attention;
	int only;
	struct contact_orders orders;
};
void contact_list_keep(
    const struct contact_list *list, struct contact_list_state *out);
void contact_list_state_release(struct contact_list_state *state);
bool contact_list_same_marks(
    const struct contact_list_state *a, const struct contact_list_state *b);
bool contact_list_same_state(
    const struct contact_list_state *a, const struct contact_list_state *b);
/* Puts it in force; false: all but its filter, which does not fit any more, and
 * err says why. */
bool contact_list_restore(struct contact_list *list,
    const struct contact_list_state *state, struct err *err);

#endif
