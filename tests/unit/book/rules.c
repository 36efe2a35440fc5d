/* SPDX-License-Identifier: MIT */
#include "book/rules.h"

#include <string.h>

#include "check.h"

TEST(rules_length_blocks_only_what_is_required)
{
	static const enum field fields[] = {FIELD_LAST_NAME, FIELD_CITY};
	static const enum severity severities[] = {
	    SEVERITY_ERROR, SEVERITY_WARNING};
	char raw[102];
	struct str value;

	memset(raw, 'a', 101);
	raw[0] = 'A';
	raw[101] = '\0';
	str_init(&value, 1000);
	for (unsigned i = 0; i < 2; i++) {
		struct finding items[2];
		struct findings findings = {items, 0, 2};
		struct rules_input input = {
		    .field = fields[i], .raw = raw, .today = {2026, 11, 23}};

		rules_clean(&input, &value, &findings);
		REQUIRE(findings.count == 1);
		CHECK_INT(items[0].code, FINDING_LENGTH);
		CHECK_INT(items[0].severity, severities[i]);
	}
	str_release(&value);
}

TEST(rules_zip_says_why)
{
	struct finding items[4];
	struct findings findings = {items, 0, 4};
	struct rules_input input = {.field = FIELD_ZIP,
	    .raw = "9581",
	    .state = "CA",
	    .today = {2026, 11, 23}};
	struct str value;

	str_init(&value, 100);
	rules_clean(&input, &value, &findings);
	REQUIRE(findings.count == 1);
	CHECK_TEXT(items[0].message,
	    "ZIP \"9581\" has 4 digits; zeros are only lost in the "
	    "north-east, not in CA, so it cannot be guessed");
	str_release(&value);
}

/* Whatever comes in, nothing goes out that a terminal or HealthSherpa should
 * not see, and no rule reads past the end. */
TEST(rules_survive_any_bytes)
{
	static const char alphabet[] =
	    "019 -/.:,;=\"'+EexXTmay@#<>\n\t\x01\x1b\x7f\x80\xc3\xa9\xe2\x80"
	    "\x8b\xef\xbf\xbd\xf0\x9f[{AOS%";
	uint32_t seed = 1;
	struct str value;

	str_init(&value, 65536);
	for (unsigned round = 0; round < 20000; round++) {
		struct finding items[3];
		struct findings findings = {items, 0, 3};
		struct rules_input input = {.today = {2026, 11, 23},
		    .state = round & 1 ? "MA" : NULL,
		    .order = (enum date_order)(round % 3)};
		char raw[24];
		size_t len = round % (sizeof(raw) - 1);

		for (size_t i = 0; i < len; i++) {
			seed = seed * 1664525u + 1013904223u;
			raw[i] =
			    alphabet[(seed >> 16) % (sizeof(alphabet) - 1)];
		}
		raw[len] = '\0';
		input.raw = raw;
		for (unsigned f = 0; f < FIELD_COUNT; f++) {
			findings.count = 0;
			input.field = (enum field)f;
			rules_clean(&input, &value, &findings);
			if (field_table[f].kind != FIELD_KIND_LIST &&
			    !CHECK(!strpbrk(value.data, "\x01\x1b\x7f\t")))
				check_abandon();
		}
		rules_date_evidence(raw);
	}
	str_release(&value);
}

/* What would be sent of a list of so many drugs; "" none, and why. */
static void
clean_list(unsigned count, struct str *value, struct finding *finding)
{
	struct findings findings = {finding, 0, 1};
	struct rules_input input = {.field = FIELD_DRUGS};
	struct str raw;

	str_init(&raw, 4096);
	str_add_char(&raw, '[');
	for (unsigned i = 0; i < count; i++)
		str_addf(&raw, "%s{\"n\":%u},{}", i ? "," : "", i);
	str_add_char(&raw, ']');
	input.raw = raw.data;
	finding->code = FINDING_CODE_COUNT;
	rules_clean(&input, value, &findings);
	str_release(&raw);
}

TEST(rules_bounds_lists)
{
	struct finding finding;
	struct str value;

	str_init(&value, 65536);
	clean_list(RULES_LIST_MAX, &value, &finding);
	CHECK(str_starts(value.data, "[{\"n\":0},{\"n\":1},"));
	CHECK(str_ends(value.data, ",{\"n\":49}]"));
	CHECK_INT(finding.code, FINDING_CODE_COUNT);
	clean_list(RULES_LIST_MAX + 1, &value, &finding);
	CHECK_TEXT(value.data, "");
	CHECK_INT(finding.code, FINDING_LIST_LENGTH);
	CHECK_TEXT(
	    finding.message, "51 drugs are more than 50: all are left out");
	str_release(&value);
}

/* What stands in the wrong column is not told in a message. */
TEST(rules_quote_hides_numbers_and_dates)
{
	static const struct {
		const char *text, *shown;
	} cases[] = {
	    {"219-09-9999", "\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2"},
	    {"born 1/15/1955", "born \xe2\x80\xa2/\xe2\x80\xa2/\xe2\x80\xa2"},
	    {"1955-01-15T00:00",
		"\xe2\x80\xa2/\xe2\x80\xa2/\xe2\x80\xa2T00:00"},
	    {"(916) 555-0123", "(916) 555-0123"},
	    {"Californa", "Californa"},
	    {"12/3", "12/3"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct rules_quote quote = rules_quote(cases[i].text);

		CHECK(strstr(quote.text, "219") == NULL);
		if (i > 0)
			CHECK_TEXT(quote.text, cases[i].shown);
	}
	CHECK(!strstr(rules_quote("1EG4-TE5-MK73").text, "MK73") ||
	      !strstr(rules_quote("1EG4-TE5-MK73").text, "1EG4"));
	CHECK_TEXT(rules_quote_date("13/45/2020").text, "13/45/2020");
}
