/* SPDX-License-Identifier: MIT */
/*
 * The cleaning rule is tested against lists written down here, not against
 * utf8proc, over every code point, every pair of bytes and random bytes.
 */
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "check.h"

enum { CODES = 0x110000 };

/* What must never reach a terminal: controls, format, bidi, zero width. */
static const struct {
	uint32_t first, last;
} forbidden[] = {
    {0x0000, 0x001F},   /* C0 */
    {0x007F, 0x009F},   /* DEL, C1 */
    {0x00AD, 0x00AD},   /* soft hyphen */
    {0x034F, 0x034F},   /* combining grapheme joiner */
    {0x061C, 0x061C},   /* Arabic letter mark */
    {0x115F, 0x1160},   /* Hangul fillers */
    {0x180B, 0x180F},   /* Mongolian selectors and separator */
    {0x200B, 0x200F},   /* zero width, direction marks */
    {0x2028, 0x202E},   /* separators, embeddings, overrides */
    {0x2060, 0x206F},   /* joiners, isolates, deprecated format */
    {0x3164, 0x3164},   /* Hangul filler */
    {0xD800, 0xDFFF},   /* surrogates */
    {0xFE00, 0xFE0F},   /* variation selectors */
    {0xFEFF, 0xFEFF},   /* byte order mark */
    {0xFFA0, 0xFFA0},   /* half-width Hangul filler */
    {0xFFF0, 0xFFFC},   /* specials but U+FFFD */
    {0xFFFE, 0xFFFF},   /* not characters */
    {0x1BCA0, 0x1BCA3}, /* shorthand format */
    {0x1D173, 0x1D17A}, /* musical format */
    {0xE0000, 0xE0FFF}, /* tags, variation selectors supplement */
};

static bool
is_forbidden(uint32_t code)
{
	if (code == 0xFFFC) /* the object replacement is visible */
		return false;
	for (size_t i = 0; i < sizeof(forbidden) / sizeof(*forbidden); i++)
		if (code >= forbidden[i].first && code <= forbidden[i].last)
			return true;
	return false;
}

/* Cleans; checks that what came out is clean, and stays as it is. */
static void
check_clean(struct str *out, const char *text, size_t len)
{
	struct str again;
	int marks = -1;

	str_reset(out);
	text_clean(out, text, len);
	REQUIRE(text_valid(out->data, out->len, NULL));
	REQUIRE(strlen(out->data) == out->len);
	for (size_t at = 0; at < out->len;) {
		uint32_t code;

		at += text_decode(out->data + at, out->len - at, &code);
		REQUIRE(!is_forbidden(code));
		if (text_char_width(code) > 0)
			marks = 0;
		else
			REQUIRE(marks >= 0 && ++marks <= 4);
	}
	str_init(&again, 1000);
	REQUIRE(!text_clean(&again, out->data, out->len));
	REQUIRE(strcmp(again.data, out->data) == 0);
	str_release(&again);
}

TEST(text_clean_every_code_point)
{
	struct str out;

	str_init(&out, 1000);
	for (uint32_t code = 0; code < CODES; code++) {
		char text[8] = "a";
		size_t len = 1 + text_encode(code, text + 1);

		check_clean(&out, text + 1, len - 1);
		text[len++] = 'b';
		check_clean(&out, text, len);
		REQUIRE(out.data[0] == 'a' && out.data[out.len - 1] == 'b');
		if (is_forbidden(code) && !(code >= 0xD800 && code <= 0xDFFF))
			REQUIRE(memcmp(out.data, text, len) != 0);
	}
	str_release(&out);
}

TEST(text_clean_every_pair_of_bytes)
{
	struct str out;

	str_init(&out, 1000);
	for (unsigned pair = 0; pair < 0x10000; pair++) {
		char text[3] = {(char)(pair >> 8), (char)pair, 'x'};

		check_clean(&out, text, 2);
		check_clean(&out, text, 3);
		REQUIRE(out.data[out.len - 1] == 'x');
	}
	str_release(&out);
}

TEST(text_clean_random_bytes)
{
	/* leads and continuations of what is dangerous come up often */
	static const char odd[] = "\xe2\x80\xae\x9b\xc2\xcc\x81\xf0\xf3\xa0"
				  "\x1b\x7f\xef\xbf\xbd\xed\xe0\xc0\xff";
	struct str out;

	srand(7);
	str_init(&out, 1000);
	for (int round = 0; round < 200000; round++) {
		char text[24];
		size_t len = (size_t)rand() % sizeof(text);

		for (size_t i = 0; i < len; i++)
			text[i] = rand() % 2 ? odd[(size_t)rand() % sizeof(odd)]
					     : (char)rand();
		check_clean(&out, text, len);
	}
	str_release(&out);
}

static const char *
cleaned(const char *text, size_t len, bool changes)
{
	static struct str out;

	if (!out.data)
		str_init(&out, 1000);
	str_reset(&out);
	CHECK(text_clean(&out, text, len) == changes);
	return out.data;
}

#define CLEANED(text, changes) cleaned(text, sizeof(text) - 1, changes)

TEST(text_clean_shows_what_was_there)
{
	CHECK_TEXT(CLEANED("Plain text, long enough: ~", false),
	    "Plain text, long enough: ~");
	CHECK_TEXT(CLEANED("Zoë Müller 山田", false), "Zoë Müller 山田");
	CHECK_TEXT(CLEANED("a\tb\nc\033[31m\0\x7f", true), "a␉b␊c␛[31m␀␡");
	CHECK_TEXT(CLEANED("\xc2\x9b"
			   "31m",
		       true),
	    "\xef\xbf\xbd"
	    "31m");
	CHECK_TEXT(CLEANED("a\xe2\x80\xaeqr\xe2\x80\x8b.", true), "aqr.");
	/* overlong, surrogate, beyond the end, cut short: one per byte */
	CHECK_TEXT(CLEANED("\xc0\xaf", true), "\ufffd\ufffd");
	CHECK_TEXT(CLEANED("\xed\xa0\x80", true), "\ufffd\ufffd\ufffd");
	CHECK_TEXT(
	    CLEANED("\xf4\x90\x80\x80", true), "\ufffd\ufffd\ufffd\ufffd");
	CHECK_TEXT(CLEANED("a\xe2\x82", true), "a\ufffd\ufffd");
	CHECK_TEXT(CLEANED("\xef\xbf\xbd", false), "\ufffd");
}

TEST(text_clean_bounds_marks)
{
	CHECK_TEXT(CLEANED("e\u0301", false), "e\u0301");
	CHECK_TEXT(CLEANED("\u0301", true), "\u25cc\u0301");
	CHECK_TEXT(CLEANED("e\u0301\u0302\u0303\u0304", false),
	    "e\u0301\u0302\u0303\u0304");
	CHECK_TEXT(CLEANED("e\u0301\u0302\u0303\u0304\u0305\u0306z", true),
	    "e\u0301\u0302\u0303\u0304z");
	/* a dropped character neither carries marks nor resets the count */
	CHECK_TEXT(CLEANED("\u200b\u0301", true), "\u25cc\u0301");
	CHECK_TEXT(CLEANED("e\u0301\u0302\u200d\u0303\u0304\u0305", true),
	    "e\u0301\u0302\u0303\u0304");
}

TEST(text_clean_never_cuts_a_character)
{
	struct str out;

	for (size_t limit = 0; limit < 12; limit++) {
		str_init(&out, limit);
		text_clean(&out, "\u00e9\u5c71\U0001f600\033", 10);
		CHECK(text_valid(out.data, out.len, NULL));
		CHECK(out.cut);
		str_release(&out);
	}
}

TEST(text_codes_survive_both_ways)
{
	for (uint32_t code = 0; code < CODES; code++) {
		char bytes[4];
		size_t len = text_encode(code, bytes);
		uint32_t back;

		REQUIRE(text_decode(bytes, len, &back) == len);
		REQUIRE(text_valid(bytes, len, NULL));
		REQUIRE(back == code || (code >= 0xD800 && code <= 0xDFFF &&
					    back == TEXT_REPLACEMENT));
		for (size_t cut = 1; cut < len; cut++) {
			REQUIRE(text_decode(bytes, cut, &back) == 1);
			REQUIRE(back == TEXT_REPLACEMENT);
		}
	}
}

TEST(text_valid_names_the_byte)
{
	size_t bad = 99;

	CHECK(text_valid("", 0, &bad) && bad == 99);
	CHECK(text_valid("a\0b\033", 4, NULL));
	CHECK(!text_valid("0123456789\xff", 11, &bad));
	CHECK_INT(bad, 10);
	CHECK(!text_valid("\u00e9\xc3", 3, &bad));
	CHECK_INT(bad, 2);
	CHECK(text_valid("\ufffd", 3, NULL));
}

TEST(text_widths)
{
	CHECK_INT(text_width("plain"), 5);
	CHECK_INT(text_width("山田 Zoë"), 8);
	CHECK_INT(text_width("e\u0301"), 1);
	CHECK_INT(text_width("\U0001f600"), 2);
	CHECK_INT(text_width("\u0939\u093f"), 2);       /* a spacing mark */
	CHECK_INT(text_width("\u1112\u1161\u11ab"), 2); /* one syllable */
	CHECK_INT(text_width("\u2500\u2026"), 2);
	CHECK_INT(text_char_width('\0'), 0);
	CHECK_INT(text_char_width(0x7F), 0);
	CHECK_INT(text_length("Zoë 山田"), 6);
	CHECK_INT(text_length("a\xff\xffz"), 4);
}

static const char *
fitted(const char *text, int columns, const char *ellipsis, int used)
{
	static struct str out;

	if (!out.data)
		str_init(&out, 1000);
	str_reset(&out);
	CHECK_INT(text_fit(&out, text, columns, ellipsis), used);
	CHECK_INT(text_width(out.data), used);
	return out.data;
}

TEST(text_fit_cuts_with_an_ellipsis)
{
	CHECK_TEXT(fitted("Rodriguez", 9, "…", 9), "Rodriguez");
	CHECK_TEXT(fitted("Rodriguez", 8, "…", 8), "Rodrigu…");
	CHECK_TEXT(fitted("Rodriguez", 1, "~", 1), "~");
	CHECK_TEXT(fitted("Rodriguez", 2, "...", 2), "Ro");
	CHECK_TEXT(fitted("Rodriguez", 0, "…", 0), "");
	CHECK_TEXT(fitted("Rodriguez", -3, "…", 0), "");
	CHECK_TEXT(fitted("山田太郎", 8, "…", 8), "山田太郎");
	CHECK_TEXT(fitted("山田太郎", 7, "…", 7), "山田太…");
	CHECK_TEXT(fitted("山田太郎", 6, "…", 5), "山田…");
	CHECK_TEXT(fitted("e\u0301e\u0301e\u0301", 2, "~", 2), "e\u0301~");
	CHECK_TEXT(fitted("", 5, "…", 0), "");
}

static const char *
folded(const char *text)
{
	static struct str out;

	if (!out.data)
		str_init(&out, 100000);
	str_reset(&out);
	text_fold(&out, text);
	return out.data;
}

TEST(text_fold_unifies)
{
	CHECK_TEXT(folded("JOSÉ Núñez"), "jose nunez");
	CHECK_TEXT(folded("Jose\u0301"), "jose");
	CHECK_TEXT(folded("Straße"), "strasse");
	CHECK_TEXT(folded("SØREN Łukasz ÆRØ"), "soren lukasz aero");
	CHECK_TEXT(folded("O’Brien‑Smith"), "o'brien-smith");
	CHECK_TEXT(folded("ﬁne Ｆｕｌｌ"), "fine full");
	CHECK_TEXT(folded("a\u00a0b\u200bc"), "a bc");
	CHECK_TEXT(folded("İstanbul ΣΊΣΥΦΟΣ"), "istanbul σισυφοσ");
	CHECK_TEXT(folded("x[\\]^_`{|}~@"), "x[\\]^_`{|}~@");
}

TEST(text_fold_again_changes_nothing)
{
	for (uint32_t code = 1; code < CODES; code++) {
		char text[5] = "", *once, *twice;

		text[text_encode(code, text)] = '\0';
		once = mem_strdup(folded(text));
		twice = mem_strdup(folded(once));
		if (!check_text(twice, once, __FILE__, __LINE__, text))
			check_abandon();
		free(once);
		free(twice);
	}
}

TEST(text_fold_long_ascii)
{
	char text[1000];

	memset(text, 'Q', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	CHECK_INT(strlen(folded(text)), sizeof(text) - 1);
	CHECK_INT(strspn(folded(text), "q"), sizeof(text) - 1);
}

TEST(text_contains_folded_finds)
{
	CHECK(text_contains_folded("Zoë García", "garcia"));
	CHECK(text_contains_folded("Zoë García", "zoe g"));
	CHECK(text_contains_folded("Straße", "se"));
	CHECK(text_contains_folded("Straße", "ss"));
	CHECK(text_contains_folded("xJose\u0301y", "sey"));
	CHECK(text_contains_folded("anything", ""));
	CHECK(text_contains_folded("", ""));
	CHECK(!text_contains_folded("", "a"));
	CHECK(!text_contains_folded("Straß", "sse"));
	CHECK(!text_contains_folded("abc", "abcd"));
	CHECK(text_contains_folded("aaaaaaaaaaaaaaaaaaaaaaaaB", "ab"));
	CHECK(text_contains_folded("[email@example.com]", "@example.com]"));
	CHECK(!text_contains_folded("{", "["));
	/* e with its accent apart: longer in the text than in the needle */
	CHECK(text_contains_folded(
	    "xxxxxxxxxxxxxxxxxe\u0301toile de merxxxxxxxxxxxxxxxxxxx",
	    "etoile de mer"));
	CHECK(text_contains_folded(
	    "xxxxxxxxxxxxxJosephine Jos\u00e9phinexxxxxxxxxxxxxxxxxxxxxx",
	    "josephine josephine"));
	CHECK(text_range_contains_folded("one\0TWO", 7, "two"));
	CHECK(!text_range_contains_folded("one\0TWO", 7, "onet"));
	CHECK(!text_range_contains_folded("one\0TWO", 6, "two"));
}

/* The same answer as folding the whole and looking for the needle. */
TEST(text_contains_folded_agrees_with_fold)
{
	static const char *const parts[] = {"a", "B", "ab", "ß", "é", "e\u0301",
	    "s", "S", " ", "\u200b", "ﬁ", "i", "F", "山", "\xff", "Å",
	    "aaaaaaaaaaaaaaaa", "bbbbbbbbaaaaaaaaab"};
	enum { COUNT = sizeof(parts) / sizeof(*parts) };
	struct str text, needle;
	int hits = 0;

	srand(11);
	str_init(&text, 1000);
	str_init(&needle, 1000);
	for (int round = 0; round < 300000; round++) {
		bool there;

		str_reset(&text);
		str_reset(&needle);
		for (int i = rand() % 8; i >= 0; i--)
			str_add(&text, parts[rand() % COUNT]);
		for (int i = rand() % 2; i >= 0; i--)
			text_fold(&needle, parts[rand() % COUNT]);
		there = strstr(folded(text.data), needle.data) != NULL;
		hits += there;
		if (text_contains_folded(text.data, needle.data) != there) {
			CHECK_TEXT(text.data, needle.data);
			check_abandon();
		}
	}
	CHECK(hits > 10000 && hits < 290000);
	str_release(&text);
	str_release(&needle);
}

static void
check_trim(const char *text, const char *should)
{
	size_t len;
	const char *start = text_trim(text, &len);
	char *inner = mem_strndup(start, len);

	CHECK(start >= text && start + len <= text + strlen(text));
	CHECK_TEXT(inner, should);
	free(inner);
}

TEST(text_trim_takes_blanks_off)
{
	check_trim("", "");
	check_trim(" \t\r\n\u00a0\u3000 ", "");
	check_trim("  a b ", "a b");
	check_trim("\ufeff\u202a(512) 555-0100\u202c", "(512) 555-0100");
	check_trim("é", "é");
	check_trim("\xff x \xff ", "\xff x \xff");
}

TEST(text_ascii_is_ascii)
{
	struct str out;

	str_init(&out, 1000);
	text_ascii(&out, "JOSÉ Łuk “x” – 山 ½…");
	CHECK_TEXT(out.data, "JOSE Luk \"x\" - ? 1/2...");
	for (uint32_t code = 0x80; code < CODES; code++) {
		char text[5] = "";

		text[text_encode(code, text)] = '\0';
		str_reset(&out);
		text_ascii(&out, text);
		for (size_t i = 0; i < out.len; i++)
			REQUIRE(out.data[i] >= ' ' && out.data[i] < 0x7F);
	}
	str_release(&out);
}
