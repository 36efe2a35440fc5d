/* SPDX-License-Identifier: MIT */
#include "book/finding.h"

#include <string.h>

#include "base/str.h"
#include "check.h"

TEST(finding_table_is_complete)
{
	for (unsigned i = 0; i < FINDING_CODE_COUNT; i++) {
		const struct finding_info *info = &finding_table[i];

		REQUIRE(info->code && info->meaning && info->advice);
		CHECK_INT(finding_from_code(info->code), i);
		CHECK(strspn(info->code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ-") ==
		      strlen(info->code));
		CHECK(str_ends(info->meaning, "."));
	}
	CHECK_INT(finding_from_code("mbi-shape"), FINDING_MBI_SHAPE);
	CHECK_INT(finding_from_code("NO-SUCH"), FINDING_CODE_COUNT);
}

/* What blocks is a promise: nothing else may. */
TEST(finding_errors_are_these)
{
	static const char *const errors[] = {"REQUIRED", "ID-DAMAGED",
	    "ID-REPEATED", "PERSON-REPEATED", "ROW-SHAPE", "MBI-SSN",
	    "MBI-REPEATED", "AGENT-SHAPE", "AGENT-MISSING"};
	unsigned count = 0;

	for (unsigned i = 0; i < FINDING_CODE_COUNT; i++)
		count += finding_table[i].severity == SEVERITY_ERROR;
	CHECK_INT(count, sizeof(errors) / sizeof(errors[0]));
	for (unsigned i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		CHECK_INT(finding_table[finding_from_code(errors[i])].severity,
		    SEVERITY_ERROR);
	CHECK_TEXT(severity_word(SEVERITY_INFO), "info");
	CHECK_TEXT(severity_word(SEVERITY_WARNING), "warning");
	CHECK_TEXT(severity_word(SEVERITY_ERROR), "error");
}

TEST(findings_are_bounded_and_clean)
{
	struct finding items[2];
	struct findings findings = {items, 0, 2};

	for (unsigned i = 0; i < 5; i++)
		findings_add(&findings, FINDING_ZIP_SHAPE, FIELD_ZIP,
		    "%u \x1b[31m%s", i,
		    "long long long long long long long long long long long "
		    "long long long long long long long long long long long "
		    "long long long long long long long long long long long "
		    "long long long long long long long long long long long");
	CHECK_INT(findings.count, 2);
	CHECK(!strchr(items[1].message, '\x1b'));
	CHECK(strlen(items[1].message) < FINDING_MESSAGE_SIZE);
	CHECK(str_starts(items[1].message, "4 "));
}
