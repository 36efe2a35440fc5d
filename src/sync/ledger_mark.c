/* SPDX-License-Identifier: MIT */
/*
 * What a ledger says of itself, in its table of names: whether it was rebuilt,
 * since when nobody new may be created because of it, and two counts.
 *
 * Hazard: monotonic time means nothing in another boot, so the boot stands
 * beside it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "sync/ledger_private.h"

static const char rebuilt_name[] = "rebuilt";
static const char settled[] = "settled";
/* before the rest: only the wait, the rows are asked for as ever */
static const char waits_only[] = "waits ";
static const char *const number_names[LEDGER_NUMBERS] = {
    [LEDGER_GENERATION] = "generation",
    [LEDGER_STRANGE] = "strange",
};

void
ledger_mark_text(char *out, size_t size, int64_t since)
{
	snprintf(out, size, "%lld %s", (long long)since, clock_boot_id());
}

static void
read_mark(struct ledger *ledger, const char *text)
{
	char *end;

	ledger->marked = true;
	ledger->rebuilt = !str_starts(text, waits_only);
	if (!ledger->rebuilt)
		text += strlen(waits_only);
	ledger->waits = strcmp(text, settled) != 0;
	ledger->rebuilt_at = strtoll(text, &end, 10);
	ledger->rebuilt_here = *end == ' ' && end[1] &&
			       strcmp(end + 1, clock_boot_id()) == 0;
}

void
ledger_read_meta(struct ledger *ledger)
{
	struct err ignored = ERR_INIT;
	struct statement *query = database_prepare(
	    ledger->database, "SELECT name, value FROM meta", &ignored);

	while (query && statement_step(query) == STATEMENT_ROW) {
		const char *name = statement_text(query, 0);

		if (strcmp(name, rebuilt_name) == 0)
			read_mark(ledger, statement_text(query, 1));
		for (unsigned i = 0; i < LEDGER_NUMBERS; i++)
			if (strcmp(name, number_names[i]) == 0)
				ledger->numbers[i] = strtoll(
				    statement_text(query, 1), NULL, 10);
	}
	statement_free(query);
}

static bool
put(struct ledger *ledger, const char *name, const char *text)
{
	struct err ignored = ERR_INIT;
	struct statement *change;
	bool good;

	if (!ledger_begin(ledger))
		return false;
	change = database_prepare(ledger->database,
	    "INSERT OR REPLACE INTO meta VALUES(?,?)", &ignored);
	if (!change)
		return false;
	statement_put_text(change, 1, name);
	statement_put_text(change, 2, text);
	good = ledger_finish(ledger, change, true);
	statement_free(change);
	return good;
}

bool
ledger_rebuilt(const struct ledger *ledger)
{
	return ledger->rebuilt;
}

/* Said of what was known then; said again if it is still so. */
static bool
take_back_create_anyway(struct ledger *ledger)
{
	struct ledger_entry *entry = mem_alloc(sizeof(*entry));
	bool good = true;

	for (uint32_t i = 0; good && i < ledger_count(ledger); i++) {
		struct ledger_row row;

		ledger_row(ledger, i, &row);
		if (!(row.flags & LEDGER_NO_PROBE) ||
		    !ledger_load(ledger, row.external_id, entry))
			continue;
		entry->flags &= ~(unsigned)LEDGER_NO_PROBE;
		good = ledger_store(ledger, entry);
	}
	free(entry);
	return good;
}

bool
ledger_mark_rebuilt(struct ledger *ledger, int64_t since)
{
	char text[80];

	ledger_mark_text(text, sizeof(text), since);
	if (!take_back_create_anyway(ledger) ||
	    !put(ledger, rebuilt_name, text))
		return false;
	read_mark(ledger, text);
	return true;
}

bool
ledger_mark_forgetful(struct ledger *ledger, int64_t since)
{
	char text[96], mark[80];

	if (ledger->marked)
		return true;
	ledger_mark_text(mark, sizeof(mark), since);
	snprintf(text, sizeof(text), "%s%s", waits_only, mark);
	if (!put(ledger, rebuilt_name, text))
		return false;
	read_mark(ledger, text);
	return true;
}

int64_t
ledger_rebuilt_until(
    const struct ledger *ledger, int64_t opened, int64_t settle_ms)
{
	if (!ledger->waits)
		return INT64_MIN;
	/* a later time than this process's makes no sense */
	return (ledger->rebuilt_here && ledger->rebuilt_at < opened
		       ? ledger->rebuilt_at
		       : opened) +
	       settle_ms;
}

bool
ledger_rebuilt_settled(struct ledger *ledger)
{
	char text[32];

	if (!ledger->waits)
		return true;
	ledger->waits = false;
	snprintf(text, sizeof(text), "%s%s", ledger->rebuilt ? "" : waits_only,
	    settled);
	return put(ledger, rebuilt_name, text);
}

int64_t
ledger_number(const struct ledger *ledger, enum ledger_number which)
{
	return ledger->numbers[which];
}

bool
ledger_put_number(
    struct ledger *ledger, enum ledger_number which, int64_t number)
{
	char text[24];

	if (ledger->numbers[which] == number)
		return true;
	snprintf(text, sizeof(text), "%lld", (long long)number);
	ledger->numbers[which] = number;
	return put(ledger, number_names[which], text);
}
