/* SPDX-License-Identifier: MIT */
#include "desk/contact_complete.h"

#include <string.h>

#include "base/str.h"
#include "book/book.h"
#include "book/config.h"
#include "book/query.h"
#include "desk/desk.h"
#include "tui/completion.h"

static void
consider_names(const struct desk *desk, struct completion *completion)
{
	const struct records *records = book_records(desk->book);
	uint32_t columns = records_column_count(records);

	for (size_t i = 0; query_computed[i]; i++)
		completion_consider(completion, query_computed[i]);
	for (int i = 0; i < FIELD_COUNT; i++)
		completion_consider(completion, field_table[i].name);
	/* Names with blanks need quotes: those are left to be typed. */
	for (uint32_t i = 0; i < columns; i++)
		if (!strpbrk(records_column_name(records, i), " \":|"))
			completion_consider(
			    completion, records_column_name(records, i));
}

/* What may stand behind "status:", "iep:" and "parts:"; false: anything. */
static bool
consider_values(struct completion *completion)
{
	static const char *const iep[] = {"yes", "no", NULL};
	static const char *const parts[] = {"A", "B", "AB", NULL};
	const char *const *words = NULL;

	if (str_starts(completion->word, "status:")) {
		completion->word += strlen("status:");
		completion->len = strlen(completion->word);
		for (int i = 0; i < STATUS_COUNT; i++)
			completion_consider(completion, status_table[i].word);
		return true;
	}
	if (str_starts(completion->word, "iep:"))
		words = iep;
	else if (str_starts(completion->word, "parts:"))
		words = parts;
	else
		return false;
	completion->word += strcspn(completion->word, ":") + 1;
	completion->len = strlen(completion->word);
	for (; *words; words++)
		completion_consider(completion, *words);
	return true;
}

static void
consider_saved(const struct desk *desk, struct completion *completion)
{
	const struct config *config = desk->config;

	completion->word++;
	completion->len = strlen(completion->word);
	for (size_t i = 0; i < config->filter_count; i++)
		completion_consider(completion, config->filters[i].name);
}

bool
contact_complete(const struct desk *desk, const char *before, struct str *out)
{
	const char *space = strrchr(before, ' ');
	struct completion completion = {.word = space ? space + 1 : before};
	char after = ' ';

	completion.word += *completion.word == '-';
	completion.len = strlen(completion.word);
	if (*completion.word == '@') {
		consider_saved(desk, &completion);
	} else if (!consider_values(&completion)) {
		after = ':';
		if (completion.len > 0)
			consider_names(desk, &completion);
	}
	if (completion.count == 0 ||
	    (completion.common == completion.len && completion.count > 1))
		return false;
	str_add_bytes(out, before, (size_t)(completion.word - before));
	str_add_bytes(out, completion.first, completion.common);
	if (completion.count == 1)
		str_add_char(out, after);
	return true;
}
