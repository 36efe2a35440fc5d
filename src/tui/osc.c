/* SPDX-License-Identifier: MIT */
#include "tui/osc.h"

#include <stdint.h>
#include <string.h>

#include "base/str.h"
#include "base/text.h"

#define STRING_END "\033\\"

bool
osc_understood(const char *terminal)
{
	static const char *const names[] = {"xterm", "tmux", "screen", "rxvt",
	    "alacritty", "foot", "kitty", "wezterm", "vte", "st-", "konsole",
	    "gnome", "iterm", "ghostty", "contour", "mintty"};

	for (size_t i = 0; terminal && i < sizeof(names) / sizeof(names[0]);
	     i++)
		if (str_starts(terminal, names[i]))
			return true;
	return false;
}

static bool
printable(const char *text)
{
	for (; *text; text++)
		if (*text < 0x20 || *text > 0x7e)
			return false;
	return true;
}

static void
add_base64(struct str *out, const char *text, size_t len)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < len; i += 3) {
		uint32_t bits = (uint32_t)(unsigned char)text[i] << 16;

		if (i + 1 < len)
			bits |= (uint32_t)(unsigned char)text[i + 1] << 8;
		if (i + 2 < len)
			bits |= (unsigned char)text[i + 2];
		str_add_char(out, digits[bits >> 18]);
		str_add_char(out, digits[bits >> 12 & 63]);
		str_add_char(out, i + 1 < len ? digits[bits >> 6 & 63] : '=');
		str_add_char(out, i + 2 < len ? digits[bits & 63] : '=');
	}
}

bool
osc_copy(struct str *out, const char *text)
{
	size_t len = strlen(text);

	if (len > OSC_COPY_MAX || !printable(text))
		return false;
	str_add(out, "\033]52;c;");
	add_base64(out, text, len);
	str_add(out, STRING_END);
	return true;
}

void
osc_title(struct str *out, const char *text, bool push, bool ascii)
{
	char title[OSC_TITLE_MAX];
	struct str clean;

	if (push)
		str_add(out, "\033[22;2t");
	str_copy(title, sizeof(title), text);
	str_init(&clean, (size_t)8 * OSC_TITLE_MAX);
	text_clean(&clean, title, strlen(title));
	str_add(out, "\033]2;");
	if (ascii)
		text_ascii(out, clean.data);
	else
		str_add(out, clean.data);
	str_add(out, STRING_END);
	str_release(&clean);
}

bool
osc_link(struct str *out, int row, const char *url)
{
	if (!printable(url))
		return false;
	str_addf(
	    out, "\0337\033[0m\033[%d;1H\033]8;;%s" STRING_END, row + 1, url);
	str_addf(out, "%s\033]8;;" STRING_END "\0338", url);
	return true;
}
