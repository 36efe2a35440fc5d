/* SPDX-License-Identifier: MIT */
/*
 * The words and signs of statuses, once: screens, JSON, filters, help and the
 * manual all read this table.
 */
#include "sync/status.h"

#include <stddef.h>

const struct status_info status_table[STATUS_COUNT] = {
    [STATUS_NEW] = {"new", "○", "+",
	"HealthSherpa does not have this contact yet; it is ready to be "
	"created"},
    [STATUS_CHANGED] = {"changed", "◐", "~",
	"HealthSherpa has this contact, but some values differ from what "
	"it last accepted"},
    [STATUS_SYNCED] = {"synced", "●", "*",
	"HealthSherpa has this contact as it is here; there is nothing to "
	"send"},
    [STATUS_BLOCKED] = {"blocked", "✗", "x",
	"this contact is not sent until an error in it is fixed"},
    [STATUS_QUEUED] = {"queued", "⧗", ".",
	"this contact is part of the run and waits for its turn"},
    [STATUS_SENDING] = {"sending", "▸", ">",
	"this contact is being sent right now"},
    [STATUS_WAITING] = {"waiting", "◌", "w",
	"the answer to its creation was lost; it is looked up at "
	"HealthSherpa before anything else is sent"},
    [STATUS_FAILED] = {"failed", "!", "!",
	"HealthSherpa refused this contact, or could not be asked; the "
	"reason stands beside it"},
    [STATUS_PARTIAL] = {"partial", "◓", "%",
	"HealthSherpa saved this contact, but not all of its drugs, "
	"pharmacies or providers"},
    [STATUS_REVIEW] = {"review", "?", "?",
	"a person must decide: someone similar is there already, or the "
	"contact is gone"},
};

const char *const hold_words[HOLD_COUNT] = {
    [HOLD_NONE] = "",
    [HOLD_ASKED] = "HealthSherpa asked to slow down",
    [HOLD_SILENT] = "HealthSherpa does not answer as it should",
    [HOLD_SETTLE] = "what was sent before may still arrive",
};

const char *
status_word(unsigned number)
{
	return number < STATUS_COUNT ? status_table[number].word : NULL;
}

bool
status_needs_somebody(enum status status)
{
	return status == STATUS_BLOCKED || status == STATUS_FAILED ||
	       status == STATUS_PARTIAL || status == STATUS_REVIEW;
}
