/* SPDX-License-Identifier: MIT */
#include "tui/completion.h"

#include <string.h>

#include "base/str.h"
#include "check.h"

static void
check_completion(const char *word, size_t count, const char *text)
{
	static const char *const names[] = {
	    "state", "status", "State", "sort", "zip", NULL};
	struct completion completion = {.word = word, .len = strlen(word)};
	struct str out;

	str_init(&out, 100);
	for (size_t i = 0; names[i]; i++)
		completion_consider(&completion, names[i]);
	CHECK_INT(completion.count, count);
	CHECK(completion_add(&completion, &out) == (text != NULL));
	CHECK_TEXT(out.data, text ? text : "");
	str_release(&out);
}

TEST(completion_goes_as_far_as_all_names_agree)
{
	check_completion("z", 1, "zip");
	check_completion("sta", 2, "stat");
	check_completion("STA", 2, "stat");
	check_completion("s", 3, NULL); /* state and sort have no more */
	check_completion("", 4, NULL);
	check_completion("stat", 2, NULL);
	check_completion("zip", 1, NULL); /* it is all there */
	check_completion("q", 0, NULL);
}
