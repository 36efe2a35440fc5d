/* SPDX-License-Identifier: MIT */
/*
 * Everything goes through the number of the character. Windows-1252 differs
 * from the first 256 characters of Unicode only in 80 to 9F.
 */
#include "source/encoding.h"

#include <assert.h>
#include <string.h>

#include "base/str.h"
#include "base/text.h"

/* https://encoding.spec.whatwg.org/index-windows-1252.txt, from 80 on */
static const uint16_t windows_1252[32] = {0x20AC, 0x81, 0x201A, 0x0192, 0x201E,
    0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,
    0x017D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D, 0x017E, 0x0178};

const char *
encoding_name(enum encoding encoding)
{
	static const char *const names[] = {
	    "UTF-8", "UTF-16", "UTF-16", "UTF-32", "UTF-32", "Windows-1252"};

	return names[encoding];
}

/* ASCII in UTF-16: a NUL in every unit, in the half `nul`, not in the other. */
static bool
pairs_with_nul(const char *head, size_t len, size_t nul)
{
	if (len < 4 || len % 2 != 0)
		return false;
	for (size_t i = 0; i < len; i++)
		if ((head[i] == '\0') != (i % 2 == nul))
			return false;
	return true;
}

enum encoding
encoding_detect(const char *head, size_t len, size_t *mark)
{
	static const struct {
		enum encoding encoding;
		size_t len;
		char bytes[5];
	} marks[] = {
	    /* UTF-32 first, whose mark begins as that of UTF-16 */
	    {ENCODING_UTF32LE, 4, "\xFF\xFE\0\0"},
	    {ENCODING_UTF32BE, 4, "\0\0\xFE\xFF"},
	    {ENCODING_UTF16LE, 2, "\xFF\xFE"},
	    {ENCODING_UTF16BE, 2, "\xFE\xFF"},
	    {ENCODING_UTF8, 3, "\xEF\xBB\xBF"},
	};

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (len >= marks[i].len &&
		    memcmp(head, marks[i].bytes, marks[i].len) == 0) {
			*mark = marks[i].len;
			return marks[i].encoding;
		}
	*mark = 0;
	if (pairs_with_nul(head, len, 1))
		return ENCODING_UTF16LE;
	if (pairs_with_nul(head, len, 0))
		return ENCODING_UTF16BE;
	return ENCODING_UTF8;
}

/* ---- decoding ----------------------------------------------------------- */

static uint32_t
unit(const char *bytes, size_t width, bool big)
{
	uint32_t value = 0;

	for (size_t i = 0; i < width; i++)
		value = value << 8 |
			(unsigned char)bytes[big ? i : width - 1 - i];
	return value;
}

/* The character at the start; its bytes, 0 when it is cut off. */
static size_t
decode_utf16(const char *bytes, size_t len, bool big, uint32_t *code,
    enum encoding_fault *fault)
{
	uint32_t second;

	if (len < 2)
		return 0;
	*code = unit(bytes, 2, big);
	if (*code < 0xD800 || *code > 0xDFFF)
		return 2;
	if (*code >= 0xDC00) {
		*fault = ENCODING_SURROGATE;
		return 2;
	}
	if (len < 4)
		return 0;
	second = unit(bytes + 2, 2, big);
	if (second < 0xDC00 || second > 0xDFFF)
		*fault = ENCODING_SURROGATE;
	*code = 0x10000 + ((*code - 0xD800) << 10) + (second & 0x3FF);
	return 4;
}

static size_t
decode_utf32(const char *bytes, size_t len, bool big, uint32_t *code,
    enum encoding_fault *fault)
{
	if (len < 4)
		return 0;
	*code = unit(bytes, 4, big);
	if (*code > 0x10FFFF || (*code >= 0xD800 && *code <= 0xDFFF))
		*fault = ENCODING_RANGE;
	return 4;
}

static size_t
decode_windows_1252(const char *bytes, size_t len, uint32_t *code)
{
	if (len == 0)
		return 0;
	*code = (unsigned char)*bytes;
	if (*code >= 0x80 && *code <= 0x9F)
		*code = windows_1252[*code - 0x80];
	return 1;
}

static size_t
decode(enum encoding encoding, const char *bytes, size_t len, uint32_t *code,
    enum encoding_fault *fault)
{
	switch (encoding) {
	case ENCODING_UTF16LE:
	case ENCODING_UTF16BE:
		return decode_utf16(
		    bytes, len, encoding == ENCODING_UTF16BE, code, fault);
	case ENCODING_UTF32LE:
	case ENCODING_UTF32BE:
		return decode_utf32(
		    bytes, len, encoding == ENCODING_UTF32BE, code, fault);
	case ENCODING_WINDOWS_1252:
		return decode_windows_1252(bytes, len, code);
	case ENCODING_UTF8: break;
	}
	assert(encoding != ENCODING_UTF8);
	return 0;
}

size_t
encoding_decode(enum encoding encoding, const char *bytes, size_t len,
    char *out, size_t *used, enum encoding_fault *fault)
{
	size_t width, written = 0;
	uint32_t code;

	*used = 0;
	*fault = ENCODING_GOOD;
	while ((width = decode(
		    encoding, bytes + *used, len - *used, &code, fault)) > 0) {
		if (code == 0 && *fault == ENCODING_GOOD)
			*fault = ENCODING_NUL;
		if (*fault != ENCODING_GOOD)
			break;
		*used += width;
		if (code < 0x80)
			out[written++] = (char)code;
		else
			written += text_encode(code, out + written);
	}
	return written;
}

/* ---- encoding ----------------------------------------------------------- */

uint64_t
encoding_bytes(enum encoding encoding, const char *text, size_t len)
{
	uint64_t characters = 0, long_ones = 0;

	for (size_t i = 0; i < len; i++) {
		characters += ((unsigned char)text[i] & 0xC0) != 0x80;
		long_ones += (unsigned char)text[i] >= 0xF0;
	}
	switch (encoding) {
	case ENCODING_UTF16LE:
	case ENCODING_UTF16BE: return 2 * (characters + long_ones);
	case ENCODING_UTF32LE:
	case ENCODING_UTF32BE: return 4 * characters;
	case ENCODING_WINDOWS_1252: return characters;
	case ENCODING_UTF8: break;
	}
	return len;
}

/* The byte of a character, or -1. */
static int
windows_1252_byte(uint32_t code)
{
	if (code < 0x80 || (code >= 0xA0 && code <= 0xFF))
		return (int)code;
	for (int i = 0; i < 32; i++)
		if (windows_1252[i] == code)
			return 0x80 + i;
	return -1;
}

bool
encoding_holds(enum encoding encoding, const char *text, uint32_t *missing)
{
	size_t len = strlen(text);

	if (encoding != ENCODING_WINDOWS_1252)
		return true;
	while (len > 0) {
		size_t used = text_decode(text, len, missing);

		if (windows_1252_byte(*missing) < 0)
			return false;
		text += used;
		len -= used;
	}
	return true;
}

static void
add_unit(struct str *out, uint32_t value, size_t width, bool big)
{
	for (size_t i = 0; i < width; i++)
		str_add_char(
		    out, (char)(value >> 8 * (big ? width - 1 - i : i)));
}

static void
add_utf16(struct str *out, uint32_t code, bool big)
{
	if (code >= 0x10000) {
		add_unit(out, 0xD800 + ((code - 0x10000) >> 10), 2, big);
		code = 0xDC00 + ((code - 0x10000) & 0x3FF);
	}
	add_unit(out, code, 2, big);
}

void
encoding_add(
    enum encoding encoding, struct str *out, const char *text, size_t len)
{
	if (encoding == ENCODING_UTF8) {
		str_add_bytes(out, text, len);
		return;
	}
	while (len > 0) {
		uint32_t code;
		size_t used = text_decode(text, len, &code);

		switch (encoding) {
		case ENCODING_UTF16LE: add_utf16(out, code, false); break;
		case ENCODING_UTF16BE: add_utf16(out, code, true); break;
		case ENCODING_UTF32LE: add_unit(out, code, 4, false); break;
		case ENCODING_UTF32BE: add_unit(out, code, 4, true); break;
		default:
			assert(windows_1252_byte(code) >= 0);
			str_add_char(out, (char)windows_1252_byte(code));
		}
		text += used;
		len -= used;
	}
}
