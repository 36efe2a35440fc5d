/* SPDX-License-Identifier: MIT */
#include "sync/status.h"

#include <string.h>

#include "base/text.h"
#include "check.h"

TEST(status_words_signs_and_meanings)
{
	for (unsigned i = 0; i < STATUS_COUNT; i++) {
		const struct status_info *info = &status_table[i];

		REQUIRE(info->word && info->glyph && info->ascii);
		CHECK_INT(status_from_word(info->word), i);
		CHECK_INT(text_width(info->glyph), 1);
		CHECK_INT(strlen(info->ascii), 1);
		CHECK(strlen(info->meaning) > 20);
		for (unsigned k = 0; k < i; k++) {
			CHECK(strcmp(info->glyph, status_table[k].glyph) != 0);
			CHECK(strcmp(info->ascii, status_table[k].ascii) != 0);
		}
	}
	CHECK_INT(status_from_word("gone"), STATUS_COUNT);
	CHECK_INT(status_from_word(""), STATUS_COUNT);
}
