/* SPDX-License-Identifier: MIT */
#include "book/rules.h"

#include <string.h>

#include "check.h"

static void
check_words(const char *raw, const char *message, const char *suggestion)
{
	struct finding items[4];
	struct findings findings = {items, 0, 4};
	struct rules_input input = {.field = FIELD_MEDICARE_NUMBER,
	    .raw = raw,
	    .today = {2026, 11, 23}};
	struct str value;

	str_init(&value, 100);
	rules_clean(&input, &value, &findings);
	REQUIRE(findings.count == 1);
	CHECK_TEXT(items[0].message, message);
	CHECK_TEXT(items[0].suggestion, suggestion);
	str_release(&value);
}

TEST(rules_mbi_names_the_first_bad_place)
{
	check_words("0EG4TE5MK73",
	    "Medicare number: place 1 is \"0\", it should be a digit from 1 "
	    "to 9",
	    "");
	check_words("1EGOTE5MK73",
	    "Medicare number: place 4 is \"O\", it should be a digit",
	    "1EG0TE5MK73");
	check_words("1EG4TE5MKI3",
	    "Medicare number: place 10 is \"I\", it should be a digit",
	    "1EG4TE5MK13");
	check_words("LEG4TESMK73",
	    "Medicare number: place 1 is \"L\", it should be a digit from 1 "
	    "to 9",
	    "1EG4TE5MK73");
	check_words("1EG4TBZMK73",
	    "Medicare number: place 6 is \"B\", it should be a digit or a "
	    "letter (but not S, L, O, I, B, Z)",
	    "1EG4T82MK73");
	check_words("1EG4OE5MK73",
	    "Medicare number: place 5 is \"O\", it should be a letter (but "
	    "not S, L, O, I, B, Z)",
	    "");
	check_words("1EG4TE5MK7",
	    "Medicare number has 10 letters and digits, it should have 11", "");
}

TEST(rules_mbi_never_shows_the_number)
{
	static const char *const raws[] = {"900-00-0000", "900000000A",
	    "1EG4TE5MK7A", "1EG4-TE5-MK7", "1EG4/TE5/MK73"};

	for (unsigned i = 0; i < sizeof(raws) / sizeof(raws[0]); i++) {
		struct finding items[4];
		struct findings findings = {items, 0, 4};
		struct rules_input input = {.field = FIELD_MEDICARE_NUMBER,
		    .raw = raws[i],
		    .today = {2026, 11, 23}};
		struct str value;

		str_init(&value, 100);
		rules_clean(&input, &value, &findings);
		REQUIRE(findings.count == 1);
		CHECK(!strstr(items[0].message, "900"));
		CHECK(!strstr(items[0].message, "TE5"));
		CHECK(!strstr(items[0].message, "MK7"));
		str_release(&value);
	}
}
