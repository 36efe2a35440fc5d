/* SPDX-License-Identifier: MIT */
/* Where a contact stands, for people: word, glyph, ASCII twin. */
#ifndef SYNC_STATUS_H
#define SYNC_STATUS_H

#include <stdbool.h>

enum status {
	STATUS_NEW,     /* no HealthSherpa ID; ready to create */
	STATUS_CHANGED, /* linked; differs from what was last accepted */
	STATUS_SYNCED,  /* linked; nothing to send */
	STATUS_BLOCKED, /* will not be sent: an error finding, a repeated key */
	STATUS_QUEUED,  /* in this run, not yet begun */
	STATUS_SENDING, /* in flight */
	STATUS_WAITING, /* a create was sent, its outcome is unknown */
	STATUS_FAILED,  /* HealthSherpa refused it */
	STATUS_PARTIAL, /* saved, but some nested items were not */
	STATUS_REVIEW,  /* a person must decide */
	STATUS_COUNT
};

struct status_info {
	const char *word;
	const char *glyph; /* UTF-8, one column */
	const char *ascii;
	const char *meaning; /* one sentence, for help and manual */
};

extern const struct status_info status_table[STATUS_COUNT];
/* The word of each, one after the other from 0 on; NULL: that was all. For
 * book_name_statuses(). */
const char *status_word(unsigned number);

/* Why nothing, or not this contact, is sent before a time. */
enum hold {
	HOLD_NONE,
	HOLD_ASKED,  /* HealthSherpa asked to (Retry-After) */
	HOLD_SILENT, /* it does not answer as it should */
	HOLD_SETTLE, /* what was sent before may still arrive */
	HOLD_COUNT
};
/* For people, behind "waiting 42 s: "; "" for HOLD_NONE. */
extern const char *const hold_words[HOLD_COUNT];

/* Whether a person has to look at it; what `!` of the desk shows. */
bool status_needs_somebody(enum status status);

#endif
