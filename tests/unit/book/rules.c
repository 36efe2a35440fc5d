/* SPDX-License-Identifier: MIT */
#include "book/rules.h"

#include <string.h>

#include "check.h"
#include "vectors.h"

#define TEN "ten chars "

/* Names as people have them and as exports mangle them. */
TEST(rules_names)
{
	static const struct vector vectors[] = {
	    {"Ruth", "Ruth", ""},
	    {"  Ruth  Ann ", "Ruth Ann", ""},
	    {"Ruth\tAnn", "Ruth Ann", ""},
	    {"Ruth\nAnn", "Ruth Ann", ""},
	    {"\xc2\xa0Ruth\xc2\xa0\xc2\xa0"
	     "Ann\xe3\x80\x80",
		"Ruth Ann", ""},
	    {"=\"Ruth\"", "Ruth", ""},
	    {"'Ruth", "Ruth", ""},
	    {"O\xe2\x80\x99Hara", "O'Hara", ""},
	    {"O'Hara", "O'Hara", ""},
	    {"de la Cruz-Smith", "de la Cruz-Smith", ""},
	    {"Jos\xc3\xa9 Mar\xc3\xad"
	     "a",
		"Jos\xc3\xa9 Mar\xc3\xad"
		"a",
		""},
	    {"\xeb\xaf\xbc\xec\xa4\x80", "\xeb\xaf\xbc\xec\xa4\x80", ""},
	    {"\xe2\x80\xaeRuth\xe2\x80\xac", "Ruth", ""},
	    {"Ru\xe2\x80\x8bth", "Ruth", ""},
	    {"\xef\xbb\xbfRuth", "Ruth", ""},
	    {"Ru\x1b[31mth", "Ru[31mth", ""},
	    {"Ruth\x01\x7f", "Ruth", ""},
	    {"Jr.", "Jr.", ""},
	    {"ADAMS", "ADAMS", ""},
	    /* nothing */
	    {"", "", ""},
	    {"   ", "", ""},
	    {"-", "", ""},
	    {"\xe2\x80\x93", "", ""},
	    {".", "", ""},
	    {"N/A", "", ""},
	    {"NULL", "", ""},
	    {"Na", "Na", ""},
	    /* fillers */
	    {"Unknown", "Unknown", "NAME-PLACEHOLDER"},
	    {"TEST", "TEST", "NAME-PLACEHOLDER"},
	    {"LNU", "LNU", "NAME-PLACEHOLDER"},
	    {"Tester", "Tester", ""},
	    /* UTF-8 read as Windows-1252 and encoded again; lost letters */
	    {"Jos\xc3\x83\xc2\xa9", "Jos\xc3\x83\xc2\xa9", "TEXT-DAMAGED"},
	    {"O\xc3\xa2\xe2\x82\xac\xe2\x84\xa2Hara",
		"O\xc3\xa2\xe2\x82\xac\xe2\x84\xa2Hara", "TEXT-DAMAGED"},
	    {"\xc3\x82\xc2\xbfQu\xc3\xa9", "\xc3\x82\xc2\xbfQu\xc3\xa9",
		"TEXT-DAMAGED"},
	    {"Jos\xef\xbf\xbd", "Jos\xef\xbf\xbd", "TEXT-DAMAGED"},
	    {"Jos\xe9", "Jos\xef\xbf\xbd", "TEXT-DAMAGED"},
	    {"Jos\xc2\x8f", "Jos", "TEXT-DAMAGED"},
	    {"Jos\xc3\xa9 \xc2\x85 Luis", "Jos\xc3\xa9 Luis", ""},
	    {"Jo\xc3\xa3o", "Jo\xc3\xa3o", ""},
	    {"S\xc3\x83O", "S\xc3\x83O", ""},
	    {"\xc3\x82ngela", "\xc3\x82ngela", ""},
	    /* 100 characters are taken, 101 are not; counted in characters */
	    {TEN TEN TEN TEN TEN TEN TEN TEN TEN "ten chars.",
		TEN TEN TEN TEN TEN TEN TEN TEN TEN "ten chars.", ""},
	    {TEN TEN TEN TEN TEN TEN TEN TEN TEN "ten chars..",
		TEN TEN TEN TEN TEN TEN TEN TEN TEN "ten chars..", "LENGTH"},
	    {TEN TEN TEN TEN TEN TEN TEN TEN TEN "ten \xc3\xa9\xc3\xa9\xc3\xa9"
						 "rs.",
		TEN TEN TEN TEN TEN TEN TEN TEN TEN "ten \xc3\xa9\xc3\xa9"
						    "\xc3\xa9rs.",
		""},
	};

	VECTORS_CHECK(FIELD_FIRST_NAME, vectors);
	VECTORS_CHECK(FIELD_LAST_NAME, vectors);
}

/* Excel keeps 15 digits and shows long numbers as 1.2E+17. */
TEST(rules_external_id)
{
	static const struct vector vectors[] = {
	    {"51", "51", ""},
	    {" 51 ", "51", ""},
	    {"=\"0051\"", "0051", ""},
	    {"0014000000LmabcAAB", "0014000000LmabcAAB", ""},
	    {"zcrm_4150868000000624022", "zcrm_4150868000000624022", ""},
	    {"4150868000000624022", "4150868000000624022", ""},
	    {"4.15087E+18", "", "ID-DAMAGED"},
	    {"4E+18", "", "ID-DAMAGED"},
	    {"4.15087e18", "", "ID-DAMAGED"},
	    {"4E", "4E", ""},
	    {"12E5", "12E5", ""},
	    {"4.5", "4.5", ""},
	    {"E5", "E5", ""},
	    {"", "", ""},
	    {"-", "", ""},
	};

	VECTORS_CHECK(FIELD_EXTERNAL_ID, vectors);
}

TEST(rules_plain_text)
{
	static const struct vector address[] = {
	    {"12 Main St", "12 Main St", ""},
	    {"12 Main St\r\nApt 4\r\n", "12 Main St, Apt 4", ""},
	    {"12 Main St\n\n\nApt 4", "12 Main St, Apt 4", ""},
	    {"12 Main St\n Apt 4 \nRear", "12 Main St, Apt 4, Rear", ""},
	    {"#5", "#5", ""},
	    {"\xc3\x83\xc2\xa9", "\xc3\x83\xc2\xa9", "TEXT-DAMAGED"},
	    {"", "", ""},
	    {"-", "", ""},
	};
	static const struct vector notes[] = {
	    {"line 1\r\nline 2", "line 1\nline 2", ""},
	    {"  line 1  \n\n  line 2 \n", "line 1\n\nline 2", ""},
	    {"-", "", ""},
	};
	static const struct vector lists[] = {
	    {"[{\"name\":\"a  b\"}]", "[{\"name\":\"a  b\"}]", ""},
	    {" [] ", "[]", ""},
	    {"aspirin", "", "LIST-SHAPE"},
	    {"", "", ""},
	};
	static const struct vector medicaid[] = {
	    {" 00012 34A ", "00012 34A", ""},
	    {"n/a", "", ""},
	};

	VECTORS_CHECK(FIELD_ADDRESS_1, address);
	VECTORS_CHECK(FIELD_NOTES, notes);
	VECTORS_CHECK(FIELD_DRUGS, lists);
	VECTORS_CHECK(FIELD_MEDICAID_NUMBER, medicaid);
}

TEST(rules_sex)
{
	static const struct vector vectors[] = {
	    {"M", "male", ""},
	    {"m", "male", ""},
	    {"Male", "male", ""},
	    {"MALE", "male", ""},
	    {"man", "male", ""},
	    {"F", "female", ""},
	    {"f ", "female", ""},
	    {"Female", "female", ""},
	    {"Woman", "female", ""},
	    {"U", "", "SEX-UNSPECIFIED"},
	    {"Unknown", "", "SEX-UNSPECIFIED"},
	    {"Unspecified", "", "SEX-UNSPECIFIED"},
	    {"X", "", "SEX-UNSPECIFIED"},
	    {"Non-binary", "", "SEX-UNSPECIFIED"},
	    {"Other", "", "SEX-UNSPECIFIED"},
	    {"0", "", "SEX-UNKNOWN"},
	    {"1", "", "SEX-UNKNOWN"},
	    {"2", "", "SEX-UNKNOWN"},
	    {"mal", "", "SEX-UNKNOWN"},
	    {"", "", ""},
	    {"-", "", ""},
	};

	VECTORS_CHECK(FIELD_SEX, vectors);
}

TEST(rules_boolean)
{
	static const struct vector vectors[] = {
	    {"yes", "true", ""},
	    {"Y", "true", ""},
	    {"TRUE", "true", ""},
	    {"t", "true", ""},
	    {"1", "true", ""},
	    {"x", "true", ""},
	    {"Checked", "true", ""},
	    {"on", "true", ""},
	    {"no", "false", ""},
	    {"N", "false", ""},
	    {"False", "false", ""},
	    {"f", "false", ""},
	    {"0", "false", ""},
	    {"off", "false", ""},
	    {"", "", ""},
	    {"-", "", ""},
	    {"unknown", "", ""},
	    {"Full", "true", "BOOLEAN-LEVEL"},
	    {"Partial", "true", "BOOLEAN-LEVEL"},
	    {"100%", "true", "BOOLEAN-LEVEL"},
	    {"QMB", "true", "BOOLEAN-LEVEL"},
	    {"SLMB", "true", "BOOLEAN-LEVEL"},
	    {"QI", "true", "BOOLEAN-LEVEL"},
	    {"FBDE", "true", "BOOLEAN-LEVEL"},
	    {"maybe", "", "BOOLEAN-UNKNOWN"},
	    {"2", "", "BOOLEAN-UNKNOWN"},
	};

	VECTORS_CHECK(FIELD_MEDICAID_ELIGIBLE, vectors);
	VECTORS_CHECK(FIELD_EXTRA_HELP, vectors);
}

TEST(rules_type)
{
	static const struct vector vectors[] = {
	    {"client", "client", ""},
	    {"Client", "client", ""},
	    {"Customer", "client", ""},
	    {"lead", "lead", ""},
	    {"Lead", "lead", ""},
	    {"Prospect", "lead", ""},
	    {"Marketing Qualified Lead", "lead", ""},
	    {"Subscriber", "client", "TYPE-UNKNOWN"},
	    {"", "", ""},
	};

	VECTORS_CHECK(FIELD_TYPE, vectors);
}

TEST(rules_length_blocks_only_what_is_required)
{
	static const enum field fields[] = {FIELD_LAST_NAME, FIELD_CITY};
	static const enum severity severities[] = {
	    SEVERITY_ERROR, SEVERITY_WARNING};
	char raw[102];
	struct str value;

	memset(raw, 'a', 101);
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
