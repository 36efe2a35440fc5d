/* SPDX-License-Identifier: MIT */
/* What birth date and effective dates say on a day. */
#include "book/glance.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "check.h"

TEST(glance_knows_age_and_days_until_65)
{
	static const struct {
		const char *birth;
		struct date today;
		int age;
		int64_t t65;
	} cases[] = {
	    {"1961-12-27", {2026, 11, 23}, 64, 34},
	    {"1961-12-27", {2026, 12, 26}, 64, 1},
	    {"1961-12-27", {2026, 12, 27}, 65, 0},
	    {"1961-12-27", {2026, 12, 28}, 65, -1},
	    /* on 29 February: a year older on 1 March of a common year */
	    {"1960-02-29", {2025, 2, 28}, 64, 1},
	    {"1960-02-29", {2025, 3, 1}, 65, 0},
	    {"2026-11-23", {2026, 11, 23}, 0, 23741},
	    /* nothing is known */
	    {"2026-11-24", {2026, 11, 23}, -1, -1},
	    {"", {2026, 11, 23}, -1, -1},
	    {NULL, {2026, 11, 23}, -1, -1},
	    {"1961-02-30", {2026, 11, 23}, -1, -1},
	    {"12/27/1961", {2026, 11, 23}, -1, -1},
	    {"1961-12-27 x", {2026, 11, 23}, -1, -1},
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct glance glance;

		glance_birth(&glance, cases[i].birth, &cases[i].today);
		if (!CHECK_INT(glance.age, cases[i].age) ||
		    !CHECK_INT(glance.t65, cases[i].t65))
			printf("# case %u\n", i);
		CHECK((glance.age < 0) == !*glance_iep_word(&glance));
	}
}

/*
 * First and last days from the examples at medicare.gov ("When can I sign up
 * for Medicare?") and of 42 CFR 407.14: seven months around the 65th birthday,
 * one earlier for who is born on the 1st.
 */
TEST(glance_knows_the_initial_enrollment_period)
{
	static const struct {
		const char *birth;
		struct date first, last;
	} cases[] = {
	    {"1961-05-20", {2026, 2, 1}, {2026, 8, 31}},
	    {"1961-05-31", {2026, 2, 1}, {2026, 8, 31}},
	    {"1961-05-02", {2026, 2, 1}, {2026, 8, 31}},
	    {"1961-05-01", {2026, 1, 1}, {2026, 7, 31}},
	    {"1961-12-15", {2026, 9, 1}, {2027, 3, 31}},
	    {"1961-12-01", {2026, 8, 1}, {2027, 2, 28}},
	    {"1962-01-01", {2026, 9, 1}, {2027, 3, 31}},
	    {"1960-02-29", {2024, 11, 1}, {2025, 5, 31}},
	    {"1960-03-01", {2024, 11, 1}, {2025, 5, 31}},
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int64_t first = date_to_days(&cases[i].first);
		int64_t last = date_to_days(&cases[i].last);

		for (int64_t day = first - 40; day <= last + 40; day++) {
			struct glance glance;
			struct date today;

			date_from_days(day, &today);
			glance_birth(&glance, cases[i].birth, &today);
			if (!CHECK_TEXT(glance_iep_word(&glance),
				day >= first && day <= last ? "yes" : "no"))
				printf("# born %s, on %d-%d-%d\n",
				    cases[i].birth, today.year, today.month,
				    today.day);
		}
	}
}

TEST(glance_knows_which_parts_are_in_force)
{
	static const struct {
		const char *a, *b, *word, *text;
	} cases[] = {
	    {"2020-03-01", "2020-03-01", "AB", "A, B"},
	    {"2020-03-01", NULL, "A", "A"},
	    {"", "2020-03-01", "B", "B"},
	    {"", "", "", ""},
	    {NULL, NULL, "", ""},
	    /* on the day itself it is in force */
	    {"2026-11-23", "2026-11-24", "A", "A, B Nov 24"},
	    {"2020-03-01", "2027-03-01", "A", "A, B Mar 1"},
	    {"2027-03-01", "2020-03-01", "B", "A Mar 1, B"},
	    {"2027-01-01", "2027-01-01", "", "A Jan 1, B Jan 1"},
	    /* which year it would be is not to be guessed */
	    {"2020-03-01", "2027-11-22", "A", "A, B Nov 22"},
	    {"2020-03-01", "2027-11-23", "A", "A, B 2027"},
	    {"2020-03-01", "2028-07-01", "A", "A, B 2028"},
	    {"03/01/2020", "2020-13-01", "", ""},
	};
	static const struct date today = {2026, 11, 23};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct glance glance;
		struct str text;

		str_init(&text, 100);
		str_add(&text, "x");
		glance_parts(&glance, cases[i].a, cases[i].b, &today);
		glance_add_parts(&glance, &text);
		CHECK_TEXT(glance_parts_word(&glance), cases[i].word);
		CHECK_TEXT(text.data + 1, cases[i].text);
		str_release(&text);
	}
}
