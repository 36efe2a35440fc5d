/* SPDX-License-Identifier: MIT */
/*
 * One table, read by the setter, the help and the manual. A row's allowed
 * words are numbered from 0 in the order in which they stand, and the enums of
 * the header count along: a test holds the two together.
 */
#include "practice/switches.h"

#include <assert.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"

#define DURATION "DURATION"
#define RATE "RATE"

const struct switch_row switches_table[SWITCH_COUNT] = {
    [SWITCH_CREATE_STATUS] = {"create-status", "201 200", "201",
	"the status of a create that worked"},
    [SWITCH_UPDATE_STATUS] = {"update-status", "200 204 204-unchanged", "200",
	"the status of an update: 204 has no body and so no quote link"},
    [SWITCH_ENVELOPE] = {"envelope", "data bare", "data",
	"whether contact and redirect_url stand inside \"data\""},
    [SWITCH_ERROR_SHAPE] = {"error-shape", "object string errors message",
	"object",
	"how an error is written: {\"error\":{\"code\",\"message\"}}, "
	"{\"error\",\"error_description\"}, {\"errors\":{field:[...]}} or "
	"{\"message\"}"},
    [SWITCH_NO_MATCH] = {"no-match", "404 422 nulls empty", "404",
	"how a search says that it found nobody: 404 not_found, 422 "
	"resource_not_found, 200 with nulls, 200 without contact"},
    [SWITCH_BIRTH_DATE_KEY] = {"birth-date-key",
	"birth_date date_of_birth both", "birth_date",
	"the search parameter that a birth date is expected in"},
    [SWITCH_BIRTH_DATE_FORM] = {"birth-date-form", "iso any", "iso",
	"whether a search compares a birth date as YYYY-MM-DD text or "
	"takes any spelling"},
    [SWITCH_DUPLICATE] = {"duplicate", "422 second existing", "422",
	"what a create with an external_id that exists does: refuse it, "
	"make a second contact, or answer 200 with the first"},
    [SWITCH_SAME_PERSON] = {"same-person", "second 422", "second",
	"what a create of a known Medicare number under another "
	"external_id does"},
    [SWITCH_EXTERNAL_ID_CHANGE] = {"external-id-change", "422 ignored", "422",
	"what an update with another external_id does"},
    [SWITCH_SEVERAL] = {"several-matches", "newest oldest other", "newest",
	"which of several matching contacts a search returns; other: one "
	"of the agent's contacts that has the same last name but is "
	"another person comes first"},
    [SWITCH_SCOPE] = {"search-scope", "all app", "all",
	"whether a search sees contacts that were not made through the "
	"API"},
    [SWITCH_SEARCH_LAG] = {"search-lag", DURATION, "0s",
	"how long a created contact stays invisible to search"},
    [SWITCH_NOTES] = {"notes", "append replace", "append",
	"what an update does with notes"},
    [SWITCH_NULLS] = {"nulls", "clear ignore 400", "clear",
	"what null does to an optional value, and an empty list to one of "
	"version 2"},
    [SWITCH_PARTIAL] = {"partial", "data top contact bare", "data",
	"where partial_success stands: data.status with item errors, a "
	"top level status, in the contact, or data.status without detail"},
    [SWITCH_DATES] = {"dates", "sent iso", "sent",
	"whether answers spell dates as they were sent or as YYYY-MM-DD"},
    [SWITCH_VALIDATION] = {"validation", "strict lenient", "strict",
	"strict: every documented rule; lenient: required fields and "
	"lengths only"},
    [SWITCH_UNKNOWN_FIELDS] = {"unknown-fields", "ignore 400", "ignore",
	"what a field that the service does not know does"},
    [SWITCH_V2_BODY] = {"v2-body", "wrapped flat both", "wrapped",
	"whether version 2 wants the fields of a contact inside \"contact\""},
    [SWITCH_V2_NO_MATCH] = {"v2-no-match", "nulls empty 404 422", "nulls",
	"the same as no-match for version 2"},
    [SWITCH_SEARCH_ENVELOPE] = {"search-envelope", "params flat both", "params",
	"whether a search wants its parameters inside \"params\""},
    [SWITCH_REFRESH] = {"refresh", "rotate on-use same none never", "rotate",
	"what the answer to a refresh has: another refresh token, the old one "
	"being dead, at once or when the new access token is used; the same; "
	"none, the old one going on; never: no answer "
	"has one, so there is nothing to refresh with"},
    [SWITCH_PKCE] = {"pkce", "verify ignore", "verify",
	"whether a code needs the verifier of the challenge that was sent"},
    [SWITCH_STATE] = {"state", "echo drop", "echo",
	"whether the way back from the consent carries the state"},
    [SWITCH_EXPIRES_IN] = {"expires-in", DURATION " absent", "7200s",
	"how long an access token is good; absent: as long, but the answer "
	"does "
	"not say it"},
    [SWITCH_LATENCY] = {"latency", DURATION, "0s",
	"how long each answer of the API takes"},
    [SWITCH_RATE] = {"rate", RATE, "none",
	"requests above this rate are answered 429"},
    [SWITCH_RETRY_AFTER] = {"retry-after", "seconds date absurd none",
	"seconds",
	"the Retry-After of a 429: 1 s, the same as a date, a "
	"day, or no header"},
};

/* The number of a word in the allowed ones; -1 when it is none of them. */
static int
choice_of(const char *allowed, const char *value)
{
	size_t len = strlen(value);

	for (int number = 0; *allowed; number++) {
		size_t word = strcspn(allowed, " ");

		if (word == len && memcmp(allowed, value, len) == 0)
			return number;
		allowed += word;
		allowed += strspn(allowed, " ");
	}
	return -1;
}

/* Where the duration of such a switch is kept. */
static int64_t *
duration_of(struct switches *switches, enum switch_id id)
{
	switch (id) {
	case SWITCH_LATENCY: return &switches->latency;
	case SWITCH_EXPIRES_IN: return &switches->expires_in;
	default: return &switches->search_lag;
	}
}

static bool
set_value(struct switches *switches, enum switch_id id, const char *value,
    struct err *err)
{
	const struct switch_row *row = &switches_table[id];
	int choice = choice_of(row->allowed, value);

	if (choice >= 0 && strcmp(value, DURATION) != 0) {
		switches->choice[id] = choice;
		return true;
	}
	switches->choice[id] = 0;
	if (str_starts(row->allowed, DURATION))
		return clock_parse_duration(
		    value, duration_of(switches, id), err);
	if (strcmp(row->allowed, RATE) == 0)
		return clock_parse_rate(
		    value, &switches->rate_count, &switches->rate_per, err);
	return err_set(err, ERR_USAGE, "'%s' is none of its values (%s)", value,
	    row->allowed);
}

void
switches_init(struct switches *switches)
{
	struct err err = ERR_INIT;

	*switches = (struct switches){0};
	for (int id = 0; id < SWITCH_COUNT; id++) {
		bool good = set_value(switches, (enum switch_id)id,
		    switches_table[id].initial, &err);

		assert(good);
		(void)good;
	}
}

static bool
unknown_switch(const char *name, struct err *err)
{
	const char *names[SWITCH_COUNT];
	const char *nearest;

	for (int id = 0; id < SWITCH_COUNT; id++)
		names[id] = switches_table[id].name;
	nearest = str_nearest(name, names, SWITCH_COUNT);
	if (nearest)
		return err_set(err, ERR_USAGE,
		    "there is no switch '%s', did you mean '%s'?", name,
		    nearest);
	return err_set(err, ERR_USAGE,
	    "there is no switch '%s', see 'belay practice --help'", name);
}

bool
switches_set(struct switches *switches, const char *assignment, struct err *err)
{
	const char *equals = strchr(assignment, '=');
	char name[64];

	if (!equals || equals == assignment ||
	    (size_t)(equals - assignment) >= sizeof(name))
		return err_set(err, ERR_USAGE,
		    "'%s' sets nothing, write a switch as name=value",
		    assignment);
	memcpy(name, assignment, (size_t)(equals - assignment));
	name[equals - assignment] = '\0';
	for (int id = 0; id < SWITCH_COUNT; id++) {
		if (strcmp(switches_table[id].name, name) != 0)
			continue;
		if (set_value(switches, (enum switch_id)id, equals + 1, err))
			return true;
		err->kind = ERR_USAGE;
		return err_prefix(err, "switch '%s'", name);
	}
	return unknown_switch(name, err);
}
