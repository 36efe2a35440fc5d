/* SPDX-License-Identifier: MIT */
/*
 * Time as numbers: the calendar is worked out here, because the C library's
 * reads the locale, the time zone or both. Only date_today() asks for the
 * user's time zone.
 * Hazard: everything that is parsed comes from a config or from a server; no
 * number is taken before it is known to be small enough.
 */
#include "base/clock.h"

#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "base/str.h"

#define SECOND_MS INT64_C(1000)
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)
#define DURATION_MAX_MS (365 * DAY_MS)
#define DAYS_MAX 3650

enum { RATE_MAX = 1000000, ERA_DAYS = 146097, EPOCH_DAYS = 719468 };

static int64_t
read_clock(clockid_t id)
{
	struct timespec now;

	if (clock_gettime(id, &now) != 0)
		return 0;
	return (int64_t)now.tv_sec * SECOND_MS + now.tv_nsec / 1000000;
}

static int64_t
system_wall(void *context)
{
	(void)context;
	return read_clock(CLOCK_REALTIME);
}

static int64_t
system_monotonic(void *context)
{
	(void)context;
	/* goes on while the machine sleeps, as waiting for a service must */
	return read_clock(CLOCK_BOOTTIME);
}

const struct clock clock_system = {system_wall, system_monotonic, NULL};

const char *
clock_boot_id(void)
{
	static char id[64]; /* the same for the life of the process */
	ssize_t len;
	int fd;

	if (*id)
		return id;
	fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return id;
	len = read(fd, id, sizeof(id) - 1);
	close(fd);
	id[len > 0 ? len : 0] = '\0';
	id[strcspn(id, "\n")] = '\0';
	return id;
}

/* Takes a whole number of digits only, 0..max, and steps over it. */
static bool
take_number(const char **text, int64_t max, int64_t *value)
{
	const char *at = *text;

	*value = 0;
	if (*at < '0' || *at > '9')
		return false;
	for (; *at >= '0' && *at <= '9'; at++) {
		if (*value > (max - (*at - '0')) / 10)
			return false;
		*value = *value * 10 + (*at - '0');
	}
	*text = at;
	return true;
}

static bool
parse_unit(const char *text, int64_t *ms)
{
	static const struct {
		const char *name;
		int64_t ms;
	} units[] = {{"ms", 1}, {"s", SECOND_MS}, {"m", MINUTE_MS},
	    {"h", HOUR_MS}, {"d", DAY_MS}};

	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		if (strcmp(text, units[i].name) == 0) {
			*ms = units[i].ms;
			return true;
		}
	}
	return false;
}

static bool
read_duration(const char *text, int64_t *ms)
{
	int64_t number, unit;

	if (!take_number(&text, DURATION_MAX_MS, &number) ||
	    !parse_unit(text, &unit) ||
	    number > (unit == DAY_MS ? DAYS_MAX : DURATION_MAX_MS / unit))
		return false;
	*ms = number * unit;
	return true;
}

bool
clock_parse_duration(const char *text, int64_t *ms, struct err *err)
{
	if (read_duration(text, ms))
		return true;
	return err_set(err, ERR_CONFIG,
	    "'%s' is not a duration: write a whole number and a unit, such as "
	    "500ms, 2s, 5m, 1h or 90d, up to 365 days (in days up to 3650)",
	    text);
}

bool
clock_parse_rate(const char *text, int *count, int64_t *per_ms, struct err *err)
{
	const char *at = text;
	int64_t number;

	if (strcmp(text, "none") == 0) {
		*count = 0;
		*per_ms = 0;
		return true;
	}
	if (take_number(&at, RATE_MAX, &number) && number > 0 && *at == '/' &&
	    (parse_unit(at + 1, per_ms) || read_duration(at + 1, per_ms)) &&
	    *per_ms > 0) {
		*count = (int)number;
		return true;
	}
	return err_set(err, ERR_CONFIG,
	    "'%s' is not a rate: write a number per time, such as 8/s or "
	    "100/10s, or none",
	    text);
}

void
clock_format_age(struct str *out, int64_t ms)
{
	if (ms < 0)
		ms = 0;
	if (ms < MINUTE_MS)
		str_addf(out, "%d s", (int)(ms / SECOND_MS));
	else if (ms < HOUR_MS)
		str_addf(out, "%d min", (int)(ms / MINUTE_MS));
	else if (ms < DAY_MS)
		str_addf(out, "%d h", (int)(ms / HOUR_MS));
	else
		str_addf(out, "%lld d", (long long)(ms / DAY_MS));
}

/* Division that rounds down, so that times before 1970 come out right. */
static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

void
clock_format_time(struct str *out, int64_t wall_ms)
{
	int64_t days = floor_div(wall_ms, DAY_MS);
	int seconds = (int)((wall_ms - days * DAY_MS) / SECOND_MS);
	struct date date;

	date_from_days(days, &date);
	str_addf(out, "%04d-%02d-%02dT%02d:%02d:%02dZ", date.year, date.month,
	    date.day, seconds / 3600, seconds / 60 % 60, seconds % 60);
}

void
clock_format_local(struct str *out, int64_t wall_ms)
{
	time_t seconds = (time_t)floor_div(wall_ms, SECOND_MS);
	struct tm local;
	char text[40];

	if (localtime_r(&seconds, &local) &&
	    strftime(text, sizeof(text), "%Y-%m-%d %H:%M", &local) > 0)
		str_add(out, text);
	else
		clock_format_time(out, wall_ms);
}

/* ---- HTTP dates ---------------------------------------------------------- */

static bool
take_text(const char **text, const char *wanted)
{
	if (!str_starts(*text, wanted))
		return false;
	*text += strlen(wanted);
	return true;
}

/* One of the names by its first three letters; 1-based. */
static bool
take_name(const char **text, const char *names, int *value)
{
	for (int i = 1; *names; i++, names += 3) {
		if (strncmp(*text, names, 3) == 0) {
			*text += 3;
			*value = i;
			return true;
		}
	}
	return false;
}

static bool
take_digits(const char **text, int digits, int *value)
{
	*value = 0;
	for (int i = 0; i < digits; i++, ++*text) {
		if (**text < '0' || **text > '9')
			return false;
		*value = *value * 10 + (**text - '0');
	}
	return true;
}

static bool
take_month(const char **text, int *month)
{
	return take_name(text, "JanFebMarAprMayJunJulAugSepOctNovDec", month);
}

/* hh:mm:ss; a leap second counts as the next one. */
static bool
take_time(const char **text, int64_t *ms)
{
	int hour, minute, second;

	if (!take_digits(text, 2, &hour) || !take_text(text, ":") ||
	    !take_digits(text, 2, &minute) || !take_text(text, ":") ||
	    !take_digits(text, 2, &second) || hour > 23 || minute > 59 ||
	    second > 60)
		return false;
	*ms = hour * HOUR_MS + minute * MINUTE_MS + second * SECOND_MS;
	return true;
}

/* RFC 9110 5.6.7: a year that seems over 50 years ahead lies in the past. */
static int
full_year(int short_year, int64_t now_ms)
{
	struct date now;
	int year;

	date_from_days(floor_div(now_ms, DAY_MS), &now);
	year = now.year / 100 * 100 + short_year;
	return year > now.year + 50 ? year - 100 : year;
}

/* The three forms of RFC 9110 5.6.7; the name of the day is not compared. */
static bool
parse_http_date(const char *text, int64_t now_ms, int64_t *ms)
{
	struct date date;
	int64_t time;
	int weekday;

	if (!take_name(&text, "MonTueWedThuFriSatSun", &weekday))
		return false;
	if (take_text(&text, ", ")) { /* Sun, 06 Nov 1994 08:49:37 GMT */
		if (!take_digits(&text, 2, &date.day) ||
		    !take_text(&text, " ") || !take_month(&text, &date.month) ||
		    !take_text(&text, " ") ||
		    !take_digits(&text, 4, &date.year) ||
		    !take_text(&text, " ") || !take_time(&text, &time) ||
		    strcmp(text, " GMT") != 0)
			return false;
	} else if (take_text(&text, " ")) { /* Sun Nov  6 08:49:37 1994 */
		if (!take_month(&text, &date.month) || !take_text(&text, " "))
			return false;
		if (!take_digits(
			&text, take_text(&text, " ") ? 1 : 2, &date.day) ||
		    !take_text(&text, " ") || !take_time(&text, &time) ||
		    !take_text(&text, " ") ||
		    !take_digits(&text, 4, &date.year) || *text)
			return false;
	} else { /* Sunday, 06-Nov-94 08:49:37 GMT */
		text += strspn(text, "abcdefghijklmnopqrstuvwxyz");
		if (!take_text(&text, ", ") ||
		    !take_digits(&text, 2, &date.day) ||
		    !take_text(&text, "-") || !take_month(&text, &date.month) ||
		    !take_text(&text, "-") ||
		    !take_digits(&text, 2, &date.year) ||
		    !take_text(&text, " ") || !take_time(&text, &time) ||
		    strcmp(text, " GMT") != 0)
			return false;
		date.year = full_year(date.year, now_ms);
	}
	if (!date_valid(&date))
		return false;
	*ms = date_to_days(&date) * DAY_MS + time;
	return true;
}

int64_t
clock_parse_retry_after(const char *value, int64_t now_wall_ms)
{
	char text[64] = "";
	size_t len;
	int64_t ms;

	if (!value)
		return -1;
	value += strspn(value, " \t");
	len = strcspn(value, "\r\n");
	while (len > 0 && strchr(" \t", value[len - 1]))
		len--;
	/* more digits than fit mean "very long", not "unreadable" */
	if (len > 0 && strspn(value, "0123456789") == len) {
		if (take_number(&value, DURATION_MAX_MS / SECOND_MS, &ms))
			return ms * SECOND_MS;
		return DURATION_MAX_MS;
	}
	if (len >= sizeof(text))
		return -1;
	memcpy(text, value, len);
	text[len] = '\0';
	if (!parse_http_date(text, now_wall_ms, &ms))
		return -1;
	ms -= now_wall_ms;
	if (ms > DURATION_MAX_MS)
		return DURATION_MAX_MS;
	return ms > 0 ? ms : 0;
}

/* ---- the calendar -------------------------------------------------------- */

static bool
leap_year(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

bool
date_valid(const struct date *date)
{
	static const int days[] = {
	    31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	if (date->year < 1 || date->year > 9999 || date->month < 1 ||
	    date->month > 12 || date->day < 1)
		return false;
	if (date->month == 2 && leap_year(date->year))
		return date->day <= 29;
	return date->day <= days[date->month - 1];
}

/*
 * Years are counted from March, in eras of 400, so that the leap day comes
 * last and every era has the same length.
 */
int64_t
date_to_days(const struct date *date)
{
	int64_t year = date->year - (date->month <= 2);
	int64_t era = floor_div(year, 400);
	int64_t year_of_era = year - era * 400;
	int64_t month = (date->month + 9) % 12;
	int64_t day_of_year = (153 * month + 2) / 5 + date->day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 -
			     year_of_era / 100 + day_of_year;

	return era * ERA_DAYS + day_of_era - EPOCH_DAYS;
}

void
date_from_days(int64_t days, struct date *date)
{
	static const struct date first = {1, 1, 1}, last = {9999, 12, 31};
	int64_t era, day_of_era, year_of_era, day_of_year, month;

	if (days < date_to_days(&first))
		days = date_to_days(&first);
	if (days > date_to_days(&last))
		days = date_to_days(&last);
	days += EPOCH_DAYS;
	era = floor_div(days, ERA_DAYS);
	day_of_era = days - era * ERA_DAYS;
	year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 -
			  day_of_era / 146096) /
		      365;
	day_of_year = day_of_era -
		      (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	month = (5 * day_of_year + 2) / 153;
	date->day = (int)(day_of_year - (153 * month + 2) / 5 + 1);
	date->month = (int)(month < 10 ? month + 3 : month - 9);
	date->year = (int)(year_of_era + era * 400 +
			   (date->month <= 2 ? 1 : 0));
}

struct date
date_today(const struct clock *clock)
{
	time_t now = (time_t)floor_div(clock_wall(clock), SECOND_MS);
	struct date today;
	struct tm local;

	if (localtime_r(&now, &local)) {
		today.year = local.tm_year + 1900;
		today.month = local.tm_mon + 1;
		today.day = local.tm_mday;
		if (date_valid(&today))
			return today;
	}
	date_from_days(floor_div(clock_wall(clock), DAY_MS), &today);
	return today;
}

int
date_years(const struct date *from, const struct date *to)
{
	int years = to->year - from->year;

	if (date_to_days(from) > date_to_days(to))
		return -date_years(to, from);
	if (to->month < from->month ||
	    (to->month == from->month && to->day < from->day))
		years--;
	return years;
}

int64_t
date_birthday(const struct date *born, int years)
{
	struct date day = {born->year + years, born->month, born->day};

	if (!date_valid(&day)) { /* 29 February of a common year */
		day.month = 3;
		day.day = 1;
	}
	return date_to_days(&day);
}
