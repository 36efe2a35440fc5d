/* SPDX-License-Identifier: MIT */
/*
 * Why rows could not be sent in the last run that tried, in memory and in a
 * table of its own: a row is in the ledger's main table only once something is
 * known of its contact.
 *
 * In memory: open addressing by the ID; what is taken out closes its gap.
 */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "sync/ledger_private.h"

struct troubled {
	struct trouble trouble;
	char external_id[];
};

struct troubles {
	struct troubled **slots;
	size_t size, used; /* size: 0 or a power of two */
};

static size_t
place_of(const struct troubles *troubles, const char *id)
{
	uint64_t hash = UINT64_C(14695981039346656037);
	size_t at;

	for (const char *c = id; *c; c++)
		hash = (hash ^ (unsigned char)*c) * UINT64_C(1099511628211);
	at = (size_t)(hash ^ hash >> 29) & (troubles->size - 1);
	while (troubles->slots[at] &&
	       strcmp(troubles->slots[at]->external_id, id) != 0)
		at = (at + 1) & (troubles->size - 1);
	return at;
}

static void
grow(struct troubles *troubles)
{
	struct troubles old = *troubles;

	if ((troubles->used + 1) * 2 <= troubles->size)
		return;
	troubles->size = old.size ? old.size * 2 : 64;
	troubles->slots = mem_zalloc(
	    troubles->size * sizeof(struct troubled *));
	for (size_t i = 0; i < old.size; i++)
		if (old.slots[i])
			troubles->slots[place_of(troubles,
			    old.slots[i]->external_id)] = old.slots[i];
	free(old.slots);
}

static void
keep(struct troubles *troubles, const char *id, const struct trouble *trouble)
{
	size_t len = strlen(id) + 1, at;

	grow(troubles);
	at = place_of(troubles, id);
	if (!troubles->slots[at]) {
		troubles->slots[at] = mem_alloc(sizeof(struct troubled) + len);
		memcpy(troubles->slots[at]->external_id, id, len);
		troubles->used++;
	}
	troubles->slots[at]->trouble = *trouble;
}

/* Those behind the gap move up, if that is nearer to where they belong. */
static void
forget(struct troubles *troubles, size_t at)
{
	free(troubles->slots[at]);
	troubles->slots[at] = NULL;
	troubles->used--;
	for (size_t i = (at + 1) & (troubles->size - 1); troubles->slots[i];
	     i = (i + 1) & (troubles->size - 1)) {
		struct troubled *moved = troubles->slots[i];

		troubles->slots[i] = NULL;
		troubles->slots[place_of(troubles, moved->external_id)] = moved;
	}
}

const struct trouble *
ledger_trouble(const struct ledger *ledger, const char *external_id)
{
	const struct troubles *troubles = ledger->troubles;
	const struct troubled *found;

	if (!troubles || !troubles->used)
		return NULL;
	found = troubles->slots[place_of(troubles, external_id)];
	return found ? &found->trouble : NULL;
}

/* It is not worth stopping for when it cannot be kept. */
void
ledger_set_trouble(struct ledger *ledger, const char *external_id,
    const struct trouble *trouble)
{
	struct statement *row = ledger->store_trouble;

	keep(ledger->troubles, external_id, trouble);
	if (!row || !ledger_begin(ledger))
		return;
	statement_put_text(row, 1, external_id);
	statement_put_number(row, 2, (int64_t)trouble->whole);
	statement_put_number(row, 3, trouble->http);
	statement_put_text(row, 4, trouble->code);
	statement_put_text(row, 5, trouble->field);
	statement_put_text(row, 6, trouble->message);
	ledger_finish(ledger, row, false);
}

void
ledger_clear_trouble(struct ledger *ledger, const char *external_id)
{
	struct statement *row = ledger->forget_trouble;

	if (!ledger_trouble(ledger, external_id))
		return;
	/* `external_id` may be that of the one to be forgotten */
	if (row && ledger_begin(ledger)) {
		statement_put_text(row, 1, external_id);
		ledger_finish(ledger, row, false);
	}
	forget(ledger->troubles, place_of(ledger->troubles, external_id));
}

void
ledger_read_troubles(struct ledger *ledger)
{
	struct err ignored = ERR_INIT;
	struct statement *query = NULL;

	/* one that only looks may meet a ledger that has no such table yet */
	if (ledger->database)
		query = database_prepare(ledger->database,
		    "SELECT external_id, whole, http, code, field, message"
		    " FROM trouble",
		    &ignored);
	while (query && statement_step(query) == STATEMENT_ROW) {
		struct trouble trouble = {
		    .whole = (uint64_t)statement_number(query, 1),
		    .http = (int)statement_number(query, 2)};

		statement_copy_text(
		    query, 3, trouble.code, sizeof(trouble.code));
		statement_copy_text(
		    query, 4, trouble.field, sizeof(trouble.field));
		statement_copy_text(
		    query, 5, trouble.message, sizeof(trouble.message));
		keep(ledger->troubles, statement_text(query, 0), &trouble);
	}
	statement_free(query);
}

struct troubles *
ledger_troubles_new(void)
{
	return mem_zalloc(sizeof(struct troubles));
}

void
ledger_troubles_free(struct troubles *troubles)
{
	if (!troubles)
		return;
	for (size_t i = 0; i < troubles->size; i++)
		free(troubles->slots[i]);
	free(troubles->slots);
	free(troubles);
}
