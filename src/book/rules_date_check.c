/* SPDX-License-Identifier: MIT */
/*
 * What becomes of a date that was read, and what is odd about it: fillers,
 * ages, the first of the month; what was guessed in reading it; what it may
 * have been when it was not read.
 * Hazard: a birth date is nobody's business in a message; suggestions hold
 * it and are masked as the field is.
 */
#include <stdio.h>
#include <string.h>

#include "book/rules_date.h"

enum {
	ADULT = 18,
	OLDEST = 120,
	/* whom a date typed a century off may be */
	LIKELY_YOUNGEST = 40,
	LIKELY_OLDEST = 105,
	PART_AHEAD_MONTHS = 6,
	DATE_SIZE = sizeof("YYYY-MM-DD"),
};

/* YYYY-MM-DD; by hand, as a third of all values are dates. */
static void
write_date(const struct date *date, char text[DATE_SIZE])
{
	int parts[] = {
	    date->year / 100, date->year % 100, date->month, date->day};
	char *at = text;

	for (unsigned i = 0; i < 4; i++) {
		if (i > 1)
			*at++ = '-';
		*at++ = (char)('0' + parts[i] / 10 % 10);
		*at++ = (char)('0' + parts[i] % 10);
	}
	*at = '\0';
}

static void
suggest(struct finding *finding, const struct date *date)
{
	write_date(date, finding->suggestion);
}

/* A year typed a century off, when the person could be a client then. */
static void
suggest_century(struct finding *finding, const struct date *date, int centuries,
    const struct date *today)
{
	struct date other = {
	    date->year + 100 * centuries, date->month, date->day};
	int years;

	if (!date_valid(&other))
		return;
	years = date_years(&other, today);
	if (years >= LIKELY_YOUNGEST && years <= LIKELY_OLDEST)
		suggest(finding, &other);
}

static void
check_birth(const struct date *date, const struct date *today,
    struct findings *findings)
{
	struct finding *finding;
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
		finding = findings_add(findings, FINDING_BIRTH_FUTURE,
		    FIELD_BIRTH_DATE, "birth date is in the future");
		suggest_century(finding, date, -1, today);
		return;
	}
	years = date_years(date, today);
	if (years <= OLDEST && years >= ADULT)
		return;
	finding = findings_add(findings, FINDING_BIRTH_AGE, FIELD_BIRTH_DATE,
	    "by the birth date the age would be %d", years);
	suggest_century(finding, date, years > OLDEST ? 1 : -1, today);
}

/* A day too early is often midnight in another zone. */
static void
suggest_first(struct finding *finding, const struct date *date)
{
	struct date first;

	date_from_days(date_to_days(date) + 1, &first);
	if (first.day != 1)
		first = (struct date){date->year, date->month, 1};
	suggest(finding, &first);
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
		suggest_first(findings_add(findings, FINDING_PART_DATE, field,
				  "%s is not the first of a month", label),
		    date);
}

/* What was guessed; true when the guess is too doubtful to be sent. */
static bool
check_guess(const struct rules_input *input, const struct date_reading *how,
    const struct date *date, struct findings *findings)
{
	const char *label = field_table[input->field].label;
	struct date later;

	if (how->century)
		findings_add(findings, FINDING_DATE_CENTURY, input->field,
		    "%s has a year of two digits, taken for one of the %d00s",
		    label, date->year / 100);
	if (!how->serial)
		return false;
	if (!input->doubtful_serials) {
		findings_add(findings, FINDING_DATE_SERIAL, input->field,
		    "%s is a number: it is taken for a spreadsheet's count of "
		    "days",
		    label);
		return false;
	}
	date_from_days(date_to_days(date) + DATE_DAYS_TO_1904, &later);
	suggest(findings_add(findings, FINDING_DATE_SYSTEM, input->field,
		    "%s is a spreadsheet's count of days, in this file "
		    "probably since 1904, not 1900",
		    label),
	    &later);
	return true;
}

/* Whether there is one way to read it, whatever forms were asked for. */
static bool
read_otherwise(
    const struct rules_input *input, const char *raw, struct date *date)
{
	struct date_reading how = {.today = &input->today,
	    .order = DATE_MIXED,
	    .birth = input->field == FIELD_BIRTH_DATE};
	char text[DATE_LONGEST];

	if (date_read(&how, raw, date) == DATE_READ)
		return true;
	if (!rules_retype_digits(raw, text, sizeof(text)))
		return false;
	/* a number with an "o" is no count of days */
	return date_read(&how, text, date) == DATE_READ && !how.serial;
}

/*
 * What is wrong with a date that is not shown, in words that hold nothing of
 * it; "" when there is no telling.
 */
static const char *
what_is_wrong(const char *text, const char *form)
{
	char dividers[2], end;
	int parts[3], month, day;
	struct date date;

	if (text[strspn(text, "0123456789")] == '\0')
		return ": it is a number without day and month";
	if (!form || !strchr("mdy", *form) ||
	    sscanf(text, "%4d%c%4d%c%4d%c", &parts[0], &dividers[0], &parts[1],
		&dividers[1], &parts[2], &end) != 5)
		return "";
	month = parts[*form == 'm' ? 0 : 1];
	day = parts[*form == 'm' ? 1 : *form == 'd' ? 0 : 2];
	date = (struct date){.year = 2000, .month = month, .day = day};
	if (month < 1 || month > 12)
		return ": there is no such month";
	return date_valid(&date) ? "" : ": that month has no such day";
}

static void
unread(const struct rules_input *input, enum date_outcome outcome,
    const char *text, struct findings *findings)
{
	const char *label = field_table[input->field].label;
	bool hide = field_table[input->field].flags & FIELD_SENSITIVE;
	struct rules_quote quote = rules_quote_date(text);
	struct finding *finding;
	struct date date;

	if (outcome == DATE_AMBIGUOUS)
		findings_add(findings, FINDING_DATE_AMBIGUOUS, input->field,
		    "%s can be read with the day or the month first, and the "
		    "column has both",
		    label);
	else if (outcome == DATE_NO_YEAR)
		findings_add(findings, FINDING_DATE_SHAPE, input->field,
		    "%s has no year", label);
	if (outcome != DATE_UNREADABLE)
		return;
	if (hide)
		finding = findings_add(findings, FINDING_DATE_SHAPE,
		    input->field, "%s cannot be read as a date%s%s%s", label,
		    input->date_form ? " of the form " : "",
		    input->date_form ? input->date_form : "",
		    what_is_wrong(text, input->date_form));
	else
		finding = findings_add(findings, FINDING_DATE_SHAPE,
		    input->field, "%s \"%s\" cannot be read as a date", label,
		    quote.text);
	if (read_otherwise(input, text, &date))
		suggest(finding, &date);
}

void
rules_date(const struct rules_input *input, struct str *value,
    struct findings *findings)
{
	struct date_reading how = {
	    .today = &input->today,
	    .forms = date_forms(input->date_form),
	    .order = input->order,
	    .birth = input->field == FIELD_BIRTH_DATE,
	};
	char text[DATE_SIZE];
	struct date date;
	enum date_outcome outcome = date_read(&how, value->data, &date);

	if (outcome != DATE_READ && outcome != DATE_NOTHING)
		unread(input, outcome, value->data, findings);
	str_reset(value);
	if (outcome != DATE_READ)
		return;
	write_date(&date, text);
	str_add_bytes(value, text, DATE_SIZE - 1);
	if (check_guess(input, &how, &date, findings))
		return;
	if (input->field == FIELD_BIRTH_DATE)
		check_birth(&date, &input->today, findings);
	else
		check_part(input->field, &date, &input->today, findings);
}
