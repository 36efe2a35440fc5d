/* SPDX-License-Identifier: MIT */
#include "base/near.h"

#include <stdio.h>

#include "base/str.h"
#include "check.h"

TEST(near_words)
{
	static const struct {
		const char *wanted, *text;
		bool near;
	} cases[] = {
	    {"abrnthy", "Abernathy", true},
	    {"abernahty", "Abernathy", true},
	    {"abernth", "Ruth Abernathy", true},
	    {"abernaty", "12 Oak St, Abernathy", true},
	    {"abalos",
		"\xc3\x81"
		"balos, Jos\xc3\xa9",
		true},
	    {"abolas",
		"\xc3\x81"
		"balos",
		false},
	    {"ablaos",
		"\xc3\x81"
		"balos",
		true},
	    {"smth", "Smith", true},
	    {"smiht", "Smith", true},
	    {"smyth", "Smith", true},
	    {"smeth", "Jones", false},
	    {"smit", "Smith-Miller", true},
	    {"mller", "Smith-Miller", true},
	    {"jon", "Jones", true},
	    {"jno", "Jones", false},
	    {"ab", "Abernathy", false},
	    {"bern", "Abernathy", true}, /* it stands there */
	    {"ernathi", "Abernathy", false},
	    {"oharra", "O'Hara", false},
	    {"aaaaaaaaaa", "b", false},
	};
	struct str scratch;

	str_init(&scratch, 1000);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool near = near_possible(cases[i].wanted) &&
			    near_text(&scratch, cases[i].text,
				cases[i].wanted) != NEAR_NOT;

		if (!CHECK(near == cases[i].near))
			printf("# %s, %s\n", cases[i].wanted, cases[i].text);
	}
	str_release(&scratch);
}

TEST(near_is_nearer_with_fewer_slips)
{
	struct str scratch;

	str_init(&scratch, 1000);
	CHECK_INT(near_text(&scratch, "Smith", "smith"), 0);
	CHECK_INT(near_text(&scratch, "Blacksmith", "smith"), 0);
	CHECK(near_text(&scratch, "Smithe", "smthe") <
	      near_text(&scratch, "Smathers", "smthe"));
	CHECK(near_text(&scratch, "Abernathy", "abernaty") <
	      near_text(&scratch, "Abernethy", "abernaty"));
	str_release(&scratch);
}

TEST(near_needs_letters)
{
	CHECK(!near_possible("9165550123"));
	CHECK(!near_possible("a b c"));
	CHECK(!near_possible(""));
	CHECK(near_possible("o2x"));
}
