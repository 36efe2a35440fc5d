/* SPDX-License-Identifier: MIT */
/*
 * Names of keys, both ways, from one table.
 * Hazard: ^I, ^M and ^[ are Tab, Enter and Esc on every terminal, so those
 * names are given out, though both are understood.
 */
#include "tui/key.h"

#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "base/text.h"

static const struct {
	const char *name;
	uint32_t key;
} names[] = {
    {"Tab", KEY_CODE_TAB},
    {"Enter", KEY_CODE_ENTER},
    {"Esc", KEY_CODE_ESCAPE},
    {"Space", KEY_CODE_SPACE},
    {"Backspace", KEY_CODE_BACKSPACE},
    {"Up", KEY_CODE_UP},
    {"Down", KEY_CODE_DOWN},
    {"Left", KEY_CODE_LEFT},
    {"Right", KEY_CODE_RIGHT},
    {"Home", KEY_CODE_HOME},
    {"End", KEY_CODE_END},
    {"PgUp", KEY_CODE_PAGE_UP},
    {"PgDn", KEY_CODE_PAGE_DOWN},
    {"Insert", KEY_CODE_INSERT},
    {"Delete", KEY_CODE_DELETE},
    {"Shift-Tab", KEY_CODE_BACK_TAB},
    {"F1", KEY_CODE_F1},
    {"F2", KEY_CODE_F1 + 1},
    {"F3", KEY_CODE_F1 + 2},
    {"F4", KEY_CODE_F1 + 3},
    {"F5", KEY_CODE_F1 + 4},
    {"F6", KEY_CODE_F1 + 5},
    {"F7", KEY_CODE_F1 + 6},
    {"F8", KEY_CODE_F1 + 7},
    {"F9", KEY_CODE_F1 + 8},
    {"F10", KEY_CODE_F1 + 9},
    {"F11", KEY_CODE_F1 + 10},
    {"F12", KEY_CODE_F12},
};

enum { NAME_COUNT = sizeof(names) / sizeof(names[0]), NAME_MAX_BYTES = 24 };

bool
key_is_text(uint32_t key)
{
	return key >= 0x20 && key < 0x110000 && !(key >= 0x7f && key < 0xa0);
}

static bool
parse_plain(const char *name, size_t len, uint32_t *key)
{
	char word[NAME_MAX_BYTES];
	uint32_t code;

	if (len == 0 || len >= sizeof(word) || !text_valid(name, len, NULL))
		return false;
	memcpy(word, name, len);
	word[len] = '\0';
	for (size_t i = 0; i < NAME_COUNT; i++) {
		if (str_equal_fold(word, names[i].name)) {
			*key = names[i].key;
			return true;
		}
	}
	if (len == 2 && word[0] == '^' && word[1] > '@' && word[1] != 0x7f) {
		*key = KEY_CONTROL(word[1]);
		return true;
	}
	if (text_decode(word, len, &code) == len && key_is_text(code) &&
	    code != ' ') {
		*key = code;
		return true;
	}
	return false;
}

bool
key_parse(const char *name, size_t len, uint32_t *key, struct err *err)
{
	static const char alt[] = "Alt-";
	size_t skip = 0;

	if (len > sizeof(alt) - 1 &&
	    strncasecmp(name, alt, sizeof(alt) - 1) == 0)
		skip = sizeof(alt) - 1;
	if (parse_plain(name + skip, len - skip, key)) {
		if (skip)
			*key |= KEY_ALT;
		return true;
	}
	struct str shown;

	str_init(&shown, 4 * NAME_MAX_BYTES);
	text_clean(&shown, name, len);
	err_set(err, ERR_CONFIG,
	    "'%s' is not the name of a key: write keys as a, ^R, Space, "
	    "Enter, PgDn, F1 or Alt-x",
	    shown.data);
	str_release(&shown);
	return false;
}

void
key_format(uint32_t key, struct str *out)
{
	char bytes[4];

	if (key & KEY_ALT)
		str_add(out, "Alt-");
	key &= ~KEY_ALT;
	for (size_t i = 0; i < NAME_COUNT; i++) {
		if (names[i].key == key) {
			str_add(out, names[i].name);
			return;
		}
	}
	if (key < 0x20) {
		str_add_char(out, '^');
		str_add_char(out, (char)(key | 0x40));
	} else if (key_is_text(key)) {
		str_add_bytes(out, bytes, text_encode(key, bytes));
	} else {
		str_add(out, "?");
	}
}

uint32_t
key_add_byte(struct key_bytes *bytes, unsigned char byte)
{
	uint32_t code;
	size_t need;

	if (byte < 0x80 || byte >= 0xc0)
		bytes->count = 0;
	else if (bytes->count == 0)
		return KEY_CODE_NONE;
	if (byte < 0x80)
		return byte;
	bytes->bytes[bytes->count++] = (char)byte;
	need = (unsigned char)bytes->bytes[0] >= 0xf0   ? 4
	       : (unsigned char)bytes->bytes[0] >= 0xe0 ? 3
							: 2;
	if (bytes->count < need)
		return KEY_CODE_NONE;
	bytes->count = 0;
	if (!text_valid(bytes->bytes, need, NULL))
		return KEY_CODE_NONE;
	text_decode(bytes->bytes, need, &code);
	return code;
}
