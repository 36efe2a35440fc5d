/* SPDX-License-Identifier: MIT */
#include "tui/paste.h"

#include <string.h>

#include "base/text.h"

void
paste_init(struct paste *paste)
{
	paste->open = false;
	str_init(&paste->raw, PASTE_MAX);
	str_init(&paste->text, 4 * PASTE_MAX);
}

void
paste_release(struct paste *paste)
{
	str_release(&paste->raw);
	str_release(&paste->text);
}

void
paste_begin(struct paste *paste)
{
	paste->open = true;
	str_reset(&paste->raw);
}

void
paste_add_byte(struct paste *paste, int byte)
{
	if (byte <= 0xff)
		str_add_char(&paste->raw, (char)byte);
}

void
paste_end(struct paste *paste)
{
	char *raw = paste->raw.data;

	paste->open = false;
	for (size_t i = 0; i < paste->raw.len; i++)
		if (raw[i] == '\n' || raw[i] == '\r' || raw[i] == '\t')
			raw[i] = ' ';
	str_reset(&paste->text);
	text_clean(&paste->text, raw, paste->raw.len);
	explicit_bzero(raw, paste->raw.len);
	str_reset(&paste->raw);
}
