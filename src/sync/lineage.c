/* SPDX-License-Identifier: MIT */
/* A wrong guess would be a question too many; so doubt says nothing. */
#include "sync/lineage.h"

#include <ctype.h>
#include <string.h>

#include "base/file.h"
#include "base/str.h"

enum { PATTERN_MAX = 256 };

/* ---- names ------------------------------------------------------------- */

static bool
says_nothing(const char *word)
{
	static const char *const words[] = {"jan", "feb", "mar", "apr", "may",
	    "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "january",
	    "february", "march", "april", "june", "july", "august", "september",
	    "october", "november", "december", "copy", "am", "pm"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i], word) == 0)
			return true;
	return false;
}

/* "Contacts_2026_11_24 (1).csv" becomes "contacts". */
static void
pattern_of(struct str *out, const char *path)
{
	const char *name = file_name(path), *dot = strrchr(name, '.');
	const char *end = dot && dot > name ? dot : name + strlen(name);
	struct str word;

	str_init(&word, PATTERN_MAX);
	for (const char *at = name;; at++) {
		unsigned char c = at < end ? (unsigned char)*at : ' ';

		/* bytes above ASCII are letters of some language */
		if (isalpha(c) || c >= 0x80) {
			str_add_char(&word, (char)tolower(c));
			continue;
		}
		if (!says_nothing(word.data))
			str_add(out, word.data);
		str_reset(&word);
		if (at >= end)
			break;
	}
	str_release(&word);
}

bool
lineage_alike(const char *path, const char *other)
{
	struct str a, b;
	bool alike;

	str_init(&a, PATTERN_MAX);
	str_init(&b, PATTERN_MAX);
	pattern_of(&a, path);
	pattern_of(&b, other);
	alike = a.len > 0 && strcmp(a.data, b.data) == 0;
	str_release(&a);
	str_release(&b);
	return alike;
}

/* ---- choosing ----------------------------------------------------------- */

static bool
may_be(const struct lineage_sight *sight)
{
	if (!sight->same_format || sight->contacts == 0 ||
	    sight->columns == 0 || 5 * sight->shared < 4 * sight->columns)
		return false;
	if (sight->sampled == 0)
		return sight->named_alike;
	return 2 * sight->known > sight->sampled;
}

/* Clearly more: a tenth, and any at all. */
static bool
outdoes(const struct lineage_sight *one, const struct lineage_sight *other)
{
	return 10 * one->known > 11 * other->known;
}

size_t
lineage_choose(const struct lineage_sight *sights, size_t count)
{
	size_t best = LINEAGE_NONE, alike = LINEAGE_NONE;
	bool doubt = false, several = false;

	for (size_t i = 0; i < count; i++)
		if (may_be(&sights[i]) &&
		    (best == LINEAGE_NONE ||
			sights[i].known > sights[best].known))
			best = i;
	for (size_t i = 0; i < count; i++) {
		if (!may_be(&sights[i]) || outdoes(&sights[best], &sights[i]))
			continue;
		doubt |= i != best;
		several |= sights[i].named_alike && alike != LINEAGE_NONE;
		if (sights[i].named_alike)
			alike = i;
	}
	if (!doubt)
		return best;
	return several ? LINEAGE_NONE : alike;
}
