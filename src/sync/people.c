/* SPDX-License-Identifier: MIT */
/*
 * Recognising: all identities of the ledger on one side, all rows without a
 * ledger's row on the other, then the rounds, then what came of it is put onto
 * the rows. The sides are thrown away at the end.
 *
 * Hazard: identities that another row of the book holds by its CRM ID are out
 * of it, or a contact would be in the book twice.
 */
#include "sync/people.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "book/book.h"
#include "sync/board.h"
#include "sync/fingerprint.h"
#include "sync/ledger.h"

enum phase { WAITS, READS, PLAYS, APPLIES, DONE };

struct people {
	struct book *book;
	struct ledger *ledger;
	const struct clock *clock;
	bool read_only;
	struct person person; /* scratch */

	enum phase phase;
	struct identity *identities; /* of `known`, by index */
	struct known *known;
	struct stranger *strangers;
	size_t known_count, stranger_count, stranger_room;
	uint32_t next_row;
	unsigned round;
	size_t applied;

	struct asked *asked;
	size_t asked_count, asked_room;
	uint32_t *changed; /* rows whose edits may not be saved yet */
	size_t changed_count, changed_room;
};

struct people *
people_new(struct book *book, struct ledger *ledger, const struct clock *clock,
    bool read_only)
{
	struct people *people = mem_zalloc(sizeof(*people));

	people->book = book;
	people->ledger = ledger;
	people->clock = clock;
	people->read_only = read_only;
	person_init(&people->person);
	return people;
}

static void
throw_sides_away(struct people *people)
{
	free(people->identities);
	free(people->known);
	free(people->strangers);
	people->identities = NULL;
	people->known = NULL;
	people->strangers = NULL;
	people->known_count = people->stranger_count = 0;
}

void
people_restart(struct people *people)
{
	throw_sides_away(people);
	people->stranger_room = 0;
	people->next_row = people->round = 0;
	people->applied = people->asked_count = 0;
	people->phase = WAITS;
	for (uint32_t row = 0; row < book_count(people->book); row++)
		if (book_has_minted(people->book, row))
			people_changed(people, row);
}

void
people_free(struct people *people)
{
	if (!people)
		return;
	throw_sides_away(people);
	person_release(&people->person);
	free(people->asked);
	free(people->changed);
	free(people);
}

/* ---- one person ----------------------------------------------------- */

static void
print_of(struct people *people, uint32_t row, struct identity_print *print)
{
	book_person(people->book, row, &people->person);
	identity_print_make(print, ledger_key(people->ledger), &people->person);
}

static bool
store(struct people *people, const char *id, const struct identity_print *print)
{
	struct identity identity = {
	    .print = *print, .seen = clock_wall(people->clock)};

	str_copy(identity.external_id, sizeof(identity.external_id), id);
	return ledger_store_identity(people->ledger, &identity);
}

static uint64_t
hash_id(const struct people *people, const char *healthsherpa_id)
{
	return healthsherpa_id && *healthsherpa_id
		   ? fingerprint_hash(ledger_key(people->ledger),
			 healthsherpa_id, strlen(healthsherpa_id))
		   : 0;
}

/* ---- the two sides -------------------------------------------------- */

/* Whether a row of the book is linked to it by an ID of its own. */
static bool
is_held(const struct people *people, uint32_t index, const char *id)
{
	struct ledger_row row;

	return board_find_holder(
		   people->ledger, people->book, id, index, &row) &&
	       row.state == STATE_LINKED;
}

static void
know(
    struct people *people, const struct identity *identity, struct known *known)
{
	uint32_t index = ledger_find(people->ledger, identity->external_id);
	struct ledger_row row;

	*known = (struct known){.print = identity->print,
	    .taken = book_find(people->book, identity->external_id) !=
		     RECORDS_NONE};
	if (index == LEDGER_NONE)
		return;
	ledger_row(people->ledger, index, &row);
	/* a refused one is nowhere; that it is never sent is to be kept */
	known->sent = row.state != STATE_NEW && (row.state != STATE_REJECTED ||
						    (row.flags & LEDGER_NEVER));
	if (row.state != STATE_LINKED)
		return;
	known->file_id = hash_id(people, row.healthsherpa_id);
	known->taken = known->taken ||
		       is_held(people, index, row.healthsherpa_id);
}

static void
begin(struct people *people)
{
	size_t count;

	people->identities = ledger_identities(people->ledger, &count);
	people->phase = count ? READS : DONE;
	people->known_count = count;
	people->known = mem_resize(NULL, count + 1, sizeof(*people->known));
	for (size_t i = 0; i < count; i++)
		know(people, &people->identities[i], &people->known[i]);
}

static void
read_row(struct people *people, uint32_t row)
{
	const char *file = book_result_id(people->book, row);
	struct stranger stranger = {
	    .row = row, .file_id = hash_id(people, file)};

	if (!book_needs_id(people->book, row)) {
		const char *id = book_external_id(people->book, row);

		if (!id || stranger.file_id || minted_is(id) ||
		    ledger_find(people->ledger, id) != LEDGER_NONE)
			return;
		stranger.own_id = true;
	}
	print_of(people, row, &stranger.print);
	people->strangers = mem_grow(people->strangers, &people->stranger_room,
	    people->stranger_count + 1, sizeof(*people->strangers));
	people->strangers[people->stranger_count++] = stranger;
}

static bool
read_rows(struct people *people, uint32_t rows, struct err *err)
{
	uint32_t count = book_count(people->book);

	for (; rows && people->next_row < count; rows--) {
		if (!book_reach(people->book, people->next_row, err))
			return false;
		read_row(people, people->next_row++);
	}
	if (people->next_row == count)
		people->phase = PLAYS;
	return true;
}

/* ---- what came of it ------------------------------------------------ */

static void
ask(struct people *people, const struct stranger *stranger, const char *id)
{
	struct asked *asked;

	people->asked = mem_grow(people->asked, &people->asked_room,
	    people->asked_count + 1, sizeof(*people->asked));
	asked = &people->asked[people->asked_count++];
	*asked = (struct asked){.row = stranger->row,
	    .how = stranger->how,
	    .way = stranger->way,
	    .other_name = stranger->other_name};
	if (id)
		str_copy(asked->external_id, sizeof(asked->external_id), id);
}

static void
apply(struct people *people, const struct stranger *stranger)
{
	const struct identity *identity = &people->identities[stranger->known];

	switch (stranger->how) {
	case RECOGNISED_NOT: break;
	case RECOGNISED_SURELY:
		book_attach_id(
		    people->book, stranger->row, identity->external_id);
		if (!people->read_only &&
		    memcmp(&identity->print, &stranger->print,
			sizeof(identity->print)) != 0)
			store(people, identity->external_id, &stranger->print);
		break;
	case RECOGNISED_BY_WAY:
		ask(people, stranger, identity->external_id);
		break;
	case RECOGNISED_MANY: ask(people, stranger, NULL); break;
	}
}

static void
apply_some(struct people *people, uint32_t rows)
{
	for (; rows && people->applied < people->stranger_count; rows--)
		apply(people, &people->strangers[people->applied++]);
	if (people->applied < people->stranger_count)
		return;
	throw_sides_away(people);
	people->phase = DONE;
}

bool
people_work(struct people *people, uint32_t rows, struct err *err)
{
	if (people->phase == WAITS && book_loaded(people->book))
		begin(people);
	switch (people->phase) {
	case READS:
		if (!read_rows(people, rows, err))
			people->phase = DONE;
		break;
	case PLAYS:
		recognise_round(people->round++, people->known,
		    people->known_count, people->strangers,
		    people->stranger_count);
		if (people->round == RECOGNISE_ROUNDS)
			people->phase = APPLIES;
		break;
	case APPLIES: apply_some(people, rows); break;
	case WAITS:
	case DONE: return false;
	}
	return people->phase != DONE;
}

/* ---- what is asked -------------------------------------------------- */

static size_t
find_asked(const struct people *people, uint32_t row)
{
	size_t low = 0, high = people->asked_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (people->asked[middle].row < row)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct asked *
people_asked(const struct people *people, uint32_t row)
{
	size_t at = find_asked(people, row);

	return at < people->asked_count && people->asked[at].row == row &&
		       people->asked[at].how != RECOGNISED_NOT
		   ? &people->asked[at]
		   : NULL;
}

const struct asked *
people_all_asked(const struct people *people, size_t *count)
{
	*count = people->asked_count;
	return people->asked;
}

/* It was answered; its place stays. */
static void
forget_asked(struct people *people, uint32_t row)
{
	if (people_asked(people, row))
		people->asked[find_asked(people, row)].how = RECOGNISED_NOT;
}

bool
people_mint(struct people *people, uint32_t row)
{
	struct identity_print print;
	char id[MINTED_ID_SIZE];

	if (people_asked(people, row) || !book_needs_id(people->book, row))
		return true;
	minted_make(id);
	print_of(people, row, &print);
	if (!store(people, id, &print))
		return false;
	book_attach_id(people->book, row, id);
	LOG_EVENT(.what = "minted", .external_id = id);
	return true;
}

/* The contact goes on under the CRM's ID; at HealthSherpa it keeps ours, which
 * cannot be changed there. */
static bool
move_entry(struct people *people, const char *from, const char *to)
{
	struct ledger_entry *entry = mem_alloc(sizeof(*entry));
	bool good;

	ledger_load(people->ledger, from, entry);
	str_copy(entry->external_id, sizeof(entry->external_id), to);
	good = ledger_store(people->ledger, entry);
	/* should the file lose its IDs again, a person says what it is */
	if (good && entry->state == STATE_LINKED) {
		str_copy(entry->external_id, sizeof(entry->external_id), from);
		str_copy(entry->candidate_id, sizeof(entry->candidate_id),
		    entry->healthsherpa_id);
		str_copy(entry->code, sizeof(entry->code), "moved");
		*entry->healthsherpa_id = '\0';
		entry->state = state_next(STATE_LINKED, EVENT_GONE);
		good = ledger_store(people->ledger, entry);
	}
	free(entry);
	return good;
}

bool
people_attach(struct people *people, uint32_t row, const char *external_id)
{
	const char *own = book_external_id(people->book, row);
	struct identity_print print;

	if (own && !minted_is(own)) {
		if (!move_entry(people, external_id, own))
			return false;
	} else {
		print_of(people, row, &print);
		if (!store(people, external_id, &print))
			return false;
		book_attach_id(people->book, row, external_id);
	}
	LOG_EVENT(.what = "recognised", .external_id = external_id);
	forget_asked(people, row);
	return true;
}

bool
people_part(struct people *people, uint32_t row)
{
	const char *own = book_external_id(people->book, row);
	struct ledger_entry *entry;
	bool good;

	forget_asked(people, row);
	if (!own)
		return people_mint(people, row);
	/* known to the ledger, it is not asked about again */
	entry = mem_alloc(sizeof(*entry));
	good = ledger_load(people->ledger, own, entry) ||
	       ledger_store(people->ledger, entry);
	free(entry);
	return good;
}

/* ---- edits ---------------------------------------------------------- */

void
people_changed(struct people *people, uint32_t row)
{
	if (people->read_only || !book_mints(people->book))
		return;
	people->changed = mem_grow(people->changed, &people->changed_room,
	    people->changed_count + 1, sizeof(*people->changed));
	people->changed[people->changed_count++] = row;
}

void
people_refresh(struct people *people)
{
	struct identity_print print;

	if (!people->changed_count || !book_loaded(people->book) ||
	    book_unsaved(people->book) || book_saving(people->book))
		return;
	for (size_t i = 0; i < people->changed_count; i++) {
		uint32_t row = people->changed[i];
		const char *id = book_external_id(people->book, row);
		char copy[MINTED_ID_SIZE];

		if (!book_has_minted(people->book, row) || !id ||
		    !minted_is(id))
			continue;
		str_copy(copy, sizeof(copy), id);
		print_of(people, row, &print);
		store(people, copy, &print);
	}
	people->changed_count = 0;
}
