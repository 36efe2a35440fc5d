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
		CHECK_INT(text_width(info->glyph), 1);
		CHECK_INT(strlen(info->ascii), 1);
		CHECK(strlen(info->meaning) > 20);
		for (unsigned k = 0; k < i; k++) {
			CHECK(strcmp(info->word, status_table[k].word) != 0);
			CHECK(strcmp(info->glyph, status_table[k].glyph) != 0);
			CHECK(strcmp(info->ascii, status_table[k].ascii) != 0);
		}
	}
}

TEST(status_needs_somebody_where_nothing_goes_on_by_itself)
{
	static const enum status needing[] = {
	    STATUS_BLOCKED, STATUS_FAILED, STATUS_PARTIAL, STATUS_REVIEW};
	unsigned count = 0;

	for (unsigned i = 0; i < STATUS_COUNT; i++)
		count += status_needs_somebody((enum status)i);
	CHECK_INT(count, 4);
	for (unsigned i = 0; i < 4; i++)
		CHECK(status_needs_somebody(needing[i]));
	CHECK(!status_needs_somebody(STATUS_WAITING));
}
