/* SPDX-License-Identifier: MIT */
#include "check.h"
#include "vectors.h"

/* Forms met in exports of HubSpot, Salesforce, Zoho, GoHighLevel, Outlook,
 * Google Contacts and vCards; empty values of Outlook, SQL and Excel. */
TEST(rules_birth_date)
{
	static const struct vector vectors[] = {
	    {"1955-01-15", "1955-01-15", ""},
	    {"1955/01/15", "1955-01-15", ""},
	    {"1955.01.15", "1955-01-15", ""},
	    {"1955-1-5", "1955-01-05", ""},
	    {"19550115", "1955-01-15", ""},
	    {"01/15/1955", "1955-01-15", ""},
	    {"1/15/1955", "1955-01-15", ""},
	    {"01-15-1955", "1955-01-15", ""},
	    {"1.15.1955", "1955-01-15", ""},
	    {"1/2/1955", "1955-01-02", ""},
	    {"  1/15/1955 ", "1955-01-15", ""},
	    {"1 / 15 / 1955", "1955-01-15", ""},
	    {"'1/15/1955", "1955-01-15", ""},
	    {"=\"1/15/1955\"", "1955-01-15", ""},
	    /* HubSpot's times, Salesforce's time stamps, Zoho's, webhooks */
	    {"1955-01-15 09:14", "1955-01-15", ""},
	    {"1/15/1955 2:30 PM", "1955-01-15", ""},
	    {"1955-01-15T19:39:11.000Z", "1955-01-15", ""},
	    {"2000-01-05T00:00:00.000Z", "2000-01-05", ""},
	    {"1955-01-15T00:00:00+02:00", "1955-01-15", ""},
	    {"19550115T000000", "1955-01-15", ""},
	    {"Jun 21, 1955 03:03 PM", "1955-06-21", ""},
	    {"Jan 15, 1955", "1955-01-15", ""},
	    {"January 15, 1955", "1955-01-15", ""},
	    {"Jan. 15, 1955", "1955-01-15", ""},
	    {"january 15th 1955", "1955-01-15", ""},
	    {"Sept 3, 1955", "1955-09-03", ""},
	    {"15-Jan-1955", "1955-01-15", ""},
	    {"15 January 1955", "1955-01-15", ""},
	    {"15-JAN-55", "1955-01-15", ""},
	    {"1955-Jan-15", "1955-01-15", ""},
	    /* two-digit years are never in the future */
	    {"1/15/55", "1955-01-15", ""},
	    {"11/23/26", "2026-11-23", "BIRTH-AGE"},
	    {"11/24/26", "1926-11-24", ""},
	    {"1/1/08", "2008-01-01", ""},
	    {"12/31/27", "1927-12-31", ""},
	    /* Excel: 1899-12-30 + n */
	    {"1828", "1905-01-01", "BIRTH-AGE"},
	    {"20104", "1955-01-15", ""},
	    {"20104.0", "1955-01-15", ""},
	    {"20104.75", "1955-01-15", ""},
	    {"46023", "2026-01-01", "BIRTH-AGE"},
	    {"60001", "", "DATE-SHAPE"},
	    {"999", "", "DATE-SHAPE"},
	    {"1955", "", "DATE-SHAPE"},
	    {"2026", "", "DATE-SHAPE"},
	    /* nothing */
	    {"", "", ""},
	    {"  ", "", ""},
	    {"-", "", ""},
	    {"N/A", "", ""},
	    {"n/a", "", ""},
	    {"null", "", ""},
	    {"0/0/00", "", ""},
	    {"00/00/0000", "", ""},
	    {"0000-00-00", "", ""},
	    {"0000-00-00 00:00:00", "", ""},
	    {"0", "", ""},
	    {"1900-01-00", "", ""},
	    {"1/0/1900", "", ""},
	    {"1/0/00", "", ""},
	    {"unknown", "", ""},
	    /* no year: vCard, Google */
	    {"--0421", "", "DATE-SHAPE"},
	    {"--04-21", "", "DATE-SHAPE"},
	    {"4/21", "", "DATE-SHAPE"},
	    /* not in the calendar */
	    {"2/30/1955", "", "DATE-SHAPE"},
	    {"2/29/1955", "", "DATE-SHAPE"},
	    {"2/29/1956", "1956-02-29", ""},
	    {"2/29/1900", "", "DATE-SHAPE"},
	    {"13/32/1955", "", "DATE-SHAPE"},
	    {"0/15/1955", "", "DATE-SHAPE"},
	    {"1955-13-01", "", "DATE-SHAPE"},
	    {"1955-00-10", "", "DATE-SHAPE"},
	    {"1/15/195", "", "DATE-SHAPE"},
	    {"1/15/19555", "", "DATE-SHAPE"},
	    {"1/15/1955 x", "", "DATE-SHAPE"},
	    {"Foo 15, 1955", "", "DATE-SHAPE"},
	    {"in spring", "", "DATE-SHAPE"},
	    {"1955-01-15-01", "", "DATE-SHAPE"},
	    {"99999999999999999999", "", "DATE-SHAPE"},
	    {"1//15//1955", "", "DATE-SHAPE"},
	    {"-1955-01-15", "", "DATE-SHAPE"},
	    {"this is far too long to be a date of any form that we know", "",
		"DATE-SHAPE"},
	    /* the product's bounds of age and fillers */
	    {"2026-11-24", "2026-11-24", "BIRTH-FUTURE"},
	    {"2999-01-01", "2999-01-01", "BIRTH-FUTURE"},
	    {"2008-11-24", "2008-11-24", "BIRTH-AGE"},
	    {"2008-11-23", "2008-11-23", ""},
	    {"1905-11-23", "1905-11-23", "BIRTH-AGE"},
	    {"1905-11-24", "1905-11-24", ""},
	    {"1604-03-15", "1604-03-15", "BIRTH-AGE"},
	    {"1900-01-01", "1900-01-01", "BIRTH-PLACEHOLDER"},
	    {"1/1/1970", "1970-01-01", "BIRTH-PLACEHOLDER"},
	};

	VECTORS_CHECK(FIELD_BIRTH_DATE, vectors);
}

TEST(rules_date_order_of_a_column)
{
	static const struct vector vectors[] = {
	    {"3/4/1955", "1955-03-04", "", NULL, DATE_MONTH_FIRST},
	    {"3/4/1955", "1955-04-03", "", NULL, DATE_DAY_FIRST},
	    {"3/4/1955", "", "DATE-AMBIGUOUS", NULL, DATE_MIXED},
	    {"3/3/1955", "1955-03-03", "", NULL, DATE_MIXED},
	    {"15/4/1955", "1955-04-15", "", NULL, DATE_DAY_FIRST},
	    {"15/4/1955", "1955-04-15", "", NULL, DATE_MIXED},
	    {"15/4/1955", "1955-04-15", "", NULL, DATE_MONTH_FIRST},
	    {"4/15/1955", "1955-04-15", "", NULL, DATE_MIXED},
	    {"4/15/1955", "1955-04-15", "", NULL, DATE_DAY_FIRST},
	    {"1955-03-04", "1955-03-04", "", NULL, DATE_DAY_FIRST},
	    {"4 Mar 1955", "1955-03-04", "", NULL, DATE_MIXED},
	};

	VECTORS_CHECK(FIELD_BIRTH_DATE, vectors);
}

TEST(rules_date_forms_of_the_mapping)
{
	static const struct vector vectors[] = {
	    {"3/4/1955", "1955-03-04", "", "m/d/y", DATE_DAY_FIRST},
	    {"3/4/1955", "1955-04-03", "", "d/m/y", DATE_MONTH_FIRST},
	    {"3/4/1955", "1955-03-04", "", "m/d/y", DATE_MIXED},
	    {"15/4/1955", "", "DATE-SHAPE", "m/d/y"},
	    {"4/15/1955", "", "DATE-SHAPE", "d/m/y"},
	    {"15/4/1955", "1955-04-15", "", "m/d/y,d/m/y"},
	    {"3/4/1955", "1955-03-04", "", "m/d/y,d/m/y"},
	    {"1955-03-04", "1955-03-04", "", "m/d/y"},
	    {"1955-03-04", "1955-03-04", "", "y-m-d"},
	    {"55-03-04", "1955-03-04", "", "y-m-d"},
	    {"3/4/1955", "", "DATE-SHAPE", "y-m-d"},
	    {"03041955", "1955-03-04", "", "m/d/y"},
	    {"03041955", "1955-04-03", "", "d/m/y"},
	    {"03041955", "", "DATE-SHAPE"},
	    {"19550304", "1955-03-04", "", "d/m/y"},
	    {"20104", "1955-01-15", "", "excel"},
	    {"1955", "1905-05-08", "BIRTH-AGE", "excel"},
	    {"12", "", "DATE-SHAPE", "excel"},
	    {"1/15/1955", "1955-01-15", "", "excel"},
	};

	VECTORS_CHECK(FIELD_BIRTH_DATE, vectors);
}

/* Medicare began in July 1966; Parts begin on the first of a month. */
TEST(rules_part_dates)
{
	static const struct vector vectors[] = {
	    {"2020-05-01", "2020-05-01", ""},
	    {"5/1/20", "2020-05-01", ""},
	    {"5/1/67", "1967-05-01", ""},
	    {"1/1/27", "2027-01-01", ""},
	    {"2027-05-01", "2027-05-01", ""},
	    {"2027-06-01", "2027-06-01", "PART-DATE"},
	    {"2020-05-02", "2020-05-02", "PART-DATE"},
	    {"1966-07-01", "1966-07-01", ""},
	    {"1966-06-01", "1966-06-01", "PART-DATE"},
	    {"1900-01-01", "1900-01-01", "PART-DATE"},
	    {"44197", "2021-01-01", ""},
	    {"soon", "", "DATE-SHAPE"},
	    {"-", "", ""},
	};

	VECTORS_CHECK(FIELD_PART_A_DATE, vectors);
	VECTORS_CHECK(FIELD_PART_B_DATE, vectors);
}

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
