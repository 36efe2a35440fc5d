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
 */
#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "book/rules.h"

enum {
	WORDS_MAX = 3,
	SERIAL_MIN = 1000,
	SERIAL_MAX = 60000,
	ADULT = 18,
	OLDEST = 120,
	PART_AHEAD_MONTHS = 6,
};

const char *const rules_date_forms[] = {
    "m/d/y", "d/m/y", "y-m-d", "excel", NULL};

enum form { FORM_MDY = 1, FORM_DMY = 2, FORM_YMD = 4, FORM_EXCEL = 8 };

enum outcome { READ, NOTHING, UNREADABLE, NO_YEAR, AMBIGUOUS };

struct word {
	int number;      /* -1: letters */
	unsigned digits; /* how many */
	int month;       /* of letters; 0: no month's name */
};

struct reading {
	const struct date *today;
	unsigned forms; /* 0: any */
	enum date_order order;
	bool birth; /* two-digit years are never in the future */
};

static unsigned
forms_of(const char *text)
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

static enum outcome
make(int year, int month, int day, struct date *date)
{
	*date = (struct date){year, month, day};
	return date_valid(date) ? READ : UNREADABLE;
}

/* A year of two digits is this century's unless that is too far ahead. */
static enum outcome
make_from(const struct reading *how, const struct word *year, int month,
    int day, struct date *date)
{
	int64_t limit;
	enum outcome outcome;

	if (year->digits == 4)
		return make(year->number, month, day, date);
	if (year->digits != 2)
		return UNREADABLE;
	limit = date_to_days(how->today) + (how->birth ? 0 : 366);
	outcome = make(2000 + year->number, month, day, date);
	if (outcome == READ && date_to_days(date) <= limit)
		return READ;
	return make(1900 + year->number, month, day, date);
}

static enum outcome
read_serial(const struct word *word, struct date *date)
{
	struct date epoch = {1899, 12, 30};

	date_from_days(date_to_days(&epoch) + word->number, date);
	return READ;
}

static enum outcome
read_one(const struct reading *how, const struct word *word, struct date *date)
{
	int n = word->number;

	if (n < 0)
		return UNREADABLE;
	if (word->digits == 8) {
		enum outcome ymd = make(
		    n / 10000, n / 100 % 100, n % 100, date);

		if (n / 10000 >= 1800 && n / 10000 < 2200 && ymd == READ)
			return READ;
		if (how->forms & FORM_MDY)
			return make(
			    n % 10000, n / 1000000, n / 10000 % 100, date);
		if (how->forms & FORM_DMY)
			return make(
			    n % 10000, n / 10000 % 100, n / 1000000, date);
		return UNREADABLE;
	}
	if (how->forms & FORM_EXCEL)
		return n >= 61 && word->digits <= 6 ? read_serial(word, date)
						    : UNREADABLE;
	/* 1955 is a year that somebody typed, not a day of 1905 */
	if (n >= 1900 && n <= 2100)
		return UNREADABLE;
	if (n >= SERIAL_MIN && n <= SERIAL_MAX)
		return read_serial(word, date);
	return UNREADABLE;
}

static enum outcome
read_named(
    const struct reading *how, const struct word *words, struct date *date)
{
	/* Jan 15, 1955; 15-Jan-1955; 1955-Jan-15 */
	if (words[0].month)
		return make_from(
		    how, &words[2], words[0].month, words[1].number, date);
	if (!words[1].month)
		return UNREADABLE;
	if (words[0].digits == 4)
		return make(
		    words[0].number, words[1].month, words[2].number, date);
	return make_from(how, &words[2], words[1].month, words[0].number, date);
}

static enum outcome
read_numbers(
    const struct reading *how, const struct word *words, struct date *date)
{
	int a = words[0].number, b = words[1].number;
	unsigned forms = how->forms & (FORM_MDY | FORM_DMY | FORM_YMD);

	if (words[0].digits == 4)
		return make(a, b, words[2].number, date);
	if (words[0].digits > 2 || words[1].digits > 2)
		return UNREADABLE;
	if (forms & FORM_MDY && make_from(how, &words[2], a, b, date) == READ)
		return READ;
	if (forms & FORM_DMY && make_from(how, &words[2], b, a, date) == READ)
		return READ;
	if (forms & FORM_YMD && words[2].digits <= 2)
		return make_from(how, &words[0], b, words[2].number, date);
	if (forms)
		return UNREADABLE;
	if (how->order == DATE_MIXED && a <= 12 && b <= 12 && a != b)
		return AMBIGUOUS;
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

static enum outcome
read_date(const struct reading *how, const char *raw, struct date *date)
{
	struct word words[WORDS_MAX];
	char text[48];
	int count;

	if (!str_copy(text, sizeof(text), raw))
		return UNREADABLE;
	for (char *c = text; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	if (strcmp(text, "unknown") == 0 || strcmp(text, "na") == 0)
		return NOTHING;
	/* vCard's dates without a year: --0421, --04-21 */
	if (str_starts(text, "--") && isdigit((unsigned char)text[2]))
		return NO_YEAR;
	drop_time(text);
	drop_fraction(text);
	count = cut(text, words);
	if (count < 1)
		return UNREADABLE;
	if (all_zero(words, count) || excel_nothing(words, count))
		return NOTHING;
	if (count == 1)
		return read_one(how, &words[0], date);
	if (count == 2)
		return words[0].digits == 4 || words[1].digits == 4 ? UNREADABLE
								    : NO_YEAR;
	if (words[2].number < 0)
		return UNREADABLE;
	if (words[0].month || words[1].month)
		return words[0].number >= 0 || words[1].number >= 0
			   ? read_named(how, words, date)
			   : UNREADABLE;
	return read_numbers(how, words, date);
}

bool
rules_read_date(const char *text, const struct date *today, struct date *date)
{
	struct reading how = {.today = today, .birth = true};

	return read_date(&how, text, date) == READ;
}

int
rules_date_evidence(const char *raw)
{
	struct word words[WORDS_MAX];
	char text[48];
	size_t len;

	raw = text_trim(raw, &len);
	if (!isdigit((unsigned char)*raw) || len >= sizeof(text))
		return 0;
	/* a year comes first */
	if (strspn(raw, "0123456789") > 2)
		return 0;
	memcpy(text, raw, len);
	text[len] = '\0';
	for (char *c = text; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	drop_time(text);
	if (cut(text, words) != 3 || words[0].digits > 2 ||
	    words[0].digits == 0 || words[1].digits > 2 || words[1].digits == 0)
		return 0;
	if (words[0].number > 12 && words[1].number <= 12 &&
	    words[0].number <= 31)
		return 2;
	if (words[1].number > 12 && words[0].number <= 12 &&
	    words[1].number <= 31)
		return 1;
	return 0;
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

/* ---- what is odd about a date
 * ------------------------------------------------ */

static void
check_birth(const struct date *date, const struct date *today,
    struct findings *findings)
{
	int years;

	if (date->month == 1 && date->day == 1 &&
	    (date->year == 1900 || date->year == 1970)) {
		findings_add(findings, FINDING_BIRTH_PLACEHOLDER,
		    FIELD_BIRTH_DATE,
		    "birth date is the one that programs fill in when they "
		    "have none");
		return;
	}
	if (date_to_days(date) > date_to_days(today)) {
		findings_add(findings, FINDING_BIRTH_FUTURE, FIELD_BIRTH_DATE,
		    "birth date is in the future");
		return;
	}
	years = date_years(date, today);
	if (years > OLDEST || years < ADULT)
		findings_add(findings, FINDING_BIRTH_AGE, FIELD_BIRTH_DATE,
		    "by the birth date the age would be %d", years);
}

static void
check_part(enum field field, const struct date *date, const struct date *today,
    struct findings *findings)
{
	const char *label = field_table[field].label;
	int ahead = (date->year - today->year) * 12 + date->month -
		    today->month;

	if (date->year < 1966 || (date->year == 1966 && date->month < 7))
		findings_add(findings, FINDING_PART_DATE, field,
		    "%s is before July 1966, when Medicare began", label);
	else if (ahead > PART_AHEAD_MONTHS ||
		 (ahead == PART_AHEAD_MONTHS && date->day > today->day))
		findings_add(findings, FINDING_PART_DATE, field,
		    "%s is over six months ahead", label);
	else if (date->day != 1)
		findings_add(findings, FINDING_PART_DATE, field,
		    "%s is not the first of a month", label);
}

static void
unread(const struct rules_input *input, enum outcome outcome, const char *text,
    struct findings *findings)
{
	const char *label = field_table[input->field].label;
	/* a birth date is nobody's business in a message */
	bool hide = field_table[input->field].flags & FIELD_SENSITIVE;
	struct rules_quote quote = rules_quote(text);

	if (outcome == AMBIGUOUS)
		findings_add(findings, FINDING_DATE_AMBIGUOUS, input->field,
		    "%s can be read with the day or the month first, and the "
		    "column has both",
		    label);
	else if (outcome == NO_YEAR)
		findings_add(findings, FINDING_DATE_SHAPE, input->field,
		    "%s has no year", label);
	else if (hide)
		findings_add(findings, FINDING_DATE_SHAPE, input->field,
		    "%s cannot be read as a date%s%s", label,
		    input->date_form ? " of the form " : "",
		    input->date_form ? input->date_form : "");
	else
		findings_add(findings, FINDING_DATE_SHAPE, input->field,
		    "%s \"%s\" cannot be read as a date", label, quote.text);
}

/* YYYY-MM-DD; by hand, as a third of all values are dates. */
static void
put_date(struct str *value, const struct date *date)
{
	int parts[] = {
	    date->year / 100, date->year % 100, date->month, date->day};
	char text[11], *at = text;

	for (unsigned i = 0; i < 4; i++) {
		if (i > 1)
			*at++ = '-';
		*at++ = (char)('0' + parts[i] / 10 % 10);
		*at++ = (char)('0' + parts[i] % 10);
	}
	str_add_bytes(value, text, (size_t)(at - text));
}

void
rules_date(const struct rules_input *input, struct str *value,
    struct findings *findings)
{
	struct reading how = {
	    .today = &input->today,
	    .forms = forms_of(input->date_form),
	    .order = input->order,
	    .birth = input->field == FIELD_BIRTH_DATE,
	};
	struct date date;
	enum outcome outcome = read_date(&how, value->data, &date);

	if (outcome != READ && outcome != NOTHING)
		unread(input, outcome, value->data, findings);
	str_reset(value);
	if (outcome != READ)
		return;
	put_date(value, &date);
	if (input->field == FIELD_BIRTH_DATE)
		check_birth(&date, &input->today, findings);
	else
		check_part(input->field, &date, &input->today, findings);
}
