/* SPDX-License-Identifier: MIT */
/*
 * Names, and letters that were broken on their way: UTF-8 that a program read
 * as Windows-1252. A name is never changed beyond its apostrophe; how it is
 * probably written is only suggested.
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "book/rules.h"
#include "source/encoding.h"

enum { CASE_LETTERS = 3 };

#define CAPITALS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* ---- broken letters --------------------------------------------------------
 */

/*
 * Whether the text has a C1 control but NEL: Windows-1252 gives those for bytes
 * that no program writes there.
 */
static bool
has_control(const char *raw)
{
	while ((raw = strchr(raw, 0xc2))) {
		unsigned char next = (unsigned char)*++raw;

		if (next >= 0x80 && next <= 0x9f && next != 0x85)
			return true;
	}
	return false;
}

/*
 * U+FFFD is a letter that is lost. UTF-8 that was read as Windows-1252 and
 * encoded again shows as U+00C3 before a non-ASCII letter, U+00C2 before a
 * Latin-1 sign, or U+00E2 before the Euro sign; no language writes those.
 */
static bool
damaged(const char *text)
{
	for (const char *at = text; (at = strpbrk(at, "\xc3\xef")); at++)
		if (str_starts(at, "\xef\xbf\xbd") ||
		    (str_starts(at, "\xc3\x83") && (at[2] & 0x80)) ||
		    str_starts(at, "\xc3\x82\xc2") ||
		    str_starts(at, "\xc3\xa2\xe2\x82\xac"))
			return true;
	return false;
}

/* The text before it was read as Windows-1252, if that is what happened. */
static void
suggest_repair(struct finding *finding, const char *text)
{
	struct str bytes;
	uint32_t missing;

	if (!encoding_holds(ENCODING_WINDOWS_1252, text, &missing))
		return;
	str_init(&bytes, FINDING_SUGGESTION_SIZE);
	encoding_add(ENCODING_WINDOWS_1252, &bytes, text, strlen(text));
	if (!bytes.cut && text_valid(bytes.data, bytes.len, NULL) &&
	    !damaged(bytes.data) && !has_control(bytes.data) &&
	    strcmp(bytes.data, text) != 0)
		rules_suggest(finding, bytes.data);
	str_release(&bytes);
}

void
rules_check_damage(const struct rules_input *input, const struct str *value,
    struct findings *findings)
{
	const struct field_info *info = &field_table[input->field];
	struct finding *finding;

	if (!damaged(value->data) && !has_control(input->raw))
		return;
	if (info->flags & FIELD_SENSITIVE)
		finding = findings_add(findings, FINDING_TEXT_DAMAGED,
		    input->field, "%s has broken letters", info->label);
	else
		finding = findings_add(findings, FINDING_TEXT_DAMAGED,
		    input->field, "%s has broken letters: \"%s\"", info->label,
		    rules_quote(value->data).text);
	suggest_repair(finding, value->data);
}

/* ---- names -----------------------------------------------------------------
 */

/* Whether all its letters, three or more, are of one case. Of other than ASCII
 * letters that is not known: they pass for capitals, as in Angela with an
 * accent. */
static bool
one_case(const char *name)
{
	unsigned upper = 0, lower = 0, other = 0;

	for (; *name; name++) {
		upper += isupper((unsigned char)*name) != 0;
		lower += islower((unsigned char)*name) != 0;
		other += (*name & 0x80) != 0;
		/* most names end here, at their second letter */
		if (lower > 0 && upper + other > 0)
			return false;
	}
	return upper + lower >= CASE_LETTERS;
}

/* ADAMS is Adams, O'HARA is O'Hara, MCDONALD is McDonald, III stays. Only for
 * ASCII letters: others have other rules. */
static void
suggest_case(struct finding *finding, const char *name)
{
	static const char *const numbers[] = {"II", "III", "IV", "MD", NULL};
	char text[FINDING_SUGGESTION_SIZE];
	size_t len;

	if (!str_copy(text, sizeof(text), name))
		return;
	for (char *word = text; *word; word += len + (word[len] != '\0')) {
		bool scottish;

		len = strcspn(word, " -'.");
		scottish = len > 4 && strncasecmp(word, "mc", 2) == 0;
		if (len > 1 && len <= 3) {
			char number[4] = "";

			memcpy(number, word, len);
			if (rules_in(number, numbers))
				continue;
		}
		for (size_t i = 0; i < len; i++) {
			bool first = i == 0 || (scottish && i == 2);
			unsigned char c = (unsigned char)word[i];

			if (!isalpha(c) || c & 0x80)
				return;
			word[i] = (char)(first ? toupper(c) : tolower(c));
		}
	}
	if (!one_case(text))
		rules_suggest(finding, text);
}

/* "King, Jr." is a name; "Smith, John" is two. */
static bool
holds_two(const char *name)
{
	static const char *const suffixes[] = {"jr", "jr.", "sr", "sr.", "ii",
	    "iii", "iv", "v", "md", "m.d.", "phd", "ph.d.", "dds", "esq",
	    "esq.", "rn", "do", "cpa", NULL};
	const char *comma = strchr(name, ',');

	if (!comma || comma == name)
		return false;
	comma += 1 + strspn(comma + 1, " ");
	return *comma && !rules_in(comma, suffixes);
}

void
rules_name(const struct rules_input *input, struct str *value,
    struct findings *findings)
{
	static const char *const fillers[] = {"unknown", "test", "tbd", "lnu",
	    "fnu", "nfn", "nln", "no name", "noname", "no last name",
	    "no first name", "first name", "last name", "xx", "xxx", "xxxx",
	    "asdf", "?", "??", "???", NULL};
	const char *label = field_table[input->field].label;
	const char *curly = "\xe2\x80\x99";
	char *at;

	while ((at = strstr(value->data, curly))) {
		*at = '\'';
		memmove(at + 1, at + 3, strlen(at + 3) + 1);
		value->len -= 2;
	}
	if (rules_in(value->data, fillers))
		findings_add(findings, FINDING_NAME_PLACEHOLDER, input->field,
		    "%s \"%s\" looks like a filler", label, value->data);
	else if (one_case(value->data))
		suggest_case(
		    findings_add(findings, FINDING_NAME_CASE, input->field,
			"%s is in %s letters throughout", label,
			strpbrk(value->data, CAPITALS) ? "capital" : "small"),
		    value->data);
	if (holds_two(value->data))
		findings_add(findings, FINDING_NAME_COMMA, input->field,
		    "%s \"%s\" may be two names", label,
		    rules_quote(value->data).text);
	rules_check_damage(input, value, findings);
}
