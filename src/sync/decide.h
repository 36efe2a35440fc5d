/* SPDX-License-Identifier: MIT */
/* What a person decides about a row, put into its ledger entry. Pure but for
 * one look into the ledger. Inside sync/. */
#ifndef SYNC_DECIDE_H
#define SYNC_DECIDE_H

#include <stdbool.h>

#include "sync/board.h"
#include "sync/ledger.h"
#include "sync/sync.h"

struct err;

struct book;

/* Whom the row is linked to if no ID is given; "" when nobody is known. Of the
 * row and its entry. */
const char *decide_candidate(
    const struct board_row *row, const struct ledger_entry *entry);

/* `book`: a contact that only rows outside of it are linked to may be taken;
 * NULL: none may. */
bool decide_apply(const struct ledger *ledger, struct book *book,
    const struct board_row *row, struct ledger_entry *entry,
    enum decision decision, const char *id, struct err *err);

#endif
