/* SPDX-License-Identifier: MIT */
/*
 * Months are counted from the year 0, so that the seven of the enrollment
 * period need no care at the turn of a year.
 */
#include "book/glance.h"

#include <stdio.h>

#include "base/str.h"

enum { MEDICARE_AGE = 65, MONTHS_AROUND = 3, YEAR_DAYS = 365 };

static bool
read_date(const char *text, struct date *date)
{
	int end = 0;

	return text &&
	       sscanf(text, "%4d-%2d-%2d%n", &date->year, &date->month,
		   &date->day, &end) == 3 &&
	       text[end] == '\0' && date_valid(date);
}

static int
month_number(const struct date *date)
{
	return date->year * 12 + date->month - 1;
}

/* The month in which the person is 65 from its first day or later on. */
static int
month_of_65(const struct date *birth)
{
	int month = month_number(birth) + MEDICARE_AGE * 12;

	return birth->day == 1 ? month - 1 : month;
}

void
glance_birth(struct glance *glance, const char *birth, const struct date *today)
{
	struct date born;
	int64_t now = date_to_days(today);
	int ahead;

	glance->today = *today;
	glance->age = -1;
	glance->t65 = -1;
	glance->in_iep = false;
	if (!read_date(birth, &born) || date_to_days(&born) > now)
		return;
	glance->age = date_years(&born, today);
	glance->t65 = date_birthday(&born, MEDICARE_AGE) - now;
	if (glance->t65 < 0)
		glance->t65 = -1;
	ahead = month_of_65(&born) - month_number(today);
	glance->in_iep = ahead >= -MONTHS_AROUND && ahead <= MONTHS_AROUND;
}

static void
look(struct glance_part *part, const char *text, const struct date *today)
{
	bool known = read_date(text, &part->from);

	part->later = known && date_to_days(&part->from) > date_to_days(today);
	part->has = known && !part->later;
}

void
glance_parts(struct glance *glance, const char *part_a, const char *part_b,
    const struct date *today)
{
	glance->today = *today;
	look(&glance->a, part_a, today);
	look(&glance->b, part_b, today);
}

const char *
glance_parts_word(const struct glance *glance)
{
	if (glance->a.has)
		return glance->b.has ? "AB" : "A";
	return glance->b.has ? "B" : "";
}

const char *
glance_iep_word(const struct glance *glance)
{
	if (glance->age < 0)
		return "";
	return glance->in_iep ? "yes" : "no";
}

static void
add_part(const struct glance *glance, char letter,
    const struct glance_part *part, struct str *out)
{
	static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May",
	    "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

	if (!part->has && !part->later)
		return;
	if (out->len > 0)
		str_add(out, ", ");
	str_add_char(out, letter);
	if (!part->later)
		return;
	if (date_to_days(&part->from) - date_to_days(&glance->today) <
	    YEAR_DAYS)
		str_addf(out, " %s %d", months[part->from.month - 1],
		    part->from.day);
	else
		str_addf(out, " %d", part->from.year);
}

void
glance_add_parts(const struct glance *glance, struct str *out)
{
	struct str text;

	str_init(&text, 64);
	add_part(glance, 'A', &glance->a, &text);
	add_part(glance, 'B', &glance->b, &text);
	str_add(out, text.data);
	str_release(&text);
}
