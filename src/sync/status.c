/* SPDX-License-Identifier: MIT */
/*
 * The words and signs of statuses, once: screens, JSON, filters, help and the
 * manual all read this table.
 */
#include "sync/status.h"

#include <stddef.h>

const struct status_info status_table[STATUS_COUNT] = {
    [STATUS_NEW] = {"new", "○", "+",
	"HealthSherpa does not have it yet; ready to be created"},
    [STATUS_CHANGED] = {"changed", "◐", "~",
	"HealthSherpa has it, but last accepted other values"},
    [STATUS_SYNCED] = {"synced", "●", "*",
	"HealthSherpa has it as it is here; nothing to send"},
    [STATUS_BLOCKED] = {"blocked", "✗", "x",
	"it is not sent until an error in it is fixed"},
    [STATUS_QUEUED] = {"queued", "⧗", ".",
	"it is part of the run and waits for its turn"},
    [STATUS_SENDING] = {"sending", "▸", ">", "it is being sent right now"},
    [STATUS_WAITING] = {"waiting", "◌", "w",
	"the answer to its creation was lost; it is looked up first"},
    [STATUS_FAILED] = {"failed", "!", "!",
	"HealthSherpa refused it, or could not be asked"},
    [STATUS_PARTIAL] = {"partial", "◓", "%",
	"saved, but not all of its drugs, pharmacies or providers"},
    [STATUS_REVIEW] = {"review", "?", "?",
	"a person decides: someone similar is there, or it is gone"},
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
