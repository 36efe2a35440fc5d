/* SPDX-License-Identifier: MIT */
/*
 * Values of a vCard: quoted-printable, character sets, escapes.
 *
 * The order is that of writing turned round: first what quoted-printable says,
 * then the character set, then the escapes. 2.1 knows no \n: a line break in a
 * value is quoted-printable, and a backslash before anything but ; , : \ is
 * itself.
 */
#include "source/vcard.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "source/encoding.h"

bool
vcard_is_ascii(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)text[i] >= 0x80)
			return false;
	return true;
}

/* ---- reading ------------------------------------------------------------ */

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)toupper((unsigned char)c);
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool
vcard_is_quoted(const char *at, size_t len)
{
	return len >= 3 && *at == '=' && hex_digit(at[1]) >= 0 &&
	       hex_digit(at[2]) >= 0;
}

static void
unquote(struct str *out, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (vcard_is_quoted(text + i, len - i)) {
			str_add_char(out, (char)(16 * hex_digit(text[i + 1]) +
						 hex_digit(text[i + 2])));
			i += 2;
		} else {
			str_add_char(out, text[i]);
		}
	}
}

static void
from_1252(struct str *out, const char *text, size_t len)
{
	char *decoded = mem_alloc(ENCODING_GROWTH * len + 1);
	enum encoding_fault fault;
	size_t used;

	str_add_bytes(out, decoded,
	    encoding_decode(
		ENCODING_WINDOWS_1252, text, len, decoded, &used, &fault));
	free(decoded);
}

/* The bytes as UTF-8, in `out`. */
static const char *
to_utf8(
    enum vcard_charset charset, const char *text, size_t len, struct str *out)
{
	bool valid = text_valid(text, len, NULL);

	if (charset == VCARD_CHARSET_UNKNOWN && !vcard_is_ascii(text, len))
		return "is in a character set that belay does not know; export "
		       "the contacts as UTF-8";
	if (charset == VCARD_CHARSET_UTF8 && !valid)
		return "is not the UTF-8 that it says to be; export the "
		       "contacts again";
	if (memchr(text, '\0', len))
		return "holds a NUL, which no text does";
	/* nothing said: programs write what their system writes */
	if (charset == VCARD_CHARSET_1252 || !valid)
		from_1252(out, text, len);
	else
		str_add_bytes(out, text, len);
	return NULL;
}

static void
unescape(
    enum vcard_version version, const char *text, size_t len, struct str *out)
{
	const char *known = version == VCARD_21 ? ";,:\\" : ";,:\\nN";

	if (len == 0 ||
	    (!memchr(text, '\\', len) && !memchr(text, '\r', len))) {
		str_add_bytes(out, text, len);
		return;
	}
	for (size_t i = 0; i < len; i++) {
		char c = text[i];

		if (c == '\\' && i + 1 < len && strchr(known, text[i + 1])) {
			c = text[++i];
			if (c == 'n' || c == 'N')
				c = '\n';
		} else if (c == '\r' && i + 1 < len && text[i + 1] == '\n') {
			continue;
		}
		str_add_char(out, c);
	}
}

/* "1604-03-15" where 1604 stands for no year. */
static void
drop_year(struct str *out, unsigned year)
{
	char digits[16];
	size_t rest = 4;

	snprintf(digits, sizeof(digits), "%04u", year);
	if (!str_starts(out->data, digits))
		return;
	if (out->data[rest] == '-')
		rest++;
	memmove(out->data + 2, out->data + rest, out->len - rest + 1);
	memcpy(out->data, "--", 2);
	out->len -= rest - 2;
}

const char *
vcard_decode(struct vcard *vcard, const struct vcard_line *line, unsigned part,
    struct str *out)
{
	const char *text, *why = NULL;
	size_t from, to, len;

	str_reset(out);
	if (!vcard_line_part(vcard, line, part, &from, &to))
		return NULL;
	text = vcard->text.data + from;
	len = to - from;
	str_reset(&vcard->bytes);
	if (line->quoted_printable) {
		str_reset(&vcard->scratch);
		unquote(&vcard->scratch, text, len);
		why = to_utf8(line->charset, vcard->scratch.data,
		    vcard->scratch.len, &vcard->bytes);
		text = vcard->bytes.data;
		len = vcard->bytes.len;
	} else if (line->charset == VCARD_CHARSET_UNKNOWN) {
		why = to_utf8(line->charset, text, len, &vcard->bytes);
	}
	if (why)
		return why;
	unescape(vcard->version, text, len, out);
	if (line->omit_year && out->len >= 4)
		drop_year(out, line->omit_year);
	return NULL;
}

/* ---- writing ------------------------------------------------------------ */

static void
escape(const struct vcard *vcard, enum vcard_kind kind, const char *text,
    struct str *out)
{
	bool old = vcard->version == VCARD_21;

	for (; *text; text++) {
		char c = *text;

		if (c == '\n') {
			str_add(out, old ? "\r\n" : "\\n");
			continue;
		}
		if (c == '\\' ||
		    (c == ';' &&
			(kind == VCARD_PARTS || (!old && kind != VCARD_URI))) ||
		    (c == ',' && !old && kind != VCARD_URI &&
			kind != VCARD_LIST))
			str_add_char(out, '\\');
		str_add_char(out, c);
	}
}

void
vcard_quote(struct str *out, const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)bytes[i];

		if ((c > ' ' && c < 0x7F && c != '=') ||
		    (c == ' ' && i + 1 < len))
			str_add_char(out, (char)c);
		else
			str_addf(out, "=%02X", c);
	}
}

const char *
vcard_encode(const struct vcard *vcard, const struct vcard_line *line,
    const char *text, struct str *out)
{
	enum vcard_kind kind = line->property >= 0
				   ? vcard_properties[line->property].kind
				   : VCARD_TEXT;
	const char *why = NULL;
	struct str escaped, bytes;
	uint32_t missing;

	for (const char *at = text; *at; at++)
		if ((unsigned char)*at < ' ' && *at != '\n' && *at != '\t')
			return "a control character stands in it";
	str_init(&escaped, 4 * RECORDS_CELL_MAX);
	str_init(&bytes, 4 * RECORDS_CELL_MAX);
	escape(vcard, kind, text, &escaped);
	if (!line->quoted_printable)
		str_add_bytes(out, escaped.data, escaped.len);
	else if (line->charset == VCARD_CHARSET_UNKNOWN)
		why = "the line's character set is not known here";
	else if (line->charset == VCARD_CHARSET_1252 &&
		 !encoding_holds(ENCODING_WINDOWS_1252, escaped.data, &missing))
		why = "the line's character set, ISO-8859-1, lacks one of its "
		      "characters";
	else
		encoding_add(line->charset == VCARD_CHARSET_1252
				 ? ENCODING_WINDOWS_1252
				 : ENCODING_UTF8,
		    &bytes, escaped.data, escaped.len);
	vcard_quote(out, bytes.data, bytes.len);
	str_release(&escaped);
	str_release(&bytes);
	return why;
}
