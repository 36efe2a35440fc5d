/* SPDX-License-Identifier: MIT */
#include "book/field.h"

#include "check.h"

TEST(field_table_is_complete)
{
	for (unsigned i = 0; i < FIELD_COUNT; i++) {
		const struct field_info *info = &field_table[i];

		REQUIRE(info->name && info->label && info->help);
		CHECK_INT(field_from_name(info->name), i);
		CHECK(info->flags & (FIELD_V1 | FIELD_V2));
		CHECK((info->kind == FIELD_KIND_LIST) ==
		      !(info->flags & FIELD_V1));
	}
	CHECK_INT(field_from_name("First Name"), FIELD_COUNT);
	CHECK_INT(field_from_name(""), FIELD_COUNT);
}
