/* SPDX-License-Identifier: MIT */
/*
 * Plain only what is plain beyond doubt in YAML 1.1 and 1.2: what starts with
 * an indicator, could end the scalar or resolve to something else is quoted.
 */
#include "source/yaml_scalar.h"

#include <stdint.h>
#include <string.h>

#include "base/str.h"
#include "base/text.h"

bool
yaml_scalar_like_number(const char *text)
{
	/* 0x1F, 0o17, 0b1, 1_000, 1e5, +1, .5, 1:30, 2026-11-23T16:55:38Z */
	static const char digits[] = "0123456789eE.+-_:TtZz ";

	if (text[0] == '0' && text[1] && strchr("xXoObB", text[1]))
		return true;
	return text[0] && strchr("0123456789.+-", text[0]) &&
	       text[strspn(text, digits)] == '\0';
}

static bool
is_word(const char *text)
{
	static const char *const words[] = {"null", "true", "false", "yes",
	    "no", "on", "off", "y", "n", ".inf", "+.inf", "-.inf", ".nan"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (str_equal_fold(text, words[i]))
			return true;
	return false;
}

/* What may stand raw in a YAML file, line breaks and tab left out. */
static bool
is_printable(uint32_t code)
{
	return (code >= 0x20 && code < 0x7F) ||
	       (code >= 0xA0 && code != 0x2028 && code != 0x2029 &&
		   code != 0xFEFF && (code & 0xFFFE) != 0xFFFE);
}

static bool
all_printable(const char *text)
{
	size_t len = strlen(text);
	uint32_t code;

	for (size_t at = 0; at < len;) {
		at += text_decode(text + at, len - at, &code);
		if (!is_printable(code))
			return false;
	}
	return true;
}

static bool
is_plain(const char *text, bool flow, bool number_too)
{
	size_t len = strlen(text);

	if (len == 0 || text[0] == ' ' || text[len - 1] == ' ')
		return false;
	if (strchr("-?:,[]{}#&*!|>'\"%@`=<~", text[0]))
		return false;
	if (strchr(text, '#') || strstr(text, ": ") || text[len - 1] == ':')
		return false;
	if (flow && text[strcspn(text, ",[]{}:?")])
		return false;
	if (is_word(text) || strncmp(text, "...", 3) == 0)
		return false;
	if (!number_too && yaml_scalar_like_number(text))
		return false;
	return all_printable(text);
}

static void
write_escaped(struct str *out, uint32_t code)
{
	switch (code) {
	case '\n': str_add(out, "\\n"); break;
	case '\r': str_add(out, "\\r"); break;
	case '\t': str_add(out, "\\t"); break;
	default:
		if (code <= 0xFF)
			str_addf(out, "\\x%02X", (unsigned)code);
		else if (code <= 0xFFFF)
			str_addf(out, "\\u%04X", (unsigned)code);
		else
			str_addf(out, "\\U%08X", (unsigned)code);
	}
}

static void
write_double(struct str *out, const char *text)
{
	size_t len = strlen(text), used;
	uint32_t code;

	str_add_char(out, '"');
	for (size_t at = 0; at < len; at += used) {
		used = text_decode(text + at, len - at, &code);
		if (code == '"' || code == '\\')
			str_add_char(out, '\\');
		if (is_printable(code))
			str_add_bytes(out, text + at, used);
		else
			write_escaped(out, code);
	}
	str_add_char(out, '"');
}

static void
write_single(struct str *out, const char *text)
{
	str_add_char(out, '\'');
	for (; *text; text++) {
		if (*text == '\'')
			str_add_char(out, '\'');
		str_add_char(out, *text);
	}
	str_add_char(out, '\'');
}

void
yaml_scalar_write(struct str *out, const char *text, enum yaml_style style,
    bool flow, bool number_too)
{
	if (style == YAML_SINGLE && all_printable(text))
		write_single(out, text);
	else if (style == YAML_PLAIN && is_plain(text, flow, number_too))
		str_add(out, text);
	else
		write_double(out, text);
}
