/* SPDX-License-Identifier: MIT */
/*
 * The switches of the practice server: one for each point that the service's
 * documentation leaves open, and for latency and rate.
 *
 * A switch is set by "name=value". The table is the documentation: the
 * manual and `belay practice --help` are made from it.
 */
#ifndef PRACTICE_SWITCHES_H
#define PRACTICE_SWITCHES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

enum switch_id {
	SWITCH_CREATE_STATUS,
	SWITCH_UPDATE_STATUS,
	SWITCH_ENVELOPE,
	SWITCH_ERROR_SHAPE,
	SWITCH_NO_MATCH,
	SWITCH_BIRTH_DATE_KEY,
	SWITCH_BIRTH_DATE_FORM,
	SWITCH_DUPLICATE,
	SWITCH_SAME_PERSON,
	SWITCH_EXTERNAL_ID_CHANGE,
	SWITCH_SEVERAL,
	SWITCH_SCOPE,
	SWITCH_SEARCH_LAG,
	SWITCH_NOTES,
	SWITCH_NULLS,
	SWITCH_PARTIAL,
	SWITCH_DATES,
	SWITCH_VALIDATION,
	SWITCH_UNKNOWN_FIELDS,
	SWITCH_V2_BODY,
	SWITCH_V2_NO_MATCH,
	SWITCH_SEARCH_ENVELOPE,
	SWITCH_REFRESH,
	SWITCH_PKCE,
	SWITCH_STATE,
	SWITCH_EXPIRES_IN,
	SWITCH_LATENCY,
	SWITCH_RATE,
	SWITCH_RETRY_AFTER,
	SWITCH_COUNT
};

/* The choices, in the order of the table's allowed words. */
enum { CREATE_STATUS_201, CREATE_STATUS_200 };
enum { UPDATE_STATUS_200, UPDATE_STATUS_204, UPDATE_STATUS_204_UNCHANGED };
enum { ENVELOPE_DATA, ENVELOPE_BARE };
enum {
	ERROR_SHAPE_OBJECT,
	ERROR_SHAPE_STRING,
	ERROR_SHAPE_ERRORS,
	ERROR_SHAPE_MESSAGE
};
enum { NO_MATCH_404, NO_MATCH_422, NO_MATCH_NULLS, NO_MATCH_EMPTY };
enum {
	BIRTH_DATE_KEY_BIRTH_DATE,
	BIRTH_DATE_KEY_DATE_OF_BIRTH,
	BIRTH_DATE_KEY_BOTH
};
enum { BIRTH_DATE_FORM_ISO, BIRTH_DATE_FORM_ANY };
enum { DUPLICATE_422, DUPLICATE_SECOND, DUPLICATE_EXISTING };
enum { SAME_PERSON_SECOND, SAME_PERSON_422 };
enum { EXTERNAL_ID_CHANGE_422, EXTERNAL_ID_CHANGE_IGNORED };
enum { SEVERAL_NEWEST, SEVERAL_OLDEST, SEVERAL_OTHER };
enum { SCOPE_ALL, SCOPE_APP };
enum { NOTES_APPEND, NOTES_REPLACE };
enum { NULLS_CLEAR, NULLS_IGNORE, NULLS_REFUSE };
enum { PARTIAL_DATA, PARTIAL_TOP, PARTIAL_CONTACT, PARTIAL_BARE };
enum { DATES_SENT, DATES_ISO };
enum { VALIDATION_STRICT, VALIDATION_LENIENT };
enum { UNKNOWN_FIELDS_IGNORE, UNKNOWN_FIELDS_REFUSE };
enum { V2_BODY_WRAPPED, V2_BODY_FLAT, V2_BODY_BOTH };
enum { V2_NO_MATCH_NULLS, V2_NO_MATCH_EMPTY, V2_NO_MATCH_404, V2_NO_MATCH_422 };
enum { SEARCH_ENVELOPE_PARAMS, SEARCH_ENVELOPE_FLAT, SEARCH_ENVELOPE_BOTH };
enum {
	REFRESH_ROTATE,
	REFRESH_ON_USE,
	REFRESH_SAME,
	REFRESH_NONE,
	REFRESH_NEVER
};
enum { PKCE_VERIFY, PKCE_IGNORE };
enum { STATE_ECHO, STATE_DROP };
enum { EXPIRES_IN_DURATION, EXPIRES_IN_ABSENT };
enum {
	RETRY_AFTER_SECONDS,
	RETRY_AFTER_DATE,
	RETRY_AFTER_ABSURD,
	RETRY_AFTER_NONE
};

struct switch_row {
	const char *name;
	const char *allowed; /* words apart by blanks, in place of the first
				perhaps DURATION or RATE */
	const char *initial;
	const char *means; /* one sentence, no full stop */
};

/* Indexed by enum switch_id. */
extern const struct switch_row switches_table[SWITCH_COUNT];

struct switches {
	int choice[SWITCH_COUNT];
	int64_t search_lag; /* ms */
	int64_t expires_in; /* ms; how long an access token is good */
	int64_t latency;    /* ms */
	int rate_count;     /* requests ... */
	int64_t rate_per;   /* ... in so many ms; 0: no limit */
};

void switches_init(struct switches *switches);

/* Sets one from "name=value"; ERR_USAGE names the nearest or the allowed. */
bool switches_set(
    struct switches *switches, const char *assignment, struct err *err);

#endif
