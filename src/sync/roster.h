/* SPDX-License-Identifier: MIT */
/* The ledger's rows in memory: the short part, found by either ID. */
#ifndef SYNC_ROSTER_H
#define SYNC_ROSTER_H

#include <stdint.h>

#include "sync/ledger.h"

struct roster;

struct roster *roster_new(void);
void roster_free(struct roster *roster); /* NULL is fine */

uint32_t roster_count(const struct roster *roster);
/* Adds the entry's short part, or replaces it. */
void roster_put(struct roster *roster, const struct ledger_entry *entry);
/* See ledger_find(), ledger_find_id(), ledger_row(). */
uint32_t roster_find(const struct roster *roster, const char *external_id);
uint32_t roster_find_id(
    const struct roster *roster, const char *healthsherpa_id, uint32_t except);
void roster_row(
    const struct roster *roster, uint32_t index, struct ledger_row *out);

#endif
