/* SPDX-License-Identifier: MIT */
/*
 * Keys: one number each, and their names in config, help and manual.
 *
 * A character is its code point, ^A..^Z are 1..26, special keys lie above
 * Unicode. Names: "a" "é" "^R" "Space" "Enter" "Tab" "Backspace" "Esc" "Up"
 * "PgDn" "F1" "Shift-Tab" "Alt-x". Case matters for characters only.
 */
#ifndef TUI_KEY_H
#define TUI_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct str;

#define KEY_ALT 0x40000000u
#define KEY_CONTROL(c) ((uint32_t)(c)&0x1fu)

enum key_code {
	KEY_CODE_NONE = 0,
	KEY_CODE_TAB = 0x09,
	KEY_CODE_ENTER = 0x0d,
	KEY_CODE_ESCAPE = 0x1b,
	KEY_CODE_SPACE = 0x20,
	KEY_CODE_BACKSPACE = 0x7f,
	KEY_CODE_UP = 0x110000,
	KEY_CODE_DOWN,
	KEY_CODE_LEFT,
	KEY_CODE_RIGHT,
	KEY_CODE_HOME,
	KEY_CODE_END,
	KEY_CODE_PAGE_UP,
	KEY_CODE_PAGE_DOWN,
	KEY_CODE_INSERT,
	KEY_CODE_DELETE,
	KEY_CODE_BACK_TAB,
	KEY_CODE_F1, /* .. F12 */
	KEY_CODE_F12 = KEY_CODE_F1 + 11,
};

/* Whether it types something (a character, no Alt). */
bool key_is_text(uint32_t key);

/* Reads one name; the error names it and shows the spelling of a good one. */
bool key_parse(const char *name, size_t len, uint32_t *key, struct err *err);

/* Appends the name; key_parse() reads it back. */
void key_format(uint32_t key, struct str *out);

/* The beginning of a character whose other bytes have not come yet. */
struct key_bytes {
	char bytes[4];
	size_t count;
};

/*
 * Adds a byte of typed UTF-8; gives the character when it is complete, else
 * KEY_CODE_NONE. Bytes that make no character are dropped.
 */
uint32_t key_add_byte(struct key_bytes *bytes, unsigned char byte);

#endif
