/* SPDX-License-Identifier: MIT */
/*
 * A row in review beside a contact of HealthSherpa's, field by field: what is
 * the same, what differs, what only one side has; and taking HealthSherpa's
 * value into the file. What differs stands first.
 *
 * HealthSherpa's side is sync's (sync_remotes()): it is looked at anew by
 * review_sides_look() before each drawing and action and kept nowhere.
 */
#ifndef DESK_REVIEW_SIDES_H
#define DESK_REVIEW_SIDES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "book/contact.h"
#include "sync/sync.h"
#include "tui/form.h"

struct desk;
struct err;
struct str;

enum side {
	SIDE_UNKNOWN, /* HealthSherpa was not asked, or this is no value */
	SIDE_DIFFERS,
	SIDE_ONLY_THERE,
	SIDE_ONLY_HERE,
	SIDE_SAME,
	SIDE_NEITHER,
};

struct review_sides {
	struct desk *desk;
	uint32_t row;
	const struct contact *contact;  /* the view's, borrowed, */
	const struct row_status *asked; /* as is this, of when it was asked */
	struct sync_remotes there;      /* of the last look */
	int shown;          /* among its contacts; -1: none of them */
	char shown_id[128]; /* "": the one that sync found */
	enum field fields[FIELD_COUNT + 1]; /* shown; FIELD_COUNT is the ID */
	size_t count;
	char *before[FIELD_COUNT]; /* the file's, where theirs was taken */
	struct form form;
	bool low;      /* the last drawing was on a low screen */
	int widths[2]; /* of both sides at the last drawing */
};

void review_sides_init(struct review_sides *sides, struct desk *desk,
    uint32_t row, const struct contact *contact,
    const struct row_status *asked);
void review_sides_release(struct review_sides *sides);

/* Looks at what HealthSherpa has; `again`: the rows are put in order too. */
void review_sides_look(struct review_sides *sides, bool again);
/* The contact that is shown; NULL: none is. Until the next look. */
const struct sync_remote *review_sides_shown(const struct review_sides *sides);
/* The next contact that was found, or the one before; around the end. */
void review_sides_turn(struct review_sides *sides, bool back);

enum side review_side(const struct review_sides *sides, enum field field);
/* The field under the cursor; FIELD_COUNT: none that has a value. */
enum field review_sides_field(const struct review_sides *sides);

/* Whom the search brought, and by what: "Found by Medicare number: hs_1." */
void review_sides_tell_found(const struct review_sides *sides, struct str *out);
/* What the update after linking would change there, in a sentence. */
void review_sides_tell_update(
    const struct review_sides *sides, struct str *out);

/* What can be done about the value under the cursor; nothing: "". */
void review_sides_advise(const struct review_sides *sides, struct str *out);

/* As many rows as there is room for; `low`: without titles and advice. */
void review_sides_draw(struct review_sides *sides, struct canvas *canvas,
    const struct area *area, bool low);

/* ---- taking a value (review_take.c) -------------------------------------- */

/* Whether the value under the cursor can be taken, or given back; else err. */
bool review_may_take(const struct review_sides *sides, struct err *err);
bool review_may_keep(const struct review_sides *sides, struct err *err);
/* HealthSherpa's value goes into the file's column, as an edit. False: it
 * cannot stand there, err says why. */
bool review_take(struct review_sides *sides, struct err *err);
/* Forgets what was taken and undone or saved meanwhile. */
void review_settle(struct review_sides *sides);
/* The file's value again, where theirs was taken. */
bool review_keep(struct review_sides *sides, struct err *err);

#endif
