/* SPDX-License-Identifier: MIT */
/*
 * An array of short rows, found through two tables of indexes, by external_id
 * and by HealthSherpa's ID. Strings lie in an arena; they hardly ever change.
 *
 * Hazards: the table by HealthSherpa's ID keeps outdated entries: a hit counts
 * only when the row still says the same. Times in `sent_at` are monotonic and
 * mean nothing in another boot, hence same_boot beside them.
 */
#include "sync/roster.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

#define ARENA_RESERVE ((size_t)1 << 31)

struct short_row {
	uint32_t external_id, healthsherpa_id; /* in the arena */
	uint8_t state;
	uint8_t attempt;
	uint16_t flags;
	bool same_boot;
	uint64_t whole, refused;
	int64_t sent_at, synced_at;
};

/* Open addressing; entries are row + 1, 0 is free. */
struct index {
	uint32_t *slots;
	size_t size, used;
};

struct roster {
	struct arena arena;
	struct short_row *rows;
	size_t count, capacity;
	struct index by_id, by_remote;
};

struct roster *
roster_new(void)
{
	struct roster *roster = mem_zalloc(sizeof(*roster));

	arena_init(&roster->arena, ARENA_RESERVE);
	return roster;
}

void
roster_free(struct roster *roster)
{
	if (!roster)
		return;
	arena_release(&roster->arena);
	free(roster->rows);
	free(roster->by_id.slots);
	free(roster->by_remote.slots);
	free(roster);
}

static uint64_t
hash_text(const char *text)
{
	uint64_t hash = UINT64_C(14695981039346656037);

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * UINT64_C(1099511628211);
	return hash ^ hash >> 29;
}

static void
index_insert(struct index *index, const char *text, uint32_t row)
{
	size_t at = hash_text(text) & (index->size - 1);

	while (index->slots[at])
		at = (at + 1) & (index->size - 1);
	index->slots[at] = row + 1;
	index->used++;
}

static const char *
row_text(const struct roster *roster, uint32_t row, bool remote)
{
	const struct short_row *it = &roster->rows[row];

	return arena_text(
	    &roster->arena, remote ? it->healthsherpa_id : it->external_id);
}

static void
index_add(struct roster *roster, bool remote, uint32_t row)
{
	struct index *index = remote ? &roster->by_remote : &roster->by_id;
	const char *text;

	if ((index->used + 1) * 2 > index->size) {
		free(index->slots);
		index->size = index->size ? index->size * 2 : 1024;
		index->used = 0;
		index->slots = mem_zalloc(index->size * sizeof(*index->slots));
		for (uint32_t i = 0; i < roster->count; i++) {
			text = row_text(roster, i, remote);
			if (text && *text && i != row)
				index_insert(index, text, i);
		}
	}
	text = row_text(roster, row, remote);
	if (text && *text)
		index_insert(index, text, row);
}

static uint32_t
index_find(
    const struct roster *roster, bool remote, const char *text, uint32_t except)
{
	const struct index *index = remote ? &roster->by_remote
					   : &roster->by_id;
	size_t at;

	if (!index->size)
		return LEDGER_NONE;
	at = hash_text(text) & (index->size - 1);
	for (; index->slots[at]; at = (at + 1) & (index->size - 1)) {
		uint32_t row = index->slots[at] - 1;
		const char *has = row_text(roster, row, remote);

		if (row != except && has && strcmp(has, text) == 0)
			return row;
	}
	return LEDGER_NONE;
}

static uint32_t
keep_text(struct roster *roster, const char *text)
{
	uint32_t at = arena_add(&roster->arena, text, strlen(text));

	if (!at)
		mem_die(71, "the ledger has too many rows to keep in memory");
	return at;
}

static bool
this_boot(const char *boot_id)
{
	return *boot_id && strcmp(boot_id, clock_boot_id()) == 0;
}

void
roster_put(struct roster *roster, const struct ledger_entry *entry)
{
	uint32_t at = roster_find(roster, entry->external_id);
	struct short_row *row;
	const char *old;

	if (at == LEDGER_NONE) {
		roster->rows = mem_grow(roster->rows, &roster->capacity,
		    roster->count + 1, sizeof(*roster->rows));
		at = (uint32_t)roster->count++;
		row = &roster->rows[at];
		memset(row, 0, sizeof(*row));
		row->external_id = keep_text(roster, entry->external_id);
		row->healthsherpa_id = ARENA_EMPTY;
		index_add(roster, false, at);
	}
	row = &roster->rows[at];
	row->state = (uint8_t)entry->state;
	row->attempt = (uint8_t)entry->attempt;
	row->flags = (uint16_t)entry->flags;
	row->whole = entry->whole;
	row->refused = entry->refused;
	row->sent_at = entry->sent_at;
	row->synced_at = entry->synced_at;
	row->same_boot = this_boot(entry->boot_id);
	old = arena_text(&roster->arena, row->healthsherpa_id);
	if (old && strcmp(old, entry->healthsherpa_id) == 0)
		return;
	row->healthsherpa_id = keep_text(roster, entry->healthsherpa_id);
	index_add(roster, true, at);
}

uint32_t
roster_count(const struct roster *roster)
{
	return (uint32_t)roster->count;
}

uint32_t
roster_find(const struct roster *roster, const char *external_id)
{
	return index_find(roster, false, external_id, LEDGER_NONE);
}

uint32_t
roster_find_id(
    const struct roster *roster, const char *healthsherpa_id, uint32_t except)
{
	if (!*healthsherpa_id)
		return LEDGER_NONE;
	return index_find(roster, true, healthsherpa_id, except);
}

void
roster_row(const struct roster *roster, uint32_t index, struct ledger_row *out)
{
	const struct short_row *row = &roster->rows[index];

	*out = (struct ledger_row){
	    .state = (enum state)row->state,
	    .attempt = row->attempt,
	    .flags = row->flags,
	    .whole = row->whole,
	    .refused = row->refused,
	    .sent_at = row->sent_at,
	    .same_boot = row->same_boot,
	    .synced_at = row->synced_at,
	    .external_id = arena_text(&roster->arena, row->external_id),
	    .healthsherpa_id = arena_text(&roster->arena, row->healthsherpa_id),
	};
}
