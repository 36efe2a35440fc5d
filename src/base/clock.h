/* SPDX-License-Identifier: MIT */
/*
 * Time, injected: tests hand in a clock of their own.
 *
 * Units: milliseconds, int64_t. Wall time counts from 1970 UTC. Monotonic time
 * has no fixed origin and does not go back.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str;
struct err;

struct clock {
	int64_t (*wall)(void *context);
	int64_t (*monotonic)(void *context);
	void *context;
};

extern const struct clock clock_system;

static inline int64_t
clock_wall(const struct clock *clock)
{
	return clock->wall(clock->context);
}

static inline int64_t
clock_monotonic(const struct clock *clock)
{
	return clock->monotonic(clock->context);
}

/* Identity of this boot (/proc/sys/kernel/random/boot_id), "" if unknown. */
const char *clock_boot_id(void);

/*
 * Durations as users write them: 500ms 2s 5m 1h 90d (a whole number and a
 * unit). Limit: 0 .. 365 days, in days up to 3650. Rates: 8/s, 100/10s (up to a
 * million), none (count and per_ms are 0: no limit). ERR_CONFIG without a
 * place, which the caller adds.
 */
bool clock_parse_duration(const char *text, int64_t *ms, struct err *err);
bool clock_parse_rate(
    const char *text, int *count, int64_t *per_ms, struct err *err);

/*
 * "34 s", "2 min", "3 h", "2 d": the shortest useful form of an age, rounded
 * down; 0 s when negative.
 */
void clock_format_age(struct str *out, int64_t ms);
/* RFC 3339 in UTC, seconds: 2026-11-23T16:55:38Z */
void clock_format_time(struct str *out, int64_t wall_ms);
/* In the user's time zone, for people: 2026-11-23 11:55 */
void clock_format_local(struct str *out, int64_t wall_ms);

/*
 * Retry-After (RFC 9110 10.2.3): seconds or an HTTP date in any of its three
 * forms. Returns ms from now, 0 .. 365 days; -1 when absent (NULL) or
 * unreadable.
 */
int64_t clock_parse_retry_after(const char *value, int64_t now_wall_ms);

/* Civil dates without time zones; proleptic Gregorian. */
struct date {
	int year;  /* 1..9999 */
	int month; /* 1..12 */
	int day;   /* 1..31 */
};

bool date_valid(const struct date *date);
/* Days since 1970-01-01; of a valid date, and its inverse (kept in range). */
int64_t date_to_days(const struct date *date);
void date_from_days(int64_t days, struct date *date);
/* Today in the user's time zone. */
struct date date_today(const struct clock *clock);
/*
 * Whole years from one to the other, negative backwards. Someone born on
 * 29 February is a year older on 1 March of a common year.
 */
int date_years(const struct date *from, const struct date *to);
/* The day, as date_to_days(), on which somebody born then is so old. */
int64_t date_birthday(const struct date *born, int years);

#endif
