/* SPDX-License-Identifier: MIT */
#include "base/clock.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/err.h"
#include "base/str.h"
#include "check.h"

#define DAY INT64_C(86400000)
/* Sun, 06 Nov 1994 08:49:37 GMT */
#define RFC_DATE INT64_C(784111777000)

TEST(clock_system_moves_on)
{
	int64_t wall = clock_wall(&clock_system);
	int64_t first = clock_monotonic(&clock_system), second;

	CHECK(wall > INT64_C(1700000000000));
	do
		second = clock_monotonic(&clock_system);
	while (second == first);
	CHECK(second > first);
	CHECK_TEXT(clock_boot_id(), clock_boot_id());
	CHECK(*clock_boot_id() == '\0' || strlen(clock_boot_id()) == 36);
}

TEST(clock_durations)
{
	static const struct {
		const char *text;
		int64_t ms; /* -1: refused */
	} cases[] = {
	    {"500ms", 500},
	    {"2s", 2000},
	    {"5m", 300000},
	    {"1h", 3600000},
	    {"0s", 0},
	    {"8760h", 365 * DAY},
	    {"31536000000ms", 365 * DAY},
	    {"8761h", -1},
	    {"90d", 90 * DAY},
	    {"3650d", 3650 * DAY},
	    {"3651d", -1},
	    {"31536000001ms", -1},
	    {"99999999999999999999s", -1},
	    {"9223372036854775807h", -1},
	    {"5", -1},
	    {"", -1},
	    {"s", -1},
	    {"-5s", -1},
	    {"+5s", -1},
	    {" 5s", -1},
	    {"5 s", -1},
	    {"5s ", -1},
	    {"1.5s", -1},
	    {"5sec", -1},
	    {"5S", -1},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct err err = ERR_INIT;
		int64_t ms = -1;
		bool good = clock_parse_duration(cases[i].text, &ms, &err);

		CHECK(good == (cases[i].ms >= 0));
		if (good)
			CHECK_INT(ms, cases[i].ms);
		else
			CHECK(err.kind == ERR_CONFIG &&
			      strstr(err.text, "not a duration"));
	}
}

TEST(clock_rates)
{
	static const struct {
		const char *text;
		int count; /* -1: refused */
		int64_t per_ms;
	} cases[] = {
	    {"8/s", 8, 1000},
	    {"100/10s", 100, 10000},
	    {"1/ms", 1, 1},
	    {"60/m", 60, 60000},
	    {"none", 0, 0},
	    {"0/s", -1, 0},
	    {"8/0s", -1, 0},
	    {"8", -1, 0},
	    {"/s", -1, 0},
	    {"8/", -1, 0},
	    {"8/s/s", -1, 0},
	    {"None", -1, 0},
	    {"1000001/s", -1, 0},
	    {"-8/s", -1, 0},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct err err = ERR_INIT;
		int count = -1;
		int64_t per_ms = -1;
		bool good = clock_parse_rate(
		    cases[i].text, &count, &per_ms, &err);

		CHECK(good == (cases[i].count >= 0));
		if (good) {
			CHECK_INT(count, cases[i].count);
			CHECK_INT(per_ms, cases[i].per_ms);
		} else {
			CHECK(strstr(err.text, "not a rate"));
		}
	}
}

static const char *
formatted(void (*format)(struct str *, int64_t), int64_t ms)
{
	static struct str out;

	if (!out.data)
		str_init(&out, 100);
	str_reset(&out);
	format(&out, ms);
	return out.data;
}

TEST(clock_ages)
{
	CHECK_TEXT(formatted(clock_format_age, -5), "0 s");
	CHECK_TEXT(formatted(clock_format_age, 34999), "34 s");
	CHECK_TEXT(formatted(clock_format_age, 60000), "1 min");
	CHECK_TEXT(formatted(clock_format_age, 3599999), "59 min");
	CHECK_TEXT(formatted(clock_format_age, 3600000), "1 h");
	CHECK_TEXT(formatted(clock_format_age, DAY - 1), "23 h");
	CHECK_TEXT(formatted(clock_format_age, 2 * DAY), "2 d");
}

TEST(clock_times)
{
	CHECK_TEXT(formatted(clock_format_time, 0), "1970-01-01T00:00:00Z");
	CHECK_TEXT(formatted(clock_format_time, INT64_C(1795452938999)),
	    "2026-11-23T16:55:38Z");
	CHECK_TEXT(formatted(clock_format_time, -1), "1969-12-31T23:59:59Z");
	CHECK_TEXT(
	    formatted(clock_format_time, RFC_DATE), "1994-11-06T08:49:37Z");
	CHECK_TEXT(
	    formatted(clock_format_time, INT64_MAX), "9999-12-31T07:12:55Z");
}

TEST(clock_retry_after)
{
	static const struct {
		const char *value;
		int64_t ms; /* with "now" ten seconds before RFC_DATE */
	} cases[] = {
	    {NULL, -1},
	    {"", -1},
	    {"120", 120000},
	    {" 0 ", 0},
	    {"7\r\n", 7000},
	    {"99999999999999999999999999", 365 * DAY},
	    {"31536001", 365 * DAY},
	    {"-1", -1},
	    {"1.5", -1},
	    {"soon", -1},
	    {"Sun, 06 Nov 1994 08:49:37 GMT", 10000},
	    {"Sunday, 06-Nov-94 08:49:37 GMT", 10000},
	    {"Sun Nov  6 08:49:37 1994", 10000},
	    {"Sun Nov 06 08:49:37 1994", 10000},
	    {"Sun, 06 Nov 1994 08:49:00 GMT", 0},
	    {"Sunday, 06-Nov-45 08:49:37 GMT", 0}, /* 1945, not 2045 */
	    {"Sun, 06 Nov 2044 08:49:37 GMT", 365 * DAY},
	    {"Sun, 31 Feb 1994 08:49:37 GMT", -1},
	    {"Sun, 06 Nov 1994 24:49:37 GMT", -1},
	    {"Sun, 06 Nov 1994 08:49:37 CET", -1},
	    {"Sun, 06 Nov 1994 08:49:37", -1},
	    {"Sun, 06 Nov 1994 08:49:37 GMT, 06 Nov 1994 08:49:37 GMT xxxxx",
		-1},
	    {"Sun", -1},
	    {"Sun ", -1},
	    {"Sunday, 06-", -1},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int64_t ms = clock_parse_retry_after(
		    cases[i].value, RFC_DATE - 10000);

		if (!CHECK_INT(ms, cases[i].ms))
			CHECK_TEXT(cases[i].value, "above");
	}
}

TEST(date_days_every_day)
{
	static const struct date unix_day = {1970, 1, 1}, leap = {2000, 2, 29};
	struct date date = {1, 1, 1}, back;
	int64_t days = date_to_days(&date);

	CHECK_INT(date_to_days(&unix_day), 0);
	CHECK_INT(date_to_days(&leap), 11016);
	for (date.year = 1; date.year <= 9999; date.year++)
		for (date.month = 1; date.month <= 12; date.month++)
			for (date.day = 1; date_valid(&date); date.day++) {
				REQUIRE(date_to_days(&date) == days);
				date_from_days(days++, &back);
				REQUIRE(back.year == date.year &&
					back.month == date.month &&
					back.day == date.day);
			}
	CHECK_INT(days, 2932897);
}

TEST(date_validity)
{
	static const struct date good[] = {{2024, 2, 29}, {2000, 2, 29},
	    {1, 1, 1}, {9999, 12, 31}, {1941, 4, 30}};
	static const struct date bad[] = {{2023, 2, 29}, {1900, 2, 29},
	    {0, 1, 1}, {10000, 1, 1}, {1941, 4, 31}, {1941, 0, 1},
	    {1941, 13, 1}, {1941, 1, 0}, {1941, 1, 32}, {-1, 1, 1}};

	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		CHECK(date_valid(&good[i]));
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		CHECK(!date_valid(&bad[i]));
}

static int64_t
fixed(void *context)
{
	return *(int64_t *)context;
}

TEST(date_today_is_local)
{
	int64_t now = RFC_DATE; /* in Honolulu still the day before */
	struct clock clock = {fixed, fixed, &now};
	struct date today;

	setenv("TZ", "HST10", 1);
	tzset();
	today = date_today(&clock);
	CHECK(today.year == 1994 && today.month == 11 && today.day == 5);
	setenv("TZ", "UTC0", 1);
	tzset();
	today = date_today(&clock);
	CHECK_INT(today.day, 6);
}

TEST(clock_local_time_is_the_users)
{
	struct str text;

	str_init(&text, 64);
	setenv("TZ", "HST10", 1);
	tzset();
	clock_format_local(&text, INT64_C(1795000000000));
	CHECK_TEXT(text.data, "2026-11-18 01:06");
	str_reset(&text);
	setenv("TZ", "UTC0", 1);
	tzset();
	clock_format_local(&text, INT64_C(1795000000000));
	CHECK_TEXT(text.data, "2026-11-18 11:06");
	str_release(&text);
}

TEST(date_ages)
{
	static const struct date born = {1961, 11, 23}, leap = {1960, 2, 29};
	static const struct date before = {2026, 11, 22}, on = {2026, 11, 23};
	static const struct date february = {2025, 2, 28}, march = {2025, 3, 1};

	CHECK_INT(date_years(&born, &before), 64);
	CHECK_INT(date_years(&born, &on), 65);
	CHECK_INT(date_years(&leap, &february), 64);
	CHECK_INT(date_years(&leap, &march), 65);
	CHECK_INT(date_birthday(&born, 65), date_to_days(&on));
	CHECK_INT(date_birthday(&leap, 65), date_to_days(&march));
	CHECK_INT(date_birthday(&leap, 0), date_to_days(&leap));
	CHECK_INT(date_years(&on, &born), -65);
	CHECK_INT(date_years(&born, &born), 0);
}
