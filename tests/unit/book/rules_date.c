/* SPDX-License-Identifier: MIT */
#include "book/rules.h"

#include <string.h>

#include "base/str.h"
#include "book/finding.h"
#include "check.h"

TEST(rules_date_evidence)
{
	CHECK_INT(rules_date_evidence("13/1/1955"), 2);
	CHECK_INT(rules_date_evidence("1/13/1955"), 1);
	CHECK_INT(rules_date_evidence("1/12/1955"), 0);
	CHECK_INT(rules_date_evidence("1955-13-01"), 0);
	CHECK_INT(rules_date_evidence("1955-01-13"), 0);
	CHECK_INT(rules_date_evidence("13 Jan 1955"), 0);
	CHECK_INT(rules_date_evidence("32/1/1955"), 0);
	CHECK_INT(rules_date_evidence(" 31.1.55 "), 2);
	CHECK_INT(rules_date_evidence("1/31/1955 2:30 PM"), 1);
	CHECK_INT(rules_date_evidence("31/1"), 0);
	CHECK_INT(rules_date_evidence(""), 0);
	CHECK_INT(rules_date_evidence("n/a"), 0);
}

TEST(rules_date_signs)
{
	static const struct {
		const char *raw;
		enum date_sign sign;
	} tests[] = {
	    {"1/2/1955", DATE_SIGN_EITHER},
	    {"12/11/55", DATE_SIGN_EITHER},
	    {"2/2/1955", DATE_SIGN_NONE},
	    {"0/2/1955", DATE_SIGN_NONE},
	    {"31.1.55", DATE_SIGN_DAY_FIRST},
	    {"1/31/1955", DATE_SIGN_MONTH_FIRST},
	    /* 2020-05-01 since 1900; since 1904; 2016-05-01 and a day */
	    {"43952", DATE_SIGN_SINCE_1900},
	    {" 43952.75 ", DATE_SIGN_SINCE_1900},
	    {"42490", DATE_SIGN_SINCE_1904},
	    {"42492", DATE_SIGN_NUMBER},
	    {"1955", DATE_SIGN_NONE},
	    {"60001", DATE_SIGN_NONE},
	    {"999", DATE_SIGN_NONE},
	    {"43952x", DATE_SIGN_NONE},
	    {"439521", DATE_SIGN_NONE},
	    {"1955-01-02", DATE_SIGN_NONE},
	    {"", DATE_SIGN_NONE},
	};

	for (unsigned i = 0; i < sizeof(tests) / sizeof(*tests); i++)
		CHECK_INT(rules_date_sign(tests[i].raw), tests[i].sign);
	CHECK(rules_form_orders("excel,d/m/y") && rules_form_orders("y-m-d"));
	CHECK(!rules_form_orders("excel1904") && !rules_form_orders(NULL));
	CHECK(
	    rules_form_counts("m/d/y,excel1904") && rules_form_counts("excel"));
	CHECK(!rules_form_counts("m/d/y") && !rules_form_counts(NULL));
}

/* In words, since the date itself is not shown. */
TEST(rules_date_that_cannot_be_read_says_why)
{
	static const struct {
		const char *raw, *form, *why;
	} tests[] = {
	    {"2/30/45", "m/d/y", "m/d/y: that month has no such day"},
	    {"13/1/1950", "m/d/y", "m/d/y: there is no such month"},
	    {"31-11-1950", "d/m/y", "d/m/y: that month has no such day"},
	    {"1950-13-01", "y-m-d", "y-m-d: there is no such month"},
	    {"45", "m/d/y", "m/d/y: it is a number without day and month"},
	    {"spring of 45", "m/d/y", "of the form m/d/y"},
	    {"13/32/1950", "excel,m/d/y", "of the form excel,m/d/y"},
	    {"32/32/1950", NULL, "cannot be read as a date"},
	};

	for (unsigned i = 0; i < sizeof(tests) / sizeof(*tests); i++) {
		struct finding items[4];
		struct findings findings = {items, 0, 4};
		struct rules_input input = {
		    .field = FIELD_BIRTH_DATE,
		    .raw = tests[i].raw,
		    .date_form = tests[i].form,
		    .today = {2026, 12, 1},
		};
		struct str value;
		const char *said;

		str_init(&value, 200);
		rules_clean(&input, &value, &findings);
		REQUIRE(findings.count > 0);
		said = findings.items[0].message;
		CHECK_INT(findings.items[0].code, FINDING_DATE_SHAPE);
		REQUIRE(strlen(said) >= strlen(tests[i].why));
		CHECK_TEXT(
		    said + strlen(said) - strlen(tests[i].why), tests[i].why);
		CHECK(!strstr(said, "45") && !strstr(said, "1950"));
		str_release(&value);
	}
}

TEST(rules_sent_dates)
{
	struct date date;

	REQUIRE(rules_sent_date("1955-01-15", &date));
	CHECK_INT(date.year * 10000 + date.month * 100 + date.day, 19550115);
	CHECK(!rules_sent_date("1955-02-30", &date));
	CHECK(!rules_sent_date("1955-01-155", &date));
	CHECK(!rules_sent_date("1955/01/15", &date));
	CHECK(!rules_sent_date("1955-1-15", &date));
	CHECK(!rules_sent_date("", &date));
}
