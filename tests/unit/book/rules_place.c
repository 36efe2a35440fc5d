/* SPDX-License-Identifier: MIT */
#include "check.h"
#include "vectors.h"

/* USPS Publication 28, appendix B, and spellings of old address books. */
TEST(rules_state)
{
	static const struct vector vectors[] = {
	    {"CA", "CA", ""},
	    {"ca", "CA", ""},
	    {" Ca ", "CA", ""},
	    {"California", "CA", ""},
	    {"CALIFORNIA", "CA", ""},
	    {"Calif.", "CA", ""},
	    {"Calif", "CA", ""},
	    {"US-CA", "CA", ""},
	    {"CA - California", "CA", ""},
	    {"N.Y.", "NY", ""},
	    {"New  York", "NY", ""},
	    {"new york", "NY", ""},
	    {"Mass.", "MA", ""},
	    {"Penna", "PA", ""},
	    {"W. Va.", "WV", ""},
	    {"Tex.", "TX", ""},
	    {"Fla", "FL", ""},
	    {"DC", "DC", ""},
	    {"D.C.", "DC", ""},
	    {"Washington DC", "DC", ""},
	    {"Washington, D.C.", "DC", ""},
	    {"District of Columbia", "DC", ""},
	    {"Washington", "WA", ""},
	    {"Puerto Rico", "PR", ""},
	    {"PR", "PR", ""},
	    {"USVI", "VI", ""},
	    {"U.S. Virgin Islands", "VI", ""},
	    {"Virgin Islands", "VI", ""},
	    {"Guam", "GU", ""},
	    {"AE", "AE", "", "APO"},
	    {"AP", "AP", "", "FPO"},
	    {"NY", "NY", "STATE-UNKNOWN", "APO"},
	    {"GA", "GA", "", "Apollo Beach"},
	    {"XX", "", "STATE-UNKNOWN"},
	    {"Californa", "", "STATE-UNKNOWN"},
	    {"??", "", "STATE-UNKNOWN"},
	    {"C", "", "STATE-UNKNOWN"},
	    {"CA, TX", "", "STATE-UNKNOWN"},
	    {"ON", "", "STATE-FOREIGN"},
	    {"Ontario", "", "STATE-FOREIGN"},
	    {"Qu\xc3\xa9"
	     "bec",
		"", "STATE-FOREIGN"},
	    {"BC", "", "STATE-FOREIGN"},
	    {"Mexico", "", "STATE-FOREIGN"},
	    {"New Mexico", "NM", ""},
	    {"Canada", "", "STATE-FOREIGN"},
	    {"a place whose name is longer than any state that there ever was "
	     "or will be",
		"", "STATE-UNKNOWN"},
	    {"", "", ""},
	    {"N/A", "", ""},
	};

	VECTORS_CHECK(FIELD_STATE, vectors);
}

TEST(rules_state_suggests)
{
	struct finding items[4];
	struct findings findings = {items, 0, 4};
	struct rules_input input = {
	    .field = FIELD_STATE, .raw = "Californa", .today = {2026, 11, 23}};
	struct str value;

	str_init(&value, 100);
	rules_clean(&input, &value, &findings);
	REQUIRE(findings.count == 1);
	CHECK_TEXT(items[0].suggestion, "California");
	CHECK_TEXT(
	    items[0].message, "state \"Californa\" is not known: California?");
	str_release(&value);
}

/* USPS: five digits; first digits by region; zeros lost by spreadsheets. */
TEST(rules_zip)
{
	static const struct vector vectors[] = {
	    {"95811", "95811", "", "CA"},
	    {"95811", "95811", ""},
	    {"95811-1234", "95811", "", "CA"},
	    {"95811 1234", "95811", "", "CA"},
	    {"958111234", "95811", "", "CA"},
	    {"95811-", "95811", "", "CA"},
	    {"95811.0", "95811", "", "CA"},
	    {"=\"02139\"", "02139", "", "MA"},
	    /* zeros put back only where ZIPs begin with them */
	    {"2139", "02139", "ZIP-ZEROS", "MA"},
	    {"2139.0", "02139", "ZIP-ZEROS", "MA"},
	    {"2139-1234", "02139", "ZIP-ZEROS", "MA"},
	    {"21391234", "02139", "ZIP-ZEROS", "MA"},
	    {"7030", "07030", "ZIP-ZEROS", "NJ"},
	    {"6101", "06101", "ZIP-ZEROS", "CT"},
	    {"4101", "04101", "ZIP-ZEROS", "ME"},
	    {"3031", "03031", "ZIP-ZEROS", "NH"},
	    {"2903", "02903", "ZIP-ZEROS", "RI"},
	    {"5401", "05401", "ZIP-ZEROS", "VT"},
	    {"901", "00901", "ZIP-ZEROS", "PR"},
	    {"9012345", "00901", "ZIP-ZEROS", "PR"},
	    {"802", "00802", "ZIP-ZEROS", "VI"},
	    {"9012", "09012", "ZIP-ZEROS", "AE"},
	    {"501", "00501", "ZIP-ZEROS", "NY"},
	    {"544", "00544", "ZIP-ZEROS", "NY"},
	    {"502", "", "ZIP-LENGTH", "NY"},
	    {"213", "", "ZIP-LENGTH", "MA"},
	    {"9581", "", "ZIP-LENGTH", "CA"},
	    {"2139", "", "ZIP-LENGTH"},
	    {"21", "", "ZIP-LENGTH", "MA"},
	    {"958111", "", "ZIP-LENGTH", "CA"},
	    {"9581112", "", "ZIP-LENGTH", "CA"},
	    /* not in the state */
	    {"95811", "95811", "ZIP-STATE", "NY"},
	    {"10001", "10001", "ZIP-STATE", "CA"},
	    {"00501", "00501", "", "NY"},
	    {"06390", "06390", "", "NY"},
	    {"06391", "06391", "ZIP-STATE", "NY"},
	    {"88510", "88510", "", "TX"},
	    {"56901", "56901", "", "DC"},
	    {"20001", "20001", "", "DC"},
	    {"34001", "34001", "", "AA"},
	    {"96201", "96201", "", "AP"},
	    {"09012", "09012", "", "AE"},
	    {"96910", "96910", "", "GU"},
	    {"00901", "00901", "", "PR"},
	    {"99501", "99501", "", "AK"},
	    {"82001", "82001", "", "WY"},
	    {"73301", "73301", "", "TX"},
	    {"60601", "60601", "", "IL"},
	    {"50309", "50309", "", "IA"},
	    {"40202", "40202", "", "KY"},
	    {"30301", "30301", "", "GA"},
	    {"20001", "20001", "ZIP-STATE", "FL"},
	    /* something else */
	    {"K1A 0B1", "", "ZIP-SHAPE", "NY"},
	    {"958l1", "", "ZIP-SHAPE", "CA"},
	    {"95811-12", "", "ZIP-SHAPE", "CA"},
	    {"9581112345", "", "ZIP-SHAPE", "CA"},
	    {"-95811", "", "ZIP-SHAPE", "CA"},
	    {"95811.5", "", "ZIP-SHAPE", "CA"},
	    {"", "", ""},
	    {"-", "", ""},
	};

	VECTORS_CHECK(FIELD_ZIP, vectors);
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
