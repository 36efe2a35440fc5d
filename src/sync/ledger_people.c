/* SPDX-License-Identifier: MIT */
/* Who the IDs of belay's own belong to, in the ledger. */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "sync/ledger_private.h"

/* of everything, of the name, of each way (struct identity_print) */
enum { IDENTITY_HASHES = 2 + PERSON_WAYS };

bool
ledger_store_identity(struct ledger *ledger, const struct identity *identity)
{
	uint8_t bytes[IDENTITY_HASHES * HASH_BYTES];
	struct statement *row = ledger->store_identity;

	if (!ledger_begin(ledger))
		return false;
	hash_put(bytes, identity->print.whole);
	hash_put(bytes + HASH_BYTES, identity->print.name);
	for (size_t i = 0; i < PERSON_WAYS; i++)
		hash_put(bytes + (2 + i) * HASH_BYTES, identity->print.way[i]);
	statement_put_text(row, 1, identity->external_id);
	statement_put_bytes(row, 2, bytes, sizeof(bytes));
	statement_put_number(row, 3, identity->seen);
	return ledger_finish(ledger, row, true);
}

static void
read_identity(const struct statement *row, struct identity *identity)
{
	size_t len;
	const uint8_t *bytes = statement_bytes(row, 1, &len);

	memset(identity, 0, sizeof(*identity));
	statement_copy_text(
	    row, 0, identity->external_id, sizeof(identity->external_id));
	identity->seen = statement_number(row, 2);
	if (len != (size_t)IDENTITY_HASHES * HASH_BYTES)
		return;
	identity->print.whole = hash_get(bytes);
	identity->print.name = hash_get(bytes + HASH_BYTES);
	for (size_t i = 0; i < PERSON_WAYS; i++)
		identity->print.way[i] = hash_get(bytes + (2 + i) * HASH_BYTES);
}

struct identity *
ledger_identities(struct ledger *ledger, size_t *count)
{
	struct err ignored = ERR_INIT;
	struct identity *all = NULL;
	struct statement *statement = NULL;
	size_t room = 0;

	*count = 0;
	/* one that only looks may meet a ledger that has no such table yet */
	if (ledger->database)
		statement = database_prepare(ledger->database,
		    "SELECT external_id, hashes, seen FROM identity", &ignored);
	while (statement && statement_step(statement) == STATEMENT_ROW) {
		all = mem_grow(all, &room, *count + 1, sizeof(*all));
		read_identity(statement, &all[(*count)++]);
	}
	statement_free(statement);
	return all;
}
