/* SPDX-License-Identifier: MIT */
/*
 * Dates as CRMs and spreadsheets write them, sent as YYYY-MM-DD.
 *
 * A value is cut into at most three words of digits or letters; a time of day
 * behind them is dropped without shifting zones, because a birthday has none.
 * Only 1/2/1950 can be read in two ways: a form of the mapping decides, else
 * the order that the whole column shows.
 *
 * Excel counts days: 1899-12-30 + n, right from n = 61 on (it believes that
 * 1900 was a leap year); serials of this century and the last are 1000-60000.
 * Workbooks of older Macs count from 1904-01-01, which is 1462 days later for
 * the same number; only Part A and B dates, which are the first of a month,
 * can tell that apart.
 */
#include "book/rules_date.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"

enum { WORDS_MAX = 3, SERIAL_MIN = 1000, SERIAL_MAX = 60000 };

const char *const rules_date_forms[] = {
    "m/d/y", "d/m/y", "y-m-d", "excel", "excel1904", NULL};

struct word {
	int number;      /* -1: letters */
	unsigned digits; /* how many */
	int month;       /* of letters; 0: no month's name */
};

unsigned
date_forms(const char *text)
{
	unsigned forms = 0;

	while (text && *text) {
		size_t len = strcspn(text, ",");

		for (unsigned i = 0; rules_date_forms[i]; i++)
			if (strlen(rules_date_forms[i]) == len &&
			    strncmp(rules_date_forms[i], text, len) == 0)
				forms |= 1u << i;
		text += len + (text[len] == ',');
	}
	return forms;
}

bool
rules_form_orders(const char *forms)
{
	return (date_forms(forms) & (FORM_MDY | FORM_DMY | FORM_YMD)) != 0;
}

bool
rules_form_counts(const char *forms)
{
	return (date_forms(forms) & (FORM_EXCEL | FORM_EXCEL_1904)) != 0;
}

/* ---- words ------------------------------------------------------------------
 */

static int
month_named(const char *text, size_t len)
{
	static const char *const names[] = {"january", "february", "march",
	    "april", "may", "june", "july", "august", "september", "october",
	    "november", "december"};

	if (len == 4 && strncmp(text, "sept", 4) == 0)
		return 9;
	for (int month = 0; month < 12; month++)
		if (len >= 3 && len <= strlen(names[month]) &&
		    (len == 3 || len == strlen(names[month])) &&
		    strncmp(text, names[month], len) == 0)
			return month + 1;
	return 0;
}

/* Cuts lower-case text; the count of words, or -1. */
static int
cut(const char *text, struct word words[WORDS_MAX])
{
	int count = 0;

	while (*text) {
		size_t digits = strspn(text, "0123456789");
		struct word word = {.number = -1};

		if (digits > 8)
			return -1;
		if (digits > 0) {
			word.number = 0;
			for (size_t i = 0; i < digits; i++)
				word.number = 10 * word.number +
					      (text[i] - '0');
			word.digits = (unsigned)digits;
			text += digits;
			/* 15th */
			if (digits <= 2 &&
			    (str_starts(text, "st") || str_starts(text, "nd") ||
				str_starts(text, "rd") ||
				str_starts(text, "th")))
				text += 2;
		} else {
			size_t len = 0;

			while (islower((unsigned char)text[len]))
				len++;
			word.month = month_named(text, len);
			if (word.month == 0)
				return -1;
			text += len;
		}
		if (count == WORDS_MAX)
			return -1;
		words[count++] = word;
		/* one separator, or blanks around one: "Jan. 15, 1955" */
		text += strspn(text, " .");
		if (*text && strchr(",/-", *text))
			text++;
		text += strspn(text, " ");
		if (*text && !isalnum((unsigned char)*text))
			return -1;
	}
	return count;
}

/* Drops a time of day: " 2:30 PM", "T19:39:11.000Z", "T00Z". */
static void
drop_time(char *text)
{
	char *colon = strchr(text, ':');
	char *end = colon;

	if (!colon) {
		char *t = strchr(text, 't');

		if (t && t >= text + 8 && isdigit((unsigned char)t[-1]) &&
		    (isdigit((unsigned char)t[1]) || !t[1]))
			*t = '\0';
		return;
	}
	while (end > text && isdigit((unsigned char)end[-1]))
		end--;
	if (end > text && (end[-1] == ' ' || end[-1] == 't')) {
		end--;
		while (end > text && (end[-1] == ' ' || end[-1] == ','))
			end--;
		*end = '\0';
	}
}

/* ---- meaning ----------------------------------------------------------------
 */

static bool
all_zero(const struct word *words, int count)
{
	for (int i = 0; i < count; i++)
		if (words[i].number != 0)
			return false;
	return true;
}

/* 1900-01-00 and 1/0/1900 are what Excel makes of an empty cell. */
static bool
excel_nothing(const struct word *words, int count)
{
	return count == 3 &&
	       ((words[0].number == 1900 && words[1].number == 1 &&
		    words[2].number == 0) ||
		   (words[0].number == 1 && words[1].number == 0 &&
		       (words[2].number == 1900 || words[2].number == 0)));
}

static enum date_outcome
make(int year, int month, int day, struct date *date)
{
	*date = (struct date){year, month, day};
	return date_valid(date) ? DATE_READ : DATE_UNREADABLE;
}

/* A year of two digits is this century's unless that is too far ahead. */
static enum date_outcome
make_from(struct date_reading *how, const struct word *year, int month, int day,
    struct date *date)
{
	int64_t limit;
	enum date_outcome outcome;

	if (year->digits == 4)
		return make(year->number, month, day, date);
	if (year->digits != 2)
		return DATE_UNREADABLE;
	how->century = true;
	limit = date_to_days(how->today) + (how->birth ? 0 : 366);
	outcome = make(2000 + year->number, month, day, date);
	if (outcome == DATE_READ && date_to_days(date) <= limit)
		return DATE_READ;
	return make(1900 + year->number, month, day, date);
}

static void
count_days(int days, struct date *date)
{
	struct date epoch = {1899, 12, 30};

	date_from_days(date_to_days(&epoch) + days, date);
}

/* 1955 is a year that somebody typed, not a day of 1905. */
static bool
is_serial(int number)
{
	return number >= SERIAL_MIN && number <= SERIAL_MAX &&
	       (number < 1900 || number > 2100);
}

static enum date_outcome
read_serial(
    const struct date_reading *how, const struct word *word, struct date *date)
{
	if (word->digits > 6)
		return DATE_UNREADABLE;
	if (how->forms & FORM_EXCEL && word->number < 61)
		return DATE_UNREADABLE;
	count_days(
	    word->number + (how->forms & FORM_EXCEL ? 0 : DATE_DAYS_TO_1904),
	    date);
	return DATE_READ;
}

static enum date_outcome
read_one(struct date_reading *how, const struct word *word, struct date *date)
{
	int n = word->number;

	if (n < 0)
		return DATE_UNREADABLE;
	if (word->digits == 8) {
		enum date_outcome ymd = make(
		    n / 10000, n / 100 % 100, n % 100, date);

		if (n / 10000 >= 1800 && n / 10000 < 2200 && ymd == DATE_READ)
			return DATE_READ;
		if (how->forms & FORM_MDY)
			return make(
			    n % 10000, n / 1000000, n / 10000 % 100, date);
		if (how->forms & FORM_DMY)
			return make(
			    n % 10000, n / 10000 % 100, n / 1000000, date);
		return DATE_UNREADABLE;
	}
	if (how->forms & (FORM_EXCEL | FORM_EXCEL_1904))
		return read_serial(how, word, date);
	if (!is_serial(n))
		return DATE_UNREADABLE;
	how->serial = true;
	count_days(n, date);
	return DATE_READ;
}

static enum date_outcome
read_named(
    struct date_reading *how, const struct word *words, struct date *date)
{
	/* Jan 15, 1955; 15-Jan-1955; 1955-Jan-15 */
	if (words[0].month)
		return make_from(
		    how, &words[2], words[0].month, words[1].number, date);
	if (!words[1].month)
		return DATE_UNREADABLE;
	if (words[0].digits == 4)
		return make(
		    words[0].number, words[1].month, words[2].number, date);
	return make_from(how, &words[2], words[1].month, words[0].number, date);
}

static enum date_outcome
read_numbers(
    struct date_reading *how, const struct word *words, struct date *date)
{
	int a = words[0].number, b = words[1].number;
	unsigned forms = how->forms & (FORM_MDY | FORM_DMY | FORM_YMD);

	if (words[0].digits == 4)
		return make(a, b, words[2].number, date);
	if (words[0].digits > 2 || words[1].digits > 2)
		return DATE_UNREADABLE;
	if (forms & FORM_MDY &&
	    make_from(how, &words[2], a, b, date) == DATE_READ)
		return DATE_READ;
	if (forms & FORM_DMY &&
	    make_from(how, &words[2], b, a, date) == DATE_READ)
		return DATE_READ;
	if (forms & FORM_YMD && words[2].digits <= 2)
		return make_from(how, &words[0], b, words[2].number, date);
	if (forms)
		return DATE_UNREADABLE;
	if (how->order == DATE_MIXED && a <= 12 && b <= 12 && a != b)
		return DATE_AMBIGUOUS;
	if (a > 12 || (how->order == DATE_DAY_FIRST && b <= 12))
		return make_from(how, &words[2], b, a, date);
	return make_from(how, &words[2], a, b, date);
}

/* ".0" and ".5": a serial with a time of day. */
static void
drop_fraction(char *text)
{
	size_t whole = strspn(text, "0123456789");

	if (whole >= 4 && whole <= 5 && text[whole] == '.' && text[whole + 1] &&
	    text[whole + 1 + strspn(text + whole + 1, "0123456789")] == '\0')
		text[whole] = '\0';
}

/* Into DATE_LONGEST bytes; false when it is too long. */
bool
date_lower(char *text, const char *raw, size_t len)
{
	if (len >= DATE_LONGEST)
		return false;
	for (size_t i = 0; i < len; i++)
		text[i] = (char)tolower((unsigned char)raw[i]);
	text[len] = '\0';
	return true;
}

enum date_outcome
date_read(struct date_reading *how, const char *raw, struct date *date)
{
	struct word words[WORDS_MAX];
	char text[DATE_LONGEST] = "";
	int count;

	if (!date_lower(text, raw, strlen(raw)))
		return DATE_UNREADABLE;
	if (strcmp(text, "unknown") == 0 || strcmp(text, "na") == 0)
		return DATE_NOTHING;
	/* vCard's dates without a year: --0421, --04-21 */
	if (str_starts(text, "--") && isdigit((unsigned char)text[2]))
		return DATE_NO_YEAR;
	drop_time(text);
	drop_fraction(text);
	count = cut(text, words);
	if (count < 1)
		return DATE_UNREADABLE;
	if (all_zero(words, count) || excel_nothing(words, count))
		return DATE_NOTHING;
	if (count == 1)
		return read_one(how, &words[0], date);
	if (count == 2)
		return words[0].digits == 4 || words[1].digits == 4
			   ? DATE_UNREADABLE
			   : DATE_NO_YEAR;
	if (words[2].number < 0)
		return DATE_UNREADABLE;
	if (words[0].month || words[1].month)
		return words[0].number >= 0 || words[1].number >= 0
			   ? read_named(how, words, date)
			   : DATE_UNREADABLE;
	return read_numbers(how, words, date);
}

bool
rules_read_date(const char *text, const struct date *today, struct date *date)
{
	struct date_reading how = {.today = today, .birth = true};

	return date_read(&how, text, date) == DATE_READ;
}

bool
rules_sent_date(const char *text, struct date *date)
{
	int parts[3] = {0};

	for (unsigned i = 0; i < 10; i++) {
		bool dash = i == 4 || i == 7;

		if (dash ? text[i] != '-' : !isdigit((unsigned char)text[i]))
			return false;
		if (!dash)
			parts[(i > 4) + (i > 7)] =
			    10 * parts[(i > 4) + (i > 7)] + (text[i] - '0');
	}
	*date = (struct date){parts[0], parts[1], parts[2]};
	return text[10] == '\0' && date_valid(date);
}

/* ---- what a column tells
 * ----------------------------------------------------- */

static enum date_sign
number_sign(const char *text, size_t len)
{
	struct date date;
	int number = 0;

	for (size_t i = 0; i < len; i++)
		number = 10 * number + (text[i] - '0');
	if (!is_serial(number))
		return DATE_SIGN_NONE;
	count_days(number, &date);
	if (date.day == 1)
		return DATE_SIGN_SINCE_1900;
	count_days(number + DATE_DAYS_TO_1904, &date);
	return date.day == 1 ? DATE_SIGN_SINCE_1904 : DATE_SIGN_NUMBER;
}

enum date_sign
rules_date_sign(const char *raw)
{
	struct word words[WORDS_MAX];
	char text[DATE_LONGEST] = "";
	size_t len, digits;
	int a, b;

	raw = text_trim(raw, &len);
	digits = strspn(raw, "0123456789");
	/* a year comes first, or a number is all of it */
	if (digits == 0 || digits > 5 || digits == 3)
		return DATE_SIGN_NONE;
	if (digits > 2 && digits != len && raw[digits] != '.')
		return DATE_SIGN_NONE;
	if (!date_lower(text, raw, len))
		return DATE_SIGN_NONE;
	if (digits > 2) {
		drop_fraction(text);
		return text[digits] ? DATE_SIGN_NONE
				    : number_sign(text, digits);
	}
	drop_time(text);
	if (cut(text, words) != 3 || words[0].digits > 2 ||
	    words[0].digits == 0 || words[1].digits > 2 || words[1].digits == 0)
		return DATE_SIGN_NONE;
	a = words[0].number;
	b = words[1].number;
	if (a > 12 && b <= 12 && a <= 31)
		return DATE_SIGN_DAY_FIRST;
	if (b > 12 && a <= 12 && b <= 31)
		return DATE_SIGN_MONTH_FIRST;
	return a >= 1 && a <= 12 && b >= 1 && b <= 12 && a != b
		   ? DATE_SIGN_EITHER
		   : DATE_SIGN_NONE;
}

int
rules_date_evidence(const char *raw)
{
	enum date_sign sign = rules_date_sign(raw);

	return sign == DATE_SIGN_MONTH_FIRST ? 1
	       : sign == DATE_SIGN_DAY_FIRST ? 2
					     : 0;
}

/* A column in which a day came first once is written like that throughout,
 * unless a month came first elsewhere: then nobody knows. */
enum date_order
rules_date_order(uint32_t month_first, uint32_t day_first)
{
	if (day_first == 0)
		return DATE_MONTH_FIRST;
	return month_first > 0 ? DATE_MIXED : DATE_DAY_FIRST;
}
