/* SPDX-License-Identifier: MIT */
/*
 * HealthSherpa's words without the contact's own values, so that they may be
 * kept in the ledger: each value found in them becomes "…", and so do the texts
 * inside of lists.
 */
#ifndef SYNC_REDACT_H
#define SYNC_REDACT_H

#include <stddef.h>

struct contact;

/* Writes at most `size` bytes, cut at a character. Pure. */
void redact(
    char *out, size_t size, const char *message, const struct contact *contact);

#endif
