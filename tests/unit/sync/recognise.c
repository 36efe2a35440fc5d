/* SPDX-License-Identifier: MIT */
#include "sync/recognise.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "check.h"

/*
 * People as words: "MBI e-mail phone birth first last", "-" for none; before
 * them "@id" for a HealthSherpa ID, "!" for one that was never sent, "#" for a
 * row with an ID of the CRM's. Known and rows are parted by ";".
 * What comes of each row: "0" surely the first of the known, "0?M" the same by
 * the Medicare number, to be confirmed ("E" e-mail and birth date, "P" phone,
 * name and birth date, "e" e-mail and name, "p" phone and name, "a" all, "n"
 * name;
 * "~": under another name), "*" many, "-" nobody.
 */
static const struct {
	const char *what, *known, *rows, *result;
} cases[] = {
    {"nobody known", "", "m a 1 x Ann Lee", "-"},
    {"all the same", "m a 1 x Ann Lee", "m a 1 x Ann Lee", "0"},
    {"in another order", "m a 1 x Ann Lee; n b 2 y Bob Ray",
	"n b 2 y Bob Ray; m a 1 x Ann Lee", "1 0"},
    {"by the file's ID, all else changed", "@h m a 1 x Ann Lee",
	"@h n b 2 y Bob Ray", "0"},
    {"an ID in the file that nobody is linked to", "@h m a 1 x Ann Lee",
	"@i m b 2 y Ann Lee", "-"},
    {"the file's ID goes before all the same",
	"@h m a 1 x Ann Lee; @i n b 2 y Bob Ray", "@i m a 1 x Ann Lee", "1"},
    {"two rows with one ID", "@h m a 1 x Ann Lee",
	"@h m a 1 x Ann Lee; @h n b 2 y Bob Ray", "* *"},
    {"by the Medicare number", "m a 1 x Ann Lee", "m b 2 x Ann Lee", "0?M"},
    {"and under another name", "m a 1 x Ann Lee", "m b 2 x Ann Ray", "0?M~"},
    {"by e-mail and birth date", "- a 1 x Ann Lee", "- a 2 x Ann Lee", "0?E"},
    {"by phone, name and birth date", "- a 1 x Ann Lee", "- b 1 x Ann Lee",
	"0?P"},
    {"by e-mail and name", "- a 1 - Ann Lee", "- a 2 - Ann Lee", "0?e"},
    {"the birth date was corrected", "- a 1 x Ann Lee", "- a 2 y Ann Lee",
	"0?e"},
    {"by phone and name", "- a 1 - Ann Lee", "- b 1 - Ann Lee", "0?p"},
    {"by nothing but the name", "- - - - Ann Lee", "- - - - Ann Lee", "0?a"},
    {"the bare name, and more came", "- - - - Ann Lee", "- a 1 x Ann Lee",
	"0?n"},
    {"the mail went, a phone came", "- a - - Ann Lee", "- - 1 - Ann Lee",
	"0?n"},
    {"the bare name, of two", "- a - - Ann Lee; - b - - Ann Lee",
	"- - 1 - Ann Lee", "*"},
    {"the bare name, with IDs", "- a - - Ann Lee", "# - - 1 - Ann Lee", "0?n"},
    {"the bare name, never sent", "! - a - - Ann Lee", "- - 1 - Ann Lee", "0"},
    {"another bare name", "- - - - Ann Lee", "- a - - Eve Lee", "-"},
    {"a namesake of one who left", "- a 1 x Ann Lee", "- b 2 y Ann Lee", "0?n"},
    {"a namesake of one who stays", "- a 1 x Ann Lee",
	"- b 2 y Ann Lee; - a 1 x Ann Lee", "- 0"},
    {"a family's phone is no way", "- a 1 x Ann Lee", "- b 1 y Bob Lee", "-"},
    {"a family's e-mail is no way", "- a 1 x Ann Lee", "- a 2 y Bob Lee", "-"},
    {"a spouse beside one that stays", "- a 1 x Ann Lee",
	"- a 1 x Ann Lee; - a 1 y Bob Lee", "0 -"},
    {"two Medicare numbers are two persons", "m a 1 x Ann Lee",
	"n a 1 x Eve Lee", "-"},
    {"unless they have one name", "m a 1 x Ann Lee", "n a 1 x Ann Lee", "0?E"},
    {"a corrected number, and nothing but the name", "m - - - Ann Lee",
	"n - - - Ann Lee", "0?n"},
    {"father and son of one name, with numbers", "m a 1 - Cy Lee",
	"n a 1 - Cy Lee; m a 1 - Cy Lee", "- 0"},
    {"a number that came", "- a 1 x Ann Lee", "m a 1 x Ann Lee", "0?E"},
    {"the surer way goes first", "m a 1 x Ann Lee; - b 2 y Ann Lee",
	"m b 2 y Ann Lee", "0?M"},
    {"twins, one with another phone", "- a 1 x Ann Lee; - a 1 x Eve Lee",
	"- a 2 x Eve Lee; - a 1 x Ann Lee", "1?E 0"},
    {"twins, both with another phone", "- a 1 x Ann Lee; - a 1 x Eve Lee",
	"- a 2 x Eve Lee; - a 2 x Ann Lee", "1?e 0?e"},
    {"twins with other names and phones", "- a 1 x Ann Lee; - a 1 x Eve Lee",
	"- a 2 x Una Lee; - a 3 x Ida Lee", "* *"},
    {"twins with one name", "- a 1 x Ann Lee; - a 2 x Ann Lee",
	"- a 3 x Ann Lee; - a 4 x Ann Lee", "* *"},
    {"twins with one name, unchanged", "- a 1 x Ann Lee; - a 2 x Ann Lee",
	"- a 2 x Ann Lee; - a 1 x Ann Lee", "1 0"},
    {"twins with numbers of their own", "m a 1 x Ann Lee; n a 1 x Ann Lee",
	"n a 2 x Ann Lee; m a 3 x Ann Lee", "1?M 0?M"},
    {"a twin who came", "- a 1 x Ann Lee", "- a 1 x Ann Lee; - a 1 x Eve Lee",
	"0 -"},
    {"a twin who came beside one that changed", "- a 1 x Ann Lee",
	"- a 2 x Ann Lee; - a 2 x Eve Lee", "0?e -"},
    {"two rows that say the same", "- a 1 x Ann Lee",
	"- a 1 x Ann Lee; - a 1 x Ann Lee", "* *"},
    {"two known who were the same", "- a 1 x Ann Lee; - a 1 x Ann Lee",
	"- a 1 x Ann Lee", "*"},
    {"never sent: taken without asking", "! - a 1 x Ann Lee", "- a 2 x Bob Lee",
	"0"},
    {"never sent, and several: nobody", "! - a 1 x Ann Lee; ! - a 2 x Ann Lee",
	"- a 3 x Ann Lee", "-"},
    {"IDs came", "m a 1 x Ann Lee", "# m a 1 x Ann Lee", "0?a"},
    {"IDs came, and a phone changed", "m a 1 x Ann Lee", "# m a 2 x Ann Lee",
	"0?M"},
    {"IDs came for whom was never sent", "! m a 1 x Ann Lee",
	"# m a 1 x Ann Lee", "-"},
    {"rows that say nothing", "- - - - - -; m a 1 x Ann Lee",
	"- - - - - -; - - - - - -", "- -"},
};

static uint64_t
hash(const char *words)
{
	uint64_t h = 5381;

	for (; *words; words++)
		h = h * 33 + (unsigned char)*words;
	return h << 1 | 1;
}

enum { NUMBER, EMAIL, PHONE, BIRTH, FIRST, LAST, PARTS };

/* The hash of some parts, 0 when one of them is "-". */
static uint64_t
of(char parts[PARTS][16], char what, const char *which)
{
	char text[128] = {what, '\0'};

	for (; *which; which++) {
		const char *part = parts[*which - '0'];

		if (strcmp(part, "-") == 0)
			return 0;
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
		    "|%s", part);
	}
	return hash(text);
}

/* Reads one person; the flags that stood before it. */
static char
read_person(char *words, struct identity_print *print, uint64_t *file_id)
{
	char parts[PARTS][16], *at = words, flag = ' ';
	char all[128] = "w";

	*file_id = 0;
	at += strspn(at, " ");
	for (; strchr("@!#", *at);
	     at += strcspn(at, " "), at += strspn(at, " ")) {
		if (*at == '@')
			*file_id = hash((char[]){at[1], '\0'});
		else
			flag = *at;
	}
	CHECK_INT(sscanf(at, "%15s %15s %15s %15s %15s %15s", parts[0],
		      parts[1], parts[2], parts[3], parts[4], parts[5]),
	    PARTS);
	memset(print, 0, sizeof(*print));
	for (unsigned i = 0; i < PARTS; i++)
		snprintf(all + strlen(all), sizeof(all) - strlen(all), "|%s",
		    parts[i]);
	if (strcmp(all, "w|-|-|-|-|-|-") != 0)
		print->whole = hash(all);
	print->name = of(parts, 'n', "45");
	print->way[PERSON_BY_NUMBER] = of(parts, '0', "0");
	print->way[PERSON_BY_EMAIL_AND_BIRTH] = of(parts, '1', "13");
	print->way[PERSON_BY_PHONE_NAME_AND_BIRTH] = of(parts, '2', "2453");
	print->way[PERSON_BY_EMAIL_AND_NAME] = of(parts, '3', "145");
	print->way[PERSON_BY_PHONE_AND_NAME] = of(parts, '4', "245");
	return flag;
}

enum { MOST = 8 };

static void
describe(struct str *out, const struct stranger *stranger)
{
	static const char ways[] = "MEPepan";

	if (out->len > 0)
		str_add_char(out, ' ');
	switch (stranger->how) {
	case RECOGNISED_NOT: str_add(out, "-"); break;
	case RECOGNISED_MANY: str_add(out, "*"); break;
	case RECOGNISED_SURELY: str_addf(out, "%u", stranger->known); break;
	case RECOGNISED_BY_WAY:
		str_addf(out, "%u?%c%s", stranger->known, ways[stranger->way],
		    stranger->other_name ? "~" : "");
		break;
	}
}

static char *
next_person(char **at)
{
	char *start = *at, *end;

	if (!start || !*start)
		return NULL;
	end = strchr(start, ';');
	*at = end ? end + 1 : NULL;
	if (end)
		*end = '\0';
	return start;
}

TEST(recognise_table)
{
	for (unsigned i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct known known[MOST] = {0};
		struct stranger rows[MOST] = {0};
		size_t known_count = 0, row_count = 0;
		char left[400], right[400], *at = left, *word;
		struct str out;

		str_copy(left, sizeof(left), cases[i].known);
		str_copy(right, sizeof(right), cases[i].rows);
		while ((word = next_person(&at))) {
			struct known *each = &known[known_count++];

			each->sent = read_person(word, &each->print,
					 &each->file_id) != '!';
		}
		at = right;
		while ((word = next_person(&at))) {
			struct stranger *each = &rows[row_count++];

			each->own_id = read_person(word, &each->print,
					   &each->file_id) == '#';
		}
		for (unsigned round = 0; round < RECOGNISE_ROUNDS; round++)
			recognise_round(
			    round, known, known_count, rows, row_count);
		str_init(&out, 1000);
		for (size_t k = 0; k < row_count; k++)
			describe(&out, &rows[k]);
		check_text(out.data, cases[i].result, __FILE__, __LINE__,
		    cases[i].what);
		str_release(&out);
	}
}

/* Whatever comes: nobody is two rows, and the order of the rows changes
 * nothing. */
TEST(recognise_takes_nobody_twice)
{
	enum { COUNT = 60 };
	uint32_t seed = 7;

	for (unsigned round = 0; round < 200; round++) {
		struct known known[COUNT] = {0}, again[COUNT];
		struct stranger rows[COUNT] = {0}, turned[COUNT];
		bool taken[COUNT] = {false};

		for (unsigned i = 0; i < 2 * COUNT; i++) {
			struct identity_print *print =
			    i < COUNT ? &known[i].print
				      : &rows[i - COUNT].print;

			for (unsigned way = 0; way < PERSON_WAYS; way++) {
				seed = seed * 1103515245 + 12345;
				print->way[way] = (seed >> 16) % 40;
			}
			print->whole = hash((char[]){(char)(1 + print->way[1]),
			    (char)(1 + print->way[2]), '\0'});
			if (i < COUNT)
				known[i].sent = i % 4 != 0;
			else
				rows[i - COUNT].row = i - COUNT;
		}
		memcpy(again, known, sizeof(known));
		for (unsigned i = 0; i < COUNT; i++)
			turned[i] = rows[COUNT - 1 - i];
		for (unsigned i = 0; i < RECOGNISE_ROUNDS; i++) {
			recognise_round(i, known, COUNT, rows, COUNT);
			recognise_round(i, again, COUNT, turned, COUNT);
		}
		for (unsigned i = 0; i < COUNT; i++) {
			const struct stranger *other = &turned[COUNT - 1 - i];

			CHECK_INT(rows[i].how, other->how);
			CHECK_INT(rows[i].known, other->known);
			if (rows[i].how != RECOGNISED_SURELY &&
			    rows[i].how != RECOGNISED_BY_WAY)
				continue;
			CHECK(!taken[rows[i].known]);
			taken[rows[i].known] = true;
		}
	}
}
