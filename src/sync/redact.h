/* SPDX-License-Identifier: MIT */
/*
 * HealthSherpa's words without the contact's own values, so that they may be
 * kept in the ledger: each value found in them becomes "…", and so do the texts
 * inside of lists: the file's, and HealthSherpa's where they were sent along.
 */
#ifndef SYNC_REDACT_H
#define SYNC_REDACT_H

#include <stddef.h>

#include "book/field.h"

struct contact;

/* Writes at most `size` bytes, cut at a character. `merged`: lists as JSON text
 * beside the contact's own, by field from FIELD_DRUGS on, NULL: there is none.
 * Pure. */
void redact(char *out, size_t size, const char *message,
    const struct contact *contact, char *const merged[FIELD_LISTS]);

#endif
