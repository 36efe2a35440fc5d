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

bool decide_apply(const struct ledger *ledger, const struct board_row *row,
    struct ledger_entry *entry, enum decision decision, const char *id,
    struct err *err);

#endif
