/* SPDX-License-Identifier: MIT */
/* Wording that several screens share. */
#ifndef DESK_WORDS_H
#define DESK_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sync/sync.h"

struct contact;
struct desk;
struct str;

enum { WORDS_KEY_MAX = 32 };

/*
 * The first key of an action in a view, as it is bound now, for sentences;
 * "(no key)" when it has none. Returns `buffer`.
 */
const char *words_key(const struct desk *desk, uint32_t scope, int action,
    char buffer[WORDS_KEY_MAX]);

/* Appends ten digits as "(916) 555-0123", anything else cleaned. */
void words_phone(struct str *out, const char *phone);

/*
 * Appends what would be sent for people: masked unless the row is revealed,
 * ten digits as a phone number.
 */
void words_value(struct str *out, const struct desk *desk, uint32_t row,
    enum field field, const char *value);

/*
 * Appends "phone (808) 555-0144, ZIP 96815" or, with `arrows`, "phone → ...":
 * the values of the marked fields as they would be sent, masked unless
 * revealed. Returns how many there are.
 */
unsigned words_fields(struct str *out, const struct desk *desk,
    const struct contact *contact, const bool fields[FIELD_COUNT], bool arrows);

/* Appends "14 s", "2 min": rounded up to what is true at least. */
void words_duration(struct str *out, int64_t ms);

/*
 * How a row and a run stand. While the file is still being read, nothing is
 * known: STATUS_COUNT, no run.
 */
void words_row(const struct desk *desk, uint32_t row, struct row_status *out);
void words_progress(const struct desk *desk, struct sync_progress *out);

/* The word of a status; one that is queued and waits for a time is waiting. */
const char *words_standing(const struct row_status *status);

/* How long the kept words of a row stay true: until the second that they tell
 * is over, or `most_ms`. */
int64_t words_fresh_ms(
    const struct row_status *status, int64_t now_ms, int64_t most_ms);

/* Where a contact stands, in one sentence that begins with the status. */
void words_status(
    struct str *out, const struct desk *desk, const struct row_status *status);

#endif
