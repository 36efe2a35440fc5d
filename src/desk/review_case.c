/* SPDX-License-Identifier: MIT */
/*
 * Hazard: the ledger keeps nobody's data but the ID of whom the search found.
 * So a case says of that contact only what its code proves (sync/match.c).
 */
#include "desk/review_case.h"

#include <stddef.h>
#include <string.h>

#include "sync/sync.h"

static const char maybe_there[] = "it may be at HealthSherpa already";
static const char is_it_there[] =
    "Is this contact at HealthSherpa already? Look there first.";

static const struct review_case cases[] = {
    {"conflict", "the Medicare number is there under another ID",
	"Is this the same person?", "another one", "the same", NULL, false,
	false},
    {"alike", "someone of that name is there under another ID",
	"Is this the same person?", "another one", NULL, NULL, false, false},
    {"similar", "HealthSherpa has someone who looks the same",
	"Is this the same person?", "none", NULL, NULL, false, false},
    {"gone", "HealthSherpa no longer has this contact",
	"Is it there under another ID?", NULL, NULL, "nobody any more", false,
	false},
    {"shared", "its contact at HealthSherpa is linked to another row",
	"If the two rows are one person: never. Else, is this person there "
	"under another ID?",
	NULL, NULL, NULL, false, false},
    {"two-ids", "the file has another HealthSherpa ID for it than before",
	"Is it the file's ID that is right?", NULL, NULL, NULL, true, false},
    {"other-person", "the row is about somebody else than before",
	"Is it the same person all the same?", "the same", NULL, NULL, true,
	false},
    {"unproven", maybe_there, is_it_there, NULL, NULL, NULL, false, false},
    {"agent", maybe_there, is_it_there, NULL, NULL, NULL, false, false},
    {"edited", maybe_there, is_it_there, NULL, NULL, NULL, false, false},
    {"taken", maybe_there, is_it_there, NULL, NULL, NULL, false, false},
    {"attempts", maybe_there, is_it_there, NULL, NULL, NULL, false, false},
    {"recognised", "it looks like a contact that was synced before",
	"Is it the same person?", NULL, NULL, NULL, false, true},
    {"ambiguous", "more than one contact synced before may be this one",
	"Which one is it, by its HealthSherpa ID? Or is it none of them?", NULL,
	NULL, NULL, false, false},
    {"moved", "it went on under an ID of your CRM",
	"Is it still the contact that HealthSherpa has?", NULL, NULL, NULL,
	false, false},
    {"no-selector", maybe_there, is_it_there, NULL, NULL, NULL, false, false},
};

const struct review_case *
review_case(const struct row_status *status)
{
	static const struct review_case other = {"", "a person must decide",
	    "Is this the same person?", NULL, NULL, NULL, false, false};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (strcmp(cases[i].code, status->code) == 0)
			return &cases[i];
	return &other;
}

const char *
review_candidate(const struct row_status *status)
{
	const char *id = status->candidate_id;

	if (strcmp(status->code, "other-person") == 0)
		return id;
	if (!*id || strcmp(id, status->healthsherpa_id) == 0 ||
	    strcmp(status->code, "shared") == 0)
		return NULL;
	return id;
}
