/* SPDX-License-Identifier: MIT */
#include "desk/contact_match.h"

#include <stdio.h>
#include <string.h>

#include "base/near.h"
#include "base/text.h"
#include "book/book.h"

enum { WORD_MAX = 128 };

/* "Abernathy, Ruth" as it stands on the screen. False: that was all. */
static bool
next_word(const char **folded, char word[WORD_MAX])
{
	size_t len;

	*folded += strspn(*folded, " ,");
	len = strcspn(*folded, " ,");
	snprintf(word, WORD_MAX, "%.*s",
	    (int)(len < WORD_MAX ? len : WORD_MAX - 1), *folded);
	*folded += len;
	return len > 0;
}

static bool
has_word(const struct book *book, uint32_t row, const char *word)
{
	uint32_t columns = records_column_count(book_records(book));

	for (uint32_t column = 0; column < columns; column++) {
		const char *text = book_cell(book, row, column);

		if (text && text_contains_folded(text, word))
			return true;
	}
	return false;
}

bool
contact_match(const struct book *book, uint32_t row, const char *folded)
{
	char word[WORD_MAX];

	if (row == RECORDS_NONE)
		return false;
	while (next_word(&folded, word))
		if (!has_word(book, row, word))
			return false;
	return true;
}

bool
contact_near_possible(const char *folded)
{
	char word[WORD_MAX];
	bool any = false;

	while (next_word(&folded, word)) {
		if (!near_possible(word))
			return false;
		any = true;
	}
	return any;
}

static int
near_word(const struct book *book, uint32_t row, const char *word,
    struct str *scratch)
{
	uint32_t columns = records_column_count(book_records(book));
	int best = NEAR_NOT;

	for (uint32_t column = 0; column < columns && best > 0; column++) {
		const char *text = book_cell(book, row, column);
		int near = text && *text ? near_text(scratch, text, word)
					 : NEAR_NOT;

		if (near < best)
			best = near;
	}
	return best;
}

int
contact_near(const struct book *book, uint32_t row, const char *folded,
    struct str *scratch)
{
	char word[WORD_MAX];
	int sum = 0;

	if (row == RECORDS_NONE)
		return NEAR_NOT;
	while (next_word(&folded, word)) {
		int near = near_word(book, row, word, scratch);

		if (near == NEAR_NOT)
			return NEAR_NOT;
		sum += near;
	}
	return sum;
}
