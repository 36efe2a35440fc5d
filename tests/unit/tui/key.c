/* SPDX-License-Identifier: MIT */
#include "tui/key.h"

#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "check.h"

static const struct {
	const char *name;
	uint32_t key;
	const char *shown; /* NULL: as written */
} good[] = {
    {"a", 'a', NULL},
    {"A", 'A', NULL},
    {"^R", 18, NULL},
    {"^r", 18, "^R"},
    {"^", '^', NULL},
    {"?", '?', NULL},
    {":", ':', NULL},
    {"é", 0xe9, NULL},
    {"Space", ' ', NULL},
    {"enter", KEY_CODE_ENTER, "Enter"},
    {"^M", KEY_CODE_ENTER, "Enter"},
    {"Tab", '\t', NULL},
    {"Esc", KEY_CODE_ESCAPE, NULL},
    {"Backspace", KEY_CODE_BACKSPACE, NULL},
    {"PgDn", KEY_CODE_PAGE_DOWN, NULL},
    {"F1", KEY_CODE_F1, NULL},
    {"F12", KEY_CODE_F12, NULL},
    {"Alt-x", KEY_ALT | 'x', NULL},
    {"alt-Enter", KEY_ALT | KEY_CODE_ENTER, "Alt-Enter"},
    {"Shift-Tab", KEY_CODE_BACK_TAB, NULL},
};

TEST(key_names_are_read_and_written)
{
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct err err = ERR_INIT;
		struct str name;
		uint32_t key = 0;

		CHECK(
		    key_parse(good[i].name, strlen(good[i].name), &key, &err));
		CHECK_INT(key, good[i].key);
		str_init(&name, 64);
		key_format(key, &name);
		CHECK_TEXT(
		    name.data, good[i].shown ? good[i].shown : good[i].name);
		str_release(&name);
	}
}

TEST(key_bad_names_are_refused_with_their_spelling)
{
	static const char *const bad[] = {"", "PageDown", "ab", "Alt-", "F13",
	    "\xff", "\x1b", " ", "Alt-Alt-x", "^\x7f",
	    "a name that is much longer than any key"};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct err err = ERR_INIT;
		uint32_t key;

		CHECK(!key_parse(bad[i], strlen(bad[i]), &key, &err));
		CHECK_INT(err.kind, ERR_CONFIG);
		CHECK(strstr(err.text, "is not the name of a key") != NULL);
		CHECK(strchr(err.text, '\x1b') == NULL);
	}
}

TEST(key_text_is_what_types_something)
{
	CHECK(key_is_text('a'));
	CHECK(key_is_text(' '));
	CHECK(key_is_text(0x1f600));
	CHECK(!key_is_text(KEY_CODE_ENTER));
	CHECK(!key_is_text(0x7f));
	CHECK(!key_is_text(0x85));
	CHECK(!key_is_text(KEY_CODE_UP));
	CHECK(!key_is_text(KEY_ALT | 'x'));
}

TEST(key_bytes_become_characters)
{
	static const char text[] = "a\xc3\xa9\x80\xe2\x28\xed\xa0\x80"
				   "\xf0\x9f\x98\x80\xff\xc3z";
	static const uint32_t should[] = {'a', 0xe9, '(', 0x1f600, 'z'};
	struct key_bytes bytes = {.count = 0};
	size_t count = 0;

	for (size_t i = 0; text[i]; i++) {
		uint32_t code = key_add_byte(&bytes, (unsigned char)text[i]);

		if (code == KEY_CODE_NONE)
			continue;
		REQUIRE(count < 5);
		CHECK_INT(code, should[count]);
		count++;
	}
	CHECK_INT(count, 5);
	CHECK_INT(bytes.count, 0);
}
