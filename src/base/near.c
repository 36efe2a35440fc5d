/* SPDX-License-Identifier: MIT */
/*
 * Hazard: this is asked of every word of 100,000 contacts. Most of them are
 * told apart by which letters they have at all, before any table is filled.
 */
#include "base/near.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/str.h"
#include "base/text.h"

enum { SHORT = 4, LONG = 7 };

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

static bool
is_of_word(char c)
{
	return is_letter(c) || (c >= '0' && c <= '9');
}

bool
near_possible(const char *folded)
{
	size_t len = strlen(folded);
	bool letters = false;

	if (len < NEAR_LEAST || len > NEAR_MOST)
		return false;
	for (const char *at = folded; *at; at++) {
		if (!is_of_word(*at))
			return false;
		letters |= is_letter(*at);
	}
	return letters;
}

/* Which letters there are, a bit each. */
static uint32_t
letters_of(const char *word, size_t len)
{
	uint32_t letters = 0;

	for (size_t i = 0; i < len; i++)
		letters |= UINT32_C(1) << ((unsigned char)word[i] & 31);
	return letters;
}

static bool
in_order(const char *word, size_t len, const char *wanted, size_t wanted_len)
{
	size_t at = 0;

	if (word[0] != wanted[0] || len > 2 * wanted_len)
		return false;
	for (size_t i = 0; i < len && at < wanted_len; i++)
		at += word[i] == wanted[at];
	return at == wanted_len;
}

static unsigned
slips(size_t len)
{
	return len < SHORT ? 0 : len < LONG ? 1 : 2;
}

static unsigned
bits(uint32_t set)
{
	unsigned count = 0;

	for (; set; set &= set - 1)
		count++;
	return count;
}

/* The word, or its beginning, so long that it may be meant. */
static int
slipped(const char *word, size_t len, const char *wanted, size_t wanted_len,
    uint32_t letters)
{
	unsigned most = slips(wanted_len);
	int best = NEAR_NOT;

	if (most == 0 || len + most < wanted_len)
		return NEAR_NOT;
	if (len > wanted_len + most)
		len = wanted_len + most;
	/* what is wanted and is not there at all */
	if (bits(letters & ~letters_of(word, len)) > most)
		return NEAR_NOT;
	for (size_t part = wanted_len > most ? wanted_len - most : 1;
	     part <= len; part++) {
		size_t distance = str_distance(word, part, wanted, wanted_len);

		if (distance <= most && (int)distance < best)
			best = (int)distance;
	}
	return best;
}

/* Behind what has all letters: one slip is two letters left out. */
static int
near_word(const char *word, size_t len, const char *wanted, size_t wanted_len,
    uint32_t letters)
{
	int slip;

	if (len > NEAR_MOST)
		len = NEAR_MOST;
	if (len >= wanted_len && memcmp(word, wanted, wanted_len) == 0)
		return 0;
	if (in_order(word, len, wanted, wanted_len))
		return (int)(len - wanted_len);
	slip = slipped(word, len, wanted, wanted_len, letters);
	return slip == NEAR_NOT ? slip : 2 * slip;
}

int
near_text(struct str *scratch, const char *text, const char *folded)
{
	size_t wanted_len = strlen(folded);
	uint32_t letters = letters_of(folded, wanted_len);
	int best = NEAR_NOT;

	str_reset(scratch);
	text_fold(scratch, text);
	if (strstr(scratch->data, folded))
		return 0;
	for (const char *at = scratch->data; *at;) {
		size_t len = 0;
		int near;

		while (is_of_word(at[len]))
			len++;
		near = len > 0 ? near_word(at, len, folded, wanted_len, letters)
			       : NEAR_NOT;
		if (near < best)
			best = near;
		at += len > 0 ? len : 1;
	}
	return best;
}
