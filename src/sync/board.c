/* SPDX-License-Identifier: MIT */
/*
 * Statuses are computed while rows are read in, and once more when all are
 * there, because repeated IDs are only known then.
 *
 * Hazard: book_external_id() lends its text until the next call, so it is
 * copied at once.
 */
#include "sync/board.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "book/book.h"
#include "book/config.h"
#include "sync/elsewhere.h"
#include "sync/lists.h"
#include "sync/people.h"

struct board {
	struct book *book;
	struct ledger *ledger;
	const struct people *people;
	struct elsewhere *elsewhere;
	struct board_row scratch;
	struct ledger_entry entry; /* scratch */
	uint8_t *status;           /* STATUS_COUNT: not computed yet */
	uint8_t *held;
	uint8_t *strange, *similar, *lists_open;
	size_t capacity, held_capacity, strange_capacity, similar_capacity;
	size_t lists_capacity;
	uint32_t strange_count, similar_count, lists_count;
	uint32_t rows;   /* in the arrays */
	uint32_t cursor; /* the next row to compute */
	bool all_loaded; /* the second round has begun */
	uint32_t counts[STATUS_COUNT];
	uint32_t *lost;
	size_t lost_count, lost_capacity;
};

struct board *
board_new(struct book *book, struct ledger *ledger, const struct people *people,
    struct elsewhere *elsewhere)
{
	struct board *board = mem_zalloc(sizeof(*board));

	board->book = book;
	board->ledger = ledger;
	board->people = people;
	board->elsewhere = elsewhere;
	board_row_init(&board->scratch);
	return board;
}

void
board_free(struct board *board)
{
	if (!board)
		return;
	board_row_release(&board->scratch);
	elsewhere_free(board->elsewhere);
	free(board->status);
	free(board->held);
	free(board->strange);
	free(board->similar);
	free(board->lists_open);
	free(board->lost);
	free(board);
}

void
board_row_init(struct board_row *row)
{
	memset(row, 0, sizeof(*row));
	contact_init(&row->contact);
}

void
board_row_release(struct board_row *row)
{
	contact_release(&row->contact);
}

/* ---- one row -------------------------------------------------------- */

bool
board_field_goes(const struct ledger_entry *entry, enum field field,
    uint64_t hash, const struct board_terms *terms)
{
	const struct list_terms lists = {.policy = terms->lists,
	    .again = terms->retry,
	    .all = terms->all_lists,
	    .partial = (entry->flags & LEDGER_PARTIAL) != 0};

	if (is_list(field))
		return list_goes(list_state(&entry->accepted, hash), &lists);
	if (!hash || !values_updatable(field))
		return false;
	if (field != FIELD_NOTES)
		return !hash_set_has(&entry->accepted, hash);
	return !(entry->flags & LEDGER_NOTE_ASSUMED) &&
	       !hash_set_has(&entry->notes, hash);
}

static bool
has_lists(const struct board_row *row)
{
	for (unsigned i = FIELD_DRUGS; i <= FIELD_PROVIDERS; i++)
		if (row->values.text[i])
			return true;
	return false;
}

/* Fills row->changed; true when there is something to update. */
static bool
compare(struct board *board, const struct ledger_row *known,
    const struct board_terms *terms, struct board_row *row)
{
	struct ledger_entry *entry = &board->entry;
	bool any = false;

	memset(row->changed, 0, sizeof(row->changed));
	if (known && known->state == STATE_LINKED &&
	    known->whole == row->print.whole &&
	    !(known->flags & LEDGER_CLAIM) && !has_lists(row))
		return false;
	ledger_load(board->ledger, row->external_id, entry);
	if (entry->state != STATE_LINKED) {
		/* an ID that only the file knows: nothing is known of what
		 * HealthSherpa has, but its note would pile up */
		entry->flags |= LEDGER_NOTE_ASSUMED;
		entry->accepted.count = 0;
	}
	row->lists_open = entry->state == STATE_LINKED &&
			  lists_tell_open(NULL, &entry->accepted, &row->print,
			      &row->values);
	for (unsigned i = 0; i < FIELD_COUNT; i++) {
		row->changed[i] = board_field_goes(
		    entry, (enum field)i, row->print.field[i], terms);
		any = any || row->changed[i];
	}
	row->changed[FIELD_EXTERNAL_ID] = (entry->flags & LEDGER_CLAIM) != 0;
	return any || row->changed[FIELD_EXTERNAL_ID];
}

/*
 * Whether too little that tells who a person is remains of what was accepted:
 * IDs of another CRM that happen to be the same, or a sheet whose columns were
 * sorted apart. board->entry is the row's, which is linked.
 */
static bool
is_other_person(const struct board *board, const struct board_row *row)
{
	static const enum field sure[] = {
	    FIELD_EMAIL, FIELD_PHONE, FIELD_BIRTH_DATE, FIELD_MEDICARE_NUMBER};
	const struct hash_set *accepted = &board->entry.accepted;
	const uint64_t *now = row->print.field;
	unsigned names = hash_set_has(accepted, now[FIELD_FIRST_NAME]) +
			 hash_set_has(accepted, now[FIELD_LAST_NAME]);
	bool more = false;

	for (size_t i = 0; i < sizeof(sure) / sizeof(sure[0]); i++) {
		if (hash_set_has(accepted, now[sure[i]]))
			return false;
		more = more || now[sure[i]];
	}
	/* half a name is many people's, if there is more to go by */
	return accepted->count > 0 && names < (more ? 2 : 1);
}

bool
board_find_holder(const struct ledger *ledger, struct book *book,
    const char *healthsherpa_id, uint32_t except, struct ledger_row *holder)
{
	uint32_t index = ledger_find_id(ledger, healthsherpa_id, except);

	if (index == LEDGER_NONE)
		return false;
	ledger_row(ledger, index, holder);
	return !book || book_find(book, holder->external_id) != SYNC_NO_ROW;
}

/* Whether another row of the book is linked to this HealthSherpa ID. */
static bool
is_shared(const struct board *board, const char *id, uint32_t except)
{
	struct ledger_row row;

	return book_loaded(board->book) &&
	       board_find_holder(
		   board->ledger, board->book, id, except, &row) &&
	       row.state == STATE_LINKED;
}

static void
gather(struct board *board, const struct ledger_row *known,
    const struct board_terms *terms, struct board_row *row,
    struct stand_facts *facts)
{
	const char *linked = "";

	/* without an ID only if it gets one of ours */
	facts->blocked = row->contact.blocked ||
			 (!*row->external_id && !book_mints(board->book));
	if (known) {
		facts->known = true;
		facts->state = known->state;
		facts->never = (known->flags & LEDGER_NEVER) != 0;
		facts->partial = (known->flags & LEDGER_PARTIAL) != 0;
		facts->refused = known->refused == row->print.whole;
		if (known->state == STATE_LINKED)
			linked = known->healthsherpa_id;
	}
	row->lost = *linked && !*row->file_id && !row->keeps_cell;
	if (*row->file_id)
		facts->file_id = !*linked || strcmp(row->file_id, linked) == 0
				     ? FILE_ID_SAME
				     : FILE_ID_OTHER;
	if (known && (known->flags & LEDGER_SUPERSEDED) &&
	    facts->file_id != FILE_ID_NONE) {
		ledger_load(board->ledger, row->external_id, &board->entry);
		if (strcmp(row->file_id, board->entry.candidate_id) == 0)
			facts->file_id = FILE_ID_NONE;
	}
	row->strange = facts->file_id != FILE_ID_NONE && !*linked &&
		       (!known || known->state == STATE_NEW ||
			   known->state == STATE_REJECTED);
	if (*row->file_id && facts->file_id == FILE_ID_SAME)
		facts->shared = is_shared(board, row->file_id, row->ledger);
	if (*linked || facts->file_id != FILE_ID_NONE) {
		facts->changed = compare(board, known, terms, row);
		facts->other_person = *linked && facts->changed &&
				      is_other_person(board, row);
	} else {
		for (unsigned i = 0; i < FIELD_COUNT; i++)
			row->changed[i] = row->values.text[i] != NULL;
	}
}

/* An ID that another environment gave is none here. */
static void
leave_out_elsewhere(
    struct board *board, const char *linked, struct board_row *row)
{
	enum elsewhere_place place = ELSEWHERE_NOT;

	if (linked && *row->file_id && strcmp(row->file_id, linked) != 0)
		place = elsewhere_find(board->elsewhere, row->file_id);
	row->keeps_cell = place == ELSEWHERE_STAYS;
	if (place != ELSEWHERE_NOT)
		*row->file_id = '\0';
}

static void
read_row(struct board *board, uint32_t number, const struct board_terms *asked,
    bool look, struct board_row *row)
{
	const struct config *config = book_config(board->book);
	const struct board_terms usual = {.lists = config->lists};
	const struct board_terms *terms = asked ? asked : &usual;
	const char *id = book_external_id(board->book, number);
	const char *file = book_result_id(board->book, number);
	struct stand_facts facts = {.retry = terms->retry,
	    .asked = people_asked(board->people, number) != NULL};
	struct ledger_row known = {0};

	str_copy(row->external_id, sizeof(row->external_id), id ? id : "");
	str_copy(row->file_id, sizeof(row->file_id), file ? file : "");
	book_contact(board->book, number, &row->contact);
	values_of(&row->values, &row->contact, config->version);
	row->ledger = *row->external_id
			  ? ledger_find(board->ledger, row->external_id)
			  : LEDGER_NONE;
	if (!look || row->ledger != LEDGER_NONE || *row->file_id ||
	    ledger_trouble(board->ledger, row->external_id))
		fingerprint_make(
		    &row->print, ledger_key(board->ledger), &row->values);
	else
		memset(&row->print, 0, sizeof(row->print));
	if (row->ledger != LEDGER_NONE)
		ledger_row(board->ledger, row->ledger, &known);
	leave_out_elsewhere(board,
	    row->ledger != LEDGER_NONE ? known.healthsherpa_id : "", row);
	row->lists_open = false;
	gather(board, row->ledger != LEDGER_NONE ? &known : NULL, terms, row,
	    &facts);
	stand_decide(&row->stand, &facts);
	row->similar = row->ledger != LEDGER_NONE &&
		       row->stand.status == STATUS_REVIEW &&
		       row->stand.reason == STAND_PLAIN &&
		       (known.flags & LEDGER_SAME_PERSON) &&
		       known.whole == row->print.whole;
}

void
board_read(struct board *board, uint32_t number,
    const struct board_terms *terms, struct board_row *row)
{
	read_row(board, number, terms, false, row);
}

void
board_look(struct board *board, uint32_t number,
    const struct board_terms *terms, struct board_row *row)
{
	read_row(board, number, terms, true, row);
}

/* ---- all rows ------------------------------------------------------- */

static void
make_room(struct board *board)
{
	uint32_t rows = book_count(board->book);

	if (rows <= board->rows)
		return;
	board->status = mem_grow(
	    board->status, &board->capacity, rows, sizeof(uint8_t));
	board->held = mem_grow(
	    board->held, &board->held_capacity, rows, sizeof(uint8_t));
	memset(board->status + board->rows, STATUS_COUNT, rows - board->rows);
	memset(board->held + board->rows, 0, rows - board->rows);
	board->strange = mem_grow(
	    board->strange, &board->strange_capacity, rows, sizeof(uint8_t));
	memset(board->strange + board->rows, 0, rows - board->rows);
	board->similar = mem_grow(
	    board->similar, &board->similar_capacity, rows, sizeof(uint8_t));
	memset(board->similar + board->rows, 0, rows - board->rows);
	board->lists_open = mem_grow(
	    board->lists_open, &board->lists_capacity, rows, sizeof(uint8_t));
	memset(board->lists_open + board->rows, 0, rows - board->rows);
	board->rows = rows;
}

static void
put_status(struct board *board, uint32_t row, enum status status)
{
	if (board->status[row] != STATUS_COUNT)
		board->counts[board->status[row]]--;
	board->status[row] = (uint8_t)status;
	board->counts[status]++;
}

void
board_note_lost(struct board *board, uint32_t row)
{
	board->lost = mem_grow(board->lost, &board->lost_capacity,
	    board->lost_count + 1, sizeof(*board->lost));
	board->lost[board->lost_count++] = row;
}

uint32_t
board_take_lost(struct board *board)
{
	return board->lost_count ? board->lost[--board->lost_count]
				 : SYNC_NO_ROW;
}

/* Whether it could not be sent as it is now. */
static bool
is_troubled(const struct board *board, const struct board_row *row)
{
	const struct trouble *trouble = ledger_trouble(
	    board->ledger, row->external_id);

	return trouble && (!trouble->whole || !row->print.whole ||
			      trouble->whole == row->print.whole);
}

void
board_note(struct board *board, uint32_t number, const struct board_row *row)
{
	enum status status = row->stand.status;
	bool lists_open;

	make_room(board);
	if (number >= board->rows || board->held[number])
		return;
	if ((status == STATUS_NEW || status == STATUS_CHANGED) &&
	    is_troubled(board, row))
		status = STATUS_FAILED;
	put_status(board, number, status);
	board->strange_count += row->strange;
	board->strange_count -= board->strange[number];
	board->strange[number] = row->strange;
	board->similar_count += row->similar;
	board->similar_count -= board->similar[number];
	board->similar[number] = row->similar;
	lists_open = row->lists_open && status == STATUS_SYNCED;
	board->lists_count += lists_open;
	board->lists_count -= board->lists_open[number];
	board->lists_open[number] = lists_open;
}

uint32_t
board_lists_open(const struct board *board)
{
	return board->lists_count;
}

bool
board_has_lists_open(const struct board *board, uint32_t row)
{
	return row < board->rows && board->lists_open[row] &&
	       board->status[row] == STATUS_SYNCED;
}

uint32_t
board_strange(const struct board *board)
{
	return board->strange_count;
}

uint32_t
board_similar(const struct board *board)
{
	return board->similar_count;
}

bool
board_is_similar(const struct board *board, uint32_t row)
{
	return row < board->rows && board->similar[row];
}

void
board_compute(struct board *board, uint32_t row)
{
	make_room(board);
	if (row >= board->rows || board->held[row])
		return;
	board_look(board, row, NULL, &board->scratch);
	board_note(board, row, &board->scratch);
}

bool
board_refresh(struct board *board, uint32_t rows)
{
	uint32_t from;

	make_room(board);
	if (!board->all_loaded && book_loaded(board->book)) {
		board->all_loaded = true;
		board->cursor = 0;
	}
	from = board->cursor;
	for (; rows && board->cursor < board->rows; rows--) {
		uint32_t row = board->cursor++;

		board_compute(board, row);
		if (board->all_loaded && !board->held[row] &&
		    board->scratch.lost)
			board_note_lost(board, row);
	}
	return board->cursor > from;
}

void
board_restart(struct board *board)
{
	board->all_loaded = false;
	board->cursor = 0;
	board->lost_count = 0;
}

enum status
board_status(const struct board *board, uint32_t row)
{
	return row < board->rows ? (enum status)board->status[row]
				 : STATUS_COUNT;
}

void
board_counts(const struct board *board, uint32_t counts[STATUS_COUNT])
{
	memcpy(counts, board->counts, sizeof(board->counts));
}

/* ---- runs ----------------------------------------------------------- */

void
board_hold(struct board *board, uint32_t row, enum status status)
{
	make_room(board);
	board->held[row] = true;
	put_status(board, row, status);
}

bool
board_held(const struct board *board, uint32_t row)
{
	return row < board->rows && board->held[row];
}

void
board_release(struct board *board, uint32_t row)
{
	board->held[row] = false;
	board_compute(board, row);
}

/* ---- troubles ------------------------------------------------------- */

const struct trouble *
board_trouble(const struct board *board, uint32_t row)
{
	const char *id = book_external_id(board->book, row);

	return id ? ledger_trouble(board->ledger, id) : NULL;
}

void
board_set_trouble(
    struct board *board, uint32_t row, const struct trouble *trouble)
{
	const char *id = book_external_id(board->book, row);

	if (id)
		ledger_set_trouble(board->ledger, id, trouble);
}

void
board_clear_trouble(struct board *board, uint32_t row)
{
	const char *id = book_external_id(board->book, row);

	if (id)
		ledger_clear_trouble(board->ledger, id);
}
