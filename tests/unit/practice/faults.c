/* SPDX-License-Identifier: MIT */
#include "practice/faults.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"

#include "check.h"

static struct faults *
parse(const char *text)
{
	struct err err = ERR_INIT;
	struct faults *faults = faults_parse("script", text, 1, &err);

	if (!faults)
		printf("# %s\n", err.text);
	REQUIRE(faults != NULL);
	return faults;
}

/* Which of `count` requests the script touches: "..x.." */
static void
hits(const char *text, enum api_route route, const char *external_id,
    unsigned count, char *out)
{
	struct faults *faults = parse(text);

	for (unsigned i = 0; i < count; i++)
		out[i] = faults_next(faults, route, external_id) ? 'x' : '.';
	out[count] = '\0';
	faults_free(faults);
}

TEST(faults_when)
{
	static const struct {
		const char *text, *hits;
	} rows[] = {
	    {"create 3 500", "..x..."},
	    {"create 2-4 500", ".xxx.."},
	    {"create 5+ 500", "....xx"},
	    {"create all 500", "xxxxxx"},
	    {"create 100% 500", "xxxxxx"},
	    {"* 1 500\n\n# words\ncreate 3 drop # here too", "x.x..."},
	    {"search all 500", "......"},
	    {"create 2 ok\ncreate all 500", "x.xxxx"},
	    {"create @crm-1 500", "xxxxxx"},
	    {"create @crm-1:2 500", ".x...."},
	    {"create @crm-1:5+ 500", "....xx"},
	    {"create @crm-2 500", "......"},
	    {"", "......"},
	};
	char out[8];

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		hits(rows[i].text, API_CREATE, "crm-1", 6, out);
		if (!CHECK_TEXT(out, rows[i].hits))
			printf("# in %s\n", rows[i].text);
	}
	hits("create @crm-1 500", API_CREATE, NULL, 3, out);
	CHECK_TEXT(out, "...");
}

TEST(faults_percent_is_about_that_and_repeats)
{
	static char once[1001], again[1001];
	unsigned count = 0;

	hits("* 5% 503", API_SEARCH, NULL, 1000, once);
	hits("* 5% 503", API_SEARCH, NULL, 1000, again);
	CHECK_TEXT(once, again);
	for (unsigned i = 0; i < 1000; i++)
		count += once[i] == 'x';
	CHECK(count > 25 && count < 80);
}

TEST(faults_actions)
{
	struct faults *faults = parse(
	    "* 1 commit-then-drop\n"
	    "* 2 429 retry-after Sun,_06_Nov_1994_08:49:37_GMT\n"
	    "* 3 late 2s\n"
	    "* 4 delay 300ms partial no-id\n"
	    "* 5 redirect https://example.com/x\n"
	    "* 6 twin\n"
	    "* 7 commit-then-stall\n"
	    "* 8 truncate huge lag 5m\n"
	    "* 9 other\n"
	    "* 10 null\n"
	    "* 11 junk\n");
	const struct fault *fault = faults_next(faults, API_CREATE, NULL);

	CHECK_INT(fault->end, FAULT_DROP);
	CHECK(fault->commit && fault_works(fault));
	CHECK_TEXT(fault->text, "commit-then-drop");
	fault = faults_next(faults, API_SEARCH, NULL);
	CHECK_INT(fault->status, 429);
	CHECK_TEXT(fault->retry_after, "Sun, 06 Nov 1994 08:49:37 GMT");
	CHECK(!fault_works(fault));
	fault = faults_next(faults, API_CREATE, NULL);
	CHECK_INT(fault->end, FAULT_LATE);
	CHECK_INT(fault->late, 2000);
	CHECK(!fault_works(fault));
	fault = faults_next(faults, API_CREATE, NULL);
	CHECK_INT(fault->delay, 300);
	CHECK(fault->quirks.partial && fault->quirks.no_id);
	CHECK(fault_works(fault));
	fault = faults_next(faults, API_CREATE, NULL);
	CHECK_INT(fault->status, 302);
	CHECK_TEXT(fault->redirect, "https://example.com/x");
	fault = faults_next(faults, API_CREATE, NULL);
	CHECK(fault->twin && !fault_works(fault));
	fault = faults_next(faults, API_CREATE, NULL);
	CHECK_INT(fault->end, FAULT_STALL);
	CHECK(fault_works(fault));
	fault = faults_next(faults, API_CREATE, NULL);
	CHECK(fault->truncate && fault->huge && fault_works(fault));
	CHECK_INT(fault->quirks.lag, 300000);
	CHECK(faults_next(faults, API_CREATE, NULL)->quirks.other_person);
	CHECK(faults_next(faults, API_CREATE, NULL)->quirks.nobody);
	fault = faults_next(faults, API_CREATE, NULL);
	CHECK(fault->junk && !fault_works(fault));
	CHECK(!faults_next(faults, API_CREATE, NULL));
	CHECK(fault_works(NULL));
	faults_free(faults);
}

TEST(faults_say_where_a_script_is_wrong)
{
	static const struct {
		const char *text, *message;
	} rows[] = {
	    {"create 1 500\nmake 1 500",
		"script:2: 'make' is no route: write create, update, "
		"search, *, authorize or token"},
	    {"create 0 500",
		"script:1: '0' does not say when: write all, 3, 2-5, 7+, "
		"5% or @ID"},
	    {"create 5-2 500",
		"script:1: '5-2' does not say when: write all, 3, 2-5, 7+, "
		"5% or @ID"},
	    {"create 101% 500",
		"script:1: '101%' does not say when: write all, 3, 2-5, "
		"7+, 5% or @ID"},
	    {"create 1", "script:1: a step is ROUTE WHEN ACTION..."},
	    {"create 1 explode", "script:1: 'explode' is no action"},
	    {"create 1 200", "script:1: '200' is no action"},
	    {"create 1 commit-then-partial",
		"script:1: 'partial' is no action"},
	    {"create 1 delay", "script:1: delay needs a duration, such as 2s"},
	    {"create 1 redirect", "script:1: redirect needs a URL"},
	    {"create 1 503 retry-after", "script:1: retry-after needs a value"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct err err = ERR_INIT;

		CHECK(!faults_parse("script", rows[i].text, 1, &err));
		CHECK_TEXT(err.text, rows[i].message);
		CHECK_INT(err.kind, ERR_USAGE);
	}
}
