/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "check.h"
#include "vectors.h"

/*
 * CMS, "Understanding the Medicare Beneficiary Identifier (MBI) Format":
 * 1EG4-TE5-MK73 is its sample; S in place 2 is CMS's synthetic data. Old claim
 * numbers and Social Security numbers here are of ranges never issued.
 */
TEST(rules_mbi)
{
	static const struct vector vectors[] = {
	    {"1EG4-TE5-MK73", "1EG4TE5MK73", ""},
	    {"1EG4TE5MK73", "1EG4TE5MK73", ""},
	    {"1eg4-te5-mk73", "1EG4TE5MK73", ""},
	    {" 1EG4 TE5 MK73 ", "1EG4TE5MK73", ""},
	    {"1EG4\xe2\x80\x93TE5\xe2\x80\x93MK73", "1EG4TE5MK73", ""},
	    {"'1EG4TE5MK73", "1EG4TE5MK73", ""},
	    {"1SG4-TE5-MK73", "1SG4TE5MK73", "MBI-TEST"},
	    {"1S00E00HA26", "1S00E00HA26", "MBI-TEST"},
	    {"9SY9YY9YY99", "9SY9YY9YY99", "MBI-TEST"},
	    {"1SA0A00AA00", "1SA0A00AA00", "MBI-TEST"},
	    /* each place in turn */
	    {"0EG4TE5MK73", "", "MBI-SHAPE"},
	    {"AEG4TE5MK73", "", "MBI-SHAPE"},
	    {"11G4TE5MK73", "", "MBI-SHAPE"},
	    {"1BG4TE5MK73", "", "MBI-SHAPE"},
	    {"1ES4TE5MK73", "", "MBI-SHAPE"},
	    {"1EGATE5MK73", "", "MBI-SHAPE"},
	    {"1EG44E5MK73", "", "MBI-SHAPE"},
	    {"1EG4TO5MK73", "", "MBI-SHAPE"},
	    {"1EG4TEEMK73", "", "MBI-SHAPE"},
	    {"1EG4TE55K73", "", "MBI-SHAPE"},
	    {"1EG4TE5M573", "", "MBI-SHAPE"},
	    {"1EG4TE5MKA3", "", "MBI-SHAPE"},
	    {"1EG4TE5MK7A", "", "MBI-SHAPE"},
	    {"1SG4TE5MK7S", "", "MBI-SHAPE"},
	    {"1SGATE5MK73", "", "MBI-SHAPE"},
	    /* length */
	    {"1EG4-TE5-MK7", "", "MBI-SHAPE"},
	    {"1EG4-TE5-MK731", "", "MBI-SHAPE"},
	    {"MBI", "", "MBI-SHAPE"},
	    {"1EG4-TE5-MK73 1EG4-TE5-MK73 1EG4-TE5-MK73", "", "MBI-SHAPE"},
	    {"1EG4/TE5/MK73", "", "MBI-SHAPE"},
	    {"see card", "", "MBI-SHAPE"},
	    {"99999999999", "", "MBI-SHAPE"},
	    /* Social Security and old claim numbers */
	    {"900-00-0000", "", "MBI-SSN"},
	    {"900000000", "", "MBI-SSN"},
	    {"900 00 0000", "", "MBI-SSN"},
	    {"900-00-0000-A", "", "MBI-CLAIM-NUMBER"},
	    {"900000000A", "", "MBI-CLAIM-NUMBER"},
	    {"900000000b", "", "MBI-CLAIM-NUMBER"},
	    {"900000000C1", "", "MBI-CLAIM-NUMBER"},
	    {"900000000DM", "", "MBI-CLAIM-NUMBER"},
	    {"9000000001", "", "MBI-SHAPE"},
	    {"", "", ""},
	    {"N/A", "", ""},
	    {"none", "", ""},
	};

	VECTORS_CHECK(FIELD_MEDICARE_NUMBER, vectors);
}

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
